"""Who has reported what: which indicators a unit, or one below it, has stated, and which registers it keeps."""

import json
import sqlite3
from collections.abc import Collection, Sequence

from ucli.domain.periods import Window
from ucli.domain.units import Unit
from ucli.reports.registers import kept_in_scope
from ucli.reports.scope import Group, Scope, Tree

# By unit: the numbers of the indicators stated, stocks also before the window, and the names of the registers kept.
Known = dict[Unit, set[int | str]]


def known_of(
    db: sqlite3.Connection,
    tree: Tree,
    indicators: Collection[int],
    asked: Sequence[tuple[Sequence[Unit], Scope, Window]],
) -> list[Known]:
    """Return what is known of the units whose reports some tables are made of.

    Args:
        db: the ledger.
        tree: by whose structure is asked.
        indicators: the numbers of those that somebody may have stated.
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
    for number, (table, unit) in enumerate(waited):
        known[table][unit] = {*kept[number]}
    for number, indicator in db.execute(_STATED, (json.dumps([*indicators]),)):
        table, unit = waited[number]
        known[table][unit].add(indicator)
    return known


# One figure of each group and indicator will do.
_STATED = """
SELECT g.grp, i.value FROM temp.span g CROSS JOIN json_each(?) i
JOIN indicator_entry e ON e.indicator = i.value
WHERE EXISTS (SELECT 1 FROM temp.scope s CROSS JOIN figure f ON f.unit = s.unit AND f.indicator = i.value
    AND f.kind = 'stated' AND f.end_day BETWEEN iif(e.kind = 'stock', '', g.first) AND g.last
    AND (f.start_day >= g.first OR e.kind = 'stock')
    AND s.since <= min(f.end_day, s.lived_to) AND min(f.end_day, s.lived_to) < s.until WHERE s.grp = g.grp)
"""
