"""Answers as text, workbooks and documents. Each is a `Sheet` first; a format writes it.

The way of a counted value to what is printed:

    columns        a row's value as a cell: text that people read, with the number, sign and mark that it is made of
    data           the same row as machines read it
    attainment …   one module an answer: its columns over its rows, its records, and what is said about them (`notes`,
                   `prose`, `labels`); `cross` turns a grouped report on its side
    tables         `shown`: what a format has of a sheet; `earned`: the columns that say something; `fitted`: how wide
    as_text …      one module a format, loaded only when it is the one asked for; `cells.text_of` writes a cell
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.reports.letterhead import Letterhead
from ucli.sanitize import sanitize
from ucli.values.numbers import grouped

if TYPE_CHECKING:
    from ucli.render.tables import LaidOut

SHIPPED = Path(__file__).with_name("templates")  # of documents and pages


class Form(NamedTuple):
    """What sets a format apart."""

    module: str = "as_text"  # that writes it
    suffix: str = ""  # of a file in it
    is_binary: bool = False
    is_laid_out: bool = False  # its tables are fitted to the room there is (`tables`), and have words for codes
    is_handed_in: bool = False  # with a letterhead, to be read where no command is typed
    has_lead: bool = False  # the first notes stand over its tables; others have their title and prose there
    has_names: bool = False  # in place of the codes of the ledger's own catalogue


_HANDED_IN = Form(is_laid_out=True, is_handed_in=True, has_names=True)
# Any other is one of tabulate's.
FORMS = {
    "table": Form("as_terminal", is_laid_out=True, has_lead=True, has_names=True),
    "csv": Form("as_csv", ".csv"),
    "excel": Form("as_csv", has_names=True),
    "tsv": Form("as_csv", ".tsv"),
    "json": Form("as_json", ".json"),
    "ndjson": Form("as_json", ".ndjson"),
    "plain": Form(suffix=".txt", has_names=True),
    "github": Form(suffix=".md"),
    "html": _HANDED_IN._replace(module="as_html", suffix=".html"),
    "xlsx": _HANDED_IN._replace(module="as_xlsx", suffix=".xlsx", is_binary=True),
    "docx": _HANDED_IN._replace(module="as_docx", suffix=".docx", is_binary=True, has_lead=True),
    "latex": Form(suffix=".tex"),
    "prose": Form(),
}
OF_SUFFIX = {it.suffix: name for name, it in FORMS.items() if it.suffix}

Record = dict[str, object]


@dataclass
class Sheet:
    """One answer, for people and for machines; a format takes the rows of one of them, once.

    Plain text, tabulate's formats and `excel` take the rows, and those that are laid out the tables, where there are
    any; csv, tsv and ndjson take the records, and JSON the document, or the records where there is none. Documents,
    pages and `prose` have the paragraphs besides. What stands over and under a table is for people alone.
    """

    columns: "Sequence[Column]"  # of the rows
    rows: Iterable[Sequence[object]]  # for people: cells by type
    records: Iterable[Record] = ()  # for machines: raw integers, ISO dates, stable keys
    keys: Sequence[str] = ()  # of those records, known even where there is none
    totals: int = 0  # how many of the last rows are totals
    tables: Callable[[str], "list[LaidOut]"] | None = None  # by format
    document: object = None  # or what makes it
    prose: Iterable[str] = ()  # the report as paragraphs
    title: str = ""
    heading: str = ""  # the title in words, of what is laid out; as the title where left out
    period: str = ""  # the period and last day, as the title of a document has them
    day: date | None = None  # the last day that counts
    lead: Sequence[str] = ()  # the notes that stand over the tables
    notes: Sequence[str] | Callable[[str], Sequence[str]] = ()  # under them, by format
    caveats: Sequence[str] = ()  # the notes that belong under prose
    letterhead: Letterhead | None = None

    def as_document(self) -> Any:
        """Return what JSON prints."""
        document = self.document() if callable(self.document) else self.document
        return list(self.records) if document is None else document


class Column(NamedTuple):
    """A column of a sheet; without a heading it is only for machines, without a key only for people."""

    heading: str
    cell: Callable[[Any], object] = str  # the cell of a thing, each row being made from one
    key: str = ""
    data: Callable[[Any], object] | None = None  # for machines; default the cell
    is_spare: bool = False  # left out where a line is short
    over: str = ""  # a heading above the heading, shared with neighbours that have the same


def sheet_of(columns: Sequence[Column], items: Sequence[Any], **about: Any) -> Sheet:
    """Return a sheet with one row for each thing; rows and records are made as a format consumes them."""
    seen = [it for it in columns if it.heading]
    sheet = Sheet(
        [it._replace(heading=f"{it.over}: {it.heading}", over="") if it.over else it for it in seen],
        rows=([it.cell(item) for it in seen] for item in items),
        records=(record_of(columns, item) for item in items),
        keys=[it.key for it in columns if it.key],
    )
    return replace(sheet, **about)


def record_of(columns: Sequence[Column], item: Any) -> Record:
    """Return what machines read of a thing."""
    return {it.key: (it.data or it.cell)(item) for it in columns if it.key}


def sheet_of_texts(headings: Iterable[str], rows: Iterable[Sequence[str]]) -> Sheet:
    """Return a sheet of plain texts."""
    return Sheet(list(map(Column, headings)), rows)


def sanitized(value: Any) -> Any:
    """Return texts, however nested, sanitized."""
    if isinstance(value, str):
        return sanitize(value)
    if isinstance(value, list):
        return [sanitized(it) for it in value]
    return type(value)(*map(sanitized, value)) if isinstance(value, tuple) else value


def render(sheet: Sheet, form: str) -> str | bytes:
    """Render a sheet in a format, as text or as bytes of a workbook or document."""
    pieces = list(rendered(sheet, form))
    return b"".join(pieces) if form_named(form).is_binary else "".join(pieces)


def rendered(sheet: Sheet, form: str) -> Iterator[Any]:
    """Render a sheet piece by piece, text or bytes, so that a long list is never whole in memory."""
    yield from import_module(f"ucli.render.{form_named(form).module}").render(sheet, form)


def form_named(name: str) -> Form:
    """Return what sets a format apart."""
    return FORMS.get(name) or Form()


def require_room(rows: int, most: int, form: str) -> None:
    """Refuse more rows than a format holds, before any is written."""
    if rows > most:
        what = _("The result has {rows} rows, but {form} holds at most {most}.")
        raise RejectedError(
            what.format(rows=grouped(rows), form=form, most=grouped(most)),
            instead=_("Narrow it down, for example to one unit or one period, or write it as CSV."),
        )


def form_of(asked: str | None, output: Path | None, *, terminal: bool, excel: bool = False) -> str:
    """Return the format to write: the one asked for, else that of the file's suffix, else that of the stream."""
    if (asked or (output.suffix[1:] if output else "")).lower() == "pdf":
        raise UsageError(
            _("PDF is not written directly."), instead=_("Write a .docx, then save it as PDF in Word or LibreOffice.")
        )
    form = (asked or "").lower() or ("csv" if excel else "table" if terminal else "plain")
    if output and not asked:
        form = OF_SUFFIX.get(output.suffix.lower(), "")
    if form not in FORMS:
        from tabulate import tabulate_formats  # noqa: PLC0415  slow to import

        if form not in tabulate_formats:
            what = _("There is no format “{form}”.").format(form=form[:40])
            forms = dict.fromkeys([*FORMS, *tabulate_formats])
            if not form and output:
                what = _("The suffix of “{file}” names no format.").format(file=output.name)
                forms = dict.fromkeys(OF_SUFFIX)
            raise UsageError(what, instead=_("Choose one of {forms}.").format(forms=", ".join(forms)))
    if excel and form not in ("csv", "excel"):
        raise UsageError(_("--excel is for CSV, not {form}.").format(form=form), instead=_("Leave --excel out."))
    return "excel" if excel else form
