"""Targets as offices hand them down: "1.720", "từ 1 tỷ đồng trở lên", "2.000-2.500", "vượt 74", "tối đa 5"."""

import re
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.indicators import LOWER, RATIO, Indicator
from ucli.values.names import fold, normalised
from ucli.values.numbers import decimal_text, grouped, has_scale, parse_percent
from ucli.values.quantities import looks_like_percent, parse_signed, refuse_bare_fraction, without_measure
from ucli.values.units import KIND_ALIASES

AT_LEAST = "at-least"
MORE_THAN = "more-than"
AT_MOST = "at-most"
RANGE = "range"
EACH_AT_LEAST = "each-at-least"

# The patterns of each kind, folded, in the order they are tried; their groups are numbers. Compiled only when a target
# is parsed, which most commands never do.
_EACH = r"(?:moi|tung|each|every)\b[^0-9>≥]*"
_KINDS = (
    (EACH_AT_LEAST, rf"{_EACH}?\b(?:it nhat|toi thieu|at least|tu)\b\s*(.+?)\s*(?:tro len)?|{_EACH}(?:>=|≥)\s*(.+)"),
    (MORE_THAN, r"(?:vuot(?: tren| qua)?|(?:nhieu |cao |lon )?hon|tren(?: muc)?|more than|over|above|>(?!=))\s*(.+)"),
    (AT_MOST, r"(?:toi da|khong qua|at most|<=|≤)\s*(.+?)|(?:tu\s+)?(.+?)\s*tro xuong"),
    (RANGE, r"(?:tu\s+)?([^-–]+?)\s*(?:-|–|den)\s*([^-–]+)"),
)
_AT_LEAST = r"(?:tu|it nhat|toi thieu|khong duoi|at least|>=|≥)?\s*(.+?)\s*(?:tro len)?"
_SIGNS_OF_LEAST = r"^(?:it nhat|toi thieu|khong duoi|at least|>=|≥)|tro len$"
_SAYS_EACH = r"(?:moi|tung|each|every)\b"
_DOWN_BY = r"giam (?:di )?"
_UP_BY = r"tang (?:them )?"
_MINUS = r"(^[^0-9]*?|(?:-|–|đến|den)\s*)[-−](?=[0-9])"  # a minus sign, not the dash of a range
_VAGUE = r"^(?:gan|khoang|duoi|uoc|xap xi|about|around|nearly|almost|under|below|~|<(?!=))"


def kind_each_named(text: str) -> str | None:
    """Return the kind of unit that must each reach a target, if the text names one: mỗi CĐCS ít nhất 1."""
    named = re.match(
        r"(?:moi|tung|each|every) ([^0-9>≥]+?) (?:it nhat|toi thieu|at least|tu)\b", fold(normalised(text))
    )
    return KIND_ALIASES.get(named[1]) if named else None


class Goal(NamedTuple):
    """The number aimed at: `low` (and `high` for a range) in the indicator's unit, or `percent` of a whole."""

    kind: str
    low: int | None = None
    high: int | None = None
    percent: Decimal | None = None
    as_floor: bool = False  # it was typed with "at least", and is printed so

    @property
    def bound(self) -> int | None:
        """The number attainment is measured against: a range is met at its lower bound."""
        return None if self.kind == EACH_AT_LEAST else self.low

    @property
    def aimed(self) -> Fraction:
        """The exact number or share aimed at."""
        return Fraction(self.percent) / 100 if self.percent is not None else Fraction(self.low or 0)

    @property
    def sign(self) -> str:
        """The words before the number, with which it can be read back."""
        if self.kind == EACH_AT_LEAST:
            return _("each") + " ≥ "
        return {AT_MOST: "≤ ", MORE_THAN: "> "}.get(self.kind, "≥ " if self.as_floor else "")

    def text(self) -> str:
        if self.percent is not None:
            return f"{self.sign}{decimal_text(self.percent)}%"
        if self.high is not None:
            return f"{grouped(self.low or 0)}–{grouped(self.high)}"
        return f"{self.sign}{grouped(self.low or 0)}"

    def is_reached_by(self, value: Fraction | float) -> bool:
        """Tell whether an exact, or infinite, value meets it."""
        if self.kind == AT_MOST:
            return value <= self.aimed
        return value > self.aimed if self.kind == MORE_THAN else value >= self.aimed


def parse_goal(text: str, indicator: Indicator) -> Goal:
    """Parse a target for an indicator; a plain number is a floor, or a ceiling if lower is better."""
    typed = re.sub(_MINUS, r"\1−", normalised(text))
    folded = fold(typed)  # of the same length as typed, so that positions in one are positions in the other
    if indicator.may_be_negative and (down := re.match(_DOWN_BY, folded)):
        return _turned(parse_goal(typed[down.end() :], indicator), typed)
    if indicator.may_be_negative and (up := re.match(_UP_BY, folded)):
        return parse_goal(typed[up.end() :], indicator)
    if re.match(_VAGUE, folded):
        raise RejectedError(
            _("“{text}” cannot be a target: it would be undecidable whether it is met.").format(text=typed[:60]),
            instead=_("Type a number (3.000), a floor (ít nhất 3.000), a ceiling (tối đa 5) or a range (2.000-2.500)."),
        )
    says_each = re.match(_SAYS_EACH, folded)
    for kind, pattern in _KINDS[:1] if says_each else _KINDS:
        if match := re.fullmatch(pattern, folded):
            numbers = [typed[slice(*match.span(it))] for it in range(1, match.re.groups + 1) if match[it]]
            return _range(numbers, indicator, typed) if kind == RANGE else _goal(kind, numbers[0], indicator)
    if says_each:
        raise RejectedError(
            _("“{text}” does not say what each unit must reach at least.").format(text=typed[:60]),
            instead=_("Type “mỗi đơn vị ít nhất 1”; another kind of target is set for each unit."),
        )
    match = re.fullmatch(_AT_LEAST, folded)
    floor = typed[slice(*match.span(1))] if match else typed
    plain = not re.search(_SIGNS_OF_LEAST, folded)
    kind = AT_MOST if plain and indicator.direction == LOWER else AT_LEAST
    return _goal(kind, floor, indicator)._replace(as_floor=not plain)


def _turned(goal: Goal, typed: str) -> Goal:
    """Return the target that limits a fall: giảm không quá 80 is ≥ -80."""
    if goal.low is None or goal.kind not in (AT_LEAST, AT_MOST):
        raise RejectedError(
            _("“{text}” cannot be a target: it would be undecidable whether it is met.").format(text=typed[:60]),
            instead=_("Type the least to be reached, like “ít nhất -80”."),
        )
    if goal.as_floor:
        return Goal(AT_MOST, -goal.low)
    return Goal(AT_LEAST, -goal.low, as_floor=goal.kind == AT_MOST)


def _range(bounds: list[str], indicator: Indicator, typed: str) -> Goal:
    low_text, high_text = (without_measure(it, indicator.measure) for it in bounds)
    if low_text.replace(".", "").isdigit() and has_scale(high_text):
        unit = high_text.lstrip("0123456789., ")
        one, other = f"{low_text} {indicator.measure}–{high_text}", f"{low_text} {unit}–{high_text}"
        raise RejectedError(
            _("“{text}” can be read as {one} or as {other}.").format(text=typed[:60], one=one, other=other),
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
                _("“{text}” is not a target for a ratio.").format(text=number[:60]),
                instead=_("Type a percentage, like 85%."),
            )
        return Goal(kind, percent=parse_percent(number))
    if looks_like_percent(number):
        raise RejectedError(
            _("“{text}”: {indicator} is counted in {measure}, not in percent.").format(
                text=number[:60], indicator=indicator.code, measure=indicator.measure
            ),
            instead=_("Type the target number, like 1.720."),
        )
    return Goal(kind, parse_signed(number, money=indicator.is_money, signed=indicator.may_be_negative))
