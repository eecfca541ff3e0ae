"""What the readers of workbooks share: the values of cells, facts about a sheet, and bounds that none may exceed."""

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

# Beyond these no office's list goes, and a reader might exhaust memory.
MOST_CELLS = 20_000_000
MOST_BYTES = 512 << 20
MOST_COLUMNS, MOST_ROWS = 16_384, 1_048_576
MOST_SHEETS = 10_000
LONGEST_TEXT = 70_000  # of a cell: Excel keeps 32,767 letters, LibreOffice 65,535
LONGEST_ROW = 2_000_000  # of all texts of a row together

# What a spreadsheet shows, and writes into CSV, where a formula failed.
ERROR = re.compile(r"#(?:N/A|GETTING_DATA|[A-Z0-9/_]+[!?])|Err:\d{3}")
# The value of a cell whose formula was never calculated, spelt like Excel's errors.
NOT_CALCULATED = "#FORMULA?"
# The values of cells that hold a truth; like errors, they are no values that could be recorded.
YES, NO = "#TRUE!", "#FALSE!"
NO_DAY = "#DAY!"  # a number shown as a day that does not exist
_MOST_KEPT = 1 << 16
_SECONDS_OF_A_DAY = 24 * 60 * 60
_DAY_THAT_NEVER_WAS = 60  # 29 February 1900, a day in Excel only
_SHOWN_AS = {"month": "%Y-%m", "year": "%Y"}
_FIRST_DAYS = {False: date(1899, 12, 30), True: date(1904, 1, 1)}

Cells = Sequence[object]  # texts, numbers, days, truths, and "" for nothing


class TooLargeError(ValueError):
    """A file holds more than any list would, or a cell lies too far away."""


class FormattedNumber(float):
    """A number with a number format that changes how it reads."""

    __slots__ = ("how",)
    how: NumberFormat


class Memo(dict[Any, Any]):
    """A cache of a function's values and of the errors of ours it raises; `known` values are there from the start."""

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
    """What a sheet says beside the values of its cells; a fact about a row is known once the row is read."""

    # Where none was named: the one that is read, then the others that are visible and not empty.
    sheets: list[str] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)  # rows hidden by a filter or by hand
    wrong: dict[int, str] = field(default_factory=dict)  # by row: why it cannot be read
    last_row: int = 0  # approximately; 0 where it is not known beforehand
    # Cells merged over rows: by first row the column, from 0, and the last row.
    merged: dict[int, dict[tuple[int, int], None]] = field(default_factory=dict)

    def note_merged(self, top: int, left: int, bottom: int) -> None:
        """Note merged cells, rows from 1 and column from 0, if they span several rows."""
        if bottom > top:
            ranges = self.merged.setdefault(top, {})
            ranges[left, bottom] = None
            if len(ranges) > MOST_COLUMNS or len(self.merged) > MOST_ROWS:
                raise TooLargeError


@lru_cache(maxsize=1 << 16)
def day_of_number(number: float, days: str, *, from_1904: bool) -> object:
    """Return the day, moment or time that a number stands for; `NO_DAY` if none.

    A first day of which only the month or year is shown is what a program made of 5/2024: that text is returned.
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
    """Return the value of a cell that holds a number."""
    if how == PLAIN:
        return number
    if how.days:
        return day_of_number(number, how.days, from_1904=from_1904)
    shown = FormattedNumber(number)
    shown.how = how
    return shown


def day_of_text(text: str) -> object:
    """Parse a day or moment such as 2024-05-12T00:00:00; return the text itself if it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text


def error_of(text: str) -> str:
    """Return the error that a cell's text names, if it is one that programs write."""
    return text if ERROR.fullmatch(text) else "#ERROR!"


def number_of(text: str) -> float | None:
    """Parse a number as files hold it; None if it is none."""
    with suppress(ValueError):
        if "_" not in text and isfinite(number := float(text)):  # Python would accept 1_000
            return number
    return None


def require_near(row: int, width: int) -> None:
    """Refuse a row further down, or wider, than any list has."""
    if row > MOST_ROWS or width > MOST_COLUMNS or row * width > MOST_CELLS:
        raise TooLargeError


def widened(cells: list[object], column: int) -> list[object]:
    """Return the cells of a row, extended with empty ones up to a column, from 0, that is not filled yet."""
    if column < len(cells) or column >= MOST_COLUMNS:
        raise (TooLargeError if column >= MOST_COLUMNS else ValueError)
    cells.extend([""] * (column - len(cells)))
    return cells
