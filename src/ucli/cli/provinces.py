"""The mergers of provinces of 1 July 2025."""

import typer

from ucli.cli.commands import WriteCommand, command
from ucli.cli.session import recording, said, tell
from ucli.language import _, marked
from ucli.ledger.adoption import Merger, adopt_mergers

app = typer.Typer()


@command(app, WriteCommand, marked("Organisation"), "ucli adopt-2025 --dry-run", "ucli adopt-2025")
def adopt_2025(ctx: typer.Context) -> None:
    """Merge the provinces of the ledger as the country did on 1 July 2025, in one operation."""
    with recording(ctx) as op:
        mergers = adopt_mergers(op)
        op.summary = _("{count} provinces went up in others on 01/07/2025.").format(count=len(mergers))
    for merger in mergers:
        tell(_line(merger))
    said(
        ctx,
        op,
        {"merged": [{"merged": it.merged.code, "into": it.into.code, "units_moved": it.moved} for it in mergers]},
    )


def _line(merger: Merger) -> str:
    line = _("{merged} → {into}: {count} units directly below go over.").format(
        merged=merger.merged.name, into=merger.into.name, count=merger.moved
    )
    return f"{line} {_('{unit} is added to the ledger.').format(unit=merger.into.name)}" if merger.added else line
