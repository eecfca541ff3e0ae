"""Cross-checks (đối chiếu): what must hold between figures of one unit and window, as an office writes it.

    party-introduced >= party-admitted
    conferences-a + conferences-b = conferences
    union-density <= 100%

A side is a sum of indicators and whole numbers; a share counts in percent.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import inf
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.attainment import ends_of
from ucli.values.numbers import parse_count
from ucli.values.quantities import Quantity, Share, Value

# What to do where a unit has not stated one of the figures and no register holds it.
SKIP, ZERO, REPORT = "skip", "zero", "report"

_SIGNS = {">=": "≥", "<=": "≤", "=": "=", "≥": "≥", "≤": "≤"}
_EXPRESSION = re.compile(r"(.+?)\s*(>=|<=|=|≥|≤)\s*(.+)")
_BETWEEN = re.compile(r"(\s*\+\s*|\s+[-−]\s+)")
_NUMBER = re.compile(r"([0-9][0-9.]*) ?%?")


class Term(NamedTuple):
    """An indicator's code or a number, added (1) or subtracted (-1)."""

    times: int
    code: str
    number: int = 0


class CrossCheck(NamedTuple):
    code: str
    left: tuple[Term, ...]
    sign: str  # ≥, ≤ or =
    right: tuple[Term, ...]
    if_missing: str = SKIP

    @property
    def codes(self) -> list[str]:
        """The codes of its indicators, without repeats."""
        return list(dict.fromkeys(it.code for it in (*self.left, *self.right) if it.code))

    def text(self, named: Callable[[str], str] = str) -> str:
        """Write it with the names of indicators in place of their codes."""
        return f"{side_text(self.left, named)} {self.sign} {side_text(self.right, named)}"

    def is_broken_by(self, values: Mapping[str, Value]) -> bool:
        """Tell whether values by code certainly break it; a hedged value may be anything within its hedge."""
        (low, high), (low_right, high_right) = (_ends(side, values) for side in (self.left, self.right))
        return (self.sign != "≤" and high < low_right) or (self.sign != "≥" and low > high_right)


def side_text(side: tuple[Term, ...], named: Callable[[str], str]) -> str:
    """Write a sum: a + b - c."""
    told = "".join(f" {'-' if it.times < 0 else '+'} {named(it.code) if it.code else it.number}" for it in side)
    return told.removeprefix(" + ").strip()


def parse_cross_check(code: str, text: str, if_missing: str, code_of: Callable[[str], str]) -> CrossCheck:
    """Parse a cross-check; `code_of` finds an indicator's code by what is typed."""
    found = _EXPRESSION.fullmatch(text.strip())
    if not found or _EXPRESSION.fullmatch(found[3]):
        raise RejectedError(
            _("“{text}” does not say what must hold.").format(text=text[:80]),
            instead=_("Type two sides and a sign between them: “A >= B”, “A + B = C”, “A <= 100%”."),
        )
    sides = [_side(it, code_of) for it in (found[1], found[3])]
    check = CrossCheck(code, sides[0], _SIGNS[found[2]], sides[1], if_missing)
    if not check.codes:
        raise RejectedError(_("“{text}” names no indicator.").format(text=text[:80]))
    return check


def _side(text: str, code_of: Callable[[str], str]) -> tuple[Term, ...]:
    first, *rest = _BETWEEN.split(text)
    signed = [("+", first), *zip(rest[::2], rest[1::2], strict=True)]
    return tuple(_term(1 if sign.strip() == "+" else -1, it.strip(), code_of) for sign, it in signed)


def _term(times: int, text: str, code_of: Callable[[str], str]) -> Term:
    number = _NUMBER.fullmatch(text)
    return Term(times, "", parse_count(number[1])) if number else Term(times, code_of(text))


def _ends(side: tuple[Term, ...], values: Mapping[str, Value]) -> tuple[Fraction | float, Fraction | float]:
    """Return the least and the most that a sum can be."""
    low: Fraction | float = 0
    high: Fraction | float = 0
    for it in side:
        value = values.get(it.code)
        if value is None or (isinstance(value, Quantity) and value.qualifier is None):
            exact = it.times * (it.number if value is None else value.value)
            low, high = low + exact, high + exact
        else:
            factor = it.times * (100 if isinstance(value, Share) else 1)
            least, most = sorted(_times(factor, end) for end in ends_of(value))
            low, high = low + least, high + most
    return low, high


def _times(factor: int, end: Fraction | float) -> Fraction | float:
    return inf * factor * (1 if end > 0 else -1) if abs(end) == inf else Fraction(end) * factor
