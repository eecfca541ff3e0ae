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


class Figure(NamedTuple):
    id: int
    indicator: int
    unit: int
    window: Window
    value: Quantity | Share | None
    stated_percent: str | None
    stated_qualifier: str | None
    source: str | None
    operation: int


class Ancestors:
    """Who stood above each of some units, on any day."""

    def __init__(self, db: sqlite3.Connection, units: Iterable[int], known: int) -> None:
        among = ", ".join(str(unit) for unit in set(units))
        self._above: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        for row in db.execute(
            "SELECT unit, ancestor, from_day, to_day FROM ancestry"
            f" WHERE unit IN ({among}) AND from_op <= ? AND to_op > ? ORDER BY depth DESC",
            (known, known),
        ):
            self._above[row["unit"]].append((row["ancestor"], row["from_day"], row["to_day"]))

    def of(self, unit: int, day: date) -> list[int]:
        """Return a unit's ancestors on a day, the topmost first, the unit itself last."""
        there = day.isoformat()
        return [ancestor for ancestor, first, until in self._above[unit] if first <= there < until]


class Nest:
    """The figures of one indicator in a scope, as boxes inside boxes.

    Args:
        figures: those whose window lies inside the report's.
        ancestors: who stood above their units.
        clusters: units that are clusters: their figures cover the whole scope.

    """

    def __init__(self, figures: Sequence[Figure], ancestors: Ancestors, clusters: Sequence[int] = ()) -> None:
        self._ancestors = ancestors
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
        return [*self._clusters, *self._ancestors.of(figure.unit, figure.window.end)]

    def _depth(self, figure: Figure) -> int:
        return -1 if figure.unit in self._clusters else len(self._line(figure))


def figures_in(
    db: sqlite3.Connection, roots: Sequence[int], clusters: Sequence[int], window: Window, known: int
) -> list[Figure]:
    """Return every figure that touches a window, stated at or below some units or for a cluster itself."""
    return _selected(db, roots, clusters, "f.start_day <= :end AND f.end_day >= :start", _bound(window, known))


def statements_until(
    db: sqlite3.Connection, roots: Sequence[int], clusters: Sequence[int], stocks: Sequence[int], day: date, known: int
) -> list[Figure]:
    """Return every statement of some stocks up to a day, the latest first."""
    if not stocks:
        return []
    among = ", ".join(str(stock) for stock in stocks)
    found = _selected(
        db, roots, clusters, f"f.end_day <= :end AND f.indicator IN ({among})", _bound(Window("", day, day), known)
    )
    return sorted(found, key=lambda figure: figure.window.end, reverse=True)


def _bound(window: Window, known: int) -> dict[str, object]:
    return {"start": window.start.isoformat(), "end": window.end.isoformat(), "known": known}


def _selected(
    db: sqlite3.Connection, roots: Sequence[int], clusters: Sequence[int], where: str, bound: dict[str, object]
) -> list[Figure]:
    below = ", ".join(str(root) for root in roots)
    beside = ", ".join(str(cluster) for cluster in clusters) or "NULL"
    alive = f"{where} AND f.from_op <= :known AND f.to_op > :known"
    # From the tree to the figures: one seek per unit, however many figures others have stated.
    rows = db.execute(
        "SELECT f.* FROM ancestry a CROSS JOIN figure f ON f.unit = a.unit AND a.from_day <= f.end_day"
        f" AND f.end_day < a.to_day AND {alive}"
        f" WHERE a.ancestor IN ({below}) AND a.from_op <= :known AND a.to_op > :known"
        f" UNION SELECT f.* FROM figure f WHERE f.unit IN ({beside}) AND {alive} ORDER BY id",
        bound,
    )
    return [_figure(row) for row in rows]


def _figure(row: sqlite3.Row) -> Figure:
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
        value=value,
        stated_percent=row["stated_percent"],
        stated_qualifier=row["stated_qualifier"],
        source=row["source"],
        operation=row["from_op"],
    )
