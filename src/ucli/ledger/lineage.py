"""Who stands above whom, on every day: the lines of units, kept in step with their parents.

Of the table `ancestry` the rows of depth 0 (a unit's life) and of depth 1 (its parents, one after the
other) are what was recorded; the deeper ones follow from them and are written here only.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.operations import Operation
from ucli.values.dates import date_text
from ucli.values.periods import BEGINNING, FOREVER


class Piece(NamedTuple):
    """A unit stood below an ancestor, so many steps, from a day until (not including) another."""

    ancestor: int
    depth: int
    from_day: str
    to_day: str


def settle(op: Operation, changed: Iterable[int]) -> None:
    """Bring the lines of units whose life or parents changed, and of all below them, in step.

    Raises:
        RefusedError: a unit would stand below itself.

    """
    for unit, there, wanted in _differences(op.db, changed):
        for piece in there - wanted:
            op.end("ancestry", unit=unit, ancestor=piece.ancestor, from_day=piece.from_day)
        for piece in sorted(wanted - there):
            if piece.ancestor == unit:
                raise RefusedError(
                    _("A unit would stand below itself on {day}.").format(
                        day=date_text(date.fromisoformat(piece.from_day))
                    ),
                    instead=_("“ucli show” says under whom the units stand, and since when."),
                )
            op.add("ancestry", unit=unit, **piece._asdict())


def _differences(db: sqlite3.Connection, changed: Iterable[int]) -> Iterable[tuple[int, set[Piece], set[Piece]]]:
    """Yield each unit concerned with its upper lines as they are and as they follow from its parents."""
    among = ", ".join(str(unit) for unit in set(changed))
    concerned = [row["unit"] for row in db.execute(f"SELECT DISTINCT unit FROM ancestry WHERE ancestor IN ({among})")]
    lines = _Lines(db)
    # All are read before the first is written.
    return [(unit, {piece for piece in lines.stored(unit) if piece.depth > 1}, lines.upper(unit)) for unit in concerned]


class _Lines:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._stored: dict[int, list[Piece]] = {}

    def stored(self, unit: int) -> list[Piece]:
        if unit not in self._stored:
            rows = self._db.execute("SELECT ancestor, depth, from_day, to_day FROM ancestry WHERE unit = ?", (unit,))
            self._stored[unit] = [Piece(*row) for row in rows]
        return self._stored[unit]

    def upper(self, unit: int) -> set[Piece]:
        """Return what stands two steps and more above a unit."""
        return _joined(piece for piece in self._climb(Piece(unit, 0, BEGINNING, FOREVER), [unit]) if piece.depth > 1)

    def _climb(self, below: Piece, line: list[int]) -> Iterable[Piece]:
        """Yield all that stood above, each for its days; of two units either may have stood above, one after the other.

        A unit that stands above itself is met once more and no further.
        """
        for parent in self.stored(below.ancestor):
            start, end = max(parent.from_day, below.from_day), min(parent.to_day, below.to_day)
            if parent.depth == 1 and start < end:
                above = Piece(parent.ancestor, below.depth + 1, start, end)
                yield above
                if above.ancestor not in line:
                    yield from self._climb(above, [*line, above.ancestor])


def _joined(pieces: Iterable[Piece]) -> set[Piece]:
    """Make one piece of those that follow each other without a gap."""
    whole: list[Piece] = []
    for piece in sorted(pieces):
        last = whole[-1] if whole else None
        if last and (last.ancestor, last.depth, last.to_day) == (piece.ancestor, piece.depth, piece.from_day):
            whole[-1] = last._replace(to_day=piece.to_day)
        else:
            whole.append(piece)
    return set(whole)
