"""The one function that counts: what indicators come to, for all groups of a table at once, from the registers.

    value = what the outermost figures state + what the registers count outside of them

Flows add over days and units. A stock is its last statement and the movements since, by unit, summed; never stated, it
is counted from the registers. Shares and averages add their parts and their wholes.

Most figures of a table lie beside each other: they are added up by SQL, a sum for each window. Where one may lie
inside another, or beside records of its own, all figures of that indicator and group are looked at one by one.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ucli.reports import registers
from ucli.reports.figures import (
    Figure,
    Latest,
    Nest,
    Totals,
    between_cumulative,
    figures_in_scope,
    figures_outside,
    in_order,
    passing_through,
    totals_in_scope,
)
from ucli.reports.predecessors import spoken_for
from ucli.reports.registers import Sums
from ucli.reports.scope import Group, Tree
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.quantities import PREDECESSORS, Quantity, Share, Value, difference, quotient, total_of, with_gaps


@dataclass(slots=True)
class Counted:
    """What an indicator comes to, and where that comes from."""

    value: Value | None = None
    stated: list[Figure] = field(default_factory=list)  # outermost figures that the value holds
    others: int = 0  # how many figures it holds besides, which lie beside each other
    covered: list[Figure] = field(default_factory=list)  # inside one of those, not added again
    left_out: list[Figure] = field(default_factory=list)  # window not inside the report's, or half overlapping
    collected: dict[int, Value] = field(default_factory=dict)  # by figure: what was recorded inside its box
    inside: dict[int, list[Figure]] = field(default_factory=dict)  # by figure: the smaller figures that are in that
    is_own: bool = False  # the unit that the table is about has stated it
    passed: int = 0  # of a stock: what units that came and went since took along, unknown to the registers
    stated_percent: str | None = None
    stated_qualifier: str | None = None
    printed: list[Figure] = field(default_factory=list)  # the unit's own that state no more than that percentage
    printed_below: bool = False  # units inside stated percentages alone, which do not add up


def count(
    db: sqlite3.Connection,
    tree: Tree,
    catalogue: Sequence[Indicator],
    stocks: Stocks,
    groups: Sequence[Group],
    wanted: Collection[str] = (),
    *,
    one_by_one: bool = False,
) -> "list[Counter]":
    """Return what counts each of some groups.

    Args:
        db: the ledger.
        tree: by whose structure is counted.
        catalogue: every indicator, so that derived ones find their parts.
        stocks: what is stated of stocks, by the same structure.
        groups: whose facts are counted, and when.
        wanted: the codes of the indicators that will be asked for; none means all.
        one_by_one: whether every figure is looked at, as an explanation does.

    """
    tree.fill(groups)
    batch = _Batch(db, tree, catalogue, groups, wanted, one_by_one=one_by_one)
    return [Counter(batch, stocks, number) for number in range(len(groups))]


class Counter:
    """What counts one group."""

    def __init__(self, batch: "_Batch", stocks: Stocks, number: int) -> None:
        self._batch = batch
        self._number = number
        self.stocks = stocks
        self.tree = batch.tree
        self.scope, self.window, self.stock_day, _whole = batch.groups[number]
        self._counted: dict[str, Counted] = {}

    @property
    def series(self) -> Sums:
        """What every series of the registers comes to in this scope and window."""
        return self._batch.records[self._number]

    @property
    def stated(self) -> set[int]:
        """The numbers of the indicators for which figures touch this scope and window, stocks apart."""
        return {*self._batch.totals[self._number]}

    def registered(self, register: str) -> int:
        """Return what the registers count in this scope and window."""
        return registers.counted(register, self.series)

    def count(self, indicator: Indicator) -> Counted:
        """Return what an indicator comes to."""
        if indicator.code not in self._counted:
            self._counted[indicator.code] = self._count(indicator)
        return self._counted[indicator.code]

    def has_facts(self, indicator: Indicator) -> bool:
        """Tell whether anything was recorded or stated for an indicator in this scope and window."""
        if indicator.is_stock:
            return bool(self._statements(indicator)) or self._keeps(indicator)
        first = self.window.start.isoformat()
        if any(it.end >= first for it in self._batch.totals[self._number].get(indicator.id, ())):
            return True
        return bool(indicator.register and self.registered(indicator.register))

    def by_unit(self, indicator: Indicator) -> tuple[dict[int, int], dict[int, int]]:
        """Return what the registers count unit by unit, outside every figure and inside one."""
        return self._batch.by_unit(self._number, indicator)

    def _count(self, indicator: Indicator) -> Counted:
        if indicator.is_stock:
            return self._stock(indicator)
        if indicator.formula is None:
            return self._batch.added(self._number, indicator)
        return self._derived(indicator, *indicator.formula)

    def _derived(self, indicator: Indicator, left: str, sign: str, right: str) -> Counted:
        """Take what the unit itself stated for just this window, else what the parts come to, else what is below."""
        stated = self._batch.added(self._number, indicator)
        if sign == "-" and stated.value is not None:
            # What others have not stated as a difference comes to what its two parts do outside of those that have.
            parts = [
                self._batch.added(self._number, self._batch.by_code[code], within=indicator) for code in (left, right)
            ]
            rest = difference(*(it.value for it in parts))
            left_out = in_order([*stated.left_out, *(it for part in parts for it in part.left_out)])
            return replace(stated, value=total_of([stated.value, *([rest] if rest else [])]), left_out=left_out)
        if stated.is_own:
            return stated
        one, other = (self.count(self._batch.by_code[code]).value for code in (left, right))
        value = difference(one, other) if sign == "-" else quotient(one, other, is_share=indicator.is_share)
        if value is None:
            return stated
        return Counted(value=value, left_out=in_order([*stated.stated, *stated.covered, *stated.left_out]))

    def _statements(self, indicator: Indicator) -> list[Figure]:
        """Return what was stated of a stock in this scope up to the window's end, each unit's latest first."""
        day = self.stock_day
        if not self.scope.holds(day):
            return []  # it stands elsewhere then, or nowhere
        units = [*self.scope.clusters, *self.stocks.below(indicator, self.scope.roots, day)]
        return self.stocks.statements(indicator, units, day)

    def _stock(self, indicator: Indicator) -> Counted:
        counted, day = Counted(), self.stock_day
        if not self.scope.holds(day):
            # It stands elsewhere by then, or nowhere; what it had is none of the whole's.
            return Counted(value=Quantity(0)) if self._ever(indicator) else counted
        units = self.stocks.below(indicator, self.scope.roots, day)
        outer = self.stocks.outermost(indicator, units, day)
        held = self._batch.held[indicator.register].get(self._number, 0) if indicator.register else 0
        carried = self.stocks.carried(indicator, units, day)
        for cluster in self.scope.clusters:
            own = self.stocks.latest(indicator, cluster, day)
            if own:
                outer, carried = [cluster], self.stocks.since(indicator, own, self.scope.roots, day)
        counted.stated = [it for unit in outer if (it := self.stocks.latest(indicator, unit, day))]
        counted.is_own = any(it.unit in self.scope.own for it in counted.stated)
        self._sort_statements(indicator, counted)
        if counted.stated or held or self._ever(indicator):
            counted.value = carried + Quantity(held)
        counted.passed = carried.value - sum(self._unregistered(indicator, figure) for figure in counted.stated)
        return counted

    def _ever(self, indicator: Indicator) -> bool:
        """Tell whether there ever was anything of a stock here, so that nothing left is 0 and not unknown."""
        return self.stocks.ever(indicator, self.scope.roots, self.stock_day) or self._keeps(indicator)

    def _keeps(self, indicator: Indicator) -> bool:
        """Tell whether the register of an indicator is kept here: then what it does not hold is 0 and not unknown."""
        return self._batch.keeps(self._number, indicator)

    def _sort_statements(self, indicator: Indicator, counted: Counted) -> None:
        """Part what is superseded or inside an outer unit's statement from what came after one and is left out."""
        day = self.stock_day
        outer = {figure.unit: figure for figure in counted.stated}
        for figure in self._statements(indicator):
            if outer.get(figure.unit) == figure:
                continue
            line = (*self.scope.clusters, *self.stocks.position(figure.unit, day))
            above = next((outer[unit] for unit in line if unit in outer and unit != figure.unit), None)
            is_newer = above and figure.day > above.day and self.stocks.latest(indicator, figure.unit, day) == figure
            (counted.left_out if is_newer else counted.covered).append(figure)

    def _unregistered(self, indicator: Indicator, figure: Figure) -> int:
        """Return how many of a statement the registers did not hold on its day."""
        roots = self.scope.roots if figure.unit in self.scope.clusters else (figure.unit,)
        value = figure.value.value if isinstance(figure.value, Quantity) else 0
        return value - self.stocks.held(indicator, roots, figure.day)


class _Batch:
    """What is read at once for all groups: sums of figures and registers, and the figures that must be looked at."""

    def __init__(
        self,
        db: sqlite3.Connection,
        tree: Tree,
        catalogue: Sequence[Indicator],
        groups: Sequence[Group],
        wanted: Collection[str],
        *,
        one_by_one: bool,
    ) -> None:
        self._db = db
        self.tree = tree
        self.groups = groups
        self.by_code = {it.code: it for it in catalogue}
        needed = self._needed(wanted)
        flows = {it.id: it for it in needed if not it.is_stock}
        sources = {registers.source_of(it.register) for it in flows.values() if it.register}
        self.records = registers.sums_in_scope(db, sources)
        self.kept = registers.kept_in_scope(db)
        self.held = {
            it.register: registers.held_in_scope(db, it.register) for it in needed if it.is_stock and it.register
        }
        self.totals = totals_in_scope(db, flows)
        looked_at = [
            (group, number)
            for group, by_indicator in self.totals.items()
            for number, totals in by_indicator.items()
            if one_by_one or self._may_overlap(group, flows[number], totals)
        ]
        looked_at += sorted(passing_through(db, flows) - {*looked_at})
        differences = {
            (group, self.by_code[code].id)
            for group, number in looked_at
            if (formula := flows[number].formula) and formula[1] == "-"
            for code in (formula[0], formula[2])
        }
        looked_at += sorted(differences - {*looked_at})
        self._outside = figures_outside(db, flows) if self._any_outside() else {}
        self._figures, self._beside = figures_in_scope(db, looked_at) if looked_at else ({}, {})
        self._learn()
        self._nests = {(*key, 0): self._nest(*key) for key in looked_at}
        self._nests |= {key: self._nest(*key) for key in self._parts_of_stated(flows)}
        self._items: dict[tuple[int, int, int], int] = {}  # of those that figures and records state both
        self._boxes = self._sums_in_boxes(db, flows)

    def _needed(self, wanted: Collection[str]) -> list[Indicator]:
        """Return the indicators that are asked for, with those that they are made of."""
        found = [self.by_code[code] for code in wanted]
        if not found or any(it.counts == "targets" for it in found):
            return [*self.by_code.values()]
        for it in found:
            found += [self.by_code[code] for code in it.formula or () if code in self.by_code]
        return [*dict.fromkeys(found)]

    def _may_overlap(self, group: int, indicator: Indicator, totals: Sequence[Totals]) -> bool:
        """Tell whether a figure may lie inside another, beside records, or between two that begin on one day."""
        window = self.groups[group].window
        first, last = window.start.isoformat(), window.end.isoformat()
        inside = [it for it in totals if first <= it.start and it.end <= last]
        starts = [it.start for it in totals if it.start < first]
        is_printed = any(it.only_printed and self.groups[group].is_whole(it.start, it.end) for it in totals)
        if is_printed or len(starts) > len({*starts}):
            return True
        if not inside:
            return False
        if indicator.formula and indicator.formula[1] == "-":
            return True
        if any(it.special for it in inside) or (indicator.is_state and len(inside) > 1):
            return True
        if any(one.end >= other.start for one, other in pairwise(sorted(inside, key=lambda it: (it.start, it.end)))):
            return True
        return bool(indicator.register and registers.counted(indicator.register, self.records[group]))

    def _any_outside(self) -> bool:
        spans = [(it.window.start.isoformat(), it.window.end.isoformat()) for it in self.groups]
        return any(
            it.end >= spans[group][0] and not (spans[group][0] <= it.start and it.end <= spans[group][1])
            for group, by_indicator in self.totals.items()
            for totals in by_indicator.values()
            for it in totals
        )

    def _learn(self) -> None:
        self.tree.learn({it.unit for figures in self._figures.values() for it in figures})

    def _parts_of_stated(self, flows: Mapping[int, Indicator]) -> list[tuple[int, int, int]]:
        """Return by group the parts of differences that somebody has stated, each with the difference."""
        return [
            (group, self.by_code[code].id, number)
            for (group, number, _within), stated in self._nests.items()
            if (formula := flows[number].formula) and formula[1] == "-" and stated.nest.outermost
            for code in (formula[0], formula[2])
        ]

    def _nest(self, group: int, indicator: int, within: int = 0) -> "_Stated":
        what = next(it for it in self.by_code.values() if it.id == indicator)
        seeds = self._nests[group, within, 0].nest.outermost if within else ()
        key = (group, indicator)
        figures, beside = self._figures.get(key, []), self._beside.get(key, ())
        return _Stated(what, figures, self.tree, self.groups[group], seeds, beside)

    def _sums_in_boxes(
        self, db: sqlite3.Connection, flows: Mapping[int, Indicator]
    ) -> dict[tuple[int, int, int], dict[int, Sums]]:
        """Return by group and indicator, and by figure, what the registers count inside the outermost figures."""
        keys = [
            (group, number, within)
            for (group, number, within), stated in self._nests.items()
            if (register := flows[number].register)
            and stated.boxes
            and registers.counted(register, self.records[group])
        ]
        if not keys:
            return {}
        rows = [
            (
                item,
                group,
                registers.source_of(flows[number].register or ""),
                place,
                unit,
                figure.unit in self.groups[group].scope.clusters,
                figure.start,
                figure.end,
            )
            for item, (group, number, within) in enumerate(keys)
            for place, figure in enumerate(self._nests[group, number, within].boxes)
            for unit in spoken_for(self._db, self.tree, figure)
        ]
        self.tree.fill_boxes(rows)
        self._items = {key: item for item, key in enumerate(keys)}
        sums = registers.sums_in_boxes(db, {str(row[2]) for row in rows})
        return {key: sums[item] for key, item in self._items.items()}

    def by_unit(self, group: int, indicator: Indicator) -> tuple[dict[int, int], dict[int, int]]:
        register, item = indicator.register or "", self._items.get((group, indicator.id, 0))
        inside = {} if item is None else registers.by_unit_in_boxes(self._db, register, item)
        every = registers.by_unit(self._db, register, group)
        outside = {unit: number - inside.get(unit, 0) for unit, number in every.items()}
        return {unit: number for unit, number in outside.items() if number}, inside

    def keeps(self, group: int, indicator: Indicator) -> bool:
        return indicator.register is not None and registers.kept_by(indicator.register) in self.kept[group]

    def added(self, group: int, indicator: Indicator, within: Indicator | None = None) -> Counted:
        """Return what figures, and the records outside them, come to.

        Args:
            group: the number of the group.
            indicator: what is counted.
            within: a difference of which it is a part, where only what lies outside of its figures is asked for.

        """
        window = self.groups[group].window
        first, last = window.start.isoformat(), window.end.isoformat()
        totals = self.totals[group].get(indicator.id, [])
        inside = [it for it in totals if first <= it.start and it.end <= last]
        key = (group, indicator.id, within.id if within else 0)
        stated = self._nests.get(key)
        records = registers.counted(indicator.register, self.records[group]) if indicator.register else 0
        if stated is None:
            values = [_value_of(it, indicator) for it in inside]
            if records or (not values and self.keeps(group, indicator)):
                values.append(Quantity(records))
            return Counted(
                value=total_of(values),
                others=sum(it.figures for it in inside),
                is_own=any(it.own for it in inside),
                left_out=self._outside.get((group, indicator.id), []),
            )
        counted = Counted(
            stated=stated.nest.outermost,
            covered=stated.nest.covered,
            left_out=in_order(
                it
                for it in (*stated.left_out, *self._outside.get((group, indicator.id), []))
                if it not in stated.printed
            ),
            printed=stated.printed,
            stated_percent=stated.percent,
            stated_qualifier=stated.percent_qualifier,
            printed_below=stated.printed_below,
            is_own=stated.is_own,
        )
        boxes = self._boxes.get(key, {})
        in_box = {
            figure: registers.counted(indicator.register, boxes.get(place, {})) if indicator.register else 0
            for place, figure in enumerate(stated.boxes)
        }
        outside = records - sum(in_box.values())
        values = [it.value for it in counted.stated if it.value is not None]
        if (records and (outside or not values)) or (not values and self.keeps(group, indicator)):
            values.append(Quantity(outside))
        counted.value = total_of(values)
        if stated.nest.crossed and counted.value is not None:
            counted.value = with_gaps(counted.value)
        for figure in counted.stated:
            inner = counted.inside[figure.id] = stated.inside(figure)
            below = total_of([it.value for it in inner if it.value is not None])
            if in_box[figure]:
                below = total_of([*([below] if below else []), Quantity(in_box[figure])])
            if below is not None:
                counted.collected[figure.id] = below
        return counted


class _Stated:
    """The figures of one indicator in a group, looked at one by one."""

    def __init__(
        self,
        indicator: Indicator,
        figures: Sequence[Figure],
        tree: Tree,
        group: Group,
        seeds: Sequence[Figure],
        beside: Collection[int],
    ) -> None:
        clusters, own = group.scope.clusters, group.scope.own
        first, last = group.window.start.isoformat(), group.window.end.isoformat()
        self.percent: str | None = None
        self.percent_qualifier: str | None = None
        self.printed: list[Figure] = []
        self.printed_below = False
        self.left_out: list[Figure] = []
        usable = []
        if not indicator.is_state:
            usable += between_cumulative(figures, first, last, is_signed=indicator.may_be_negative)
        for figure in figures:
            is_whole = figure.value is None and group.is_whole(figure.start, figure.end)
            if not (is_whole or (first <= figure.start and figure.end <= last)):
                continue
            is_here = figure.id not in beside
            is_own = is_here and figure.unit in own and (is_whole or (figure.start, figure.end) == (first, last))
            if figure.stated_percent and is_own:
                self.percent, self.percent_qualifier = figure.stated_percent, figure.stated_qualifier
            if figure.value is not None:
                usable.append(figure)
            elif is_own:
                self.printed.append(figure)
            elif is_here:
                self.printed_below = True
                self.left_out.append(figure)
        is_anyone_spoken_for = any(it.speaks_for == PREDECESSORS for it in usable)

        def line(figure: Figure) -> Sequence[tuple[int, str]]:
            if figure.unit in clusters:
                return [(figure.unit, "")]
            units = tree.ancestors(figure.unit, figure.day)
            heirs = [it for unit in units for it in tree.heirs(unit)] if is_anyone_spoken_for else []
            merged = dict.fromkeys((heir, day) for heir, day in heirs if heir not in units)
            wholes = () if figure.id in beside else clusters
            return [*((unit, "") for unit in (*wholes, *units)), *merged]

        self._line, self._level = line, tree.level
        self.nest = (
            Latest(usable, line, tree.level, beside)
            if indicator.is_state
            else Nest(usable, line, tree.level, seeds, beside)
        )
        self.boxes = [*seeds, *self.nest.outermost, *self.nest.beside]
        self.left_out += [*self.nest.crossed, *self.nest.newer]
        self.is_own = bool(self.percent) or any(it.unit in own for it in self.nest.outermost)

    def inside(self, figure: Figure) -> list[Figure]:
        """Return the smaller figures inside one that add up to something beside it."""
        return Nest(self.nest.inside(figure), self._line, self._level).outermost


def _value_of(totals: Totals, indicator: Indicator) -> Value:
    if indicator.is_share:
        return Share(totals.part or 0, totals.whole or 0)
    return Quantity(totals.value or 0)
