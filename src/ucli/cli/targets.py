"""Targets."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import FigureCommand, WriteCommand, accept, ask, can_ask, command, require_value
from ucli.cli.options import (
    Decision,
    IndicatorName,
    MaybeCluster,
    MaybeUnit,
    PeriodCode,
    RowNumber,
    arg,
    opt,
)
from ucli.cli.registers import void
from ucli.cli.session import recording, said
from ucli.cli.subjects import subject_and_window
from ucli.cli.values import day, figure, name_text
from ucli.i18n import _, chosen, marked
from ucli.ledger import catalogue, targets, units
from ucli.ledger.verbs import RowStatus, only
from ucli.values.numbers import doubt_about_money


@command(
    FigureCommand,
    'ucli set-target members-admitted 10.800 --unit "tỉnh Thái Bình" --period 2024',
    'ucli set-target shelter-fund-raised "từ 1 tỷ trở lên" --unit HH --period 2024 --issuer "tỉnh Thái Bình"',
)
def set_target(
    ctx: typer.Context,
    indicator: IndicatorName,
    value: Annotated[
        str,
        arg(
            figure,
            "VALUE",
            "1.720, ít nhất 10, từ 1 tỷ trở lên, 2.000-2.500, tối đa 5, 85%, “> 74”, “mỗi đơn vị ít nhất 1”.",
        ),
    ],
    period: PeriodCode,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    issuer: Annotated[
        str | None,
        opt("--issuer", name_text, "UNIT", "The unit that handed it down."),
    ] = None,
    profile: Annotated[
        str | None,
        opt("--profile", require_value, "N,N,…", "The plan by month: one weight a month of the period."),
    ] = None,
    effective: Annotated[
        date | None,
        opt(
            "--effective", day, "DATE", "The day from which the revision counts; earlier reports keep the value before."
        ),
    ] = None,
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        found = catalogue.find_indicator(op.db, indicator)
        subject, window = subject_and_window(op.db, unit, cluster, period)
        if issuer is None and can_ask() and len(standing := targets.issuers_of(op.db, found, subject, window)) > 1:
            given = ", ".join(units.get_ever(op.db, it, column="code") for it in standing if it)
            issuer = name_text(ask(_("Whose target is revised ({issuers})?").format(issuers=given)))
        by = units.find(op.db, issuer, day=window.end) if issuer else None
        row = targets.Target(found, value, subject, window, by, profile, effective, decision)
        status, written, _doubts = only(targets.set_targets(op, [row]))
        goal = row.goal
        accept(ctx, doubt_about_money(goal.low or 0) if found.is_money else None)
        sentence = (
            _("Target {number} revised: {indicator} {value}, {unit}, {period}.")
            if status is RowStatus.CHANGED
            else _("Target {number}: {indicator} {value}, {unit}, {period}.")
        )
        op.summary = sentence.format(
            number=written, indicator=found.name(chosen()), value=goal.text(), unit=subject.name, period=window.code
        )
    said(
        ctx,
        op,
        {
            "number": written,
            "indicator": found.code,
            "unit": subject.code,
            "period": window.code,
            "issuer": by.code if by else None,
            "effective": effective,
            "target": goal.low,
            "target_kind": goal.kind,
            "target_upper": goal.high,
            "target_percent": None if goal.percent is None else f"{goal.percent:f}",
        },
    )


@command(WriteCommand, "ucli void-target 2 --note 'không giao'")
def void_target(ctx: typer.Context, number: RowNumber) -> None:
    void(ctx, "target", number, marked("Target {number} was voided."))
