"""Which cells of a sheet are shown as percentages: 0.95 in the format 0% is 95%, and its value alone does not say so.

Only workbooks of today's Excel (.xlsx) are looked into; of all others a bare 0,95 is refused where it is read.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from ucli.exchange.sheets import BROKEN, Place, column_number, parsed, part_of, pieces, tag
from ucli.exchange.tables import decimal_of
from ucli.vietnamese.numbers import decimal_text

_BUILT_IN = frozenset({"9", "10"})  # 0% and 0.00%
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.')  # what a number format prints as it stands
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,5})"(?: t="n")?>')  # one that holds a number


def percent_cells(path: Path, sheet: str | None) -> frozenset[Place]:
    """Return the cells of a sheet that are shown as percentages; none where a file does not say so.

    Args:
        path: a workbook.
        sheet: its name; the first that is shown when left out.

    """
    try:
        with zipfile.ZipFile(path) as packed:
            styles = _percent_styles(packed)
            return frozenset(_cells(packed, part_of(packed, sheet), styles)) if styles else frozenset()
    except BROKEN:
        return frozenset()


def percent_of(number: float) -> str:
    """Write a number as the percentage that its cell shows, with all its digits: 0.955 is 95,5%."""
    return f"{decimal_text((decimal_of(number) * 100).normalize())}%"


def _percent_styles(packed: zipfile.ZipFile) -> set[bytes]:
    """Return the numbers of the cell styles whose number format is a percentage."""
    parts = {tag(it): it for it in parsed(packed, "xl/styles.xml")}
    own = {it.get("numFmtId"): _LITERAL.sub("", it.get("formatCode", "")) for it in parts.get("numFmts", ())}
    percents = _BUILT_IN | {number for number, code in own.items() if "%" in code}
    return {b"%d" % place for place, it in enumerate(parts["cellXfs"]) if it.get("numFmtId") in percents}


def _cells(packed: zipfile.ZipFile, part: str, styles: set[bytes]) -> Iterator[Place]:
    for piece in pieces(packed, part):
        for column, row, style in _CELL.findall(piece):
            if style in styles:
                yield int(row), column_number(column)
