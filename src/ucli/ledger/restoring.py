"""Bringing a backup back in the place of the ledger, so that this too can be taken back."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ucli.errors import LedgerError, RefusedError
from ucli.language import _
from ucli.ledger.backups import keep_before, place_for, unwritable
from ucli.ledger.database import DamagedError, connected, explained, open_as_it_is, refuse_triggers
from ucli.ledger.files import draft_of, make_folder, publish
from ucli.ledger.identities import known_by
from ucli.ledger.operations import ever
from ucli.ledger.soundness import Doubts, doubts_about, require_sound

# The first few pages lock the ledger; what stands in it then is backed up before the last ones replace it.
_PAGES_AT_ONCE = 8
_WAITED_IN_VAIN = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Restored(NamedTuple):
    """What came of it."""

    operations: int  # how many the ledger holds now
    kept: Path | None  # where what stood there before is; None when nothing did
    whole: bool  # whether that is a ledger, and not the remains of a damaged one
    erased: tuple[tuple[str, int], ...] = ()  # by table and number, who was erased since, and is in the ledger again
    doubts: Doubts = Doubts()  # what in it is not as ucli wrote it


def restore(path: Path, source: Path) -> Restored:
    """Put what a backup holds in the place of the ledger, for all processes that have it open.

    Nothing that another process writes meanwhile is lost: it is in the backup that is made first, or waits.

    Raises:
        LedgerError: the backup cannot be read, is damaged or of a newer ucli; the ledger is being written.
        RefusedError: the backup is the ledger itself.

    """
    if path.exists() and source.exists() and path.samefile(source):
        raise RefusedError(
            _("{file} is the ledger itself.").format(file=source), instead=_("“ucli backups” lists the backups.")
        )
    with closing(open_as_it_is(source)) as backup:
        require_sound(backup, source)
        with explained(source):
            refuse_triggers(backup)
        doubts = doubts_about(backup, source)
        with explained(source):
            operations = int(backup.execute("SELECT count(*) FROM operation WHERE number > 0").fetchone()[0])
        kept, whole = None, True
        erased: tuple[tuple[str, int], ...] = ()
        try:
            if path.exists():
                try:
                    kept = _replaced(path, backup, source)
                except DamagedError:
                    whole = False
            if kept is None:
                kept = _put(path, backup)
        except OSError as error:
            raise unwritable(path, error) from error
        if kept and whole:
            whole = _is_sound(kept)
        if kept and whole:
            with closing(open_as_it_is(kept)) as before:
                erased = _erased_since(backup, before)
    return Restored(operations, kept, whole, erased, doubts)


def _replaced(path: Path, backup: sqlite3.Connection, source: Path) -> Path:
    """Replace the content of a ledger and return where the one before is kept."""
    open_as_it_is(path).close()
    kept: list[Path] = []

    def between(status: int, _remaining: int, _total: int) -> None:
        if status in _WAITED_IN_VAIN:
            raise sqlite3.OperationalError("database is locked")
        if not kept:
            kept.append(keep_before("restore", path, spared=source))

    with explained(path), closing(connected(path)) as live:
        # In this mode others can read what stood there while it is replaced; a backup may itself be used as a ledger.
        live.execute("PRAGMA journal_mode = WAL")
        backup.backup(live, pages=_PAGES_AT_ONCE, progress=between)
    return kept[0]


def _is_sound(kept: Path) -> bool:
    """Tell whether a copy is whole: pages are copied as they are, damaged ones too."""
    try:
        with closing(open_as_it_is(kept)) as db:
            require_sound(db, kept)
    except DamagedError:
        return False
    return True


def _erased_since(backup: sqlite3.Connection, before: sqlite3.Connection) -> tuple[tuple[str, int], ...]:
    """Return whom a backup holds and the ledger before, which went on from there, did not any more."""
    gone = [
        number
        for (number,) in before.execute(
            "SELECT id FROM person WHERE folded = ''"
            f" AND id IN (SELECT person FROM {ever('membership')} UNION SELECT person FROM {ever('payout')})"
            " ORDER BY id"
        )
    ]
    again = [
        it for it in gone if backup.execute("SELECT 1 FROM person WHERE id = ? AND folded <> ''", (it,)).fetchone()
    ]
    # A ledger that went another way may have given the same number to somebody else.
    return tuple(known_by(backup, it) for it in again if _recorded_at(backup, it) == _recorded_at(before, it))


def _recorded_at(db: sqlite3.Connection, person: int) -> tuple[object, ...]:
    register, number = known_by(db, person)
    if register == "person":
        return ()
    row = db.execute(
        f"SELECT o.number, o.at FROM {ever(register)} r JOIN operation o ON o.number = r.op"
        " WHERE r.id = ? ORDER BY o.number",
        (number,),
    ).fetchone()
    return (register, number, *row)


def _put(path: Path, backup: sqlite3.Connection) -> Path | None:
    """Write a ledger where there is none, or a damaged one; return where that goes, once the new one is whole."""
    make_folder(path.parent)
    draft = draft_of(path)
    try:
        try:
            with closing(connected(draft)) as copy:
                backup.backup(copy)
                copy.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            raise LedgerError(
                _("The ledger {path} cannot be written.").format(path=path),
                why=f"SQLite: {error}",
                instead=_("Free some space and try again."),
            ) from error
        aside = _set_aside(path) if path.exists() else None
        publish(draft, path)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + suffix).unlink(missing_ok=True)
    return aside


def _set_aside(path: Path) -> Path:
    """Give a damaged ledger, with its log, another name, and return it."""
    aside = place_for(path, "damaged")
    make_folder(aside.parent)
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.replace(aside.with_name(aside.name + suffix))
    return aside
