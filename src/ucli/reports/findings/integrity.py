"""The file itself: references that lead nowhere, damage, and reports handed in that are not what they were."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256

from ucli.language import _
from ucli.reports.findings import DAMAGE, FOREIGN_KEY, SUBMISSION, Finding
from ucli.tallies.shifts import LIVE


def integrity(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield what is wrong with the file."""
    for row in db.execute("SELECT * FROM pragma_foreign_key_check"):
        what = _("A row of {table} names a row of {other} that is not there.").format(
            table=row["table"], other=row["parent"]
        )
        yield Finding(FOREIGN_KEY, f"{row['table']}-{row['rowid'] or 0}", what)
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
