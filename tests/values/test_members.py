"""What is known of a person: a sex as typed, an ID number never shown in full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucli.errors import RejectedError
from ucli.values.members import masked, parse_id_number, parse_sex, refuse_id_number


@pytest.mark.parametrize(
    ("typed", "sex"), [("nam", "male"), (" Nam ", "male"), ("nữ", "female"), ("Nữ", "female"), ("NU", "female")]
)
def test_a_sex_is_read_with_or_without_marks(typed: str, sex: str) -> None:
    assert parse_sex(typed) == sex


@pytest.mark.parametrize("typed", ["", "x", "nam nữ", "0", "na"])
def test_anything_else_is_no_sex(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_sex(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("012345678901", "012345678901"), ("123456789", "123456789"), (" 012 345 678 901\n", "012345678901")],
)
def test_an_id_number_has_twelve_digits_or_nine(typed: str, number: str) -> None:
    assert parse_id_number(typed) == number


@pytest.mark.parametrize("typed", ["", "1234567890", "0123-456-789-01", "٠١٢٣٤٥٦٧٨٩٠١", "²²²²²²²²²", "1" * 5000])
def test_a_wrong_id_number_is_refused_and_never_repeated(typed: str) -> None:
    with pytest.raises(RejectedError) as refusal:
        parse_id_number(typed)
    assert not typed or not any(typed in line for line in refusal.value.lines())


@given(st.integers(0, 10**9 - 1).map("{:09}".format) | st.integers(0, 10**12 - 1).map("{:012}".format))
def test_an_id_number_is_shown_by_its_last_three_digits(number: str) -> None:
    shown = masked(parse_id_number(number))
    assert shown == f"***{number[-3:]}"


def test_no_id_number_is_shown_as_none() -> None:
    assert masked(None) is None


@pytest.mark.parametrize(
    "text",
    [
        "034190000123",
        "CCCD: 034190000123.",
        "ngày 5.6.2024 034190000123",
        "034 190 000 123",
        "034.190.000.123",
        "034-190-000-123",
        "0341 9000 0123",
        "034 - 190 - 000 - 123",
        "034\u00a0190\u00a0000\u00a0123",
        "034–190–000–123",
        "034 190.000-123",
        "0341 1990 0123",
        "034 190 000 123 20/4/2024",
        "034.190.000.123 đ",
        "123 456 789 012",
        "０３４１９００００１２３",
        "5-034190000123",
        "số 1.034190000123",
        "034190000123.5",
    ],
)
def test_twelve_digits_in_a_text_are_an_id_number_whatever_stands_between_them(text: str) -> None:
    with pytest.raises(RejectedError) as refused:
        refuse_id_number(text)
    assert "123" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "12/QĐ-LĐLĐ ngày 20/4/2024",
        "01.07.2024-31.07.2024",
        "1-7-2024 – 31-7-2024",
        "2024-07-01 – 2024-07-31",
        "2021, 2022, 2023",
        "2021 2022 2023",
        "2018-2023",
        "120.000.000.000 đồng",
        "1.234.567.890.123",
        "10.000.000 - 150.000.000",
        "0100109106-001",
        "+84 912 345 678",
        "03419000012",
        "0341900001234",
    ],
)
def test_days_years_and_amounts_are_no_id_number(text: str) -> None:
    assert refuse_id_number(text) == text
