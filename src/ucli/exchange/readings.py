"""From a table of any layout to rows of a form: which column is which, wherever the heading stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import RejectedError
from ucli.exchange.feet import is_numbering, without_foot
from ucli.exchange.forms import FORMS, PASSED_OVER, WRONG, Form
from ucli.exchange.percents import percent_cells, percent_of
from ucli.exchange.tables import Cell, Line, lines_of, text_of
from ucli.language import _
from ucli.vietnamese.names import fold

# A title and an office's name may stand above the heading.
_MOST_LINES_ABOVE = 20

# How a text that a spreadsheet would run is written, here and elsewhere: with a quotation mark before it.
_MADE_HARMLESS = ("'=", "'+", "'-", "'@")

Indicators = Callable[[str], str | None]  # from a heading to the code of the indicator it names, if it is one
Told = Callable[[Sequence[int]], None]  # what is said of lines, by their numbers


class Reading(NamedTuple):
    """How a table is read.

    Args:
        path: the file.
        kind: whose form it is.
        names: what columns are called besides, by their headings.
        given: what is said of all rows at once, by column.
        sheet: which sheet of a workbook.
        indicators: what headings name indicators, where a table has a column for each.
        foot_told: called with the lines under the table, which are a total or signatures and no rows.

    """

    path: Path
    kind: str
    names: Mapping[str, str] = {}
    given: Mapping[str, str] = {}
    sheet: str | None = None
    indicators: Indicators = lambda _heading: None
    foot_told: Told = lambda _lines: None

    @property
    def form(self) -> Form:
        return FORMS[self.kind]

    def rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Yield what stands in each row, by column; of a grid once for each cell that holds a value.

        Raises:
            RejectedError: the file cannot be read, its heading names a column that is not known, or lacks one.

        """
        head, lines = self._begun()
        places, grid = self._places(head)
        names = [name for name, _place in places]
        period = dict(places).get("period", len(head))
        shares = [place for name, place in places if name in self._shares] + [place for _code, place in grid]
        percents = percent_cells(self.path, self.sheet) if shares else frozenset()
        needed = [place for name, place in places if name in self._required]
        for number, cells in without_foot(lines, needed, [place for _name, place in places + grid], self.foot_told):
            texts = [cell if cell.__class__ is str else text_of(cell) for cell in cells]
            if period < len(cells) and isinstance(cells[period], date):
                texts[period] = _period_of(cells[period])
            if len(texts) < len(head):
                texts += [""] * (len(head) - len(texts))
            if percents:
                for place in shares:
                    if (number, place + 1) in percents and isinstance(share := cells[place], float):
                        texts[place] = percent_of(share)
            typed = [_unquoted(texts[place].strip()) for _name, place in places]
            values = {**self.given, **dict(zip(names, typed, strict=True))}
            for code, place in grid:
                if texts[place]:
                    yield number, {**values, "indicator": code, "value": texts[place]}
            if not grid:
                yield number, values

    def wrong(self, faults: Mapping[int, str]) -> Iterator[list[str]]:
        """Yield the heading and the rows that could not be taken, each with what is wrong with it."""
        head, lines = self._begun()
        keep = [place for place, cell in enumerate(head) if fold(text_of(cell)) != fold(WRONG)]
        yield [*(text_of(head[place]) for place in keep), WRONG]
        for number, cells in lines:
            if number in faults:
                texts = [text_of(cell) for cell in cells] + [""] * len(head)
                yield [*(texts[place] for place in keep), faults[number]]

    def _begun(self) -> tuple[Sequence[Cell], Iterator[Line]]:
        """Return the heading and the lines below it."""
        lines = lines_of(self.path, self.sheet)
        first = list(islice(lines, _MOST_LINES_ABOVE))
        if not first:
            raise RejectedError(_("The table {file} is empty.").format(file=self.path))
        known = self._known()
        hits = [sum(fold(text_of(cell)).rstrip(" *") in known for cell in cells) for _number, cells in first]
        place = hits.index(max(hits)) if max(hits) > 1 else 0
        below = chain(first[place + 1 :], lines)
        after = next(below, None)
        return first[place][1], below if after is None or is_numbering(after[1]) else chain((after,), below)

    @property
    def _required(self) -> list[str]:
        return [column.name for column in self.form if column.required]

    @property
    def _shares(self) -> list[str]:
        return [column.name for column in self.form if column.may_be_percent]

    def _known(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for column in self.form:
            for heading in (*column.headings, column.name):
                known.setdefault(fold(heading), column.name)
        return known | {fold(heading): self._column(name) for heading, name in self.names.items()}

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
            heading = fold(text_of(cell)).rstrip(" *")
            if not heading or heading in PASSED_OVER or heading == fold(WRONG):
                continue
            if heading not in known:
                others.append(place)
            elif known[heading] in places:
                raise RejectedError(
                    _("The column “{heading}” is there twice.").format(heading=self._heading(known[heading]))
                )
            else:
                places[known[heading]] = place
        grid = self._grid(head, others, known) if "indicator" not in places else []
        if others and not grid:
            raise self._unknown(head[others[0]], others[0], known)
        for column in self.form:
            is_there = column.name in places or column.name in self.given
            if column.required and not is_there and not (grid and column.name in ("indicator", "value")):
                raise RejectedError(
                    _("The table has no column “{heading}”.").format(heading=column.headings[0]),
                    instead=self._columns(),
                )
        return list(places.items()), grid

    def _grid(self, head: Sequence[Cell], others: Sequence[int], known: Mapping[str, str]) -> list[tuple[str, int]]:
        grid = [(self.indicators(text_of(head[place])), place) for place in others]
        if not any(code for code, _place in grid):
            return []
        for code, place in grid:
            if code is None:
                raise self._unknown(head[place], place, known)
        return [(str(code), place) for code, place in grid]

    def _unknown(self, cell: Cell, place: int, known: Mapping[str, str]) -> RejectedError:
        close = get_close_matches(fold(text_of(cell)), known, n=1)
        return RejectedError(
            # Where the heading is missing it is a member's own: the cell is not repeated.
            _("The heading of column {number} is not known.").format(number=place + 1),
            why=_("Did you mean {names}?").format(names=self._heading(known[close[0]])) if close else None,
            instead=self._columns(),
        )

    def _heading(self, name: str) -> str:
        return next(column.headings[0] for column in self.form if column.name == name)

    def _columns(self) -> str:
        return _("The columns are: {columns}.").format(columns=", ".join(column.headings[0] for column in self.form))


def _period_of(cell: Any) -> str:
    """Write a period that a spreadsheet holds as a day: of 2024-06 it makes the first of June, and both are named."""
    return f"{cell:%Y-%m} / {cell:%d/%m/%Y}" if cell.day == 1 else f"{cell:%Y-%m-%d}"


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith(_MADE_HARMLESS) else text
