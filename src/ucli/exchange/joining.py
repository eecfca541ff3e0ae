"""Merging another ledger of the same office into this one, as when two provinces become one.

Every row that counts there counts here, under a number of its own; units are those of the same codes and names,
indicators and programmes those of the same codes, clusters those of the same names. Two units of one code get two.
What is here already stays, and what says otherwise is listed. The past of that ledger stays in its file.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple

from ucli.errors import RefusedError
from ucli.exchange.structure import matched, merge_rows, names_of, rows_of
from ucli.i18n import _
from ucli.ledger.closing import closed_windows, keep
from ucli.ledger.clusters import set_cluster, year_of
from ucli.ledger.figures import standing
from ucli.ledger.foundings import is_taken
from ucli.ledger.operations import NAMED_BY, VERSIONED, Operation, columns_of, values_of
from ucli.ledger.persons import COLUMNS, erase_persons, twins, write_persons
from ucli.ledger.settings import own_number
from ucli.ledger.units import get, named, office
from ucli.values.names import same
from ucli.values.periods import BEGINNING, FOREVER
from ucli.values.units import CLUSTER

# What is copied, in an order in which each names only what stands before it.
_TABLES = ("period", "membership", "payout", "origin", "bundle", "origin_unit", "received", "figure", "target", "award")
_UNIT = ("unit_life", "unit")
# By table and column whose number stands there; the other unit of those who went over is 0 where it is unknown.
_PERSON = ("membership", "person")
_NAMES = {it: named for named, columns in NAMED_BY.items() for it in columns}
_NAMES |= {_PERSON: _PERSON, ("received", "other"): _UNIT}
# Rows of which only one may count, by what tells them apart; of figures `standing` says it.
_ONCE = {
    "period": (("unit", "folded"),),
    "origin": (("folded",), ("key",)),
    "target": (("unit", "indicator", "start_day", "end_day", "issuer"),),
    "award": (("unit", "title", "start_day", "end_day", "person"),),
}
# Rows that are that office's own; periods of no unit are part of the structure.
_OWN = {"period": "unit NOTNULL"}


class Recoded(NamedTuple):
    """A unit whose code is another one's here, and the code that it has instead."""

    name: str
    there: str
    here: str


class Joined(NamedTuple):
    """The result: whose ledger it was, how many units and rows are new, what differs here, who may be one person."""

    office: str
    units: int
    rows: Mapping[str, int]
    recoded: list[Recoded]
    conflicts: list[str]
    twins: list[tuple[int, int]]


def join(op: Operation, source: sqlite3.Connection) -> Joined:
    """Copy everything that counts in another ledger."""
    ledger = own_number(source)
    if ledger == own_number(op.db):
        raise RefusedError(_("That is a copy of this ledger."), instead=_("“ucli restore” restores a backup."))
    if op.db.execute("SELECT 1 FROM setting WHERE name = ?", (f"joined-{ledger}",)).fetchone():
        raise RefusedError(_("That ledger was imported already."), instead=_("“ucli log --command import-ledger”."))
    conflicts: list[str] = []
    whose, structure = office(source), rows_of(source, None)
    recoded = _recode(op.db, structure)
    units, new = merge_rows(op, structure, whose.id if whose else 0, conflicts)
    persons, members = op.next_id("person"), op.next_id("membership")
    clusters = _join_clusters(op, source, units, conflicts)
    numbers: dict[tuple[str, str], Callable[[int], int | None]] = {
        _UNIT: (units | clusters).get,
        ("indicator_entry", "indicator"): _by_code(op, source, "indicator_entry", "indicator").get,
        ("programme_entry", "programme"): _by_code(op, source, "programme_entry", "programme").get,
        _PERSON: lambda number: persons - 1 + number,
    }
    _copy_persons(op, source, persons - 1)
    rows = {table: _copy(op, source, table, numbers, conflicts) for table in _TABLES}
    rows["closing"] = _keep_closings(op, source, units, conflicts)
    op.add("setting", name=f"joined-{ledger}", value=whose.code if whose else "")
    alike = [(it.one, it.other) for it in twins(op.db, members)]
    return Joined(whose.name if whose else "", new, rows, recoded, conflicts, alike)


def _recode(db: sqlite3.Connection, structure: dict[str, list[Any]]) -> list[Recoded]:
    """Give units of a structure other codes where theirs are those of others here; return these."""
    names, own = names_of(structure), office(db)
    found = matched(db, names)
    elsewhere = _elsewhere(db, structure, names, found)
    used = {code.upper() for called in names.values() for _first, _until, code, *_name in called}
    recoded: dict[tuple[int, str], Recoded] = {}
    for number in sorted(names.keys() - (found.keys() - elsewhere)):
        for first, until, code, name, _kind in names[number]:
            is_meant = number not in elsewhere and not is_taken(db, code, first, until)
            if is_meant or (number, code) in recoded or (own and same(name, own.name)):
                continue
            made = (f"{code[:36]}-{it}" for it in count(2))
            free = next(it for it in made if it.upper() not in used and not is_taken(db, it, BEGINNING, FOREVER))
            used.add(free.upper())
            recoded[number, code] = Recoded(name, code, free)
    for place, (number, first, until, code, *called) in enumerate(structure["names"]):
        if it := recoded.get((number, code)):
            structure["names"][place] = (number, first, until, it.here, *called)
    return [*recoded.values()]


def _elsewhere(
    db: sqlite3.Connection, structure: Mapping[str, Any], names: Mapping[int, Any], found: Mapping[int, int]
) -> set[int]:
    """Return the units called as one here that never stood below the same: each province has its LĐLĐ thành phố."""
    here, parents = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    top = "SELECT unit FROM unit_name WHERE kind = 'confederation'"
    for unit, above in db.execute(f"SELECT unit, ancestor FROM ancestry WHERE depth > 0 AND ancestor NOT IN ({top})"):
        here[unit].add(above)
    for number, parent, *_days in structure["parents"]:
        if names[parent][-1][-1] != "confederation":
            parents[number].add(parent)

    def above_of(number: int) -> set[int]:
        return parents[number].union(*(above_of(it) for it in parents[number]))

    lines = {number: above_of(number) for number in found}
    elsewhere = set[int]()
    while more := {
        number
        for number, unit in found.items()
        if number not in elsewhere
        and lines[number]
        and here[unit]
        and here[unit].isdisjoint(found[it] for it in lines[number] - elsewhere if it in found)
    }:
        elsewhere |= more
    return elsewhere


def _by_code(op: Operation, source: sqlite3.Connection, table: str, column: str) -> dict[int, int]:
    here = dict(op.db.execute(f"SELECT code, {column} FROM {table}").fetchall())
    return {number: here[code] for number, code in source.execute(f"SELECT {column}, code FROM {table}")}


def _copy_persons(op: Operation, source: sqlite3.Connection, before: int) -> None:
    """Copy the persons whom rows that count refer to; erased ones stay erased."""
    named = " UNION ".join(f"SELECT person FROM {it}" for it, column in (_PERSON, *NAMED_BY[_PERSON]))
    persons = source.execute(f"SELECT * FROM person WHERE id IN ({named}) ORDER BY id").fetchall()
    write_persons(op, [(before + it["id"], *(it[column] for column in COLUMNS[1:])) for it in persons])
    for it in persons:
        if it["erased_as"] is not None:
            erase_persons(op.db, [before + it["id"]], before + it["erased_as"])


def _join_clusters(
    op: Operation, source: sqlite3.Connection, units: Mapping[int, int], conflicts: list[str]
) -> dict[int, int]:
    """Copy the units of clusters by year, unless set here; return the clusters by their numbers there."""
    found: dict[int, int] = {}
    years = "SELECT DISTINCT cluster, year FROM cluster_member ORDER BY cluster, year"
    for cluster, year in source.execute(years).fetchall():
        name = get(source, cluster).name
        there, here = year_of(source, name, year), year_of(op.db, name, year)
        if there is None:
            continue
        ours = {it.id: get(op.db, units[it.id]) for it in there.units}
        lead, deputy = (ours[it.id] if it else None for it in (there.lead, there.deputy))
        if here is None:
            set_cluster(op, name, year, [*ours.values()], lead, deputy)
        elif {*here.units} != {*ours.values()} or (here.lead, here.deputy) != (lead, deputy):
            conflicts.append(f"{name} {year}")
        if joined := named(op.db, name, among=(CLUSTER,)):
            found[cluster] = joined.id
    return found


def _keep_closings(op: Operation, source: sqlite3.Connection, units: Mapping[int, int], conflicts: list[str]) -> int:
    """Close the windows that are closed there, except this office's own, whose report has just changed."""
    own, theirs = office(op.db), office(source)
    closed = {(it.unit, it.window) for it in closed_windows(op.db)}
    count = 0
    for it in closed_windows(source):
        of = it.unit or (theirs and theirs.id)
        unit = units.get(of) if of else None
        if unit is None or (own and unit == own.id) or (unit, it.window) in closed:
            conflicts.append(f"closing {it.number}")
            continue
        as_json, plain = source.execute("SELECT json, plain FROM submission WHERE id = ?", (it.submission,)).fetchone()
        keep(op, unit, it.window, as_json, plain)
        count += 1
    return count


def _copy(
    op: Operation,
    source: sqlite3.Connection,
    table: str,
    numbers: dict[tuple[str, str], Callable[[int], int | None]],
    conflicts: list[str],
) -> int:
    """Copy the rows of a table that are not here, unless they refer to one left out; return how many."""
    columns, key = columns_of(op.db, table), VERSIONED[table]
    first = op.next_id(table) if key == ("id",) else 0
    numbers[table, "id"] = lambda number: first - 1 + number
    found: list[tuple[object, ...]] = []
    written: dict[int, int] = {}
    rows = f"SELECT * FROM {table} WHERE {_OWN.get(table, '1')} ORDER BY {', '.join(key)}"
    for it in source.execute(rows).fetchall():
        row: dict[str, Any] = values_of(it)
        named = {it: numbers[_NAMES[table, it]](row[it]) for it in columns if (table, it) in _NAMES and row[it]}
        row |= named
        is_known = _is_here(op, table, row)
        if None in named.values() or is_known:
            if is_known or "origin" not in named:  # of an origin known here, its next bundle brings them
                conflicts.append(f"{table} {it['id']}")
            continue
        if key == ("id",):
            row["id"] = written[it["id"]] = first - 1 + it["id"]
        found.append(tuple(row[column] for column in columns))
    op.add_all(table, columns, found)
    numbers[table, "id"] = written.get
    return len(found)


def _is_here(op: Operation, table: str, row: Mapping[str, Any]) -> bool:
    if table == "figure":
        return standing(op.db, row) is not None
    return any(op.standing(table, **{it: row[it] for it in key}) for key in _ONCE.get(table, ()))
