"""Members who left, as a table names them: by ID or card number, or by name with the birth date or the union."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ucli.errors import NotFoundError, RejectedError
from ucli.i18n import _, marked
from ucli.ledger.members import depart, find_memberships
from ucli.ledger.operations import Operation
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, as_it_is, each
from ucli.values.names import fold, is_called, some_of
from ucli.values.units import Unit

_CALLED = {
    "id_number": marked("ID number"),
    "card": marked("card number"),
    "name": marked("name"),
    "born": marked("birth date"),
    "union": marked("grassroots union"),
}


class Departure(NamedTuple):
    """Who left on which day, and why; days in ISO."""

    left: str
    left_by: str
    name: str | None = None
    born: str | None = None
    union: Unit | None = None
    card: str | None = None
    id_number: str | None = None
    member: str | None = None  # a card, a name or a number, as a command takes it


def record_departures(op: Operation, departures: Iterable[Departure]) -> Iterator[Result]:
    """Write who left; the number of each is the membership's, which stays as it is where it ended on that day."""

    def write(row: Departure) -> Written:
        spells = _meant(op.db, row)
        ended = next((it for it in spells if it["left"] == row.left), None)
        if ended and ended["op"] == op.number:
            raise EarlierRowError(_("This member stands in line {line} already."), ended["id"])
        if ended:
            other = [_("reason")] if ended["left_by"] != row.left_by else []
            return Written(RowStatus.UNCHANGED, ended["id"], as_it_is(other))
        number = next((it["id"] for it in spells if it["left"] is None), spells[-1]["id"])
        depart(op, f"no:{number}", date.fromisoformat(row.left), row.left_by)
        return Written(RowStatus.NEW, number)

    return each(op, departures, write)


def _meant(db: sqlite3.Connection, row: Departure) -> list[sqlite3.Row]:
    """Return the memberships, ended ones too, of the one person that a row means.

    Raises:
        RejectedError: it says too little of whom it means.
        NotFoundError: it means no member, or several.

    """
    if row.member:
        return _of_one(find_memberships(db, row.member))
    if not (row.id_number or row.card or (row.name and (row.born or row.union))):
        raise RejectedError(
            _("It takes an ID or card number, or a name with a birth date or a union, to say which member left.")
        )
    found: dict[int, sqlite3.Row] = {}
    named = {"id_number": row.id_number, "card": row.card, "folded": row.name and fold(row.name)}
    for column, value in named.items():
        if value:
            query = (
                "SELECT m.*, p.name, p.born, p.card, p.id_number FROM person p"
                f" CROSS JOIN membership m ON m.person = p.id WHERE p.{column} = ? ORDER BY m.id"
            )
            found |= {it["id"]: it for it in db.execute(query, (value,))}
    if not found:
        raise NotFoundError(_("No member has that number, card or name."))
    others = {it["id"]: _otherwise(row, it) for it in found.values()}
    fitting = [it for it in found.values() if not others[it["id"]]]
    if not fitting:
        told = _("The member who may be meant has another {columns} in the ledger, or none.")
        columns = min(others.values(), key=len)
        raise NotFoundError(told.format(columns=", ".join(_(_CALLED[it]) for it in columns)))
    return _of_one(fitting)


def _of_one(spells: list[sqlite3.Row]) -> list[sqlite3.Row]:
    """Return memberships if all are one person's."""
    if (count := len({it["person"] for it in spells})) > 1:
        numbers = some_of(str(it["id"]) for it in spells)
        raise NotFoundError(_("{count} members are meant: numbers {numbers}.").format(count=count, numbers=numbers))
    return spells


def _otherwise(row: Departure, spell: sqlite3.Row) -> list[str]:
    """Return what a row says otherwise of a member; what the ledger does not know says nothing beside what it does."""
    others = [
        it for it in ("id_number", "card", "born") if getattr(row, it) and spell[it] not in (None, getattr(row, it))
    ]
    if row.name and not is_called(row.name, spell["name"]):
        others.append("name")
    if row.union and row.union.id != spell["union_unit"]:
        others.append("union")
    is_known = row.union or any(getattr(row, it) and spell[it] for it in ("id_number", "card", "born"))
    return others if is_known else [*others, "born"]
