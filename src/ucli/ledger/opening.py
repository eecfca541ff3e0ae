"""Opening a ledger, and making one: complete or not at all."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from ucli.errors import LedgerError, RefusedError
from ucli.i18n import _, refusal
from ucli.ledger.database import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    closed_by_a_fault,
    connected,
    explained,
    open_as_it_is,
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
    # Seldom needed; sqlite-utils alone costs more than all the rest of a command.
    from ucli.ledger.migrations import create  # noqa: PLC0415

    try:
        make_folder(path.parent)
        path.with_name(f"{path.name}-wal").exists()  # a name that leaves no room for SQLite's log beside it says so
        with draft_of(path) as draft:
            with explained(path), closing(connected(draft)) as db:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                with writing(db):
                    create(db)
                    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
                if first:
                    db.execute("PRAGMA foreign_keys = ON")
                    first(db)
                db.execute("PRAGMA journal_mode = WAL")
            publish(draft, path)
    except FileExistsError:
        raise RefusedError(_("There is a file at {path} already.").format(path=path)) from None
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
    """Open a ledger.

    Raises:
        LedgerError: missing, unreadable, empty, cut short, foreign, damaged, or of another schema.

    """
    db = open_as_it_is(path)
    with explained(path), closed_by_a_fault(db):
        use_log(db)
        db.execute("PRAGMA foreign_keys = ON")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return db
