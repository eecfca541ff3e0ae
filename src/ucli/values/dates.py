"""Vietnamese dates: 30/6/2024 and 30.6.2024 beside 2024-06-30; never a guess at a missing year."""

import re
from datetime import date, datetime

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.names import fold

_ISO = re.compile(r"(?P<year>[0-9]{4})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})")
_VIETNAMESE = re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[/.-])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})")
# ngày 30 tháng 6 năm 2024; 30 tháng 6, 2024; 30-thg 6-2024; 30-Jun-2024; 30 tháng Sáu 2024; as folded.
_IN_WORDS = re.compile(
    r"(?P<day>[0-9]{1,2})[ ,-]*(?:thang|thg|th)[ .]*(?P<month>[0-9]{1,2})"
    r"[ ,-]*(?:nam )?(?P<year>[0-9]{4})"
)
# June 30, 2024, its month already numbered.
_MONTH_IN_FRONT = re.compile(
    r"thang (?P<month>[0-9]{1,2})[ .]+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? +(?P<year>[0-9]{4})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(rf"\b({'|'.join(_MONTHS)})(?:[a-z]*)\b")
_NUMERALS = ("mot", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi", "muoi mot", "muoi hai")
_MONTH_NUMERAL = re.compile(rf"\b(?:thang|thg) ({'|'.join(_NUMERALS[::-1])})\b(?= |,|$)")
_NO_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})")


def parse_date(text: str) -> date:
    """Read a day: "2024-06-30", "30/6/2024", "30.6.2024", "30 tháng 6 năm 2024", "30-Jun-2024", or "hôm nay"."""
    typed = text.strip()
    today = date.today()  # noqa: DTZ011  the officer's own day, wherever the office is
    if fold(typed) in ("today", "hom nay"):
        return today
    example = _("Type a day like 30/6/2024 or 2024-06-30, or today.")
    plain = fold(typed).removeprefix("ngay ")
    worded = _numbered(plain)
    match = _ISO.fullmatch(plain) or _VIETNAMESE.fullmatch(plain) or _IN_WORDS.fullmatch(worded)
    if match := match or _MONTH_IN_FRONT.fullmatch(worded):
        year, month, day = (int(match[part]) for part in ("year", "month", "day"))
        try:
            return date(year, month, day)
        except ValueError:
            what = _("There is no day {day}/{month}/{year}.").format(day=day, month=month, year=year)
            raise RejectedError(what, instead=example) from None
    if match := _NO_YEAR.fullmatch(typed):
        known = {"day": int(match[1]), "month": int(match[2]), "year": today.year}
        if 1 <= known["day"] <= 28 and 1 <= known["month"] <= 12:
            example = _("Type the whole date, like {day}/{month}/{year}.").format(**known)
        raise RejectedError(
            _("“{text}” has no year: {day}/{month}/{year}, {day}/{month}/{before}, or {day} out of {month}?").format(
                text=typed, before=today.year - 1, **known
            ),
            instead=example,
        )
    raise RejectedError(_("“{text}” is not a date.").format(text=typed[:40]), instead=example)


def _numbered(text: str) -> str:
    """Return a folded day with the name of its month, English or Vietnamese, as "thang 6"."""
    text = _MONTH_NAME.sub(lambda it: f"thang {_MONTHS.index(it[1]) + 1}", text)
    return _MONTH_NUMERAL.sub(lambda it: f"thang {_NUMERALS.index(it[1]) + 1}", text)


def formal_date_text(day: date) -> str:
    """Write a day for the head of a document: days under 10 and months under 3 take a zero, others none."""
    return f"ngày {day.day:02d} tháng {_month(day)} năm {day.year:04d}"


def date_text(day: date) -> str:
    """Write a day for people: 30/06/2024."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def date_in_prose(day: date) -> str:
    """Write a day within a sentence: 30/6/2024, 05/02/2024; of months only January and February take a zero."""
    return f"{day.day:02d}/{_month(day)}/{day.year:04d}"


def _month(day: date) -> str:
    return f"{day.month:02d}" if day.month < 3 else f"{day.month}"


def moment_text(at: str) -> str:
    """Write a moment of the log in local time: 30/06/2024 08:05; a text that is no moment stays as it is."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%d/%m/%Y %H:%M}"
    except (ValueError, OverflowError):  # even a damaged log must be readable
        return at
