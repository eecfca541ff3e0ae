"""Why a ledger cannot be used: another command, the system, or damage. Loaded only after an error.

A ledger is called damaged only if its integrity check fails, for restoring a backup loses what came after.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from ucli.errors import LedgerError
from ucli.i18n import _
from ucli.ledger.files import free_space, is_there
from ucli.ledger.rules.file import unsealed, unsound
from ucli.ledger.schema import schema_mismatches
from ucli.ledger.store import DamagedError, code_of, connected

# SQLite's primary result codes.
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
_NOT_ALLOWED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_REFUSED = (*_NOT_ALLOWED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS)
_UNREADABLE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

# Room for some pages of its log.
_LEAST_ROOM = 100_000


def explanation_of(path: Path, error: Exception) -> LedgerError | None:
    """Return the error that describes the state of a ledger's file; None if it is sound, so that ucli has a bug."""
    code = code_of(error)
    if code in _BUSY:
        return LedgerError(
            _("The ledger {path} is being written by another command.").format(path=path),
            why=f"SQLite: {error}",
            instead=_("Try again when it is done."),
        )
    if code in _REFUSED:
        return _refused(path, error)
    # Anything else may come from damaged bytes.
    damage = None
    try:
        if is_there(path):  # while it is being created it is no ledger yet
            with closing(connected(path)) as db:
                damage = unsound(db) or (None if code else unsealed(db))
                if not damage and isinstance(error, sqlite3.OperationalError):
                    gone = any(kind == "table" and not put_in for kind, _name, put_in in schema_mismatches(db))
                    damage = f"SQLite: {error}" if gone else None
    except (sqlite3.Error, ValueError) as found:
        if code_of(found) in (*_BUSY, *_REFUSED):
            return explanation_of(path, found)
        damage = f"SQLite: {found}"
    if damage:
        return DamagedError(_("The ledger {path} is damaged.").format(path=path), damage)
    return _refused(path, error) if code in _UNREADABLE else None


def _refused(path: Path, error: Exception) -> LedgerError:
    """Return an error for what the system refuses; SQLite seldom says why."""
    why, free = f"SQLite: {error}", free_space(path)
    if code_of(error) == sqlite3.SQLITE_FULL or (free is not None and free < _LEAST_ROOM):
        what = _("There is no room left for the ledger {path}; nothing was written.")
        return LedgerError(what.format(path=path), why=why, instead=_("Free some space and try again."))
    if code_of(error) in _NOT_ALLOWED:
        return LedgerError(
            _("The ledger {path} cannot be written.").format(path=path),
            why=why,
            instead=_(
                "Check the rights of the file, of -wal and -shm beside it and of its folder,"
                " or choose another with --db PATH."
            ),
        )
    return LedgerError(
        _("The ledger {path} could not be read or written.").format(path=path),
        why=why,
        instead=_("Check the disk, its quota and the limits of your account, then try again."),
    )
