"""What is known of a person: a sex as typed, an ID number never shown in full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucli.domain.members import masked, parse_id_number, parse_sex
from ucli.errors import RejectedError


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
