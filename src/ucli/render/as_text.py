"""Aligned text, one row a line, full values, no colour, never cut; tables by tabulate; and a report read out."""

import sys
from collections.abc import Iterator
from html import escape
from types import ModuleType

from ucli.render import Sheet, Shown, harmless, shown
from ucli.render.cells import sides_of, text_of

# Three quarters of tabulate's import is the look-up of its own version, which no one asks for.
_METADATA = "importlib.metadata"
_stub = ModuleType(_METADATA)
_stub.__dict__.update(version=lambda _name: "", PackageNotFoundError=LookupError)
_known = sys.modules.setdefault(_METADATA, _stub)
from tabulate import tabulate, tabulate_formats  # noqa: E402  after its look-up is cut short

if _known is _stub:
    del sys.modules[_METADATA]

TABULATE_FORMATS = tuple(tabulate_formats)

# In these a bar parts the cells, so a bar inside a cell is written as an entity or escaped.
_BARRED = {"github": "\\|", "pipe": "\\|", "orgtbl": "\\vert{}", "jira": "\\|"}
# A title or a note could be read as markup there: the table stands alone.
_MARKUP = ("unsafehtml", "latex", "latex_raw", "latex_booktabs", "latex_longtable", "mediawiki", "moinmoin", "textile",
           "jira", "youtrack", "asciidoc", "rst")  # fmt: skip
_ROOM_BESIDE_A_HEADING = 2  # as tabulate leaves it


def render(sheet: Sheet, form: str) -> Iterator[str]:
    if form == "prose":
        paragraphs: list[str] = harmless([sheet.title, *sheet.prose, *sheet.caveats])
        yield "\n\n".join(paragraphs) + "\n"
        return
    table = shown(sheet)
    text = plain_table(table) if form == "plain" else _tabulated(table, form)
    if form in _MARKUP:
        yield f"{text}\n"
        return
    gap = "\n\n" if form in ("github", "pipe") else "\n"
    yield gap.join(part for part in (table.title, text, "\n".join(table.notes)) if part) + "\n"


def plain_table(table: Shown) -> str:
    """Return a table as tabulate's plain format has it, which would guess the type of every cell first."""
    columns = [[heading, *(text_of(row[place]) for row in table.rows)] for place, heading in enumerate(table.headings)]
    for column, side in zip(columns, sides_of(table), strict=True):
        width = max(len(column[0]) + _ROOM_BESIDE_A_HEADING, *map(len, column))
        column[:] = [it.rjust(width) if side == "right" else it.ljust(width) for it in column]
    return "\n".join("  ".join(line).rstrip() for line in zip(*columns, strict=True))


def _tabulated(table: Shown, form: str) -> str:
    rows = [[_cell(value, form) for value in row] for row in table.rows]
    # Otherwise it reads "1.110" as 1.11 and an ID number as 1.2e+09.
    sides = sides_of(table) if rows else None
    return tabulate(rows, headers=table.headings, tablefmt=form, disable_numparse=True, colalign=sides)


def _cell(value: object, form: str) -> str:
    # What tabulate leaves to others to make safe is opened in a browser as it is.
    return escape(text_of(value)) if form == "unsafehtml" else text_of(value).replace("|", _BARRED.get(form, "|"))
