"""Workbooks (.xlsx, .xls, .ods): the values of one sheet; macros, links and formulas are never run.

Calamine reads the values. What it neither checks nor tells is looked up beside it: what kind of file it is, how much
memory its cells would take, and what a sheet says besides: in the XML of an .xlsx errors, formulas that were never
calculated, hidden rows and how numbers are shown; of an .xls and .ods only number formats.
"""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse
from xml.parsers import expat

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.importing.columns import column_number
from ucli.importing.measures import PLAIN, NumberFormat, number_format
from ucli.values.names import fold
from ucli.values.numbers import grouped

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

# How workbooks begin, whatever their names end with: packed ones (.xlsx, .ods), and the containers of old Excel (.xls).
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

# What stands in a cell whose formula was never calculated, as Excel writes errors.
NOT_CALCULATED = "#FORMULA?"

# What an office's list never is: beyond it the reader would take all memory.
_MOST_BYTES = 1_000_000_000
_MOST_CELLS = 20_000_000
# What is broken or locked inside a packed file comes as any of these, a day beyond all calendars as an overflow.
_BROKEN = (OSError, EOFError, OverflowError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error)
_STDERR = 2

SAVE = marked("Open it in the program that it is from, and save the table as .xlsx or as CSV UTF-8.")
WORD = marked("It is a document of Word, not a workbook.")
_LOCKED = marked("It is locked with a password.")
_DAMAGED = marked("It is no workbook that can be read: it is damaged, or not whole.")
_BINARY = "xl/workbook.bin"
_PARTS = {_BINARY: marked("It is a binary workbook (.xlsb), which is not read."), "word/document.xml": WORD}
_INSTEAD = {
    _LOCKED: marked("Open it in Excel, take the password away (File, Info), and save it."),
    _DAMAGED: marked("Get the file anew, or open it in Excel and save it."),
}

# Of an .xlsx.
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
# What a long list seldom has: errors, formulas and hidden rows, with a prefix before their names or without.
_TELLING = (b't="e"', b"t='e'", b"<f>", b"<f ", b"<f/", b":f>", b":f ", b":f/", b" hidden=")
_BYTES_AT_ONCE = 1 << 20
_LONGEST_SIGN = 20
_MOST_BYTES_OF_STYLES = 10_000_000  # of each of the parts that say how cells are shown
_PERCENT = {"9": "0%", "10": "0.00%"}  # formats that every workbook has

# Of an .ods.
_OF_ODS = "content.xml"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT_IN_A_FORMAT = re.compile(rb"<number:text>([^<]{1,100})</number:text>")
_BYTES_OF_FORMATS = 2_000_000

# Of an .xls: a container of streams, one of which is a row of records, each with its kind and its length in front.
_PASSWORD_RECORD, _FORMAT_RECORD = 0x2F, 0x41E
_CELL_RECORDS = {0x06, 0xBD, 0xBE, 0xD6, 0xFD, 0x201, 0x203, 0x204, 0x205, 0x27E}
_LAST_COLUMN = 255


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
    # Of numbers that are shown otherwise than kept, by row and column; None where nobody asks.
    formats: dict[tuple[int, int], NumberFormat] | None = None


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
        says_more = _checked(path)
        with path.open("rb") as file, _breakdowns_refused():
            workbook = CalamineWorkbook.from_filelike(file)
        name = _name_of(workbook, sheet)
        with _breakdowns_refused():
            found = workbook.get_sheet_by_name(name)
        if not sheet:
            facts.sheets[:] = [name, *(it for it in _shown(workbook) if it != name and not _is_empty(workbook, it))]
        if says_more or facts.formats is not None:
            _read_facts(path, name, facts)
        for (top, left), (bottom, _right) in found.merged_cell_ranges or ():
            if bottom > top:
                facts.merged.setdefault(top + 1, []).append((left, bottom + 1))
        # Calamine leaves out the empty columns before the first filled one, but not the rows; errors it leaves empty.
        before = [""] * (found.start[1] if found.start else 0)
        for number, values in enumerate(found.iter_rows(), start=1):
            cells = before + values if before else values
            if errors := facts.failed.get(number):
                cells = [*cells, *[""] * (max(errors) - len(cells))]
                for column, error in errors.items():
                    cells[column - 1] = error
            yield number, cells
    except (CalamineError, *_BROKEN) as error:
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


def _name_of(workbook: "CalamineWorkbook", sheet: str | None) -> str:
    """Return the name of the sheet that is meant, also but for marks and case."""
    names = workbook.sheet_names
    if not names:
        raise RejectedError(_("The workbook has no sheet."), instead=_("Save the table as .xlsx or as CSV."))
    if not sheet:
        return (_shown(workbook) or names)[0]
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


def _what_it_is(path: Path) -> str:
    """Return what a file is that was taken for a workbook."""
    if zipfile.is_zipfile(path):
        with suppress(*_BROKEN), zipfile.ZipFile(path) as packed:
            return next((told for part, told in _PARTS.items() if part in packed.namelist()), _DAMAGED)
        return _DAMAGED
    streams, records = _container(path)
    if "encryptedpackage" in streams or any(kind == _PASSWORD_RECORD for kind, _record in records):
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
        for kind, record in _container(path)[1]:
            if kind in _CELL_RECORDS and len(record) >= 4 and struct.unpack_from("<H", record, 2)[0] > _LAST_COLUMN:
                raise ValueError
        return False
    cells, says_more = 0, False
    with zipfile.ZipFile(path) as packed:
        parts = packed.namelist()
        if _BINARY in parts:
            raise ValueError
        is_large = sum(part.file_size for part in packed.infolist()) > _MOST_BYTES
        for part in parts if not is_large else ():
            if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                # One that is damaged is told when it is read, if it is.
                with suppress(*_BROKEN), packed.open(part) as text:
                    sheet, telling = _look_over(text)
                    cells, says_more = max(cells, sheet), says_more or telling
            elif part == _OF_ODS:
                with packed.open(part) as text:
                    cells = _repeated_cells(text)
    if is_large or cells > _MOST_CELLS:
        raise RejectedError(
            _("The workbook {file} is larger than any list.").format(file=path.name),
            why=_("It unpacks to more than {cells} cells, or has cells far away from the table.").format(
                cells=grouped(_MOST_CELLS)
            ),
            instead=_("Copy the table alone into a new workbook, or save it as CSV."),
        )
    return says_more


def _repeated_cells(text: IO[bytes]) -> int:
    """Count the filled cells of an .ods, as far as a list has them; rows and cells say how often they stand there."""
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
                break
    except ParseError as error:
        raise ValueError from error
    return cells


def _read_facts(path: Path, sheet: str, facts: Facts) -> None:
    """Read what a workbook says beside its values.

    Raises:
        RejectedError: only the whole workbook tells how its numbers are shown, and some are with a unit of money.

    """
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            parts = {*packed.namelist()}
            if _OF_ODS not in parts:
                _read_sheet(packed, sheet, facts)
                return
            # The texts in its number formats stand in front of its cells.
            texts = [packed.open(part).read(_BYTES_OF_FORMATS) for part in {_OF_ODS, "styles.xml"} & parts]
        found = [it for text in texts for it in _TEXT_IN_A_FORMAT.findall(text)]
        codes = [f'0"{it.decode("utf-8", "replace")}"' for it in found]
    else:
        # A record of a format: its number and length in 4 bytes, its encoding in 1, its text.
        codes = [
            record[5:].decode("utf-16-le" if record[4] == 1 else "latin-1", "replace")
            for kind, record in _container(path)[1]
            if kind == _FORMAT_RECORD and len(record) > 5
        ]
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


def _container(path: Path) -> tuple[set[str], list[tuple[int, bytes]]]:
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


def _look_over(text: IO[bytes]) -> tuple[int, bool]:
    """Return how many cells a sheet would fill as a rectangle, and whether it says more than their values.

    Quickly enough for the longest list.
    """
    rows = columns = 0
    is_telling = False
    tail = b""
    while chunk := text.read(_BYTES_AT_ONCE):
        piece = tail + chunk
        places = _PLACE.findall(piece)
        columns = max(columns, *(column_number(letters.decode()) for letters in {column for column, _row in places}), 0)
        rows = max(rows, *map(int, {row for _column, row in places}), 0)
        is_telling = is_telling or any(sign in piece for sign in _TELLING)
        tail = piece[-_LONGEST_SIGN:]
    return rows * columns, is_telling


def _read_sheet(packed: zipfile.ZipFile, sheet: str, facts: Facts) -> None:
    """Read what a sheet says of its cells, as far as it can be made out."""
    with suppress(*_BROKEN, LookupError, ParseError, expat.ExpatError):
        styles = _styles(packed) if facts.formats is not None else {}
        with packed.open(_part_of(packed, sheet)) as text:
            _Cells(facts, styles).read(text)


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
                    self._facts.failed.setdefault(self._row, {})[column] = "".join(self._value) or NOT_CALCULATED
                if shown and kind == "n" and self._facts.formats is not None:
                    self._facts.formats[self._row, column] = shown


def _styles(packed: zipfile.ZipFile) -> dict[str, NumberFormat]:
    """Return the cell styles, by their numbers, that show numbers otherwise than they are."""
    parts = {_tag(it): it for it in _parsed(packed, "xl/styles.xml")}
    codes = _PERCENT | {it.get("numFmtId", ""): it.get("formatCode", "") for it in parts.get("numFmts", ())}
    formats = {number: number_format(code) for number, code in codes.items()}
    styles = {str(place): formats.get(it.get("numFmtId", ""), PLAIN) for place, it in enumerate(parts["cellXfs"])}
    return {style: it for style, it in styles.items() if it != PLAIN}


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    """Return the name of the part that a sheet is kept in."""
    links = {it.get("Id"): it.get("Target", "") for it in _parsed(packed, "xl/_rels/workbook.xml.rels")}
    for it in _parsed(packed, "xl/workbook.xml").iter():
        if _tag(it) == "sheet" and it.get("name") == sheet:
            link = next(value for name, value in it.items() if name.endswith("}id"))
            return str(PurePosixPath("/xl") / links[link])[1:]
    raise KeyError(sheet)


def _parsed(packed: zipfile.ZipFile, part: str) -> Element:
    if packed.getinfo(part).file_size > _MOST_BYTES_OF_STYLES:
        raise KeyError(part)
    return fromstring(packed.read(part))  # noqa: S314  expat lets no entity grow


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
