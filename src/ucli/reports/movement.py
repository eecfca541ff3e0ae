"""The movement of a unit's members and unions over a window: opening + in − out = closing.

Everything that came or went is counted from the registers and from how units moved; the opening and the closing are
stocks of their own. What is left between them is what a statement inside the window changed, and is said.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ucli.reports.attainment import Question, Request, counters_of
from ucli.reports.counting import Counter
from ucli.reports.figures import Figure
from ucli.reports.registers import LEFT, MERGED
from ucli.reports.report import requests_of
from ucli.reports.scope import ALWAYS, Group, Scope, day_after, day_before
from ucli.reports.transfers import Transfers, transfers_of
from ucli.values.indicators import MOVEMENTS, Indicator
from ucli.values.members import LEFT_BY, UNION_DISSOLVED
from ucli.values.periods import BEGINNING, FOREVER, Window
from ucli.values.quantities import Quantity, Value
from ucli.values.units import BY_CHILDREN, KINDS, Unit

# The registers that a movement counts, whatever figures say of the same.
_COME_OR_WENT = {register for registers in MOVEMENTS.values() for register in registers}
REASONS = tuple(reason for reason in LEFT_BY if reason != UNION_DISSOLVED)


class Movement(NamedTuple):
    """How a stock came from its opening to its closing; `left` by reason, `merged` counts unions only."""

    opening: Quantity
    admitted: int
    transferred_in: int
    units_in: Quantity
    left: dict[str, int]
    transferred_out: int
    units_out: Quantity
    merged: int
    dissolved: Quantity
    stated: Quantity  # what units stated of coming and going, beyond what the registers count
    closing: Quantity

    @property
    def difference(self) -> int:
        """What the closing is more than the opening and all that came and went."""
        come = self.admitted + self.transferred_in + self.units_in.value + self.stated.value
        gone = (
            sum(self.left.values()) + self.transferred_out + self.units_out.value + self.merged + self.dissolved.value
        )
        return self.closing.value - (self.opening.value + come - gone)


class MovementTable(NamedTuple):
    unit: Unit | None  # None: several units, or what stands in no group
    window: Window
    members: Movement
    unions: Movement
    statements: tuple[Figure, ...]  # that changed a stock inside the window
    stated: tuple[tuple[Indicator, Value], ...]  # what a report says where figures say more than the registers


def movements_of(
    db: sqlite3.Connection, question: Question, units: Sequence[Unit], by: str | None
) -> tuple[MovementTable, list[MovementTable] | None]:
    """Return the movement of some units together, and of each group where one is asked for."""
    whole, requests = requests_of(db, question, units, by)
    total, *groups = _tables(db, [whole, *(requests or ())])
    if requests is None:
        return total, None
    rest = _rest_of(total, groups) if by in KINDS or by == BY_CHILDREN else None
    return total, [*groups, rest] if rest else groups


def _tables(db: sqlite3.Connection, requests: Sequence[Request]) -> list[MovementTable]:
    """Return the movement of members and unions of some scopes, all by one structure.

    A group that came into its whole, or went elsewhere, does so with all it has.
    """
    question = requests[0].question._replace(asked=())
    groups = [Group(it.scope, it.window, it.window.end.isoformat()) for it in requests]
    groups += [_on(it.scope, _eve_of(it.window)) for it in requests]
    counters = counters_of(db, question, groups)
    openings = counters[len(requests) :]
    moving = [_moving(it) for it in counters[: len(requests)]]
    transfers = transfers_of(
        db, question.tree, [it._replace(scope=scope) for it, scope in zip(groups, moving, strict=False)]
    )
    return [_movement(db, *parts) for parts in zip(requests, counters, openings, moving, transfers, strict=False)]


def _movement(
    db: sqlite3.Connection, request: Request, counter: Counter, opening: Counter, moving: Scope, came: Transfers
) -> MovementTable:
    question = request.question
    first, last = counter.window.start.isoformat(), counter.window.end.isoformat()
    by_register = {it.counts: it for it in question.catalogue if it.is_stock}
    members, unions = by_register["members"], by_register["unions"]
    series = counter.series
    went = {reason: series.get(f"{LEFT}{reason}", 0) for reason in LEFT_BY}
    passed = {it.id: _passed(db, question, counter, moving, it) for it in (members, unions)}
    return MovementTable(
        request.unit,
        question.window,
        members=Movement(
            opening=_value(opening, members),
            admitted=counter.registered("admissions"),
            transferred_in=came.transferred_in,
            units_in=Quantity(came.members_in) + passed[members.id][0],
            left={reason: went[reason] for reason in REASONS if went.get(reason)},
            transferred_out=came.transferred_out,
            units_out=Quantity(came.members_out) + passed[members.id][1],
            merged=0,
            dissolved=Quantity(went.get(UNION_DISSOLVED, 0)) + passed[members.id][2],
            stated=_stated_moves(counter, members),
            closing=_value(counter, members),
        ),
        unions=Movement(
            opening=_value(opening, unions),
            admitted=counter.registered("foundings"),
            transferred_in=0,
            units_in=Quantity(came.unions_in) + passed[unions.id][0],
            left={},
            transferred_out=0,
            units_out=Quantity(came.unions_out) + passed[unions.id][1],
            merged=series.get(MERGED, 0),
            dissolved=Quantity(counter.registered("endings")) + passed[unions.id][2],
            stated=_stated_moves(counter, unions),
            closing=_value(counter, unions),
        ),
        statements=tuple(it for stock in (members, unions) for it in _statements(counter, stock, first, last)),
        stated=tuple(_stated(question, counter)),
    )


def _on(scope: Scope, day: date) -> Group:
    return Group(scope, Window(day.isoformat(), day, day), day.isoformat())


def _eve_of(window: Window) -> date:
    """Return the day before a window: before the first of all days there was nothing, nor on it."""
    return max(window.start, date.min + timedelta(days=1)) - timedelta(days=1)


def _stated(question: Question, counter: Counter) -> Iterator[tuple[Indicator, Value]]:
    """Yield the indicators of coming and going for which a report counts something else than the registers."""
    for it in question.catalogue:
        if it.register in _COME_OR_WENT:
            value = counter.count(it).value
            if value is not None and value != Quantity(counter.registered(it.register)):
                yield it, value


def _moving(counter: Counter) -> Scope:
    """Return a scope in which no one comes or goes with its unit where that was founded, or is no more."""
    if counter.scope.stays == ALWAYS:
        return counter.scope
    begun, ended = counter.tree.life(counter.scope.roots[0])
    stays = counter.scope.stays
    return counter.scope._replace(
        stays=tuple((BEGINNING if it == begun else it, FOREVER if to == ended else to) for it, to in stays)
    )


def _statements(counter: Counter, stock: Indicator, first: str, last: str) -> list[Figure]:
    """Return what was stated inside, and changed the stock: what the closing rests on, and what others left it."""
    closing = [it for it in counter.count(stock).stated if first <= it.day <= last]
    return [*dict.fromkeys((*closing, *counter.stocks.stated_between(stock, counter.scope.roots, first, last)))]


def _stated_moves(counter: Counter, stock: Indicator) -> Quantity:
    """Return what units stated of the movement of what they had stated, while they stood here.

    What they stated for days on both sides of the opening is known at the closing only, and came in between; what they
    stated before they came, or when they had gone, came or went with them.
    """
    stocks, scope, moved = counter.stocks, counter.scope, Quantity(0)
    first, last = counter.window.start.isoformat(), counter.stock_day
    for own in counter.count(stock).stated:
        if own.unit in scope.clusters:
            return stocks.moved(stock, own.unit, own.day, day_before(first), last, scope.roots)
    changes = {it.day for it in stocks.passages(stock, first, last, None if counter.tree.day else scope.roots)}
    changes |= {day for stay in scope.stays for day in stay}
    eve = day_before(first)
    for day in sorted({day_before(it) for it in changes if first < it <= last} | {last}):
        below = stocks.below(stock, scope.roots, day) if scope.holds(day) else []
        for unit in stocks.outermost(stock, below, day):
            if it := stocks.latest(stock, unit, day):
                moved += stocks.moved(stock, unit, it.day, eve, day, (unit,))
        eve = day
    return moved


def _passed(
    db: sqlite3.Connection, question: Question, counter: Counter, moving: Scope, stock: Indicator
) -> tuple[Quantity, Quantity, Quantity]:
    """Return what came with units, went with them, and is no more: the nameless, and all that a whole group has."""
    stocks, roots = counter.stocks, moving.roots
    first, last = counter.window.start.isoformat(), counter.window.end.isoformat()
    came, went, ended = Quantity(0), Quantity(0), Quantity(0)
    for since, until in moving.stays:
        inside = stocks.came_and_went(stock, roots, max(first, since), min(last, day_before(until)))
        came, went = came + inside[0], went + inside[1]
        # Who is no more was one of them on the eve.
        ended += stocks.came_and_went(stock, roots, max(first, day_after(since)), min(last, until))[2]
        if since != BEGINNING and first <= since <= last:
            came += _taken_along(db, question, counter, stock, since)
        if first <= until <= last:
            went += _taken_along(db, question, counter, stock, until)
    return came, went, ended


def _taken_along(db: sqlite3.Connection, question: Question, counter: Counter, stock: Indicator, day: str) -> Quantity:
    """Return what a group takes along when it moves on a day: who leaves on that day leaves first."""
    roots = counter.scope.roots
    eve = date.fromisoformat(day_before(day))
    # Anyone who leaves on the day was one of them on its eve.
    leaving = Group(
        Scope(roots, stays=((BEGINNING, day),)), Window(day, date.fromisoformat(day), date.fromisoformat(day)), day
    )
    held, gone = counters_of(db, question._replace(asked=()), [_on(Scope(roots), eve), leaving])
    if stock.counts == "members":
        left = sum(number for series, number in gone.series.items() if series.startswith(LEFT))
    else:
        left = gone.registered("endings") + gone.series.get(MERGED, 0)
    return _value(held, stock) - Quantity(left) - counter.stocks.came_and_went(stock, roots, day, day)[2]


def _rest_of(total: MovementTable, groups: Sequence[MovementTable]) -> MovementTable | None:
    """Return the movement of what stands in no group, such as unions directly under the unit itself.

    None where there is nothing, or where a group came from elsewhere and is not the total's as a whole.
    """
    rest = total._replace(
        unit=None,
        members=_without(total.members, [it.members for it in groups]),
        unions=_without(total.unions, [it.unions for it in groups]),
    )
    numbers = [number for it in (rest.members, rest.unions) for number in _numbers(it)]
    return rest if any(numbers) and min(numbers) >= 0 else None


def _without(whole: Movement, groups: Sequence[Movement]) -> Movement:
    def less(name: str) -> int:
        return _number(getattr(whole, name)) - sum(_number(getattr(it, name)) for it in groups)

    # What went from one group to another, or to the rest, is in the groups and not in the whole.
    units, members = less("units_in") - less("units_out"), less("transferred_in") - less("transferred_out")
    left = {reason: whole.left.get(reason, 0) - sum(it.left.get(reason, 0) for it in groups) for reason in REASONS}
    return Movement(
        opening=Quantity(less("opening")),
        admitted=less("admitted"),
        transferred_in=max(members, 0),
        units_in=Quantity(max(units, 0)),
        left={reason: number for reason, number in left.items() if number},
        transferred_out=max(-members, 0),
        units_out=Quantity(max(-units, 0)),
        merged=less("merged"),
        dissolved=Quantity(less("dissolved")),
        stated=Quantity(less("stated")),
        closing=Quantity(less("closing")),
    )


def _numbers(it: Movement) -> list[int]:
    return [
        *(it.opening.value, it.admitted, it.transferred_in, it.units_in.value, *it.left.values()),
        *(it.transferred_out, it.units_out.value, it.merged, it.dissolved.value, it.closing.value),
    ]


def _number(value: Quantity | int) -> int:
    return value.value if isinstance(value, Quantity) else value


def _value(counter: Counter, indicator: Indicator) -> Quantity:
    value = counter.count(indicator).value
    return value if isinstance(value, Quantity) else Quantity(0)
