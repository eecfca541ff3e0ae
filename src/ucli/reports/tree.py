"""Whom a fact belongs to: the ancestors its unit had on the fact's own day, or those of one day for all facts."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import NamedTuple

from ucli.domain.periods import Window
from ucli.reports.placement import Placement
from ucli.reports.scope import ALWAYS, Stays
from ucli.reports.tallies import Piece, Tallies
from ucli.tallies.series import among


def eve_of_leaving(row: str) -> str:
    """Return, in SQL, the last day of a membership: who leaves was a member until the day before."""
    return f"""max({row}.admitted, date({row}."left", '-1 day'))"""


class Below(NamedTuple):
    """A source of rows (ancestor, unit, from_day, to_day) for SQL, and what it binds."""

    sql: str
    bound: dict[str, object]


class Tree:
    """The organisation as a table counts by it.

    Args:
        db: the ledger.
        known: the last operation that counts.
        day: whose structure all facts are mapped to; None for that of each fact's own day.

    """

    def __init__(
        self, db: sqlite3.Connection, known: int, day: date | None = None, tallies: Tallies | None = None
    ) -> None:
        self.db = db
        self.known = known
        self.day = day
        self.tallies = tallies or Tallies(db, known)
        self._above: dict[int, list[tuple[int, str, str]]] = {}
        self._successors: dict[tuple[int, str], list[int]] = {}
        self._placed: dict[tuple[int, ...], dict[int, list[int]]] = {}
        self._days: dict[str, Placement] = {}

    @cached_property
    def placement(self) -> Placement:
        return Placement(self.db, (self.day or date.today()).isoformat(), self.known)  # noqa: DTZ011

    def pieces(self, *roots: int, stays: Stays = ALWAYS) -> list[Piece]:
        """Return what adds up to all that a table counts for some units, each piece by the structure of then.

        With `stays` only what belongs to a day of theirs; in the structure of one day everything does.
        """
        if self.day:
            return [piece for root in roots for piece in self.placement.pieces(root)]
        return [Piece(root, 1, first, to) for root, first, to in self._outermost(roots, stays)]

    def outermost(self, roots: Collection[int], day: str) -> list[int]:
        """Leave out the units that stood below another of the same list on a day."""
        among = {*roots}
        return [root for root in roots if among.isdisjoint({*self.ancestors(root, day)} - {root})]

    def _outermost(self, roots: Collection[int], stays: Stays) -> Iterator[tuple[int, str, str]]:
        """Yield units with the days on which they stood below no other of the same list: nothing counts twice."""
        among = {*roots}
        if len(among) > 1:
            self.learn(roots)
        for root, (since, until) in product(roots, stays):
            day = since
            above = self._above[root] if len(among) > 1 else ()
            for first, to in sorted((first, to) for it, first, to in above if it in among and it != root):
                if day < min(first, until):
                    yield root, day, min(first, until)
                day = max(day, to)
            if day < until:
                yield root, day, until

    def pieces_on(self, root: int, day: str) -> Sequence[Piece]:
        """Return the same for those who stood at or below a unit on a day, and what they did up to it."""
        if day not in self._days:
            self._days[day] = Placement(self.db, day, self.known, day)
        return self._days[day].pieces(root)

    def line(self, unit: int, day: str) -> Sequence[int]:
        """Return whom a unit's fact of a day belongs to: the topmost first, the unit itself last while it lives."""
        return self.placement.line(unit) if self.day else self.ancestors(unit, day)

    def ancestors(self, unit: int, day: str) -> list[int]:
        """Return who stood above a unit on a day, the topmost first, the unit itself last."""
        self.learn([unit])
        return [ancestor for ancestor, first, until in self._above[unit] if first <= day < until]

    def stood_below(self, unit: int, roots: Collection[int], first: str, last: str) -> bool:
        """Tell whether a unit stood at or below one of some on a day between two, or does in the one asked for."""
        if self.day:
            return not set(roots).isdisjoint(self.placement.line(unit))
        self.learn([unit])
        return any(it in roots and since <= last and first < until for it, since, until in self._above[unit])

    def stays_below(self, unit: int, roots: Collection[int]) -> Stays:
        """Return the days on which a unit stood at or below one of some units, those without a break as one stay."""
        self.learn([unit])
        stays: list[tuple[str, str]] = []
        for since, until in sorted((since, until) for it, since, until in self._above[unit] if it in roots):
            if stays and since <= stays[-1][1]:
                stays[-1] = stays[-1][0], max(until, stays[-1][1])
            else:
                stays.append((since, until))
        return tuple(stays)

    def belongs_within(self, unit: int, roots: Sequence[int], first: str, last: str) -> bool:
        """Tell whether all that happened at or below a unit between two days belongs at or below one of some units."""
        if self.day:
            place = self.placement
            return all(not set(roots).isdisjoint(place.line(it)) for it in (unit, *place.astray_below(unit)))
        begun, ended = self.life(unit)
        start, until = max(first, begun), min(day_after(last), ended)
        return start >= until or any(since <= start and until <= to for since, to in self.stays_below(unit, roots))

    def life(self, unit: int) -> tuple[str, str]:
        """Return the first day of a unit and the first day on which it was no more."""
        self.learn([unit])
        return next((first, until) for it, first, until in self._above[unit] if it == unit)

    def days_of_change(self, unit: int) -> set[str]:
        """Return the days on which a unit's line to the top changed."""
        self.learn([unit])
        return {day for _ancestor, *days in self._above[unit] for day in days}

    def successors(self, unit: int, ended: str) -> list[int]:
        """Return the units that took over on the day a unit ended."""
        key = (unit, ended)
        if key not in self._successors:
            rows = self.db.execute(
                "SELECT successor FROM succession WHERE unit = ? AND day = ? AND from_op <= ? AND to_op > ?"
                " ORDER BY successor",
                (unit, ended, self.known, self.known),
            )
            self._successors[key] = [row["successor"] for row in rows]
        return self._successors[key]

    def learn(self, units: Iterable[int]) -> None:
        """Look up the ancestors of some units at once."""
        new = {unit for unit in units if unit not in self._above}
        if not new:
            return
        found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
        for row in self.db.execute(
            "SELECT a.unit, a.ancestor, a.from_day, a.to_day FROM json_each(:units) u"
            " CROSS JOIN ancestry a ON a.unit = u.value AND a.from_op <= :known AND a.to_op > :known"
            " ORDER BY a.depth DESC",
            {"units": among(new), "known": self.known},
        ):
            found[row["unit"]].append((row["ancestor"], row["from_day"], row["to_day"]))
        self._above.update({unit: found[unit] for unit in new})

    def below(self, roots: Iterable[int], stays: Stays = ALWAYS) -> Below:
        """Return the units at or below some, each for the days on which its facts belong there."""
        if self.day:
            pairs = [(root, unit) for root, units in self._placed_below(roots).items() for unit in units]
            return Below(
                "(SELECT json_extract(value, '$[0]') AS ancestor, json_extract(value, '$[1]') AS unit,"
                " '0001-01-01' AS from_day, '9999-12-31' AS to_day FROM json_each(:pairs))",
                {"pairs": json.dumps(pairs), "known": self.known},
            )
        return self.then(roots, stays)

    def then(self, roots: Iterable[int], stays: Stays = ALWAYS) -> Below:
        """Return the units that stood at or below some, each for the days on which it did, of those asked for."""
        return Below(
            "(SELECT t.ancestor, t.unit, max(t.from_day, json_extract(s.value, '$[1]')) AS from_day,"
            " min(t.to_day, json_extract(s.value, '$[2]')) AS to_day FROM json_each(:spans) s CROSS JOIN ancestry t"
            " ON t.ancestor = json_extract(s.value, '$[0]') AND t.from_day < json_extract(s.value, '$[2]')"
            " AND t.to_day > json_extract(s.value, '$[1]') AND t.from_op <= :known AND t.to_op > :known)",
            {"spans": json.dumps([*self._outermost(tuple(roots), stays)]), "known": self.known},
        )

    def within(self, roots: Iterable[int]) -> Below:
        """Return the condition, in SQL with places for {unit} and {day}, that a fact belongs at or below some units."""
        if self.day:
            units = [it for found in self._placed_below(roots).values() for it in found]
            return Below("{unit} IN (SELECT value FROM json_each(:units))", {"units": json.dumps(units)})
        among = ", ".join(str(root) for root in roots)
        return Below(
            f"EXISTS (SELECT 1 FROM ancestry w WHERE w.unit = {{unit}} AND w.ancestor IN ({among})"
            " AND w.from_day <= {day} AND {day} < w.to_day AND w.from_op <= :known AND w.to_op > :known)",
            {"known": self.known},
        )

    def lived_in(self, unit: int, window: Window) -> bool:
        """Tell whether a unit, or one placed in it, lived in a window."""
        first, last = window.start.isoformat(), window.end.isoformat()
        lives = map(self.placement.life, (unit, *(it.unit for it in self.placement.pieces(unit) if it.sign == 1)))
        return any(begun <= last and first < until for begun, until in lives)

    def _placed_below(self, roots: Iterable[int]) -> dict[int, list[int]]:
        roots = tuple(roots)
        if roots not in self._placed:
            self._placed[roots] = self.placement.below(roots)
        return self._placed[roots]


def day_before(day: str) -> str:
    """Return the day before an ISO day."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def day_after(day: str) -> str:
    """Return the day after an ISO day; the last of all days when there is none."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat() if day < date.max.isoformat() else day
