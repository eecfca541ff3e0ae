"""Files around a ledger: private folders, and drafts that get their names once they are complete.

Also the risks of a ledger's place that SQLite itself cannot see.
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

# The files that SQLite keeps beside a database.
BESIDE = ("-wal", "-shm", "-journal")
# Where backups go, beside the ledger.
FOLDER = "backups"

# A draft's name has the id of its process, so that one left by a killed process is recognised.
_DRAFT = re.compile(rf"\.ucli-(\d+)-[a-z0-9_]{{8}}(?:{'|'.join(BESIDE)})?")
# A draft untouched for so long is abandoned, even if its process id is in use again.
_LEFT_AFTER_SECONDS = 12 * 3600

# Names of folders that programs synchronise with other machines.
_SYNCED = ("OneDrive", "Dropbox", "Google Drive", "iCloud", "Zalo", "Nextcloud")


def beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def make_folder(folder: Path) -> None:
    """Make a private folder and its missing parents, whatever the umask."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)  # the umask may have taken the owner's rights too


@contextmanager
def draft_of(path: Path) -> Iterator[Path]:
    """Make an empty private file beside the one it is to become; it is removed at the end, whatever happens.

    Drafts that killed commands left in the folder are removed, for they may hold personal data.
    """
    import tempfile  # noqa: PLC0415  as slow as SQLite to import, and most commands do without

    remove_drafts(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".ucli-{os.getpid()}-", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        draft.chmod(0o600)  # whatever the umask
        yield draft
    finally:
        for suffix in ("", *BESIDE):
            beside(draft, suffix).unlink(missing_ok=True)


def remove_drafts(folder: Path) -> None:
    """Remove the drafts of killed processes in a folder."""
    for left in drafts_left(folder):
        with suppress(OSError):
            left.unlink()


def drafts_left(folder: Path) -> list[Path]:
    """Return the drafts of killed processes in a folder, and SQLite's files beside them."""
    there: list[Path] = _known(lambda: sorted(folder.iterdir()), [])
    return [it for it in there if _DRAFT.fullmatch(it.name) and not is_being_made(it)]


def is_being_made(path: Path) -> bool:
    """Tell whether a file is the draft of a running command, which must not be opened."""
    match = _DRAFT.fullmatch(path.name)
    if match is None:
        return False
    if os.name == "posix":
        with suppress(PermissionError, OverflowError):
            try:
                os.kill(int(match[1]), 0)  # signal 0 only asks whether it exists
            except ProcessLookupError:
                return False
    return _known(lambda: time.time() - path.lstat().st_mtime <= _LEFT_AFTER_SECONDS, otherwise=True)


def machine_name() -> str:
    if hasattr(os, "uname"):
        return os.uname().nodename
    import platform  # noqa: PLC0415  slower to import, and most systems do without

    return platform.node()


def _known(ask: Callable[[], T], otherwise: T) -> T:
    """Return the status of a file; None if it does not exist or cannot have that name."""
    try:
        return ask()
    except OSError:
        return otherwise


def is_there(path: Path) -> bool:
    return _known(path.exists, otherwise=False)


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths are the same file."""
    return one == other or _known(lambda: one.samefile(other), otherwise=False)


def size_of(path: Path) -> int:
    """Return the size of a file in bytes, 0 if it does not exist."""
    return _known(lambda: path.stat().st_size, 0)


def free_space(path: Path) -> int | None:
    """Return the free bytes where a file is, or will be; None if unknown."""
    import shutil  # noqa: PLC0415  most commands do without

    return _known(lambda: shutil.disk_usage(path.parent).free, None)


def mode_of(path: Path) -> int | None:
    """Return the mode of a file; None if it does not exist, or on Windows."""
    return _known(lambda: stat.S_IMODE(path.stat().st_mode), None) if os.name == "posix" else None


def is_open_to_others(path: Path) -> bool:
    """Tell whether other users of the machine may read a file or list a folder."""
    return bool((mode_of(path) or 0) & 0o077)


def files_of(path: Path) -> list[Path]:
    """Return the files of a ledger, and its folder of backups with their files."""
    folder = path.parent / FOLDER
    inside = sorted(folder.glob("*")) if is_there(folder) and folder.is_dir() else []
    return [it for it in (path, beside(path, "-wal"), beside(path, "-shm"), folder, *inside) if is_there(it)]


def synced_by(path: Path) -> str | None:
    """Return the program that synchronises a file's folder, recognised by the folders' names."""
    # By the path as typed, and with links resolved.
    folders = f"{path.absolute().parent}/{Path(os.path.realpath(path)).parent}".lower().replace(" ", "")
    return next((it for it in _SYNCED if it.lower().replace(" ", "") in folders), None)


def there_already(file: Path) -> RefusedError:
    return RefusedError(_("The file {file} already exists.").format(file=file), instead=_("Add --force to replace it."))


@contextmanager
def writes(file: Path, kind: type[UcliError]) -> Iterator[None]:
    """Turn the system's refusal to write a file, or another process being faster, into an error of ours."""
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
    """Give a finished file its name, unless it is taken by now: a link then fails, a rename would not."""
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
        # A file system without links, such as a USB stick's.
        if path.exists():
            raise FileExistsError(path) from None
        draft.replace(path)
