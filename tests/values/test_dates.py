"""Days as they are typed here: day first, dots or slashes, never without a year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucli.errors import RejectedError
from ucli.i18n import choose
from ucli.values.dates import date_text, formal_date_text, parse_date


@pytest.mark.parametrize(
    "typed",
    [
        "2024-06-30",
        "30/6/2024",
        "30/06/2024",
        "30.6.2024",
        "30-6-2024",
        " 30/6/2024\n",
        "2024/06/30",
        "2024-6-30",
        "ngày 30 tháng 6 năm 2024",
        "30-Jun-2024",
    ],
)
def test_a_day_is_read_day_first_or_as_iso(typed: str) -> None:
    assert parse_date(typed) == date(2024, 6, 30)


@pytest.mark.parametrize("typed", ["today", "Today", "hôm nay", "HÔM NAY", "hom nay"])
def test_today_is_the_officers_own_day(typed: str) -> None:
    before, read, after = date.today(), parse_date(typed), date.today()  # noqa: DTZ011  as the officer's clock says
    assert before <= read <= after


@pytest.mark.parametrize(
    "typed",
    [
        *("30/2/2024", "29/2/2023", "2024-02-30", "31/4/2024", "6/30/2024", "1/13/2024", "0/1/2024", "1/1/0000"),
        *("30/6/24", "30/6-2024", "2024/06-30", "20240630", "06/2024", "2024", "30 tháng 6", "", "-"),
        *("３０/6/2024", "٣٠/٦/2024", "30 /6/2024", "2024-06-30T00:00", "30/6/20244", "yesterday"),
    ],
)
def test_a_day_that_is_not_one_is_refused(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_date(typed)


@given(day=st.integers(1, 28), month=st.integers(1, 12), mark=st.sampled_from("/.-"))
def test_a_day_without_its_year_is_never_guessed_and_its_readings_are_named(day: int, month: int, mark: str) -> None:
    choose("en")
    with pytest.raises(RejectedError) as refusal:
        parse_date(f"{day}{mark}{month}")
    this = date.today().year  # noqa: DTZ011
    for reading in (f"{day}/{month}/{this}", f"{day}/{month}/{this - 1}", f"{day} out of {month}"):
        assert reading in refusal.value.what


@given(st.dates())
def test_a_day_as_printed_is_read_back(day: date) -> None:
    assert parse_date(date_text(day)) == parse_date(day.isoformat()) == day


def test_a_day_is_printed_with_two_two_and_four_digits() -> None:
    assert date_text(date(2024, 6, 3)) == "03/06/2024"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2020, 3, 5), "ngày 05 tháng 3 năm 2020"),
        (date(2017, 2, 6), "ngày 06 tháng 02 năm 2017"),
        (date(2024, 5, 14), "ngày 14 tháng 5 năm 2024"),
        (date(2019, 10, 11), "ngày 11 tháng 10 năm 2019"),
    ],
)
def test_the_head_of_a_document_takes_a_nought_before_small_days_and_the_first_two_months(day: date, text: str) -> None:
    assert formal_date_text(day) == text
