"""Workbooks of old Excel (.xls): what their records say beside the values that calamine reads."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ucli.importing.measures import NumberFormat, number_format

# Of an .xls: a container of streams, one of which is a row of records, each with its kind and its length in front.
PASSWORD_RECORD, _FORMAT_RECORD, _STYLE_RECORD, _SHEET_RECORD, _ROW_RECORD = 0x2F, 0x41E, 0xE0, 0x85, 0x208
_ERROR_RECORD, _FORMULA_RECORDS, _NUMBERS_RECORD = 0x205, {0x06, 0x206, 0x406}, 0xBD
_CELLS_THAT_SAY_MORE = {_ERROR_RECORD, _NUMBERS_RECORD, 0x203, 0x27E, *_FORMULA_RECORDS}
_RESULT_IS_ERROR = 2
_BEGIN, _END = 0x809, 0x0A
_IS_HIDDEN = 0x20  # of the options of a row
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
CELL_RECORDS = {0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E}
LAST_COLUMN = 255

PERCENT = {"9": "0%", "10": "0.00%"}  # formats that every workbook has
Record = tuple[int, bytes]  # its kind, and what stands in it


@dataclass(slots=True)
class Facts:
    """What a workbook says beside the values of a sheet."""

    # Where none was named: the one that is read, then the others that are shown and not empty.
    sheets: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # rows that are not shown: by a filter, or because somebody hid them
    # {2: [(0, 4)]}: by their first row the column, from 0, and the last row of cells that are merged over rows.
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    # {2: {6: "#N/A"}}: by row and column the error, or `NOT_CALCULATED`, of a cell that has no value.
    failed: dict[int, dict[int, str]] = field(default_factory=dict)
    # Of numbers that are shown otherwise than kept, by row and column.
    formats: dict[tuple[int, int], NumberFormat] = field(default_factory=dict)
    last_row: int = 0  # of the sheet; 0 where that is not known before it is read
    has_money: bool = False  # asked of it: whether any of the numbers may be money

    def note_merged(self, ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]]) -> None:
        for (top, left), (bottom, _right) in ranges:
            if bottom > top:
                self.merged.setdefault(top + 1, []).append((left, bottom + 1))


def codes_of_records(records: Sequence[Record], sheet: int, facts: Facts) -> list[str]:
    """Read what the records of an .xls say beside the values of a sheet; return the codes of its number formats."""
    formats, styles, starts = dict(PERCENT), list[str](), list[int]()
    place, depth, is_read = 0, 0, False
    with suppress(struct.error, IndexError):  # calamine tells what is damaged
        for kind, record in records:
            is_read = is_read or (kind == _BEGIN and len(starts) > sheet and place == starts[sheet])
            place += 4 + len(record)
            depth += is_read and (kind == _BEGIN) - (kind == _END)
            if is_read and not depth:
                break
            if depth == 1:
                _read_cell(kind, record, formats, styles, facts)
            elif kind == _FORMAT_RECORD and len(record) > 5:
                # Its number and length in 4 bytes, its encoding in 1, its text.
                text = record[5:].decode("utf-16-le" if record[4] == 1 else "latin-1", "replace")
                formats[str(struct.unpack_from("<H", record)[0])] = text
            elif kind == _STYLE_RECORD:
                styles.append(str(struct.unpack_from("<H", record, 2)[0]))
            elif kind == _SHEET_RECORD:
                starts.append(struct.unpack_from("<I", record)[0])
    return [code for number, code in formats.items() if number not in PERCENT]


def _read_cell(kind: int, record: bytes, formats: Mapping[str, str], styles: Sequence[str], facts: Facts) -> None:
    """Read the record of a row or of cells: its row, its column, its style, its value."""
    if kind == _ROW_RECORD and struct.unpack_from("<H", record, 12)[0] & _IS_HIDDEN:
        facts.hidden.add(struct.unpack_from("<H", record)[0] + 1)
    elif kind in _CELLS_THAT_SAY_MORE:
        row, column = (it + 1 for it in struct.unpack_from("<HH", record))
        failed = None
        if kind == _ERROR_RECORD:
            failed = record[6] if record[7] else None
        elif kind in _FORMULA_RECORDS and record[12:14] == b"\xff\xff" and record[6] == _RESULT_IS_ERROR:
            failed = record[8]
        if failed is not None:
            facts.failed.setdefault(row, {})[column] = _ERRORS.get(failed, "#ERROR!")
            return
        places = range(4, len(record) - 2, 6) if kind == _NUMBERS_RECORD else (4,)
        for count, at in enumerate(places):
            shown = number_format(formats.get(styles[struct.unpack_from("<H", record, at)[0]], ""))
            if shown.percent or shown.text:
                facts.formats[row, column + count] = shown


def container_of(path: Path) -> tuple[set[str], list[Record]]:
    """Return the names of the streams in a container, in small letters, and the records of the one of a workbook."""
    import olefile  # noqa: PLC0415  only for workbooks of old Excel

    streams, records, stream = set(), [], b""
    # What its reader answers to damaged ones.
    damaged = (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error)
    with suppress(*damaged), olefile.OleFileIO(path) as container:
        streams = {"/".join(it).lower() for it in container.listdir()}
        workbook = next((it for it in ("workbook", "book") if it in streams), None)
        stream = container.openstream(workbook).read() if workbook else b""
    place = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        records.append((kind, stream[place + 4 : place + 4 + length]))
        place += 4 + length
    return streams, records
