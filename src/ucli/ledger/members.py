"""Members: admitting a person, or a group without names, to a grassroots union."""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.domain.members import ADMISSION, FOUNDING, TRANSFER
from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.language import _
from ucli.ledger.lives import require_alive, shown
from ucli.ledger.memberships import begin
from ucli.ledger.operations import LIVE, Operation
from ucli.ledger.sealing import write_persons
from ucli.ledger.units import Unit
from ucli.vietnamese.names import fold, normalised

# What is longer is no number of a membership, and SQLite could not hold it.
_LONGEST_NUMBER = 18


class Person(NamedTuple):
    """What is known of a member or a named beneficiary."""

    name: str
    born: date | None = None
    sex: str | None = None
    card: str | None = None
    id_number: str | None = None


def admit(
    op: Operation,
    union: Unit,
    person: Person,
    admitted: date,
    *,
    decision: str | None = None,
    confirmed: bool = False,
    transferred: bool = False,
) -> int:
    """Write a person's admission to a union and return the number of the membership.

    Whoever was transferred from a union of another ledger is admitted here, but newly admitted nowhere.

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
    if known is not None:
        _refuse_overlap(op.db, known, admitted)
    return begin(op, union.id, number, 1, admitted, TRANSFER if transferred else ADMISSION, decision=decision)


def may_repeat(db: sqlite3.Connection, number: int, person: Person) -> int | None:
    """Return the membership that another one may repeat: of that name, union and day, where no birth date tells.

    Args:
        db: the ledger.
        number: of the membership that may be the second.
        person: whose it is.

    """
    row = db.execute(
        "SELECT m.id FROM person p CROSS JOIN membership m ON m.person = p.id"
        f" JOIN membership n ON n.id = :number AND n.to_op = {LIVE} WHERE p.folded = :folded AND m.to_op = {LIVE}"
        " AND m.id <> n.id AND m.union_unit = n.union_unit AND m.admitted = n.admitted"
        " AND (p.born IS NULL OR :born IS NULL) AND coalesce(p.card = :card, 1)"
        " AND coalesce(p.id_number = :id_number, 1) ORDER BY m.id",
        {
            "number": number,
            "folded": fold(person.name),
            "born": person.born.isoformat() if person.born else None,
            "card": person.card,
            "id_number": person.id_number,
        },
    ).fetchone()
    return int(row["id"]) if row else None


def readmit(op: Operation, member: str, union: Unit, admitted: date, *, decision: str | None = None) -> int:
    """Write that a former member was admitted again, and return the number of the new membership.

    Raises:
        NotFoundError: nobody is meant, or several persons are.
        RefusedError: the member has not left, or left later than that, or the union did not live on the day.

    """
    require_alive(op.db, union, admitted)
    person = find_member(op.db, member)
    _refuse_overlap(op.db, person, admitted)
    return begin(op, union.id, person, 1, admitted, ADMISSION, decision=decision)


def admit_founders(op: Operation, union: Unit, members: int, founded: date, decision: str | None) -> int:
    """Write the members recognised together with their union, without names."""
    return begin(op, union.id, None, members, founded, FOUNDING, decision=decision)


def find_member(db: sqlite3.Connection, text: str) -> int:
    """Return the person that a membership number, a card number or a name means.

    Raises:
        NotFoundError: no member, or several, are meant; names are never listed in the error.

    """
    rows = [row for row in find_memberships(db, text) if row["person"] is not None]
    people = {row["person"] for row in rows}
    if len(people) == 1:
        return int(people.pop())
    if not people:
        raise _nobody()
    raise NotFoundError(
        _("{count} members are meant: numbers {numbers}.").format(
            count=len(people), numbers=", ".join(str(row["id"]) for row in rows)
        ),
        instead=_("Give the number in the first column of “ucli members”."),
    )


def find_memberships(db: sqlite3.Connection, text: str) -> list[sqlite3.Row]:
    """Return the memberships, ended ones too, that a number, a card number or a name means.

    Raises:
        NotFoundError: there is none.

    """
    typed = normalised(text)
    is_number = typed.isdecimal() and len(typed) < _LONGEST_NUMBER and typed == str(int(typed))
    rows = db.execute(
        f"SELECT * FROM membership WHERE to_op = {LIVE} AND (id = :number OR person IS NOT NULL AND person IN"
        " (SELECT id FROM person WHERE card = :typed UNION SELECT id FROM person WHERE folded = :folded))"
        " ORDER BY id LIMIT 20",
        {"number": int(typed) if is_number else None, "typed": typed, "folded": fold(typed)},
    ).fetchall()
    if not rows:
        raise _nobody()
    return rows


def _nobody() -> NotFoundError:
    return NotFoundError(
        _("No member bears that number, card or name."),
        instead=_("“ucli members --name …” finds them; give the number in the first column."),
    )


def keep_person(db: sqlite3.Connection, person: Person) -> int:
    """Write what is known of a person in the one table that holds it."""
    name = normalised(person.name)
    born = person.born.isoformat() if person.born else None
    number = int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM person").fetchone()[0])
    row = (number, name, fold(name), born, person.sex, person.card, person.id_number)
    write_persons(db, [row])
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


def _refuse_overlap(db: sqlite3.Connection, person: int, admitted: date) -> None:
    """Refuse an admission on a day when the person was, or would later again be, a member somewhere."""
    spell = db.execute(
        f'SELECT id, "left" FROM membership WHERE person = ? AND ("left" IS NULL OR "left" > ?) AND to_op = {LIVE}',
        (person, admitted.isoformat()),
    ).fetchone()
    if spell and spell["left"] is None:
        raise RefusedError(
            _("Member {number} has not left.").format(number=spell["id"]),
            instead=_("“ucli transfer-member” records a move to another union, “ucli end-membership” a leaving."),
        )
    if spell:
        raise RefusedError(
            _("Member {number} left on {day}, after that.").format(number=spell["id"], day=shown(spell["left"])),
            instead=_("Check the date."),
        )
    died = db.execute(
        f"SELECT id FROM membership WHERE person = ? AND left_by = 'died' AND to_op = {LIVE}", (person,)
    ).fetchone()
    if died:
        raise RefusedError(_("Member {number} has died.").format(number=died["id"]), instead=_("Check whom you mean."))
