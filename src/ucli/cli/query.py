"""Questions in SQL."""

import re
import sqlite3
from collections.abc import Iterable

import typer

from ucli.cli.app import ReadCommand, command, require_value
from ucli.cli.options import argument
from ucli.cli.output import show
from ucli.cli.session import reading
from ucli.render import Record, Sheet, sheet_of


@command(ReadCommand)
def query(ctx: typer.Context, sql: str = argument(require_value, "One question in SQLite's SQL.", "SELECT")) -> None:
    from ucli.ledger.query import answer  # noqa: PLC0415  sqlite-utils costs more than all the rest of a command

    with reading(ctx) as db:
        if re.search(r"\battainment\b", sql, re.IGNORECASE):
            _fill_attainment(db)
        columns, rows = answer(db, sql)
    records = (dict(zip(columns, row, strict=True)) for row in rows)
    show(ctx, Sheet(columns, rows, records, columns))


def _fill_attainment(db: sqlite3.Connection) -> None:
    """Let `attainment` hold what `report --unit` of this year says of every unit that has a target for it."""
    from ucli.cli.request import Asked, question_of  # noqa: PLC0415  all that counting takes
    from ucli.ledger.query import fill_attainment, units_with_targets  # noqa: PLC0415  as above
    from ucli.render.columns import PlacedRow, columns_of, flat  # noqa: PLC0415  as above
    from ucli.reports.attainment import Report, Request, tables_of  # noqa: PLC0415  as above
    from ucli.reports.scope import Scope  # noqa: PLC0415  as above
    from ucli.reports.structure import scope_of, units_at  # noqa: PLC0415  as above

    question = question_of(db, Asked(), None)
    window = question.window
    units = units_at(db, units_with_targets(db, window.start.isoformat(), window.end.isoformat()), window.end)
    # Each on its own, not as groups of one whole: of a unit that ended in the year stocks are those of its last day.
    tables = tables_of(db, [Request(it, scope_of(db, it, window), question) for it in units])
    placed = [PlacedRow(row, it) for it in tables for row in it.rows]
    records: Iterable[Record] = ()
    if placed:
        about = Report(tables[0], Scope(()), question.as_of, question.is_open, groups=None)
        records = sheet_of(flat(columns_of(about, [it.row for it in placed], decimals=1)), placed).records
    fill_attainment(db, records)
