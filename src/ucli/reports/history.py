"""What was done to the ledger, operation by operation."""

import sqlite3

from ucli.reports.listings import Listing


def operations(db: sqlite3.Connection) -> Listing:
    """Return what was done, the latest first."""
    rows = db.execute(
        "SELECT number, at, actor, host, command, summary, note, reverses FROM operation"
        " WHERE number > 0 ORDER BY number DESC"
    ).fetchall()
    reversed_by = {row["reverses"]: row["number"] for row in rows if row["reverses"]}

    def undone(number: int) -> bool:
        reversals = 0
        while number in reversed_by:
            number, reversals = reversed_by[number], reversals + 1
        return reversals % 2 == 1

    return [
        {
            "operation": row["number"],
            "at": row["at"],
            "actor": f"{row['actor']}@{row['host']}",
            "command": row["command"],
            "summary": row["summary"],
            "note": row["note"],
            "undone": undone(row["number"]),
        }
        for row in rows
    ]
