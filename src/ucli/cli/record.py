"""Recording members and payouts: admissions, departures, transfers, readmissions, awards; and voiding mistakes."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ucli.cli import values as read
from ucli.cli.commands import WriteCommand, command
from ucli.cli.opening import Said, writing
from ucli.cli.session import accept, ask, can_ask, context, current_session
from ucli.errors import NotFoundError, UsageError
from ucli.i18n import _
from ucli.ledger import awards, catalogue, members, payouts, periods, persons, units
from ucli.ledger.lineage import successor_on
from ucli.ledger.registers import VOIDED_BY
from ucli.ledger.verbs import only
from ucli.ledger.verbs import void as void_row
from ucli.values.members import ADMISSION, TRANSFER
from ucli.values.names import fold, own_name
from ucli.values.numbers import UNKNOWN, doubt_about_money, money_text
from ucli.values.units import GRASSROOTS, Unit


@command(WriteCommand)
def add_member(
    union: str,
    admitted: date,
    name: str,
    born: date | None = None,
    sex: str | None = None,
    card: str | None = None,
    identity: str | None = None,
    transferred: bool = False,
    decision: str | None = None,
) -> None:
    """A value typed as “-” is asked for, so that it stays out of the command history.

    On a terminal you are asked; otherwise a line of standard input is read for each: name, birth date, card, ID
    number, in this order.
    """
    from ucli.ledger import admissions  # noqa: PLC0415  no other command admits

    with writing() as (op, say):
        found = units.find(op.db, union, among=GRASSROOTS, day=admitted)
        days = admitted.isoformat(), born.isoformat() if born else None
        begun_by = TRANSFER if transferred else ADMISSION
        admission = admissions.Admission(found, name, *days, sex, card, identity, decision, begun_by)
        _status, number, doubts = only(admissions.admit(op, [admission]))
        _ask_about_twins(op.db, number)
        done = _("Member {number} was admitted to {union}.")
        if transferred:
            done = _("Member {number} was transferred to {union}.")
        say(done, number=number, name=name, union=found, admitted=admitted)
        say.warnings += [*doubts, *_doubts(op.db, number), *admissions.doubts_of(admission)]


def _ask_about_twins(db: sqlite3.Connection, membership: int) -> None:
    """Ask whether a new member is another person than a member of the same name and birth date."""
    for it in persons.twins(db, membership):
        told = _("A member of {union} at that time has the same name and birth date: number {number}.")
        if it.is_of_one_union:
            told = _("A member of that name and birth date is already in this union: number {number}.")
        if it.is_of_one_union or not it.is_told_apart:
            accept(told.format(union=units.get_ever(db, it.one_union), number=it.one))


def _doubts(db: sqlite3.Connection, membership: int) -> Iterator[str]:
    """Yield the members that a new member may be."""
    for other in [other for _new, other, of_one_day in persons.namesakes(db, membership) if of_one_day][:1]:
        told = _("Member {number} has that name, union and day too, and no birth date; is it the same person?")
        yield told.format(number=other)


@command(WriteCommand)
def end_membership(member: str, on: date, reason: str, how_many: int | None = None) -> None:
    with writing() as (op, say):
        confirmed = current_session().yes
        row, _number = members.depart(op, member, on, reason, members=how_many, confirmed=confirmed)
        left = how_many or row["members"]
        done = _("Member {number} left on {left}.")
        if left > 1:
            done = _("Members of group {number} who left on {left}: {members}.")
        say(done, number=row["id"], left=on, reason=reason, members=left)


@command(WriteCommand)
def transfer_member(
    member: str,
    on: date,
    to: str | None = None,
    elsewhere: bool = False,
    how_many: int | None = None,
    decision: str | None = None,
) -> None:
    if (to is None) != elsewhere:
        raise UsageError(_("No destination was named."), instead=_("Give --to UNION, or --elsewhere; one of the two."))
    with writing() as (op, say):
        union = units.find(op.db, to, among=GRASSROOTS, day=on) if to else None
        row, number = members.depart(
            op, member, on, TRANSFER, to=union, members=how_many, confirmed=current_session().yes, decision=decision
        )
        moved, alone = how_many or row["members"], row["members"] == 1
        if union:
            group = _("Members of group {from} transferred to {union}, as number {number}: {members}.")
            done = _("Member {from} was transferred to {union}, as number {number}.") if alone else group
        else:
            group = _("Members of group {from} transferred to a union outside this ledger: {members}.")
            done = _("Member {from} was transferred to a union outside this ledger.") if alone else group
        say(done, **{"number": number, "from": row["id"]}, union=union, on=on, members=moved)


@command(WriteCommand)
def readmit_member(member: str, union: str, admitted: date, decision: str | None = None) -> None:
    with writing() as (op, say):
        found = units.find(op.db, union, among=GRASSROOTS, day=admitted)
        number = members.readmit(op, member, found, admitted, decision=decision)
        _ask_about_twins(op.db, number)
        done = _("A former member was readmitted to {union}, as number {number}.")
        say(done, number=number, union=found, admitted=admitted)


@command(WriteCommand)
def merge_person(merged: Sequence[str], into: str, transferred: bool = False) -> None:
    with writing() as (op, say):
        persons_ = [members.find_member(op.db, it) for it in (into, *merged)]
        if len(set(persons_)) < len(persons_):
            raise UsageError(_("A member is named twice, or is already the same person."))
        number = members.merge_persons(op, persons_, transferred=transferred)
        say(
            _(
                "Merged into one person with all memberships, payouts and awards; the last membership is number "
                "{number}."
            ),
            number=number,
        )


class PayoutCommand(WriteCommand):
    """A command that records a payout; a further payment need not repeat unit and programme."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for it in self.params:
            if it.name in ("unit", "programme"):
                it.required = not any(word.startswith("--instalment-of") for word in args)
        return super().parse_args(ctx, args)


@command(PayoutCommand)
def add_payout(
    unit: str,
    programme: str,
    amount: Any = None,
    in_kind: int | None = None,
    recipients: int | None = None,
    form: str | None = None,
    member: str | None = None,
    beneficiary: str | None = None,
    fund: str | None = None,
    on: date | None = None,
    instalment_of: int | None = None,
    decision: str | None = None,
) -> None:
    if amount is None and in_kind is None and can_ask():
        amount = read.money(ask(_("Paid in cash: 900 triệu, 96,4 tỷ, 1.200.000.").rstrip(".")))
    if amount is None and in_kind is None:
        raise UsageError(_("No amount was given."), instead=_("Give --amount, or --in-kind for goods."))
    if member and beneficiary:
        raise UsageError(_("--member and --beneficiary cannot both be given."), instead=_("Keep the right one."))
    if amount == UNKNOWN and in_kind is not None:
        raise UsageError(_("The value is known: --in-kind gives it."), instead=_("Leave --amount out, or --in-kind."))
    if instalment_of and recipients is not None:
        raise UsageError(
            _("The recipients of a further payment are those of payout {number}.").format(number=instalment_of),
            instead=_("Leave --recipients out."),
        )
    with writing() as (op, say):
        day = on or date.today()  # noqa: DTZ011
        grant = payouts.payout_of(op.db, instalment_of) if instalment_of else None
        payout = payouts.Payout(
            unit=successor_on(op.db, grant.unit, day) if grant and not unit else units.find(op.db, unit, day=on),
            programme=grant.programme if grant and not programme else catalogue.find_programme(op.db, programme),
            day=day,
            amount=0 if amount in (None, UNKNOWN) else amount,
            in_kind=in_kind or 0,
            recipients=1 if recipients is None else recipients,
            form=form,
            fund=fund,
            decision=decision,
            member=members.find_member(op.db, member) if member else None,
            beneficiary=beneficiary,
            part_of=grant.part_of if grant else None,
            unvalued=amount == UNKNOWN,
        )
        accept(doubt_about_money(payout.amount) or doubt_about_money(payout.in_kind))
        _status, number, doubts = only(payouts.pay(op, [payout]))
        _ask_about_repeats(op.db, number)
        _say_paid(say, number, payout, grant)
        say.warnings += doubts


def _ask_about_repeats(db: sqlite3.Connection, payout: int) -> None:
    """Ask whether a new payout is another one than those that look like it."""
    for it in payouts.repeats(db, payout):
        told = _("Payout {number} of {unit} has {shared}.")
        accept(told.format(number=it.earlier, unit=units.get_ever(db, it.earlier_unit), shared=it.shared))


def _say_paid(say: Said, number: int, payout: payouts.Payout, grant: payouts.Payout | None) -> None:
    """Return the sentence on what was paid or returned, and of which payout it is a part."""
    done = _("Payout {number}: {amount} đồng by {unit} ({programme}).")
    if payout.unvalued:
        done = _("Payout {number}: value unknown, by {unit} ({programme}).")
    elif payout.amount < 0:
        done = _("Payout {number}: {amount} đồng of payout {part_of} was returned to {unit}.")
    elif grant:
        done = _("Payout {number}: {amount} đồng by {unit} ({programme}), a further payment of payout {part_of}.")
    columns = ("unit", "programme", "day", "amount", "in_kind", "recipients")
    created = {it: getattr(payout, it) for it in columns}
    if grant:
        created |= {"recipients": 0, "part_of": grant.part_of}
    say(done, {"amount": money_text(abs(payout.amount + payout.in_kind))}, number=number, **created)


@command(WriteCommand)
def return_payout(number: int, amount: int, on: date, decision: str | None = None) -> None:
    """It counts on its own day, below zero; the payout's recipients still count."""
    with writing() as (op, say):
        grant = payouts.payout_of(op.db, number)
        unit = successor_on(op.db, grant.unit, on)
        back = grant._replace(unit=unit, day=on, amount=-amount, in_kind=0, decision=decision, beneficiary=None)
        accept(doubt_about_money(amount))
        _status, row, _doubts = only(payouts.pay(op, [back]))
        _ask_about_repeats(op.db, row)
        _say_paid(say, row, back, grant)


@command(WriteCommand)
def value_payout(number: int, amount: int, replace: bool = False) -> None:
    with writing() as (op, say):
        accept(doubt_about_money(amount))
        payouts.value(op, number, amount, replace=replace)
        done = _("Payout {number} was valued at {amount} đồng.")
        say(done, {"amount": money_text(amount)}, number=number, amount=amount)


@command(WriteCommand)
def add_award(period: str, to: str, title: str, decision: str | None = None) -> None:
    with writing() as (op, say):
        window = periods.find_window(op.db, period)
        unit, person = _awarded(op.db, to, window.end)
        _status, number, _none = only(awards.give(op, [awards.Award(unit, title, window, person, decision)]))
        done = _("Award {number}: {title}, {unit}, {period}.")
        if person:
            done = _("Award {number}: {title}, a member of {unit}, {period}.")
        say(done, number=number, title=title, unit=unit, period=window)


def _awarded(db: sqlite3.Connection, text: str, day: date) -> tuple[Unit, int | None]:
    """Return the unit meant; or the member, with the union of that day, else the last one before.

    A member's full name goes before a part of a unit's name.
    """
    unit, missing = None, None
    try:
        unit = units.find(db, text, day=day)
    except NotFoundError as error:
        missing = error
    if unit and (text.isdecimal() or fold(text) in map(fold, (unit.code, unit.name, own_name(unit.name)))):
        return unit, None
    try:
        person = members.find_member(db, text)
    except NotFoundError:
        if unit is None:
            raise missing or NotFoundError(text) from None
        return unit, None
    return units.unit_at(db, members.union_of(db, person, day), day), person


@command(WriteCommand, "void-member")
@command(WriteCommand, "void-payout")
@command(WriteCommand, "void-figure")
@command(WriteCommand, "void-target")
@command(WriteCommand, "void-award")
def void(number: int) -> None:
    register = VOIDED_BY[str(context().info_name)]
    with writing() as (op, say):
        void_row(op, register, number)
        say(_(register.voided), number=number)
