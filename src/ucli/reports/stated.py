"""The figures that count in a table: those of upper units one by one, those of leaves as sums by window."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

from ucli.domain.periods import BEGINNING, FOREVER, Window
from ucli.reports.figures import ALIVE, LAST_DAY, Figure, figure_of, in_order
from ucli.reports.scope import Scope
from ucli.reports.tallies import Piece
from ucli.reports.tree import Tree
from ucli.tallies.nets import Cell, Net, nets_of
from ucli.tallies.series import among
from ucli.tallies.shifts import alive

# So many figures of leaves are named, where more than that were left out or hold something else than they say.
MOST_LEAVES = 50

Cells = dict[Cell, Net]
_NOTHING: Mapping[str, object] = {}


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
        self._below: dict[tuple[int, date, date, tuple[int, ...] | None], dict[int, Cells]] = {}

    def but_of_leaves_below(self, roots: Sequence[int], clusters: Sequence[int], window: Window) -> list[Figure]:
        """Return the figures touching a window that are looked at one by one: all but those of leaves further below."""
        first, last = window.start.isoformat(), window.end.isoformat()
        found = {it.id: it for root in roots for it in self._of_uppers(first, last).get(root, ())}
        own = self._own_leaves(roots)
        for figure in self._of_units([*{it.unit for it in own}, *clusters], first, last):
            if figure.unit in clusters or any(it.unit == figure.unit and it.holds(figure.day) for it in own):
                found[figure.id] = figure
        return in_order(found.values())

    def every(self, roots: Sequence[int], clusters: Sequence[int], window: Window) -> list[Figure]:
        """Return every figure that touches a window, stated at or below some units or for a cluster itself."""
        below = self._tree.below(roots)
        first, last = window.start.isoformat(), window.end.isoformat()
        # From the tree to the figures: one seek per unit, however many figures others have stated.
        source = (
            f"FROM {below.sql} a CROSS JOIN figure f ON f.unit = a.unit"
            f" AND a.from_day <= {LAST_DAY} AND {LAST_DAY} < a.to_day"
        )
        found = {it.id: it for it in self._rows(source, first, last, below.bound)}
        found |= {it.id: it for it in self._of_units(clusters, first, last)}
        return in_order(found.values())

    def nets(self, roots: Sequence[int], window: Window) -> dict[int, Cells]:
        """Return by indicator what the figures of leaves below some units add, for every window that touches one."""
        first, last = window.start.isoformat(), window.end.isoformat()
        nets: dict[int, Cells] = defaultdict(dict)
        own = self._own_leaves(roots)
        for piece in self._tree.pieces(*roots):
            if piece not in own:
                _add(nets, self._tree.tallies.nets(piece, first, last))
        return _stated_only(nets)

    def nets_below(self, unit: int, window: Window, within: tuple[int, ...] | None) -> dict[int, Cells]:
        """Return the same for one unit by the structure of then, as far as it belongs within some units."""
        key = (unit, window.start, window.end, within)
        if key not in self._below:
            self._below[key] = self._nets_below(unit, window, within)
        return self._below[key]

    def _nets_below(self, unit: int, window: Window, within: tuple[int, ...] | None) -> dict[int, Cells]:
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
        return _stated_only(nets)

    def of_leaves(
        self,
        scope: Scope,
        indicator: int,
        windows: Iterable[tuple[str, str]],
        *,
        printed: bool,
        below: int | None,
    ) -> list[Figure]:
        """Return figures of leaves in a scope, or below a unit in it, that were stated for some windows; of many, some.

        Those that are only a printed percentage, or all.
        """
        among_units = self._tree.below(scope.roots) if below is None else self._tree.then([below])
        within = self._tree.within(scope.roots) if below is not None else None
        only = "AND f.value IS NULL AND f.whole IS NULL" if printed else ""
        only += f" AND {within.sql.format(unit='f.unit', day=LAST_DAY)}" if within else ""
        rows = self._db.execute(
            f"SELECT f.*, {LAST_DAY} AS day FROM {among_units.sql} a CROSS JOIN figure f ON f.unit = a.unit {ALIVE}"
            f" AND f.indicator = :indicator {only} AND (f.start_day, f.end_day) IN"
            " (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:windows))"
            " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = f.unit)"
            f" WHERE a.from_day <= {LAST_DAY} AND {LAST_DAY} < a.to_day"
            f" AND {scope.on(LAST_DAY)}"
            f" LIMIT {MOST_LEAVES}",
            {
                **(within.bound if within else {}),
                **among_units.bound,
                "indicator": indicator,
                "windows": json.dumps(sorted(set(windows))),
            },
        )
        return in_order(map(figure_of, rows))

    def holding(self, roots: Sequence[int], indicator: int, window: Window) -> Iterator[Figure]:
        """Yield the figures of leaves inside a window that may hold records or other figures."""
        bound = {"indicator": indicator, "start": window.start.isoformat(), "end": window.end.isoformat()}
        source = (
            "FROM holding h JOIN figure f ON f.id = h.figure AND f.from_op <= :known AND f.to_op > :known"
            " WHERE h.indicator = :indicator AND h.start_day >= :start AND h.end_day <= :end"
            " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = h.unit)"
        )
        bound |= {"known": self._tree.known}
        if not self._db.execute(f"SELECT 1 {source} LIMIT 1", bound).fetchone():
            return
        within = self._tree.within(roots)
        for row in self._db.execute(
            f"SELECT f.*, {LAST_DAY} AS day {source}"
            f" AND {within.sql.format(unit='f.unit', day=LAST_DAY)} ORDER BY f.id",
            {**bound, **within.bound},
        ):
            yield figure_of(row)

    def reported(self, units: Sequence[int], within: Sequence[int], window: Window) -> dict[int, set[int]]:
        """Return by unit the indicators that leaves at or below it stated inside a window, while it stood within some.

        Statements of stocks are no part of this; they hold longer than a window.
        """
        first, last = window.start.isoformat(), window.end.isoformat()
        stated: dict[tuple[int, int], int] = defaultdict(int)
        leaves: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
        self._tree.learn(units)
        for unit, piece in self._pieces_within(units, within):
            if piece.unit not in self._tallied:
                leaves[piece.unit].append((unit, piece))
            else:
                for cell, net in self._tree.tallies.nets(piece, first, last).items():
                    if first <= cell.start and cell.end <= last:
                        stated[unit, cell.indicator] += net.stated
        found: dict[int, set[int]] = {unit: set() for unit in units}
        for leaf, day, indicators in self._stated_inside(leaves, first, last):
            for unit, piece in leaves[leaf]:
                if unit == leaf and piece.holds(day):
                    found[unit].update(indicators)  # nobody takes from a leaf what it stated itself
                for indicator in indicators if unit != leaf and piece.holds(day) else ():
                    stated[unit, indicator] += piece.sign
        for unit, indicator in (key for key, number in stated.items() if number > 0):
            found[unit].add(indicator)
        return found

    def _stated_inside(self, leaves: Iterable[int], first: str, last: str) -> Iterator[tuple[int, str, list[int]]]:
        """Yield the indicator of all that leaves stated inside a window, by the last day on which they were there."""
        # The same mixtures of indicators come again and again.
        numbers = cache(lambda listed: [*map(int, listed.split(","))])
        for leaf, day, listed in self._db.execute(
            f"SELECT f.unit, {LAST_DAY} AS day, group_concat(f.indicator) FROM json_each(:units) u"
            " CROSS JOIN figure f ON f.unit = u.value AND f.start_day >= :first AND f.end_day BETWEEN :first AND :last"
            f" AND {alive('f', self._tree.known)}"
            " WHERE f.indicator NOT IN (SELECT indicator FROM indicator_entry WHERE kind = 'stock')"
            " GROUP BY f.unit, f.end_day",
            {"units": among(leaves), "first": first, "last": last, "known": self._tree.known},
        ):
            yield leaf, day, numbers(listed)

    def _pieces_within(self, units: Sequence[int], within: Sequence[int]) -> Iterator[tuple[int, Piece]]:
        """Yield what units did, by the structure of then only on the days on which they stood within some."""
        for unit in units:
            if self._tree.day:
                yield from ((unit, piece) for piece in self._tree.pieces(unit))
            else:
                yield from ((unit, Piece(unit, 1, *stay)) for stay in self._tree.stays_below(unit, within))

    def beside(self, figure: Figure) -> list[Figure]:
        """Return all that the unit of a figure stated for its indicator, the figure itself among it."""
        found = self._of_units([figure.unit], BEGINNING, FOREVER)
        return [it for it in found if it.indicator == figure.indicator]

    def looked_at(self, roots: Sequence[int]) -> set[int]:
        """Return the leaves of which every figure is looked at: those that are asked for, with those that went up."""
        return {it.unit for it in self._own_leaves(roots)}

    @property
    def _tallied(self) -> Mapping[int, bool]:
        return self._tree.tallies.tallied

    def _own_leaves(self, roots: Sequence[int]) -> list[Piece]:
        """Return the leaves among some roots, and those that went up in one of these."""
        pieces = self._tree.pieces(*roots)
        if self._tree.day:
            pieces = [it for root in roots if root not in self._tallied for it in self._tree.pieces(root)]
        return [it for it in pieces if it.sign == 1 and it.unit not in self._tallied]

    def _of_uppers(self, first: str, last: str) -> dict[int, list[Figure]]:
        """Return by the units they belong to the figures of those that stand above others."""
        key = (first, last)
        if key not in self._uppers:
            self._uppers[key] = defaultdict(list)
            found = self._rows("FROM tallied t CROSS JOIN figure f ON f.unit = t.unit", first, last)
            found += self._apart(first, last)
            self._tree.learn(figure.unit for figure in found)
            for figure in found:
                for above in self._tree.line(figure.unit, figure.day):
                    self._uppers[key][above].append(figure)
        return self._uppers[key]

    def _apart(self, first: str, last: str) -> list[Figure]:
        """Return the figures of leaves that came elsewhere within their window and have something inside."""
        rows = self._db.execute(
            "SELECT DISTINCT h.unit FROM holding h WHERE h.apart AND h.end_day >= ? AND h.start_day <= ?"
            " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = h.unit)",
            (first, last),
        )
        units = [row["unit"] for row in rows]
        _nets, holders = nets_of(self._db, units, self._tree.known)
        numbers = {it.figure for it in holders if it.apart}
        return [it for it in self._of_units(units, first, last) if it.id in numbers]

    def _of_units(self, units: Sequence[int], first: str, last: str) -> list[Figure]:
        if not units:
            return []
        among = ", ".join(map(str, units))
        return self._rows(f"FROM figure f WHERE f.unit IN ({among})", first, last)

    def _rows(self, source: str, first: str, last: str, bound: Mapping[str, object] = _NOTHING) -> list[Figure]:
        rows = self._db.execute(
            f"SELECT f.*, {LAST_DAY} AS day {source} AND f.start_day <= :last AND f.end_day >= :first {ALIVE}",
            {**bound, "first": first, "last": last, "known": self._tree.known},
        )
        return [figure_of(row) for row in rows]


def _add(nets: dict[int, Cells], found: Cells) -> None:
    for cell, net in found.items():
        cells = nets[cell.indicator]
        cells[cell] = cells.get(cell, Net()) + net


def _stated_only(nets: dict[int, Cells]) -> dict[int, Cells]:
    """Leave out what some pieces added and others took off again."""
    return {indicator: {cell: net for cell, net in cells.items() if net.stated} for indicator, cells in nets.items()}
