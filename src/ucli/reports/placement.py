"""Where a unit belongs in the tree of one day, also one that had ended by then or was not there yet.

A unit that ended belongs with the one that followed it; one that nobody followed, with its last parent. Of a unit
that was not there yet the same is said backwards: with the one it came from, else with its first parent. A unit that
went up in several belongs where all of them stand, for nobody knows which part is whose.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence

Line = tuple[int, ...]


class Placement:
    """The tree of one day, with every unit that ever was put into it.

    Args:
        db: the ledger.
        day: whose tree it is, ISO.
        known: the last operation that counts.

    """

    def __init__(self, db: sqlite3.Connection, day: str, known: int) -> None:
        self._day = day
        self._lives: dict[int, tuple[str, str]] = {}
        self._parents: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
        self._successors: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._origins: dict[tuple[int, str], list[int]] = defaultdict(list)
        self._lines: dict[int, Line] = {}
        rows = db.execute(
            "SELECT unit, ancestor, depth, from_day, to_day FROM ancestry"
            " WHERE depth < 2 AND from_op <= ? AND to_op > ? ORDER BY unit, from_day",
            (known, known),
        )
        for unit, ancestor, depth, from_day, to_day in rows:
            if depth == 0:
                self._lives[unit] = (from_day, to_day)
            else:
                self._parents[unit].append((from_day, to_day, ancestor))
        for unit, successor, on in db.execute(
            "SELECT unit, successor, day FROM succession WHERE from_op <= ? AND to_op > ?", (known, known)
        ):
            self._successors[unit, on].append(successor)
            self._origins[successor, on].append(unit)

    def line(self, unit: int) -> Line:
        """Return where a unit belongs on the day: the topmost unit first, itself last while it lives."""
        if unit not in self._lines:
            self._lines[unit] = self._line(unit)
        return self._lines[unit]

    def below(self, roots: Sequence[int]) -> dict[int, list[int]]:
        """Return by root the units that belong at or below it."""
        found: dict[int, list[int]] = {root: [] for root in roots}
        for unit in self._lives:
            for ancestor in self.line(unit):
                if ancestor in found:
                    found[ancestor].append(unit)
        return found

    def life(self, unit: int) -> tuple[str, str]:
        """Return the first day of a unit and the first day on which it was no more."""
        return self._lives[unit]

    def unplaced(self) -> list[int]:
        """Return the units that belong nowhere: what they went up in, or were split into, has nothing in common."""
        return [unit for unit in self._lives if not self.line(unit)]

    def _line(self, unit: int) -> Line:
        begun, until = self._lives[unit]
        parents = self._parents.get(unit, [])
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
