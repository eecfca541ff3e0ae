"""The units in order, as people and as machines read it: schema `ucli.rank/1`, keys only ever added."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial

from ucli.i18n import _, chosen
from ucli.render import Chart, Sheet
from ucli.render.attainment import cells_of, title_of
from ucli.render.attainment_data import reopened_data, row_data, structure_data, summary_data, unit_data, window_data
from ucli.render.attainment_notes import legend, reopened_notes, reporting_notes, structure_notes
from ucli.render.cells import Measured
from ucli.render.labels import word
from ucli.reports.attainment import Report
from ucli.reports.ranking import Standing
from ucli.values.attainment import NO_DATA, Percent, Summary
from ucli.values.indicators import Indicator

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
    return Sheet(
        headings=[_("Place"), _("Unit"), *(_headings_of_a_row if indicator else _headings_of_targets)(standings)],
        rows=[[_place(it), it.unit.name, *_cells(it, report, decimals, standings, indicator)] for it in standings],
        records=[_record(it, decimals, of_a_row=indicator is not None) for it in standings],
        columns=[*_OF_ALL, *(_OF_A_ROW if indicator else _OF_TARGETS)],
        title=_("Units by {subject}: {title}").format(subject=subject, title=title_of(report)),
        notes=_notes(report, standings, indicator),
        document={
            "schema": "ucli.rank/1",
            "unit": unit_data(report.total),
            "period": window_data(report.total),
            "as_of": report.as_of.isoformat(),
            "structure": structure_data(report),
            "indicator": {"code": indicator.code, "name": indicator.name(chosen())} if indicator else None,
            "rows": [_document(it, decimals) for it in standings],
            "missing": [unit.code for unit in report.total.missing],
            "reopened": reopened_data(report.reopened),
        },
        draw=partial(_chart, standings),
    )


def _chart(standings: Sequence[Standing]) -> Chart | None:
    from ucli.render.attainment_chart import chart_of_units  # noqa: PLC0415  most formats do without

    return chart_of_units([(it.unit.name, it.row) for it in standings if it.row])


def _place(standing: Standing) -> Measured | None:
    return Measured(standing.place, suffix="?" if standing.uncertain else "") if standing.place else None


def _headings_of_a_row(standings: Sequence[Standing]) -> list[str]:
    issuer = [_("Issuer")] if _with_issuer(standings) else []
    return [*issuer, _("Target"), _("Actual"), _("Attained"), _("Remaining"), _("Status")]


def _headings_of_targets(standings: Sequence[Standing]) -> list[str]:
    printed = [_("Printed percentage only")] if _with_printed(standings) else []
    return [_("Targets"), _("Met or exceeded"), _("Share"), _("Exceeded"), _("Undecided"), *printed, _("Without data")]


def _with_printed(standings: Sequence[Standing]) -> bool:
    return any(it.summary.printed for it in standings)


def _with_issuer(standings: Sequence[Standing]) -> bool:
    return any(it.row and it.row.target and it.row.target.issuer for it in standings)


def _cells(
    standing: Standing, report: Report, decimals: int, standings: Sequence[Standing], indicator: Indicator | None
) -> list[object]:
    if indicator is None:
        it = standing.summary
        share = None
        if it.targets:
            exact = Fraction(it.met, it.targets)
            share = Measured(Decimal(_share(it, decimals) or "0"), suffix="%", exact=exact)
        printed = [it.printed] if _with_printed(standings) else []
        return [it.targets, it.met, share, it.exceeded, it.undecided, *printed, it.unknown]
    with_issuer = _with_issuer(standings)
    if standing.row is None:
        return [None] * (4 + with_issuer) + [word(NO_DATA)]
    # Its name and measure are the same for all.
    return cells_of(standing.row, decimals, "đồng", with_issuer=with_issuer, with_pace=False, open_window=report.open)[
        2:
    ]


def _share(summary: Summary, decimals: int) -> str | None:
    return Percent(summary.met, summary.targets).rounded(decimals) if summary.targets else None


def _notes(report: Report, standings: Sequence[Standing], indicator: Indicator | None) -> list[str]:
    notes = [
        _("In the order of the exact share of the target, not of the rounded one; under a ceiling the less the better.")
        if indicator
        else _("In the order of the exact share of targets met, then of those exceeded.")
    ]
    if any(it.place is None for it in standings):
        notes.append(_("Not ranked: no target for this period, or no data."))
    if indicator and any(it.row and it.row.target and it.merit and not it.row.attainment.percent for it in standings):
        notes.append(_("A target of 0 or below has no percentage: a unit that met it ranks as at 100%."))
    if indicator and any(it.row and it.row.is_only_printed for it in standings):
        notes.append(_("A percentage that a source printed is shown, and not compared."))
    if any(it.uncertain for it in standings):
        notes.append(_("?: the value is hedged or lacks units, so that the unit may stand in another place."))
    notes += legend([it.row for it in standings if it.row])
    if not standings:
        notes.append(_("There is no such group here."))
    return [*notes, *reporting_notes(report.total), *structure_notes(report), *reopened_notes(report.reopened)]


def _record(standing: Standing, decimals: int, *, of_a_row: bool) -> dict[str, object]:
    """Return a standing as one line for machines."""
    known: dict[str, object] = {}
    if standing.row:
        issuer = standing.row.target.issuer if standing.row.target else None
        known = row_data(standing.row, decimals) | {"issuer": issuer.code if issuer else None}
    elif not of_a_row:
        known = summary_data(standing.summary) | {"percent": _share(standing.summary, decimals)}
    return {
        "place": standing.place,
        "unit_code": standing.unit.code,
        "unit": standing.unit.name,
        "uncertain": standing.uncertain,
        **{key: known.get(key) for key in (_OF_A_ROW if of_a_row else _OF_TARGETS)},
    }


def _document(standing: Standing, decimals: int) -> dict[str, object]:
    return {
        "place": standing.place,
        "unit": {"code": standing.unit.code, "name": standing.unit.name},
        "uncertain": standing.uncertain,
        "row": row_data(standing.row, decimals) if standing.row else None,
        "summary": summary_data(standing.summary),
    }
