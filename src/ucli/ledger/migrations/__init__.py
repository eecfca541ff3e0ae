"""The schema, as an ordered list of steps; a step is never edited once released.

How rows live: a row counts from the operation that wrote it (`from_op`) until the one that ended or
replaced it (`to_op`, `LIVE` while none did). What the ledger said after operation K is therefore
`from_op <= K AND to_op > K`, for today as for any day past, and nothing is ever deleted. A row that undo or redo
writes again keeps the operation it first came from (`origin_op`).
A column added to such a table is empty in the rows that are there: what operations wrote is sealed (`chain`).
A unit, an indicator and a programme keep a number through all their versions (tables `unit`,
`indicator`, `programme`); what is known of them stands in the versioned tables beside.
"""

import sqlite3
from types import ModuleType

from ucli.ledger.migrations import m001, m002, m003, m004, m005, m006
from ucli.ledger.migrations.rows import LIVE

# By the name it has in a ledger; each is a script, and the tables it makes whose rows live between operations.
STEPS = {
    "m001_first_schema": m001,
    "m002_succession_terms_transfers": m002,
    "m003_tallies": m003,
    "m004_closings_findings_chain": m004,
    "m005_leavings_seals": m005,
    "m006_seals_erasing": m006,
}


def lay(db: sqlite3.Connection, step: ModuleType) -> None:
    """Run a step statement by statement, inside the transaction that is open, and let undo find its tables' rows."""
    for statement in step.SCRIPT.split(";\n"):
        if statement.strip():
            db.execute(statement)
    for table in step.VERSIONED:
        db.execute(f"CREATE INDEX {table}_from_op ON {table} (from_op)")
        db.execute(f"CREATE INDEX {table}_to_op ON {table} (to_op) WHERE to_op < {LIVE}")
