"""A report beside another period: the same units, by the same organisation, counted over another window."""

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
    """Return groups, the whole first, for another window; the others for its pieces, if any.

    Pieces of time without a counterpart are left out at the end.
    """
    whole = _group_then(db, then, groups[0])
    if pieces is not None:
        return [whole, *(then.about(it).group(whole.unit, whole.scope) for it in pieces[: len(groups) - 1])]
    day = None if then.tree.day else whole.stock_day
    return [whole, *(_group_then(db, then, it, day) for it in groups[1:])]


def _group_then(db: sqlite3.Connection, then: Question, group: Group, stock_day: str | None = None) -> Group:
    """Return a group for another window; figures of a cluster that had other units then are not its own."""
    unit, scope = group.unit, group.scope
    for cluster in scope.clusters:
        if {*cluster_members(db, cluster, then.window.end.year)} != {*scope.roots}:
            unit, scope = None, scope._replace(clusters=())
    return then.group(unit, scope, stock_day=stock_day)


def compared(
    db: sqlite3.Connection, now: Table, then: Table, group: Group, group_then: Group, *, by_its_own_days: bool
) -> Table:
    """Return a table with the values of its rows in another window.

    `by_its_own_days`: each event counts where its unit belonged then, so a merged unit is another unit.
    """
    before = {row.indicator.id: row for row in reversed(then.rows)}
    is_longer = abs(group.window.days - group_then.window.days) > _MOST_APART
    # In the structure of one day both are what the unit consists of on that day.
    is_merged = by_its_own_days and any(
        predecessors(db, it, group_then.days[0], group.days[1]) for it in group.scope.roots
    )

    def broken(row: Row, other: Row) -> str | None:
        """Return why two values do not count the same."""
        derived = (it for it in (row, other) if it.indicator.formula and not (it.counted.stated or it.counted.added))
        if any(it.missing for it in derived):
            # One of its two parts lacks units that the other has: then growth means nothing.
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
