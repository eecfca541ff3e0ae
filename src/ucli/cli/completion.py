"""The shell completes what stands in the ledger, each with what it is: units, members, periods, indicators, choices.

Loaded only while a shell asks; each answer is one query.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

from typer._click.shell_completion import CompletionItem  # private: what a parameter must answer a shell with

from ucli.cli.app import session_of
from ucli.cli.index import OPTIONS
from ucli.errors import UcliError
from ucli.ledger.store import open_ledger
from ucli.render.labels import word
from ucli.reports.suggestions import suggestions

# By what stands for the value, where that says it …
_KINDS = {it: it.lower() for it in ("UNIT", "UNION", "CLUSTER", "INDICATOR", "PERIOD", "MEMBER")}
# … and by the parameter.
_NAMED = ("province", "indicator", "programme", "member")


def teach(command: Any) -> None:
    """Let the parameters of a command complete from the ledger."""
    for param in command.params:
        option = OPTIONS.get((param.name, command.name)) or OPTIONS.get((param.name, ""))
        metavar = option.metavar.strip("[]…") if option else ""
        kind = _KINDS.get(metavar) or (param.name if param.name in _NAMED else None)
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
