"""The records of a workbook of old Excel (.xls): what the reader of its cells neither checks nor tells.

The file is a container of streams; one of them is the workbook, a row of records, each with its kind and its length
in front.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

OLE = b"\xd0\xcf\x11\xe0"

_WORKBOOKS = ("Workbook", "Book")
_FORMAT = 0x41E
_LOCKED = 0x2F
_CELLS = frozenset({0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E})
_LAST_COLUMN = 255
# What the reader of containers answers to damaged ones.
_DAMAGED = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error)


def require_sound(path: Path) -> None:
    """Refuse a workbook with a cell beyond the last column that there can be: room for all between would be made.

    Raises:
        ValueError: it has one.

    """
    for kind, record in _records(path):
        if kind in _CELLS and len(record) >= 4 and struct.unpack_from("<H", record, 2)[0] > _LAST_COLUMN:
            raise ValueError


def formats_of(path: Path) -> Iterator[str]:
    """Yield the number formats that a workbook defines."""
    for kind, record in _records(path):
        if kind == _FORMAT and len(record) > 5:
            yield record[5:].decode("utf-16-le" if record[4] == 1 else "latin-1", "replace")


def is_locked(path: Path) -> bool:
    """Tell whether a password is needed to read a workbook, of today's Excel or of the old one."""
    return _holds(path, "EncryptedPackage") or any(kind == _LOCKED for kind, _record in _records(path))


def is_document(path: Path) -> bool:
    """Tell whether a container holds a document of old Word."""
    return _holds(path, "WordDocument")


def _holds(path: Path, stream: str) -> bool:
    import olefile  # noqa: PLC0415  only for workbooks of old Excel

    try:
        with olefile.OleFileIO(path) as container:
            return bool(container.exists(stream))
    except _DAMAGED:
        return False


def _records(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the records of a workbook as far as they can be made out."""
    import olefile  # noqa: PLC0415  only for workbooks of old Excel

    try:
        with olefile.OleFileIO(path) as container:
            name = next(it for it in _WORKBOOKS if container.exists(it))
            stream = container.openstream(name).read()
    except (StopIteration, *_DAMAGED):
        return
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length
