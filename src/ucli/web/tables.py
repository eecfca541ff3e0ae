"""A sheet as a page shows it: tables with links in their cells, and notes."""

from collections.abc import Callable, Sequence
from typing import Any

from ucli.i18n import _
from ucli.render import Sheet
from ucli.render.as_html import GAP, ROOM
from ucli.render.filled import table_fields
from ucli.render.tables import LaidOut, fitted, shown
from ucli.values.numbers import grouped

# The most rows and cells that a page shows.
MOST_ROWS, _MOST_CELLS = 500, 10_000

# Returns the link of a cell, by row, column, the column's key and, in a cross table, the indicator's code.
Link = Callable[[int, int, str, str], str]


def tables_of(sheet: Sheet, link: Link | None = None) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the tables of a sheet and its notes; of a long table only the first rows and the totals."""
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
    """Return how many cells a format for people prints of a sheet."""
    sheet.rows = list(sheet.rows)
    return sum(len(it.rows) * len(it.columns) for it in shown(sheet, form).tables)


def _shortened(table: LaidOut) -> tuple[LaidOut, list[int]]:
    """Return a table cut to what a page shows, and the original indexes of its rows."""
    numbers = [*range(len(table.rows))]
    most = min(MOST_ROWS, _MOST_CELLS // len(table.columns)) + table.totals
    if len(numbers) > most:
        numbers = [*numbers[: most - table.totals], *numbers[len(numbers) - table.totals :]]
    return table._replace(rows=[table.rows[it] for it in numbers]), numbers


def _laid_out(table: LaidOut, numbers: Sequence[int], link: Link | None) -> dict[str, Any]:
    """Return a table for a template: cells with their headings and links."""
    fields = table_fields(table)
    names, columns = table.full_headings, table.columns
    # By the heading above some columns of a cross table, the code of its indicator.
    codes = {it.over: it.key.partition(".")[0] for it in columns if it.over and "." in it.key}
    for number, row in zip(numbers, fields["rows"], strict=True):
        for place, cell in enumerate(row["cells"]):
            cell |= {"heading": names[place], "link": ""}
            if link and cell["text"].strip("— "):
                cell["link"] = link(number, place, columns[place].key, codes.get(columns[place].over, ""))
    return {**fields, "caption": " ".join(table.above)}
