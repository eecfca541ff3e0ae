"""Reading a table: CSV as Excel and others write it, and workbooks; one row at a time, however long it is."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path

from ucli.errors import RejectedError
from ucli.language import _

Cell = object  # a text, a number or a day; None or an empty text where there is nothing
Line = tuple[int, Sequence[Cell]]  # as the officer's own program numbers it, and its cells

_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_SEPARATORS = "\t;,"


def lines_of(path: Path) -> Iterator[Line]:
    """Yield the lines of a table with their numbers, the heading first; empty ones are passed over.

    Raises:
        RejectedError: the file cannot be read, or is no table.

    """
    for number, cells in _of_workbook(path) if path.suffix.lower() in _WORKBOOKS else _of_csv(path):
        # Most lines hold a text; only where all is empty or nought is it looked at twice.
        if any(cells) or any(cell not in (None, "") for cell in cells):
            yield number, cells


def text_of(cell: Cell) -> str:
    """Return a cell as it would have been typed: a whole number without its point, a day as one."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _of_csv(path: Path) -> Iterator[Line]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            first = 1
            if head.lower().startswith("sep="):  # what Excel puts before the heading
                head, first = file.readline(), 2
            separator = max(_SEPARATORS, key=head.count)
            reader = csv.reader(chain([head], file), delimiter=separator, strict=True)
            for cells in reader:
                yield reader.line_num + first - 1, cells
    except OSError as error:
        raise _unreadable(path, error.strerror) from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, _("It is not text in UTF-8.")) from error
    except csv.Error as error:
        raise _unreadable(path, _("It is no CSV: a quotation is not closed, or a cell is too long.")) from error


def _of_workbook(path: Path) -> Iterator[Line]:
    try:
        from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  an extra, and only for workbooks
    except ImportError:
        raise RejectedError(
            _("Workbooks are read with an extra that is not installed."),
            instead=_("Install it with “pip install 'ucli[excel]'” from ucli's folder, or save the table as CSV."),
        ) from None
    try:
        yield from enumerate(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).iter_rows(), start=1)
    except (CalamineError, OSError) as error:
        raise _unreadable(path, _("It is no workbook that can be read.")) from error


def _unreadable(path: Path, why: str | None) -> RejectedError:
    return RejectedError(
        _("The file {file} cannot be read.").format(file=path), why=why, instead=_("Check its name and its format.")
    )
