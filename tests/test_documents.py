"""What the documents show is what happens: every command in them runs and prints what stands below it."""

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Ucli, shell, typed
from ucli.cli.app import root_command
from ucli.cli.index import COMMANDS
from ucli.errors import UcliError

# The documents with commands, and the language in which these answer.
DOCUMENTS = {
    "README.md": "en",
    "docs/tutorial.md": "en",
    "docs/how-to.md": "en",
    "docs/gallery.md": "vi",
    "docs/bat-dau.md": "vi",
    "docs/huong-dan.md": "vi",
    "docs/du-lieu-ca-nhan.md": "vi",
}
PICTURES = ROOT / "docs" / "pictures"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def steps(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of a document's console blocks, each with the lines that stand below it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def is_a_server(command: str) -> bool:
    """Tell whether a command goes on until Ctrl-C; tests/web starts such ones."""
    return command.startswith("ucli serve")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_of_a_document_prints_what_stands_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("UCLI_DB", "so.db")
    monkeypatch.setenv("UCLI_LANG", DOCUMENTS[name])
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for command, expected in steps((ROOT / name).read_text(encoding="utf-8")):
        if is_a_server(command):
            continue
        answer = typed(command, tmp_path)
        assert answer.code == 0, (command, answer.out)
        # A write that is shown without its one line of answer is just run.
        if expected:
            # The end of a log is another one in every ledger, and a hash of a report with every word of it.
            assert re.sub(r"[0-9a-f]{16,64}…?", "…", answer.out).splitlines() == expected, command


@pytest.mark.parametrize("path", [ROOT / "README.md", *(ROOT / "docs").glob("*.md")], ids=lambda path: path.name)
def test_every_link_of_a_document_leads_to_something(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for link, place in re.findall(r"\]\(([^)#\s]*)(?:#([^)]*))?\)", text):
        target = path.parent / link if link else path
        assert target.exists(), link
        if place:
            headings = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert place in {re.sub(r"[^\w\- ]", "", it.lower()).replace(" ", "-") for it in headings}, place


def test_the_pictures_are_those_of_the_documents_and_small() -> None:
    shown = {it for name in DOCUMENTS for it in re.findall(r"pictures/([\w.-]+)", (ROOT / name).read_text("utf-8"))}
    assert {it.name for it in PICTURES.iterdir()} == shown
    assert sum(it.stat().st_size for it in PICTURES.iterdir()) < 1_500_000


@pytest.mark.parametrize("name", [path.name for path in (ROOT / "docs").glob("*.md")] + ["README.md", "CHANGELOG.md"])
def test_a_document_names_only_commands_that_exist(name: str) -> None:
    path = ROOT / name if (ROOT / name).exists() else ROOT / "docs" / name
    named = set(re.findall(r"(?:[`“(]|\$ |; |\| )ucli ([a-z]+(?:-[a-z0-9]+)*)\b", path.read_text(encoding="utf-8")))
    assert named <= set(commands())


def test_the_reference_says_what_the_program_says() -> None:
    done = shell(f"{sys.executable} scripts/reference.py --check")
    assert (done.code, done.err) == (0, "")


def test_the_reference_names_every_exit_code_of_an_error() -> None:
    text = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
    errors: list[type[UcliError]] = [UcliError, *UcliError.__subclasses__()]
    assert all(f"\n| {it.exit_code} | " in text for it in errors)


@cache
def commands() -> dict[str, Any]:
    root = root_command()
    return {name: root.get_command(None, name) for name in COMMANDS}


@pytest.mark.parametrize("name", commands())
def test_the_help_of_a_command_explains_it_in_both_languages(ok: Ucli, name: str) -> None:
    vi, en = (ok(name, "--help", "--lang", lang).out for lang in ("vi", "en"))
    assert vi != en
    assert "Ví dụ" in vi
    assert "Examples" in en
    for option in re.findall(r"^  (?:-\w, )?(--[a-z-]+)", en, re.MULTILINE):
        assert option in vi
        assert re.search(rf"{option}[ \w|,\[\]ữđồngtriệuỷ…-]*\s+\S", en)


def test_the_root_help_groups_the_commands(ok: Ucli) -> None:
    out = ok("--help").out
    places = [out.index(f"\n{panel}:") for panel in ("Record", "Organisation", "Targets", "Reports", "Data", "Safety")]
    assert places == sorted(places)
    assert all(f"\n  {name} " in out for name in commands())


def test_the_examples_of_every_help_run(ok: Ucli, tmp_path: Path) -> None:
    """They share one ledger, in the order in which a newcomer would try them."""
    first = ["init", "add-unit", "add-union", "add-member", "add-payout", "add-figure", "set-target", "add-period",
             "set-cluster", "add-indicator", "add-programme", "end-membership", "transfer-member", "readmit-member",
             "end-union", "undo", "redo", "void-unit"]  # fmt: skip
    last = ["void-member", "void-payout", "void-figure", "void-target", "void-period"]
    others = [name for name in commands() if name not in (*first, *last)]
    for name in (*first, *others, *last):
        command = commands()[name]
        for example in str(command.epilog).splitlines():
            if is_a_server(example):
                continue
            answer = typed(example, tmp_path)
            # What the examples record is worth a look here and there, and `check` says so.
            finds = name == "check" and "--explain" not in example
            assert answer.code == (4 if finds else 0), (example, answer.out)
        if name == "add-member":
            typed('ucli add-union "CĐCS May Kiến Xương" --parent KX --founded 1/4/2024', tmp_path)
        if name == "add-unit":
            typed('ucli add-unit "LĐLĐ huyện Kiến Xương" --kind district --code KX', tmp_path)
            typed('ucli add-unit "LĐLĐ huyện Ghi Nhầm" --kind district --code KT', tmp_path)
        if name in ("set-target", "add-figure"):
            assert len(str(command.epilog).splitlines()) >= 2
