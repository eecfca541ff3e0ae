"""What was done to the ledger, operation by operation."""

import sqlite3
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from ucli.ledger.operations import ever
from ucli.reports.listings import Listing

# By table, the columns that name a unit: an operation that wrote such a row, or ended one, was about that unit.
_UNITS = {
    "unit_name": ("unit",),
    "unit_life": ("unit",),
    "ancestry": ("unit",),
    "succession": ("unit", "successor"),
    "cluster_member": ("unit", "cluster"),
    "term": ("unit",),
    "membership": ("union_unit",),
    "payout": ("unit",),
    "figure": ("unit",),
    "target": ("unit", "issuer"),
    "closing": ("unit",),
    "control_total": ("unit",),
}


class Asked(NamedTuple):
    """Which operations are asked for; None asks for all."""

    number: int | None = None
    who: str | None = None  # who recorded, a part of the name or of the machine's
    since: date | None = None
    until: date | None = None
    command: str | None = None
    unit: int | None = None  # about this unit or one that ever stood below it


def operations(db: sqlite3.Connection, asked: Asked) -> Listing:
    """Return what was done, the latest first."""
    rows = db.execute(
        "SELECT number, at, actor || '@' || host AS who, command, summary, note FROM operation o"
        " WHERE number > 0 AND coalesce(:number, number) = number AND coalesce(:command, command) = command"
        " AND at >= :since AND at < :until AND (:who IS NULL OR instr(lower(who), lower(:who)))"
        f" AND (:unit IS NULL OR number IN ({_about()})) ORDER BY number DESC",
        {
            **asked._asdict(),
            "since": _start_of(asked.since or date.min),
            "until": _start_of(asked.until + timedelta(1) if asked.until and asked.until < date.max else date.max),
        },
    ).fetchall()
    reversed_by = dict(db.execute("SELECT reverses, number FROM operation WHERE reverses IS NOT NULL"))

    def undone(number: int) -> bool:
        reversals = 0
        while number in reversed_by:
            number, reversals = reversed_by[number], reversals + 1
        return reversals % 2 == 1

    return [
        {
            "operation": row["number"],
            "at": row["at"],
            "actor": row["who"],
            "command": row["command"],
            "summary": row["summary"],
            "note": row["note"],
            "undone": undone(row["number"]),
        }
        for row in rows
    ]


def _about() -> str:
    """Return the query for the operations that wrote or ended a row about a unit, or one that ever stood below it."""
    below = f"SELECT unit FROM {ever('ancestry')} WHERE ancestor = :unit"
    return " UNION ".join(
        f"SELECT {side} FROM {ever(table)} WHERE {column} IN ({below})"
        for table, columns in _UNITS.items()
        for column in columns
        for side in ("op", "ended_by")
    )


def _start_of(day: date) -> str:
    """Return the first moment of a day here, as the log writes moments."""
    if day in (date.min, date.max):
        return day.isoformat()
    return datetime.combine(day, time.min).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
