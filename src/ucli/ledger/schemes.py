"""The scoring scheme that a ledger keeps: as a setting, so that its earlier versions stay in the history."""

import sqlite3

from ucli.ledger.operations import Operation
from ucli.values.schemes import Scheme, kept_scheme

_SETTING = "scheme"


def keep(op: Operation, scheme: Scheme) -> None:
    """Keep a scheme in place of the one before; the same one is not kept again."""
    value = f"{scheme.name}\n{scheme.text}"
    there = op.db.execute("SELECT value FROM setting WHERE name = ?", (_SETTING,)).fetchone()
    if there and there["value"] == value:
        return
    op.end("setting", name=_SETTING)
    op.add("setting", name=_SETTING, value=value)


def last_kept(db: sqlite3.Connection) -> Scheme | None:
    row = db.execute("SELECT value FROM setting WHERE name = ?", (_SETTING,)).fetchone()
    if row is None:
        return None
    name, _newline, text = row["value"].partition("\n")
    return kept_scheme(name, text)
