"""The loader: the rows of a table are written by the verbs that commands use, all in one operation.

The verbs decide what is in the ledger already and what may not be written; the loader reports it by line.
"""

import gc
from array import array
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from typing import Any, NamedTuple

from ucli.errors import UcliError
from ucli.i18n import _
from ucli.importing.cells import InputRow, RowReader, Values
from ucli.importing.columns import HEADING
from ucli.ledger import admissions, payouts, persons, units
from ucli.ledger.figures import state
from ucli.ledger.foundings import found
from ucli.ledger.members import record_departures
from ucli.ledger.operations import Operation
from ucli.ledger.rules import CLOSED_PERIOD, Finding, refusal, violations
from ucli.ledger.targets import set_targets
from ucli.ledger.verbs import ROWS_AT_ONCE, EarlierRowError, Result, RowStatus, attempt
from ucli.values.members import masked
from ucli.values.names import fold, own_name

# Rows form no reference cycles: the garbage collector, which would scan all of them again and again, runs seldom.
_OBJECTS_AT_ONCE = 5_000
# The register that a kind of table writes, where it is not the singular of the kind.
_REGISTERS = {"members": "membership", "departures": "membership", "unions": "unit"}


class Fault(NamedTuple):
    """Why a row cannot be taken; never with what a member's row holds, for that is personal."""

    line: int
    what: str


class Absent(NamedTuple):
    """A membership that no row of a roster matches; the ID number is masked as in lists."""

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
    doubtful: list[Fault] = field(default_factory=list)  # rows that were taken but may repeat a known one
    repeated: list[Fault] = field(default_factory=list)  # rows that repeat an earlier row
    absent: list[Absent] = field(default_factory=list)  # members of the same unions that no row matches
    partly: list[int] = field(default_factory=list)  # lines of a grid with some cells taken and some not
    numbers: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # lines by doubt


class _Places:
    """By the number of a register's row: the index of the table's row that wrote or matched it."""

    def __init__(self, first: int) -> None:
        self.first = first  # number that this operation writes
        self.met: dict[int, int] = {}
        self._written, self._places = array("q"), array("q")  # two arrays take a tenth of a dictionary's memory

    def note(self, number: int, place: int) -> None:
        if number < self.first:
            self.met.setdefault(number, place)
        elif not self._written or number > self._written[-1]:
            self._written.append(number)
            self._places.append(place)

    def get(self, number: int) -> int | None:
        """Return the index of the row; for a row written along with another, as when a union ends, that one's."""
        if number < self.first:
            return self.met.get(number)
        at = bisect_right(self._written, number)
        return self._places[at - 1] if at else None


class _Loading:
    """A table on its way into the ledger; `refused` says, by index, which rows to leave out and why."""

    def __init__(self, op: Operation, kind: str, *, confirmed: bool, roster: bool, refused: Mapping[int, str]) -> None:
        self.outcome = Outcome()
        self._asks_who_is_absent = roster
        self._db = op.db
        self._kind = kind
        self._refused = refused
        self._reader = RowReader(op, kind, confirmed=confirmed)
        self._lines = array("q")  # of the rows, by index
        self.places = _Places(op.next_id(_register(kind)))
        self._pending: deque[tuple[int, InputRow, Any]] = deque()  # rows handed to the verb and not answered yet
        self._wrong: defaultdict[Fault, list[str]] = defaultdict(list)  # each with the indicators it concerns
        self._whats: dict[str, str] = {}
        self._left_out: list[Values] = []
        self._grid_lines: set[int] = set()  # lines of which something was taken

    def take(self, rows: Iterable[InputRow], verb: Callable[[Iterable[Any]], Iterator[Result]]) -> None:
        """Read rows and let a verb write them; it yields one result for each, in their order."""
        outcome, places, pending = self.outcome, self.places, self._pending
        is_roster = self._kind == "members"
        for result in verb(self._values(rows)):
            place, row, value = pending.popleft()
            if isinstance(result, UcliError):
                self._leave_out(row, [result])
                continue
            status, number, doubts = result
            places.note(number, place)
            if doubts:
                outcome.doubtful += [Fault(row.line, doubt) for doubt in doubts]
            if "indicator" in row.values:
                self._grid_lines.add(row.line)
            if status is RowStatus.NEW:
                outcome.new += 1
                for doubt in admissions.doubts_of(value) if is_roster else ():
                    outcome.numbers[doubt].append(row.line)
            elif status is RowStatus.CHANGED:
                outcome.changed += 1
            else:
                outcome.unchanged += 1
                if number >= places.first:  # an earlier row of this table wrote it
                    told = _("Same as line {line}; recorded once.").format(line=self._line_of(number))
                    outcome.repeated.append(Fault(row.line, told))
        # A fault of one cell of a grid is reported with its indicator, a fault of the whole line without.
        for (line, what), of in sorted(self._wrong.items(), key=lambda it: it[0].line):
            outcome.faults.append(Fault(line, f"{of[0][:60]}: {what}" if of[0] and len(of) == 1 else what))
        outcome.partly = sorted(self._grid_lines & {fault.line for fault in outcome.faults})
        known = {"members": self._members_known, "payouts": self._payouts_known}.get(self._kind)
        outcome.doubtful = sorted([*outcome.doubtful, *(known() if known else ())])

    def absent(self) -> list[Absent]:
        """Return the members of the table's unions that no row matches, not even one that was left out."""
        unions = {unit.id: unit.name for unit in self._reader.unions.values() if unit}
        named, numbers = set(), set()
        for values in self._left_out:
            union = self._reader.unions.get(values.get("union", ""))
            named.add((fold(values.get("name", "")), union and union.id))
            numbers |= {_digits(values.get(it)) for it in ("id_number", "card")} - {""}
        return [
            Absent(it["id"], it["name"], masked(it["id_number"]), unions[it["union_unit"]])
            for it in persons.of_unions(self._db, unions, self.places.first)
            if it["id"] not in self.places.met
            and named.isdisjoint({(it["folded"], it["union_unit"]), (it["folded"], None)})
            and numbers.isdisjoint({_digits(it["id_number"]), _digits(it["card"])})
        ]

    def _values(self, rows: Iterable[InputRow]) -> Iterator[Any]:
        """Yield the values of the rows that could be read."""
        rest = iter(rows)
        while chunk := list(islice(rest, ROWS_AT_ONCE)):
            first = len(self._lines)
            self._lines.extend(row.line for row in chunk)
            for place in self._refused.keys() & range(first, first + len(chunk)):
                row = chunk[place - first]
                chunk[place - first] = row._replace(fault=row.fault or self._refused[place])
            for place, row, (value, errors) in zip(count(first), chunk, self._reader.read(chunk)):
                if errors:
                    self._leave_out(row, errors)
                else:
                    self._pending.append((place, row, value))
                    yield value

    def _leave_out(self, row: InputRow, errors: Iterable[UcliError]) -> None:
        for it in errors:
            what = f"{it.what} {it.why}" if it.why else it.what
            if isinstance(it, EarlierRowError):
                what = what.format(line=self._line_of(it.number))
            what = self._whats.setdefault(what, what)  # one string, even if a million rows are wrong for that reason
            self._wrong[Fault(row.line, what)].append(row.values.get(HEADING) or row.values.get("indicator", ""))
        if self._asks_who_is_absent:
            self._left_out.append(row.values)

    def _line_of(self, number: int) -> int:
        """Return the line that wrote or matched a row of the register; 0 where none did."""
        place = self.places.get(number)
        return 0 if place is None else self._lines[place]

    def _members_known(self) -> Iterator[Fault]:
        """Yield which new members may be known already, to their own union or to another."""
        db, first, line_of = self._db, self.places.first, self._line_of
        unnamed = _(
            "The union has members without names, or erased, who joined on that day;"
            " one of them would be counted twice."
        )
        yield from (Fault(line_of(number), unnamed) for number in persons.may_be_unnamed(db, first))
        alike = _("The union has a member of the same name, with the same birth date or none; is it the same person?")
        one_day = _("Line {line} has that name, union and day too, and no birth date; is it the same person?")
        told_of: set[int] = set()
        for number, other, is_of_one_day in persons.namesakes(db, first):
            # The verb writes those who match somebody after the others: numbers do not follow lines.
            one, line = sorted((line_of(other), line_of(number)))
            if line not in told_of and (not one or is_of_one_day):
                told_of.add(line)
                yield Fault(line, one_day.format(line=one) if one else alike)
        other_numbers = _("The union has a member of that name and birth date with other numbers.")
        alike_above = _("Same name, but for tone marks, and birth date as line {line}; is it the same person?")
        above = _("Same name and birth date as line {line}, in another union; the same person?")
        there = _("Same name and birth date as a member of {union}, another number or none; the same person?")
        elsewhere: set[int] = set()
        for twin in persons.twins(db, first):
            one, line = sorted((line_of(twin.one) if twin.one >= first else 0, line_of(twin.other)))
            if twin.is_another:
                yield Fault(line, other_numbers)
            elif twin.is_of_one_union and one and line not in told_of:
                told_of.add(line)
                yield Fault(line, alike_above.format(line=one))
            elif not twin.is_of_one_union and line not in elsewhere:
                elsewhere.add(line)
                union = units.get_ever(db, twin.one_union)
                yield Fault(line, above.format(line=one) if one else there.format(union=union))

    def _payouts_known(self) -> Iterator[Fault]:
        """Yield which payouts may correct or repeat an older one."""
        correction = _(
            "Payout {number} of operation {operation} has the same day, programme and recipient, and is in no"
            " row; if this row corrects it: ucli void-payout {number}."
        )
        above = _("Line {line} has {shared}; is it the same payout?")
        there = _("Payout {number} of {unit} has {shared}; is it the same payout?")
        db, first, line_of = self._db, self.places.first, self._line_of
        for number, older, operation in payouts.corrections(db, first, self.places.met):
            yield Fault(line_of(number), correction.format(number=older, operation=operation))
        for it in payouts.repeats(db, first):
            unit = units.get_ever(db, it.earlier_unit)
            told = above if it.earlier >= first else there
            said = told.format(line=line_of(it.earlier), number=it.earlier, unit=unit, shared=it.shared)
            yield Fault(line_of(it.number), said)


def _digits(number: str | None) -> str:
    """Return a number without leading zeros, which spreadsheets cut off."""
    return "".join((number or "").split()).lstrip("0")


def load(
    op: Operation, kind: str, read: Callable[[], Iterable[InputRow]], *, confirmed: bool, roster: bool
) -> tuple[Outcome, bool]:
    """Load a table; rows that break a rule, such as those in closed windows, are left out and do not stop the others.

    Args:
        op: the operation; if there are faults the caller may roll it back.
        kind: the kind of the table.
        read: reads the table from its beginning, once or several times.
        confirmed: whether doubtful rows are meant.
        roster: whether to look for members who are in the ledger and not in the table.

    Returns:
        The outcome, and whether every fault is a closed window.

    """
    verbs: dict[str, Callable[[Iterable[Any]], Iterator[Result]]] = {
        "members": partial(admissions.admit, op, again=True, confirmed=confirmed),
        "departures": partial(record_departures, op),
        "unions": partial(found, op, again=True, confirmed=confirmed),
        "units": partial(found, op, again=True, confirmed=confirmed),
        "payouts": partial(payouts.pay, op, again=True),
        "figures": partial(state, op, replace=True),
        "targets": partial(set_targets, op),
    }
    refused: dict[int, str] = {}  # by index: why the row is left out
    closed: set[str] = set()  # those of the reasons that are a closed window
    gc.set_threshold(_OBJECTS_AT_ONCE)
    with attempt(op) as take_back:
        while True:
            loading = _Loading(op, kind, confirmed=confirmed, roster=roster, refused=refused)
            loading.take(parents_first(read()) if kind == "units" else read(), verbs[kind])
            broken, of_closed = _broken(op, kind, loading.places)
            if not broken:
                break
            refused |= broken
            closed |= of_closed
            take_back()  # and write everything again without these rows
    outcome = loading.outcome
    outcome.absent = loading.absent() if roster else []
    return outcome, all(fault.what.endswith((*closed,)) for fault in outcome.faults)


def _broken(op: Operation, kind: str, places: _Places) -> tuple[dict[int, str], set[str]]:
    """Return by index why rows break a rule, in the rule's words; and which of these words are of closed windows."""
    findings: defaultdict[int | None, list[Finding]] = defaultdict(list)
    for it in violations(op.db, op):
        number = it.unit if _register(kind) == "unit" else it.row
        findings[places.get(number) if isinstance(number, int) else None].append(it)
    if not findings:
        op.held = op.rows
    refusals = {place: refusal(op.db, op.number, of) for place, of in findings.items() if place is not None}
    whys = {place: f"{it.what} {it.instead}" for place, it in refusals.items()}
    return whys, {whys[place] for place in whys if findings[place][0].code == CLOSED_PERIOD}


def _register(kind: str) -> str:
    return _REGISTERS.get(kind, kind.removesuffix("s"))


def parents_first(rows: Iterable[InputRow]) -> list[InputRow]:
    """Sort rows of units so that each follows its parent, found by code, name, or name without its title.

    Rows whose parents form a circle come last, each with that fault.
    """
    table = [*rows]
    places: dict[tuple[str, str], int] = {}
    for place, row in enumerate(table):
        for key in _keys(row.values.get("code", ""), row.values.get("name", "")):
            places.setdefault(key, place)
    under: list[int | None] = []
    for place, row in enumerate(table):
        parent, own = row.values.get("parent", ""), (row.values.get("code", ""), row.values.get("name", ""))
        above = next((places[key] for key in _keys(parent, parent) if key in places), None)
        # “CĐCS Hưng Hà” with the parent “Hưng Hà” means LĐLĐ huyện Hưng Hà, not itself.
        under.append(None if above == place and fold(parent) not in map(fold, own) else above)
    told = _("The units above this one form a circle, so none of them is at the top.")
    depths = [_depth(under, place) for place in range(len(table))]
    for place, depth in enumerate(depths):
        if depth > len(table):
            table[place] = table[place]._replace(fault=table[place].fault or told)
    return [table[place] for place in sorted(range(len(table)), key=depths.__getitem__)]


def _depth(under: Sequence[int | None], place: int | None) -> int:
    """Return how deep a row lies, 1 at the top; in a circle more than there are rows."""
    depth = 0
    while place is not None and depth <= len(under):
        place, depth = under[place], depth + 1
    return depth


def _keys(code: str, name: str) -> list[tuple[str, str]]:
    """Return the keys that a unit is found by, the surest first."""
    return [(way, it) for way, it in (("code", fold(code)), ("name", fold(name)), ("own", own_name(name))) if it]
