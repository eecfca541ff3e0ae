"""The office's own windows: campaigns, phases, terms; and reading any code that means a window."""

import sqlite3
from datetime import date

from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.operations import Operation
from ucli.ledger.terms import is_term, refuse_built_in, term_of
from ucli.values.dates import date_text
from ucli.values.names import fold, normalised
from ucli.values.periods import Window, between, built_in


def find_window(db: sqlite3.Connection, text: str, *, unit: int | None = None) -> Window:
    """Return the window of a unit's term, of a code of `add-period`, of a built-in one, of a range or of a single day.

    Args:
        db: the ledger.
        text: the code as typed.
        unit: whose term is meant, or the one of the nearest unit above it that has such a term.

    Raises:
        NotFoundError: there is no such code.
        RejectedError: a built-in code that names no window.

    """
    if window := known_window(db, text, unit=unit):
        return window
    # What begins like a year was meant as one; anything else as a code of the office's own.
    kind = RejectedError if text.strip()[:1].isdigit() else NotFoundError
    raise kind(
        _("There is no period “{text}”.").format(text=text[:60]),
        instead=_(
            "Type 2024, 2024-H1, 2024-Q3, 2024-9M, 2024-06, 2024u, two days like 2024-07-01..2024-07-31,"
            " or a code of “ucli periods”; “ucli add-period” adds one."
        ),
    )


def known_window(db: sqlite3.Connection, text: str, *, unit: int | None) -> Window | None:
    """Return the window of a code as `find_window` does; None where there is no such code."""
    if term := term_of(db, text, unit):
        return term
    row = db.execute(
        "SELECT code, start_day, end_day, name FROM period WHERE folded = ?",
        (fold(text),),
    ).fetchone()
    if row:
        return Window(
            row["code"], date.fromisoformat(row["start_day"]), date.fromisoformat(row["end_day"]), row["name"] or ""
        )
    return built_in(text)


def add_period(op: Operation, code: str, first: date, last: date, name: str | None, due: date | None) -> Window:
    """Write a window of the office's own; writing the same one again changes nothing.

    Raises:
        RejectedError: upside down, or a code that means another window everywhere.
        RefusedError: the code is another window's already.

    """
    code = normalised(code)
    window = between(code, first, last)
    if is_term(op.db, code):
        raise RefusedError(_("The code {code} is a unit's term.").format(code=code), instead=_("Choose another."))
    refuse_built_in(code)
    if due and due < last:
        raise RejectedError(
            _("The due date {due} comes before the period ends on {end}.").format(
                due=date_text(due), end=date_text(last)
            ),
            instead=_("Give the day by which units report, after the period."),
        )
    there = op.db.execute("SELECT * FROM period WHERE folded = ?", (fold(code),)).fetchone()
    values = {
        "name": normalised(name) if name else None,
        "start_day": first.isoformat(),
        "end_day": last.isoformat(),
        "due": due.isoformat() if due else None,
    }
    if there is None:
        op.add("period", code=code, folded=fold(code), **values)
    elif any(there[column] != value for column, value in values.items()):
        raise RefusedError(
            _("The period {code} is there already: {start}–{end}.").format(
                code=there["code"], start=_shown(there["start_day"]), end=_shown(there["end_day"])
            ),
            instead=_("Choose another code, or void the old one first with “ucli void-period {code}”.").format(
                code=there["code"]
            ),
        )
    return window


def void_period(op: Operation, code: str) -> str:
    """Take a window back; figures and targets that were recorded for it keep their days.

    Raises:
        NotFoundError: the office has no period of that code.

    """
    if not op.end("period", folded=fold(code)):
        raise NotFoundError(
            _("There is no period “{text}” of the office's own.").format(text=code[:60]),
            instead=_("“ucli periods” lists them."),
        )
    return code


def _shown(day: str) -> str:
    return date_text(date.fromisoformat(day))
