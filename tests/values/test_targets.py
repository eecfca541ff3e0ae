"""Targets as they are handed down: floors, ceilings, ranges and percentages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucli.errors import RejectedError
from ucli.i18n import choose
from ucli.values.indicators import AVERAGE, FLOW, HIGHER, LOWER, RATIO, Indicator
from ucli.values.targets import AT_LEAST, AT_MOST, MORE_THAN, RANGE, Goal, parse_goal
from ucli.values.targets import EACH_AT_LEAST as EACH


def indicator(measure: str = "đoàn viên", kind: str = FLOW, direction: str = HIGHER) -> Indicator:
    return Indicator(1, "it", "no", "Nó", "It", measure, kind, direction, "figures", may_exceed=False)


def least(number: int) -> Goal:
    return Goal(AT_LEAST, number, as_floor=True)


GROWTH = Indicator(
    1, "it", "no", "Nó", "It", "đoàn viên", FLOW, HIGHER, "members-admitted - members-lost", may_exceed=False
)
COUNT, ACCIDENTS, MONEY = indicator(), indicator("vụ", direction=LOWER), indicator("đồng")
RATE, AVERAGED = indicator(kind=RATIO), indicator(kind=AVERAGE)
BILLION = 10**9
KINDS = (AT_LEAST, AT_MOST, RANGE, MORE_THAN, EACH)


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("0", Goal(AT_LEAST, 0)),
        *((typed, Goal(AT_LEAST, 1720)) for typed in ("1.720", "từ 1.720")),
        *((typed, least(1720)) for typed in ("từ 1.720 trở lên", "1.720 trở lên")),
        *((typed, least(10)) for typed in ("ít nhất 10", "Ít nhất 10", "toi thieu 10", ">=10", "≥ 10")),
        *((typed, Goal(MORE_THAN, 74)) for typed in ("> 74", ">74", "vượt 74", "hơn 74", "trên 74", "more than 74")),
        *((typed, Goal(EACH, 1)) for typed in ("mỗi đơn vị ít nhất 1", "mỗi CĐCS từ 01 trở lên", "each at least 1")),
        *((typed, Goal(AT_MOST, 5)) for typed in ("tối đa 5", "không quá 5", "từ 5 trở xuống", "<= 5", "≤5")),
        *((typed, Goal(RANGE, 2000, 2500)) for typed in ("2.000-2.500", "2.000–2.500", "2.000 - 2.500")),
        *((typed, Goal(RANGE, 2000, 2500)) for typed in ("2.000 đến 2.500", "từ 2.000 đến 2.500")),
    ],
)
def test_a_target_is_a_floor_a_ceiling_or_a_range(typed: str, goal: Goal) -> None:
    assert parse_goal(typed, COUNT) == goal


def test_a_plain_number_is_a_ceiling_where_lower_is_better() -> None:
    assert parse_goal("5", ACCIDENTS) == Goal(AT_MOST, 5)
    assert parse_goal("ít nhất 5", ACCIDENTS) == least(5)


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("từ 1 tỷ đồng trở lên", least(BILLION)),
        ("1,5 tỷ", Goal(AT_LEAST, 1_500_000_000)),
        ("tối đa 1 tỷ", Goal(AT_MOST, BILLION)),
        ("900 triệu-1 tỷ", Goal(RANGE, 900_000_000, BILLION)),
        ("1.000 đồng đến 2.000 đồng", Goal(RANGE, 1000, 2000)),
    ],
)
def test_a_target_for_money_takes_units(typed: str, goal: Goal) -> None:
    assert parse_goal(typed, MONEY) == goal


@pytest.mark.parametrize("typed", ["1-2 tỷ", "900-1.000 triệu", "từ 2 đến 3 tỷ"])
def test_a_range_never_takes_its_lower_end_for_dong_beside_a_larger_unit(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_goal(typed, MONEY)


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        ("85%", Goal(AT_LEAST, percent=Decimal(85))),
        ("100%", Goal(AT_LEAST, percent=Decimal(100))),
        ("85% trở lên", Goal(AT_LEAST, percent=Decimal(85), as_floor=True)),
        ("trên 45%", Goal(MORE_THAN, percent=Decimal(45))),
        ("mỗi đơn vị ít nhất 85%", Goal(EACH, percent=Decimal(85))),
        ("85,5 %", Goal(AT_LEAST, percent=Decimal("85.5"))),
        ("tối đa 5%", Goal(AT_MOST, percent=Decimal(5))),
    ],
)
def test_a_target_for_a_ratio_is_a_percentage(typed: str, goal: Goal) -> None:
    assert parse_goal(typed, RATE) == goal


@pytest.mark.parametrize(
    ("typed", "measured"),
    [
        *((typed, COUNT) for typed in ("gần 5", "khoảng 3.000", "~5", "2.500-2.000", "-5", "5-", "2-3-4", "5%", "1.5")),
        *((typed, COUNT) for typed in ("7,000", "", "từ", "trở lên", "tối đa", "tối đa hơn 5", "100+", "10 người")),
        *(
            (typed, COUNT)
            for typed in ("mỗi đơn vị 1", "mỗi đơn vị tối đa 5", "hơn 74 trở lên", "giảm 30", "ít nhất -80")
        ),
        *((typed, COUNT) for typed in ("tối đa 5 trở lên", "１０", "1e5", "hơn hơn 5", "≯5", "≱5", "9" * 5000)),
        *((typed, MONEY) for typed in ("1.5 tỷ", "1 tỷ-900 triệu", "85%")),
        *((typed, RATE) for typed in ("85", "56/56", "85.5%", "80%-85%", "80-85%", "-5%", "0,85")),
        *((typed, AVERAGED) for typed in ("85%", "1.3")),
    ],
)
def test_a_target_that_is_not_surely_one_is_refused(typed: str, measured: Indicator) -> None:
    with pytest.raises(RejectedError):
        parse_goal(typed, measured)


@pytest.mark.parametrize(
    ("typed", "goal"),
    [
        *((typed, Goal(AT_LEAST, -80)) for typed in ("-80", "−80", "giảm 80")),
        *((typed, least(-80)) for typed in ("ít nhất -80", "từ -80 trở lên", "giảm không quá 80", "giảm tối đa 80")),
        ("> -80", Goal(MORE_THAN, -80)),
        ("-100 - -50", Goal(RANGE, -100, -50)),
    ],
)
def test_a_target_of_growth_may_be_below_0(typed: str, goal: Goal) -> None:
    assert parse_goal(typed, GROWTH) == goal


def test_an_error_repeats_what_was_typed_with_its_marks() -> None:
    choose("en")
    with pytest.raises(RejectedError) as refusal:
        parse_goal("10 người", COUNT)
    assert "10 người" in refusal.value.what


@given(low=st.integers(0, 10**12), more=st.integers(0, 10**6), kind=st.sampled_from(KINDS))
def test_a_target_as_printed_is_read_back(low: int, more: int, kind: str) -> None:
    goal = Goal(kind, low, low + more if kind == RANGE else None)
    assert parse_goal(goal.text(), COUNT) == parse_goal(goal.text(), MONEY) == goal


@given(percent=st.decimals(0, 1000, places=2), kind=st.sampled_from((AT_LEAST, AT_MOST)))
def test_a_percentage_target_as_printed_is_read_back(percent: Decimal, kind: str) -> None:
    goal = Goal(kind, percent=percent)
    assert parse_goal(goal.text(), RATE) == goal
