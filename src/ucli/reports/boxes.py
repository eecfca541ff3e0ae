"""What is stated and recorded, added up so that nothing counts twice: boxes inside boxes.

    value = what the registers count outside every stated box + what the outermost figures state

A figure states everything at or below its unit within its window. Those of units that stand above others are looked
at one by one. Those of leaves, which cover nothing but what their own unit did, come as sums by window: what lies in
the box of a figure above is taken off again, and so is what lies half across one.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce

from ucli.domain.indicators import Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import ABOUT, AT_LEAST, BELOW, Quantity, Share, joined
from ucli.reports.figures import Figure, Nest, in_order
from ucli.reports.registers import Sums, in_box, sums_below
from ucli.reports.scope import Scope
from ucli.reports.stated import MOST_LEAVES, Cells, Figures
from ucli.reports.tree import Tree
from ucli.tallies.nets import Cell, Net

Value = Quantity | Share


@dataclass(slots=True)
class Counted:
    """What an indicator comes to, and where that comes from."""

    value: Value | None = None
    stated: list[Figure] = field(default_factory=list)  # the outermost figures, which the value holds
    leaves: int = 0  # figures of leaves that it holds besides
    covered: list[Figure] = field(default_factory=list)  # inside one of those, not added again
    left_out: list[Figure] = field(default_factory=list)  # window not inside the report's, or half overlapping
    collected: dict[int, Value] = field(default_factory=dict)  # by figure: what was recorded inside its box
    passed: int = 0  # of a stock: what units that came and went since took along, unknown to the registers
    stated_percent: str | None = None
    stated_qualifier: str | None = None
    printed_below: bool = False  # units inside stated percentages alone, which do not add up


class Boxes:
    """The figures and records of a scope and window.

    Args:
        stated: the figures of the ledger, shared by the tables of a report.
        tree: by whose structure is counted.
        scope: whose facts are counted.
        window: between which days.
        one_by_one: whether every figure is looked at, as an explanation does, and none is read from the tallies.

    """

    def __init__(self, stated: Figures, tree: Tree, scope: Scope, window: Window, *, one_by_one: bool) -> None:
        self._stated = stated
        self._tree = tree
        self._scope = scope
        self._window = window
        self._first, self._last = window.start.isoformat(), window.end.isoformat()
        self.figures: dict[int, list[Figure]] = defaultdict(list)
        among = stated.every if one_by_one else stated.but_of_leaves_below
        found = among(scope.roots, scope.clusters, window)
        tree.learn(figure.unit for figure in found)
        for figure in found:
            if scope.holds(figure.day):
                self.figures[figure.indicator].append(figure)
        self._nets = {} if one_by_one else stated.nets(scope.roots, window)
        # Of these no figure is among the sums.
        self._looked_at = None if one_by_one else stated.looked_at(scope.roots)

    @cached_property
    def registers(self) -> Sums:
        """What the registers count."""
        return sums_below(self._tree, self._scope, self._first, self._last)

    def cells(self, indicator: Indicator) -> Cells:
        """Return what leaves stated for an indicator, by window."""
        return self._in_scope(self._nets.get(indicator.id, {}))

    def is_own(self, figure: Figure) -> bool:
        """Tell whether a figure, or a printed percentage, is the table's own: of its unit, for just its window."""
        same_days = (figure.window.start, figure.window.end) == (self._window.start, self._window.end)
        return figure.unit in self._scope.own and same_days

    def added(self, indicator: Indicator, figures: Sequence[Figure], cells: Cells) -> Counted:
        """Return what figures, those of leaves and the records outside them all come to."""
        counted = Counted()
        usable = []
        for figure in figures:
            is_inside = self._window.holds(figure.window)
            if not is_inside or (figure.value is None and not self.is_own(figure)):
                counted.printed_below |= is_inside
                counted.left_out.append(figure)
                continue
            usable.append(figure)
            if figure.stated_percent and self.is_own(figure):
                counted.stated_percent = figure.stated_percent
                counted.stated_qualifier = figure.stated_qualifier
        inside = {cell: net for cell, net in cells.items() if self._window.holds(_window(cell))}
        nest = Nest([figure for figure in usable if figure.value is not None], self._tree, self._scope.clusters)
        net, crossed = self._outside(indicator, inside, nest.outermost)
        counted.left_out += self.some_leaves(indicator, cells.keys() - inside.keys())
        printed = [it for it in inside if inside[it].printed]
        counted.printed_below |= bool(printed)
        counted.left_out += self.some_leaves(indicator, printed, printed=True)
        counted.left_out += nest.crossed
        for unit, across in crossed.items():
            counted.left_out += [it for it in self.some_leaves(indicator, across, below=unit) if it.value is not None]
        counted.stated, counted.covered, counted.leaves = nest.outermost, nest.covered, net.figures
        total = self.registers.get(indicator.register, 0) if indicator.register else 0
        counted.value = self._sum(indicator, nest.outermost, net, total)
        if (nest.crossed or crossed) and counted.value is not None:
            counted.value = _hedged(counted.value)
        for figure in nest.outermost:
            self._collect(counted, indicator, figure, nest, self._cells_below(figure, indicator))
        if net.figures:
            self._collect_of_leaves(counted, indicator)
        # Whether a unit is a leaf must not be seen.
        counted.stated, counted.covered, counted.left_out = (
            in_order(found) for found in (counted.stated, counted.covered, counted.left_out)
        )
        return counted

    def some_leaves(
        self, indicator: Indicator, cells: Collection[Cell], *, printed: bool = False, below: int | None = None
    ) -> list[Figure]:
        """Return the figures of leaves that some windows mean; of many, some.

        Args:
            indicator: what was stated.
            cells: the windows.
            printed: only percentages without a value.
            below: only those that stood below this unit on their day.

        """
        if not cells:
            return []
        windows = [(cell.start, cell.end) for cell in cells]
        if below in self._scope.clusters:
            below = None
        return self._stated.of_leaves(self._scope, indicator.id, windows, printed=printed, below=below)

    def _sum(self, indicator: Indicator, outermost: Sequence[Figure], net: Net, records: int) -> Value | None:
        values: list[Value] = [figure.value for figure in outermost if figure.value is not None]
        values += _value_of(net, indicator)
        uncovered = records - sum(self._in_box(figure, indicator.register) for figure in outermost)
        if records and (uncovered or not values):
            values.append(Quantity(uncovered))
        return _total(values)

    def _outside(
        self, indicator: Indicator, cells: Cells, outermost: Sequence[Figure]
    ) -> tuple[Net, dict[int, list[Cell]]]:
        """Add up what the figures of leaves state outside the boxes of others.

        Returns:
            The sum, and by unit the windows of leaves below it that lie half across what it stated.

        """
        total = sum(cells.values(), start=Net())
        across: dict[Cell, dict[int, Figure]] = defaultdict(dict)
        for figure in outermost if cells else ():
            for cell, net in self._cells_below(figure, indicator).items():
                if cell in cells and figure.window.holds(_window(cell)):
                    total += net.times(-1)
                elif cell in cells and net.stated > net.printed and figure.window.meets(_window(cell)):
                    across[cell][figure.unit] = figure
        crossed: dict[int, list[Cell]] = defaultdict(list)
        for cell, by_unit in across.items():
            for figure in by_unit.values():
                above = {*self._scope.clusters, *self._tree.ancestors(figure.unit, figure.day)} - {figure.unit}
                # Where one of the units stands below another, what is half across both is left out once.
                if above.isdisjoint(by_unit):
                    total += self._cells_below(figure, indicator)[cell].times(-1)
                    crossed[figure.unit].append(cell)
        return total, crossed

    def _collect(self, counted: Counted, indicator: Indicator, figure: Figure, nest: Nest, cells: Cells) -> None:
        """Note what was recorded inside a figure's box without the figure itself, where anything was."""
        covered = nest.inside(figure)
        if not covered and not cells and indicator.register is None:
            return
        inner = Nest(covered, self._tree, self._scope.clusters)
        inside = {cell: net for cell, net in cells.items() if figure.window.holds(_window(cell))}
        net, _across = self._outside(indicator, inside, inner.outermost)
        total = self._sum(indicator, inner.outermost, net, self._in_box(figure, indicator.register))
        if total is not None:
            counted.collected[figure.id] = total

    def _collect_of_leaves(self, counted: Counted, indicator: Indicator) -> None:
        """Name the figures of leaves that hold anything, so that both can be said."""
        uppers = list(counted.stated)
        named = 0
        for figure in self._stated.holding(self._scope.roots, indicator.id, self._window):
            if named == MOST_LEAVES:
                break
            line = {*self._scope.clusters, *self._tree.ancestors(figure.unit, figure.day)}
            if any(it.unit in line and it.window.meets(figure.window) for it in uppers):
                continue
            if figure.id in counted.collected or not self._scope.holds(figure.day):
                continue
            family = self._stated.beside(figure)
            nest = Nest([it for it in family if it.value is not None and self._window.holds(it.window)], self._tree)
            if figure in nest.outermost:
                self._collect(counted, indicator, figure, nest, {})
            if figure.id in counted.collected:
                counted.stated.append(figure)
                counted.leaves -= 1
                named += 1

    def _cells_below(self, figure: Figure, indicator: Indicator) -> Cells:
        """Return what leaves stated below the unit of a figure, as far as it belongs to the scope."""
        if self._looked_at is None or figure.unit in self._looked_at:
            return {}
        if figure.unit in self._scope.clusters:
            return self.cells(indicator)
        always = self._tree.belongs_within(figure.unit, self._scope.roots, self._first, self._last)
        nets = self._stated.nets_below(figure.unit, self._window, None if always else self._scope.roots)
        return self._in_scope(nets.get(indicator.id, {}))

    def _in_scope(self, cells: Cells) -> Cells:
        return {cell: net for cell, net in cells.items() if self._scope.holds(cell.day)}

    def _in_box(self, figure: Figure, register: str | None) -> int:
        """Return what a register counts inside a figure's box, as far as it belongs to the scope."""
        if register is None or not self.registers.get(register):
            return 0
        start = max(figure.window.start.isoformat(), self._first)
        end = min(figure.window.end.isoformat(), self._last)
        if figure.unit in self._scope.clusters:
            return sums_below(self._tree, self._scope, start, end).get(register, 0)
        # A unit that came from elsewhere in its window stated what belongs elsewhere, too.
        always = self._tree.belongs_within(figure.unit, self._scope.roots, start, end)
        within = None if always else self._tree.within(self._scope.roots)
        return in_box(self._tree, figure.unit, self._scope, start, end, register, within)


def _window(cell: Cell) -> Window:
    return Window("", date.fromisoformat(cell.start), date.fromisoformat(cell.end))


def _value_of(net: Net, indicator: Indicator) -> list[Value]:
    """Return what the figures of leaves come to, hedged as they are."""
    if not net.figures:
        return []
    hedges = ((AT_LEAST, net.at_least), (BELOW, net.below), (ABOUT, net.about))
    hedge = reduce(joined, (it for it, number in hedges if number), None)
    return [Share(net.part, net.whole, hedge) if indicator.is_share else Quantity(net.value, hedge)]


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
