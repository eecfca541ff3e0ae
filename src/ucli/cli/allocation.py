"""Allocating a target: to the units directly below, or of a term to its years."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ucli.cli import values as read
from ucli.cli.commands import WriteCommand, command
from ucli.cli.opening import writing
from ucli.cli.options import Subject
from ucli.cli.output import show
from ucli.cli.session import current_session
from ucli.errors import RejectedError
from ucli.i18n import _, chosen, counted
from ucli.importing.reader import rows_of
from ucli.ledger import targets, units
from ucli.ledger.verbs import RowStatus, only
from ucli.render.allocation import allocation_sheet
from ucli.reports.allocation import (
    TABLE,
    YEAR,
    Allotment,
    as_targets,
    handed_down,
    parts_by,
    with_shares,
)
from ucli.reports.structure import Span, children_of
from ucli.reports.targets import allocated_below
from ucli.values.indicators import Indicator
from ucli.values.names import some_of
from ucli.values.numbers import parse_percent
from ucli.values.quantities import Quantity, parse_signed

_way = read.choice("way to divide")
_COLUMNS = {
    "unit": ("Đơn vị", "Mã đơn vị", "Tên đơn vị", "Unit", "Unit code"),
    "weight": ("Trọng số", "Tỷ trọng", "Hệ số", "Weight"),
    "value": ("Chỉ tiêu", "Giá trị", "Mức giao", "Value", "Target"),
}


def _by(text: str) -> str | Path:
    """Parse a way to share, or a file with the shares."""
    return read.table_file(text) if Path(text).suffix else _way(text)


_by.choices = _way.choices  # type: ignore[attr-defined]  # completion offers them


@command(WriteCommand)
def allocate_target(
    indicator: str,
    unit: str,
    period: str,
    by: Any,
    issuer: str | None = None,
    effective: date | None = None,
    decision: str | None = None,
) -> None:
    """The parts add up to the whole: what is left after rounding goes to the largest remainders.

    Allocating again revises the targets. --dry-run only shows the table.
    """
    with writing() as (op, say):
        found, subject, window = Subject(indicator, period, unit).of(op.db)
        as_of = effective or window.end
        whole = handed_down(
            op.db, found, subject, window, as_of, units.find(op.db, issuer, day=window.end) if issuer else None
        )
        parts = parts_by(op.db, found, whole.goal, subject, window, TABLE if isinstance(by, Path) else by)
        if isinstance(by, Path):
            parts = _from_file(op.db, found, parts, by)
        if doubtful := some_of(it.unit.name for it in parts if it.is_doubtful):
            text = _("Shared in proportion to values that are qualified or incomplete: {units}.")
            say.warnings.append(text.format(units=doubtful))
        assigned = whole.goal.low or 0
        parts = with_shares(assigned, parts)
        rows = as_targets(op.db, found, whole.goal, parts, whole.issuer if by == YEAR else subject)
        rows = [it._replace(effective=effective, decision=decision) for it in rows]
        written = [only([it]) for it in targets.set_targets(op, rows)]
        allocated = sum(it.value or 0 for it in parts)
        if by != YEAR:
            among = children_of(op.db, subject, Span(window.end, window.end))
            allocated = allocated_below(op.db, subject.id, among, window, as_of).get(found.id, 0)
        done = _("Allocated: {indicator} {value} of {unit}, {period}, in {count:part|parts}.")
        if any(it.status is RowStatus.CHANGED for it in written):
            done = _("Allocated again: {indicator} {value} of {unit}, {period}, in {count:part|parts}.")
        say(
            counted(done, count=len(parts)),
            {"value": found.text(Quantity(assigned))},
            indicator=found,
            unit=subject,
            period=window,
            by=str(by),
            effective=effective,
            assigned=assigned,
            allocated=allocated,
            difference=assigned - allocated,
            rows=[
                {"unit": it.unit.code, "name": it.unit.name, "period": it.window.code, "target": it.value}
                | {"basis": None if it.basis is None else str(it.basis)}
                for it in parts
            ],
        )
    if not current_session().json:
        title = _("{indicator}: target of {unit}, {period}").format(
            indicator=found.name(chosen()), unit=subject.name, period=window.text()
        )
        show(allocation_sheet(parts, found, title, assigned, allocated, by_year=by == YEAR))


def _from_file(db: sqlite3.Connection, indicator: Indicator, below: Sequence[Allotment], path: Path) -> list[Allotment]:
    """Return the units below that a table names, all with weights or all with values."""
    among = {it.unit.id: it for it in below}
    parts: list[Allotment] = []
    for line, row in rows_of(path, _COLUMNS, ["unit"]):
        part = among.pop(units.find(db, row["unit"], day=below[0].window.end).id, None)
        if part is None:
            what = _("Line {line}: “{unit}” is not directly below the unit, or is named twice.")
            raise RejectedError(what.format(line=line, unit=row["unit"]))
        basis = parse_percent(row["weight"]) if row["weight"] else None
        value = None
        if row["value"]:
            value = parse_signed(row["value"], money=indicator.is_money, signed=indicator.may_be_negative)
        if (basis is None) == (value is None) or (parts and (basis is None) != (parts[0].basis is None)):
            raise RejectedError(
                _("Line {line} has no weight or value.").format(line=line),
                instead=_("Give each row a weight, or each row a value."),
            )
        parts.append(part._replace(basis=basis, value=value))
    if not parts:
        raise RejectedError(_("{file} names no unit.").format(file=path.name))
    return parts
