"""Options that go together, and the units they name.

A group is a named tuple, and one parameter of a command that takes all of its options: `def movement(asked:
ReportRequest, …)`.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ucli.errors import RefusedError, UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.ledger.lineage import life_of, successor_on
from ucli.ledger.units import names_of
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.units import CLUSTER, PROVINCE, UNION, Unit


class ReportRequest(NamedTuple):
    """Whom and when a question is about, as typed; at most one of the first three is given."""

    province: Sequence[str] = ()
    unit: str | None = None
    cluster: str | None = None
    words: Sequence[str] = ()  # behind the command: the period
    period: str | None = None
    as_of: date | None = None
    structure: date | None = None
    as_known: str | None = None


class Comparison(NamedTuple):
    """What a report's values are held against, beside their own targets."""

    against: str | None = None
    compare: str | None = None
    sum_predecessors: bool = False


ALONE = Comparison()


class ListRequest(NamedTuple):
    """Which rows of a register are listed."""

    unit: str | None = None
    period: str | None = None
    structure: date | None = None


class Subject(NamedTuple):
    """What a figure or a target is about; one of unit and cluster is given."""

    indicator: str
    period: str
    unit: str | None = None
    cluster: str | None = None

    def of(self, db: sqlite3.Connection) -> tuple[Indicator, Unit, Window]:
        """Return them; names and codes are those of the window's last day."""
        indicator = catalogue.find_indicator(db, self.indicator)
        if not periods.is_term(db, self.period):
            window = periods.find_window(db, self.period)
            return indicator, self._unit(db, window.end), window
        unit = self._unit(db, None)
        return indicator, unit, periods.find_window(db, self.period, unit=unit.id)

    def _unit(self, db: sqlite3.Connection, day: date | None) -> Unit:
        if found := named(db, day, unit=self.unit, cluster=self.cluster):
            return found[0]
        raise UsageError(
            _("No unit or cluster was named."), instead=_("Name a unit with --unit, or a cluster with --cluster.")
        )


# Whom they name


def named(
    db: sqlite3.Connection,
    day: date | None,
    *,
    unit: str | None = None,
    union: str | None = None,
    cluster: str | None = None,
    provinces: Sequence[str] = (),
) -> list[Unit]:
    """Return those that were named, each by what it was called on a day."""
    if unit and cluster:
        raise UsageError(_("--unit and --cluster cannot both be given."), instead=_("Keep one of them."))
    if unit and union:
        raise UsageError(_("--unit and --union cannot both be given."), instead=_("Keep one of them."))
    found = [units.find(db, unit, day=day)] if unit else []
    found += [units.find(db, union, among=(UNION,), day=day)] if union else []
    found += [units.find(db, cluster, among=(CLUSTER,))] if cluster else []
    return found + [units.find(db, name, among=(PROVINCE,), day=day) for name in provinces]


def cluster_in_a_structure() -> UsageError:
    return UsageError(
        _("A cluster has the units of its year: --structure does not change it."), instead=_("Leave --structure out.")
    )


def require_standing(db: sqlite3.Connection, unit: Unit, structure: date | None) -> None:
    """Refuse to map everything to a day's structure for a unit that was not there on that day."""
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
