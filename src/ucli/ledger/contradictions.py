"""What undo and redo may not leave behind: rows that name what counts no more, or contradict each other.

Of a row in the way the operation it came from is named: what brought it back only undid what had ended it.
"""

import sqlite3
from collections.abc import Iterable

from ucli.ledger.lives import HAPPENINGS
from ucli.ledger.operations import NAMED_BY, first_op
from ucli.values.periods import FOREVER
from ucli.values.units import KINDS, belongs_under

# Of what only one row may count at a time, beside the key of each table; where nothing is said, that is one value too.
# A column, or what is made of one: {0} is the row.
ONCE = {
    "ancestry": ("unit", "depth", "from_day"),
    "indicator_entry": ("code",),
    "programme_entry": ("code",),
    "figure": ("unit", "indicator", "start_day", "end_day", "{0}.kind = 'estimate'"),
    "target": ("unit", "indicator", "start_day", "end_day", "issuer"),
    "closing": ("unit", "start_day", "end_day"),
    "control_total": ("unit", "indicator", "start_day", "end_day"),
}

# How many operations that stand in the way are looked for at a time.
NAMED_AT_MOST = 5
# What a row that counts again may not meet: each query yields the operations of what stands in its way.
_NAMES_NOTHING = tuple(
    f"SELECT (SELECT max(ended_by) FROM {table}_history c WHERE c.{key} = a.{column}) FROM {named} a"
    f" WHERE a.op = :op AND a.{column} IS NOT NULL"
    f" AND NOT EXISTS (SELECT 1 FROM {table} c WHERE c.{key} = a.{column})"
    # Who never was in the register, as a beneficiary who is no member, is missed by no one.
    f" AND EXISTS (SELECT 1 FROM {table}_history c WHERE c.{key} = a.{column})"
    for (table, key), columns in NAMED_BY.items()
    for named, column in columns
)
_CODE_OF_A_UNIT = f"""
    SELECT {first_op("unit_name", "b")} FROM unit_name a
        JOIN unit_name b ON b.code = a.code COLLATE NOCASE AND b.unit <> a.unit
        AND b.from_day < a.to_day AND a.from_day < b.to_day
    WHERE a.op = :op"""
_CODE_OF_AN_INDICATOR = f"""
    SELECT {first_op("indicator_entry", "b")} FROM indicator_entry a
        JOIN indicator_entry b ON b.indicator <> a.indicator
        AND (b.code IN (a.code, a.alias) OR (b.alias <> '' AND b.alias IN (a.code, a.alias)))
    WHERE a.op = :op"""
_STOCK_STATED_TWICE = f"""
    SELECT {first_op("figure", "b")} FROM figure a
        JOIN figure b ON b.unit = a.unit AND b.indicator = a.indicator AND b.id <> a.id
        AND b.end_day = a.end_day AND (b.kind = 'estimate') = (a.kind = 'estimate')
    WHERE a.op = :op
        AND EXISTS (SELECT 1 FROM indicator_entry e WHERE e.indicator = a.indicator AND e.kind = 'stock')"""
_MEMBER_TWICE = f"""
    SELECT {first_op("membership", "b")} FROM membership a JOIN person recorded ON recorded.id = a.person
        JOIN person p ON p.id = coalesce(recorded.erased_as, recorded.id)
        JOIN person q ON q.id = p.id OR q.card = p.card OR q.id_number = p.id_number
        JOIN person other ON other.id = q.id OR other.erased_as = q.id
        JOIN membership b ON b.person = other.id AND b.id <> a.id
    WHERE a.op = :op AND (a."left" IS NULL AND b."left" IS NULL OR q.id = p.id
        AND a.admitted < coalesce(b."left", '{FOREVER}') AND b.admitted < coalesce(a."left", '{FOREVER}'))"""


def _other(table: str) -> str:
    """Return the query for who wrote a row of ancestry, or one of a table: of the two the one that counts not again."""
    return f"SELECT CASE a.op WHEN :op THEN {first_op(table, 'b')} ELSE {first_op('ancestry', 'a')} END FROM ancestry a"


# Lives, and what happened in them.
_OUTSIDE_A_LIFE = tuple(
    f"{_other(it.table)} JOIN {it.table} b ON b.{it.unit} = a.unit"
    f" WHERE a.depth = 0 AND {side}.op = :op AND (b.{it.last} < a.from_day OR b.{it.first} >= a.to_day)"
    for side in "ab"
    for it in HAPPENINGS
)
_MEMBER_OF_NOTHING = tuple(
    f"{_other('membership')} JOIN membership b ON b.union_unit = a.unit"
    f" WHERE a.depth = 0 AND {side}.op = :op AND coalesce(b.\"left\", '{FOREVER}') > a.to_day"
    for side in "ab"
)
_UNDER_NOBODY_ALIVE = tuple(
    f"{_other('ancestry')} JOIN ancestry b ON b.ancestor = a.unit AND b.depth = 1"
    f" WHERE a.depth = 0 AND {side}.op = :op AND (b.from_day < a.from_day OR b.to_day > a.to_day)"
    for side in "ab"
)
_TWO_PARENTS = f"""
    {_other("ancestry")} JOIN ancestry b ON b.unit = a.unit AND b.depth = 1
        AND (b.ancestor, b.from_day) <> (a.ancestor, a.from_day) AND b.from_day < a.to_day AND a.from_day < b.to_day
    WHERE a.depth = 1 AND a.op = :op"""
_CONTRADICTIONS = (
    *_NAMES_NOTHING,
    *_OUTSIDE_A_LIFE,
    *_MEMBER_OF_NOTHING,
    *_UNDER_NOBODY_ALIVE,
    _TWO_PARENTS,
    _CODE_OF_A_UNIT,
    _CODE_OF_AN_INDICATOR,
    _STOCK_STATED_TWICE,
    _MEMBER_TWICE,
)


def in_the_way(db: sqlite3.Connection, number: int) -> list[int]:
    """Return the operations that contradict what an undo or redo just wrote, some where many do."""
    found = [*_naming(db, number), *_wrong_kinds(db, number)]
    for query in _CONTRADICTIONS:
        some = f"SELECT DISTINCT * FROM ({query}) ORDER BY 1 DESC LIMIT {NAMED_AT_MOST}"
        found += [row[0] for row in db.execute(some, {"op": number})]
    return found


def recorded(table: str, row: str = "") -> str:
    """Return the condition that leaves out rows which only follow from others."""
    return f"AND {row}depth < 2" if table == "ancestry" else ""


def _naming(db: sqlite3.Connection, number: int) -> list[int]:
    """Return operations whose rows count and name what an undo or redo made to count no longer."""
    naming: list[int] = []
    for (table, key), columns in NAMED_BY.items():
        gone = db.execute(
            f"SELECT {key} FROM {table}_history a WHERE ended_by = ? AND {key} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {table} b WHERE b.{key} = a.{key})",
            (number,),
        ).fetchall()
        for named, column in columns:
            for (it,) in gone:
                rows = db.execute(
                    f"SELECT DISTINCT {first_op(named, 'r')} FROM {named} r WHERE {column} = ? {recorded(named)}"
                    f" ORDER BY 1 DESC LIMIT {NAMED_AT_MOST}",
                    (it,),
                )
                naming += [row[0] for row in rows]
                if len(naming) >= NAMED_AT_MOST:
                    return naming
    return naming


def _wrong_kinds(db: sqlite3.Connection, number: int) -> Iterable[int]:
    """Yield the operations by which a unit would stand under a kind it does not belong under."""
    tables = {"c": "unit_name", "p": "unit_name", "a": "ancestry"}
    others = ", ".join(f"CASE {it}.op WHEN :op THEN 0 ELSE {first_op(table, it)} END" for it, table in tables.items())
    right = ", ".join(f"('{child}', '{parent}')" for child in KINDS for parent in KINDS if belongs_under(child, parent))
    for side in tables:
        rows = db.execute(
            f"SELECT max({others}) FROM ancestry a"
            " JOIN unit_name c ON c.unit = a.unit JOIN unit_name p ON p.unit = a.ancestor"
            f" WHERE a.depth = 1 AND {side}.op = :op"
            " AND max(a.from_day, c.from_day, p.from_day) < min(a.to_day, c.to_day, p.to_day)"
            f" AND (c.kind, p.kind) NOT IN (VALUES {right})",
            {"op": number},
        )
        yield from (row[0] for row in rows)
