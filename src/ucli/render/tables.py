"""The layout of tables for people: which columns they have, in how many tables, how wide they are.

Terminal, workbook, document and page differ only in the letters that a line holds.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import accumulate, groupby, product
from math import ceil
from types import MappingProxyType
from typing import Any, NamedTuple

from ucli.i18n import _
from ucli.render import Column, Sheet, form_named, sanitized
from ucli.render.cells import NOTHING, sides_of, text_of
from ucli.reports.letterhead import Letterhead

# So many of the longest cells of a column decide how wide it is.
_MEASURED = 200
_LINES_OF_HEADING = 3
# The lines of a heading and of one above it: at first as many as may be, then ever fewer, those above first.
_FEWER_LINES = ((3, 3), (3, 2), (2, 2), (2, 1), (1, 1))

Measure = Callable[[str], int]  # measures the width of a text


class HeadingSpan(NamedTuple):
    """A heading above so many headings; none if its text is empty."""

    text: str
    columns: int


class LaidOut(NamedTuple):
    """Rows of cells by type, under columns."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[object]]
    totals: int = 0  # how many of the last rows are totals
    above: Sequence[str] = ()  # notes above the table, for columns with a single value
    shared: int = 0  # how many first columns are repeated if the table is split
    parts: Collection[int] = ()  # rows that are parts of the one before, without a number

    @property
    def headings(self) -> list[str]:
        return [it.heading for it in self.columns]

    @property
    def sides(self) -> list[str]:
        """The alignment of each column."""
        return sides_of(self.rows, len(self.columns))

    @property
    def lines(self) -> Iterator[tuple[Sequence[object], bool]]:
        """The rows, each with a flag for totals."""
        first_total = len(self.rows) - self.totals
        return ((row, number >= first_total) for number, row in enumerate(self.rows))

    @property
    def spans(self) -> list[HeadingSpan]:
        """The upper headings with their spans; empty if there are none."""
        spans = [HeadingSpan(over, len(list(beside))) for over, beside in groupby(it.over for it in self.columns)]
        return spans if any(it.text for it in spans) else []

    @property
    def full_headings(self) -> list[str]:
        """The headings together with the upper ones."""
        return [": ".join(filter(None, (it.over, it.heading))) for it in self.columns]

    def of(self, places: Sequence[int]) -> "LaidOut":
        """Return the table with only these columns, in this order."""
        rows = [[row[it] for it in places] for row in self.rows]
        return self._replace(columns=[self.columns[it] for it in places], rows=rows)


def table_of(columns: Sequence[Column], items: Sequence[Any], totals: int = 0, parts: Collection[int] = ()) -> LaidOut:
    """Return a table with one row for each thing, as `sheet_of` does."""
    seen = [it for it in columns if it.heading]
    rows, below = [[it.cell(item) for it in seen] for item in items], [it for it in seen if it.over]
    # A value repeated under every upper heading is said once.
    same = {it.heading for it in below}
    if len(same) == 1 and len(below) == len({it.over for it in below}):
        seen = [it._replace(heading="") if it.over else it for it in seen]
        said = same.pop()
        above = [_("In each cell: {what}.").format(what=said[:1].lower() + said[1:])]
        return LaidOut(seen, rows, totals, above=above, parts=parts)
    return LaidOut(seen, rows, totals, parts=parts)


class ShownSheet(NamedTuple):
    """What people see of a sheet: tables and texts, safe to show."""

    title: str
    lead: list[str]
    tables: list[LaidOut]  # cells are sanitized when they are written
    notes: list[str]
    letterhead: Letterhead

    @property
    def rows(self) -> int:
        return sum(len(it.rows) for it in self.tables)


def shown(sheet: Sheet, form: str) -> ShownSheet:
    """Return what people see of a sheet; no name that somebody typed can move a reader's cursor."""
    traits, lead, notes = form_named(form), sheet.lead, sheet.notes(form) if callable(sheet.notes) else sheet.notes
    if not traits.has_lead:
        lead = ()
    if traits.is_handed_in:
        notes = [it for it in notes if not is_for_a_terminal(it)]
    tables = [LaidOut(sheet.columns, list(sheet.rows), sheet.totals)]
    if traits.is_laid_out and sheet.tables:
        tables = sheet.tables(form)
    if traits.is_laid_out and (sheet.tables or form != "xlsx"):  # a list in a workbook is edited and imported again
        tables = list(map(earned, tables))
    title = (traits.is_laid_out and sheet.heading) or sheet.title
    head = sheet.letterhead or Letterhead(None, "", "")
    said = [title, [*lead], [it for it in notes if it not in lead], head]
    title, lead, notes, head = sanitized(said)
    return ShownSheet(title, lead, [_safe(it) for it in tables], notes, head)


def is_for_a_terminal(text: str) -> bool:
    """Tell whether a sentence names a command or option, which is of no use on a page or in a document."""
    return re.search(r"(^|[ “(])(--[a-z]|ucli )", text) is not None


class Heading(NamedTuple):
    """A heading with its first column and the columns and rows of headings it spans."""

    text: str
    place: int
    columns: int = 1
    rows: int = 1


def heading_rows(table: LaidOut) -> list[list[Heading]]:
    """Return the one or two rows of headings."""
    headings = [Heading(text, place) for place, text in enumerate(table.headings)]
    if not table.spans:
        return [headings]
    upper: list[Heading] = []
    lower: list[Heading] = []
    for text, count in table.spans:
        below, headings = headings[:count], headings[count:]
        if text and any(it.text for it in below):
            upper.append(Heading(text, below[0].place, count))
            lower += below
        else:
            upper += [it._replace(text=text or it.text, rows=2) for it in below]
    return [upper, lower] if lower else [[it._replace(rows=1) for it in upper]]


def _safe(table: LaidOut) -> LaidOut:
    columns = [it._replace(heading=sanitized(it.heading), over=sanitized(it.over)) for it in table.columns]
    return table._replace(columns=columns, above=sanitized(list(table.above)))


class Fitted(NamedTuple):
    """A table with the widths of its columns and of the gap between them, in letters."""

    table: LaidOut
    widths: list[int]
    gap: float

    @property
    def width(self) -> float:
        return sum(self.widths) + self.gap * (len(self.widths) - 1)


def earned(table: LaidOut) -> LaidOut:
    """Drop empty columns, and move a value that all rows share above the table.

    Numbers stay, even if equal.
    """
    body = table.rows[: len(table.rows) - table.totals]
    # Without totals and upper headings the first column is like any other.
    first = 0 if len(body) > 1 and not (table.totals or table.spans or table.shared) else 1
    above, kept = list(table.above), list(range(first))
    sides = sides_of(body, len(table.columns))
    for place in range(first, len(table.columns)):
        if table.rows and all(text_of(row[place]) == NOTHING for row in table.rows):
            continue
        same = {text_of(row[place]) for row in body} if sides[place] == "left" and not table.spans else set()
        of_totals = {text_of(row[place]) for row in table.rows[len(body) :]}
        if len(body) > 1 and len(same) == 1 and of_totals <= {*same, NOTHING}:
            above.append(f"{table.columns[place].heading}: {same.pop()}.")
        else:
            kept.append(place)
    return table.of(kept)._replace(above=above) if kept else table


def fitted(
    table: LaidOut,
    room: float,
    *,
    gaps: Sequence[float],
    most: int = 3,
    beside: Mapping[int, int] = MappingProxyType({}),
    measure: Measure = len,
) -> list[Fitted]:
    """Fit a table into a line; if it is too wide, split it into several that share its first columns.

    Numbers and words stay whole; texts wrap into as few lines as possible. Empty if nothing fits.

    Args:
        table: the table.
        room: the letters of a line.
        gaps: the gaps between columns to try, in letters, the best first.
        most: the most lines of a row.
        beside: by column, extra room wanted beside its cells.
        measure: measures the width of a text.
    """
    fitting = _Fitting(table, room, measure)
    every = list(range(len(table.columns)))
    without = [it for it in every if not table.columns[it].is_spare]
    for lines in range(1, most + 1):
        for places, more in ((every, beside), (without, beside), (without, {})):
            for gap in gaps if lines == 1 else gaps[-1:]:
                if found := fitting.within(places, lines, gap, more):
                    return [found]
        if table.spans and (parts := fitting.parts(lines, gaps[-1], [it.columns for it in table.spans])):
            return parts
    alone = [table.shared, *[1] * (len(table.columns) - table.shared)]
    several = (fitting.parts(lines, gaps[-1], alone) for lines in range(1, most + 1 if table.shared else 1))
    return next(filter(None, several), [])


def natural(table: LaidOut, widest: int, gap: float, measure: Measure = len) -> Fitted:
    """Lay out a table as wide as its cells, whatever the line holds; texts have a maximum width."""
    columns = _columns_of(table, measure)
    headings = [_least_width(it.heading, _LINES_OF_HEADING, measure) for it in columns]
    longest = [max(map(measure, it.cells), default=0) for it in columns]
    cells = [length if it.is_number else min(length, widest) for it, length in zip(columns, longest, strict=True)]
    return Fitted(table, list(map(max, headings, cells)), gap)


class _Fitting:
    """Finds the widths of columns for a line."""

    def __init__(self, table: LaidOut, room: float, measure: Measure) -> None:
        self._table, self._room, self._measure = table, room, measure
        self._columns = _columns_of(table, measure)

    def within(self, places: Sequence[int], lines: int, gap: float, more: Mapping[int, int]) -> Fitted | None:
        """Return the layout of some columns with no cell above so many lines; None if they do not fit."""
        columns, table = [self._columns[it] for it in places], self._table
        widths = [self._columns[it].width(lines, self._measure) + more.get(it, 0) for it in places]
        room = self._room - gap * (len(places) - 1)
        if sum(widths) > room:
            return None
        table = table if len(places) == len(self._columns) else table.of(places)
        widths = self._headed(table, widths, _FEWER_LINES[0], gap)
        if sum(widths) > room:
            return None
        # The rest goes to texts that then need not wrap, the shortest first, and to headings.
        texts = [number for number, it in enumerate(columns) if not it.is_number]
        texts.sort(key=lambda it: columns[it].width(1, self._measure))
        for fewer, number in product(range(1, lines), texts):
            wish = columns[number].width(fewer, self._measure)
            if sum(widths) + wish - widths[number] <= room:
                widths[number] = max(widths[number], wish)
        for most in _FEWER_LINES[1:]:
            headed = self._headed(table, widths, most, gap)
            widths = headed if sum(headed) <= room else widths
        return Fitted(table, widths, gap)

    def _headed(self, table: LaidOut, widths: Sequence[int], most: tuple[int, int], gap: float) -> list[int]:
        """Return widths in which no heading, and no upper heading, takes more than its number of lines."""
        wider = [
            max(width, _least_width(text, most[0], self._measure))
            for width, text in zip(widths, table.headings, strict=True)
        ]
        end = 0
        for text, count in table.spans:
            start, end = end, end + count
            under = sum(wider[start:end]) + gap * (count - 1)
            for more in range(ceil(_least_width(text, most[1], self._measure) - under)):
                wider[end - 1 - more % count] += 1
        return wider

    def parts(self, lines: int, gap: float, columns: Sequence[int]) -> list[Fitted]:
        """Split a table into as many groups of columns as a line holds; empty if one group is too wide.

        The first columns are repeated in each of them.
        """
        groups = [list(range(end - count, end)) for end, count in zip(accumulate(columns), columns, strict=True)]
        found: list[Fitted] = []
        held: list[int] = []
        for group in groups[1:]:
            longer = self.within([*held, *group], lines, gap, {}) if held else None
            alone = None if longer else self.within([*groups[0], *group], lines, gap, {})
            if longer:
                found[-1], held = longer, [*held, *group]
            elif alone:
                found, held = [*found, alone], [*groups[0], *group]
            else:
                return []
        # Evenly filled, if that fits.
        size = -(-len(groups[1:]) // max(1, len(found)))
        even = [sum(groups[at : at + size], groups[0]) for at in range(1, len(groups), size)]
        alike = [it for places in even if (it := self.within(places, lines, gap, {}))]
        return alike if len(alike) == len(even) else found


class _Column(NamedTuple):
    """What decides the width of a column."""

    heading: str
    cells: list[str]  # the longest
    is_number: bool

    def width(self, lines: int, measure: Measure) -> int:
        """Return the least width in which no text takes more than so many lines, and no number more than one."""
        least = 1 if self.is_number else lines
        cells = self.cells[:1] if least == 1 else self.cells
        return max(
            _least_width(self.heading, max(lines, _LINES_OF_HEADING), measure),
            *(_least_width(cell, least, measure) for cell in cells or [""]),
        )


def _columns_of(table: LaidOut, measure: Measure) -> list[_Column]:
    cells = ({text_of(row[place]) for row in table.rows} for place in range(len(table.columns)))
    longest = (sorted(it, key=measure, reverse=True)[:_MEASURED] for it in cells)
    numbers = (it == "right" for it in table.sides)
    return list(map(_Column, table.headings, longest, numbers))


def _least_width(text: str, lines: int, measure: Measure) -> int:
    """Return the least width in which a text, wrapped at words, takes no more than so many lines."""
    longest = measure(text)
    if lines == 1:
        return longest
    least = max(map(measure, text.split()), default=0)
    least = max(least, -(-longest // lines))
    while least < longest and len(wrapped(text, least, measure)) > lines:
        least += 1
    return least


def wrapped(text: str, width: float, measure: Measure = len) -> list[str]:
    """Wrap a text at words into lines of a width."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and measure(lines[-1]) + 1 + measure(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
