"""Questions in SQL: read-only, and without the one table that has personal data."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlite_utils import Database

from ucli.errors import RefusedError, UsageError
from ucli.language import _

_PERSONAL = "person"
_READS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
# After so many steps of SQLite's machine Python looks whether somebody pressed Ctrl-C.
_STEPS = 100_000


class Answer(NamedTuple):
    columns: list[str]
    rows: list[tuple[object, ...]]


# What `attainment` has of a row of a report.
ATTAINMENT = (
    *("unit_code", "unit", "period", "indicator", "name", "measure", "issuer", "target_kind", "target", "target_upper"),
    *("target_percent", "actual", "qualifier", "numerator", "denominator", "percent", "status", "remaining", "missing"),
)


def fill_attainment(db: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Make the temporary table `attainment` of the rows of a report."""
    db.execute("DROP TABLE IF EXISTS temp.attainment")
    db.execute(f"CREATE TEMP TABLE attainment ({', '.join(ATTAINMENT)})")
    marks = ", ".join("?" * len(ATTAINMENT))
    values = (tuple(row[column] for column in ATTAINMENT) for row in rows)
    db.executemany(f"INSERT INTO temp.attainment VALUES ({marks})", values)


def units_with_targets(db: sqlite3.Connection, first: str, last: str) -> list[int]:
    """Return the units that have a target of their own for just these days."""
    rows = db.execute("SELECT DISTINCT unit FROM target WHERE start_day = ? AND end_day = ?", (first, last))
    return [unit for (unit,) in rows]


def answer(db: sqlite3.Connection, sql: str) -> Answer:
    """Answer one SELECT.

    Raises:
        UsageError: no SQL, something else than a question, or more than one.
        RefusedError: it asks for personal data.

    """
    asked_for_persons = False

    def allow(action: int, table: str | None, _column: str | None, _database: str | None, _by: str | None) -> int:
        nonlocal asked_for_persons
        if action == sqlite3.SQLITE_READ and table == _PERSONAL:
            asked_for_persons = True
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK if action in _READS else sqlite3.SQLITE_DENY

    ledger = Database(db, execute_plugins=False)
    factory, db.row_factory = db.row_factory, None
    db.set_authorizer(allow)
    db.set_progress_handler(lambda: 0, _STEPS)
    try:
        cursor = ledger.execute(sql)
        if cursor.description is None:
            raise UsageError(_("This is no question."), instead=_("Type one SELECT."))
        columns = [str(column[0]) for column in cursor.description]
        if len({*columns}) < len(columns):
            raise UsageError(_("Two columns have one name."), instead=_("Give each its own: SELECT … AS name."))
        return Answer(columns, cursor.fetchall())
    except (sqlite3.DatabaseError, sqlite3.Warning, ValueError) as error:
        if asked_for_persons:
            raise RefusedError(
                _("“ucli query” reads no personal data."),
                instead=_("“ucli members” lists members, and logs what was shown."),
            ) from error
        if "not authorized" in str(error) or "prohibited" in str(error):
            raise UsageError(
                _("“ucli query” only reads."),
                instead=_("Type one SELECT; what is recorded changes by ucli's commands."),
            ) from error
        raise UsageError(
            _("SQLite cannot answer this: {text}.").format(text=str(error)[:200].rstrip(".")),
            instead=_("docs/schema.md lists the views and tables, and what stands in them."),
        ) from error
    finally:
        db.set_authorizer(None)
        db.set_progress_handler(None, 0)
        db.row_factory = factory
