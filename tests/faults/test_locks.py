"""No command loses the locks on a ledger; many processes at once, of every kind, spoil nothing and say what is true."""

import json
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import ROOT
from tests.faults.conftest import Count
from tests.faults.ledgers import UCLI, amount, checked, copied, environment, here, last, state, ucli
from tests.faults.test_killed import CALLS, bundled

HEAD = "Họ và tên;CĐCS;Ngày kết nạp"
# In a batch the connection of the first line stays open for all others.
BATCH = """
import members ../members.csv
backup
backup a.db
backup a.db --force
members -o so.db --force
members -o so.db-wal --force
members -o list.csv
import figures so.db
import figures so.db-wal --period 2024
import figures so.db --plan p.json
import figures ../figures.csv --wrong so.db --force
apply so.db
import members ../others.csv --plan plan.json
apply plan.json
erase-member TB-1 --confirm "Trần Thị Mẫu"
import members a.db
add-figure legal-advice 5 --unit HH --period 2024-03
backups
doctor
check
"""


@pytest.fixture(scope="module")
def folder(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the files that some commands read."""
    folder = tmp_path_factory.mktemp("locks")
    (folder / "members.csv").write_text(f"{HEAD}\nNgười Một;MAY;1/6/2024\n", encoding="utf-8")
    (folder / "others.csv").write_text(f"{HEAD}\nNgười Hai;MAY;1/6/2024\n", encoding="utf-8")
    (folder / "figures.csv").write_text("Đơn vị;Kỳ;Chỉ tiêu;Giá trị\nHH;5/2024;news-items;5\n", encoding="utf-8")
    (folder / "payouts.csv").write_text("Đơn vị;Chương trình;Ngày;Số tiền\nHH;tet;5/2/2024;500.000\n", encoding="utf-8")
    (folder / "lines.txt").write_text('add-member "Người Ba" --union MAY --admitted 2024-06-01', encoding="utf-8")
    bundled(before, folder)
    planned = here(before, "import", "members", str(folder / "others.csv"), "--plan", str(folder / "plan.json"))
    assert planned.code == 0, planned
    return folder


def test_python_opens_no_file_of_a_ledger_that_a_connection_has_open(before: Path, folder: Path) -> None:
    calls: list[tuple[str, list[str], str]] = []

    def call(words: str, ledger: Path | None = None, stdin: str = "") -> Path:
        ledger = ledger or copied(before, folder / str(len(calls)))
        calls.append((str(ledger), shlex.split(words), stdin))
        return ledger

    for words in CALLS.values():
        call(words.format(folder=folder))
    for words in ("report", "members --reveal --reason x -o a.csv", "export-member TB-1", "log", "check", "doctor"):
        call(words)
    call("batch --keep-going", stdin=BATCH)
    call("batch --atomic --keep-going", stdin=BATCH)
    for harm in ("", "lost", "damaged"):
        ledger = call(f"backup {folder}/whole{harm}.db")
        if harm == "lost":
            calls.append((str(ledger), ["restore", f"{folder}/wholelost.db", "--yes", "--db", f"{ledger}2"], ""))
        elif harm == "damaged":
            damaged = copied(before, folder / "damaged")
            damaged.write_bytes(damaged.read_bytes()[:40_000])
            call(f"restore {folder}/whole.db --yes", damaged)
        else:
            call(f"restore {folder}/whole.db --yes", ledger)
            call(f"restore {folder}/whole.db --yes --db {folder}/whole.db", ledger)
    call("init --office 'LĐLĐ tỉnh Thái Bình'", folder / "new.db")
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.watched"],
        input=json.dumps(calls),
        env={**environment(before), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done
    *answers, (_words, _code, seen, *_) = json.loads(done.stdout)
    assert seen  # what is not to happen is noticed where it does
    assert {words[0] for words, *_ in answers} >= {"restore", "init", "batch", "import", "erase-member"}
    for words, code, opened, said, left in answers:
        assert (opened, left) == ([], 0), (words, said)
        assert code != 1, (words, said)
        assert code == 0 or words[0] in ("batch", "check") or "whole.db" in words[-1], (words, code, said)


def started(ledger: Path, words: str, lines: list[str] | None = None) -> subprocess.Popen[str]:
    """Start a command; the lines of a batch come from a file."""
    typed = shlex.split(words)
    if lines:
        file = ledger.parent / f"{uuid4()}.txt"
        file.write_text("\n".join(lines), encoding="utf-8")
        typed = ["batch", str(file)]
    return subprocess.Popen([*UCLI, *typed], env=environment(ledger), stderr=subprocess.PIPE, encoding="utf-8")


def ended(process: subprocess.Popen[str], *codes: int) -> str:
    """Wait for a command, which may end with one of some codes, and return what it said."""
    said = process.communicate(timeout=60)[1]
    assert process.returncode in (codes or (0,)), (process.args, said)
    return said


def numbers(ledger: Path, question: str) -> list[int]:
    with closing(sqlite3.connect(ledger)) as db:
        return [int(number) for (number,) in db.execute(question)]


def require_clean(ledger: Path) -> None:
    check = checked(ledger)
    assert check.code == 0, check
    with closing(sqlite3.connect(ledger)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def paid(first: int, count: int) -> list[str]:
    days = ((1 + it // 28 % 12, 1 + it % 28) for it in range(first, first + count))
    return [f"add-payout --unit HH --programme tet --amount 500000 --on 2023-{it[0]:02}-{it[1]:02}" for it in days]


def test_an_import_in_a_batch_beside_other_commands_loses_nothing(
    before: Path, folder: Path, tmp_path: Path, count: Count
) -> None:
    payouts = 250
    for turn in range(amount("RACES", 1, 20)):
        ledger = copied(before, tmp_path / str(turn))
        batch = started(ledger, "", [f"import members {folder}/members.csv", *paid(0, payouts)])
        codes: list[int] = []
        while batch.poll() is None:
            period = f"{2000 + len(codes) // 12}-{1 + len(codes) % 12:02}"
            codes.append(ucli(ledger, "add-figure", "legal-advice", "3", "--unit", "HH", "--period", period).code)
        assert ended(batch).count("undo it with") == payouts + 1
        assert set(codes) == {0}
        require_clean(ledger)
        assert len(numbers(ledger, "SELECT id FROM payout WHERE day < '2024'")) == payouts
        written = 1 + payouts + len(codes)
        assert numbers(ledger, "SELECT number FROM operation WHERE number > 0 ORDER BY number") == [
            *range(1, last(state(before)) + written + 1)
        ]
        count("a batch with an import beside single commands: writes acknowledged and there", written)


def test_imports_backups_erasures_and_checks_at_once_lose_nothing(
    before: Path, folder: Path, tmp_path: Path, count: Count
) -> None:
    for turn in range(amount("RACES", 1, 20)):
        ledger = copied(before, tmp_path / str(turn))
        tables = []
        for number in range(4):
            table = ledger.parent / f"{number}.csv"
            table.write_text(f"{HEAD}\nNgười Của Bảng {number};MAY;1/6/2024\n", encoding="utf-8")
            tables.append(f"import members {table}")
        writing = [
            started(ledger, "", [*tables[:2], *paid(0, 40)]),
            started(ledger, "", [*tables[2:], *paid(60, 40)]),
        ]
        reading = started(ledger, "", ["report --period 2024", "members", "log"] * 5)
        backups = [started(ledger, f"backup {ledger.parent}/{number}.db") for number in range(2)]
        checking = started(ledger, "check")
        erasing = started(ledger, 'erase-member TB-1 --confirm "Trần Thị Mẫu"')
        assert sum(ended(it).count("undo it with") for it in writing) == 2 * 42
        for it in (reading, *backups):
            ended(it)
        # Of a list that comes in beside others a warning may be found while it does.
        ended(checking, 0, 4)
        erased = "nothing was erased" not in ended(erasing, 0, 7)
        assert erased == (erasing.returncode == 0)
        require_clean(ledger)
        with closing(sqlite3.connect(ledger)) as db:
            names = {name for (name,) in db.execute("SELECT name FROM person")}
        assert {f"Người Của Bảng {number}" for number in range(4)} <= names
        assert ("Trần Thị Mẫu" in names) != erased
        assert len(numbers(ledger, "SELECT id FROM payout WHERE day < '2024'")) == 80
        assert last(state(ledger)) == last(state(before)) + 84 + erased
        for copy in (*ledger.parent.glob("[01].db"), *ledger.parent.glob("backups/*.db")):
            require_clean(copy)
        assert not list(ledger.parent.rglob(".ucli-*"))
        count("imports, backups, erasures, checks and readers at once: writes acknowledged and there", 84)


def test_what_is_written_while_backups_are_restored_is_in_the_ledger_or_in_a_backup(
    before: Path, folder: Path, tmp_path: Path, count: Count
) -> None:
    for turn in range(amount("RACES", 1, 20)):
        ledger = copied(before, tmp_path / str(turn))
        copy = copied(before, tmp_path / f"copy-{turn}", "copy.db")
        payouts = paid(0, 80)
        writing = started(ledger, "", [*payouts[:40], f"import members {folder}/members.csv", *payouts[40:]])
        reading = started(ledger, "", ["report --period 2024", "members", "log"] * 5)
        restoring = [started(ledger, f"restore {copy} --yes") for _time in range(2)]
        for it in (writing, reading, *restoring):
            ended(it)
        require_clean(ledger)
        days = set()
        for file in (ledger, *ledger.parent.glob("backups/*.db")):
            require_clean(file)
            with closing(sqlite3.connect(file)) as db:
                days |= {day for (day,) in db.execute("SELECT day FROM payout WHERE day < '2024'")}
        assert len(days) == len(payouts)
        with closing(sqlite3.connect(ledger)) as db:
            log = [command for (command,) in db.execute("SELECT command FROM operation ORDER BY number")]
        assert "restore" in log
        assert ucli(copy, "backups").code == 0
        count("restores beside writers and readers: writes in the ledger or a backup", len(days))


def test_a_copy_in_the_place_of_a_ledger_is_opened_by_many_at_once(before: Path, tmp_path: Path) -> None:
    """A backup is one file without a log beside it; whoever opens it first gives it one."""
    for turn in range(amount("RACES", 1, 20)):
        ledger = tmp_path / str(turn) / "so.db"
        ledger.parent.mkdir()
        assert here(before, "backup", str(ledger)).code == 0
        first = max(numbers(ledger, "SELECT number FROM operation"))
        running = [
            started(ledger, f"add-figure news-items 3 --unit HH --period 2019-0{number}") for number in range(1, 7)
        ]
        for it in running:
            ended(it)
        require_clean(ledger)
        assert numbers(ledger, f"SELECT number FROM operation WHERE number > {first} ORDER BY number") == [
            *range(first + 1, first + 7)
        ]
        with closing(sqlite3.connect(ledger)) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
