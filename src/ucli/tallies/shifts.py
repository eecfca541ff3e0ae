"""Shifts: by how much the tallies moved since an operation.

What a command writes is the difference between two states of the ledger: rows that count now and did not, rows that
counted and do no more, and units that stand under others than they did. The same difference, taken since any
operation of the past, leads from today's tallies back to what they were.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from ucli.tallies.lines import Above, Lines, Span
from ucli.tallies.nets import Cell, Holder, Net, Nets, nets_of
from ucli.tallies.series import EVENTS, Own, among, place_of

LIVE = 2**63 - 1

_ROWS_AT_ONCE = 20_000

# A row of r that counts on one side of an operation and not on the other, or on both.
_BEGUN = f"r.from_op > :since AND r.to_op = {LIVE}"
_ENDED = f"r.from_op <= :since AND r.to_op > :since AND r.to_op < {LIVE}"
_KEPT = f"r.from_op <= :since AND r.to_op = {LIVE}"

_REGISTERS = frozenset(event.register for event in EVENTS)


class Shift(NamedTuple):
    """What is to be added: by unit, series and day; by unit and cell of figures; and what holds something inside.

    Of a unit whose days are not tallied it is the month that stands for the day.
    """

    sums: dict[tuple[int, str, str], int]
    nets: dict[tuple[int, Cell], Net]
    holding: list[Holder]

    @classmethod
    def empty(cls) -> "Shift":
        return cls({}, {}, [])

    def add_sum(self, ancestors: Iterable[Above], series: str, day: str, number: int) -> None:
        sums = self.sums
        for ancestor, daily in ancestors:
            key = (ancestor, series, day if daily else day[:7])
            sums[key] = sums.get(key, 0) + number

    def add_net(self, key: tuple[int, Cell], net: Net) -> None:
        self.nets[key] = self.nets[key] + net if key in self.nets else net


def alive(row: str, known: int) -> str:
    """Say in SQL that a row counted as known at an operation; of all that is known by now, as indexes have it."""
    return f"{row}.to_op = {LIVE}" if known >= LIVE - 1 else f"{row}.from_op <= {known} AND {row}.to_op > {known}"


def shift_since(db: sqlite3.Connection, since: int) -> Shift:
    """Return what was added to the tallies since an operation, with what was taken off as negative numbers."""
    shift = Shift.empty()
    before, after = Lines(db, since), Lines(db, LIVE - 1)
    written = _written(db, since)
    recorded: set[int] = set()
    for state, sign, lines in ((_BEGUN, 1, after), (_ENDED, -1, before)):
        for own in own_events(db, state, {"since": since}, written):
            recorded |= {unit for unit, _series, _day in own}
            hand_up(shift, own, lines, sign)
    moved = _moved(db, since) if "ancestry" in written else {}
    stated = set(_living_or_stating(db, since)) if {"ancestry", "figure"} & written else set()
    # Whoever only moved took all figures along as they are; whoever only recorded has others where a register counts.
    anew = stated | (recorded & moved.keys()) | _holding(db, moved)
    for units, counted in ((anew, False), (recorded - anew, True)):
        leaves = leaves_among(db, units, counted=counted)
        for known, sign, lines in ((LIVE - 1, 1, after), (since, -1, before)) if leaves else ():
            nets, holding = nets_of(db, leaves, known, counted=counted)
            hand_up_nets(shift, nets, lines, sign)
            shift.holding.extend(holding)
    if moved:
        _move(shift, db, moved, since)
        _move_nets(shift, db, {unit: spans for unit, spans in moved.items() if unit not in anew})
    return shift


def _written(db: sqlite3.Connection, since: int) -> set[str]:
    """Return the tables that were written to."""
    tables = {"ancestry", "figure", *_REGISTERS}
    query = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table} r WHERE {_BEGUN})"
        f" OR EXISTS (SELECT 1 FROM {table} r WHERE {_ENDED})"
        for table in sorted(tables)
    )
    return {row[0] for row in db.execute(query, {"since": since})}


def own_events(
    db: sqlite3.Connection, state: str, bound: dict[str, object], registers: Collection[str] = _REGISTERS
) -> Iterator[Own]:
    """Yield what units did themselves, some rows at a time, so that a nation's take no more room than a province's."""
    for event in EVENTS:
        if event.register not in registers:
            continue
        rows = db.execute(
            f"SELECT {event.unit}, {event.series}, {event.day}, {event.number} FROM {event.register} r"
            f" WHERE {state.format(unit=event.unit)} AND {event.only}",
            bound,
        )
        while chunk := rows.fetchmany(_ROWS_AT_ONCE):
            own: Own = {}
            for unit, series, day, number in chunk:
                key = (unit, series, day)
                own[key] = own.get(key, 0) + number
            yield own


def hand_up(shift: Shift, own: Own, lines: Lines, sign: int) -> None:
    """Add what units did themselves to all that stood above them."""
    lines.learn({unit for unit, _series, _day in own})
    # What units beside each other did on a day goes up together.
    together: dict[tuple[tuple[Above, ...], str, str], int] = {}
    for (unit, series, day), number in own.items():
        key = (lines.above(unit, place_of(series, day)), series, day)
        together[key] = together.get(key, 0) + sign * number
    for (above, series, day), number in together.items():
        shift.add_sum(above, series, day, number)


def hand_up_nets(shift: Shift, nets: Nets, lines: Lines, sign: int) -> None:
    """Add what the figures of leaves add to all that stood above them."""
    lines.learn({unit for unit, _cell in nets})
    together: dict[tuple[tuple[Above, ...], Cell], Net] = {}
    for (unit, cell), net in nets.items():
        key = (lines.above(unit, cell.day), cell)
        together[key] = together[key] + net if key in together else net
    for (above, cell), net in together.items():
        for ancestor, _daily in above:
            shift.add_net((ancestor, cell), net.times(sign))


def _moved(db: sqlite3.Connection, since: int) -> dict[int, list[tuple[Span, int]]]:
    """Return by unit above whom it came to stand (1) and no longer stands (-1), between which days."""
    edges: dict[tuple[int, Above], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for state, sign in ((_BEGUN, 1), (_ENDED, -1)):
        for unit, ancestor, daily, first, until in db.execute(
            "SELECT r.unit, r.ancestor, t.daily, r.from_day, r.to_day FROM ancestry r CROSS JOIN tallied t"
            f" ON t.unit = r.ancestor WHERE {state}",
            {"since": since},
        ):
            steps = edges[unit, (ancestor, bool(daily))]
            steps[first] += sign
            steps[until] -= sign
    moved: dict[int, list[tuple[Span, int]]] = defaultdict(list)
    for (unit, above), steps in edges.items():
        level, first = 0, ""
        for day in sorted(steps):
            if level:
                moved[unit].append(((above, first, day), level))
            level, first = level + steps[day], day
    return moved


def _move(shift: Shift, db: sqlite3.Connection, moved: dict[int, list[tuple[Span, int]]], since: int) -> None:
    """Add what units did in the days for which they came under others, as far as it was recorded before."""
    days = [
        f'[{unit},"{min(it[1] for it, _sign in spans)}","{max(it[2] for it, _sign in spans)}"]'
        for unit, spans in moved.items()
    ]
    for event in EVENTS:
        for unit, series, day, number in db.execute(
            f"SELECT {event.unit}, {event.series}, {event.day}, {event.number} FROM json_each(:days) d"
            f" CROSS JOIN {event.register} r ON {event.unit} = json_extract(d.value, '$[0]')"
            f" AND {event.day} BETWEEN json_extract(d.value, '$[1]') AND json_extract(d.value, '$[2]')"
            f" WHERE {_KEPT} AND {event.only}",
            {"days": f"[{','.join(days)}]", "since": since},
        ):
            place = place_of(series, day)
            for (above, first, until), sign in moved[unit]:
                if first <= place < until:
                    shift.add_sum((above,), series, day, sign * number)


def _move_nets(shift: Shift, db: sqlite3.Connection, moved: dict[int, list[tuple[Span, int]]]) -> None:
    """Add what leaves that moved had stated for the days for which they came under others."""
    leaves = leaves_among(db, moved)
    if not leaves:
        return
    first_day = min(first for unit in leaves for (_above, first, _until), _sign in moved[unit])
    nets, _holding = nets_of(db, leaves, LIVE - 1, from_day=first_day)
    for (unit, cell), net in nets.items():
        for ((ancestor, _daily), first, until), sign in moved[unit]:
            if first <= cell.day < until:
                shift.add_net((ancestor, cell), net.times(sign))


def _living_or_stating(db: sqlite3.Connection, since: int) -> Iterator[int]:
    """Yield the units that stated something, or whose life became another, which says on which days they stated it."""
    for table, only in (("figure", "1"), ("ancestry", "r.depth = 0")):
        for state in (_BEGUN, _ENDED):
            for row in db.execute(f"SELECT r.unit FROM {table} r WHERE {state} AND {only}", {"since": since}):
                yield row["unit"]


def _holding(db: sqlite3.Connection, units: Collection[int]) -> set[int]:
    """Return those of some units that stated figures with something inside: moving may set them apart."""
    rows = db.execute(
        "SELECT u.value FROM json_each(?) u WHERE EXISTS (SELECT 1 FROM holding h WHERE h.unit = u.value)",
        (among(units),),
    )
    return {row[0] for row in rows} if units else set()


def leaves_among(db: sqlite3.Connection, units: Collection[int], *, counted: bool = False) -> list[int]:
    """Return the leaves among some units that ever stated anything, or anything that a register counts as well."""
    if not units:
        return []
    only = (
        "AND f.indicator IN (SELECT e.indicator FROM indicator_entry e WHERE e.counts <> 'figures')" if counted else ""
    )
    rows = db.execute(
        "SELECT u.value AS unit FROM json_each(:units) u"
        f" WHERE EXISTS (SELECT 1 FROM figure f WHERE f.unit = u.value {only})"
        " AND NOT EXISTS (SELECT 1 FROM tallied t WHERE t.unit = u.value)",
        {"units": among(units)},
    )
    return [row["unit"] for row in rows]
