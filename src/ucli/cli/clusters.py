"""Emulation clusters."""

import sqlite3
from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import ReadCommand, WriteCommand, command, require_value
from ucli.cli.options import Name, opt
from ucli.cli.output import show
from ucli.cli.session import reading, recording, said
from ucli.cli.values import name_text
from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger import clusters, units
from ucli.render.labels import listed
from ucli.reports import listings
from ucli.values.units import Unit


def _year(text: str) -> int:
    typed = require_value(text).strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4 and typed != "0000"):
        raise RejectedError(
            _("“{text}” is not a year.").format(text=text[:20]), instead=_("Type four digits, like 2024.")
        )
    return int(typed)


@command(
    WriteCommand,
    'ucli set-cluster "Cụm 1" --year 2024 --units HH,KX --lead HH --deputy KX',
    'ucli set-cluster "Cụm 1" --year 2025 --from-year 2024 --lead KX --deputy HH',
)
def set_cluster(
    ctx: typer.Context,
    name: Name,
    year: Annotated[int, opt("--year", _year, "YEAR", "The year it competes in.")],
    units_: Annotated[
        str | None,
        opt("--units", require_value, "UNIT,UNIT,…", "Its units, separated by commas."),
    ] = None,
    from_year: Annotated[
        int | None,
        opt("--from-year", _year, "YEAR", "Begin with the units of another year."),
    ] = None,
    add: Annotated[
        str | None,
        opt("--add", require_value, "UNIT,UNIT,…", "Units that join it."),
    ] = None,
    drop: Annotated[
        str | None,
        opt("--drop", require_value, "UNIT,UNIT,…", "Units that leave it."),
    ] = None,
    lead: Annotated[str | None, opt("--lead", name_text, "UNIT", "The leading unit.")] = None,
    deputy: Annotated[str | None, opt("--deputy", name_text, "UNIT", "The deputy unit.")] = None,
) -> None:
    if (units_ is None) == (from_year is None):
        raise UsageError(
            _("It is not said which units make up the cluster."),
            instead=_("Give --units, or --from-year with --add and --drop; one of the two."),
        )
    if units_ and (add or drop):
        raise UsageError(_("--add and --drop change the list of --from-year."), instead=_("Name all with --units."))
    last = date(year, 12, 31)
    with recording(ctx) as op:
        if from_year:
            members = clusters.members_of(op.db, name, from_year)
            for unit in _named(op.db, drop, last):
                if unit not in members:
                    raise RejectedError(
                        _("{unit} is not one of the cluster's units.").format(unit=unit.name),
                        instead=_("“ucli clusters” lists them."),
                    )
                members.remove(unit)
            members += _named(op.db, add, last)
        else:
            members = _named(op.db, units_, last)
        leader, second = (units.find(op.db, part, day=last) if part else None for part in (lead, deputy))
        before = clusters.year_of(op.db, name, year)
        cluster = clusters.set_cluster(op, name, year, members, leader, second)
        op.summary = _("Units of {cluster} in {year}: {count}.").format(
            cluster=cluster.name, count=len(members), year=year
        )
        op.summary += f" {_replaced(before)}" if before else ""
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
            "replaced": [unit.code for unit in before.units] if before and op.rows else None,
        },
    )


def _replaced(before: clusters.ClusterYear) -> str:
    """Say what was the cluster of that year until now."""
    lead, deputy = (unit.name if unit else "—" for unit in (before.lead, before.deputy))
    return _("It takes the place of: {units} (leading: {lead}, deputy: {deputy}).").format(
        units=", ".join(unit.name for unit in before.units), lead=lead, deputy=deputy
    )


def _named(db: sqlite3.Connection, text: str | None, day: date) -> list[Unit]:
    """Read names separated by commas, as units were called on a day.

    Raises:
        UsageError: a name is missing between two commas.

    """
    named = [part.strip() for part in text.split(",")] if text else []
    if not all(named):
        raise UsageError(_("A unit's name is missing between two commas."), instead=_("Type --units A,B,C."))
    return [units.find(db, name_text(part), day=day) for part in named]


@command(ReadCommand, "ucli clusters --year 2024")
def clusters_(
    ctx: typer.Context,
    year: Annotated[int | None, opt("--year", _year, "YEAR", "Only this year.")] = None,
) -> None:
    with reading(ctx) as db:
        records = listings.cluster_years(db, year)
    show(ctx, listed(records, ["code", "name", "year", "units", "lead", "deputy"]))
