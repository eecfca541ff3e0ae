"""The attainment table: every indicator of a unit, cluster or the whole ledger against its targets."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import repeat
from typing import Any, NamedTuple

from ucli.i18n import chosen
from ucli.reports.closings import Reopened
from ucli.reports.completeness import Reported, reported_of
from ucli.reports.counting import Counter, Question, count
from ucli.reports.figures import Counted, Figure
from ucli.reports.registers import UPPER_FOUNDINGS, can_break_down, kept_by
from ucli.reports.scope import Group, Scope, day_before
from ucli.reports.structure import children_of, span_of
from ucli.reports.targets import Target, Targets, allocated_below, targets_of
from ucli.reports.timeliness import Timeliness
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
from ucli.values.comparison import Change
from ucli.values.indicators import FLOW, Indicator
from ucli.values.periods import Window, plan_to
from ucli.values.quantities import Share, Value, total_of
from ucli.values.targets import AT_MOST, EACH_AT_LEAST, Goal
from ucli.values.units import Unit


class Estimate(NamedTuple):
    """What is expected of a window by its end, held against the target."""

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


class Each(NamedTuple):
    """The units that are each to reach a target: which are short of it, and of which it is not known."""

    units: tuple[Unit, ...]
    short: tuple[Unit, ...]
    unknown: tuple[Unit, ...]

    @property
    def reached(self) -> int:
        return len(self.units) - len(self.short) - len(self.unknown)

    @property
    def attainment(self) -> Attainment:
        return attain_each(len(self.units), len(self.short), len(self.unknown))


class Compared(NamedTuple):
    """What a row came to in the period that a report is compared with, and what has changed since."""

    then: "Row"
    change: Change
    window: Window


class Row(NamedTuple):
    """One line of the table."""

    indicator: Indicator
    target: Target | None
    counted: Counted
    attainment: Attainment
    missing: tuple[Unit, ...] = ()  # the units that the sum lacks
    allocated: int | None = None  # what the units directly below were given together
    estimate: Estimate | None = None
    reason: str | None = None  # why the target was missed, as the unit said
    inapplicable: Figure | None = None  # by which the unit says that it does not apply to it
    first: str = ""  # day of the window
    each: Each | None = None  # of a target that each unit is to reach
    compared: Compared | None = None  # where the report is compared with another period
    days_late: int | None = None  # where a day was due: how late the last of the figures came in

    @property
    def name(self) -> str:
        return self.indicator.name(chosen())

    @property
    def goal(self) -> Goal | None:
        return self.target.goal if self.target else None

    @property
    def issuer(self) -> Unit | None:
        return self.target.issuer if self.target else None

    @property
    def value(self) -> Value | None:
        return self.counted.value

    @property
    def hedge(self) -> str | None:
        """How the value is hedged."""
        return self.value.qualifier if self.value else None

    @property
    def applies(self) -> bool:
        """Whether the unit is asked for it at all: it says so, or has stated it all the same."""
        return self.inapplicable is None or self.attainment.status != NO_DATA

    @property
    def stated_on(self) -> str | None:
        """The day of the statement that a stock rests on, the oldest where there are several."""
        if not self.counted.stated or not self.indicator.is_stock:
            return None
        return min(it.day for it in self.counted.stated)

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
    until: date | None  # the day it was merged, or others were merged into it; None where none were yet


class Reporting(NamedTuple):
    """How many units were asked for some indicators, and who has not reported them."""

    indicators: tuple[Indicator, ...]  # none: everything that the table shows
    expected: int
    missing: tuple[Unit, ...]


class Table(NamedTuple):
    """The rows of one unit over one window, with who has reported and who has not."""

    unit: Unit | None
    window: Window
    rows: list[Row]
    summary: Summary
    expected: int = 0
    missing: tuple[Unit, ...] = ()
    reporting: tuple[Reporting, ...] = ()  # the same indicator by indicator, where they differ
    parts: tuple[Part, ...] = ()
    apart: bool = False  # the targets of the parts stay theirs, and are not in this table
    label: str = ""  # what it is called beside others, by who prints it
    is_part: bool = False  # of another

    @property
    def reported(self) -> int:
        return self.expected - len(self.missing)

    @property
    def with_parts(self) -> "list[Table]":
        return [self, *(part.table for part in self.parts)]


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
    names: Mapping[int, str] = {}  # of the units whose figures are spoken of one by one
    against: Window | None = None  # whose targets a part of it is held against
    compare: tuple[Window, date] | None = None  # the period that it is compared with, and its last day that counts
    awards: Sequence[Mapping[str, Any]] = ()  # given to units and members in the scope, for windows inside this one
    next_heads: tuple[int, str, str] | None = None  # a cluster's leader and deputy of the year after
    not_broken_down: tuple[str, tuple[Indicator, ...]] = ("", ())  # by what, and the indicators left out
    only: Mapping[str, Mapping[str, str]] = {}
    timeliness: Timeliness | None = None  # who reported in time, where there is a day by which to report
    cut: tuple[str, ...] = ()  # whose bundles have sums of a month that the window cuts, which are left out
    unsent: tuple[str, ...] = ()  # whose bundles do not go to the window's last day
    around: tuple[Window, ...] = ()  # the longer windows that have targets, where this one has none

    @property
    def tables(self) -> list[Table]:
        """Those of its groups, and the whole last, as they are read."""
        return [*(self.groups or ()), self.total]

    @property
    def has_gaps(self) -> bool:
        """Whether the total, or a piece of its window, lacks a report of a unit, or a row has no data."""
        pieces = [group for group in self.groups or () if group.window != self.total.window]
        return any(
            table.missing or any(row.missing or row.is_without_data for row in table.rows)
            for table in (self.total, *pieces)
        )


def makers_of(
    db: sqlite3.Connection, question: Question, groups: Sequence[Group], targets: Mapping[int, Targets] | None = None
) -> "list[Maker]":
    """Return what makes the attainment table of each group, so that more can be asked of it.

    A table is held against what its unit was given, else against `targets`, by the place of the group.
    """
    if not groups:
        return []
    given = _targets_of(db, question, groups, targets or {})
    each = [_each_of(db, question, *it) for it in zip(groups, given, strict=True)]
    every = count(db, question, [*groups, *(group for found in each for group in found.values())])
    numbers = {number for counter in every for number in counter.stated_here()}
    stated = [it for it in question.catalogue if it.id in numbers]
    reported = reported_of(db, question, stated, every[: len(groups)], each)
    of_each = iter(every[len(groups) :])
    counted_by_each = [{unit: next(of_each) for unit in units} for units in each]
    questions = [question.about(it.whole) for it in groups]
    return [*map(Maker, repeat(db), questions, every, given, reported, counted_by_each)]


def _targets_of(
    db: sqlite3.Connection, question: Question, groups: Sequence[Group], said: Mapping[int, Targets]
) -> list[Targets]:
    """Return what each table is held against: what was said, else what its unit was given."""
    units = sorted({it.unit.id for it in groups if it.unit})
    pieces = [question.about(it) for it in {group.whole for group in groups}]
    given = {it.window: targets_of(db, it.catalogue, units, it.of_targets, it.as_of) for it in pieces}
    own = [given[it.whole][it.unit.id] if it.unit else {} for it in groups]
    return [said.get(place, targets) for place, targets in enumerate(own)]


def _each_of(db: sqlite3.Connection, question: Question, group: Group, targets: Targets) -> dict[Unit, Group]:
    """Return the units directly below that are each to reach a target, where there is such a one, as groups."""
    unit, tree, window = group.unit, question.tree, group.window
    if unit is None or not any(it.goal.kind == EACH_AT_LEAST for found in targets.values() for it in found):
        return {}
    last = group.days[1]
    units = [it for it in children_of(db, unit, span_of(tree, window)) if tree.day or tree.life(it.id)[1] > last]
    return {
        it: group._replace(scope=tree.scope_within(it.id, group.scope.roots), stock_day=last, unit=it) for it in units
    }


@dataclass
class Maker:
    """Makes one table: of what counts its unit and those that are each to reach a target, and what they reported."""

    db: sqlite3.Connection
    question: Question
    counter: Counter
    targets: Targets
    reported: Reported
    of_each: Mapping[Unit, Counter]

    @cached_property
    def first(self) -> str:
        """The first day of the window."""
        return self.question.window.start.isoformat()

    @cached_property
    def allocated(self) -> dict[int, int]:
        """What the units directly below were given together, by indicator."""
        unit, question = self.counter.group.unit, self.question
        if unit is None or not self.targets:
            return {}
        children = children_of(self.db, unit, span_of(question.tree, question.window))
        return allocated_below(self.db, unit.id, children, question.of_targets, question.as_of)

    @cached_property
    def estimated(self) -> dict[int, tuple[Figure, ...]]:
        found = {it: self.reported.estimated(it, self.counter.group.scope.own) for _unit, it in self.reported.estimates}
        return {indicator: figures for indicator, figures in found.items() if figures}

    def table(self, also: Collection[int] = ()) -> Table:
        """Return the table: of the indicators asked for, else of those with a target or a fact, and of some others."""
        rows = [row for indicator in self._shown(also) for row in self._rows(indicator)]
        summary = summary_of(row for row in rows if row.target and row.applies)
        return self._told(Table(self.counter.group.unit, self.question.window, rows, summary))

    def _shown(self, also: Collection[int]) -> list[Indicator]:
        catalogue, asked, only = self.question.catalogue, self.question.asked, self.question.only
        if only:
            catalogue = [it for it in catalogue if all(can_break_down(it.register, by) for by in only)]
        if asked:
            return [it for it in catalogue if it.code in asked]
        known = {*self.targets, *self.estimated, *self.counter.with_facts(), *also}
        return [it for it in catalogue if it.id in known]

    def _rows(self, indicator: Indicator) -> Iterator[Row]:
        counted = self.counter.count(indicator)
        missing = self._missing(indicator, counted)
        if indicator.counts == "targets" and counted.value is None:
            # No figure states how many of the unit's own targets were met.
            others = [it for it in self.question.catalogue if it.counts != "targets" and it.id in self.targets]
            met = summarised(row.attainment.status for it in others for row in self._rows(it) if row.applies)
            counted = replace(counted, value=Share(met.met, met.targets) if met.targets else None)
        estimated, own = self.estimated.get(indicator.id, ()), self.counter.group.scope.own
        said = (*counted.stated, *counted.printed, *estimated)
        told = [it.reason for it in said if it.reason and it.unit in own] if said else ()
        not_applicable = self.reported.not_applicable
        exempt = [it for unit in own if (it := not_applicable.get((unit, indicator.id)))] if not_applicable else ()
        for target in self.targets.get(indicator.id) or (None,):
            each = self._each(indicator, target) if target and target.goal.kind == EACH_AT_LEAST else None
            yield Row(
                indicator,
                target,
                counted,
                each.attainment if each else self._attained(indicator, counted, target, missing),
                missing,
                allocated=None if each else self.allocated.get(indicator.id),
                estimate=_held_against(target, estimated) if estimated and not each else None,
                reason="; ".join(dict.fromkeys(told)) or None,
                inapplicable=exempt[0] if exempt else None,
                first=self.first,
                each=each,
            )

    def _attained(
        self, indicator: Indicator, counted: Counted, target: Target | None, missing: Sequence[Unit]
    ) -> Attainment:
        question, due = self.question, None
        if target and indicator.kind == FLOW and question.is_open:
            # The share of a target that is due by the day asked about, of what falls in the window.
            eve = date.fromisoformat(day_before(self.first))
            plans = [Fraction(*plan_to(question.of_targets, it, target.profile)) for it in (question.as_of, eve)]
            due = (plans[0] - plans[1]).as_integer_ratio()
        attained = attain(counted.value, target.goal if target else None, due=due)
        if missing and target and target.goal.kind == AT_MOST and attained.status == MET:
            # A unit that has not reported may have gone over the ceiling.
            return attained._replace(status=UNDECIDED)
        return attained

    def _each(self, indicator: Indicator, target: Target) -> Each:
        """Hold the units below against what each is to reach."""
        exempt = self.reported.not_applicable
        verdicts = {
            unit: reaches(counter.count(indicator).value, target.goal)
            for unit, counter in self.of_each.items()
            if (unit.id, indicator.id) not in exempt
        }
        return Each(
            tuple(verdicts),
            tuple(unit for unit, verdict in verdicts.items() if verdict is False),
            tuple(unit for unit, verdict in verdicts.items() if verdict is None),
        )

    def _told(self, table: Table) -> Table:
        """Return a table with who has reported what it shows, and who has not."""
        rows, reported = table.rows, self.reported
        is_told = bool(rows) and all(_spoken_for(row.indicator, row.counted) for row in rows)
        if is_told or not reported.units or self.question.only:
            # The unit has stated every row itself: no one below is waited for.
            return table
        known, lacking = reported.units, reported.silent()
        if rows:
            waited = {unit for row in rows for unit in reported.waited(row.indicator.id)}
            known = [unit for unit in known if unit in waited]
            made_of = {it for row in rows for it in self._made_of(row.indicator, row.counted)}
            lacking = reported.without({source for it in made_of for source in _sources(it)})
        silent = reported.named(lacking.intersection(known))
        reporting = [*self._reporting(rows)] if known else []
        if known and len(reporting) < 2:
            reporting = [it._replace(indicators=()) for it in reporting] or [Reporting((), len(known), silent)]
        return table._replace(expected=len(known), missing=silent, reporting=tuple(reporting))

    def _reporting(self, rows: Sequence[Row]) -> Iterator[Reporting]:
        """Yield who has reported what, the indicators that the same units lack together."""
        lacking: dict[tuple[tuple[Unit, ...], int], dict[Indicator, None]] = {}
        for row in rows:
            if row.counted.value is not None and not _spoken_for(row.indicator, row.counted):
                waited = len(self.reported.waited(row.indicator.id))
                lacking.setdefault((row.missing, waited), {})[row.indicator] = None
        for (missing, waited), indicators in lacking.items():
            yield Reporting(tuple(indicators), waited, missing)

    def _missing(self, indicator: Indicator, counted: Counted) -> tuple[Unit, ...]:
        """Return the units that a sum lacks: those below that have not reported the indicator."""
        if counted.value is None or _spoken_for(indicator, counted) or not self.reported.units or self.question.only:
            return ()
        parts = [self.reported.without(_sources(it)) for it in self._made_of(indicator, counted)]
        lacking = set().union(*parts)
        return self.reported.named(lacking.intersection(self.reported.waited(indicator.id))) if lacking else ()

    def _made_of(self, indicator: Indicator, counted: Counted) -> list[Indicator]:
        """Return what has to be reported for an indicator: itself, or the two that it is derived from."""
        if indicator.formula is None or counted.stated or counted.added:
            return [indicator]
        return [it for it in self.question.catalogue if it.code in indicator.formula]


def summary_of(rows: Iterable[Row]) -> Summary:
    """Count rows that have a target by what became of it."""
    counted = list(rows)
    printed = sum(row.is_only_printed for row in counted)
    return summarised((row.attainment.status for row in counted), printed)


def _held_against(target: Target | None, estimated: Sequence[Figure]) -> Estimate | None:
    values = [it.value for it in estimated]
    value = total_of([it for it in values if it is not None]) if all(values) else None
    if not values or (value is None and len(values) > 1):
        return None  # percentages do not add up
    return Estimate(value, tuple(estimated), attain(value, target.goal if target else None))


def _sources(indicator: Indicator) -> set[int | str]:
    """Return by what a unit has reported an indicator: a statement, or its register."""
    return {indicator.id, kept_by(indicator.register)} if indicator.register else {indicator.id}


def _spoken_for(indicator: Indicator, counted: Counted) -> bool:
    """Tell whether no one below is waited for: the unit has stated the value itself, or the tree of units says it."""
    return bool(counted.stated_percent) or counted.is_own or indicator.register == UPPER_FOUNDINGS
