"""Who stood above whom, of the units whose tallies are kept."""

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable

from ucli.tallies.series import among

Above = tuple[int, bool]  # a unit that stood above another, and whether its days are tallied
Span = tuple[Above, str, str]  # from a day until (not including) another
Placed = tuple[int, str, str]  # a unit that stood below the same from a day until another


class Lines:
    """The tallied units that stood above others, as known at an operation; looked up once for each unit."""

    def __init__(self, db: sqlite3.Connection, known: int, only: Collection[int] | None = None) -> None:
        self._db = db
        self._known = known
        self._only = only
        self._spans: dict[int, list[Span]] = {}
        self._steady: dict[int, tuple[str, str, tuple[Above, ...]]] = {}

    def learn(self, units: Iterable[int]) -> None:
        new = [unit for unit in units if unit not in self._spans]
        if not new:
            return
        self._spans.update({unit: [] for unit in new})
        for row in self._db.execute(
            "SELECT a.unit, a.ancestor, t.daily, a.from_day, a.to_day FROM json_each(:units) u"
            " CROSS JOIN ancestry a ON a.unit = u.value AND a.from_op <= :known AND a.to_op > :known"
            " CROSS JOIN tallied t ON t.unit = a.ancestor",
            {"units": among(new), "known": self._known},
        ):
            if self._only is None or row["ancestor"] in self._only:
                above = (row["ancestor"], bool(row["daily"]))
                self._spans[row["unit"]].append((above, row["from_day"], row["to_day"]))
        for unit in new:
            days = {span[1:] for span in self._spans[unit]}
            if len(days) == 1:
                self._steady[unit] = (*days.pop(), tuple(span[0] for span in self._spans[unit]))

    def parted(self, units: Iterable[int]) -> tuple[dict[tuple[Above, ...], list[Placed]], list[int]]:
        """Part units into those that stood below the same all their days, by whom that was, and all others."""
        self.learn(units)
        together: dict[tuple[Above, ...], list[Placed]] = defaultdict(list)
        others = []
        for unit in units:
            if unit in self._steady:
                first, until, above = self._steady[unit]
                together[above].append((unit, first, until))
            else:
                others.append(unit)
        return together, others

    def above(self, unit: int, day: str) -> tuple[Above, ...]:
        if steady := self._steady.get(unit):
            first, until, ancestors = steady
            return ancestors if first <= day < until else ()
        return tuple(ancestor for ancestor, first, until in self._spans[unit] if first <= day < until)
