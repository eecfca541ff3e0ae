"""Operations, their undos, the redos of those: which stand, and which undo and redo are about."""

import sqlite3
from pathlib import Path
from shlex import quote

from ucli.errors import NotFoundError, RefusedError
from ucli.language import _
from ucli.ledger.operations import FINAL, RESTORE, SHOWN, Operation, unknown_operation


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
        f" AND command NOT IN {SHOWN} ORDER BY number DESC",
        (op.number - 1,),
    )
    for number, command in rows:
        _refuse_final(op.db, number, command)
        if not is_undone(chain_of(op.db, number)):
            return int(number)
    raise NotFoundError(_("There is nothing to undo."), instead=_("“ucli log” lists what was done."))


def last_redoable(op: Operation) -> int:
    rows = op.db.execute(
        "SELECT number, reverses FROM operation WHERE number BETWEEN 1 AND ?"
        f" AND command NOT IN {SHOWN} ORDER BY number DESC",
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


def existing(op: Operation, number: int) -> int:
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
    another = _("Name an earlier operation to take that one back: “ucli undo NUMBER”; “ucli log” lists them.")
    if command == FINAL:
        raise RefusedError(
            _("Operation {number} erased a person's data, which nothing brings back.").format(number=number),
            instead=another,
        )
    if command == RESTORE:
        kept = _kept_before(db, number)
        raise RefusedError(
            _("Operation {number} brought back a backup, which is not taken back by undo.").format(number=number),
            why=_("“ucli restore {name} --yes” brings back what stood there before.").format(name=quote(kept))
            if kept
            else _("“ucli backups” lists what stood there before, “ucli restore” brings it back."),
            instead=another,
        )


def _kept_before(db: sqlite3.Connection, number: int) -> str | None:
    """Return the backup of what stood there before a restore, as its line in the log names it; None if it is gone."""
    from ucli.ledger.backups import FOLDER  # noqa: PLC0415  seldom needed

    summary = db.execute("SELECT summary FROM operation WHERE number = ?", (number,)).fetchone()[0]
    folder = Path(db.execute("PRAGMA database_list").fetchone()["file"]).parent / FOLDER
    # In every language the line ends with that name, where something was kept.
    ending = summary.rpartition("; ")[2] if "; " in summary else ""
    return next((it.name for it in folder.glob("*-before-restore*") if ending.endswith(f" {it.name}.")), None)
