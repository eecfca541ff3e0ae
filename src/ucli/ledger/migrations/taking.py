"""Taking the steps of the schema that a ledger lacks, and the catalogue that a release brings along."""

import csv
from importlib.resources import files

from sqlite_utils import Database, Migrations

from ucli.ledger.migrations import lay, m001, m002, m003, m004, m005, m006
from ucli.ledger.sealing import seal_all

migrations = Migrations("ucli")


@migrations()
def m001_first_schema(db: Database) -> None:
    lay(db.conn, m001)
    db.execute(
        "INSERT INTO operation VALUES"
        " (0, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'ucli', '', 'upgrade', 'catalogue', NULL, NULL)"
    )
    _load_catalogue(db)


@migrations()
def m002_succession_terms_transfers(db: Database) -> None:
    lay(db.conn, m002)
    _load_catalogue(db)


@migrations()
def m003_tallies(db: Database) -> None:
    lay(db.conn, m003)


@migrations()
def m004_closings_findings_chain(db: Database) -> None:
    lay(db.conn, m004)


@migrations()
def m005_leavings_seals(db: Database) -> None:
    lay(db.conn, m005)
    seal_all(db.conn)


@migrations()
def m006_seals_erasing(db: Database) -> None:
    lay(db.conn, m006)


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
