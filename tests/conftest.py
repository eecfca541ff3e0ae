"""What the tests share: a ledger of one's own, and ucli called as at a shell."""

import json
import os
import re
import shlex
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, closing, redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from tests import lakes
from ucli.cli.app import root_command
from ucli.cli.run import run
from ucli.i18n import chosen

ROOT = Path(__file__).parent.parent

settings.register_profile("ucli", deadline=None, max_examples=100)
settings.load_profile("ucli")

# Told to keep nothing compiled, each of the hundreds of processes below would compile ucli anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


class Answer(NamedTuple):
    """What a call of ucli left: its exit code and its two streams."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Ucli = Callable[..., Answer]
After = Callable[[str], Ucli]
Once = Callable[[str, Callable[[], object]], None]
Rows = Callable[..., dict[str, Any]]


@cache
def _built(_language: str) -> Any:
    return root_command()


def built() -> Any:
    """Return the commands as they were built before, in the language spoken."""
    return _built(chosen())


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the developer's own machine reaches a test: no ledger, no language, no colour, no width."""
    for variable in ("UCLI_LANG", "UCLI_ACTOR", "NO_COLOR", "COLUMNS", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UCLI_DB", str(tmp_path / "so.db"))
    monkeypatch.setenv("UCLI_LANG", "en")
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def ucli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Ucli:
    """Call ucli in this process: `ucli("add-unit", "A", "--kind", "district")`."""

    def again(words: Sequence[str]) -> Answer:
        code = run(list(words))
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    def call(*words: object, stdin: str = "", expect: int | None = None) -> Answer:
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        # A help text is translated where it stands; all other calls share the commands built before, as a batch does.
        if words and not {"--help", "-h"}.intersection(map(str, words)):
            monkeypatch.setattr("ucli.cli.run.root_command", built)
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        answer = Answer(code, captured.out, captured.err)
        if lakes.is_held(request.node):
            lakes.hold([str(word) for word in words], answer, again)
        monkeypatch.setattr("ucli.cli.run.root_command", root_command)
        if expect is not None:
            assert code == expect, answer
        return answer

    return call


@pytest.fixture
def ok(ucli: Ucli) -> Ucli:
    """Call ucli and expect it to succeed."""

    def call(*words: object, stdin: str = "") -> Answer:
        return ucli(*words, stdin=stdin, expect=0)

    return call


@pytest.fixture(scope="session")
def small_province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger of `province` once; every test works on a copy of its own."""
    path = tmp_path_factory.mktemp("province") / "so.db"
    for words in (
        ("init", "--office", "LĐLĐ tỉnh Thái Bình"),
        ("add-unit", "LĐLĐ huyện Hưng Hà", "--kind", "district", "--code", "HH"),
        ("add-unit", "LĐLĐ huyện Kiến Xương", "--kind", "district", "--code", "KX"),
        ("add-union", "CĐCS May Hưng Hà", "--parent", "HH", "--founded", "2023-05-10", "--code", "MAY"),
        ("add-union", "CĐCS Trường Kiến Xương", "--parent", "KX", "--founded", "2024-02-01", "--code", "TRUONG"),
    ):
        assert run(["--db", str(path), *words]) == 0
    return path


@pytest.fixture
def province(ok: Ucli, small_province: Path, tmp_path: Path) -> Ucli:
    """A small province: the office, two districts (HH, KX), two unions (MAY, TRUONG) founded in 2023 and 2024."""
    shutil.copy(small_province, tmp_path / "so.db")
    return ok


@pytest.fixture(scope="session")
def _kept() -> dict[str, Path]:
    return {}


@pytest.fixture
def once(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, _kept: dict[str, Path]) -> Once:
    """Make the files of a test's folder once for all tests that ask for the same; every test works on copies."""

    def once(what: str, make: Callable[[], object]) -> None:
        if what in _kept:
            shutil.copytree(_kept[what], tmp_path, dirs_exist_ok=True)
            return
        make()
        _kept[what] = Path(shutil.copytree(tmp_path, tmp_path_factory.mktemp("kept"), dirs_exist_ok=True))

    return once


@pytest.fixture
def province_after(province: Ucli, once: Once) -> After:
    """Carry out command lines on the small province, once for all tests that ask for the same."""

    def after(lines: str) -> Ucli:
        once(lines, lambda: [province(*shlex.split(line)) for line in lines.strip().splitlines()])
        return province

    return after


@pytest.fixture
def rows(ok: Ucli) -> Rows:
    """Return a report's rows by indicator code."""

    def of(*words: object) -> dict[str, Any]:
        return {row["indicator"]: row for row in ok("report", *words, "-f", "json").json["rows"]}

    return of


# What a line of a document may hold that only a shell understands, and how a line tells the exit code after it.
_FOR_A_SHELL = re.compile(r"[|;&<>$`{}]")
_AND_ITS_CODE = re.compile(r'(ucli [^|;&<>$`{}]*); echo "([^"$]*)\$\?"')


def typed(command: str, cwd: Path) -> Answer:
    """Run a line as it is typed in a folder, both streams as one; in this process where no shell is needed."""
    if found := _AND_ITS_CODE.fullmatch(command):
        code, out, _err = typed(found[1], cwd)
        return Answer(0, f"{out}{found[2]}{code}\n", "")
    if _FOR_A_SHELL.search(command) or not command.startswith("ucli "):
        return shell(f"{{ {command}\n}} 2>&1", cwd=cwd)
    with chdir(cwd):
        return called(*shlex.split(command)[1:], together=True)


def called(*words: str, stdin: str = "", together: bool = False) -> Answer:
    """Call ucli in this process where no fixture captures what it says; both streams come as one where it is asked."""
    out = StringIO()
    err = out if together else StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", StringIO(stdin))
        if "--help" not in words:
            patch.setattr("ucli.cli.run.root_command", built)
        code = run([*words])
    return Answer(code, out.getvalue(), "" if together else err.getvalue())


def table(path: Path, *rows: str | Sequence[str]) -> Path:
    """Write a table, each row a line of text or its cells; return its path."""
    path.write_text("".join(f"{row if isinstance(row, str) else ';'.join(row)}\n" for row in rows), encoding="utf-8")
    return path


def mode(path: Path) -> int:
    """Return what the owner, the group and others may do with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def environment() -> dict[str, str]:
    """Return what a process is started with that calls ucli: the one of this environment is on the path."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


def dumped(ledger: Path) -> list[str]:
    """Return all that a ledger holds, line by line."""
    with closing(sqlite3.connect(ledger)) as db:
        return list(db.iterdump())


def spoil(path: Path, statement: str) -> None:
    """Change a ledger behind the back of ucli."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


def shell(command: str, *, env: dict[str, str] | None = None, cwd: Path | None = None) -> Answer:
    """Run a command line in bash, with the ucli of this environment on the path."""
    done = subprocess.run(
        ["bash", "-c", command],
        env={**environment(), **(env or {})},
        cwd=cwd or ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start a real browser; where there is none, the test is skipped with the reason."""
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("there is no Chromium on the path")
    with playwright.sync_playwright() as driver:
        try:
            browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except playwright.Error as error:
            pytest.skip(f"Chromium does not start here: {str(error).splitlines()[0]}")
        yield browser
        browser.close()
