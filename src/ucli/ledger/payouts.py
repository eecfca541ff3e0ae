"""Welfare payouts: to a member, to a named beneficiary, or to a number of recipients without names."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.catalogue import Programme, programmes
from ucli.ledger.operations import Operation, ever, first_op
from ucli.ledger.persons import keep_person
from ucli.ledger.units import unit_at
from ucli.ledger.verbs import Result, RowStatus, Written, each, put
from ucli.values.names import fold
from ucli.values.numbers import LARGEST, doubt_about_money, money_text
from ucli.values.units import Unit

# The programmes shipped that give no houses; an office's own may.
_NO_HOUSES = ("tet", "visit", "illness", "accident", "workers-month", "union-meal")


class Payout(NamedTuple):
    """One payout: whole đồng in cash and in kind, the number of recipients, the recipient if named.

    A further payment of a grant, and returned money (a negative amount), is part of another payout.
    """

    unit: Unit
    programme: Programme
    day: date
    amount: int
    in_kind: int = 0
    recipients: int = 1
    form: str | None = None
    fund: str | None = None
    decision: str | None = None
    member: int | None = None  # a person
    beneficiary: str | None = None
    part_of: int | str | None = None  # the number of a payout; as text, of a row of the same table
    unvalued: bool = False  # the value is unknown
    number: str | None = None  # its number in the table it is from


def pay(op: Operation, payouts: Iterable[Payout], *, again: bool = False) -> Iterator[Result]:
    """Write payouts; when a table is imported again, as many equal payouts as the ledger holds are left unchanged.

    Whether one looks like an earlier one is for `repeats` to find.
    """
    met: set[int] = set()
    numbers: dict[str | None, int] = {}

    def write(payout: Payout) -> Written:
        if payout.part_of is not None:
            number = numbers.get(str(payout.part_of)) if isinstance(payout.part_of, str) else None
            payout = _as_part(payout, payout_of(op.db, number or int(payout.part_of)))
        _require_payment(payout)
        if again and (number := _held(op, payout, met)):
            met.add(number)
            numbers[payout.number] = number
            return Written(RowStatus.UNCHANGED, number)
        person = payout.member if payout.beneficiary is None else keep_person(op, payout.beneficiary)
        number = numbers[payout.number] = op.next_id("payout")
        op.add("payout", id=number, **_columns(payout), day=payout.day.isoformat(), person=person)
        doubt = doubt_about(payout)
        return Written(RowStatus.NEW, number, [doubt] if doubt else [])

    return each(op, payouts, write)


def _columns(payout: Payout) -> dict[str, object]:
    """Return the values that equal payouts share, besides day and recipient."""
    same = {
        column: getattr(payout, column)
        for column in ("amount", "in_kind", "recipients", "form", "fund", "decision", "part_of", "unvalued")
    }
    return {"unit": payout.unit.id, "programme": payout.programme.id, **same}


def _require_payment(payout: Payout) -> None:
    """Refuse a payout without amount or recipients, or with both a person and several recipients."""
    if payout.unvalued and (payout.amount or payout.in_kind):
        raise RejectedError(_("Both an amount and “unknown” are given: keep one."))
    if payout.amount < 0 and payout.part_of is None:
        raise RejectedError(
            _("A payout cannot be below 0 đồng."), instead=_("“ucli return-payout” records returned money.")
        )
    if payout.amount + payout.in_kind == 0 and not payout.unvalued:
        raise RejectedError(_("A payout cannot be 0 đồng."), instead=_("Give --amount, or --in-kind for goods."))
    if abs(payout.amount + payout.in_kind) > LARGEST:
        raise RejectedError(_("The amount is larger than the largest figure a ledger can hold."))
    if payout.recipients == 0 and payout.part_of is None:
        raise RejectedError(
            _("A payout needs at least one recipient."), instead=_("Leave --recipients out for one person.")
        )
    if payout.recipients > 1 and (payout.member is not None or payout.beneficiary is not None):
        raise RejectedError(
            _("One person and {recipients} recipients cannot both be meant.").format(recipients=payout.recipients),
            instead=_("Name one person, or give --recipients without a name."),
        )


def payout_of(db: sqlite3.Connection, number: int) -> Payout:
    """Return a payout by number, with the unit's name of that day; a part names its first payout."""
    row = db.execute("SELECT * FROM payout WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise NotFoundError(
            _("There is no payout {number}.").format(number=number),
            instead=_("“ucli payouts” lists them, the number first."),
        )
    day = date.fromisoformat(row["day"])
    named = db.execute("SELECT name FROM person WHERE id = ?", (row["person"],)).fetchone()
    return Payout(
        unit_at(db, row["unit"], day),
        next(it for it in programmes(db) if it.id == row["programme"]),
        day,
        row["amount"],
        row["in_kind"],
        row["recipients"],
        row["form"],
        row["fund"],
        row["decision"],
        member=row["person"],
        beneficiary=named["name"] if named else None,
        part_of=row["part_of"] or number,
    )


def _as_part(payout: Payout, grant: Payout) -> Payout:
    """Complete a payout as part of a grant's first payment, whose recipients are not counted again."""
    is_anothers = payout.member not in (None, grant.member)
    if payout.beneficiary:  # the name of an erased recipient is gone
        named = ("", fold(payout.beneficiary))
        is_anothers |= grant.member is None or fold(grant.beneficiary or "") not in named
    if is_anothers or payout.programme != grant.programme:
        raise RejectedError(
            _("Payout {number} is of another programme or beneficiary.").format(number=grant.part_of),
            instead=_("Leave both out, or name the payout that this one is part of."),
        )
    return payout._replace(
        recipients=0,
        form=payout.form or grant.form,
        fund=payout.fund or grant.fund,
        member=grant.member,
        beneficiary=None,
        part_of=grant.part_of,
    )


def value(op: Operation, number: int, amount: int, *, replace: bool = False) -> None:
    """Record the value of a gift that was unknown; with `replace` also change a known one."""
    payout = payout_of(op.db, number)
    worth = payout.amount + payout.in_kind
    if worth and (not replace or worth < 0):
        raise RefusedError(
            _("Payout {number} has a value: {amount} đồng.").format(number=number, amount=money_text(worth)),
            instead=_("--replace records another value in its place.") if worth > 0 else None,
        )
    _require_payment(payout._replace(amount=amount))
    put(op, "payout", {"id": number}, amount=amount, in_kind=0, unvalued=0)


def doubt_about(payout: Payout) -> str | None:
    """Return what is doubtful about a payout; None if nothing is."""
    if payout.form and payout.programme.code in _NO_HOUSES:
        return _("--form is only for houses, which {programme} does not give.").format(programme=payout.programme.name)
    return doubt_about_money(payout.amount) or doubt_about_money(payout.in_kind)


def _held(op: Operation, payout: Payout, met: Collection[int]) -> int | None:
    """Return an equal payout that the ledger held before and no other row of the table has matched.

    Lists print a member like any other beneficiary; a row that names a member means that one. The payout of an erased
    beneficiary still matches.
    """
    columns = _columns(payout)
    recipient = "r.person = :member" if payout.member else "p.folded IN (:folded, '')"
    rows = op.db.execute(
        "SELECT r.id FROM payout r LEFT JOIN person p ON p.id = r.person WHERE r.day = :day AND r.op < :op AND "
        + " AND ".join(f"r.{it} IS :{it}" for it in columns)
        + f" AND {recipient if payout.member or payout.beneficiary else 'r.person IS NULL'}"
        f" ORDER BY p.folded = '', EXISTS (SELECT 1 FROM {ever('membership')} m WHERE m.person = r.person), r.id",
        {
            **columns,
            "day": payout.day.isoformat(),
            "op": op.number,
            "member": payout.member,
            "folded": fold(payout.beneficiary or ""),
        },
    )
    return next((number for (number,) in rows if number not in met), None)


class Repeat(NamedTuple):
    """A payout that looks like an earlier one, of the same unit or one above or below it."""

    number: int
    unit: int
    earlier: int
    earlier_unit: int
    is_of_one_programme: int

    @property
    def shared(self) -> str:
        """What the two have in common, for sentences."""
        if self.is_of_one_programme:
            return _("the same day, programme, amount and number of recipients")
        return _("the same day, decision, amount and recipient, under two programmes")


def repeats(db: sqlite3.Connection, since: int = 0) -> Iterator[Repeat]:
    """Yield payouts that look like an earlier one recorded again, each with the first of those.

    They have the same day, programme, amount and number of recipients, and nothing else known of both differs. Unnamed
    gifts to one person each are common, so those match only with the same decision; payouts to one named person by one
    decision match under two programmes too. The later one is numbered `since` or above.
    """
    found: dict[int, Repeat] = {}
    for join in (_OWN, _BELOW, _ABOVE) if since else (_OWN, _APART):
        for row in db.execute(_REPEATS.format(join, decisions=_SAME_DECISION), (since,)):
            it = Repeat._make(row)
            found[it.number] = min(it, found.get(it.number, it))
    yield from (found[number] for number in sorted(found))


_OWN = "payout low CROSS JOIN payout up ON up.unit = low.unit AND up.id < low.id AND low.id >= ?"
_IN_ITS_TIME = "r.depth > 0 AND r.from_day <= +low.day AND +low.day < r.to_day"
_ABOVE = f"""payout low CROSS JOIN ancestry r ON r.unit = low.unit CROSS JOIN payout up
    ON up.unit = r.ancestor AND low.id >= ? AND {_IN_ITS_TIME}"""
_BELOW = f"""payout up CROSS JOIN ancestry r ON r.ancestor = up.unit CROSS JOIN payout low
    ON low.unit = r.unit AND up.id >= ? AND {_IN_ITS_TIME}"""
# Where all are asked about, those above that paid anything come first: they are few.
_APART = f"""ancestry r CROSS JOIN payout low ON low.unit = r.unit CROSS JOIN payout up ON up.unit = r.ancestor
    AND r.ancestor IN (SELECT DISTINCT unit FROM payout) AND low.id >= ? AND {_IN_ITS_TIME}"""
# However it is spaced and cased: 12/QĐ is 12/ qđ.
_SAME_DECISION = " = ".join(f"replace(replace(upper({it}.decision), ' ', ''), 'đ', 'Đ')" for it in ("up", "low"))
# The name of somebody who was erased is unknown.
_REPEATS = """
    SELECT max(low.id, up.id), iif(low.id > up.id, low.unit, up.unit), min(min(low.id, up.id)),
        iif(low.id > up.id, up.unit, low.unit), up.programme = low.programme
    FROM {} AND up.day = low.day
        AND (up.programme = low.programme OR coalesce({decisions}, 0) AND low.person NOTNULL)
        AND up.amount = low.amount AND up.in_kind = low.in_kind AND up.recipients = low.recipients
        AND up.part_of IS low.part_of AND coalesce(up.form = low.form, 1) AND coalesce(up.fund = low.fund, 1)
        AND coalesce({decisions}, low.recipients > 1 OR low.person NOTNULL OR low.amount < 0)
    LEFT JOIN person p ON p.id = low.person LEFT JOIN person q ON q.id = up.person
    WHERE low.person IS NULL AND up.person IS NULL OR p.folded = q.folded AND p.folded <> ''
        AND coalesce(p.born = q.born, 1) AND coalesce(p.card = q.card, 1) AND coalesce(p.id_number = q.id_number, 1)
    GROUP BY 1"""


def corrections(db: sqlite3.Connection, since: int, met: Collection[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the payouts from a number on that may correct an older one of the same day, programme, form and recipient.

    Each older one is named once, with its operation; `met` are those that rows of the table matched.
    """
    told, last = set(), 0
    for number, older, operation in db.execute(
        f"SELECT n.id, r.id, {first_op('payout', 'r')} FROM payout n JOIN payout r ON r.unit = n.unit AND r.day = n.day"
        " AND r.programme = n.programme AND r.form IS n.form AND r.part_of IS n.part_of AND r.id < :since"
        " LEFT JOIN person p ON p.id = n.person LEFT JOIN person q ON q.id = r.person"
        " WHERE n.id >= :since AND q.folded IS p.folded AND r.id NOT IN (SELECT value FROM json_each(:met))"
        " ORDER BY n.id, r.id",
        {"since": since, "met": json.dumps([*met])},
    ):
        if older not in told and number != last:
            told.add(older)
            last = number
            yield number, older, operation
