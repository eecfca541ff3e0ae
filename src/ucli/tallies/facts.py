"""Facts: what rows of the ledger say, each of a unit and on its days; and which of them changed since an operation.

A row that was ended and written again with something else changed may say the same of a day: whoever leaves in
2025 was still admitted in 2024. So the facts of both are held against each other, and what is the same is none.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ucli.domain.periods import FOREVER
from ucli.tallies.shifts import LIVE


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
    "min(r.end_day, (SELECT date(l.to_day, '-1 day') FROM ancestry l WHERE l.unit = r.unit AND l.depth = 0"
    " ORDER BY l.to_op DESC LIMIT 1))"
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
    _on("unit_name", "r.unit, r.from_day", "r.unit", "r.from_day", "json_array(r.code, r.name, r.kind)"),
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

# A row that counts now and did not after an operation, and one that did and counts no more.
_BEGUN = f"r.from_op > :since AND r.to_op = {LIVE}"
_ENDED = f"r.from_op <= :since AND r.to_op > :since AND r.to_op < {LIVE}"

_BOXES = (
    "SELECT json_extract(value, '$[0]') AS number, json_extract(value, '$[1]') AS unit,"
    " json_extract(value, '$[2]') AS start, json_extract(value, '$[3]') AS end FROM json_each(:boxes)"
)
_BELONGS = (
    "(b.unit IS NULL OR EXISTS (SELECT 1 FROM ancestry a WHERE a.unit = f.unit AND a.ancestor = b.unit"
    " AND a.from_day <= f.place AND f.place < a.to_day AND a.to_op > :since))"
)


def changed(db: sqlite3.Connection, boxes: Sequence[Box], since: int) -> Iterator[Fact]:
    """Yield the facts inside some boxes that changed since an operation."""
    bound = {"boxes": json.dumps(boxes), "since": since}
    for kind in _KINDS:
        sides = " UNION ALL ".join(
            f"SELECT {sign} * {kind.number} AS number, json_array({kind.row}) AS row, {kind.unit} AS unit,"
            f" {kind.first} AS first, {kind.last} AS last, {kind.place} AS place, {kind.says} AS says"
            f" FROM {kind.register} r WHERE {state} AND {kind.only}"
            for state, sign in ((_BEGUN, 1), (_ENDED, -1))
        )
        for row in db.execute(
            "SELECT * FROM (SELECT b.number AS box, f.row, f.unit, f.first, f.last, f.says, sum(f.number) AS net,"
            " sum(sum(f.number)) OVER (PARTITION BY b.number, f.unit, f.first, f.last, f.place, f.says) AS total"
            f" FROM ({sides}) f JOIN ({_BOXES}) b ON b.start <= f.first AND f.last <= b.end AND {_BELONGS}"
            " GROUP BY b.number, f.row, f.unit, f.first, f.last, f.place, f.says) WHERE net <> 0 AND total <> 0",
            bound,
        ):
            yield Fact(row["box"], kind.register, row["row"], row["unit"], row["first"], row["last"], str(row["says"]))
    yield from _moved(db, boxes, since)


def _moved(db: sqlite3.Connection, boxes: Sequence[Box], since: int) -> Iterator[Fact]:
    """Yield where a unit came under another one, or no longer stands there, on days of a box on which it lived."""
    for unit, parent, first, until in _other_parents(db, since):
        for box in boxes:
            begun, ended = max(first, box.start), min(until, _after(box.end))
            if begun < ended and (box.unit is None or _stood_below(db, unit, box.unit, begun, ended, since)):
                row = json.dumps([unit, parent, first])
                yield Fact(box.number, "ancestry", row, unit, max(first, box.start), box.end, str(parent))


def _other_parents(db: sqlite3.Connection, since: int) -> Iterable[tuple[int, int, str, str]]:
    """Yield units with a parent that they came under, or stand under no more, from a day until another.

    Only days on which the unit lived before and after: being founded and ending are facts of their own day.
    """
    steps: dict[tuple[int, int, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for state, sign in ((_BEGUN, 1), (_ENDED, -1)):
        for unit, parent, first, until, begun, ended in db.execute(
            "SELECT r.unit, r.ancestor, r.from_day, r.to_day, max(l.from_day, k.from_day), min(l.to_day, k.to_day)"
            " FROM ancestry r"
            " JOIN ancestry l ON l.unit = r.unit AND l.depth = 0 AND l.from_op <= :since AND l.to_op > :since"
            f" JOIN ancestry k ON k.unit = r.unit AND k.depth = 0 AND k.to_op = {LIVE}"
            f" WHERE r.depth = 1 AND {state}",
            {"since": since},
        ):
            edges = steps[unit, parent, begun, ended]
            edges[first] += sign
            edges[until] -= sign
    for (unit, parent, begun, ended), edges in steps.items():
        level, first = 0, ""
        for day in sorted(edges):
            if level and max(first, begun) < min(day, ended):
                yield unit, parent, max(first, begun), min(day, ended)
            level, first = level + edges[day], day


def _stood_below(db: sqlite3.Connection, unit: int, root: int, first: str, until: str, since: int) -> bool:
    row = db.execute(
        "SELECT 1 FROM ancestry WHERE unit = ? AND ancestor = ? AND from_day < ? AND ? < to_day AND to_op > ?",
        (unit, root, until, first, since),
    ).fetchone()
    return row is not None


def _after(day: str) -> str:
    """Return a day that comes after an ISO day and before all later ones, as text compares."""
    return min(f"{day}~", FOREVER)
