"""Questions: the attainment table, the units in order of it, what became of members, and where a cell comes from."""

import sqlite3
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ucli.cli import options
from ucli.cli.app import ProseCommand, ReportCommand, command, context, require_value
from ucli.cli.options import ReportRequest, cluster_in_a_structure, named, optional, require_standing, switch
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import reading, warn
from ucli.cli.values import choice, day, name_text, number
from ucli.errors import ConditionError, NotFoundError, RejectedError, UsageError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, periods, units
from ucli.ledger.lineage import life_of, successor_on
from ucli.ledger.operations import known_at, look_back
from ucli.ledger.units import unit_at
from ucli.render.attainment import LAYOUTS, attainment_sheet
from ucli.render.data import receipt_data
from ucli.render.labels import listed
from ucli.render.notes import timeliness_notes
from ucli.reports.attainment import Report
from ucli.reports.closings import reopened_within
from ucli.reports.counting import Question
from ucli.reports.registers import BREAKDOWNS, FORM, FUND, PROGRAMME, SECTOR, SEX
from ucli.reports.report import BY_TIME, groups_of, report_of, whole_of
from ucli.reports.scope import Tree
from ucli.reports.stocks import Stocks
from ucli.reports.structure import scope_of
from ucli.reports.timeliness import Timeliness, due_day, timeliness_of
from ucli.sanitize import sanitize
from ucli.values.dates import date_text, parse_date
from ucli.values.names import fold
from ucli.values.numbers import MONEY_UNITS, decimal_text, parse_count, parse_percent
from ucli.values.periods import Window, same_day, year_before
from ucli.values.units import BY_CHILDREN, CLUSTER, GROUPING_ALIASES, GROUPINGS, Unit

_MOST_DECIMALS = 6
_SAME_PERIOD = ("same-period", "same period", "cung ky", "cung ky nam truoc")


def _decimals(text: str) -> int:
    decimals = number(text)
    if decimals > _MOST_DECIMALS:
        raise UsageError(
            _("{decimals} decimals are too many.").format(decimals=decimals),
            instead=_("Choose 0 to {most}.").format(most=_MOST_DECIMALS),
        )
    return decimals


def _grouping(groupings: tuple[str, ...]) -> Callable[[str], str]:
    """Return the reader of a grouping; “sector” is the economic one everywhere, the unions of a sector are “ngành”."""
    read_any = choice(marked("grouping"), groupings, GROUPING_ALIASES)

    def read(text: str) -> str:
        if fold(text) == "sector":
            raise UsageError(
                _("“sector” is the economic sector, by which only a report can be broken down."),
                instead=_("For the unions of a sector type --by ngành."),
            )
        return read_any(text)

    read.choices = tuple(it for it in groupings if it != "sector")  # type: ignore[attr-defined]
    return read


_by = _grouping(GROUPINGS)
_by_units = _grouping(tuple(it for it in GROUPINGS if it not in BY_TIME))
_money = choice(marked("unit of money"), tuple(MONEY_UNITS), {**{fold(it): it for it in MONEY_UNITS}, "ti": "tỷ"})
_layout = choice(marked("layout"), LAYOUTS, {})
_by_or_part = choice(
    marked("grouping"),
    (*GROUPINGS, *BREAKDOWNS),
    {
        **GROUPING_ALIASES,
        **dict.fromkeys(("sector", "khu vuc"), SECTOR),
        **dict.fromkeys(("gioi tinh", "gioi"), SEX),
        "hinh thuc": FORM,
        **dict.fromkeys(("nguon quy", "nguon", "quy ho tro"), FUND),
        "chuong trinh": PROGRAMME,
    },
)
_BY_OR_PART = optional(
    _by_or_part,
    "province, district, ward, union, …, unit (directly below), cluster, year, quarter or month;"
    " or sector, sex, form, fund or programme.",
    "GROUP",
)
_BY = optional(
    _by, "province, district, ward, union, …, unit (directly below), cluster, year, quarter or month.", "GROUP"
)
BY_UNITS = optional(
    _by_units, "province, district, ward, union, …, unit (directly below; when left out) or cluster.", "GROUP"
)

_FAIL_LATE = switch("--fail-late", "Exit with code 6 if a unit reported after the due date, or has not by then.")


def decimals_option(default: str) -> Any:
    """Declare how many decimals are printed; the default is parsed like what is typed."""
    return optional(_decimals, "Decimals of a percentage, or of points.", "N", default=default)


@command(ProseCommand)
def report(
    asked: ReportRequest,
    by: str | None = _BY_OR_PART,
    indicator: options.Indicators = None,
    against: options.Against = None,
    compare: str | None = optional(
        require_value, "Beside another period: the same one a year before, or any.", "same-period|PERIOD"
    ),
    decimals: int = decimals_option("1"),
    money: str | None = optional(_money, "Unit for amounts; by size when left out.", "đồng|triệu|tỷ"),
    layout: str | None = optional(
        _layout,
        "One row per indicator and unit, or a cross table (the default for tables with --by).",
        "long|matrix",
    ),
    brief: bool = switch("--brief", "Five lines for an e-mail or a message."),
    sum_predecessors: bool = switch(
        "--sum-predecessors", "Compare with the unit's own targets plus those of the units merged into it."
    ),
    submitted: str | None = optional(
        require_value,
        "The report submitted when this period was closed, exactly as it was; --as-known for an earlier submission.",
        "PERIOD",
    ),
    fail_incomplete: bool = switch(
        "--fail-incomplete", "Exit with code 6 if a unit has not reported or a row has no data."
    ),
    fail_late: bool = _FAIL_LATE,
    fail_under: str | None = optional(
        require_value, "Exit with code 6 if a row is below this percentage of its target.", "PCT"
    ),
) -> None:
    """Default scope: the office; default period: the current year to today."""
    if submitted:
        from ucli.cli.closing import show_submitted  # noqa: PLC0415  it asks for reports itself

        _refuse_beside_submitted()
        show_submitted(submitted, asked.unit, asked.as_known)
        return
    if sum_predecessors and asked.structure is None and _is_typed("structure"):
        raise UsageError(
            _("By the structure of then, a unit has no part in what the units did that it took in later."),
            instead=_("Leave --structure out, or --sum-predecessors."),
        )
    if brief and form_asked() not in ("plain", "table", "prose"):
        raise UsageError(
            _("--brief is plain text."), instead=_("Leave --format out, or name a file that ends in .txt.")
        )
    floor = parse_percent(fail_under) if fail_under else None
    with reading() as db:
        asked = asked._replace(against=against, compare=compare, sum_predecessors=sum_predecessors)
        answer = report_asked(db, asked, indicator, by)
    sheet = attainment_sheet(answer, decimals=decimals, money=money, layout=layout)
    if brief:
        from ucli.render.prose import brief as brief_lines  # noqa: PLC0415  only here

        show_text("".join(f"{sanitize(line)}\n" for line in brief_lines(answer, decimals)))
    else:
        show(sheet, about=answer.total.unit, day=answer.structure or answer.total.window.end)
    if fail_incomplete and answer.has_gaps:
        raise ConditionError(_("The report is not complete."), instead=_("Its last lines say what is missing."))
    if fail_late:
        _require_in_time(answer.timeliness)
    if floor is not None:
        _require_reached(answer, floor)


def _is_typed(option: str) -> bool:
    return "COMMANDLINE" in str(context().get_parameter_source(option))


def _refuse_beside_submitted() -> None:
    """Refuse what would ask for another report than the one that was handed in."""
    typed = [
        _("the period") if name == "words" else "--" + name.replace("_", "-")
        for name in context().params
        if name not in ("submitted", "unit", "as_known") and _is_typed(name)
    ]
    if typed:
        raise UsageError(
            _("A submitted report is printed as it was: {options} cannot change it.").format(options=", ".join(typed)),
            instead=_("Beside --submitted type only --unit, --as-known, --format and --output."),
        )


def _require_reached(answer: Report, floor: Decimal) -> None:
    tables = [answer.total, *(part.table for part in answer.total.parts if answer.total.apart)]
    short = [row.indicator.code for table in tables for row in table.rows if row.is_under(floor)]
    if short:
        raise ConditionError(
            _("Below {floor}% of the target: {indicators}.").format(
                floor=decimal_text(floor), indicators=", ".join(dict.fromkeys(short))
            )
        )


def _require_in_time(found: Timeliness | None) -> None:
    if found is None:
        raise UsageError(
            _("There is no due date for this period."),
            instead=_(
                "Set one for these days: ucli add-period CODE --from DATE --to DATE --due DATE; “timeliness” also takes --due."
            ),
        )
    if found.is_late:
        raise ConditionError(_("Not all units reported in time."), instead=_("“ucli timeliness” lists them."))


# What these print a report does without.


@command(ReportCommand)
def timeliness(
    asked: ReportRequest,
    due: date | None = optional(day, "The due date, in place of the one of “ucli periods”."),
    fail_late: bool = _FAIL_LATE,
) -> None:
    """Of the units directly below. A report came in with its last figure: on the day typed, or recorded, for that."""
    with reading() as db:
        question, subjects = _question_about(db, asked, None)
        by = due or due_day(db, question.window)
        whole = groups_of(db, question, subjects, None)[0]
        found = timeliness_of(db, question.tree, whole, by) if by else None
    if found is None:
        _require_in_time(found)
    else:
        records = [receipt_data(it) for it in found.receipts]
        show(listed(records, [*records[0]] if records else ["unit"], timeliness_notes(found)))
    if fail_late:
        _require_in_time(found)


@command(ReportCommand)
def rank(
    asked: ReportRequest,
    by: str | None = BY_UNITS,
    indicator: options.Indicators = None,
    issuer: str | None = optional(name_text, "Only the targets set by this unit."),
    worst_first: bool = switch("--worst-first", "Start with the last place; places stay the same."),
    decimals: int = decimals_option("1"),
) -> None:
    """With one --indicator it is by how much of its target each has reached; by its value where no one has a target.

    Without, or with several, by how many of the targets were met out of those set. Exact shares are compared, equals
    share a place, and who has no target or no data stands at the end without a place.
    """
    from ucli.render.ranking import ranking_sheet  # noqa: PLC0415
    from ucli.reports.ranking import ranked  # noqa: PLC0415

    several = len(asked.province or ()) > 1  # they are the groups, unless others are asked for
    with reading() as db:
        answer = report_asked(db, asked, indicator, by or (None if several else BY_CHILDREN))
        given_by = units.find(db, issuer).id if issuer else None
    named = list(dict.fromkeys(row.indicator for row in answer.total.rows)) if indicator else []
    compared = named[0] if len(named) == 1 else None
    standings = ranked(answer, compared, given_by)
    if worst_first:
        standings.sort(key=lambda it: -it.place if it.place else 1)
    show(ranking_sheet(answer, standings, compared, decimals))


@command(ReportCommand)
def movement(asked: ReportRequest, by: str | None = _BY) -> None:
    from ucli.render.movement import movement_sheet  # noqa: PLC0415
    from ucli.reports.movement import movements_of  # noqa: PLC0415

    with reading() as db:
        question, subjects = _question_about(db, asked, None, by)
        total, groups = movements_of(db, question, subjects, by)
        reopened = reopened_within(db, question.window, whole_of(db, question, subjects)[2])
    sheet = movement_sheet(total, groups, question, reopened)
    show(sheet, about=total.unit, day=asked.structure or total.window.end)


@command(ReportCommand)
def explain(indicator: options.IndicatorName, asked: ReportRequest) -> None:
    from ucli.render.explanation import explanation_sheet  # noqa: PLC0415
    from ucli.reports.explain import explained_cell  # noqa: PLC0415

    with reading() as db:
        question, subjects = _question_about(db, asked, [indicator])
        answer = _answered(db, question, subjects, None)
        wanted = next(it for it in question.catalogue if it.code == question.asked[0])
        rows = answer.total.rows[:1]
        first, *parts = explained_cell(db, question, wanted, answer.total.unit, answer.scope, rows)
    # What is counted from the unit's own targets is known to the table only.
    first = first._replace(counted=rows[0].counted) if rows else first
    sheet = explanation_sheet([first, *parts], answer)
    show(sheet, about=answer.total.unit, day=asked.structure or answer.total.window.end)


# From what was typed to what is asked, and the answer


def report_asked(db: sqlite3.Connection, asked: ReportRequest, indicators: list[str] | None, by: str | None) -> Report:
    return _answered(db, *_question_about(db, asked, indicators, by), by)


def _answered(db: sqlite3.Connection, question: Question, subjects: list[Unit], by: str | None) -> Report:
    if by in BREAKDOWNS:
        from ucli.reports.breakdown import broken_down  # noqa: PLC0415  seldom asked for

        found = broken_down(db, question, subjects, by)
    else:
        found = report_of(db, question, subjects, by)
    return found._replace(reopened=reopened_within(db, found.total.window, found.scope))


def _question_about(
    db: sqlite3.Connection, asked: ReportRequest, indicators: list[str] | None, by: str | None = None
) -> tuple[Question, list[Unit]]:
    if asked.structure and by == CLUSTER:
        raise cluster_in_a_structure()
    question = question_of(db, asked, indicators)
    return question, subjects_of(db, question, asked)


def question_of(db: sqlite3.Connection, asked: ReportRequest, indicators: list[str] | None) -> Question:
    """Return what is asked: over which window, by whose structure, as known when."""
    look_back_to(db, asked.as_known)
    as_of, today = asked.as_of, date.today()  # noqa: DTZ011
    window = _window_asked(db, asked) or Window(str(today.year), date(today.year, 1, 1), date(today.year, 12, 31))
    against = _window_of(db, asked, asked.against) if asked.against else None
    if against and not against.holds(window):
        raise RejectedError(
            _("{period} is not part of {whole}.").format(period=window.text(), whole=against.text()),
            instead=_("Beside --against name a period inside it."),
        )
    if as_of and as_of < window.start:
        raise RejectedError(
            _("{day} is before the period {period}.").format(day=date_text(as_of), period=window.text()),
            instead=_("Choose a day inside the period."),
        )
    last = window.lasted.end
    if as_of and today < min(as_of, last):
        warn(_("{day} is in the future; what is recorded so far is counted.").format(day=date_text(as_of)))
    every = catalogue.indicators(db)
    # Anyone who is held against all the targets brings along all that was done.
    structure = asked.structure or (_structure_compared(db, asked) if asked.compare else None)
    tree = Tree(db, today if asked.sum_predecessors and structure is None else structure)
    question = Question(
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
    return question._replace(then=_then(db, question, asked, asked.compare)) if asked.compare else question


def _then(db: sqlite3.Connection, question: Question, asked: ReportRequest, compare: str) -> Question:
    """Return the same question about the period that is compared with."""
    window, today = question.window, date.today()  # noqa: DTZ011
    then = year_before(window.lasted) if fold(compare) in _SAME_PERIOD else _window_of(db, asked, compare)
    if then.start > today:
        raise RejectedError(
            _("{period} has not begun: there is nothing to compare with.").format(period=then.text()),
            instead=_("Beside --compare name a period that has begun."),
        )
    last = min(same_day(question.counted_to, window, then), today)
    stocks = Stocks(db, question.tree, question.catalogue, then.start.isoformat())
    return question._replace(window=then, as_of=last, counted_to=last, stocks=stocks, against=None)


def _structure_compared(db: sqlite3.Connection, asked: ReportRequest) -> date | None:
    """Return the structure by which two periods are compared, where none was typed: today's, of what still stands."""
    today = date.today()  # noqa: DTZ011
    found = named(db, None, unit=asked.unit, cluster=asked.cluster, provinces=asked.province)
    stands = all(it.kind != CLUSTER and life_of(db, it.id).holds(today.isoformat()) for it in found)
    return today if stands and not _is_typed("structure") and context().params.get("by") != CLUSTER else None


def _window_asked(db: sqlite3.Connection, asked: ReportRequest) -> Window | None:
    """Return the period that was typed, behind the command or as an option."""
    if not asked.words:
        return _window_of(db, asked, asked.period) if asked.period else None
    text = " ".join(asked.words)
    window = periods.known_window(db, text, unit=_owner_of_term(db, asked, text))
    if window is None:
        # Perhaps a name, which is not repeated.
        raise UsageError(
            _("Too many arguments: what follows the command is not a period."),
            why=periods.with_year_meant(text),
            instead=_("Name a unit with --unit; put a name with spaces in quotation marks."),
        )
    if asked.period:
        raise UsageError(_("Two periods are given."), instead=_("Keep one of them."))
    return window


def _window_of(db: sqlite3.Connection, asked: ReportRequest, code: str) -> Window:
    return periods.find_window(db, code, unit=_owner_of_term(db, asked, code))


def _owner_of_term(db: sqlite3.Connection, asked: ReportRequest, code: str) -> int | None:
    """Return the unit whose term a code means, if it is one's: the first unit that is named, else the office."""
    if not periods.is_term(db, code):
        return None
    found = named(db, None, unit=asked.unit, provinces=(asked.province or ())[:1])
    office = None if found or asked.cluster else units.office(db)
    return next((it.id for it in (*found, office) if it), None)


def subjects_of(db: sqlite3.Connection, question: Question, asked: ReportRequest) -> list[Unit]:
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
    look_back(db, known_at(db, parse_date(typed)))
