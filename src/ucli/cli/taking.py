"""From the file that an officer names to rows in the ledger."""

import sqlite3
from collections.abc import Callable, Iterable
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

from ucli.cli.outcomes import tell_of_layout
from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.readings import Reading, Unread
from ucli.ledger import catalogue
from ucli.ledger.intake import members, payouts, statements, unions
from ucli.ledger.intake.closed import ClosedRows
from ucli.ledger.intake.rows import Outcome, Row, row_of
from ucli.ledger.operations import Operation
from ucli.values.names import fold


class Asked(NamedTuple):
    """How a table is to be taken."""

    kind: str
    file: Path
    names: dict[str, str]
    given: dict[str, str]
    sheet: str | None
    accept_valid: bool
    roster: bool
    confirmed: bool


_TAKE: dict[str, Callable[[Operation, Iterable[Row], Asked], Outcome]] = {
    "members": lambda op, rows, it: members.admit_all(op, rows, confirmed=it.confirmed, roster=it.roster),
    "unions": lambda op, rows, it: unions.found_all(op, rows, confirmed=it.confirmed),
    "payouts": lambda op, rows, _it: payouts.pay_all(op, rows),
    "figures": lambda op, rows, _it: statements.state_all(op, rows),
    "targets": lambda op, rows, _it: statements.set_all(op, rows),
}


class Taken(NamedTuple):
    """What came of a table, and how it was read."""

    outcome: Outcome
    read: Reading
    own_periods: list[int]  # the lines that have another period than is given for all
    only_closed: bool  # whether all that is wrong falls into closed windows


def take(op: Operation, asked: Asked) -> Taken:
    """Take in a table; rows that fall into closed windows are wrong ones."""
    indicators = _indicators(op.db)
    money = frozenset(it.code for it in catalogue.indicators(op.db) if it.is_money)
    closed = ClosedRows(op, asked.kind)
    while True:
        unread = Unread.nothing()
        read = Reading(asked.file, asked.kind, unread, asked.names, asked.given, asked.sheet, indicators, money)
        own: list[int] = []
        rows = closed.marked(starmap(row_of, _watched(read)))
        if "period" in asked.given:
            rows = _noting_periods(rows, asked.given["period"], own)
        try:
            outcome = _TAKE[asked.kind](op, rows, asked)
        except RejectedError:
            tell_of_layout(unread)  # the table may stand on another sheet, its heading in one row
            raise
        if not closed.found_in(outcome):
            return Taken(outcome, read, own, closed.are_all_wrong_ones(outcome))


def _noting_periods(rows: Iterable[Row], period: str, own: list[int]) -> Iterable[Row]:
    """Yield rows as they are, and note the lines that have another period than the one given for all."""
    for row in rows:
        if row.values["period"] not in ("", period) and row.line not in own[-1:]:
            own.append(row.line)
        yield row


def _watched(read: Reading) -> Iterable[tuple[int, Any, str]]:
    from ucli.render.progress import watched  # noqa: PLC0415  only where there is a table to read

    return watched(read.rows(), _("Reading {file}").format(file=read.path.name))


def _indicators(db: sqlite3.Connection) -> dict[str, str]:
    """Return the codes of the indicators by the folded headings that name them, with or without their measure."""
    return {
        fold(heading): it.code
        for it in catalogue.indicators(db)
        for name in (it.name_en, it.name_vi, it.alias, it.code)
        if name
        for heading in (name, f"{name} ({it.measure})")
    }
