"""Figures: the totals that units state for an indicator over a window, units below included."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, chosen
from ucli.ledger.lineage import Predecessor, predecessors
from ucli.ledger.operations import Operation
from ucli.ledger.units import get, names_of
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, each
from ucli.values.indicators import Indicator
from ucli.values.periods import Window, day_text
from ucli.values.quantities import ESTIMATE, NOT_APPLICABLE
from ucli.values.statements import Statement, doubt_about, in_time, stated_text
from ucli.values.units import Unit


class NewFigure(NamedTuple):
    """A figure to be stated: indicator, unit, window, value."""

    indicator: Indicator
    unit: Unit
    window: Window
    statement: Statement
    source: str | None = None  # the document it is from
    decision: str | None = None
    speaks_for: str | None = None  # whether it includes units merged into its own within the window
    reason: str | None = None  # why a target was missed
    received: date | None = None  # the day the report was received


class PredecessorsError(RejectedError):
    """It is not stated whether a figure includes the units merged into its own within the window."""


def state(op: Operation, figures: Iterable[NewFigure], *, replace: bool = False) -> Iterator[Result]:
    """Write figures; the same again changes nothing, another value is refused unless `replace`.

    Refused with PredecessorsError if others merged into the unit within the window and it is not stated whether they
    are included; and whatever `in_time` refuses.
    """
    named: set[int] = set()  # the figures that rows wrote or matched

    def write(figure: NewFigure) -> Written:
        indicator, unit, window = figure.indicator, figure.unit, figure.window.lasted
        statement = in_time(figure.statement, window, indicator)
        merged: list[Predecessor] = []
        if statement.kind != NOT_APPLICABLE and not indicator.is_stock:
            merged = predecessors(op.db, unit.id, f"{window.start}", f"{window.end}")
        said = {column: getattr(figure, column) for column in ("source", "decision", "speaks_for", "reason")}
        said |= {"received": figure.received and figure.received.isoformat()}
        if not merged:
            said["speaks_for"] = None
        row = {
            "indicator": indicator.id,
            "unit": unit.id,
            "start_day": window.start.isoformat(),
            "end_day": window.end.isoformat(),
            "period": window.code,
            **statement._asdict(),
        }
        there = standing(op.db, row)
        # A value that includes other units than before is another value.
        is_same = there and _statement_of(there) == statement and said["speaks_for"] in (None, there["speaks_for"])
        same = there if is_same else None
        if there and not same and there["id"] in named:
            raise EarlierRowError(_("Line {line} gives it another value."), there["id"])
        if same:
            # Details that are not given anew are kept.
            said = {column: same[column] if value is None else value for column, value in said.items()}
            if all(same[column] == value for column, value in said.items()):
                named.add(same["id"])
                return Written(RowStatus.UNCHANGED, same["id"])
        elif there and not replace:
            raise RefusedError(
                _("{unit} has already stated {indicator} for {period}: {value} (figure {number}).").format(
                    unit=unit.name,
                    indicator=indicator.name(chosen()),
                    period=there["period"],
                    value=stated_text(_statement_of(there), indicator),
                    number=there["id"],
                ),
                instead=_("If the new one is right, add --replace; the earlier one stays in the history."),
            )
        if merged and said["speaks_for"] is None:
            raise _predecessors(op, figure, merged)
        if there:
            op.end("figure", id=there["id"])
        number = op.next_id("figure")
        op.add("figure", id=number, **row, **said)
        named.add(number)
        doubt = doubt_about(statement, indicator)
        return Written(RowStatus.CHANGED if there else RowStatus.NEW, number, [doubt] if doubt else [])

    return each(op, figures, write)


def stated(db: sqlite3.Connection, number: int) -> tuple[Statement, str | None]:
    """Return what a figure states, and whether it includes predecessors."""
    row = db.execute("SELECT * FROM figure WHERE id = ?", (number,)).fetchone()
    return _statement_of(row), row["speaks_for"]


def _predecessors(op: Operation, figure: NewFigure, merged: Sequence[Predecessor]) -> PredecessorsError:
    unit = figure.unit.name
    return PredecessorsError(
        _("{units}: merged into {unit} on {day}, inside the period {period}.").format(
            units=names_of([get(op.db, it.unit) for it in merged]),
            unit=unit,
            day=_(" or ").join(dict.fromkeys(day_text(it.until) for it in merged)),
            period=figure.window.code,
        ),
        why=_("A figure speaks for them too (--with-predecessors), or for {unit} alone (--own-only).").format(
            unit=unit
        ),
        instead=_("Add one of the two options; in a table, a column “{heading}”.").format(
            heading=_("With predecessors")
        ),
    )


def is_stated_in(db: sqlite3.Connection, window: Window, unit: Unit | None) -> bool:
    """Tell whether a unit, or one below it, or any unit, has a figure inside a window."""
    query = (
        "SELECT 1 FROM figure WHERE kind <> :estimate AND start_day >= :first AND end_day <= :last"
        " AND (:unit IS NULL OR unit IN (SELECT unit FROM ancestry WHERE ancestor = :unit)) LIMIT 1"
    )
    days = {"first": window.start.isoformat(), "last": window.end.isoformat()}
    return bool(db.execute(query, {"estimate": ESTIMATE, **days, "unit": unit and unit.id}).fetchone())


def is_stock(row: str) -> str:
    """Return in SQL whether a row is about a stock, which is stated for a day: the last of its window."""
    return f"EXISTS (SELECT 1 FROM indicator_entry e WHERE e.indicator = {row}indicator AND e.kind = 'stock')"


def alike(one: str, other: str) -> str:
    """Return in SQL whether two rows state the same of the same days: of such figures only one counts."""
    same = " AND ".join(f"{one}{it} = {other}{it}" for it in ("unit", "indicator", "end_day"))
    as_estimate = f"({one}kind = '{ESTIMATE}') = ({other}kind = '{ESTIMATE}')"
    return f"{same} AND {as_estimate} AND ({one}start_day = {other}start_day OR {is_stock(other)})"


def standing(db: sqlite3.Connection, row: Mapping[str, Any]) -> sqlite3.Row | None:
    """Return the figure that counts in the place in which a row of the table would."""
    found: sqlite3.Row | None = db.execute(f"SELECT * FROM figure WHERE {alike('', ':')}", row).fetchone()
    return found


def _statement_of(row: sqlite3.Row) -> Statement:
    return Statement(*(row[column] for column in Statement._fields))
