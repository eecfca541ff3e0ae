"""Targets: set for an indicator, a unit or cluster, a window and an issuer; set again, they are revised."""

import sqlite3
from datetime import date
from shlex import quote

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.ledger.lives import require_alive
from ucli.ledger.operations import Operation
from ucli.ledger.units import get_ever
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.numbers import parse_count
from ucli.values.periods import Window, months_of
from ucli.values.targets import EACH_AT_LEAST, Goal, kind_each_named, parse_goal
from ucli.values.units import UNION, Unit


def set_target(
    op: Operation,
    indicator: Indicator,
    value: str,
    unit: Unit,
    window: Window,
    *,
    issuer: Unit | None = None,
    profile: str | None = None,
    effective: date | None = None,
    decision: str | None = None,
) -> tuple[int, Goal, bool]:
    """Write a target, or the revision of one; the first value stays readable.

    Without an issuer the only target that stands is revised. A revision counts from its day of effect.

    Returns:
        The number of the target, what is aimed at, and whether it revises an earlier one.

    Raises:
        RejectedError: not a target for this indicator, a profile or day of effect that does not fit the window, or
            targets of several issuers stand and none was named.
        RefusedError: the unit or the issuer did not live in the window.

    """
    for party in filter(None, (unit, issuer)):
        require_alive(op.db, party, window.start, window.end)
    goal = parse_goal(value, indicator)
    if goal.kind == EACH_AT_LEAST and unit.kind == UNION:
        raise RejectedError(
            _("{unit} has no units below it, each of which could reach this.").format(unit=unit.name),
            instead=_("Type the number aimed at, like 1.720."),
        )
    _require_each(op.db, unit, window, kind_each_named(value))
    if effective and effective > window.end:
        raise RejectedError(
            _("{day} comes after the period {period}.").format(day=date_text(effective), period=window.text()),
            instead=_("Give a day of effect inside the period."),
        )
    weights = _weights(profile, window)
    by = issuer.id if issuer else _only_issuer(op.db, indicator, unit, window)
    key = {
        "indicator": indicator.id,
        "unit": unit.id,
        "start_day": window.start.isoformat(),
        "end_day": window.end.isoformat(),
        "issuer": by,
    }
    values = {
        "kind": goal.kind,
        "low": goal.low,
        "high": goal.high,
        "percent": None if goal.percent is None else f"{goal.percent:f}",
        "as_floor": int(goal.as_floor),
        "profile": weights,
        "effective": effective.isoformat() if effective else None,
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


def _require_each(db: sqlite3.Connection, unit: Unit, window: Window, kind: str | None) -> None:
    """Refuse to ask of each unit of a kind what is counted by the units directly below, where those are of another.

    Raises:
        RejectedError: units of other kinds stand directly below.

    """
    if kind is None:
        return
    other = db.execute(
        "SELECT n.name FROM ancestry a JOIN unit_name n ON n.unit = a.unit AND n.kind <> :kind"
        " AND n.from_day <= :day AND :day < n.to_day WHERE a.ancestor = :unit AND a.depth = 1"
        " AND a.from_day <= :day AND :day < a.to_day ORDER BY n.name LIMIT 1",
        {"kind": kind, "unit": unit.id, "day": window.end.isoformat()},
    ).fetchone()
    if other:
        raise RejectedError(
            _("Each of the units directly below {unit} is counted, and {other} is of another kind.").format(
                unit=unit.name, other=other["name"]
            ),
            instead=_("Type “mỗi đơn vị ít nhất 1”, or set the target for each of them."),
        )


def issuers_of(db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window) -> list[int | None]:
    """Return who gave the targets that a unit has for an indicator and window; None for one without an issuer."""
    rows = db.execute(
        "SELECT issuer FROM target WHERE indicator = ? AND unit = ? AND start_day = ? AND end_day = ? ORDER BY issuer",
        (indicator.id, unit.id, window.start.isoformat(), window.end.isoformat()),
    )
    return [row["issuer"] for row in rows]


def _only_issuer(db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window) -> int | None:
    """Return whose target is meant where none is named: the only one that stands.

    Raises:
        RejectedError: several gave one.

    """
    issuers = issuers_of(db, indicator, unit, window)
    if None in issuers or not issuers:
        return None
    if len(issuers) == 1:
        return issuers[0]
    given = [it for it in issuers if it is not None]
    names = [get_ever(db, it) for it in given]
    raise RejectedError(
        _("{unit} has targets for this by several: {issuers}.").format(unit=unit.name, issuers=", ".join(names)),
        why=_("Which of them is revised was not said."),
        instead=_("Type {options}.").format(options=_(" or ").join(f"--issuer {quote(it)}" for it in names)),
    )


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
            instead=_("Give one whole number a month, separated by commas, not all 0: 5,5,10."),
        )
    return ",".join(str(weight) for weight in weights)
