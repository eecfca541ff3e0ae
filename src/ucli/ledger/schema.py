"""The schema: made from its script, and held against what is in a ledger: what another program put in or changed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from secrets import token_hex

from ucli.catalogue import rows_of
from ucli.ledger.chain import seal
from ucli.ledger.operations import NUMBERED, VERSIONED, Operation

# Where sqlite-utils keeps which migrations were taken; the number of the schema (`store`) says the same.
_STEPS_TAKEN = "_sqlite_migrations"

# The tables whose rows are many, or their histories; the others are looked through.
_LONG = ("unit_name", "unit_life", "ancestry", "succession", "membership", "payout", "figure", "target", "received")
# By what their past is looked up, beside their keys.
_PAST_BY = (
    *(("ancestry", "ancestor"), ("membership", "union_unit"), ("membership", "person")),
    *(("payout", "unit"), ("payout", "person"), ("figure", "unit"), ("target", "unit")),
)


def create(db: sqlite3.Connection) -> None:
    """Make the schema, and in it the catalogue that ucli ships, inside the transaction that is open."""
    # It costs more than all the rest of a command.
    from sqlite_utils import Database, Migrations  # noqa: PLC0415

    migrations = Migrations("ucli")

    @migrations(name="m001_schema")
    def first(made: Database) -> None:
        lay(made.conn)
        _load_catalogue(made.conn)

    migrations.apply(Database(db, execute_plugins=False))


def lay(db: sqlite3.Connection) -> None:
    """Carry out the script, and make behind each table its history."""
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
        if table not in NUMBERED:
            db.execute(f"CREATE INDEX {table}_by_op ON {table} (op)")
        db.execute(f"CREATE INDEX {table}_history_by_op ON {table}_history (op)")
        db.execute(f"CREATE INDEX {table}_history_by_end ON {table}_history (ended_by)")
    for table, column in _PAST_BY:
        db.execute(f"CREATE INDEX {table}_history_by_{column} ON {table}_history ({column})")
    for statement in _statements("views.sql"):
        db.execute(statement)


def _statements(file: str) -> list[str]:
    return Path(__file__).with_name(file).read_text(encoding="utf-8").split(";\n")


def _load_catalogue(db: sqlite3.Connection) -> None:
    """Write the indicators, cross-checks and programmes that this release ships, as operation 0."""
    db.execute(
        "INSERT INTO operation (number, at, actor, host, command, summary)"
        " VALUES (0, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ucli', '', 'init', 'catalogue')"
    )
    op = Operation(db, 0)
    for row in rows_of("indicators"):
        texts = ("code", "alias", "name_vi", "name_en", "measure", "kind", "direction", "counts")
        op.add(
            "indicator_entry",
            indicator=op.new_number("indicator"),
            **{column: row[column] for column in texts},
            may_exceed=int(row["may_exceed"] or 0),
            is_state=int(row["is_state"] or 0),
        )
    for row in rows_of("programmes"):
        names = {it: row[it] for it in ("code", "name_vi", "name_en")}
        op.add("programme_entry", programme=op.new_number("programme"), **names)
    # A copy of the ledger has the same number; where the two part, the chain of the log tells.
    op.add("setting", name="ledger", value=token_hex(16))
    for row in rows_of("checks"):
        op.add("cross_check", **{it: row[it] for it in ("code", "expression", "if_missing")})
    op.keep_tables()
    seal(db, op.number)


def schema_mismatches(db: sqlite3.Connection) -> list[tuple[str, str, bool]]:
    """Return what of a ledger's schema is not as this release makes it.

    Its kind (table, index, trigger, view), its name, and whether it was put in: else it is missing, or was changed.
    """
    with closing(sqlite3.connect(":memory:")) as made:
        lay(made)
        ours, there = _made_of(made), _made_of(db)
    return [(*it, it not in ours) for it in sorted(there.keys() | ours.keys()) if there.get(it) != ours.get(it)]


def _made_of(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return by kind and name how all is made, but for what SQLite and sqlite-utils keep for themselves."""
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {
        (str(kind), str(name)): " ".join(str(made or "").split())
        for kind, name, table, made in rows
        if not (kind in ("table", "index") and (table == _STEPS_TAKEN or str(table).startswith("sqlite_")))
    }
