"""Aligned text: one row a line, full values, no colour, nothing cut; formats of tabulate; and prose."""

from collections.abc import Iterator
from html import escape

from ucli.render import Sheet, sanitized
from ucli.render.cells import text_of
from ucli.render.tables import LaidOut, shown

# In these formats a bar separates cells, so one within a cell is escaped.
_BARRED = {"github": "\\|", "pipe": "\\|", "orgtbl": "\\vert{}", "jira": "\\|"}
# In these a title or note could be read as markup: only the table is written.
_MARKUP = ("unsafehtml", "latex", "latex_raw", "latex_booktabs", "latex_longtable", "mediawiki", "moinmoin", "textile",
           "jira", "youtrack", "asciidoc", "rst")  # fmt: skip
_ROOM_BESIDE_A_HEADING = 2  # as tabulate writes it


def render(sheet: Sheet, form: str) -> Iterator[str]:
    if form == "prose":
        yield "\n\n".join(sanitized([sheet.title, *sheet.prose, *sheet.caveats])) + "\n"
        return
    page = shown(sheet, form)
    [table] = page.tables
    lines = _plain(table) if form == "plain" else [_tabulated(table, form)]
    gap, is_alone = "\n" if form in ("github", "pipe") else "", form in _MARKUP
    if page.title and not is_alone:
        yield f"{page.title}\n{gap}"
    yield from (f"{line}\n" for line in lines)
    if page.notes and not is_alone:
        yield gap + "".join(f"{note}\n" for note in page.notes)


def _plain(table: LaidOut) -> Iterator[str]:
    """Yield a table as in tabulate's plain format, which itself would first guess the type of every cell."""
    columns = [
        [heading, *map(text_of, [row[place] for row in table.rows])] for place, heading in enumerate(table.headings)
    ]
    widths = [max(len(column[0]) + _ROOM_BESIDE_A_HEADING, *map(len, column)) for column in columns]
    line = "  ".join(
        f"{{:{'>' if side == 'right' else '<'}{width}}}" for side, width in zip(table.sides, widths, strict=True)
    )
    for cells in zip(*columns, strict=True):
        yield line.format(*cells).rstrip()


def _tabulated(table: LaidOut, form: str) -> str:
    from tabulate import tabulate  # noqa: PLC0415  slow to import, and plain text does without

    def cell(value: object) -> str:
        # Opened in a browser as it is; tabulate does not escape it.
        return escape(text_of(value)) if form == "unsafehtml" else text_of(value).replace("|", _BARRED.get(form, "|"))

    rows = [[cell(value) for value in row] for row in table.rows]
    # Guessing types it would turn "1.110" into 1.11 and an ID number into 1.2e+09.
    sides = table.sides if rows else None
    return tabulate(rows, headers=table.headings, tablefmt=form, disable_numparse=True, colalign=sides)
