"""Spreadsheets of OpenDocument (.ods): one XML parse gives values, errors, displayed texts, hidden and merged cells."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from ucli.importing import sheets
from ucli.importing.measures import PLAIN, NumberFormat, number_format
from ucli.importing.parts import Elements
from ucli.importing.sheets import Cells, Facts, TooLargeError

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_TABLE, _OFFICE, _TEXT, _STYLE = (_NAMES.format(it) for it in ("table", "office", "text", "style"))
_DRAWING = _NAMES.format("drawing")
_EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
# Elements within a cell that are not its text: notes, pictures, phonetic hints.
_ASIDE = (f"{_OFFICE}annotation", f"{_TABLE}shapes", f"{_TEXT}ruby-text", f"{_DRAWING}frame", f"{_DRAWING}custom-shape")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_BREAKS = {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}
_MOST_SPACES = 100
_PARTS = ("styles.xml", "content.xml")
# A displayed number: what is before it, its digits, what is behind it.
_SHOWN = re.compile(r"[-−(]?\s*(\D*)(\d(?:[\d.,\s]*\d)?)(.{0,60})", re.DOTALL)
_MOST_THOUSANDS, _MOST_DECIMALS = 3, 6


@dataclass(slots=True)
class _Row:
    number: int
    times: int
    is_hidden: bool
    cells: list[object] = field(default_factory=list)
    width: int = 0  # with the empty cells at its end


class OpenDocument:
    """An open spreadsheet; it is parsed once for the names of its tables, and again for the rows of one."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._known = _Known()
        for part in _PARTS:
            if part in packed.namelist():
                with packed.open(part) as text:
                    for _piece in _Tables(self._known, None, Facts()).read(text):
                        pass
        self.names = [name for name, _is_shown in self._known.tables]
        self.shown = [name for name, is_shown in self._known.tables if is_shown]

    def rows(self, name: str, facts: Facts) -> Iterator[tuple[int, Cells]]:
        tables = _Tables(self._known, name, facts)
        with self._packed.open(_PARTS[1]) as text:
            for _piece in tables.read(text):
                for row in tables.rows:
                    sheets.require_near(row.number + row.times - 1, len(row.cells))
                    for number in range(row.number, row.number + row.times):
                        if row.is_hidden:
                            facts.hidden.add(number)
                        yield number, row.cells
                tables.rows.clear()


class _Known:
    """The tables of a file."""

    def __init__(self) -> None:
        self.tables: list[tuple[str, bool]] = []  # the name of each, and whether it is shown
        self.unseen: set[str] = set()  # the styles of hidden tables

    def add(self, table: str, style: str) -> None:
        self.tables.append((table, style not in self.unseen))
        if len(self.tables) > sheets.MOST_SHEETS:
            raise TooLargeError

    def hide(self, style: str) -> None:
        self.unseen.add(style)
        if len(self.unseen) > sheets.MOST_SHEETS:
            raise TooLargeError


class _Tables(Elements):
    """Collects the names of all tables, and the rows of the wanted one as they are read.

    Repeats (of columns, rows, spaces) are bounded before they are expanded: a file of a kilobyte can ask for a billion
    spaces.
    """

    def __init__(self, known: _Known, wanted: str | None, facts: Facts) -> None:
        super().__init__()
        self._known, self._wanted, self._facts = known, wanted, facts
        self.rows: list[_Row] = []
        self._style = ""  # the one being read
        self._table: str | None = None  # the one being read; a table may lie within a cell of another
        self._aside = 0
        self._number = 0
        self._row: _Row | None = None
        self._cell: dict[str, str] | None = None
        self._in_text = 0

    def _hear(self) -> None:
        self.listen(on=bool(self._in_text and not self._aside))

    def start(self, name: str, said: dict[str, str]) -> None:
        self.depth += 1
        if self._aside or name in _ASIDE or (name == f"{_TABLE}table" and self._table is not None):
            self._aside += 1
            self._hear()
        elif name == f"{_TABLE}table":
            self._table, self._number = said.get(f"{_TABLE}name", ""), 0
            if self._wanted is None:
                self._known.add(self._table, said.get(f"{_TABLE}style-name", ""))
        elif name == f"{_STYLE}style":
            self._style = said.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties" and said.get(f"{_TABLE}display") == "false":
            self._known.hide(self._style)
        elif name == f"{_TABLE}table-row":
            is_hidden = said.get(f"{_TABLE}visibility", "visible") != "visible"
            self._row = _Row(self._number + 1, _count(said, f"{_TABLE}number-rows-repeated"), is_hidden)
            self.length = 0
        elif name in _CELLS:
            self._cell = said
            self.text.clear()
        elif name == f"{_TEXT}p" and self._cell is not None:
            self.text.append(" ")
            self._in_text += 1
            self._hear()
        elif name in _BREAKS and self._in_text:
            self.characters(" " * min(_count(said, f"{_TEXT}c"), _MOST_SPACES))

    def end(self, name: str) -> None:
        self.depth -= 1
        if self._aside:
            self._aside -= 1
        elif name == f"{_TEXT}p" and self._in_text:
            self._in_text -= 1
        elif name in _CELLS and self._row and self._cell is not None:
            self._put(self._row, self._cell)
            self._cell, self._in_text = None, 0
        elif name == f"{_TABLE}table-row" and self._row:
            self._number += self._row.times
            self.rows += [self._row] if self._row.cells else []
            self._row = None
        elif name == f"{_TABLE}table":
            self._table = None
        else:
            return
        self._hear()

    def _put(self, row: _Row, cell: dict[str, str]) -> None:
        times, column = _count(cell, f"{_TABLE}number-columns-repeated"), row.width
        row.width += times
        value = self._value(cell) if self._wanted == self._table else ""
        if value != "":
            sheets.widened(row.cells, column).extend([value] * min(times, sheets.MOST_COLUMNS + 1))
            if (rows := _count(cell, f"{_TABLE}number-rows-spanned")) > 1:
                self._facts.note_merged(row.number, column, row.number + rows - 1)

    def _value(self, cell: dict[str, str]) -> object:
        """Return the value of a cell; if its formula failed, the error that it shows."""
        shown = "".join(self.text).strip()
        kind = cell.get(f"{_OFFICE}value-type", "")
        if len(shown) > sheets.LONGEST_TEXT:
            raise TooLargeError
        if cell.get(f"{_EXTENDED}value-type") == "error" or (kind != "string" and sheets.ERROR.fullmatch(shown)):
            return shown if sheets.ERROR.fullmatch(shown) else "#ERROR!"
        if not kind and not shown and f"{_TABLE}formula" in cell:
            return sheets.NOT_CALCULATED
        if kind in ("float", "percentage", "currency"):
            return _number(cell.get(f"{_OFFICE}value", ""), shown, kind)
        if kind == "date":
            return sheets.day_of_text(cell.get(f"{_OFFICE}date-value", "") or shown)
        if kind == "boolean":
            return sheets.YES if cell.get(f"{_OFFICE}boolean-value") == "true" else sheets.NO
        return shown or cell.get(f"{_OFFICE}string-value", "")


def _number(value: str, shown: str, kind: str) -> object:
    """Return a number with the format that its displayed text implies."""
    number = sheets.number_of(value)
    if number is None:
        return shown
    how = _format(number, shown)
    return sheets.number_shown(number, NumberFormat(percent=True) if how == PLAIN and kind == "percentage" else how)


def _format(number: float, shown: str) -> NumberFormat:
    """Return the format, as Excel would have it, that shows a number so: 5.000.000 as 5 triệu."""
    found = _SHOWN.fullmatch(shown)
    if not found:
        return PLAIN
    before, digits, behind = (it.replace('"', "") for it in found.groups())
    most = 0 if digits.isdecimal() else _MOST_DECIMALS
    digits = re.sub(r"\D", "", digits)
    held = abs(number) * (100 if "%" in behind else 1)
    ways = ((times, places) for places in range(most + 1) for times in range(_MOST_THOUSANDS + 1))
    written = {f"{held / 1000**times:.{places}f}".replace(".", ""): times for times, places in [*ways][::-1]}
    times = written.get(digits, written.get(digits.lstrip("0")))
    zeros = "0" * len(digits) if digits != digits.lstrip("0") and number.is_integer() else "0"
    sign = "%" if "%" in behind else ""
    told = number_format(f'"{before}"{zeros}{"," * (times or 0)}{sign}"{behind.replace("%", "")}"'.replace('""', ""))
    return told._replace(is_clear=False) if times is None and (told.unit or told.percent) else told


def _count(said: dict[str, str], name: str) -> int:
    """Return a repeat count, 1 where there is none; refuse anything that is not a small number."""
    text = said.get(name, "1")
    if not text.isdecimal() or len(text) > 12:
        raise TooLargeError
    return int(text)
