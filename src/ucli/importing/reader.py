"""Reads a file that holds a table, CSV or workbook, row by row, however long it is."""

import csv
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple, TextIO

from ucli.errors import RejectedError, UsageError
from ucli.i18n import _, marked, refusal
from ucli.importing.columns import column_number
from ucli.importing.measures import decimal_of
from ucli.importing.sheets import LONGEST_ROW, Cells, Facts
from ucli.importing.workbook import (
    SAVE,
    is_workbook,
    require_table,
    rows_of_workbook,
    signs_of_text,
    too_large,
    unreadable,
)
from ucli.values.letters import DECODERS, bytes_of
from ucli.values.names import fold, seen
from ucli.values.numbers import grouped

# Its number as the officer's own program counts; its cells as texts; its cells as read: texts, numbers, days.
Line = tuple[int, list[str], Cells]

_OF_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_SEPARATORS = "\t;,"
_SAYS_SEPARATOR = re.compile(r"sep=([^\s\w\"']|\t)", re.IGNORECASE)
_LINES_LOOKED_AT = 20  # for the separator
_BYTES_AT_START = 4096
_GUARDED = re.compile(r'^="+([^"]*)"+$')  # the guard that keeps digits text in Excel
_SHAPE = re.compile(r"\d+")
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
# What a word processor makes of the signs ' and " around a cell.
_QUOTED = re.compile(r"^(?:“([^“”]*)”|[‘’](?=\d)(.*))$")
_LEAST_ROUNDED = 10**15
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_LINE = 1_000_000
_END = "\0"  # marks the end of the file: no line holds it
_MOST_LINES = 1_048_576  # as many as a sheet of Excel has
_AS_CSV = marked("In Excel choose Save as, “CSV UTF-8 (comma delimited)”.")
_ENCODINGS = marked("Or name its encoding: --encoding tcvn3, vni or cp1258.")


class Area(NamedTuple):
    """A range of cells: columns from 0, rows from 1."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
        """Yield the rows within it; cells left of it are empty."""
        for number, cells in rows:
            if number > self.bottom:
                return
            if number >= self.top:
                yield number, [*[""] * min(self.left, len(cells)), *cells[self.left : self.right + 1]]


def area_of(text: str) -> Area:
    """Parse a range typed as A5:H200.

    Raises:
        UsageError: it is no range.

    """
    found = _AREA.fullmatch(text.strip().upper().replace("$", ""))
    if found:
        left, right = (column_number(found[it]) - 1 for it in (1, 3))
        top, bottom = (int(found[it]) for it in (2, 4))
        if left <= right and 0 < top <= bottom:
            return Area(left, top, right, bottom)
    raise UsageError(
        _("“{text}” is not a range of cells.").format(text=text[:60]),
        instead=_("Type its first and last cell, the heading included: --range A5:H200."),
    )


def lines_of(
    path: Path,
    sheet: str | None,
    facts: Facts,
    known: Callable[[list[str]], int],
    encoding: str | None = None,
    area: Area | None = None,
) -> Iterator[Line]:
    """Yield the lines of a table that are not empty, from CSV or a sheet of a workbook.

    `known` counts the cells of a line that are known headings; the separator of a CSV is the one its heading row has.
    `encoding` names the old font or encoding of rows that are not Unicode; outside of `area` nothing is read.

    Raises:
        RejectedError: the file cannot be read, or is no table.
        UsageError: a sheet is named but the file is no workbook.

    """
    with opened(path) as file:
        start = file.read(_BYTES_AT_START)
    is_book = is_workbook(start)
    require_table(path, "" if is_book else signs_of_text(start))
    text_of: Callable[[Any], str] = _text_of if is_book else str.strip
    rows = (
        rows_of_workbook(path, sheet, facts, lambda cells: known([*map(_text_of, cells)]))
        if is_book
        else _of_csv(path, start, facts, known, encoding)
    )
    if sheet and not is_book:
        raise UsageError(
            _("{file} is not a workbook and has no sheets.").format(file=path.name), instead=_("Leave --sheet out.")
        )
    for number, cells in area.of(rows) if area else rows:
        if number > _MOST_LINES:
            raise unreadable(
                path,
                _("It has more lines than a sheet of Excel: {count}.").format(count=grouped(_MOST_LINES)),
                _("Check that it is the right file, or split it."),
            )
        texts = [*map(text_of, cells)]
        row = "".join(texts)
        if len(row) > LONGEST_ROW:
            raise too_large(path)
        if not row.isascii() or '="' in row:
            texts = _as_meant(texts, row, encoding)
        if any(texts):
            yield number, texts, cells


def _as_meant(texts: list[str], row: str, encoding: str | None) -> list[str]:
    """Return texts in Unicode, without invisible signs and without the guard that keeps digits text."""
    if encoding:
        with suppress(UnicodeError):  # a row with any other character is Unicode already
            bytes_of(row)
            texts = [*map(DECODERS[encoding], texts)]
            row = "".join(texts)
    if seen(row) != row:
        texts = [seen(text).strip() for text in texts]
    if '="' in row:
        texts = [_GUARDED.sub(r"\1", text) for text in texts]
    is_curled = "“" in row or "’" in row or "‘" in row
    return [_QUOTED.sub(r"\1\2", text) for text in texts] if is_curled else texts


def lines_in(path: Path) -> int:
    """Return how many lines a CSV has; 0 for a workbook."""
    with opened(path) as file:
        if is_workbook(file.read(_BYTES_AT_START)):
            return 0
        file.seek(0)
        return sum(part.count(b"\n") for part in iter(partial(file.read, _LONGEST_LINE), b""))


@contextmanager
def opened(path: Path, **how: Any) -> Iterator[Any]:
    """Open a file for reading, by default as bytes; errors of the system become errors of ours.

    A pipe or a device is refused, for it cannot be read twice.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise unreadable(path, _("It is not a file but a folder, a pipe or a device."))
        with path.open(**(how or {"mode": "rb"})) as file:
            yield file
    except OSError as error:
        raise unreadable(path, refusal(error)) from error


def _text_of(cell: object) -> str:
    """Return a cell as it would be typed: a whole number without a point, 1,5 with a comma, a day in ISO."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        if abs(cell) >= _LEAST_ROUNDED:
            return f"{cell:.14E}"  # as Excel shows it: no more digits are kept
        return str(int(cell)) if cell.is_integer() else f"{decimal_of(cell):f}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}" if cell.hour or cell.minute else cell.date().isoformat()
    return "" if cell is None else str(cell)  # a day as 2024-06-30


def _of_csv(
    path: Path, start: bytes, facts: Facts, known: Callable[[list[str]], int], old: str | None
) -> Iterator[tuple[int, list[str]]]:
    # What Excel saves as “Unicode text” is UTF-16 with a mark in front.
    encoding = "utf-16" if start[:2] in _MARKS_OF_UTF_16 else "utf-8-sig"
    if old and encoding == "utf-8-sig" and not _is_utf_8(path):
        encoding = "latin-1"  # a character for each byte, to be decoded row by row
    if encoding != "utf-16" and b"\0" in start[:2]:
        raise unreadable(path, _("It is text in UTF-16 without the mark that says so."), _(_AS_CSV))
    try:
        with opened(path, encoding=encoding, newline="") as file:
            yield from _records(path, file, facts, known)
    except UnicodeError as error:
        if path.suffix.lower() in _OF_WORKBOOKS:
            raise unreadable(path, _("It is not a workbook, whatever its name ends with."), _(SAVE)) from error
        raise unreadable(path, _("It is not text in UTF-8."), f"{_(_AS_CSV)} {_(_ENCODINGS)}") from error
    except csv.Error as error:
        raise unreadable(path, _("It is not CSV: a quotation is not closed, or a cell is too long.")) from error


def _is_utf_8(path: Path) -> bool:
    with suppress(UnicodeError), opened(path, encoding="utf-8") as file:
        while file.read(_LONGEST_LINE):
            pass
        return True
    return False


def _records(
    path: Path, file: TextIO, facts: Facts, known: Callable[[list[str]], int]
) -> Iterator[tuple[int, list[str]]]:
    lines = _bounded(path, file)
    first = list(islice(lines, _LINES_LOOKED_AT))
    before = 0
    signs = _SEPARATORS
    if first and (said := _SAYS_SEPARATOR.match(first[0])):  # what Excel puts before the heading
        first, before, signs = first[1:], 1, said[1]
    # Titles and notes may hold more separators than rows do, so the heading row decides.
    heads = {sign: max(csv.reader(first, delimiter=sign), key=known, default=[]) for sign in signs}
    separator = max(heads, key=lambda sign: (known(heads[sign]), sum(line.count(sign) for line in first)))
    fewest = len(heads[separator]) - 1  # separators of a row
    raw: list[str] = []  # the lines of a record
    reader = csv.reader(_kept(chain(first, lines, [_END]), raw), delimiter=separator)
    number = before + 1
    for cells in reader:
        last = before + reader.line_num
        if len(raw) > 1:
            instead = _('Close the quotation, or remove its sign "; a line break inside a cell is read as a space.')
            if raw[-1] is _END:
                told = _("Line {line}: a quotation that begins here is never closed.")
                raise unreadable(path, told.format(line=number), instead)
            if any(_are_alike(raw[0], it, separator, fewest) for it in raw[1:]):
                told = _("A quotation that begins here runs to line {last}, over what looks like rows.")
                facts.wrong[number] = f"{told.format(last=last)} {instead}"
        elif raw[0] is _END:
            return
        yield number, cells
        number = last + 1
        raw.clear()


def _are_alike(one: str, other: str, separator: str, fewest: int) -> bool:
    """Tell whether two lines look like rows of one table: some column has the same text, or a number of like shape."""
    pairs = [*zip(one.split(separator), other.split(separator), strict=False)][: fewest + 1]
    return len(pairs) > fewest > 0 and any(
        _bare(a) and (_bare(a) == _bare(b) or ('"' not in a and _SHAPE.sub("0", a) == _SHAPE.sub("0", b)))
        for a, b in pairs
    )


def _bare(cell: str) -> str:
    return cell.strip(' "\r\n')


def _kept(lines: Iterable[str], raw: list[str]) -> Iterator[str]:
    for line in lines:
        raw.append(line)
        yield line


def _bounded(path: Path, file: TextIO) -> Iterator[str]:
    """Yield the lines of a file, each of bounded length."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise csv.Error
        if "\x1a" in line:  # Ctrl-Z, the end of a text in DOS
            line = line.replace("\x1a", "")
        if "\0" in line:
            told = _("Line {line} holds a NUL character, which no text has: the file is damaged, or not text.")
            raise unreadable(path, told.format(line=number), _(_AS_CSV))
        yield line.lstrip("\ufeff")  # files joined together have one on each first line


def rows_of(
    path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the headings of a CSV or workbook, each with its line; titles above are skipped.

    Args:
        path: the file.
        columns: by key, the headings of each column, in any spelling.
        required: the keys of the columns that must be there.

    Raises:
        RejectedError: the file cannot be read, or lacks a column.
    """
    named = {fold(heading): key for key, headings in columns.items() for heading in headings}

    def keys(texts: Sequence[str]) -> list[str]:
        return [named.get(fold(it), "") for it in texts]

    found: list[str] = []
    for number, texts, _cells in lines_of(path, None, Facts(), lambda texts: len([*filter(None, keys(texts))])):
        if found:
            cells = dict(zip(found, texts, strict=False))
            yield number, {key: cells.get(key, "") for key in columns}
        elif set(required) <= set(keys(texts)):
            found = keys(texts)
    if not found:
        raise RejectedError(
            _("{file} has no row of headings that names its columns.").format(file=path.name),
            instead=_("Needed: {headings}.").format(headings=", ".join(columns[key][0] for key in required)),
        )
