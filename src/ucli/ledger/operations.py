"""Every command that writes is one operation, and every row says between which operations it counts."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from ucli.errors import NotFoundError
from ucli.language import _

# The operation a live row is ended by: none yet. Also "everything known by now" for readers.
LIVE = 2**63 - 1

# The tables whose rows live between operations, with the columns that tell their rows apart.
VERSIONED = {
    "setting": ("name",),
    "unit_name": ("unit", "from_day"),
    "unit_life": ("unit",),
    "ancestry": ("unit", "ancestor", "from_day"),
    "unit_change": ("unit", "day", "what"),
    "succession": ("unit", "successor", "day"),
    "cluster_year": ("cluster", "year"),
    "cluster_member": ("cluster", "year", "unit"),
    "indicator_entry": ("indicator",),
    "programme_entry": ("programme",),
    "period": ("folded",),
    "term": ("unit", "folded"),
    "membership": ("id",),
    "payout": ("id",),
    "figure": ("id",),
    "target": ("id",),
    "closing": ("id",),
    "reopening": ("closing",),
    "accepted_finding": ("code", "ref"),
    "control_total": ("id",),
}

# The commands that are logged for what they showed; they write no row, so there is nothing to undo.
SHOWN = ("members", "export-member")

# What undo cannot take back: what stood there before is in a backup, what was erased is nowhere any more.
RESTORE = "restore"
FINAL = "erase-member"

# Who names a unit, an indicator, a programme or a member: (where that lives, the columns that name it).
NAMED_BY = {
    ("unit_life", "unit"): (
        ("ancestry", "ancestor"),
        ("succession", "unit"),
        ("succession", "successor"),
        ("term", "unit"),
        ("cluster_member", "unit"),
        ("cluster_member", "cluster"),
        ("cluster_year", "cluster"),
        ("cluster_year", "lead"),
        ("cluster_year", "deputy"),
        ("membership", "union_unit"),
        ("payout", "unit"),
        ("figure", "unit"),
        ("target", "unit"),
        ("target", "issuer"),
        ("closing", "unit"),
        ("control_total", "unit"),
    ),
    ("indicator_entry", "indicator"): (
        ("figure", "indicator"),
        ("target", "indicator"),
        ("control_total", "indicator"),
    ),
    ("programme_entry", "programme"): (("payout", "programme"),),
    ("membership", "person"): (("payout", "person"),),
    ("closing", "id"): (("reopening", "closing"),),
}


class Operation:
    """One command that writes: the connection it writes through and the number its rows carry."""

    def __init__(self, db: sqlite3.Connection, number: int) -> None:
        self.db = db
        self.number = number
        self.summary = ""
        self.rows = 0
        self.reverses: int | None = None
        self.head = ""  # where the chain of the log ends, once all is written

    def add(self, table: str, **values: object) -> None:
        """Write a row that counts from this operation on."""
        columns = ", ".join(f'"{column}"' for column in (*values, "from_op", "origin_op"))
        marks = ", ".join("?" * (len(values) + 2))
        row = (*values.values(), self.number, self.number)
        self.db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)
        self.rows += 1

    def add_all(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Write many rows that count from this operation on."""
        marks = ", ".join("?" * (len(columns) + 2))
        self.db.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}, from_op, origin_op) VALUES ({marks})",
            ((*row, self.number, self.number) for row in rows),
        )
        self.rows += len(rows)

    def end(self, table: str, **key: object) -> int:
        """Let the live rows of a key count until this operation; return how many there were."""
        where = " AND ".join(f'"{column}" = ?' for column in key) + f" AND to_op = {LIVE}"
        # What this very operation wrote was never known to anybody: it leaves no trace.
        ended = self.db.execute(
            f"DELETE FROM {table} WHERE {where} AND from_op = ?", (*key.values(), self.number)
        ).rowcount
        ended += self.db.execute(f"UPDATE {table} SET to_op = ? WHERE {where}", (self.number, *key.values())).rowcount
        self.rows += ended
        return ended

    def revise(self, table: str, row: sqlite3.Row, **changes: object) -> None:
        """End a live row and write it again with something changed."""
        self.end(table, **{column: row[column] for column in VERSIONED[table]})
        self.add(table, **{**values_of(row), **changes})

    def next_id(self, table: str) -> int:
        """Return a number that no row of the table ever bore."""
        return int(self.db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0])


def values_of(row: sqlite3.Row) -> dict[str, object]:
    """Return what a row says, without the operations it lived between."""
    return {column: row[column] for column in row.keys() if column not in ("from_op", "to_op", "origin_op")}  # noqa: SIM118


def known_at(db: sqlite3.Connection, asked: int | date) -> int:
    """Return the last operation known at a day, or the operation itself when a number is asked for.

    Raises:
        NotFoundError: there is no operation of that number.

    """
    if isinstance(asked, int):
        if not db.execute("SELECT 1 FROM operation WHERE number = ?", (asked,)).fetchone():
            raise unknown_operation(asked)
        return asked
    moment = _end_of(asked)
    return int(db.execute("SELECT coalesce(max(number), 0) FROM operation WHERE at <= ?", (moment,)).fetchone()[0])


def _end_of(day: date) -> str:
    """Return the last moment of a day here, as the log writes it."""
    return datetime.combine(day, time.max).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def later_than(db: sqlite3.Connection, day: date, *, upto: int) -> int | None:
    """Return an operation up to one whose time lies after a day all the same, as where a clock was wrong."""
    row = db.execute(
        "SELECT number FROM operation WHERE number <= ? AND at > ? ORDER BY number DESC", (upto, _end_of(day))
    ).fetchone()
    return int(row["number"]) if row else None


def last_operation(db: sqlite3.Connection, *, before: int = LIVE) -> tuple[int, str]:
    """Return the number of the last operation before one, and when it was."""
    row = db.execute("SELECT number, at FROM operation WHERE number < ? ORDER BY number DESC", (before,)).fetchone()
    return (int(row["number"]), str(row["at"])) if row else (0, "")


def unknown_operation(number: int) -> NotFoundError:
    return NotFoundError(
        _("There is no operation {number}.").format(number=number), instead=_("“ucli log” lists them.")
    )
