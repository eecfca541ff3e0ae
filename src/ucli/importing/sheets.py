"""What is in the text of a sheet of today's Excel (.xlsx) and its values do not say: how cells are shown, what failed.

Nothing is found in workbooks of other formats.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from string import ascii_uppercase
from xml.etree import ElementTree as ET

from ucli.values.names import fold

Place = tuple[int, int]  # row and column, both from 1

# What stands in a cell whose formula was never calculated, as Excel writes errors.
NOT_CALCULATED = "#FORMULA?"

BROKEN = (zipfile.BadZipFile, KeyError, StopIteration, ET.ParseError, OSError)
_FAILED = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?:'
    rb'[^<>]*? t="e"[^<>]*>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>([^<]{1,20})</v>'
    # A formula that gives an empty text is calculated, and says that it gives a text.
    rb'|(?![^<>]* t="str")[^<>]*><f[^<>]*(?:/>|>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>)'
)
_HIDDEN = re.compile(rb'<row r="([0-9]{1,7})"[^<>]* hidden="(?:1|true)"')
_BYTES_AT_ONCE = 1 << 20
_LONGEST_CELL = 20_000  # before its value, with the longest formula that there can be
_MOST_BYTES = 10_000_000  # of the parts that say how cells are shown


def failed_cells(path: Path, sheet: str | None) -> dict[int, dict[int, str]]:
    """Return the cells of a sheet that have no value because a formula failed or was never calculated.

    Args:
        path: a workbook.
        sheet: its name; the first that is shown when left out.

    Returns:
        {2: {6: "#N/A"}}: by row and column, from 1, the error or `NOT_CALCULATED`.

    """
    failed: dict[int, dict[int, str]] = {}
    try:
        with zipfile.ZipFile(path) as packed:
            for piece in pieces(packed, part_of(packed, sheet)):
                for column, row, error in _FAILED.findall(piece):
                    text = error.decode("utf-8", "replace") or NOT_CALCULATED
                    failed.setdefault(int(row), {})[column_number(column)] = text
    except BROKEN:
        return {}
    return failed


def hidden_rows(path: Path, sheet: str | None) -> set[int]:
    """Return the rows of a sheet that are not shown: by a filter, or because somebody hid them.

    Args:
        path: a workbook.
        sheet: its name; the first that is shown when left out.

    """
    try:
        with zipfile.ZipFile(path) as packed:
            return {int(row) for piece in pieces(packed, part_of(packed, sheet)) for row in _HIDDEN.findall(piece)}
    except BROKEN:
        return set()


def may_have_failed(piece: bytes) -> bool:
    """Tell whether a piece of a sheet holds a formula or an error at all."""
    return b' t="e"' in piece or b"<f>" in piece or b"<f " in piece


def may_be_hidden(piece: bytes) -> bool:
    """Tell whether a piece of a sheet holds a row or column that is not shown."""
    return b' hidden="' in piece


def pieces(packed: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the text of a sheet piece by piece, no cell of it in two."""
    with packed.open(part) as text:
        tail = b""
        while chunk := text.read(_BYTES_AT_ONCE):
            piece = tail + chunk
            cut = piece.rfind(b"<c ")
            if cut < 0:
                tail = piece[-_LONGEST_CELL:]
                continue
            tail = piece[cut:]
            yield piece[:cut]
        yield tail


def sheet_meant(typed: str, names: Sequence[str]) -> str:
    """Return the name of the sheet that is meant: as it is typed, else the only one like it but for marks and case."""
    alike = [name for name in names if fold(name) == fold(typed)]
    return alike[0] if typed not in names and len(alike) == 1 else typed


def part_of(packed: zipfile.ZipFile, sheet: str | None) -> str:
    """Return the name of the part that a sheet is kept in; the first that is shown when none is named."""
    links = {it.get("Id"): it.get("Target", "") for it in parsed(packed, "xl/_rels/workbook.xml.rels")}
    sheets = [it for it in parsed(packed, "xl/workbook.xml").iter() if tag(it) == "sheet"]
    parts = {it.get("name", ""): links[_link_of(it)] for it in sheets}
    shown = [it.get("name", "") for it in sheets if it.get("state", "visible") == "visible"]
    name = sheet_meant(sheet, [*parts]) if sheet else next(it for it in shown if "worksheets/" in parts[it])
    return str(PurePosixPath("/xl") / parts[name])[1:]


def _link_of(sheet: ET.Element) -> str:
    return next(value for name, value in sheet.items() if name.endswith("}id"))


def column_number(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def column_letters(column: int) -> str:
    """Write the number of a column as spreadsheets do: 1 is A, 28 is AB."""
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = ascii_uppercase[place] + letters
    return letters


def parsed(packed: zipfile.ZipFile, part: str) -> ET.Element:
    if packed.getinfo(part).file_size > _MOST_BYTES:
        raise KeyError(part)
    return ET.fromstring(packed.read(part))  # noqa: S314  expat lets no entity grow


def tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
