"""Emulation clusters: which units compete with each other, set for each year."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ucli.errors import NotFoundError, RejectedError
from ucli.i18n import _
from ucli.ledger.foundings import add_unit
from ucli.ledger.operations import Operation
from ucli.ledger.units import get, named, require_each_once
from ucli.values.units import CLUSTER, Unit


class ClusterYear(NamedTuple):
    """The units of a cluster in one year."""

    units: tuple[Unit, ...]
    lead: Unit | None
    deputy: Unit | None


def set_cluster(
    op: Operation, name: str, year: int, members: Sequence[Unit], lead: Unit | None, deputy: Unit | None
) -> Unit:
    """Set the units of a cluster for a year; setting them again replaces only that year's list."""
    numbers = [unit.id for unit in members]
    if not members:
        raise RejectedError(_("A cluster has at least one unit."))
    require_each_once(members)
    for head in (lead, deputy):
        if head and head.id not in numbers:
            raise RejectedError(
                _("{unit} is not one of the cluster's units.").format(unit=head.name),
                instead=_("Name it in --units as well."),
            )
    if lead and deputy and lead.id == deputy.id:
        raise RejectedError(_("{unit} cannot be both leader and deputy.").format(unit=lead.name))
    cluster = named(op.db, name, among=(CLUSTER,)) or add_unit(op, name, CLUSTER)
    roles = {it.id: role for it, role in ((lead, "lead"), (deputy, "deputy")) if it}
    rows = [(cluster.id, year, it, roles.get(it)) for it in numbers]
    of_year, bound = "cluster = :cluster AND year = :year", {"cluster": cluster.id, "year": year}
    op.replace("cluster_member", ("cluster", "year", "unit", "role"), rows, of_year, bound)
    return cluster


def year_of(db: sqlite3.Connection, name: str, year: int) -> ClusterYear | None:
    """Return the units of the cluster of this exact name or code in a year, if they were set."""
    cluster = named(db, name, among=(CLUSTER,))
    rows = "SELECT unit, role FROM cluster_member WHERE cluster = ? AND year = ? ORDER BY unit"
    roles = {get(db, unit): role for unit, role in db.execute(rows, (cluster.id, year)).fetchall()} if cluster else {}
    lead, deputy = (next((it for it, role in roles.items() if role == head), None) for head in ("lead", "deputy"))
    return ClusterYear(tuple(roles), lead, deputy) if roles else None


def units_in(db: sqlite3.Connection, name: str, year: int) -> list[Unit]:
    """Return the units of a cluster in a year; refuse a cluster without units."""
    there = year_of(db, name, year)
    if there is None:
        raise NotFoundError(
            _("{cluster} has no units in {year}.").format(cluster=name, year=year),
            instead=_("“ucli clusters” lists them."),
        )
    return [*there.units]
