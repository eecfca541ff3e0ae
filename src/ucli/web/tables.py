"""A sheet as a page shows it: its tables with links from cells to where they come from, and its notes."""

from collections.abc import Callable, Sequence
from typing import Any

from ucli.i18n import _
from ucli.render import Sheet
from ucli.render.as_html import GAP, ROOM
from ucli.render.filled import table_fields
from ucli.render.tables import Table, fitted, shown
from ucli.values.numbers import grouped

# How much of a table a page shows.
MOST_ROWS, _MOST_CELLS = 500, 10_000

# Where a cell leads, by the places of its row and column, its column's key and, in a cross table, its indicator's code.
Link = Callable[[int, int, str, str], str]


def tables_of(sheet: Sheet, link: Link | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the tables of a sheet and the notes under them; of a long one the first rows and the totals."""
    answer = shown(sheet, "html")
    found, left_out = [], 0
    for table in answer.tables:
        first, numbers = _shortened(table)
        left_out = max(left_out, len(table.rows) - len(numbers))
        parts = [it.table for it in fitted(first, ROOM, gaps=[GAP])] or [first]
        found += [_laid_out(it, numbers, link) for it in parts]
    if left_out:
        text = _("Rows that are not shown here: {count}; a download has all of them.")
        answer.notes.insert(0, text.format(count=grouped(left_out)))
    return found, answer.notes


def cells_of(sheet: Sheet, form: str) -> int:
    """Return how many cells a format for people has of a sheet."""
    sheet.rows = list(sheet.rows)
    return sum(len(it.rows) * len(it.headings) for it in shown(sheet, form).tables)


def _shortened(table: Table) -> tuple[Table, list[int]]:
    """Return a table of no more rows than a page shows, with their places among all of them."""
    numbers = [*range(len(table.rows))]
    most = min(MOST_ROWS, _MOST_CELLS // len(table.headings)) + table.totals
    if len(numbers) > most:
        numbers = [*numbers[: most - table.totals], *numbers[len(numbers) - table.totals :]]
    return table._replace(rows=[table.rows[it] for it in numbers]), numbers


def _laid_out(table: Table, numbers: Sequence[int], link: Link | None) -> dict[str, Any]:
    """Return a table as a template takes it, its cells with the headings that they stand under and where they lead."""
    fields = table_fields(table)
    names, over = table.full_headings, table.over or [""] * len(table.headings)
    keys = table.keys or [""] * len(table.headings)
    codes = _codes_over(over, keys) if table.over else {}
    for number, row in zip(numbers, fields["rows"], strict=True):
        for place, cell in enumerate(row["cells"]):
            cell |= {"heading": names[place], "link": ""}
            if link and cell["text"].strip("— "):
                cell["link"] = link(number, place, keys[place], codes.get(over[place], ""))
    return {**fields, "caption": " ".join(table.above)}


def _codes_over(over: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """Return by the heading above some columns of a cross table the code of its indicator."""
    pairs = ((text, key.partition(".")[0]) for text, key in zip(over, keys, strict=True) if text and "." in key)
    return dict(pairs)
