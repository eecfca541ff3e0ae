"""Units: founding them, finding them by any name people use, telling whether they lived on a day."""

import re
import sqlite3
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from ucli.domain import units as kinds
from ucli.domain.units import CLUSTER
from ucli.errors import NotFoundError, RefusedError, RejectedError
from ucli.language import _
from ucli.ledger.operations import LIVE, Operation
from ucli.vietnamese.dates import date_text
from ucli.vietnamese.names import fold, normalised, own_name, same, slug

BEGINNING = "0001-01-01"
FOREVER = "9999-12-31"

_CANDIDATES_SHOWN = 12

# Codes end up in the names of files.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")


class Unit(NamedTuple):
    id: int
    code: str
    name: str
    kind: str


def find(db: sqlite3.Connection, text: str, *, among: Sequence[str] = kinds.KINDS, known: int = LIVE - 1) -> Unit:
    """Return the unit that a code, a name in any spelling, or an unambiguous part of a name means.

    Raises:
        NotFoundError: nobody bears the name, or several do: the candidates are named.

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
    for where, value in ways:
        values = [value, typed] if where.count("?") > 1 else [value]
        found = _matching(db, where, values, among, known)
        if len(found) > 1 and own_name(typed) != folded:
            # The title that was typed tells the province from the city of its name.
            found = [unit for unit in found if folded in fold(unit.name)] or found
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFoundError(
                _("“{text}” can mean {count} units: {candidates}.").format(
                    text=typed[:60], count=len(found), candidates=_listed(db, found)
                ),
                instead=_("Type the code or the whole name of the one you mean."),
            )
    raise NotFoundError(
        _("There is no {kinds} called “{text}”.").format(kinds=_said(among), text=typed[:60]),
        why=_meant(db, folded, among),
        instead=_("“ucli clusters” lists them.") if among == (CLUSTER,) else _("“ucli units” lists them."),
    )


def get(db: sqlite3.Connection, number: int, *, known: int = LIVE - 1) -> Unit:
    """Return a unit by its number, under its last name."""
    row = db.execute(
        "SELECT unit, code, name, kind FROM unit_name WHERE unit = ? AND from_op <= ? AND to_op > ?"
        " ORDER BY from_day DESC LIMIT 1",
        (number, known, known),
    ).fetchone()
    return Unit(*row)


def add_unit(
    op: Operation,
    name: str,
    kind: str,
    *,
    parent: Unit | None = None,
    code: str | None = None,
    founded: date | None = None,
    founders: int | None = None,
    sector: str | None = None,
    decision: str | None = None,
) -> Unit:
    """Write a unit under a parent.

    Raises:
        RejectedError: a name or code that cannot be one, or a kind that does not belong under the parent's.
        RefusedError: it is there already, the code is taken, or the parent did not live on the day.

    """
    named = normalised(name)
    if parent and not kinds.belongs_under(kind, parent.kind):
        raise RejectedError(
            _("A unit of kind {kind} does not belong under {parent}, which is of kind {other}.").format(
                kind=_(kinds.NAMES[kind]), parent=parent.name, other=_(kinds.NAMES[parent.kind])
            ),
            instead=_("Name the unit it is directly under with --parent."),
        )
    if parent and founded:
        require_alive(op.db, parent, founded)
    namesake = _namesake(op.db, named, parent)
    if namesake:
        raise RefusedError(
            _("“{name}” is in the ledger already, with code {code}.").format(name=namesake.name, code=namesake.code),
            instead=_("If it is another one, give it a name that tells them apart."),
        )
    code = _free_code(op.db, code, named)
    number = op.db.execute("INSERT INTO unit DEFAULT VALUES").lastrowid
    assert number is not None  # noqa: S101  an INSERT has a row id
    first = founded.isoformat() if founded else _beginning_of(op.db, parent)
    op.add(
        "unit_name",
        unit=number,
        from_day=first,
        to_day=FOREVER,
        code=code,
        name=named,
        folded=fold(named),
        own_name=own_name(named),
        kind=kind,
    )
    op.add(
        "unit_life",
        unit=number,
        founded=founded.isoformat() if founded else None,
        founders=founders,
        decision=decision,
        sector=sector,
    )
    op.add("ancestry", unit=number, ancestor=number, depth=0, from_day=first, to_day=FOREVER)
    if parent:
        _place(op, number, parent.id, first)
    return Unit(number, code, named, kind)


def require_alive(db: sqlite3.Connection, unit: Unit, day: date) -> None:
    """Refuse a fact dated outside a unit's life.

    Raises:
        RefusedError: the unit was not founded yet, or has ended.

    """
    life = db.execute(f"SELECT founded, ended FROM unit_life WHERE unit = ? AND to_op = {LIVE}", (unit.id,)).fetchone()
    if life["founded"] and day.isoformat() < life["founded"]:
        raise RefusedError(
            _("{unit} was founded on {day}.").format(
                unit=unit.name, day=date_text(date.fromisoformat(life["founded"]))
            ),
            why=_("Nothing is recorded for a unit before its founding."),
            instead=_("Check the date, or name the unit that was there before."),
        )
    if life["ended"] and day.isoformat() >= life["ended"]:
        raise RefusedError(
            _("{unit} ended on {day}.").format(unit=unit.name, day=date_text(date.fromisoformat(life["ended"]))),
            instead=_("Check the date, or name the unit that followed it."),
        )


def at_the_top(db: sqlite3.Connection, name: str) -> Unit | None:
    """Return the unit of a name that stands under nobody."""
    return _namesake(db, normalised(name), None)


def office(db: sqlite3.Connection, *, known: int = LIVE - 1) -> Unit | None:
    """Return the unit whose ledger this is, if `init --office` said so."""
    row = db.execute(
        "SELECT value FROM setting WHERE name = 'office' AND from_op <= ? AND to_op > ?", (known, known)
    ).fetchone()
    return get(db, int(row["value"]), known=known) if row else None


def _beginning_of(db: sqlite3.Connection, parent: Unit | None) -> str:
    """Return the first day of a unit whose founding nobody knows: as long as its parent has been there."""
    if parent is None:
        return BEGINNING
    row = db.execute(
        f"SELECT min(from_day) FROM ancestry WHERE unit = ? AND depth = 0 AND to_op = {LIVE}", (parent.id,)
    ).fetchone()
    return str(row[0])


def _place(op: Operation, unit: int, parent: int, first: str) -> None:
    """Put a unit under all the units its parent is under, each for as long as the parent is."""
    above = op.db.execute(
        "SELECT ancestor, depth, from_day, to_day FROM ancestry"
        f" WHERE unit = ? AND to_day > ? AND to_op = {LIVE} ORDER BY depth, from_day",
        (parent, first),
    ).fetchall()
    for row in above:
        op.add(
            "ancestry",
            unit=unit,
            ancestor=row["ancestor"],
            depth=row["depth"] + 1,
            from_day=max(first, row["from_day"]),
            to_day=row["to_day"],
        )


def _matching(db: sqlite3.Connection, where: str, values: list[str], among: Sequence[str], known: int) -> list[Unit]:
    marks = ", ".join("?" * len(among))
    rows = db.execute(
        f"SELECT DISTINCT unit FROM unit_name WHERE {where} AND kind IN ({marks}) AND from_op <= ? AND to_op > ?",
        [*values, *among, known, known],
    ).fetchall()
    return [get(db, row["unit"], known=known) for row in rows]


def _namesake(db: sqlite3.Connection, name: str, parent: Unit | None) -> Unit | None:
    """Return the unit that bears a name under a parent (or beside it, at the top)."""
    rows = db.execute(
        f"SELECT n.unit FROM unit_name n WHERE n.folded = ? AND n.kind <> ? AND n.to_op = {LIVE} AND coalesce((SELECT"
        f" a.ancestor FROM ancestry a WHERE a.unit = n.unit AND a.depth = 1 AND a.to_op = {LIVE}), 0) = ?",
        (fold(name), CLUSTER, parent.id if parent else 0),
    ).fetchall()
    found = [unit for unit in (get(db, row["unit"]) for row in rows) if same(name, unit.name)]
    return found[0] if found else None


def _free_code(db: sqlite3.Connection, code: str | None, name: str) -> str:
    """Return the code asked for, or one made from the name with a number behind it where it is taken."""
    if code is not None:
        if not _CODE.fullmatch(code):
            raise RejectedError(
                _("“{code}” cannot be a code.").format(code=code[:60]),
                instead=_("Use letters without marks, digits, dots and hyphens, 40 at the most, like HH or 34.01."),
            )
        if _is_taken(db, code):
            raise RefusedError(
                _("The code {code} is another unit's.").format(code=code), instead=_("Choose another with --code.")
            )
        return code
    stem = slug(name)[:40].rstrip("-")
    number = 1
    while _is_taken(db, stem if number == 1 else f"{stem}-{number}"):
        number += 1
    return stem if number == 1 else f"{stem}-{number}"


def _is_taken(db: sqlite3.Connection, code: str) -> bool:
    found = db.execute(f"SELECT 1 FROM unit_name WHERE code = ? COLLATE NOCASE AND to_op = {LIVE}", (code,)).fetchone()
    return found is not None


def _listed(db: sqlite3.Connection, found: list[Unit]) -> str:
    shown = [f"{unit.name} ({unit.code}, {_(kinds.NAMES[unit.kind])}{_under(db, unit)})" for unit in found]
    return "; ".join(shown[:_CANDIDATES_SHOWN]) + (" …" if len(shown) > _CANDIDATES_SHOWN else "")


def _under(db: sqlite3.Connection, unit: Unit) -> str:
    row = db.execute(
        f"SELECT ancestor FROM ancestry WHERE unit = ? AND depth = 1 AND to_op = {LIVE}", (unit.id,)
    ).fetchone()
    return f", {get(db, row['ancestor']).name}" if row else ""


def _said(among: Sequence[str]) -> str:
    return _(kinds.NAMES[among[0]]) if len(among) == 1 else _("unit")


def _meant(db: sqlite3.Connection, folded: str, among: Sequence[str]) -> str | None:
    """Return a sentence with the names that look like what was typed."""
    marks = ", ".join("?" * len(among))
    rows = db.execute(
        f"SELECT name, own_name FROM unit_name WHERE kind IN ({marks}) AND to_op = {LIVE} LIMIT 5000", list(among)
    )
    names = {row["own_name"]: row["name"] for row in rows}
    close = get_close_matches(own_name(folded), names, n=3, cutoff=0.6)
    if not close:
        return None
    return _("Did you mean {names}?").format(names=", ".join(f"“{names[key]}”" for key in close))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
