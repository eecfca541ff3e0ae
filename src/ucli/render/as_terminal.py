"""Tables on a terminal by rich: fitted to its width, with light rules; cards where even one row is too wide."""

import io
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.box import Box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from ucli.render import Sheet
from ucli.render.cells import NOTHING, Attained, sides_of, status_code, text_of
from ucli.render.tables import Fitted, Shown, Span, Table, fitted, shown, wrapped

# Colour only helps the eye: the words say the same.
_STYLES = {"exceeded": "green", "met": "green", "unmet": "red", "behind": "red", "undecided": "yellow"}
_CELLS_OF_BAR = 12
_MOST_LINES, _MOST_LINES_OF_REPORT = 8, 2  # of a row; beyond that cards read better
_LEAST_WIDTH = 60  # of a terminal, in which more than one line a row is read

# Between two columns a rule where there is room for it, else two spaces.
_RULED = Box("    \n  │ \n ─┼ \n  │ \n ─┼ \n ─┼ \n  │ \n    \n")
_BARE = Box("    \n    \n ── \n    \n ── \n ── \n    \n    \n")
_GAP, _GAP_WITH_RULE = 2, 3


def render(sheet: Sheet, form: str) -> Iterator[str]:
    if os.environ.get("TERM") == "dumb":
        from ucli.render.as_text import render as render_text  # noqa: PLC0415  where rich does not do

        yield from render_text(sheet, "plain")
        return
    sheet.rows = list(sheet.rows)
    width, text = shutil.get_terminal_size().columns, io.StringIO()
    console = Console(
        file=text,
        width=width,
        force_terminal=sys.stdout.isatty(),
        no_color="NO_COLOR" in os.environ or None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    _print(console, shown(sheet, form), width)
    yield text.getvalue()


def _print(console: Console, page: Shown, width: int) -> None:
    for line in filter(None, [page.title, *page.lead]):
        console.print(Text(line))
    for table in page.tables:
        if table.above:
            console.print(Text(" ".join(table.above)))
        most = 1 if width < _LEAST_WIDTH else _MOST_LINES_OF_REPORT if page.lead else _MOST_LINES
        parts = fitted(table, width, gaps=(_GAP_WITH_RULE, _GAP), most=most, more=_bars, measure=cell_len)
        for number, part in enumerate(parts):
            if number:
                console.print()
            console.print(_table(part))
        for card in () if parts else _cards(table, width):
            console.print(card)
    for note in page.notes:
        console.print(Text(note))


def _bars(table: Table) -> dict[int, int]:
    """Return the room for a bar beside the first percentages; a cross table has no room for any."""
    for place in range(len(table.headings)) if not table.spans else ():
        if any(isinstance(row[place], Attained) for row in table.rows):
            return {place: _CELLS_OF_BAR + 1}
    return {}


def _table(part: Fitted) -> RichTable:
    table, is_ruled, gap = part.table, part.gap == _GAP_WITH_RULE, int(part.gap)
    found = RichTable(
        box=_RULED if is_ruled else _BARE,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1) if is_ruled else (0, 1, 0, 0),
        header_style="",
    )
    sides = sides_of(table.rows, len(table.headings))
    columns = [_Column(*it) for it in zip(range(len(sides)), table.headings, part.widths, sides, strict=True)]
    # Columns under one heading are one to rich, which knows no others.
    groups, end = [], 0
    for text, count in table.spans or [Span("", 1)] * len(columns):
        groups.append(_Group(text, columns[end : end + count], gap))
        end += count
    over, under = max(len(it.over) for it in groups), max(len(it.heading) for it in columns)
    for group in groups:
        found.add_column(
            Text("\n".join([*[""] * (over - len(group.over)), *group.over, *group.headings(under)])),
            width=group.width,
            no_wrap=len(group.columns) > 1 or columns[group.columns[0].place].side == "right",
            overflow="fold",
        )
    first_total = len(table.rows) - table.totals
    for number, row in enumerate(table.rows):
        if number == first_total and number:
            found.add_section()
        found.add_row(*(it.cell(row) for it in groups), style="bold" if number >= first_total else "")
    return found


class _Column(NamedTuple):
    place: int
    title: str
    width: int
    side: str

    @property
    def heading(self) -> list[str]:
        return wrapped(self.title, self.width, cell_len)

    def aligned(self, text: str) -> str:
        space = " " * (self.width - cell_len(text))
        return f"{space}{text}" if self.side == "right" else f"{text}{space}"

    def cell(self, row: Sequence[object]) -> Text:
        value, text = row[self.place], text_of(row[self.place])
        if isinstance(value, Attained) and self.width > cell_len(text) + _CELLS_OF_BAR:
            text = f"{text} {_bar(value)}"
        return Text(text, style=_STYLES.get(status_code(value), ""))


class _Group(NamedTuple):
    """Columns under one heading."""

    title: str
    columns: list[_Column]
    gap: int

    @property
    def width(self) -> int:
        return sum(it.width for it in self.columns) + self.gap * (len(self.columns) - 1)

    @property
    def over(self) -> list[str]:
        return wrapped(self.title, self.width, cell_len) if self.title else []

    def headings(self, lines: int) -> list[str]:
        columns = [[*[""] * (lines - len(it.heading)), *it.heading] for it in self.columns]
        rows = zip(*columns, strict=True)
        return [
            (" " * self.gap).join(it.aligned(text) for it, text in zip(self.columns, row, strict=True)) for row in rows
        ]

    def cell(self, row: Sequence[object]) -> Text:
        if len(self.columns) == 1:
            cell = self.columns[0].cell(row)
            if self.columns[0].side == "right":
                cell.pad_left(self.columns[0].width - cell.cell_len)
            return cell
        return Text(" " * self.gap).join(_padded(it, it.cell(row)) for it in self.columns)


def _padded(column: _Column, cell: Text) -> Text:
    space = column.width - cell.cell_len
    cell.pad_left(space) if column.side == "right" else cell.pad_right(space)
    return cell


def _bar(attained: Attained) -> str:
    """Draw how much of the target was reached: full from 100% on."""
    reached = min(max(int(attained.number * _CELLS_OF_BAR / 100), 0), _CELLS_OF_BAR)
    return "█" * reached + "░" * (_CELLS_OF_BAR - reached)


def _cards(table: Table, width: int) -> Iterator[Text]:
    """Yield each row as its first cell and below it all others behind their headings, as many on a line as it holds."""
    for row in table.rows:
        yield Text(text_of(row[0]), style="bold")
        end = 1
        for title, count in table.spans[1:] or [Span("", len(row) - 1)]:
            cells = list(zip(table.headings[end : end + count], map(text_of, row[end : end + count]), strict=True))
            end += count
            parts = [f"{heading} {text}".strip() for heading, text in cells if text != NOTHING]
            line = f"{title}:" if title else ""
            for number, part in enumerate(parts):
                between = " · " if number else " "
                if line and cell_len(f"  {line}{between}{part}") > width:
                    yield Text(f"  {line}")
                    line = part
                else:
                    line = f"{line}{between}{part}" if line else part
            if parts:
                yield Text(f"  {line}")
