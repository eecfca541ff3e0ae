"""The movement of a unit's members and unions over a window: opening + in − out = closing.

Gains and losses are counted from the registers and from moves of units; opening and closing are stocks counted by
themselves. A difference that is left comes from a statement inside the window, and is reported.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ucli.ledger.registers import EVE_OF_LEAVING, SOURCES, Source
from ucli.reports.counting import Counter, Question, count
from ucli.reports.figures import Figure
from ucli.reports.registers import LEFT, MERGED, RECEIVED
from ucli.reports.report import groups_of
from ucli.reports.scope import Group
from ucli.values.indicators import MOVEMENTS, Indicator
from ucli.values.members import LEFT_BY, UNION_DISSOLVED
from ucli.values.periods import Window
from ucli.values.quantities import Quantity, Value
from ucli.values.units import BY_CHILDREN, KINDS, Unit

# The registers that a movement counts, regardless of figures.
_COME_OR_WENT = {register for registers in MOVEMENTS.values() for register in registers}
# What figures state beyond the registers may be negative.
_COMING = ("admitted", "transferred_in", "units_in", "stated")
_GOING = ("left", "transferred_out", "units_out", "merged", "dissolved")
REASONS = tuple(reason for reason in LEFT_BY if reason != UNION_DISSOLVED)


class Movement(NamedTuple):
    """A stock from `opening` to `closing`, line by line, and the losses by reason."""

    lines: dict[str, Quantity]
    left: dict[str, int]

    @property
    def numbers(self) -> dict[str, int]:
        """All lines as plain numbers, and the unexplained difference."""
        it = {key: line.value for key, line in self.lines.items()} | {"left": sum(self.left.values())}
        due = it["opening"] + sum(it[key] for key in _COMING) - sum(it[key] for key in _GOING)
        return {**it, "difference": it["closing"] - due}


class MovementTable(NamedTuple):
    unit: Unit | None  # None: several units, or the rest outside of groups
    window: Window
    members: Movement
    unions: Movement
    statements: tuple[Figure, ...]  # statements that changed a stock inside the window
    stated: tuple[tuple[Indicator, Value], ...]  # a report's value, where figures exceed the registers


def movements_of(
    db: sqlite3.Connection, question: Question, units: Sequence[Unit], by: str | None
) -> tuple[MovementTable, list[MovementTable] | None]:
    """Return the movement of some units together, and of each group, if groups are asked for."""
    whole, parts = groups_of(db, question, units, by)
    total, *groups = _tables(db, question, [whole, *(parts or ())])
    if parts is None:
        return total, None
    rest = _rest_of(total, groups) if by in KINDS or by == BY_CHILDREN else None
    return total, [*groups, rest] if rest else groups


def _tables(db: sqlite3.Connection, question: Question, asked: Sequence[Group]) -> list[MovementTable]:
    """Return the movement of members and unions in some groups.

    A group that joins or leaves its whole does so with everything it has.
    """
    closing = [it._replace(stock_day=it.days[1]) for it in asked]
    # On the first of all days there was nothing yet.
    eves = [max(it.window.start, date.min + timedelta(days=1)) - timedelta(days=1) for it in asked]
    opening = [
        it._replace(window=Window(eve.isoformat(), eve, eve), stock_day=eve.isoformat())
        for it, eve in zip(asked, eves, strict=True)
    ]
    moving = (it.code for it in question.catalogue if it.register in _COME_OR_WENT or it.register in MOVEMENTS)
    extra = {MERGED, *(f"{LEFT}{reason}" for reason in LEFT_BY)}
    counters = count(db, question._replace(asked=tuple(moving)), [*closing, *opening], extra=extra)
    moved = _moved(db)
    pairs = zip(counters[: len(asked)], counters[len(asked) :], strict=True)
    return [_table(question, *pair, moved[place]) for place, pair in enumerate(pairs)]


def _table(question: Question, counter: Counter, opening: Counter, moved: dict[str, int]) -> MovementTable:
    scope, (first, last) = counter.group.scope, counter.group.days
    movements, statements = {}, []
    for stock in (it for it in question.catalogue if it.is_stock and it.register in MOVEMENTS):
        of = stock.register or ""
        came, went, ended = question.stocks.passed(stock, scope, first, last)
        stated, figures = question.stocks.stated_between(stock, scope, first, last)
        statements += [it for it in counter.count(stock).stated if first <= it.day <= last] + figures
        left = {reason: counter.series.get(f"{LEFT}{reason}", 0) for reason in REASONS if of == "members"}
        lines = {
            "opening": _value(opening, stock),
            "admitted": Quantity(counter.registered(MOVEMENTS[of][0])),
            "transferred_in": Quantity(moved.get(f"{of} transferred in", 0)),
            "units_in": Quantity(moved.get(f"{of} in", 0)) + came,
            "transferred_out": Quantity(moved.get(f"{of} transferred out", 0)),
            "units_out": Quantity(moved.get(f"{of} out", 0)) + went,
            "merged": Quantity(counter.series.get(MERGED, 0) if of == "unions" else 0),
            "dissolved": Quantity(counter.registered("endings" if of == "unions" else "dissolutions")) + ended,
            "stated": stated,
            "closing": _value(counter, stock),
        }
        movements[of] = Movement(lines, {reason: number for reason, number in left.items() if number})
    return MovementTable(
        counter.group.unit,
        counter.group.whole,
        movements["members"],
        movements["unions"],
        tuple(dict.fromkeys(statements)),
        tuple(_stated(question, counter)),
    )


def _stated(question: Question, counter: Counter) -> Iterator[tuple[Indicator, Value]]:
    """Yield the indicators of gains and losses whose report differs from the registers."""
    for it in question.catalogue:
        if it.register in _COME_OR_WENT:
            value = counter.count(it).value
            if value is not None and value != Quantity(counter.registered(it.register)):
                yield it, value


def _value(counter: Counter, indicator: Indicator) -> Quantity:
    value = counter.count(indicator).value
    return value if isinstance(value, Quantity) else Quantity(0)


# Moves into and out of a scope without any founding, admission or loss: transferred members, and unions that moved with
# all their members. On one day members leave first, then units move, then members are admitted. A transfer within the
# scope is no move; one whose other end is unknown is.
_HERE = "EXISTS (SELECT 1 FROM temp.scope h WHERE h.grp = s.grp AND h.unit = {0} AND h.since <= {1} AND {1} < h.until)"


def _gone_over(source: Source, way: str, inside: str) -> str:
    """Return in SQL those of a source who came from or went to a union outside of a group: `inside` finds no other."""
    return f"""
SELECT s.grp, 'members ' || iif({source.part} = 'transfer', 'transferred ', '') || '{way}' AS how,
    {source.number} AS number
FROM temp.scope s CROSS JOIN {source.table} r ON {source.unit} = s.unit AND {source.counts} AND {source.falls}
WHERE NOT EXISTS ({inside})
"""


_FROM_HERE = f"""
SELECT 1 FROM membership o WHERE o.id = r.came_from AND {_HERE.format("o.union_unit", EVE_OF_LEAVING.format(row="o"))}
"""
# A transferred group may have been split since: all its parts came from one union.
_TO_HERE = f"SELECT 1 FROM membership o WHERE o.came_from = r.id AND {_HERE.format('o.union_unit', 'o.admitted')}"
# Of what came in bundles the other end is a unit of that office.
_IN_SCOPE = (
    "SELECT 1 FROM temp.scope h WHERE h.grp = s.grp AND h.unit = r.other AND h.since <= r.end_day"
    " AND r.start_day <= h.until"
)
_GONE_OVER = " UNION ALL ".join(
    (
        _gone_over(SOURCES["arrivals"], "in", _FROM_HERE),
        _gone_over(SOURCES["goings"], "out", _TO_HERE),
        _gone_over(RECEIVED["arrivals"], "in", _IN_SCOPE),
        _gone_over(RECEIVED["goings"], "out", _IN_SCOPE),
    )
)
# The unions, or units whose bundles count them, that moved on a day, and their members who stayed.
_UNIONS = """
SELECT s.grp, s.unit, {day} AS day, '{way}' AS way, n.kind = 'union' AS is_union FROM temp.scope s
    JOIN unit_name n ON n.unit = s.unit AND n.from_day <= {day} AND {day} < n.to_day
        AND (n.kind = 'union' OR n.unit IN (SELECT unit FROM received WHERE register IN ('members', 'unions')))
    JOIN ancestry l ON l.unit = s.unit AND l.ancestor = s.unit AND {lived}
WHERE {day} BETWEEN s.first AND s.last AND s.since < s.until AND NOT {here}
"""
_ENTERED = _UNIONS.format(
    day="s.since", way="in", lived="l.from_day < s.since", here=_HERE.format("s.unit", "date(s.since, '-1 day')")
)
_LEFT = _UNIONS.format(day="s.until", way="out", lived="l.to_day > s.until", here=_HERE.format("s.unit", "s.until"))
_MOVED = f"""
WITH moved AS (SELECT DISTINCT * FROM ({_ENTERED} UNION ALL {_LEFT}))
SELECT grp, how, sum(number) FROM (
    {_GONE_OVER}
    UNION ALL SELECT grp, 'unions ' || way, 1 FROM moved WHERE is_union
    UNION ALL SELECT x.grp, 'members ' || x.way, m.members FROM moved x CROSS JOIN membership m
        ON m.union_unit = x.unit AND m.admitted < x.day AND (m."left" IS NULL OR m."left" > x.day)
    UNION ALL SELECT x.grp, r.register || ' ' || x.way, r.number FROM moved x CROSS JOIN received r
        ON r.unit = x.unit AND r.register IN ('members', 'unions') AND r.place < x.day)
GROUP BY 1, 2
"""


def _moved(db: sqlite3.Connection) -> dict[int, dict[str, int]]:
    """Return by group how many members and unions came and went, and how."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for group, how, number in db.execute(_MOVED):
        found[group][how] = number
    return found


def _rest_of(total: MovementTable, groups: Sequence[MovementTable]) -> MovementTable | None:
    """Return the movement outside of all groups, such as of unions directly under the unit itself.

    None if there is nothing, or if a group was not within the whole all the time.
    """
    members = _without(total.members, [it.members for it in groups])
    unions = _without(total.unions, [it.unions for it in groups])
    said = [{**of.lines, "stated": Quantity(0)} for of in (members, unions)]
    found = [*members.left.values(), *unions.left.values(), *(it.value for lines in said for it in lines.values())]
    is_whole = any(found) and min(found) >= 0
    return total._replace(unit=None, members=members, unions=unions) if is_whole else None


def _without(whole: Movement, groups: Sequence[Movement]) -> Movement:
    less = {key: line.value - sum(it.lines[key].value for it in groups) for key, line in whole.lines.items()}
    # Moves between groups, or to the rest, count for the groups and not for the whole.
    for came, went in (("units_in", "units_out"), ("transferred_in", "transferred_out")):
        net = less[came] - less[went]
        less[came], less[went] = max(net, 0), max(-net, 0)
    left = {reason: whole.left.get(reason, 0) - sum(it.left.get(reason, 0) for it in groups) for reason in REASONS}
    rest = {key: Quantity(number) for key, number in less.items()}
    return Movement(rest, {reason: number for reason, number in left.items() if number})
