"""What a ledger is made of: a unit, an indicator or a programme without all its parts cannot be looked at."""

import sqlite3
from collections.abc import Iterator

# A row of each part must be there, be it one that counts no longer.
_MADE_OF = {
    "unit": ("unit_name", "unit_life", "ancestry"),
    "indicator": ("indicator_entry",),
    "programme": ("programme_entry",),
}


def parts_missing(db: sqlite3.Connection) -> Iterator[tuple[str, int, str]]:
    """Yield what lacks a part: its table, its number, and the table that has no row of it."""
    for whole, parts in _MADE_OF.items():
        for part in parts:
            for (number,) in db.execute(f"SELECT id FROM {whole} WHERE id NOT IN (SELECT {whole} FROM {part})"):
                yield whole, int(number), part
