"""Closed windows: what was handed in stays as it was, and nothing is recorded into them unless they are reopened."""

import json
import sqlite3
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from shlex import quote
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError, UcliError
from ucli.i18n import _
from ucli.ledger.facts import Box, changed
from ucli.ledger.operations import NEVER, VERSIONED, Operation, ever, first_op
from ucli.ledger.periods import find_window
from ucli.ledger.units import get_ever, office
from ucli.values.dates import date_text
from ucli.values.names import fold
from ucli.values.periods import Window
from ucli.values.units import Unit


class Closing(NamedTuple):
    """A window that was closed: for a unit and all below it, or for the whole ledger."""

    number: int
    unit: int | None
    window: Window
    submission: int
    operation: int  # that closed it
    sha256: str  # of what was handed in, as JSON

    @property
    def box(self) -> Box:
        return Box(self.number, self.unit, self.window.start.isoformat(), self.window.end.isoformat())

    def told(self, db: sqlite3.Connection, *, before: int = NEVER) -> str:
        """Name it for people, by the name its unit had before an operation."""
        if self.unit is None:
            return self.window.text()
        return _("{period} of {unit}").format(period=self.window.text(), unit=get_ever(db, self.unit, before=before))

    def typed(self, db: sqlite3.Connection, *, before: int = NEVER) -> str:
        """Write it as commands take it, by the code its unit had before an operation."""
        code = quote(self.window.code) if meant_by_its_code(db, self) else f"{self.window.start}..{self.window.end}"
        return f"{code} --unit {quote(get_ever(db, self.unit, before=before, column='code'))}" if self.unit else code


_CLOSINGS = f"SELECT c.*, {first_op('closing', 'c')} AS first_op FROM closing c"


def close(
    op: Operation,
    unit: Unit | None,
    window: Window,
    handed_in: Callable[[], tuple[str, str]],
    *,
    confirmed: bool,
    to_a_day: bool = False,
) -> str:
    """Close a window and keep what was handed in; return the SHA-256 of its JSON.

    Closing again what was reopened keeps what is handed in now; what was handed in before stays in the past.

    Args:
        op: the operation.
        unit: whose window it is, with all below; None for the whole ledger's.
        window: the days.
        handed_in: returns the report as JSON and as plain text, as it reads once the window is open no more.
        confirmed: whether a window that is not over is closed all the same.
        to_a_day: whether the report is that of a longer window, as of the last day.

    Raises:
        RefusedError: the window is not over, and no one confirmed that it is closed all the same; or the report of
            another window was handed in for its days.

    """
    there = _counting(op.db, unit, window)
    if there and there.window.code != window.code and (to_a_day or meant_by_its_code(op.db, there) is None):
        raise RefusedError(
            _("{period} is closed.").format(period=there.told(op.db)),
            why=_("For these days another report was handed in: that of {period}.").format(period=there.window.code),
            instead=_("“ucli undo” of operation {number} takes it back.").format(number=there.operation),
        )
    if there and not op.end("reopening", closing=there.number):
        return there.sha256
    if window.end >= date.today() and not confirmed:  # noqa: DTZ011
        raise RefusedError(
            _("The period {period} is not over.").format(period=window.text()),
            why=_("What is still to come in it could not be recorded any more."),
            instead=_("Close it when it is over, or repeat the command with --yes."),
        )
    if there:
        op.end("closing", id=there.number)
    as_json, plain = handed_in()
    number = op.next_id("closing")
    kept = op.db.execute("INSERT INTO submission (json, plain) VALUES (?, ?)", (as_json, plain)).lastrowid
    op.add(
        "closing",
        id=number,
        unit=unit.id if unit else None,
        start_day=window.start.isoformat(),
        end_day=window.end.isoformat(),
        period=window.code,
        submission=kept,
        json_sha256=digest(as_json),
        plain_sha256=digest(plain),
    )
    return digest(as_json)


def reopen(op: Operation, unit: Unit | None, window: Window, reason: str, until: date | None) -> Closing:
    """Let a closed window take facts again, up to and with a day or until it is closed anew.

    Raises:
        NotFoundError: it is not closed.
        RefusedError: the day is past.

    """
    there = find_closing(op.db, unit, window)
    if until and until < date.today():  # noqa: DTZ011
        raise RefusedError(
            _("{day} is past.").format(day=date_text(until)),
            instead=_("Name the last day on which it stays open, today or later."),
        )
    values = {"reason": reason, "until": until.isoformat() if until else None}
    known = op.db.execute("SELECT * FROM reopening WHERE closing = ?", (there.number,)).fetchone()
    if not known or any(known[column] != value for column, value in values.items()):
        op.end("reopening", closing=there.number)
        op.add("reopening", closing=there.number, **values)
    return there


def find_closing(db: sqlite3.Connection, unit: Unit | None, window: Window, *, by_now: bool = True) -> Closing:
    """Return what was closed for just this window, of just this unit or of the whole ledger.

    Args:
        db: the ledger.
        unit: whose window it is.
        window: the days.
        by_now: whether it is not the past that is looked at.

    Raises:
        NotFoundError: nothing was.

    """
    found = _counting(db, unit, window)
    if found is None:
        _refuse_if_taken_back(db, unit, window)
        whose = _("of {unit}").format(unit=unit.name) if unit else _("of the whole ledger")
        raise NotFoundError(
            _("The period {period} {whose} was never closed.").format(period=window.text(), whose=whose)
            if by_now
            else _("The period {period} {whose} was not closed by then.").format(period=window.text(), whose=whose),
            instead=_("“ucli periods” shows which are; --unit names whose it was."),
        )
    return found


def closed_to_a_day(db: sqlite3.Connection, unit: Unit | None, window: Window) -> Closing | None:
    """Return the closing of a window; where the whole of it was not closed, the last to a day inside it."""
    end = window.end.isoformat()
    rows = db.execute(
        f"{_CLOSINGS} WHERE coalesce(unit, 0) = ? AND start_day = ? AND end_day <= ?"
        " AND (end_day = ? OR period = ?) ORDER BY end_day DESC LIMIT 1",
        (unit.id if unit else 0, window.start.isoformat(), end, end, window.code),
    )
    return next(map(_closing, rows), None)


def closed_before(db: sqlite3.Connection, closing: Closing) -> list[int]:
    """Return the operations that closed the same window before it was reopened; what was handed in then is kept."""
    rows = db.execute(
        f"SELECT min(op) AS number FROM {ever('closing')} WHERE coalesce(unit, 0) = ? AND start_day = ?"
        " AND end_day = ? AND submission <> ? GROUP BY submission ORDER BY number",
        (closing.unit or 0, *closing.box[2:], closing.submission),
    )
    return [row["number"] for row in rows]


def window_closed(db: sqlite3.Connection, unit: Unit | None, code: str) -> Window | None:
    """Return the window that was closed under a code for a unit or the whole ledger, whatever the code means by now."""
    rows = db.execute(f"{_CLOSINGS} WHERE coalesce(unit, 0) = ? ORDER BY id DESC", (unit.id if unit else 0,))
    return next((_closing(row).window for row in rows if fold(row["period"]) == fold(code)), None)


def closed_windows(db: sqlite3.Connection, *, before: int = NEVER) -> list[Closing]:
    """Return the windows that take no facts today: closed before an operation, and not open again."""
    rows = db.execute(
        f"{_CLOSINGS} WHERE c.op < :before AND NOT EXISTS"
        " (SELECT 1 FROM reopening r WHERE r.closing = c.id AND coalesce(r.until, :today) >= :today) ORDER BY c.id",
        {"before": before, "today": date.today().isoformat()},  # noqa: DTZ011
    )
    return [_closing(row) for row in rows]


def closed_again(db: sqlite3.Connection, number: int) -> list[Closing]:
    """Return the windows that an undo or redo closed again as they were handed in once."""
    back = {row[0] for row in db.execute("SELECT id FROM closing WHERE op = ?", (number,))}
    return [it for it in closed_windows(db) if it.number in back] if back else []


def written_while_open(db: sqlite3.Connection, number: int, since: int) -> list[int]:
    """Return the operations that wrote into windows which an operation shuts again by ending their reopening.

    Args:
        db: the ledger.
        number: the operation.
        since: the operation that had reopened them.

    """
    ended = {row[0] for row in db.execute("SELECT closing FROM reopening_history WHERE ended_by = ?", (number,))}
    boxes = [it.box for it in closed_windows(db) if it.number in ended]
    touched = {(fact.register, fact.row) for fact in changed(db, boxes, since)} if boxes else set()
    writers: set[int] = set()
    for register, row in touched:
        writers.update(_who_changed(db, register, json.loads(row), since))
    return sorted(writers)


def meant_by_its_code(db: sqlite3.Connection, closing: Closing) -> Window | None:
    """Return the window that the code of a closed one means now; None where it means other days, or nothing."""
    owner = None if closing.unit else office(db)
    try:
        window = find_window(db, closing.window.code, unit=owner.id if owner else closing.unit)
    except UcliError:
        return None
    lasted = window.lasted
    return window if (lasted.start, lasted.end) == (closing.window.start, closing.window.end) else None


def digest(text: str) -> str:
    """Return the SHA-256 of a text as `sha256sum` prints it."""
    return sha256(text.encode("utf-8")).hexdigest()


def _refuse_if_taken_back(db: sqlite3.Connection, unit: Unit | None, window: Window) -> None:
    """Say of a window that is closed no more which operation took its closing back, and how to print what was kept.

    Raises:
        NotFoundError: it was closed, and that was undone.

    """
    row = db.execute(
        f"SELECT c.*, {first_op('closing', 'c')} AS first_op FROM closing_history c"
        " WHERE coalesce(unit, 0) = ? AND start_day = ? AND end_day = ? ORDER BY ended_by DESC",
        (unit.id if unit else 0, window.start.isoformat(), window.end.isoformat()),
    ).fetchone()
    if row is None:
        return
    closing = _closing(row)
    raise NotFoundError(
        _("The period {period} is not closed.").format(period=closing.told(db)),
        why=_("Operation {number} closed it, and operation {later} took that back.").format(
            number=closing.operation, later=row["ended_by"]
        ),
        instead=_("What was kept then: ucli report --submitted {typed} --as-known {number}.").format(
            typed=closing.typed(db), number=row["op"]
        ),
    )


def _who_changed(db: sqlite3.Connection, register: str, key: list[object], since: int) -> list[int]:
    """Return the operation that a row comes from as it is now; where that was before, who ended it as it was then."""
    same = " AND ".join(f"{column} = ?" for column in VERSIONED[register])
    now = (
        f"SELECT first FROM (SELECT {first_op(register, 'r')} AS first FROM {register} r WHERE {same}) WHERE first > ?"
    )
    then = f"SELECT ended_by FROM {register}_history WHERE {same} AND op <= ? AND ended_by > ?"
    return [row[0] for row in db.execute(now, (*key, since)).fetchall() or db.execute(then, (*key, since, since))]


def _counting(db: sqlite3.Connection, unit: Unit | None, window: Window) -> Closing | None:
    row = db.execute(
        f"{_CLOSINGS} WHERE coalesce(unit, 0) = ? AND start_day = ? AND end_day = ?",
        (unit.id if unit else 0, window.start.isoformat(), window.end.isoformat()),
    ).fetchone()
    return _closing(row) if row else None


def _closing(row: sqlite3.Row) -> Closing:
    window = Window(row["period"], date.fromisoformat(row["start_day"]), date.fromisoformat(row["end_day"]))
    return Closing(row["id"], row["unit"], window, row["submission"], row["first_op"], row["json_sha256"])
