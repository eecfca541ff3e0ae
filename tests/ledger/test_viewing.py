"""A look at a ledger writes nothing, sees no person, and ends in time."""

import sqlite3
from pathlib import Path

import pytest

from tests.conftest import Ucli
from ucli.errors import LedgerError, RefusedError
from ucli.ledger.viewing import viewed


@pytest.fixture
def ledger(province: Ucli, tmp_path: Path) -> Path:
    province(
        "add-member", "Trần Thị Bí Mật", "--union", "MAY", "--admitted", "2024-03-01", "--sex", "nữ", "--card", "7"
    )
    return tmp_path / "so.db"


def test_of_a_person_there_is_only_that_there_is_one(ledger: Path) -> None:
    with viewed(ledger, 60) as db:
        row = dict(db.execute("SELECT * FROM person").fetchone())
        assert {key for key, value in row.items() if value is not None} == {"id", "sex"}
        assert db.execute("SELECT count(*) FROM PERSON p WHERE p.name LIKE '%Bí%' OR folded <> ''").fetchone()[0] == 0
        assert db.execute("SELECT max(name) FROM (SELECT * FROM main.person)").fetchone()[0] is None


@pytest.mark.parametrize(
    "statement", ["DELETE FROM figure", "CREATE TABLE a (b)", "PRAGMA user_version = 1", "ATTACH 'b.db' AS b"]
)
def test_nothing_is_written(ledger: Path, statement: str) -> None:
    with pytest.raises((LedgerError, sqlite3.Error)), viewed(ledger, 60) as db:
        db.execute(statement)
    assert not Path("b.db").exists()


def test_what_takes_too_long_is_ended(ledger: Path) -> None:
    endless = "WITH RECURSIVE a (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a"
    with pytest.raises(RefusedError, match="longer than 0 seconds"), viewed(ledger, 0.2) as db:
        db.execute(endless).fetchone()
