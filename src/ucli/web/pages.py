"""The pages of numbers: each asks what a command asks, and links its cells."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from ucli.errors import NotFoundError, UsageError
from ucli.i18n import _, chosen
from ucli.ledger import settings, units
from ucli.render import Sheet
from ucli.render.attainment import attainment_sheet
from ucli.render.cells import text_of
from ucli.render.columns import placed_rows
from ucli.render.cross import MATRIX, is_crossed, tables_across
from ucli.render.explanation import explanation_sheet
from ucli.render.movement import movement_sheet
from ucli.render.ranking import ranking_sheet
from ucli.render.scoring import scoring_sheet
from ucli.reports.attainment import Report, Row, Table
from ucli.reports.closings import reopened_within
from ucli.reports.counting import Question
from ucli.reports.explain import explained
from ucli.reports.listings import periods_in_use
from ucli.reports.movement import movements_of
from ucli.reports.ranking import compared_in, ranked
from ucli.reports.registers import source_of
from ucli.reports.report import whole_of
from ucli.reports.request import answered, question_about
from ucli.reports.scoring import indicators_of, scored
from ucli.values.attainment import EXCEEDED, MET, NO_DATA, UNDECIDED, UNMET
from ucli.values.quantities import Quantity, Share
from ucli.values.units import BY_CHILDREN, BY_MONTH, Unit
from ucli.web.chart import drawn
from ucli.web.choices import Choice, require_short
from ucli.web.tables import Link

_DECIMALS, _DECIMALS_OF_POINTS = 1, 2
_MOST_CHARTS, _MOST_TOLD = 12, 30


class Page(NamedTuple):
    """What a template needs, and the sheet that the page shows and a download contains."""

    template: str
    choice: Choice
    data: Mapping[str, Any] = {}
    sheet: Sheet | None = None
    about: Unit | None = None
    day: date | None = None
    link: Link | None = None  # the links of its cells


def default_period(db: sqlite3.Connection) -> str:
    """Return the year to show by default: this one, or the last one with a target or figure."""
    latest = periods_in_use(db, 1)
    return latest[0][:4] if latest and latest[0][:4].isdigit() else str(date.today().year)  # noqa: DTZ011


def report_page(db: sqlite3.Connection, choice: Choice) -> Page:
    answer = _report(db, choice)
    layout = choice.layout or None
    sheet = attainment_sheet(answer, decimals=_DECIMALS, layout=layout)
    data = {
        # A paragraph for each of many groups takes long.
        "told": islice(sheet.prose, 1 + _MOST_TOLD if len(answer.groups or ()) <= _MOST_TOLD else 1),
        "status": status_of(answer),
        "around": [(it.text(), choice.link("/report", against=it.code)) for it in answer.around],
    }
    link = report_link(answer, choice, crossed=is_crossed(answer, layout))
    return _about(choice, answer, sheet, link, "report.html", data)


def explain_page(db: sqlite3.Connection, choice: Choice) -> Page:
    if len(choice.indicator) != 1:
        raise UsageError(_("One indicator is explained at a time."))
    answer, explanations = explained(db, choice.request(by=None, compare=None, against=None))
    sheet = explanation_sheet(explanations, answer)
    parts = [(it.indicator, part) for it in explanations for part in it.parts]
    known = {name: units.named(db, name) for name in dict.fromkeys(part.unit for _it, part in parts if part.unit)}

    def link(number: int, _place: int, key: str, _code: str) -> str:
        indicator, part = parts[number]
        unit = known.get(part.unit)
        if unit is None:
            return ""
        if key == "unit":
            return choice.of_subject().about(unit).link("/report")
        if key != "value":
            return ""
        there = choice.about(unit)._replace(indicator=(), period=part.period)
        if part.figure:
            return there.link("/list/figures", indicator=(indicator.code,))
        is_payout = part.source == indicator.register and source_of(part.source) == "payouts"
        return there.link("/list/payouts" if is_payout else "/movement")

    indicator, total = explanations[0].indicator, explanations[0].counted.value
    sheet.title = f"{indicator.name(chosen())}: {sheet.title}"
    data = {
        "value": indicator.text(total) if total else "",
        "back": choice._replace(indicator=()).link("/report"),
        "series": choice._replace(by=BY_MONTH).link("/series"),
    }
    return _about(choice, answer, sheet, link, "explain.html", data)


def movement_page(db: sqlite3.Connection, choice: Choice) -> Page:
    question, subjects = _question(db, choice)
    total, groups = movements_of(db, question, subjects, choice.by or None)
    scope = whole_of(db, question, subjects)[2]
    sheet = movement_sheet(total, groups, question, reopened_within(db, question.window, scope))
    return Page("list.html", choice, {}, sheet, total.unit, question.tree.day or question.window.end)


def rank_page(db: sqlite3.Connection, choice: Choice) -> Page:
    choice = choice._replace(by=choice.by or BY_CHILDREN)
    answer = _report(db, choice)
    compared = compared_in(answer, choice.indicator)
    standings = ranked(answer, compared, None)
    sheet = ranking_sheet(answer, standings, compared, _DECIMALS)
    return _about(choice, answer, sheet, _to_units(choice, [it.unit for it in standings]))


def score_page(db: sqlite3.Connection, choice: Choice) -> Page:
    choice = choice._replace(by=choice.by or BY_CHILDREN, indicator=())
    scheme = settings.last_scheme(db)
    if scheme is None:
        raise NotFoundError(
            _("No scheme is kept in this ledger."),
            why=_("“ucli score SCHEME.csv --keep” keeps one, for this page too."),
        )
    indicators = indicators_of(db, scheme)
    codes = tuple(dict.fromkeys(it.code for it in indicators.values()))
    answer = _report(db, choice, indicators=codes)
    scores = scored(answer, scheme, indicators, None)
    sheet = scoring_sheet(answer, scores, scheme, indicators, _DECIMALS_OF_POINTS, is_kept=True)
    return _about(choice, answer, sheet, _to_units(choice, [it.unit for it in scores]))


def series_page(db: sqlite3.Connection, choice: Choice) -> Page:
    choice = choice._replace(by=choice.by if choice.by in ("month", "quarter", "year") else BY_MONTH, layout="")
    answer = _report(db, choice)
    sheet = attainment_sheet(answer, decimals=_DECIMALS, layout=MATRIX)
    known = dict.fromkeys(it.indicator for it in answer.total.rows)
    charts = []
    for indicator in known:
        points = [(it.window.code, *_point(it, indicator.code)) for it in answer.groups or []]
        if drawing := drawn(f"{indicator.name(chosen())} ({indicator.measure})", points):
            charts.append((drawing, choice.link("/series", indicator=(indicator.code,)) if len(known) > 1 else ""))
    link = report_link(answer, choice, crossed=True)
    return _about(choice, answer, sheet, link, "series.html", {"charts": charts[:_MOST_CHARTS]})


# Shared by the pages.


def _question(db: sqlite3.Connection, choice: Choice, **other: Any) -> tuple[Question, list[Unit]]:
    question, subjects = question_about(db, choice.request(**other))
    require_short(question.window.days, choice.by)
    return question, subjects


def _report(db: sqlite3.Connection, choice: Choice, **other: Any) -> Report:
    question, subjects = _question(db, choice, **other)
    return answered(db, question, subjects, choice.by or None)


def _about(
    choice: Choice, answer: Report, sheet: Sheet, link: Link, template: str = "list.html", data: Mapping[str, Any] = {}
) -> Page:
    """Return the page of a report."""
    return Page(template, choice, data, sheet, answer.total.unit, answer.structure or answer.total.window.end, link)


def _to_units(choice: Choice, placed: Sequence[Unit]) -> Link:
    """Return the links of a ranking's units."""
    there = choice.of_subject()
    return lambda number, _place, key, _code: there.about(placed[number]).link("/report") if key == "unit" else ""


def report_link(answer: Report, choice: Choice, *, crossed: bool) -> Link:
    """Return the links of a report's cells: units to their reports, numbers to their explanations."""
    is_of_units = not answer.not_broken_down[0]
    placed: list[tuple[Table, Row | None]]
    if crossed:
        placed = [(it, None) for it in tables_across(answer)]
    else:
        placed = [(it.table, it.row) for it in placed_rows(answer)]
    has_labels = crossed or bool(answer.groups) or bool(answer.total.parts)

    def link(number: int, place: int, key: str, code: str) -> str:
        # A cross table may have rows for the whole below those of the groups.
        table, row = placed[number] if number < len(placed) else (answer.total, None)
        is_group = table is not answer.total
        if table.unit is None or (is_group and not is_of_units):
            return ""
        there = choice.of_subject().about(table.unit)
        if table.window != answer.total.window:
            there = there._replace(period=table.window.code, as_of="", against="", compare="")
        if has_labels and place == 0:
            return there.link("/report") if is_group else ""
        code = row.indicator.code if row else code
        leads = code and ".target" not in key if crossed else key in ("name", "actual")
        return there.link("/explain", indicator=(code,), against="", compare="") if leads else ""

    return link


def status_of(answer: Report) -> list[tuple[str, int]]:
    """Count the targets of a report by status; empty if there are none."""
    it = answer.total.summary
    found = [(EXCEEDED, it.exceeded), (MET, it.met - it.exceeded), (UNMET, it.unmet)]
    found += [(code, number) for code, number in ((UNDECIDED, it.undecided), (NO_DATA, it.no_data)) if number]
    return found if it.targets else []


def _point(table: Table, code: str) -> tuple[float | None, str]:
    row = next((it for it in table.rows if it.indicator.code == code), None)
    match row and row.value:
        case Quantity(value) as quantity:
            return float(value), text_of(quantity)
        case Share(part, whole) as share:
            return part * 100 / whole, text_of(share)
    return None, text_of(None)
