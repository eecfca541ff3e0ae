"""The attainment table as the paragraphs of a conference report.

"Đã kết nạp 2.425/1.720 đoàn viên, đạt 141% chỉ tiêu; thành lập 27/22 công đoàn cơ sở, đạt 122,7%; 02/02 chỉ tiêu đạt
và vượt." How each indicator is put stands in `catalogue/phrases.csv`; an office's own are told by their names.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby

from ucli import catalogue
from ucli.i18n import _, chosen, marked
from ucli.render.cells import share_percent
from ucli.render.labels import period_in_prose
from ucli.render.prose_numbers import Amount, amounts_of, average_of, count_text, hedged, pair_text, percent_text
from ucli.reports.attainment import Report, Reporting, Row, Table
from ucli.reports.targets import Target
from ucli.values.attainment import MET, UNMET, Summary
from ucli.values.dates import date_in_prose, date_text
from ucli.values.indicators import RATIO
from ucli.values.names import fold
from ucli.values.periods import Window
from ucli.values.quantities import BELOW, Quantity, Share
from ucli.values.targets import AT_LEAST, AT_MOST, EACH_AT_LEAST, MORE_THAN, RANGE, Goal
from ucli.values.units import CLUSTER, PROVINCE, Unit

_NAMES_SHOWN = 20
_DONE = "đã "
_CITY = "city"  # a province that is called one
# Whom a total is of, by the kind of its unit.
_WHOLES = {
    PROVINCE: marked("the whole province"),
    _CITY: marked("the whole city"),
    "confederation": marked("the whole country"),
    "sector": marked("the whole sector"),
    "industry": marked("the whole sector"),
    CLUSTER: marked("the whole cluster"),
    None: marked("all units"),
}


def paragraphs(
    report: Report, tables: Sequence[Table], labels: dict[int, str], decimals: int, money: str
) -> Iterator[str]:
    """Yield one paragraph for the whole, and one for each group or part of it.

    Args:
        report: the tables.
        tables: all of them, in the order they are read.
        labels: what each table is called, by its identity; nothing where there is only one.
        decimals: how many digits a percentage has behind the comma, at the most.
        money: the unit people asked to read amounts in; đồng leaves it to the amount.

    """
    # The whole first, as it is told; in a table the total comes last.
    for table in sorted(tables, key=lambda it: it is not report.total):
        teller = _Teller(decimals, money, report.against)
        text = " ".join(teller.sentences(table))
        label = labels.get(id(table))
        if table is report.total:
            if label:
                text = _of_the_whole(label, table, text)
            if report.open:
                text = _("By {day}, {text}").format(day=date_in_prose(report.as_of), text=text)
            yield _capital(text)
        else:
            yield f"{label}: {text}"


def _of_the_whole(label: str, table: Table, text: str) -> str:
    """Begin the paragraph of a total as it is said: toàn tỉnh đã kết nạp."""
    kind = table.unit.kind if table.unit else None
    if kind == PROVINCE and table.unit and "thanh pho" in fold(table.unit.name):
        kind = _CITY
    # Of a unit beside what others did before they were merged into it, its name.
    whole = label if table.parts and kind and label != _("Total") else _(_WHOLES.get(kind, _WHOLES[None]))
    return f"{whole} {text}" if text.startswith(_DONE) else f"{whole}: {text}"


class _Teller:
    """Writes one paragraph: a word that the reader knows from the clause before is not said again."""

    def __init__(self, decimals: int, money: str, against: Window | None) -> None:
        self._against_of = against
        self._decimals = decimals
        self._money = money
        self._whose: str | None = None  # the target last spoken of

    def sentences(self, table: Table) -> list[str]:
        """Return the sentences of a paragraph, the first one without its capital."""
        met = [row for row in table.rows if row.indicator.counts == "targets" and row.counted.value]
        rows = [row for row in table.rows if row not in met]
        told = [row for row in rows if _has_phrase(row)]
        chain = self._chain(told)
        closing = self._closing(met, table.summary)
        named = [self._named(row) for row in rows if row not in told and _is_known(row)]
        if named:
            found = [_joined(chain), *(f"{text}." for text in named), _joined(closing)]
        else:
            found = [_joined([*chain, *closing])]
        found += [*self._without_data(rows), *_inapplicable(rows), *_reasons(rows), _reporting(table)]
        if any(row.missing for row in rows):
            found.append(_("*: the sum lacks units that have not reported this indicator."))
        if not table.rows:
            found.insert(0, _("nothing is recorded and no target is set for this period."))
        first, *others = filter(None, found)
        return [first, *map(_capital, others)]

    def _chain(self, rows: Sequence[Row]) -> list[str]:
        """Return the clauses of rows; mere percentages beside each other are said to be reported once for all."""
        chain = []
        for is_stated, beside in groupby(rows, lambda it: it.counted.value is None):
            clauses = [self._clause(row) for row in beside]
            chain += [_("as reported, {clause}").format(clause=", ".join(clauses))] if is_stated else clauses
        return chain

    def _clause(self, row: Row) -> str:
        phrase = _phrases()[row.indicator.code]
        if row.counted.value is None:
            stated = _("{percent} of the").format(percent=self._stated(row))
            return phrase.removeprefix(_DONE).replace("{n}", stated) + self._beside(row) + self._estimated(row)
        return phrase.replace("{n}", self._number(row)) + self._tail(row) + self._estimated(row)

    def _named(self, row: Row) -> str:
        name = row.indicator.name(chosen())
        if row.counted.value is None:
            told = _("{name}: as reported {percent}").format(name=name, percent=self._stated(row))
            return told + self._beside(row) + self._estimated(row)
        measure = "" if row.indicator.kind == RATIO or row.indicator.is_money else f" {row.indicator.measure}"
        return f"{name}: {self._number(row)}{measure}{self._tail(row)}{self._estimated(row)}"

    def _estimated(self, row: Row) -> str:
        """Write what is expected by the end of the period, and how old the statement is on which a stock rests."""
        found = ""
        if row.is_stale and row.stated_on:
            found = _(" (stated on {day})").format(day=date_text(date.fromisoformat(row.stated_on)))
        if (estimate := row.estimate) is None:
            return found
        if isinstance(estimate.value, Quantity):
            [amount] = self._amounts(row, estimate.value.value)
            number = pair_text(amount)
        elif estimate.value is None:
            number = percent_text(estimate.stated_percent or "0")
        elif row.indicator.kind == RATIO:
            number = f"{count_text(estimate.value.part)}/{count_text(estimate.value.whole)}"
        else:
            number = average_of(estimate.value, self._decimals, self._unit(row))
        found += _(", estimated {number}").format(number=hedged(number, estimate.qualifier))
        if percent := estimate.attainment.percent:
            text = percent_text(percent.rounded(self._decimals, estimate.qualifier, below=estimate.qualifier == BELOW))
            found += f" ({hedged(text, estimate.qualifier)})"
        return found

    def _beside(self, row: Row) -> str:
        """Write the target in brackets, where there is one: (chỉ tiêu 90%)."""
        return f" ({self._target_of(row.target.issuer)} {self._aim(row, row.target.goal)})" if row.target else ""

    def _number(self, row: Row) -> str:
        """Write what was reached, marked where units are lacking; of a plain target in one with it: 2.425/1.720."""
        value, mark = row.counted.value, "*" if row.missing else ""
        if isinstance(value, Quantity):
            goal = row.target.goal if row.target else None
            aimed = [goal.low] if goal and goal.kind == AT_LEAST and goal.low is not None else []
            reached, *others = self._amounts(row, value.value, *aimed)
            return hedged(pair_text(reached._replace(digits=reached.digits + mark), *others), value.qualifier)
        assert value is not None  # noqa: S101  asked only of rows that have one
        if row.indicator.kind == RATIO:
            return hedged(f"{count_text(value.part)}/{count_text(value.whole)}{mark}", value.qualifier)
        return hedged(average_of(value, self._decimals, self._unit(row)) + mark, value.qualifier)

    def _tail(self, row: Row) -> str:
        """Write what a value comes to, of its target or of its whole."""
        if row.target:
            return self._against(row.target, row)
        if row.indicator.kind == RATIO:
            return f" ({self._share(row)})"
        if row.counted.stated_percent:
            return _(", as reported {percent} of the plan").format(percent=self._stated(row))
        return ""

    def _against(self, target: Target, row: Row) -> str:
        goal, whose = target.goal, self._target_of(target.issuer)
        if goal.kind == AT_MOST:
            aimed = _("at most {number}").format(number=self._aim(row, goal))
            share = f", {self._share(row)}" if row.indicator.kind == RATIO else ""
            return f"{share} ({whose} {aimed}), {_outcome(row.attainment.status)}"
        if row.indicator.kind == RATIO and not row.each:
            return _(", {percent} ({target})").format(
                percent=self._share(row), target=f"{whose} {self._aim(row, goal)}"
            )
        if row.each:
            reached = _("{reached}/{units} units reached it").format(
                reached=count_text(row.each.reached), units=count_text(len(row.each.units))
            )
            return f" ({whose} {self._aim(row, goal)}), {reached}"
        return self._in_percent(whose, row, goal)

    def _in_percent(self, whose: str, row: Row, goal: Goal) -> str:
        percent = row.attainment.percent
        if percent is None:
            return f" ({whose} {self._aim(row, goal)})"
        qualifier = row.counted.value.qualifier if row.counted.value else None
        text = hedged(percent_text(percent.rounded(self._decimals, qualifier, below=qualifier == BELOW)), qualifier)
        if goal.kind in (RANGE, MORE_THAN) or row.indicator.is_share:
            return f" ({whose} {self._aim(row, goal)})" + _(", {percent}").format(percent=text)
        if whose == self._whose:
            return _(", {percent}").format(percent=text)
        self._whose = whose
        return _(", {percent} of the {target}").format(percent=text, target=whose)

    def _target_of(self, issuer: Unit | None) -> str:
        text = _("target of {issuer}").format(issuer=issuer.name) if issuer else _("target")
        if self._against_of is None:
            return text
        return _("{target} for {period}").format(target=text, period=period_in_prose(self._against_of))

    def _share(self, row: Row) -> str:
        """Write a share in percent."""
        value = row.counted.value
        assert isinstance(value, Share)  # noqa: S101  a ratio's value is one
        return hedged(percent_text(share_percent(value, self._decimals, missed=row.missed_percent)), value.qualifier)

    def _stated(self, row: Row) -> str:
        return hedged(percent_text(row.counted.stated_percent or "0"), row.counted.stated_qualifier)

    def _aim(self, row: Row, goal: Goal) -> str:
        sign = goal.sign if goal.kind in (MORE_THAN, EACH_AT_LEAST) else ""
        if goal.percent is not None:
            return sign + percent_text(f"{goal.percent:f}")
        high = [] if goal.high is None else [goal.high]
        return sign + pair_text(*self._amounts(row, goal.low or 0, *high), sign="–")

    def _amounts(self, row: Row, *numbers: int) -> list[Amount]:
        return amounts_of(numbers, self._unit(row))

    def _unit(self, row: Row) -> str | None:
        return self._money if row.indicator.is_money else None

    def _closing(self, met: Sequence[Row], summary: Summary) -> list[str]:
        """Say how many targets were met: as the unit stated it, else as the table counts it."""
        if met:
            return [_phrases()[met[0].indicator.code].replace("{n}", self._number(met[0]))]
        return [_met(summary)] if summary.targets else []

    def _without_data(self, rows: Sequence[Row]) -> list[str]:
        missing = [row for row in rows if row.is_without_data]
        found = []
        for is_printed, sentence in (
            (True, _("only percentages, which do not add up, were reported for: {names}.")),
            (False, _("no data: {names}.")),
        ):
            names = [
                row.indicator.name(chosen()) + self._beside(row) + self._estimated(row)
                for row in missing
                if row.is_only_printed == is_printed
            ]
            if names:
                found.append(sentence.format(names="; ".join(names)))
        return found


def _inapplicable(rows: Sequence[Row]) -> list[str]:
    names = "; ".join(dict.fromkeys(row.indicator.name(chosen()) for row in rows if not row.applies))
    return [_("not applicable: {names}.").format(names=names)] if names else []


def _reasons(rows: Sequence[Row]) -> list[str]:
    reasons = [f"{row.indicator.name(chosen())}: {row.reason}" for row in rows if row.reason]
    return [_("reasons given: {reasons}.").format(reasons="; ".join(dict.fromkeys(reasons)))] if reasons else []


@cache
def _table_of_phrases() -> list[dict[str, str]]:
    text = (files(catalogue) / "phrases.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _phrases() -> dict[str, str]:
    """Return the phrase of each shipped indicator in the language spoken, with {n} where its number stands."""
    return {row["code"]: row[chosen()] for row in _table_of_phrases()}


def _is_known(row: Row) -> bool:
    return row.counted.value is not None or bool(row.counted.stated_percent)


def _has_phrase(row: Row) -> bool:
    """Tell whether a row is told by its phrase: of a share also a mere percentage reads well in it, 90% of whom."""
    if row.indicator.code not in _phrases():
        return False
    return row.counted.value is not None or (row.indicator.kind == RATIO and bool(row.counted.stated_percent))


def _joined(clauses: Sequence[str]) -> str:
    """Join clauses into a sentence, in which "đã" is said once."""
    done = next((clause for clause in clauses if clause.startswith(_DONE)), None)
    told = [clause if clause is done else clause.removeprefix(_DONE) for clause in clauses]
    return "; ".join(told) + "." if told else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _outcome(status: str) -> str:
    if status == MET:
        return _("within it")
    return _("over it") if status == UNMET else _("undecided")


def _met(summary: Summary) -> str:
    text = _("{met}/{targets} targets met or exceeded").format(
        met=count_text(summary.met), targets=count_text(summary.targets)
    )
    open_ones = [
        sentence.format(n=count_text(number))
        for sentence, number in (
            (_("{n} undecided"), summary.undecided),
            (_("{n} known only by a printed percentage"), summary.printed),
            (_("{n} without data"), summary.unknown),
        )
        if number
    ]
    return f"{text} ({', '.join(open_ones)})" if open_ones else text


def _reporting(table: Table) -> str:
    """Say how many of the units that are waited for have reported what."""
    return " ".join(map(_reported, table.reporting))


def _reported(it: Reporting) -> str:
    text = _("{reported}/{expected} units have reported").format(
        reported=count_text(it.expected - len(it.missing)), expected=count_text(it.expected)
    )
    if it.indicators:
        text = _("{name}: {what}").format(name=", ".join(one.name(chosen()) for one in it.indicators), what=text)
    if not it.missing:
        return f"{text}."
    names = ", ".join(unit.name for unit in it.missing[:_NAMES_SHOWN])
    more = f" … (+{len(it.missing) - _NAMES_SHOWN})" if len(it.missing) > _NAMES_SHOWN else ""
    return _("{text}; not yet: {names}.").format(text=text, names=names + more)
