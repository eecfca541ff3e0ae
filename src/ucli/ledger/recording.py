"""The one way to write: an operation, with the seal that belongs to it, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from ucli.ledger.chain import seal
from ucli.ledger.operations import Operation
from ucli.ledger.store import refuse_triggers, writing


class Author(NamedTuple):
    """Who records, where, and what he or she notes beside it."""

    actor: str
    host: str
    note: str | None = None


@contextmanager
def operation(db: sqlite3.Connection, command: str, author: Author, *, dry_run: bool = False) -> Iterator[Operation]:
    """Open an operation: all its rows are written at its end, or none. One that wrote no row leaves no trace."""
    with writing(db) as take_back:
        refuse_triggers(db)
        number = int(db.execute("SELECT coalesce(max(number), 0) + 1 FROM operation").fetchone()[0])
        db.execute(
            "INSERT INTO operation (number, at, actor, host, command, summary, note) VALUES (?, ?, ?, ?, ?, '', ?)",
            (number, _now(), author.actor, author.host, command, author.note),
        )
        work = Operation(db, number)
        yield work
        if work.rows:
            _refuse_if_closed(db, number)
        if dry_run or not work.rows:
            take_back()
        else:
            db.execute(
                "UPDATE operation SET summary = ?, reverses = ? WHERE number = ?", (work.summary, work.reverses, number)
            )
            work.head = str(seal(db, number))


def _refuse_if_closed(db: sqlite3.Connection, number: int) -> None:
    """Refuse what changes a fact inside a closed window; nothing is asked where no window is closed."""
    if db.execute("SELECT 1 FROM closing LIMIT 1").fetchone():
        from ucli.ledger.guard import refuse_if_closed  # noqa: PLC0415  seldom needed

        refuse_if_closed(db, number)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
