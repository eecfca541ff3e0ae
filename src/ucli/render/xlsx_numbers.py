"""Numbers as a cell of a workbook holds them, and the formats in which they read as they were printed."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from ucli.render.cells import Measured
from ucli.values.quantities import SIGNS, Quantity

_MOST_DIGITS = 15  # of a number, that Excel keeps


def number_cell(value: object) -> tuple[int | float | Decimal, str] | None:
    """Return the number that a cell holds and its format; None for text, and for more digits than Excel keeps."""
    number = _number(value)
    if number is None:
        return None
    held, shown = notation(*number)
    if isinstance(value, Measured) and value.exact is not None:
        return held_as(value.exact, Decimal(held)), shown
    return held, shown


def notation(number: int | Decimal, sign: str = "", suffix: str = "") -> tuple[int | Decimal, str]:
    """Return a number as a cell holds it, and the format in which it reads as it was printed.

    "≥ 64,8%" is 0.648 in the format `"≥ "0.0%`; a mark behind a number stays behind it.
    """
    exponent = number.as_tuple().exponent if isinstance(number, Decimal) else 0
    decimals = "0" * max(0, -int(exponent))
    point = f".{decimals}" if decimals else ""
    if suffix.startswith("%"):
        number, body, suffix = Decimal(number).scaleb(-2), f"0{point}%", suffix[1:]
    else:
        body = f"#,##0{point}"
    before, after = (f'"{it}"' if it else "" for it in (sign, suffix))
    shown = f"{before}{body}{after}"
    return number, f"{shown};{before}-{body}{after}" if sign else shown


def held_as(exact: Fraction, printed: Decimal) -> float | Decimal:
    """Return a quotient as a cell holds it: exact, unless Excel would show something else than what was printed.

    Excel rounds half up what fifteen digits say; so 99,96% of a target is held as the 0.999 that was printed, and
    what is under zero and prints as zero, as zero.

    Args:
        exact: the quotient; 1 is 100%.
        printed: the same as it was printed, with as many digits.

    """
    held = float(exact)
    shown = Decimal(f"{held:.15g}").quantize(printed, ROUND_HALF_UP)
    return held if shown == printed and (held < 0) == (printed < 0) else printed


def _number(value: object) -> tuple[int | Decimal, str, str] | None:
    """Return the number that is printed, its sign and its suffix."""
    match value:
        case bool():
            return None
        case Measured():
            found = value.number, value.sign, value.suffix
        case Quantity():
            found = value.value, SIGNS[value.qualifier], ""
        case int() | Decimal():
            found = value, "", ""
        case _:
            return None
    return found if len(Decimal(found[0]).normalize().as_tuple().digits) <= _MOST_DIGITS else None
