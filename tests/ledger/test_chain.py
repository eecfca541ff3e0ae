"""The log is a chain: what is changed outside ucli is found, what ucli itself does never breaks it."""

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import After, Ucli, spoil
from ucli.ledger.chain import first_broken, seal
from ucli.ledger.store import SCHEMA_VERSION, open_ledger

SLIPPED_IN = (
    "INSERT INTO figure SELECT 2, indicator, 3, start_day, end_day, period, kind, 7, part, whole, qualifier,"
    " stated_percent, stated_qualifier, speaks_for, reason, received, source, decision, origin, 5"
    " FROM figure WHERE op = 9"
)


def broken(path: Path) -> int | None:
    with closing(open_ledger(path)) as db:
        return first_broken(db)


@pytest.fixture
def worked(province_after: After) -> Ucli:
    """Operations 6 to 10: a member, a figure voided and given back, a target."""
    return province_after("""
        add-member "Trần Thị Mẫu" --union MAY --admitted 2024-05-01 --card TB-77
        add-figure news-items 5 --unit HH --period 2024
        void-figure 1
        undo
        set-target news-items 9 --unit HH --period 2024 --note "theo KH 5"
    """)


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE figure_history SET value = 50 WHERE op = 7", 7),
        ("UPDATE figure SET value = 50 WHERE op = 9", 9),
        ("UPDATE membership SET members = 1, admitted = '2024-06-01'", 6),
        ("UPDATE figure_history SET ended_by = 9 WHERE ended_by = 8", 8),
        ("UPDATE operation SET actor = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET at = '2020-01-01T00:00:00Z' WHERE number = 10", 10),
        ("UPDATE operation SET host = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET command = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET summary = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET note = 'theo KH 6' WHERE number = 10", 10),
        ("UPDATE operation SET note = NULL WHERE number = 10", 10),
        ("UPDATE operation SET note = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET reverses = NULL WHERE number = 9", 9),
        ("UPDATE operation SET wrote = '{}' WHERE number = 3", 3),
        ("UPDATE operation SET chain = 'X' WHERE number = 10", 10),
        ("DELETE FROM target", 10),
        ("DELETE FROM operation WHERE number = 8", 9),
        (SLIPPED_IN, 5),
    ],
)
def test_what_was_changed_behind_the_back_is_found(
    worked: Ucli, ucli: Ucli, tmp_path: Path, statement: str, number: int
) -> None:
    assert worked("check").out == ""
    for part in statement.split("; "):
        spoil(tmp_path / "so.db", part)
    found = [it for it in ucli("check", "-f", "json", expect=4).json if it["code"] == "C04-chain"]
    assert [(it["ref"], it["severity"]) for it in found] == [(str(number), "fault")]
    assert f"Operation {number}" in found[0]["what"]
    (tmp_path / "so.db").unlink()


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_ucli_does_breaks_the_chain(worked: Ucli, ucli: Ucli, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    (tmp_path / "b.txt").write_text(
        "add-figure news-items 3 --unit KX --period 2024-03\nmove-unit MAY --to KX --on 2024-09-01\n"
    )
    words = [
        ("undo",),
        ("redo",),
        ("void-figure", 1),
        ("batch", "--atomic", tmp_path / "b.txt"),
        ("end-membership", 1, "--on", "2024-09-09", "--reason", "retired"),
        ("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01"),
        ("rename-unit", "KX", f"LĐLĐ Kiến Xương {seed}", "--on", "2025-03-01"),
        ("close-period", "2023"),
        ("reopen-period", "2023", "--reason", "x"),
        ("add-figure", "news-items", 8, "--unit", "KX", "--period", "2024-05", "--dry-run"),
    ]
    for _ in range(14):
        assert ucli(*chance.choice(words)).code in (0, 3, 5)
    assert broken(tmp_path / "so.db") is None


def test_erasing_a_person_leaves_the_chain_whole_and_nothing_of_persons_is_in_it(worked: Ucli, tmp_path: Path) -> None:
    worked("erase-member", 1, "--confirm", "Trần Thị Mẫu")
    assert broken(tmp_path / "so.db") is None
    assert worked("check").out == ""
    spoil(tmp_path / "so.db", "UPDATE person SET name = NULL, folded = NULL, card = NULL, salt = NULL")
    assert broken(tmp_path / "so.db") is None


def test_a_row_ended_by_an_operation_that_never_was_is_found(worked: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    spoil(tmp_path / "so.db", "INSERT INTO setting_history VALUES ('x', 'y', 9000, 9000)")
    found = [it["ref"] for it in ucli("check", "-f", "json", expect=4).json if it["code"] == "C04-chain"]
    assert found == ["9000"]


def test_a_log_that_lost_its_hashes_is_never_sealed_anew(worked: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    ledger = tmp_path / "so.db"
    spoil(ledger, "UPDATE figure SET value = 50 WHERE op = 9")
    spoil(ledger, "UPDATE operation SET chain = NULL")
    spoil(ledger, f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    for words in (("check",), ("add-unit", "LĐLĐ huyện A", "--kind", "district"), ("doctor",)):
        assert "ucli restore" in ucli(*words, expect=7).err
    spoil(ledger, f"PRAGMA user_version = {SCHEMA_VERSION}")
    for words in (("check",), ("add-unit", "LĐLĐ huyện A", "--kind", "district"), ("undo",)):
        ucli(*words)
        assert broken(ledger) == 0
    assert "C04-chain" in ucli("check", expect=4).out


def test_the_end_of_the_log_is_printed_alike_everywhere_and_the_log_goes_on_through_it(worked: Ucli) -> None:
    closed = worked("close-period", "2023", "-f", "json")
    head = worked("log", "--head").out.strip()
    assert (closed.json["head"], worked("doctor", "-f", "json").json["facts"]["head"]) == (head, head)
    assert closed.err.splitlines()[0].endswith(f"The log ends with {head}; “ucli check --head” checks it later.")
    [as_data] = worked("log", "--head", "-f", "json").json
    assert head == f"{as_data['operation']}:{as_data['sha256']}"
    worked("undo")
    for noted in (head, head.upper(), head[: head.index(":") + 17], worked("log", "--head").out):
        assert "The log contains" in worked("check", "--head", noted).err


def test_what_was_only_tried_moves_no_end(worked: Ucli) -> None:
    before = worked("log", "--head").out
    assert worked("close-period", "2023", "--dry-run", "-f", "json").json["head"] is None
    assert worked("log", "--head").out == before


def cut_off(path: Path) -> None:
    spoil(path, "DELETE FROM target WHERE op = 10")
    spoil(path, "DELETE FROM operation WHERE number = 10")


def sealed_anew(path: Path) -> None:
    spoil(path, "UPDATE operation SET note = 'X' WHERE number = 7")
    with closing(open_ledger(path)) as db:
        for number in range(7, 11):
            seal(db, number)


@pytest.mark.parametrize("harm", [cut_off, sealed_anew])
def test_a_noted_end_shows_what_the_chain_alone_cannot(
    worked: Ucli, ucli: Ucli, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    head = worked("log", "--head").out.strip()
    harm(tmp_path / "so.db")
    assert worked("check", "-f", "json").json == []
    answer = ucli("check", "-f", "json", "--head", head, expect=4)
    [found] = answer.json
    assert (found["code"], found["severity"], found["ref"]) == ("C04-chain", "fault", "head-10")
    assert head in found["what"]
    assert "contains" not in answer.err
    assert ucli("check", "--head", f"10:{'0' * 64}", expect=4)
    assert ucli("accept-finding", "C04", "head-10", "--reason", "x").code == 5


def test_an_end_that_was_noted_does_not_hide_what_was_changed_before_it(
    worked: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = worked("log", "--head").out.strip()
    spoil(tmp_path / "so.db", "UPDATE operation SET note = 'X' WHERE number = 7")
    answer = ucli("check", "-f", "json", "--head", head, expect=4)
    assert [it["ref"] for it in answer.json] == ["7"]
    assert "contains" not in answer.err


@pytest.mark.parametrize(
    "typed", ["", "10", "10:", f"10:{'a' * 15}", f"10:{'g' * 64}", f"10:{'a' * 65}", f"x:{'a' * 64}"]
)
def test_an_end_of_a_log_that_is_none_is_wrong_usage(ucli: Ucli, typed: str) -> None:
    assert ucli("check", "--head", typed, expect=2).err


def test_the_end_of_a_log_is_asked_for_alone_and_one_without_a_hash_is_none(
    worked: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    assert "ucli log --head" in ucli("log", "3", "--head", expect=2).err
    assert "ucli log --head" in ucli("log", "--unit", "HH", "--head", expect=2).err
    spoil(tmp_path / "so.db", "UPDATE operation SET chain = NULL WHERE number = 10")
    assert "ucli check" in ucli("log", "--head", expect=7).err
    assert worked("doctor", "-f", "json").json["facts"]["head"] is None
