"""Where a unit belongs in the tree of one day, also one that had ended by then or was not there yet.

A unit that ended belongs with the one that followed it; one that nobody followed, with its last parent. Of a unit
that was not there yet the same is said backwards: with the one it came from, else with its first parent. A unit that
went up in several belongs where all of them stand, for nobody knows which part is whose.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property

from ucli.domain.periods import FOREVER
from ucli.reports.tallies import Piece
from ucli.tallies.series import among

Line = tuple[int, ...]


class Placement:
    """The tree of one day, with every unit that ever was put into it.

    Args:
        db: the ledger.
        day: whose tree it is, ISO.
        known: the last operation that counts.
        last: the last day of which anything is asked; what began later is passed over.

    """

    def __init__(self, db: sqlite3.Connection, day: str, known: int, last: str = FOREVER) -> None:
        self._db = db
        self._day = day
        self._last = last
        self._bound = {"day": day, "last": last, "known": known}
        self._lives: dict[int, tuple[str, str]] = {}
        self._parents: dict[int, list[tuple[str, str, int]]] = {}
        self._lines: dict[int, Line] = {}
        self._has_all = False

    def line(self, unit: int) -> Line:
        """Return where a unit belongs on the day: the topmost unit first, itself last while it lives."""
        if unit not in self._lines:
            self._lines[unit] = self._line(unit)
        return self._lines[unit]

    def below(self, roots: Sequence[int]) -> dict[int, list[int]]:
        """Return by root the units that belong at or below it."""
        if not self._has_all:
            self._learn()
            self._has_all = True
        found: dict[int, list[int]] = {root: [] for root in roots}
        for unit in self._lives:
            for ancestor in self.line(unit):
                if ancestor in found:
                    found[ancestor].append(unit)
        return found

    def life(self, unit: int) -> tuple[str, str]:
        """Return the first day of a unit and the first day on which it was no more."""
        if unit not in self._lives:
            self._learn([unit])
        return self._lives[unit]

    def unplaced(self) -> list[int]:
        """Return the units that belong nowhere: what they went up in, or were split into, has nothing in common."""
        return [unit for unit in self.astray if not self.line(unit)]

    @cached_property
    def astray(self) -> Sequence[int]:
        """The units that did not always stand where they do on the day; all others belong where they always stood."""
        rows = self._db.execute(
            "SELECT unit FROM ancestry WHERE depth < 2 AND to_day < '9999-12-31' AND to_day <= :day"
            " AND from_op <= :known AND to_op > :known"
            " UNION SELECT unit FROM ancestry WHERE depth < 2 AND from_day > '0001-01-01' AND from_day > :day"
            " AND from_day <= :last AND from_op <= :known AND to_op > :known"
            " UNION SELECT unit FROM unit_change WHERE what = 'moved' AND from_op <= :known AND to_op > :known",
            self._bound,
        )
        found = [row["unit"] for row in rows]
        self._learn(found)
        return found

    def pieces(self, root: int) -> Sequence[Piece]:
        """Return the parts of the structure of then that add up to all that belongs at or below a unit on the day."""
        # Of a unit that always stood where it does, all it did since ever is one part.
        always = [] if root in self._are_astray else [Piece(root)]
        return always + self._pieces.get(root, [])

    def astray_below(self, unit: int) -> set[int]:
        """Return those astray that stood at or below a unit on any day."""
        return self._stood_below.get(unit, set())

    @cached_property
    def _are_astray(self) -> frozenset[int]:
        return frozenset(self.astray)

    @cached_property
    def _stood_below(self) -> dict[int, set[int]]:
        below: dict[int, set[int]] = defaultdict(set)
        for unit, ancestor in self._db.execute(
            "SELECT DISTINCT a.unit, a.ancestor FROM json_each(:units) u CROSS JOIN ancestry a ON a.unit = u.value"
            " AND a.from_op <= :known AND a.to_op > :known",
            {"units": among(self.astray), **self._bound},
        ):
            below[ancestor].add(unit)
        return below

    @cached_property
    def _pieces(self) -> dict[int, list[Piece]]:
        """Where a unit came to a root, or left it, between the structure of then and that of the day.

        All that belongs to a root is the sum of its units, and a unit itself is what all below it did without those
        directly below. Wherever unit and parent belong to the root both, one takes away what the other adds; what is
        left are the units whose parent of then belongs elsewhere, less those that belong elsewhere themselves.
        """
        pieces: dict[int, list[Piece]] = defaultdict(list)
        for unit in self.astray:
            own = set(self.line(unit))
            for first, until, parent in self._stands(unit):
                if first <= self._last:
                    above = set(self.line(parent)) if parent else set()
                    for root in own - above:
                        pieces[root].append(Piece(unit, 1, first, until))
                    for root in above - own:
                        pieces[root].append(Piece(unit, -1, first, until))
        return pieces

    def _stands(self, unit: int) -> Iterator[tuple[str, str, int | None]]:
        """Yield under whom a unit stood, one after the other, all its life long; under nobody in between."""
        day, until = self.life(unit)
        for first, last, parent in self._parents[unit]:
            if day < first:
                yield day, first, None
            yield first, last, parent
            day = last
        if day < until:
            yield day, until, None

    def _learn(self, units: Sequence[int] | None = None) -> None:
        """Look up lives and parents, of some units or of all."""
        only = "" if units is None else "AND unit IN (SELECT value FROM json_each(:units))"
        for unit, ancestor, depth, from_day, to_day in self._db.execute(
            "SELECT unit, ancestor, depth, from_day, to_day FROM ancestry"
            f" WHERE depth < 2 AND from_op <= :known AND to_op > :known {only} ORDER BY unit, depth, from_day",
            {**self._bound, "units": among(units or ())},
        ):
            if depth == 0:
                self._lives[unit], self._parents[unit] = (from_day, to_day), []
            else:
                self._parents[unit].append((from_day, to_day, ancestor))

    @cached_property
    def _successors(self) -> dict[tuple[int, str], list[int]]:
        return self._successions("unit", "successor")

    @cached_property
    def _origins(self) -> dict[tuple[int, str], list[int]]:
        return self._successions("successor", "unit")

    def _successions(self, of: str, to: str) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for unit, other, on in self._db.execute(
            f"SELECT {of}, {to}, day FROM succession WHERE from_op <= :known AND to_op > :known", self._bound
        ):
            found[unit, on].append(other)
        return found

    def _line(self, unit: int) -> Line:
        begun, until = self.life(unit)
        parents = self._parents[unit]
        if begun <= self._day < until:
            above = next((parent for first, last, parent in parents if first <= self._day < last), None)
            return (*(self.line(above) if above else ()), unit)
        if self._day >= until:
            others = self._successors.get((unit, until), [])
            beside = parents[-1][2] if parents and parents[-1][1] == until else None
        else:
            others = self._origins.get((unit, begun), [])
            beside = parents[0][2] if parents and parents[0][0] == begun else None
        if others:
            return shared_line([self.line(other) for other in others])
        return self.line(beside) if beside else ()


def shared_line(lines: Sequence[Line]) -> Line:
    """Return what some lines have in common from the top."""
    shared = []
    for units in zip(*lines, strict=False):
        if len(set(units)) > 1:
            break
        shared.append(units[0])
    return tuple(shared)
