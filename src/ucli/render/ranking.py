"""The units in order, as people and as machines read it: schema `ucli.rank/1`, keys only ever added."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from ucli.i18n import _, chosen
from ucli.render import Record, Sheet
from ucli.render.attainment import Cell, Column, chart_of, columns_of
from ucli.render.cells import Measured
from ucli.render.data import reopened_data, row_data, structure_data, summary_data, unit_data, window_data
from ucli.render.labels import word
from ucli.render.notes import legend, reopened_notes, reporting_notes, structure_notes, title_of
from ucli.reports.attainment import Report
from ucli.reports.ranking import Standing
from ucli.values.attainment import NO_DATA, Percent, Summary
from ucli.values.indicators import MONEY, Indicator

_OF_ALL = ("place", "unit_code", "unit", "uncertain")
_OF_A_ROW = ("issuer", "target", "target_kind", "target_upper", "target_percent", "actual", "qualifier", "numerator",
             "denominator", "percent", "stated_percent", "remaining", "status")  # fmt: skip
_OF_TARGETS = ("targets", "met", "exceeded", "unmet", "undecided", "no_data", "percent")


def ranking_sheet(report: Report, standings: Sequence[Standing], indicator: Indicator | None, decimals: int) -> Sheet:
    """Return the units in order as a sheet.

    Args:
        report: whose groups they are.
        standings: the units in the order they are shown.
        indicator: what was compared; None for targets met out of set.
        decimals: how many digits a percentage has behind the comma.

    """
    subject = indicator.name(chosen()) if indicator else _("targets met or exceeded")
    compared = _columns_of_a_row(report, standings, decimals) if indicator else _columns_of_targets(standings, decimals)
    columns: list[Column] = [(_("Place"), _place), (_("Unit"), lambda it: it.unit.name), *compared]
    return Sheet(
        headings=[heading for heading, _cell in columns],
        rows=[[cell(it) for _heading, cell in columns] for it in standings],
        records=[_record(it, decimals, of_a_row=indicator is not None) for it in standings],
        columns=[*_OF_ALL, *(_OF_A_ROW if indicator else _OF_TARGETS)],
        title=_("Units by {subject}: {title}").format(subject=subject, title=title_of(report)),
        notes=_notes(report, standings, indicator),
        document={
            "schema": "ucli.rank/1",
            "unit": unit_data(report.total.unit),
            "period": window_data(report.total.window),
            "as_of": report.as_of.isoformat(),
            "structure": structure_data(report.structure),
            "indicator": {"code": indicator.code, "name": indicator.name(chosen())} if indicator else None,
            "rows": [
                {
                    "place": it.place,
                    "unit": unit_data(it.unit),
                    "uncertain": it.uncertain,
                    "row": row_data(it.row, decimals) if it.row else None,
                    "summary": summary_data(it.summary),
                }
                for it in standings
            ],
            "missing": [unit.code for unit in report.total.missing],
            "reopened": reopened_data(report.reopened),
        },
        draw=partial(chart_of, [(it.unit.name, it.row) for it in standings if it.row], of_units=True),
    )


def _place(standing: Standing) -> Measured | None:
    return Measured(standing.place, suffix="?" if standing.uncertain else "") if standing.place else None


def _columns_of_a_row(report: Report, standings: Sequence[Standing], decimals: int) -> list[Column]:
    """Return the columns of an attainment table but for name and measure, which are the same for all."""
    rows = [it.row for it in standings if it.row]
    columns = columns_of(report, rows, decimals, MONEY, with_outlook=False)[2:]

    def column(heading: str, cell: Cell) -> Column:
        without = word(NO_DATA) if heading == _("Status") else None
        return heading, lambda it: cell(it.row) if it.row else without

    return [column(*it) for it in columns]


def _columns_of_targets(standings: Sequence[Standing], decimals: int) -> list[Column]:
    def share(it: Standing) -> Measured | None:
        if not it.summary.targets:
            return None
        exact = Fraction(it.summary.met, it.summary.targets)
        return Measured(Decimal(_share(it.summary, decimals) or 0), suffix="%", exact=exact)

    printed: Column = (_("Printed percentage only"), lambda it: it.summary.printed)
    return [
        (_("Targets"), lambda it: it.summary.targets),
        (_("Met or exceeded"), lambda it: it.summary.met),
        (_("Share"), share),
        (_("Exceeded"), lambda it: it.summary.exceeded),
        (_("Undecided"), lambda it: it.summary.undecided),
        *([printed] if any(it.summary.printed for it in standings) else []),
        (_("Without data"), lambda it: it.summary.unknown),
    ]


def _share(summary: Summary, decimals: int) -> str | None:
    return Percent(summary.met, summary.targets).rounded(decimals) if summary.targets else None


def _notes(report: Report, standings: Sequence[Standing], indicator: Indicator | None) -> list[str]:
    said = {
        _("Not ranked: no target for this period, or no data."): any(it.place is None for it in standings),
        _("A target of 0 or below has no percentage: a unit that met it ranks as at 100%."): indicator
        and any(it.row and it.row.target and it.merit and not it.row.attainment.percent for it in standings),
        _("A percentage that a source printed is shown, and not compared."): any(
            it.row and it.row.is_only_printed for it in standings
        ),
        _("?: the value is hedged or lacks units, so that the unit may stand in another place."): any(
            it.uncertain for it in standings
        ),
    }
    first = _("Ranked by the exact share of targets met, then of those exceeded.")
    if indicator:
        first = _("Ranked by exact attainment; for “at most” targets lower is better.")
    return [
        first,
        *(note for note, holds in said.items() if holds),
        *legend([it.row for it in standings if it.row]),
        *([] if standings else [_("There is no such group here.")]),
        *reporting_notes(report.total),
        *structure_notes(report),
        *reopened_notes(report.reopened),
    ]


def _record(standing: Standing, decimals: int, *, of_a_row: bool) -> Record:
    """Return a standing as one line for machines."""
    known: dict[str, Any] = summary_data(standing.summary) | {"percent": _share(standing.summary, decimals)}
    if of_a_row:
        known = row_data(standing.row, decimals) if standing.row else {}
        known["issuer"] = (known.get("issuer") or {}).get("code")
    return {
        "place": standing.place,
        "unit_code": standing.unit.code,
        "unit": standing.unit.name,
        "uncertain": standing.uncertain,
        **{key: known.get(key) for key in (_OF_A_ROW if of_a_row else _OF_TARGETS)},
    }
