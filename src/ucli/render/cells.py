"""A value as the text that people read, by its type."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Self

from ucli.i18n import _
from ucli.sanitize import sanitize
from ucli.values.attainment import Percent, rounded
from ucli.values.dates import date_text
from ucli.values.numbers import decimal_text, grouped
from ucli.values.quantities import BELOW, SIGNS, Quantity, Share

NOTHING = "—"
_BARS = "▁▂▃▄▅▆▇█"
# Most cells of a long table say what another one says; so many are kept to be written once.
_REMEMBERED = 4096


class Status(str):
    """A status as a word, with its code so that a terminal may colour it."""

    __slots__ = ("status",)
    status: str

    def __new__(cls, word: str, code: str) -> Self:
        status = super().__new__(cls, word)
        status.status = code
        return status


class Measured(str):
    """A number as printed, ≥ 122,7%, together with the number itself for a workbook.

    A rounded percentage also has its exact quotient, 1 being 100%, and perhaps the status it means.
    """

    __slots__ = ("exact", "number", "sign", "status", "suffix")
    number: int | Decimal
    sign: str
    suffix: str
    exact: Fraction | None
    status: str

    def __new__(
        cls,
        number: int | Decimal,
        *,
        sign: str = "",
        suffix: str = "",
        exact: Fraction | None = None,
        status: str = "",
    ) -> Self:
        measured = super().__new__(cls, f"{sign}{text_of(number)}{suffix}")
        measured.number, measured.sign, measured.suffix = number, sign, suffix
        measured.exact, measured.status = exact, status
        return measured


class Attained(Measured):
    """How much of a target was reached, in percent; a page also draws it as a bar."""

    __slots__ = ()


def status_code(value: object) -> str:
    """Return the code of the status that a cell is or means; empty for any other cell."""
    return getattr(value, "status", "")


def text_of(value: object) -> str:  # noqa: PLR0911  one for each type
    """Write a cell for people: 10.800, 30/06/2024, ≥ 7.000, 56/56; — if it is empty."""
    match value:
        case str():
            return sanitize(value) or NOTHING
        case None:
            return NOTHING
        case bool():
            return _("yes") if value else _("no")
        case int():
            return grouped(value)
        case Decimal():
            return decimal_text(value)
        case date():
            return date_text(value)
        case Quantity() | Share():
            return value.text()
    return sanitize(str(value))


def trend(numbers: Sequence[float | None]) -> str:
    """Draw how a number rose and fell, as a line of small bars."""
    known = [it for it in numbers if it is not None]
    low, high = min([0, *known]), max([0, *known])
    step = (high - low) / (len(_BARS) - 1) or 1
    return "".join(" " if it is None else _BARS[int((it - low) / step + 0.5)] for it in numbers)


def number_of(value: object) -> tuple[int | Decimal, str, str] | None:
    """Return a cell's number and the sign and mark around it; None if it is not a single number."""
    match value:
        case Measured():
            return value.number, value.sign, value.suffix
        case Quantity():
            return value.value, SIGNS[value.qualifier], ""
        case int() | Decimal() if not isinstance(value, bool):
            return value, "", ""
    return None


def percent_text(number: str, qualifier: str | None = None) -> Measured:
    """Write a rounded percentage for people: ≥ 64,8%."""
    return Measured(Decimal(number), sign=SIGNS[qualifier], suffix="%")


@lru_cache(_REMEMBERED)
def number_cell(number: int, scale: int = 1, *, sign: str = "", suffix: str = "") -> Measured:
    """Write a whole number in units of `scale`, with every digit it has: 96.400.000.000 in units of 10⁹ is 96,4."""
    return Measured(number if scale == 1 else Decimal(number) / scale, sign=sign, suffix=suffix)


def place_cell(it: Any) -> Measured | None:
    """Write a rank, with a mark if it may change."""
    return Measured(it.place, suffix="?" if it.uncertain else "") if it.place else None


def share_text(share: Share, decimals: int, *, missed: Decimal | None = None) -> str:
    """Write a share with its percentage, 56/56 (100,0%); `missed` is the target it fell short of, in percent."""
    return f"{text_of(share)} ({percent_text(share_percent(share, decimals, missed=missed), share.qualifier)})"


def share_percent(share: Share, decimals: int, *, missed: Decimal | None = None) -> str:
    """Return a share in percent; one that missed its target is never rounded to it."""
    shown = Decimal(Percent(share.part, share.whole).rounded(decimals, share.qualifier))
    exact = Decimal(share.part) * 100 / Decimal(share.whole)
    if missed is not None and share.qualifier != BELOW and (exact < missed <= shown or shown <= missed < exact):
        shown = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_FLOOR if exact < missed else ROUND_CEILING)
    return f"{shown:f}"


def average_text(share: Share, decimals: int, *, scale: int = 1) -> str:
    """Write an average with its parts: 1,3 (744/572); `scale` is the unit of money."""
    average = decimal_text(Decimal(quotient(share.part, share.whole * scale, decimals, share.qualifier)))
    return f"{SIGNS[share.qualifier]}{average} ({replace(share, qualifier=None).text()})"


def quotient(numerator: int, denominator: int, decimals: int, qualifier: str | None = None) -> str:
    """Write a quotient for machines, rounded half up; a bound stays a bound."""
    return f"{rounded(numerator, denominator, decimals, qualifier):f}"


def sides_of(rows: Sequence[Sequence[object]], columns: int) -> list[str]:
    """Tell which columns are right-aligned: those of numbers, or of texts that all read as numbers."""
    return [_side([row[place] for row in rows]) for place in range(columns)]


def _side(column: Sequence[object]) -> str:
    others = [it for it in column if it is not None and not isinstance(it, str)]
    if others:
        is_right = any(isinstance(it, int | Quantity | Share | Decimal) and not isinstance(it, bool) for it in others)
    else:
        texts = {it for it in column if isinstance(it, str) and it.strip(f" {_BARS}")} - {NOTHING}
        is_right = bool(texts) and all(map(_reads_as_number, texts))
    return "right" if is_right else "left"


def _reads_as_number(text: str) -> bool:
    return text.lstrip("≥≤<~- ")[:1].isdigit() and text.rstrip("*?")[-1:] in "0123456789%)"
