"""The pages of numbers: each asks what a command asks, and says where its cells lead."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from itertools import chain, islice
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
from ucli.reports.scope import Tree
from ucli.reports.scoring import indicators_of, scored
from ucli.values.attainment import EXCEEDED, MET, NO_DATA, UNDECIDED, UNMET
from ucli.values.quantities import Quantity, Share
from ucli.values.units import BY_CHILDREN, BY_MONTH, CLUSTER, Unit
from ucli.web.chart import drawn
from ucli.web.choices import Choice, require_short
from ucli.web.tables import Link, tables_of

_DECIMALS, _DECIMALS_OF_POINTS = 1, 2
_MOST_CHARTS, _MOST_TOLD = 12, 30


class Page(NamedTuple):
    """What a template writes, and the sheet that a download has."""

    template: str
    title: str
    choice: Choice
    data: Mapping[str, Any] = {}
    sheet: Sheet | None = None
    about: Unit | None = None
    day: date | None = None


def default_period(db: sqlite3.Connection) -> str:
    """Return the year to show where none is chosen: this one, else the last for which something was set or stated."""
    latest = periods_in_use(db, 1)
    return latest[0][:4] if latest and latest[0][:4].isdigit() else str(date.today().year)  # noqa: DTZ011


def of_subject(choice: Choice, unit: Unit | None) -> Choice:
    """Return choices about a unit, or a cluster, in place of another."""
    is_cluster = bool(unit and unit.kind == CLUSTER)
    code = unit.code if unit else ""
    return choice._replace(unit="" if is_cluster else code, cluster=code if is_cluster else "")


def upper_units(db: sqlite3.Connection, choice: Choice, unit: Unit | None, day: date) -> list[tuple[str, str]]:
    """Return the units above one and itself, from the top, each with the address of its page."""
    if unit is None or unit.kind == CLUSTER:
        return []
    above = [units.unit_at(db, it, day) for it in Tree(db).ancestors(unit.id, day.isoformat())] or [unit]
    return [(it.name, of_subject(choice.of_subject(), it).link("/report")) for it in above]


def report_page(db: sqlite3.Connection, choice: Choice) -> Page:
    answer = _report(db, choice)
    layout = choice.layout or None
    sheet = attainment_sheet(answer, decimals=_DECIMALS, layout=layout)
    link = report_link(answer, choice, crossed=is_crossed(answer, layout))
    prose = told(sheet, 1 + _MOST_TOLD if len(answer.groups or ()) <= _MOST_TOLD else 1)
    return _about(
        db,
        "report.html",
        choice,
        answer,
        sheet,
        link,
        told=prose[:1],
        told_after=prose[1:],
        status=status_of(answer),
        around=[(it.text(), choice.link("/report", against=it.code)) for it in answer.around],
    )


def explain_page(db: sqlite3.Connection, choice: Choice) -> Page:
    if len(choice.indicator) != 1:
        raise UsageError(_("One indicator is explained at a time."))
    answer, explanations = explained(db, choice.request(by=None, compare=None, against=None))
    sheet = explanation_sheet(explanations, answer)
    parts = [(it.indicator, part) for it in explanations for part in it.parts]
    known = {name: units.named(db, name) for name in dict.fromkeys(part.unit for _it, part in parts if part.unit)}

    def link(number: int, place: int, key: str, _code: str) -> str:
        indicator, part = parts[number]
        unit = known.get(part.unit)
        if unit is None or place == 0:
            return ""
        there = of_subject(choice._replace(indicator=(indicator.code,), period=part.period), unit)
        if key == "unit":
            return of_subject(choice.of_subject(), unit).link("/report")
        if key == "value" and part.figure:
            return there.link("/list/figures")
        if key == "value" and part.source == indicator.register and source_of(part.source) == "payouts":
            return there._replace(indicator=()).link("/list/payouts")
        return there._replace(indicator=()).link("/movement") if key == "value" else ""

    indicator, total = explanations[0].indicator, explanations[0].counted.value
    sheet.title = f"{indicator.name(chosen())}: {sheet.title}"
    data = {
        "value": indicator.text(total) if total else "",
        "back": choice._replace(indicator=()).link("/report"),
        "series": choice._replace(by=BY_MONTH).link("/series"),
    }
    return _about(db, "explain.html", choice, answer, sheet, link, **data)


def movement_page(db: sqlite3.Connection, choice: Choice) -> Page:
    question, subjects = _question(db, choice)
    total, groups = movements_of(db, question, subjects, choice.by or None)
    scope = whole_of(db, question, subjects)[2]
    sheet = movement_sheet(total, groups, question, reopened_within(db, question.window, scope))
    tables, notes = tables_of(sheet)
    crumbs = upper_units(db, choice, total.unit, question.window.end)
    data = {"tables": tables, "notes": notes, "crumbs": crumbs}
    return Page("list.html", sheet.title, choice, data, sheet, total.unit, question.tree.day or question.window.end)


def rank_page(db: sqlite3.Connection, choice: Choice) -> Page:
    choice = choice._replace(by=choice.by or BY_CHILDREN)
    answer = _report(db, choice)
    compared = compared_in(answer, choice.indicator)
    standings = ranked(answer, compared, None)
    sheet = ranking_sheet(answer, standings, compared, _DECIMALS)
    return _in_order(db, choice, answer, sheet, [it.unit for it in standings])


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
    return _in_order(db, choice, answer, sheet, [it.unit for it in scores])


def series_page(db: sqlite3.Connection, choice: Choice) -> Page:
    choice = choice._replace(by=choice.by if choice.by in ("month", "quarter", "year") else BY_MONTH, layout="")
    answer = _report(db, choice)
    sheet = attainment_sheet(answer, decimals=_DECIMALS, layout=MATRIX)
    link = report_link(answer, choice, crossed=True)
    known = [it.indicator for it in answer.total.rows]
    charts = []
    for indicator in dict.fromkeys(known):
        points = [(it.window.code, *_point(it, indicator.code)) for it in answer.groups or []]
        if drawing := drawn(f"{indicator.name(chosen())} ({indicator.measure})", points):
            alone = choice.link("/series", indicator=(indicator.code,)) if len(set(known)) > 1 else ""
            charts.append((drawing, alone))
    return _about(db, "series.html", choice, answer, sheet, link, charts=charts[:_MOST_CHARTS])


# What they share


def _question(db: sqlite3.Connection, choice: Choice, **other: Any) -> tuple[Question, list[Unit]]:
    question, subjects = question_about(db, choice.request(**other))
    require_short(question.window.days, choice.by)
    return question, subjects


def _report(db: sqlite3.Connection, choice: Choice, **other: Any) -> Report:
    question, subjects = _question(db, choice, **other)
    return answered(db, question, subjects, choice.by or None)


def _about(
    db: sqlite3.Connection, template: str, choice: Choice, answer: Report, sheet: Sheet, link: Link, **data: Any
) -> Page:
    """Return a page about the unit of a report, its cells with where they lead."""
    data["tables"], data["notes"] = tables_of(sheet, link)
    unit, window = answer.total.unit, answer.total.window
    data["crumbs"] = upper_units(db, choice, unit, answer.structure or window.end)
    return Page(template, sheet.title, choice, data, sheet, unit, answer.structure or window.end)


def _in_order(db: sqlite3.Connection, choice: Choice, answer: Report, sheet: Sheet, placed: list[Unit]) -> Page:
    def link(number: int, _place: int, key: str, _code: str) -> str:
        return of_subject(choice.of_subject(), placed[number]).link("/report") if key == "unit" else ""

    return _about(db, "list.html", choice, answer, sheet, link)


def told(sheet: Sheet, most: int) -> list[str]:
    """Return the first paragraphs of a report, which a download has too; to write one for each of many takes long."""
    paragraphs = iter(sheet.prose)
    first = list(islice(paragraphs, most))
    sheet.prose = chain(first, paragraphs)
    return first


def report_link(answer: Report, choice: Choice, *, crossed: bool) -> Link:
    """Return where the cells of a report lead: its units to their reports, its numbers to where they come from."""
    is_of_units = not answer.not_broken_down[0]
    placed: list[tuple[Table, Row | None]]
    if crossed:
        placed = [(it, None) for it in tables_across(answer)]
    else:
        placed = [(it.table, it.row) for it in placed_rows(answer)]
    has_labels = crossed or bool(answer.groups) or bool(answer.total.parts)

    def link(number: int, place: int, key: str, code: str) -> str:
        # Below the rows of groups a cross table may have lines about the whole.
        table, row = placed[number] if number < len(placed) else (answer.total, None)
        is_group = table is not answer.total
        if table.unit is None or (is_group and not is_of_units):
            return ""
        there = of_subject(choice.of_subject(), table.unit)
        if table.window != answer.total.window:
            there = there._replace(period=table.window.code, as_of="", against="", compare="")
        if has_labels and place == 0:
            return there.link("/report") if is_group else ""
        code = row.indicator.code if row else code
        leads = code and ".target" not in key if crossed else key in ("name", "actual")
        return there.link("/explain", indicator=(code,), against="", compare="") if leads else ""

    return link


def status_of(answer: Report) -> list[tuple[str, int]]:
    """Return how many targets of a report have which status; nothing where there is no target."""
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
