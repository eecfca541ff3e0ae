"""The shell completes what stands in the ledger, each with what it is: units, members, periods, indicators, choices.

Loaded only while a shell asks; each answer is one query.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from typer._click.shell_completion import CompletionItem  # private: what a parameter must answer a shell with

from ucli.cli.app import session_of
from ucli.errors import UcliError
from ucli.ledger.store import open_ledger
from ucli.render.labels import word
from ucli.reports.suggestions import suggestions

_BY_OPTION = {
    **dict.fromkeys(("--unit", "--parent", "--to", "--into", "--issuer", "--lead", "--deputy", "--successor"), "unit"),
    "--union": "union",
    "--cluster": "cluster",
    "--province": "province",
    "--period": "period",
    "--indicator": "indicator",
    "--against": "period",
    "--programme": "programme",
    "--member": "member",
}
_BY_METAVAR = {"UNIT": "unit", "UNION": "union", "INDICATOR": "indicator", "MEMBER": "member", "[PERIOD]": "period"}


def teach(command: Any) -> None:
    """Let the parameters of a command complete from the ledger."""
    for param in command.params:
        kinds = [_BY_OPTION[name] for name in param.opts if name in _BY_OPTION]
        kind = kinds[0] if kinds else _BY_METAVAR.get(param.metavar or "")
        choices = getattr(getattr(param.type, "func", None), "choices", None)
        if choices:
            param.type.shell_complete = _chooser(choices)
        elif kind:
            param.type.shell_complete = _completer(kind)


def _chooser(choices: Iterable[str]) -> Any:
    def complete(_ctx: Any, _param: Any, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(it, help=word(it)) for it in choices if it.startswith(incomplete)]

    return complete


def _completer(kind: str) -> Any:
    def complete(ctx: Any, _param: Any, incomplete: str) -> list[CompletionItem]:
        try:
            with closing(open_ledger(session_of(ctx).path)) as db:
                return [CompletionItem(code, help=name) for code, name in suggestions(db, kind, incomplete)]
        except (UcliError, sqlite3.Error):
            return []  # a shell that asks is told nothing rather than an error

    return complete
