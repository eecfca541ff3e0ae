"""Reading workbooks: .xlsx, .xls and .ods, one sheet, values only; macros, links and formulas are never run."""

import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple, TypeVar

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.foreign import is_binary, what_it_is
from ucli.importing.old import OLE, require_sound
from ucli.importing.sheets import (
    column_number,
    failed_cells,
    hidden_rows,
    may_be_hidden,
    may_have_failed,
    sheet_meant,
)

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# How workbooks begin, whatever their names end with: packed ones (.xlsx, .ods), and those of old Excel (.xls).
_BEGINNINGS = (b"PK\x03\x04", OLE)

# What an office's list never is: beyond it the reader would take all memory.
_MOST_BYTES = 1_000_000_000
_MOST_CELLS = 20_000_000
_BROKEN = (OSError, EOFError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
_BYTES_AT_ONCE = 1 << 20
_OF_ODS = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STDERR = 2
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')

Given = TypeVar("Given")
Got = TypeVar("Got")


class Found(NamedTuple):
    """What is found in a workbook beside the cells of the sheet that is read.

    Args:
        sheets: where none is named, which one is read, and behind it the others that are shown and not empty.
        hidden: the rows that the sheet does not show.

    """

    sheets: list[str]
    hidden: set[int]


class _Hints(NamedTuple):
    """Whether a sheet of a workbook has what a long list seldom has, and is to be looked for."""

    formulas: bool = False  # or their errors
    hidden: bool = False  # rows or columns


def is_workbook(start: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook; names lie."""
    return start.startswith(_BEGINNINGS)


def cells_of_workbook(path: Path, sheet: str | None, besides: Found) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows of a sheet with their numbers, from the first that holds anything.

    Args:
        path: the workbook.
        sheet: its name; the first that is shown when left out.
        besides: takes what is found besides.

    Raises:
        RejectedError: it cannot be read, has no such sheet, or is larger than a table can be.

    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  only for workbooks

    name: str | None = None
    workbook: CalamineWorkbook | None = None
    try:
        if is_binary(path):
            raise _unreadable(path, ValueError(), None, None)
        hints = _refuse_a_bomb(path)
        with path.open("rb") as file:
            workbook = _called(CalamineWorkbook.from_filelike, file)
        name = _name_of(workbook, sheet)
        found = _called(workbook.get_sheet_by_name, name)
        if not sheet:
            others = (it for it in _shown(workbook) if it != name and not _is_empty(workbook, it))
            besides.sheets[:] = [name, *others]
        if hints.hidden:
            besides.hidden.update(hidden_rows(path, name))
        # The reader leaves out the empty columns before the first filled one, but not the rows.
        before = [""] * (found.start[1] if found.start else 0)
        rows = found.iter_rows()
        numbered = enumerate((before + cells for cells in rows) if before else rows, start=1)
        failed = failed_cells(path, name) if hints.formulas else {}
        yield from _with_errors(numbered, failed) if failed else numbered
    # What is broken or locked inside the packed file comes as any of these, a day beyond all calendars as an overflow.
    except (CalamineError, OverflowError, *_BROKEN) as error:
        raise _unreadable(path, error, name, workbook) from error


def _called(read: Callable[[Given], Got], given: Given) -> Got:
    """Call the reader, which breaks down over some damaged files: on stderr, and with what is no `Exception`.

    Raises:
        ValueError: it did.

    """
    kept, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    try:
        return read(given)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ValueError from error
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)


def _name_of(workbook: "CalamineWorkbook", sheet: str | None) -> str:
    """Return the name of the sheet that is meant; the first that is shown when none is named.

    Raises:
        RejectedError: there is none.

    """
    names = workbook.sheet_names
    name = sheet_meant(sheet, names) if sheet else next(iter([*_shown(workbook), *names]), "")
    if not names:
        raise RejectedError(_("The workbook has no sheet."), instead=_("Save the table as .xlsx or as CSV."))
    if name not in names:
        raise RejectedError(
            _("The workbook has no sheet “{name}”.").format(name=sheet),
            instead=_("Its sheets are: {names}.").format(names=", ".join(names)),
        )
    return name


def _is_empty(workbook: "CalamineWorkbook", name: str) -> bool:
    """Tell whether a sheet holds nothing; one that is damaged may hold something, and stops no one from another."""
    from python_calamine import CalamineError  # noqa: PLC0415  only for workbooks

    try:
        return not _called(workbook.get_sheet_by_name, name).height
    except (CalamineError, OverflowError, *_BROKEN):
        return False


def _unreadable(path: Path, error: Exception, name: str | None, workbook: "CalamineWorkbook | None") -> RejectedError:
    """Say why a workbook cannot be read, as far as it can be told."""
    if isinstance(error, OverflowError):
        why, instead = _("A cell holds a day that no calendar has."), _("Correct it, and save the workbook.")
    elif name and workbook:
        why = _("The sheet “{name}” is damaged.").format(name=name)
        others = [it for it in workbook.sheet_names if it != name]
        instead = _("Open it in Excel and save it anew.")
        if others:
            instead += " " + _("--sheet NAME reads another: {names}.").format(names=", ".join(others))
    else:
        why, instead = what_it_is(path)
    return RejectedError(_("The file {file} cannot be read.").format(file=path), why=why, instead=instead)


def _shown(workbook: "CalamineWorkbook") -> list[str]:
    """Return the names of the sheets that are neither hidden nor a chart."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  only for workbooks

    return [
        it.name
        for it in workbook.sheets_metadata
        if it.typ == SheetTypeEnum.WorkSheet and it.visible == SheetVisibleEnum.Visible
    ]


def _with_errors(
    rows: Iterable[tuple[int, Sequence[object]]], failed: Mapping[int, Mapping[int, str]]
) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows with the errors in their places, which the reader leaves empty."""
    for number, cells in rows:
        errors = failed.get(number, {})
        filled = [*cells, *[""] * (max(errors, default=0) - len(cells))]
        for column, error in errors.items():
            filled[column - 1] = error
        yield number, filled


def _refuse_a_bomb(path: Path) -> _Hints:
    """Refuse a file that unpacks to what no list is; two cells far apart are enough to fill all memory.

    Raises:
        RejectedError: it does.
        ValueError: a cell stands where none can.

    """
    if not zipfile.is_zipfile(path):
        require_sound(path)
        return _Hints()
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
            raise _too_large(path)
        formulas = hidden = False
        for part in packed.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                # One that is damaged is told when it is read, if it is.
                with suppress(*_BROKEN), packed.open(part) as text:
                    hints = _refuse_far_cells(path, text)
                    formulas |= hints.formulas
                    hidden |= hints.hidden
        if _OF_ODS in packed.namelist():
            with packed.open(_OF_ODS) as text:
                _refuse_repeated_cells(path, text)
    return _Hints(formulas, hidden)


def _refuse_repeated_cells(path: Path, text: IO[bytes]) -> None:
    """Refuse an .ods of more filled cells than a list has; rows and cells say how often they stand there."""
    from xml.etree.ElementTree import ParseError, iterparse  # noqa: PLC0415  only for .ods

    cells = filled = 0
    try:
        for _event, it in iterparse(text):  # noqa: S314  expat refuses what expands without end
            if it.tag == f"{_TABLE}table-cell" and (len(it) or f"{_OFFICE}value-type" in it.attrib):
                filled += int(it.get(f"{_TABLE}number-columns-repeated", "1"))
            elif it.tag == f"{_TABLE}table-row":
                cells += filled * int(it.get(f"{_TABLE}number-rows-repeated", "1"))
                filled = 0
                it.clear()
            if cells > _MOST_CELLS:
                raise _too_large(path)
    except ParseError as error:
        raise ValueError from error


def _refuse_far_cells(path: Path, text: IO[bytes]) -> _Hints:
    widest = lowest = 0
    tail = b""
    formulas = hidden = False
    while chunk := text.read(_BYTES_AT_ONCE):
        piece = tail + chunk
        places = _PLACE.findall(piece)
        widest = max(widest, *map(column_number, {column for column, _row in places}), 0)
        lowest = max(lowest, *map(int, {row for _column, row in places}), 0)
        if widest * lowest > _MOST_CELLS:
            raise _too_large(path)
        formulas = formulas or may_have_failed(piece)
        hidden = hidden or may_be_hidden(piece)
        tail = piece[-20:]
    return _Hints(formulas, hidden)


def _too_large(path: Path) -> RejectedError:
    return RejectedError(
        _("The workbook {file} is larger than any list.").format(file=path.name),
        why=_("It unpacks to more than {cells} cells, or has cells far away from the table.").format(
            cells=f"{_MOST_CELLS:,}".replace(",", ".")
        ),
        instead=_("Copy the table alone into a new workbook, or save it as CSV."),
    )
