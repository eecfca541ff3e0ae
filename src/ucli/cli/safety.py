"""Whether the ledger's sums are right, and making them anew."""

from datetime import date

import typer

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.output import check_output, show
from ucli.cli.session import answer, ledger_of, reading, tell, warn_if_open_to_others
from ucli.cli.shared import session_of
from ucli.language import _
from ucli.ledger.database import writing
from ucli.ledger.operations import LIVE
from ucli.ledger.tallying import differences, rebuild
from ucli.render.words import listed
from ucli.reports.structure import nodes

app = typer.Typer()

_FOUND = 4


@command(app, ReadCommand, "ucli check", "ucli check --format json")
def check(ctx: typer.Context) -> None:
    """Count the registers anew and name every sum that says something else; exit code 4 where one does."""
    check_output(ctx)
    warn_if_open_to_others(session_of(ctx))
    with reading(ctx) as db:
        found = list(differences(db))
        names = {it.id: it.name for it in nodes(db, {it.unit for it in found}, date.today(), LIVE - 1)}  # noqa: DTZ011
    if not found:
        tell(_("All sums are what the registers add up to."))
        return
    records: list[dict[str, object]] = [
        {
            "finding": "tally",
            "unit": names.get(it.unit),
            "sum": f"{it.table} {it.cell}",
            "kept": it.kept,
            "counted": it.counted,
        }
        for it in found
    ]
    show(ctx, listed(records, list(records[0])))
    tell(_("{count} sums are wrong; “ucli rebuild” makes them anew from the registers.").format(count=len(found)))
    raise typer.Exit(_FOUND)


@command(app, WriteCommand, "ucli rebuild")
def rebuild_(ctx: typer.Context) -> None:
    """Make all sums anew from the registers; nothing that was recorded changes."""
    session = session_of(ctx)
    with ledger_of(session) as db, writing(db) as take_back:
        rebuild(db)
        if session.dry_run:
            take_back()
    tell(
        _("Only tried, nothing was written: {what}").format(what=_("The sums were made anew."))
        if session.dry_run
        else _("The sums were made anew.")
    )
    answer(ctx, {"rebuilt": not session.dry_run})
