"""Admitting members, listing them, taking back a wrong admission."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import WriteCommand, accept, command, short
from ucli.cli.options import Decision, RowNumber, arg, flag, opt
from ucli.cli.registers import void
from ucli.cli.session import recording, said, warn
from ucli.cli.values import OrAsked, birth_day, id_number, name_text, new_name, past_day, sex
from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, marked
from ucli.ledger import members, units
from ucli.ledger.verbs import only
from ucli.values.units import UNION


@command(
    WriteCommand,
    'ucli add-member "Trần Thị Mẫu" --union "May Hưng Hà" --admitted 20/4/2024 --born 2/9/1990 --sex nữ',
    'echo 034190000123 | ucli add-member "Lê Văn Thử" --union "May Hưng Hà" --admitted 20/4/2024 --id-number -',
)
def add_member(
    ctx: typer.Context,
    name: Annotated[str, arg(OrAsked(new_name, marked("Name")), "NAME", "The name; - asks for it.")],
    union: Annotated[str, opt("--union", name_text, "UNION", "The grassroots union.")],
    admitted: Annotated[date, opt("--admitted", past_day, "DATE", "The day of admission.")],
    born: Annotated[
        date | None,
        opt("--born", OrAsked(birth_day, marked("Born")), "DATE", "The day of birth; - asks for it."),
    ] = None,
    sex_: Annotated[str | None, opt("--sex", sex, "nam|nữ", "nam or nữ.")] = None,
    card: Annotated[
        str | None,
        opt("--card", OrAsked(short, marked("Card")), "NO", "Number of the member's card; - asks for it."),
    ] = None,
    id_number_: Annotated[
        str | None,
        opt("--id-number", OrAsked(id_number, marked("ID number"), hidden=True), "-", "The ID number; - asks for it."),
    ] = None,
    transferred: Annotated[
        bool, flag("--transferred", "The member comes from a union that is not in this ledger.")
    ] = False,
    decision: Decision = None,
) -> None:
    """What is “-” is asked for: it is in no history of commands.

    On a terminal it is a question, else a line of standard input: name, birth date, card, ID number, in this order.
    """
    with recording(ctx) as op:
        found = units.find(op.db, union, among=(UNION,), day=admitted)
        birth = born.isoformat() if born else None
        admission = members.Admission(
            found, name, admitted.isoformat(), birth, sex_, card, id_number_, decision, transferred
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
        warn(doubt)
    said(ctx, op, {"number": membership, "name": name, "union": found.code, "admitted": admitted})


@command(WriteCommand, "ucli void-member 2 --note 'ghi hai lần'")
def void_member(ctx: typer.Context, number: RowNumber) -> None:
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
