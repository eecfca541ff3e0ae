"""Units of a federation: their kinds in order of level, the kind that a name implies, what may stand under what."""

from datetime import date
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.values.choices import codes, spoken
from ucli.values.dates import date_text, parse_date
from ucli.values.names import fold


class Unit(NamedTuple):
    """A unit by its name, today's or that of a day."""

    id: int
    code: str
    name: str
    kind: str


# The year in which the trade union was founded: nothing that it records happened before.
FIRST_YEAR = 1929

UNION = "union"
MEMBER_UNION = "member-union"  # a part of a grassroots union
GRASSROOTS = (UNION, MEMBER_UNION)  # units whose members are recorded
CLUSTER = "cluster"
PROVINCE = "province"
WARD = "ward"

# From the top down with their levels: a unit belongs under one of a smaller level.
_KINDS = (
    ("confederation", 0, marked("confederation")),
    (PROVINCE, 1, marked("province")),
    ("industry", 1, marked("national industry union")),
    ("corporation", 1, marked("corporation")),
    ("sector", 2, marked("sector")),
    ("zone", 2, marked("industrial zone")),
    ("district", 2, marked("district")),
    (WARD, 3, marked("ward or commune")),
    (UNION, 4, marked("grassroots union")),
    (MEMBER_UNION, 5, marked("member union")),
    (CLUSTER, 9, marked("cluster")),
)
LEVELS = {kind: level for kind, level, _name in _KINDS}
NAMES = {kind: name for kind, _level, name in _KINDS}
KINDS = codes("kind of unit")
KIND_ALIASES = spoken("kind of unit")

# What a report can be grouped by: a kind of unit, the year's clusters, the units directly below, or time.
BY_CHILDREN, BY_MONTH, BY_QUARTER, BY_YEAR, BY_PERIOD = "unit", "month", "quarter", "year", "period"
BY_TIME = (BY_YEAR, BY_QUARTER, BY_MONTH, BY_PERIOD)
GROUPINGS = (*KINDS, CLUSTER, BY_CHILDREN, *BY_TIME)
GROUPING_ALIASES = KIND_ALIASES | spoken("grouping")

SECTORS = codes("economic sector")
# What is done for a house.
FORMS = codes("form of support")

# Why a unit ended, besides the statute's reasons; mergers and splits are recorded by their successors.
DISSOLVED, REORGANISED, MERGED, SPLIT = "dissolved", "reorganised", "merged", "split"

# Under the statute a grassroots union is founded by at least five members.
_FEWEST_FOUNDERS = 5


def kind_in_name(name: str, default: str = PROVINCE) -> str:
    """Guess a unit's kind from its name; the default, a provincial federation, if the name implies nothing else."""
    words = f" {fold(name)} "
    for kind in (MEMBER_UNION, UNION, *KINDS):  # a union's name may contain that of its ward or zone
        if kind != PROVINCE and any(of == kind and f" {alias} " in words for alias, of in KIND_ALIASES.items()):
            return kind
    return default


# How names of one level begin, as official lists have them.
_BY_RANK = (" thanh pho ", " tp ", " quan ", " thi xa ", " huyen ", " phuong ", " thi tran ", " xa ", " dac khu ")
_LAST = ("sector", "industry", "corporation")


def official_order(unit: Unit | None) -> tuple[int, int, str, int]:
    """Return the sorting key of official lists.

    Provinces by their numbers; below them cities before towns and districts, each in the order recorded, and sector
    unions last. Grassroots unions, and units whose names do not tell what they are, come in dictionary order.
    """
    if unit is None:
        return len(KINDS), 0, "", 0
    if unit.kind == PROVINCE and unit.code.isdecimal():
        return 0, 0, unit.code, unit.id
    if unit.kind in GRASSROOTS:
        return 0, 0, "", 0
    words = f" {fold(unit.name).replace('.', ' ')} "
    rank = next((number for number, it in enumerate(_BY_RANK) if it in words), len(_BY_RANK))
    is_last = unit.kind in _LAST
    return int(is_last), rank, "", unit.id if is_last or rank < len(_BY_RANK) else 0


def belongs_under(kind: str, parent_kind: str) -> bool:
    """Tell whether a unit of one kind can be directly below one of another; a member union only below its union."""
    if kind == MEMBER_UNION:
        return parent_kind == UNION
    return LEVELS[parent_kind] < LEVELS[kind] or kind == parent_kind == UNION


def require_founders(members: int | None, *, confirmed: bool) -> None:
    """Refuse a founding that the statute does not allow, unless the officer confirms it."""
    if members is not None and members < _FEWEST_FOUNDERS and not confirmed:
        raise RejectedError(
            _("A grassroots union needs at least {fewest} founding members; given: {members}.").format(
                fewest=_FEWEST_FOUNDERS, members=members
            ),
            why=_("Leave the number out if the members come by name in a list of their own."),
            instead=_("If the founding was recognised anyway, repeat the command with --yes."),
        )


def require_past(day: date) -> date:
    """Return a day; refuse one in the future."""
    if day > date.today():  # noqa: DTZ011
        raise RejectedError(
            _("{day} is in the future.").format(day=date_text(day)),
            why=_("This machine's clock says {today}.").format(today=date_text(date.today())),  # noqa: DTZ011
            instead=_("A fact is recorded on its day or later; type the day it happened."),
        )
    return day


def parse_structure(text: str) -> date | None:
    """Parse --structure: the day whose organisation is meant; None for that of each event's own day."""
    if fold(text) in ("then", "khi do"):
        return None
    return date.today() if fold(text) in ("now", "nay", "hien nay") else require_fact_day(parse_date(text))  # noqa: DTZ011


def require_fact_day(day: date) -> date:
    """Return the day of an event; refuse one in the future or before there was a trade union."""
    if day.year < FIRST_YEAR:
        raise RejectedError(
            _("{day} lies before {year}, the founding year of the trade union.").format(
                day=date_text(day), year=FIRST_YEAR
            ),
            instead=_("Check the year."),
        )
    return require_past(day)
