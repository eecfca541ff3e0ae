"""How verbs take rows: each is written or refused on its own, the one row of a command like those of a table."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import NamedTuple, TypeVar

from ucli.errors import RefusedError, UcliError
from ucli.i18n import _
from ucli.ledger.operations import Operation

Row = TypeVar("Row")


class RowStatus(Enum):
    """What came of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class Written(NamedTuple):
    """A row in its register."""

    status: RowStatus
    number: int
    doubts: Sequence[str] = ()


Result = Written | UcliError


class EarlierRowError(RefusedError):
    """A row before it in the same table stands against a row; `what` names it as {line}, which the loader knows."""

    def __init__(self, what: str, number: int) -> None:
        super().__init__(what)
        self.number = number


@contextmanager
def attempt(op: Operation) -> Iterator[Callable[[], None]]:
    """Write something that can be given up: an error leaves nothing of it behind, nor does what is yielded."""
    before = op.rows

    def take_back() -> None:
        op.db.execute("ROLLBACK TO attempt")
        op.rows = before

    op.db.execute("SAVEPOINT attempt")
    try:
        yield take_back
    except UcliError:
        take_back()
        raise
    finally:
        if op.db.in_transaction:  # a full disk ends it
            op.db.execute("RELEASE attempt")


def each(op: Operation, rows: Iterable[Row], write: Callable[[Row], Written]) -> Iterator[Result]:
    """Write rows one by one; one that is refused leaves nothing behind and does not stop the others."""
    for row in rows:
        result: Result
        try:
            with attempt(op):
                result = write(row)
        except UcliError as error:
            result = error
        yield result


def only(results: Iterable[Result]) -> Written:
    """Return what came of the only row.

    Raises:
        UcliError: it was refused.

    """
    [result] = results
    if isinstance(result, UcliError):
        raise result
    return result


def as_it_is(columns: Sequence[str]) -> list[str]:
    """Say what a row says otherwise of what is in the ledger, which stays as it is there."""
    said = _("In the ledger already, with another {columns}; that stays as it is.")
    return [said.format(columns=", ".join(columns))] if columns else []
