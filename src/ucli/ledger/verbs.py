"""How verbs take rows: each is written or refused by itself, whether from a command or from a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import NamedTuple, TypeVar

from ucli.errors import NotFoundError, RefusedError, UcliError
from ucli.i18n import _
from ucli.ledger.operations import VERSIONED, Operation, values_of
from ucli.ledger.registers import Register
from ucli.ledger.store import writing

# So many rows of a long table are read and written together.
ROWS_AT_ONCE = 2048

Row = TypeVar("Row")


class RowStatus(Enum):
    """The result of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Written(NamedTuple):
    """The row of the register that a row wrote or matched."""

    status: RowStatus
    number: int
    doubts: Sequence[str] = ()


Result = Written | UcliError


class EarlierRowError(RefusedError):
    """An earlier row of the same table contradicts a row; `what` refers to it as {line}, which the loader knows."""

    def __init__(self, what: str, number: int) -> None:
        super().__init__(what)
        self.number = number


@contextmanager
def attempt(op: Operation) -> Iterator[Callable[[], None]]:
    """A savepoint: an error rolls back what was written, and so does calling the function that is yielded."""
    before = op.rows

    def take_back() -> None:
        roll_back()
        op.rows = before

    try:
        with writing(op.db) as roll_back:
            yield take_back
    except UcliError:
        op.rows = before
        raise


def each(op: Operation, rows: Iterable[Row], write: Callable[[Row], Written]) -> Iterator[Result]:
    """Write rows one by one; a refused one leaves nothing behind and does not stop the others."""
    for row in rows:
        result: Result
        try:
            with attempt(op):
                result = write(row)
        except UcliError as error:
            result = error
        yield result


def put(op: Operation, table: str, key: Mapping[str, object], /, **values: object) -> Written:
    """Write the row of a key, replacing one with other values; the result's number is 0 for a table without numbers."""
    there = op.standing(table, **key)
    if there and all(there[column] == value for column, value in values.items()):
        return Written(RowStatus.UNCHANGED, there["id"] if "id" in VERSIONED[table] else 0)
    kept = values_of(there) if there else {"id": op.next_id(table)} if "id" in VERSIONED[table] else {}
    if there:
        op.end_row(table, there)
    op.add(table, **{**kept, **key, **values})
    return Written(RowStatus.CHANGED if there else RowStatus.NEW, int(str(kept.get("id", 0))))


def only(results: Iterable[Result]) -> Written:
    """Return the result of the only row, or raise its error."""
    [result] = results
    if isinstance(result, UcliError):
        raise result
    return result


def as_it_is(columns: Sequence[str]) -> list[str]:
    """Return the doubt that a row differs from the ledger, which is not changed."""
    said = _("Already in the ledger, with a different {columns}; the ledger is not changed.")
    return [said.format(columns=", ".join(columns))] if columns else []


def void(op: Operation, register: Register, number: int) -> None:
    """Void a row of a register, however old; undo would reverse a whole command."""
    if not op.end(register.table, id=number):
        raise NotFoundError(
            _("There is no row {number} there.").format(number=number),
            instead=_("“ucli {list}” lists them, the number first.").format(list=register.kind),
        )
