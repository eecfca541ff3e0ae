"""From a table of any layout to rows of a form, each with why it cannot be read, if it cannot."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.columns import Columns, Headings
from ucli.importing.forms import FORMS, LINE, WRONG, Form
from ucli.importing.layout import Shape, below_header, header_of, without_footer, without_repeats
from ucli.importing.measures import unit_above
from ucli.importing.notes import Notes
from ucli.importing.reader import Cell, Line, lines_of, text_of
from ucli.importing.sheet_xml import NOT_CALCULATED, Facts, column_letters
from ucli.sanitize import as_meant
from ucli.values.dates import date_text
from ucli.values.names import fold

# A title and an office's name may stand above the heading.
_MOST_LINES_ABOVE = 20

# What ucli's own lists show where there is nothing, and what offices write there in a grid.
_NOTHING = "—"
_DASHES = ("-", "–", _NOTHING)

# What a spreadsheet shows where a formula failed, also in the CSV it writes.
_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/_]+[!?])")


class _Begun(NamedTuple):
    """A table of which the heading was read."""

    header: list[str]
    columns: Columns
    lines: Iterator[Line]  # below it
    facts: Facts

    def as_shown(self, line: Line, texts: list[str], places: Iterable[int], notes: Notes) -> list[int]:
        """Write numbers into a row as their cells show them, and note their columns; return those that are unclear."""
        number, cells = line
        unclear = []
        for place in places if self.facts.formats else ():
            cell = cells[place] if place < len(cells) else ""
            how = (self.facts.formats or {}).get((number, place + 1))
            if not how or not isinstance(cell, float):
                continue
            if not how.is_clear:
                unclear.append(place)
            elif shown := how.shown(cell, self.columns.units.at(place, texts)):
                texts[place] = shown
                if not how.percent and place + 1 not in notes.formatted:
                    notes.formatted.append(place + 1)
        return unclear


@dataclass
class Table:
    """How a table is read.

    Args:
        path: the file.
        kind: whose form it is.
        names: what columns are called besides, by their headings; “-” for one that is not read.
        given: what is said of all rows at once, by column.
        sheet: which sheet of a workbook.
        indicators: codes of indicators by the folded headings that name them, where a table has a column for each.
        money: the codes of those that are amounts.
        notes: takes what is told of it.

    """

    path: Path
    kind: str
    names: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    indicators: Mapping[str, str] = field(default_factory=dict)
    money: frozenset[str] = frozenset()
    notes: Notes = field(default_factory=Notes)

    @property
    def form(self) -> Form:
        return FORMS[self.kind]

    def rows(self) -> Iterator[tuple[int, Mapping[str, str], str]]:
        """Yield what stands in each row, by column; of a grid once for each cell that holds a value.

        Behind it stands why the row cannot be read, or nothing.

        Raises:
            RejectedError: the file cannot be read, its heading names a column that is not known, or lacks one.

        """
        notes = self.notes
        begun = self._begin(notes)
        header, columns, lines, facts = begun
        names, read, units = [*columns.places], [*columns.places.values()], columns.units
        notes.units.extend(units.told())
        period = columns.places.get("period", len(header))
        parts, grid = columns.name_parts, columns.grid
        looked_at = [*read, *(place for _code, place in grid)]
        unheaded = [place for place, text in enumerate(header) if not text and place not in parts]
        totals: set[int] = set()
        for number, cells in without_footer(lines, self._shape(columns), notes, totals):
            if number in facts.hidden:
                notes.hidden.append(number)
            texts = [cell if cell.__class__ is str else text_of(cell) for cell in cells]
            for place in [it for it in unheaded if it < len(texts) and texts[it]]:
                notes.unheaded.append(place + 1)
                unheaded.remove(place)
            texts += [""] * (len(header) - len(texts))
            unclear = begun.as_shown((number, cells), texts, looked_at, notes)
            units.write_into(texts)
            typed = [texts[place].strip() for place in read]
            if parts:
                pieces = [texts[place].strip() for place in parts]
                typed[names.index("name")] = " ".join(filter(None, pieces))
                if any(pieces[1:]) and not notes.name_parts:
                    notes.name_parts.extend(place + 1 for place in parts)
            joined = "".join(typed)
            if "'" in joined or _NOTHING in joined:
                typed = ["" if text == _NOTHING else as_meant(text) for text in typed]
            values = {**self.given, **dict(zip(names, typed, strict=True))}
            fault = (
                (unclear and _unclear(number, unclear[0]))
                or (number in totals and _total_above_rows())
                or (len(texts) > len(header) and _surplus(texts[len(header) :]))
                or ("#" in joined and _failed(number, texts, (*read, *parts[1:])))
                or (period < len(cells) and _month_or_day(cells[period]))
                or _unknown_unit(units.unknown(texts))
            ) or ""
            if fault or not grid:
                yield number, values, fault
                continue
            for code, place in grid:
                if (text := texts[place].strip()) and text not in _DASHES:
                    yield number, {**values, "indicator": code, "value": text}, _failed(number, texts, (place,))

    def wrong(self, faults: Mapping[int, str]) -> Iterator[list[str]]:
        """Yield the heading and the rows that could not be taken: what is wrong, which line it was, the row."""
        begun = self._begin(Notes())
        # A table of wrong rows that is wrong again says so anew.
        ours = {fold(WRONG), fold(LINE)}
        keep = [place for place, text in enumerate(begun.header) if fold(text) not in ours]
        yield [WRONG, LINE, *(begun.header[place] for place in keep)]
        for number, cells in begun.lines:
            if number in faults:
                texts = [*map(text_of, cells), *[""] * len(begun.header)]
                begun.as_shown((number, cells), texts, range(len(cells)), self.notes)
                begun.columns.units.write_into(texts)  # the line that says them stays behind
                yield [faults[number], str(number), *(texts[place] for place in keep)]

    def _begin(self, notes: Notes) -> _Begun:
        """Read as far as the heading; of the lines below it those are left out, and noted, that are no rows."""
        with_formats = any(column.flags & {"percent", "money"} for column in self.form)
        facts = Facts(sheets=notes.sheets, formats={} if with_formats else None)
        lines = lines_of(self.path, self.sheet, facts)
        first = list(islice(lines, _MOST_LINES_ABOVE))
        if not first:
            raise RejectedError(_("The table {file} is empty.").format(file=self.path))
        headings = Headings(self.form, self.names, self.given, self.indicators, self.money)
        texts = [[text_of(cell) for cell in cells] for _number, cells in first]
        header = header_of(texts, headings)
        above = texts[: header.first]
        if header.first < header.last:
            notes.heading[:] = [first[header.first][0], first[header.last][0]]
        rest = chain(first[header.last + 1 :], lines)
        below, next_line = below_header(header.texts, rest, notes.between)
        repeated = [cells for _number, cells in first[header.first : header.last + 1]]
        rows = without_repeats(chain([next_line] if next_line else [], rest), repeated, below, notes.between)
        columns = headings.find(header.texts, unit_above(above, header.texts))
        return _Begun(header.texts, columns, rows, facts)

    def _shape(self, columns: Columns) -> Shape:
        required = {column.name for column in self.form if "required" in column.flags}
        needed = {name: place for name, place in columns.places.items() if name in required}
        values = [place for _code, place in columns.grid]
        telling = [place for name, place in needed.items() if name != "name"]
        return Shape([*needed.values()], telling, [*columns.places.values(), *values], values)


def _unclear(number: int, place: int) -> str:
    told = _("Cell {cell} is shown in units that its number format changes; type the amount with its unit, as text.")
    return told.format(cell=f"{column_letters(place + 1)}{number}")


def _unknown_unit(unit: str) -> str:
    told = _("The unit “{unit}” is not read: write the number in full; money in đồng, nghìn, triệu or tỷ đồng.")
    return told.format(unit=unit[:40]) if unit else ""


def _total_above_rows() -> str:
    return _("A total, or a group with its sum, is no row: delete the line, or leave it out with --accept-valid.")


def _surplus(cells: Sequence[str]) -> str:
    """Say that a line of a CSV has cells beyond its heading, if something stands in them."""
    return _("The row has more cells than the heading: a separator within a text?") if any(cells) else ""


def _failed(number: int, texts: Sequence[str], places: Iterable[int]) -> str:
    """Say which cell of a row holds the error of a formula instead of a value, if one does."""
    for place in places:
        text = texts[place].strip()
        if _ERROR.fullmatch(text):
            cell = f"{column_letters(place + 1)}{number}"
            if text == NOT_CALCULATED:
                told = _("Cell {cell} is a formula that was never calculated; open the file in Excel and save it.")
                return told.format(cell=cell)
            return _("Cell {cell} holds the error of a formula ({error}).").format(cell=cell, error=text)
    return ""


def _month_or_day(cell: Cell) -> str:
    """Refuse the first of a month as a period: a spreadsheet makes it of 2024-06, and it may be that day."""
    if not isinstance(cell, date) or cell.day != 1:
        return ""
    told = _("The spreadsheet holds {day} as the period: type {month} for the month, or {iso} for that day, as text.")
    return told.format(day=date_text(cell), month=f"{cell:%Y-%m}", iso=f"{cell:%Y-%m-%d}")
