"""The attainment table: every indicator of a unit, cluster or the whole ledger against its targets."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.domain.attainment import EXCEEDED, MET, NO_DATA, UNDECIDED, UNMET, Attainment, Summary, attain, summarised
from ucli.domain.indicators import FLOW, Indicator
from ucli.domain.periods import FOREVER, Window, plan_to
from ucli.domain.quantities import Share
from ucli.domain.targets import AT_MOST
from ucli.reports.completeness import Known, known_of
from ucli.reports.counting import Counted, Counter, count, total_of
from ucli.reports.figures import Figure, Value, figures_beside
from ucli.reports.registers import kept_by
from ucli.reports.reopened import Reopened
from ucli.reports.scope import Group, Scope, Tree, day_before
from ucli.reports.stocks import Stocks
from ucli.reports.structure import Node, children_of, span_of
from ucli.reports.structure import reporters as expected_reporters
from ucli.reports.targets import Target, Targets, allocated_below, targets_of


class Estimate(NamedTuple):
    """What is expected of a window by its end, held against the target; it counts nowhere."""

    value: Value | None
    figures: tuple[Figure, ...]  # the unit's own, else those of all below it
    attainment: Attainment

    @property
    def qualifier(self) -> str | None:
        """How the estimate itself is hedged."""
        return self.value.qualifier if self.value else self.figures[0].stated_qualifier

    @property
    def stated_percent(self) -> str | None:
        """The percentage that is all that was estimated."""
        return None if self.value else self.figures[0].stated_percent


class Row(NamedTuple):
    """One line of the table."""

    indicator: Indicator
    target: Target | None
    counted: Counted
    attainment: Attainment
    missing: tuple[str, ...] = ()  # codes of the units that the sum lacks
    allocated: int | None = None  # what the units directly below were given together
    estimate: Estimate | None = None
    reason: str | None = None  # why the target was missed, as the unit said
    inapplicable: Figure | None = None  # by which the unit says that it does not apply to it
    first: str = ""  # day of the window

    @property
    def applies(self) -> bool:
        """Whether the unit is asked for it at all: it says so, or has stated it all the same."""
        return self.inapplicable is None or self.attainment.status != NO_DATA

    @property
    def stated_on(self) -> str | None:
        """The day of the statement that a stock rests on, the oldest where there are several."""
        days = [it.day for it in self.counted.stated] if self.indicator.is_stock else []
        return min(days, default=None)

    @property
    def is_stale(self) -> bool:
        """Whether a stock rests on a statement that is older than the window."""
        return self.stated_on is not None and self.stated_on < self.first

    @property
    def is_without_data(self) -> bool:
        """Whether nothing at all is known of what should be."""
        return self.attainment.status == NO_DATA and self.applies and not self.counted.stated_percent

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


class Reporting(NamedTuple):
    """Of how many units some indicators were waited for, and who has not reported them."""

    indicators: tuple[Indicator, ...]  # none: everything that the table shows
    expected: int
    missing: tuple[Node, ...]


class Table(NamedTuple):
    """The rows of one unit over one window, with who has reported and who has not."""

    unit: Node | None
    window: Window
    rows: list[Row]
    summary: Summary
    reported: int
    expected: int
    missing: tuple[Node, ...] = ()
    reporting: tuple[Reporting, ...] = ()  # the same indicator by indicator, where they differ
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
            table.missing or any(row.missing or row.is_without_data for row in table.rows)
            for table in (self.total, *pieces)
        )


# The estimates of units for a window, and what does not apply to whom, by unit and indicator.
Beside = tuple[Mapping[tuple[int, int], Figure], Mapping[tuple[int, int], Figure]]


class Question(NamedTuple):
    """What is asked: which indicators, over which window, by whose structure, as known at which operation."""

    catalogue: Sequence[Indicator]
    tree: Tree
    stocks: Stocks
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


class Request(NamedTuple):
    """One table that is asked for."""

    unit: Node | None  # whose table it is and whose targets count; None for several units or the whole ledger
    scope: Scope  # whose facts are counted
    question: Question
    targets: Targets | None = None  # what they are held against, where that is not just what the unit was given
    is_group: bool = False  # one of a whole, where stocks are those of the window's last day for all
    has_parts: bool = False  # what the unit and those merged into it were before stands beside it

    @property
    def window(self) -> Window:
        """The days whose facts count."""
        return self.question.window.until(self.question.counted_to)

    @property
    def group(self) -> Group:
        """What is counted; of a unit that ended in the window, stocks are those of its last day.

        In the structure of one day nobody ends: what was a unit's on that day is its own ever after.
        """
        window, tree = self.window, self.question.tree
        ends = self.unit is not None and not self.is_group and not tree.day
        eve = day_before(tree.life(self.unit.id)[1]) if ends and self.unit else FOREVER
        is_inside = window.start.isoformat() <= eve < window.end.isoformat()
        return Group(self.scope, window, eve if is_inside else window.end.isoformat(), self.question.window)


def counters_of(
    db: sqlite3.Connection, question: Question, groups: Sequence[Group], *, one_by_one: bool = False
) -> list[Counter]:
    """Return what counts some groups by the structure of a question."""
    return count(db, question.tree, question.catalogue, question.stocks, groups, question.asked, one_by_one=one_by_one)


def own_targets(db: sqlite3.Connection, question: Question, unit: int) -> Targets:
    """Return what a unit was given for the window that is asked about."""
    return targets_of(db, question.catalogue, unit, question.window, question.known)


def tables_of(db: sqlite3.Connection, requests: Sequence[Request]) -> list[Table]:
    """Return the attainment tables that are asked for, all by one structure and of one catalogue."""
    if not requests:
        return []
    question = requests[0].question
    counters = counters_of(db, question, [it.group for it in requests])
    targets = [
        own_targets(db, it.question, it.unit.id) if it.targets is None and it.unit else it.targets or {}
        for it in requests
    ]
    expected = [expected_reporters(db, question.tree, it.scope, it.unit, it.window) for it in requests]
    stated = {number for counter in counters for number in counter.stated}
    stated |= {it.id for it in question.catalogue if it.is_stock and question.stocks.is_stated(it)}
    known = known_of(
        db,
        question.tree,
        stated,
        [(units, it.scope, it.window) for units, it in zip(expected, requests, strict=True)],
    )
    beside = _beside(db, requests, known)
    return [_table(db, *parts) for parts in zip(requests, counters, targets, known, beside, strict=True)]


def _beside(db: sqlite3.Connection, requests: Sequence[Request], known: Sequence[Known]) -> list[Beside]:
    """Return by table what stands beside the figures of its unit and of those waited for: looked up once a window."""
    units: dict[tuple[Window, date], set[int]] = {}
    for request, waited in zip(requests, known, strict=True):
        key = request.question.window, request.question.counted_to
        units.setdefault(key, set()).update((*request.scope.own, *(it.id for it in waited)))
    found = {key: figures_beside(db, among, *key) for key, among in units.items()}
    return [found[it.question.window, it.question.counted_to] for it in requests]


def _table(
    db: sqlite3.Connection, request: Request, counter: Counter, targets: Targets, known: Known, beside: Beside
) -> Table:
    question, unit = request.question, request.unit
    estimates, not_applicable = beside
    own = request.scope.own
    allocated: dict[int, int] = {}
    if unit and targets:
        children = children_of(db, unit, span_of(question.tree, question.window), question.known)
        allocated = allocated_below(db, unit.id, children, question.window, question.known)
    rows: list[Row] = []
    expected = {it: _estimated(estimates, it, own, known) for _unit, it in estimates}
    for indicator in _shown(question, counter, targets, {it for it, figures in expected.items() if figures}):
        counted = counter.count(indicator)
        estimated = expected.get(indicator.id, ())
        reasons = [it.reason for it in (*counted.stated, *counted.printed, *estimated) if it.unit in own and it.reason]
        if indicator.counts == "targets" and counted.value is None:
            counted = replace(counted, value=_targets_met(question, counter, targets))
        concerned = {it: facts for it, facts in known.items() if (it.id, indicator.id) not in not_applicable}
        missing = _missing(question, indicator, counter, concerned)
        for target in targets.get(indicator.id) or (None,):
            attained = _attained(question, indicator, counted, target)
            if missing and target and target.goal.kind == AT_MOST and attained.status == MET:
                # Whoever has not reported may have gone over the ceiling.
                attained = attained._replace(status=UNDECIDED)
            rows.append(
                Row(
                    indicator,
                    target,
                    counted,
                    attained,
                    missing,
                    allocated.get(indicator.id),
                    _held_against(target, estimated),
                    "; ".join(dict.fromkeys(reasons)) or None,
                    inapplicable=next((it for unit in own if (it := not_applicable.get((unit, indicator.id)))), None),
                    first=question.window.start.isoformat(),
                )
            )
    summary = summary_of(row for row in rows if row.target and row.applies)
    if rows and all(_spoken_for(row.counted) for row in rows):
        # The unit has stated every row itself: nobody below is waited for.
        return Table(unit, question.window, rows, summary, 0, 0)
    if rows:
        shown = {row.indicator.id for row in rows}
        known = {
            it: facts for it, facts in known.items() if any((it.id, number) not in not_applicable for number in shown)
        }
    silent = _silent(question, rows, known)
    reporting = tuple(_reporting(rows, known, not_applicable)) if known else ()
    if len(reporting) == 1:
        reporting = (reporting[0]._replace(indicators=()),)
    elif known and not reporting:
        reporting = (Reporting((), len(known), silent),)
    return Table(unit, question.window, rows, summary, len(known) - len(silent), len(known), silent, reporting)


def _reporting(rows: Sequence[Row], known: Known, not_applicable: Collection[tuple[int, int]]) -> Iterator[Reporting]:
    """Yield who has reported what, the indicators that the same units lack together."""
    by_code = {node.code: node for node in known}
    lacking: dict[tuple[tuple[str, ...], int], dict[Indicator, None]] = {}
    for row in rows:
        if row.counted.value is not None and not _spoken_for(row.counted):
            waited = sum((it.id, row.indicator.id) not in not_applicable for it in known)
            lacking.setdefault((row.missing, waited), {})[row.indicator] = None
    for (codes, waited), indicators in lacking.items():
        yield Reporting(tuple(indicators), waited, tuple(by_code[code] for code in codes))


def summary_of(rows: Iterable[Row]) -> Summary:
    """Count rows that have a target by what became of it."""
    counted = list(rows)
    printed = sum(row.is_only_printed for row in counted)
    return summarised((row.attainment.status for row in counted), printed)


def _estimated(
    estimates: Mapping[tuple[int, int], Figure], indicator: int, own: Iterable[int], waited: Iterable[Node]
) -> tuple[Figure, ...]:
    """Return the estimate of the unit itself, else those of the units below it, where all of them gave one."""
    for units in (own, [it.id for it in waited]):
        found = [estimates.get((it, indicator)) for it in units]
        if found and all(found):
            return tuple(it for it in found if it)
    return ()


def _held_against(target: Target | None, estimated: Sequence[Figure]) -> Estimate | None:
    if not estimated:
        return None
    values = [it.value for it in estimated]
    value = total_of([it for it in values if it is not None]) if all(values) else None
    if value is None and len(estimated) > 1:
        return None  # percentages do not add up
    return Estimate(value, tuple(estimated), attain(value, target.goal if target else None))


def _shown(question: Question, counter: Counter, targets: Targets, estimated: Collection[int]) -> list[Indicator]:
    if question.asked:
        return [indicator for indicator in question.catalogue if indicator.code in question.asked]
    return [it for it in question.catalogue if it.id in targets or it.id in estimated or counter.has_facts(it)]


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


def _missing(question: Question, indicator: Indicator, counter: Counter, known: Known) -> tuple[str, ...]:
    """Return the codes of the units that a sum lacks: others below have reported the indicator, they have not."""
    counted = counter.count(indicator)
    if counted.value is None or _spoken_for(counted):
        return ()
    parts = [_sources(it) for it in _made_of(question, indicator, counted)]
    lacking = [child for child, facts in known.items() if any(not facts & sources for sources in parts)]
    # What is stated, though by none of them, was stated by one that was merged into the unit.
    is_stated = bool(counted.stated or counted.others)
    return tuple(child.code for child in lacking) if len(lacking) < len(known) or is_stated else ()


def _silent(question: Question, rows: Sequence[Row], known: Known) -> tuple[Node, ...]:
    """Return the units that have reported nothing of what a table shows."""
    shown = {source for row in rows for it in _made_of(question, row.indicator, row.counted) for source in _sources(it)}
    return tuple(child for child, facts in known.items() if not (facts & shown if rows else facts))


def _made_of(question: Question, indicator: Indicator, counted: Counted) -> list[Indicator]:
    """Return what has to be reported for an indicator: itself, or the two that it is derived from."""
    if indicator.formula is None or counted.stated or counted.others:
        return [indicator]
    return [it for it in question.catalogue if it.code in indicator.formula]


def _sources(indicator: Indicator) -> set[int | str]:
    """Return by what a unit has reported an indicator: a statement, or its register."""
    return {indicator.id, kept_by(indicator.register)} if indicator.register else {indicator.id}


def _spoken_for(counted: Counted) -> bool:
    """Tell whether the unit whose table it is has stated the value itself, so that none below is waited for."""
    return bool(counted.stated_percent) or counted.is_own
