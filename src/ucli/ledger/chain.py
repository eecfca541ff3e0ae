"""The chain of the log: every operation is sealed with all that it wrote, and with the seal of the one before it.

    seal of N = SHA-256 of (seal before it, what the log says of N, the rows N wrote, which rows N ended)

So a row or a line of the log that was changed outside ucli no longer fits its seal. All of it can be computed
again at any time from the tables and their histories: rows are never deleted, and when a row ended is sealed with the
operation that ended it. A column that is empty in all rows of an operation is left out, so that one added by a later
schema, empty in old rows, breaks nothing. Of persons their hashes are sealed, which stay when the rest is erased.
"""

import sqlite3
from collections.abc import Container, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from ucli.ledger.operations import VERSIONED, columns_of, ever, touched

_LOG = "SELECT number, at, actor, host, command, summary, note, reverses FROM operation WHERE number = ?"
_BEFORE = "SELECT chain FROM operation WHERE number < ? ORDER BY number DESC LIMIT 1"
# Whom an operation wrote, its rows name: an index on persons of their own would be as long as they are many.
_PERSONS = (
    "SELECT id, hash FROM person WHERE op = :number AND id IN ("
    + " UNION ".join(f"SELECT person FROM {ever(it)} WHERE op = :number" for it in ("membership", "payout"))
    + ") ORDER BY id"
)

_ROWS_AT_ONCE = 10_000
# By table; every ledger that is sealed has the same schema.
_COLUMNS: dict[str, list[str]] = {}


class Head(NamedTuple):
    """The hash of an operation, and so of all before it: where the chain ends, or ended once."""

    number: int
    sha256: str  # or how it begins

    def __str__(self) -> str:
        return f"{self.number}:{self.sha256}"


def seal(db: sqlite3.Connection, number: int, tables: Container[str]) -> Head:
    """Seal an operation that wrote all it writes into some tables; what was written before is never sealed anew."""
    sealed = Head(number, _seal_of(db, number, [it for it in VERSIONED if it in tables]))
    db.execute("UPDATE operation SET chain = ? WHERE number = ?", (sealed.sha256, number))
    return sealed


def head(db: sqlite3.Connection) -> Head | None:
    """Return where the chain ends; None where the last operation has no hash, which ucli never leaves so."""
    row = db.execute("SELECT number, chain FROM operation ORDER BY number DESC").fetchone()
    return Head(*row) if row and row["chain"] else None


def goes_through(db: sqlite3.Connection, noted: Head) -> bool:
    """Tell whether an operation has the hash that was noted; that it fits, and all before it, `first_broken` tells."""
    row = db.execute("SELECT chain FROM operation WHERE number = ?", (noted.number,)).fetchone()
    return bool(row and row["chain"] and row["chain"].startswith(noted.sha256))


def first_unknown(db: sqlite3.Connection) -> int | None:
    """Return an operation that never was, and that a row says it came from or ended with; None where all were."""
    named = [f"SELECT op FROM {it} UNION ALL SELECT op FROM {it}_history" for it in VERSIONED]
    named += [f"SELECT ended_by FROM {it}_history" for it in VERSIONED]
    row = db.execute(
        f"SELECT op FROM (SELECT op FROM person UNION ALL {' UNION ALL '.join(named)})"
        " WHERE op NOT IN (SELECT number FROM operation)"
    ).fetchone()
    return int(row[0]) if row else None


def first_broken(db: sqlite3.Connection) -> int | None:
    """Return the first operation that is not what was sealed, or before which one is missing; None where all are."""
    for number, kept in db.execute("SELECT number, chain FROM operation ORDER BY number"):
        if _seal_of(db, number, touched(db, number)) != kept:
            return int(number)
    return None


def _seal_of(db: sqlite3.Connection, number: int, tables: Sequence[str]) -> str:
    before = db.execute(_BEFORE, (number,)).fetchone()
    said = (before[0] if before else None, *db.execute(_LOG, (number,)).fetchone())
    digest = sha256(f"{said!a}\n".encode())
    for table in tables:
        for rows in _rows(db, table, number):
            digest.update(rows.encode())
    digest.update(b"\nperson\n")
    for rows in _fetched(db, _PERSONS, number):
        digest.update(rows.encode())
    return digest.hexdigest()


def _rows(db: sqlite3.Connection, table: str, number: int) -> Iterator[str]:
    """Yield what an operation wrote into a table, and which rows it ended there, in an order that stays."""
    key = VERSIONED[table]
    if table not in _COLUMNS:
        _COLUMNS[table] = sorted(columns_of(db, table))
    written = (_COLUMNS[table], f"{ever(table)} WHERE op = :number")
    ended = ([*key, "op"], f"{table}_history WHERE ended_by = :number")
    for columns, where in (written, ended):
        filled = ", ".join(f'max("{it}" IS NOT NULL)' for it in columns)
        there = db.execute(f"SELECT {filled} FROM {where}", {"number": number}).fetchone()
        said = [it for it, is_there in zip(columns, there, strict=True) if is_there]
        if not said:
            continue
        yield f"\n{table} {said!a}\n"
        listed = ", ".join(f'"{it}"' for it in said)
        yield from _fetched(db, f"SELECT {listed} FROM {where} ORDER BY {', '.join(key)}", number)


def _fetched(db: sqlite3.Connection, query: str, number: int) -> Iterator[str]:
    """Yield the rows of a query as text, whose letters are the same in every release of Python."""
    found = db.cursor()
    found.row_factory = None  # plain tuples, which are written at once
    found.execute(query, {"number": number})
    while rows := found.fetchmany(_ROWS_AT_ONCE):
        yield f"{ascii(rows)[1:-1]}, "
