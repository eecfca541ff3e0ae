"""Opening a ledger: made once, complete or not at all, and brought up to date where an older release made it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ucli.errors import LedgerError, RefusedError
from ucli.language import _, refusal
from ucli.ledger.database import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    closed_by_a_fault,
    connected,
    explained,
    open_as_it_is,
    schema_of,
    use_log,
    writing,
)
from ucli.ledger.files import draft_of, make_folder, publish

# What SQLite may keep in memory; with its own two megabytes a long import reads most pages of its indexes anew.
_CACHE_KIB = 10_000


def create_ledger(path: Path, first: Callable[[sqlite3.Connection], None] | None = None) -> sqlite3.Connection:
    """Make a new ledger, readable by its owner only, complete or not at all.

    Args:
        path: where; nothing is there before all is written.
        first: what writes the first records.

    Raises:
        RefusedError: there is a file of that name.
        LedgerError: the place cannot be written.

    """
    try:
        make_folder(path.parent)
        path.with_name(f"{path.name}-wal").exists()  # a name that leaves no room for SQLite's log beside it says so
        with draft_of(path) as draft:
            with explained(path), closing(connected(draft)) as db:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                upgrade(db)
                if first:
                    db.execute("PRAGMA foreign_keys = ON")
                    first(db)
                db.execute("PRAGMA journal_mode = WAL")
            publish(draft, path)
    except FileExistsError as error:
        raise RefusedError(_("There is a file at {path} already.").format(path=error.filename)) from None
    except OSError as error:
        raise _no_place(path, error) from error
    return open_ledger(path)


def _no_place(path: Path, error: OSError) -> LedgerError:
    return LedgerError(
        _("No ledger can be made at {path}.").format(path=path),
        why=refusal(error),
        instead=_("Choose another place with --db PATH or UCLI_DB."),
    )


def open_ledger(path: Path) -> sqlite3.Connection:
    """Open a ledger, bringing an older one up to date.

    Raises:
        LedgerError: missing, unreadable, empty, cut short, foreign, damaged, or of a newer ucli.

    """
    db = open_as_it_is(path)
    with explained(path), closed_by_a_fault(db):
        use_log(db)
        if schema_of(db) < SCHEMA_VERSION:
            upgrade(db, path)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return db


def upgrade(db: sqlite3.Connection, path: Path | None = None) -> None:
    """Bring a schema up to date; a ledger that stands at a path already is backed up before."""
    # Seldom needed; sqlite-utils alone costs more than all the rest of a command.
    from sqlite_utils import Database  # noqa: PLC0415

    from ucli.ledger.backups import keep_before  # noqa: PLC0415
    from ucli.ledger.chain import begin  # noqa: PLC0415
    from ucli.ledger.migrations.taking import migrations  # noqa: PLC0415
    from ucli.ledger.schema import drop  # noqa: PLC0415
    from ucli.ledger.sealing import seal_shipped  # noqa: PLC0415
    from ucli.ledger.tallying import rebuild  # noqa: PLC0415

    with writing(db):
        if schema_of(db) == SCHEMA_VERSION:
            return  # another command was faster
        if path:
            keep_before("migration", path)
        # Another program's triggers, set aside meanwhile: “ucli rebuild”, which takes them out, opens the ledger too.
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _made in triggers:
            drop(db, "trigger", name)
        migrations.apply(Database(db, execute_plugins=False))
        # Whatever an older release kept of them, the tallies follow from the registers.
        rebuild(db)
        begin(db)
        seal_shipped(db)
        for _name, made in triggers:
            db.execute(made)
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
