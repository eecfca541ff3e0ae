"""The mergers of provinces of 1 July 2025, applied to the provinces that a ledger has."""

import sqlite3
from datetime import date
from typing import NamedTuple

from ucli.ledger.changes import parent_on, rename
from ucli.ledger.endings import merge
from ucli.ledger.foundings import add_unit
from ucli.ledger.lives import life_of
from ucli.ledger.operations import Operation
from ucli.ledger.provinces import MERGED_ON, RESOLUTION, Province, named_alike, province_named, provinces
from ucli.ledger.units import get
from ucli.values.units import PROVINCE, Unit


class Merger(NamedTuple):
    """A province that the ledger has, and the one it was merged into."""

    merged: Unit
    into: Unit
    moved: int  # units directly below that went over
    added: bool  # the ledger did not have the other one yet


def adopt_mergers(op: Operation) -> list[Merger]:
    """Merge the provinces of the ledger as 202/2025/QH15 did, and give the others their new codes.

    What is merged already is left alone, so that adopting twice changes nothing the second time.

    Raises:
        RefusedError: something is recorded for a province after its end.

    """
    day = date.fromisoformat(MERGED_ON)
    found = _provinces_of(op.db)
    alive = {it.name: unit for it, unit in found if life_of(op.db, unit.id).holds(MERGED_ON)}
    mergers = []
    for official in provinces():
        unit = alive.get(official.name)
        if unit is None or official.merged_into is None:
            continue
        into = alive.get(official.merged_into)
        added = into is None
        if into is None:
            parent = parent_on(op.db, unit, day)
            name = named_alike(unit.name, official, official.merged_into)
            into = alive[official.merged_into] = add_unit(op, name, PROVINCE, parent=parent, since=MERGED_ON)
        moved = _children(op.db, unit)
        merge(op, [unit], into, day, decision=RESOLUTION)
        mergers.append(Merger(unit, into, moved, added))
    for official in provinces():
        unit = alive.get(official.name)
        if unit and official.code_since and life_of(op.db, unit.id).begun < MERGED_ON:
            _pass_code(op, unit, official, day)
    return mergers


def _provinces_of(db: sqlite3.Connection) -> list[tuple[Province, Unit]]:
    rows = db.execute("SELECT DISTINCT unit FROM unit_name WHERE kind = ? ORDER BY unit", (PROVINCE,)).fetchall()
    found = [get(db, row["unit"]) for row in rows]
    return [(official, unit) for unit in found if (official := province_named(unit.name))]


def _pass_code(op: Operation, unit: Unit, official: Province, day: date) -> None:
    """Give a province its new code, where it had the official one until then."""
    there = op.db.execute(
        "SELECT code FROM unit_name WHERE unit = ? AND from_day < ? AND to_day > ?",
        (unit.id, MERGED_ON, MERGED_ON),
    ).fetchone()
    if there and there["code"] == official.code_before:
        rename(op, unit, day, code=official.code_since, decision="19/2025/QĐ-TTg")


def _children(db: sqlite3.Connection, unit: Unit) -> int:
    row = db.execute(
        "SELECT count(*) FROM ancestry WHERE ancestor = ? AND depth = 1 AND to_day > ?",
        (unit.id, MERGED_ON),
    ).fetchone()
    return int(row[0])
