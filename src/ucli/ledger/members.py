"""Members: admitting a person, or a group without names, to a grassroots union."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import _, marked
from ucli.ledger.identities import write_persons
from ucli.ledger.lives import require_alive, shown
from ucli.ledger.memberships import begin
from ucli.ledger.operations import Operation
from ucli.values.members import ADMISSION, FOUNDING, TRANSFER
from ucli.values.names import fold, normalised, same
from ucli.values.units import Unit

# What is longer is no number of a membership, and SQLite could not hold it.
_LONGEST_NUMBER = 18


class Person(NamedTuple):
    """What is known of a member or a named beneficiary."""

    name: str
    born: date | None = None
    sex: str | None = None
    card: str | None = None
    id_number: str | None = None


# The number in the list, and no card number: "số:12".
_NUMBER = re.compile("(?:so|no) ?: ?([0-9]+)")

# What may be known of a person beside the name.
KNOWN_OF = {
    "born": marked("birth date"),
    "sex": marked("sex"),
    "card": marked("card number"),
    "id_number": marked("ID number"),
}


def named(person: str) -> str:
    """Return the condition that a membership or payout names a person, in SQL.

    Whom none names any more was recorded by mistake: that row lends its data to no one who is recorded anew.
    """
    return (
        "("
        + " OR ".join(f"EXISTS (SELECT 1 FROM {it} WHERE person = {person}.id)" for it in ("membership", "payout"))
        + ")"
    )


def admit(
    op: Operation,
    union: Unit,
    person: Person,
    admitted: date,
    *,
    decision: str | None = None,
    transferred: bool = False,
) -> int:
    """Write a person's admission to a union and return the number of the membership.

    Anyone who was transferred from a union of another ledger is admitted here, but newly admitted nowhere. Whether the
    person is a member under another number is for `twins` to tell.

    Raises:
        RefusedError: the union did not live on the day, or the person is a member already.

    """
    require_alive(op.db, union, admitted)
    if person.born and person.born >= admitted:
        raise RejectedError(
            _("The birth date is not before the day of admission."), instead=_("Check --born and --admitted.")
        )
    known = _known_person(op.db, person)
    number = known if known is not None else keep_person(op, person)
    if known is not None:
        _refuse_overlap(op.db, known, admitted)
    return begin(op, union.id, number, 1, admitted, TRANSFER if transferred else ADMISSION, decision=decision)


def as_it_is(columns: Sequence[str]) -> str:
    """Say that somebody who is in the ledger stays as he or she is there, though another table or command differs."""
    said = _("In the ledger already, with another {columns}; that stays as it is.")
    return said.format(columns=", ".join(columns))


def kept_otherwise(db: sqlite3.Connection, membership: int, person: Person) -> str | None:
    """Say what the ledger goes on holding otherwise of a person just admitted, whom it knew before; else None."""
    row = db.execute(
        "SELECT p.* FROM membership m JOIN person p ON p.id = m.person WHERE m.id = ?", (membership,)
    ).fetchone()
    told = {**person._asdict(), "name": normalised(person.name), "born": row["born"]}
    others = [_(said) for it, said in {"name": marked("name"), **KNOWN_OF}.items() if told[it] not in (None, row[it])]
    return as_it_is(others) if others else None


class Twin(NamedTuple):
    """Two memberships at one time that may be one person's: the name and birth date are the same."""

    one: int
    other: int  # the one that was recorded later
    one_union: int
    other_union: int
    persons: tuple[int, int]
    is_told_apart: bool  # by ID numbers

    @property
    def is_of_one_union(self) -> bool:
        return self.one_union == self.other_union


def twins(db: sqlite3.Connection, since: int = 0) -> Iterator[Twin]:
    """Yield the memberships at one time, of persons kept apart, that may be one person's.

    In two unions, names that both have tone marks and differ in them are two names; in one union that may be a slip.

    Args:
        db: the ledger.
        since: the first membership that may be the later one of two.

    """
    for row in db.execute(_TWINS, (since,)):
        it = Twin._make((*row[:4], (row["person"], row["twin"]), bool(row["is_told_apart"])))
        name, other = row["name"], row["other_name"]
        if it.is_of_one_union or same(name, other) or _is_bare(name) or _is_bare(other):
            yield it


def _is_bare(name: str) -> bool:
    """Tell whether a name was typed without tone marks."""
    return fold(name) == normalised(name).lower()


# One of the same ID number is no question but a fault; a number of 9 digits and one of 12 may be one person's.
_TWINS = """
    SELECT a.id, b.id, a.union_unit, b.union_unit, p.id AS person, q.id AS twin, p.name, q.name AS other_name,
        coalesce(p.id_number <> q.id_number AND length(p.id_number) = length(q.id_number), 0) AS is_told_apart
    FROM membership b
    CROSS JOIN person q ON q.id = b.person AND q.folded <> '' AND q.born NOTNULL
    CROSS JOIN person p ON p.folded = q.folded AND p.born = q.born AND p.id <> q.id
        AND coalesce(p.id_number <> q.id_number, 1)
    CROSS JOIN membership a ON a.person = p.id AND a.id < b.id
        AND a.admitted < coalesce(b."left", '9999-12-31') AND b.admitted < coalesce(a."left", '9999-12-31')
    WHERE b.id >= ? ORDER BY b.id, a.id"""


def may_repeat(db: sqlite3.Connection, number: int, person: Person) -> int | None:
    """Return the membership that another one may repeat: of that name, union and day, where no birth date tells.

    Args:
        db: the ledger.
        number: of the membership that may be the second.
        person: whose it is.

    """
    row = db.execute(
        "SELECT m.id FROM person p CROSS JOIN membership m ON m.person = p.id"
        " JOIN membership n ON n.id = :number WHERE p.folded = :folded"
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


def may_be_erased(db: sqlite3.Connection, number: int) -> bool:
    """Tell whether somebody was erased who was admitted to the union of a membership on its day."""
    row = db.execute(
        "SELECT 1 FROM membership n JOIN membership m ON m.union_unit = n.union_unit AND m.admitted = n.admitted"
        " JOIN person p ON p.id = m.person AND p.folded = '' WHERE n.id = ?",
        (number,),
    ).fetchone()
    return row is not None


def readmit(op: Operation, member: str, union: Unit, admitted: date, *, decision: str | None = None) -> int:
    """Write that a former member was admitted again, and return the number of the new membership.

    Raises:
        NotFoundError: no person is meant, or several are.
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
        raise _no_such_member()
    raise NotFoundError(
        _("{count} members are meant: numbers {numbers}.").format(
            count=len(people), numbers=", ".join(str(row["id"]) for row in rows)
        ),
        instead=number_instead(rows[0]["id"]),
    )


def find_memberships(db: sqlite3.Connection, text: str) -> list[sqlite3.Row]:
    """Return the memberships, ended ones too, that a number, a card number or a name means.

    Raises:
        NotFoundError: there is none.

    """
    typed = number_typed(text)
    is_number = typed.isdecimal() and len(typed) < _LONGEST_NUMBER and typed == str(int(typed))
    other = None if _NUMBER.fullmatch(fold(text)) else typed
    rows = db.execute(
        "SELECT * FROM membership WHERE (id = :number OR person IS NOT NULL AND person IN"
        " (SELECT id FROM person WHERE card = :typed UNION SELECT id FROM person WHERE folded = :folded))"
        " ORDER BY id LIMIT 20",
        {"number": int(typed) if is_number else None, "typed": other, "folded": other and fold(other)},
    ).fetchall()
    if not rows:
        raise _no_such_member()
    return rows


def number_typed(text: str) -> str:
    """Return what was typed as a number in the list, without the word before it that keeps it from being a card's."""
    numbered = _NUMBER.fullmatch(fold(text))
    return numbered[1] if numbered else normalised(text)


def number_instead(number: int) -> str:
    """Say how one of several members is meant: by a number in the list that can be no card number."""
    return _("Type the number in the first column of “ucli members”, as in no:{number}.").format(number=number)


def _no_such_member() -> NotFoundError:
    return NotFoundError(
        _("No member has that number, card or name."),
        instead=_("“ucli members --name …” finds them; give the number in the first column."),
    )


def keep_person(op: Operation, person: Person) -> int:
    """Write what is known of a person in the one table that holds it."""
    name = normalised(person.name)
    born = person.born.isoformat() if person.born else None
    number = op.next_id("person")
    row = (number, name, fold(name), born, person.sex, person.card, person.id_number)
    write_persons(op, [row])
    return number


def _known_person(db: sqlite3.Connection, person: Person) -> int | None:
    """Return who in the ledger has the same ID or card number; refuse who is a member now."""
    for column, value in (("id_number", person.id_number), ("card", person.card)):
        if value is None:
            continue
        spell = db.execute(
            f'SELECT m.id FROM person p JOIN membership m ON m.person = p.id WHERE p.{column} = ? AND m."left" IS NULL',
            (value,),
        ).fetchone()
        if spell:
            raise RefusedError(
                _("A member with that {what} is in the ledger already: number {number}.").format(
                    what=_(KNOWN_OF[column]), number=spell["id"]
                ),
                instead=_("“ucli members” shows who it is; no one is counted twice."),
            )
        # Anyone who was a member before is the same person if the name and birth date agree; a correction does not.
        row = db.execute(
            f"SELECT p.id FROM person p WHERE p.{column} = ? AND p.folded = ? AND p.born IS ? AND {named('p')}"
            " ORDER BY p.id DESC",
            (value, fold(person.name), person.born.isoformat() if person.born else None),
        ).fetchone()
        if row:
            return int(row["id"])
    return None


def _refuse_overlap(db: sqlite3.Connection, person: int, admitted: date) -> None:
    """Refuse an admission on a day when the person was, or would later again be, a member somewhere."""
    spell = db.execute(
        'SELECT id, "left" FROM membership WHERE person = ? AND ("left" IS NULL OR "left" > ?)',
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
    died = db.execute("SELECT id FROM membership WHERE person = ? AND left_by = 'died'", (person,)).fetchone()
    if died:
        raise RefusedError(_("Member {number} has died.").format(number=died["id"]), instead=_("Check whom you mean."))
