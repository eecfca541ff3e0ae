"""What was handed in when a window was closed, held against what its report would say now."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import Any

from ucli.cli import request
from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger import catalogue
from ucli.ledger.closing import Closing, digest, meant_by_its_code
from ucli.render import Sheet
from ucli.render.attainment import attainment_sheet
from ucli.reports.attainment import Table
from ucli.reports.closings import Line, changes_before, changes_since, has_stock, lines_apart, submitted, touching
from ucli.reports.report import report_of
from ucli.reports.rows import Change
from ucli.reports.structure import unit_at
from ucli.values.periods import Window

# The register, as `diff` names it, of the lines of the report itself.
REPORT_LINE = "report"


def lines_now(db: sqlite3.Connection, closing: Closing) -> list[Line]:
    """Return the lines of the report handed in for a closed window that would read otherwise now."""
    then = submitted(db, closing.submission, "json")
    if digest(then) != closing.sha256:
        return []  # it is not what was handed in, as “ucli check” says of it
    said = json.loads(then)
    return lines_apart(said, _report(db, closing, said)[0].as_document())


def submitted_sheet(db: sqlite3.Connection, closing: Closing) -> tuple[Sheet, Table]:
    """Return the report that was handed in for a closed window, made again of what was recorded by then.

    Raises:
        RefusedError: it does not come to what was handed in.

    """
    then = submitted(db, closing.submission, "json")
    said = json.loads(then)
    sheet, table = _report(db, closing, said, str(closing.operation))
    if digest(then) != closing.sha256 or lines_apart(said, sheet.as_document()):
        raise RefusedError(
            _("What was handed in can be printed only as it is kept."), instead=_("Choose --format json or plain.")
        )
    return sheet, table


def _report(
    db: sqlite3.Connection, closing: Closing, said: Mapping[str, Any], as_known: str | None = None
) -> tuple[Sheet, Table]:
    """Return the report of a closed window, asked as it was when it was handed in, of what an operation knew."""
    window, unit = closing.window, closing.unit
    period, against = said["period"], said.get("against")
    to = date.fromisoformat(said["as_of"])
    # Of a period that was closed to a day, its own days; a term that was cut short keeps the days of its targets.
    days = f"{period['start']}..{period['end']}" if window.end < date.fromisoformat(period["end"]) else None
    asked = request.Asked(
        None,
        None,
        None,
        days or f"{window.start}..{window.end}",
        to if days else None,
        as_known,
    )
    if against:
        asked = asked._replace(against=f"{against['start']}..{against['end']}")
    question = request.question_of(db, asked, None)
    meant = Window(period["code"], question.window.start, question.window.end)
    question = question._replace(window=meant_by_its_code(db, closing) or meant, as_of=min(question.as_of, to))
    if question.against and against:
        question = question._replace(against=question.against._replace(code=against["code"]))
    subjects = [unit_at(db, unit, window.end)] if unit else request.subjects_of(db, question, asked)
    report = report_of(db, question, subjects, None)
    return attainment_sheet(report, decimals=1), report.total


def changes_of(db: sqlite3.Connection, closing: Closing) -> tuple[list[Change], list[Change], list[Change]]:
    """Return what changed since a window was closed: rows in it, rows before it that its stocks rest on, lines."""
    by_code = {it.code: it for it in catalogue.indicators(db)}
    inside = changes_since(db, closing.box, closing.operation)
    lines = lines_now(db, closing)
    stocks = {it.indicator for it in lines if it.indicator in by_code and has_stock(it.indicator, by_code)}
    earlier = touching(stocks, changes_before(db, closing.box, closing.operation), by_code) if stocks else []
    earlier = [it for it in earlier if it not in inside]
    told = [
        Change(REPORT_LINE, "", it.then, it.now, _operations(touching([it.indicator], [*inside, *earlier], by_code)))
        for it in lines
    ]
    return inside, earlier, told


def _operations(changes: list[Change]) -> tuple[int, ...]:
    return tuple(sorted({number for it in changes for number in it.operations}))
