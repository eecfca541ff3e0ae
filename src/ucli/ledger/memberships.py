"""The rows of the register of members: one spell in one union, begun, closed, gone on elsewhere."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.ledger.lives import life_of, successors_of
from ucli.ledger.operations import Operation, values_of
from ucli.values.members import MERGED, TRANSFER, UNION_DISSOLVED
from ucli.values.periods import FOREVER
from ucli.values.units import UNION

Spell = Mapping[str, object]


def begin(
    op: Operation,
    union: int,
    person: int | None,
    members: int,
    day: date,
    begun_by: str,
    *,
    decision: str | None = None,
    came_from: object = None,
) -> int:
    """Write a membership and return its number; in a union that ended since, it ended with it or went on."""
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
    op.add("membership", **spell)
    until = life_of(op.db, union).until
    if until < FOREVER:
        heirs = successors_of(op.db, union, until)
        ended = date.fromisoformat(until)
        if len(heirs) == 1 and heirs[0].kind == UNION:
            continue_membership(op, close(op, spell, ended, MERGED), heirs[0].id, ended)
        else:
            close(op, spell, ended, UNION_DISSOLVED)
    return number


def close(op: Operation, row: sqlite3.Row | Spell, day: date, left_by: str, members: int | None = None) -> Spell:
    """End a membership on a day; of a group, a part may leave, as a membership of its own.

    Raises:
        RejectedError: more members than the membership has.

    """
    spell = values_of(row) if isinstance(row, sqlite3.Row) else dict(row)
    there = int(str(spell["members"]))
    if members is not None and not 0 < members <= there:
        raise RejectedError(
            _("Membership {number} is of {members}, so {asked} cannot leave it.").format(
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
    """Write that a closed membership goes on in another union, and return the number of the new one."""
    person = closed["person"]
    return begin(
        op,
        union,
        None if person is None else int(str(person)),
        int(str(closed["members"])),
        day,
        TRANSFER,
        decision=decision,
        came_from=closed["id"],
    )
