"""Targets handed down: a whole shared out in parts that add up to it, and written as targets of their own."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.errors import RejectedError, UcliError
from ucli.i18n import _
from ucli.ledger.operations import Operation
from ucli.ledger.targets import Target, issuers_of, set_targets
from ucli.ledger.verbs import Written
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.targets import AT_LEAST, RANGE, Goal
from ucli.values.units import Unit


class Part(NamedTuple):
    """What one unit is given of a target, for one window."""

    unit: Unit
    window: Window
    basis: int | Decimal | None = None  # what its share is in proportion to; all get the same where there is none
    value: int | None = None  # known from the beginning, or worked out


def shared_out(whole: int, weights: Sequence[Fraction]) -> list[int]:
    """Return whole numbers in proportion to weights that add up to a whole, exactly.

    Each gets its share cut to a whole number; what is left goes one by one to the largest remainders, among equal ones
    to the larger weight, then to the earlier. At least one weight is above 0 and none below.
    """
    of_all = sum(weights)
    exact = [abs(whole) * it / of_all for it in weights]
    parts = [int(it) for it in exact]
    first = sorted(range(len(parts)), key=lambda it: (parts[it] - exact[it], -weights[it]))
    for place in first[: abs(whole) - sum(parts)]:
        parts[place] += 1
    return [-it if whole < 0 else it for it in parts]


def with_shares(whole: int, parts: Sequence[Part]) -> list[Part]:
    """Return parts with their values, where those are not given, in proportion to what each has as its basis."""
    if all(it.value is not None for it in parts):
        return list(parts)
    weights = [Fraction(1 if it.basis is None else it.basis) for it in parts]
    if not any(weights):
        raise RejectedError(
            _("There is nothing to share in proportion to: all are 0."), instead=_("Choose another --by.")
        )
    return [it._replace(value=value) for it, value in zip(parts, shared_out(whole, weights), strict=True)]


def allocate(
    op: Operation,
    indicator: Indicator,
    goal: Goal,
    parts: Iterable[Part],
    *,
    issuer: Unit | None,
    effective: date | None = None,
    decision: str | None = None,
) -> list[Written]:
    """Write the parts of a target as targets; those that a unit has of the issuer, or of no one, are revised.

    Raises:
        UcliError: one of them is refused.
    """
    targets = [
        Target(
            indicator,
            _like(goal, it.value or 0).text(),
            it.unit,
            it.window,
            None if _is_revised(op, indicator, it, issuer) else issuer,
            effective=effective,
            decision=decision,
        )
        for it in parts
    ]
    written = []
    for result in set_targets(op, targets):
        if isinstance(result, UcliError):
            raise result
        written.append(result)
    return written


def _like(goal: Goal, value: int) -> Goal:
    """Return the goal of a part: a range is met at its lower bound, so that its parts are floors."""
    if goal.kind == RANGE:
        return Goal(AT_LEAST, value, as_floor=True)
    return goal._replace(low=value)


def _is_revised(op: Operation, indicator: Indicator, part: Part, issuer: Unit | None) -> bool:
    """Tell whether the target that a unit has without an issuer is the one that is handed down."""
    standing = issuers_of(op.db, indicator, part.unit, part.window)
    return None in standing and (issuer is None or issuer.id not in standing)
