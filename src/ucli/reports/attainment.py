"""The attainment table: every indicator of a unit, cluster or the whole ledger against its targets."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.reports.beside import Beside, Estimate, estimated_for, figures_beside, held_against
from ucli.reports.closings import Reopened
from ucli.reports.completeness import Known, known_of
from ucli.reports.counting import Counted, Counter, count
from ucli.reports.figures import Figure
from ucli.reports.registers import kept_by
from ucli.reports.scope import Group, Scope, Tree, day_before
from ucli.reports.stocks import Stocks
from ucli.reports.structure import children_of, span_of
from ucli.reports.structure import reporters as expected_reporters
from ucli.reports.targets import Target, Targets, allocated_below, targets_of
from ucli.values.attainment import (
    EXCEEDED,
    MET,
    NO_DATA,
    UNDECIDED,
    UNMET,
    Attainment,
    Summary,
    attain,
    attain_each,
    reaches,
    summarised,
)
from ucli.values.indicators import FLOW, Indicator
from ucli.values.periods import FOREVER, Window, plan_to
from ucli.values.quantities import Quantity, Share
from ucli.values.targets import AT_MOST, EACH_AT_LEAST, Goal
from ucli.values.units import Unit


class Each(NamedTuple):
    """The units that are each to reach a target: which are short of it, and of which it is not known."""

    units: tuple[Unit, ...]
    short: tuple[Unit, ...]
    unknown: tuple[Unit, ...]

    @property
    def reached(self) -> int:
        return len(self.units) - len(self.short) - len(self.unknown)


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
    each: Each | None = None  # of a target that each unit is to reach

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
        if percent.numerator == percent.denominator and self.attainment.status == UNMET:
            return floor >= 100  # just what was to be more
        return Fraction(percent.numerator, percent.denominator) * 100 < Fraction(floor)


class Part(NamedTuple):
    """What a unit was before others were merged into it, or one of those: its table by the structure of then."""

    table: "Table"
    until: date | None  # the day it was merged into the unit; None for the unit itself


class Reporting(NamedTuple):
    """Of how many units some indicators were waited for, and who has not reported them."""

    indicators: tuple[Indicator, ...]  # none: everything that the table shows
    expected: int
    missing: tuple[Unit, ...]


class Table(NamedTuple):
    """The rows of one unit over one window, with who has reported and who has not."""

    unit: Unit | None
    window: Window
    rows: list[Row]
    summary: Summary
    reported: int
    expected: int
    missing: tuple[Unit, ...] = ()
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
    ended: tuple[date, tuple[Unit, ...]] | None = None  # the unit ended on a day, and who followed it
    unplaced: tuple[Unit, ...] = ()  # whose facts belong nowhere in the structure asked for
    reopened: tuple[Reopened, ...] = ()  # windows it touches that were handed in and take facts again
    names: Mapping[int, str] = {}  # of the units whose figures stand beside others or were left out
    against: Window | None = None  # whose targets a part of it is held against
    around: tuple[Window, ...] = ()  # the longer windows that have targets, where this one has none

    @property
    def has_gaps(self) -> bool:
        """Whether the total, or a piece of its window, lacks a report of a unit, or a row has no data."""
        pieces = [group for group in self.groups or () if group.window != self.total.window]
        return any(
            table.missing or any(row.missing or row.is_without_data for row in table.rows)
            for table in (self.total, *pieces)
        )


class Question(NamedTuple):
    """What is asked: which indicators, over which window, by whose structure."""

    catalogue: Sequence[Indicator]
    tree: Tree
    stocks: Stocks
    window: Window
    as_of: date
    counted_to: date  # the last day that counts: the window's own unless a day was asked for
    sum_predecessors: bool = False
    asked: tuple[str, ...] = ()  # codes of the indicators asked for; none means all with a target or a fact
    against: Window | None = None  # the longer window whose targets count

    @property
    def is_open(self) -> bool:
        """Whether the window of the targets has begun and is not over on the day asked about."""
        return self.window.start <= self.as_of < self.of_targets.lasted.end

    @property
    def of_targets(self) -> Window:
        """The window whose targets count."""
        return self.against or self.window


class Request(NamedTuple):
    """One table that is asked for."""

    unit: Unit | None  # whose table it is and whose targets count; None for several units or the whole ledger
    scope: Scope  # whose facts are counted
    question: Question
    targets: Targets | None = None  # what they are held against, where that is not just what the unit was given
    stock_day: str | None = None  # of a group: that of its whole
    has_parts: bool = False  # what the unit and those merged into it were before stands beside it

    @property
    def window(self) -> Window:
        """The days whose facts count."""
        return self.question.window.until(self.question.counted_to)

    @property
    def group(self) -> Group:
        """What is counted; of a unit that ended in the window, stocks are those of its last day.

        In the structure of one day no one ends: what was a unit's on that day is its own ever after.
        """
        window, tree = self.window, self.question.tree
        if self.stock_day:
            return Group(self.scope, window, self.stock_day)
        ends = self.unit is not None and not tree.day
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
    return targets_of(db, question.catalogue, [unit], question.of_targets, question.as_of)[unit]


def _targets_of(db: sqlite3.Connection, requests: Sequence[Request]) -> list[Targets]:
    """Return what each table is held against: what was said, else what its unit was given."""
    units: dict[tuple[Window, date], set[int]] = {}
    for it in requests:
        if it.targets is None and it.unit:
            units.setdefault((it.question.of_targets, it.question.as_of), set()).add(it.unit.id)
    catalogue = requests[0].question.catalogue
    given = {key: targets_of(db, catalogue, sorted(found), *key) for key, found in units.items()}
    return [
        given[it.question.of_targets, it.question.as_of][it.unit.id]
        if it.targets is None and it.unit
        else it.targets or {}
        for it in requests
    ]


def tables_of(db: sqlite3.Connection, requests: Sequence[Request]) -> list[Table]:
    """Return the attainment tables that are asked for, all by one structure and of one catalogue."""
    if not requests:
        return []
    question = requests[0].question
    targets = _targets_of(db, requests)
    each = [_each_of(db, it, given) for it, given in zip(requests, targets, strict=True)]
    groups = [*(it.group for it in requests), *(group for _units, found in each for group in found)]
    counters = counters_of(db, question, groups)
    expected = [expected_reporters(db, question.tree, it.scope, it.unit, it.window) for it in requests]
    flows = {number for counter in counters for number in counter.stated}
    stated = [it for it in question.catalogue if it.id in flows or (it.is_stock and question.stocks.is_stated(it))]
    known = known_of(
        db,
        question.tree,
        question.stocks,
        stated,
        [
            *((units, it.scope, it.window) for units, it in zip(expected, requests, strict=True)),
            *((units, it.scope, it.window) for (units, _groups), it in zip(each, requests, strict=True)),
        ],
    )
    beside = _beside(db, requests, [(*waited, *units) for waited, (units, _groups) in zip(known, each, strict=False)])
    tables, of_units = [], iter(counters[len(requests) :])
    for place, (request, (units, _groups)) in enumerate(zip(requests, each, strict=True)):
        below = Below(dict(zip(units, of_units, strict=False)), known[len(requests) + place])
        tables.append(_table(db, request, counters[place], targets[place], known[place], below, beside[place]))
    return tables


def _beside(db: sqlite3.Connection, requests: Sequence[Request], concerned: Sequence[Iterable[Unit]]) -> list[Beside]:
    """Return by table what stands beside the figures of its unit and of those below: looked up once a window."""
    units: dict[tuple[Window, date], set[int]] = {}
    for request, below in zip(requests, concerned, strict=True):
        key = request.question.window, request.question.counted_to
        units.setdefault(key, set()).update((*request.scope.own, *(it.id for it in below)))
    found = {key: figures_beside(db, among, *key) for key, among in units.items()}
    return [found[it.question.window, it.question.counted_to] for it in requests]


class Below(NamedTuple):
    """What counts the units that are each to reach a target, and what is known of them."""

    counters: Mapping[Unit, Counter]
    known: Known


def _each_of(db: sqlite3.Connection, request: Request, targets: Targets) -> tuple[list[Unit], list[Group]]:
    """Return the units directly below that are each to reach a target, where there is such a one, as groups."""
    unit, tree, window = request.unit, request.question.tree, request.window
    if unit is None or not any(it.goal.kind == EACH_AT_LEAST for found in targets.values() for it in found):
        return [], []
    last = window.end.isoformat()
    units = [it for it in children_of(db, unit, span_of(tree, window)) if tree.day or tree.life(it.id)[1] > last]
    scopes = [
        Scope((it.id,)) if tree.day else Scope((it.id,), (), tree.stays_below(it.id, request.scope.roots))
        for it in units
    ]
    return units, [Group(it, window, last) for it in scopes]


def _table(
    db: sqlite3.Connection,
    request: Request,
    counter: Counter,
    targets: Targets,
    known: Known,
    below: Below,
    beside: Beside,
) -> Table:
    question, unit = request.question, request.unit
    estimates, not_applicable = beside
    own = request.scope.own
    allocated: dict[int, int] = {}
    if unit and targets:
        children = children_of(db, unit, span_of(question.tree, question.window))
        allocated = allocated_below(db, unit.id, children, question.of_targets, question.as_of)
    expected = {it: estimated_for(beside, it, own, known) for _unit, it in estimates}

    def rows_of(indicator: Indicator, counted: Counted) -> Iterator[Row]:
        estimated = expected.get(indicator.id, ())
        reasons = [it.reason for it in (*counted.stated, *counted.printed, *estimated) if it.unit in own and it.reason]
        concerned = {it: facts for it, facts in known.items() if (it.id, indicator.id) not in not_applicable}
        missing = _missing(question, indicator, counter, concerned)
        for target in targets.get(indicator.id) or (None,):
            if target and target.goal.kind == EACH_AT_LEAST:
                each = _each(indicator, target.goal, below, not_applicable)
                attained = attain_each(len(each.units), len(each.short), len(each.unknown))
                yield Row(indicator, target, counted, attained, missing, each=each)
                continue
            attained = _attained(question, indicator, counted, target)
            if missing and target and target.goal.kind == AT_MOST and attained.status == MET:
                # A unit that has not reported may have gone over the ceiling.
                attained = attained._replace(status=UNDECIDED)
            yield Row(
                indicator,
                target,
                counted,
                attained,
                missing,
                allocated.get(indicator.id),
                held_against(target, estimated),
                "; ".join(dict.fromkeys(reasons)) or None,
                inapplicable=next((it for unit in own if (it := not_applicable.get((unit, indicator.id)))), None),
                first=question.window.start.isoformat(),
            )

    rows: list[Row] = []
    for indicator in _shown(question, counter, targets, {it for it, figures in expected.items() if figures}):
        counted = counter.count(indicator)
        if indicator.counts == "targets" and counted.value is None:
            # No figure states how many of the unit's own targets were met.
            others = [it for it in question.catalogue if it.counts != "targets" and it.id in targets]
            held = [row for it in others for row in rows_of(it, counter.count(it))]
            met = summarised(row.attainment.status for row in held if row.applies)
            counted = replace(counted, value=Share(met.met, met.targets) if met.targets else None)
        rows += rows_of(indicator, counted)
    summary = summary_of(row for row in rows if row.target and row.applies)
    return _told(question, Table(unit, question.window, rows, summary, 0, 0), known, not_applicable)


def _told(question: Question, table: Table, known: Known, not_applicable: Collection[tuple[int, int]]) -> Table:
    """Return a table with who has reported what it shows, and who has not."""
    rows = table.rows
    if rows and all(_spoken_for(row.counted) for row in rows):
        # The unit has stated every row itself: no one below is waited for.
        return table
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
    return table._replace(reported=len(known) - len(silent), expected=len(known), missing=silent, reporting=reporting)


def _reporting(rows: Sequence[Row], known: Known, not_applicable: Collection[tuple[int, int]]) -> Iterator[Reporting]:
    """Yield who has reported what, the indicators that the same units lack together."""
    by_code = {it.code: it for it in known}
    lacking: dict[tuple[tuple[str, ...], int], dict[Indicator, None]] = {}
    for row in rows:
        if row.counted.value is not None and not _spoken_for(row.counted):
            waited = sum((it.id, row.indicator.id) not in not_applicable for it in known)
            lacking.setdefault((row.missing, waited), {})[row.indicator] = None
    for (codes, waited), indicators in lacking.items():
        yield Reporting(tuple(indicators), waited, tuple(by_code[code] for code in codes))


def _each(indicator: Indicator, goal: Goal, below: Below, exempt: Collection[tuple[int, int]]) -> Each:
    """Hold the units below against what each is to reach; one that keeps a register has 0 where nothing is in it."""
    verdicts: dict[Unit, bool | None] = {}
    for unit, counter in below.counters.items():
        if (unit.id, indicator.id) not in exempt:
            value = counter.count(indicator).value
            keeps = indicator.register and kept_by(indicator.register) in below.known.get(unit, ())
            verdicts[unit] = reaches(Quantity(0) if value is None and keeps else value, goal)
    return Each(
        tuple(verdicts),
        tuple(unit for unit, verdict in verdicts.items() if verdict is False),
        tuple(unit for unit, verdict in verdicts.items() if verdict is None),
    )


def summary_of(rows: Iterable[Row]) -> Summary:
    """Count rows that have a target by what became of it."""
    counted = list(rows)
    printed = sum(row.is_only_printed for row in counted)
    return summarised((row.attainment.status for row in counted), printed)


def _shown(question: Question, counter: Counter, targets: Targets, estimated: Collection[int]) -> list[Indicator]:
    if question.asked:
        return [indicator for indicator in question.catalogue if indicator.code in question.asked]
    return [it for it in question.catalogue if it.id in targets or it.id in estimated or counter.has_facts(it)]


def _attained(question: Question, indicator: Indicator, counted: Counted, target: Target | None) -> Attainment:
    due = None
    if target and indicator.kind == FLOW and question.is_open:
        due = _due(question, target.profile)
    return attain(counted.value, target.goal if target else None, due=due)


def _due(question: Question, profile: Sequence[int]) -> tuple[int, int]:
    """Return the share of a target that is due by the day asked about, of what falls in the window."""
    whole, eve = question.of_targets, date.fromisoformat(day_before(question.window.start.isoformat()))
    due = Fraction(*plan_to(whole, question.as_of, profile)) - Fraction(*plan_to(whole, eve, profile))
    return due.as_integer_ratio()


def _missing(question: Question, indicator: Indicator, counter: Counter, known: Known) -> tuple[str, ...]:
    """Return the codes of the units that a sum lacks: those below that have not reported the indicator."""
    counted = counter.count(indicator)
    if counted.value is None or _spoken_for(counted):
        return ()
    parts = [_sources(it) for it in _made_of(question, indicator, counted)]
    return tuple(child.code for child, facts in known.items() if any(not facts & sources for sources in parts))


def _silent(question: Question, rows: Sequence[Row], known: Known) -> tuple[Unit, ...]:
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
