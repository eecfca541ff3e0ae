"""Which column of a form each heading of a table is, and what to type for those that are not known."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from shlex import quote
from typing import NamedTuple

from ucli.errors import RejectedError, UsageError
from ucli.i18n import _
from ucli.importing.forms import LAST_PART, NOT_TAKEN_IN, PARTS_OF_A_NAME, PASSED_OVER, UNIT_OF_ROW, Form
from ucli.importing.sheets import column_letters
from ucli.importing.tables import Cell, text_of
from ucli.importing.units import Units, is_unknown_unit, unit_of, without_unit
from ucli.values.names import fold, normalised

# Fewer headings that are known may be chance.
FEWEST_KNOWN = 2

# Instead of a column's name: that it is not read.
LEFT_OUT = "-"

_WORDS_OF_MONEY = ("so tien", "kinh phi")

Places = list[tuple[str, int]]


class Headings(NamedTuple):
    """What the headings of a table can mean.

    Args:
        form: the columns that there are.
        names: what columns are called besides, by their headings; `LEFT_OUT` for one that is not read.
        given: the columns that are said of all rows at once.
        indicators: codes of indicators by the folded headings that name them.
        money: the codes of those that are amounts.

    """

    form: Form
    names: Mapping[str, str]
    given: Mapping[str, str]
    indicators: Mapping[str, str]
    money: frozenset[str]

    def hits(self, cells: Sequence[Cell]) -> int:
        """Return how many cells of a line are headings that mean something."""
        meant = self._meant()
        return sum(_looked_up(cell, meant) in meant for cell in cells)

    def places(self, head: Sequence[Cell]) -> tuple[Places, Places]:
        """Return where each column stands, and each indicator that has a column of its own.

        Raises:
            RejectedError: a heading that is not known, a column that is there twice, or one that is missing.
            UsageError: a heading is called something besides, and is not there.

        """
        self._require_named(head)
        known, meant = self._known(), self._meant()
        parts = self.parts_of_name(head)
        if LAST_PART not in self._mapped and any(_bare(cell) in PARTS_OF_A_NAME for cell in head):
            known.pop(LAST_PART, None)
        passed_over = {*PASSED_OVER} - self._mapped
        places: dict[str, int] = {}
        others: list[int] = []
        for place, cell in enumerate(head):
            heading = _looked_up(cell, meant)
            found = ("name",) if place in parts[:1] else known.get(heading, ())
            if not heading or place in parts[1:] or heading in passed_over or LEFT_OUT in found:
                continue
            free = [name for name in found if name not in places]
            if not found:
                others.append(place)
            elif free:
                places[free[0]] = place
            else:
                raise self._twice(head, place, places[found[0]], self._heading(found[0]))
        grid = self._grid(head, others) if self._may_be_grid and "indicator" not in places else []
        unknown = [place for place in others if place not in [place for _code, place in grid]]
        if unknown:
            raise self._unknown(head, unknown, places)
        given = {*places, *self.given, *(("indicator", "value") if grid else ())}
        missing = [column.headings[0] for column in self.form if column.required and column.name not in given]
        if missing:
            raise RejectedError(
                _("The table has no column “{heading}”.").format(heading="”, “".join(missing)), instead=self._columns()
            )
        return list(places.items()), grid

    def _require_named(self, head: Sequence[Cell]) -> None:
        """Refuse what headings are called besides, where they are not in the table; what is no heading is not told."""
        meant = self._meant()
        there = {_looked_up(cell, meant) for cell in head}
        idle = [heading for heading in self.names if fold(heading) not in there]
        if idle and self.hits(head) >= FEWEST_KNOWN:
            raise UsageError(
                _("The table has no heading “{heading}”, which --map names.").format(heading="”, “".join(idle)),
                instead=_("Its headings are: {headings}.").format(
                    headings=", ".join(f"“{text}”" for cell in head if (text := normalised(text_of(cell))))
                ),
            )

    def parts_of_name(self, head: Sequence[Cell]) -> list[int]:
        """Return the columns that a person's name is put together from, in the order of the name.

        They are “Họ đệm” and “Tên”, or the two that stand under one heading. None where one column holds the name.
        """
        column = next((it for it in self.form if it.may_be_split), None)
        if column is None:
            return []
        known, headings = self._known(), [_bare(cell) for cell in head]
        whole = [place for place, it in enumerate(headings) if it != LAST_PART and column.name in known.get(it, ())]
        if whole:
            beside = whole[0] + 1
            return [whole[0], beside] if beside < len(head) and not headings[beside] else []
        first, last = (
            [place for place, it in enumerate(headings) if it in those and it not in self._mapped]
            for those in (PARTS_OF_A_NAME, (LAST_PART,))
        )
        return first + last if first and last else []

    def units(self, head: Sequence[Cell], places: Places, grid: Places, above: str) -> Units:
        """Return in which units the columns of money are.

        Args:
            head: the headings.
            places: where each column stands.
            grid: where each indicator stands that has a column of its own.
            above: the unit that stands above the table for all of it.

        """
        amounts = [place for name, place in places if name in self._money_columns] + [place for _code, place in grid]
        own = {place: self._unit(head[place]) for place in amounts}
        of = {place: unit for place, unit in own.items() if unit}
        at = dict(places)
        listed = None
        if above:
            below = [place for name, place in places if name in self._money_columns and name != "value"]
            below += [place for code, place in grid if code in self.money]
            of |= {place: above for place in below if own[place] is None}
            if "value" in at and "indicator" in at and own[at["value"]] is None:
                listed = at["indicator"], at["value"]
        others = frozenset(name for name, code in self.indicators.items() if code not in self.money)
        of_row = [place for place, cell in enumerate(head) if _bare(cell) in {*UNIT_OF_ROW} - self._mapped]
        return Units(of, listed, above, others, {place: of_row[0] for place in amounts if of_row})

    def _unit(self, cell: Cell) -> str | None:
        """Return the unit of money in a heading; the measure of an indicator that is no amount is none.

        Raises:
            RejectedError: it names a unit that is not known.

        """
        heading = _bare(cell)
        if self.indicators.get(heading) not in (None, *self.money):
            return None
        unit = unit_of(heading)
        if unit is None and is_unknown_unit(heading):
            raise RejectedError(
                _("The unit in the heading “{heading}” is not known.").format(heading=normalised(text_of(cell))),
                instead=_("In the table write đồng, nghìn đồng, triệu đồng or tỷ đồng, with amounts that are in it."),
            )
        return unit

    @property
    def _money_columns(self) -> list[str]:
        return [column.name for column in self.form if column.may_be_money]

    @property
    def _mapped(self) -> set[str]:
        return set(map(fold, self.names))

    def _meant(self) -> set[str]:
        """Return every heading that means something, of a column or of an indicator."""
        return {*self._known(), *self._mapped, *(self.indicators if self._may_be_grid else ())}

    def _known(self) -> dict[str, tuple[str, ...]]:
        """Return what headings mean; one that may be two columns is the first of them that is not there yet."""
        known: dict[str, tuple[str, ...]] = {}
        for column in self.form:
            for heading in (*column.headings, column.name):
                known[fold(heading)] = (*known.get(fold(heading), ()), column.name)
        for heading, name in self.names.items():
            if name == LEFT_OUT:
                known[fold(heading)] = (LEFT_OUT,)
            elif not (self._may_be_grid and fold(name) in self.indicators):
                known[fold(heading)] = (self._column(name),)
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

    def _grid(self, head: Sequence[Cell], others: Sequence[int]) -> Places:
        """Return the columns whose headings, or what they are called besides, name indicators."""
        besides = {fold(heading): fold(name) for heading, name in self.names.items()}
        meant = self._meant()
        grid = []
        for place in others:
            heading = _looked_up(head[place], meant)
            code = self.indicators.get(besides.get(heading, heading))
            if code:
                grid.append((code, place))
        return grid

    def _twice(self, head: Sequence[Cell], place: int, first: int, heading: str) -> RejectedError:
        # What is mapped is a heading, and so every column that has it.
        columns = f"{column_letters(first + 1)}, {column_letters(place + 1)}"
        is_same = _bare(head[place]) == _bare(head[first])
        return RejectedError(
            _("The column “{heading}” is there twice: {columns}.").format(heading=heading, columns=columns),
            instead=_("In the table give the one that is not meant another heading; --map leaves that out.")
            if is_same
            else _("One of them is left out by {hint}.").format(hint=_hint(head[place], LEFT_OUT)),
        )

    def _unknown(self, head: Sequence[Cell], unknown: Sequence[int], there: Mapping[str, int]) -> RejectedError:
        # Where the heading is missing its cells are a member's own, and are not repeated.
        if self.hits(head) < FEWEST_KNOWN:
            return RejectedError(_("No line of the table is a heading that is known."), instead=self._columns())
        columns = [self._alike(head[place], there) for place in unknown]
        # What two headings may be is neither's before somebody says so: "Họ đệm" and "Tên" are no "Họ và tên".
        hints = [
            _hint(head[place], column if columns.count(column) == 1 else self._nothing(head[place]))
            for place, column in zip(unknown, columns, strict=True)
        ]
        return RejectedError(
            _("Headings that are not known: {headings}.").format(
                headings=", ".join(f"“{normalised(text_of(head[place]))}”" for place in unknown)
            ),
            why=self._columns(),
            instead=_("Say what each is, or with “-” that it is not read: {hints}").format(hints=" ".join(hints)),
        )

    def _alike(self, cell: Cell, there: Mapping[str, int]) -> str:
        """Return the column or indicator that a heading is most like; one with a unit of money only an amount."""
        heading = _bare(cell)
        if heading in (*NOT_TAKEN_IN, *PARTS_OF_A_NAME):
            return LEFT_OUT
        is_money = unit_of(heading) is not None
        columns = {it: names[0] for it, names in self._known().items() if names[0] not in (*there, LEFT_OUT)}
        close = {it: self._heading(name) for it, name in columns.items() if not is_money or name in self._money_columns}
        if self._may_be_grid and "indicator" not in there:
            amounts = {it: code for it, code in self.indicators.items() if not is_money or code in self.money}
            close = {**amounts, **close}
        found = get_close_matches(without_unit(heading) if is_money else heading, close, n=1)
        return close[found[0]] if found else self._nothing(cell)

    def _nothing(self, cell: Cell) -> str:
        """Return what is suggested for a heading that is like none: amounts are not to be passed over."""
        heading = _bare(cell)
        is_money = unit_of(heading) is not None or any(word in heading for word in _WORDS_OF_MONEY)
        return _("COLUMN") if is_money else LEFT_OUT

    def _heading(self, name: str) -> str:
        return next(column.headings[0] for column in self.form if column.name == name)

    def _columns(self) -> str:
        return _("The columns are: {columns}.").format(columns=", ".join(column.headings[0] for column in self.form))


def _bare(cell: Cell) -> str:
    """Return a heading as it is looked up: folded, without the asterisk of a column that must be filled."""
    return fold(text_of(cell)).rstrip(" *")


def _looked_up(cell: Cell, meant: set[str]) -> str:
    """Return a heading as it is looked up; if it means nothing so, without its unit of money."""
    heading = _bare(cell)
    return heading if heading in meant else without_unit(heading)


def _hint(cell: Cell, column: str) -> str:
    """Return the option that says which column a heading is, as it is typed at a shell."""
    return f"--map {quote(f'{normalised(text_of(cell))}={column}')}"
