"""What counts stands in plain tables, what counted once beside them: any tool that reads SQLite reads the present."""

import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import After, Ucli, spoil
from ucli.ledger.operations import NAMED_BY, VERSIONED


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_a_register_is_what_counts_now_and_its_history_what_counted_until_which_operation(
    province: Ucli, tmp_path: Path
) -> None:
    ledger = tmp_path / "so.db"
    province("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "5tr", "--on", "2024-01-20")
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    assert rows(ledger, "SELECT id, amount, op FROM payout") == [(1, 5_000_000, 6)]
    province("void-payout", 1)
    assert rows(ledger, "SELECT * FROM payout") == []
    assert rows(ledger, "SELECT id, amount, op, ended_by FROM payout_history") == [(1, 5_000_000, 6, 8)]
    province("undo")
    assert rows(ledger, "SELECT id, op FROM payout") == [(1, 9)]
    assert rows(ledger, "SELECT id, op, ended_by FROM payout_history") == [(1, 6, 8)]
    # Numbers are never given twice, also not those of rows that count no more.
    province("void-payout", 1)
    province("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "6tr", "--on", "2024-01-20")
    assert rows(ledger, "SELECT id FROM payout") == [(2,)]


def test_all_that_names_a_unit_an_indicator_or_a_programme_is_known_to_name_it(province: Ucli, tmp_path: Path) -> None:
    """Voiding, the rule C01 and a unit's log go by it."""
    own = {"unit_name", "unit_life", "indicator_entry", "programme_entry"}
    query = (
        'SELECT f."table", t.name, f."from" FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f'
        " WHERE t.type = 'table' AND f.\"table\" IN ('unit', 'indicator', 'programme')"
    )
    found = {(whole, table, column) for whole, table, column in rows(tmp_path / "so.db", query) if table not in own}
    known = {(key, table, column) for (_part, key), those in NAMED_BY.items() for table, column in those}
    assert found - known == {("unit", "ancestry", "unit")}


def test_what_an_operation_wrote_and_ended_itself_was_never_known(province: Ucli, tmp_path: Path) -> None:
    province("end-union", "MAY", "--on", "2024-06-01", "--reason", "employer-ceased")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    assert rows(tmp_path / "so.db", 'SELECT "left", op FROM membership WHERE person = 1') == [("2024-06-01", 7)]
    assert rows(tmp_path / "so.db", "SELECT * FROM membership_history WHERE person = 1") == []


def test_looking_back_leaves_nothing_in_the_ledger_and_reads_no_history_of_the_present(
    province_after: After, tmp_path: Path
) -> None:
    ucli = province_after("""
        set-target news-items 10 --unit HH --period 2024
        set-target news-items 20 --unit HH --period 2024
        move-unit MAY --to KX --on 2024-09-01
        add-figure news-items 5 --unit HH --period 2024
    """)
    before = rows(tmp_path / "so.db", "SELECT name FROM sqlite_master ORDER BY name")
    targets = [
        {row["indicator"]: row["target"] for row in ucli(*words).json["rows"]}.get("news-items")
        for known in ("6", "7", "9")
        for words in [("report", "--period", "2024", "--unit", "HH", "--as-known", known, "-f", "json")]
    ]
    assert targets == [10, 20, 20]
    assert rows(tmp_path / "so.db", "SELECT name FROM sqlite_master ORDER BY name") == before
    for table in VERSIONED:
        assert rows(tmp_path / "so.db", f"SELECT * FROM {table}_history WHERE ended_by > 9") == []


def test_a_person_rewritten_together_with_the_hash_is_found_by_the_chain(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    [(salt,)] = rows(tmp_path / "so.db", "SELECT salt FROM person")
    said = (1, "Ai Đó", "ai do", None, None, None, None)
    forged = sha256(salt + ascii(said).encode()).digest()[:12].hex()  # type: ignore[operator]
    spoil(tmp_path / "so.db", f"UPDATE person SET name = 'Ai Đó', folded = 'ai do', hash = x'{forged}'")
    found = ucli("check", "-f", "json", expect=4).json
    assert [(it["code"], it["ref"]) for it in found] == [("C04-chain", "6")]


def test_erasing_leaves_a_hash_and_nothing_that_it_could_be_made_of(province: Ucli, tmp_path: Path) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01", "--card", "TB-77")
    [(kept,)] = rows(tmp_path / "so.db", "SELECT hash FROM person")
    province("erase-member", 1, "--confirm", "Trần Thị Mẫu")
    assert rows(tmp_path / "so.db", "SELECT hash, salt, card, born FROM person") == [(kept, None, None, None)]
    assert province("check").out == ""


@pytest.mark.parametrize("table", VERSIONED)
def test_a_history_has_the_columns_of_its_table_and_who_ended_the_row(
    province: Ucli, tmp_path: Path, table: str
) -> None:
    columns, past = (
        [row[1] for row in rows(tmp_path / "so.db", f"PRAGMA table_info({it})")] for it in (table, f"{table}_history")
    )
    assert past == [*columns, "ended_by"]
