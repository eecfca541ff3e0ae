"""From names to a question: which units, over which window, by which organisation."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError, RejectedError, UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.ledger.lineage import life_of, successor_on
from ucli.ledger.operations import known_at, look_back
from ucli.ledger.units import find_named, names_of, unit_at
from ucli.reports.attainment import Report
from ucli.reports.closings import reopened_within
from ucli.reports.counting import Question
from ucli.reports.registers import (
    BREAKDOWNS,
    FORM,
    FUND,
    PROGRAMME,
    SECTOR,
    SEX,
    cut_by,
    limit_to,
    parts_called,
    unsent_to,
)
from ucli.reports.report import report_of
from ucli.reports.scope import Tree
from ucli.reports.stocks import Stocks
from ucli.reports.structure import scope_of
from ucli.values.dates import date_text, parse_date
from ucli.values.names import fold
from ucli.values.numbers import parse_count
from ucli.values.periods import Window, same_day, year_before
from ucli.values.units import CLUSTER, Unit

_SAME_PERIOD = ("same-period", "same period", "cung ky", "cung ky nam truoc")


class Request(NamedTuple):
    """What is asked, as people write it; at most one of the first three is given.

    Its fields are named as the options of the command line are: a command takes those that the table of options has
    for it.
    """

    province: Sequence[str] = ()
    unit: str | None = None
    cluster: str | None = None
    words: Sequence[str] = ()  # the period, which may be something else
    period: str | None = None
    as_of: date | None = None
    structure: date | None = None
    as_known: str | None = None
    by: str | None = None
    family: str | None = None
    sector: str | None = None
    sex: str | None = None
    form: str | None = None
    fund: str | None = None
    programme: str | None = None
    indicators: Sequence[str] = ()
    against: str | None = None
    compare: str | None = None
    sum_predecessors: bool = False
    is_structure_given: bool = False  # including “then”

    @property
    def only(self) -> dict[str, str]:
        """The parts of registers that are counted, by what tells them apart."""
        said = {SECTOR: self.sector, SEX: self.sex, FORM: self.form, FUND: self.fund, PROGRAMME: self.programme}
        return {by: part for by, part in said.items() if part}


def cluster_in_a_structure() -> UsageError:
    return UsageError(
        _("A cluster has the units of its year: --structure does not change it."), instead=_("Leave --structure out.")
    )


def require_standing(db: sqlite3.Connection, unit: Unit, structure: date | None) -> None:
    """Refuse the organisation of a day for a unit that did not exist on it."""
    if structure is None:
        return
    if unit.kind == CLUSTER:
        raise cluster_in_a_structure()
    life = life_of(db, unit.id)
    if not life.holds(structure.isoformat()):
        followed = successor_on(db, unit, structure)
        raise RefusedError(
            _("{unit} did not exist in the organisation of {day}.").format(unit=unit.name, day=date_text(structure)),
            why=_("It was merged into {unit}.").format(unit=names_of([followed])) if followed.id != unit.id else None,
            instead=_("Name a unit that existed then, or leave --structure out."),
        )


def report_asked(db: sqlite3.Connection, asked: Request) -> Report:
    """Return the report that is asked for."""
    return answered(db, *question_about(db, asked), asked.by)


def answered(db: sqlite3.Connection, question: Question, subjects: Sequence[Unit], by: str | None) -> Report:
    """Return the report on a question: by units, by time, or broken down."""
    if by in BREAKDOWNS:
        from ucli.reports.breakdown import broken_down  # noqa: PLC0415  seldom asked for

        found = broken_down(db, question, subjects, by)
    else:
        found = report_of(db, question, subjects, by)
    reopened, window = reopened_within(db, found.total.window, found.scope), found.total.window.until(found.as_of)
    first, last = window.start.isoformat(), window.end.isoformat()
    unsent = unsent_to(db, found.scope.roots, last)
    return found._replace(reopened=reopened, cut=cut_by(db, first, last), unsent=unsent)


def question_about(db: sqlite3.Connection, asked: Request) -> tuple[Question, list[Unit]]:
    """Return the question, and the units it is about."""
    if asked.structure and asked.by == CLUSTER:
        raise cluster_in_a_structure()
    question = question_of(db, asked)
    return question, subjects_of(db, question, asked)


def question_of(db: sqlite3.Connection, asked: Request) -> Question:
    """Return the question: window, organisation, and state of the ledger."""
    look_back_to(db, asked.as_known)
    as_of, today = asked.as_of, date.today()  # noqa: DTZ011
    window = _window_asked(db, asked) or Window(str(today.year), date(today.year, 1, 1), date(today.year, 12, 31))
    against = _window_of(db, asked, asked.against) if asked.against else None
    if against and not against.holds(window):
        raise RejectedError(
            _("{period} is not part of {whole}.").format(period=window.text(), whole=against.text()),
            instead=_("With --against name a period within it."),
        )
    if as_of and as_of < window.start:
        raise RejectedError(
            _("{day} is before the period {period}.").format(day=date_text(as_of), period=window.text()),
            instead=_("Choose a day inside the period."),
        )
    last = window.lasted.end
    every = catalogue.indicators(db)
    only = {by: parts_called(db, by, text) for by, text in asked.only.items()}
    if not all(only.values()):
        raise NotFoundError(
            _("No payout is from a fund “{text}”.").format(text=(asked.fund or "")[:60]),
            instead=_("“ucli payouts” and “ucli report --by fund” name the funds."),
        )
    if only:
        limit_to(db, only)
    # A unit that is compared with the sum of targets includes what its predecessors did.
    structure = asked.structure or (_structure_compared(db, asked) if asked.compare else None)
    tree = Tree(db, today if asked.sum_predecessors and structure is None else structure)
    question = Question(
        catalogue=every,
        tree=tree,
        stocks=Stocks(db, tree, every, window.start.isoformat()),
        window=window,
        as_of=min(as_of or today, last),
        # The future counts in no report; for a window that has not begun the organisation is that of its end.
        counted_to=min(as_of or today, last) if as_of or today >= window.start else last,
        sum_predecessors=asked.sum_predecessors,
        asked=tuple(catalogue.find_indicator(db, text).code for text in asked.indicators),
        against=against,
        family=asked.family,
        only=only,
    )
    return question._replace(then=_then(db, question, asked, asked.compare)) if asked.compare else question


def _then(db: sqlite3.Connection, question: Question, asked: Request, compare: str) -> Question:
    """Return the same question about the other period."""
    window, today = question.window, date.today()  # noqa: DTZ011
    then = year_before(window.lasted) if fold(compare) in _SAME_PERIOD else _window_of(db, asked, compare)
    if then.start > today:
        raise RejectedError(
            _("{period} has not begun: there is nothing to compare with.").format(period=then.text()),
            instead=_("With --compare name a period that has begun."),
        )
    last = min(same_day(question.counted_to, window, then), today)
    stocks = Stocks(db, question.tree, question.catalogue, then.start.isoformat())
    return question._replace(window=then, as_of=last, counted_to=last, stocks=stocks, against=None)


def _structure_compared(db: sqlite3.Connection, asked: Request) -> date | None:
    """Return the default organisation for comparing periods: today's, for units that still exist."""
    today = date.today()  # noqa: DTZ011
    found = find_named(db, None, unit=asked.unit, cluster=asked.cluster, provinces=asked.province)
    stands = all(it.kind != CLUSTER and life_of(db, it.id).holds(today.isoformat()) for it in found)
    return today if stands and not asked.is_structure_given and asked.by != CLUSTER else None


def _window_asked(db: sqlite3.Connection, asked: Request) -> Window | None:
    """Return the period typed, as an argument or as an option."""
    if not asked.words:
        return _window_of(db, asked, asked.period) if asked.period else None
    text = " ".join(asked.words)
    several = len(asked.words) > 1 and all(it[:4].isdigit() for it in asked.words)
    window = None if several else periods.known_window(db, text, unit=_owner_of_term(db, asked, text))
    if several or (window and asked.period):
        raise UsageError(_("Two periods are given."), instead=_("Keep one of them."))
    if window is None:
        # Perhaps a name, which is not repeated.
        raise UsageError(
            _("Too many arguments: what follows the command is not a period."),
            why=periods.with_year_meant(text),
            instead=_("Name a unit with --unit; put a name with spaces in quotation marks."),
        )
    return window


def _window_of(db: sqlite3.Connection, asked: Request, code: str) -> Window:
    return periods.find_window(db, code, unit=_owner_of_term(db, asked, code))


def _owner_of_term(db: sqlite3.Connection, asked: Request, code: str) -> int | None:
    """Return the unit whose term a code may mean: the first one named, else the office."""
    if not periods.is_term(db, code):
        return None
    found = find_named(db, None, unit=asked.unit, provinces=asked.province[:1])
    office = None if found or asked.cluster else units.office(db)
    return next((it.id for it in (*found, office) if it), None)


def subjects_of(db: sqlite3.Connection, question: Question, asked: Request) -> list[Unit]:
    """Return the units of the report: those named, else the office, else the whole ledger (no unit)."""
    if sum(map(bool, asked[:3])) > 1:
        raise UsageError(_("--province, --unit and --cluster exclude each other."), instead=_("Keep the one you mean."))
    day = question.window.end
    found = find_named(db, day, unit=asked.unit, cluster=asked.cluster, provinces=asked.province)
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
    """Read the ledger as of --as-known, or as it is now."""
    if asked is None:
        return
    typed = asked.strip()
    if typed.isascii() and typed.isdigit():
        look_back(db, known_at(db, parse_count(typed)))
        return
    look_back(db, known_at(db, parse_date(typed)))
