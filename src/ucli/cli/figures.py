"""Figures: totals that units state."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import FigureCommand, WriteCommand, accept, can_ask, command, confirm, remark, require_value
from ucli.cli.options import (
    Decision,
    IndicatorName,
    MaybeCluster,
    MaybeUnit,
    PeriodCode,
    RowNumber,
    Source,
    arg,
    flag,
    opt,
)
from ucli.cli.registers import void
from ucli.cli.session import recording, said, tell, warn
from ucli.cli.subjects import subject_and_window
from ucli.cli.values import count, figure, past_day
from ucli.i18n import _, chosen, marked
from ucli.ledger import catalogue, figures
from ucli.ledger.operations import Operation
from ucli.ledger.verbs import RowStatus, Written, only
from ucli.values import quantities
from ucli.values.numbers import doubt_about_money

_WHOM = {True: quantities.PREDECESSORS, False: quantities.OWN}
_SENTENCES = {
    quantities.STATED: marked("Figure {number}: {indicator} {value}, {unit}, {period}."),
    quantities.ESTIMATE: marked("Figure {number}, an estimate: {indicator} {value}, {unit}, {period}."),
    quantities.NOT_APPLICABLE: marked("Figure {number}: {indicator} does not apply to {unit}, {period}."),
}


@command(
    FigureCommand,
    'ucli add-figure members-admitted "hơn 700" --unit HH --period 2024-H1 --source "BC 45/BC-LĐLĐ"',
    "ucli add-figure tl-cdcs-tuyen-truyen 56/56 --unit HH --period 2023",
    'ucli add-figure legal-advice "ước 500" --unit HH --period 2024',
    'ucli add-figure legal-advice "ước 520" --unit HH --period 2024 --replace',
)
def add_figure(
    ctx: typer.Context,
    indicator: IndicatorName,
    value: Annotated[
        str,
        arg(
            figure,
            "VALUE",
            "7.000, hơn 7.000, 96,4 tỷ, 56/56, giảm 30, ước 500, n/a; or only a percentage as printed, 95%.",
        ),
    ],
    period: PeriodCode,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    source: Source = None,
    stated_percent: Annotated[
        str | None,
        opt(
            "--stated-percent",
            require_value,
            "PCT",
            "The percentage that the source printed; shown, never computed with.",
        ),
    ] = None,
    weight: Annotated[
        int | None,
        opt("--weight", count, "N", "Of an average: how many it was taken over."),
    ] = None,
    decision: Decision = None,
    with_predecessors: Annotated[
        bool | None,
        flag(
            "--with-predecessors/--own-only",
            "Whether it speaks for the units too that merged into this one inside the period.",
        ),
    ] = None,
    replace: Annotated[
        bool,
        flag("--replace", "Take the place of the value that stands; it stays in the history."),
    ] = False,
    reason: Annotated[
        str | None,
        opt("--reason", remark, "TEXT", "Why a target was missed, for the report."),
    ] = None,
    received: Annotated[
        date | None,
        opt("--received", past_day, "DATE", "The day the unit's report came in."),
    ] = None,
) -> None:
    speaks_for = None if with_predecessors is None else _WHOM[with_predecessors]

    def write() -> tuple[Operation, figures.Figure, Written, figures.Statement, str | None]:
        with recording(ctx) as op:
            found = catalogue.find_indicator(op.db, indicator)
            subject, window = subject_and_window(op.db, unit, cluster, period)
            statement = figures.parse_statement(value, found, percent=stated_percent, weight=weight)
            accept(ctx, doubt_about_money(statement.value or 0) if found.is_money else None)
            row = figures.Figure(found, subject, window, statement, source, decision, speaks_for, reason, received)
            written = only(figures.state(op, [row], replace=replace))
            statement, speaks = figures.stated(op.db, written.number)
            op.summary = _(_SENTENCES[statement.kind]).format(
                number=written.number,
                indicator=found.name(chosen()),
                value=value,
                unit=subject.name,
                period=window.code,
            )
        return op, row, written, statement, speaks

    try:
        op, row, written, statement, speaks = write()
    except figures.PredecessorsError as error:
        if not can_ask():
            raise
        # Asked while no one waits for the ledger.
        tell(f"{error.what} {error.why}")
        speaks_for = _WHOM[confirm(_("Does it speak for them too?"))]
        op, row, written, statement, speaks = write()
    for doubt in written.doubts:
        warn(doubt)
    if speaks_for and speaks is None:
        text = _("No other unit was merged into {unit} inside {period}: the figure speaks for itself alone.")
        warn(text.format(unit=row.unit.name, period=row.window.code))
    said(
        ctx,
        op,
        {
            "number": written.number,
            "indicator": row.indicator.code,
            "unit": row.unit.code,
            "period": row.window.code,
            "value": statement.value,
            "part": statement.part,
            "whole": statement.whole,
            "qualifier": statement.qualifier,
            "stated_percent": statement.stated_percent,
            "kind": statement.kind,
            "speaks_for": speaks,
            "reason": reason,
            "received": received,
            "revised": written.status is RowStatus.CHANGED,
        },
    )


@command(WriteCommand, "ucli void-figure 2 --note 'số liệu cũ'")
def void_figure(ctx: typer.Context, number: RowNumber) -> None:
    void(ctx, "figure", number, marked("Figure {number} was voided."))
