"""Which unit belongs to which group, on which days: the only place that knows who stood above whom.

A fact belongs to the ancestors that its unit had on the fact's own day, or to those of one day for all facts. In the
structure of one day a unit that had ended by then belongs with the one that followed it; one without a successor,
with its last parent. Of a unit that was not there yet the same is said backwards: with the one it came from, else
with its first parent. A unit that went to several belongs where all of them stand: no one knows which part is whose.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from ucli.values.periods import BEGINNING, FOREVER, Window
from ucli.values.units import CLUSTER, LEVELS

Line = tuple[int, ...]
Stays = tuple[tuple[str, str], ...]  # each from a day until (not including) another, one after the other
ALWAYS: Stays = ((BEGINNING, FOREVER),)


class Scope(NamedTuple):
    """Whose facts are counted: everything at or below `roots`, and what a cluster itself states.

    A group that stood in its whole only part of the time counts there for its `stays`.
    """

    roots: tuple[int, ...]
    clusters: tuple[int, ...] = ()
    stays: Stays = ALWAYS

    @property
    def own(self) -> tuple[int, ...]:
        """The units whose own figures speak for the whole scope."""
        return self.clusters or (self.roots if len(self.roots) == 1 else ())

    def holds(self, day: str) -> bool:
        """Tell whether a fact of a day is counted."""
        return any(since <= day < until for since, until in self.stays)

    def on(self, day: str) -> str:
        """Say in SQL that a day is one whose facts are counted."""
        spans = (f"'{since}' <= {day} AND {day} < '{until}'" for since, until in self.stays)
        return f"({' OR '.join(spans)})"


class Group(NamedTuple):
    """Whose facts are counted, between which days, and on which day its stocks are taken."""

    scope: Scope
    window: Window
    stock_day: str
    whole: Window | None = None  # the window that is asked about, where only its days up to one count

    def is_whole(self, start: str, end: str) -> bool:
        """Tell whether days are just those of the window that is asked about."""
        whole = (self.whole or self.window).lasted
        return (start, end) == (whole.start.isoformat(), whole.end.isoformat())


class Condition(NamedTuple):
    """A condition in SQL with places for {unit} and {day}, and what it binds."""

    sql: str
    bound: Mapping[str, object]


class _Above(NamedTuple):
    """Who stood above a unit (at depth 1 directly, at depth 0 itself), from a day until another."""

    depth: int
    unit: int
    since: str
    until: str


class Tree:
    """The organisation as a table counts by it.

    Args:
        db: the ledger.
        day: whose structure all facts are mapped to; None for that of each fact's own day.

    """

    def __init__(self, db: sqlite3.Connection, day: date | None = None) -> None:
        self.db = db
        self.day = day
        self._above: dict[int, list[_Above]] = {}
        self._places: dict[int, Line] = {}

    def line(self, unit: int, day: str) -> Sequence[int]:
        """Return whom a unit's fact of a day belongs to: the topmost first, the unit itself last while it lives."""
        return self.place(unit) if self.day else self.ancestors(unit, day)

    def ancestors(self, unit: int, day: str) -> list[int]:
        """Return who stood above a unit on a day, the topmost first, the unit itself last."""
        return [it.unit for it in self._of(unit) if it.since <= day < it.until]

    def life(self, unit: int) -> tuple[str, str]:
        """Return the first day of a unit and the first day after its end."""
        return next((it.since, it.until) for it in self._of(unit) if it.unit == unit)

    def level(self, unit: int) -> int:
        """Return how far from the top a unit is by its kind: a unit above it, on whatever day, is nearer."""
        return self._levels[unit]

    def days_of_change(self, unit: int) -> set[str]:
        """Return the days on which a unit's line to the top changed."""
        return {day for it in self._of(unit) for day in (it.since, it.until)}

    def successors(self, unit: int, ended: str) -> list[int]:
        """Return the units that followed one that ended on a day."""
        return self._successors.get((unit, ended), [])

    def heirs(self, unit: int) -> Iterator[tuple[int, str]]:
        """Yield whom a unit was merged into, that one's in turn, and so on, each with the day."""
        until = self.life(unit)[1]
        followed = self.successors(unit, until)
        if len(followed) == 1:
            yield followed[0], until
            yield from self.heirs(followed[0])

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

    def stood_below(self, unit: int, roots: Collection[int], first: str, last: str) -> bool:
        """Tell whether a unit stood at or below one of some on a day between two, or does in the one asked for."""
        if self.day:
            return not set(roots).isdisjoint(self.place(unit))
        return any(it.unit in roots and it.since <= last and first < it.until for it in self._of(unit))

    def stays_below(self, unit: int, roots: Collection[int], *, directly: bool = False) -> Stays:
        """Return the days on which a unit stood at or (directly) below some, those without a break as one stay."""
        stays: list[tuple[str, str]] = []
        above = (it for it in self._of(unit) if it.unit in roots and (it.depth == 1 or not directly))
        for since, until in sorted((it.since, it.until) for it in above):
            if stays and since <= stays[-1][1]:
                stays[-1] = stays[-1][0], max(until, stays[-1][1])
            else:
                stays.append((since, until))
        return tuple(stays)

    def within(self, roots: Iterable[int]) -> Condition:
        """Return the condition that a fact of a unit and day belongs at or below some units."""
        among = ", ".join(map(str, roots))
        stood = (
            f"EXISTS (SELECT 1 FROM ancestry w WHERE w.unit = {{unit}} AND w.ancestor IN ({among})"
            " AND w.from_day <= {day} AND {day} < w.to_day)"
        )
        if self.day is None:
            return Condition(stood, {})
        wanted = set(roots)
        gone = [unit for unit in self._gone if not wanted.isdisjoint(self.place(unit))]
        lives = stood.replace("{day}", f"'{self.day.isoformat()}'")
        return Condition(f"({lives} OR {{unit}} IN (SELECT value FROM json_each(:gone)))", {"gone": json.dumps(gone)})

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

    def spans(self, scope: Scope) -> Iterator[tuple[int, str, str]]:
        """Yield the roots of a scope with the days on which they stood below no other of them: no one counts twice."""
        if self.day:
            yield from ((root, BEGINNING, FOREVER) for root in self.outermost(scope.roots, self.day.isoformat()))
            return
        among = {*scope.roots}
        for root in scope.roots:
            above = sorted((it.since, it.until) for it in self._of(root) if it.unit in among and it.unit != root)
            for since, until in scope.stays:
                day = since
                for first, to in above:
                    if day < min(first, until):
                        yield root, day, min(first, until)
                    day = max(day, to)
                if day < until:
                    yield root, day, until

    def _of(self, unit: int) -> list[_Above]:
        if unit not in self._above:
            self.learn([unit])
        return self._above[unit]

    def _place(self, unit: int) -> Line:
        assert self.day is not None  # noqa: S101  no one asks for a place in the structure of each day
        day = self.day.isoformat()
        begun, until = self.life(unit)
        if begun <= day < until:
            return tuple(self.ancestors(unit, day))
        if day >= until:
            others = self.successors(unit, until)
            beside = [it.unit for it in self._of(unit) if it.depth == 1 and it.until == until]
        else:
            others = self._origins.get((unit, begun), [])
            beside = [it.unit for it in self._of(unit) if it.depth == 1 and it.since == begun]
        return shared_line([self.place(it) for it in others or beside])

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
        return self._followed("unit", "successor")

    @cached_property
    def _origins(self) -> dict[tuple[int, str], list[int]]:
        return self._followed("successor", "unit")

    def _followed(self, of: str, to: str) -> dict[tuple[int, str], list[int]]:
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        for unit, other, day in self.db.execute(f"SELECT {of}, {to}, day FROM succession ORDER BY {to}"):
            found[unit, day].append(other)
        return found

    def fill(self, groups: Sequence[Group]) -> None:
        """Write whose facts count in some groups into the temporary table `scope`, a row for a unit's days.

        grp        the number of the group
        since      the unit belongs to the group from this day
        until      … until (not including) this one
        first last the days between which its facts count
        eve_first eve_last
                   the days between which those count that belong where their unit stood the day before
        lived_to   the last day of the unit's life
        upper own  whether it stands above others; whether its figures speak for the whole group
        """
        self.learn({root for group in groups for root in group.scope.roots})
        db = self.db
        for statement in _SCOPE.split(";"):
            db.execute(statement)
        db.executemany(
            "INSERT INTO temp.span VALUES (?, ?, ?, ?, ?)",
            (
                (
                    number,
                    it.window.start.isoformat(),
                    it.window.end.isoformat(),
                    day_before(it.window.start.isoformat()),
                    it.stock_day,
                )
                for number, it in enumerate(groups)
            ),
        )
        roots = (
            (number, root, since, until, root in group.scope.own)
            for number, group in enumerate(groups)
            for root, since, until in self.spans(group.scope)
        )
        db.executemany("INSERT INTO temp.root VALUES (?, ?, ?, ?, ?)", roots)
        db.execute(_BELOW.format(places=self._places_sql(groups)))
        clusters = [
            {"number": number, "cluster": it} for number, group in enumerate(groups) for it in group.scope.clusters
        ]
        db.executemany(
            "INSERT INTO temp.scope"
            " SELECT grp, :cluster, '0001-01-01', '9999-12-31', first, last, first, last, '9999-12-31', 1, 1"
            " FROM temp.span WHERE grp = :number",
            clusters,
        )
        self._fill_beside(groups)

    def _fill_beside(self, groups: Sequence[Group]) -> None:
        """Write whose figures speak for units of a group though they count in another one, on no day in this."""
        moved = "(s.until <= min(g.last, s.lived_to) OR s.since BETWEEN g.first AND g.last)"
        if self.day:
            moved = f"NOT (a.from_day <= '{self.day.isoformat()}' AND '{self.day.isoformat()}' < a.to_day)"
        found = self.db.execute(_STOOD_ABOVE.format(moved=moved)).fetchall()
        self.learn({unit for _group, unit, _lived_to in found})
        above = {group: self._above_roots(groups[group].scope) for group, _unit, _lived_to in found}
        beside = [tuple(row) for row in found if not self._is_among(row[1], above[row[0]])]
        self.db.executemany(_BESIDE, beside)

    def _above_roots(self, scope: Scope) -> set[int]:
        """Return who ever stood above the roots of a scope, or does in the structure asked for."""
        if self.day:
            return {unit for root in scope.roots for unit in self.place(root)}
        return {it.unit for root in scope.roots for it in self._of(root)}

    def _is_among(self, unit: int, units: Collection[int]) -> bool:
        """Tell whether a unit, or the one where it belongs in the structure asked for, is one of some, or nowhere."""
        if self.day is None:
            return unit in units
        return not self.place(unit) or self.place(unit)[-1] in units

    def fill_boxes(self, boxes: Iterable[tuple[object, ...]]) -> None:
        """Write what lies inside figures into the temporary table `box`, with days as `scope` has them.

        Args:
            boxes: (item, group, source, figure, unit, whether that is the group's cluster, first day, last day);
                the scope of the groups must be filled.

        """
        for statement in _BOX.split(";"):
            self.db.execute(statement)
        self.db.executemany("INSERT INTO temp.stated VALUES (?, ?, ?, ?, ?, ?, ?, ?)", boxes)
        self.db.execute(_INSIDE)

    def _places_sql(self, groups: Sequence[Group]) -> str:
        """Return where units stand below the roots of groups, as a table in SQL."""
        if self.day is None:
            return (
                "SELECT r.grp, a.unit, max(a.from_day, r.since) AS since, min(a.to_day, r.until) AS until,"
                " r.own AND a.unit = r.unit AS own FROM temp.root r CROSS JOIN ancestry a"
                " ON a.ancestor = r.unit AND a.from_day < r.until AND a.to_day > r.since"
            )
        wanted = {root for group in groups for root in group.scope.roots}
        gone = ((root, unit) for unit in self._gone for root in self.place(unit) if root in wanted)
        self.db.executemany("INSERT INTO temp.gone VALUES (?, ?)", gone)
        day = self.day.isoformat()
        always = f"'{BEGINNING}' AS since, '{FOREVER}' AS until, r.own AND a.unit = r.unit AS own"
        return (
            f"SELECT r.grp, a.unit, {always} FROM temp.root r CROSS JOIN ancestry a"
            f" ON a.ancestor = r.unit AND a.from_day <= '{day}' AND '{day}' < a.to_day"
            f" UNION ALL SELECT r.grp, a.unit, {always} FROM temp.root r JOIN temp.gone a ON a.root = r.unit"
        )


_SCOPE = """
DROP TABLE IF EXISTS temp.span;
DROP TABLE IF EXISTS temp.root;
DROP TABLE IF EXISTS temp.gone;
DROP TABLE IF EXISTS temp.scope;
CREATE TEMP TABLE span (grp INTEGER PRIMARY KEY, first TEXT, last TEXT, eve TEXT, day TEXT);
CREATE TEMP TABLE root (grp INTEGER, unit INTEGER, since TEXT, until TEXT, own INTEGER);
CREATE TEMP TABLE gone (root INTEGER, unit INTEGER);
CREATE TEMP TABLE scope (
    grp INTEGER, unit INTEGER, since TEXT, until TEXT, first TEXT, last TEXT, eve_first TEXT, eve_last TEXT,
    lived_to TEXT, upper INTEGER, own INTEGER, PRIMARY KEY (grp, unit, since)
) WITHOUT ROWID
"""
# Dates are computed only where a unit came or went inside the window: one costs as much as the rest of its row.
_BELOW = """
INSERT INTO temp.scope
SELECT p.grp, p.unit, p.since, p.until, max(p.since, g.first),
    iif(p.until > g.last, g.last, date(p.until, '-1 day')),
    iif(p.since < g.first, g.first, date(p.since, '+1 day')), min(p.until, g.last),
    iif(l.to_day = '9999-12-31', l.to_day, date(l.to_day, '-1 day')),
    EXISTS (SELECT 1 FROM ancestry b WHERE b.ancestor = p.unit AND b.depth = 1), p.own
FROM ({places}) p JOIN temp.span g ON g.grp = p.grp JOIN ancestry l ON l.unit = p.unit AND l.ancestor = p.unit
WHERE 1
"""

# Who stood above a unit of a group in its window, or what a unit of it was merged into and who stood above that, and is
# none of the group.
_STOOD_ABOVE = """
WITH RECURSIVE heir (grp, unit) AS (
    SELECT s.grp, u.successor FROM temp.span g CROSS JOIN temp.scope s ON s.grp = g.grp
        CROSS JOIN succession u ON u.unit = s.unit AND u.day > g.first AND u.day <= g.last
    UNION
    SELECT h.grp, u.successor FROM heir h JOIN temp.span g ON g.grp = h.grp
        CROSS JOIN succession u ON u.unit = h.unit AND u.day > g.first AND u.day <= g.last
),
above (grp, unit) AS (
    SELECT s.grp, a.ancestor FROM temp.span g CROSS JOIN temp.scope s ON s.grp = g.grp
        CROSS JOIN ancestry a ON a.unit = s.unit AND a.depth > 0 AND a.from_day <= g.last AND a.to_day > g.eve
        AND {moved}
    UNION
    SELECT h.grp, a.ancestor FROM heir h JOIN temp.span g ON g.grp = h.grp
        CROSS JOIN ancestry a ON a.unit = h.unit AND a.from_day <= g.last AND a.to_day > g.eve
)
SELECT x.grp, x.unit, iif(l.to_day = '9999-12-31', l.to_day, date(l.to_day, '-1 day'))
FROM above x JOIN ancestry l ON l.unit = x.unit AND l.ancestor = x.unit
WHERE NOT EXISTS (SELECT 1 FROM temp.scope o WHERE o.grp = x.grp AND o.unit = x.unit)
"""
_BESIDE = """
INSERT INTO temp.scope
VALUES (?, ?, '9999-12-31', '9999-12-31', '9999-12-31', '0001-01-01', '9999-12-31', '0001-01-01', ?, 1, 0)
"""

_BOX = """
DROP TABLE IF EXISTS temp.stated;
DROP TABLE IF EXISTS temp.box;
CREATE TEMP TABLE stated (
    item INTEGER, grp INTEGER, source TEXT, figure INTEGER, unit INTEGER, whole INTEGER, first TEXT, last TEXT
);
CREATE TEMP TABLE box (
    item INTEGER, source TEXT, figure INTEGER, unit INTEGER, first TEXT, last TEXT, eve_first TEXT, eve_last TEXT
)
"""
# By the structure of each day, whatever structure is counted by: a figure never spoke for others than those.
_INSIDE = """
INSERT INTO temp.box
SELECT b.item, b.source, b.figure, s.unit, max(s.first, b.first, a.since), min(s.last, b.last, date(a.until, '-1 day')),
    max(s.eve_first, b.first, date(a.since, '+1 day')), min(s.eve_last, b.last, a.until)
FROM temp.stated b CROSS JOIN
    (SELECT ancestor, unit, from_day AS since, to_day AS until FROM ancestry) a ON a.ancestor = b.unit
    CROSS JOIN temp.scope s ON s.grp = b.grp AND s.unit = a.unit
WHERE NOT b.whole
UNION ALL
SELECT b.item, b.source, b.figure, s.unit, max(s.first, b.first), min(s.last, b.last), max(s.eve_first, b.first),
    min(s.eve_last, b.last)
FROM temp.stated b CROSS JOIN temp.scope s ON s.grp = b.grp WHERE b.whole
"""


def shared_line(lines: Sequence[Sequence[int]]) -> Line:
    """Return what some lines have in common from the top."""
    shared = []
    for units in zip(*lines, strict=False):
        if len(set(units)) > 1:
            break
        shared.append(units[0])
    return tuple(shared)


def day_before(day: str) -> str:
    """Return the day before an ISO day; the first of all days where there is none."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day > BEGINNING else day


def day_after(day: str) -> str:
    """Return the day after an ISO day; the last of all days where there is none."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day < FOREVER else day
