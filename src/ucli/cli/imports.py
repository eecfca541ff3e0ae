"""Taking in the tables that officers keep."""

from pathlib import Path
from typing import Annotated

import typer

from ucli.cli.commands import WriteCommand, command
from ucli.cli.session import keep_before_import, recording, said, tell
from ucli.cli.shared import expanded, not_swallowed, session_of
from ucli.cli.values import one_of
from ucli.errors import RejectedError
from ucli.exchange.rosters import roster_of
from ucli.language import _, marked
from ucli.ledger import rosters
from ucli.vietnamese.numbers import grouped

app = typer.Typer()

_MEMBERS = "members"


@command(
    app,
    WriteCommand,
    "printf 'Họ và tên;Công đoàn cơ sở;Ngày kết nạp\\nĐỗ Thị Ví Dụ;May Hưng Hà;20/4/2024\\n' > doan-vien.csv",
    "ucli import members doan-vien.csv --dry-run",
    "ucli import members doan-vien.csv",
)
def import_(
    ctx: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(
            parser=lambda text: one_of(text, (_MEMBERS,), _("kind of table")),
            metavar="members",
            help=marked("What the rows are: members."),
        ),
    ],
    file: Annotated[
        Path,
        typer.Argument(
            parser=lambda text: expanded(not_swallowed(text)), metavar="FILE", help=marked("A .csv or a workbook.")
        ),
    ],
) -> None:
    """Admit all members of a table, or none; whoever is in the ledger already stays as he or she is.

    Every row that cannot be taken is named with its line and the reason. Running it again changes nothing.
    """
    with recording(ctx) as op:
        rows = roster_of(file, rosters.COLUMNS)
        found = rosters.admit_all(op, rows, confirmed=session_of(ctx).yes)
        for line in found.doubtful:
            tell(
                _("Line {line}: the union has a member of that name and birth date with other numbers.").format(
                    line=line
                )
            )
        if found.faults:
            for fault in found.faults:
                tell(_("Line {line}: {what}").format(line=fault.line, what=fault.what))
            raise RejectedError(
                _("{count} rows of {file} cannot be taken; nothing was written.").format(
                    count=grouped(len(found.faults)), file=file.name
                ),
                instead=_("Correct them and run the command again."),
            )
        op.summary = _("{new} members were admitted from {file}, {there} were there already.").format(
            new=grouped(found.admitted), there=grouped(found.unchanged), file=file.name
        )
        keep_before_import(ctx, op)
    said(
        ctx,
        op,
        {"kind": kind, "new": found.admitted, "unchanged": found.unchanged, "doubtful": found.doubtful},
    )
