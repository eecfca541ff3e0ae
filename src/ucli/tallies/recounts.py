"""Counting anew: what units come to in the registers, in time that a nation's forty million rows allow.

Nearly all units stood below the same all their days. What those did is added up by SQLite, a unit above them at a
time, and never row by row; the few that moved go the way of what a command writes.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import repeat

from ucli.tallies.lines import Above, Lines, Placed
from ucli.tallies.nets import nets_of, plain_nets, tangled
from ucli.tallies.series import EVENTS, Event, among
from ucli.tallies.shifts import Shift, hand_up, hand_up_nets, leaves_among, own_events

_PLACED = (
    "WITH l AS MATERIALIZED (SELECT json_extract(value, '$[0]') AS unit, json_extract(value, '$[1]') AS first,"
    " json_extract(value, '$[2]') AS until FROM json_each(:placed))"
)

_BESIDE_EACH_OTHER: dict[tuple[str, ...], list[Event]] = defaultdict(list)
for _event in EVENTS:
    _BESIDE_EACH_OTHER[_event.register, _event.unit, _event.day, _event.said_by, _event.only].append(_event)


def recount(
    db: sqlite3.Connection, shift: Shift, units: Sequence[int], known: int, only: Collection[int] | None = None
) -> None:
    """Add to a shift what some units come to in the registers, for all tallied units above them or only for some."""
    lines = Lines(db, known, only)
    together, others = lines.parted(units)
    _sum_up(db, shift, together, known)
    state = "r.from_op <= :known AND r.to_op > :known AND {unit} IN (SELECT value FROM json_each(:units))"
    for own in own_events(db, state, {"known": known, "units": among(others)}) if others else ():
        hand_up(shift, own, lines, 1)
    leaves = set(leaves_among(db, units))
    families = tangled(db, leaves.difference(others), known)
    for above, placed in together.items():
        stating = [it for it in placed if it[0] in leaves]
        for cell, net in plain_nets(db, _PLACED, _bound(stating, known), families) if stating else ():
            for ancestor, _daily in above:
                shift.add_net((ancestor, cell), net)
    for some, chosen in ((leaves.intersection(others), None), ({unit for unit, _indicator in families}, families)):
        nets, holding = nets_of(db, some, known, only=chosen) if some else ({}, [])
        hand_up_nets(shift, nets, lines, 1)
        shift.holding.extend(holding)


def _sum_up(db: sqlite3.Connection, shift: Shift, together: dict[tuple[Above, ...], list[Placed]], known: int) -> None:
    """Add what units that stood below the same all their days recorded, by day and by month."""
    by_day: dict[tuple[int, ...], list[Placed]] = defaultdict(list)
    by_month: dict[tuple[int, ...], list[Placed]] = defaultdict(list)
    for above, placed in together.items():
        by_day[tuple(unit for unit, daily in above if daily)].extend(placed)
        by_month[tuple(unit for unit, daily in above if not daily)].extend(placed)
    sums = shift.sums
    for groups, when in ((by_day, "{day}"), (by_month, "substr({day}, 1, 7)")):
        for above_all, placed in groups.items():
            for series, day, number in _summed(db, placed, known, when) if above_all else ():
                for unit in above_all:
                    key = (unit, series, day)
                    sums[key] = sums.get(key, 0) + number


def _summed(db: sqlite3.Connection, placed: list[Placed], known: int, when: str) -> Iterable[tuple[str, str, int]]:
    bound = _bound(placed, known)
    # One way through the rows for all that they add to; sorted by what stands in them, shorter than names of series.
    for (register, unit, day, said_by, only), events in _BESIDE_EACH_OTHER.items():
        sums = ", ".join(f"{event.series}, sum({event.number})" for event in events)
        for at, *found in db.execute(
            f"{_PLACED} SELECT {when.format(day=day)}, {sums} FROM l CROSS JOIN {register} r ON {unit} = l.unit"
            f" WHERE r.from_op <= :known AND r.to_op > :known AND {only} AND {events[0].stands('l.first', 'l.until')}"
            f" GROUP BY {said_by}, 1",
            bound,
        ):
            yield from zip(found[::2], repeat(at), found[1::2])


def _bound(placed: list[Placed], known: int) -> dict[str, object]:
    listed = ",".join(f'[{unit},"{first}","{until}"]' for unit, first, until in placed)
    return {"placed": f"[{listed}]", "known": known}
