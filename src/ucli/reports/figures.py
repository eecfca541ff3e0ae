"""Stated figures inside a scope, and which of them lies inside which.

A figure states everything at or below its unit within its window, so a figure inside another's box
(unit in its subtree, window in its window) is covered by it and must not be added again.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ucli.domain.periods import BEGINNING, FOREVER, Window
from ucli.domain.quantities import Quantity, Share
from ucli.reports.tallies import Piece
from ucli.reports.tree import Tree
from ucli.tallies.nets import Cell, Net, nets_of
from ucli.tallies.series import among

# So many figures of leaves are named, where more than that were left out or hold something else than they say.
MOST_LEAVES = 50

Cells = dict[Cell, Net]
_NOTHING: Mapping[str, object] = {}

# The last day of a figure's window on which its unit lived.
_DAY = """
    min(f.end_day, (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = f.unit AND l.ancestor = f.unit
        AND l.from_op <= :known AND l.to_op > :known))"""
_ALIVE = "AND f.from_op <= :known AND f.to_op > :known"


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


class Figures:
    """The figures that count in a table, by the structure it is counted by.

    Those of units that stand above others are looked at one by one, for what they cover. The many figures of leaves
    are read from the tallies, as sums by window.

    Args:
        db: the ledger.
        tree: by whose structure a table counts.

    """

    def __init__(self, db: sqlite3.Connection, tree: Tree) -> None:
        self._db = db
        self._tree = tree
        self._uppers: dict[tuple[str, str], dict[int, list[Figure]]] = {}

    def but_of_leaves_below(self, roots: Sequence[int], clusters: Sequence[int], window: Window) -> list[Figure]:
        """Return the figures touching a window that are looked at one by one: all but those of leaves further below."""
        first, last = window.start.isoformat(), window.end.isoformat()
        found = {it.id: it for root in roots for it in self._of_uppers(first, last).get(root, ())}
        own = [it for root in roots if root not in self._tallied for it in self._leaves_of(root)]
        for figure in self._of_units([*{it.unit for it in own}, *clusters], first, last):
            if figure.unit in clusters or any(it.unit == figure.unit and it.holds(figure.day) for it in own):
                found[figure.id] = figure
        return sorted(found.values(), key=lambda it: it.id)

    def every(self, roots: Sequence[int], clusters: Sequence[int], window: Window) -> list[Figure]:
        """Return every figure that touches a window, stated at or below some units or for a cluster itself."""
        below = self._tree.below(roots)
        first, last = window.start.isoformat(), window.end.isoformat()
        # From the tree to the figures: one seek per unit, however many figures others have stated.
        source = (
            f"FROM {below.sql} a CROSS JOIN figure f ON f.unit = a.unit AND a.from_day <= {_DAY} AND {_DAY} < a.to_day"
        )
        found = {it.id: it for it in self._rows(source, first, last, below.bound)}
        found |= {it.id: it for it in self._of_units(clusters, first, last)}
        return sorted(found.values(), key=lambda it: it.id)

    def nets(self, roots: Sequence[int], window: Window) -> dict[int, Cells]:
        """Return by indicator what the figures of leaves below some units add, for every window that touches one."""
        first, last = window.start.isoformat(), window.end.isoformat()
        nets: dict[int, Cells] = defaultdict(dict)
        for root in roots:
            own = () if root in self._tallied else self._leaves_of(root)
            for piece in self._tree.pieces(root):
                if piece not in own:
                    _add(nets, self._tree.tallies.nets(piece, first, last))
        return nets

    def nets_below(self, unit: int, window: Window, within: Sequence[int] | None) -> dict[int, Cells]:
        """Return the same for one unit by the structure of then, as far as it belongs within some units."""
        nets: dict[int, Cells] = defaultdict(dict)
        first, last = window.start.isoformat(), window.end.isoformat()
        if within is None:
            _add(nets, self._tree.tallies.nets(Piece(unit), first, last))
            return nets
        rows = self._db.execute(
            "SELECT DISTINCT a.unit FROM ancestry a WHERE a.ancestor = ? AND a.from_op <= ? AND a.to_op > ?"
            " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = a.unit)",
            (unit, self._tree.known, self._tree.known),
        )
        leaves = [row["unit"] for row in rows]
        self._tree.learn(leaves)
        found, _holding = nets_of(self._db, leaves, self._tree.known)
        for (leaf, cell), net in found.items():
            belongs = unit in self._tree.ancestors(leaf, cell.day) and set(within) & set(
                self._tree.line(leaf, cell.day)
            )
            if belongs and cell.start <= last and cell.end >= first:
                _add(nets, {cell: net})
        return nets

    def of_leaves(
        self, roots: Sequence[int], indicator: int, windows: Iterable[tuple[str, str]], *, printed: bool = False
    ) -> list[Figure]:
        """Return figures of leaves below some units that were stated for some windows; the first, where many were."""
        below = self._tree.below(roots)
        without = "AND f.value IS NULL AND f.whole IS NULL" if printed else ""
        rows = self._db.execute(
            f"SELECT f.*, {_DAY} AS day FROM {below.sql} a CROSS JOIN figure f ON f.unit = a.unit {_ALIVE}"
            f" AND f.indicator = :indicator {without} AND (f.start_day, f.end_day) IN"
            " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:windows))"
            " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = f.unit)"
            f" WHERE a.from_day <= {_DAY} AND {_DAY} < a.to_day LIMIT {MOST_LEAVES}",
            {**below.bound, "indicator": indicator, "windows": json.dumps(sorted(set(windows)))},
        )
        return sorted(map(_figure, rows), key=lambda it: it.id)

    def holding(self, roots: Sequence[int], indicator: int, window: Window) -> list[Figure]:
        """Return the figures of leaves inside a window that may hold records or other figures; the first of them."""
        bound = {"indicator": indicator, "start": window.start.isoformat(), "end": window.end.isoformat()}
        source = (
            "FROM holding h JOIN figure f ON f.id = h.figure AND f.from_op <= :known AND f.to_op > :known"
            " WHERE h.indicator = :indicator AND h.start_day >= :start AND h.end_day <= :end"
            " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = h.unit)"
        )
        bound |= {"known": self._tree.known}
        if not self._db.execute(f"SELECT 1 {source} LIMIT 1", bound).fetchone():
            return []
        within = self._tree.within(roots)
        rows = self._db.execute(
            f"SELECT f.*, {_DAY} AS day {source} AND {within.sql.format(unit='f.unit', day=_DAY)}"
            f" ORDER BY f.id LIMIT {MOST_LEAVES}",
            {**bound, **within.bound},
        )
        return [_figure(row) for row in rows]

    def reported(self, roots: Sequence[int], window: Window) -> dict[int, set[int]]:
        """Return by unit the indicators that leaves at or below it stated inside a window."""
        first, last = window.start.isoformat(), window.end.isoformat()
        found: dict[int, set[int]] = {root: set() for root in roots}
        leaves: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
        for root in roots:
            for piece in self._tree.pieces(root):
                if piece.unit not in self._tallied:
                    leaves[piece.unit].append((root, piece))
                    continue
                for cell in self._tree.tallies.nets(piece, first, last):
                    if piece.sign == 1 and first <= cell.start and cell.end <= last:
                        found[root].add(cell.indicator)
        rows = self._db.execute(
            f"SELECT DISTINCT f.unit, f.indicator, {_DAY} AS day FROM json_each(:units) u"
            " CROSS JOIN figure f ON f.unit = u.value AND f.start_day >= :first AND f.end_day BETWEEN :first AND :last"
            f" {_ALIVE}",
            {"units": among(leaves), "first": first, "last": last, "known": self._tree.known},
        )
        for unit, indicator, day in rows:
            for root, piece in leaves[unit]:
                if piece.holds(day):
                    found[root].add(indicator)
        return found

    @property
    def _tallied(self) -> Mapping[int, bool]:
        return self._tree.tallies.tallied

    def _leaves_of(self, root: int) -> list[Piece]:
        """Return the leaf a root is, and those that went up in it."""
        return [it for it in self._tree.pieces(root) if it.sign == 1 and it.unit not in self._tallied]

    def _of_uppers(self, first: str, last: str) -> dict[int, list[Figure]]:
        """Return by the units they belong to the figures of those that stand above others."""
        key = (first, last)
        if key not in self._uppers:
            self._uppers[key] = defaultdict(list)
            found = self._rows("FROM tallied t CROSS JOIN figure f ON f.unit = t.unit", first, last)
            self._tree.learn(figure.unit for figure in found)
            for figure in found:
                for above in self._tree.line(figure.unit, figure.day):
                    self._uppers[key][above].append(figure)
        return self._uppers[key]

    def _of_units(self, units: Sequence[int], first: str, last: str) -> list[Figure]:
        if not units:
            return []
        among = ", ".join(map(str, units))
        return self._rows(f"FROM figure f WHERE f.unit IN ({among})", first, last)

    def beside(self, figure: Figure) -> list[Figure]:
        """Return all that the unit of a figure stated for its indicator, the figure itself among it."""
        found = self._of_units([figure.unit], BEGINNING, FOREVER)
        return [it for it in found if it.indicator == figure.indicator]

    def _rows(self, source: str, first: str, last: str, bound: Mapping[str, object] = _NOTHING) -> list[Figure]:
        rows = self._db.execute(
            f"SELECT f.*, {_DAY} AS day {source} AND f.start_day <= :last AND f.end_day >= :first {_ALIVE}",
            {**bound, "first": first, "last": last, "known": self._tree.known},
        )
        return [_figure(row) for row in rows]


def _add(nets: dict[int, Cells], found: Cells) -> None:
    for cell, net in found.items():
        cells = nets[cell.indicator]
        cells[cell] = cells.get(cell, Net()) + net


def statements_of(db: sqlite3.Connection, stocks: Sequence[int], known: int) -> list[Figure]:
    """Return every statement of some stocks, each unit's latest first."""
    among = ", ".join(str(stock) for stock in stocks)
    rows = db.execute(
        f"SELECT f.*, {_DAY} AS day FROM figure f WHERE f.indicator IN ({among})"
        " AND f.from_op <= :known AND f.to_op > :known ORDER BY day DESC, f.id DESC",
        {"known": known},
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
        day=row["day"],
        value=value,
        stated_percent=row["stated_percent"],
        stated_qualifier=row["stated_qualifier"],
        source=row["source"],
        operation=row["from_op"],
    )
