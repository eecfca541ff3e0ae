"""What the registers hold, row by row: members, payouts, figures, targets.

Apart from the commands that record, which so need not load what only lists do.
"""

from typing import Annotated

import typer

from ucli.cli.app import ReadCommand, command, remark, require_value
from ucli.cli.filters import filter_of, notes_on
from ucli.cli.options import MaybeCluster, MaybeIndicator, MaybePeriod, MaybeUnion, MaybeUnit, On, Structure, flag, opt
from ucli.cli.output import form_asked, show
from ucli.cli.session import log_only, reading
from ucli.cli.values import OrAsked
from ucli.errors import UsageError
from ucli.i18n import _, chosen, marked
from ucli.ledger import catalogue
from ucli.render import FOR_AN_OFFICE, WITH_LETTERHEAD
from ucli.render.labels import listed, with_total
from ucli.reports import listings
from ucli.values.quantities import STATED


@command(
    ReadCommand,
    'ucli members --union "May Hưng Hà"',
    "ucli members --unit HH --format csv",
    "ucli members --left --unit KX --period 2024",
    "ucli members --union MAY --reveal --reason 'đối chiếu hồ sơ'",
)
def members_(
    ctx: typer.Context,
    union: MaybeUnion = None,
    unit: MaybeUnit = None,
    on: On = None,
    name: Annotated[
        str | None,
        opt("--name", OrAsked(require_value, marked("Name")), "TEXT", "Only names that hold this text; - asks for it."),
    ] = None,
    left: Annotated[bool, flag("--left", "Those who left instead, and why.")] = False,
    period: MaybePeriod = None,
    structure: Structure = None,
    reveal: Annotated[bool, flag("--reveal", "Show ID numbers in full, with --reason; it is logged.")] = False,
    reason: Annotated[
        str | None,
        opt("--reason", remark, "TEXT", "Why they are shown, kept in the log."),
    ] = None,
) -> None:
    if reveal != bool(reason):
        raise UsageError(
            _("--reveal and --reason go together: who sees ID numbers in full says why."),
            instead=_("Give both, or leave both out."),
        )
    if period and not left:
        raise UsageError(_("Members are listed as of a day."), instead=_("Use --on, or --left with --period."))
    with reading(ctx) as db:
        asked = filter_of(
            db, union=union, unit=unit, period=period, structure=structure, day=on, match=name, standing=not left
        )
        records = listings.members(db, asked, left=left, reveal=reveal)
    if reveal:
        shown = sum(1 for it in records if it["id_number"])
        log_only(ctx, _("ID numbers shown in full: {count}.").format(count=shown), reason)
    columns = ["number", "name", "union", "members", "admitted", "begun_by"]
    columns += ["left", "left_by"] if left else []
    columns += ["born", "sex", "card", "id_number", "decision"]
    sheet = listed(records, columns, notes_on(structure))
    show(ctx, with_total(sheet, ["members"]) if form_asked(ctx) in WITH_LETTERHEAD else sheet, personal=True)


@command(
    ReadCommand,
    "ucli payouts --unit HH --period 2024",
    "ucli payouts --programme tet --format json",
)
def payouts_(
    ctx: typer.Context,
    unit: MaybeUnit = None,
    period: MaybePeriod = None,
    programme: Annotated[
        str | None,
        opt("--programme", require_value, "CODE", "Only this programme."),
    ] = None,
    structure: Structure = None,
) -> None:
    with reading(ctx) as db:
        asked = filter_of(db, structure=structure, unit=unit, period=period, programme=programme)
        records = listings.payouts(db, asked)
        names = _names(ctx, "programme", {it.code: it.name for it in catalogue.programmes(db)})
    columns = [
        "number",
        "day",
        "unit",
        "programme",
        "amount",
        "in_kind",
        "recipients",
        "form",
        "beneficiary",
        "fund",
        "decision",
    ]
    sheet = listed(records, columns, notes_on(structure), names)
    summed = ["amount", "in_kind", "recipients"]
    show(ctx, with_total(sheet, summed) if form_asked(ctx) in WITH_LETTERHEAD else sheet, personal=True)


@command(
    ReadCommand,
    "ucli figures --period 2024",
    "ucli figures --indicator members-admitted --format csv",
)
def figures_(
    ctx: typer.Context,
    indicator: MaybeIndicator = None,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    period: MaybePeriod = None,
    structure: Structure = None,
) -> None:
    with reading(ctx) as db:
        asked = filter_of(db, structure=structure, unit=unit, cluster=cluster, period=period, indicator=indicator)
        indicators = catalogue.indicators(db)
        records = listings.figures(db, asked)
        names = _names(ctx, "indicator", {it.code: it.name(chosen()) for it in indicators})
    columns = [
        "number",
        "indicator",
        "unit",
        "period",
        "value",
        "part",
        "whole",
        "qualifier",
        "stated_percent",
        "source",
        "decision",
    ]
    # Seldom said: a column of its own only where one of the figures says it.
    usual = {"kind": STATED}
    columns += [
        it
        for it in ("kind", "speaks_for", "reason", "received")
        if any(record[it] != usual.get(it) for record in records)
    ]
    show(ctx, listed(records, columns, notes_on(structure), names))


@command(ReadCommand, "ucli targets --period 2024", "ucli targets --history --format json")
def targets_(
    ctx: typer.Context,
    indicator: MaybeIndicator = None,
    unit: MaybeUnit = None,
    cluster: MaybeCluster = None,
    period: MaybePeriod = None,
    history: Annotated[bool, flag("--history", "Also the values that were revised.")] = False,
    structure: Structure = None,
) -> None:
    with reading(ctx) as db:
        asked = filter_of(db, structure=structure, unit=unit, cluster=cluster, period=period, indicator=indicator)
        indicators = catalogue.indicators(db)
        records = listings.targets(db, asked, history=history)
        names = _names(ctx, "indicator", {it.code: it.name(chosen()) for it in indicators})
    columns = [
        "number",
        "indicator",
        "unit",
        "period",
        "issuer",
        "target_kind",
        "target",
        "target_upper",
        "target_percent",
        *(["effective"] if history or any(it["effective"] for it in records) else []),
        "decision",
        "set_by",
        "replaced_by",
    ]
    show(ctx, listed(records, columns, notes_on(structure), names))


def _names(ctx: typer.Context, column: str, known: dict[str, str]) -> dict[str, dict[str, str]]:
    """Return what stands for codes in what is handed in; a list that is looked at shows what can be typed."""
    return {column: known} if form_asked(ctx) in FOR_AN_OFFICE else {}
