"""A workbook by XlsxWriter: numbers and days as such, in the notation they are printed in; a chart of the targets."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell

from ucli.i18n import _
from ucli.render import Chart, Letterhead, Sheet
from ucli.render.cells import Attained, Status, alignments, text_of
from ucli.render.room import require_room
from ucli.render.xlsx_numbers import number_cell

# What Excel holds: rows of a sheet, letters of a cell (in UTF-16), and days since this year.
_MOST_ROWS = 1_048_576
_MOST_LETTERS = 32_767
_MOST_IN_PROPERTY = 255
_FIRST_YEAR = 1900

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_LINE = 15  # the height of a line in that font, in points
_MOST_LINES = 20  # of a row
_LETTERS = 1.2  # of that font, in the width of one of Excel's own; less than there are, so that none is hidden
_NARROWEST, _WIDEST = 6, 45  # of a column, in letters
_MOST_IN_LABEL = 100  # letters beside a bar

# Colour only helps the eye: the words say the same.
_GREEN = {"bg_color": "#C6EFCE", "font_color": "#006100"}
_RED = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
_YELLOW = {"bg_color": "#FFEB9C", "font_color": "#7F6000"}
_FILLS = {"exceeded": _GREEN, "met": _GREEN, "ahead": _GREEN, "unmet": _RED, "behind": _RED, "undecided": _YELLOW}

Properties = dict[str, object]


def render(sheet: Sheet, form: str) -> bytes:
    """Return a sheet as a workbook.

    Raises:
        RejectedError: it has more rows than a workbook holds.

    """
    require_room(len(sheet.rows) + len(sheet.notes) + 4, _MOST_ROWS, form)
    head = sheet.letterhead or Letterhead(None, "", "")
    title = sheet.title or head.subject
    file = BytesIO()
    book = Workbook(
        file,
        # In memory, for a draft on the disk would hold the names of members.
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties(
        {
            "title": title[:_MOST_IN_PROPERTY],
            "author": head.own[:_MOST_IN_PROPERTY],
            "created": datetime.combine(sheet.day or date.today(), time()),  # noqa: DTZ011  the same day, the same file
        }
    )
    styles = _Styles(book)
    _Table(book.add_worksheet(_("Table")), styles).write(sheet, title)
    if sheet.chart:
        _draw(book, styles, sheet.chart)
    book.close()
    return file.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def of(self, properties: Properties) -> Any:
        key = tuple(properties.items())
        if key not in self._made:
            self._made[key] = self._book.add_format({**_FONT, **properties})
        return self._made[key]

    def fill(self, code: str) -> Any:
        """Return the colours of a status, which leave all else of a cell as it is."""
        return self._book.add_format(_FILLS[code])


class _Table:
    """The worksheet with the table: title, headings, rows, and what stands under them."""

    def __init__(self, page: Any, styles: _Styles) -> None:
        self._page = page
        self._styles = styles
        self._cut = 0  # cells that were too long

    def write(self, sheet: Sheet, title: str) -> None:
        widths = list(_widths(sheet))
        last = len(widths) - 1
        for place, width in enumerate(widths):
            self._page.set_column(place, place, width)
        head = 0
        if title:
            self._across(0, widths, title, {"bold": True, "font_size": 13, "align": "center"})
            head = 1
        for place, heading in enumerate(sheet.headings):
            style: Properties = {"bold": True, "align": "center", "bg_color": "#DDEBF7"}
            self._text(head, place, heading, {**style, "valign": "vcenter", "text_wrap": True, "border": 1})
        self._heighten(head, sheet.headings, widths)
        first_total = len(sheet.rows) - sheet.totals
        sides = alignments(sheet)
        for number, row in enumerate(sheet.rows):
            weight: Properties = {"border": 1, "bold": number >= first_total}
            for place, value in enumerate(row):
                # Set in, or a word would touch the number before it.
                side: Properties = {"align": sides[place], "indent": int(sides[place] == "left")}
                self._cell(head + 1 + number, place, value, {**weight, **side})
            self._heighten(head + 1 + number, row, widths)
        end = head + len(sheet.rows)
        self._colour(sheet.rows, head + 1)
        if first_total > 0:
            self._page.autofilter(head, 0, head + first_total, last)
            self._page.ignore_errors({"number_stored_as_text": f"A{head + 2}:XFD{end + 1}"})
        self._notes(end + 2, widths, sheet.notes)
        self._page.freeze_panes(head + 1, 0)
        self._page.repeat_rows(head)
        _for_paper(self._page)

    def _colour(self, rows: list[list[object]], first: int) -> None:
        """Colour statuses by their words, so that one typed over changes its colour; a percentage as its status."""
        columns = list(enumerate(zip(*rows, strict=True)))
        percents = [place for place, column in columns if any(isinstance(it, Attained) for it in column)]
        for place, column in columns:
            coloured = [place, *percents]
            words = {str(it): it.code for it in column if isinstance(it, Status) and it.code in _FILLS}
            for said, code in words.items():
                cell, quoted = xl_rowcol_to_cell(first, place, col_abs=True), said.replace('"', '""')
                rule = {"type": "formula", "criteria": f'={cell}="{quoted}"', "format": self._styles.fill(code)}
                for other in coloured:
                    self._page.conditional_format(first, other, first + len(rows) - 1, other, rule)
            # What comes after the first status, the pace, is no percentage's.
            percents = [] if any(isinstance(it, Status) for it in column) else percents

    def _notes(self, row: int, widths: list[int], notes: list[str]) -> None:
        if self._cut:
            told = _("Cells longer than a workbook holds were cut: {count}; CSV has them whole.")
            notes = [*notes, told.format(count=self._cut)]
        for place, note in enumerate(notes):
            self._across(row + place, widths, note, {"italic": True})

    def _across(self, row: int, widths: list[int], text: str, properties: Properties) -> None:
        """Write a line over the whole width of the table, as high as it takes."""
        style = {**properties, "text_wrap": True}
        if len(widths) > 1:
            self._page.merge_range(row, 0, row, len(widths) - 1, "", self._styles.of(style))
        self._page.set_row(row, _LINE * _lines(text, int(sum(widths) / 1.2)) + 4)
        self._text(row, 0, text, style)

    def _heighten(self, row: int, values: Sequence[object], widths: list[int]) -> None:
        """Make a row as high as its longest cell takes: not every program does so by itself."""
        lines = max(
            (_lines(text_of(it), int(width * _LETTERS)) for it, width in zip(values, widths, strict=True)), default=1
        )
        if lines > 1:
            self._page.set_row(row, _LINE * lines)

    def _cell(self, row: int, place: int, value: object, properties: Properties) -> None:
        if isinstance(value, date) and value.year >= _FIRST_YEAR:
            self._page.write_datetime(row, place, value, self._styles.of({**properties, "num_format": "dd/mm/yyyy"}))
            return
        number = number_cell(value)
        if number:
            held, shown = number
            self._page.write_number(row, place, held, self._styles.of({**properties, "num_format": shown}))
            return
        # As text, whatever is typed over it later stays one.
        self._text(row, place, text_of(value), {**properties, "text_wrap": True, "num_format": "@"})

    def _text(self, row: int, place: int, text: str, properties: Properties) -> None:
        units = text.encode("utf-16-le")
        if len(units) > 2 * _MOST_LETTERS:
            self._cut += 1
            text = units[: 2 * (_MOST_LETTERS - 1)].decode("utf-16-le", "ignore") + "…"
        self._page.write_string(row, place, text, self._styles.of(properties))


def _widths(sheet: Sheet) -> Iterator[int]:
    """Yield how wide each column is, in letters: its cells fit, or wrap where they are long."""
    for place, heading in enumerate(sheet.headings):
        longest = max((len(text_of(row[place])) for row in sheet.rows), default=0)
        word = max(map(len, heading.split()), default=0)
        yield min(max(longest, word, _NARROWEST), _WIDEST) + 3


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes in so many letters; a row holds twenty at the most."""
    return min(len(wrap(text, width)), _MOST_LINES) if len(text) > width else 1


def _for_paper(page: Any) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    page.center_horizontally()
    page.set_footer("&C&P/&N")


def _draw(book: Any, styles: _Styles, chart: Chart) -> None:
    """Write what a chart shows on a sheet of its own, and the chart, which refers to it, beside it."""
    name = _("Chart")
    page = book.add_worksheet(name)
    page.set_column(0, 0, _WIDEST)
    page.set_column(1, 2, 18)
    page.write_string(0, 0, chart.title, styles.of({"bold": True}))
    for place, heading in enumerate(("", _("Target"), _("Actual"))):
        page.write_string(1, place, heading, styles.of({"bold": True, "border": 1}))
    shown = "0.0%" if chart.percent else "#,##0"
    style = styles.of({"border": 1, "num_format": shown})
    for row, (label, *numbers) in enumerate(zip(chart.labels, chart.targets, chart.actuals, strict=True), start=2):
        page.write_string(row, 0, label[:_MOST_IN_LABEL], styles.of({"border": 1, "num_format": "@"}))
        for place, number in enumerate(numbers, start=1):
            if number is None:
                page.write_blank(row, place, None, style)
            else:
                page.write_number(row, place, round(number / 100, 9) if chart.percent else number, style)
    last = len(chart.labels) + 1
    drawing = book.add_chart({"type": "bar"})
    for place, colour in ((1, "#BFBFBF"), (2, "#2E75B6")):
        drawing.add_series(
            {
                "name": [name, 1, place],
                "categories": [name, 2, 0, last, 0],
                "values": [name, 2, place, last, place],
                "fill": {"color": colour},
                "data_labels": {"value": True, "num_format": shown},
                "gap": 60,
            }
        )
    drawing.set_title({"name": [name, 0, 0], "name_font": {"size": 13}})
    drawing.set_y_axis({"reverse": True})  # the first row on top, as in the table
    drawing.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    drawing.set_legend({"position": "bottom"})
    drawing.set_size({"width": 900, "height": 160 + 40 * len(chart.labels)})
    page.insert_chart(1, 4, drawing)
    _for_paper(page)
