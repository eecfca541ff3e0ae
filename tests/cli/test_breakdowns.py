"""What totals are made of by sector, sex, form, fund and programme: with what is not known they add up."""

import shlex
from collections import defaultdict
from typing import Any

import pytest

from tests.conftest import After, Ucli
from tests.ledgers import dice_of, seeds

FACTS = """
add-union "CĐCS Nhà Máy" --parent KX --founded 2023-03-15 --sector fdi --code FDI --members 12
add-union "CĐCS Trạm Thử" --parent HH --founded 2023-03-16 --sector public --code TRAM
add-union "CĐCS Không Rõ" --parent HH --founded 2023-03-17 --code KR
add-member "Nguyễn Thị Ví" --union FDI --admitted 2023-04-20 --sex nữ
add-member "Nguyễn Thị Dụ" --union TRAM --admitted 2023-04-20 --sex nữ
add-member "Nguyễn Văn Ví" --union KR --admitted 2023-04-20 --sex nam
end-membership "Nguyễn Thị Dụ" --on 2023-09-01 --reason retired
add-payout --unit HH --programme shelter --amount 50tr --form new-build --fund "Quỹ Mái ấm" --on 2023-05-05
add-payout --instalment-of 1 --amount 30tr --on 2023-06-05
return-payout 1 --amount 10tr --on 2023-07-05
add-payout --unit KX --programme shelter --amount 20tr --form repair --fund "Quỹ A" --on 2023-05-05
add-payout --unit KX --programme tet --amount "chưa rõ" --recipients 40 --fund "Quỹ A" --on 2023-01-05
add-payout --unit HH --programme tet --amount 5tr --recipients 10 --on 2023-01-05
"""
Sums = dict[str, dict[str, tuple[int, str | None]]]  # by group and indicator


@pytest.fixture
def told(province_after: After) -> Ucli:
    return province_after(FACTS)


def broken_down(ucli: Ucli, by: str, *words: object) -> tuple[Sums, dict[str, tuple[int, str | None]], Any]:
    """Return what groups come to and the total, having seen that the one adds up to the other."""
    answer = ucli("report", "2023", "--by", by, *words, "-f", "json").json
    groups: Sums = defaultdict(dict)
    sums: dict[str, int] = defaultdict(int)
    for group in answer["groups"]:
        for row in group["rows"]:
            groups[group["unit"]["code"]][row["indicator"]] = row["actual"], row["qualifier"]
            sums[row["indicator"]] += row["actual"]
    total = {row["indicator"]: (row["actual"], row["qualifier"]) for row in answer["rows"]}
    assert {code: sums[code] for code in total} == {code: number for code, (number, _hedge) in total.items()}
    return groups, total, answer


def test_unions_and_members_are_told_by_the_economic_sector_of_the_union(told: Ucli) -> None:
    groups, total, _answer = broken_down(told, "sector")
    assert [*groups] == ["public", "fdi", "not-known"]
    assert [it["unions-founded"][0] for it in groups.values()] == [1, 1, 2]
    assert groups["fdi"]["members-admitted"] == (13, None)
    assert groups["public"]["members-lost"] == (1, None)
    assert "welfare-amount" not in total


def test_members_are_told_by_sex_those_without_names_are_not_known(told: Ucli) -> None:
    groups, _total, _answer = broken_down(told, "giới tính")
    assert [(code, it["members-admitted"][0]) for code, it in groups.items()] == [
        *(("female", 2), ("male", 1), ("not-known", 12))
    ]
    assert groups["female"]["members-lost"] == groups["female"]["members-total"] == (1, None)
    vi = told("--lang", "vi", "report", "2023", "--by", "giới tính").out
    for word in ("Giới tính", "Nữ", "Không phân tổ được", "Bỏ qua"):
        assert word in vi


@pytest.mark.parametrize(("by", "first"), [("form", "new-build"), ("fund", "Quỹ Mái ấm"), ("chương trình", "shelter")])
def test_payouts_are_told_by_form_fund_and_programme(told: Ucli, by: str, first: str) -> None:
    groups, total, _answer = broken_down(told, by)
    money = 90_000_000 if first == "shelter" else 70_000_000
    assert groups[first]["shelter-amount"] == (money, None)
    assert total["welfare-amount"] == (95_000_000, "at-least")
    unknown = {"form": ("not-known", 5), "fund": ("Quỹ A", 20), "chương trình": ("tet", 5)}[by]
    assert groups[unknown[0]]["welfare-amount"] == (unknown[1] * 1_000_000, "at-least")
    assert sum(hedge is not None for it in groups.values() for _n, hedge in it.values()) == 1


def test_what_only_figures_state_is_not_known(told: Ucli) -> None:
    told("add-figure", "members-admitted", "hơn 100", "--unit", "HH", "--period", "2023")
    told("add-figure", "members-total", 1000, "--unit", "HH", "--period", "2023-12-31")
    groups, total, _answer = broken_down(told, "sex")
    # Those of the other district are known still.
    assert groups["female"]["members-admitted"] == (1, None)
    assert groups["not-known"]["members-admitted"] == (112, "at-least")
    assert total["members-admitted"] == (113, "at-least")
    assert "members-total" not in groups["female"]


def test_what_cannot_be_told_apart_is_left_out_and_named(told: Ucli) -> None:
    told("add-figure", "news-items", 3, "--unit", "HH", "--period", "2023")
    out = told("report", "2023", "--by", "sex").out
    [note] = [it for it in out.splitlines() if it.startswith("Left out")]
    assert "News items" in note
    assert "Money spent" in note
    assert "News items" not in out.replace(note, "")


def test_the_unions_of_sectors_are_asked_for_by_their_vietnamese_name(told: Ucli) -> None:
    told("add-unit", "Công đoàn ngành Y tế", "--kind", "sector", "--code", "YT", "--founded", "2001-01-01")
    answer = told("report", "2023", "--by", "ngành", "-f", "json").json
    assert [it["unit"]["code"] for it in answer["groups"]] == ["YT"]
    assert "Công đoàn ngành Y tế" in told("rank", "2023", "--by", "ngành").out


@pytest.mark.parametrize("command", ["rank", "movement"])
def test_sector_means_the_same_everywhere(told: Ucli, ucli: Ucli, command: str) -> None:
    assert "--by ngành" in ucli(command, "2023", "--by", "sector", expect=2).err


def test_lists_are_asked_for_by_the_same_names(told: Ucli) -> None:
    def numbers(*words: str) -> list[int]:
        return [it["number"] for it in told(*words, "-f", "json").json]

    assert numbers("payouts", "--form", "sửa chữa") == [4]
    assert numbers("payouts", "--fund", "quy mai am") == [1, 2, 3]
    assert {it["name"] for it in told("members", "--on", "2023-05-01", "--sex", "nữ", "-f", "json").json} >= {
        *("Nguyễn Thị Ví", "Nguyễn Thị Dụ")
    }
    assert {it["code"] for it in told("units", "--sector", "FDI", "-f", "json").json} == {"FDI"}


@pytest.mark.parametrize("seed", seeds(1, 2))
def test_whatever_is_recorded_and_stated_groups_add_up_to_the_total(told: Ucli, seed: int) -> None:
    dice = dice_of(seed)
    for _number in range(12):
        unit, month = dice.choice(("HH", "KX")), f"2023-{dice.randint(1, 12):02d}"
        payout = (
            f"add-payout --unit {unit} --programme {dice.choice(('tet', 'visit', 'shelter'))} --on {month}-05 --yes"
        )
        fund = dice.choice((["--fund", f"Quỹ {dice.randint(1, 3)}"], ["--form", "repair", "--yes"], []))
        amount = dice.choice((f"{dice.randint(1, 60)}tr", "unknown"))
        told(*payout.split(), "--amount", amount, "--recipients", dice.randint(1, 9), *fund)
        if dice.random() < 0.4:
            code = dice.choice(("welfare-amount", "welfare-visits", "members-admitted", "members-total"))
            value = f"{dice.randint(10, 90)} triệu" if code == "welfare-amount" else dice.randint(100, 900)
            told("add-figure", code, value, "--unit", unit, "--period", month, "--replace", "--yes")
    for by in ("sector", "sex", "form", "fund", "programme"):
        broken_down(told, by)
        broken_down(told, by, "--unit", "HH")
        broken_down(told, by, "--structure", "now")


def test_what_a_total_is_made_of_is_compared_with_another_period(told: Ucli) -> None:
    told(*shlex.split("add-payout --unit KX --programme shelter --amount 80tr --form repair --on 2024-02-05"))
    told(*shlex.split("add-payout --unit KX --programme shelter --amount 5tr --on 2024-02-05"))
    answer = told(
        *("report", "2024", "--by", "form", "--compare", "2023", "--indicator", "shelter-amount", "-f", "json")
    ).json
    found = {
        it["unit"]["code"]: (row["actual"], row["compare"]["actual"], row["compare"]["change"])
        for it in answer["groups"]
        for row in it["rows"]
    }
    assert found == {
        "new-build": (0, 70_000_000, -70_000_000),
        "repair": (80_000_000, 20_000_000, 60_000_000),
        "not-known": (5_000_000, 0, 5_000_000),
    }


def test_a_report_of_one_part_has_only_what_the_registers_say_of_it(told: Ucli, ucli: Ucli) -> None:
    def of(*words: object) -> dict[str, int | None]:
        return {it["indicator"]: it["actual"] for it in told("report", "2023", *words, "-f", "json").json["rows"]}

    told("add-figure", "members-admitted", 900, "--unit", "HH", "--period", "2023")
    told("set-target", "members-admitted", 500, "--unit", "Thái Bình", "--period", "2023")
    fdi = {"unions-founded": 1, "unions-total": 1, "members-admitted": 13, "members-total": 13}
    assert of("--sector", "FDI") == fdi
    assert of("--sex", "nữ") == {"members-admitted": 2, "members-lost": 1, "members-total": 1}
    assert of("--sex", "nữ", "--sector", "public") == {"members-admitted": 1, "members-lost": 1, "members-total": 0}
    assert of("--form", "xây mới")["shelter-amount"] == 70_000_000
    assert of("--fund", "quy a")["tet-gifts"] == 40
    assert of("--programme", "Mái ấm")["welfare-amount"] == 90_000_000
    groups = told("report", "2023", "--sex", "nữ", "--by", "district", "-f", "json").json["groups"]
    totals = {it["unit"]["code"]: {row["indicator"]: row["actual"] for row in it["rows"]} for it in groups}
    assert [totals[it]["members-total"] for it in ("HH", "KX")] == [0, 1]
    document = told("report", "2023", "--programme", "shelter", "-f", "json").json
    assert document["only"] == {"programme": ["shelter"]}
    assert document["missing"] == []
    vi = told("--lang", "vi", "report", "2023", "--fund", "Quỹ A", "--programme", "tet").out
    assert "chỉ tính nguồn quỹ: Quỹ A, chỉ tính chương trình: Tết" in vi
    # A part of then, as it was known then, and never what is counted after.
    assert of("--sex", "nữ", "--as-known", "9") == {"members-admitted": 1, "members-total": 1}
    assert ucli("report", "2023", "--fund", "không có", expect=3).err
    assert [it["name"] for it in told("members", "--sector", "fdi", "-f", "json").json] == [None, "Nguyễn Thị Ví"]


def test_who_is_in_a_part_of_a_union_is_in_its_sector(told: Ucli) -> None:
    told("add-unit", "CĐCS thành viên 1", "--kind", "member-union", "--parent", "FDI", "--code", "TV")
    told("add-member", "Trần Thị Mẫu", "--union", "TV", "--admitted", "2023-05-02")
    groups, _totals, _answer = broken_down(told, "sector")
    assert groups["fdi"]["members-total"] == (14, None)
    rows = told("report", "2023", "--sector", "fdi", "-f", "json").json["rows"]
    assert {it["indicator"]: it["actual"] for it in rows}["members-total"] == 14
