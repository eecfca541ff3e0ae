"""What bare `ucli` prints, on one screen: where the ledger is, what it holds, and what to do next."""

import shutil
import sqlite3
import sys
import textwrap
from typing import Any

import typer

from ucli.cli.index import COMMANDS
from ucli.cli.opening import reading
from ucli.cli.session import session_of
from ucli.i18n import _, marked
from ucli.ledger.files import is_there
from ucli.ledger.operations import last_operation
from ucli.ledger.units import office
from ucli.reports.listings import contents
from ucli.sanitize import sanitize
from ucli.values.dates import moment_text
from ucli.values.numbers import grouped

# What to do next, by how far the ledger is.
_NO_LEDGER = ("init", "add-unit", "set-target", "add-figure", "report")
_NO_UNITS = ("add-unit", "add-union", "import", "set-target", "report")
_NO_TARGETS = ("set-target", "add-figure", "import", "report", "check")
_IN_USE = ("add-figure", "import", "report", "check", "close-period")
_HELD = {
    "units": marked("Units above the grassroots"),
    "unions": marked("Grassroots unions"),
    "members": marked("Members"),
    "payouts": marked("Payouts"),
    "figures": marked("Figures"),
    "targets": marked("Targets"),
}


def show_home(ctx: Any) -> None:
    """Print it; nothing is written, and a missing ledger is no error."""
    path = session_of(ctx).path
    if is_there(path):
        with reading() as db:
            lines, next_ = _of_ledger(db)
    else:
        lines, next_ = [_("There is no ledger yet; “ucli init” creates it.")], _NO_LEDGER
    wide = max(map(len, next_))
    lines = [
        f"{_('Ledger')}: {path}",
        *lines,
        "",
        _("Next:"),
        *(f"  ucli {name:<{wide}}  {_(COMMANDS[name].says)}" for name in next_),
        "",
        _("“ucli COMMAND --help” shows how, with examples; “ucli --help” lists all commands."),
    ]
    typer.echo("\n".join(_fitted(sanitize(it)) for it in lines))


def _fitted(line: str) -> str:
    """Wrap a line at words to the width of the terminal, continuation lines indented to its last column."""
    if not sys.stdout.isatty():
        return line
    indent = " " * (line.rindex("  ") + 2 if "  " in line.strip() else 0)
    return textwrap.fill(line, shutil.get_terminal_size().columns, subsequent_indent=indent, break_on_hyphens=False)


def _of_ledger(db: sqlite3.Connection) -> tuple[list[str], tuple[str, ...]]:
    """Return what the ledger holds, and what to do next."""
    held = contents(db)
    owner = office(db)
    number, at = last_operation(db)
    lines = [
        f"{_('Office')}: {owner.name}" if owner else "",
        "; ".join(f"{_(says)}: {grouped(held[name])}" for name, says in _HELD.items()),
        f"{_('Last operation')}: {number}, {moment_text(at)}",
    ]
    if not (held["unions"] or held["figures"] or held["targets"]):
        return lines, _NO_UNITS
    return lines, _IN_USE if held["targets"] else _NO_TARGETS
