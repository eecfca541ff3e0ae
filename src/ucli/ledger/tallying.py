"""Keeping the tallies: after every operation, in its transaction; made anew, or held against the registers.

A tallied unit has its sums by month, and by day as well where it stands so high that a few days of its registers
are many rows. Which units are tallied only ever grows: those that have, or ever had, another one below them.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ucli.tallies.lines import Lines
from ucli.tallies.nets import Cell, Net, nets_of
from ucli.tallies.shifts import LIVE, Shift, hand_up_nets, shift_since

# The kinds of units whose days are tallied: the nation, its provinces, the unions of industries.
_DAILY = "('confederation', 'province', 'industry', 'corporation')"
_IS_DAILY = f"EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = t.unit AND n.kind IN {_DAILY})"
_TO_BE_TALLIED = f"SELECT t.unit, {_IS_DAILY} FROM (SELECT DISTINCT ancestor AS unit FROM ancestry WHERE depth = 1) t"

# So much is held in memory while all is counted anew.
_UNITS_AT_ONCE = 2000
_CELLS_AT_ONCE = 300_000
_NET = ", ".join(Net._fields)
_TABLES = {
    "tally": ("unit, series, month", "number"),
    "tally_day": ("unit, series, day", "number"),
    "tally_figure": ("unit, indicator, start_day, end_day, day", _NET),
}


class Finding(NamedTuple):
    """A cell of the tallies that says something else than the registers; both as text, empty where there is none."""

    unit: int
    table: str
    cell: str  # a series and a month or day, or an indicator and a window
    kept: str
    counted: str


def keep(db: sqlite3.Connection, number: int) -> None:
    """Bring the tallies in step with what an operation wrote."""
    _take_in(db, number)
    _add(db, shift_since(db, number - 1))


def rebuild(db: sqlite3.Connection) -> None:
    """Make all tallies anew from the registers, in bounded memory."""
    for table in (*_TABLES, "holding", "tallied"):
        db.execute(f"DELETE FROM {table}")
    db.execute(f"INSERT INTO tallied {_TO_BE_TALLIED}")
    for shift in _counted(db, LIVE - 1):
        _add(db, shift)


def differences(db: sqlite3.Connection) -> Iterator[Finding]:
    """Count the registers anew, beside the tallies, and yield every cell that says something else."""
    for table in (*_TABLES, "holding"):
        db.execute(f"SELECT 1 FROM {table} LIMIT 1")  # which SQLite refuses where there is none
    there = "SELECT unit, daily FROM tallied"
    for query, is_there in ((f"{_TO_BE_TALLIED} EXCEPT {there}", False), (f"{there} EXCEPT {_TO_BE_TALLIED}", True)):
        for unit, daily in db.execute(query):
            yield Finding(unit, "tallied", "daily" if daily else "monthly", *(("1", "") if is_there else ("", "1")))
    for table in (*_TABLES, "holding"):
        schema = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        db.execute(f"DROP TABLE IF EXISTS temp.counted_{table}")
        db.execute(schema.replace(f"CREATE TABLE {table}", f"CREATE TEMP TABLE counted_{table}"))
    for shift in _counted(db, LIVE - 1):
        _add(db, shift, "temp.counted_")
    yield from _holding_astray(db)
    for table, (key, numbers) in _TABLES.items():
        for ours, theirs, kept in ((table, f"temp.counted_{table}", True), (f"temp.counted_{table}", table, False)):
            both = " AND ".join(f"a.{it} = b.{it}" for it in key.split(", "))
            same = " AND ".join(f"a.{it} = b.{it}" for it in numbers.split(", "))
            only = "" if kept else "AND b.unit IS NULL"
            for row in db.execute(
                f"SELECT a.*, b.unit AS there, {', '.join(f'b.{it} AS other_{it}' for it in numbers.split(', '))}"
                f" FROM {ours} a LEFT JOIN {theirs} b ON {both} WHERE NOT coalesce({same}, 0) {only}"
            ):
                yield _finding(row, table, key.split(", "), numbers.split(", "), kept=kept)


def _holding_astray(db: sqlite3.Connection) -> Iterator[Finding]:
    """Hold what holds something against what was counted anew, and against the figures there are."""
    # What ever held something stays listed; what holds something now must be.
    for unit, figure in db.execute(
        "SELECT c.unit, c.figure FROM temp.counted_holding c LEFT JOIN holding h ON h.figure = c.figure"
        " WHERE coalesce(h.apart, -1) < c.apart"
    ):
        yield Finding(unit, "holding", str(figure), "", "1")
    for unit, figure in db.execute(
        "SELECT h.unit, h.figure FROM holding h WHERE NOT EXISTS (SELECT 1 FROM figure f WHERE f.id = h.figure"
        " AND f.unit = h.unit AND f.indicator = h.indicator AND f.start_day = h.start_day AND f.end_day = h.end_day)"
    ):
        yield Finding(unit, "holding", str(figure), "1", "")


def _finding(row: sqlite3.Row, table: str, key: list[str], numbers: list[str], *, kept: bool) -> Finding:
    one = " ".join(str(row[it]) for it in numbers)
    other = "" if row["there"] is None else " ".join(str(row[f"other_{it}"]) for it in numbers)
    cell = " ".join(str(row[it]) for it in key[1:])
    return Finding(row["unit"], table, cell, *((one, other) if kept else ("", one)))


def _take_in(db: sqlite3.Connection, number: int) -> None:
    """Start the tallies of units that have one below them for the first time, or a kind whose days are tallied."""
    before = number - 1
    new = _units(
        db,
        "SELECT DISTINCT r.ancestor FROM ancestry r WHERE r.from_op = ? AND r.depth = 1"
        " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = r.ancestor)",
        (number,),
    )
    if new:
        from ucli.tallies.recounts import recount  # noqa: PLC0415  few operations do that

        # What they stated was added to those above them; from now on it is read with the figures of upper units.
        less = Shift.empty()
        hand_up_nets(less, nets_of(db, new, before)[0], Lines(db, before), -1)
        _add(db, less)
        marks = ", ".join(map(str, new))
        db.execute(
            f"INSERT INTO tallied SELECT t.unit, {_IS_DAILY} FROM (SELECT id AS unit FROM unit) t"
            f" WHERE t.unit IN ({marks})"
        )
        own = Shift.empty()
        recount(db, own, new, before, set(new))
        _add(db, own)
    risen = _units(
        db,
        "SELECT DISTINCT t.unit FROM unit_name r CROSS JOIN tallied t ON t.unit = r.unit AND t.daily = 0"
        f" WHERE r.from_op = ? AND r.kind IN {_DAILY}",
        (number,),
    )
    if risen:
        db.executemany("UPDATE tallied SET daily = 1 WHERE unit = ?", [(unit,) for unit in risen])
        for shift in _counted(db, before, set(risen)):
            _add_sums(db, "tally_day", "day", shift.sums.items())


def _counted(db: sqlite3.Connection, known: int, only: Collection[int] | None = None) -> Iterator[Shift]:
    """Count the registers anew, some units at a time, and those that stand beside each other together."""
    from ucli.tallies.recounts import recount  # noqa: PLC0415  seldom needed

    units = _units(
        db,
        "SELECT id FROM unit u ORDER BY (SELECT group_concat(ancestor) FROM (SELECT a.ancestor FROM ancestry a"
        f" WHERE a.unit = u.id AND a.depth > 0 AND a.to_op = {LIVE} ORDER BY a.depth DESC)), id",
    )
    shift = Shift.empty()
    for some in range(0, len(units), _UNITS_AT_ONCE):
        recount(db, shift, units[some : some + _UNITS_AT_ONCE], known, only)
        if len(shift.sums) > _CELLS_AT_ONCE:
            yield shift
            shift = Shift.empty()
    yield shift


def _units(db: sqlite3.Connection, query: str, bound: tuple[int, ...] = ()) -> list[int]:
    return [row[0] for row in db.execute(query, bound).fetchall()]


def _add(db: sqlite3.Connection, shift: Shift, into: str = "") -> None:
    months: dict[tuple[int, str, str], int] = {}
    for (unit, series, day), number in shift.sums.items():
        key = (unit, series, day[:7])
        months[key] = months.get(key, 0) + number
    _add_sums(db, f"{into}tally", "month", months.items())
    _add_sums(db, f"{into}tally_day", "day", (it for it in shift.sums.items() if len(it[0][2]) > len("2024-01")))
    _add_nets(db, f"{into}tally_figure", shift.nets)
    db.executemany(
        f"INSERT INTO {into}holding (figure, unit, indicator, start_day, end_day, apart) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET apart = max(apart, excluded.apart)",
        [(it.figure, it.unit, *it.cell[:3], it.apart) for it in shift.holding],
    )


def _add_sums(db: sqlite3.Connection, table: str, when: str, sums: Iterable[tuple[tuple[int, str, str], int]]) -> None:
    rows = sorted((*key, number) for key, number in sums if number)
    db.executemany(
        f"INSERT INTO {table} VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number", rows
    )
    # A cell that nothing is left in is none.
    db.executemany(
        f"DELETE FROM {table} WHERE unit = ? AND series = ? AND {when} = ? AND number = 0",
        [row[:3] for row in rows if row[3] < 0],
    )


def _add_nets(db: sqlite3.Connection, table: str, nets: dict[tuple[int, Cell], Net]) -> None:
    added = ", ".join(f"{it} = {it} + excluded.{it}" for it in Net._fields)
    marks = ", ".join("?" * (5 + len(Net._fields)))
    rows = sorted((unit, *cell, *net) for (unit, cell), net in nets.items() if any(net))
    db.executemany(f"INSERT INTO {table} VALUES ({marks}) ON CONFLICT DO UPDATE SET {added}", rows)
    nothing = " AND ".join(f"{it} = 0" for it in Net._fields)
    db.executemany(
        f"DELETE FROM {table} WHERE unit = ? AND indicator = ? AND start_day = ? AND end_day = ? AND day = ?"
        f" AND {nothing}",
        [row[:5] for row in rows],
    )
