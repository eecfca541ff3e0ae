"""A value against its target: exact comparison, a percentage rounded only for printing, what remains, the pace.

Integers are compared, never floats; 99,96% of a target is unmet and prints 99,9%.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, inf
from typing import NamedTuple

from ucli.values.quantities import ABOUT, BELOW, OR_MORE, Quantity, Share
from ucli.values.targets import AT_LEAST, AT_MOST, EACH_AT_LEAST, MORE_THAN, Goal

EXCEEDED = "exceeded"
MET = "met"
UNMET = "unmet"
UNDECIDED = "undecided"
NO_TARGET = "no-target"
NO_DATA = "no-data"

AHEAD = "ahead"
ON_TRACK = "on-track"
BEHIND = "behind"


def rounded(numerator: int, denominator: int, decimals: int, qualifier: str | None = None) -> Decimal:
    """Round a quotient half up, away from zero; a lower bound is cut instead, so that it stays a bound."""
    scaled = numerator * 10**decimals
    if qualifier == OR_MORE:
        digits = scaled // denominator
    elif qualifier in (BELOW, AT_MOST):
        digits = -(-scaled // denominator)
    else:
        digits = (2 * abs(scaled) + denominator) // (2 * denominator)
        digits = digits if scaled > 0 else -digits
    return Decimal(digits).scaleb(-decimals)


class Percent(NamedTuple):
    """An exact quotient, printed as a percentage; `ceiling`: the aim is to stay at or under 100."""

    numerator: int
    denominator: int
    ceiling: bool = False
    unmet: bool = False

    def rounded(self, decimals: int = 1, qualifier: str | None = None, *, below: bool = False) -> str:
        """Round half up, but never to 100 on the wrong side of the target; a bound stays a bound.

        A value at-least is cut, a value below is rounded up; `below`: it is printed behind a <, so that < 100% is true.
        """
        percent = rounded(self.numerator * 100, self.denominator, decimals, qualifier)
        step = Decimal(1).scaleb(-decimals)
        if self.ceiling:
            if self.numerator > self.denominator and percent <= 100:
                percent = 100 + step
        elif not below and (self.unmet or self.numerator < self.denominator) and percent >= 100:
            percent = 100 - step
        return f"{percent:f}"


class Attainment(NamedTuple):
    """What a row of the table says about a value and its target."""

    status: str
    percent: Percent | None = None
    remaining: int | None = None
    pace: str | None = None
    plan: Fraction | None = None


class Summary(NamedTuple):
    """The line "10/11 chỉ tiêu đạt và vượt"; `met` includes the exceeded."""

    targets: int
    met: int
    exceeded: int
    unmet: int
    undecided: int
    no_data: int
    printed: int = 0  # of those without data: only a percentage printed by a source is known

    @property
    def unknown(self) -> int:
        """How many targets nothing at all is known about."""
        return self.no_data - self.printed


def attain(value: Quantity | Share | None, goal: Goal | None, *, due: tuple[int, int] | None = None) -> Attainment:
    """Compare a value, if it is known, with its target.

    `due` is the share of the plan due by now, if the window is still open and the value adds up over days.
    """
    if value is None:
        return Attainment(NO_DATA)
    if goal is None:
        return Attainment(NO_TARGET)
    if goal.kind == EACH_AT_LEAST:
        return Attainment(UNDECIDED)  # the sum over all units says nothing about each
    part, whole = (value.part, value.whole) if isinstance(value, Share) else (value.value, 1)
    status = _status(value, goal)
    aimed = goal.aimed
    numerator, denominator = part * aimed.denominator, whole * aimed.numerator
    # A value below zero, or a target of 0, has no percentage.
    percent = Percent(numerator, denominator, ceiling=goal.kind == AT_MOST, unmet=status == UNMET)
    known = percent if denominator > 0 and numerator >= 0 else None
    remaining = _remaining(value, goal)
    if due is None or not isinstance(value, Quantity) or goal.bound is None:
        return Attainment(status, known, remaining)
    plan = Fraction(goal.bound) * Fraction(*due)
    return Attainment(status, known, remaining, _pace(value, plan, goal), plan)


def summarised(statuses: Iterable[str], printed: int = 0) -> Summary:
    """Count the statuses of the rows that have a target; `printed` of them have only a percentage from a source."""
    counted = Counter(status for status in statuses if status != NO_TARGET)
    exceeded, met = counted[EXCEEDED], counted[MET] + counted[EXCEEDED]
    unknown = (counted[UNMET], counted[UNDECIDED], counted[NO_DATA])
    return Summary(counted.total(), met, exceeded, *unknown, printed)


def attain_each(units: int, short: int, unknown: int) -> Attainment:
    """Return the attainment of a target for each unit: how many reached it, fell short, or are unknown."""
    if units == unknown:
        return Attainment(NO_DATA)
    status = UNMET if short else UNDECIDED if unknown else MET
    return Attainment(status, Percent(units - short - unknown, units), short + unknown)


def reaches(value: Quantity | Share | None, goal: Goal) -> bool | None:
    """Tell whether one unit's value reaches the goal for each; None if that cannot be known."""
    status = attain(value, Goal(AT_LEAST, goal.low, None, goal.percent)).status
    return None if status in (NO_DATA, UNDECIDED) else status != UNMET


def ends_of(value: Quantity | Share) -> tuple[Fraction | float, Fraction | float]:
    """Return the least and the most that a value can truly be."""
    stated = Fraction(value.part, value.whole) if isinstance(value, Share) else Fraction(value.value)
    if value.qualifier == BELOW:
        return -inf, stated - 1 if isinstance(value, Quantity) else stated  # a whole number below it
    return -inf if value.qualifier == ABOUT else stated, stated if value.qualifier is None else inf


def _status(value: Quantity | Share, goal: Goal) -> str:
    low, high = ends_of(value)
    reached = goal.is_reached_by(low)
    if reached != goal.is_reached_by(high):
        return UNDECIDED
    if not reached:
        return UNMET
    best = goal.aimed if goal.high is None else goal.high
    return EXCEEDED if goal.kind != AT_MOST and low > best else MET


def _remaining(value: Quantity | Share, goal: Goal) -> int | None:
    """Return how much is still to be done; of a share, how many more of its whole; under a ceiling, None."""
    if goal.kind == AT_MOST:
        return None
    if isinstance(value, Quantity):
        most = value.value - 1 if value.qualifier == BELOW else value.value
        return max(0, (goal.bound or 0) + (goal.kind == MORE_THAN) - most)
    lacking = goal.aimed * value.whole - value.part
    return max(0, floor(lacking) + 1 if goal.kind == MORE_THAN else ceil(lacking))


def _pace(value: Quantity, plan: Fraction, goal: Goal) -> str | None:
    """Compare with the plan to date; within one unit of a fractional plan is on track."""
    above, under = (BEHIND, AHEAD) if goal.kind == AT_MOST else (AHEAD, BEHIND)
    low, high = ends_of(value)
    if low > ceil(plan):
        return above
    if high < floor(plan):
        return under
    return ON_TRACK if value.qualifier is None else None
