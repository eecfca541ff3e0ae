"""Vietnamese numbers: a dot for thousands, a comma for decimals; "96,4 tỷ" is 96 400 000 000.

A number that could be read in two ways is refused with both readings named: "1.5", "7,000", "1.2345".
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.values.names import fold

# A million tỷ: no federation counts or pays more, and thousands of such numbers still add up in 64 bits.
LARGEST = 10**15
_LEAST_MONEY = 1_000  # no smaller amount is raised or paid

# Before a separator of thousands the first digit is not 0: "0.500" is somebody's half.
_PARTED = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_WHOLE = re.compile(rf"[0-9]+|{_PARTED}")
_DECIMAL = re.compile(rf"(?P<whole>{_PARTED}|[0-9]+)(?:,(?P<fraction>[0-9]+))?")
_ONE_MARK = re.compile(r"(?P<before>[0-9]+)[.,](?P<after>[0-9]+)(?P<unit>[^0-9.,]*)")
_BELOW_ZERO = re.compile(r"[-−]\s*[0-9]|giam\s")
_DECIMALS = re.compile(r"[0-9]{4,},[0-9]+")  # a decimal point that cannot separate thousands, as in 500000.5

_THOUSANDTHS = 1000
MONEY_UNITS = {"đồng": 1, "triệu": 10**6, "tỷ": 10**9}
# Scales of numbers, folded; the short ones only for money.
_WORDS = {"nghin": 10**3, "ngan": 10**3, "thousand": 10**3, "trieu": 10**6, "million": 10**6}
_WORDS |= {"ty": 10**9, "ti": 10**9, "billion": 10**9}
_SCALES = {**_WORDS, "k": 10**3, "tr": 10**6, "trillion": 10**12, "": 1}
_SCALES |= {f"{one} {other}": 10**12 for one in ("nghin", "ngan") for other in ("ty", "ti")}
_SCALE = "|".join(sorted(filter(None, _SCALES), key=len, reverse=True))
_CURRENCY = "(?:dong|vnd|d|₫)"
_COUNT = re.compile(rf"(?P<number>[0-9.,]+)\s*(?P<scale>{'|'.join(_WORDS)}|)")
_MONEY = re.compile(rf"(?P<number>[0-9.,]+)\s*(?P<scale>{_SCALE}|)\s*{_CURRENCY}?")
_NUMBER = {False: _WHOLE, True: _DECIMAL}  # whether a scale follows: its pattern
# 4 tỷ 75 triệu, 1 tỷ 200.000 đồng: each part is smaller than the one before, and only the last may lack a scale.
_PARTS = re.compile(
    rf"(?:(?:{_PARTED}|[0-9]+)\s*(?:{_SCALE})\s*)+(?:{_PARTED}\s*{_CURRENCY}?|[0-9]+\s*{_CURRENCY}|{_CURRENCY})?"
)
_PART = re.compile(rf"(?P<number>{_PARTED}|[0-9]+)\s*(?P<scale>{_SCALE}|)")
# Foreign currencies by their folded names; any other by its three capital letters.
_FOREIGN = (
    r"[$€£¥₩]|(?<![a-z])(?:us\$|usd|do(?: la)?(?: my)?|dollars?|eur|e-?uros?|gbp|bang(?: anh)?|pounds?|jpy"
    r"|yen(?: nhat)?|cny|rmb|nhan dan te|te|krw|won|thb|bat|baht|lak|kip|khr|riel|twd|ntd|dai te|rub|rup)(?![a-z])"
)
_CAPITALS = r"(?<![^\W\d])(?!VND)[A-Z]{3}(?![^\W\d])"


def parse_count(text: str) -> int:
    """Read a whole number, which may be told in thousands and more: "7000", "7.000", "07", "7 nghìn", "1,2 triệu"."""
    typed = text.strip()
    rule = _("a count is a whole number, like 7.000, 7 nghìn or 1,2 triệu")
    match = _COUNT.fullmatch(fold(typed))
    if match and _NUMBER[bool(match["scale"])].fullmatch(match["number"]):
        return _times(match, typed, rule)
    has_scale = bool(match and match["scale"])
    raise _unreadable(typed, rule, whole=not has_scale, unit=has_scale)


def parse_money(text: str) -> int:
    """Read an amount in whole đồng: "900 triệu", "900tr", "96,4 tỷ", "1.200.000", "1200000đ", "1 tỷ 200 triệu"."""
    typed = text.strip()
    folded = fold(typed)
    rule = _("an amount is like 1.200.000, 900 triệu or 96,4 tỷ")
    match = _MONEY.fullmatch(folded)
    if match and _NUMBER[bool(match["scale"])].fullmatch(match["number"]):
        return _times(match, typed, rule)
    if _PARTS.fullmatch(folded):
        parts = list(_PART.finditer(folded))
        scales, amounts = [_SCALES[it["scale"]] for it in parts], [_times(it, typed, rule) for it in parts]
        if all(amount < above for amount, above in zip(amounts[1:], scales, strict=False)):
            return _within(str(sum(amounts)), typed)
    if not match and (foreign := re.search(_FOREIGN, folded) or re.search(_CAPITALS, typed)):
        raise RejectedError(
            _("“{text}” is in a foreign currency ({currency}).").format(text=typed[:60], currency=foreign[0].upper()),
            why=_("All amounts of a ledger are in đồng."),
            instead=_("Type its value in đồng on that day, like 7.500.000; --note can keep the foreign amount."),
        )
    raise _unreadable(typed, rule, whole=match is not None and not match["scale"])


def doubt_about_money(amount: int) -> str | None:
    """Return why an amount is doubtful; None if it is not."""
    if not 0 < amount < _LEAST_MONEY:
        return None
    return _("{amount}: is its unit missing, nghìn, triệu or tỷ đồng?").format(amount=f"{amount} đồng")


def has_scale(text: str) -> bool:
    """Tell whether a number has a scale: "5 triệu", not "5.000.000 đồng"."""
    match = _MONEY.fullmatch(fold(text))
    return bool(match["scale"] if match else _PARTS.fullmatch(fold(text)))


def parse_decimal(text: str) -> Decimal:
    """Read a number with an optional decimal comma: "96,4", "1.234,5", "12"."""
    typed = text.strip()
    match = _DECIMAL.fullmatch(typed)
    if not match:
        raise _unreadable(typed, _("a decimal takes a comma, like 96,4"))
    _within(match["whole"].replace(".", ""), typed)
    return Decimal(typed.replace(".", "").replace(",", "."))


def parse_percent(text: str) -> Decimal:
    """Read a percentage, with or without its sign: "85%", "122,7"."""
    return parse_decimal(text.strip().removesuffix("%"))


def grouped(number: int) -> str:
    """Write a whole number with thousands separated: 10.800."""
    return f"{number:,}".replace(",", ".")


def first_lines(lines: Sequence[str], most: int) -> list[str]:
    """Return the first of many lines, and one that says how many more there are."""
    more = [_("… and {count} more.").format(count=grouped(len(lines) - most))] if len(lines) > most else []
    return [*lines[:most], *more]


def decimal_text(number: Decimal) -> str:
    """Write a decimal with a comma and thousands separated: 1.234,5."""
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def size_text(size: int) -> str:
    """Write a number of bytes for people, by thousands as disks are sold: 512 kB, 1,5 MB, 31,6 GB."""
    power = next((it for it in (3, 2) if size >= 1000**it), 1)
    number = round(Decimal(size) / 1000**power, 1 if power > 1 else 0)
    return f"{decimal_text(number)} {('kB', 'MB', 'GB')[power - 1]}"


# What people type for an amount that is not known.
UNKNOWN = "unknown"
UNKNOWN_ALIASES = (UNKNOWN, "chua ro", "chua ro gia tri")


def money_text(amount: int, unit: str = "đồng") -> str:
    """Write an amount in đồng, triệu or tỷ, with every digit it has: 96.400.000.000, 96.400, 96,4."""
    scale = MONEY_UNITS[unit]
    whole, rest = divmod(abs(amount), scale)
    digits = f"{rest:0{len(str(scale)) - 1}d}".rstrip("0") if rest else ""
    return ("-" if amount < 0 else "") + grouped(whole) + (f",{digits}" if digits else "")


def fitting_money(amounts: Iterable[int]) -> str:
    """Return the largest unit in which no amount needs more than three decimals: 1,26 tỷ, never 1,234567 tỷ.

    No amount is below one of it, zero excepted; đồng if there is no other amount than zero.
    """
    known = [abs(it) for it in amounts if it]
    for unit, size in reversed(MONEY_UNITS.items()):
        if known and all(it >= size and it * _THOUSANDTHS % size == 0 for it in known):
            return unit
    return "đồng"


def refuse_negative(text: str) -> None:
    """Refuse a negative number, before its sign is taken for something else."""
    typed = text.strip()
    if _BELOW_ZERO.match(fold(typed)):
        raise RejectedError(_("“{text}” is below 0; it may not be negative.").format(text=typed[:60]))


def _times(match: re.Match[str], typed: str, rule: str) -> int:
    """Return a number times its scale; refuse it if a fraction is left."""
    whole, _comma, fraction = match["number"].partition(",")
    fraction = fraction.rstrip("0")
    zeros = len(str(_SCALES[match["scale"]])) - 1
    if len(fraction) > zeros:
        raise _not_whole(typed, rule)
    return _within(whole.replace(".", "") + fraction.ljust(zeros, "0"), typed)


def _within(digits: str, typed: str) -> int:
    # Length first: Python refuses to parse thousands of digits, leading zeros included.
    digits = digits.lstrip("0") or "0"
    if len(digits) > len(str(LARGEST)) or int(digits) > LARGEST:
        raise RejectedError(
            _("“{text}” is larger than the largest figure a ledger can hold ({largest}).").format(
                text=typed[:40], largest=grouped(LARGEST)
            )
        )
    return int(digits)


def _not_whole(typed: str, rule: str) -> RejectedError:
    what = _("“{text}” is not a whole number.").format(text=typed[:60])
    return RejectedError(what, why=_("Here {rule}.").format(rule=rule))


def _unreadable(typed: str, rule: str, *, whole: bool = False, unit: bool = True) -> RejectedError:
    """Return the error for a number, with both readings if its mark leaves two."""
    refuse_negative(typed)
    if whole and _DECIMALS.fullmatch(typed):
        return _not_whole(typed, rule)
    match = _ONE_MARK.fullmatch(typed) if len(typed) <= 40 else None
    joined = grouped(int(match["before"] + match["after"])) if match else ""
    # In “10.000 something” the number is clear, and the rest is what cannot be read.
    if not match or typed[: match.end("after")] == joined:
        what = _("“{text}” is not a number.").format(text=typed[:60])
        return RejectedError(what, why=_("Here {rule}.").format(rule=rule))
    behind = match["unit"] if unit else ""  # never advise what would be refused again
    one = f"{match['before']},{match['after']}{behind}"
    other = f"{joined}{behind}"
    return RejectedError(
        _("“{text}” can be read as {one} or as {other}.").format(text=typed, one=one, other=other),
        why=_("Here {rule}: use a dot for thousands, a comma for decimals.").format(rule=rule),
        instead=_("Whole numbers only; did you mean {other}?").format(other=other)
        if whole
        else _("Type {one} or {other}, as you mean it.").format(one=one, other=other),
    )
