"""The report: a table for the whole, and one for each group."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest

from ucli.ledger import catalogue, periods
from ucli.ledger.lineage import Predecessor, predecessors
from ucli.ledger.units import cluster_members, unit_at, unit_names, units_at
from ucli.reports.attainment import Part, Report, Row, Table, makers_of
from ucli.reports.comparison import compared, groups_then
from ucli.reports.counting import Question
from ucli.reports.listings import Filter, awards
from ucli.reports.registers import FUND, PROGRAMME, Only
from ucli.reports.scope import Group, Scope, Tree
from ucli.reports.stocks import Stocks
from ucli.reports.structure import below, children_of, clusters, roots_of_ledger, scope_of, span_of
from ucli.reports.targets import Targets, summed, targets_of, windows_around, withheld
from ucli.reports.timeliness import days_late, due_day, timeliness_of
from ucli.values.periods import Window, pieces_of
from ucli.values.units import BY_CHILDREN, BY_MONTH, BY_QUARTER, BY_TIME, BY_YEAR, CLUSTER, GRASSROOTS, KINDS, Unit

_CALENDAR = {BY_MONTH: 1, BY_QUARTER: 3, BY_YEAR: 12}


def report_of(db: sqlite3.Connection, question: Question, units: Sequence[Unit], by: str | None) -> Report:
    """Return the report on some units together (none: the whole ledger), and on each group (one of `GROUPINGS`).

    Several units are groups by themselves if no grouping is asked for.
    """
    whole, groups = groups_of(db, question, units, by)
    unit, scope = whole.unit, whole.scope
    # By the organisation of each day merged units are groups themselves.
    have_parts = [whole] if question.tree.day is None or by in BY_TIME else [whole, *(groups or ())]
    then, asked, by_time = question.then, [whole, *(groups or ())], by in BY_TIME
    asked_then = groups_then(db, then, asked, _pieces(db, then, by) if by_time else None) if then else []
    makers = makers_of(db, then, asked_then) if then else []
    # A group with data in only one of the two periods is shown in both.
    by_number = {it.id: it for it in question.catalogue}
    also = [{it for it in maker.counter.with_facts() if maker.counter.count(by_number[it]).value} for maker in makers]
    tables = _with_parts(db, question, asked, len(have_parts), also)
    shown = [{row.indicator.id for row in table.rows} for table in tables]
    tables_then = [it.table(others) for it, others in zip(makers, shown, strict=False)]
    if groups and by_time:
        for found in filter(None, (tables, tables_then)):
            found[0] = _with_gaps_of(db, found[1:], found[0])
    for place, it in enumerate(zip(tables, tables_then, asked, asked_then, strict=False)):
        tables[place] = compared(db, *it, by_its_own_days=question.tree.day is None)
    due = due_day(db, question.window)
    if late := days_late(db, question.window, due) if due and not by_time else {}:
        tables = [it._replace(rows=[_with_days_late(row, late) for row in it.rows]) for it in tables]
    total, *tables = tables
    return Report(
        total,
        scope,
        question.as_of,
        open=question.is_open,
        groups=None if groups is None else tables,
        structure=question.tree.day,
        ended=_ended(db, question, unit),
        unplaced=_unplaced(db, question, scope),
        names=_names(db, question, total),
        against=question.against,
        compare=(then.window, then.counted_to) if then else None,
        next_heads=_next_heads(db, unit, question.window.end.year + 1),
        awards=[
            {**it, "personal": int(it["name"] is not None)}
            for it in awards(db, Filter(question.tree, question.window.end, scope.roots, question.window)).rows
        ],
        only=_parts_named(db, question.only),
        timeliness=timeliness_of(db, question.tree, whole, due) if due and not question.only else None,
        around=_around(db, question, [total, *tables]),
    )


def _with_days_late(row: Row, late: Mapping[int, int]) -> Row:
    days = [late[it.id] for it in row.counted.stated if it.id in late]
    return row._replace(days_late=max(days, default=None))


def _next_heads(db: sqlite3.Connection, unit: Unit | None, year: int) -> tuple[int, str, str] | None:
    """Return the leader and deputy of a cluster in the year after the report's, if known."""
    query = "SELECT role, unit FROM cluster_member WHERE cluster = ? AND year = ? AND role NOTNULL"
    heads = dict(db.execute(query, (unit.id, year)).fetchall()) if unit and unit.kind == CLUSTER else {}
    if "lead" not in heads:
        return None
    names = unit_names(db, heads.values(), date(year, 12, 31))
    return year, names[heads["lead"]], names.get(heads.get("deputy", 0), "—")


def _around(db: sqlite3.Connection, question: Question, tables: Sequence[Table]) -> tuple[Window, ...]:
    """Return the longer windows with targets, for a report without any."""
    units = {table.unit.id for table in tables if table.unit}
    if question.against or any(row.target for table in tables for row in table.rows):
        return ()
    return tuple(windows_around(db, units, question.window))


def _with_gaps_of(db: sqlite3.Connection, pieces: Sequence[Table], total: Table) -> Table:
    """Return the table of a window, marked as lacking what its pieces lack.

    A figure for a longer window than a piece leaves no gap. Nor is there one where nothing is added up: in figures of
    the total's own unit, and in stocks and states, whose last statement counts.
    """
    missing = {unit.id: unit for it in (*reversed(pieces), total) for row in it.rows for unit in row.missing}
    lacking = [
        (row.indicator.id, unit.id, it.window.start.isoformat(), it.window.end.isoformat())
        for it in pieces
        for row in it.rows
        for unit in row.missing
    ]
    gaps: dict[int, list[Unit]] = defaultdict(list)
    whole = (total.window.start.isoformat(), total.window.end.isoformat())
    for indicator, unit in db.execute(_GAPS, (json.dumps(lacking), *whole)):
        gaps[indicator].append(missing[unit])
    rows = [
        row
        if row.indicator.is_stock or row.indicator.is_state or row.counted.is_own
        else row._replace(missing=tuple(dict.fromkeys((*row.missing, *gaps[row.indicator.id]))))
        for row in total.rows
    ]
    return total._replace(rows=rows)


_GAPS = """
SELECT j.value ->> 0, j.value ->> 1 FROM json_each(?) j WHERE NOT EXISTS (
    SELECT 1 FROM figure f WHERE f.unit = j.value ->> 1 AND f.indicator = j.value ->> 0
        AND f.kind = 'stated' AND f.start_day BETWEEN ? AND j.value ->> 2 AND f.end_day BETWEEN j.value ->> 3 AND ?)
"""


def _names(db: sqlite3.Connection, question: Question, total: Table) -> dict[int, str]:
    """Return the names of the units whose figures notes mention."""
    units = {
        figure.unit
        for row in total.rows
        for figure in (
            *row.counted.left_out,
            *row.counted.printed,
            *(it for it, _number in row.counted.elsewhere),
            *(it for it in row.counted.stated if it.id in row.counted.collected or it.reason or it.speaks_for),
            *(row.estimate.figures if row.estimate else ()),
        )
    }
    return unit_names(db, units, question.window.end)


def _with_parts(
    db: sqlite3.Connection,
    question: Question,
    groups: Sequence[Group],
    having: int,
    also: Sequence[Collection[int]],
) -> list[Table]:
    """Return tables, the first `having` of them with parts for predecessors, if there are any.

    `also` are more indicators to show, table by table.
    """
    targets, merged = {}, {}
    last = (question.tree.day or question.window.end).isoformat()
    for place, it in enumerate(groups[:having]):
        if it.unit is None or it.unit.kind in (CLUSTER, *GRASSROOTS):
            continue
        if found := predecessors(db, it.unit.id, question.window.start.isoformat(), last):
            targets[place], own, apart = _targets_of_merged(db, question, it.unit, found)
            merged[place] = it.unit, own, apart, found
    makers = makers_of(db, question, groups, targets)
    tables = [it.table(others or ()) for it, others in zip_longest(makers, also)]
    for place, (unit, own, apart, found) in merged.items():
        tables[place] = tables[place]._replace(parts=_parts(db, question, unit, own, found), apart=apart)
    return tables


def _targets_of_merged(
    db: sqlite3.Connection, question: Question, unit: Unit, merged: Sequence[Predecessor]
) -> tuple[Targets, Targets, bool]:
    """Return the targets of the whole and of the unit's own part, and whether targets stay with the parts."""
    units = [unit.id, *(it.unit for it in merged)]
    own, *theirs = targets_of(db, question.catalogue, units, question.of_targets, question.as_of).values()
    if question.sum_predecessors:
        return summed(own, theirs), own, False
    if question.tree.day is None:
        return own, own, any(theirs)
    targets = withheld(own, merged, question.of_targets)
    apart = bool(any(theirs) or own.keys() - targets.keys())
    return targets, {indicator: given for indicator, given in own.items() if indicator not in targets}, apart


def whole_of(
    db: sqlite3.Connection, question: Question, units: Sequence[Unit]
) -> tuple[Sequence[Unit], Unit | None, Scope]:
    """Return the subject of a total: the units, the single one if there is one, and the scope."""
    span = span_of(question.tree, question.window)
    asked = list(units) or roots_of_ledger(db, span)
    if len(asked) == 1:
        return asked, asked[0], scope_of(db, asked[0], question.window)
    roots = [it.id for it in asked]
    return (
        asked,
        None,
        Scope(tuple(question.tree.outermost(roots, span.last.isoformat()) if question.tree.day else roots)),
    )


def _parts(
    db: sqlite3.Connection, question: Question, unit: Unit, own: Targets, predecessors: Sequence[Predecessor]
) -> tuple[Part, ...]:
    """Return the tables of a unit and of its predecessors, each as it was then.

    By the organisation of each day what predecessors did is theirs: they are shown if they did anything.
    """
    tree = Tree(db)
    then = question._replace(
        tree=tree,
        stocks=Stocks(db, tree, question.catalogue, question.window.start.isoformat()),
        sum_predecessors=False,
    )
    day = question.window.end
    asked: list[tuple[Group, date | None]] = [
        (then.group(unit_at(db, it.unit, day), Scope((it.unit,))), date.fromisoformat(it.until)) for it in predecessors
    ]
    targets = {}
    if question.tree.day is not None:
        # The unit itself before the merger.
        merged = date.fromisoformat(min(it.until for it in predecessors))
        alone = then._replace(counted_to=min(then.counted_to, merged - timedelta(days=1)))
        group = alone.group(unit_at(db, unit.id, day), Scope((unit.id,)))
        asked.insert(0, (group, merged if merged <= question.counted_to else None))
        targets[0] = own
    makers = makers_of(db, then, [group for group, _until in asked], targets)
    found = [Part(_without_covered(it.table()), until) for it, (_group, until) in zip(makers, asked, strict=True)]
    return tuple(it for it in found if it.table.rows or question.tree.day is not None)


def _without_covered(table: Table) -> Table:
    """Leave out of a part indicators that count in the whole, where nothing is missing."""

    def is_elsewhere(row: Row) -> bool:
        return row.target is None and row.is_without_data and bool(row.counted.covered or row.counted.left_out)

    return table._replace(rows=[row for row in table.rows if not is_elsewhere(row)], is_part=True)


def _ended(db: sqlite3.Connection, question: Question, unit: Unit | None) -> tuple[date, tuple[Unit, ...]] | None:
    """Return the end of a unit within the window and its successors, if it ended."""
    if unit is None or unit.kind == CLUSTER:
        return None
    until = question.tree.life(unit.id)[1]
    if until > question.window.end.isoformat():
        return None
    day = date.fromisoformat(until)
    return day, tuple(unit_at(db, it, day) for it in question.tree.successors(unit.id, until))


def _unplaced(db: sqlite3.Connection, question: Question, scope: Scope) -> tuple[Unit, ...]:
    """Return the units that belong nowhere in the organisation asked for, for a report on the whole ledger."""
    if question.tree.day is None or len(scope.roots) < 2:
        return ()
    return tuple(units_at(db, question.tree.unplaced(), question.window.end))


def groups_of(
    db: sqlite3.Connection, question: Question, units: Sequence[Unit], by: str | None
) -> tuple[Group, list[Group] | None]:
    """Return the group of the whole, and the groups asked for, or one for each of several units."""
    asked, unit, scope = whole_of(db, question, units)
    whole = question.group(unit, scope)
    by = by if by or len(units) < 2 else "asked"
    if by is None:
        return whole, None
    if by in BY_TIME:
        pieces = [piece for piece in _pieces(db, question, by) if piece.start <= question.as_of]
        return whole, [question.about(it).group(unit, scope) for it in pieces]
    day = None if question.tree.day else whole.stock_day
    members = _members_of(db, question, asked, unit, scope, by)
    question.tree.learn(it.id for it in members)

    def scope_in_whole(it: Unit) -> Scope:
        """Return a group limited to the days on which it was within the whole."""
        if by in (CLUSTER, "asked") or scope.clusters:
            return scope_of(db, it, question.window)
        return question.tree.scope_within(it.id, scope.roots, directly=by == BY_CHILDREN)

    return whole, [question.group(it, scope_in_whole(it), stock_day=day) for it in members]


def _parts_named(db: sqlite3.Connection, only: Only) -> dict[str, dict[str, str]]:
    """Return the parts of a breakdown by code, with the ledger's names for them."""
    names = {it.code: it.name for it in catalogue.programmes(db)} if PROGRAMME in only else {}
    return {by: {it: it if by == FUND else names.get(it, "") for it in among} for by, among in only.items()}


def _pieces(db: sqlite3.Connection, question: Question, by: str | None) -> list[Window]:
    """Return the pieces of a window: of the calendar, or the office's periods of a family."""
    if by in _CALENDAR:
        return pieces_of(question.window, _CALENDAR[by])
    return periods.in_a_row(db, question.window, question.family)


def _members_of(
    db: sqlite3.Connection, question: Question, asked: Sequence[Unit], unit: Unit | None, scope: Scope, by: str
) -> Sequence[Unit]:
    span = span_of(question.tree, question.window)
    if by == "asked":
        return asked
    if by == BY_CHILDREN:
        return children_of(db, unit, span, ever=True) if unit else asked
    if by == CLUSTER:
        within = {it.id for kind in KINDS for it in below(db, scope.roots, span, kind=kind)}
        return [
            cluster
            for cluster in clusters(db, span.last.year)
            if within.intersection(cluster_members(db, cluster.id, span.last.year))
        ]
    return below(db, scope.roots, span, kind=by)
