"""What every command has in common: the options taken everywhere, questions on a terminal, help in two languages."""

import os
import sys
from collections.abc import Callable
from difflib import get_close_matches
from importlib import import_module
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from ucli.cli.index import COMMANDS, PANELS
from ucli.cli.shared import Session, remark, require_clock, require_value
from ucli.errors import RejectedError, UcliError, UsageError
from ucli.i18n import LANGUAGES, _, marked

_MissingParameter = "MissingParameter"

# What a hyphen before a number becomes; as this sign it is no beginning of an option.
MINUS = "−"


def _kept(ctx: Any, param: Any, value: Any) -> None:
    """Keep the value of a shared option in the session; before the command or after it, it means the same."""
    session = ctx.find_root().ensure_object(Session)
    if value is not None and value is not False:
        setattr(session, param.name, value)


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise typer.BadParameter(marked("The languages are vi and en."))
    return value


class _Shared(TyperOption):
    """An option that goes to the session; one that is not given costs nothing, for every command has a dozen."""

    def handle_parse_result(self, ctx: Any, opts: Any, args: list[str]) -> tuple[Any, list[str]]:
        return super().handle_parse_result(ctx, opts, args) if self.name in opts else (None, args)


def _option(*names: str, help: str, parser: Callable[[str], object] | None = None, metavar: str | None = None) -> Any:  # noqa: A002
    # Private, but there is no public way to add an option to every command.
    from typer._click.types import FuncParamType  # noqa: PLC0415

    if parser is None:
        return _Shared(param_decls=list(names), is_flag=True, expose_value=False, callback=_kept, help=help)
    return _Shared(
        param_decls=list(names),
        type=FuncParamType(parser),
        metavar=metavar,
        expose_value=False,
        callback=_kept,
        help=help,
    )


def _everywhere() -> list[Any]:
    return [
        _option(
            "--db",
            parser=require_value,
            metavar="PATH",
            help=marked("The ledger's file; else UCLI_DB's, else your own."),
        ),
        _option(
            "--lang",
            parser=_language,
            metavar="vi|en",
            help=marked("Output language; else UCLI_LANG, else the locale."),
        ),
        _option("--debug", help=marked("Show the traceback of a fault.")),
    ]


class _Speaking:
    """What the help of a command and of the root share: it is in the language spoken and ends with examples."""

    epilog: str | None
    _parser: Any = None

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser, made once: a batch parses thousands of lines."""
        if self._parser is None:
            self._parser = super().make_parser(ctx)  # type: ignore[misc]
        self._parser.ctx = ctx
        return self._parser

    def format_help(self, ctx: Any, formatter: Any) -> None:
        it: Any = self
        it.help = _(it.help or "")
        for param in it.params:
            if getattr(param, "help", None):
                param.help = _(param.help)
            if param.metavar:
                param.metavar = _(param.metavar)
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(map(_, pieces)), prefix=_("Usage: "))

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def format_epilog(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        if self.epilog:
            with formatter.section(_("Examples")):
                for line in self.epilog.splitlines():
                    formatter.write(f"  {line}\n")


class UcliCommand(_Speaking, TyperCommand):
    """A command that asks on a terminal for what is missing, and whose help ends with examples."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [*self.shared(), *_everywhere()]

    def shared(self) -> list[Any]:
        return []

    def invoke(self, ctx: Any) -> Any:
        require_clock()
        return super().invoke(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words = list(args)
        if sum(it == "--period" or it.startswith("--period=") for it in words) > 1:
            # The parser would take the last and say nothing of the first.
            raise UsageError(_("Two periods are given."), instead=_("Keep one of them."))
        while True:
            try:
                return super().parse_args(ctx, list(words))
            except typer.BadParameter as error:
                if type(error).__name__ != _MissingParameter or not can_ask():
                    raise
                param: Any = error.param
                answer = typer.prompt(_(param.help or param.name).rstrip("."), err=True)
                words += [f"{max(param.opts, key=len)}={answer}"] if param.param_type_name == "option" else [answer]


class WriteCommand(UcliCommand):
    """A command that records: who, why, and whether only to try."""

    yes = marked("Do not ask for confirmation.")

    def shared(self) -> list[Any]:
        return [
            _option("--note", parser=remark, metavar="TEXT", help=marked("Why, kept in the log.")),
            _option(
                "--actor",
                parser=remark,
                metavar="NAME",
                help=marked("Who records; else UCLI_ACTOR, else the user's name."),
            ),
            _option("--dry-run", "-n", help=marked("Say what would be written, and write nothing.")),
            _option("--yes", "-y", help=self.yes),
            _option("--format", "-f", parser=require_value, metavar="json", help=marked("Print what was written.")),
        ]


class FigureCommand(WriteCommand):
    """A command that records a number, which may have a sign before it: -5 is no option of it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # What stands where an option waits for its value is left to that option.
        waiting = {name for it in self.params if not getattr(it, "is_flag", True) for name in it.opts}
        words = [
            MINUS + it[1:] if it[:1] == "-" and it[1:2].isdigit() and before not in waiting else it
            for before, it in zip(["", *args], args, strict=False)
        ]
        return super().parse_args(ctx, words)


class TableCommand(WriteCommand):
    """A command that records a table, and may write files beside."""

    def shared(self) -> list[Any]:
        return [*super().shared(), _option("--force", help=marked("Overwrite an existing file."))]


class FileCommand(UcliCommand):
    """A command about the ledger's file: it writes no row, and no undo knows of it."""

    def shared(self) -> list[Any]:
        return [
            _option("--force", help=marked("Overwrite an existing file.")),
            _option("--yes", "-y", help=marked("Do not ask for confirmation.")),
            _option("--format", "-f", parser=require_value, metavar="json", help=marked("Print what was done.")),
        ]


class ReadCommand(UcliCommand):
    """A command that prints: in which format, and where to."""

    forms = marked("plain, csv, tsv, json, ndjson, xlsx, docx, html, github …")

    def shared(self) -> list[Any]:
        return [
            _option(
                "--format",
                "-f",
                parser=require_value,
                metavar="FORMAT",
                help=self.forms,
            ),
            _option(
                "--output",
                "-o",
                parser=require_value,
                metavar="FILE",
                help=marked("Write to a file, its format from the suffix."),
            ),
            _option("--force", help=marked("Let --output overwrite an existing file.")),
            _option(
                "--excel",
                help=marked("CSV for people in a Vietnamese Excel: semicolons, decimal commas, words."),
            ),
        ]


class ReportCommand(ReadCommand):
    """A report, where a bare `--province` means by province."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words: list[str] = []
        for place, word in enumerate(args):
            # A name, or a code of two digits; a year is the period.
            after = args[place + 1] if place + 1 < len(args) else "-"
            bare = word == "--province" and (after.startswith("-") or (after[:4].isdigit() and len(after) > 3))
            words += ["--by", "province"] if bare else [word]
        return super().parse_args(ctx, words)


class ProseCommand(ReportCommand):
    """A report that can be read out."""

    forms = marked("plain, csv, tsv, json, ndjson, xlsx, docx, html, prose, github …")


class UcliGroup(_Speaking, TyperGroup):
    """The root: its commands are loaded when they are called, its help shows them by what they are for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _everywhere()

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in COMMANDS and cmd_name not in self.commands:
            module = import_module(f"ucli.cli.{COMMANDS[cmd_name].module}")
            # Plain help: rich would cost as much again as all the rest, and would eat words in square brackets.
            app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
            app.add_typer(module.app)
            loaded = typer.main.get_group(app).commands
            if "_UCLI_COMPLETE" in os.environ:
                import_module("ucli.cli.completion").teach(loaded.values())
            self.commands.update(loaded)
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = get_close_matches(args[0], COMMANDS)
            raise UsageError(
                _("There is no such command: {name}.").format(name=args[0][:40]),
                why=_("Did you mean {names}?").format(names=", ".join(close)) if close else None,
                instead=_("“{command} --help” shows how.").format(command="ucli"),
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        for panel in PANELS:
            rows = [(name, _(it.says).rstrip(".")) for name, it in COMMANDS.items() if it.panel == panel]
            with formatter.section(_(panel)):
                formatter.write_dl(rows)


Body = TypeVar("Body", bound=Callable[..., None])


def command(app: typer.Typer, cls: type[UcliCommand], *examples: str) -> Callable[[Body], Body]:
    """Register a command with the examples its help ends with.

    Its name is the function's; a trailing underscore keeps a function apart from the module it is named like.
    """

    def register(body: Body) -> Body:
        name = body.__name__.rstrip("_").replace("_", "-")
        return app.command(name, cls=cls, epilog="\n".join(examples))(body)

    return register


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def accept(ctx: Any, doubt: str | None, error: type[UcliError] = RejectedError) -> None:
    """Ask about what is doubtful before it is recorded; --yes says that it is meant.

    Raises:
        UcliError: no one can be asked, or the answer is no.

    """
    if doubt is None or ctx.find_root().ensure_object(Session).yes:
        return
    if can_ask() and typer.confirm(doubt + " " + _("Record it as it is?"), err=True):
        return
    raise error(doubt, instead=_("If it is meant so, repeat the command with --yes."))
