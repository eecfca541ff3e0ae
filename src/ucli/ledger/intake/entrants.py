"""A row of a roster, and whether it is somebody who is there already."""

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from ucli.errors import SeveralError, UcliError
from ucli.i18n import _, marked
from ucli.ledger.members import KNOWN_OF
from ucli.values.names import fold, own_name, same
from ucli.values.units import Unit

Value = TypeVar("Value")

_YEAR = re.compile("[12][0-9]{3}")

# What a row says of a member beside who it is, for anyone who is there already.
SAID = {
    "admitted": marked("day of admission"),
    **KNOWN_OF,
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


def is_known_by_number(row: Entrant, spell: sqlite3.Row) -> bool:
    """Tell whether a membership that has a row's number is what the row says, though a name or a day was mistyped."""
    is_open = spell["left"] is None or spell["admitted"] == row.admitted
    is_named_so = fold(spell["name"]) == row.folded or (row.born is not None and row.born == spell["born"])
    return spell["union_unit"] == row.union.id and is_open and is_named_so


def number_of_another(row: Entrant, member: sqlite3.Row, column: str) -> str:
    """Say that a member who is not what a row says has its number, and what to do."""
    is_born_so = None in (row.born, member["born"]) or row.born == member["born"]
    if fold(member["name"]) == row.folded and is_born_so:
        said = _("Member {number} of another union has this {what} and name: “ucli transfer-member” records a move.")
    else:
        said = _("Member {number} has this {what} and another name or birth date: one of the two is wrong.")
    return said.format(number=member["id"], what=_(SAID[column]))


def otherwise(row: Entrant, member: sqlite3.Row) -> list[str]:
    """Return what a row says otherwise than the ledger of a member who is there."""
    name = [] if same(row.name, member["name"]) else [_("name")]
    return name + [_(said) for it, said in SAID.items() if getattr(row, it) not in (None, member[it])]


def differ(row: Entrant, member: sqlite3.Row | Mapping[str, str | None]) -> bool:
    """Tell whether a row and a member have different numbers, and so are two persons."""
    pairs = ((row.id_number, member["id_number"]), (row.card, member["card"]))
    return any(one and other and one != other for one, other in pairs)


def missing(name: str | None, union: str | None, admitted: str | None) -> str:
    """Say which of what every member needs a row lacks."""
    named = ((name, _("name")), (union, _("grassroots union")), (admitted, _("day of admission")))
    lacking = ", ".join(what for value, what in named if not value)
    return _("A member needs a name, a grassroots union and a day of admission; missing here: {what}.").format(
        what=lacking
    )


def no_admission(_text: str, _error: UcliError) -> str:
    """Say why a text is no day of admission."""
    return _("The day of admission is not a day like 30/6/2024.")


def no_birth(text: str, _error: UcliError) -> str:
    """Say why a text is no birth date; offices often know the year alone."""
    if _YEAR.fullmatch(text):
        return _("The birth date is only a year; the ledger needs a day, or an empty cell.")
    return _("The birth date is not a day like 30/6/1990.")


def no_sex(_text: str, _error: UcliError) -> str:
    """Say that a text is neither sex."""
    return _("The sex is neither nam nor nữ.")


def no_union(text: str, error: UcliError) -> str:
    """Say why a text is no union; repeated if it looks like one, for it may be a name in the wrong column."""
    if isinstance(error, SeveralError):
        return _("The grassroots union “{text}” can be several; type its code or its whole name.").format(
            text=text[:60]
        )
    if " " not in text or own_name(text) != fold(text):
        return _("The grassroots union “{text}” is not in the ledger.").format(text=text[:60])
    return _("The grassroots union is not in the ledger.")


def repeated(values: Sequence[Value]) -> set[Value]:
    """Return the values that are there more than once, which is seldom any."""
    if len(set(values)) == len(values):
        return set()
    return {value for value, times in Counter(values).items() if times > 1}
