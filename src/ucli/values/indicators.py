"""Indicators: what is measured, how it adds up, and where it is counted from.

`counts` names the source of an indicator's value:

    figures                     only what units state
    foundings, endings, unions, upper-foundings
                                the register of unions, and of the units above them
    admissions, leavings, dissolutions, members[:sex]
                                the register of members
    recipients[:programme], amount[:programme]
                                the register of payouts
    a - b                       the difference of two other indicators
    a / b                       a share or an average made of two other indicators
    targets                     the unit's own targets: how many of those set were met
"""

from functools import cache
from typing import NamedTuple

from ucli.values.numbers import fitting_money
from ucli.values.quantities import Quantity, Value

FLOW = "flow"
STOCK = "stock"
RATIO = "ratio"
AVERAGE = "average"

HIGHER = "higher"
LOWER = "lower"

# The registers whose movements carry a stated stock forward: + and −.
MOVEMENTS = {"members": ("admissions", "leavings"), "unions": ("foundings", "endings")}

MONEY = "đồng"


class Indicator(NamedTuple):
    id: int
    code: str
    alias: str
    name_vi: str
    name_en: str
    measure: str
    kind: str
    direction: str
    counts: str
    may_exceed: bool
    is_state: bool = False  # of a ratio: each figure describes a state, so figures never add up over time

    def name(self, language: str) -> str:
        return self.name_vi if language == "vi" else self.name_en

    @property
    def is_money(self) -> bool:
        return self.measure.startswith(MONEY)

    def measure_in(self, money: str) -> str:
        """Return its unit of measure, with money in the given unit: đoàn viên, triệu đồng."""
        in_unit = self.is_money and money != MONEY
        return self.measure.replace(MONEY, f"{money} {MONEY}", 1) if in_unit else self.measure

    def text(self, value: Value, money: str | None = MONEY) -> str:
        """Write one of its values within a sentence: ≥ 7.000, 56/56; an amount with its unit: 96,4 tỷ đồng.

        An amount is written in the given unit of money, or in one that fits it.
        """
        if self.is_money and isinstance(value, Quantity):
            money = money or fitting_money([value.value])
            return f"{value.text(money)} {self.measure_in(money)}"
        return value.text()

    @property
    def is_share(self) -> bool:
        return self.kind in (RATIO, AVERAGE)

    @property
    def is_stock(self) -> bool:
        return self.kind == STOCK

    @property
    def may_be_negative(self) -> bool:
        """Whether its value can be below zero: growth, where more left than came."""
        return self.formula is not None and self.formula[1] == "-"

    @property
    def register(self) -> str | None:
        """The register this is counted from; None when it is stated or derived."""
        derived = self.counts in ("figures", "targets") or self.formula is not None
        return None if derived else self.counts

    @property
    def formula(self) -> tuple[str, str, str] | None:
        """The two indicators this is derived from and the sign between them."""
        return _formula_of(self.counts)


@cache
def _formula_of(counts: str) -> tuple[str, str, str] | None:
    for sign in ("-", "/"):
        left, found, right = counts.partition(f" {sign} ")
        if found:
            return left, sign, right
    return None
