"""Stated figures: which of a scope's count, which lie inside others, and which are left out.

A figure states everything at or below its unit within its window, and where it says so also what the units that were
merged into its own stated before. From the top down, and of one unit the longest window first, a figure counts unless
it lies inside one that counts already; one that only half overlaps with such a one is left out, for what they share
would count twice. An estimate counts nowhere: it stands beside what was done.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from ucli.reports.scope import day_after
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import PREDECESSORS, STATED, Quantity, Share, Value

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

    @property
    def window(self) -> Window:
        return Window(self.period, date.fromisoformat(self.start), date.fromisoformat(self.end))

    def holds(self, other: "Figure") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Figure") -> bool:
        return self.start <= other.end and other.start <= self.end

    def reaches(self, merged: str) -> bool:
        """Tell whether it speaks for what is in its unit's line, or came to it by a merger on a day."""
        return not merged or (self.speaks_for == PREDECESSORS and self.start < merged <= self.end)


class Totals(NamedTuple):
    """What the figures of a group for one indicator and window add up to."""

    start: str
    end: str
    figures: int
    value: int | None
    part: int | None
    whole: int | None
    special: int  # whether one of them is to be looked at: of a unit above others, or with more to say than its value
    own: int  # whether one of them is of the unit that the group is about
    only_printed: int  # how many have nothing but a percentage that their source printed


# Who may cover a figure: units, those into which its own, or one above, was merged with the day of that.
Line = Callable[[Figure], Sequence[tuple[int, str]]]
Level = Callable[[int], int]


class Nest:
    """The figures of one indicator in a scope, as boxes inside boxes.

    Args:
        figures: those whose window lies inside the report's.
        line: who may cover a figure: the units that stood above its own on its day, that one, and its successors.
        level: how near to the top a unit is: nearer than any that stood below it on any day.
        seeds: figures of something that holds this indicator, which cover these too.
        beside: the numbers of those that count elsewhere, where their unit has gone; what they cover here counts there.

    """

    def __init__(
        self,
        figures: Iterable[Figure],
        line: Line,
        level: Level,
        seeds: Sequence[Figure] = (),
        beside: Collection[int] = (),
    ) -> None:
        self.outermost: list[Figure] = []
        self.beside: list[Figure] = []
        self.covered: list[Figure] = []
        self.crossed: list[Figure] = []
        self.newer: list[Figure] = []  # of a state: stated below after one that counts, and left out
        self._inside: dict[int, list[Figure]] = defaultdict(list)
        kept: dict[int, list[Figure]] = defaultdict(list)
        for seed in seeds:
            kept[seed.unit].append(seed)
        lines = {figure.id: line(figure) for figure in figures}
        ranks: dict[int, tuple[int, int]] = {}
        for figure in figures:
            merged = [unit for unit, day in lines[figure.id] if day]
            rank = (max(level(unit) for unit in (figure.unit, *merged)), len(merged))
            ranks[figure.unit] = max(rank, ranks.get(figure.unit, rank))

        def order(figure: Figure) -> tuple[object, ...]:
            return ranks[figure.unit], -_days(figure.start, figure.end), -figure.operation, -figure.id

        for figure in sorted(figures, key=order):
            meeting = [
                other
                for unit, merged in lines[figure.id]
                for other in kept[unit]
                if other.meets(figure) and other.reaches(merged)
            ]
            holders = [other for other in meeting if other.holds(figure)]
            for holder in holders:
                self._inside[holder.id].append(figure)
            if not meeting:
                kept[figure.unit].append(figure)
                (self.beside if figure.id in beside else self.outermost).append(figure)
            elif figure.id not in beside:
                (self.covered if holders else self.crossed).append(figure)

    def inside(self, outer: Figure) -> list[Figure]:
        """Return the figures that one of the outermost covers."""
        return self._inside[outer.id]


class Latest(Nest):
    """The figures of a state: of each unit the latest counts, and of those the outermost; nothing adds up over time."""

    def __init__(self, figures: Iterable[Figure], line: Line, level: Level, beside: Collection[int] = ()) -> None:
        latest: dict[int, Figure] = {}
        older = []
        for figure in sorted(figures, key=lambda it: (it.end, _days(it.start, it.end), it.operation, it.id)):
            if figure.unit in latest:
                older.append(latest[figure.unit])
            latest[figure.unit] = figure
        lines = {
            unit: [it for it, day in line(figure) if it != unit and it in latest and latest[it].reaches(day)]
            for unit, figure in latest.items()
        }
        super().__init__([it for unit, it in latest.items() if not lines[unit]], line, level, (), beside)
        for unit, uppers in lines.items():
            if uppers and latest[unit].id not in beside:
                outer = latest[uppers[0]]
                if latest[unit].end > outer.end:
                    self.newer.append(latest[unit])
                else:
                    self.covered.append(latest[unit])
                    self._inside[outer.id].append(latest[unit])
        self.covered += [it for it in older if it.id not in beside]


def between_cumulative(figures: Sequence[Figure], first: str, last: str, *, is_signed: bool) -> list[Figure]:
    """Return what fell between windows that begin on one day: of each two, the longer less the shorter.

    Only what lies between two days, of figures of one unit, and not where the longer lies between them itself.
    """
    runs: dict[tuple[int, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.value is not None and figure.start < first:
            runs[figure.unit, figure.start].append(figure)
    found = []
    for run in runs.values():
        for shorter, longer in pairwise(sorted(run, key=lambda it: it.end)):
            start = day_after(shorter.end)
            if (
                first <= start
                and longer.end <= last
                and (value := _less(longer.value, shorter.value, is_signed=is_signed))
            ):
                found.append(
                    longer._replace(start=start, period=f"{start}..{longer.end}", value=value, stated_percent=None)
                )
    return found


def totals_in_scope(db: sqlite3.Connection, indicators: Iterable[int]) -> dict[int, dict[int, list[Totals]]]:
    """Return by group and indicator what its figures add up to, for every window that touches the group's."""
    totals: dict[int, dict[int, list[Totals]]] = defaultdict(dict)
    for group, indicator, *row in db.execute(
        "SELECT s.grp, f.indicator, f.start_day, f.end_day, count(*), sum(f.value), sum(f.part), sum(f.whole),"
        f" max(s.upper OR {_SAYS_MORE}), max(s.own), count(*) - count(f.value) - count(f.whole)"
        f" {_IN_SCOPE.format(indicators=_listed(indicators))} GROUP BY 1, 2, 3, 4"
    ):
        totals[group].setdefault(indicator, []).append(Totals(*row))
    return totals


def passing_through(db: sqlite3.Connection, indicators: Iterable[int]) -> set[tuple[int, int]]:
    """Return the groups and indicators for which units that came into the group or left it have stated something."""
    rows = db.execute(
        "SELECT DISTINCT s.grp, f.indicator FROM temp.span g CROSS JOIN temp.scope s ON s.grp = g.grp"
        " AND (s.until <= min(g.last, s.lived_to) OR s.first > s.last OR (s.since BETWEEN g.first AND g.last AND EXISTS"
        " (SELECT 1 FROM ancestry l WHERE l.unit = s.unit AND l.ancestor = s.unit AND l.from_day < s.since)))"
        " CROSS JOIN figure f ON f.unit = s.unit AND f.end_day >= g.eve AND f.start_day <= g.last"
        f" AND f.indicator IN ({_listed(indicators)})"
    )
    return {(group, indicator) for group, indicator in rows}


def figures_in_scope(
    db: sqlite3.Connection, wanted: Iterable[tuple[int, int]]
) -> tuple[dict[tuple[int, int], list[Figure]], dict[tuple[int, int], set[int]]]:
    """Return the figures of some groups and indicators one by one, for every window that touches the group's.

    Also those of units that were in the group, which count elsewhere; the numbers of these are returned beside.
    """
    db.execute("DROP TABLE IF EXISTS temp.wanted")
    db.execute("CREATE TEMP TABLE wanted (grp INTEGER, indicator INTEGER)")
    db.executemany("INSERT INTO temp.wanted VALUES (?, ?)", wanted)
    found: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    beside: dict[tuple[int, int], set[int]] = defaultdict(set)
    for group, counts_here, *row in db.execute(
        f"SELECT s.grp, max(s.since <= {_DAY} AND {_DAY} < s.until), {COLUMNS}, {_DAY} FROM temp.wanted w"
        " CROSS JOIN temp.span g ON g.grp = w.grp CROSS JOIN temp.scope s ON s.grp = w.grp"
        f" CROSS JOIN figure f ON f.unit = s.unit AND f.indicator = w.indicator AND f.kind = '{STATED}'"
        " AND f.end_day >= g.eve AND f.start_day <= g.last GROUP BY s.grp, f.id ORDER BY f.id"
    ):
        figure = figure_of(row)
        found[group, figure.indicator].append(figure)
        if not counts_here:
            beside[group, figure.indicator].add(figure.id)
    return found, beside


def figures_outside(db: sqlite3.Connection, indicators: Iterable[int]) -> dict[tuple[int, int], list[Figure]]:
    """Return by group and indicator the first figures whose window is not inside the group's, though they touch."""
    found: dict[tuple[int, int], list[Figure]] = defaultdict(list)
    for group, _place, *row in db.execute(
        f"SELECT * FROM (SELECT s.grp, row_number() OVER (PARTITION BY s.grp, f.indicator ORDER BY f.id) AS place,"
        f" {COLUMNS}, {_DAY} AS day {_IN_SCOPE.format(indicators=_listed(indicators))}"
        " AND f.end_day >= g.first AND NOT (f.start_day >= g.first AND f.end_day <= g.last))"
        f" WHERE place <= {MOST_LISTED}"
    ):
        figure = figure_of(row)
        found[group, figure.indicator].append(figure)
    return found


# The columns of a figure, in the order of `figure_of`; its day comes behind them.
COLUMNS = (
    "f.id, f.indicator, f.unit, f.start_day, f.end_day, f.period, f.value, f.part, f.whole, f.qualifier,"
    " f.stated_percent, f.stated_qualifier, f.source, f.speaks_for, f.reason, f.op"
)
_SAYS_MORE = "f.qualifier NOTNULL OR f.stated_percent NOTNULL OR f.speaks_for NOTNULL OR f.reason NOTNULL"
_DAY = "min(f.end_day, s.lived_to)"
# Most units stand where they do all through the window: of those no day needs to be looked at.
_TOUCHES = (
    f"f.kind = '{STATED}' AND f.end_day >= g.eve AND f.start_day <= g.last"
    f" AND ((s.since < g.eve AND s.until > f.end_day AND s.lived_to >= f.end_day)"
    f" OR (s.since <= {_DAY} AND {_DAY} < s.until))"
)
_IN_SCOPE = (
    "FROM temp.span g CROSS JOIN temp.scope s ON s.grp = g.grp CROSS JOIN figure f ON f.unit = s.unit"
    f" AND f.indicator IN ({{indicators}}) AND {_TOUCHES} WHERE 1"
)


def last_day_of(row: str) -> str:
    """Return in SQL the last day of a row's window on which its unit lived."""
    return (
        f"min({row}.end_day, (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = {row}.unit"
        f" AND l.ancestor = {row}.unit))"
    )


def statements_of(db: sqlite3.Connection, stocks: Sequence[Indicator]) -> list[Figure]:
    """Return every statement of some stocks, each unit's latest first."""
    rows = db.execute(
        f"SELECT {COLUMNS}, {last_day_of('f')} AS day FROM figure f"
        f" WHERE f.indicator IN ({_listed(it.id for it in stocks)}) AND f.kind = '{STATED}' AND f.value NOTNULL"
        " ORDER BY day DESC, f.id DESC"
    )
    return [figure_of(row) for row in rows]


def figure_of(row: Iterable[Any]) -> Figure:
    """Return a figure from its `COLUMNS` and its day."""
    number, indicator, unit, start, end, period, value, part, whole, qualifier, *rest, operation, day = row
    stated: Value | None = None
    if value is not None:
        stated = Quantity(value, qualifier)
    elif whole is not None:
        stated = Share(part, whole, qualifier)
    return Figure._make((number, indicator, unit, start, end, period, day, stated, *rest, operation))


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Return figures in the order of their numbers, each once."""
    return sorted({(it.id, it.start): it for it in figures}.values(), key=lambda it: (it.id, it.start))


def _less(longer: Value | None, shorter: Value | None, *, is_signed: bool) -> Value | None:
    """Return what one value is more than another; None where that cannot be."""
    if isinstance(longer, Quantity) and isinstance(shorter, Quantity):
        difference = longer - shorter
        return difference if is_signed or difference.value >= 0 else None
    if isinstance(longer, Share) and isinstance(shorter, Share):
        part, whole = longer.part - shorter.part, longer.whole - shorter.whole
        if part >= 0 and whole > 0:
            return Share(part, whole, (Quantity(0, longer.qualifier) - Quantity(0, shorter.qualifier)).qualifier)
    return None


@cache
def _days(start: str, end: str) -> int:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
