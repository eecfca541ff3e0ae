"""Bringing a backup back in the place of the ledger, so that this too can be undone."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.backups import keep_before, place_for, unwritable
from ucli.ledger.database import DamagedError, connected, explained, open_as_it_is, refuse_triggers, use_log
from ucli.ledger.files import BESIDE, draft_of, make_folder, publish, same_file
from ucli.ledger.identities import known_by
from ucli.ledger.integrity import Doubts, doubts_about, require_sound
from ucli.ledger.operations import ever

# The first few pages lock the ledger; what stands in it then is backed up before the last ones replace it.
_PAGES_AT_ONCE = 8
_WAITED_IN_VAIN = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

# Writes into a ledger that it was restored, and what stood there is kept where: an operation, whose number it returns.
Log = Callable[[sqlite3.Connection, Path | None], int]


class Restored(NamedTuple):
    """What came of it."""

    operations: int  # how many the backup holds
    number: int  # of the operation that says that it was restored
    kept: Path | None  # where what stood there before is; None when nothing did
    whole: bool  # whether that is a ledger, and not the remains of a damaged one
    erased: tuple[tuple[str, int], ...] = ()  # by table and number, who was erased since, and is in the ledger again
    doubts: Doubts = Doubts()  # what in it is not as ucli wrote it


def restore(path: Path, source: Path, log: Log) -> Restored:
    """Put what a backup holds in the place of the ledger, for all processes that have it open.

    Nothing that another process writes meanwhile is lost: it is in the backup that is made first, or waits. What is
    put there is made ready before, with its line in the log; so it is there at once, or not.

    Raises:
        LedgerError: the backup cannot be read, is damaged or of another schema; the ledger is being written.
        RefusedError: the backup is the ledger itself.

    """
    if source.exists() and same_file(path, source):
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
        erased: tuple[tuple[str, int], ...] = ()
        try:
            make_folder(path.parent)
            with draft_of(path) as draft:
                kept, number, whole = _put(path, backup, draft, log, spared=source)
        except FileExistsError:
            raise RefusedError(_("There is a file at {path} already.").format(path=path)) from None
        except OSError as error:
            raise unwritable(path, error) from error
        if kept and whole:
            whole = _is_sound(kept)
        if kept and whole:
            with closing(open_as_it_is(kept)) as before:
                erased = _erased_since(backup, before)
    return Restored(operations, number, kept, whole, erased, doubts)


def _put(
    path: Path, backup: sqlite3.Connection, draft: Path, log: Log, *, spared: Path
) -> tuple[Path | None, int, bool]:
    """Write a ledger into the one that is there, or where there is none, or a damaged one.

    Returns:
        Where what stood there is kept, the number of the operation that says so, and whether it is a ledger.

    """
    if path.exists():
        kept = place_for(path, "before-restore")
        number = _make_ready(draft, path, backup, log, kept)
        try:
            _replace(path, draft, kept, spared)
        except DamagedError:
            pass
        else:
            return kept, number, True
    aside = place_for(path, "damaged") if path.exists() else None
    number = _make_ready(draft, path, backup, log, aside)
    if aside:
        _set_aside(path, aside)
    publish(draft, path)
    return aside, number, aside is None


def _make_ready(draft: Path, path: Path, backup: sqlite3.Connection, log: Log, kept: Path | None) -> int:
    """Make the ledger that is to be put in place, and return the number of the operation that says so in it."""
    with explained(path), closing(connected(draft)) as db:
        backup.backup(db)
        number = log(db, kept)
        db.execute("PRAGMA journal_mode = WAL")
    return number


def _replace(path: Path, draft: Path, kept: Path, spared: Path) -> None:
    """Replace the content of a ledger, and keep the one before."""
    open_as_it_is(path).close()
    is_kept = False

    def between(status: int, _remaining: int, _total: int) -> None:
        nonlocal is_kept
        if status in _WAITED_IN_VAIN:
            locked = sqlite3.OperationalError("database is locked")
            locked.sqlite_errorcode = status
            raise locked
        if not is_kept:
            is_kept = True
            keep_before("restore", path, to=kept, spared=spared)

    with explained(path), closing(connected(path)) as live, closing(connected(draft)) as ready:
        # Others can read what stood there while it is replaced; a backup may itself be used as a ledger.
        use_log(live)
        ready.backup(live, pages=_PAGES_AT_ONCE, progress=between)


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


def _set_aside(path: Path, aside: Path) -> None:
    """Give a damaged ledger, with its log, another name."""
    make_folder(aside.parent)
    # The log first: it must not be there when another ledger gets the name.
    for suffix in (*BESIDE, ""):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.replace(aside.with_name(aside.name + suffix))
