"""Rows of the registers before and after operations, in values that people read; nothing of persons among them."""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ucli.ledger.operations import NEVER, ever
from ucli.values.periods import BEGINNING, FOREVER
from ucli.values.quantities import STATED

Said = dict[str, object]  # by the key of its heading, what a row says

# By table: what tells its rows apart, and its columns, each with the key of its heading where that is another word.
# A column that is not named, such as the person of a membership, is never shown.
_TABLES = {
    "setting": ("name", "name value"),
    "unit_name": ("unit from_day", "unit from_day=since to_day=until code name kind"),
    "unit_life": ("unit", "unit founded founders=members sector decision ended end_reason end_decision"),
    "ancestry": ("unit ancestor from_day", "unit ancestor=parent from_day=since to_day=until"),
    "unit_change": ("unit day what", "unit day decision"),
    "succession": ("unit successor day", "unit successor day"),
    "cluster_year": ("cluster year", "cluster year lead deputy"),
    "cluster_member": ("cluster year unit", "cluster year unit"),
    "indicator_entry": ("indicator", "code name_vi measure counts"),
    "programme_entry": ("programme", "code name_vi"),
    "period": ("id", "unit code name start_day=start end_day=end due"),
    "membership": ("id", "union_unit=union members admitted begun_by left left_by decision"),
    "payout": ("id", "unit programme day amount in_kind recipients form fund decision"),
    "figure": (
        "id",
        "indicator unit period kind value part whole qualifier stated_percent reason speaks_for source decision",
    ),
    "target": (
        "id",
        (
            "indicator unit period issuer kind=target_kind low=target high=target_upper percent=target_percent"
            " effective decision"
        ),
    ),
    "closing": ("id", "unit period json_sha256=sha256"),
    "reopening": ("closing", "reason until=open_until"),
    "accepted_finding": ("code ref", "code ref reason"),
}
_UNSAID = (None, BEGINNING, FOREVER, STATED)  # what goes without saying
_UNITS = {"unit", "union", "parent", "successor", "issuer", "cluster", "lead", "deputy"}
_DAYS = {"since", "until", "day", "founded", "ended", "admitted", "left", "start", "end", "due", "open_until"}
_DAYS |= {"received", "effective"}


class Change(NamedTuple):
    """One row before and after; None where there was none, or there is none now."""

    register: str
    row: str  # its number in the list, or what tells it apart
    before: Said | None
    after: Said | None
    operations: tuple[int, ...]  # that wrote or ended it


class Rows:
    """Rows of the ledger, with the names behind their numbers."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._known: dict[tuple[str, int], str] = {}

    def of_operation(self, number: int) -> Iterable[Change]:
        """Yield every row that an operation wrote or ended, before and after; not what only follows from others."""
        for table in _TABLES:
            key = _key(table)
            only = " AND depth = 1" if table == "ancestry" else ""
            ended = self._db.execute(f"SELECT * FROM {table}_history WHERE ended_by = ?{only}", (number,)).fetchall()
            begun = self._db.execute(f"SELECT * FROM {ever(table)} WHERE op = ?{only}", (number,)).fetchall()
            before = {tuple(row[it] for it in key): row for row in ended}
            after = {tuple(row[it] for it in key): row for row in begun}
            for values in dict.fromkeys([*before, *after]):
                yield self._change(table, values, before.get(values), after.get(values), (number,))

    def change_since(self, table: str, row: str, since: int) -> Change:
        """Return a row as it counted after an operation and as it counts now, with the operations between."""
        key = _key(table)
        values = tuple(json.loads(row))
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
    ) -> Change:
        number = str(key[0]) if _key(table) in (["id"], ["closing"]) else ""
        then, now = (self._said(table, it) if it else None for it in (before, after))
        return Change(table, number, then, now, operations)

    def _said(self, table: str, row: sqlite3.Row) -> Said:
        said: Said = {}
        for named in _TABLES[table][1].split():
            column, _same, heading = named.partition("=")
            value = row[column]
            if value not in _UNSAID:
                said[heading or column] = self._value(heading or column, value)
        return said

    def _value(self, heading: str, value: object) -> object:
        if heading in _UNITS:
            return self._named("unit_name", "unit", "name", value)
        if heading == "indicator":
            return self._named("indicator_entry", "indicator", "code", value)
        if heading == "programme":
            return self._named("programme_entry", "programme", "code", value)
        return date.fromisoformat(str(value)) if heading in _DAYS else value

    def _named(self, table: str, column: str, name: str, value: object) -> str:
        """Return the last name behind a number, also of what was voided."""
        key = (table, int(str(value)))
        if key not in self._known:
            order = "from_day DESC, op DESC" if table == "unit_name" else "op DESC"
            row = self._db.execute(
                f"SELECT {name} FROM {ever(table)} WHERE {column} = ? ORDER BY ended_by DESC, {order} LIMIT 1", (value,)
            ).fetchone()
            self._known[key] = str(row[0]) if row else str(value)
        return self._known[key]


def _key(table: str) -> list[str]:
    return _TABLES[table][0].split()
