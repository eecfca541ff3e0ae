"""What was done, and taking it back."""

from collections.abc import Callable
from contextlib import closing
from datetime import date
from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.session import check_output, reading, session_of, show, tell
from ucli.cli.values import number
from ucli.language import _, marked
from ucli.ledger import operations
from ucli.ledger.database import explained, open_ledger
from ucli.ledger.operations import LIVE
from ucli.render.as_json import dumped
from ucli.render.words import listed
from ucli.reports import listings

app = typer.Typer()

Reversal = Callable[..., tuple[int, int]]

MaybeNumber = Annotated[
    int | None,
    typer.Argument(
        parser=number, metavar="[OPERATION]", help=marked("Its number in “ucli log”; the last one when left out.")
    ),
]


@command(app, WriteCommand, marked("Safety"), "ucli undo", "ucli undo 3 --dry-run")
def undo(ctx: typer.Context, number_: MaybeNumber = None) -> None:
    """Take back a command, whole."""
    _reverse(ctx, number_, operations.undo, marked("Operation {number} was taken back."))


@command(app, WriteCommand, marked("Safety"), "ucli redo")
def redo(ctx: typer.Context, number_: MaybeNumber = None) -> None:
    """Bring back what was undone."""
    _reverse(ctx, number_, operations.redo, marked("Operation {number} counts again."))


@command(app, ReadCommand, marked("Safety"), "ucli log", "ucli log --format json")
def log(ctx: typer.Context) -> None:
    """List what was done, the latest first."""
    check_output(ctx)
    with reading(ctx) as db:
        records = listings.operations(db, listings.Filter(LIVE - 1, date.today()))  # noqa: DTZ011
    show(ctx, listed(records, ["operation", "at", "actor", "command", "summary", "note", "undone"]))


def _reverse(ctx: typer.Context, asked: int | None, how: Reversal, sentence: str) -> None:
    session = session_of(ctx)
    with closing(open_ledger(session.path)) as db, explained(session.path):
        reversed_, by = how(db, session.author, asked, dry_run=session.dry_run)
    what = _(sentence).format(number=reversed_)
    tell(_("Only tried, nothing was written: {what}").format(what=what) if session.dry_run else what)
    if session.format:
        print(dumped({"operation": by, "reversed": reversed_}))
