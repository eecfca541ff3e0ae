"""The attainment table as people read it, and what a chart shows of it."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from math import floor
from typing import NamedTuple

from ucli.i18n import _
from ucli.render import Chart, Column, Sheet
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
    share_text,
)
from ucli.render.data import COLUMNS, document, records, tables_of
from ucli.render.labels import period_in_prose, word
from ucli.render.notes import notes_of, reopened_notes, stale_mark, title_of
from ucli.render.prose import paragraphs
from ucli.reports.attainment import Report, Row, Table
from ucli.values.attainment import NO_TARGET, UNMET, Percent
from ucli.values.dates import date_text
from ucli.values.indicators import AVERAGE, MONEY, RATIO
from ucli.values.numbers import MONEY_UNITS
from ucli.values.quantities import ABOUT, AT_LEAST, BELOW, NOT_APPLICABLE, SIGNS, Quantity, Value
from ucli.values.targets import AT_MOST, EACH_AT_LEAST, MORE_THAN

_MOST_DRAWN = 40  # pairs of bars that can still be read
# How far a remainder can be trusted: of an at-least value at most that much remains.
_SIGNS_OF_REST = {None: "", AT_LEAST: "≤ ", BELOW: "≥ ", ABOUT: "~ "}


def attainment_sheet(report: Report, *, decimals: int, money: str = MONEY) -> Sheet:
    """Return a report as a sheet; people read amounts in a unit of money (đồng, triệu or tỷ), machines always đồng."""
    labels = _labels(report)
    rows = [(labels.get(id(table)), row) for table, _is_part in tables_of(report) for row in table.rows]
    columns = columns_of(report, [row for _label, row in rows], decimals, money)
    by_time = any(table.window != report.total.window for table in report.groups or [])
    first = [_("Period") if by_time else _("Unit")] if labels else []
    return Sheet(
        headings=[*first, *(it.heading for it in columns)],
        rows=[[*([label] if label else []), *(it.cell(row) for it in columns)] for label, row in rows],
        records=records(report, decimals),
        columns=COLUMNS,
        title=title_of(report),
        notes=notes_of(report, labels, money),
        document=partial(document, report, decimals),
        draw=partial(_chart_of, report, labels),
        totals=sum(len(it.rows) for it, _part in tables_of(report._replace(groups=None))) if report.groups else 0,
        day=report.as_of,
        prose=paragraphs(report, labels, decimals, money),
        caveats=reopened_notes(report.reopened),
    )


def _labels(report: Report) -> dict[int, str]:
    """Return what each table is called in the first column, by its identity; nothing where there is only one."""
    total, groups = report.total, report.groups or []
    if not groups and not total.parts:
        return {}
    labels = {id(it): it.window.code if it.window != total.window else _unit_name(it) for it in groups}
    # A unit beside what others did before they were merged into it is no total of them.
    alone = report.structure is None and not groups and total.unit
    labels[id(total)] = alone.name if alone else _("Total")
    for part in (part for table in (*groups, total) for part in table.parts):
        text, day = _("of which {unit}, as it was"), date_text(part.until) if part.until else ""
        if day and report.structure is None:
            text = _("{unit} (until it was merged on {day})")
        elif day:
            text = _("of which {unit}, until {day}")
        labels[id(part.table)] = text.format(unit=_unit_name(part.table), day=day)
    return labels


def _unit_name(table: Table) -> str:
    return table.unit.name if table.unit else NOTHING


def columns_of(
    report: Report, rows: Sequence[Row], decimals: int, money: str, *, with_outlook: bool = True
) -> list[Column]:
    """Return the columns of rows, of those seldom filled only the ones that are; the outlook is estimates and pace."""
    look, target = _Look(decimals, money, report.open), _("Target")
    if report.against:
        target = _("Target of {period}").format(period=period_in_prose(report.against))
    issued = any(row.issuer for row in rows)
    expected = with_outlook and any(row.estimate for row in rows)
    paced = with_outlook and any(row.attainment.pace for row in rows)
    columns = [
        (True, _("Indicator"), lambda row: row.name),
        (True, _("Measure"), lambda row: measure_text(row.indicator, money)),
        (issued, _("Issuer"), lambda row: row.issuer and row.issuer.name),
        (True, target, look.target),
        (True, _("Actual"), look.actual),
        (expected, _("Estimate"), look.estimate),
        (True, _("Attained"), look.percent),
        (expected, _("Estimate attains"), look.estimated_percent),
        (True, _("Remaining"), look.remaining),
        (True, _("Status"), look.status),
        (paced, _("Plan to date"), look.plan),
        (paced, _("Pace"), lambda row: _status(row.attainment.pace)),
    ]
    return [Column(heading, cell) for is_filled, heading, cell in columns if is_filled]


def _status(code: str | None) -> Status | None:
    return Status(word(code), code) if code else None


class _Look(NamedTuple):
    """How the numbers of a table are written."""

    decimals: int
    money: str
    open: bool

    def _unit(self, row: Row) -> str:
        return self.money if row.indicator.is_money else MONEY

    def target(self, row: Row) -> str | None:
        """Write a target as it was set: 1.720, ≥ 1.500, > 74, ≤ 5, 2.000–2.500, each ≥ 1."""
        if (goal := row.goal) is None:
            return None
        if goal.percent is not None:
            return Measured(goal.percent, sign=goal.sign, suffix="%")
        low = money_cell(goal.low or 0, self._unit(row), sign=goal.sign)
        return low if goal.high is None else f"{low}–{money_cell(goal.high, self._unit(row))}"

    def actual(self, row: Row) -> str | None:
        return self._value(row, row.value, f"{'*' if row.missing else ''}{stale_mark(row)}")

    def estimate(self, row: Row) -> str | None:
        if row.estimate and row.estimate.stated_percent:
            return percent_text(row.estimate.stated_percent, row.estimate.qualifier)
        return self._value(row, row.estimate.value) if row.estimate else None

    def _value(self, row: Row, value: Value | None, mark: str = "") -> str | None:
        if isinstance(value, Quantity):
            return money_cell(value.value, self._unit(row), sign=SIGNS[value.qualifier], suffix=mark)
        if value is None:
            return None
        if row.indicator.kind == RATIO:
            return share_text(value, self.decimals, missed=row.missed_percent) + mark
        return average_text(value, self.decimals, scale=MONEY_UNITS[self._unit(row)]) + mark

    def percent(self, row: Row) -> str | None:
        if row.attainment.percent or not row.counted.stated_percent:
            return self._attained(row.attainment.percent, _hedge(row))
        stated = percent_text(row.counted.stated_percent, row.counted.stated_qualifier)
        return _("{percent} (as stated)").format(percent=stated)

    def estimated_percent(self, row: Row) -> str | None:
        return self._attained(row.estimate.attainment.percent, row.estimate.qualifier) if row.estimate else None

    def _attained(self, percent: Percent | None, hedge: str | None) -> Attained | None:
        if percent is None:
            return None
        rounded = Decimal(percent.rounded(self.decimals, hedge, below=hedge == BELOW))
        exact = Fraction(percent.numerator, percent.denominator)
        return Attained(rounded, sign=SIGNS[hedge], suffix="%", exact=exact)

    def remaining(self, row: Row) -> str | None:
        remaining, hedge = row.attainment.remaining, _hedge(row)
        # What all together lack says nothing of an average wage.
        if remaining is None or (row.indicator.kind == AVERAGE and row.indicator.is_money):
            return None
        if row.each:
            return Measured(remaining, suffix=" " + _("unit(s)"))
        # Of an at-least value at most that much remains.
        sign = "" if hedge == AT_LEAST and not remaining else _SIGNS_OF_REST[hedge]
        return money_cell(remaining, self._unit(row), sign=sign)

    def status(self, row: Row) -> str | None:
        """Return the status in words; a target whose window is still open is not yet missed."""
        status = row.attainment.status
        if status == NO_TARGET:
            return None
        if not row.applies:
            return word(NOT_APPLICABLE)
        if row.is_only_printed:
            return _("as stated") if row.counted.stated_percent else _("percentages only")
        # A sum over days, which has a plan to date, stays above what it may be at most.
        is_broken = row.attainment.plan is not None and row.goal and row.goal.kind == AT_MOST
        if status == UNMET and self.open and not is_broken:
            return Status(_("under way"), "under-way")
        return _status(status)

    def plan(self, row: Row) -> Measured | None:
        if (plan := row.attainment.plan) is None:
            return None
        if row.indicator.is_money:
            return money_cell(floor(plan), self.money)
        return Measured(Decimal(quotient(plan.numerator, plan.denominator, 1)))


def _hedge(row: Row) -> str | None:
    """Return the hedge of what stands beside the value: of how many units reached a target, whether all have told."""
    if row.each:
        return AT_LEAST if row.each.unknown else None
    return row.hedge


def _chart_of(report: Report, labels: dict[int, str]) -> Chart | None:
    """Return a chart of the groups, where they show one indicator, else of the total."""
    of_groups = [(labels[id(table)], row) for table in report.groups or [] for row in table.rows]
    if len({row.indicator.code for _label, row in of_groups}) == 1:
        return chart_of(of_groups, of_units=True)
    return chart_of([(row.name, row) for row in report.total.rows], of_units=False)


def chart_of(rows: Sequence[tuple[str, Row]], *, of_units: bool) -> Chart | None:
    """Return a chart of rows, each with what it is called; None where nothing has a target.

    Rows of one measure show their numbers; of rows that cannot stand beside each other only how much of the target
    was reached, and those without one are left out.
    """
    are_numbers = all(
        isinstance(row.value, Quantity | None) and (row.goal is None or row.goal.bound is not None)
        for _name, row in rows
    )
    in_percent = not are_numbers or len({row.indicator.measure for _name, row in rows}) > 1
    pairs = [(name, row) for name, row in rows if not in_percent or row.attainment.percent]
    if not any(row.target for _name, row in pairs):
        return None
    drawn = pairs[:_MOST_DRAWN]
    times, first = Counter(name for name, _row in drawn), drawn[0][1]
    title = _("Actual, in % of the target")
    if not in_percent:
        title = _("Target and actual ({measure})").format(measure=first.indicator.measure)
    title = f"{first.name}: {title}" if of_units else title
    return Chart(
        title if len(pairs) <= _MOST_DRAWN else f"{title} (1–{_MOST_DRAWN}/{len(pairs)})",
        [_bar_label(name, row, with_issuer=times[name] > 1) for name, row in drawn],
        [100.0 if in_percent else row.goal and row.goal.bound for _name, row in drawn],
        [_percent(row) if in_percent else _number(row) for _name, row in drawn],
        in_percent,
    )


def _bar_label(name: str, row: Row, *, with_issuer: bool) -> str:
    """Return what stands beside a pair of bars: also that a number is hedged, and a target a ceiling."""
    kind = row.goal.kind if row.goal else ""
    notes = [
        row.issuer.name if with_issuer and row.issuer else "",
        word(kind) if kind in (AT_MOST, MORE_THAN, EACH_AT_LEAST) else "",
        SIGNS[row.hedge].strip(),
    ]
    told = ", ".join(filter(None, notes))
    return f"{name} ({told})" if told else name


def _percent(row: Row) -> float | None:
    # Rounded as in a table, so that no bar of an unmet target reaches 100.
    percent = row.attainment.percent
    return float(percent.rounded(1, None if row.each else row.hedge)) if percent else None


def _number(row: Row) -> float | None:
    return row.value.value if isinstance(row.value, Quantity) else None
