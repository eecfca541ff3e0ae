"""Where a cell comes from: the rows that add up to it, and what was covered or left out, and why."""

import sqlite3
from collections import Counter as Counts
from collections.abc import Sequence
from typing import NamedTuple

from ucli.reports import registers
from ucli.reports.attainment import Question, Request, Row, counters_of
from ucli.reports.counting import Counter
from ucli.reports.figures import Counted, Figure
from ucli.reports.scope import Group, Scope, Tree
from ucli.reports.structure import unit_at
from ucli.values.indicators import Indicator
from ucli.values.quantities import ESTIMATE, NOT_APPLICABLE, Quantity, Share
from ucli.values.units import Unit

COUNTED = "counted"
COVERED = "covered"
LEFT_OUT = "left-out"
AS_STATED = "as-stated"  # a percentage that its source printed, with which nothing is computed

# The sources of what units that came or went took along of a stated stock, and of what was stated of its movement.
PASSED = "passages"
MOVED = "stated-moves"


class Part(NamedTuple):
    """One line under a cell; the counted ones add up to it."""

    use: str  # counted, covered, left-out, as-stated, estimate, not-applicable
    source: str  # figure, or the name of the register
    number: int | None  # of the figure
    unit: str
    period: str
    value: Quantity | Share | None
    collected: Quantity | Share | None = None  # what was recorded inside a figure's box
    document: str | None = None
    operation: int | None = None
    percent: str | None = None  # as its source printed it
    percent_qualifier: str | None = None


class Explanation(NamedTuple):
    indicator: Indicator
    value: Quantity | Share | None
    parts: list[Part]
    stated_percent: str | None = None
    stated_qualifier: str | None = None


def explained_cell(
    db: sqlite3.Connection,
    question: Question,
    indicator: Indicator,
    unit: Unit | None,
    scope: Scope,
    rows: Sequence[Row],
) -> list[Explanation]:
    """Explain an indicator of a unit's table; a derived one is followed by the two it is made of.

    Args:
        db: the ledger.
        question: what is asked.
        indicator: the cell's.
        unit: whose table it is.
        scope: whose facts are counted.
        rows: the row of the table, which knows what stands beside the figures.

    """
    [counter] = counters_of(db, question, [Request(unit, scope, question).group], one_by_one=True)
    explanations = [_explanation(db, counter, indicator)]
    beside = [(it, ESTIMATE) for row in rows if row.estimate for it in row.estimate.figures]
    beside += [(row.inapplicable, NOT_APPLICABLE) for row in rows if row.inapplicable]
    explanations[0].parts.extend(_figure_part(db, it, use, Counted()) for it, use in beside)
    if indicator.formula:
        by_code = {it.code: it for it in question.catalogue}
        left, _sign, right = indicator.formula
        explanations += [_explanation(db, counter, by_code[code]) for code in (left, right)]
    return explanations


def _explanation(db: sqlite3.Connection, counter: Counter, indicator: Indicator) -> Explanation:
    counted = counter.count(indicator)
    parts = [_figure_part(db, it, COUNTED, counted) for it in counted.stated]
    parts += _register_parts(db, counter, indicator, counted)
    for source, number in ((MOVED, counted.moved), (PASSED, counted.passed)):
        if number:
            parts.append(_register_part(db, counter, COUNTED, source, None, number))
    parts += [_figure_part(db, it, AS_STATED, counted) for it in counted.printed]
    parts += [_figure_part(db, it, COVERED, counted) for it in counted.covered]
    parts += [_figure_part(db, it, LEFT_OUT, counted) for it in counted.left_out]
    return Explanation(indicator, counted.value, parts, counted.stated_percent, counted.stated_qualifier)


def _figure_part(db: sqlite3.Connection, figure: Figure, use: str, counted: Counted) -> Part:
    return Part(
        use=use,
        source="figure",
        number=figure.id,
        unit=unit_at(db, figure.unit, figure.window.end).name,
        period=figure.window.code,
        value=figure.value,
        collected=counted.collected.get(figure.id),
        document=figure.source,
        operation=figure.operation,
        percent=figure.stated_percent,
        percent_qualifier=figure.stated_qualifier,
    )


def _register_parts(db: sqlite3.Connection, counter: Counter, indicator: Indicator, counted: Counted) -> Sequence[Part]:
    """Return what the registers add, unit by unit: outside every stated box, and inside them."""
    if indicator.register is None:
        return []
    if indicator.is_stock:
        return _held_parts(db, counter, indicator, counted)
    outside, inside = counter.by_unit(indicator)
    return [
        _register_part(db, counter, use, indicator.register, unit, number)
        for use, found in ((COUNTED, outside), (COVERED, inside))
        for unit, number in sorted(found.items())
    ]


def _held_parts(db: sqlite3.Connection, counter: Counter, indicator: Indicator, counted: Counted) -> Sequence[Part]:
    """Return how much more the registers hold of a stock, unit by unit, than they did when it was stated."""
    register = indicator.register or ""
    counter.tree.fill([counter.group])
    changes = Counts(registers.held(db, register, by="unit"))
    then = Tree(db)
    for figure in counted.stated:
        roots = counter.scope.roots if figure.unit in counter.scope.clusters else (figure.unit,)
        then.fill([Group(Scope(roots), figure.window, figure.day)])
        changes.subtract(registers.held(db, register, by="unit"))
    return [
        _register_part(db, counter, COUNTED, register, unit, number)
        for unit, number in sorted(changes.items())
        if number
    ]


def _register_part(
    db: sqlite3.Connection, counter: Counter, use: str, source: str, unit: int | None, number: int
) -> Part:
    return Part(
        use=use,
        source=source,
        number=None,
        unit=unit_at(db, unit, counter.window.end).name if unit else "",
        period=counter.window.code,
        value=Quantity(number),
    )
