"""Handing a target down: to the units directly below, or of a term to its years."""

import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from ucli.cli import options
from ucli.cli import values as read
from ucli.cli.app import WriteCommand, command, current_session, require_value
from ucli.cli.imports import table_file
from ucli.cli.options import Subject, optional, required
from ucli.cli.output import show
from ucli.cli.session import writing
from ucli.errors import RefusedError, RejectedError, UsageError
from ucli.i18n import _, chosen, marked
from ucli.importing.reader import rows_of
from ucli.ledger import units
from ucli.ledger.allocation import Part, allocate, with_shares
from ucli.ledger.verbs import RowStatus
from ucli.render import Record
from ucli.render.allocation import allocation_sheet
from ucli.reports.report import report_of
from ucli.reports.request import Request, question_of
from ucli.reports.scope import Tree
from ucli.reports.structure import Span, children_of
from ucli.reports.targets import Target, allocated_below, of_several, targets_of
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.names import some_of
from ucli.values.numbers import parse_percent
from ucli.values.periods import Window, year_before, years_of
from ucli.values.quantities import Quantity, parse_signed
from ucli.values.targets import AT_MOST, EACH_AT_LEAST
from ucli.values.units import BY_CHILDREN, Unit

_EQUAL, _LAST_YEAR, _MEMBERS, _YEAR = "equal", "last-year", "members", "year"
_way = read.choice(
    marked("way to share"),
    (_EQUAL, _LAST_YEAR, _MEMBERS, _YEAR),
    {
        **dict.fromkeys(("deu", "chia deu"), _EQUAL),
        **dict.fromkeys(("nam truoc", "theo nam truoc", "ket qua nam truoc", "cung ky"), _LAST_YEAR),
        **dict.fromkeys(("doan vien", "theo doan vien", "so doan vien"), _MEMBERS),
        **dict.fromkeys(("nam", "tung nam", "theo nam", "theo tung nam"), _YEAR),
    },
)
_COLUMNS = {
    "unit": ("Đơn vị", "Mã đơn vị", "Tên đơn vị", "Unit", "Unit code"),
    "weight": ("Trọng số", "Tỷ trọng", "Hệ số", "Weight"),
    "value": ("Chỉ tiêu", "Giá trị", "Mức giao", "Value", "Target"),
}


def _by(text: str) -> str | Path:
    """Read a way to share, or a file that says it."""
    if Path(require_value(text)).suffix:
        return table_file(text)
    try:
        return _way(text)
    except UsageError as error:
        ways = _("Choose equal, last-year, members, year, or a table of units with weights or values.")
        raise UsageError(error.what, instead=ways) from None


_by.choices = _way.choices  # type: ignore[attr-defined]  # completion offers them


@command(WriteCommand)
def allocate_target(
    indicator: options.IndicatorName,
    unit: options.UnitName,
    period: options.PeriodCode,
    by: Any = required(
        _by,
        "equal; last-year (its result); members (on the first day); a table of units with weights or values; or year:"
        " of a term, the same for each of its years.",
        "equal|last-year|members|year|FILE",
    ),
    issuer: str | None = optional(read.name_text, "Whose target of the unit is handed down, if several set one."),
    effective: date | None = optional(
        read.day, "The day the revision takes effect; earlier reports keep the previous value."
    ),
    decision: options.Decision = None,
) -> None:
    """The parts add up to the whole: what is left over goes to the largest remainders.

    Allocating again revises. --dry-run shows the table only.
    """
    with writing() as (op, say):
        found, subject, window = Subject(indicator, period, unit).of(op.db)
        as_of = effective or window.end
        whole = _handed_down(op.db, found, subject, window, as_of, issuer)
        _require_sense(found, whole, by)
        if by == _YEAR:
            parts = [Part(subject, it) for it in _years(found, window)]
        elif isinstance(by, Path):
            parts = _from_file(op.db, found, subject, window, by)
        else:
            parts = _below(op.db, found, subject, window, by, say.warnings)
        assigned = whole.goal.low or 0
        parts = with_shares(assigned, parts)
        by_issuer = whole.issuer if by == _YEAR else subject
        rows: list[Record] = [
            {
                "unit": it.unit.code,
                "name": it.unit.name,
                "period": it.window.code,
                "basis": it.basis,
                "before": _standing(op.db, found, it, by_issuer, as_of),
                "target": it.value,
            }
            for it in parts
        ]
        written = allocate(op, found, whole.goal, parts, issuer=by_issuer, effective=effective, decision=decision)
        allocated = sum(it.value or 0 for it in parts)
        if by != _YEAR:
            among = children_of(op.db, subject, Span(window.end, window.end))
            allocated = allocated_below(op.db, subject.id, among, window, as_of).get(found.id, 0)
        done = _("Allocated: {indicator} {value} of {unit}, {period}, in {count} parts.")
        if any(it.status is RowStatus.CHANGED for it in written):
            done = _("Allocated again: {indicator} {value} of {unit}, {period}, in {count} parts.")
        say(
            done,
            {"value": found.text(Quantity(assigned)), "count": len(rows)},
            indicator=found,
            unit=subject,
            period=window,
            by=str(by),
            effective=effective,
            assigned=assigned,
            allocated=allocated,
            difference=assigned - allocated,
            rows=[
                {**it, "basis": f"{it['basis']}" if isinstance(it["basis"], Decimal) else it["basis"]} for it in rows
            ],
        )
    if not current_session().format:
        heading = {_LAST_YEAR: _("Result of {period}").format(period=year_before(window).code), _MEMBERS: _("Members")}
        show(
            allocation_sheet(
                rows,
                found,
                title=_("{indicator}: target of {unit}, {period}").format(
                    indicator=found.name(chosen()), unit=subject.name, period=window.text()
                ),
                basis=heading.get(str(by), _("Weight")),
                by_year=by == _YEAR,
                assigned=assigned,
                allocated=allocated,
            )
        )


def _handed_down(
    db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window, as_of: date, issuer: str | None
) -> Target:
    """Return the target of a unit that is handed down: the only one, or the one of the issuer."""
    found = targets_of(db, [indicator], [unit.id], window, as_of)[unit.id].get(indicator.id, [])
    if issuer:
        by = units.find(db, issuer, day=window.end)
        found = [it for it in found if it.issuer and it.issuer.id == by.id]
    if not found:
        raise RefusedError(
            _("{unit} has no target for this in {period} to hand down.").format(unit=unit.name, period=window.text()),
            instead=_("Set it with “ucli set-target”, or name the issuer with --issuer."),
        )
    if len(found) > 1:
        raise of_several(unit, (it.issuer for it in found))
    return found[0]


def _require_sense(indicator: Indicator, target: Target, by: str | Path) -> None:
    """Refuse a target of which no part can be given."""
    text = target.goal.text()
    if indicator.is_share or target.goal.low is None:
        raise RejectedError(
            _("{value} is a percentage or an average: it holds for each unit as it is, and has no parts.").format(
                value=text
            ),
            instead=_("Set it for each of them with “ucli set-target”."),
        )
    if target.goal.kind == EACH_AT_LEAST:
        raise RejectedError(_("“{value}” holds for each unit already, and has no parts.").format(value=text))
    if target.goal.kind == AT_MOST and by != _LAST_YEAR and not isinstance(by, Path):
        raise RejectedError(
            _("{value} is a ceiling: shared so, it would allow some units what it forbids others by chance.").format(
                value=text
            ),
            instead=_("Share it by last-year or by a table, or set it for each unit with “ucli set-target”."),
        )


def _years(indicator: Indicator, window: Window) -> list[Window]:
    years = years_of(window)
    if len(years) < 2:
        raise RejectedError(
            _("{period} is not longer than a year.").format(period=window.text()),
            instead=_("--by year is for a term; choose another --by."),
        )
    if indicator.is_stock:
        raise RejectedError(
            _("{indicator} is counted on a day: it is not the sum of what it is in each year.").format(
                indicator=indicator.name(chosen())
            ),
            instead=_("Set it for each year with “ucli set-target”."),
        )
    return years


def _below(
    db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window, by: str, warnings: list[str]
) -> list[Part]:
    """Return the units directly below on the last day of a window, each with what its share is in proportion to."""
    among = children_of(db, unit, Span(window.end, window.end))
    if not among:
        raise RefusedError(
            _("{unit} has no units directly below it on {day}.").format(unit=unit.name, day=date_text(window.end))
        )
    if by == _EQUAL:
        return [Part(it, window) for it in among]
    code = year_before(window).code if by == _LAST_YEAR else window.start.isoformat()
    counted = "members-total" if by == _MEMBERS else indicator.code
    # What a unit consists of by then counts as its own.
    question = question_of(db, Request(period=code, indicators=[counted]))._replace(tree=Tree(db, window.end))
    tables = {it.unit.id: it for it in report_of(db, question, [unit], BY_CHILDREN).groups or [] if it.unit}
    parts, unknown, doubtful = [], [], []
    for it in among:
        row = tables[it.id].rows[0] if it.id in tables and tables[it.id].rows else None
        if row is None or not isinstance(row.value, Quantity) or row.value.value < 0:
            unknown.append(it.name)
            continue
        parts.append(Part(it, window, row.value.value))
        if row.hedge or row.missing:
            doubtful.append(it.name)
    if unknown:
        raise RejectedError(
            _("In {period} there is no result to share in proportion to: {units}.").format(
                period=question.window.text(), units=some_of(unknown)
            ),
            instead=_("Record it, choose another --by, or give weights in a table."),
        )
    if doubtful:
        text = _("Shared in proportion to values that are qualified or incomplete: {units}.")
        warnings.append(text.format(units=some_of(doubtful)))
    return parts


def _from_file(db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window, path: Path) -> list[Part]:
    """Return the units that a table names, all with their weights or all with their values."""
    among = {it.id for it in children_of(db, unit, Span(window.end, window.end))}
    parts: list[Part] = []
    for line, row in rows_of(path, _COLUMNS, ["unit"]):
        named = units.find(db, row["unit"], day=window.end)
        if named.id not in among or named.id in {it.unit.id for it in parts}:
            what = _("Line {line}: {unit} is not directly below {parent}, or is named twice.")
            raise RejectedError(what.format(line=line, unit=named.name, parent=unit.name))
        basis = parse_percent(row["weight"]) if row["weight"] else None
        given = row["value"] and parse_signed(row["value"], money=indicator.is_money, signed=indicator.may_be_negative)
        parts.append(Part(named, window, basis, None if given == "" else int(given)))
        if (basis is None) == (parts[-1].value is None) or (basis is None) != (parts[0].basis is None):
            raise RejectedError(
                _("Line {line} has no share.").format(line=line),
                instead=_("Give each row a weight, or each row a value."),
            )
    if not parts:
        raise RejectedError(_("{file} names no unit.").format(file=path.name))
    return parts


def _standing(db: sqlite3.Connection, indicator: Indicator, it: Part, issuer: Unit | None, as_of: date) -> int | None:
    """Return what a unit was given before, by the issuer or by no one."""
    found = targets_of(db, [indicator], [it.unit.id], it.window, as_of)[it.unit.id].get(indicator.id, [])
    mine = [given for given in found if given.issuer is None or (issuer and given.issuer.id == issuer.id)]
    return mine[-1].goal.low if mine else None
