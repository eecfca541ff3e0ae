"""Aligned text by tabulate: one row a line, full values, no colour, never cut."""

from html import escape

from tabulate import tabulate, tabulate_formats

from ucli.render import Sheet
from ucli.render.cells import NOTHING, is_number, text_of

TABULATE_FORMATS = tuple(tabulate_formats)

# In these a bar parts the cells, so a bar inside a cell is written as an entity or escaped.
_BARRED = {"github": "\\|", "pipe": "\\|", "orgtbl": "\\vert{}", "jira": "\\|"}
_MARKUP = ("unsafehtml", "latex", "latex_raw", "latex_booktabs", "latex_longtable", "mediawiki", "moinmoin", "textile",
           "jira", "youtrack", "asciidoc", "rst")  # fmt: skip


def render(sheet: Sheet, form: str) -> str:
    rows = [[_cell(value, form) for value in row] for row in sheet.rows]
    table = tabulate(
        rows,
        headers=sheet.headings,
        tablefmt=form,
        # Otherwise it reads "1.110" as 1.11 and an ID number as 1.2e+09.
        disable_numparse=True,
        colalign=alignments(sheet) if rows else None,
    )
    if form in _MARKUP:
        # A title or a note could be read as markup there: the table stands alone.
        return f"{table}\n"
    gap = "\n\n" if form in ("github", "pipe") else "\n"
    return gap.join(part for part in (sheet.title, table, "\n".join(sheet.notes)) if part) + "\n"


def _cell(value: object, form: str) -> str:
    # What tabulate leaves to others to make safe is opened in a browser as it is.
    return escape(text_of(value)) if form == "unsafehtml" else text_of(value).replace("|", _BARRED.get(form, "|"))


def alignments(sheet: Sheet) -> list[str]:
    """Put numbers to the right: a column of numbers, or of nothing but texts that read as numbers."""
    columns = [
        [row[place] for row in sheet.rows if row[place] not in (None, "", NOTHING)]
        for place in range(len(sheet.headings))
    ]
    return [
        "right" if any(map(is_number, column)) or (column and all(map(_reads_as_number, column))) else "left"
        for column in columns
    ]


def _reads_as_number(value: object) -> bool:
    return isinstance(value, str) and value.lstrip("≥≤<~- ")[:1].isdigit() and value.rstrip("*")[-1:] in "0123456789%)"
