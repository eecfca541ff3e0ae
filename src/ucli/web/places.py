"""The pages that lead to the numbers: overview, tree of units and their histories, lists, log, search."""

import sqlite3
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import islice

from ucli.errors import NotFoundError
from ucli.i18n import _, chosen
from ucli.ledger import catalogue, units
from ucli.render.attainment import attainment_sheet
from ucli.render.cross import LONG
from ucli.render.history import life_sheet
from ucli.render.labels import listed, word
from ucli.reports import listings
from ucli.reports.history import HistoryAsked, life_story, operations
from ucli.reports.listings import LISTS, Filter, filter_asked
from ucli.reports.request import report_asked
from ucli.reports.scope import Tree
from ucli.reports.structure import roots_of_ledger, span_of
from ucli.reports.timeliness import SILENT
from ucli.values import units as kinds
from ucli.values.dates import date_text
from ucli.values.names import fold
from ucli.values.numbers import grouped
from ucli.values.periods import Window
from ucli.values.units import CLUSTER, UNION, Unit
from ucli.web.choices import Choice
from ucli.web.pages import Page, report_link, status_of
from ucli.web.tables import MOST_ROWS

_MOST_OPERATIONS, _MOST_LATEST = 200, 8
_DUE_WITHIN = timedelta(days=60)
_MOST_DUE = 3
_MOST_FOUND = 50
_MOST_LISTED = 5_000
_UPPER = tuple(it for it in kinds.KINDS if it != UNION)
_OF_AN_OPERATION = ("operation", "at", "command", "summary", "undone")  # actor and note may name persons


def overview_page(db: sqlite3.Connection, choice: Choice) -> Page:
    answer = report_asked(db, choice.request(by=None))
    of_report = Choice(unit=choice.unit, period=choice.period, lang=choice.lang)
    sheet = attainment_sheet(answer, decimals=1, layout=LONG)
    missing: dict[Unit, list[str]] = defaultdict(list)
    for it in answer.total.reporting:
        for unit in it.missing:
            missing[unit] += [indicator.name(chosen()) for indicator in it.indicators]
    for unit in answer.total.missing:
        missing[unit] += []
    latest = _operations(db, HistoryAsked(most=_MOST_LATEST))
    data = {
        "status": status_of(answer),
        "told": islice(sheet.prose, 1),
        "missing": [(it.name, of_report.about(it).link("/report"), names) for it, names in missing.items()],
        "reported": answer.total.reported,
        "expected": answer.total.expected,
        "due": _due(db, choice),
        "latest": [(it["operation"], it["at"], it["summary"]) for it in latest],
        "held": listings.contents(db),
        "report": of_report.link("/report"),
        "crossed": of_report.link("/report", by="unit"),
    }
    link = report_link(answer, choice, crossed=False)
    return Page("overview.html", choice, data, sheet, answer.total.unit, answer.total.window.end, link)


def _due(db: sqlite3.Connection, choice: Choice) -> list[tuple[str, str, str, list[str]]]:
    """Return the office's periods due about now: name, day, address, and the units that have sent nothing."""
    today = date.today()  # noqa: DTZ011
    asked = Filter(Tree(db), today)
    known = [it for it in listings.periods(db, asked).rows if it["due"] and abs(it["due"] - today) <= _DUE_WITHIN]
    found = []
    for it in sorted(known, key=lambda it: it["due"])[:_MOST_DUE]:
        there = Choice(unit=choice.unit, cluster=choice.cluster, period=it["code"], lang=choice.lang)
        sent = report_asked(db, there.request()).timeliness
        silent = [receipt.unit.name for receipt in sent.of(SILENT)] if sent else []
        found.append((it["name"] or it["code"], date_text(it["due"]), there.link("/report"), silent))
    return found


def units_page(db: sqlite3.Connection, choice: Choice) -> Page:
    day, tree = choice.day, Tree(db)
    root = _unit(db, choice, day) if choice.unit else None
    asked = Filter(tree, day, roots=(root.id,) if root else None)
    records = listings.units(db, asked, kinds.KINDS if choice.unions else _UPPER, as_tree=True)
    there = choice._replace(on="", unions="", q="")
    nodes = [
        (it["depth"], it["name"], word(it["kind"]), there.link("/unit", unit=it["code"], cluster="")) for it in records
    ]
    sheet = listed(records, ["code", "name", "kind", "parent", "founded", "sector"])
    sheet.title = _("Units on {day}").format(day=date_text(day))
    data = {
        "nodes": nodes[:MOST_ROWS],
        "more": max(0, len(nodes) - MOST_ROWS),
        "day": day.isoformat(),
    }
    return Page("units.html", choice, data, sheet, root, day)


def unit_page(db: sqlite3.Connection, choice: Choice) -> Page:
    unit = _unit(db, choice, choice.day)
    tree = Tree(db)
    life = life_story(db, tree, unit.id)
    records = listings.units(db, Filter(tree, choice.day, roots=(unit.id,)), kinds.KINDS, as_tree=True)
    there = choice.of_subject()
    below = [(it["name"], word(it["kind"]), there.link("/unit", unit=it["code"])) for it in records if it["depth"] == 1]
    related = [(it.name, there.about(it).link("/unit")) for it in (*life.predecessors, *life.successors)]
    data = {"below": below[:MOST_ROWS], "related": related, "links": there.about(unit)}
    return Page("unit.html", choice, data, life_sheet(life), unit, choice.day)


def list_page(name: str) -> Callable[[sqlite3.Connection, Choice], Page]:
    """Return the page of a list."""
    title, read, seldom, apart = LISTS[name]

    def page(db: sqlite3.Connection, choice: Choice) -> Page:
        asked, said = _filter(db, choice)
        found, notes = read(db, asked), []
        records = [*found.rows]
        if len(records) > _MOST_LISTED:
            text = _("These are the first {most} rows of more: choose a unit or a period.")
            records, notes = records[:_MOST_LISTED], [text.format(most=grouped(_MOST_LISTED))]
        columns = [it for it in found.columns if it not in seldom and it not in apart]
        sheet = listed(records, columns, notes, names=catalogue.names(db))
        sheet.title = ": ".join(filter(None, (_(title), ", ".join(said))))
        return Page("list.html", choice, sheet=sheet)

    return page


def _filter(db: sqlite3.Connection, choice: Choice) -> tuple[Filter, list[str]]:
    """Return the filter of a list, and the choices in words."""
    indicator = catalogue.find_indicator(db, choice.indicator[0]) if choice.indicator else None
    code = indicator and indicator.code
    asked, named = filter_asked(db, unit=choice.unit, cluster=choice.cluster, period=choice.period, indicator=code)
    asked = asked._replace(day=asked.window.end if asked.window else asked.day, most=_MOST_LISTED + 1)
    said = [*(it.name for it in named), choice.period, indicator.name(chosen()) if indicator else ""]
    return asked, [it for it in said if it]


def log_page(db: sqlite3.Connection, choice: Choice) -> Page:
    root = _unit(db, choice, None).id if choice.unit else None
    sheet = listed(_operations(db, HistoryAsked(unit=root, most=_MOST_OPERATIONS)), _OF_AN_OPERATION)
    sheet.title = _("The latest operations")
    return Page("list.html", choice, sheet=sheet)


def _operations(db: sqlite3.Connection, asked: HistoryAsked) -> listings.Listing:
    """Return what an operation did, without the name of who signs documents."""
    return [{**it, "summary": None} if it["command"] == "set-letterhead" else it for it in operations(db, asked)]


def search_page(db: sqlite3.Connection, choice: Choice) -> Page:
    there, found = choice._replace(q=""), []
    if choice.q:
        records = listings.units(db, Filter(Tree(db), date.today(), match=choice.q), (*kinds.KINDS, CLUSTER))  # noqa: DTZ011
        found = [(it["name"], it["code"], word(it["kind"]), it["parent"] or "") for it in records[:_MOST_FOUND]]
        try:  # a former name, a code or an abbreviation
            meant = units.find(db, choice.q, among=(*kinds.KINDS, CLUSTER))
        except NotFoundError:
            meant = None
        if meant and meant.code not in {code for _name, code, *_rest in found}:
            found.insert(0, (meant.name, meant.code, word(meant.kind), ""))
    of_units = [
        (name, kind, above, there.link("/unit", unit=code, cluster="", indicator=()))
        for name, code, kind, above in found
    ]
    known = listings.indicators(catalogue.indicators(db), choice.q).rows if choice.q and fold(choice.q) else []
    of_indicators = [
        (it[f"name_{chosen()}"], it["measure"], there.link("/series", indicator=(it["code"],))) for it in known
    ]
    title = _("Search: {text}").format(text=choice.q) if choice.q else _("Search")
    return Page("search.html", choice, {"title": title, "of_units": of_units, "of_indicators": of_indicators})


def _unit(db: sqlite3.Connection, choice: Choice, day: date | None) -> Unit:
    if choice.unit:
        return units.find(db, choice.unit, among=(*kinds.KINDS, CLUSTER), day=day)
    office = units.office(db)
    if office:
        return office
    today = date.today()  # noqa: DTZ011
    roots = roots_of_ledger(db, span_of(Tree(db), Window("", today, today)))
    if not roots:
        raise NotFoundError(_("There is no unit in this ledger yet."))
    return roots[0]
