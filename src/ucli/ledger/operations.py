"""Every command that writes is one operation; and how rows are written, ended and read as they were.

A table holds what counts now, its history what counted once, from the operation that wrote it (`op`) until the one that
ended it (`ended_by`). What counts is read from the table. What the ledger said after an operation is read from the very
same names, once `look_back` has put views of that moment before them.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from ucli.errors import NotFoundError
from ucli.i18n import _

# The operation that ends a row that counts: none yet.
NEVER = 2**63 - 1
_ROWS_AT_ONCE = 10_000

# The tables that have a history, with the columns that tell the rows of one moment apart.
VERSIONED = {
    "setting": ("name",),
    "unit_name": ("unit", "from_day"),
    "unit_life": ("unit",),
    "ancestry": ("unit", "ancestor", "from_day"),
    "succession": ("unit", "successor", "day"),
    "cluster_member": ("cluster", "year", "unit"),
    "indicator_entry": ("indicator",),
    "cross_check": ("code",),
    "programme_entry": ("programme",),
    "period": ("id",),
    "membership": ("id",),
    "payout": ("id",),
    "figure": ("id",),
    "target": ("id",),
    "award": ("id",),
    "closing": ("id",),
    "reopening": ("closing",),
    "accepted_finding": ("code", "ref"),
    "origin": ("id",),
    "bundle": ("origin",),
    "origin_unit": ("origin", "number"),
    "received": (*("unit", "register", "end_day", "part", "sort", "fund", "other", "place", "start_day", "origin"),),
}

# Those whose rows have numbers, which go on from one operation to the next. No index leads from an operation to its
# rows there: the log keeps from which number to which it wrote. A person is written once.
NUMBERED = {"person", *(table for table, key in VERSIONED.items() if key == ("id",))}

# The commands that are logged for what they showed; they write no row, so there is nothing to undo.
SHOWN = ("members", "export-member")

# What undo cannot take back: what stood there before is in a backup, what was erased is nowhere any more.
RESTORE = "restore"
FINAL = "erase-member"
# What makes one person of several: the rows that it ended and wrote name the same one.
MERGE_PERSON = "merge-person"

# Who names a unit, an indicator, a programme or a member: by where that lives, the columns that name it.
NAMED_BY = {
    where: tuple((table, column) for table, column in (it.split(".") for it in columns.split()))
    for where, columns in {
        ("unit_life", "unit"): "ancestry.ancestor succession.unit succession.successor period.unit cluster_member.unit"
        " cluster_member.cluster membership.union_unit"
        " payout.unit figure.unit target.unit target.issuer award.unit closing.unit origin.unit"
        " origin_unit.unit received.unit",
        ("indicator_entry", "indicator"): "figure.indicator target.indicator",
        ("programme_entry", "programme"): "payout.programme",
        ("membership", "person"): "payout.person award.person",
        ("membership", "id"): "membership.came_from",
        ("payout", "id"): "payout.part_of",
        ("closing", "id"): "reopening.closing",
        ("origin", "id"): "bundle.origin origin_unit.origin received.origin figure.origin award.origin",
    }.items()
}


class Operation:
    """One command that writes: the connection it writes through and the number its rows carry."""

    def __init__(self, db: sqlite3.Connection, number: int) -> None:
        self.db = db
        self.number = number
        self.summary = ""
        self.rows = 0
        self.held = 0  # how many of them were held to the rules
        # Into which tables it wrote, or whose rows it ended; of numbers, the first and the last that it wrote.
        self.tables: dict[str, list[int]] = {}
        self.reverses: int | None = None
        self.head = ""  # where the chain of the log ends, once all is written

    def add(self, table: str, **values: object) -> None:
        """Write a row that counts from this operation on."""
        columns = ", ".join(f'"{column}"' for column in (*values, "op"))
        marks = ", ".join("?" * (len(values) + 1))
        self.db.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (*values.values(), self.number))
        self.touch(table, values["id"] if table in NUMBERED else None)
        self.rows += 1

    def add_all(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Write many rows that count from this operation on."""
        named, marks = ", ".join(f'"{it}"' for it in (*columns, "op")), ", ".join("?" * (len(columns) + 1))
        values = ((*row, self.number) for row in rows)
        self.db.executemany(f"INSERT INTO {table} ({named}) VALUES ({marks})", values)
        place = columns.index("id") if table in NUMBERED and rows else None
        self.touch(table, *(() if place is None else (row[place] for row in rows)))
        self.rows += len(rows)

    def end(self, table: str, **key: object) -> int:
        """Let the rows of a key count until this operation; return how many there were."""
        return self.end_where(table, " AND ".join(f'"{it}" = :{it}' for it in key), key)

    def end_row(self, table: str, row: sqlite3.Row) -> None:
        """Let a row count until this operation."""
        self.end(table, **{column: row[column] for column in VERSIONED[table]})

    def end_where(self, table: str, where: str, bound: Mapping[str, object]) -> int:
        """Let the rows that a condition holds for count until this operation; return how many there were."""
        # What this very operation wrote was never known to anybody: it leaves no trace.
        self.db.execute(
            f"INSERT INTO {table}_history SELECT *, :ending FROM {table} WHERE {where} AND op <> :ending",
            {**bound, "ending": self.number},
        )
        ended = self.db.execute(f"DELETE FROM {table} WHERE {where}", bound).rowcount
        self.touch(table)
        self.rows += ended
        return ended

    def replace(
        self,
        table: str,
        columns: Sequence[str],
        rows: Iterable[tuple[object, ...]],
        where: str,
        bound: Mapping[str, object],
    ) -> int:
        """Let the rows that a condition holds for be just these, as values of some columns; return how many ended."""
        listed, key = ", ".join(columns), ", ".join(VERSIONED[table])
        stored = {tuple(row) for row in self.db.execute(f"SELECT {listed} FROM {table} WHERE {where}", bound)}
        wanted = dict.fromkeys(rows)
        gone, new = [it for it in stored if it not in wanted], [it for it in wanted if it not in stored]
        ended = 0
        if gone:
            self.db.execute(f"CREATE TEMP TABLE gone ({listed})")
            self.db.executemany(f"INSERT INTO temp.gone VALUES ({', '.join('?' * len(columns))})", gone)
            ended = self.end_where(table, f"({key}) IN (SELECT {key} FROM temp.gone)", {})
            self.db.execute("DROP TABLE temp.gone")
        if new:
            self.add_all(table, columns, new)
        return ended

    def bring_back(self, table: str, where: str, bound: Mapping[str, object], or_else: str = "") -> None:
        """Write again, as rows that count from this operation on, what a condition on the history holds for.

        `or_else` is SQL for where another row stands in that place: OR REPLACE.
        """
        columns = ", ".join(f'"{it}"' for it in columns_of(self.db, table))
        if table in NUMBERED:
            self.touch(
                table, *self.db.execute(f"SELECT min(id), max(id) FROM {table}_history WHERE {where}", bound).fetchone()
            )
        self.rows += self.db.execute(
            f"INSERT {or_else} INTO {table} ({columns}, op)"
            f" SELECT {columns}, :writing FROM {table}_history WHERE {where}",
            {**bound, "writing": self.number},
        ).rowcount

    def touch(self, table: str, *numbers: object) -> None:
        """Note that rows of a table were written or ended; of numbered ones, which were written."""
        there = [*self.tables.get(table, ()), *(it for it in numbers if isinstance(it, int))]
        self.tables[table] = [min(there), max(there)] if there else []

    def keep_tables(self) -> None:
        """Write into the log what was touched so far, by which `written` finds it."""
        self.db.execute("UPDATE operation SET wrote = ? WHERE number = ?", (json.dumps(self.tables), self.number))

    def revise(self, table: str, row: sqlite3.Row, **changes: object) -> None:
        """End a live row and write it again with something changed."""
        self.end_row(table, row)
        self.add(table, **{**values_of(row), **changes})

    def standing(self, table: str, **key: object) -> sqlite3.Row | None:
        """Return the row that counts under a key."""
        where = " AND ".join(f'"{it}" IS :{it}' for it in key)
        row: sqlite3.Row | None = self.db.execute(f"SELECT * FROM {table} WHERE {where}", key).fetchone()
        return row

    def cut(self, table: str, row: sqlite3.Row, day: str) -> None:
        """Let a row that holds from a day until another hold until an earlier one, if it began before that."""
        if row["from_day"] < day:
            self.revise(table, row, to_day=day)
        else:
            self.end_row(table, row)

    def new_number(self, table: str) -> int:
        """Return the number of a new unit, indicator or programme, which it keeps through all its versions."""
        return self.db.execute(f"INSERT INTO {table} DEFAULT VALUES").lastrowid or 0

    def next_id(self, table: str) -> int:
        """Return a number that no row of the table ever had."""
        tables = (table, f"{table}_history") if table in VERSIONED else (table,)
        last = (self.db.execute(f"SELECT coalesce(max(id), 0) FROM {it}").fetchone()[0] for it in tables)
        return int(max(last)) + 1


def values_of(row: sqlite3.Row) -> dict[str, object]:
    """Return what a row says, without the operation that wrote it."""
    return {column: row[column] for column in row.keys() if column != "op"}  # noqa: SIM118


def columns_of(db: sqlite3.Connection, table: str) -> list[str]:
    """Return what the rows of a table say, without the operation that wrote them."""
    return [row["name"] for row in db.execute(f"PRAGMA main.table_info({table})") if row["name"] != "op"]


def touched(db: sqlite3.Connection, number: int) -> list[str]:
    """Return the tables into which an operation wrote rows, or whose rows it ended."""
    row = db.execute("SELECT wrote FROM operation WHERE number = ?", (number,)).fetchone()
    tables = json.loads(row["wrote"])
    return [table for table in VERSIONED if table in tables]


def in_bytes(
    db: sqlite3.Connection, query: str, bound: Mapping[str, object] | None = None
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a query, many at once, their texts as they stand in the file; ask no other meanwhile."""
    cursor = db.cursor()
    cursor.row_factory = None
    kept, db.text_factory = db.text_factory, bytes
    try:
        cursor.execute(query, bound or {})
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield rows
    finally:
        db.text_factory = kept


def written(table: str, row: str, number: str = ":op") -> str:
    """Return in SQL the condition that an operation wrote a row."""
    by_op = f"{row}.op = {number}"
    if table not in NUMBERED:
        return by_op
    first, last = (f"(SELECT wrote ->> '$.{table}[{it}]' FROM operation WHERE number = {number})" for it in (0, 1))
    # SQLite would not begin with these few rows by itself.
    return f"likelihood({row}.id >= {first}, 0.001) AND likelihood({row}.id <= {last}, 0.001) AND +{by_op}"


def written_since(table: str, row: str, number: str) -> str:
    """Return in SQL the condition that an operation after another one wrote a row."""
    first = f"(SELECT min(wrote ->> '$.{table}[0]') FROM operation WHERE number > {number})"
    return f"{row}.op > {number}" + (f" AND {row}.id >= {first}" if table in NUMBERED else "")


def ever(table: str) -> str:
    """Return a table in SQL of all rows that counted once or count still; those are ended by the operation `NEVER`."""
    return f"(SELECT *, {NEVER} AS ended_by FROM {table} UNION ALL SELECT * FROM {table}_history)"


def recorded(table: str, row: str = "") -> str:
    """Return in SQL the condition that leaves out rows which only follow from others."""
    return f"AND {row}depth < 2" if table == "ancestry" else ""


def first_op(table: str, row: str) -> str:
    """Return in SQL the operation that a row came from: undo and redo write again what another wrote first."""
    same = " AND ".join(f"h.{it} = {row}.{it}" for it in VERSIONED[table])
    return (
        f"(WITH RECURSIVE came (op) AS (SELECT {row}.op UNION ALL SELECT h.op FROM came"
        f" JOIN operation o ON o.number = came.op AND o.reverses NOTNULL JOIN {table}_history h"
        f" ON {same} AND h.ended_by = o.reverses) SELECT min(op) FROM came)"
    )


def look_back(db: sqlite3.Connection, number: int) -> None:
    """Let a connection read from now on what the ledger said after an operation.

    Tables that said the same then are read as they are: what is read through views takes longer.
    """
    for (view,) in db.execute("SELECT name FROM temp.sqlite_master WHERE type = 'view'").fetchall():
        db.execute(f"DROP VIEW temp.{view}")
    since = "SELECT DISTINCT key FROM operation, json_each(wrote) WHERE number > ?"
    for (table,) in db.execute(since, (number,)).fetchall():
        if table not in VERSIONED:
            continue
        ended = db.execute(f"SELECT 1 FROM main.{table}_history WHERE ended_by > ? LIMIT 1", (number,)).fetchone()
        columns = ", ".join(f'"{it}"' for it in (*columns_of(db, table), "op"))
        # The pluses keep SQLite from going through all of those operations where a unit is looked up.
        view = f"SELECT {columns} FROM main.{table} WHERE +op <= {number}"
        if ended:
            past = f"FROM main.{table}_history WHERE"
            view += f" UNION ALL SELECT {columns} {past} +op <= {number} AND +ended_by > {number}"
            db.execute(f"CREATE TEMP VIEW {table}_history AS SELECT * {past} +ended_by <= {number}")
        db.execute(f"CREATE TEMP VIEW {table} AS {view}")


def limit(db: sqlite3.Connection, table: str, where: str) -> None:
    """Let a connection read from now on only those rows `r` of a table for which a condition holds in SQL."""
    seen = db.execute("SELECT sql FROM temp.sqlite_master WHERE type = 'view' AND name = ?", (table,)).fetchone()
    rows = seen["sql"].partition(" AS ")[2] if seen else f"SELECT * FROM main.{table}"
    db.execute(f"DROP VIEW IF EXISTS temp.{table}")
    db.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM ({rows}) r WHERE {where}")


def quoted(text: object) -> str:
    """Write a text in SQL."""
    doubled = str(text).replace("'", "''")
    return f"'{doubled}'"


def known_at(db: sqlite3.Connection, asked: int | date) -> int:
    """Return the last operation known at a day, or the operation itself when a number is asked for."""
    if isinstance(asked, int):
        if not db.execute("SELECT 1 FROM operation WHERE number = ?", (asked,)).fetchone():
            raise unknown_operation(asked)
        return asked
    # Its last moment here, as the log writes it.
    moment = datetime.combine(asked, time.max).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(db.execute("SELECT coalesce(max(number), 0) FROM operation WHERE at <= ?", (moment,)).fetchone()[0])


def last_operation(db: sqlite3.Connection, *, before: int = NEVER) -> tuple[int, str]:
    """Return the number of the last operation before one, and when it was."""
    row = db.execute("SELECT number, at FROM operation WHERE number < ? ORDER BY number DESC", (before,)).fetchone()
    return (int(row["number"]), str(row["at"])) if row else (0, "")


def unknown_operation(number: int) -> NotFoundError:
    return NotFoundError(
        _("There is no operation {number}.").format(number=number), instead=_("“ucli log” lists them.")
    )
