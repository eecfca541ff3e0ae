"""The provinces before and since 1 July 2025: names, official codes, mergers.

The earlier codes are from the General Statistics Office's list, the present ones from 19/2025/QĐ-TTg, the mergers from
202/2025/QH15. Neither names nor codes are stable: 15 was Yên Bái's and is Lào Cai's.
"""

import re
from datetime import date
from functools import cache
from typing import NamedTuple

from ucli.ledger.changes import merge, rename
from ucli.ledger.foundings import add_unit
from ucli.ledger.lineage import children_on, life_of, parent_on
from ucli.ledger.operations import Operation
from ucli.ledger.units import get
from ucli.values.names import fold, slug
from ucli.values.periods import FOREVER
from ucli.values.units import PROVINCE, Unit

MERGED_ON = "2025-07-01"
RESOLUTION = "202/2025/QH15"


class Province(NamedTuple):
    name: str
    aliases: str  # with | between them
    code_before: str
    code_since: str  # empty if the province ended
    merged_into: str
    title: str  # tỉnh, thành phố


@cache
def provinces() -> tuple[Province, ...]:
    """Return the 63 earlier provinces, 34 of which continue."""
    from ucli.catalogue import rows_of  # noqa: PLC0415  most commands do without, and csv is slow

    return tuple(Province(**row) for row in rows_of("provinces"))


@cache
def birth_codes() -> frozenset[str]:
    """Return the first digits of 12-digit ID numbers, by the province where the birth was registered."""
    return frozenset(f"0{it.code_before}" for it in provinces())


def province_named(name: str) -> Province | None:
    """Find a province by name, with or without titles and tone marks: "LĐLĐ tỉnh Thái Bình"."""
    meant = slug(name)
    return next((it for it in provinces() if meant in map(slug, filter(None, (it.name, *it.aliases.split("|"))))), None)


def office_of(name: str) -> str:
    """Return what the union of a province is called where only the province was named; any other name as it is."""
    official = province_named(name)
    bare = re.sub(r"^(?:tinh|thanh pho|tp\.?) ", "", fold(name))
    if not official or bare not in map(fold, (official.name, *official.aliases.split("|"))):
        return name
    return f"LĐLĐ {official.title} {official.name}"


def dated_codes(province: Province, first: str) -> list[tuple[str | None, str, str]]:
    """Return a province's codes from a day on, each with its days.

    A province that ended keeps its code, unless the code passed to another one: then it is None.
    """
    passed_on = any(it.code_since == province.code_before for it in provinces())
    since = province.code_since or (None if passed_on else province.code_before)
    if first >= MERGED_ON or since == province.code_before:
        return [(since, first, FOREVER)]
    return [(province.code_before, first, MERGED_ON), (since, MERGED_ON, FOREVER)]


class Merger(NamedTuple):
    """A province of the ledger, and the one it was merged into."""

    merged: Unit
    into: Unit
    moved: int  # units directly below that moved
    added: bool  # the other one was added to the ledger
    carried: int  # rows recorded for it afterwards that moved


def adopt_mergers(op: Operation, *, carry: bool = False) -> list[Merger]:
    """Merge the ledger's provinces as 202/2025/QH15 did, and give the others their new codes.

    Provinces merged already are left alone, so a second time changes nothing.
    """
    day = date.fromisoformat(MERGED_ON)
    rows = op.db.execute("SELECT DISTINCT unit FROM unit_name WHERE kind = ? ORDER BY unit", (PROVINCE,)).fetchall()
    found = [get(op.db, row["unit"]) for row in rows if life_of(op.db, row["unit"]).holds(MERGED_ON)]
    alive = {official.name: unit for unit in found if (official := province_named(unit.name))}
    mergers = []
    for official in provinces():
        unit = alive.get(official.name)
        if unit is None or not official.merged_into:
            continue
        into = alive.get(official.merged_into)
        added = into is None
        if into is None:
            name = _named_alike(unit.name, official, official.merged_into)
            into = add_unit(op, name, PROVINCE, parent=parent_on(op.db, unit, day), since=MERGED_ON)
            alive[official.merged_into] = into
        moved = len(children_on(op.db, unit, day))
        carried = merge(op, [unit], into, day, decision=RESOLUTION, carry=carry)
        mergers.append(Merger(unit, into, moved, added, carried))
    for official in provinces():
        unit = alive.get(official.name)
        # If it has the earlier official code, and was not renamed on that day.
        names = "SELECT 1 FROM unit_name WHERE unit = ? AND code = ? AND from_day < ? AND to_day > ?"
        bound = (unit and unit.id, official.code_before, MERGED_ON, MERGED_ON)
        if unit and official.code_since and op.db.execute(names, bound).fetchone():
            rename(op, unit, day, code=official.code_since, decision="19/2025/QĐ-TTg")
    return mergers


def _named_alike(name: str, province: Province, other: str) -> str:
    """Return the name of another province's unit after this one's: "LĐLĐ tỉnh Hà Giang", "LĐLĐ tỉnh Tuyên Quang"."""
    if not fold(name).endswith(fold(province.name)):
        return other
    prefix = name[: len(name) - len(province.name)]
    title = next(it.title for it in provinces() if it.name == other)
    return f"{prefix.replace(province.title, title)}{other}"
