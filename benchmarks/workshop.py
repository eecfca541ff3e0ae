"""The folder that a run works in: room on the disk is asked for first, and ledgers are kept for the next run."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.ledgers import BYTES_PER_FACT, Size
from benchmarks.peers import Files, prepare
from benchmarks.rounds import output

# The facts of a ledger for SQLite and DuckDB, and as CSV on the way there.
BYTES_PER_FACT_OF_PEERS = 150


class Workshop:
    """Makes what a run needs, once.

    Args:
        folder: where all of it lies; it may be thrown away.
        tell: where to say what is being made.

    """

    def __init__(self, folder: Path, tell: Callable[[str], None] = print) -> None:
        self.folder = folder
        self.tell = tell
        folder.mkdir(parents=True, exist_ok=True)

    def require_room(self, facts: int) -> None:
        """Say how much disk so many facts need, and stop where there is less."""
        need = facts * (BYTES_PER_FACT + BYTES_PER_FACT_OF_PEERS) / 1e9 + 0.5
        there = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file()) / 1e9
        free = shutil.disk_usage(self.folder).free / 1e9
        self.tell(f"This needs {need:.1f} GB of disk in {self.folder}; {free:.1f} GB are free.")
        if free + there < need:
            sys.exit("There is too little room. Name another folder with --folder.")

    def ledger(self, name: str, size: Size, *, facts: bool = True) -> Path:
        """Return the ledger of a size, made now or kept from a run before."""
        path = self.folder / f"{name}.db"
        if not path.exists():
            self.tell(f"Making the ledger {name}: {size.facts if facts else 0:,} facts …")
            draft = path.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            words = [sys.executable, "-m", "benchmarks.ledgers", str(draft), *map(str, size)]
            self.tell(output([*words, *([] if facts else ["empty"])]).rstrip())
            draft.replace(path)
        return path

    def files(self, name: str, ledger: Path, scopes: dict[str, int], *, keep_csv: bool = False) -> tuple[Files, int]:
        """Return a ledger's facts as the peers get them."""
        self.tell(f"Writing the facts of {name} for the others …")
        return prepare(ledger, self.folder / f"{name}.facts", scopes, keep_csv=keep_csv)

    def copy(self, ledger: Path, name: str) -> Path:
        """Return a ledger of the same rows that may be written to."""
        path = self.folder / f"{name}.copy.db"
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(ledger, path)
        return path
