"""Tables of OpenDocument (.ods): one XML parser tells values, errors, formats, hidden and merged cells."""

import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from math import isfinite
from typing import IO

from ucli.importing.measures import NumberFormat, number_format
from ucli.importing.parts import Elements
from ucli.importing.sheets import (
    ERROR,
    LONGEST_ROW,
    LONGEST_TEXT,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    NO,
    NOT_CALCULATED,
    YES,
    CellFormat,
    Cells,
    Extent,
    Facts,
    TooLargeError,
    cell_format,
    day_of_text,
    number_shown,
)

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_TABLE, _OFFICE, _TEXT, _STYLE = (_NAMES.format(it) for it in ("table", "office", "text", "style"))
_DRAWING, _FORMAT = _NAMES.format("drawing"), _NAMES.format("datastyle")
_EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
# What stands in a cell and is not its text: notes, pictures, how a word is pronounced.
_ASIDE = (f"{_OFFICE}annotation", f"{_TABLE}shapes", f"{_TEXT}ruby-text", f"{_DRAWING}frame", f"{_DRAWING}custom-shape")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_BREAKS = {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}
_FORMATS = tuple(f"{_FORMAT}{kind}-style" for kind in ("number", "percentage", "currency"))
_LITERALS = (f"{_FORMAT}text", f"{_FORMAT}currency-symbol", f"{_FORMAT}embedded-text")
_MOST_SPACES = 100
_MOST_DIGITS = 30
_MOST_NAMES = 100_000  # of tables and styles
_MOST_PARENTS = 10
_PARTS = ("styles.xml", "content.xml")
_NO_LETTERS = "0123456789.,-+() \u00a0\u202f%"


@dataclass(slots=True)
class _Row:
    number: int
    times: int
    is_hidden: bool
    style: str
    cells: list[object] = field(default_factory=list)
    width: int = 0  # with the empty cells at its end
    length: int = 0  # of its texts


class OpenDocument:
    """A spreadsheet of OpenDocument that is open, read twice: first for what tables and styles there are."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._styles = _Styles()
        known = _Tables(self._styles, None, Facts())
        for part in _PARTS:
            if part in packed.namelist():
                with packed.open(part) as text:
                    deque(known.rows(text), maxlen=0)
                    known.restart()
        self.names = known.names
        self.shown = [it for it in known.names if it not in known.hidden]

    def rows(self, name: str, facts: Facts) -> Iterator[tuple[int, Cells]]:
        extent, count = Extent(), 0
        with self._packed.open(_PARTS[1]) as text:
            for row in _Tables(self._styles, name, facts).rows(text):
                extent.add(row.number + row.times - 1, row.cells)
                count += row.times * len(row.cells)
                if count > MOST_CELLS:
                    raise TooLargeError
                for number in range(row.number, row.number + row.times):
                    if row.is_hidden:
                        facts.hidden.add(number)
                    yield number, row.cells


class _Styles:
    """How cells show their numbers, by the names of their styles."""

    def __init__(self) -> None:
        self._codes: dict[str, list[str]] = {}  # as Excel would write them; further ones under conditions, by name
        self._of_cells: dict[str, tuple[str, str]] = {}  # the name of the number format, the style it stands on
        self._found: dict[str, CellFormat | None] = {}

    def add_code(self, name: str, code: str, others: list[str]) -> None:
        self._require_few(self._codes)
        self._codes[name] = [code, *others]

    def add_cell(self, name: str, code: str, parent: str) -> None:
        self._require_few(self._of_cells)
        self._of_cells[name] = code, parent

    def __getitem__(self, name: str) -> CellFormat | None:
        if name not in self._found:
            self._found[name] = self._find(name)
        return self._found[name]

    def _find(self, name: str) -> CellFormat | None:
        for _step in range(_MOST_PARENTS):
            code, parent = self._of_cells.get(name, ("", ""))
            if code in self._codes:
                own, *others = self._codes[code]
                under = [self._codes[it][0] for it in others if it in self._codes]
                return cell_format(";".join([*(f"[>0]{it}" for it in under), own]))
            name = parent
        return None

    @staticmethod
    def _require_few(known: dict[str, object] | dict[str, list[str]] | dict[str, tuple[str, str]]) -> None:
        if len(known) > _MOST_NAMES:
            raise TooLargeError


class _Tables:
    """What a file holds: the names of its tables, and the rows of the one that is asked for as they are read.

    What is repeated (columns, rows, spaces) is counted before it is written out: a file of a kilobyte can say that it
    holds a thousand million spaces.
    """

    def __init__(self, styles: _Styles, wanted: str | None, facts: Facts) -> None:
        self._styles, self._wanted, self._facts = styles, wanted, facts
        self.names: list[str] = []
        self.hidden: set[str] = set()  # of the names
        self._unseen: set[str] = set()  # the styles of hidden tables
        self.restart()

    def restart(self) -> None:
        self._rows: list[_Row] = []
        self._style = ""  # that is being read
        self._format = ""
        self._code: list[str] = []
        self._conditions: list[str] = []
        self._tables = 0  # that are open: one may stand in a cell of another
        self._aside = 0
        self._number = 0
        self._columns: list[str] = []  # the styles of cells that have none of their own
        self._row: _Row | None = None
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._in_text = 0

    def rows(self, text: IO[bytes]) -> Iterator[_Row]:
        reader = _Reader(self)
        for _piece in reader.read(text):
            rows, self._rows = self._rows, []
            yield from rows

    def characters(self, text: str) -> None:
        if self._in_text and not self._aside:
            self._text.append(text)
            if self._row:
                self._row.length += len(text)
                if self._row.length > LONGEST_ROW:
                    raise TooLargeError

    def start(self, name: str, said: dict[str, str]) -> None:
        if self._aside or name in _ASIDE or (name == f"{_TABLE}table" and self._tables):
            self._aside += 1
        elif name == f"{_TABLE}table":
            self._start_table(said)
        elif not self._tables:
            self._start_style(name, said)
        elif name == f"{_TABLE}table-column":
            self._add_columns(said)
        elif name == f"{_TABLE}table-row":
            is_hidden = said.get(f"{_TABLE}visibility", "visible") != "visible"
            style = said.get(f"{_TABLE}default-cell-style-name", "")
            self._row = _Row(self._number + 1, _count(said, f"{_TABLE}number-rows-repeated"), is_hidden, style)
        elif name in _CELLS:
            self._cell, self._text = said, []
        elif name == f"{_TEXT}p" and self._cell is not None:
            self._text.append(" ")
            self._in_text += 1
        elif name in _BREAKS and self._in_text:
            self.characters(" " * min(_count(said, f"{_TEXT}c"), _MOST_SPACES))

    def _start_table(self, said: dict[str, str]) -> None:
        if len(self.names) > _MOST_NAMES:
            raise TooLargeError
        self.names.append(said.get(f"{_TABLE}name", ""))
        self._tables, self._number, self._columns = 1, 0, []
        if said.get(f"{_TABLE}style-name") in self._unseen:
            self.hidden.add(self.names[-1])

    def _start_style(self, name: str, said: dict[str, str]) -> None:
        if name == f"{_STYLE}style":
            self._style = said.get(f"{_STYLE}name", "")
            if said.get(f"{_STYLE}family") == "table-cell":
                parent = said.get(f"{_STYLE}parent-style-name", "")
                self._styles.add_cell(self._style, said.get(f"{_STYLE}data-style-name", ""), parent)
        elif name == f"{_STYLE}table-properties" and said.get(f"{_TABLE}display") == "false":
            self._unseen.add(self._style)
        elif name in _FORMATS:
            self._format, self._code, self._conditions = said.get(f"{_STYLE}name", ""), [], []
        elif name == f"{_FORMAT}number":
            self._code.append(_digits(said))
        elif name in _LITERALS:
            self._in_text, self._text = 1, []
        elif name == f"{_STYLE}map":
            self._conditions.append(said.get(f"{_STYLE}apply-style-name", ""))

    def _add_columns(self, said: dict[str, str]) -> None:
        first = len(self._columns) + 1
        times = min(_count(said, f"{_TABLE}number-columns-repeated"), MOST_COLUMNS + 1 - first)
        self._columns += [said.get(f"{_TABLE}default-cell-style-name", "")] * times
        if said.get(f"{_TABLE}visibility", "visible") != "visible" and self._is_wanted():
            self._facts.note_hidden_columns(first, first + times - 1)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name in _LITERALS:
            self._in_text = 0
            literal = "".join(self._text).replace('"', "")[:_MOST_DIGITS]
            self._code.append(literal if literal == "%" else f'"{literal}"')
        elif name in _FORMATS:
            self._styles.add_code(self._format, "".join(self._code), self._conditions)
        elif name == f"{_TEXT}p" and self._in_text:
            self._in_text -= 1
        elif name in _CELLS and self._row and self._cell is not None:
            self._put(self._row, self._cell)
            self._cell, self._in_text = None, 0
        elif name == f"{_TABLE}table-row" and self._row:
            self._end_row(self._row)
            self._row = None
        elif name == f"{_TABLE}table":
            self._tables = 0

    def _is_wanted(self) -> bool:
        return self._wanted == self.names[-1]

    def _put(self, row: _Row, cell: dict[str, str]) -> None:
        times, column = _count(cell, f"{_TABLE}number-columns-repeated"), row.width
        row.width += times
        if not self._is_wanted():
            return
        value = self._value(cell, row, column)
        if value == "":
            return
        if row.width > MOST_COLUMNS:
            raise TooLargeError
        row.cells += [*[""] * (column - len(row.cells)), *[value] * times]
        if (rows := _count(cell, f"{_TABLE}number-rows-spanned")) > 1:
            self._facts.note_merged(row.number, column, row.number + rows - 1)

    def _end_row(self, row: _Row) -> None:
        self._number += row.times
        if row.cells:
            if self._number > MOST_ROWS:
                raise TooLargeError
            self._rows.append(row)

    def _value(self, cell: dict[str, str], row: _Row, column: int) -> object:
        """Return what a cell holds; where its formula failed, the error that it shows."""
        shown = "".join(self._text).strip()
        kind = cell.get(f"{_OFFICE}value-type", "")
        if len(shown) > LONGEST_TEXT:
            raise TooLargeError
        if cell.get(f"{_EXTENDED}value-type") == "error" or (kind != "string" and ERROR.fullmatch(shown)):
            return shown if ERROR.fullmatch(shown) else "#ERROR!"
        if not kind and not shown and f"{_TABLE}formula" in cell:
            return NOT_CALCULATED
        if kind in ("float", "percentage", "currency"):
            style = cell.get(f"{_TABLE}style-name") or row.style
            if not style and column < len(self._columns):
                style = self._columns[column]
            return _number(cell.get(f"{_OFFICE}value", ""), shown, self._styles[style], kind)
        if kind == "date":
            return day_of_text(cell.get(f"{_OFFICE}date-value", "") or shown)
        if kind == "boolean":
            return YES if cell.get(f"{_OFFICE}boolean-value") == "true" else NO
        return shown or cell.get(f"{_OFFICE}string-value", "")


class _Reader(Elements):
    """Feeds the tables."""

    def __init__(self, tables: _Tables) -> None:
        self._tables = tables
        super().__init__()
        self.parser.CharacterDataHandler = tables.characters

    def start(self, name: str, said: dict[str, str]) -> None:
        self.depth += 1
        self._tables.start(name, said)

    def end(self, name: str) -> None:
        self.depth -= 1
        self._tables.end(name)


def _number(value: str, shown: str, format_: CellFormat | None, kind: str) -> object:
    """Return a number; as a text where zeros in front are shown, with the unit or sign that its cell shows."""
    number = None
    with suppress(ValueError):
        number = float(value)
    if number is None or not isfinite(number):
        return shown
    if len(shown) > 1 and shown.isdecimal() and shown[0] == "0" and float(shown) == number:  # 0021 is 21
        return shown
    if format_ is None and kind == "percentage":
        format_ = CellFormat("", NumberFormat(percent=True))
    if format_ is None and (behind := shown.lstrip(_NO_LETTERS)) and len(behind) < _MOST_DIGITS:
        # Its style tells nothing of the words that it shows.
        how = number_format(f'0"{behind}"'.replace('""', '"'))
        if not how.is_clear or how.unit not in ("", "đồng"):
            format_ = CellFormat("", how._replace(is_clear=False))
    return number_shown(number, format_)


def _digits(said: dict[str, str]) -> str:
    """Return the digits of a number format as Excel writes them."""
    least = min(_count(said, f"{_FORMAT}min-integer-digits"), _MOST_DIGITS)
    whole = "#,##0" if said.get(f"{_FORMAT}grouping") == "true" else "0" * max(least, 1)
    places = said.get(f"{_FORMAT}decimal-places", "0")
    decimals = "0" * min(int(places) if places.isdecimal() and len(places) < 3 else 0, _MOST_DIGITS)
    factor = said.get(f"{_FORMAT}display-factor", "1")
    thousands = (len(factor) - 1) // 3 if factor.isdecimal() and factor.strip("0") == "1" else 0
    return whole + (f".{decimals}" if decimals else "") + "," * min(thousands, _MOST_DIGITS)


def _count(said: dict[str, str], name: str) -> int:
    """Return how often something stands there; what is no number is told by its size."""
    text = said.get(name, "1")
    if not text.isdecimal() or len(text) > 12:
        raise TooLargeError
    return int(text)
