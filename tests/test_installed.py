"""What an office gets by `pip install <wheel>`, and nothing besides, runs the main commands on every Python at hand."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

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


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy, so that nothing of an earlier build gets into it, and none is left behind."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    pip("wheel", "--no-deps", "--wheel-dir", source / "dist", source)
    [built] = (source / "dist").iterdir()
    return built


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
    shutil.rmtree(own)  # or sixty megabytes are kept of every run


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
