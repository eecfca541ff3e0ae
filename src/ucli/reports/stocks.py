"""Stocks: what there is on a day, from statements, registers and movements since.

A unit that states a stock speaks for all at or below it on that day; most of them the registers know, the others
are nameless: they stay with the unit that stated them, go where it goes, and end with it. So

    stock on a day = what the registers hold on that day + the nameless of the units that stand there

The days are gone through once. A statement leaves its unit what it says beyond the registers and the nameless of those
below it; what a unit states of its own movement comes to them. Neither changes the total that a unit above has stated:
of that one's own there is less.
"""

import sqlite3
from collections import Counter as Counts
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ucli.reports import registers
from ucli.reports.figures import Counted, Figure, statements_of
from ucli.reports.nesting import nested, spoken_for
from ucli.reports.scope import Group, Line, Scope, Tree, day_before, shared_line
from ucli.values.indicators import MOVEMENTS, Indicator
from ucli.values.periods import BEGINNING, FOREVER
from ucli.values.quantities import ABOUT, Quantity, joined

# How often each figure is counted, by its number: what it says beyond what the registers have of the same. So what was
# added and taken away again is gone without a trace.
Terms = Counts[int]


class Step(NamedTuple):
    """The nameless of a unit became more on a day, and those of the nearest above it less by as much."""

    day: str
    more: Terms
    above: int | None
    statement: Figure | None  # None: the unit stated how many came and went


class _Course:
    """What became of the nameless of a stock, day by day."""

    def __init__(self) -> None:
        self.steps: dict[int, list[Step]] = defaultdict(list)
        self._changes: dict[int, list[tuple[str, int, Terms]]] = defaultdict(list)

    def take(self, unit: int, step: Step) -> None:
        self.steps[unit].append(step)
        self._changes[unit].append((step.day, 1, step.more))
        if step.above is not None:
            self._changes[step.above].append((step.day, -1, step.more))

    def at(self, *units: int, day: str = FOREVER) -> Terms:
        """Return what some units carry on a day."""
        total: Terms = Counts()
        for since, sign, more in (it for unit in units for it in self._changes.get(unit, ())):
            if since <= day:
                for figure, times in more.items():
                    total[figure] += sign * times
        return total


class Stocks:
    """The statements of the ledger's stocks, and who carries what; a table counts by the structure of its tree.

    No one asks for stocks before the eve of the day `since`.
    """

    def __init__(
        self, db: sqlite3.Connection, tree: Tree, catalogue: Iterable[Indicator], since: str = BEGINNING
    ) -> None:
        self._db = db
        self._since = since
        self._tree = tree
        # The structure of each day says who speaks for whom.
        self._daily = Tree(db) if tree.day else tree
        every = list(catalogue)
        # By the register of a stock, what moves it: net growth (sign 0), what came, what went; and their registers.
        self._flows = {register: _flows_of(every, *moves) for register, moves in MOVEMENTS.items()}
        self._stocks = [indicator for indicator in every if indicator.is_stock]
        self._by_number: dict[int, Figure] = {}
        self._courses: dict[tuple[int, tuple[int, ...], tuple[int, ...]], _Course] = {}
        self._lines: dict[tuple[int, str], Line] = {}
        self._stated_below: dict[int, dict[int, list[int]]] = {}
        self._registered: dict[tuple[int, tuple[int, ...]], int] = {}

    def is_stated(self, indicator: Indicator) -> bool:
        """Tell whether anybody ever stated a stock."""
        return bool(self._statements[indicator.id])

    def below(self, indicator: Indicator, scope: Scope, day: str) -> list[int]:
        """Return the units of a scope that stated a stock up to a day and are there, or in one they were merged into.

        A cluster that stated it comes first.
        """
        return [
            unit
            for unit in self._candidates(indicator, scope)
            if self._latest(indicator, unit, day)
            and self._stands(unit, day, scope)
            and not self._is_replaced(indicator, unit, day)
        ]

    def count(self, indicator: Indicator, group: Group, held: int, *, keeps: bool) -> Counted:
        """Return what a stock comes to, with what the registers hold; where they are kept, nothing is 0."""
        scope, day = group.scope, group.stock_day
        ever = keeps or self._ever(indicator, scope.roots, day)
        if not scope.holds(day):
            # It stands elsewhere by then, or nowhere; what it had is none of the whole's.
            return Counted(value=Quantity(0) if ever else None)
        if not self._statements[indicator.id]:
            return Counted(value=Quantity(held) if held or ever else None)
        units = self.below(indicator, scope, day)
        counted, course = Counted(), self._course(indicator, scope)
        lines = {unit: self._line(unit, day, scope) for unit in units}
        outer = {
            unit: figure
            for unit in units
            if not any(it in lines for it in lines[unit] if it != unit)
            and (figure := self._latest(indicator, unit, day))
        }
        counted.stated = [*outer.values()]
        counted.is_own = any(unit in scope.own for unit in outer)
        covered: list[Figure] = []
        left_out: list[Figure] = []
        for unit in units:
            first, *superseded = (it for it in self._statements[indicator.id][unit] if it.day <= day)
            above = next((outer[it] for it in lines[unit] if it in outer and it != unit), None)
            if above:
                (left_out if first.day > above.day else covered).append(first)
            covered += superseded
        replaced = (it for it in self._candidates(indicator, scope) if self._is_replaced(indicator, it, day))
        covered += [it for unit in replaced for it in self._statements[indicator.id][unit] if it.day <= day]
        counted.covered, counted.left_out = covered, left_out
        if not (units or held or ever):
            return counted
        terms = course.at(*units, day=day)
        carried = self._quantity(terms, scope)
        counted.value = carried + Quantity(held)
        terms.subtract(figure.id for figure in counted.stated)
        moves = Counts({it: times for it, times in terms.items() if self._by_number[it].indicator != indicator.id})
        counted.moved = self._quantity(moves, scope).value
        counted.passed = self._quantity(terms, scope).value - counted.moved
        return counted

    def passed(self, indicator: Indicator, scope: Scope, first: str, last: str) -> tuple[Quantity, Quantity, Quantity]:
        """Return the nameless that came into a scope between two days, that went elsewhere, that ended.

        In the structure of one day no one comes or goes: who is placed there only can be no more.
        """
        came, went, ended = (Counts[int]() for _way in range(3))
        course, edges = self._course(indicator, scope), {day for stay in scope.stays for day in stay}
        for unit in self._candidates(indicator, scope):
            for day in edges | self._days_of_change(unit):
                eve = day_before(day)
                if first <= day <= last and self._latest(indicator, unit, eve):
                    was_in, is_in = (self._stands(unit, it, scope) for it in (eve, day))
                    if is_in and not was_in:
                        came.update(course.at(unit, day=eve))
                    elif was_in and not is_in:
                        (went if self._position(unit, day) else ended).update(course.at(unit, day=eve))
        return self._quantity(came, scope), self._quantity(went, scope), self._quantity(ended, scope)

    def stated_between(
        self, indicator: Indicator, scope: Scope, first: str, last: str
    ) -> tuple[Quantity, list[Figure]]:
        """Return what units stated of coming and going between two days, beyond the registers, and their statements.

        What a unit says for another one above it that has stated a total is known there already.
        """
        moved: Terms = Counts()
        statements: dict[int, Figure] = {}
        course = self._course(indicator, scope)
        for unit in self._candidates(indicator, scope):
            for step in course.steps[unit]:
                if first <= step.day <= last and self._stands(unit, step.day, scope):
                    is_known = step.above is not None and self._stands(step.above, step.day, scope)
                    if not is_known and step.statement:
                        statements[unit] = step.statement
                    elif not is_known:
                        moved.update(step.more)
        return self._quantity(moved, scope), [*statements.values()]

    def moved(self, indicator: Indicator, unit: int, since: str, last: str, scope: Scope) -> Quantity:
        """Return what a unit has stated of its own movement in windows after a day, beyond what the registers count."""
        return self._quantity(self._moved(indicator, unit, since, last), scope)

    def held(self, indicator: Indicator, scope: Scope, day: str) -> int:
        """Return what the registers hold below some units on a day, by the structure of that very day."""
        return self._registered_of(indicator.register or "", [(0, scope.roots, day, day)]).get(0, 0)

    def _candidates(self, indicator: Indicator, scope: Scope) -> list[int]:
        """Return the units that stated a stock and may ever have stood in a scope, its clusters first."""
        if indicator.id not in self._stated_below:
            below = self._stated_below[indicator.id] = defaultdict(list)
            for unit in self._statements[indicator.id]:
                for above in {*self._ever_above(unit), *(self._tree.place(unit) if self._tree.day else ())}:
                    below[above].append(unit)
        found = self._stated_below[indicator.id]
        units = (*(it for it in scope.clusters if it in self._statements[indicator.id]),)
        return [*dict.fromkeys((*units, *(it for root in scope.roots for it in found.get(root, ()))))]

    def _ever_above(self, unit: int) -> Iterator[int]:
        yield from (it.unit for it in self._daily.ever_above(unit))
        for successor in self._daily.successors(unit, self._daily.life(unit)[1]):
            yield from self._ever_above(successor)

    def _ever(self, indicator: Indicator, roots: Sequence[int], day: str) -> bool:
        """Tell whether a unit that had stated a stock stood below some up to a day, so that nothing left is 0."""
        for unit in self._candidates(indicator, Scope(tuple(roots))):
            first = self._statements[indicator.id][unit][-1].day
            there = (it for it in self._daily.ever_above(unit) if it.since <= day and first < it.until)
            where = self._tree.place(unit) if self._tree.day else (it.unit for it in there)
            if first <= day and not {*roots}.isdisjoint(where):
                return True
        return False

    def _latest(self, indicator: Indicator, unit: int, day: str) -> Figure | None:
        """Return a unit's last statement up to a day."""
        return next((it for it in self._statements[indicator.id].get(unit, ()) if it.day <= day), None)

    def _stands(self, unit: int, day: str, scope: Scope) -> bool:
        """Tell whether what a unit carries belongs to a scope on a day; a unit that none followed does not."""
        if unit in scope.clusters:
            return True
        line = self._position(unit, day)
        where = self._tree.place(unit) if self._tree.day else line
        return bool(line) and scope.holds(day) and not {*scope.roots}.isdisjoint(where)

    def _position(self, unit: int, day: str) -> Line:
        """Return who stood above a unit on a day, itself last; of one that ended, its successor's line."""
        key = (unit, day)
        if key not in self._lines:
            until = self._daily.life(unit)[1]
            if day < until:
                self._lines[key] = tuple(self._daily.ancestors(unit, day))
            else:
                self._lines[key] = shared_line([self._position(it, day) for it in self._daily.successors(unit, until)])
        return self._lines[key]

    def _line(self, unit: int, day: str, scope: Scope) -> Line:
        """Return the position of a unit; in the table of a cluster, that stands above its units and below no one.

        A unit that was split stands above its parts: what they state was part of what it stated.
        """
        if unit in scope.clusters:
            return (unit,)
        line = self._position(unit, day)
        line = tuple(other for it in line for other in (*self._daily.split_from(it), it))
        if not scope.clusters:
            return line
        inside = next((line[place:] for place, it in enumerate(line) if it in scope.roots), None)
        return (*scope.clusters, *inside) if inside else line

    def _days_of_change(self, unit: int) -> set[str]:
        begun, until = self._daily.life(unit)
        days = {day for it in self._daily.ever_above(unit) for day in (it.since, it.until) if begun < day <= until}
        for successor in self._daily.successors(unit, until):
            days |= {it for it in self._days_of_change(successor) if it > until}
        return days

    def _course(self, indicator: Indicator, scope: Scope) -> _Course:
        clusters = tuple(it for it in scope.clusters if it in self._statements[indicator.id])
        key = (indicator.id, clusters and scope.roots, clusters)
        if key not in self._courses:
            self._courses[key] = self._gone_through(indicator, Scope(key[1], clusters))
        return self._courses[key]

    def _gone_through(self, indicator: Indicator, scope: Scope) -> _Course:
        """Go through the days on which a window of a movement ends, and then on which a stock was stated.

        So what is stated for the end of a year is beside what moved in that year, not before it.
        """
        course = _Course()
        units = [it for it in self._statements[indicator.id] if it in scope.clusters or self._daily.level(it) >= 0]
        stated = [it for unit in units for it in self._statements[indicator.id][unit]]
        flows = [flow.id for _sign, flow in self._flows.get(indicator.register or "", ())]
        moving = [it for unit in units for flow in flows for it in self._own_flows.get((unit, flow), ())]
        last: dict[int, Figure] = {}
        split, replaced = [it for it in units if self._daily.parts(it)], set[int]()
        moves: dict[int, Terms] = {}
        for figure in sorted((*stated, *moving), key=lambda it: (it.day, it.indicator == indicator.id, it.id)):
            unit, day = figure.unit, figure.day
            if figure.indicator == indicator.id:
                more = Counts({figure.id: 1})
                others = last if unit in self._uppers or unit in scope.clusters else ()
                below = [it for it in others if it != unit and unit in self._line(it, day, scope)]
                more.subtract(course.at(unit, *below))
                last[unit], moves[unit] = figure, Counts()
            elif unit in last:
                moved = self._moved(indicator, unit, last[unit].day, day)
                more = Counts(moved)
                more.subtract(moves[unit])
                moves[unit] = moved
            else:
                continue
            statement = figure if figure.indicator == indicator.id else None
            course.take(unit, Step(day, more, self._above(unit, day, scope, last, replaced), statement))
            for it in split if statement else ():
                if it in last and it not in replaced and self._is_replaced(indicator, it, day):
                    replaced.add(it)
                    rest: Terms = Counts()
                    rest.subtract(course.at(it))
                    course.take(it, Step(day, rest, self._above(it, day, scope, last, replaced), statement))
        return course

    def _above(
        self, unit: int, day: str, scope: Scope, stated: Collection[int], replaced: Collection[int]
    ) -> int | None:
        """Return the nearest unit above one, of those that have stated the stock, on a day."""
        line = reversed(self._line(unit, day, scope))
        return next((it for it in line if it in stated and it not in replaced and it != unit), None)

    def _is_replaced(self, indicator: Indicator, unit: int, day: str) -> bool:
        """Tell whether all parts of a unit that was split have stated the stock by a day."""

        def stated(part: int) -> str | None:
            figure = self._latest(indicator, part, day)
            return figure and figure.day

        return self._daily.is_replaced(unit, stated)

    def _moved(self, indicator: Indicator, unit: int, since: str, last: str) -> Terms:
        """Count the figures of a unit's movement: its net growth; where it stated none, what came and what went."""
        total: Terms = Counts()
        seeds: Sequence[Figure] = ()
        for sign, flow in self._flows.get(indicator.register or "", ()):
            own = [it for it in self._own_flows.get((unit, flow.id), ()) if since < it.start and it.day <= last]
            before = {it.id: terms for it in own if (terms := self._moved_before(indicator, it)) is not None}
            figures = [it for it in own if it.id in before]
            nest = nested(figures, lambda it: [(it.unit, "")], self._daily.level, seeds if sign else ())
            for figure in nest.outermost:
                total[figure.id] += sign or 1
                total.subtract(before[figure.id])
            if not sign:
                seeds = nest.outermost
        return total

    def _moved_before(self, indicator: Indicator, figure: Figure) -> Terms | None:
        """Count the figures of units merged into a figure's own that it includes, for they moved those units' stock.

        None where they are not just a part of it: then it moves nothing, for no one knows what it adds.
        """
        total: Terms = Counts()
        for unit in spoken_for(self._daily, figure) - {figure.unit}:
            statement = self._latest(indicator, unit, figure.end)
            if statement is None:
                continue
            if statement.day >= figure.start:
                return None
            for number, times in self._moved(indicator, unit, statement.day, figure.day).items():
                moved = self._by_number[number]
                if moved.meets(figure):
                    if moved.indicator != figure.indicator or not figure.holds(moved):
                        return None
                    total[number] += times
        return total

    def _quantity(self, terms: Terms, scope: Scope) -> Quantity:
        """Return what terms come to; what was only taken away leaves a hedge."""
        number, qualifier = 0, None
        counted = [(self._by_number[it], times) for it, times in terms.items() if times]
        known = self._known([figure for figure, _times in counted], scope)
        for figure, times in counted:
            assert isinstance(figure.value, Quantity)  # noqa: S101  a stock, and what moves one, is a number
            number += times * (figure.value.value - known[figure.id])
            hedge = figure.value.qualifier
            qualifier = joined(qualifier, ABOUT if hedge and times < 0 else hedge)
        return Quantity(number, qualifier)

    def _known(self, figures: Sequence[Figure], scope: Scope) -> dict[int, int]:
        """Return what the registers have of what some figures state: hold on its day, or count in its window."""
        keys = {
            it.id: (it.id, scope.roots if it.unit in scope.clusters else (*sorted(spoken_for(self._daily, it)),))
            for it in figures
        }
        wanted: dict[str, list[tuple[int, tuple[int, ...], str, str]]] = defaultdict(list)
        for figure in (it for it in figures if keys[it.id] not in self._registered):
            self._registered[keys[figure.id]] = 0
            days = (figure.day,) * 2 if figure.indicator in self._statements else (figure.start, figure.end)
            for register in self._parts.get(figure.indicator, ()):
                wanted[register].append((*keys[figure.id], *days))
        for register, rows in wanted.items():
            for key, number in self._registered_of(register, rows).items():
                # What went makes a net growth less.
                sign = -1 if register in self._parts[self._by_number[key].indicator][1:] else 1
                self._registered[keys[key]] += sign * number
        return {number: self._registered[key] for number, key in keys.items()}

    def _registered_of(self, register: str, asked: Iterable[tuple[int, tuple[int, ...], str, str]]) -> dict[int, int]:
        """Return by key what a register counts below some roots between two days, or holds on the last."""
        series = registers.series_of(register)
        found = registers.sums(self._db, [series], registers.BELOW, asked=self._daily.below(asked))
        return {key: sums.get(series, 0) for (_step, key, _by), sums in found.items()}

    @cached_property
    def _parts(self) -> dict[int, tuple[str, ...]]:
        """By stock and by flow that moves one, what the registers have of it: the first less the second."""
        parts: dict[int, tuple[str, ...]] = {it.id: (it.register,) for it in self._stocks if it.register}
        for register, flows in self._flows.items():
            parts |= {flow.id: MOVEMENTS[register] if sign == 0 else (flow.counts,) for sign, flow in flows}
        return parts

    @cached_property
    def _statements(self) -> dict[int, dict[int, list[Figure]]]:
        """By stock and unit what was stated, the latest first."""
        found: dict[int, dict[int, list[Figure]]] = {it.id: {} for it in self._stocks}
        for figure in statements_of(self._db, self._stocks, self._since):
            self._by_number[figure.id] = figure
            found[figure.indicator].setdefault(figure.unit, []).append(figure)
        for tree in (self._tree, self._daily):
            tree.learn({unit for units in found.values() for unit in units})
        return found

    @cached_property
    def _own_flows(self) -> dict[tuple[int, int], list[Figure]]:
        """What units have stated of flows that move stocks, by unit and indicator."""
        found: dict[tuple[int, int], list[Figure]] = defaultdict(list)
        for figure in statements_of(self._db, [flow for flows in self._flows.values() for _sign, flow in flows]):
            self._by_number[figure.id] = figure
            found[figure.unit, figure.indicator].append(figure)
        return found

    @cached_property
    def _uppers(self) -> set[int]:
        """The units that ever stood above others, or followed one."""
        rows = self._db.execute(
            "SELECT DISTINCT ancestor FROM ancestry WHERE depth = 1 UNION SELECT successor FROM succession"
        )
        return {unit for (unit,) in rows}


def _flows_of(catalogue: Sequence[Indicator], came: str, went: str) -> list[tuple[int, Indicator]]:
    """Return the flows that move a stock: its net growth with sign 0 first, what came with 1, what went with -1."""
    by_register = {it.counts: it for it in catalogue}
    one, other = by_register.get(came), by_register.get(went)
    if one is None or other is None:
        return []
    return [*((0, it) for it in catalogue if it.formula == (one.code, "-", other.code)), (1, one), (-1, other)]
