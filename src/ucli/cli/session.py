"""One command's surroundings: which ledger, who writes, and where the answer goes."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from ucli.cli.shared import Session, expanded, session_of
from ucli.errors import RefusedError, RejectedError, UsageError
from ucli.language import _
from ucli.ledger.database import explained, is_database, open_ledger
from ucli.ledger.operations import Author, Operation, operation
from ucli.render import BINARY, Sheet, form_of, render
from ucli.render.harmless import harmless


class Held:
    """The ledger that the lines of a batch share: opened by the first that needs it, closed when all have run.

    Args:
        path: which ledger.
        atomic: whether all lines are one transaction.

    """

    def __init__(self, path: Path, *, atomic: bool) -> None:
        self.path = path
        self.atomic = atomic
        self._db: sqlite3.Connection | None = None

    @property
    def db(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = open_ledger(self.path)
            if self.atomic:
                self._db.execute("BEGIN IMMEDIATE")
        return self._db

    @property
    def is_broken_off(self) -> bool:
        """Whether the one transaction of an atomic batch is no more, as after a full disk."""
        return self.atomic and self._db is not None and not self._db.in_transaction

    def close(self, *, keep: bool) -> None:
        """Write what an atomic batch did, or take it back, and close the ledger."""
        if self._db is None:
            return
        with closing(self._db) as db, explained(self.path):
            if keep and db.in_transaction:
                db.commit()
            db.rollback()


@contextmanager
def ledger_of(session: Session) -> Iterator[sqlite3.Connection]:
    """Open the ledger, or take the one that a batch holds open."""
    held = session.held
    if held and not same_file(held.path, session.path):
        if held.atomic:
            raise UsageError(
                _("All lines of an atomic batch are written to one ledger."),
                instead=_("Leave --db out of its lines, or run two batches."),
            )
        held = None
    with explained(session.path):
        if held:
            yield held.db
        else:
            with closing(open_ledger(session.path)) as db:
                yield db


@contextmanager
def reading(ctx: Any) -> Iterator[sqlite3.Connection]:
    """Open the ledger to read it, all of it as it is at one moment."""
    with ledger_of(session_of(ctx)) as db:
        if db.in_transaction:
            yield db
            return
        db.execute("BEGIN")
        try:
            yield db
        finally:
            db.rollback()


@contextmanager
def recording(ctx: Any) -> Iterator[Operation]:
    """Open the ledger and one operation in it; what was written is said when it is safe."""
    session = session_of(ctx)
    _check_form(session)
    with (
        ledger_of(session) as db,
        operation(db, ctx.info_name, author_of(session), dry_run=session.dry_run) as op,
    ):
        yield op


def said(ctx: Any, op: Operation, created: dict[str, object], *, first: str = "") -> None:
    """Say in one line what changed and how to take it back; with --format json print what was created."""
    session = session_of(ctx)
    if session.dry_run:
        line = _("Only tried, nothing was written: {what}").format(what=op.summary)
    elif not op.rows:
        line = _("Nothing to change: it is recorded already.")
    else:
        line = _("{what} Operation {number}; take it back with “ucli undo”.").format(what=op.summary, number=op.number)
    tell(f"{first} {line}".strip())
    answer(ctx, {**created, "operation": op.number if op.rows and not session.dry_run else None})


def answer(ctx: Any, created: dict[str, object]) -> None:
    """Print what a write created, with --format json; it is written by now, so a full disk is no reason to fail."""
    if session_of(ctx).format:
        from ucli.render.as_json import dumped  # noqa: PLC0415  only when asked for

        with suppress(OSError):
            print(dumped(created), flush=True)


def tell(line: str) -> None:
    """Say something that is not data."""
    with suppress(OSError):
        print(harmless(line), file=sys.stderr, flush=True)


def show(ctx: Any, sheet: Sheet, *, personal: bool = False) -> None:
    """Print a sheet, or write it to the file asked for; one with personal data is for its owner's eyes only.

    Raises:
        RefusedError: the file is there, and nobody said it may be replaced.
        RejectedError: the file cannot be written.

    """
    session = session_of(ctx)
    output = expanded(session.output) if session.output else None
    form = form_of(session.format, output, terminal=sys.stdout.isatty() and output is None, excel=session.excel)
    content = render(sheet, form)
    if output is None:
        _print(content)
    else:
        write_file(output, content, replace=session.force, personal=personal)


def _print(content: str | bytes) -> None:
    try:
        if isinstance(content, bytes):
            sys.stdout.buffer.write(content)
        else:
            sys.stdout.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RejectedError(_("The answer cannot be printed."), why=error.strerror) from error


def check_output(ctx: Any) -> None:
    """Refuse a wrong format before the ledger is asked anything."""
    session = session_of(ctx)
    form = form_of(
        session.format, Path(session.output) if session.output else None, terminal=False, excel=session.excel
    )
    if form in BINARY and not session.output and sys.stdout.isatty():
        raise UsageError(
            _("A terminal cannot show {form}.").format(form=form), instead=_("Add -o FILE.{form}.").format(form=form)
        )


def write_file(output: Path, content: str | bytes, *, replace: bool, personal: bool) -> None:
    """Write a file whole or not at all; one with personal data is for its owner's eyes only.

    Raises:
        RefusedError: the file is there, and nobody said it may be replaced, or it is a ledger.
        RejectedError: the file cannot be written.

    """
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    try:
        _write(output, data, replace=replace, personal=personal)
    except OSError as error:
        raise RejectedError(
            _("{file} cannot be written.").format(file=output),
            why=error.strerror,
            instead=_("Check the folder, its rights and the free space."),
        ) from error


def _write(output: Path, data: bytes, *, replace: bool, personal: bool) -> None:
    if output.is_dir():
        raise RejectedError(_("{file} is a folder.").format(file=output), instead=_("Name a file in it."))
    if output.exists() and not output.is_file():
        # A device such as /dev/null is written to, never replaced.
        output.write_bytes(data)
        return
    if output.exists() and not replace:
        raise RefusedError(
            _("There is a file {file} already.").format(file=output), instead=_("Add --force to replace it.")
        )
    if output.exists() and is_database(output):
        raise RefusedError(
            _("{file} is a ledger or another database.").format(file=output), instead=_("Name another file.")
        )
    import tempfile  # noqa: PLC0415  as slow as SQLite to import, and seldom needed

    draft = None
    try:
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as file:
            draft = Path(file.name)
            file.write(data)
        if not personal:
            draft.chmod(0o666 & ~_umask())
        draft.replace(output)
    finally:
        if draft:
            draft.unlink(missing_ok=True)


def _umask() -> int:
    """Return the mask new files are made with, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _check_form(session: Session) -> None:
    if session.format not in (None, "json"):
        raise UsageError(
            _("A command that records prints json or nothing."), instead=_("Leave --format out, or type --format json.")
        )


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two names are one file's."""
    try:
        return one == other or one.samefile(other)
    except OSError:  # one of them is not there
        return False


def author_of(session: Session) -> Author:
    """Return who records: --actor, UCLI_ACTOR, the user's name."""
    actor = session.actor or os.environ.get("UCLI_ACTOR") or _login()
    return Author(actor.encode("utf-8", "replace").decode(), os.uname().nodename, session.note)


@cache
def _login() -> str:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if name := os.environ.get(variable):
            return name
    with suppress(ImportError, KeyError):
        import pwd  # noqa: PLC0415  not on every system

        return pwd.getpwuid(os.getuid()).pw_name
    return "?"
