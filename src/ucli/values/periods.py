"""Windows: a first and a last day with a code; whatever is dated falls in by its day.

The union's statistical year closes on 30 November and its half-year on 31 May, so `2024u` is
1/12/2023–30/11/2024; calendar years, campaigns and terms are windows too.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import lcm
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.dates import date_text, parse_date
from ucli.values.names import fold

# Before the first day and after the last that anything can be dated; ISO dates compare as text.
BEGINNING = "0001-01-01"
FOREVER = "9999-12-31"

_CALENDAR = re.compile(r"([0-9]{4})(?:-(H[12]|Q[1-4]|(?:[1-9]|1[0-2])M|[0-9]{2}))?", re.IGNORECASE)
_UNION_YEAR = re.compile(r"([0-9]{4})u(?:-(H[12]))?", re.IGNORECASE)
# Periods as people say and write them, folded, each with the code it means.
_OF = r"(?: ?[/-] ?| nam | )(?P<year>[0-9]{4})"
_MONTH = r"(?P<month>[0-9]{1,2})"
ENGLISH_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                  "November", "December")  # fmt: skip
_ENGLISH = {name.lower(): str(number) for number, name in enumerate(ENGLISH_MONTHS, start=1)}
_SPOKEN = (
    (rf"(?:(?:thang|t) ?)?{_MONTH} ?[/-] ?(?P<year>[0-9]{{4}})", "{year}-{month:0>2}"),
    (rf"(?:thang|t) ?{_MONTH} (?:nam )?(?P<year>[0-9]{{4}})", "{year}-{month:0>2}"),
    (rf"(?P<english>{'|'.join(_ENGLISH)}) (?P<year>[0-9]{{4}})", "{year}-{month:0>2}"),
    (rf"(?:quy|q) ?0?(?P<quarter>iv|i{{1,3}}|[1-4]){_OF}", "{year}-Q{quarter}"),
    (rf"(?:(?:0?6|sau) thang(?: dau)?|nua dau|h1|(?:the )?first half(?: of)?){_OF}", "{year}-H1"),
    (rf"(?:(?:(?:0?6|sau) thang|nua) cuoi|h2|(?:the )?second half(?: of)?){_OF}", "{year}-H2"),
    (rf"chin thang(?: dau)?{_OF}", "{year}-9M"),
    (rf"(?:0?3|ba) thang dau{_OF}", "{year}-Q1"),
    (rf"(?:0?3|ba) thang cuoi{_OF}", "{year}-Q4"),
    (rf"(?:ca )?nam{_OF}", "{year}"),
    (rf"0?(?P<month>[1-9]|1[0-2]) thang(?: dau)?{_OF}", "{year}-{month}M"),
)
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


class Window(NamedTuple):
    """From the first day to the last, both included."""

    code: str
    start: date
    end: date
    name: str = ""  # what the office calls it
    cut: date | None = None  # the last day of a term that was cut short

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def holds(self, other: "Window") -> bool:
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Window") -> bool:
        return self.start <= other.end and other.start <= self.end

    def until(self, day: date) -> "Window":
        """Return the part of the window up to a day; the window itself if it ends before."""
        return self if day >= self.end else Window(self.code, self.start, day, self.name)

    @property
    def lasted(self) -> "Window":
        """The window that it really lasted."""
        return self.until(self.cut) if self.cut else self

    def text(self) -> str:
        """Write the window for people: 2024-H1 (01/01/2024–30/06/2024)."""
        days = date_text(self.start) if self.start == self.end else f"{date_text(self.start)}–{date_text(self.end)}"
        if is_plain_range(self.code):
            return days
        if self.cut:
            days = _("{days}, cut short on {day}").format(days=days, day=date_text(self.cut))
        return f"{self.name} ({self.code}, {days})" if self.name else f"{self.code} ({days})"


@lru_cache(maxsize=4096)
def known_day(text: object) -> date | None:
    """Return a stored day; None for an unknown beginning and for an end that has not come."""
    return None if text in (None, BEGINNING, FOREVER) else date.fromisoformat(str(text))


def window_of(code: str, first: str, last: str) -> Window:
    """Return the window between stored days."""
    return Window(code, date.fromisoformat(first), date.fromisoformat(last))


def day_text(stored: str) -> str:
    """Write a stored day for people; an unknown beginning in words."""
    day = known_day(stored)
    return date_text(day) if day else _("an unknown day")


def is_plain_range(code: str) -> bool:
    """Tell whether a code consists of its dates, so that printing both would repeat them."""
    return ".." in code or re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", code) is not None


def built_in(code: str) -> Window | None:
    """Return the window of a built-in code such as 2024-H1; None if the code is not of that kind.

    One that is of that kind but names no window (2024-13, a range upside down) is refused.
    """
    typed = code.strip()
    if not _CALENDAR.fullmatch(typed):
        typed = _as_code(typed)
    if match := _UNION_YEAR.fullmatch(typed):
        return _union_window(int(match[1]), (match[2] or "").upper())
    if match := _CALENDAR.fullmatch(typed):
        return _calendar_window(int(match[1]), (match[2] or "").upper())
    if ".." in typed:
        first, last = (parse_date(part) for part in typed.split("..", 1))
        return between(f"{first.isoformat()}..{last.isoformat()}", first, last)
    has_signs = any(sign in typed for sign in "/.-") and typed[:1].isdigit()
    if (has_signs and not re.search("[a-z]", typed, re.IGNORECASE)) or fold(typed) in ("today", "hom nay"):
        day = parse_date(typed)
        return Window(day.isoformat(), day, day)
    return None


def _as_code(typed: str) -> str:
    """Return the code of a period written as in reports; anything else unchanged."""
    folded = fold(typed)
    for words, code in _SPOKEN:
        if match := re.fullmatch(words, folded):
            known = match.groupdict()
            if "quarter" in known:
                known["quarter"] = _ROMAN.get(known["quarter"], known["quarter"])
            if "english" in known:
                known["month"] = _ENGLISH[known["english"]]
            return code.format(**known)
    return typed


def between(code: str, first: date, last: date) -> Window:
    """Return the window between two days; refuse a first day after the last."""
    if last < first:
        raise RejectedError(
            _("The period ends on {end}, before it begins on {start}.").format(
                end=date_text(last), start=date_text(first)
            ),
            instead=_("Give the earlier day first."),
        )
    return Window(code, first, last)


def pieces_of(window: Window, months: int) -> list[Window]:
    """Cut a window at the ends of calendar months, quarters or years: of every so many months."""
    pieces, day = [], window.start
    while True:
        last_month = -(-day.month // months) * months
        code = f"{day.year:04d}" + {1: f"-{last_month:02d}", 3: f"-Q{last_month // 3}"}.get(months, "")
        whole = _months(code, day.year, last_month - months + 1, last_month)
        last = min(whole.end, window.end)
        is_whole = (day, last) == (whole.start, whole.end)
        pieces.append(whole if is_whole else Window(f"{day.isoformat()}..{last.isoformat()}", day, last))
        if last == window.end:
            return pieces
        day = last + timedelta(days=1)


def years_of(window: Window) -> list[Window]:
    """Return the calendar years that lie more than half within a window: the planning years of a term."""
    years = (_calendar_window(it, "") for it in range(window.start.year, window.end.year + 1))
    return [it for it in years if 2 * ((min(it.end, window.end) - max(it.start, window.start)).days + 1) > it.days]


def year_before(window: Window) -> Window:
    """Return the same days of the year before: 2024-H1 of 2025-H1; the last of February stays the last."""
    if _CALENDAR.fullmatch(window.code) or _UNION_YEAR.fullmatch(window.code):
        return built_in(f"{int(window.code[:4]) - 1:04d}{window.code[4:]}") or window
    first, last = (_a_year_earlier(it) for it in (window.start, window.end))
    return Window(f"{first}" if first == last else f"{first}..{last}", first, last)


def _a_year_earlier(day: date) -> date:
    if day.year == date.min.year:
        raise RejectedError(_("“{text}” is not a year.").format(text="0000"))
    is_last_of_february = day.month == 2 and (day + timedelta(days=1)).month > 2
    earlier = date(day.year - 1, day.month, min(day.day, 28) if day.month == 2 else day.day)
    return date(earlier.year, 3, 1) - timedelta(days=1) if is_last_of_february else earlier


def same_day(day: date, window: Window, other: Window) -> date:
    """Return the day in another window that corresponds to a day in this one.

    It is the same day of the year (28 February for the 29th), or as many days after the start if the starts differ.
    """
    if day >= window.lasted.end:
        return other.end
    if (window.start.month, window.start.day) != (other.start.month, other.start.day):
        return min(other.start + (day - window.start), other.end)
    year = day.year - window.start.year + other.start.year
    is_leap_day = (day.month, day.day) == (2, 29)
    return min(date(year, 3, 1) - timedelta(days=1) if is_leap_day else day.replace(year=year), other.end)


def _calendar_window(year: int, part: str) -> Window:
    if year == 0:
        raise RejectedError(_("“{text}” is not a year.").format(text=f"{year:04d}"))
    if part.isdigit() and not 1 <= int(part) <= 12:
        raise RejectedError(
            _("There is no month {month}.").format(month=part),
            instead=_("Type a month like {example}.").format(example=f"{year}-06"),
        )
    if part.isdigit():
        first = last = int(part)
    elif part.endswith("M") or not part:
        first, last = 1, int(part.removesuffix("M") or 12)
    else:
        length = {"H": 6, "Q": 3}[part[0]]
        last = int(part[1]) * length
        first = last - length + 1
    return _months(f"{year:04d}-{part}" if part else f"{year:04d}", year, first, last)


def _months(code: str, year: int, first: int, last: int) -> Window:
    from calendar import monthrange  # noqa: PLC0415  only where a window of months is made

    return Window(code, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def _union_window(year: int, part: str) -> Window:
    if year < 2:
        raise RejectedError(_("“{text}” is not a year.").format(text=year))
    start = date(year, 6, 1) if part == "H2" else date(year - 1, 12, 1)
    end = date(year, 5, 31) if part == "H1" else date(year, 11, 30)
    return Window(f"{year:04d}u-{part}" if part else f"{year:04d}u", start, end)


def plan_to(window: Window, day: date, profile: Sequence[int] = ()) -> tuple[int, int]:
    """Return the share of a window's plan that is due by the end of a day, as (numerator, denominator).

    Linear by days; or by the target's own profile, one weight a month of the window, each spread over
    the days of its month.
    """
    if day < window.start:
        return 0, 1
    if not profile:
        return window.until(day).days, window.days
    months = pieces_of(window, 1)
    common = lcm(*(month.days for month in months))
    due = sum(
        weight * (common // month.days) * month.until(day).days
        for weight, month in zip(profile, months, strict=True)
        if month.start <= day
    )
    return due, common * sum(profile)
