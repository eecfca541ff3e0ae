"""What the registers count: foundings, endings, admissions, losses, payouts; and what they hold on a day.

A row counts on its own day. Anyone who leaves was a member until the day before, and a unit that ends stood in the tree
until then: such a row belongs to those who stood above its unit on its eve.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from ucli.values.members import LEFT_BY, UNION_DISSOLVED

Sums = dict[str, int]  # by series

ARRIVED, MERGED, RECIPIENTS, AMOUNT, LEFT = "arrived", "went-up", "recipients:", "amount:", "left:"
_OWN_DAY = "{day} BETWEEN s.first AND s.last"
_EVE = "{day} BETWEEN s.eve_first AND s.eve_last"
_IS_UNION = "EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = r.unit AND n.kind = 'union')"


class Source(NamedTuple):
    """What the rows of a register add to which series; all but the name are SQL on the row r and the scope s."""

    name: str
    table: str
    unit: str
    day: str
    when: str
    series: str
    numbers: tuple[str, ...]
    key: str = "r.id"
    only: str = "1"


_LEFT_DAYS = """r."left" BETWEEN min(s.first, s.eve_first) AND max(s.last, s.eve_last) AND CASE r."left" WHEN r.admitted
    THEN r."left" BETWEEN s.first AND s.last ELSE r."left" BETWEEN s.eve_first AND s.eve_last END"""
SOURCES = (
    Source("foundings", "unit_life", "r.unit", "r.founded", _OWN_DAY, "'foundings'", ("1",), "r.unit", _IS_UNION),
    Source(
        "endings",
        "unit_life",
        "r.unit",
        "r.ended",
        _EVE,
        f"iif(r.end_reason IN ('merged', 'split'), '{MERGED}', 'endings')",
        ("1",),
        "r.unit",
        _IS_UNION,
    ),
    Source(
        "admissions",
        "membership",
        "r.union_unit",
        "r.admitted",
        _OWN_DAY,
        f"iif(r.begun_by = 'transfer', '{ARRIVED}', 'admissions')",
        ("r.members",),
    ),
    # Who left on the very day of the admission belongs where he or she was admitted.
    Source("losses", "membership", "r.union_unit", 'r."left"', _LEFT_DAYS, f"'{LEFT}' || r.left_by", ("r.members",)),
    Source(
        "payouts",
        "payout",
        "r.unit",
        "r.day",
        _OWN_DAY,
        "r.programme",
        ("r.recipients", "r.amount + r.in_kind"),
    ),
)
_BY_NAME = {source.name: source for source in SOURCES}

# By what an indicator counts: the source, and the series that add up to it; of payouts the code stands behind a colon.
_REGISTERS = {
    "foundings": ("foundings", ("foundings",)),
    "endings": ("endings", ("endings",)),
    "admissions": ("admissions", ("admissions",)),
    "leavings": ("losses", tuple(f"{LEFT}{reason}" for reason in LEFT_BY)),
    "dissolutions": ("losses", (f"{LEFT}{UNION_DISSOLVED}",)),
}
# What must have a row for a register to be kept, by what an indicator counts.
_KEPT_BY = {
    "unions": "foundings",
    "members": "admissions",
    "leavings": "admissions",
    "dissolutions": "admissions",
    "endings": "foundings",
}


def source_of(register: str) -> str:
    """Return the name of the source in which a register's rows stand."""
    return _REGISTERS[register][0] if register in _REGISTERS else "payouts"


def kept_by(register: str) -> str:
    """Return the name of the source that says whether a register is kept: a unit with one row in it keeps it."""
    return _KEPT_BY.get(register) or source_of(register)


def table_of(register: str) -> str:
    """Return the table in which the rows of a register stand."""
    return _BY_NAME[kept_by(register)].table


def counted(register: str, sums: Sums) -> int:
    """Return what a register comes to: "admissions", "amount", "recipients:shelter"."""
    if register in _REGISTERS:
        return sum(sums.get(series, 0) for series in _REGISTERS[register][1])
    if ":" in register:
        return sums.get(register, 0)
    return sum(number for series, number in sums.items() if series.startswith(f"{register}:"))


def sums_in_scope(db: sqlite3.Connection, sources: Collection[str]) -> dict[int, Sums]:
    """Return by group what every series comes to, of some sources."""
    sums: dict[int, Sums] = defaultdict(dict)
    codes = _programmes(db)
    for source in (it for it in SOURCES if it.name in sources):
        numbers = ", ".join(f"sum({number})" for number in source.numbers)
        rows = db.execute(f"SELECT s.grp, {source.series} AS series, {numbers} {_from(source)} GROUP BY 1, 2")
        for group, series, *found in rows:
            sums[group].update(_named(codes.get(series, series), found))
    return sums


def sums_in_boxes(db: sqlite3.Connection, sources: Collection[str]) -> dict[int, dict[int, Sums]]:
    """Return by item, and by the figure in whose box the rows lie, what every series comes to; no row counts twice."""
    sums: dict[int, dict[int, Sums]] = defaultdict(lambda: defaultdict(dict))
    codes = _programmes(db)
    for source in (it for it in SOURCES if it.name in sources):
        numbers = ", ".join(f"{number} AS n{place}" for place, number in enumerate(source.numbers))
        totals = ", ".join(f"sum(n{place})" for place in range(len(source.numbers)))
        rows = db.execute(
            f"SELECT item, figure, series, {totals} FROM (SELECT s.item, min(s.figure) AS figure,"
            f" {source.series} AS series, {numbers} {_from(source, 'box')} AND s.source = ?"
            f" GROUP BY s.item, {source.key}) GROUP BY 1, 2, 3",
            (source.name,),
        )
        for item, figure, series, *found in rows:
            sums[item][figure].update(_named(codes.get(series, series), found))
    return sums


def by_unit(db: sqlite3.Connection, register: str, group: int) -> dict[int, int]:
    """Return what a register comes to in a group, unit by unit."""
    return _by_unit(db, register, "scope", f"s.grp = {group}")


def by_unit_in_boxes(db: sqlite3.Connection, register: str, item: int) -> dict[int, int]:
    """Return what of a register lies inside the figures of an item, unit by unit."""
    return _by_unit(db, register, "box", f"s.item = {item}")


def _by_unit(db: sqlite3.Connection, register: str, table: str, only: str) -> dict[int, int]:
    source = _BY_NAME[source_of(register)]
    codes = _programmes(db)
    numbers = ", ".join(f"{number} AS n{place}" for place, number in enumerate(source.numbers))
    totals = ", ".join(f"sum(n{place})" for place in range(len(source.numbers)))
    found: dict[int, int] = defaultdict(int)
    for unit, series, *sums in db.execute(
        f"SELECT unit, series, {totals} FROM (SELECT {source.unit} AS unit, {source.series} AS series, {numbers}"
        f" {_from(source, table)} AND {only} GROUP BY {source.key}) GROUP BY 1, 2"
    ):
        found[unit] += counted(register, _named(codes.get(series, series), sums))
    return {unit: number for unit, number in found.items() if number}


def kept_in_scope(db: sqlite3.Connection) -> dict[int, set[str]]:
    """Return by group the sources in which it, or a unit below it, has a row by the last day."""
    kept: dict[int, set[str]] = defaultdict(set)
    for name in ("foundings", "admissions", "payouts"):
        source = _BY_NAME[name]
        for (group,) in db.execute(
            f"SELECT g.grp FROM temp.span g WHERE EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN {source.table} r"
            f" ON {source.unit} = s.unit AND {source.day} <= g.last AND {source.day} < s.until AND {source.only}"
            " WHERE s.grp = g.grp AND s.since <= g.last)"
        ):
            kept[group].add(name)
    return kept


def keeps(db: sqlite3.Connection, unit: int, register: str, last: str) -> bool:
    """Tell whether a register is kept at or below a unit: whether there is a row by a day."""
    source = _BY_NAME[kept_by(register)]
    row = db.execute(
        f"SELECT EXISTS (SELECT 1 FROM ancestry s CROSS JOIN {source.table} r ON {source.unit} = s.unit"
        f" AND {source.day} <= :last AND s.from_day <= {source.day} AND {source.day} < s.to_day AND {source.only}"
        " WHERE s.ancestor = :unit)",
        {"unit": unit, "last": last},
    ).fetchone()
    return bool(row[0])


def held_in_scope(db: sqlite3.Connection, register: str) -> dict[int, int]:
    """Return by group what a register holds on the group's day: open memberships, unions in being."""
    return {group: number for group, _all, number in _held(db, register, "s.grp, 0")}


def held_by_unit(db: sqlite3.Connection, register: str) -> dict[int, dict[int, int]]:
    """Return by group what a register holds on the group's day, unit by unit."""
    held: dict[int, dict[int, int]] = defaultdict(dict)
    for group, unit, number in _held(db, register, "s.grp, s.unit"):
        held[group][unit] = number
    return held


def held_below(db: sqlite3.Connection, root: int, day: str, register: str) -> int:
    """Return what a register holds at or below a unit on a day, by the structure of that very day."""
    number, rows = _HELD[register]
    row = db.execute(
        f"SELECT coalesce({number}, 0) FROM ancestry s CROSS JOIN {rows.format(day=':day')}"
        " WHERE s.ancestor = :root AND s.from_day <= :day AND :day < s.to_day",
        {"root": root, "day": day},
    ).fetchone()
    return int(row[0])


# By the register of a stock: how many, and the rows r that stand in units s on a day.
_HELD = {
    "members": (
        "sum(r.members)",
        'membership r ON r.union_unit = s.unit AND r.admitted <= {day} AND (r."left" IS NULL OR r."left" > {day})',
    ),
    "unions": (
        "count(*)",
        "unit_name r ON r.unit = s.unit AND r.kind = 'union' AND r.from_day <= {day} AND {day} < r.to_day",
    ),
}


def _held(db: sqlite3.Connection, register: str, by: str) -> list[tuple[int, int, int]]:
    number, rows = _HELD[register]
    return db.execute(
        f"SELECT {by}, {number} FROM temp.span g CROSS JOIN temp.scope s ON s.grp = g.grp AND s.since <= g.day"
        f" AND g.day < s.until CROSS JOIN {rows.format(day='g.day')} GROUP BY 1, 2"
    ).fetchall()


def _from(source: Source, table: str = "scope") -> str:
    when = source.when.format(day=source.day)
    return f"FROM temp.{table} s CROSS JOIN {source.table} r ON {source.unit} = s.unit AND {when} WHERE {source.only}"


def _programmes(db: sqlite3.Connection) -> dict[object, str]:
    return dict(db.execute("SELECT programme, code FROM programme_entry").fetchall())


def _named(series: str, numbers: list[int]) -> Sums:
    """Return what a series comes to; of a programme's payouts the recipients and the amount."""
    if len(numbers) == 1:
        return {series: numbers[0]}
    return {f"{RECIPIENTS}{series}": numbers[0], f"{AMOUNT}{series}": numbers[1]}
