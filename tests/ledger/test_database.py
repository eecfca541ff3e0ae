"""The file: made once, waited for while another writes; the schema refuses nonsense, migrations are a list."""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ucli, dumped, environment, shell, spoil
from ucli.ledger import store
from ucli.ledger.operations import VERSIONED


def test_two_processes_that_make_one_ledger_make_one(tmp_path: Path, ok: Ucli) -> None:
    running = [
        subprocess.Popen(["bash", "-c", "ucli init"], env=environment(), stderr=subprocess.DEVNULL) for _ in range(3)
    ]
    codes = sorted(process.wait() for process in running)
    assert codes[0] == 0
    assert set(codes) <= {0, 5}
    assert ok("log", "-f", "json").json == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".so.db")] == []


def test_a_command_waits_for_another_that_is_writing(province: Ucli, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "so.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    with subprocess.Popen(["bash", "-c", "ucli add-unit A --kind district"], env=environment()) as waiting:
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(timeout=1.5)
        assert shell("ucli units").code == 0
        db.execute("ROLLBACK")
        assert waiting.wait() == 0
    db.close()


def test_a_busy_ledger_is_said_to_be_busy(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PATIENCE_SECONDS", 0.1)
    db = sqlite3.connect(tmp_path / "so.db", isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    answer = ucli("add-unit", "A", "--kind", "district")
    db.close()
    assert answer.code == 7
    assert "being written by another command" in answer.err


@pytest.mark.parametrize("words", [("report",), ("add-unit", "A", "--kind", "district")], ids=["read", "write"])
def test_a_copy_is_not_read_while_another_program_writes_it(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """A backup has no log beside it that would keep what was written before."""
    monkeypatch.setattr(store, "_PATIENCE_SECONDS", 0.1)
    province("backup", tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert "being written by another command" in ucli(*words, "--db", tmp_path / "a.db", expect=7).err


@pytest.mark.parametrize("query", ["SELECT * FROM nowhere", "SELECT 'a' LIKE replace(hex(zeroblob(50000)), '0', 'a')"])
def test_a_ledger_is_damaged_only_where_a_check_of_its_integrity_says_so(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr("ucli.reports.request.report_of", lambda db, *_: db.execute(query).fetchall())
    answer = ucli("report", expect=1)
    assert "damaged" not in answer.err
    spoil(tmp_path / "so.db", "DROP TABLE payout")
    assert "is damaged" in ucli("report", expect=7).err


def test_what_stumbles_over_a_ledger_that_another_program_holds_does_not_call_it_damaged(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PATIENCE_SECONDS", 0.1)
    db = sqlite3.connect(tmp_path / "so.db", isolation_level=None)
    db.execute("PRAGMA journal_mode = DELETE")

    def stumble(*_: object) -> None:
        db.execute("BEGIN EXCLUSIVE")
        raise ValueError

    monkeypatch.setattr("ucli.cli.opening.open_ledger", stumble)
    answer = ucli("report", expect=7)
    db.close()
    assert "being written by another command" in answer.err


def test_every_table_is_strict_and_every_versioned_one_is_known_to_undo(province: Ucli, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "so.db")
    tables = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'")
    schema = {name: sql for name, sql in tables if name != "sqlite_sequence"}
    db.close()
    assert all(re.search(r"\) STRICT", sql) for sql in schema.values())
    assert {name for name, sql in schema.items() if "ended_by" in sql} == {f"{it}_history" for it in VERSIONED}


FIGURE = "figure (id, indicator, unit, start_day, end_day, period, value, op) VALUES (1, 1, 1,"
PAYOUT = "payout (id, unit, programme, day, amount, in_kind, recipients, op) VALUES (1, 1,"
MEMBERSHIP = "membership (id, union_unit, members, admitted, begun_by, op) VALUES (1, 1,"


@pytest.mark.parametrize(
    "row",
    [
        f"{FIGURE} '2024-01-01', '2023-01-01', 'x', 1, 1)",
        f"{FIGURE} '2024-02-30', '2024-12-31', 'x', 1, 1)",
        f"{FIGURE} '2024-01-01', '2024-12-31', 'x', NULL, 1)",
        f"{PAYOUT} 1, '2024-01-01', 0, 0, 1, 1)",
        f"{PAYOUT} 999, '2024-01-01', 5, 0, 1, 1)",
        f"{PAYOUT} 1, '2024-01-01', 1.5, 0, 1, 1)",
        f"{MEMBERSHIP} 0, '2024-01-01', 'admission', 1)",
        f"{MEMBERSHIP} 1, '2024-01-01', 'magic', 1)",
        "ancestry (unit, ancestor, depth, from_day, to_day, op) VALUES (2, 3, 1, '0001-01-01', '9999-12-31', 1)",
    ],
)
def test_the_schema_itself_refuses_what_cannot_be(province: Ucli, tmp_path: Path, row: str) -> None:
    db = sqlite3.connect(tmp_path / "so.db")
    db.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(sqlite3.IntegrityError):
        db.execute(f"INSERT INTO {row}")
    db.close()


def test_personal_data_stands_in_one_table(province: Ucli, tmp_path: Path) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01", "--card", "TB-77",
             "--id-number", "-", "--note", "theo đơn", stdin="034190000123\n")  # fmt: skip
    province("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--beneficiary", "Vũ Ví Dụ",
             "--on", "2024-05-01")  # fmt: skip
    lines = [line for line in dumped(tmp_path / "so.db") if not line.startswith('INSERT INTO "person"')]
    for secret in ("Mẫu", "TB-77", "034190000123", "Ví Dụ"):
        assert not [line for line in lines if secret in line]
