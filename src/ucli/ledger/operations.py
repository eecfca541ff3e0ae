"""Every command that writes is one operation, and every row says between which operations it counts.

`undo` writes too: what operation N added stops counting, what it ended counts again as a new row, so
that the past stays readable. Redoing is undoing an undo.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError
from ucli.language import _
from ucli.ledger.database import writing

# The operation a live row is ended by: none yet. Also "everything known by now" for readers.
LIVE = 2**63 - 1

# The tables whose rows live between operations, with the columns that tell their rows apart.
VERSIONED = {
    "setting": ("name",),
    "unit_name": ("unit", "from_day"),
    "unit_life": ("unit",),
    "ancestry": ("unit", "ancestor", "from_day"),
    "cluster_year": ("cluster", "year"),
    "cluster_member": ("cluster", "year", "unit"),
    "indicator_entry": ("indicator",),
    "programme_entry": ("programme",),
    "period": ("folded",),
    "membership": ("id",),
    "payout": ("id",),
    "figure": ("id",),
    "target": ("id",),
}

# Who still needs a unit, an indicator, a programme or a person: (what it is known by, the rows that name it).
_NEEDED_BY = {
    ("unit_life", "unit"): (
        ("ancestry", "ancestor"),
        ("cluster_member", "unit"),
        ("cluster_year", "lead"),
        ("cluster_year", "deputy"),
        ("membership", "union_unit"),
        ("payout", "unit"),
        ("figure", "unit"),
        ("target", "unit"),
        ("target", "issuer"),
    ),
    ("indicator_entry", "indicator"): (("figure", "indicator"), ("target", "indicator")),
    ("programme_entry", "programme"): (("payout", "programme"),),
    ("membership", "person"): (("payout", "person"),),
}


@dataclass(slots=True)
class Operation:
    """One command that writes: the connection it writes through and the number its rows carry."""

    db: sqlite3.Connection
    number: int
    summary: str = ""
    rows: int = 0

    def add(self, table: str, **values: object) -> None:
        """Write a row that counts from this operation on."""
        columns = ", ".join(f'"{column}"' for column in (*values, "from_op"))
        marks = ", ".join("?" * (len(values) + 1))
        self.db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (*values.values(), self.number))
        self.rows += 1

    def end(self, table: str, **key: object) -> int:
        """Let the live rows of a key count until this operation; return how many there were."""
        where = " AND ".join(f'"{column}" = ?' for column in key)
        ended = self.db.execute(
            f"UPDATE {table} SET to_op = ? WHERE {where} AND to_op = {LIVE}", (self.number, *key.values())
        ).rowcount
        self.rows += ended
        return ended

    def next_id(self, table: str) -> int:
        """Return a number that no row of the table ever bore."""
        return int(self.db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])


class Author(NamedTuple):
    actor: str
    host: str
    note: str | None = None


@contextmanager
def operation(
    db: sqlite3.Connection, command: str, author: Author, *, dry_run: bool = False, reverses: int | None = None
) -> Iterator[Operation]:
    """Open an operation: all its rows are written at its end, or none. One that wrote no row leaves no trace."""
    with writing(db):
        number = int(db.execute("SELECT coalesce(max(number), 0) + 1 FROM operation").fetchone()[0])
        db.execute(
            "INSERT INTO operation (number, at, actor, host, command, summary, note, reverses)"
            " VALUES (?, ?, ?, ?, ?, '', ?, ?)",
            (number, _now(), author.actor, author.host, command, author.note, reverses),
        )
        work = Operation(db, number)
        yield work
        if dry_run or not work.rows:
            db.rollback()
        else:
            db.execute("UPDATE operation SET summary = ? WHERE number = ?", (work.summary, number))


def undo(db: sqlite3.Connection, author: Author, number: int | None, *, dry_run: bool = False) -> tuple[int, int]:
    """Take back an operation, the last one when no number is given.

    Returns:
        The number taken back and the number of the operation that did it.

    Raises:
        NotFoundError: there is no such operation, or none left to undo.
        RefusedError: it is undone already, or a later operation depends on it.

    """
    target = _last_undoable(db) if number is None else _existing(db, number)
    if is_undone(db, target):
        raise RefusedError(
            _("Operation {number} is undone already.").format(number=target),
            instead=_("“ucli redo {number}” brings it back; “ucli log” shows all.").format(number=target),
        )
    return target, _reversed(db, author, "undo", target, _carrier(db, target), dry_run=dry_run)


def redo(db: sqlite3.Connection, author: Author, number: int | None, *, dry_run: bool = False) -> tuple[int, int]:
    """Bring back an operation that was undone, the one undone last when no number is given.

    Returns:
        The number brought back and the number of the operation that did it.

    Raises:
        NotFoundError: there is no such operation, or none left to redo.
        RefusedError: it is not undone, or what came since stands in its way.

    """
    target = _last_redoable(db) if number is None else _existing(db, number)
    if not is_undone(db, target):
        raise RefusedError(
            _("Operation {number} is not undone.").format(number=target), instead=_("“ucli log” shows which are.")
        )
    return target, _reversed(db, author, "redo", target, _last_reversal(db, target), dry_run=dry_run)


def is_undone(db: sqlite3.Connection, number: int) -> bool:
    reversal = _reversal(db, number)
    return reversal is not None and not is_undone(db, reversal)


def known_at(db: sqlite3.Connection, asked: int | date) -> int:
    """Return the last operation known at a day, or the operation itself when a number is asked for.

    Raises:
        NotFoundError: there is no operation of that number.

    """
    if isinstance(asked, int):
        if not db.execute("SELECT 1 FROM operation WHERE number = ?", (asked,)).fetchone():
            raise _unknown(asked)
        return asked
    end_of_day = datetime.combine(asked, time.max).astimezone(UTC)
    moment = end_of_day.strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(db.execute("SELECT coalesce(max(number), 0) FROM operation WHERE at <= ?", (moment,)).fetchone()[0])


def _reversed(db: sqlite3.Connection, author: Author, command: str, said: int, number: int, *, dry_run: bool) -> int:
    with operation(db, command, author, dry_run=dry_run, reverses=number) as work:
        work.summary = _summary_of(db, said)
        _refuse_if_replaced(db, number)
        try:
            for table in VERSIONED:
                _reverse_rows(work, table, number)
        except sqlite3.IntegrityError:
            raise RefusedError(
                _("Operation {number} cannot be reversed: what was recorded since stands in its way.").format(
                    number=said
                ),
                instead=_("Undo the later operations first; “ucli log” lists them."),
            ) from None
        _refuse_if_needed(work)
        # An operation may have written nothing that still counts; the reversal is recorded all the same.
        work.rows = max(work.rows, 1)
    return work.number


def _reverse_rows(work: Operation, table: str, number: int) -> None:
    """End what operation `number` added; write what it ended again."""
    columns = ", ".join(f'"{row["name"]}"' for row in work.db.execute(f"PRAGMA table_info({table})"))
    kept = columns.replace('"from_op"', str(work.number)).replace('"to_op"', str(LIVE))
    ended = work.db.execute(
        f"UPDATE {table} SET to_op = ? WHERE from_op = ? AND to_op = {LIVE}", (work.number, number)
    ).rowcount
    written = work.db.execute(
        f"INSERT INTO {table} ({columns}) SELECT {kept} FROM {table} WHERE to_op = ? AND to_op < {LIVE}", (number,)
    ).rowcount
    work.rows += ended + written


def _refuse_if_replaced(db: sqlite3.Connection, number: int) -> None:
    for table in VERSIONED:
        later = db.execute(
            f"SELECT min(to_op) FROM {table} WHERE from_op = ? AND to_op < {LIVE}", (number,)
        ).fetchone()[0]
        if later is not None:
            raise _depends(later)


def _refuse_if_needed(work: Operation) -> None:
    """Refuse when something that counts names what this reversal made to count no longer."""
    for (table, column), needs in _NEEDED_BY.items():
        gone = [
            row[0]
            for row in work.db.execute(
                f"SELECT {column} FROM {table} WHERE to_op = ? AND to_op < {LIVE} AND {column} IS NOT NULL"
                f" AND {column} NOT IN (SELECT {column} FROM {table} WHERE to_op = {LIVE} AND {column} IS NOT NULL)",
                (work.number,),
            )
        ]
        for other, name in needs:
            for number in gone:
                row = work.db.execute(
                    f"SELECT min(from_op) FROM {other} WHERE {name} = ? AND to_op = {LIVE}", (number,)
                ).fetchone()
                if row[0] is not None:
                    raise _depends(row[0])


def _depends(later: int) -> RefusedError:
    return RefusedError(
        _("Operation {later} depends on what would be taken back.").format(later=later),
        instead=_("Undo that one first: ucli undo {later}.").format(later=later),
    )


def _reversal(db: sqlite3.Connection, number: int) -> int | None:
    row = db.execute("SELECT number FROM operation WHERE reverses = ?", (number,)).fetchone()
    return None if row is None else int(row[0])


def _last_reversal(db: sqlite3.Connection, number: int) -> int:
    """Return the end of the chain undo, redo, undo … of an operation; the operation itself when there is none."""
    while (later := _reversal(db, number)) is not None:
        number = later
    return number


# What an operation wrote is carried by the last redo of it.
_carrier = _last_reversal


def _last_undoable(db: sqlite3.Connection) -> int:
    rows = db.execute("SELECT number FROM operation WHERE reverses IS NULL AND number > 0 ORDER BY number DESC")
    for (number,) in rows:
        if not is_undone(db, number):
            return int(number)
    raise NotFoundError(_("There is nothing to undo."), instead=_("“ucli log” lists what was done."))


def _last_redoable(db: sqlite3.Connection) -> int:
    rows = db.execute("SELECT number FROM operation WHERE reverses IS NOT NULL ORDER BY number DESC").fetchall()
    for (number,) in rows:
        origin = _origin(db, number)
        if _reversal(db, number) is None and is_undone(db, origin):
            return origin
    raise NotFoundError(_("There is nothing to redo."), instead=_("“ucli log” lists what was done."))


def _origin(db: sqlite3.Connection, number: int) -> int:
    """Return the operation at the start of a chain of undos and redos."""
    while True:
        reverses = db.execute("SELECT reverses FROM operation WHERE number = ?", (number,)).fetchone()[0]
        if reverses is None:
            return number
        number = reverses


def _existing(db: sqlite3.Connection, number: int) -> int:
    row = db.execute("SELECT reverses FROM operation WHERE number = ? AND number > 0", (number,)).fetchone()
    if row is None:
        raise _unknown(number)
    if row["reverses"] is not None:
        raise RefusedError(
            _("Operation {number} is itself an undo or a redo.").format(number=number),
            instead=_("Name the operation it was about; “ucli log” shows it."),
        )
    return number


def _unknown(number: int) -> NotFoundError:
    return NotFoundError(
        _("There is no operation {number}.").format(number=number), instead=_("“ucli log” lists them.")
    )


def _summary_of(db: sqlite3.Connection, number: int) -> str:
    row = db.execute("SELECT command, summary FROM operation WHERE number = ?", (number,)).fetchone()
    return f"{number}: {row['command']} {row['summary']}"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
