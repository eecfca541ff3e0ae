"""Ranking: the groups of a report, the best first, by attainment of a target or by the share of targets met."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ucli.reports.attainment import Report, Row, Table, summary_of
from ucli.reports.targets import of_several
from ucli.values.attainment import EXCEEDED, MET, NO_DATA, Summary
from ucli.values.indicators import LOWER, Indicator
from ucli.values.quantities import ABOUT, BELOW, OR_MORE, Quantity, opposite
from ucli.values.targets import AT_MOST
from ucli.values.units import Unit

# The exact keys of comparison; each decides between equals of the one before.
Merit = tuple[Fraction, ...]

_NONE, _ALL = Fraction(0), Fraction(1)


class Standing(NamedTuple):
    """A unit's rank."""

    unit: Unit
    row: Row | None  # the indicator's row; None if targets met are compared
    summary: Summary
    merit: Merit | None = None  # None: no target, or no data
    hedge: str | None = None  # the hedge of the merit: at least, below or about
    place: int | None = None  # 1, 2, 2, 4; None without a merit
    uncertain: bool = False  # hedged, so the place may change


def compared_in(report: Report, asked: Sequence[str]) -> Indicator | None:
    """Return the one indicator that a ranking compares; None if several, or all, were asked for."""
    found = {row.indicator for row in report.total.rows} if asked else set()
    return found.pop() if len(found) == 1 else None


def ranked(report: Report, indicator: Indicator | None, issuer: int | None) -> list[Standing]:
    """Rank the groups of a report, the best first; those without a place last, in the report's order.

    Compares attainment of one indicator, or the share of targets met, of all targets or one issuer's. If no group has a
    target for the indicator its values are compared.

    Raises:
        RefusedError: a unit has targets for the indicator by several issuers.

    """
    groups = report.groups or []
    by_value = not any(row.target for table in groups for row in table.rows)
    standings = [_standing(it, it.unit, indicator, issuer, by_value=by_value) for it in groups if it.unit]
    merits = sorted((it.merit for it in standings if it.merit is not None), reverse=True)
    places = {merit: len(merits) - place for place, merit in enumerate(reversed(merits))}
    placed = [it._replace(place=places[it.merit]) for it in standings if it.merit is not None]
    placed.sort(key=lambda it: it.place or 0)
    shared = Counter(merits)
    return [
        *(it._replace(uncertain=_may_move(it, placed, shared=shared[it.merit or ()] > 1)) for it in placed),
        *(it for it in standings if it.merit is None),
    ]


def _standing(table: Table, unit: Unit, indicator: Indicator | None, issuer: int | None, *, by_value: bool) -> Standing:
    rows = [row for row in table.rows if issuer is None or _given_by(row) == issuer]
    summary = summary_of(row for row in rows if row.target)
    if indicator is None:
        return Standing(unit, None, summary, *_of_targets(summary))
    row = only_row(unit, [it for it in rows if it.indicator == indicator])
    of_row = _of_value if by_value else _of_row
    return Standing(unit, row, summary, *(of_row(row) if row else ()))


def _given_by(row: Row) -> int | None:
    return row.target.issuer.id if row.target and row.target.issuer else None


def only_row(unit: Unit, rows: Sequence[Row]) -> Row | None:
    """Return the row of a unit; refuse targets of several issuers."""
    if len(rows) > 1:
        raise of_several(unit, (it.issuer for it in rows))
    return rows[0] if rows else None


def _of_targets(summary: Summary) -> tuple[Merit | None, str | None]:
    """The share of targets met, then of targets exceeded; an undecided one may be met."""
    if summary.targets == summary.no_data:
        return None, None
    merit = (Fraction(summary.met, summary.targets), Fraction(summary.exceeded, summary.targets))
    return merit, OR_MORE if summary.undecided else None


def _of_value(row: Row) -> tuple[Merit | None, str | None]:
    """The value itself, for an indicator without targets."""
    if (value := row.value) is None:
        return None, None
    hedge = ABOUT if row.missing else value.qualifier
    number = Fraction(value.value) if isinstance(value, Quantity) else Fraction(value.part, value.whole)
    return ((-number,), opposite(hedge)) if row.indicator.direction == LOWER else ((number,), hedge)


def _of_row(row: Row) -> tuple[Merit | None, str | None]:
    """Attainment of the target, and whether it was met; for a ceiling, the ceiling out of the value.

    A target of 0 or below has no percentage: if met it counts as 100%; a loss against a target of growth counts below 0
    in proportion.
    """
    value, percent, target = row.counted.value, row.attainment.percent, row.target
    if target is None or value is None or row.attainment.status == NO_DATA:
        return None, None
    hedge = ABOUT if row.missing else value.qualifier
    if row.each:
        hedge = OR_MORE if row.each.unknown else None
    is_met = Fraction(row.attainment.status in (MET, EXCEEDED))
    reached = Fraction(value.value) if isinstance(value, Quantity) else Fraction(value.part, value.whole)
    share = Fraction(percent.numerator, percent.denominator) if percent else None
    if target.goal.kind == AT_MOST:
        if reached <= 0:
            return (_ALL, _NONE), opposite(hedge)
        # With a ceiling of 0: the fewer the better, and none of them good.
        return (_NONE, -reached if share is None else 1 / share), opposite(hedge)
    if share is None:
        bound = target.goal.low or 0
        is_reached = target.goal.is_reached_by(reached)
        share = reached / bound if bound > 0 else _ALL if is_reached else reached - bound
    return (_NONE, share, is_met), hedge


def _may_move(it: Standing, placed: Sequence[Standing], *, shared: bool) -> bool:
    """Tell whether a hedged merit leaves the unit's place open."""
    others = [other.hedge for other in placed if other.hedge and other is not it] if it.hedge else []
    if it.hedge == OR_MORE:
        return shared or it.place != 1 or OR_MORE in others or ABOUT in others
    if it.hedge == BELOW:
        return shared or it.place != placed[-1].place or BELOW in others or ABOUT in others
    return it.hedge == ABOUT and len(placed) > 1
