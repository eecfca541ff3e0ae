"""Who has reported what: which indicators a unit, or one below it, has stated, and which registers it keeps."""

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence

from ucli.reports.registers import kept_in_scope
from ucli.reports.scope import Group, Scope, Tree
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.quantities import PREDECESSORS
from ucli.values.units import Unit

# By unit: the numbers of the indicators stated, stocks also before the window, and the names of the registers kept.
Known = dict[Unit, set[int | str]]


def known_of(
    db: sqlite3.Connection,
    tree: Tree,
    stocks: Stocks,
    indicators: Collection[Indicator],
    asked: Sequence[tuple[Sequence[Unit], Scope, Window]],
) -> list[Known]:
    """Return what is known of the units whose reports some tables are made of.

    Args:
        db: the ledger.
        tree: by whose structure is asked.
        stocks: what is stated of stocks, by the same structure.
        indicators: those that somebody may have stated.
        asked: by table, the units, whose facts the table counts, and between which days.

    """
    waited = [(table, unit) for table, (units, _scope, _window) in enumerate(asked) for unit in units]
    known: list[Known] = [{} for _ in asked]
    if not waited:
        return known
    groups = []
    tree.learn(unit.id for _table, unit in waited)
    for table, unit in waited:
        _units, scope, window = asked[table]
        alone = Scope((unit.id,)) if tree.day else Scope((unit.id,), (), tree.stays_below(unit.id, scope.roots))
        groups.append(Group(alone, window, window.end.isoformat()))
    tree.fill(groups)
    kept = kept_in_scope(db)
    stated = [it for it in indicators if it.is_stock]
    for number, (table, unit) in enumerate(waited):
        scope, day = groups[number].scope, groups[number].stock_day
        # Also what came with a unit that was merged into it.
        carried = [it.id for it in stated if scope.holds(day) and stocks.below(it, scope.roots, day)]
        known[table][unit] = {*kept[number], *carried}
    for number, indicator in db.execute(_STATED, (json.dumps([it.id for it in indicators]),)):
        table, unit = waited[number]
        known[table][unit].add(indicator)
    for number, indicator in _spoken_for(db, tree, groups):
        table, unit = waited[number]
        known[table][unit].add(indicator)
    return known


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
            window = groups[number].window
            if window.start.isoformat() <= start < day <= end <= window.end.isoformat():
                yield number, indicator


# One figure of each group and indicator will do. One that began before the window speaks of it where another of that
# unit began on the same day and ended before it: what lies between the two counts.
_STATED = """
SELECT g.grp, i.value FROM temp.span g CROSS JOIN json_each(?) i
JOIN indicator_entry e ON e.indicator = i.value
WHERE EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN figure f ON f.unit = s.unit AND f.indicator = i.value
    AND f.kind = 'stated' AND f.end_day BETWEEN iif(e.kind = 'stock', '', g.first) AND g.last
    AND (f.start_day >= g.first OR e.kind = 'stock'
        OR (NOT e.is_state AND EXISTS (SELECT 1 FROM figure b WHERE b.unit = f.unit
            AND b.indicator = f.indicator AND b.kind = 'stated' AND b.start_day = f.start_day
            AND b.end_day >= g.eve AND b.end_day < f.end_day)))
    AND s.since <= min(f.end_day, s.lived_to) AND min(f.end_day, s.lived_to) < s.until WHERE s.grp = g.grp)
"""
