"""A value beside that of another period: the exact difference, and a percentage where one would be true.

There is no percentage if the earlier value is 0 or below, if either is only approximate, or if what is counted changed.
"""

from fractions import Fraction
from math import inf
from typing import NamedTuple

from ucli.values.attainment import ends_of
from ucli.values.quantities import ABOUT, OR_MORE, Share, Value
from ucli.values.targets import AT_MOST

# Why there is no difference …
NO_DATA, NO_DATA_THEN, KINDS, HEDGED = "no-data", "no-data-then", "kinds-differ", "hedged"
PARTS = "parts-missing"
# … and why there is a difference, but no percentage.
UNITS, SAME_STATEMENT, LENGTHS = "units-differ", "same-statement", "lengths-differ"
ZERO, NEGATIVE = "zero-then", "negative"
NOT_COMPARED = (NO_DATA, NO_DATA_THEN, KINDS, HEDGED, PARTS)


class Change(NamedTuple):
    """The difference of a value to that of another period."""

    difference: Fraction | None = None  # for a ratio in percentage points
    percent: Fraction | None = None  # 12,5% is 12.5; none for a ratio
    qualifier: str | None = None  # OR_MORE or AT_MOST: of difference and percentage alike
    reason: str | None = None  # why the difference or the percentage is missing


def change_between(now: Value | None, then: Value | None, *, in_points: bool, broken: str | None) -> Change:
    """Compare two values of one indicator; `broken` says why what is counted changed, so no percentage is given."""
    if now is None or then is None:
        return Change(reason=NO_DATA if now is None else NO_DATA_THEN)
    if isinstance(now, Share) != isinstance(then, Share):
        broken = KINDS
    if broken in NOT_COMPARED:
        return Change(reason=broken)
    (low, high), (low_then, high_then) = ends_of(now), ends_of(then)
    least, most = low - high_then, high - low_then
    if ABOUT in (now.qualifier, then.qualifier) or (least != most and least <= 0 <= most):
        return Change(reason=HEDGED)
    is_least = least != -inf
    difference, qualifier = Fraction(least if is_least else most), None
    if least != most:
        qualifier = OR_MORE if is_least else AT_MOST
    if in_points:
        return Change(difference * 100, qualifier=qualifier, reason=broken)
    value, base = (low, high_then) if is_least else (high, low_then)
    if broken or base <= 0 or value < 0:
        without = NEGATIVE if base or value < 0 else ZERO
        return Change(difference, qualifier=qualifier, reason=broken or (without if difference else None))
    return Change(difference, difference / Fraction(base) * 100, qualifier)
