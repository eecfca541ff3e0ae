"""The structure that an office hands down: units, catalogue, periods and targets.

Units are matched by code and name; the others are added. What is here already and differs is listed and kept, unless it
is to be replaced.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.exchange.package import SignedPackage, columns_of, packed, require_readable
from ucli.i18n import _
from ucli.ledger.foundings import add_name
from ucli.ledger.lineage import settle
from ucli.ledger.operations import Operation
from ucli.ledger.targets import weights
from ucli.ledger.units import office
from ucli.ledger.verbs import put
from ucli.values.names import fold
from ucli.values.periods import Window
from ucli.values.units import KINDS, Unit

PROFILE = "ucli-structure/1"
COLUMNS = {
    "units": "number:i from_day:d to_day:d founded:d? founders:i? sector? ended:d? end_reason?",
    "names": "number:i from_day:d to_day:d code name kind",
    "parents": "number:i ancestor:i from_day:d to_day:d",
    "successions": "number:i successor:i day:d",
    "indicators": "code alias? name_vi name_en measure kind direction counts may_exceed:i is_state:i",
    "programmes": "code name_vi name_en",
    "periods": "code folded name? start_day:d end_day:d due:d?",
    "targets": (
        "unit:i indicator start_day:d end_day:d period issuer:i? kind low:i? high:i? percent? as_floor:i profile?"
        " effective:d? decision?"
    ),
}
# The units at or below one, all that were ever above them, and their successors.
_AMONG = """
WITH RECURSIVE below (unit) AS (
    SELECT unit FROM ancestry WHERE coalesce(ancestor = :unit, depth = 0)
        AND unit NOT IN (SELECT unit FROM unit_name WHERE kind = 'cluster')),
line (unit) AS (
    SELECT unit FROM below UNION SELECT a.ancestor FROM line l JOIN ancestry a ON a.unit = l.unit
    UNION SELECT s.successor FROM line l JOIN succession s ON s.unit = l.unit)
"""
_QUERIES = {
    "units": (
        "SELECT a.unit, a.from_day, a.to_day, l.founded, l.founders, l.sector, l.ended, l.end_reason FROM line"
        " JOIN ancestry a ON a.unit = line.unit AND a.depth = 0 JOIN unit_life l ON l.unit = a.unit ORDER BY 1"
    ),
    "names": (
        "SELECT n.unit, n.from_day, n.to_day, n.code, n.name, n.kind FROM line JOIN unit_name n ON n.unit = line.unit"
        " ORDER BY 1, 2"
    ),
    "parents": (
        "SELECT a.unit, a.ancestor, a.from_day, a.to_day FROM line JOIN ancestry a ON a.unit = line.unit"
        " AND a.depth = 1 ORDER BY 1, 3"
    ),
    "successions": (
        "SELECT s.unit, s.successor, s.day FROM line JOIN succession s ON s.unit = line.unit ORDER BY 1, 3, 2"
    ),
    "indicators": (
        "SELECT code, alias, name_vi, name_en, measure, kind, direction, counts, may_exceed, is_state"
        " FROM indicator_entry ORDER BY indicator"
    ),
    "programmes": "SELECT code, name_vi, name_en FROM programme_entry ORDER BY programme",
    "periods": "SELECT code, folded, name, start_day, end_day, due FROM period WHERE unit IS NULL ORDER BY id",
    "targets": (
        "SELECT t.unit, e.code, t.start_day, t.end_day, t.period, coalesce(t.issuer, nullif(:office, t.unit)), t.kind,"
        " t.low, t.high, t.percent, t.as_floor, t.profile, t.effective, t.decision FROM target t"
        " JOIN indicator_entry e ON e.indicator = t.indicator WHERE t.unit IN below"
        " AND coalesce(t.issuer, 0) IN (SELECT 0 UNION SELECT unit FROM line) ORDER BY t.id"
    ),
}


class Merged(NamedTuple):
    """The result: how many units are new, and what differs here."""

    unit: str
    added: int
    conflicts: Sequence[str]


def structure_of(db: sqlite3.Connection, unit: Unit) -> bytes:
    """Return the structure that the ledger of an office at or below this one starts with."""
    found = rows_of(db, unit)
    require_readable(cell for rows in found.values() for row in rows for cell in row if isinstance(cell, str))
    tables = {name: (COLUMNS[name], rows) for name, rows in found.items()}
    return packed(PROFILE, {"unit": {"number": unit.id, "code": unit.code, "name": unit.name}}, tables)


def rows_of(db: sqlite3.Connection, unit: Unit | None) -> dict[str, list[Any]]:
    """Return the tables of a structure: of a unit, or of all but clusters."""
    own = office(db)
    bound = {"unit": unit.id if unit else None, "office": own.id if own else None}
    return {name: db.execute(_AMONG + query, bound).fetchall() for name, query in _QUERIES.items()}


def merge_structure(op: Operation, package: SignedPackage, *, replace: bool) -> Merged:
    """Add the units, codes, periods and targets of a structure that are not here."""
    rows = {name: [*package.rows(name, columns)] for name, columns in COLUMNS.items()}
    root = package.about.get("unit")
    if not isinstance(root, dict) or not all(isinstance(root.get(key), int | str) for key in ("number", "name")):
        raise RejectedError(_("The structure does not say which office it is for."))
    conflicts: list[str] = []
    try:
        _require_possible(op.db, rows, root["number"])
        numbers, new = merge_rows(op, rows, root["number"], conflicts, replace=replace)
        _merge_targets(op, rows["targets"], numbers)
    except (sqlite3.IntegrityError, KeyError, ValueError):
        raise RejectedError(_("The structure contradicts itself.")) from None
    if office(op.db) is None:
        op.add("setting", name="office", value=str(numbers[root["number"]]))
    return Merged(str(root["name"]), new, conflicts)


def _require_possible(db: sqlite3.Connection, rows: Mapping[str, Any], root: object) -> None:
    """Raise a ValueError if the tables contradict each other or hold unknown words."""
    counted = {it for (it,) in db.execute("SELECT DISTINCT counts FROM indicator_entry")}
    codes = {it[0] for it in rows["indicators"]}
    lives, names = [it[0] for it in rows["units"]], {it[0] for it in rows["names"]}
    fits = (
        root in names
        and sorted(lives) == sorted(names)
        and all(it[-1] in KINDS for it in rows["names"])
        and all(it[7] in counted or set(it[7].split(" ")[::2]) <= codes for it in rows["indicators"])
        and all(it[9] is None or re.fullmatch(r"[0-9]{1,5}(?:\.[0-9]{1,6})?", it[9]) for it in rows["targets"])
    )
    if not fits:
        raise ValueError
    for _unit, _indicator, start, end, period, *_goal, profile, _effective, _decision in rows["targets"]:
        window = Window(period, date.fromisoformat(start), date.fromisoformat(end))
        if profile is not None and weights(profile, window) != profile:
            raise ValueError


def merge_rows(
    op: Operation, rows: Mapping[str, Any], root: int, conflicts: list[str], *, replace: bool = False
) -> tuple[dict[int, int], int]:
    """Add units and catalogue entries that are not here; return the units by number, and how many are new."""
    found = _merge_units(op, rows, root, conflicts, replace=replace)
    _merge_catalogue(op, rows, conflicts)
    return found


def _merge_units(
    op: Operation, rows: Mapping[str, Any], root: int, conflicts: list[str], *, replace: bool
) -> tuple[dict[int, int], int]:
    """Match or add units; return the units here by their numbers there, and how many are new."""
    names = names_of(rows)
    numbers = matched(op.db, names)
    own, changed = office(op.db), set[int]()
    if root not in numbers and own and fold(own.name) in {fold(it[3]) for it in names[root]}:
        # The office of a new ledger still has the code that was derived from its name.
        numbers[root] = own.id
        changed.add(root)
    new = names.keys() - numbers
    numbers |= {it: op.new_number("unit") for it in sorted(new)}
    said = _said(rows, numbers.__getitem__)
    here = _said(rows_of(op.db, None), int)
    others = [it for it in names if it not in new | changed and said[it] != here[numbers[it]]]
    if replace:
        changed.update(others)
    else:
        conflicts += [_last(names[it]) for it in others]
    for number in sorted(new | changed):
        _write(op, numbers[number], said[number])
    for number, successor, day in rows["successions"]:
        if number in new or number in changed:
            put(op, "succession", {"unit": numbers[number], "successor": numbers[successor], "day": day})
    settle(op, [numbers[it] for it in new | changed])
    return numbers, len(new)


def names_of(rows: Mapping[str, Any]) -> dict[int, list[tuple[Any, ...]]]:
    """Return by its number what a structure calls a unit: first day, last day, code, name, kind."""
    names: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *name in rows["names"]:
        names[number].append((*name,))
    return names


def matched(db: sqlite3.Connection, names: Mapping[int, Sequence[tuple[Any, ...]]]) -> dict[int, int]:
    """Return the units here that have had a code and a name in common with one there, by its number there."""
    here: dict[tuple[str, str], set[int]] = defaultdict(set)
    for unit, code, name in db.execute("SELECT unit, code, name FROM unit_name WHERE kind <> 'cluster'"):
        here[code.upper(), name].add(unit)
    numbers = {}
    for number, called in names.items():
        found = {unit for *_days, code, name, _kind in called for unit in here.get((code.upper(), name), ())}
        if len(found) > 1:
            raise RefusedError(_("Several units here are called {name}.").format(name=called[-1][3]))
        if found:
            numbers[number] = found.pop()
    return numbers


def _last(names: Sequence[tuple[Any, ...]]) -> str:
    return f"{names[-1][2]} {names[-1][3]}"


_LIFE = ("founded", "founders", "sector", "ended", "end_reason")


def _said(rows: Mapping[str, Any], number_of: Callable[[int], int]) -> dict[int, dict[str, list[tuple[Any, ...]]]]:
    """Return what a structure says of each unit: its life, its names, its parents, these by their numbers here."""
    said: dict[int, dict[str, list[tuple[Any, ...]]]] = defaultdict(lambda: {"life": [], "names": [], "parents": []})
    for number, *life in rows["units"]:
        said[number]["life"].append((*life,))
    for number, *name in sorted(map(tuple, rows["names"])):
        said[number]["names"].append((*name,))
    for number, parent, *days in rows["parents"]:
        said[number]["parents"].append((number_of(parent), *days))
    return said


def _write(op: Operation, unit: int, said: Mapping[str, Sequence[tuple[Any, ...]]]) -> None:
    """Replace the life, names and parents of a unit."""
    op.end("unit_name", unit=unit)
    op.end("unit_life", unit=unit)
    op.end_where("ancestry", "unit = :unit AND depth < 2", {"unit": unit})
    for first, until, code, name, kind in said["names"]:
        add_name(op, Unit(unit, code, name, kind), first, until)
    [(first, until, *life)] = said["life"]
    op.add("unit_life", unit=unit, **dict(zip(_LIFE, life, strict=True)))
    op.add("ancestry", unit=unit, ancestor=unit, depth=0, from_day=first, to_day=until)
    for parent, since, last in said["parents"]:
        put(op, "ancestry", {"unit": unit, "ancestor": parent, "from_day": since}, depth=1, to_day=last)


def _merge_catalogue(op: Operation, rows: Mapping[str, Any], conflicts: list[str]) -> None:
    """Add the indicators, programmes and periods whose codes are not here; list those that differ here."""
    tables = (
        ("indicators", "indicator_entry", "indicator", ("measure", "kind", "direction", "counts", "is_state")),
        ("programmes", "programme_entry", "programme", ()),
        ("periods", "period", "", ("start_day", "end_day")),
    )
    for name, table, numbered, same in tables:
        columns = [it.name for it in columns_of(COLUMNS[name])]
        only = "WHERE unit IS NULL" if table == "period" else ""
        there = {row["code"]: row for row in op.db.execute(f"SELECT * FROM {table} {only}")}
        for values in rows[name]:
            said = dict(zip(columns, values, strict=True))
            known = there.get(said["code"])
            if known is None:
                if numbered:
                    said[numbered] = op.new_number(numbered)
                else:
                    said["id"] = op.next_id(table)
                op.add(table, **{key: "" if value is None and key == "alias" else value for key, value in said.items()})
            elif any(known[key] != said[key] for key in same):
                conflicts.append(said["code"])


def _merge_targets(op: Operation, rows: Sequence[tuple[Any, ...]], numbers: Mapping[int, int]) -> None:
    """Set the targets of a structure, replacing those that the same issuer set before."""
    columns = [it.name for it in columns_of(COLUMNS["targets"])]
    indicators = dict(op.db.execute("SELECT code, indicator FROM indicator_entry").fetchall())
    for values in rows:
        said = dict(zip(columns, values, strict=True))
        said |= {"unit": numbers[said["unit"]], "indicator": indicators[said["indicator"]]}
        said["issuer"] = numbers[said["issuer"]] if said["issuer"] else None
        key = {it: said.pop(it) for it in ("indicator", "unit", "start_day", "end_day", "issuer")}
        put(op, "target", key, **said)
