"""Undo and redo: they write too, so that the past stays readable.

What operation N wrote stops counting, what it ended counts again as a new row that keeps where it first came
from. Redoing is undoing an undo. What would leave a contradiction behind is refused, and the operation to see
to first is named.
"""

import sqlite3
from collections.abc import Iterable

from ucli.domain.periods import FOREVER
from ucli.domain.units import belongs_under
from ucli.errors import RefusedError
from ucli.language import _
from ucli.ledger.closings import written_while_open
from ucli.ledger.lineage import settle
from ucli.ledger.lives import HAPPENINGS
from ucli.ledger.operations import LIVE, NAMED_BY, VERSIONED, Operation
from ucli.ledger.undone import chain_of, existing, is_undone, last_redoable, last_undoable, origin_of

# Of what only one row may count at a time, beside the key of each table; where nothing is said, that is one value too.
_ONCE = {
    "ancestry": ("unit", "depth", "from_day"),
    "indicator_entry": ("code",),
    "programme_entry": ("code",),
    "figure": ("unit", "indicator", "start_day", "end_day"),
    "target": ("unit", "indicator", "start_day", "end_day", "issuer"),
    "closing": ("unit", "start_day", "end_day"),
    "control_total": ("unit", "indicator", "start_day", "end_day"),
}

# How many operations that stand in the way are named.
_NAMED_AT_MOST = 5
# What a row that counts again may not meet: each query yields the operations of what stands in its way.
_LIVE_PAIR = "a.from_op = :op AND a.to_op = {live} AND b.to_op = {live}"
_NAMES_NOTHING = tuple(
    f"SELECT (SELECT max(to_op) FROM {table} c WHERE c.{key} = a.{column}) FROM {named} a"
    f" WHERE a.from_op = :op AND a.to_op = {{live}} AND a.{column} IS NOT NULL"
    f" AND NOT EXISTS (SELECT 1 FROM {table} c WHERE c.{key} = a.{column} AND c.to_op = {{live}})"
    # Who never was in the register, as a beneficiary who is no member, is missed by nobody.
    f" AND EXISTS (SELECT 1 FROM {table} c WHERE c.{key} = a.{column})"
    for (table, key), columns in NAMED_BY.items()
    for named, column in columns
)
_CODE_OF_A_UNIT = """
    SELECT b.from_op FROM unit_name a JOIN unit_name b ON b.code = a.code COLLATE NOCASE AND b.unit <> a.unit
        AND b.from_day < a.to_day AND a.from_day < b.to_day
    WHERE {pair}"""
_CODE_OF_AN_INDICATOR = """
    SELECT b.from_op FROM indicator_entry a JOIN indicator_entry b ON b.indicator <> a.indicator
        AND (b.code IN (a.code, a.alias) OR (b.alias <> '' AND b.alias IN (a.code, a.alias)))
    WHERE {pair}"""
_HALF_OVERLAPPING_FIGURES = """
    SELECT b.from_op FROM figure a JOIN figure b ON b.unit = a.unit AND b.indicator = a.indicator AND b.id <> a.id
        AND b.start_day <= a.end_day AND a.start_day <= b.end_day
        AND NOT (b.start_day <= a.start_day AND a.end_day <= b.end_day)
        AND NOT (a.start_day <= b.start_day AND b.end_day <= a.end_day)
    WHERE {pair}
        AND NOT EXISTS (SELECT 1 FROM indicator_entry e WHERE e.indicator = a.indicator AND e.kind = 'stock')"""
_MEMBER_TWICE = """
    SELECT b.from_op FROM membership a JOIN person p ON p.id = a.person
        JOIN person q ON q.id = p.id OR q.card = p.card OR q.id_number = p.id_number
        JOIN membership b ON b.person = q.id AND b.id <> a.id
    WHERE {pair} AND a."left" IS NULL AND b."left" IS NULL"""
# Lives, and what happened in them: either may be what counts again.
_SIDES = tuple(f"{side}.from_op = :op AND a.to_op = {{live}} AND b.to_op = {{live}}" for side in "ab")
_OUTSIDE_A_LIFE = tuple(
    f"SELECT min(a.from_op, b.from_op) FROM ancestry a JOIN {it.table} b ON b.{it.unit} = a.unit"
    f" WHERE a.depth = 0 AND {side} AND (b.{it.last} < a.from_day OR b.{it.first} >= a.to_day)"
    for side in _SIDES
    for it in HAPPENINGS
)
_MEMBER_OF_NOTHING = tuple(
    "SELECT min(a.from_op, b.from_op) FROM ancestry a JOIN membership b ON b.union_unit = a.unit"
    f" WHERE a.depth = 0 AND {side} AND coalesce(b.\"left\", '{FOREVER}') > a.to_day"
    for side in _SIDES
)
_UNDER_NOBODY_ALIVE = tuple(
    "SELECT min(a.from_op, b.from_op) FROM ancestry a JOIN ancestry b ON b.ancestor = a.unit AND b.depth = 1"
    f" WHERE a.depth = 0 AND {side} AND (b.from_day < a.from_day OR b.to_day > a.to_day)"
    for side in _SIDES
)
_TWO_PARENTS = """
    SELECT min(a.from_op, b.from_op) FROM ancestry a JOIN ancestry b ON b.unit = a.unit AND b.depth = 1
        AND (b.ancestor, b.from_day) <> (a.ancestor, a.from_day) AND b.from_day < a.to_day AND a.from_day < b.to_day
    WHERE a.depth = 1 AND {pair}"""
_IN_THE_WAY = (
    *_NAMES_NOTHING,
    *_OUTSIDE_A_LIFE,
    *_MEMBER_OF_NOTHING,
    *_UNDER_NOBODY_ALIVE,
    _TWO_PARENTS,
    _CODE_OF_A_UNIT,
    _CODE_OF_AN_INDICATOR,
    _HALF_OVERLAPPING_FIGURES,
    _MEMBER_TWICE,
)


def undo(op: Operation, number: int | None) -> int:
    """Take back an operation, the last one when no number is given, and return its number.

    Raises:
        NotFoundError: there is no such operation, or none left to undo.
        RefusedError: it is undone already, or a later operation depends on it.

    """
    target = last_undoable(op) if number is None else existing(op, number)
    chain = chain_of(op.db, target)
    if is_undone(chain):
        raise RefusedError(
            _("Operation {number} is undone already.").format(number=target),
            instead=_("“ucli redo {number}” brings it back; “ucli log” shows all.").format(number=target),
        )
    _reverse(op, chain[-1], target)
    return target


def redo(op: Operation, number: int | None) -> int:
    """Bring back an operation that was undone, and return its number.

    When no number is given it is the one undone last, as long as nothing else was written since.

    Raises:
        NotFoundError: there is no such operation, or none left to redo.
        RefusedError: it is not undone, or what came since stands in its way.

    """
    target = last_redoable(op) if number is None else existing(op, number)
    chain = chain_of(op.db, target)
    if not is_undone(chain):
        raise RefusedError(
            _("Operation {number} is not undone.").format(number=target), instead=_("“ucli log” shows which are.")
        )
    _reverse(op, chain[-1], target)
    return target


def _reverse(op: Operation, number: int, said: int) -> None:
    """Take back what operation `number` did: what it wrote counts no longer, what it ended counts again."""
    row = op.db.execute("SELECT command, summary FROM operation WHERE number = ?", (said,)).fetchone()
    op.summary = f"{said}: {row['command']} — {row['summary']}"
    op.reverses = number
    ended_since = [it for table, key in VERSIONED.items() for it in _end_again(op, table, ", ".join(key), number)]
    if ended_since:
        raise _depends(op.db, ended_since)
    try:
        for table in VERSIONED:
            _write_again(op, table, number)
        moved = op.db.execute(
            "SELECT DISTINCT unit FROM ancestry WHERE depth < 2 AND ? IN (from_op, to_op)", (op.number,)
        )
        settle(op, [row["unit"] for row in moved.fetchall()])
    except sqlite3.IntegrityError:
        taken = _place_taken(op, number)
        if taken is not None:
            raise _depends(op.db, [taken]) from None
        raise RefusedError(
            _("Operation {number} cannot be reversed: what was recorded since stands in its way.").format(number=said),
            instead=_("Undo the later operations first; “ucli log” lists them."),
        ) from None
    later = [*_naming(op), *written_while_open(op.db, op.number, said)]
    for query in _IN_THE_WAY:
        contradicting = query.format(pair=_LIVE_PAIR.format(live=LIVE), live=LIVE)
        some = f"SELECT DISTINCT * FROM ({contradicting}) LIMIT {_NAMED_AT_MOST}"
        later += [row[0] for row in op.db.execute(some, {"op": op.number})]
    if later:
        raise _depends(op.db, later)
    _refuse_wrong_kinds(op)
    # An operation may have written nothing that still counts; the reversal is recorded all the same.
    op.rows = max(op.rows, 1)


def _end_again(op: Operation, table: str, key: str, number: int) -> list[int]:
    """End what an operation wrote, under whatever undo or redo it counts now; return who ended some of it since."""
    written = f"SELECT {key}, origin_op FROM {table} WHERE from_op = :number {_recorded(table)}"
    ended = op.db.execute(
        f"UPDATE {table} SET to_op = :op WHERE ({key}, origin_op) IN ({written}) AND to_op = {LIVE}",
        {"op": op.number, "number": number},
    ).rowcount
    op.rows += ended
    if ended == op.db.execute(f"SELECT count(*) FROM ({written})", {"number": number}).fetchone()[0]:
        return []
    # Of each row only who ended it last.
    rows = op.db.execute(
        f"SELECT DISTINCT last FROM (SELECT max(to_op) AS last FROM {table} WHERE ({key}, origin_op) IN ({written})"
        f" GROUP BY {key}) WHERE last < :op ORDER BY last DESC LIMIT {_NAMED_AT_MOST}",
        {"op": op.number, "number": number},
    )
    return [row["last"] for row in rows]


def _write_again(op: Operation, table: str, number: int) -> None:
    if table == "ancestry":
        # What follows from the parents makes room; it is settled anew.
        op.db.execute(
            f"UPDATE ancestry SET to_op = ? WHERE depth > 1 AND to_op = {LIVE} AND (unit, ancestor, from_day) IN"
            " (SELECT unit, ancestor, from_day FROM ancestry WHERE to_op = ? AND depth < 2)",
            (op.number, number),
        )
    columns = ", ".join(f'"{row["name"]}"' for row in op.db.execute(f"PRAGMA table_info({table})"))
    kept = columns.replace('"from_op"', str(op.number)).replace('"to_op"', str(LIVE))
    op.rows += op.db.execute(
        f"INSERT INTO {table} ({columns}) SELECT {kept} FROM {table}"
        f" WHERE to_op = ? AND to_op < {LIVE} {_recorded(table)}",
        (number,),
    ).rowcount


def _place_taken(op: Operation, number: int) -> int | None:
    """Return the last operation whose row stands where one should count again that operation `number` ended."""
    later: list[int] = []
    for table, key in VERSIONED.items():
        for columns in filter(None, (key, _ONCE.get(table))):
            same = " AND ".join(f'b."{it}" IS a."{it}"' for it in columns)
            later += op.db.execute(
                f"SELECT max(b.from_op) FROM {table} a JOIN {table} b ON {same} AND b.to_op = {LIVE}"
                " AND b.from_op <> :op WHERE a.to_op = :number",
                {"op": op.number, "number": number},
            ).fetchone()
    return max((it for it in later if it is not None), default=None)


def _refuse_wrong_kinds(op: Operation) -> None:
    """Refuse when a unit whose kind or parent counts again would stand under a kind it does not belong under."""
    for side in ("c", "p", "a"):
        rows = op.db.execute(
            "SELECT c.kind AS child, p.kind AS parent, max(a.from_op, c.from_op) AS later FROM ancestry a"
            " JOIN unit_name c ON c.unit = a.unit JOIN unit_name p ON p.unit = a.ancestor"
            f" WHERE a.depth = 1 AND {side}.from_op = ? AND a.to_op = {LIVE} AND c.to_op = {LIVE} AND p.to_op = {LIVE}"
            " AND max(a.from_day, c.from_day, p.from_day) < min(a.to_day, c.to_day, p.to_day)",
            (op.number,),
        ).fetchall()
        for row in rows:
            if not belongs_under(row["child"], row["parent"]):
                raise _depends(op.db, [row["later"]])


def _recorded(table: str) -> str:
    """Return the condition that leaves out rows which only follow from others."""
    return "AND depth < 2" if table == "ancestry" else ""


def _naming(op: Operation) -> list[int]:
    """Return operations whose rows count and name what this reversal made to count no longer, some where many do."""
    naming: list[int] = []
    for (table, key), columns in NAMED_BY.items():
        gone = op.db.execute(
            f"SELECT {key} FROM {table} a WHERE to_op = ? AND to_op < {LIVE} AND {key} IS NOT NULL"
            f" AND NOT EXISTS (SELECT 1 FROM {table} b WHERE b.{key} = a.{key} AND b.to_op = {LIVE})",
            (op.number,),
        ).fetchall()
        for named, column in columns:
            for (number,) in gone:
                rows = op.db.execute(
                    f"SELECT DISTINCT from_op FROM {named} WHERE {column} = ? AND to_op = {LIVE}"
                    f" LIMIT {_NAMED_AT_MOST}",
                    (number,),
                )
                naming += [row["from_op"] for row in rows]
                if len(naming) >= _NAMED_AT_MOST:
                    return naming
    return naming


def _depends(db: sqlite3.Connection, later: Iterable[int]) -> RefusedError:
    """Return the refusal that names what stands in the way, a few where much does, and what to do with each."""
    origins = sorted({origin_of(db, it) for it in later}, reverse=True)[:_NAMED_AT_MOST]
    told, steps = [], []
    for number in origins:
        did = db.execute("SELECT command, summary FROM operation WHERE number = ?", (number,)).fetchone()
        told.append(f"{number}: {did['command']} — {did['summary']}")
        steps.append(f"ucli {'redo' if is_undone(chain_of(db, number)) else 'undo'} {number}")
    if len(origins) > 1:
        return RefusedError(
            _("Operations {later} stand in the way: they depend on this one, or contradict it.").format(
                later=", ".join(map(str, origins))
            ),
            why=" ".join(told),
            instead=_("First, in this order: {commands}.").format(commands="; ".join(steps)),
        )
    (origin,) = origins
    return RefusedError(
        _("Operation {later} stands in the way: it depends on this one, or contradicts it.").format(later=origin),
        why=told[0],
        instead=_("Undo that one first: ucli undo {later}.").format(later=origin)
        if not is_undone(chain_of(db, origin))
        else _("Bring that one back first: ucli redo {later}.").format(later=origin),
    )
