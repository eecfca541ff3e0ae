"""What kinds of commands there are: what each shares, asks for and has in its help."""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand

from ucli.cli.parameters import EVERYWHERE, shared
from ucli.cli.session import ask, can_ask, session_of
from ucli.errors import UsageError
from ucli.i18n import _

# A hyphen before a number becomes this sign, so that it is not taken for an option.
MINUS = "−"


class Speaking:
    """Help in the language spoken, with examples at its end; for commands and the root."""

    epilog: str | None
    _parser: Any = None

    def make_parser(self, ctx: Any) -> Any:
        """Return the parser, made once: a batch parses thousands of lines."""
        if self._parser is None:
            self._parser = super().make_parser(ctx)  # type: ignore[misc]
        self._parser.ctx = ctx
        return self._parser

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


class UcliCommand(Speaking, TyperCommand):
    """A command; on a terminal it asks for arguments that are missing."""

    shares: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The period as an argument, and an option with one of two values.
        sayings = (it for it in self.params if it.name == "period" or it.secondary_opts)
        self._once = {name: it.name for it in sayings for name in (*it.opts, *it.secondary_opts)}
        self.params += shared(str(self.name), (*self.shares, *EVERYWHERE))

    @cached_property
    def _asked(self) -> list[Any]:
        """What may be typed as “-”, in the order in which it is asked for."""
        readers: list[tuple[Any, Any]] = [(it, getattr(it, "reader", None)) for it in self.params]
        return [it for it, reader in readers if reader and hasattr(reader.read, "answer")]

    def invoke(self, ctx: Any) -> Any:
        for param in self._asked:
            ctx.params[param.name] = param.reader.read.answer(ctx.params[param.name])
        from ucli.ledger.store import explained  # noqa: PLC0415  help does without

        with explained(session_of(ctx).path):
            return super().invoke(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words = list(args)
        once = [(it, self._once[it]) for word in words if (it := word.partition("=")[0]) in self._once]
        if twice := [it for it, name in once if [other for _it, other in once].count(name) > 1]:
            # The parser would take the last and silently drop the first.
            named = " / ".join(dict.fromkeys(twice))
            raise UsageError(_("Given twice: {option}.").format(option=named), instead=_("Keep one of them."))
        while True:
            try:
                return super().parse_args(ctx, list(words))
            except typer.BadParameter as error:
                if type(error).__name__ != "MissingParameter" or not can_ask():
                    raise
                param: Any = error.param
                answer = ask(_(param.help or param.name).rstrip("."))
                words += [f"{max(param.opts, key=len)}={answer}"] if param.param_type_name == "option" else [answer]


class WriteCommand(UcliCommand):
    """A command that records: takes who, why, and whether it is a dry run."""

    shares: tuple[str, ...] = ("note", "actor", "dry_run", "yes", "json")


class FigureCommand(WriteCommand):
    """A command that records a number, which may be negative: -5 is not an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # Where an option expects its value, it is left alone.
        waiting = {name for it in self.params if not getattr(it, "is_flag", True) for name in it.opts}
        words = [
            MINUS + it[1:] if it[:1] == "-" and it[1:2].isdigit() and before not in waiting else it
            for before, it in zip(["", *args], args, strict=False)
        ]
        return super().parse_args(ctx, words)


class TableCommand(WriteCommand):
    """A command that records a table, and may write files beside."""

    shares = (*WriteCommand.shares, "force")


class FileCommand(UcliCommand):
    """A command about the ledger's file: it writes no row and cannot be undone."""

    shares = ("yes", "json")


class ReadCommand(UcliCommand):
    """A command that prints: takes the format, and where to."""

    shares = ("format", "output", "force", "excel")

    def invoke(self, ctx: Any) -> Any:
        from ucli.cli.output import check_output  # noqa: PLC0415  help does without

        check_output()
        return super().invoke(ctx)


class ReportCommand(ReadCommand):
    """A report, where a bare `--province` means by province."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words: list[str] = []
        for place, word in enumerate(args):
            # A name, or a code of two digits; four digits are a year, the period.
            after = args[place + 1] if place + 1 < len(args) else "-"
            bare = word == "--province" and (after.startswith("-") or (after[:4].isdigit() and len(after) > 3))
            words += ["--by", "province"] if bare else [word]
        rest = super().parse_args(ctx, words)
        # “then” is not the same as nothing.
        ctx.params["is_structure_given"] = is_typed("structure", ctx)
        return rest


def is_typed(name: str, ctx: Any) -> bool:
    """Tell whether an option was typed in a call."""
    return "COMMANDLINE" in str(ctx.get_parameter_source(name))


Body = TypeVar("Body", bound=Callable[..., None])
DECLARED: dict[str, tuple[Callable[..., None], type[UcliCommand]]] = {}


def command(cls: type[UcliCommand], name: str = "") -> Callable[[Body], Body]:
    """Declare a command; its help is in the table of commands, and continued by the body's docstring.

    Its name is the function's, without a trailing underscore, unless one is given.
    """

    def declare(body: Body) -> Body:
        DECLARED[name or body.__name__.rstrip("_").replace("_", "-")] = body, cls
        return body

    return declare
