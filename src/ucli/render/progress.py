"""How far a long piece of work has come, on a terminal; elsewhere nothing."""

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Row = TypeVar("Row")

_ROWS_AT_ONCE = 1000


def watched(rows: Iterable[Row], label: str) -> Iterable[Row]:
    """Return rows as they are, counted on stderr while they pass where a person is looking."""
    return _counted(rows, label) if sys.stderr.isatty() else rows


def _counted(rows: Iterable[Row], label: str) -> Iterator[Row]:
    from rich.console import Console  # noqa: PLC0415  only on a terminal
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.completed:,.0f}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        for number, row in enumerate(rows, start=1):
            if number % _ROWS_AT_ONCE == 0:
                progress.update(task, completed=number)
            yield row
