"""What is typed as a value: exact or qualified counts and money, parts of a whole, percentages.

A qualifier says how a source hedged its number: "hơn 7.000" is `at-least`, "gần 500" is `below`,
"khoảng 3.000" is `about`. It travels through every sum and percentage that holds the number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.names import fold, normalised
from ucli.values.numbers import (
    decimal_text,
    grouped,
    money_text,
    parse_count,
    parse_decimal,
    parse_money,
    parse_percent,
)

OR_MORE = "at-least"
BELOW = "below"
ABOUT = "about"

# What a figure states: what was done, what is expected by the end of its window, or that it does not apply.
STATED, ESTIMATE, NOT_APPLICABLE = "stated", "estimate", "not-applicable"
# Whether it includes the units merged into its own within its window.
PREDECESSORS, OWN = "predecessors", "own"

# Longer hedges before those they begin with.
_HEDGES = {
    OR_MORE: ("hon", "tren", "it nhat", "khong duoi", "over", "more than", "at least", "≥", ">=", ">"),
    BELOW: ("gan", "duoi", "nearly", "almost", "under", "below", "less than", "<"),
    ABOUT: ("uoc khoang", "uoc tinh", "uoc dat", "uoc", "khoang", "xap xi", "about", "around", "~"),
}
# Words of an estimate: what is expected by the end of a window.
_ESTIMATES = ("uoc thuc hien", "uoc khoang", "uoc tinh", "uoc dat", "uoc", "estimated", "estimate")
# How a hedge is written before a number, so that it can be read back.
SIGNS = {None: "", OR_MORE: "≥ ", BELOW: "< ", ABOUT: "~ "}
_OPPOSITE = {None: None, OR_MORE: BELOW, BELOW: OR_MORE, ABOUT: ABOUT}

_CHANGE = re.compile(r"(giam|tang) (?:di |them )?|[-−](?=\D)")


@dataclass(slots=True, unsafe_hash=True)  # never changed; frozen takes three times as long to make
class Quantity:
    """A whole number of things or of đồng, as its source stated it."""

    value: int
    qualifier: str | None = None

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.value + other.value, joined(self.qualifier, other.qualifier))

    def __sub__(self, other: "Quantity") -> "Quantity":
        difference = self.value - other.value
        # 100 less at least 20 is at most 80, which for whole numbers is below 81.
        if self.qualifier is None and other.qualifier == OR_MORE:
            return Quantity(difference + 1, BELOW)
        return Quantity(difference, joined(self.qualifier, opposite(other.qualifier)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """Its number without the hedge, for comparison."""
        return (self.value,)

    def text(self, money: str = "đồng") -> str:
        """Write it for people, ≥ 7.000; an amount in đồng, triệu or tỷ: ≥ 96,4."""
        return SIGNS[self.qualifier] + money_text(self.value, money)


@dataclass(slots=True, unsafe_hash=True)  # never changed; frozen takes three times as long to make
class Share:
    """A part of a whole (56/56); for an average, the sum of values over the sum of weights."""

    part: int
    whole: int
    qualifier: str | None = None

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole, joined(self.qualifier, other.qualifier))

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.part, self.whole

    def text(self) -> str:
        """Write it for people: ≥ 5/6."""
        return f"{SIGNS[self.qualifier]}{grouped(self.part)}/{grouped(self.whole)}"


Value = Quantity | Share


def value_of(value: int | None, part: int | None, whole: int | None, qualifier: str | None) -> Value | None:
    """Return the value in a figure's columns; None if it is only a percentage, or not applicable."""
    if value is not None:
        return Quantity(value, qualifier)
    return Share(part or 0, whole, qualifier) if whole is not None else None


def joined(one: str | None, other: str | None) -> str | None:
    """Return the qualifier of a sum: hedges in one direction keep it, mixed ones leave only `about`."""
    if one is None or other is None or one == other:
        return one or other
    return ABOUT


def opposite(qualifier: str | None) -> str | None:
    """Return the qualifier of a result from that of the subtrahend or divisor."""
    return _OPPOSITE[qualifier]


def total_of(values: Sequence[Value]) -> Value | None:
    """Add up values of one kind, as all values of an indicator are."""
    return reduce(add, values) if values else None


def with_gaps(value: Value) -> Value:
    """Mark a value that lacks something: a sum becomes at-least, a share may err to either side."""
    if isinstance(value, Quantity):
        return Quantity(value.value, joined(value.qualifier, OR_MORE))
    return Share(value.part, value.whole, ABOUT)


def difference(one: Value | None, other: Value | None) -> Value | None:
    """Return the difference of two values, if either is known; shares have none."""
    if one is None and other is None:
        return None
    minuend, subtrahend = (it if isinstance(it, Quantity) else Quantity(0) for it in (one, other))
    return minuend - subtrahend


def quotient(one: Value | None, other: Value | None, *, is_share: bool) -> Value | None:
    """Return one number as a share of another, if both are known."""
    if not is_share or not isinstance(one, Quantity) or not isinstance(other, Quantity) or other.value <= 0:
        return None
    return Share(one.value, other.value, joined(one.qualifier, opposite(other.qualifier)))


def split_qualifier(text: str) -> tuple[str | None, str]:
    """Split "hơn 7.000" into its qualifier and the rest."""
    typed = normalised(text)
    folded = fold(typed)
    for qualifier, words in _HEDGES.items():
        for word in words:
            # Folding keeps the length, so the hedge can be cut off the text as typed.
            if folded.startswith(f"{word} " if word[0].isalpha() else word):
                return qualifier, typed[len(word) :].strip()
    return None, typed


def split_estimate(text: str) -> tuple[bool, str]:
    """Tell whether a text such as "ước 10.000" is an estimate, and return the rest."""
    typed = normalised(text)
    word = next((it for it in _ESTIMATES if fold(typed).startswith(f"{it} ")), "")
    return bool(word), typed[len(word) :].strip()


def parse_quantity(text: str, *, money: bool, signed: bool = False) -> Quantity:
    """Parse a count or amount with its hedge, if any; if `signed` it may be negative: -30, giảm 30."""
    if signed and (change := _CHANGE.match(fold(normalised(text)))):
        change_in = parse_quantity(normalised(text)[change.end() :], money=money)
        # “giảm hơn 30” is below -30.
        return change_in if change[1] == "tang" else Quantity(-change_in.value, opposite(change_in.qualifier))
    qualifier, number = split_qualifier(text)
    return Quantity(parse_signed(number, money=money, signed=signed), qualifier)


def parse_signed(number: str, *, money: bool, signed: bool) -> int:
    """Parse a count or amount; if `signed` it may be negative."""
    is_below = signed and number[:1] in ("-", "−")
    value = (parse_money if money else parse_count)(number[1:].lstrip() if is_below else number)
    return -value if is_below else value


def parse_share(text: str, *, may_exceed: bool = False, money: bool = False) -> Share:
    """Read "56/56" or "309/1.301": a part no larger than its whole, unless it may exceed it."""
    qualifier, rest = split_qualifier(text)
    part_text, slash, whole_text = rest.partition("/")
    if not slash:
        refuse_bare_fraction(rest)
        raise RejectedError(
            _("“{text}” does not say out of how many.").format(text=text[:60]),
            instead=_("Type the part and the whole, like 56/56, or a percentage, like 95%, to keep it as stated."),
        )
    part = parse_money(part_text) if money else parse_count(part_text)
    whole = parse_count(whole_text)
    if whole == 0:
        raise RejectedError(
            _("“{text}” has a whole of 0.").format(text=text[:60]),
            why=_("A share of 0 is not a figure."),
            instead=_("Leave the figure out, or type the true whole."),
        )
    if part > whole and not may_exceed:
        raise RejectedError(
            _("“{text}” has a part larger than its whole.").format(text=text[:60]),
            why=_("It reads as {part} out of {whole}, or as {part} done against a target of {whole}.").format(
                part=part_text.strip(), whole=whole_text.strip()
            ),
            instead=_("A target is set with “ucli set-target”, separately from what was done."),
        )
    return Share(part, whole, qualifier)


def parse_stated_percent(text: str) -> tuple[str | None, Decimal]:
    """Parse a percentage that a source printed, with its hedge: "trên 90%", "96"."""
    qualifier, number = split_qualifier(text)
    return qualifier, parse_percent(number)


def refuse_bare_fraction(text: str) -> None:
    """Refuse 0,95 as a percentage: as typed it is 0,95%, as a spreadsheet holds it 95%."""
    typed = text.strip()
    try:
        number = parse_decimal(typed)
    except RejectedError:
        return
    if 0 < number <= 1:
        one, other = f"{decimal_text(number)}%", f"{decimal_text((number * 100).normalize())}%"
        raise RejectedError(
            _("“{text}” can be read as {one} or as {other}.").format(text=typed[:60], one=one, other=other),
            instead=_("Type {one} or {other}, as you mean it.").format(one=one, other=other),
        )


def without_measure(text: str, measure: str) -> str:
    """Drop the unit of measure behind a number: "27 nhà" of houses is 27."""
    typed = normalised(text)
    return typed[: -len(measure)].rstrip() if fold(typed).endswith(f" {fold(measure)}") else typed


def looks_like_percent(text: str) -> bool:
    return text.strip().endswith("%")


def looks_like_share(text: str) -> bool:
    return re.search(r"[0-9]\s*/\s*[0-9]", text) is not None
