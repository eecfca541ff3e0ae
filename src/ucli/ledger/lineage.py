"""The lives of units, their ancestors on every day, and their successors.

In the table `ancestry` the rows of depth 0 (a unit's life) and 1 (its parents over time) are recorded; the deeper ones
follow from them, and only `settle` writes them.
"""

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError, UcliError
from ucli.i18n import _
from ucli.ledger.operations import Operation, first_op
from ucli.ledger.units import get, names_of
from ucli.ledger.verbs import put
from ucli.values.periods import day_text
from ucli.values.units import UNION, Unit


class Life(NamedTuple):
    """The days of a unit, from the first until (excluding) another; ISO dates compare as text."""

    begun: str
    until: str

    def holds(self, day: str) -> bool:
        return self.begun <= day < self.until


def life_of(db: sqlite3.Connection, unit: int) -> Life:
    return Life(*db.execute("SELECT from_day, to_day FROM ancestry WHERE unit = ? AND depth = 0", (unit,)).fetchone())


def outside_life(db: sqlite3.Connection, unit: Unit, first: str, last: str) -> RefusedError | None:
    """Return why nothing of these days can be recorded for a unit: none of them is within its life."""
    life = life_of(db, unit.id)
    if last < life.begun:
        founded = db.execute("SELECT founded FROM unit_life WHERE unit = ?", (unit.id,)).fetchone()
        sentence = _("{unit} has been in this ledger since {day}.")
        if founded and founded[0]:
            sentence = _("{unit} was founded on {day}.")
        return RefusedError(
            sentence.format(unit=unit.name, day=day_text(life.begun)),
            why=_("Nothing is recorded for a unit before its founding."),
            instead=_("Check the date, or name the unit that was there before."),
        )
    if first < life.until:
        return None
    heir = successor_on(db, unit, date.fromisoformat(first))
    followed = [heir] if heir.id != unit.id else successors_of(db, unit.id, life.until)
    return RefusedError(
        _("{unit} was closed on {day}.").format(unit=unit.name, day=day_text(life.until)),
        instead=_("Check the date, or name the successor: {units}.").format(units=names_of(followed))
        if followed
        else _("Check the date; it has no successor."),
    )


def require_alive(db: sqlite3.Connection, unit: Unit, day: date) -> None:
    """Refuse to change a unit on a day outside of its life."""
    if error := outside_life(db, unit, day.isoformat(), day.isoformat()):
        raise error


def successors_of(db: sqlite3.Connection, unit: int, ended: str) -> list[Unit]:
    """Return the units that took over on the day a unit ended."""
    rows = db.execute("SELECT successor FROM succession WHERE unit = ? AND day = ? ORDER BY successor", (unit, ended))
    return [get(db, successor) for (successor,) in rows.fetchall()]


def successor_on(db: sqlite3.Connection, unit: Unit, day: date) -> Unit:
    """Return the unit itself while it exists, then its successor of that day, and so on."""
    while (life := life_of(db, unit.id)).until <= day.isoformat():
        followed = successors_of(db, unit.id, life.until)
        if len(followed) != 1:
            break
        unit = followed[0]
    return unit


class Predecessor(NamedTuple):
    """A unit that was merged into another one on a day, with the operation that wrote it."""

    unit: int
    until: str
    operation: int


# Units merged into a unit, directly or in turn; those that were below it anyway are part of it at all times.
_MERGED = f"""
WITH RECURSIVE sole (unit, heir, day) AS NOT MATERIALIZED (
    SELECT s.unit, s.successor, s.day FROM succession s
    JOIN ancestry l ON l.unit = s.unit AND l.depth = 0 AND l.to_day = s.day
    WHERE s.day > :first AND s.day <= :last
        AND NOT EXISTS (SELECT 1 FROM succession o WHERE o.unit = s.unit AND o.day = s.day
            AND o.successor <> s.successor)
        AND NOT EXISTS (SELECT 1 FROM ancestry a WHERE a.unit = s.unit AND a.ancestor = s.successor
            AND a.from_day < s.day AND s.day <= a.to_day)),
merged (unit, heir, day) AS (
    SELECT * FROM sole WHERE heir = :unit
    UNION SELECT s.* FROM merged m JOIN sole s ON s.heir = m.unit AND s.day <= m.day)
SELECT r.unit, r.day, {first_op("succession", "r")}
FROM merged m JOIN succession r ON r.unit = m.unit AND r.successor = m.heir AND r.day = m.day
WHERE NOT EXISTS (SELECT 1 FROM ancestry a WHERE a.unit = m.unit AND a.ancestor IN (SELECT unit FROM merged)
    AND a.depth > 0 AND a.from_day < m.day AND m.day <= a.to_day)
ORDER BY r.day, r.unit"""


def predecessors(db: sqlite3.Connection, unit: int, first: str, last: str) -> list[Predecessor]:
    """Return the units that were merged into another one, directly or in turn, after a first day and up to a last."""
    rows = db.execute(_MERGED, {"unit": unit, "first": first, "last": last})
    return [Predecessor(*row) for row in rows]


_CONCERNED = "SELECT DISTINCT unit FROM ancestry WHERE ancestor IN (SELECT value FROM json_each(:changed))"
# The ancestors two or more steps above some units, with their days, adjacent ones joined. A unit above itself is met
# once; the limit ends the climb of others below such a loop.
_UPPER = f"""
WITH RECURSIVE above (unit, ancestor, depth, from_day, to_day) AS (
    SELECT unit, ancestor, depth, from_day, to_day FROM ancestry WHERE depth = 1 AND unit IN ({_CONCERNED})
    UNION ALL
    SELECT b.unit, a.ancestor, b.depth + 1, max(a.from_day, b.from_day), min(a.to_day, b.to_day)
    FROM above b JOIN ancestry a ON a.unit = b.ancestor AND a.depth = 1
    WHERE a.from_day < b.to_day AND b.from_day < a.to_day AND b.ancestor <> b.unit AND b.depth < 99),
begun AS (
    SELECT *, from_day <> lag(to_day, 1, '') OVER line AS begins FROM above WHERE depth > 1
    WINDOW line AS (PARTITION BY unit, ancestor, depth ORDER BY from_day)),
spans AS (
    SELECT *, sum(begins) OVER (PARTITION BY unit, ancestor, depth ORDER BY from_day) AS span FROM begun)
SELECT unit, ancestor, depth, min(from_day), max(to_day) FROM spans GROUP BY unit, ancestor, depth, span"""


def settle(op: Operation, changed: Iterable[int]) -> None:
    """Rewrite the ancestors of units whose life or parents changed, and of all units below them."""
    bound = {"changed": json.dumps(list(changed))}
    wanted = sorted(tuple(row) for row in op.db.execute(_UPPER, bound))
    if loop := {(unit, from_day) for unit, ancestor, _depth, from_day, _to_day in wanted if unit == ancestor}:
        raise _below_itself(op, loop)
    columns = ("unit", "ancestor", "depth", "from_day", "to_day")
    op.replace("ancestry", columns, wanted, f"depth > 1 AND unit IN ({_CONCERNED})", bound)


def set_parent(op: Operation, unit: Unit, parent: Unit, day: str, decision: str | None) -> None:
    """Write a unit's parent from a day on, until the next one; the caller settles the ancestors."""
    there, until = parent_row(op.db, unit.id, day)
    if there:
        op.cut("ancestry", there, day)
    place(op, unit.id, parent, day, until, decision)


def place(op: Operation, unit: int, parent: Unit, first: str, until: str, decision: str | None = None) -> None:
    """Put a unit under a parent between two days, or under the parent's successor once it has ended."""
    while True:
        last = min(until, life_of(op.db, parent.id).until)
        if first < last:  # a parent that ended before the first day never had this unit
            if unit == parent.id:
                raise _below_itself(op, {(unit, first)})
            # The same unit may have been a farther ancestor from that day on.
            key = {"unit": unit, "ancestor": parent.id, "from_day": first}
            put(op, "ancestry", key, depth=1, to_day=last, decision=decision)
        if last == until:
            return
        followed = successors_of(op.db, parent.id, last)
        if len(followed) != 1:
            raise RefusedError(
                _("{parent} was closed on {day}; no unit can be under it from then on.").format(
                    parent=parent.name, day=day_text(last)
                ),
                instead=_("Name its successor."),
            )
        parent, first = followed[0], max(first, last)


def _below_itself(op: Operation, loop: Iterable[tuple[int, str]]) -> UcliError:
    # Only unions can be under their like: in any other loop the kinds forbid it.
    is_union, day, unit = min((there.kind == UNION, day, there) for it, day in loop for there in [get(op.db, it)])
    error = RefusedError if is_union else RejectedError
    return error(
        _("{unit} would be below itself on {day}.").format(unit=unit.name, day=day_text(day)),
        instead=_("“ucli show” tells under which unit it is, and since when."),
    )


def parent_row(db: sqlite3.Connection, unit: int, day: str) -> tuple[sqlite3.Row | None, str]:
    """Return the row of a unit's parent on a day, and the day of its next parent or its end."""
    row = db.execute(
        "SELECT * FROM ancestry WHERE unit = ? AND depth = 1 AND to_day > ? ORDER BY from_day", (unit, day)
    ).fetchone()
    if row and row["from_day"] <= day:
        return row, row["to_day"]
    return None, row["from_day"] if row else life_of(db, unit).until


def parent_on(db: sqlite3.Connection, unit: Unit, day: date) -> Unit | None:
    row, _until = parent_row(db, unit.id, day.isoformat())
    return get(db, row["ancestor"]) if row else None


def children_on(db: sqlite3.Connection, unit: Unit, day: date) -> list[Unit]:
    """Return the units directly below one on a day or later."""
    rows = db.execute(
        "SELECT DISTINCT unit FROM ancestry WHERE ancestor = ? AND depth = 1 AND to_day > ? ORDER BY unit",
        (unit.id, day.isoformat()),
    )
    return [get(db, row["unit"]) for row in rows.fetchall()]
