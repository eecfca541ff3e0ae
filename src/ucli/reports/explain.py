"""Explains a cell: the rows that add up to it, and what was covered or left out, and why."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ucli.i18n import _
from ucli.ledger.units import unit_names
from ucli.reports import registers
from ucli.reports.attainment import Report, Row
from ucli.reports.counting import Counter, Question, count
from ucli.reports.figures import Counted, Figure
from ucli.reports.request import Request, answered, question_about
from ucli.reports.scope import Scope, Tree
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.quantities import ESTIMATE, NOT_APPLICABLE, Quantity, Value
from ucli.values.units import Unit

COUNTED = "counted"
COVERED = "covered"
LEFT_OUT = "left-out"
AS_STATED = "as-stated"  # a percentage printed by a source

# The sources of a stated stock's share that moved with units, and of stated movements.
PASSED = "passages"
MOVED = "stated-moves"


class Part(NamedTuple):
    """One line of an explanation; the counted ones add up to the cell."""

    use: str  # counted, covered, left-out, as-stated, estimate, not-applicable
    source: str  # figure, or the name of the register
    unit: str
    period: str
    value: Value | None
    figure: Figure | None = None
    collected: Value | None = None  # what was recorded inside a figure
    bundle: str | None = None  # the bundles some of it came from


class Explanation(NamedTuple):
    indicator: Indicator
    counted: Counted
    parts: list[Part]


def explained(db: sqlite3.Connection, asked: Request) -> tuple[Report, list[Explanation]]:
    """Return the report on the indicator asked for, and the explanation of its total."""
    question, subjects = question_about(db, asked)
    answer = answered(db, question, subjects, None)
    wanted = next(it for it in question.catalogue if it.code == question.asked[0])
    rows = answer.total.rows[:1]
    first, *parts = explained_cell(db, question, wanted, answer.total.unit, answer.scope, rows)
    # Only the table knows what is counted from the unit's own targets.
    return answer, [first._replace(counted=rows[0].counted) if rows else first, *parts]


def explained_cell(
    db: sqlite3.Connection,
    question: Question,
    indicator: Indicator,
    unit: Unit | None,
    scope: Scope,
    rows: Sequence[Row],
) -> list[Explanation]:
    """Explain an indicator of a unit's table; a derived one is followed by its two parts.

    The rows of the table know the figures that count nowhere: estimates, and what does not apply.
    """
    # Earlier statements are listed too, however old.
    question = question._replace(stocks=Stocks(db, question.tree, question.catalogue))
    [counter] = count(db, question, [question.group(unit, scope)], one_by_one=True, by="unit")
    uncounted = [(it, ESTIMATE) for row in rows if row.estimate for it in row.estimate.figures]
    uncounted += [(row.inapplicable, NOT_APPLICABLE) for row in rows if row.inapplicable]
    made_of = [it for it in question.catalogue if it.code in (indicator.formula or ())[::2]]
    made_of.sort(key=lambda it: (indicator.formula or ()).index(it.code))
    explanations = []
    for it in (indicator, *made_of):
        counted = counter.count(it)
        figures = [_figure(figure, use, {}) for figure, use in uncounted] if it is indicator else []
        parts = _named(db, [*_parts(db, counter, it, counted), *figures])
        explanations.append(Explanation(it, counted, parts))
    return explanations


_Unnamed = tuple[int | None, date, Part]  # the unit, and the day of its name


def _named(db: sqlite3.Connection, parts: Sequence[_Unnamed]) -> list[Part]:
    units: dict[date, set[int]] = defaultdict(set)
    for unit, day, _part in parts:
        units[day].update([unit] if unit else [])
    names = {day: unit_names(db, among, day) for day, among in units.items()}
    return [part._replace(unit=names[day][unit] if unit else "") for unit, day, part in parts]


def _parts(db: sqlite3.Connection, counter: Counter, indicator: Indicator, counted: Counted) -> Iterator[_Unnamed]:
    for figure in counted.stated:
        yield _figure(figure, COUNTED, counted.collected)
    sums: list[tuple[str, str, int | None, int]] = []  # use, source, unit, number
    register = indicator.register
    if register and indicator.is_stock:
        changes = _changes(db, counter, indicator, counted)
        sums += [(COUNTED, register, unit, number) for unit, number in sorted(changes.items())]
    elif register:
        outside, inside = counter.by_unit(indicator)
        sums += [(COUNTED, register, unit, number) for unit, number in sorted(outside.items())]
        sums += [(COVERED, register, unit, number) for unit, number in sorted(inside.items())]
    sums += [(COUNTED, MOVED, None, counted.moved), (COUNTED, PASSED, None, counted.passed)]
    bundles = _bundles(db, registers.source_of(register)) if register else {}
    for use, source, unit, number in sums:
        if number:
            part = Part(use, source, "", counter.group.window.code, Quantity(number), bundle=bundles.get(unit))
            yield unit, counter.group.window.end, part
    for use, figures in ((AS_STATED, counted.printed), (COVERED, counted.covered), (LEFT_OUT, counted.left_out)):
        yield from (_figure(figure, use, counted.collected) for figure in figures)


def _bundles(db: sqlite3.Connection, source: str) -> dict[int | None, str]:
    """Return by unit the origins of received sums, each with its last operation."""
    rows = db.execute(
        "SELECT r.unit, o.name, max(r.op) FROM received r JOIN origin o ON o.id = r.origin WHERE r.register = ?"
        " GROUP BY 1, 2",
        (source,),
    )
    found: dict[int | None, list[str]] = defaultdict(list)
    for unit, name, number in rows:
        found[unit].append(_("from the bundle of {name}, operation {number}").format(name=name, number=number))
    return {unit: "; ".join(said) for unit, said in found.items()}


def _figure(figure: Figure, use: str, collected: Mapping[int, Value]) -> _Unnamed:
    part = Part(use, "figure", "", figure.period, figure.value, figure, collected.get(figure.id))
    return figure.unit, figure.window.end, part


def _changes(db: sqlite3.Connection, counter: Counter, indicator: Indicator, counted: Counted) -> dict[int, int]:
    """Return by unit how much the registers' stock has grown since it was stated."""
    (changes, _inside), scope, then = counter.by_unit(indicator), counter.group.scope, Tree(db)
    then.learn(it.unit for it in counted.stated)
    asked = then.below(
        (it.id, scope.roots if it.unit in scope.clusters else (it.unit,), it.day, it.day) for it in counted.stated
    )
    for (_step, _figure, unit), sums in registers.sums(
        db, [indicator.register or ""], registers.BELOW, "unit", asked=asked
    ).items():
        changes[unit] -= registers.counted(indicator.register or "", sums)
    return changes
