"""The attainment table: the indicators of a unit, a cluster or the whole ledger against their targets."""

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

# Why a figure does not count: its window is not inside the report's, ends after the last day that counts, or half
# overlaps a figure that counts; it is only a percentage; a unit above has stated the whole for an earlier day.
OTHER_DAYS, TOO_LATE, OVERLAPS, ONLY_PRINTED, AFTER_ABOVE = (
    "other-days",
    "too-late",
    "overlaps",
    "only-printed",
    "after-above",
)


class Estimate(NamedTuple):
    """An estimate for the end of a window, compared with the target."""

    value: Value | None
    figures: tuple[Figure, ...]  # the unit's own, else those of all below it
    attainment: Attainment

    @property
    def qualifier(self) -> str | None:
        """How the estimate itself is hedged."""
        return self.value.qualifier if self.value else self.figures[0].stated_qualifier

    @property
    def stated_percent(self) -> str | None:
        """The percentage, if only a percentage was estimated."""
        return None if self.value else self.figures[0].stated_percent


class Each(NamedTuple):
    """The units that each have to reach a target: those short of it, and those unknown."""

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
    """The value of a row in the other period, and the change since."""

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
    allocated: int | None = None  # sum of the targets of the units directly below
    estimate: Estimate | None = None
    reason: str | None = None  # reasons for missing the target, as stated by the unit
    inapplicable: Figure | None = None  # the figures stating that it does not apply
    first: str = ""  # day of the window
    each: Each | None = None  # for a target that each unit has to reach
    compared: Compared | None = None  # if the report is compared with another period
    days_late: int | None = None  # if there is a due date: how late the last figure was received

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
        """Whether the indicator applies to the unit: it has not denied it, or has stated a value all the same."""
        return self.inapplicable is None or self.attainment.status != NO_DATA

    @property
    def stated_on(self) -> str | None:
        """The day of the statement that a stock rests on, the oldest of several."""
        if not self.counted.stated or not self.indicator.is_stock:
            return None
        return min(it.day for it in self.counted.stated)

    @property
    def is_stale(self) -> bool:
        """Whether a stock rests on a statement that is older than the window."""
        return self.stated_on is not None and self.stated_on < self.first

    @property
    def is_without_data(self) -> bool:
        """Whether a row with a target has no data at all."""
        return self.attainment.status == NO_DATA and self.applies and not self.counted.stated_percent

    @property
    def missed_percent(self) -> Decimal | None:
        """The percentage that a share should have reached and did not."""
        return self.target.goal.percent if self.target and self.attainment.status == UNMET else None

    @property
    def is_only_printed(self) -> bool:
        """Whether only percentages printed by sources are known."""
        is_printed = bool(self.counted.stated_percent) or self.counted.printed_below
        return self.counted.value is None and is_printed

    def is_under(self, floor: Decimal) -> bool:
        """Tell whether attainment is below so many percent; for a ceiling, whether it is exceeded."""
        if self.target is None:
            return False
        percent = self.attainment.percent
        if self.target.goal.kind == AT_MOST or percent is None:
            return self.attainment.status not in (MET, EXCEEDED)
        if percent.numerator == percent.denominator and self.attainment.status == UNMET:
            return floor >= 100  # “more than” is missed by an equal value
        return Fraction(percent.numerator, percent.denominator) * 100 < Fraction(floor)


class Part(NamedTuple):
    """A unit before others were merged into it, or one of those: its table by the organisation of that time."""

    table: "Table"
    until: date | None  # the day of the merger; None if it is still to come


class Reporting(NamedTuple):
    """How many units were asked for some indicators, and who has not reported them."""

    indicators: tuple[Indicator, ...]  # empty: everything in the table
    expected: int
    missing: tuple[Unit, ...]


class Table(NamedTuple):
    """The rows of one unit over one window, with completeness."""

    unit: Unit | None
    window: Window
    rows: list[Row]
    summary: Summary
    expected: int = 0
    missing: tuple[Unit, ...] = ()
    reporting: tuple[Reporting, ...] = ()  # the same by indicator, if it differs
    parts: tuple[Part, ...] = ()
    apart: bool = False  # targets of the parts stay with them, and are not in this table
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
    groups: list[Table] | None  # None if no groups were asked for
    structure: date | None = None  # the day of the organisation used; None: that of each event's own day
    ended: tuple[date, tuple[Unit, ...]] | None = None  # the day a unit ended, and its successors
    unplaced: tuple[Unit, ...] = ()  # units that belong nowhere in that organisation
    reopened: tuple[Reopened, ...] = ()  # reopened windows that it touches
    names: Mapping[int, str] = {}  # of the units whose figures are spoken of one by one
    against: Window | None = None  # the longer window whose targets count
    compare: tuple[Window, date] | None = None  # the other period, and its last day that counts
    awards: Sequence[Mapping[str, Any]] = ()  # of units and members in scope, for windows inside this one
    next_heads: tuple[int, str, str] | None = None  # a cluster's leader and deputy for the next year
    not_broken_down: tuple[str, tuple[Indicator, ...]] = ("", ())  # the breakdown, and the indicators left out
    only: Mapping[str, Mapping[str, str]] = {}
    timeliness: Timeliness | None = None  # if there is a due date
    cut: tuple[str, ...] = ()  # origins with monthly sums that the window cuts, which are left out
    unsent: tuple[str, ...] = ()  # origins whose bundles do not reach the window's last day
    around: tuple[Window, ...] = ()  # longer windows with targets, if this one has none

    @property
    def tables(self) -> list[Table]:
        """Those of its groups, and the whole last, as they are read."""
        return [*(self.groups or ()), self.total]

    def why_left_out(self, indicator: Indicator, figure: Figure) -> str:
        """Return why a figure that touches the window does not count."""
        if not self.total.window.holds(figure.window):
            return OTHER_DAYS
        if figure.window.end > self.as_of:
            return TOO_LATE
        if figure.value is None:
            return ONLY_PRINTED
        return AFTER_ABOVE if indicator.is_stock or indicator.is_state else OVERLAPS

    @property
    def has_gaps(self) -> bool:
        """Whether a unit's report is missing from the total or a piece of its window, or a row has no data."""
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
    """Return the targets of each table: those given, else those of its unit."""
    units = sorted({it.unit.id for it in groups if it.unit})
    pieces = [question.about(it) for it in {group.whole for group in groups}]
    given = {it.window: targets_of(db, it.catalogue, units, it.of_targets, it.as_of) for it in pieces}
    own = [given[it.whole][it.unit.id] if it.unit else {} for it in groups]
    return [said.get(place, targets) for place, targets in enumerate(own)]


def _each_of(db: sqlite3.Connection, question: Question, group: Group, targets: Targets) -> dict[Unit, Group]:
    """Return as groups the units directly below that each have to reach a target, if there is such a target."""
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
    """Makes one table, from the counters of its unit and of those that each have to reach a target."""

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
        """By indicator, the sum of the targets of the units directly below."""
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
        """Return the table of the indicators asked for, else of those with a target or data, and of `also`."""
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
            # The number of targets met is counted, never stated.
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
            # The share of a target that is due by the last day, within the window.
            eve = date.fromisoformat(day_before(self.first))
            plans = [Fraction(*plan_to(question.of_targets, it, target.profile)) for it in (question.as_of, eve)]
            due = (plans[0] - plans[1]).as_integer_ratio()
        attained = attain(counted.value, target.goal if target else None, due=due)
        if missing and target and target.goal.kind == AT_MOST and attained.status == MET:
            # A unit that has not reported may have exceeded the ceiling.
            return attained._replace(status=UNDECIDED)
        return attained

    def _each(self, indicator: Indicator, target: Target) -> Each:
        """Compare each unit below with a target for each."""
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
        """Return a table with its completeness."""
        rows, reported = table.rows, self.reported
        is_told = bool(rows) and all(_spoken_for(row.indicator, row.counted) for row in rows)
        if is_told or not reported.units or self.question.only:
            # The unit has stated every row itself: no one below is expected to report.
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
        """Yield completeness, indicators together that the same units lack."""
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
        """Return the indicators to be reported for one: itself, or the two that it is derived from."""
        if indicator.formula is None or counted.stated or counted.added:
            return [indicator]
        return [it for it in self.question.catalogue if it.code in indicator.formula]


def summary_of(rows: Iterable[Row]) -> Summary:
    """Count the rows with targets by status."""
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
    """Return what shows that a unit has reported an indicator: a figure, or its register."""
    return {indicator.id, kept_by(indicator.register)} if indicator.register else {indicator.id}


def _spoken_for(indicator: Indicator, counted: Counted) -> bool:
    """Tell whether no report from below is needed: the unit has stated the value, or it follows from the tree."""
    return bool(counted.stated_percent) or counted.is_own or indicator.register == UPPER_FOUNDINGS
