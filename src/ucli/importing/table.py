"""From a table of any layout to the rows of a form, each with the reason if it cannot be read."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain, islice

from ucli.errors import RejectedError, UcliError
from ucli.i18n import _, marked
from ucli.importing.cells import LEFT_ON, InputRow, letters_lost
from ucli.importing.columns import (
    FEWEST_KNOWN,
    FORMS,
    HEADING,
    LINE,
    REMARKS,
    WRONG,
    Columns,
    Headings,
    column_letters,
)
from ucli.importing.days import DAYS, Days
from ucli.importing.layout import Below, Notes, below_header, filled_down, header_of, without_footer
from ucli.importing.measures import unit_above
from ucli.importing.plans import Plan
from ucli.importing.reader import Line, area_of, lines_in, lines_of
from ucli.importing.sheets import ERROR, NO, NO_DAY, NOT_CALCULATED, YES, Facts, FormattedNumber
from ucli.sanitize import as_meant
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.members import says_left
from ucli.values.names import fold, normalised
from ucli.values.numbers import UNKNOWN, UNKNOWN_ALIASES
from ucli.values.periods import built_in
from ucli.values.quantities import STATED
from ucli.values.statements import SAYS_NOT_APPLICABLE
from ucli.values.targets import RANGE

# The office's name and a title may stand above the heading.
_MOST_LINES_ABOVE = 20

# What ucli's own lists, and offices in a grid, write where there is nothing.
_NOTHING = "—"
_DASHES = frozenset(("-", "–", _NOTHING))

# The columns that say whose a row is; and those that a merged cell may fill for several rows: no names or amounts.
_WHOSE = ("union", "unit", "parent")
_OF_MERGED = (*_WHOSE, "programme", "indicator", "period", "day", "admitted", "founded", "decision", "issuer", "source")

# How a column headed “Nam” or “Nữ” says yes.
_TICKS = ("x", "+", "1", "✓", "v")

# What is wrong with cells that hold no value.
_NO_VALUES = {
    NOT_CALCULATED: marked("Cell {cell} is a formula that was never calculated; open the file in Excel and save it."),
    YES: marked("Cell {cell} holds TRUE, which is neither text nor a number."),
    NO_DAY: marked("Cell {cell} holds a day that no calendar has."),
    NO: marked("Cell {cell} holds FALSE, which is neither text nor a number."),
}

# The columns that only ucli's own lists have.
_PARTS = {"part", "whole", "qualifier", "stated_qualifier", "kind", "target_kind", "target_upper", "target_percent"}
_PARTS |= {"value_status"}

_SAY_NOTHING = {STATED, RANGE, "so thuc hien", "trong khoang"}  # kinds that the number shows by itself
_DECIMAL_POINT = re.compile(r"(?<=[0-9])[.](?=[0-9])")


@dataclass
class InputTable:
    """A table, and how it is read."""

    plan: Plan  # the file, its kind, its headings and range
    indicators: Mapping[str, Indicator]  # by the folded headings that name them
    notes: Notes = field(default_factory=Notes)  # on how it was last read

    # Known once the heading is read.
    _header: list[str] = field(init=False)
    _columns: Columns = field(init=False)
    _facts: Facts = field(init=False)
    _remarks: list[int] = field(init=False)  # columns of remarks on members
    _filled: set[int] = field(init=False)  # columns of texts, read as the cell shows them: 0021

    def rows(self) -> Iterator[InputRow]:
        """Yield each row by column; from a grid a row for each cell that holds a value.

        Raises:
            RejectedError: the file cannot be read, or its heading has an unknown column or lacks one.

        """
        self.notes = notes = Notes()
        lines = self._below_heading()
        columns, units, grid = self._columns, self._columns.units, self._columns.grid
        notes["units"].extend(units.told())
        notes["beside"].extend(place + 1 for place in columns.beside)
        unheaded = [it for it, text in enumerate(self._header) if not text and it not in columns.name_parts]
        period = self.plan.given.get("period", "") if "period" in columns.places else ""
        is_parted = not _PARTS.isdisjoint(columns.places)
        days = Days(columns.places[it] for it in DAYS if it in columns.places)
        width, wrong, hidden = len(self._header), self._facts.wrong, self._facts.hidden
        for line in self._filled_down(without_footer(lines, columns, notes, wrong)):
            number, texts, cells = line
            if number in hidden:
                notes["hidden"].append(number)
            for place in [it for it in unheaded if it < len(texts) and texts[it]] if unheaded else ():
                notes["unheaded"].append(place + 1)
                unheaded.remove(place)
            if len(texts) < width:
                texts += [""] * (width - len(texts))
            text = "".join(texts)  # one text, in which anything unusual is found at once
            days.look_at(line, text)
            unclear = self._write_as_shown(line, columns.known) if FormattedNumber in map(type, cells) else ""
            units.write_into(texts)
            typed = self._typed(number, texts, text)
            values = {**self.plan.given, **typed} if self.plan.given else typed
            if period and values["period"] and not _is_same_period(values["period"], period):
                notes["own_period"].append(number)
            fault = wrong.get(number, "") or unclear or self._fault(line, text)
            if is_parted and not fault:
                values, fault = _put_together(self.plan.kind, values)
            if fault or not grid:
                yield InputRow(number, values, fault)
                continue
            for indicator, place in grid:
                if texts[place] and texts[place] not in _DASHES:
                    heading = normalised(self._header[place])
                    cell = {**values, HEADING: heading, "indicator": indicator.code, "value": texts[place]}
                    yield InputRow(number, cell, _failed(line, (place,)))
        notes["moved"], notes["turned"] = days.moved, days.turned()

    def last_line(self) -> int:
        """Return the approximate number of the last line, once reading has begun; 0 if unknown."""
        return self._facts.last_row or lines_in(self.plan.path)

    def _typed(self, number: int, texts: Sequence[str], text: str) -> dict[str, str]:
        """Return the texts of a row by column as they are meant: a dash is empty, a guard sign is dropped.

        `text` is the whole row.
        """
        columns = self._columns
        typed = {name: texts[place] for name, place in columns.places.items()}
        if columns.name_parts:
            parts = [texts[place] for place in columns.name_parts]
            typed["name"] = " ".join(filter(None, parts))
            if any(parts[1:]) and not self.notes["name_parts"]:
                self.notes["name_parts"].extend(place + 1 for place in columns.name_parts)
        filled = [(sex, texts[place]) for sex, place in columns.by_sex if texts[place]]
        if filled:
            # With both filled the row says neither, and is wrong.
            typed["sex"] = typed.get("sex") or " ".join(sex for sex, _text in filled)
            born = (cell for _sex, cell in filled if cell.lower() not in _TICKS)
            typed["born"] = " ".join(filter(None, (typed.get("born", ""), *born)))
        for place in self._remarks:
            if says_left(texts[place]) and not any(typed.get(it) for it in LEFT_ON):
                self.notes["left"].append(number)
        if "***" in text and typed.get("id_number", "").startswith("***"):
            typed["id_number"] = ""
            self.notes["masked"].append(number)
        if "'" in text or not _DASHES.isdisjoint(texts):
            return {name: "" if cell in _DASHES else as_meant(cell) for name, cell in typed.items()}
        return typed

    def wrong(self, faults: Iterable[tuple[int, str]]) -> Iterator[list[str]]:
        """Yield a heading, then the rows that could not be taken: what is wrong, the line, the row."""
        whats: dict[int, list[str]] = {}
        for number, what in faults:
            whats.setdefault(number, []).append(what)
        kept, self.notes = self.notes, Notes()  # what they note was reported when the rows were read
        lines = self._filled_down(self._below_heading())
        self.notes = kept
        # The table may itself be one of rejected rows: its own two columns are replaced.
        keep = [place for place, text in enumerate(self._header) if fold(text) not in (fold(WRONG), fold(LINE))]
        yield [WRONG, LINE, *(self._header[place] for place in keep)]
        for line in lines:
            number, texts, cells = line
            if number in whats:
                texts += [""] * len(self._header)
                self._write_as_shown(line, range(len(cells)))
                self._columns.units.write_into(texts)  # the line that stated them is not in this table
                yield [" ".join(whats[number]), str(number), *(texts[place] for place in keep)]

    def _below_heading(self) -> Iterator[Line]:
        """Read the heading and return the lines below it without, and noting, those that are no rows."""
        form, notes = FORMS[self.plan.kind], self.notes
        numbers = {column.name for column in form if column.flags & {"percent", "money"}}
        self._facts = Facts(sheets=notes["sheets"])
        headings = Headings(form, self.plan.names, self.plan.given, self.indicators)
        area = area_of(self.plan.area) if self.plan.area else None
        lines = lines_of(self.plan.path, self.plan.sheet, self._facts, headings.hits, self.plan.encoding, area)
        first = list(islice(lines, _MOST_LINES_ABOVE))
        if not first:
            raise RejectedError(_("The table {file} is empty.").format(file=self.plan.path))
        texts = [line[1] for line in first]
        self._header, upper, lower = header_of(texts, headings)
        if upper < lower:
            notes["heading"][:] = [first[upper][0], first[lower][0]]
        rest = chain(first[lower + 1 :], lines)
        below, next_line = below_header(self._header, rest, notes["between"])
        try:
            self._columns = headings.find(self._header, unit_above(texts[:upper], self._header))
        except RejectedError:
            # If no heading is known it may be any of these lines.
            heads = [self._header] if headings.hits(self._header) >= FEWEST_KNOWN else texts
            if lost := next(filter(None, (letters_lost(it, is_name=False) for it in chain(*heads))), None):
                raise lost from None
            raise
        places = self._columns.places
        remarks = [it for it, text in enumerate(self._header) if fold(text) in REMARKS]
        self._remarks = [it for it in remarks if it not in self._columns.known] if self.plan.kind == "members" else []
        texts_of = (it.name for it in form if "text" in it.flags and it.name not in numbers)
        self._filled = {places[name] for name in texts_of if name in places}
        is_of_one_unit = any(it in self.plan.given and it not in places for it in _WHOSE)
        notes["titles"][:] = [(number, " ".join(it).strip()) for number, it, _cells in first[:upper] if is_of_one_unit]
        titles = frozenset(fold(" ".join(it)) for it in texts[:upper]) | {fold(it) for it in self.plan.given.values()}
        found = Below(
            headings,
            texts[upper : lower + 1],
            below,
            titles,
            self._columns.needed,
            is_of_one_unit,
            notes["between"],
            self._facts.wrong,
        ).rows(chain(next_line, rest))
        of_merged = [place for name, place in places.items() if name in _OF_MERGED]
        if self._facts.merged:
            found = self._without_merged_values(found, {*self._columns.known} - {*of_merged})
            found = filled_down(found, self._facts.merged, of_merged, notes["merged"])
        return found

    def _without_merged_values(self, lines: Iterator[Line], places: Collection[int]) -> Iterator[Line]:
        """Yield lines; those below the first that share a name, amount or figure in a merged cell are wrong."""
        told = _("A cell is merged from line {line} on: type its value on each line, or delete this one.")
        until: dict[int, tuple[int, int]] = {}  # by column: first and last line of its merged cell
        for line in lines:
            number = line[0]
            until |= {place: (number, last) for place, last in self._facts.merged.get(number, ()) if place in places}
            above = min((first for first, last in until.values() if first < number <= last), default=0)
            if above:
                self._facts.wrong.setdefault(number, told.format(line=above))
            yield line

    def _filled_down(self, lines: Iterator[Line]) -> Iterator[Line]:
        """Fill empty cells from above if asked to; only once it is known which lines are rows."""
        whose = [self._columns.places[it] for it in _WHOSE if it in self._columns.places]
        is_asked = self.plan.fill_down and whose
        return filled_down(lines, {}, whose, self.notes["filled"], always=True) if is_asked else lines

    def _write_as_shown(self, line: Line, places: Iterable[int]) -> str:
        """Write numbers into a row as their cells show them, noting the columns; return a fault if one is unclear."""
        number, texts, cells = line
        for place in places:
            cell = cells[place] if place < len(cells) else None
            if not isinstance(cell, FormattedNumber):
                continue
            how = cell.how
            if not how.is_clear:
                told = _(
                    "Cell {cell} is shown in units that its number format changes; type the amount with its unit, as"
                    " text."
                )
                return told.format(cell=f"{column_letters(place + 1)}{number}")
            if place in self._filled:
                texts[place] = how.filled(cell) or texts[place]
                continue
            if shown := how.shown(cell, self._columns.units.at(place, texts)):
                texts[place] = shown
                if not how.percent and (place + 1, "") not in self.notes["formatted"]:
                    self.notes["formatted"].append((place + 1, ""))
        return ""

    def _fault(self, line: Line, text: str) -> str:
        """Return why a row cannot be read, or an empty text; `text` is all of it."""
        _number, texts, cells = line
        if len(texts) > len(self._header) and any(texts[len(self._header) :]):
            return _("The row has more cells than the heading: a separator within a text?")
        columns = self._columns
        if "#" in text or "Err:" in text:
            failed = _failed(line, (*columns.places.values(), *columns.name_parts[1:]))
            if failed:
                return failed
        period = columns.places.get("period", len(cells))
        day = cells[period] if period < len(cells) else None
        if isinstance(day, date) and day.day == 1:  # a spreadsheet makes this of 2024-06; or the day itself is meant
            return _(
                "The spreadsheet holds {day} as the period: type {month} for the month, or {iso} for that day, as text."
            ).format(day=date_text(day), month=f"{day:%Y-%m}", iso=f"{day:%Y-%m-%d}")
        if unit := columns.units.unknown(texts):
            told = _(
                "The unit “{unit}” is not known: write the number in full; money in đồng, nghìn, triệu or tỷ đồng."
            )
            return told.format(unit=unit[:40])
        return ""


def _failed(line: Line, places: Iterable[int]) -> str:
    """Say which cell of a row holds the error of a formula, if one does."""
    number, texts, _cells = line
    for place in places:
        if ERROR.fullmatch(texts[place]):
            cell = f"{column_letters(place + 1)}{number}"
            told = _NO_VALUES.get(texts[place], marked("Cell {cell} holds the error of a formula ({error})."))
            return _(told).format(cell=cell, error=texts[place])
    return ""


def _put_together(kind: str, values: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Return the values of a row, with the parts of a figure or target joined as typed; and a fault, or an empty text.

    The columns “ước thực hiện”, “ít nhất” and 7.000 of a list are “ước thực hiện ít nhất 7.000”. Percentages have a
    comma, or a point as in machine formats: 87,5 and 87.5.
    """
    said = dict(values)
    try:
        if kind == "figures":
            _figure(said)
        elif kind == "targets":
            _target(said)
        elif kind == "payouts":
            _payout(said)
        elif "name" in said:
            said["name"] = said["name"].lstrip("· ")  # the indentation of a tree
    except RejectedError as error:
        return said, error.what
    return said, ""


def _figure(said: dict[str, str]) -> None:
    value, percent = said.get("value", ""), said.get("stated_percent", "")
    if said.keys() >= {"part", "whole", "qualifier"}:  # in ucli's own lists 95 is 95%; in a spreadsheet 95% is 0.95
        percent = _percent(percent)
    share = [said.get(it, "") for it in ("part", "whole")]
    if any(share):
        _require_one(value)
        value = "/".join(share)
    kind = said.get("kind", "")
    if fold(kind) in SAYS_NOT_APPLICABLE:
        _require_one(value or percent)
        said["value"] = kind
        return
    if not value:
        value, percent = percent, ""
    said["value"] = _typed(kind, said.get("qualifier", ""), value)
    said["stated_percent"] = _typed(said.get("stated_qualifier", ""), percent)


def _target(said: dict[str, str]) -> None:
    value, upper = said.get("value", ""), said.get("target_upper", "")
    if percent := _percent(said.get("target_percent", "")):
        _require_one(value or upper)
        value = percent
    said["value"] = f"{value}-{upper}" if upper else _typed(said.get("target_kind", ""), value)


def _payout(said: dict[str, str]) -> None:
    """Set the amount to unknown where a list says so, in a column of its own beside 0."""
    status = fold(said.get("value_status", ""))
    if status not in ("", *UNKNOWN_ALIASES):
        raise RejectedError(_("Only “chưa rõ” is allowed here."))
    if status:
        _require_one(said.get("amount", "").lstrip("0"))
        said["amount"] = UNKNOWN


def _require_one(other: str) -> None:
    """Refuse a second value."""
    if other:
        raise RejectedError(_("Several columns give this value: keep one."))


def _typed(*texts: str) -> str:
    """Return a number behind the words or codes that a list has for it."""
    *words, number = texts
    said = [word.replace("-", " ") for word in words if word and fold(word) not in _SAY_NOTHING]
    return " ".join([*said, number]) if number else ""


def _percent(text: str) -> str:
    return f"{_DECIMAL_POINT.sub(',', text.removesuffix('%'))}%" if text else ""


@cache
def _is_same_period(one: str, other: str) -> bool:
    """Tell whether two texts mean one period: T7/2025 is 2025-07."""
    try:
        return one == other or built_in(one) == built_in(other) is not None
    except UcliError:
        return False
