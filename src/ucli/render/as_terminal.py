"""A table on a terminal by rich: the same cells as everywhere, with boxes and colour where the terminal has them."""

import io
import os
import shutil
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ucli.render import Sheet
from ucli.render.cells import Status, alignments, text_of

# Colour only helps the eye: the words say the same.
_STYLES = {"exceeded": "green", "met": "green", "unmet": "red", "behind": "red", "undecided": "yellow"}


def render(sheet: Sheet, _form: str) -> str:
    if os.environ.get("TERM") == "dumb":
        return _plain(sheet)
    width = shutil.get_terminal_size().columns
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
    table = Table(show_lines=False)
    for place, (heading, side) in enumerate(zip(sheet.headings, alignments(sheet), strict=True)):
        # A number is never broken or cut, nor is a word: only between words a cell may wrap.
        right = side == "right"
        cells = [text_of(row[place]) for row in sheet.rows]
        needed = max((len(part) for cell in cells for part in ([cell] if right else cell.split())), default=0)
        width_of_heading = max(len(part) for part in heading.split())
        table.add_column(
            Text(heading),
            justify="right" if right else "left",
            no_wrap=right,
            overflow="fold",
            min_width=max(needed, width_of_heading),
        )
    for row in sheet.rows:
        table.add_row(*(_cell(value) for value in row))
    # Two spaces and a line for each column, and one line more.
    if sum((column.min_width or 0) + 3 for column in table.columns) + 1 > width:
        return _plain(sheet)
    if sheet.title:
        console.print(Text(sheet.title))
    console.print(table)
    for note in sheet.notes:
        console.print(Text(note))
    return text.getvalue()


def _plain(sheet: Sheet) -> str:
    from ucli.render.as_table import render as render_plain  # noqa: PLC0415  tabulate, where rich does not do

    return render_plain(sheet, "plain")


def _cell(value: object) -> Text:
    return Text(text_of(value), style=_STYLES.get(value.code, "") if isinstance(value, Status) else "")
