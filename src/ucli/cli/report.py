"""The attainment table, the units in order of it, what became of members, and where a cell comes from."""

from datetime import date
from decimal import Decimal

import typer

from ucli.cli import options
from ucli.cli.app import ProseCommand, ReadCommand, ReportCommand, command, require_value
from ucli.cli.options import optional, switch
from ucli.cli.output import show
from ucli.cli.session import reading
from ucli.cli.values import choice, name_text, number
from ucli.errors import ConditionError, UsageError
from ucli.i18n import _, marked
from ucli.values.names import fold
from ucli.values.numbers import MONEY_UNITS, decimal_text, parse_percent
from ucli.values.units import BY_CHILDREN, BY_MONTH, BY_QUARTER, CLUSTER, GROUPING_ALIASES, GROUPINGS

_MOST_DECIMALS = 6


def _decimals(text: str) -> int:
    decimals = number(text)
    if decimals > _MOST_DECIMALS:
        raise UsageError(
            _("{decimals} decimals are too many.").format(decimals=decimals),
            instead=_("Choose 0 to {most}.").format(most=_MOST_DECIMALS),
        )
    return decimals


_GROUP = marked("province, district, ward, union, …, unit (directly below), cluster, quarter or month.")
_by = choice(marked("grouping"), GROUPINGS, GROUPING_ALIASES)
_by_units = choice(
    marked("grouping"), tuple(it for it in GROUPINGS if it not in (BY_MONTH, BY_QUARTER)), GROUPING_ALIASES
)
_money = choice(marked("unit of money"), tuple(MONEY_UNITS), {**{fold(it): it for it in MONEY_UNITS}, "ti": "tỷ"})
# The default is parsed like what is typed.
_DECIMALS = optional(_decimals, "Digits behind the comma of a percentage.", "N", default="1")


@command(ProseCommand)
def report(
    ctx: typer.Context,
    words: options.PeriodWords = None,
    province: options.Provinces = None,
    unit: options.MaybeUnit = None,
    cluster: options.MaybeCluster = None,
    period: options.MaybePeriod = None,
    as_of: options.AsOf = None,
    by: str | None = optional(_by, _GROUP, "GROUP"),
    indicator: options.Indicators = None,
    against: options.Against = None,
    decimals: int = _DECIMALS,
    money: str = optional(_money, "The unit people read amounts in.", "đồng|triệu|tỷ", default="đồng"),
    structure: options.Structure = None,
    sum_predecessors: bool = switch(
        "--sum-predecessors", "Hold the whole against its own targets and those of the units merged."
    ),
    as_known: options.AsKnown = None,
    submitted: str | None = optional(
        require_value,
        "What was handed in when this period was closed; json and plain letter by letter;"
        " what was before it was closed anew, with --as-known.",
        "PERIOD",
    ),
    fail_incomplete: bool = switch(
        "--fail-incomplete", "Exit with 6 when a unit has not reported or a row has no data."
    ),
    fail_under: str | None = optional(require_value, "Exit with 6 when a row is under so much of its target.", "PCT"),
) -> None:
    """Without a scope it is the office's; without a period, the current year to today."""
    if submitted:
        from ucli.cli.closing import show_submitted  # noqa: PLC0415  seldom asked for

        _refuse_beside_submitted(ctx)
        show_submitted(ctx, submitted, unit, as_known)
        return
    from ucli.cli import request  # noqa: PLC0415  all that counting takes; help does without
    from ucli.render.attainment import attainment_sheet  # noqa: PLC0415  as above

    _refuse_clusters_of_today(structure, by)
    if sum_predecessors and structure is None and _is_typed(ctx, "structure"):
        raise UsageError(
            _("By the structure of then, a unit has no part in what the units did that it took in later."),
            instead=_("Leave --structure out, or --sum-predecessors."),
        )
    floor = parse_percent(fail_under) if fail_under else None
    asked = request.Asked(province, unit, cluster, period, as_of, as_known, structure, sum_predecessors, against, words)
    with reading(ctx) as db:
        answer = request.report_asked(db, asked, indicator, by)
    sheet = attainment_sheet(answer, decimals=decimals, money=money)
    show(ctx, sheet, about=answer.total.unit, day=structure or answer.total.window.end)
    if fail_incomplete and answer.has_gaps:
        raise ConditionError(_("The report is not complete."), instead=_("Its last lines say what is missing."))
    tables = [answer.total, *(part.table for part in answer.total.parts if answer.total.apart)]
    rows = [row for table in tables for row in table.rows]
    short = [row.indicator.code for row in rows if floor is not None and row.is_under(floor)]
    if short:
        raise ConditionError(
            _("Under {floor}% of the target: {indicators}.").format(
                floor=decimal_text(floor or Decimal(0)), indicators=", ".join(dict.fromkeys(short))
            )
        )


def _is_typed(ctx: typer.Context, option: str) -> bool:
    return "COMMANDLINE" in str(ctx.get_parameter_source(option))


def _refuse_beside_submitted(ctx: typer.Context) -> None:
    """Refuse what would ask for another report than the one that was handed in."""
    typed = [
        _("the period") if name == "words" else "--" + name.replace("_", "-")
        for name in ctx.params
        if name not in ("submitted", "unit", "as_known") and _is_typed(ctx, name)
    ]
    if typed:
        raise UsageError(
            _("What was handed in is printed as it was: {options} cannot change it.").format(options=", ".join(typed)),
            instead=_("Beside --submitted type only --unit, --as-known, --format and --output."),
        )


def _refuse_clusters_of_today(structure: date | None, by: str | None) -> None:
    if structure and by == CLUSTER:
        raise UsageError(
            _("A cluster is made of the units of its year: --structure does not change it."),
            instead=_("Leave --structure out."),
        )


@command(ReportCommand)
def rank(
    ctx: typer.Context,
    words: options.PeriodWords = None,
    province: options.Provinces = None,
    unit: options.MaybeUnit = None,
    cluster: options.MaybeCluster = None,
    period: options.MaybePeriod = None,
    as_of: options.AsOf = None,
    by: str | None = optional(
        _by_units, "province, district, ward, union, …, unit (directly below; when left out) or cluster.", "GROUP"
    ),
    indicator: options.Indicators = None,
    issuer: str | None = optional(name_text, "Only the targets that this unit gave."),
    worst_first: bool = switch("--worst-first", "Begin with the last place; the places stay what they are."),
    decimals: int = _DECIMALS,
    structure: options.Structure = None,
    as_known: options.AsKnown = None,
) -> None:
    """With one --indicator it is by how much of its target each has reached.

    Without, or with several, by how many of the targets were met out of those set. Exact shares are compared, equals
    share a place, and who has no target or no data stands at the end without a place.
    """
    _refuse_clusters_of_today(structure, by)
    # All that counting takes; help does without.
    from ucli.cli import request  # noqa: PLC0415
    from ucli.ledger import units  # noqa: PLC0415
    from ucli.render.ranking import ranking_sheet  # noqa: PLC0415
    from ucli.reports.ranking import ranked  # noqa: PLC0415

    asked = request.Asked(province, unit, cluster, period, as_of, as_known, structure, words=words)
    several = len(province or ()) > 1  # they are the groups, unless others are asked for
    with reading(ctx) as db:
        answer = request.report_asked(db, asked, indicator, by or (None if several else BY_CHILDREN))
        given_by = units.find(db, issuer).id if issuer else None
    named = list(dict.fromkeys(row.indicator for row in answer.total.rows)) if indicator else []
    compared = named[0] if len(named) == 1 else None
    standings = ranked(answer, compared, given_by)
    if worst_first:
        standings.sort(key=lambda it: -it.place if it.place else 1)
    show(ctx, ranking_sheet(answer, standings, compared, decimals))


@command(ReportCommand)
def movement(
    ctx: typer.Context,
    words: options.PeriodWords = None,
    province: options.Provinces = None,
    unit: options.MaybeUnit = None,
    cluster: options.MaybeCluster = None,
    period: options.MaybePeriod = None,
    as_of: options.AsOf = None,
    by: str | None = optional(_by, _GROUP, "GROUP"),
    structure: options.Structure = None,
    as_known: options.AsKnown = None,
) -> None:
    _refuse_clusters_of_today(structure, by)
    from ucli.cli import request  # noqa: PLC0415  all that counting takes; help does without

    asked = request.Asked(province, unit, cluster, period, as_of, as_known, structure, words=words)
    with reading(ctx) as db:
        sheet, about, last = request.movement_asked(db, asked, by)
    show(ctx, sheet, about=about, day=structure or last)


@command(ReadCommand)
def explain(
    ctx: typer.Context,
    indicator: options.IndicatorName,
    province: options.Provinces = None,
    unit: options.MaybeUnit = None,
    cluster: options.MaybeCluster = None,
    period: options.MaybePeriod = None,
    as_of: options.AsOf = None,
    structure: options.Structure = None,
    as_known: options.AsKnown = None,
) -> None:
    from ucli.cli import request  # noqa: PLC0415  all that counting takes; help does without

    asked = request.Asked(province, unit, cluster, period, as_of, as_known, structure)
    with reading(ctx) as db:
        sheet, answer = request.cell_asked(db, asked, indicator)
    show(ctx, sheet, about=answer.total.unit, day=structure or answer.total.window.end)
