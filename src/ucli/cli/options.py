"""Options that go together.

A group is a named tuple, and one parameter of a command that takes its options, all that the table of options has for
this command: `def movement(asked: Request)`. What reports are asked for is `ucli.reports.request.Request`.
"""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.errors import UsageError
from ucli.i18n import _
from ucli.ledger import catalogue, periods, units
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.units import Unit


class LetterRequest(NamedTuple):
    """What differs from document to document of an office, as typed."""

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
    """The subject of a figure or target; one of unit and cluster is given."""

    indicator: str
    period: str
    unit: str | None = None
    cluster: str | None = None

    def of(self, db: sqlite3.Connection) -> tuple[Indicator, Unit, Window]:
        """Look them up, by the names and codes of the window's last day."""
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
