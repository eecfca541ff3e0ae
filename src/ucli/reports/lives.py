"""The life of one unit: what it was called, under whom it stood, what happened to it and by which decision."""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.reports.scope import Tree
from ucli.reports.structure import unit_at
from ucli.values.periods import known_day
from ucli.values.units import Unit


class Event(NamedTuple):
    """Something that happened to a unit."""

    day: date | None  # None: it is unknown since when
    what: str  # founded, named, renamed, under, moved, followed, from, gave, ended
    detail: str
    decision: str | None = None


class UnitLife(NamedTuple):
    unit: Unit
    founded: date | None
    ended: date | None
    end_reason: str | None
    sector: str | None
    names: list[dict[str, object]]
    parents: list[dict[str, object]]
    successors: list[Unit]
    predecessors: list[Unit]
    events: list[Event]


def life_story(db: sqlite3.Connection, tree: Tree, unit: int) -> UnitLife:
    """Return all that the ledger knows of a unit's life."""
    bound = {"unit": unit}
    life = db.execute("SELECT * FROM unit_life WHERE unit = :unit", bound).fetchone()
    begun, _until = tree.life(unit)
    names = db.execute("SELECT * FROM unit_name WHERE unit = :unit ORDER BY from_day", bound).fetchall()
    parents = db.execute("SELECT * FROM ancestry WHERE unit = :unit AND depth = 1 ORDER BY from_day", bound).fetchall()
    changes = {
        (row["day"], row["what"]): row["decision"]
        for row in db.execute("SELECT * FROM unit_change WHERE unit = :unit", bound)
    }
    links = db.execute(
        "SELECT unit, successor, day FROM succession WHERE :unit IN (unit, successor) ORDER BY day", bound
    ).fetchall()

    def named(other: int, day: str) -> Unit:
        return unit_at(db, other, date.fromisoformat(day))

    events = (
        [Event(known_day(life["founded"]), "founded", names[0]["name"], life["decision"])] if life["founded"] else []
    )
    for row in names:
        if row["from_day"] > begun or not life["founded"]:
            what = "renamed" if row["from_day"] > begun else "named"
            detail = f"{row['name']} ({row['code']})"
            events.append(Event(known_day(row["from_day"]), what, detail, changes.get((row["from_day"], "renamed"))))
    for row in parents:
        what = "moved" if row["from_day"] > begun else "under"
        detail = named(row["ancestor"], row["from_day"]).name
        events.append(Event(known_day(row["from_day"]), what, detail, changes.get((row["from_day"], "moved"))))
    for row in links:
        what = "absorbed" if row["successor"] == unit else ("followed" if row["day"] == life["ended"] else "parted")
        if row["successor"] == unit and row["day"] == begun:
            what = "came"
        other = row["unit"] if row["successor"] == unit else row["successor"]
        # A unit that ended on that day had its last name the day before.
        decision = life["end_decision"] if what == "followed" else _end_decision(db, row["unit"])
        events.append(Event(known_day(row["day"]), what, named(other, row["day"]).name, decision))
    if life["ended"]:
        events.append(Event(known_day(life["ended"]), "ended", life["end_reason"], life["end_decision"]))
    return UnitLife(
        unit=unit_at(db, unit, date.max),
        founded=known_day(life["founded"]),
        ended=known_day(life["ended"]),
        end_reason=life["end_reason"],
        sector=life["sector"],
        names=[
            {"name": it["name"], "code": it["code"], "kind": it["kind"], **_days(it["from_day"], it["to_day"])}
            for it in names
        ],
        parents=[
            {"code": above.code, "name": above.name, **_days(it["from_day"], it["to_day"])}
            for it in parents
            for above in [named(it["ancestor"], it["from_day"])]
        ],
        successors=[named(it["successor"], it["day"]) for it in links if it["unit"] == unit],
        predecessors=[named(it["unit"], it["day"]) for it in links if it["successor"] == unit],
        events=sorted(events, key=lambda it: it.day or date.min),
    )


def _end_decision(db: sqlite3.Connection, unit: int) -> str | None:
    row = db.execute("SELECT end_decision FROM unit_life WHERE unit = ?", (unit,)).fetchone()
    return str(row["end_decision"]) if row and row["end_decision"] else None


def _days(first: str, until: str) -> dict[str, object]:
    return {"from": known_day(first), "until": known_day(until)}
