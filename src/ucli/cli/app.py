"""The root of ucli: its commands are built from the tables when they are called, its help is printed from them.

This and the tables are all that the help of ucli needs; nothing here knows the ledger.
"""

import os
from collections.abc import Sequence
from functools import wraps
from importlib import import_module
from inspect import Parameter, cleandoc, signature
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ucli.cli.commands import DECLARED, Speaking, UcliCommand
from ucli.cli.index import COMMANDS, OPTIONS
from ucli.cli.parameters import EVERYWHERE, declared, shared
from ucli.errors import UsageError
from ucli.i18n import _, marked


def _made(name: str) -> UcliCommand:
    """Load a command's module and return the command.

    A parameter that is a group, a named tuple, stands for an option of each of its fields that the command takes.
    """
    entry = COMMANDS[name]
    import_module(f"ucli.cli.{entry.module}")
    body, cls = DECLARED[name]
    groups: dict[str, Any] = {}
    params: list[Any] = []
    for it in signature(body).parameters.values():
        if not hasattr(it.annotation, "_fields"):
            params.append(_param(name, it.name, it.annotation, it.default, body))
            continue
        group = groups[it.name] = it.annotation
        for field in group._fields:
            if (field, name) in OPTIONS or (field, "") in OPTIONS:
                default = group._field_defaults.get(field, Parameter.empty)
                params.append(_param(name, field, group.__annotations__[field], default, body))

    @wraps(body)
    def taken(**typed: Any) -> None:
        for its_name, group in groups.items():
            typed[its_name] = group(**{field: typed.pop(field) for field in group._fields if field in typed})
        body(**typed)

    says = "\n\n".join(filter(None, (_(entry.says), _(cleandoc(body.__doc__ or "")))))
    examples = "\n".join(entry.examples)
    # Plain help: rich would double its cost, and would swallow words in square brackets.
    return cls(name=name, callback=taken, params=params, help=says, epilog=examples, rich_markup_mode=None)


def _param(command: str, name: str, annotation: Any, default: Any, body: Any) -> Any:
    is_list = getattr(annotation, "__origin__", None) is Sequence
    how = {"required": True} if default is Parameter.empty else {"default": default}
    return declared(command, name, body.__globals__, is_list=is_list, **how)


def no_such_command(name: str) -> UsageError:
    from ucli.cli.meant import commands_like  # noqa: PLC0415  only where something is wrong

    close = commands_like(name)
    return UsageError(
        _("There is no such command: {name}.").format(name=name[:40]),
        why=_("Did you mean {names}?").format(names=", ".join(close)) if close else None,
        instead=_("“{command} --help” shows how.").format(command="ucli"),
    )


class UcliGroup(Speaking, TyperGroup):
    """The root: loads a command only when it is called; its help groups commands by purpose."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared("", EVERYWHERE)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            self.commands[cmd_name] = _made(cmd_name)
            if "_UCLI_COMPLETE" in os.environ:
                import_module("ucli.cli.completion").teach(self.commands[cmd_name])
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[:1] == ["help"]:
            if not args[1:] or args[1].startswith("-"):  # the language has been chosen by now
                typer.echo(ctx.get_help())
                raise typer.Exit
            args = [args[1], "--help"]
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise no_such_command(args[0])
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        for panel in dict.fromkeys(it.panel for it in COMMANDS.values()):
            rows = [(name, _(it.says).rstrip(".")) for name, it in COMMANDS.items() if it.panel == panel]
            with formatter.section(_(panel)):
                formatter.write_dl(rows)


def root_command() -> Any:
    """Build the root command; a subcommand is built when first called, once for all lines of a batch."""
    app = typer.Typer(
        cls=UcliGroup,
        invoke_without_command=True,
        add_completion=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    app.callback(
        epilog='ucli init --office "LĐLĐ tỉnh Thái Bình"\nucli report --province\nucli report --help',
        help=_(
            "The ledger of a trade-union federation: unions, members, welfare and figures, measured against targets."
        ),
    )(_root)
    root: Any = typer.main.get_command(app)
    for it in root.params:
        it.help = _(it.help or "")
    return root


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # noqa: PLC0415  slow, and seldom asked for

        typer.echo(f"ucli {version('ucli')}")
        raise typer.Exit


def _root(
    ctx: typer.Context,
    version: Annotated[  # noqa: ARG001  read by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help=marked("Print the version."))
    ] = False,
) -> None:
    if ctx.invoked_subcommand is None:
        import_module("ucli.cli.home").show_home(ctx)
