"""The attainment table: as people read it, as machines do (schema `ucli.report/1`), and what a chart shows of it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from ucli.i18n import _
from ucli.render import Column, Record, Sheet, form_named, sheet_of
from ucli.render.cells import NOTHING, place_cell
from ucli.render.columns import FULL, SHORT, PlacedRow, columns_of, flat, placed_rows, row_data
from ucli.render.cross import MATRIX, TREND, cross_columns, cross_lines, is_crossed, tables_across
from ucli.render.data import (
    compared_data,
    reopened_data,
    report_data,
    structure_data,
    summary_data,
    timeliness_data,
    unit_data,
    window_data,
)
from ucli.render.labels import heading, period_in_table, period_in_title, word
from ucli.render.notes import is_by_time, notes_of, reopened_notes, summary_note, title_of
from ucli.render.tables import Table as LaidOut
from ucli.render.tables import table_of
from ucli.reports.attainment import Report, Table
from ucli.reports.ranking import Standing
from ucli.reports.registers import FUND, NOT_KNOWN, PROGRAMME, SECTOR
from ucli.values.dates import date_text
from ucli.values.indicators import MONEY
from ucli.values.periods import Window


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
        report: what it shows.
        decimals: of a percentage, behind the comma.
        money: the unit in which people read amounts; where left out đồng in plain text, and by size where a table is
            laid out. Machines always read đồng.
        layout: LONG, one row for an indicator of a unit, or MATRIX, a cross table; where left out that where people
            read groups, and long everywhere else.
        standings: the groups in order, where a cross table is to say the place of each.
        foot: notes that stand below its own.
    """
    places = {it.unit.id: place_cell(it) for it in standings or ()}
    report = _in_words(report)
    labels, placed = _labels(report, lambda it: it.name or it.code), list(placed_rows(report))
    names = _labels(report, period_in_table)
    columns = columns_of(report, [it.row for it in placed], decimals, money)
    first = _("Period") if is_by_time(report) else _("Unit")
    if by := report.not_broken_down[0]:
        first = heading("sector" if by == SECTOR else by)
    labelled = [Column(first, lambda it: labels[id(it.table)])] if labels else []
    crossed = is_crossed(report, layout)
    totals = sum(len(it.rows) for it in report.total.with_parts) if report.groups else 0

    def tables(form: str) -> list[LaidOut]:
        named = SHORT if crossed or form == "table" else FULL
        laid_out = columns_of(report, [it.row for it in placed], decimals, money, laid_out=named)
        if not crossed:
            labelled = [Column(first, lambda it: names[id(it.table)])] if names else []
            parts = {place for place, it in enumerate(placed) if it.is_of_part}
            return [table_of([*labelled, *laid_out], placed, totals, parts)]
        below = {"target": _("Target"), "percent": _("Attained"), **({TREND: _("Trend")} if form == "table" else {})}
        lines, last = cross_lines(report, tables_across(report), names, below)
        parts = {place for place, it in enumerate(lines) if it.is_part}
        return [table_of(cross_columns(lines, laid_out, first, places), range(len(lines)), last, parts)]

    def notes(form: str) -> list[str]:
        if form_named(form).is_laid_out:
            return [*notes_of(report, names, money, decimals, with_groups=not crossed), *foot]
        return [*notes_of(report, labels, money or MONEY, decimals), *foot]

    every = tables_across(report, every=True) if layout == MATRIX else []
    lines, last = cross_lines(report, every, labels, {}) if every else ([], totals)
    return sheet_of(
        cross_columns(lines, flat(columns), first, places) if lines else [*labelled, *flat(columns)],
        range(len(lines)) if lines else placed,
        title=title_of(report),
        heading=title_of(report, in_words=True),
        notes=notes,
        lead=summary_note(report.total),
        document=partial(_document, report, columns),
        totals=last,
        day=report.as_of,
        period=period_in_title(report.total.window),
        prose=_told(report, names, decimals, money or MONEY),
        caveats=reopened_notes(report.reopened),
        tables=tables,
    )


def _told(report: Report, labels: dict[int, str], decimals: int, money: str) -> Iterator[str]:
    from ucli.render.prose import paragraphs  # noqa: PLC0415  only what is handed in is told

    yield from paragraphs(report, labels, decimals, money)


def _document(report: Report, columns: Sequence[Column]) -> Record:
    document: Record = {
        **report_data("ucli.report/1", report),
        "against": window_data(report.against) if report.against else None,
        "compare": compared_data(report.compare),
        "structure": structure_data(report.structure),
        **_table_data(report.total, columns),
        "awards": [{key: it[key] for key in ("title", "unit", "personal", "period")} for it in report.awards],
        "only": {"sector" if by == SECTOR else by: [*among] for by, among in report.only.items()},
        "timeliness": timeliness_data(report.timeliness),
        "reopened": reopened_data(report.reopened),
        "unsent": [*report.unsent],
    }
    if report.groups is not None:
        document["groups"] = [
            {"unit": unit_data(it.unit), "period": window_data(it.window), **_table_data(it, columns)}
            for it in report.groups
        ]
    return document


def _table_data(table: Table, columns: Sequence[Column]) -> Record:
    return {
        "rows": [row_data(columns, PlacedRow(row, table)) for row in table.rows],
        "summary": summary_data(table.summary),
        "reported": table.reported,
        "expected": table.expected,
        "missing": [unit.code for unit in table.missing],
        "parts": [
            {
                "unit": unit_data(it.table.unit),
                "until": it.until and it.until.isoformat(),
                **_table_data(it.table, columns),
            }
            for it in table.parts
        ],
    }


def _labels(report: Report, period: Callable[[Window], str]) -> dict[int, str]:
    """Return what each table is called in the first column, by its identity; nothing where there is only one."""
    total, groups = report.total, report.groups or []
    if not groups and not total.parts:
        return {}
    labels = {id(it): period(it.window) if it.window != total.window else _unit_name(it) for it in groups}
    # A unit beside what others did before they were merged into it is no total of them.
    alone = report.structure is None and not groups and total.unit
    labels[id(total)] = alone.name if alone else _("Total")
    for part in (part for table in (*groups, total) for part in table.parts):
        text, day = _("of which {unit}, as it was"), date_text(part.until) if part.until else ""
        if day and report.structure is None:
            text = _("{unit} (until it was merged on {day})")
        elif day:
            text = _("of which {unit}, until {day}")
        labels[id(part.table)] = text.format(unit=_unit_name(part.table), day=day)
    return labels


def _in_words(report: Report) -> Report:
    """Return a report whose groups that are no units are named in words; funds and programmes have names."""
    by, groups = report.not_broken_down[0], []
    for table in report.groups or () if by else ():
        unit = table.unit
        if unit and (by not in (FUND, PROGRAMME) or unit.code == NOT_KNOWN):
            name = word(unit.code)
            unit = unit._replace(name=name[:1].upper() + name[1:])
        groups.append(table._replace(unit=unit))
    return report._replace(groups=groups) if by else report


def _unit_name(table: Table) -> str:
    return table.unit.name if table.unit else NOTHING
