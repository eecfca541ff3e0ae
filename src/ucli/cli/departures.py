"""Members who leave, go over to another union, or come back."""

from datetime import date
from typing import Annotated

import typer

from ucli.cli.app import WriteCommand, command, session_of
from ucli.cli.options import ChangeDay, Decision, Member, flag, opt
from ucli.cli.session import recording, said
from ucli.cli.values import coded, count, name_text, past_day
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import memberships, units
from ucli.values.dates import date_text
from ucli.values.members import LEFT_BY, TRANSFER
from ucli.values.units import UNION

HowMany = Annotated[
    int | None,
    opt("--members", count, "N", "How many of a group without names."),
]


def _reason(text: str) -> str:
    aliases = {word: code for code, words in LEFT_BY.items() for word in words}
    return coded(text, aliases, tuple(LEFT_BY), _("reason why a member leaves"))


@command(WriteCommand, "ucli end-membership 3 --on 1/11/2024 --reason 'nghỉ hưu'")
def end_membership(
    ctx: typer.Context,
    member: Member,
    on: ChangeDay,
    reason: Annotated[
        str,
        opt(
            "--reason",
            _reason,
            "REASON",
            "left-work, retired, resigned, moved-away, expelled, died or union-dissolved.",
        ),
    ],
    members_: HowMany = None,
) -> None:
    with recording(ctx) as op:
        row, _number = memberships.depart(op, member, on, reason, members=members_, confirmed=session_of(ctx).yes)
        members_ = members_ or row["members"]
        sentence = _("{members} of membership {number} left on {day}.")
        if members_ == 1:
            sentence = _("Member {number} left on {day}.")
        op.summary = sentence.format(members=members_, number=row["id"], day=date_text(on))
    said(ctx, op, {"number": row["id"], "left": on, "reason": reason, "members": members_ or row["members"]})


@command(WriteCommand, 'ucli transfer-member 1 --members 3 --to "May Kiến Xương" --on 1/9/2024')
def transfer_member(
    ctx: typer.Context,
    member: Member,
    on: ChangeDay,
    to: Annotated[
        str | None,
        opt("--to --union", name_text, "UNION", "The union the member goes to."),
    ] = None,
    elsewhere: Annotated[bool, flag("--elsewhere", "To a union that is not in this ledger.")] = False,
    members_: HowMany = None,
    decision: Decision = None,
) -> None:
    if (to is None) != elsewhere:
        raise UsageError(
            _("It is not said where the member goes."), instead=_("Give --to UNION, or --elsewhere; one of the two.")
        )
    with recording(ctx) as op:
        union = units.find(op.db, to, among=(UNION,), day=on) if to else None
        row, number = memberships.depart(
            op, member, on, TRANSFER, to=union, members=members_, confirmed=session_of(ctx).yes, decision=decision
        )
        moved = members_ or row["members"]
        if union:
            sentence = _("{members} of membership {number} went over to {union}, as number {new}.")
            if row["members"] == 1:
                sentence = _("Member {number} went over to {union}, as number {new}.")
        else:
            sentence = _("{members} of membership {number} went over to a union elsewhere.")
            if row["members"] == 1:
                sentence = _("Member {number} went over to a union elsewhere.")
        op.summary = sentence.format(members=moved, number=row["id"], union=union.name if union else None, new=number)
    said(
        ctx,
        op,
        {
            "number": number,
            "from": row["id"],
            "union": union.code if union else None,
            "on": on,
            "members": moved,
        },
    )


@command(WriteCommand, 'ucli readmit-member 3 --union "May Hưng Hà" --admitted 1/12/2024')
def readmit_member(
    ctx: typer.Context,
    member: Member,
    union: Annotated[str, opt("--union", name_text, "UNION", "The grassroots union.")],
    admitted: Annotated[date, opt("--admitted", past_day, "DATE", "The day of admission.")],
    decision: Decision = None,
) -> None:
    with recording(ctx) as op:
        found = units.find(op.db, union, among=(UNION,), day=admitted)
        number = memberships.readmit(op, member, found, admitted, decision=decision)
        op.summary = _("A former member was admitted again to {unit}, as number {number}.").format(
            number=number, unit=found.name
        )
    said(ctx, op, {"number": number, "union": found.code, "admitted": admitted})
