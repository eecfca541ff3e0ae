"""Renaming, moving, ending, merging and splitting units, each from a day on."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import WriteCommand, command
from ucli.cli.options import ChangeDay, Decision, UnitArgument, arg, flag, opt
from ucli.cli.session import recording, said
from ucli.cli.units import kind_of_unit
from ucli.cli.values import coded, name_text, new_name
from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger import changes, endings, foundings, units
from ucli.ledger.operations import Operation
from ucli.values import units as kinds
from ucli.values.dates import date_text
from ucli.values.units import Unit

_EVERY_KIND = (*kinds.KINDS, kinds.CLUSTER)
_REASON_ALIASES = {
    "giai the": "dissolved",
    "don vi cham dut": "employer-ceased",
    "sai ton chi": "against-statute",
    "khong du doan vien": "too-few-members",
    "sap xep to chuc": "reorganised",
}


def _reason(text: str) -> str:
    return coded(text, _REASON_ALIASES, kinds.END_REASONS, _("reason for an end"))


Reason = Annotated[
    str | None,
    opt("--reason", _reason, "REASON", "dissolved, employer-ceased, against-statute, too-few-members or reorganised."),
]
Successors = Annotated[
    list[str] | None,
    opt("--successor", name_text, "UNIT", "The unit that follows; those below the ended one come under it."),
]


@command(
    WriteCommand,
    'ucli rename-unit HH "LĐLĐ huyện Hưng Hà mới" --on 1/3/2025 --decision 12/QĐ-LĐLĐ',
)
def rename_unit(
    ctx: typer.Context,
    unit: UnitArgument,
    on: ChangeDay,
    name: Annotated[
        str | None,
        arg(new_name, "[NEW NAME]", "What it is called from then on."),
    ] = None,
    kind: Annotated[
        str | None,
        opt("--kind", kind_of_unit, "KIND", "Of which kind it is from then on."),
    ] = None,
    code: Annotated[str | None, opt("--code", name_text, "CODE", "Its code from then on.")] = None,
    decision: Decision = None,
) -> None:
    if name is None and kind is None and code is None:
        raise UsageError(_("It is not said what changes."), instead=_("Give the new name, --kind or --code."))
    with recording(ctx) as op:
        found = units.find(op.db, unit, among=_EVERY_KIND, day=on)
        new = changes.rename(op, found, on, name=name, kind=kind, code=code, decision=decision)
        op.summary = _("{unit} is {name} ({code}) from {day} on.").format(
            unit=found.name, name=new.name, code=new.code, day=date_text(on)
        )
    said(ctx, op, {"code": new.code, "name": new.name, "kind": new.kind, "on": on})


@command(WriteCommand, 'ucli move-unit "May Hưng Hà" --to KX --on 1/2/2025')
def move_unit(
    ctx: typer.Context,
    unit: UnitArgument,
    on: ChangeDay,
    to: Annotated[
        str,
        opt("--to --parent", name_text, "UNIT", "The unit it comes under."),
    ],
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        found, parent = units.find(op.db, unit, day=on), units.find(op.db, to, day=on)
        changes.move(op, found, parent, on, decision=decision)
        op.summary = _("{unit} stands under {parent} from {day} on.").format(
            unit=found.name, parent=parent.name, day=date_text(on)
        )
    said(ctx, op, {"code": found.code, "name": found.name, "parent": parent.code, "on": on})


@command(
    WriteCommand,
    'ucli merge-unit HH --into KX --on 1/7/2025 --decision "Đề án 01/ĐA-LĐLĐ"',
)
def merge_unit(
    ctx: typer.Context,
    merged: Annotated[
        list[str],
        arg(name_text, "UNIT…", "The units that are merged into another one."),
    ],
    into: Annotated[str, opt("--into", name_text, "UNIT", "The unit that they go up in.")],
    on: ChangeDay,
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        found, whole = [units.find(op.db, text, day=on) for text in merged], units.find(op.db, into, day=on)
        endings.merge(op, found, whole, on, decision=decision)
        op.summary = _("{units}: merged into {unit} on {day}.").format(
            units=", ".join(it.name for it in found), unit=whole.name, day=date_text(on)
        )
    said(ctx, op, {"merged": [it.code for it in found], "into": whole.code, "on": on})


@command(
    WriteCommand,
    'ucli split-unit KX --on 1/8/2025 --into "Kiến Xương Bắc" --into "Kiến Xương Nam"'
    ' --children "Kiến Xương Bắc=May Hưng Hà"',
)
def split_unit(
    ctx: typer.Context,
    unit: UnitArgument,
    into: Annotated[
        list[str],
        opt("--into", new_name, "UNIT", "A part; it is founded on that day unless it is there. Repeat it for each."),
    ],
    on: ChangeDay,
    children: Annotated[
        list[str] | None,
        opt("--children", name_text, "PART=UNIT,UNIT…", "Which units below come under a part; may be repeated."),
    ] = None,
    keep: Annotated[bool, flag("--keep", "The unit gives parts away and goes on itself.")] = False,
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        found = units.find(op.db, unit, day=on)
        parts = [_part(op, found, name, on, decision) for name in into]
        taken = _taken(op, dict(zip(into, parts, strict=True)), children or [])
        endings.split(op, found, parts, on, children=taken, lives_on=keep, decision=decision)
        op.summary = _("{unit} was split into {units} on {day}.").format(
            unit=found.name, units=", ".join(it.name for it in parts), day=date_text(on)
        )
    said(ctx, op, {"code": found.code, "into": [it.code for it in parts], "on": on})


@command(
    WriteCommand,
    'ucli end-unit "ngành Y tế" --on 1/7/2025 --reason reorganised --successor "tỉnh Thái Bình"',
)
def end_unit(
    ctx: typer.Context,
    unit: UnitArgument,
    on: ChangeDay,
    reason: Reason = None,
    successor: Successors = None,
    decision: Decision = None,
) -> None:
    _end(ctx, unit, kinds.KINDS, on, reason, successor, decision)


@command(
    WriteCommand,
    'ucli end-union "May Kiến Xương" --on 31/12/2024 --reason employer-ceased --decision 40/QĐ-LĐLĐ',
)
def end_union(
    ctx: typer.Context,
    union: UnitArgument,
    on: ChangeDay,
    reason: Reason = None,
    successor: Successors = None,
    decision: Decision = None,
) -> None:
    _end(ctx, union, (kinds.UNION,), on, reason, successor, decision)


def _end(
    ctx: typer.Context,
    unit: str,
    among: tuple[str, ...],
    on: date,
    reason: str | None,
    successor: list[str] | None,
    decision: str | None,
) -> None:
    with recording(ctx) as op:
        found = units.find(op.db, unit, among=among, day=on)
        followed = [units.find(op.db, text, day=on) for text in successor or []]
        why = reason or _usual_reason(followed)
        endings.end(op, found, on, why, successors=followed, decision=decision)
        op.summary = _("{unit} ended on {day}.").format(unit=found.name, day=date_text(on))
    said(
        ctx,
        op,
        {
            "code": found.code,
            "name": found.name,
            "ended": on,
            "reason": why,
            "successors": [it.code for it in followed],
        },
    )


def _usual_reason(successors: list[Unit]) -> str:
    """Return why a unit ended when no one said: it was dissolved, or it went on in those that followed."""
    if not successors:
        return kinds.DISSOLVED
    return kinds.MERGED if all(it.kind == kinds.UNION for it in successors) else kinds.REORGANISED


def _part(op: Operation, unit: Unit, name: str, day: date, decision: str | None) -> Unit:
    """Return a part of a split unit: one that is there under that very name or code, or a new one beside the unit."""
    there = units.named(op.db, name)
    if there:
        return there
    kind = changes.unit_on(op.db, unit, day).kind
    return foundings.add_unit(
        op, name, kind, parent=changes.parent_on(op.db, unit, day), founded=day, decision=decision
    )


def _taken(op: Operation, parts: dict[str, Unit], children: list[str]) -> dict[int, Unit]:
    """Read "PART=UNIT,UNIT" and return, by the number of a unit, the part that takes it."""
    taken: dict[int, Unit] = {}
    for text in children:
        name, sign, listed = text.partition("=")
        part = parts.get(name.strip())
        if not sign or part is None:
            raise UsageError(
                _("“{text}” does not say which part takes which units.").format(text=text[:60]),
                instead=_("Type the part as behind --into, =, and the units separated by commas."),
            )
        for child in (units.find(op.db, name_text(it)) for it in listed.split(",")):
            if taken.setdefault(child.id, part) is not part:
                raise RejectedError(
                    _("{unit} cannot come under two parts.").format(unit=child.name),
                    instead=_("Name it behind one of them."),
                )
    return taken
