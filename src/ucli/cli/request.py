"""Report requests: from what was typed behind `report`, `movement` or `explain` to what is asked, and the answer."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ucli.cli.session import warn
from ucli.cli.subjects import named, require_standing
from ucli.errors import NotFoundError, RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.ledger.lineage import successor_on
from ucli.ledger.operations import known_at, later_than, look_back
from ucli.ledger.units import unit_at
from ucli.render import Sheet
from ucli.reports.attainment import Report
from ucli.reports.closings import reopened_within
from ucli.reports.counting import Question
from ucli.reports.report import report_of, whole_of
from ucli.reports.scope import Tree
from ucli.reports.stocks import Stocks
from ucli.reports.structure import scope_of
from ucli.values.dates import date_text, parse_date
from ucli.values.numbers import parse_count
from ucli.values.periods import Window
from ucli.values.units import Unit


class Asked(NamedTuple):
    """Whom and when a question is about, as typed; at most one of the first three is given."""

    province: list[str] | None = None
    unit: str | None = None
    cluster: str | None = None
    period: str | None = None
    as_of: date | None = None
    as_known: str | None = None
    structure: date | None = None
    sum_predecessors: bool = False
    against: str | None = None
    words: Sequence[str] | None = None  # behind the command: the period


def report_asked(db: sqlite3.Connection, asked: Asked, indicators: list[str] | None, by: str | None) -> Report:
    """Answer `report`."""
    question = question_of(db, asked, indicators)
    found = report_of(db, question, subjects_of(db, question, asked), by)
    return found._replace(reopened=reopened_within(db, found.total.window, found.scope))


def movement_asked(db: sqlite3.Connection, asked: Asked, by: str | None) -> tuple[Sheet, Unit | None, date]:
    """Answer `movement`: its sheet, the unit it is about and its last day."""
    from ucli.render.movement import movement_sheet  # noqa: PLC0415  a report does without
    from ucli.reports.movement import movements_of  # noqa: PLC0415  as above

    question = question_of(db, asked, None)
    named = subjects_of(db, question, asked)
    total, groups = movements_of(db, question, named, by)
    reopened = reopened_within(db, question.window, whole_of(db, question, named)[2])
    return movement_sheet(total, groups, question, reopened), total.unit, total.window.end


def cell_asked(db: sqlite3.Connection, asked: Asked, indicator: str) -> tuple[Sheet, Report]:
    """Answer `explain`: its sheet, and the report that the cell stands in."""
    from ucli.render.explanation import explanation_sheet  # noqa: PLC0415  a report does without
    from ucli.reports.explain import explained_cell  # noqa: PLC0415  as above

    question = question_of(db, asked, [indicator])
    report = report_of(db, question, subjects_of(db, question, asked), None)
    wanted = next(it for it in question.catalogue if it.code == question.asked[0])
    rows = report.total.rows[:1]
    first, *parts = explained_cell(db, question, wanted, report.total.unit, report.scope, rows)
    report = report._replace(reopened=reopened_within(db, report.total.window, report.scope))
    # What is counted from the unit's own targets is known to the table only.
    return explanation_sheet([first._replace(value=rows[0].counted.value) if rows else first, *parts], report), report


def question_of(db: sqlite3.Connection, asked: Asked, indicators: list[str] | None) -> Question:
    """Return what is asked: over which window, by whose structure, as known when."""
    look_back_to(db, asked.as_known)
    as_of, today = asked.as_of, date.today()  # noqa: DTZ011
    window = _window_asked(db, asked) or Window(str(today.year), date(today.year, 1, 1), date(today.year, 12, 31))
    against = _window_of(db, asked, asked.against) if asked.against else None
    if against and not against.holds(window):
        raise RejectedError(
            _("{period} is no part of {whole}.").format(period=window.text(), whole=against.text()),
            instead=_("Beside --against name a period inside it."),
        )
    if as_of and as_of < window.start:
        raise RejectedError(
            _("{day} comes before the period {period}.").format(day=date_text(as_of), period=window.text()),
            instead=_("Choose a day inside the period."),
        )
    last = window.lasted.end
    if as_of and today < min(as_of, last):
        warn(_("{day} is still to come; what is recorded by now is counted.").format(day=date_text(as_of)))
    every = catalogue.indicators(db)
    # Anyone who is held against all the targets brings along all that was done.
    tree = Tree(db, today if asked.sum_predecessors and asked.structure is None else asked.structure)
    return Question(
        catalogue=every,
        tree=tree,
        stocks=Stocks(db, tree, every, window.start.isoformat()),
        window=window,
        as_of=min(as_of or today, last),
        # What is still to come counts in no report; of a window that has not begun the organisation is of its end.
        counted_to=min(as_of or today, last) if as_of or today >= window.start else last,
        sum_predecessors=asked.sum_predecessors,
        asked=tuple(catalogue.find_indicator(db, text).code for text in indicators or []),
        against=against,
    )


def _window_asked(db: sqlite3.Connection, asked: Asked) -> Window | None:
    """Return the period that was typed, behind the command or as an option."""
    if not asked.words:
        return _window_of(db, asked, asked.period) if asked.period else None
    text = " ".join(asked.words)
    window = periods.known_window(db, text, unit=_owner_of_term(db, asked, text))
    if window is None:
        # Perhaps a name, which is not repeated.
        raise UsageError(
            _("There are too many words: what stands behind the command is no period."),
            instead=_("Name a unit with --unit; a name with spaces stands in quotation marks."),
        )
    if asked.period:
        raise UsageError(_("Two periods are given."), instead=_("Keep one of them."))
    return window


def _window_of(db: sqlite3.Connection, asked: Asked, code: str) -> Window:
    return periods.find_window(db, code, unit=_owner_of_term(db, asked, code))


def _owner_of_term(db: sqlite3.Connection, asked: Asked, code: str) -> int | None:
    """Return the unit whose term a code means, if it is one's: the first unit that is named, else the office."""
    if not periods.is_term(db, code):
        return None
    found = named(db, None, unit=asked.unit, provinces=(asked.province or ())[:1])
    office = None if found or asked.cluster else units.office(db)
    return next((it.id for it in (*found, office) if it), None)


def subjects_of(db: sqlite3.Connection, question: Question, asked: Asked) -> list[Unit]:
    """Return whom the report is about: what was named, else the office, else the whole ledger (no unit)."""
    if sum(map(bool, asked[:3])) > 1:
        raise UsageError(_("--province, --unit and --cluster exclude each other."), instead=_("Keep the one you mean."))
    day = question.window.end
    found = named(db, day, unit=asked.unit, cluster=asked.cluster, provinces=asked.province)
    if asked.cluster and not scope_of(db, unit_at(db, found[0].id, day), question.window).roots:
        raise NotFoundError(
            _("{cluster} has no units in {year}.").format(cluster=found[0].name, year=day.year),
            instead=_("“ucli set-cluster” says who belongs to it that year."),
        )
    office = None if found else units.office(db)
    if office:
        found = [successor_on(db, office, question.tree.day or day)]
    for unit in found:
        require_standing(db, unit, question.tree.day)
    return [unit_at(db, it.id, question.tree.day or day) for it in dict.fromkeys(found)]


def look_back_to(db: sqlite3.Connection, asked: str | None) -> None:
    """Read from now on what the ledger said as --as-known names it; all that it says by now where that is not given."""
    if asked is None:
        return
    typed = asked.strip()
    if typed.isascii() and typed.isdigit():
        look_back(db, known_at(db, parse_count(typed)))
        return
    day = parse_date(typed)
    known = known_at(db, day)
    if later := later_than(db, day, upto=known):
        text = _(
            "Operation {later} came before operation {known}, but has a time after {day}: a clock was wrong."
            " --as-known with a number is exact."
        )
        warn(text.format(later=later, day=date_text(day), known=known))
    look_back(db, known)
