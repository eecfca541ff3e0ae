"""The foot of a table: the total, the date and the signatures that stand under it, and are no rows of it."""

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from ucli.importing.tables import Cell, Line, text_of

# With their tone marks, which tell Cộng from Công đoàn; and whole, for "Tổng số đoàn viên" is an indicator.
_TOTAL = re.compile(r"(?:tổng cộng|tổng số|tổng|cộng|(?:grand )?total)\s*(?:$|[:.(0-9].*)|tổng cộng\s.*", re.DOTALL)
_SUBTOTAL = re.compile(r"(?:tổng|cộng|total|mang sang|chuyển sang)\b(?! (?:công ty|cty|liên đoàn|cục)\b)")
# I, II. Khối doanh nghiệp, A) …; but no C.ty.
_GROUP = re.compile(r"(?:[IVX]{1,5}(?:\s*[.):/-].*|\s.*)?|[A-H](?:[.):/-](?:\s.*)?)?)$", re.DOTALL)
_BEFORE_A_TOTAL = " TtCcGg-–—*•"  # how the first cell of such a line begins, if it is not empty
_SIGNED = re.compile(
    r".*\bngày\b.*\btháng\b"
    r"|(?:người|cán bộ) (?:lập|kiểm|duyệt|ký|tổng hợp|báo cáo)\b|lập (?:biểu|bảng)\b"
    r"|(?:phó )?chủ tịch\b|thủ trưởng\b|kế toán\b|thủ quỹ\b|(?:tm|kt|tl|tuq)\.|t/m\b|ban (?:chấp hành|thường vụ)\b"
    r"|\(?ký\b|xác nhận\b|nơi nhận\b|ghi chú\s*:|bằng chữ\b|ấn định\b|danh sách (?:này )?(?:có|gồm)\b"
    r"|trong đó\b|(?:sđt|đt|điện thoại)\b"
    r"|prepared by\b|signed\b|signature\b",
    re.DOTALL,
)
_OF_A_TOTAL, _SIGNATURE = "total", "signature"  # what kinds of foot there are
# Numbered in advance, rows may stand empty down to the end of the page; longer is no foot.
_MOST_ROWS = 10_000
# How many rows above a line tell whether it is one of them.
_ROWS_LOOKED_AT = 1000
_FEWEST_FILLED = 2


class Columns(NamedTuple):
    """Where the columns of a table are.

    Args:
        needed: that every row must fill.
        telling: of these, those whose values stand in many rows, as a name does not.
        known: that are read.
        values: of a grid, those that hold its values; a row without any says nothing.

    """

    needed: Sequence[int]
    telling: Sequence[int]
    known: Sequence[int]
    values: Sequence[int]


class NoRows(NamedTuple):
    """The numbers of lines that are no rows: the foot, and what stands above other rows."""

    foot: list[int]
    between: list[int]
    totals: set[int]  # that stand above other rows, and are yielded like rows: no one knows what they add up


def without_foot(lines: Iterable[Line], columns: Columns, no_rows: NoRows) -> Iterator[Line]:
    """Yield the lines of a table as far as its foot, but for the names of groups.

    The foot begins with a line in which no column of the table is filled, or whose first filled cell is the word for
    a total or a signature; below it only lines follow that hold no data: nothing that every row must have under a
    total, nothing but names under the word for a signature. Whatever stands above another row is no foot.

    Args:
        lines: what stands below the heading.
        columns: where its columns are.
        no_rows: takes the numbers of lines that are no rows.

    """
    needed = columns.needed
    if not needed:
        yield from lines
        return
    of_needed = itemgetter(*needed, needed[0])  # of two places at least, or it would give no tuple
    above: deque[Sequence[Cell]] = deque(maxlen=_ROWS_LOOKED_AT)
    foot: list[Line] = []
    said = ""  # what kind of foot it has said to be
    for line in lines:
        if not ((not columns.values and _is_plain_row(line[1], of_needed)) or _is_row(line[1], columns)):
            word = _word_of_foot(line[1], columns)
            said = said if said == _SIGNATURE else word or said
            may_be_foot = word == _OF_A_TOTAL or (
                (word or _may_be_foot(line[1], columns, said)) and not _is_like(line[1], columns, above)
            )
            if len(foot) < _MOST_ROWS and (may_be_foot or _is_group(line[1], columns)):
                foot.append(line)
                continue
            if _is_sum(line[1]):
                no_rows.totals.add(line[0])
        if foot:
            yield from _rows_of(foot, columns, no_rows)
            foot.clear()
            said = ""
        above.append(line[1])
        yield line
    no_rows.foot.extend(number for number, _cells in foot)


def _rows_of(lines: Sequence[Line], columns: Columns, no_rows: NoRows) -> Iterator[Line]:
    """Yield of lines that another row stands below those that may be rows themselves."""
    for number, cells in lines:
        if _is_group(cells, columns):
            no_rows.between.append(number)
            continue
        if _is_sum(cells):
            no_rows.totals.add(number)
        yield number, cells


def _is_group(cells: Sequence[Cell], columns: Columns) -> bool:
    """Tell whether a line only names the group of rows below it: I. Khối doanh nghiệp; nothing else is filled in it."""
    filled = [place for place in columns.known if place < len(cells) and text_of(cells[place])]
    first = _first_text(cells)
    if not filled:
        return not first.isdigit()  # as the rows are numbered
    return len(filled) == 1 and bool(_GROUP.match(first)) and filled[0] not in columns.telling


def _is_sum(cells: Sequence[Cell]) -> bool:
    """Tell whether a line that lacks something begins as a total does, or as a group with its sum."""
    return bool(_SUBTOTAL.match(_first(cells)) or _GROUP.match(_first_text(cells)))


def _first_text(cells: Sequence[Cell]) -> str:
    return next((text for cell in cells if (text := text_of(cell))), "")


def _is_like(cells: Sequence[Cell], columns: Columns, above: Iterable[Sequence[Cell]]) -> bool:
    """Tell whether a line fills what every row must as rows above do: it is a row that lacks something."""
    texts = dict(zip(columns.needed, _texts(cells, columns.needed), strict=True))
    if sum(map(bool, texts.values())) < _FEWEST_FILLED:
        return False
    return any(
        text_of(row[place]) == texts[place] != "" for place in columns.telling for row in above if place < len(row)
    )


def _is_plain_row(cells: Sequence[Cell], of_needed: Callable[[Sequence[Cell]], tuple[Cell, ...]]) -> bool:
    """Tell of nearly every row at a glance that it is one; a zero, which is something, gets a second look."""
    try:
        filled = all(of_needed(cells))
    except IndexError:
        return False
    first = cells[0]
    return filled and (isinstance(first, float) or (isinstance(first, str) and first[:1] not in _BEFORE_A_TOTAL))


def _is_row(cells: Sequence[Cell], columns: Columns) -> bool:
    """Tell whether all is filled that must be, and no total is meant."""
    return _is_filled(cells, columns) and not _TOTAL.fullmatch(_first(cells))


def _is_filled(cells: Sequence[Cell], columns: Columns) -> bool:
    return all(_texts(cells, columns.needed)) and (not columns.values or any(_texts(cells, columns.values)))


def _word_of_foot(cells: Sequence[Cell], columns: Columns) -> str:
    """Tell whether a line begins with the word for a total or for a signature."""
    first = _first(cells)
    if _TOTAL.fullmatch(first):
        return _OF_A_TOTAL
    return _SIGNATURE if _SIGNED.match(first) and not _is_filled(cells, columns) else ""


def _may_be_foot(cells: Sequence[Cell], columns: Columns, said: str) -> bool:
    """Tell whether a line can belong to a foot of the kind that it has said to be."""
    filled = [text for text in _texts(cells, columns.known) if text]
    if not filled:
        return True
    if not said or _first(cells).isdigit():  # as the rows are numbered
        return False
    if said == _OF_A_TOTAL:
        return len(filled) == 1 and not any(_texts(cells, columns.needed))
    return not any(character.isdigit() for text in filled for character in text)


def _texts(cells: Sequence[Cell], places: Sequence[int]) -> list[str]:
    return [text_of(cells[place]) if place < len(cells) else "" for place in places]


def _first(cells: Sequence[Cell]) -> str:
    """Return the first filled cell as it is compared: composed, in small letters, without marks; a dash is nothing."""
    first = next((text for cell in cells if (text := text_of(cell).strip("-–— "))), "")
    return " ".join(unicodedata.normalize("NFC", first).lower().lstrip("*-–•").split())
