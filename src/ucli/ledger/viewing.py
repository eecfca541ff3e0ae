"""Reading a ledger for others than its officer: read-only, time-limited, persons only as numbers."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.store import code_of, connected, explained, require_file, require_schema

_PERSONAL = "person"
_SHOWN = ("", "id", "sex")  # of persons: their existence, and what members are counted by
_STEPS = 50_000  # of SQLite's virtual machine between checks of the time
_CACHE = "PRAGMA cache_size = -10000"


@contextmanager
def viewed(path: Path, seconds: float) -> Iterator[sqlite3.Connection]:
    """Open a ledger read-only, as of one moment.

    SQLite itself returns NULL for names, birth dates and numbers of persons, whatever the query.

    Raises:
        LedgerError: it cannot be read.
        RefusedError: the reading takes longer than so many seconds.
    """
    end = time.monotonic() + seconds
    require_file(path)
    with explained(path), closing(connected(path, "mode=ro")) as db:
        db.execute(_CACHE)
        db.set_authorizer(_without_persons)
        db.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        db.execute("BEGIN")
        require_schema(db, path)
        try:
            yield db
        except sqlite3.OperationalError as error:
            if code_of(error) != sqlite3.SQLITE_INTERRUPT:
                raise
            raise RefusedError(
                _("The answer takes longer than {seconds} seconds.").format(seconds=round(seconds)),
                instead=_("Narrow it down, for example to one unit or a shorter period."),
            ) from error
        finally:
            db.set_progress_handler(None, 0)
            if db.in_transaction:
                db.rollback()


def _without_persons(action: int, table: str | None, column: str | None, _schema: str | None, _by: str | None) -> int:
    if action == sqlite3.SQLITE_ATTACH:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_READ and (table or "").lower() == _PERSONAL and (column or "").lower() not in _SHOWN:
        return sqlite3.SQLITE_IGNORE
    return sqlite3.SQLITE_OK
