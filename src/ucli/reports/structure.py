"""The tree of units on a day, with the names of that day."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ucli.ledger.units import cluster_members, units_at
from ucli.reports.scope import Scope, Tree
from ucli.values.periods import Window
from ucli.values.units import CLUSTER, Unit


class Span(NamedTuple):
    """The days whose units are shown: those existing on the last, and those that ended since the first."""

    first: date
    last: date


def span_of(tree: Tree, window: Window) -> Span:
    """Return the days of a table: its window's, or the day whose organisation was asked for."""
    return Span(tree.day, tree.day) if tree.day else Span(window.start, window.end)


# Whether a row of `ancestry` holds on any day of a span; or on its last day, or until the unit's end within it.
_EVER = "{0}.from_day <= :last AND :first < {0}.to_day"
_STANDING = (
    f"{_EVER} AND (:last < {{0}}.to_day OR EXISTS (SELECT 1 FROM ancestry l WHERE l.unit = {{0}}.unit"
    " AND l.ancestor = {0}.unit AND l.to_day = {0}.to_day))"
)


def _among(db: sqlite3.Connection, span: Span, query: str, **bound: object) -> list[Unit]:
    return units_at(db, _numbers(db, span, query, **bound), span.last)


def _numbers(db: sqlite3.Connection, span: Span, query: str, **bound: object) -> list[int]:
    days = {"first": span.first.isoformat(), "last": span.last.isoformat()}
    return [unit for (unit,) in db.execute(query, {**days, **bound})]


def roots_of_ledger(db: sqlite3.Connection, span: Span) -> list[Unit]:
    """Return the units at the top of the tree, without clusters."""
    return _among(
        db,
        span,
        "SELECT DISTINCT a.unit FROM ancestry a JOIN unit_name n ON n.unit = a.unit AND n.kind <> 'cluster'"
        f" WHERE a.depth = 0 AND {_STANDING.format('a')}"
        f" AND NOT EXISTS (SELECT 1 FROM ancestry p WHERE p.unit = a.unit AND p.depth = 1 AND {_STANDING.format('p')})",
    )


def below(db: sqlite3.Connection, roots: Sequence[int], span: Span, *, kind: str) -> list[Unit]:
    """Return the units of a kind that were at or below some units on any day."""
    return _among(
        db,
        span,
        "SELECT DISTINCT a.unit FROM ancestry a JOIN unit_name n ON n.unit = a.unit AND n.kind = :kind"
        " AND n.from_day <= :last AND n.from_day < a.to_day AND n.to_day > :first AND n.to_day > a.from_day"
        f" WHERE a.ancestor IN (SELECT value FROM json_each(:roots)) AND {_EVER.format('a')}",
        kind=kind,
        roots=json.dumps(roots),
    )


def children_of(db: sqlite3.Connection, unit: Unit, span: Span, *, ever: bool = False) -> list[Unit]:
    """Return the units directly below another, with `ever` on any day; for a cluster, those of the last day's year."""
    return units_at(db, child_ids(db, unit, span, ever=ever), span.last)


def child_ids(db: sqlite3.Connection, unit: Unit, span: Span, *, ever: bool = False) -> list[int]:
    """Return the numbers of the same units, without the names that they had."""
    if unit.kind == CLUSTER:
        return cluster_members(db, unit.id, span.last.year)
    holds = (_EVER if ever else _STANDING).format("a")
    return _numbers(
        db,
        span,
        f"SELECT DISTINCT a.unit FROM ancestry a WHERE a.ancestor = :of AND a.depth = 1 AND {holds}",
        of=unit.id,
    )


def clusters(db: sqlite3.Connection, year: int) -> list[Unit]:
    """Return the clusters of a year."""
    rows = db.execute("SELECT DISTINCT cluster FROM cluster_member WHERE year = ?", (year,))
    return units_at(db, [unit for (unit,) in rows], date(year, 12, 31))


def scope_of(db: sqlite3.Connection, unit: Unit, window: Window) -> Scope:
    """Return the scope of a unit, or of a cluster: its units of the window's year, none twice."""
    if unit.kind != CLUSTER:
        return Scope((unit.id,))
    return Scope(tuple(cluster_members(db, unit.id, window.end.year)), (unit.id,))
