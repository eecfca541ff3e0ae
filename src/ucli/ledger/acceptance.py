"""Findings that are as they should be: accepted once, with a reason, and named no more as open."""

import sqlite3

from ucli.ledger.operations import Operation

# By code, and reference with the numbers that were accepted, the reason.
Accepted = dict[tuple[str, str], str]


def accepted_findings(db: sqlite3.Connection) -> Accepted:
    """Return the findings that were accepted, with their reasons."""
    rows = db.execute("SELECT code, ref, reason FROM accepted_finding")
    return {(row["code"], row["ref"]): row["reason"] for row in rows}


def accept(op: Operation, code: str, ref: str, reason: str) -> None:
    """Write why a finding is as it should be, as it was found; a new reason takes the place of the old one."""
    if accepted_findings(op.db).get((code, ref)) != reason:
        op.end("accepted_finding", code=code, ref=ref)
        op.add("accepted_finding", code=code, ref=ref, reason=reason)
