"""Many commands in one process: a loop of thousands without thousands of starts."""

import shlex
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import typer

from ucli.cli.app import root_command
from ucli.cli.commands import UcliCommand, command
from ucli.cli.run import execute
from ucli.cli.session import Session, current_session, tell
from ucli.cli.values import name_text
from ucli.errors import RejectedError, UsageError
from ucli.i18n import _, chosen, refusal
from ucli.ledger.store import explained, open_ledger

_QUOTES = frozenset("\"'\\")
_LONGEST_LINE = 100_000  # splitting takes quadratic time
_INTERRUPTED = 130


class Held:
    """The ledger that the lines of a batch share: opened by the first that needs it, closed after the last.

    An atomic batch is one transaction.
    """

    def __init__(self, path: Path, *, atomic: bool) -> None:
        self.path = path
        self.atomic = atomic
        self._db: sqlite3.Connection | None = None
        self.is_looked_at = False  # the warning about other readers was given

    @property
    def db(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = open_ledger(self.path)
            if self.atomic:
                self._db.execute("BEGIN IMMEDIATE")
        return self._db

    @property
    def is_broken_off(self) -> bool:
        """Whether the one transaction of an atomic batch has ended, as after a full disk."""
        return self.atomic and self._db is not None and not self._db.in_transaction

    def close(self, *, keep: bool) -> None:
        """Write what an atomic batch did, or roll it back, and close the ledger."""
        if self._db is None:
            return
        with closing(self._db) as db, explained(self.path):
            if keep and db.in_transaction:
                db.commit()
            db.rollback()


def _file(text: str) -> str:
    return name_text(text)


_file.hyphen = "-$"  # type: ignore[attr-defined]  # standard input


@command(UcliCommand)
def batch(file: str | None = None, atomic: bool = False, keep_going: bool = False) -> None:
    """Stops at the first line that fails, with that line's exit code."""
    if current_session().held:
        raise UsageError(_("A batch cannot run another batch."))
    held = Held(current_session().path, atomic=atomic)
    failure: int | None = None  # known only after all lines have run
    # The output of an atomic batch is held back until all of its lines are written.
    held_back: list[tuple[StringIO, StringIO]] = []
    try:
        failure = _run(file, held, held_back, keep_going=keep_going)
    finally:
        held.close(keep=failure == 0)
    if failure:
        if atomic:
            tell(_("Nothing was written: all lines were rolled back."))
        raise typer.Exit(failure)
    for out, err in held_back:
        sys.stdout.write(out.getvalue())
        sys.stderr.write(err.getvalue())


def _run(file: str | None, held: Held, held_back: list[tuple[StringIO, StringIO]], *, keep_going: bool) -> int:
    """Run the lines of a file; return the exit code of the first that failed, or 0."""
    root = root_command()
    first_failure = 0
    for number, line in _lines(file):
        out, err = StringIO(), StringIO()
        with redirect_stdout(out if held.atomic else sys.stdout), redirect_stderr(err if held.atomic else sys.stderr):
            if line:
                code = execute(line, root, Session(db=str(held.path), lang=chosen(), held=held))
            else:
                tell(f"ucli: {_('A quotation is not closed, or the line is too long for a command.')}")
                code = RejectedError.exit_code
        if code:
            sys.stderr.write(err.getvalue())
            tell(_("Line {number} failed with exit code {code}.").format(number=number, code=code))
            first_failure = first_failure or code
            if not keep_going or code == _INTERRUPTED or held.is_broken_off:
                break
        elif held.atomic:
            held_back.append((out, err))
    return first_failure


def _lines(file: str | None) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of a file with their numbers, split into words; None for one that cannot be split.

    Empty lines and comments are passed over.
    """
    try:
        text = sys.stdin.read() if file in (None, "-") else Path(str(file)).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RejectedError(
            _("The file {file} cannot be read.").format(file=file),
            why=refusal(error) if isinstance(error, OSError) else _("It is not text in UTF-8."),
            instead=_("Give a text file with one command per line."),
        ) from error
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        words = _words(line.strip())
        if words != []:
            yield number, words or []


def _words(line: str) -> list[str] | None:
    """Split a line as a shell would; None if a quotation is not closed or the line is too long."""
    if line.startswith("#"):
        return []
    if len(line) > _LONGEST_LINE:
        return None
    try:
        # Most lines quote nothing, and are split twenty times as fast.
        quotes = not line.isascii() or _QUOTES.intersection(line)
        words = shlex.split(line) if quotes else line.split()
    except ValueError:
        return None
    return words[1:] if words[:1] == ["ucli"] else words
