"""Backups: whole copies of the ledger, sound when they get their name, for their owner only.

A copy is made by SQLite while others go on writing, looked at, and named last; so what has a backup's name is one.
Those that ucli makes itself, before a step that changes much, are kept in rotation; those made by hand stay. The
rotation leaves the disk to others: its copies are ten at the most, and no more than two where all of them together
would take more than is then still free.
"""

import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ucli.errors import LedgerError, RefusedError
from ucli.i18n import _, refusal
from ucli.ledger.database import connected, explained, is_database, is_part_of_database, open_as_it_is
from ucli.ledger.files import BESIDE, draft_of, free_space, is_there, make_folder, publish, same_file, size_of
from ucli.ledger.integrity import foreign_in, require_sound
from ucli.values.numbers import grouped

FOLDER = "backups"
# So many of those that ucli made itself are kept; the last few however large they are.
AUTOMATIC_KEPT = 10
KEPT_ANYWAY = 2

_BY_HAND = "by-hand"


class NoRoomError(LedgerError):
    """A backup would not fit on the disk; nothing was written."""


class Backup(NamedTuple):
    """A backup in the ledger's folder of backups."""

    path: Path
    at: str  # as operations say it: 2024-06-30T08:15:00Z
    made: str  # by-hand, before-import, before-restore
    size: int  # bytes
    operations: int | None  # None where it cannot be read


def back_up(path: Path, to: Path, *, replace: bool = False) -> int:
    """Copy a ledger into a file of its own, and read all of the copy: pages, references, texts.

    Whether its records are as they were sealed is for “ucli check”: it takes many times as long.

    Returns:
        How much another program changed or put into the ledger's own file, such as triggers.

    Raises:
        RefusedError: there is a file of that name and it is not to be replaced, or it is a ledger in use.
        NoRoomError: it does not fit on the disk.
        LedgerError: the place cannot be written, or the ledger is damaged.

    """
    _require_free(path, to, replace=replace)
    return _copy(path, to, replace=replace, thorough=True)


def keep_before(step: str, path: Path, *, to: Path | None = None, spared: Path | None = None) -> Path:
    """Make the automatic backup before a step (import, restore), and let the oldest of them go.

    Args:
        step: what comes next.
        path: the ledger; another connection may hold its write lock, for what is copied is what was written before.
        to: the backup's name, where it was said before.
        spared: a backup that does not go, old as it may be.

    Raises:
        NoRoomError: it does not fit, even where older ones go.
        LedgerError: the place cannot be written, or the ledger is damaged.

    """
    to = to or place_for(path, f"before-{step}")
    _make_room(path, to, spared)
    _copy(path, to, replace=False, thorough=False)
    automatic = _automatic(path, to, spared)
    while len(automatic) > AUTOMATIC_KEPT or (len(automatic) > KEPT_ANYWAY and _is_much(automatic)):
        _let_go(automatic.pop(0))
    return to


def _make_room(path: Path, to: Path, spared: Path | None) -> None:
    """Let the oldest automatic backups go, all but the last one, while a new one would not fit."""
    automatic = _automatic(path, to, spared)
    while len(automatic) > 1 and not _fits(path, to):
        _let_go(automatic.pop(0))


def _automatic(path: Path, new: Path, spared: Path | None) -> list[Path]:
    """Return the backups that ucli made itself and that may go, the oldest first.

    Nothing was made later than the new one: what has a later time is of a clock that ran ahead, and goes first.
    """
    found = [it.path for it in _named(path) if it.made != _BY_HAND and not (spared and same_file(it.path, spared))]
    return sorted(found, key=lambda it: (it.name <= new.name, it.name))


def _let_go(old: Path) -> None:
    with suppress(OSError):
        old.unlink()


def _is_much(backups: list[Path]) -> bool:
    """Tell whether backups take more room than is free beside them."""
    free = free_space(backups[0])
    return free is not None and sum(map(size_of, backups)) > free


def _fits(path: Path, to: Path) -> bool:
    free = _free_for(path, to)
    return free is None or _size(path) <= free


def _free_for(path: Path, to: Path) -> int | None:
    """Return how many bytes are free for a backup; its folder may not be there yet."""
    return free_space(to if to.parent.is_dir() else path)


def _size(path: Path) -> int:
    """Return how many bytes a copy of a ledger takes at the most."""
    return size_of(path) + size_of(path.with_name(f"{path.name}-wal"))


def place_for(path: Path, made: str = _BY_HAND) -> Path:
    """Return where a backup goes that is made now: beside the ledger, under a name that sorts by time (UTC)."""
    return path.parent / FOLDER / _name(path, made)


def place_in(folder: Path, path: Path) -> Path:
    """Return where a backup made now by hand goes in a folder of the officer's choice."""
    return folder / _name(path, _BY_HAND)


def backups_of(path: Path) -> list[Backup]:
    """Return the backups in the ledger's folder of backups, the latest first."""
    return [it._replace(operations=_operations(it.path)) for it in reversed(_named(path))]


def _copy(path: Path, to: Path, *, replace: bool, thorough: bool) -> int:
    """Copy a ledger; the copy gets its name when it is found to be whole."""
    if not _fits(path, to):
        raise _no_room(path, to)
    foreign = 0
    try:
        if to.parent == path.parent / FOLDER:
            make_folder(to.parent)
        with draft_of(to) as draft:
            with explained(path), closing(open_as_it_is(path)) as source, closing(connected(draft)) as copy:
                source.backup(copy)
                # One file, that can be carried away: no log beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
                if thorough:
                    require_sound(copy, path)
                    foreign = foreign_in(copy, path)
            if replace and is_there(to):
                _require_unused(to)
                draft.replace(to)
            else:
                publish(draft, to)
    except FileExistsError:
        raise _there_already(to) from None
    except OSError as error:
        raise unwritable(to, error) from error
    return foreign


def _require_unused(to: Path) -> None:
    """Refuse to replace a ledger under those who have it open: they would write on into a file without a name."""
    if is_database(to):
        with suppress(sqlite3.Error), closing(connected(to)) as db:
            db.execute("PRAGMA busy_timeout = 0")
            # Only who is alone may do without the log; the log goes along.
            db.execute("PRAGMA journal_mode = DELETE")
    if any(to.with_name(to.name + suffix).exists() for suffix in BESIDE):
        raise RefusedError(
            _("{file} is a ledger in use.").format(file=to), instead=_("Give the backup a name of its own.")
        )


def _require_free(path: Path, to: Path, *, replace: bool) -> None:
    if is_part_of_database(to):
        raise RefusedError(
            _("{file} is a part of a ledger.").format(file=to), instead=_("Give the backup a name of its own.")
        )
    if not is_there(to):
        return
    if to.is_dir():
        raise RefusedError(_("{file} is a folder.").format(file=to), instead=_("Name a file in it."))
    if to.samefile(path):
        raise RefusedError(
            _("{file} is the ledger itself.").format(file=to), instead=_("Give the backup a name of its own.")
        )
    if not replace:
        raise _there_already(to)
    _require_unused(to)


def _no_room(path: Path, to: Path) -> NoRoomError:
    needed, free = (grouped(-(-size // 10**6)) for size in (_size(path), _free_for(path, to) or 0))
    return NoRoomError(
        _("There is no room for the backup {file}.").format(file=to),
        why=_("It takes {needed} MB, and {free} MB are free.").format(needed=needed, free=free),
        instead=_("Free some space and try again."),
    )


def _there_already(to: Path) -> RefusedError:
    return RefusedError(_("There is a file {file} already.").format(file=to), instead=_("Add --force to replace it."))


def unwritable(to: Path, error: OSError) -> LedgerError:
    """Return the error that says that a file cannot be written, and why."""
    return LedgerError(
        _("{file} cannot be written.").format(file=to),
        why=refusal(error),
        instead=_("Check the folder, its rights and the free space."),
    )


def _name(path: Path, made: str) -> str:
    now = datetime.now(UTC)
    step = "" if made == _BY_HAND else f"-{made}"
    return f"{path.stem}-{now:%Y%m%d-%H%M%S}.{now.microsecond // 1000:03d}Z{step}{path.suffix}"


def _named(path: Path) -> list[Backup]:
    """Return the backups of a ledger by their names, the oldest first; how much is in them is not looked up."""
    pattern = re.compile(
        rf"{re.escape(path.stem)}-(\d{{8}})-(\d{{6}})\.\d{{3}}Z(?:-(before-[a-z]+))?{re.escape(path.suffix)}"
    )
    folder = path.parent / FOLDER
    try:
        files = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise LedgerError(
            _("The folder {folder} cannot be read.").format(folder=folder),
            why=refusal(error),
            instead=_("Check its rights, and those of the folders above it."),
        ) from error
    found = []
    for file in files:
        if match := pattern.fullmatch(file.name):
            at = datetime.strptime(match[1] + match[2], "%Y%m%d%H%M%S")  # noqa: DTZ007  the Z stands behind it
            made = match[3] or _BY_HAND
            found.append(Backup(file, f"{at:%Y-%m-%dT%H:%M:%SZ}", made, size_of(file), None))
    return found


def _operations(path: Path) -> int | None:
    try:
        with explained(path), closing(open_as_it_is(path)) as db:
            return int(db.execute("SELECT count(*) FROM operation WHERE number > 0").fetchone()[0])
    except LedgerError:
        return None
