"""Taking in tables of payouts. Two equal ones on a day are two: the second such row is held against the second."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, members
from ucli.ledger.intake.rows import (
    Fault,
    Look,
    Outcome,
    Part,
    Row,
    RowStatus,
    Values,
    cell,
    coded,
    past_day,
    required,
    take_each,
)
from ucli.ledger.operations import Operation, ever, first_op
from ucli.ledger.payouts import FORM_ALIASES, Payout, doubt_about, pay, repeats
from ucli.ledger.units import get_ever
from ucli.values.names import fold, name_of
from ucli.values.numbers import parse_count, parse_money

COLUMNS = (
    "unit",
    "programme",
    "day",
    "amount",
    "in_kind",
    "recipients",
    "form",
    "member",
    "beneficiary",
    "fund",
    "decision",
)

_Key = tuple[object, ...]  # what was paid, and the folded name of the recipient
_Place = tuple[int, str]  # a unit and a day


class _There(NamedTuple):
    """A payout that the ledger held before the table."""

    number: int
    operation: int
    member: int | None  # to whom it was paid, if to a member


def pay_all(op: Operation, rows: Iterable[Row]) -> Outcome:
    """Write the payouts of a table; as many equal ones as the ledger holds already are left as they are.

    Args:
        op: the operation.
        rows: with the columns of `COLUMNS`; a unit, a programme, a day and an amount must be there.

    """
    payouts, first = _Payouts(op), op.next_id("payout")
    outcome = take_each(op, rows, payouts.take, payouts.parts)
    outcome.doubtful = sorted(payouts.doubts + payouts.corrections() + [*_repeated(op.db, first, outcome.lines)])
    return outcome


class _Payouts:
    def __init__(self, op: Operation) -> None:
        self._op = op
        self._look = Look(op)
        self._programmes: dict[str, catalogue.Programme] = {}
        self._there: dict[_Place, dict[_Key, list[_There]]] = {}  # those that no row was found to be yet
        self.doubts: list[Fault] = []
        self._new: list[tuple[int, _Place, _Key]] = []  # lines that were paid where the ledger held payouts

    @property
    def parts(self) -> list[Part]:
        return [
            _day,
            lambda values: self._look.require_known(_unit(values)),
            self._programme,
            cell("amount", parse_money),
            cell("in_kind", parse_money),
            cell("recipients", parse_count),
            cell("form", _form),
            cell("member", self._member),
            cell("beneficiary", name_of),
        ]

    def take(self, row: Row) -> RowStatus:
        values = row.values
        day = _day(values)
        if values.get("member") and values.get("beneficiary"):
            raise RejectedError(_("A member and another beneficiary cannot both be named."))
        payout = Payout(
            unit=self._look.unit(_unit(values), day),
            programme=self._programme(values),
            day=day,
            amount=parse_money(values.get("amount") or "0"),
            in_kind=parse_money(values.get("in_kind") or "0"),
            recipients=parse_count(values.get("recipients") or "1"),
            form=_form(values["form"]) if values.get("form") else None,
            fund=values.get("fund") or None,
            decision=values.get("decision") or None,
        )
        person = self._member(values["member"]) if values.get("member") else None
        beneficiary = name_of(values["beneficiary"]) if values.get("beneficiary") else None
        there = self._on_the_day(payout)
        known = _key(payout, fold(beneficiary) if beneficiary else self._name_of(person))
        # Of a beneficiary who was erased the payout is still there.
        for key in (known, _key(payout, "")) if beneficiary else (known,):
            others = there.get(key, [])
            # Lists name a member as any other beneficiary; a row that says a member means that one.
            if found := next((it for it in others if person in (None, it.member)), None):
                others.remove(found)
                return RowStatus.UNCHANGED
        pay(self._op, payout, member=person, beneficiary=beneficiary)
        if doubt := doubt_about(payout):
            self.doubts.append(Fault(row.line, doubt))
        if there:
            self._new.append((row.line, _place(payout), _alike(known)))
        return RowStatus.NEW

    def corrections(self) -> list[Fault]:
        """Return the lines that may correct a payout of the ledger: one like it that is in no row itself."""
        found = []
        for line, place, alike in self._new:
            others = (it for key, it in self._there[place].items() if it and _alike(key) == alike)
            if other := next(others, None):
                there = other.pop(0)
                said = _(
                    "Payout {number} of operation {operation} has the same day, programme and recipient, and is in no"
                    " row; if this row corrects it: ucli void-payout {number}."
                )
                found.append(Fault(line, said.format(number=there.number, operation=there.operation)))
        return found

    def _programme(self, values: Values) -> catalogue.Programme:
        text = required(values, "programme", marked("The programme is missing."))
        if text not in self._programmes:
            self._programmes[text] = catalogue.find_programme(self._op.db, text)
        return self._programmes[text]

    def _member(self, text: str) -> int:
        return members.find_member(self._op.db, text)

    def _name_of(self, person: int | None) -> str | None:
        row = self._op.db.execute("SELECT folded FROM person WHERE id = ?", (person,)).fetchone()
        return str(row["folded"]) if row else None

    def _on_the_day(self, payout: Payout) -> dict[_Key, list[_There]]:
        """Return what the unit had paid on the day, before this table."""
        place = _place(payout)
        if place not in self._there:
            rows = self._op.db.execute(
                f"SELECT r.*, p.folded, EXISTS (SELECT 1 FROM {ever('membership')} m"
                f" WHERE m.person = r.person) AS is_member, {first_op('payout', 'r')} AS first_op"
                " FROM payout r LEFT JOIN person p ON p.id = r.person"
                f" WHERE r.unit = ? AND r.day = ? AND r.op < ? ORDER BY is_member, r.id",
                (*place, self._op.number),
            )
            self._there[place] = {}
            for row in rows:
                key = (
                    *(row[column] for column in ("programme", "form", "amount", "in_kind", "recipients", "fund")),
                    row["decision"],
                    row["folded"],
                )
                member = row["person"] if row["is_member"] else None
                self._there[place].setdefault(key, []).append(_There(row["id"], row["first_op"], member))
        return self._there[place]


def _repeated(db: sqlite3.Connection, first: int, lines: Sequence[int]) -> Iterator[Fault]:
    """Yield the lines that look like a payout typed before; the payouts from the first on are those of the lines."""
    above = _("Line {line} has the same day, programme, amount and number of recipients; is it the same payout?")
    there = _(
        "Payout {number} of {unit} has the same day, programme, amount and number of recipients; is it the same payout?"
    )
    for it in repeats(db, first):
        told = (
            above.format(line=lines[it.earlier - first])
            if it.earlier >= first
            else there.format(number=it.earlier, unit=get_ever(db, it.earlier_unit))
        )
        yield Fault(lines[it.number - first], told)


def _unit(values: Values) -> str:
    return required(values, "unit", marked("The unit that paid is missing."))


def _day(values: Values) -> date:
    return past_day(required(values, "day", marked("The day of the payout is missing.")))


def _form(text: str) -> str:
    return coded(text, FORM_ALIASES, marked("The form is neither xây mới nor sửa chữa."))


def _place(payout: Payout) -> _Place:
    return payout.unit.id, payout.day.isoformat()


def _key(payout: Payout, name: str | None) -> _Key:
    what = (payout.programme.id, payout.form, payout.amount, payout.in_kind, payout.recipients, payout.fund)
    return (*what, payout.decision, name)


def _alike(key: _Key) -> _Key:
    """Return what a payout and its correction have in common: programme, form and the recipient's name."""
    return (*key[:2], key[-1])
