"""How an option, a switch and an argument are declared, and those of more than one command.

What one command alone takes is the default of its parameter; what many take is the parameter's type:
`def add_payout(unit: UnitName, fund: str | None = optional(remark, "The fund it came from."), …)`.
Those that go together are a group, a named tuple, and one parameter: `def movement(asked: ReportRequest, …)`.
Metavars and help sentences are messages of the catalogue.
"""

import sqlite3
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, NamedTuple

import typer

from ucli.cli.app import remark, require_value
from ucli.cli.values import count, day, member_ref, money, name_text, new_name, number, past_day, structure
from ucli.errors import UsageError
from ucli.i18n import _, marked
from ucli.ledger import catalogue, periods, units
from ucli.values.indicators import Indicator
from ucli.values.periods import Window
from ucli.values.units import Unit

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
_MEMBER = marked("A member: card, name or number in the list; no:12 is always that number; - asks for it.")
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
RowNumber = Annotated[int, _arg(number, "NUMBER", "The number in the list.")]
HowMany = Annotated[int | None, _opt("--members", count, "N", "How many members, for a group recorded without names.")]
Code = Annotated[str | None, _opt("--code", name_text, "CODE", "A short code; by default made from the name.")]

# When
_PERIOD = _opt(
    "--period -p",
    require_value,
    "PERIOD",
    "2024, 2024-H1, 2024-9M, 2024-06, 2024u, 2024-07-01..2024-07-31, or a code of “ucli periods”.",
)
PeriodCode = Annotated[str, _PERIOD]
MaybePeriod = Annotated[str | None, _PERIOD]
PeriodWords = Annotated[list[str] | None, _arg(require_value, "[PERIOD]", "The period, instead of --period.")]
_AGAINST = marked("Compare part of a longer period with its targets: --period 2025-H1 --against 2025.")
Against = Annotated[str | None, _opt("--against", require_value, "PERIOD", _AGAINST)]
AsOf = Annotated[date | None, _opt("--as-of", day, "DATE", "The last day that is counted.")]
On = Annotated[date | None, _opt("--on", day, "DATE", "As of this date; default today.")]
ChangeDay = Annotated[date, _opt("--on", past_day, "DATE", "The first day on which this applies.")]
Admitted = Annotated[date, _opt("--admitted", past_day, "DATE", "The day of admission.")]
_AS_KNOWN = marked("The ledger as it was after an operation, or at the end of a day.")
AsKnown = Annotated[str | None, _opt("--as-known", require_value, "OPERATION|DATE", _AS_KNOWN)]
_STRUCTURE = marked("Organisation as of each event's date (then), as of today (now), or as of a date.")
Structure = Annotated[date | None, _opt("--structure", structure, "then|now|DATE", _STRUCTURE)]

# Beside it
Decision = Annotated[str | None, _opt("--decision", remark, "NO", "Number of the decision document.")]
Match = Annotated[
    str | None,
    _opt("--match --name", require_value, "TEXT", "Only entries that contain this text, with or without tone marks."),
]


# Groups: a command that has a parameter of such a type takes all of its options


class ReportRequest(NamedTuple):
    """Whom and when a question is about, as typed; at most one of the first three is given."""

    province: Provinces = None
    unit: MaybeUnit = None
    cluster: MaybeCluster = None
    words: PeriodWords = None  # behind the command: the period
    period: MaybePeriod = None
    as_of: AsOf = None
    structure: Structure = None
    as_known: AsKnown = None


class ListRequest(NamedTuple):
    """Which rows of a register are listed."""

    unit: MaybeUnit = None
    period: MaybePeriod = None
    structure: Structure = None


class Subject(NamedTuple):
    """What a figure or a target is about; one of unit and cluster is given."""

    indicator: IndicatorName
    period: PeriodCode
    unit: MaybeUnit = None
    cluster: MaybeCluster = None

    def of(self, db: sqlite3.Connection) -> tuple[Indicator, Unit, Window]:
        """Return them; names and codes are those of the window's last day."""
        indicator = catalogue.find_indicator(db, self.indicator)
        if not periods.is_term(db, self.period):
            window = periods.find_window(db, self.period)
            return indicator, self._unit(db, window.end), window
        unit = self._unit(db, None)
        return indicator, unit, periods.find_window(db, self.period, unit=unit.id)

    def _unit(self, db: sqlite3.Connection, day: date | None) -> Unit:
        if found := units.find_named(db, day, unit=self.unit, cluster=self.cluster):
            return found[0]
        raise UsageError(
            _("No unit or cluster was named."), instead=_("Name a unit with --unit, or a cluster with --cluster.")
        )
