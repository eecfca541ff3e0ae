"""Windows that were handed in and take facts again: what a report on them has to say."""

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from ucli.ledger.operations import first_op
from ucli.reports.scope import Scope
from ucli.reports.structure import unit_at
from ucli.values.periods import Window, known_day
from ucli.values.units import Unit


class Reopened(NamedTuple):
    """A window that was closed and takes facts again, or did."""

    window: Window
    unit: Unit | None  # None: that of the whole ledger
    on: date
    until: date | None
    reason: str


def reopened_within(db: sqlite3.Connection, window: Window, scope: Scope) -> tuple[Reopened, ...]:
    """Return the reopened windows that touch a report's, for the same units, some below them or some above."""
    found, roots = [], [*scope.roots, *scope.clusters]
    for row in closing_rows(db):
        there = Window(row["period"], date.fromisoformat(row["start_day"]), date.fromisoformat(row["end_day"]))
        if row["reason"] is None or not there.meets(window) or not _are_kin(db, row["unit"], roots):
            continue
        found.append(
            Reopened(
                there,
                unit_at(db, row["unit"], there.end) if row["unit"] else None,
                _day_of(row["reopened_at"]),
                known_day(row["until"]),
                row["reason"],
            )
        )
    return tuple(found)


def closing_rows(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Return the closed windows in the order of their days, with how they were reopened."""
    return db.execute(
        f"SELECT c.*, {first_op('closing', 'c')} AS first_op, r.reason, r.until, o.at AS reopened_at FROM closing c"
        f" LEFT JOIN reopening r ON r.closing = c.id"
        " LEFT JOIN operation o ON o.number = r.op"
        f" ORDER BY c.start_day, c.end_day, c.id"
    ).fetchall()


def _are_kin(db: sqlite3.Connection, unit: int | None, roots: Iterable[int]) -> bool:
    among = ", ".join(map(str, roots))
    row = db.execute(
        f"SELECT 1 WHERE ? IS NULL UNION ALL SELECT 1 FROM ancestry"
        f" WHERE unit = ? AND ancestor IN ({among}) OR ancestor = ? AND unit IN ({among}) LIMIT 1",
        (unit, unit, unit),
    ).fetchone()
    return row is not None


def _day_of(at: str) -> date:
    return datetime.fromisoformat(at).astimezone().date()
