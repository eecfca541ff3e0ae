"""Stated figures inside a scope, and which of them lies inside which.

A figure states everything at or below its unit within its window, so a figure inside another's box
(unit in its subtree, window in its window) is covered by it and must not be added again.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ucli.domain.periods import Window
from ucli.domain.quantities import Quantity, Share
from ucli.reports.tree import Tree

# The last day of a figure's window on which its unit lived.
LAST_DAY = """
    min(f.end_day, (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = f.unit AND l.ancestor = f.unit
        AND l.from_op <= :known AND l.to_op > :known))"""
ALIVE = "AND f.from_op <= :known AND f.to_op > :known"


class Figure(NamedTuple):
    id: int
    indicator: int
    unit: int
    window: Window
    day: str  # the last of its window on which its unit lived: whose it is, is said by that day
    value: Quantity | Share | None
    stated_percent: str | None
    stated_qualifier: str | None
    source: str | None
    operation: int


class Nest:
    """The figures of one indicator in a scope, as boxes inside boxes.

    Args:
        figures: those whose window lies inside the report's.
        tree: who stood above their units.
        clusters: units that are clusters: their figures cover the whole scope.

    """

    def __init__(self, figures: Sequence[Figure], tree: Tree, clusters: Sequence[int] = ()) -> None:
        self._tree = tree
        self._clusters = clusters
        self.outermost: list[Figure] = []
        self.covered: list[Figure] = []
        # Windows that half overlap across levels would count a part twice: the upper unit's figure is used.
        self.crossed: list[Figure] = []
        self._inside: dict[int, list[Figure]] = defaultdict(list)
        kept: dict[int, list[Figure]] = defaultdict(list)
        # From the top down, and of one unit the longest window first: whoever may cover comes before the covered.
        for figure in sorted(figures, key=lambda it: (self._depth(it), -it.window.days, it.id)):
            above = [other for unit in self._line(figure) for other in kept[unit]]
            holders = [other for other in above if other.window.holds(figure.window)]
            if not holders and any(other.window.meets(figure.window) for other in above if other.unit != figure.unit):
                self.crossed.append(figure)
                continue
            kept[figure.unit].append(figure)
            (self.covered if holders else self.outermost).append(figure)
            for holder in holders:
                self._inside[holder.id].append(figure)

    def inside(self, outer: Figure) -> list[Figure]:
        """Return the figures that another one covers."""
        return self._inside[outer.id]

    def _line(self, figure: Figure) -> list[int]:
        """Return who may cover a figure: the clusters, and its unit's ancestors on its last day."""
        return [*self._clusters, *self._tree.ancestors(figure.unit, figure.day)]

    def _depth(self, figure: Figure) -> int:
        return -1 if figure.unit in self._clusters else len(self._line(figure))


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures in the order of their numbers, each once."""
    return sorted({it.id: it for it in figures}.values(), key=lambda it: it.id)


def statements_of(db: sqlite3.Connection, stocks: Sequence[int], known: int) -> list[Figure]:
    """Return every statement of some stocks, each unit's latest first."""
    among = ", ".join(str(stock) for stock in stocks)
    rows = db.execute(
        f"SELECT f.*, {LAST_DAY} AS day FROM figure f WHERE f.indicator IN ({among})"
        " AND f.from_op <= :known AND f.to_op > :known ORDER BY day DESC, f.id DESC",
        {"known": known},
    )
    return [figure_of(row) for row in rows]


def figure_of(row: sqlite3.Row) -> Figure:
    value: Quantity | Share | None = None
    if row["value"] is not None:
        value = Quantity(row["value"], row["qualifier"])
    elif row["whole"] is not None:
        value = Share(row["part"], row["whole"], row["qualifier"])
    return Figure(
        id=row["id"],
        indicator=row["indicator"],
        unit=row["unit"],
        window=Window(row["period"], date.fromisoformat(row["start_day"]), date.fromisoformat(row["end_day"])),
        day=row["day"],
        value=value,
        stated_percent=row["stated_percent"],
        stated_qualifier=row["stated_qualifier"],
        source=row["source"],
        operation=row["from_op"],
    )
