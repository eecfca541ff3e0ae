"""CSV and TSV: raw values, one record a line, and no cell that a spreadsheet would run.

`excel` is the CSV that a Vietnamese Excel opens by a double click: semicolons, a byte order mark, decimal commas. It is
for people to work on: headings and words as in a workbook, whole numbers without separators so that they add up.
"""

import csv
import io
import re
from collections.abc import Container, Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from ucli.i18n import _
from ucli.render import Sheet
from ucli.render.cells import NOTHING, number_of, text_of
from ucli.sanitize import not_run, sanitize
from ucli.values.quantities import Share

_NEGATIVE = re.compile(r"-\d+\.\d+")  # a number, which no spreadsheet runs
_AT_ONCE = 1000  # lines
# Texts that Excel would turn into a day or a number: 1/12, 2024-06, 0001234.
_READ_OTHERWISE = re.compile(r"0\d+|\d{12,}|\d{1,4}[-/]\d{1,4}([-/]\d{1,4})?")


def render(sheet: Sheet, form: str) -> Iterator[str]:
    if form == "excel":
        yield "\ufeff"
        # The hedge or mark of a number is in a column of its own, or the number would be a text; lists have none.
        rows, marked = sheet.rows, set()
        if sheet.document is not None:
            rows = [*sheet.rows]
            marked = {place for place, column in enumerate(zip(*rows, strict=True)) if any(map(_mark, column))}
        named = [_safe(it.heading) for it in sheet.columns]
        headings = [(it, _("{heading}, mark").format(heading=it)) for it in named]
        yield from _written(iter([_apart(headings, marked)]), form)
        yield from _written((_apart(((_excel_cell(it), _mark(it)) for it in row), marked) for row in rows), form)
    else:
        yield from _written(iter([map(_safe, sheet.keys)]), form)
        records = iter(sheet.records)
        while some := list(islice(records, _AT_ONCE)):
            columns = (_column([it.get(name) for it in some]) for name in sheet.keys)
            yield from _written(zip(*columns, strict=True), form)


def _apart(cells: Iterable[tuple[str, str]], marked: Container[int]) -> Iterator[str]:
    """Yield cells, those of marked columns followed by their marks."""
    for place, (cell, mark) in enumerate(cells):
        yield cell
        if place in marked:
            yield mark


def _written(lines: Iterator[Iterable[object]], form: str) -> Iterator[str]:
    separator, end = {"csv": (",", "\n"), "tsv": ("\t", "\n"), "excel": (";", "\r\n")}[form]
    while some := list(islice(lines, _AT_ONCE)):
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator=end).writerows(some)
        yield text.getvalue()


def _column(values: list[Any]) -> Iterable[object]:
    """Return the cells of a column of a list, which may have a million; most need little work."""
    kinds = {*map(type, values)}
    if kinds == {int} or (kinds == {str} and _are_harmless(values)):
        return values
    return map(date.isoformat, values) if kinds == {date} else map(_cell, values)


def _cell(value: object) -> object:
    match value:
        case str():
            return value if _NEGATIVE.fullmatch(value) else _safe(value)
        case None:
            return ""
        case bool():
            return int(value)
        case date():
            return value.isoformat()
        case list() | tuple():
            return _safe(" ".join(map(str, value)))
    return value


@lru_cache(maxsize=2048)
def _safe(text: str) -> str:
    """Return a text as a cell that is safe for a terminal and for a spreadsheet."""
    return text if _are_harmless([text]) else sanitize(not_run(text))


def _are_harmless(texts: list[str]) -> bool:
    return "".join([it[:1] for it in texts]).isalnum() and "".join(texts).isprintable()


def _excel_cell(value: object) -> str:
    if number := number_of(value):
        bare, _sign, suffix = number
        return f"{f'{bare:f}'.replace('.', ',') if isinstance(bare, Decimal) else bare}{'%' * suffix.startswith('%')}"
    text = text_of(value)
    if text == NOTHING:
        return ""
    misread = isinstance(value, Share) or (isinstance(value, str) and _READ_OTHERWISE.fullmatch(text))
    return f"'{text}" if misread else _safe(text)


def _mark(value: object) -> str:
    """Return what stands around a number apart from what it is measured in: ≥, *, the day of a statement."""
    _number, sign, suffix = number_of(value) or (0, "", "")
    return f"{sign.strip()}{suffix.removeprefix('%').strip()}"
