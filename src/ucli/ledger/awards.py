"""Awards: flags, certificates and titles, given to units or members for a window."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ucli.ledger.operations import Operation
from ucli.ledger.verbs import Result, Written, each, put
from ucli.values.names import name_of
from ucli.values.periods import Window
from ucli.values.units import Unit, require_past


class Award(NamedTuple):
    """One row of the register; a person's award also names the unit the person is a member of."""

    unit: Unit
    title: str
    window: Window
    person: int | None = None
    decision: str | None = None


def give(op: Operation, awards: Iterable[Award]) -> Iterator[Result]:
    """Write awards; recording the same title and window again only changes the decision.

    An award for a window that has not begun is refused.
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
        decision = {"decision": award.decision} if award.decision else {}
        return put(op, "award", key, period=award.window.code, **decision)

    return each(op, awards, write)
