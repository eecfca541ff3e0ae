"""What the registers count: foundings, endings, admissions, leavings, payouts, below any unit, between any days.

A fact belongs to the ancestors that its unit had on the fact's own day, or to those of one day for all facts: the
tree says which. Sums come from the tallies; row by row the registers are walked where a cell is to be explained.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from ucli.domain.periods import BEGINNING
from ucli.reports.scope import Scope
from ucli.reports.tallies import Piece
from ucli.reports.tallies import Sums as SeriesSums
from ucli.reports.tree import Below, Tree
from ucli.tallies.series import CAME_OR_WENT, EVENTS, STOCKS, Event, listed

# Where a stock of the registers is listed row by row: (where, its unit, how many one row is, which rows are open).
_HELD = {
    "members": (
        "membership",
        "union_unit",
        "r.members",
        'r.admitted <= :day AND (r."left" IS NULL OR r."left" > :day)',
    ),
    "unions": ("unit_name", "unit", "1", "r.kind = 'union' AND r.from_day <= :day AND :day < r.to_day"),
}

Sums = dict[str, int]  # by register


def series_below(tree: Tree, scope: Scope, start: str, end: str) -> SeriesSums:
    """Return what every series comes to in a scope between two days."""
    return _added(tree, tree.pieces(*scope.roots, stays=scope.stays), start, end)


def sums_below(tree: Tree, scope: Scope, start: str, end: str) -> Sums:
    """Return what the registers count in a scope between two days.

    Returns:
        {"foundings": 22, "admissions": 7000, "recipients": 18, "recipients:shelter": 18, "amount": 900000000, …};
        what never happened is not there. Amounts in đồng, cash and kind together.

    """
    of_series = tree.tallies.registers.of_series
    sums: Sums = {}
    for series, number in series_below(tree, scope, start, end).items():
        for name in of_series.get(series, ()):
            sums[name] = sums.get(name, 0) + number
    return {name: number for name, number in sums.items() if number}


def filled_by(tree: Tree, units: Iterable[int], start: str, end: str) -> dict[int, set[str]]:
    """Return which registers were filled at or below each of some units between two days."""
    of_series = tree.tallies.registers.of_series
    filled: dict[int, set[str]] = {}
    leaves = []
    for unit in units:
        pieces = tree.pieces(unit)
        if pieces == [Piece(unit)] and unit not in tree.tallies.tallied:
            leaves.append(unit)  # many at once
        elif pieces == [Piece(unit)]:
            series = tree.tallies.recorded_below(unit, start, end)
            filled[unit] = {name for it in series for name in of_series.get(it, ())}
        else:
            sums = _added(tree, pieces, start, end)
            filled[unit] = {name for it, number in sums.items() if number for name in of_series.get(it, ())}
    return filled | tree.tallies.recorded_by(leaves, start, end)


def in_box(tree: Tree, unit: int, scope: Scope, start: str, end: str, register: str, within: Below | None) -> int:
    """Return what a register counts at or below a unit between two days, by the structure of then.

    Args:
        tree: the organisation.
        unit: the unit.
        scope: on which days a row belongs to it.
        start: the first day.
        end: the last day.
        register: which register.
        within: what else a row must be, where not all below the unit counts.

    """
    series = tree.tallies.registers.series(register)
    if within is None:
        found = _added(tree, (Piece(unit, 1, *stay) for stay in scope.stays), start, end)
        return sum(found.get(it, 0) for it in series)
    below = tree.then([unit], scope.stays)
    return sum(number for *_row, number in _rows(tree, below, start, end, series, within))


def held_below(tree: Tree, roots: Collection[int], day: str, register: str, *, then: bool = False) -> int:
    """Return what a register holds at or below some units on a day: open memberships, unions in being.

    With `then` those who stood there on that very day, also where a table counts by another structure.
    """
    came, went = STOCKS[register]
    if tree.day and not then:
        pieces = tree.pieces(*roots)
    else:
        pieces = [it for root in tree.outermost(roots, day) for it in tree.pieces_on(root, day)]
    found = _added(tree, pieces, BEGINNING, day)
    return sum(found.get(it, 0) for it in came) - sum(found.get(it, 0) for it in went)


def leaving_on(tree: Tree, roots: Collection[int], day: str, register: str) -> int:
    """Return how many of a register's stock leave on a day those with whom they were the day before."""
    went = series_below(tree, Scope(tuple(roots), stays=((BEGINNING, day),)), day, day)
    return sum(went.get(it, 0) for it in STOCKS[register][1])


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
    tree: Tree, roots: Iterable[int], start: str, end: str, register: str
) -> Iterator[tuple[int, str, int]]:
    """Yield what a register holds unit by unit and day by day, for an explanation: (unit, day, how many)."""
    yield from _rows(tree, tree.below(roots), start, end, tree.tallies.registers.series(register), None)


def ever_below(tree: Tree, roots: Iterable[int], day: str, register: str) -> bool:
    """Tell whether anything ever came to a register's stock at or below some units, up to a day."""
    found = series_below(tree, Scope(tuple(roots)), BEGINNING, day)
    return any(found.get(it) for it in CAME_OR_WENT[register])


def _added(tree: Tree, pieces: Iterable[Piece], start: str, end: str) -> SeriesSums:
    sums: SeriesSums = defaultdict(int)
    for piece in pieces:
        for name, number in tree.tallies.sums(piece, start, end).items():
            sums[name] += number
    return sums


def _rows(
    tree: Tree, below: Below, start: str, end: str, series: tuple[str, ...], within: Below | None
) -> Iterator[tuple[int, str, int]]:
    """Walk the registers: from the units below to their rows, one seek for each by its days."""
    for event in EVENTS:
        if event.may_be(series):
            yield from tree.db.execute(
                f"SELECT {event.unit}, {event.day}, sum({event.number}) FROM {below.sql} a"
                f" CROSS JOIN {event.register} r ON {event.unit} = a.unit AND {event.day} BETWEEN :start AND :end"
                f" AND a.from_day <= {event.place} AND {event.place} < a.to_day"
                f" AND {event.only} AND {event.series} IN ({listed(series)})"
                f" AND r.from_op <= :known AND r.to_op > :known {_and(event, within)}"
                f" GROUP BY {event.unit}, {event.day}",
                {**below.bound, **(within.bound if within else {}), "start": start, "end": end},
            )


def _and(event: Event, within: Below | None) -> str:
    return f"AND {within.sql.format(unit=event.unit, day=event.place)}" if within else ""
