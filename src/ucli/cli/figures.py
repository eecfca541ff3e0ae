"""Figures: totals that units state."""

from typing import Annotated

import typer

from ucli.cli.commands import FigureCommand, WriteCommand, accept, command
from ucli.cli.options import (
    Decision,
    IndicatorName,
    MaybeCluster,
    MaybeUnit,
    PeriodCode,
    RowNumber,
    Source,
)
from ucli.cli.registers import void
from ucli.cli.session import recording, said, tell
from ucli.cli.shared import not_swallowed
from ucli.cli.subjects import subject_and_window
from ucli.cli.values import count, figure
from ucli.language import _, chosen, marked
from ucli.ledger import catalogue, figures
from ucli.vietnamese.numbers import doubt_about_money

app = typer.Typer()


@command(
    app,
    FigureCommand,
    'ucli add-figure members-admitted "hơn 700" --unit HH --period 2024-H1 --source "BC 45/BC-LĐLĐ"',
    "ucli add-figure tl-cdcs-tuyen-truyen 56/56 --unit HH --period 2023",
)
def add_figure(
    ctx: typer.Context,
    indicator: IndicatorName,
    value: Annotated[
        str,
        typer.Argument(
            parser=figure,
            metavar="VALUE",
            help=marked("7.000, hơn 7.000, 96,4 tỷ, 56/56, giảm 30; or only a percentage as printed, 95%."),
        ),
    ],
    period: PeriodCode,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    source: Source = None,
    stated_percent: Annotated[
        str | None,
        typer.Option(
            "--stated-percent",
            parser=not_swallowed,
            metavar="PCT",
            help=marked("The percentage that the source printed; shown, never computed with."),
        ),
    ] = None,
    weight: Annotated[
        int | None,
        typer.Option("--weight", parser=count, metavar="N", help=marked("Of an average: how many it was taken over.")),
    ] = None,
    decision: Decision = None,
) -> None:
    """Record a total that a unit states: everything at or below it within the period."""
    with recording(ctx) as op:
        found = catalogue.find_indicator(op.db, indicator)
        subject, window = subject_and_window(op.db, unit, cluster, period)
        statement = figures.parse_statement(value, found, percent=stated_percent, weight=weight)
        accept(ctx, doubt_about_money(statement.value or 0) if found.is_money else None)
        written = figures.state(op, found, subject, window.lasted, statement, source=source, decision=decision)
        op.summary = _("Figure {number}: {indicator} {value}, {unit}, {period}.").format(
            number=written, indicator=found.name(chosen()), value=value, unit=subject.name, period=window.code
        )
    if doubt := figures.doubt_about(statement, found):
        tell(_("Warning: {text}").format(text=doubt))
    said(
        ctx,
        op,
        {
            "number": written,
            "indicator": found.code,
            "unit": subject.code,
            "period": window.code,
            "value": statement.value,
            "part": statement.part,
            "whole": statement.whole,
            "qualifier": statement.qualifier,
            "stated_percent": statement.stated_percent,
        },
    )


@command(app, WriteCommand, "ucli void-figure 2 --note 'số liệu cũ'")
def void_figure(ctx: typer.Context, number: RowNumber) -> None:
    """Take back a figure, to record it anew."""
    void(ctx, "figure", number, marked("Figure {number} counts no longer."))
