"""Closed windows: the submitted report is kept, and nothing is recorded in them unless they are reopened.

A row says something about a unit and days. A row that was ended and rewritten may still say the same about a day:
anyone who leaves in 2025 was still admitted in 2024. So what rows say now about a window is compared with what they
said after an operation, and only a difference is a change.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from shlex import quote
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError
from ucli.i18n import _
from ucli.ledger.figures import is_stock
from ucli.ledger.operations import NEVER, VERSIONED, Operation, ever, first_op, written_since
from ucli.ledger.registers import SOURCES, Source
from ucli.ledger.rules import CLOSED_PERIOD, Finding
from ucli.ledger.units import get_ever
from ucli.ledger.verbs import put
from ucli.values.dates import date_text
from ucli.values.names import fold
from ucli.values.periods import Window, window_of
from ucli.values.units import Unit


class Fact(NamedTuple):
    """Something that counts inside a closed window now and did not before, or the reverse."""

    table: str
    closing: int
    row: str  # the values of its key, as JSON
    unit: int
    first: str
    last: str


class Closing(NamedTuple):
    """A window that was closed: for a unit and all below it, or for the whole ledger."""

    number: int
    unit: int | None
    window: Window
    submission: int
    operation: int  # that closed it
    sha256: str  # of the submitted report, as JSON

    def told(self, db: sqlite3.Connection, *, before: int = NEVER) -> str:
        """Return its name for people, with the unit's name before an operation."""
        if self.unit is None:
            return self.window.text()
        return _("{period} of {unit}").format(period=self.window.text(), unit=get_ever(db, self.unit, before=before))

    def typed(self, db: sqlite3.Connection, *, before: int = NEVER) -> str:
        """Write it as commands take it, with the unit's code before an operation."""
        meant = _of_code(_closings(db, self.unit), self.window.code)[0] == self
        code = quote(self.window.code) if meant else f"{self.window.start}..{self.window.end}"
        return f"{code} --unit {quote(get_ever(db, self.unit, before=before, column='code'))}" if self.unit else code


def close(
    op: Operation, unit: Unit | None, window: Window, submission: Callable[[], tuple[str, str]], *, confirmed: bool
) -> str:
    """Close a window of a unit, or of the whole ledger, and keep its report; return the SHA-256 of the report's JSON.

    Closing a reopened window keeps the new report; the earlier one stays in the history. `submission` returns the
    report as JSON and as plain text, as it reads once the window is closed. A window that is not over has to be
    confirmed.
    """
    there = next((it for it in _closings(op.db, unit and unit.id) if _days(it.window) == _days(window)), None)
    is_open = there and op.end("reopening", closing=there.number)
    if there and not is_open:
        (kept,) = op.db.execute("SELECT json FROM submission WHERE id = ?", (there.submission,)).fetchone()
        if _question(kept) != _question(submission()[0]):
            raise RefusedError(
                _("{period} is closed.").format(period=there.told(op.db)),
                why=_("For these days another report was submitted: of a longer period, or against another target."),
                instead=_("To correct it: {commands}.").format(commands=_reopening(op.db, there, op.number)),
            )
        return there.sha256
    if window.end >= date.today() and not confirmed:  # noqa: DTZ011
        raise RefusedError(
            _("The period {period} is not over.").format(period=window.text()),
            why=_("Nothing more could be recorded for its remaining days."),
            instead=_("Close it when it is over, or repeat the command with --yes."),
        )
    if there:
        op.end("closing", id=there.number)
    as_json, plain = submission()
    keep(op, unit.id if unit else None, window, as_json, plain)
    return digest(as_json)


def keep(op: Operation, unit: int | None, window: Window, as_json: str, plain: str) -> None:
    """Write the closing of a window and its submitted report."""
    op.add(
        "closing",
        id=op.next_id("closing"),
        unit=unit,
        start_day=window.start.isoformat(),
        end_day=window.end.isoformat(),
        period=window.code,
        submission=op.db.execute("INSERT INTO submission (json, plain) VALUES (?, ?)", (as_json, plain)).lastrowid,
        json_sha256=digest(as_json),
        plain_sha256=digest(plain),
    )


def reopen(op: Operation, there: Closing, reason: str, until: date | None) -> None:
    """Reopen a closed window, up to and including a day or until it is closed again."""
    if until and until < date.today():  # noqa: DTZ011
        raise RefusedError(
            _("{day} is past.").format(day=date_text(until)),
            instead=_("Name the last day on which it stays open, today or later."),
        )
    put(op, "reopening", {"closing": there.number}, reason=reason, until=until.isoformat() if until else None)


def find_closing(db: sqlite3.Connection, unit: Unit | None, text: str, window: Window | None) -> Closing:
    """Find a closed window of just this unit, or of the whole ledger, by its code, else by its days."""
    found = _closings(db, unit and unit.id)
    meant = _of_code(found, text) or [it for it in found if window and _days(it.window) == _days(window)]
    if meant:
        return meant[0]
    whose = _("of {unit}").format(unit=unit.name) if unit else _("of the whole ledger")
    told = _("The period {period} {whose} is not closed, or its closing was undone.")
    raise NotFoundError(
        told.format(period=window.text() if window else text, whose=whose),
        instead=_("“ucli periods” shows which are; --unit names whose it was."),
    )


def closed_before(db: sqlite3.Connection, closing: Closing) -> list[int]:
    """Return the operations that closed the same window earlier; their reports are kept."""
    rows = db.execute(
        f"SELECT min(op) FROM {ever('closing')} WHERE coalesce(unit, 0) = ? AND start_day = ?"
        " AND end_day = ? AND submission <> ? GROUP BY submission ORDER BY 1",
        (closing.unit or 0, f"{closing.window.start}", f"{closing.window.end}", closing.submission),
    )
    return [number for (number,) in rows]


def closed_windows(db: sqlite3.Connection, *, before: int = NEVER) -> list[Closing]:
    """Return the windows that are closed today: closed before an operation, and not reopened."""
    rows = db.execute(
        f"{_CLOSINGS} WHERE c.op < :before AND NOT EXISTS"
        " (SELECT 1 FROM reopening r WHERE r.closing = c.id AND coalesce(r.until, :today) >= :today) ORDER BY c.id",
        {"before": before, "today": date.today().isoformat()},  # noqa: DTZ011
    )
    return [_closing(row) for row in rows]


def closed_again(db: sqlite3.Connection, number: int) -> list[Closing]:
    """Return the windows that an undo or redo closed again, with their earlier reports."""
    back = {row[0] for row in db.execute("SELECT id FROM closing WHERE op = ?", (number,))}
    return [it for it in closed_windows(db) if it.number in back] if back else []


def digest(text: str) -> str:
    """Return the SHA-256 of a text as `sha256sum` prints it."""
    return sha256(text.encode("utf-8")).hexdigest()


def written_into(db: sqlite3.Connection, number: int) -> Iterator[Finding]:
    """Yield what an operation changed inside closed windows, which a rule refuses."""
    closed = {it.number: it for it in closed_windows(db, before=number)}
    facts = sorted(changed(db, [*closed.values()], number - 1), key=lambda it: it.closing)
    # Named once for all, by the names and codes before the operation.
    told = {it: _("{period} is closed.").format(period=closed[it].told(db, before=number)) for it in closed}
    commands = {it: _reopening(db, closed[it], number) for it in {fact.closing for fact in facts}}
    names = {it: get_ever(db, it, before=number) for it in {fact.unit for fact in facts}}
    for fact in facts:
        days = window_of("..", fact.first, fact.last).text()
        why = _("This would change records of {unit} on {days}, whose report was submitted.")
        why = why.format(unit=names[fact.unit], days=days)
        if fact.table == "unit_life" and db.execute(_OF_UNKNOWN_FOUNDING, (fact.unit, number)).fetchone():
            why += " " + _("If it was founded later, say when with --founded.")
        row = json.loads(fact.row)
        ref = "-".join(map(str, [fact.table, *row]))
        found = Finding(CLOSED_PERIOD, ref, told[fact.closing], fact.unit, table=fact.table, row=row[0])
        yield found._replace(why=why, correct_by=commands[fact.closing])


def written_while_open(db: sqlite3.Connection, number: int) -> Iterator[Finding]:
    """Yield what was written into a window that an operation closes again by undoing its reopening."""
    since = first_op("reopening", "r")
    ended = dict(
        db.execute(f"SELECT closing, {since} FROM reopening_history r WHERE ended_by = ?", (number,)).fetchall()
    )
    for closing in closed_windows(db) if ended else ():
        reopened = ended.get(closing.number)
        for fact in changed(db, [closing], reopened) if reopened is not None else ():
            what = _("{period} is closed.").format(period=closing.told(db))
            for writer in _who_changed(db, fact.table, json.loads(fact.row), reopened or 0):
                yield Finding(CLOSED_PERIOD, str(closing.number), what, fact.unit, other=writer)


def _who_changed(db: sqlite3.Connection, table: str, key: list[object], since: int) -> list[int]:
    """Return the operation that wrote a row as it is now; if it existed before, the one that ended its former state."""
    same = " AND ".join(f"{column} = ?" for column in VERSIONED[table])
    now = f"SELECT first FROM (SELECT {first_op(table, 'r')} AS first FROM {table} r WHERE {same}) WHERE first > ?"
    then = f"SELECT ended_by FROM {table}_history WHERE {same} AND op <= ? AND ended_by > ?"
    return [row[0] for row in db.execute(now, (*key, since)).fetchall() or db.execute(then, (*key, since, since))]


def _reopening(db: sqlite3.Connection, closing: Closing, number: int) -> str:
    """Return the command that reopens a window, with the unit's code before an operation."""
    return f"ucli reopen-period {closing.typed(db, before=number)} --reason “…”"


def _question(report: str) -> object:
    """Return the question of a report in JSON: its days, and the targets it is compared with."""
    try:
        said = json.loads(report)
        return said["period"]["start"], said["period"]["end"], (said.get("against") or {}).get("code")
    except (ValueError, LookupError, TypeError):
        return None  # it was altered outside ucli, which “ucli check” reports


def _days(window: Window) -> tuple[date, date]:
    return window.start, window.end


# An operation added a unit without a founding day, as if it had always existed.
_OF_UNKNOWN_FOUNDING = "SELECT 1 FROM unit_life WHERE unit = ? AND op = ? AND founded IS NULL AND ended IS NULL"
_CLOSINGS = f"SELECT c.*, {first_op('closing', 'c')} AS first_op FROM closing c"


def _closings(db: sqlite3.Connection, unit: int | None) -> list[Closing]:
    """Return the closed windows of just this unit or of the whole ledger, the last days first."""
    rows = db.execute(f"{_CLOSINGS} WHERE c.unit IS ? ORDER BY c.end_day DESC, c.start_day", (unit,))
    return [_closing(row) for row in rows]


def _of_code(closings: Sequence[Closing], code: str) -> list[Closing]:
    return [it for it in closings if fold(it.window.code) == fold(code)]


def _closing(row: sqlite3.Row) -> Closing:
    window = window_of(row["period"], row["start_day"], row["end_day"])
    return Closing(row["id"], row["unit"], window, row["submission"], row["first_op"], row["json_sha256"])


# A closed window covers what belonged to its unit, or to one below it, on its days, then or now.
_BELONGS = (
    f"(f.root IS NULL OR EXISTS (SELECT 1 FROM {ever('ancestry')} a WHERE a.unit = f.unit AND a.ancestor = f.root"
    " AND a.from_day <= coalesce(f.place, f.last) AND coalesce(f.place, f.first) < a.to_day AND a.ended_by > :since))"
)
# Other units that a report names: issuers of targets, predecessors, successors.
_NAMED_BESIDE = (
    "(EXISTS (SELECT 1 FROM target t WHERE t.unit = f.root AND t.issuer = f.unit AND t.start_day >= f.start"
    f" AND t.end_day <= f.end) OR EXISTS (SELECT 1 FROM {ever('succession')} s WHERE s.day BETWEEN f.start AND f.end"
    " AND s.ended_by > :since AND (s.unit, s.successor) IN (VALUES (f.unit, f.root), (f.root, f.unit))))"
)
# Units above the grassroots are expected to report, and unions if their siblings report figures themselves.
_KIND = (
    f"(SELECT n.kind FROM {ever('unit_name')} n WHERE n.unit = {{}} ORDER BY n.ended_by DESC, n.from_day DESC LIMIT 1)"
)
_WAITED_FOR = (
    f"({_KIND.format('f.unit')} NOT IN ('union', 'member-union', 'cluster')"
    f" OR {_KIND.format('f.unit')} = 'union' AND EXISTS"
    f" (SELECT 1 FROM {ever('ancestry')} p JOIN {ever('ancestry')} s ON s.ancestor = p.ancestor AND s.depth = 1"
    f" AND s.ended_by > :since JOIN {ever('figure')} g ON g.unit = s.unit AND g.start_day >= f.start"
    " AND g.end_day <= f.end AND g.ended_by > :since"
    f" WHERE p.unit = f.unit AND p.depth = 1 AND {_KIND.format('s.unit')} = 'union'))"
)
# A change of name or parent concerns a unit that existed before and after: founding and ending have days of their own.
# The few rows of an operation come first, for SQLite would begin with all units.
_LIVED = (
    f" CROSS JOIN {ever('ancestry')} l ON l.unit = r.unit AND l.depth = 0 AND l.op <= :since"
    " AND l.ended_by > :since CROSS JOIN ancestry k ON k.unit = r.unit AND k.depth = 0"
)
_LASTS = "NULL"
_WHILE_IT_LIVED = (
    "max(r.from_day, l.from_day, k.from_day)",
    "date(min(r.to_day, l.to_day, k.to_day), '-1 day')",
    _LASTS,
)
# Where a unit ended inside a window, its last day there says whom it belonged to.
_LAST_LIVED = (
    "min(r.end_day, date(coalesce((SELECT to_day FROM ancestry WHERE unit = r.unit AND depth = 0), (SELECT to_day"
    " FROM ancestry_history WHERE unit = r.unit AND depth = 0 ORDER BY ended_by DESC LIMIT 1)), '-1 day'))"
)
_STATED_FROM = f"iif({is_stock('r.')}, r.end_day, r.start_day)"
_DECEMBER = "r.year || '-12-31'"
_PAID = "json_array(r.programme, r.amount, r.in_kind, r.recipients, r.form, r.fund, r.decision, r.part_of)"
_STATED = (
    "json_array(r.indicator, r.kind, r.value, r.part, r.whole, r.qualifier, r.stated_percent, r.stated_qualifier,"
    " r.speaks_for, r.reason, r.received)"
)
_RECEIVED = "json_array(r.register, r.part, r.sort, r.fund, r.number, r.amount, r.unvalued)"
_AIMED = "json_array(r.indicator, r.issuer, r.kind, r.low, r.high, r.percent, r.profile, r.as_floor, r.effective)"


class _Says(NamedTuple):
    """What a row of a table says, in SQL on the row r; a row that lasts belongs somewhere on each of its days."""

    table: str
    says: str
    first: str
    last: str
    place: str  # the day that decides which unit it belongs to
    unit: str = "r.unit"
    number: str = "1"
    source: str = "{table} r"
    belongs: str = _BELONGS


def _of(source: Source, says: str, number: str = "1") -> _Says:
    return _Says(source.table, says, source.day, source.day, source.place, source.unit, number)


_SAID = (
    _of(SOURCES["admissions"], "r.begun_by", "r.members"),
    _of(SOURCES["departures"], "r.left_by", "r.members"),
    _of(SOURCES["payouts"], _PAID),
    _Says("figure", _STATED, _STATED_FROM, "r.end_day", _LAST_LIVED),
    _Says("received", _RECEIVED, "r.start_day", "r.end_day", "r.place"),
    _Says("target", _AIMED, "r.start_day", "r.end_day", _LAST_LIVED),
    _of(SOURCES["foundings"], "'founded'"),
    _of(SOURCES["endings"], "r.end_reason"),
    _Says("succession", "r.successor", "r.day", "r.day", "date(r.day, '-1 day')"),
    _Says("cluster_member", "r.unit", "r.year || '-01-01'", _DECEMBER, _DECEMBER, "r.cluster"),
    _Says("ancestry", "r.ancestor", *_WHILE_IT_LIVED, source="{table} r" + _LIVED + " AND r.depth = 1"),
    _Says(
        "unit_name",
        "json_array(r.code, r.name, r.kind)",
        *_WHILE_IT_LIVED,
        source="{table} r" + _LIVED,
        belongs=f"({_BELONGS} OR {_NAMED_BESIDE})",
    ),
    # That the unit exists at all, for a report names those that have not reported.
    _Says(
        "unit_life",
        "'stood'",
        "r.from_day",
        "date(r.to_day, '-1 day')",
        _LASTS,
        source="(SELECT * FROM ancestry{side} WHERE depth = 0) r",
        belongs=f"{_BELONGS} AND {_WAITED_FOR}",
    ),
)

# Rows that count now and did not after an operation, and the reverse.
_ENDED = ("_history", "r.op <= :since AND r.ended_by > :since", "-")
_BOXES = (
    "SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS unit,"
    " json_extract(value, '$[2]') AS start, json_extract(value, '$[3]') AS end FROM json_each(:boxes)"
)


def changed(db: sqlite3.Connection, closings: Sequence[Closing], since: int) -> Iterator[Fact]:
    """Yield what rows say inside some windows now and did not after an operation, or the reverse."""
    boxes = [(it.number, it.unit, f"{it.window.start}", f"{it.window.end}") for it in closings]
    for it in _SAID if boxes else ():
        key = ", ".join(f"r.{column}" for column in VERSIONED[it.table])
        sides = " UNION ALL ".join(
            f"SELECT {sign} {it.number} AS number, json_array({key}) AS row, {it.unit} AS unit, {it.first} AS first,"
            f" {it.last} AS last, {it.place} AS place, {it.says} AS says"
            f" FROM {it.source.format(table=it.table + side, side=side)} WHERE {state}"
            for side, state, sign in (("", written_since(it.table, "r", ":since"), "+"), _ENDED)
        )
        # What lasts lies inside in part, all else as a whole.
        meets = "b.start <= g.first AND g.last <= b.end"
        if it.place == _LASTS:
            meets = "max(g.first, b.start) <= min(g.last, b.end)"
        for row in db.execute(
            "WITH f AS (SELECT b.number AS box, b.unit AS root, b.start, b.end, g.number, g.row, g.unit,"
            f" max(g.first, b.start) AS first, min(g.last, b.end) AS last, g.place, g.says FROM ({sides}) g"
            f" JOIN ({_BOXES}) b ON {meets})"
            " SELECT box, row, unit, first, last FROM (SELECT f.box, f.row, f.unit, f.first, f.last,"
            " sum(f.number) AS net,"
            " sum(sum(f.number)) OVER (PARTITION BY f.box, f.unit, f.first, f.last, f.place, f.says) AS total"
            f" FROM f WHERE {it.belongs} GROUP BY f.box, f.row, f.unit, f.first, f.last, f.place, f.says)"
            " WHERE net <> 0 AND total <> 0",
            {"boxes": json.dumps(boxes), "since": since},
        ):
            yield Fact(it.table, *row)
