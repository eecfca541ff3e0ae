"""Another ledger of the same office, all of it: two provinces became one, and with them what they had recorded.

Every row that counts there counts here, under a number of its own; units, indicators and programmes are those of the
same codes. What is there already stays, and what says otherwise is listed. The past of that ledger stays in its file.
"""

import sqlite3
from collections.abc import Callable, Mapping
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.exchange.structure import merge_rows, rows_of
from ucli.i18n import _
from ucli.ledger.operations import Operation, columns_of, values_of
from ucli.ledger.persons import COLUMNS, erase_persons, twins, write_persons
from ucli.ledger.settings import own_number
from ucli.ledger.units import office

# What is copied, each with whose number stands in which column; `id` is the row's own.
_TABLES = {
    "period": {"unit": "unit"},
    "membership": {"union_unit": "unit", "person": "person", "came_from": "membership"},
    "payout": {"unit": "unit", "programme": "programme", "person": "person", "part_of": "payout"},
    "figure": {"indicator": "indicator", "unit": "unit"},
    "target": {"indicator": "indicator", "unit": "unit", "issuer": "unit"},
    "award": {"unit": "unit", "person": "person"},
}
# Rows of which only one may count: what tells them apart, in SQL on the row.
_ONCE = {
    "period": "unit = :unit AND folded = :folded",
    "figure": (
        "unit = :unit AND indicator = :indicator AND end_day = :end_day AND start_day = :start_day"
        " AND (kind = 'estimate') = (:kind = 'estimate')"
    ),
    "target": (
        "unit = :unit AND indicator = :indicator AND start_day = :start_day AND end_day = :end_day"
        " AND issuer IS :issuer"
    ),
    "award": "unit = :unit AND title = :title AND start_day = :start_day AND end_day = :end_day AND person IS :person",
}
# Which rows are that office's own; periods of no unit are part of the structure.
_OWN = {"period": "unit NOTNULL", "figure": "origin IS NULL", "award": "origin IS NULL"}
_NEW = ("membership", "payout")  # which are numbered on, whatever is left out


class Joined(NamedTuple):
    """What came of a ledger: whose it was, how many units and rows are new, what is otherwise here, who may be one."""

    office: str
    units: int
    rows: Mapping[str, int]
    conflicts: list[str]
    twins: list[tuple[int, int]]


def join(op: Operation, source: sqlite3.Connection) -> Joined:
    """Write all that counts in another ledger."""
    ledger = own_number(source)
    if ledger == own_number(op.db):
        raise RefusedError(_("That is a copy of this very ledger."), instead=_("“ucli restore” brings a backup back."))
    if op.db.execute("SELECT 1 FROM setting WHERE name = ?", (f"joined-{ledger}",)).fetchone():
        raise RefusedError(_("That ledger was imported already."), instead=_("“ucli log --command import-ledger”."))
    conflicts: list[str] = []
    whose, structure = office(source), rows_of(source, None)
    units, new = merge_rows(op, structure, whose.id if whose else 0, conflicts)
    first = {table: op.next_id(table) for table in (*_TABLES, "person")}
    numbers: dict[str, Callable[[int], int | None]] = {
        "unit": units.get,
        "indicator": _by_code(op, source, "indicator_entry", "indicator").get,
        "programme": _by_code(op, source, "programme_entry", "programme").get,
        **{table: _after(first[table]) for table in (*_NEW, "person")},
    }
    _copy_persons(op, source, first["person"] - 1)
    rows = {table: _copy(op, source, table, numbers, first[table], conflicts) for table in _TABLES}
    op.add("setting", name=f"joined-{ledger}", value=whose.code if whose else "")
    alike = [(it.one, it.other) for it in twins(op.db, first["membership"])]
    return Joined(whose.name if whose else "", new, rows, conflicts, alike)


def _after(first: int) -> Callable[[int], int]:
    return lambda number: first - 1 + number


def _by_code(op: Operation, source: sqlite3.Connection, table: str, column: str) -> dict[int, int]:
    here = dict(op.db.execute(f"SELECT code, {column} FROM {table}").fetchall())
    return {number: here[code] for number, code in source.execute(f"SELECT {column}, code FROM {table}")}


def _copy_persons(op: Operation, source: sqlite3.Connection, before: int) -> None:
    """Write everybody whom a row that counts names; who was erased stays so."""
    named = "SELECT person FROM membership UNION SELECT person FROM payout UNION SELECT person FROM award"
    persons = source.execute(f"SELECT * FROM person WHERE id IN ({named}) ORDER BY id").fetchall()
    write_persons(op, [(before + it["id"], *(it[column] for column in COLUMNS[1:])) for it in persons])
    for it in persons:
        if it["erased_as"] is not None:
            erase_persons(op.db, [before + it["id"]], before + it["erased_as"])


def _copy(
    op: Operation,
    source: sqlite3.Connection,
    table: str,
    numbers: Mapping[str, Callable[[int], int | None]],
    first: int,
    conflicts: list[str],
) -> int:
    """Write the rows of a table that are not here; return how many."""
    columns = columns_of(op.db, table)
    found: list[tuple[object, ...]] = []
    for it in source.execute(f"SELECT * FROM {table} WHERE {_OWN.get(table, '1')} ORDER BY id").fetchall():
        row = values_of(it)
        named = {key: numbers[of](it[key]) for key, of in _TABLES[table].items() if it[key] is not None}
        row |= named
        is_known = table in _ONCE and op.db.execute(f"SELECT 1 FROM {table} WHERE {_ONCE[table]}", row).fetchone()
        if None in named.values() or is_known:  # of a cluster, which is beside the tree, or here already
            conflicts.append(f"{table} {it['id']}")
            continue
        row["id"] = numbers[table](it["id"]) if table in _NEW else first + len(found)
        found.append(tuple(row[column] for column in columns))
    op.add_all(table, columns, found)
    return len(found)
