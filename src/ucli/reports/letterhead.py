"""Who hands a document in: the unit that it is about, else the office, with the union above it and where it signs.

What its letterhead says in words `render.letterhead` makes of it.
"""

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ucli.ledger import units
from ucli.ledger.units import unit_at
from ucli.reports.scope import Tree, day_before
from ucli.values.names import bare_name, own_name
from ucli.values.units import CLUSTER, PROVINCE, Unit

_CONFEDERATION = "Tổng Liên đoàn Lao động Việt Nam"
_DIRECTLY_UNDER_IT = (PROVINCE, "industry", "corporation")
_ITS_SEAT = "Hà Nội"
# A place named after a person is written with its title.
_NAMED_AFTER_A_PERSON = {"ho chi minh": "Thành phố Hồ Chí Minh"}


class Letterhead(NamedTuple):
    """Whose document it is and what it says of itself; what no one knows is empty."""

    upper: str | None  # the union above the one that hands it in, where there is one
    own: str
    place: str  # where it is signed
    kind: str = PROVINCE  # of the union that hands the document in
    subject: str = ""  # what it is about, apart from its title
    is_list: bool = False  # and no report
    number: str = ""
    dated: date | None = None  # today where left out
    signer: str = ""
    signer_title: str = ""
    recipients: str = ""  # parted by semicolons
    template: Path | None = None  # an office's own, instead of the shipped one


def letterhead_of(db: sqlite3.Connection, unit: Unit | None, day: date, **document: Any) -> Letterhead:
    """Return the letterhead of what is about a unit, by the organisation of a day, with fields of the document's own.

    The office signs for several units, for a cluster, and for lists.
    """
    if unit is None or unit.kind == CLUSTER:
        office = units.office(db)
        if office is None:
            return Letterhead(None, "", "", **document)
        unit = unit_at(db, office.id, day)
    tree = Tree(db)
    since, until = tree.life(unit.id)
    # For a unit that does not exist on that day, the nearest day of its life.
    on = max(since, min(day.isoformat(), day_before(until)))
    above = [unit_at(db, it, date.fromisoformat(on)) for it in tree.ancestors(unit.id, on)[:-1]]
    upper = above[-1].name if above else _CONFEDERATION if unit.kind in _DIRECTLY_UNDER_IT else None
    return Letterhead(upper, unit.name, _place(unit, above), unit.kind, **document)


def _place(unit: Unit, above: list[Unit]) -> str:
    """Return where a unit signs: the nearest province."""
    province = next((it.name for it in (unit, *reversed(above)) if it.kind == PROVINCE), None)
    if province is None:
        return _ITS_SEAT if unit.kind == "confederation" else ""
    return _NAMED_AFTER_A_PERSON.get(own_name(province)) or bare_name(province)
