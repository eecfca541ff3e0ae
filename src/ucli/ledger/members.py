"""Members: admitting a person, or a group without names, to a grassroots union."""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.language import _
from ucli.ledger.operations import LIVE, Operation
from ucli.ledger.units import Unit, require_alive
from ucli.vietnamese.names import fold, normalised

FOUNDING = "founding"
ADMISSION = "admission"


class Person(NamedTuple):
    """What is known of a member or a named beneficiary."""

    name: str
    born: date | None = None
    sex: str | None = None
    card: str | None = None
    id_number: str | None = None


def admit(
    op: Operation, union: Unit, person: Person, admitted: date, *, decision: str | None = None, confirmed: bool = False
) -> int:
    """Write a person's admission to a union and return the number of the membership.

    Raises:
        RefusedError: the union did not live on the day, or the person is a member already.

    """
    require_alive(op.db, union, admitted)
    if person.born and person.born >= admitted:
        raise RejectedError(
            _("The birth date is not before the day of admission."), instead=_("Check --born and --admitted.")
        )
    known = _known_person(op.db, person, union, confirmed=confirmed)
    number = known if known is not None else keep_person(op.db, person)
    return _begin(op, union, number, 1, admitted, ADMISSION, decision)


def admit_founders(op: Operation, union: Unit, members: int, founded: date, decision: str | None) -> int:
    """Write the members recognised together with their union, without names."""
    return _begin(op, union, None, members, founded, FOUNDING, decision)


def find_member(db: sqlite3.Connection, text: str) -> int:
    """Return the person that a membership number, a card number or a name means.

    Raises:
        NotFoundError: no member, or several, are meant; names are never listed in the error.

    """
    typed = normalised(text)
    rows = db.execute(
        "SELECT DISTINCT m.person, m.id FROM membership m JOIN person p ON p.id = m.person"
        f" WHERE m.to_op = {LIVE} AND (CAST(m.id AS TEXT) = ? OR p.card = ? OR p.folded = ?) LIMIT 20",
        (typed, typed, fold(typed)),
    ).fetchall()
    people = {row["person"] for row in rows}
    if len(people) == 1:
        return int(people.pop())
    if not people:
        raise NotFoundError(
            _("No member bears that number, card or name."),
            instead=_("“ucli members --name …” finds them; give the number in the first column."),
        )
    raise NotFoundError(
        _("{count} members are meant: numbers {numbers}.").format(
            count=len(people), numbers=", ".join(str(row["id"]) for row in rows)
        ),
        instead=_("Give the number in the first column of “ucli members”."),
    )


def keep_person(db: sqlite3.Connection, person: Person) -> int:
    """Write what is known of a person in the one table that holds it."""
    name = normalised(person.name)
    number = db.execute(
        "INSERT INTO person (name, folded, born, sex, card, id_number) VALUES (?, ?, ?, ?, ?, ?)",
        (name, fold(name), person.born.isoformat() if person.born else None, person.sex, person.card, person.id_number),
    ).lastrowid
    assert number is not None  # noqa: S101  an INSERT has a row id
    return number


def _begin(
    op: Operation, union: Unit, person: int | None, members: int, day: date, begun_by: str, decision: str | None
) -> int:
    number = op.next_id("membership")
    op.add(
        "membership",
        id=number,
        union_unit=union.id,
        person=person,
        members=members,
        admitted=day.isoformat(),
        begun_by=begun_by,
        decision=decision,
    )
    return number


def _known_person(db: sqlite3.Connection, person: Person, union: Unit, *, confirmed: bool) -> int | None:
    """Return who in the ledger bears the same ID or card number; refuse who is a member now.

    A same name and birth date in the same union is most likely the same person typed twice.
    """
    for column, value in (("id_number", person.id_number), ("card", person.card)):
        if value is None:
            continue
        row = db.execute(f"SELECT id FROM person WHERE {column} = ? ORDER BY id DESC", (value,)).fetchone()
        if row is None:
            continue
        spell = db.execute(
            f'SELECT id, union_unit FROM membership WHERE person = ? AND "left" IS NULL AND to_op = {LIVE}',
            (row["id"],),
        ).fetchone()
        if spell:
            raise RefusedError(
                _("A member with that {what} is in the ledger already: number {number}.").format(
                    what=_("ID number") if column == "id_number" else _("card number"), number=spell["id"]
                ),
                instead=_("“ucli members” shows who it is; nobody is counted twice."),
            )
        # Whoever was a member before is the same person if the name and birth date agree; a correction does not.
        row = db.execute(
            f"SELECT id FROM person WHERE {column} = ? AND folded = ? AND born IS ? ORDER BY id DESC",
            (value, fold(person.name), person.born.isoformat() if person.born else None),
        ).fetchone()
        if row:
            return int(row["id"])
    if person.born and not confirmed:
        twin = db.execute(
            "SELECT m.id FROM person p JOIN membership m ON m.person = p.id WHERE p.folded = ? AND p.born = ?"
            f' AND m.union_unit = ? AND m."left" IS NULL AND m.to_op = {LIVE}',
            (fold(person.name), person.born.isoformat(), union.id),
        ).fetchone()
        if twin:
            raise RefusedError(
                _("A member of that name and birth date is in this union already: number {number}.").format(
                    number=twin["id"]
                ),
                instead=_("If it is another person, repeat the command with --yes."),
            )
    return None
