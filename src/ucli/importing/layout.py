"""Which lines of a sheet are rows of its table: those between its header, in one row or two, and its footer.

A header of two rows has “Ngày tháng năm” above “sinh” and “kết nạp”; other columns fill only one of the two. Units and
numbers of the columns may follow it, and printed tables repeat it on each page. The footer holds a total, a date,
signatures. Whatever is skipped, or not read as typed, is reported.
"""

import re
import unicodedata
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from string import ascii_uppercase
from typing import Any

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.importing.columns import (
    FEWEST_KNOWN,
    MEASURES,
    PARTS_OF_A_NAME,
    SAY_NOTHING,
    Columns,
    Headings,
    column_letters,
)
from ucli.importing.measures import is_unknown_unit, unit_alone, unit_of, without_unit
from ucli.importing.reader import Line
from ucli.importing.templates import EXPLANATION, LISTS
from ucli.values.members import says_left
from ucli.values.names import fold, normalised
from ucli.values.numbers import grouped

_DAY = re.compile(r"d{1,2}[/.-]m{1,2}[/.-]y{2,4}|n{1,2}[/.-]t{1,2}[/.-]n{2,4}")
_NUMBER = re.compile(r"[(\[]?(?:([0-9]{1,2})|([A-Z]))[)\]]?(?:\s*=.*)?")  # 1, (2), B, and 6=4+5

# With tone marks, which tell Cộng from Công đoàn; the whole cell, for "Tổng số đoàn viên" is an indicator.
_TOTAL = re.compile(r"(?:tổng cộng|tổng số|tổng|cộng|(?:grand )?total)\s*(?:$|[:.(0-9].*)|tổng cộng\s.*", re.DOTALL)
_SUBTOTAL = re.compile(r"(?:tổng|cộng|total|mang sang|chuyển sang)\b(?! (?:công ty|cty|liên đoàn|cục)\b)")
# I, II. Khối doanh nghiệp, A) …; but no C.ty.
_GROUP = re.compile(r"(?:[IVX]{1,5}(?:\s*[.):/-].*|\s.*)?|[A-H](?:[.):/-](?:\s.*)?)?)$", re.DOTALL)
_BEFORE_A_GROUP = re.compile(r"^(?:[IVX]{1,5}|[A-H])\b[.):/-]?\s*(?i:(?:danh sách|đoàn viên)\s+)*")
_SIGNED = re.compile(
    r".*\bngày\b.*\btháng\b"
    r"|(?:người|cán bộ) (?:lập|kiểm|duyệt|ký|tổng hợp|báo cáo)\b|lập (?:biểu|bảng)\b"
    r"|(?:phó )?chủ tịch\b|thủ trưởng\b|kế toán\b|thủ quỹ\b|(?:tm|kt|tl|tuq)\.|t/m\b|ban (?:chấp hành|thường vụ)\b"
    r"|\(?ký\b|xác nhận\b|nơi nhận\b|ghi chú\s*:|bằng chữ\b|ấn định\b|danh sách (?:này )?(?:có|gồm)\b"
    r"|trong đó\b|(?:sđt|đt|điện thoại)\b"
    r"|prepared by\b|signed\b|signature\b",
    re.DOTALL,
)
# A title that names the unit of the rows below it; folded.
_NAMES_A_UNIT = re.compile(
    r"(?:(?:[ivx0-9]{1,5}|[a-h])(?:[.):] ?| )|[-*+] ?)?(?:(?:ten )?(?:don vi|cdcs)(?: ?:|$)|cdcs |cd "
    r"|cong doan (?!vien)|nghiep doan |ldld |lien doan )"
)
# These name one too right above a repeated heading; elsewhere they may be departments of one union.
_NAMES_AN_EMPLOYER = re.compile(
    r"(?:(?:[ivx0-9]{1,5}|[a-h])[.):] ?)?(?:truong|cong ty|benh vien|ubnd|uy ban|tram|htx|xi nghiep)\b"
)
_TOTALS, _SIGNATURES = "totals", "signatures"  # the kinds of footer
_MAY_BE_TOTAL = re.compile(r"$|[-–—*•]|t[oôổ]|c[oôộ]|gr", re.IGNORECASE)  # how the first cell of such a line begins
# Empty rows, numbered in advance, may fill the page; a footer is not longer than this.
_MOST_ROWS = 10_000
# A line is compared with so many rows above it, and must fill so many of the required cells to be one of them.
_ROWS_LOOKED_AT = 1000
_FEWEST_FILLED = 2
_FEW = 10  # lines named one by one; of more only the first


def header_of(lines: Sequence[list[str]], headings: Headings) -> tuple[list[str], int, int]:
    """Return the heading of a table, and the indexes of its first and last line; the first line if none is known.

    Two lines are one heading where more cells are known that way, or where the lower one only fills what lies under
    the wide cells of the upper one, which no row of data does.
    """
    hits = [headings.hits(texts) for texts in lines]
    most = max(hits)
    # If none is known, the first line that looks like a heading, so that --map can name its cells.
    place = (
        hits.index(most)
        if most >= FEWEST_KNOWN
        else next(filter(partial(_may_be_heading, lines), range(len(lines))), 0)
    )
    header = [*lines[place]], place, place
    for upper in range(len(lines) - 1):
        above, below = lines[upper : upper + 2]
        # No heading holds a number or a day.
        spans = [] if any(sign.isdigit() for text in below for sign in text) else _spans(above, below)
        joined = _joined(above, below, spans, headings) if spans else []
        known = headings.hits(joined)
        is_lower_row = upper == place and _is_lower_row(above, below, spans, headings)
        if known >= FEWEST_KNOWN and (known > most or is_lower_row):
            header, most = (joined, upper, upper + 1), known
    return header


def _may_be_heading(lines: Sequence[list[str]], place: int) -> bool:
    """Tell whether a line has several cells, none of them a number, and the next line has a number."""
    has_number = [any(text[:1].isdigit() for text in texts) for texts in lines[place : place + 2]]
    return has_number == [False, True] and len(list(filter(None, lines[place]))) > 2


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _spans(above: Sequence[str], below: Sequence[str]) -> list[range]:
    """Return the groups of columns that share one filled cell above."""
    spans: list[range] = []
    for place, text in enumerate(below):
        if text and _at(above, place):
            spans.append(range(place, place + 1))
        elif text and spans and spans[-1].stop == place:
            spans[-1] = range(spans[-1].start, place + 1)
    return [span for span in spans if len(span) > 1]


def _joined(above: Sequence[str], below: Sequence[str], spans: Iterable[range], headings: Headings) -> list[str]:
    """Join two lines into one heading, each cell behind the one above it."""
    over = {place: above[span.start] for span in spans for place in span}
    cells = []
    for place in range(max(len(above), len(below))):
        upper, lower = over.get(place) or _at(above, place), _at(below, place)
        whole = f"{upper} {lower}".strip()
        # Above a known heading only words that add nothing are dropped: “Năm 2023” or “Kế hoạch” changes what the
        # column is, and the two together are an unknown heading.
        says_nothing = without_unit(fold(upper)) in ("", *SAY_NOTHING)
        if says_nothing and _is_known(lower, headings) and not headings.hits([whole]):
            unit = unit_of(fold(upper))
            whole = f"{lower} ({unit})" if unit and unit_of(fold(lower)) is None else lower
        cells.append(whole)
    return cells


def _is_lower_row(above: Sequence[str], below: Sequence[str], spans: Sequence[range], headings: Headings) -> bool:
    """Tell whether a line only fills what lies under the wide cells of the heading above it."""
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


def below_header(header: list[str], lines: Iterator[Line], between: list[int]) -> tuple[list[list[str]], list[Line]]:
    """Take the lines below a header that are no rows, and write the units of money among them into the header.

    Returns:
        The lines taken, their numbers noted as between rows, and the first line that is a row, if there is one.

    """
    taken: list[list[str]] = []
    for line in lines:
        number, texts, _cells = line
        if all(_is_measure(fold(text)) for text in texts if text):
            _add_units(header, texts)
        elif not _is_numbering(texts):
            return taken, [line]
        taken.append(texts)
        between.append(number)
    return taken, []


def _is_numbering(texts: Iterable[str]) -> bool:
    """Tell whether a line only numbers the columns: A, B, 1, 2 or (1), (2), (3)=1+2."""
    found = [_NUMBER.fullmatch(text) for text in texts if text]
    numbers = [int(it[1]) for it in found if it and it[1]]
    letters = [it[2] for it in found if it and it[2]]
    is_all = len(found) > 2 and None not in found
    return is_all and letters == [*ascii_uppercase[: len(letters)]] and numbers == [*range(1, len(numbers) + 1)]


def _is_measure(text: str) -> bool:
    """Tell whether a folded text is a unit of measure, or the form of a day: (đồng), người, dd/mm/yyyy."""
    if is_unknown_unit(text):
        return False
    inner = text.strip("()[]: ")
    is_in_brackets = text[:1] in "([" and text[-1:] in ")]" and not any(sign.isdigit() for sign in text)
    return is_in_brackets or inner in MEASURES or bool(_DAY.fullmatch(inner)) or unit_alone(text) is not None


def _add_units(header: list[str], below: Sequence[str]) -> None:
    for place, (heading, text) in enumerate(zip(header, below, strict=False)):
        unit, own = unit_alone(fold(text)), unit_of(fold(heading))
        if unit is None or not heading:
            continue
        if own is None:
            header[place] = f"{heading} ({unit or 'đồng'})"
        elif own != unit:
            raise RejectedError(
                _("The unit under the heading “{heading}” is not the one in it: {unit}.").format(
                    heading=normalised(heading), unit=normalised(text)
                ),
                instead=_("Correct one of the two in the table."),
            )


@dataclass(slots=True)
class Below:
    """The lines under the heading of a table: its rows, repeated headings, other tables."""

    headings: Headings
    header: Sequence[list[str]]  # its one or two lines, as typed
    under: Sequence[list[str]]  # the lines right below it that are no rows, such as units
    titles: frozenset[str]  # folded, the titles above the table
    needed: Sequence[int]  # columns that every row must fill
    is_of_one_unit: bool  # the unit is given once for all rows, by an option
    between: list[int]
    wrong: dict[int, str]  # by line: why it is no row of this table

    def rows(self, lines: Iterable[Line]) -> Iterator[Line]:
        """Yield the lines without repeated headings; those below another table's heading or title are marked wrong."""
        is_below, number = False, 0
        table = unit = title = ""
        told_of_unit = _("Line {line} names another unit, to which these rows may belong; import them separately.")
        for line in lines:
            line_above, (number, texts, _cells) = number, line
            filled = len(texts) - texts.count("")
            is_below = texts in self.header or (is_below and (texts in self.under or _is_numbering(texts)))
            may_be_title = self.is_of_one_unit and filled <= 2 and not all(_at(texts, it) for it in self.needed)
            above, title = title, fold(" ".join(texts)) if may_be_title and not self.headings.hits(texts) else ""
            is_title = _NAMES_A_UNIT.match(title)
            is_apart = 0 < line_above < number - 1 and self._may_be_another_heading(texts)
            is_heading = filled > 1 and not is_title and (is_below or is_apart or self._is_heading(texts))
            if is_title:
                unit = "" if title in self.titles else told_of_unit.format(line=number)
            elif is_heading and (is_below or self._is_same(texts)):
                table = ""
                if _NAMES_AN_EMPLOYER.match(above) and above not in self.titles:
                    unit = told_of_unit.format(line=line_above)
            elif is_heading:
                told = _("Line {line} is the heading of another table; --range reads it separately.")
                table = told.format(line=number)
            if is_title or is_heading or is_below:
                self.between.append(number)
                continue
            if why := table or unit:
                self.wrong[number] = why
            yield line

    def _is_same(self, texts: Sequence[str]) -> bool:
        folded = [fold(text) for text in texts if text]
        return any(folded == [fold(text) for text in line if text] for line in self.header)

    def _may_be_another_heading(self, texts: Sequence[str]) -> bool:
        """Tell whether a line below an empty one has a word in every required cell and no day, which each row has."""
        is_full = self.headings.needs_a_day and all(_at(texts, it) for it in self.needed)
        return is_full and not any(sign.isdigit() for text in texts for sign in text)

    def _is_heading(self, texts: Sequence[str]) -> bool:
        """Tell whether a line is a heading: two of its cells are known, or one repeats a cell of the heading above."""
        for text in texts:  # nearly every row has a number or a day
            if text[:1].isdigit():
                return False
        again = (one and fold(one) == fold(other) for it in self.header for one, other in zip(texts, it, strict=False))
        return self.headings.hits(texts) >= FEWEST_KNOWN or any(again)


def filled_down(
    lines: Iterable[Line],
    merged: Mapping[int, Iterable[tuple[int, int]]],
    places: Sequence[int],
    noted: list[int],
    *,
    always: bool = False,
) -> Iterator[Line]:
    """Yield lines with the empty cells of some columns filled from above, where they are merged with that cell.

    `merged` has the column and last row of merged cells by their first row. With `always` cells need not be merged;
    a line with a single cell is then left alone, for it is no row.
    """
    above: dict[int, tuple[int, str]] = {}  # by column: the last row it is merged down to, and its text
    for line in lines:
        number, texts, _cells = line
        filled = len(texts) - texts.count("")
        above |= {place: (last, _at(texts, place)) for place, last in merged.get(number, ()) if place in places}
        if always:
            above |= {place: (0, texts[place]) for place in places if _at(texts, place)}
        for place, (last, text) in above.items():
            is_meant = number <= last or (always and filled >= _FEWEST_FILLED)
            if is_meant and text and place < len(texts) and not texts[place]:
                texts[place] = text
                if noted[-1:] != [number]:
                    noted.append(number)
        yield line


def without_footer(lines: Iterable[Line], columns: Columns, notes: "Notes", wrong: dict[int, str]) -> Iterator[Line]:
    """Yield the lines of a table down to its footer, without the names of groups.

    The footer begins with a line that fills no column of the table, or whose first filled cell is a word for a total or
    a signature. Below a total its lines fill no required column, below a signature they hold only names. Nothing above
    another row is footer: a total there is yielded like a row and noted as wrong, for what it adds up is unknown.
    """
    if not columns.needed:
        yield from lines
        return
    told = _("A total, or a group with its sum, is not a row: delete the line, or leave it out with --accept-valid.")
    of_needed = itemgetter(
        *columns.needed, columns.needed[0]
    )  # of two places at least: of one it would not return a tuple
    gone = ""  # why the rows of a group are no members
    fewest = max(columns.needed) + 1
    above: deque[list[str]] = deque(maxlen=_ROWS_LOOKED_AT)
    footer: list[Line] = []
    kind = ""  # of the footer, once a word in it tells
    for line in lines:
        number, texts, _cells = line
        # Nearly every row is recognised here.
        is_plain = not columns.grid and len(texts) >= fewest and not _MAY_BE_TOTAL.match(texts[0])
        if not (is_plain and all(of_needed(texts))):
            is_filled, is_total = _is_filled(texts, columns), bool(_TOTAL.fullmatch(_first(texts)))
            if is_total or not is_filled:
                word = _TOTALS if is_total else _SIGNATURES if _SIGNED.match(_first(texts)) else ""
                kind = kind if kind == _SIGNATURES else word or kind
                is_footer = is_total or (
                    (word or _may_be_footer(texts, columns, kind)) and not _is_like(texts, columns, above)
                )
                if len(footer) < _MOST_ROWS and (is_footer or _is_group(texts, columns)):
                    footer.append(line)
                    continue
                if _is_sum(texts):
                    wrong.setdefault(number, told)
        # These lines are no footer, for a row follows them; some may be rows themselves.
        for other in footer:
            if _is_group(other[1], columns):
                notes["between"].append(other[0])
                gone = _why_left(other, columns)
                continue
            if _is_sum(other[1]):
                wrong.setdefault(other[0], told)
            yield other
        footer.clear()
        wrong |= {number: gone} if gone else {}
        kind = ""
        above.append([*texts])  # a copy: the reader of the line may rewrite it
        yield line
    notes["foot"].extend(number for number, _texts, _cells in footer)


def _why_left(group: Line, columns: Columns) -> str:
    """Return why the rows of a group are no members to admit: its name says that they left; empty where it does not."""
    number, texts, _cells = group
    name = _BEFORE_A_GROUP.sub("", next(filter(None, texts), ""))
    if "admitted" not in columns.places or not says_left(name):
        return ""
    told = _("Line {line} says that those below it left: their day and reason belong in columns of their own.")
    return told.format(line=number)


def _is_filled(texts: Sequence[str], columns: Columns) -> bool:
    """Tell whether every required cell is filled, and in a grid at least one value."""
    has_value = not columns.grid or any(_at(texts, place) for _indicator, place in columns.grid)
    return has_value and all(_at(texts, place) for place in columns.needed)


def _is_group(texts: Sequence[str], columns: Columns) -> bool:
    """Tell whether a line only names the group of rows below it: I. Khối doanh nghiệp."""
    filled = [place for place in columns.known if _at(texts, place)]
    first = next(filter(None, texts), "")
    if not filled:
        return not first.isdigit()  # as the rows are numbered
    return len(filled) == 1 and bool(_GROUP.match(first)) and filled[0] not in columns.telling


def _may_be_footer(texts: Sequence[str], columns: Columns, kind: str) -> bool:
    """Tell whether a line can belong to a footer of a kind; the kind is empty while unknown."""
    filled = [text for place in columns.known if (text := _at(texts, place))]
    if not filled:
        return True
    if not kind or _first(texts).isdigit():  # as the rows are numbered
        return False
    if kind == _TOTALS:
        return len(filled) == 1 and not any(_at(texts, place) for place in columns.needed)
    return not any(sign.isdigit() for text in filled for sign in text)


def _is_like(texts: Sequence[str], columns: Columns, above: Iterable[Sequence[str]]) -> bool:
    """Tell whether a line is an incomplete row: it fills required cells, one of them as a row above does."""
    if sum(bool(_at(texts, place)) for place in columns.needed) < _FEWEST_FILLED:
        return False
    telling = [(place, text) for place in columns.telling if (text := _at(texts, place))]
    return any(_at(row, place) == text for place, text in telling for row in above)


def _is_sum(texts: Sequence[str]) -> bool:
    """Tell whether an incomplete line begins like a total, or like a group with its sum."""
    return bool(_SUBTOTAL.match(_first(texts)) or _GROUP.match(next(filter(None, texts), "")))


def _first(texts: Iterable[str]) -> str:
    """Return the first filled cell for comparison: NFC, lower case, without bullets; a dash is not filled."""
    first = next((bare for text in texts if (bare := text.strip("-–— "))), "")
    return " ".join(unicodedata.normalize("NFC", first).lower().lstrip("*-–•").split())


# What is reported about the lines or columns noted, by the kind of note.
_TOLD = {
    "foot": marked("Below the table, and not read as rows (a total, signatures): lines {lines}."),
    "between": marked(
        "Not read as rows (units or numbers of columns, a repeated heading, names of groups): lines {lines}."
    ),
    "units": marked("Bare numbers in column {column} are read as {unit}."),
    "formatted": marked(
        "In column {column} numbers are read as their format shows them: 5 triệu, where the cell holds 5."
    ),
    "name_parts": marked("Names are put together from columns {columns}."),
    "hidden": marked("Hidden rows are read too ({count})."),
    "beside": marked("Not read here: columns {columns}."),
    "unheaded": marked("Columns without a heading are not read: {columns}."),
    "merged": marked("A merged cell is read for each of its rows."),
    "filled": marked("Empty cells are read as the cell above them."),
    "masked": marked("ID numbers with only their last digits shown are not read."),
    "left": marked(
        "A remark says that the member left, but the row only admits: put the day and the reason in columns of "
        "their own, or use “ucli import departures”."
    ),
    "moved": marked("Times shortly before midnight (in UTC, 17:00) are read as the next day; check them."),
    "turned": marked(
        "Day and month may be swapped: dates up to the 12th are real, and all those after the 12th are text, as "
        "an American Excel makes them. Correct the table and import it again."
    ),
    "own_period": marked("Rows with a period of their own keep it; --period is only for tables without one."),
}
_NO_WARNINGS = ("foot", "between", "name_parts", "beside")


class Notes(defaultdict[str, list[Any]]):
    """What was skipped in a table, or not read as typed, for its officer to look at.

    By kind: lines, or columns from 1 (columns of money with their units). Also the "sheets" where none was named, the
    one that is read first; the two lines of a "heading" that has two; and where all rows are of one unit the "titles"
    above them, with their lines.
    """

    def __init__(self) -> None:
        super().__init__(list)

    def on_layout(self) -> Iterator[str]:
        """Yield what is reported even if the table is refused, for it may explain why."""
        if others := [it for it in self["sheets"][1:] if it not in (_(EXPLANATION), _(LISTS))]:
            told = _("Only the sheet “{name}” is read, not {others}. --sheet NAME reads another.")
            yield _warning(told.format(name=self["sheets"][0], others=", ".join(f"“{it}”" for it in others)))
        if self["heading"]:
            told = _(
                "Lines {first} and {second} are read as one heading; if that is wrong, put the heading in one row."
            )
            yield told.format(first=self["heading"][0], second=self["heading"][1])

    def on_rows(self) -> Iterator[str]:
        """Yield what is reported once all rows were read."""
        for name, sentence in _TOLD.items():
            if not (found := self[name]):
                continue
            told = _(sentence)
            if "{column}" in told:
                for column, unit in found:
                    yield told.format(column=column_letters(column), unit=unit)
                continue
            if "{columns}" in told:
                told = told.format(columns=", ".join(map(column_letters, found)))
            elif "{lines}" in told:
                told = told.format(lines=_ranges(sorted(found)))
            else:
                told = f"{told.format(count=grouped(len(found)))} {lines_text(found)}"
            yield told if name in _NO_WARNINGS else _warning(told)


def lines_text(lines: Sequence[int]) -> str:
    """List line numbers; of many only the first ones and the count."""
    if len(lines) <= _FEW:
        return _("Lines: {lines}.").format(lines=_ranges(lines))
    return _("Lines: {lines} … ({count} in all).").format(lines=_ranges(lines[:_FEW]), count=grouped(len(lines)))


def _ranges(lines: Sequence[int]) -> str:
    """Write line numbers, consecutive ones as a range: 12–14, 20."""
    found: list[list[int]] = []
    for line in lines:
        if found and line == found[-1][-1] + 1:
            found[-1][1:] = [line]
        else:
            found.append([line])
    return ", ".join("–".join(map(str, span)) for span in found)


def _warning(text: str) -> str:
    return _("Warning: {text}").format(text=text)
