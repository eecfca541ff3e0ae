"""Targets: set for an indicator, a unit or cluster, a window and an issuer; set again, they are revised."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from shlex import quote
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.ledger.lineage import outside_life
from ucli.ledger.operations import Operation
from ucli.ledger.units import get_ever
from ucli.ledger.verbs import EarlierRowError, Result, Written, each, put
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.numbers import parse_count
from ucli.values.periods import Window, pieces_of
from ucli.values.targets import EACH_AT_LEAST, Goal, kind_each_named, parse_goal
from ucli.values.units import GRASSROOTS, Unit


class NewTarget(NamedTuple):
    """A target as typed. Without an issuer it revises the only one in force."""

    indicator: Indicator
    value: str
    unit: Unit
    window: Window
    issuer: Unit | None = None
    profile: str | None = None  # weights of the window's months
    effective: date | None = None  # the day from which a revision counts
    decision: str | None = None
    is_listed: bool = False  # from a list, which shows the issuer or none, and no profile or “at least”

    @property
    def goal(self) -> Goal:
        return parse_goal(self.value, self.indicator)


def set_targets(op: Operation, targets: Iterable[NewTarget]) -> Iterator[Result]:
    """Write targets, or revisions of those in force; earlier values stay readable.

    Refused: a target that its indicator does not allow, a profile or day of effect that does not fit the window, and a
    revision without an issuer where several have set one.
    """
    named: set[int] = set()  # the targets that rows wrote or matched

    def write(target: NewTarget) -> Written:
        unit, window, goal = target.unit, target.window, target.goal
        if target.issuer and (error := outside_life(op.db, target.issuer, f"{window.start}", f"{window.end}")):
            raise error
        _require_fit(op.db, target)
        key = {
            "indicator": target.indicator.id,
            "unit": unit.id,
            "start_day": window.start.isoformat(),
            "end_day": window.end.isoformat(),
            "issuer": target.issuer.id if target.issuer else None,
        }
        if not target.issuer and not target.is_listed:
            key["issuer"] = _only_issuer(op.db, target.indicator, unit, window)
        values: dict[str, object] = {
            "kind": goal.kind,
            "low": goal.low,
            "high": goal.high,
            "percent": None if goal.percent is None else f"{goal.percent:f}",
            "as_floor": int(goal.as_floor),
            "profile": weights(target.profile, window),
            "effective": target.effective.isoformat() if target.effective else None,
            "decision": target.decision,
        }
        there = op.standing("target", **key)
        if target.is_listed:  # what lists do not show is kept
            values |= {it: there[it] for it in ("profile", "as_floor")} if there else {"as_floor": 0}
        others = {column for column, value in values.items() if there and there[column] != value}
        if there and there["id"] in named and others - {"decision"}:
            raise EarlierRowError(_("Line {line} gives it another value."), there["id"])
        written = put(op, "target", key, **values, period=there["period"] if there else window.code)
        named.add(written.number)
        return written

    return each(op, targets, write)


def _require_fit(db: sqlite3.Connection, target: NewTarget) -> None:
    """Refuse a target that the unit, or the day of effect, does not allow.

    A target for each unit of a kind needs units of that kind directly below.
    """
    unit, window = target.unit, target.window
    other = db.execute(
        "SELECT n.name FROM ancestry a JOIN unit_name n ON n.unit = a.unit AND n.kind <> :kind"
        " AND n.from_day <= :day AND :day < n.to_day WHERE a.ancestor = :unit AND a.depth = 1"
        " AND a.from_day <= :day AND :day < a.to_day LIMIT 1",
        {"kind": kind_each_named(target.value), "unit": unit.id, "day": window.end.isoformat()},
    ).fetchone()
    if other or (target.goal.kind == EACH_AT_LEAST and unit.kind in GRASSROOTS):
        raise RejectedError(
            _("The units directly below {unit} would be counted: there are none, or of another kind.").format(
                unit=unit.name
            ),
            instead=_("Type “mỗi đơn vị ít nhất 1”, or the target number, like 1.720."),
        )
    if target.effective and target.effective > window.end:
        raise RejectedError(
            _("{day} is after the period {period}.").format(day=date_text(target.effective), period=window.text()),
            instead=_("Give a day of effect inside the period."),
        )


def issuers_of(db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window) -> list[int | None]:
    """Return the issuers of a unit's targets for an indicator and window; None for one without an issuer."""
    rows = db.execute(
        "SELECT issuer FROM target WHERE indicator = ? AND unit = ? AND start_day = ? AND end_day = ? ORDER BY issuer",
        (indicator.id, unit.id, window.start.isoformat(), window.end.isoformat()),
    )
    return [row["issuer"] for row in rows]


def _only_issuer(db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window) -> int | None:
    """Return the issuer meant if none is named: that of the only target in force."""
    issuers = issuers_of(db, indicator, unit, window)
    if None in issuers or not issuers:
        return None
    if len(issuers) == 1:
        return issuers[0]
    names = [get_ever(db, it or 0) for it in issuers]
    raise RejectedError(
        _("{unit} has targets for this by several: {issuers}.").format(unit=unit.name, issuers=", ".join(names)),
        why=_("Which of them to revise was not said."),
        instead=_("Type {options}.").format(options=_(" or ").join(f"--issuer {quote(it)}" for it in names)),
    )


def weights(profile: str | None, window: Window) -> str | None:
    """Return a profile for storage: a weight for each month of the window, not all 0."""
    if profile is None:
        return None
    months = pieces_of(window, 1)
    weights = [parse_count(part) for part in profile.split(",")]
    if len(weights) != len(months) or not any(weights):
        raise RejectedError(
            _("Weights in the profile: {given}; months in {period}: {months}.").format(
                given=len(weights), period=window.text(), months=len(months)
            ),
            instead=_("Give one whole number a month, separated by commas, not all 0: 5,5,10."),
        )
    return ",".join(map(str, weights))
