"""The root command and all that hang under it."""

from typing import Annotated, Any

import typer

from ucli.cli.commands import UcliGroup
from ucli.i18n import marked

_EXAMPLES = ('ucli init --office "LĐLĐ tỉnh Thái Bình"', "ucli report --province", "ucli report --help")


def root_command() -> Any:
    """Build ucli's command; those under it are built as they are called, one build serves every line of a batch."""
    app = typer.Typer(
        cls=UcliGroup,
        no_args_is_help=True,
        add_completion=True,
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
    return typer.main.get_command(app)


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
