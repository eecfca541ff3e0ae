"""A system that lacks something: no home, no modes, no files left to open, a wrong clock; each ends with a sentence."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Ucli
from tests.faults.ledgers import copied, state, ucli, within
from tests.faults.test_at_once import fake_clock

# Takes out of Python what only some systems have, then carries out command lines.
ELSEWHERE = """
import os, shlex, sys
del os.uname
sys.modules["pwd"] = sys.modules["fcntl"] = None
from ucli.cli.run import run
for line in sys.argv[1:]:
    if code := run(shlex.split(line)):
        sys.exit(code)
"""


def elsewhere(*lines: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Carry out command lines where there is no `os.uname`, no `pwd`, no `fcntl`, and nothing in the environment."""
    return subprocess.run(
        [sys.executable, "-c", ELSEWHERE, *lines],
        env={"UCLI_LANG": "en", **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_the_commands_run_where_there_is_no_uname_no_pwd_and_no_fcntl(tmp_path: Path) -> None:
    table, ledger = tmp_path / "a.csv", tmp_path / "so.db"
    table.write_text("Họ và tên;CĐCS;Ngày kết nạp\nTrần Thị Mẫu;MAY;20/4/2024\n", encoding="utf-8")
    done = elsewhere(
        "init --office 'LĐLĐ tỉnh Thái Bình'",
        "add-union 'CĐCS May' --parent 'Thái Bình' --founded 2020-05-10 --code MAY",
        f"import members {shlex.quote(str(table))}",
        "add-figure news-items 5 --unit MAY --period 2024",
        "report --period 2024 -f csv",
        "undo",
        f"backup {shlex.quote(str(tmp_path / 'b.db'))}",
        f"restore {shlex.quote(str(tmp_path / 'b.db'))} --yes",
        "check",
        "doctor",
        UCLI_DB=str(ledger),
    )
    assert done.returncode == 0, done.stderr
    log = ucli(ledger, "log", "-f", "ndjson").out
    assert '"host": ""' not in log


def test_where_nobody_has_a_home_the_ledger_has_to_be_named() -> None:
    for line in ("units", "init --office A", "doctor"):
        done = elsewhere(line)
        assert (done.returncode, done.stdout) == (2, "")
        assert "--db PATH" in done.stderr
    assert elsewhere("--install-completion bash").returncode == 2


def test_where_files_have_no_modes_nobody_is_warned_of_them(
    province: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "so.db").chmod(0o666)
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "without modes")
        said = province("add-unit", "A", "--kind", "district").err, province("doctor", "-f", "json")
    assert "can read" not in said[0]
    assert said[1].json["facts"]["mode"] is None
    assert "can read" not in said[1].err
    assert province("doctor", "-f", "json").json["facts"]["mode"] == "0666"


@pytest.mark.parametrize("words", ["units", "check", "add-unit A --kind district", "backup {}"])
@pytest.mark.parametrize("files", [5, 6])
def test_where_few_files_may_be_open_the_answer_is_whole_or_the_system_is_named(
    before: Path, tmp_path: Path, words: str, files: int
) -> None:
    ledger = copied(before, tmp_path)
    done = ucli(ledger, *words.format(tmp_path / "b.db").split(), prefix=within(f"-n {files}"))
    assert done.code in (0, 4 if words == "check" else 0, 7), done
    if done.code == 7:
        assert "SQLite: " in done.err or "Too many open files" in done.err
        assert len(done.err.splitlines()) == 3
        assert state(ledger) == state(before)


@pytest.mark.skipif(fake_clock() is None, reason="libfaketime is not installed")
@pytest.mark.parametrize(
    ("day", "words", "said"),
    [
        ("1970-06-01", "report -o {}", "cannot be dated 01/06/1970"),
        ("2108-06-01", "report -o {}", "cannot be dated 01/06/2108"),
    ],
)
def test_a_clock_that_shows_what_cannot_be_is_said_to_be_wrong(
    before: Path, tmp_path: Path, day: str, words: str, said: str
) -> None:
    ledger = copied(before, tmp_path)
    clock = ("env", f"LD_PRELOAD={fake_clock()}", "FAKETIME_DONT_FAKE_MONOTONIC=1", f"FAKETIME=@{day} 00:00:00")
    done = ucli(ledger, *words.format(tmp_path / "a.docx").split(), prefix=clock)
    assert done.code == 5, done
    assert said in done.err
    assert state(ledger) == state(before)
    assert not (tmp_path / "a.docx").exists()
