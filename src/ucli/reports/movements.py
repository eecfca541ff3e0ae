"""The movement of some units: of the whole, and of each group."""

import sqlite3
from collections.abc import Sequence

from ucli.domain.units import BY_CHILDREN, KINDS, Unit
from ucli.reports.attainment import Question
from ucli.reports.movement import MovementTable, Subject, movement_tables, rest_of
from ucli.reports.report import BY_TIME, members_of, question_within, scope_within, whole_of


def movements_of(
    db: sqlite3.Connection, question: Question, units: Sequence[Unit], by: str | None
) -> tuple[MovementTable, list[MovementTable] | None]:
    """Return the movement of some units together, and of each group where one is asked for."""
    asked, unit, scope = whole_of(db, question, units)
    by = by if by or len(units) < 2 else "asked"
    subjects = [Subject(unit, scope, question)]
    if by in BY_TIME:
        pieces = [piece for piece in BY_TIME[by](question.window) if piece.start <= question.as_of]
        subjects += [Subject(unit, scope, question_within(question, piece)) for piece in pieces]
    elif by:
        members = members_of(db, question, asked, unit, scope, by)
        subjects += [Subject(it, scope_within(db, question, it, scope, by), question) for it in members]
    total, *groups = movement_tables(db, subjects)
    if by is None:
        return total, None
    rest = rest_of(total, groups) if by in KINDS or by == BY_CHILDREN else None
    return total, [*groups, rest] if rest else groups
