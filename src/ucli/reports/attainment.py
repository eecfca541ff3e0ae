"""The attainment table: every indicator of a unit, cluster or the whole ledger against its targets."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.domain.attainment import EXCEEDED, MET, NO_DATA, UNDECIDED, UNMET, Attainment, Summary, attain, summarised
from ucli.domain.indicators import FLOW, MOVEMENTS, Indicator
from ucli.domain.periods import BEGINNING, FOREVER, Window, plan_to
from ucli.domain.quantities import Share
from ucli.domain.targets import AT_MOST
from ucli.reports.boxes import Counted
from ucli.reports.counting import Counter
from ucli.reports.registers import filled_by
from ucli.reports.reopened import Reopened
from ucli.reports.scope import Scope
from ucli.reports.stated import Figures
from ucli.reports.stocks import Stocks
from ucli.reports.structure import Node, children_of, span_of
from ucli.reports.structure import reporters as expected_reporters
from ucli.reports.targets import Target, Targets, allocated_below, targets_of
from ucli.reports.tree import Tree, day_before

Facts = dict[Node, set[int | str]]


class Row(NamedTuple):
    """One line of the table."""

    indicator: Indicator
    target: Target | None
    counted: Counted
    attainment: Attainment
    missing: tuple[str, ...] = ()  # codes of the units that the sum lacks
    allocated: int | None = None  # what the units directly below were given together

    @property
    def missed_percent(self) -> Decimal | None:
        """The percentage that a share should have reached, where it did not."""
        return self.target.goal.percent if self.target and self.attainment.status == UNMET else None

    @property
    def is_only_printed(self) -> bool:
        """Whether all that is known are percentages that sources printed, with which nothing is computed."""
        is_printed = bool(self.counted.stated_percent) or self.counted.printed_below
        return self.counted.value is None and is_printed

    def is_under(self, floor: Decimal) -> bool:
        """Tell whether a target is reached by less than so many percent; a ceiling is kept or not."""
        if self.target is None:
            return False
        percent = self.attainment.percent
        if self.target.goal.kind == AT_MOST or percent is None:
            return self.attainment.status not in (MET, EXCEEDED)
        return Fraction(percent.numerator, percent.denominator) * 100 < Fraction(floor)


class Part(NamedTuple):
    """What a unit was before others went up in it, or one of those: its table by the structure of then."""

    table: "Table"
    until: date | None  # the day it went up in the unit; None for the unit itself


class Table(NamedTuple):
    """The rows of one unit over one window, with who has reported and who has not."""

    unit: Node | None
    window: Window
    rows: list[Row]
    summary: Summary
    reported: int
    expected: int
    missing: tuple[Node, ...] = ()
    parts: tuple[Part, ...] = ()
    apart: bool = False  # the targets of the parts stay theirs, and are not in this table


class Report(NamedTuple):
    total: Table
    scope: Scope
    as_of: date
    open: bool  # the window is not over at `as_of`
    groups: list[Table] | None  # None when no groups were asked for
    structure: date | None = None  # by whose structure was counted; None: by that of each fact's own day
    ended: tuple[date, tuple[Node, ...]] | None = None  # the unit is no more since a day, and who followed it
    unplaced: tuple[Node, ...] = ()  # whose facts belong nowhere in the structure asked for
    reopened: tuple[Reopened, ...] = ()  # windows it touches that were handed in and take facts again
    names: Mapping[int, str] = {}  # of the units whose figures stand beside others or were left out

    @property
    def has_gaps(self) -> bool:
        """Whether the total, or a piece of its window, lacks a report of a unit, or a row has no data."""
        pieces = [group for group in self.groups or () if group.window != self.total.window]
        return any(
            table.missing or any(row.missing or row.attainment.status == NO_DATA for row in table.rows)
            for table in (self.total, *pieces)
        )


class Question(NamedTuple):
    """What is asked: which indicators, over which window, by whose structure, as known at which operation."""

    catalogue: Sequence[Indicator]
    tree: Tree
    stocks: Stocks
    stated: Figures
    window: Window
    as_of: date
    counted_to: date  # the last day that counts: the window's own unless a day was asked for
    sum_predecessors: bool = False
    asked: tuple[str, ...] = ()  # codes of the indicators asked for; none means all with a target or a fact

    @property
    def known(self) -> int:
        """The last operation that counts."""
        return self.tree.known

    @property
    def is_open(self) -> bool:
        """Whether the window has begun and is not over on the day asked about."""
        return self.window.start <= self.as_of < self.window.lasted.end


def counter_of(question: Question, scope: Scope, unit: Node | None = None, *, one_by_one: bool = False) -> Counter:
    """Return what counts a scope; of a unit that ended in the window, stocks are those of its last day.

    In the structure of one day nobody ends: what was a unit's on that day is its own ever after.
    """
    window = question.window.until(question.counted_to)
    eve = day_before(question.tree.life(unit.id)[1]) if unit and not question.tree.day else FOREVER
    ended_in = window.start.isoformat() <= eve < window.end.isoformat()
    stock_day = eve if ended_in else window.end.isoformat()
    return Counter(
        question.catalogue,
        question.stocks,
        question.stated,
        question.tree,
        scope,
        window,
        stock_day,
        one_by_one=one_by_one,
    )


def own_targets(db: sqlite3.Connection, question: Question, unit: int) -> Targets:
    """Return what a unit was given for the window that is asked about."""
    return targets_of(db, question.catalogue, unit, question.window, question.known)


def table_of(
    db: sqlite3.Connection,
    question: Question,
    unit: Node | None,
    scope: Scope,
    targets: Targets | None = None,
    *,
    group: bool = False,
) -> Table:
    """Return the attainment table of one scope.

    Args:
        db: the ledger.
        question: what is asked.
        unit: whose table it is and whose targets count; None for several units or the whole ledger.
        scope: whose facts are counted.
        targets: what they are held against, where that is not just what the unit was given.
        group: whether the table is one of a whole, where stocks are those of the window's last day for all.

    """
    window = question.window.until(question.counted_to)
    counter = counter_of(question, scope, None if group else unit)
    if targets is None:
        targets = own_targets(db, question, unit.id) if unit else {}
    reporters = expected_reporters(db, question.tree, scope, unit, window)
    facts, recent = _facts_of(question, counter, reporters)
    allocated: dict[int, int] = {}
    if unit and targets:
        children = children_of(db, unit, span_of(question.tree, question.window), question.known)
        allocated = allocated_below(db, unit.id, children, question.window, question.known)
    rows: list[Row] = []
    for indicator in _shown(question, counter, targets):
        counted = counter.count(indicator)
        if indicator.counts == "targets" and counted.value is None:
            counted = replace(counted, value=_targets_met(question, counter, targets))
        missing = _missing(question, indicator, counter, facts)
        for target in targets.get(indicator.id) or (None,):
            attained = _attained(question, indicator, counted, target)
            if missing and target and target.goal.kind == AT_MOST and attained.status == MET:
                # Whoever has not reported may have gone over the ceiling.
                attained = attained._replace(status=UNDECIDED)
            rows.append(Row(indicator, target, counted, attained, missing, allocated.get(indicator.id)))
    summary = summary_of(row for row in rows if row.target)
    if rows and all(_spoken_for(counter, row.counted) for row in rows):
        # The unit has stated every row itself: nobody below is waited for.
        return Table(unit, question.window, rows, summary, 0, 0)
    silent = tuple(child for child in facts if child not in recent)
    return Table(unit, question.window, rows, summary, len(reporters) - len(silent), len(reporters), silent)


def summary_of(rows: Iterable[Row]) -> Summary:
    """Count rows that have a target by what became of it."""
    counted = list(rows)
    printed = sum(row.is_only_printed for row in counted)
    return summarised((row.attainment.status for row in counted), printed)


def _shown(question: Question, counter: Counter, targets: Targets) -> list[Indicator]:
    if question.asked:
        return [indicator for indicator in question.catalogue if indicator.code in question.asked]
    return [indicator for indicator in question.catalogue if indicator.id in targets or counter.has_facts(indicator)]


def _attained(question: Question, indicator: Indicator, counted: Counted, target: Target | None) -> Attainment:
    window = question.window
    due = None
    if target and indicator.kind == FLOW and question.is_open:
        due = plan_to(window, question.as_of, target.profile)
    return attain(counted.value, target.goal if target else None, due=due)


def _targets_met(question: Question, counter: Counter, targets: Targets) -> Share | None:
    """Count the unit's own targets, met out of set, where no figure states how many were."""
    met = summarised(
        _attained(question, indicator, counter.count(indicator), target).status
        for indicator in question.catalogue
        if indicator.counts != "targets"
        for target in targets.get(indicator.id, ())
    )
    return Share(met.met, met.targets) if met.targets else None


def _facts_of(question: Question, counter: Counter, reporters: Sequence[Node]) -> tuple[Facts, set[Node]]:
    """Return what each unit below has reported, and who has reported anything in the window itself.

    Facts are numbers of indicators that were stated, also stocks of before, and names of registers that were filled.
    """
    window, tree = counter.window, counter.tree
    by_id = {child.id: child for child in reporters}
    first, last = window.start.isoformat(), window.end.isoformat()
    stated = question.stated.reported(list(by_id), counter.scope.roots, window)
    filled = filled_by(tree, by_id, first, last)
    facts: Facts = {child: {*filled[number], *stated[number]} for number, child in by_id.items()}
    recent = {child for child in reporters if facts[child]}
    for figure in counter.stated_figures() if reporters else ():
        for ancestor in tree.line(figure.unit, figure.day):
            if ancestor in by_id:
                facts[by_id[ancestor]].add(figure.indicator)
                if figure.day >= first:
                    recent.add(by_id[ancestor])
    return facts, recent


def _missing(question: Question, indicator: Indicator, counter: Counter, facts: Facts) -> tuple[str, ...]:
    """Return the codes of the units that a sum lacks: others below have reported the indicator, they have not."""
    counted = counter.count(indicator)
    if counted.value is None or _spoken_for(counter, counted):
        return ()
    if indicator.formula and not counted.stated and not counted.leaves:
        parts = [it for it in question.catalogue if it.code in indicator.formula]
        return tuple(dict.fromkeys(code for it in parts for code in _missing(question, it, counter, facts)))
    register = indicator.register or ""
    sources: set[int | str] = {indicator.id, register, *MOVEMENTS.get(register, ())}
    lacking = [child for child, known in facts.items() if not known & sources]
    if indicator.is_stock and register and lacking:
        # Where nobody came or went in the window, the registers hold whoever came before.
        filled = filled_by(question.tree, [child.id for child in lacking], BEGINNING, counter.stock_day)
        lacking = [child for child in lacking if not filled[child.id] & sources]
    # What is stated, though by none of them, was stated by one that went up in the unit.
    is_stated = bool(counted.stated or counted.leaves)
    return tuple(child.code for child in lacking) if len(lacking) < len(facts) or is_stated else ()


def _spoken_for(counter: Counter, counted: Counted) -> bool:
    """Tell whether the unit whose table it is has stated the value itself, so that none below is waited for."""
    return bool(counted.stated_percent) or any(figure.unit in counter.scope.own for figure in counted.stated)
