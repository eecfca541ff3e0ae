"""CSV that a Vietnamese Excel opens by a double click: semicolons, a mark for UTF-8, a comma that parts decimals.

It is for people to work on: the headings and words of a workbook, whole numbers bare so that they add up.
"""

import csv
import io
from decimal import Decimal

from ucli.domain.quantities import Quantity, Share
from ucli.render import Sheet
from ucli.render.as_csv import not_run
from ucli.render.cells import NOTHING, SIGNS, Measured, text_of


def render(sheet: Sheet, _form: str) -> str:
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(sheet.headings)
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
    # Without a quotation mark 1/12 becomes the first of December.
    return f"'{text}" if isinstance(value, Share) else not_run(text)


def _bare(number: int | Decimal) -> str:
    """Write a number as it is typed into a sheet: 10800, 96,4."""
    return f"{number:f}".replace(".", ",") if isinstance(number, Decimal) else str(number)
