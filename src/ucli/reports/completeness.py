"""Who is waited for and has reported what: stated indicators, kept registers, estimates, and what applies to whom."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ucli.ledger.units import units_at
from ucli.reports.counting import Question
from ucli.reports.figures import COLUMNS, Figure, figure_of
from ucli.reports.registers import KEPT, kept_in_scope
from ucli.reports.scope import Group, Tree
from ucli.reports.structure import children_of, span_of
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import ESTIMATE, PREDECESSORS, STATED
from ucli.values.units import GRASSROOTS, Unit


class Reported(NamedTuple):
    """What is known of the units that a table is made of, and the figures that count nowhere.

    A source is what can say how much an indicator is: the number of one that is stated, the name of a register that is
    kept.
    """

    units: Sequence[Unit]
    lacking: Mapping[int | str, set[int]]  # by source: the units without it; of a source that is not there all are
    estimates: Mapping[tuple[int, int], Figure]  # by unit and indicator: what it expects of just that window
    not_applicable: Mapping[tuple[int, int], Figure]

    def waited(self, indicator: int) -> Sequence[Unit]:
        """Return the units that are asked for an indicator."""
        if not self.not_applicable:
            return self.units
        return [unit for unit in self.units if (unit.id, indicator) not in self.not_applicable]

    def without(self, sources: Iterable[int | str]) -> set[int]:
        """Return the units that none of some sources says anything of."""
        every = {it.id for it in self.units}
        return every.intersection(*(self.lacking.get(it, every) for it in sources))

    def silent(self) -> set[int]:
        """Return the units of which nothing at all is known."""
        return self.without(self.lacking)

    def estimated(self, indicator: int, own: Collection[int]) -> tuple[Figure, ...]:
        """Return the estimate of the unit itself, else those of the units below it, where all concerned gave one."""
        for units in (own, [it.id for it in self.waited(indicator)]):
            found = [self.estimates.get((unit, indicator)) for unit in units]
            if found and all(found):
                return tuple(it for it in found if it)
        return ()


def reporters(db: sqlite3.Connection, tree: Tree, group: Group) -> list[Unit]:
    """Return the units whose reports a table is made of.

    They are the units directly below; grassroots unions only when they report figures themselves, for
    what they record one by one is in the registers of the unit above.
    """
    unit, scope, window = group.unit, group.scope, group.window
    if unit and unit.kind in GRASSROOTS:
        return []
    span = span_of(tree, window)
    if unit is None:
        found = units_at(db, scope.roots, span.last) if len(scope.roots) > 1 else []
    else:
        found = children_of(db, unit, span)
    if tree.day:
        # A unit that did not live in the window, nor any that was merged into it, owes no report.
        found = [child for child in found if tree.lived_in(child.id, window)]
    upper = [child for child in found if child.kind not in GRASSROOTS]
    if upper or not found:
        return upper
    stated = db.execute(
        "SELECT 1 FROM json_each(?) u CROSS JOIN figure f ON f.unit = u.value AND f.kind = 'stated'"
        " AND f.start_day >= ? AND f.end_day <= ? LIMIT 1",
        (json.dumps([child.id for child in found]), window.start.isoformat(), window.end.isoformat()),
    ).fetchone()
    return found if stated else []


def reported_of(
    db: sqlite3.Connection,
    question: Question,
    indicators: Collection[Indicator],
    tables: Sequence[Group],
    each: Sequence[Collection[Unit]],
) -> list[Reported]:
    """Return by table what is known of the units it is made of, of indicators that somebody may have stated.

    `each` are the units that are each to reach a target, whether they are waited for or not.
    """
    tree = question.tree
    waited = [reporters(db, tree, it) for it in tables]
    concerned: dict[tuple[Window, Window], set[int]] = defaultdict(set)
    for table, *among in zip(tables, waited, each, strict=True):
        concerned[table.whole, table.window].update(table.scope.own, (unit.id for units in among for unit in units))
    beside = {key: _beside(db, units, *key) for key, units in concerned.items()}  # looked up once a window
    places = [(place, unit.id) for place, units in enumerate(waited) for unit in units]
    tree.learn(unit for _place, unit in places)
    groups = [
        tables[place]._replace(
            scope=tree.scope_within(unit, tables[place].scope.roots), stock_day=tables[place].days[1]
        )
        for place, unit in places
    ]
    sources: list[int | str] = [*(it.id for it in indicators), *KEPT]
    lacking: list[dict[int | str, set[int]]] = [{it: set() for it in sources if units} for units in waited]
    for number, source in _lacked(db, question, indicators, groups) if groups else ():
        place, unit = places[number]
        lacking[place][source].add(unit)
    return [
        Reported(units, without, *beside[table.whole, table.window])
        for table, units, without in zip(tables, waited, lacking, strict=True)
    ]


def _lacked(
    db: sqlite3.Connection, question: Question, indicators: Collection[Indicator], groups: Sequence[Group]
) -> set[tuple[int, int | str]]:
    """Return by the number of its group which sources a unit lacks."""
    tree, stocks = question.tree, question.stocks
    tree.fill_scope(groups)
    kept = kept_in_scope(db)
    lacked: set[tuple[int, int | str]] = {
        (number, register) for number in range(len(groups)) for register in KEPT if register not in kept[number]
    }
    lacked |= {tuple(row) for row in db.execute(_NOT_STATED, (json.dumps([it.id for it in indicators]),))}
    lacked -= {*_spoken_for(db, tree, groups)}
    # A stock also came with a unit that was merged into it.
    carried = {it.id: it for it in indicators if it.is_stock}
    return {
        (number, source)
        for number, source in lacked
        if source not in carried or not stocks.below(carried[source], groups[number].scope, groups[number].stock_day)
    }


def _spoken_for(db: sqlite3.Connection, tree: Tree, groups: Sequence[Group]) -> Iterator[tuple[int, int]]:
    """Yield the groups for which those they were merged into have stated something, by its indicator."""
    heirs: dict[int, list[tuple[int, str]]] = {}
    for number, group in enumerate(groups):
        for heir, day in tree.heirs(group.scope.roots[0]):
            heirs.setdefault(heir, []).append((number, day))
    for unit, indicator, start, end in db.execute(
        "SELECT f.unit, f.indicator, f.start_day, f.end_day FROM json_each(?) h CROSS JOIN figure f ON f.unit = h.value"
        f" AND f.speaks_for = '{PREDECESSORS}'",
        (json.dumps([*heirs]),),
    ):
        for number, day in heirs[unit]:
            first, last = groups[number].days
            if first <= start < day <= end <= last:
                yield number, indicator


def _beside(
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


# One figure of each group and indicator will do. One that began before the window speaks of it where another of that
# unit began on the same day and ended before it: what lies between the two counts.
_NOT_STATED = """
SELECT g.grp, e.indicator FROM temp.span g
CROSS JOIN indicator_entry e ON e.indicator IN (SELECT value FROM json_each(?))
WHERE NOT EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN figure f ON f.unit = s.unit AND f.indicator = e.indicator
    AND f.kind = 'stated' AND f.end_day BETWEEN iif(e.kind = 'stock', '', g.first) AND g.last
    AND (f.start_day >= g.first OR e.kind = 'stock'
        OR (NOT e.is_state AND EXISTS (SELECT 1 FROM figure b WHERE b.unit = f.unit
            AND b.indicator = f.indicator AND b.kind = 'stated' AND b.start_day = f.start_day
            AND b.end_day >= g.eve AND b.end_day < f.end_day)))
    AND s.since <= min(f.end_day, s.lived_to) AND min(f.end_day, s.lived_to) < s.until WHERE s.grp = g.grp)
"""
