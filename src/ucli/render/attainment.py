"""The attainment table as people read it."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor

from ucli.i18n import _, chosen
from ucli.render import Chart, Records, Sheet
from ucli.render.attainment_data import COLUMNS, document, records, tables_of
from ucli.render.attainment_notes import notes_of, reopened_notes, stale_mark
from ucli.render.cells import (
    NOTHING,
    Attained,
    Measured,
    Status,
    average_text,
    measure_text,
    money_cell,
    percent_text,
    quotient,
    remaining_cell,
    remaining_sign,
    share_text,
)
from ucli.render.labels import period_in_prose, word
from ucli.reports.attainment import Report, Row
from ucli.sanitize import sanitize
from ucli.values.attainment import NO_TARGET, UNMET, Percent
from ucli.values.dates import date_text
from ucli.values.indicators import AVERAGE, MONEY, RATIO
from ucli.values.numbers import MONEY_UNITS
from ucli.values.periods import Window
from ucli.values.quantities import AT_LEAST, BELOW, NOT_APPLICABLE, SIGNS, Quantity, Share
from ucli.values.targets import AT_MOST


def attainment_sheet(report: Report, *, decimals: int, money: str = "đồng") -> Sheet:
    """Return a report as a sheet.

    Args:
        report: the tables.
        decimals: how many digits a percentage has behind the comma.
        money: the unit in which people read amounts: đồng, triệu or tỷ; machines always read đồng.

    """
    groups = report.groups or []
    tables = tables_of(report)
    labels = _labels(report)
    by_time = any(table.window != report.total.window for table in groups)
    with_issuer = any(row.target and row.target.issuer for table in tables for row in table.rows)
    with_estimate = any(row.estimate for table in tables for row in table.rows)
    with_pace = any(row.attainment.pace for table in tables for row in table.rows)
    headings = [_("Period") if by_time else _("Unit")] if labels else []
    headings += [_("Indicator"), _("Measure")] + ([_("Issuer")] if with_issuer else [])
    estimate, estimated = ([_("Estimate")], [_("Estimate attains")]) if with_estimate else ([], [])
    headings += [
        target_heading(report.against),
        _("Actual"),
        *estimate,
        _("Attained"),
        *estimated,
        _("Remaining"),
        _("Status"),
    ]
    headings += [_("Plan to date"), _("Pace")] if with_pace else []
    rows = [
        ([labels[id(table)]] if labels else [])
        + cells_of(
            row,
            decimals,
            money,
            with_issuer=with_issuer,
            with_estimate=with_estimate,
            with_pace=with_pace,
            open_window=report.open,
        )
        for table in tables
        for row in table.rows
    ]
    return Sheet(
        headings=headings,
        rows=rows,
        records=Records(partial(records, report, decimals)),
        columns=list(COLUMNS),
        title=title_of(report),
        notes=notes_of(report, labels, money),
        document=partial(document, report, decimals),
        draw=partial(_chart, report, labels),
        totals=sum(len(it.rows) for it in tables_of(report._replace(groups=None))) if groups else 0,
        day=report.as_of,
        prose=_prose(report, labels, decimals, money),
        caveats=reopened_notes(report.reopened),
    )


def _chart(report: Report, labels: dict[int, str]) -> Chart | None:
    from ucli.render.attainment_chart import chart_of  # noqa: PLC0415  most formats do without

    return chart_of(report, labels)


def _prose(report: Report, labels: dict[int, str], decimals: int, money: str) -> Iterator[str]:
    from ucli.render.prose import paragraphs  # noqa: PLC0415  most formats do without

    yield from paragraphs(report, tables_of(report), labels, decimals, money)


def title_of(report: Report) -> str:
    """Say whose report it is, over which window, up to which day."""
    table = report.total
    name = sanitize(table.unit.name) if table.unit else _("All units together")
    if report.as_of < table.window.start:
        return f"{name} — {table.window.text()}"
    title = _("{unit} — {period}, figures to {day}").format(
        unit=name, period=table.window.text(), day=date_text(report.as_of)
    )
    if report.against is None:
        return title
    return _("{title}, against the targets of {whole}").format(title=title, whole=period_in_prose(report.against))


def target_heading(against: Window | None) -> str:
    """Return the heading of targets: of which period, where that is not the report's."""
    return _("Target of {period}").format(period=period_in_prose(against)) if against else _("Target")


def _labels(report: Report) -> dict[int, str]:
    """Return what each table is called in the first column, by its identity; nothing where there is only one."""
    total = report.total
    if not report.groups and not total.parts:
        return {}
    labels = {}
    for table in report.groups or []:
        by_time = table.window != total.window
        labels[id(table)] = table.window.code if by_time else (table.unit.name if table.unit else NOTHING)
    # A unit beside what others did before they were merged into it is no total of them.
    alone = report.structure is None and not report.groups and total.unit
    labels[id(total)] = alone.name if alone else _("Total")
    for part in (part for table in (*(report.groups or []), total) for part in table.parts):
        name = part.table.unit.name if part.table.unit else NOTHING
        if report.structure is None and part.until:
            label = _("{unit} (until it was merged on {day})").format(unit=name, day=date_text(part.until))
        elif part.until:
            label = _("of which {unit}, until {day}").format(unit=name, day=date_text(part.until))
        else:
            label = _("of which {unit}, as it was").format(unit=name)
        labels[id(part.table)] = label
    return labels


def cells_of(
    row: Row,
    decimals: int,
    money: str,
    *,
    with_issuer: bool,
    with_pace: bool,
    open_window: bool,
    with_estimate: bool = False,
) -> list[object]:
    attained = row.attainment
    cells: list[object] = [row.indicator.name(chosen()), measure_text(row.indicator, money)]
    if with_issuer:
        cells.append(row.target.issuer.name if row.target and row.target.issuer else None)
    cells += [
        _target_cell(row, money),
        _actual_cell(row, decimals, money),
        *([_estimate_cell(row, decimals, money)] if with_estimate else []),
        _percent_cell(row, decimals),
        *([_estimated_percent(row, decimals)] if with_estimate else []),
        _remaining_cell(row, money),
        _status_cell(row, open_window=open_window),
    ]
    if with_pace:
        pace = Status(word(attained.pace), attained.pace) if attained.pace else None
        cells += [None if attained.plan is None else _plan_cell(row, money), pace]
    return cells


def _status_cell(row: Row, *, open_window: bool) -> object:
    """Return the status in words; a target whose window is still open is not yet missed."""
    status = row.attainment.status
    if status == NO_TARGET:
        return None
    if not row.applies:
        return word(NOT_APPLICABLE)
    if row.is_only_printed:
        return _("as stated") if row.counted.stated_percent else _("percentages only")
    if status == UNMET and open_window and not _is_broken(row):
        return Status(_("under way"), "under-way")
    return Status(word(status), status)


def _is_broken(row: Row) -> bool:
    """Tell whether a sum over days, which has a plan to date, is above what it may be at most: it stays so."""
    return row.attainment.plan is not None and row.target is not None and row.target.goal.kind == AT_MOST


def _target_cell(row: Row, money: str) -> str | None:
    """Return a target as it was set: 1.720, ≥ 1.500, > 74, ≤ 5, 2.000–2.500, each ≥ 1."""
    if row.target is None:
        return None
    goal, unit = row.target.goal, money if row.indicator.is_money else MONEY
    if goal.percent is not None:
        return Measured(goal.percent, sign=goal.sign, suffix="%")
    low = money_cell(goal.low or 0, unit, sign=goal.sign)
    return low if goal.high is None else f"{low}–{money_cell(goal.high, unit)}"


def _actual_cell(row: Row, decimals: int, money: str) -> str | None:
    return _value_cell(row, row.counted.value, decimals, money, mark=f"{'*' if row.missing else ''}{stale_mark(row)}")


def _estimate_cell(row: Row, decimals: int, money: str) -> str | None:
    estimate = row.estimate
    if estimate and estimate.stated_percent:
        return percent_text(estimate.stated_percent, estimate.qualifier)
    return _value_cell(row, estimate.value, decimals, money) if estimate else None


def _value_cell(row: Row, value: Quantity | Share | None, decimals: int, money: str, *, mark: str = "") -> str | None:
    if isinstance(value, Quantity):
        unit = money if row.indicator.is_money else MONEY
        return money_cell(value.value, unit, sign=SIGNS[value.qualifier], suffix=mark)
    if value is None:
        return None
    if row.indicator.kind == RATIO:
        return share_text(value, decimals, missed=row.missed_percent) + mark
    return average_text(value, decimals, scale=MONEY_UNITS[money] if row.indicator.is_money else 1) + mark


def _percent_cell(row: Row, decimals: int) -> str | None:
    if row.attainment.percent is not None:
        return _attained_cell(row.attainment.percent, _qualifier(row), decimals)
    if row.counted.stated_percent:
        stated = percent_text(row.counted.stated_percent, row.counted.stated_qualifier)
        return _("{percent} (as stated)").format(percent=stated)
    return None


def _estimated_percent(row: Row, decimals: int) -> str | None:
    percent = row.estimate.attainment.percent if row.estimate else None
    return _attained_cell(percent, row.estimate.qualifier, decimals) if row.estimate and percent else None


def _attained_cell(percent: Percent, qualifier: str | None, decimals: int) -> Attained:
    rounded = Decimal(percent.rounded(decimals, qualifier, below=qualifier == BELOW))
    exact = Fraction(percent.numerator, percent.denominator)
    return Attained(rounded, sign=SIGNS[qualifier], suffix="%", exact=exact)


def _remaining_cell(row: Row, money: str) -> str:
    remaining = row.attainment.remaining
    if row.each and remaining is not None:
        return Measured(remaining, suffix=" " + _("unit(s)"))
    if row.indicator.kind == AVERAGE and row.indicator.is_money:
        return NOTHING  # what all together lack says nothing of an average wage
    if remaining is not None and row.indicator.is_money:
        return money_cell(remaining, money, sign=remaining_sign(remaining, _qualifier(row)))
    return remaining_cell(remaining, _qualifier(row))


def _plan_cell(row: Row, money: str) -> Measured:
    plan = row.attainment.plan
    assert plan is not None  # noqa: S101  asked only of rows that have one
    if row.indicator.is_money:
        return money_cell(floor(plan), money)
    return Measured(Decimal(quotient(plan.numerator, plan.denominator, 1)))


def _qualifier(row: Row) -> str | None:
    """Return the hedge of what stands beside the value: of how many units reached a target, whether all have told."""
    if row.each:
        return AT_LEAST if row.each.unknown else None
    return row.counted.value.qualifier if row.counted.value else None
