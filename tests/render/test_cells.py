"""One value to one cell: as people write it, and harmless whatever the name holds."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Ucli
from ucli.i18n import choose
from ucli.render.cells import average_text, percent_text, quotient, share_text, sides_of, text_of
from ucli.sanitize import sanitize
from ucli.values.quantities import ABOUT, BELOW, OR_MORE, Quantity, Share


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10_800, "10.800"),
        (0, "0"),
        (-1234, "-1.234"),
        (Decimal("64.8"), "64,8"),
        (Decimal("1234.50"), "1.234,50"),
        (Quantity(7000, OR_MORE), "≥ 7.000"),
        (Quantity(500, BELOW), "< 500"),
        (Quantity(3000, ABOUT), "~ 3.000"),
        (Share(309, 1301), "309/1.301"),
        (Share(5, 6, OR_MORE), "≥ 5/6"),
        (date(2024, 6, 30), "30/06/2024"),
        (None, "—"),
        ("", "—"),
        ("Thái Bình", "Thái Bình"),
    ],
)
def test_a_cell_is_written_as_people_read_it(value: object, text: str) -> None:
    assert text_of(value) == text


def test_a_truth_is_a_word_not_a_number() -> None:
    choose("en")
    assert (text_of(value=True), text_of(value=False)) == ("yes", "no")


@pytest.mark.parametrize(
    ("cells", "side"),
    [
        *(([None, it], "right") for it in (0, Decimal(1), Quantity(1), Share(1, 2), "7", "≥ 64,8%", "1,3 (744/572)")),
        *(([it], "left") for it in (True, "An", "7 nhà", date(2024, 1, 1), None)),
        (["7", "An"], "left"),
    ],
)
def test_numbers_stand_to_the_right(cells: list[object], side: str) -> None:
    assert sides_of([[it] for it in cells], 1) == [side]


def test_percentages_carry_their_hedge() -> None:
    assert percent_text("64.8", OR_MORE) == "≥ 64,8%"
    assert percent_text("1234.5") == "1.234,5%"
    assert share_text(Share(56, 56), 1) == "56/56 (100,0%)"
    assert average_text(Share(744, 572), 1) == "1,3 (744/572)"
    assert average_text(Share(744, 572, OR_MORE), 1) == "≥ 1,3 (744/572)"


@given(numerator=st.integers(0, 2**63), denominator=st.integers(1, 2**63), decimals=st.integers(0, 3))
def test_a_quotient_is_rounded_half_up(numerator: int, denominator: int, decimals: int) -> None:
    precise = Context(prec=99, rounding=ROUND_HALF_UP)
    exact = precise.divide(Decimal(numerator), Decimal(denominator))
    assert quotient(numerator, denominator, decimals) == f"{precise.quantize(exact, Decimal(1).scaleb(-decimals)):f}"


def test_a_quotient_is_never_minus_nought() -> None:
    assert quotient(-1, 1000, 1) == "0.0"


@pytest.mark.parametrize(
    ("value", "remaining"),
    [
        ("900", "100"),
        ("hơn 900", "≤ 100"),
        ("hơn 1.000", "0"),
        ("gần 900", "≥ 101"),
        ("khoảng 900", "~ 100"),
    ],
)
def test_what_remains_of_a_hedged_value_is_hedged_the_other_way(province: Ucli, value: str, remaining: str) -> None:
    province("set-target", "news-items", "1.000", "--unit", "HH", "--period", "2023")
    province("add-figure", "news-items", value, "--unit", "HH", "--period", "2023")
    out = province("report", "--unit", "HH", "--period", "2023", "--indicator", "news-items", "-f", "plain").out
    assert re.split(r"  +", out.splitlines()[2])[5] == remaining


@pytest.mark.parametrize(
    "evil", ["\x1b[31m", "\x07", "\u202e", "\u200b", "a\r\nb", "\u2028", "\x9b", "\ud800", "\U000e0001"]
)
def test_a_name_cannot_move_the_cursor_or_turn_the_line(evil: str) -> None:
    shown = text_of(f"An{evil}Bình")
    assert shown.startswith("An")
    assert shown.endswith("Bình")
    assert not any(unicodedata.category(it) in ("Cc", "Cf", "Cs", "Zl", "Zp") for it in shown)


@given(st.text())
def test_only_such_characters_are_spelt_out(text: str) -> None:
    hidden = [it for it in text if unicodedata.category(it) in ("Cc", "Cf", "Cs", "Zl", "Zp")]
    assert sanitize(text) == text or hidden
    assert not any(it in sanitize(text) for it in hidden)


@pytest.mark.parametrize(
    "name", ["Thái Bình", unicodedata.normalize("NFD", "Thái Bình"), "[bold]A[/bold]", "=1+1", "阮"]
)
def test_an_ordinary_name_is_left_as_it_is(name: str) -> None:
    assert text_of(name) == name
