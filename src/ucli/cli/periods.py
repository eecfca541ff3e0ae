"""The office's own periods, and the terms of its units."""

import sqlite3
from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import ReadCommand, WriteCommand, command
from ucli.cli.filters import filter_of
from ucli.cli.options import MaybeUnit, arg, flag, opt
from ucli.cli.output import show
from ucli.cli.session import reading, recording, said
from ucli.cli.values import day, name_text, new_name
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import periods, terms, units
from ucli.render.labels import listed
from ucli.reports import listings
from ucli.reports.closings import closings, with_closings
from ucli.values.units import Unit

PeriodName = Annotated[str, arg(name_text, "CODE", "The code of the period.")]


@command(
    WriteCommand,
    'ucli add-period dot1-2024 --from 1/7/2024 --to 31/7/2024 --name "Đợt cao điểm, giai đoạn 1"',
    'ucli add-period 2023-2028 --term --unit "tỉnh Thái Bình" --from 20/9/2023 --to 19/9/2028',
)
def add_period(
    ctx: typer.Context,
    code: PeriodName,
    first: Annotated[date, opt("--from", day, "DATE", "The first day.")],
    last: Annotated[date, opt("--to", day, "DATE", "The last day.")],
    name: Annotated[str | None, opt("--name", new_name, "TEXT", "What it is called.")] = None,
    due: Annotated[date | None, opt("--due", day, "DATE", "The day by which units report.")] = None,
    term: Annotated[bool, flag("--term", "A term of office, which belongs to a unit.")] = False,
    unit: MaybeUnit = None,
) -> None:
    if unit and not term:
        raise UsageError(_("Only a term belongs to a unit."), instead=_("Add --term, or leave --unit out."))
    with recording(ctx) as op:
        owner = _owner(op.db, unit) if term else None
        if owner:
            window, shortened = terms.add_term(op, owner, code, first, last, name, due)
            op.summary = _("Term {period} of {unit} was added.").format(period=window.text(), unit=owner.name)
            if shortened:
                op.summary += " " + _("The one before: {period}.").format(period=shortened.text())
        else:
            window = periods.add_period(op, code, first, last, name, due)
            op.summary = _("Period {period} was added.").format(period=window.text())
    said(
        ctx,
        op,
        {
            "code": window.code,
            "start": first,
            "end": last,
            "name": name,
            "due": due,
            "unit": owner.code if owner else None,
        },
    )


@command(WriteCommand, "ucli void-period dot1-2024")
def void_period(ctx: typer.Context, code: PeriodName, unit: MaybeUnit = None) -> None:
    with recording(ctx) as op:
        if unit:
            terms.void_term(op, units.find(op.db, unit), code)
        else:
            periods.void_period(op, code)
        op.summary = _("Period {period} was voided.").format(period=code)
    said(ctx, op, {"code": code})


@command(ReadCommand, "ucli periods")
def periods_(ctx: typer.Context) -> None:
    with reading(ctx) as db:
        records = with_closings(listings.periods(db, filter_of(db), terms.last_days(db)), closings(db))
    columns = ["code", "start", "end", "name", "due", "unit", "cut"]
    closed = ["state", "open_until", "closed_by"] if any(it["state"] for it in records) else []
    show(ctx, listed(records, [*columns, *closed]))


def _owner(db: sqlite3.Connection, unit: str | None) -> Unit:
    """Return the unit whose term it is: the office's own where none is named."""
    owner = units.find(db, unit) if unit else units.office(db)
    if owner is None:
        raise UsageError(_("It is not said whose term it is."), instead=_("Name the unit with --unit."))
    return owner
