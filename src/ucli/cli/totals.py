"""Signing off a total, which `check` holds against what is counted from then on."""

from typing import Annotated

import typer

from ucli.cli.app import MINUS, FigureCommand, command, require_value, session_of
from ucli.cli.options import IndicatorName, PeriodCode, UnitName, arg
from ucli.cli.session import recording, said
from ucli.cli.subjects import subject_and_window
from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, chosen
from ucli.ledger import catalogue, figures
from ucli.ledger.figures import sign_off
from ucli.reports.checks import Counts, value_text
from ucli.values.indicators import Indicator
from ucli.values.quantities import Quantity, Share


@command(
    FigureCommand,
    "ucli assert-total unions-founded 1 --unit KX --period 2024 --note 'biên bản đối chiếu'",
)
def assert_total(
    ctx: typer.Context,
    indicator: IndicatorName,
    value: Annotated[
        str,
        arg(require_value, "VALUE", "The total that was signed off; growth may be negative: -5."),
    ],
    unit: UnitName,
    period: PeriodCode,
) -> None:
    """What is not counted just now is refused; --yes signs it off all the same."""
    with recording(ctx) as op:
        found = catalogue.find_indicator(op.db, indicator)
        subject, window = subject_and_window(op.db, unit, None, period)
        statement = _signed(value, found)
        if statement.value is None and statement.whole is None:
            raise RejectedError(
                _("A percentage alone is no total."), instead=_("Give the number, or the part and the whole: 56/56.")
            )
        signed = (
            Quantity(statement.value, statement.qualifier)
            if statement.value is not None
            else Share(statement.part or 0, statement.whole or 0, statement.qualifier)
        )
        counted = Counts(op.db, catalogue.indicators(op.db)).counters([subject.id], window.lasted)[subject.id].count(
            found
        ).value or Quantity(0)
        if counted != signed and not session_of(ctx).yes:
            raise RefusedError(
                _("Counted now are {counted}, and not {signed}.").format(
                    counted=value_text(counted, found), signed=value_text(signed, found)
                ),
                instead=_("“ucli explain” shows what adds up to it; --yes signs the total off all the same."),
            )
        number = sign_off(op, found, subject, window.lasted, statement)
        op.summary = _("Control total {number}: {indicator} {value}, {unit}, {period}.").format(
            number=number,
            indicator=found.name(chosen()),
            value=value_text(signed, found),
            unit=subject.name,
            period=window.code,
        )
    said(
        ctx,
        op,
        {
            "number": number,
            "indicator": found.code,
            "unit": subject.code,
            "period": window.code,
            "value": statement.value,
            "part": statement.part,
            "whole": statement.whole,
            "qualifier": statement.qualifier,
        },
    )


def _signed(value: str, indicator: Indicator) -> figures.Statement:
    """Read a total, which may be less than nothing where the indicator may.

    Raises:
        RejectedError: it is not a value of this indicator.

    """
    typed = value.strip()
    if not typed.startswith(MINUS):
        return figures.parse_statement(typed, indicator, percent=None, weight=None)
    statement = figures.parse_statement(typed.removeprefix(MINUS).strip(), indicator, percent=None, weight=None)
    if not indicator.may_be_negative or statement.value is None:
        raise RejectedError(
            _("{indicator} cannot be less than nothing.").format(indicator=indicator.code),
            instead=_("Check the indicator and the number."),
        )
    negative = Quantity(0) - Quantity(statement.value, statement.qualifier)
    return statement._replace(value=negative.value, qualifier=negative.qualifier)
