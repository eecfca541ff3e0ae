"""What the XML of a sheet of today's Excel (.xlsx) says and its values do not.

Errors, formulas that were never calculated, hidden rows, how numbers are shown, and how far its cells reach.
"""

import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from string import ascii_uppercase
from typing import IO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from ucli.importing.measures import PLAIN, NumberFormat, number_format

# What stands in a cell whose formula was never calculated, as Excel writes errors.
NOT_CALCULATED = "#FORMULA?"

_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, OSError, ET.ParseError, expat.ExpatError)
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
# What a long list seldom has: errors, formulas and hidden rows, with a prefix before their names or without.
_TELLING = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b" hidden=")
_BYTES_AT_ONCE = 1 << 20
_LONGEST_SIGN = 20
_MOST_BYTES = 10_000_000  # of the parts that say how cells are shown
_PERCENT = {"9": "0%", "10": "0.00%"}  # formats that every workbook has


@dataclass(slots=True)
class Facts:
    """What a workbook says beside the values of a sheet."""

    # Where none was named: the one that is read, then the others that are shown and not empty.
    sheets: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # rows that are not shown: by a filter, or because somebody hid them
    # {2: {6: "#N/A"}}: by row and column the error, or `NOT_CALCULATED`, of a cell that has no value.
    failed: dict[int, dict[int, str]] = field(default_factory=dict)
    # Of numbers that are shown otherwise than kept, by row and column; None where nobody asks.
    formats: dict[tuple[int, int], NumberFormat] | None = None


def look_over(text: IO[bytes]) -> tuple[int, bool]:
    """Return how many cells a sheet would fill as a rectangle, and whether it says more than their values.

    Quickly enough for the longest list.
    """
    rows = columns = 0
    is_telling = False
    tail = b""
    while chunk := text.read(_BYTES_AT_ONCE):
        piece = tail + chunk
        places = _PLACE.findall(piece)
        columns = max(columns, *(_column(letters.decode()) for letters in {column for column, _row in places}), 0)
        rows = max(rows, *map(int, {row for _column, row in places}), 0)
        is_telling = is_telling or any(sign in piece for sign in _TELLING)
        tail = piece[-_LONGEST_SIGN:]
    return rows * columns, is_telling


def read_facts(packed: zipfile.ZipFile, sheet: str, facts: Facts) -> None:
    """Read what a sheet says of its cells, as far as it can be made out."""
    with suppress(*_BROKEN):
        styles = _styles(packed) if facts.formats is not None else {}
        with packed.open(_part_of(packed, sheet)) as text:
            _Cells(facts, styles).read(text)


class _Cells:
    """Reads the elements row, c (cell), f (formula) and v (value) of a sheet, whatever prefix they have."""

    def __init__(self, facts: Facts, styles: Mapping[str, NumberFormat]) -> None:
        self._facts, self._styles = facts, styles
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._has_formula = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end

    def read(self, text: IO[bytes]) -> None:
        self._parser.ParseFile(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._column += 1
            self._cell, self._has_formula = attributes, False
            self._value.clear()
        elif tag == "v" and (self._has_formula or self._cell.get("t") == "e"):
            self._parser.CharacterDataHandler = self._value.append
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if attributes.get("hidden") in ("1", "true"):
                self._facts.hidden.add(self._row)

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            self._parser.CharacterDataHandler = None
        elif tag == "c":
            kind, shown = self._cell.get("t", "n"), self._styles.get(self._cell.get("s", ""))
            # A formula that gives an empty text is calculated, and says that it gives a text.
            failed = (kind == "e" and self._value) or (self._has_formula and not self._value and kind != "str")
            if failed or shown:
                letters = self._cell.get("r", "").rstrip("0123456789")
                column = _column(letters) if letters else self._column
                if failed:
                    self._facts.failed.setdefault(self._row, {})[column] = "".join(self._value) or NOT_CALCULATED
                if shown and kind == "n" and self._facts.formats is not None:
                    self._facts.formats[self._row, column] = shown


def _styles(packed: zipfile.ZipFile) -> dict[str, NumberFormat]:
    """Return the cell styles, by their numbers, that show numbers otherwise than they are."""
    parts = {_tag(it): it for it in _parsed(packed, "xl/styles.xml")}
    codes = _PERCENT | {it.get("numFmtId", ""): it.get("formatCode", "") for it in parts.get("numFmts", ())}
    formats = {number: number_format(code) for number, code in codes.items()}
    styles = {str(place): formats.get(it.get("numFmtId", ""), PLAIN) for place, it in enumerate(parts["cellXfs"])}
    return {style: it for style, it in styles.items() if it != PLAIN}


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that a sheet is kept in."""
    links = {it.get("Id"): it.get("Target", "") for it in _parsed(packed, "xl/_rels/workbook.xml.rels")}
    for it in _parsed(packed, "xl/workbook.xml").iter():
        if _tag(it) == "sheet" and it.get("name") == sheet:
            link = next(value for name, value in it.items() if name.endswith("}id"))
            return str(PurePosixPath("/xl") / links[link])[1:]
    raise KeyError(sheet)


def _parsed(packed: zipfile.ZipFile, part: str) -> ET.Element:
    if packed.getinfo(part).file_size > _MOST_BYTES:
        raise KeyError(part)
    return ET.fromstring(packed.read(part))  # noqa: S314  expat lets no entity grow


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _column(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ascii_uppercase.index(letter) + 1
    return number


def column_letters(column: int) -> str:
    """Write the number of a column as spreadsheets do: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = ascii_uppercase[place] + letters
    return letters
