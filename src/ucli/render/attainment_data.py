"""The attainment table as machines read it: schema `ucli.report/1`, keys only ever added.

`reopened` lists the windows that the report touches which were handed in and take facts again; what was handed in
itself names those of other windows only:

    {"period": {"code": "2024-06", "start": "2024-06-01", "end": "2024-06-30"},
     "unit": {"code": "HH", "name": "…"}, both null for the whole ledger,
     "on": "2025-01-15", "until": null, "reason": "bổ sung"}
"""

from collections.abc import Mapping, Sequence
from datetime import date

from ucli.i18n import chosen
from ucli.render.cells import quotient
from ucli.reports.attainment import Each, Estimate, Report, Row, Table
from ucli.reports.reopened import Reopened
from ucli.values.attainment import Summary
from ucli.values.indicators import RATIO
from ucli.values.periods import Window
from ucli.values.quantities import Quantity, Share, Value

SCHEMA = "ucli.report/1"

# The columns of csv, tsv and ndjson, in their order.
COLUMNS = (
    "unit_code",
    "unit",
    "group",
    "period",
    "as_of",
    "indicator",
    "name",
    "measure",
    "issuer",
    "target",
    "target_kind",
    "target_upper",
    "target_percent",
    "actual",
    "qualifier",
    "numerator",
    "denominator",
    "percent",
    "stated_percent",
    "remaining",
    "status",
    "pace",
    "plan_to_date",
    "allocated",
    "missing",
    "left_out",
    "exact_numerator",
    "exact_denominator",
    "structure",
    "predecessor",
    "stated_on",
    "reason",
    "applies",
    "estimate",
    "estimate_qualifier",
    "estimate_percent",
    "estimate_status",
    "against",
)


def document(report: Report, decimals: int) -> dict[str, object]:
    total = report.total
    whole: dict[str, object] = {
        "schema": SCHEMA,
        "unit": unit_data(total),
        "period": window_data(total),
        "as_of": report.as_of.isoformat(),
        "against": window_data(report.against) if report.against else None,
        "compare": None,  # no other period stands beside it
        "structure": structure_data(report),
        **_body(total, decimals, report.against),
        "reopened": reopened_data(report.reopened),
    }
    if report.groups is not None:
        whole["groups"] = [
            {"unit": unit_data(table), "period": window_data(table), **_body(table, decimals, report.against)}
            for table in report.groups
        ]
    return whole


def reopened_data(reopened: Sequence[Reopened]) -> list[dict[str, object]]:
    return [
        {
            "period": window_data(it),
            "unit": unit_data(it),
            "on": it.on.isoformat(),
            "until": it.until.isoformat() if it.until else None,
            "reason": it.reason,
        }
        for it in reopened
    ]


def tables_of(report: Report) -> list[Table]:
    """Return all tables of a report in the order they are read: groups, total, each with its parts behind it."""
    return [
        it for table in (*(report.groups or []), report.total) for it in (table, *(part.table for part in table.parts))
    ]


def structure_data(report: Report) -> str:
    """Return by whose structure was counted: a day, or that of then."""
    return report.structure.isoformat() if report.structure else "then"


def unit_data(table: Table | Reopened) -> dict[str, object]:
    """Return whose table it is; no one's where it is that of several units."""
    if table.unit is None:
        return {"code": None, "name": None}
    return {"code": table.unit.code, "name": table.unit.name}


def window_data(of: Table | Reopened | Window) -> dict[str, object]:
    """Return a window, or that of a table, by its code and days."""
    window = of if isinstance(of, Window) else of.window
    return {"code": window.code, "start": window.start.isoformat(), "end": window.end.isoformat()}


def summary_data(summary: Summary) -> dict[str, object]:
    """Return how many targets were met, as machines read it."""
    return {
        "targets": summary.targets,
        "met": summary.met,
        "exceeded": summary.exceeded,
        "unmet": summary.unmet,
        "undecided": summary.undecided,
        "no_data": summary.no_data,
    }


def _body(table: Table, decimals: int, against: Window | None) -> dict[str, object]:
    return {
        "rows": [row_data(row, decimals, against) for row in table.rows],
        "summary": summary_data(table.summary),
        "reported": table.reported,
        "expected": table.expected,
        "missing": [unit.code for unit in table.missing],
        "parts": [
            {
                "unit": unit_data(part.table),
                "until": part.until.isoformat() if part.until else None,
                **_body(part.table, decimals, against),
            }
            for part in table.parts
        ],
    }


def row_data(row: Row, decimals: int, against: Window | None = None) -> dict[str, object]:
    """Return one row as machines read it; keys are only ever added."""
    goal = row.target.goal if row.target else None
    value, attained = row.counted.value, row.attainment
    share = value if isinstance(value, Share) else None
    percent = attained.percent
    issuer = row.target.issuer if row.target else None
    plan = attained.plan
    left_out = [figure.id for figure in row.counted.left_out]
    each = row.each
    qualifier = value.qualifier if value and not each else None
    return {
        "indicator": row.indicator.code,
        "name": row.indicator.name(chosen()),
        "measure": row.indicator.measure,
        "issuer": {"code": issuer.code, "name": issuer.name} if issuer else None,
        "target": goal.low if goal else None,
        "target_kind": goal.kind if goal else None,
        "target_upper": goal.high if goal else None,
        "target_percent": f"{goal.percent:f}" if goal and goal.percent is not None else None,
        "actual": _number(value, row, decimals),
        "qualifier": value.qualifier if value else row.counted.stated_qualifier,
        "numerator": share.part if share else each.reached if each else None,
        "denominator": share.whole if share else len(each.units) if each else None,
        "percent": percent.rounded(decimals, qualifier) if percent else None,
        "exact": [percent.numerator, percent.denominator] if percent else None,
        "stated_percent": row.counted.stated_percent,
        "remaining": attained.remaining,
        "status": attained.status,
        "pace": attained.pace,
        "plan_to_date": None if plan is None else quotient(plan.numerator, plan.denominator, 1),
        "allocated": row.allocated,
        "missing": list(row.missing),
        "left_out": left_out,
        "stated_on": row.stated_on,
        "reason": row.reason,
        "applies": row.applies,
        "estimate": _estimate_data(row.estimate, row, decimals) if row.estimate else None,
        "against": window_data(against) if against and row.target else None,
        "compare": None,
        "each": each_data(each) if each else None,
    }


def each_data(each: Each) -> dict[str, object]:
    """Return how many of the units that are each to reach a target did, and the codes of the others."""
    return {
        "reached": each.reached,
        "units": len(each.units),
        "short": [it.code for it in each.short],
        "unknown": [it.code for it in each.unknown],
    }


def _estimate_data(estimate: Estimate, row: Row, decimals: int) -> dict[str, object]:
    value, percent = estimate.value, estimate.attainment.percent
    share = value if isinstance(value, Share) else None
    return {
        "value": _number(value, row, decimals),
        "qualifier": estimate.qualifier,
        "percent": percent.rounded(decimals, estimate.qualifier) if percent else None,
        "status": estimate.attainment.status,
        "numerator": share.part if share else None,
        "denominator": share.whole if share else None,
        "stated_percent": estimate.stated_percent,
    }


def _flat(estimate: Mapping[str, object]) -> object:
    """Return an estimate as one cell: its value, its part and whole, or its percentage."""
    if estimate["denominator"]:
        return f"{estimate['numerator']}/{estimate['denominator']}"
    return f"{estimate['stated_percent']}%" if estimate["stated_percent"] else estimate["value"]


def _number(value: Value | None, row: Row, decimals: int) -> int | float | None:
    """Return the value; of an average the quotient, whole where it is; of a ratio nothing: its parts are there."""
    if isinstance(value, Quantity):
        return value.value
    if value is None or row.indicator.kind == RATIO:
        return None
    whole, rest = divmod(value.part, value.whole)
    return float(quotient(value.part, value.whole, decimals)) if rest else whole


def records(report: Report, decimals: int) -> list[dict[str, object]]:
    """Return all rows with the unit and period they belong to, for formats that have no nesting."""
    tables = tables_of(report)
    parts = {id(part.table) for table in tables for part in table.parts}
    return [
        {
            **record_of(row, table, report.as_of, report.against, decimals),
            "group": table is not report.total,
            "structure": structure_data(report),
            "predecessor": id(table) in parts,
        }
        for table in tables
        for row in table.rows
    ]


def record_of(row: Row, table: Table, as_of: date, against: Window | None, decimals: int) -> dict[str, object]:
    """Return one row of a table with the unit and period it belongs to, each key a plain value."""
    whole = row_data(row, decimals)
    exact = whole.pop("exact")
    estimate = whole.pop("estimate")
    held = {it: estimate[it] if isinstance(estimate, dict) else None for it in ("qualifier", "percent", "status")}
    whole.pop("each")
    whole["against"] = against.code if against and row.target else None
    issuer = row.target.issuer if row.target else None
    whole["issuer"] = issuer.code if issuer else None
    whole["missing"] = " ".join(row.missing)
    whole["left_out"] = " ".join(str(figure.id) for figure in row.counted.left_out)
    return {
        "unit_code": table.unit.code if table.unit else None,
        "unit": table.unit.name if table.unit else None,
        "period": table.window.code,
        "as_of": as_of,
        **whole,
        "estimate": _flat(estimate) if isinstance(estimate, dict) else None,
        **{f"estimate_{key}": value for key, value in held.items()},
        "exact_numerator": exact[0] if isinstance(exact, list) else None,
        "exact_denominator": exact[1] if isinstance(exact, list) else None,
    }
