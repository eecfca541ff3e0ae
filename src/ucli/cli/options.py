"""How an option, a flag and an argument are declared, and those that stand in more than one command."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer

from ucli.cli.app import remark, require_value
from ucli.cli.values import (
    OrAsked,
    count,
    day,
    name_text,
    new_name,
    number,
    past_day,
    structure,
)
from ucli.i18n import marked


def opt(names: str, read: Callable[[str], object], metavar: str, says: str) -> Any:
    """Declare an option with a value: its names, how it is read, and its help, a message of the catalogue."""
    return typer.Option(*names.split(), parser=read, metavar=metavar, help=says)


def flag(names: str, says: str) -> Any:
    """Declare an option that is typed or not, with its help."""
    return typer.Option(names, help=says)


def arg(read: Callable[[str], object], metavar: str, says: str) -> Any:
    """Declare what stands behind the command itself, without an option's name."""
    return typer.Argument(parser=read, metavar=metavar, help=says)


_PERIOD = opt(
    "--period",
    require_value,
    "PERIOD",
    "2024, 2024-H1, 2024-9M, 2024-06, 2024u, 2024-07-01..2024-07-31, or a code of “ucli periods”.",
)
_UNIT = opt("--unit", name_text, "UNIT", "A unit: its code, name or part of the name.")
_REF = OrAsked(name_text, marked("Member"))

# Whom and what
Name = Annotated[str, arg(new_name, "NAME", "The name.")]
UnitArgument = Annotated[str, arg(name_text, "UNIT", "A unit: its code, name or part of the name.")]
UnitName = Annotated[str, _UNIT]
MaybeUnit = Annotated[str | None, _UNIT]
UnionName = Annotated[str, opt("--union", name_text, "UNION", "The grassroots union.")]
MaybeUnion = Annotated[str | None, opt("--union", name_text, "UNION", "A grassroots union.")]
MaybeCluster = Annotated[str | None, opt("--cluster", name_text, "CLUSTER", "An emulation cluster.")]
Provinces = Annotated[
    list[str] | None,
    opt("--province", name_text, "[NAME]", "A province; may be repeated. Without a name: by province."),
]
Parent = Annotated[str, opt("--parent", name_text, "UNIT", "The unit it is directly under.")]
Member = Annotated[
    str,
    arg(
        _REF,
        "MEMBER",
        "A member: the card, the name or the number in the list; no:12 is surely that number; - asks for it.",
    ),
]
MaybeMember = Annotated[
    str | None,
    arg(
        _REF,
        "[MEMBER]",
        "A member: the card, the name or the number in the list; no:12 is surely that number; - asks for it.",
    ),
]
IndicatorName = Annotated[str, arg(require_value, "INDICATOR", "An indicator: its code, alias or name.")]
MaybeIndicator = Annotated[
    str | None, opt("--indicator", require_value, "CODE", "An indicator: its code, alias or name.")
]
Indicators = Annotated[
    list[str] | None, opt("--indicator", require_value, "CODE", "Only this indicator; may be repeated.")
]
RowNumber = Annotated[int, arg(number, "NUMBER", "Its number in the list.")]
HowMany = Annotated[int | None, opt("--members", count, "N", "How many of a group without names.")]
Code = Annotated[
    str | None, opt("--code", name_text, "CODE", "A short code of your own; one is made from the name otherwise.")
]

# When
PeriodCode = Annotated[str, _PERIOD]
MaybePeriod = Annotated[str | None, _PERIOD]
PeriodWords = Annotated[list[str] | None, arg(require_value, "[PERIOD]", "The period, instead of --period.")]
Against = Annotated[
    str | None,
    opt(
        "--against",
        require_value,
        "PERIOD",
        "Hold a part of a longer period against its targets: --period 2025-H1 --against 2025.",
    ),
]
AsOf = Annotated[date | None, opt("--as-of", day, "DATE", "The last day that counts.")]
On = Annotated[date | None, opt("--on", day, "DATE", "As of this day; today when left out.")]
ChangeDay = Annotated[date, opt("--on", past_day, "DATE", "The first day on which it is so.")]
Admitted = Annotated[date, opt("--admitted", past_day, "DATE", "The day of admission.")]
Founded = Annotated[date, opt("--founded", past_day, "DATE", "The day it was founded.")]
MaybeFounded = Annotated[date | None, opt("--founded", past_day, "DATE", "The day it was founded.")]
AsKnown = Annotated[
    str | None,
    opt(
        "--as-known",
        require_value,
        "OPERATION|DATE",
        "As the ledger stood after an operation, or at the end of a day.",
    ),
]
Structure = Annotated[
    date | None,
    opt(
        "--structure",
        structure,
        "then|now|DATE",
        "By the structure of each fact's own day (then), of today, or of a day.",
    ),
]

# Beside it
Decision = Annotated[str | None, opt("--decision", remark, "NO", "Number of the decision.")]
Source = Annotated[str | None, opt("--source", remark, "TEXT", "The document it stands in.")]
Match = Annotated[
    str | None, opt("--match", require_value, "TEXT", "Only what holds this text, with or without tone marks.")
]
