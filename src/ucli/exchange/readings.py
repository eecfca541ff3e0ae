"""From a table of any layout to rows of a form: which column is which, wherever the heading stands."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from ucli.errors import RejectedError
from ucli.exchange.feet import is_numbering, without_foot
from ucli.exchange.forms import FORMS, PASSED_OVER, WRONG, Form
from ucli.exchange.percents import percent_cells, percent_of
from ucli.exchange.sheets import NOT_CALCULATED, Place, column_letters
from ucli.exchange.tables import Cell, Line, lines_of, text_of
from ucli.language import _
from ucli.vietnamese.names import fold, normalised

# A title and an office's name may stand above the heading.
_MOST_LINES_ABOVE = 20

# Fewer headings that are known may be chance.
_FEWEST_KNOWN = 2

# Instead of a column's name: that it is not read.
LEFT_OUT = "-"

# How a text that a spreadsheet would run is written, here and elsewhere: with a quotation mark before it.
_QUOTE = "'"
_MADE_HARMLESS = tuple(_QUOTE + sign for sign in "=+-@")

# What a spreadsheet shows where a formula failed, also in the CSV it writes.
_ERROR = re.compile(r"#(?:N/A|[A-Z0-9/_]+[!?])")


class Unread(NamedTuple):
    """What was passed over in a table, for its officer to look at.

    Args:
        lines: under the table, a total or signatures.
        columns: without a heading, though something stands in them; from 1.

    """

    lines: list[int]
    columns: list[int]


class Reading(NamedTuple):
    """How a table is read.

    Args:
        path: the file.
        kind: whose form it is.
        unread: takes what is passed over.
        names: what columns are called besides, by their headings; `LEFT_OUT` for one that is not read.
        given: what is said of all rows at once, by column.
        sheet: which sheet of a workbook.
        indicators: codes of indicators by the folded headings that name them, where a table has a column for each.

    """

    path: Path
    kind: str
    unread: Unread
    names: Mapping[str, str] = {}
    given: Mapping[str, str] = {}
    sheet: str | None = None
    indicators: Mapping[str, str] = {}

    @property
    def form(self) -> Form:
        return FORMS[self.kind]

    def rows(self) -> Iterator[tuple[int, Mapping[str, str], str]]:
        """Yield what stands in each row, by column; of a grid once for each cell that holds a value.

        Behind it stands why the row cannot be read, or nothing.

        Raises:
            RejectedError: the file cannot be read, its heading names a column that is not known, or lacks one.

        """
        head, lines = self._begun()
        places, grid = self._places(head)
        names, read = [name for name, _place in places], [place for _name, place in places]
        period = dict(places).get("period", len(head))
        percents = percent_cells(self.path, self.sheet) if self._shares else frozenset()
        shares = [place for name, place in places + grid if percents and name in (*self._shares, *dict(grid))]
        blank = [place for place, cell in enumerate(head) if not text_of(cell)]
        needed = [place for name, place in places if name in self._required]
        for number, cells in without_foot(lines, needed, [place for _name, place in places + grid], self.unread.lines):
            texts = [cell if cell.__class__ is str else text_of(cell) for cell in cells]
            if blank:
                self._note_unread(blank, texts)
            if period < len(cells) and isinstance(cells[period], date):
                texts[period] = _period_of(cells[period])
            if len(texts) < len(head):
                texts += [""] * (len(head) - len(texts))
            for place in shares:
                texts[place] = _as_shown(cells[place], (number, place + 1), percents)
            typed = [texts[place].strip() for place in read]
            joined = "".join(typed)
            if _QUOTE in joined:
                typed = [_unquoted(text) for text in typed]
            values = {**self.given, **dict(zip(names, typed, strict=True))}
            fault = _failed(number, zip(read, typed, strict=True)) if "#" in joined else ""
            if fault or not grid:
                yield number, values, fault
                continue
            for code, place in grid:
                if text := texts[place]:
                    yield number, {**values, "indicator": code, "value": text}, _failed(number, ((place, text),))

    def _note_unread(self, blank: list[int], texts: Sequence[str]) -> None:
        """Note the columns without a heading that something stands in, each once."""
        for place in [place for place in blank if place < len(texts) and texts[place]]:
            self.unread.columns.append(place + 1)
            blank.remove(place)

    def wrong(self, faults: Mapping[int, str]) -> Iterator[list[str]]:
        """Yield the heading and the rows that could not be taken, each with what is wrong with it."""
        head, lines = self._begun()
        keep = [place for place, cell in enumerate(head) if fold(text_of(cell)) != fold(WRONG)]
        yield [*(text_of(head[place]) for place in keep), WRONG]
        percents = percent_cells(self.path, self.sheet) if self._shares else frozenset()
        for number, cells in lines:
            if number in faults:
                texts = [_as_shown(cell, (number, place), percents) for place, cell in enumerate(cells, start=1)]
                texts += [""] * len(head)
                yield [*(texts[place] for place in keep), faults[number]]

    def _begun(self) -> tuple[Sequence[Cell], Iterator[Line]]:
        """Return the heading and the lines below it."""
        lines = lines_of(self.path, self.sheet)
        first = list(islice(lines, _MOST_LINES_ABOVE))
        if not first:
            raise RejectedError(_("The table {file} is empty.").format(file=self.path))
        known = self._meant()
        hits = [sum(_bare(cell) in known for cell in cells) for _number, cells in first]
        place = hits.index(max(hits)) if max(hits) >= _FEWEST_KNOWN else 0
        below = chain(first[place + 1 :], lines)
        after = next(below, None)
        return first[place][1], below if after is None or is_numbering(after[1]) else chain((after,), below)

    @property
    def _required(self) -> list[str]:
        return [column.name for column in self.form if column.required]

    @property
    def _shares(self) -> list[str]:
        return [column.name for column in self.form if column.may_be_percent]

    def _meant(self) -> set[str]:
        """Return every heading that means something, of a column or of an indicator."""
        return {*self._known(), *(self.indicators if self._may_be_grid else ())}

    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for column in self.form:
            for heading in (*column.headings, column.name):
                known.setdefault(fold(heading), column.name)
        for heading, name in self.names.items():
            if name == LEFT_OUT:
                known[fold(heading)] = LEFT_OUT
            elif not (self._may_be_grid and fold(name) in self.indicators):
                known[fold(heading)] = self._column(name)
        return known

    @property
    def _may_be_grid(self) -> bool:
        """Whether indicators may have a column each instead of a row."""
        return any(column.name == "indicator" for column in self.form)

    def _column(self, text: str) -> str:
        """Return the column that a name or heading means."""
        for column in self.form:
            if fold(text) in (fold(column.name), *map(fold, column.headings)):
                return column.name
        raise RejectedError(_("There is no column “{name}”.").format(name=text[:60]), instead=self._columns())

    def _places(self, head: Sequence[Cell]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """Return where each column stands, and each indicator that has a column of its own."""
        known = self._known()
        places: dict[str, int] = {}
        others: list[int] = []
        for place, cell in enumerate(head):
            heading = _bare(cell)
            name = known.get(heading)
            if not heading or heading in PASSED_OVER or heading == fold(WRONG) or name == LEFT_OUT:
                continue
            if name is None:
                others.append(place)
            elif name in places:
                raise RejectedError(
                    _("The column “{heading}” is there twice.").format(heading=self._heading(name)),
                    instead=_("One of them is left out by {hint}.").format(hint=_hint(cell, LEFT_OUT)),
                )
            else:
                places[name] = place
        grid = self._grid(head, others) if self._may_be_grid and "indicator" not in places else []
        unknown = [place for place in others if place not in [place for _code, place in grid]]
        if unknown:
            raise self._unknown(head, unknown, {it: name for it, name in known.items() if name not in places})
        given = {*places, *self.given, *(("indicator", "value") if grid else ())}
        missing = [column.headings[0] for column in self.form if column.required and column.name not in given]
        if missing:
            raise RejectedError(
                _("The table has no column “{heading}”.").format(heading="”, “".join(missing)), instead=self._columns()
            )
        return list(places.items()), grid

    def _grid(self, head: Sequence[Cell], others: Sequence[int]) -> list[tuple[str, int]]:
        """Return the columns whose headings, or what they are called besides, name indicators."""
        besides = {fold(heading): fold(name) for heading, name in self.names.items()}
        grid = []
        for place in others:
            heading = _bare(head[place])
            code = self.indicators.get(besides.get(heading, heading))
            if code:
                grid.append((code, place))
        return grid

    def _unknown(self, head: Sequence[Cell], places: Sequence[int], free: Mapping[str, str]) -> RejectedError:
        # Where the heading is missing its cells are a member's own, and are not repeated.
        if sum(_bare(cell) in self._meant() for cell in head) < _FEWEST_KNOWN:
            return RejectedError(_("No line of the table is a heading that is known."), instead=self._columns())
        close = {heading: self._heading(name) for heading, name in free.items() if name != LEFT_OUT}
        if self._may_be_grid:
            close = {**self.indicators, **close}
        alike = [get_close_matches(_bare(head[place]), close, n=1) for place in places]
        columns = [close[found[0]] if found else LEFT_OUT for found in alike]
        # What two headings may be is neither's before somebody says so: "Họ đệm" and "Tên" are no "Họ và tên".
        hints = [
            _hint(head[place], column if columns.count(column) == 1 else LEFT_OUT)
            for place, column in zip(places, columns, strict=True)
        ]
        return RejectedError(
            _("Headings that are not known: {headings}.").format(
                headings=", ".join(f"“{normalised(text_of(head[place]))}”" for place in places)
            ),
            why=self._columns(),
            instead=_("Say what each is, or with “-” that it is not read: {hints}").format(hints=" ".join(hints)),
        )

    def _heading(self, name: str) -> str:
        return next(column.headings[0] for column in self.form if column.name == name)

    def _columns(self) -> str:
        return _("The columns are: {columns}.").format(columns=", ".join(column.headings[0] for column in self.form))


def _as_shown(cell: Cell, place: Place, percents: Collection[Place]) -> str:
    """Return a cell as it would have been typed; one that is shown as a percentage as such."""
    return percent_of(cell) if isinstance(cell, float) and place in percents else text_of(cell)


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


def _bare(cell: Cell) -> str:
    """Return a heading as it is looked up: folded, without the asterisk of a column that must be filled."""
    return fold(text_of(cell)).rstrip(" *")


def _hint(cell: Cell, column: str) -> str:
    """Return the option that says which column a heading is, as it is typed at a shell."""
    return f"--map {quote(f'{normalised(text_of(cell))}={column}')}"


def _period_of(cell: Any) -> str:
    """Write a period that a spreadsheet holds as a day: of 2024-06 it makes the first of June, and both are named."""
    return f"{cell:%Y-%m} / {cell:%d/%m/%Y}" if cell.day == 1 else f"{cell:%Y-%m-%d}"


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith(_MADE_HARMLESS) else text
