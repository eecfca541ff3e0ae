"""Operations, their undos, the redos of those: which stand, and which undo and redo are about."""

import sqlite3

from ucli.errors import NotFoundError, RefusedError
from ucli.language import _
from ucli.ledger.operations import FINAL, ONLY_LOGGED, RESTORE, Operation, unknown_operation


def chain_of(db: sqlite3.Connection, number: int) -> list[int]:
    """Return an operation, its undo, the redo of that, and so on."""
    chain = [number]
    while row := db.execute("SELECT number FROM operation WHERE reverses = ?", (chain[-1],)).fetchone():
        chain.append(int(row["number"]))
    return chain


def is_undone(chain: list[int]) -> bool:
    return len(chain) % 2 == 0


def origin_of(db: sqlite3.Connection, number: int) -> int:
    """Return the operation at the start of a chain of undos and redos."""
    while True:
        reverses = db.execute("SELECT reverses FROM operation WHERE number = ?", (number,)).fetchone()[0]
        if reverses is None:
            return number
        number = reverses


def last_undoable(op: Operation) -> int:
    rows = op.db.execute(
        "SELECT number, command FROM operation WHERE reverses IS NULL AND number BETWEEN 1 AND ?"
        f" AND command NOT IN {ONLY_LOGGED} ORDER BY number DESC",
        (op.number - 1,),
    )
    for number, command in rows:
        _refuse_final(number, command)
        if not is_undone(chain_of(op.db, number)):
            return int(number)
    raise NotFoundError(_("There is nothing to undo."), instead=_("“ucli log” lists what was done."))


def last_redoable(op: Operation) -> int:
    rows = op.db.execute(
        "SELECT number, reverses FROM operation WHERE number BETWEEN 1 AND ?"
        f" AND command NOT IN {ONLY_LOGGED} ORDER BY number DESC",
        (op.number - 1,),
    )
    for number, reverses in rows:
        if reverses is None:
            break  # something was written since: an older undo is brought back by its number only
        origin = origin_of(op.db, number)
        chain = chain_of(op.db, origin)
        if is_undone(chain) and chain[-1] == number:
            return origin
    raise NotFoundError(
        _("There is nothing to redo."),
        instead=_("“ucli log” lists what was undone; “ucli redo NUMBER” brings it back."),
    )


def existing(db: sqlite3.Connection, number: int) -> int:
    row = db.execute("SELECT reverses, command FROM operation WHERE number = ? AND number > 0", (number,)).fetchone()
    if row is None:
        raise unknown_operation(number)
    if row["command"] == RESTORE:
        raise RefusedError(
            _("Operation {number} brought back a backup, which is not taken back by undo.").format(number=number),
            instead=_("“ucli backups” lists what stood there before, “ucli restore” brings it back."),
        )
    if row["command"] in ONLY_LOGGED:
        raise RefusedError(
            _("Operation {number} showed personal data and changed nothing.").format(number=number),
            instead=_("“ucli log” shows which did."),
        )
    _refuse_final(number, row["command"])
    if row["reverses"] is not None:
        raise RefusedError(
            _("Operation {number} is itself an undo or a redo.").format(number=number),
            instead=_("Name the operation it was about; “ucli log” shows it."),
        )
    return number


def _refuse_final(number: int, command: str) -> None:
    if command == FINAL:
        raise RefusedError(
            _("Operation {number} erased a person's data, which nothing brings back.").format(number=number),
            instead=_("Name an earlier operation to take that one back: “ucli undo NUMBER”; “ucli log” lists them."),
        )
