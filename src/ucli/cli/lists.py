"""Lists: the registers row by row, the history of a unit, and SQL queries.

Apart from the commands that record, which need not load what only lists use.
"""

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ucli.cli.commands import ReadCommand, command
from ucli.cli.opening import log_only, reading
from ucli.cli.options import ListRequest
from ucli.cli.output import form_asked, show
from ucli.cli.session import tell
from ucli.errors import UsageError
from ucli.i18n import _, chosen
from ucli.ledger import catalogue, units
from ucli.ledger.lineage import life_of
from ucli.render import Column, Record, Sheet, form_named
from ucli.render.history import life_sheet
from ucli.render.labels import as_tree, listed, structure_text, word
from ucli.reports import listings
from ucli.reports.closings import closings, with_closings
from ucli.reports.history import life_story
from ucli.reports.listings import Filter, Listed, filter_asked, said_in
from ucli.reports.registers import FORM, FUND, PROGRAMME, SECTOR, SEX, limit_to, parts_called
from ucli.reports.scope import Tree
from ucli.values import units as kinds
from ucli.values.indicators import Indicator
from ucli.values.periods import day_text


@command(ReadCommand)
def members(
    asked: ListRequest,
    union: str | None = None,
    on: date | None = None,
    match: str | None = None,
    sex: str | None = None,
    sector: str | None = None,
    left: bool = False,
    reveal: bool = False,
    reason: str | None = None,
) -> None:
    if reveal != bool(reason):
        raise UsageError(
            _("--reveal needs --reason: full ID numbers are shown only for a stated reason."),
            instead=_("Give both, or leave both out."),
        )
    if asked.period and not left:
        raise UsageError(_("Members are listed as of a day."), instead=_("Use --on, or --left with --period."))
    with reading() as db:
        rows = _filter(db, asked, union=union, day=on, match=match, standing=not left)
        _limit(db, {SECTOR: sector, SEX: sex})
        found = listings.members(db, rows, left=left, reveal=reveal)
        if not reveal:
            _show(found, found.columns, asked, summed=["members"], personal=True)
            return
        found = found._replace(rows=[*found.rows])
    shown = sum(1 for it in found.rows if it["id_number"])
    log_only(_("ID numbers shown in full: {count}.").format(count=shown), reason)
    _show(found, found.columns, asked, summed=["members"], personal=True)


@command(ReadCommand)
def payouts(asked: ListRequest, programme: str | None = None, form: str | None = None, fund: str | None = None) -> None:
    with reading() as db:
        rows = _filter(db, asked)
        _limit(db, {PROGRAMME: programme, FORM: form, FUND: fund})
        found, names = listings.payouts(db, rows), catalogue.names(db)
    summed = ["amount", "in_kind", "recipients"]
    _show(found, said_in("payouts", found), asked, names, summed=summed, personal=True)


@command(ReadCommand)
def figures(asked: ListRequest, indicator: str | None = None, cluster: str | None = None) -> None:
    with reading() as db:
        found = listings.figures(db, _filter(db, asked, cluster=cluster, indicator=indicator))
        names = catalogue.names(db)
    _show(found, said_in("figures", found), asked, names)


@command(ReadCommand)
def targets(
    asked: ListRequest, indicator: str | None = None, cluster: str | None = None, history: bool = False
) -> None:
    with reading() as db:
        found = listings.targets(db, _filter(db, asked, cluster=cluster, indicator=indicator), history=history)
        names = catalogue.names(db)
    _show(found, found.columns if history else said_in("targets", found), asked, names)


@command(ReadCommand)
def awards(asked: ListRequest) -> None:
    with reading() as db:
        found = listings.awards(db, _filter(db, asked))
    _show(found, found.columns, asked, personal=True)


def _show(
    found: Listed,
    columns: Sequence[str],
    asked: ListRequest,
    names: Mapping[str, Mapping[str, str]] | None = None,
    *,
    summed: Sequence[str] = (),
    personal: bool = False,
) -> None:
    """Print a register, for people with names for codes, and in documents with a total."""
    form = form_named(form_asked())
    # The organisation used, if it is not that of each row's own day.
    notes = [structure_text(asked.structure)] if asked.structure else []
    names, summed = names if form.has_names else None, summed if form.is_handed_in else ()
    show(listed(found.rows, columns, notes, names, summed), personal=personal)


@command(ReadCommand)
def units_(
    kind: str | None = None,
    unit: str | None = None,
    sector: str | None = None,
    province: Sequence[str] = (),
    on: date | None = None,
    tree: bool = False,
    match: str | None = None,
    structure: date | None = None,
) -> None:
    if on and structure:
        raise UsageError(_("--on and --structure each name a day."), instead=_("Keep one of them."))
    with reading() as db:
        rows = _filter(db, ListRequest(unit), provinces=province, day=on or structure, match=match, standing=True)
        _limit(db, {SECTOR: sector})
        records = listings.units(db, rows, (kind,) if kind else kinds.KINDS, as_tree=tree)
    sheet = listed(records, ["code", "name", "kind", "parent", "founded", "sector", "ended"])
    show(as_tree(sheet) if tree else sheet)


@command(ReadCommand)
def show_(unit: str) -> None:
    with reading() as db:
        found = units.find(db, unit, among=(*kinds.KINDS, kinds.CLUSTER))
        life = life_story(db, Tree(db), found.id)
    show(life_sheet(life))


@command(ReadCommand)
def clusters(year: int | None = None) -> None:
    with reading() as db:
        found = listings.cluster_years(db, year)
    show(listed(found.rows, found.columns))


@command(ReadCommand)
def periods() -> None:
    with reading() as db:
        found = listings.periods(db, _filter(db, ListRequest()))
        records = with_closings(found.rows, closings(db))
    closed = ["state", "open_until", "closed_by"] if any(it["state"] for it in records) else []
    show(listed(records, [*said_in("periods", found), *closed]))


@command(ReadCommand)
def indicators(match: str | None = None) -> None:
    with reading() as db:
        known = catalogue.indicators(db)
        programmes = {it.code: it.name for it in catalogue.programmes(db)}
    named = {it.code: it.name(chosen()) for it in known}
    sources = {it.counts: _counted_from(it, named, programmes) for it in known}
    found = listings.indicators(known, match)
    show(listed(found.rows, found.columns, names={"counts": sources}))


def _counted_from(indicator: Indicator, indicators: Mapping[str, str], programmes: Mapping[str, str]) -> str:
    """Return where an indicator's value comes from: a register, two other indicators, or only figures."""
    if indicator.formula:
        left, sign, right = indicator.formula
        return f"{indicators.get(left, left)} {'−' if sign == '-' else '/'} {indicators.get(right, right)}"
    if not indicator.register:
        return _("figures stated") if indicator.counts == "figures" else _("the unit's own targets")
    register, _colon, programme = indicator.register.partition(":")
    return f"{word(register)} ({programmes.get(programme) or word(programme)})" if programme else word(register)


@command(ReadCommand)
def programmes() -> None:
    columns = ["code", "name_vi", "name_en"]
    with reading() as db:
        records: list[dict[str, Any]] = [{key: getattr(it, key) for key in columns} for it in catalogue.programmes(db)]
    show(listed(records, columns))


@command(ReadCommand)
def query(sql: str) -> None:
    from ucli.ledger.query import answer  # noqa: PLC0415  sqlite-utils costs more than all the rest of a command

    with reading() as db:
        if re.search(r"\battainment\b", sql, re.IGNORECASE):
            _fill_attainment(db)
        columns, rows = answer(db, sql)
    records = (dict(zip(columns, row, strict=True)) for row in rows)
    show(Sheet([Column(it) for it in columns], rows, records, columns))


def _fill_attainment(db: sqlite3.Connection) -> None:
    """Fill the view `attainment` with this year's `report --unit` of every unit that has a target."""
    from ucli.ledger.query import fill_attainment, units_with_targets  # noqa: PLC0415  as above
    from ucli.ledger.units import units_at  # noqa: PLC0415  as above
    from ucli.render.data import FLAT, flat_data  # noqa: PLC0415  as above
    from ucli.reports.attainment import Report, makers_of  # noqa: PLC0415  as above
    from ucli.reports.request import Request, question_of  # noqa: PLC0415  all that counting takes
    from ucli.reports.structure import scope_of  # noqa: PLC0415  as above

    question = question_of(db, Request())
    window = question.window
    having = units_at(db, units_with_targets(db, window.start.isoformat(), window.end.isoformat()), window.end)
    # Each by itself, not as groups of one whole: the stocks of a unit that ended in the year are those of its last day.
    groups = [question.group(it, scope_of(db, it, window)) for it in having]
    tables = [it.table() for it in makers_of(db, question, groups)]
    records: Iterable[Record] = ()
    if tables:
        about = Report(tables[0], scope_of(db, having[0], window), question.as_of, question.is_open, groups=None)
        found = (flat_data(row, it, about, decimals=1) for it in tables for row in it.rows)
        records = ({key: it[key] for key in FLAT} for it in found)
    fill_attainment(db, records)


def _limit(db: sqlite3.Connection, only: Mapping[str, str | None]) -> None:
    """Let a list have only the rows of what was asked for, as a report counts them."""
    asked = {by: text for by, text in only.items() if text}
    if asked:
        limit_to(db, {by: parts_called(db, by, text) or [text] for by, text in asked.items()})


def _filter(db: sqlite3.Connection, asked: ListRequest, *, standing: bool = False, **other: Any) -> Filter:
    """Return the filter of a list, its names looked up.

    A list as of a day (`standing`) refuses a unit that had ended by then.
    """
    found, roots = filter_asked(db, **asked._asdict(), **other)
    for root in roots:
        if asked.structure:
            from ucli.reports.request import require_standing  # noqa: PLC0415  seldom asked for

            require_standing(db, root, asked.structure)
        until = life_of(db, root.id).until
        if until <= found.day.isoformat() and asked.period is None and standing:
            text = _("{unit} was closed on {day}: use --on for an earlier day.")
            tell(text.format(unit=root.name, day=day_text(until)))
    return found
