"""From the file that an officer names to rows in the ledger."""

import sqlite3
from collections.abc import Iterable
from itertools import starmap
from pathlib import Path
from typing import Any, NamedTuple

from ucli.cli.outcomes import tell_of_layout
from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.loader import Outcome, Row, load
from ucli.importing.readings import Reading, Unread
from ucli.ledger import catalogue
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
    read, own = Reading(asked.file, asked.kind, Unread.nothing()), list[int]()

    def rows() -> Iterable[Row]:
        nonlocal read, own
        unread, own = Unread.nothing(), []
        read = Reading(asked.file, asked.kind, unread, asked.names, asked.given, asked.sheet, indicators, money)
        found = starmap(Row, _watched(read))
        return _noting_periods(found, asked.given["period"], own) if "period" in asked.given else found

    try:
        outcome, only_closed = load(op, asked.kind, rows, confirmed=asked.confirmed, roster=asked.roster)
    except RejectedError:
        tell_of_layout(read.unread)  # the table may stand on another sheet, its heading in one row
        raise
    return Taken(outcome, read, own, only_closed)


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
