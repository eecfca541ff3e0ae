"""Workbooks of old Excel (.xls): xlrd, in pure Python, tells formats, errors and hidden rows with the values."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from ucli.importing import sheets
from ucli.importing.measures import number_format
from ucli.importing.sheets import Cells, Facts, TooLargeError

_MOST_BYTES = 48 << 20  # a cell takes up to seven times its room in the file, a text twelve times
_SHOWN = 0
_TEXT, _NUMBER, _DAY, _TRUTH, _ERROR = range(1, 6)  # the kinds of cells


class _Nowhere(StringIO):
    """Where xlrd writes what it thinks of a file."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def _damages_told() -> Iterator[None]:
    """Make a `ValueError` of whatever xlrd answers to damaged files."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError(str(error)) from error


class OldExcel:
    """A workbook of old Excel that is open.

    Raises:
        TooLargeError: it is larger than any list.
        ValueError: xlrd cannot read it.

    """

    def __init__(self, path: Path) -> None:
        import xlrd  # noqa: PLC0415  only for workbooks of old Excel

        if path.stat().st_size > _MOST_BYTES:
            raise TooLargeError
        self._errors: dict[int, str] = xlrd.error_text_from_code
        with _damages_told():
            self._book: Any = xlrd.open_workbook(
                path, logfile=_Nowhere(), formatting_info=True, on_demand=True, ragged_rows=True, use_mmap=False
            )
        self.names: list[str] = self._book.sheet_names()
        shown = dict(zip(self.names, self._book._sheet_visibility, strict=False))  # noqa: SLF001  without loading all
        self.shown = [it for it in self.names if shown.get(it, _SHOWN) == _SHOWN]

    def rows(self, name: str, facts: Facts) -> Iterator[tuple[int, Cells]]:
        with _damages_told():
            sheet = self._book.sheet_by_name(name)
        for number, how in sheet.rowinfo_map.items():
            if how.hidden or not how.height:
                facts.hidden.add(number + 1)
        for top, bottom, left, _right in sheet.merged_cells:
            facts.note_merged(top + 1, left, bottom)
        facts.last_row = sheet.nrows
        for row in range(sheet.nrows):
            cells: list[object] = []
            kinds, values, styles = sheet.row_types(row), sheet.row_values(row), sheet._cell_xf_indexes[row]  # noqa: SLF001
            for column, (kind, value, style) in enumerate(zip(kinds, values, styles, strict=True)):
                if (said := self._said(kind, value, style)) != "":
                    sheets.widened(cells, column).append(said)
            if cells:
                yield row + 1, cells

    def _said(self, kind: int, value: Any, style: int) -> object:
        if kind in (_NUMBER, _DAY):
            known = self._book.format_map[self._book.xf_list[style].format_key].format_str
            return sheets.number_shown(value, number_format(known), from_1904=bool(self._book.datemode))
        if kind == _TRUTH:
            return sheets.YES if value else sheets.NO
        if kind == _ERROR:
            return self._errors.get(value, "#ERROR!")
        return value if kind == _TEXT else ""
