"""What all commands have in common: how one is declared, the options taken everywhere, help in two languages.

This and the table of commands is all that the help of ucli needs; nothing here knows the ledger.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, wraps
from importlib import import_module
from inspect import Parameter, cleandoc, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from ucli.cli.index import COMMANDS, OPTIONS
from ucli.errors import RejectedError, UcliError, UsageError
from ucli.i18n import LANGUAGES, _, marked

if TYPE_CHECKING:
    from ucli.cli.batch import Held

# What a hyphen before a number becomes; as this sign it is no beginning of an option.
MINUS = "−"


class Session:
    """The options that every command shares; attributes have the options' names.

    A plain class: making a dataclass costs every call more than reading its options.
    """

    debug: bool = False
    note: str | None = None
    actor: str | None = None
    dry_run: bool = False
    yes: bool = False
    json: str | None = None
    format: str | None = None
    output: str | None = None
    force: bool = False
    excel: bool = False

    def __init__(self, db: str | None = None, lang: str | None = None, held: "Held | None" = None) -> None:
        self.db = db
        self.lang = lang
        self.held = held

    @cached_property
    def path(self) -> Path:
        """Where the ledger is: --db, UCLI_DB, the data folder."""
        named = self.db or os.environ.get("UCLI_DB")
        if not named:
            data = os.environ.get("XDG_DATA_HOME") or ""
            # The standard has a path that is none from the root ignored.
            return expanded(data if Path(data).is_absolute() else "~/.local/share") / "ucli" / "ucli.db"
        path = expanded(named)
        # What lies beside a ledger, its log and its backups, lies beside the file and not beside a link to it.
        is_link = os.path.islink(path) and os.path.isfile(path)  # noqa: PTH113, PTH114  which never fail
        return Path(os.path.realpath(path)) if is_link else path


def session_of(ctx: Any) -> Session:
    session: Session = ctx.find_root().ensure_object(Session)
    return session


def context() -> Any:
    """Return the call that is being answered: its command, what was typed for it."""
    # Private, but there is no public way to it.
    from typer._click.globals import get_current_context  # noqa: PLC0415

    return get_current_context()


def current_session() -> Session:
    return session_of(context())


def expanded(path: str) -> Path:
    try:  # what begins with ~$ Excel keeps beside a workbook that is open
        return Path(path) if path.startswith("~$") else Path(path).expanduser()
    except RuntimeError:
        # As in a container, or a service of the system: no HOME, and no user of that number.
        raise UsageError(
            _("There is no home folder for {path}.").format(path=path),
            instead=_("Write the path out in full; that of the ledger with --db PATH or in UCLI_DB."),
        ) from None


def require_value(value: str, param: Any = None, *, hyphen: str = "") -> str:
    """Refuse what an unset shell variable or a swallowed option leaves where a value is due.

    `hyphen` is a pattern of what may begin with one all the same.
    """
    if not value.strip() or (value.startswith("-") and not re.match(hyphen or "(?!)", value)):
        raise typer.BadParameter(marked("A value is missing here."), param=param)
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise typer.BadParameter(marked("This is not text in UTF-8."), param=param)
    return value


def remark(value: str) -> str:
    """Read what an officer adds in words, or the number of a paper: as typed, without anybody's ID number."""
    from ucli.values.members import refuse_id_number  # noqa: PLC0415  the help of ucli needs no rules
    from ucli.values.names import remark_of  # noqa: PLC0415  as above

    return refuse_id_number(remark_of(value))


def only_json(value: str) -> str:
    if value != "json":
        raise UsageError(
            _("A command that writes can only print json."), instead=_("Leave --format out, or type --format json.")
        )
    return value


def language(value: str) -> str:
    if value not in LANGUAGES:
        raise typer.BadParameter(marked("The languages are vi and en."))
    return value


_NUMBERS = ("count", "money", "money_or_unknown", "number", "decimals")
# What every command takes; kept in the session, as what a class of commands shares is.
EVERYWHERE = ("db", "lang", "debug")


def _kept(ctx: Any, param: Any, value: Any) -> None:
    """Keep the value of a shared option in the session; before the command or after it, it means the same."""
    if value is not None and value is not False:
        setattr(session_of(ctx), param.name, value)


def _declared(command: str, name: str, module: Mapping[str, Any], *, is_list: bool = False, **how: Any) -> Any:
    """Return a parameter of a command as the table of options has it; what is not typed costs nothing."""
    option = OPTIONS.get((name, command)) or OPTIONS[name, ""]
    if it := option.reader:
        how["type"] = module.get(it) or globals().get(it) or import_module("ucli.cli.values").reader(it)
    # What is below 0 is no option either: its reader says that it may not be.
    hyphen = getattr(how.get("type"), "hyphen", r"-\s*[0-9]" if option.reader in _NUMBERS else "")
    how |= {"param_decls": [name, *option.names], "metavar": _(option.metavar) or None, "help": _(option.help)}
    param: Any
    if option.names:
        param = TyperOption(multiple=is_list, is_flag=not option.metavar, show_default=True, **how)
    else:
        param = TyperArgument(nargs=-1 if is_list else 1, **how)
    param.handle_parse_result = partial(_if_typed, param, hyphen)
    return param


def shared(command: str, names: tuple[str, ...]) -> list[Any]:
    return [_declared(command, it, {}, callback=_kept, expose_value=False) for it in names]


def _if_typed(param: Any, hyphen: str, ctx: Any, opts: Any, args: list[str]) -> tuple[Any, list[str]]:
    """Read a parameter that was typed; of one that was not the default is read once, for all lines of a batch."""
    typed = opts.get(param.name)
    is_typed = typed not in (None, ())
    for text in typed if isinstance(typed, list | tuple) else [typed]:
        if isinstance(text, str) and not ctx.resilient_parsing:
            require_value(text, param, hyphen=hyphen)
    if is_typed or param.required or not hasattr(param, "left_out"):
        value, args = type(param).handle_parse_result(param, ctx, opts, args)
        if not is_typed:
            param.left_out = value
        return value, args
    if param.expose_value:
        ctx.params[param.name] = param.left_out
    return param.left_out, args


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

    shares: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What may be typed as “-”, in the order in which it is asked for.
        self._asked = [it for it in self.params if hasattr(getattr(it.type, "func", None), "answer")]
        # The period, and an option that says one of two things.
        sayings = (it for it in self.params if it.name == "period" or it.secondary_opts)
        self._once = {name: it.name for it in sayings for name in (*it.opts, *it.secondary_opts)}
        self.params += shared(str(self.name), (*self.shares, *EVERYWHERE))

    def invoke(self, ctx: Any) -> Any:
        for param in self._asked:
            ctx.params[param.name] = param.type.func.answer(ctx.params[param.name])  # type: ignore[attr-defined]
        from ucli.ledger.store import explained  # noqa: PLC0415  help does without

        with explained(session_of(ctx).path):
            return super().invoke(ctx)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        words = list(args)
        once = [(it, self._once[it]) for word in words if (it := word.partition("=")[0]) in self._once]
        if twice := [it for it, name in once if [other for _it, other in once].count(name) > 1]:
            # The parser would take the last and say nothing of the first.
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
    """A command that records: who, why, and whether only to try."""

    shares: tuple[str, ...] = ("note", "actor", "dry_run", "yes", "json")


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

    shares = (*WriteCommand.shares, "force")


class FileCommand(UcliCommand):
    """A command about the ledger's file: it writes no row, and no undo knows of it."""

    shares = ("yes", "json")


class ReadCommand(UcliCommand):
    """A command that prints: in which format, and where to."""

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
            # A name, or a code of two digits; a year is the period.
            after = args[place + 1] if place + 1 < len(args) else "-"
            bare = word == "--province" and (after.startswith("-") or (after[:4].isdigit() and len(after) > 3))
            words += ["--by", "province"] if bare else [word]
        return super().parse_args(ctx, words)


Body = TypeVar("Body", bound=Callable[..., None])
_DECLARED: dict[str, tuple[Callable[..., None], type[UcliCommand]]] = {}


def command(cls: type[UcliCommand], name: str = "") -> Callable[[Body], Body]:
    """Declare a command; what help says of it stands in the table of commands, but for the body's docstring.

    Its name is the function's, but for a trailing underscore that keeps it apart from another name; or the one given.
    """

    def declare(body: Body) -> Body:
        _DECLARED[name or body.__name__.rstrip("_").replace("_", "-")] = body, cls
        return body

    return declare


def _made(name: str) -> UcliCommand:
    """Return a command, its module loaded.

    A parameter that is a group, a named tuple, stands for an option of each of its fields.
    """
    entry = COMMANDS[name]
    import_module(f"ucli.cli.{entry.module}")
    body, cls = _DECLARED[name]
    groups: dict[str, Any] = {}
    params: list[Any] = []
    for it in signature(body).parameters.values():
        group = it.annotation
        if not hasattr(group, "_fields"):
            params.append(_param(name, it.name, it.annotation, it.default, body))
            continue
        groups[it.name] = group
        for field in group._fields:
            default = group._field_defaults.get(field, Parameter.empty)
            params.append(_param(name, field, group.__annotations__[field], default, body))

    @wraps(body)
    def taken(**typed: Any) -> None:
        for its_name, group in groups.items():
            typed[its_name] = group(**{field: typed.pop(field) for field in group._fields})
        body(**typed)

    says = "\n\n".join(filter(None, (_(entry.says), _(cleandoc(body.__doc__ or "")))))
    examples = "\n".join(entry.examples)
    # Plain help: rich would cost as much again as all the rest, and would eat words in square brackets.
    return cls(name=name, callback=taken, params=params, help=says, epilog=examples, rich_markup_mode=None)


def _param(command: str, name: str, annotation: Any, default: Any, body: Any) -> Any:
    is_list = getattr(annotation, "__origin__", None) is Sequence
    how = {"required": True} if default is Parameter.empty else {"default": default}
    return _declared(command, name, body.__globals__, is_list=is_list, **how)


def no_such_command(name: str) -> UsageError:
    from ucli.cli.meant import commands_like  # noqa: PLC0415  only where something is wrong

    close = commands_like(name)
    return UsageError(
        _("There is no such command: {name}.").format(name=name[:40]),
        why=_("Did you mean {names}?").format(names=", ".join(close)) if close else None,
        instead=_("“{command} --help” shows how.").format(command="ucli"),
    )


class UcliGroup(_Speaking, TyperGroup):
    """The root: its commands are loaded when they are called, its help shows them by what they are for."""

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
            if not args[1:] or args[1].startswith("-"):  # a language has been chosen by now
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
    """Build ucli's command; those under it are built as they are called, one build serves every line of a batch."""
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


def can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(question: str, *, hidden: bool = False, default: str | None = None) -> str:
    """Ask on the terminal."""
    return str(typer.prompt(question, hide_input=hidden, default=default, show_default=bool(default), err=True))


def confirm(question: str) -> bool:
    """Ask on the terminal for yes or no."""
    return typer.confirm(question, err=True)


def accept(doubt: str | None, error: type[UcliError] = RejectedError) -> None:
    """Ask about what is doubtful before it is recorded; --yes says that it is meant."""
    if doubt is None or current_session().yes:
        return
    if can_ask() and confirm(doubt + " " + _("Record it as it is?")):
        return
    raise error(doubt, instead=_("If this is right, repeat the command with --yes."))
