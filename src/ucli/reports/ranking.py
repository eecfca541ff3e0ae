"""The groups of a report in order: the best first, by how much of a target, or of how many targets, each has met."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.reports.attainment import Report, Row, Table, summary_of
from ucli.values.attainment import NO_DATA, Summary
from ucli.values.indicators import Indicator
from ucli.values.quantities import ABOUT, AT_LEAST, BELOW, Quantity, Share, opposite
from ucli.values.targets import AT_MOST
from ucli.values.units import Unit

# What is compared, exactly; the second decides between equals.
Merit = tuple[Fraction, Fraction]

_NONE, _ALL = Fraction(0), Fraction(1)


class Standing(NamedTuple):
    """Where a unit stands among the others."""

    unit: Unit
    row: Row | None  # its row of the indicator; None when targets met are compared
    summary: Summary
    merit: Merit | None = None  # None: no target, or no data
    hedge: str | None = None  # what is known of the merit: at least, below or about so much
    place: int | None = None  # 1, 2, 2, 4; None without a merit
    uncertain: bool = False  # hedged, so that the unit may stand in another place


def ranked(report: Report, indicator: Indicator | None, issuer: int | None) -> list[Standing]:
    """Return the groups of a report, the best first; those without a place last, in the report's order.

    Args:
        report: a report by units.
        indicator: the one that is compared; None to compare targets met out of set.
        issuer: only targets that this unit gave; None for all.

    Raises:
        RefusedError: a unit was given targets for the indicator by several.

    """
    standings = [_standing(table, table.unit, indicator, issuer) for table in report.groups or [] if table.unit]
    placed = sorted((it for it in standings if it.merit is not None), key=_merit, reverse=True)
    number = Counter(map(_merit, placed))
    found: list[Standing] = []
    for count, it in enumerate(placed, 1):
        place = found[-1].place if found and found[-1].merit == it.merit else count
        found.append(it._replace(place=place))
    return [
        *(it._replace(uncertain=_may_move(it, found, shared=number[_merit(it)] > 1)) for it in found),
        *(it for it in standings if it.merit is None),
    ]


def _merit(standing: Standing) -> Merit:
    assert standing.merit is not None  # noqa: S101  asked only of those that have one
    return standing.merit


def _standing(table: Table, unit: Unit, indicator: Indicator | None, issuer: int | None) -> Standing:
    rows = [row for row in table.rows if issuer is None or _given_by(row) == issuer]
    summary = summary_of(row for row in rows if row.target)
    if indicator is None:
        return Standing(unit, None, summary, *_of_targets(summary))
    row = _the_one(unit, [it for it in rows if it.indicator == indicator])
    return Standing(unit, row, summary, *(_of_row(row) if row else ()))


def _given_by(row: Row) -> int | None:
    return row.target.issuer.id if row.target and row.target.issuer else None


def _the_one(unit: Unit, rows: Sequence[Row]) -> Row | None:
    if len(rows) > 1:
        names = ", ".join(row.target.issuer.name for row in rows if row.target and row.target.issuer)
        raise RefusedError(
            _("{unit} has targets for this by several: {issuers}.").format(unit=unit.name, issuers=names),
            instead=_("Say whose targets to hold against with --issuer."),
        )
    return rows[0] if rows else None


def _of_targets(summary: Summary) -> tuple[Merit | None, str | None]:
    """Compare targets met out of set, then those exceeded; what is undecided may be met."""
    if summary.targets == summary.no_data:
        return None, None
    merit = (Fraction(summary.met, summary.targets), Fraction(summary.exceeded, summary.targets))
    return merit, AT_LEAST if summary.undecided else None


def _of_row(row: Row) -> tuple[Merit | None, str | None]:
    """Compare what was reached of the target; under a ceiling, how many times what happened would still fit."""
    value, percent = row.counted.value, row.attainment.percent
    if row.target is None or value is None or row.attainment.status == NO_DATA:
        return None, None
    hedge = ABOUT if row.missing else value.qualifier
    if row.each:
        hedge = AT_LEAST if row.each.unknown else None
    if row.target.goal.kind != AT_MOST:
        share = Fraction(percent.numerator, percent.denominator) if percent else _without_percentage(value, row)
        return (_NONE, share), hedge
    reached = Fraction(value.value) if isinstance(value, Quantity) else Fraction(value.part, value.whole)
    if reached <= 0:
        merit = (_ALL, _NONE)
    elif percent is None:  # nothing at all was to happen: the fewer the better, and none of them good
        merit = (_NONE, -reached)
    else:
        merit = (_NONE, Fraction(percent.denominator, percent.numerator))
    return merit, opposite(hedge)


def _without_percentage(value: Quantity | Share, row: Row) -> Fraction:
    """Return what is compared where there is no percentage: of a target of 0 or below, whether it was met.

    A loss where growth was the target is exactly as far below 0.
    """
    assert row.target is not None  # noqa: S101  asked only of rows that have one
    reached = Fraction(value.value) if isinstance(value, Quantity) else Fraction(value.part, value.whole)
    bound = row.target.goal.low or 0
    if bound > 0:
        return reached / bound
    return _ALL if row.target.goal.is_reached_by(reached) else reached - bound


def _may_move(it: Standing, placed: Sequence[Standing], *, shared: bool) -> bool:
    """Tell whether a hedged merit leaves open which place is the unit's."""
    others = [other.hedge for other in placed if other.hedge and other is not it] if it.hedge else []
    if it.hedge == AT_LEAST:
        return shared or it.place != 1 or AT_LEAST in others or ABOUT in others
    if it.hedge == BELOW:
        return shared or it.place != placed[-1].place or BELOW in others or ABOUT in others
    return it.hedge == ABOUT and len(placed) > 1
