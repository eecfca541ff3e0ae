"""The attainment table: every indicator of a unit, cluster or the whole ledger against its targets."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.domain.attainment import EXCEEDED, MET, NO_DATA, UNDECIDED, Attainment, Summary, attain, summarised
from ucli.domain.indicators import FLOW, MOVEMENTS, Indicator
from ucli.domain.periods import Window, plan_to
from ucli.domain.quantities import Share
from ucli.domain.targets import AT_MOST, Goal
from ucli.reports.counting import Counted, Counter
from ucli.reports.registers import sums_below
from ucli.reports.scope import Scope
from ucli.reports.stocks import Stocks
from ucli.reports.structure import Node, children_of, node, span_of
from ucli.reports.structure import reporters as expected_reporters
from ucli.reports.tree import Tree

Facts = dict[Node, set[int | str]]


class Target(NamedTuple):
    goal: Goal
    issuer: Node | None = None
    profile: tuple[int, ...] = ()


class Row(NamedTuple):
    """One line of the table."""

    indicator: Indicator
    target: Target | None
    counted: Counted
    attainment: Attainment
    missing: tuple[str, ...] = ()  # codes of the units that the sum lacks
    allocated: int | None = None  # what the units directly below were given together

    def is_under(self, floor: Decimal) -> bool:
        """Tell whether a target is reached by less than so many percent; a ceiling is kept or not."""
        if self.target is None:
            return False
        percent = self.attainment.percent
        if self.target.goal.kind == AT_MOST or percent is None:
            return self.attainment.status not in (MET, EXCEEDED)
        return Fraction(percent.numerator, percent.denominator) * 100 < Fraction(floor)


class Table(NamedTuple):
    """The rows of one unit over one window, with who has reported and who has not."""

    unit: Node | None
    window: Window
    rows: list[Row]
    summary: Summary
    reported: int
    expected: int
    missing: tuple[Node, ...] = ()


class Report(NamedTuple):
    total: Table
    scope: Scope
    as_of: date
    open: bool  # the window is not over at `as_of`
    groups: list[Table] | None  # None when no groups were asked for

    @property
    def has_gaps(self) -> bool:
        """Whether the total lacks anything: a unit that has not reported, or a row without data."""
        rows = self.total.rows
        return bool(self.total.missing) or any(row.missing or row.attainment.status == NO_DATA for row in rows)


class Question(NamedTuple):
    """What is asked: which indicators, over which window, by whose structure, as known at which operation."""

    catalogue: Sequence[Indicator]
    tree: Tree
    stocks: Stocks
    window: Window
    as_of: date
    counted_to: date  # the last day that counts: the window's own unless a day was asked for
    asked: tuple[str, ...] = ()  # codes of the indicators asked for; none means all with a target or a fact

    @property
    def known(self) -> int:
        """The last operation that counts."""
        return self.tree.known


def counter_of(db: sqlite3.Connection, question: Question, scope: Scope) -> Counter:
    window = question.window.until(question.counted_to)
    return Counter(db, question.catalogue, question.stocks, question.tree, scope, window)


def table_of(db: sqlite3.Connection, question: Question, unit: Node | None, scope: Scope) -> Table:
    """Return the attainment table of one scope.

    Args:
        db: the ledger.
        question: what is asked.
        unit: whose table it is and whose targets count; None for several units or the whole ledger.
        scope: whose facts are counted.

    """
    window = question.window.until(question.counted_to)
    counter = counter_of(db, question, scope)
    targets = _targets_of(db, question, unit.id) if unit else {}
    reporters = expected_reporters(db, question.tree, scope, unit, window)
    facts, recent = _facts_of(db, counter, reporters)
    allocated = _allocated(db, question, unit) if unit and targets else {}
    rows: list[Row] = []
    for indicator in _shown(question, counter, targets):
        counted = counter.count(indicator)
        if indicator.counts == "targets" and counted.value is None:
            counted = Counted(value=_targets_met(question, counter, targets))
        missing = _missing(question, indicator, counter, facts)
        for target in targets.get(indicator.id) or (None,):
            attained = _attained(question, indicator, counted, target)
            if missing and target and target.goal.kind == AT_MOST and attained.status == MET:
                # Whoever has not reported may have gone over the ceiling.
                attained = attained._replace(status=UNDECIDED)
            rows.append(Row(indicator, target, counted, attained, missing, allocated.get(indicator.id)))
    summary = summarised(row.attainment.status for row in rows if row.target)
    if rows and all(_spoken_for(counter, row.counted) for row in rows):
        # The unit has stated every row itself: nobody below is waited for.
        return Table(unit, question.window, rows, summary, 0, 0)
    silent = tuple(child for child in facts if child not in recent)
    return Table(unit, question.window, rows, summary, len(reporters) - len(silent), len(reporters), silent)


def _shown(question: Question, counter: Counter, targets: dict[int, list[Target]]) -> list[Indicator]:
    if question.asked:
        return [indicator for indicator in question.catalogue if indicator.code in question.asked]
    return [indicator for indicator in question.catalogue if indicator.id in targets or counter.has_facts(indicator)]


def _attained(question: Question, indicator: Indicator, counted: Counted, target: Target | None) -> Attainment:
    window = question.window
    due = None
    if target and indicator.kind == FLOW and window.start <= question.as_of < window.end:
        due = plan_to(window, question.as_of, target.profile)
    return attain(counted.value, target.goal if target else None, due=due)


def _targets_met(question: Question, counter: Counter, targets: dict[int, list[Target]]) -> Share | None:
    """Count the unit's own targets, met out of set, where no figure states how many were."""
    met = summarised(
        _attained(question, indicator, counter.count(indicator), target).status
        for indicator in question.catalogue
        if indicator.counts != "targets"
        for target in targets.get(indicator.id, ())
    )
    return Share(met.met, met.targets) if met.targets else None


def _facts_of(db: sqlite3.Connection, counter: Counter, reporters: Sequence[Node]) -> tuple[Facts, set[Node]]:
    """Return what each unit below has reported, and who has reported anything in the window itself.

    Facts are numbers of indicators that were stated, also stocks of before, and names of registers that were filled.
    """
    window = counter.window
    facts: Facts = {child: set() for child in reporters}
    by_id = {child.id: child for child in reporters}
    first, last = window.start.isoformat(), window.end.isoformat()
    recorded = sums_below(db, counter.tree, by_id, first, last) if by_id else {}
    for number, sums in recorded.items():
        facts[by_id[number]].update(sums)
    recent = {by_id[number] for number in recorded}
    for figure in counter.stated_figures():
        for ancestor in counter.tree.line(figure.unit, figure.day):
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
    if indicator.formula and not counted.stated:
        parts = [it for it in question.catalogue if it.code in indicator.formula]
        return tuple(dict.fromkeys(code for it in parts for code in _missing(question, it, counter, facts)))
    register = indicator.register or ""
    sources: set[int | str] = {indicator.id, register, *MOVEMENTS.get(register, ())}
    lacking = [child.code for child, known in facts.items() if not known & sources]
    return tuple(lacking) if len(lacking) < len(facts) else ()


def _spoken_for(counter: Counter, counted: Counted) -> bool:
    """Tell whether the unit whose table it is has stated the value itself, so that none below is waited for."""
    return bool(counted.stated_percent) or any(figure.unit in counter.scope.own for figure in counted.stated)


def _targets_of(db: sqlite3.Connection, question: Question, unit: int) -> dict[int, list[Target]]:
    """Return a unit's targets for exactly this window, by indicator, in the order of their issuers."""
    targets: dict[int, list[Target]] = {}
    for row in _target_rows(db, question, [unit]):
        percent = None if row["percent"] is None else Decimal(row["percent"])
        goal = Goal(row["kind"], row["low"], row["high"], percent)
        issuer = node(db, row["issuer"], question.window.end, question.known) if row["issuer"] else None
        profile = tuple(int(weight) for weight in row["profile"].split(",")) if row["profile"] else ()
        targets.setdefault(row["indicator"], []).append(Target(goal, issuer, profile))
    return targets


def _allocated(db: sqlite3.Connection, question: Question, unit: Node) -> dict[int, int]:
    """Return what the units directly below were given together, by indicator."""
    sums: dict[int, int] = {}
    children = children_of(db, unit, span_of(question.tree, question.window), question.known)
    for row in _target_rows(db, question, [child.id for child in children]):
        # What another issuer gave the same unit is another target, not more of this one.
        if row["low"] is not None and row["issuer"] in (None, unit.id):
            sums[row["indicator"]] = sums.get(row["indicator"], 0) + row["low"]
    return sums


def _target_rows(db: sqlite3.Connection, question: Question, units: Sequence[int]) -> list[sqlite3.Row]:
    among = ", ".join(str(unit) for unit in units)
    return db.execute(
        f"SELECT * FROM target WHERE unit IN ({among}) AND start_day = ? AND end_day = ? AND from_op <= ? AND to_op > ?"
        " ORDER BY indicator, issuer IS NOT NULL, issuer",
        (question.window.start.isoformat(), question.window.end.isoformat(), question.known, question.known),
    ).fetchall()
