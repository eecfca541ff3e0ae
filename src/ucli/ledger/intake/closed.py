"""Rows of a table that fall into closed windows: they are wrong rows like others, and do not stop the right ones."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ucli.ledger.closings import closed_windows
from ucli.ledger.facts import Fact
from ucli.ledger.guard import changed_in, reopening_of, told_of
from ucli.ledger.intake.rows import Outcome, Row
from ucli.ledger.operations import Operation

# What each row of a table of a kind adds one of.
_ADDED = {"members": "membership", "unions": "unit", "payouts": "payout", "figures": "figure", "targets": "target"}

_Spot = tuple[int, str]  # a line, and of a grid the indicator of the cell


class ClosedRows:
    """The rows that fall into closed windows, found once all were taken; the table is then taken anew without them.

    Where no window is closed nothing is asked.

    Args:
        op: the operation, which has taken no row of the table yet.
        kind: of the table.

    """

    def __init__(self, op: Operation, kind: str) -> None:
        self._op = op
        self._kind = kind
        self._why: dict[_Spot, str] = {}
        self._closed = {it.number: it for it in closed_windows(op.db, before=op.number)}
        if self._closed:
            self._first = op.next_id(_ADDED[kind])
            self._rows_before = op.rows
            op.db.execute("SAVEPOINT whole_table")

    def marked(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Return the rows, those that were found with what is wrong with them."""
        return _marked(rows, self._why) if self._why else rows

    def found_in(self, outcome: Outcome) -> bool:
        """Tell whether rows that were taken fall into closed windows; all rows are rolled back then."""
        if not self._closed:
            return False
        db, number = self._op.db, self._op.number
        found: defaultdict[_Spot, set[int]] = defaultdict(set)  # with the windows
        for fact in changed_in(db, self._closed.values(), number):
            place = self._added_by(fact) - self._first
            if 0 <= place < len(outcome.lines):
                found[outcome.lines[place], outcome.indicators[place] if outcome.indicators else ""].add(fact.box)
        if not found:
            return False
        hits = {spot: tuple(sorted(boxes)) for spot, boxes in found.items()}
        told = {}
        for hit in set(hits.values()):
            closed = [self._closed[box] for box in hit]
            told[hit] = f"{told_of(db, closed, number)} {reopening_of(db, closed, number)}"
        self._why |= {spot: told[hit] for spot, hit in hits.items()}
        db.execute("ROLLBACK TO whole_table")
        self._op.rows = self._rows_before
        return True

    def are_all_wrong_ones(self, outcome: Outcome) -> bool:
        """Tell whether nothing else is wrong with a table."""
        why = tuple(set(self._why.values()))
        return all(fault.what.endswith(why) for fault in outcome.faults)

    def _added_by(self, fact: Fact) -> int:
        """Return the number of what the row of a table added that a fact is about."""
        return fact.unit if self._kind == "unions" else int(json.loads(fact.row)[0])


def _marked(rows: Iterable[Row], why: Mapping[_Spot, str]) -> Iterator[Row]:
    for row in rows:
        told = why.get((row.line, row.values.get("indicator", "")))
        yield row._replace(fault=row.fault or told) if told else row
