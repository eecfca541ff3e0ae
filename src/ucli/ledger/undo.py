"""Undo and redo: they write too, so that the past stays readable.

What operation N wrote stops counting, what it ended counts again as a new row; where that first came from is found
through the log (`first_op`). Redoing is undoing an undo. What would leave a contradiction behind is refused, and the
operation to see to first is named.
"""

import sqlite3
from pathlib import Path
from shlex import quote

from ucli.errors import NotFoundError, RefusedError
from ucli.i18n import _
from ucli.ledger.closings import Closing, written_while_open
from ucli.ledger.contradictions import NAMED_AT_MOST, ONCE, in_the_way, recorded
from ucli.ledger.guard import closed_to, reopen_command
from ucli.ledger.lineage import settle
from ucli.ledger.operations import FINAL, RESTORE, SHOWN, VERSIONED, Operation, first_op, touched, unknown_operation
from ucli.ledger.store import writing

# How many steps that have to come first are told; what else there is shows when they are done.
_TOLD_AT_MOST = 10


class _TooManyError(Exception):
    """So many steps have to come first that not all are told at once."""


def undo(op: Operation, number: int | None) -> int:
    """Take back an operation, the last one when no number is given, and return its number.

    Raises:
        NotFoundError: there is no such operation, or none left to undo.
        RefusedError: it is undone already, or a later operation depends on it.

    """
    target = _last_undoable(op) if number is None else _existing(op, number)
    chain = _chain_of(op.db, target)
    if _is_undone(chain):
        raise RefusedError(
            _("Operation {number} is undone already.").format(number=target),
            instead=_("“ucli redo {number}” brings it back; “ucli log” shows all.").format(number=target),
        )
    _reverse(op, target)
    return target


def redo(op: Operation, number: int | None) -> int:
    """Bring back an operation that was undone, and return its number.

    When no number is given it is the one undone last, as long as nothing else was written since.

    Raises:
        NotFoundError: there is no such operation, or none left to redo.
        RefusedError: it is not undone, or what came since stands in its way.

    """
    target = _last_redoable(op) if number is None else _existing(op, number)
    chain = _chain_of(op.db, target)
    if not _is_undone(chain):
        raise RefusedError(
            _("Operation {number} is not undone.").format(number=target), instead=_("“ucli log” shows which are.")
        )
    _reverse(op, target)
    return target


def _reverse(op: Operation, target: int) -> None:
    """Undo an operation that counts, redo one that is undone.

    Raises:
        RefusedError: others stand in the way; they are named in the order in which they have to go.

    """
    row = op.db.execute("SELECT command, summary FROM operation WHERE number = ?", (target,)).fetchone()
    op.summary = f"{target}: {row['command']} — {row['summary']}"
    if _tried(op, target):
        raise _refusal(op.db, target)
    # An operation may have written nothing that still counts; the undo is recorded all the same.
    op.rows = max(op.rows, 1)


def _tried(op: Operation, target: int) -> list[int]:
    """Reverse an operation, or change nothing and return others that stand in the way, the latest first."""
    op.reverses = _chain_of(op.db, target)[-1]
    with writing(op.db) as take_back:
        op.db.execute("UPDATE operation SET reverses = ? WHERE number = ?", (op.reverses, op.number))
        later = _written(op, op.reverses, target)
        if later:
            take_back()
    return sorted({_origin_of(op.db, it) for it in later}, reverse=True)


def _written(op: Operation, number: int, target: int) -> list[int]:
    """Undo operation `number`: what it wrote is ended, what it ended counts again.

    Returns:
        The operations that stand in the way of that.

    """
    tables = touched(op.db, number)
    ended_since = [it for table in tables for it in _end_again(op, table, number)]
    if ended_since:
        return ended_since
    try:
        for table in tables:
            _write_again(op, table, number)
        moved = op.db.execute(
            "SELECT unit FROM ancestry WHERE depth < 2 AND op = :number"
            " UNION SELECT unit FROM ancestry_history WHERE depth < 2 AND ended_by = :number",
            {"number": op.number},
        )
        settle(op, [row["unit"] for row in moved.fetchall()])
    except sqlite3.IntegrityError:
        if taken := _place_taken(op, number):
            return taken
        raise _unclear(target) from None
    return [*in_the_way(op.db, op.number), *written_while_open(op.db, op.number, target)]


def _end_again(op: Operation, table: str, number: int) -> list[int]:
    """End what an operation wrote, under whatever undo or redo it counts now; return who ended some of it since."""
    keys = VERSIONED[table]
    key, same = ", ".join(keys), " AND ".join(f"h.{it} = l.{it}" for it in keys)
    # What it wrote and others ended, with who did; behind it what an undo or redo of that wrote again, and so on.
    since = (
        f"WITH RECURSIVE line ({key}, last) AS (SELECT {key}, ended_by FROM {table}_history"
        f" WHERE op = :number {recorded(table)} UNION ALL SELECT {', '.join(f'l.{it}' for it in keys)}, h.ended_by"
        f" FROM line l JOIN operation o ON o.reverses = l.last JOIN {table}_history h ON {same} AND h.op = o.number)"
    )
    op.end_where(table, f"op = :number {recorded(table)}", {"number": number})
    op.end_where(
        table,
        f"({key}) IN ({since} SELECT {', '.join(f'h.{it}' for it in keys)} FROM line l"
        f" JOIN operation o ON o.reverses = l.last JOIN {table} h ON {same} AND h.op = o.number)",
        {"number": number},
    )
    # Of each row only who ended it last.
    rows = op.db.execute(
        f"{since} SELECT DISTINCT last FROM (SELECT max(last) AS last FROM line GROUP BY {key}) WHERE last < :op"
        f" ORDER BY last DESC LIMIT {NAMED_AT_MOST}",
        {"op": op.number, "number": number},
    )
    return [row["last"] for row in rows]


def _write_again(op: Operation, table: str, number: int) -> None:
    if table == "ancestry":
        # What follows from the parents makes room; it is settled anew.
        op.end_where(
            table,
            "depth > 1 AND (unit, ancestor, from_day) IN"
            " (SELECT unit, ancestor, from_day FROM ancestry_history WHERE ended_by = :number AND depth < 2)",
            {"number": number},
        )
    op.bring_back(table, f"ended_by = :number {recorded(table)}", {"number": number})


def _place_taken(op: Operation, number: int) -> list[int]:
    """Return the operations whose rows stand where others should count again that operation `number` ended."""
    found: list[int] = []
    for table, key in VERSIONED.items():
        for columns in filter(None, (key, ONCE.get(table))):
            ones = [it if "{0}" in it else f'{{0}}."{it}"' for it in columns]
            same = " AND ".join(f"({it.format('b')}) IS ({it.format('a')})" for it in ones)
            rows = op.db.execute(
                f"SELECT DISTINCT {first_op(table, 'b')} FROM {table}_history a JOIN {table} b ON {same}"
                f" AND b.op <> :op WHERE a.ended_by = :number {recorded(table, 'a.')}"
                f" ORDER BY 1 DESC LIMIT {NAMED_AT_MOST}",
                {"op": op.number, "number": number},
            )
            found += [row[0] for row in rows]
    return found


def _refusal(db: sqlite3.Connection, target: int) -> RefusedError:
    """Return the refusal that tells what to do first, in an order in which that succeeds: it is tried."""
    steps: dict[str, int] = {}
    ending = ""
    with writing(db) as take_back:
        try:
            _clear(db, target, steps, ())
        except _TooManyError:
            ending = " " + _("More stands in the way then: repeat this command.")
        except RefusedError as error:
            return error
        finally:
            take_back()
    later = list(dict.fromkeys(steps.values()))
    did = {it: db.execute("SELECT command, summary FROM operation WHERE number = ?", (it,)).fetchone() for it in later}
    why = " ".join(f"{number}: {row['command']} — {row['summary']}" for number, row in did.items())
    if len(steps) > 1:
        return RefusedError(
            _("Operations {later} stand in the way: they depend on this one, or contradict it.").format(
                later=", ".join(map(str, later))
            ),
            why=why,
            instead=_("First, in this order: {commands}.").format(commands="; ".join(steps)) + ending,
        )
    ((command, number),) = steps.items()
    return RefusedError(
        _("Operation {later} stands in the way: it depends on this one, or contradicts it.").format(later=number),
        why=why,
        instead=(
            _("Undo that one first: ucli undo {later}.")
            if command.startswith("ucli undo")
            else _("Bring that one back first: ucli redo {later}.")
        ).format(later=number),
    )


def _clear(db: sqlite3.Connection, target: int, steps: dict[str, int], line: tuple[int, ...]) -> None:
    """Reverse an operation on trial, after all that stands in its way.

    Args:
        db: the ledger, in a transaction that is rolled back.
        target: the operation.
        steps: what was done for it so far, in order: the commands, and the operation each is about; more is added.
        line: what waits for this one.

    Raises:
        RefusedError: it waits for itself, or for what no one can take back.

    """
    while True:
        later, closed = _on_trial(db, target)
        if not later and not closed:
            return
        if later and all(_is_told(steps, it) for it in later):
            raise _unclear(target)
        for window in closed:
            op = _trial(db)
            op.end("reopening", closing=window.number)
            op.add("reopening", closing=window.number, reason="…", until=None)
            _tell(steps, reopen_command(db, window, op.number), window.operation)
        for other in later:
            if _is_told(steps, other):
                continue  # it stood in the way of the one before, too
            done = db.execute("SELECT 1 FROM operation WHERE number = ? AND at <> ''", (other,)).fetchone()
            if other in (0, target, *line) or not done:
                raise _unclear(target)
            command = f"ucli {'redo' if _is_undone(_chain_of(db, other)) else 'undo'} {other}"
            _clear(db, other, steps, (target, *line))
            _tell(steps, command, other)


def _is_told(steps: dict[str, int], number: int) -> bool:
    return f"ucli undo {number}" in steps or f"ucli redo {number}" in steps


def _tell(steps: dict[str, int], command: str, number: int) -> None:
    steps[command] = number
    if len(steps) == _TOLD_AT_MOST:
        raise _TooManyError


def _on_trial(db: sqlite3.Connection, target: int) -> tuple[list[int], list[Closing]]:
    """Reverse an operation, or change nothing; return the operations, or else the closed windows, in the way."""
    with writing(db) as take_back:
        op = _trial(db)
        later = _tried(op, target)
        closed = [] if later else closed_to(db, op.number)
        if later or closed:
            take_back()
    return later, closed


def _trial(db: sqlite3.Connection) -> Operation:
    """Return an operation of its own, without a time, for a trial that is rolled back."""
    number = int(db.execute("SELECT max(number) + 1 FROM operation").fetchone()[0])
    db.execute(
        "INSERT INTO operation (number, at, actor, host, command, summary) VALUES (?, '', '', '', '', '')", (number,)
    )
    return Operation(db, number)


def _unclear(target: int) -> RefusedError:
    return RefusedError(
        _("Operation {number} cannot be reversed: what was recorded since stands in its way.").format(number=target),
        instead=_("Undo the later operations first; “ucli log” lists them."),
    )


def _chain_of(db: sqlite3.Connection, number: int) -> list[int]:
    """Return an operation, its undo, the redo of that, and so on."""
    chain = [number]
    while row := db.execute("SELECT number FROM operation WHERE reverses = ?", (chain[-1],)).fetchone():
        chain.append(int(row["number"]))
    return chain


def _is_undone(chain: list[int]) -> bool:
    return len(chain) % 2 == 0


def _origin_of(db: sqlite3.Connection, number: int) -> int:
    """Return the operation at the start of a chain of undos and redos."""
    while True:
        reverses = db.execute("SELECT reverses FROM operation WHERE number = ?", (number,)).fetchone()[0]
        if reverses is None:
            return number
        number = reverses


def _last_undoable(op: Operation) -> int:
    rows = op.db.execute(
        "SELECT number, command FROM operation WHERE reverses IS NULL AND number BETWEEN 1 AND ?"
        f" AND command NOT IN {SHOWN} ORDER BY number DESC",
        (op.number - 1,),
    )
    for number, command in rows:
        _refuse_final(op.db, number, command)
        if not _is_undone(_chain_of(op.db, number)):
            return int(number)
    raise NotFoundError(_("There is nothing to undo."), instead=_("“ucli log” lists what was done."))


def _last_redoable(op: Operation) -> int:
    rows = op.db.execute(
        "SELECT number, reverses FROM operation WHERE number BETWEEN 1 AND ?"
        f" AND command NOT IN {SHOWN} ORDER BY number DESC",
        (op.number - 1,),
    )
    for number, reverses in rows:
        if reverses is None:
            break  # something was written since: an older undo is brought back by its number only
        origin = _origin_of(op.db, number)
        chain = _chain_of(op.db, origin)
        if _is_undone(chain) and chain[-1] == number:
            return origin
    raise NotFoundError(
        _("There is nothing to redo."),
        instead=_("“ucli log” lists what was undone; “ucli redo NUMBER” brings it back."),
    )


def _existing(op: Operation, number: int) -> int:
    row = op.db.execute(
        "SELECT reverses, command FROM operation WHERE number = ? AND number BETWEEN 1 AND ?", (number, op.number - 1)
    ).fetchone()
    if row is None:
        raise unknown_operation(number)
    if row["command"] in SHOWN:
        raise RefusedError(
            _("Operation {number} showed personal data and changed nothing.").format(number=number),
            instead=_("“ucli log” shows which did."),
        )
    _refuse_final(op.db, number, row["command"])
    if row["reverses"] is not None:
        raise RefusedError(
            _("Operation {number} is itself an undo or a redo.").format(number=number),
            instead=_("Name the operation it was about; “ucli log” shows it."),
        )
    return number


def _refuse_final(db: sqlite3.Connection, number: int, command: str) -> None:
    another = _("Name an earlier operation to undo that one: “ucli undo NUMBER”; “ucli log” lists them.")
    if command == FINAL:
        raise RefusedError(
            _("Operation {number} erased a person's data, which nothing brings back.").format(number=number),
            instead=another,
        )
    if command == RESTORE:
        kept = _kept_before(db, number)
        raise RefusedError(
            _("Operation {number} brought back a backup, which undo cannot reverse.").format(number=number),
            why=_("“ucli restore {name} --yes” brings back what stood there before.").format(name=quote(kept))
            if kept
            else _("“ucli backups” lists what stood there before, “ucli restore” brings it back."),
            instead=another,
        )


def _kept_before(db: sqlite3.Connection, number: int) -> str | None:
    """Return the backup of what stood there before a restore, as its line in the log names it; None if it is gone."""
    from ucli.ledger.backup import FOLDER  # noqa: PLC0415  seldom needed

    summary = db.execute("SELECT summary FROM operation WHERE number = ?", (number,)).fetchone()[0]
    folder = Path(db.execute("PRAGMA database_list").fetchone()["file"]).parent / FOLDER
    # In every language the line ends with that name, where something was kept.
    ending = summary.rpartition("; ")[2] if "; " in summary else ""
    return next((it.name for it in folder.glob("*-before-restore*") if ending.endswith(f" {it.name}.")), None)
