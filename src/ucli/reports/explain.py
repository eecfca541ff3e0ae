"""Explains a cell: the rows that add up to it, and what was covered or left out, and why."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ucli.i18n import _
from ucli.ledger.units import unit_names
from ucli.reports import registers
from ucli.reports.attainment import Report
from ucli.reports.counting import Counter, count
from ucli.reports.figures import Counted, Figure
from ucli.reports.request import Request, answered, question_about
from ucli.reports.scope import Tree
from ucli.reports.stocks import Stocks
from ucli.values.indicators import Indicator
from ucli.values.quantities import ESTIMATE, NOT_APPLICABLE, Quantity, Value

COUNTED = "counted"
COVERED = "covered"
LEFT_OUT = "left-out"
AS_STATED = "as-stated"  # a percentage printed by a source

# The sources of a stated stock's share that moved with units, and of stated movements.
PASSED = "passages"
MOVED = "stated-moves"


class Contribution(NamedTuple):
    """One line of an explanation; the counted ones add up to the cell."""

    use: str  # counted, covered, left-out, as-stated, estimate, not-applicable
    source: str  # figure, or the name of the register
    unit: str
    period: str
    value: Value | None
    figure: Figure | None = None
    collected: Value | None = None  # what was recorded inside a figure
    bundle: str | None = None  # the bundles some of it came from
    within: int | None = None  # the number of the figure that covers it
    why: str = ""  # one of the reasons of `attainment` for which it is left out


class Explanation(NamedTuple):
    indicator: Indicator
    counted: Counted
    parts: list[Contribution]


def explained(db: sqlite3.Connection, asked: Request) -> tuple[Report, list[Explanation]]:
    """Return the report on the indicator asked for, and the explanation of its total.

    A derived indicator is followed by its two parts.
    """
    question, subjects = question_about(db, asked)
    answer = answered(db, question, subjects, None)
    indicator = next(it for it in question.catalogue if it.code == question.asked[0])
    # Earlier statements are listed too, however old.
    question = question._replace(stocks=Stocks(db, question.tree, question.catalogue))
    [counter] = count(db, question, [question.group(answer.total.unit, answer.scope)], one_by_one=True, by="unit")
    made_of = [it for it in question.catalogue if it.code in (indicator.formula or ())[::2]]
    made_of.sort(key=lambda it: (indicator.formula or ()).index(it.code))
    explanations = []
    for it in (indicator, *made_of):
        counted = counter.count(it)
        parts = [*_parts(db, counter, it, counted, answer)]
        for row in answer.total.rows[:1] if it is indicator else ():
            # Only the table knows what is counted from the unit's own targets, and which figures count nowhere.
            counted = row.counted
            parts += [_figure(figure, ESTIMATE) for figure in (row.estimate.figures if row.estimate else ())]
            parts += [_figure(row.inapplicable, NOT_APPLICABLE)] if row.inapplicable else []
        explanations.append(Explanation(it, counted, _named(db, parts)))
    return answer, explanations


_Unnamed = tuple[int | None, date, Contribution]  # the unit, and the day of its name


def _named(db: sqlite3.Connection, parts: Sequence[_Unnamed]) -> list[Contribution]:
    units: dict[date, set[int]] = defaultdict(set)
    for unit, day, _part in parts:
        units[day].update([unit] if unit else [])
    names = {day: unit_names(db, among, day) for day, among in units.items()}
    return [part._replace(unit=names[day][unit] if unit else "") for unit, day, part in parts]


def _parts(
    db: sqlite3.Connection, counter: Counter, indicator: Indicator, counted: Counted, report: Report
) -> Iterator[_Unnamed]:
    for figure in counted.stated:
        yield _figure(figure, COUNTED, collected=counted.collected.get(figure.id))
    sums: list[tuple[str, str, int | None, int]] = []  # use, source, unit, number
    register = indicator.register
    if register and indicator.is_stock:
        changes = _changes(db, counter, indicator, counted)
        sums += [(COUNTED, register, unit, number) for unit, number in sorted(changes.items())]
    elif register:
        outside, inside = counter.by_unit(indicator)
        sums += [(COUNTED, register, unit, number) for unit, number in sorted(outside.items())]
        sums += [(COVERED, register, unit, number) for unit, number in sorted(inside.items())]
    elsewhere = {it.id for it, _number in counted.elsewhere}
    holder = elsewhere.pop() if len(elsewhere) == 1 and not counted.stated else None
    sums += [(COUNTED, MOVED, None, counted.moved), (COUNTED, PASSED, None, counted.passed)]
    bundles = _bundles(db, registers.source_of(register)) if register else {}
    for use, source, unit, number in sums:
        if number:
            part = Contribution(use, source, "", counter.group.window.code, Quantity(number), bundle=bundles.get(unit))
            part = part._replace(within=holder) if use == COVERED else part
            yield unit, counter.group.window.end, part
    yield from (_figure(it, AS_STATED) for it in counted.printed)
    yield from (_figure(it, COVERED, within=counted.covered_by.get(it.id)) for it in counted.covered)
    yield from (_figure(it, LEFT_OUT, why=report.why_left_out(indicator, it)) for it in counted.left_out)


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


def _figure(figure: Figure, use: str, **about: Any) -> _Unnamed:
    part = Contribution(use, "figure", "", figure.period, figure.value, figure, **about)
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
