"""What reports say to machines: their rows, and of what those are; keys are only ever added.

JSON nests; a format of lines has a text in place of each list, and a key of its own for what stands inside another.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ucli.render import Record
from ucli.render.cells import quotient
from ucli.reports.attainment import Each, Report, Row, Table
from ucli.reports.closings import Reopened
from ucli.reports.registers import SECTOR
from ucli.reports.timeliness import Receipt, Timeliness
from ucli.values.attainment import Summary, rounded
from ucli.values.indicators import RATIO, Indicator
from ucli.values.periods import Window
from ucli.values.quantities import Quantity, Share, Value
from ucli.values.units import Unit


def unit_data(unit: Unit | None) -> dict[str, Any]:
    """Return a unit for JSON; None for several units together."""
    return {"code": unit and unit.code, "name": unit and unit.name}


def window_data(window: Window) -> Record:
    """Return a window for JSON: its code and days."""
    return {"code": window.code, "start": window.start.isoformat(), "end": window.end.isoformat()}


def report_data(schema: str, report: Report) -> Record:
    """Return the beginning of an answer: unit, window, last day."""
    whose = {"unit": unit_data(report.total.unit), "period": window_data(report.total.window)}
    return {"schema": schema, **whose, "as_of": report.as_of.isoformat()}


def compared_data(compare: tuple[Window, date] | None) -> Record | None:
    """Return the period that a report is compared with, and its last day that counts."""
    return compare and {**window_data(compare[0]), "as_of": compare[1].isoformat()}


def structure_data(day: date | None) -> str:
    """Return the organisation used: a day, or “then”."""
    return day.isoformat() if day else "then"


def reopened_data(reopened: Sequence[Reopened]) -> list[Record]:
    """Return the reopened windows; a submitted report names only those of others."""
    found: list[Record] = []
    for it in reopened:
        days = {"on": it.on.isoformat(), "until": it.until.isoformat() if it.until else None}
        found.append({"period": window_data(it.window), "unit": unit_data(it.unit), **days, "reason": it.reason})
    return found


def timeliness_data(found: Timeliness | None) -> Record | None:
    """Return the due date, and when each unit reported."""
    return found and {"due": found.due.isoformat(), "units": [receipt_data(it) for it in found.receipts]}


def receipt_data(it: Receipt) -> Record:
    """Return when a unit's last figure was received, and how late that was."""
    said: Record = {"code": it.unit.code, "unit": it.unit.name, "figures": it.figures}
    return {**said, "received": it.received, "standing": it.standing, "days_late": it.days_late}


def summary_data(summary: Summary) -> Record:
    """Return how many targets were met."""
    return {key: number for key, number in summary._asdict().items() if key != "printed"}


def each_data(each: Each) -> Record:
    """Return how many units reached a target for each, and the codes of the others."""
    return {
        "reached": each.reached,
        "units": len(each.units),
        "short": [it.code for it in each.short],
        "unknown": [it.code for it in each.unknown],
    }


def document_data(report: Report, decimals: int) -> Record:
    """Return a report as JSON has it, of the schema `ucli.report/1`."""
    document: Record = {
        **report_data("ucli.report/1", report),
        "against": window_data(report.against) if report.against else None,
        "compare": compared_data(report.compare),
        "structure": structure_data(report.structure),
        **_table_data(report.total, report, decimals),
        "awards": [{key: it[key] for key in ("title", "unit", "personal", "period")} for it in report.awards],
        "only": {"sector" if by == SECTOR else by: [*among] for by, among in report.only.items()},
        "timeliness": timeliness_data(report.timeliness),
        "reopened": reopened_data(report.reopened),
        "unsent": [*report.unsent],
    }
    if report.groups is not None:
        document["groups"] = [
            {"unit": unit_data(it.unit), "period": window_data(it.window), **_table_data(it, report, decimals)}
            for it in report.groups
        ]
    return document


def _table_data(table: Table, report: Report, decimals: int) -> Record:
    return {
        "rows": [row_data(row, report, decimals) for row in table.rows],
        "summary": summary_data(table.summary),
        "reported": table.reported,
        "expected": table.expected,
        "missing": [unit.code for unit in table.missing],
        "parts": [
            {
                "unit": unit_data(it.table.unit),
                "until": it.until and it.until.isoformat(),
                **_table_data(it.table, report, decimals),
            }
            for it in table.parts
        ],
    }


# The columns of a row in a format of lines, and those of a comparison behind them.
FLAT = (
    "unit_code", "unit", "group", "period", "as_of", "indicator", "name", "measure", "issuer", "target", "target_kind",
    "target_upper", "target_percent", "actual", "qualifier", "numerator", "denominator", "percent", "stated_percent",
    "remaining", "status", "pace", "plan_to_date", "allocated", "missing", "left_out", "exact_numerator",
    "exact_denominator", "structure", "predecessor", "stated_on", "days_late", "reason", "applies", "estimate",
    "estimate_qualifier", "estimate_percent", "estimate_status", "against",
)  # fmt: skip
COMPARED = ("compare_actual", "compare_qualifier", "compare_numerator", "compare_denominator", "change",
            "change_qualifier", "change_percent", "change_reason")  # fmt: skip
RESULT = FLAT[FLAT.index("issuer") : FLAT.index("status") + 1]  # what was to be reached and what was


def flat_data(row: Row, table: Table, report: Report, decimals: int) -> Record:
    """Return a row of a table as a format of lines has it, by `FLAT` and `COMPARED`."""
    found = row_data(row, report, decimals)
    exact, estimate, then = found["exact"] or (None, None), found["estimate"] or {}, found["compare"] or {}
    return {
        **found,
        "unit_code": table.unit and table.unit.code,
        "unit": table.unit and table.unit.name,
        "group": table is not report.total,
        "period": table.window.code,
        "as_of": report.as_of,
        "issuer": row.issuer and row.issuer.code,
        "missing": " ".join(it.code for it in row.missing),
        "left_out": " ".join(map(str, found["left_out"])),
        "exact_numerator": exact[0],
        "exact_denominator": exact[1],
        "structure": structure_data(report.structure),
        "predecessor": table.is_part,
        "estimate": _in_one(row),
        **{f"estimate_{key}": estimate.get(key) for key in ("qualifier", "percent", "status")},
        "against": found["against"] and found["against"]["code"],
        **{key: then.get(key.removeprefix("compare_")) for key in COMPARED},
        "change_reason": then.get("reason"),
    }


def row_data(row: Row, report: Report, decimals: int) -> dict[str, Any]:
    """Return a row for JSON."""
    goal, percent, plan = row.goal, row.attainment.percent, row.attainment.plan
    part, whole = part_and_whole(row)
    return {
        "indicator": row.indicator.code,
        "name": row.name,
        "measure": row.indicator.measure,
        "issuer": row.issuer and unit_data(row.issuer),
        "target": goal and goal.low,
        "target_kind": goal and goal.kind,
        "target_upper": goal and goal.high,
        "target_percent": f"{goal.percent:f}" if goal and goal.percent is not None else None,
        "actual": _value_data(row.indicator, row.value, decimals),
        "qualifier": row.hedge if row.value else row.counted.stated_qualifier,
        "numerator": part,
        "denominator": whole,
        "percent": percent_of_target(row, decimals),
        "exact": percent and [percent.numerator, percent.denominator],
        "stated_percent": row.counted.stated_percent,
        "remaining": row.attainment.remaining,
        "status": row.attainment.status,
        "pace": row.attainment.pace,
        "plan_to_date": None if plan is None else quotient(plan.numerator, plan.denominator, 1),
        "allocated": row.allocated,
        "missing": [it.code for it in row.missing],
        "left_out": [figure.id for figure in row.counted.left_out],
        "stated_on": row.stated_on,
        "days_late": row.days_late,
        "reason": row.reason,
        "applies": row.applies,
        "estimate": _estimate_data(row, decimals),
        "against": window_data(report.against) if report.against and row.target else None,
        "compare": _comparison_data(row, decimals),
        "each": row.each and each_data(row.each),
        "unvalued": row.counted.unvalued if row.indicator.is_money else 0,
    }


def percent_of_target(row: Row, decimals: int) -> str | None:
    """Return attainment rounded as a table prints it; None if there is no percentage."""
    percent = row.attainment.percent
    return percent.rounded(decimals, None if row.each else row.hedge) if percent else None


def part_and_whole(row: Row) -> tuple[int | None, int | None]:
    """Return the part and whole of a share, or of the units that each have to reach a target."""
    if isinstance(row.value, Share):
        return row.value.part, row.value.whole
    return (row.each.reached, len(row.each.units)) if row.each else (None, None)


def _value_data(indicator: Indicator, value: Value | None, decimals: int) -> int | float | None:
    """Return a value; of an average the quotient, whole where it is; of a ratio nothing: its parts are there."""
    if isinstance(value, Quantity):
        return value.value
    if value is None or indicator.kind == RATIO:
        return None
    whole, rest = divmod(value.part, value.whole)
    return float(quotient(value.part, value.whole, decimals)) if rest else whole


def _estimate_data(row: Row, decimals: int) -> Record | None:
    if (estimate := row.estimate) is None:
        return None
    share, percent = estimate.value if isinstance(estimate.value, Share) else None, estimate.attainment.percent
    return {
        "value": _value_data(row.indicator, estimate.value, decimals),
        "qualifier": estimate.qualifier,
        "percent": percent and percent.rounded(decimals, estimate.qualifier),
        "status": estimate.attainment.status,
        "numerator": share and share.part,
        "denominator": share and share.whole,
        "stated_percent": estimate.stated_percent,
    }


def _in_one(row: Row) -> object:
    """Return an estimate as one value: a number, 5/6, or 90%."""
    if row.estimate and row.estimate.stated_percent:
        return f"{row.estimate.stated_percent}%"
    return raw(row.estimate and row.estimate.value)


def raw(value: Value | None) -> object:
    """Return a value as one cell: a number, or 5/6."""
    return f"{value.part}/{value.whole}" if isinstance(value, Share) else value and value.value


def _comparison_data(row: Row, decimals: int) -> Record | None:
    """Return the comparison of a row for machines; the change of a ratio is in percentage points."""
    if row.compared is None:
        return None
    then, change, _window = row.compared
    part, whole = part_and_whole(then)
    difference: int | float | None = None
    if change.difference is not None:
        exact = rounded(
            *change.difference.as_integer_ratio(), decimals if row.indicator.is_share else 0, change.qualifier
        )
        difference = int(exact) if exact == exact.to_integral_value() else float(exact)
    percent: str | None = None
    if change.percent is not None:
        percent = f"{rounded(*change.percent.as_integer_ratio(), decimals, change.qualifier):f}"
    return {
        "actual": _value_data(then.indicator, then.value, decimals),
        "qualifier": then.hedge,
        "numerator": part,
        "denominator": whole,
        "change": difference,
        "change_qualifier": change.qualifier,
        "change_percent": percent,
        "reason": change.reason,
    }
