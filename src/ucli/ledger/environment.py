"""Where a ledger lies and how it fares: what endangers a file that SQLite itself cannot see."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ucli.ledger.backups import FOLDER
from ucli.ledger.chain import head
from ucli.ledger.database import explained, open_as_it_is, schema_of
from ucli.ledger.files import is_there

# What the folders are called that programs copy to other machines, as a part of a folder's name in small letters.
_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "drivefs": "Google Drive",
    "icloud": "iCloud",
    "com~apple~clouddocs": "iCloud",
    "mobile documents": "iCloud",
    "zalo": "Zalo",
    "nextcloud": "Nextcloud",
    "mega": "MEGA",
}
_ONLY_WHOLE = {"mega"}  # too short to be looked for inside a name
_NETWORK = ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "afs", "9p", "fuse.rclone", "davfs")
_MOUNTS = Path("/proc/mounts")


class State(NamedTuple):
    """What a ledger holds, as far as it can be read."""

    schema: int
    operations: int
    last: str | None  # when the last operation was written
    head: str | None  # where the chain of the log ends


def state_of(path: Path) -> State:
    """Return what a ledger holds.

    Raises:
        LedgerError: it is missing, damaged, foreign, or of another schema.

    """
    with explained(path), closing(open_as_it_is(path)) as db:
        row = db.execute("SELECT count(*) AS operations, max(at) AS last FROM operation WHERE number > 0").fetchone()
        end = head(db)
        return State(schema_of(db), row["operations"], row["last"], str(end) if end else None)


def sqlite_version() -> str:
    return sqlite3.sqlite_version


def files_of(path: Path) -> list[Path]:
    """Return the files that a ledger is made of, and the folder of its backups with what is in it."""
    beside = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
    folder = path.parent / FOLDER
    inside = sorted(folder.glob("*")) if is_there(folder) and folder.is_dir() else []
    return [it for it in (*beside, folder, *inside) if is_there(it)]


def synced_by(path: Path) -> str | None:
    """Return the program that copies a file elsewhere, told by the names of the folders it lies in."""
    # By the names that were typed, and by those that links lead to.
    for folder in (*path.absolute().parent.parts, *Path(os.path.realpath(path)).parent.parts):
        for part, program in _SYNCED.items():
            name = folder.lower()
            if name == part or (part in name and part not in _ONLY_WHOLE):
                return program
    return None


def network_file_system(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """Return the kind of network file system a file lies on; None on a disk of this machine, or where none can tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    place = Path(os.path.realpath(path))
    kind, longest = "", -1
    for line in lines:
        _device, point, file_system, *_rest = line.split(" ")
        mounted = Path(point.replace("\\040", " "))
        if place.is_relative_to(mounted) and len(mounted.parts) >= longest:
            kind, longest = file_system, len(mounted.parts)
    return kind if kind in _NETWORK else None
