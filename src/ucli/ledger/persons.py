"""Persons: written once, each with a hash that the log's chain seals; and which of them may be the same person.

A row with a member's ID or card number is that member. A namesake is written as another person who may be the same:
`twins` and `namesakes` find these among the persons just written.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import count
from os import urandom
from typing import NamedTuple

from ucli.ledger.operations import Operation, ever
from ucli.values.members import ERASED
from ucli.values.names import fold, is_called, normalised, same
from ucli.values.periods import FOREVER

COLUMNS = ("id", "name", "folded", "born", "sex", "card", "id_number")
_LISTED = ", ".join(COLUMNS)
_SALT_BYTES = 8
# So many bytes of a SHA-256 are enough: no one can find another content for them.
_HASH_BYTES = 12
# Persons that a row refers to, or did once.
_NAMED = " UNION ".join(f"SELECT person FROM {ever(it)} WHERE person NOTNULL" for it in ("membership", "payout"))


def write_persons(op: Operation, persons: Sequence[tuple[object, ...]]) -> None:
    """Write persons, each given as the values of COLUMNS."""
    marks = ", ".join("?" * (len(COLUMNS) + 3))
    salts = urandom(_SALT_BYTES * len(persons))
    salted = ((it, salts[place : place + _SALT_BYTES]) for it, place in zip(persons, count(0, _SALT_BYTES)))
    rows = ((*it, salt, _hash(salt, it), op.number) for it, salt in salted)
    op.db.executemany(f"INSERT INTO person ({_LISTED}, salt, hash, op) VALUES ({marks})", rows)
    op.touch("person", *(it[0] for it in persons))


def keep_person(op: Operation, name: str) -> int:
    """Write a person with only a name, and return the number."""
    number = op.next_id("person")
    write_persons(op, [(number, normalised(name), fold(name), None, None, None, None)])
    return number


def erase_persons(db: sqlite3.Connection, numbers: Iterable[int], counts_as: int) -> None:
    """Erase persons for good, the salt of their hash included; from now on they count as one person."""
    emptied = ", ".join(f"{it} = NULL" for it in (*COLUMNS[3:], "salt"))
    db.executemany(
        f"UPDATE person SET name = ?, folded = '', {emptied}, erased_as = ? WHERE id = ?",
        ((ERASED, counts_as, it) for it in numbers),
    )


def mismatched_persons(db: sqlite3.Connection) -> Iterator[int]:
    """Yield persons that no row ever referred to, whose hash does not match, or who are erased only in part."""
    for *person, salt, kept, erased_as, is_named in db.execute(
        f"SELECT {_LISTED}, salt, hash, erased_as, id IN ({_NAMED}) FROM person ORDER BY id"
    ):
        if not is_named:
            is_sound = False
        elif erased_as is None:
            is_sound = salt is not None and _hash(salt, (*person,)) == kept
        else:
            is_sound = salt is None and person[1:] == [ERASED, "", None, None, None, None]
        if not is_sound:
            yield person[0]


def _hash(salt: bytes, said: tuple[object, ...]) -> bytes:
    return sha256(b"%b%a" % (salt, said)).digest()[:_HASH_BYTES]


def is_named(person: str) -> str:
    """Return SQL for the condition that a membership or payout refers to a person.

    A person without such a row was recorded by mistake, and is not matched by new rows.
    """
    return (
        "("
        + " OR ".join(f"EXISTS (SELECT 1 FROM {it} WHERE person = {person}.id)" for it in ("membership", "payout"))
        + ")"
    )


def known_by(db: sqlite3.Connection, person: int) -> tuple[str, int]:
    """Return the table and number by which people know a person: of a membership, else of a payout, else of the person.

    A row that was undone serves if there is no other.
    """
    for table in ("membership", "payout"):
        first = f"SELECT id FROM {ever(table)} WHERE person = ? ORDER BY ended_by DESC, id"
        if row := db.execute(first, (person,)).fetchone():
            return table, int(row[0])
    return "person", person


def of_unions(db: sqlite3.Connection, unions: Iterable[int], before: int) -> Iterator[sqlite3.Row]:
    """Yield the present members of some unions, without memberships from a number on."""
    yield from db.execute(
        "SELECT m.id, m.union_unit, p.name, p.folded, p.card, p.id_number FROM json_each(?) u"
        " CROSS JOIN membership m ON m.union_unit = u.value CROSS JOIN person p ON p.id = m.person"
        ' WHERE m."left" IS NULL AND m.id < ? ORDER BY m.id',
        (json.dumps(sorted(unions)), before),
    )


class Twin(NamedTuple):
    """Two simultaneous memberships that may be one person's: the same name and birth date."""

    one: int
    other: int  # the later recorded one
    one_union: int
    other_union: int
    one_person: int
    other_person: int
    is_told_apart: bool  # by ID numbers
    is_another: bool = False  # same union and exact name, but other numbers

    @property
    def is_of_one_union(self) -> bool:
        return self.one_union == self.other_union


def twins(db: sqlite3.Connection, since: int = 0) -> Iterator[Twin]:
    """Yield pairs of simultaneous memberships that may be one person's, the later one numbered `since` or above.

    Across unions, names whose tone marks differ are two names; within a union that may be a typing error.
    """
    for *told, name, other_name, has_others in db.execute(_TWINS, (since,)):
        twin = Twin(*told)
        if twin.is_of_one_union or is_called(name, other_name):
            yield twin._replace(is_another=twin.is_of_one_union and same(name, other_name) and bool(has_others))


# The same ID number is not a question but an error; a number of 9 digits and one of 12 may belong to one person. If
# very many share a name and birth date, as with invented dates, each is compared with the first of them only.
_ALIKE = """FROM person o WHERE o.folded = q.folded AND o.born = q.born AND o.id <> q.id
    AND coalesce(o.id_number <> q.id_number, 1)"""
_TWINS = f"""
    SELECT a.id, b.id, a.union_unit, b.union_unit, p.id, q.id,
        coalesce(p.id_number <> q.id_number AND length(p.id_number) = length(q.id_number), 0), p.name, q.name,
        coalesce(p.id_number <> q.id_number, 0) OR coalesce(p.card <> q.card, 0)
    FROM membership b
    CROSS JOIN person q ON q.id = b.person AND q.folded <> '' AND EXISTS (SELECT 1 {_ALIKE})
    CROSS JOIN person p ON p.id IN (SELECT o.id {_ALIKE} ORDER BY o.id LIMIT 20)
    CROSS JOIN membership a ON a.person = p.id AND a.id < b.id
        AND a.admitted < coalesce(b."left", '{FOREVER}') AND b.admitted < coalesce(a."left", '{FOREVER}')
    WHERE b.id >= ? ORDER BY b.id, a.id"""


def namesakes(db: sqlite3.Connection, since: int) -> Iterator[tuple[int, int, bool]]:
    """Yield namesakes in one union of the members from a number on: a birth date unknown, or the name spelt otherwise.

    First those who were there before, then the first one written with the same day of admission; with a flag for pairs
    admitted on one day with a birth date unknown.
    """
    if since > 1:
        for it in db.execute(_CALLED_ALIKE, {"since": since}):
            if not it["is_born_so"] or not same(it["name"], it["other_name"]):
                yield it["number"], it["other"], bool(it["is_of_one_day"])
    yield from ((number, first, True) for number, first in db.execute(_OF_ONE_DAY, (since,)))


_CALLED_ALIKE = """
    WITH later AS MATERIALIZED (
        SELECT m.id, m.union_unit, m.admitted, p.name, p.folded, p.born, p.card, p.id_number
        FROM membership m CROSS JOIN person p ON p.id = m.person AND p.folded <> '' WHERE m.id >= :since)
    SELECT b.id AS number, a.id AS other, b.name, p.name AS other_name, coalesce(p.born = b.born, 0) AS is_born_so,
        a.admitted = b.admitted AND (p.born IS NULL OR b.born IS NULL) AS is_of_one_day
    FROM person p CROSS JOIN membership a ON a.person = p.id AND a.id < :since AND a."left" IS NULL
        AND a.union_unit IN (SELECT union_unit FROM later)
    JOIN later b ON b.folded = p.folded AND b.union_unit = a.union_unit
    WHERE p.folded IN (SELECT folded FROM later) AND CASE WHEN p.born = b.born THEN 1 WHEN p.born <> b.born THEN 0
        ELSE coalesce(p.card = b.card, 1) AND coalesce(p.id_number = b.id_number, 1) END
    ORDER BY b.id, a.id"""
_OF_ONE_DAY = """
    SELECT id, first FROM (
        SELECT m.id, p.card, p.id_number, first_value(m.id) OVER one AS first, first_value(p.card) OVER one AS its_card,
            first_value(p.id_number) OVER one AS its_number
        FROM membership m CROSS JOIN person p ON p.id = m.person AND p.born IS NULL AND p.folded <> '' WHERE m.id >= ?
        WINDOW one AS (PARTITION BY p.folded, m.union_unit, m.admitted ORDER BY m.id))
    WHERE id <> first AND coalesce(card = its_card, 1) AND coalesce(id_number = its_number, 1) ORDER BY id"""


def may_be_unnamed(db: sqlite3.Connection, since: int) -> Iterator[int]:
    """Yield the memberships from a number on whose union already had members without names from that day."""
    rows = db.execute(
        "SELECT DISTINCT n.id FROM membership m LEFT JOIN person p ON p.id = m.person CROSS JOIN membership n"
        " ON n.union_unit = m.union_unit AND n.admitted = m.admitted AND n.id >= ?1 AND n.person NOTNULL"
        " WHERE coalesce(p.folded, '') = '' AND m.id < ?1 ORDER BY n.id",
        (since,),
    )
    yield from (number for (number,) in rows)
