"""What was done, and taking it back."""

from collections.abc import Callable
from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.output import check_output, show
from ucli.cli.session import answer, reading, recording, tell
from ucli.cli.shared import session_of
from ucli.cli.values import number
from ucli.language import _, marked
from ucli.ledger import reversal
from ucli.ledger.operations import Operation
from ucli.render.words import listed
from ucli.reports import history

app = typer.Typer()

_BACK_BY_REDO = marked("{what} Operation {number}; bring it back with “ucli redo {reversed}”.")
_BACK_BY_UNDO = marked("{what} Operation {number}; take it back with “ucli undo {reversed}”.")

Reversal = Callable[[Operation, int | None], int]

MaybeNumber = Annotated[
    int | None,
    typer.Argument(
        parser=number, metavar="[OPERATION]", help=marked("Its number in “ucli log”; the last one when left out.")
    ),
]


@command(app, WriteCommand, "ucli undo", "ucli undo 3 --dry-run")
def undo(ctx: typer.Context, number_: MaybeNumber = None) -> None:
    """Take back a command, whole."""
    _reverse(ctx, number_, reversal.undo, marked("Operation {number} was taken back."), _BACK_BY_REDO)


@command(app, WriteCommand, "ucli redo")
def redo(ctx: typer.Context, number_: MaybeNumber = None) -> None:
    """Bring back what was undone."""
    _reverse(ctx, number_, reversal.redo, marked("Operation {number} counts again."), _BACK_BY_UNDO)


@command(app, ReadCommand, "ucli log", "ucli log --format json")
def log(ctx: typer.Context) -> None:
    """List what was done, the latest first."""
    check_output(ctx)
    with reading(ctx) as db:
        records = history.operations(db)
    show(ctx, listed(records, ["operation", "at", "actor", "command", "summary", "note", "undone"]))


def _reverse(ctx: typer.Context, asked: int | None, how: Reversal, sentence: str, back: str) -> None:
    with recording(ctx) as op:
        reversed_ = how(op, asked)
    # The log says which command it was; here what it did is enough.
    what = f"{_(sentence).format(number=reversed_)} {op.summary.partition(' — ')[2]}"
    if session_of(ctx).dry_run:
        tell(_("Only tried, nothing was written: {what}").format(what=what))
    else:
        tell(_(back).format(what=what, number=op.number, reversed=reversed_))
    answer(ctx, {"operation": op.number, "reversed": reversed_})
