"""The one function that counts: what an indicator comes to, in a scope, over a window.

Flows add over days and units. A stock is its last statement and the movements since, by unit, summed;
never stated, it is counted from the registers. Shares and averages add their parts and their wholes.
"""

from collections.abc import Sequence

from ucli.domain.indicators import Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import Quantity, Share, joined, opposite
from ucli.reports.boxes import Boxes, Counted, Value
from ucli.reports.figures import Figure, in_order
from ucli.reports.registers import Sums, ever_below, held_below
from ucli.reports.scope import Scope
from ucli.reports.stated import Figures
from ucli.reports.stocks import Stocks
from ucli.reports.tree import Tree


class Counter:
    """Counts every indicator of a scope and window from a few queries.

    Args:
        catalogue: every indicator, so that derived ones find their parts.
        stocks: what is stated of stocks, shared by the tables of a report.
        stated: the figures of the ledger, shared likewise.
        tree: by whose structure is counted.
        scope: whose facts are counted.
        window: between which days.
        stock_day: on which day stocks are taken: the window's last, or the last of a unit that ended in it.
        one_by_one: whether every figure is looked at, as an explanation does, and none is read from the tallies.

    """

    def __init__(
        self,
        catalogue: Sequence[Indicator],
        stocks: Stocks,
        stated: Figures,
        tree: Tree,
        scope: Scope,
        window: Window,
        stock_day: str,
        *,
        one_by_one: bool = False,
    ) -> None:
        self._by_code = {indicator.code: indicator for indicator in catalogue}
        self.scope = scope
        self.window = window
        self.stock_day = stock_day
        self.tree = tree
        self.stocks = stocks
        self._boxes = Boxes(stated, tree, scope, window, one_by_one=one_by_one)
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
        if self._boxes.figures[indicator.id] or self._boxes.cells(indicator):
            return True
        return bool(indicator.register and self.registers.get(indicator.register))

    def stated_figures(self) -> list[Figure]:
        """Return the figures inside the window, not those of leaves below, and what was stated of stocks by its end."""
        inside = [f for figures in self._boxes.figures.values() for f in figures if self.window.holds(f.window)]
        return inside + [f for it in self._by_code.values() if it.is_stock for f in self._statements(it)]

    @property
    def registers(self) -> Sums:
        """What the registers count in this scope and window."""
        return self._boxes.registers

    def _count(self, indicator: Indicator) -> Counted:
        if indicator.is_stock:
            return self._stock(indicator)
        if indicator.register or indicator.counts == "figures":
            return self._boxes.added(indicator, self._boxes.figures[indicator.id], self._boxes.cells(indicator))
        return self._derived_or_stated(indicator)

    def _derived_or_stated(self, indicator: Indicator) -> Counted:
        """Take what the unit itself stated for just this window, else what the parts come to, else what is below."""
        figures, cells = self._boxes.figures[indicator.id], self._boxes.cells(indicator)
        own = [figure for figure in figures if self._boxes.is_own(figure)]
        value = self._derived(*indicator.formula, average=indicator.is_share) if indicator.formula else None
        if own or value is None:
            counted = self._boxes.added(indicator, own or figures, {} if own else cells)
            counted.covered += [figure for figure in figures if own and figure not in own]
            return counted
        left_out = [*figures, *self._boxes.some_leaves(indicator, cells)]
        return Counted(value=value, left_out=in_order(left_out))

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
        held = 0
        if indicator.register:
            held = held_below(self.tree, self.scope.roots, day, indicator.register)
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
        return register is not None and ever_below(self.tree, self.scope.roots, day, register)

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


def _quantity(value: Value | None) -> Quantity:
    return value if isinstance(value, Quantity) else Quantity(0)
