"""The reorganisation of 1 July 2025: mergers of provinces, unions of wards and communes."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import WriteCommand, command
from ucli.cli.options import Decision, opt
from ucli.cli.session import recording, said, tell
from ucli.cli.values import name_text, past_day
from ucli.i18n import _
from ucli.ledger import units
from ucli.ledger.province_mergers import Merger, adopt_mergers
from ucli.ledger.wards import add_wards as write_wards
from ucli.values.units import PROVINCE


@command(WriteCommand, "ucli adopt-2025 --dry-run", "ucli adopt-2025")
def adopt_2025(ctx: typer.Context) -> None:
    with recording(ctx) as op:
        mergers = adopt_mergers(op)
        op.summary = _("Provinces merged into others on 01/07/2025: {count}.").format(count=len(mergers))
    for merger in mergers:
        tell(_line(merger))
    said(
        ctx,
        op,
        {"merged": [{"merged": it.merged.code, "into": it.into.code, "units_moved": it.moved} for it in mergers]},
    )


@command(
    WriteCommand,
    'ucli add-wards --parent "Hưng Yên" --founded 1/7/2025 --dry-run',
)
def add_wards(
    ctx: typer.Context,
    parent: Annotated[str, opt("--parent", name_text, "PROVINCE", "The province they are in.")],
    founded: Annotated[date, opt("--founded", past_day, "DATE", "The day they were founded.")],
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        province = units.find(op.db, parent, among=(PROVINCE,))
        added = write_wards(op, province, founded, decision=decision)
        op.summary = _("Unions of wards and communes added under {unit}: {count}.").format(
            count=len(added), unit=province.name
        )
    said(ctx, op, {"parent": province.code, "units": [unit.code for unit in added]})


def _line(merger: Merger) -> str:
    line = _("{merged} → {into}; units directly below that go over: {count}.").format(
        merged=merger.merged.name, into=merger.into.name, count=merger.moved
    )
    return f"{line} {_('{unit} is added to the ledger.').format(unit=merger.into.name)}" if merger.added else line
