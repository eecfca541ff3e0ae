"""Facts: what rows of the ledger say, each of a unit and on its days; and which of them changed since an operation.

A row that was ended and written again with something else changed may say the same of a day: anyone who leaves in
2025 was still admitted in 2024. So the facts of both are held against each other, and what is the same is none.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from ucli.ledger.operations import ever
from ucli.values.periods import FOREVER

# What a fact says of a unit that was there, whatever it was called.
STOOD = "stood"


class Box(NamedTuple):
    """A window of a unit and all below it; of the whole ledger where there is no unit. Days are ISO."""

    number: int
    unit: int | None
    start: str
    end: str


class Fact(NamedTuple):
    """Something that counts inside a box and did not, or did and counts no more."""

    box: int
    register: str  # the table
    row: str  # what tells its rows apart, as JSON
    unit: int
    first: str
    last: str
    says: str


class _Kind(NamedTuple):
    """What a row of a table says; all but the table is SQL on the row r."""

    register: str
    row: str
    unit: str
    first: str
    last: str
    place: str  # the day that says whom it belongs to
    says: str
    number: str = "1"
    only: str = "1"


_LIVED = (
    "min(r.end_day, date(coalesce((SELECT to_day FROM ancestry WHERE unit = r.unit AND depth = 0), (SELECT to_day"
    " FROM ancestry_history WHERE unit = r.unit AND depth = 0 ORDER BY ended_by DESC LIMIT 1)), '-1 day'))"
)
_IS_STOCK = "r.indicator IN (SELECT indicator FROM indicator_entry WHERE kind = 'stock')"
_LEFT_EVE = """max(r.admitted, date(r."left", '-1 day'))"""
_PAID = "json_array(r.programme, r.amount, r.in_kind, r.recipients, r.form, r.fund, r.decision)"
_STATED = "json_array(r.indicator, r.value, r.part, r.whole, r.qualifier, r.stated_percent, r.stated_qualifier)"
_AIMED = "json_array(r.indicator, r.issuer, r.kind, r.low, r.high, r.percent, r.profile)"
# A stock is stated for a day, the last of its window.
_STATED_FROM = f"CASE WHEN {_IS_STOCK} THEN r.end_day ELSE r.start_day END"


def _on(register: str, row: str, unit: str, day: str, says: str, number: str = "1", place: str | None = None) -> _Kind:
    """Return the kind of a fact of one day."""
    return _Kind(register, row, unit, day, day, place or day, says, number, f"{day} IS NOT NULL")


_KINDS = (
    _on("membership", "r.id", "r.union_unit", "r.admitted", "r.begun_by", "r.members"),
    _on("membership", "r.id", "r.union_unit", 'r."left"', "r.left_by", "r.members", _LEFT_EVE),
    _on("payout", "r.id", "r.unit", "r.day", _PAID),
    _Kind("figure", "r.id", "r.unit", _STATED_FROM, "r.end_day", _LIVED, _STATED),
    _Kind("target", "r.id", "r.unit", "r.start_day", "r.end_day", _LIVED, _AIMED),
    _on("unit_life", "r.unit", "r.unit", "r.founded", "'founded'"),
    _on("unit_life", "r.unit", "r.unit", "r.ended", "r.end_reason", place="date(r.ended, '-1 day')"),
    _on("succession", "r.unit, r.successor, r.day", "r.unit", "r.day", "r.successor", place="date(r.day, '-1 day')"),
    _Kind(
        "cluster_member",
        "r.cluster, r.year, r.unit",
        "r.cluster",
        "r.year || '-01-01'",
        "r.year || '-12-31'",
        "r.year || '-12-31'",
        "r.unit",
    ),
)


class _Lasting(NamedTuple):
    """What a row of a table says of a unit from a day until another; SQL on the row r."""

    register: str
    row: str
    says: str
    table: str
    only: str = "1"
    # Only on days on which the unit lived before and after: being founded and ending are facts of their own day.
    of_the_living: bool = True


_LASTING = (
    _Lasting("ancestry", "r.unit, r.ancestor, r.from_day", "r.ancestor", "ancestry", "r.depth = 1"),
    _Lasting("unit_name", "r.unit, r.from_day", "json_array(r.code, r.name, r.kind)", "unit_name"),
    # That it was there at all: a report names those that are and have not reported.
    _Lasting("unit_life", "r.unit", f"'{STOOD}'", "ancestry", "r.depth = 0", of_the_living=False),
)

# By where they stand: the rows that count now and did not after an operation, and those that did and count no more.
_CHANGED = (("", "r.op > :since", 1), ("_history", "r.op <= :since AND r.ended_by > :since", -1))

_BOXES = (
    "SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS unit,"
    " json_extract(value, '$[2]') AS start, json_extract(value, '$[3]') AS end FROM json_each(:boxes)"
)
_BELONGS = (
    f"(b.unit IS NULL OR EXISTS (SELECT 1 FROM {ever('ancestry')} a WHERE a.unit = f.unit AND a.ancestor = b.unit"
    " AND a.from_day <= f.place AND f.place < a.to_day AND a.ended_by > :since))"
)

# The life of a row's unit after an operation and now, and the days of the row that are in both. The few rows that an
# operation wrote come first: SQLite would begin with all units there are.
_LIVED_TOO = (
    f"CROSS JOIN {ever('ancestry')} l ON l.unit = r.unit AND l.depth = 0 AND l.op <= :since AND l.ended_by > :since"
    " CROSS JOIN ancestry k ON k.unit = r.unit AND k.depth = 0"
)
_DAYS_LIVED = "max(r.from_day, l.from_day, k.from_day), min(r.to_day, l.to_day, k.to_day)"

_STOOD_BELOW = (
    f"SELECT 1 FROM {ever('ancestry')} WHERE unit = :unit AND ancestor = :root AND from_day < :ended"
    " AND :begun < to_day AND ended_by > :since"
)
# Others whom a report names: who gave the unit a target, who was merged into it, who followed it.
_NAMED_BESIDE = (
    "SELECT 1 FROM target WHERE unit = :root AND issuer = :unit AND start_day >= :start AND end_day <= :end"
    f" UNION ALL SELECT 1 FROM {ever('succession')} WHERE day BETWEEN :start AND :end AND ended_by > :since"
    " AND (unit = :unit AND successor = :root OR unit = :root AND successor = :unit) LIMIT 1"
)
# Units above the grassroots are waited for, and unions where those beside them report figures themselves.
_KIND = (
    f"(SELECT n.kind FROM {ever('unit_name')} n WHERE n.unit = {{}} ORDER BY n.ended_by DESC, n.from_day DESC LIMIT 1)"
)
_WAITED_FOR = (
    f"SELECT 1 WHERE {_KIND.format(':unit')} NOT IN ('union', 'cluster') UNION ALL"
    f" SELECT 1 WHERE {_KIND.format(':unit')} = 'union' AND EXISTS (SELECT 1 FROM {ever('ancestry')} p"
    f" JOIN {ever('ancestry')} s ON s.ancestor = p.ancestor AND s.depth = 1 AND s.ended_by > :since"
    f" JOIN {ever('figure')} f ON f.unit = s.unit AND f.start_day >= :start AND f.end_day <= :end"
    " AND f.ended_by > :since"
    f" WHERE p.unit = :unit AND p.depth = 1 AND {_KIND.format('s.unit')} = 'union') LIMIT 1"
)


def changed(db: sqlite3.Connection, boxes: Sequence[Box], since: int) -> Iterator[Fact]:
    """Yield the facts inside some boxes that changed since an operation."""
    bound = {"boxes": json.dumps(boxes), "since": since}
    for kind in _KINDS:
        sides = " UNION ALL ".join(
            f"SELECT {sign} * {kind.number} AS number, json_array({kind.row}) AS row, {kind.unit} AS unit,"
            f" {kind.first} AS first, {kind.last} AS last, {kind.place} AS place, {kind.says} AS says"
            f" FROM {kind.register}{where} r WHERE {state} AND {kind.only}"
            for where, state, sign in _CHANGED
        )
        for row in db.execute(
            "SELECT * FROM (SELECT b.number AS box, f.row, f.unit, f.first, f.last, f.says, sum(f.number) AS net,"
            " sum(sum(f.number)) OVER (PARTITION BY b.number, f.unit, f.first, f.last, f.place, f.says) AS total"
            f" FROM ({sides}) f JOIN ({_BOXES}) b ON b.start <= f.first AND f.last <= b.end AND {_BELONGS}"
            " GROUP BY b.number, f.row, f.unit, f.first, f.last, f.place, f.says) WHERE net <> 0 AND total <> 0",
            bound,
        ):
            yield Fact(row["box"], kind.register, row["row"], row["unit"], row["first"], row["last"], str(row["says"]))
    for lasting in _LASTING:
        yield from _changed_for_days(db, lasting, boxes, since)


def _changed_for_days(db: sqlite3.Connection, kind: _Lasting, boxes: Sequence[Box], since: int) -> Iterator[Fact]:
    """Yield what is so of units on days of a box and was not, or was and is so no more."""
    for unit, says, row, first, until in _otherwise(db, kind, since):
        for box in boxes:
            begun, ended = max(first, box.start), min(until, _after(box.end))
            if begun < ended and _is_named(db, kind, unit, box, (begun, ended), since):
                yield Fact(box.number, kind.register, row, unit, begun, box.end, says)


def _otherwise(db: sqlite3.Connection, kind: _Lasting, since: int) -> Iterable[tuple[int, str, str, str, str]]:
    """Yield units with what is said of them, or no more, from a day until another, and the row that says it."""
    days, lived = (_DAYS_LIVED, _LIVED_TOO) if kind.of_the_living else ("r.from_day, r.to_day", "")
    spans: dict[tuple[int, str], list[tuple[str, str, int, str]]] = defaultdict(list)
    for where, state, sign in _CHANGED:
        for unit, says, row, first, until in db.execute(
            f"SELECT r.unit, {kind.says}, json_array({kind.row}), {days} FROM {kind.table}{where} r {lived}"
            f" WHERE {kind.only} AND {state}",
            {"since": since},
        ):
            if first < until:
                spans[unit, str(says)].append((first, until, sign, row))
    for (unit, says), rows in spans.items():
        for first, until in pairwise(sorted({day for span in rows for day in span[:2]})):
            there = [(sign, row) for begun, ended, sign, row in rows if begun <= first < ended]
            if sum(sign for sign, _row in there):
                yield unit, says, there[0][1], first, until


def _is_named(db: sqlite3.Connection, kind: _Lasting, unit: int, box: Box, days: tuple[str, str], since: int) -> bool:
    """Tell whether a report on a box says this of a unit on some days."""
    bound = {"unit": unit, "root": box.unit, "start": box.start, "end": box.end, "since": since}
    bound |= {"begun": days[0], "ended": days[1]}
    inside = box.unit is None or db.execute(_STOOD_BELOW, bound).fetchone() is not None
    if kind.register == "unit_name":
        return inside or db.execute(_NAMED_BESIDE, bound).fetchone() is not None
    if kind.register == "unit_life":
        return inside and db.execute(_WAITED_FOR, bound).fetchone() is not None
    return inside


def _after(day: str) -> str:
    """Return a day that comes after an ISO day and before all later ones, as text compares."""
    return min(f"{day}~", FOREVER)
