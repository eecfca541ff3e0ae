"""A progress bar for long work, on a terminal that can show it; elsewhere nothing."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

_ROWS_AT_ONCE = 500


class _Numbered(Protocol):
    @property
    def line(self) -> int: ...


Row = TypeVar("Row", bound=_Numbered)


class Watch:
    """A bar on stderr, or none."""

    def __init__(self, bar: Any = None, task: Any = None) -> None:
        self._bar = bar
        self._task = task

    def over(self, rows: Iterable[Row], last_line: Callable[[], int], then: str) -> Iterator[Row]:
        """Pass rows through and show how many have passed; the caller writes them.

        Args:
            rows: of the table.
            last_line: tells the number of its last line once the first row is read; 0 where that is unknown.
            then: what is done when all have passed.

        """
        if self._bar is None:
            yield from rows
            return
        for number, row in enumerate(rows):
            if number == 0:
                self._bar.update(self._task, total=last_line() or None)
            elif number % _ROWS_AT_ONCE == 0:
                self._bar.update(self._task, completed=row.line)
            yield row
        self._bar.reset(self._task, description=then, total=None)


@contextmanager
def working(label: str) -> Iterator[Watch]:
    """Show a bar on a terminal while work is done, with percent and time left if rows pass."""
    if not sys.stderr.isatty() or os.environ.get("TERM", "dumb") in ("dumb", "unknown"):
        yield Watch()
        return
    from rich.console import Console  # noqa: PLC0415  only on a terminal
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Watch(bar, bar.add_task(label, total=None))
