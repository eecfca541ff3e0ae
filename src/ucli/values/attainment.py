"""A value against its target: exact comparison, a percentage rounded only for printing, what remains, the pace.

Integers are compared, never floats; 99,96% of a target is unmet and prints 99,9%.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from ucli.values.quantities import ABOUT, BELOW, Quantity, Share
from ucli.values.quantities import AT_LEAST as AT_LEAST_SO_MUCH
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

# How a number is rounded that bounds the true one; any other half up.
ROUNDED: dict[str | None, str] = {AT_LEAST_SO_MUCH: ROUND_FLOOR, BELOW: ROUND_CEILING}


class Percent(NamedTuple):
    """An exact quotient, printed as a percentage; `ceiling` says that staying at or under 100 is what is asked."""

    numerator: int
    denominator: int
    ceiling: bool = False
    unmet: bool = False

    def rounded(self, decimals: int = 1, qualifier: str | None = None, *, below: bool = False) -> str:
        """Round half up, but never to 100 on the wrong side of the target; what bounds a value is still a bound of it.

        Args:
            decimals: how many digits stand behind the point.
            qualifier: how the value is hedged: at-least is cut, below is rounded up.
            below: whether it is shown as what is not reached, as < 100%, which is true on that side too.

        """
        exact = Decimal(self.numerator) * 100 / Decimal(self.denominator)
        step = Decimal(1).scaleb(-decimals)
        rounded = exact.quantize(step, ROUNDED.get(qualifier, ROUND_HALF_UP))
        if self.ceiling:
            if self.numerator > self.denominator and rounded <= 100:
                rounded = 100 + step
        elif not below and (self.unmet or self.numerator < self.denominator) and rounded >= 100:
            rounded = 100 - step
        return f"{rounded or abs(rounded):f}"


class Attainment(NamedTuple):
    """What a row of the table says of a value and its target."""

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
    printed: int = 0  # of those without data: a source printed a percentage, with which nothing is computed

    @property
    def unknown(self) -> int:
        """How many targets nothing at all is known of."""
        return self.no_data - self.printed


def attain(value: Quantity | Share | None, goal: Goal | None, *, due: tuple[int, int] | None = None) -> Attainment:
    """Hold a value against a goal.

    Args:
        value: what was reached; None when nothing was reported.
        goal: what was aimed at; None when nothing was.
        due: the share of the plan that is due by now, where the window is still open and the value adds up over days.

    """
    if value is None:
        return Attainment(NO_DATA)
    if goal is None:
        return Attainment(NO_TARGET)
    if goal.kind == EACH_AT_LEAST:
        return Attainment(UNDECIDED)  # what all come to together says nothing of each
    reached, aimed = _as_quotient(value, goal)
    status = _status(Fraction(*reached), Fraction(*aimed), value, goal)
    percent = _percent(reached, aimed, goal, status)
    remaining = _remaining(value, goal)
    if due is None or not isinstance(value, Quantity) or goal.bound is None:
        return Attainment(status, percent, remaining)
    plan = Fraction(goal.bound) * Fraction(*due)
    return Attainment(status, percent, remaining, _pace(value, plan, goal), plan)


def summarised(statuses: Iterable[str], printed: int = 0) -> Summary:
    """Count the statuses of the rows that have a target, `printed` of them known only by a printed percentage."""
    counted = [status for status in statuses if status != NO_TARGET]
    exceeded = counted.count(EXCEEDED)
    return Summary(
        targets=len(counted),
        met=counted.count(MET) + exceeded,
        exceeded=exceeded,
        unmet=counted.count(UNMET),
        undecided=counted.count(UNDECIDED),
        no_data=counted.count(NO_DATA),
        printed=printed,
    )


def attain_each(units: int, short: int, unknown: int) -> Attainment:
    """Say how many of some units have reached what each was to reach.

    Args:
        units: all of them.
        short: how many are known not to have reached it.
        unknown: of how many it is not known.

    """
    if units == unknown:
        return Attainment(NO_DATA)
    status = UNMET if short else UNDECIDED if unknown else MET
    return Attainment(status, Percent(units - short - unknown, units), short + unknown)


def reaches(value: Quantity | Share | None, goal: Goal) -> bool | None:
    """Tell whether the value of one of the units that are each to reach a goal is enough; None where no one knows."""
    status = attain(value, Goal(AT_LEAST, goal.low, None, goal.percent)).status
    return None if status in (NO_DATA, UNDECIDED) else status != UNMET


def _as_quotient(value: Quantity | Share, goal: Goal) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return what was reached and what was aimed at, each as (numerator, denominator)."""
    reached = (value.part, value.whole) if isinstance(value, Share) else (value.value, 1)
    if goal.percent is not None:
        return reached, (Fraction(goal.percent) / 100).as_integer_ratio()
    return reached, (goal.bound or 0, 1)


def _percent(reached: tuple[int, int], aimed: tuple[int, int], goal: Goal, status: str) -> Percent | None:
    numerator, denominator = reached[0] * aimed[1], reached[1] * aimed[0]
    if denominator <= 0 or numerator < 0:
        return None
    return Percent(numerator, denominator, ceiling=goal.kind == AT_MOST, unmet=status == UNMET)


def _status(reached: Fraction, aimed: Fraction, value: Quantity | Share, goal: Goal) -> str:
    qualifier = value.qualifier
    if qualifier == ABOUT:
        return UNDECIDED
    if qualifier == BELOW:
        return _status_of_at_most(_highest(reached, value), aimed, goal)
    if goal.kind == AT_MOST:
        if reached > aimed:
            return UNMET
        return MET if qualifier is None else UNDECIDED
    if not goal.is_reached_by(reached):
        return UNMET if qualifier is None else UNDECIDED
    best = aimed if goal.high is None else Fraction(goal.high)
    return EXCEEDED if reached > best else MET


def _highest(reached: Fraction, value: Quantity | Share) -> Fraction:
    """Return the most that a value "below" a number can be: among whole numbers, one less."""
    return reached - 1 if isinstance(value, Quantity) else reached


def _status_of_at_most(highest: Fraction, aimed: Fraction, goal: Goal) -> str:
    if goal.kind == AT_MOST:
        return MET if highest <= aimed else UNDECIDED
    return UNDECIDED if goal.is_reached_by(highest) else UNMET


def _remaining(value: Quantity | Share, goal: Goal) -> int | None:
    """Return how much is still to be done; for a share, how many more of its whole; nothing under a ceiling."""
    if goal.kind == AT_MOST:
        return None
    if isinstance(value, Quantity):
        most = value.value - 1 if value.qualifier == BELOW else value.value
        return max(0, (goal.bound or 0) + (goal.kind == MORE_THAN) - most)
    aimed = Fraction(goal.percent) / 100 if goal.percent is not None else Fraction(goal.bound or 0)
    lacking = aimed * value.whole - value.part
    return max(0, floor(lacking) + 1 if goal.kind == MORE_THAN else ceil(lacking))


def _pace(value: Quantity, plan: Fraction, goal: Goal) -> str | None:
    """Compare with the plan to date; a whole unit to either side of a fractional plan is on track."""
    low, high = floor(plan), ceil(plan)
    above, under = (BEHIND, AHEAD) if goal.kind == AT_MOST else (AHEAD, BEHIND)
    if value.qualifier == ABOUT:
        return None
    if value.value > high:
        return None if value.qualifier == BELOW else above
    if value.value < low:
        return None if value.qualifier == AT_LEAST_SO_MUCH else under
    return ON_TRACK if value.qualifier is None else None
