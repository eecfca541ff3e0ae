"""Files beside and around a ledger: folders for their owner only, drafts that get their name when they are whole.

And where a ledger lies: what endangers a file that SQLite itself cannot see.
"""

import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ucli.errors import RefusedError, UcliError
from ucli.i18n import _, refusal

T = TypeVar("T")

# What SQLite keeps beside a database.
BESIDE = ("-wal", "-shm", "-journal")
# Where backups go, beside the ledger.
FOLDER = "backups"

# A draft says which process makes it; so one that was left by a killed process is known as such.
_DRAFT = re.compile(rf"\.ucli-(\d+)-[a-z0-9_]{{8}}(?:{'|'.join(BESIDE)})?")
# Nothing writes a draft so long without adding to it; the number of a process that is gone may be another's by then.
_LEFT_AFTER_SECONDS = 12 * 3600

# The programs that copy folders to other machines, which are called so.
_SYNCED = ("OneDrive", "Dropbox", "Google Drive", "iCloud", "Zalo", "Nextcloud")


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner only, whatever the system's default is."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)  # the system's default may have taken rights of the owner's too


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Make an empty file beside the one that it is to become, for its owner only; gone at the end, whatever happens.

    Drafts that killed commands left in that folder are removed: they may hold personal data.
    """
    import tempfile  # noqa: PLC0415  as slow as SQLite to import, and most commands do without

    remove_drafts(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".ucli-{os.getpid()}-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        draft.chmod(0o600)  # whatever the system's default is
        yield draft
    finally:
        for suffix in ("", *BESIDE):
            beside(draft, suffix).unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove the drafts in a folder whose makers were killed."""
    for left in drafts_left(folder):
        with suppress(OSError):
            left.unlink()


def drafts_left(folder: Path) -> list[Path]:
    """Return the drafts in a folder whose makers were killed, and what SQLite kept beside them."""
    there: list[Path] = _known(lambda: sorted(folder.iterdir()), [])
    return [it for it in there if _DRAFT.fullmatch(it.name) and not is_being_made(it)]


def is_being_made(path: Path) -> bool:
    """Tell whether a file is a draft of a command that still runs: to look into it would stand in its way."""
    match = _DRAFT.fullmatch(path.name)
    if match is None:
        return False
    if os.name == "posix":
        with suppress(PermissionError, OverflowError):
            try:
                os.kill(int(match[1]), 0)  # asks whether there is one
            except ProcessLookupError:
                return False
    return _known(lambda: time.time() - path.lstat().st_mtime <= _LEFT_AFTER_SECONDS, otherwise=True)


def machine_name() -> str:
    if hasattr(os, "uname"):
        return os.uname().nodename
    import platform  # noqa: PLC0415  slower to import, and most systems do without

    return platform.node()


def _known(ask: Callable[[], T], otherwise: T) -> T:
    """Ask the system about a file, which may not be there, or have a name that no file can have."""
    try:
        return ask()
    except OSError:
        return otherwise


def is_there(path: Path) -> bool:
    return _known(path.exists, otherwise=False)


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two names are one file's."""
    return one == other or _known(lambda: one.samefile(other), otherwise=False)


def size_of(path: Path) -> int:
    """Return how many bytes a file has, none where it is not there."""
    return _known(lambda: path.stat().st_size, 0)


def free_space(path: Path) -> int | None:
    """Return how many bytes are free where a file lies, or is to lie; None where that is unknown."""
    import shutil  # noqa: PLC0415  most commands do without

    return _known(lambda: shutil.disk_usage(path.parent).free, None)


def mode_of(path: Path) -> int | None:
    """Return who may read and write a file; None where it is not there, and on a system without modes (Windows)."""
    return _known(lambda: stat.S_IMODE(path.stat().st_mode), None) if os.name == "posix" else None


def is_open_to_others(path: Path) -> bool:
    """Tell whether other users of the machine may read a file or look into a folder."""
    return bool((mode_of(path) or 0) & 0o077)


def files_of(path: Path) -> list[Path]:
    """Return the files that a ledger is made of, and the folder of its backups with what is in it."""
    folder = path.parent / FOLDER
    inside = sorted(folder.glob("*")) if is_there(folder) and folder.is_dir() else []
    return [it for it in (path, beside(path, "-wal"), beside(path, "-shm"), folder, *inside) if is_there(it)]


def synced_by(path: Path) -> str | None:
    """Return the program that copies a file elsewhere, told by the names of the folders it lies in."""
    # By the names that were typed, and by those that links lead to.
    folders = f"{path.absolute().parent}/{Path(os.path.realpath(path)).parent}".lower().replace(" ", "")
    return next((it for it in _SYNCED if it.lower().replace(" ", "") in folders), None)


def there_already(file: Path) -> RefusedError:
    return RefusedError(_("The file {file} already exists.").format(file=file), instead=_("Add --force to replace it."))


@contextmanager
def writes(file: Path, kind: type[UcliError]) -> Iterator[None]:
    """Say as an error of some kind why the system refuses to write a file; or that another process was faster."""
    try:
        yield
    except FileExistsError:
        raise there_already(file) from None
    except OSError as error:
        raise kind(
            _("{file} cannot be written.").format(file=file),
            why=refusal(error),
            instead=_("Check the folder, its rights and the free space."),
        ) from error


def publish(draft: Path, path: Path) -> None:
    """Give a finished file its name, unless another process was faster: a link fails then, a rename would not."""
    if path.exists():
        raise FileExistsError(path)
    for left in (beside(path, suffix) for suffix in BESIDE):
        if left.exists():
            raise RefusedError(
                _("{file} is left over from another ledger.").format(file=left),
                why=_("It would be written into this one."),
                instead=_("Move it away, then try again."),
            )
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # A disk without links, such as a USB stick.
        if path.exists():
            raise FileExistsError(path) from None
        draft.replace(path)
