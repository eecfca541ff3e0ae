"""Rows to text: one small module a format, loaded only when it is the one asked for.

`plain` and every format that tabulate names, `table` on a terminal, `csv`, `tsv`, `json`, `ndjson`; `xlsx`, `docx` and
`html` to be handed in, `excel` to be worked on, `prose` to be read out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import UsageError
from ucli.i18n import _
from ucli.sanitize import sanitize
from ucli.values.units import PROVINCE

# Our own formats and the module that writes each; any other name is tabulate's.
_MODULES = {
    "table": "as_terminal",
    "plain": "as_table",
    "csv": "as_csv",
    "excel": "as_excel_csv",
    "tsv": "as_csv",
    "json": "as_json",
    "ndjson": "as_json",
    "xlsx": "as_xlsx",
    "docx": "as_docx",
    "html": "as_html",
    "prose": "as_prose",
}
BINARY = ("xlsx", "docx")
WITH_LETTERHEAD = ("xlsx", "docx", "html")
FOR_AN_OFFICE = (*WITH_LETTERHEAD, "excel")  # names in them instead of codes
_WITH_PROSE = ("docx", "html", "prose")
_WITH_CHART = ("xlsx",)
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".txt": "plain",
    ".md": "github",
    ".html": "html",
    ".xlsx": "xlsx",
    ".docx": "docx",
    ".tex": "latex",
}


class Letterhead(NamedTuple):
    """Whose document a sheet is: the union above, where there is one, and the union that hands it in."""

    upper: str | None
    own: str  # empty where no one knows
    place: str  # where it is signed
    kind: str = PROVINCE  # of the union that hands it in
    subject: str = ""  # what it is about, apart from the sheet's title
    is_list: bool = False  # and no report

    def made_harmless(self) -> "Letterhead":
        """Return it with names that do nothing to whatever shows them."""
        upper = self.upper and sanitize(self.upper)
        return self._replace(upper=upper, own=sanitize(self.own), place=sanitize(self.place))


class Chart(NamedTuple):
    """Targets and what was reached, row by row.

    In percent of the target where rows measure different things, else whole numbers of the measure.
    """

    title: str
    labels: list[str]
    targets: list[float | None]
    actuals: list[float | None]
    percent: bool

    def made_harmless(self) -> "Chart":
        """Return it with names that do nothing to whatever shows them."""
        return self._replace(title=sanitize(self.title), labels=[sanitize(label) for label in self.labels])


Record = dict[str, object]


class Records(Sequence[Record]):
    """Records that are made when a format asks for them."""

    def __init__(self, make: Callable[[], list[Record]]) -> None:
        self._made = cache(make)

    def __len__(self) -> int:
        return len(self._made())

    def __getitem__(self, place: Any) -> Any:
        return self._made()[place]


@dataclass(slots=True)
class Sheet:
    """One answer, for people and for machines."""

    headings: list[str]
    rows: list[list[object]]  # for people: cells by type
    records: Sequence[Record]  # for machines: raw integers, ISO dates, keys that stay
    columns: list[str]  # the keys of those records, known even where there is none
    title: str = ""
    notes: list[str] = field(default_factory=list)  # what stands under the table
    document: object = None  # what JSON prints, or what makes it; the records when there is nothing else to say
    prose: Iterable[str] = ()  # the same as the paragraphs of a report; written where a format has room for them
    caveats: Iterable[str] = ()  # the notes that are said where only the prose is written
    letterhead: Letterhead | None = None
    draw: Callable[[], Chart | None] | None = None  # makes the chart, where a format has one
    chart: Chart | None = None
    totals: int = 0  # how many of the last rows are totals
    day: date | None = None  # up to which its numbers are

    def as_document(self) -> Any:
        """Return what JSON prints."""
        document = self.document() if callable(self.document) else self.document
        return list(self.records) if document is None else document


def render(sheet: Sheet, form: str) -> str | bytes:
    """Return a sheet as text, or as a workbook or document, in one of the formats.

    Raises:
        UsageError: there is no such format.

    """
    module = _MODULES.get(form, "as_table")
    # Anyone who typed a name cannot move the cursor of anyone who reads it.
    sheet = replace(
        sheet,
        title=sanitize(sheet.title),
        headings=[sanitize(heading) for heading in sheet.headings],
        notes=[sanitize(note) for note in sheet.notes],
        prose=[sanitize(paragraph) for paragraph in sheet.prose] if form in _WITH_PROSE else [],
        caveats=[sanitize(note) for note in sheet.caveats],
        letterhead=sheet.letterhead and sheet.letterhead.made_harmless(),
        chart=_chart(sheet) if form in _WITH_CHART else None,
    )
    text: str | bytes = import_module(f"ucli.render.{module}").render(sheet, form)
    return text


def _chart(sheet: Sheet) -> Chart | None:
    chart = sheet.draw() if sheet.draw else None
    return chart and chart.made_harmless()


def form_of(asked: str | None, output: Path | None, *, terminal: bool, excel: bool = False) -> str:
    """Return the format to write: the one asked for, else the file's, else the stream's.

    With `excel`, CSV as Excel opens it where the comma parts decimals.

    Raises:
        UsageError: a format that does not exist, or a file whose suffix names none.

    """
    if asked:
        form = asked.lower()
        if form not in _MODULES:
            from ucli.render.as_table import TABULATE_FORMATS  # noqa: PLC0415  tabulate is slow to import

            if form not in TABULATE_FORMATS:
                raise UsageError(
                    _("There is no format “{form}”.").format(form=asked[:40]),
                    instead=_("Choose one of {forms}.").format(
                        forms=", ".join(dict.fromkeys([*_MODULES, *TABULATE_FORMATS]))
                    ),
                )
        return _for_excel(form, excel=excel)
    if output:
        if output.suffix.lower() not in _SUFFIXES:
            raise UsageError(
                _("The suffix of “{file}” names no format.").format(file=output.name),
                instead=_("Use one of {suffixes}, or add --format.").format(suffixes=", ".join(_SUFFIXES)),
            )
        return _for_excel(_SUFFIXES[output.suffix.lower()], excel=excel)
    return "excel" if excel else "table" if terminal else "plain"


def _for_excel(form: str, *, excel: bool) -> str:
    if excel and form not in ("csv", "excel"):
        raise UsageError(
            _("--excel is a way to write CSV, and not {form}.").format(form=form), instead=_("Leave --excel out.")
        )
    return "excel" if excel else form
