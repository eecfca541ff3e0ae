"""The schema as this release makes it, held against the one in a ledger: what another program put in or changed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ucli.ledger.operations import LIVE, VERSIONED

# The migrations that made it; named here too, so that reading a ledger loads no sqlite-utils.
STEPS = ("m001_schema",)

# A table that sqlite-utils keeps, with its index, and may define otherwise in another release: its rows are looked at.
_STEPS_TAKEN = "_sqlite_migrations"

Schema = dict[tuple[str, str], str]  # by kind and name, how it is made; "" for what SQLite makes by itself


class Astray(NamedTuple):
    """Something in a ledger's schema that is not as this release makes it."""

    kind: str  # table, index, trigger, view; step: one of those that made the schema
    name: str
    is_foreign: bool  # else it is missing, or was changed


def lay(db: sqlite3.Connection) -> None:
    """Make the schema, inside the transaction that is open, and let undo find the rows of each operation."""
    for statement in Path(__file__).with_name("schema.sql").read_text(encoding="utf-8").split(";\n"):
        db.execute(statement)
    for table in VERSIONED:
        db.execute(f"CREATE INDEX {table}_from_op ON {table} (from_op)")
        db.execute(f"CREATE INDEX {table}_to_op ON {table} (to_op) WHERE to_op < {LIVE}")


def schema_astray(db: sqlite3.Connection) -> Iterator[Astray]:
    """Yield what in a ledger's schema was put in, changed or taken out by another program."""
    there, ours = _schema_in(db), _schema_made()
    for kind, name in sorted(there.keys() | ours.keys()):
        if there.get((kind, name)) != ours.get((kind, name)):
            yield Astray(kind, name, (kind, name) not in ours)
    taken = {name for (name,) in db.execute(f"SELECT name FROM {_STEPS_TAKEN} WHERE migration_set = 'ucli'")}
    for name in sorted(map(str, taken ^ set(STEPS))):
        yield Astray("step", name, name not in STEPS)


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
