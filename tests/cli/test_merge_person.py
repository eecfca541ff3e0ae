"""One person recorded twice becomes one: both histories stay, and only what counted twice changes."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import Ucli
from tests.ledgers import dice_of, seeds

MAC = ("add-member", "Mạc Văn Thử", "--born", "5/5/1992")


def total(ucli: Ucli, indicator: str = "members-total", period: str = "2024") -> int:
    rows = ucli("report", "--period", period, "--indicator", indicator, "-f", "json").json["rows"]
    return int(rows[0]["actual"] or 0)  # before anyone was admitted no one knows


def test_a_person_in_two_unions_at_once_went_over(province: Ucli, ucli: Ucli) -> None:
    province(*MAC, "--union", "MAY", "--admitted", "2/4/2024", "--card", "TB-9")
    second = province(*MAC, "--union", "TRUONG", "--admitted", "3/7/2024", "--yes", "-f", "json").json["number"]
    before = total(province), total(province, "members-admitted")
    first = province("members", "--union", "MAY", "--match", "mac van thu", "-f", "json").json[0]["number"]
    refused = ucli("merge-person", f"no:{second}", "--into", f"no:{first}", expect=5).err
    assert "same person" in refused
    province("merge-person", f"no:{second}", "--into", f"no:{first}", "--transferred")
    assert (total(province), total(province, "members-admitted")) == (before[0] - 1, before[1] - 1)
    [now] = province("members", "--match", "mac van thu", "--on", "2024-12-31", "-f", "json").json
    assert (now["union"], now["begun_by"], now["card"]) == ("CĐCS Trường Kiến Xương", "transfer", "TB-9")
    province("check")
    province("undo")
    assert (total(province), total(province, "members-admitted")) == before
    province("redo")
    assert total(province) == before[0] - 1


def test_two_spells_in_one_union_are_one_and_what_was_paid_is_the_persons(province: Ucli) -> None:
    numbers = [
        province(*MAC, "--union", "MAY", "--admitted", day, "--yes", "-f", "json").json["number"]
        for day in ("2/4/2024", "3/7/2024")
    ]
    for number in numbers:
        province("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", f"{number}00.000", "--member",
                 f"no:{number}", "--on", "1/8/2024")  # fmt: skip
    before = total(province), total(province, "welfare-amount")
    province("merge-person", f"no:{numbers[1]}", "--into", f"no:{numbers[0]}")
    assert (total(province), total(province, "welfare-amount")) == (before[0] - 1, before[1])
    [now] = province("members", "--match", "mac van thu", "-f", "json").json
    assert now["admitted"] == "2024-04-02"
    assert {it["beneficiary"] for it in province("payouts", "-f", "json").json} == {"Mạc Văn Thử"}
    province("check")
    province("erase-member", "Mạc Văn Thử", "--confirm", "Mạc Văn Thử")
    assert "Mạc" not in province("payouts", "-f", "json").out + province("members", "-f", "json").out


def test_spells_one_after_the_other_change_no_total(province: Ucli) -> None:
    first = province(*MAC, "--union", "MAY", "--admitted", "2/6/2023", "-f", "json").json["number"]
    province("end-membership", f"no:{first}", "--on", "1/1/2024", "--reason", "retired")
    second = province(*MAC, "--union", "TRUONG", "--admitted", "3/7/2024", "-f", "json").json["number"]
    before = [total(province, it, year) for it in ("members-total", "members-admitted") for year in ("2023", "2024")]
    province("merge-person", f"no:{second}", "--into", f"no:{first}")
    after = [total(province, it, year) for it in ("members-total", "members-admitted") for year in ("2023", "2024")]
    assert after == before


@pytest.mark.parametrize("seed", seeds(1, 2, 3))
def test_merging_changes_no_total_but_by_what_counted_twice(province: Ucli, seed: int) -> None:
    dice = dice_of(seed)
    days = [date(2024, 2, 2) + timedelta(days=it) for it in sorted(dice.sample(range(300), 6))]
    # Two in one union at any days, and one in another after both.
    one, other = ([*sorted(dice.sample(days[:4], 2))] for _twin in range(2))
    spells: list[tuple[str, date, date]] = [
        ("MAY", one[0], one[1]),
        ("MAY", other[0], other[1]),
        ("TRUONG", days[4], days[5]),
    ]
    numbers = []
    for union, admitted, left in spells:
        member = province(*MAC, "--union", union, "--admitted", admitted, "--yes", "-f", "json").json["number"]
        province("end-membership", f"no:{member}", "--on", left, "--reason", "resigned")
        province("add-payout", "--unit", union, "--programme", "visit", "--amount", f"{dice.randint(1, 9)}tr", "--yes",
                 "--member", f"no:{member}", "--on", admitted)  # fmt: skip
        numbers.append(f"no:{member}")
    months = [f"2024-{month:02d}" for month in range(1, 13)]
    ends = [date(2024 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(1, 13)]
    before = [total(province, "members-total", it) for it in months]
    paid = [total(province, "welfare-amount", it) for it in ("2024", "2024-H1", "2024-H2")]
    dice.shuffle(numbers)
    province("merge-person", *numbers[1:], "--into", numbers[0])
    counted = [sum(admitted <= end < left for _union, admitted, left in spells) for end in ends]
    twice = [max(it - 1, 0) for it in counted]
    assert [total(province, "members-total", it) for it in months] == [
        there - it for there, it in zip(before, twice, strict=True)
    ]
    assert [total(province, "welfare-amount", it) for it in ("2024", "2024-H1", "2024-H2")] == paid
    is_one = max(one[0], other[0]) < min(one[1], other[1])
    spells_now = 2 if is_one else 3
    assert total(province, "members-admitted") == total(province, "members-lost") == spells_now


def test_erasing_one_person_erases_all_entries_that_were_merged(province: Ucli, tmp_path: Path) -> None:
    """Also one under another spelling and without a birth date, which nothing but the merger makes the same."""
    province("add-member", "Mạc Văn Thứ", "--union", "MAY", "--admitted", "2/6/2023", "--card", "TB-1")
    province("end-membership", "TB-1", "--on", "1/1/2024", "--reason", "left-work")
    province(*MAC, "--union", "TRUONG", "--admitted", "3/7/2024", "--card", "TB-2")
    province("merge-person", "TB-1", "--into", "TB-2")
    province("erase-member", "TB-2", "--confirm", "Mạc Văn Thử")
    for file in tmp_path.glob("so.db*"):
        assert "Mạc".encode() not in file.read_bytes()
        assert b"mac van" not in file.read_bytes()


@pytest.mark.parametrize("is_undone", [False, True])
def test_who_was_merged_is_no_mistake_that_is_due_for_deletion(province: Ucli, *, is_undone: bool) -> None:
    for day in ("2/4/2024", "3/7/2024"):
        province(*MAC, "--union", "MAY", "--admitted", day, "--yes")
    first, second = (it["number"] for it in province("members", "--match", "mac van", "-f", "json").json)
    province("merge-person", f"no:{second}", "--into", f"no:{first}")
    if is_undone:
        province("undo")
    assert province("retention", "--years", "1", "-f", "json").json == []


def test_other_persons_are_refused(province: Ucli, ucli: Ucli) -> None:
    one = province(*MAC, "--union", "MAY", "--admitted", "2/4/2024", "-f", "json").json["number"]
    other = province("add-member", "Mạc Văn Thử", "--born", "6/5/1992", "--union", "MAY", "--admitted", "2/4/2024",
                     "-f", "json").json["number"]  # fmt: skip
    assert "two persons" in ucli("merge-person", f"no:{other}", "--into", f"no:{one}", expect=5).err
    ucli("merge-person", f"no:{one}", "--into", f"no:{one}", expect=2)
    ucli("merge-person", "no:99", "--into", f"no:{one}", expect=3)
