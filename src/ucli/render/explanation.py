"""The explanation of a cell: first the rows that add up to it, then what was not added and why."""

from collections.abc import Callable

from ucli.i18n import _, chosen, marked
from ucli.render import Column, Sheet, record_of, sheet_of
from ucli.render.cells import NOTHING, percent_text, text_of
from ucli.render.columns import as_stated
from ucli.render.data import each_data, raw, reopened_data, structure_data, unit_data
from ucli.render.labels import structure_text, word
from ucli.render.notes import each_notes, reopened_notes, title_of, unvalued_notes
from ucli.reports.attainment import AFTER_ABOVE, ONLY_PRINTED, OTHER_DAYS, OVERLAPS, TOO_LATE, Report
from ucli.reports.explain import COVERED, LEFT_OUT, Contribution, Explanation
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator

_FORMULAS = {"-": "−", "/": "/"}


def explanation_sheet(explanations: list[Explanation], report: Report) -> Sheet:
    """Return the parts of a cell, and of the two indicators it is derived from, as a sheet."""
    table = report.total
    columns, parts = _columns(), [(it.indicator, part) for it in explanations for part in it.parts]
    cells = [
        {
            "indicator": it.indicator.code,
            "value": raw(it.counted.value),
            "qualifier": it.counted.value and it.counted.value.qualifier,
            "stated_percent": it.counted.stated_percent,
            "parts": [record_of(columns, (it.indicator, part)) for part in it.parts],
        }
        for it in explanations
    ]
    each = [row.each for row in table.rows if row.each]
    return sheet_of(
        columns,
        parts,
        title=title_of(report),
        notes=[
            *map(_sentence, explanations),
            *(note for it in explanations for note in unvalued_notes(it.indicator, it.counted)),
            *(note for row in table.rows for note in each_notes(row)),
            structure_text(report.structure),
            *reopened_notes(report.reopened),
        ],
        document={
            "schema": "ucli.explain/1",
            "unit": unit_data(table.unit) if table.unit else None,
            "period": table.window.code,
            "structure": structure_data(report.structure),
            "cells": cells,
            "each": list(map(each_data, each)),
            "reopened": reopened_data(report.reopened),
        },
    )


def _columns() -> list[Column]:
    """Return the columns of parts, each paired with its indicator."""
    return [
        Column(_("Indicator"), lambda it: it[0].name(chosen()), "indicator", lambda it: it[0].code),
        Column(_("Use"), lambda it: word(it[1].use), "use", lambda it: it[1].use),
        Column(_("Source"), lambda it: word(it[1].source), "source", lambda it: it[1].source),
        Column(_("No."), lambda it: it[1].figure and str(it[1].figure.id), "number", _of_figure("id")),
        Column(_("Unit"), lambda it: it[1].unit, "unit"),
        Column(_("Period"), lambda it: it[1].period, "period"),
        Column(_("Value"), lambda it: _value(it[1]), "value", lambda it: raw(it[1].value)),
        Column("", lambda it: it[1].value and it[1].value.qualifier, "qualifier"),
        Column("", lambda it: raw(it[1].collected), "collected"),
        Column("", _of_figure("source"), "document"),
        Column("", _of_figure("operation"), "operation"),
        Column("", lambda it: it[1].bundle, "bundle"),
        Column("", _of_figure("stated_percent"), "stated_percent"),
        Column(_("Why"), lambda it: _why(*it), "why", lambda it: it[1].why or None),
        Column("", lambda it: it[1].within, "within"),
    ]


def _of_figure(field: str) -> Callable[[tuple[Indicator, Contribution]], object]:
    return lambda it: it[1].figure and getattr(it[1].figure, field)


def _value(part: Contribution) -> object:
    if part.value is None and part.figure and part.figure.stated_percent:
        return percent_text(part.figure.stated_percent, part.figure.stated_qualifier)
    return part.value


def _sentence(explanation: Explanation) -> str:
    indicator, counted, formula = explanation.indicator, explanation.counted, explanation.indicator.formula
    total = indicator.text(counted.value) if counted.value else as_stated(counted) or NOTHING
    made = [f"{formula[0]} {_FORMULAS[formula[1]]} {formula[2]}"] if formula else []
    return " = ".join([indicator.name(chosen()), *made, total])


def _why(indicator: Indicator, part: Contribution) -> str:
    if part.use == LEFT_OUT:
        return _(_LEFT_OUT[part.why])
    if part.use == COVERED and part.within:
        return _("within figure {number}").format(number=part.within)
    if part.use == COVERED and (indicator.is_stock or indicator.is_state):
        return _("stated again since, or within what a unit above stated")
    if part.use == COVERED:
        return _("within the figures that count")
    less = ", ".join(map(str, part.figure.less)) if part.figure else ""
    rest = _("what was stated to {day} less figures {numbers}")
    told = rest.format(day=date_text(part.figure.window.end), numbers=less) if part.figure and less else ""
    collected = _("collected from below: {value}").format(value=text_of(part.collected)) if part.collected else ""
    return "; ".join(filter(None, (told, collected, part.bundle, part.figure and part.figure.source)))


_LEFT_OUT = {
    OTHER_DAYS: marked("its period is not within this one"),
    TOO_LATE: marked("its period ends after the last day that counts"),
    ONLY_PRINTED: marked("only a percentage, which does not add up"),
    AFTER_ABOVE: marked("stated after what a unit above stated for all of them"),
    OVERLAPS: marked("half overlaps a figure that counts"),
}
