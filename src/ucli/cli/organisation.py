"""The organisation on a day, and the life of one unit."""

from typing import Annotated

import typer

from ucli.cli.app import ReadCommand, command
from ucli.cli.filters import filter_of
from ucli.cli.options import Match, MaybeUnit, On, Provinces, Structure, UnitArgument, flag, opt
from ucli.cli.output import show
from ucli.cli.session import reading
from ucli.cli.units import kind_of_unit
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import units
from ucli.render.labels import as_tree, listed
from ucli.render.life import life_sheet
from ucli.reports import listings
from ucli.reports.lives import life_story
from ucli.reports.scope import Tree
from ucli.values import units as kinds


@command(
    ReadCommand,
    "ucli units",
    "ucli units --tree --on 30/6/2025",
    "ucli units --kind union --unit HH --format csv",
)
def units_(
    ctx: typer.Context,
    kind: Annotated[str | None, opt("--kind", kind_of_unit, "KIND", "Only units of this kind.")] = None,
    unit: MaybeUnit = None,
    province: Provinces = None,
    on: On = None,
    tree: Annotated[bool, flag("--tree", "Each unit under its parent, from the top.")] = False,
    match: Match = None,
    structure: Structure = None,
) -> None:
    if on and structure:
        raise UsageError(_("--on and --structure both name a day."), instead=_("Keep one of them."))
    with reading(ctx) as db:
        asked = filter_of(db, unit=unit, provinces=province or [], day=on or structure, match=match, standing=True)
        records = listings.units(db, asked, (kind,) if kind else kinds.KINDS, as_tree=tree)
    columns = ["code", "name", "kind", "parent", "founded", "sector", "ended"]
    sheet = listed(records, columns)
    show(ctx, as_tree(sheet) if tree else sheet)


@command(ReadCommand, "ucli show HH")
def show_(ctx: typer.Context, unit: UnitArgument) -> None:
    with reading(ctx) as db:
        found = units.find(db, unit, among=(*kinds.KINDS, kinds.CLUSTER))
        life = life_story(db, Tree(db), found.id)
    show(ctx, life_sheet(life))
