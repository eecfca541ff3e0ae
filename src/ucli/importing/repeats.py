"""What stands below a heading and is no row: units and numbers of the columns, and the heading again on each page."""

import re
from collections.abc import Iterable, Iterator, Sequence
from string import ascii_uppercase

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.tables import Cell, Line, text_of
from ucli.importing.units import is_unknown_unit, unit_alone, unit_of
from ucli.values.names import fold, normalised

# What is counted, as forms write it under their headings, folded.
_MEASURES = (
    *("dvt", "don vi", "don vi tinh", "nguoi", "luot", "luot nguoi", "suat", "phan", "can", "nha", "tin", "bai"),
    *("tin, bai", "cuoc", "buoi", "lop", "vu", "ho", "cdcs", "doan vien", "lao dong", "doanh nghiep", "sang kien"),
    *("don vi mau", "%", "ty le", "ty le %", "ty le (%)", "ngay/thang/nam", "ngay, thang, nam", "ngay thang nam"),
)
_DAY = re.compile(r"d{1,2}[/.-]m{1,2}[/.-]y{2,4}|n{1,2}[/.-]t{1,2}[/.-]n{2,4}")
_NUMBER = re.compile(r"[(\[]?(?:([0-9]{1,2})|([A-Z]))[)\]]?(?:\s*=.*)?")  # 1, (2), B, and 6=4+5


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Tell whether a line only numbers the columns, as forms do: A, B, 1, 2 or (1), (2), (3)=1+2."""
    found = [_NUMBER.fullmatch(text) for cell in cells if (text := text_of(cell))]
    if len(found) <= 2 or not all(found):
        return False
    numbers = [int(it[1]) for it in found if it and it[1]]
    letters = [it[2] for it in found if it and it[2]]
    return letters == [*ascii_uppercase[: len(letters)]] and numbers == [*range(1, len(numbers) + 1)]


def is_units(cells: Sequence[Cell]) -> bool:
    """Tell whether a line only says what the columns are counted in, or how days are written: (đồng), người."""
    texts = [text for cell in cells if (text := fold(text_of(cell)))]
    return bool(texts) and all(map(_is_unit, texts))


def below_heading(
    heading: Sequence[Cell], lines: Iterator[Line], passed: list[int]
) -> tuple[Sequence[Cell], list[Sequence[Cell]], list[Line]]:
    """Take what says more of the columns from the lines below a heading.

    Args:
        heading: the cells of the heading.
        lines: what stands below it; of it all is taken that is no row, and one line more.
        passed: takes the numbers of the lines that are no rows.

    Returns:
        The heading with the units of money below it, what was taken, and the first line that is a row, if one is.

    Raises:
        RejectedError: a unit below a heading is not the one in it.

    """
    taken: list[Sequence[Cell]] = []
    for number, cells in lines:
        if is_units(cells):
            heading = _with_units(heading, cells)
        elif not is_numbering(cells):
            return heading, taken, [(number, cells)]
        taken.append(cells)
        passed.append(number)
    return heading, taken, []


def without_repeats(
    lines: Iterable[Line], heads: Sequence[Sequence[Cell]], below: Sequence[Sequence[Cell]], passed: list[int]
) -> Iterator[Line]:
    """Yield the lines of a table without its heading, which printed tables have on each page, and what is below it.

    Args:
        lines: what stands below the heading.
        heads: the lines of the heading.
        below: what stands below it and is no row.
        passed: takes the numbers of the lines that are left out.

    """
    is_below_head = False
    for line in lines:
        is_below_head = line[1] in heads or (is_below_head and (line[1] in below or is_numbering(line[1])))
        if is_below_head:
            passed.append(line[0])
        else:
            yield line


def _is_unit(text: str) -> bool:
    if is_unknown_unit(text):
        return False
    inner = text.strip("()[]: ")
    is_in_brackets = text[:1] in "([" and text[-1:] in ")]" and not any(sign.isdigit() for sign in text)
    return is_in_brackets or inner in _MEASURES or bool(_DAY.fullmatch(inner)) or unit_alone(text) is not None


def _with_units(heading: Sequence[Cell], cells: Sequence[Cell]) -> list[Cell]:
    joined = [*heading]
    for place, cell in enumerate(cells[: len(joined)]):
        unit = unit_alone(fold(text_of(cell)))
        if unit is None or not text_of(joined[place]):
            continue
        own = unit_of(fold(text_of(joined[place])))
        if own is None:
            joined[place] = f"{text_of(joined[place])} ({unit or 'đồng'})"
        elif own != unit:
            raise RejectedError(
                _("The unit under the heading “{heading}” is not the one in it: {unit}.").format(
                    heading=normalised(text_of(joined[place])), unit=normalised(text_of(cell))
                ),
                instead=_("Correct one of the two in the table."),
            )
    return joined
