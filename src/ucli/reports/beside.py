"""What stands beside the figures that count, and counts nowhere: estimates, and what does not apply to whom."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ucli.reports.figures import COLUMNS, Figure, figure_of
from ucli.reports.targets import Target
from ucli.values.attainment import Attainment, attain
from ucli.values.periods import Window
from ucli.values.quantities import ESTIMATE, STATED, Value, total_of
from ucli.values.units import Unit


class Beside(NamedTuple):
    """By unit and indicator, the estimates for a window and what does not apply."""

    estimates: Mapping[tuple[int, int], Figure]
    not_applicable: Mapping[tuple[int, int], Figure]


class Estimate(NamedTuple):
    """What is expected of a window by its end, held against the target."""

    value: Value | None
    figures: tuple[Figure, ...]  # the unit's own, else those of all below it
    attainment: Attainment

    @property
    def qualifier(self) -> str | None:
        """How the estimate itself is hedged."""
        return self.value.qualifier if self.value else self.figures[0].stated_qualifier

    @property
    def stated_percent(self) -> str | None:
        """The percentage that is all that was estimated."""
        return None if self.value else self.figures[0].stated_percent


def figures_beside(db: sqlite3.Connection, units: Iterable[int], window: Window, last: date) -> Beside:
    """Return the estimates of some units for just a window, and what does not apply to whom up to a day of it."""
    estimates: dict[tuple[int, int], Figure] = {}
    not_applicable: dict[tuple[int, int], Figure] = {}
    lasted = window.lasted
    for kind, *row in db.execute(
        f"SELECT f.kind, {COLUMNS}, f.end_day FROM json_each(?) u CROSS JOIN figure f ON f.unit = u.value"
        f" AND f.end_day >= ? AND f.start_day <= ? AND f.kind <> '{STATED}' ORDER BY f.id",
        (json.dumps([*units]), last.isoformat(), window.start.isoformat()),
    ):
        figure = figure_of(row)
        if kind != ESTIMATE:
            not_applicable[figure.unit, figure.indicator] = figure
        elif (figure.start, figure.end) == (lasted.start.isoformat(), lasted.end.isoformat()):
            estimates[figure.unit, figure.indicator] = figure
    return Beside(estimates, not_applicable)


def estimated_for(beside: Beside, indicator: int, own: Iterable[int], waited: Iterable[Unit]) -> tuple[Figure, ...]:
    """Return the estimate of the unit itself, else those of the units below it, where all concerned gave one."""
    for units in (own, [it.id for it in waited if (it.id, indicator) not in beside.not_applicable]):
        found = [beside.estimates.get((it, indicator)) for it in units]
        if found and all(found):
            return tuple(it for it in found if it)
    return ()


def held_against(target: Target | None, estimated: Sequence[Figure]) -> Estimate | None:
    if not estimated:
        return None
    values = [it.value for it in estimated]
    value = total_of([it for it in values if it is not None]) if all(values) else None
    if value is None and len(estimated) > 1:
        return None  # percentages do not add up
    return Estimate(value, tuple(estimated), attain(value, target.goal if target else None))
