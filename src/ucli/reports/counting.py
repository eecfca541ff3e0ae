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
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from ucli.ledger.lineage import predecessors
from ucli.reports import registers
from ucli.reports.figures import (
    Counted,
    Figure,
    Stated,
    figures_crossing,
    figures_of,
    in_order,
    looked_at,
    totals_inside,
    windows_crossing,
    windows_of_figures,
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
    extra: Collection[str] = (),
) -> "list[Counter]":
    """Return what counts each of some groups.

    With `one_by_one` every figure is looked at, as an explanation does, which asks for sums `by` unit too; `extra`
    are series that nothing in the catalogue asks for.
    """
    facts = _Facts(db, question, groups, every=one_by_one, by=by, extra=extra)
    return [Counter(facts, number) for number in range(len(groups))]


class Counter:
    """What counts one group."""

    def __init__(self, facts: "_Facts", number: int) -> None:
        self._facts = facts
        self._number = number
        self.stocks, self.tree = facts.question.stocks, facts.tree
        self.group = facts.groups[number]
        self.scope, self.window, self.stock_day = self.group[:3]
        # What every series of the registers comes to in this scope and window.
        self.series = facts.records[number]
        self._totals = facts.totals[number]
        self._counted: dict[str, Counted] = {}

    @property
    def stated(self) -> set[int]:
        """The indicators that figures may speak of in this window, by number."""
        crossing = self._facts.crossing[self._number].items()
        begun_before = {it for it, windows in crossing if any(end <= self.group.days[1] for _start, end in windows)}
        return self._facts.stated_stocks.union(self._totals, begun_before)

    def at_once(self, indicator: int) -> int:
        """Return how many units with none below have stated an indicator for one window, where no other unit has."""
        totals = self._totals.get(indicator, {}).values()
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
        facts = self._facts
        found = facts.with_figures(self._number)
        found |= {it for series, number in self.series.items() if number for it in facts.by_series[series]}
        for it in facts.known_stocks:
            is_kept = it.register not in registers.SELDOM_SHOWN and self._keeps(it)
            if is_kept or self.stocks.below(it, self.scope, self.stock_day):
                found.add(it.id)
        return found

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
        if stated.overlaps and counted.value is not None:
            counted.value = with_gaps(counted.value)
        return counted

    def _side_by_side(self, indicator: Indicator) -> Counted:
        """Return what figures that lie beside each other, and the registers, come to: none is inside another."""
        figures, register = [*self._totals.get(indicator.id, {}).values()], indicator.register or ""
        counted = Counted(left_out=self._facts.left_out[self._number].get(indicator.id, ()))
        for it in figures:
            counted.added += it.figures
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
    """What is read at once for all groups, step by step: each goes by what those before it found.

    totals, crossing    figures: what those inside a window add up to; the windows that reach over an edge of it
    kept, sums, records the registers: who keeps them; what they come to by cell, and by group
    stated              figures that were looked at one by one, with what the registers have inside of them
    left_out            the first figures of the windows that cross, where they were not looked at
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        question: Question,
        groups: Sequence[Group],
        *,
        every: bool,
        by: str,
        extra: Collection[str],
    ) -> None:
        self.question, self.groups, self.tree = question, groups, question.tree
        self.by_code = {it.code: it for it in question.catalogue}
        self.needed = self._needed(question.asked)
        self.flows = {it.id: it for it in self.needed if not it.is_stock}
        self.cells = question.tree.fill(groups)
        windows = self.windows = windows_of_figures(db, groups)
        self.totals = totals_inside(db, self.flows, self.cells, groups, windows, every=not question.asked)
        self.crossing = windows_crossing(db, self.flows, self.cells, groups, windows)
        without = {(group, name) for group, _unit, name in registers.without_register(db, limited=bool(question.only))}
        self.kept = {(it, name) for it in range(len(groups)) for name in registers.KEPT} - without
        self.sums = registers.sums(db, self._series(db, extra), registers.CELLS, by)
        self.records = registers.sums_of_groups(self.sums, self.cells)
        self.stated = self._looked_at(db, self._to_look_at(every=every))
        self._look_into_boxes(db)
        self.left_out = self._crossing_figures(db)

    def _needed(self, wanted: Collection[str]) -> list[Indicator]:
        """Return the indicators that are asked for, with those that they are made of."""
        found = [self.by_code[code] for code in wanted]
        if not found or any(it.counts == "targets" for it in found):
            return [*self.by_code.values()]
        for it in found:
            found += [self.by_code[code] for code in it.formula or () if code in self.by_code]
        return [*dict.fromkeys(found)]

    @cached_property
    def by_series(self) -> Mapping[str, Sequence[int]]:
        """The flows that a series of the registers is shown as."""
        found: dict[str, list[int]] = defaultdict(list)
        for it in self.by_code.values():
            if it.register and not it.is_stock and it.register not in registers.SELDOM_SHOWN:
                for series in registers.every_series_of([it.register]):
                    found[series].append(it.id)
        return found

    @cached_property
    def stated_stocks(self) -> set[int]:
        """The stocks that anybody ever stated: only of those needed, for it takes a look at all figures."""
        return {it.id for it in self.needed if it.is_stock and self.question.stocks.is_stated(it)}

    @cached_property
    def known_stocks(self) -> list[Indicator]:
        """The stocks that there may be something of."""
        return [it for it in self.needed if it.is_stock and (it.register or it.id in self.stated_stocks)]

    def _series(self, db: sqlite3.Connection, extra: Collection[str]) -> set[str]:
        """Return the series of the registers that are needed, with some extra ones.

        What is seldom shown is not, where no one has stated anything of it nor set a target.
        """
        needed = self.needed
        if not self.question.asked:
            used = set[int]().union(*self.totals, *self.crossing)
            used |= {it for (it,) in db.execute("SELECT DISTINCT indicator FROM target")}
            used |= self.stated_stocks
            shown = {part for it in needed if it.id in used for part in (it.code, *(it.formula or ()))}
            needed = [it for it in needed if it.register not in registers.SELDOM_SHOWN or it.code in shown]
        return {*registers.every_series_of(it.register for it in needed if it.register), *extra}

    def _is_registered(self, group: int, number: int) -> bool:
        register, series = self.flows[number].register or "", self.records[group]
        return bool(registers.counted(register, series) or registers.unvalued(register, series))

    def _parts(self, number: int) -> list[Indicator]:
        """Return the two parts of a difference."""
        indicator = self.flows[number]
        if indicator.formula is None or not indicator.may_be_negative:
            return []
        return [self.by_code[it] for it in indicator.formula[::2]]

    def _to_look_at(self, *, every: bool) -> set[tuple[int, int]]:
        """Return the groups and indicators whose figures are looked at one by one: of differences the parts too."""
        found = {
            (group, number)
            for group in range(len(self.groups))
            for number in {*self.totals[group], *self.crossing[group]}
            if every or self._must_be_looked_at(group, self.flows[number])
        }
        return found | {(group, part.id) for group, number in found for part in self._parts(number)}

    def _must_be_looked_at(self, group: int, indicator: Indicator) -> bool:
        """Tell whether a figure may lie inside another, beside records, or between two that begin on one day."""
        if indicator.is_state or indicator.may_be_negative:
            return True
        totals = self.totals[group].get(indicator.id, {})
        before = ""
        for start, end in sorted(totals):
            if start <= before or totals[start, end].special:
                return True
            before = end
        if totals and self._is_registered(group, indicator.id):
            return True
        it = self.groups[group]
        crossing = self.crossing[group].get(indicator.id, ())
        begun = [start for start, end in crossing if start < it.days[0] and end <= it.days[1]]
        if len({*begun}) < len(begun) or any(it.is_whole(*days) for days in crossing):
            return True
        return bool(begun) and any((start, day_before(it.days[0])) in self.windows.values() for start in begun)

    def _looked_at(self, db: sqlite3.Connection, wanted: Collection[tuple[int, int]]) -> dict[Key, Stated]:
        figures = figures_of(db, sorted(wanted)) if wanted else {}
        self.tree.learn({it.unit for found in figures.values() for it in found})

        def look(group: int, indicator: Indicator, seeds: Sequence[Figure] = ()) -> Stated:
            return looked_at(indicator, figures.get((group, indicator.id), []), self.tree, self.groups[group], seeds)

        stated = {(group, number, 0): look(group, self.flows[number]) for group, number in sorted(wanted)}
        for (group, number, _within), whole in [*stated.items()]:
            if seeds := whole.counted.stated:
                stated |= {(group, it.id, number): look(group, it, seeds) for it in self._parts(number)}
        return stated

    def _crossing_figures(self, db: sqlite3.Connection) -> list[dict[int, list[Figure]]]:
        wanted = {
            (group, number)
            for group, crossing in enumerate(self.crossing)
            for number in crossing
            if (group, number, 0) not in self.stated
        }
        found: list[dict[int, list[Figure]]] = [{} for _group in self.groups]
        for (group, indicator), figures in (figures_crossing(db, wanted) if wanted else {}).items():
            found[group][indicator] = figures
        return found

    def with_figures(self, group: int) -> set[int]:
        """Return the indicators of which figures count in a group, or are left out there, stocks apart."""
        touched = {*self.totals[group], *self.crossing[group]}
        looked_at = {it: stated for it in touched if (stated := self.stated.get((group, it, 0)))}
        unseen = self.totals[group].keys() - looked_at.keys()
        return unseen | self.left_out[group].keys() | {it for it, stated in looked_at.items() if stated.is_stated}

    def boxes_of(self, key: Key, item: int) -> list[tuple[object, ...]]:
        """Return the boxes in which registers are not added again, as `registers.BOXES` asks for them."""
        stated, group = self.stated.get(key), self.groups[key[0]]
        source = registers.source_of(self.flows[key[1]].register or "")
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
        keys = [key for key, stated in self.stated.items() if stated.boxes and self._is_registered(*key[:2])]
        boxes = [box for item, key in enumerate(keys) for box in self.boxes_of(key, item)]
        wanted = [self.flows[number].register or "" for _group, number, _within in keys]
        boxed = registers.sums(
            db, registers.every_series_of(wanted), registers.BOXES, "figure", boxes=json.dumps(boxes)
        )
        for (_step, item, place), sums in boxed.items():
            stated = self.stated[keys[item]]
            stated.recorded[place] = registers.counted(wanted[item], sums)
            stated.unvalued += registers.unvalued(wanted[item], sums)
