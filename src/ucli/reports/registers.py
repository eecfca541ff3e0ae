"""Sums of the registers: foundings, endings, admissions, leavings, payouts, below any unit, between any days.

A fact belongs to the ancestors that its unit had on the fact's own day, or to those of one day for all facts: the
tree says which. Who leaves was a member until the day before, and a unit that ends stood in the tree until then.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ucli.domain.indicators import MOVEMENTS
from ucli.reports.tree import Below, Tree, eve_of_leaving

# From the units below each root to their rows: the tree first, then one seek per unit by its days.
_BELOW = """
    FROM {below} a CROSS JOIN {register} r ON r.{unit} = a.unit AND {day} BETWEEN :start AND :end
        AND a.from_day <= {place} AND {place} < a.to_day AND r.from_op <= :known AND r.to_op > :known {only}
    GROUP BY a.ancestor"""
_IS_UNION = """
    AND EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = r.unit AND n.kind = 'union' AND n.from_day <= {day}
        AND {day} < n.to_day AND n.from_op <= :known AND n.to_op > :known)"""
_ENDED = "date(r.ended, '-1 day')"
_LEFT = eve_of_leaving("r")

# name: (register, its unit, its day, the day that says where it belongs, how many one row is, which rows count)
_COUNTS = {
    "foundings": ("unit_life", "unit", "r.founded", "r.founded", "1", _IS_UNION.format(day="r.founded")),
    "endings": (
        "unit_life",
        "unit",
        "r.ended",
        _ENDED,
        "1",
        f"AND r.end_reason NOT IN ('merged', 'split') {_IS_UNION.format(day=_ENDED)}",
    ),
    "admissions": ("membership", "union_unit", "r.admitted", "r.admitted", "r.members", "AND r.begun_by <> 'transfer'"),
    "leavings": (
        "membership",
        "union_unit",
        'r."left"',
        _LEFT,
        "r.members",
        "AND r.left_by NOT IN ('transfer', 'merged')",
    ),
    "dissolutions": ("membership", "union_unit", 'r."left"', _LEFT, "r.members", "AND r.left_by = 'union-dissolved'"),
}
# What the registers hold on a day: (where, its unit, how many one row is, which rows are open).
_HELD = {
    "members": (
        "membership",
        "union_unit",
        "r.members",
        'r.admitted <= :day AND (r."left" IS NULL OR r."left" > :day)',
    ),
    "unions": ("unit_name", "unit", "1", "r.kind = 'union' AND r.from_day <= :day AND :day < r.to_day"),
}

Sums = dict[str, int]


def sums_below(db: sqlite3.Connection, tree: Tree, roots: Iterable[int], start: str, end: str) -> dict[int, Sums]:
    """Return what the registers count at or below each unit between two days.

    Returns:
        For each unit: {"foundings": 22, "admissions": 7000, "recipients": 18, "recipients:shelter": 18,
        "amount": 900000000, …}; what never happened is not there. Amounts in đồng, cash and kind together.

    """
    below = tree.below(roots)
    bound = {**below.bound, "start": start, "end": end}
    sums: dict[int, Sums] = defaultdict(dict)
    for name in _COUNTS:
        number, source = _source(name, below)
        for row in db.execute(f"SELECT a.ancestor AS root, sum({number}) AS n {source}", bound):
            sums[row["root"]][name] = row["n"]
    _number, source = _source("amount", below)
    for row in db.execute(
        "SELECT a.ancestor AS root,"
        " (SELECT code FROM programme_entry e WHERE e.programme = r.programme LIMIT 1) AS code,"
        f" sum(r.recipients) AS recipients, sum(r.amount + r.in_kind) AS amount {source}, r.programme",
        bound,
    ):
        of_root = sums[row["root"]]
        for name in ("recipients", "amount"):
            of_root[f"{name}:{row['code']}"] = row[name]
            of_root[name] = of_root.get(name, 0) + row[name]
    return sums


def sum_below(db: sqlite3.Connection, below: Below, start: str, end: str, register: str, within: Below | None) -> int:
    """Return what one register counts at or below some units between two days.

    Args:
        db: the ledger.
        below: the units.
        start: the first day.
        end: the last day.
        register: which register.
        within: what else a row must be, where not all below the units counts.

    """
    number, source = _source(register, below, within)
    bound = {**below.bound, **(within.bound if within else {}), "start": start, "end": end}
    return sum(row["n"] for row in db.execute(f"SELECT sum({number}) AS n {source}", bound))


def held_below(db: sqlite3.Connection, below: Below, day: str, register: str) -> int:
    """Return what a register holds at or below some units on a day: open memberships, unions in being."""
    return sum(held_by_unit(db, below, day, register).values())


def held_by_unit(db: sqlite3.Connection, below: Below, day: str, register: str) -> dict[int, int]:
    """Return what a register holds on a day, unit by unit."""
    source, unit, number, is_open = _HELD[register]
    rows = db.execute(
        f"SELECT a.unit, sum({number}) AS n FROM {below.sql} a CROSS JOIN {source} r ON r.{unit} = a.unit"
        " AND a.from_day <= :day AND :day < a.to_day AND r.from_op <= :known AND r.to_op > :known"
        f" AND {is_open} GROUP BY a.unit",
        {**below.bound, "day": day},
    )
    return {row["unit"]: row["n"] for row in rows}


def register_rows(
    db: sqlite3.Connection, tree: Tree, roots: Iterable[int], start: str, end: str, register: str
) -> Iterator[tuple[int, str, int]]:
    """Yield what a register holds row by row, for an explanation: (unit, day, how many)."""
    below = tree.below(roots)
    _table, unit, day, *_rest = _counted(register)
    number, source = _source(register, below)
    for row in db.execute(
        f"SELECT r.{unit} AS unit, {day} AS day, sum({number}) AS n {source}, r.{unit}, {day}",
        {**below.bound, "start": start, "end": end},
    ):
        yield row["unit"], row["day"], row["n"]


def ever_below(db: sqlite3.Connection, tree: Tree, roots: Iterable[int], day: str, register: str) -> bool:
    """Tell whether anything ever came to a register's stock at or below some units, up to a day."""
    below = tree.below(roots)
    return any(sum_below(db, below, "0001-01-01", day, name, None) for name in MOVEMENTS[register])


def _source(name: str, below: Below, within: Below | None = None) -> tuple[str, str]:
    """Return what one row of a register counts, and where its rows come from."""
    register, unit, day, place, number, only = _counted(name)
    if within:
        only = f"{only} AND {within.sql.format(unit=f'r.{unit}', day=place)}"
    return number, _BELOW.format(below=below.sql, register=register, unit=unit, day=day, place=place, only=only)


def _counted(name: str) -> tuple[str, str, str, str, str, str]:
    if name in _COUNTS:
        return _COUNTS[name]
    what, _colon, programme = name.partition(":")
    number = "r.recipients" if what == "recipients" else "r.amount + r.in_kind"
    # Programme codes are letters, digits and hyphens: `add-programme` takes no others.
    only = f"AND r.programme IN (SELECT programme FROM programme_entry WHERE code = '{programme}')" if programme else ""
    return "payout", "unit", "r.day", "r.day", number, only
