"""Welfare payouts: to a member, to a named beneficiary, or to a number of recipients without names."""

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.ledger.catalogue import Programme
from ucli.ledger.lives import require_alive
from ucli.ledger.members import Person, keep_person
from ucli.ledger.operations import Operation
from ucli.values.numbers import LARGEST, doubt_about_money
from ucli.values.units import Unit

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
    """Say what is doubtful about a payout; None where all is well."""
    if payout.form and payout.programme.code in _NO_HOUSES:
        return _("The form is for houses, and {programme} gives none.").format(programme=payout.programme.name)
    return doubt_about_money(payout.amount) or doubt_about_money(payout.in_kind)


class Repeat(NamedTuple):
    """A payout that looks like an earlier one typed again, by the same unit or by one above or below it."""

    number: int
    unit: int
    earlier: int
    earlier_unit: int


def repeats(db: sqlite3.Connection, since: int = 0) -> Iterator[Repeat]:
    """Yield the payouts that look like an earlier one typed again, each with the first that it looks like.

    Those are of one day, programme, amount and number of recipients, and nothing else that is known of both differs.
    Gifts of one amount to one person each are many a day: they are meant only where both name the same decision.

    Args:
        db: the ledger.
        since: the first payout that may be the later one of two.

    """
    # Going up from each payout finds every pair; where only the new ones are gone through, those below are missing.
    joins = (_BELOW, _ABOVE) if since else (_ABOVE,)
    found = {row[0]: Repeat._make(row) for join in joins for row in db.execute(_REPEATS.format(join), (since,))}
    yield from (found[number] for number in sorted(found))


_ABOVE = """payout low CROSS JOIN ancestry r ON r.unit = low.unit CROSS JOIN payout up
    ON up.unit = r.ancestor AND (r.depth > 0 OR up.id < low.id) AND low.id >= ?"""
_BELOW = """payout up CROSS JOIN ancestry r ON r.ancestor = up.unit AND r.depth > 0 CROSS JOIN payout low
    ON low.unit = r.unit AND up.id >= ?"""
# Of somebody who was erased the name is unknown.
_REPEATS = """
    SELECT max(low.id, up.id), iif(low.id > up.id, low.unit, up.unit), min(min(low.id, up.id)),
        iif(low.id > up.id, up.unit, low.unit)
    FROM {} AND r.from_day <= +low.day AND +low.day < r.to_day
        AND up.day = low.day AND up.programme = low.programme
        AND up.amount = low.amount AND up.in_kind = low.in_kind AND up.recipients = low.recipients
        AND coalesce(up.form = low.form, 1) AND coalesce(up.fund = low.fund, 1)
        AND (up.decision = low.decision OR low.recipients > 1 AND (up.decision IS NULL OR low.decision IS NULL))
    LEFT JOIN person p ON p.id = low.person LEFT JOIN person q ON q.id = up.person
    WHERE low.person IS NULL AND up.person IS NULL OR p.folded = q.folded AND p.folded <> ''
        AND coalesce(p.born = q.born, 1) AND coalesce(p.card = q.card, 1) AND coalesce(p.id_number = q.id_number, 1)
    GROUP BY 1"""


def pay(op: Operation, payout: Payout, *, member: int | None = None, beneficiary: str | None = None) -> int:
    """Write a payout and return its number. Whether it was recorded before is for `repeats` to tell.

    Raises:
        RejectedError: nothing was paid, no one received it, or a person and a crowd are named together.
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
