"""Settings of the whole ledger; earlier values stay in their history."""

import json
import sqlite3
from typing import TYPE_CHECKING

from ucli.ledger.operations import Operation
from ucli.ledger.verbs import put

if TYPE_CHECKING:
    from ucli.values.schemes import Scheme

_LETTERHEAD, _SCHEME = "letterhead", "scheme"


def keep_letterhead(op: Operation, said: dict[str, str]) -> dict[str, str]:
    """Set parts of the letterhead, and return all of it."""
    now = {**letterhead(op.db), **said}
    put(op, "setting", {"name": _LETTERHEAD}, value=json.dumps(now, ensure_ascii=False))
    return now


def letterhead(db: sqlite3.Connection) -> dict[str, str]:
    """Return the letterhead: `place`, `signer`, `signer_title` and `recipients`, the latter separated by semicolons."""
    found: dict[str, str] = json.loads(_kept(db, _LETTERHEAD) or "{}")
    return found


def keep_scheme(op: Operation, scheme: "Scheme") -> None:
    put(op, "setting", {"name": _SCHEME}, value=f"{scheme.name}\n{scheme.text}")


def last_scheme(db: sqlite3.Connection) -> "Scheme | None":
    from ucli.values.schemes import kept_scheme  # noqa: PLC0415  letterheads do without

    name, _newline, text = (_kept(db, _SCHEME) or "").partition("\n")
    return kept_scheme(name, text) if name else None


def own_number(db: sqlite3.Connection) -> str:
    """Return the random id of this ledger."""
    return _kept(db, "ledger") or ""


def _kept(db: sqlite3.Connection, name: str) -> str | None:
    row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return row["value"] if row else None
