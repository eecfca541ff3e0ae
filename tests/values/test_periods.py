"""Windows: every code of the contract, cut without gap or overlap, and the plan that is due by a day."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ucli.errors import RejectedError
from ucli.values.periods import Window, built_in, pieces_of, plan_to

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
PARTS = ("", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", "-9M", "-01", "-02", "-12", "u", "u-H1", "u-H2")


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(DAYS)
    return Window("campaign", start, start + timedelta(days=draw(st.integers(0, 800))))


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H1", date(2024, 1, 1), date(2024, 6, 30)),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024-9M", date(2024, 1, 1), date(2024, 9, 30)),
        ("2024-06", date(2024, 6, 1), date(2024, 6, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-07-01..2024-07-31", date(2024, 7, 1), date(2024, 7, 31)),
        ("2024-07-01..2024-07-01", date(2024, 7, 1), date(2024, 7, 1)),
        ("2024u", date(2023, 12, 1), date(2024, 11, 30)),
        ("2024u-H1", date(2023, 12, 1), date(2024, 5, 31)),
        ("2024u-H2", date(2024, 6, 1), date(2024, 11, 30)),
        ("2025-12-31", date(2025, 12, 31), date(2025, 12, 31)),
    ],
)
def test_every_code_of_the_contract_names_its_days(code: str, start: date, end: date) -> None:
    assert built_in(code) == Window(code, start, end)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2024-h1", "2024-H1"),
        (" 2024U ", "2024u"),
        ("1/7/2024..31/7/2024", "2024-07-01..2024-07-31"),
        ("30/6/2024", "2024-06-30"),
        ("6/2024", "2024-06"),
        ("06/2024", "2024-06"),
        ("12-2024", "2024-12"),
        ("Tháng 6/2024", "2024-06"),
        ("tháng 06 năm 2024", "2024-06"),
        ("T6/2024", "2024-06"),
        ("quý I/2025", "2025-Q1"),
        ("Quý IV năm 2025", "2025-Q4"),
        ("quý 1 năm 2025", "2025-Q1"),
        ("QUÝ 3-2025", "2025-Q3"),
        ("Q2/2025", "2025-Q2"),
        ("6 tháng đầu năm 2024", "2024-H1"),
        ("Sáu tháng đầu năm 2024", "2024-H1"),
        ("6 tháng/2024", "2024-H1"),
        ("06 tháng đầu năm 2024", "2024-H1"),
        ("H1/2024", "2024-H1"),
        ("the first half of 2024", "2024-H1"),
        ("second half 2024", "2024-H2"),
        ("09 tháng năm 2024", "2024-9M"),
        ("Quý 01/2024", "2024-Q1"),
        ("nửa cuối năm 2024", "2024-H2"),
        ("6 tháng cuối năm 2024", "2024-H2"),
        ("9 tháng 2024", "2024-9M"),
        ("9 THÁNG ĐẦU NĂM 2024", "2024-9M"),
        ("3 tháng đầu năm 2024", "2024-Q1"),
        ("năm 2024", "2024"),
        ("cả năm 2024", "2024"),
    ],
)
def test_a_code_is_kept_in_one_spelling(typed: str, code: str) -> None:
    window = built_in(typed)
    assert window is not None
    assert window.code == code


@pytest.mark.parametrize(
    "typed",
    [
        *("2024-13", "2024-00", "30/2/2024", "2024-02-30", "3/4", "3/4..5/4", "2024-07-31..2024-07-01", "2024-6"),
        *(
            "..",
            "2024-07-01..",
            "..2024-07-31",
            "2024-07-01...2024-07-31",
            "13/2024",
            "tháng 0/2024",
            "0000",
            "0000-06",
            "0000u",
            "0001u",
        ),
    ],
)
def test_a_code_that_names_no_days_is_refused(typed: str) -> None:
    with pytest.raises(RejectedError):
        built_in(typed)


@pytest.mark.parametrize(
    "typed", ["", "PHASE-1", "2024-H3", "2024-Q5", "2024u-Q1", "20245", "２０２４", "quý 5/2024", "quý 3"]
)
def test_any_other_code_is_left_to_the_ledger(typed: str) -> None:
    assert built_in(typed) is None


@given(year=st.integers(1, 9999), part=st.sampled_from(PARTS))
def test_a_code_as_printed_is_read_back(year: int, part: str) -> None:
    code = f"{year:04d}{part}"
    assume(not code.startswith("0001u"))
    window = built_in(code)
    assert window is not None
    assert window.code == code
    assert window.start <= window.end


def test_a_window_is_printed_with_its_days_and_never_says_them_twice() -> None:
    for code, text in (
        ("2024-H1", "2024-H1 (01/01/2024–30/06/2024)"),
        ("2024-12-31", "31/12/2024"),
        ("2024-07-01..2024-07-31", "01/07/2024–31/07/2024"),
    ):
        window = built_in(code)
        assert window is not None
        assert window.text() == text


@given(one=windows(), other=windows(), day=DAYS)
def test_windows_hold_and_meet_each_other_as_their_days_do(one: Window, other: Window, day: date) -> None:
    mine, theirs = (set(range(w.start.toordinal(), w.end.toordinal() + 1)) for w in (one, other))
    assert one.days == len(mine)
    assert one.holds(other) == (theirs <= mine)
    assert one.meets(other) == bool(mine & theirs)
    if day >= one.start:
        assert one.until(day).days == sum(1 for it in mine if it <= day.toordinal())


@given(windows())
def test_months_and_quarters_tile_a_window_exactly(window: Window) -> None:
    for pieces, months in ((pieces_of(window, 1), 1), (pieces_of(window, 3), 3)):
        assert (pieces[0].start, pieces[-1].end) == (window.start, window.end)
        for piece, following in pairwise(pieces):
            assert following.start - piece.end == timedelta(days=1)
        for piece in pieces:
            assert len({(day.year, (day.month - 1) // months) for day in (piece.start, piece.end)}) == 1
            named = built_in(piece.code)
            assert named is not None
            assert (named.start, named.end) == (piece.start, piece.end)


def test_the_last_year_of_the_calendar_can_be_cut_too() -> None:
    window = Window("9999-Q4", date(9999, 10, 1), date.max)
    assert [piece.code for piece in pieces_of(window, 1)] == ["9999-10", "9999-11", "9999-12"]
    assert pieces_of(window, 3) == [window]


@given(window=windows(), data=st.data())
def test_the_plan_due_grows_from_nought_to_all_of_it(window: Window, data: st.DataObject) -> None:
    months = pieces_of(window, 1)
    weights = st.lists(st.integers(0, 100), min_size=len(months), max_size=len(months)).filter(any)
    profile = data.draw(st.one_of(st.just([]), weights))
    day = window.start + timedelta(days=data.draw(st.integers(-3, window.days + 3)))
    due, following = (Fraction(*plan_to(window, it, profile)) for it in (day, day + timedelta(days=1)))
    assert 0 <= due <= following <= 1
    if day < window.start:
        assert due == 0
    if day >= window.end:
        assert due == 1
    for number, month in enumerate(months, start=1):
        expected = Fraction(sum(profile[:number]), sum(profile)) if profile else None
        assert expected in (None, Fraction(*plan_to(window, month.end, profile)))


def test_the_plan_is_linear_by_days_or_by_the_targets_own_months() -> None:
    year, quarter = (
        Window("2023", date(2023, 1, 1), date(2023, 12, 31)),
        Window("q", date(2023, 1, 1), date(2023, 3, 31)),
    )
    assert Fraction(*plan_to(year, date(2023, 1, 31))) == Fraction(31, 365)
    assert Fraction(*plan_to(quarter, date(2023, 2, 14), (5, 5, 10))) == Fraction(5 + Fraction(5, 2), 20)
