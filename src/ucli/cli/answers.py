"""The answers of `movement` and `explain`, which a plain report need not load."""

import sqlite3

from ucli.cli.questions import Asked, question_of, subjects_of
from ucli.render.explanation import explanation_sheet
from ucli.render.movement import movement_sheet
from ucli.reports.attainment import Question, Report
from ucli.reports.explain import Explanation, explained_cell
from ucli.reports.movement import MovementTable
from ucli.reports.movements import movements_of
from ucli.reports.report import report_of

__all__ = ["cell_asked", "explanation_sheet", "movement_asked", "movement_sheet"]


def movement_asked(
    db: sqlite3.Connection, asked: Asked, by: str | None
) -> tuple[MovementTable, list[MovementTable] | None, Question]:
    """Answer `movement`: the whole, its groups, and what was asked.

    Raises:
        UcliError: a name, period or day that does not fit.

    """
    question = question_of(db, asked, None)
    return (*movements_of(db, question, subjects_of(db, question, asked), by), question)


def cell_asked(db: sqlite3.Connection, asked: Asked, indicator: str) -> tuple[list[Explanation], Report]:
    """Answer `explain`: the cell, and the report it stands in.

    Raises:
        UcliError: a name, period or day that does not fit.

    """
    question = question_of(db, asked, [indicator])
    report = report_of(db, question, subjects_of(db, question, asked), None)
    wanted = next(it for it in question.catalogue if it.code == question.asked[0])
    first, *parts = explained_cell(db, question, wanted, report.total.unit, report.scope)
    # What is counted from the unit's own targets is known to the table only.
    shown = [row.counted.value for row in report.total.rows]
    return [first._replace(value=shown[0] if shown else first.value), *parts], report
