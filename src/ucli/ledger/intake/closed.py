"""Rows of a table that fall into closed windows: they are wrong rows like others, and do not stop the right ones."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ucli.ledger.closing import closed_windows, written_into
from ucli.ledger.intake.rows import Outcome, Row
from ucli.ledger.operations import Operation
from ucli.ledger.rules import Finding, refusal

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
        self._closed = bool(closed_windows(op.db, before=op.number))
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
        found: defaultdict[_Spot, list[Finding]] = defaultdict(list)
        for it in written_into(db, number):
            place = int(str(it.unit if self._kind == "unions" else it.row)) - self._first
            if 0 <= place < len(outcome.lines):
                found[outcome.lines[place], outcome.indicators[place] if outcome.indicators else ""].append(it)
        if not found:
            return False
        for spot, findings in found.items():
            refused = refusal(db, number, findings)
            self._why[spot] = f"{refused.what} {refused.instead}"
        db.execute("ROLLBACK TO whole_table")
        self._op.rows = self._rows_before
        return True

    def are_all_wrong_ones(self, outcome: Outcome) -> bool:
        """Tell whether nothing else is wrong with a table."""
        why = tuple(set(self._why.values()))
        return all(fault.what.endswith(why) for fault in outcome.faults)


def _marked(rows: Iterable[Row], why: Mapping[_Spot, str]) -> Iterator[Row]:
    for row in rows:
        told = why.get((row.line, row.values.get("indicator", "")))
        yield row._replace(fault=row.fault or told) if told else row
