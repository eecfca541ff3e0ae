"""The attainment table as a sheet: a row for each indicator of a unit, or a cross table."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ucli.i18n import _
from ucli.render import Column, Sheet, form_named, sheet_of
from ucli.render.cells import NOTHING, place_cell
from ucli.render.columns import FULL, SHORT, PlacedRow, columns_of, placed_rows
from ucli.render.cross import MATRIX, TREND, cross_columns, cross_data, cross_lines, is_crossed, tables_across
from ucli.render.data import COMPARED, FLAT, document_data, flat_data
from ucli.render.labels import heading, period_in_table, period_in_title, word
from ucli.render.notes import is_by_time, notes_of, reopened_notes, summary_note, title_of
from ucli.render.prose import paragraphs
from ucli.render.tables import LaidOut, table_of
from ucli.reports.attainment import Part, Report, Table
from ucli.reports.ranking import Standing
from ucli.reports.registers import FUND, NOT_KNOWN, PROGRAMME, SECTOR
from ucli.values.dates import date_text
from ucli.values.indicators import MONEY
from ucli.values.periods import Window
from ucli.values.units import Unit


def attainment_sheet(
    report: Report,
    *,
    decimals: int,
    money: str | None = None,
    layout: str | None = None,
    standings: Sequence[Standing] | None = None,
    foot: Sequence[str] = (),
) -> Sheet:
    """Return a report as a sheet.

    Args:
        report: the report.
        decimals: of percentages.
        money: the unit in which people read amounts; where left out đồng in plain text, and by size where a table is
            laid out. Machines always read đồng.
        layout: LONG, one row for an indicator of a unit, or MATRIX, a cross table; where left out that where people
            read groups, and long everywhere else.
        standings: the groups in order, if a cross table is to show their ranks.
        foot: notes below the report's own.
    """
    places = {it.unit.id: place_cell(it) for it in standings or ()}
    report = _in_words(report)
    coded, named = _labelled(report, lambda it: it.name or it.code), _labelled(report, period_in_table)
    first = _("Period") if is_by_time(report) else _("Unit")
    if by := report.not_broken_down[0]:
        first = heading("sector" if by == SECTOR else by)
    labels = [Column(first, lambda it: it.table.label)] if coded.total.label else []
    crossed = is_crossed(report, layout)
    totals = sum(len(it.rows) for it in report.total.with_parts) if report.groups else 0

    def columns(placed: Sequence[PlacedRow], laid_out: str = "") -> list[Column]:
        return columns_of(report, [it.row for it in placed], decimals, money, laid_out=laid_out)

    def tables(form: str) -> list[LaidOut]:
        placed = [*placed_rows(named)]
        if not crossed:
            shown = [*labels, *columns(placed, SHORT if form == "table" else FULL)]
            return [table_of(shown, placed, totals, {place for place, it in enumerate(placed) if it.table.is_part})]
        below = {"target": _("Target"), "percent": _("Attained"), **({TREND: _("Trend")} if form == "table" else {})}
        lines, last = cross_lines(named, tables_across(named), below)
        parts = {place for place, it in enumerate(lines) if it.table.is_part}
        return [table_of(cross_columns(lines, columns(placed, SHORT), first, places), range(len(lines)), last, parts)]

    def notes(form: str) -> list[str]:
        if form_named(form).is_laid_out:
            return [*notes_of(named, money, decimals, with_groups=not crossed), *foot]
        return [*notes_of(coded, money or MONEY, decimals), *foot]

    about: dict[str, Any] = {
        "title": title_of(report),
        "heading": title_of(report, in_words=True),
        "notes": notes,
        "lead": summary_note(report.total),
        "document": partial(document_data, report, decimals),
        "day": report.as_of,
        "period": period_in_title(report.total.window),
        "prose": paragraphs(named, decimals, money or MONEY),
        "caveats": reopened_notes(report.reopened),
        "tables": tables,
    }
    placed = [*placed_rows(coded)]
    if layout == MATRIX:
        lines, last = cross_lines(coded, tables_across(coded, every=True), {})
        about["keys"], about["records"] = cross_data(lines, report, decimals, places)
        shown = cross_columns(lines, columns(placed), first, places)
        return sheet_of(shown, range(len(lines)), totals=last, **about)
    keys = [*FLAT, *(COMPARED if report.compare else ())]
    found = (flat_data(it.row, it.table, coded, decimals) for it in placed)
    about["keys"], about["records"] = keys, ({key: it[key] for key in keys} for it in found)
    return sheet_of([*labels, *columns(placed)], placed, totals=totals, **about)


def _labelled(report: Report, period: Callable[[Window], str]) -> Report:
    """Return a report whose tables are called as the first column says, where it has several."""
    total, groups = report.total, report.groups or []
    if not groups and not total.parts:
        return report

    def labelled(table: Table, label: str) -> Table:
        parts = [it._replace(table=it.table._replace(label=_part_label(it, report))) for it in table.parts]
        return table._replace(label=label, parts=tuple(parts))

    groups = [labelled(it, _unit_name(it) if it.window == total.window else period(it.window)) for it in groups]
    # A unit listed with its predecessors is not their total.
    alone = report.structure is None and not groups and total.unit
    return report._replace(groups=report.groups and groups, total=labelled(total, alone.name if alone else _("Total")))


def _part_label(part: Part, report: Report) -> str:
    text, day = _("of which {unit}, as it was"), date_text(part.until) if part.until else ""
    if day and report.structure is None:
        text = _("{unit} (until it was merged on {day})")
    elif day:
        text = _("of which {unit}, until {day}")
    return text.format(unit=_unit_name(part.table), day=day)


def _in_words(report: Report) -> Report:
    """Return a report with groups that are not units named in words; funds and programmes keep their names."""
    if not (by := report.not_broken_down[0]):
        return report

    def in_words(unit: Unit | None) -> Unit | None:
        if unit is None or (by in (FUND, PROGRAMME) and unit.code != NOT_KNOWN):
            return unit
        name = word(unit.code)
        return unit._replace(name=name[:1].upper() + name[1:])

    return report._replace(groups=[it._replace(unit=in_words(it.unit)) for it in report.groups or ()])


def _unit_name(table: Table) -> str:
    return table.unit.name if table.unit else NOTHING
