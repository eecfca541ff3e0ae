"""How an option, a switch and an argument are declared, and those that stand in more than one command.

What one command alone takes is the default of its parameter; what many take is the parameter's type:
`def add_payout(ctx, unit: UnitName, fund: str | None = optional(remark, "The fund it came from."), …)`.
Metavars and help sentences are messages of the catalogue.
"""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from ucli.cli.app import remark, require_value
from ucli.cli.values import count, day, member_ref, money, name_text, new_name, number, past_day, structure
from ucli.i18n import marked

# How a value is written in a help text, where the option does not say it.
_METAVARS: dict[object, str] = {
    count: marked("N"),
    day: marked("DATE"),
    money: marked("MONEY"),
    name_text: marked("UNIT"),
    new_name: marked("TEXT"),
    past_day: marked("DATE"),
    remark: marked("TEXT"),
    require_value: marked("TEXT"),
}


def optional(read: Callable[[str], object], says: str, metavar: str = "", names: str = "", default: Any = None) -> Any:
    """Declare an option that may be left out: how it is read, its help; its name is the parameter's or those given."""
    return typer.Option(default, *names.split(), parser=read, metavar=metavar or _METAVARS.get(read), help=says)


def required(read: Callable[[str], object], says: str, metavar: str = "", names: str = "") -> Any:
    """Declare an option that the command cannot do without."""
    return optional(read, says, metavar, names, default=...)


def switch(names: str, says: str, default: bool | None = False) -> Any:
    """Declare an option without a value."""
    return typer.Option(default, names, help=says)


def argument(read: Callable[[str], object], says: str, metavar: str = "", default: Any = ...) -> Any:
    """Declare what stands behind the command itself, without an option's name."""
    return typer.Argument(default, parser=read, metavar=metavar or _METAVARS.get(read), help=says)


def _opt(names: str, read: Callable[[str], object], metavar: str, says: str) -> Any:
    return typer.Option(*names.split(), parser=read, metavar=metavar, help=says)


def _arg(read: Callable[[str], object], metavar: str, says: str) -> Any:
    return typer.Argument(parser=read, metavar=metavar, help=says)


# Whom and what
_UNIT = _opt("--unit", name_text, "UNIT", "A unit: its code, name or part of the name.")
_MEMBER = marked("A member: the card, the name or the number in the list; no:12 is surely that number; - asks for it.")
_INDICATOR = marked("An indicator: its code, alias or name.")
Name = Annotated[str, _arg(new_name, "NAME", "The name.")]
UnitArgument = Annotated[str, _arg(name_text, "UNIT", "A unit: its code, name or part of the name.")]
UnitName = Annotated[str, _UNIT]
MaybeUnit = Annotated[str | None, _UNIT]
UnionName = Annotated[str, _opt("--union", name_text, "UNION", "The grassroots union.")]
MaybeUnion = Annotated[str | None, _opt("--union", name_text, "UNION", "A grassroots union.")]
MaybeCluster = Annotated[str | None, _opt("--cluster", name_text, "CLUSTER", "An emulation cluster.")]
Provinces = Annotated[
    list[str] | None,
    _opt("--province", name_text, "[NAME]", "A province; may be repeated. Without a name: by province."),
]
Member = Annotated[str, _arg(member_ref, "MEMBER", _MEMBER)]
MaybeMember = Annotated[str | None, _arg(member_ref, "[MEMBER]", _MEMBER)]
IndicatorName = Annotated[str, _arg(require_value, "INDICATOR", _INDICATOR)]
MaybeIndicator = Annotated[str | None, _opt("--indicator", require_value, "CODE", _INDICATOR)]
Indicators = Annotated[
    list[str] | None, _opt("--indicator", require_value, "CODE", "Only this indicator; may be repeated.")
]
RowNumber = Annotated[int, _arg(number, "NUMBER", "Its number in the list.")]
HowMany = Annotated[int | None, _opt("--members", count, "N", "How many of a group without names.")]
Code = Annotated[
    str | None, _opt("--code", name_text, "CODE", "A short code of your own; one is made from the name otherwise.")
]

# When
_PERIOD = _opt(
    "--period",
    require_value,
    "PERIOD",
    "2024, 2024-H1, 2024-9M, 2024-06, 2024u, 2024-07-01..2024-07-31, or a code of “ucli periods”.",
)
PeriodCode = Annotated[str, _PERIOD]
MaybePeriod = Annotated[str | None, _PERIOD]
PeriodWords = Annotated[list[str] | None, _arg(require_value, "[PERIOD]", "The period, instead of --period.")]
_AGAINST = marked("Hold a part of a longer period against its targets: --period 2025-H1 --against 2025.")
Against = Annotated[str | None, _opt("--against", require_value, "PERIOD", _AGAINST)]
AsOf = Annotated[date | None, _opt("--as-of", day, "DATE", "The last day that counts.")]
On = Annotated[date | None, _opt("--on", day, "DATE", "As of this day; today when left out.")]
ChangeDay = Annotated[date, _opt("--on", past_day, "DATE", "The first day on which it is so.")]
Admitted = Annotated[date, _opt("--admitted", past_day, "DATE", "The day of admission.")]
_AS_KNOWN = marked("As the ledger stood after an operation, or at the end of a day.")
AsKnown = Annotated[str | None, _opt("--as-known", require_value, "OPERATION|DATE", _AS_KNOWN)]
_STRUCTURE = marked("By the structure of each fact's own day (then), of today, or of a day.")
Structure = Annotated[date | None, _opt("--structure", structure, "then|now|DATE", _STRUCTURE)]

# Beside it
Decision = Annotated[str | None, _opt("--decision", remark, "NO", "Number of the decision.")]
Match = Annotated[
    str | None, _opt("--match", require_value, "TEXT", "Only what holds this text, with or without tone marks.")
]
