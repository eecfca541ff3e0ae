"""Blank tables to be filled in: headings, what may be chosen, and a sheet that explains every column."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ucli.i18n import _, marked
from ucli.importing.forms import Form
from ucli.sanitize import not_run

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROWS_TO_FILL = 5000
_WIDEST = 50  # of a column, in letters

# What the sheets beside the table are called.
EXPLANATION = marked("Explanation")
LISTS = marked("Lists")


class Choice(NamedTuple):
    """What may stand in a column, and what it means: a name and its code, or a code and its name."""

    typed: str
    meaning: str


class Explained(NamedTuple):
    """What the explanation says of a column."""

    heading: str
    required: bool
    takes: str
    example: str


class Blank(NamedTuple):
    """A table to be filled in.

    Args:
        form: its columns.
        title: the name of its sheet.
        choices: what may stand in a column, by its name.
        headings: the heading row, where it is not just the form's.
        rows: what is filled in already.
        comments: what is said beside a cell, by row and column, both from 0 below the heading.
        explained: what is said of the columns, where they are not just the form's.

    """

    form: Form
    title: str
    choices: Mapping[str, Sequence[Choice]] = {}
    headings: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    comments: Mapping[tuple[int, int], str] = {}
    explained: Sequence[Explained] = ()

    @property
    def heads(self) -> list[str]:
        """The headings; an asterisk behind those of columns that must be filled in."""
        own = [column.heading + (" *" if "required" in column.flags else "") for column in self.form]
        return list(self.headings) or own


def csv_of(rows: "Iterable[Sequence[str]]") -> bytes:
    """Return rows as CSV that Excel opens by a double click: semicolons, marked as UTF-8, no cell that it would run."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(map(not_run, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def workbook_of(rows: Sequence[Sequence[str]], title: str) -> bytes:
    """Return rows of texts as a workbook, each column as wide as its texts, the long ones wrapped."""
    file, workbook = _workbook()
    sheet = workbook.add_worksheet(title)
    wrapped = {"text_wrap": True, "valign": "top"}
    bold, as_text = (workbook.add_format({**wrapped, **it}) for it in ({"bold": True}, {"num_format": "@"}))
    for place, column in enumerate(zip(*rows, strict=True)):
        sheet.set_column(place, place, _width(column))
        for number, cell in enumerate(column):
            sheet.write_string(number, place, cell, as_text if number else bold)
    sheet.freeze_panes(1, 0)
    workbook.close()
    return file.getvalue()


def blank_workbook(blank: Blank) -> bytes:
    """Return a blank table as a workbook with lists to choose from and an explanation."""
    file, workbook = _workbook()
    head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"})
    as_text = workbook.add_format({"num_format": "@"})
    sheet = workbook.add_worksheet(blank.title)
    columns = [] if blank.headings else list(blank.form)
    for place, heading in enumerate(blank.heads):
        sheet.write_string(0, place, heading, head)
        is_text = not columns or "text" in columns[place].flags
        cells = [row[place] for row in blank.rows if place < len(row)]
        width = max(12, min(len(heading) + 4, 40), _width(cells))
        sheet.set_column(place, place, width, as_text if is_text else None)
    for number, row in enumerate(blank.rows, start=1):
        for place, cell in enumerate(row):
            if cell:
                sheet.write_string(number, place, cell)
    for (number, place), comment in blank.comments.items():
        sheet.write_comment(number + 1, place, comment, {"author": ""})
    sheet.freeze_panes(1, 2 if blank.headings else 1)
    _explain(workbook, blank, head)
    _offer(workbook, sheet, blank, columns, head)
    workbook.close()
    return file.getvalue()


def _explain(workbook: Any, blank: Blank, head: Any) -> None:
    sheet = workbook.add_worksheet(_(EXPLANATION))
    for place, (heading, width) in enumerate(
        ((_("Column"), 28), (_("Must be filled in"), 18), (_("What stands in it"), 60), (_("Example"), 28))
    ):
        sheet.write_string(0, place, heading, head)
        sheet.set_column(place, place, width)
    own = [Explained(it.heading, "required" in it.flags, it.takes, it.example) for it in blank.form]
    for number, it in enumerate(blank.explained or own, start=1):
        for place, text in enumerate((it.heading, _("yes") if it.required else "", it.takes, it.example)):
            sheet.write_string(number, place, text)


def _offer(workbook: Any, sheet: Any, blank: Blank, columns: Form | list[Any], head: Any) -> None:
    """Write what may be chosen on a sheet of its own, and let the cells offer it."""
    if not blank.choices:
        return
    title = _(LISTS)
    lists = workbook.add_worksheet(title)
    place = 0
    for column in blank.form:
        choices = blank.choices.get(column.name)
        if not choices:
            continue
        lists.write_string(0, place, column.heading, head)
        lists.write_string(0, place + 1, _("Code or meaning"), head)
        for number, choice in enumerate(choices, start=1):
            lists.write_string(number, place, choice.typed)
            lists.write_string(number, place + 1, choice.meaning)
        for side, texts in enumerate(zip(*choices, strict=True)):
            lists.set_column(place + side, place + side, max(16, _width(texts)))
        if column in columns:
            letter = chr(ord("A") + place)
            sheet.data_validation(
                1,
                columns.index(column),
                _ROWS_TO_FILL,
                columns.index(column),
                {
                    "validate": "list",
                    "source": f"='{title}'!${letter}$2:${letter}${len(choices) + 1}",
                    # Codes, other names and parts of names are read as well.
                    "error_type": "warning",
                    "error_title": column.heading,
                    "error_message": _("This is none of those listed; is it meant?"),
                },
            )
        place += 2


def _workbook() -> tuple[io.BytesIO, Any]:
    import xlsxwriter  # noqa: PLC0415  only for workbooks

    file = io.BytesIO()
    return file, xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_urls": False})


def _width(texts: "Iterable[str]") -> int:
    """Return how wide a column is, in letters: its texts fit, or wrap where they are long."""
    return min(max(map(len, texts), default=0), _WIDEST) + 2
