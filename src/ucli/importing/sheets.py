"""What every reader of workbooks gives and none may exceed: the cells of a sheet, what it says besides, the bounds."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import isfinite
from typing import Any

from ucli.errors import UcliError
from ucli.importing.measures import PLAIN, NumberFormat

# What an office's list never is: beyond it a reader would take all memory.
MOST_CELLS = 20_000_000
MOST_BYTES = 512 << 20
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
MOST_SHEETS = 10_000
LONGEST_TEXT = 70_000  # of a cell: Excel keeps 32,767 letters, LibreOffice 65,535
LONGEST_ROW = 2_000_000  # of all texts of a row

# What a spreadsheet shows where a formula failed, also in the CSV it writes.
ERROR = re.compile(r"#(?:N/A|GETTING_DATA|[A-Z0-9/_]+[!?])|Err:\d{3}")
# What stands in a cell whose formula was never calculated, as Excel writes errors.
NOT_CALCULATED = "#FORMULA?"
# What stands for a cell that holds no text and no number that could be one: it is no value, as an error is none.
YES, NO = "#TRUE!", "#FALSE!"
NO_DAY = "#DAY!"  # a number shown as a day that no calendar has
_MOST_KEPT = 1 << 16
_SECONDS_OF_A_DAY = 24 * 60 * 60
_DAY_THAT_NEVER_WAS = 60  # 29 February 1900, which Excel counts
_SHOWN_AS = {"month": "%Y-%m", "year": "%Y"}
_FIRST_DAYS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}

Cells = Sequence[object]  # texts, numbers, days, truths, and "" for nothing


class TooLargeError(ValueError):
    """A file holds more than any list does, or something stands further away."""


class Shown(float):
    """A number that its cell shows otherwise than it is kept."""

    __slots__ = ("how",)
    how: NumberFormat


class Memo(dict[Any, Any]):
    """What a function returns, or raises as an error of ours, asked once for each argument; some of it is known."""

    def __init__(self, read: Callable[[Any], object], known: Mapping[Any, object] | None = None) -> None:
        super().__init__(known or {})
        self._read, self._known = read, known or {}
        self._wrong: dict[Any, UcliError] = {}

    def __missing__(self, key: object) -> object:
        if key in self._wrong:
            raise self._wrong[key]
        if len(self) > _MOST_KEPT or len(self._wrong) > _MOST_KEPT:
            self.clear()
            self.update(self._known)
            self._wrong.clear()
        try:
            self[key] = found = self._read(key)
        except UcliError as error:
            self._wrong[key] = error
            raise
        return found


@dataclass(slots=True)
class Facts:
    """What a sheet says beside the values of its cells; known when the row is that they are about."""

    # Where none was named: the one that is read, then the others that are shown and not empty.
    sheets: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # rows that are not shown: by a filter, or because somebody hid them
    wrong: dict[int, str] = field(default_factory=dict)  # rows that cannot be told apart from others, and why
    last_row: int = 0  # or about that; 0 where it is not known before it is read
    # {2: {(0, 4)}}: by their first row the column, from 0, and the last row of cells that are merged over rows.
    merged: dict[int, dict[tuple[int, int], None]] = field(default_factory=dict)

    def note_merged(self, top: int, left: int, bottom: int) -> None:
        """Note a range of merged cells, its rows from 1 and its column from 0, if it goes over several rows."""
        if bottom > top:
            ranges = self.merged.setdefault(top, {})
            ranges[left, bottom] = None
            if len(ranges) > MOST_COLUMNS or len(self.merged) > MOST_ROWS:
                raise TooLargeError


@lru_cache(maxsize=1 << 16)
def day_of_number(number: float, days: str, *, from_1904: bool) -> object:
    """Return the day, the moment or the time that a number is; an error where it is none.

    A first day of which only the month or the year is shown is what a program made of 5/2024: no day, but that text.
    """
    if not 0 <= number < 2_958_466 or (int(number) == _DAY_THAT_NEVER_WAS and not from_1904 and days != "duration"):
        return NO_DAY
    if days == "duration":
        return timedelta(seconds=round(number * _SECONDS_OF_A_DAY))
    seconds = round((number - int(number)) * _SECONDS_OF_A_DAY)
    if number < 1 and not from_1904:
        return time(seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    first = _FIRST_DAYS[from_1904] + timedelta(days=number < _DAY_THAT_NEVER_WAS and not from_1904)
    try:
        day = first + timedelta(days=int(number))
        moment = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001  of no time zone
    except OverflowError:
        return NO_DAY
    if days in _SHOWN_AS and day.day == 1 and (days == "month" or day.month == 1):
        return day.strftime(_SHOWN_AS[days])
    return moment if seconds else day


def number_shown(number: float, how: NumberFormat, *, from_1904: bool = False) -> object:
    """Return what stands in a cell that holds a number."""
    if how == PLAIN:
        return number
    if how.days:
        return day_of_number(number, how.days, from_1904=from_1904)
    shown = Shown(number)
    shown.how = how
    return shown


def day_of_text(text: str) -> object:
    """Return the day or moment that a file writes as a text, 2024-05-12T00:00:00; the text itself where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text


def error_of(text: str) -> str:
    """Return the error of a cell from its text, where that is one that programs write."""
    return text if ERROR.fullmatch(text) else "#ERROR!"


def number_of(text: str) -> float | None:
    """Return the number that a file writes as a text, if it is one."""
    with suppress(ValueError):
        if "_" not in text and isfinite(number := float(text)):  # Python reads 1_000, no program writes it
            return number
    return None


def require_near(row: int, width: int) -> None:
    """Refuse a row that stands further away, or is wider, than those of any list."""
    if row > MOST_ROWS or width > MOST_COLUMNS or row * width > MOST_CELLS:
        raise TooLargeError


def widened(cells: list[object], column: int) -> list[object]:
    """Return the cells of a row up to a column, from 0, that nothing stands in yet."""
    if column < len(cells) or column >= MOST_COLUMNS:
        raise (TooLargeError if column >= MOST_COLUMNS else ValueError)
    cells.extend([""] * (column - len(cells)))
    return cells
