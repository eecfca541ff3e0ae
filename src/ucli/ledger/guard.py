"""The guard of closed windows: no operation changes a fact inside one."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.ledger.closings import Closing, closed_windows
from ucli.ledger.facts import STOOD, Fact, changed
from ucli.ledger.units import get_ever
from ucli.values.dates import date_text
from ucli.values.periods import Window


def refuse_if_closed(db: sqlite3.Connection, number: int) -> None:
    """Refuse an operation that changes a fact inside a closed window.

    Raises:
        RefusedError: it does; the window is named, and how to reopen it.

    """
    closed = closed_windows(db, before=number)
    into: dict[int, Fact] = {}  # by window, the first fact that changed in it
    for fact in changed_in(db, closed, number):
        into.setdefault(fact.box, fact)
        if len(into) == len(closed):
            break
    if not into:
        return
    hit = [it for it in closed if it.number in into]
    fact = into[hit[0].number]
    if fact.first == fact.last:
        days = date_text(date.fromisoformat(fact.first))
    else:
        days = Window("..", date.fromisoformat(fact.first), date.fromisoformat(fact.last)).text()
    instead = reopening_of(db, hit, number)
    if _is_of_unknown_founding(db, fact, number):
        instead = _("If it was founded later, say when with --founded.") + " " + instead
    raise RefusedError(
        told_of(db, hit, number),
        why=_("This would change what is recorded for {unit} on {days}; the report was handed in.").format(
            unit=get_ever(db, fact.unit, before=number), days=days
        ),
        instead=instead,
    )


def closed_to(db: sqlite3.Connection, number: int) -> list[Closing]:
    """Return the closed windows inside which an operation changes a fact."""
    closed = closed_windows(db, before=number)
    into = {fact.box for fact in changed_in(db, closed, number)}
    return [it for it in closed if it.number in into]


def changed_in(db: sqlite3.Connection, closed: Iterable[Closing], number: int) -> Iterator[Fact]:
    """Yield the facts that an operation changes inside closed windows, each with the number of the window."""
    return changed(db, [it.box for it in closed], number - 1)


def told_of(db: sqlite3.Connection, closed: Iterable[Closing], number: int) -> str:
    """Say that windows are closed, by the names that they had before an operation."""
    return " ".join(_("{period} is closed.").format(period=it.told(db, before=number)) for it in closed)


def reopening_of(db: sqlite3.Connection, closed: Iterable[Closing], number: int) -> str:
    """Say how windows are reopened, by the codes that they had before an operation."""
    return _("To correct it: {commands}.").format(commands="; ".join(reopen_command(db, it, number) for it in closed))


def reopen_command(db: sqlite3.Connection, closing: Closing, number: int) -> str:
    """Return the command that reopens a window, by the code that its unit had before an operation."""
    return f"ucli reopen-period {closing.typed(db, before=number)} --reason “…”"


def _is_of_unknown_founding(db: sqlite3.Connection, fact: Fact, number: int) -> bool:
    """Tell whether a fact is that an operation added a unit without a day of founding, as if it had always been."""
    if fact.says != STOOD:
        return False
    row = db.execute(
        "SELECT 1 FROM unit_life WHERE unit = ? AND op = ? AND founded IS NULL AND ended IS NULL",
        (fact.unit, number),
    ).fetchone()
    return row is not None
