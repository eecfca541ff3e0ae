"""The one function that counts: what indicators come to, for all groups of a table at once, from the registers.

    value = what the outermost figures state + what the registers count outside of them

Flows add over days and units. A stock is its last statement and the movements since, by unit, summed; never stated, it
is counted from the registers. Shares and averages add their parts and their wholes.

Most figures of a table lie beside each other: they are added up by SQL, a sum for each window. Where one may lie
inside another, or beside records of its own, all figures of that indicator and group are looked at one by one.
"""

import json
import sqlite3
from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from ucli.ledger.lineage import predecessors
from ucli.reports import registers
from ucli.reports.figures import (
    Counted,
    Days,
    Figure,
    Stated,
    Totals,
    begun_before,
    beyond,
    figures_in_scope,
    figures_outside,
    fill_stated,
    in_order,
    looked_at,
    totals_of_groups,
)
from ucli.reports.scope import Group, Scope, Tree, day_before
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import OR_MORE, PREDECESSORS, Quantity, Share, difference, quotient, total_of, with_gaps
from ucli.values.units import Unit

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
    family: str | None = None  # of the periods into which the window is cut
    only: registers.Only = {}  # noqa: RUF012  read only: the parts of the registers to which the ledger is limited
    then: "Question | None" = None  # the same of the period that it is compared with

    @property
    def is_open(self) -> bool:
        """Whether the window of the targets has begun and is not over on the day asked about."""
        return self.window.start <= self.as_of < self.of_targets.lasted.end

    @property
    def of_targets(self) -> Window:
        """The window whose targets count."""
        return self.against or self.window

    def about(self, piece: Window) -> "Question":
        """Return the same question about a piece of its window."""
        if piece == self.window:
            return self
        return self._replace(window=piece, as_of=min(self.as_of, piece.end), counted_to=min(self.counted_to, piece.end))

    def group(self, unit: Unit | None, scope: Scope, *, stock_day: str | None = None) -> Group:
        """Return what a table counts; of a unit that ended in the window, stocks are those of its last day.

        In the structure of one day no one ends: what was a unit's on that day is its own ever after. A group of a
        whole has the stock day of that.
        """
        window = self.window.until(self.counted_to)
        first, last = window.start.isoformat(), window.end.isoformat()
        if stock_day is None:
            eve = day_before(self.tree.life(unit.id)[1]) if unit and not self.tree.day else last
            stock_day = eve if first <= eve < last else last
        return Group(scope, window, stock_day, self.window, unit)


def count(
    db: sqlite3.Connection,
    question: Question,
    groups: Sequence[Group],
    *,
    one_by_one: bool = False,
    by: str = "",
    apart: Collection[str] = (),
) -> "list[Counter]":
    """Return what counts each of some groups.

    With `one_by_one` every figure is looked at, as an explanation does, which asks for sums `by` unit besides; `apart`
    are series that nothing in the catalogue asks for.
    """
    facts = _Facts(db, question, groups, every=one_by_one, by=by, apart=apart)
    return [Counter(facts, number) for number in range(len(groups))]


class Counter:
    """What counts one group."""

    def __init__(self, facts: "_Facts", number: int) -> None:
        self._facts = facts
        self._number = number
        self.stocks, self.tree = facts.stocks, facts.tree
        self.group = facts.groups[number]
        self.scope, self.window, self.stock_day = self.group[:3]
        # What every series of the registers comes to in this scope and window.
        self.series = facts.records[number]
        self._totals = facts.totals[number]
        self._counted: dict[str, Counted] = {}

    @property
    def stated(self) -> set[int]:
        """The numbers of the indicators for which figures end in this window, stocks apart."""
        return {*self._totals}

    @property
    def stocks_asked(self) -> set[int]:
        """The numbers of the stocks that are asked for, or of which something is made that is."""
        return self._facts.stocks_asked

    def at_once(self, indicator: int) -> int:
        """Return how many units with none below have stated an indicator for one window, where no other unit has."""
        totals = self._facts.inside(self._number, indicator)
        return max((it.figures for it in totals if not it.special), default=0)

    def registered(self, register: str | None) -> int:
        """Return what the registers count in this scope and window."""
        return registers.counted(register, self.series) if register else 0

    def count(self, indicator: Indicator) -> Counted:
        """Return what an indicator comes to."""
        if indicator.code not in self._counted:
            self._counted[indicator.code] = self._count(indicator)
        return self._counted[indicator.code]

    def with_facts(self) -> set[int]:
        """Return the numbers of the indicators for which anything was recorded or stated in this scope and window."""
        facts, group = self._facts, self._number
        found = {it for series, number in self.series.items() if number for it in facts.by_series[series]}
        found |= {it for it in self._totals if facts.is_stated(group, it)} | facts.outside[group].keys()
        kept = {it.id for it in facts.known_stocks if it.register not in registers.SELDOM_SHOWN and self._keeps(it)}
        stocks = (it for it in facts.known_stocks if it.id not in kept)
        return found | kept | {it.id for it in stocks if self.stocks.below(it, self.scope, self.stock_day)}

    def by_unit(self, indicator: Indicator) -> tuple[Counts[int], Counts[int]]:
        """Return what the registers count unit by unit, outside every figure and inside one.

        Of the only group, whose sums were asked for by unit.
        """
        return self._parted(indicator, self._facts.sums, "unit", registers.series_of(indicator.register or ""))

    def by_part(self, indicator: Indicator, by: str) -> dict[str, tuple[int, int]]:
        """Return what the registers count outside every figure by one of `BREAKDOWNS`; of the only group.

        With each how many payouts of unknown value there are besides.
        """
        register = indicator.register or ""
        asked = registers.series_of(register), registers.unvalued_of(register)
        sums = registers.sums(self.tree.db, registers.every_series_of([register]), registers.CELLS, by)
        numbers, unvalued = (self._parted(indicator, sums, by, it)[0] for it in asked)
        parts = {it: (numbers[it], unvalued[it]) for it in {*numbers, *unvalued} if it}
        return {part: counted for part, counted in parts.items() if any(counted)}

    def _parted(
        self, indicator: Indicator, sums: registers.CellSums, by: str, series: str
    ) -> tuple[Counts[Any], Counts[Any]]:
        """Return what a series comes to by what tells its sums apart, outside an indicator's figures and inside."""
        boxes = self._facts.boxes_of((self._number, indicator.id, 0), 0) if series and not indicator.is_stock else []
        boxed = registers.sums(self.tree.db, [series], registers.BOXES, by, boxes=json.dumps(boxes)) if boxes else {}
        outside, inside = Counts[Any](), Counts[Any]()
        for (_step, _key, part), numbers in sums.items():
            outside[part] += numbers.get(series, 0)
        for (_step, _key, part), numbers in boxed.items():
            inside[part] += numbers.get(series, 0)
        outside.subtract(inside)
        return outside, inside

    def _keeps(self, indicator: Indicator) -> bool:
        """Tell whether the register of an indicator is kept here: then what it does not hold is 0 and not unknown."""
        register = indicator.register
        return register is not None and (self._number, registers.kept_by(register)) in self._facts.kept

    def _count(self, indicator: Indicator) -> Counted:
        if indicator.is_stock:
            held = self.registered(indicator.register)
            counted = self.stocks.count(indicator, self.group, held, keeps=self._keeps(indicator))
            unknown = registers.unvalued(indicator.register or "", self.series)
            if unknown and counted.value and not counted.stated:
                counted.value, counted.unvalued = total_of([counted.value, Quantity(0, OR_MORE)]), unknown
            return counted
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
        stated = self._facts.stated.get((self._number, indicator.id, within))
        if stated is None:
            return self._side_by_side(indicator)
        counted, values, recorded = stated.counted, [*stated.values], stated.recorded
        for place, figure in enumerate(counted.stated, stated.seeds):
            below = [it.value for it in counted.inside[figure.id] if it.value is not None]
            below += [Quantity(recorded[place])] if recorded.get(place) else []
            if collected := total_of(below):
                counted.collected[figure.id] = collected
        records = self.registered(indicator.register)
        outside = records - sum(recorded.values())
        if (records and (outside or not values)) or (not values and self._keeps(indicator)):
            values.append(Quantity(outside))
        counted.unvalued = registers.unvalued(indicator.register or "", self.series) - stated.unvalued
        if counted.unvalued:
            values.append(Quantity(0, OR_MORE))
        counted.value = total_of(values)
        if stated.is_crossed and counted.value is not None:
            counted.value = with_gaps(counted.value)
        return counted

    def _side_by_side(self, indicator: Indicator) -> Counted:
        """Return what figures that lie beside each other, and the registers, come to: none is inside another."""
        figures, register = self._facts.inside(self._number, indicator.id), indicator.register or ""
        counted = Counted(left_out=self._facts.outside[self._number].get(indicator.id, ()))
        for it in figures:
            counted.others += it.figures
            counted.is_own |= it.own
        if indicator.is_share:
            whole = sum(it.whole for it in figures)
            counted.value = Share(sum(it.number for it in figures), whole) if figures else None
            return counted
        records = self.registered(register)
        counted.unvalued = registers.unvalued(register, self.series)
        if figures or records or counted.unvalued or self._keeps(indicator):
            number = sum(it.number for it in figures) + records
            counted.value = Quantity(number, OR_MORE if counted.unvalued else None)
        return counted


class _Facts:
    """What is read at once for all groups: sums of figures and registers, and the figures that must be looked at."""

    def __init__(
        self,
        db: sqlite3.Connection,
        question: Question,
        groups: Sequence[Group],
        *,
        every: bool,
        by: str,
        apart: Collection[str],
    ) -> None:
        tree = self.tree = question.tree
        self.stocks, self.groups = question.stocks, groups
        self.by_code = {it.code: it for it in question.catalogue}
        needed = self._needed(question.asked)
        flows = self._flows = {it.id: it for it in needed if not it.is_stock}
        self._days = [it.days for it in groups]
        # Of what is not asked for no one looks whether it was stated: all figures are looked through for that.
        self.stocks_asked = {it.id for it in needed if it.is_stock}
        self.known_stocks = [it for it in needed if it.is_stock and (it.register or question.stocks.is_stated(it))]
        self.by_series: dict[str, list[int]] = defaultdict(list)
        for it in question.catalogue:
            if it.register and not it.is_stock and it.register not in registers.SELDOM_SHOWN:
                for series in registers.every_series_of([it.register]):
                    self.by_series[series].append(it.id)
        cells = self.cells = tree.fill(groups)
        self.kept = {(it, name) for it in range(len(groups)) for name in registers.KEPT}
        without = registers.without_register(db, limited=bool(question.only))
        self.kept.difference_update((group, name) for group, _unit, name in without)
        fill_stated(db, groups)
        self.totals = totals_of_groups(db, flows, cells, groups, every=not question.asked)
        later = beyond(db, flows, cells, groups)
        unused = () if question.asked else self._unused(db, {number for _group, number in later})
        wanted = registers.every_series_of(it.register for it in needed if it.register and it not in unused)
        self.sums = registers.sums(db, {*wanted, *apart}, registers.CELLS, by)
        self.records = registers.sums_of_groups(self.sums, cells)
        self._crossing = [*self._crossed()]
        self._before = begun_before(db, {it for it, *_key in self._crossing})
        one_by_one = {
            (group, number)
            for group, by_indicator in enumerate(self.totals)
            for number, totals in by_indicator.items()
            if every or self._must_be_looked_at(group, flows[number], totals)
        }
        one_by_one |= {(group, part.id) for group, number in one_by_one for part in self._parts(number)}
        figures, beside = figures_in_scope(db, sorted(one_by_one)) if one_by_one else ({}, {})
        tree.learn({it.unit for found in figures.values() for it in found})

        def look(group: int, indicator: Indicator, seeds: Sequence[Figure] = ()) -> Stated:
            key = group, indicator.id
            return looked_at(indicator, figures.get(key, []), tree, groups[group], seeds, beside.get(key, ()))

        # What figures state that are looked at one by one.
        self.stated: dict[Key, Stated] = {(*key, 0): look(key[0], flows[key[1]]) for key in sorted(one_by_one)}
        for (group, number, _within), stated in [*self.stated.items()]:
            if seeds := stated.counted.stated:
                self.stated |= {(group, it.id, number): look(group, it, seeds) for it in self._parts(number)}
        self.outside = self._figures_outside(db, later)
        self._look_into_boxes(db)

    def _unused(self, db: sqlite3.Connection, left_out: set[int]) -> list[Indicator]:
        """Return the seldom shown indicators of which no one has stated anything, nor set a target."""
        used = left_out.union(*self.totals)
        used |= {it for (it,) in db.execute("SELECT DISTINCT indicator FROM target")}
        used |= {it.id for it in self.known_stocks if self.stocks.is_stated(it)}
        made_of = {part for it in self.by_code.values() if it.id in used for part in (it.code, *(it.formula or ()))}
        seldom = (it for it in self.by_code.values() if it.register in registers.SELDOM_SHOWN)
        return [it for it in seldom if it.code not in made_of]

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

    def inside(self, group: int, indicator: int) -> list[Totals]:
        """Return what figures whose window is inside a group's add up to."""
        totals = self.totals[group].get(indicator)
        if not totals:
            return []
        first, last = self._days[group]
        return [it for (start, end), it in totals.items() if first <= start and end <= last]

    def is_stated(self, group: int, number: int) -> bool:
        """Tell whether figures of an indicator that end in the window of a group count there, or are left out there."""
        stated = self.stated.get((group, number, 0))
        return stated is None or stated.is_stated

    def _crossed(self) -> Iterator[tuple[int, int, str]]:
        """Yield the group, indicator and first day of figures that began before the window and end in it."""
        for group, by_indicator in enumerate(self.totals):
            first, last = self._days[group]
            for number, totals in by_indicator.items():
                for start, end in totals:
                    if start < first and end <= last:
                        yield group, number, start

    def _must_be_looked_at(self, group: int, indicator: Indicator, totals: Mapping[Days, Totals]) -> bool:
        """Tell whether a figure may lie inside another, beside records, or between two that begin on one day."""
        if indicator.is_state or indicator.may_be_negative:
            return True
        before = ""
        for start, end in sorted(totals):
            if start <= before or totals[start, end].special or (group, indicator.id, start) in self._before:
                return True
            before = end
        register, series = indicator.register or "", self.records[group]
        is_registered = registers.counted(register, series) or registers.unvalued(register, series)
        return bool(is_registered and self.inside(group, indicator.id))

    def _figures_outside(
        self, db: sqlite3.Connection, beyond: Collection[tuple[int, int]]
    ) -> list[dict[int, list[Figure]]]:
        """Return by group and indicator the first figures whose window is not inside the group's, though they touch.

        Those that are looked at one by one are known.
        """
        crossing = {(group, indicator) for group, indicator, _start in self._crossing}
        wanted = {it for it in crossing.union(beyond) if (*it, 0) not in self.stated}
        found: list[dict[int, list[Figure]]] = [{} for _group in self.groups]
        for (group, indicator), figures in (figures_outside(db, wanted) if wanted else {}).items():
            found[group][indicator] = figures
        return found

    def boxes_of(self, key: Key, item: int) -> list[tuple[object, ...]]:
        """Return the boxes in which registers are not added again, as `registers.BOXES` asks for them."""
        stated, group = self.stated.get(key), self.groups[key[0]]
        source = registers.source_of(self._flows[key[1]].register or "")
        return [
            # A cluster's figure speaks for all of the group.
            (item, key[0], source, place, unit, unit in group.scope.clusters, it.start, it.end)
            for place, it in enumerate(stated.boxes if stated else ())
            for unit in (it.unit, *self._merged_into(it))
        ]

    def _merged_into(self, figure: Figure) -> list[int]:
        """Return the units that a figure speaks for too."""
        if figure.speaks_for != PREDECESSORS:
            return []
        return [it.unit for it in predecessors(self.tree.db, figure.unit, figure.start, figure.end)]

    def _look_into_boxes(self, db: sqlite3.Connection) -> None:
        """Add what the registers count inside the outermost figures."""

        def is_registered(group: int, number: int, _within: int) -> bool:
            register, series = self._flows[number].register or "", self.records[group]
            return bool(registers.counted(register, series) or registers.unvalued(register, series))

        keys = [key for key, stated in self.stated.items() if stated.boxes and is_registered(*key)]
        boxes = [box for item, key in enumerate(keys) for box in self.boxes_of(key, item)]
        wanted = [self._flows[number].register or "" for _group, number, _within in keys]
        boxed = registers.sums(
            db, registers.every_series_of(wanted), registers.BOXES, "figure", boxes=json.dumps(boxes)
        )
        for (_step, item, place), sums in boxed.items():
            stated = self.stated[keys[item]]
            stated.recorded[place] = registers.counted(wanted[item], sums)
            stated.unvalued += registers.unvalued(wanted[item], sums)
