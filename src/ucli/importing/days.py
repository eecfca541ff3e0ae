"""Days in tables: more spellings than people type, with times, or made by a program out of something else."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta

from ucli.errors import RejectedError, UcliError
from ucli.i18n import _
from ucli.importing.reader import Line
from ucli.values.dates import parse_date

# The columns that hold days.
DAYS = ("admitted", "born", "left", "retired", "left_work", "moved_away", "died", "day", "founded", "ended", "received")

_TIMED = re.compile(
    r"(?P<day>.*?[0-9])(?:T|,?\s+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?:\s*(?P<half>SA|CH))?"
    r"\s*(?P<zone>Z|UTC|GMT|(?P<sign>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2}))?",
    re.IGNORECASE,
)
_DAY_OF_THE_WEEK = re.compile(
    r"^(?:chủ nhật|cn|thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|t[2-7]|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tue|wed|thu|fri|sat|sun)\s*[,.:]?\s+(?=\S)",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<=\d)\s*([/.-])\s*(?=\d)")
_NO_SEPARATORS = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_DAY_OF_TEXT = re.compile(r"\s*([0-9]{1,2})\s*[/.-]\s*[0-9]{1,2}\s*[/.-]\s*[0-9]{4}\b")
_TWO_DIGITS = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}")
_MONTH_FIRST = re.compile(r"(?:0?[1-9]|1[0-2])[/.-](?:1[3-9]|2\d|3[01])[/.-][0-9]{4}\b.*")
_NO_DAY = re.compile(
    r"[0-9]{1,2}[/.-][0-9]{4}|[0-9]{4}[/.-][0-9]{1,2}|(?:tháng )?[0-9]{1,2} năm [0-9]{4}", re.IGNORECASE
)
_YEAR = re.compile(r"[12][0-9]{3}")
_MINUTES_OF_A_DAY = 24 * 60
_HOURS_OF_VIETNAM = 7
_LAST_MONTH = 12  # up to here a day may really be a month
# What a number like 1988 becomes in a cell that shows days, counted from 1900 or from 1904.
_YEARS_OF_NUMBERS = (1905, 1909)


def day_of(text: str) -> date:
    """Read a day; a time shortly before midnight, here or in UTC, makes it the next day."""
    day = _read(text)
    if day.year in _YEARS_OF_NUMBERS:
        raise RejectedError(why_no_day(text))
    return day


def _read(text: str) -> date:
    text = _SPACED.sub(r"\1", _DAY_OF_THE_WEEK.sub("", text.strip(), count=1))
    if whole := _NO_SEPARATORS.fullmatch(text):
        text = "-".join(whole.groups())
    found = _TIMED.fullmatch(text)
    day = parse_date(found["day"] if found else text)
    return day + timedelta(days=_days_later(found, day)) if found else day


def _days_later(found: re.Match[str], day: date) -> int:
    """Return 1 where a moment stands for the next day: programs write days as midnights of some time zone."""
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].upper() == "CH" else 0)
    minutes = 60 * hour + int(found["minute"])
    if found["zone"]:
        own = 60 * int(found["hours"]) + int(found["minutes"]) if found["sign"] else 0
        minutes += 60 * _HOURS_OF_VIETNAM + (own if found["sign"] == "-" else -own)
    # 17:00 UTC is midnight in Việt Nam; until 1975 16:00 UTC was, in the south.
    elif 16 * 60 + 50 <= minutes <= 17 * 60 or (day.year < 1976 and minutes == 16 * 60):
        return 1
    return (minutes + 10) // _MINUTES_OF_A_DAY


def why_no_day(text: str) -> str:
    """Say what a text lacks to be a day."""
    if _TWO_DIGITS.fullmatch(text):
        return _("The year has two digits: type all four.")
    if _MONTH_FIRST.fullmatch(text):
        return _("The month comes first: other days of this column may be swapped too; correct them all.")
    if _NO_DAY.fullmatch(text):
        return _("It is a month without a day.")
    if _YEAR.fullmatch(text):  # often all that an office knows
        return _("It is only a year; leave the cell empty where the day is not known.")
    with suppress(UcliError):
        if _read(text).year in _YEARS_OF_NUMBERS:
            return _("The cell holds only a year, which the spreadsheet shows as a day: type the day.")
    return ""


class Days:
    """Watches the columns of days for faults that only many cells together show."""

    def __init__(self, places: Iterable[int]) -> None:
        self._places = [*places]
        self.moved: list[int] = []  # lines whose day is read as the next one
        self._turned: dict[int, list[int]] = {
            it: [] for it in self._places
        }  # by column that may have days and months swapped: the lines concerned
        self._typed: set[int] = set()  # columns that also hold days as text, all of them after the 12th

    def look_at(self, line: Line, text: str) -> None:
        """Look at a line; `text` is all of it, in which a colon is found at once."""
        if ":" in text:
            self._look_at_times(line)
        if self._turned:
            self._look_at_months(line)

    def _look_at_months(self, line: Line) -> None:
        number, texts, cells = line
        for place in [*self._turned]:
            cell = cells[place] if place < len(cells) else None
            if isinstance(cell, date):
                can_be = cell.day <= _LAST_MONTH
                if cell.day != cell.month:
                    self._turned[place].append(number)
            elif cell and (found := _DAY_OF_TEXT.match(texts[place])):
                can_be = int(found[1]) > _LAST_MONTH
                self._typed.add(place)
            else:
                continue
            if not can_be:
                del self._turned[place]

    def _look_at_times(self, line: Line) -> None:
        number, texts, cells = line
        for place in self._places:
            if place < len(cells) and cells[place] and (timed := _TIMED.fullmatch(texts[place])):
                with suppress(UcliError):
                    if _days_later(timed, parse_date(timed["day"])) > 0 and self.moved[-1:] != [number]:
                        self.moved.append(number)

    def turned(self) -> list[int]:
        """Return the lines whose day and month a program seems to have swapped.

        It turns what can be read month first into real days, and leaves the rest as text.
        """
        return sorted({it for place in self._typed & self._turned.keys() for it in self._turned[place]})
