"""Who hands a document in: the unit that it is about, else the office, with the union above it and where it signs."""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.ledger import units
from ucli.ledger.units import unit_at
from ucli.reports.scope import Tree, day_before
from ucli.values.names import bare_name, own_name
from ucli.values.units import CLUSTER, PROVINCE, Unit

_CONFEDERATION = "Tổng Liên đoàn Lao động Việt Nam"
_DIRECTLY_UNDER_IT = (PROVINCE, "industry", "corporation")
_ITS_SEAT = "Hà Nội"
# A place called after a person is written with its title.
_NAMED_AFTER_A_PERSON = {"ho chi minh": "Thành phố Hồ Chí Minh"}


class Signing(NamedTuple):
    """What a letterhead says of who signs; what the ledger does not know is empty."""

    upper: str | None
    own: str
    place: str
    kind: str


def signing_of(db: sqlite3.Connection, unit: Unit | None, day: date) -> Signing:
    """Return who signs what is about a unit, by the organisation of a day.

    The office signs for several, for a cluster, and for lists.
    """
    if unit is None or unit.kind == CLUSTER:
        office = units.office(db)
        if office is None:
            return Signing(None, "", "", PROVINCE)
        unit = unit_at(db, office.id, day)
    tree = Tree(db)
    since, until = tree.life(unit.id)
    # Of a unit that ended, or was not yet founded, the nearest day of its life.
    on = max(since, min(day.isoformat(), day_before(until)))
    above = [unit_at(db, it, date.fromisoformat(on)) for it in tree.ancestors(unit.id, on)[:-1]]
    upper = above[-1].name if above else _CONFEDERATION if unit.kind in _DIRECTLY_UNDER_IT else None
    return Signing(upper, unit.name, _place(unit, above), unit.kind)


def _place(unit: Unit, above: list[Unit]) -> str:
    """Return where a unit signs: the nearest province."""
    province = next((it.name for it in (unit, *reversed(above)) if it.kind == PROVINCE), None)
    if province is None:
        return _ITS_SEAT if unit.kind == "confederation" else ""
    return _NAMED_AFTER_A_PERSON.get(own_name(province)) or bare_name(province)
