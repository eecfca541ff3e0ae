"""The answers of `movement` and `explain`, which a plain report need not load."""

import sqlite3

from ucli.cli.questions import Asked, question_of, subjects_of
from ucli.render import Sheet
from ucli.render.explanation import explanation_sheet
from ucli.render.movement import movement_sheet
from ucli.reports.attainment import Report
from ucli.reports.closings import reopened_within
from ucli.reports.explain import Explanation, explained_cell
from ucli.reports.movement import MovementTable, movements_of
from ucli.reports.report import report_of, whole_of

__all__ = ["cell_asked", "explanation_sheet", "movement_asked"]


def movement_asked(db: sqlite3.Connection, asked: Asked, by: str | None) -> tuple[Sheet, MovementTable]:
    """Answer `movement`: all of it as a sheet, and the whole.

    Raises:
        UcliError: a name, period or day that does not fit.

    """
    question = question_of(db, asked, None)
    units = subjects_of(db, question, asked)
    total, groups = movements_of(db, question, units, by)
    reopened = reopened_within(db, question.window, whole_of(db, question, units)[2])
    return movement_sheet(total, groups, question, reopened), total


def cell_asked(db: sqlite3.Connection, asked: Asked, indicator: str) -> tuple[list[Explanation], Report]:
    """Answer `explain`: the cell, and the report it stands in.

    Raises:
        UcliError: a name, period or day that does not fit.

    """
    question = question_of(db, asked, [indicator])
    report = report_of(db, question, subjects_of(db, question, asked), None)
    wanted = next(it for it in question.catalogue if it.code == question.asked[0])
    first, *parts = explained_cell(db, question, wanted, report.total.unit, report.scope, report.total.rows[:1])
    # What is counted from the unit's own targets is known to the table only.
    shown = [row.counted.value for row in report.total.rows]
    report = report._replace(reopened=reopened_within(db, report.total.window, report.scope))
    return [first._replace(value=shown[0] if shown else first.value), *parts], report
