"""What reports say to machines of units, windows and the like: parts of their JSON, where keys are only ever added."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ucli.render import Record
from ucli.reports.attainment import Each, Report
from ucli.reports.closings import Reopened
from ucli.reports.timeliness import Receipt, Timeliness
from ucli.values.attainment import Summary
from ucli.values.periods import Window
from ucli.values.units import Unit


def unit_data(unit: Unit | None) -> dict[str, Any]:
    """Return a unit; no one where something is that of several."""
    return {"code": unit and unit.code, "name": unit and unit.name}


def window_data(window: Window) -> Record:
    """Return a window by its code and days."""
    return {"code": window.code, "start": window.start.isoformat(), "end": window.end.isoformat()}


def report_data(schema: str, report: Report) -> Record:
    """Return what an answer begins with: of whom it is, over which window, up to which day."""
    whose = {"unit": unit_data(report.total.unit), "period": window_data(report.total.window)}
    return {"schema": schema, **whose, "as_of": report.as_of.isoformat()}


def compared_data(compare: tuple[Window, date] | None) -> Record | None:
    """Return the period that a report is compared with, and the last of its days that counts."""
    return compare and {**window_data(compare[0]), "as_of": compare[1].isoformat()}


def structure_data(day: date | None) -> str:
    """Return by whose structure was counted: a day, or that of then."""
    return day.isoformat() if day else "then"


def reopened_data(reopened: Sequence[Reopened]) -> list[Record]:
    """Return the windows that were handed in and take facts again; what was handed in names only those of others."""
    found: list[Record] = []
    for it in reopened:
        days = {"on": it.on.isoformat(), "until": it.until.isoformat() if it.until else None}
        found.append({"period": window_data(it.window), "unit": unit_data(it.unit), **days, "reason": it.reason})
    return found


def timeliness_data(found: Timeliness | None) -> Record | None:
    """Return the day by which to report, and when each unit did."""
    return found and {"due": found.due.isoformat(), "units": [receipt_data(it) for it in found.receipts]}


def receipt_data(it: Receipt) -> Record:
    """Return what a unit has sent: the day on which the last figure came in, and how late that was."""
    said: Record = {"code": it.unit.code, "unit": it.unit.name, "figures": it.figures}
    return {**said, "received": it.received, "standing": it.standing, "days_late": it.days_late}


def summary_data(summary: Summary) -> Record:
    """Return how many targets were met."""
    return {key: number for key, number in summary._asdict().items() if key != "printed"}


def each_data(each: Each) -> Record:
    """Return how many of the units that are each to reach a target did, and the codes of the others."""
    return {
        "reached": each.reached,
        "units": len(each.units),
        "short": [it.code for it in each.short],
        "unknown": [it.code for it in each.unknown],
    }
