"""Closed windows, and their submitted reports beside what these would say now."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from ucli.ledger.operations import first_op
from ucli.ledger.units import unit_at
from ucli.reports.scope import Scope
from ucli.values.periods import Window, known_day, window_of
from ucli.values.units import Unit

Listing = list[dict[str, Any]]
Said = dict[str, object]  # a report line's values by heading
CLOSED, REOPENED = "closed", "reopened"
_STATE = ("state", "closed_by", "open_until", "sha256")
# The columns of a line that are compared; not those derived from them, or changed by time alone.
_COMPARED = {it: it for it in ("target", "target_kind", "target_upper", "target_percent")}
_COMPARED |= {"value": "actual", "qualifier": "qualifier", "part": "numerator", "whole": "denominator"}


class Reopened(NamedTuple):
    """A closed window that is, or was, reopened."""

    window: Window
    unit: Unit | None  # None: of the whole ledger
    on: date
    until: date | None
    reason: str


class ChangedLine(NamedTuple):
    """A report line that differs now; None on the side where it is missing."""

    indicator: str
    then: Said | None
    now: Said | None

    @property
    def numbers(self) -> tuple[object, ...]:
        """Identifies this difference, for accepting it."""
        return tuple(value for said in (self.then, self.now) for value in (said or {}).values())


def closings(db: sqlite3.Connection) -> Listing:
    """Return the closed windows in the order of their days, reopened ones included."""
    found: Listing = []
    for row in _closing_rows(db):
        until = known_day(row["until"])
        is_open = row["reason"] is not None and (until is None or until >= date.today())  # noqa: DTZ011
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


def with_closings(periods: Iterable[dict[str, Any]], closed: Listing) -> Listing:
    """Mark the closed ones in a list of periods, and add closed windows that are missing from it."""
    rest = [*closed]
    found: Listing = []
    for it in periods:
        same = [other for other in rest if all(other[key] == it[key] for key in ("code", "unit", "start"))]
        # A term may be cut short before or after it is closed.
        state = next((other for other in same if other["end"] in (it["end"], it["cut"])), {})
        rest = [other for other in rest if other is not state]
        found.append({**it, **{key: state.get(key) for key in _STATE}})
    return [*found, *({"name": None, "due": None, "family": None, "cut": None, **it} for it in rest)]


def reopened_within(db: sqlite3.Connection, window: Window, scope: Scope) -> tuple[Reopened, ...]:
    """Return the reopened windows that touch a report's window, for the same units, units below or above."""
    among = ", ".join(map(str, [*scope.roots, *scope.clusters]))
    kin = f"unit = c.unit AND ancestor IN ({among}) OR ancestor = c.unit AND unit IN ({among})"
    only = f"r.reason NOTNULL AND (c.unit IS NULL OR EXISTS (SELECT 1 FROM ancestry WHERE {kin}))"
    found = []
    for row in _closing_rows(db, only):
        there = window_of(row["period"], row["start_day"], row["end_day"])
        if there.meets(window):
            unit = unit_at(db, row["unit"], there.end) if row["unit"] else None
            on = datetime.fromisoformat(row["reopened_at"]).astimezone().date()
            found.append(Reopened(there, unit, on, known_day(row["until"]), row["reason"]))
    return tuple(found)


def submitted(db: sqlite3.Connection, number: int, form: str) -> str:
    """Return the submitted report of a closed window as it was kept, as `json` or as `plain`."""
    return str(db.execute("SELECT json, plain FROM submission WHERE id = ?", (number,)).fetchone()[form])


def lines_apart(then: Mapping[str, Any], now: Mapping[str, Any]) -> list[ChangedLine]:
    """Return the differing lines of two reports in `ucli.report/1`, those of predecessors included."""
    before, after = _lines(then), _lines(now)
    return [
        ChangedLine(key[0], one, other)
        for key in dict.fromkeys([*before, *after])
        for one, other in zip_longest(before.get(key, []), after.get(key, []))
        if one != other
    ]


def _lines(report: Mapping[str, Any]) -> dict[tuple[str, int, str | None], list[Said]]:
    """Return the lines of a report by indicator, part and issuer."""
    lines: dict[tuple[str, int, str | None], list[Said]] = {}
    for place, part in enumerate([report, *report.get("parts", [])]):
        for row in part["rows"]:
            issuer = row["issuer"]["code"] if row.get("issuer") else None
            said: Said = {"indicator": row["indicator"]}
            said |= {key: row[it] for key, it in _COMPARED.items() if row.get(it) is not None}
            lines.setdefault((row["indicator"], place, issuer), []).append(said)
    return lines


def _closing_rows(db: sqlite3.Connection, only: str = "1") -> list[sqlite3.Row]:
    """Return the closed windows in the order of their days, with how they were reopened."""
    return db.execute(
        f"SELECT c.*, {first_op('closing', 'c')} AS first_op, r.reason, r.until, o.at AS reopened_at FROM closing c"
        " LEFT JOIN reopening r ON r.closing = c.id LEFT JOIN operation o ON o.number = r.op"
        f" WHERE {only} ORDER BY c.start_day, c.end_day, c.id"
    ).fetchall()
