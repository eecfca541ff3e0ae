"""An explanation of a cell: the rows that add up to it first, then what was not added and why."""

from ucli.i18n import _, chosen
from ucli.render import Record, Sheet
from ucli.render.cells import NOTHING, percent_text, text_of, value_text
from ucli.render.data import each_data, reopened_data, structure_data, unit_data
from ucli.render.labels import structure_text, word
from ucli.render.notes import each_notes, reopened_notes, title_of
from ucli.reports.attainment import Report
from ucli.reports.explain import COVERED, LEFT_OUT, Explanation, Part
from ucli.values.indicators import MONEY, Indicator
from ucli.values.quantities import Share, Value

_KEPT = ("use", "source", "number", "unit", "period")
_COLUMNS = ("indicator", *_KEPT, "value", "qualifier", "collected", "document", "operation", "stated_percent")
_FORMULAS = {"-": "−", "/": "/"}


def explanation_sheet(explanations: list[Explanation], report: Report) -> Sheet:
    """Return the parts of a cell, and of the two indicators it is made of, as a sheet."""
    table = report.total
    return Sheet(
        headings=[_("Indicator"), _("Use"), _("Source"), _("No."), _("Unit"), _("Period"), _("Value"), _("Why")],
        rows=[_cells(it.indicator, part) for it in explanations for part in it.parts],
        records=[_record(it, part) for it in explanations for part in it.parts],
        columns=_COLUMNS,
        title=title_of(report),
        notes=[
            *map(_sentence, explanations),
            *(note for row in table.rows for note in each_notes(row)),
            structure_text(report.structure),
            *reopened_notes(report.reopened),
        ],
        document={
            "schema": "ucli.explain/1",
            "unit": unit_data(table.unit) if table.unit else None,
            "period": table.window.code,
            "structure": structure_data(report.structure),
            "cells": [
                {
                    "indicator": it.indicator.code,
                    "value": _raw(it.value),
                    "qualifier": it.value.qualifier if it.value else None,
                    "stated_percent": it.stated_percent,
                    "parts": [_record(it, part) for part in it.parts],
                }
                for it in explanations
            ],
            "each": [each_data(row.each) for row in table.rows if row.each],
            "reopened": reopened_data(report.reopened),
        },
    )


def _cells(indicator: Indicator, part: Part) -> list[object]:
    printed = percent_text(part.percent, part.percent_qualifier) if part.percent else None
    value = part.value if part.value is not None else printed
    number = None if part.number is None else str(part.number)
    name, why = indicator.name(chosen()), _why(indicator, part)
    return [name, word(part.use), word(part.source), number, part.unit, part.period, value, why]


def _sentence(explanation: Explanation) -> str:
    indicator, formula = explanation.indicator, explanation.indicator.formula
    total = NOTHING
    if explanation.value:
        total = value_text(explanation.value, indicator, MONEY)
    elif explanation.stated_percent:
        stated = percent_text(explanation.stated_percent, explanation.stated_qualifier)
        total = _("{percent} (as stated)").format(percent=stated)
    made = [f"{formula[0]} {_FORMULAS[formula[1]]} {formula[2]}"] if formula else []
    return " = ".join([indicator.name(chosen()), *made, total])


def _why(indicator: Indicator, part: Part) -> str:
    as_last_stated = indicator.is_stock or indicator.is_state
    if part.use == COVERED:
        anew, inside = (
            _("stated anew since, or inside what was stated above it"),
            _("inside a figure that was stated above it"),
        )
        return anew if as_last_stated else inside
    if part.use == LEFT_OUT and as_last_stated:
        return _("its period is not inside this one or ends after what was stated above it, or it is only a percentage")
    if part.use == LEFT_OUT:
        return _("its period is not inside this one or half overlaps a figure that counts, or it is only a percentage")
    collected = _("collected from below: {value}").format(value=text_of(part.collected)) if part.collected else ""
    return "; ".join(filter(None, (collected, part.document)))


def _record(explanation: Explanation, part: Part) -> Record:
    return {
        "indicator": explanation.indicator.code,
        **{key: getattr(part, key) for key in _KEPT},
        "value": _raw(part.value),
        "qualifier": part.value.qualifier if part.value else None,
        "collected": _raw(part.collected),
        "document": part.document,
        "operation": part.operation,
        "stated_percent": part.percent,
    }


def _raw(value: Value | None) -> object:
    if isinstance(value, Share):
        return f"{value.part}/{value.whole}"
    return value.value if value else None
