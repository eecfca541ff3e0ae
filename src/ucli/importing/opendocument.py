"""Tables of OpenDocument (.ods): one XML parser tells values, errors, hidden rows and formats; nothing is expanded.

What a file repeats (columns, rows, spaces) is counted before it is written out: a file of a kilobyte can say that it
holds a thousand million spaces.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from typing import IO
from xml.parsers import expat

# What a spreadsheet shows where a formula failed, also in the CSV it writes.
ERROR = re.compile(r"#(?:N/A|[A-Z0-9/_]+[!?])|Err:\d{3}")
# What stands in a cell whose formula was never calculated, as Excel writes errors.
NOT_CALCULATED = "#FORMULA?"

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0 "
_TABLE, _OFFICE, _TEXT, _STYLE = (_NAMES.format(it) for it in ("table", "office", "text", "style"))
_DRAWING, _FORMATS = _NAMES.format("drawing"), _NAMES.format("datastyle")
_EXTENDED = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
# What stands in a cell and is not its text: notes, pictures, how a word is pronounced.
_ASIDE = (f"{_OFFICE}annotation", f"{_TABLE}shapes", f"{_TEXT}ruby-text", f"{_DRAWING}frame", f"{_DRAWING}custom-shape")
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_BREAKS = {f"{_TEXT}s", f"{_TEXT}tab", f"{_TEXT}line-break"}
_MOST_SPACES = 100
_LONGEST_TEXT = 1_000_000
_MOST_COLUMNS, _MOST_ROWS = 16_384, 1_048_576
_BYTES_AT_ONCE = 1 << 16


class TooLargeError(ValueError):
    """A value stands further away than any list reaches."""


@dataclass(slots=True)
class Row:
    number: int
    times: int
    cells: list[object]
    is_hidden: bool
    percent: set[int]  # the columns, from 1, that are shown as percentages


@dataclass(slots=True)
class Tables:
    """What a file holds: the names of its tables, and the rows of the one that is asked for as they are read."""

    wanted: str | None = None
    names: list[str] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)  # of the names
    filled: set[str] = field(default_factory=set)  # of the names: those that hold something
    formats: list[str] = field(default_factory=list)  # the texts in number formats
    _rows: list[Row] = field(default_factory=list)
    _unseen: set[str] = field(default_factory=set)  # the styles of hidden tables
    _style: str = ""
    _depth: int = 0  # of tables: one may stand in a cell of another
    _aside: int = 0
    _number: int = 0
    _row: Row | None = None
    _gap: int = 0  # empty cells before the next one
    _cell: dict[str, str] | None = None
    _text: list[str] = field(default_factory=list)
    _in_text: int = 0
    _size: int = 0

    def read(self, text: IO[bytes]) -> Iterator[Row]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters
        while piece := text.read(_BYTES_AT_ONCE):
            parser.Parse(piece)
            rows, self._rows = self._rows, []
            yield from rows
        parser.Parse(b"", True)
        yield from self._rows

    def _characters(self, text: str) -> None:
        if self._in_text and not self._aside:
            self._size += len(text)
            if self._size > _LONGEST_TEXT:
                raise TooLargeError
            self._text.append(text)

    def _start(self, name: str, said: dict[str, str]) -> None:  # noqa: C901  a case for each element
        if self._aside or name in _ASIDE or (name == f"{_TABLE}table" and self._depth):
            self._aside += 1
        elif name == f"{_STYLE}style":
            self._style = said.get(f"{_STYLE}name", "")
        elif name == f"{_STYLE}table-properties" and said.get(f"{_TABLE}display") == "false":
            self._unseen.add(self._style)
        elif name == f"{_FORMATS}text":
            self._in_text, self._text, self._size = 1, [], 0
        elif name == f"{_TABLE}table":
            self.names.append(said.get(f"{_TABLE}name", ""))
            self._depth, self._number = 1, 0
            if said.get(f"{_TABLE}style-name") in self._unseen:
                self.hidden.add(self.names[-1])
        elif not self._depth:
            return
        elif name == f"{_TABLE}table-row":
            times = _count(said, f"{_TABLE}number-rows-repeated")
            is_hidden = said.get(f"{_TABLE}visibility", "visible") != "visible"
            self._row, self._gap = Row(self._number + 1, times, [], is_hidden, set()), 0
        elif name in _CELLS:
            self._cell, self._text, self._size = said, [], 0
        elif name == f"{_TEXT}p" and self._cell is not None:
            self._text.append(" ")
            self._in_text += 1
        elif name in _BREAKS and self._in_text:
            self._text.append(" " * min(_count(said, f"{_TEXT}c"), _MOST_SPACES))

    def _end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name == f"{_FORMATS}text":
            self._in_text = 0
            self.formats.append("".join(self._text))
        elif name == f"{_TEXT}p" and self._in_text:
            self._in_text -= 1
        elif name in _CELLS and self._row and self._cell is not None:
            self._put(self._row, self._cell)
            self._cell, self._in_text = None, 0
        elif name == f"{_TABLE}table-row" and self._row:
            self._end_row(self._row)
            self._row = None
        elif name == f"{_TABLE}table":
            self._depth = 0

    def _put(self, row: Row, cell: dict[str, str]) -> None:
        times, value = _count(cell, f"{_TABLE}number-columns-repeated"), self._value(cell)
        if value == "":
            self._gap += times
            return
        if len(row.cells) + self._gap + times > _MOST_COLUMNS:
            raise TooLargeError
        row.cells += [*[""] * self._gap, *[value] * times]
        self._gap = 0
        if cell.get(f"{_OFFICE}value-type") == "percentage":
            row.percent.update(range(len(row.cells) - times + 1, len(row.cells) + 1))

    def _end_row(self, row: Row) -> None:
        self._number += row.times
        if row.cells:
            if self._number > _MOST_ROWS:
                raise TooLargeError
            self.filled.add(self.names[-1])
            if self.wanted == self.names[-1]:
                self._rows.append(row)

    def _value(self, cell: dict[str, str]) -> object:
        """Return what a cell holds; where its formula failed, the error that it shows."""
        shown = "".join(self._text).strip()
        kind = cell.get(f"{_OFFICE}value-type", "")
        if cell.get(f"{_EXTENDED}value-type") == "error" or (kind != "string" and ERROR.fullmatch(shown)):
            return shown if ERROR.fullmatch(shown) else "#ERROR!"
        if not kind and not shown and f"{_TABLE}formula" in cell:
            return NOT_CALCULATED
        with suppress(ValueError):
            if kind in ("float", "percentage", "currency"):
                number = float(cell.get(f"{_OFFICE}value", ""))
                is_shown = shown.isdecimal() and shown[0] == "0" and float(shown) == number  # 0021 is 21
                return shown if len(shown) > 1 and is_shown else number if isfinite(number) else shown
            if kind == "date":
                day = cell.get(f"{_OFFICE}date-value", "")
                return datetime.fromisoformat(day).replace(tzinfo=None) if "T" in day else date.fromisoformat(day)
            if kind == "boolean":
                return cell.get(f"{_OFFICE}boolean-value") == "true"
        return shown or cell.get(f"{_OFFICE}string-value", "")


def _count(said: dict[str, str], name: str) -> int:
    """Return how often something stands there; what is no number is told by its size."""
    text = said.get(name, "1")
    if not text.isdecimal() or len(text) > 12:
        raise TooLargeError
    return int(text)
