"""Stocks: what there is on a day, from what units stated, what the registers hold and what moved since.

A unit that states a stock speaks for all at or below it on that day; most of them the registers know, the others
are nameless: they stay with the unit that stated them, go where it goes, and end with it. So

    stock on a day = what the registers hold on that day + the nameless of the units that stated it

and a unit that moves, is merged or ends takes its nameless along, from the old line to the new.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from ucli.reports.figures import Figure, Nest, statements_of
from ucli.reports.registers import counted, held_below, source_of, sums_in_scope
from ucli.reports.scope import Group, Line, Scope, Tree, day_after, day_before, shared_line
from ucli.values.indicators import MOVEMENTS, Indicator
from ucli.values.quantities import ABOUT, Quantity, joined

# How often each figure is counted; under None a number. So what was added and taken away again is gone without a trace.
Terms = Counter[Figure | None]


class Passage(NamedTuple):
    """A unit that stated a stock came, on a day, from below some units to below others; to none: it was closed."""

    day: str
    unit: int
    before: Line
    after: Line


class Stocks:
    """The statements of the ledger's stocks, and who carries what.

    Args:
        db: the ledger.
        tree: by whose structure a table counts.
        catalogue: every indicator.

    """

    def __init__(self, db: sqlite3.Connection, tree: Tree, catalogue: Iterable[Indicator]) -> None:
        self._db = db
        self._tree = tree
        every = list(catalogue)
        # By the register of a stock, what moves it: net growth (sign 0), what came, what went; and their registers.
        self._flows = {register: _flows_of(every, *moves) for register, moves in MOVEMENTS.items()}
        self._stocks = [indicator for indicator in every if indicator.is_stock]
        self._statements: dict[int, dict[int, list[Figure]]] | None = None
        self._passages: dict[int, dict[int | None, list[Passage]]] = {}
        self._positions: dict[tuple[int, str], dict[int, Line]] = {}
        self._members: dict[tuple[int, str], dict[int, list[int]]] = {}
        self._nameless: dict[tuple[int, int, str], Terms] = {}
        self._held: dict[tuple[str, int, str], int] = {}
        self._lines: dict[tuple[int, str], Line] = {}

    def is_stated(self, indicator: Indicator) -> bool:
        """Tell whether anybody ever stated a stock."""
        return bool(self._of(indicator))

    def latest(self, indicator: Indicator, unit: int, day: str) -> Figure | None:
        """Return a unit's last statement up to a day."""
        return next((it for it in self._of(indicator).get(unit, ()) if it.day <= day), None)

    def statements(self, indicator: Indicator, units: Iterable[int], day: str) -> list[Figure]:
        """Return all that some units stated up to a day, each unit's latest first."""
        return [it for unit in units for it in self._of(indicator).get(unit, ()) if it.day <= day]

    def below(self, indicator: Indicator, roots: Collection[int], day: str) -> list[int]:
        """Return the units below some that stated a stock up to a day and are still there, or in one merged there."""
        below = self._below(indicator, day)
        return list(dict.fromkeys(unit for root in roots for unit in below.get(root, ())))

    def stated_between(self, indicator: Indicator, roots: Collection[int], first: str, last: str) -> list[Figure]:
        """Return each unit's last statement between two days, if the unit stood outermost below some when it was made.

        Also of those that have gone since, or were merged into others.
        """
        found = []
        for unit in self._of(indicator):
            figure = self.latest(indicator, unit, last)
            if figure and first <= figure.day:
                there = self.below(indicator, roots, figure.day)
                if unit in there and unit in self.outermost(indicator, there, figure.day):
                    found.append(figure)
        return found

    def ever(self, indicator: Indicator, roots: Collection[int], day: str) -> bool:
        """Tell whether a unit that had stated a stock stood below some up to a day."""
        return any(
            figures[-1].day <= day and self._tree.stood_below(unit, roots, figures[-1].day, day)
            for unit, figures in self._of(indicator).items()
        )

    def outermost(self, indicator: Indicator, units: Collection[int], day: str) -> list[int]:
        """Return those of some units that stand below no other of them."""
        lines, among = self._standing(indicator, day), set(units)
        return [unit for unit in units if not any(it in among for it in lines[unit] if it != unit)]

    def carried(self, indicator: Indicator, units: Collection[int], day: str) -> Quantity:
        """Return the nameless that some units carry on a day, those of other units below them not counted."""
        return _quantity(self._carried(indicator, units, day))

    def since(self, indicator: Indicator, figure: Figure, roots: tuple[int, ...], day: str) -> Quantity:
        """Return what was stated of some units and the registers do not hold, with what came and went until a day."""
        return _quantity(self._since(indicator, figure, roots, day))

    def _carried(self, indicator: Indicator, units: Collection[int], day: str) -> Terms:
        total: Terms = Counter()
        if not units:
            return total
        lines, among = self._standing(indicator, day), set(units)
        outer = self.outermost(indicator, units, day)
        for unit in outer:
            total.update(self._nameless_of(indicator, unit, day))
        under = set(outer)
        others = [unit for unit, line in lines.items() if unit not in among and not under.isdisjoint(line)]
        total.subtract(self._carried(indicator, others, day))
        return total

    def _nameless_of(self, indicator: Indicator, unit: int, day: str) -> Terms:
        """Return what a unit stated and the registers below it do not hold, with what came and went since."""
        key = (indicator.id, unit, day)
        if key not in self._nameless:
            until = self._tree.life(unit)[1]
            if day >= until:
                # It was merged into another one, and took along what no unit below it carries itself.
                terms = self._carried(indicator, [unit], day_before(until))
            else:
                figure = self.latest(indicator, unit, day)
                assert figure is not None  # noqa: S101  asked only of units that stated it
                terms = self._since(indicator, figure, (unit,), day)
            self._nameless[key] = terms
        return self._nameless[key]

    def passages(
        self, indicator: Indicator, first: str, last: str, through: Collection[int] | None = None
    ) -> list[Passage]:
        """Return how the units that stated a stock moved between two days: all, or those that left or came below some.

        Each unit has its own list, for `check` asks for every unit that ever stated a stock.
        """
        if indicator.id not in self._passages:
            self._passages[indicator.id] = defaultdict(list)
            for passage in sorted(it for unit in self._of(indicator) for it in self._passages_of(unit)):
                for unit in {None, *passage.before, *passage.after}:
                    self._passages[indicator.id][unit].append(passage)
        by_unit = self._passages[indicator.id]
        found = by_unit[None] if through is None else sorted({it for unit in through for it in by_unit.get(unit, ())})
        return [it for it in found if first <= it.day <= last]

    def came_and_went(
        self, indicator: Indicator, roots: Collection[int], first: str, last: str
    ) -> tuple[Quantity, Quantity, Quantity]:
        """Return the nameless that came below some units between two days, that went elsewhere, that ended.

        In the structure of one day no one comes or goes: who is placed there only can be no more.
        """
        if self._tree.day:
            gone: dict[str, list[int]] = defaultdict(list)
            for it in self.passages(indicator, first, last):
                if not it.after and it.unit in self.below(indicator, roots, day_before(it.day)):
                    gone[it.day].append(it.unit)
            ended: Terms = Counter()
            for day, units in gone.items():
                ended.update(self._carried(indicator, units, day_before(day)))
            return Quantity(0), Quantity(0), _quantity(ended)
        came, went, ended = self._passed(indicator, roots, first, last)
        return _quantity(came), _quantity(went), _quantity(ended)

    def _passed(
        self, indicator: Indicator, roots: Collection[int], first: str, last: str
    ) -> tuple[Terms, Terms, Terms]:
        """Return the same by the structure of each day."""
        came, went, ended = Terms(), Terms(), Terms()
        days: dict[str, list[Passage]] = defaultdict(list)
        for passage in self.passages(indicator, first, last, roots):
            # Before its first statement a unit carried nothing.
            if self.latest(indicator, passage.unit, day_before(passage.day)):
                days[passage.day].append(passage)
        for day, moved in days.items():
            inside = [(it, not set(roots).isdisjoint(it.before), not set(roots).isdisjoint(it.after)) for it in moved]
            coming = [it.unit for it, was_in, is_in in inside if is_in and not was_in]
            going = [it.unit for it, was_in, is_in in inside if was_in and not is_in and it.after]
            ending = [it.unit for it, was_in, is_in in inside if was_in and not it.after]
            came.update(self._carried(indicator, coming, day_before(day)))
            went.update(self._carried(indicator, going, day_before(day)))
            ended.update(self._carried(indicator, ending, day_before(day)))
        return came, went, ended

    def held(self, indicator: Indicator, roots: tuple[int, ...], day: str) -> int:
        """Return what the registers hold below some units on a day, in the structure of that very day."""
        if indicator.register is None:
            return 0
        total = 0
        for root in self._tree.outermost(roots, day):
            key = (indicator.register, root, day)
            if key not in self._held:
                self._held[key] = held_below(self._db, root, day, indicator.register)
            total += self._held[key]
        return total

    def position(self, unit: int, day: str) -> Line:
        """Return who stood above a unit on a day, itself last; of one that ended, its successor's line."""
        key = (unit, day)
        if key not in self._lines:
            until = self._tree.life(unit)[1]
            if day < until:
                self._lines[key] = tuple(self._tree.ancestors(unit, day))
            else:
                lines = [self.position(it, day) for it in self._tree.successors(unit, until)]
                self._lines[key] = shared_line(lines)
        return self._lines[key]

    def _since(self, indicator: Indicator, figure: Figure, roots: tuple[int, ...], day: str) -> Terms:
        came, went, ended = self._passed(indicator, roots, day_after(figure.day), day)
        terms: Terms = Counter({figure: 1, None: -self.held(indicator, roots, figure.day)})
        for more in (came, self._moved(indicator, figure.unit, figure.day, day, roots)):
            terms.update(more)
        for less in (went, ended):
            terms.subtract(less)
        return terms

    def moved(
        self, indicator: Indicator, unit: int, since: str, eve: str, day: str, roots: tuple[int, ...]
    ) -> Quantity:
        """Return what a unit has stated of its own movement, beyond what the registers count, from an eve to a day.

        In windows after a day: its net growth; where it stated none, its admissions and its losses. A cluster speaks
        for its `roots`.
        """
        terms = self._moved(indicator, unit, since, day, roots)
        if since < eve:
            terms.subtract(self._moved(indicator, unit, since, eve, roots))
        return _quantity(terms)

    def _moved(self, indicator: Indicator, unit: int, since: str, day: str, roots: tuple[int, ...]) -> Terms:
        total: Terms = Counter()
        seeds: Sequence[Figure] = ()
        for sign, flow, parts in self._flows.get(indicator.register or "", ()):
            figures = [it for it in self._own_flows.get((unit, flow.id), ()) if since < it.start and it.day <= day]
            nest = Nest(figures, lambda it: [(it.unit, "")], self._tree.level, seeds if sign else ())
            for figure in nest.outermost:
                total[figure] += sign or 1
                total[None] -= (sign or 1) * self._registered(roots, figure, parts)
            if not sign:
                seeds = nest.outermost
        return total

    def _registered(self, roots: tuple[int, ...], figure: Figure, registers: Sequence[str]) -> int:
        """Return what the registers count at or below some units in a figure's window: the first less the second."""
        tree = Tree(self._db)
        tree.fill([Group(Scope(roots), figure.window, figure.end)])
        sums = sums_in_scope(self._db, {source_of(it) for it in registers})[0]
        first, *second = (counted(it, sums) for it in registers)
        return first - sum(second)

    def _of(self, indicator: Indicator) -> dict[int, list[Figure]]:
        if self._statements is None:
            self._statements = defaultdict(lambda: defaultdict(list))
            for figure in statements_of(self._db, self._stocks):
                self._statements[figure.indicator][figure.unit].append(figure)
            self._tree.learn({unit for units in self._statements.values() for unit in units})
        return self._statements[indicator.id]

    @cached_property
    def _own_flows(self) -> dict[tuple[int, int], list[Figure]]:
        """What units have stated of flows that move stocks, by unit and indicator."""
        found: dict[tuple[int, int], list[Figure]] = defaultdict(list)
        for figure in statements_of(self._db, [flow for flows in self._flows.values() for _sign, flow, _by in flows]):
            found[figure.unit, figure.indicator].append(figure)
        return found

    def _standing(self, indicator: Indicator, day: str) -> dict[int, Line]:
        """Return where each unit that stated a stock by a day stands on it, those left out that are no more."""
        key = (indicator.id, day)
        if key not in self._positions:
            self._positions[key] = {
                unit: line
                for unit in self._of(indicator)
                if self.latest(indicator, unit, day) and (line := self.position(unit, day))
            }
        return self._positions[key]

    def _below(self, indicator: Indicator, day: str) -> dict[int, list[int]]:
        """Return by unit those that stated a stock by a day and belong at or below it."""
        key = (indicator.id, day)
        if key not in self._members:
            members: dict[int, list[int]] = defaultdict(list)
            for unit, line in self._standing(indicator, day).items():
                for above in self._tree.place(unit) if self._tree.day else line:
                    members[above].append(unit)
            self._members[key] = members
        return self._members[key]

    def _passages_of(self, unit: int) -> Iterable[Passage]:
        for day in sorted(self._days_of_change(unit)):
            before, after = self.position(unit, day_before(day)), self.position(unit, day)
            if before != after:
                yield Passage(day, unit, before, after)

    def _days_of_change(self, unit: int) -> set[str]:
        begun, until = self._tree.life(unit)
        days = {it for it in self._tree.days_of_change(unit) if begun < it <= until and it < "9999"}
        for successor in self._tree.successors(unit, until):
            days |= {it for it in self._days_of_change(successor) if it > until}
        return days


def _flows_of(catalogue: Sequence[Indicator], came: str, went: str) -> list[tuple[int, Indicator, tuple[str, ...]]]:
    """Return the flows that move a stock: its net growth with sign 0 first, what came with 1, what went with -1."""
    by_register = {it.counts: it for it in catalogue}
    one, other = by_register.get(came), by_register.get(went)
    if one is None or other is None:
        return []
    net = [(0, it, (came, went)) for it in catalogue if it.formula == (one.code, "-", other.code)]
    return [*net, (1, one, (came,)), (-1, other, (went,))]


def _quantity(terms: Terms) -> Quantity:
    """Return what terms come to; what was added and taken away again leaves no hedge, what was only taken away does."""
    number, qualifier = terms[None], None
    for figure, times in terms.items():
        if figure is not None and times:
            assert isinstance(figure.value, Quantity)  # noqa: S101  a stock, and what moves one, is a number
            number += times * figure.value.value
            hedge = figure.value.qualifier
            qualifier = joined(qualifier, ABOUT if hedge and times < 0 else hedge)
    return Quantity(number, qualifier)
