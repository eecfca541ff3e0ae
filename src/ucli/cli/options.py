"""Options that go together.

A group is a named tuple, and one parameter of a command that takes all of its options: `def movement(asked:
ReportRequest, …)`.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.units import Unit


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


class LetterRequest(NamedTuple):
    """What is new in each document of an office, as typed."""

    number: str | None = None
    dated: date | None = None
    signer: str | None = None
    signer_title: str | None = None
    template: str | None = None


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
        if found := units.find_named(db, day, unit=self.unit, cluster=self.cluster):
            return found[0]
        raise UsageError(
            _("No unit or cluster was named."), instead=_("Name a unit with --unit, or a cluster with --cluster.")
        )
