"""Ending, merging and splitting units: what they did stays theirs, who comes after them is written down."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.changes import hand_over, say_why_moved, set_parent, stands_below, unit_on
from ucli.ledger.foundings import require_place
from ucli.ledger.lineage import settle
from ucli.ledger.lives import HAPPENINGS, life_of, names_of, require_alive, shown, successors_of
from ucli.ledger.memberships import end_memberships
from ucli.ledger.operations import VERSIONED, Operation
from ucli.ledger.units import get
from ucli.values.periods import FOREVER
from ucli.values.units import MERGED, SPLIT, UNION, Unit

# What a unit can have done after its supposed end: (what shows it, the query for the first of it).
_AFTERWARDS = (
    *(
        (it.shown_by, f"SELECT {it.first} FROM {it.table} WHERE {it.unit} = :unit AND {it.first} >= :day")
        for it in HAPPENINGS
    ),
    ("“ucli members --left”", 'SELECT "left" FROM membership WHERE union_unit = :unit AND "left" > :day'),
    ("“ucli show”", "SELECT day FROM succession WHERE :unit IN (unit, successor) AND day > :day"),
    ("“ucli show”", "SELECT from_day FROM unit_name WHERE unit = :unit AND from_day > :day"),
    ("“ucli show”", "SELECT from_day FROM ancestry WHERE unit = :unit AND depth = 1 AND from_day > :day"),
)


def end(
    op: Operation,
    unit: Unit,
    day: date,
    reason: str,
    *,
    successors: Sequence[Unit] = (),
    decision: str | None = None,
) -> None:
    """Close a unit as of a date; its members leave with it, or go over to the union that follows.

    Units below it come under its successor. What it did before stays its own.

    Raises:
        RejectedError: it would follow itself, or those below it do not belong under its successor.
        RefusedError: it did not live then, did something afterwards, a successor did not live then, or units below
            it have nowhere to go.

    """
    _require_end(op.db, unit, day)
    for successor in successors:
        _require_successor(op.db, unit, successor, day)
    children = _children_on(op.db, unit, day)
    if children and len(successors) != 1:
        raise RefusedError(
            _("Units that still stand under {unit}: {count} – {units}.").format(
                count=len(children), unit=unit.name, units=names_of(children)
            ),
            instead=_("Move them with “ucli move-unit”, end them, or name the one unit that follows with --successor."),
        )
    for child in children:
        require_place(child.kind, unit_on(op.db, successors[0], day))
        hand_over(op, child, unit, successors[0], day, decision)
    if unit_on(op.db, unit, day).kind == UNION:
        _end_memberships(op, unit, day, successors)
    _follow(op, unit, successors, day)
    _cut_short(op, unit, day, reason, decision)
    settle(op, [unit.id, *(child.id for child in children)])


def merge(op: Operation, merged: Sequence[Unit], into: Unit, day: date, *, decision: str | None = None) -> None:
    """Write that units were merged into another one, which lives on.

    Raises:
        RejectedError: a unit is named twice, or merged into itself.
        RefusedError: as for `end`.

    """
    _require_each_once(merged)
    for unit in merged:
        end(op, unit, day, MERGED, successors=[into], decision=decision)


def split(
    op: Operation,
    unit: Unit,
    parts: Sequence[Unit],
    day: date,
    *,
    children: Mapping[int, Unit],
    lives_on: bool = False,
    decision: str | None = None,
) -> None:
    """Write that a unit was parted into others, each of which may take some of the units below it.

    Args:
        op: the operation.
        unit: what is parted.
        parts: what it is parted into.
        day: the first day of the parts.
        children: by the number of a unit directly below, the part it comes under.
        lives_on: whether the unit gives parts away and goes on itself.
        decision: by which decision.

    Raises:
        RejectedError: a part is named twice, or fewer than two of a unit that ends.
        RefusedError: as for `end`.

    """
    _require_each_once(parts)
    if not lives_on and len(parts) < 2:
        raise RejectedError(
            _("A unit is split into two at least."),
            instead=_("Name each part with --into; --keep says that the unit itself goes on."),
        )
    for part in parts:
        _require_successor(op.db, unit, part, day)
    below = {child.id for child in _children_on(op.db, unit, day)}
    for child, part in children.items():
        if child not in below:
            raise RefusedError(
                _("{child} does not stand directly under {unit} on that day.").format(
                    child=get(op.db, child).name, unit=unit.name
                )
            )
        require_place(get(op.db, child).kind, part)
        set_parent(op, get(op.db, child), part, day.isoformat())
        say_why_moved(op, get(op.db, child), day, decision)
    if children:
        settle(op, children)
    if lives_on:
        require_alive(op.db, unit, day)
        _follow(op, unit, parts, day)
    else:
        end(op, unit, day, SPLIT, successors=parts, decision=decision)


def _require_each_once(units: Sequence[Unit]) -> None:
    for unit in units:
        if [other.id for other in units].count(unit.id) > 1:
            raise RejectedError(_("{unit} is named twice.").format(unit=unit.name), instead=_("Name each unit once."))


def _follow(op: Operation, unit: Unit, successors: Sequence[Unit], day: date) -> None:
    """Write who follows a unit from a day on; who was given a part of it that very day follows it already."""
    known = {it.id for it in successors_of(op.db, unit.id, day.isoformat())}
    for successor in successors:
        if successor.id not in known:
            op.add("succession", unit=unit.id, successor=successor.id, day=day.isoformat())


def _require_end(db: sqlite3.Connection, unit: Unit, day: date) -> None:
    life = life_of(db, unit.id)
    if day.isoformat() <= life.begun:
        raise RefusedError(
            _("{unit} was founded on {day}; it cannot have ended by then.").format(
                unit=unit.name, day=shown(life.begun)
            ),
            instead=_("Check the date, or void a wrong founding with “ucli void-unit”."),
        )
    # A unit that ended cannot end a second time, also on an earlier day.
    require_alive(db, unit, day if life.until == FOREVER else date.fromisoformat(life.until))
    for where, query in _AFTERWARDS:
        row = db.execute(f"{query} ORDER BY 1 LIMIT 1", {"unit": unit.id, "day": day.isoformat()}).fetchone()
        if row:
            raise RefusedError(
                _("Something is recorded for {unit} after its end: on {day}.").format(
                    unit=unit.name, day=shown(row[0])
                ),
                instead=_("{command} shows it; void it, or choose a later day.").format(command=where),
            )


def _require_successor(db: sqlite3.Connection, unit: Unit, successor: Unit, day: date) -> None:
    if successor.id == unit.id:
        raise RejectedError(
            _("{unit} cannot be merged into itself.").format(unit=unit.name), instead=_("Name another unit.")
        )
    require_alive(db, successor, day)
    if (unit_on(db, unit, day).kind == UNION) != (unit_on(db, successor, day).kind == UNION):
        raise RejectedError(
            _("Between {unit} and {successor}, one is a grassroots union and the other is not.").format(
                unit=unit.name, successor=successor.name
            ),
            why=_("Members go over from union to union, and units to a unit above the grassroots."),
            instead=_("Name a unit of that kind, or end the unit without a successor."),
        )
    if stands_below(db, successor, unit, day.isoformat(), FOREVER):
        raise RefusedError(
            _("{successor} stands below {unit}, and cannot follow it there.").format(
                successor=successor.name, unit=unit.name
            ),
            instead=_("Move {successor} elsewhere first.").format(successor=successor.name),
        )


def _children_on(db: sqlite3.Connection, unit: Unit, day: date) -> list[Unit]:
    """Return the units directly below one on a day or later."""
    rows = db.execute(
        "SELECT DISTINCT unit FROM ancestry WHERE ancestor = ? AND depth = 1 AND to_day > ? ORDER BY unit",
        (unit.id, day.isoformat()),
    ).fetchall()
    return [get(db, row["unit"]) for row in rows]


def _end_memberships(op: Operation, unit: Unit, day: date, successors: Sequence[Unit]) -> None:
    heirs = [heir for heir in successors if unit_on(op.db, heir, day).kind == UNION]
    if not heirs:
        end_memberships(op, unit, day)
    elif len(successors) == 1:
        end_memberships(op, unit, day, heirs[0])
    elif open_members := op.db.execute(
        'SELECT sum(members) FROM membership WHERE union_unit = ? AND "left" IS NULL', (unit.id,)
    ).fetchone()[0]:
        raise RefusedError(
            _("Members of {unit} who belong to no part yet: {count}.").format(count=open_members, unit=unit.name),
            instead=_("Say where they go with “ucli transfer-member”, then split the union."),
        )


def _cut_short(op: Operation, unit: Unit, day: date, reason: str, decision: str | None) -> None:
    """Let a unit's names, parents and life end on a day."""
    last = day.isoformat()
    for table, only in (("unit_name", ""), ("ancestry", "AND depth < 2")):
        rows = op.db.execute(f"SELECT * FROM {table} WHERE unit = ? AND to_day > ? {only}", (unit.id, last)).fetchall()
        for row in rows:
            if row["from_day"] < last:
                op.revise(table, row, to_day=last)
            else:
                op.end(table, **{column: row[column] for column in VERSIONED[table]})
    life = op.db.execute("SELECT * FROM unit_life WHERE unit = ?", (unit.id,)).fetchone()
    op.revise("unit_life", life, ended=last, end_reason=reason, end_decision=decision)
