"""Rows to text: one small module a format, loaded only when it is the one asked for.

`plain` and every format that tabulate names, `table` on a terminal, `csv`, `tsv`, `json`, `ndjson`.
"""

from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path

from ucli.errors import UsageError
from ucli.language import _
from ucli.render.harmless import harmless

# Our own formats and the module that writes each; any other name is tabulate's.
_MODULES = {
    "table": "as_terminal",
    "plain": "as_table",
    "csv": "as_csv",
    "tsv": "as_csv",
    "json": "as_json",
    "ndjson": "as_json",
}
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".txt": "plain",
    ".md": "github",
    ".html": "html",
    ".tex": "latex",
}


@dataclass(slots=True)
class Sheet:
    """One answer, for people and for machines."""

    headings: list[str]
    rows: list[list[object]]  # for people: cells by type
    records: list[dict[str, object]]  # for machines: raw integers, ISO dates, keys that stay
    columns: list[str]  # the keys of those records, known even where there is none
    title: str = ""
    notes: list[str] = field(default_factory=list)  # what stands under the table
    document: object = None  # what JSON prints; the records when there is nothing else to say


def render(sheet: Sheet, form: str) -> str:
    """Return a sheet as text in one of the formats.

    Raises:
        UsageError: there is no such format.

    """
    module = _MODULES.get(form, "as_table")
    # Whoever typed a name cannot move the cursor of whoever reads it.
    sheet = replace(
        sheet,
        title=harmless(sheet.title),
        headings=[harmless(heading) for heading in sheet.headings],
        notes=[harmless(note) for note in sheet.notes],
    )
    text: str = import_module(f"ucli.render.{module}").render(sheet, form)
    return text


def form_of(asked: str | None, output: Path | None, *, terminal: bool) -> str:
    """Return the format to write: the one asked for, else the file's, else the stream's.

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
                    instead=_("Choose one of {forms}.").format(forms=", ".join([*_MODULES, *TABULATE_FORMATS])),
                )
        return form
    if output:
        if output.suffix.lower() not in _SUFFIXES:
            raise UsageError(
                _("The suffix of “{file}” names no format.").format(file=output.name),
                instead=_("Use one of {suffixes}, or add --format.").format(suffixes=", ".join(_SUFFIXES)),
            )
        return _SUFFIXES[output.suffix.lower()]
    return "table" if terminal else "plain"
