"""Questions in SQL."""

from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, command
from ucli.cli.output import check_output, show
from ucli.cli.session import reading
from ucli.cli.shared import not_swallowed
from ucli.language import marked
from ucli.render import Sheet

app = typer.Typer()


@command(
    app,
    ReadCommand,
    'ucli query "SELECT kind, count(*) AS units FROM units GROUP BY kind"',
    'ucli query "SELECT unit, sum(amount) AS amount FROM payouts GROUP BY unit" --format csv',
)
def query(
    ctx: typer.Context,
    sql: Annotated[
        str, typer.Argument(parser=not_swallowed, metavar="SELECT", help=marked("One question in SQLite's SQL."))
    ],
) -> None:
    """Ask the ledger in SQL, read-only: its views have names and no personal data."""
    check_output(ctx)
    from ucli.ledger.query import answer  # noqa: PLC0415  sqlite-utils costs more than all the rest of a command

    with reading(ctx) as db:
        columns, rows = answer(db, sql)
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    show(ctx, Sheet(columns, [list(row) for row in rows], records, columns))
