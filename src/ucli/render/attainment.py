"""The attainment table as people read it and as machines do (schema `ucli.report/1`)."""

from ucli.domain.attainment import NO_DATA, Summary
from ucli.domain.indicators import RATIO
from ucli.domain.quantities import Quantity, Share
from ucli.language import _, chosen
from ucli.render import Sheet
from ucli.render.cells import (
    NOTHING,
    SIGNS,
    Status,
    average_text,
    harmless,
    percent_text,
    quotient,
    remaining_text,
    share_text,
    text_of,
)
from ucli.render.words import word
from ucli.reports.attainment import Report, Row, Table
from ucli.reports.figures import Figure
from ucli.vietnamese.dates import date_text
from ucli.vietnamese.numbers import grouped, money_text

SCHEMA = "ucli.report/1"

_NAMES_SHOWN = 20


def attainment_sheet(report: Report, *, decimals: int, money: str = "đồng") -> Sheet:
    """Return a report as a sheet.

    Args:
        report: the tables.
        decimals: how many digits a percentage has behind the comma.
        money: the unit in which people read amounts: đồng, triệu or tỷ; machines always read đồng.

    """
    tables = [*report.groups, report.total] if report.groups else [report.total]
    by_time = any(table.window != report.total.window for table in report.groups)
    with_issuer = any(row.target and row.target.issuer for table in tables for row in table.rows)
    with_pace = any(row.attainment.pace for table in tables for row in table.rows)
    headings = [_("Unit")] if report.groups else []
    headings += [_("Indicator"), _("Measure")] + ([_("Issuer")] if with_issuer else [])
    headings += [_("Target"), _("Actual"), _("Attained"), _("Remaining"), _("Status")]
    headings += [_("Plan to date"), _("Pace")] if with_pace else []
    rows = [
        ([_label(table, report, by_time=by_time)] if report.groups else [])
        + _cells(row, decimals, money, with_issuer=with_issuer, with_pace=with_pace)
        for table in tables
        for row in table.rows
    ]
    return Sheet(
        headings=headings,
        rows=rows,
        records=[_record(row, table, report, decimals) for table in tables for row in table.rows],
        title=_title(report),
        notes=_notes(report, by_time=by_time),
        document=_document(report, decimals),
    )


def _title(report: Report) -> str:
    table = report.total
    name = harmless(table.unit.name) if table.unit else _("All units together")
    return _("{unit} — {period}, figures to {day}").format(
        unit=name, period=table.window.text(), day=date_text(report.as_of)
    )


def _label(table: Table, report: Report, *, by_time: bool) -> str:
    if table is report.total:
        return _("Total")
    return table.window.code if by_time else (table.unit.name if table.unit else NOTHING)


def _cells(row: Row, decimals: int, money: str, *, with_issuer: bool, with_pace: bool) -> list[object]:
    attained = row.attainment
    cells: list[object] = [row.indicator.name(chosen()), row.indicator.measure]
    if with_issuer:
        cells.append(row.target.issuer.name if row.target and row.target.issuer else None)
    cells += [
        _target_text(row, money),
        _actual_text(row, decimals, money),
        _percent_text(row, decimals),
        _remaining_text(row, money),
        Status(word(attained.status), attained.status),
    ]
    if with_pace:
        cells += [None if attained.plan is None else _plan_text(row, money), attained.pace and Status(word(attained.pace), attained.pace)]
    return cells


def _target_text(row: Row, money: str) -> str | None:
    if row.target is None:
        return None
    goal = row.target.goal
    if row.indicator.is_money and goal.low is not None and goal.kind != "range":
        return f"{'≤ ' if goal.kind == 'at-most' else ''}{money_text(goal.low, money)}"
    return goal.text()


def _actual_text(row: Row, decimals: int, money: str) -> str | None:
    value = row.counted.value
    if value is None:
        return None
    if isinstance(value, Share):
        text = (share_text if row.indicator.kind == RATIO else average_text)(value, decimals)
    elif row.indicator.is_money:
        text = SIGNS[value.qualifier] + money_text(value.value, money)
    else:
        text = text_of(value)
    return f"{text}*" if row.missing else text


def _percent_text(row: Row, decimals: int) -> str | None:
    percent = row.attainment.percent
    if percent is not None:
        return percent_text(percent.rounded(decimals), _qualifier(row))
    if row.counted.stated_percent:
        stated = percent_text(row.counted.stated_percent, row.counted.stated_qualifier)
        return _("{percent} (as stated)").format(percent=stated)
    return None


def _remaining_text(row: Row, money: str) -> str:
    remaining = row.attainment.remaining
    if remaining is not None and row.indicator.is_money and money != "đồng":
        return money_text(remaining, money)
    return remaining_text(remaining, _qualifier(row))


def _plan_text(row: Row, money: str) -> str:
    plan = row.attainment.plan
    assert plan is not None  # noqa: S101  asked only of rows that have one
    if row.indicator.is_money:
        return money_text(plan.__floor__(), money)
    return percent_text(quotient(plan.numerator, plan.denominator, 1)).removesuffix("%")


def _qualifier(row: Row) -> str | None:
    return row.counted.value.qualifier if row.counted.value else None


def _notes(report: Report, *, by_time: bool) -> list[str]:
    table = report.total
    notes = [_summary_text(table.summary)] if table.summary.targets else []
    for other in report.groups:
        if other.summary.targets:
            label = _label(other, report, by_time=by_time)
            notes.append(f"  {harmless(label)}: {_summary_text(other.summary)}")
    if not table.rows:
        notes.append(_("Nothing is recorded and no target is set for this period."))
    notes += _reporting_notes(table)
    for row in table.rows:
        notes += _row_notes(row)
    if any(_qualifier(row) == "at-least" for row in table.rows):
        notes.append(_("≥: a source says “more than”; the sums and percentages that hold it are at least that much."))
    if any(row.missing for row in table.rows):
        notes.append(_("*: the sum lacks units that have not reported this indicator."))
    return notes


def _summary_text(summary: Summary) -> str:
    text = _("{met}/{targets} targets met or exceeded").format(met=summary.met, targets=summary.targets)
    details = [
        (_("{n} exceeded"), summary.exceeded),
        (_("{n} not met"), summary.unmet),
        (_("{n} undecided"), summary.undecided),
        (_("{n} without data"), summary.no_data),
    ]
    told = ", ".join(sentence.format(n=number) for sentence, number in details if number)
    return f"{text} ({told})." if told else f"{text}."


def _reporting_notes(table: Table) -> list[str]:
    if not table.expected:
        return []
    note = _("{reported}/{expected} units have reported.").format(reported=table.reported, expected=table.expected)
    if table.missing:
        names = ", ".join(harmless(node.name) for node in table.missing[:_NAMES_SHOWN])
        more = f" … (+{len(table.missing) - _NAMES_SHOWN})" if len(table.missing) > _NAMES_SHOWN else ""
        note += " " + _("Not yet: {names}.").format(names=names + more)
    return [note]


def _row_notes(row: Row) -> list[str]:
    name = row.indicator.name(chosen())
    notes = []
    for figure in row.counted.stated:
        below = row.counted.collected.get(figure.id)
        if below is not None and (below.__class__, _plain(below)) != (figure.value.__class__, _plain(figure.value)):
            notes.append(
                _("{name}: stated {stated}, collected from below {below} (figure {number}).").format(
                    name=name, stated=text_of(figure.value), below=text_of(below), number=figure.id
                )
            )
    notes += [_left_out_text(name, figure) for figure in row.counted.left_out[:5]]
    if row.allocated is not None and row.target and row.target.goal.low is not None:
        notes.append(
            _("{name}: assigned {assigned}, allocated {allocated}, difference {difference}.").format(
                name=name,
                assigned=grouped(row.target.goal.low),
                allocated=grouped(row.allocated),
                difference=grouped(row.target.goal.low - row.allocated),
            )
        )
    return notes


def _left_out_text(name: str, figure: Figure) -> str:
    stated = text_of(figure.value) if figure.value else f"{figure.stated_percent}%"
    return _("{name}: left out {stated}, stated for {period} (figure {number}): not inside this period.").format(
        name=name, stated=stated, period=figure.window.text(), number=figure.id
    )


def _plain(value: Quantity | Share | None) -> tuple[int, ...]:
    if isinstance(value, Quantity):
        return (value.value,)
    return (value.part, value.whole) if value else ()


def _document(report: Report, decimals: int) -> dict[str, object]:
    total = report.total
    document: dict[str, object] = {
        "schema": SCHEMA,
        "unit": _unit(total),
        "period": _period(total),
        "as_of": report.as_of.isoformat(),
        **_body(total, decimals),
    }
    if report.groups:
        document["groups"] = [
            {"unit": _unit(table), "period": _period(table), **_body(table, decimals)} for table in report.groups
        ]
    return document


def _unit(table: Table) -> dict[str, object]:
    if table.unit is None:
        return {"code": None, "name": None}
    return {"code": table.unit.code, "name": table.unit.name}


def _period(table: Table) -> dict[str, object]:
    return {
        "code": table.window.code,
        "start": table.window.start.isoformat(),
        "end": table.window.end.isoformat(),
    }


def _body(table: Table, decimals: int) -> dict[str, object]:
    summary = table.summary
    return {
        "rows": [row_object(row, decimals) for row in table.rows],
        "summary": {
            "targets": summary.targets,
            "met": summary.met,
            "exceeded": summary.exceeded,
            "unmet": summary.unmet,
            "undecided": summary.undecided,
            "no_data": summary.no_data,
        },
        "reported": table.reported,
        "expected": table.expected,
        "missing": [node.code for node in table.missing],
    }


def row_object(row: Row, decimals: int) -> dict[str, object]:
    """Return one row as machines read it; keys are only ever added."""
    goal = row.target.goal if row.target else None
    value, attained = row.counted.value, row.attainment
    share = value if isinstance(value, Share) else None
    percent = attained.percent
    issuer = row.target.issuer if row.target else None
    plan = attained.plan
    left_out = [figure.id for figure in row.counted.left_out]
    return {
        "indicator": row.indicator.code,
        "name": row.indicator.name(chosen()),
        "measure": row.indicator.measure,
        "issuer": {"code": issuer.code, "name": issuer.name} if issuer else None,
        "target": goal.low if goal else None,
        "target_kind": goal.kind if goal else None,
        "target_upper": goal.high if goal else None,
        "target_percent": f"{goal.percent:f}" if goal and goal.percent is not None else None,
        "actual": value.value if isinstance(value, Quantity) else None,
        "qualifier": value.qualifier if value else row.counted.stated_qualifier,
        "numerator": share.part if share else None,
        "denominator": share.whole if share else None,
        "percent": percent.rounded(decimals) if percent else None,
        "exact": [percent.numerator, percent.denominator] if percent else None,
        "stated_percent": row.counted.stated_percent,
        "remaining": attained.remaining,
        "status": attained.status,
        "pace": attained.pace,
        "plan_to_date": None if plan is None else quotient(plan.numerator, plan.denominator, 1),
        "allocated": row.allocated,
        "missing": list(row.missing),
        "left_out": left_out,
    }


def _record(row: Row, table: Table, report: Report, decimals: int) -> dict[str, object]:
    """Return one row with the unit and period it belongs to, for formats that have no nesting."""
    whole = row_object(row, decimals)
    exact = whole.pop("exact")
    issuer = row.target.issuer if row.target else None
    whole["issuer"] = issuer.code if issuer else None
    whole["missing"] = " ".join(row.missing)
    whole["left_out"] = " ".join(str(figure.id) for figure in row.counted.left_out)
    return {
        "unit_code": table.unit.code if table.unit else None,
        "unit": table.unit.name if table.unit else None,
        "group": table is not report.total,
        "period": table.window.code,
        "as_of": report.as_of,
        **whole,
        "exact_numerator": exact[0] if isinstance(exact, list) else None,
        "exact_denominator": exact[1] if isinstance(exact, list) else None,
    }


def has_gaps(report: Report) -> bool:
    """Tell whether a total lacks anything: a unit that has not reported, or a row without data."""
    return bool(report.total.missing) or any(
        row.missing or row.attainment.status == NO_DATA for row in report.total.rows
    )
