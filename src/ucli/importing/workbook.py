"""Workbooks (.xlsx, .xls, .ods): what a file is, and which sheet is read; macros, links and formulas are never run.

Each format has one reader (`excel`, `opendocument`, and xlrd for `.xls`), which gives the value of a cell together with
its number format or error, within the bounds of `sheets` and `parts`: no file takes more than a gigabyte of memory.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.importing import sheets
from ucli.importing.columns import FEWEST_KNOWN
from ucli.importing.excel import Excel
from ucli.importing.measures import number_format
from ucli.importing.opendocument import OpenDocument
from ucli.importing.parts import unpacked
from ucli.importing.sheets import (
    LONGEST_ROW,
    MOST_CELLS,
    Cells,
    Facts,
    TooLargeError,
    require_near,
)
from ucli.values.names import fold
from ucli.values.numbers import grouped

# The first bytes of workbooks, whatever their names: zip (.xlsx, .ods) and OLE (.xls).
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

# What a damaged or locked file may raise.
_BROKEN = (OSError, EOFError, LookupError, OverflowError, RuntimeError, ValueError, struct.error)
_BROKEN_IN_A_PACKED_FILE = (zipfile.BadZipFile, zlib.error, expat.ExpatError)
_ALL_BROKEN = (*_BROKEN, *_BROKEN_IN_A_PACKED_FILE)
_LINES_LOOKED_AT = 20  # for a heading
_MANY_CELLS = 100  # of so many even short texts may be long together

_MOST_BYTES_OF_OLD = 48 << 20  # in memory a cell takes up to seven times its size in the file, a text twelve times
_SHOWN = 0
_STRING, _NUMBER, _DAY, _TRUTH, _ERROR = range(1, 6)  # the kinds of cells


SAVE = marked("Open it in the program that it is from, and save the table as .xlsx or as CSV UTF-8.")
_UNPACK = marked("Unpack it, and name the table in it.")
_ANEW = marked("Get a new copy of the file, or open it in Excel and save it.")
_TEXT, _PACKED, _CONTAINED = (r"\A.*\ntext\n", r"\A.*\npacked\n[\s\S]*", r"\A.*\ncontained\n[\s\S]*")
_BOOK, _PAGE = (
    r"[\s\S]*(?:office:|opendocument\.)spreadsheet",
    r"(?:[\s\S]*<)?(?:(?:!doctype html|html|head|meta|body|table|div|p|tr)\b|!--)",
)
# Files that are no table, or cannot be read: a pattern of name and signs, what it is, what helps; the first fits.
_KINDS = (
    (
        r"\A(?:~\$|\.~lock\.)",
        marked("It is the lock file that Excel keeps beside an open workbook, not the workbook."),
        marked("Name the workbook itself, without ~$."),
    ),
    (
        rf"\A.*\.gsheet\n|{_TEXT}\{{[\s\S]*docs\.google\.com",
        marked("It is a link to Google Sheets, not a table."),
        marked("Open it in the browser, choose File, Download, Microsoft Excel (.xlsx), and import that."),
    ),
    (
        rf"{_PACKED}\nlocked: yes|{_CONTAINED}(?:encryptedpackage|\nerror: .*encrypted)",
        marked("It is locked with a password."),
        marked("Open it in Excel, take the password away (File, Info), and save it."),
    ),
    (
        rf"\A.*\.lnk\n|{_TEXT}\[internetshortcut\]",
        marked("It is a shortcut, not the table."),
        marked("Name the file that it leads to."),
    ),
    (rf'{_TEXT}(?:\[\s*)?\{{\s*"', marked("It is JSON, not a table."), SAVE),
    (rf"{_TEXT}%pdf", marked("It is a PDF document, not a table."), SAVE),
    (rf"{_TEXT}(?:\x89png|\xff\xd8\xff|gif8)", marked("It is a picture, not a table."), SAVE),
    (rf"{_TEXT}(?:7z\xbc\xaf|rar!|\x1f\x8b)", marked("It is a packed folder, not a table."), _UNPACK),
    (
        rf"{_TEXT}\{{\\rtf|{_PACKED}\nword/document\.xml\n|{_CONTAINED}worddocument",
        marked("It is a document of Word, not a workbook."),
        SAVE,
    ),
    (
        rf"{_TEXT}(?:mime-version:|[\s\S]*\ncontent-type: multipart/related|<(?=[!?a-z])(?!{_BOOK}){_PAGE})",
        marked("It is a web page with the name of a table."),
        SAVE,
    ),
    (rf"{_TEXT}<[!?a-z]", marked("It is XML (such as the XML workbook of 2003), not a workbook."), SAVE),
    (rf"{_PACKED}\nxl/workbook\.bin\n", marked("It is a binary workbook (.xlsb), which is not read."), SAVE),
    (rf"{_PACKED}\nppt/presentation\.xml\n", marked("It is a presentation, not a workbook."), SAVE),
    (
        rf"{_PACKED}\nindex(?:/document\.iwa|\.zip)\n",
        marked("It is a workbook of Apple Numbers (.numbers), which is not read."),
        SAVE,
    ),
    (
        rf"{_PACKED}\nkind: (?!.*spreadsheet).*opendocument",
        marked("It is a document of LibreOffice, not a workbook."),
        SAVE,
    ),
    (
        rf"(?!{_PACKED}(?:\[content_types\]\.xml|xl/workbook\.xml|\nkind: )){_PACKED}",
        marked("It is a packed folder (.zip), not a workbook."),
        _UNPACK,
    ),
    (
        rf"{_PACKED}|{_CONTAINED}",
        marked("It is not a readable workbook: it is damaged or incomplete."),
        _ANEW,
    ),
)
_BINARY = "xl/workbook.bin"
_OF_ODS = "content.xml"
_BYTES_OF_MANIFEST = 1 << 20
_NO_SHEET = marked("The workbook has no sheet.")
_ONLY_MACROS = marked("The workbook has no sheet of cells, only sheets with macros of old Excel.")
_MANIFEST = "META-INF/manifest.xml"


class _Nowhere(StringIO):
    """Swallows what xlrd prints."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def _damages_told() -> Iterator[None]:
    """Turn whatever xlrd raises on damaged files into a `ValueError`."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise ValueError(str(error)) from error


class OldExcel:
    """An open workbook of Excel 97 to 2003 (.xls).

    Raises:
        TooLargeError: it is larger than any list would be.
        ValueError: xlrd cannot read it.

    """

    def __init__(self, path: Path) -> None:
        import xlrd  # noqa: PLC0415  only for workbooks of old Excel

        if path.stat().st_size > _MOST_BYTES_OF_OLD:
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
        return value if kind == _STRING else ""


Book = Excel | OldExcel | OpenDocument


def is_workbook(start: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook; names lie."""
    return start.startswith(_BEGINNINGS)


def rows_of_workbook(
    path: Path, sheet: str | None, facts: Facts, known: Callable[[Cells], int]
) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a sheet with their numbers; if none is named, of the first one with a known heading.

    What else the sheet says goes into `facts`; `known` counts the cells of a row that are known headings.

    Raises:
        RejectedError: it cannot be read, has no such sheet, or is too large.

    """
    name: str | None = None
    book: Book | None = None
    try:
        with ExitStack() as stack:
            book = _opened(path, stack)
            name = _name_among(book.names, sheet) if sheet else None
            if not name:
                facts.sheets[:] = _by_heading(book, known)
                name = facts.sheets[0]
            yield from _within_bounds(book.rows(name, facts))
    except (TooLargeError, MemoryError) as error:
        raise too_large(path) from error
    except _ALL_BROKEN as error:
        raise _unreadable(path, error, name, book) from error


def _within_bounds(rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    """Yield rows while the rectangle of filled cells is no larger than any list would be."""
    widest = 0
    for number, cells in rows:
        width = len(cells)
        widest = max(widest, width)
        require_near(number, widest)
        if width > _MANY_CELLS and sum(len(it) for it in cells if isinstance(it, str)) > LONGEST_ROW:
            raise TooLargeError
        yield number, cells


def _opened(path: Path, stack: ExitStack) -> Book:
    if not zipfile.is_zipfile(path):
        return OldExcel(path)
    packed = stack.enter_context(unpacked(path))
    parts = packed.namelist()
    if _is_locked(packed) or _BINARY in parts:
        raise ValueError(path)
    return OpenDocument(packed) if _OF_ODS in parts else Excel(packed)


def _is_locked(packed: zipfile.ZipFile) -> bool:
    """Tell whether a zipped workbook is locked with a password."""
    if any(part.flag_bits & 1 for part in packed.infolist()):
        return True
    if _MANIFEST not in packed.namelist():
        return False
    with packed.open(_MANIFEST) as text:
        return b"encryption-data" in text.read(_BYTES_OF_MANIFEST)


def _name_among(names: Sequence[str], sheet: str) -> str:
    """Return the name of the sheet meant, regardless of marks and case."""
    alike = [sheet] if sheet in names else [name for name in names if fold(name) == fold(sheet)]
    if len(alike) != 1:
        raise RejectedError(
            _("The workbook has no sheet “{name}”.").format(name=sheet),
            instead=_("Its sheets are: {names}.").format(names=", ".join(names)),
        )
    return alike[0]


def _by_heading(book: Book, known: Callable[[Cells], int]) -> list[str]:
    """Return the sheets that are visible and not empty, first the one with a known heading."""
    if not book.names:
        told = _ONLY_MACROS if isinstance(book, Excel) and book.has_macros else _NO_SHEET
        raise RejectedError(_(told), instead=_("Save the table as .xlsx or as CSV."))
    filled, chosen = [], ""
    names = book.shown or book.names
    for name in names:
        rows: list[Cells] | None = None  # None for a damaged sheet, which may hold the table
        with suppress(*_ALL_BROKEN):
            rows = [cells for _number, cells in islice(_within_bounds(book.rows(name, Facts())), _LINES_LOOKED_AT)]
        if rows != []:
            filled.append(name)
        if not chosen and (rows is None or max(map(known, rows), default=0) >= FEWEST_KNOWN):
            chosen = name
    chosen = chosen or (filled or names)[0]
    return [chosen, *(it for it in filled if it != chosen)]


def unreadable(path: Path, why: str | None, instead: str = "") -> RejectedError:
    told = _("The file {file} cannot be read.").format(file=path)
    return RejectedError(told, why=why, instead=instead or _("Check its name and its format."))


def require_table(path: Path, signs: str) -> None:
    """Refuse a file of a kind that cannot be read, saying what it is and what helps."""
    for pattern, told, instead in _KINDS:
        if re.search(pattern, f"{path.name}\n{signs}", re.IGNORECASE):
            raise unreadable(path, _(told), _(instead))


def signs_of_text(start: bytes) -> str:
    """Return the signs of a text file for `require_table`, from its first bytes."""
    begun = start.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").removeprefix(b"\xff\xfe").lstrip()
    return f"text\n{begun.decode('latin-1')}"


def _unreadable(path: Path, error: Exception, name: str | None, book: Book | None) -> RejectedError:
    """Return the error that says why a workbook cannot be read, as far as can be told."""
    if not name or not book:
        signs = _signs_of_packed(path) if zipfile.is_zipfile(path) else ""
        if not signs:
            signs = f"contained\n{path.read_bytes().replace(bytes(1), b'').decode('latin-1')}\nerror: {error}"
        require_table(path, signs)
    instead = _("Open it in Excel and save it again.")
    if book and (others := [it for it in book.names if it != name]):
        instead += " " + _("--sheet NAME reads another: {names}.").format(names=", ".join(others))
    return unreadable(path, _("The sheet “{name}” is damaged.").format(name=name), instead)


def _signs_of_packed(path: Path) -> str:
    """Return the signs of a zipped file: the names of its parts, its declared kind, whether it is locked."""
    signs = "packed\n"
    with suppress(*_ALL_BROKEN), zipfile.ZipFile(path) as packed:
        parts = packed.namelist()
        signs += "".join(f"\n{part}\n" for part in parts)
        if _is_locked(packed):
            signs += "\nlocked: yes"
        elif "mimetype" in parts:
            with packed.open("mimetype") as text:
                signs += f"\nkind: {text.read(_BYTES_OF_MANIFEST).decode('latin-1')}"
    return signs


def too_large(path: Path) -> RejectedError:
    return RejectedError(
        _("The workbook {file} is larger than any list.").format(file=path.name),
        why=_("It unpacks to more than {cells} cells, or has cells far away from the table.").format(
            cells=grouped(MOST_CELLS)
        ),
        instead=_("Copy the table alone into a new workbook, or save it as CSV."),
    )
