"""Clusters of units in a year, and the office's own periods and the terms of its units."""

import sqlite3
from datetime import date

import typer

from ucli.cli import options
from ucli.cli import values as read
from ucli.cli.app import WriteCommand, command, require_value
from ucli.cli.options import argument, optional, required, switch
from ucli.cli.session import writing
from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger import clusters, periods, units
from ucli.values.units import Unit


@command(WriteCommand)
def set_cluster(
    ctx: typer.Context,
    name: options.Name,
    year: int = required(read.year, "The year it competes in.", "YEAR"),
    units_: str | None = optional(require_value, "Its units, separated by commas.", "UNIT,UNIT,…", "--units"),
    from_year: int | None = optional(read.year, "Begin with the units of another year.", "YEAR"),
    add: str | None = optional(require_value, "Units that join it.", "UNIT,UNIT,…"),
    drop: str | None = optional(require_value, "Units that leave it.", "UNIT,UNIT,…"),
    lead: str | None = optional(read.name_text, "The leading unit."),
    deputy: str | None = optional(read.name_text, "The deputy unit."),
) -> None:
    if (units_ is None) == (from_year is None):
        raise UsageError(
            _("It is not said which units make up the cluster."),
            instead=_("Give --units, or --from-year with --add and --drop; one of the two."),
        )
    if units_ and (add or drop):
        raise UsageError(_("--add and --drop change the list of --from-year."), instead=_("Name all with --units."))
    last = date(year, 12, 31)
    with writing(ctx) as (op, say):
        if from_year:
            among = clusters.members_of(op.db, name, from_year)
            for unit in _named(op.db, drop, last):
                if unit not in among:
                    raise RejectedError(
                        _("{unit} is not one of the cluster's units.").format(unit=unit.name),
                        instead=_("“ucli clusters” lists them."),
                    )
                among.remove(unit)
            among += _named(op.db, add, last)
        else:
            among = _named(op.db, units_, last)
        leader, second = (units.find(op.db, part, day=last) if part else None for part in (lead, deputy))
        before = clusters.year_of(op.db, name, year)
        cluster = clusters.set_cluster(op, name, year, among, leader, second)
        shown: dict[str, object]
        done, shown = _("Units of {name} in {year}: {count}."), {"count": len(among)}
        if before:
            done += " " + _("It takes the place of: {before} (leading: {led}, deputy: {second}).")
            shown |= {"before": [*before.units], "led": before.lead or "—", "second": before.deputy or "—"}
        say(
            done,
            shown,
            code=cluster.code,
            name=cluster.name,
            year=year,
            units=among,
            lead=leader,
            deputy=second,
            replaced=[*before.units] if before and op.rows else None,
        )


def _named(db: sqlite3.Connection, text: str | None, day: date) -> list[Unit]:
    """Read names separated by commas, as units were called on a day."""
    named = [part.strip() for part in text.split(",")] if text else []
    if not all(named):
        raise UsageError(_("A unit's name is missing between two commas."), instead=_("Type --units A,B,C."))
    return [units.find(db, read.name_text(part), day=day) for part in named]


_PERIOD = argument(read.name_text, "The code of the period.", "CODE")


@command(WriteCommand)
def add_period(
    ctx: typer.Context,
    code: str = _PERIOD,
    first: date = required(read.day, "The first day.", names="--from"),
    last: date = required(read.day, "The last day.", names="--to"),
    name: str | None = optional(read.new_name, "What it is called."),
    due: date | None = optional(read.day, "The day by which units report."),
    term: bool = switch("--term", "A term of office, which belongs to a unit."),
    unit: options.MaybeUnit = None,
) -> None:
    if unit and not term:
        raise UsageError(_("Only a term belongs to a unit."), instead=_("Add --term, or leave --unit out."))
    with writing(ctx) as (op, say):
        owner = None
        if term:
            owner = units.find(op.db, unit) if unit else units.office(op.db)
            if owner is None:
                raise UsageError(_("It is not said whose term it is."), instead=_("Name the unit with --unit."))
            window, shortened = periods.add_term(op, owner, code, first, last, name, due)
            done, shown = _("Term {period} of {unit} was added."), {"period": window.text()}
            if shortened:
                done += " " + _("The one before: {before}.")
                shown["before"] = shortened.text()
        else:
            window = periods.add_period(op, code, first, last, name, due)
            done, shown = _("Period {period} was added."), {"period": window.text()}
        say(done, shown, code=window.code, start=first, end=last, name=name, due=due, unit=owner)


@command(WriteCommand)
def void_period(ctx: typer.Context, code: str = _PERIOD, unit: options.MaybeUnit = None) -> None:
    with writing(ctx) as (op, say):
        if unit:
            periods.void_term(op, units.find(op.db, unit), code)
        else:
            periods.void_period(op, code)
        say(_("Period {period} was voided."), {"period": code}, code=code)
