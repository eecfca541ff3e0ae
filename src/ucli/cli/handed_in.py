"""What was handed in when a window was closed, held against what its report would say now."""

import json
import sqlite3
from collections.abc import Iterator

from ucli.cli import questions
from ucli.language import _
from ucli.ledger import catalogue
from ucli.ledger.closings import Closing, digest, meant_by_its_code, shut
from ucli.reports.closings import changes_before, changes_since, submitted
from ucli.reports.findings import REPORT_CHANGED, Finding
from ucli.reports.handed_in import Line, has_stock, lines_apart, touching
from ucli.reports.report import report_of
from ucli.reports.rows import Change
from ucli.reports.structure import node

# The register, as `diff` names it, of the lines of the report itself.
REPORT_LINE = "report"


def lines_now(db: sqlite3.Connection, closing: Closing) -> list[Line]:
    """Return the lines of the report handed in for a closed window that would read otherwise now."""
    window, then = closing.window, submitted(db, closing.submission, "json")
    if digest(then) != closing.sha256:
        return []  # it is not what was handed in, as “ucli check” says of it
    asked = questions.Asked(None, None, None, f"{window.start}..{window.end}", None, None)
    question = questions.question_of(db, asked, None)
    # A term that was cut short keeps the days of its targets.
    question = question._replace(window=meant_by_its_code(db, closing) or question.window)
    subjects = [node(db, closing.unit, window.end)] if closing.unit else questions.subjects_of(db, question, asked)
    sheet = questions.attainment_sheet(report_of(db, question, subjects, None), decimals=1)
    now: dict[str, object] = sheet.document  # type: ignore[assignment]  # that of a report
    return lines_apart(json.loads(then), now)


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


def changed_reports(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the closed windows whose report would read otherwise now than it was handed in."""
    for closing in shut(db):
        lines = lines_now(db, closing)
        if lines:
            what = _("{period}: {indicators} would read otherwise now than handed in; “ucli diff {typed}” shows it.")
            said = what.format(
                period=closing.told(db),
                indicators=", ".join(dict.fromkeys(it.indicator for it in lines)),
                typed=closing.typed(db),
            )
            numbers = tuple(number for it in lines for number in it.numbers)
            yield Finding(REPORT_CHANGED, str(closing.number), said, closing.unit, numbers)


def _operations(changes: list[Change]) -> tuple[int, ...]:
    return tuple(sorted({number for it in changes for number in it.operations}))
