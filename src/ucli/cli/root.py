"""The root command and all that hang under it."""

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

from ucli.cli.commands import UcliGroup
from ucli.language import marked

# Which module holds a command: a call imports only the modules whose commands it names, a third of what all cost.
MODULES = {
    "units": ("init", "add-unit", "add-union", "void-unit"),
    "organisation": ("units", "show"),
    "changes": ("rename-unit", "move-unit", "merge-unit", "split-unit", "end-unit", "end-union"),
    "provinces": ("adopt-2025", "add-wards"),
    "members": ("add-member", "void-member", "members"),
    "leavings": ("end-membership", "transfer-member", "readmit-member"),
    "payouts": ("add-payout", "void-payout", "payouts"),
    "figures": ("add-figure", "void-figure", "figures"),
    "periods": ("add-period", "void-period", "periods"),
    "clusters": ("set-cluster", "clusters"),
    "catalogue": ("add-indicator", "indicators", "add-programme", "programmes"),
    "targets": ("set-target", "void-target", "targets"),
    "reports": ("report", "movement", "explain"),
    "batch": ("batch",),
    "history": ("undo", "redo", "log"),
}
_EXAMPLES = ('ucli init --office "LĐLĐ tỉnh Thái Bình"', "ucli report --province", "ucli report --help")
COMMANDS = {name: module for module, names in MODULES.items() for name in names}


def app_for(arguments: Sequence[str] = ()) -> typer.Typer:
    """Build the commands that a command line names; all of them where it names none, as for help."""
    app = typer.Typer(
        cls=UcliGroup,
        no_args_is_help=True,
        add_completion=True,
        # Plain help: rich would cost as much again as all the rest, and would eat words in square brackets.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(
        epilog="\n".join(_EXAMPLES),
        help=marked(
            "The ledger of a trade-union federation: unions, members, welfare and figures, held against their targets."
        ),
    )(_root)
    named = {COMMANDS[word] for word in arguments if word in COMMANDS}
    if "_UCLI_COMPLETE" in os.environ or not named:
        named = set(MODULES)
    for module in MODULES:
        if module in named:
            app.add_typer(import_module(f"ucli.cli.{module}").app)
    return app


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  slow, and seldom asked for

        typer.echo(f"ucli {version('ucli')}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=marked("Print the version."))
    ] = False,
) -> None:
    pass
