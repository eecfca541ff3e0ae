"""Aligned text by tabulate: one row a line, full values, no colour, never cut."""

import sys
from html import escape
from types import ModuleType

from ucli.render import Sheet
from ucli.render.cells import alignments, text_of

# Three quarters of tabulate's import is the look-up of its own version, which no one asks for.
_METADATA = "importlib.metadata"
if _METADATA not in sys.modules:
    _stub = ModuleType(_METADATA)
    _stub.__dict__.update(version=lambda _name: "", PackageNotFoundError=LookupError)
    sys.modules[_METADATA] = _stub
    from tabulate import tabulate, tabulate_formats

    del sys.modules[_METADATA]
else:
    from tabulate import tabulate, tabulate_formats

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
