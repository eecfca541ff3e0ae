"""Which unit belongs to which group, on which days: the only place that knows who stood above whom.

A fact belongs to the ancestors that its unit had on the fact's own day, or to those of one day for all facts. In the
structure of one day a unit that had ended by then belongs with the one that followed it; one without a successor,
with its last parent. A unit that was not there yet belongs, the other way round, with the one it came from, else
with its first parent. A unit that went to several belongs where all of them stand: no one knows which part is whose.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise, zip_longest
from typing import NamedTuple

from ucli.values.periods import BEGINNING, FOREVER, Window
from ucli.values.units import CLUSTER, LEVELS, Unit

Line = tuple[int, ...]
Stays = tuple[tuple[str, str], ...]  # each from a day until (not including) another, one after the other


class Scope(NamedTuple):
    """Whose facts are counted: everything at or below `roots`, and what a cluster itself states.

    A group that stood in its whole only part of the time counts there for its `stays`.
    """

    roots: tuple[int, ...]
    clusters: tuple[int, ...] = ()
    stays: Stays = ((BEGINNING, FOREVER),)

    @property
    def own(self) -> tuple[int, ...]:
        """The units whose own figures speak for the whole scope."""
        return self.clusters or (self.roots if len(self.roots) == 1 else ())

    def holds(self, day: str) -> bool:
        """Tell whether a fact of a day is counted."""
        return any(since <= day < until for since, until in self.stays)


class Group(NamedTuple):
    """Whose facts a table counts, between which days, and on which day its stocks are taken."""

    scope: Scope
    window: Window  # the days that count
    stock_day: str
    whole: Window  # the window that is asked about
    unit: Unit | None = None  # whose table it is and whose targets count; None for several units or the whole ledger

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day."""
        return self.window.start.isoformat(), self.window.end.isoformat()

    def is_whole(self, start: str, end: str) -> bool:
        """Tell whether days are just those of the window that is asked about."""
        whole = self.whole.lasted
        return (start, end) == (whole.start.isoformat(), whole.end.isoformat())


class _Above(NamedTuple):
    """Who stood above a unit (at depth 1 directly, at depth 0 itself), from a day until another."""

    depth: int
    unit: int
    since: str
    until: str


class Tree:
    """The organisation as a table counts by it: by the structure of a day, or of each fact's own day."""

    def __init__(self, db: sqlite3.Connection, day: date | None = None) -> None:
        self.db = db
        self.day = day
        self._above: dict[int, list[_Above]] = {}
        self._places: dict[int, Line] = {}

    def learn(self, units: Iterable[int]) -> None:
        """Look up the ancestors of some units at once."""
        new = {unit for unit in units if unit not in self._above}
        if not new:
            return
        self._above.update({unit: [] for unit in new})
        for unit, *above in self.db.execute(
            "SELECT a.unit, a.depth, a.ancestor, a.from_day, a.to_day FROM json_each(?) u"
            " CROSS JOIN ancestry a ON a.unit = u.value ORDER BY a.depth DESC, a.from_day",
            (json.dumps([*new]),),
        ):
            self._above[unit].append(_Above(*above))

    def ever_above(self, unit: int) -> list[_Above]:
        """Return who stood above a unit, itself too, the topmost first."""
        if unit not in self._above:
            self.learn([unit])
        return self._above[unit]

    def ancestors(self, unit: int, day: str) -> list[int]:
        """Return who stood above a unit on a day, the topmost first, the unit itself last."""
        return [it.unit for it in self.ever_above(unit) if it.since <= day < it.until]

    def life(self, unit: int) -> tuple[str, str]:
        """Return the first day of a unit and the first day after its end."""
        return next((it.since, it.until) for it in self.ever_above(unit) if it.depth == 0)

    def level(self, unit: int) -> int:
        """Return how far from the top a unit is by its kind: a unit above it, on whatever day, is nearer."""
        return self._levels[unit]

    def successors(self, unit: int, ended: str) -> list[int]:
        """Return the units that followed one that ended on a day."""
        return self._successors.get((unit, ended), [])

    def heirs(self, unit: int) -> Iterator[tuple[int, str]]:
        """Yield whom a unit was merged into, that one's in turn, and so on, each with the day."""
        if not self._successors:
            return
        until = self.life(unit)[1]
        followed = self.successors(unit, until)
        if len(followed) == 1:
            yield followed[0], until
            yield from self.heirs(followed[0])

    def parts(self, unit: int) -> list[int]:
        """Return what a unit was split into; nothing where it is there, or went over to one."""
        found = self.successors(unit, self.life(unit)[1]) if self._successors else []
        return found if len(found) > 1 else []

    def split_from(self, unit: int) -> list[int]:
        """Return the units of which one is a part, founded when they were split, the first that was split in front."""
        if not self._origins:
            return []
        wholes = [it for it in self._origins.get((unit, self.life(unit)[0]), []) if self.parts(it)]
        return [other for it in wholes for other in (*self.split_from(it), it)]

    def followed_by(self, unit: int) -> list[int]:
        """Return all that became of a unit: what it was merged or split into, and those in turn."""
        found = self.successors(unit, self.life(unit)[1]) if self._successors else []
        return [other for it in found for other in (it, *self.followed_by(it))]

    def is_replaced(self, unit: int, stated: Callable[[int], str | None]) -> bool:
        """Tell whether a unit was split, and all its parts have made a statement since; `stated` returns its day."""
        parts = self.parts(unit)

        def is_stated(part: int) -> bool:
            day, followed = stated(part), self.successors(part, self.life(part)[1])
            return (day is not None and day >= self.life(unit)[1]) or (bool(followed) and all(map(is_stated, followed)))

        return bool(parts) and all(map(is_stated, parts))

    def place(self, unit: int) -> Line:
        """Return where a unit belongs in the structure that was asked for."""
        if unit not in self._places:
            self._places[unit] = self._place(unit)
        return self._places[unit]

    def unplaced(self) -> list[int]:
        """Return the units that belong nowhere: what they were merged into, or split into, has nothing in common."""
        return [unit for unit in self._gone if not self.place(unit)]

    def lived_in(self, unit: int, window: Window) -> bool:
        """Tell whether a unit, or one placed in it, lived in a window."""
        first, last = window.start.isoformat(), window.end.isoformat()
        placed = (it for it in self._gone if unit in self.place(it))
        return any(begun <= last and first < until for begun, until in map(self.life, (unit, *placed)))

    def outermost(self, roots: Collection[int], day: str) -> list[int]:
        """Leave out the units that stood below another of the same list on a day."""
        among = {*roots}
        return [root for root in roots if among.isdisjoint({*self.ancestors(root, day)} - {root})]

    def scope_within(self, unit: int, roots: Collection[int], *, directly: bool = False) -> Scope:
        """Return what a unit did while it stood at or (directly) below some; in the structure of one day, all."""
        if self.day:
            return Scope((unit,))
        stays: list[tuple[str, str]] = []
        above = (it for it in self.ever_above(unit) if it.unit in roots and (it.depth == 1 or not directly))
        for since, until in sorted((it.since, it.until) for it in above):
            if stays and since <= stays[-1][1]:
                stays[-1] = stays[-1][0], max(until, stays[-1][1])
            else:
                stays.append((since, until))
        return Scope((unit,), stays=tuple(stays))

    def holds_all(self, scope: Scope) -> bool:
        """Tell whether a scope holds all that its roots ever did."""
        (since, until), *more = scope.stays or (("", ""),)
        lives = map(self.life, () if self.day else scope.roots)
        return not more and all(since <= begun and ended <= until for begun, ended in lives)

    def within(self, roots: Collection[int]) -> tuple[str, dict[str, object]]:
        """Return in SQL that a fact of a {unit} and {day} belongs at or below some units, and what that binds."""
        stood = (
            f"EXISTS (SELECT 1 FROM ancestry w WHERE w.unit = {{unit}} AND w.ancestor IN ({', '.join(map(str, roots))})"
            " AND w.from_day <= {day} AND {day} < w.to_day)"
        )
        if self.day is None:
            return stood, {}
        gone = [unit for unit in self._gone if not {*roots}.isdisjoint(self.place(unit))]
        lives = stood.replace("{day}", f"'{self.day.isoformat()}'")
        return f"({lives} OR {{unit}} IN (SELECT value FROM json_each(:gone)))", {"gone": json.dumps(gone)}

    def fill(self, groups: Sequence[Group]) -> "Cells":
        """Write whose facts count in some groups into temporary tables, and return how their cells make the groups.

        span    by group `grp` its window (first, last, the eve of it)
        scope   by group and unit: since, until    the days on which what the unit did belongs to the group
                                   lived_to        the last day of the unit's life
                                   upper own       whether it stands above others; speaks for the whole group
                                   first last      the days of the group's window
        cell    the same units and days once each, by the `cell` of those that belong to the same groups
                                   ends            whether there are days, since the windows began, on which it did not
        step    the days at which windows are cut (first, last), and on which stocks are taken (day), by `number` from 1
        """
        self.fill_scope(groups)
        everywhere = (BEGINNING, FOREVER, True)
        clusters = ((number, it, *everywhere) for number, group in enumerate(groups) for it in group.scope.clusters)
        self.db.executemany(_ALONE, clusters)
        self._fill_elsewhere(groups)
        return Cells(self.db, groups)

    def fill_scope(self, groups: Sequence[Group]) -> None:
        """Write the tables `span` and `scope` alone, with nothing of units whose figures are elsewhere."""
        self.learn(root for group in groups for root in group.scope.roots)
        for statement in _TABLES.split(";"):
            self.db.execute(statement)
        spans = ((number, *it.days, day_before(it.days[0])) for number, it in enumerate(groups))
        self.db.executemany("INSERT INTO temp.span VALUES (?, ?, ?, ?)", spans)
        roots = [
            (number, root, since, until, root in group.scope.own)
            for number, group in enumerate(groups)
            for root, since, until in self.spans(group.scope)
        ]
        gone: dict[int, list[int]] = defaultdict(list)
        for unit in self._gone if self.day else ():
            for root in self.place(unit):
                gone[root].append(unit)
        came = [(number, unit, *days) for number, root, *days, _own in roots for unit in gone[root]]
        self.db.execute(
            _SCOPE.format(places=_PLACES_OF_A_DAY.format(day=self.day.isoformat()) if self.day else _PLACES),
            {"roots": json.dumps(roots), "gone": json.dumps(came)},
        )

    def _fill_elsewhere(self, groups: Sequence[Group]) -> None:
        """Write whose figures speak for units of a group though they count in another one, on no day in this."""
        days = (f"'{self.day.isoformat()}'",) * 2 if self.day else ("g.eve", "g.last")
        found = self.db.execute(_STOOD_ABOVE.format(*days)).fetchall()
        self.learn(unit for _group, unit, _lived_to in found)
        above = {group: self._above_roots(groups[group].scope) for group, _unit, _lived_to in found}
        for group, unit, lived_to in found:
            belongs = self.place(unit)[-1:] if self.day else (unit,)
            if belongs and belongs[0] not in above[group]:
                self.db.execute(_ALONE, (group, unit, FOREVER, lived_to, False))

    def _above_roots(self, scope: Scope) -> set[int]:
        """Return who ever stood above the roots of a scope, or does in the structure asked for."""
        if self.day:
            return {unit for root in scope.roots for unit in self.place(root)}
        return {it.unit for root in scope.roots for it in self.ever_above(root)}

    def spans(self, scope: Scope) -> Iterator[tuple[int, str, str]]:
        """Yield the roots of a scope with the days on which they stood below no other of them: no one counts twice."""
        if self.day:
            yield from ((root, BEGINNING, FOREVER) for root in self.outermost(scope.roots, self.day.isoformat()))
            return
        for root in scope.roots:
            others = (it for it in self.ever_above(root) if it.unit in scope.roots and it.unit != root)
            above = sorted((it.since, it.until) for it in others)
            for since, until in scope.stays:
                day = since
                for first, to in [*above, (until, until)]:
                    if day < min(first, until):
                        yield root, day, min(first, until)
                    day = max(day, to)

    def below(self, asked: Iterable[tuple[int, tuple[int, ...], str, str]]) -> str:
        """Return what `registers.BELOW` asks, of keys with roots, a first day and a last."""
        return json.dumps([(key, *span, *days) for key, roots, *days in asked for span in self.spans(Scope(roots))])

    def _place(self, unit: int) -> Line:
        assert self.day is not None  # noqa: S101  no one asks for a place in the structure of each day
        day = self.day.isoformat()
        begun, until = self.life(unit)
        if begun <= day < until:
            return tuple(self.ancestors(unit, day))
        parents = [it for it in self.ever_above(unit) if it.depth == 1]
        if day >= until:
            others = self.successors(unit, until) or [it.unit for it in parents if it.until == until]
        else:
            others = self._origins.get((unit, begun)) or [it.unit for it in parents if it.since == begun]
        return shared_line([self.place(it) for it in others])

    @cached_property
    def _levels(self) -> dict[int, int]:
        rows = self.db.execute("SELECT DISTINCT unit, kind FROM unit_name").fetchall()
        # A cluster's figure speaks for all in it.
        return {unit: -1 if kind == CLUSTER else LEVELS[kind] for unit, kind in rows}

    @cached_property
    def _gone(self) -> Sequence[int]:
        """The units that are not there on the day whose structure was asked for."""
        assert self.day is not None  # noqa: S101  as above
        rows = self.db.execute(
            "SELECT unit FROM ancestry WHERE depth = 0 AND NOT (from_day <= :day AND :day < to_day) ORDER BY unit",
            {"day": self.day.isoformat()},
        )
        gone = [unit for (unit,) in rows]
        self.learn(gone)
        return gone

    @cached_property
    def _successors(self) -> dict[tuple[int, str], list[int]]:
        return self._followed("unit, successor")

    @cached_property
    def _origins(self) -> dict[tuple[int, str], list[int]]:
        return self._followed("successor, unit")

    def _followed(self, pair: str) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for unit, other, day in self.db.execute(f"SELECT {pair}, day FROM succession ORDER BY 2"):
            found[unit, day].append(other)
        return found


_TABLES = """
DROP TABLE IF EXISTS temp.span;
DROP TABLE IF EXISTS temp.scope;
CREATE TEMP TABLE span (grp INTEGER PRIMARY KEY, first TEXT, last TEXT, eve TEXT);
CREATE TEMP TABLE scope (
    grp INTEGER, unit INTEGER, since TEXT, until TEXT, first TEXT, last TEXT, lived_to TEXT, upper INTEGER, own INTEGER,
    PRIMARY KEY (grp, unit, since)
) WITHOUT ROWID;
DROP TABLE IF EXISTS temp.cell;
DROP TABLE IF EXISTS temp.step;
CREATE TEMP TABLE cell (
    cell INTEGER, unit INTEGER, since TEXT, until TEXT, lived_to TEXT, upper INTEGER, ends INTEGER,
    PRIMARY KEY (cell, unit, since)
) WITHOUT ROWID;
CREATE TEMP TABLE step (number INTEGER PRIMARY KEY, first TEXT, last TEXT, day TEXT)
"""
# Where units stand below the roots of groups: by the structure of each day, or of one.
_PLACES = """
SELECT j.grp, a.unit, max(a.from_day, j.since) AS since, min(a.to_day, j.until) AS until,
    j.own AND a.unit = j.unit AS own, a.to_day AS stood_to
FROM root j CROSS JOIN ancestry a ON a.ancestor = j.unit AND a.from_day < j.until AND a.to_day > j.since
"""
_PLACES_OF_A_DAY = """
SELECT j.grp, a.unit, j.since, j.until, j.own AND a.unit = j.unit AS own, a.to_day AS stood_to
FROM root j CROSS JOIN ancestry a ON a.ancestor = j.unit AND a.from_day <= '{day}' AND '{day}' < a.to_day
UNION ALL
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, 0, '' FROM json_each(:gone)
"""
_SCOPE = """
INSERT INTO temp.scope
WITH root AS MATERIALIZED (
    SELECT value ->> 0 AS grp, value ->> 1 AS unit, value ->> 2 AS since, value ->> 3 AS until, value ->> 4 AS own
    FROM json_each(:roots))
SELECT p.grp, p.unit, p.since, p.until, g.first, g.last,
    iif(p.stood_to = '9999-12-31', '9999-12-30',
        (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = p.unit AND l.ancestor = p.unit)),
    p.unit IN (SELECT ancestor FROM ancestry WHERE depth = 1), p.own
FROM ({places}) p CROSS JOIN temp.span g ON g.grp = p.grp
"""
_CELLS = """
SELECT group_concat(iif(own, grp || '*', grp)), unit, since, until, lived_to, max(upper),
    since > min(first) OR until < '9999-12-31' OR lived_to < '9999-12-30'
FROM (SELECT * FROM temp.scope ORDER BY unit, since, until, grp) GROUP BY unit, since, until
"""
_CELLS_OF_ONE = """
INSERT INTO temp.cell SELECT own, unit, since, until, lived_to, upper,
    since > first OR until < '9999-12-31' OR lived_to < '9999-12-30' FROM temp.scope
"""
# A unit that stands above those of a group counts with what it states itself.
_ALONE = """
INSERT INTO temp.scope
SELECT grp, ?2, ?3, '9999-12-31', first, last, ?4, 1, ?5 FROM temp.span WHERE grp = ?1
"""
# Who stood above a unit of a group in its window, or what a unit of it was merged into and who stood above that, and is
# none of the group.
_STOOD_ABOVE = """
WITH RECURSIVE heir (grp, unit) AS (
    SELECT s.grp, u.successor FROM temp.scope s
        CROSS JOIN succession u ON u.unit = s.unit AND u.day > s.first AND u.day <= s.last
    UNION
    SELECT h.grp, u.successor FROM heir h JOIN temp.span g ON g.grp = h.grp
        CROSS JOIN succession u ON u.unit = h.unit AND u.day > g.first AND u.day <= g.last
),
changed (unit, ancestor, from_day, to_day) AS MATERIALIZED (
    SELECT unit, ancestor, from_day, to_day FROM ancestry WHERE depth > 0
        AND NOT (from_day <= (SELECT min({0}) FROM temp.span g) AND (SELECT max({1}) FROM temp.span g) < to_day)
),
above (grp, unit) AS (
    SELECT s.grp, a.ancestor FROM temp.scope s CROSS JOIN temp.span g ON g.grp = s.grp
        CROSS JOIN changed a ON a.unit = s.unit AND a.from_day <= g.last AND a.to_day > g.eve
        AND NOT (a.from_day <= {0} AND {1} < a.to_day)
    UNION
    SELECT h.grp, a.ancestor FROM heir h JOIN temp.span g ON g.grp = h.grp
        CROSS JOIN ancestry a ON a.unit = h.unit AND a.from_day <= g.last AND a.to_day > g.eve
)
SELECT x.grp, x.unit, date(l.to_day, '-1 day')
FROM above x JOIN ancestry l ON l.unit = x.unit AND l.ancestor = x.unit
WHERE NOT EXISTS (SELECT 1 FROM temp.scope o WHERE o.grp = x.grp AND o.unit = x.unit)
"""


class Cells:
    """How groups are made of cells: units on days that belong to the same groups, so that each is counted once.

    Windows are cut in the same way: into steps, at the days on which one of a group begins or ends.
    """

    def __init__(self, db: sqlite3.Connection, groups: Sequence[Group]) -> None:
        # By cell: its groups, each with whether the cell's unit speaks for all of it.
        self.groups = [[(0, False)], [(0, True)]]
        self.are_units = False  # nearly every cell has one unit
        if len(groups) == 1:
            db.execute(_CELLS_OF_ONE)
        else:
            numbers: dict[str, int] = {}
            rows = [(numbers.setdefault(among, len(numbers)), *row) for among, *row in db.execute(_CELLS).fetchall()]
            db.executemany("INSERT INTO temp.cell VALUES (?, ?, ?, ?, ?, ?, ?)", sorted(rows))
            self.groups = [[(int(it.strip("*")), "*" in it) for it in among.split(",")] for among in numbers]
            self.are_units = len(rows) < 2 * len(numbers)
        edges = {it.window.start.toordinal() for it in groups} | {it.window.end.toordinal() + 1 for it in groups}
        pieces = [
            tuple(date.fromordinal(day).isoformat() for day in (first, until - 1))
            for first, until in pairwise(sorted(edges))
        ]
        days = sorted({it.stock_day for it in groups})
        steps = [(*(piece or (None, None)), day) for piece, day in zip_longest(pieces, days)]
        db.executemany("INSERT INTO temp.step (first, last, day) VALUES (?, ?, ?)", steps)
        self.size = len(groups)
        spans = [it.days for it in groups]
        # By step: the groups whose windows hold it, and those whose stocks are taken on its day.
        in_window = [
            {number for number, span in enumerate(spans) if span[0] <= first and last <= span[1]}
            for first, last in pieces
        ]
        on_day = [{number for number, it in enumerate(groups) if it.stock_day == day} for day in days]
        self._by_step = [*zip_longest(in_window, on_day, fillvalue=set[int]())]

    def groups_of(self, step: int, cell: int) -> tuple[list[int], list[int]]:
        """Return the groups to which the rows of a cell in a step belong, and those to which its stocks do."""
        counting, holding = self._by_step[step - 1]
        among = [group for group, _own in self.groups[cell]]
        return [it for it in among if it in counting], [it for it in among if it in holding]


def shared_line(lines: Sequence[Sequence[int]]) -> Line:
    """Return what some lines have in common from the top."""
    shared = []
    for units in zip(*lines, strict=False):
        if len({*units}) > 1:
            break
        shared.append(units[0])
    return tuple(shared)


def day_before(day: str) -> str:
    """Return the day before an ISO day; the first of all days where there is none."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day > BEGINNING else day


def day_after(day: str) -> str:
    """Return the day after an ISO day; the last of all days where there is none."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day < FOREVER else day
