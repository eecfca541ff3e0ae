"""Emulation clusters: which units compete with each other, said anew for every year."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ucli.errors import NotFoundError, RejectedError
from ucli.i18n import _
from ucli.ledger.foundings import add_unit
from ucli.ledger.operations import Operation
from ucli.ledger.units import cluster_members, get, named, require_each_once
from ucli.values.units import CLUSTER, Unit


class ClusterYear(NamedTuple):
    """The units of a cluster in one year."""

    units: tuple[Unit, ...]
    lead: Unit | None
    deputy: Unit | None


def set_cluster(
    op: Operation, name: str, year: int, members: Sequence[Unit], lead: Unit | None, deputy: Unit | None
) -> Unit:
    """Write who belongs to a cluster in a year; saying it again replaces that year's list only."""
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
    heads = {"lead": lead.id if lead else None, "deputy": deputy.id if deputy else None}
    there = year_of(op.db, name, year)
    # By their numbers, whatever they are called.
    said = there and ({it.id for it in there.units}, there.lead and there.lead.id, there.deputy and there.deputy.id)
    if said == (set(numbers), *heads.values()):
        return cluster
    op.end("cluster_year", cluster=cluster.id, year=year)
    op.end("cluster_member", cluster=cluster.id, year=year)
    op.add("cluster_year", cluster=cluster.id, year=year, **heads)
    op.add_all("cluster_member", ("cluster", "year", "unit"), [(cluster.id, year, number) for number in numbers])
    return cluster


def year_of(db: sqlite3.Connection, name: str, year: int) -> ClusterYear | None:
    """Return who belongs to the cluster of just this name or code in a year, if that was said."""
    cluster = named(db, name, among=(CLUSTER,))
    heads = "SELECT lead, deputy FROM cluster_year WHERE cluster = ? AND year = ?"
    if not cluster or not (head := db.execute(heads, (cluster.id, year)).fetchone()):
        return None
    lead, deputy = (get(db, it) if it else None for it in head)
    return ClusterYear(tuple(get(db, it) for it in cluster_members(db, cluster.id, year)), lead, deputy)


def changed_since(
    db: sqlite3.Connection, name: str, year: int, joining: Sequence[Unit], leaving: Sequence[Unit]
) -> list[Unit]:
    """Return the units of a cluster in a year, less those that leave it, with those that join it."""
    there = year_of(db, name, year)
    if there is None:
        raise NotFoundError(
            _("{cluster} has no units in {year}.").format(cluster=name, year=year),
            instead=_("“ucli clusters” lists them."),
        )
    members = [*there.units]
    for unit in leaving:
        if unit not in members:
            raise RejectedError(
                _("{unit} is not one of the cluster's units.").format(unit=unit.name),
                instead=_("“ucli clusters” lists them."),
            )
        members.remove(unit)
    return [*members, *joining]
