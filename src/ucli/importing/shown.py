"""How the numbers of a sheet are shown: 0.95 in the format 0% is 95%, and 5 in the format 0" triệu" is 5 triệu.

Their values alone say neither. Only workbooks of today's Excel (.xlsx) are looked into. Of all others a bare 0,95 is
refused where it is read, and a workbook is refused whose formats put a unit of money behind its numbers.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.old import formats_of
from ucli.importing.sheets import BROKEN, Place, column_number, parsed, part_of, pieces, tag
from ucli.importing.tables import decimal_of
from ucli.importing.units import is_unknown_unit, unit_shown
from ucli.values.names import fold
from ucli.values.numbers import decimal_text

_BUILT_IN = {"9": "0%", "10": "0.00%"}
_CURRENCY = re.compile(r"\[\$([^-\]]*)[^]]*\]")  # [$₫-42A]
_CONDITION = re.compile(r"\[[<>=]")
_BRACKETS = re.compile(r"\[[^]]*\]")
_PADDING = re.compile(r"_.|\*.")
_FIRST_PLACE = 0xE000  # of letters for private use
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DIGITS = re.compile(r"[0#?][0#?.,]*")
_THOUSANDS = re.compile(r"(?<=[0#?]),+(?![0#?,])")  # behind the last digit: shown divided by 1000 for each
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,5})"(?: (?:t="n"|[cv]m="[0-9]+"))*>'
)  # one that holds a number
_TEXT_OF_ODS = re.compile(rb"<number:text>([^<]{1,100})</number:text>")
_BYTES_OF_STYLES = 2_000_000  # in an .ods they stand in front of the cells


class Way(NamedTuple):
    """How a number is shown.

    Args:
        percent: as a percentage.
        thousands: how often it is divided by 1000 before.
        unit: of money, that stands behind it; "đồng" for the plain one.
        clear: whether it is shown in one way only, however large it is.

    """

    percent: bool = False
    thousands: int = 0
    unit: str = ""
    clear: bool = True


_PLAIN = Way()
_DIVIDED = {"nghìn đồng": 1, "triệu đồng": 2, "tỷ đồng": 3}


def ways_shown(path: Path, sheet: str | None) -> Mapping[Place, Way]:
    """Return the cells of a sheet that are shown otherwise than their values say; none where a file does not tell.

    Args:
        path: a workbook.
        sheet: its name; the first that is shown when left out.

    Raises:
        RejectedError: it is of another kind than .xlsx, and its formats put a unit of money behind numbers.

    """
    for code in _formats_unseen(path):
        _refuse_unit_unseen(path, code)
    try:
        with zipfile.ZipFile(path) as packed:
            styles = _styles(packed)
            return dict(_cells(packed, part_of(packed, sheet), styles)) if styles else {}
    except BROKEN:
        return {}


def as_shown(number: float, way: Way, unit: str | None) -> str | None:
    """Write a number as its cell shows it, with all its digits; None where its value is what it shows.

    Args:
        number: what the cell holds.
        way: how it is shown.
        unit: the unit of its column, which is that of the number shown, not of the one kept.

    """
    if way.percent:
        return f"{decimal_text((decimal_of(number) * 100).normalize())}%"
    # 5.000.000 shown as 5 triệu by “0,," triệu"” is what it says; without a unit anywhere it is what is kept.
    if not unit and (_is_kept(way) or not way.unit):
        return None
    shown = decimal_of(number) / Decimal(1000) ** way.thousands
    return f"{decimal_text(shown.normalize())} {way.unit}".strip()


def way_of(code: str) -> Way:
    """Return how a number format shows numbers; of its sections the first counts, but where they have conditions."""
    quoted: dict[str, str] = {}

    def kept(match: re.Match[str]) -> str:
        place = chr(_FIRST_PLACE + len(quoted))  # no sign of the format
        quoted[place] = match[1] or match[2] or ""
        return place

    bare = _LITERAL.sub(kept, _CURRENCY.sub(lambda it: f'"{it[1]}"', code.replace("General", "0")))
    sections = _PADDING.sub("", bare).split(";")
    chosen = sections[:3] if _CONDITION.search(bare) else sections[:1]
    ways = {_way_of_section(_BRACKETS.sub("", it), quoted) for it in chosen}
    # Tỷ for the large ones and triệu for the others, each divided as it says, is what the cells hold.
    told = {way for way in ways if not _is_kept(way) or way.percent}
    if not told:
        return ways.pop()
    return told.pop() if len(ways) == 1 else Way(clear=False)


def _is_kept(way: Way) -> bool:
    """Tell whether what is shown is the very amount in đồng that is kept."""
    return _DIVIDED.get(way.unit, 0) == way.thousands


def _way_of_section(section: str, quoted: Mapping[str, str]) -> Way:
    digits = _DIGITS.search(section)
    if not digits:
        return _PLAIN
    before, behind = (
        "".join(quoted.get(sign, sign) for sign in part)
        for part in (section[: digits.start()], section[digits.end() :])
    )
    thousands = sum(len(it) for it in _THOUSANDS.findall(digits[0]))
    unit = unit_shown(behind) or ""
    if not unit and is_unknown_unit(fold(f"{before} 0 {behind}")):
        return Way(clear=False)
    return Way("%" in section, thousands, unit, clear=not thousands or unit in ("", *_DIVIDED))


def _styles(packed: zipfile.ZipFile) -> dict[bytes, Way]:
    """Return the numbers of the cell styles that show numbers otherwise than they are."""
    parts = {tag(it): it for it in parsed(packed, "xl/styles.xml")}
    codes = _BUILT_IN | {it.get("numFmtId", ""): it.get("formatCode", "") for it in parts.get("numFmts", ())}
    ways = {number: way_of(code) for number, code in codes.items()}
    styles = {b"%d" % place: ways.get(it.get("numFmtId", ""), _PLAIN) for place, it in enumerate(parts["cellXfs"])}
    return {style: way for style, way in styles.items() if way != _PLAIN}


def _cells(packed: zipfile.ZipFile, part: str, styles: Mapping[bytes, Way]) -> Iterator[tuple[Place, Way]]:
    for piece in pieces(packed, part):
        for column, row, style in _CELL.findall(piece):
            if style in styles:
                yield (int(row), column_number(column)), styles[style]


def _refuse_unit_unseen(path: Path, code: str) -> None:
    way = way_of(code)
    if way.clear and (_is_kept(way) or not way.unit):
        return
    raise RejectedError(
        _("In {file} numbers are shown with a unit of money, by the format {code}.").format(
            file=path.name, code=code[:40]
        ),
        why=_("Which numbers they are can only be told in an .xlsx workbook."),
        instead=_("Save it as .xlsx, or write the unit into the heading and use a plain number format."),
    )


def _formats_unseen(path: Path) -> Iterator[str]:
    """Yield the number formats of an .xls, and the texts in those of an .ods as if they were formats."""
    if not zipfile.is_zipfile(path):
        yield from formats_of(path)
        return
    with zipfile.ZipFile(path) as packed:
        for part in {"content.xml", "styles.xml"} & {*packed.namelist()}:
            with packed.open(part) as text:
                for found in _TEXT_OF_ODS.findall(text.read(_BYTES_OF_STYLES)):
                    yield f'0"{found.decode("utf-8", "replace")}"'
