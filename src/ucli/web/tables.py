"""A sheet as a page shows it: its tables with links from cells to where they come from, and its notes."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ucli.i18n import _
from ucli.render import Sheet, sanitized
from ucli.render.cells import Attained, status_code, text_of
from ucli.render.tables import Heading, Table, fitted, heading_rows, shown
from ucli.values.numbers import grouped

# How many letters a line has, and what parts two columns; how many rows a page shows.
_ROOM, _GAP = 150, 2
MOST_ROWS, _MOST_CELLS = 500, 10_000
LONGEST_BAR = 150  # percent; one row at 900% would make all others look like nothing

# Where a cell leads, by the places of its row and column, its column's key and, in a cross table, its indicator's code.
Link = Callable[[int, int, str, str], str]


class Cell(NamedTuple):
    text: str
    heading: str
    is_number: bool
    status: str = ""  # its code, for colour; the text says it too
    bar: float | None = None  # percent of the target, drawn beside the text
    link: str = ""


class Line(NamedTuple):
    cells: list[Cell]
    is_total: bool


class Shown(NamedTuple):
    """A table as a template writes it."""

    caption: str
    headings: list[list[Heading]]
    sides: list[bool]
    lines: list[Line]


def tables_of(sheet: Sheet, link: Link, caption: str = "") -> tuple[list[Shown], list[str]]:
    """Return the tables of a sheet and the notes under them; of a long one the first rows and the totals."""
    sheet.rows = list(sheet.rows)  # a download takes them too
    answer = shown(sheet, "html")
    found, left_out = [], 0
    for table in answer.tables:
        first, numbers = _shortened(table)
        left_out = max(left_out, len(table.rows) - len(numbers))
        parts = [it.table for it in fitted(first, _ROOM, gaps=[_GAP])] or [first]
        found += [_laid_out(it, numbers, link, caption) for it in parts]
    notes = [it for it in answer.notes if not is_for_a_terminal(it)]
    if left_out:
        text = _("Rows that are not shown here: {count}; a download has all of them.")
        notes.insert(0, text.format(count=grouped(left_out)))
    return found, notes


def is_for_a_terminal(text: str) -> bool:
    """Tell whether a sentence names a command or an option, which nobody can type into a page."""
    return "--" in text or "ucli " in text


def _shortened(table: Table) -> tuple[Table, list[int]]:
    """Return a table of no more rows than a page shows, with their places among all of them."""
    numbers = [*range(len(table.rows))]
    most = min(MOST_ROWS, _MOST_CELLS // len(table.headings)) + table.totals
    if len(numbers) > most:
        numbers = [*numbers[: most - table.totals], *numbers[len(numbers) - table.totals :]]
    return table._replace(rows=[table.rows[it] for it in numbers]), numbers


def _laid_out(table: Table, numbers: Sequence[int], link: Link, caption: str) -> Shown:
    sides = [it == "right" for it in table.sides]
    names, over = table.full_headings, table.over or [""] * len(table.headings)
    keys = table.keys or [""] * len(table.headings)
    codes = _codes_over(over, keys) if table.over else {}
    lines = []
    for number, (row, is_total) in zip(numbers, table.lines, strict=True):
        cells = []
        for place, value in enumerate(row):
            text = text_of(value)
            bar = float(value.number) if isinstance(value, Attained) and not table.over else None
            leads = link(number, place, keys[place], codes.get(over[place], "")) if text.strip("— ") else ""
            status = status_code(value)
            cells.append(Cell(text, names[place], sides[place], status, bar, leads))
        lines.append(Line(cells, is_total))
    told = [*filter(None, [caption]), *table.above]
    return Shown(" ".join(sanitized(told)), heading_rows(table), sides, lines)


def _codes_over(over: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Return by the heading above some columns of a cross table the code of its indicator."""
    pairs = ((text, key.partition(".")[0]) for text, key in zip(over, keys, strict=True) if text and "." in key)
    return dict(pairs)
