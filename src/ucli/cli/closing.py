"""Closing a period when its report is submitted, reopening it, and what changed since."""

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeVar

from ucli.cli.commands import ReadCommand, WriteCommand, command
from ucli.cli.opening import Said, reading, writing
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import current_session
from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.ledger import closing as closings
from ucli.ledger.closing import Closing
from ucli.ledger.units import unit_at
from ucli.render import Sheet, render
from ucli.render.attainment import attainment_sheet
from ucli.render.history import changes_sheet
from ucli.reports.attainment import Table
from ucli.reports.closings import ChangedLine, lines_apart, submitted
from ucli.reports.report import report_of
from ucli.reports.request import Request, look_back_to, question_of, report_asked, subjects_of
from ucli.reports.rows import RowChange, changes_before, changes_since, has_stock, touching
from ucli.values.dates import date_text
from ucli.values.periods import Window
from ucli.values.units import Unit

# The formats in which a submitted report is kept.
_FORMS = ("json", "plain")
# How `diff` names the lines of the report itself, where others name a register.
_REPORT_LINE = "report"


@command(WriteCommand)
def close_period(period: str, unit: str | None = None, as_of: date | None = None, against: str | None = None) -> None:
    """With --unit, for a unit and all below it; without, for the whole ledger.

    With --as-of, the period is closed and its report submitted up to that day; later events can still be recorded.
    """
    with writing() as (op, say):
        subject, whole = _asked(op.db, period, unit, periods.find_window)
        window = whole.until(as_of) if as_of else whole
        submission = partial(_submission, op.db, Request(unit=unit, period=period, as_of=as_of, against=against))
        sha256 = closings.close(op, subject, window, submission, confirmed=current_session().yes)
        done = _("{period} was closed; the submitted report has the SHA-256 {start}….")
        shown = {"period": _told(subject, window), "start": sha256[:16]}
        say(done, shown, period=window, unit=subject, sha256=sha256)
        say.when_safe = partial(_say_head, say)


def _say_head(say: Said) -> None:
    say.created["head"] = say.op.head or None
    if say.op.head:
        say.done += " " + _("The log ends with {head}; “ucli check --head” checks it later.").format(head=say.op.head)


def _submission(db: sqlite3.Connection, asked: Request) -> tuple[str, str]:
    sheet = attainment_sheet(report_asked(db, asked), decimals=1)
    as_json, plain = (str(render(sheet, form)) for form in _FORMS)
    return as_json, plain


@command(WriteCommand)
def reopen_period(period: str, reason: str, unit: str | None = None, until: date | None = None) -> None:
    with writing() as (op, say):
        there = _closing(op.db, period, unit)
        closings.reopen(op, there, reason, until)
        done = _("{period} was reopened until {day} ({reason}).") if until else _("{period} was reopened ({reason}).")
        say(
            done,
            {"period": there.told(op.db), "day": date_text(until) if until else ""},
            period=there.window.code,
            unit=unit_at(op.db, there.unit, there.window.end).code if there.unit else None,
            reason=reason,
            until=until,
        )


def _told(unit: Unit | None, window: Window) -> str:
    return _("{period} of {unit}").format(period=window.text(), unit=unit.name) if unit else window.text()


@command(ReadCommand)
def diff(period: str, unit: str | None = None) -> None:
    """Then follow records of earlier days that a stock depends on, and the report's lines that now differ."""
    with reading() as db:
        closing = _closing(db, period, unit)
        inside, earlier, lines = changes_of(db, closing)
        title = _("{period}: what changed since operation {number}").format(
            period=closing.told(db), number=closing.operation
        )
        notes = [] if inside or earlier or lines else [_("Nothing has changed since.")]
        if earlier:
            notes.append(
                _("A stock also depends on what came before the period: what was recorded for those days is listed.")
            )
        notes += [
            _("Submitted before that: ucli report --submitted {typed} --as-known {number}").format(
                typed=closing.typed(db), number=number
            )
            for number in closings.closed_before(db, closing)
        ]
        names = catalogue.names(db)
    show(changes_sheet([*inside, *earlier, *lines], names, title, notes))


def show_submitted(period: str, unit: str | None, as_known: str | None) -> None:
    """Print the report submitted when a period was closed; with --as-known an earlier submission."""
    form = {"table": "plain"}.get(asked := form_asked(), asked)
    with reading() as db:
        closing = _closing(db, period, unit, as_known)
        text = submitted(db, closing.submission, form if form in _FORMS else "json")
        if form not in _FORMS:
            sheet, table = _report(db, closing, json.loads(text), str(closing.operation))
            if closings.digest(text) != closing.sha256 or lines_apart(json.loads(text), sheet.as_document()):
                raise RefusedError(
                    _("A submitted report can only be printed as it was stored."),
                    instead=_("Choose --format json or plain."),
                )
    if form in _FORMS:
        show_text(text)
    else:
        show(sheet, about=table.unit, day=table.window.end)


def lines_now(db: sqlite3.Connection, closing: Closing) -> list[ChangedLine]:
    """Return the lines of a closed window's submitted report that would read differently now."""
    then = submitted(db, closing.submission, "json")
    if closings.digest(then) != closing.sha256:
        return []  # it was altered, which “ucli check” reports
    document = json.loads(then)
    return lines_apart(document, _report(db, closing, document)[0].as_document())


def changes_of(db: sqlite3.Connection, closing: Closing) -> tuple[list[RowChange], list[RowChange], list[RowChange]]:
    """Return what changed since a window was closed: rows in it, earlier rows its stocks depend on, report lines."""
    by_code = {it.code: it for it in catalogue.indicators(db)}
    inside = changes_since(db, closing)
    lines = lines_now(db, closing)
    stocks = {it.indicator for it in lines if it.indicator in by_code and has_stock(it.indicator, by_code)}
    earlier = touching(stocks, changes_before(db, closing), by_code) if stocks else []
    earlier = [it for it in earlier if it not in inside]

    def operations(line: ChangedLine) -> tuple[int, ...]:
        touched = touching([line.indicator], [*inside, *earlier], by_code)
        return tuple(sorted({number for it in touched for number in it.operations}))

    return inside, earlier, [RowChange(_REPORT_LINE, "", it.then, it.now, operations(it)) for it in lines]


def _report(
    db: sqlite3.Connection, closing: Closing, document: Mapping[str, Any], as_known: str | None = None
) -> tuple[Sheet, Table]:
    """Make the report of a closed window with the options of its submission, as known at an operation."""
    window, unit = closing.window, closing.unit
    period, against = document["period"], document.get("against")
    to = date.fromisoformat(document["as_of"])
    # A period closed up to a day has its own days; a term that was cut short keeps the days of its targets.
    is_to_a_day = window.end < date.fromisoformat(period["end"])
    days = f"{period['start']}..{period['end']}" if is_to_a_day else f"{window.start}..{window.end}"
    asked = Request(period=days, as_of=to if is_to_a_day else None, as_known=as_known)
    if against:
        asked = asked._replace(against=f"{against['start']}..{against['end']}")
    question = question_of(db, asked)
    named = question.window._replace(code=period["code"])
    question = question._replace(window=named, as_of=min(question.as_of, to))
    if question.against and against:
        question = question._replace(against=question.against._replace(code=against["code"]))
    subjects = [unit_at(db, unit, window.end)] if unit else subjects_of(db, question, asked)
    report = report_of(db, question, subjects, None)
    return attainment_sheet(report, decimals=1), report.total


def _closing(db: sqlite3.Connection, period: str, unit: str | None, as_known: str | None = None) -> Closing:
    subject, window = _asked(db, period, unit, periods.known_window)
    look_back_to(db, as_known)
    return closings.find_closing(db, subject, period, window)


_Found = TypeVar("_Found", Window, Window | None)


def _asked(
    db: sqlite3.Connection, period: str, unit: str | None, find: Callable[..., _Found]
) -> tuple[Unit | None, _Found]:
    """Return the unit and window meant; a term is the unit's, or the office's if none is named."""
    owner = units.find(db, unit) if unit else units.office(db)
    window = find(db, period, unit=owner.id if owner else None)
    window = window and window.lasted
    return units.find(db, unit, day=window.end if window else None) if unit else None, window
