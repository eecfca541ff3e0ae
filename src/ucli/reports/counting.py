"""The one function that counts: what an indicator comes to, in a scope, over a window.

    value = what the registers count outside every stated box + what the outermost figures state

Flows add over days and units. A stock is its last statement and the movements since, by unit, summed;
never stated, it is counted from the registers. Shares and averages add their parts and their wholes.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ucli.domain.indicators import Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import ABOUT, AT_LEAST, Quantity, Share, joined, opposite
from ucli.reports.figures import Figure, Nest, figures_in
from ucli.reports.registers import Sums, ever_below, held_below, sum_below, sums_below
from ucli.reports.scope import Scope
from ucli.reports.stocks import Stocks
from ucli.reports.tree import Tree, day_before

Value = Quantity | Share


@dataclass(slots=True)
class Counted:
    """What an indicator comes to, and where that comes from."""

    value: Value | None = None
    stated: list[Figure] = field(default_factory=list)  # the outermost figures, which the value holds
    covered: list[Figure] = field(default_factory=list)  # inside one of those, not added again
    left_out: list[Figure] = field(default_factory=list)  # window not inside the report's, or half overlapping
    collected: dict[int, Value] = field(default_factory=dict)  # by figure: what was recorded inside its box
    passed: int = 0  # of a stock: what units that came and went since took along, unknown to the registers
    stated_percent: str | None = None
    stated_qualifier: str | None = None


class Counter:
    """Counts every indicator of a scope and window from a few queries.

    Args:
        db: the ledger.
        catalogue: every indicator, so that derived ones find their parts.
        stocks: what is stated of stocks, shared by the tables of a report.
        tree: by whose structure is counted.
        scope: whose facts are counted.
        window: between which days.
        stock_day: on which day stocks are taken: the window's last, or the last of a unit that ended in it.

    """

    def __init__(
        self,
        db: sqlite3.Connection,
        catalogue: Sequence[Indicator],
        stocks: Stocks,
        tree: Tree,
        scope: Scope,
        window: Window,
        stock_day: str,
    ) -> None:
        self._db = db
        self._by_code = {indicator.code: indicator for indicator in catalogue}
        self.scope = scope
        self.window = window
        self.stock_day = stock_day
        self.first = max(window.start.isoformat(), scope.since)
        self.last = min(window.end.isoformat(), day_before(scope.until))
        self.tree = tree
        self.stocks = stocks
        self._sums: dict[tuple[tuple[int, ...], str, str], Sums] = {}
        self.figures: dict[int, list[Figure]] = defaultdict(list)
        found = [
            figure
            for figure in figures_in(db, tree, scope.roots, scope.clusters, window)
            if scope.since <= figure.day < scope.until
        ]
        tree.learn(figure.unit for figure in found)
        for figure in found:
            self.figures[figure.indicator].append(figure)
        self._counted: dict[str, Counted] = {}

    def count(self, indicator: Indicator) -> Counted:
        """Return what an indicator comes to."""
        if indicator.code not in self._counted:
            self._counted[indicator.code] = self._count(indicator)
        return self._counted[indicator.code]

    def has_facts(self, indicator: Indicator) -> bool:
        """Tell whether anything was recorded or stated for an indicator in this scope and window."""
        if indicator.is_stock:
            return bool(self._statements(indicator))
        if self.figures[indicator.id]:
            return True
        return bool(indicator.register and self.registers(self.scope.roots).get(indicator.register))

    def stated_figures(self) -> list[Figure]:
        """Return the figures inside the window, and the statements of stocks up to its end."""
        inside = [f for figures in self.figures.values() for f in figures if self.window.holds(f.window)]
        return inside + [f for it in self._by_code.values() if it.is_stock for f in self._statements(it)]

    def registers(self, roots: tuple[int, ...]) -> Sums:
        """Return what the registers count at or below some units in the window."""
        key = (roots, self.first, self.last)
        if key not in self._sums:
            sums: Sums = defaultdict(int)
            for below in sums_below(self._db, self.tree, roots, self.first, self.last).values():
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
        nest = Nest([figure for figure in usable if figure.value is not None], self.tree, self.scope.clusters)
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
        inner = Nest(nest.inside(figure), self.tree, self.scope.clusters)
        values: list[Value] = [inside.value for inside in inner.outermost if inside.value is not None]
        recorded = self._in_box(figure, register)
        uncovered = recorded - sum(self._in_box(inside, register) for inside in inner.outermost)
        return _total([*values, Quantity(uncovered)]) if recorded else _total(values)

    def _in_box(self, figure: Figure, register: str | None) -> int:
        """Return what a register counts inside a figure's box, as far as it belongs to the scope."""
        if register is None or not self.registers(self.scope.roots).get(register):
            return 0
        start = max(figure.window.start.isoformat(), self.first)
        end = min(figure.window.end.isoformat(), self.last)
        if figure.unit in self.scope.clusters:
            return sum_below(self._db, self.tree.below(self.scope.roots), start, end, register, None)
        known = None if self.tree.day else self._sums.get(((figure.unit,), start, end))
        if known is not None:
            return known.get(register, 0)
        # A unit that came from elsewhere in its window stated what belongs elsewhere, too.
        always = self.tree.belongs_within(figure.unit, self.scope.roots, start, end)
        within = None if always else self.tree.within(self.scope.roots)
        return sum_below(self._db, self.tree.then([figure.unit]), start, end, register, within)

    def _statements(self, indicator: Indicator) -> list[Figure]:
        """Return what was stated of a stock in this scope up to the window's end, each unit's latest first."""
        day = self.stock_day
        if day >= self.scope.until:
            return []  # it stands elsewhere by then, or nowhere
        units = [*self.scope.clusters, *self.stocks.below(indicator, self.scope.roots, day)]
        return self.stocks.statements(indicator, units, day)

    def _stock(self, indicator: Indicator) -> Counted:
        counted, day = Counted(), self.stock_day
        if day >= self.scope.until:
            return counted
        units = self.stocks.below(indicator, self.scope.roots, day)
        outer = self.stocks.outermost(indicator, units, day)
        held = 0
        if indicator.register:
            held = held_below(self._db, self.tree.below(self.scope.roots), day, indicator.register)
        carried = self.stocks.carried(indicator, units, day)
        for cluster in self.scope.clusters:
            own = self.stocks.latest(indicator, cluster, day)
            if own and isinstance(own.value, Quantity):
                outer = [cluster]
                carried = own.value - Quantity(self.stocks.held(indicator, self.scope.roots, own.day))
        counted.stated = [it for unit in outer if (it := self.stocks.latest(indicator, unit, day))]
        self._sort_statements(indicator, counted)
        if counted.stated or held or self._ever(indicator):
            counted.value = carried + Quantity(held)
        counted.passed = carried.value - sum(self._unregistered(indicator, figure) for figure in counted.stated)
        return counted

    def _ever(self, indicator: Indicator) -> bool:
        """Tell whether there ever was anything of a stock here, so that nothing left is 0 and not unknown."""
        register, day = indicator.register, self.stock_day
        if self.stocks.ever(indicator, self.scope.roots, day):
            return True
        return register is not None and ever_below(self._db, self.tree, self.scope.roots, day, register)

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
