"""The one function that counts: what an indicator comes to, in a scope, over a window.

    value = what the registers count outside every stated box + what the outermost figures state

Flows add over days and units. A stock is its last statement and the movements since, by unit, summed;
never stated, it is counted from the registers. Shares and averages add their parts and their wholes.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ucli.domain.indicators import MOVEMENTS, Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import ABOUT, AT_LEAST, Quantity, Share, joined, opposite
from ucli.reports.figures import Ancestors, Figure, Nest, figures_in, statements_until
from ucli.reports.registers import Sums, sum_below, sums_below
from ucli.reports.scope import Scope

BEGINNING = "0001-01-01"

Value = Quantity | Share


@dataclass(slots=True)
class Counted:
    """What an indicator comes to, and where that comes from."""

    value: Value | None = None
    stated: list[Figure] = field(default_factory=list)  # the outermost figures, which the value holds
    covered: list[Figure] = field(default_factory=list)  # inside one of those, not added again
    left_out: list[Figure] = field(default_factory=list)  # window not inside the report's, or half overlapping
    collected: dict[int, Value] = field(default_factory=dict)  # by figure: what was recorded inside its box
    stated_percent: str | None = None
    stated_qualifier: str | None = None


class Counter:
    """Counts every indicator of a scope and window from a few queries.

    Args:
        db: the ledger.
        catalogue: every indicator, so that derived ones find their parts.
        scope: whose facts are counted.
        window: between which days; a stock is taken at the last.
        known: the last operation that counts.

    """

    def __init__(
        self, db: sqlite3.Connection, catalogue: Sequence[Indicator], scope: Scope, window: Window, known: int
    ) -> None:
        self._db = db
        self._by_code = {indicator.code: indicator for indicator in catalogue}
        self.scope = scope
        self.window = window
        self._known = known
        self._sums: dict[tuple[tuple[int, ...], str, str], Sums] = {}
        self.figures: dict[int, list[Figure]] = defaultdict(list)
        self._statements: dict[int, list[Figure]] = defaultdict(list)
        stocks = [indicator.id for indicator in catalogue if indicator.is_stock]
        found = figures_in(db, scope.roots, scope.clusters, window, known)
        stated = statements_until(db, scope.roots, scope.clusters, stocks, window.end, known)
        for figure in found:
            self.figures[figure.indicator].append(figure)
        for figure in stated:
            self._statements[figure.indicator].append(figure)
        self.ancestors = Ancestors(db, [figure.unit for figure in (*found, *stated)], known)
        self._lines: dict[int, Ancestors] = {}
        self._counted: dict[str, Counted] = {}

    def count(self, indicator: Indicator) -> Counted:
        """Return what an indicator comes to."""
        if indicator.code not in self._counted:
            self._counted[indicator.code] = self._count(indicator)
        return self._counted[indicator.code]

    def has_facts(self, indicator: Indicator) -> bool:
        """Tell whether anything was recorded or stated for an indicator in this scope and window."""
        if indicator.is_stock:
            return bool(self._statements[indicator.id])
        if self.figures[indicator.id]:
            return True
        return bool(indicator.register and self.registers(self.scope.roots).get(indicator.register))

    def stated_figures(self) -> list[Figure]:
        """Return the figures inside the window, and the statements of stocks up to its end."""
        inside = [f for figures in self.figures.values() for f in figures if self.window.holds(f.window)]
        return inside + [f for statements in self._statements.values() for f in statements]

    def ancestors_on(self, unit: int, day: str) -> list[int]:
        """Return who stood above a unit on a day, the unit itself included."""
        if unit not in self._lines:
            self._lines[unit] = Ancestors(self._db, [unit], self._known)
        return self._lines[unit].of(unit, date.fromisoformat(day))

    def registers(self, roots: tuple[int, ...]) -> Sums:
        """Return what the registers count at or below some units in the window."""
        first, last = self.window.start.isoformat(), self.window.end.isoformat()
        key = (roots, first, last)
        if key not in self._sums:
            sums: Sums = defaultdict(int)
            for below in sums_below(self._db, roots, first, last, self._known).values():
                for name, number in below.items():
                    sums[name] += number
            self._sums[key] = dict(sums)
        return self._sums[key]

    def _count(self, indicator: Indicator) -> Counted:
        if indicator.is_stock:
            return self._stock(indicator)
        if indicator.register or indicator.counts == "figures":
            return self._flow(indicator, self.figures[indicator.id])
        return self._derived_or_stated(indicator)

    def _derived_or_stated(self, indicator: Indicator) -> Counted:
        """Take what the unit itself stated for just this window, else what the parts come to, else what is below."""
        figures = self.figures[indicator.id]
        own = [figure for figure in figures if self._is_own(figure)]
        value = self._derived(*indicator.formula, average=indicator.is_share) if indicator.formula else None
        if own or value is None:
            counted = self._flow(indicator, own or figures)
            counted.covered += [figure for figure in figures if own and figure not in own]
            return counted
        return Counted(value=value, left_out=figures)

    def _flow(self, indicator: Indicator, figures: Sequence[Figure]) -> Counted:
        counted = Counted()
        usable = []
        for figure in figures:
            if not self.window.holds(figure.window) or (figure.value is None and not self._is_own(figure)):
                counted.left_out.append(figure)
                continue
            usable.append(figure)
            if figure.stated_percent and self._is_own(figure):
                counted.stated_percent = figure.stated_percent
                counted.stated_qualifier = figure.stated_qualifier
        nest = Nest([figure for figure in usable if figure.value is not None], self.ancestors, self.scope.clusters)
        counted.stated, counted.covered = nest.outermost, nest.covered
        counted.left_out += nest.crossed
        register = indicator.register
        total = self.registers(self.scope.roots).get(register, 0) if register else 0
        uncovered = total - sum(self._in_box(figure, register) for figure in nest.outermost)
        values: list[Value] = [figure.value for figure in nest.outermost if figure.value is not None]
        if total and (uncovered or not values):
            values.append(Quantity(uncovered))
        counted.value = _total(values)
        if nest.crossed and counted.value is not None:
            counted.value = _hedged(counted.value)
        for figure in nest.outermost:
            below = self._collected(figure, nest, register)
            if below is not None:
                counted.collected[figure.id] = below
        return counted

    def _is_own(self, figure: Figure) -> bool:
        """Tell whether a printed percentage is the table's own: of its unit, for just its window."""
        return figure.unit in self.scope.own and _same_days(figure.window, self.window)

    def _collected(self, figure: Figure, nest: Nest, register: str | None) -> Value | None:
        """Return what was recorded inside a figure's box without the figure itself; None when nothing was."""
        inner = Nest(nest.inside(figure), self.ancestors, self.scope.clusters)
        values: list[Value] = [inside.value for inside in inner.outermost if inside.value is not None]
        recorded = self._in_box(figure, register)
        uncovered = recorded - sum(self._in_box(inside, register) for inside in inner.outermost)
        return _total([*values, Quantity(uncovered)]) if recorded else _total(values)

    def _in_box(self, figure: Figure, register: str | None) -> int:
        """Return what a register counts inside a figure's box."""
        if register is None or not self.registers(self.scope.roots).get(register):
            return 0
        return self._register(register, self._roots_of(figure), figure.window.start, figure.window.end)

    def _register(self, register: str, roots: tuple[int, ...], start: date, end: date) -> int:
        """Return one register's sum, from the window's sums where they are known already."""
        known = self._sums.get((roots, start.isoformat(), end.isoformat()))
        if known is not None:
            return known.get(register, 0)
        return sum_below(self._db, roots, start.isoformat(), end.isoformat(), register, self._known)

    def _stock(self, indicator: Indicator) -> Counted:
        counted = Counted()
        day = self.window.end
        statements = [figure for figure in self._statements[indicator.id] if figure.value is not None]
        latest: dict[int, Figure] = {}
        for figure in statements:
            if latest.setdefault(figure.unit, figure) is not figure:
                counted.covered.append(figure)  # an earlier statement, superseded
        for figure in latest.values():
            above = (*self.scope.clusters, *self.ancestors.of(figure.unit, figure.window.end))
            outer = [latest[unit] for unit in above if unit in latest and unit != figure.unit]
            if not outer:
                counted.stated.append(figure)
            elif figure.window.end > outer[0].window.end:
                counted.left_out.append(figure)
            else:
                counted.covered.append(figure)
        values: list[Value] = []
        for figure in counted.stated:
            since = self._net(indicator, self._roots_of(figure), figure.window.end + timedelta(days=1), day)
            if figure.value is not None:
                values.append(figure.value + Quantity(since) if isinstance(figure.value, Quantity) else figure.value)
        if indicator.register:
            first = date.fromisoformat(BEGINNING)
            everything = self._net(indicator, self.scope.roots, first, day)
            unstated = everything - sum(
                self._net(indicator, self._roots_of(figure), first, day) for figure in counted.stated
            )
            if unstated or (not values and self._ever(indicator)):
                values.append(Quantity(unstated))
        counted.value = _total(values)
        return counted

    def _roots_of(self, figure: Figure) -> tuple[int, ...]:
        return self.scope.roots if figure.unit in self.scope.clusters else (figure.unit,)

    def _net(self, indicator: Indicator, roots: tuple[int, ...], start: date, end: date) -> int:
        if indicator.register is None or start > end:
            return 0
        come, gone = MOVEMENTS[indicator.register]
        return self._register(come, roots, start, end) - self._register(gone, roots, start, end)

    def _ever(self, indicator: Indicator) -> bool:
        first = date.fromisoformat(BEGINNING)
        return any(
            self._register(name, self.scope.roots, first, self.window.end)
            for name in MOVEMENTS[indicator.register or ""]
        )

    def _derived(self, left: str, sign: str, right: str, *, average: bool) -> Value | None:
        one, other = (self.count(self._by_code[code]).value for code in (left, right))
        if sign == "-":
            if one is None and other is None:
                return None
            minuend, subtrahend = (_quantity(value) for value in (one, other))
            return minuend - subtrahend
        if not average or not isinstance(one, Quantity) or not isinstance(other, Quantity) or other.value <= 0:
            return None
        return Share(one.value, other.value, joined(one.qualifier, opposite(other.qualifier)))


def _same_days(one: Window, other: Window) -> bool:
    return (one.start, one.end) == (other.start, other.end)


def _quantity(value: Value | None) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity(0)


def _total(values: Sequence[Value]) -> Value | None:
    """Add up what is of one kind; an indicator's values all are."""
    quantities = [value for value in values if isinstance(value, Quantity)]
    shares = [value for value in values if isinstance(value, Share)]
    if shares:
        return sum(shares[1:], start=shares[0])
    return sum(quantities[1:], start=quantities[0]) if quantities else None


def _hedged(value: Value) -> Value:
    """Say that something was left out: a sum is at least what it is, a share may lie to either side."""
    if isinstance(value, Quantity):
        return Quantity(value.value, joined(value.qualifier, AT_LEAST))
    return Share(value.part, value.whole, ABOUT)
