"""Files beside and around a ledger: folders for their owner only, drafts that get their name when they are whole."""

import os
import stat
from pathlib import Path

# How every database of SQLite begins.
MAGIC = b"SQLite format 3\x00"


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only, whatever the system's default is."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)  # the system's default may have taken rights of the owner's too


def draft_of(path: Path) -> Path:
    """Make an empty file beside the one that it is to become, for its owner only, whatever the system's default is."""
    import tempfile  # noqa: PLC0415  as slow as SQLite to import, and most commands do without

    handle, name = tempfile.mkstemp(prefix=".ucli-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    draft.chmod(0o600)
    return draft


def is_there(path: Path) -> bool:
    """Tell whether there is something of a name; nobody sees anything of one that no file can have."""
    try:
        return path.exists()
    except OSError:
        return False


def free_space(path: Path) -> int | None:
    """Return how many bytes are free where a file lies, or is to lie; None where nobody can tell."""
    import shutil  # noqa: PLC0415  most commands do without

    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None


def mode_of(path: Path) -> int | None:
    """Return who may read and write a file; None where it is not there, and on a system without modes (Windows)."""
    try:
        return stat.S_IMODE(path.stat().st_mode) if os.name == "posix" else None
    except OSError:
        return None


def is_open_to_others(path: Path) -> bool:
    """Tell whether other users of the machine may read a file or look into a folder."""
    return bool((mode_of(path) or 0) & 0o077)


def is_database(path: Path) -> bool:
    """Tell whether a file is a ledger, or any other database of SQLite."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def is_part_of_database(path: Path) -> bool:
    """Tell whether a file's name is that of what SQLite keeps beside a database: what is written there spoils it."""
    for suffix in ("-wal", "-shm", "-journal"):
        whole = path.with_name(path.name.removesuffix(suffix) or path.name)
        if path.name.endswith(suffix) and whole.is_file() and is_database(whole):
            return True
    return False


def publish(draft: Path, path: Path) -> None:
    """Give a finished file its name, unless another process was faster: a link fails then, a rename would not."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # A disk without links, such as a USB stick.
        if path.exists():
            raise FileExistsError(path) from None
        draft.replace(path)
