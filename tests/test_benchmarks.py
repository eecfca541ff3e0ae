"""What the benchmarks measure is right: ledgers made by rule are sound, always the same, and counted as they are."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from benchmarks import measured, nation, peers, performance
from benchmarks.facts import export
from benchmarks.ledgers import Size, make
from benchmarks.members import write_csv, write_workbook
from benchmarks.rounds import BASELINE, Command, FailedError, Run, Runs, baseline, interleaved, run_once

from tests.conftest import Ucli
from ucli.ledger.provinces import provinces
from ucli.ledger.rules import violations
from ucli.ledger.store import open_ledger
from ucli.reports import checks

TINY = Size(districts=2, unions=8)
TABLES = ("membership", "payout", "figure", "target", "unit_name", "unit_life", "ancestry", "operation")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> measured.Files:
    """Return what a run works on, with tiny ledgers in the place of all others and a few members."""
    found = measured.Files(tmp_path_factory.mktemp("benchmarks"))
    make(found.province, TINY)
    for other in (found.tenth, found.small):
        other.write_bytes(found.province.read_bytes())
    make(found.empty, TINY, facts=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("benchmarks.members.MEMBERS", 20)
        write_csv(found.members, TINY.unions)
        write_workbook(found.workbook, TINY.unions)
    return found


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as db:
        found = {table: db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall() for table in TABLES}
        # The seals of persons are drawn, and the tree is written at an hour of its own.
        return found | {"operation": [row[:2] for row in found["operation"]]}


def test_check_finds_nothing_in_a_made_ledger(files: measured.Files, ok: Ucli) -> None:
    assert ok("check", "-f", "json", "--db", files.province).json == []
    assert ok("check", "-f", "json", "--db", files.empty).json == []


def test_the_same_size_gives_the_same_rows(files: measured.Files, tmp_path: Path) -> None:
    make(tmp_path / "again.db", TINY)
    assert content(tmp_path / "again.db") == content(files.province)
    assert len(content(files.province)["payout"]) == TINY.unions * 180


def test_ucli_and_a_plain_sum_over_the_facts_agree(files: measured.Files, tmp_path: Path, ok: Ucli) -> None:
    export(files.province, tmp_path / "facts.sqlite")
    with closing(sqlite3.connect(tmp_path / "facts.sqlite")) as db:
        plain = {indicator: actual for indicator, _target, actual in db.execute(peers.QUERY)}
    rows = ok("report", "--period", "2024", "-f", "json", "--db", files.province).json["rows"]
    counted = {row["indicator"]: row["actual"] for row in rows}
    assert (counted.pop("unions-total"), counted.pop("members-total")) == (TINY.unions, 1550)
    assert counted == plain
    assert len(plain) == 15
    assert plain["welfare-amount"] > 0


def test_every_measured_command_runs(files: measured.Files, ok: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.measured.MANY", 20)
    monkeypatch.setattr("benchmarks.measured._BATCH", 5)
    for command in measured.commands(files):
        if command.before:
            command.before()
        if command.words[0].endswith("ucli"):
            ok(*(word.format(n=2) if "{n" in word else word for word in command.words[1:]), stdin=command.stdin)
            if command.after:
                command.after()
    assert all(20 < size < 20_000 for size in measured.bytes_a_row(files).values())


def test_every_target_is_of_what_is_measured(files: measured.Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "missing", list)
    others = peers.commands(files.province, files.folder, files.members)
    names = {BASELINE, "a payout", "a figure", "a member", *(it.name for it in [*measured.commands(files), *others])}
    for target in measured.TARGETS:
        assert {target.command, target.beside} <= names, target


def test_the_page_tells_what_is_reached_and_what_is_not() -> None:
    runs = {BASELINE: [[0.01, 0.01, 9]] * 3, "--help": [[0.05, 0.06, 20], [0.06, 0.2, 20], [0.9, 0.9, 20]]}
    runs["check"] = [[9, 9, 50]]
    text = "\n".join(performance.page({"runs": runs, "failed": {"movement": "exit 1"}, "machine": {}, "minutes": 1}))
    assert "| `ucli --help` | ≤ 6.5 × | 6.00 | 20.0 | 60 | reached |" in text
    assert "| `check` | ≤ 500 × | 900 | 900 | 9,000 | **not reached**" in text
    assert "| `movement` | ≤ 30 × | — | — | — | failed: exit 1 |" in text
    assert "| merge two districts | ≤ 25 × | — | — | — | not measured |" in text


def test_growth_is_that_of_the_cost_above_start_up() -> None:
    growth = next(it for it in measured.TARGETS if it.unit == "growth")
    costs = {BASELINE: 1.0, measured.SMALL: 10.0, growth.beside: 12.0, growth.command: 25.0}
    assert growth.value(Runs({name: [Run(cost, 1, 1)] for name, cost in costs.items()}, {}), {}) == 7.5


def test_the_confederation_counts_what_its_provinces_sent(
    tmp_path: Path, ok: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = [it for it in provinces() if it.code_since][:2]
    for name, value in {"provinces": lambda: going_on, "DISTRICTS": 2, "UNIONS": 4, "COMMUNES": 3, "SENT": 1}.items():
        monkeypatch.setattr(nation, name, value)
    confederation, bundles = nation.make_nation(tmp_path)
    ok("import-bundle", *bundles, "--db", confederation)
    asked = ("report", str(nation.YEAR), "--indicator", "members-admitted", "-f", "json")
    table = ok(*asked, "--by", "province", "--db", confederation).json
    facts = nation.UNIONS * nation.FACTS
    assert [it["rows"][0]["actual"] for it in [*table["groups"], table]] == [facts, facts, 2 * facts]
    province, [bundle] = nation.make_communes(tmp_path)
    ok("import-bundle", bundle, "--db", province)
    listed = ok("origins", "--due", f"{nation.YEAR}-12-31", "-f", "json", "--db", province).json
    assert sorted(it["standing"] for it in listed) == ["on-time", "silent", "silent"]


@pytest.mark.parametrize("terminal", [False, True])
def test_what_a_command_held_is_its_own_and_not_what_the_measuring_process_holds(terminal: bool) -> None:
    assert run_once(baseline()._replace(terminal=terminal)).peak_mib < 30
    words = (sys.executable, "-c", "import sys; kept = sys.stdin.read(1) * 60_000_000")
    assert run_once(Command("more", words, stdin="x")).peak_mib > 60


def test_cpu_time_is_that_of_the_command_and_of_all_that_it_started() -> None:
    busy = "import time\nend = time.process_time() + 0.2\nwhile time.process_time() < end: pass"
    run = run_once(Command("busy", ("sh", "-c", '"$@" & wait; sleep 0.2', "sh", sys.executable, "-c", busy)))
    assert 0.2 < run.cpu < run.wall - 0.15


def test_a_command_that_failed_is_named_and_the_others_are_measured() -> None:
    bad = Command("ends by 3", (sys.executable, "-c", "raise SystemExit(3)"), rounds=2)
    with pytest.raises(FailedError, match="exit 3"):
        run_once(bad)
    lossy = Command("loses rows", (sys.executable, "-c", ""), rounds=2, after=lost)
    runs = interleaved([bad, lossy], lambda _line: None)
    assert runs.failed == {"ends by 3": "exit 3: ", "loses rows": "5 rows of 6 are there"}
    assert BASELINE in runs
    assert "ends by 3" not in runs


def lost() -> None:
    raise FailedError("5 rows of 6 are there")


def test_the_work_of_check_grows_as_the_ledger_does(tmp_path: Path) -> None:
    def steps(unions: int) -> int:
        path = tmp_path / f"{unions}.db"
        make(path, Size(2, unions))
        done: list[None] = []
        with closing(open_ledger(path)) as db:
            db.set_progress_handler(lambda: done.append(None), 100)
            assert not checks.in_order(violations(db))
        return len(done)

    assert steps(160) < 5 * steps(40)
