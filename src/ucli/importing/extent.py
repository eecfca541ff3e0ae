"""How far the cells of an .xlsx reach, before they are read: two of them far apart would take all memory."""

import re
from typing import IO
from xml.parsers import expat

from ucli.importing.columns import column_number

MOST_CELLS = 20_000_000  # what an office's list never has

_BYTES_AT_ONCE = 1 << 20
_CELL = re.compile(rb"<c[\s/>]")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
# What a long list seldom has: errors, formulas and hidden rows, with a prefix before their names or without.
_TELLING = (b'"e"', b"'e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b"hidden")


def look_over(text: IO[bytes]) -> tuple[int | None, bool]:
    """Return how many cells a sheet would fill as a rectangle, and whether it says more than their values.

    Quickly enough for the longest list, as Excel writes it; None, and that it may say more, where any cell is
    written in another way.
    """
    rows = columns = 0
    is_telling, is_plain = False, True
    tail = b""
    while chunk := text.read(_BYTES_AT_ONCE):
        piece = tail + chunk
        end = piece.rfind(b"<")
        piece, tail = piece[:end], piece[end:]
        places = _PLACE.findall(piece)
        is_plain = is_plain and len(places) == piece.count(b"<c r=") == len(_CELL.findall(piece))
        columns = max(columns, *(column_number(letters.decode()) for letters in {column for column, _row in places}), 0)
        rows = max(rows, *map(int, {row for _column, row in places}), 0)
        is_telling = is_telling or any(sign in piece for sign in _TELLING)
    is_near = rows * columns <= MOST_CELLS
    return rows * columns if rows and is_plain and is_near else None, is_telling or not is_plain


def extent_of(text: IO[bytes]) -> int:
    """Return how many cells a sheet would fill from the first to the last that holds something, in any spelling."""
    row = column = rows = columns = 0

    def start(name: str, said: dict[str, str]) -> None:
        nonlocal row, column, rows, columns
        tag = name.rpartition(":")[2]
        if tag == "row":
            row, column = int(said.get("r", row + 1)), 0
        elif tag == "c":
            letters = (place := said.get("r", "").upper()).rstrip("0123456789")
            row = int(place[len(letters) :] or row)
            column = column_number(letters) if letters else column + 1
        elif tag in ("v", "is"):
            rows, columns = max(rows, row), max(columns, column)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.ParseFile(text)
    return rows * columns
