"""The units that were merged into another one: their part of its table, and their targets, which stay theirs."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ucli.ledger.operations import first_op
from ucli.reports.figures import Figure
from ucli.reports.scope import Tree, day_before
from ucli.reports.targets import Target, Targets
from ucli.values.periods import Window
from ucli.values.quantities import PREDECESSORS
from ucli.values.targets import EACH_AT_LEAST, Goal


class Predecessor(NamedTuple):
    """A unit that was merged into another one on a day, as an operation wrote."""

    unit: int
    until: str
    operation: int


def predecessors_of(db: sqlite3.Connection, tree: Tree, unit: int, first: str, last: str) -> list[Predecessor]:
    """Return who was merged into a unit, one after the other, after a first day and up to a last.

    A unit that stood below it anyhow is no predecessor: what it did was the unit's at all times.
    """
    found: list[Predecessor] = []
    rows = db.execute(
        f"SELECT unit, day, {first_op('succession', 'r')} AS first_op FROM succession r"
        " WHERE successor = ? AND day > ? AND day <= ? ORDER BY day, unit",
        (unit, first, last),
    ).fetchall()
    for row in rows:
        until = tree.life(row["unit"])[1]
        stood = tree.ancestors(row["unit"], day_before(until)) if until == row["day"] else [unit]
        if unit not in stood and len(tree.successors(row["unit"], until)) == 1:
            found.append(Predecessor(row["unit"], until, row["first_op"]))
            found += predecessors_of(db, tree, row["unit"], first, until)
    outer = {it.unit for it in found}
    return [
        it
        for it in found
        if outer.isdisjoint(above for above in tree.ancestors(it.unit, day_before(it.until)) if above != it.unit)
    ]


def spoken_for(db: sqlite3.Connection, tree: Tree, figure: Figure) -> list[int]:
    """Return whose records lie inside a figure: its unit's, and those of the units merged into it if it says so."""
    if figure.speaks_for != PREDECESSORS:
        return [figure.unit]
    return [figure.unit, *(it.unit for it in predecessors_of(db, tree, figure.unit, figure.start, figure.end))]


def withheld(own: Targets, predecessors: Sequence[Predecessor], window: Window) -> Targets:
    """Return a unit's targets that measure it with all that were merged into it.

    Those it was given before the merger was recorded, and those of a window that was over by then, measured its own
    part only.
    """
    if window.end.isoformat() < min(it.until for it in predecessors):
        return {}
    since = max(it.operation for it in predecessors)
    kept = {indicator: [it for it in targets if it.operation > since] for indicator, targets in own.items()}
    return {indicator: targets for indicator, targets in kept.items() if targets}


def summed(own: Targets, theirs: Sequence[Targets]) -> Targets:
    """Add up what a unit and its predecessors were given by the same issuer.

    Equal percentages and averages stay what they are; unequal ones, and targets of two kinds, have no sum.
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
