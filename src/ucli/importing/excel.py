"""Workbooks of Excel (.xlsx, .xlsm), as Excel and other programs write them; each part is parsed in one pass.

A regular expression reads a sheet as Excel writes it, and accounts for every character; from the first that it does not
match an XML parser reads on. Both give the same cells: value, number format, error, formula without a value.
"""

import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from sys import getsizeof
from typing import IO
from xml.sax.saxutils import escape, unescape

from ucli.importing import sheets
from ucli.importing.columns import column_letters, column_number
from ucli.importing.measures import PLAIN, NumberFormat, number_format
from ucli.importing.parts import Elements, Package, Token, blocks
from ucli.importing.sheets import Cells, Facts, Memo, TooLargeError

_MOST_STYLES = 100_000
_MOST_BYTES_OF_TEXTS = 500 << 20
_LONGEST_FORMAT = 1000
# The built-in formats of percentages, days and times.
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
# The start of a row (number, attributes), a cell (column, row, style, kind, formula, value, own text), or a row's end.
_ROW_OR_CELL = re.compile(
    r"<row r=\"(\d+)\"((?: [^<>\"=]+=\"[^<>\"]*\")*/?)>\s*"
    r"|<c r=\"([A-Z]{1,3})(\d+)\"(?: s=\"(\d+)\")?(?: t=\"([A-Za-z]+)\")?"
    rf"(?:/>|>(?:(<f)(?: [^<>]*)?(?:/>|>[^<]*</f>))?<v>([^<]+)</v></c>|><is>{_TEXT}</is></c>)\s*"
    r"|</row>\s*|([\s\S])"
)
_TEXTS_BEGIN, _ROWS_BEGIN = re.compile(rb"<sst(?: [^<>]*)?>"), re.compile(rb"<sheetData>")
_HIDDEN = re.compile(r' (?:hidden="(?:1|true)"|ht="0(?:\.0*)?")')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NAMED = {"&quot;": '"', "&apos;": "'"}
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7}):\$?[A-Za-z]{1,3}\$?([0-9]{1,7})")
_SIGN_OF_MERGED = b"mergeCell"
_TRUE = ("1", "true")
# The calcId of libraries that leave the calculation to Excel and give each formula the value 0.
_OF_LIBRARIES = ("124519", "999999")
# Cells that hold neither a number nor a text.
_OF_KINDS: dict[str, Callable[[str], object]] = {
    "b": lambda text: sheets.YES if text in _TRUE else sheets.NO,
    "e": sheets.error_of,
    "d": sheets.day_of_text,
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
        self.shown: list[str] = []
        self.has_macros = False  # sheets of Excel 4 macros
        for _around, tag, said in package.elements(self._book):
            if tag == "workbookPr":
                self._from_1904 = said.get("date1904") in _TRUE
            elif tag == "calcPr":
                self._is_new = said.get("fullCalcOnLoad") in _TRUE and said.get("calcId") in _OF_LIBRARIES
            elif tag == "sheet":
                link = next((value for name, value in said.items() if name.endswith(" id")), "")
                kind, part = links.get(link, ("", ""))
                self.has_macros = self.has_macros or "macrosheet" in kind.lower()
                if kind == "worksheet":
                    name = said.get("name", "")
                    self._part_of[name] = part
                    self.shown += [name] if said.get("state", "visible") == "visible" else []
            if len(self._part_of) > sheets.MOST_SHEETS:
                raise TooLargeError
        self.names = [*self._part_of]
        self._texts_part = next((part for kind, part in links.values() if kind == "sharedStrings"), "")
        self._styles_part = next((part for kind, part in links.values() if kind == "styles"), "")

    def rows(self, name: str, facts: Facts) -> Iterator[tuple[int, Cells]]:
        part = self._part_of[name]
        if self._says_merged(part):
            deque(self._read(part, facts), maxlen=0)
        yield from self._read(part, facts)

    def _read(self, part: str, facts: Facts) -> Iterator[tuple[int, Cells]]:
        with self._package.open(part) as text:
            yield from _Sheet(self._texts, self._styles, facts, from_1904=self._from_1904, is_new=self._is_new).rows(
                text
            )

    def _says_merged(self, part: str) -> bool:
        """Tell whether a sheet may have merged cells, which are listed below its rows."""
        tail = b""
        with self._package.open(part) as text:
            while piece := text.read(1 << 20):
                if _SIGN_OF_MERGED in (whole := tail + piece.replace(b"\0", b"")):
                    return True
                tail = whole[-len(_SIGN_OF_MERGED) :]
        return False

    @cached_property
    def _texts(self) -> list[str]:
        """The texts that cells share."""
        reader = _Texts()
        if self._texts_part in self._package:
            with self._package.open(self._texts_part) as text:
                for tokens in blocks(text, reader, _TEXTS_BEGIN, b"</si>", _SHARED_TEXT, lambda: reader.depth == 1):
                    for own, _other in tokens:
                        reader.add(plain_text(own) if "&" in own or "_x" in own else own)
        return reader.texts

    @cached_property
    def _styles(self) -> dict[str, NumberFormat]:
        """The number formats of cell styles, by the styles' numbers."""
        codes, styles = dict(_BUILT_IN), list[str]()
        if self._styles_part in self._package:
            for around, tag, said in self._package.elements(self._styles_part):
                if tag == "numFmt" and around == "numFmts":
                    codes[said.get("numFmtId", "")] = said.get("formatCode", "")[:_LONGEST_FORMAT]
                elif tag == "xf" and around == "cellXfs":
                    styles.append(said.get("numFmtId", ""))
                if len(styles) + len(codes) > _MOST_STYLES:
                    raise TooLargeError
        return {str(place): number_format(codes.get(number, "")) for place, number in enumerate(styles)}


class _Reader(Elements):
    """Collects texts, in one run or several, without the phonetic hints of East Asian ones."""

    _aside = 0
    has_value = False  # of the cell being read, even if its value is an empty text

    def start(self, name: str, said: dict[str, str]) -> None:
        self.depth += 1
        tag = self.tags[name]
        if tag == "rPh":
            self._aside = self._aside or self.depth
        elif tag not in ("t", "v"):
            self.begin(tag, said)
        elif not self._aside:
            self.has_value = True
            self.listen()

    def end(self, name: str) -> None:
        tag = self.tags[name]
        if tag in ("t", "v"):
            self.listen(on=False)
        elif tag == "rPh" and self._aside == self.depth:
            self._aside = 0
        else:
            self.finish(tag)
        self.depth -= 1

    def begin(self, tag: str, said: dict[str, str]) -> None:
        raise NotImplementedError

    def finish(self, tag: str) -> None:
        raise NotImplementedError


class _Texts(_Reader):
    """The texts that cells share."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._size = 0

    def add(self, text: str) -> None:
        self._size += getsizeof(text) + 8
        if self._size > _MOST_BYTES_OF_TEXTS or len(text) > sheets.LONGEST_TEXT:
            raise TooLargeError
        self.texts.append(text)

    def begin(self, tag: str, _said: dict[str, str]) -> None:
        if tag == "si":
            self.text, self.length = [], 0

    def finish(self, tag: str) -> None:
        if tag == "si":
            self.add(_meant("".join(self.text)))


class _Sheet(_Reader):
    """The rows of a sheet, whichever way it is written."""

    def __init__(
        self, texts: list[str], styles: dict[str, NumberFormat], facts: Facts, *, from_1904: bool, is_new: bool
    ) -> None:
        super().__init__()
        self._is_new = is_new  # a formula of value 0 was never calculated
        self._texts, self._styles, self._facts, self._from_1904 = texts, styles, facts, from_1904
        self._columns = Memo(_column)
        self._numbers = Memo(lambda key: self._said("n", key[0], plain_text(key[1])))
        self._found: list[tuple[int, Cells]] = []
        self._has_rows = False  # within sheetData
        self._number = 0
        self._row: dict[str, str] | None = None  # the row that the parser is in, and its cells
        self._tokens: list[Token] = []
        self._cell: dict[str, str] | None = None
        self._has_formula = False

    def rows(self, text: IO[bytes]) -> Iterator[tuple[int, Cells]]:
        for tokens in blocks(text, self, _ROWS_BEGIN, b"</row>", _ROW_OR_CELL, lambda: self._has_rows):
            self._take(tokens)
            yield from self._found
            self._found.clear()

    def _take(self, tokens: list[Token]) -> None:  # noqa: C901, PLR0912  each cell of the longest lists comes by here
        """Take tokens of rows, from the regular expression or from the parser."""
        columns, texts, numbers = self._columns, self._texts, self._numbers
        cells, row, width = list[object](), "", 0
        for number, attributes, letters, of_row, style, kind, formula, value, own, _other in tokens:
            if letters:
                if of_row != row:
                    raise ValueError(of_row)
                if own:
                    said: object = plain_text(own) if "&" in own or "_x" in own else own
                elif formula and (not value or (value == "0" and self._is_new)):
                    said = sheets.NOT_CALCULATED
                elif not value:
                    continue
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
                    sheets.widened(cells, column).append(said)
                width = column + 1
            elif number:
                if row or "xmlns" in attributes:
                    raise ValueError(number)
                cells, row, width = [], "" if attributes.endswith("/") else number, 0
                self._begin_row(int(number), attributes)
            elif row:
                row = ""
                if cells:
                    sheets.require_near(self._number, len(cells))
                    self._found.append((self._number, cells))
            else:
                raise ValueError(row)

    def _begin_row(self, row: int, attributes: str) -> None:
        if row <= self._number:
            raise ValueError(row)
        if row > sheets.MOST_ROWS:
            raise TooLargeError
        self._number = row
        if attributes and _HIDDEN.search(attributes):
            self._facts.hidden.add(row)

    def _said(self, kind: str, style: str, text: str) -> object:
        """Return the value of a cell that is not empty."""
        if kind in ("", "n"):
            number = sheets.number_of(text)
            if number is None:
                return sheets.error_of(text.strip())
            return sheets.number_shown(number, self._styles.get(style or "0", PLAIN), from_1904=self._from_1904)
        if kind == "s":
            place = int(text)
            if place < 0:
                raise ValueError(text)
            return self._texts[place]
        if kind in ("str", "inlineStr"):
            return text
        return _OF_KINDS[kind](text.strip())

    def begin(self, tag: str, said: dict[str, str]) -> None:
        if tag == "c" and self._row is not None:
            self._cell, self._has_formula, self.has_value = said, False, False
            self.text.clear()
        elif self._cell is not None:
            self._has_formula = self._has_formula or tag == "f"
        elif tag == "row" and self._has_rows:
            if self._row is not None:
                raise ValueError(said)
            self._row, self.length = said, 0
            self._tokens.clear()
        elif tag == "sheetData":
            self._has_rows = True
        elif tag in ("mergeCell", "dimension") and (found := _RANGE.fullmatch(said.get("ref", ""))):
            if tag == "mergeCell":
                self._facts.note_merged(int(found[2]), self._columns[found[1].upper()], int(found[3]))
            else:
                self._facts.last_row = min(int(found[3]), sheets.MOST_ROWS)

    def finish(self, tag: str) -> None:
        if tag == "c" and self._cell is not None:
            self._put(self._cell, "".join(self.text))
            self._cell = None
        elif tag == "row" and self._row is not None:
            self._take_row(self._row)
            self._row = None
        elif tag == "sheetData":
            self._has_rows = False

    def _put(self, cell: dict[str, str], text: str) -> None:
        """Write a cell as the token that Excel's own would be; without a reference it follows the one before."""
        if len(text) > sheets.LONGEST_TEXT or len(self._tokens) > sheets.MOST_COLUMNS:
            raise TooLargeError
        kind, place = cell.get("t", "n"), cell.get("r", "").upper()
        letters = place.rstrip("0123456789")
        if not letters:
            letters = column_letters(self._columns[self._tokens[-1][2]] + 2 if self._tokens else 1)
        # A calculated formula may give an empty text; its kind then says text.
        is_calculated = self.has_value and kind in ("str", "s")
        formula = "<f" if self._has_formula and not (is_calculated and not text) else ""
        digits = place[len(letters) :] if place else ""
        self._tokens.append(("", "", letters, digits, cell.get("s", ""), kind, formula, escape(text), "", ""))

    def _take_row(self, row: dict[str, str]) -> None:
        """Take a row; its number may be missing, then its cells tell it, or it is the next one."""
        numbers = {row.get("r", ""), *(token[3] for token in self._tokens)} - {""}
        number = numbers.pop() if numbers else str(self._number + 1)
        if numbers:
            raise ValueError(numbers)
        is_hidden = row.get("hidden") in _TRUE or not float(row.get("ht", 1))
        begun = (number, ' hidden="1"' if is_hidden else "", *[""] * 8)
        self._take([begun, *((*it[:3], number, *it[4:]) for it in self._tokens), ("",) * 10])


def _column(letters: str) -> int:
    """Return the index of a column, from 0."""
    if not 1 <= len(letters) <= 3:
        raise ValueError(letters)
    return column_number(letters) - 1


def plain_text(text: str) -> str:
    """Return a text of XML without its escapes: & for &amp;."""
    return _meant(unescape(text, _NAMED))


def _meant(text: str) -> str:
    """Return a text without Excel's own escapes: _x000D_ for a carriage return."""
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(escaped: re.Match[str]) -> str:
    number = int(escaped[1], 16)
    if number < _FIRST_SIGN:
        return " "
    return "\ufffd" if number in _SURROGATES else chr(number)
