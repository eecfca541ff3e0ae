"""The units in order of what they have reached."""

from typing import Annotated

import typer

from ucli.cli.app import ReportCommand, command
from ucli.cli.options import (
    AsKnown,
    AsOf,
    Indicators,
    MaybeCluster,
    MaybePeriod,
    MaybeUnit,
    PeriodWords,
    Provinces,
    Structure,
    flag,
    opt,
)
from ucli.cli.output import show
from ucli.cli.reports import Decimals, refuse_clusters_of_today
from ucli.cli.session import reading
from ucli.cli.values import coded, name_text
from ucli.i18n import _
from ucli.values.units import BY_CHILDREN, BY_MONTH, BY_QUARTER, GROUPING_ALIASES, GROUPINGS

_GROUPINGS = tuple(it for it in GROUPINGS if it not in (BY_MONTH, BY_QUARTER))


def _grouping(text: str) -> str:
    return coded(text, GROUPING_ALIASES, _GROUPINGS, _("grouping"))


@command(
    ReportCommand,
    "ucli rank --by district --period 2024",
    "ucli rank --by district --period 2024 --indicator members-admitted --worst-first",
)
def rank(
    ctx: typer.Context,
    words: PeriodWords = None,
    province: Provinces = None,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    period: MaybePeriod = None,
    as_of: AsOf = None,
    by: Annotated[
        str | None,
        opt(
            "--by",
            _grouping,
            "GROUP",
            "province, district, ward, union, …, unit (directly below; when left out) or cluster.",
        ),
    ] = None,
    indicator: Indicators = None,
    issuer: Annotated[
        str | None,
        opt("--issuer", name_text, "UNIT", "Only the targets that this unit gave."),
    ] = None,
    worst_first: Annotated[
        bool, flag("--worst-first", "Begin with the last place; the places stay what they are.")
    ] = False,
    decimals: Decimals = "1",  # type: ignore[assignment]  # parsed like what is typed
    structure: Structure = None,
    as_known: AsKnown = None,
) -> None:
    """With one --indicator it is by how much of its target each has reached.

    Without, or with several, by how many of the targets were met out of those set. Exact shares are compared, equals
    share a place, and who has no target or no data stands at the end without a place.
    """
    refuse_clusters_of_today(structure, by)
    # All that counting takes; help does without.
    from ucli.cli import questions  # noqa: PLC0415
    from ucli.ledger import units  # noqa: PLC0415
    from ucli.render.ranking import ranking_sheet  # noqa: PLC0415
    from ucli.reports.ranking import ranked  # noqa: PLC0415

    asked = questions.Asked(province, unit, cluster, period, as_of, as_known, structure, words=words)
    several = len(province or ()) > 1  # they are the groups, unless others are asked for
    with reading(ctx) as db:
        report = questions.report_asked(db, asked, indicator, by or (None if several else BY_CHILDREN))
        given_by = units.find(db, issuer).id if issuer else None
    named = list(dict.fromkeys(row.indicator for row in report.total.rows)) if indicator else []
    compared = named[0] if len(named) == 1 else None
    standings = ranked(report, compared, given_by)
    if worst_first:
        standings.sort(key=lambda it: -it.place if it.place else 1)
    show(ctx, ranking_sheet(report, standings, compared, decimals))
