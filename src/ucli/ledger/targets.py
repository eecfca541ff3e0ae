"""Targets: set for an indicator, a unit or cluster, a window and an issuer; set again, they are revised."""

from ucli.domain.indicators import Indicator
from ucli.domain.periods import Window, months_of
from ucli.domain.targets import Goal, parse_goal
from ucli.errors import RejectedError
from ucli.language import _
from ucli.ledger.lives import require_alive
from ucli.ledger.operations import Operation
from ucli.ledger.units import Unit
from ucli.vietnamese.numbers import parse_count


def set_target(
    op: Operation,
    indicator: Indicator,
    value: str,
    unit: Unit,
    window: Window,
    *,
    issuer: Unit | None = None,
    profile: str | None = None,
    decision: str | None = None,
) -> tuple[int, Goal, bool]:
    """Write a target, or the revision of one; the first value stays readable.

    Returns:
        The number of the target, what is aimed at, and whether it revises an earlier one.

    Raises:
        RejectedError: not a target for this indicator, or a profile that does not fit the window.
        RefusedError: the unit or the issuer did not live in the window.

    """
    for party in filter(None, (unit, issuer)):
        require_alive(op.db, party, window.start, window.end)
    goal = parse_goal(value, indicator)
    weights = _weights(profile, window)
    key = {
        "indicator": indicator.id,
        "unit": unit.id,
        "start_day": window.start.isoformat(),
        "end_day": window.end.isoformat(),
        "issuer": issuer.id if issuer else None,
    }
    values = {
        "kind": goal.kind,
        "low": goal.low,
        "high": goal.high,
        "percent": None if goal.percent is None else f"{goal.percent:f}",
        "profile": weights,
        "decision": decision,
    }
    there = op.db.execute(
        "SELECT * FROM target WHERE indicator = :indicator AND unit = :unit AND start_day = :start_day"
        " AND end_day = :end_day AND issuer IS :issuer",
        key,
    ).fetchone()
    if there and all(there[column] == value for column, value in values.items()):
        return int(there["id"]), goal, False
    if there:
        op.end("target", id=there["id"])
    number = int(there["id"]) if there else op.next_id("target")
    op.add("target", id=number, **key, period=window.code, **values)
    return number, goal, there is not None


def _weights(profile: str | None, window: Window) -> str | None:
    """Return a target's monthly weights as stored.

    Raises:
        RejectedError: not one whole number for each month of the window, or all of them 0.

    """
    if profile is None:
        return None
    months = months_of(window)
    weights = [parse_count(part) for part in profile.split(",")]
    if len(weights) != len(months) or not any(weights):
        raise RejectedError(
            _("Weights in the profile: {given}; months in {period}: {months}.").format(
                given=len(weights), period=window.text(), months=len(months)
            ),
            instead=_("Give one whole number a month, parted by commas, not all 0: 5,5,10."),
        )
    return ",".join(str(weight) for weight in weights)
