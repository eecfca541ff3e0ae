"""Shell completion from the ledger, with descriptions: units, members, periods, indicators, choices.

Loaded only when a shell asks; each answer is one query.
"""

import os
import sqlite3
import subprocess
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from typer import _completion_shared  # private, as is the next: the scripts for shells
from typer._click.shell_completion import CompletionItem, add_completion_class  # the class that answers a shell
from typer._completion_classes import BashComplete, PowerShellComplete

from ucli.cli.index import OPTIONS
from ucli.cli.session import expanded, session_of, tell
from ucli.errors import UcliError, UsageError
from ucli.i18n import _
from ucli.ledger.store import open_ledger
from ucli.render.labels import word
from ucli.reports.suggestions import suggestions

# By the metavar of the value, where it tells …
_KINDS = {it: it.lower() for it in ("UNIT", "UNION", "CLUSTER", "INDICATOR", "PERIOD", "MEMBER")}
# … else by the name of the parameter.
_NAMED = {"indicators": "indicator", **{it: it for it in ("province", "indicator", "programme", "member")}}
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
# The kinds of completion in which bash only lists and inserts nothing.
_LISTING = ("33", "63", "64")


class _Bash(BashComplete):
    """Bash with descriptions while it lists several; its script passes on that it lists."""

    source_template = BashComplete.source_template.replace("COMP_CWORD=", "COMP_TYPE=$COMP_TYPE COMP_CWORD=")

    def complete(self) -> str:
        found = self.get_completions(*self.get_completion_args())
        explains = len(found) > 1 and os.environ.get("COMP_TYPE") in _LISTING
        return "\n".join(f"{it.value}  {it.help}" if explains and it.help else str(it.value) for it in found)


# Typer's own script reads what ucli prints in the code page of the console, asks for what stands behind the cursor too,
# and inserts a name of several words bare.
_IN_POWERSHELL = """\
Import-Module PSReadLine
Set-PSReadLineKeyHandler -Chord Tab -Function MenuComplete
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = $commandAst.ToString()
    $before = [Math]::Min($cursorPosition - $commandAst.Extent.StartOffset, $typed.Length)
    $Env:%(autocomplete_var)s = "complete_powershell"
    $Env:_TYPER_COMPLETE_ARGS = $typed.Substring(0, $before)
    $Env:_TYPER_COMPLETE_WORD_TO_COMPLETE = $wordToComplete
    $encoding = [Console]::OutputEncoding
    [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
    try {
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split ":::", 2
            $inserted = if ($value -match "\\s") { "'" + $value.Replace("'", "''") + "'" } else { $value }
            $shown = if ([string]::IsNullOrWhiteSpace($help)) { $value } else { $help }
            [System.Management.Automation.CompletionResult]::new($inserted, $value, "ParameterValue", $shown)
        }
    } finally {
        [Console]::OutputEncoding = $encoding
        Remove-Item Env:%(autocomplete_var)s, Env:_TYPER_COMPLETE_ARGS, Env:_TYPER_COMPLETE_WORD_TO_COMPLETE
    }
}
"""


class _PowerShell(PowerShellComplete):
    """PowerShell hands over a word with the quotation mark before it."""

    source_template = _IN_POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        return args, incomplete.strip("\"'")


def _install_powershell(*, prog_name: str, complete_var: str, shell: str) -> Path:
    """Write the script into the profile, whose folder may have any name; what scripts may run stays as it is.

    Typer's own lets every script of the user run from then on, unsigned ones from the network too.
    """
    asked = "[Console]::OutputEncoding = [System.Text.Encoding]::UTF8; $PROFILE"
    said = subprocess.run([shell, "-NoProfile", "-Command", asked], check=True, capture_output=True)  # noqa: S603
    path = Path(said.stdout.decode("utf-8-sig").strip())
    path.parent.mkdir(parents=True, exist_ok=True)
    script = _completion_shared.get_completion_script(prog_name=prog_name, complete_var=complete_var, shell=shell)
    with path.open("a", encoding="utf-8") as profile:
        profile.write(f"{script}\n")
    tell(_("If PowerShell does not run its profile: Set-ExecutionPolicy RemoteSigned -Scope CurrentUser"))
    return path


def teach_shells() -> None:
    """Let bash show descriptions, as the other shells do by themselves, and PowerShell read and insert them right."""
    scripts = _completion_shared._completion_scripts  # noqa: SLF001  there is no other way
    for name, taught in {"bash": _Bash, "powershell": _PowerShell, "pwsh": _PowerShell}.items():
        add_completion_class(taught, name)
        scripts[name] = taught.source_template
    _completion_shared.install_powershell = _install_powershell


def require_shell() -> None:
    """Refuse what Typer would crash on: an unknown shell, an account without a home folder."""
    if _completion_shared._get_shell_name() not in _SHELLS:  # noqa: SLF001  as Typer finds it
        raise UsageError(_("Completion exists for bash, zsh, fish and PowerShell: run this in one of them."))
    expanded("~")
    teach_shells()


def teach(command: Any) -> None:
    """Let the parameters of a command complete from the ledger."""
    for param in command.params:
        option = OPTIONS.get((param.name, command.name)) or OPTIONS.get((param.name, ""))
        metavar = option.metavar.strip("[]…") if option else ""
        kind = _KINDS.get(metavar) or _NAMED.get(param.name)
        reader = getattr(param, "reader", None)
        choices = getattr(reader and reader.read, "choices", None)
        if choices:
            param.shell_complete = _chooser(choices)
        elif kind:
            param.shell_complete = _completer(kind)


def _chooser(choices: Iterable[str]) -> Any:
    def complete(_ctx: Any, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(it, help=word(it)) for it in choices if it.startswith(incomplete)]

    return complete


def _completer(kind: str) -> Any:
    def complete(ctx: Any, incomplete: str) -> list[CompletionItem]:
        try:
            with closing(open_ledger(session_of(ctx).path)) as db:
                return [CompletionItem(code, help=name) for code, name in suggestions(db, kind, incomplete)]
        except (UcliError, sqlite3.Error):
            return []  # to a shell an error is no completion

    return complete
