"""Closed windows: which there are, what was handed in for them, and what changed in them since."""

import sqlite3
from collections.abc import Mapping
from datetime import date, timedelta

from ucli.ledger.closing import Box, Fact, changed
from ucli.reports.listings import Listing
from ucli.reports.reopened import closing_rows
from ucli.reports.rows import Change, Rows
from ucli.reports.structure import unit_at
from ucli.values.periods import BEGINNING, known_day

CLOSED, REOPENED = "closed", "reopened"
_STATE = ("state", "closed_by", "open_until", "sha256")


def closings(db: sqlite3.Connection) -> Listing:
    """Return the closed windows in the order of their days, those reopened too."""
    today = date.today()  # noqa: DTZ011
    found: Listing = []
    for row in closing_rows(db):
        until = known_day(row["until"])
        is_open = row["reason"] is not None and (until is None or until >= today)
        end = date.fromisoformat(row["end_day"])
        found.append(
            {
                "code": row["period"],
                "start": date.fromisoformat(row["start_day"]),
                "end": end,
                "unit": unit_at(db, row["unit"], end).name if row["unit"] else None,
                "state": REOPENED if is_open else CLOSED,
                "closed_by": row["first_op"],
                "open_until": until if is_open else None,
                "sha256": row["json_sha256"],
            }
        )
    return found


def with_closings(periods: Listing, closed: Listing) -> Listing:
    """Say of a list of periods which are closed, and add the closed windows that it has not."""
    rest = [*closed]
    found: Listing = []
    for it in periods:
        same = next((other for other in rest if _are_one(it, other)), None)
        if same:
            rest.remove(same)
        found.append({**it, **{key: same[key] if same else None for key in _STATE}})
    absent = {"name": None, "due": None, "cut": None}
    return [*found, *({**absent, **it} for it in rest)]


def _are_one(period: Mapping[str, object], closed: Mapping[str, object]) -> bool:
    """Tell whether a closed window is that of a period; a term may have been cut short before or after."""
    said = all(period[key] == closed[key] for key in ("code", "unit", "start"))
    return said and closed["end"] in (period["end"], period["cut"])


def submitted(db: sqlite3.Connection, number: int, form: str) -> str:
    """Return what was handed in when a window was closed, letter by letter: as `json` or as `plain`."""
    row = db.execute("SELECT json, plain FROM submission WHERE id = ?", (number,)).fetchone()
    return str(row[form])


def changes_before(db: sqlite3.Connection, box: Box, since: int) -> list[Change]:
    """Return the rows of the days before a box that say something else now than they did after an operation."""
    eve = date.fromisoformat(box.start) - timedelta(days=1)
    return changes_since(db, box._replace(start=BEGINNING, end=eve.isoformat()), since)


def changes_since(db: sqlite3.Connection, box: Box, since: int) -> list[Change]:
    """Return the rows inside a box that say something else now than they did after an operation."""
    rows = Rows(db)
    touched: dict[tuple[str, str], Fact] = {}
    for fact in changed(db, [box], since):
        touched.setdefault((fact.table, fact.row), fact)
    found = [rows.change_since(register, row, since) for register, row in touched]
    return sorted(found, key=lambda it: (it.operations, it.register, it.row))
