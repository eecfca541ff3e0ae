"""The registers: records out of their unit's life, persons who are there twice. Members are told by their numbers."""

import sqlite3
from collections.abc import Iterator

from ucli.i18n import _, marked
from ucli.ledger.members import twins
from ucli.ledger.payouts import repeats
from ucli.reports.findings import NAMESAKES, OUTSIDE_LIFE, PAYOUT_TWICE, SAME_PERSON, Finding

# By table: its unit, the first and the last day of what it records, and what people call a row.
_RECORDED = {
    "membership": (
        "union_unit",
        "r.admitted",
        "r.admitted",
        marked("Member {number} was admitted when this unit had not been founded yet, or was closed."),
    ),
    "payout": (
        "unit",
        "r.day",
        "r.day",
        marked("Payout {number} was made when this unit had not been founded yet, or was closed."),
    ),
    "figure": (
        "unit",
        "r.start_day",
        "r.end_day",
        marked("Figure {number} is for a time when this unit had not been founded yet, or was closed."),
    ),
    "target": (
        "unit",
        "r.start_day",
        "r.end_day",
        marked("Target {number} is for a time when this unit had not been founded yet, or was closed."),
    ),
}


def registers(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what the registers hold that cannot be, or may not be so."""
    for table, (unit, first, last, sentence) in _RECORDED.items():
        for row in db.execute(
            f"SELECT r.id, r.{unit} AS unit FROM {table} r"
            f" LEFT JOIN ancestry l ON l.unit = r.{unit} AND l.depth = 0"
            f" WHERE (l.unit IS NULL OR {last} < l.from_day OR {first} >= l.to_day)"
        ):
            yield Finding(OUTSIDE_LIFE, f"{table}-{row['id']}", _(sentence).format(number=row["id"]), row["unit"])
    for row in db.execute(
        "SELECT r.id, r.union_unit AS unit FROM membership r"
        " JOIN ancestry l ON l.unit = r.union_unit AND l.depth = 0"
        " WHERE r.admitted < l.to_day AND coalesce(r.\"left\", '9999-12-31') > l.to_day"
    ):
        what = _("Member {number} never left this union, which was closed.").format(number=row["id"])
        yield Finding(OUTSIDE_LIFE, f"membership-{row['id']}", what, row["unit"])
    yield from _twice(db)
    for it in repeats(db):
        what = _("Payouts {one} and {other} have the same day, programme, amount and number of recipients.")
        said = what.format(one=it.earlier, other=it.number)
        yield Finding(PAYOUT_TWICE, f"{it.earlier}-{it.number}", said, it.unit)


def _twice(db: sqlite3.Connection) -> Iterator[Finding]:
    spells = "SELECT person, min(id) AS id FROM membership WHERE person IS NOT NULL GROUP BY person"
    for column, sentence in (
        ("id_number", _("Members {one} and {other} have the same ID number.")),
        ("card", _("Members {one} and {other} have the same card number.")),
    ):
        for row in db.execute(
            f"WITH spell AS MATERIALIZED ({spells}) SELECT a.id AS one, b.id AS other"
            f" FROM spell a JOIN person p ON p.id = a.person AND p.{column} IS NOT NULL"
            f" JOIN person q ON q.{column} = p.{column} AND q.id > p.id JOIN spell b ON b.person = q.id"
        ):
            yield Finding(SAME_PERSON, f"{row['one']}-{row['other']}", sentence.format(**row))
    found: set[frozenset[int]] = set()
    for it in twins(db):
        if frozenset(it.persons) in found or (it.is_told_apart and not it.is_of_one_union):
            continue
        found.add(frozenset(it.persons))
        what = (
            _("Members {one} and {other} of one union have the same name and birth date.")
            if it.is_of_one_union
            else _("Members {one} and {other} of two unions at one time have the same name and birth date.")
        )
        yield Finding(NAMESAKES, f"{it.one}-{it.other}", what.format(one=it.one, other=it.other), it.other_union)
