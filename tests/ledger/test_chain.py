"""The log is a chain: what is changed behind ucli's back is found, what ucli itself does never breaks it."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import ROOT, After, Ucli, spoil
from ucli.ledger.chain import first_broken
from ucli.ledger.opening import open_ledger

SLIPPED_IN = (
    "INSERT INTO figure SELECT 2, indicator, 3, start_day, end_day, period, 7, part, whole, qualifier,"
    " stated_percent, stated_qualifier, source, decision, 5, to_op, 5 FROM figure WHERE from_op = 9"
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
        ("UPDATE figure SET value = 50 WHERE from_op = 7", 7),
        ("UPDATE figure SET value = 50 WHERE from_op = 9", 9),
        ("UPDATE membership SET members = 1, admitted = '2024-06-01'", 6),
        ("UPDATE target SET to_op = 10 WHERE 0; UPDATE figure SET to_op = 9 WHERE to_op = 8", 8),
        ("UPDATE operation SET actor = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET at = '2020-01-01T00:00:00Z' WHERE number = 10", 10),
        ("UPDATE operation SET host = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET command = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET summary = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET note = 'theo KH 6' WHERE number = 10", 10),
        ("UPDATE operation SET note = NULL WHERE number = 10", 10),
        ("UPDATE operation SET note = 'X' WHERE number = 3", 3),
        ("UPDATE operation SET reverses = NULL WHERE number = 9", 9),
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
        ("rebuild",),
    ]
    for _ in range(14):
        assert ucli(*chance.choice(words)).code in (0, 3, 5)
    assert broken(tmp_path / "so.db") is None


def test_erasing_a_person_leaves_the_chain_whole_and_nothing_of_persons_is_in_it(worked: Ucli, tmp_path: Path) -> None:
    worked("erase-member", 1, "--confirm", "Trần Thị Mẫu")
    assert broken(tmp_path / "so.db") is None
    assert worked("check").out == ""
    spoil(tmp_path / "so.db", "UPDATE person SET name = NULL, folded = NULL, card = NULL, seal = NULL")
    assert broken(tmp_path / "so.db") is None


def test_a_ledger_of_an_older_release_is_sealed_when_it_is_opened(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "so.db")) as old:
        old.executescript((ROOT / "tests" / "ledger" / "schema_1.sql").read_text(encoding="utf-8"))
    assert broken(tmp_path / "so.db") is None
    spoil(tmp_path / "so.db", "UPDATE figure SET value = value + 1 WHERE from_op > 0")
    assert broken(tmp_path / "so.db") is not None
    (tmp_path / "so.db").unlink()


def test_a_shipped_catalogue_that_grows_breaks_nothing(worked: Ucli, tmp_path: Path) -> None:
    spoil(tmp_path / "so.db", "UPDATE indicator_entry SET name_en = 'Other' WHERE from_op = 0")
    assert broken(tmp_path / "so.db") is None


def test_a_row_ended_by_an_operation_that_never_was_is_found(worked: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    spoil(tmp_path / "so.db", "UPDATE setting SET to_op = 9000")
    found = [it["ref"] for it in ucli("check", "-f", "json", expect=4).json if it["code"] == "C04-chain"]
    assert found == ["9000"]
