"""Figures: which of a scope count, which lie inside others, and which are left out.

A figure states everything at or below its unit within its window, and where it says so also what the units that were
merged into its own stated before. From the top down, and of one unit the longest window first, a figure counts unless
it lies inside one that counts already; one that only half overlaps with such a one is left out, for what they share
would count twice. An estimate counts nowhere.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from ucli.ledger.lineage import predecessors
from ucli.reports.scope import Cells, Group, Tree, day_after
from ucli.values.indicators import Indicator
from ucli.values.periods import BEGINNING, Window, window_of
from ucli.values.quantities import PREDECESSORS, STATED, Quantity, Share, Value, value_of

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


@dataclass(slots=True)
class Stated:
    """What the figures of one indicator in a group state, looked at one by one."""

    counted: Counted  # without what the registers know of the same
    values: Sequence[Value]  # what those that count come to
    boxes: Sequence[Figure] = ()  # in which registers are not added again: seeds, those that count here, and elsewhere
    seeds: int = 0
    overlaps: bool = False  # one was left out because it half overlaps another
    is_stated: bool = True  # a figure touches the window
    recorded: dict[int, int] = field(default_factory=dict)  # by the place of a box: what the registers count in it
    unvalued: int = 0  # how many payouts of unknown value are in a box


# Who may cover a figure: units, those into which its own, or one above, was merged with the day of that.
Line = Callable[[Figure], Sequence[tuple[int, str]]]
Level = Callable[[int], int]


@dataclass(slots=True)
class Nest:
    """The figures of one indicator in a scope, as boxes inside boxes."""

    outermost: list[Figure] = field(default_factory=list)
    elsewhere: list[Figure] = field(default_factory=list)  # the outermost that count there
    covered: list[Figure] = field(default_factory=list)
    overlapping: list[Figure] = field(default_factory=list)  # one that counts, by half: left out
    newer: list[Figure] = field(default_factory=list)  # of a state: stated below after one that counts, and left out
    inside: dict[int, list[Figure]] = field(default_factory=lambda: defaultdict(list))  # by what covers them


def nested(figures: Sequence[Figure], line: Line, level: Level, seeds: Sequence[Figure] = ()) -> Nest:
    """Put figures into each other.

    Args:
        figures: those whose window lies inside the report's; what one that counts elsewhere covers counts there.
        line: who may cover a figure: the units that stood above its own on its day, that one, and its successors.
        level: how near to the top a unit is: nearer than any that stood below it on any day.
        seeds: figures of something that holds this indicator, which cover these too.

    """
    nest = Nest()
    kept: dict[int, list[Figure]] = defaultdict(list)
    for seed in seeds:
        kept[seed.unit].append(seed)
    lines = {figure.id: line(figure) for figure in figures}
    ranks: dict[int, tuple[int, int]] = {}
    for figure in figures:
        merged = [unit for unit, day in lines[figure.id] if day]
        rank = (max(level(unit) for unit in (figure.unit, *merged)), len(merged))
        ranks[figure.unit] = max(rank, ranks.get(figure.unit, rank))
    for figure in sorted(figures, key=lambda it: (ranks[it.unit], -_days(it), -it.operation, -it.id)):
        meeting = [
            other
            for unit, merged in lines[figure.id]
            for other in kept[unit]
            if other.meets(figure) and other.reaches(merged)
        ]
        holders = [other for other in meeting if other.holds(figure)]
        for holder in holders:
            nest.inside[holder.id].append(figure)
        if not meeting:
            kept[figure.unit].append(figure)
            (nest.outermost if figure.is_here else nest.elsewhere).append(figure)
        elif figure.is_here:
            (nest.covered if holders else nest.overlapping).append(figure)
    return nest


def latest(figures: Sequence[Figure], line: Line, level: Level) -> Nest:
    """Put the figures of a state into each other: of each unit the latest counts; nothing adds up over time."""
    last = {it.unit: it for it in sorted(figures, key=lambda it: (it.end, _days(it), it.operation, it.id))}
    above = {
        unit: [last[it] for it, day in line(figure) if it != unit and it in last and last[it].reaches(day)]
        for unit, figure in last.items()
    }
    nest = nested([it for unit, it in last.items() if not above[unit]], line, level)
    for unit, uppers in above.items():
        if uppers and last[unit].is_here:
            if last[unit].end > uppers[0].end:
                nest.newer.append(last[unit])
            else:
                nest.covered.append(last[unit])
                nest.inside[uppers[0].id].append(last[unit])
    nest.covered += [it for it in figures if it is not last[it.unit] and it.is_here]
    return nest


def spoken_for(tree: Tree, figure: Figure) -> set[int]:
    """Return the units whose own figures one figure includes: its unit, and those merged into it where it says so."""
    if figure.speaks_for != PREDECESSORS:
        return {figure.unit}
    return {figure.unit, *(it.unit for it in predecessors(tree.db, figure.unit, figure.start, figure.end))}


def between_cumulative(
    figures: Sequence[Figure], first: str, last: str, tree: Tree, *, is_signed: bool
) -> list[Figure]:
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
            if start < first or longer.end > last or not (before := _stated_before(shorter, longer, tree)):
                continue
            value = longer.value
            for it in before:
                value = _less(value, it.value, is_signed=is_signed)
            if value is not None:
                period = f"{start}..{longer.end}"
                piece = longer._replace(start=start, period=period, value=value, stated_percent=None)
                merged_since = len(spoken_for(tree, piece)) > 1
                found.append(piece if merged_since else piece._replace(speaks_for=None))
    return found


def _stated_before(shorter: Figure, longer: Figure, tree: Tree) -> list[Figure]:
    """Return the figures that state, for the units of a longer one, what it holds of the days of a shorter one.

    The shorter one, and those of units that were merged into its own since. Empty where one is lacking, or where the
    shorter one speaks for units that the longer one leaves out: then no one knows what fell between.
    """
    lacking, already = spoken_for(tree, longer), spoken_for(tree, shorter)
    found = [shorter] if already <= lacking else []
    lacking -= already
    if not (found and lacking):
        return found
    others = figures_where(
        tree.db,
        f"f.unit IN ({_listed(lacking)}) AND f.kind = '{STATED}' AND f.indicator = :indicator AND f.start_day = :start"
        " AND f.end_day <= :end",
        indicator=longer.indicator,
        start=shorter.start,
        end=shorter.end,
    )
    for it in sorted(others, key=lambda it: (it.end, it.id), reverse=True):
        whose = spoken_for(tree, it)
        is_all = it.end == shorter.end or tree.life(it.unit)[1] <= day_after(it.end)
        if is_all and whose <= lacking and it.value is not None:
            found.append(it)
            lacking -= whose
    return [] if lacking else found


def looked_at(
    indicator: Indicator,
    figures: Sequence[Figure],
    tree: Tree,
    group: Group,
    seeds: Sequence[Figure],
) -> Stated:
    """Return what figures of one indicator that touch a group's window state there, one by one.

    Args:
        indicator: whose figures they are.
        figures: all of the group, also those that count elsewhere.
        tree: says who stood above whom.
        group: what is counted.
        seeds: those of a difference of which the indicator is a part: what is inside them is said already.

    """
    own, (first, last) = group.scope.own, group.days
    counted = Counted()
    usable: list[Figure] = []
    printed: list[Figure] = []
    left_out: list[Figure] = []
    outside: list[Figure] = []
    if not indicator.is_state:
        usable += between_cumulative(figures, first, last, tree, is_signed=indicator.may_be_negative)
    for figure in figures:
        is_whole = figure.value is None and group.is_whole(figure.start, figure.end)
        if not (is_whole or (first <= figure.start and figure.end <= last)):
            outside += [figure] if figure.is_here and figure.end >= first else []
            continue
        is_own = figure.is_here and figure.unit in own and (is_whole or (figure.start, figure.end) == (first, last))
        if figure.stated_percent and is_own:
            counted.stated_percent, counted.stated_qualifier = figure.stated_percent, figure.stated_qualifier
        if figure.value is not None:
            usable.append(figure)
        elif is_own:
            printed.append(figure)
        elif figure.is_here:
            counted.printed_below = True
            left_out.append(figure)
    line = _line_in(tree, group.scope.clusters, with_heirs=any(it.speaks_for == PREDECESSORS for it in usable))
    nest = latest(usable, line, tree.level) if indicator.is_state else nested(usable, line, tree.level, seeds)
    counted.stated, counted.covered, counted.printed = nest.outermost, nest.covered, printed
    counted.left_out = in_order([*left_out, *nest.overlapping, *nest.newer, *outside[:MOST_LISTED]])
    for it in nest.outermost:
        inner = nested(nest.inside.get(it.id, []), line, tree.level)
        # What is inside a box was collected for it, wherever else it counts.
        counted.inside[it.id] = [*inner.outermost, *inner.elsewhere]
    counted.is_own = bool(counted.stated_percent) or any(it.unit in own for it in nest.outermost)
    return Stated(
        counted,
        [it.value for it in counted.stated if it.value is not None],
        boxes=[*seeds, *nest.outermost, *nest.elsewhere],
        seeds=len(seeds),
        overlaps=bool(nest.overlapping),
        is_stated=any(it.end >= first and it.is_here for it in figures),
    )


def _line_in(tree: Tree, clusters: Sequence[int], *, with_heirs: bool) -> Line:
    """Return what says who may cover a figure in a group, successors with the day of the merger."""

    def line(figure: Figure) -> Sequence[tuple[int, str]]:
        if figure.unit in clusters:
            return [(figure.unit, "")]
        units = tree.ancestors(figure.unit, figure.day)
        heirs = [it for unit in units for it in tree.heirs(unit)] if with_heirs else []
        merged = dict.fromkeys((heir, day) for heir, day in heirs if heir not in units)
        wholes = clusters if figure.is_here else ()
        return [*((unit, "") for unit in (*wholes, *units)), *merged]

    return line


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


def _is_inside(days: Days, others: Days) -> bool:
    return others[0] <= days[0] and days[1] <= others[1]


def _days(figure: Figure) -> int:
    return (date.fromisoformat(figure.end) - date.fromisoformat(figure.start)).days


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
