"""What an office gets by `pip install <wheel>`, and nothing besides, runs the main commands on every Python at hand."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from tests.conftest import ROOT

RUNNING = f"3.{sys.version_info.minor}"
VERSIONS = sorted({RUNNING, "3.11", "3.12", "3.13", "3.14"})
FORMS = ("table", "plain", "github", "csv", "tsv", "json", "ndjson", "prose", "excel", "html", "xlsx", "docx")
FIGURES = (
    ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị"),
    ("HH", "2024-01", "news-items", 5),
    ("KX", "2024-01", "news-items", 7),
)
LINES = """
init --office "LĐLĐ tỉnh Thái Bình"
add-unit "LĐLĐ huyện Hưng Hà" --kind district --code HH
add-unit "LĐLĐ huyện Kiến Xương" --kind district --code KX
add-union "CĐCS May Hưng Hà" --parent HH --founded 2023-05-10 --members 12 --code MAY
add-member "Trần Thị Mẫu" --union MAY --admitted 2024-03-01
add-payout --unit HH --programme tet --amount "20 triệu" --on 2024-01-20
set-target news-items 20 --unit "Thái Bình" --period 2024-01
import figures figures.csv
undo
import figures figures.xlsx
template figures -o blank.xlsx
movement --period 2024
members
check
backup copy.db
"""
REPORTS = [f"report --period 2024-01 -f {form} -o report.{form}.out" for form in FORMS]
# Taken before a test gets a home of its own: what was downloaded, and the interpreters kept by pyenv, lie there.
HOME = Path.home()


SOURCES = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "constraints.txt")
FOLDERS = ("benchmarks", "docs", "examples", "scripts", "src", "tests")
LEFT_BEHIND = shutil.ignore_patterns("__pycache__", "*.egg-info", "made")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, worker_id: str, testrun_uid: str) -> Path:
    """Build both distributions, once for all processes that run tests; return their folder."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder if worker_id == "master" else folder.parent) / f"built-{testrun_uid}"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "dist").exists():
            build(folder)
    return folder / "dist"


def build(folder: Path) -> None:
    """Build the source distribution from a copy, so that nothing of an earlier build gets in, and of it the wheel."""
    (source := folder / "source").mkdir()
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, source / name, ignore=LEFT_BEHIND)
    backend, made = folder / "backend", folder / "made"
    pip("install", "--no-compile", "--target", backend, "setuptools>=77")
    call_backend("build_sdist", source, made, backend)
    [sdist] = made.iterdir()
    with tarfile.open(sdist) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    [unpacked] = (folder / "unpacked").iterdir()
    call_backend("build_wheel", unpacked, made, backend)
    for it in (source, backend, folder / "unpacked"):
        shutil.rmtree(it)
    made.rename(folder / "dist")


def call_backend(what: str, source: Path, made: Path, backend: Path) -> None:
    code = f"from setuptools import build_meta; build_meta.{what}({str(made)!r})"
    environment = {**os.environ, "PYTHONPATH": str(backend)}
    subprocess.run([sys.executable, "-c", code], cwd=source, env=environment, capture_output=True, check=True)


@pytest.fixture(scope="session")
def sdist(built: Path) -> Path:
    return next(built.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    return next(built.glob("*.whl"))


def test_the_source_distribution_is_all_of_the_project(sdist: Path) -> None:
    with tarfile.open(sdist) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert files_of(ROOT, *FOLDERS) - names == set()
    assert set(SOURCES) - names == set()


def test_the_wheel_holds_the_catalogue_the_schema_and_the_messages(wheel: Path) -> None:
    with ZipFile(wheel) as packed:
        names = {name for name in packed.namelist() if name.startswith("ucli/")}
    # The catalogue of messages is installed as it is read; its source is for translators.
    assert {name for name in files_of(ROOT / "src", "ucli") if not name.endswith(".po")} == names


@pytest.mark.parametrize("installer", ["pipx", "uv"])
def test_the_wheel_is_installed_as_a_tool_of_its_own(wheel: Path, tmp_path: Path, installer: str) -> None:
    if not shutil.which(installer):
        pytest.skip(f"there is no {installer}")
    words = [installer, "install"] if installer == "pipx" else [installer, "tool", "install"]
    own = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path), "UV_TOOL_BIN_DIR": str(tmp_path),
           "UV_TOOL_DIR": str(tmp_path / "uv"), "HOME": str(HOME)}  # fmt: skip
    python = ["--python", sys.executable]
    subprocess.run([*words, *python, wheel], env={**os.environ, **own}, capture_output=True, check=True)
    ledger = tmp_path / "so.db"
    subprocess.run([tmp_path / "ucli", "--db", ledger, "init"], capture_output=True, check=True)
    assert ledger.exists()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_wheel_alone_runs_the_main_commands(wheel: Path, tmp_path: Path, version: str) -> None:
    python = python_of(version)
    if not python:
        pytest.skip(f"there is no Python {version}")
    own = tmp_path / "own"
    subprocess.run([python, "-m", "venv", "--without-pip", own], check=True)
    pip("--python", own / "bin" / "python", "install", "--no-compile", "--constraint", ROOT / "constraints.txt", wheel)

    (tmp_path / "figures.csv").write_text("\n".join(";".join(map(str, row)) for row in FIGURES), encoding="utf-8")
    book = openpyxl.Workbook()
    for row in FIGURES:
        book.active.append(row)
    book.save(tmp_path / "figures.xlsx")
    done = subprocess.run(
        [own / "bin" / "ucli", "batch"],
        input="\n".join((LINES, *REPORTS)),
        cwd=tmp_path,
        env={"UCLI_DB": "so.db", "UCLI_LANG": "en", "HOME": str(tmp_path), "PYTHONWARNINGS": "default"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    assert all((tmp_path / f"report.{form}.out").stat().st_size for form in FORMS)
    rows = json.loads((tmp_path / "report.json.out").read_text(encoding="utf-8"))["rows"]
    assert {row["indicator"]: row["actual"] for row in rows}["news-items"] == 12
    serve = [str(own / "bin" / "ucli"), "--db", str(tmp_path / "so.db"), "--lang", "en", "serve"]
    told = subprocess.run(serve, capture_output=True, text=True, check=False)
    assert (told.returncode, "pip install 'ucli[web]'" in told.stderr) == (5, True)
    shutil.rmtree(own)  # or sixty megabytes are kept of every run


def files_of(root: Path, *folders: str) -> set[str]:
    """Return the files of folders as a copy takes them, by their paths from the root."""
    found = {it.relative_to(root) for folder in folders for it in (root / folder).rglob("*") if it.is_file()}
    return {it.as_posix() for it in found if not LEFT_BEHIND("", [*it.parts])}


def pip(*words: str | Path) -> None:
    """Call the pip of this environment; where it reaches no package index, the test is skipped, but not in CI."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", *words],
        env={**os.environ, "HOME": str(HOME), "PIP_RETRIES": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode and "connection" in done.stderr.lower() and os.environ.get("UCLI_INSTALLED") != "always":
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stdout + done.stderr


def python_of(version: str) -> str | None:
    """Return an interpreter of a version: the one that runs, else one on the path or kept by pyenv."""
    if version == RUNNING:
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", HOME / ".pyenv"))
    for found in (shutil.which(f"python{version}"), *sorted(pyenv.glob(f"versions/{version}.*/bin/python"))):
        # A name on the path may stand for a version that is not installed.
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return str(found)
    return None
