"""Workbooks of Excel (.xlsx, .xlsm), as Excel and other programs write them: each part is parsed once, piece by piece.

A sheet as Excel writes it is read by a regular expression that accounts for every letter of it; from the first letter
that it does not account for an XML parser reads on. Both give the same cells: value, number format, error, formula
without a value.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from math import isfinite
from sys import getsizeof
from typing import IO

from ucli.importing.columns import column_number
from ucli.importing.parts import Elements, Package, Tags, Token, blocks
from ucli.importing.sheets import (
    LONGEST_ROW,
    LONGEST_TEXT,
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
    error_of,
    number_shown,
    widened,
)

_MOST_SHEETS, _MOST_STYLES = 10_000, 100_000
_MOST_BYTES_OF_TEXTS = 500 << 20
_MOST_KEPT = 1 << 16  # numbers that were read
_LONGEST_FORMAT = 1000
# Formats that every workbook has: percentages, days, times.
_BUILT_IN = {
    "9": "0%",
    "10": "0.00%",
    "45": "mm:ss",
    "46": "[h]:mm:ss",
    "47": "mm:ss.0",
    **dict.fromkeys(("14", "15", "16", "17", *map(str, range(27, 37)), *map(str, range(50, 59))), "d/m/yyyy"),
    **dict.fromkeys(("18", "19", "20", "21"), "h:mm"),
    "22": "d/m/yyyy h:mm",
}
_TEXT = r"<t(?: xml:space=\"preserve\")?>([^<]*)</t>"
_SHARED_TEXT = re.compile(rf"<si>(?:{_TEXT}|<t/>)</si>\s*|([\s\S])")
# A row begins: its number, its attributes; a cell: column, row, style, kind, formula, value, own text; a row ends.
_ROW_OR_CELL = re.compile(
    r"<row r=\"(\d+)\"((?: [^<>\"=]+=\"[^<>\"]*\")*/?)>\s*"
    r"|<c r=\"([A-Z]{1,3})(\d+)\"(?: s=\"(\d+)\")?(?: t=\"([A-Za-z]+)\")?"
    rf"(?:/>|>(?:(<f)(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<]+)</v></c>|><is>{_TEXT}</is></c>)\s*"
    r"|</row>\s*|([\s\S])"
)
_TEXTS_BEGIN, _ROWS_BEGIN = re.compile(rb"<sst(?: [^<>]*)?>"), re.compile(rb"<sheetData>")
_HIDDEN = re.compile(r' (?:hidden="(?:1|true)"|ht="0(?:\.0*)?")')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6})|([a-z]+));|&")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?[A-Za-z]{1,3}\$?([0-9]{1,7})")
_SIGN_OF_MERGED = b"mergeCell"
_TRUE = ("1", "true")
# What libraries that do not calculate write for Excel to do it; they give each formula the value 0.
_OF_LIBRARIES = "124519"
# What else a cell may hold than numbers and texts.
_OF_KINDS: dict[str, Callable[[str], object]] = {
    "b": lambda text: YES if text in _TRUE else NO,
    "e": error_of,
    "d": day_of_text,
}
_FIRST_SIGN, _SURROGATES = 0x20, range(0xD800, 0xE000)


class Excel:
    """A workbook of Excel that is open."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._package = package = Package(packed)
        main = (part for kind, part in package.links("").values() if kind == "officeDocument" and part in package)
        self._book = next(main, "xl/workbook.xml")
        links = package.links(self._book)
        self._part_of: dict[str, str] = {}
        self._from_1904 = self._is_new = False
        self.names: list[str] = []
        self.shown: list[str] = []
        self.has_macros = False  # sheets of the macros of old
        for _around, tag, said in package.elements(self._book):
            if tag == "workbookPr":
                self._from_1904 = said.get("date1904") in _TRUE
            elif tag == "calcPr":
                self._is_new = said.get("fullCalcOnLoad") in _TRUE and said.get("calcId") == _OF_LIBRARIES
            elif tag == "sheet":
                link = next((value for name, value in said.items() if name.endswith(" id")), "")
                kind, part = links.get(link, ("", ""))
                self.has_macros = self.has_macros or "macrosheet" in kind.lower()
                if kind == "worksheet":
                    self._add_sheet(said.get("name", ""), part, is_shown=said.get("state", "visible") == "visible")
        self._texts_part = next((part for kind, part in links.values() if kind == "sharedStrings"), "")
        self._styles_part = next((part for kind, part in links.values() if kind == "styles"), "")
        self._texts: list[str] | None = None
        self._styles: dict[str, CellFormat] | None = None

    def _add_sheet(self, name: str, part: str, *, is_shown: bool) -> None:
        if len(self.names) > _MOST_SHEETS:
            raise TooLargeError
        self._part_of[name] = part
        self.names.append(name)
        if is_shown:
            self.shown.append(name)

    def rows(self, name: str, facts: Facts) -> Iterator[tuple[int, Cells]]:
        part = self._part_of[name]
        if self._texts is None or self._styles is None:
            self._texts, self._styles = self._shared_texts(), self._cell_formats()
        sheet = partial(_Sheet, self._texts, self._styles, facts, from_1904=self._from_1904, is_new=self._is_new)
        if self._says_merged(part):
            with self._package.open(part) as text:
                for _row in sheet().rows(text):
                    pass
        with self._package.open(part) as text:
            yield from sheet().rows(text)

    def _says_merged(self, part: str) -> bool:
        """Tell whether a sheet may have merged cells, which it says below all rows."""
        tail = b""
        with self._package.open(part) as text:
            while piece := text.read(1 << 20):
                if _SIGN_OF_MERGED in (whole := tail + piece.replace(b"\0", b"")):
                    return True
                tail = whole[-len(_SIGN_OF_MERGED) :]
        return False

    def _shared_texts(self) -> list[str]:
        if self._texts_part not in self._package:
            return []
        reader = _Texts()
        with self._package.open(self._texts_part) as text:
            for tokens in blocks(text, reader, _TEXTS_BEGIN, b"</si>", _SHARED_TEXT, lambda: reader.depth == 1):
                reader.add(tokens or ())
        return reader.texts

    def _cell_formats(self) -> dict[str, CellFormat]:
        """Return the cell styles, by their numbers, that show numbers otherwise than they are."""
        codes, found, place = dict(_BUILT_IN), dict[str, CellFormat](), 0
        if self._styles_part not in self._package:
            return found
        styles: list[str] = []
        for around, tag, said in self._package.elements(self._styles_part):
            if tag == "numFmt" and around == "numFmts":
                codes[said.get("numFmtId", "")] = said.get("formatCode", "")[:_LONGEST_FORMAT]
            elif tag == "xf" and around == "cellXfs":
                styles.append(said.get("numFmtId", ""))
            if len(styles) + len(codes) > _MOST_STYLES:
                raise TooLargeError
        for place, number in enumerate(styles):
            if format_ := cell_format(codes.get(number, "")):
                found[str(place)] = format_
        return found


class _Texts(Elements):
    """The texts that cells share, in one run or several; how a word is pronounced is none of them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._tags = Tags()
        self._runs: list[str] = []
        self._length = self._size = self._aside = 0

    def add(self, tokens: "list[Token] | tuple[()]") -> None:
        for text, _other in tokens:
            self._add(plain_text(text) if "&" in text or "\r" in text or "_x" in text else text)

    def _add(self, text: str) -> None:
        self._size += getsizeof(text) + 8
        if self._size > _MOST_BYTES_OF_TEXTS or len(text) > LONGEST_TEXT:
            raise TooLargeError
        self.texts.append(text)

    def start(self, name: str, _said: dict[str, str]) -> None:
        self.depth += 1
        tag = self._tags[name]
        if tag == "rPh":
            self._aside = self.depth
        elif tag == "t" and not self._aside:
            self.parser.CharacterDataHandler = self._characters
        elif tag == "si":
            self._runs, self._length = [], 0

    def end(self, name: str) -> None:
        tag = self._tags[name]
        if tag == "t":
            self.parser.CharacterDataHandler = None
        elif tag == "si":
            self._add(_meant("".join(self._runs)))
        elif tag == "rPh" and self._aside == self.depth:
            self._aside = 0
        self.depth -= 1

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise TooLargeError
        self._runs.append(text)


class _Sheet(Elements):
    """The rows of a sheet, in whatever way they are written."""

    def __init__(
        self, texts: list[str], styles: dict[str, CellFormat], facts: Facts, *, from_1904: bool, is_new: bool
    ) -> None:
        super().__init__()
        self._is_new = is_new  # its formulas were never calculated where they are 0
        self._texts, self._styles, self._facts, self._from_1904 = texts, styles, facts, from_1904
        self._tags = Tags()
        self._columns = _Columns()
        self._extent = Extent()
        self._numbers = _Numbers(self._said)
        self._found: list[tuple[int, Cells]] = []
        self._has_rows = False  # its rows have begun
        self._number = self._column = self._length = 0
        self._cells: list[object] | None = None  # of a row that has begun
        self._cell: dict[str, str] | None = None
        self._value: list[str] = []
        self._has_formula = self._has_value = self._is_numbered = False
        self._aside = 0

    def rows(self, text: IO[bytes]) -> Iterator[tuple[int, Cells]]:
        for tokens in blocks(text, self, _ROWS_BEGIN, b"</row>", _ROW_OR_CELL, lambda: self._has_rows):
            if tokens:
                self._take(tokens)
            yield from self._found
            self._found.clear()

    def _take(self, tokens: list[Token]) -> None:  # noqa: C901, PLR0912  each cell of the longest lists comes by here
        """Take rows as Excel writes them."""
        columns, texts, numbers = self._columns, self._texts, self._numbers
        cells, row, width = list[object](), "", 0
        for number, attributes, letters, of_row, style, kind, formula, value, own, _other in tokens:
            if letters:
                if of_row != row:
                    raise ValueError(of_row)
                if own:
                    said: object = plain_text(own) if "&" in own or "_x" in own else own
                elif not value:
                    continue
                elif formula and value == "0" and self._is_new:
                    said = NOT_CALCULATED
                elif kind == "s" and value.isdecimal():
                    said = texts[int(value)]
                elif kind:
                    said = self._said(kind, style, plain_text(value))
                else:
                    said = numbers[style, value]
                if said == "":
                    continue
                column = columns[letters]
                if column == width:
                    cells.append(said)
                else:
                    widened(cells, column).append(said)
                width = column + 1
            elif number:
                if attributes and "xmlns" in attributes:
                    raise ValueError(number)
                row, width = number, 0
                self._begin_row(number, is_hidden=bool(attributes) and bool(_HIDDEN.search(attributes)))
                cells = self._cells = []
                if attributes.endswith("/"):
                    self._end_row()
            else:
                self._end_row()

    def _begin_row(self, number: str, *, is_hidden: bool) -> None:
        row = int(number) if number else self._number + 1
        if row <= self._number or self._cells is not None:
            raise ValueError(row)
        if row > MOST_ROWS:
            raise TooLargeError
        self._number, self._column, self._length, self._cells = row, 0, 0, []
        self._is_numbered = bool(number)
        if is_hidden:
            self._facts.hidden.add(row)

    def _end_row(self) -> None:
        cells, self._cells = self._cells, None
        if cells is None:
            raise ValueError
        if cells:
            self._extent.add(self._number, cells)
            self._found.append((self._number, cells))

    def _said(self, kind: str, style: str, text: str) -> object:
        """Return what a cell holds that holds something."""
        if kind in ("", "n"):
            number = _number(text)
            if number is None:
                return error_of(text.strip())
            return number_shown(number, self._styles.get(style or "0"), from_1904=self._from_1904)
        if kind == "s":
            place = int(text)
            if place < 0:
                raise ValueError(text)
            return self._texts[place]
        if kind in ("str", "inlineStr"):
            return text
        return _OF_KINDS[kind](text.strip())

    def start(self, name: str, said: dict[str, str]) -> None:
        self.depth += 1
        tag = self._tags[name]
        if tag == "c" and self._cells is not None:
            self._cell, self._has_formula, self._has_value, self._aside = said, False, False, 0
            self._value.clear()
        elif self._cell is not None:
            if tag == "f":
                self._has_formula = True
            elif tag == "rPh":
                self._aside = self.depth
            elif tag in ("v", "t") and not self._aside:
                self._has_value = True
                self.parser.CharacterDataHandler = self._characters
        elif tag == "row" and self._has_rows:
            self._begin_row(said.get("r", ""), is_hidden=said.get("hidden") in _TRUE or not float(said.get("ht", 1)))
        else:
            self._start_beside(tag, said)

    def _start_beside(self, tag: str, said: dict[str, str]) -> None:
        """Read what stands beside the rows."""
        found = _RANGE.fullmatch(said.get("ref", "")) if tag in ("mergeCell", "dimension") else None
        if tag == "sheetData":
            self._has_rows = True
        elif found and tag == "mergeCell":
            self._facts.note_merged(int(found[2]), self._columns[found[1].upper()], int(found[3]))
        elif found:
            self._facts.last_row = min(int(found[3]), MOST_ROWS)
        elif tag == "col" and said.get("hidden") in _TRUE:
            self._facts.note_hidden_columns(int(said.get("min", 1)), int(said.get("max", 1)))

    def end(self, name: str) -> None:
        self.depth -= 1
        tag = self._tags[name]
        if tag in ("v", "t"):
            self.parser.CharacterDataHandler = None
        elif tag == "c" and self._cell is not None:
            self._put(self._cell, "".join(self._value))
            self._cell = None
        elif tag == "row" and self._cells is not None:
            self._end_row()
        elif tag == "sheetData":
            self._has_rows = False

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_ROW:
            raise TooLargeError
        self._value.append(text)

    def _put(self, cell: dict[str, str], text: str) -> None:
        """Put a cell into its row, to where it says that it stands, or behind the one before."""
        kind = cell.get("t", "n")
        if place := cell.get("r", "").upper():
            letters = place.rstrip("0123456789")
            self._require_row(place[len(letters) :])
            self._column = self._columns[letters]
        column, self._column = self._column, self._column + 1
        if len(text) > LONGEST_TEXT:
            raise TooLargeError
        said = self._said(kind, cell.get("s", ""), _meant(text)) if text else ""
        # A formula that gives an empty text is calculated, and says that it gives a text.
        is_text = self._has_value and kind in ("str", "s")
        if self._has_formula and ((said == "" and not is_text) or (text == "0" and self._is_new)):
            said = NOT_CALCULATED
        if said != "" and self._cells is not None:
            widened(self._cells, column).append(said)

    def _require_row(self, digits: str) -> None:
        """Refuse a cell that says that it stands in another row; a row without a number has that of its cells."""
        if digits in ("", str(self._number)):
            return
        if self._is_numbered or int(digits) < self._number:
            raise ValueError(digits)
        self._number, self._is_numbered = int(digits), True


class _Numbers(dict[tuple[str, str], object]):
    """What cells hold by their styles and texts, where they hold numbers."""

    def __init__(self, read: Callable[[str, str, str], object]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: tuple[str, str]) -> object:
        if len(self) > _MOST_KEPT:
            self.clear()
        style, text = key
        self[key] = found = self._read("n", style, plain_text(text))
        return found


class _Columns(dict[str, int]):
    """The places of columns, from 0, by their letters."""

    def __missing__(self, letters: str) -> int:
        if not 1 <= len(letters) <= 3:
            raise ValueError(letters)
        self[letters] = place = column_number(letters) - 1
        return place


def plain_text(text: str) -> str:
    """Return what a text in XML says: & for &amp;."""
    return _meant(_REFERENCE.sub(_referred, text))


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name or not (decimal or hexadecimal):
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    if number in _SURROGATES:
        raise ValueError(number)
    return chr(number)


def _meant(text: str) -> str:
    """Return a text of which Excel has written some signs by their numbers: _x000D_."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    if number < _FIRST_SIGN:
        return " "
    return "\ufffd" if number in _SURROGATES else chr(number)


def _number(text: str) -> float | None:
    with suppress(ValueError):
        if isfinite(number := float(text)):
            return number
    return None
