"""CSV and TSV: raw values, one record a line, and no cell that a spreadsheet would run.

`excel` is CSV that Excel opens by a double click where the comma parts decimals: semicolons, and a mark for UTF-8.
"""

import csv
import io
from datetime import date

from ucli.harmless import harmless
from ucli.render import Sheet

_SEPARATORS = {"csv": ",", "excel": ";", "tsv": "\t"}
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(sheet: Sheet, form: str) -> str:
    text = io.StringIO()
    if form == "excel":
        text.write("\ufeff")
    writer = csv.writer(text, delimiter=_SEPARATORS[form], lineterminator="\r\n" if form == "excel" else "\n")
    writer.writerow(sheet.columns)
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
            plain = harmless(value)
            return f"'{plain}" if value.startswith(_STARTS_A_FORMULA) else plain
    return value
