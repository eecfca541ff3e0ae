"""The one way to write: an operation with its seal, all of it or nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from ucli.ledger.chain import seal
from ucli.ledger.operations import Operation
from ucli.ledger.rules import refusal, violations
from ucli.ledger.store import refuse_triggers, writing

_LOOKED_AT_MOST = 1000


class Author(NamedTuple):
    """Who records, where, and a note."""

    actor: str
    host: str
    note: str | None = None


@contextmanager
def operation(db: sqlite3.Connection, command: str, author: Author, *, dry_run: bool = False) -> Iterator[Operation]:
    """Open an operation; its rows are committed at its end, or none. An operation without rows leaves no trace."""
    with writing(db) as take_back:
        refuse_triggers(db)
        number = int(db.execute("SELECT coalesce(max(number), 0) + 1 FROM operation").fetchone()[0])
        db.execute(
            "INSERT INTO operation (number, at, actor, host, command, summary, note) VALUES (?, ?, ?, ?, ?, '', ?)",
            (number, f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", author.actor, author.host, command, author.note),
        )
        work = Operation(db, number)
        yield work
        if work.rows != work.held:
            require_rules(work)
        if dry_run or not work.rows:
            take_back()
        else:
            db.execute("UPDATE operation SET summary = ? WHERE number = ?", (work.summary, number))
            work.keep_tables()
            work.head = str(seal(db, number))


def require_rules(op: Operation) -> None:
    """Refuse an operation whose rows break a rule; for an undo or redo name the operations in its way."""
    # Where there are very many, the first tell enough.
    found = [*islice(violations(op.db, op), _LOOKED_AT_MOST)]
    later = {it.other for it in found if it.other}
    if op.reverses is not None and later:
        from ucli.ledger.undo import in_the_way  # noqa: PLC0415  only for an undo or redo

        raise in_the_way(op.db, later)
    if found:
        raise refusal(op.db, op.number, found)
