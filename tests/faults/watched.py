"""Runs commands in one process and tells which files Python opened while a connection to them was open.

When a process closes a file, POSIX takes all its locks on that file away, those of its connections too.
"""

import io
import json
import os
import sqlite3
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from weakref import WeakSet

from ucli.cli.run import run

opened: list[str] = []


class Watched(sqlite3.Connection):
    """A connection that says which file it has open."""

    def __init__(self, database: str, *args: Any, **keywords: Any) -> None:
        super().__init__(database, *args, **keywords)
        self.file = Path(unquote(database.removeprefix("file:").partition("?")[0]))
        connections.add(self)

    def close(self) -> None:
        super().close()
        connections.discard(self)


connections: WeakSet[Watched] = WeakSet()


def held() -> set[tuple[int, int]]:
    """Return the files that connections have open, whatever they are called."""
    found = set()
    for connection in connections:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(OSError):
                status = connection.file.with_name(connection.file.name + suffix).stat()
                found.add((status.st_dev, status.st_ino))
    return found


def watch(event: str, args: tuple[Any, ...]) -> None:
    if event == "open" and connections and isinstance(args[0], str | bytes | os.PathLike):
        with suppress(OSError):
            status = Path(os.fsdecode(args[0])).stat()
            if (status.st_dev, status.st_ino) in held():
                opened.append(os.fsdecode(args[0]))


def main() -> None:
    """Run the command lines on standard input, each with the ledger that it is about."""
    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **keywords: connect(*args, **keywords, factory=Watched)  # type: ignore[assignment]
    sys.addaudithook(watch)
    answers = []
    for ledger, words, typed in json.load(sys.stdin):
        os.environ["UCLI_DB"] = ledger
        os.chdir(Path(ledger).parent)
        sys.stdin = io.StringIO(typed)
        opened.clear()
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as err:
            code = run(words)
        answers.append((words, code, [*opened], err.getvalue(), len(connections)))
    with sqlite3.connect(ledger) as db, Path(ledger).open("rb"):
        answers.append(([], 0, [*opened], "", len(connections)))
        db.execute("SELECT 1")
    sys.stdout.write(json.dumps(answers))


if __name__ == "__main__":
    main()
