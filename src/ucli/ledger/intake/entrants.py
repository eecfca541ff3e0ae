"""A row of a roster, and whether it is somebody who is there already."""

import sqlite3
from typing import NamedTuple

from ucli.language import marked
from ucli.ledger.units import Unit
from ucli.vietnamese.names import same

# What a row says of a member beside who it is, for whoever is there already.
SAID = {
    "admitted": marked("day of admission"),
    "born": marked("birth date"),
    "sex": marked("sex"),
    "card": marked("card number"),
    "id_number": marked("ID number"),
}


class Entrant(NamedTuple):
    """What a row of a roster says, read."""

    line: int
    name: str
    folded: str
    union: Unit
    ended: bool  # the union is no more by now
    admitted: str
    born: str | None
    sex: str | None
    card: str | None
    id_number: str | None
    decision: str | None
    twins: tuple[str, str | None, int, str]  # what rows of one person have in common: name, born, union, admitted


def is_spell_of(row: Entrant, spell: sqlite3.Row) -> bool:
    """Tell whether a membership is what a row says: of that very name, open, or begun on that very day."""
    return same(row.name, spell["name"]) and (spell["left"] is None or spell["admitted"] == row.admitted)


def differ(row: Entrant, member: sqlite3.Row) -> bool:
    """Tell whether a row and a member bear different numbers, and so are two persons."""
    pairs = ((row.id_number, member["id_number"]), (row.card, member["card"]))
    return any(one and other and one != other for one, other in pairs)
