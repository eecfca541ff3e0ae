"""Reading the tallies: what happened at or below a unit between two days, by the structure of then.

Whole months come from the sums by month, the days at both ends from those by day; of a unit whose days are not
tallied, and of a leaf, they are read from the registers, which are few rows then.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property
from typing import NamedTuple

from ucli.domain.periods import BEGINNING, FOREVER
from ucli.tallies.nets import Cell, Net, nets_of
from ucli.tallies.series import AMOUNT, EVENTS, RECIPIENTS, Event, Registers, among, is_on_eve, listed
from ucli.tallies.shifts import Shift, alive, shift_since

Sums = dict[str, int]  # by series


class Piece(NamedTuple):
    """What a unit, with all below it, did from a day until (not including) another; `sign` is -1 to take it off."""

    unit: int
    sign: int = 1
    since: str = BEGINNING
    until: str = FOREVER

    def holds(self, day: str) -> bool:
        return self.since <= day < self.until


class Tallies:
    """The tallies of a ledger, as known at an operation.

    Args:
        db: the ledger.
        known: the last operation that counts.

    """

    def __init__(self, db: sqlite3.Connection, known: int) -> None:
        self._db = db
        self._known = known
        self._found: dict[tuple[int, str, str], Sums] = {}

    @cached_property
    def registers(self) -> Registers:
        return Registers(self._db)

    @cached_property
    def tallied(self) -> Mapping[int, bool]:
        """The units that are tallied, and whether their days are."""
        return {row["unit"]: bool(row["daily"]) for row in self._db.execute("SELECT unit, daily FROM tallied")}

    def sums(self, piece: Piece, first: str, last: str) -> Sums:
        """Return what every series comes to between two days, both inside."""
        if (piece.since, piece.until) == (BEGINNING, FOREVER):
            return self._times(piece.sign, self._all(piece.unit, first, last))
        # What belongs to its eve comes a day later than the days on which its unit stood there.
        on_eve = self._all(piece.unit, max(first, _days(piece.since, 1)), min(last, piece.until))
        same_day = self._all(piece.unit, max(first, piece.since), min(last, _days(piece.until, -1)))
        both = {name: number for name, number in on_eve.items() if is_on_eve(name)}
        both |= {name: number for name, number in same_day.items() if not is_on_eve(name)}
        return self._times(piece.sign, both)

    def nets(self, piece: Piece, first: str, last: str) -> dict[Cell, Net]:
        """Return what the figures of leaves add, for every window that touches the days between two."""
        if piece.unit in self.tallied:
            rows = self._db.execute(
                f"SELECT indicator, start_day, end_day, day, {', '.join(Net._fields)}"
                " FROM tally_figure WHERE unit = ? AND start_day <= ? AND end_day >= ?",
                (piece.unit, last, first),
            )
            found = {Cell(*row[:4]): Net(*row[4:]) for row in rows}
            for cell, net in self._since.nets.get(piece.unit, {}).items():
                if cell.start <= last and cell.end >= first:
                    found[cell] = found.get(cell, Net()) + net.times(-1)
        else:
            nets, _holding = nets_of(self._db, [piece.unit], self._known)
            found = {cell: net for (_unit, cell), net in nets.items() if cell.start <= last and cell.end >= first}
        return {cell: net.times(piece.sign) for cell, net in found.items() if net.stated and piece.holds(cell.day)}

    def recorded_by(self, leaves: Sequence[int], first: str, last: str) -> dict[int, set[str]]:
        """Return which registers some leaves have anything in between two days, from one look into each table."""
        found: dict[int, set[str]] = {leaf: set() for leaf in leaves}
        for event in EVENTS if leaves else ():
            if event.names == (AMOUNT,):
                continue  # of every payout somebody was the recipient
            for unit, names in self._db.execute(
                f"SELECT u.value, (SELECT group_concat({event.series}) FROM (SELECT DISTINCT {event.said_by}"
                f" FROM {event.register} r WHERE {event.unit} = u.value AND {event.day} BETWEEN :first AND :last"
                f" AND {alive('r', self._known)} AND {event.only}) r) FROM json_each(:units) u",
                {"units": among(leaves), "first": first, "last": last},
            ):
                if names:
                    found[unit] |= self._registers_of(names)
        return found

    @cache  # noqa: B019  as many as there are mixtures, for as long as a report takes
    def _registers_of(self, names: str) -> frozenset[str]:
        """Return the registers that some series add up to; a payout is its amount, too."""
        series = names.split(",")
        series += [it.replace(RECIPIENTS, AMOUNT) for it in series if it.startswith(RECIPIENTS)]
        return frozenset(name for it in series for name in self.registers.of_series.get(it, ()))

    def recorded_below(self, unit: int, first: str, last: str) -> set[str]:
        """Return which series have anything at or below a unit between two days.

        Days that are not tallied are not counted for this: of what their months hold, the first row met will do.
        """
        if self.tallied.get(unit, True):
            return {name for name, number in self._all(unit, first, last).items() if number}
        days, months = _parted(first, last)
        sums: Sums = defaultdict(int)
        if months:
            self._add(sums, unit, "tally", "month", *months)
        found = {name for name, number in sums.items() if number}
        for one, other in days:
            touched: Sums = defaultdict(int)
            self._add(touched, unit, "tally", "month", one[:7], other[:7])
            found |= {name for name in touched.keys() - found if self._has_any(unit, name, one, other)}
        return found

    def _has_any(self, unit: int, name: str, first: str, last: str) -> bool:
        bound = {"unit": unit, "first": first, "last": last, "known": self._known}
        return any(
            self._db.execute(
                f"SELECT 1 {_registered_below(event)} AND {event.series} = '{name}' LIMIT 1", bound
            ).fetchone()
            for event in EVENTS
            if event.may_be([name])
        )

    def _all(self, unit: int, first: str, last: str) -> Sums:
        key = (unit, first, last)
        if key not in self._found:
            self._found[key] = self._read(unit, first, last) if first <= last else {}
        return self._found[key]

    def _read(self, unit: int, first: str, last: str) -> Sums:
        if unit not in self.tallied:
            return self._registered(unit, first, last)
        sums: Sums = defaultdict(int)
        days, months = _parted(first, last)
        if months:
            self._add(sums, unit, "tally", "month", *months)
        for one, other in days:
            if self.tallied[unit]:
                self._add(sums, unit, "tally_day", "day", one, other)
            else:
                for name, number in self._registered(unit, one, other).items():
                    sums[name] += number
        return sums

    def _add(self, sums: Sums, unit: int, table: str, when: str, first: str, last: str) -> None:
        for name, number in self._db.execute(
            f"SELECT series, sum(number) FROM {table} WHERE unit = ? AND series IN ({self._every})"
            f" AND {when} BETWEEN ? AND ? GROUP BY series",
            (unit, first, last),
        ):
            sums[name] += number
        for name, day, number in self._since.sums.get(unit, ()):
            if first <= day[: len(first)] <= last:
                sums[name] -= number

    def _registered(self, unit: int, first: str, last: str) -> Sums:
        """Count the registers themselves."""
        sums: Sums = defaultdict(int)
        for event in EVENTS:
            for name, number in self._db.execute(
                f"SELECT {event.series}, sum({event.number}) {_registered_below(event)} GROUP BY 1",
                {"unit": unit, "first": first, "last": last, "known": self._known},
            ):
                sums[name] += number
        return sums

    @cached_property
    def _every(self) -> str:
        """Every series, as SQL lists them: the tallies are then sought series by series."""
        return listed(self.registers.every_series())

    @cached_property
    def _since(self) -> "_Later":
        """What was written after the last operation that counts, by unit."""
        last = self._db.execute("SELECT max(number) FROM operation").fetchone()[0]
        return _Later(shift_since(self._db, self._known) if self._known < last else Shift.empty())

    @staticmethod
    def _times(sign: int, sums: Sums) -> Sums:
        return sums if sign == 1 else {name: sign * number for name, number in sums.items()}


def _registered_below(event: Event) -> str:
    """Return where the rows of an event at or below a unit stand, between two days."""
    return (
        f"FROM ancestry a CROSS JOIN {event.register} r ON {event.unit} = a.unit"
        f" AND {event.day} BETWEEN :first AND :last"
        " WHERE a.ancestor = :unit AND a.from_op <= :known AND a.to_op > :known"
        f" AND r.from_op <= :known AND r.to_op > :known AND {event.only}"
        f" AND a.from_day <= {event.place} AND {event.place} < a.to_day"
    )


class _Later:
    """A shift, by unit."""

    def __init__(self, shift: Shift) -> None:
        self.sums: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
        for (unit, series, day), number in shift.sums.items():
            self.sums[unit].append((series, day, number))
        self.nets: dict[int, dict[Cell, Net]] = defaultdict(dict)
        for (unit, cell), net in shift.nets.items():
            self.nets[unit][cell] = net


def _parted(first: str, last: str) -> tuple[list[tuple[str, str]], tuple[str, str] | None]:
    """Part the days between two into the whole months, first and last, and the spans of days beside them."""
    begins = first.endswith("-01")
    month = first[:7] if begins else _days(f"{first[:7]}-28", 4)[:7]
    ends = _days(last, 1).endswith("-01")
    last_month = last[:7] if ends else _days(f"{last[:7]}-01", -1)[:7]
    if month > last_month:
        return [(first, last)], None
    days = [] if begins else [(first, _days(f"{month}-01", -1))]
    return days if ends else [*days, (f"{last[:7]}-01", last)], (month, last_month)


def _days(day: str, number: int) -> str:
    """Return the day so many days later; the first and the last of all days have none beyond them."""
    try:
        return (date.fromisoformat(day) + timedelta(number)).isoformat()
    except OverflowError:
        return day
