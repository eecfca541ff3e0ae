"""Reading a file that holds a table: CSV as Excel and others write it, and workbooks; row by row, however long."""

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

# Its number as the officer's own program counts; its cells as texts; and as they are: texts, numbers, days, nothing.
Line = tuple[int, list[str], Cells]

_OF_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_SEPARATORS = "\t;,"
_LINES_LOOKED_AT = 20  # for the separator
_BYTES_AT_START = 4096
_GUARDED = re.compile(r'^="+([^"]*)"+$')  # digits that Excel is to keep as text
_SHAPE = re.compile(r"\d+")
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
# What a program for texts makes of the signs ' and " around a cell.
_QUOTED = re.compile(r"^(?:“([^“”]*)”|[‘’](?=\d)(.*))$")
_LEAST_ROUNDED = 10**15
_MARKS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_LINE = 1_000_000
_END = "\0"  # after the last line: no line holds it
_MOST_LINES = 1_048_576  # as many as a sheet of Excel has
_AS_CSV = marked("In Excel choose Save as, “CSV UTF-8 (comma delimited)”.")
_ENCODINGS = marked("Or name what it is in: --encoding tcvn3, vni or cp1258.")


class Area(NamedTuple):
    """The part of a sheet or of a CSV that is read: its columns from 0, its rows from 1."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
        """Yield the rows of it; what stands in front of its columns is nothing."""
        for number, cells in rows:
            if number > self.bottom:
                return
            if number >= self.top:
                yield number, [*[""] * min(self.left, len(cells)), *cells[self.left : self.right + 1]]


def area_of(text: str) -> Area:
    """Return the area that is typed as A5:H200.

    Raises:
        UsageError: it is none.

    """
    found = _AREA.fullmatch(text.strip().upper().replace("$", ""))
    if found:
        left, right = (column_number(found[it]) - 1 for it in (1, 3))
        top, bottom = (int(found[it]) for it in (2, 4))
        if left <= right and 0 < top <= bottom:
            return Area(left, top, right, bottom)
    raise UsageError(
        _("“{text}” is no range of cells.").format(text=text[:60]),
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
    """Yield the lines of a table that are not empty: of CSV, or of a sheet of a workbook.

    `known` tells how many cells of a line are known headings: a CSV is separated as its heading row is read.
    `encoding` names the old font or encoding of the rows that are not Unicode; of an area nothing else is read.

    Raises:
        RejectedError: the file cannot be read, or is no table.
        UsageError: a sheet is named, and the file is no workbook.

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
            _("{file} is no workbook and has no sheets.").format(file=path.name), instead=_("Leave --sheet out.")
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
        with suppress(UnicodeError):  # a row that holds other letters is Unicode already
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
    """Open a file to read it, as bytes if nothing else is said; what the system refuses is told in our words.

    What has no end or cannot be read twice, as a pipe or a device, is refused.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise unreadable(path, _("It is no file, but a folder, a pipe or a device."))
        with path.open(**(how or {"mode": "rb"})) as file:
            yield file
    except OSError as error:
        raise unreadable(path, refusal(error)) from error


def _text_of(cell: object) -> str:
    """Return a cell as it would have been typed: a whole number without its point, 1,5 with a comma, a day as one."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float):
        if abs(cell) >= _LEAST_ROUNDED:
            return f"{cell:.14E}"  # as Excel shows it, for no more digits are kept
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
        encoding = "latin-1"  # each byte is a sign, which is decoded with its row
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
        raise unreadable(path, _("It is no CSV: a quotation is not closed, or a cell is too long.")) from error


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
    if first and first[0].lower().startswith("sep="):  # what Excel puts before the heading
        first, before = first[1:], 1
    # Titles and notes may hold more separators than rows do: it is the heading row that tells.
    heads = {sign: max(csv.reader(first, delimiter=sign), key=known, default=[]) for sign in _SEPARATORS}
    separator = max(heads, key=lambda sign: (known(heads[sign]), sum(line.count(sign) for line in first)))
    fewest = len(heads[separator]) - 1  # separators of a row
    raw: list[str] = []  # the lines of a record
    reader = csv.reader(_kept(chain(first, lines, [_END]), raw), delimiter=separator)
    number = before + 1
    for cells in reader:
        last = before + reader.line_num
        if len(raw) > 1:
            instead = _('Close the quotation, or take its sign " out; a line break inside a cell is a space.')
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
    """Tell whether two lines look like rows of one table: with a text or the shape of a number in the same column."""
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
    """Yield the lines of a file, none of them longer than memory allows."""
    number = 0
    while line := file.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise csv.Error
        if "\x1a" in line:  # where DOS ends a text
            line = line.replace("\x1a", "")
        if "\0" in line:
            told = _("Line {line} holds a NUL character, which no text has: the file is damaged, or no text.")
            raise unreadable(path, told.format(line=number), _(_AS_CSV))
        yield line.lstrip("\ufeff")  # files put together have it on each first line


def rows_of(
    path: Path, columns: Mapping[str, Sequence[str]], required: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows below the headings of a CSV or workbook, each with its line; titles above are passed over.

    Args:
        path: the file.
        columns: the keys of columns, each with the headings that name it, in any spelling.
        required: the keys of those that it cannot do without.

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
