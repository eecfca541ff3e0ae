"""The file itself: references that lead nowhere, damage, and reports handed in that are not what they were."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256

from ucli.i18n import _
from ucli.ledger.integrity import parts_missing
from ucli.ledger.operations import ever
from ucli.reports.findings import DAMAGE, FOREIGN_KEY, SUBMISSION, Finding


def integrity(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what is wrong with the file."""
    yield from _leading_nowhere(db)
    for whole, number, part in parts_missing(db):
        what = _("Row {number} of the table {table} lacks its row in {other}: a part of the ledger is gone.").format(
            table=whole, number=number, other=part
        )
        yield Finding(FOREIGN_KEY, f"{whole}-{number}", what)
    for number, (line,) in enumerate(db.execute("SELECT * FROM pragma_integrity_check")):
        if line != "ok":
            yield Finding(DAMAGE, str(number), _("The file is damaged; SQLite says: {line}").format(line=line))
    yield from _submitted(db)


def _submitted(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the reports handed in that are not what was kept; those of windows closed anew since can be printed too."""
    for row in db.execute(
        f"SELECT c.id, c.unit, c.period, c.json_sha256, c.plain_sha256, s.json, s.plain FROM {ever('closing')} c"
        " JOIN submission s ON s.id = c.submission GROUP BY c.id, s.id"
    ):
        if any(sha256(row[it].encode()).hexdigest() != row[f"{it}_sha256"] for it in ("json", "plain")):
            what = _(
                "The report kept for {period} when it was handed in was changed outside ucli:"
                " it does not fit its SHA-256 any more."
            ).format(period=row["period"])
            yield Finding(SUBMISSION, str(row["id"]), what, row["unit"])
    for (number,) in db.execute(
        f"SELECT id FROM submission WHERE id NOT IN (SELECT submission FROM {ever('closing')})"
    ):
        what = _("A report handed in (submission {number}) belongs to no closed period; it was added outside ucli.")
        yield Finding(SUBMISSION, f"submission-{number}", what.format(number=number))


def _leading_nowhere(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the rows that name a row which is not there, each by its key; most tables have no other number."""
    broken = {(row["table"], row["fkid"]) for row in db.execute("SELECT * FROM pragma_foreign_key_check")}
    for table, foreign in sorted(broken):
        other, column, named = db.execute(
            'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?) WHERE id = ?', (table, foreign)
        ).fetchone()
        keys = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,))
        key = " || '-' || ".join(f'"{name}"' for (name,) in keys)
        nowhere = f'"{column}" NOT IN (SELECT "{named}" FROM {other})'
        for ref, number in db.execute(f'SELECT DISTINCT {key}, "{column}" FROM {table} WHERE {nowhere}'):
            what = _("Row {ref} of the table {table} names {other} {number}, which is not in the ledger.").format(
                table=table, ref=ref, other=other, number=number
            )
            yield Finding(FOREIGN_KEY, f"{table}-{ref}", what)
