"""Whom a figure, a target or a report is about: a unit or a cluster, one of the two."""

import sqlite3

from ucli.domain.units import CLUSTER
from ucli.errors import UsageError
from ucli.language import _
from ucli.ledger import units


def unit_or_cluster(db: sqlite3.Connection, unit: str | None, cluster: str | None) -> units.Unit:
    """Return the one that was named.

    Raises:
        UsageError: both were named, or neither.

    """
    if unit and cluster:
        raise UsageError(_("--unit and --cluster cannot both be given."), instead=_("Keep one of them."))
    if unit:
        return units.find(db, unit)
    if cluster:
        return units.find(db, cluster, among=(CLUSTER,))
    raise UsageError(
        _("It is not said whom this is about."), instead=_("Name a unit with --unit, or a cluster with --cluster.")
    )
