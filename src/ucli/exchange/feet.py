"""The foot of a table: the total, the date and the signatures that stand under it, and are no rows of it."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from string import ascii_uppercase

from ucli.exchange.tables import Cell, Line, text_of

# With their tone marks, which tell Cộng from Công đoàn; and whole, for "Tổng số đoàn viên" is an indicator.
_TOTAL = re.compile(r"(?:tổng cộng|tổng số|tổng|cộng|(?:grand )?total)\s*(?:$|[:.(0-9].*)|tổng cộng\s.*", re.DOTALL)
_BEFORE_A_TOTAL = " TtCcGg-–—"  # how the first cell of such a line begins, if it is not empty
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


def without_foot(
    lines: Iterable[Line], needed: Sequence[int], known: Sequence[int], unread: list[int]
) -> Iterator[Line]:
    """Yield the lines of a table as far as its foot.

    The foot begins with a line in which no column of the table is filled, or whose first filled cell is the word for
    a total or a signature; below it only lines follow that hold no data: nothing that every row must have under a
    total, nothing but names under the word for a signature. Whatever stands above another row is no foot.

    Args:
        lines: what stands below the heading.
        needed: where the columns are that every row must fill.
        known: where the columns are that are read.
        unread: takes the numbers of the lines that are the foot, if there are any.

    """
    if not needed:
        yield from lines
        return
    of_needed = itemgetter(*needed, needed[0])  # of two places at least, or it would give no tuple
    foot: list[Line] = []
    said = ""  # what kind of foot it has said to be
    for line in lines:
        if not (_is_plain_row(line[1], of_needed) or _is_row(line[1], needed)):
            word = _word_of_foot(line[1], needed)
            said = said if said == _SIGNATURE else word or said
            if len(foot) < _MOST_ROWS and (word or _may_be_foot(line[1], needed, known, said)):
                foot.append(line)
                continue
        yield from foot
        foot.clear()
        said = ""
        yield line
    unread += [number for number, _cells in foot]


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Tell whether a line only numbers the columns, as forms do under their heading: A, B, 1, 2 or (1), (2), (3)."""
    texts = [text.strip("()") for cell in cells if (text := text_of(cell))]
    letters = [text for text in texts if not text.isdigit()]
    numbers = [text for text in texts if text.isdigit()]
    return (
        len(texts) > 2
        and letters == [*ascii_uppercase[: len(letters)]]
        and numbers == [str(number) for number in range(1, len(numbers) + 1)]
    )


def _is_plain_row(cells: Sequence[Cell], of_needed: Callable[[Sequence[Cell]], tuple[Cell, ...]]) -> bool:
    """Tell of nearly every row at a glance that it is one; a nought, which is something, gets a second look."""
    try:
        filled = all(of_needed(cells))
    except IndexError:
        return False
    first = cells[0]
    return filled and (isinstance(first, float) or (isinstance(first, str) and first[:1] not in _BEFORE_A_TOTAL))


def _is_row(cells: Sequence[Cell], needed: Sequence[int]) -> bool:
    """Tell whether all is filled that must be, and no total is meant."""
    return all(_texts(cells, needed)) and not _TOTAL.fullmatch(_first(cells))


def _word_of_foot(cells: Sequence[Cell], needed: Sequence[int]) -> str:
    """Tell whether a line begins with the word for a total or for a signature."""
    first = _first(cells)
    if _TOTAL.fullmatch(first):
        return _OF_A_TOTAL
    return _SIGNATURE if _SIGNED.match(first) and not all(_texts(cells, needed)) else ""


def _may_be_foot(cells: Sequence[Cell], needed: Sequence[int], known: Sequence[int], said: str) -> bool:
    """Tell whether a line can belong to a foot of the kind that it has said to be."""
    filled = [text for text in _texts(cells, known) if text]
    if not filled:
        return True
    if not said or _first(cells).isdigit():  # as the rows are numbered
        return False
    if said == _OF_A_TOTAL:
        return len(filled) == 1 and not any(_texts(cells, needed))
    return not any(character.isdigit() for text in filled for character in text)


def _texts(cells: Sequence[Cell], places: Sequence[int]) -> list[str]:
    return [text_of(cells[place]) if place < len(cells) else "" for place in places]


def _first(cells: Sequence[Cell]) -> str:
    """Return the first filled cell as it is compared: composed, in small letters, without marks; a dash is nothing."""
    first = next((text for cell in cells if (text := text_of(cell).strip("-–— "))), "")
    return " ".join(unicodedata.normalize("NFC", first).lower().lstrip("*-–•").split())
