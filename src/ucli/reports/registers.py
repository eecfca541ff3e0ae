"""What the registers count: foundings, endings, admissions, departures, payouts; and what they hold on a day.

A row counts on its own day. Who leaves was a member until the day before, and a unit that ends stood in the tree until
then: such a row belongs to those who stood above its unit on that day.

Where units are counted is a relation `s` in SQL: under a `step` and a `key`, what `unit` did from a day `since` until
(not including) another, between `first` and `last`; a stock on its `day`.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from ucli.ledger import catalogue, registers
from ucli.ledger.operations import VERSIONED, limit, quoted
from ucli.ledger.registers import Source, foundings
from ucli.reports.scope import Cells
from ucli.values.indicators import MOVEMENTS
from ucli.values.members import UNION_DISSOLVED
from ucli.values.names import fold
from ucli.values.units import LEVELS, UNION

Sums = dict[str, int]  # by series: "admissions", "leavings:retired", "recipients", "recipients:tet", "members"
CellSums = Mapping[tuple[int, int, Any], Sums]  # by step, by key, and by what else tells them apart

MERGED, LEFT, UPPER_FOUNDINGS = "merged-units", "leavings:", "upper-foundings"
NOT_KNOWN = "not-known"  # the group of what cannot be told apart

Only = Mapping[str, Sequence[str]]  # by one of `BREAKDOWNS`, the parts that count

_UPPER = foundings(UPPER_FOUNDINGS, *(kind for kind, level in LEVELS.items() if level < LEVELS[UNION]))
SOURCES = {**registers.SOURCES, UPPER_FOUNDINGS: _UPPER}
# What the bundles of other offices add to each: sums by month or day, which count where all their days do.
_SENT = Source(
    *("", "received", "r.unit", "r.end_day", "r.place"),
    part="r.part",
    sort="r.sort",
    fund="r.fund",
    other="r.other",
    number="r.number",
    amount="r.amount",
    unvalued="r.unvalued",
    first="r.start_day",
    key=", ".join(f"r.{column}" for column in VERSIONED["received"]),
)
RECEIVED = {
    name: _SENT._replace(name=name, only=f"r.register = '{name}'", stands="r.end_day <= {day}" if it.stands else "")
    for name, it in SOURCES.items()
}
# By what stands before the colon of a series: its source, which of its sums that is, and which rows are its own: of
# what stands behind the colon.
_OF_PART = "{it.part} = {of}"
_SERIES = {
    "foundings": ("foundings", "number", ""),
    UPPER_FOUNDINGS: (UPPER_FOUNDINGS, "number", ""),
    "endings": ("endings", "number", "{it.part} = ''"),
    MERGED: ("endings", "number", "{it.part} = 'merged'"),
    "admissions": ("admissions", "number", ""),
    "leavings": ("departures", "number", _OF_PART),
    "recipients": ("payouts", "number", _OF_PART),
    "amount": ("payouts", "amount", _OF_PART),
    "unvalued": ("payouts", "unvalued", _OF_PART),
    "members": ("members", "number", "{it.sort} = {of}"),
    "unions": ("unions", "number", ""),
}
_PARTED = ("endings", MERGED)  # which count some rows only, whatever stands behind a colon
# What a table can be broken down by, and what a row of a register says of it, by table, in SQL.
BREAKDOWNS = SECTOR, SEX, FORM, FUND, PROGRAMME = "economic-sector", "sex", "form", "fund", "programme"
# A part of a union is of that one's sector.
_SECTOR = (
    "(SELECT l.sector FROM ancestry a JOIN unit_life l ON l.unit = a.ancestor WHERE a.unit = {unit} AND a.depth < 2"
    " AND a.from_day <= {day} AND {day} < a.to_day AND l.sector NOTNULL ORDER BY a.depth LIMIT 1)"
)
_SAYS = {
    "unit_life": {SECTOR: "r.sector"},
    "membership": {SECTOR: _SECTOR.format(unit="r.union_unit", day="r.admitted"), SEX: registers.SEX},
    "received": {
        SEX: "iif(r.register = 'payouts', NULL, nullif(r.sort, ''))",
        FORM: "iif(r.register = 'payouts', nullif(r.sort, ''), NULL)",
        FUND: "nullif(r.fund, '')",
        SECTOR: _SECTOR.format(unit="r.unit", day="r.place"),
        PROGRAMME: "iif(r.register = 'payouts', r.part, NULL)",
    },
    "payout": {FORM: "r.form", FUND: "r.fund", PROGRAMME: registers.PROGRAMME},
}
# The source by which a unit shows that it keeps a register, where that is not its own.
_KEPT_BY = {
    **dict.fromkeys(("unions", "endings", UPPER_FOUNDINGS), "foundings"),
    **dict.fromkeys(("members", "departures"), "admissions"),
}
# What a report shows only where it is asked for, set a target or stated.
SELDOM_SHOWN = ("members:female", UPPER_FOUNDINGS)
KEPT = ("foundings", "admissions", "payouts")

# The cells of some groups, as a tree has filled them: in the order in which they are asked for, nothing is sorted.
CELLS = """(
    SELECT t.number AS step, c.cell AS key, c.unit, c.since, c.until, t.first, t.last, t.day
    FROM temp.step t CROSS JOIN temp.cell c)
"""
# Units below others by the structure of each day: `asked` as JSON (key, unit, since, until, first, last).
BELOW = """(
    SELECT 0 AS step, j.value ->> 0 AS key, a.unit, max(a.from_day, j.value ->> 2) AS since,
        min(a.to_day, j.value ->> 3) AS until, j.value ->> 4 AS first, j.value ->> 5 AS last, j.value ->> 5 AS day
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
    SELECT 0 AS step, b.item AS key, b.figure, s.unit, max(s.since, a.from_day) AS since,
        min(s.until, a.to_day) AS until, b.first, b.last
    FROM box b CROSS JOIN ancestry a ON a.ancestor = b.unit
        CROSS JOIN temp.scope s ON s.grp = b.grp AND s.unit = a.unit WHERE NOT b.whole
    UNION ALL
    SELECT 0, b.item, b.figure, s.unit, s.since, s.until, b.first, b.last
    FROM box b CROSS JOIN temp.scope s ON s.grp = b.grp WHERE b.whole)
"""


class Holders(NamedTuple):
    """Whom is asked what they have, in SQL: groups `g`, or units in them, and where their units `s` stand."""

    groups: str
    belongs: str


GROUPS = Holders("(SELECT *, 0 AS unit FROM temp.span)", "s.grp = g.grp")
# Each unit with none below, in `among` some groups.
LOWEST = Holders(
    "(SELECT DISTINCT t.*, s.unit FROM json_each(:among) j CROSS JOIN temp.span t ON t.grp = j.value"
    " CROSS JOIN temp.scope s ON s.grp = t.grp WHERE NOT s.upper)",
    "s.grp = g.grp AND s.unit = g.unit",
)


def source_of(register: str) -> str:
    """Return the name of the source in which a register's rows stand."""
    return _SERIES[series_of(register).partition(":")[0]][0]


def kept_by(register: str) -> str:
    """Return the name of the source that says whether a register is kept: a unit with one row in it keeps it."""
    source = source_of(register)
    return _KEPT_BY.get(source, source)


def table_of(register: str) -> str:
    """Return the table in which the rows of a register stand."""
    return SOURCES[kept_by(register)].table


@cache
def series_of(register: str) -> str:
    """Return the series that a register comes to."""
    return f"{LEFT}{UNION_DISSOLVED}" if register == "dissolutions" else register


@cache
def unvalued_of(register: str) -> str:
    """Return the series of what may be more in a register: payouts of unknown value, members of unknown sex."""
    kind, colon, name = register.partition(":")
    if kind == "members" and name:
        return f"members:{NOT_KNOWN}"
    return f"unvalued{colon}{name}" if kind == "amount" else ""


def every_series_of(registers: Iterable[str]) -> set[str]:
    """Return all that some registers come to."""
    return {it for register in registers for it in (series_of(register), unvalued_of(register)) if it}


def counted(register: str, sums: Mapping[str, int]) -> int:
    """Return what a register comes to: "admissions", "amount", "recipients:shelter", "members"."""
    return sums.get(series_of(register), 0)


def unvalued(register: str, sums: Mapping[str, int]) -> int:
    """Return how many payouts, or members, there are of which a register does not know whether they are more."""
    return sums.get(unvalued_of(register), 0)


def can_break_down(register: str | None, by: str) -> bool:
    """Tell whether the rows of a register say what they are by one of `BREAKDOWNS`."""
    return register is not None and by in _SAYS[table_of(register)]


def limit_to(db: sqlite3.Connection, only: Only) -> None:
    """Let a connection read from now on only what the registers say of some parts: figures and targets are of all."""
    for table, says in _SAYS.items():
        told = [f"{says[by]} IN ({', '.join(map(quoted, among))})" for by, among in only.items() if by in says]
        if told:
            limit(db, table, " AND ".join(told))
    for table in ("figure", "target"):
        limit(db, table, "0")


def parts_called(db: sqlite3.Connection, by: str, text: str) -> list[str]:
    """Return what the rows of a register say of the part that is meant: every fund whose name contains the text."""
    if by == PROGRAMME:
        return [catalogue.find_programme(db, text).code]
    if by != FUND:
        return [text]
    funds = db.execute("SELECT fund FROM payout WHERE fund NOTNULL UNION SELECT fund FROM received WHERE fund <> ''")
    return [fund for (fund,) in funds if fold(text) in fold(fund)]


def sums(db: sqlite3.Connection, wanted: Iterable[str], where: str, by: str = "", **bound: object) -> CellSums:
    """Return what some series come to, each row once: by step, by key, and by what else is asked for.

    Args:
        db: the ledger.
        wanted: the series.
        where: `CELLS`, `BELOW` or `BOXES`.
        by: `unit`, `figure` (of boxes), or one of `BREAKDOWNS`; all are under 0 where nothing else tells sums apart.
        bound: what `where` binds.

    """
    found: dict[tuple[int, int, Any], Sums] = defaultdict(dict)
    for source, numbers in _columns(db, wanted).items():
        place = "r.s_" if where is BOXES else "s."
        keys = [f"{place}step", f"{place}key"]
        if by:
            keys.append(_SAYS[source.table].get(by) or place + by)
        for sign, only in ((1, source.only), (-1, source.but)):
            for step, key, other, *totals in (
                db.execute(
                    f"SELECT {', '.join(keys)}{'' if by else ', 0'}, {', '.join(numbers.values())}"
                    f" FROM {_rows(source, where, only)} GROUP BY {', '.join(keys)}",
                    {**bound, "source": source.name},
                )
                if only
                else ()
            ):
                into = found[step, key, other]
                for series, number in zip(numbers, totals, strict=True):
                    if number:
                        into[series] = into.get(series, 0) + sign * number
    return found


def _columns(db: sqlite3.Connection, wanted: Iterable[str]) -> dict[Source, dict[str, str]]:
    """Return by source the series that it comes to, as sums in SQL."""
    programmes = dict(db.execute("SELECT code, programme FROM programme_entry").fetchall())
    columns: dict[Source, dict[str, str]] = defaultdict(dict)
    for series in sorted(wanted):
        kind, _colon, name = series.partition(":")
        source, number, only = _SERIES[kind]
        for it in _and_received(db, source):
            own = only.format(it=it, of=quoted("" if name == NOT_KNOWN else name))
            if it.table == "payout":  # no row is asked for the code of its programme
                own = f"r.programme = {programmes.get(name, 'NULL')}"
            apart = f" FILTER (WHERE {own})" if name or kind in _PARTED else ""
            columns[it][series] = f"sum({getattr(it, number)}){apart}"
    return columns


def _and_received(db: sqlite3.Connection, name: str) -> list[Source]:
    """Return where the rows of a source stand, here and as other offices sent them."""
    has_received = db.execute("SELECT 1 FROM received LIMIT 1").fetchone() is not None
    return [SOURCES[name], *([RECEIVED[name]] if has_received else [])]


def _kept(db: sqlite3.Connection, name: str) -> list[Source]:
    """Return where the rows stand by which a register is kept: of members also those who came from another unit."""
    here, *received = _and_received(db, name)
    if received and name == "admissions":
        received.append(RECEIVED["arrivals"]._replace(name=name))
    return [here, *received]


def cut_by(db: sqlite3.Connection, first: str, last: str) -> tuple[str, ...]:
    """Return whose bundles have sums of days both inside and outside of a window: they count in none of the two."""
    rows = db.execute(
        "SELECT o.name FROM origin o JOIN bundle b ON b.origin = o.id AND b.grain = 'month'"
        " WHERE EXISTS (SELECT 1 FROM received r WHERE r.origin = o.id"
        " AND (r.start_day < :first AND r.end_day >= :first OR r.start_day <= :last AND r.end_day > :last))"
        " ORDER BY o.folded",
        {"first": first, "last": last},
    )
    return tuple(name for (name,) in rows)


def unsent_to(db: sqlite3.Connection, roots: Sequence[int], last: str) -> tuple[str, ...]:
    """Return the offices at or below some units that are to send bundles, and whose last one does not go to a day."""
    rows = db.execute(
        "SELECT o.name FROM origin o LEFT JOIN bundle b ON b.origin = o.id"
        " WHERE coalesce(b.until, '') < :last AND coalesce(o.until > :last, 1) AND o.unit IN"
        " (SELECT a.unit FROM json_each(:roots) j CROSS JOIN ancestry a ON a.ancestor = j.value) ORDER BY o.folded",
        {"last": last, "roots": json.dumps([*roots])},
    )
    return tuple(name for (name,) in rows)


def _rows(source: Source, where: str, only: str) -> str:
    """Return in SQL the rows of a source somewhere; what lies in several figures of an item is in the first."""
    rows = f"{where} s CROSS JOIN {source.table} r ON {source.unit} = s.unit AND {source.falls} WHERE {only}"
    if where is not BOXES:
        return rows
    asked = "s.step AS s_step, s.key AS s_key, s.unit AS s_unit, min(s.figure) AS s_figure"
    return f"(SELECT {asked}, r.* FROM {rows} GROUP BY s.key, {source.key}) r"


def sums_of_groups(of_cells: CellSums, cells: Cells) -> list[Sums]:
    """Return by group what sums of its cells come to in its window, stocks on its day."""
    found: list[Sums] = [{} for _group in range(cells.size)]
    for (step, cell, _by), series in of_cells.items():
        counting, holding = cells.groups_of(step, cell)
        for name, number in series.items():
            for group in holding if name.partition(":")[0] in MOVEMENTS else counting:
                total = found[group]
                total[name] = total.get(name, 0) + number
    return found


def without_register(
    db: sqlite3.Connection, asked: Holders = GROUPS, *, among: str = "[]", limited: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Yield the groups (or units in them) that have no row by the last day, nor has a unit below, with the register.

    Where a connection is `limited` to some parts, a row of any part tells that the register is kept.
    """
    kept = [
        " OR ".join(
            f"EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN {'main.' if limited else ''}{it.table} r"
            f" ON {it.unit} = s.unit AND {it.day} <= g.last AND {it.day} < s.until AND {it.only}"
            f" WHERE {asked.belongs} AND s.since <= g.last)"
            for it in _kept(db, name)
        )
        for name in KEPT
    ]
    for group, unit, *keeps in db.execute(
        f"SELECT g.grp, g.unit, {', '.join(kept)} FROM {asked.groups} g WHERE NOT (({') AND ('.join(kept)}))",
        {"among": among},
    ):
        yield from ((group, unit, name) for name, is_kept in zip(KEPT, keeps, strict=True) if not is_kept)


def keeps(db: sqlite3.Connection, unit: int, register: str, last: str) -> bool:
    """Tell whether a register is kept at or below a unit: whether there is a row by a day."""
    return any(
        db.execute(
            f"SELECT 1 FROM ancestry s CROSS JOIN {source.table} r ON {source.unit} = s.unit AND {source.day} <= :last"
            f" AND s.from_day <= {source.day} AND {source.day} < s.to_day AND {source.only} WHERE s.ancestor = :unit"
            " LIMIT 1",
            {"unit": unit, "last": last},
        ).fetchone()
        for source in _kept(db, kept_by(register))
    )
