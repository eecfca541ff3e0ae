"""A report beside another period: the same units, by the same structure, counted once more over another window."""

import sqlite3
from collections.abc import Sequence

from ucli.ledger.lineage import predecessors
from ucli.ledger.units import cluster_members
from ucli.reports.attainment import Compared, Row, Table
from ucli.reports.counting import Question
from ucli.reports.scope import Group
from ucli.values.comparison import LENGTHS, PARTS, SAME_STATEMENT, UNITS, change_between
from ucli.values.indicators import FLOW, RATIO
from ucli.values.periods import Window

_MOST_APART = 3  # days by which a month or a quarter is longer than another


def groups_then(
    db: sqlite3.Connection, then: Question, groups: Sequence[Group], pieces: Sequence[Window] | None
) -> list[Group]:
    """Return some groups, the whole first, as they are counted in another window, the others in its pieces if any.

    Pieces of time that have no counterpart are left out at the end.
    """
    whole = _group_then(db, then, groups[0])
    if pieces is not None:
        return [whole, *(then.about(it).group(whole.unit, whole.scope) for it in pieces[: len(groups) - 1])]
    day = None if then.tree.day else whole.stock_day
    return [whole, *(_group_then(db, then, it, day) for it in groups[1:])]


def _group_then(db: sqlite3.Connection, then: Question, group: Group, stock_day: str | None = None) -> Group:
    """Return a group of another window; what a cluster stated for other units than it has now is not its own."""
    unit, scope = group.unit, group.scope
    for cluster in scope.clusters:
        if {*cluster_members(db, cluster, then.window.end.year)} != {*scope.roots}:
            unit, scope = None, scope._replace(clusters=())
    return then.group(unit, scope, stock_day=stock_day)


def compared(
    db: sqlite3.Connection, now: Table, then: Table, group: Group, group_then: Group, *, by_its_own_days: bool
) -> Table:
    """Return a table with what each of its rows came to in another window.

    `by_its_own_days`: each fact counts where its unit belonged then, so that a merged unit is another one.
    """
    before = {row.indicator.id: row for row in reversed(then.rows)}
    is_longer = abs(group.window.days - group_then.window.days) > _MOST_APART
    # In the structure of one day both are what the unit consists of on that day.
    is_merged = by_its_own_days and any(
        predecessors(db, it, group_then.days[0], group.days[1]) for it in group.scope.roots
    )

    def broken(row: Row, other: Row) -> str | None:
        """Say why what was counted is not the same."""
        derived = (it for it in (row, other) if it.indicator.formula and not (it.counted.stated or it.counted.added))
        if any(it.missing for it in derived):
            # One of its two parts lacks what the other has: even the same units then tell of no growth.
            return PARTS
        if is_merged or {*row.missing} != {*other.missing}:
            return UNITS
        if row.is_stale and row.stated_on == other.stated_on:
            return SAME_STATEMENT
        return LENGTHS if is_longer and row.indicator.kind == FLOW else None

    def beside(row: Row) -> Row:
        other = before.get(row.indicator.id)
        if other is None:
            return row
        in_points = row.indicator.kind == RATIO
        change = change_between(row.value, other.value, in_points=in_points, broken=broken(row, other))
        return row._replace(compared=Compared(other, change, then.window))

    return now._replace(rows=[beside(row) for row in now.rows])
