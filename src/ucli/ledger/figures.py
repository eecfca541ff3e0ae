"""Figures: what a unit states for an indicator over a window, everything at or below it included."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.lives import merged_within, names_of, require_alive
from ucli.ledger.operations import Operation
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, each
from ucli.values.dates import date_text
from ucli.values.indicators import AVERAGE, RATIO, Indicator
from ucli.values.names import fold
from ucli.values.numbers import LARGEST, decimal_text, doubt_about_money
from ucli.values.periods import Window
from ucli.values.quantities import (
    ESTIMATE,
    NOT_APPLICABLE,
    STATED,
    looks_like_percent,
    looks_like_share,
    parse_quantity,
    parse_share,
    parse_stated_percent,
    split_estimate,
    value_of,
    without_measure,
)
from ucli.values.units import Unit

_SAYS_NOT_APPLICABLE = ("khong ap dung", "n/a", "not applicable", NOT_APPLICABLE)


class Statement(NamedTuple):
    """What was typed as a figure's value: a value, or a part and a whole, or only a printed percentage."""

    value: int | None = None
    part: int | None = None
    whole: int | None = None
    qualifier: str | None = None
    stated_percent: str | None = None
    stated_qualifier: str | None = None
    kind: str = STATED


class Figure(NamedTuple):
    """What is said of an indicator, by whom and for which days."""

    indicator: Indicator
    unit: Unit
    window: Window
    statement: Statement
    source: str | None = None  # the document it stands in
    decision: str | None = None
    speaks_for: str | None = None  # whether for the units too that were merged into its own inside the window
    reason: str | None = None  # why a target was missed
    received: date | None = None  # the day the report came in


class PredecessorsError(RejectedError):
    """It was not said whether a figure speaks for the units that merged with its own inside the window."""


def parse_statement(text: str, indicator: Indicator, *, percent: str | None, weight: int | None) -> Statement:
    """Read a figure's value as its indicator asks: "hơn 7.000", "96,4 tỷ", "56/56", "ước 500", or only "95%".

    A percentage that the source printed beside it is kept and never computed with; an average has the weight of those
    it was taken over.
    """
    if fold(text) in _SAYS_NOT_APPLICABLE:
        if percent is not None or weight is not None:
            raise RejectedError(
                _("“{text}” has no percentage and no weight.").format(text=text), instead=_("Leave them out.")
            )
        return Statement(kind=NOT_APPLICABLE)
    is_estimate, text = split_estimate(text)
    text = without_measure(text, indicator.measure)
    statement = Statement()
    if looks_like_percent(text):
        if percent is not None:
            raise RejectedError(
                _("Two percentages are given: {one} and {other}.").format(one=text[:20], other=percent[:20]),
                instead=_("Give the value, and the printed percentage with --stated-percent."),
            )
        percent = text
    else:
        statement = _value(text, indicator, weight)
        if weight is not None and indicator.kind != AVERAGE:
            raise RejectedError(
                _("--weight is for averages, and {indicator} is none.").format(indicator=indicator.code),
                instead=_("Leave it out."),
            )
    if percent is not None:
        qualifier, number = parse_stated_percent(percent)
        statement = statement._replace(stated_percent=f"{number:f}", stated_qualifier=qualifier)
    return statement._replace(kind=ESTIMATE) if is_estimate else statement


def _value(text: str, indicator: Indicator, weight: int | None) -> Statement:
    if indicator.kind == AVERAGE and not looks_like_share(text):
        return _average(text, indicator, weight)
    if indicator.is_share:
        may_exceed = indicator.may_exceed or indicator.kind == AVERAGE
        share = parse_share(text, may_exceed=may_exceed, money=indicator.is_money)
        return Statement(part=share.part, whole=share.whole, qualifier=share.qualifier)
    if looks_like_share(text):
        done, _slash, target = text.partition("/")
        raise RejectedError(
            _("“{text}” is two numbers, and {indicator} is one.").format(text=text[:60], indicator=indicator.code),
            why=_("It reads as done against a target, or as a part of a whole."),
            instead=_(
                "Record both: ucli add-figure {indicator} {done} …, ucli set-target {indicator} {target} …."
            ).format(indicator=indicator.code, done=done, target=target),
        )
    quantity = parse_quantity(text, money=indicator.is_money, signed=indicator.may_be_negative)
    return Statement(value=quantity.value, qualifier=quantity.qualifier)


def _average(text: str, indicator: Indicator, weight: int | None) -> Statement:
    if weight is None:
        raise RejectedError(
            _("An average does not add up without how many it was taken over."),
            instead=_("Give --weight, like --weight 120, or the total and the number: 1.020.000.000/120."),
        )
    if weight == 0:
        raise RejectedError(_("An average over no people is not a figure."), instead=_("Leave it out."))
    quantity = parse_quantity(text, money=indicator.is_money)
    if quantity.value * weight > LARGEST:
        raise RejectedError(_("The average times its weight is larger than any figure a ledger keeps."))
    return Statement(part=quantity.value * weight, whole=weight, qualifier=quantity.qualifier)


def doubt_about(statement: Statement, indicator: Indicator) -> str | None:
    """Say what is doubtful about a statement; None where all is well."""
    if indicator.is_money and statement.value and (doubt := doubt_about_money(statement.value)):
        return doubt
    if statement.stated_percent is None:
        return None
    percent = f"{decimal_text(Decimal(statement.stated_percent))}%"
    if statement.value is None and not indicator.is_share:
        return _(
            "{percent}: {indicator} is counted in {measure}; the percentage is kept as printed, and no figure."
        ).format(percent=percent, indicator=indicator.code, measure=indicator.measure)
    if indicator.kind == RATIO and not indicator.may_exceed and Decimal(statement.stated_percent) > 100:
        return _("{percent} of {indicator} is more than the whole.").format(percent=percent, indicator=indicator.code)
    return None


def in_time(statement: Statement, window: Window, indicator: Indicator) -> Statement:
    """Return what a statement is on the day it is recorded: hedged before its window is over, it is an estimate.

    Nothing is stated of a window that has not begun, and of one that is not over no fact.
    """
    today = date.today()  # noqa: DTZ011
    if window.start > today:
        raise RejectedError(
            _("The period {period} has not begun.").format(period=window.text()),
            instead=_("Figures are stated for what has happened; for what is aimed at use “ucli set-target”."),
        )
    if window.end <= today or statement.kind != STATED:
        return statement
    if statement.qualifier or statement.stated_qualifier:
        return statement._replace(kind=ESTIMATE)
    value = _stated(statement, indicator)
    raise RejectedError(
        _("The period {period} is not over.").format(period=window.text()),
        why=_("A figure for it is what was done to date ({to_date}), or an estimate (“ước {value}”).").format(
            to_date=_to_date(window, today, indicator), value=value
        ),
        instead=_("Give the period to date, or type “ước {value}”.").format(value=value),
    )


def _to_date(window: Window, today: date, indicator: Indicator) -> str:
    """Return the option for what lies behind of a window: its days to today, or its full months from January on."""
    if indicator.is_stock:
        return f"--period {today.isoformat()}"
    ways = [f"--period {window.start.isoformat()}..{today.isoformat()}"]
    months = date.fromordinal(today.toordinal() + 1).month - 1 or 12
    if (window.start.month, window.start.day) == (1, 1) and window.start.year == today.year and months < 12:
        ways.insert(0, f"--period {today.year}-{months}M")
    return _(" or ").join(ways)


def state(op: Operation, figures: Iterable[Figure], *, replace: bool = False) -> Iterator[Result]:
    """Write figures; stating the same again changes nothing, another value is refused unless it is to be replaced.

    Refused is one with PredecessorsError, where others merged with the unit inside the window and it is not said
    whether it speaks for them; and what `in_time` and `require_alive` refuse.
    """
    named: set[int] = set()  # the figures that rows are

    def write(figure: Figure) -> Written:
        indicator, unit, window = figure.indicator, figure.unit, figure.window.lasted
        statement = in_time(figure.statement, window, indicator)
        require_alive(op.db, unit, window.start, window.end)
        merged = []
        if statement.kind == STATED and not indicator.is_stock:
            merged = merged_within(op.db, unit.id, window.start, window.end)
        said = {column: getattr(figure, column) for column in ("source", "decision", "speaks_for", "reason")}
        said |= {"received": figure.received and figure.received.isoformat()}
        if not merged:
            said["speaks_for"] = None
        there = _standing(op.db, figure, window, statement)
        same = there if there and _statement_of(there) == statement else None
        if there and not same and there["id"] in named:
            raise EarlierRowError(_("Line {line} gives it another value."), there["id"])
        # Where it is from counts only if it is to be replaced.
        asked = said if replace else {it: said[it] for it in ("speaks_for", "reason", "received")}
        if same and all(it is None or same[column] == it for column, it in asked.items()):
            named.add(same["id"])
            return Written(RowStatus.UNCHANGED, same["id"])
        if there and not replace:
            first, last = date.fromisoformat(there["start_day"]), date.fromisoformat(there["end_day"])
            period = Window(there["period"], first, last)
            raise RefusedError(
                _("{unit} has stated {indicator} for {period} already: {value} (figure {number}).").format(
                    unit=unit.name,
                    indicator=indicator.code,
                    period=period.text(),
                    value=_stated(_statement_of(there), indicator),
                    number=there["id"],
                ),
                instead=_("If the new one is right, add --replace; the earlier one stays in the history."),
            )
        if same:
            # What is not said anew of the same value stays as it was.
            said = {column: same[column] if value is None else value for column, value in said.items()}
        if merged and said["speaks_for"] is None:
            raise _predecessors(figure, merged)
        if there:
            op.end("figure", id=there["id"])
        number = op.next_id("figure")
        days = {"start_day": window.start.isoformat(), "end_day": window.end.isoformat(), "period": window.code}
        about = {"indicator": indicator.id, "unit": unit.id, **days}
        op.add("figure", id=number, **about, **statement._asdict(), **said)
        named.add(number)
        doubt = doubt_about(statement, indicator)
        return Written(RowStatus.CHANGED if there else RowStatus.NEW, number, [doubt] if doubt else [])

    return each(op, figures, write)


def stated(db: sqlite3.Connection, number: int) -> tuple[Statement, str | None]:
    """Return what a figure states, and for whom it speaks."""
    row = db.execute("SELECT * FROM figure WHERE id = ?", (number,)).fetchone()
    return _statement_of(row), row["speaks_for"]


def _predecessors(figure: Figure, merged: Sequence[tuple[Unit, date]]) -> PredecessorsError:
    unit = figure.unit.name
    return PredecessorsError(
        _("{units}: merged into {unit} on {day}, inside the period {period}.").format(
            units=names_of([other for other, _day in merged]),
            unit=unit,
            day=_(" or ").join(dict.fromkeys(date_text(day) for _other, day in merged)),
            period=figure.window.code,
        ),
        why=_("A figure speaks for them too (--with-predecessors), or for {unit} alone (--own-only).").format(
            unit=unit
        ),
        instead=_("Add one of the two options; in a table, a column “{heading}”.").format(
            heading=_("With predecessors")
        ),
    )


def _standing(db: sqlite3.Connection, figure: Figure, window: Window, statement: Statement) -> sqlite3.Row | None:
    """Return the figure that stands for just this window; of a stock, which is of a day, for its last day.

    An estimate stands beside what was stated.
    """
    row: sqlite3.Row | None = db.execute(
        f"SELECT * FROM figure WHERE unit = :unit AND indicator = :indicator AND (kind = '{ESTIMATE}') = :is_estimate"
        " AND end_day = :end_day AND (start_day = :start_day OR :is_stock) ORDER BY start_day <> :start_day",
        {
            "unit": figure.unit.id,
            "indicator": figure.indicator.id,
            "is_estimate": statement.kind == ESTIMATE,
            "end_day": window.end.isoformat(),
            "start_day": window.start.isoformat(),
            "is_stock": figure.indicator.is_stock,
        },
    ).fetchone()
    return row


def _statement_of(row: sqlite3.Row) -> Statement:
    return Statement(*(row[column] for column in Statement._fields))


def _stated(statement: Statement, indicator: Indicator) -> str:
    """Write what was stated for people, without its hedge."""
    if statement.kind == NOT_APPLICABLE:
        return _("not applicable")
    if value := value_of(statement.value, statement.part, statement.whole):
        return indicator.text(value)
    return f"{decimal_text(Decimal(statement.stated_percent or 0))}%"


def sign_off(op: Operation, indicator: Indicator, unit: Unit, window: Window, statement: Statement) -> int:
    """Write a control total, which is what an indicator comes to whatever it is made of, and return its number.

    Another one for the same takes the place of the first.
    """
    days = {"start_day": window.start.isoformat(), "end_day": window.end.isoformat()}
    key = {"indicator": indicator.id, "unit": unit.id, **days}
    values = {column: getattr(statement, column) for column in ("value", "part", "whole", "qualifier")}
    there = op.db.execute(
        "SELECT * FROM control_total WHERE indicator = :indicator AND unit = :unit AND start_day = :start_day"
        " AND end_day = :end_day",
        key,
    ).fetchone()
    if there and all(there[column] == value for column, value in values.items()):
        return int(there["id"])
    if there:
        op.end("control_total", id=there["id"])
    number = op.next_id("control_total")
    op.add("control_total", id=number, **key, period=window.code, **values)
    return number
