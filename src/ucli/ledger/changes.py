"""Changes of units as of a day: rename, move, end, merge, split; what units did before stays theirs."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from ucli.errors import RefusedError, RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger.foundings import add_name, add_unit, refuse_namesake, require_code
from ucli.ledger.lineage import (
    children_on,
    life_of,
    parent_on,
    parent_row,
    require_alive,
    set_parent,
    settle,
    successor_on,
    successors_of,
)
from ucli.ledger.members import end_memberships
from ucli.ledger.operations import Operation, values_of
from ucli.ledger.registers import REGISTERS, VOIDED_BY
from ucli.ledger.units import get, named, office, require_each_once, unit_at
from ucli.ledger.verbs import put
from ucli.values import units as kinds
from ucli.values.members import MERGED, TRANSFER
from ucli.values.names import normalised, some_of
from ucli.values.periods import FOREVER, day_text
from ucli.values.units import GRASSROOTS, Unit

# What may be recorded for a unit after its end: the command that lists it, the row's day, and its number.
_AFTERWARDS = " UNION ALL ".join(
    (
        *(
            f"SELECT '{it.shown_by}', {it.first} AS day, {'id' if it.void else 'NULL'} FROM {it.table}"
            f" WHERE {it.unit} = :unit AND {it.first} >= :day"
            for it in REGISTERS.values()
        ),
        'SELECT \'“ucli members --left”\', "left", id FROM membership WHERE union_unit = :unit AND "left" > :day',
        "SELECT '“ucli show”', day, NULL FROM succession WHERE :unit IN (unit, successor) AND day > :day",
        "SELECT '“ucli show”', from_day, NULL FROM unit_name WHERE unit = :unit AND from_day > :day",
        "SELECT '“ucli show”', from_day, NULL FROM ancestry WHERE unit = :unit AND depth = 1 AND from_day > :day",
    )
)
_NAMED_AT_MOST = 40


def rename(
    op: Operation,
    unit: Unit,
    day: date,
    *,
    name: str | None = None,
    kind: str | None = None,
    code: str | None = None,
    decision: str | None = None,
    position: int | None = None,
) -> Unit:
    """Give a unit another name, kind or code from a day on, until the next change; its order number applies always."""
    require_alive(op.db, unit, day)
    if position is not None:
        put(op, "unit_life", {"unit": unit.id}, position=position or None)
    first = day.isoformat()
    there = op.db.execute(
        "SELECT * FROM unit_name WHERE unit = ? AND from_day <= ? AND ? < to_day", (unit.id, first, first)
    ).fetchone()
    old = Unit(unit.id, there["code"], there["name"], there["kind"])
    new = Unit(unit.id, code or old.code, normalised(name) if name else old.name, kind or old.kind)
    if new == old:
        return new
    _refuse_twice(op.db, unit, first, there["from_day"])
    parent = parent_on(op.db, unit, day)
    if new.name != old.name:
        refuse_namesake(op.db, new.name, parent, first, but=unit.id)
    if new.code != old.code:
        require_code(new.code)
    alike = {new.kind, old.kind} <= {*GRASSROOTS}
    if new.kind != old.kind and not alike and {*GRASSROOTS, kinds.CLUSTER} & {new.kind, old.kind}:
        raise RejectedError(
            _("{unit} cannot become a unit of kind {kind}.").format(unit=unit.name, kind=_(kinds.NAMES[new.kind])),
            instead=_("End the one and add the other."),
        )
    op.cut("unit_name", there, first)
    add_name(op, new, first, there["to_day"], decision)
    return new


def move(op: Operation, unit: Unit, parent: Unit, day: date, *, decision: str | None = None) -> None:
    """Move a unit, and all below it, under another parent from a day on, until the next move."""
    require_alive(op.db, unit, day)
    require_alive(op.db, parent, day)
    there, _until = parent_row(op.db, unit.id, day.isoformat())
    if not there or there["ancestor"] != parent.id:
        _refuse_twice(op.db, unit, day.isoformat(), there["from_day"] if there else None)
        set_parent(op, unit, parent, day.isoformat(), decision)
        settle(op, [unit.id])


def end(
    op: Operation,
    unit: Unit,
    day: date,
    reason: str,
    *,
    successors: Sequence[Unit] = (),
    decision: str | None = None,
    carry: bool = False,
) -> int:
    """Close a unit as of a day; its members leave with it, or move to its successor.

    Units below it move under the successor. What it did before stays its own; with `carry`, what was recorded for it
    afterwards moves to the only successor.

    Returns how many rows were carried over.
    """
    last, only = day.isoformat(), successors[0] if len(successors) == 1 else None
    life = life_of(op.db, unit.id)
    # It must exist the day before. A unit that has ended cannot end again, even on an earlier day.
    require_alive(op.db, unit, day - timedelta(1) if life.until == FOREVER else date.fromisoformat(life.until))
    for successor in successors:
        _require_successor(op.db, unit, successor, day)
    carried = _carry(op, unit, only, last) if carry and only else 0
    _refuse_afterwards(op.db, unit, last, None if carry else only)
    children = children_on(op.db, unit, day)
    if only:
        for child in children:
            _hand_over(op, child, unit, only, last, decision)
    if unit_at(op.db, unit.id, day).kind in GRASSROOTS:
        _end_memberships(op, unit, day, successors)
    _follow(op, unit, successors, last)
    # Its names, parents and life; the deeper rows of ancestry follow when they are settled.
    for table, recorded in (("unit_name", "true"), ("ancestry", "depth < 2")):
        query = f"SELECT * FROM {table} WHERE unit = ? AND to_day > ? AND {recorded}"
        for row in op.db.execute(query, (unit.id, last)).fetchall():
            op.cut(table, row, last)
    put(op, "unit_life", {"unit": unit.id}, ended=last, end_reason=reason, end_decision=decision)
    settle(op, [unit.id, *(child.id for child in children)])
    return carried


def merge(
    op: Operation, merged: Sequence[Unit], into: Unit, day: date, *, decision: str | None = None, carry: bool = False
) -> int:
    """Merge units into another one; return how many rows were carried over."""
    require_each_once(merged)
    return sum(end(op, unit, day, kinds.MERGED, successors=[into], decision=decision, carry=carry) for unit in merged)


def split(
    op: Operation,
    unit: Unit,
    into: Sequence[str],
    day: date,
    *,
    children: Iterable[tuple[str, Unit]],
    lives_on: bool = False,
    decision: str | None = None,
) -> list[Unit]:
    """Split a unit into parts as of a day, and return the parts.

    A part that does not exist under that name or code is founded beside the unit, of the kind that its name says, else
    of the unit's own. `children` are units directly below,
    each with the part it moves to; with `lives_on` parts are split off and the unit itself continues.
    """
    own, parent = unit_at(op.db, unit.id, day).kind, parent_on(op.db, unit, day)
    said = [own if own in GRASSROOTS else kinds.kind_in_name(it, default=own) for it in into]
    parts = [
        named(op.db, it) or add_unit(op, it, kind, parent=parent, founded=day, decision=decision)
        for it, kind in zip(into, said, strict=True)
    ]
    require_each_once(parts)
    if not lives_on and len(parts) < 2:
        raise RejectedError(
            _("A unit is split into at least two."),
            instead=_("Name each part with --into; --keep says that the unit itself continues."),
        )
    for part in parts:
        _require_successor(op.db, unit, part, day)
    below, by_name = children_on(op.db, unit, day), dict(zip(into, parts, strict=True))
    moved = []
    for name, child in children:
        if name not in by_name:
            raise UsageError(_("“{name}” is not one of the parts.").format(name=name[:60]))
        if get(op.db, child.id) not in below or child.id in moved:
            told = _("{child} is not directly under {unit} on that day, or goes to two parts.")
            raise RejectedError(told.format(child=child.name, unit=unit.name))
        set_parent(op, child, by_name[name], day.isoformat(), decision)
        moved.append(child.id)
    settle(op, moved)
    if lives_on:
        require_alive(op.db, unit, day)
        _follow(op, unit, parts, day.isoformat())
    else:
        end(op, unit, day, kinds.SPLIT, successors=parts, decision=decision)
    return parts


def void_unit(op: Operation, unit: Unit) -> None:
    """Void a unit that was recorded by mistake; a cluster is voided with its lists of units."""
    own = office(op.db)
    if own and own.id == unit.id:
        raise RefusedError(_("{unit} is the office whose ledger this is.").format(unit=unit.name))
    for table in ("unit_name", "unit_life", "ancestry"):
        op.end(table, unit=unit.id)
    op.end("cluster_member", cluster=unit.id)


def _hand_over(op: Operation, child: Unit, unit: Unit, successor: Unit, day: str, decision: str | None) -> None:
    """Move a unit below an ending one under its successor, even if it came below it only later."""
    rows = op.db.execute(
        "SELECT from_day, decision FROM ancestry WHERE unit = ? AND ancestor = ? AND depth = 1 AND to_day > ?",
        (child.id, unit.id, day),
    ).fetchall()
    for since, of_then in rows:
        set_parent(op, child, successor, max(since, day), decision if since <= day else of_then)


def _follow(op: Operation, unit: Unit, successors: Sequence[Unit], day: str) -> None:
    """Write the successors of a unit as of a day; the parts of a split on that day are successors already."""
    known = {it.id for it in successors_of(op.db, unit.id, day)}
    for successor in successors:
        if successor.id not in known:
            op.add("succession", unit=unit.id, successor=successor.id, day=day)


def _end_memberships(op: Operation, unit: Unit, day: date, successors: Sequence[Unit]) -> None:
    unions = [it for it in successors if unit_at(op.db, it.id, day).kind in GRASSROOTS]
    if not unions:
        end_memberships(op, unit, day)
    elif len(successors) == 1:  # otherwise the rules refuse it for members not transferred before
        end_memberships(op, unit, day, unions[0])


def _carry(op: Operation, unit: Unit, successor: Unit, day: str) -> int:
    """Move what was recorded for a unit from a day on to its successor of that time."""
    carried = 0
    for it in VOIDED_BY.values():
        rows = op.db.execute(f"SELECT * FROM {it.table} WHERE {it.unit} = ? AND {it.first} >= ?", (unit.id, day))
        for row in rows.fetchall():
            follower = successor_on(op.db, successor, date.fromisoformat(row[it.first]))
            try:
                op.revise(it.table, row, **{it.unit: follower.id})
            except sqlite3.IntegrityError:
                raise RefusedError(
                    _("Number {number} cannot be moved: {unit} already has one of the same kind and period.").format(
                        number=row["id"], unit=follower.name
                    ),
                    instead=_("{command} lists both; void one of them.").format(command=it.shown_by),
                ) from None
            carried += 1
    # Members who left after that day were members until then, and left the successor.
    until = life_of(op.db, successor.id).until
    rows = op.db.execute(
        'SELECT * FROM membership WHERE union_unit = ? AND "left" > ? AND "left" <= ?', (unit.id, day, until)
    )
    for row in rows.fetchall():
        later = op.db.execute("SELECT * FROM membership WHERE came_from = ?", (row["id"],)).fetchall()
        number = op.next_id("membership")
        spell = {"id": number, "union_unit": successor.id, "admitted": day, "begun_by": TRANSFER, "decision": None}
        op.revise("membership", row, left=day, left_by=MERGED)
        op.add("membership", **{**values_of(row), **spell, "came_from": row["id"]})
        for it in later:
            op.revise("membership", it, came_from=number)
        carried += 1
    return carried


def _refuse_afterwards(db: sqlite3.Connection, unit: Unit, day: str, successor: Unit | None) -> None:
    """Refuse the end of a unit for which something is recorded afterwards, naming all of it and the successor."""
    rows = db.execute(f"{_AFTERWARDS} ORDER BY day", {"unit": unit.id, "day": day}).fetchall()
    found: dict[str, list[str]] = {}
    goes_over = {it.shown_by for it in VOIDED_BY.values()} | {"“ucli members --left”"}
    for command, after, number in rows:
        found.setdefault(command, []).append(f"{number} ({day_text(after)})" if number else day_text(after))
    if not found:
        return
    raise RefusedError(
        _("There are records of {unit} after its end: on {day}.").format(unit=unit.name, day=day_text(rows[0]["day"])),
        why="; ".join(f"{command}: {some_of(them, _NAMED_AT_MOST)}" for command, them in found.items()),
        instead=_("With --carry they go over to {unit}; or void them, or choose a later day.").format(
            unit=successor.name
        )
        if successor and goes_over.issuperset(found)
        else _("Void or correct it, or choose a later day."),
    )


def _require_successor(db: sqlite3.Connection, unit: Unit, successor: Unit, day: date) -> None:
    require_each_once([unit, successor])
    require_alive(db, successor, day)
    if (unit_at(db, unit.id, day).kind in GRASSROOTS) != (unit_at(db, successor.id, day).kind in GRASSROOTS):
        raise RejectedError(
            _("Between {unit} and {successor}, one is a grassroots union and the other is not.").format(
                unit=unit.name, successor=successor.name
            ),
            why=_("Members go to a grassroots union, and units to a unit above the grassroots."),
            instead=_("Name a unit of that kind, or end the unit without a successor."),
        )
    below = "SELECT 1 FROM ancestry WHERE unit = ? AND ancestor = ? AND to_day > ?"
    if db.execute(below, (successor.id, unit.id, day.isoformat())).fetchone():
        raise RefusedError(
            _("{successor} is below {unit} and cannot succeed it.").format(successor=successor.name, unit=unit.name),
            instead=_("Move {successor} elsewhere first.").format(successor=successor.name),
        )


def _refuse_twice(db: sqlite3.Connection, unit: Unit, day: str, since: str | None) -> None:
    if day in (since, life_of(db, unit.id).begun):
        raise RefusedError(
            _("{unit} was last changed on {day}, the same day.").format(unit=unit.name, day=day_text(day)),
            instead=_("Choose another day, or undo what was recorded with “ucli undo”; “ucli log” lists it."),
        )
