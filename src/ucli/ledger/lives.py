"""How long units live, and who comes after them."""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.units import get
from ucli.values.dates import date_text
from ucli.values.periods import BEGINNING, FOREVER
from ucli.values.units import Unit


class Happening(NamedTuple):
    """What is recorded for a unit and so must touch its life: columns are SQL on the table's row."""

    table: str
    unit: str
    first: str
    last: str
    shown_by: str


HAPPENINGS = (
    Happening("membership", "union_unit", "admitted", "admitted", "“ucli members”"),
    Happening("payout", "unit", "day", "day", "“ucli payouts”"),
    Happening("figure", "unit", "start_day", "end_day", "“ucli figures”"),
    Happening("target", "unit", "start_day", "end_day", "“ucli targets”"),
    Happening("term", "unit", "start_day", "end_day", "“ucli periods”"),
    Happening("cluster_member", "unit", "year || '-01-01'", "year || '-12-31'", "“ucli clusters”"),
)


class Life(NamedTuple):
    """The days of a unit: from the first until (not including) another; ISO, so that they compare as text."""

    begun: str
    until: str

    def holds(self, day: str) -> bool:
        return self.begun <= day < self.until


def life_of(db: sqlite3.Connection, unit: int) -> Life:
    return Life(*db.execute("SELECT from_day, to_day FROM ancestry WHERE unit = ? AND depth = 0", (unit,)).fetchone())


def require_alive(db: sqlite3.Connection, unit: Unit, day: date, until: date | None = None) -> None:
    """Refuse a fact dated outside a unit's life: of its days, from the first `until` the last, one inside is enough.

    Raises:
        RefusedError: the unit was not founded yet, or has ended: who followed it is named.

    """
    life = life_of(db, unit.id)
    if (until or day).isoformat() < life.begun:
        founded = db.execute("SELECT founded FROM unit_life WHERE unit = ?", (unit.id,)).fetchone()
        sentence = _("{unit} is in this ledger since {day}.")
        if founded and founded[0]:
            sentence = _("{unit} was founded on {day}.")
        raise RefusedError(
            sentence.format(unit=unit.name, day=shown(life.begun)),
            why=_("Nothing is recorded for a unit before its founding."),
            instead=_("Check the date, or name the unit that was there before."),
        )
    if day.isoformat() >= life.until:
        heir = successor_on(db, unit, day)
        followed = [heir] if heir.id != unit.id else successors_of(db, unit.id, life.until)
        raise RefusedError(
            _("{unit} ended on {day}.").format(unit=unit.name, day=shown(life.until)),
            instead=_("Check the date, or name the unit that followed it: {units}.").format(units=names_of(followed))
            if followed
            else _("Check the date; no unit followed it."),
        )


def successors_of(db: sqlite3.Connection, unit: int, ended: str) -> list[Unit]:
    """Return the units that took over on the day a unit ended."""
    rows = db.execute("SELECT successor FROM succession WHERE unit = ? AND day = ? ORDER BY successor", (unit, ended))
    return [get(db, successor) for (successor,) in rows.fetchall()]


def merged_within(db: sqlite3.Connection, unit: int, first: date, last: date) -> list[tuple[Unit, date]]:
    """Return the units that were merged into another one after the first of some days, each with its day.

    A unit that stood below it anyhow is none of them: what it did was the unit's at all times.
    """
    alone = "NOT EXISTS (SELECT 1 FROM succession o WHERE o.unit = s.unit AND o.day = s.day"
    alone += " AND o.successor <> s.successor)"
    rows = db.execute(
        "WITH RECURSIVE merged (unit, day) AS ("
        f"SELECT s.unit, s.day FROM succession s WHERE s.successor = :unit AND {alone}"
        " AND :first < s.day AND s.day <= :last UNION"
        f" SELECT s.unit, s.day FROM merged m JOIN succession s ON s.successor = m.unit"
        f" AND {alone} AND :first < s.day AND s.day <= m.day)"
        " SELECT m.unit, m.day FROM merged m WHERE NOT EXISTS (SELECT 1 FROM ancestry a WHERE a.unit = m.unit"
        f" AND a.ancestor = :unit AND a.from_day < m.day AND m.day <= a.to_day)"
        " ORDER BY m.day, m.unit",
        {"unit": unit, "first": first.isoformat(), "last": last.isoformat()},
    ).fetchall()
    return [(get(db, row["unit"]), date.fromisoformat(row["day"])) for row in rows]


def successor_on(db: sqlite3.Connection, unit: Unit, day: date) -> Unit:
    """Return who stands in for a unit on a day: itself while it lives, then the one that followed it, and so on."""
    while (life := life_of(db, unit.id)).until <= day.isoformat():
        followed = successors_of(db, unit.id, life.until)
        if len(followed) != 1:
            break
        unit = followed[0]
    return unit


def names_of(units: list[Unit], most: int = 12) -> str:
    """Write the names of some units with their codes, not more than a reader takes in."""
    shown_names = [f"{unit.name} ({unit.code})" for unit in units[:most]]
    return ", ".join(shown_names) + (" …" if len(units) > most else "")


def shown(day: str) -> str:
    """Write a stored day for people; what has always been is said in words."""
    if day in (BEGINNING, FOREVER):
        return _("an unknown day")
    return date_text(date.fromisoformat(day))
