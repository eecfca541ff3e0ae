"""From a table of any layout to rows of a form: which column is which, wherever the heading stands."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.importing.feet import Columns, NoRows, without_foot
from ucli.importing.forms import FORMS, WRONG, Form
from ucli.importing.headings import Headings, Places
from ucli.importing.heads import head_of
from ucli.importing.repeats import below_heading, without_repeats
from ucli.importing.sheets import NOT_CALCULATED, Place, column_letters
from ucli.importing.shown import Way, as_shown, ways_shown
from ucli.importing.tables import Cell, Line, lines_of, text_of
from ucli.importing.units import Units, unit_above
from ucli.importing.workbooks import Found
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


class Unread(NamedTuple):
    """What was passed over in a table or read otherwise than it stands, for its officer to look at.

    Args:
        lines: under the table, a total or signatures.
        columns: without a heading, though something stands in them; from 1.
        units: columns of money that are not in đồng, from 1, with their units.
        parts: the columns that names are put together from; from 1.
        sheets: of a workbook of which no sheet was named: the one that is read, then the others.
        heading: the two lines that the heading stands in, where it does.
        between: lines above rows that are none: units and numbers of columns, the heading again, names of groups.
        hidden: rows that the sheet does not show.
        shown: columns, from 1, of which numbers are read with the unit that their number format shows.

    """

    lines: list[int]
    columns: list[int]
    units: list[tuple[int, str]]
    parts: list[int]
    sheets: list[str]
    heading: list[int]
    between: list[int]
    hidden: list[int]
    shown: list[int]

    @classmethod
    def nothing(cls) -> "Unread":
        return cls(*([] for _field in cls._fields))


class _Begun(NamedTuple):
    head: Sequence[Cell]
    lines: Iterator[Line]  # below it
    above: str  # the unit of money that stands above it, if one does
    hidden: set[int]  # rows that the sheet does not show


class Reading(NamedTuple):
    """How a table is read.

    Args:
        path: the file.
        kind: whose form it is.
        unread: takes what is passed over.
        names: what columns are called besides, by their headings; “-” for one that is not read.
        given: what is said of all rows at once, by column.
        sheet: which sheet of a workbook.
        indicators: codes of indicators by the folded headings that name them, where a table has a column for each.
        money: the codes of those that are amounts.

    """

    path: Path
    kind: str
    unread: Unread
    names: Mapping[str, str] = {}
    given: Mapping[str, str] = {}
    sheet: str | None = None
    indicators: Mapping[str, str] = {}
    money: frozenset[str] = frozenset()

    @property
    def form(self) -> Form:
        return FORMS[self.kind]

    def rows(self) -> Iterator[tuple[int, Mapping[str, str], str]]:
        """Yield what stands in each row, by column; of a grid once for each cell that holds a value.

        Behind it stands why the row cannot be read, or nothing.

        Raises:
            RejectedError: the file cannot be read, its heading names a column that is not known, or lacks one.

        """
        head, lines, above, hidden = self._begun(self.unread.between)
        places, grid = self._headings.places(head)
        units = self._headings.units(head, places, grid, above)
        self.unread.units.extend(units.told())
        names, read = [name for name, _place in places], [place for _name, place in places]
        period = dict(places).get("period", len(head))
        ways = self._ways
        looked_at = [place for _name, place in places + grid] if ways else []
        parts = self._headings.parts_of_name(head)
        blank = [place for place, cell in enumerate(head) if not text_of(cell) and place not in parts]
        no_rows = NoRows(self.unread.lines, self.unread.between, set())
        data = without_foot(lines, self._columns(places, grid), no_rows)
        for number, cells in _noting(data, hidden, self.unread.hidden) if hidden else data:
            texts = [cell if cell.__class__ is str else text_of(cell) for cell in cells]
            self._note_unread(blank, texts)
            texts += [""] * (len(head) - len(texts))
            unclear = looked_at and self._write_shown((number, cells), texts, looked_at, ways, units)
            if not units.all_in_dong:
                units.write_into(texts)
            typed = [texts[place].strip() for place in read]
            if parts:
                typed[names.index("name")] = self._put_together(parts, texts)
            joined = "".join(typed)
            if "'" in joined or _NOTHING in joined:
                typed = ["" if text == _NOTHING else as_meant(text) for text in typed]
            values = {**self.given, **dict(zip(names, typed, strict=True))}
            cells_read = ((place, texts[place].strip()) for place in (*read, *parts[1:]))
            fault = (
                (_unclear(number, unclear[0]) if unclear else "")
                or (_total_above_rows() if number in no_rows.totals else "")
                or _surplus(texts[len(head) :])
                or (_failed(number, cells_read) if "#" in joined else "")
                or (_month_or_day(cells[period]) if period < len(cells) else "")
                or _unknown_unit(units.unknown(texts))
            )
            if fault or not grid:
                yield number, values, fault
                continue
            for code, place in grid:
                if (text := texts[place].strip()) and text not in _DASHES:
                    yield number, {**values, "indicator": code, "value": text}, _failed(number, ((place, text),))

    def _write_shown(
        self,
        line: Line,
        texts: list[str],
        places: Iterable[int],
        ways: Mapping[Place, Way],
        units: Units,
    ) -> list[int]:
        """Write numbers into a row as their cells show them, and note their columns; return those that are unclear."""
        number, cells = line
        unclear = []
        for place in places:
            cell = cells[place] if place < len(cells) else ""
            way = ways.get((number, place + 1))
            if not way or not isinstance(cell, float):
                continue
            if not way.clear:
                unclear.append(place)
            elif shown := as_shown(cell, way, units.at(place, texts)):
                texts[place] = shown
                if not way.percent and place + 1 not in self.unread.shown:
                    self.unread.shown.append(place + 1)
        return unclear

    def _note_unread(self, blank: list[int], texts: Sequence[str]) -> None:
        """Note the columns without a heading that something stands in, each once."""
        for place in [place for place in blank if place < len(texts) and texts[place]]:
            self.unread.columns.append(place + 1)
            blank.remove(place)

    def _put_together(self, parts: Sequence[int], texts: Sequence[str]) -> str:
        """Return a name that stands in several columns, and note that names do."""
        pieces = [texts[place].strip() for place in parts]
        if any(pieces[1:]) and not self.unread.parts:
            self.unread.parts.extend(place + 1 for place in parts)
        return " ".join(filter(None, pieces))

    def wrong(self, faults: Mapping[int, str]) -> Iterator[list[str]]:
        """Yield the heading and the rows that could not be taken, each with what is wrong with it."""
        head, lines, above, _hidden = self._begun([])
        units = self._headings.units(head, *self._headings.places(head), above)
        keep = [place for place, cell in enumerate(head) if fold(text_of(cell)) != fold(WRONG)]
        yield [*(text_of(head[place]) for place in keep), WRONG]
        ways = self._ways
        for number, cells in lines:
            if number in faults:
                texts = [*map(text_of, cells), *[""] * len(head)]
                if ways:
                    self._write_shown((number, cells), texts, range(len(cells)), ways, units)
                units.write_into(texts)  # the line that says them stays behind
                yield [*(texts[place] for place in keep), faults[number]]

    def _begun(self, passed: list[int]) -> _Begun:
        """Return where the rows begin; of the lines below the heading those are left out, and noted, that are none."""
        hidden: set[int] = set()
        lines = lines_of(self.path, self.sheet, Found(self.unread.sheets, hidden))
        first = list(islice(lines, _MOST_LINES_ABOVE))
        if not first:
            raise RejectedError(_("The table {file} is empty.").format(file=self.path))
        head = head_of(first, self._headings)
        if head.first < head.last:
            self.unread.heading[:] = [first[head.first][0], first[head.last][0]]
        rest = chain(first[head.last + 1 :], lines)
        cells, below, next_line = below_heading(head.cells, rest, passed)
        heads = [first[place][1] for place in range(head.first, head.last + 1)]
        rows = without_repeats(chain(next_line, rest), heads, below, passed)
        return _Begun(cells, rows, unit_above(first[: head.first], cells), hidden)

    def _columns(self, places: Places, grid: Places) -> Columns:
        needed = [(name, place) for name, place in places if name in self._required]
        telling = [place for name, place in needed if name != "name"]
        values = [place for _code, place in grid]
        return Columns(
            [place for _name, place in needed], telling, [*(place for _name, place in places), *values], values
        )

    @property
    def _ways(self) -> Mapping[Place, Way]:
        """How numbers are shown, where that can say more than they do: of percentages and of money."""
        if any(column.may_be_percent or column.may_be_money for column in self.form):
            return ways_shown(self.path, self.sheet)
        return {}

    @property
    def _headings(self) -> Headings:
        return Headings(self.form, self.names, self.given, self.indicators, self.money)

    @property
    def _required(self) -> list[str]:
        return [column.name for column in self.form if column.required]


def _noting(lines: Iterable[Line], of: Collection[int], noted: list[int]) -> Iterator[Line]:
    """Yield lines as they are, and note those of some numbers."""
    for line in lines:
        if line[0] in of:
            noted.append(line[0])
        yield line


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


def _failed(number: int, cells: Iterable[tuple[int, str]]) -> str:
    """Say which cell of a row holds the error of a formula instead of a value, if one does."""
    for place, text in cells:
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
