"""The shell completes commands, options and what stands in the ledger."""

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import Ucli, shell


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ucli repo", ["report"]),
        ("ucli report --unit hung", ["HH", "MAY"]),
        ("ucli add-member A --union MA", ["MAY"]),
        ("ucli show M", ["MAY"]),
        ("ucli report --province thai", ["34"]),
        ("ucli explain news", ["news-items"]),
        ("ucli report --indicator mai-am-n", ["shelter-houses"]),
        ("ucli add-payout --programme sh", ["shelter"]),
        ("ucli import u", ["unions", "units"]),
        ("ucli template d", ["departures", "document"]),
        ("ucli report --unit 100%", []),
        ("ucli report --by qu", ["quarter"]),
        ("ucli add-unit A --kind war", ["ward"]),
        ("ucli report --period 2024-Q", ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4"]),
        ("ucli report 2024-9", ["2024-9M"]),
        ("ucli end-membership mau", ["1"]),
    ],
)
def test_what_is_half_typed_is_completed(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch, typed: str, offered: list[str]
) -> None:
    ucli("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "20/4/2024")
    ask(monkeypatch, typed)
    answer = ucli()
    assert (answer.out.split(), answer.err) == (offered, "")


@pytest.mark.parametrize("shell_name", ["zsh", "fish", "powershell", "pwsh"])
def test_what_is_offered_is_explained(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch, shell_name: str
) -> None:
    for variable in ("_TYPER_COMPLETE_ARGS", "_TYPER_COMPLETE_WORD_TO_COMPLETE"):
        monkeypatch.setenv(variable, "ucli report --unit K")
    monkeypatch.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", "K")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_UCLI_COMPLETE", f"complete_{shell_name}")
    assert "LĐLĐ huyện Kiến Xương" in ucli().out


def test_without_a_ledger_nothing_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, "ucli report --unit H")
    answer = shell("ucli")
    assert (answer.out.strip(), answer.err) == ("", "")


def test_a_shell_is_told_what_the_ledger_holds(province: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, "ucli report --unit K")
    answer = shell("ucli")
    assert (answer.out.split(), answer.err) == (["KX", "TRUONG"], "")


IN_BASH = """
source <(_UCLI_COMPLETE=source_bash ucli)
COMP_WORDS=(ucli report --unit K) COMP_CWORD=3
for COMP_TYPE in 9 63; do _ucli_completion ucli; printf '%s\n' "${COMPREPLY[@]}"; done
"""


def test_bash_lists_what_each_is_and_inserts_the_code_alone(province: Ucli, tmp_path: Path) -> None:
    script = tmp_path / "in-bash.sh"
    script.write_text(IN_BASH, encoding="utf-8")
    codes = ["KX", "TRUONG"]
    listed = ["KX  LĐLĐ huyện Kiến Xương", "TRUONG  CĐCS Trường Kiến Xương"]
    assert shell(f"bash {script}").out.splitlines() == [*codes, *listed]


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_one_that_it_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell_name: str
) -> None:
    if not shutil.which(shell_name):
        pytest.skip(f"there is no {shell_name}")
    monkeypatch.setenv("_UCLI_COMPLETE", f"source_{shell_name}")
    script = tmp_path / "script"
    script.write_text(shell("ucli").out, encoding="utf-8")
    assert "_UCLI_COMPLETE" in script.read_text(encoding="utf-8")
    assert (shell(f"{shell_name} -n {script}").code, shell(f"{shell_name} -n {script}").err) == (0, "")


def test_powershell_is_asked_for_what_is_before_the_cursor_and_reads_utf_8(
    province: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_UCLI_COMPLETE", "source_powershell")
    script = shell("ucli").out
    assert "[Console]::OutputEncoding = [System.Text.Encoding]::UTF8" in script
    assert "$typed.Substring(0, $before)" in script
    monkeypatch.setenv("_UCLI_COMPLETE", "complete_powershell")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "ucli report --unit 'K")
    monkeypatch.setenv("_TYPER_COMPLETE_WORD_TO_COMPLETE", "'K")
    assert shell("ucli").out.splitlines()[0] == "KX:::LĐLĐ huyện Kiến Xương"


def test_in_powershell_the_script_goes_into_the_profile_and_what_scripts_may_run_stays(
    ucli: Ucli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    profile = tmp_path / "Hồ sơ" / "profile.ps1"
    called, pwsh = tmp_path / "called", tmp_path / "pwsh"
    pwsh.write_text(f'#!/bin/sh\necho "$@" >> {called}\necho "{profile}"\n', encoding="utf-8")
    pwsh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: "pwsh")
    answer = ucli("--install-completion", expect=0)
    assert "Register-ArgumentCompleter -Native -CommandName ucli" in profile.read_text(encoding="utf-8")
    assert "Set-ExecutionPolicy RemoteSigned" in answer.err
    assert "ExecutionPolicy" not in called.read_text(encoding="utf-8")


def ask(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    """Set what bash sets when Tab is pressed."""
    monkeypatch.setenv("COMP_WORDS", typed)
    monkeypatch.setenv("COMP_CWORD", str(len(typed.split()) - 1))
    monkeypatch.setenv("_UCLI_COMPLETE", "complete_bash")
