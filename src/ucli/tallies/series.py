"""Series: what of the registers adds up, under which name, on which day and for whom.

Every row of a register is one or two events: a membership is an admission, and a leaving once there is one. Whoever
leaves was a member until the day before, and a unit that ends stood in the tree until then: such an event counts on
its own day, and belongs to those who stood above its unit on its `eve`.
"""

import sqlite3
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from ucli.domain.members import LEFT_BY, MERGED, TRANSFER, UNION_DISSOLVED
from ucli.domain.periods import FOREVER

FOUNDED, ENDED, WENT_UP, BEGUN, GONE, ADMITTED, ARRIVED = (
    "founded",
    "ended",
    "went-up",
    "begun",
    "gone",
    "admitted",
    "arrived",
)
_REASONS = (*LEFT_BY, TRANSFER, MERGED)
_LEFT, _LEFT_AT_ONCE = "left:", "left-at-once:"
RECIPIENTS, AMOUNT = "recipients:", "amount:"
_ON_THEIR_EVE = (ENDED, WENT_UP, GONE, _LEFT)
_IS_UNION = "EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = r.unit AND n.kind = 'union')"

Own = dict[tuple[int, str, str], int]  # by unit, series and day: what a register counts of the unit itself


class Event(NamedTuple):
    """What a row of a register adds to a series; all but the names are SQL on the row r."""

    register: str
    unit: str
    day: str
    series: str
    said_by: str  # the column that says which series it is
    number: str
    only: str
    names: tuple[str, ...]  # the series it can be, or what their names begin with

    @property
    def place(self) -> str:
        """The day, in SQL, that says whom the event belongs to."""
        return f"date({self.day}, '-1 day')" if self.names[0].startswith(_ON_THEIR_EVE) else self.day

    def stands(self, first: str, until: str) -> str:
        """Say in SQL that who had it above stood so from a day until another, without a date made for every row."""
        if self.names[0].startswith(_ON_THEIR_EVE):
            return f"{self.day} > {first} AND {self.day} <= {until}"
        return f"{self.day} >= {first} AND {self.day} < {until}"

    def may_be(self, series: Iterable[str]) -> bool:
        return any(name.startswith(self.names) for name in series)


EVENTS = (
    Event(
        "unit_life",
        "r.unit",
        "r.founded",
        f"'{FOUNDED}'",
        "NULL",
        "1",
        f"r.founded IS NOT NULL AND {_IS_UNION}",
        (FOUNDED,),
    ),
    Event(
        "unit_life",
        "r.unit",
        "r.ended",
        f"CASE WHEN r.end_reason IN ('merged', 'split') THEN '{WENT_UP}' ELSE '{ENDED}' END",
        "r.end_reason",
        "1",
        f"r.ended IS NOT NULL AND {_IS_UNION}",
        (ENDED, WENT_UP),
    ),
    # A union is there as long as it has a name, one after the other.
    Event("unit_name", "r.unit", "r.from_day", f"'{BEGUN}'", "NULL", "1", "r.kind = 'union'", (BEGUN,)),
    Event(
        "unit_name",
        "r.unit",
        "r.to_day",
        f"'{GONE}'",
        "NULL",
        "1",
        f"r.kind = 'union' AND r.to_day < '{FOREVER}'",
        (GONE,),
    ),
    Event(
        "membership",
        "r.union_unit",
        "r.admitted",
        f"CASE r.begun_by WHEN 'transfer' THEN '{ARRIVED}' ELSE '{ADMITTED}' END",
        "r.begun_by",
        "r.members",
        "1",
        (ADMITTED, ARRIVED),
    ),
    Event(
        "membership",
        "r.union_unit",
        'r."left"',
        f"'{_LEFT}' || r.left_by",
        "r.left_by",
        "r.members",
        'r."left" > r.admitted',
        (_LEFT,),
    ),
    # Who left on the very day of the admission belongs where he or she was admitted.
    Event(
        "membership",
        "r.union_unit",
        'r."left"',
        f"'{_LEFT_AT_ONCE}' || r.left_by",
        "r.left_by",
        "r.members",
        'r."left" = r.admitted',
        (_LEFT_AT_ONCE,),
    ),
    Event(
        "payout", "r.unit", "r.day", f"'{RECIPIENTS}' || r.programme", "r.programme", "r.recipients", "1", (RECIPIENTS,)
    ),
    Event(
        "payout", "r.unit", "r.day", f"'{AMOUNT}' || r.programme", "r.programme", "r.amount + r.in_kind", "1", (AMOUNT,)
    ),
)


def _left(*reasons: str) -> tuple[str, ...]:
    return tuple(f"{how}{reason}" for how in (_LEFT, _LEFT_AT_ONCE) for reason in reasons)


# What an indicator counts: the series that add up to it.
_REGISTERS = {
    "foundings": (FOUNDED,),
    "endings": (ENDED,),
    "admissions": (ADMITTED,),
    "leavings": _left(*LEFT_BY),
    "dissolutions": _left(UNION_DISSOLVED),
}
# What there is on a day: all that ever came, less all that ever went.
STOCKS = {"members": ((ADMITTED, ARRIVED), _left(*_REASONS)), "unions": ((BEGUN,), (GONE,))}
# What a stock's unit must have seen for nothing to be 0 and not unknown.
CAME_OR_WENT = {
    "members": (ADMITTED, *_left(*LEFT_BY)),
    "unions": (FOUNDED, ENDED),
}
LEFT_FOR = {reason: _left(reason) for reason in _REASONS}


def is_on_eve(series: str) -> bool:
    """Tell whether what a series counts belongs to those who stood above its unit the day before."""
    return series.startswith(_ON_THEIR_EVE)


def place_of(series: str, day: str) -> str:
    """Return the day that says whom an event belongs to."""
    return (date.fromisoformat(day) - timedelta(1)).isoformat() if is_on_eve(series) else day


class Registers:
    """The registers of a ledger, each with its series; those of payouts are one for each programme.

    Args:
        db: the ledger.

    """

    def __init__(self, db: sqlite3.Connection) -> None:
        # A programme bears one code as long as it lives.
        rows = db.execute("SELECT DISTINCT programme, code FROM programme_entry")
        self._programmes = {str(row["code"]): int(row["programme"]) for row in rows}

    def series(self, register: str) -> tuple[str, ...]:
        """Return the series whose sum is what a register counts: "admissions", "amount", "recipients:shelter"."""
        if register in _REGISTERS:
            return _REGISTERS[register]
        what, _colon, code = register.partition(":")
        numbers = [self._programmes[code]] if code else self._programmes.values()
        return tuple(f"{what}:{number}" for number in numbers)

    @cached_property
    def of_series(self) -> dict[str, list[str]]:
        """By series, the registers it adds up to."""
        found: dict[str, list[str]] = {}
        for name in self.names():
            for series in self.series(name):
                found.setdefault(series, []).append(name)
        return found

    def every_series(self) -> list[str]:
        """Return the names of all series."""
        payouts = [f"{what}{number}" for what in (RECIPIENTS, AMOUNT) for number in self._programmes.values()]
        return [FOUNDED, ENDED, WENT_UP, BEGUN, GONE, ADMITTED, ARRIVED, *_left(*_REASONS), *payouts]

    def names(self) -> list[str]:
        """Return every register there is."""
        payouts = [f"{what}{code}" for what in (RECIPIENTS, AMOUNT) for code in self._programmes]
        return [*_REGISTERS, "recipients", "amount", *payouts]


def listed(series: Iterable[str]) -> str:
    """Return series as SQL lists them; their names are our own."""
    return ", ".join(f"'{it}'" for it in series)


def among(units: Iterable[int]) -> str:
    """Return units as `json_each` reads them: a list in the SQL itself has a limit that a nation's units pass."""
    return f"[{','.join(map(str, units))}]"
