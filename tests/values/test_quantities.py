"""Values as they are typed: hedges kept and carried, shares with both their numbers."""

import operator
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from itertools import product, starmap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ucli.errors import RejectedError
from ucli.i18n import choose
from ucli.values.numbers import grouped
from ucli.values.quantities import (
    ABOUT,
    BELOW,
    OR_MORE,
    Quantity,
    Share,
    looks_like_share,
    parse_quantity,
    parse_share,
    parse_stated_percent,
)


def could_be(quantity: Quantity, true: int) -> bool:
    """Tell whether a true number agrees with what was stated of it."""
    agrees = {OR_MORE: true >= quantity.value, BELOW: true < quantity.value, ABOUT: True}
    return agrees.get(quantity.qualifier or "", true == quantity.value)


@pytest.mark.parametrize(
    ("typed", "value", "qualifier"),
    [
        ("7.000", 7000, None),
        *((typed, 7000, OR_MORE) for typed in ("hơn 7 nghìn", "Over 7.000", "more than 7 thousand", "ít nhất 7000")),
        *((typed, 7000, BELOW) for typed in ("nearly 7.000", "dưới 7 nghìn", "under 7000", "less than 7000")),
        *((typed, 7000, ABOUT) for typed in ("ước 7.000", "ước khoảng 7 nghìn", "Ước đạt 7.000", "about 7.000")),
        *((typed, 7000, OR_MORE) for typed in ("hơn 7.000", "Hơn 7.000", "HƠN\u00a07.000", "hon 7000", "trên 7.000")),
        *((typed, 7000, OR_MORE) for typed in (">7000", "> 7.000")),
        *((typed, 500, BELOW) for typed in ("gần 500", "dưới 500", "<500")),
        *((typed, 3000, ABOUT) for typed in ("khoảng 3.000", "~3000")),
    ],
)
def test_a_hedge_is_kept_beside_its_number_in_either_unicode_form(
    typed: str, value: int, qualifier: str | None
) -> None:
    assert parse_quantity(typed, money=False) == Quantity(value, qualifier)
    assert parse_quantity(unicodedata.normalize("NFD", typed), money=False) == Quantity(value, qualifier)


@pytest.mark.parametrize(
    "typed",
    [
        *("hơn", ">", "~", "", "hơn7.000", "hơn 1.5", "hơn -5", "hơn một", "~~3", ">~3", "hơn gần 5", "trên dưới 5"),
        *("7.000 hơn", "7.000+", "-5", "1e5", "1_000", "٣", ">７", "từ 5 trở lên", "2.000-2.500", "85%", "≯5", "≮5"),
    ],
)
def test_a_value_that_is_not_one_number_with_at_most_one_hedge_is_refused(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_quantity(typed, money=False)


@given(value=st.integers(0, 10**15), hedge=st.sampled_from((("hơn", OR_MORE), ("gần", BELOW), ("khoảng", ABOUT))))
def test_a_hedged_number_as_printed_is_read_back(value: int, hedge: tuple[str, str]) -> None:
    word, qualifier = hedge
    assert parse_quantity(f"{word} {grouped(value)}", money=False) == Quantity(value, qualifier)


def test_money_is_hedged_as_counts_are() -> None:
    assert parse_quantity("gần 96,4 tỷ đồng", money=True) == Quantity(96_400_000_000, BELOW)
    with pytest.raises(RejectedError):
        parse_quantity("khoảng 1.5 tỷ", money=True)


@pytest.mark.parametrize(
    ("one", "other", "total"),
    [
        (Quantity(7000, OR_MORE), Quantity(3), Quantity(7003, OR_MORE)),
        (Quantity(1, OR_MORE), Quantity(2, OR_MORE), Quantity(3, OR_MORE)),
        (Quantity(1, BELOW), Quantity(2, BELOW), Quantity(3, BELOW)),
        (Quantity(1, OR_MORE), Quantity(2, BELOW), Quantity(3, ABOUT)),
        (Quantity(1, ABOUT), Quantity(2), Quantity(3, ABOUT)),
        (Quantity(1), Quantity(2), Quantity(3)),
    ],
)
def test_a_hedge_travels_through_a_sum(one: Quantity, other: Quantity, total: Quantity) -> None:
    assert one + other == other + one == total


@pytest.mark.parametrize("combine", [operator.add, operator.sub])
def test_a_sum_or_difference_claims_nothing_its_parts_did_not(combine: Callable[[Any, Any], Any]) -> None:
    few, qualifiers = range(-2, 3), (None, OR_MORE, BELOW, ABOUT)
    for one, other in product(starmap(Quantity, product(few, qualifiers)), repeat=2):
        for true_one, true_other in product(few, few):
            if could_be(one, true_one) and could_be(other, true_other):
                said = combine(one, other)
                assert could_be(said, combine(true_one, true_other)), f"{one} {other}: {said}"


@pytest.mark.parametrize(
    ("typed", "share"),
    [
        ("56/56", Share(56, 56)),
        ("309/1.301", Share(309, 1301)),
        ("0/5", Share(0, 5)),
        (" 5 / 6 ", Share(5, 6)),
        ("hơn 5/6", Share(5, 6, OR_MORE)),
    ],
)
def test_a_share_is_a_part_out_of_a_whole(typed: str, share: Share) -> None:
    assert parse_share(typed) == share


@pytest.mark.parametrize(
    "typed",
    [
        *("3/0", "3/00", "0/0", "57/56", "5", "5/", "/5", "/", "5/5/5", "1.5/2", "1,5/2", "-1/5", "85%", "5／6", "a/b"),
        *("5/hơn 6", "", "9" * 5000 + "/1", "1/" + "9" * 5000),
    ],
)
def test_what_is_not_a_part_of_a_whole_is_refused(typed: str) -> None:
    with pytest.raises(RejectedError):
        parse_share(typed)


def test_a_part_beyond_its_whole_is_taken_only_where_the_indicator_allows_it() -> None:
    choose("en")
    assert parse_share("57/56", may_exceed=True) == Share(57, 56)
    with pytest.raises(RejectedError) as refusal:
        parse_share("57/56")
    assert "57 out of 56" in (refusal.value.why or "")
    assert "target of 56" in (refusal.value.why or "")


def test_shares_add_parts_and_wholes_never_percentages() -> None:
    assert Share(1, 2) + Share(98, 98) == Share(99, 100)
    assert Share(1, 2, OR_MORE) + Share(1, 2, BELOW) == Share(2, 4, ABOUT)


def test_a_stated_percentage_keeps_its_hedge() -> None:
    assert parse_stated_percent("trên 90%") == (OR_MORE, Decimal(90))
    assert parse_stated_percent("96,5") == (None, Decimal("96.5"))


def test_a_share_is_told_from_other_values() -> None:
    assert looks_like_share("hơn 5 / 6")
    assert not looks_like_share("85%")
