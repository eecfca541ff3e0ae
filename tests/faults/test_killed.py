"""A process that is killed while it writes leaves its operation whole or not at all; what it said was written is."""

import resource
import shlex
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

from tests.faults.conftest import Count
from tests.faults.ledgers import (
    IS_LONG,
    UCLI,
    amount,
    chance,
    checked,
    copied,
    environment,
    facts_of,
    here,
    last,
    state,
    ucli,
)
from ucli.cli.app import root_command
from ucli.cli.commands import WriteCommand
from ucli.cli.index import COMMANDS

# How every command that writes is called on the ledger of `LINES`.
CALLS = {
    "add-unit": 'add-unit "LĐLĐ huyện Mới" --kind district --code MOI',
    "add-union": 'add-union "CĐCS Mới" --parent HH --founded 2024-03-15 --members 12',
    "void-unit": "void-unit KT",
    "rename-unit": 'rename-unit HH "LĐLĐ huyện Hưng Hà mới" --on 2025-03-01',
    "move-unit": "move-unit MAY --to KX --on 2025-03-01",
    "merge-unit": "merge-unit HH --into KX --on 2025-07-01",
    "split-unit": 'split-unit KT --on 2025-08-01 --into "Kiến Xương Bắc" --into "Kiến Xương Nam"',
    "end-unit": "end-unit KT --on 2025-07-01 --reason reorganised",
    "end-union": "end-union TRUONG --on 2024-12-31 --reason employer-ceased",
    "adopt-2025": "adopt-2025",
    "add-member": 'add-member "Đỗ Thị Ví Dụ" --union MAY --admitted 2024-04-20',
    "void-member": "void-member 2",
    "end-membership": "end-membership TB-1 --on 2024-06-01 --reason resigned",
    "transfer-member": "transfer-member TB-1 --to TRUONG --on 2024-06-01",
    "merge-person": "merge-person TB-2 --into TB-1",
    "readmit-member": "readmit-member TB-2 --union TRUONG --admitted 2024-06-01",
    "add-payout": 'add-payout --unit HH --programme tet --amount "5 triệu" --beneficiary "Vũ Ví Dụ" --on 2024-01-21',
    "void-payout": "void-payout 1",
    "return-payout": "return-payout 1 --amount 5tr --on 2024-03-01",
    "value-payout": "value-payout 1 --amount 30tr --replace",
    "add-figure": 'add-figure legal-advice "hơn 30" --unit "Thái Bình" --period 2024',
    "void-figure": "void-figure 1",
    "add-period": "add-period dot2-2024 --from 2024-08-01 --to 2024-08-31",
    "void-period": "void-period dot1-2024",
    "set-letterhead": 'set-letterhead --signer "Nguyễn Ví Dụ" --place "Thái Bình"',
    "set-cluster": 'set-cluster "Cụm 2" --year 2024 --units KX',
    "add-indicator": 'add-indicator quy-khuyen-hoc --name "Học bổng" --measure "suất"',
    "add-check": 'add-check tin-bai "news-items >= contest-entries"',
    "void-check": "void-check party",
    "add-programme": 'add-programme xe-dap --name "Xe đạp"',
    "set-target": 'set-target news-items 60 --unit "Thái Bình" --period 2024',
    "allocate-target": 'allocate-target news-items --unit "Thái Bình" --period 2024 --by equal',
    "void-target": "void-target 1",
    "add-award": 'add-award KX "Cờ thi đua của LĐLĐ tỉnh" --period 2023',
    "void-award": "void-award 1",
    "close-period": "close-period 2021",
    "month": "month 2021 --yes --skip template --skip import --skip check --skip report",
    "reopen-period": 'reopen-period 2020 --unit TRUONG --reason "bổ sung"',
    "accept-finding": 'accept-finding C11 2 --reason "chưa nộp đủ"',
    "erase-member": 'erase-member TB-1 --confirm "Trần Thị Mẫu"',
    "import": "import members {folder}/members.csv",
    "import figures": "import figures {folder}/figures.csv",
    "apply": "apply {folder}/plan.json",
    "batch": "batch {folder}/lines.txt",
    "batch --atomic": "batch --atomic {folder}/lines.txt",
    "add-origin": "add-origin 'LĐLĐ huyện Hưng Hà' --unit HH --key {folder}/hh.db.key.pub",
    "import-bundle": "batch --atomic {folder}/bundle.txt",
    "end-origin": "batch --atomic {folder}/ended.txt",
    "import-structure": "import-structure {folder}/structure.zip",
    "import-ledger": "import-ledger {folder}/hh.db",
    "undo": "undo 12",
    "redo": "redo",
}
WAYS = ("at random", "while it writes", "in the middle of a write")
SHORT = {"batch": WAYS[:1], "import": WAYS[1:2], "import-bundle": WAYS[1:2], "merge-unit": WAYS[2:]}
LINES_OF_A_BATCH = 40
LANDED = {"before": "nothing was written", "after": "all was written", "within": "the first lines of a batch were"}

# Python does as if a file never grew too large; here the system kills, in the midst of what is being written.
DIES_OF_A_LARGE_FILE = (
    "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); from ucli.__main__ import main; main()"
)


@pytest.fixture(scope="module")
def folder(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the files that some commands read."""
    folder = tmp_path_factory.mktemp("killed")
    rows = amount("ROWS", 400, 4000)
    members = "\n".join(f"Người Thử {number};MAY;1/6/2024" for number in range(rows))
    (folder / "members.csv").write_text(f"Họ và tên;CĐCS;Ngày kết nạp\n{members}\n", encoding="utf-8")
    days = [f"{1 + number % 28}/{1 + number // 28 % 12}/{2021 + number // 336 % 3}" for number in range(rows)]
    codes = ("news-items", "legal-advice", "welfare-visits", "work-stoppages")
    figures = "\n".join(f"HH;{day};{codes[number // 1008 % 4]};5" for number, day in enumerate(days))
    (folder / "figures.csv").write_text(f"Đơn vị;Kỳ;Chỉ tiêu;Giá trị\n{figures}\n", encoding="utf-8")
    batch = "\n".join(
        f'add-member "Người Theo Lô {number}" --union MAY --admitted 2024-06-01' for number in range(LINES_OF_A_BATCH)
    )
    (folder / "lines.txt").write_text(batch, encoding="utf-8")
    bundled(before, folder)
    if IS_LONG:
        planned = here(before, "import", "members", str(folder / "members.csv"), "--plan", str(folder / "plan.json"))
        assert planned.code == 0, planned
    return folder


def bundled(before: Path, folder: Path) -> None:
    """Make the ledger of a district, its bundle, and what the province does with that."""
    district, structure = folder / "hh.db", str(folder / "structure.zip")
    days = [f"{1 + number % 28}/{1 + number // 28}/2023" for number in range(300)]
    payouts = "\n".join(f"HH;tet;{day};500.000" for day in days)
    (folder / "payouts.csv").write_text(f"Đơn vị;Chương trình;Ngày;Số tiền\n{payouts}\n", encoding="utf-8")
    bundle, origin = folder / "hh.zip", "'LĐLĐ huyện Hưng Hà'"
    for ledger, *words in (
        (before, "export-structure", "--unit", "HH", "-o", structure),
        (district, "init", "--office", "LĐLĐ huyện Hưng Hà"),
        (district, "import-structure", structure),
        (district, "import", "payouts", str(folder / "payouts.csv")),
        (district, "export-bundle", "-o", str(bundle), "--level", "unit", "--grain", "day"),
        (district, "add-unit", "CĐ xã Mới", "--kind", "ward", "--parent", "HH"),
        (district, "export-structure", "--unit", "HH", "-o", structure, "--force"),
    ):
        done = here(ledger, *words)
        assert done.code == 0, done
    add = f"add-origin {origin} --unit HH --key {district}.key.pub\n"
    (folder / "bundle.txt").write_text(f"{add}import-bundle {bundle}\n", encoding="utf-8")
    (folder / "ended.txt").write_text(f"{add}end-origin {origin}\n", encoding="utf-8")


def chosen() -> list[str]:
    return list(CALLS if IS_LONG else SHORT)


def killed(ledger: Path, words: list[str], way: str, chance_: Random, seconds: float, largest: int) -> tuple[int, str]:
    """Start a command and kill it; return how it ended and what it had said on standard error."""
    start = [sys.executable, "-c", DIES_OF_A_LARGE_FILE] if way == WAYS[2] else UCLI
    # What a command writes is often small, and the shared memory beside it takes 32 KiB.
    limit = int(33_000 * (largest / 33_000) ** chance_.random())

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if way == WAYS[2]:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    with subprocess.Popen(
        [*start, *words],
        env=environment(ledger),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=limited,  # noqa: PLW1509  nothing else runs in this process
    ) as process:
        if way == WAYS[0]:
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=chance_.uniform(0.3, 1.05) * seconds)
        elif way == WAYS[1]:
            log = ledger.with_name(f"{ledger.name}-wal")
            while process.poll() is None and not (log.exists() and _size(log)):
                pass
            time.sleep(chance_.choice((0, 0.0005, chance_.uniform(0, 0.3 * seconds))))
        if way != WAYS[2]:
            process.kill()
        _out, err = process.communicate(timeout=60)
        return process.returncode, err.decode()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.parametrize("name", chosen())
def test_a_killed_command_is_done_whole_or_not_at_all(
    before: Path, folder: Path, tmp_path: Path, name: str, count: Count
) -> None:
    words = shlex.split(CALLS[name].format(folder=folder))
    undisturbed = copied(before, tmp_path / "after")
    begun = time.monotonic()
    done = ucli(undisturbed, *words)
    seconds = time.monotonic() - begun
    assert done.code == 0, done
    states = {"before": state(before), "after": state(undisturbed)}
    checks = {"before": checked(copied(before, tmp_path / "x")), "after": checked(undisturbed)}
    assert checks["after"].code == 0
    for way in WAYS if IS_LONG else SHORT[name]:
        for turn in range(amount("KILLS", 1, 8)):
            ledger = copied(before, tmp_path / "killed")
            ended, said = killed(ledger, words, way, chance(name, way, turn), seconds, undisturbed.stat().st_size)
            assert ended in (0, -signal.SIGKILL, -signal.SIGXFSZ), said
            check = checked(ledger)
            found = state(ledger)
            acknowledged = ended == 0 or "undo it with" in said or "bring it back" in said or "made anew" in said
            if name == "batch":
                assert check == checks["after"]
                lines = last(found) - last(states["before"])
                assert said.count("undo it with") <= lines <= LINES_OF_A_BATCH
                assert facts_of(ledger, last(found)) == facts_of(undisturbed, last(found))
                landed = "after" if lines == LINES_OF_A_BATCH else "within" if lines else "before"
            else:
                assert found in states.values(), (way, turn)
                landed = "after" if found == states["after"] else "before"
                assert landed == "after" or not acknowledged, (way, turn, said)
                assert check == checks[landed]
            assert {path.name for path in ledger.parent.iterdir()} <= {"so.db", "so.db-wal", "so.db-shm", "backups"}
            count(f"killed {way}: {'too late' if ended == 0 else LANDED[landed]}", 1)


def test_a_killed_init_leaves_a_whole_ledger_or_none(tmp_path: Path, count: Count) -> None:
    words = ["init", "--office", "LĐLĐ tỉnh Thái Bình"]
    begun = time.monotonic()
    assert ucli(tmp_path / "undisturbed" / "so.db", *words).code == 0
    seconds = time.monotonic() - begun
    for turn in range(amount("KILLS", 1, 16)):
        ledger = tmp_path / str(turn) / "so.db"
        ledger.parent.mkdir()
        _ended, said = killed(ledger, words, WAYS[turn % 2 * 2], chance("init", turn), seconds, 500_000)
        landed = ledger.exists()
        assert landed or "Operation" not in said
        assert checked(ledger).code == (0 if landed else 7)
        if landed:
            assert last(state(ledger)) == 1  # with its office
        assert ucli(ledger, *words).code == 0
        assert last(state(ledger)) == 1
        assert ucli(ledger, "units", "-o", str(ledger.parent / "units.csv")).code == 0
        assert not list(ledger.parent.glob(".ucli-*"))
        count(f"killed while a ledger is made: {'there' if landed else 'none'}", 1)


def test_a_restore_that_is_killed_when_it_is_seen_has_its_line_in_the_log(
    before: Path, tmp_path: Path, count: Count
) -> None:
    for turn in range(amount("KILLS", 1, 16)):
        ledger = copied(before, tmp_path / str(turn))
        copy = copied(before, tmp_path / "copy", "copy.db")
        assert ucli(ledger, "add-programme", "xe-dap", "--name", "Xe đạp").code == 0
        question = "SELECT number, command FROM operation ORDER BY number DESC LIMIT 1"
        with closing(sqlite3.connect(ledger)) as db:
            first = db.execute(question).fetchone()
            with subprocess.Popen(
                [*UCLI, "restore", str(copy), "--yes"], env=environment(ledger), stderr=subprocess.PIPE
            ) as process:
                while process.poll() is None and db.execute(question).fetchone() == first:
                    pass
                process.kill()
            assert db.execute(question).fetchone() == (first[0], "restore")
        assert checked(ledger).code == 0
        [kept] = (ledger.parent / "backups").glob("*before-restore.db")
        assert last(state(kept)) == first[0]
        assert ucli(ledger, "backup").code == 0
        assert not list(ledger.parent.rglob(".ucli-*"))
        count("restores killed as soon as they are seen: whole, with their line in the log", 1)


def test_every_command_that_writes_is_killed() -> None:
    root = root_command()
    writing = {name for name in COMMANDS if isinstance(root.get_command(None, name), WriteCommand)}
    assert writing - {"init"} <= {name.partition(" ")[0] for name in CALLS}
