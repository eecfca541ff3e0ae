"""Units of money in a table, and the number formats of cells.

A unit is stated in a heading (“Số tiền (triệu đồng)”), above the table, in a row, or by the format of a cell: 5 in the
format 0" triệu" is 5 triệu, and 0.95 in the format 0% is 95%. It is "nghìn đồng", "triệu đồng" or "tỷ đồng"; "" for
plain đồng, None where nothing is stated.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ucli.values.names import fold
from ucli.values.numbers import decimal_text

_UNITS = {
    "nghìn đồng": ("nghin", "ngan", "ng", "1000", "thousand", "k"),
    "triệu đồng": ("trieu", "tr", "1000000", "million"),
    "tỷ đồng": ("ty", "ti", "billion"),
}
_BY_WORD = {word: unit for unit, words in _UNITS.items() for word in words}
_WORDS = r"nghin|ngan|ng(?=\.?\s*d)|trieu|tr|t[yi]|1\.?000(?:\.?000)?|thousand|million|billion"
# Folded, “công ty” ends like tỷ but is none; “nghìn tỷ” and “trăm triệu” are other units than the two.
_SCALE = rf"(?<!cong )(?<!tram )(?<!chuc )(?<!nghin )(?<!ngan )(?P<scale>{_WORDS})"
_MONEY = r"(?:dong|vnd|d)\b(?:/[^()]*)?"
_SAID = r"(?:(?:dvt|don vi(?: tinh)?|unit)\s*:?\s*)"
_MONEY_UNIT = re.compile(rf"\b{_SCALE}\.?\s*{_MONEY}")  # anywhere in a heading
_IN_BRACKETS = re.compile(rf"\s*[(\[]\s*{_SAID}?(?:{_SCALE}\.?\s*(?:{_MONEY})?|{_MONEY})\s*[)\]]\s*$")
_BEHIND = re.compile(rf"\s*[,:;–-]?\s*{_SAID}?{_SCALE}\.?\s*{_MONEY}\s*$")
_ABOVE = re.compile(rf"\b{_SAID}.*?\b{_SCALE}\.?\s*(?:{_MONEY}|[)\]]|$)")
_BY_ITSELF = re.compile(rf"(?:^|[(\[])\s*{_SCALE}\.?\s*{_MONEY}\s*(?:$|[)\]])")
_NOTHING_ELSE = re.compile(rf"[(\[]?\s*{_SAID}{_SCALE}\.?\s*(?:{_MONEY})?\s*[)\]]?")
_IN_A_FORMAT = re.compile(rf"\b{_SCALE.replace('thousand', 'thousand|k')}\.?\s*(?:{_MONEY}|(?:/|\W*$))")
_MONEY_IN_A_FORMAT = re.compile(rf"\W*{_MONEY}\W*|.*₫.*")
# What a format may not add to a number unread: a scale that is no unit of money here, or a hedge.
_SCALE_IN_A_FORMAT = re.compile(r"(?<!cong )\b(?:k|nghin|ngan|trieu|tr|ty|ti|m|mil|mio|bn)\b")
_HEDGE_IN_A_FORMAT = re.compile(r"\b(?:hon|tren|khoang|gan|duoi|tu)\b|[<>~≥≤]")
_SCALED = re.compile(r"\b(?:nghin|ngan|trieu|1\.?000|usd|eur)\b|[$€£¥]")
_OWN_UNIT = re.compile(r"[0-9]\s*(?:(?:nghin|ngan|k|trieu|tr|ty|ti|dong|vnd|d)\b|[₫%])")
_NUMBER = re.compile(r"[0-9](?:[0-9.,]*[0-9])?")


def unit_of(heading: str) -> str | None:
    """Return the unit of money in a folded heading."""
    found = _MONEY_UNIT.search(heading) or _IN_BRACKETS.search(heading)
    return _unit(found) if found else None


def unit_alone(text: str) -> str | None:
    """Return the unit of money that a folded text consists of; None if there is anything else."""
    alone = f"({text.strip('()[]. ')})"
    return unit_of(alone) if without_unit(alone) == "" and re.search("[a-z]", text) else None


def is_unknown_unit(text: str) -> bool:
    """Tell whether a folded text holds a scale or currency that is no known unit: nghìn người, USD."""
    return bool(_SCALED.search(text)) and unit_alone(text) is None


def without_unit(heading: str) -> str:
    """Return a folded heading without the unit of money at its end."""
    return _BEHIND.sub("", _IN_BRACKETS.sub("", heading))


def unit_above(lines: Iterable[Sequence[str]], head: Sequence[str]) -> str:
    """Return the unit of money of a whole table; "" where none is stated.

    It is in the lines above, “Đơn vị tính” perhaps in a cell of its own, or alone in a cell of the heading.
    """
    pairs = [pair for line in lines for pair in pairwise([*map(fold, line), ""])]
    above = [text for one, other in pairs for text in (one, f"{one} {other}".strip())]
    said = [_ABOVE.search(text) or _BY_ITSELF.search(text) for text in above]
    said += [_NOTHING_ELSE.fullmatch(fold(text)) for text in head]
    return next((_unit(found) for found in said if found), "")


def in_unit(text: str, unit: str) -> str:
    """Write the unit behind the numbers of a cell that has none of its own: "hơn 350" is "hơn 350 triệu đồng".

    In 900/3, a sum and a count, only the sum is money.
    """
    if not text or _OWN_UNIT.search(fold(text)):
        return text
    part, slash, whole = text.partition("/")
    with_unit = _NUMBER.sub(rf"\g<0> {unit}", part)
    return f"{with_unit}{slash}{whole}"


def _unit(found: re.Match[str]) -> str:
    return _BY_WORD[found["scale"].replace(".", "")] if found["scale"] else ""


class Units(NamedTuple):
    """The units of money of a table's columns, by their index."""

    of: Mapping[int, str]  # the unit of a column
    above: str  # the unit of the table
    listed: tuple[int, int] | None  # the columns of indicator and value; only values of money are in the table's unit
    others: frozenset[str]  # the folded names of indicators that are not money
    amounts: Sequence[int]  # columns of amounts
    of_row: int | None  # the column that states the unit of its row

    def at(self, place: int, texts: Sequence[str]) -> str | None:
        """Return the unit of a cell's number."""
        own = unit_alone(fold(texts[self.of_row])) if self.of_row is not None and place in self.amounts else None
        if own is not None:
            return own
        if self.listed and place == self.listed[1]:
            return None if fold(texts[self.listed[0]]) in self.others else self.above
        return self.of.get(place)

    def unknown(self, texts: Sequence[str]) -> str:
        """Return the unit that a row states, if it is not a known one; else an empty text."""
        said = texts[self.of_row] if self.of_row is not None else ""
        return said if said and is_unknown_unit(fold(said)) else ""

    def write_into(self, texts: list[str]) -> None:
        """Write the units behind the numbers of a row."""
        if self.of or self.listed or self.of_row is not None:
            for place in {*self.of, *self.amounts}:
                if place < len(texts) and (unit := self.at(place, texts)):
                    texts[place] = in_unit(texts[place], unit)

    def told(self) -> list[tuple[int, str]]:
        """Return the columns that are not read in đồng, from 1, with their units."""
        listed = [(self.listed[1], self.above)] if self.listed else []
        return sorted((place + 1, unit) for place, unit in [*self.of.items(), *listed])


class NumberFormat(NamedTuple):
    """How a cell shows its number."""

    percent: bool = False
    thousands: int = 0  # how many times it is divided by 1000 to be shown
    unit: str = ""  # of money, behind the number; "đồng" for the plain one
    is_clear: bool = True  # whether every number is shown this way, whatever its size
    text: tuple[str, str, str] | None = (
        None  # of digits that are a text: what precedes, `_A_DIGIT` for each digit, what follows
    )
    # "day" for a day or time, "month" or "year" where of a day no more is shown, "duration" for a length of time
    days: str = ""

    @property
    def is_amount_kept(self) -> bool:
        """Whether the amount shown is the amount held, in đồng: 5.000.000 as 5 triệu."""
        return self.thousands == (1 + [*_UNITS].index(self.unit) if self.unit in _UNITS else 0)

    def filled(self, number: float) -> str | None:
        """Write digits that are a text, such as a card number, as the cell shows them; None if it adds nothing."""
        if not self.text or not number.is_integer() or abs(number) >= _LEAST_ROUNDED:
            return None
        before, zeros, behind = self.text
        digits = [*str(int(number)).zfill(zeros.count(_A_DIGIT))]
        filled = "".join(digits.pop() if sign == _A_DIGIT else sign for sign in reversed(zeros))[::-1]
        return f"{before}{''.join(digits)}{filled}{behind}"

    def shown(self, number: float, unit: str | None) -> str | None:
        """Write a number as the cell shows it, with all its digits; None if the cell shows its plain value.

        The unit of the column applies to the number shown, not to the number held.
        """
        if self.percent:
            return f"{decimal_text((decimal_of(number) * 100).normalize())}%"
        # 5.000.000 shown as 5 triệu by “0,," triệu"” is just that; without any unit the number held counts.
        if not unit and (self.is_amount_kept or not self.unit):
            return None
        shown = decimal_of(number) / Decimal(1000) ** self.thousands
        return f"{decimal_text(shown.normalize())} {self.unit}".strip()


_LEAST_ROUNDED = 10**15  # no more digits are kept
PLAIN = NumberFormat()
_UNCLEAR = NumberFormat(is_clear=False)
_CURRENCY = re.compile(r"\[\$([^-\]]*)[^]]*\]")  # [$₫-42A]
_CONDITION = re.compile(r"\[[<>=]")
_BRACKETS = re.compile(r"\[[^]]*\]")
_PADDING = re.compile(r"_.|\*.")
_PRIVATE_USE = 0xE000  # characters with no meaning in a format
_LITERAL = re.compile(r'"([^"]*)"|\\(.)')
_DIGITS = re.compile(r"[0#?][0#?.,]*")
_FILLED = re.compile(r"[#?]*(?P<zeros>0(?:[0#? \-\ue000-\ue3ff]*[0#?])?)")  # with texts between the digits
_A_DIGIT = "\0"
_NUMERIC = re.compile(r"[0#?.,%E]")
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_OF_DAYS = re.compile(r"[dmyhse]")  # e is a year, in some calendars
_PARTS_OF_SECONDS = re.compile(r"\.0+")
_DIGIT_SIGNS = re.compile(r"[0#?]")
_THOUSANDS = re.compile(r"(?<=[0#?]),+(?![0#?,])")  # behind the last digit, each divides by 1000


def _days(code: str) -> str:
    bare = _BRACKETS.sub(lambda it: it[0].lower() if _ELAPSED.fullmatch(it[0]) else "", _LITERAL.sub("", code))
    first = _PADDING.sub("", bare.replace("General", "0")).split(";")[0].lower()
    if _ELAPSED.search(first):
        return "duration"
    if not _OF_DAYS.search(first) or _DIGIT_SIGNS.search(_PARTS_OF_SECONDS.sub("", first)):
        return ""
    if "y" not in first or set("dhs") & set(first):
        return "day"
    return "month" if "m" in first else "year"


@lru_cache(maxsize=1000)
def number_format(code: str) -> NumberFormat:
    """Parse a number format; its first section counts, and with conditions all of them."""
    if days := _days(code):
        return NumberFormat(days=days)
    literals: dict[str, str] = {}

    def set_aside(match: re.Match[str]) -> str:
        sign = chr(_PRIVATE_USE + len(literals))
        literals[sign] = match[1] or match[2] or ""
        return sign

    bare = _LITERAL.sub(set_aside, _CURRENCY.sub(lambda it: f'"{it[1]}"', code.replace("General", "0")))
    sections = _PADDING.sub("", bare).split(";")
    chosen = sections[:3] if _CONDITION.search(bare) else sections[:1]
    formats = {_format_of_section(_BRACKETS.sub("", it), literals) for it in chosen}
    # Sections that show large numbers in tỷ and others in triệu, each divided accordingly, keep the amount.
    differ = len({it.text for it in formats}) > 1 and any(it.text and not it.unit for it in formats)
    if len(formats) > 1 and (differ or any(it.percent or not it.is_amount_kept for it in formats)):
        return _UNCLEAR
    return formats.pop()


def _format_of_section(section: str, literals: Mapping[str, str]) -> NumberFormat:
    digits = _DIGITS.search(section)
    if not digits:
        return PLAIN
    before, behind = (
        "".join(literals.get(sign, sign) for sign in part)
        for part in (section[: digits.start()], section[digits.end() :])
    )
    thousands = sum(len(it) for it in _THOUSANDS.findall(digits[0]))
    literal, in_front = fold(behind), fold(before)
    found = _IN_A_FORMAT.search(literal)
    is_money = any(map(_MONEY_IN_A_FORMAT.fullmatch, filter(None, (literal, in_front))))
    unit = _unit(found) if found else "đồng" if is_money else ""
    as_text = _as_text(section, before, literals)
    is_scaled = not unit and (
        _SCALE_IN_A_FORMAT.search(f"{in_front} 0 {literal}") or _HEDGE_IN_A_FORMAT.search(in_front)
    )
    written = "".join(literals.get(sign, "") for sign in section[digits.end() :])
    adds_digits = any(sign.isdigit() for sign in written) and (as_text is None or len(as_text[1]) == 1)
    if is_scaled or adds_digits or (not unit and is_unknown_unit(fold(f"{before} 0 {behind}"))):
        return _UNCLEAR
    is_clear = not thousands or unit in ("", *_UNITS)
    return NumberFormat("%" in section, thousands, unit, is_clear, as_text)


def _as_text(section: str, before: str, literals: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return how a section writes digits that are a text, such as a card number; None if it adds nothing."""
    found = _FILLED.search(section)
    rest = section[found.end() :] if found else ""
    if not found or _NUMERIC.search(rest):
        return None
    zeros = "".join(literals.get(sign, sign) for sign in _DIGIT_SIGNS.sub(_A_DIGIT, found["zeros"]))
    behind = "".join(literals.get(sign, sign) for sign in rest)
    return (before, zeros, behind) if zeros != _A_DIGIT or before or behind else None


def decimal_of(number: float) -> Decimal:
    """Return a number of a spreadsheet with the 15 digits it shows; those behind are noise of its sums."""
    return Decimal(f"{number:.15g}")
