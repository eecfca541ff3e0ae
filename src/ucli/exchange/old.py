"""The records of a workbook of old Excel (.xls): what the reader of its cells neither checks nor tells.

The file is a container of sectors, in which a table says which sector follows which; one stream of it is the workbook,
a row of records, each with its kind and its length in front.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

OLE = b"\xd0\xcf\x11\xe0"

_FORMAT = 0x41E
_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
_LAST_COLUMN = 255
_MOST_BYTES = 100_000_000
_HEADER = 512
_IN_HEADER = 109  # numbers of the sectors that the table of sectors fills
_LAST_SECTOR = 0xFFFFFFFA  # what is larger is no sector
_NAMES = ("Workbook", "Book")
_SMALLEST = 4096  # a smaller stream is kept elsewhere, and no workbook that holds a list


def require_sound(path: Path) -> None:
    """Refuse a workbook with a cell beyond the last column that there can be: room for all between would be made.

    Raises:
        ValueError: it has one.

    """
    for kind, record in _records(path):
        if kind in _CELLS and len(record) >= 4 and unpack_from("<H", record, 2)[0] > _LAST_COLUMN:
            raise ValueError


def formats_of(path: Path) -> Iterator[str]:
    """Yield the number formats that a workbook defines."""
    for kind, record in _records(path):
        if kind == _FORMAT and len(record) > 5:
            yield record[5:].decode("utf-16-le" if record[4] == 1 else "latin-1", "replace")


def _records(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a workbook as far as they can be made out."""
    with path.open("rb") as file:
        data = file.read(_MOST_BYTES)
    try:
        stream = _stream(data) if data.startswith(OLE) else b""
    except struct.error:
        return
    place = 0
    while place + 4 <= len(stream):
        kind, length = unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length


def _stream(data: bytes) -> bytes:
    """Return the stream of a container that is the workbook, empty where there is none."""
    size: int = 1 << min(unpack_from("<H", data, 30)[0], 12)
    first_of_more, more = unpack_from("<II", data, 68)
    listed = [*unpack_from(f"<{_IN_HEADER}I", data, 76)]
    for _turn in range(min(more, len(data) // size)):
        *others, first_of_more = unpack_from(f"<{size // 4}I", data, _HEADER + first_of_more * size)
        listed += others
    table: list[int] = []
    for sector in listed:
        if sector < _LAST_SECTOR:
            table += unpack_from(f"<{size // 4}I", data, _HEADER + sector * size)

    def chained(sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < len(table) and len(parts) <= len(table):
            parts.append(data[_HEADER + sector * size : _HEADER + (sector + 1) * size])
            sector = table[sector]
        return b"".join(parts)

    folder = chained(unpack_from("<I", data, 48)[0])
    for entry in (folder[place : place + 128] for place in range(0, len(folder) - 127, 128)):
        name = entry[:64].decode("utf-16-le", "replace").split("\0")[0]
        start, length = unpack_from("<II", entry, 116)
        if name in _NAMES and length >= _SMALLEST:
            return chained(start)[:length]
    return b""
