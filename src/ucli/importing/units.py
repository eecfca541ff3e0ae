"""Units of money that stand in a heading or above a table: “Số tiền (triệu đồng)”, “ĐVT: triệu đồng”."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ucli.importing.tables import Cell, Line, text_of
from ucli.values.names import fold

_UNITS = {
    "nghin": "nghìn đồng",
    "ngan": "nghìn đồng",
    "ng": "nghìn đồng",
    "1000": "nghìn đồng",
    "thousand": "nghìn đồng",
    "k": "nghìn đồng",
    "trieu": "triệu đồng",
    "tr": "triệu đồng",
    "1000000": "triệu đồng",
    "million": "triệu đồng",
    "ty": "tỷ đồng",
    "ti": "tỷ đồng",
    "billion": "tỷ đồng",
}
_WORDS = r"nghin|ngan|ng(?=\.?\s*d)|trieu|tr|t[yi]|1\.?000(?:\.?000)?|thousand|million|billion"
# A “công ty” is no tỷ, though folded the two are written alike; nor is a “nghìn tỷ” or a “trăm triệu” one or the other.
_SCALE = rf"(?<!cong )(?<!tram )(?<!chuc )(?<!nghin )(?<!ngan )(?P<scale>{_WORDS})"
_MONEY = r"(?:dong|vnd|d)\b(?:/[^()]*)?"
_SAID = r"(?:(?:dvt|don vi(?: tinh)?|unit)\s*:?\s*)"
_MONEY_UNIT = re.compile(rf"\b{_SCALE}\.?\s*{_MONEY}")  # anywhere in a heading
_IN_BRACKETS = re.compile(rf"\s*[(\[]\s*{_SAID}?(?:{_SCALE}\.?\s*(?:{_MONEY})?|{_MONEY})\s*[)\]]\s*$")
_BEHIND = re.compile(rf"\s*[,:;–-]?\s*{_SAID}?{_SCALE}\.?\s*{_MONEY}\s*$")
_ABOVE = re.compile(rf"\b{_SAID}.*?\b{_SCALE}\.?\s*(?:{_MONEY}|[)\]]|$)")
_BY_ITSELF = re.compile(rf"(?:^|[(\[])\s*{_SCALE}\.?\s*{_MONEY}\s*(?:$|[)\]])")
_NOTHING_ELSE = re.compile(rf"[(\[]?\s*{_SAID}{_SCALE}\.?\s*(?:{_MONEY})?\s*[)\]]?")
_SHOWN = re.compile(
    rf"\b{_SCALE.replace('thousand', 'thousand|k')}\.?\s*(?:{_MONEY}|(?:/|\W*$))"
)  # behind the number in a number format
_MONEY_SHOWN = re.compile(rf"\W*{_MONEY}\W*|.*₫.*")
_SCALED = re.compile(r"\b(?:nghin|ngan|trieu|1\.?000|usd|eur)\b")
_OWN_UNIT = re.compile(r"[0-9]\s*(?:(?:nghin|ngan|k|trieu|tr|ty|ti|dong|vnd|d)\b|[₫%])")
_NUMBER = re.compile(r"[0-9](?:[0-9.,]*[0-9])?")


def unit_of(heading: str) -> str | None:
    """Return the unit of money that a folded heading names: "triệu đồng", "" for đồng; None where it names none."""
    found = _MONEY_UNIT.search(heading) or _IN_BRACKETS.search(heading)
    if not found:
        return None
    return _UNITS[found["scale"].replace(".", "")] if found["scale"] else ""


def unit_alone(text: str) -> str | None:
    """Return the unit of money that a folded text is and nothing else; "" for đồng, None where it is no unit."""
    alone = f"({text.strip('()[]. ')})"
    return unit_of(alone) if without_unit(alone) == "" and re.search("[a-z]", text) else None


def is_unknown_unit(text: str) -> bool:
    """Tell whether a folded text scales numbers, or is money, in a unit that is not known: nghìn người, USD."""
    return bool(_SCALED.search(text)) and unit_alone(text) is None


def unit_shown(literal: str) -> str | None:
    """Return the unit of money that a number format puts behind its numbers, "đồng" for the plain one."""
    folded = fold(literal)
    if found := _SHOWN.search(folded):
        return _UNITS[found["scale"].replace(".", "")]
    return "đồng" if _MONEY_SHOWN.fullmatch(folded) else None


def without_unit(heading: str) -> str:
    """Return a folded heading without the unit of money at its end."""
    return _BEHIND.sub("", _IN_BRACKETS.sub("", heading))


def unit_above(lines: Iterable[Line], head: Sequence[Cell]) -> str:
    """Return the unit of money that is that of a whole table; nothing where none is said.

    Args:
        lines: what stands above the heading; the word for the unit may have a cell of its own.
        head: the heading, of which a cell may say nothing but the unit.

    """
    texts = [[fold(text_of(cell)) for cell in cells] for _number, cells in lines]
    above = [text for line in texts for one, other in pairwise([*line, ""]) for text in (one, f"{one} {other}".strip())]
    said = [_ABOVE.search(text) or _BY_ITSELF.search(text) for text in above] + [
        _NOTHING_ELSE.fullmatch(fold(text_of(cell))) for cell in head
    ]
    return next((_UNITS[found["scale"].replace(".", "")] for found in said if found), "")


def in_unit(text: str, unit: str) -> str:
    """Write the unit behind the numbers of a cell, unless it names one of its own: "hơn 350" is "hơn 350 triệu đồng".

    Of a sum and how many it was taken over only the sum is money.
    """
    if not text or _OWN_UNIT.search(fold(text)):
        return text
    part, slash, whole = text.partition("/")
    with_unit = _NUMBER.sub(rf"\g<0> {unit}", part)
    return f"{with_unit}{slash}{whole}"


class Units:
    """In which units of money the columns of a table are.

    Args:
        of: the unit of a column, by its place.
        listed: where the indicator and its value stand, where the value of money alone is in the unit of the table.
        above: the unit of the table.
        others: the folded names of indicators that are not money.
        of_row: by the places of amounts, where a unit of their row's own may stand.

    """

    def __init__(
        self,
        of: dict[int, str],
        listed: tuple[int, int] | None,
        above: str,
        others: frozenset[str],
        of_row: dict[int, int],
    ) -> None:
        self.of = of
        self._listed = listed
        self._above = above
        self._others = others
        self._of_row = of_row

    @property
    def all_in_dong(self) -> bool:
        return not (self.of or self._listed or self._of_row)

    def at(self, place: int, texts: Sequence[str]) -> str | None:
        """Return the unit that the number in a cell of a row is in; None where nothing says one."""
        if place in self._of_row and (own := unit_alone(fold(texts[self._of_row[place]]))) is not None:
            return own
        if self._listed and place == self._listed[1]:
            return None if fold(texts[self._listed[0]]) in self._others else self._above
        return self.of.get(place)

    def unknown(self, texts: Sequence[str]) -> str:
        """Return the unit that a row says of its numbers, where it is none that is known; else nothing."""
        said = next((texts[place] for place in self._of_row.values()), "")
        return said if is_unknown_unit(fold(said)) else ""

    def write_into(self, texts: list[str]) -> None:
        """Write the units behind the numbers of a row."""
        for place in {*self.of, *(self._listed or ())[1:], *self._of_row}:
            if place < len(texts) and (unit := self.at(place, texts)):
                texts[place] = in_unit(texts[place], unit)

    def told(self) -> list[tuple[int, str]]:
        """Return the columns that are not read in đồng, from 1, with their units."""
        listed = [(self._listed[1], self._above)] if self._listed else []
        return sorted((place + 1, unit) for place, unit in [*self.of.items(), *listed])
