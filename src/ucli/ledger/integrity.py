"""Whether a copy of the ledger can be worked with, and what in it was not written by ucli.

What cannot be read is refused; what can, and is not as ucli wrote it, is somebody's to judge: it may be the only copy.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ucli.i18n import _
from ucli.ledger.chain import first_broken, first_unknown
from ucli.ledger.database import explained
from ucli.ledger.identities import mismatched_persons
from ucli.ledger.operations import ever
from ucli.ledger.schema import schema_mismatches

# A row of each part must be there, be it voided.
_MADE_OF = {
    "unit": ("unit_name", "unit_life", "ancestry"),
    "indicator": ("indicator_entry",),
    "programme": ("programme_entry",),
}


class Doubts(NamedTuple):
    """What in a readable ledger is not as ucli wrote it."""

    operation: int | None = None  # the first one that was changed, or wrote something that was
    persons: int = 0  # how many were changed
    foreign: int = 0  # how much of the schema another program changed or put in


def require_sound(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a ledger whose pages or references are broken, or that holds a text which is none.

    Raises:
        DamagedError: one of these; the reason says which.

    """
    with explained(path):
        why = unsound(db)
    if why:
        from ucli.ledger.faults import damaged  # noqa: PLC0415  only for a fault

        raise damaged(path, why)


def unsound(db: sqlite3.Connection) -> str | None:
    """Check the integrity of a ledger, and return what is wrong with it."""
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return f"SQLite: {found.splitlines()[-1]}"
    if row := db.execute("PRAGMA foreign_key_check").fetchone():
        return _("A row of {table} names one of {other} that is not there.").format(table=row[0], other=row[2])
    if missing := next(parts_missing(db), None):
        whole, number, part = missing
        return _("Row {number} of the table {table} lacks its row in {other}: a part of the ledger is gone.").format(
            table=whole, number=number, other=part
        )
    if table := _unreadable(db):
        return _("A text in {table} cannot be read.").format(table=table)
    return None


def doubts_about(db: sqlite3.Connection, path: Path) -> Doubts:
    """Return what in a sound ledger is not as ucli wrote it."""
    with explained(path):
        unknown, broken = first_unknown(db), first_broken(db)
        operation = unknown if broken is None else broken
        persons = sum(1 for _it in mismatched_persons(db))
        return Doubts(operation, persons, foreign_in(db, path))


def parts_missing(db: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """Yield what lacks a part, and so cannot be looked at: its table, its number, the table that has no row of it."""
    for whole, parts in _MADE_OF.items():
        for part in parts:
            for (number,) in db.execute(f"SELECT id FROM {whole} WHERE id NOT IN (SELECT {whole} FROM {ever(part)})"):
                yield whole, int(number), part


def foreign_in(db: sqlite3.Connection, path: Path) -> int:
    """Return how much of the schema another program changed or put in."""
    with explained(path):
        return sum(1 for _it in schema_mismatches(db))


def _unreadable(db: sqlite3.Connection) -> str | None:
    """Return a table that holds a text which is none, as a bad disk leaves it: SQLite itself does not look."""
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        texts = [f'"{row["name"]}"' for row in db.execute(f'PRAGMA table_info("{table}")') if row["type"] == "TEXT"]
        if not texts:
            continue
        try:
            deque(db.execute(f'SELECT {", ".join(texts)} FROM "{table}"'), maxlen=0)
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            return str(table)
    return None
