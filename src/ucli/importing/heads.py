"""Where the heading of a table stands: in the line that means most, or in two that are read as one.

In two rows, “Ngày tháng năm” stands above “sinh” and “kết nạp”, and all other columns have nothing below or nothing
above.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ucli.importing.forms import PARTS_OF_A_NAME, SAY_NOTHING
from ucli.importing.headings import FEWEST_KNOWN, Headings
from ucli.importing.tables import Cell, Line, text_of
from ucli.importing.units import unit_of, without_unit
from ucli.values.names import fold


class Head(NamedTuple):
    """The heading of a table, and in which of its lines it stands."""

    cells: Sequence[Cell]
    first: int
    last: int


def head_of(lines: Sequence[Line], headings: Headings) -> Head:
    """Return the heading that stands in one of some lines or two that follow each other; else the first line.

    Two lines are one heading where more of it is known so, or where the lower one has nothing but what cells above
    several others leave open: no row of data looks like that, for it lacks what every row must have.
    """
    hits = [headings.hits(cells) for _number, cells in lines]
    most = max(hits)
    place = hits.index(most) if most >= FEWEST_KNOWN else 0
    head = Head(lines[place][1], place, place)
    for upper in range(len(lines) - 1):
        above, below = (_texts(cells) for _number, cells in lines[upper : upper + 2])
        joined = _joined(above, below, headings) if not _has_values(lines[upper + 1][1]) else []
        known = headings.hits(joined)
        if known >= FEWEST_KNOWN and (known > most or (upper == place and _is_lower_row(above, below, headings))):
            head, most = Head(joined, upper, upper + 1), known
    return head


def _texts(cells: Sequence[Cell]) -> list[str]:
    return [text_of(cell) for cell in cells]


def _has_values(cells: Sequence[Cell]) -> bool:
    """Tell whether a line holds a number or a day, which no heading is."""
    return any(any(sign.isdigit() for sign in text_of(cell)) for cell in cells)


def _spans(above: Sequence[str], below: Sequence[str]) -> list[range]:
    """Return the columns that stand together under one filled cell."""
    width = max(len(above), len(below))
    above, below = ([*texts, *[""] * (width - len(texts))] for texts in (above, below))
    spans: list[range] = []
    for place in range(width):
        if above[place] and below[place]:
            spans.append(range(place, place + 1))
        elif below[place] and spans and spans[-1].stop == place:
            spans[-1] = range(spans[-1].start, place + 1)
    return [span for span in spans if len(span) > 1]


def _joined(above: Sequence[str], below: Sequence[str], headings: Headings) -> list[str]:
    """Return two lines as one, each cell with what stands above it; nothing where no cell stands above several."""
    spans = _spans(above, below)
    if not spans:
        return []
    over = {place: above[span.start] for span in spans for place in span}
    cells = []
    for place in range(max(len(above), len(below))):
        upper = over.get(place) or (above[place] if place < len(above) else "")
        lower = below[place] if place < len(below) else ""
        whole = f"{upper} {lower}".strip()
        if _is_known(lower, headings) and not headings.hits([whole]):
            cells.append(_under(upper, lower, whole))
        else:
            cells.append(whole)
    return cells


def _under(upper: str, lower: str, whole: str) -> str:
    """Return a heading that is known without what stands above it, which is left out only where it says nothing more.

    “Năm 2023” or “Kế hoạch” above it would make another thing of it: the two together are a heading no one knows.
    """
    if without_unit(fold(upper)) not in ("", *SAY_NOTHING):
        return whole
    unit = unit_of(fold(upper))
    return f"{lower} ({unit})" if unit and unit_of(fold(lower)) is None else lower


def _is_lower_row(above: Sequence[str], below: Sequence[str], headings: Headings) -> bool:
    """Tell whether a line below a heading holds only what stands under its cells above several others."""
    spans = _spans(above, below)
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
