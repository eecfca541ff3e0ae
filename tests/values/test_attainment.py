"""A value against its target: compared exactly, rounded only for printing, undecided where a hedge hides it."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ucli.values.attainment import (
    AHEAD,
    BEHIND,
    EXCEEDED,
    MET,
    NO_DATA,
    NO_TARGET,
    ON_TRACK,
    UNDECIDED,
    UNMET,
    Percent,
    Summary,
    attain,
    summarised,
)
from ucli.values.quantities import ABOUT, BELOW, OR_MORE, Quantity, Share
from ucli.values.targets import AT_LEAST, AT_MOST, EACH_AT_LEAST, MORE_THAN, RANGE, Goal

LEDGER = st.integers(0, 2**63 - 1)
SMALL = st.integers(0, 30)
KINDS = st.sampled_from((AT_LEAST, AT_MOST))
HEDGES = (OR_MORE, BELOW, ABOUT)
PERCENTS = st.decimals(Decimal("0.01"), 200, places=2)


def floor(number: int) -> Goal:
    return Goal(AT_LEAST, number)


def ceiling(number: int) -> Goal:
    return Goal(AT_MOST, number)


def printed(value: Quantity | Share, goal: Goal, decimals: int = 1) -> str:
    percent = attain(value, goal).percent
    assert percent is not None
    return percent.rounded(decimals)


def half_up(quotient: Fraction, decimals: int) -> str:
    """Round as people do, with whole numbers only."""
    scaled = (quotient * 100 * 10**decimals + Fraction(1, 2)).__floor__()
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)


def passes(value: Fraction | int, goal: Goal) -> bool:
    aimed = Fraction(goal.percent) / 100 if goal.percent is not None else Fraction(goal.low or 0)
    return value <= aimed if goal.kind == AT_MOST else value >= aimed


def possible(value: int, qualifier: str) -> range:
    """Return true values a hedged number leaves open, far enough to either side of every small target."""
    return {OR_MORE: range(value, 99), BELOW: range(-99, value), ABOUT: range(-99, 99)}[qualifier]


@pytest.mark.parametrize(
    ("value", "goal", "percent", "status"),
    [
        (Quantity(2425), floor(1720), "141.0", EXCEEDED),
        (Quantity(27), floor(22), "122.7", EXCEEDED),
        (Quantity(744), floor(824), "90.3", UNMET),
        (Share(56, 56), Goal(AT_LEAST, percent=Decimal(100)), "100.0", MET),
        (Quantity(9996), floor(10000), "99.9", UNMET),
        (Quantity(131), floor(100), "131.0", EXCEEDED),
        (Quantity(0), floor(5), "0.0", UNMET),
        (Quantity(5), ceiling(5), "100.0", MET),
        (Quantity(4), ceiling(5), "80.0", MET),
        (Quantity(0), ceiling(5), "0.0", MET),
        (Quantity(6), ceiling(5), "120.0", UNMET),
        (Quantity(1999), Goal(RANGE, 2000, 2500), "99.9", UNMET),
        (Quantity(2000), Goal(RANGE, 2000, 2500), "100.0", MET),
        (Quantity(2500), Goal(RANGE, 2000, 2500), "125.0", MET),
        (Quantity(2501), Goal(RANGE, 2000, 2500), "125.1", EXCEEDED),
        (Share(85, 100), Goal(AT_LEAST, percent=Decimal(85)), "100.0", MET),
        (Share(84999, 100_000), Goal(AT_LEAST, percent=Decimal(85)), "99.9", UNMET),
        (Share(744, 572), floor(2), "65.0", UNMET),
    ],
)
def test_published_and_borderline_cases(value: Quantity | Share, goal: Goal, percent: str, status: str) -> None:
    assert attain(value, goal).status == status
    assert printed(value, goal) == percent


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "text"),
    [(361, 400, 1, "90.3"), (14099, 10000, 0, "141"), (1, 3, 3, "33.333"), (1, 8, 0, "13"), (2, 3, 2, "66.67")],
)
def test_a_percentage_is_rounded_half_up(numerator: int, denominator: int, decimals: int, text: str) -> None:
    assert Percent(numerator, denominator).rounded(decimals) == text


@given(value=LEDGER, aim=LEDGER, kind=KINDS)
def test_a_status_is_the_exact_comparison_of_whole_numbers(value: int, aim: int, kind: str) -> None:
    goal = Goal(kind, aim)
    expected = MET if passes(value, goal) else UNMET
    if kind == AT_LEAST and value > aim:
        expected = EXCEEDED
    assert attain(Quantity(value), goal).status == expected


@given(part=LEDGER, whole=st.integers(1, 2**63 - 1), aim=PERCENTS, kind=KINDS)
def test_the_status_of_a_ratio_is_the_exact_comparison_of_fractions(
    part: int, whole: int, aim: Decimal, kind: str
) -> None:
    goal = Goal(kind, percent=aim)
    expected = MET if passes(Fraction(part, whole), goal) else UNMET
    if kind == AT_LEAST and Fraction(part, whole) > Fraction(aim) / 100:
        expected = EXCEEDED
    assert attain(Share(part, whole), goal).status == expected


@given(aim=st.integers(1, 2**63 - 1), gap=st.integers(0, 10**6), decimals=st.integers(0, 3), kind=KINDS)
def test_an_unmet_target_never_prints_100(aim: int, gap: int, decimals: int, kind: str) -> None:
    goal = Goal(kind, aim)
    value = Quantity(max(0, aim - gap) if kind == AT_LEAST else aim + gap)
    if attain(value, goal).status == UNMET:
        assert Decimal(printed(value, goal, decimals)) != 100
    for share, ratio in ((Share(aim, aim + 1), AT_LEAST), (Share(aim + 1, aim), AT_MOST)):
        assert Decimal(printed(share, Goal(ratio, percent=Decimal(100)), decimals)) != 100


@given(value=LEDGER, aim=st.integers(1, 2**63 - 1), decimals=st.integers(0, 6))
def test_any_other_percentage_is_the_exact_quotient_half_up(value: int, aim: int, decimals: int) -> None:
    exact = half_up(Fraction(value, aim), decimals)
    assume(value >= aim or Decimal(exact) != 100)
    assert printed(Quantity(value), floor(aim), decimals) == exact


@pytest.mark.parametrize("decimals", range(4))
def test_a_ceiling_barely_kept_is_rounded_as_any_met_target(decimals: int) -> None:
    assert printed(Quantity(999_999), ceiling(10**6), decimals) == half_up(Fraction(999_999, 10**6), decimals)


def test_what_is_below_0_has_no_percentage() -> None:
    assert attain(Quantity(-3), floor(10_000)).percent is None
    assert attain(Quantity(-75), floor(-80)).percent is None
    assert attain(Quantity(-75), floor(-80)).status == EXCEEDED
    assert attain(Quantity(-90), floor(-80)).remaining == 10


@pytest.mark.parametrize(
    ("value", "goal", "percent", "status", "remaining"),
    [
        (Quantity(74), Goal(MORE_THAN, 74), "99.9", UNMET, 1),
        (Quantity(75), Goal(MORE_THAN, 74), "101.4", EXCEEDED, 0),
        (Share(9, 20), Goal(MORE_THAN, percent=Decimal(45)), "99.9", UNMET, 1),
        (Share(91, 200), Goal(MORE_THAN, percent=Decimal(45)), "101.1", EXCEEDED, 0),
        (Quantity(74, OR_MORE), Goal(MORE_THAN, 74), "99.9", UNDECIDED, 1),
        (Quantity(75, BELOW), Goal(MORE_THAN, 74), "101.4", UNMET, 1),
    ],
)
def test_a_strict_target_is_not_reached_by_its_own_number(
    value: Quantity | Share, goal: Goal, percent: str, status: str, remaining: int
) -> None:
    attained = attain(value, goal)
    assert (attained.status, attained.remaining) == (status, remaining)
    if value.qualifier is None:
        assert printed(value, goal) == percent


@pytest.mark.parametrize(("qualifier", "text"), [(OR_MORE, "64.8"), (BELOW, "64.9"), (ABOUT, "64.9"), (None, "64.9")])
def test_a_bound_is_cut_or_rounded_up_so_that_it_stays_one(qualifier: str | None, text: str) -> None:
    assert Percent(6487, 10_000).rounded(1, qualifier) == text
    assert Percent(6481, 10_000).rounded(1, BELOW) == "64.9"


def test_a_sum_says_nothing_of_what_each_unit_reached() -> None:
    assert attain(Quantity(500), Goal(EACH_AT_LEAST, 1)).status == UNDECIDED


def test_a_target_of_nought_has_no_percentage() -> None:
    assert attain(Quantity(5), floor(0)).percent is None
    assert attain(Quantity(1), ceiling(0)).status == UNMET


def test_without_a_value_or_a_target_nothing_is_compared() -> None:
    assert attain(None, floor(5)).status == NO_DATA
    assert attain(None, None).status == NO_DATA
    assert attain(Quantity(5), None).status == NO_TARGET


@pytest.mark.parametrize("qualifier", HEDGES)
@pytest.mark.parametrize("kind", [AT_LEAST, AT_MOST])
def test_a_hedged_value_is_undecided_exactly_where_it_cannot_tell(kind: str, qualifier: str) -> None:
    for value, aim in product(range(9), range(9)):
        goal, case = Goal(kind, aim), f"{qualifier} {value}, {kind} {aim}"
        status = attain(Quantity(value, qualifier), goal).status
        verdicts = {passes(true, goal) for true in possible(value, qualifier)}
        assert verdicts == ({True, False} if status == UNDECIDED else {status != UNMET}), case
        assert status != EXCEEDED or all(true > aim for true in possible(value, qualifier)), case


@pytest.mark.parametrize(
    ("value", "goal", "status"),
    [
        (Quantity(7000, OR_MORE), floor(7000), MET),
        (Quantity(7000, OR_MORE), floor(6999), EXCEEDED),
        (Quantity(7000, OR_MORE), floor(7001), UNDECIDED),
        (Quantity(500, BELOW), floor(500), UNMET),
        (Quantity(501, BELOW), floor(500), UNDECIDED),
        (Quantity(9999, ABOUT), floor(5), UNDECIDED),
        (Quantity(6, OR_MORE), ceiling(5), UNMET),
        (Quantity(5, OR_MORE), ceiling(5), UNDECIDED),
        (Share(6, 7, OR_MORE), Goal(AT_LEAST, percent=Decimal(85)), EXCEEDED),
        (Quantity(2100, OR_MORE), Goal(RANGE, 2000, 2500), MET),
    ],
)
def test_a_hedge_decides_what_it_can(value: Quantity | Share, goal: Goal, status: str) -> None:
    assert attain(value, goal).status == status


@given(value=LEDGER, aim=LEDGER)
def test_what_remains_is_exactly_what_would_meet_the_target(value: int, aim: int) -> None:
    attained = attain(Quantity(value), floor(aim))
    assert attained.remaining == max(0, aim - value)
    assert (attained.remaining > 0) == (attained.status == UNMET)


@given(part=SMALL, whole=st.integers(1, 30), aim=PERCENTS)
def test_what_remains_of_a_ratio_is_the_fewest_more_that_meet_it(part: int, whole: int, aim: Decimal) -> None:
    goal = Goal(AT_LEAST, percent=aim)
    remaining = attain(Share(part, whole), goal).remaining
    assert remaining is not None
    assert passes(Fraction(part + remaining, whole), goal)
    assert remaining == 0 or not passes(Fraction(part + remaining - 1, whole), goal)


def test_something_remains_of_every_unmet_target_and_nothing_under_a_ceiling() -> None:
    unmet = attain(Quantity(500, BELOW), floor(500))
    assert unmet.status == UNMET
    assert unmet.remaining != 0
    assert attain(Quantity(3), ceiling(5)).remaining is None


@pytest.mark.parametrize(
    ("value", "goal", "due", "pace"),
    [
        (Quantity(500), floor(1000), (183, 366), ON_TRACK),
        (Quantity(501), floor(1000), (183, 366), AHEAD),
        (Quantity(499), floor(1000), (183, 366), BEHIND),
        (Quantity(500), floor(1001), (1, 2), ON_TRACK),
        (Quantity(501), floor(1001), (1, 2), ON_TRACK),
        (Quantity(502), floor(1001), (1, 2), AHEAD),
        (Quantity(4), ceiling(6), (1, 2), BEHIND),
        (Quantity(2), ceiling(6), (1, 2), AHEAD),
        (Quantity(1500), Goal(RANGE, 2000, 2500), (1, 2), AHEAD),
        (Quantity(500, ABOUT), floor(1000), (1, 2), None),
        (Quantity(600, OR_MORE), floor(1000), (1, 2), AHEAD),
        (Quantity(600, BELOW), floor(1000), (1, 2), None),
        (Quantity(400, BELOW), floor(1000), (1, 2), BEHIND),
        (Quantity(500), floor(1000), None, None),
        (Share(1, 2), Goal(AT_LEAST, percent=Decimal(85)), (1, 2), None),
    ],
)
def test_the_pace_holds_a_value_against_the_plan_to_date(
    value: Quantity | Share, goal: Goal, due: tuple[int, int] | None, pace: str | None
) -> None:
    assert attain(value, goal, due=due).pace == pace


@pytest.mark.parametrize("qualifier", HEDGES)
@pytest.mark.parametrize("kind", [AT_LEAST, AT_MOST])
def test_the_pace_of_a_hedged_value_is_that_of_every_true_value(kind: str, qualifier: str) -> None:
    for value, aim, done in product(range(7), range(7), range(4)):
        goal, due = Goal(kind, aim), (done, 3)
        pace = attain(Quantity(value, qualifier), goal, due=due).pace
        paces = {attain(Quantity(true), goal, due=due).pace for true in possible(value, qualifier)}
        assert pace is None or paces == {pace}, f"{qualifier} {value}, {kind} {aim}, {done}/3"


def test_a_summary_counts_the_exceeded_among_the_met_and_no_row_without_a_target() -> None:
    statuses = [MET] * 4 + [EXCEEDED] * 6 + [UNMET, NO_TARGET]
    assert summarised(statuses) == Summary(11, met=10, exceeded=6, unmet=1, undecided=0, no_data=0)
    assert summarised([UNDECIDED, NO_DATA]) == Summary(2, met=0, exceeded=0, unmet=0, undecided=1, no_data=1)
