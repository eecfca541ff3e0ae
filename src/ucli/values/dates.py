"""Vietnamese dates: 30/6/2024 and 30.6.2024 beside 2024-06-30; never a guess at a missing year."""

import re
from datetime import date, datetime

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.names import fold

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_VIETNAMESE = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})")
_NO_YEAR = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})")


def parse_date(text: str) -> date:
    """Read a day: "2024-06-30", "30/6/2024", "30.6.2024", "today" or "hôm nay".

    Raises:
        RejectedError: a day that does not exist or could be read in two ways.

    """
    typed = text.strip()
    if fold(typed) in ("today", "hom nay"):
        return date.today()  # noqa: DTZ011  the officer's own day, wherever the office is
    if match := _ISO.fullmatch(typed):
        year, month, day = (int(part) for part in match.groups())
    elif match := _VIETNAMESE.fullmatch(typed):
        day, month, year = int(match[1]), int(match[3]), int(match[4])
    elif match := _NO_YEAR.fullmatch(typed):
        raise _without_year(typed, int(match[1]), int(match[2]))
    else:
        raise RejectedError(
            _("“{text}” is not a date.").format(text=typed[:40]),
            instead=_("Type a day like 30/6/2024 or 2024-06-30, or today."),
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise RejectedError(
            _("There is no day {day}/{month}/{year}.").format(day=day, month=month, year=year),
            instead=_("Type a day like 30/6/2024 or 2024-06-30, or today."),
        ) from None


def _without_year(typed: str, day: int, month: int) -> RejectedError:
    year = date.today().year  # noqa: DTZ011
    return RejectedError(
        _("“{text}” has no year: {day}/{month}/{year}, {day}/{month}/{before}, or {day} out of {month}?").format(
            text=typed, day=day, month=month, year=year, before=year - 1
        ),
        instead=_("Type the whole date, like {day}/{month}/{year}.").format(day=day, month=month, year=year)
        if 1 <= day <= 28 and 1 <= month <= 12
        else _("Type a day like 30/6/2024 or 2024-06-30, or today."),
    )


def formal_date_text(day: date) -> str:
    """Write a day as the head of a document has it: days under 10 and months under 3 take a zero, others none."""
    month = f"{day.month:02d}" if day.month < 3 else f"{day.month}"
    return f"ngày {day.day:02d} tháng {month} năm {day.year:04d}"


def date_text(day: date) -> str:
    """Write a day for people: 30/06/2024."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def moment_text(at: str) -> str:
    """Write a moment of the log for people, by this machine's clock: 30/06/2024 08:05; one that is none as it is."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%d/%m/%Y %H:%M}"
    except (ValueError, OverflowError):  # a damaged log is still to be read
        return at


def date_in_prose(day: date) -> str:
    """Write a day inside a sentence, as documents do: 30/6/2024, 05/02/2024; only January and February take a zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"{day.day:02d}/{month}/{day.year:04d}"
