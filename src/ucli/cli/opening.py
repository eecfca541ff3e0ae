"""Opening the ledger: to read all of it at one moment, or to write one operation and say what it did."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache

from ucli.cli.session import Session, answer, context, current_session, tell, warn
from ucli.errors import UsageError
from ucli.i18n import _, chosen
from ucli.ledger.catalogue import Programme
from ucli.ledger.files import is_open_to_others, machine_name, same_file
from ucli.ledger.operations import Operation, last_operation
from ucli.ledger.store import create_ledger, open_ledger
from ucli.values.dates import date_text, moment_text
from ucli.values.indicators import Indicator
from ucli.values.members import refuse_id_number
from ucli.values.names import LONGEST_REMARK
from ucli.values.units import Unit

# The clocks of two machines that write to one ledger may differ by this much.
_CLOCKS_APART = timedelta(hours=1)


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """Open the ledger, or use the one that a batch holds open."""
    session = current_session()
    held = session.held if session.held and same_file(session.held.path, session.path) else None
    if session.held and session.held.atomic and not held:
        raise UsageError(
            _("All lines of an atomic batch must be for one ledger."),
            instead=_("Leave --db out of its lines, or run two batches."),
        )
    if held:
        yield held.db
    else:
        with closing(open_ledger(session.path)) as db:
            yield db


@contextmanager
def reading() -> Iterator[sqlite3.Connection]:
    """Open the ledger for reading, as of one moment."""
    with opened() as db:
        inside = db.in_transaction
        db.execute("SAVEPOINT look" if inside else "BEGIN")
        try:
            yield db
        finally:
            # Temporary tables and views of the question are dropped with it.
            if not inside:
                db.rollback()
            elif db.in_transaction:  # a full disk may have ended it all
                db.execute("ROLLBACK TO look")
                db.execute("RELEASE look")


# Writing: one operation, and one line that reports it


class Said:
    """What a command reports once its rows are safe: a sentence, the created object, and doubts."""

    def __init__(self, op: Operation) -> None:
        self.op = op
        self.created: dict[str, object] = {}
        self.before: list[str] = []
        self.warnings: list[str] = []
        self.what = ""  # where it is not what the log says
        self.done = _("{what} Operation {number}; undo it with “ucli undo”.")
        self.nothing = ""  # where nothing was written, even in a dry run
        self.when_safe: Callable[[], object] = lambda: None  # is done before anything is said

    def __call__(self, sentence: str, shown: Mapping[str, object] | None = None, /, **created: object) -> None:
        """Report it; the values in braces are written for people, or as machines read them."""
        self.op.summary = sentence.format_map({key: _named(it) for key, it in {**created, **(shown or {})}.items()})
        self.created = {key: _coded(it) for key, it in created.items()}

    def tell(self) -> None:
        """Report in one line what changed and how to undo it; with --format json also print what was created."""
        for text in self.before:
            tell(text)
        for text in self.warnings:
            warn(text)
        dry_run, what = current_session().dry_run, self.what or self.op.summary
        if self.op.rows and not dry_run:
            tell(self.done.format(what=what, number=self.op.number))
        elif self.nothing and not self.op.rows:
            tell(self.nothing)
        elif dry_run:
            tell(_("Dry run, nothing was written: {what}").format(what=what))
        else:
            tell(_("Nothing to change: this is already recorded."))
        answer({**self.created, "operation": self.op.number if self.op.rows and not dry_run else None})


def _named(value: object) -> object:
    """Return a value for people: names, and days in Vietnamese notation."""
    if isinstance(value, Unit | Programme):
        return value.name
    if isinstance(value, Indicator):
        return value.name(chosen())
    if isinstance(value, list):
        return ", ".join(str(_named(it)) for it in value)
    return date_text(value) if isinstance(value, date) else getattr(value, "code", value)


def _coded(value: object) -> object:
    """Return a value for machines: codes and ISO dates."""
    return [_coded(it) for it in value] if isinstance(value, list) else getattr(value, "code", value)


@contextmanager
def writing(*, new: bool = False) -> Iterator[tuple[Operation, Said]]:
    """Open the ledger, or make it, and one operation in it; what was written is said in one line when it is safe."""
    session = current_session()
    warn_if_open_to_others(session)
    with create_ledger(session.path) if new else opened() as db, operation_in(db, session.note) as op:
        _warn_of_clock(op)
        say = Said(op)
        yield op, say
    say.when_safe()
    say.tell()


def _warn_of_clock(op: Operation) -> None:
    """Say that what was recorded last was recorded later than it is by this machine's clock."""
    number, at = last_operation(op.db, before=op.number)
    if at > (datetime.now(UTC) + _CLOCKS_APART).isoformat():
        text = _(
            "This machine's clock says {now}, but operation {number} was recorded at {at}: one of the two is "
            "wrong. Check the clock; operations stay in the order of their numbers."
        )
        now = moment_text(datetime.now(UTC).isoformat())
        warn(text.format(number=number, now=now, at=moment_text(at)))


def operation_in(db: sqlite3.Connection, note: str | None) -> AbstractContextManager[Operation]:
    """Open an operation recorded by --actor, UCLI_ACTOR, or the user's name."""
    from ucli.ledger.recording import Author, operation  # noqa: PLC0415  what only reads does without

    session = current_session()
    actor = session.actor or refuse_id_number(os.environ.get("UCLI_ACTOR", "")) or _login()
    author = Author(actor.encode("utf-8", "replace").decode()[:LONGEST_REMARK], machine_name(), note)
    return operation(db, context().info_name, author, dry_run=session.dry_run)


@cache
def _login() -> str:
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        if name := os.environ.get(variable):
            return name
    with suppress(ImportError, KeyError):
        import pwd  # noqa: PLC0415  not on every system

        return pwd.getpwuid(os.getuid()).pw_name
    return "?"


def log_only(what: str, reason: str | None = None) -> int:
    """Log a command that shows personal data and return the operation's number; there is nothing to undo."""
    with opened() as db:
        return log_in(db, what, reason)


def log_in(db: sqlite3.Connection, what: str, reason: str | None = None) -> int:
    """Write a line into the log of an open ledger."""
    with operation_in(db, reason) as op:
        op.summary = what
        op.rows = 1
    return op.number


def warn_if_open_to_others(session: Session) -> None:
    """Warn, once in a call, that other users of the machine can read the ledger."""
    if session.held and session.held.is_looked_at:
        return
    if is_open_to_others(session.path):
        text = _("Other users of this machine can read {files}; “chmod go= FILE” closes it.")
        warn(text.format(files=session.path))
    if session.held:
        session.held.is_looked_at = True
