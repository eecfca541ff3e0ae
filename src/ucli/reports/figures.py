"""Figures: what units have stated, read for many groups and indicators at once; `nesting` says which of them count."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ucli.reports.scope import Cells, Group
from ucli.values.indicators import Indicator
from ucli.values.periods import BEGINNING, Window, window_of
from ucli.values.quantities import PREDECESSORS, STATED, Value, value_of

# So many figures that were left out, because they speak of other days, are listed one by one; all are counted.
MOST_LISTED = 50


class Figure(NamedTuple):
    id: int
    indicator: int
    unit: int
    start: str
    end: str
    period: str
    day: str  # the last of its window on which its unit lived: whose it is, is said by that day
    value: Value | None
    stated_percent: str | None
    stated_qualifier: str | None
    source: str | None
    speaks_for: str | None
    reason: str | None
    operation: int
    is_here: bool = True  # it counts in the group that asks, not elsewhere, where its unit has gone
    less: tuple[int, ...] = ()  # of what fell between two windows: the numbers of the figures taken away from it

    @property
    def window(self) -> Window:
        return window_of(self.period, self.start, self.end)

    def holds(self, other: "Figure") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Figure") -> bool:
        return self.start <= other.end and other.start <= self.end

    def reaches(self, merged: str) -> bool:
        """Tell whether it speaks for what is in its unit's line, or came to it by a merger on a day."""
        return not merged or (self.speaks_for == PREDECESSORS and self.start < merged <= self.end)


@dataclass(slots=True)
class Counted:
    """What an indicator comes to, and where that comes from."""

    value: Value | None = None
    stated: Sequence[Figure] = ()  # outermost figures that the value holds
    added: int = 0  # how many figures it holds that were added up unseen: none lies inside another
    covered: Sequence[Figure] = ()  # inside one of those, not added again
    left_out: Sequence[Figure] = ()  # window not inside the report's, or half overlapping
    collected: dict[int, Value] = field(default_factory=dict)  # by figure: what was recorded inside its box
    inside: dict[int, Sequence[Figure]] = field(default_factory=dict)  # by figure: smaller ones in it
    elsewhere: Sequence[tuple[Figure, int]] = ()  # that count in another group, with what is recorded here inside them
    covered_by: dict[int, int] = field(default_factory=dict)  # by figure: the one that it is inside
    is_own: bool = False  # the unit that the table is about has stated it
    moved: int = 0  # of a stock: what units stated of coming and going since, beyond the registers
    passed: int = 0  # of a stock: what units that came and went since took along, unknown to the registers
    stated_percent: str | None = None
    stated_qualifier: str | None = None
    printed: Sequence[Figure] = ()  # the unit's own that state no more than that percentage
    unvalued: int = 0  # how many more payouts there are, whose value is not known
    printed_below: bool = False  # units inside stated percentages alone, which do not add up


@dataclass(slots=True)
class Totals:
    """What the figures of a group for one indicator and window add up to."""

    figures: int
    number: int  # the values, or the parts of a whole
    whole: int
    special: int  # whether one must be looked at: above others, counted elsewhere, or with more to say than its value
    own: bool  # whether one is of the unit that the group is about


Days = tuple[str, str]  # the first and the last of a window


# The columns of a figure, in the order of `figure_of`; its day comes behind them.
COLUMNS = (
    "f.id, f.indicator, f.unit, f.start_day, f.end_day, f.period, f.value, f.part, f.whole, f.qualifier,"
    " f.stated_percent, f.stated_qualifier, f.source, f.speaks_for, f.reason, f.op"
)
_MOST = 1_000_000  # more than there are indicators, or windows: a key in SQL holds several numbers
_SAYS_MORE = "coalesce(f.qualifier, f.stated_percent, f.speaks_for, f.reason) NOTNULL"
_DAY = "min(f.end_day, s.lived_to)"
_IS_HERE = f"s.since <= {_DAY} AND {_DAY} < s.until"
_TOUCHES = f"f.unit = s.unit AND f.kind = '{STATED}' AND f.end_day >= g.eve AND f.start_day <= g.last"


def windows_of_figures(db: sqlite3.Connection, first: str, last: str) -> dict[int, Days]:
    """Return the windows of figures in any cell that meet some days; they stand in the temporary table `stated`."""
    db.execute("DROP TABLE IF EXISTS temp.stated")
    db.execute("CREATE TEMP TABLE stated (number INTEGER PRIMARY KEY, last TEXT, first TEXT, UNIQUE (last, first))")
    db.execute(
        "INSERT INTO temp.stated (last, first) SELECT DISTINCT f.end_day, f.start_day"
        " FROM temp.cell s CROSS JOIN figure f ON f.unit = s.unit AND f.end_day >= ? AND f.start_day <= ?",
        (first, last),
    )
    return {number: (start, end) for number, start, end in db.execute("SELECT number, first, last FROM temp.stated")}


def totals_inside(
    db: sqlite3.Connection,
    indicators: Collection[int],
    cells: Cells,
    groups: Sequence[Group],
    windows: Mapping[int, Days],
    *,
    every: bool,
) -> list[dict[int, dict[Days, Totals]]]:
    """Return by group, indicator and window what figures add up to, where the window is inside the group's.

    `indicators` are those wanted; `every` says that they are all that there are, stocks apart.
    """
    totals: list[dict[int, dict[Days, Totals]]] = [defaultdict(dict) for _group in groups]
    spans = [it.days for it in groups]
    only = "" if every else f" AND f.indicator IN ({_listed(indicators)})"
    special = f"CASE WHEN s.upper OR {_SAYS_MORE} THEN 1 WHEN s.ends THEN NOT ({_IS_HERE}) ELSE 0 END"
    rows = (
        f"SELECT (s.cell * {_MOST} + f.indicator) * {_MOST} + w.number AS key,"
        f" coalesce(f.value, f.part, 0) AS number, coalesce(f.whole, 0) AS whole, {special} AS special"
        f" FROM temp.cell s CROSS JOIN figure f ON f.unit = s.unit AND f.kind = '{STATED}' AND f.end_day BETWEEN"
        f" :first AND :last AND f.start_day >= :first{only}"
        " CROSS JOIN temp.stated w ON w.last = f.end_day AND w.first = f.start_day"
    )
    # Few figures have a cell and a window in common where cells are units: SQLite would sort them all for nothing. Else
    # the limit lets it sort these columns alone, not all that they are made of.
    for key, figures, number, whole, is_special in db.execute(
        f"SELECT key, 1, number, whole, special FROM ({rows})"
        if cells.are_units
        else f"SELECT key, count(*), sum(number), sum(whole), max(special) FROM ({rows} LIMIT -1) GROUP BY key",
        {"first": min(first for first, _last in spans), "last": max(last for _first, last in spans)},
    ):
        place, window = divmod(key, _MOST)
        cell, indicator = divmod(place, _MOST)
        if indicator not in indicators:
            continue
        days = windows[window]
        for group, own in cells.groups[cell]:
            if not _is_inside(days, spans[group]):
                continue
            found = totals[group][indicator]
            if known := found.get(days):
                known.figures += figures
                known.number += number
                known.whole += whole
                known.special |= is_special
                known.own |= own
            else:
                found[days] = Totals(figures, number, whole, is_special, own)
    return totals


def windows_crossing(
    db: sqlite3.Connection,
    indicators: Collection[int],
    cells: Cells,
    groups: Sequence[Group],
    windows: Mapping[int, Days],
) -> list[dict[int, set[Days]]]:
    """Return by group and indicator the windows of figures that reach over an edge of the group's."""
    crossing: list[dict[int, set[Days]]] = [defaultdict(set) for _group in groups]
    crossed: dict[int, set[int]] = defaultdict(set)
    for group, days in enumerate(it.days for it in groups):
        for number, (first, last) in windows.items():
            if first <= days[1] and days[0] <= last and not _is_inside((first, last), days):
                crossed[number].add(group)
    for number, cell, indicator in db.execute(
        "SELECT DISTINCT w.number, s.cell, f.indicator FROM json_each(?) j CROSS JOIN temp.stated w"
        " ON w.number = j.value CROSS JOIN temp.cell s CROSS JOIN figure f"
        " ON f.unit = s.unit AND f.end_day = w.last AND f.start_day = w.first",
        (json.dumps([*crossed]),),
    ):
        for group, _own in cells.groups[cell] if indicator in indicators else ():
            if group in crossed[number]:
                crossing[group][indicator].add(windows[number])
    return crossing


def figures_of(db: sqlite3.Connection, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[Figure]]:
    """Return the figures of some groups and indicators one by one, for every window that touches the group's.

    Also those of units that were in the group, which count elsewhere.
    """
    found: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    for group, is_here, *row in db.execute(
        f"SELECT s.grp, max({_IS_HERE}), {COLUMNS}, {_DAY} FROM json_each(?) w"
        " CROSS JOIN temp.span g ON g.grp = w.value ->> 0 CROSS JOIN temp.scope s ON s.grp = g.grp"
        f" CROSS JOIN figure f ON {_TOUCHES} AND f.indicator = w.value ->> 1 GROUP BY s.grp, f.id ORDER BY f.id",
        (json.dumps([*wanted]),),
    ):
        figure = figure_of(row)._replace(is_here=bool(is_here))
        found[group, figure.indicator].append(figure)
    return found


def figures_crossing(db: sqlite3.Connection, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[Figure]]:
    """Return the first figures of some groups and indicators whose window touches the group's and is not inside it."""
    found: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    # A list of some is found unit by unit, and no further.
    for group, *row in db.execute(
        f"SELECT w.value ->> 0, {COLUMNS}, {last_day_of('f')} FROM json_each(?) w CROSS JOIN figure f ON f.id IN ("
        f"SELECT f.id FROM temp.scope s CROSS JOIN temp.span g ON g.grp = s.grp CROSS JOIN figure f ON {_TOUCHES}"
        f" AND f.indicator = w.value ->> 1 AND f.end_day >= g.first AND (f.start_day < g.first OR f.end_day > g.last)"
        f" AND {_IS_HERE} WHERE s.grp = w.value ->> 0"
        f" ORDER BY s.unit, s.since, f.end_day, f.start_day LIMIT {MOST_LISTED}) ORDER BY f.id",
        (json.dumps(sorted(wanted)),),
    ):
        figure = figure_of(row)
        found[group, figure.indicator].append(figure)
    return found


def figures_where(db: sqlite3.Connection, only: str, **bound: object) -> list[Figure]:
    """Return the figures `f` for which a condition holds in SQL, in the order of their numbers."""
    rows = db.execute(f"SELECT {COLUMNS}, {last_day_of('f')} FROM figure f WHERE {only} ORDER BY f.id", bound)
    return [figure_of(row) for row in rows]


def last_day_of(row: str) -> str:
    """Return in SQL the last day of a row's window on which its unit lived."""
    return (
        f"min({row}.end_day, (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = {row}.unit"
        f" AND l.ancestor = {row}.unit))"
    )


def statements_of(db: sqlite3.Connection, indicators: Iterable[Indicator], since: str = BEGINNING) -> list[Figure]:
    """Return every statement of some stocks, or of what moves them, each unit's latest first.

    What stocks were before the day `since` no one asks: of a unit that stood where it stands, only the last up to then.
    """
    among = f"f.indicator IN ({_listed(it.id for it in indicators)}) AND f.kind = '{STATED}' AND f.value NOTNULL"
    found = figures_where(db, f"{among} AND NOT {_SUPERSEDED}", since=since)
    return sorted(found, key=lambda it: (it.day, it.id), reverse=True)


_SUPERSEDED = f"""EXISTS (SELECT 1 FROM figure n WHERE n.unit = f.unit AND n.indicator = f.indicator
    AND n.kind = '{STATED}' AND n.value NOTNULL AND n.end_day < :since AND (n.end_day, n.id) > (f.end_day, f.id)
    AND NOT EXISTS (SELECT 1 FROM ancestry a WHERE a.unit = f.unit AND a.to_day > f.end_day
        AND (a.to_day <= n.end_day OR a.from_day BETWEEN date(f.end_day, '+1 day') AND n.end_day)))
"""


def figure_of(row: Iterable[Any]) -> Figure:
    """Return a figure from its `COLUMNS` and its day."""
    number, indicator, unit, start, end, period, value, part, whole, qualifier, *rest, operation, day = row
    stated = value_of(value, part, whole, qualifier)
    return Figure(*(number, indicator, unit, start, end, period, day, stated, *rest, operation))


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures in the order of their numbers, each once."""
    return sorted({(it.id, it.start): it for it in figures}.values(), key=lambda it: (it.id, it.start))


def _is_inside(days: Days, others: Days) -> bool:
    return others[0] <= days[0] and days[1] <= others[1]


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
