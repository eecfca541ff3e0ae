"""The log answers who did what, when, to whom; and shows every row of an operation before and after."""

import pytest

from tests.conftest import After, Ucli


@pytest.fixture
def worked(province_after: After) -> Ucli:
    """Operations 6 to 9: a figure by Lan, a member, a target set twice by Minh."""
    return province_after("""
        add-figure news-items 5 --unit HH --period 2024 --actor Lan --note "BC 45"
        add-member "Trần Thị Mẫu" --union MAY --admitted 2024-05-01 --card TB-77
        set-target members-admitted 9.000 --unit "Thái Bình" --period 2024 --actor Minh
        set-target members-admitted 10.800 --unit "Thái Bình" --period 2024 --actor Minh
    """)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--who minh", [9, 8]),
        ("--command add-figure", [6]),
        ("--unit HH", [7, 6, 4, 2]),
        ("--unit MAY", [7, 4]),
        ("--unit MAY --command add-member", [7]),
        ("--since today", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ("--until 1/1/2024", []),
    ],
)
def test_the_log_is_filtered(worked: Ucli, words: str, expected: list[int]) -> None:
    assert [it["operation"] for it in worked("log", *words.split(), "-f", "json").json] == expected


def test_days_that_stand_the_wrong_way_round_are_no_window(province: Ucli, ucli: Ucli) -> None:
    assert "before it begins" in ucli("log", "--since", "2026-12-01", "--until", "2026-01-01", expect=4).err


def test_an_operation_shows_its_rows_before_and_after(worked: Ucli) -> None:
    whole = worked("log", 9, "-f", "json").json
    assert (whole["command"], whole["undone"]) == ("set-target", False)
    (row,) = whole["rows"]
    assert (row["register"], row["number"]) == ("target", "1")
    assert (row["before"]["target"], row["after"]["target"]) == (9000, 10800)
    told = worked("log", 9, "--lang", "vi").out
    assert "Chỉ tiêu: 9.000" in told
    assert "Chỉ tiêu: 10.800" in told
    assert "BC 45" in worked("log", 6).out


def test_what_is_personal_is_left_out_of_the_log(worked: Ucli) -> None:
    worked("end-membership", 1, "--on", "2025-01-01", "--reason", "retired")
    for number in (7, 10):
        for form in ("plain", "json"):
            out = worked("log", number, "-f", form).out
            assert "MAY" in out or "May" in out
            assert "Mẫu" not in out
            assert "TB-77" not in out


def test_an_undo_shows_what_it_gave_back(worked: Ucli) -> None:
    worked("undo")
    (row,) = worked("log", 10, "-f", "json").json["rows"]
    assert (row["before"]["target"], row["after"]["target"]) == (10800, 9000)
    assert "undone" in worked("log", 9).out


def test_a_wrong_question_to_the_log_is_refused(worked: Ucli, ucli: Ucli) -> None:
    assert ucli("log", 99).code == 3
    assert ucli("log", "--command", "nix").code == 2
    assert ucli("log", "--unit", "nix").code == 3


def test_what_stands_in_the_way_of_an_undo_is_named_with_what_it_did(worked: Ucli, ucli: Ucli) -> None:
    answer = ucli("undo", 4, expect=5)
    assert "7: add-member — Member 1 was admitted" in answer.err


def test_the_log_takes_actor_as_a_name_of_its_filter(province: Ucli) -> None:
    province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--actor", "Chị Mẫu")
    for option in ("--who", "--actor"):
        assert [it["operation"] for it in province("log", option, "Chị Mẫu", "-f", "json").json] == [6]


def test_a_name_that_nobody_sees_is_refused(province: Ucli, ucli: Ucli) -> None:
    for name in ("\u200b", "\u200d\u2060"):
        assert "visible" in ucli("add-unit", name, "--kind", "district", expect=2).err


def test_a_target_brought_back_is_set_by_whoever_set_it(province: Ucli) -> None:
    province("set-target", "news-items", 5, "--unit", "HH", "--period", "2024")
    [before] = [it for it in province("targets", "-f", "json").json if it["indicator"] == "news-items"]
    province("void-target", before["number"])
    province("undo")
    [after] = [it for it in province("targets", "-f", "json").json if it["indicator"] == "news-items"]
    assert after["set_by"] == before["set_by"]
