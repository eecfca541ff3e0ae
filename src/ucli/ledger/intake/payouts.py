"""Taking in tables of payouts. Two equal ones on a day are two: the second such row is held against the second."""

from collections import Counter
from collections.abc import Iterable

from ucli.domain.units import KINDS
from ucli.errors import RejectedError
from ucli.language import _, marked
from ucli.ledger import catalogue, members
from ucli.ledger.intake.rows import Fate, Look, Outcome, Row, coded, name_of, past_day, required, take_each
from ucli.ledger.operations import LIVE, Operation
from ucli.ledger.payouts import FORM_ALIASES, Payout, pay
from ucli.vietnamese.names import fold
from ucli.vietnamese.numbers import parse_count, parse_money

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

_Key = tuple[object, ...]


def pay_all(op: Operation, rows: Iterable[Row]) -> Outcome:
    """Write the payouts of a table; as many equal ones as the ledger holds already are left as they are.

    Args:
        op: the operation.
        rows: with the columns of `COLUMNS`; a unit, a programme, a day and an amount must be there.

    """
    return take_each(op, rows, _Payouts(op).take)


class _Payouts:
    def __init__(self, op: Operation) -> None:
        self._op = op
        self._look = Look(op)
        self._programmes: dict[str, catalogue.Programme] = {}
        self._there: dict[tuple[int, str], Counter[_Key]] = {}

    def take(self, row: Row) -> Fate:
        values = row.values
        day = past_day(required(values, "day", marked("The day of the payout is missing.")))
        unit = self._look.unit(required(values, "unit", marked("The unit that paid is missing.")), day, KINDS)
        amount, in_kind = (parse_money(values.get(it) or "0") for it in ("amount", "in_kind"))
        if values.get("member") and values.get("beneficiary"):
            raise RejectedError(_("A member and another beneficiary cannot both be named."))
        form = values.get("form")
        payout = Payout(
            unit=unit,
            programme=self._programme(required(values, "programme", marked("The programme is missing."))),
            day=day,
            amount=amount,
            in_kind=in_kind,
            recipients=parse_count(values["recipients"]) if values.get("recipients") else 1,
            form=coded(form, FORM_ALIASES, marked("The form is neither xây mới nor sửa chữa.")) if form else None,
            fund=values.get("fund") or None,
            decision=values.get("decision") or None,
        )
        person = members.find_member(self._op.db, values["member"]) if values.get("member") else None
        beneficiary = name_of(values["beneficiary"]) if values.get("beneficiary") else None
        there = self._on_the_day(payout)
        known = _key(payout, person, fold(beneficiary) if beneficiary else None)
        # Of a beneficiary who was erased the payout is still there.
        for key in (known, _key(payout, None, "")) if beneficiary else (known,):
            if there[key]:
                there[key] -= 1
                return Fate.UNCHANGED
        pay(self._op, payout, member=person, beneficiary=beneficiary)
        return Fate.NEW

    def _programme(self, text: str) -> catalogue.Programme:
        if text not in self._programmes:
            self._programmes[text] = catalogue.find_programme(self._op.db, text)
        return self._programmes[text]

    def _on_the_day(self, payout: Payout) -> Counter[_Key]:
        """Return what the unit had paid on the day, before this table."""
        place = (payout.unit.id, payout.day.isoformat())
        if place not in self._there:
            rows = self._op.db.execute(
                "SELECT r.*, p.folded, EXISTS (SELECT 1 FROM membership m WHERE m.person = r.person) AS is_member"
                " FROM payout r LEFT JOIN person p ON p.id = r.person"
                f" WHERE r.unit = ? AND r.day = ? AND r.to_op = {LIVE} AND r.from_op < ?",
                (*place, self._op.number),
            )
            self._there[place] = Counter(
                (
                    *(row[column] for column in ("programme", "amount", "in_kind", "recipients", "form", "fund")),
                    row["decision"],
                    row["person"] if row["is_member"] else None,
                    None if row["is_member"] else row["folded"],
                )
                for row in rows
            )
        return self._there[place]


def _key(payout: Payout, member: int | None, beneficiary: str | None) -> _Key:
    what = (payout.programme.id, payout.amount, payout.in_kind, payout.recipients, payout.form, payout.fund)
    return (*what, payout.decision, member, beneficiary)
