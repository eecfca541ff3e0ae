"""The columns of an attainment table as people read them; what machines read of a row is in `data`.

All are columns of things with a row: a `PlacedRow` of a report, a `Standing` of a ranking.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from typing import NamedTuple

from ucli import catalogue
from ucli.i18n import _, chosen
from ucli.render import Column
from ucli.render.cells import Attained, Measured, Status, average_text, number_cell, percent_text, share_text
from ucli.render.labels import period_in_prose, period_in_title, word
from ucli.render.notes import stale_mark
from ucli.reports.attainment import Report, Row, Table
from ucli.reports.figures import Counted
from ucli.values.attainment import NO_TARGET, UNMET, Percent, rounded
from ucli.values.comparison import NO_DATA, NO_DATA_THEN
from ucli.values.indicators import AVERAGE, MONEY, RATIO, Indicator
from ucli.values.names import fold
from ucli.values.numbers import MONEY_UNITS, fitting_money
from ucli.values.quantities import ABOUT, BELOW, NOT_APPLICABLE, OR_MORE, SIGNS, Quantity, Value
from ucli.values.targets import AT_MOST

# A bound of a change: at least, or at most.
_BOUNDS = {None: "", OR_MORE: "≥ ", AT_MOST: "≤ "}
# The hedge of a remainder: of an at-least value at most so much remains.
_SIGNS_OF_REST = {None: "", OR_MORE: "≤ ", BELOW: "≥ ", ABOUT: "~ "}
SHORT, FULL = "short", "full"  # names of indicators


class PlacedRow(NamedTuple):
    """A row and its table."""

    row: Row
    table: Table


def placed_rows(report: Report) -> Iterator[PlacedRow]:
    """Yield all rows in reading order: the groups, then the total, each followed by its parts."""
    for table in report.tables:
        for it in table.with_parts:
            yield from (PlacedRow(row, it) for row in it.rows)


def columns_of(
    report: Report,
    rows: Sequence[Row],
    decimals: int,
    money: str | None = None,
    *,
    with_outlook: bool = True,
    laid_out: str = "",
) -> list[Column]:
    """Return the columns of rows; for people without those that no row fills.

    In a table fitted to a width a name includes its unit of measure, and pace replaces the status “under way”.

    Args:
        report: the report of the rows.
        rows: all rows of one table.
        decimals: of percentages.
        money: the unit in which people read amounts, where left out đồng, or by size in what is laid out; machines
            always read đồng.
        with_outlook: whether people also read estimates and pace.
        laid_out: the names of indicators, SHORT or FULL, in a table fitted to a width.
    """
    by_size = _units_of_money(rows) if laid_out and money is None else {}
    write = _Writer(decimals, money or MONEY, by_size, laid_out, report.open)
    is_estimated = with_outlook and any(row.estimate for row in rows)
    is_paced = with_outlook and any(row.attainment.pace for row in rows)
    issuer = _("Issuer") if any(row.issuer for row in rows) else ""
    issuer = _("Issuer") if any(row.issuer for row in rows) else ""
    target, then = _("Target"), ""
    if report.against:
        target = _("Target of {period}").format(period=period_in_prose(report.against))
    if report.compare:
        then = _("Actual in {period}").format(period=period_in_title(report.compare[0]))
    return [
        _of_row(_("Indicator"), write.name, "name"),
        _of_row("" if laid_out else _("Measure"), write.measure, "measure"),
        _of_row(issuer, lambda row: row.issuer and row.issuer.name, "issuer"),
        _of_row(target, write.target, "target"),
        _of_row(_("Actual"), write.actual, "actual"),
        _of_row(_("Estimate") if is_estimated else "", write.estimate),
        _of_row(_("Attained"), write.percent, "percent"),
        _of_row(_("Estimate attains") if is_estimated else "", write.estimated_percent),
        _of_row(then, write.then),
        _of_row(_("Change") if then else "", write.change),
        _of_row(_("Change, %") if then else "", write.change_percent),
        _of_row(_("Remaining"), write.remaining, "remaining"),
        _of_row(_("Status"), write.status, "status"),
        _of_row(_("Plan to date") if is_paced else "", write.plan, is_spare=True),
        _of_row(_("Pace") if is_paced and not laid_out else "", lambda row: _status(row.attainment.pace), "pace"),
    ]


def _of_row(heading: str, cell: Callable[[Row], object], key: str = "", *, is_spare: bool = False) -> Column:
    return Column(heading, lambda it: cell(it.row), key, is_spare=is_spare)


@cache
def _short_names(language: str) -> dict[tuple[str, str], str]:
    """Return the short names of shipped indicators by code and name, for an office may have changed the name."""
    rows = catalogue.rows_of("indicators")
    return {(it["code"], it[f"name_{language}"]): it[f"short_{language}"] for it in rows}


def short_name(indicator: Indicator) -> str | None:
    """Return the short name of an indicator; None for an office's own."""
    return _short_names(chosen()).get((indicator.code, indicator.name(chosen())))


def _units_of_money(rows: Iterable[Row]) -> dict[str, str]:
    """Return by indicator the unit for its amounts: the largest that needs no more than three decimals.

    In triệu fewer than half of the amounts may have more decimals, as many as they need.
    """
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.indicator.is_money and row.indicator.kind != AVERAGE:
            found.setdefault(row.indicator.code, set()).update(_amounts(row))
    return {code: _unit_of_money(amounts) for code, amounts in found.items()}


def _unit_of_money(amounts: Iterable[int]) -> str:
    known = [abs(it) for it in amounts if it]
    unit, million = fitting_money(known), MONEY_UNITS["triệu"]
    odd = sum(it * 1000 % million > 0 for it in known)
    return "triệu" if unit == MONEY and known and max(known) >= million and 2 * odd < len(known) else unit


def _amounts(row: Row) -> Iterator[int]:
    values = [row.value, row.estimate and row.estimate.value, row.compared and row.compared.then.value]
    yield from (it.value for it in values if isinstance(it, Quantity))
    yield from (it for it in (row.goal.low, row.goal.high) if it is not None) if row.goal else ()


def _says(name: str, measure: str) -> bool:
    """Tell whether a name contains its unit of measure, in full or abbreviated to initials."""
    words, said = (fold(it).replace(",", " ").split() for it in (name, measure))
    is_short = len(said) == 1 and len(said[0]) > 2 and said[0] in "".join(it[0] for it in words)
    return is_short or f" {' '.join(said)} " in f" {' '.join(words)} "


def as_stated(counted: Counted) -> str | None:
    """Return a percentage that is all that was stated."""
    if not counted.stated_percent:
        return None
    return _("{percent} (as stated)").format(percent=percent_text(counted.stated_percent, counted.stated_qualifier))


def _status(code: str | None) -> Status | None:
    return Status(word(code), code) if code else None


def _hedge(row: Row) -> str | None:
    """Return the hedge beside a value: for the number of units that reached a target, whether all have reported."""
    if row.each:
        return OR_MORE if row.each.unknown else None
    return row.hedge


class _Writer(NamedTuple):
    """Writes what rows say, each cell as people read it."""

    decimals: int
    money: str  # the unit in which amounts are read
    by_size: Mapping[str, str]  # the same of an indicator that has its own, by its code
    laid_out: str  # SHORT, FULL or not
    is_open: bool  # the window is not over, so a target is not missed yet

    def _unit(self, row: Row) -> str:
        return self.by_size.get(row.indicator.code, self.money)

    def _scale(self, row: Row) -> int:
        return MONEY_UNITS[self._unit(row)] if row.indicator.is_money else 1

    def measure(self, row: Row) -> str:
        return row.indicator.measure_in(self._unit(row))

    def name(self, row: Row) -> str:
        """Write what an indicator is called, and measured in where no column does unless it is a share or says so."""
        name, measure = row.name, self.measure(row)
        is_said = not self.laid_out or row.indicator.kind == RATIO or _says(name, measure)
        if self.laid_out == SHORT and (known := short_name(row.indicator)):
            name, is_said = known, not row.indicator.is_money
        return name if is_said else f"{name}, {measure}"

    def target(self, row: Row) -> str | None:
        """Write a target as it was set: 1.720, ≥ 1.500, > 74, ≤ 5, 2.000–2.500, each ≥ 1."""
        if (goal := row.goal) is None:
            return None
        if goal.percent is not None:
            return Measured(goal.percent, sign=goal.sign, suffix="%")
        low = number_cell(goal.low or 0, self._scale(row), sign=goal.sign)
        return low if goal.high is None else f"{low}–{number_cell(goal.high, self._scale(row))}"

    def actual(self, row: Row) -> str | None:
        return self._value(row, row.value, f"{'*' if row.missing else ''}{stale_mark(row)}")

    def estimate(self, row: Row) -> str | None:
        if row.estimate and row.estimate.stated_percent:
            return percent_text(row.estimate.stated_percent, row.estimate.qualifier)
        return self._value(row, row.estimate.value) if row.estimate else None

    def _value(self, row: Row, value: Value | None, mark: str = "") -> str | None:
        if isinstance(value, Quantity):
            return number_cell(value.value, self._scale(row), sign=SIGNS[value.qualifier], suffix=mark)
        if value is None:
            return None
        if row.indicator.kind == RATIO:
            return share_text(value, self.decimals, missed=row.missed_percent) + mark
        return average_text(value, self.decimals, scale=self._scale(row)) + mark

    def percent(self, row: Row) -> str | None:
        if row.attainment.percent:
            status = row.attainment.status if self._is_decided(row) else ""
            return self._attained(row.attainment.percent, _hedge(row), status)
        return as_stated(row.counted)

    def estimated_percent(self, row: Row) -> str | None:
        return self._attained(row.estimate.attainment.percent, row.estimate.qualifier) if row.estimate else None

    def _attained(self, percent: Percent | None, hedge: str | None, status: str = "") -> Attained | None:
        if percent is None:
            return None
        shown = Decimal(percent.rounded(self.decimals, hedge, below=hedge == BELOW))
        exact = Fraction(percent.numerator, percent.denominator)
        return Attained(shown, sign=SIGNS[hedge], suffix="%", exact=exact, status=status)

    def remaining(self, row: Row) -> str | None:
        remaining = row.attainment.remaining
        # What remains says nothing about an average.
        if remaining is None or (row.indicator.kind == AVERAGE and row.indicator.is_money):
            return None
        hedge = _hedge(row)
        if row.each:
            return Measured(remaining, suffix=" " + _("unit(s)"))
        # At most that much remains of an at-least value.
        sign = "" if hedge == OR_MORE and not remaining else _SIGNS_OF_REST[hedge]
        return number_cell(remaining, self._scale(row), sign=sign)

    def status(self, row: Row) -> str | None:
        """Write the status; of what is under way how it stands so far, where no column does."""
        status = row.attainment.status
        if status == NO_TARGET:
            return None
        if not row.applies:
            return word(NOT_APPLICABLE)
        if row.is_only_printed:
            return _("as stated") if row.counted.stated_percent else _("percentages only")
        if self._is_decided(row):
            return _status(status)
        return (self.laid_out and _status(row.attainment.pace)) or Status(_("under way"), "under-way")

    def _is_decided(self, row: Row) -> bool:
        """Tell whether a target is met or can no longer be."""
        # A sum over days, which has a plan to date, stays above what it may be at most.
        is_broken = row.attainment.plan is not None and row.goal and row.goal.kind == AT_MOST
        return row.attainment.status != UNMET or not self.is_open or bool(is_broken)

    def plan(self, row: Row) -> Measured | None:
        if (plan := row.attainment.plan) is None:
            return None
        if row.indicator.is_money:
            step = max(1, self._scale(row) // 1000)  # with no more decimals than amounts have
            return number_cell(floor(plan / step) * step, self._scale(row))
        return Measured(rounded(plan.numerator, plan.denominator, 1))

    def then(self, row: Row) -> str | None:
        """Write the value of the other period."""
        return self.actual(row.compared.then) if row.compared else None

    def change(self, row: Row) -> str | None:
        """Write the difference: 505, ≤ -2; of a share in percentage points."""
        change = row.compared and row.compared.change
        if not change or change.difference is None:
            is_known = change and change.reason not in (NO_DATA, NO_DATA_THEN)
            return _("not comparable") if is_known else None
        sign = _BOUNDS[change.qualifier]
        if row.indicator.is_share:
            scale = self._scale(row)
            number = rounded(*(change.difference / scale).as_integer_ratio(), self.decimals, change.qualifier)
            suffix = " " + _("points") if row.indicator.kind == RATIO else ""
            return Measured(number, sign=sign, suffix=suffix)
        return number_cell(int(change.difference), self._scale(row), sign=sign)

    def change_percent(self, row: Row) -> str | None:
        change = row.compared and row.compared.change
        if not change or change.percent is None:
            return None
        number = rounded(*change.percent.as_integer_ratio(), self.decimals, change.qualifier)
        return Measured(number, sign=_BOUNDS[change.qualifier], suffix="%", exact=change.percent / 100)
