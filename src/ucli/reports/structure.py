"""Who stands where in the tree on a day: scopes, groups, and who is expected to report."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from ucli.reports.scope import Scope, Tree
from ucli.values.names import sort_key
from ucli.values.periods import Window
from ucli.values.units import CLUSTER, Unit


def unit_at(db: sqlite3.Connection, unit: int, day: date) -> Unit:
    """Return a unit under the name it had on a day (its first name before its founding)."""
    return _named(db, [unit], day)[unit]


def _named(db: sqlite3.Connection, units: Iterable[int], day: date) -> dict[int, Unit]:
    """Return units by their numbers, each under the name it had on a day."""
    among = ", ".join(str(unit) for unit in units)
    found: dict[int, Unit] = {}
    for unit, code, name, kind, from_day in db.execute(
        f"SELECT unit, code, name, kind, from_day FROM unit_name WHERE unit IN ({among}) ORDER BY unit, from_day",
    ):
        # The last one up to the day, else the first of all.
        if unit not in found or from_day <= day.isoformat():
            found[unit] = Unit(unit, code, name, kind)
    return found


def unit_names(db: sqlite3.Connection, units: Iterable[int], day: date) -> dict[int, str]:
    """Return what some units were called on a day."""
    return {unit: it.name for unit, it in _named(db, units, day).items()}


def units_at(db: sqlite3.Connection, units: Iterable[int], day: date) -> list[Unit]:
    """Return units in the order of a Vietnamese dictionary."""
    return sorted(_named(db, units, day).values(), key=lambda it: sort_key(it.name))


class Span(NamedTuple):
    """The days whose units are shown: those that stand on the last, and those that ended before, since the first."""

    first: date
    last: date


def span_of(tree: Tree, window: Window) -> Span:
    """Return the days of a table: its window's, or the one day whose structure was asked for."""
    return Span(tree.day, tree.day) if tree.day else Span(window.start, window.end)


def _standing(row: str, *, ever: bool = False) -> str:
    """Return the condition that a row of `ancestry` holds on a span's last day, or until its unit ended in it.

    With `ever`, that it holds on any of its days.
    """
    if ever:
        return f"{row}.from_day <= :last AND :first < {row}.to_day"
    return (
        f"{row}.from_day <= :last AND :first < {row}.to_day"
        f" AND (:last < {row}.to_day OR EXISTS (SELECT 1 FROM ancestry l WHERE l.unit = {row}.unit"
        f" AND l.ancestor = {row}.unit AND l.to_day = {row}.to_day))"
    )


def _bound(span: Span) -> dict[str, object]:
    return {"first": span.first.isoformat(), "last": span.last.isoformat()}


def roots_of_ledger(db: sqlite3.Connection, span: Span) -> list[Unit]:
    """Return the units that stand at the top, clusters apart."""
    rows = db.execute(
        "SELECT a.unit FROM ancestry a JOIN unit_name n ON n.unit = a.unit AND n.kind <> 'cluster'"
        f" WHERE a.depth = 0 AND {_standing('a')}"
        f" AND NOT EXISTS (SELECT 1 FROM ancestry p WHERE p.unit = a.unit AND p.depth = 1 AND {_standing('p')})"
        " GROUP BY a.unit",
        _bound(span),
    )
    return units_at(db, [row["unit"] for row in rows], span.last)


def below(db: sqlite3.Connection, roots: Sequence[int], span: Span, *, kind: str) -> list[Unit]:
    """Return the units of a kind that stood at or below some units on any day."""
    among = ", ".join(str(root) for root in roots)
    rows = db.execute(
        f"SELECT DISTINCT a.unit FROM ancestry a JOIN unit_name n ON n.unit = a.unit AND n.kind = :kind"
        " AND n.from_day <= :last AND n.from_day < a.to_day"
        " AND n.to_day > :first AND n.to_day > a.from_day"
        f" WHERE a.ancestor IN ({among}) AND {_standing('a', ever=True)}",
        {"kind": kind, **_bound(span)},
    )
    return units_at(db, [row["unit"] for row in rows], span.last)


def children_of(db: sqlite3.Connection, unit: Unit, span: Span, *, ever: bool = False) -> list[Unit]:
    """Return the units directly under another, with `ever` on any day; a cluster's members of the last day's year."""
    if unit.kind == CLUSTER:
        return units_at(db, cluster_members(db, unit.id, span.last.year), span.last)
    rows = db.execute(
        f"SELECT DISTINCT a.unit FROM ancestry a WHERE a.ancestor = :unit AND a.depth = 1"
        f" AND {_standing('a', ever=ever)}",
        {"unit": unit.id, **_bound(span)},
    )
    return units_at(db, [row["unit"] for row in rows], span.last)


def cluster_members(db: sqlite3.Connection, cluster: int, year: int) -> list[int]:
    rows = db.execute(
        "SELECT unit FROM cluster_member WHERE cluster = ? AND year = ?",
        (cluster, year),
    )
    return [row["unit"] for row in rows]


def clusters(db: sqlite3.Connection, year: int) -> list[Unit]:
    """Return the clusters of a year."""
    rows = db.execute("SELECT DISTINCT cluster FROM cluster_year WHERE year = ?", (year,))
    return units_at(db, [row["cluster"] for row in rows], date(year, 12, 31))


def scope_of(db: sqlite3.Connection, unit: Unit, window: Window) -> Scope:
    """Return what is counted for a unit, or for a cluster: its members of the window's year, no unit twice."""
    if unit.kind != CLUSTER:
        return Scope((unit.id,))
    members = cluster_members(db, unit.id, window.end.year)
    return Scope(tuple(members), (unit.id,))
