"""Completeness: who is expected to report, and who has reported what, by figures or by keeping a register."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from ucli.ledger.units import units_at
from ucli.reports.counting import Counter, Question
from ucli.reports.figures import COLUMNS, Figure, figure_of
from ucli.reports.nesting import spoken_for
from ucli.reports.registers import GROUPS, KEPT, LOWEST, Holders, without_register
from ucli.reports.scope import Group, Tree
from ucli.reports.structure import child_ids, span_of
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import ESTIMATE, PREDECESSORS, STATED
from ucli.values.units import GRASSROOTS, Unit

Source = int | str  # what can say how much an indicator is: its number where it is stated, else the name of a register


@dataclass
class Reported:
    """What is known of the units that a table is made of, and the figures that count nowhere."""

    units: Sequence[int]
    lacking: Mapping[Source, set[int]]  # by source: the units without it; of a source that is not there all are
    estimates: Mapping[tuple[int, int], Figure]  # by unit and indicator: what it expects of just that window
    not_applicable: Mapping[tuple[int, int], Figure]
    tree: Tree
    last: date  # on which the units have their names
    _named: dict[frozenset[int], tuple[Unit, ...]] = field(default_factory=dict)

    def waited(self, indicator: int) -> Sequence[int]:
        """Return the units that are asked for an indicator."""
        if not self.not_applicable:
            return self.units
        return [unit for unit in self.units if (unit, indicator) not in self.not_applicable]

    def without(self, sources: Iterable[Source]) -> set[int]:
        """Return the units that none of some sources says anything of."""
        lacking = [self.lacking[it] for it in sources if it in self.lacking]
        return set.intersection(*lacking) if lacking else {*self.units}

    def silent(self) -> set[int]:
        """Return the units of which nothing at all is known."""
        return self.without(self.lacking)

    def named(self, units: Collection[int]) -> tuple[Unit, ...]:
        """Return some of the units as official lists have them."""
        among = frozenset(units)
        if among not in self._named:
            self._named[among] = tuple(units_at(self.tree.db, among, self.last)) if among else ()
        return self._named[among]

    def estimated(self, indicator: int, own: Collection[int]) -> tuple[Figure, ...]:
        """Return the estimate of the unit itself, else those of the units below it, where all concerned gave one."""
        for units in (own, self.waited(indicator)):
            given = {unit: it for unit in units if (it := self.estimates.get((unit, indicator)))}
            merged = {it for unit, figure in given.items() for it in spoken_for(self.tree, figure) - {unit}}
            if given and merged.union(given) >= {*units}:
                return tuple(it for unit, it in given.items() if unit not in merged)
        return ()


def reporters(db: sqlite3.Connection, tree: Tree, group: Group) -> list[int]:
    """Return the units whose reports a table is made of.

    They are the units directly below; grassroots unions only when they report figures themselves, for
    what they record one by one is in the registers of the unit above.
    """
    unit, scope, window = group.unit, group.scope, group.window
    if unit and unit.kind in GRASSROOTS:
        return []
    span = span_of(tree, window)
    found = child_ids(db, unit, span) if unit else [*scope.roots] if len(scope.roots) > 1 else []
    if tree.day:
        # A unit that did not live in the window, nor any that was merged into it, owes no report.
        found = [child for child in found if tree.lived_in(child, window)]
    ever_upper = [it for (it,) in db.execute(_EVER_UPPER, (json.dumps(found),))]
    named = units_at(db, ever_upper, span.last) if ever_upper else []
    upper = [it.id for it in named if it.kind not in GRASSROOTS]
    if upper or not found:
        return upper
    first, last = group.days
    stated = db.execute(
        "SELECT 1 FROM json_each(?) u CROSS JOIN figure f ON f.unit = u.value AND f.kind = 'stated'"
        " AND f.start_day >= ? AND f.end_day BETWEEN ? AND ? LIMIT 1",
        (json.dumps(found), first, first, last),
    ).fetchone()
    return found if stated else []


_EVER_UPPER = f"""
SELECT DISTINCT n.unit FROM json_each(?) u CROSS JOIN unit_name n ON n.unit = u.value
WHERE n.kind NOT IN ({", ".join(f"'{it}'" for it in GRASSROOTS)})
"""


def reported_of(
    db: sqlite3.Connection,
    question: Question,
    indicators: Collection[Indicator],
    counters: Sequence[Counter],
    each: Sequence[Collection[Unit]],
) -> list[Reported]:
    """Return by table what is known of the units it is made of, of indicators that somebody may have stated.

    `counters` have counted the tables; `each` are the units that are each to reach a target, whether they are waited
    for or not.
    """
    tree, tables = question.tree, [it.group for it in counters]
    waited = [reporters(db, tree, it) for it in tables]
    concerned: dict[tuple[Window, Window], set[int]] = defaultdict(set)
    for table, units, others in zip(tables, waited, each, strict=True):
        concerned[table.whole, table.window].update(table.scope.own, units, (it.id for it in others))
    uncounted = {key: _uncounted(db, units, *key) for key, units in concerned.items()}  # looked up once a window
    sources: list[Source] = [*(it.id for it in indicators), *KEPT]
    lacking: list[dict[Source, set[int]]] = [{it: set() for it in sources if units} for units in waited]
    for place, unit, source in _lacked(db, question, indicators, counters, waited) if any(waited) else ():
        lacking[place][source].add(unit)
    return [
        Reported(units, without, *uncounted[table.whole, table.window], tree, span_of(tree, table.window).last)
        for table, units, without in zip(tables, waited, lacking, strict=True)
    ]


def _lacked(
    db: sqlite3.Connection,
    question: Question,
    indicators: Collection[Indicator],
    counters: Sequence[Counter],
    among: Sequence[Sequence[int]],
) -> Iterator[tuple[int, int, Source]]:
    """Yield by the place of its table which sources a unit lacks."""
    tree, stocks, tables = question.tree, question.stocks, [it.group for it in counters]
    waited = [(place, unit) for place, units in enumerate(among) for unit in units]
    # Where a table counts none but these, none of them lacks what so many have stated for one window. Behind the tables
    # the scope has the units that are each to reach a target.
    lowest = {
        place
        for place, *numbers in db.execute(_LOWEST, (json.dumps(waited),))
        if place < len(tables) and {*numbers} == {len(among[place])} and tree.holds_all(tables[place].scope)
    }
    short = [(it, one.id) for it in lowest for one in indicators if counters[it].at_once(one.id) < len(among[it])]
    lacked = {*_without(db, LOWEST, lowest, short)}
    others = [it for it in waited if it[0] not in lowest]
    tree.learn(unit for _place, unit in others)
    scopes = [tree.scope_within(unit, tables[place].scope.roots) for place, unit in others]
    tree.fill_scope([tables[place]._replace(scope=it) for (place, _unit), it in zip(others, scopes, strict=True)])
    every = [(number, one.id) for number in range(len(others)) for one in indicators]
    lacked |= {(*others[number], source) for number, _unit, source in _without(db, GROUPS, (), every)}
    tree.learn(unit for _place, unit, _source in lacked)
    lacked -= {*_spoken_for(db, tree, tables, {it[:2] for it in lacked})}
    # A stock also came with a unit that was merged into it.
    carried = {it.id: it for it in indicators if it.is_stock}
    for place, unit, source in lacked:
        if source in carried:
            scope = tree.scope_within(unit, tables[place].scope.roots)
            if stocks.below(carried[source], scope, tables[place].days[1]):
                continue
        yield place, unit, source


def _without(
    db: sqlite3.Connection, asked: Holders, groups: Iterable[int], wanted: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, Source]]:
    """Yield who of some groups has no register, or has not stated an indicator that is `wanted` of the group."""
    among = json.dumps([*groups])
    yield from without_register(db, asked, among=among)
    stated = _NOT_STATED.format(groups=asked.groups, belongs=asked.belongs)
    yield from (tuple(it) for it in db.execute(stated, {"wanted": json.dumps(wanted), "among": among}))


def _spoken_for(
    db: sqlite3.Connection, tree: Tree, tables: Sequence[Group], lacking: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Yield the units for which those they were merged into have stated something, with its indicator."""
    heirs: dict[int, list[tuple[int, int, str]]] = {}
    for place, unit in lacking:
        for heir, day in tree.heirs(unit):
            heirs.setdefault(heir, []).append((place, unit, day))
    for heir, indicator, start, end in db.execute(
        "SELECT f.unit, f.indicator, f.start_day, f.end_day FROM json_each(?) h CROSS JOIN figure f ON f.unit = h.value"
        f" AND f.speaks_for = '{PREDECESSORS}'",
        (json.dumps([*heirs]),),
    ):
        for place, unit, day in heirs[heir]:
            first, last = tables[place].days
            if first <= start < day <= end <= last:
                yield place, unit, indicator


def _uncounted(
    db: sqlite3.Connection, units: Collection[int], whole: Window, window: Window
) -> tuple[dict[tuple[int, int], Figure], dict[tuple[int, int], Figure]]:
    """Return the estimates of some units for just a window, and what does not apply to whom up to a day of it."""
    estimates: dict[tuple[int, int], Figure] = {}
    not_applicable: dict[tuple[int, int], Figure] = {}
    days = (whole.start.isoformat(), whole.lasted.end.isoformat())
    for kind, *row in db.execute(
        f"SELECT f.kind, {COLUMNS}, f.end_day FROM json_each(?) u CROSS JOIN figure f ON f.unit = u.value"
        f" AND f.end_day >= ? AND f.start_day <= ? AND f.kind <> '{STATED}' ORDER BY f.id",
        (json.dumps([*units]), window.end.isoformat(), days[0]),
    ):
        figure = figure_of(row)
        if kind != ESTIMATE:
            not_applicable[figure.unit, figure.indicator] = figure
        elif (figure.start, figure.end) == days:
            estimates[figure.unit, figure.indicator] = figure
    return estimates, not_applicable


# By table how many units are counted there with none below, and how many of those are waited for.
_LOWEST = """
SELECT s.grp, count(DISTINCT s.unit),
    count(DISTINCT s.unit) FILTER (WHERE (s.grp, s.unit) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?)))
FROM temp.scope s WHERE NOT s.upper GROUP BY s.grp
"""
# One figure of each unit and indicator will do. One that began before the window speaks of it where another of that
# unit began on the same day and ended before it: what lies between the two counts.
_NOT_STATED = """
SELECT g.grp, g.unit, e.indicator
FROM {groups} g CROSS JOIN indicator_entry e
    ON (g.grp, e.indicator) IN (SELECT value ->> 0, value ->> 1 FROM json_each(:wanted))
WHERE NOT EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN figure f ON f.unit = s.unit AND f.indicator = e.indicator
    AND f.kind = 'stated' AND f.end_day BETWEEN iif(e.kind = 'stock', '', g.first) AND g.last
    AND (f.start_day >= g.first OR e.kind = 'stock'
        OR (NOT e.is_state AND EXISTS (SELECT 1 FROM figure b WHERE b.unit = f.unit
            AND b.indicator = f.indicator AND b.kind = 'stated' AND b.start_day = f.start_day
            AND b.end_day >= g.eve AND b.end_day < f.end_day)))
    AND s.since <= min(f.end_day, s.lived_to) AND min(f.end_day, s.lived_to) < s.until WHERE {belongs})
"""
