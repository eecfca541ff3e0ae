"""Numbers inside a sentence: 07 đơn vị, 96,4 tỷ đồng, 141%, hơn 7.000."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from ucli.i18n import _, chosen, marked
from ucli.render.cells import quotient
from ucli.values.numbers import MONEY_UNITS, decimal_text, grouped, money_text
from ucli.values.quantities import ABOUT, AT_LEAST, BELOW, Share

_HEDGES = {
    AT_LEAST: marked("more than {number}"),
    BELOW: marked("nearly {number}"),
    ABOUT: marked("about {number}"),
}
_UNITS_OF_MONEY = {"đồng": marked("đồng"), "triệu": marked("million đồng"), "tỷ": marked("billion đồng")}
# An amount is told in the largest unit in which it takes no more digits behind the comma: 1,26 tỷ, never 1,234567 tỷ.
_MOST_DIGITS = 3


class Amount(NamedTuple):
    """A number and the unit it is told in: ("96,4", "tỷ đồng"); of things no unit."""

    digits: str
    unit: str


def amounts_of(numbers: Sequence[int], money: str | None) -> list[Amount]:
    """Return numbers to be told side by side, all in one unit.

    Args:
        numbers: how many, or how many đồng.
        money: None for things; for amounts the unit asked for, where đồng leaves it to the amounts.

    """
    if money is None:
        return [Amount(count_text(number), "") for number in numbers]
    # The smallest of those that fit them, zero fitting any.
    fitting = [_fitting_unit(number) for number in numbers if number] or ["đồng"]
    unit = min(fitting, key=lambda it: MONEY_UNITS[it]) if money == "đồng" else money
    return [Amount(money_text(number, unit), _(_UNITS_OF_MONEY[unit])) for number in numbers]


def pair_text(*amounts: Amount, sign: str = "/") -> str:
    """Write an amount, or two of one unit: 2.425/1.720, 900/1.200 triệu đồng."""
    return f"{sign.join(it.digits for it in amounts)} {amounts[0].unit}".rstrip()


def count_text(number: int) -> str:
    """Write how many: in Vietnamese documents 07 below ten, so that no digit can be put before it."""
    return f"{number:02d}" if 0 < number < 10 and chosen() == "vi" else grouped(number)


def average_of(share: Share, decimals: int, money: str | None) -> str:
    """Write an average: 1,3; of amounts in whole đồng, 8,5 triệu đồng."""
    if money is None:
        return _trimmed(quotient(share.part, share.whole, decimals, share.qualifier))
    return pair_text(*amounts_of([int(quotient(share.part, share.whole, 0, share.qualifier))], money))


def percent_text(number: str) -> str:
    """Write a percentage without zeros at its end: 141%, 122,7%."""
    return f"{_trimmed(number)}%"


def hedged(text: str, qualifier: str | None) -> str:
    """Put a hedge into words: hơn 7.000."""
    return _(_HEDGES[qualifier]).format(number=text) if qualifier else text


def _trimmed(number: str) -> str:
    text = decimal_text(Decimal(number))
    return text.rstrip("0").rstrip(",") if "," in text else text


def _fitting_unit(amount: int) -> str:
    for unit in ("tỷ", "triệu"):
        scale = MONEY_UNITS[unit]
        if abs(amount) >= scale and amount * 10**_MOST_DIGITS % scale == 0:
            return unit
    return "đồng"
