"""Rows of the registers before and after operations, in readable values without personal data.

And which indicators depend on a changed row.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ucli.ledger.closing import Closing, changed
from ucli.ledger.operations import NEVER, VERSIONED, ever, written
from ucli.reports.registers import source_of, table_of
from ucli.values.indicators import Indicator
from ucli.values.periods import BEGINNING, FOREVER, Window
from ucli.values.quantities import STATED

Said = dict[str, object]  # a row's values by heading

# By table its columns, each with the key of its heading where that is another word. A column that is not named, such as
# the person of a membership, is never shown.
_COLUMNS = {
    "setting": "name value",
    "unit_name": "unit from_day=since to_day=until code name kind decision",
    "unit_life": "unit founded founders=members sector position decision ended end_reason end_decision",
    "ancestry": "unit ancestor=parent from_day=since to_day=until decision",
    "succession": "unit successor day",
    "cluster_member": "cluster year unit role",
    "indicator_entry": "code name_vi measure counts",
    "cross_check": "code expression if_missing",
    "programme_entry": "code name_vi",
    "period": "unit code name start_day=start end_day=end due family",
    "membership": "union_unit=union members admitted begun_by left left_by decision",
    "payout": "unit programme day amount in_kind recipients form fund decision part_of",
    "figure": (
        "indicator unit period kind value part whole qualifier stated_percent reason speaks_for source decision origin"
    ),
    "target": (
        "indicator unit period issuer kind=target_kind low=target high=target_upper percent=target_percent"
        " effective decision"
    ),
    "award": "unit title period decision origin",
    "origin": "name unit since until",
    "bundle": "origin operation=up_to recorded until=counted_to grain level sha256",
    "origin_unit": "origin unit",
    "received": "origin unit register part=item sort fund start_day=start end_day=end number amount unvalued",
    "closing": "unit period json_sha256=sha256",
    "reopening": "reason until=open_until",
    "accepted_finding": "code ref reason",
}
_UNSAID = (None, BEGINNING, FOREVER, STATED)  # values that go without saying
_UNITS = {"unit", "union", "parent", "successor", "issuer", "cluster"}
_DAYS = {"since", "until", "day", "founded", "ended", "admitted", "left", "start", "end", "due", "open_until"}
_DAYS |= {"received", "effective", "counted_to"}
# Tables of the organisation, on which every sum depends.
_STRUCTURE = ("ancestry", "succession", "cluster_member")


class RowChange(NamedTuple):
    """One row before and after; None on the side where it is missing."""

    register: str
    row: str  # its number in the list, or its key
    before: Said | None
    after: Said | None
    operations: tuple[int, ...]  # those that wrote or ended it


class Rows:
    """Rows of the ledger with names in place of numbers."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[tuple[str, int], str] = {}

    def of_operation(self, number: int) -> Iterable[RowChange]:
        """Yield every row that an operation wrote or ended, before and after, without derived rows."""
        for table, key in VERSIONED.items():
            only = " AND depth = 1" if table == "ancestry" else ""
            ended = self._db.execute(f"SELECT * FROM {table}_history WHERE ended_by = ?{only}", (number,)).fetchall()
            begun = self._db.execute(
                f"SELECT * FROM {ever(table)} r WHERE {written(table, 'r', '?1')}{only}", (number,)
            ).fetchall()
            before = {tuple(row[it] for it in key): row for row in ended}
            after = {tuple(row[it] for it in key): row for row in begun}
            for values in dict.fromkeys([*before, *after]):
                yield self._change(table, values, before.get(values), after.get(values), (number,))

    def change_since(self, table: str, row: str, since: int) -> RowChange:
        """Return a row as of an operation and as of now, with the operations between."""
        key, values = VERSIONED[table], tuple(json.loads(row))
        where = " AND ".join(f'"{it}" = ?' for it in key)
        versions = self._db.execute(
            f"SELECT * FROM {ever(table)} WHERE {where} AND ended_by > ? ORDER BY op", (*values, since)
        ).fetchall()
        before = next((it for it in versions if it["op"] <= since), None)
        after = next((it for it in versions if it["ended_by"] == NEVER), None)
        touching = {it["op"] for it in versions} | {it["ended_by"] for it in versions}
        return self._change(table, values, before, after, tuple(sorted(it for it in touching if since < it < NEVER)))

    def _change(
        self,
        table: str,
        key: tuple[object, ...],
        before: sqlite3.Row | None,
        after: sqlite3.Row | None,
        operations: tuple[int, ...],
    ) -> RowChange:
        number = str(key[0]) if VERSIONED[table] in (("id",), ("closing",)) else ""
        then, now = (self._said(table, it) if it else None for it in (before, after))
        return RowChange(table, number, then, now, operations)

    def _said(self, table: str, row: sqlite3.Row) -> Said:
        said: Said = {}
        for named in _COLUMNS[table].split():
            column, _same, heading = named.partition("=")
            value = row[column]
            if value not in _UNSAID:
                said[heading or column] = self._value(heading or column, value)
        return said

    def _value(self, heading: str, value: object) -> object:
        if heading in _UNITS:
            return self._named("unit_name", "unit", "name", value)
        if heading == "origin":
            return self._named("origin", "id", "name", value)
        if heading == "indicator":
            return self._named("indicator_entry", "indicator", "code", value)
        if heading == "programme":
            return self._named("programme_entry", "programme", "code", value)
        return date.fromisoformat(str(value)) if heading in _DAYS else value

    def _named(self, table: str, column: str, name: str, value: object) -> str:
        """Return the last name for a number, even if voided."""
        key = (table, int(str(value)))
        if key not in self._known:
            order = "from_day DESC, op DESC" if table == "unit_name" else "op DESC"
            row = self._db.execute(
                f"SELECT {name} FROM {ever(table)} WHERE {column} = ? ORDER BY ended_by DESC, {order} LIMIT 1", (value,)
            ).fetchone()
            self._known[key] = str(row[0]) if row else str(value)
        return self._known[key]


def changes_before(db: sqlite3.Connection, closing: Closing) -> list[RowChange]:
    """Return the rows before a closed window that have changed since it was closed."""
    before = Window("..", date.fromisoformat(BEGINNING), closing.window.start - timedelta(days=1))
    return changes_since(db, closing._replace(window=before))


def changes_since(db: sqlite3.Connection, closing: Closing) -> list[RowChange]:
    """Return the rows inside a closed window that have changed since it was closed."""
    rows = Rows(db)
    touched = dict.fromkeys((fact.table, fact.row) for fact in changed(db, [closing], closing.operation))
    found = [rows.change_since(table, row, closing.operation) for table, row in touched]
    return sorted(found, key=lambda it: (it.operations, it.register, it.row))


def has_stock(code: str, by_code: Mapping[str, Indicator]) -> bool:
    """Tell whether an indicator depends on what was before its window: a stock, or one derived from a stock."""
    formula = by_code[code].formula
    return by_code[code].is_stock or bool(formula and any(has_stock(it, by_code) for it in (formula[0], formula[2])))


def touching(lines: Iterable[str], changes: Sequence[RowChange], by_code: Mapping[str, Indicator]) -> list[RowChange]:
    """Return the changes that lines of some indicators depend on."""
    codes = [code for code in lines if code in by_code]
    return [it for it in changes if any(_rests_on(code, it, by_code) for code in codes)]


def _rests_on(code: str, change: RowChange, by_code: Mapping[str, Indicator]) -> bool:
    """Tell whether an indicator's value depends on a changed row; targets do not matter."""
    if change.register in _STRUCTURE:
        return True
    indicator = by_code[code]
    if indicator.counts == "targets":
        return change.register != "unit_name"
    said = change.after or change.before or {}
    if change.register == "figure" and said["indicator"] == code:
        return True
    if indicator.formula:
        left, _sign, right = indicator.formula
        return any(_rests_on(it, change, by_code) for it in (left, right))
    if indicator.register is None:
        return False
    programme = indicator.register.partition(":")[2]
    table, part = table_of(indicator.register), said.get("programme")
    if change.register == "received":
        counted_in = (source_of(indicator.register), indicator.register)
        table, part = "received" if said["register"] in counted_in else "", said.get("item")
    return change.register == table and programme in ("", part)
