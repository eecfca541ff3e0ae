"""An explanation of a cell: the rows that add up to it first, then what was not added and why."""

from ucli.i18n import _, chosen
from ucli.render import Sheet
from ucli.render.attainment import title_of
from ucli.render.attainment_data import each_data, reopened_data
from ucli.render.attainment_notes import each_notes, reopened_notes
from ucli.render.cells import NOTHING, percent_text, text_of, value_text
from ucli.render.labels import structure_text, word
from ucli.reports.attainment import Report
from ucli.reports.explain import COVERED, LEFT_OUT, Explanation, Part
from ucli.values.indicators import MONEY, Indicator
from ucli.values.quantities import Quantity, Share

_COLUMNS = (
    "indicator",
    "use",
    "source",
    "number",
    "unit",
    "period",
    "value",
    "qualifier",
    "collected",
    "document",
    "operation",
    "stated_percent",
)
_FORMULAS = {"-": "−", "/": "/"}


def explanation_sheet(explanations: list[Explanation], report: Report) -> Sheet:
    """Return the parts of a cell, and of the two indicators it is made of, as a sheet."""
    headings = [_("Indicator"), _("Use"), _("Source"), _("No."), _("Unit"), _("Period"), _("Value"), _("Why")]
    rows: list[list[object]] = []
    for explanation in explanations:
        name = explanation.indicator.name(chosen())
        rows += [
            [
                name,
                word(part.use),
                word(part.source),
                None if part.number is None else str(part.number),
                part.unit,
                part.period,
                percent_text(part.percent, part.percent_qualifier)
                if part.value is None and part.percent
                else part.value,
                _why(explanation.indicator, part),
            ]
            for part in explanation.parts
        ]
    table = report.total
    return Sheet(
        headings=headings,
        rows=rows,
        records=[_record(explanation, part) for explanation in explanations for part in explanation.parts],
        columns=list(_COLUMNS),
        title=title_of(report),
        notes=[
            *(_sentence(explanation) for explanation in explanations),
            *(note for row in table.rows for note in each_notes(row)),
            structure_text(report.structure),
            *reopened_notes(report.reopened),
        ],
        document={
            "schema": "ucli.explain/1",
            "unit": {"code": table.unit.code, "name": table.unit.name} if table.unit else None,
            "period": table.window.code,
            "structure": report.structure.isoformat() if report.structure else "then",
            "cells": [
                {
                    "indicator": explanation.indicator.code,
                    "value": _raw(explanation.value),
                    "qualifier": explanation.value.qualifier if explanation.value else None,
                    "stated_percent": explanation.stated_percent,
                    "parts": [_record(explanation, part) for part in explanation.parts],
                }
                for explanation in explanations
            ],
            "each": [each_data(row.each) for row in table.rows if row.each],
            "reopened": reopened_data(report.reopened),
        },
    )


def _sentence(explanation: Explanation) -> str:
    name = explanation.indicator.name(chosen())
    formula = explanation.indicator.formula
    made = " ".join((formula[0], _FORMULAS[formula[1]], formula[2])) if formula else None
    total = NOTHING
    if explanation.value:
        total = value_text(explanation.value, explanation.indicator, MONEY)
    elif explanation.stated_percent:
        stated = percent_text(explanation.stated_percent, explanation.stated_qualifier)
        total = _("{percent} (as stated)").format(percent=stated)
    return f"{name} = {made} = {total}" if made else f"{name} = {total}"


def _why(indicator: Indicator, part: Part) -> str:
    as_last_stated = indicator.is_stock or indicator.is_state
    if part.use == COVERED and as_last_stated:
        return _("stated anew since, or inside what was stated above it")
    if part.use == LEFT_OUT and as_last_stated:
        return _("its period is not inside this one or ends after what was stated above it, or it is only a percentage")
    if part.use == COVERED:
        return _("inside a figure that was stated above it")
    if part.use == LEFT_OUT:
        return _("its period is not inside this one or half overlaps a figure that counts, or it is only a percentage")
    reasons = []
    if part.collected is not None:
        reasons.append(_("collected from below: {value}").format(value=text_of(part.collected)))
    if part.document:
        reasons.append(part.document)
    return "; ".join(reasons)


def _record(explanation: Explanation, part: Part) -> dict[str, object]:
    return {
        "indicator": explanation.indicator.code,
        "use": part.use,
        "source": part.source,
        "number": part.number,
        "unit": part.unit,
        "period": part.period,
        "value": _raw(part.value),
        "qualifier": part.value.qualifier if part.value else None,
        "collected": _raw(part.collected),
        "document": part.document,
        "operation": part.operation,
        "stated_percent": part.percent,
    }


def _raw(value: Quantity | Share | None) -> object:
    if isinstance(value, Share):
        return f"{value.part}/{value.whole}"
    return value.value if value else None
