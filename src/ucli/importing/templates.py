"""Tables to be filled in, as workbooks: headings, lists of choices, and an explanation of every column."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ucli.i18n import _, marked
from ucli.importing.columns import FormColumn

_ROWS_TO_FILL = 5000
_ROWS_PRINTED = 25  # of an empty table, to be filled in by hand
_WIDEST = 50  # width of a column, in characters
_WIDEST_HEADING = 24  # wraps beyond it

# The names of the sheets beside the table.
EXPLANATION = marked("Explanation")
LISTS = marked("Lists")

Choice = tuple[str, str]  # what may be typed and what it means: a name and its code, or the reverse


class Template(NamedTuple):
    """A table to be filled in."""

    title: str  # the name of its sheet
    form: Sequence[FormColumn]
    lists: Mapping[str, Sequence[Choice]]  # choices by heading; in a grid by what its columns are
    rows: Sequence[Sequence[str]] = ()  # filled in already: the units of a grid, by code and name
    comments: Mapping[tuple[int, int], str] = {}  # by row and column of a cell, both from 0, below the heading

    def cells(self) -> list[Sequence[str]]:
        """Return the heading, required columns with an asterisk, and the rows."""
        mark = "" if self.rows else " *"
        return [[it.heading + mark * ("required" in it.flags) for it in self.form], *self.rows]


def template_workbook(template: Template) -> bytes:
    """Return a template as a workbook with lists to choose from and an explanation."""
    import xlsxwriter  # noqa: PLC0415  only for workbooks

    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})
    head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"})
    as_text = workbook.add_format({"num_format": "@"})
    sheet = workbook.add_worksheet(template.title)
    heading, *rows = template.cells()
    for place, (text, it) in enumerate(zip(heading, template.form, strict=True)):
        width = max(12, min(len(text) + 4, _WIDEST_HEADING), _width(row[place] for row in rows if place < len(row)))
        sheet.set_column(place, place, width, as_text if "text" in it.flags else None)
    _write(sheet, [heading, *rows], head)
    for (number, place), comment in template.comments.items():
        sheet.write_comment(number + 1, place, comment, {"author": ""})
    sheet.freeze_panes(1, 2 if rows else 1)
    _for_paper(sheet)
    if not rows:
        sheet.print_area(0, 0, _ROWS_PRINTED, len(heading) - 1)  # without it only the headings would print

    explanation = workbook.add_worksheet(_(EXPLANATION))
    said = [(it.heading, _("yes") if "required" in it.flags else "", it.takes, it.example) for it in template.form]
    _write(explanation, [(_("Column"), _("Must be filled in"), _("What it holds"), _("Example")), *said], head)
    for place, width in enumerate((40, 18, 80, 28)):
        explanation.set_column(place, place, width)
    _for_paper(explanation)

    if template.lists:
        lists = workbook.add_worksheet(_(LISTS))
        _for_paper(lists)
        headings = [it.heading for it in template.form]
        for place, (text, choices) in enumerate(template.lists.items()):
            first = 2 * place
            _write(lists, [(text, _("Code or meaning")), *choices], head, first)
            for side, texts in enumerate(zip(*choices, strict=True)):
                lists.set_column(first + side, first + side, max(16, _width(texts)))
            if text in headings:
                column, letter = headings.index(text), chr(ord("A") + first)
                offer = {
                    "validate": "list",
                    "source": f"='{_(LISTS)}'!${letter}$2:${letter}${len(choices) + 1}",
                    # Codes, other names and parts of names are accepted as well.
                    "error_type": "warning",
                    "error_title": text,
                    "error_message": _("This is not one of those listed; keep it?"),
                }
                sheet.data_validation(1, column, _ROWS_TO_FILL, column, offer)
    workbook.close()
    return file.getvalue()


def _for_paper(sheet: Any) -> None:
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.hide_gridlines(0)


def _write(sheet: Any, rows: Iterable[Sequence[str]], head: Any, first: int = 0) -> None:
    for number, row in enumerate(rows):
        for place, text in enumerate(row, start=first):
            if text:
                sheet.write_string(number, place, text, None if number else head)


def _width(texts: Iterable[str]) -> int:
    """Return the width of a column in characters: its texts fit, or wrap if they are long."""
    return min(max(map(len, texts), default=0), _WIDEST) + 2
