"""Renaming and moving units: from a day on, so that what was before stays as it was."""

import sqlite3
from datetime import date

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.foundings import add_name, place, refuse_namesake, require_free_code, require_place
from ucli.ledger.lineage import settle
from ucli.ledger.lives import life_of, require_alive, shown
from ucli.ledger.operations import Operation
from ucli.ledger.units import get
from ucli.values import units as kinds
from ucli.values.names import normalised
from ucli.values.units import Unit

RENAMED = "renamed"
MOVED = "moved"


def rename(
    op: Operation,
    unit: Unit,
    day: date,
    *,
    name: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    decision: str | None = None,
) -> Unit:
    """Give a unit another name, kind or code from a day on, until its next one.

    Raises:
        RejectedError: a code that cannot be one, a kind that does not belong where the unit stands.
        RefusedError: the unit did not live on the day, was renamed on it already, or the name or code is another's.

    """
    require_alive(op.db, unit, day)
    there = op.db.execute(
        "SELECT * FROM unit_name WHERE unit = ? AND from_day <= ? AND ? < to_day",
        (unit.id, day.isoformat(), day.isoformat()),
    ).fetchone()
    new = Unit(unit.id, code or there["code"], normalised(name) if name else there["name"], kind or there["kind"])
    if new == Unit(unit.id, there["code"], there["name"], there["kind"]):
        return new
    _refuse_twice(op.db, unit, day, there["from_day"], _("{unit} has had its present name since {day}, that very day."))
    parent = parent_on(op.db, unit, day)
    if new.name != there["name"]:
        refuse_namesake(op.db, new.name, parent, day.isoformat(), but=unit.id)
    if new.code != there["code"]:
        require_free_code(op.db, new.code, day.isoformat(), there["to_day"], but=unit.id)
    if new.kind != there["kind"] and {kinds.UNION, kinds.CLUSTER} & {new.kind, there["kind"]}:
        raise RejectedError(
            _("{unit} cannot become a unit of kind {kind}.").format(unit=unit.name, kind=_(kinds.NAMES[new.kind])),
            why=_("Grassroots unions, clusters and the units above are counted differently."),
            instead=_("End the one and add the other."),
        )
    if new.kind != there["kind"]:
        _require_kind(op.db, new, parent, day)
    op.revise("unit_name", there, to_day=day.isoformat())
    add_name(op, unit.id, day.isoformat(), there["to_day"], new.code, new.name, new.kind)
    op.add("unit_change", unit=unit.id, day=day.isoformat(), what=RENAMED, decision=decision)
    return new


def move(op: Operation, unit: Unit, parent: Unit, day: date, *, decision: str | None = None) -> None:
    """Put a unit, and all below it, under another parent from a day on, until its next one.

    Raises:
        RejectedError: the unit does not belong under that kind of parent, or the parent is the unit itself.
        RefusedError: one of the two did not live then, the parent stands below the unit, or it was moved on that day.

    """
    require_alive(op.db, unit, day)
    require_alive(op.db, parent, day)
    if parent.id == unit.id:
        raise RejectedError(_("{unit} cannot stand under itself.").format(unit=unit.name))
    require_place(unit_on(op.db, unit, day).kind, unit_on(op.db, parent, day))
    there, until = _parent_row(op.db, unit, day)
    if there and there["ancestor"] == parent.id:
        return
    _refuse_twice(
        op.db,
        unit,
        day,
        there["from_day"] if there else None,
        _("{unit} stands where it does since {day}, that very day."),
    )
    if stands_below(op.db, parent, unit, day.isoformat(), until):
        raise RefusedError(
            _("{parent} stands below {unit}, which so cannot be put under it.").format(
                parent=parent.name, unit=unit.name
            ),
            instead=_("Move {parent} elsewhere first.").format(parent=parent.name),
        )
    set_parent(op, unit, parent, day.isoformat())
    say_why_moved(op, unit, day, decision)
    settle(op, [unit.id])


def set_parent(op: Operation, unit: Unit, parent: Unit, day: str) -> None:
    """Write a unit's parent from a day on, until its next one; its lines are settled by the caller."""
    there, until = _parent_row(op.db, unit, date.fromisoformat(day))
    if there and there["from_day"] < day:
        op.revise("ancestry", there, to_day=day)
    elif there:
        op.end("ancestry", unit=unit.id, ancestor=there["ancestor"], from_day=day)
    place(op, unit.id, unit.kind, parent, day, until)


def hand_over(op: Operation, child: Unit, unit: Unit, successor: Unit, day: date, decision: str | None) -> None:
    """Put a unit that stands below one that ends under its successor, also where it came below it only later."""
    rows = op.db.execute(
        "SELECT from_day, to_day FROM ancestry WHERE unit = ? AND ancestor = ? AND depth = 1 AND to_day > ?",
        (child.id, unit.id, day.isoformat()),
    ).fetchall()
    for row in rows:
        set_parent(op, child, successor, max(row["from_day"], day.isoformat()))
        if row["from_day"] <= day.isoformat():
            say_why_moved(op, child, day, decision)


def say_why_moved(op: Operation, unit: Unit, day: date, decision: str | None) -> None:
    """Write by which decision a unit came under another parent on a day; the last one said stands."""
    op.end("unit_change", unit=unit.id, day=day.isoformat(), what=MOVED)
    op.add("unit_change", unit=unit.id, day=day.isoformat(), what=MOVED, decision=decision)


def parent_on(db: sqlite3.Connection, unit: Unit, day: date) -> Unit | None:
    row, _until = _parent_row(db, unit, day)
    return get(db, row["ancestor"]) if row else None


def unit_on(db: sqlite3.Connection, unit: Unit, day: date) -> Unit:
    """Return a unit under the name, code and kind of a day of its life."""
    row = db.execute(
        "SELECT unit, code, name, kind FROM unit_name WHERE unit = ? AND from_day <= ? AND ? < to_day",
        (unit.id, day.isoformat(), day.isoformat()),
    ).fetchone()
    return Unit(*row) if row else unit


def stands_below(db: sqlite3.Connection, unit: Unit, ancestor: Unit, first: str, until: str) -> bool:
    """Tell whether a unit stands below another on a day between two."""
    row = db.execute(
        "SELECT 1 FROM ancestry WHERE unit = ? AND ancestor = ? AND from_day < ? AND ? < to_day",
        (unit.id, ancestor.id, until, first),
    ).fetchone()
    return row is not None


def _parent_row(db: sqlite3.Connection, unit: Unit, day: date) -> tuple[sqlite3.Row | None, str]:
    """Return the row of a unit's parent on a day, and the day its next parent or its end comes."""
    rows = db.execute(
        "SELECT * FROM ancestry WHERE unit = ? AND depth = 1 AND to_day > ? ORDER BY from_day",
        (unit.id, day.isoformat()),
    ).fetchall()
    if rows and rows[0]["from_day"] <= day.isoformat():
        return rows[0], rows[0]["to_day"]
    return None, rows[0]["from_day"] if rows else life_of(db, unit.id).until


def _refuse_twice(db: sqlite3.Connection, unit: Unit, day: date, since: str | None, sentence: str) -> None:
    if since == day.isoformat() or life_of(db, unit.id).begun == day.isoformat():
        raise RefusedError(
            sentence.format(unit=unit.name, day=shown(day.isoformat())),
            instead=_("Choose another day, or undo what was recorded with “ucli undo”; “ucli log” lists it."),
        )


def _require_kind(db: sqlite3.Connection, unit: Unit, parent: Unit | None, day: date) -> None:
    if parent:
        require_place(unit.kind, parent)
    children = db.execute(
        "SELECT DISTINCT unit FROM ancestry WHERE ancestor = ? AND depth = 1 AND to_day > ?",
        (unit.id, day.isoformat()),
    ).fetchall()
    for row in children:
        child = unit_on(db, get(db, row["unit"]), day)
        if not kinds.belongs_under(child.kind, unit.kind):
            require_place(child.kind, unit)
