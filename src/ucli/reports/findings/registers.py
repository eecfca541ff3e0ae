"""The registers: records out of their unit's life, persons who are there twice. Members are told by their numbers."""

import sqlite3
from collections.abc import Iterator

from ucli.language import _, marked
from ucli.ledger.operations import LIVE
from ucli.reports.findings import NAMESAKES, OUTSIDE_LIFE, SAME_PERSON, Finding

# By table: its unit, the first and the last day of what it records, and what people call a row.
_RECORDED = {
    "membership": (
        "union_unit",
        "r.admitted",
        "r.admitted",
        marked("Member {number} was admitted when this unit was not there yet, or no more."),
    ),
    "payout": (
        "unit",
        "r.day",
        "r.day",
        marked("Payout {number} was made when this unit was not there yet, or no more."),
    ),
    "figure": (
        "unit",
        "r.start_day",
        "r.end_day",
        marked("Figure {number} is for a time when this unit was not there yet, or no more."),
    ),
    "target": (
        "unit",
        "r.start_day",
        "r.end_day",
        marked("Target {number} is for a time when this unit was not there yet, or no more."),
    ),
}


def registers(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what the registers hold that cannot be, or may not be so."""
    for table, (unit, first, last, sentence) in _RECORDED.items():
        for row in db.execute(
            f"SELECT r.id, r.{unit} AS unit FROM {table} r"
            f" LEFT JOIN ancestry l ON l.unit = r.{unit} AND l.depth = 0 AND l.to_op = {LIVE}"
            f" WHERE r.to_op = {LIVE} AND (l.unit IS NULL OR {last} < l.from_day OR {first} >= l.to_day)"
        ):
            yield Finding(OUTSIDE_LIFE, f"{table}-{row['id']}", _(sentence).format(number=row["id"]), row["unit"])
    for row in db.execute(
        "SELECT r.id, r.union_unit AS unit FROM membership r"
        f" JOIN ancestry l ON l.unit = r.union_unit AND l.depth = 0 AND l.to_op = {LIVE}"
        f" WHERE r.to_op = {LIVE} AND r.admitted < l.to_day AND coalesce(r.\"left\", '9999-12-31') > l.to_day"
    ):
        what = _("Member {number} never left this union, which is no more.").format(number=row["id"])
        yield Finding(OUTSIDE_LIFE, f"membership-{row['id']}", what, row["unit"])
    yield from _twice(db)


def _twice(db: sqlite3.Connection) -> Iterator[Finding]:
    spells = f"SELECT person, min(id) AS id FROM membership WHERE to_op = {LIVE} AND person IS NOT NULL GROUP BY person"
    for column, sentence in (
        ("id_number", _("Members {one} and {other} bear the same ID number.")),
        ("card", _("Members {one} and {other} bear the same card number.")),
    ):
        for row in db.execute(
            f"WITH spell AS MATERIALIZED ({spells}) SELECT a.id AS one, b.id AS other"
            f" FROM spell a JOIN person p ON p.id = a.person AND p.{column} IS NOT NULL"
            f" JOIN person q ON q.{column} = p.{column} AND q.id > p.id JOIN spell b ON b.person = q.id"
        ):
            yield Finding(SAME_PERSON, f"{row['one']}-{row['other']}", sentence.format(**row))
    for row in db.execute(
        "SELECT a.id AS one, b.id AS other, a.union_unit AS unit FROM membership a JOIN person p ON p.id = a.person"
        " JOIN person q ON q.folded = p.folded AND q.born = p.born AND q.id > p.id"
        " JOIN membership b ON b.person = q.id AND b.union_unit = a.union_unit"
        f' WHERE a.to_op = {LIVE} AND b.to_op = {LIVE} AND a."left" IS NULL AND b."left" IS NULL'
        " AND coalesce(p.id_number <> q.id_number, 1)"
    ):
        what = _("Members {one} and {other} of one union bear the same name and birth date.").format(**row)
        yield Finding(NAMESAKES, f"{row['one']}-{row['other']}", what, row["unit"])
