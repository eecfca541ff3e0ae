"""What stays the same at the head and foot of an office's documents: kept as a setting, its history with it."""

import json
import sqlite3

from ucli.ledger.operations import Operation

_SETTING = "letterhead"


def keep(op: Operation, said: dict[str, str]) -> dict[str, str]:
    """Keep what is said in place of what was said of the same before; return all that is kept."""
    there = kept(op.db)
    if there != (now := {**there, **said}):
        op.end("setting", name=_SETTING)
        op.add("setting", name=_SETTING, value=json.dumps(now, ensure_ascii=False))
    return now


def kept(db: sqlite3.Connection) -> dict[str, str]:
    """Return what is kept, by `place`, `signer`, `signer_title` and `recipients`, these parted by semicolons."""
    row = db.execute("SELECT value FROM setting WHERE name = ?", (_SETTING,)).fetchone()
    found: dict[str, str] = json.loads(row["value"]) if row else {}
    return found
