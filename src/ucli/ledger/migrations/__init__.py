"""The schema, as an ordered list of steps; a step is never edited once released.

How rows live: a row counts from the operation that wrote it (`from_op`) until the one that ended or
replaced it (`to_op`, `LIVE` while none did). What the ledger said after operation K is therefore
`from_op <= K AND to_op > K`, for today as for any day past, and nothing is ever deleted. A row that undo or redo
writes again keeps the operation it first came from (`origin_op`).
A column added to such a table is empty in the rows that are there: what operations wrote is sealed (`chain`).
A unit, an indicator and a programme keep a number through all their versions (tables `unit`,
`indicator`, `programme`); what is known of them stands in the versioned tables beside.
"""

import csv
from collections.abc import Iterable
from importlib.resources import files

from sqlite_utils import Database, Migrations

from ucli.ledger.migrations import m001, m002, m003, m004, m005, m006
from ucli.ledger.migrations.rows import LIVE
from ucli.ledger.sealing import seal_all

migrations = Migrations("ucli")


@migrations()
def m001_first_schema(db: Database) -> None:
    _run(db, m001.SCRIPT, m001.VERSIONED)
    db.execute(
        "INSERT INTO operation VALUES"
        " (0, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ucli', '', 'upgrade', 'catalogue', NULL, NULL)"
    )
    _load_catalogue(db)


@migrations()
def m002_succession_terms_transfers(db: Database) -> None:
    _run(db, m002.SCRIPT, m002.VERSIONED)
    _load_catalogue(db)


@migrations()
def m003_tallies(db: Database) -> None:
    _run(db, m003.SCRIPT, m003.VERSIONED)


@migrations()
def m004_closings_findings_chain(db: Database) -> None:
    _run(db, m004.SCRIPT, m004.VERSIONED)


@migrations()
def m005_leavings_seals(db: Database) -> None:
    _run(db, m005.SCRIPT, ())
    seal_all(db.conn)


@migrations()
def m006_erased_as(db: Database) -> None:
    _run(db, m006.SCRIPT, ())


def _run(db: Database, script: str, tables: Iterable[str]) -> None:
    """Run a script statement by statement, inside the transaction that is open, and let undo find its tables' rows."""
    for statement in script.split(";\n"):
        if statement.strip():
            db.execute(statement)
    for table in tables:
        db.execute(f"CREATE INDEX {table}_from_op ON {table} (from_op)")
        db.execute(f"CREATE INDEX {table}_to_op ON {table} (to_op) WHERE to_op < {LIVE}")


def _load_catalogue(db: Database) -> None:
    """Add the indicators and programmes that this release ships and the ledger has not yet, as operation 0."""
    known = {row["code"] for row in db.query("SELECT code FROM indicator_entry UNION SELECT code FROM programme_entry")}
    for row in _rows_of("indicators.csv"):
        if row["code"] not in known:
            texts = ("code", "alias", "name_vi", "name_en", "measure", "kind", "direction", "counts")
            number = db.execute("INSERT INTO indicator DEFAULT VALUES").lastrowid
            db.execute(
                f"INSERT INTO indicator_entry (indicator, {', '.join(texts)}, may_exceed, from_op, origin_op)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
                [number, *(row[column] for column in texts), int(row["may_exceed"] or 0)],
            )
    for row in _rows_of("programmes.csv"):
        if row["code"] not in known:
            number = db.execute("INSERT INTO programme DEFAULT VALUES").lastrowid
            db.execute(
                "INSERT INTO programme_entry (programme, code, name_vi, name_en, from_op, origin_op)"
                " VALUES (?, ?, ?, ?, 0, 0)",
                [number, row["code"], row["name_vi"], row["name_en"]],
            )


def _rows_of(name: str) -> list[dict[str, str]]:
    text = (files("ucli.catalogue") / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
