"""Targets: a unit's own for exactly a window, the sum of those below it, and those of its predecessors."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.lineage import Predecessor
from ucli.ledger.units import unit_at
from ucli.values.indicators import Indicator
from ucli.values.periods import Window, window_of
from ucli.values.targets import EACH_AT_LEAST, Goal
from ucli.values.units import Unit


class Target(NamedTuple):
    goal: Goal
    issuer: Unit | None = None
    profile: tuple[int, ...] = ()
    operation: int = 0  # the operation that set or last revised it
    is_share: bool = False  # a percentage or an average, so that two do not add up


def of_several(unit: Unit, issuers: Iterable[Unit | None]) -> RefusedError:
    """Return the refusal that a unit has targets of several issuers where only one can be meant."""
    return RefusedError(
        _("{unit} has targets for this by several: {issuers}.").format(
            unit=unit.name, issuers=", ".join(it.name for it in issuers if it)
        ),
        instead=_("Say whose targets to hold against with --issuer."),
    )


Targets = dict[int, list[Target]]  # by indicator, in the order of issuers


def targets_of(
    db: sqlite3.Connection, catalogue: Sequence[Indicator], units: Sequence[int], window: Window, as_of: date
) -> dict[int, Targets]:
    """Return by unit the targets for exactly a window, as in force on a day."""
    shares = {indicator.id for indicator in catalogue if indicator.is_share}
    targets: dict[int, Targets] = {unit: {} for unit in units}
    for row in rows_in_effect(db, units, window, as_of):
        percent = None if row["percent"] is None else Decimal(row["percent"])
        target = Target(
            goal=Goal(row["kind"], row["low"], row["high"], percent, row["as_floor"] == 1),
            issuer=unit_at(db, row["issuer"], window.end) if row["issuer"] else None,
            profile=tuple(int(weight) for weight in row["profile"].split(",")) if row["profile"] else (),
            operation=row["op"],
            is_share=row["indicator"] in shares,
        )
        targets[row["unit"]].setdefault(row["indicator"], []).append(target)
    return targets


def windows_around(db: sqlite3.Connection, units: Iterable[int], window: Window) -> list[Window]:
    """Return the longer windows around one for which units have targets, the shortest first."""
    among = ", ".join(map(str, units))
    rows = db.execute(
        f"SELECT DISTINCT start_day, end_day, period FROM target WHERE unit IN ({among}) AND start_day <= :first"
        " AND end_day >= :last AND (start_day < :first OR end_day > :last)"
        " ORDER BY julianday(end_day) - julianday(start_day), period",
        {"first": window.start.isoformat(), "last": window.end.isoformat()},
    )
    return [window_of(row["period"], row["start_day"], row["end_day"]) for row in rows]


def allocated_below(
    db: sqlite3.Connection, unit: int, children: Sequence[Unit], window: Window, as_of: date
) -> dict[int, int]:
    """Return by indicator the sum of the targets of the units directly below."""
    sums: dict[int, int] = {}
    for row in rows_in_effect(db, [child.id for child in children], window, as_of):
        # A target of another issuer for the same unit is not added.
        if row["low"] is not None and row["kind"] != EACH_AT_LEAST and row["issuer"] in (None, unit):
            sums[row["indicator"]] = sums.get(row["indicator"], 0) + row["low"]
    return sums


def rows_in_effect(db: sqlite3.Connection, units: Sequence[int], window: Window, as_of: date) -> list[sqlite3.Row]:
    """Return the targets of some units for exactly a window, as in force on a day."""
    among = ", ".join(str(unit) for unit in units)
    rows = db.execute(
        f"SELECT * FROM target WHERE unit IN ({among}) AND start_day = ? AND end_day = ?"
        " ORDER BY indicator, issuer IS NOT NULL, issuer",
        (window.start.isoformat(), window.end.isoformat()),
    ).fetchall()
    return [it for row in rows if (it := _in_effect(db, row, as_of))]


def _in_effect(db: sqlite3.Connection, row: sqlite3.Row | None, as_of: date) -> sqlite3.Row | None:
    """Return a target as in force on a day: before a revision's day of effect, the earlier value."""
    while row is not None and row["effective"] is not None and row["effective"] > as_of.isoformat():
        row = db.execute(
            "SELECT * FROM target_history WHERE id = ? AND ended_by = ?", (row["id"], row["op"])
        ).fetchone()
    return row


def withheld(own: Targets, predecessors: Sequence[Predecessor], window: Window) -> Targets:
    """Return the targets that measure a unit together with its predecessors.

    Targets set before the merger was recorded, or for a window that was over by then, measure only its own part.
    """
    if window.end.isoformat() < min(it.until for it in predecessors):
        return {}
    since = max(it.operation for it in predecessors)
    kept = {indicator: [it for it in targets if it.operation > since] for indicator, targets in own.items()}
    return {indicator: targets for indicator, targets in kept.items() if targets}


def summed(own: Targets, theirs: Sequence[Targets]) -> Targets:
    """Add up the targets of a unit and its predecessors by the same issuer.

    Equal percentages and averages stay; unequal ones, and targets of different kinds, have no sum.
    """
    given: dict[tuple[int, int | None], list[Target]] = {}
    for targets in (own, *theirs):
        for indicator, found in targets.items():
            for target in found:
                given.setdefault((indicator, target.issuer.id if target.issuer else None), []).append(target)
    total: Targets = {}
    for (indicator, _issuer), parts in given.items():
        if goal := _added([it.goal for it in parts], is_share=parts[0].is_share):
            profile = parts[0].profile if len(parts) == 1 else ()
            total.setdefault(indicator, []).append(parts[0]._replace(goal=goal, profile=profile))
    return total


def _added(goals: Sequence[Goal], *, is_share: bool) -> Goal | None:
    first = goals[0]
    if all(goal == first for goal in goals) and (is_share or first.kind == EACH_AT_LEAST or len(goals) == 1):
        return first
    if is_share or first.kind == EACH_AT_LEAST or any(goal.kind != first.kind or goal.low is None for goal in goals):
        return None
    high = sum(goal.high or 0 for goal in goals) if first.high is not None else None
    return Goal(first.kind, sum(goal.low or 0 for goal in goals), high, as_floor=first.as_floor)
