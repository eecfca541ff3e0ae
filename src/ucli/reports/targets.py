"""The targets of a table: a unit's own for exactly its window, and what was handed on below."""

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ucli.domain.indicators import Indicator
from ucli.domain.periods import Window
from ucli.domain.targets import Goal
from ucli.reports.structure import Node, node


class Target(NamedTuple):
    goal: Goal
    issuer: Node | None = None
    profile: tuple[int, ...] = ()
    operation: int = 0  # that set or last revised it
    is_share: bool = False  # of a ratio or an average, so that two do not add up


Targets = dict[int, list[Target]]  # by indicator, in the order of their issuers


def targets_of(db: sqlite3.Connection, catalogue: Sequence[Indicator], unit: int, window: Window) -> Targets:
    """Return a unit's targets for exactly a window."""
    shares = {indicator.id for indicator in catalogue if indicator.is_share}
    targets: Targets = {}
    for row in _rows(db, [unit], window):
        percent = None if row["percent"] is None else Decimal(row["percent"])
        target = Target(
            goal=Goal(row["kind"], row["low"], row["high"], percent),
            issuer=node(db, row["issuer"], window.end) if row["issuer"] else None,
            profile=tuple(int(weight) for weight in row["profile"].split(",")) if row["profile"] else (),
            operation=row["op"],
            is_share=row["indicator"] in shares,
        )
        targets.setdefault(row["indicator"], []).append(target)
    return targets


def allocated_below(db: sqlite3.Connection, unit: int, children: Sequence[Node], window: Window) -> dict[int, int]:
    """Return what the units directly below were given together, by indicator."""
    sums: dict[int, int] = {}
    for row in _rows(db, [child.id for child in children], window):
        # What another issuer gave the same unit is another target, not more of this one.
        if row["low"] is not None and row["issuer"] in (None, unit):
            sums[row["indicator"]] = sums.get(row["indicator"], 0) + row["low"]
    return sums


def _rows(db: sqlite3.Connection, units: Sequence[int], window: Window) -> list[sqlite3.Row]:
    among = ", ".join(str(unit) for unit in units)
    return db.execute(
        f"SELECT * FROM target WHERE unit IN ({among}) AND start_day = ? AND end_day = ?"
        " ORDER BY indicator, issuer IS NOT NULL, issuer",
        (window.start.isoformat(), window.end.isoformat()),
    ).fetchall()
