"""Figures: what a unit states for an indicator over a window, everything at or below it included."""

import sqlite3
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ucli.domain.indicators import AVERAGE, MONEY, RATIO, Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import (
    looks_like_percent,
    looks_like_share,
    parse_quantity,
    parse_share,
    parse_stated_percent,
    without_measure,
)
from ucli.errors import RefusedError, RejectedError
from ucli.language import _
from ucli.ledger.lives import require_alive
from ucli.ledger.operations import Operation
from ucli.ledger.units import Unit
from ucli.vietnamese.numbers import LARGEST, decimal_text, doubt_about_money, grouped


class Statement(NamedTuple):
    """What was typed as a figure's value: a value, or a part and a whole, or only a printed percentage."""

    value: int | None = None
    part: int | None = None
    whole: int | None = None
    qualifier: str | None = None
    stated_percent: str | None = None
    stated_qualifier: str | None = None


def parse_statement(text: str, indicator: Indicator, *, percent: str | None, weight: int | None) -> Statement:
    """Read a figure's value as its indicator asks: "hơn 7.000", "96,4 tỷ", "56/56", or only "95%".

    Args:
        text: the value as typed.
        indicator: what is stated.
        percent: a percentage that the source printed beside the value; kept, never computed with.
        weight: how many an average was taken over.

    Raises:
        RejectedError: not a value of this indicator.

    """
    text = without_measure(text, indicator.measure)
    if looks_like_percent(text):
        if percent is not None:
            raise RejectedError(
                _("Two percentages are given: {one} and {other}.").format(one=text[:20], other=percent[:20]),
                instead=_("Give the value, and the printed percentage with --stated-percent."),
            )
        return _printed(Statement(), text)
    statement = _printed(_value(text, indicator, weight), percent)
    if weight is not None and indicator.kind != AVERAGE:
        raise RejectedError(
            _("--weight is for averages, and {indicator} is none.").format(indicator=indicator.code),
            instead=_("Leave it out."),
        )
    return statement


def _printed(statement: Statement, percent: str | None) -> Statement:
    if percent is None:
        return statement
    qualifier, number = parse_stated_percent(percent)
    return statement._replace(stated_percent=f"{number:f}", stated_qualifier=qualifier)


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
    quantity = parse_quantity(text, money=indicator.is_money)
    return Statement(value=quantity.value, qualifier=quantity.qualifier)


def doubt_about(statement: Statement, indicator: Indicator) -> str | None:
    """Say what of a statement can hardly be so; None where all is well."""
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


def state(
    op: Operation,
    indicator: Indicator,
    unit: Unit,
    window: Window,
    statement: Statement,
    *,
    source: str | None,
    decision: str | None,
) -> int:
    """Write a figure and return its number; stating the same again changes nothing.

    Raises:
        RejectedError: the window has not begun.
        RefusedError: another value stands there, a window that half overlaps, or the unit did not live then.

    """
    if window.start > date.today():  # noqa: DTZ011
        raise RejectedError(
            _("The period {period} has not begun.").format(period=window.text()),
            instead=_("Figures are stated for what has happened; for what is aimed at use “ucli set-target”."),
        )
    require_alive(op.db, unit, window.start, window.end)
    same = _same_or_refused(op.db, indicator, unit, window, statement)
    if same is not None:
        return same
    number = op.next_id("figure")
    op.add(
        "figure",
        id=number,
        indicator=indicator.id,
        unit=unit.id,
        start_day=window.start.isoformat(),
        end_day=window.end.isoformat(),
        period=window.code,
        value=statement.value,
        part=statement.part,
        whole=statement.whole,
        qualifier=statement.qualifier,
        stated_percent=statement.stated_percent,
        stated_qualifier=statement.stated_qualifier,
        source=source,
        decision=decision,
    )
    return number


def _average(text: str, indicator: Indicator, weight: int | None) -> Statement:
    if weight is None:
        raise RejectedError(
            _("An average does not add up without how many it was taken over."),
            instead=_("Give --weight, like --weight 120, or the total and the number: 1.020.000.000/120."),
        )
    if weight == 0:
        raise RejectedError(_("An average over nobody is not a figure."), instead=_("Leave it out."))
    quantity = parse_quantity(text, money=indicator.is_money)
    if quantity.value * weight > LARGEST:
        raise RejectedError(_("The average times its weight is larger than any figure a ledger keeps."))
    return Statement(part=quantity.value * weight, whole=weight, qualifier=quantity.qualifier)


def _same_or_refused(
    db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window, statement: Statement
) -> int | None:
    """Return the number of the same figure if it was stated before; refuse one that contradicts it."""
    rows = db.execute(
        "SELECT id, start_day, end_day, period, value, part, whole, qualifier, stated_percent, stated_qualifier"
        " FROM figure WHERE unit = ? AND indicator = ? AND start_day <= ? AND end_day >= ?",
        (unit.id, indicator.id, window.end.isoformat(), window.start.isoformat()),
    )
    for row in rows:
        there = Window(row["period"], date.fromisoformat(row["start_day"]), date.fromisoformat(row["end_day"]))
        # A stock is stated for a day, the last of its window.
        if there.end == window.end and (there.start == window.start or indicator.is_stock):
            if Statement(*row[4:]) == statement:
                return int(row["id"])
            raise RefusedError(
                _("{unit} has stated {indicator} for {period} already: {value} (figure {number}).").format(
                    unit=unit.name,
                    indicator=indicator.code,
                    period=there.text(),
                    value=_stated(row, indicator),
                    number=row["id"],
                ),
                instead=_("To correct it: ucli void-figure {number}, then record it again.").format(number=row["id"]),
            )
        if not (indicator.is_stock or there.holds(window) or window.holds(there)):
            raise RefusedError(
                _(
                    "The period {period} overlaps {other}, for which figure {number} was stated, without holding it."
                ).format(period=window.text(), other=there.text(), number=row["id"]),
                why=_("What falls into both would count twice."),
                instead=_("State one whole period, or periods that do not overlap."),
            )
    return None


def _stated(row: sqlite3.Row, indicator: Indicator) -> str:
    if row["value"] is not None:
        return f"{grouped(row['value'])} {MONEY}" if indicator.is_money else grouped(row["value"])
    if row["whole"] is not None:
        return f"{grouped(row['part'])}/{grouped(row['whole'])}"
    return f"{decimal_text(Decimal(row['stated_percent']))}%"
