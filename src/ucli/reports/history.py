"""The log, operation by operation; and the history of a unit, event by event."""

import sqlite3
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from ucli.ledger.operations import NAMED_BY, ever
from ucli.ledger.units import unit_at
from ucli.reports.listings import Listing
from ucli.reports.scope import Tree
from ucli.values.periods import known_day
from ucli.values.units import Unit

# By table the columns that name the units an operation is about.
_ABOUT = (*NAMED_BY["unit_life", "unit"], ("unit_life", "unit"), ("unit_name", "unit"), ("ancestry", "unit"))


class HistoryAsked(NamedTuple):
    """A filter of operations; None means all."""

    number: int | None = None
    who: str | None = None  # who recorded: a part of the name or of the machine's name
    since: date | None = None
    until: date | None = None
    command: str | None = None
    unit: int | None = None  # about this unit or one that was ever below it
    most: int = -1  # the most operations, all if negative


class Event(NamedTuple):
    """An event in the life of a unit."""

    day: date | None  # None: unknown
    what: str  # founded, named, renamed, under, moved, followed, parted, absorbed, came, ended
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


def operations(db: sqlite3.Connection, asked: HistoryAsked) -> Listing:
    """Return operations, the latest first."""
    below = f"SELECT unit FROM {ever('ancestry')} WHERE ancestor = :unit"
    about = " UNION ".join(
        f"SELECT {side} FROM {ever(table)} WHERE {column} IN ({below})"
        for table, column in _ABOUT
        for side in ("op", "ended_by")
    )
    rows = db.execute(
        "SELECT number AS operation, at, actor || '@' || host AS actor, command, summary, note FROM operation o"
        " WHERE number > 0 AND coalesce(:number, number) = number AND coalesce(:command, command) = command"
        " AND at >= :since AND at < :until AND (:who IS NULL OR instr(lower(actor || '@' || host), lower(:who)))"
        f" AND (:unit IS NULL OR number IN ({about})) ORDER BY number DESC LIMIT :most",
        {
            **asked._asdict(),
            "since": _start_of(asked.since or date.min),
            "until": _start_of(asked.until + timedelta(1) if asked.until and asked.until < date.max else date.max),
        },
    ).fetchall()
    reversed_by = dict(db.execute("SELECT reverses, number FROM operation WHERE reverses IS NOT NULL"))

    def undone(number: int) -> bool:
        return number in reversed_by and not undone(reversed_by[number])

    return [{**row, "undone": undone(row["operation"])} for row in map(dict, rows)]


def life_story(db: sqlite3.Connection, tree: Tree, unit: int) -> UnitLife:
    """Return everything the ledger knows about a unit's life."""

    def rows(query: str) -> list[sqlite3.Row]:
        return db.execute(query, {"unit": unit}).fetchall()

    def named(other: int, day: str) -> Unit:
        return unit_at(db, other, date.fromisoformat(day))

    (life,) = rows("SELECT * FROM unit_life WHERE unit = :unit")
    names = rows("SELECT * FROM unit_name WHERE unit = :unit ORDER BY from_day")
    parents = rows("SELECT * FROM ancestry WHERE unit = :unit AND depth = 1 ORDER BY from_day")
    # The last name of a unit is that of the day before its end.
    links = rows(
        "SELECT s.*, (SELECT end_decision FROM unit_life l WHERE l.unit = s.unit) AS why FROM succession s"
        " WHERE :unit IN (s.unit, s.successor) ORDER BY day"
    )
    begun, _until = tree.life(unit)
    founded, ended = known_day(life["founded"]), known_day(life["ended"])
    events = [Event(founded, "founded", names[0]["name"], life["decision"])] if founded else []
    for row in names if not founded else names[1:]:
        what = "renamed" if row["from_day"] > begun else "named"
        events.append(Event(known_day(row["from_day"]), what, f"{row['name']} ({row['code']})", row["decision"]))
    above = [named(row["ancestor"], row["from_day"]) for row in parents]
    for row, parent in zip(parents, above, strict=True):
        what = "moved" if row["from_day"] > begun else "under"
        events.append(Event(known_day(row["from_day"]), what, parent.name, row["decision"]))
    for row in links:
        if row["successor"] == unit:
            what, other = "came" if row["day"] == begun else "absorbed", row["unit"]
        else:
            what, other = "followed" if row["day"] == life["ended"] else "parted", row["successor"]
        events.append(Event(known_day(row["day"]), what, named(other, row["day"]).name, row["why"]))
    if ended:
        events.append(Event(ended, "ended", life["end_reason"], life["end_decision"]))
    return UnitLife(
        unit=unit_at(db, unit, date.max),
        founded=founded,
        ended=ended,
        end_reason=life["end_reason"],
        sector=life["sector"],
        names=[{**{key: it[key] for key in ("name", "code", "kind")}, **_days(it)} for it in names],
        parents=[{"code": it.code, "name": it.name, **_days(row)} for it, row in zip(above, parents, strict=True)],
        successors=[named(it["successor"], it["day"]) for it in links if it["unit"] == unit],
        predecessors=[named(it["unit"], it["day"]) for it in links if it["successor"] == unit],
        events=sorted(events, key=lambda it: it.day or date.min),
    )


def _days(row: sqlite3.Row) -> dict[str, object]:
    return {"from": known_day(row["from_day"]), "until": known_day(row["to_day"])}


def _start_of(day: date) -> str:
    """Return the start of a day in local time, as the log writes times."""
    if day in (date.min, date.max):
        return day.isoformat()
    return datetime.combine(day, time.min).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
