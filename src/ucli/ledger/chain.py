"""The chain of the log: every operation is sealed with all that it wrote, and with the seal of the one before it.

    seal of N = SHA-256 of (seal before it, what the log says of N, the rows N wrote, which rows N ended)

So a row or a line of the log that was changed behind ucli's back no longer fits its seal. All of it can be computed
again at any time: rows are never deleted, and of what a row says only its end (`to_op`) comes later, which is sealed
with the operation that ended it. What is empty is left out, so that a column added by a later schema, empty in old
rows, breaks nothing. Persons are not part of it: erasing one must not break the chain, nor may it tell of them.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from hashlib import sha256

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

_ROWS_AT_ONCE = 10_000
# By table; every ledger that is sealed has the same schema.
_QUERIES: dict[str, tuple[str, str]] = {}


def seal(db: sqlite3.Connection, number: int) -> None:
    """Seal an operation that has written all it writes."""
    db.execute("UPDATE operation SET chain = ? WHERE number = ?", (_seal_of(db, number), number))


def begin(db: sqlite3.Connection) -> None:
    """Seal all operations of a ledger that had no chain yet, one after the other."""
    if db.execute("SELECT 1 FROM operation WHERE chain IS NOT NULL").fetchone():
        return
    for (number,) in db.execute("SELECT number FROM operation ORDER BY number").fetchall():
        seal(db, number)


def first_broken(db: sqlite3.Connection) -> int | None:
    """Return the first operation that is not what was sealed, or before which one is missing; None where all are."""
    for number, kept in db.execute("SELECT number, chain FROM operation ORDER BY number"):
        if _seal_of(db, number) != kept:
            return int(number)
    return None


def _seal_of(db: sqlite3.Connection, number: int) -> str:
    before = db.execute(_BEFORE, (number,)).fetchone()
    digest = sha256(f"{before[0] if before else ''}\n{[*db.execute(_LOG, (number,)).fetchone()]!r}\n".encode())
    # The catalogue that ucli ships is written as operation 0, and grows with releases.
    for (table,) in db.execute(_TOUCHED, {"number": number}).fetchall() if number else ():
        for lines in _rows(db, table, number):
            digest.update(lines.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _rows(db: sqlite3.Connection, table: str, number: int) -> Iterator[str]:
    """Yield what an operation wrote into a table, and which rows it ended there, in an order that stays."""
    if table not in _QUERIES:
        _QUERIES[table] = _queries(table, [row["name"] for row in db.execute(f"PRAGMA table_info({table})")])
    for query in _QUERIES[table]:
        found = db.execute(query, {"number": number})
        while lines := "".join(row[0] for row in found.fetchmany(_ROWS_AT_ONCE)):
            yield lines


def _queries(table: str, columns: Iterable[str]) -> tuple[str, str]:
    said = " || ".join(
        f"""iif("{it}" IS NULL, '', '{it}=' || quote("{it}") || ';')""" for it in sorted(columns) if it != "to_op"
    )
    key = ", ".join(VERSIONED[table])
    ended = " || ';' || ".join(f"quote({it})" for it in (*VERSIONED[table], "from_op"))
    return (
        f"SELECT '{table} + ' || {said} || char(10) FROM {table} WHERE from_op = :number ORDER BY {key}",
        f"SELECT '{table} - ' || {ended} || char(10) FROM {table} WHERE {_ENDED} ORDER BY {key}, from_op",
    )
