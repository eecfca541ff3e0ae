"""Origins: the offices whose bundles are accepted, the unit of each, and what was imported from it."""

import sqlite3
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from ucli.errors import NotFoundError, RefusedError
from ucli.i18n import _
from ucli.ledger.operations import Operation, first_op
from ucli.ledger.units import get
from ucli.ledger.verbs import put
from ucli.values.names import fold
from ucli.values.periods import day_text
from ucli.values.units import Unit


class Origin(NamedTuple):
    id: int
    name: str
    unit: int
    key: str
    since: str | None
    until: str | None

    def require_valid(self, day: date) -> None:
        """Refuse a bundle signed with a key that is not valid on a day."""
        if self.since and day.isoformat() < self.since:
            what = _("The key of {name} is valid from {day}.").format(name=self.name, day=day_text(self.since))
            raise RefusedError(what, instead=_("“ucli add-origin … --since DAY” corrects it."))
        if self.until and day.isoformat() >= self.until:
            what = _("Bundles of {name} have not been accepted since {day}.").format(
                name=self.name, day=day_text(self.until)
            )
            raise RefusedError(what, instead=_("“ucli add-origin” accepts its bundles again."))


_ORIGINS = "SELECT id, name, unit, key, since, until FROM origin"


def origins(db: sqlite3.Connection) -> dict[int, Origin]:
    """Return the origins by their numbers, ended ones included."""
    return {row[0]: Origin(*row) for row in db.execute(f"{_ORIGINS} ORDER BY id")}


def find_origin(db: sqlite3.Connection, name: str) -> Origin:
    found = [it for it in origins(db).values() if fold(it.name) == fold(name)]
    if not found:
        raise NotFoundError(
            _("There is no origin “{name}”.").format(name=name[:60]), instead=_("“ucli origins” lists them.")
        )
    return found[0]


def add_origin(op: Operation, name: str, unit: Unit, key: str, since: date | None) -> Origin:
    """Register an origin for a unit, or a new key for one that exists."""
    values = {"unit": unit.id, "key": key, "since": since.isoformat() if since else None, "until": None}
    known = origins(op.db).values()
    there = next((it for it in known if fold(it.name) == fold(name)), None)
    if other := next((it for it in known if it.key == key and it != there), None):
        raise RefusedError(_("{name} already signs with that key.").format(name=other.name))
    if there and there.unit != unit.id:
        raise RefusedError(
            _("{name} speaks for {unit}.").format(name=there.name, unit=get(op.db, there.unit).name),
            instead=_("Give the other one another name."),
        )
    put(op, "origin", {"folded": fold(name)}, name=there.name if there else name, **values)
    return find_origin(op.db, name)


def end_origin(op: Operation, origin: Origin, day: date, *, drop: bool) -> int:
    """Stop accepting bundles of an origin from a day on; `drop` also removes what was imported from it.

    Returns how many sums, figures and awards no longer count.
    """
    put(op, "origin", {"id": origin.id}, until=day.isoformat())
    if not drop:
        return 0
    dropped = sum(op.end(table, origin=origin.id) for table in ("received", "figure", "award"))
    for table in ("bundle", "origin_unit"):
        op.end(table, origin=origin.id)
    return dropped


def listed_origins(db: sqlite3.Connection, due: date | None) -> list[Mapping[str, object]]:
    """List the origins with their last bundles; with a day, whether what was due by then has arrived."""
    rows = db.execute(
        f"SELECT o.id, o.name, o.unit, o.since, o.until AS ended, b.operation AS up_to, b.until AS counted_to,"
        f" b.grain, b.level, {first_op('bundle', 'b')} AS taken_by,"
        " (SELECT count(*) FROM origin_unit u WHERE u.origin = o.id) AS units"
        " FROM origin o LEFT JOIN bundle b ON b.origin = o.id ORDER BY o.folded"
    ).fetchall()
    found: list[Mapping[str, object]] = []
    for row in rows:
        unit, until = get(db, row["unit"]), row["counted_to"]
        days = {key: date.fromisoformat(row[key]) if row[key] else None for key in ("since", "counted_to", "ended")}
        others = {key: row[key] for key in ("up_to", "grain", "level", "units", "taken_by")}
        found.append({"name": row["name"], "unit": unit.code, **days, **others, "standing": _standing(until, due)})
    return found


def _standing(until: str | None, due: date | None) -> str | None:
    """Return whether a bundle came, and went up to a day; None where it came and no day was due."""
    if until is None:
        return "silent"
    if due is None:
        return None
    return "on-time" if until >= due.isoformat() else "late"
