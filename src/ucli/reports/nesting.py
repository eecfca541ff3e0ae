"""Nesting: which figures of one indicator count in a group, which lie inside others, and which are left out.

A figure states everything at or below its unit within its window, and where it says so also what the units that were
merged into its own stated before. From the top down, and of one unit the longest window first, a figure counts unless
it lies inside one that counts already; one that only half overlaps with such a one is left out, for what they share
would count twice. An estimate counts nowhere.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ucli.ledger.lineage import predecessors
from ucli.reports.figures import MOST_LISTED, Counted, Figure, figures_where, in_order
from ucli.reports.scope import Group, Tree, day_after
from ucli.values.indicators import Indicator
from ucli.values.quantities import PREDECESSORS, STATED, Quantity, Share, Value


@dataclass(slots=True)
class Stated:
    """What the figures of one indicator in a group state, looked at one by one."""

    counted: Counted  # without what the registers know of the same
    values: Sequence[Value]  # what those that count come to
    boxes: Sequence[Figure] = ()  # in which registers are not added again: seeds, those that count here, and elsewhere
    seeds: int = 0
    overlaps: bool = False  # one was left out because it half overlaps another
    is_stated: bool = True  # a figure touches the window
    recorded: dict[int, int] = field(default_factory=dict)  # by the place of a box: what the registers count in it
    beside: dict[int, int] = field(default_factory=dict)  # the same, outside of the figures that are inside it
    unvalued: int = 0  # how many payouts of unknown value are in a box


# Who may cover a figure: units, those into which its own, or one above, was merged with the day of that.
Line = Callable[[Figure], Sequence[tuple[int, str]]]
Level = Callable[[int], int]


@dataclass(slots=True)
class Nest:
    """The figures of one indicator in a scope, as boxes inside boxes."""

    outermost: list[Figure] = field(default_factory=list)
    elsewhere: list[Figure] = field(default_factory=list)  # the outermost that count there
    covered: list[Figure] = field(default_factory=list)
    overlapping: list[Figure] = field(default_factory=list)  # one that counts, by half: left out
    newer: list[Figure] = field(default_factory=list)  # of a state: stated below after one that counts, and left out
    inside: dict[int, list[Figure]] = field(default_factory=lambda: defaultdict(list))  # by what covers them


def nested(figures: Sequence[Figure], line: Line, level: Level, seeds: Sequence[Figure] = ()) -> Nest:
    """Put figures into each other.

    Args:
        figures: those whose window lies inside the report's; what one that counts elsewhere covers counts there.
        line: who may cover a figure: the units that stood above its own on its day, that one, and its successors.
        level: how near to the top a unit is: nearer than any that stood below it on any day.
        seeds: figures of something that holds this indicator, which cover these too.

    """
    nest = Nest()
    kept: dict[int, list[Figure]] = defaultdict(list)
    for seed in seeds:
        kept[seed.unit].append(seed)
    lines = {figure.id: line(figure) for figure in figures}
    ranks: dict[int, tuple[int, int]] = {}
    for figure in figures:
        merged = [unit for unit, day in lines[figure.id] if day]
        rank = (max(level(unit) for unit in (figure.unit, *merged)), len(merged))
        ranks[figure.unit] = max(rank, ranks.get(figure.unit, rank))
    for figure in sorted(figures, key=lambda it: (ranks[it.unit], -_days(it), -it.operation, -it.id)):
        meeting = [
            other
            for unit, merged in lines[figure.id]
            for other in kept[unit]
            if other.meets(figure) and other.reaches(merged)
        ]
        holders = [other for other in meeting if other.holds(figure)]
        for holder in holders:
            nest.inside[holder.id].append(figure)
        if not meeting:
            kept[figure.unit].append(figure)
            (nest.outermost if figure.is_here else nest.elsewhere).append(figure)
        elif figure.is_here:
            (nest.covered if holders else nest.overlapping).append(figure)
    return nest


def latest(figures: Sequence[Figure], tree: Tree, group: Group) -> Nest:
    """Put the figures of a state into each other: of each unit the latest counts; nothing adds up over time.

    One includes what stood below its unit on its day. Of a unit that was split the last one counts until all its parts
    have stated theirs. In its own table a unit that ended has what it stated last, whatever its successor stated since.
    """
    clusters = group.scope.clusters
    figures = [it for it in figures if it.is_here or it.day <= group.stock_day]
    last = {it.unit: it for it in sorted(figures, key=lambda it: (it.end, _days(it), it.operation, it.id))}
    days = {unit: it.day for unit, it in last.items()}
    nest = Nest()
    for unit in sorted(last, key=lambda it: (tree.level(it), it)):
        figure = last[unit]
        uppers = [last[it] for it in clusters if it in last and it != unit and figure.is_here]
        uppers += [last[it] for it in _ever_above(tree, unit) if it in last and _includes(tree, last[it], unit)]
        uppers += [last[it] for it in tree.split_from(unit) if it in last and not tree.is_replaced(it, days.get)]
        if tree.is_replaced(unit, days.get):
            uppers += [last[it] for it in tree.followed_by(unit) if it in last]
        if not uppers:
            (nest.outermost if figure.is_here else nest.elsewhere).append(figure)
        elif figure.is_here and figure.end > uppers[0].end:
            nest.newer.append(figure)
        elif figure.is_here:
            nest.covered.append(figure)
            if any(it.unit == uppers[0].unit for it in tree.ever_above(unit)):  # not what it became
                nest.inside[uppers[0].id].append(figure)
    nest.covered += [it for it in figures if it is not last[it.unit] and it.is_here]
    return nest


def _ever_above(tree: Tree, unit: int) -> list[int]:
    """Return the other units above a unit on any day, or above what became of it, the topmost first."""
    lines = [[it.unit for it in tree.ever_above(each)] for each in (unit, *tree.followed_by(unit))]
    return [it for it in dict.fromkeys(it for line in lines for it in line) if it != unit]


def _includes(tree: Tree, upper: Figure, unit: int) -> bool:
    """Tell whether a statement of a state includes a unit: it stood below its own by then, or what became of it did."""
    since = _came_under(tree, unit, upper.unit, upper.day)
    return since is not None and (upper.start >= since or upper.reaches(since))


def _came_under(tree: Tree, unit: int, upper: int, day: str) -> str | None:
    """Return since when a unit, or all that became of it, is at or below another one on a day.

    Empty where it was so before any merger; None where it is not.
    """
    until = tree.life(unit)[1]
    if day < until:
        return "" if upper in tree.ancestors(unit, day) else None
    found = [_came_under(tree, it, upper, day) for it in tree.successors(unit, until)]
    since = [it for it in found if it is not None]
    if not found or len(since) < len(found):
        return None
    return "" if any(it.unit == upper for it in tree.ever_above(unit)) else max(until, *since)


def spoken_for(tree: Tree, figure: Figure) -> set[int]:
    """Return the units whose own figures one figure includes: its unit, and those merged into it where it says so."""
    if figure.speaks_for != PREDECESSORS:
        return {figure.unit}
    return {figure.unit, *(it.unit for it in predecessors(tree.db, figure.unit, figure.start, figure.end))}


def between_cumulative(
    figures: Sequence[Figure], first: str, last: str, tree: Tree, *, is_signed: bool
) -> list[Figure]:
    """Return what fell between windows that begin on one day: of each two, the longer less the shorter.

    Only what lies between two days, of figures of one unit, and not where the longer lies between them itself.
    """
    runs: dict[tuple[int, str], list[Figure]] = defaultdict(list)
    for figure in figures:
        if figure.value is not None and figure.start < first:
            runs[figure.unit, figure.start].append(figure)
    found = []
    for run in runs.values():
        for shorter, longer in pairwise(sorted(run, key=lambda it: it.end)):
            start = day_after(shorter.end)
            if start < first or longer.end > last or not (before := _stated_before(shorter, longer, tree)):
                continue
            value = longer.value
            for it in before:
                value = _less(value, it.value, is_signed=is_signed)
            if value is not None:
                period = f"{start}..{longer.end}"
                less = tuple(it.id for it in before)
                piece = longer._replace(start=start, period=period, value=value, stated_percent=None, less=less)
                merged_since = len(spoken_for(tree, piece)) > 1
                found.append(piece if merged_since else piece._replace(speaks_for=None))
    return found


def _stated_before(shorter: Figure, longer: Figure, tree: Tree) -> list[Figure]:
    """Return the figures that state, for the units of a longer one, what it holds of the days of a shorter one.

    The shorter one, and those of units that were merged into its own since. Empty where one is lacking, or where the
    shorter one speaks for units that the longer one leaves out: then no one knows what fell between.
    """
    lacking, already = spoken_for(tree, longer), spoken_for(tree, shorter)
    found = [shorter] if already <= lacking else []
    lacking -= already
    if not (found and lacking):
        return found
    others = figures_where(
        tree.db,
        f"f.unit IN ({', '.join(map(str, lacking))}) AND f.indicator = :indicator AND f.kind = '{STATED}'"
        " AND f.start_day = :start AND f.end_day <= :end",
        indicator=longer.indicator,
        start=shorter.start,
        end=shorter.end,
    )
    for it in sorted(others, key=lambda it: (it.end, it.id), reverse=True):
        whose = spoken_for(tree, it)
        is_all = it.end == shorter.end or tree.life(it.unit)[1] <= day_after(it.end)
        if is_all and whose <= lacking and it.value is not None:
            found.append(it)
            lacking -= whose
    return [] if lacking else found


def looked_at(
    indicator: Indicator,
    figures: Sequence[Figure],
    tree: Tree,
    group: Group,
    seeds: Sequence[Figure],
) -> Stated:
    """Return what figures of one indicator that touch a group's window state there, one by one.

    Args:
        indicator: whose figures they are.
        figures: all of the group, also those that count elsewhere.
        tree: says who stood above whom.
        group: what is counted.
        seeds: those of a difference of which the indicator is a part: what is inside them is said already.

    """
    own, (first, last) = group.scope.own, group.days
    counted = Counted()
    usable: list[Figure] = []
    printed: list[Figure] = []
    left_out: list[Figure] = []
    outside: list[Figure] = []
    if not indicator.is_state:
        usable += between_cumulative(figures, first, last, tree, is_signed=indicator.may_be_negative)
    parted = {it.id for it in usable}
    for figure in figures:
        is_whole = figure.value is None and group.is_whole(figure.start, figure.end)
        if not (is_whole or (first <= figure.start and figure.end <= last)):
            outside += [figure] if figure.is_here and figure.end >= first and figure.id not in parted else []
            continue
        is_own = figure.is_here and figure.unit in own and (is_whole or (figure.start, figure.end) == (first, last))
        if figure.stated_percent and is_own:
            counted.stated_percent, counted.stated_qualifier = figure.stated_percent, figure.stated_qualifier
        if figure.value is not None:
            usable.append(figure)
        elif is_own:
            printed.append(figure)
        elif figure.is_here:
            counted.printed_below = True
            left_out.append(figure)
    line = _line_in(tree, group.scope.clusters, with_heirs=any(it.speaks_for == PREDECESSORS for it in usable))
    nest = latest(usable, tree, group) if indicator.is_state else nested(usable, line, tree.level, seeds)
    counted.stated, counted.covered, counted.printed = nest.outermost, nest.covered, printed
    counted.left_out = in_order([*left_out, *nest.overlapping, *nest.newer, *outside[:MOST_LISTED]])
    counted.covered_by = {it.id: holder for holder, among in nest.inside.items() for it in among}
    for it in nest.outermost:
        inner = nested(nest.inside.get(it.id, []), line, tree.level)
        # What is inside a box was collected for it, wherever else it counts.
        counted.inside[it.id] = [*inner.outermost, *inner.elsewhere]
    counted.is_own = bool(counted.stated_percent) or any(it.unit in own for it in nest.outermost)
    return Stated(
        counted,
        [it.value for it in counted.stated if it.value is not None],
        boxes=[*seeds, *nest.outermost, *nest.elsewhere],
        seeds=len(seeds),
        overlaps=bool(nest.overlapping),
        is_stated=any(it.end >= first and it.is_here for it in figures),
    )


def _line_in(tree: Tree, clusters: Sequence[int], *, with_heirs: bool) -> Line:
    """Return what says who may cover a figure in a group, successors with the day of the merger."""

    def line(figure: Figure) -> Sequence[tuple[int, str]]:
        if figure.unit in clusters:
            return [(figure.unit, "")]
        units = tree.ancestors(figure.unit, figure.day)
        heirs = [it for unit in units for it in tree.heirs(unit)] if with_heirs else []
        merged = dict.fromkeys((heir, day) for heir, day in heirs if heir not in units)
        wholes = clusters if figure.is_here else ()
        return [*((unit, "") for unit in (*wholes, *units)), *merged]

    return line


def _less(longer: Value | None, shorter: Value | None, *, is_signed: bool) -> Value | None:
    """Return what one value is more than another; None where that cannot be."""
    if isinstance(longer, Quantity) and isinstance(shorter, Quantity):
        difference = longer - shorter
        return difference if is_signed or difference.value >= 0 else None
    if isinstance(longer, Share) and isinstance(shorter, Share):
        part, whole = longer.part - shorter.part, longer.whole - shorter.whole
        if part >= 0 and whole > 0:
            return Share(part, whole, (Quantity(0, longer.qualifier) - Quantity(0, shorter.qualifier)).qualifier)
    return None


def _days(figure: Figure) -> int:
    return (date.fromisoformat(figure.end) - date.fromisoformat(figure.start)).days
