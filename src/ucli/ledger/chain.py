"""The chain of the log: every operation is sealed with all that it wrote, and with the seal of the one before it.

    seal of N = SHA-256 of (seal before it, what the log says of N, the rows N wrote, which rows N ended)

So a row or a line of the log that was changed behind ucli's back no longer fits its seal. All of it can be computed
again at any time: rows are never deleted, and of what a row says only its end (`to_op`) comes later, which is sealed
with the operation that ended it. A column that is empty in all rows of an operation is left out, so that one added by
a later schema, empty in old rows, breaks nothing. Persons are not part of it: erasing one must not break the chain,
nor may it tell of them.
"""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from ucli.ledger.operations import LIVE, VERSIONED

_LOG = "SELECT number, at, actor, host, command, summary, note, reverses FROM operation WHERE number = ?"
_BEFORE = "SELECT chain FROM operation WHERE number < ? ORDER BY number DESC LIMIT 1"
# Without the plus SQLite would look into the number, whether the partial index holds it, and compile anew for each.
_ENDED = f"to_op = +:number AND to_op < {LIVE}"
_TOUCHED = " UNION ALL ".join(
    f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table} WHERE from_op = :number)"
    f" OR EXISTS (SELECT 1 FROM {table} WHERE {_ENDED})"
    for table in VERSIONED
)

# What a release of ucli brings along, as operation 0.
_SHIPPED = ("indicator_entry", "programme_entry")

_ROWS_AT_ONCE = 10_000
# By table; every ledger that is sealed has the same schema.
_COLUMNS: dict[str, list[str]] = {}


class Head(NamedTuple):
    """The hash of an operation, and so of all before it: where the chain ends, or ended once."""

    number: int
    sha256: str  # or how it begins

    def __str__(self) -> str:
        return f"{self.number}:{self.sha256}"


def seal(db: sqlite3.Connection, number: int) -> Head:
    """Seal an operation that has written all it writes; nothing that was written before is ever sealed anew."""
    sealed = Head(number, _seal_of(db, number))
    db.execute("UPDATE operation SET chain = ? WHERE number = ?", (sealed.sha256, number))
    return sealed


def head(db: sqlite3.Connection) -> Head | None:
    """Return where the chain ends; None where the last operation has no hash, which ucli never leaves so."""
    row = db.execute("SELECT number, chain FROM operation ORDER BY number DESC LIMIT 1").fetchone()
    return Head(*row) if row and row["chain"] else None


def goes_through(db: sqlite3.Connection, noted: Head) -> bool:
    """Tell whether an operation has the hash that was noted; that it fits, and all before it, `first_broken` tells."""
    row = db.execute("SELECT chain FROM operation WHERE number = ?", (noted.number,)).fetchone()
    return bool(row and row["chain"] and row["chain"].startswith(noted.sha256))


def first_astray(db: sqlite3.Connection) -> int | None:
    """Return an operation that never was, or wrote no such thing, and that a row says it came from or ended with."""
    for table in VERSIONED:
        row = db.execute(
            f"SELECT to_op FROM {table} WHERE to_op < {LIVE} AND to_op NOT IN (SELECT number FROM operation)"
            f" UNION ALL SELECT 0 WHERE {table not in _SHIPPED} AND EXISTS (SELECT 1 FROM {table} WHERE from_op = 0)"
        ).fetchone()
        if row:
            return int(row[0])
    return None


def first_broken(db: sqlite3.Connection) -> int | None:
    """Return the first operation that is not what was sealed, or before which one is missing; None where all are."""
    for number, kept in db.execute("SELECT number, chain FROM operation ORDER BY number"):
        if _seal_of(db, number) != kept:
            return int(number)
    return None


def _seal_of(db: sqlite3.Connection, number: int) -> str:
    before = db.execute(_BEFORE, (number,)).fetchone()
    said = (before[0] if before else None, *db.execute(_LOG, (number,)).fetchone())
    digest = sha256(f"{said!a}\n".encode())
    # The catalogue that ucli ships is written as operation 0, and grows with releases.
    for (table,) in db.execute(_TOUCHED, {"number": number}).fetchall() if number else ():
        for rows in _rows(db, table, number):
            digest.update(rows.encode())
    return digest.hexdigest()


def _rows(db: sqlite3.Connection, table: str, number: int) -> Iterator[str]:
    """Yield what an operation wrote into a table, and which rows it ended there, in an order that stays."""
    key = VERSIONED[table]
    if table not in _COLUMNS:
        names = (row["name"] for row in db.execute(f"PRAGMA table_info({table})"))
        _COLUMNS[table] = sorted(set(names) - {"from_op", "to_op"})
    for columns, where in ((_COLUMNS[table], "from_op = :number"), ([*key, "from_op"], _ENDED)):
        filled = ", ".join(f'max("{it}" IS NOT NULL)' for it in columns)
        there = db.execute(f"SELECT {filled} FROM {table} WHERE {where}", {"number": number}).fetchone()
        said = [it for it, is_there in zip(columns, there, strict=True) if is_there]
        if not said:
            continue
        yield f"\n{table} {said!a}\n"
        found = db.cursor()
        found.row_factory = None  # plain tuples, which are written at once
        listed = ", ".join(f'"{it}"' for it in said)
        found.execute(f"SELECT {listed} FROM {table} WHERE {where} ORDER BY {', '.join(key)}", {"number": number})
        while rows := found.fetchmany(_ROWS_AT_ONCE):
            # As text, whose letters are the same in every release of Python; how many rows at once makes no difference.
            yield f"{ascii(rows)[1:-1]}, "
