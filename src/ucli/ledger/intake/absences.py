"""Who is in the ledger and not in a roster: whom no row names, nor may one that was refused."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ucli.values.members import masked
from ucli.values.names import fold


class Absent(NamedTuple):
    """A membership that no row of a roster was found to be; the ID number as lists show it."""

    number: int
    name: str
    id_number: str | None
    union: str


class Refused:
    """Whom the rows that could not be taken were about, as far as they say."""

    def __init__(self) -> None:
        self._names: set[tuple[str, int | None]] = set()  # folded, and the union where it could be read
        self._numbers: set[str] = set()

    def add(self, values: Mapping[str, str], union: int | None) -> None:
        if name := values.get("name"):
            self._names.add((fold(name), union))
        self._numbers |= {_digits(number) for column in ("id_number", "card") if (number := values.get(column))}

    def may_be(self, member: sqlite3.Row) -> bool:
        """Tell whether a member has the name or a number of a row that was refused."""
        numbers = {_digits(number) for number in (member["id_number"], member["card"]) if number}
        named = {(member["folded"], member["union_unit"]), (member["folded"], None)}
        return bool(numbers & self._numbers or named & self._names)


def absent(
    db: sqlite3.Connection, unions: dict[int, str], before: int, met: Collection[int], refused: Refused
) -> list[Absent]:
    """Return the members of some unions that no row was found to be.

    Args:
        db: the ledger.
        unions: the names of the unions, by their numbers.
        before: the number of the first membership that the table added.
        met: the memberships that a row was found to be.
        refused: whom the rows that could not be taken were about.

    """
    return [
        Absent(it["id"], it["name"], masked(it["id_number"]), unions[it["union_unit"]])
        for it in members_of(db, unions, before)
        if it["id"] not in met and not refused.may_be(it)
    ]


def members_of(db: sqlite3.Connection, unions: Collection[int], before: int) -> sqlite3.Cursor:
    """Return the named members that unions have now, but for those from a membership's number on."""
    return db.execute(
        "SELECT m.id, m.union_unit, p.name, p.folded, p.born, p.card, p.id_number FROM json_each(?) u"
        " CROSS JOIN membership m ON m.union_unit = u.value CROSS JOIN person p ON p.id = m.person"
        ' WHERE m."left" IS NULL AND m.id < ? ORDER BY m.id',
        (json.dumps(sorted(unions)), before),
    )


def _digits(number: str) -> str:
    """Return a number without the zeros in front, which spreadsheets cut off."""
    return "".join(number.split()).lstrip("0")
