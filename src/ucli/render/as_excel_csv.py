"""CSV that a Vietnamese Excel opens by a double click: semicolons, a mark for UTF-8, a comma that parts decimals.

It is for people to work on: the headings and words of a workbook, whole numbers bare so that they add up.
"""

import csv
import io
import re
from decimal import Decimal

from ucli.render import Sheet
from ucli.render.as_csv import cell_of
from ucli.render.cells import NOTHING, Measured, text_of
from ucli.values.quantities import SIGNS, Quantity, Share

# Texts of which Excel, without a quotation mark before them, makes a day or a number: 1/12, 2024-06, 0001234.
_READ_OTHERWISE = re.compile(r"0\d+|\d{12,}|\d{1,4}[-/]\d{1,4}([-/]\d{1,4})?")


def render(sheet: Sheet, _form: str) -> str:
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(map(cell_of, sheet.headings))
    writer.writerows(map(_cell, row) for row in sheet.rows)
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, Measured):
        return f"{value.sign}{_bare(value.number)}{value.suffix}"
    if isinstance(value, Quantity):
        return f"{SIGNS[value.qualifier]}{value.value}"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _bare(value)
    text = text_of(value)
    if text == NOTHING:
        return ""
    misread = isinstance(value, Share) or (isinstance(value, str) and _READ_OTHERWISE.fullmatch(text))
    return f"'{text}" if misread else cell_of(text)


def _bare(number: int | Decimal) -> str:
    """Write a number as it is typed into a sheet: 10800, 96,4."""
    return f"{number:f}".replace(".", ",") if isinstance(number, Decimal) else str(number)
