"""Who is looked up is found by an index."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Ucli
from ucli.errors import NotFoundError
from ucli.ledger.members import find_member
from ucli.ledger.store import open_ledger


@pytest.fixture
def db(province: Ucli, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_ledger(tmp_path / "so.db")) as ledger:
        yield ledger


@contextmanager
def watched(db: sqlite3.Connection) -> Iterator[list[str]]:
    statements: list[str] = []
    db.set_trace_callback(statements.append)
    yield statements
    db.set_trace_callback(None)


def test_a_member_is_found_by_number_card_or_name_without_looking_at_all_others(
    province: Ucli, db: sqlite3.Connection
) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20", "--card", "0012")
    number = province("members", "-f", "json").json[0]["number"]
    with watched(db) as statements:
        assert find_member(db, str(number)) == find_member(db, "0012") == find_member(db, "tran thi mau")
    for typed in (f"0{number}", "9" * 40, "٣", ""):
        with pytest.raises(NotFoundError):
            find_member(db, typed)
    assert statements
    for statement in statements:
        plan = [str(row["detail"]) for row in db.execute(f"EXPLAIN QUERY PLAN {statement}")]
        assert not [step for step in plan if step.startswith("SCAN")], plan
