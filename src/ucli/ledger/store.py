"""The ledger's file: made complete or not at all, opened with care, written in one transaction.

A file that is missing, empty, cut short, foreign or of another schema is refused before anything in it is touched.
Nothing but SQLite opens a database: a process that closes a file loses all its locks on that file, those of its
connections too, and another process would write into what it is writing.
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
# Counted on with every change of the schema, before the first release too: what came before is refused, never upgraded.
SCHEMA_VERSION = 19

# How long a command waits for another that is writing.
_PATIENCE_SECONDS = 30
# What SQLite may keep in memory; with its own two megabytes a long import reads most pages of its indexes anew.
_CACHE_KIB = 10_000
# What SQLite says where another program writes, and of a file that it cannot make out.
_NOT_TO_BE_READ = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# SQLite calls a smaller file an empty database, whatever stands in it.
_SMALLEST = 512
# A database that cannot be looked into; what is wrong with it is told when it is opened.
_UNKNOWN = -1


class DamagedError(LedgerError):
    """The file was a ledger once, and cannot be read whole any more."""

    def __init__(self, what: str, why: str | None = None) -> None:
        instead = _("Restore the last good copy of it: “ucli backups” lists them, “ucli restore” brings one back.")
        super().__init__(what, why=why, instead=instead)


@contextmanager
def create_ledger(path: Path) -> Iterator[sqlite3.Connection]:
    """Make a new ledger, readable by its owner only, and write what it begins with; then it gets its name."""
    from ucli.ledger.schema import create  # noqa: PLC0415  seldom needed

    try:
        make_folder(path.parent)
        beside(path, "-wal").exists()  # a name that leaves no room for SQLite's log beside it says so
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
            _("No ledger can be made at {path}.").format(path=path),
            why=refusal(error),
            instead=_("Choose another place with --db PATH or UCLI_DB."),
        ) from error


def open_ledger(path: Path) -> sqlite3.Connection:
    """Open a ledger to work with it."""
    with explained(path), ExitStack() as on_error:
        db = on_error.enter_context(closing(open_as_it_is(path)))
        use_log(db)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        on_error.pop_all()
    return db


def open_as_it_is(path: Path) -> sqlite3.Connection:
    """Open a ledger as `open_ledger` does, without changing anything in it."""
    _require_ledger(path)
    with explained(path), ExitStack() as on_error:
        db = on_error.enter_context(closing(_readable(path)))
        require_schema(db, path)
        _require_last_page(db, path)
        on_error.pop_all()
    return db


@contextmanager
def looked_into(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a ledger for a moment, without changing anything in it."""
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
    # What somebody put into the file calls no function that could do harm.
    db.execute("PRAGMA trusted_schema = OFF")
    return db


def use_log(db: sqlite3.Connection) -> None:
    """Let others read while one writes, in a backup that was put in the place of a ledger too: once, before all else.

    Without the log a reader would keep a writer from writing what it has done already.
    """
    if db.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        # It may be on a disk that is only read, or others do the same, for whom SQLite does not always wait here.
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[Callable[[], None]]:
    """Take the write lock first, so that nothing comes between a check and its insert; yield how to take all back.

    Inside another transaction it is a part of that one, kept or rolled back on its own.
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


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file, and what comes of what no one wrote there, into a sentence for the user."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        from ucli.ledger.faults import explanation_of  # noqa: PLC0415  only for a fault

        if explanation := explanation_of(path, error):
            raise explanation from error
        raise


def code_of(error: Exception) -> int:
    """Return SQLite's code for an error, without what it adds to it; 0 for what is none of SQLite's."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def schema_of(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def pending_writes(path: Path) -> bool:
    """Tell whether something was written that is not in the file yet, or is in it and is to be rolled back."""
    return any(size_of(beside(path, suffix)) for suffix in ("-wal", "-journal"))


def is_database(path: Path) -> bool:
    """Tell whether a file is a ledger, or any other database of SQLite; one that may not be read is none."""
    return size_of(path) >= _SMALLEST and os.access(path, os.R_OK) and _made_by(path) is not None


def is_part_of_database(path: Path) -> bool:
    """Tell whether a file's name is that of what SQLite keeps beside a database: what is written there spoils it."""
    wholes = (path.with_name(path.name.removesuffix(it) or path.name) for it in BESIDE if path.name.endswith(it))
    return any(whole.is_file() and is_database(whole) for whole in wholes)


def refuse_triggers(db: sqlite3.Connection) -> None:
    """Refuse to write where the file itself would write too: ucli makes no triggers."""
    row = db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchone()
    if row:
        raise LedgerError(
            _("Another program put a trigger into the ledger: {name}.").format(name=row[0][:60]),
            why=_("With every record it could change others, and no one would see it; nothing was written."),
            instead=_("“ucli check” names all that was changed. Take it out with that program: DROP TRIGGER."),
        )


def _readable(path: Path) -> sqlite3.Connection:
    db = connected(path)
    try:
        schema_of(db)
    except sqlite3.DatabaseError as error:
        db.close()
        # On read-only media, or a full disk, there is no room for shared memory; with no write waiting none is needed.
        # Nothing is read so while another program writes.
        if code_of(error) in _NOT_TO_BE_READ or pending_writes(path):
            raise
        return connected(path, "mode=ro&immutable=1")
    return db


def require_schema(db: sqlite3.Connection, path: Path) -> None:
    if (version := schema_of(db)) == SCHEMA_VERSION:
        return
    what = _("{path} was made by an unreleased ucli, or changed outside ucli (schema {theirs}, not {ours}).")
    instead = _("Move it away; then bring a backup back with “ucli restore”, or make a new ledger with “ucli init”.")
    if version > SCHEMA_VERSION:
        what = _("{path} was written by a newer ucli (schema {theirs}, this one knows {ours}).")
        instead = _("Install the newer ucli; nothing was changed.")
    raise LedgerError(what.format(path=path, theirs=version, ours=SCHEMA_VERSION), instead=instead)


def _require_last_page(db: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that was cut inside its last page, which SQLite takes for a whole one."""
    page, pages = (int(db.execute(f"PRAGMA {it}").fetchone()[0]) for it in ("page_size", "page_count"))
    size = size_of(path)
    if size % page and size < page * pages and not pending_writes(path):
        raise DamagedError(
            _("The ledger {path} is cut short: {size} bytes of {expected}.").format(
                path=path, size=size, expected=page * pages
            )
        )


def _require_ledger(path: Path) -> None:
    """Refuse what is no ledger, without leaving a trace on another program's database."""
    require_file(path)
    if not path.is_file() or _made_by(path) not in (APPLICATION_ID, _UNKNOWN):
        raise LedgerError(
            _("{path} is not a ledger of ucli.").format(path=path),
            instead=_("Name the right file with --db PATH or UCLI_DB; nothing was changed."),
        )


def require_file(path: Path) -> None:
    """Refuse a path at which nothing is, or nothing that can be reached."""
    try:
        path.stat()
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


def _made_by(path: Path) -> int | None:
    """Return what the header of a database says of its program; None where a file is no database."""
    try:
        # As if nothing could change: no lock is taken, no log of writes is looked at or made.
        with closing(connected(path, "mode=ro&immutable=1")) as db:
            return int(db.execute("PRAGMA application_id").fetchone()[0])
    except sqlite3.DatabaseError as error:
        return None if code_of(error) == sqlite3.SQLITE_NOTADB else _UNKNOWN
