"""Allocating a target: to whom, in proportion to what, in whole numbers that add up to it."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _, chosen
from ucli.ledger import targets
from ucli.reports.report import report_of
from ucli.reports.request import Request, question_of
from ucli.reports.scope import Tree
from ucli.reports.structure import Span, children_of
from ucli.reports.targets import Target, of_several, targets_of
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.names import some_of
from ucli.values.periods import Window, year_before, years_of
from ucli.values.quantities import Quantity
from ucli.values.targets import AT_LEAST, AT_MOST, EACH_AT_LEAST, RANGE, Goal
from ucli.values.units import BY_CHILDREN, Unit

EQUAL, LAST_YEAR, MEMBERS, YEAR = "equal", "last-year", "members", "year"
TABLE = "table"  # which says itself what each is given


class Allotment(NamedTuple):
    """The part of a target for one unit and window."""

    unit: Unit
    window: Window
    basis: int | Decimal | None = None  # its weight; without any all get the same
    value: int | None = None  # given, or computed
    is_doubtful: bool = False  # its basis is hedged or incomplete


def shared_out(whole: int, weights: Sequence[Fraction]) -> list[int]:
    """Return whole numbers in proportion to weights that add up exactly to a whole.

    Each share is cut to a whole number; what is left goes one by one to the largest remainders, ties to the larger
    weight, then to the earlier one. No weight is below 0, and at least one is above.
    """
    of_all = sum(weights)
    exact = [abs(whole) * it / of_all for it in weights]
    parts = [int(it) for it in exact]
    first = sorted(range(len(parts)), key=lambda it: (parts[it] - exact[it], -weights[it]))
    for place in first[: abs(whole) - sum(parts)]:
        parts[place] += 1
    return [-it if whole < 0 else it for it in parts]


def with_shares(whole: int, parts: Sequence[Allotment]) -> list[Allotment]:
    """Return parts with their values, computed in proportion to their bases unless given."""
    if all(it.value is not None for it in parts):
        return list(parts)
    weights = [Fraction(1 if it.basis is None else it.basis) for it in parts]
    if not any(weights):
        raise RejectedError(
            _("There is nothing to divide in proportion to: all are 0."), instead=_("Choose another --by.")
        )
    return [it._replace(value=value) for it, value in zip(parts, shared_out(whole, weights), strict=True)]


def handed_down(
    db: sqlite3.Connection, indicator: Indicator, unit: Unit, window: Window, as_of: date, issuer: Unit | None
) -> Target:
    """Return the target to allocate: the unit's only one, or that of the issuer."""
    found = targets_of(db, [indicator], [unit.id], window, as_of)[unit.id].get(indicator.id, [])
    found = [it for it in found if issuer in (None, it.issuer)]
    if not found:
        raise RefusedError(
            _("{unit} has no target for this in {period} to allocate.").format(unit=unit.name, period=window.text()),
            instead=_("Set it with “ucli set-target”, or name the issuer with --issuer."),
        )
    if len(found) > 1:
        raise of_several(unit, (it.issuer for it in found))
    return found[0]


def parts_by(
    db: sqlite3.Connection, indicator: Indicator, goal: Goal, unit: Unit, window: Window, by: str
) -> list[Allotment]:
    """Return the recipients of parts: the units directly below or, by year, the unit itself for each year.

    Percentages, averages, targets for each unit, ceilings and stocks over years have no parts that add up: refused.
    """
    years = years_of(window) if by == YEAR else []
    is_ceiling = goal.kind == AT_MOST and by in (EQUAL, MEMBERS)
    is_no_sum = indicator.is_share or goal.low is None or goal.kind == EACH_AT_LEAST or is_ceiling
    if is_no_sum or (by == YEAR and (len(years) < 2 or indicator.is_stock)):
        raise RejectedError(
            _("{indicator} {value} of {period} is not the sum of such parts.").format(
                indicator=indicator.name(chosen()), value=goal.text(), period=window.text()
            ),
            instead=_("Choose another --by, or set the parts with “ucli set-target”."),
        )
    if by == YEAR:
        return [Allotment(unit, it) for it in years]
    among = children_of(db, unit, Span(window.end, window.end))
    if not among:
        raise RefusedError(
            _("{unit} has no units directly below it on {day}.").format(unit=unit.name, day=date_text(window.end))
        )
    if by in (EQUAL, TABLE):
        return [Allotment(it, window) for it in among]
    code = year_before(window).code if by == LAST_YEAR else window.start.isoformat()
    counted = "members-total" if by == MEMBERS else indicator.code
    # By the organisation of that day, predecessors included.
    question = question_of(db, Request(period=code, indicators=[counted]))._replace(tree=Tree(db, window.end))
    tables = report_of(db, question, [unit], BY_CHILDREN).groups or []
    rows = {it.unit.id: it.rows[0] for it in tables if it.unit and it.rows}
    parts = [
        Allotment(it, window, row.value.value, is_doubtful=bool(row.hedge or row.missing))
        for it in among
        if (row := rows.get(it.id)) and isinstance(row.value, Quantity) and row.value.value >= 0
    ]
    if unknown := [it.name for it in among if it not in [part.unit for part in parts]]:
        raise RejectedError(
            _("There is no result in {period} to divide in proportion to: {units}.").format(
                period=question.window.text(), units=some_of(unknown)
            ),
            instead=_("Record it, choose another --by, or give weights in a table."),
        )
    return parts


def as_targets(
    db: sqlite3.Connection, indicator: Indicator, goal: Goal, parts: Sequence[Allotment], issuer: Unit | None
) -> list[targets.NewTarget]:
    """Return the parts as targets to set; a unit's target without an issuer is revised and keeps none.

    A range is met at its lower bound, so its parts are floors.
    """
    found = []
    for it in parts:
        standing = targets.issuers_of(db, indicator, it.unit, it.window)
        is_revised = None in standing and (issuer is None or issuer.id not in standing)
        like = Goal(AT_LEAST, it.value, as_floor=True) if goal.kind == RANGE else goal._replace(low=it.value)
        found.append(targets.NewTarget(indicator, like.text(), it.unit, it.window, None if is_revised else issuer))
    return found
