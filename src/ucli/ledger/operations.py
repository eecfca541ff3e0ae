"""Every command that writes is one operation; and how rows are written, ended and read as they were.

A table holds the rows that count now, its history those that counted from the operation that wrote them (`op`) until
the one that ended them (`ended_by`). What counts is read from the table; the past is read from the same names, once
`look_back` has shadowed them with views of that moment.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from ucli.errors import NotFoundError
from ucli.i18n import _

# Stands for the operation that ends a row that still counts.
NEVER = 2**63 - 1
_ROWS_AT_ONCE = 10_000

# The tables with a history, and their keys at any one moment.
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

# The tables whose rows have running numbers. No index leads from an operation to its rows there: the log keeps the
# range of numbers it wrote. A person is written once.
NUMBERED = {"person", *(table for table, key in VERSIONED.items() if key == ("id",))}

# Commands that are logged for what they showed; they write no row, so there is nothing to undo.
SHOWN = ("members", "export-member")

# Commands that undo cannot reverse: a restore's previous ledger is in a backup, erased data is gone.
RESTORE = "restore"
FINAL = "erase-member"
# Commands that merge persons: the rows they ended and wrote are about the same person.
MERGE_PERSON = "merge-person"

# References to units, indicators, programmes and members: by their table, the columns that refer to it.
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
    """A writing command: its connection, and the number that its rows carry."""

    def __init__(self, db: sqlite3.Connection, number: int) -> None:
        self.db = db
        self.number = number
        self.summary = ""
        self.rows = 0
        self.held = 0  # how many of the rows were checked by the rules
        # The tables it wrote to or ended rows of; for numbered ones the first and last number written.
        self.tables: dict[str, list[int]] = {}
        self.reverses: int | None = None
        self.head = ""  # the end of the log's chain, once all is written

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
        """End the rows of a key; return how many there were."""
        return self.end_where(table, " AND ".join(f'"{it}" = :{it}' for it in key), key)

    def end_row(self, table: str, row: sqlite3.Row) -> None:
        """End a row."""
        self.end(table, **{column: row[column] for column in VERSIONED[table]})

    def end_where(self, table: str, where: str, bound: Mapping[str, object]) -> int:
        """End the rows that meet a condition; return how many there were."""
        # A row of this same operation was never seen by anybody: it leaves no trace.
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
        """Write again, as rows of this operation, the rows of the history that meet a condition.

        `or_else` is SQL for a conflict with another row: OR REPLACE.
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
        """Note that rows of a table were written or ended; with the numbers of those written."""
        there = [*self.tables.get(table, ()), *(it for it in numbers if isinstance(it, int))]
        self.tables[table] = [min(there), max(there)] if there else []

    def keep_tables(self) -> None:
        """Write the touched tables and numbers into the log, where `written` finds them."""
        self.db.execute("UPDATE operation SET wrote = ? WHERE number = ?", (json.dumps(self.tables), self.number))

    def revise(self, table: str, row: sqlite3.Row, **changes: object) -> None:
        """End a row that counts and write it again with changes."""
        self.end_row(table, row)
        self.add(table, **{**values_of(row), **changes})

    def standing(self, table: str, **key: object) -> sqlite3.Row | None:
        """Return the row with a key."""
        where = " AND ".join(f'"{it}" IS :{it}' for it in key)
        row: sqlite3.Row | None = self.db.execute(f"SELECT * FROM {table} WHERE {where}", key).fetchone()
        return row

    def cut(self, table: str, row: sqlite3.Row, day: str) -> None:
        """Shorten a row's days to end at an earlier day, if it began before that; else end the row."""
        if row["from_day"] < day:
            self.revise(table, row, to_day=day)
        else:
            self.end_row(table, row)

    def new_number(self, table: str) -> int:
        """Return the number of a new unit, indicator or programme, which it keeps through all its versions."""
        return self.db.execute(f"INSERT INTO {table} DEFAULT VALUES").lastrowid or 0

    def next_id(self, table: str) -> int:
        """Return the next unused number of a table."""
        tables = (table, f"{table}_history") if table in VERSIONED else (table,)
        last = (self.db.execute(f"SELECT coalesce(max(id), 0) FROM {it}").fetchone()[0] for it in tables)
        return int(max(last)) + 1


def values_of(row: sqlite3.Row) -> dict[str, object]:
    """Return the values of a row, without the operation that wrote it."""
    return {column: row[column] for column in row.keys() if column != "op"}  # noqa: SIM118


def columns_of(db: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns of a table, without the operation."""
    return [row["name"] for row in db.execute(f"PRAGMA main.table_info({table})") if row["name"] != "op"]


def touched(db: sqlite3.Connection, number: int) -> list[str]:
    """Return the tables that an operation wrote to or ended rows of."""
    row = db.execute("SELECT wrote FROM operation WHERE number = ?", (number,)).fetchone()
    tables = json.loads(row["wrote"])
    return [table for table in VERSIONED if table in tables]


def in_bytes(
    db: sqlite3.Connection, query: str, bound: Mapping[str, object] | None = None
) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a query in batches, texts as raw bytes; no other query may run meanwhile."""
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
    """Return SQL for the condition that an operation wrote a row."""
    by_op = f"{row}.op = {number}"
    if table not in NUMBERED:
        return by_op
    first, last = (f"(SELECT wrote ->> '$.{table}[{it}]' FROM operation WHERE number = {number})" for it in (0, 1))
    # SQLite would not start from these few rows by itself.
    return f"likelihood({row}.id >= {first}, 0.001) AND likelihood({row}.id <= {last}, 0.001) AND +{by_op}"


def written_since(table: str, row: str, number: str) -> str:
    """Return SQL for the condition that an operation later than another wrote a row."""
    first = f"(SELECT min(wrote ->> '$.{table}[0]') FROM operation WHERE number > {number})"
    return f"{row}.op > {number}" + (f" AND {row}.id >= {first}" if table in NUMBERED else "")


def ever(table: str) -> str:
    """Return SQL for a table of all rows, past and present; those that count are ended by `NEVER`."""
    return f"(SELECT *, {NEVER} AS ended_by FROM {table} UNION ALL SELECT * FROM {table}_history)"


def recorded(table: str, row: str = "") -> str:
    """Return SQL for the condition that leaves out derived rows."""
    return f"AND {row}depth < 2" if table == "ancestry" else ""


def first_op(table: str, row: str) -> str:
    """Return SQL for the operation that first wrote a row, for undo and redo write rows again."""
    same = " AND ".join(f"h.{it} = {row}.{it}" for it in VERSIONED[table])
    return (
        f"(WITH RECURSIVE came (op) AS (SELECT {row}.op UNION ALL SELECT h.op FROM came"
        f" JOIN operation o ON o.number = came.op AND o.reverses NOTNULL JOIN {table}_history h"
        f" ON {same} AND h.ended_by = o.reverses) SELECT min(op) FROM came)"
    )


def look_back(db: sqlite3.Connection, number: int) -> None:
    """Let a connection read the ledger as it was after an operation.

    Tables that have not changed since are read directly, which is faster than through views.
    """
    for (view,) in db.execute("SELECT name FROM temp.sqlite_master WHERE type = 'view'").fetchall():
        db.execute(f"DROP VIEW temp.{view}")
    since = "SELECT DISTINCT key FROM operation, json_each(wrote) WHERE number > ?"
    for (table,) in db.execute(since, (number,)).fetchall():
        if table not in VERSIONED:
            continue
        ended = db.execute(f"SELECT 1 FROM main.{table}_history WHERE ended_by > ? LIMIT 1", (number,)).fetchone()
        columns = ", ".join(f'"{it}"' for it in (*columns_of(db, table), "op"))
        # The pluses keep SQLite from scanning all later operations when a unit is looked up.
        view = f"SELECT {columns} FROM main.{table} WHERE +op <= {number}"
        if ended:
            past = f"FROM main.{table}_history WHERE"
            view += f" UNION ALL SELECT {columns} {past} +op <= {number} AND +ended_by > {number}"
            db.execute(f"CREATE TEMP VIEW {table}_history AS SELECT * {past} +ended_by <= {number}")
        db.execute(f"CREATE TEMP VIEW {table} AS {view}")


def limit(db: sqlite3.Connection, table: str, where: str) -> None:
    """Let a connection read only the rows `r` of a table that meet a condition in SQL."""
    seen = db.execute("SELECT sql FROM temp.sqlite_master WHERE type = 'view' AND name = ?", (table,)).fetchone()
    rows = seen["sql"].partition(" AS ")[2] if seen else f"SELECT * FROM main.{table}"
    db.execute(f"DROP VIEW IF EXISTS temp.{table}")
    db.execute(f"CREATE TEMP VIEW {table} AS SELECT * FROM ({rows}) r WHERE {where}")


def quoted(text: object) -> str:
    """Quote a text for SQL."""
    doubled = str(text).replace("'", "''")
    return f"'{doubled}'"


def known_at(db: sqlite3.Connection, asked: int | date) -> int:
    """Parse --as-known: the number of an operation, or the last one by the end of a day."""
    if isinstance(asked, int):
        if not db.execute("SELECT 1 FROM operation WHERE number = ?", (asked,)).fetchone():
            raise unknown_operation(asked)
        return asked
    # The end of that day here, as the log writes times.
    moment = datetime.combine(asked, time.max).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return int(db.execute("SELECT coalesce(max(number), 0) FROM operation WHERE at <= ?", (moment,)).fetchone()[0])


def last_operation(db: sqlite3.Connection, *, before: int = NEVER) -> tuple[int, str]:
    """Return the number and time of the last operation, or of the last before one."""
    row = db.execute("SELECT number, at FROM operation WHERE number < ? ORDER BY number DESC", (before,)).fetchone()
    return (int(row["number"]), str(row["at"])) if row else (0, "")


def unknown_operation(number: int) -> NotFoundError:
    return NotFoundError(
        _("There is no operation {number}.").format(number=number), instead=_("“ucli log” lists them.")
    )
