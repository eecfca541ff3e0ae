"""A sheet to text: one small module a format, loaded only when it is the one asked for.

`plain` and every format that tabulate names, `table` on a terminal, `csv`, `tsv`, `json`, `ndjson`; `xlsx`, `docx` and
`html` to be handed in, `excel` to be worked on, `prose` to be read out.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.sanitize import sanitize
from ucli.values.numbers import grouped
from ucli.values.units import PROVINCE

if TYPE_CHECKING:
    from ucli.render.tables import Table

# Our own formats and the module that writes each; any other name is tabulate's.
_MODULES = {
    "table": "as_terminal", "plain": "as_text", "csv": "as_csv", "excel": "as_csv", "tsv": "as_csv", "json": "as_json",
    "ndjson": "as_json", "xlsx": "as_xlsx", "docx": "as_docx", "html": "as_html", "prose": "as_text",
}  # fmt: skip
SHIPPED = Path(__file__).with_name("templates")  # of documents and pages
BINARY = ("xlsx", "docx")
WITH_LETTERHEAD = ("xlsx", "docx", "html")
FOR_AN_OFFICE = ("table", "plain", *WITH_LETTERHEAD, "excel")  # names in them instead of codes
_SUFFIXES = {
    ".csv": "csv", ".tsv": "tsv", ".json": "json", ".ndjson": "ndjson", ".txt": "plain", ".md": "github",
    ".html": "html", ".xlsx": "xlsx", ".docx": "docx", ".tex": "latex",
}  # fmt: skip

# In these, what people read is laid out to the room there is (`tables`).
LAID_OUT = ("table", *WITH_LETTERHEAD)

Record = dict[str, object]


class Letterhead(NamedTuple):
    """Whose document a sheet is: the union above, where there is one, and the union that hands it in."""

    upper: str | None
    own: str  # empty where no one knows
    place: str  # where it is signed
    kind: str = PROVINCE  # of the union that hands it in
    subject: str = ""  # what it is about, apart from the sheet's title
    is_list: bool = False  # and no report
    number: str = ""
    day: date | None = None  # on which it is signed; today where left out
    signer: str = ""
    signer_title: str = ""
    recipients: Sequence[str] = ()
    template: Path | None = None  # an office's own, to be filled in place of the shipped one


@dataclass
class Sheet:
    """One answer, for people and for machines; a format takes the rows of one of them, once."""

    headings: Sequence[str]
    rows: Iterable[Sequence[object]]  # for people: cells by type
    records: Iterable[Record]  # for machines: raw integers, ISO dates, keys that stay
    columns: Sequence[str]  # the keys of those records, known even where there is none
    title: str = ""
    heading: str = ""  # the title in words, for people; as the title where left out
    notes: Sequence[str] | Callable[[str], Sequence[str]] = ()  # what stands under the table, in a format
    document: object = None  # what JSON prints, or what makes it; the records when there is nothing else to say
    prose: Iterable[str] = ()  # the same as the paragraphs of a report
    caveats: Sequence[str] = ()  # the notes that are said where only the prose is written
    letterhead: Letterhead | None = None
    totals: int = 0  # how many of the last rows are totals
    day: date | None = None  # up to which its numbers are
    tables: Callable[[str], "list[Table]"] | None = None  # what a format for people has in place of its rows
    lead: Sequence[str] = ()  # the notes that stand over those tables
    period: str = ""  # over what it reports, and up to which day, as the title of a document says it
    keys: Sequence[str] = ()  # of the headings; that of a column which machines do not read is empty

    def notes_in(self, form: str) -> list[str]:
        """Return what stands under the table in a format."""
        return list(self.notes(form) if callable(self.notes) else self.notes)

    def as_document(self) -> Any:
        """Return what JSON prints."""
        document = self.document() if callable(self.document) else self.document
        return list(self.records) if document is None else document


# Columns of JSON alone, which nests, of formats of lines, which do not, and of tables whose lines have room for them.
NESTED, FLAT, SPARE = "nested", "flat", "spare"


class Column(NamedTuple):
    """A column of a sheet: what people read in it, and what machines do; without a heading or a key only the others."""

    heading: str
    cell: Callable[[Any], object]  # of one of the things that the rows are made of
    key: str = ""
    data: Callable[[Any], object] | None = None  # as the cell where left out
    only: str = ""  # NESTED, FLAT or SPARE
    over: str = ""  # a heading above the heading, of this column and of those beside it that have the same


def sheet_of(columns: Sequence[Column], items: Sequence[Any], **about: Any) -> Sheet:
    """Return a sheet of one row for each thing; a row or record is made when a format takes it."""
    seen, kept = [it for it in columns if it.heading], [it for it in columns if it.key and it.only != NESTED]
    return Sheet(
        headings=[f"{it.over}: {it.heading}" if it.over else it.heading for it in seen],
        rows=([it.cell(item) for it in seen] for item in items),
        records=({it.key: (it.data or it.cell)(item) for it in kept} for item in items),
        columns=[it.key for it in kept],
        keys=[it.key for it in seen],
        **about,
    )


def sheet_of_texts(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Sheet:
    """Return a sheet of texts alone, as they stand."""
    return Sheet(headings, rows, records=(), columns=())


def sanitized(value: Any) -> Any:
    """Return texts, or what holds them, sanitized."""
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, list):
        return [sanitized(it) for it in value]
    return type(value)(*map(sanitized, value)) if isinstance(value, tuple) else value


def render(sheet: Sheet, form: str) -> str | bytes:
    """Return a sheet as text, or as a workbook or document, in one of the formats."""
    pieces = list(rendered(sheet, form))
    return b"".join(pieces) if form in BINARY else "".join(pieces)


def rendered(sheet: Sheet, form: str) -> Iterator[Any]:
    """Yield a sheet piece by piece, text or bytes: a long list is never whole in memory."""
    yield from import_module(f"ucli.render.{_MODULES.get(form, 'as_text')}").render(sheet, form)


def require_room(rows: int, most: int, form: str) -> None:
    """Refuse more rows than a format holds, before any is written."""
    if rows > most:
        what = _("The result has {rows} rows, but {form} holds at most {most}.")
        raise RejectedError(
            what.format(rows=grouped(rows), form=form, most=grouped(most)),
            instead=_("Ask for less, such as one unit or one period, or write it as CSV."),
        )


def form_of(asked: str | None, output: Path | None, *, terminal: bool, excel: bool = False) -> str:
    """Return the format to write: the one asked for, else the file's, else the stream's; CSV also as Excel opens it."""
    if (asked or (output.suffix[1:] if output else "")).lower() == "pdf":
        raise UsageError(
            _("PDF is not written directly."), instead=_("Write a .docx, then save it as PDF in Word or LibreOffice.")
        )
    form = (asked or "").lower() or ("csv" if excel else "table" if terminal else "plain")
    if output and not asked:
        form = _SUFFIXES.get(output.suffix.lower(), "")
    if form not in _MODULES:
        from tabulate import tabulate_formats  # noqa: PLC0415  slow to import

        if form not in tabulate_formats:
            what = _("There is no format “{form}”.").format(form=form[:40])
            forms = dict.fromkeys([*_MODULES, *tabulate_formats])
            if not form and output:
                what = _("The suffix of “{file}” names no format.").format(file=output.name)
                forms = dict.fromkeys(_SUFFIXES)
            raise UsageError(what, instead=_("Choose one of {forms}.").format(forms=", ".join(forms)))
    if excel and form not in ("csv", "excel"):
        raise UsageError(_("--excel is for CSV, not {form}.").format(form=form), instead=_("Leave --excel out."))
    return "excel" if excel else form
