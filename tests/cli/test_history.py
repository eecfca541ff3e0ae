"""Undo, redo, the log and the past: nothing is ever lost, and every number can be brought back."""

import random
from typing import Any

import pytest

from tests.conftest import Ucli

REPORT = ("report", "--province", "Thái Bình", "--period", "2024", "-f", "json")


def test_undo_takes_back_a_whole_command_and_redo_brings_it_back(province: Ucli) -> None:
    before = province(*REPORT).out
    province("add-union", "CĐCS Mới", "--parent", "HH", "--founded", "2024-03-15", "--members", "12")
    after = province(*REPORT).out
    assert "Operation 6 was undone" in province("undo").err
    assert province(*REPORT).out == before
    assert "Operation 6 was redone" in province("redo").err
    assert province(*REPORT).out == after
    province("undo", "6")
    assert province(*REPORT).out == before


def test_undo_goes_back_command_by_command(province: Ucli, ucli: Ucli) -> None:
    for _ in range(5):
        province("undo")
    assert province("units", "-f", "json").json == []
    assert ucli("undo").code == 3
    for _ in range(5):
        province("redo")
    assert len(province("units", "-f", "json").json) == 5
    assert ucli("redo").code == 3


def test_undo_names_the_later_operation_that_depends_on_it(province: Ucli, ucli: Ucli) -> None:
    answer = ucli("undo", "2")
    assert answer.code == 5
    assert "Operation 4 is in the way" in answer.err
    assert "ucli undo 4" in answer.err


TAKEN = [
    ("void-figure 1", "add-figure news-items 9 --unit HH --period 2024"),
    ("void-target 1", "set-target news-items 90 --unit HH --period 2024"),
    ("move-unit MAY --to KX --on 2024-03-01", "move-unit MAY --to KX --on 2024-03-01"),
    ("reopen-period 2023 --reason x", "close-period 2023"),
]


@pytest.mark.parametrize(("taken_back", "in_its_place"), TAKEN)
def test_undo_names_the_operation_that_took_the_place(
    province: Ucli, ucli: Ucli, taken_back: str, in_its_place: str
) -> None:
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    province("set-target", "news-items", 50, "--unit", "HH", "--period", "2024")
    province("close-period", "2023")
    province(*taken_back.split())  # operation 9
    if taken_back == in_its_place:
        province("undo", 9)
    province(*in_its_place.split())
    last = province("log", "-f", "json").json[0]["operation"]
    answer = ucli("redo" if taken_back == in_its_place else "undo", 9, expect=5)
    assert f"Operation {last} is in the way" in answer.err
    province("undo", last)
    province("redo" if taken_back == in_its_place else "undo", 9)


def test_undoing_twice_is_refused(province: Ucli, ucli: Ucli) -> None:
    province("undo", "5")
    assert ucli("undo", "5").code == 5
    assert ucli("undo", "6").code == 5
    assert ucli("redo", "4").code == 5


def test_a_payout_keeps_its_member_from_being_undone(province: Ucli, ucli: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    words = ("--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--on", "2024-05-01", "--member", "1")
    province("add-payout", *words)
    assert ucli("undo", "6").code == 5
    assert ucli("void-member", "1").code == 5
    province("void-payout", "1")
    province("void-member", "1")


def test_undo_of_a_void_counts_the_row_again_under_its_number(province: Ucli) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024")
    with_figure = province(*REPORT).out
    province("void-figure", "1")
    assert province("figures", "-f", "json").json == []
    province("undo")
    assert province(*REPORT).out == with_figure
    assert province("figures", "-f", "json").json[0]["number"] == 1


def test_undo_of_a_revision_brings_the_earlier_target_back(province: Ucli) -> None:
    for value in ("9.000", "10.800"):
        province("set-target", "members-admitted", value, "--unit", "Thái Bình", "--period", "2024")
    assert province("targets", "-f", "json").json[0]["target"] == 10800
    province("undo")
    assert province("targets", "-f", "json").json[0]["target"] == 9000


def test_a_dry_run_of_undo_changes_nothing(province: Ucli) -> None:
    before = province("log").out
    assert "nothing was written" in province("undo", "--dry-run").err
    assert province("log").out == before


def test_the_log_tells_what_was_undone(province: Ucli) -> None:
    province("undo")
    records = province("log", "-f", "json").json
    assert [(row["operation"], row["command"], row["undone"]) for row in records[:2]] == [
        (6, "undo", False),
        (5, "add-union", True),
    ]


def test_a_report_can_be_printed_as_the_ledger_stood(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024")
    then = province(*REPORT).out
    province("void-figure", "1")
    province("add-figure", "news-items", "7", "--unit", "HH", "--period", "2024")
    assert province(*REPORT, "--as-known", "6").out == then
    assert province(*REPORT, "--as-known", "today").json["rows"][-1]["actual"] == 7
    assert ucli(*REPORT, "--as-known", "2001-01-01").code == 3


def test_undo_goes_on_past_what_a_later_command_had_ended(province: Ucli) -> None:
    figure = ("--unit", "HH", "--period", "2024")
    province("add-figure", "news-items", "5", *figure)
    province("void-figure", "1")
    province("set-target", "news-items", "5", *figure)
    province("set-target", "news-items", "6", *figure)
    for _ in range(4):
        province("undo")
    assert province("figures", "-f", "json").json == province("targets", "-f", "json").json == []
    for _ in range(4):
        province("redo")
    assert province("targets", "-f", "json").json[0]["target"] == 6


def test_redo_without_a_number_brings_back_only_what_was_undone_last(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024-01")
    province("undo")
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024-02")
    assert ucli("redo").code == 3
    assert "news" in province("redo", "6", "--lang", "en").err.lower()


FIGURE = "add-figure news-items 5 --unit HH --period"
MEMBER = "add-member A --union MAY --admitted 2024-05-01 --card"
IN_THE_WAY = [
    ("add-unit B --kind district --code B", "add-unit C --kind district --code B"),
    ("add-figure members-total 5 --unit HH --period 2024-H1", "add-figure members-total 6 --unit HH --period 2024-Q2"),
    (f"{FIGURE} 2024-H1", "add-figure news-items n/a --unit HH --period 2024-H1"),
    (f"{MEMBER} 77", f"{MEMBER} 77"),
    ("add-indicator hb --name A --measure B", "add-indicator hc --name A --measure B --alias hb"),
]


@pytest.mark.parametrize(("first", "second"), IN_THE_WAY)
def test_redo_brings_nothing_back_that_contradicts_what_came_since(
    province: Ucli, ucli: Ucli, first: str, second: str
) -> None:
    province(*first.split())
    province("undo")
    province(*second.split())
    answer = ucli("redo", "6")
    assert answer.code == 5, answer
    assert "Operation 8" in answer.err


def test_redo_brings_back_first_what_others_name(province: Ucli, ucli: Ucli) -> None:
    province("add-unit", "LĐLĐ huyện B", "--kind", "district", "--code", "B")
    province("add-figure", "news-items", "5", "--unit", "B", "--period", "2024")
    province("undo")
    province("undo")
    answer = ucli("redo", "7")
    assert answer.code == 5
    assert "ucli redo 6" in answer.err


def test_a_corrected_member_bears_the_corrected_name(province: Ucli) -> None:
    card = ("--union", "MAY", "--admitted", "2024-05-01", "--card", "77")
    province("add-member", "Nguyễn Văn Sai", *card)
    province("void-member", "1")
    province("add-member", "Trần Thị Đúng", *card)
    assert [row["name"] for row in province("members", "-f", "json").json] == ["Trần Thị Đúng"]


def test_a_cluster_goes_with_its_lists_and_the_office_cannot_go(province: Ucli, ucli: Ucli) -> None:
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX", "--lead", "HH")
    assert ucli("undo", "2").code == 5
    province("void-unit", "Cụm 1")
    assert province("clusters", "-f", "json").json == []
    province("undo")
    assert len(province("clusters", "-f", "json").json) == 1
    assert ucli("void-unit", "tỉnh Thái Bình").code == 5


@pytest.mark.parametrize("seed", range(3))
def test_any_mixture_of_writes_and_undos_can_be_walked_back_and_forth(province: Ucli, ucli: Ucli, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    writes: list[tuple[Any, ...]] = [
        ("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20"),
        ("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024-01"),
        ("add-figure", "news-items", "9", "--unit", "Thái Bình", "--period", "2024-Q1"),
        ("set-target", "news-items", "50", "--unit", "Thái Bình", "--period", "2024"),
        ("set-target", "news-items", "60", "--unit", "Thái Bình", "--period", "2024"),
        ("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX"),
        ("set-cluster", "Cụm 1", "--year", "2024", "--units", "KX"),
        ("void-figure", "1"),
        ("void-unit", "Cụm 1"),
        ("add-payout", "--unit", "KX", "--programme", "tet", "--amount", "1tr", "--on", "2024-01-05"),
        ("undo",),
        ("redo",),
    ]
    past: dict[int, str] = {}
    for _ in range(14):
        assert ucli(*chance.choice(writes)).code in (0, 3, 5)
        last = ucli("log", "-f", "json").json[0]["operation"]
        past.setdefault(last, province(*REPORT).out)
        assert province(*REPORT).out == past[last]
    at_the_end = province(*REPORT).out
    for number, printed in past.items():
        assert province(*REPORT, "--as-known", number).out == printed
    undone = 0
    while (code := ucli("undo").code) == 0:
        undone += 1
    assert code == 3
    assert province("units", "-f", "json").json == province("figures", "-f", "json").json == []
    for _ in range(undone):
        province("redo")
    assert province(*REPORT).out == at_the_end


@pytest.mark.parametrize(
    "words",
    ["void-payout 1", "add-payout --unit MAY --programme tet --amount 700000 --on 2024-02-01 --beneficiary Lê"],
)
def test_what_was_paid_to_someone_named_is_undone_and_redone(province: Ucli, words: str) -> None:
    paid = ("--unit", "MAY", "--programme", "tet", "--amount", 500000, "--on", "2024-01-20")
    province("add-payout", *paid, "--beneficiary", "Trần Thị Mẫu")
    before = province("payouts", "-f", "json").json
    province(*words.split())
    after = province("payouts", "-f", "json").json
    province("undo")
    assert province("payouts", "-f", "json").json == before
    province("redo")
    assert province("payouts", "-f", "json").json == after
    assert province("check").out == ""


def test_all_that_stands_in_the_way_of_an_undo_is_named(province: Ucli, ucli: Ucli) -> None:
    province("add-union", "CĐCS Giày", "--parent", "HH", "--founded", "2023-06-01", "--code", "GIAY")
    for day in ("2024-04-20", "2024-04-21"):
        province("add-member", "A", "--union", "GIAY", "--admitted", day)
    province("add-figure", "news-items", 5, "--unit", "GIAY", "--period", "2024")
    refused = ucli("undo", 6, expect=5).err
    assert "Operations 9, 8, 7 are in the way" in refused
    assert "ucli undo 9; ucli undo 8; ucli undo 7" in refused
    for number in (9, 8, 7, 6):
        province("undo", number)


def test_before_an_older_operation_or_somebody_elses_is_undone_it_is_said_what_it_was(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024", "--actor", "Chị Lan")
    province("add-figure", "news-items", 7, "--unit", "KX", "--period", "2024")
    assert "was recorded by" not in province("undo").err
    assert "Operation 6 was recorded by Chị Lan on " in province("undo").err
    assert "Operation 4 was recorded by" in province("undo", 4, "--actor", "Chị Lan").err
    province("redo")
    asked: list[str] = []
    monkeypatch.setattr("ucli.cli.history.can_ask", lambda: True)
    monkeypatch.setattr("ucli.cli.history.confirm", asked.append)
    assert "Operation 4 was not undone." in ucli("undo", 4, expect=5).err
    assert ": add-union — " in province("undo", 4, "--yes").err
    assert asked == ["Undo it?"]
    province("undo")
    assert len(asked) == 1
