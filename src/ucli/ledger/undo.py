"""Undo and redo; both write new rows, so that the past stays readable.

The rows that operation N wrote end, and those it ended are written again; the log tells where these first came from
(`first_op`). Redo is the undo of an undo. What is directly in the way is named, the nearest first: operations that
ended rows of N since, whose rows took the place of those that N ended, or whose rows contradict them by the rules.
"""

import sqlite3
from collections.abc import Iterable

from ucli.errors import NotFoundError, RefusedError
from ucli.i18n import _, marked
from ucli.ledger.lineage import settle
from ucli.ledger.operations import (
    FINAL,
    RESTORE,
    SHOWN,
    VERSIONED,
    Operation,
    first_op,
    recorded,
    touched,
    unknown_operation,
    written,
)
from ucli.values.dates import moment_text

# Commands that cannot be reversed, and why.
_NOT_REVERSED = {
    **dict.fromkeys(SHOWN, marked("It only showed personal data; nothing was changed.")),
    FINAL: marked("What was erased cannot be restored."),
    RESTORE: marked("“ucli backups” lists earlier copies, “ucli restore” restores one."),
}
# The most operations in the way that are named; others show once those are undone.
_NAMED_AT_MOST = 10


def target_of(op: Operation, number: int | None, *, redo: bool = False) -> int:
    """Return the number of the operation to undo or redo; by default the last one.

    A redo without a number is possible only as long as nothing else was written since the undo.
    """
    number = number if number is not None else _last(op, redo=redo)
    row = op.db.execute(
        "SELECT reverses, command FROM operation WHERE number = ? AND number BETWEEN 1 AND ?",
        (number, op.number - 1),
    ).fetchone()
    if row is None:
        raise unknown_operation(number)
    is_undone = _is_undone(op.db, number)
    if row["command"] in _NOT_REVERSED or row["reverses"] is not None:
        what = _("Operation {number} ({command}) cannot be reversed.")
        why = _(_NOT_REVERSED.get(row["command"], marked("Name the operation it was about.")))
    elif is_undone == redo:
        return number
    else:
        what, why = _("Operation {number} is not undone."), None
        if is_undone:
            what, why = _("Operation {number} is already undone."), _("“ucli redo {number}” redoes it.")
            why = why.format(number=number)
    raise RefusedError(what.format(number=number, command=row["command"]), why=why, instead=_("“ucli log” lists them."))


def _last(op: Operation, *, redo: bool) -> int:
    for (number,) in op.db.execute(
        f"SELECT number FROM operation WHERE number BETWEEN 1 AND ? AND command NOT IN {SHOWN} ORDER BY number DESC",
        (op.number - 1,),
    ):
        chain = _chain_of(op.db, number)
        if redo and len(chain) == 1:
            break
        if number == chain[-1 if redo else 0] and _is_undone(op.db, number) == redo:
            return chain[0]
    what = _("There is nothing to redo.") if redo else _("There is nothing to undo.")
    raise NotFoundError(what, instead=_("“ucli log” lists what was done and undone; name its number."))


def told_of_others(op: Operation, target: int) -> str | None:
    """Return what an operation was, if it is somebody else's or not the last one."""
    at, actor, command, summary = op.db.execute(
        "SELECT at, actor, command, summary FROM operation WHERE number = ?", (target,)
    ).fetchone()
    (own,) = op.db.execute("SELECT actor FROM operation WHERE number = ?", (op.number,)).fetchone()
    since = op.db.execute(
        "SELECT number FROM operation WHERE number > ? AND number < ? AND reverses IS NULL", (target, op.number)
    )
    if actor == own and all(_is_undone(op.db, it) for (it,) in since):
        return None
    return _("Operation {number} was recorded by {who} on {at}: {command} — {summary}").format(
        number=target, who=actor, at=moment_text(at), command=command, summary=summary
    )


def reverse(op: Operation, target: int) -> None:
    """Undo an operation, or redo an undone one."""
    command, summary = op.db.execute("SELECT command, summary FROM operation WHERE number = ?", (target,)).fetchone()
    op.summary = f"{target}: {command} — {summary}"
    op.reverses = _chain_of(op.db, target)[-1]
    op.db.execute("UPDATE operation SET reverses = ? WHERE number = ?", (op.reverses, op.number))
    tables = touched(op.db, op.reverses)
    if ended_since := {it for table in tables for it in _end_again(op, table, op.reverses)}:
        raise in_the_way(op.db, ended_since)
    try:
        for table in tables:
            _write_again(op, table, op.reverses)
        moved = op.db.execute(
            "SELECT unit FROM ancestry WHERE depth < 2 AND op = :number"
            " UNION SELECT unit FROM ancestry_history WHERE depth < 2 AND ended_by = :number",
            {"number": op.number},
        )
        settle(op, [unit for (unit,) in moved.fetchall()])
    except sqlite3.IntegrityError:
        if taken := {it for table in tables for it in _place_taken(op, table, op.reverses)}:
            raise in_the_way(op.db, taken) from None
        raise RefusedError(
            _("Operation {number} cannot be reversed: later records are in the way.").format(number=target),
            instead=_("Undo the later operations first; “ucli log” lists them."),
        ) from None
    # Even if none of its rows still counts, the undo is recorded.
    op.rows = max(op.rows, 1)


def in_the_way(db: sqlite3.Connection, operations: Iterable[int]) -> RefusedError:
    """Return the refusal that names what is in the way of an undo or redo, the nearest first."""
    later = sorted({_chain_of(db, it)[0] for it in operations}, reverse=True)
    named = later[:_NAMED_AT_MOST]
    # A missing operation is redone, one that counts is undone.
    commands = [f"ucli {'redo' if _is_undone(db, it) else 'undo'} {it}" for it in named]
    did = (db.execute("SELECT command, summary FROM operation WHERE number = ?", (it,)).fetchone() for it in named)
    why = " ".join(f"{number}: {command} — {summary}" for number, (command, summary) in zip(named, did, strict=True))
    if len(named) == 1:
        what = _("Operation {later} is in the way: it depends on this one, or contradicts it.")
        instead = _("Undo that one first: ucli undo {later}.")
        if commands[0].startswith("ucli redo"):
            instead = _("Redo that one first: ucli redo {later}.")
        return RefusedError(what.format(later=named[0]), why=why, instead=instead.format(later=named[0]))
    instead = _("First, in this order: {commands}.").format(commands="; ".join(commands))
    if len(later) > len(named):
        instead += " " + _("More operations will be in the way then: repeat this command.")
    return RefusedError(
        _("Operations {later} are in the way: they depend on this one, or contradict it.").format(
            later=", ".join(map(str, named))
        ),
        why=why,
        instead=instead,
    )


def _end_again(op: Operation, table: str, number: int) -> list[int]:
    """End the rows of an operation, under whatever undo or redo they count now; return who else ended some since."""
    keys = VERSIONED[table]
    key, same = ", ".join(keys), " AND ".join(f"h.{it} = l.{it}" for it in keys)
    # Its rows that others ended, and by whom; then those that an undo or redo of that wrote again, and so on.
    since = (
        f"WITH RECURSIVE line ({key}, last) AS (SELECT {key}, ended_by FROM {table}_history"
        f" WHERE op = :number {recorded(table)} UNION ALL SELECT {', '.join(f'l.{it}' for it in keys)}, h.ended_by"
        f" FROM line l JOIN operation o ON o.reverses = l.last JOIN {table}_history h ON {same} AND h.op = o.number)"
    )
    op.end_where(table, f"{written(table, table, ':number')} {recorded(table)}", {"number": number})
    op.end_where(
        table,
        f"({key}) IN ({since} SELECT {', '.join(f'h.{it}' for it in keys)} FROM line l"
        f" JOIN operation o ON o.reverses = l.last JOIN {table} h ON {same} AND h.op = o.number)",
        {"number": number},
    )
    # Only who ended each row last.
    rows = op.db.execute(
        f"{since} SELECT DISTINCT last FROM (SELECT max(last) AS last FROM line GROUP BY {key}) WHERE last < :op"
        f" ORDER BY last DESC LIMIT {_NAMED_AT_MOST}",
        {"op": op.number, "number": number},
    )
    return [row["last"] for row in rows]


def _write_again(op: Operation, table: str, number: int, or_else: str = "") -> None:
    if table == "ancestry":
        # Derived ancestry gives way; it is settled anew.
        op.end_where(
            table,
            "depth > 1 AND (unit, ancestor, from_day) IN"
            " (SELECT unit, ancestor, from_day FROM ancestry_history WHERE ended_by = :number AND depth < 2)",
            {"number": number},
        )
    op.bring_back(table, f"ended_by = :number {recorded(table)}", {"number": number}, or_else)


def _place_taken(op: Operation, table: str, number: int) -> list[int]:
    """Return the operations whose rows are in the place of those that operation `number` ended in a table."""
    key = ", ".join(VERSIONED[table])
    others = f"FROM {table} WHERE op <> {op.number}"
    op.db.execute(f"CREATE TEMP TABLE standing AS SELECT {key}, op {others}")
    _write_again(op, table, number, "OR REPLACE")
    rows = op.db.execute(
        f"SELECT DISTINCT {first_op(table, 's')} FROM standing s WHERE ({key}) NOT IN (SELECT {key} {others})"
        f" ORDER BY 1 DESC LIMIT {_NAMED_AT_MOST}"
    ).fetchall()
    op.db.execute("DROP TABLE temp.standing")
    return [it for (it,) in rows]


def _chain_of(db: sqlite3.Connection, number: int) -> list[int]:
    """Return an operation, its undo, the redo of that, and so on."""
    rows = db.execute(
        "WITH RECURSIVE chain (number) AS (VALUES (?) UNION SELECT o.number FROM chain c JOIN operation o"
        " ON o.reverses = c.number UNION SELECT o.reverses FROM chain c JOIN operation o ON o.number = c.number"
        " WHERE o.reverses NOTNULL) SELECT number FROM chain ORDER BY number",
        (number,),
    )
    return [it for (it,) in rows]


def _is_undone(db: sqlite3.Connection, number: int) -> bool:
    return len(_chain_of(db, number)) % 2 == 0
