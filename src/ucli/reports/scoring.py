"""Scoring the groups of a report by a scheme: exact points by line, totals, places and classes.

Uncertain points count with their certain part and are marked: they lie between two bounds.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import inf
from typing import NamedTuple

from ucli.ledger.catalogue import find_indicator
from ucli.reports.attainment import Report, Row, Table
from ucli.reports.ranking import only_row
from ucli.values.attainment import EXCEEDED, MET, NO_DATA, NO_TARGET, UNDECIDED, attain, ends_of
from ucli.values.indicators import LOWER, RATIO, Indicator
from ucli.values.quantities import NOT_APPLICABLE, Quantity, Value, with_gaps
from ucli.values.schemes import BONUS, CONDITION, CRITERION, PENALTY, SCORED, Line, Scheme, earned
from ucli.values.targets import AT_LEAST, AT_MOST, MORE_THAN, Goal, parse_goal
from ucli.values.units import Unit

Bound = Fraction | float  # exact, or infinite

_NONE, _ALL = Fraction(0), Fraction(1)


class Points(NamedTuple):
    """A unit's points for a line of the scheme."""

    line: Line
    indicator: Indicator
    counted: Fraction = _NONE  # what is certain
    low: Bound = _NONE
    high: Bound = _NONE
    state: str = ""  # why it is uncertain (UNDECIDED, NO_DATA), or does not count (NO_TARGET, NOT_APPLICABLE)

    @property
    def is_asked(self) -> bool:
        return self.state not in (NO_TARGET, NOT_APPLICABLE)


class Score(NamedTuple):
    """A unit's score."""

    unit: Unit
    points: tuple[Points, ...]
    failed: tuple[Line, ...]  # conditions
    open: tuple[Line, ...]  # conditions that cannot be decided
    total: Fraction  # what is certain
    low: Bound
    high: Bound
    grade: Line | None = None  # its class
    grade_uncertain: bool = False
    place: int | None = None  # 1, 2, 2, 4; None if not ranked
    uncertain: bool = False  # the place may change
    missing: Fraction | None = None  # points to the next better place

    @property
    def is_left_out(self) -> bool:
        return any(not it.best for it in self.failed)

    @property
    def is_ranked(self) -> bool:
        """Whether the unit is ranked: some criterion applies to it, and no condition leaves it out."""
        is_asked = any(it.line.kind == CRITERION and it.is_asked for it in self.points)
        return is_asked and not self.is_left_out

    @property
    def is_open(self) -> bool:
        """Whether a condition that may leave the unit out is undecided."""
        return any(not it.best for it in self.open)


def indicators_of(db: sqlite3.Connection, scheme: Scheme) -> dict[str, Indicator]:
    """Return the indicators of a scheme by the names it uses."""
    return {it.indicator: find_indicator(db, it.indicator) for it in scheme.lines if it.indicator}


def scored(report: Report, scheme: Scheme, indicators: Mapping[str, Indicator], issuer: int | None) -> list[Score]:
    """Score the groups of a report, the best first; those without a place last.

    Args:
        report: with the scheme's indicators.
        scheme: the scheme.
        indicators: by the scheme's names.
        issuer: whose targets count; by default each unit's only ones.

    Raises:
        RefusedError: a unit has targets for an indicator by several issuers.
    """
    scores = [_score(table, table.unit, scheme, indicators, issuer) for table in report.groups or [] if table.unit]
    placed = [it for it in scores if it.is_ranked]
    totals = sorted({it.total for it in placed})
    found = []
    for it in placed:
        better = [total for total in totals if total > it.total]
        place = 1 + sum(other.total > it.total for other in placed)
        # Units that are certainly better, and those that may be.
        best = 1 + sum(other.low > it.high for other in placed)
        worst = 1 + sum(other.high > it.low for other in placed if other is not it)
        missing = better[0] - it.total if better else None
        found.append(it._replace(place=place, uncertain=not best == place == worst or it.is_open, missing=missing))
    found.sort(key=lambda it: it.place or 0)
    return [*found, *(it for it in scores if not it.is_ranked)]


def _score(table: Table, unit: Unit, scheme: Scheme, indicators: Mapping[str, Indicator], issuer: int | None) -> Score:
    points, failed, unknown = [], [], []
    for line in scheme.lines:
        if line.indicator:
            indicator = indicators[line.indicator]
            row = _row_of(table, unit, indicator, issuer)
            if line.kind in SCORED:
                points.append(_points(line, indicator, row))
            elif line.kind == CONDITION:
                is_kept = _is_kept(line, indicator, row)
                failed += [line] if is_kept is False else []
                unknown += [line] if is_kept is None else []
    most = sum((it.line.points for it in points if it.line.kind == CRITERION and it.is_asked), _NONE)
    # A line that does not apply to a unit earns and costs nothing.
    scale = scheme.most / most if most else _NONE

    def total(bound: str, of_penalties: str) -> Bound:
        found: Bound = _NONE
        for it in points:
            if it.line.kind == PENALTY:
                found -= getattr(it, of_penalties)
            else:
                found += getattr(it, bound) * (scale if it.line.kind == CRITERION else 1)
        return found

    counted = Fraction(total("counted", "counted"))
    low, high = total("low", "high"), total("high", "low")
    ends = [
        _grade(scheme, counted, points, "counted", failed),
        _grade(scheme, low, points, "low", [*failed, *unknown]),
        _grade(scheme, high, points, "high", failed),
    ]
    score = Score(unit, tuple(points), tuple(failed), tuple(unknown), counted, low, high)
    if not score.is_ranked:
        return score
    return score._replace(grade=ends[0], grade_uncertain=len(set(ends)) > 1 or score.is_open)


def _row_of(table: Table, unit: Unit, indicator: Indicator, issuer: int | None) -> Row | None:
    """Return a unit's row with its only target, or that of an issuer."""
    rows = [it for it in table.rows if it.indicator == indicator]
    if issuer is not None:
        given = [it for it in rows if it.issuer and it.issuer.id == issuer]
        rows = given or [it._replace(target=None, each=None) for it in rows[:1]]
    return only_row(unit, rows)


def _value(row: Row) -> Value | None:
    """Return the value of a row; that of a sum with gaps is hedged."""
    return with_gaps(row.value) if row.value and row.missing else row.value


def _points(line: Line, indicator: Indicator, row: Row | None) -> Points:
    if row and not row.applies:
        return Points(line, indicator, state=NOT_APPLICABLE)
    by_target = line.in_percent or (line.kind == CRITERION and not line.as_typed)
    reach = _reach(row) if row and by_target else None
    if by_target and row and row.target is None and not _is_whole(row):
        return Points(line, indicator, state=NO_TARGET)
    value = _value(row) if row else None
    if reach is None and (by_target or value is None):
        # A bonus without data is not earned.
        most = line.points if line.kind == CRITERION else inf if line.most is None else line.most
        return Points(line, indicator) if line.kind == BONUS else Points(line, indicator, high=most, state=NO_DATA)
    ends = ends_of(value) if value else (_NONE, _NONE)
    low, high = sorted(earned(line, attained, it) for attained, it in zip(reach or ends, ends, strict=True))
    return Points(line, indicator, Fraction(low), low, high, UNDECIDED if low != high else "")


def _reach(row: Row) -> tuple[Bound, Bound] | None:
    """Return the bounds of a value's attainment; None without a target.

    For an exceeded ceiling it is the ceiling out of the value; a share without a target is compared with 100%.
    """
    if row.each and row.each.units:
        units, unknown = len(row.each.units), len(row.each.unknown)
        return Fraction(row.each.reached, units), Fraction(row.each.reached + unknown, units)
    value = _value(row)
    goal = Goal(AT_LEAST, 1) if _is_whole(row) else row.goal
    if value is None or goal is None or row.each:
        return None
    if goal.kind == MORE_THAN and isinstance(value, Quantity):
        goal = Goal(AT_LEAST, (goal.low or 0) + 1)
    low, high = sorted(_attained(it, goal) for it in ends_of(value))
    return low, high


def _is_whole(row: Row) -> bool:
    """Tell whether a share is compared with its whole, having no target."""
    return row.target is None and row.indicator.kind == RATIO and row.indicator.direction != LOWER


def _attained(value: Bound, goal: Goal) -> Bound:
    aimed = goal.aimed
    if goal.kind == AT_MOST:
        return _ALL if value <= aimed else max(_NONE, aimed / value)
    if aimed <= 0:
        return _ALL if goal.is_reached_by(value) else _NONE
    share = max(_NONE, value / aimed)
    # A “more than” target that is only equalled is short of 100%, as the report prints it: 99,9%.
    return share if share < 1 or goal.is_reached_by(value) else Fraction(999, 1000)


def _is_kept(line: Line, indicator: Indicator, row: Row | None) -> bool | None:
    """Tell whether a condition is met; None if that cannot be known."""
    if row is None or not row.applies:
        return None if row is None else True
    if line.attained is not None:
        if row.target is None and not _is_whole(row):
            return True  # it does not apply to the unit
        low, high = _reach(row) or (-inf, inf)
        return True if low >= line.attained else False if high < line.attained else None
    status = attain(_value(row), parse_goal(line.goal, indicator)).status
    return None if status in (UNDECIDED, NO_DATA) else status in (MET, EXCEEDED)


def _grade(scheme: Scheme, total: Bound, points: Sequence[Points], bound: str, failed: Sequence[Line]) -> Line | None:
    """Return the best class that a total earns, given the least shares of criteria and the conditions."""
    criteria = [it for it in points if it.line.kind == CRITERION and it.is_asked]
    classes = scheme.classes
    names = [it.name for it in classes]
    first = max((names.index(it.best) for it in failed if it.best), default=0)
    return next(
        (
            it
            for it in classes[first:]
            if total >= it.points and all(getattr(part, bound) >= it.least * part.line.points for part in criteria)
        ),
        None,
    )
