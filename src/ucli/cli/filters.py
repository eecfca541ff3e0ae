"""What a list was asked for: its names looked up, and the structure it is made by."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from ucli.cli.session import tell
from ucli.cli.subjects import require_standing, unit_or_cluster
from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.ledger.lives import life_of, shown
from ucli.render.labels import structure_text
from ucli.reports.listings import Filter
from ucli.reports.scope import Tree
from ucli.values.units import PROVINCE, UNION


def filter_of(
    db: sqlite3.Connection,
    *,
    unit: str | None = None,
    union: str | None = None,
    cluster: str | None = None,
    provinces: Sequence[str] = (),
    period: str | None = None,
    indicator: str | None = None,
    programme: str | None = None,
    structure: date | None = None,
    day: date | None = None,
    match: str | None = None,
    standing: bool = False,
) -> Filter:
    """Return the filter that a list was asked for, its names looked up.

    A list of what stands on a day (`standing`) says so where the unit it is about had ended by then.

    Raises:
        UcliError: a name or period that does not fit.

    """
    if union and unit:
        raise UsageError(_("--unit and --union cannot both be given."), instead=_("Keep one of them."))
    window = periods.find_window(db, period) if period and not periods.is_term(db, period) else None
    on = day or structure or (window.end if window else None)
    roots = [unit_or_cluster(db, unit, cluster, day=on)] if unit or cluster else []
    roots += [units.find(db, union, among=(UNION,), day=on)] if union else []
    roots += [units.find(db, name, among=(PROVINCE,), day=on) for name in provinces]
    if period and window is None:
        window = periods.find_window(db, period, unit=roots[0].id if roots else None)
    for root in roots:
        require_standing(db, root, structure)
        until = life_of(db, root.id).until
        if until <= (day or date.today()).isoformat() and period is None and standing:  # noqa: DTZ011
            tell(_("{unit} ended on {day}: --on shows an earlier day.").format(unit=root.name, day=shown(until)))
    return Filter(
        Tree(db, structure),
        day or date.today(),  # noqa: DTZ011
        roots=tuple(root.id for root in roots) or None,
        window=window,
        indicator=catalogue.find_indicator(db, indicator).id if indicator else None,
        programme=catalogue.find_programme(db, programme).id if programme else None,
        match=match,
    )


def notes_on(structure: date | None) -> list[str]:
    """Say under a list by whose structure it was made, where that is not each row's own day."""
    return [structure_text(structure)] if structure else []
