"""Members who leave a union or go over to another; a union that ends, and the members it takes along."""

import sqlite3
from datetime import date

from ucli.domain.members import MERGED, TRANSFER, UNION_DISSOLVED
from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.language import _
from ucli.ledger.lives import require_alive, shown
from ucli.ledger.members import find_memberships
from ucli.ledger.operations import LIVE, Operation
from ucli.ledger.units import Unit


def leave(op: Operation, member: str, day: date, reason: str, *, members: int | None = None) -> sqlite3.Row:
    """Write that a member, or some of a group without names, left on a day.

    Returns:
        The membership as it was.

    Raises:
        NotFoundError: no membership, or several, are meant.
        RefusedError: it ended before, or began after the day.

    """
    row = open_membership(op.db, member)
    _require_since(row, day)
    _close(op, row, day, reason, members)
    return row


def transfer(
    op: Operation,
    member: str,
    to: Unit | None,
    day: date,
    *,
    members: int | None = None,
    decision: str | None = None,
) -> tuple[sqlite3.Row, int | None]:
    """Write that a member, or some of a group, went over to another union; to None: one of another ledger.

    Returns:
        The membership as it was, and the number of the new one.

    Raises:
        NotFoundError: no membership, or several, are meant.
        RejectedError: the member is in that union already.
        RefusedError: the membership ended before or began after the day, or the union did not live then.

    """
    row = open_membership(op.db, member)
    _require_since(row, day)
    if to and to.id == row["union_unit"]:
        raise RejectedError(_("The member is in {union} already.").format(union=to.name))
    if to:
        require_alive(op.db, to, day)
    closed = _close(op, row, day, TRANSFER, members)
    if to is None:
        return row, None
    return row, _continue(op, closed, to, day, decision)


def union_ended(op: Operation, union: Unit, day: date) -> None:
    """Close the memberships of a union that is no more: nobody resigned."""
    for row in _open_in(op.db, union):
        _close(op, row, day, UNION_DISSOLVED, None)


def move_members(op: Operation, union: Unit, into: Unit, day: date, decision: str | None) -> None:
    """Let the members of a union go on in the one that it went up in."""
    for row in _open_in(op.db, union):
        _continue(op, _close(op, row, day, MERGED, None), into, day, decision)


def open_membership(db: sqlite3.Connection, member: str) -> sqlite3.Row:
    """Return the open membership that a number, a card number or a name means.

    Raises:
        NotFoundError: none, or several.
        RefusedError: the only one ended.

    """
    found = find_memberships(db, member)
    there = [row for row in found if row["left"] is None]
    if len(there) == 1:
        return there[0]
    if there:
        raise NotFoundError(
            _("{count} members are meant: numbers {numbers}.").format(
                count=len(there), numbers=", ".join(str(row["id"]) for row in there)
            ),
            instead=_("Give the number in the first column of “ucli members”."),
        )
    raise RefusedError(
        _("Member {number} left on {day}.").format(number=found[-1]["id"], day=shown(found[-1]["left"])),
        instead=_("“ucli readmit-member” admits a former member again."),
    )


def _open_in(db: sqlite3.Connection, union: Unit) -> list[sqlite3.Row]:
    return db.execute(
        f'SELECT * FROM membership WHERE union_unit = ? AND "left" IS NULL AND to_op = {LIVE} ORDER BY id', (union.id,)
    ).fetchall()


def _require_since(row: sqlite3.Row, day: date) -> None:
    if day.isoformat() < row["admitted"]:
        raise RefusedError(
            _("Member {number} was admitted on {day}, after that.").format(
                number=row["id"], day=shown(row["admitted"])
            ),
            instead=_("Check the date."),
        )


def _close(op: Operation, row: sqlite3.Row, day: date, left_by: str, members: int | None) -> dict[str, object]:
    """End a membership on a day; of a group, a part may leave, as a membership of its own.

    Raises:
        RejectedError: more members than the membership has.

    """
    if members is not None and not 0 < members <= row["members"]:
        raise RejectedError(
            _("Membership {number} is of {members}, so {asked} cannot leave it.").format(
                number=row["id"], members=row["members"], asked=members
            ),
            instead=_("“ucli members” shows how many there are."),
        )
    kept = {column: row[column] for column in row.keys() if column not in ("from_op", "to_op", "origin_op")}  # noqa: SIM118
    op.end("membership", id=row["id"])
    if members is not None and members < row["members"]:
        op.add("membership", **{**kept, "members": row["members"] - members})
        kept |= {"id": op.next_id("membership"), "members": members}
    kept |= {"left": day.isoformat(), "left_by": left_by}
    op.add("membership", **kept)
    return kept


def _continue(op: Operation, closed: dict[str, object], union: Unit, day: date, decision: str | None) -> int:
    number = op.next_id("membership")
    op.add(
        "membership",
        id=number,
        union_unit=union.id,
        person=closed["person"],
        members=closed["members"],
        admitted=day.isoformat(),
        begun_by=TRANSFER,
        decision=decision,
        came_from=closed["id"],
    )
    return number
