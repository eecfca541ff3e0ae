"""Many processes at one ledger, one that holds it, a clock set back: what was acknowledged is there, in order."""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Count
from tests.faults.ledgers import UCLI, amount, checked, copied, environment, last, long_form, state, ucli


def members_of(ledger: Path) -> list[str]:
    with closing(sqlite3.connect(ledger)) as db:
        return [name for (name,) in db.execute("SELECT name FROM person WHERE name LIKE 'Người %' ORDER BY name")]


def numbers_of(ledger: Path) -> list[int]:
    return sorted(int(str(row[0])) for row in state(ledger)["operation"])


def test_processes_that_write_at_once_lose_nothing_and_none_fails(before: Path, tmp_path: Path, count: Count) -> None:
    ledger = copied(before, tmp_path, "many.db")
    processes, each = amount("WRITERS", 4, 8), amount("EACH", 20, 500)
    running = []
    for writer in range(processes):
        lines = tmp_path / f"{writer}.txt"
        lines.write_text(
            "\n".join(f'add-member "Người {writer}-{it}" --union MAY --admitted 2024-06-01' for it in range(each)),
            encoding="utf-8",
        )
        running.append(
            subprocess.Popen(
                [*UCLI, "batch", str(lines)], env=environment(ledger), stderr=subprocess.PIPE, encoding="utf-8"
            )
        )
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0] * processes
    assert [it.count("undo it with") for it in said] == [each] * processes
    assert members_of(ledger) == sorted(f"Người {writer}-{it}" for writer in range(processes) for it in range(each))
    assert numbers_of(ledger) == [*range(1, last(state(before)) + processes * each + 1)]
    assert checked(ledger).code == 0
    count(f"{processes} processes at once: writes acknowledged and there", processes * each)


def test_calls_of_their_own_at_once_lose_nothing_and_repeat_nothing(before: Path, tmp_path: Path, count: Count) -> None:
    ledger = copied(before, tmp_path, "calls.db")
    processes, each = 4, amount("CALLS", 2, 25)
    loop = (
        'for i in $(seq "$2"); do "$0" -m ucli add-member "Người $1-$i" --union MAY --admitted 2024-06-01 || exit; done'
    )
    running = [
        subprocess.Popen(
            ["bash", "-c", loop, UCLI[0], str(number), str(each)], env=environment(ledger), stderr=subprocess.DEVNULL
        )
        for number in range(processes)
    ]
    assert [process.wait() for process in running] == [0] * processes
    assert len(set(members_of(ledger))) == processes * each
    assert numbers_of(ledger) == [*range(1, last(state(before)) + processes * each + 1)]
    assert checked(ledger).code == 0
    count("4 loops of calls at once: writes acknowledged and there", processes * each)


IMPATIENT = "import ucli.ledger.store as it; it._PATIENCE_SECONDS = 0.2; from ucli.__main__ import main; main()"


@long_form
def test_a_ledger_that_another_holds_is_busy_and_nothing_is_lost(before: Path, tmp_path: Path) -> None:
    ledger = copied(before, tmp_path, "held.db")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        holder.execute("INSERT INTO person (name, folded, hash, op) VALUES ('Người Đang Ghi', '', zeroblob(16), 1)")
        words = ["add-member", "Mới", "--union", "MAY", "--admitted", "2024-06-01"]
        for line in (words, ["undo"], ["batch", "--atomic"]):
            busy = subprocess.run(
                [UCLI[0], "-c", IMPATIENT, *line],
                env=environment(ledger),
                input=" ".join(words),
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            assert busy.returncode == 7, busy
            assert "being written by another command" in busy.stderr
        assert ucli(ledger, "report").code == 0
        holder.execute("COMMIT")
    assert members_of(ledger) == ["Người Đang Ghi"]
    assert ucli(ledger, *words).code == 0


def fake_clock() -> Path | None:
    """Return the library that shows a process another time: where `faketime` is, or UCLI_FAULTS_CLOCK says."""
    asked = os.environ.get("UCLI_FAULTS_CLOCK")
    places = [Path(asked)] if asked else [*Path("/usr/lib").glob("*/faketime/libfaketime.so.1")]
    return next((place for place in places if place.exists()), None)


@pytest.mark.skipif(fake_clock() is None or not shutil.which("env"), reason="libfaketime is not installed")
def test_a_clock_that_is_set_back_stops_no_command_and_keeps_the_log_in_order(before: Path, tmp_path: Path) -> None:
    ledger = copied(before, tmp_path, "clock.db")
    clock = ("env", f"LD_PRELOAD={fake_clock()}", "FAKETIME_DONT_FAKE_MONOTONIC=1")
    first = last(state(ledger))
    days = ("2031-05-05 10:00:00", "2024-12-30 08:00:00", "2031-05-05 09:59:00", "2019-01-01 00:00:00")
    for number, day in enumerate(days):
        done = ucli(
            ledger, "add-figure", "legal-advice", "3", "--unit", "HH", "--period", f"2017-{number + 1:02d}",
            prefix=(*clock, f"FAKETIME=@{day}"),
        )  # fmt: skip
        assert done.code == 0, done
    assert checked(ledger).code == 0
    log = ucli(ledger, "log", "-f", "ndjson").out.splitlines()
    numbers = [int(line.split('"operation": ')[1].split(",")[0]) for line in log]
    assert numbers == list(range(first + len(days), 0, -1))
    assert ucli(ledger, "undo", prefix=(*clock, "FAKETIME=@2018-01-01 00:00:00")).code == 0
    assert ucli(ledger, "redo").code == 0


@long_form
@pytest.mark.skipif(fake_clock() is None or not shutil.which("env"), reason="libfaketime is not installed")
def test_whatever_the_clock_shows_the_last_backup_stays(before: Path, tmp_path: Path) -> None:
    ledger = copied(before, tmp_path, "clock.db")
    clock = ("env", f"LD_PRELOAD={fake_clock()}", "FAKETIME_DONT_FAKE_MONOTONIC=1")
    back = (*clock, "FAKETIME=@2024-12-30 23:00:00")
    table = tmp_path / "a.csv"
    ahead_then_right_then_back = ["2040-01-01"] * 3 + [""] * 8 + ["2024-12-30"] * 3
    for number, day in enumerate(ahead_then_right_then_back):
        prefix = (*clock, f"FAKETIME=@{day} 08:{number:02d}:00") if day else ()
        table.write_text(f"Họ và tên;Công đoàn cơ sở;Ngày kết nạp\nNgười {number};MAY;1/6/2024\n", encoding="utf-8")
        done = ucli(ledger, "import", "members", str(table), prefix=prefix)
        assert done.code == 0, done
        assert ("one of the two is wrong" in done.err) == (number in (3, 11))
    names = [it.name for it in sorted((tmp_path / "backups").iterdir())]
    assert len(names) == 10
    assert sum(it.startswith("clock-2024") for it in names) == 3
    assert sum(it.startswith("clock-2040") for it in names) == 2
    copy = tmp_path / "carried-away.db"
    assert ucli(ledger, "backup", str(copy)).code == 0
    restored = ucli(ledger, "restore", str(copy), "--yes", "-f", "json", prefix=back)
    assert restored.code == 0, restored
    assert Path(json.loads(restored.out)["kept"]).exists()
    assert "This machine's clock says 30/12/2024" in ucli(
        ledger, "add-member", "Mới", "--union", "MAY", "--admitted", "2025-01-02", prefix=back
    ).err  # fmt: skip
    assert checked(ledger).code == 0
