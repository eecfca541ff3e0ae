"""Which lines of a sheet are the rows of its table: between its header, in one row or two, and its footer.

In two rows, “Ngày tháng năm” stands above “sinh” and “kết nạp”, and all other columns have nothing below or nothing
above. Below a header may stand units and numbers of the columns; printed tables repeat all of it on each page. In the
footer stand a total, a date, signatures.
"""

import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from string import ascii_uppercase
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.columns import FEWEST_KNOWN, Headings
from ucli.importing.forms import MEASURES, PARTS_OF_A_NAME, SAY_NOTHING
from ucli.importing.measures import is_unknown_unit, unit_alone, unit_of, without_unit
from ucli.importing.notes import Notes
from ucli.importing.reader import Cell, Line, text_of
from ucli.values.names import fold, normalised

_DAY = re.compile(r"d{1,2}[/.-]m{1,2}[/.-]y{2,4}|n{1,2}[/.-]t{1,2}[/.-]n{2,4}")
_NUMBER = re.compile(r"[(\[]?(?:([0-9]{1,2})|([A-Z]))[)\]]?(?:\s*=.*)?")  # 1, (2), B, and 6=4+5

# With their tone marks, which tell Cộng from Công đoàn; and whole, for "Tổng số đoàn viên" is an indicator.
_TOTAL = re.compile(r"(?:tổng cộng|tổng số|tổng|cộng|(?:grand )?total)\s*(?:$|[:.(0-9].*)|tổng cộng\s.*", re.DOTALL)
_SUBTOTAL = re.compile(r"(?:tổng|cộng|total|mang sang|chuyển sang)\b(?! (?:công ty|cty|liên đoàn|cục)\b)")
# I, II. Khối doanh nghiệp, A) …; but no C.ty.
_GROUP = re.compile(r"(?:[IVX]{1,5}(?:\s*[.):/-].*|\s.*)?|[A-H](?:[.):/-](?:\s.*)?)?)$", re.DOTALL)
_SIGNED = re.compile(
    r".*\bngày\b.*\btháng\b"
    r"|(?:người|cán bộ) (?:lập|kiểm|duyệt|ký|tổng hợp|báo cáo)\b|lập (?:biểu|bảng)\b"
    r"|(?:phó )?chủ tịch\b|thủ trưởng\b|kế toán\b|thủ quỹ\b|(?:tm|kt|tl|tuq)\.|t/m\b|ban (?:chấp hành|thường vụ)\b"
    r"|\(?ký\b|xác nhận\b|nơi nhận\b|ghi chú\s*:|bằng chữ\b|ấn định\b|danh sách (?:này )?(?:có|gồm)\b"
    r"|trong đó\b|(?:sđt|đt|điện thoại)\b"
    r"|prepared by\b|signed\b|signature\b",
    re.DOTALL,
)
_TOTALS, _SIGNATURES = "totals", "signatures"  # what kinds of footer there are
_BEFORE_A_TOTAL = " TtCcGg-–—*•"  # how the first cell of such a line begins, if it is not empty
# Numbered in advance, rows may stand empty down to the end of the page; longer is no footer.
_MOST_ROWS = 10_000
# How many rows above a line tell whether it is one of them, and how many of their cells it must fill.
_ROWS_LOOKED_AT = 1000
_FEWEST_FILLED = 2


class Header(NamedTuple):
    """The heading of a table, and in which lines it stands."""

    texts: list[str]
    first: int
    last: int


def header_of(lines: Sequence[Sequence[str]], headings: Headings) -> Header:
    """Return the heading that stands in one of some lines or two that follow each other; else the first line.

    Two lines are one heading where more of it is known so, or where the lower one has nothing but what cells above
    several others leave open: no row of data looks like that, for it lacks what every row must have.
    """
    hits = [headings.hits(texts) for texts in lines]
    most = max(hits)
    place = hits.index(most) if most >= FEWEST_KNOWN else 0
    header = Header(list(lines[place]), place, place)
    for upper in range(len(lines) - 1):
        above, below = lines[upper : upper + 2]
        # No heading holds a number or a day.
        spans = [] if any(sign.isdigit() for text in below for sign in text) else _spans(above, below)
        if not spans:
            continue
        joined = _joined(above, below, spans, headings)
        known = headings.hits(joined)
        if known >= FEWEST_KNOWN and (
            known > most or (upper == place and _is_lower_row(above, below, spans, headings))
        ):
            header, most = Header(joined, upper, upper + 1), known
    return header


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _spans(above: Sequence[str], below: Sequence[str]) -> list[range]:
    """Return the columns that stand together under one filled cell."""
    spans: list[range] = []
    for place in range(max(len(above), len(below))):
        if _at(below, place):
            if _at(above, place):
                spans.append(range(place, place + 1))
            elif spans and spans[-1].stop == place:
                spans[-1] = range(spans[-1].start, place + 1)
    return [span for span in spans if len(span) > 1]


def _joined(above: Sequence[str], below: Sequence[str], spans: Iterable[range], headings: Headings) -> list[str]:
    """Return two lines as one, each cell with what stands above it."""
    over = {place: above[span.start] for span in spans for place in span}
    cells = []
    for place in range(max(len(above), len(below))):
        upper, lower = over.get(place) or _at(above, place), _at(below, place)
        whole = f"{upper} {lower}".strip()
        # What stands above a heading that is known is left out where it says nothing more: “Năm 2023” or “Kế hoạch”
        # makes another thing of it, and the two together are a heading that nobody knows.
        says_nothing = without_unit(fold(upper)) in ("", *SAY_NOTHING)
        if says_nothing and _is_known(lower, headings) and not headings.hits([whole]):
            unit = unit_of(fold(upper))
            whole = f"{lower} ({unit})" if unit and unit_of(fold(lower)) is None else lower
        cells.append(whole)
    return cells


def _is_lower_row(above: Sequence[str], below: Sequence[str], spans: Sequence[range], headings: Headings) -> bool:
    """Tell whether a line below a heading holds only what stands under its cells above several others."""
    filled = {place for place, text in enumerate(below) if text}
    beside = [text for place, text in enumerate(above) if place not in filled]
    return (
        filled == {place for span in spans for place in span}
        and headings.hits(beside) >= FEWEST_KNOWN
        and not any(
            headings.hits([above[span.start]]) and not all(_is_known(below[place], headings) for place in span)
            for span in spans
        )
    )


def _is_known(text: str, headings: Headings) -> bool:
    return bool(headings.hits([text])) or fold(text) in PARTS_OF_A_NAME


def below_header(
    header: list[str], lines: Iterator[Line], between: list[int]
) -> tuple[list[Sequence[Cell]], Line | None]:
    """Take what says more of the columns from the lines below a heading.

    Args:
        header: takes the units of money below it.
        lines: what stands below it; of it all is taken that is no row, and one line more.
        between: takes the numbers of the lines that are no rows.

    Returns:
        What was taken, and the first line that is a row, if one is.

    Raises:
        RejectedError: a unit below a heading is not the one in it.

    """
    taken: list[Sequence[Cell]] = []
    for number, cells in lines:
        texts = [text_of(cell) for cell in cells]
        if all(_is_unit(fold(text)) for text in texts if text) and any(texts):
            _add_units(header, texts)
        elif not _is_numbering(texts):
            return taken, (number, cells)
        taken.append(cells)
        between.append(number)
    return taken, None


def _is_numbering(texts: Iterable[str]) -> bool:
    """Tell whether a line only numbers the columns, as forms do: A, B, 1, 2 or (1), (2), (3)=1+2."""
    found = [_NUMBER.fullmatch(text) for text in texts if text]
    if len(found) <= 2 or not all(found):
        return False
    numbers = [int(it[1]) for it in found if it and it[1]]
    letters = [it[2] for it in found if it and it[2]]
    return letters == [*ascii_uppercase[: len(letters)]] and numbers == [*range(1, len(numbers) + 1)]


def _is_unit(text: str) -> bool:
    """Tell whether a folded text says what a column is counted in, or how days are written: (đồng), người."""
    if is_unknown_unit(text):
        return False
    inner = text.strip("()[]: ")
    is_in_brackets = text[:1] in "([" and text[-1:] in ")]" and not any(sign.isdigit() for sign in text)
    return is_in_brackets or inner in MEASURES or bool(_DAY.fullmatch(inner)) or unit_alone(text) is not None


def _add_units(header: list[str], below: Sequence[str]) -> None:
    for place, (heading, text) in enumerate(zip(header, below, strict=False)):
        unit = unit_alone(fold(text))
        if unit is None or not heading:
            continue
        own = unit_of(fold(heading))
        if own is None:
            header[place] = f"{heading} ({unit or 'đồng'})"
        elif own != unit:
            raise RejectedError(
                _("The unit under the heading “{heading}” is not the one in it: {unit}.").format(
                    heading=normalised(heading), unit=normalised(text)
                ),
                instead=_("Correct one of the two in the table."),
            )


def without_repeats(
    lines: Iterable[Line], header: Sequence[Sequence[Cell]], below: Sequence[Sequence[Cell]], between: list[int]
) -> Iterator[Line]:
    """Yield the lines of a table without its header, which printed tables have on each page, and what is below it."""
    is_below = False
    for line in lines:
        is_below = line[1] in header or (is_below and (line[1] in below or _is_numbering(map(text_of, line[1]))))
        if is_below:
            between.append(line[0])
        else:
            yield line


class Shape(NamedTuple):
    """Which columns tell a row from other lines.

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

    def is_filled(self, texts: Sequence[str]) -> bool:
        """Tell whether all is filled that must be."""
        return all(_at(texts, it) for it in self.needed) and (
            not self.values or any(_at(texts, it) for it in self.values)
        )

    def is_group(self, texts: Sequence[str]) -> bool:
        """Tell whether a line only names the group of rows below it: I. Khối doanh nghiệp; nothing else is filled."""
        filled = [place for place in self.known if _at(texts, place)]
        first = next(filter(None, texts), "")
        if not filled:
            return not first.isdigit()  # as the rows are numbered
        return len(filled) == 1 and bool(_GROUP.match(first)) and filled[0] not in self.telling

    def may_be_footer(self, texts: Sequence[str], kind: str) -> bool:
        """Tell whether a line can belong to a footer of a kind, or of one that has not said its kind."""
        filled = [text for place in self.known if (text := _at(texts, place))]
        if not filled:
            return True
        if not kind or _first(texts).isdigit():  # as the rows are numbered
            return False
        if kind == _TOTALS:
            return len(filled) == 1 and not any(_at(texts, place) for place in self.needed)
        return not any(character.isdigit() for text in filled for character in text)

    def is_like(self, texts: Sequence[str], above: Iterable[Sequence[Cell]]) -> bool:
        """Tell whether a line fills what every row must as rows above do: it is a row that lacks something."""
        if sum(bool(_at(texts, place)) for place in self.needed) < _FEWEST_FILLED:
            return False
        telling = [(place, text) for place in self.telling if (text := _at(texts, place))]
        return any(place < len(row) and text_of(row[place]) == text for place, text in telling for row in above)


def without_footer(lines: Iterable[Line], shape: Shape, notes: Notes, totals: set[int]) -> Iterator[Line]:
    """Yield the lines of a table as far as its footer, but for the names of groups.

    The footer begins with a line in which no column of the table is filled, or whose first filled cell is the word for
    a total or a signature; below it only lines follow that hold no data: nothing that every row must have under a
    total, nothing but names under the word for a signature. Whatever stands above another row is no footer.

    Args:
        lines: what stands below the heading.
        shape: of its rows.
        notes: takes the lines that are no rows: the footer, and names of groups between rows.
        totals: takes those that stand above other rows and are yielded like rows: nobody knows what they add up.

    """
    if not shape.needed:
        yield from lines
        return
    of_needed = itemgetter(*shape.needed, shape.needed[0])  # of two places at least, or it would give no tuple
    above: deque[Sequence[Cell]] = deque(maxlen=_ROWS_LOOKED_AT)
    footer: list[Line] = []
    kind = ""  # what the footer has said to be
    for line in lines:
        if shape.values or not _is_plain_row(line[1], of_needed):
            texts = [text_of(cell) for cell in line[1]]
            is_filled, is_total = shape.is_filled(texts), bool(_TOTAL.fullmatch(_first(texts)))
            if is_total or not is_filled:
                word = _TOTALS if is_total else _SIGNATURES if _SIGNED.match(_first(texts)) else ""
                kind = kind if kind == _SIGNATURES else word or kind
                may_be_footer = is_total or (
                    (word or shape.may_be_footer(texts, kind)) and not shape.is_like(texts, above)
                )
                if len(footer) < _MOST_ROWS and (may_be_footer or shape.is_group(texts)):
                    footer.append(line)
                    continue
                if _is_sum(texts):
                    totals.add(line[0])
        # Of lines that another row stands below some may be rows themselves.
        for number, cells in footer:
            texts = [text_of(cell) for cell in cells]
            if shape.is_group(texts):
                notes.between.append(number)
                continue
            if _is_sum(texts):
                totals.add(number)
            yield number, cells
        footer.clear()
        kind = ""
        above.append(line[1])
        yield line
    notes.foot.extend(number for number, _cells in footer)


def _is_plain_row(cells: Sequence[Cell], of_needed: Callable[[Sequence[Cell]], tuple[Cell, ...]]) -> bool:
    """Tell of nearly every row at a glance that it is one; a zero, which is something, gets a second look."""
    try:
        filled = all(of_needed(cells))
    except IndexError:
        return False
    first = cells[0]
    return filled and (isinstance(first, float) or (isinstance(first, str) and first[:1] not in _BEFORE_A_TOTAL))


def _is_sum(texts: Sequence[str]) -> bool:
    """Tell whether a line that lacks something begins as a total does, or as a group with its sum."""
    return bool(_SUBTOTAL.match(_first(texts)) or _GROUP.match(next(filter(None, texts), "")))


def _first(texts: Iterable[str]) -> str:
    """Return the first filled cell as it is compared: composed, in small letters, without marks; a dash is nothing."""
    first = next((bare for text in texts if (bare := text.strip("-–— "))), "")
    return " ".join(unicodedata.normalize("NFC", first).lower().lstrip("*-–•").split())
