"""Finding units by any name that people use, present or former."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ucli.errors import NotFoundError, RejectedError, SeveralError, UsageError
from ucli.i18n import _
from ucli.ledger.operations import NEVER, ever
from ucli.values import units as kinds
from ucli.values.names import alike, fold, is_called, normalised, own_name, some_of, sort_key
from ucli.values.units import CLUSTER, GRASSROOTS, PROVINCE, Unit

# How a name may be meant, the surest first.
_BY_CODE = "code = :typed COLLATE NOCASE"
_WAYS = (
    _BY_CODE,
    "folded = :folded AND name = :typed COLLATE NOCASE",
    "folded = :folded",
    "own_name = :own",
    "folded LIKE :part ESCAPE '\\'",
    "folded LIKE :words ESCAPE '\\'",
)
_OF_KIND = "kind IN (SELECT value FROM json_each(:among))"
_ON_DAY = "from_day <= :day AND :day < to_day"


def find(db: sqlite3.Connection, text: str, *, among: Sequence[str] = kinds.KINDS, day: date | None = None) -> Unit:
    """Find a unit by code, name in any spelling, or an unambiguous part of a name.

    Names and codes pass from one unit to another (15 was Yên Bái's and is Lào Cai's): if several have had one, the unit
    that has it on the day is meant, by default today.
    """
    typed = normalised(text)
    bound = _bound(typed, day or date.today(), among)  # noqa: DTZ011
    passed = None  # the province with that code on other days
    for way in _WAYS:
        found = _meant(db, way, bound)
        if len(found) > 1:
            raise SeveralError(
                _("“{text}” can mean {count} units: {candidates}.").format(
                    text=typed[:60],
                    count=len(found),
                    candidates=some_of((_told_apart(db, it) for it in found), between="; "),
                ),
                instead=_("Type the code or the full name of the one you mean."),
            )
        # A province's code may have passed to one that the ledger does not have.
        if found and day and way == _BY_CODE and found[0].kind == PROVINCE and _has_another(db, found[0], bound):
            passed = found[0]
        elif found:
            return found[0]
    from ucli.ledger.provinces import province_named  # noqa: PLC0415  only for a name that no unit has

    official = province_named(typed) if PROVINCE in among else None
    if official and own_name(official.name) != bound["own"]:
        # Huế was Thừa Thiên Huế; everybody types TPHCM.
        return find(db, official.name, among=(PROVINCE,), day=day)
    why: str | None
    if passed:
        why = _("It is the code of {unit}, but on other days.").format(unit=passed.name)
    elif official:
        why = _("{name} is a province, but not yet in this ledger.").format(name=official.name)
    else:
        why = _of_another_kind(db, bound) or _alike(db, bound)
    kind = _(kinds.NAMES[among[0]]) if len(among) == 1 else _("unit")
    raise NotFoundError(
        _("There is no {kinds} called “{text}”.").format(kinds=kind, text=typed[:60]),
        why=why,
        instead=_("“ucli clusters” lists them.") if among == (CLUSTER,) else _("“ucli units” lists them."),
    )


def find_named(
    db: sqlite3.Connection,
    day: date | None,
    *,
    unit: str | None = None,
    union: str | None = None,
    cluster: str | None = None,
    provinces: Sequence[str] | None = None,
) -> list[Unit]:
    """Find several units by the names of a day."""
    if unit and cluster:
        raise UsageError(_("--unit and --cluster cannot both be given."), instead=_("Keep one of them."))
    if unit and union:
        raise UsageError(_("--unit and --union cannot both be given."), instead=_("Keep one of them."))
    found = [find(db, unit, day=day)] if unit else []
    found += [find(db, union, among=GRASSROOTS, day=day)] if union else []
    found += [find(db, cluster, among=(CLUSTER,))] if cluster else []
    return found + [find(db, name, among=(PROVINCE,), day=day) for name in provinces or ()]


def get(db: sqlite3.Connection, number: int) -> Unit:
    """Return a unit by its number, under its last name."""
    return unit_at(db, number, date.max)


def unit_at(db: sqlite3.Connection, unit: int, day: date) -> Unit:
    """Return a unit by number, with the name it had on a day (before its founding, its first name)."""
    return _named(db, [unit], day)[unit]


def unit_names(db: sqlite3.Connection, units: Iterable[int], day: date) -> dict[int, str]:
    """Return the names of some units on a day."""
    return {unit: it.name for unit, it in _named(db, units, day).items()}


def units_at(db: sqlite3.Connection, units: Iterable[int], day: date) -> list[Unit]:
    """Return units with their names of a day, in the order of official lists."""
    return in_order(db, _named(db, units, day).values())


def in_order(db: sqlite3.Connection, units: Iterable[Unit]) -> list[Unit]:
    """Sort units as official lists do: by order numbers that the office gave, then by kind and name."""
    places = dict(db.execute("SELECT unit, position FROM unit_life WHERE position NOTNULL").fetchall())
    last = max(places.values(), default=0) + 1
    by_name = sorted(units, key=lambda it: sort_key(it.name))
    return sorted(by_name, key=lambda it: (places.get(it.id, last), kinds.official_order(it)))


def _named(db: sqlite3.Connection, units: Iterable[int], day: date) -> dict[int, Unit]:
    """Return units by number, with the last name up to a day, else the first name."""
    rows = db.execute(
        "SELECT n.unit, n.code, n.name, n.kind, n.from_day <= ? FROM json_each(?) u"
        " CROSS JOIN unit_name n ON n.unit = u.value ORDER BY n.unit, n.from_day",
        (day.isoformat(), json.dumps([*units])),
    )
    found: dict[int, Unit] = {}
    for *unit, has_begun in rows:
        if unit[0] not in found or has_begun:
            found[unit[0]] = Unit(*unit)
    return found


def named(db: sqlite3.Connection, text: str, *, among: Sequence[str] = kinds.KINDS) -> Unit | None:
    """Return the only unit with this exact code or whole name, tone marks being optional."""
    try:
        found = find(db, text, among=among)
    except NotFoundError:
        return None
    return found if text.upper() == found.code.upper() or is_called(text, found.name) else None


def get_ever(db: sqlite3.Connection, unit: int, *, before: int = NEVER, column: str = "name") -> str:
    """Return the last name (or `code`) of a unit, even if undone; its number if it never had one.

    Names written by operation `before` or later are skipped if there is an earlier one.
    """
    row = db.execute(
        f"SELECT {column} FROM {ever('unit_name')} WHERE unit = ?"
        " ORDER BY op < ? DESC, min(ended_by, ?) DESC, from_day DESC, ended_by DESC LIMIT 1",
        (unit, before, before),
    ).fetchone()
    return str(row[0] if row else unit)


def office(db: sqlite3.Connection) -> Unit | None:
    """Return the office of the ledger, if `init --office` set one."""
    row = db.execute("SELECT value FROM setting WHERE name = 'office'").fetchone()
    return get(db, int(row["value"])) if row else None


def cluster_members(db: sqlite3.Connection, cluster: int, year: int) -> list[int]:
    rows = db.execute("SELECT unit FROM cluster_member WHERE cluster = ? AND year = ? ORDER BY unit", (cluster, year))
    return [unit for (unit,) in rows]


def names_of(units: Sequence[Unit]) -> str:
    return some_of(f"{unit.name} ({unit.code})" for unit in units)


def require_each_once(units: Sequence[Unit]) -> None:
    """Refuse a unit that is named twice."""
    numbers = [unit.id for unit in units]
    if twice := next((unit for unit in units if numbers.count(unit.id) > 1), None):
        raise RejectedError(_("{unit} is named twice.").format(unit=twice.name), instead=_("Name each unit once."))


def _bound(typed: str, day: date, among: Sequence[str]) -> dict[str, str]:
    """Return the texts that the ways to find a unit compare its names with."""
    folded = fold(typed)
    words = [it.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for it in folded.split(" ")]
    return {
        "typed": typed,
        "folded": folded,
        "own": own_name(typed),
        "part": f"%{' '.join(words)}%",
        "words": f"%{'%'.join(words)}%",
        "day": day.isoformat(),
        "among": json.dumps(among),
    }


def _meant(db: sqlite3.Connection, way: str, bound: Mapping[str, str]) -> list[Unit]:
    """Return the units matched in one way, narrowed by title and day as far as possible."""
    found = _matching(db, way, bound)
    if len(found) > 1 and bound["own"] != bound["folded"]:
        # A typed title tells a province from a city of the same name.
        found = [unit for unit in found if bound["folded"] in fold(unit.name)] or found
    if len(found) > 1:
        then = _matching(db, f"{way} AND {_ON_DAY}", bound)
        found = [unit for unit in found if unit in then] or found
    return found


def _matching(db: sqlite3.Connection, where: str, bound: Mapping[str, str]) -> list[Unit]:
    rows = db.execute(f"SELECT DISTINCT unit FROM unit_name WHERE {where} AND {_OF_KIND}", bound).fetchall()
    return [get(db, row["unit"]) for row in rows]


def _has_another(db: sqlite3.Connection, unit: Unit, bound: Mapping[str, str]) -> bool:
    """Tell whether a unit has a code other than the one typed on a day of its life."""
    query = f"SELECT 1 FROM unit_name WHERE unit = :unit AND {_ON_DAY} AND NOT {_BY_CODE}"
    return db.execute(query, {**bound, "unit": unit.id}).fetchone() is not None


def _told_apart(db: sqlite3.Connection, unit: Unit) -> str:
    """Return a candidate's name with its kind and parent."""
    above = "SELECT ancestor FROM ancestry WHERE unit = ? AND depth = 1 ORDER BY from_day DESC"
    parent = db.execute(above, (unit.id,)).fetchone()
    under = f", {get(db, parent['ancestor']).name}" if parent else ""
    return f"{unit.name} ({unit.code}, {_(kinds.NAMES[unit.kind])}{under})"


def _of_another_kind(db: sqlite3.Connection, bound: Mapping[str, str]) -> str | None:
    """Return a hint that the text names a unit of another kind, if it does."""
    others = {**bound, "among": json.dumps(kinds.KINDS)}
    found = next(filter(None, (_meant(db, way, others) for way in _WAYS)), [])
    if len(found) != 1:
        return None
    return _("{unit} is a {kind}.").format(unit=found[0].name, kind=_(kinds.NAMES[found[0].kind]))


def _alike(db: sqlite3.Connection, bound: Mapping[str, str]) -> str | None:
    """Return a hint with the names that look like the text."""
    rows = db.execute(
        f"SELECT own_name, name FROM unit_name WHERE {_OF_KIND} ORDER BY unit, from_day LIMIT 5000", bound
    )
    close = alike(own_name(bound["folded"]), dict(rows.fetchall()))
    return _("Did you mean {names}?").format(names=", ".join(f"“{it}”" for it in close)) if close else None
