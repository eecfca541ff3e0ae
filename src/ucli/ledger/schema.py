"""The schema: created from its script, and compared with a ledger's to find what another program changed."""

import sqlite3
from contextlib import closing
from pathlib import Path
from secrets import token_hex

from ucli.catalogue import rows_of
from ucli.ledger.chain import seal
from ucli.ledger.operations import NUMBERED, VERSIONED, Operation

# The table in which sqlite-utils keeps the applied migrations; the schema's number (`store`) says the same.
_STEPS_TAKEN = "_sqlite_migrations"

# Large tables, or with large histories; others are scanned.
_LONG = ("unit_name", "unit_life", "ancestry", "succession", "membership", "payout", "figure", "target", "received")
# Further columns by which their history is looked up, besides the keys.
_PAST_BY = (
    *(("ancestry", "ancestor"), ("membership", "union_unit"), ("membership", "person")),
    *(("payout", "unit"), ("payout", "person"), ("figure", "unit"), ("target", "unit")),
)


def create(db: sqlite3.Connection) -> None:
    """Create the schema and the shipped catalogue, within the open transaction."""
    # Importing it costs more than the rest of a command.
    from sqlite_utils import Database, Migrations  # noqa: PLC0415

    migrations = Migrations("ucli")

    @migrations(name="m001_schema")
    def first(made: Database) -> None:
        lay(made.conn)
        _load_catalogue(made.conn)

    migrations.apply(Database(db, execute_plugins=False))


def lay(db: sqlite3.Connection) -> None:
    """Run the script, and create the history of each table."""
    for statement in _statements("schema.sql"):
        db.execute(statement)
    for table, key in VERSIONED.items():
        columns = (f'"{name}" {kind}' for _number, name, kind, *_rest in db.execute(f"PRAGMA table_info({table})"))
        db.execute(
            f"CREATE TABLE {table}_history ({', '.join(columns)}, ended_by INTEGER,"
            f" PRIMARY KEY ({', '.join(key)}, ended_by)) STRICT, WITHOUT ROWID"
        )
    # The rows that an operation wrote and ended are looked up at its end, by undo and by the log: never by a scan.
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
    """Write the shipped indicators, cross-checks and programmes, as operation 0."""
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
    # A copy of the ledger has the same id; the chain of the log tells where the two diverge.
    op.add("setting", name="ledger", value=token_hex(16))
    for row in rows_of("checks"):
        op.add("cross_check", **{it: row[it] for it in ("code", "expression", "if_missing")})
    op.keep_tables()
    seal(db, op.number)


def schema_mismatches(db: sqlite3.Connection) -> list[tuple[str, str, bool]]:
    """Return how a ledger's schema differs from this release's.

    For each difference its kind (table, index, trigger, view), name, and whether it was added, else it is missing or
    changed.
    """
    with closing(sqlite3.connect(":memory:")) as made:
        lay(made)
        ours, there = _made_of(made), _made_of(db)
    return [(*it, it not in ours) for it in sorted(there.keys() | ours.keys()) if there.get(it) != ours.get(it)]


def _made_of(db: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return the SQL of all objects by kind and name, without those of SQLite and sqlite-utils."""
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {
        (str(kind), str(name)): " ".join(str(made or "").split())
        for kind, name, table, made in rows
        if not (kind in ("table", "index") and (table == _STEPS_TAKEN or str(table).startswith("sqlite_")))
    }
