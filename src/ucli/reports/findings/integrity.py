"""The file itself: references that lead nowhere, damage, and reports handed in that are not what they were."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256

from ucli.language import _
from ucli.reports.findings import DAMAGE, FOREIGN_KEY, SUBMISSION, Finding
from ucli.tallies.shifts import LIVE
from ucli.tallies.wholes import parts_missing


def integrity(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what is wrong with the file."""
    yield from _leading_nowhere(db)
    for whole, number, part in parts_missing(db):
        what = _("{table} {number} has no row in {other}.").format(table=whole, number=number, other=part)
        yield Finding(FOREIGN_KEY, f"{whole}-{number}", what)
    for number, (line,) in enumerate(db.execute("SELECT * FROM pragma_integrity_check")):
        if line != "ok":
            yield Finding(DAMAGE, str(number), _("SQLite says of the file: {line}").format(line=line))
    for row in db.execute(
        "SELECT c.id, c.unit, c.period, c.json_sha256, c.plain_sha256, s.json, s.plain FROM closing c"
        f" JOIN submission s ON s.id = c.submission WHERE c.to_op = {LIVE}"
    ):
        if any(sha256(row[it].encode()).hexdigest() != row[f"{it}_sha256"] for it in ("json", "plain")):
            what = _("What was handed in for {period} is not what was kept then.").format(period=row["period"])
            yield Finding(SUBMISSION, str(row["id"]), what, row["unit"])


def _leading_nowhere(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the rows that name a row which is not there, each by its key; most tables have no other number."""
    broken = {(row["table"], row["fkid"]) for row in db.execute("SELECT * FROM pragma_foreign_key_check")}
    for table, foreign in sorted(broken):
        other, column, named = db.execute(
            'SELECT "table", "from", "to" FROM pragma_foreign_key_list(?) WHERE id = ?', (table, foreign)
        ).fetchone()
        keys = db.execute("SELECT name FROM pragma_table_info(?) WHERE pk AND name <> 'to_op' ORDER BY pk", (table,))
        key = " || '-' || ".join(f'"{name}"' for (name,) in keys)
        nowhere = f'"{column}" NOT IN (SELECT "{named}" FROM {other})'
        for ref, number in db.execute(f'SELECT DISTINCT {key}, "{column}" FROM {table} WHERE {nowhere}'):
            what = _("{table} {ref} names {other} {number}, which is not there.").format(
                table=table, ref=ref, other=other, number=number
            )
            yield Finding(FOREIGN_KEY, f"{table}-{ref}", what)
