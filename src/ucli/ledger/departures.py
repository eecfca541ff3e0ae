"""Members who leave a union or go over to another; a union that ends, and the members it takes along."""

import sqlite3
from datetime import date

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.lives import require_alive, shown
from ucli.ledger.members import find_memberships, number_instead
from ucli.ledger.memberships import close, continue_membership
from ucli.ledger.operations import Operation
from ucli.values.members import MERGED, TRANSFER, UNION_DISSOLVED
from ucli.values.units import Unit


def leave(
    op: Operation, member: str, day: date, reason: str, *, members: int | None = None, confirmed: bool = False
) -> sqlite3.Row:
    """Write that a member, or some of a group without names, left on a day.

    Returns:
        The membership as it was.

    Raises:
        NotFoundError: no membership, or several, are meant.
        RefusedError: it ended before, or began after the day.

    """
    row = open_membership(op.db, member)
    _require_number(row, members, confirmed=confirmed)
    _require_since(row, day)
    close(op, row, day, reason, members)
    return row


def transfer(
    op: Operation,
    member: str,
    to: Unit | None,
    day: date,
    *,
    members: int | None = None,
    confirmed: bool = False,
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
    _require_number(row, members, confirmed=confirmed)
    _require_since(row, day)
    if to and to.id == row["union_unit"]:
        raise RejectedError(_("The member is in {union} already.").format(union=to.name))
    if to:
        require_alive(op.db, to, day)
    closed = close(op, row, day, TRANSFER, members)
    if to is None:
        return row, None
    return row, continue_membership(op, closed, to.id, day, decision)


def union_ended(op: Operation, union: Unit, day: date) -> None:
    """Close the memberships of a union that ended: no one resigned."""
    for row in _open_in(op.db, union):
        close(op, row, day, UNION_DISSOLVED)


def move_members(op: Operation, union: Unit, into: Unit, day: date) -> None:
    """Let the members of a union go on in the one that it was merged into."""
    for row in _open_in(op.db, union):
        continue_membership(op, close(op, row, day, MERGED), into.id, day)


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
            instead=number_instead(there[0]["id"]),
        )
    raise RefusedError(
        _("Member {number} left on {day}.").format(number=found[-1]["id"], day=shown(found[-1]["left"])),
        instead=_("“ucli readmit-member” admits a former member again."),
    )


def _require_number(row: sqlite3.Row, members: int | None, *, confirmed: bool) -> None:
    """Refuse to let a whole group go where no one said how many.

    Raises:
        RejectedError: a group without names, and no number.

    """
    if members is None and row["members"] > 1 and not confirmed:
        raise RejectedError(
            _("Membership {number} is a group without names, of {members}.").format(
                number=row["id"], members=row["members"]
            ),
            instead=_("Say how many with --members, or repeat the command with --yes for all of them."),
        )


def _open_in(db: sqlite3.Connection, union: Unit) -> list[sqlite3.Row]:
    return db.execute(
        'SELECT * FROM membership WHERE union_unit = ? AND "left" IS NULL ORDER BY id', (union.id,)
    ).fetchall()


def _require_since(row: sqlite3.Row, day: date) -> None:
    if day.isoformat() <= row["admitted"]:
        raise RefusedError(
            _("Member {number} was admitted on {day}, and cannot have left by then.").format(
                number=row["id"], day=shown(row["admitted"])
            ),
            instead=_("Check the date."),
        )
