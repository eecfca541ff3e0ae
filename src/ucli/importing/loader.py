"""The loader: rows of a table go the way of the command that records one, all of them in one operation.

What is in the ledger already, and what may not be written, is for the verbs, which take these rows and those of
commands alike; here it is told by line.
"""

from array import array
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from operator import attrgetter
from typing import Any, NamedTuple

from ucli.errors import RejectedError, UcliError
from ucli.i18n import _
from ucli.importing.cells import Reader, Row, Values
from ucli.ledger import members, payouts, units
from ucli.ledger.closing import closed_windows, written_into
from ucli.ledger.figures import state
from ucli.ledger.operations import Operation
from ucli.ledger.rules import Finding, refusal
from ucli.ledger.targets import set_targets
from ucli.ledger.unions import found
from ucli.ledger.verbs import EarlierRowError, Result, RowStatus
from ucli.values.members import masked
from ucli.values.names import fold

_ROWS_AT_ONCE = 2048
# Of what each row of a table writes one.
_REGISTERS = {"members": "membership", "unions": "unit", "payouts": "payout", "figures": "figure", "targets": "target"}


class Fault(NamedTuple):
    """Why a row cannot be taken; of members without what stands in it, for that is somebody's own."""

    line: int
    what: str


class Absent(NamedTuple):
    """A membership that no row of a roster was found to be; the ID number as lists show it."""

    number: int
    name: str
    id_number: str | None
    union: str


@dataclass(slots=True)
class Outcome:
    """What came of a table."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)
    doubtful: list[Fault] = field(default_factory=list)  # rows that were taken, and may be somebody known
    absent: list[Absent] = field(default_factory=list)  # members of the same unions that no row is
    partly: list[int] = field(default_factory=list)  # lines of a grid of which some cells were taken and some not
    numbers: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # doubts about persons


class _Places:
    """Where in the table the row is that wrote a row of a register, or was found to be it, by its number."""

    def __init__(self, first: int) -> None:
        self.first = first
        self._new = array("q")  # the places of rows, from the first new number on
        self.met: dict[int, int] = {}  # rows that were there before

    def note(self, number: int, place: int) -> None:
        at = number - self.first
        if at < 0:
            self.met.setdefault(number, place)
            return
        self._new.extend([-1] * (at + 1 - len(self._new)))
        self._new[at] = place

    def get(self, number: int) -> int | None:
        """Return the place of the row; of one that was written along with another, as where a union ended, its."""
        at = number - self.first
        if at < 0:
            return self.met.get(number)
        at = min(at, len(self._new) - 1)
        while at >= 0 and self._new[at] < 0:
            at -= 1
        return self._new[at] if at >= 0 else None


class _Table:
    """A table on its way into the ledger.

    Args:
        op: the operation.
        kind: what the rows are.
        confirmed: whether what is doubtful is meant.
        refused: why some rows cannot be taken, by their place in the table.

    """

    def __init__(self, op: Operation, kind: str, *, confirmed: bool, refused: Mapping[int, str]) -> None:
        self.outcome = Outcome()
        self._db = op.db
        self._kind = kind
        self._confirmed = confirmed
        self._refused = refused
        self._reader = Reader(op, kind, confirmed=confirmed)
        self._lines = array("q")  # of the rows, by their place in the table
        self.places = _Places(op.next_id(_REGISTERS[kind]))
        self._pending: deque[tuple[int, Row, Any]] = deque()  # rows that the verb writes next
        self._wrong: defaultdict[Fault, list[str]] = defaultdict(list)  # and the indicators that it is said of
        self._left_out: list[Values] = []
        self._grid_lines: set[int] = set()  # of which something was taken

    def take(self, rows: Iterable[Row], verb: Callable[[Iterable[Any]], Iterator[Result]]) -> None:
        """Read rows and let a verb write them; it yields what came of each in their order."""
        outcome = self.outcome
        for result in verb(self._values(rows)):
            place, row, value = self._pending.popleft()
            if isinstance(result, EarlierRowError):
                self._leave_out(row, [RejectedError(result.what.format(line=self._line_of(result.number)))])
            elif isinstance(result, UcliError):
                self._leave_out(row, [result])
            else:
                self.places.note(result.number, place)
                self._count(result.status, row, value)
                outcome.doubtful += [Fault(row.line, doubt) for doubt in result.doubts]
        # What is wrong with one cell of a grid is said with its indicator, what is wrong with all of a line without.
        outcome.faults = sorted(
            (
                Fault(line, f"{of[0][:60]}: {what}" if of[0] and len(of) == 1 else what)
                for (line, what), of in self._wrong.items()
            ),
            key=attrgetter("line"),
        )
        outcome.partly = sorted(self._grid_lines & {fault.line for fault in outcome.faults})
        known = {"members": self._members_known, "payouts": self._payouts_known}.get(self._kind)
        outcome.doubtful = sorted([*outcome.doubtful, *(known() if known else ())])

    def absent(self) -> list[Absent]:
        """Return the members of the unions in the table that no row is, nor one that was left out may be."""
        unions = {unit.id: unit.name for unit in self._reader.unions.values()}
        named, numbers = set(), set()
        for values in self._left_out:
            union = self._reader.unions.get(values.get("union", ""))
            named.add((fold(values.get("name", "")), union and union.id))
            numbers |= {_digits(values.get(it)) for it in ("id_number", "card")}
        return [
            Absent(it["id"], it["name"], masked(it["id_number"]), unions[it["union_unit"]])
            for it in members.absent(self._db, unions, self.places.first)
            if self.places.get(it["id"]) is None
            and not named & {(it["folded"], it["union_unit"]), (it["folded"], None)}
            and not (numbers & {_digits(it["id_number"]), _digits(it["card"])}) - {""}
        ]

    def _values(self, rows: Iterable[Row]) -> Iterator[Any]:
        """Yield what right rows say."""
        rest = iter(rows)
        while chunk := list(islice(rest, _ROWS_AT_ONCE)):
            first = len(self._lines)
            self._lines.extend(row.line for row in chunk)
            if self._refused:
                chunk = [
                    row._replace(fault=row.fault or self._refused.get(first + n, "")) for n, row in enumerate(chunk)
                ]
            for place, row, (value, errors) in zip(count(first), chunk, self._reader.read_all(chunk)):
                if errors:
                    self._leave_out(row, errors)
                else:
                    self._pending.append((place, row, value))
                    yield value

    def _leave_out(self, row: Row, errors: Iterable[UcliError]) -> None:
        for it in errors:
            fault = Fault(row.line, f"{it.what} {it.why}" if it.why else it.what)
            self._wrong[fault].append(row.values.get("indicator", ""))
        if self._kind == "members":
            self._left_out.append(row.values)

    def _count(self, status: RowStatus, row: Row, value: Any) -> None:
        outcome = self.outcome
        if status is RowStatus.NEW:
            outcome.new += 1
            for doubt in members.doubts_of(value) if self._kind == "members" else ():
                outcome.numbers[doubt].append(row.line)
        elif status is RowStatus.CHANGED:
            outcome.changed += 1
        else:
            outcome.unchanged += 1
        if "indicator" in row.values:
            self._grid_lines.add(row.line)

    def _line_of(self, number: int) -> int:
        """Return the line that wrote a row of the register, or was found to be it; 0 where none did."""
        place = self.places.get(number)
        return 0 if place is None else self._lines[place]

    def _members_known(self) -> Iterator[Fault]:
        """Yield which new members may be known: to their union, or to another one; each once."""
        erased = _("A member of the union admitted on that day was erased; is it the same person?")
        alike = _("The union has a member called alike, with the same birth date or none; is it the same person?")
        one_day = _("Line {line} has that name, union and day too, and no birth date; is it the same person?")
        first = self.places.first
        for number in members.may_be_erased(self._db, first):
            yield Fault(self._line_of(number), erased)
        for it in members.namesakes(self._db, first):
            line, other = self._line_of(it.number), self._line_of(it.other)
            if not other:
                yield Fault(line, alike)
            elif it.is_of_one_day:
                yield Fault(max(line, other), one_day.format(line=min(line, other)))
        yield from self._twins()

    def _twins(self) -> Iterator[Fault]:
        numbers = _("The union has a member of that name and birth date with other numbers.")
        above = _("Same name and birth date as line {line}, in another union; the same person?")
        there = _("Same name and birth date as a member of {union}, another number or none; the same person?")
        elsewhere: set[int] = set()
        first = self.places.first
        for twin in members.twins(self._db, first):
            line = self._line_of(twin.other)
            if twin.is_of_one_union:
                if twin.is_another:
                    yield Fault(line, numbers)
            elif twin.one >= first:
                # Who meets somebody else is written behind those who do not.
                one, line = sorted((line, self._line_of(twin.one)))
                if line not in elsewhere:
                    yield Fault(line, above.format(line=one))
                elsewhere.add(line)
            elif line not in elsewhere:
                yield Fault(line, there.format(union=units.get_ever(self._db, twin.one_union)))
                elsewhere.add(line)

    def _payouts_known(self) -> Iterator[Fault]:
        """Yield which payouts may correct an older one, or were typed before."""
        correction = _(
            "Payout {number} of operation {operation} has the same day, programme and recipient, and is in no"
            " row; if this row corrects it: ucli void-payout {number}."
        )
        above = _("Line {line} has the same day, programme, amount and number of recipients; is it the same payout?")
        there = _(
            "Payout {number} of {unit} has the same day, programme, amount and number of recipients; is it the same"
            " payout?"
        )
        first = self.places.first
        for number, older, operation in payouts.corrections(self._db, first, self.places.met):
            yield Fault(self._line_of(number), correction.format(number=older, operation=operation))
        for it in payouts.repeats(self._db, first):
            told = above.format(line=self._line_of(it.earlier))
            if it.earlier < first:
                told = there.format(number=it.earlier, unit=units.get_ever(self._db, it.earlier_unit))
            yield Fault(self._line_of(it.number), told)


def _digits(number: str | None) -> str:
    """Return a number without the zeros in front, which spreadsheets cut off."""
    return "".join((number or "").split()).lstrip("0")


def load(
    op: Operation, kind: str, read: Callable[[], Iterable[Row]], *, confirmed: bool, roster: bool
) -> tuple[Outcome, bool]:
    """Load a table; rows that fall into closed windows are wrong ones, and do not stop the right ones.

    Args:
        op: the operation; where there are faults, the caller may let it come to nothing.
        kind: members, unions, payouts, figures or targets.
        read: reads the table, from its beginning each time.
        confirmed: whether what is doubtful of a row is meant.
        roster: whether it is asked which members are in the ledger and not in the table.

    Returns:
        What came of it, and whether all that is wrong falls into closed windows.

    """
    is_any_closed = bool(closed_windows(op.db, before=op.number))
    refused: dict[int, str] = {}  # why, by the place of the row
    before = op.rows
    op.db.execute("SAVEPOINT whole_table")
    verbs: dict[str, Callable[[Iterable[Any]], Iterator[Result]]] = {
        "members": partial(members.admit, op, again=True, confirmed=confirmed),
        "unions": partial(found, op, again=True, confirmed=confirmed),
        "payouts": partial(payouts.pay, op, again=True),
        "figures": partial(state, op, replace=True),
        "targets": partial(set_targets, op),
    }
    while True:
        table = _Table(op, kind, confirmed=confirmed, refused=refused)
        table.take(read(), verbs[kind])
        into_closed = _into_closed(op, kind, table.places) if is_any_closed else {}
        if not into_closed:
            break
        # Written again without them.
        refused |= into_closed
        op.db.execute("ROLLBACK TO whole_table")
        op.rows = before
    op.db.execute("RELEASE whole_table")
    outcome = table.outcome
    if roster:
        outcome.absent = table.absent()
    return outcome, all(fault.what.endswith(tuple(refused.values())) for fault in outcome.faults)


def _into_closed(op: Operation, kind: str, places: _Places) -> dict[int, str]:
    """Return which rows changed facts inside closed windows, by their places, with the way to reopen them."""
    found: defaultdict[int, list[Finding]] = defaultdict(list)
    for it in written_into(op.db, op.number):
        place = places.get(int(str(it.unit if kind == "unions" else it.row)))
        if place is not None:
            found[place].append(it)
    refusals = {place: refusal(op.db, op.number, findings) for place, findings in found.items()}
    return {place: f"{it.what} {it.instead}" for place, it in refusals.items()}
