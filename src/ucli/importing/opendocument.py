"""Tables of OpenDocument (.ods): one XML parser tells values, errors, formats, hidden and merged cells."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from ucli.importing import sheets
from ucli.importing.measures import PLAIN, NumberFormat, number_format
from ucli.importing.parts import Elements
from ucli.importing.sheets import Cells, Facts, Memo, TooLargeError

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


class OpenDocument:
    """A spreadsheet of OpenDocument that is open, read twice: first for what tables and styles there are."""

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
    """What tables a file has, and how its cells show their numbers, by the names of their styles."""

    def __init__(self) -> None:
        self.tables: list[tuple[str, bool]] = []  # the name of each, and whether it is shown
        self.unseen: set[str] = set()  # the styles of hidden tables
        self.codes: dict[str, list[str]] = {}  # as Excel would write them; further ones under conditions, by name
        self.of_cells: dict[str, tuple[str, str]] = {}  # the name of the number format, the style it stands on
        self.formats = Memo(self._format)

    def require_few(self) -> None:
        if max(len(self.tables), len(self.codes), len(self.of_cells)) > _MOST_NAMES:
            raise TooLargeError

    def _format(self, name: str) -> NumberFormat:
        for _step in range(_MOST_PARENTS):
            code, parent = self.of_cells.get(name, ("", ""))
            if code in self.codes:
                own, *others = self.codes[code]
                under = [self.codes[it][0] for it in others if it in self.codes]
                return number_format(";".join([*(f"[>0]{it}" for it in under), own]))
            name = parent
        return PLAIN


class _Tables(Elements):
    """What a file holds: the names of its tables, and the rows of the one that is asked for as they are read.

    What is repeated (columns, rows, spaces) is counted before it is written out: a file of a kilobyte can say that it
    holds a thousand million spaces.
    """

    def __init__(self, known: _Known, wanted: str | None, facts: Facts) -> None:
        super().__init__()
        self._known, self._wanted, self._facts = known, wanted, facts
        self.rows: list[_Row] = []
        self._style = ""  # that is being read
        self._format = ""
        self._code: list[str] = []
        self._conditions: list[str] = []
        self._table: str | None = None  # that is open: one may stand in a cell of another
        self._aside = 0
        self._number = 0
        self._columns: list[str] = []  # the styles of cells that have none of their own
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
            self._table, self._number, self._columns = said.get(f"{_TABLE}name", ""), 0, []
            if self._wanted is None:
                self._known.require_few()
                self._known.tables.append((self._table, said.get(f"{_TABLE}style-name") not in self._known.unseen))
        elif self._table is None:
            self._start_style(name, said)
        elif name == f"{_TABLE}table-column":
            self._add_columns(said)
        elif name == f"{_TABLE}table-row":
            is_hidden = said.get(f"{_TABLE}visibility", "visible") != "visible"
            style = said.get(f"{_TABLE}default-cell-style-name", "")
            self._row = _Row(self._number + 1, _count(said, f"{_TABLE}number-rows-repeated"), is_hidden, style)
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

    def _start_style(self, name: str, said: dict[str, str]) -> None:
        self._known.require_few()
        if name == f"{_STYLE}style":
            self._style = said.get(f"{_STYLE}name", "")
            if said.get(f"{_STYLE}family") == "table-cell":
                parent = said.get(f"{_STYLE}parent-style-name", "")
                self._known.of_cells[self._style] = said.get(f"{_STYLE}data-style-name", ""), parent
        elif name == f"{_STYLE}table-properties" and said.get(f"{_TABLE}display") == "false":
            self._known.unseen.add(self._style)
        elif name in _FORMATS:
            self._format, self._code, self._conditions = said.get(f"{_STYLE}name", ""), [], []
        elif name == f"{_FORMAT}number":
            self._code.append(_digits(said))
        elif name in _LITERALS:
            self._in_text, self.length = 1, 0
            self.text.clear()
            self._hear()
        elif name == f"{_STYLE}map":
            self._conditions.append(said.get(f"{_STYLE}apply-style-name", ""))

    def _add_columns(self, said: dict[str, str]) -> None:
        first = len(self._columns) + 1
        times = min(_count(said, f"{_TABLE}number-columns-repeated"), sheets.MOST_COLUMNS + 1 - first)
        self._columns += [said.get(f"{_TABLE}default-cell-style-name", "")] * times
        if said.get(f"{_TABLE}visibility", "visible") != "visible" and self._wanted == self._table:
            self._facts.note_hidden_columns(first, first + times - 1)

    def end(self, name: str) -> None:
        self.depth -= 1
        if self._aside:
            self._aside -= 1
        elif name in _LITERALS:
            self._in_text = 0
            literal = "".join(self.text).replace('"', "")[:_MOST_DIGITS]
            self._code.append(literal if literal == "%" else f'"{literal}"')
        elif name in _FORMATS:
            self._known.codes[self._format] = ["".join(self._code), *self._conditions]
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
        value = self._value(cell, row, column) if self._wanted == self._table else ""
        if value != "":
            sheets.widened(row.cells, column).extend([value] * min(times, sheets.MOST_COLUMNS + 1))
            if (rows := _count(cell, f"{_TABLE}number-rows-spanned")) > 1:
                self._facts.note_merged(row.number, column, row.number + rows - 1)

    def _value(self, cell: dict[str, str], row: _Row, column: int) -> object:
        """Return what a cell holds; where its formula failed, the error that it shows."""
        shown = "".join(self.text).strip()
        kind = cell.get(f"{_OFFICE}value-type", "")
        if len(shown) > sheets.LONGEST_TEXT:
            raise TooLargeError
        if cell.get(f"{_EXTENDED}value-type") == "error" or (kind != "string" and sheets.ERROR.fullmatch(shown)):
            return shown if sheets.ERROR.fullmatch(shown) else "#ERROR!"
        if not kind and not shown and f"{_TABLE}formula" in cell:
            return sheets.NOT_CALCULATED
        if kind in ("float", "percentage", "currency"):
            style = cell.get(f"{_TABLE}style-name") or row.style
            if not style and column < len(self._columns):
                style = self._columns[column]
            return _number(cell.get(f"{_OFFICE}value", ""), shown, self._known.formats[style], kind)
        if kind == "date":
            return sheets.day_of_text(cell.get(f"{_OFFICE}date-value", "") or shown)
        if kind == "boolean":
            return sheets.YES if cell.get(f"{_OFFICE}boolean-value") == "true" else sheets.NO
        return shown or cell.get(f"{_OFFICE}string-value", "")


def _number(value: str, shown: str, how: NumberFormat, kind: str) -> object:
    """Return a number; as a text where zeros in front are shown, with the unit or sign that its cell shows."""
    number = sheets.number_of(value)
    if number is None:
        return shown
    if len(shown) > 1 and shown.isdecimal() and shown[0] == "0" and float(shown) == number:  # 0021 is 21
        return shown
    if how == PLAIN and kind == "percentage":
        how = NumberFormat(percent=True)
    if how == PLAIN and (behind := shown.lstrip(_NO_LETTERS)) and len(behind) < _MOST_DIGITS:
        # Its style tells nothing of the words that it shows.
        told = number_format(f'0"{behind}"'.replace('""', '"'))
        if not told.is_clear or told.unit not in ("", "đồng"):
            how = told._replace(is_clear=False)
    return sheets.number_shown(number, how)


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
