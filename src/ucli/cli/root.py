"""The root command and all that hang under it."""

from typing import Annotated

import typer

from ucli.cli import batch, catalogue, clusters, figures, history, members, payouts, periods, reports, targets, units
from ucli.cli.commands import UcliGroup
from ucli.language import marked

app = typer.Typer(
    cls=UcliGroup,
    no_args_is_help=True,
    add_completion=True,
    # Plain help: rich would cost as much again as all the rest, and would eat words in square brackets.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
PARTS = (units, members, payouts, figures, periods, clusters, catalogue, targets, reports, batch, history)
for part in PARTS:
    app.add_typer(part.app)

COMMANDS = frozenset(command.name for part in PARTS for command in part.app.registered_commands)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  slow, and seldom asked for

        typer.echo(f"ucli {version('ucli')}")
        raise typer.Exit


@app.callback(
    help=marked(
        "The ledger of a trade-union federation: foundings, members, welfare and figures, held against their targets."
    )
)
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=marked("Print the version."))
    ] = False,
) -> None:
    pass
