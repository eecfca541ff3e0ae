"""Which cells of a sheet are shown as percentages: 0.95 in the format 0% is 95%, and its value alone does not say so.

Only workbooks of today's Excel (.xlsx) are looked into; of all others a bare 0,95 is refused where it is read.
"""

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

from ucli.vietnamese.numbers import decimal_text

Place = tuple[int, int]  # row and column, both from 1

_BUILT_IN = frozenset({"9", "10"})  # 0% and 0.00%
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')  # what a number format prints as it stands
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,5})"(?: t="n")?>')  # one that holds a number
_LONGEST_CELL = 50
_BYTES_AT_ONCE = 1 << 20
_MOST_BYTES = 10_000_000  # of the parts that say how cells are shown


def percent_cells(path: Path, sheet: str | None) -> frozenset[Place]:
    """Return the cells of a sheet that are shown as percentages; none where a file does not say so.

    Args:
        path: a workbook.
        sheet: its name; the first sheet when left out.

    """
    try:
        with zipfile.ZipFile(path) as packed:
            styles = _percent_styles(packed)
            return frozenset(_cells(packed, _part_of(packed, sheet), styles)) if styles else frozenset()
    except (zipfile.BadZipFile, KeyError, StopIteration, ET.ParseError, OSError):
        return frozenset()


def percent_of(number: float) -> str:
    """Write a number as the percentage that its cell shows, with all its digits: 0.955 is 95,5%."""
    return f"{decimal_text((Decimal(repr(number)) * 100).normalize())}%"


def column_number(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _percent_styles(packed: zipfile.ZipFile) -> set[bytes]:
    """Return the numbers of the cell styles whose number format is a percentage."""
    parts = {_tag(it): it for it in _parsed(packed, "xl/styles.xml")}
    own = {it.get("numFmtId"): _LITERAL.sub("", it.get("formatCode", "")) for it in parts.get("numFmts", ())}
    percents = _BUILT_IN | {number for number, code in own.items() if "%" in code}
    return {b"%d" % place for place, it in enumerate(parts["cellXfs"]) if it.get("numFmtId") in percents}


def _part_of(packed: zipfile.ZipFile, sheet: str | None) -> str:
    """Return the name of the part that a sheet is kept in."""
    book = _parsed(packed, "xl/workbook.xml")
    sheets = [it for it in book.iter() if _tag(it) == "sheet"]
    found = next(it for it in sheets if sheet in (None, it.get("name")))
    number = next(value for name, value in found.items() if name.endswith("}id"))
    links = _parsed(packed, "xl/_rels/workbook.xml.rels")
    target = next(it.get("Target", "") for it in links if it.get("Id") == number)
    return str(PurePosixPath("/xl") / target)[1:]


def _cells(packed: zipfile.ZipFile, part: str, styles: set[bytes]) -> Iterator[Place]:
    with packed.open(part) as text:
        tail = b""
        while chunk := text.read(_BYTES_AT_ONCE):
            piece = tail + chunk
            for column, row, style in _CELL.findall(piece):
                if style in styles:
                    yield int(row), column_number(column)
            tail = piece[-_LONGEST_CELL:]


def _parsed(packed: zipfile.ZipFile, part: str) -> ET.Element:
    if packed.getinfo(part).file_size > _MOST_BYTES:
        raise KeyError(part)
    return ET.fromstring(packed.read(part))  # noqa: S314  expat lets no entity grow


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
