"""What the registers count: foundings, endings, admissions, departures, payouts; and what they hold on a day.

A row counts on its own day. Who leaves was a member until the day before, and a unit that ends stood in the tree until
then: such a row belongs to those who stood above its unit on that day.

Where units are counted is a relation `s` in SQL: under a `key`, what `unit` did from a day `since` until (not
including) another, between `first` and `last`; a stock on its `day`.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ucli.reports.scope import Cells
from ucli.values.members import LEFT_BY, UNION_DISSOLVED

Sums = dict[str, int]  # by series: "admissions", "leavings:retired", "recipients:tet"; and what stands before a colon

MERGED, LEFT = "merged-units", "leavings:"
# The day of belonging of who leaves: not of the day of leaving any more, but on the very day of the admission.
EVE_OF_LEAVING = """max({row}.admitted, date({row}."left", '-1 day'))"""
_IS_UNION = "EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = r.unit AND n.kind = 'union')"


class Source(NamedTuple):
    """What the rows of a register add to which series; all but the name are SQL on the row r, counted for a unit s."""

    name: str
    table: str
    unit: str
    day: str
    belongs: str  # whether it is the unit's on the days from s.since until s.until
    series: str
    numbers: Mapping[str, str]  # by what stands before the series
    key: str = "r.id"
    only: str = "1"
    apart: str = "key, series"  # what tells sums apart: one number is sorted by faster than two, a number than a text


_ON_ITS_DAY = "s.since <= {0} AND {0} < s.until"
_ON_ITS_EVE = "s.since < {0} AND {0} <= s.until"
_END = f"iif(r.end_reason IN ('merged', 'split'), '{MERGED}', 'endings')"
_LOST = f"r.left_by IN ({', '.join(map(repr, LEFT_BY))})"
_PAID = {"recipients:": "r.recipients", "amount:": "r.amount + r.in_kind", "unvalued:": "r.unvalued"}
# Who leaves on the very day of the admission belongs where he or she was admitted.
_ON_LEAVING = f"""({_ON_ITS_EVE.format('r."left"')} OR {_ON_ITS_DAY.format("r.admitted")} AND r."left" = r.admitted)"""
_UNITS, _MEMBERS = ("unit_life", "r.unit"), ("membership", "r.union_unit")
_ONE, _EACH = {"": "1"}, {"": "r.members"}
_SOURCES = (
    Source(
        "foundings", *_UNITS, "r.founded", _ON_ITS_DAY.format("r.founded"), "'foundings'", _ONE, "r.unit", _IS_UNION
    ),
    Source("endings", *_UNITS, "r.ended", _ON_ITS_EVE.format("r.ended"), _END, _ONE, "r.unit", _IS_UNION),
    Source(
        *("admissions", *_MEMBERS, "r.admitted", _ON_ITS_DAY.format("r.admitted"), "'admissions'", _EACH),
        only="r.begun_by <> 'transfer'",
        apart="key",
    ),
    Source("departures", *_MEMBERS, 'r."left"', _ON_LEAVING, f"'{LEFT}' || r.left_by", _EACH, only=_LOST),
    Source(
        *("payouts", "payout", "r.unit", "r.day", _ON_ITS_DAY.format("r.day"), "r.programme", _PAID),
        apart="key * 1000000 + series",
    ),
)
SOURCES = {source.name: source for source in _SOURCES}
# What the bundles of other offices add to each: sums by month or day, which count where all their days do.
_PART = {
    "foundings": "'foundings'",
    "endings": f"iif(r.part = '{MERGED}', '{MERGED}', 'endings')",
    "admissions": "'admissions'",
    "departures": f"'{LEFT}' || r.part",
    "payouts": "r.part",
}
_OF_PROGRAMMES = {
    "payout": "r.programme IN (SELECT value FROM json_each(:programmes))",
    "received": (
        "r.part IN (SELECT e.code FROM json_each(:programmes) p JOIN programme_entry e ON e.programme = p.value)"
    ),
}
_SUMMED = {"recipients:": "r.number", "amount:": "r.amount", "unvalued:": "r.unvalued"}
_RECEIVED = {
    name: Source(
        *(name, "received", "r.unit", "r.end_day", f"{_ON_ITS_DAY.format('r.place')} AND r.start_day >= s.first"),
        *(part, _SUMMED if name == "payouts" else {"": "r.number"}),
        key="r.unit, r.register, r.end_day, r.part, r.place, r.start_day, r.origin",
        only=f"r.register = '{name}'",
    )
    for name, part in _PART.items()
}
# What a table can be broken down by, and what a row of a register says of it, by table, in SQL.
BREAKDOWNS = SECTOR, SEX, FORM, FUND, PROGRAMME = "economic-sector", "sex", "form", "fund", "programme"
NOT_KNOWN = "not-known"  # the group of what cannot be told apart
_SECTOR = "(SELECT l.sector FROM unit_life l WHERE l.unit = {})"
_SAYS = {
    "unit_life": {SECTOR: "r.sector"},
    "unit_name": {SECTOR: _SECTOR.format("r.unit")},
    "membership": {
        SECTOR: _SECTOR.format("r.union_unit"),
        SEX: "(SELECT p.sex FROM person p WHERE p.id = r.person)",
    },
    "received": {
        **dict.fromkeys((SEX, FORM, FUND), "NULL"),
        SECTOR: _SECTOR.format("r.unit"),
        PROGRAMME: "nullif(r.part, '')",
    },
    "payout": {
        FORM: "r.form",
        FUND: "r.fund",
        PROGRAMME: "(SELECT e.code FROM programme_entry e WHERE e.programme = r.programme)",
    },
}
# By what an indicator counts: the source, else the payouts; and that by which a unit shows that it keeps the register.
_SOURCE_OF = {
    "foundings": "foundings",
    "endings": "endings",
    "admissions": "admissions",
    "leavings": "departures",
    "dissolutions": "departures",
}
_KEPT_BY = {"unions": "foundings", "endings": "foundings", "members": "admissions", "departures": "admissions"}
KEPT = ("foundings", "admissions", "payouts")

# The cells of some groups, as a tree has filled them.
CELLS = """(
    SELECT c.cell * :steps + t.number - 1 AS key, c.unit, c.since, c.until, t.first, t.last, t.day
    FROM temp.cell c CROSS JOIN temp.step t)
"""
# Units below others by the structure of each day: `asked` as JSON (key, unit, since, until, first, last).
BELOW = """(
    SELECT j.value ->> 0 AS key, a.unit, max(a.from_day, j.value ->> 2) AS since, min(a.to_day, j.value ->> 3) AS until,
        j.value ->> 4 AS first, j.value ->> 5 AS last, j.value ->> 5 AS day
    FROM json_each(:asked) j CROSS JOIN ancestry a ON a.ancestor = j.value ->> 1)
"""
# Inside figures, by the structure of each day whatever is counted by: they never spoke for others than those. `boxes`
# as JSON: an item for each group and indicator, the group, the source, the figure and its unit, whether that is the
# group's cluster, first, last. What lies in several figures of an item is in the first.
BOXES = """(
    WITH box AS (
        SELECT value ->> 0 AS item, value ->> 1 AS grp, value ->> 3 AS figure, value ->> 4 AS unit,
            value ->> 5 AS whole, value ->> 6 AS first, value ->> 7 AS last
        FROM json_each(:boxes) WHERE value ->> 2 = :source)
    SELECT b.item AS key, b.figure, s.unit, max(s.since, a.from_day) AS since, min(s.until, a.to_day) AS until, b.first,
        b.last
    FROM box b CROSS JOIN ancestry a ON a.ancestor = b.unit
        CROSS JOIN temp.scope s ON s.grp = b.grp AND s.unit = a.unit WHERE NOT b.whole
    UNION ALL
    SELECT b.item, b.figure, s.unit, s.since, s.until, b.first, b.last
    FROM box b CROSS JOIN temp.scope s ON s.grp = b.grp WHERE b.whole)
"""


def _sources(db: sqlite3.Connection, name: str) -> list[Source]:
    """Return where the rows of a source stand: here and, once a bundle was taken, among what was received."""
    has_received = db.execute("SELECT 1 FROM received LIMIT 1").fetchone()
    return [SOURCES[name], *([_RECEIVED[name]] if has_received else [])]


def source_of(register: str) -> str:
    """Return the name of the source in which a register's rows stand."""
    return _SOURCE_OF.get(register, "payouts")


def kept_by(register: str) -> str:
    """Return the name of the source that says whether a register is kept: a unit with one row in it keeps it."""
    source = source_of(register)
    return _KEPT_BY.get(register) or _KEPT_BY.get(source, source)


def table_of(register: str) -> str:
    """Return the table in which the rows of a register stand."""
    return SOURCES[kept_by(register)].table


def series_of(register: str) -> str:
    """Return the series that a register comes to."""
    return f"{LEFT}{UNION_DISSOLVED}" if register == "dissolutions" else register


def counted(register: str, sums: Mapping[str, int]) -> int:
    """Return what a register comes to: "admissions", "amount", "recipients:shelter"."""
    return sums.get(series_of(register), 0)


def unvalued(register: str, sums: Mapping[str, int]) -> int:
    """Return how many payouts there are among those of a register of amounts whose value is not known."""
    kind, colon, programme = register.partition(":")
    return sums.get(f"unvalued{colon}{programme}", 0) if kind == "amount" else 0


def can_break_down(register: str | None, by: str) -> bool:
    """Tell whether the rows of a register say what they are by one of `BREAKDOWNS`."""
    return register is not None and by in _SAYS[table_of(register)]


def sums(
    db: sqlite3.Connection, wanted: Iterable[str], where: str, by: str = "", **bound: object
) -> dict[tuple[int, Any], Sums]:
    """Return what the series of some registers come to, each row once: by key, and by `unit` or `figure` (of boxes).

    Args:
        db: the ledger.
        wanted: the registers.
        where: `CELLS`, `BELOW` or `BOXES`.
        by: what else tells sums apart, also one of `BREAKDOWNS`; all are under 0 where nothing does.
        bound: what `where` binds.

    """
    found: dict[tuple[int, Any], Sums] = defaultdict(dict)
    codes = dict(db.execute("SELECT programme, code FROM programme_entry").fetchall())
    programmes: dict[str, set[str]] = defaultdict(set)
    for register in wanted:
        programmes[source_of(register)].add(register.partition(":")[2])
    for source, among in ((source, among) for name, among in programmes.items() for source in _sources(db, name)):
        only = source.only if "" in among else f"{source.only} AND {_OF_PROGRAMMES[source.table]}"
        numbers = ", ".join(f"{number} AS n{place}" for place, number in enumerate(source.numbers.values()))
        totals = ", ".join(f"sum(n{place})" for place in range(len(source.numbers)))
        meant = json.dumps([it for it, code in codes.items() if code in among])
        figure, once = (", min(s.figure) AS figure", f"GROUP BY s.key, {source.key}") if where is BOXES else ("", "")
        if says := _SAYS[source.table].get(by):
            figure += f', {says} AS "{by}"'
        other_by = f'"{by}"' if says else by
        apart = ", ".join(filter(None, (source.apart, other_by)))
        for key, other, series, *counted_in in db.execute(
            f"SELECT key, {other_by or 0}, series, {totals}"
            f" FROM (SELECT s.key, s.unit{figure}, {source.series} AS series, {numbers} FROM {where} s"
            f" CROSS JOIN {source.table} r ON {source.unit} = s.unit AND {source.day} BETWEEN s.first AND s.last"
            f" AND {source.belongs} WHERE {only} {once}) GROUP BY {apart}",
            {**bound, "source": source.name, "programmes": meant},
        ):
            for before, number in zip(source.numbers, counted_in, strict=True):
                of = f"{before}{codes.get(series, series)}"
                for named in {of, of.partition(":")[0]}:
                    found[key, other][named] = found[key, other].get(named, 0) + number
    return found


def sums_of_groups(db: sqlite3.Connection, wanted: Iterable[str], cells: Cells) -> list[Sums]:
    """Return by group what the series of some registers come to."""
    found: list[Sums] = [{} for _group in range(cells.size)]
    for (key, _by), series in sums(db, wanted, CELLS, steps=cells.steps).items():
        for group in cells.groups_counting(key):
            total = found[group]
            for name, number in series.items():
                total[name] = total.get(name, 0) + number
    return found


def kept_in_scope(db: sqlite3.Connection) -> dict[int, set[str]]:
    """Return by group the sources in which it, or a unit below it, has a row by the last day."""
    kept: dict[int, set[str]] = defaultdict(set)
    for source in (source for name in KEPT for source in _sources(db, name)):
        for (group,) in db.execute(
            f"SELECT g.grp FROM temp.span g WHERE EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN {source.table} r"
            f" ON {source.unit} = s.unit AND {source.day} <= g.last AND {source.day} < s.until AND {source.only}"
            " WHERE s.grp = g.grp AND s.since <= g.last)"
        ):
            kept[group].add(source.name)
    return kept


def keeps(db: sqlite3.Connection, unit: int, register: str, last: str) -> bool:
    """Tell whether a register is kept at or below a unit: whether there is a row by a day."""
    kept = (_kept_at(db, source, unit, last) for source in _sources(db, kept_by(register)))
    return any(kept)


def _kept_at(db: sqlite3.Connection, source: Source, unit: int, last: str) -> bool:
    row = db.execute(
        f"SELECT EXISTS (SELECT 1 FROM ancestry s CROSS JOIN {source.table} r ON {source.unit} = s.unit"
        f" AND {source.day} <= :last AND s.from_day <= {source.day} AND {source.day} < s.to_day AND {source.only}"
        " WHERE s.ancestor = :unit)",
        {"unit": unit, "last": last},
    ).fetchone()
    return bool(row[0])


# By the register of a stock: how many a unit s has on its day, as registers here hold it and as bundles brought it.
_MOVED = "r.unit = s.unit AND r.register = '{}' AND r.end_day <= s.day"
_HELD = {
    "members": (
        "membership",
        'r.union_unit = s.unit AND r.admitted <= s.day AND (r."left" IS NULL OR r."left" > s.day)',
        "r.members",
    ),
    "unions": ("unit_name", "r.unit = s.unit AND r.kind = 'union' AND r.from_day <= s.day AND s.day < r.to_day", "1"),
}


def _held(
    db: sqlite3.Connection, register: str, where: str, by: str, bound: dict[str, object], *, says: bool
) -> Counter[Any]:
    """Return what a register holds on the day of each s, by one of its columns or by what the row `says`."""
    found: Counter[Any] = Counter()
    for table, holds, number in (_HELD[register], ("received", _MOVED.format(register), "r.number")):
        # Joined: of a sum for each unit SQLite would go through all of a table that the past stands before.
        rows = db.execute(
            f"SELECT {_SAYS[table][by] if says else f's.{by}'}, sum({number}) FROM {where} s CROSS JOIN {table} r"
            f" ON {holds} WHERE s.since <= s.day AND s.day < s.until GROUP BY 1",
            bound,
        )
        found.update(dict(rows.fetchall()))
    return found


def held(db: sqlite3.Connection, register: str, where: str, by: str = "key", **bound: object) -> dict[int, int]:
    """Return by key, or by unit, what a register holds on the key's day: open memberships, unions in being."""
    return {key: number for key, number in _held(db, register, where, by, bound, says=False).items() if number}


def held_by(db: sqlite3.Connection, register: str, by: str, **bound: object) -> dict[str | None, int]:
    """Return what a register holds on the day of some cells, by one of `BREAKDOWNS`."""
    return dict(_held(db, register, CELLS, by, bound, says=True))


def held_by_groups(db: sqlite3.Connection, register: str, cells: Cells) -> dict[int, int]:
    """Return by group what a register holds on the day of its stocks."""
    found: dict[int, int] = defaultdict(int)
    for key, number in held(db, register, CELLS, steps=cells.steps).items():
        for group in cells.groups_holding(key):
            found[group] += number
    return found
