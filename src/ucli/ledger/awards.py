"""Awards: flags, certificates and titles, given to units or to their members for what was done in a window."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ucli.ledger.operations import Operation
from ucli.ledger.verbs import Result, RowStatus, Written, each
from ucli.values.names import name_of
from ucli.values.periods import Window
from ucli.values.units import Unit, require_past


class Award(NamedTuple):
    """One row of the register; a person's award is that of a unit too, which the person is a member of."""

    unit: Unit
    title: str
    window: Window
    person: int | None = None
    decision: str | None = None


def give(op: Operation, awards: Iterable[Award]) -> Iterator[Result]:
    """Write awards; the same title of the same window, given again, changes its decision only.

    Refused is one for a window that has not begun.
    """

    def write(award: Award) -> Written:
        require_past(award.window.start)
        key = {
            "unit": award.unit.id,
            "person": award.person,
            "title": name_of(award.title),
            "start_day": award.window.start.isoformat(),
            "end_day": award.window.end.isoformat(),
        }
        where = " AND ".join(f"{column} IS :{column}" for column in key)
        there = op.db.execute(f"SELECT * FROM award WHERE {where}", key).fetchone()
        if there and award.decision in (None, there["decision"]):
            return Written(RowStatus.UNCHANGED, there["id"])
        if there:
            op.revise("award", there, decision=award.decision)
            return Written(RowStatus.CHANGED, there["id"])
        number = op.next_id("award")
        op.add("award", id=number, **key, period=award.window.code, decision=award.decision)
        return Written(RowStatus.NEW, number)

    return each(op, awards, write)
