"""Workbooks (.xlsx, .xls, .ods): the values of one sheet; macros, links and formulas are never run.

Calamine reads the values of .xlsx and .xls. What it neither checks nor tells is looked up beside it: what kind of file
it is, how much memory its cells would take, and what a sheet says besides, in the XML of an .xlsx and the records of an
.xls: errors, formulas that were never calculated, hidden rows and how numbers are shown. An .ods we read ourselves.
"""

import os
import struct
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers import expat

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.importing.columns import column_number
from ucli.importing.extent import MOST_CELLS, extent_of, look_over
from ucli.importing.measures import PLAIN, NumberFormat, number_format
from ucli.importing.old_excel import (
    CELL_RECORDS,
    LAST_COLUMN,
    PASSWORD_RECORD,
    PERCENT,
    Facts,
    codes_of_records,
    container_of,
)
from ucli.importing.opendocument import ERROR, NOT_CALCULATED, Tables, TooLargeError
from ucli.importing.parts import found_part, links_of, parsed, part_of, plain, tag_of
from ucli.values.names import fold
from ucli.values.numbers import grouped

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# How workbooks begin, whatever their names end with: packed ones (.xlsx, .ods), and the containers of old Excel (.xls).
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

# What stands for a cell that holds no text and no number that could be one: it is no value, as an error is none.
YES, NO = "#TRUE!", "#FALSE!"

# What an office's list never is: beyond it the reader would take all memory.
_MOST_BYTES = 512 << 20
# What is broken or locked inside a packed file comes as any of these, a day beyond all calendars as an overflow.
_BROKEN = (OSError, EOFError, OverflowError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
_STDERR = 2

SAVE = marked("Open it in the program that it is from, and save the table as .xlsx or as CSV UTF-8.")
PACKED = marked("Unpack it, and name the table that is in it.")
WORD = marked("It is a document of Word, not a workbook.")
_LOCKED = marked("It is locked with a password.")
_DAMAGED = marked("It is no workbook that can be read: it is damaged, or not whole.")
_BINARY = "xl/workbook.bin"
_NUMBERS = marked("It is a workbook of Apple Numbers (.numbers), which is not read.")
_NO_SPREADSHEET = marked("It is a document of LibreOffice, not a workbook.")
_PACKED = marked("It is a packed folder (.zip), not a workbook.")
_PARTS = {
    _BINARY: marked("It is a binary workbook (.xlsb), which is not read."),
    "word/document.xml": WORD,
    "ppt/presentation.xml": marked("It is a presentation, not a workbook."),
    "Index/Document.iwa": _NUMBERS,
    "Index.zip": _NUMBERS,
}
_INSTEAD = {
    _LOCKED: marked("Open it in Excel, take the password away (File, Info), and save it."),
    _DAMAGED: marked("Get the file anew, or open it in Excel and save it."),
    _PACKED: PACKED,
}

# Of an .xlsx.
_KNOWN_ERROR = b"#N/A"

# Of an .ods.
_OF_ODS = "content.xml"


def is_workbook(start: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook; names lie."""
    return start.startswith(_BEGINNINGS)


def rows_of_workbook(path: Path, sheet: str | None, facts: Facts) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows of a sheet, the first that is shown when none is named, with their numbers.

    Raises:
        RejectedError: it cannot be read, has no such sheet, or is larger than a table can be.

    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  only for workbooks

    name: str | None = None
    workbook: CalamineWorkbook | None = None
    try:
        if _is_ods(path):
            yield from _rows_of_ods(path, sheet, facts)
            return
        says_more = _checked(path)
        with path.open("rb") as file, _breakdowns_refused():
            workbook = CalamineWorkbook.from_filelike(file)
        name = _name_among(workbook.sheet_names, _shown(workbook), sheet)
        try:
            with _breakdowns_refused():
                found = workbook.get_sheet_by_name(name)
        except CalamineError:  # it stops at errors that it does not know
            found = CalamineWorkbook.from_filelike(_with_known_errors(path, name)).get_sheet_by_name(name)
        if not sheet:
            facts.sheets[:] = [name, *(it for it in _shown(workbook) if it != name and not _is_empty(workbook, it))]
        _read_facts(path, name, workbook.sheet_names.index(name), facts, says_more=says_more)
        facts.last_row = found.total_height
        facts.note_merged(found.merged_cell_ranges or ())
        # Calamine leaves out the empty columns before the first filled one, but not the rows; errors it leaves empty.
        before = [""] * (found.start[1] if found.start else 0)
        for number, values in enumerate(found.iter_rows(), start=1):
            cells = before + values if before else values
            if errors := facts.failed.get(number):
                cells = [*cells, *[""] * (max(errors) - len(cells))]
                for column, error in errors.items():
                    cells[column - 1] = error
            yield number, cells
    except TooLargeError as error:
        raise _too_large(path) from error
    except (CalamineError, expat.ExpatError, *_BROKEN) as error:
        raise _unreadable(path, error, name, workbook) from error


@contextmanager
def _breakdowns_refused() -> Iterator[None]:
    """Make a `ValueError` of it that calamine breaks down: over some files on stderr, with what is no `Exception`."""
    kept, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise ValueError from error
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)
        os.close(nowhere)


def _is_ods(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as packed:
        if sum(part.file_size for part in packed.infolist()) > _MOST_BYTES:
            raise TooLargeError
        return _OF_ODS in packed.namelist() and not _is_locked(packed)


def _is_locked(packed: zipfile.ZipFile) -> bool:
    """Tell whether a packed file, or the part of an .ods with its cells, is locked with a password."""
    manifest = "META-INF/manifest.xml"
    return any(part.flag_bits & 1 for part in packed.infolist()) or (
        manifest in packed.namelist() and b"encryption-data" in packed.read(manifest)
    )


def _name_among(names: Sequence[str], shown: Sequence[str], sheet: str | None) -> str:
    """Return the name of the sheet that is meant, also but for marks and case."""
    if not names:
        raise RejectedError(_("The workbook has no sheet."), instead=_("Save the table as .xlsx or as CSV."))
    if not sheet:
        return (shown or names)[0]
    alike = [sheet] if sheet in names else [name for name in names if fold(name) == fold(sheet)]
    if len(alike) != 1:
        raise RejectedError(
            _("The workbook has no sheet “{name}”.").format(name=sheet),
            instead=_("Its sheets are: {names}.").format(names=", ".join(names)),
        )
    return alike[0]


def _shown(workbook: "CalamineWorkbook") -> list[str]:
    """Return the names of the sheets that are neither hidden nor a chart."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415  only for workbooks

    shown = SheetTypeEnum.WorkSheet, SheetVisibleEnum.Visible
    return [it.name for it in workbook.sheets_metadata if (it.typ, it.visible) == shown]


def _is_empty(workbook: "CalamineWorkbook", name: str) -> bool:
    """Tell whether a sheet holds nothing; one that is damaged may hold something, and does not stop another."""
    from python_calamine import CalamineError  # noqa: PLC0415  only for workbooks

    with suppress(CalamineError, *_BROKEN), _breakdowns_refused():
        return not workbook.get_sheet_by_name(name).height
    return False


def unreadable(path: Path, why: str | None, instead: str = "") -> RejectedError:
    told = _("The file {file} cannot be read.").format(file=path)
    return RejectedError(told, why=why, instead=instead or _("Check its name and its format."))


def _unreadable(path: Path, error: Exception, name: str | None, workbook: "CalamineWorkbook | None") -> RejectedError:
    """Say why a workbook cannot be read, as far as it can be told."""
    if isinstance(error, OverflowError):
        return unreadable(path, _("A cell holds a day that no calendar has."), _("Correct it, and save the workbook."))
    if not name or not workbook:
        told = _what_it_is(path)
        return unreadable(path, _(told), _(_INSTEAD.get(told, SAVE)))
    instead = _("Open it in Excel and save it anew.")
    if others := [it for it in workbook.sheet_names if it != name]:
        instead += " " + _("--sheet NAME reads another: {names}.").format(names=", ".join(others))
    return unreadable(path, _("The sheet “{name}” is damaged.").format(name=name), instead)


def _what_is_packed(path: Path) -> str:
    with suppress(*_BROKEN), zipfile.ZipFile(path) as packed:
        parts = packed.namelist()
        kind = packed.read("mimetype") if "mimetype" in parts else b""
        if _is_locked(packed):
            return _LOCKED
        if told := next((told for part, told in _PARTS.items() if part in parts), ""):
            return told
        if b"opendocument" in kind and b"spreadsheet" not in kind:
            return _NO_SPREADSHEET
        if not kind and not {"[Content_Types].xml", "xl/workbook.xml"} & {*parts}:
            return _PACKED
    return _DAMAGED


def _what_it_is(path: Path) -> str:
    """Return what a file is that was taken for a workbook."""
    if zipfile.is_zipfile(path):
        return _what_is_packed(path)
    streams, records = container_of(path)
    if "encryptedpackage" in streams or any(kind == PASSWORD_RECORD for kind, _record in records):
        return _LOCKED
    return WORD if "worddocument" in streams else _DAMAGED


def _checked(path: Path) -> bool:
    """Refuse a file that unpacks to what no list is: two cells far apart are enough to fill all memory.

    Returns:
        Whether a sheet of an .xlsx has errors, formulas or hidden rows.

    Raises:
        RejectedError: it does.
        ValueError: a cell stands where none can, or it is a workbook of a kind that is not read.

    """
    if not zipfile.is_zipfile(path):
        for kind, record in container_of(path)[1]:
            if kind in CELL_RECORDS and len(record) >= 4 and struct.unpack_from("<H", record, 2)[0] > LAST_COLUMN:
                raise ValueError
        return False
    cells, says_more = 0, False
    with zipfile.ZipFile(path) as packed:
        parts = packed.namelist()
        if _BINARY in parts:
            raise ValueError
        sheets = {plain(part) for part in links_of(packed).values()}
        is_large = sum(part.file_size for part in packed.infolist()) > _MOST_BYTES
        for part in parts if not is_large else ():
            if plain(part).startswith("xl/worksheets/") or plain(part) in sheets:
                # One that is damaged is told when it is read, if it is.
                with suppress(*_BROKEN, expat.ExpatError):
                    with packed.open(part) as text:
                        sheet, telling = look_over(text)
                    says_more = says_more or telling
                    if sheet is None:
                        with packed.open(part) as text:
                            sheet = extent_of(text)
                    cells = max(cells, sheet)
    if is_large or cells > MOST_CELLS:
        raise _too_large(path)
    return says_more


def _too_large(path: Path) -> RejectedError:
    return RejectedError(
        _("The workbook {file} is larger than any list.").format(file=path.name),
        why=_("It unpacks to more than {cells} cells, or has cells far away from the table.").format(
            cells=grouped(MOST_CELLS)
        ),
        instead=_("Copy the table alone into a new workbook, or save it as CSV."),
    )


def _rows_of_ods(path: Path, sheet: str | None, facts: Facts) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows of a table of OpenDocument, read twice: first for what tables there are."""
    with zipfile.ZipFile(path) as packed:
        known = Tables()
        for part in ("styles.xml", _OF_ODS):
            if part in packed.namelist():
                with packed.open(part) as text:
                    deque(known.read(text), maxlen=0)
        shown = [it for it in known.names if it not in known.hidden]
        name = _name_among(known.names, shown, sheet)
        if not sheet:
            facts.sheets[:] = [name, *(it for it in shown if it != name and it in known.filled)]
        if facts.has_money:
            _refuse_units(path, [f'0"{it}"' for it in known.formats])
        cells = 0
        with packed.open(_OF_ODS) as text:
            for row in Tables(wanted=name).read(text):
                cells += len(row.cells) * row.times
                if cells > MOST_CELLS:
                    raise TooLargeError
                for number in range(row.number, row.number + row.times):
                    if row.is_hidden:
                        facts.hidden.add(number)
                    facts.formats.update(((number, column), NumberFormat(percent=True)) for column in row.percent)
                    yield number, row.cells


def _read_facts(path: Path, sheet: str, place: int, facts: Facts, *, says_more: bool) -> None:
    """Read what a workbook says beside the values of a sheet, known by its name and its place among the others."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            _read_sheet(packed, sheet, facts, says_more=says_more)
        return
    records = container_of(path)[1]
    codes = codes_of_records(records, place, facts)
    if facts.has_money:
        _refuse_units(path, codes)


def _refuse_units(path: Path, codes: Iterable[str]) -> None:
    """Refuse a workbook of which only the whole tells that numbers are shown with a unit of money."""
    for code in codes:
        shown = number_format(code)
        if not shown.is_clear or (shown.unit and not shown.is_amount_kept):
            raise RejectedError(
                _("In {file} numbers are shown with a unit of money, by the format {code}.").format(
                    file=path.name, code=code[:40]
                ),
                why=_("Which numbers they are can only be told in an .xlsx workbook."),
                instead=_("Save it as .xlsx, or write the unit into the heading and use a plain number format."),
            )


def _read_sheet(packed: zipfile.ZipFile, sheet: str, facts: Facts, *, says_more: bool) -> None:
    """Read what a sheet says of its cells.

    Raises:
        ValueError: it cannot be made out.

    """
    try:
        has_styles = found_part(packed, "xl/styles.xml") in packed.namelist()
        styles = _styles(packed) if has_styles else {}
        if says_more or styles:
            with packed.open(part_of(packed, sheet)) as text:
                _Cells(facts, styles).read(text)
    except (LookupError, StopIteration, ParseError, expat.ExpatError) as error:
        raise ValueError from error


class _Cells:
    """Reads the elements row, c (cell), f (formula) and v (value) of a sheet, whatever prefix they have."""

    def __init__(self, facts: Facts, styles: Mapping[str, NumberFormat]) -> None:
        self._facts, self._styles = facts, styles
        self._row = self._column = 0
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._has_formula = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end

    def read(self, text: IO[bytes]) -> None:
        self._parser.ParseFile(text)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._column += 1
            self._cell, self._has_formula = attributes, False
            self._value.clear()
        elif tag == "v" and (self._has_formula or self._cell.get("t") == "e"):
            self._parser.CharacterDataHandler = self._value.append
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            if attributes.get("hidden") in ("1", "true"):
                self._facts.hidden.add(self._row)

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "v":
            self._parser.CharacterDataHandler = None
        elif tag == "c":
            kind, shown = self._cell.get("t", "n"), self._styles.get(self._cell.get("s", ""))
            # A formula that gives an empty text is calculated, and says that it gives a text.
            failed = (kind == "e" and self._value) or (self._has_formula and not self._value and kind != "str")
            if failed or shown:
                letters = self._cell.get("r", "").rstrip("0123456789")
                column = column_number(letters) if letters else self._column
                if failed:
                    self._facts.failed.setdefault(self._row, {})[column] = _error(self._value)
                if shown and kind == "n":
                    self._facts.formats[self._row, column] = shown


def _error(value: Sequence[str]) -> str:
    """Return the error of a cell from its text, where that is one that programs write."""
    text = "".join(value).strip()
    return text if ERROR.fullmatch(text) else "#ERROR!" if text else NOT_CALCULATED


def _with_known_errors(path: Path, sheet: str) -> BytesIO:
    """Return an .xlsx in which each error of a sheet is one that calamine knows; what it was `_Cells` tells.

    Raises:
        ValueError: there is none.

    """
    mended = BytesIO()
    with zipfile.ZipFile(path) as packed, zipfile.ZipFile(mended, "w", zipfile.ZIP_DEFLATED) as out:
        part = part_of(packed, sheet)
        text = packed.read(part)
        pieces, done = [], 0
        for start, end in _places_of_errors(text):
            pieces += [text[done:start], _KNOWN_ERROR]
            done = end
        if not done:
            raise ValueError
        for it in packed.namelist():
            out.writestr(it, b"".join([*pieces, text[done:]]) if it == part else packed.read(it))
    mended.seek(0)
    return mended


def _places_of_errors(text: bytes) -> list[tuple[int, int]]:
    """Return where in a sheet the texts of its errors begin and end."""
    places: list[tuple[int, int]] = []
    parser = expat.ParserCreate()
    state = {"error": False, "start": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            state["error"] = attributes.get("t") == "e"
        elif tag == "v" and state["error"]:
            state["start"] = text.index(b">", parser.CurrentByteIndex) + 1

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "v" and state["error"] and parser.CurrentByteIndex >= state["start"]:
            places.append((state["start"], parser.CurrentByteIndex))

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(text, True)
    return places


def _styles(packed: zipfile.ZipFile) -> dict[str, NumberFormat]:
    """Return the cell styles, by their numbers, that show numbers otherwise than they are."""
    parts = {tag_of(it): it for it in parsed(packed, "xl/styles.xml")}
    codes = PERCENT | {it.get("numFmtId", ""): it.get("formatCode", "") for it in parts.get("numFmts", ())}
    formats = {number: number_format(code) for number, code in codes.items()}
    styles = {
        str(place): formats.get(it.get("numFmtId", ""), PLAIN) for place, it in enumerate(parts.get("cellXfs", ()))
    }
    return {style: it for style, it in styles.items() if it != PLAIN}
