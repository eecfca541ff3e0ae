"""Where a ledger lies and what it holds: what endangers a file that SQLite itself cannot see."""

import os
from contextlib import closing
from pathlib import Path

from ucli.ledger.backup import FOLDER
from ucli.ledger.chain import head
from ucli.ledger.files import beside, is_there
from ucli.ledger.store import explained, open_as_it_is, schema_of

# What the folders are called that programs copy to other machines, as a part of a folder's name in small letters.
_SYNCED = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    **dict.fromkeys(("google drive", "googledrive", "drivefs"), "Google Drive"),
    **dict.fromkeys(("icloud", "com~apple~clouddocs", "mobile documents"), "iCloud"),
    "zalo": "Zalo",
    "nextcloud": "Nextcloud",
    "mega": "MEGA",
}
_ONLY_WHOLE = {"mega"}  # too short to be looked for inside a name
_NETWORK = ("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "afs", "9p", "fuse.rclone", "davfs")
_MOUNTS = Path("/proc/mounts")


def state_of(path: Path) -> dict[str, object]:
    """Return what a ledger holds: its schema, how many operations, when the last was written, where the log ends.

    Raises:
        LedgerError: it is missing, damaged, foreign, or of another schema.

    """
    with explained(path), closing(open_as_it_is(path)) as db:
        row = db.execute("SELECT count(*) AS operations, max(at) AS last FROM operation WHERE number > 0").fetchone()
        end = head(db)
        return {
            "schema": schema_of(db),
            "operations": row["operations"],
            "last_operation": row["last"],
            "head": str(end) if end else None,
        }


def files_of(path: Path) -> list[Path]:
    """Return the files that a ledger is made of, and the folder of its backups with what is in it."""
    folder = path.parent / FOLDER
    inside = sorted(folder.glob("*")) if is_there(folder) and folder.is_dir() else []
    return [it for it in (path, beside(path, "-wal"), beside(path, "-shm"), folder, *inside) if is_there(it)]


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
    mounted = [(Path(point.replace("\\040", " ")), kind) for _device, point, kind, *_rest in map(str.split, lines)]
    around = [(len(point.parts), kind) for point, kind in mounted if place.is_relative_to(point)]
    # The innermost; of two at one place the one that was mounted last.
    kind = max(reversed(around), key=lambda it: it[0], default=(0, ""))[1]
    return kind if kind in _NETWORK else None
