"""The schema as this release makes it, held against the one in a ledger: what another program put in or changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ucli.ledger.operations import VERSIONED

# The migrations that made it; named here too, so that reading a ledger loads no sqlite-utils.
STEPS = ("m001_schema",)

# A table that sqlite-utils keeps, with its index, and may define otherwise in another release: its rows are looked at.
_STEPS_TAKEN = "_sqlite_migrations"

# The tables whose rows are many; the others are looked through.
_LONG = ("unit_name", "unit_life", "ancestry", "succession", "membership", "payout", "figure", "target")

# By what their past is looked up, beside their keys.
_PAST_BY = {
    "ancestry": ("ancestor",),
    "membership": ("union_unit", "person"),
    "payout": ("unit", "person"),
    "figure": ("unit",),
    "target": ("unit",),
}

Schema = dict[tuple[str, str], str]  # by kind and name, how it is made; "" for what SQLite makes by itself


class Mismatch(NamedTuple):
    """Something in a ledger's schema that is not as this release makes it."""

    kind: str  # table, index, trigger, view; step: one of those that made the schema
    name: str
    is_foreign: bool  # else it is missing, or was changed


def lay(db: sqlite3.Connection) -> None:
    """Make the schema, inside the transaction that is open: the script, and behind each table its history."""
    for statement in _statements("schema.sql"):
        db.execute(statement)
    for table, key in VERSIONED.items():
        columns = (f'"{name}" {kind}' for _number, name, kind, *_rest in db.execute(f"PRAGMA table_info({table})"))
        db.execute(
            f"CREATE TABLE {table}_history ({', '.join(columns)}, ended_by INTEGER,"
            f" PRIMARY KEY ({', '.join(key)}, ended_by)) STRICT, WITHOUT ROWID"
        )
    # What an operation wrote and ended is looked for at its end, by undo and by the log: not through all of a register.
    for table in _LONG:
        db.execute(f"CREATE INDEX {table}_by_op ON {table} (op)")
        db.execute(f"CREATE INDEX {table}_history_by_op ON {table}_history (op)")
        db.execute(f"CREATE INDEX {table}_history_by_end ON {table}_history (ended_by)")
    for table, looked_up_by in _PAST_BY.items():
        for it in looked_up_by:
            db.execute(f"CREATE INDEX {table}_history_by_{it} ON {table}_history ({it})")
    for statement in _statements("views.sql"):
        db.execute(statement)


def _statements(file: str) -> list[str]:
    return Path(__file__).with_name(file).read_text(encoding="utf-8").split(";\n")


def schema_mismatches(db: sqlite3.Connection) -> Iterator[Mismatch]:
    """Yield what in a ledger's schema was put in, changed or taken out by another program."""
    there, ours = _schema_in(db), _schema_made()
    for kind, name in sorted(there.keys() | ours.keys()):
        if there.get((kind, name)) != ours.get((kind, name)):
            yield Mismatch(kind, name, (kind, name) not in ours)
    taken = {name for (name,) in db.execute(f"SELECT name FROM {_STEPS_TAKEN} WHERE migration_set = 'ucli'")}
    for name in sorted(map(str, taken ^ set(STEPS))):
        yield Mismatch("step", name, name not in STEPS)


def _schema_in(db: sqlite3.Connection) -> Schema:
    """Return what a database is made of, but for what SQLite and sqlite-utils keep for themselves."""
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {
        (str(kind), str(name)): " ".join(str(made or "").split())
        for kind, name, table, made in rows
        if not (kind in ("table", "index") and (table == _STEPS_TAKEN or str(table).startswith("sqlite_")))
    }


def _schema_made() -> Schema:
    with closing(sqlite3.connect(":memory:")) as made:
        lay(made)
        return _schema_in(made)
