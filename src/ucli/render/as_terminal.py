"""A table on a terminal by rich: the same cells as everywhere, with boxes and colour where the terminal has them."""

import io
import os
import shutil
import sys
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ucli.render import Sheet, shown
from ucli.render.cells import Status, sides_of, text_of

# Colour only helps the eye: the words say the same.
_STYLES = {"exceeded": "green", "met": "green", "unmet": "red", "behind": "red", "undecided": "yellow"}


def render(sheet: Sheet, _form: str) -> Iterator[str]:
    sheet.rows = list(sheet.rows)
    page, width = shown(sheet), shutil.get_terminal_size().columns
    table = Table(show_lines=False)
    for place, (heading, side) in enumerate(zip(page.headings, sides_of(page), strict=True)):
        # A number is never broken or cut, nor is a word: only between words a cell may wrap.
        right = side == "right"
        cells = [text_of(row[place]) for row in page.rows]
        parts = [part for cell in cells for part in ([cell] if right else cell.split())]
        least = max(map(len, [*parts, *heading.split()]), default=0)
        table.add_column(
            Text(heading), justify="right" if right else "left", no_wrap=right, overflow="fold", min_width=least
        )
    # Two spaces and a line for each column, and one line more.
    needed = sum((column.min_width or 0) + 3 for column in table.columns) + 1
    if os.environ.get("TERM") == "dumb" or needed > width:
        from ucli.render.as_text import render as render_text  # noqa: PLC0415  where rich does not do

        yield from render_text(sheet, "plain")
        return
    for row in page.rows:
        table.add_row(*map(_cell, row))
    text = io.StringIO()
    console = Console(
        file=text,
        width=width,
        force_terminal=sys.stdout.isatty(),
        no_color="NO_COLOR" in os.environ or None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for it in (*map(Text, [page.title] if page.title else []), table, *map(Text, page.notes)):
        console.print(it)
    yield text.getvalue()


def _cell(value: object) -> Text:
    return Text(text_of(value), style=_STYLES.get(value.code, "") if isinstance(value, Status) else "")
