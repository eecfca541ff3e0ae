"""Indicators: what they are counted from and what they add up as."""

import pytest

from ucli.values.indicators import AVERAGE, FLOW, HIGHER, RATIO, STOCK, Indicator


def indicator(counts: str = "figures", kind: str = FLOW, measure: str = "người") -> Indicator:
    return Indicator(1, "it", "no", "Nó", "It", measure, kind, HIGHER, counts, may_exceed=False)


@pytest.mark.parametrize(
    ("counts", "register", "formula"),
    [
        ("figures", None, None),
        ("targets", None, None),
        ("admissions", "admissions", None),
        ("recipients:tet", "recipients:tet", None),
        ("recipients:workers-month", "recipients:workers-month", None),
        ("admitted - left", None, ("admitted", "-", "left")),
        ("members-female / members", None, ("members-female", "/", "members")),
    ],
)
def test_an_indicator_is_stated_counted_from_a_register_or_derived(
    counts: str, register: str | None, formula: tuple[str, str, str] | None
) -> None:
    assert indicator(counts).register == register
    assert indicator(counts).formula == formula


def test_kinds_tell_shares_and_stocks_from_what_adds_up() -> None:
    assert [indicator(kind=kind).is_share for kind in (FLOW, STOCK, RATIO, AVERAGE)] == [False, False, True, True]
    assert [indicator(kind=kind).is_stock for kind in (FLOW, STOCK, RATIO, AVERAGE)] == [False, True, False, False]


def test_only_dong_are_money() -> None:
    assert indicator(measure="đồng").is_money
    assert not indicator(measure="đoàn viên").is_money


def test_an_indicator_is_named_in_the_language_spoken() -> None:
    assert (indicator().name("vi"), indicator().name("en")) == ("Nó", "It")
