"""What the commands of the registers share: voiding a row by its number."""

import typer

from ucli.cli.session import recording, said
from ucli.i18n import _
from ucli.ledger import corrections


def void(ctx: typer.Context, register: str, number: int, sentence: str) -> None:
    """Let a row count no longer, and say so."""
    with recording(ctx) as op:
        corrections.void(op, register, number)
        op.summary = _(sentence).format(number=number)
    said(ctx, op, {"number": number})
