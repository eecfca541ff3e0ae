"""Targets as they are handed down: "1.720", "từ 1 tỷ đồng trở lên", "2.000-2.500", "85% trở lên", "tối đa 5"."""

import re
from decimal import Decimal
from typing import NamedTuple

from ucli.domain.indicators import LOWER, RATIO, Indicator
from ucli.domain.quantities import looks_like_percent, refuse_bare_fraction, without_measure
from ucli.errors import RejectedError
from ucli.language import _
from ucli.vietnamese.names import fold, normalised
from ucli.vietnamese.numbers import decimal_text, grouped, has_scale, parse_many, parse_money, parse_percent

AT_LEAST = "at-least"
AT_MOST = "at-most"
RANGE = "range"

_AT_LEAST = re.compile(
    r"(?:tu|it nhat|toi thieu|hon|tren|at least|more than|over|>=|≥|>)?\s*(?P<number>.+?)\s*(?:tro len)?"
)
_SIGNS_OF_LEAST = re.compile(r"^(?:it nhat|toi thieu|hon|tren|at least|more than|over|>|≥)|tro len$")
_AT_MOST = re.compile(r"(?:toi da|khong qua|at most|<=|≤)\s*(?P<number>.+?)|(?:tu\s+)?(?P<down>.+?)\s*tro xuong")
_RANGE = re.compile(r"(?:tu\s+)?(?P<low>[^-–]+?)\s*(?:-|–|den)\s*(?P<high>[^-–]+)")
_VAGUE = re.compile(r"^(?:gan|khoang|duoi|uoc|xap xi|about|around|nearly|almost|under|below|~|<(?!=))")


class Goal(NamedTuple):
    """The number aimed at: `low` (and `high` of a range) in the indicator's measure, or `percent` of a share."""

    kind: str
    low: int | None = None
    high: int | None = None
    percent: Decimal | None = None

    @property
    def bound(self) -> int | None:
        """What attainment is measured against: a range is met at its lower bound."""
        return self.low

    def text(self) -> str:
        if self.percent is not None:
            number = f"{decimal_text(self.percent)}%"
        elif self.kind == RANGE and self.low is not None and self.high is not None:
            return f"{grouped(self.low)}–{grouped(self.high)}"
        else:
            number = grouped(self.low or 0)
        return f"≤ {number}" if self.kind == AT_MOST else number


def parse_goal(text: str, indicator: Indicator) -> Goal:
    """Read a target for an indicator.

    A plain number is a floor, or a ceiling where lower is better.

    Raises:
        RejectedError: not a target, a vague one, or a percentage where a number is due (and the reverse).

    """
    typed = normalised(text)
    folded = fold(typed)  # as many letters as typed, so that places in one are places in the other
    if _VAGUE.match(folded):
        raise RejectedError(
            _("“{text}” is no target: whether it is met could not be told.").format(text=typed[:60]),
            instead=_("Type a number (3.000), a floor (ít nhất 3.000), a ceiling (tối đa 5) or a range (2.000-2.500)."),
        )

    def number(match: re.Match[str], group: str) -> str:
        return typed[match.start(group) : match.end(group)]

    if match := _AT_MOST.fullmatch(folded):
        return _goal(AT_MOST, number(match, "number" if match["number"] else "down"), indicator)
    if match := _RANGE.fullmatch(folded):
        return _range(number(match, "low"), number(match, "high"), indicator, typed)
    match = _AT_LEAST.fullmatch(folded)
    floor = number(match, "number") if match else typed
    plain = not _SIGNS_OF_LEAST.search(folded)
    kind = AT_MOST if plain and indicator.direction == LOWER else AT_LEAST
    return _goal(kind, floor, indicator)


def _range(low_text: str, high_text: str, indicator: Indicator, typed: str) -> Goal:
    low_text, high_text = (without_measure(it, indicator.measure) for it in (low_text, high_text))
    if low_text.replace(".", "").isdigit() and has_scale(high_text):
        unit = high_text.lstrip("0123456789., ")
        raise RejectedError(
            _("“{text}” can be read as {one} or as {other}.").format(
                text=typed[:60],
                one=f"{low_text} {indicator.measure}–{high_text}",
                other=f"{low_text} {unit}–{high_text}",
            ),
            instead=_("Type both bounds with their unit: {low} {unit}-{high}.").format(
                low=low_text, unit=unit, high=high_text
            ),
        )
    low, high = (_goal(RANGE, text, indicator) for text in (low_text, high_text))
    if low.low is None or high.low is None:
        raise RejectedError(
            _("“{text}”: a range is for counts and money, not for percentages.").format(text=typed[:60]),
            instead=_("Type its lower bound: 85% trở lên."),
        )
    if high.low < low.low:
        raise RejectedError(
            _("The range “{text}” is upside down.").format(text=typed[:60]),
            instead=_("Type the smaller number first, like 2.000-2.500."),
        )
    return Goal(RANGE, low=low.low, high=high.low)


def _goal(kind: str, number: str, indicator: Indicator) -> Goal:
    number = without_measure(number, indicator.measure)
    if indicator.kind == RATIO:
        if not looks_like_percent(number):
            refuse_bare_fraction(number)
            raise RejectedError(
                _("“{text}” is no target for a ratio.").format(text=number[:60]),
                instead=_("Type a percentage, like 85%."),
            )
        return Goal(kind, percent=parse_percent(number))
    if looks_like_percent(number):
        raise RejectedError(
            _("“{text}”: {indicator} is counted in {measure}, not in percent.").format(
                text=number[:60], indicator=indicator.code, measure=indicator.measure
            ),
            instead=_("Type the number aimed at, like 1.720."),
        )
    return Goal(kind, low=parse_money(number) if indicator.is_money else parse_many(number))
