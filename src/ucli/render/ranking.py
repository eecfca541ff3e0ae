"""A ranking as a sheet: schema `ucli.rank/1`, keys only ever added."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from operator import attrgetter
from typing import Any

from ucli.i18n import _, chosen
from ucli.render import Column, Record, Sheet, sheet_of
from ucli.render.cells import Measured, place_cell
from ucli.render.columns import columns_of
from ucli.render.data import (
    RESULT,
    flat_data,
    reopened_data,
    report_data,
    row_data,
    structure_data,
    summary_data,
    unit_data,
)
from ucli.render.labels import word
from ucli.render.notes import legend, reopened_notes, structure_notes, title_of
from ucli.render.submissions import reporting_notes
from ucli.render.tables import table_of
from ucli.reports.attainment import Report, Row
from ucli.reports.ranking import Standing
from ucli.values.attainment import NO_DATA, Percent
from ucli.values.indicators import Indicator


def in_order(
    report: Report,
    placed: Sequence[Any],
    columns: Sequence[Column],
    notes: Sequence[str],
    record: Callable[[Any], Record],
    *,
    schema: str,
    title: str,
    subject: Record,
    **about: Any,
) -> Sheet:
    """Return ranked units as a sheet: place, name, then the columns of what they were ranked by.

    `record` makes what else JSON says of each, `subject` is what it says of how they were put in order; `title` has
    a place for whose report it is.
    """
    first = [
        Column(_("Place"), place_cell, "place", attrgetter("place")),
        Column("", attrgetter("unit.code"), "unit_code"),
        Column(_("Unit"), attrgetter("unit.name"), "unit"),
        Column("", attrgetter("uncertain"), "uncertain"),
    ]
    columns = [*first, *columns]
    none = [] if placed else [_("There is no such group here.")]
    return sheet_of(
        columns,
        placed,
        title=title.format(title=title_of(report)),
        heading=title.format(title=title_of(report, in_words=True)),
        tables=lambda _form: [table_of(columns, placed)._replace(shared=2)],
        notes=[
            *notes,
            *none,
            *reporting_notes(report.total),
            *structure_notes(report),
            *reopened_notes(report.reopened),
        ],
        document=lambda: {
            **report_data(schema, report),
            "structure": structure_data(report.structure),
            **subject,
            "rows": [
                {"place": it.place, "unit": unit_data(it.unit), "uncertain": it.uncertain, **record(it)}
                for it in placed
            ],
            "missing": [unit.code for unit in report.total.missing],
            "reopened": reopened_data(report.reopened),
        },
        **about,
    )


def ranking_sheet(report: Report, standings: Sequence[Standing], indicator: Indicator | None, decimals: int) -> Sheet:
    """Return a ranking as a sheet: by one indicator, or by the share of targets met."""
    rows = [it.row for it in standings if it.row]
    subject = indicator.name(chosen()) if indicator else _("targets met or exceeded")

    def record(it: Standing) -> Record:
        return {"row": row_data(it.row, report, decimals) if it.row else None, "summary": summary_data(it.summary)}

    return in_order(
        report,
        standings,
        _of_rows(report, standings, decimals) if indicator else _of_targets(standings, decimals),
        _notes(standings, rows, indicator),
        record,
        schema="ucli.rank/1",
        subject={"indicator": {"code": indicator.code, "name": subject} if indicator else None},
        title=_("Units by {subject}: {title}").format(subject=subject, title="{title}"),
    )


def _of_rows(report: Report, standings: Sequence[Standing], decimals: int) -> list[Column]:
    """Return the report's columns that differ from unit to unit, over standings, some of which have no row."""
    rows = [it.row for it in standings if it.row]
    known = {it.key: it for it in columns_of(report, rows, decimals, with_outlook=False)}
    data = {it.unit.id: flat_data(it.row, report.total, report, decimals) for it in standings if it.row}

    def cell(key: str, it: Standing) -> object:
        if it.row is None:
            return word(NO_DATA) if key == "status" else None
        return known[key].cell(it)

    def datum(key: str, it: Standing) -> object:
        return data[it.unit.id][key] if it.row else None

    headings = {key: it.heading for key, it in known.items()}
    return [Column(headings.get(key, ""), partial(cell, key), key, partial(datum, key)) for key in RESULT]


def _of_targets(standings: Sequence[Standing], decimals: int) -> list[Column]:
    def percent(it: Standing) -> str | None:
        return Percent(it.summary.met, it.summary.targets).rounded(decimals) if it.summary.targets else None

    def share(it: Standing) -> Measured | None:
        exact = Fraction(it.summary.met, it.summary.targets or 1)
        return Measured(Decimal(percent(it) or 0), suffix="%", exact=exact) if it.summary.targets else None

    printed = _("Printed percentage only") if any(it.summary.printed for it in standings) else ""
    return [
        Column(_("Targets"), lambda it: it.summary.targets, "targets"),
        Column(_("Met or exceeded"), lambda it: it.summary.met, "met"),
        Column(_("Share"), share),
        Column(_("Exceeded"), lambda it: it.summary.exceeded, "exceeded"),
        Column("", lambda it: it.summary.unmet, "unmet"),
        Column(_("Undecided"), lambda it: it.summary.undecided, "undecided"),
        Column(printed, lambda it: it.summary.printed),
        Column(_("Without data"), lambda it: it.summary.unknown),
        Column("", lambda it: it.summary.no_data, "no_data"),
        Column("", percent, "percent"),
    ]


def _notes(standings: Sequence[Standing], rows: Sequence[Row], indicator: Indicator | None) -> list[str]:
    notes = [_("Ranked by the exact share of targets met, then of targets exceeded.")]
    has_targets = any(row.target for row in rows)
    if indicator:
        notes = [_("Ranked by exact attainment; for “at most” targets lower is better.")]
    if indicator and not has_targets:
        notes = [_("Ranked by value: no unit has a target for this period.")]
    if any(it.place is None for it in standings):
        told = _("Not ranked: no target for this period, or no data.")
        notes.append(told if has_targets or not indicator else _("Not ranked: no data."))
    if any(it.row and it.row.target and it.merit and not it.row.attainment.percent for it in standings):
        notes.append(_("A target of 0 or below has no percentage: a unit that met it ranks as at 100%."))
    if any(row.is_only_printed for row in rows):
        notes.append(_("A percentage printed in a source is shown, but not compared."))
    if any(it.uncertain for it in standings):
        notes.append(_("?: the value is approximate or incomplete, so the place may change."))
    return notes + legend(rows)
