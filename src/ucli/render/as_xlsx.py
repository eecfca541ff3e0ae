"""A workbook by XlsxWriter: real numbers and days, formatted as printed; a chart of attainment."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from io import BytesIO
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook

from ucli.i18n import _
from ucli.render import Sheet, require_room
from ucli.render.cells import Attained, Measured, number_of, status_code, text_of
from ucli.render.letterhead import fields_of
from ucli.render.tables import Fitted, LaidOut, fitted, heading_rows, natural, shown
from ucli.reports.letterhead import Letterhead

# Limits of Excel: rows of a sheet, UTF-16 letters of a cell, digits of a number, the first year of days.
_MOST_ROWS = 1_048_576
_MOST_LETTERS = 32_767
_MOST_DIGITS = 15
_MOST_IN_PROPERTY = 255
_FIRST_YEAR = 1900

_FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
_LINE = 15  # the height of a line in that font, in points
_MOST_LINES = 20  # of a row
_LETTERS = 1.2  # letters of that font to one of Excel's width units; fewer than there are, so that nothing is hidden
_NARROWEST, _WIDEST = 4, 45  # of a column, in letters
# The width of a table that prints on A4 landscape at nine points, and the padding of a column.
_ROOM, _GAP = 146, 3.7
_LETTERS_OF_SIGNATURE = 45
# A4 within its margins in points, the width of a letter, the least scale, and the share of a nearly empty page.
_POINTS_ACROSS, _POINTS_DOWN, _POINTS_OF_LETTER, _SMALLEST, _LITTLE = 755, 480, 5.6, 0.82, 0.35
_MOST_DRAWN = 40  # bars that can still be read

# Colour repeats what words say.
_GREEN = {"bg_color": "#C6EFCE", "font_color": "#006100"}
_RED = {"bg_color": "#FFC7CE", "font_color": "#9C0006"}
_YELLOW = {"bg_color": "#FFEB9C", "font_color": "#7F6000"}
_FILLS = {"exceeded": _GREEN, "met": _GREEN, "ahead": _GREEN, "unmet": _RED, "behind": _RED, "undecided": _YELLOW}

_HEADING = {"bold": True, "align": "center", "bg_color": "#DDEBF7", "valign": "vcenter"}
_HEADING |= {"text_wrap": True, "border": 1, "num_format": "General"}

Style = Callable[..., Any]  # formats by their properties


def render(sheet: Sheet, form: str) -> Iterator[bytes]:
    page = shown(sheet, form)
    require_room(page.rows + len(page.notes) + 4, _MOST_ROWS, form)
    title = page.title or page.letterhead.subject
    # In memory, for a temporary file would hold the names of members.
    unread = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = Workbook(file := BytesIO(), {"in_memory": True, **unread})
    created = datetime.combine(sheet.day or date.today(), time())  # noqa: DTZ011  the same day, the same file
    book.set_properties(
        {"title": title[:_MOST_IN_PROPERTY], "author": page.letterhead.own[:_MOST_IN_PROPERTY], "created": created}
    )

    @cache
    def style(**properties: object) -> Any:
        return book.add_format({**_FONT, **properties})

    is_report = sheet.tables is not None
    tables = [part for it in page.tables for part in _fitted(it, is_report=is_report)]
    written = []
    for number, part in enumerate(tables, start=1):
        name = _("Table") if len(tables) == 1 else f"{_('Table')} {number}"
        written.append(_TablePage(book.add_worksheet(name), style, part))
        written[-1].write(title)
    written[-1].end(page.notes, page.letterhead if is_report else None)
    for it in written:
        it.fit_to_paper()
    _draw(book, title, [bars for it in written for bars in it.bars()])
    book.close()
    yield file.getvalue()


def _fitted(table: LaidOut, *, is_report: bool) -> list[Fitted]:
    """Return a table split as the paper requires; a list, which is worked on, is never split."""
    found = fitted(table, _ROOM, gaps=[_GAP], most=_MOST_LINES) if is_report else []
    return found or [natural(table, _WIDEST, _GAP)]


class _TablePage:
    """A worksheet with a table: title, headings, rows, notes, signature."""

    def __init__(self, page: Any, style: Style, part: Fitted) -> None:
        self._page, self._style, self._table = page, style, part.table
        self._next, self._extra = 0, 0.0  # the next free line, and the extra height of those above it
        self._widths = [max(it, _NARROWEST) + 3 for it in part.widths]  # in letters
        for place, width in enumerate(self._widths):
            page.set_column(place, place, width)

    def write(self, title: str) -> None:
        """Write the table with its title and the notes above it."""
        page, table = self._page, self._table
        for number, line in enumerate([*filter(None, [title]), *table.above]):
            self._across(line, **({"italic": True} if number else {"bold": True, "font_size": 13, "align": "center"}))
        first = self._next
        self._write_headings()
        page.freeze_panes(self._next, 0)
        page.repeat_rows(first, self._next - 1)
        head, of_body = self._next - 1, len(table.rows) - table.totals
        self._body = (head + 1, head + min(of_body, _MOST_DRAWN))
        # Indented, or a word would touch the number before it.
        aligned = [{"border": 1, "align": side, "indent": int(side == "left")} for side in table.sides]
        for row, is_total in table.lines:
            self._row(row, [{**it, "bold": is_total} for it in aligned])
        if of_body > 0:
            if not table.spans:
                page.autofilter(head, 0, head + of_body, len(aligned) - 1)
            page.ignore_errors({"number_stored_as_text": f"A{head + 2}:XFD{self._next}"})
        _for_paper(page)

    def _set_height(self, row: int, points: float) -> None:
        self._page.set_row(row, points)
        self._extra += points - _LINE

    def fit_to_paper(self) -> None:
        """Scale the sheet down a little if its last page would be nearly empty, as with a signature alone."""
        scale = min(1.0, _POINTS_ACROSS / (sum(self._widths) * _POINTS_OF_LETTER))
        sheets, rest = divmod((self._next * _LINE + self._extra) * scale / _POINTS_DOWN, 1)
        if sheets and rest < _LITTLE and scale / (1 + rest / sheets) >= _SMALLEST:
            self._page.fit_to_pages(1, int(sheets))

    def bars(self) -> list[dict[str, Any]]:
        """Return the columns of percentages as series of a chart over the rows."""
        sides, (first, last) = self._table.sides, self._body
        named = next((place for place, side in enumerate(sides) if side == "left"), 0)
        beside = next((place for place in range(named, len(sides)) if sides[place] == "right"), named + 1)
        rows, name = self._table.rows[: last - first + 1], self._page.get_name()
        return [
            {
                "name": heading,
                "categories": [name, first, named, last, beside - 1],
                "values": [name, first, place, last, place],
                "data_labels": {"value": True, "num_format": "0.0%"},
                "gap": 60,
            }
            for place, heading in enumerate(self._table.full_headings)
            if any(isinstance(row[place], Attained) for row in rows)
        ]

    def end(self, notes: Sequence[str], signed: Letterhead | None) -> None:
        """Write the notes and the signature under the table."""
        self._next += 1
        for note in notes:
            self._across(note, italic=True)
        if signed is None:
            return
        self._next += 1
        last = len(self._widths) - 1
        half = next((it for it in range(last, 0, -1) if sum(self._widths[it:]) >= _LETTERS_OF_SIGNATURE), 0)
        said = fields_of(signed)
        lines = {f"{said['place']}, {said['day']}": "italic", said["signed_for"]: "bold", said["signer_title"]: "bold"}
        for line, face in lines.items():
            if half < last:
                self._page.merge_range(self._next, half, self._next, last, "", self._style())
            self._text(self._next, half, line, align="center", **{face: True})
            self._next += 1

    def _write_headings(self) -> None:
        for cells in heading_rows(self._table):
            row, lines = self._next, 1
            for it in cells:
                style = self._style(**_HEADING)
                if it.columns * it.rows > 1:
                    self._page.merge_range(row, it.place, row + it.rows - 1, it.place + it.columns - 1, "", style)
                self._text(row, it.place, it.text, **_HEADING)
                room = sum(self._widths[it.place : it.place + it.columns])
                lines = max(lines, -(-_lines(it.text, int(room)) // it.rows))
            self._set_height(row, _LINE * lines)
            self._next += 1

    def _row(self, values: Sequence[object], styles: Sequence[dict[str, Any]]) -> None:
        """Write a row with the height of its longest cell, which not every program works out by itself."""
        row, lines = self._next, 1
        self._next += 1
        for place, (value, plain, width) in enumerate(zip(values, styles, self._widths, strict=True)):
            lines = max(lines, _lines(text_of(value), int(width * _LETTERS)))
            style = {**plain, **_FILLS.get(status_code(value), {})}
            if isinstance(value, date) and value.year >= _FIRST_YEAR:
                self._page.write_datetime(row, place, value, self._style(**style, num_format="dd/mm/yyyy"))
            elif number := _number_cell(value):
                self._page.write_number(row, place, number[0], self._style(**style, num_format=number[1]))
            else:  # as text, and so is whatever is typed over it later
                self._text(row, place, text_of(value), **{"text_wrap": True, "num_format": "@", **style})
        if lines > 1:
            self._set_height(row, _LINE * lines)

    def _across(self, text: str, **properties: object) -> None:
        """Write a line across the width of the table, as high as it needs."""
        row = self._next
        self._next += 1
        style = {**properties, "text_wrap": True}
        if len(self._widths) > 1:
            self._page.merge_range(row, 0, row, len(self._widths) - 1, "", self._style(**style))
        self._set_height(row, _LINE * _lines(text, int(sum(self._widths) * _LETTERS)) + 4)
        self._text(row, 0, text, **style)

    def _text(self, row: int, place: int, text: str, **properties: object) -> None:
        units = text.encode("utf-16-le")
        if len(units) > 2 * _MOST_LETTERS:  # nothing that long can be recorded
            text = units[: 2 * (_MOST_LETTERS - 1)].decode("utf-16-le", "ignore") + "…"
        self._page.write_string(row, place, text, self._style(**properties))


def _number_cell(value: object) -> tuple[int | float | Decimal, str] | None:
    """Return a cell's number and number format; None for a text, or for more digits than Excel keeps."""
    number = number_of(value)
    if number is None or len(Decimal(number[0]).normalize().as_tuple().digits) > _MOST_DIGITS:
        return None
    held, shown_as = notation(*number)
    return (held_as(value.exact, Decimal(held)) if isinstance(value, Measured) and value.exact else held), shown_as


def notation(number: int | Decimal, sign: str = "", suffix: str = "") -> tuple[int | Decimal, str]:
    """Return a number, and the number format in which Excel shows it as printed.

    "≥ 64,8%" is 0.648 in the format `"≥ "0.0%`; a mark behind a number stays behind it.
    """
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    decimals = "0" * max(0, -int(exponent))
    point = f".{decimals}" if decimals else ""
    if suffix.startswith("%"):
        number, body, suffix = Decimal(number).scaleb(-2), f"0{point}%", suffix[1:]
    else:
        body = f"#,##0{point}"
    before, after = (f'"{it}"' if it else "" for it in (sign, suffix))
    positive = f"{before}{body}{after}"
    return number, f"{positive};{before}-{body}{after}" if sign else positive


def held_as(exact: Fraction, printed: Decimal) -> float | Decimal:
    """Return a quotient for a cell, 1 being 100%: exact, unless Excel would show it differently than printed.

    Excel rounds half up at fifteen digits; so 99,96% of a target is written as the 0.999 that is printed, and a
    negative number that prints as zero as zero.
    """
    held = float(exact)
    seen = Decimal(f"{held:.15g}").quantize(printed, ROUND_HALF_UP)
    return held if seen == printed and (held < 0) == (printed < 0) else printed


def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes at a width in letters; at most twenty."""
    return min(len(wrap(text, width)), _MOST_LINES) if len(text) > width else 1


def _for_paper(page: Any) -> None:
    page.set_paper(9)  # A4
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    page.center_horizontally()
    page.set_footer("&C&P/&N")


def _draw(book: Any, title: str, bars: list[dict[str, Any]]) -> None:
    """Draw bars on a page of their own."""
    if not bars:
        return
    page, drawing = book.add_chartsheet(_("Chart")), book.add_chart({"type": "bar"})
    for it in bars:
        drawing.add_series(it)
    drawing.set_title({"name": title, "name_font": {"size": 13}})
    drawing.set_y_axis({"reverse": True})  # the first row on top, as in the table
    drawing.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    drawing.set_legend({"position": "bottom"})
    page.set_chart(drawing)
    page.set_paper(9)  # A4
    page.set_landscape()
