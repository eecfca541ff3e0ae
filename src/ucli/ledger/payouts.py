"""Welfare payouts: to a member, to a named beneficiary, or to a number of recipients without names."""

from datetime import date
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.language import _
from ucli.ledger.catalogue import Programme
from ucli.ledger.lives import require_alive
from ucli.ledger.members import Person, keep_person
from ucli.ledger.operations import Operation
from ucli.ledger.units import Unit
from ucli.vietnamese.numbers import LARGEST, doubt_about_money

FORMS = ("new-build", "repair")
# What people type for them.
FORM_ALIASES = {
    "xay moi": "new-build",
    "lam moi": "new-build",
    "sua chua": "repair",
    **{form: form for form in FORMS},
}


# The programmes shipped that give no houses; an office's own may.
_NO_HOUSES = ("tet", "visit", "illness", "accident", "workers-month", "union-meal")


class Payout(NamedTuple):
    """One line of the register: whole đồng in cash and in kind, and how many received it."""

    unit: Unit
    programme: Programme
    day: date
    amount: int
    in_kind: int = 0
    recipients: int = 1
    form: str | None = None
    fund: str | None = None
    decision: str | None = None


def doubt_about(payout: Payout) -> str | None:
    """Say what of a payout can hardly be so; None where all is well."""
    if payout.form and payout.programme.code in _NO_HOUSES:
        return _("The form is for houses, and {programme} gives none.").format(programme=payout.programme.name)
    return doubt_about_money(payout.amount) or doubt_about_money(payout.in_kind)


def pay(op: Operation, payout: Payout, *, member: int | None = None, beneficiary: str | None = None) -> int:
    """Write a payout and return its number. Two equal payouts on a day are two payouts.

    Raises:
        RejectedError: nothing was paid, nobody received it, or a person and a crowd are named together.
        RefusedError: the unit did not live on the day.

    """
    require_alive(op.db, payout.unit, payout.day)
    if payout.amount + payout.in_kind == 0:
        raise RejectedError(_("A payout of 0 đồng is none."), instead=_("Give --amount, or --in-kind for goods."))
    if payout.amount + payout.in_kind > LARGEST:
        raise RejectedError(_("The amount is larger than any figure a ledger keeps."))
    if payout.recipients == 0:
        raise RejectedError(_("A payout has at least one recipient."), instead=_("Leave --recipients out for one."))
    if payout.recipients > 1 and (member is not None or beneficiary is not None):
        raise RejectedError(
            _("One person and {recipients} recipients cannot both be meant.").format(recipients=payout.recipients),
            instead=_("Name the person, or give --recipients without names."),
        )
    person = member if beneficiary is None else keep_person(op, Person(beneficiary))
    number = op.next_id("payout")
    op.add(
        "payout",
        id=number,
        unit=payout.unit.id,
        programme=payout.programme.id,
        day=payout.day.isoformat(),
        amount=payout.amount,
        in_kind=payout.in_kind,
        recipients=payout.recipients,
        form=payout.form,
        person=person,
        fund=payout.fund,
        decision=payout.decision,
    )
    return number
