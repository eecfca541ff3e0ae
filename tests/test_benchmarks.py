"""What the benchmarks measure is right: ledgers made by rule are sound, always the same, and counted as they are."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.facts import export
from benchmarks.ledgers import Size, make
from benchmarks.peers import query
from benchmarks.rounds import Command, FailedError, baseline, run_once

from tests.conftest import Ucli
from ucli.ledger import catalogue
from ucli.ledger.opening import open_ledger
from ucli.reports.findings.collected import collected
from ucli.reports.findings.figures import figures
from ucli.reports.findings.registers import registers

TINY = Size(provinces=2, districts=4, unions=8)
TABLES = ("membership", "payout", "figure", "target", "unit_name", "unit_life", "ancestry", "operation")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("benchmarks") / "tiny.db"
    make(path, TINY)
    return path


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        return {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES}


def test_a_made_ledger_keeps_the_rules(ledger: Path) -> None:
    with closing(open_ledger(ledger)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_the_same_size_gives_the_same_rows(ledger: Path, tmp_path: Path) -> None:
    make(tmp_path / "again.db", TINY)
    assert content(tmp_path / "again.db") == content(ledger)
    assert len(content(ledger)["payout"]) == TINY.unions * 180


def test_ucli_and_a_plain_sum_over_the_facts_agree(ledger: Path, tmp_path: Path, ok: Ucli) -> None:
    export(ledger, tmp_path / "facts.sqlite")
    with closing(sqlite3.connect(tmp_path / "facts.sqlite")) as db:
        plain = {indicator: actual for indicator, _target, actual in db.execute(query(0))}
    rows = ok("report", "--period", "2024", "-f", "json", "--db", ledger).json["rows"]
    counted = {row["indicator"]: row["actual"] for row in rows}
    assert (counted.pop("unions-total"), counted.pop("members-total")) == (TINY.unions, 1550)
    assert counted == plain
    assert len(plain) == 15
    assert plain["welfare-amount"] > 0


@pytest.mark.parametrize("terminal", [False, True])
def test_what_a_command_held_is_its_own_and_not_what_the_measuring_process_holds(terminal: bool) -> None:
    assert run_once(baseline()._replace(terminal=terminal)).peak_mib < 30
    words = (sys.executable, "-c", "import sys; kept = sys.stdin.read(1) * 60_000_000")
    assert run_once(Command("more", words, stdin="x")).peak_mib > 60


def test_a_command_that_failed_was_not_measured() -> None:
    with pytest.raises(FailedError, match="exit 3"):
        run_once(Command("ends by 3", (sys.executable, "-c", "raise SystemExit(3)")))


def test_the_work_of_check_grows_as_the_ledger_does(tmp_path: Path) -> None:
    def steps(unions: int) -> int:
        path = tmp_path / f"{unions}.db"
        make(path, Size(1, 2, unions))
        done: list[None] = []
        with closing(open_ledger(path)) as db:
            db.set_progress_handler(lambda: done.append(None), 100)
            assert [*registers(db), *figures(db), *collected(db, catalogue.indicators(db))]
        return len(done)

    assert steps(160) < 5 * steps(40)
