"""The office's own periods."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.registers import filter_of
from ucli.cli.session import check_output, reading, recording, said, show
from ucli.cli.values import day, name_text, not_swallowed
from ucli.language import _, marked
from ucli.ledger import periods
from ucli.render.words import listed
from ucli.reports import listings

app = typer.Typer()

PeriodName = Annotated[str, typer.Argument(parser=name_text, metavar="CODE", help=marked("The code of the period."))]


@command(
    app,
    WriteCommand,
    marked("Organisation"),
    'ucli add-period dot1-2024 --from 1/7/2024 --to 31/7/2024 --name "Đợt cao điểm, giai đoạn 1"',
)
def add_period(
    ctx: typer.Context,
    code: PeriodName,
    first: Annotated[date, typer.Option("--from", parser=day, metavar="DATE", help=marked("The first day."))],
    last: Annotated[date, typer.Option("--to", parser=day, metavar="DATE", help=marked("The last day."))],
    name: Annotated[
        str | None, typer.Option("--name", parser=not_swallowed, metavar="TEXT", help=marked("What it is called."))
    ] = None,
    due: Annotated[
        date | None, typer.Option("--due", parser=day, metavar="DATE", help=marked("The day by which units report."))
    ] = None,
) -> None:
    """Add a period of your own: a campaign, a phase, a term."""
    with recording(ctx) as op:
        window = periods.add_period(op, code, first, last, name, due)
        op.summary = _("Period {period} was added.").format(period=window.text())
    said(ctx, op, {"code": window.code, "start": first, "end": last, "name": name, "due": due})


@command(app, WriteCommand, marked("Organisation"), "ucli void-period dot1-2024")
def void_period(ctx: typer.Context, code: PeriodName) -> None:
    """Take back a period; what was recorded for it keeps its days."""
    with recording(ctx) as op:
        periods.void_period(op, code)
        op.summary = _("Period {period} is a code no longer.").format(period=code)
    said(ctx, op, {"code": code})


@command(app, ReadCommand, marked("Organisation"), "ucli periods")
def periods_(ctx: typer.Context) -> None:
    """List the periods of your own."""
    check_output(ctx)
    with reading(ctx) as db:
        records = listings.periods(db, filter_of(db))
    show(ctx, listed(records, ["code", "start", "end", "name", "due"]))
