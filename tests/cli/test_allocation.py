"""A target is handed down in whole numbers that add up to it, in one operation."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Ucli
from ucli.reports.allocation import shared_out

OFFICE = ("--unit", "tỉnh Thái Bình")
YEAR = (*OFFICE, "--period", "2024")
Allocated = Callable[..., dict[str, Any]]


@pytest.fixture
def districts(province: Ucli) -> Ucli:
    """Three districts below the office: HH, KX, TH."""
    province("add-unit", "LĐLĐ huyện Thái Thụy", "--kind", "district", "--code", "TH")
    return province


@pytest.fixture
def allocated(districts: Ucli) -> Allocated:
    def call(*words: object, indicator: str = "members-admitted", by: object = "equal") -> dict[str, Any]:
        found: dict[str, Any] = districts("allocate-target", indicator, *YEAR, "--by", by, *words, "-f", "json").json
        return found

    return call


def targets(ucli: Ucli, indicator: str = "members-admitted", period: str = "2024") -> dict[str, tuple[Any, ...]]:
    """Return by the last word of a unit's name what it is to reach, and who set that."""
    listed = ucli("targets", "--period", period, "-f", "json").json
    mine = [it for it in listed if it["indicator"] == indicator and it["period"] == period]
    return {it["unit"].split()[-1]: (it["target"], it["issuer"] and it["issuer"].split()[-1]) for it in mine}


def parts(document: dict[str, Any]) -> dict[str, int]:
    return {it["unit"]: it["target"] for it in document["rows"]}


@given(st.integers(-(10**15), 10**15), st.lists(st.fractions(0, 10**9), min_size=1).filter(any))
def test_the_parts_add_up_to_the_whole_and_none_is_a_unit_off_its_share(whole: int, weights: list[Fraction]) -> None:
    found = shared_out(whole, weights)
    assert sum(found) == whole
    assert all(abs(part - whole * it / sum(weights)) < 1 for part, it in zip(found, weights, strict=True))


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, unique=True), st.randoms())
def test_what_a_unit_gets_does_not_depend_on_the_order(whole: int, weights: list[int], random: Any) -> None:
    mixed = random.sample(weights, len(weights))
    found = dict(zip(weights, shared_out(whole, [*map(Fraction, weights)]), strict=True))
    assert dict(zip(mixed, shared_out(whole, [*map(Fraction, mixed)]), strict=True)) == found


def test_equal_parts_add_up_and_the_report_says_that_all_is_allocated(districts: Ucli, allocated: Allocated) -> None:
    districts("set-target", "members-admitted", "10.000", *YEAR)
    document = allocated()
    assert parts(document) == {"HH": 3334, "KX": 3333, "TH": 3333}
    assert (document["assigned"], document["allocated"], document["difference"]) == (10000, 10000, 0)
    assert targets(districts) == {
        "Bình": (10000, None), "Hà": (3334, "Bình"), "Xương": (3333, "Bình"), "Thụy": (3333, "Bình"),
    }  # fmt: skip
    assert "assigned 10.000 đoàn viên, all of it allocated" in districts("report", "2024").out


def test_a_dry_run_shows_the_table_and_writes_nothing(districts: Ucli) -> None:
    districts("set-target", "shelter-amount", "1 tỷ đồng", *YEAR)
    answer = districts("allocate-target", "shelter-amount", *YEAR, "--by", "chia đều", "-n", "--lang", "vi")
    assert "333.333.334" in answer.out
    assert "đã phân bổ đủ" in answer.out
    assert answer.err.startswith("Chạy thử, chưa ghi gì")
    assert len(targets(districts, "shelter-amount")) == 1


def test_one_undo_takes_all_parts_back_and_again_is_a_revision(districts: Ucli, allocated: Allocated) -> None:
    districts("set-target", "members-admitted", "100", *YEAR)
    allocated()
    districts("set-target", "members-admitted", "200", *YEAR)
    document = allocated("--effective", "1/7/2024", "--decision", "12/QĐ")
    assert parts(document) == {"HH": 67, "KX": 67, "TH": 66}
    early = ("report", "2024", "--unit", "HH", "--indicator", "members-admitted", "--as-of", "30/6/2024", "-f", "json")
    assert districts(*early).json["rows"][0]["target"] == 34
    districts("undo")
    assert targets(districts)["Hà"][0] == 34
    districts("undo")
    districts("undo")
    assert set(targets(districts)) == {"Bình"}


def test_a_target_set_without_an_issuer_is_revised_and_not_doubled(districts: Ucli, allocated: Allocated) -> None:
    districts("set-target", "members-admitted", "100", *YEAR)
    districts("set-target", "members-admitted", "50", "--unit", "HH", "--period", "2024")
    document = allocated()
    assert targets(districts) == {
        "Bình": (100, None), "Hà": (34, None), "Xương": (33, "Bình"), "Thụy": (33, "Bình"),
    }  # fmt: skip
    assert document["difference"] == 0


def test_last_years_result_gives_the_shares(districts: Ucli, allocated: Allocated) -> None:
    districts("set-target", "legal-advice", "1.000", *YEAR)
    for unit, value in (("HH", "10"), ("KX", "20"), ("TH", "hơn 30")):
        districts("add-figure", "legal-advice", value, "--unit", unit, "--period", "2023")
    assert parts(allocated(indicator="legal-advice", by="theo năm trước")) == {"HH": 167, "KX": 333, "TH": 500}


def test_a_unit_without_a_result_is_named_and_not_given_nothing(ucli: Ucli, districts: Ucli) -> None:
    districts("set-target", "legal-advice", "1.000", *YEAR)
    districts("add-figure", "legal-advice", "10", "--unit", "HH", "--period", "2023")
    answer = ucli("allocate-target", "legal-advice", *YEAR, "--by", "last-year")
    assert answer.code == 4
    assert "Kiến Xương" in answer.err


def test_members_on_the_first_day_give_the_shares(districts: Ucli, allocated: Allocated) -> None:
    districts("set-target", "news-items", "90", *YEAR)
    for unit, members in (("HH", "2.000"), ("KX", "1.000"), ("TH", "0")):
        districts("add-figure", "members-total", members, "--unit", unit, "--period", "2023-12-31")
    districts("add-figure", "members-total", "9.000", "--unit", "TH", "--period", "2024-06-30")
    assert parts(allocated(indicator="news-items", by="đoàn viên")) == {"HH": 60, "KX": 30, "TH": 0}


def test_a_table_gives_weights_or_values(districts: Ucli, allocated: Allocated, tmp_path: Path) -> None:
    districts("set-target", "members-admitted", "1.000", *YEAR)
    table = tmp_path / "giao.csv"
    table.write_text("Giao chỉ tiêu 2024\nĐơn vị;Trọng số\nHH;1,5\nKX;1\nThái Thụy;0,5\n", encoding="utf-8")
    assert parts(allocated(by=table)) == {"HH": 500, "KX": 333, "TH": 167}
    table.write_text("Đơn vị;Chỉ tiêu\nHH;600\nKX;350\n", encoding="utf-8")
    document = allocated(by=table)
    assert parts(document) == {"HH": 600, "KX": 350}
    # TH keeps what it was given before.
    assert (document["allocated"], document["difference"]) == (1117, -117)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Đơn vị;Trọng số\nMAY;1\n", "directly below"),
        ("Đơn vị;Trọng số\nHH;1\nHH;2\n", "twice"),
        ("Đơn vị;Trọng số;Chỉ tiêu\nHH;1;\nKX;;5\n", "a weight"),
        ("Đơn vị;Trọng số\nHH;\n", "no weight or value"),
        ("Huyện;Số\nHH;1\n", "headings"),
        ("Đơn vị;Trọng số\nHH;0\n", "in proportion"),
    ],
)
def test_a_table_that_does_not_say_it_is_refused(
    ucli: Ucli, districts: Ucli, tmp_path: Path, text: str, says: str
) -> None:
    districts("set-target", "members-admitted", "1.000", *YEAR)
    table = tmp_path / "giao.csv"
    table.write_text(text, encoding="utf-8")
    answer = ucli("allocate-target", "members-admitted", *YEAR, "--by", table)
    assert answer.code == 4
    assert says in answer.err
    assert len(targets(districts)) == 1


@pytest.mark.parametrize(
    ("indicator", "value", "code"),
    [
        ("agreement-coverage", "85%", 4),
        ("party-introduced-per-union", "ít nhất 1", 4),
        ("members-admitted", "mỗi đơn vị ít nhất 1", 4),
        ("fatal-accidents", "tối đa 5", 4),
    ],
)
def test_what_has_no_parts_is_refused(ucli: Ucli, districts: Ucli, indicator: str, value: str, code: int) -> None:
    districts("set-target", indicator, value, *YEAR)
    answer = ucli("allocate-target", indicator, *YEAR, "--by", "equal")
    assert answer.code == code
    assert len(targets(districts, indicator)) == 1


def test_without_a_target_there_is_nothing_to_hand_down(ucli: Ucli, districts: Ucli) -> None:
    assert ucli("allocate-target", "members-admitted", *YEAR, "--by", "equal").code == 5
    districts("set-target", "members-admitted", "10", *YEAR)
    answer = ucli("allocate-target", "members-admitted", "--unit", "TH", "--period", "2024", "--by", "equal")
    assert answer.code == 5
    assert ucli("allocate-target", "members-admitted", *YEAR, "--by", "nhau").code == 2


def test_a_range_is_handed_down_by_its_lower_bound_and_more_than_stays_so(
    districts: Ucli, allocated: Allocated
) -> None:
    districts("set-target", "members-admitted", "2.000-2.500", *YEAR)
    assert allocated()["allocated"] == 2000
    assert "≥ 667" in districts("report", "2024", "--unit", "HH").out
    districts("set-target", "legal-advice", "vượt 74", *YEAR)
    allocated(indicator="legal-advice")
    assert "> 25" in districts("report", "2024", "--unit", "HH").out


def test_two_issuers_are_told_apart(ucli: Ucli, districts: Ucli) -> None:
    districts("add-unit", "Tổng LĐLĐ Việt Nam", "--kind", "confederation", "--code", "TLD")
    districts("set-target", "members-admitted", "100", *YEAR)
    districts("set-target", "members-admitted", "80", *YEAR, "--issuer", "TLD")
    assert ucli("allocate-target", "members-admitted", *YEAR, "--by", "equal").code == 5
    document = districts("allocate-target", "members-admitted", *YEAR, "--by", "equal", "--issuer", "TLD", "-f", "json")
    assert document.json["assigned"] == 80


def test_a_terms_target_is_shared_over_its_years(districts: Ucli) -> None:
    term = ("2023-2028", "--term", *OFFICE, "--from", "20/9/2023", "--to", "19/9/2028")
    districts("add-period", *term)
    districts("set-target", "members-admitted", "50.003", *OFFICE, "--period", "2023-2028")
    document = districts(
        "allocate-target", "members-admitted", *OFFICE, "--period", "2023-2028", "--by", "year", "-f", "json"
    ).json
    assert [(it["period"], it["target"]) for it in document["rows"]] == [
        ("2024", 10001), ("2025", 10001), ("2026", 10001), ("2027", 10000), ("2028", 10000),
    ]  # fmt: skip
    assert document["difference"] == 0
    assert targets(districts, period="2026")["Bình"][0] == 10001
