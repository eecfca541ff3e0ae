"""Memberships, each a spell in one union: beginning, end, transfer; and finding the one meant.

A table of departures names members by ID or card number, or by name with birth date or union.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import _, marked
from ucli.ledger.lineage import life_of, successor_on
from ucli.ledger.operations import Operation, first_op, values_of
from ucli.ledger.persons import write_persons
from ucli.ledger.units import get
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, as_it_is, each
from ucli.values.members import ADMISSION, MERGED, TRANSFER, UNION_DISSOLVED
from ucli.values.names import fold, is_called, normalised
from ucli.values.periods import FOREVER, day_text
from ucli.values.units import GRASSROOTS, Unit

Spell = Mapping[str, Any]

# The columns about a member, with their names for people.
CALLED = {
    "id_number": marked("ID number"),
    "card": marked("card number"),
    "name": marked("name"),
    "born": marked("birth date"),
    "sex": marked("sex"),
    "admitted": marked("day of admission"),
    "union": marked("grassroots union"),
}
# What one person cannot have twice with different values; a card may be reissued.
_TOLD_APART = ("born", "sex", "id_number")
# A longer number is not that of a membership, and SQLite could not hold it.
_LONGEST_NUMBER = 18
# Marks a number as that of the list, not of a card: "số:12".
_NUMBER = re.compile("(?:so|no) ?: ?([0-9]+)")


def begin(
    op: Operation,
    union: int,
    person: int | None,
    members: int,
    day: date,
    begun_by: str,
    *,
    decision: str | None = None,
    came_from: int | None = None,
    left: tuple[str, str | None] | None = None,
) -> int:
    """Write a membership and return its number; if the union has ended since, it ends or moves with it.

    `left` is the day and the reason of somebody who left before that.
    """
    number = op.next_id("membership")
    spell = {
        "id": number,
        "union_unit": union,
        "person": person,
        "members": members,
        "admitted": day.isoformat(),
        "begun_by": begun_by,
        "decision": decision,
        "came_from": came_from,
    }
    if left:
        spell["left"], spell["left_by"] = left
    op.add("membership", **spell)
    until = life_of(op.db, union).until
    if day.isoformat() < until < FOREVER and not left:
        ended = date.fromisoformat(until)
        heir = successor_on(op.db, get(op.db, union), ended)
        if heir.kind in GRASSROOTS and life_of(op.db, heir.id).until > until:
            continue_membership(op, close(op, spell, ended, MERGED), heir.id, ended)
        else:
            close(op, spell, ended, UNION_DISSOLVED)
    return number


def close(op: Operation, row: sqlite3.Row | Spell, day: date, left_by: str, members: int | None = None) -> Spell:
    """End a membership on a day; a part of a group leaves as a membership of its own."""
    spell = dict(row)
    spell.pop("op", None)
    there = spell["members"]
    if members is not None and not 0 < members <= there:
        raise RejectedError(
            _("Membership {number} has {members} members, so {asked} cannot leave it.").format(
                number=spell["id"], members=there, asked=members
            ),
            instead=_("“ucli members” shows how many there are."),
        )
    op.end("membership", id=spell["id"])
    if members is not None and members < there:
        op.add("membership", **{**spell, "members": there - members})
        spell |= {"id": op.next_id("membership"), "members": members}
    spell |= {"left": day.isoformat(), "left_by": left_by}
    op.add("membership", **spell)
    return spell


def continue_membership(op: Operation, closed: Spell, union: int, day: date, decision: str | None = None) -> int:
    """Continue an ended membership in another union, and return the number of the new one."""
    person, members = closed["person"], closed["members"]
    return begin(op, union, person, members, day, TRANSFER, decision=decision, came_from=closed["id"])


def depart(
    op: Operation,
    member: str,
    day: date,
    left_by: str,
    *,
    to: Unit | None = None,
    members: int | None = None,
    confirmed: bool = False,
    decision: str | None = None,
) -> tuple[sqlite3.Row, int | None]:
    """End the membership of a member, or of some of a group without names, or transfer it to another union.

    Returns:
        The membership as it was, and the number of the new one, if any.

    """
    row = open_membership(op.db, member)
    if members is None and row["members"] > 1 and not confirmed:
        raise RejectedError(
            _("Membership {number} is a group without names, of {members}.").format(
                number=row["id"], members=row["members"]
            ),
            instead=_("Say how many with --members, or repeat the command with --yes for all of them."),
        )
    if day.isoformat() <= row["admitted"]:
        raise RefusedError(
            _("Member {number} was admitted on {day}, and cannot have left by then.").format(
                number=row["id"], day=day_text(row["admitted"])
            ),
            instead=_undo_of_transfer(op.db, row) if day.isoformat() == row["admitted"] else _("Check the date."),
        )
    if to and to.id == row["union_unit"]:
        raise RejectedError(_("The member is already in {union}.").format(union=to.name))
    closed = close(op, row, day, left_by, members)
    return row, continue_membership(op, closed, to.id, day, decision) if to else None


def _undo_of_transfer(db: sqlite3.Connection, row: sqlite3.Row) -> str:
    """Return what helps who was transferred on the very day: to undo it, where a command of its own did it."""
    number, command = db.execute(
        f"SELECT o.number, o.command FROM membership m JOIN operation o ON o.number = {first_op('membership', 'm')}"
        " WHERE m.id = ?",
        (row["id"],),
    ).fetchone()
    if command != "transfer-member":
        return _("Check the date.")
    return _("If that transfer was a mistake, undo it: ucli undo {operation}.").format(operation=number)


class Departure(NamedTuple):
    """A departure: member, day in ISO, reason."""

    left: str
    left_by: str
    name: str | None = None
    born: str | None = None
    union: Unit | None = None
    card: str | None = None
    id_number: str | None = None
    member: str | None = None  # a card, name or number, as commands take it


def record_departures(op: Operation, departures: Iterable[Departure]) -> Iterator[Result]:
    """Write departures; the number of each result is the membership's. One that ended on that day is unchanged."""

    def write(row: Departure) -> Written:
        spells = _meant(op.db, row)
        ended = next((it for it in spells if it["left"] == row.left), None)
        if ended and ended["op"] == op.number:
            raise EarlierRowError(_("This member is already in line {line}."), ended["id"])
        if ended:
            other = [_("reason")] if ended["left_by"] != row.left_by else []
            return Written(RowStatus.UNCHANGED, ended["id"], as_it_is(other))
        number = next((it["id"] for it in spells if it["left"] is None), spells[-1]["id"])
        depart(op, f"no:{number}", date.fromisoformat(row.left), row.left_by)
        return Written(RowStatus.NEW, number)

    return each(op, departures, write)


def _meant(db: sqlite3.Connection, row: Departure) -> list[sqlite3.Row]:
    """Return the memberships, ended ones included, of the person that a row means.

    Raises:
        RejectedError: it does not identify anybody.
        NotFoundError: it means no member, or several.

    """
    if row.member:
        return _of_one(find_memberships(db, row.member))
    if not (row.id_number or row.card or (row.name and (row.born or row.union))):
        raise RejectedError(
            _("To identify the member give an ID or card number, or a name with a birth date or a union.")
        )
    numbers = "p.id_number = ? OR p.card = ? OR p.folded = ?"
    found = spells_of(db, numbers, row.id_number, row.card, row.name and fold(row.name))
    if not found:
        raise _no_such_member()
    others = {it["id"]: _otherwise(row, it) for it in found}
    fitting = [it for it in found if not others[it["id"]]]
    if not fitting:
        told = _("The likely member has another {columns} in the ledger, or none.")
        columns = min(others.values(), key=len)
        raise NotFoundError(told.format(columns=", ".join(_(CALLED[it]) for it in columns)))
    return _of_one(fitting)


def _otherwise(row: Departure, spell: sqlite3.Row) -> list[str]:
    """Return in which columns a row contradicts a member; unknown values contradict nothing."""
    others = [
        it for it in ("id_number", "card", "born") if getattr(row, it) and spell[it] not in (None, getattr(row, it))
    ]
    if row.name and not is_called(row.name, spell["name"]):
        others.append("name")
    if row.union and row.union.id != spell["union_unit"]:
        others.append("union")
    is_known = row.union or any(getattr(row, it) and spell[it] for it in ("id_number", "card", "born"))
    return others if is_known else [*others, "born"]


def end_memberships(op: Operation, union: Unit, day: date, into: Unit | None = None) -> None:
    """Move the members of an ended union to another one; without one, end their memberships."""
    for row in op.db.execute(
        'SELECT * FROM membership WHERE union_unit = ? AND "left" IS NULL ORDER BY id', (union.id,)
    ).fetchall():
        closed = close(op, row, day, MERGED if into else UNION_DISSOLVED)
        if into:
            continue_membership(op, closed, into.id, day)


def readmit(op: Operation, member: str, union: Unit, admitted: date, *, decision: str | None = None) -> int:
    """Readmit a former member, and return the number of the new membership."""
    person = find_member(op.db, member)
    return begin(op, union.id, person, 1, admitted, ADMISSION, decision=decision)


def merge_persons(op: Operation, persons: Sequence[int], *, transferred: bool) -> int:
    """Merge several persons into the first one; return the number of the last membership.

    Spells that overlap in one union become one spell. Those that overlap in two unions are refused by the rule on one
    membership at a time or, with `transferred`, become a transfer on the day the later one began.

    Raises:
        RefusedError: they have other birth dates, sexes or ID numbers.

    """
    said = [op.db.execute("SELECT * FROM person WHERE id = ?", (it,)).fetchone() for it in persons]
    columns = ("name", "folded", "born", "sex", "card", "id_number")
    known = {column: [row[column] for row in said if row[column]] for column in columns}
    if any(len(set(known[column])) > 1 for column in _TOLD_APART):
        raise RefusedError(
            _("They are two persons: their birth dates, sexes or ID numbers differ."),
            instead=_("Correct the wrong entry first: void it, and record it again."),
        )
    one = op.next_id("person")
    write_persons(op, [(one, *(next(iter(known[column]), None) for column in columns))])
    for register in ("membership", "payout", "award"):
        for row in _rows_of(op.db, register, persons):
            op.revise(register, row, person=one)
    for spell, later in pairwise(_rows_of(op.db, "membership", [one])):
        if (spell["left"] or FOREVER) <= later["admitted"]:
            continue
        if spell["union_unit"] == later["union_unit"]:
            _join(op, spell, later)
        elif transferred:
            op.revise("membership", spell, left=later["admitted"], left_by=TRANSFER)
            op.revise("membership", later, begun_by=TRANSFER, came_from=spell["id"])
    return int(_rows_of(op.db, "membership", [one])[-1]["id"])


def _join(op: Operation, spell: sqlite3.Row, later: sqlite3.Row) -> None:
    """Join two overlapping spells in one union, under the later number."""
    last = max(spell, later, key=lambda it: it["left"] or FOREVER)
    op.end("membership", id=spell["id"])
    op.end("membership", id=later["id"])
    merged = {**values_of(spell), "id": later["id"], "left": last["left"], "left_by": last["left_by"]}
    op.add("membership", **merged)


def _rows_of(db: sqlite3.Connection, register: str, persons: Sequence[int]) -> list[sqlite3.Row]:
    marks = ", ".join("?" * len(persons))
    order = "admitted, id" if register == "membership" else "id"
    return db.execute(f"SELECT * FROM {register} WHERE person IN ({marks}) ORDER BY {order}", persons).fetchall()


def open_membership(db: sqlite3.Connection, member: str) -> sqlite3.Row:
    """Find the open membership by number, card number or name."""
    found = find_memberships(db, member)
    there = [row for row in found if row["left"] is None]
    if len(there) > 1:
        raise _several(len(there), there)
    if there:
        return there[0]
    raise RefusedError(
        _("Member {number} left on {day}.").format(number=found[-1]["id"], day=day_text(found[-1]["left"])),
        instead=_("“ucli readmit-member” admits a former member again."),
    )


def find_member(db: sqlite3.Connection, text: str) -> int:
    """Find the person by membership number, card number or name."""
    rows = [row for row in find_memberships(db, text) if row["person"] is not None]
    if not rows:
        raise _no_such_member()
    return int(_of_one(rows)[0]["person"])


def union_of(db: sqlite3.Connection, person: int, day: date) -> int:
    """Return a member's union on a day; else the last one before, or the first after."""
    row = db.execute(
        "SELECT union_unit FROM membership WHERE person = ? ORDER BY admitted > ?, abs(julianday(admitted) -"
        " julianday(?)), id DESC LIMIT 1",
        (person, day.isoformat(), day.isoformat()),
    )
    return int(row.fetchone()[0])


def find_memberships(db: sqlite3.Connection, text: str) -> list[sqlite3.Row]:
    """Find memberships, ended ones included, by number, card number or name."""
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


def spells_of(db: sqlite3.Connection, where: str, *bound: object) -> list[sqlite3.Row]:
    """Return the memberships, ended ones included, of persons `p` that meet a condition."""
    return db.execute(
        "SELECT m.*, p.name, p.folded, p.born, p.sex, p.card, p.id_number FROM person p"
        f" CROSS JOIN membership m ON m.person = p.id WHERE {where} ORDER BY m.id",
        bound,
    ).fetchall()


def _of_one(rows: list[sqlite3.Row]) -> list[sqlite3.Row]:
    """Return memberships if they all belong to one person."""
    if (people := len({row["person"] for row in rows})) > 1:
        raise _several(people, rows)
    return rows


def number_typed(text: str) -> str:
    """Return the number of a list, without the prefix that tells it from a card number."""
    numbered = _NUMBER.fullmatch(fold(text))
    return numbered[1] if numbered else normalised(text)


def _several(count: int, rows: list[sqlite3.Row]) -> NotFoundError:
    return NotFoundError(
        _("{count} members are meant: numbers {numbers}.").format(
            count=count, numbers=", ".join(str(row["id"]) for row in rows)
        ),
        # No card number looks like that.
        instead=_("Type the number in the first column of “ucli members”, as in no:{number}.").format(
            number=rows[0]["id"]
        ),
    )


def _no_such_member() -> NotFoundError:
    return NotFoundError(
        _("There is no member with that number, card or name."),
        instead=_("“ucli members --name …” finds them; give the number in the first column."),
    )
