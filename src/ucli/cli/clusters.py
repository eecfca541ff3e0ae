"""Emulation clusters."""

from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.options import Name
from ucli.cli.registers import filter_of
from ucli.cli.session import check_output, reading, recording, said, show
from ucli.cli.values import name_text, not_swallowed
from ucli.errors import RejectedError, UsageError
from ucli.language import _, marked
from ucli.ledger import clusters, units
from ucli.render.words import listed
from ucli.reports import listings

app = typer.Typer()


def _year(text: str) -> int:
    typed = not_swallowed(text).strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and typed != "0000"):
        raise RejectedError(
            _("“{text}” is not a year.").format(text=text[:20]), instead=_("Type four digits, like 2024.")
        )
    return int(typed)


@command(
    app,
    WriteCommand,
    marked("Organisation"),
    'ucli set-cluster "Cụm 1" --year 2024 --units HH,KX --lead HH --deputy KX',
)
def set_cluster(
    ctx: typer.Context,
    name: Name,
    year: Annotated[int, typer.Option("--year", parser=_year, metavar="YEAR", help=marked("The year it competes in."))],
    units_: Annotated[
        str,
        typer.Option(
            "--units", parser=not_swallowed, metavar="UNIT,UNIT,…", help=marked("Its units, parted by commas.")
        ),
    ],
    lead: Annotated[
        str | None, typer.Option("--lead", parser=name_text, metavar="UNIT", help=marked("The leading unit."))
    ] = None,
    deputy: Annotated[
        str | None, typer.Option("--deputy", parser=name_text, metavar="UNIT", help=marked("The deputy unit."))
    ] = None,
) -> None:
    """Say which units make up a cluster in a year."""
    named = [part.strip() for part in units_.split(",")]
    if not all(named):
        raise UsageError(_("A unit's name is missing between two commas."), instead=_("Type --units A,B,C."))
    with recording(ctx) as op:
        members = [units.find(op.db, name_text(part)) for part in named]
        leader, second = (units.find(op.db, part) if part else None for part in (lead, deputy))
        cluster = clusters.set_cluster(op, name, year, members, leader, second)
        op.summary = _("{cluster} has {count} units in {year}.").format(
            cluster=cluster.name, count=len(members), year=year
        )
    said(
        ctx,
        op,
        {
            "code": cluster.code,
            "name": cluster.name,
            "year": year,
            "units": [unit.code for unit in members],
            "lead": leader.code if leader else None,
            "deputy": second.code if second else None,
        },
    )


@command(app, ReadCommand, marked("Organisation"), "ucli clusters --year 2024")
def clusters_(
    ctx: typer.Context,
    year: Annotated[
        int | None, typer.Option("--year", parser=_year, metavar="YEAR", help=marked("Only this year."))
    ] = None,
) -> None:
    """List the clusters, year by year."""
    check_output(ctx)
    with reading(ctx) as db:
        records = listings.cluster_years(db, filter_of(db), year)
    show(ctx, listed(records, ["code", "name", "year", "units", "lead", "deputy"]))
