"""The ledger's file: looked at with care, never half-read, never half-written.

A file that is missing, empty, cut short, foreign or of another schema is refused before
anything in it is touched.
"""

import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from ucli.errors import LedgerError
from ucli.language import _, refusal
from ucli.ledger.files import MAGIC

APPLICATION_ID = 0x75636C69  # "ucli"
# Counted on with every change of the schema, before the first release too: what came before is refused, never upgraded.
SCHEMA_VERSION = 7

# How long a command waits for another that is writing.
_PATIENCE_SECONDS = 30


class DamagedError(LedgerError):
    """The file was a ledger once, and cannot be read whole any more."""


def open_as_it_is(path: Path) -> sqlite3.Connection:
    """Open a ledger without changing anything in it.

    Raises:
        LedgerError: missing, unreadable, empty, cut short, foreign, damaged, or of another schema.

    """
    _check_file(path)
    with explained(path):
        db = connected(path)
        try:
            version = schema_of(db)
        except sqlite3.OperationalError:
            # A ledger on read-only media has nowhere to put its shared memory; with no write waiting it needs none.
            db.close()
            if pending_writes(path):
                raise
            db = connected(path, "mode=ro&immutable=1")
            version = schema_of(db)
    if version > SCHEMA_VERSION:
        db.close()
        raise LedgerError(
            _("{path} was written by a newer ucli (schema {theirs}, this one knows {ours}).").format(
                path=path, theirs=version, ours=SCHEMA_VERSION
            ),
            instead=_("Install the newer ucli; nothing was changed."),
        )
    if version < SCHEMA_VERSION:
        db.close()
        raise LedgerError(
            _("{path} was made by an unreleased ucli, or changed outside ucli (schema {theirs}, not {ours}).").format(
                path=path, theirs=version, ours=SCHEMA_VERSION
            ),
            instead=_(
                "Move it away; then bring a backup back with “ucli restore”, or make a ledger anew with “ucli init”."
            ),
        )
    return db


def schema_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file into a sentence for the user."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError) as error:
        from ucli.ledger.faults import explanation_of  # noqa: PLC0415  only for a fault

        if explanation := explanation_of(path, error):
            raise explanation from error
        raise


def restore_instead() -> str:
    return _("Restore the last good copy of it: “ucli backups” lists them, “ucli restore” brings one back.")


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[Callable[[], None]]:
    """Take the write lock first, so that nothing comes between a check and its insert; yield how to take all back.

    Inside another transaction it is a part of that one, kept or taken back on its own.
    """
    inside = db.in_transaction

    def take_back() -> None:
        if not inside:
            db.rollback()
        elif db.in_transaction:  # a full disk may have ended it all
            db.execute("ROLLBACK TO part")

    db.execute("SAVEPOINT part" if inside else "BEGIN IMMEDIATE")
    try:
        yield take_back
    except BaseException:
        take_back()
        raise
    finally:
        if inside and db.in_transaction:
            db.execute("RELEASE part")
    if not inside and db.in_transaction:
        db.commit()


def connected(path: Path, query: str = "mode=rw") -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{query}",
        uri=True,
        timeout=_PATIENCE_SECONDS,
        isolation_level=None,
        cached_statements=512,
    )
    db.row_factory = sqlite3.Row
    # What somebody put into the file calls no function that could do harm.
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def refuse_triggers(db: sqlite3.Connection) -> None:
    """Refuse to write where the file itself would write too: ucli makes no triggers.

    Raises:
        LedgerError: there is one.

    """
    row = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()
    if row:
        raise LedgerError(
            _("Another program put a trigger into the ledger: {name}.").format(name=row[0][:60]),
            why=_("With every record it could change others, and nobody would see it; nothing was written."),
            instead=_("“ucli check” names all that was changed. Take it out with that program: DROP TRIGGER.").format(
                name=row[0][:60]
            ),
        )


def _check_file(path: Path) -> None:
    """Look at a file's first bytes before SQLite does, which would take an empty one for a new database."""
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
        with path.open("rb") if regular or path.is_dir() else nullcontext(BytesIO()) as file:
            header = file.read(100)
        size = path.stat().st_size
    except FileNotFoundError:
        raise LedgerError(
            _("There is no ledger at {path}.").format(path=path),
            instead=_("Make one with “ucli init”, or name another with --db PATH or UCLI_DB."),
        ) from None
    except OSError as error:
        raise LedgerError(
            _("The ledger {path} cannot be read.").format(path=path),
            why=refusal(error),
            instead=_("Check the path and the rights of the file."),
        ) from error
    if len(header) < 100 or not header.startswith(MAGIC) or int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise LedgerError(
            _("{path} is not a ledger of ucli.").format(path=path),
            instead=_("Name the right file with --db PATH or UCLI_DB; nothing was changed."),
        )
    page = int.from_bytes(header[16:18])
    expected = (65536 if page == 1 else page) * int.from_bytes(header[28:32])
    if size < expected and not pending_writes(path):
        raise DamagedError(
            _("The ledger {path} is cut short: {size} bytes of {expected}.").format(
                path=path, size=size, expected=expected
            ),
            instead=restore_instead(),
        )


def pending_writes(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0
