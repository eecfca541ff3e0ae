"""Where a cell comes from: the rows that add up to it, and what was covered or left out, and why."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from ucli.domain.indicators import Indicator
from ucli.domain.quantities import Quantity, Share
from ucli.reports.attainment import Question
from ucli.reports.counting import BEGINNING, Counted, Counter
from ucli.reports.figures import Figure
from ucli.reports.registers import register_rows
from ucli.reports.scope import Scope
from ucli.reports.structure import node

COUNTED = "counted"
COVERED = "covered"
LEFT_OUT = "left-out"


class Part(NamedTuple):
    """One line under a cell; the counted ones add up to it."""

    use: str  # counted, covered, left-out
    source: str  # figure, or the name of the register
    number: int | None  # of the figure
    unit: str
    period: str
    value: Quantity | Share | None
    collected: Quantity | Share | None = None  # what was recorded inside a figure's box
    document: str | None = None
    operation: int | None = None


class Explanation(NamedTuple):
    indicator: Indicator
    value: Quantity | Share | None
    parts: list[Part]


def explained_cell(db: sqlite3.Connection, question: Question, indicator: Indicator, scope: Scope) -> list[Explanation]:
    """Explain an indicator in a scope; a derived one is followed by the two it is made of."""
    counter = Counter(db, question.catalogue, scope, question.window.until(question.counted_to), question.known)
    explanations = [_explanation(db, question, counter, indicator)]
    if indicator.formula:
        by_code = {it.code: it for it in question.catalogue}
        left, _sign, right = indicator.formula
        explanations += [_explanation(db, question, counter, by_code[code]) for code in (left, right)]
    return explanations


def _explanation(db: sqlite3.Connection, question: Question, counter: Counter, indicator: Indicator) -> Explanation:
    counted = counter.count(indicator)
    parts = [_figure_part(db, question, it, COUNTED, counted) for it in counted.stated]
    parts += _register_parts(db, question, counter, indicator, counted)
    parts += [_figure_part(db, question, it, COVERED, counted) for it in counted.covered]
    parts += [_figure_part(db, question, it, LEFT_OUT, counted) for it in counted.left_out]
    return Explanation(indicator, counted.value, parts)


def _figure_part(db: sqlite3.Connection, question: Question, figure: Figure, use: str, counted: Counted) -> Part:
    return Part(
        use=use,
        source="figure",
        number=figure.id,
        unit=node(db, figure.unit, figure.window.end, question.known).name,
        period=figure.window.code,
        value=figure.value,
        collected=counted.collected.get(figure.id),
        document=figure.source,
        operation=figure.operation,
    )


def _register_parts(
    db: sqlite3.Connection, question: Question, counter: Counter, indicator: Indicator, counted: Counted
) -> Sequence[Part]:
    """Return what the registers add, unit by unit: outside every stated box, and inside them."""
    if indicator.register is None:
        return []
    window = counter.window
    start = BEGINNING if indicator.is_stock else window.start.isoformat()
    boxes: dict[int, list[tuple[str, str]]] = {}
    for it in counted.stated:
        days = (_first_covered(indicator, it), it.window.end.isoformat())
        boxes.setdefault(it.unit, []).append(days)
    parts: dict[tuple[str, int, str], int] = {}
    for unit, day, name, number in register_rows(
        db, counter.scope.roots, start, window.end.isoformat(), indicator.register, question.known
    ):
        above = [*counter.scope.clusters, *counter.ancestors_on(unit, day)]
        inside = any(first <= day <= last for box in above for first, last in boxes.get(box, ()))
        key = (COVERED if inside else COUNTED, unit, name)
        parts[key] = parts.get(key, 0) + number
    return [
        Part(
            use=use,
            source=name,
            number=None,
            unit=node(db, unit, window.end, question.known).name,
            period=window.code,
            value=Quantity(number),
        )
        for (use, unit, name), number in sorted(parts.items())
    ]


def _first_covered(indicator: Indicator, figure: Figure) -> str:
    """Return the first day a statement speaks for: a stock's speaks for all that came before."""
    return BEGINNING if indicator.is_stock else figure.window.start.isoformat()
