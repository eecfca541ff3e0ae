"""Backups: private copies of the ledger, made even while others write, and restored.

A copy is made by SQLite, verified, and named last, so a file with a backup's name is a good one. Automatic backups,
before steps that change much, are kept in a rotation of ten, fewer if the disk is short of room; those made by hand are
kept. If there is no room at all, that is an error and nothing is written.
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import LedgerError, RefusedError
from ucli.i18n import _, refusal
from ucli.ledger import files, store
from ucli.ledger.chain import head
from ucli.ledger.persons import known_by
from ucli.ledger.rules.file import doubts_about, require_sound
from ucli.values.numbers import grouped

AUTOMATIC_KEPT = 10

_BY_HAND = "by-hand"
# Restoring the first few pages locks the ledger; then it is backed up before the rest replaces it.
_PAGES_AT_ONCE = 8
_WAITED_IN_VAIN = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class NoRoomError(LedgerError):
    """A backup would not fit on the disk; nothing was written."""


class Backup(NamedTuple):
    """A backup in the ledger's folder of backups, described by its name."""

    path: Path
    at: str  # as in the log: 2024-06-30T08:15:00Z
    made: str  # by-hand, before-import, before-restore


def place_for(path: Path, made: str = _BY_HAND, *, folder: Path | None = None) -> Path:
    """Return the path of a backup made now; its name sorts by time (UTC)."""
    step = "" if made == _BY_HAND else f"-{made}"
    name = f"{path.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S.%f}Z{step}{path.suffix}"
    return (folder or path.parent / files.FOLDER) / name


def backups_of(path: Path) -> list[Backup]:
    """Return the backups in the ledger's folder, the oldest first."""
    pattern = re.compile(
        rf"{re.escape(path.stem)}-(\d{{8}}-\d{{6}})\.\d{{6}}Z(?:-(before-[a-z]+))?{re.escape(path.suffix)}"
    )
    folder = path.parent / files.FOLDER
    try:
        there = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise LedgerError(
            _("The folder {folder} cannot be read.").format(folder=folder),
            why=refusal(error),
            instead=_("Check its rights, and those of the folders above it."),
        ) from error
    found = []
    for file in there:
        if match := pattern.fullmatch(file.name):
            at = datetime.strptime(match[1], "%Y%m%d-%H%M%S")  # noqa: DTZ007  the Z stands behind it
            found.append(Backup(file, f"{at:%Y-%m-%dT%H:%M:%SZ}", match[2] or _BY_HAND))
    return found


def state_of(path: Path) -> dict[str, Any]:
    """Describe a ledger: its schema, number of operations, time of the last one, end of the log."""
    with store.looked_into(path) as db:
        row = db.execute("SELECT count(*) AS operations, max(at) AS last FROM operation WHERE number > 0").fetchone()
        end = head(db)
        held = {"schema": store.schema_of(db), "operations": row["operations"], "last_operation": row["last"]}
        return {**held, "head": str(end) if end else None}


def operations_in(path: Path) -> int | None:
    """Return how many operations a copy of a ledger holds; None if it cannot be read."""
    with suppress(LedgerError):
        return int(state_of(path)["operations"])
    return None


def back_up(path: Path, to: Path) -> list[str]:
    """Copy a ledger to a file, and verify the whole copy: pages, references, texts.

    Whether its records match their seals is left to “ucli check”, which takes many times as long. Returns what another
    program has changed in or added to the ledger's file, such as triggers.
    """
    if files.is_there(to) and to.is_dir():
        raise RefusedError(_("{file} is a folder.").format(file=to), instead=_("Name a file in it."))
    if store.is_part_of_database(to) or files.is_there(to):
        raise RefusedError(
            _("The file {file} already exists, or is a part of a ledger.").format(file=to),
            instead=_("Give the backup a name of its own."),
        )
    return _copy(path, to)


def keep_before(step: str, path: Path, *, to: Path | None = None, spared: Path | None = None) -> Path:
    """Make the automatic backup before a step (import, restore), and remove the oldest ones, except `spared`.

    Another connection may hold the ledger's write lock: the copy is of what was committed before.
    """
    to = to or place_for(path, f"before-{step}")
    others = [it.path for it in backups_of(path) if it.made != _BY_HAND]
    others = [it for it in others if not (spared and files.same_file(it, spared))]
    # A time in the future is from a clock that ran ahead: such backups go first.
    others.sort(key=lambda it: (it.name <= to.name, it.name))
    with suppress(OSError):  # one that cannot be removed stays
        while len(others) > 1 and _no_room(path, to):
            others.pop(0).unlink()
    _copy(path, to)
    with suppress(OSError):
        for old in others[: 1 - AUTOMATIC_KEPT]:
            old.unlink()
    return to


def _copy(path: Path, to: Path) -> list[str]:
    """Copy a ledger; the copy gets its name once it is verified."""
    if no_room := _no_room(path, to):
        raise no_room
    doubts: list[str] = []
    files.remove_drafts(path.parent)  # a killed restore may have left it
    with files.writes(to, LedgerError):
        if to.parent == path.parent / files.FOLDER:
            files.make_folder(to.parent)
        with files.draft_of(to) as draft:
            with store.looked_into(path) as source, closing(store.connected(draft)) as copy:
                source.backup(copy)
                # A single file, without a log beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
                require_sound(copy, path)
                doubts = doubts_about(copy, path, chain=False)
            files.publish(draft, to)
    return doubts


def _no_room(path: Path, to: Path) -> NoRoomError | None:
    # The folder of backups may not exist yet.
    free = files.free_space(to if to.parent.is_dir() else path)
    size = files.size_of(path) + files.size_of(files.beside(path, "-wal"))
    if free is None or free >= size:
        return None
    megabytes = {"needed": grouped(-(-size // 10**6)), "free": grouped(free // 10**6)}
    return NoRoomError(
        _("There is no room for the backup {file}.").format(file=to),
        why=_("It takes {needed} MB, and {free} MB are free.").format(**megabytes),
        instead=_("Free some space and try again."),
    )


# Writes the operation into a ledger that says it was restored, and where the previous one is kept; returns its number.
Log = Callable[[sqlite3.Connection, Path | None], int]


class Restored(NamedTuple):
    """The result of a restore."""

    operations: int  # in the backup
    number: int  # the operation that records the restore
    kept: Path | None  # where the previous ledger is; None if there was none
    whole: bool  # whether that is a sound ledger, not the remains of a damaged one
    erased: list[tuple[str, int]]  # by table and number, persons who were erased since and are back
    doubts: list[str]  # what in the backup is not as ucli wrote it


def restore(path: Path, source: Path, log: Log) -> Restored:
    """Replace the ledger by a backup, for all processes that have it open.

    Nothing that another process writes meanwhile is lost: it is in the backup made first, or it waits. The new ledger
    is prepared beforehand, with its line in the log, so that it takes effect at once or not at all.
    """
    if source.exists() and files.same_file(path, source):
        raise RefusedError(
            _("{file} is the ledger itself.").format(file=source), instead=_("“ucli backups” lists the backups.")
        )
    with closing(store.open_as_it_is(source)) as backup:
        require_sound(backup, source)
        with store.explained(source):
            store.refuse_triggers(backup)
        doubts = doubts_about(backup, source)
        with files.writes(path, LedgerError):
            files.make_folder(path.parent)
            with files.draft_of(path) as draft:
                kept = place_for(path, "before-restore") if path.exists() else None
                number = _make_ready(draft, path, backup, log, kept)
                whole = kept is not None and _replace(path, draft, kept, spared=source)
                if not whole:
                    kept = place_for(path, "damaged") if path.exists() else None
                    number = _make_ready(draft, path, backup, log, kept) if kept else number
                    _put(path, draft, kept)
        erased = _erased_since(backup, kept) if kept and whole else None
    return Restored(operations_in(source) or 0, number, kept, erased is not None, erased or [], doubts)


def _make_ready(draft: Path, path: Path, backup: sqlite3.Connection, log: Log, kept: Path | None) -> int:
    """Prepare the ledger to be put in place, and return the number of the operation that records the restore."""
    with store.explained(path), closing(store.connected(draft)) as db:
        backup.backup(db)
        number = log(db, kept)
        db.execute("PRAGMA journal_mode = WAL")
    return number


def _replace(path: Path, draft: Path, kept: Path, *, spared: Path) -> bool:
    """Replace the content of a ledger and keep the previous one; tell whether that was sound."""
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

    try:
        store.open_as_it_is(path).close()
        with store.explained(path), closing(store.connected(path)) as live, closing(store.connected(draft)) as ready:
            # Others can read the old content while it is replaced; a backup may itself be in use as a ledger.
            store.use_log(live)
            ready.backup(live, pages=_PAGES_AT_ONCE, progress=between)
    except store.DamagedError:
        return False
    return True


def _put(path: Path, draft: Path, aside: Path | None) -> None:
    """Give a ledger its name; a damaged one of that name is renamed, with its log."""
    if aside:
        files.make_folder(aside.parent)
        # The log first: it must be gone when another ledger gets the name.
        for suffix in (*files.BESIDE, ""):
            if files.beside(path, suffix).exists():
                files.beside(path, suffix).replace(files.beside(aside, suffix))
    files.publish(draft, path)


def _erased_since(backup: sqlite3.Connection, kept: Path) -> list[tuple[str, int]] | None:
    """Return the persons in a backup who were erased in the previous ledger; empty if that was damaged.

    Persons are recognised by their hashes, which stay when they are erased.
    """
    try:
        with closing(store.open_as_it_is(kept)) as before:
            require_sound(before, kept)
            gone = before.execute("SELECT id, hash FROM person WHERE erased_as IS NOT NULL ORDER BY id").fetchall()
    except store.DamagedError:
        return None
    held = "SELECT 1 FROM person WHERE id = ? AND hash = ? AND erased_as IS NULL"
    again = [known_by(backup, it["id"]) for it in gone if backup.execute(held, (*it,)).fetchone()]
    return [it for it in again if it[0] != "person"]
