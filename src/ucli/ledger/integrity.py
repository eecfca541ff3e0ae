"""Whether a copy of the ledger can be worked with, and what in it was not written by ucli.

What cannot be read is refused; what can, and is not as ucli wrote it, is somebody's to judge: it may be the only copy.
"""

import sqlite3
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from ucli.i18n import _
from ucli.ledger.chain import first_broken, first_unknown
from ucli.ledger.identities import mismatched_persons
from ucli.ledger.operations import ever
from ucli.ledger.schema import schema_mismatches
from ucli.ledger.store import explained

# A row of each part must be there, be it voided.
_PARTS = {
    "unit_name": "unit",
    "unit_life": "unit",
    "ancestry": "unit",
    "indicator_entry": "indicator",
    "programme_entry": "programme",
}


def require_sound(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a ledger of which `unsound` says something.

    Raises:
        DamagedError: the reason says what.

    """
    with explained(path):
        why = unsound(db)
    if why:
        from ucli.ledger.faults import damaged  # noqa: PLC0415  only for a fault

        raise damaged(path, why)


def unsound(db: sqlite3.Connection) -> str | None:
    """Check pages, references and texts, and return what is wrong with them."""
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
    # A text that is none, as a bad disk leaves it: SQLite itself does not look.
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        texts = [f'"{row["name"]}"' for row in db.execute(f'PRAGMA table_info("{table}")') if row["type"] == "TEXT"]
        try:
            deque(db.execute(f'SELECT {", ".join(texts) or "0"} FROM "{table}"'), maxlen=0)
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            return _("A text in {table} cannot be read.").format(table=table)
    return None


def parts_missing(db: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """Yield what lacks a part, and so cannot be looked at: its table, its number, the table that has no row of it."""
    for part, whole in _PARTS.items():
        for (number,) in db.execute(f"SELECT id FROM {whole} WHERE id NOT IN (SELECT {whole} FROM {ever(part)})"):
            yield whole, int(number), part


def doubts_about(db: sqlite3.Connection, path: Path) -> dict[str, int | None]:
    """Return what in a sound ledger is not as ucli wrote it.

    Returns:
        `operation`: the first that was changed, or wrote something that was; `persons`: how many were changed;
        `foreign`: how much of the schema another program changed or put in.

    """
    with explained(path):
        unknown, broken = first_unknown(db), first_broken(db)
        return {
            "operation": unknown if broken is None else broken,
            "persons": sum(1 for _it in mismatched_persons(db)),
            "foreign": len(schema_mismatches(db)),
        }
