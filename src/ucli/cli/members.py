"""Admitting members, listing them, taking back a wrong admission."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from ucli.cli.commands import WriteCommand, accept, command
from ucli.cli.options import Decision, RowNumber
from ucli.cli.registers import void
from ucli.cli.session import recording, said, tell
from ucli.cli.shared import short
from ucli.cli.values import ASKED, asked_for, birth_day, id_number, name_text, new_name, or_asked, past_day, sex
from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, marked
from ucli.ledger import members, units
from ucli.ledger.verbs import only
from ucli.values.units import UNION

app = typer.Typer()


@command(
    app,
    WriteCommand,
    'ucli add-member "Trần Thị Mẫu" --union "May Hưng Hà" --admitted 20/4/2024 --born 2/9/1990 --sex nữ',
    'echo 034190000123 | ucli add-member "Lê Văn Thử" --union "May Hưng Hà" --admitted 20/4/2024 --id-number -',
)
def add_member(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(parser=or_asked(new_name), metavar="NAME", help=marked("The name; - asks for it."))
    ],
    union: Annotated[
        str, typer.Option("--union", parser=name_text, metavar="UNION", help=marked("The grassroots union."))
    ],
    admitted: Annotated[
        date, typer.Option("--admitted", parser=past_day, metavar="DATE", help=marked("The day of admission."))
    ],
    born: Annotated[
        date | None,
        typer.Option(
            "--born", parser=or_asked(birth_day), metavar="DATE", help=marked("The day of birth; - asks for it.")
        ),
    ] = None,
    sex_: Annotated[str | None, typer.Option("--sex", parser=sex, metavar="nam|nữ", help=marked("nam or nữ."))] = None,
    card: Annotated[
        str | None,
        typer.Option(
            "--card", parser=or_asked(short), metavar="NO", help=marked("Number of the member's card; - asks for it.")
        ),
    ] = None,
    id_number_: Annotated[
        str | None,
        typer.Option(
            "--id-number", parser=or_asked(id_number), metavar="-", help=marked("The ID number; - asks for it.")
        ),
    ] = None,
    transferred: Annotated[
        bool, typer.Option("--transferred", help=marked("The member comes from a union that is not in this ledger."))
    ] = False,
    decision: Decision = None,
) -> None:
    """Admit a member to a grassroots union.

    What is “-” is asked for on a terminal and else read from standard input, a line each: name, birth date, card, ID
    number, in this order. So it is in no history of commands.
    """
    name = asked_for(name, new_name, _("Name"))
    born = asked_for(born, birth_day, _("Born"))
    card = asked_for(card, short, _("Card"))
    identity = asked_for(id_number_, id_number, _("ID number"), hidden=True)
    if id_number_ not in (None, ASKED):
        tell(
            _("Warning: {text}").format(
                text=_("What is typed on the command line stays in its history: use --id-number -.")
            )
        )
    with recording(ctx) as op:
        found = units.find(op.db, union, among=(UNION,), day=admitted)
        birth = born.isoformat() if born else None
        admission = members.Admission(
            found, name, admitted.isoformat(), birth, sex_, card, identity, decision, transferred
        )
        written = only(members.admit(op, [admission]))
        membership = written.number
        _ask_about_twins(ctx, op.db, membership)
        sentence = (
            _("Member {number} came over to {unit}.") if transferred else _("Member {number} was admitted to {unit}.")
        )
        op.summary = sentence.format(number=membership, unit=found.name)
        doubts = [*written.doubts, *_doubts(op.db, membership), *members.doubts_of(admission)]
    for doubt in doubts:
        tell(_("Warning: {text}").format(text=doubt))
    said(ctx, op, {"number": membership, "name": name, "union": found.code, "admitted": admitted})


@command(app, WriteCommand, "ucli void-member 2 --note 'ghi hai lần'")
def void_member(ctx: typer.Context, number: RowNumber) -> None:
    """Void an admission that was recorded by mistake."""
    void(ctx, "membership", number, marked("Member {number} was voided."))


def _ask_about_twins(ctx: typer.Context, db: sqlite3.Connection, membership: int) -> None:
    """Ask whether a member just admitted is another person than a member of that name and birth date."""
    for it in members.twins(db, membership):
        if it.is_of_one_union:
            told = _("A member of that name and birth date is in this union already: number {number}.")
            accept(ctx, told.format(number=it.one), RefusedError)
        elif not it.is_told_apart:
            told = _("A member of {union} at that time has the same name and birth date: number {number}.")
            accept(ctx, told.format(union=units.get_ever(db, it.one_union), number=it.one), RejectedError)


def _doubts(db: sqlite3.Connection, membership: int) -> Iterator[str]:
    """Yield whom a member just admitted may be."""
    for other in [it.other for it in members.namesakes(db, membership) if it.is_of_one_day][:1]:
        told = _("Member {number} has that name, union and day too, and no birth date; is it the same person?")
        yield told.format(number=other)
    if any(members.may_be_erased(db, membership)):
        yield _("A member of the union admitted on that day was erased; is it the same person?")
