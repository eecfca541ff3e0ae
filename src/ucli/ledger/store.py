"""The ledger's file: created whole or not at all, opened with care, written in one transaction.

A file that is missing, empty, truncated, foreign or of another schema is refused before anything in it is touched. Only
SQLite opens a database: a process that closes a file loses all its locks on it, those of its SQLite connections
included, and another process could then write at the same time.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from ucli.errors import LedgerError, RefusedError
from ucli.i18n import _, refusal
from ucli.ledger.files import BESIDE, beside, draft_of, make_folder, publish, size_of

APPLICATION_ID = 0x75636C69  # "ucli"
# Increased with every change of the schema, before the first release too; ledgers of other schemas are refused.
SCHEMA_VERSION = 19

# How long a command waits for another one's lock.
_PATIENCE_SECONDS = 30
# SQLite's cache; with its default of two megabytes a long import would reread most pages of the indexes.
_CACHE_KIB = 10_000
# SQLite's messages for a locked file, and for one that is no database.
_NOT_TO_BE_READ = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# SQLite calls a smaller file an empty database, whatever stands in it.
_SMALLEST = 512
# A database that cannot be looked into; what is wrong with it is told when it is opened.
_UNKNOWN = -1


class DamagedError(LedgerError):
    """The file is a ledger that can no longer be read whole."""

    def __init__(self, what: str, why: str | None = None) -> None:
        instead = _("Restore its last good copy: “ucli backups” lists them, “ucli restore” restores one.")
        super().__init__(what, why=why, instead=instead)


@contextmanager
def create_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """Create a ledger, readable by its owner only, and write its first rows; it gets its name last."""
    from ucli.ledger.schema import create  # noqa: PLC0415  seldom needed

    try:
        make_folder(path.parent)
        beside(path, "-wal").exists()  # a name that is too long once SQLite's log is beside it
        with draft_of(path) as draft:
            with explained(path), closing(connected(draft)) as db:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                with writing(db):
                    create(db)
                    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                db.execute("PRAGMA foreign_keys = ON")
                yield db
                db.execute("PRAGMA journal_mode = WAL")
            publish(draft, path)
    except FileExistsError:
        raise RefusedError(_("A file already exists at {path}.").format(path=path)) from None
    except OSError as error:
        raise LedgerError(
            _("No ledger can be created at {path}.").format(path=path),
            why=refusal(error),
            instead=_("Choose another place with --db PATH or UCLI_DB."),
        ) from error


def open_ledger(path: Path) -> sqlite3.Connection:
    """Open a ledger for reading and writing."""
    with explained(path), ExitStack() as on_error:
        db = on_error.enter_context(closing(open_as_it_is(path)))
        use_log(db)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        on_error.pop_all()
    return db


def open_as_it_is(path: Path) -> sqlite3.Connection:
    """Open a ledger read-only, with the same checks as `open_ledger`."""
    _require_ledger(path)
    with explained(path), ExitStack() as on_error:
        db = on_error.enter_context(closing(_readable(path)))
        require_schema(db, path)
        _require_last_page(db, path)
        on_error.pop_all()
    return db


@contextmanager
def looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger read-only for a moment."""
    with explained(path), closing(open_as_it_is(path)) as db:
        yield db


def connected(path: Path, query: str = "mode=rw") -> sqlite3.Connection:
    db = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{query}",
        uri=True,
        timeout=_PATIENCE_SECONDS,
        isolation_level=None,
        cached_statements=512,
    )
    db.row_factory = sqlite3.Row
    # Schema objects that somebody put into the file may not call unsafe functions.
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def use_log(db: sqlite3.Connection) -> None:
    """Switch to write-ahead logging, once, before anything else; a restored backup may lack it.

    Without it a reader would keep a writer from committing.
    """
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        # The disk may be read-only, or another process is doing the same, for which SQLite does not always wait.
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[Callable[[], None]]:
    """Take the write lock first, so that nothing comes between check and insert; yield a function that rolls back.

    Within another transaction it is a savepoint.
    """
    inside = db.in_transaction

    def take_back() -> None:
        if not inside:
            db.rollback()
        elif db.in_transaction:  # a full disk may have ended the transaction
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


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors, and those that damaged content causes, into errors of ours."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        from ucli.ledger.faults import explanation_of  # noqa: PLC0415  only for a fault

        if explanation := explanation_of(path, error):
            raise explanation from error
        raise


def code_of(error: Exception) -> int:
    """Return SQLite's primary result code of an error; 0 if it is not SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def schema_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def pending_writes(path: Path) -> bool:
    """Tell whether SQLite's log or journal beside the file holds something."""
    return any(size_of(beside(path, suffix)) for suffix in ("-wal", "-journal"))


def is_database(path: Path) -> bool:
    """Tell whether a file is an SQLite database; an unreadable file is none."""
    return size_of(path) >= _SMALLEST and os.access(path, os.R_OK) and _made_by(path) is not None


def is_part_of_database(path: Path) -> bool:
    """Tell whether a path is one of SQLite's files beside a database, which must not be overwritten."""
    wholes = (path.with_name(path.name.removesuffix(it) or path.name) for it in BESIDE if path.name.endswith(it))
    return any(whole.is_file() and is_database(whole) for whole in wholes)


def refuse_triggers(db: sqlite3.Connection) -> None:
    """Refuse to write to a ledger with triggers, which ucli never creates."""
    row = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()
    if row:
        raise LedgerError(
            _("Another program added a trigger to the ledger: {name}.").format(name=row[0][:60]),
            why=_("It could change other records with every write, unseen; nothing was written."),
            instead=_("“ucli check” lists everything that was changed. Remove it with that program: DROP TRIGGER."),
        )


def _readable(path: Path) -> sqlite3.Connection:
    db = connected(path)
    try:
        schema_of(db)
    except sqlite3.DatabaseError as error:
        db.close()
        # Read-only media or a full disk have no room for shared memory; with no pending log none is needed.
        # This is never done while another program writes.
        if code_of(error) in _NOT_TO_BE_READ or pending_writes(path):
            raise
        return connected(path, "mode=ro&immutable=1")
    return db


def require_schema(db: sqlite3.Connection, path: Path) -> None:
    if (version := schema_of(db)) == SCHEMA_VERSION:
        return
    what = _("{path} was made by an unreleased ucli, or changed outside ucli (schema {theirs}, not {ours}).")
    instead = _("Move it away; then restore a backup with “ucli restore”, or create a new ledger with “ucli init”.")
    if version > SCHEMA_VERSION:
        what = _("{path} was written by a newer ucli (schema {theirs}, this one knows {ours}).")
        instead = _("Install the newer ucli; nothing was changed.")
    raise LedgerError(what.format(path=path, theirs=version, ours=SCHEMA_VERSION), instead=instead)


def _require_last_page(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that was truncated within its last page, which SQLite would not notice."""
    page, pages = (int(db.execute(f"PRAGMA {it}").fetchone()[0]) for it in ("page_size", "page_count"))
    size = size_of(path)
    if size % page and size < page * pages and not pending_writes(path):
        raise DamagedError(
            _("The ledger {path} is cut short: {size} bytes of {expected}.").format(
                path=path, size=size, expected=page * pages
            )
        )


def _require_ledger(path: Path) -> None:
    """Refuse a file that is no ledger, without touching another program's database."""
    require_file(path)
    if not path.is_file() or _made_by(path) not in (APPLICATION_ID, _UNKNOWN):
        raise LedgerError(
            _("{path} is not a ledger of ucli.").format(path=path),
            instead=_("Name the right file with --db PATH or UCLI_DB; nothing was changed."),
        )


def require_file(path: Path) -> None:
    """Refuse a path where there is no file, or none that can be reached."""
    try:
        path.stat()
    except FileNotFoundError:
        raise LedgerError(
            _("There is no ledger at {path}.").format(path=path),
            instead=_("Create one with “ucli init”, or name another with --db PATH or UCLI_DB."),
        ) from None
    except OSError as error:
        raise LedgerError(
            _("The ledger {path} cannot be read.").format(path=path),
            why=refusal(error),
            instead=_("Check the path and the rights of the file."),
        ) from error


def _made_by(path: Path) -> int | None:
    """Return the application id in a database's header; None if the file is no database."""
    try:
        # Immutable: no lock is taken, no log is read or created.
        with closing(connected(path, "mode=ro&immutable=1")) as db:
            return int(db.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return None if code_of(error) == sqlite3.SQLITE_NOTADB else _UNKNOWN
