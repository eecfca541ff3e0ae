"""Questions: the attainment table, the units in order of it, what became of members, and where a cell comes from."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ucli.cli import options
from ucli.cli.app import ProseCommand, ReportCommand, command, context, require_value
from ucli.cli.options import ReportRequest, optional, switch
from ucli.cli.output import form_asked, show, show_text
from ucli.cli.session import reading, warn
from ucli.cli.values import choice, name_text, number
from ucli.errors import ConditionError, UsageError
from ucli.i18n import _, marked
from ucli.ledger import units
from ucli.render.attainment import LAYOUTS, attainment_sheet
from ucli.reports.attainment import Report
from ucli.reports.closings import reopened_within
from ucli.reports.registers import BREAKDOWNS, FORM, FUND, PROGRAMME, SECTOR, SEX
from ucli.reports.report import BY_TIME, whole_of
from ucli.reports.request import Request, question_about, report_asked
from ucli.sanitize import sanitize
from ucli.values.dates import date_text
from ucli.values.names import fold
from ucli.values.numbers import MONEY_UNITS, decimal_text, parse_percent
from ucli.values.units import BY_CHILDREN, GROUPING_ALIASES, GROUPINGS

_MOST_DECIMALS = 6


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
        request = request_of(asked, indicator, by)
        request = request._replace(against=against, compare=compare, sum_predecessors=sum_predecessors)
        answer = report_asked(db, request)
    warn_of_future(asked, answer.as_of)
    sheet = attainment_sheet(answer, decimals=decimals, money=money, layout=layout)
    if brief:
        from ucli.render.prose import brief as brief_lines  # noqa: PLC0415  only here

        show_text("".join(f"{sanitize(line)}\n" for line in brief_lines(answer, decimals)))
    else:
        show(sheet, about=answer.total.unit, day=answer.structure or answer.total.window.end)
    if fail_incomplete and answer.has_gaps:
        raise ConditionError(_("The report is not complete."), instead=_("Its last lines say what is missing."))
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


# What these print a report does without.


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
        answer = report_asked(db, request_of(asked, indicator, by or (None if several else BY_CHILDREN)))
        given_by = units.find(db, issuer).id if issuer else None
    warn_of_future(asked, answer.as_of)
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
        question, subjects = question_about(db, request_of(asked, by=by))
        total, groups = movements_of(db, question, subjects, by)
        reopened = reopened_within(db, question.window, whole_of(db, question, subjects)[2])
    warn_of_future(asked, question.as_of)
    sheet = movement_sheet(total, groups, question, reopened)
    show(sheet, about=total.unit, day=asked.structure or total.window.end)


@command(ReportCommand)
def explain(indicator: options.IndicatorName, asked: ReportRequest) -> None:
    from ucli.render.explanation import explanation_sheet  # noqa: PLC0415
    from ucli.reports.explain import explained  # noqa: PLC0415

    with reading() as db:
        answer, explanations = explained(db, request_of(asked, [indicator]))
    warn_of_future(asked, answer.as_of)
    sheet = explanation_sheet(explanations, answer)
    show(sheet, about=answer.total.unit, day=asked.structure or answer.total.window.end)


# From what was typed to what is asked


def request_of(asked: ReportRequest, indicators: list[str] | None = None, by: str | None = None) -> Request:
    """Return what is asked, and whether --structure was typed: “then” is not the same as nothing."""
    return Request(*asked, is_structure_given=_is_typed("structure"), indicators=indicators or (), by=by)


def warn_of_future(asked: ReportRequest, counted_to: date) -> None:
    """Say that the last day asked for is still to come."""
    if asked.as_of and counted_to > date.today():  # noqa: DTZ011
        warn(_("{day} is in the future; what is recorded so far is counted.").format(day=date_text(asked.as_of)))
