"""The layout holds: imports point one way, libraries stay in their rooms, a command loads only what it uses."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT, shell
from ucli.cli.app import root_command
from ucli.cli.index import COMMANDS, OPTIONS

SOURCE = ROOT / "src" / "ucli"
MODULES = sorted(SOURCE.rglob("*.py"))

# Who may import whom: each layer those named behind it, and itself.
ARROWS = {
    "cli": {"web", "render", "importing", "exchange", "reports", "ledger", "values", "errors", "i18n", "sanitize"},
    "render": {"reports", "values", "errors", "i18n", "sanitize", "catalogue"},
    "reports": {"ledger", "values", "errors", "i18n"},
    "ledger": {"values", "errors", "i18n", "catalogue"},
    "web": {"render", "reports", "ledger", "values", "errors", "i18n", "sanitize"},
    "importing": {"ledger", "values", "errors", "i18n", "sanitize", "catalogue"},
    "exchange": {"ledger", "values", "errors", "i18n"},
    "values": {"errors", "i18n"},
    "i18n": set(),
    "sanitize": set(),
    "errors": set(),
    "catalogue": set(),
    "locale": set(),
}
ROOMS = {
    "typer": {"cli"},
    "rich": {"render"},
    "tabulate": {"render"},
    "sqlite_utils": {"ledger"},
    "xlrd": {"importing"},
    "xlsxwriter": {"importing", "render"},
    "docx": {"render"},
    "duckdb": {"exchange"},
    "pyspark": {"exchange"},
    "starlette": {"web"},
    "anyio": {"web"},
    "uvicorn": {"web"},
}
SQL_WORDS = ("SELECT ", "INSERT INTO", "UPDATE ", "DELETE ", "CREATE TABLE", "PRAGMA ")


def room(path: Path) -> str:
    parts = path.relative_to(SOURCE).parts
    return parts[0].removesuffix(".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return [*ast.walk(parsed(path))]


def imported(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)


def strings(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("path", [it for it in MODULES if room(it) not in ("__init__", "__main__")], ids=str)
def test_imports_point_one_way(path: Path) -> None:
    for name in imported(path):
        first, *rest = name.split(".")
        if first == "ucli" and rest:
            assert rest[0] in ARROWS[room(path)] | {room(path)}, name
        assert room(path) in ROOMS.get(first, {room(path)}), name


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_says_what_it_is_and_stays_readable(path: Path) -> None:
    assert ast.get_docstring(parsed(path))
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 500


def test_no_two_classes_have_one_name() -> None:
    names = Counter(it.name for path in MODULES for it in nodes(path) if isinstance(it, ast.ClassDef))
    assert not [name for name, times in names.items() if times > 1]


@pytest.mark.parametrize("path", [it for it in MODULES if room(it) not in ("ledger", "reports", "exchange")], ids=str)
def test_sql_stands_only_beside_what_it_serves(path: Path) -> None:
    assert not [text for text in strings(path) if any(word in text for word in SQL_WORDS)]


@pytest.mark.parametrize("path", [it for it in MODULES if room(it) == "reports"], ids=str)
def test_reports_only_select_and_write_no_table_but_temporary_ones(path: Path) -> None:
    writes = ("INSERT ", "UPDATE ", "DELETE ", "REPLACE ", "CREATE ", "DROP ")
    written = [text for text in strings(path) if text.lstrip().startswith(writes)]
    assert not [text for text in written if not re.search(r"\btemp\.|\bTEMP TABLE\b", text)]


def test_only_one_command_knows_the_pages() -> None:
    knowing = {it.relative_to(SOURCE).as_posix() for it in MODULES for name in imported(it) if "ucli.web" in name}
    assert {it for it in knowing if not it.startswith("web/")} == {"cli/serve.py"}


OF_OFFICE = {"docx", "xlrd", "xlsxwriter", "starlette", "uvicorn", "jinja2"}
SLOW = {"sqlite_utils", "rich", "tabulate", "pydantic", "click", "babel", "importlib.metadata", *OF_OFFICE}


@pytest.mark.parametrize(
    ("words", "unused"),
    [
        ("--help", "ucli.ledger ucli.reports ucli.render ucli.importing"),
        ("add-member 'Lê Văn Thử' --union MAY --admitted 2024-05-01", "ucli.reports ucli.render ucli.importing"),
        ("add-payout --unit MAY --programme tet --amount 500000", "ucli.reports ucli.render ucli.importing"),
        ("add-figure news-items 5 --unit HH --period 2024", "ucli.reports ucli.render ucli.importing"),
        ("report -f json", "ucli.importing"),
    ],
)
def test_help_and_a_write_load_only_what_they_use(province: object, words: str, unused: str) -> None:
    """What a call costs beside Typer's own import is the modules it loads; docs/performance.md has the times."""
    code = (
        "import sys, shlex; from ucli.cli.run import run; code = run(shlex.split(sys.argv[1]));"
        "print(code, *sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, words], capture_output=True, text=True, check=False)
    status, *loaded = done.stderr.splitlines()[-1].split()
    assert status == "0", done.stderr
    assert not SLOW.intersection(loaded)
    assert not [it for it in loaded if it.startswith(tuple(unused.split()))]


def test_the_table_of_options_has_what_commands_take_and_no_more() -> None:
    root = root_command()
    taken = [(param.name, name) for name in COMMANDS for param in root.get_command(None, name).params]
    assert {*OPTIONS} == {it if it in OPTIONS else (it[0], "") for it in taken}


def test_ucli_runs_as_a_module_and_knows_its_version() -> None:
    answer = shell("python -m ucli --version")
    assert (answer.code, answer.out) == (0, "ucli 0.1.0\n")


def test_the_vietnamese_catalogue_is_in_step() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "messages.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
