"""One report: a table for what was asked, and one for each group of it."""

import sqlite3
from collections.abc import Sequence

from ucli.domain.periods import Window, months_of, quarters_of
from ucli.domain.units import BY_CHILDREN, BY_MONTH, BY_QUARTER, CLUSTER, KINDS
from ucli.reports.attainment import Question, Report, Table, table_of
from ucli.reports.scope import Scope
from ucli.reports.structure import (
    Node,
    below,
    children_of,
    cluster_members,
    clusters,
    outermost,
    roots_of_ledger,
    scope_of,
    span_of,
)

BY_TIME = {BY_MONTH: months_of, BY_QUARTER: quarters_of}


def report_of(db: sqlite3.Connection, question: Question, units: Sequence[Node], by: str | None) -> Report:
    """Return the attainment of some units together, and of each group where one is asked for.

    Args:
        db: the ledger.
        question: what is asked.
        units: whose facts are counted; none means the whole ledger.
        by: one of `GROUPINGS`; None for no groups, except that several units are shown one by one.

    """
    span, known = span_of(question.tree, question.window), question.known
    day = span.last
    asked = list(units) or roots_of_ledger(db, span, known)
    if len(asked) == 1:
        unit, scope = asked[0], scope_of(db, asked[0], question.window, known)
    else:
        unit, scope = None, Scope(outermost(db, [it.id for it in asked], day, known))
    total = table_of(db, question, unit, scope)
    return Report(
        total,
        scope,
        question.as_of,
        open=question.window.start <= question.as_of < question.window.end,
        groups=_groups(db, question, asked, unit, scope, by if by or len(units) < 2 else "asked"),
    )


def _groups(
    db: sqlite3.Connection,
    question: Question,
    asked: Sequence[Node],
    unit: Node | None,
    scope: Scope,
    by: str | None,
) -> list[Table] | None:
    if by is None:
        return None
    if by in BY_TIME:
        pieces = [piece for piece in BY_TIME[by](question.window) if piece.start <= question.as_of]
        return [table_of(db, _within(question, piece), unit, scope) for piece in pieces]
    members = _members(db, question, asked, unit, scope, by)
    return [table_of(db, question, it, scope_of(db, it, question.window, question.known)) for it in members]


def _within(question: Question, piece: Window) -> Question:
    return question._replace(
        window=piece,
        as_of=min(question.as_of, piece.end),
        counted_to=min(question.counted_to, piece.end),
    )


def _members(
    db: sqlite3.Connection, question: Question, asked: Sequence[Node], unit: Node | None, scope: Scope, by: str
) -> Sequence[Node]:
    span, known = span_of(question.tree, question.window), question.known
    if by == "asked":
        return asked
    if by == BY_CHILDREN:
        return children_of(db, unit, span, known) if unit else asked
    if by == CLUSTER:
        within = {node.id for kind in KINDS for node in below(db, scope.roots, span, known, kind=kind)}
        return [
            cluster
            for cluster in clusters(db, span.last.year, known)
            if within.intersection(cluster_members(db, cluster.id, span.last.year, known))
        ]
    return below(db, scope.roots, span, known, kind=by)
