"""Numbers as Vietnamese offices type them: read exactly, or refused with both readings named."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ucli.errors import RejectedError
from ucli.i18n import choose
from ucli.values.numbers import (
    LARGEST,
    decimal_text,
    grouped,
    money_text,
    parse_count,
    parse_decimal,
    parse_money,
    parse_percent,
)

COUNTS = st.integers(0, LARGEST)
DIGITS = st.text("0123456789", min_size=1, max_size=9)
HUNDREDTHS = st.decimals(0, 10**9, places=2)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        *((typed, 7000) for typed in ("7000", "7.000", " 7.000\n", "\u00a07000\u00a0")),
        ("07", 7),
        ("0", 0),
        ("1.234.567", 1_234_567),
        ("1.000.000.000.000.000", LARGEST),
    ],
)
def test_a_dot_parts_thousands_of_a_count(typed: str, read: int) -> None:
    assert parse_count(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        *("1.5", "7,000", "1.2345", "1,5", "7.000.", ".700", "1.000.00", "1.000.000.0", "1234.567", "1.234,5"),
        *("1,234.5", "1,000,000", "", " ", ".", ",", "-5", "−5", "+5", "1e5", "1_000", "0x10", "7 000", "7\u00a0000"),
        *("７０００", "٣", "७", "²", "½", "1'000", "7000đ", "7.000 người", "bảy", "inf", "nan"),
    ],
)
def test_what_is_not_surely_a_whole_number_is_no_count(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_count(typed)


@given(whole=DIGITS, mark=st.sampled_from(".,"), rest=DIGITS)
def test_one_mark_that_does_not_part_thousands_is_refused_with_both_readings(whole: str, mark: str, rest: str) -> None:
    choose("en")
    typed = f"{whole}{mark}{rest}"
    assume(not (mark == "." and len(rest) == 3 and len(whole) <= 3))
    with pytest.raises(RejectedError) as refusal:
        parse_count(typed)
    if mark == "," and len(whole) > 3:
        assert "not a whole number" in refusal.value.what, "no comma parts thousands there"
        return
    assert f"{whole},{rest} or as {grouped(int(whole + rest))}" in refusal.value.what


@pytest.mark.parametrize(
    ("parse", "typed"),
    [(parse_count, "0.500"), (parse_money, "0.500 tỷ"), (parse_money, "0.123 triệu"), (parse_percent, "0.123%")],
)
def test_a_nought_before_a_dot_could_be_a_fraction_and_is_refused(parse: Callable[[str], object], typed: str) -> None:
    with pytest.raises(RejectedError):
        parse(typed)


@pytest.mark.parametrize("typed", ["9" * 25, "9" * 5000, "1." + "9" * 5000, "1," + "9" * 5000, str(LARGEST + 1)])
def test_a_number_beyond_any_ledger_is_refused_however_long(typed: str) -> None:
    for parse in (parse_count, parse_money):
        with pytest.raises(RejectedError):
            parse(typed)


def test_two_readings_are_offered_only_where_there_are_two() -> None:
    choose("en")
    for typed in ("1.234,5", "1.000.00", "7.000.", "2.000..2.500"):
        with pytest.raises(RejectedError) as refusal:
            parse_count(typed)
        assert "can be read as" not in refusal.value.what, typed


SCALES = {3: ("nghìn", "Ngàn", "thousand"), 6: ("triệu", "million"), 9: ("tỷ", "tỉ", "billion")}


@given(number=st.integers(0, 10**5), scale=st.sampled_from([(it, zeros) for zeros in SCALES for it in SCALES[zeros]]))
def test_thousands_and_more_are_read_as_they_are_told(number: int, scale: tuple[str, int]) -> None:
    word, zeros = scale
    assert parse_count(f"{grouped(number)} {word}") == parse_count(f"{number}{word}") == number * 10**zeros
    assert parse_money(f"{number} {word}") == number * 10**zeros
    assert parse_count(f"{number},5 {word}") == number * 10**zeros + 5 * 10 ** (zeros - 1)
    with pytest.raises(RejectedError):
        parse_count(f"{number},{'0' * zeros}1 {word}")
    with pytest.raises(RejectedError):
        parse_count(f"{number}.5 {word}")


def test_no_advice_would_be_refused_again() -> None:
    choose("en")
    with pytest.raises(RejectedError) as refusal:
        parse_count("7,000 người")
    assert "did you mean 7.000?" in str(refusal.value.instead)


@pytest.mark.parametrize("typed", ["5 thousand", "5k", "5 nghìn đồng", "5 thousand dong", "5000 d", "5.000 VND"])
def test_the_d_of_thousand_is_no_dong(typed: str) -> None:
    assert parse_money(typed) == 5000


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        *((typed, 900_000_000) for typed in ("900 triệu", "900tr", "0,9 tỷ")),
        *((typed, 96_400_000_000) for typed in ("96,4 tỷ", "96,4 tỉ", "96,4ty", "96.400 triệu")),
        *((typed, 1_200_000) for typed in ("1.200.000", "1200000đ", "1.200 nghìn", "1,2 triệu đồng")),
        *((typed, 50_000) for typed in ("50 nghìn", "50 ngàn đồng", "50k")),
        *((typed, 10**9) for typed in ("1 Tỷ VNĐ", "1\u00a0tỷ", "1.000 triệu")),
        ("1.234,5 tỷ", 1_234_500_000_000),
        ("0,000000001 tỷ", 1),
        ("0 đồng", 0),
        ("1.000.000 tỷ", LARGEST),
    ],
)
def test_money_is_read_with_its_unit(typed: str, dong: int) -> None:
    assert parse_money(typed) == dong


@pytest.mark.parametrize(
    "typed",
    [
        *("1.5 tỷ", "1.5tr", "7.0000 tỷ", "1.234.5 tỷ", "1,234,5 tỷ", "1,,5 tỷ", "1. tỷ", ",5 tỷ", "tỷ", "", "-5 tỷ"),
        *(
            "0,0000000001 tỷ",
            "1,5đ",
            "1,5",
            "1.2000đ",
            "1 tỷ 500",
            "200 triệu 1 tỷ",
            "1,5 tỷ 200 triệu",
            "9,3 tỷ tỷ",
            "5 trăm",
            "$5",
            "５ tỷ",
            "1e3 tỷ",
        ),
        *("9223372037 tỷ", "9" * 5000 + " tỷ", "1,0000000000000000000000000000001 tỷ"),
    ],
)
def test_an_amount_that_is_not_surely_whole_dong_is_refused(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_money(typed)


def test_a_refused_amount_names_both_readings_with_their_unit() -> None:
    choose("en")
    with pytest.raises(RejectedError) as refusal:
        parse_money("1.5 tỷ")
    assert "1,5 tỷ" in refusal.value.what
    assert "15 tỷ" in refusal.value.what


@pytest.mark.parametrize(
    ("typed", "read"), [("85%", "85"), ("85 %", "85"), ("122,7", "122.7"), ("1.000,5%", "1000.5"), ("0", "0")]
)
def test_a_percentage_takes_a_comma_with_or_without_its_sign(typed: str, read: str) -> None:
    assert parse_percent(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["122.7", "1.5%", "-5%", "85%%", "%", "", "٨٥%", "8５%", "Infinity", "NaN", "1e2%"])
def test_what_is_not_one_number_is_no_percentage(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_percent(typed)


@given(COUNTS)
def test_a_count_as_printed_is_read_back(number: int) -> None:
    assert parse_count(grouped(number)) == parse_count(str(number)) == number


@given(amount=COUNTS, unit=st.sampled_from(("đồng", "triệu", "tỷ")))
def test_money_as_printed_in_any_unit_is_read_back(amount: int, unit: str) -> None:
    assert parse_money(f"{money_text(amount, unit)} {unit}") == amount
    assert parse_money(f"{money_text(amount, unit)} {unit} đồng".replace("đồng đồng", "đồng")) == amount


@given(HUNDREDTHS)
def test_a_percentage_as_printed_is_read_back(number: Decimal) -> None:
    assert parse_percent(f"{decimal_text(number)}%") == parse_decimal(decimal_text(number)) == number


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [
        (96_400_000_000, "đồng", "96.400.000.000"),
        (96_400_000_000, "triệu", "96.400"),
        (96_400_000_000, "tỷ", "96,4"),
        (-1_500_000, "triệu", "-1,5"),
        (1, "tỷ", "0,000000001"),
        (0, "tỷ", "0"),
    ],
)
def test_money_is_printed_with_every_digit_it_has(amount: int, unit: str, text: str) -> None:
    assert money_text(amount, unit) == text
