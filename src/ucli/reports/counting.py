"""The one function that counts: the values of indicators for all groups of a table at once.

    value = the outermost figures + what the registers count outside of them

Flows add up over days and units. A stock is the last statement plus the movements since, by unit, summed; one never
stated is counted from the registers. Shares and averages add up their parts and their wholes.

A group has the figures inside its window, and those whose windows cross an edge of it, which are left out. Most of
those inside hold nothing of each other: SQL adds them up, a sum for each window. Where one may lie inside another, or
hold records, all figures of that indicator and group are looked at one by one; also those of units that were in the
group and count elsewhere, for what they cover.
"""

import json
import sqlite3
from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from typing import Any, NamedTuple

from ucli.reports import registers
from ucli.reports.figures import (
    Counted,
    Days,
    Figure,
    Totals,
    figures_crossing,
    figures_of,
    in_order,
    totals_inside,
    windows_crossing,
    windows_of_figures,
)
from ucli.reports.nesting import Stated, looked_at, spoken_for
from ucli.reports.scope import Group, Scope, Tree, day_before
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import OR_MORE, Quantity, Share, difference, quotient, total_of, with_gaps
from ucli.values.units import Unit


class Question(NamedTuple):
    """A question: which indicators, over which window, by which organisation."""

    catalogue: Sequence[Indicator]
    tree: Tree
    stocks: Stocks
    window: Window
    as_of: date
    counted_to: date  # the last day that counts, by default the window's
    sum_predecessors: bool = False
    asked: tuple[str, ...] = ()  # codes of the indicators asked for; empty means all with a target or data
    against: Window | None = None  # --against: the longer window whose targets count
    family: str | None = None  # of the periods that the window is cut into
    only: registers.Only = {}  # noqa: RUF012  read only: the parts of the registers to which the ledger is limited
    then: "Question | None" = None  # the same question about the other period

    @property
    def is_open(self) -> bool:
        """Whether the window of the targets has begun and is not over on the last day."""
        return self.window.start <= self.as_of < self.of_targets.lasted.end

    @property
    def of_targets(self) -> Window:
        """The window of the targets."""
        return self.against or self.window

    def about(self, piece: Window) -> "Question":
        """Return the question about a piece of its window."""
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
    needed, tree = Needed(question), question.tree
    cells = tree.fill(groups)
    # Figures: which windows there are, what those inside a group's add up to, which of them reach over an edge of it.
    first, last = min(it.days[0] for it in groups), max(it.days[1] for it in groups)
    windows = windows_of_figures(db, first, last)
    totals = totals_inside(db, needed.flows, cells, groups, windows, every=not question.asked)
    crossing = windows_crossing(db, needed.flows, cells, groups, windows)
    # The registers: what they come to, cell by cell, and who keeps them.
    sums = registers.sums(db, needed.series(db, [*totals, *crossing]).union(extra), registers.CELLS, by)
    series = registers.sums_of_groups(sums, cells)
    kept = [{*registers.KEPT} for _group in groups]
    for group, _unit, register in registers.without_register(db, limited=bool(question.only)):
        kept[group].discard(register)
    counters = [
        Counter(number, *its, sums, needed, tree)
        for number, its in enumerate(zip(groups, totals, crossing, series, kept, strict=True))
    ]
    # Figures one by one, where sums do not do, with what the registers have inside of them; then those left out.
    with_eve = cache(lambda: {*windows_of_figures(db, day_before(first), last).values()})
    wanted = [it.to_look_at(with_eve, every=one_by_one) for it in counters]
    figures = figures_of(db, [(number, it) for number, found in enumerate(wanted) for it in sorted(found)])
    tree.learn({it.unit for found in figures.values() for it in found})
    for counter, found in zip(counters, wanted, strict=True):
        counter.look_at(found, figures)
    _look_into_boxes(db, counters)
    unseen = [(it.number, number) for it in counters for number in it.crossing if (number, 0) not in it.stated]
    for (group, indicator), left_out in figures_crossing(db, unseen).items():
        counters[group].left_out[indicator] = left_out
    return counters


class Needed:
    """The indicators that are asked for, with those that they are made of."""

    def __init__(self, question: Question) -> None:
        self.stocks, self.is_all = question.stocks, not question.asked
        self.by_code = {it.code: it for it in question.catalogue}
        found = [self.by_code[code] for code in question.asked]
        for it in found:
            found += [self.by_code[code] for code in it.formula or () if code in self.by_code]
        if not found or any(it.counts == "targets" for it in found):
            found = [*self.by_code.values()]
        self.indicators = dict.fromkeys(found)
        self.flows = {it.id: it for it in self.indicators if not it.is_stock}

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
        return {it.id for it in self.indicators if it.is_stock and self.stocks.is_stated(it)}

    @cached_property
    def known_stocks(self) -> list[Indicator]:
        """The stocks that there may be something of."""
        return [it for it in self.indicators if it.is_stock and (it.register or it.id in self.stated_stocks)]

    def parts(self, number: int) -> list[Indicator]:
        """Return the two parts of a difference."""
        indicator = self.flows[number]
        if indicator.formula is None or not indicator.may_be_negative:
            return []
        return [self.by_code[it] for it in indicator.formula[::2]]

    def series(self, db: sqlite3.Connection, stated: Iterable[Iterable[int]]) -> set[str]:
        """Return the series of the registers that are needed, where some indicators are stated.

        What is seldom shown is not, where no one has stated anything of it nor set a target.
        """
        needed = [*self.indicators]
        if self.is_all:
            used = self.stated_stocks.union(*stated)
            used |= {it for (it,) in db.execute("SELECT DISTINCT indicator FROM target")}
            shown = {part for it in needed if it.id in used for part in (it.code, *(it.formula or ()))}
            needed = [it for it in needed if it.register not in registers.SELDOM_SHOWN or it.code in shown]
        return registers.every_series_of(it.register for it in needed if it.register)


@dataclass
class Counter:
    """What counts one group, from what was read for all of them at once."""

    number: int  # of the group
    group: Group
    totals: Mapping[int, Mapping[Days, Totals]]  # by indicator: figures whose window is inside the group's
    crossing: Mapping[int, Collection[Days]]  # by indicator: windows of figures that reach over an edge of it
    series: registers.Sums  # what every series of the registers comes to
    kept: Collection[str]  # the registers that are kept
    sums: registers.CellSums  # of all groups: by cell
    needed: Needed
    tree: Tree
    # By indicator, and the difference of which it is a part (or 0): figures that were looked at one by one.
    stated: dict[tuple[int, int], Stated] = field(default_factory=dict)
    left_out: dict[int, Sequence[Figure]] = field(default_factory=dict)  # by indicator: the first of those that cross
    _counted: dict[str, Counted] = field(default_factory=dict)

    def to_look_at(self, with_eve: Callable[[], Collection[Days]], *, every: bool) -> set[int]:
        """Return the indicators whose figures are to be looked at one by one, of differences the parts too.

        `with_eve` returns the windows of any figures that meet this window, or end on its eve.
        """
        flows = (self.needed.flows[it] for it in {*self.totals, *self.crossing})
        found = {it.id for it in flows if every or self._must_be_looked_at(it, with_eve)}
        return found.union(part.id for number in found for part in self.needed.parts(number))

    def _must_be_looked_at(self, indicator: Indicator, with_eve: Callable[[], Collection[Days]]) -> bool:
        """Tell whether a figure may lie inside another, hold records, or fall between two that begin on one day."""
        if indicator.is_state or indicator.may_be_negative:
            return True
        totals = self.totals.get(indicator.id, {})
        before = ""
        for start, end in sorted(totals):
            if start <= before or totals[start, end].special:
                return True
            before = end
        if totals and self.is_registered(indicator):
            return True
        first, last = self.group.days
        crossing = self.crossing.get(indicator.id, ())
        begun = [start for start, end in crossing if start < first and end <= last]
        if len({*begun}) < len(begun) or any(self.group.is_whole(*days) for days in crossing):
            return True
        return any((start, day_before(first)) in with_eve() for start in begun)

    def look_at(self, numbers: Collection[int], figures: Mapping[tuple[int, int], Sequence[Figure]]) -> None:
        """Look at the figures of some indicators one by one."""

        def looked(number: int, seeds: Sequence[Figure] = ()) -> Stated:
            found = figures.get((self.number, number), [])
            return looked_at(self.needed.flows[number], found, self.tree, self.group, seeds)

        self.stated = {(number, 0): looked(number) for number in sorted(numbers)}
        for (number, _within), whole in [*self.stated.items()]:
            if seeds := whole.counted.stated:
                self.stated |= {(it.id, number): looked(it.id, seeds) for it in self.needed.parts(number)}

    def boxes_of(self, key: tuple[int, int], item: int, first: Sequence[Figure] = ()) -> list[tuple[object, ...]]:
        """Return the boxes in which registers are not added again, as `registers.BOXES` asks for them.

        What lies in those of `first` too is in these, which have places below 0.
        """
        stated, clusters = self.stated.get(key), self.group.scope.clusters
        source = registers.source_of(self.needed.flows[key[0]].register or "")
        return [
            # A cluster's figure speaks for all of the group.
            (item, self.number, source, place, unit, unit in clusters, it.start, it.end)
            for place, it in enumerate([*first, *(stated.boxes if stated else ())], start=-len(first))
            for unit in sorted(spoken_for(self.tree, it))
        ]

    def stated_here(self) -> set[int]:
        """Return the numbers of the indicators that figures may speak of in this window."""
        last = self.group.days[1]
        begun_before = {it for it, windows in self.crossing.items() if any(end <= last for _start, end in windows)}
        return self.needed.stated_stocks.union(self.totals, begun_before)

    def at_once(self, indicator: int) -> int:
        """Return how many units with none below have stated an indicator for one window, where no other unit has."""
        return max((it.figures for it in self.totals.get(indicator, {}).values() if not it.special), default=0)

    def registered(self, register: str | None) -> int:
        """Return what the registers count in this scope and window."""
        return registers.counted(register, self.series) if register else 0

    def is_registered(self, indicator: Indicator) -> bool:
        """Tell whether the registers know anything of an indicator in this scope and window."""
        register = indicator.register or ""
        return bool(registers.counted(register, self.series) or registers.unvalued(register, self.series))

    def count(self, indicator: Indicator) -> Counted:
        """Return what an indicator comes to."""
        if indicator.code not in self._counted:
            self._counted[indicator.code] = self._count(indicator)
        return self._counted[indicator.code]

    def with_facts(self) -> set[int]:
        """Return the numbers of the indicators for which anything was recorded or stated in this scope and window."""
        found = {it for series, number in self.series.items() if number for it in self.needed.by_series[series]}
        looked_at = {number: stated.is_stated for (number, within), stated in self.stated.items() if not within}
        found |= {it for it in self.totals if looked_at.get(it, True)} | self.left_out.keys()
        found |= {it for it in self.crossing if looked_at.get(it)}
        scope, day = self.group.scope, self.group.stock_day
        for it in self.needed.known_stocks:
            is_kept = it.register not in registers.SELDOM_SHOWN and self._keeps(it)
            if is_kept or self.needed.stocks.below(it, scope, day):
                found.add(it.id)
        return found

    def by_unit(self, indicator: Indicator) -> tuple[Counts[int], Counts[int]]:
        """Return what the registers count unit by unit, outside every figure and inside one.

        It is the only group, and its sums were asked for by unit.
        """
        return self._parted(indicator, self.sums, "unit", registers.series_of(indicator.register or ""))

    def by_part(self, indicator: Indicator, by: str) -> dict[str, tuple[int, int]]:
        """Return what the registers count outside every figure by one of `BREAKDOWNS`, in the only group.

        Each comes with the number of payouts of unknown value.
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
        boxes = self.boxes_of((indicator.id, 0), 0) if series and not indicator.is_stock else []
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
        return register is not None and registers.kept_by(register) in self.kept

    def _count(self, indicator: Indicator) -> Counted:
        if indicator.is_stock:
            held = self.registered(indicator.register)
            counted = self.needed.stocks.count(indicator, self.group, held, keeps=self._keeps(indicator))
            unknown = registers.unvalued(indicator.register or "", self.series)
            if unknown and counted.value and not counted.stated:
                counted.value, counted.unvalued = total_of([counted.value, Quantity(0, OR_MORE)]), unknown
            return counted
        stated = self._added(indicator)
        if indicator.formula is None:
            return stated
        left, right = (self.needed.by_code[it] for it in indicator.formula[::2])
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

        A part of a difference (`within`, by its number) has only what lies outside of what is stated of that.
        """
        stated = self.stated.get((indicator.id, within))
        if stated is None:
            return self._summed(indicator)
        counted, values, recorded = stated.counted, [*stated.values], stated.recorded
        for place, figure in enumerate(counted.stated, stated.seeds):
            below = [it.value for it in counted.inside[figure.id] if it.value is not None]
            beside = stated.beside if below else recorded
            below += [Quantity(beside[place])] if beside.get(place) else []
            if collected := total_of(below):
                counted.collected[figure.id] = collected
        records = self.registered(indicator.register)
        outside = records - sum(recorded.values())
        if not within:
            beyond = [*enumerate(stated.boxes)][stated.seeds + len(counted.stated) :]
            counted.elsewhere = [(box, recorded[place]) for place, box in beyond if recorded.get(place)]
        # Where all is recorded inside figures of others, it is not 0 here: it counts there.
        is_known = outside or not (values or counted.elsewhere)
        if (records and is_known) or (not values and not counted.elsewhere and self._keeps(indicator)):
            values.append(Quantity(outside))
        counted.unvalued = registers.unvalued(indicator.register or "", self.series) - stated.unvalued
        if counted.unvalued:
            values.append(Quantity(0, OR_MORE))
        counted.value = total_of(values)
        if stated.overlaps and counted.value is not None:
            counted.value = with_gaps(counted.value)
        return counted

    def _summed(self, indicator: Indicator) -> Counted:
        """Return what figures of which none is inside another, and the registers, come to."""
        figures, register = [*self.totals.get(indicator.id, {}).values()], indicator.register or ""
        counted = Counted(left_out=self.left_out.get(indicator.id, ()))
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


def _look_into_boxes(db: sqlite3.Connection, counters: Sequence[Counter]) -> None:
    """Add what the registers count inside the outermost figures; and there, beside the figures inside those."""
    boxed = [
        (counter, key, counter.needed.flows[key[0]].register or "")
        for counter in counters
        for key, stated in counter.stated.items()
        if stated.boxes and counter.is_registered(counter.needed.flows[key[0]])
    ]
    inside = [
        [it for among in counter.stated[key].counted.inside.values() for it in among] for counter, key, _ in boxed
    ]
    boxes = [box for item, (counter, key, _register) in enumerate(boxed) for box in counter.boxes_of(key, item)]
    boxes += [
        box
        for item, (counter, key, _register) in enumerate(boxed)
        if inside[item]
        for box in counter.boxes_of(key, len(boxed) + item, inside[item])
    ]
    wanted = registers.every_series_of(register for *_its, register in boxed)
    found = registers.sums(db, wanted, registers.BOXES, "figure", boxes=json.dumps(boxes))
    for (_step, item, place), sums in found.items():
        is_beside, at = divmod(item, len(boxed))
        counter, key, register = boxed[at]
        stated, number = counter.stated[key], registers.counted(register, sums)
        if is_beside:
            stated.beside[place] = number
        else:
            stated.recorded[place] = number
            stated.unvalued += registers.unvalued(register, sums)
