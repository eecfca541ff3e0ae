"""The attainment table, and where one of its cells comes from."""

import sqlite3
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from ucli.cli.commands import ReadCommand, ReportCommand, command
from ucli.cli.figures import IndicatorName
from ucli.cli.options import AsKnown, AsOf, Indicators, MaybeCluster, MaybePeriod, MaybeUnit, Provinces
from ucli.cli.session import check_output, reading, show
from ucli.cli.values import count, not_swallowed, one_of
from ucli.domain.periods import Window
from ucli.domain.units import CLUSTER, PROVINCE
from ucli.errors import ConditionError, NotFoundError, RejectedError, UsageError
from ucli.language import _, marked
from ucli.ledger import catalogue, periods, units
from ucli.ledger.operations import LIVE, known_at
from ucli.render.attainment import attainment_sheet
from ucli.render.explanation import explanation_sheet
from ucli.reports.attainment import Question
from ucli.reports.explain import explained_cell
from ucli.reports.report import GROUPINGS, report_of
from ucli.reports.structure import Node, node, scope_of
from ucli.vietnamese.dates import date_text, parse_date
from ucli.vietnamese.numbers import decimal_text, parse_percent

app = typer.Typer()

_MOST_DECIMALS = 6
_MONEY = {"dong": "đồng", "đồng": "đồng", "trieu": "triệu", "triệu": "triệu", "ty": "tỷ", "tỷ": "tỷ", "tỉ": "tỷ"}


def _grouping(text: str) -> str:
    return one_of(text, GROUPINGS, _("grouping"))


def _decimals(text: str) -> int:
    decimals = count(text)
    if decimals > _MOST_DECIMALS:
        raise UsageError(
            _("{decimals} decimals are too many.").format(decimals=decimals),
            instead=_("Choose 0 to {most}.").format(most=_MOST_DECIMALS),
        )
    return decimals


def _money(text: str) -> str:
    return _MONEY[one_of(text.lower(), tuple(_MONEY), _("unit of money"))]


@command(
    app,
    ReportCommand,
    marked("Reports"),
    'ucli report --province "Thái Bình" --period 2024 --as-of 30/6/2024',
    "ucli report --by district --period 2024 --format csv",
    "ucli report --province --period 2024 --decimals 0",
)
def report(
    ctx: typer.Context,
    province: Provinces = None,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    period: MaybePeriod = None,
    as_of: AsOf = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            parser=_grouping,
            metavar="GROUP",
            help=marked("province, district, ward, union, …, unit (directly below), cluster, quarter or month."),
        ),
    ] = None,
    indicator: Indicators = None,
    decimals: Annotated[
        int,
        typer.Option(
            "--decimals", parser=_decimals, metavar="N", help=marked("Digits behind the comma of a percentage.")
        ),
    ] = "1",  # type: ignore[assignment]  # parsed like what is typed
    money: Annotated[
        str,
        typer.Option(
            "--money", parser=_money, metavar="đồng|triệu|tỷ", help=marked("The unit people read amounts in.")
        ),
    ] = "đồng",
    as_known: AsKnown = None,
    fail_incomplete: Annotated[
        bool,
        typer.Option(
            "--fail-incomplete", help=marked("Exit with 6 when a unit has not reported or a row has no data.")
        ),
    ] = False,
    fail_under: Annotated[
        str | None,
        typer.Option(
            "--fail-under",
            parser=not_swallowed,
            metavar="PCT",
            help=marked("Exit with 6 when a row is under so much of its target."),
        ),
    ] = None,
) -> None:
    """Print what was reached against the targets.

    Without a scope it is the office's; without a period, the current year to today.
    """
    check_output(ctx)
    floor = parse_percent(fail_under) if fail_under else None
    with reading(ctx) as db:
        known = _known(db, as_known)
        question = _question(db, known, period, as_of, indicator)
        answer = report_of(db, question, _scope(db, question, province, unit, cluster), by)
    show(ctx, attainment_sheet(answer, decimals=decimals, money=money))
    if fail_incomplete and answer.has_gaps:
        raise ConditionError(_("The report is not complete."), instead=_("Its last lines say what is missing."))
    short = [row.indicator.code for row in answer.total.rows if floor is not None and row.is_under(floor)]
    if short:
        raise ConditionError(
            _("Under {floor}% of the target: {indicators}.").format(
                floor=decimal_text(floor or Decimal(0)), indicators=", ".join(dict.fromkeys(short))
            )
        )


@command(
    app,
    ReadCommand,
    marked("Reports"),
    'ucli explain members-admitted --unit "tỉnh Thái Bình" --period 2024',
)
def explain(
    ctx: typer.Context,
    indicator: IndicatorName,
    province: Provinces = None,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    period: MaybePeriod = None,
    as_of: AsOf = None,
    as_known: AsKnown = None,
) -> None:
    """Show where a cell comes from: what adds up to it, what was covered or left out, and why."""
    check_output(ctx)
    with reading(ctx) as db:
        known = _known(db, as_known)
        question = _question(db, known, period, as_of, [indicator])
        asked = catalogue.find_indicator(db, indicator, known=known)
        about = _scope(db, question, province, unit, cluster)
        answer = report_of(db, question, about, None)
        scope = answer.scope
        parts = explained_cell(db, question, asked, scope)
    show(ctx, explanation_sheet(parts, answer))


def _question(
    db: sqlite3.Connection, known: int, period: str | None, as_of: date | None, asked: list[str] | None
) -> Question:
    today = date.today()  # noqa: DTZ011
    window = periods.find_window(db, period, known=known) if period else _this_year(today)
    if as_of and as_of < window.start:
        raise RejectedError(
            _("{day} comes before the period {period}.").format(day=date_text(as_of), period=window.text()),
            instead=_("Choose a day inside the period."),
        )
    chosen = [catalogue.find_indicator(db, text, known=known).code for text in asked or []]
    return Question(
        catalogue=catalogue.indicators(db, known=known),
        window=window,
        as_of=min(as_of or today, window.end),
        counted_to=min(as_of, window.end) if as_of else window.end,
        known=known,
        asked=tuple(chosen),
    )


def _scope(
    db: sqlite3.Connection, question: Question, province: list[str] | None, unit: str | None, cluster: str | None
) -> list[Node]:
    """Return whom the report is about: what was named, else the office, else the whole ledger (no unit)."""
    if sum(map(bool, (province, unit, cluster))) > 1:
        raise UsageError(_("--province, --unit and --cluster exclude each other."), instead=_("Keep the one you mean."))
    known, day = question.known, question.window.end
    if province:
        found = [units.find(db, name, among=(PROVINCE,), known=known) for name in province]
    elif unit:
        found = [units.find(db, unit, known=known)]
    elif cluster:
        found = [units.find(db, cluster, among=(CLUSTER,), known=known)]
        if not scope_of(db, node(db, found[0].id, day, known), question.window, known).roots:
            raise NotFoundError(
                _("{cluster} has no units in {year}.").format(cluster=found[0].name, year=day.year),
                instead=_("“ucli set-cluster” says who belongs to it that year."),
            )
    else:
        office = units.office(db, known=known)
        found = [office] if office else []
    return [node(db, it.id, day, known) for it in dict.fromkeys(found)]


def _known(db: sqlite3.Connection, asked: str | None) -> int:
    if asked is None:
        return LIVE - 1
    typed = asked.strip()
    return known_at(db, int(typed) if typed.isascii() and typed.isdigit() else parse_date(typed))


def _this_year(today: date) -> Window:
    return Window(str(today.year), date(today.year, 1, 1), date(today.year, 12, 31))
