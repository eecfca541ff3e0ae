"""Units: finding them by any name people use, today's or a former one."""

import sqlite3
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from ucli.errors import NotFoundError, SeveralError
from ucli.i18n import _
from ucli.ledger.operations import NEVER, ever
from ucli.values import units as kinds
from ucli.values.names import fold, normalised, own_name
from ucli.values.units import CLUSTER, Unit

_CANDIDATES_SHOWN = 12


def find(
    db: sqlite3.Connection,
    text: str,
    *,
    among: Sequence[str] = kinds.KINDS,
    day: date | None = None,
) -> Unit:
    """Return the unit that a code, a name in any spelling, or an unambiguous part of a name means.

    Names and codes pass from one unit to another (15 was Yên Bái's and is Lào Cai's): where several have borne
    one, the unit that has it on the day is meant; today when no day is asked for.

    Raises:
        NotFoundError: no unit has the name, or several do: the candidates are named.

    """
    typed = normalised(text)
    folded = fold(typed)
    ways: tuple[tuple[str, str], ...] = (
        ("code = ? COLLATE NOCASE", typed),
        ("folded = ? AND name = ? COLLATE NOCASE", folded),
        ("folded = ?", folded),
        ("own_name = ?", own_name(typed)),
        ("folded LIKE ? ESCAPE '\\'", f"%{_escaped(folded)}%"),
        ("folded LIKE ? ESCAPE '\\'", f"%{'%'.join(_escaped(word) for word in folded.split())}%"),
    )
    passed = None  # the province that has the code on other days
    for where, value in ways:
        values = [value, typed] if where.count("?") > 1 else [value]
        found = _matching(db, where, values, among)
        if len(found) > 1 and own_name(typed) != folded:
            # The title that was typed tells the province from the city of its name.
            found = [unit for unit in found if folded in fold(unit.name)] or found
        if len(found) > 1:
            found = _bearing_on(db, where, values, [unit.id for unit in found], day or date.today()) or found  # noqa: DTZ011
        if len(found) == 1:
            # A province's code passes to another one, which the ledger need not have.
            strict = day if found[0].kind == kinds.PROVINCE and where.startswith("code") else None
            if strict and _bears_another(db, found[0], typed, strict):
                passed = found[0]
                continue
            return found[0]
        if found:
            raise SeveralError(
                _("“{text}” can mean {count} units: {candidates}.").format(
                    text=typed[:60], count=len(found), candidates=_listed(db, found)
                ),
                instead=_("Type the code or the whole name of the one you mean."),
            )
    from ucli.ledger.provinces import province_named  # noqa: PLC0415  only for a name that no unit has

    official = province_named(typed) if kinds.PROVINCE in among else None
    if official and own_name(official.name) != own_name(typed):
        # Huế was Thừa Thiên Huế; TPHCM is what everybody types.
        return find(db, official.name, among=(kinds.PROVINCE,), day=day)
    raise NotFoundError(
        _("There is no {kinds} called “{text}”.").format(kinds=_said(among), text=typed[:60]),
        why=_why_not(db, folded, among, passed, official.name if official else None),
        instead=_("“ucli clusters” lists them.") if among == (CLUSTER,) else _("“ucli units” lists them."),
    )


def get(db: sqlite3.Connection, number: int) -> Unit:
    """Return a unit by its number, under its last name."""
    row = db.execute(
        "SELECT unit, code, name, kind FROM unit_name WHERE unit = ? ORDER BY from_day DESC LIMIT 1",
        (number,),
    ).fetchone()
    return Unit(*row)


def unit_on(db: sqlite3.Connection, unit: Unit, day: date) -> Unit:
    """Return a unit under the name, code and kind of a day of its life."""
    row = db.execute(
        "SELECT unit, code, name, kind FROM unit_name WHERE unit = ? AND from_day <= ? AND ? < to_day",
        (unit.id, day.isoformat(), day.isoformat()),
    ).fetchone()
    return Unit(*row) if row else unit


def named(db: sqlite3.Connection, text: str) -> Unit | None:
    """Return the one unit that has just this code or this whole name."""
    try:
        found = find(db, text)
    except NotFoundError:
        return None
    return found if text.upper() == found.code.upper() or fold(text) == fold(found.name) else None


def get_ever(db: sqlite3.Connection, unit: int, *, before: int = NEVER, column: str = "name") -> str:
    """Return the last name of a unit, also of one that was undone; its number where it never had one.

    Args:
        db: the ledger.
        unit: its number.
        before: an operation whose names are passed over, where there was one before it.
        column: `name`, or `code`.

    """
    row = db.execute(
        f"SELECT {column} FROM {ever('unit_name')} WHERE unit = ?"
        " ORDER BY op < ? DESC, ended_by >= ? DESC, from_day DESC, ended_by DESC LIMIT 1",
        (unit, before, before),
    ).fetchone()
    return str(row[0] if row else unit)


def office(db: sqlite3.Connection) -> Unit | None:
    """Return the unit whose ledger this is, if `init --office` said so."""
    row = db.execute("SELECT value FROM setting WHERE name = 'office'").fetchone()
    return get(db, int(row["value"])) if row else None


def _matching(db: sqlite3.Connection, where: str, values: list[str], among: Sequence[str]) -> list[Unit]:
    marks = ", ".join("?" * len(among))
    rows = db.execute(
        f"SELECT DISTINCT unit FROM unit_name WHERE {where} AND kind IN ({marks})",
        [*values, *among],
    ).fetchall()
    return [get(db, row["unit"]) for row in rows]


def _bearing_on(db: sqlite3.Connection, where: str, values: list[str], found: list[int], day: date) -> list[Unit]:
    """Return those of some units that have on a day the name or code that was typed."""
    among = ", ".join(str(unit) for unit in found)
    rows = db.execute(
        f"SELECT DISTINCT unit FROM unit_name WHERE {where} AND unit IN ({among}) AND from_day <= ? AND ? < to_day",
        [*values, day.isoformat(), day.isoformat()],
    ).fetchall()
    return [get(db, row["unit"]) for row in rows]


def _bears_another(db: sqlite3.Connection, unit: Unit, code: str, day: date) -> bool:
    """Tell whether a unit had another code than the one typed on a day of its life."""
    row = db.execute(
        "SELECT code FROM unit_name WHERE unit = ? AND from_day <= ? AND ? < to_day",
        (unit.id, day.isoformat(), day.isoformat()),
    ).fetchone()
    return row is not None and row["code"].upper() != code.upper()


def _listed(db: sqlite3.Connection, found: list[Unit]) -> str:
    shown = [f"{unit.name} ({unit.code}, {_(kinds.NAMES[unit.kind])}{_under(db, unit)})" for unit in found]
    return "; ".join(shown[:_CANDIDATES_SHOWN]) + (" …" if len(shown) > _CANDIDATES_SHOWN else "")


def _under(db: sqlite3.Connection, unit: Unit) -> str:
    row = db.execute(
        "SELECT ancestor FROM ancestry WHERE unit = ? AND depth = 1 ORDER BY from_day DESC",
        (unit.id,),
    ).fetchone()
    return f", {get(db, row['ancestor']).name}" if row else ""


def _said(among: Sequence[str]) -> str:
    return _(kinds.NAMES[among[0]]) if len(among) == 1 else _("unit")


def _why_not(
    db: sqlite3.Connection, folded: str, among: Sequence[str], passed: Unit | None, official: str | None
) -> str | None:
    if passed:
        return _("It is the code of {unit} on other days only.").format(unit=passed.name)
    if official:
        return _("{name} is a province; this ledger has it not yet.").format(name=official)
    return _meant(db, folded, among)


def _meant(db: sqlite3.Connection, folded: str, among: Sequence[str]) -> str | None:
    """Return a sentence with the names that look like what was typed."""
    marks = ", ".join("?" * len(among))
    rows = db.execute(
        f"SELECT name, own_name FROM unit_name WHERE kind IN ({marks}) ORDER BY unit, from_day LIMIT 5000", list(among)
    )
    names = {row["own_name"]: row["name"] for row in rows}
    close = get_close_matches(own_name(folded), names, n=3, cutoff=0.6)
    if not close:
        return None
    return _("Did you mean {names}?").format(names=", ".join(f"“{names[key]}”" for key in close))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
