"""Timeliness: by unit the day on which the last figure of a window was received."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ucli.ledger.operations import NEVER, ever, first_op
from ucli.ledger.units import units_at
from ucli.reports.completeness import reporters
from ucli.reports.scope import Group, Tree
from ucli.reports.structure import span_of
from ucli.values.periods import Window
from ucli.values.units import Unit

ON_TIME, LATE, SILENT = "on-time", "late", "silent"


class Receipt(NamedTuple):
    """What an expected unit has sent for a window: the number of figures, and the day the last was received."""

    unit: Unit
    figures: int
    received: date | None
    days_late: int  # 0 if it has sent nothing

    @property
    def standing(self) -> str:
        if self.received is None:
            return SILENT
        return LATE if self.days_late else ON_TIME


class Timeliness(NamedTuple):
    """The due date of a window, and what each unit has sent."""

    due: date
    receipts: Sequence[Receipt]

    def of(self, standing: str) -> list[Receipt]:
        return [it for it in self.receipts if it.standing == standing]

    @property
    def is_late(self) -> bool:
        """Whether a report was late, or is overdue."""
        return bool(self.of(LATE)) or bool(self.of(SILENT) and date.today() > self.due)  # noqa: DTZ011


def due_day(db: sqlite3.Connection, window: Window) -> date | None:
    """Return the due date of a window: that of the office's period of the same days."""
    row = db.execute(
        "SELECT due FROM period WHERE unit IS NULL AND start_day = ? AND end_day = ? AND due NOTNULL"
        " ORDER BY code = ? DESC, id DESC",
        (window.start.isoformat(), window.end.isoformat(), window.code),
    ).fetchone()
    return date.fromisoformat(row["due"]) if row else None


def timeliness_of(db: sqlite3.Connection, tree: Tree, whole: Group, due: date) -> Timeliness:
    """Return what each expected unit has sent; a unit without units below stands for itself."""
    units = units_at(db, reporters(db, tree, whole), span_of(tree, whole.window).last)
    units = units or ([whole.unit] if whole.unit else [])
    days = {"units": json.dumps([it.id for it in units]), "first": whole.whole.start.isoformat()}
    days["last"] = whole.whole.end.isoformat()
    found = {unit: (figures, date.fromisoformat(day)) for unit, figures, day in db.execute(_RECEIVED, days)}
    receipts = []
    for it in units:
        figures, day = found.get(it.id, (0, None))
        receipts.append(Receipt(it, figures, day, max((day - due).days, 0) if day else 0))
    return Timeliness(due, receipts)


def days_late(db: sqlite3.Connection, window: Window, due: date) -> dict[int, int]:
    """Return by figure number how many days after a day it was received, 0 if on time."""
    days = (due.isoformat(), window.start.isoformat(), window.end.isoformat())
    return dict(db.execute(_DAYS_LATE, days).fetchall())


# Without a day typed, the day the figure f was first recorded.
RECEIVED_ON = f"""coalesce(f.received, (
    SELECT min(coalesce(v.received, date(o.at, 'localtime'))) FROM {ever("figure")} v
    JOIN operation o ON o.number = {first_op("figure", "v")}
    LEFT JOIN operation e ON e.number = v.ended_by
    WHERE v.unit = f.unit AND v.indicator = f.indicator AND v.start_day = f.start_day AND v.end_day = f.end_day
        AND v.kind <> 'estimate' AND (v.ended_by = {NEVER} OR e.command NOT IN ('undo', 'void-figure'))))
"""
_DAYS_LATE = f"""
SELECT f.id, CAST(max(julianday({RECEIVED_ON}) - julianday(?), 0) AS INTEGER) FROM figure f
WHERE f.kind <> 'estimate' AND f.start_day >= ? AND f.end_day <= ?
"""
_RECEIVED = f"""
SELECT f.unit, count(*), max({RECEIVED_ON})
FROM json_each(:units) u CROSS JOIN figure f ON f.unit = u.value
WHERE f.kind <> 'estimate' AND f.start_day >= :first AND f.end_day <= :last GROUP BY f.unit
"""
