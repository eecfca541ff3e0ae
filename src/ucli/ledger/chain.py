"""The chain of the log: every operation is sealed together with the rows it wrote and the previous seal.

    seal of N = SHA-256 of (previous seal, the log's line on N, SHA-256 of the rows N wrote and of which N ended)

So a row or a line of the log that was changed outside ucli no longer fits its seal. All of it can be computed
again at any time from the tables and their histories: rows are never deleted, and when a row ended is sealed with the
operation that ended it. Of each row the empty columns at its end are left out, so that one added by a later schema,
empty in old rows, breaks nothing. Of persons their hashes are sealed, which stay when the rest is erased.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from ucli.ledger.operations import VERSIONED, columns_of, in_bytes, touched, written

_LOG = "SELECT number, at, actor, host, command, summary, note, reverses, wrote, chain FROM operation"
# By table; all sealed ledgers have the same schema.
_COLUMNS: dict[str, list[str]] = {}


class Head(NamedTuple):
    """The hash of an operation, and so of all before it: the end of the chain, now or once."""

    number: int
    sha256: str  # whole or shortened

    def __str__(self) -> str:
        return f"{self.number}:{self.sha256}"


def seal(db: sqlite3.Connection, number: int) -> Head:
    """Seal an operation once all its rows are written; earlier ones are never sealed anew."""
    *said, _seal = db.execute(f"{_LOG} WHERE number = ?", (number,)).fetchone()
    before = db.execute(f"{_LOG} WHERE number < ? ORDER BY number DESC", (number,)).fetchone()
    rows = _digests(db, touched(db, number), number)
    sealed = Head(number, _sealed(before["chain"] if before else None, said, rows[number].hexdigest()))
    db.execute("UPDATE operation SET chain = ? WHERE number = ?", (sealed.sha256, number))
    return sealed


def head(db: sqlite3.Connection) -> Head | None:
    """Return the end of the chain; None if the last operation has no hash, which ucli never leaves so."""
    row = db.execute("SELECT number, chain FROM operation ORDER BY number DESC").fetchone()
    return Head(*row) if row and row["chain"] else None


def goes_through(db: sqlite3.Connection, noted: Head) -> bool:
    """Tell whether an operation has a hash that was noted; whether the chain is sound is for `first_broken`."""
    row = db.execute("SELECT chain FROM operation WHERE number = ?", (noted.number,)).fetchone()
    return bool(row and row["chain"] and row["chain"].startswith(noted.sha256))


def first_broken(db: sqlite3.Connection) -> int | None:
    """Return the first operation that does not match its seal, or follows a missing one; None if all are sound.

    Failing that, an operation that never was, which a row claims to come from or to have ended with.
    """
    rows = _digests(db, VERSIONED)
    before = None
    for *said, kept in db.execute(f"{_LOG} ORDER BY number"):
        if _sealed(before, said, rows[said[0]].hexdigest()) != kept:
            return int(said[0])
        del rows[said[0]]
        before = kept
    return min(rows, default=None)


def first_unknown(db: sqlite3.Connection) -> int | None:
    """Return an operation that does not exist but is named by a row; None if there is none."""
    named = [f"SELECT op FROM {it} UNION ALL SELECT op FROM {it}_history" for it in VERSIONED]
    named += [f"SELECT ended_by FROM {it}_history" for it in VERSIONED]
    row = db.execute(
        f"SELECT op FROM (SELECT op FROM person UNION ALL {' UNION ALL '.join(named)})"
        " WHERE op NOT IN (SELECT number FROM operation)"
    ).fetchone()
    return int(row[0]) if row else None


def _sealed(before: str | None, said: Iterable[object], rows: str) -> str:
    return sha256(f"{(before, *said, rows)!a}".encode()).hexdigest()


def _digests(db: sqlite3.Connection, tables: Iterable[str], number: int | None = None) -> defaultdict[int, Any]:
    """Return by operation, for one or all, the hash of the rows it wrote and ended; each table is read once."""
    found: defaultdict[int, Any] = defaultdict(sha256)
    bound = {} if number is None else {"number": number}
    for title, query in _queries(db, tables, all_of_them=number is None):
        begun = set()
        for rows in in_bytes(db, query, bound):
            by_operation = defaultdict(list)
            for operation, said, *_key in rows:
                by_operation[operation].append(said.rstrip(b"nul,]"))
            for operation, said in by_operation.items():
                if operation not in begun:
                    begun.add(operation)
                    found[operation].update(title)
                found[operation].update(b"\n".join((*said, b"")))
    return found


def _queries(db: sqlite3.Connection, tables: Iterable[str], *, all_of_them: bool) -> Iterator[tuple[bytes, str]]:
    """Yield the queries over tables: operation, and as JSON the rows it wrote or ended, in order."""
    for table in tables:
        if table not in _COLUMNS:
            _COLUMNS[table] = columns_of(db, table)
        key, columns = _listed(VERSIONED[table]), _listed(_COLUMNS[table])
        order = ", ".join(str(3 + place) for place in range(len(VERSIONED[table])))
        sides = {it: "1" if all_of_them else written(table, it, ":number") for it in (table, f"{table}_history")}
        begun = (f"SELECT op, json_array({columns}), {key} FROM {it} WHERE {only}" for it, only in sides.items())
        yield f"{table} +\n".encode(), f"{' UNION ALL '.join(begun)} ORDER BY {order}"
        only = "1" if all_of_them else "ended_by = :number"
        ended = f"SELECT ended_by, json_array({key}, op) FROM {table}_history WHERE {only} ORDER BY {key}"
        yield f"{table} -\n".encode(), ended
    only = "1" if all_of_them else written("person", "person", ":number")
    yield b"person +\n", f"SELECT op, json_array(id, hex(hash)) FROM person WHERE {only} ORDER BY id"


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{it}"' for it in columns)
