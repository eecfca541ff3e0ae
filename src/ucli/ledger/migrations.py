"""The migrations of the schema, an ordered list from the first release on, and the catalogue that ucli ships."""

import csv
import sqlite3
from importlib.resources import files

from sqlite_utils import Database, Migrations

from ucli.ledger.chain import seal
from ucli.ledger.operations import Operation
from ucli.ledger.schema import lay

migrations = Migrations("ucli")


def create(db: sqlite3.Connection) -> None:
    """Make the schema, inside the transaction that is open."""
    migrations.apply(Database(db, execute_plugins=False))


@migrations()
def m001_schema(db: Database) -> None:
    lay(db.conn)
    _load_catalogue(db.conn)


def _load_catalogue(db: sqlite3.Connection) -> None:
    """Write the indicators and programmes that this release ships, as operation 0."""
    db.execute(
        "INSERT INTO operation (number, at, actor, host, command, summary)"
        " VALUES (0, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ucli', '', 'init', 'catalogue')"
    )
    op = Operation(db, 0)
    for row in _rows_of("indicators.csv"):
        texts = ("code", "alias", "name_vi", "name_en", "measure", "kind", "direction", "counts")
        op.add(
            "indicator_entry",
            indicator=db.execute("INSERT INTO indicator DEFAULT VALUES").lastrowid,
            **{column: row[column] for column in texts},
            may_exceed=int(row["may_exceed"] or 0),
            is_state=int(row["is_state"] or 0),
        )
    for row in _rows_of("programmes.csv"):
        number = db.execute("INSERT INTO programme DEFAULT VALUES").lastrowid
        op.add("programme_entry", programme=number, **{it: row[it] for it in ("code", "name_vi", "name_en")})
    seal(db, op.number)


def _rows_of(name: str) -> list[dict[str, str]]:
    text = (files("ucli.catalogue") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
