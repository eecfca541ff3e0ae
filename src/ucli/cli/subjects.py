"""Whom a figure, a target or a report is about: a unit or a cluster, one that stands in the structure asked for."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from ucli.errors import RefusedError, UsageError
from ucli.i18n import _
from ucli.ledger import periods, units
from ucli.ledger.lineage import life_of, successor_on
from ucli.ledger.units import names_of
from ucli.values.dates import date_text
from ucli.values.periods import Window
from ucli.values.units import CLUSTER, PROVINCE, UNION, Unit


def subject_and_window(
    db: sqlite3.Connection, unit: str | None, cluster: str | None, period: str
) -> tuple[Unit, Window]:
    """Return whom a figure or target is about, and its window: names and codes are those of the window's last day."""
    if periods.is_term(db, period):
        subject = unit_or_cluster(db, unit, cluster)
        return subject, periods.find_window(db, period, unit=subject.id)
    window = periods.find_window(db, period)
    return unit_or_cluster(db, unit, cluster, day=window.end), window


def unit_or_cluster(db: sqlite3.Connection, unit: str | None, cluster: str | None, *, day: date | None = None) -> Unit:
    """Return the one that was named, by what it was called on a day."""
    if found := named(db, day, unit=unit, cluster=cluster):
        return found[0]
    raise UsageError(
        _("It is not said whom this is about."), instead=_("Name a unit with --unit, or a cluster with --cluster.")
    )


def named(
    db: sqlite3.Connection,
    day: date | None,
    *,
    unit: str | None = None,
    union: str | None = None,
    cluster: str | None = None,
    provinces: Sequence[str] | None = None,
) -> list[Unit]:
    """Return those that were named, each by what it was called on a day."""
    if unit and cluster:
        raise UsageError(_("--unit and --cluster cannot both be given."), instead=_("Keep one of them."))
    if unit and union:
        raise UsageError(_("--unit and --union cannot both be given."), instead=_("Keep one of them."))
    found = [units.find(db, unit, day=day)] if unit else []
    found += [units.find(db, union, among=(UNION,), day=day)] if union else []
    found += [units.find(db, cluster, among=(CLUSTER,))] if cluster else []
    return found + [units.find(db, name, among=(PROVINCE,), day=day) for name in provinces or ()]


def require_standing(db: sqlite3.Connection, unit: Unit, structure: date | None) -> None:
    """Refuse to map everything to a day's structure for a unit that was not there on that day."""
    if structure is None:
        return
    if unit.kind == CLUSTER:
        raise UsageError(
            _("A cluster is made of the units of its year: --structure does not change it."),
            instead=_("Leave --structure out."),
        )
    life = life_of(db, unit.id)
    if not life.holds(structure.isoformat()):
        followed = successor_on(db, unit, structure)
        raise RefusedError(
            _("{unit} does not stand in the structure of {day}.").format(unit=unit.name, day=date_text(structure)),
            why=_("It was merged into {unit}.").format(unit=names_of([followed])) if followed.id != unit.id else None,
            instead=_("Ask for a unit of that day, or leave --structure out."),
        )
