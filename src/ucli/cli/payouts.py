"""Welfare payouts."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import WriteCommand, accept, ask, can_ask, command, remark, require_value
from ucli.cli.options import Decision, RowNumber, UnitName, opt
from ucli.cli.registers import void
from ucli.cli.session import recording, said, warn
from ucli.cli.values import OrAsked, coded, count, money, name_text, new_name, past_day
from ucli.errors import UsageError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, payouts, units
from ucli.ledger.memberships import find_member
from ucli.ledger.verbs import only
from ucli.values.numbers import doubt_about_money, money_text

Programme = Annotated[
    str,
    opt(
        "--programme",
        require_value,
        "CODE",
        "shelter, tet, visit, illness, accident, hardship, workers-month, union-meal, other, or your own.",
    ),
]


def _form(text: str) -> str:
    return coded(text, payouts.FORM_ALIASES, payouts.FORMS, _("form of support"))


@command(
    WriteCommand,
    'ucli add-payout --unit HH --programme tet --amount "20 triệu" --recipients 40 --on 20/1/2024',
    'ucli add-payout --unit HH --programme shelter --amount 50tr --form repair --beneficiary "Vũ Ví Dụ" --on 5/6/2024',
)
def add_payout(
    ctx: typer.Context,
    unit: UnitName,
    programme: Programme,
    amount: Annotated[
        int | None,
        opt("--amount", money, "MONEY", "Paid in cash: 900 triệu, 96,4 tỷ, 1.200.000."),
    ] = None,
    in_kind: Annotated[
        int | None,
        opt("--in-kind", money, "MONEY", "The worth of what was given in kind."),
    ] = None,
    recipients: Annotated[
        int | None,
        opt("--recipients", count, "N", "How many received it; one when left out."),
    ] = None,
    form: Annotated[
        str | None,
        opt("--form", _form, "new-build|repair", "Of a house: new-build or repair."),
    ] = None,
    member: Annotated[
        str | None,
        opt(
            "--member",
            OrAsked(name_text, marked("Member")),
            "REF",
            "The member who received it: card, name or number; no:12 is surely the number; - asks for it.",
        ),
    ] = None,
    beneficiary: Annotated[
        str | None,
        opt(
            "--beneficiary",
            OrAsked(new_name, marked("Beneficiary")),
            "TEXT",
            "Who received it, if no member did; - asks for it.",
        ),
    ] = None,
    fund: Annotated[str | None, opt("--fund", remark, "TEXT", "The fund it came from.")] = None,
    on: Annotated[
        date | None,
        opt("--on", past_day, "DATE", "The day it was paid; today when left out."),
    ] = None,
    decision: Decision = None,
) -> None:
    if amount is None and in_kind is None and can_ask():
        amount = money(ask(_("Paid in cash: 900 triệu, 96,4 tỷ, 1.200.000.").rstrip(".")))
    if amount is None and in_kind is None:
        raise UsageError(_("No amount was given."), instead=_("Give --amount, or --in-kind for goods."))
    if member and beneficiary:
        raise UsageError(_("--member and --beneficiary cannot both be given."), instead=_("Keep the one that is true."))
    with recording(ctx) as op:
        found = units.find(op.db, unit, day=on)
        payout = payouts.Payout(
            unit=found,
            programme=catalogue.find_programme(op.db, programme),
            day=on or date.today(),  # noqa: DTZ011
            amount=amount or 0,
            in_kind=in_kind or 0,
            recipients=1 if recipients is None else recipients,
            form=form,
            fund=fund,
            decision=decision,
            member=find_member(op.db, member) if member else None,
            beneficiary=beneficiary,
        )
        accept(ctx, doubt_about_money(payout.amount) or doubt_about_money(payout.in_kind))
        written = only(payouts.pay(op, [payout])).number
        for it in payouts.repeats(op.db, written):
            told = _("Payout {number} of {unit} has the same day, programme, amount and number of recipients.")
            accept(ctx, told.format(number=it.earlier, unit=units.get_ever(op.db, it.earlier_unit)))
        op.summary = _("Payout {number}: {amount} đồng by {unit} ({programme}).").format(
            number=written,
            amount=money_text(payout.amount + payout.in_kind),
            unit=found.name,
            programme=payout.programme.code,
        )
    if doubt := payouts.doubt_about(payout):
        warn(doubt)
    said(
        ctx,
        op,
        {
            "number": written,
            "unit": found.code,
            "programme": payout.programme.code,
            "day": payout.day,
            "amount": payout.amount,
            "in_kind": payout.in_kind,
            "recipients": payout.recipients,
        },
    )


@command(WriteCommand, "ucli void-payout 2 --note 'sai số tiền'")
def void_payout(ctx: typer.Context, number: RowNumber) -> None:
    void(ctx, "payout", number, marked("Payout {number} was voided."))
