"""Rows of a table, and what came of them."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import NamedTuple, TypeVar

from ucli.errors import RejectedError, SeveralError, UcliError
from ucli.i18n import _
from ucli.ledger import periods, units
from ucli.ledger.intake.absences import Absent
from ucli.ledger.operations import Operation
from ucli.values.dates import parse_date
from ucli.values.members import refuse_id_number
from ucli.values.names import LONGEST_NAME, fold, name_of, remark_of
from ucli.values.periods import Window
from ucli.values.units import CLUSTER, KINDS, Unit, require_fact_day

# Whom figures and targets are about.
SUBJECTS = (*KINDS, CLUSTER)

# The columns that name somebody or something; what else stands in a row may be as long as a remark.
_NAMES = ("name", "union", "unit", "parent", "code", "issuer", "programme", "indicator", "member", "beneficiary")
# The columns of which the texts are kept and shown as they are.
_FREE_TEXTS = ("name", "beneficiary", "fund", "source", "decision")

Value = TypeVar("Value")
Values = Mapping[str, str]  # what stands in a row, by column; empty or not there where nothing does
Part = Callable[[Values], object]  # reads something that a row says, and needs nothing but the row to do so


class Row(NamedTuple):
    line: int  # as the officer's own program numbers it
    values: Values
    fault: str = ""  # why what stands in it could not be read


def row_of(line: int, values: Values, fault: str = "") -> Row:
    """Make a row of what stands in a line; it is wrong where a text could not be typed: too long, or an ID number."""
    if not fault:
        try:
            for column, text in values.items():
                if len(text) > LONGEST_NAME:
                    (name_of if column in _NAMES else remark_of)(text)
                if text and column in _FREE_TEXTS:
                    refuse_id_number(text)
        except UcliError as error:
            fault = error.what
    return Row(line, values, fault)


class Fault(NamedTuple):
    """Why a row cannot be taken; of members without what stands in it, for that is somebody's own."""

    line: int
    what: str


class RowStatus(Enum):
    """What came of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


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
    numbers: Mapping[str, Sequence[int]] = field(default_factory=dict)  # what is doubtful of ID numbers, and where
    lines: Sequence[int] = ()  # of the rows that were written, in their order
    indicators: Sequence[str] = ()  # and of which indicator each is, where rows have one


class Memo(dict[str, Value]):
    """What a text means, read once for all rows that hold it, or why it means nothing.

    Args:
        read: reads it.
        otherwise: says why it cannot be read, without repeating what is somebody's own.

    """

    def __init__(self, read: Callable[[str], Value], otherwise: Callable[[str, UcliError], str]) -> None:
        super().__init__()
        self._read = read
        self._otherwise = otherwise
        self._wrong: dict[str, str] = {}

    def __missing__(self, text: str) -> Value:
        if text not in self._wrong:
            try:
                self[text] = value = self._read(text)
            except UcliError as error:
                self._wrong[text] = self._otherwise(text, error)
            else:
                return value
        raise RejectedError(self._wrong[text])


def take_each(op: Operation, rows: Iterable[Row], take: Callable[[Row], RowStatus], parts: Sequence[Part]) -> Outcome:
    """Take rows one by one; one that cannot be taken leaves nothing behind and does not stop the others.

    Args:
        op: the operation.
        rows: a line of a grid comes as many rows.
        take: takes one.
        parts: what a row says; of one that cannot be taken all that is wrong is said at once.

    """
    outcome = Outcome()
    lines = array("q")
    indicators: list[str] = []
    taken: set[int] = set()
    wrong: dict[Fault, list[str]] = {}  # and the indicators that it is said of
    for row in rows:
        before = op.rows
        op.db.execute("SAVEPOINT one_row")
        try:
            if row.fault:
                raise RejectedError(row.fault)
            status = take(row)
        except UcliError as error:
            op.db.execute("ROLLBACK TO one_row")
            op.rows = before
            for it in all_wrong(error, row, parts):
                fault = Fault(row.line, f"{it.what} {it.why}" if it.why else it.what)
                wrong.setdefault(fault, []).append(row.values.get("indicator", ""))
        else:
            setattr(outcome, status.value, getattr(outcome, status.value) + 1)
            taken.add(row.line)
            if status is not RowStatus.UNCHANGED:
                lines.append(row.line)
                indicators.append(row.values.get("indicator", ""))
        op.db.execute("RELEASE one_row")
    # What is wrong with one cell of a grid is said with its indicator, what is wrong with all of a line without.
    outcome.faults = [
        Fault(line, f"{of[0][:60]}: {what}" if of[0] and len(of) == 1 else what) for (line, what), of in wrong.items()
    ]
    outcome.lines, outcome.indicators = lines, indicators
    outcome.partly = sorted(taken & {fault.line for fault in outcome.faults})
    return outcome


def all_wrong(first: UcliError, row: Row, parts: Iterable[Part]) -> list[UcliError]:
    """Return all that is wrong with a row: what stopped it, and what else of it cannot be read; each once."""
    errors = {first.what: first}
    # Where cells could not be made out at all, what stands in them says nothing.
    for read in () if row.fault else parts:
        try:
            read(row.values)
        except UcliError as error:
            errors.setdefault(error.what, error)
    return list(errors.values())


def cell(column: str, read: Callable[[str], object]) -> Part:
    """Return the part of a row that is one cell, which may be empty."""
    return lambda values: read(values[column]) if values.get(column) else None


def past_day(text: str) -> date:
    """Read the day of a fact.

    Raises:
        RejectedError: no day, one in the future, or one before there was a trade union.

    """
    return require_fact_day(parse_date(text))


def required(values: Values, column: str, sentence: str) -> str:
    """Return what stands in a column.

    Raises:
        RejectedError: nothing does; the sentence says what is missing.

    """
    if not values.get(column):
        raise RejectedError(_(sentence))
    return values[column]


def coded(text: str, aliases: Mapping[str, str], sentence: str) -> str:
    """Return the code that is meant by it, or by what people say for it.

    Raises:
        RejectedError: it is none; the sentence says what there is.

    """
    typed = fold(text)
    code = aliases.get(typed, typed)
    if code not in aliases.values():
        raise RejectedError(_(sentence))
    return code


def require_code(text: str, unit: Unit) -> Unit:
    """Return the unit that was found; a number in a table is a code, and never a part of a name.

    Raises:
        RejectedError: it was found by its name.

    """
    if text.isdigit() and text != unit.code:
        raise RejectedError(
            _("“{text}” is no unit's code.").format(text=text), why=_("A spreadsheet cuts off zeros: 01 becomes 1.")
        )
    return unit


class Look:
    """Units and windows, looked up once for all rows that name them.

    Args:
        op: the operation that takes the rows.

    """

    def __init__(self, op: Operation) -> None:
        self._db = op.db
        self._subjects: dict[tuple[str, str], tuple[Unit, Window]] = {}
        self._units: dict[tuple[str, date], Unit] = {}

    def require_known(self, text: str, among: Sequence[str] = KINDS) -> None:
        """Refuse a name or code that no unit ever had.

        Raises:
            NotFoundError: no one did.

        """
        with suppress(SeveralError):
            require_code(text, units.find(self._db, text, among=among))

    def unit(self, text: str, day: date, among: Sequence[str] = KINDS) -> Unit:
        """Return the unit that a name or code meant on a day.

        Raises:
            NotFoundError: none or several are meant.

        """
        key = (text, day)
        if key not in self._units:
            self._units[key] = require_code(text, units.find(self._db, text, among=among, day=day))
        return self._units[key]

    def subject(self, unit: str, period: str) -> tuple[Unit, Window]:
        """Return whom a figure or target is about, by what it was called then, and over which window.

        Raises:
            UcliError: a name or period that does not fit.

        """
        key = (unit, period)
        if key not in self._subjects:
            if periods.is_term(self._db, period):
                found = require_code(unit, units.find(self._db, unit, among=SUBJECTS))
                self._subjects[key] = found, periods.find_window(self._db, period, unit=found.id)
            else:
                window = periods.find_window(self._db, period)
                self._subjects[key] = (
                    require_code(unit, units.find(self._db, unit, among=SUBJECTS, day=window.end)),
                    window,
                )
        return self._subjects[key]
