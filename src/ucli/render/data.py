"""Reports as machines read them: the attainment table is schema `ucli.report/1`, keys only ever added."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ucli.render import Record
from ucli.render.cells import quotient
from ucli.reports.attainment import Each, Report, Row, Table
from ucli.reports.closings import Reopened
from ucli.values.attainment import Summary
from ucli.values.indicators import RATIO
from ucli.values.periods import Window
from ucli.values.quantities import Quantity, Share, Value
from ucli.values.units import Unit

# The columns of csv, tsv and ndjson, in their order.
COLUMNS = (
    *("unit_code", "unit", "group", "period", "as_of", "indicator", "name", "measure", "issuer"),
    *("target", "target_kind", "target_upper", "target_percent", "actual", "qualifier", "numerator", "denominator"),
    *("percent", "stated_percent", "remaining", "status", "pace", "plan_to_date", "allocated", "missing", "left_out"),
    *("exact_numerator", "exact_denominator", "structure", "predecessor", "stated_on", "reason", "applies"),
    *("estimate", "estimate_qualifier", "estimate_percent", "estimate_status", "against"),
)


def unit_data(unit: Unit | None) -> dict[str, Any]:
    """Return a unit; no one where something is that of several."""
    return {"code": unit and unit.code, "name": unit and unit.name}


def window_data(window: Window) -> Record:
    """Return a window by its code and days."""
    return {"code": window.code, "start": window.start.isoformat(), "end": window.end.isoformat()}


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


def document(report: Report, decimals: int) -> Record:
    whole: Record = {
        "schema": "ucli.report/1",
        "unit": unit_data(report.total.unit),
        "period": window_data(report.total.window),
        "as_of": report.as_of.isoformat(),
        "against": window_data(report.against) if report.against else None,
        "compare": None,  # no other period stands beside it
        "structure": structure_data(report.structure),
        **_body(report.total, decimals, report.against),
        "reopened": reopened_data(report.reopened),
    }
    if report.groups is not None:
        whole["groups"] = [
            _body(it, decimals, report.against, unit=unit_data(it.unit), period=window_data(it.window))
            for it in report.groups
        ]
    return whole


def _body(table: Table, decimals: int, against: Window | None, **about: object) -> Record:
    return {
        **about,
        "rows": [row_data(row, decimals, against) for row in table.rows],
        "summary": summary_data(table.summary),
        "reported": table.reported,
        "expected": table.expected,
        "missing": [unit.code for unit in table.missing],
        "parts": [
            _body(it.table, decimals, against, unit=unit_data(it.table.unit), until=it.until and it.until.isoformat())
            for it in table.parts
        ],
    }


def row_data(row: Row, decimals: int, against: Window | None = None) -> dict[str, Any]:
    """Return one row; keys are only ever added."""
    goal, each, percent, plan = row.goal, row.each, row.attainment.percent, row.attainment.plan
    part, whole = _part_and_whole(row.value)
    return {
        "indicator": row.indicator.code,
        "name": row.name,
        "measure": row.indicator.measure,
        "issuer": row.issuer and unit_data(row.issuer),
        "target": goal and goal.low,
        "target_kind": goal and goal.kind,
        "target_upper": goal and goal.high,
        "target_percent": f"{goal.percent:f}" if goal and goal.percent is not None else None,
        "actual": _number(row.value, row, decimals),
        "qualifier": row.hedge if row.value else row.counted.stated_qualifier,
        "numerator": each.reached if each and part is None else part,
        "denominator": len(each.units) if each and part is None else whole,
        "percent": percent and percent.rounded(decimals, None if each else row.hedge),
        "exact": percent and [percent.numerator, percent.denominator],
        "stated_percent": row.counted.stated_percent,
        "remaining": row.attainment.remaining,
        "status": row.attainment.status,
        "pace": row.attainment.pace,
        "plan_to_date": None if plan is None else quotient(plan.numerator, plan.denominator, 1),
        "allocated": row.allocated,
        "missing": list(row.missing),
        "left_out": [figure.id for figure in row.counted.left_out],
        "stated_on": row.stated_on,
        "reason": row.reason,
        "applies": row.applies,
        "estimate": _estimate_data(row, decimals),
        "against": window_data(against) if against and row.target else None,
        "compare": None,
        "each": each and each_data(each),
    }


def _estimate_data(row: Row, decimals: int) -> Record | None:
    if (estimate := row.estimate) is None:
        return None
    percent = estimate.attainment.percent
    part, whole = _part_and_whole(estimate.value)
    return {
        "value": _number(estimate.value, row, decimals),
        "qualifier": estimate.qualifier,
        "percent": percent and percent.rounded(decimals, estimate.qualifier),
        "status": estimate.attainment.status,
        "numerator": part,
        "denominator": whole,
        "stated_percent": estimate.stated_percent,
    }


def _part_and_whole(value: Value | None) -> tuple[int, int] | tuple[None, None]:
    return (value.part, value.whole) if isinstance(value, Share) else (None, None)


def _number(value: Value | None, row: Row, decimals: int) -> int | float | None:
    """Return the value; of an average the quotient, whole where it is; of a ratio nothing: its parts are there."""
    if isinstance(value, Quantity):
        return value.value
    if value is None or row.indicator.kind == RATIO:
        return None
    whole, rest = divmod(value.part, value.whole)
    return float(quotient(value.part, value.whole, decimals)) if rest else whole


def tables_of(report: Report) -> Iterator[tuple[Table, bool]]:
    """Yield all tables in the order they are read, each with whether it is a part: groups, total, behind each its."""
    for table in (*(report.groups or []), report.total):
        yield table, False
        yield from ((part.table, True) for part in table.parts)


def records(report: Report, decimals: int) -> Iterator[Record]:
    """Yield all rows with the unit and period they belong to, for formats that have no nesting."""
    for table, is_part in tables_of(report):
        known = {"group": table is not report.total, "structure": structure_data(report.structure)}
        for row in table.rows:
            yield {**record_of(row, table, report.as_of, report.against, decimals), **known, "predecessor": is_part}


def record_of(row: Row, table: Table, as_of: date, against: Window | None, decimals: int) -> Record:
    """Return one row of a table with the unit and period it belongs to, each key a plain value."""
    whole, unit = row_data(row, decimals, against), unit_data(table.unit)
    exact, estimate = whole["exact"] or (None, None), whole["estimate"] or {}
    expected = estimate.get("value")
    if estimate.get("denominator"):
        expected = f"{estimate['numerator']}/{estimate['denominator']}"
    elif estimate.get("stated_percent"):
        expected = f"{estimate['stated_percent']}%"
    return {
        "unit_code": unit["code"],
        "unit": unit["name"],
        "period": table.window.code,
        "as_of": as_of,
        **{key: flat(value) for key, value in whole.items() if key not in ("exact", "estimate", "each")},
        "estimate": expected,
        **{f"estimate_{key}": estimate.get(key) for key in ("qualifier", "percent", "status")},
        "exact_numerator": exact[0],
        "exact_denominator": exact[1],
    }


def flat(value: object) -> object:
    """Return a unit or window as its code, a list as one text."""
    if isinstance(value, dict):
        return value["code"]
    return " ".join(map(str, value)) if isinstance(value, list) else value
