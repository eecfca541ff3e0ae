"""The attainment table as the paragraphs of a conference report.

"Đã kết nạp 2.425/1.720 đoàn viên, đạt 141% chỉ tiêu; thành lập 27/22 công đoàn cơ sở, đạt 122,7%; 2/2 chỉ tiêu đạt
và vượt." The phrases of indicators are in `catalogue/phrases.csv`; an office's own indicators are told by their names.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import groupby

from ucli import catalogue
from ucli.i18n import _, chosen, counted, marked
from ucli.render.cells import quotient, share_percent
from ucli.render.columns import short_name
from ucli.render.labels import compared_period, label, period_in_prose, period_in_title, runs_of
from ucli.render.notes import (
    award_notes,
    broken_text,
    is_by_time,
    summary_text,
    titled,
)
from ucli.render.submissions import reported_by, reporting_text
from ucli.reports.attainment import Report, Reporting, Row, Table
from ucli.values.attainment import MET, UNMET, Percent, rounded
from ucli.values.comparison import NO_DATA_THEN, ZERO, Change
from ucli.values.dates import date_in_prose, date_text
from ucli.values.indicators import RATIO
from ucli.values.names import fold, some_of
from ucli.values.numbers import decimal_text, fitting_money, grouped, money_text
from ucli.values.periods import Window
from ucli.values.quantities import ABOUT, BELOW, OR_MORE, Quantity, Share, Value
from ucli.values.targets import AT_LEAST, AT_MOST, EACH_AT_LEAST, MORE_THAN, RANGE, Goal
from ucli.values.units import CLUSTER, PROVINCE

_DONE = "đã "
_MOST_IN_BRIEF = 3  # indicators in a line
_WHOLES = (PROVINCE, "confederation", "sector", "industry", CLUSTER)  # “toàn tỉnh”
_HEDGES = {
    OR_MORE: marked("more than {number}"),
    BELOW: marked("nearly {number}"),
    ABOUT: marked("about {number}"),
}
_UNITS_OF_MONEY = {"tỷ": marked("billion đồng"), "triệu": marked("million đồng"), "đồng": marked("đồng")}


def paragraphs(report: Report, decimals: int, money: str) -> Iterator[str]:
    """Yield a paragraph for the whole, and one for each group or part of it.

    Amounts are in the unit of money that was asked for, where đồng leaves it to the amount.
    """
    # In prose the whole comes first, in a table last.
    whole, *parts = report.total.with_parts
    others = [*(it for group in report.groups or () for it in group.with_parts), *parts]
    for table in (whole, *(it for it in others if not _is_silent(it))):
        text = " ".join(_Teller(decimals, money, report, table.window).sentences(table))
        name = table.label
        if table is not report.total:
            yield f"{name}: {text}"
            continue
        if name:
            whose = _whole(name, table)
            text = f"{whose} {text}" if text.startswith(_DONE) else f"{whose}: {text}"
        if report.open:
            text = _("By {day}, {text}").format(day=date_in_prose(report.as_of), text=text)
        yield _capital(" ".join([text, *award_notes(report)]))
    said = [(it.label, "silent" if _is_silent(it) else "") for it in others]
    if names := [name for name, is_silent in (runs_of(said) if is_by_time(report) else said) if is_silent]:
        yield _("No data: {names}.").format(names=some_of(names))


def brief(report: Report, decimals: int) -> list[str]:
    """Return a report in at most five lines, for a message: title, targets met, best, worst, who is missing."""
    table = report.total
    teller = _Teller(decimals, "đồng", report, table.window)
    heading = titled(report, _("{unit}, {period}, figures to {day}"), period_in_title(table.window))
    if not table.summary.targets:
        return [heading, next(paragraphs(report, decimals, teller.money))]
    lines = [heading, f"{_capital(summary_text(table.summary))}."]
    of_targets = [row for row in table.rows if row.goal and row.goal.kind != AT_MOST and row.attainment.percent]
    of_targets.sort(key=lambda it: Fraction(*it.attainment.percent[:2]) if it.attainment.percent else 0, reverse=True)
    for text, rows in (
        (_("Highest: {rows}.") if len(of_targets) > 1 else _("Attained: {rows}."), of_targets[:_MOST_IN_BRIEF]),
        (_("Lowest: {rows}."), of_targets[_MOST_IN_BRIEF:][: -_MOST_IN_BRIEF - 1 : -1]),
    ):
        told = [
            f"{short_name(row.indicator) or row.name} {teller.percent(row.attainment.percent, row.hedge)}"
            f"{teller.compared(row)}"
            for row in rows
            if row.attainment.percent
        ]
        lines += [text.format(rows="; ".join(told))] if told else []
    if table.expected:
        lines.append(_reported(Reporting((), table.expected, table.missing)))
    return lines


def _whole(name: str, table: Table) -> str:
    """Return the subject of a total: toàn tỉnh; by name for a unit listed with its predecessors."""
    kind = table.unit.kind if table.unit else ""
    if table.parts and kind and name != _("Total"):
        return name
    if kind == PROVINCE and table.unit and "thanh pho" in fold(table.unit.name):
        return label("whole", "city")
    return label("whole", kind if kind in _WHOLES else "")


@dataclass
class _Teller:
    """Writes one paragraph, without repeating what the clause before has said."""

    decimals: int
    money: str
    report: Report
    window: Window  # of the table
    whose: str = ""  # the target mentioned last
    is_compared: bool = False  # whether the other period was mentioned

    def sentences(self, table: Table) -> list[str]:
        """Return the sentences of a paragraph, one for each group of indicators, the first without a capital."""
        # Targets met: as the unit stated it, else as counted from the table.
        met = [row for row in table.rows if row.indicator.counts == "targets" and row.value]
        rows = [row for row in table.rows if row not in met]
        told = [row for row in rows if _has_phrase(row)]
        groups = groupby(told, lambda it: _phrases()[it.indicator.code]["group"])
        found = [_joined(self._chain([*beside])) for _group, beside in groups]
        found += [f"{self._named(row)}." for row in rows if row not in told and _is_said(row)]
        if met:
            found.append(counted(_phrase(met[0]), n=self._number(met[0])) + ".")
        elif table.summary.targets:
            found.append(summary_text(table.summary, with_outcome=False) + ".")
        lacking = [row for row in rows if row.is_without_data]
        for sentence, names in (
            (
                _("only percentages, which do not add up, were reported for: {names}."),
                [f"{it.name}{self._behind(it)}" for it in lacking if it.is_only_printed],
            ),
            (_("no data: {names}."), [f"{it.name}{self._behind(it)}" for it in lacking if not it.is_only_printed]),
            (_("not applicable: {names}."), [it.name for it in rows if not it.applies]),
            (_("reasons given: {names}."), [f"{it.name}: {it.reason}" for it in rows if it.reason]),
        ):
            found += [sentence.format(names="; ".join(dict.fromkeys(names)))] if names else []
        if before := [it for it in rows if _has_none_before(it)]:
            reason = broken_text(NO_DATA_THEN, self.report)
            names = list(dict.fromkeys(it.name for it in before))
            found.append(_("Not compared, because {reason}: {names}.").format(reason=reason, names="; ".join(names)))
        # Who has not reported what; if everyone has reported everything, one sentence.
        found += [_reported(it) for it in reported_by(table) if it.missing or not it.indicators]
        if not table.rows:
            found.insert(0, _("there are no records and no targets for this period."))
        first, *others = found
        return [first, *map(_capital, others)]

    def _chain(self, rows: Sequence[Row]) -> list[str]:
        """Return the clauses of rows; neighbouring mere percentages share one “as reported”."""
        chain = []
        for is_stated, beside in groupby(rows, lambda it: it.value is None):
            clauses = [self._clause(row) for row in beside]
            chain += [_("as reported, {clause}").format(clause=", ".join(clauses))] if is_stated else clauses
        return chain

    def _clause(self, row: Row) -> str:
        phrase = _phrase(row)
        if row.value is None:
            stated = _("{percent} of the").format(percent=_stated(row))
            return counted(phrase.removeprefix(_DONE), n=stated) + self._behind(row)
        return counted(phrase, n=self._number(row)) + self._behind(row)

    def _named(self, row: Row) -> str:
        if row.value is None:
            return _("{name}: as reported {percent}").format(name=row.name, percent=_stated(row)) + self._behind(row)
        measure = "" if row.indicator.kind == RATIO or row.indicator.is_money else f" {row.indicator.measure}"
        return f"{row.name}: {self._number(row)}{measure}{self._behind(row)}"

    def _number(self, row: Row) -> str:
        """Write the result; with a plain target together: 2.425/1.720."""
        assert row.value is not None  # noqa: S101  asked only of rows that have one
        aimed = [row.goal.low] if row.goal and row.goal.kind == AT_LEAST and row.goal.low is not None else []
        return hedged(self._value(row, row.value, *aimed), row.hedge)

    def _value(self, row: Row, value: Value, *aimed: int) -> str:
        if isinstance(value, Quantity):
            return amounts_in_prose([value.value, *aimed], self._unit(row))
        if row.indicator.kind == RATIO:
            return amounts_in_prose([value.part, value.whole], None)
        return average_in_prose(value, self.decimals, self._unit(row))

    def _behind(self, row: Row) -> str:
        """Write what a value comes to, of its target or its whole; how old it is, and what is expected."""
        found = self._held_against(row, row.goal) if row.goal and row.value else self._target(row)
        if row.goal is None and row.value and row.indicator.kind == RATIO:
            found = f" ({self._share(row)})"
        elif row.goal is None and row.value and row.counted.stated_percent:
            found = _(", as reported {percent} of the plan").format(percent=_stated(row))
        if row.is_stale and row.stated_on:
            found += _(" (stated on {day})").format(day=date_text(date.fromisoformat(row.stated_on)))
        if estimate := row.estimate:
            number = percent_in_prose(estimate.stated_percent or "0")
            if estimate.value:
                number = self._value(row, estimate.value)
            found += _(", estimated {number}").format(number=hedged(number, estimate.qualifier))
            if percent := estimate.attainment.percent:
                found += f" ({self.percent(percent, estimate.qualifier)})"
        return found + self.compared(row)

    def compared(self, row: Row) -> str:
        """Write the change: tăng 12,5% so với cùng kỳ năm 2023, giảm 02 cuộc; of a share in points."""
        if row.compared is None or row.value is None or _has_none_before(row):
            return ""
        _row, change, then = row.compared
        period = _("the same period") if self.is_compared else compared_period(self.window, then)
        is_same = compared_period(self.window, then) != period_in_title(then)
        self.is_compared = is_same
        reason = f" ({broken_text(change.reason, self.report)})" if change.reason not in (None, ZERO) else ""
        if change.difference is None:
            return _(", not comparable with {period}").format(period=period) + reason
        if not change.difference:
            return _(", the same as in {period}").format(period=period) + reason
        text = _(", down {number} from {period}") if change.difference < 0 else _(", up {number} from {period}")
        number = hedged(self._difference(row, change, change.difference), OR_MORE if change.qualifier else None)
        return text.format(number=number, period=period) + reason

    def _difference(self, row: Row, change: Change, difference: Fraction) -> str:
        """Write the amount of change, in percent if there is one."""
        percent = change.percent and abs(rounded(*change.percent.as_integer_ratio(), self.decimals, change.qualifier))
        if percent:
            return percent_in_prose(percent)
        size = abs(difference)
        if row.indicator.kind == RATIO:
            points = _trimmed(rounded(*size.as_integer_ratio(), self.decimals))
            return _("{number} points").format(number=points)
        if row.indicator.is_share:
            share = Share(size.numerator, size.denominator)
            return average_in_prose(share, self.decimals, self._unit(row))
        if row.indicator.is_money:
            return amounts_in_prose([int(size)], self._unit(row))
        return f"{count_in_prose(int(size))} {row.indicator.measure}"

    def _held_against(self, row: Row, goal: Goal) -> str:
        percent = row.attainment.percent
        if goal.kind == AT_MOST:
            share = f", {self._share(row)}" if row.indicator.kind == RATIO else ""
            outcome = {MET: _("within it"), UNMET: _("over it")}.get(row.attainment.status, _("undecided"))
            return f"{share}{self._target(row)}, {outcome}"
        if row.each:
            text = _("{reached}/{units} units reached it")
            return f"{self._target(row)}, {text.format(reached=row.each.reached, units=len(row.each.units))}"
        if row.indicator.kind == RATIO:
            return _(", {percent}").format(percent=self._share(row)) + self._target(row)
        if percent is None:
            return self._target(row)
        text, whose = self.percent(percent, row.hedge), self._whose(row)
        is_said = goal.kind in (RANGE, MORE_THAN) or row.indicator.is_share
        if is_said or whose == self.whose:
            return (self._target(row) if is_said else "") + _(", {percent}").format(percent=text)
        self.whose = whose
        return _(", {percent} of the {target}").format(percent=text, target=whose)

    def _target(self, row: Row) -> str:
        """Write the target in brackets, if there is one: (chỉ tiêu 90%), (chỉ tiêu năm 2025: 90%)."""
        if (goal := row.goal) is None:
            return ""
        if goal.percent is not None:
            aim = percent_in_prose(goal.percent)
        else:
            numbers = [goal.low or 0] if goal.high is None else [goal.low or 0, goal.high]
            aim = amounts_in_prose(numbers, self._unit(row), "–")
        if goal.kind == AT_MOST:
            aim = _("at most {number}").format(number=aim)
        whose, plain = self._whose(row), _("target")
        if whose not in (self.whose, plain):
            self.whose = whose
            plain = f"{whose}:" if self.report.against else whose
        return f" ({plain} {goal.sign if goal.kind in (MORE_THAN, EACH_AT_LEAST) else ''}{aim})"

    def _whose(self, row: Row) -> str:
        text = _("target of {issuer}").format(issuer=row.issuer.name) if row.issuer else _("target")
        if self.report.against is None:
            return text
        return _("{target} for {period}").format(target=text, period=period_in_prose(self.report.against))

    def _share(self, row: Row) -> str:
        """Write a share in percent."""
        assert isinstance(row.value, Share)  # noqa: S101  a ratio's value is one
        return hedged(percent_in_prose(share_percent(row.value, self.decimals, missed=row.missed_percent)), row.hedge)

    def percent(self, percent: Percent, qualifier: str | None) -> str:
        return hedged(percent_in_prose(percent.rounded(self.decimals, qualifier, below=qualifier == BELOW)), qualifier)

    def _unit(self, row: Row) -> str | None:
        return self.money if row.indicator.is_money else None


def _stated(row: Row) -> str:
    return hedged(percent_in_prose(row.counted.stated_percent or "0"), row.counted.stated_qualifier)


def _reported(it: Reporting) -> str:
    return reporting_text(it, _("{text}; not yet: {names}."))


@cache
def _phrases() -> dict[str, dict[str, str]]:
    """Return what is said of each shipped indicator: its group, and by language its phrase with {n} for the number."""
    return {row["code"]: row for row in catalogue.rows_of("phrases")}


def _phrase(row: Row) -> str:
    return _phrases()[row.indicator.code][chosen()]


def _has_none_before(row: Row) -> bool:
    """Tell whether a row has a value and the other period none, which is said once for all such rows."""
    return row.value is not None and row.compared is not None and row.compared.change.reason == NO_DATA_THEN


def _is_said(row: Row) -> bool:
    return row.value is not None or bool(row.counted.stated_percent)


def _is_silent(table: Table) -> bool:
    return not table.summary.targets and not any(map(_is_said, table.rows))


def _has_phrase(row: Row) -> bool:
    """Tell whether a row uses its phrase; in that of a share a mere percentage reads well too."""
    is_told = row.value is not None or (row.indicator.kind == RATIO and bool(row.counted.stated_percent))
    return is_told and row.indicator.code in _phrases()


def _joined(clauses: Sequence[str]) -> str:
    """Join clauses into a sentence with a single "đã"."""
    done = next((clause for clause in clauses if clause.startswith(_DONE)), None)
    return "; ".join(it if it is done else it.removeprefix(_DONE) for it in clauses) + "."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def amounts_in_prose(numbers: Sequence[int], money: str | None, sign: str = "/") -> str:
    """Write two numbers with a slash, amounts in one unit: 2.425/1.720, 900/1.200 triệu đồng."""
    if money is None:
        # 01/03 would be read as a date.
        return sign.join(map(grouped if len(numbers) > 1 else count_in_prose, numbers))
    unit = fitting_money(numbers) if money == "đồng" else money
    return f"{sign.join(money_text(number, unit) for number in numbers)} {_(_UNITS_OF_MONEY[unit])}"


def count_in_prose(number: int) -> str:
    """Write a count: in Vietnamese documents 07 below ten, so that no digit can be added before it."""
    return f"{number:02d}" if 0 < number < 10 and chosen() == "vi" else grouped(number)


def average_in_prose(share: Share, decimals: int, money: str | None) -> str:
    """Write an average: 1,3; of amounts in whole đồng, 8,5 triệu đồng."""
    if money is None:
        return _trimmed(quotient(share.part, share.whole, decimals, share.qualifier))
    return amounts_in_prose([int(quotient(share.part, share.whole, 0, share.qualifier))], money)


def percent_in_prose(number: str | Decimal) -> str:
    """Write a percentage without trailing zeros: 141%, 122,7%."""
    return f"{_trimmed(number)}%"


def hedged(text: str, qualifier: str | None) -> str:
    """Put a hedge into words: hơn 7.000."""
    return _(_HEDGES[qualifier]).format(number=text) if qualifier else text


def _trimmed(number: str | Decimal) -> str:
    text = decimal_text(Decimal(number))
    return text.rstrip("0").rstrip(",") if "," in text else text
