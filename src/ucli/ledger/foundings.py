"""Founding units: a place in the tree, a name that no sibling has, a unique code.

Grassroots unions are founded with the number of members recognised with them.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, count
from typing import NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.i18n import _
from ucli.ledger.lineage import life_of, place, require_alive, settle, successor_on
from ucli.ledger.members import begin
from ucli.ledger.operations import Operation
from ucli.ledger.units import find, get, office
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus, Written, as_it_is, each
from ucli.values.members import FOUNDING
from ucli.values.names import fold, normalised, own_name, same, slug
from ucli.values.periods import BEGINNING, FOREVER, day_text
from ucli.values.units import (
    CLUSTER,
    LEVELS,
    MEMBER_UNION,
    NAMES,
    PROVINCE,
    UNION,
    Unit,
    belongs_under,
    kind_in_name,
    require_founders,
)

# Codes end up in the names of files.
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")


class Founding(NamedTuple):
    """A unit to be founded, and its parent, if any."""

    name: str
    parent: Unit | None
    founded: date | None
    code: str | None = None
    sector: str | None = None
    founders: int | None = None  # how many members are recognised with it
    decision: str | None = None
    kind: str = UNION
    above: str | None = None  # the parent's name, if a row before may found it


def found(
    op: Operation, foundings: Iterable[Founding], *, again: bool = False, confirmed: bool = False
) -> Iterator[Result]:
    """Found units; the number of each result is the unit's.

    When a table is imported again existing units stay unchanged. Fewer founders than the statute requires have to be
    confirmed.
    """
    named: set[int] = set()  # the units that rows founded or matched

    def write(row: Founding) -> Written:
        if row.above:
            row = row._replace(parent=find(op.db, row.above, day=row.founded))
        if row.kind == UNION and row.parent and row.parent.kind == UNION and kind_in_name(row.name) == MEMBER_UNION:
            row = row._replace(kind=MEMBER_UNION)
        if again and (there := _there(op, row, named)):
            begun, founded = life_of(op.db, there.id).begun, row.founded and row.founded.isoformat()
            (known,) = op.db.execute("SELECT founded FROM unit_life WHERE unit = ?", (there.id,)).fetchone()
            if founded in (None, begun) or not known:
                return Written(RowStatus.UNCHANGED, there.id, _otherwise(op, there, row))
            if there.id in named:
                raise EarlierRowError(_("Line {line} gives it another day of founding."), there.id)
            raise RefusedError(
                _("{unit} is already in the ledger, founded on {day}.").format(unit=there.name, day=day_text(begun))
            )
        require_founders(row.founders, confirmed=confirmed)
        doubts = [*_alike(op, row), *doubts_of_place(op.db, row.name, row.kind, row.parent)]
        said = row._asdict()
        del said["above"]
        unit = add_unit(op, **said)
        if row.founders and row.founded:
            begin(op, unit.id, None, row.founders, row.founded, FOUNDING, decision=row.decision)
        named.add(unit.id)
        return Written(RowStatus.NEW, unit.id, doubts)

    return each(op, foundings, write)


def _there(op: Operation, row: Founding, named: set[int]) -> Unit | None:
    """Return the existing unit that a row matches, by its code, else by its name under its parent."""
    if not row.code:
        first = row.founded.isoformat() if row.founded else BEGINNING
        return namesake_of(op.db, row.name, row.parent.id if row.parent else 0, first)
    names = op.db.execute(
        "SELECT o.unit, o.name FROM unit_name n JOIN unit_name o ON o.unit = n.unit"
        " WHERE n.code = ? COLLATE NOCASE AND n.kind <> ?",
        (row.code, CLUSTER),
    ).fetchall()
    if there := next((it for it in names if same(row.name, it["name"])), None):
        return get(op.db, there["unit"])
    if names and names[0]["unit"] in named:
        raise EarlierRowError(_("Line {line} has the same code."), names[0]["unit"])
    return None


def _otherwise(op: Operation, there: Unit, row: Founding) -> list[str]:
    """Return in which columns a row differs from an existing unit, changes of the unit considered."""
    life = op.db.execute("SELECT founded, founders, sector FROM unit_life WHERE unit = ?", (there.id,)).fetchone()
    kinds = "SELECT kind FROM unit_name WHERE unit = ?"
    parents = "SELECT ancestor FROM ancestry WHERE unit = ? AND depth = 1"
    said = {
        _("kind"): (row.kind, [it for (it,) in op.db.execute(kinds, (there.id,))]),
        _("unit above it"): (row.parent and row.parent.id, [it for (it,) in op.db.execute(parents, (there.id,))]),
        _("day of founding"): (row.founded and row.founded.isoformat(), [life["founded"]]),
        _("number of founding members"): (row.founders, [life["founders"]]),
        _("economic sector"): (row.sector, [life["sector"]]),
    }
    return as_it_is([what for what, (typed, kept) in said.items() if typed not in (None, *kept)])


def _alike(op: Operation, row: Founding) -> list[str]:
    """Return the doubt that a sibling of that kind has the same name but for titles and marks."""
    if not row.parent:
        return []
    found = op.db.execute(
        "SELECT n.name, n.code FROM unit_name n JOIN ancestry a ON a.unit = n.unit AND a.depth = 1 AND a.ancestor = ?"
        " WHERE n.own_name = ? AND n.kind = ?",
        (row.parent.id, own_name(row.name), row.kind),
    ).fetchone()
    said = _("{parent} already has “{name}”, code {code}; is it the same unit?")
    return [said.format(parent=row.parent.name, **dict(found))] if found else []


def doubts_of_place(db: sqlite3.Connection, name: str, kind: str, parent: Unit | None) -> list[str]:
    """Return the doubt that a unit without a parent is left out of the office's reports."""
    holder = office(db)
    if parent or not holder:
        return []
    from ucli.ledger.provinces import province_named  # noqa: PLC0415  it needs this module

    if kind == holder.kind == PROVINCE and not province_named(name):
        said = _(
            "It is beside {office}, not below it, so reports of {office} leave it out; a city within a "
            "province is a district."
        )
        return [said.format(office=holder.name)]
    if LEVELS[kind] <= LEVELS[PROVINCE]:
        return []
    said = _("It is under no unit, because its kind ({kind}) cannot be under {office}, whose reports leave it out.")
    return [said.format(kind=_(NAMES[kind]), office=holder.name)]


def add_unit(
    op: Operation,
    name: str,
    kind: str,
    *,
    parent: Unit | None = None,
    code: str | None = None,
    founded: date | None = None,
    since: str | None = None,
    founders: int | None = None,
    sector: str | None = None,
    decision: str | None = None,
    position: int | None = None,
) -> Unit:
    """Write a unit under a parent from its founding on; if unknown, `since` a day or as long as the parent."""
    named = normalised(name)
    if parent and founded:
        require_alive(op.db, parent, founded)
    since = since or (life_of(op.db, parent.id).begun if parent else BEGINNING)
    first = founded.isoformat() if founded else since
    refuse_namesake(op.db, named, parent, first)
    codes = _codes(op.db, code, named, kind, first)
    number = op.new_number("unit")
    for own_code, from_day, to_day in codes:
        add_name(op, Unit(number, own_code, named, kind), from_day, to_day)
    founding = {"founders": founders, "decision": decision, "sector": sector, "position": position}
    op.add("unit_life", unit=number, founded=founded.isoformat() if founded else None, **founding)
    op.add("ancestry", unit=number, ancestor=number, depth=0, from_day=first, to_day=FOREVER)
    if parent:
        place(op, number, parent, first, FOREVER)
        settle(op, [number])
    return Unit(number, codes[-1][0], named, kind)


def add_name(op: Operation, unit: Unit, from_day: str, to_day: str, decision: str | None = None) -> None:
    """Write what a unit is called between two days."""
    names = {"name": unit.name, "folded": fold(unit.name), "own_name": own_name(unit.name)}
    said = {"code": unit.code, **names, "kind": unit.kind, "decision": decision}
    op.add("unit_name", unit=unit.id, from_day=from_day, to_day=to_day, **said)


def refuse_namesake(db: sqlite3.Connection, name: str, parent: Unit | None, first: str, *, but: int = 0) -> None:
    """Refuse a name that a sibling has on a day or later."""
    namesake = namesake_of(db, name, parent.id if parent else 0, first)
    if namesake and namesake.id != but:
        raise RefusedError(
            _("“{name}” is already in the ledger, with code {code}.").format(name=namesake.name, code=namesake.code),
            instead=_("If it is another one, give it a name that tells them apart."),
        )


def namesake_of(db: sqlite3.Connection, name: str, parent: int = 0, first: str = BEGINNING) -> Unit | None:
    """Return the unit with a name under a parent (0: at the top) on a day or later, even if it has moved since."""
    above = "SELECT 1 FROM ancestry a WHERE a.unit = n.unit AND a.depth = 1 AND a.to_day > :first"
    placed = f"EXISTS ({above} AND a.ancestor = :parent)" if parent else f"NOT EXISTS ({above})"
    rows = db.execute(
        "SELECT n.unit, n.name FROM unit_name n WHERE n.folded = :folded AND n.kind <> :cluster"
        f" AND n.to_day > :first AND {placed}",
        {"folded": fold(name), "cluster": CLUSTER, "first": first, "parent": parent},
    )
    return next((get(db, row["unit"]) for row in rows.fetchall() if same(name, row["name"])), None)


def require_code(code: str) -> None:
    """Refuse a code that cannot be one."""
    if not _CODE.fullmatch(code):
        raise RejectedError(
            _("“{code}” cannot be a code.").format(code=code[:60]),
            instead=_("Use letters without marks, digits, dots and hyphens, 40 at the most, like HH or 34.01."),
        )


def is_taken(db: sqlite3.Connection, code: str, first: str, until: str, *, but: int = 0) -> bool:
    query = "SELECT 1 FROM unit_name WHERE code = ? COLLATE NOCASE AND unit <> ? AND from_day < ? AND ? < to_day"
    return db.execute(query, (code, but, until, first)).fetchone() is not None


def _codes(db: sqlite3.Connection, code: str | None, name: str, kind: str, first: str) -> list[tuple[str, str, str]]:
    """Return a new unit's codes with their days: the one given, the official ones, or one derived from the name."""
    if code is not None:
        require_code(code)
        return [(code, first, FOREVER)]
    official_codes: list[tuple[str | None, str, str]] = [(None, first, FOREVER)]
    if kind == PROVINCE:
        from ucli.ledger.provinces import dated_codes, province_named  # noqa: PLC0415  it needs this module

        if province := province_named(name):
            official_codes = dated_codes(province, first)
    stem = slug(name)[:40].rstrip("-")
    codes = []
    for official, *days in official_codes:
        # If the official code is taken, one derived from the name, with a number if need be.
        made = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
        free = next(it for it in chain((official,), made) if it and not is_taken(db, it, *days))
        codes.append((free, days[0], days[1]))
    return codes


def name_office(op: Operation, name: str, kind: str | None) -> Unit:
    """Set the office of the ledger, once: the unit of that name, which is added if it does not exist."""
    there = office(op.db)
    if name.isdigit():
        raise RejectedError(
            _("“{name}” is a code, not a name.").format(name=name[:40]), instead=_("Type the name of the office.")
        )
    if there is None:
        there = namesake_of(op.db, name) or add_unit(op, name, kind or kind_in_name(name))
        op.add("setting", name="office", value=str(there.id))
    elif not same(name, there.name):
        raise RefusedError(
            _("This is the ledger of {unit}.").format(unit=there.name),
            instead=_("Make another ledger for {name} with --db PATH.").format(name=name),
        )
    return there


def under_office(db: sqlite3.Connection, kind: str, day: date | None) -> Unit | None:
    """Return the office, or its successor by a day, if a unit of a kind can be under it."""
    found = office(db)
    if found and day:
        found = successor_on(db, found, day)
    return found if found and belongs_under(kind, found.kind) else None
