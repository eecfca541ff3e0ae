"""Making a ledger; units and grassroots unions."""

import sqlite3
from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import WriteCommand, command, session_of
from ucli.cli.options import Code, Decision, Name, UnitArgument, opt
from ucli.cli.session import check_form, operation_in, recording, said, tell, warn
from ucli.cli.values import coded, count, name_text, new_name, past_day
from ucli.errors import RefusedError, RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger import corrections, foundings, unions, units
from ucli.ledger.files import is_there
from ucli.ledger.lives import successor_on
from ucli.ledger.operations import Operation
from ucli.ledger.store import create_ledger
from ucli.ledger.verbs import only
from ucli.values import units as kinds
from ucli.values.names import same
from ucli.values.units import Unit


def kind_of_unit(text: str) -> str:
    return coded(text, kinds.KIND_ALIASES, kinds.KINDS, _("kind of unit"))


def _sector(text: str) -> str:
    return coded(text, kinds.SECTOR_ALIASES, kinds.SECTORS, _("economic sector"))


@command(
    WriteCommand,
    'ucli init --office "LĐLĐ tỉnh Thái Bình"',
)
def init(
    ctx: typer.Context,
    office: Annotated[
        str | None,
        opt("--office", new_name, "NAME", "The unit whose ledger this is."),
    ] = None,
    kind: Annotated[
        str | None,
        opt("--kind", kind_of_unit, "KIND", "Its kind, where its name does not say it."),
    ] = None,
) -> None:
    session = session_of(ctx)
    there = is_there(session.path)
    if session.dry_run and not there:
        tell(_("A ledger would be made at {path}.").format(path=session.path))
        return
    if not there and session.held and session.held.atomic:
        raise UsageError(
            _("A ledger cannot be made by a batch that may be rolled back."),
            instead=_("Make it first with “ucli init”, then run the batch."),
        )
    if there:
        with recording(ctx) as op:
            unit = _of_office(op, office, kind)
        made = ""
    else:
        op, unit = _made(ctx, office, kind)
        made = _("A ledger was made at {path}.").format(path=session.path)
    if unit or there:
        said(ctx, op, {"office": unit.code if unit else None, "path": str(session.path)}, first=made)
    else:
        tell(made)


def _made(ctx: typer.Context, office: str | None, kind: str | None) -> tuple[Operation, Unit | None]:
    """Make a ledger that is there when its office is recorded in it."""
    session = session_of(ctx)
    check_form(session)
    done: list[tuple[Operation, Unit | None]] = []

    def first(db: sqlite3.Connection) -> None:
        with operation_in(ctx, db, session.note) as op:
            done.append((op, _of_office(op, office, kind)))

    create_ledger(session.path, first).close()
    from ucli.cli.safety import warn_of_place  # noqa: PLC0415  only where a ledger is made

    warn_of_place(session.path)
    return done[0]


def _of_office(op: Operation, name: str | None, kind: str | None) -> Unit | None:
    unit = _office(op, name, kind) if name else None
    op.summary = _("The office is {unit}.").format(unit=unit.name) if unit else ""
    return unit


def _office(op: Operation, name: str, kind: str | None) -> Unit:
    office = units.office(op.db)
    if name.isdigit():
        raise RejectedError(
            _("“{name}” is a code and no name.").format(name=name[:40]), instead=_("Type the name of the office.")
        )
    if office is None:
        there = foundings.at_the_top(op.db, name)
        office = there or foundings.add_unit(op, name, kind or kinds.kind_in_name(name))
        op.add("setting", name="office", value=str(office.id))
    elif not same(name, office.name):
        raise RefusedError(
            _("This ledger is the office's of {unit}.").format(unit=office.name),
            instead=_("Make another ledger for {name} with --db PATH.").format(name=name),
        )
    return office


@command(
    WriteCommand,
    'ucli add-unit "LĐLĐ huyện Hưng Hà" --kind district --code HH',
    'ucli add-unit "Công đoàn ngành Y tế" --kind sector --parent "Thái Bình" --founded 1/3/1995',
)
def add_unit(
    ctx: typer.Context,
    name: Name,
    kind: Annotated[
        str,
        opt(
            "--kind",
            kind_of_unit,
            "KIND",
            "confederation, province, industry, corporation, sector, district, zone, ward or union.",
        ),
    ],
    parent: Annotated[
        str | None,
        opt("--parent", name_text, "UNIT", "The unit it is directly under; the office's when left out."),
    ] = None,
    code: Code = None,
    founded: Annotated[date | None, opt("--founded", past_day, "DATE", "The day it was founded.")] = None,
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        above = units.find(op.db, parent, day=founded) if parent else _default_parent(op.db, kind, founded)
        unit = foundings.add_unit(op, name, kind, parent=above, code=code, founded=founded, decision=decision)
        op.summary = _("{unit} was added, with code {code}.").format(unit=unit.name, code=unit.code)
    said(ctx, op, _object(unit, above))


@command(
    WriteCommand,
    'ucli add-union "CĐCS Công ty May Hưng Hà" --parent HH --founded 15/3/2024 --sector non-state --members 12',
)
def add_union(
    ctx: typer.Context,
    name: Name,
    parent: Annotated[str, opt("--parent", name_text, "UNIT", "The unit it is directly under.")],
    founded: Annotated[date, opt("--founded", past_day, "DATE", "The day it was founded.")],
    sector: Annotated[
        str | None,
        opt("--sector", _sector, "SECTOR", "state, public, non-state or fdi."),
    ] = None,
    members_: Annotated[
        int | None,
        opt("--members", count, "N", "Founding members, recognised without names."),
    ] = None,
    decision: Decision = None,
    code: Code = None,
) -> None:
    with recording(ctx) as op:
        above = units.find(op.db, parent, day=founded)
        founding = unions.Founding(name, above, founded, code, sector, members_, decision)
        written = only(unions.found(op, [founding], confirmed=session_of(ctx).yes))
        unit = units.get(op.db, written.number)
        op.summary = _("{unit} was founded under {parent}, with code {code}.").format(
            unit=unit.name, parent=above.name, code=unit.code
        )
    for doubt in written.doubts:
        warn(doubt)
    said(ctx, op, {**_object(unit, above), "founded": founded, "members": members_})


@command(WriteCommand, "ucli void-unit KT --note 'nhập nhầm'")
def void_unit(ctx: typer.Context, unit: UnitArgument) -> None:
    with recording(ctx) as op:
        found = units.find(op.db, unit, among=(*kinds.KINDS, kinds.CLUSTER))
        corrections.void_unit(op, found)
        op.summary = _("{unit} was voided.").format(unit=found.name)
    said(ctx, op, {"code": found.code, "name": found.name})


def _default_parent(db: sqlite3.Connection, kind: str, founded: date | None) -> Unit | None:
    """Return the office, or the unit that had followed it by then, where a unit of that kind belongs below it."""
    office = units.office(db)
    if office and founded:
        office = successor_on(db, office, founded)
    return office if office and kinds.belongs_under(kind, office.kind) else None


def _object(unit: Unit, parent: Unit | None) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": parent.code if parent else None,
    }
