"""Grants paid in instalments, money given back, gifts of unknown value: each thing counts once, on its own day."""

import shlex
from pathlib import Path
from random import Random

import pytest

from tests.conftest import After, Answer, Ucli
from tests.ledgers import dice_of, seeds

GRANT = """
add-payout --unit HH --programme shelter --amount 50tr --form new-build --fund Q --beneficiary "Vũ Ví Dụ" --on 5/6/2023
add-payout --instalment-of 1 --amount 30tr --on 2024-02-10
return-payout 1 --amount 10tr --on 2024-03-15 --decision 9/QĐ
"""
MONEY, HOUSES = "shelter-amount", "shelter-houses"


@pytest.fixture
def granted(province_after: After) -> Ucli:
    return province_after(GRANT)


def line(ucli: Ucli, text: str) -> Answer:
    return ucli(*shlex.split(text))


def counted(ucli: Ucli, period: str, *indicators: str) -> list[object]:
    rows = ucli("report", period, *(it for code in indicators for it in ("--indicator", code)), "-f", "json").json
    return [(it["actual"], it["qualifier"]) for it in rows["rows"]]


def test_a_house_paid_for_in_two_years_counts_once_and_each_payment_in_its_own(granted: Ucli) -> None:
    assert counted(granted, "2023", HOUSES, MONEY) == [(1, None), (50_000_000, None)]
    assert counted(granted, "2024", HOUSES, MONEY) == [(0, None), (20_000_000, None)]
    assert counted(granted, "2024-03", "welfare-visits", "welfare-amount") == [(0, None), (-10_000_000, None)]
    second, back = granted("payouts", "--period", "2024", "--programme", "shelter", "-f", "json").json
    assert [second[it] for it in ("part_of", "beneficiary", "form", "fund", "recipients")] == [
        *(1, "Vũ Ví Dụ", "new-build", "Q", 0)
    ]
    assert (back["amount"], back["part_of"], back["decision"]) == (-10_000_000, 1, "9/QĐ")


def test_a_list_names_the_columns_of_parts_only_where_a_payout_is_one(province: Ucli, granted: Ucli) -> None:
    assert "part_of" in granted("payouts", "-f", "json").json[0]
    granted("void-payout", 3)
    granted("void-payout", 2)
    assert not {"part_of", "value_status"} & {*granted("payouts", "-f", "csv").out.splitlines()[0].split(",")}


def test_a_further_payment_is_of_the_same_programme_and_beneficiary(granted: Ucli, ucli: Ucli) -> None:
    further = ("add-payout", "--instalment-of", 1, "--amount", "5tr", "--on", "2024-04-01")
    assert "another programme" in ucli(*further, "--programme", "tet", expect=4).err
    assert "programme or beneficiary" in ucli(*further, "--beneficiary", "Ai Khác", expect=4).err
    assert "those of payout 1" in ucli(*further, "--recipients", 2, expect=2).err
    assert "no payout 77" in ucli("add-payout", "--instalment-of", 77, "--amount", "5tr", expect=3).err
    assert "is before payout 1" in ucli(*further[:-1], "2023-01-01", expect=5).err
    granted(*further, "--unit", "KX", "--programme", "shelter", "--beneficiary", "vu vi du")
    # Of a payment that is a part itself, it is a part of the same grant.
    granted("add-payout", "--instalment-of", 2, "--amount", "1tr", "--on", "2024-04-02")
    assert granted("payouts", "-f", "json").json[-1]["part_of"] == 1
    # A payout that begins a grant needs a unit and a programme as before.
    assert "--unit" in ucli("add-payout", "--amount", "5tr", expect=2).err


def test_no_more_is_given_back_than_was_paid_whatever_is_voided_or_undone(granted: Ucli, ucli: Ucli) -> None:
    assert "More would be returned" in ucli("return-payout", 1, "--amount", "71tr", "--on", "2024-04-01", expect=5).err
    granted("return-payout", 2, "--amount", "70tr", "--on", "2024-04-01")
    assert "More would be returned" in ucli("void-payout", 2, expect=5).err
    last = granted("log", "-f", "json").json[0]["operation"]
    assert f"undo {last}" in ucli("undo", last - 2, expect=5).err
    granted("undo", last)
    granted("undo", last - 2)
    assert counted(granted, "2024", MONEY) == [(-10_000_000, None)]
    granted("redo", last - 2)
    assert counted(granted, "2024", MONEY) == [(20_000_000, None)]
    assert granted("check").code == 0


def test_a_payout_is_not_voided_or_undone_before_its_parts(granted: Ucli, ucli: Ucli) -> None:
    refused = ucli("void-payout", 1, expect=5).err
    assert "ucli void-payout 2" in refused
    assert "ucli void-payout 3" in refused
    first = granted("log", "-f", "json").json[2]["operation"]
    assert f"ucli undo {first + 2}" in ucli("undo", first, expect=5).err
    for number in (3, 2, 1):
        granted("void-payout", number)
    assert granted("payouts", "--programme", "shelter", "-f", "json").json == []


def test_money_given_back_falls_under_the_closed_period_of_its_own_day(granted: Ucli, ucli: Ucli) -> None:
    granted("close-period", "2023")
    granted("return-payout", 1, "--amount", "1tr", "--on", "2024-04-01")
    assert "closed" in ucli("return-payout", 1, "--amount", "1tr", "--on", "2023-12-01", expect=5).err
    assert "closed" in ucli("value-payout", 1, "--amount", "1tr", "--replace", expect=5).err


def test_money_is_given_back_to_the_unit_that_followed(granted: Ucli) -> None:
    granted("merge-unit", "HH", "--into", "KX", "--on", "2024-07-01")
    granted("return-payout", 1, "--amount", "1tr", "--on", "2024-08-01")
    granted("add-payout", "--instalment-of", 1, "--amount", "2tr", "--on", "2024-09-01")
    assert {it["unit"] for it in granted("payouts", "--period", "2024-Q3", "-f", "json").json} == {
        "LĐLĐ huyện Kiến Xương"
    }


def test_a_gift_of_unknown_value_counts_whom_it_reached_until_it_is_valued(province: Ucli, ucli: Ucli) -> None:
    given = ("add-payout", "--unit", "HH", "--programme", "tet", "--on", "2023-01-05")
    province(*given, "--recipients", 40, "--amount", "chưa rõ")
    province(*given, "--recipients", 10, "--amount", "5 triệu")
    assert counted(province, "2023", "welfare-amount", "tet-gifts") == [(5_000_000, "at-least"), (50, None)]
    [row] = province("report", "2023", "--indicator", "welfare-amount", "-f", "json").json["rows"]
    assert row["unvalued"] == 1
    vi = province("--lang", "vi", "report", "2023", "--indicator", "welfare-amount").out
    assert "1 khoản chưa rõ giá trị" in vi
    assert "payouts of unknown value: 1" in province("explain", "welfare-amount", "2023").out
    assert "chưa rõ" in province("--lang", "vi", "payouts", "--period", "2023").out
    assert "leave" in ucli(*given, "--amount", "unknown", "--in-kind", "5tr", expect=2).err.lower()
    assert "value-payout" in ucli("return-payout", 1, "--amount", "1tr", "--on", "2024-01-01", expect=5).err
    province("value-payout", 1, "--amount", "8tr")
    assert counted(province, "2023", "welfare-amount", "tet-gifts") == [(13_000_000, None), (50, None)]
    assert "has a value: 8.000.000" in ucli("value-payout", 1, "--amount", "9tr", expect=5).err
    province("value-payout", 1, "--amount", "9tr", "--replace")
    province("undo")
    province("undo")
    assert counted(province, "2023", "welfare-amount") == [(5_000_000, "at-least")]


def test_what_a_unit_stated_of_a_window_holds_its_gifts_of_unknown_value(province: Ucli) -> None:
    line(province, "add-payout --unit HH --programme tet --amount unknown --recipients 40 --on 2023-01-05")
    province("add-figure", "welfare-amount", "90 triệu", "--unit", "HH", "--period", "2023")
    assert counted(province, "2023", "welfare-amount") == [(90_000_000, None)]
    line(province, "add-payout --unit KX --programme tet --amount unknown --recipients 40 --on 2023-01-05")
    assert counted(province, "2023", "welfare-amount") == [(90_000_000, "at-least")]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_list_with_parts_goes_back_in_whatever_the_numbers_there_are(
    granted: Ucli, ok: Ucli, tmp_path: Path, lang: str
) -> None:
    line(granted, "add-payout --unit HH --programme tet --amount unknown --recipients 40 --on 2024-05-05")
    listed, other = tmp_path / "list.csv", tmp_path / "other.db"
    granted("--lang", lang, "payouts", "-o", listed)
    assert "4 unchanged" in granted("import", "payouts", listed).err
    granted("backup", tmp_path / "all.db")
    for words in (
        ("init", "--office", "LĐLĐ tỉnh Thái Bình"),
        ("add-unit", "LĐLĐ huyện Hưng Hà", "--kind", "district", "--code", "HH"),
        ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "5tr", "--on", "2022-01-01"),
        ("import", "payouts", listed),
    ):
        ok("--db", other, *words)
    rows = {it["number"]: it for it in ok("--db", other, "payouts", "-f", "json").json}
    assert [(it["amount"], it["part_of"] and rows[it["part_of"]]["programme"]) for it in rows.values()] == [
        *((5_000_000, None), (50_000_000, None), (30_000_000, "shelter"), (-10_000_000, "shelter"), (0, None))
    ]


@pytest.mark.parametrize("seed", seeds(1, 2, 3))
def test_instalments_and_returns_add_up_day_by_day_to_the_whole(province: Ucli, seed: int) -> None:
    dice: Random = dice_of(seed)
    paid: dict[int, int] = {}
    houses = 0
    for number in range(1, 15):
        day = f"2023-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"
        amount = dice.randint(2, 90)
        # A grant begins on the first day of the year, so that whatever follows is after it.
        if not paid or dice.random() < 0.3:
            begun = f"add-payout --unit {dice.choice(('HH', 'KX'))} --programme shelter --on 2023-01-01"
            province(*begun.split(), "--amount", f"{amount}tr", "--yes")
            paid[number] = amount
            houses += 1
        elif dice.random() < 0.5 or not any(paid.values()):
            grant = dice.choice([*paid])
            province("add-payout", "--instalment-of", grant, "--amount", f"{amount}tr", "--on", day, "--yes")
            paid[grant] += amount
        else:
            grant = max(paid, key=lambda it: paid[it])
            back = dice.randint(1, paid[grant])
            province("return-payout", grant, "--amount", f"{back}tr", "--on", day, "--yes")
            paid[grant] -= back
    total = sum(paid.values()) * 1_000_000
    assert counted(province, "2023", HOUSES, MONEY) == [(houses, None), (total, None)]
    for by in ("month", "quarter", "district"):
        answer = province("report", "2023", "--indicator", MONEY, "--by", by, "-f", "json").json
        assert sum(row["actual"] or 0 for group in answer["groups"] for row in group["rows"]) == total
    assert sum(it["amount"] for it in province("payouts", "--programme", "shelter", "-f", "json").json) == total


def test_gifts_all_of_unknown_value_have_a_line_in_the_report(province: Ucli) -> None:
    province("add-payout", "--unit", "MAY", "--programme", "tet", "--amount", "unknown", "--on", "2024-01-05")
    rows = province("report", "2024", "--unit", "MAY", "-f", "json").json["rows"]
    found = {it["indicator"]: (it["actual"], it["qualifier"], it["unvalued"]) for it in rows}
    assert found["welfare-amount"] == (0, "at-least", 1)
