"""Reading workbooks: .xlsx, .xls and .ods, one sheet, values only; macros, links and formulas are never run."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ucli.errors import RejectedError
from ucli.exchange.sheets import column_number, failed_cells, may_have_failed, sheet_meant
from ucli.language import _

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# How workbooks begin, whatever their names end with: packed ones (.xlsx, .ods), and those of old Excel (.xls).
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

# What an office's list never is: beyond it the reader would take all memory.
_MOST_BYTES = 1_000_000_000
_MOST_CELLS = 20_000_000
_BYTES_AT_ONCE = 1 << 20
_OF_ODS = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')


def is_workbook(start: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook; names lie."""
    return start.startswith(_BEGINNINGS)


def cells_of_workbook(path: Path, sheet: str | None, sheets: list[str]) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows of a sheet with their numbers, from the first that holds anything.

    Args:
        path: the workbook.
        sheet: its name; the first that is shown when left out.
        sheets: takes, where none is named, which one is read, and behind it the others that are shown and not empty.

    Raises:
        RejectedError: it cannot be read, has no such sheet, or is larger than a table can be.

    """
    try:
        from python_calamine import (  # noqa: PLC0415  an extra, and only for workbooks
            CalamineError,
            CalamineWorkbook,
            WorksheetNotFound,
        )
    except ImportError:
        raise RejectedError(
            _("Workbooks are read with an extra that is not installed."),
            instead=_("Install it with “pip install 'ucli[excel]'” from ucli's folder, or save the table as CSV."),
        ) from None
    try:
        has_formulas = _refuse_a_bomb(path)
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
        try:
            shown = _shown(workbook)
            name = sheet_meant(sheet, workbook.sheet_names) if sheet else [*shown, *workbook.sheet_names][0]
            found = workbook.get_sheet_by_name(name)
        except (WorksheetNotFound, IndexError):
            raise RejectedError(
                _("The workbook has no sheet “{name}”.").format(name=sheet or 1),
                instead=_("Its sheets are: {names}.").format(names=", ".join(workbook.sheet_names)),
            ) from None
        if not sheet:
            sheets[:] = [name, *(it for it in shown if it != name and workbook.get_sheet_by_name(it).height)]
        # The reader leaves out the empty columns before the first filled one, but not the rows.
        before = [""] * (found.start[1] if found.start else 0)
        rows = found.iter_rows()
        numbered = enumerate((before + cells for cells in rows) if before else rows, start=1)
        failed = failed_cells(path, name) if has_formulas else {}
        yield from _with_errors(numbered, failed) if failed else numbered
    # What is broken or locked inside the packed file comes as any of these, a day beyond all calendars as an overflow.
    except (
        CalamineError,
        OSError,
        EOFError,
        OverflowError,
        RuntimeError,
        ValueError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise RejectedError(
            _("The file {file} cannot be read.").format(file=path),
            why=_("A cell holds a day that no calendar has.")
            if isinstance(error, OverflowError)
            else _("It is no workbook that can be read."),
            instead=_("Check its name and its format."),
        ) from error


def _shown(workbook: "CalamineWorkbook") -> list[str]:
    """Return the names of the sheets that are neither hidden nor a chart."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  an extra, and only for workbooks

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


def _refuse_a_bomb(path: Path) -> bool:
    """Refuse a file that unpacks to what no list is; two cells far apart are enough to fill all memory.

    Returns:
        Whether a sheet of it has formulas or their errors; a long list seldom has.

    Raises:
        RejectedError: it does.

    """
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
            raise _too_large(path)
        has_formulas = False
        for part in packed.namelist():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                with packed.open(part) as text:
                    has_formulas |= _refuse_far_cells(path, text)
        if _OF_ODS in packed.namelist():
            with packed.open(_OF_ODS) as text:
                _refuse_repeated_cells(path, text)
    return has_formulas


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


def _refuse_far_cells(path: Path, text: IO[bytes]) -> bool:
    widest = lowest = 0
    tail = b""
    has_formulas = False
    while chunk := text.read(_BYTES_AT_ONCE):
        piece = tail + chunk
        places = _PLACE.findall(piece)
        widest = max(widest, *map(column_number, {column for column, _row in places}), 0)
        lowest = max(lowest, *map(int, {row for _column, row in places}), 0)
        if widest * lowest > _MOST_CELLS:
            raise _too_large(path)
        has_formulas = has_formulas or may_have_failed(piece)
        tail = piece[-20:]
    return has_formulas


def _too_large(path: Path) -> RejectedError:
    return RejectedError(
        _("The workbook {file} is larger than any list.").format(file=path.name),
        why=_("It unpacks to more than {cells} cells, or has cells far away from the table.").format(
            cells=f"{_MOST_CELLS:,}".replace(",", ".")
        ),
        instead=_("Copy the table alone into a new workbook, or save it as CSV."),
    )
