"""CSV and TSV: raw values, one record a line, and no cell that a spreadsheet would run."""

import csv
import io
from datetime import date

from ucli.render import Sheet
from ucli.sanitize import not_run, sanitize

_SEPARATORS = {"csv": ",", "tsv": "\t"}


def render(sheet: Sheet, form: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_SEPARATORS[form], lineterminator="\n")
    writer.writerow(map(cell_of, sheet.columns))
    writer.writerows([_cell(value) for value in (record[key] for key in sheet.columns)] for record in sheet.records)
    return text.getvalue()


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return int(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return _cell(" ".join(str(part) for part in value))
        case str():
            return cell_of(value)
    return value


def cell_of(text: str) -> str:
    """Return a text as a cell that neither a terminal nor a spreadsheet runs."""
    return sanitize(not_run(text))
