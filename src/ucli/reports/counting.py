"""The one function that counts: what indicators come to, for all groups of a table at once, from the registers.

    value = what the outermost figures state + what the registers count outside of them

Flows add over days and units. A stock is its last statement and the movements since, by unit, summed; never stated, it
is counted from the registers. Shares and averages add their parts and their wholes.

Most figures of a table lie beside each other: they are added up by SQL, a sum for each window. Where one may lie
inside another, or beside records of its own, all figures of that indicator and group are looked at one by one.
"""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ucli.ledger.lineage import predecessors
from ucli.reports import registers
from ucli.reports.figures import (
    MOST_LISTED,
    Counted,
    Figure,
    Line,
    Totals,
    between_cumulative,
    figures_by_number,
    figures_in_scope,
    in_order,
    latest,
    nested,
    totals_in_scope,
)
from ucli.reports.scope import Group, Tree
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import PREDECESSORS, Quantity, Share, Value, difference, quotient, total_of, with_gaps

Key = tuple[int, int, int]  # a group, an indicator, and the difference of which it is a part, or 0


class Question(NamedTuple):
    """What is asked: which indicators, over which window, by whose structure."""

    catalogue: Sequence[Indicator]
    tree: Tree
    stocks: Stocks
    window: Window
    as_of: date
    counted_to: date  # the last day that counts: the window's own unless a day was asked for
    sum_predecessors: bool = False
    asked: tuple[str, ...] = ()  # codes of the indicators asked for; none means all with a target or a fact
    against: Window | None = None  # the longer window whose targets count

    @property
    def is_open(self) -> bool:
        """Whether the window of the targets has begun and is not over on the day asked about."""
        return self.window.start <= self.as_of < self.of_targets.lasted.end

    @property
    def of_targets(self) -> Window:
        """The window whose targets count."""
        return self.against or self.window


def count(
    db: sqlite3.Connection, question: Question, groups: Sequence[Group], *, one_by_one: bool = False
) -> "list[Counter]":
    """Return what counts each of some groups; with `one_by_one` every figure is looked at, as an explanation does."""
    question.tree.fill(groups)
    facts = _Facts(db, question, groups, one_by_one=one_by_one)
    return [Counter(facts, number) for number in range(len(groups))]


class Counter:
    """What counts one group."""

    def __init__(self, facts: "_Facts", number: int) -> None:
        self._facts = facts
        self._number = number
        self.stocks, self.tree = facts.stocks, facts.tree
        self.group = facts.groups[number]
        self.scope, self.window, self.stock_day, _whole = self.group
        # What every series of the registers comes to in this scope and window.
        self.series = facts.records[number, 0]
        self._totals = facts.totals[number]
        self._first = self.group.days[0]
        self._counted: dict[str, Counted] = {}

    @property
    def stated(self) -> set[int]:
        """The numbers of the indicators for which figures touch this scope and window, stocks apart."""
        return {*self._totals}

    def registered(self, register: str | None) -> int:
        """Return what the registers count in this scope and window."""
        return registers.counted(register, self.series) if register else 0

    def count(self, indicator: Indicator) -> Counted:
        """Return what an indicator comes to."""
        if indicator.code not in self._counted:
            self._counted[indicator.code] = self._count(indicator)
        return self._counted[indicator.code]

    def has_facts(self, indicator: Indicator) -> bool:
        """Tell whether anything was recorded or stated for an indicator in this scope and window."""
        if indicator.is_stock:
            return bool(self.stocks.below(indicator, self.scope, self.stock_day)) or self._keeps(indicator)
        if self.registered(indicator.register):
            return True
        if stated := self._facts.stated.get((self._number, indicator.id, 0)):
            return stated.is_stated
        return any(it.end >= self._first for it in self._totals.get(indicator.id, ()))

    def by_unit(self, indicator: Indicator) -> tuple[dict[int, int], dict[int, int]]:
        """Return what the registers count unit by unit, outside every figure and inside one."""
        register = indicator.register or ""

        def counted(where: str, wanted: int) -> dict[int, int]:
            source, boxes = registers.source_of(register), json.dumps(self._facts.boxes)
            sums = registers.sums(self.tree.db, [source], where, "unit", boxes=boxes)
            found = {unit: registers.counted(register, series) for (it, unit), series in sums.items() if it == wanted}
            return {unit: number for unit, number in found.items() if number}

        item = self._facts.items.get((self._number, indicator.id, 0))
        inside = {} if item is None else counted(registers.BOXES, item)
        outside = counted(registers.SCOPE, self._number)
        for unit, number in inside.items():
            outside[unit] -= number
        return outside, inside

    def _keeps(self, indicator: Indicator) -> bool:
        """Tell whether the register of an indicator is kept here: then what it does not hold is 0 and not unknown."""
        register = indicator.register
        return register is not None and registers.kept_by(register) in self._facts.kept[self._number]

    def _count(self, indicator: Indicator) -> Counted:
        if indicator.is_stock:
            held = self._facts.held.get(indicator.register or "", {}).get(self._number, 0)
            return self.stocks.count(indicator, self.group, held, keeps=self._keeps(indicator))
        stated = self._added(indicator)
        if indicator.formula is None:
            return stated
        left, right = (self._facts.by_code[it] for it in indicator.formula[::2])
        if indicator.may_be_negative and stated.value is not None:
            # What others have not stated as a difference comes to what its two parts do outside of those that have.
            parts = [self._added(it, within=indicator.id) for it in (left, right)]
            rest = difference(*(it.value for it in parts))
            left_out = in_order([*stated.left_out, *(it for part in parts for it in part.left_out)])
            return replace(stated, value=total_of([stated.value, *([rest] if rest else [])]), left_out=left_out)
        if stated.is_own:
            return stated
        one, other = self.count(left).value, self.count(right).value
        value = difference(one, other)
        if not indicator.may_be_negative:
            value = quotient(one, other, is_share=indicator.is_share)
        if value is None:
            return stated
        return Counted(value=value, left_out=in_order([*stated.stated, *stated.covered, *stated.left_out]))

    def _added(self, indicator: Indicator, within: int = 0) -> Counted:
        """Return what figures, and the records outside them, come to.

        Of a part of a difference (`within`, by its number) only what lies outside of what is stated of that.
        """
        key = (self._number, indicator.id, within)
        records, in_boxes = self.registered(indicator.register), self._facts.in_boxes.get(key, {})
        outside = records - sum(in_boxes.values())
        stated = self._facts.stated.get(key)
        values: list[Value] = []
        if stated:
            counted = stated.counted
            values += [it.value for it in counted.stated if it.value is not None]
            for place, figure in enumerate(counted.stated, stated.seeds):
                below = [it.value for it in counted.inside[figure.id] if it.value is not None]
                below += [Quantity(in_boxes[place])] if in_boxes.get(place) else []
                if collected := total_of(below):
                    counted.collected[figure.id] = collected
        else:
            inside = _inside(self.group, self._totals.get(indicator.id, []))
            others, is_own = sum(it.figures for it in inside), any(it.own for it in inside)
            counted = Counted(others=others, is_own=is_own, left_out=self._facts.outside.get(key[:2], []))
            for it in inside:
                is_share = indicator.is_share
                values.append(Share(it.part or 0, it.whole or 0) if is_share else Quantity(it.value or 0))
        if (records and (outside or not values)) or (not values and self._keeps(indicator)):
            values.append(Quantity(outside))
        counted.value = total_of(values)
        if stated and stated.is_crossed and counted.value is not None:
            counted.value = with_gaps(counted.value)
        return counted


class _Facts:
    """What is read at once for all groups: sums of figures and registers, and the figures that must be looked at."""

    def __init__(
        self, db: sqlite3.Connection, question: Question, groups: Sequence[Group], *, one_by_one: bool
    ) -> None:
        tree = self.tree = question.tree
        self.stocks, self.groups = question.stocks, groups
        self.by_code = {it.code: it for it in question.catalogue}
        needed = self._needed(question.asked)
        flows = self._flows = {it.id: it for it in needed if not it.is_stock}
        self.records = registers.sums(db, {registers.source_of(it.register) for it in flows.values() if it.register})
        self.kept = registers.kept_in_scope(db)
        self.held = {it.register: registers.held(db, it.register) for it in needed if it.is_stock and it.register}
        self.totals = totals_in_scope(db, flows)
        looked_at = {
            (group, number)
            for group, by_indicator in self.totals.items()
            for number, totals in by_indicator.items()
            if one_by_one or self._must_be_looked_at(group, flows[number], totals)
        }
        looked_at |= {(group, part.id) for group, number in looked_at for part in self._parts(number)}
        figures, beside = figures_in_scope(db, sorted(looked_at)) if looked_at else ({}, {})
        tree.learn({it.unit for found in figures.values() for it in found})

        def look(group: int, indicator: Indicator, seeds: Sequence[Figure] = ()) -> _Stated:
            key = group, indicator.id
            return _looked_at(indicator, figures.get(key, []), tree, groups[group], seeds, beside.get(key, ()))

        self.stated: dict[Key, _Stated] = {(*key, 0): look(key[0], flows[key[1]]) for key in sorted(looked_at)}
        for (group, number, _within), stated in [*self.stated.items()]:
            if seeds := stated.counted.stated:
                self.stated |= {(group, it.id, number): look(group, it, seeds) for it in self._parts(number)}
        self.outside = self._figures_outside(db, looked_at)
        self.items: dict[Key, int] = {}  # of those that figures and records state both
        self.boxes: list[tuple[object, ...]] = []
        self.in_boxes = self._sums_in_boxes(db)

    def _needed(self, wanted: Collection[str]) -> list[Indicator]:
        """Return the indicators that are asked for, with those that they are made of."""
        found = [self.by_code[code] for code in wanted]
        if not found or any(it.counts == "targets" for it in found):
            return [*self.by_code.values()]
        for it in found:
            found += [self.by_code[code] for code in it.formula or () if code in self.by_code]
        return [*dict.fromkeys(found)]

    def _parts(self, number: int) -> list[Indicator]:
        """Return the two parts of a difference."""
        indicator = self._flows[number]
        if indicator.formula is None or not indicator.may_be_negative:
            return []
        return [self.by_code[it] for it in indicator.formula[::2]]

    def _must_be_looked_at(self, group: int, indicator: Indicator, totals: Sequence[Totals]) -> bool:
        """Tell whether a figure may lie inside another, beside records, or between two that begin on one day."""
        windows = sorted({(it.start, it.end) for it in totals})
        if indicator.is_state or indicator.may_be_negative or any(it.special for it in totals):
            return True
        if any(one[1] >= other[0] for one, other in pairwise(windows)):
            return True
        is_registered = indicator.register and registers.counted(indicator.register, self.records[group, 0])
        return bool(is_registered and _inside(self.groups[group], totals))

    def _figures_outside(
        self, db: sqlite3.Connection, looked_at: Collection[tuple[int, int]]
    ) -> dict[tuple[int, int], list[Figure]]:
        """Return by group and indicator the first figures whose window is not inside the group's, though they touch.

        Those that are looked at one by one are known.
        """
        numbers: dict[tuple[int, int], list[int]] = {}
        for group, by_indicator in self.totals.items():
            for key in ((group, it) for it in by_indicator if (group, it) not in looked_at):
                touching = (it for it in by_indicator[key[1]] if it.numbers and it.end >= self.groups[group].days[0])
                found = sorted(int(it) for total in touching for it in (total.numbers or "").split(","))
                if found:
                    numbers[key] = found[:MOST_LISTED]
        figures = figures_by_number(db, {it for found in numbers.values() for it in found}) if numbers else {}
        return {key: [figures[it] for it in found] for key, found in numbers.items()}

    def _sums_in_boxes(self, db: sqlite3.Connection) -> dict[Key, dict[int, int]]:
        """Return what the registers count inside the outermost figures, by their place."""
        for key, stated in self.stated.items():
            group, register = self.groups[key[0]], self._flows[key[1]].register
            if register is None or not stated.boxes or not registers.counted(register, self.records[key[0], 0]):
                continue
            self.items[key] = len(self.items)
            for place, it in enumerate(stated.boxes):
                merged = predecessors(db, it.unit, it.start, it.end) if it.speaks_for == PREDECESSORS else []
                for unit in (it.unit, *(other.unit for other in merged)):
                    # A cluster's figure speaks for all of the group.
                    box = (registers.source_of(register), place, unit, unit in group.scope.clusters, it.start, it.end)
                    self.boxes.append((self.items[key], key[0], *box))
        sources = {str(box[2]) for box in self.boxes}
        sums = registers.sums(db, sources, registers.BOXES, boxes=json.dumps(self.boxes))
        found: dict[Key, dict[int, int]] = {key: {} for key in self.items}
        keys = [*self.items]
        for (item, place), series in sums.items():
            found[keys[item]][place] = registers.counted(self._flows[keys[item][1]].register or "", series)
        return found


class _Stated(NamedTuple):
    """What the figures of one indicator in a group state, looked at one by one."""

    counted: Counted  # without what the registers know of the same
    boxes: list[Figure]  # in which registers are not added again: seeds, those that count here, and then elsewhere
    seeds: int
    is_crossed: bool  # one was left out because it half overlaps another
    is_stated: bool  # a figure touches the window


def _looked_at(
    indicator: Indicator,
    figures: Sequence[Figure],
    tree: Tree,
    group: Group,
    seeds: Sequence[Figure],
    beside: Collection[int],
) -> _Stated:
    own, (first, last) = group.scope.own, group.days
    counted, usable, left_out, outside = Counted(), [], [], []
    if not indicator.is_state:
        usable += between_cumulative(figures, first, last, is_signed=indicator.may_be_negative)
    for figure in figures:
        is_whole = figure.value is None and group.is_whole(figure.start, figure.end)
        is_here = figure.id not in beside
        if not (is_whole or (first <= figure.start and figure.end <= last)):
            outside += [figure] if is_here and figure.end >= first else []
            continue
        is_own = is_here and figure.unit in own and (is_whole or (figure.start, figure.end) == (first, last))
        if figure.stated_percent and is_own:
            counted.stated_percent, counted.stated_qualifier = figure.stated_percent, figure.stated_qualifier
        if figure.value is not None:
            usable.append(figure)
        elif is_own:
            counted.printed.append(figure)
        elif is_here:
            counted.printed_below = True
            left_out.append(figure)
    line = _line_in(tree, group.scope.clusters, beside, with_heirs=any(it.speaks_for == PREDECESSORS for it in usable))
    if indicator.is_state:
        nest = latest(usable, line, tree.level, beside)
    else:
        nest = nested(usable, line, tree.level, seeds, beside)
    counted.stated, counted.covered = nest.outermost, nest.covered
    counted.left_out = in_order([*left_out, *nest.crossed, *nest.newer, *outside[:MOST_LISTED]])
    counted.inside = {it.id: nested(nest.inside.get(it.id, []), line, tree.level).outermost for it in nest.outermost}
    counted.is_own = bool(counted.stated_percent) or any(it.unit in own for it in nest.outermost)
    return _Stated(
        counted,
        boxes=[*seeds, *nest.outermost, *nest.beside],
        seeds=len(seeds),
        is_crossed=bool(nest.crossed),
        is_stated=any(it.end >= first and it.id not in beside for it in figures),
    )


def _line_in(tree: Tree, clusters: Sequence[int], beside: Collection[int], *, with_heirs: bool) -> Line:
    """Return what says who may cover a figure in a group, successors with the day of the merger."""

    def line(figure: Figure) -> Sequence[tuple[int, str]]:
        if figure.unit in clusters:
            return [(figure.unit, "")]
        units = tree.ancestors(figure.unit, figure.day)
        heirs = [it for unit in units for it in tree.heirs(unit)] if with_heirs else []
        merged = dict.fromkeys((heir, day) for heir, day in heirs if heir not in units)
        wholes = () if figure.id in beside else clusters
        return [*((unit, "") for unit in (*wholes, *units)), *merged]

    return line


def _inside(group: Group, totals: Sequence[Totals]) -> list[Totals]:
    first, last = group.days
    return [it for it in totals if first <= it.start and it.end <= last]
