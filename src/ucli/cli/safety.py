"""Making the ledger's sums anew."""

import typer

from ucli.cli.commands import WriteCommand, command
from ucli.cli.session import answer, ledger_of, tell
from ucli.cli.shared import session_of
from ucli.language import _
from ucli.ledger.database import writing
from ucli.ledger.schema import mend_schema
from ucli.ledger.tallying import rebuild

app = typer.Typer()


@command(app, WriteCommand, "ucli rebuild")
def rebuild_(ctx: typer.Context) -> None:
    """Make all sums anew from the registers; nothing that was recorded changes.

    Triggers, views and indexes that another program put into the file are taken out.
    """
    session = session_of(ctx)
    with ledger_of(session) as db, writing(db) as take_back:
        mend_schema(db)
        rebuild(db)
        if session.dry_run:
            take_back()
    tell(
        _("Only tried, nothing was written: {what}").format(what=_("The sums were made anew."))
        if session.dry_run
        else _("The sums were made anew.")
    )
    answer(ctx, {"rebuilt": not session.dry_run})
