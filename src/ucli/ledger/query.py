"""SQL queries: read-only, and without the table that holds personal data."""

import math
import sqlite3
from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from ucli.errors import RefusedError, UsageError
from ucli.i18n import _
from ucli.ledger.store import code_of
from ucli.values.numbers import grouped

_PERSONAL = "person"
_READS = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
# After so many steps of SQLite's virtual machine Python checks for Ctrl-C.
_STEPS = 100_000
# The most rows of an answer, which is held in memory; an endless recursion is refused.
_MOST_CELLS = 5_000_000
_AT_ONCE = 10_000
# SQLite's codes for a wrong query, 0 for errors of Python's module; any other concerns the file.
_OF_THE_QUESTION = (0, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_MISMATCH)

# The columns of `attainment`, from a report's row.
ATTAINMENT = (
    *("unit_code", "unit", "period", "indicator", "name", "measure", "issuer", "target_kind", "target", "target_upper"),
    *("target_percent", "actual", "qualifier", "numerator", "denominator", "percent", "status", "remaining", "missing"),
)


def fill_attainment(db: sqlite3.Connection, rows: Iterable[Mapping[str, object]]) -> None:
    """Fill the temporary table `attainment` with the rows of a report."""
    db.execute("DROP TABLE IF EXISTS temp.attainment")
    db.execute(f"CREATE TEMP TABLE attainment ({', '.join(ATTAINMENT)})")
    marks = ", ".join("?" * len(ATTAINMENT))
    values = (tuple(row[column] for column in ATTAINMENT) for row in rows)
    db.executemany(f"INSERT INTO temp.attainment VALUES ({marks})", values)


def units_with_targets(db: sqlite3.Connection, first: str, last: str) -> list[int]:
    """Return the units that have a target for exactly these days."""
    rows = db.execute("SELECT DISTINCT unit FROM target WHERE start_day = ? AND end_day = ?", (first, last))
    return [unit for (unit,) in rows]


def answer(db: sqlite3.Connection, sql: str) -> tuple[list[str], list[list[object]]]:
    """Answer one SELECT without personal data: columns and rows. Ctrl-C interrupts it."""
    asked_for_persons = False

    def allow(action: int, table: str | None, _column: str | None, _database: str | None, _by: str | None) -> int:
        nonlocal asked_for_persons
        # For count(*) alone the column has the name as typed.
        if action == sqlite3.SQLITE_READ and (table or "").lower() == _PERSONAL:
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
            raise UsageError(_("This is not a query."), instead=_("Type one SELECT."))
        columns = [str(column[0]) for column in cursor.description]
        if len({*columns}) < len(columns):
            raise UsageError(_("Two columns have one name."), instead=_("Give each its own: SELECT … AS name."))
        return columns, _rows(cursor, _MOST_CELLS // len(columns))
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        if code_of(error) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        if asked_for_persons:
            raise RefusedError(
                _("“ucli query” reads no personal data."),
                instead=_("“ucli members” lists members, and logs what was shown."),
            ) from error
        if code_of(error) not in _OF_THE_QUESTION:
            raise
        raise UsageError(
            _("SQLite cannot answer this: {text}.").format(text=str(error)[:200].rstrip(".")),
            why=_("“ucli query” can only read, and takes one SELECT at a time."),
            instead=_("docs/schema.md lists the views and tables, and what stands in them."),
        ) from error
    finally:
        db.set_authorizer(None)
        db.set_progress_handler(None, 0)
        db.row_factory = factory


def _rows(cursor: sqlite3.Cursor, most: int) -> list[list[object]]:
    rows: list[list[object]] = []
    while some := cursor.fetchmany(_AT_ONCE):
        rows += ([_cell(it) for it in row] for row in some)
        if len(rows) > most:
            raise UsageError(
                _("The answer has more than {most} rows.").format(most=grouped(most)),
                instead=_("Narrow it with WHERE or LIMIT, or sum with GROUP BY."),
            )
    return rows


def _cell(value: object) -> object:
    """Return a value that every format can print: bytes in hexadecimal, infinities as text."""
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
