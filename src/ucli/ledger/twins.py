"""One person who was recorded as several: all of them become one, with every membership, payout and award."""

import sqlite3
from collections.abc import Sequence
from itertools import pairwise

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.operations import Operation, values_of
from ucli.ledger.persons import write_persons
from ucli.values.members import TRANSFER
from ucli.values.periods import FOREVER

# What two persons that are one cannot have otherwise; a card is given anew.
_TOLD_APART = ("born", "sex", "id_number")


def merge_persons(op: Operation, persons: Sequence[int], *, transferred: bool) -> int:
    """Write one person for several, the first of whom says how it is called; return the number of the last membership.

    Spells that overlap in one union become one spell. Those that overlap in two unions are refused by the rule on one
    membership at a time or, with `transferred`, become a transfer on the day the later one began.

    Raises:
        RefusedError: they have other birth dates, sexes or ID numbers.

    """
    said = [op.db.execute("SELECT * FROM person WHERE id = ?", (it,)).fetchone() for it in persons]
    columns = ("name", "folded", "born", "sex", "card", "id_number")
    known = {column: [row[column] for row in said if row[column]] for column in columns}
    if any(len(set(known[column])) > 1 for column in _TOLD_APART):
        raise RefusedError(
            _("They are two persons: their birth dates, sexes or ID numbers differ."),
            instead=_("Correct the wrong entry first: void it, and record it again."),
        )
    one = op.next_id("person")
    write_persons(op, [(one, *(next(iter(known[column]), None) for column in columns))])
    for register in ("membership", "payout", "award"):
        for row in _rows_of(op.db, register, persons):
            op.revise(register, row, person=one)
    for spell, later in pairwise(_rows_of(op.db, "membership", [one])):
        if (spell["left"] or FOREVER) <= later["admitted"]:
            continue
        if spell["union_unit"] == later["union_unit"]:
            _join(op, spell, later)
        elif transferred:
            op.revise("membership", spell, left=later["admitted"], left_by=TRANSFER)
            op.revise("membership", later, begun_by=TRANSFER, came_from=spell["id"])
    return int(_rows_of(op.db, "membership", [one])[-1]["id"])


def _join(op: Operation, spell: sqlite3.Row, later: sqlite3.Row) -> None:
    """Write two overlapping spells in one union as one under the later number: from the first day to the last."""
    last = max(spell, later, key=lambda it: it["left"] or FOREVER)
    op.end("membership", id=spell["id"])
    op.end("membership", id=later["id"])
    merged = {**values_of(spell), "id": later["id"], "left": last["left"], "left_by": last["left_by"]}
    op.add("membership", **merged)


def _rows_of(db: sqlite3.Connection, register: str, persons: Sequence[int]) -> list[sqlite3.Row]:
    marks = ", ".join("?" * len(persons))
    order = "admitted, id" if register == "membership" else "id"
    return db.execute(f"SELECT * FROM {register} WHERE person IN ({marks}) ORDER BY {order}", persons).fetchall()
