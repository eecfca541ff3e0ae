"""The options and arguments of commands, made from the table of options: what is not typed costs nothing."""

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from importlib import import_module
from typing import Any

from typer.core import TyperArgument, TyperOption

from ucli.cli.index import OPTIONS
from ucli.cli.session import session_of
from ucli.i18n import _

# The options of every command; like those of a class of commands they are kept in the session.
EVERYWHERE = ("db", "lang", "debug")
# The readers of what may be typed below 0, to be told that it may not be: it is no option.
_OF_NUMBERS = ("count", "money", "money_or_unknown", "number", "decimals")


class ParameterReader:
    """What reads the text of a parameter, looked up only when there is something to read."""

    def __init__(self, name: str, module: Mapping[str, Any]) -> None:
        self.__name__ = name
        self._module = module

    @cached_property
    def read(self) -> Callable[[str], Any]:
        """The function: one that begins with “_” is of the command's own module."""
        name = self.__name__
        found: Callable[[str], Any] = self._module[name] if name.startswith("_") else _values().reader(name)
        return found

    def __call__(self, text: str) -> Any:
        return self.read(text)

    @property
    def hyphen(self) -> str:
        """A pattern of what may begin with a hyphen; empty for nothing."""
        return getattr(self.read, "hyphen", r"-\s*[0-9]" if self.__name__ in _OF_NUMBERS else "")


def _values() -> Any:
    return import_module("ucli.cli.values")


def declared(command: str, name: str, module: Mapping[str, Any], *, is_list: bool = False, **how: Any) -> Any:
    """Return a parameter of a command as the table of options has it."""
    option = OPTIONS.get((name, command)) or OPTIONS[name, ""]
    reader = ParameterReader(option.reader, module) if option.reader else None
    how |= {"param_decls": [name, *option.names], "metavar": _(option.metavar) or None, "help": _(option.help)}
    param: Any
    if option.names:
        param = TyperOption(type=reader, multiple=is_list, is_flag=not option.metavar, show_default=True, **how)
    else:
        param = TyperArgument(type=reader, nargs=-1 if is_list else 1, **how)
    param.reader = reader
    param.handle_parse_result = partial(_if_typed, param)
    return param


def shared(command: str, names: tuple[str, ...]) -> list[Any]:
    return [declared(command, it, {}, callback=_kept, expose_value=False) for it in names]


def _kept(ctx: Any, param: Any, value: Any) -> None:
    """Keep the value of a shared option in the session, whether it was typed before or after the command."""
    if value is not None and value is not False:
        setattr(session_of(ctx), param.name, value)


def _if_typed(param: Any, ctx: Any, opts: Any, args: list[str]) -> tuple[Any, list[str]]:
    """Parse a parameter that was typed; the default of another is parsed once for all lines of a batch."""
    typed = opts.get(param.name)
    is_typed = typed not in (None, ())
    for text in typed if isinstance(typed, list | tuple) else [typed]:
        if isinstance(text, str) and not ctx.resilient_parsing:
            _values().require_value(text, param, hyphen=param.reader.hyphen if param.reader else "")
    if is_typed or param.required or not hasattr(param, "left_out"):
        value, args = type(param).handle_parse_result(param, ctx, opts, args)
        if not is_typed:
            param.left_out = value
        return value, args
    if param.expose_value:
        ctx.params[param.name] = param.left_out
    return param.left_out, args
