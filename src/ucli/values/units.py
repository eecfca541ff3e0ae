"""Units of a federation: their kinds, in order of level, what a name says of a unit's kind, when there can be one."""

from datetime import date
from typing import NamedTuple

from ucli.errors import RejectedError
from ucli.i18n import _, marked
from ucli.values.dates import date_text
from ucli.values.names import fold


class Unit(NamedTuple):
    """A unit as it is called, or was on a day."""

    id: int
    code: str
    name: str
    kind: str


# The year in which the trade union was founded: nothing that it records happened before.
FIRST_YEAR = 1929

UNION = "union"
CLUSTER = "cluster"
PROVINCE = "province"
WARD = "ward"

# From the top down; the number is the level: a unit belongs under one of a smaller number.
LEVELS = {
    "confederation": 0,
    PROVINCE: 1,
    "industry": 1,
    "corporation": 1,
    "sector": 2,
    "district": 2,
    "zone": 2,
    WARD: 3,
    UNION: 4,
    CLUSTER: 9,
}
NAMES = {
    "confederation": marked("confederation"),
    PROVINCE: marked("province"),
    "industry": marked("national industry union"),
    "corporation": marked("corporation"),
    "sector": marked("sector"),
    "district": marked("district"),
    "zone": marked("industrial zone"),
    WARD: marked("ward or commune"),
    UNION: marked("grassroots union"),
    CLUSTER: marked("cluster"),
}
KINDS = tuple(kind for kind in LEVELS if kind != CLUSTER)

# What a table can be grouped by: a kind of unit, the year's clusters, the units directly below, or time.
BY_CHILDREN, BY_MONTH, BY_QUARTER = "unit", "month", "quarter"
GROUPINGS = (*KINDS, CLUSTER, BY_CHILDREN, BY_QUARTER, BY_MONTH)

SECTORS = ("state", "public", "non-state", "fdi")
# What people type for them.
SECTOR_ALIASES = {
    "nha nuoc": "state",
    "su nghiep": "public",
    "su nghiep cong lap": "public",
    "ngoai nha nuoc": "non-state",
    **{sector: sector for sector in SECTORS},
}

# Why a unit ended. The statute's reasons first; a merger and a split are known by their successors.
DISSOLVED, REORGANISED, MERGED, SPLIT = "dissolved", "reorganised", "merged", "split"
END_REASONS = (DISSOLVED, "employer-ceased", "against-statute", "too-few-members", REORGANISED)

# Under the statute a grassroots union is founded by at least five members.
FEWEST_FOUNDERS = 5

# What people type for kinds and groupings, folded.
KIND_ALIASES = {
    "tong lien doan": "confederation",
    "tong ldld": "confederation",
    "tld": "confederation",
    "tinh": PROVINCE,
    "thanh pho": PROVINCE,
    "tp": PROVINCE,
    "tinh, thanh pho": PROVINCE,
    "nganh trung uong": "industry",
    "cong doan nganh trung uong": "industry",
    "tong cong ty": "corporation",
    "tap doan": "corporation",
    "nganh": "sector",
    "cong doan nganh": "sector",
    "huyen": "district",
    "quan": "district",
    "thi xa": "district",
    "kcn": "zone",
    "khu cong nghiep": "zone",
    "phuong": WARD,
    "xa": WARD,
    "dac khu": WARD,
    "thi tran": WARD,
    "cdcs": UNION,
    "cong doan co so": UNION,
}
GROUPING_ALIASES = {
    **KIND_ALIASES,
    "cum": CLUSTER,
    "cum thi dua": CLUSTER,
    "don vi": BY_CHILDREN,
    "don vi truc thuoc": BY_CHILDREN,
    "quy": BY_QUARTER,
    "thang": BY_MONTH,
}

_SIGNS_OF_KIND = (
    ("tong lien doan", "confederation"),
    ("tong ldld", "confederation"),
    ("nganh", "sector"),
    ("vien chuc", "sector"),
    ("khu cong nghiep", "zone"),
    ("khu kinh te", "zone"),
    ("tong cong ty", "corporation"),
    ("tap doan", "corporation"),
    ("cdcs", UNION),
    ("cong doan co so", UNION),
    ("huyen", "district"),
    ("quan", "district"),
    ("thi xa", "district"),
    ("phuong", WARD),
    ("xa", WARD),
    ("dac khu", WARD),
)


def kind_in_name(name: str) -> str:
    """Guess a unit's kind from its name; a provincial federation when the name says nothing else."""
    words = f" {fold(name)} "
    for sign, kind in _SIGNS_OF_KIND:
        if f" {sign} " in words:
            return kind
    return PROVINCE


def belongs_under(kind: str, parent_kind: str) -> bool:
    return LEVELS[parent_kind] < LEVELS[kind] or kind == parent_kind == UNION


def require_founders(members: int | None, *, confirmed: bool) -> None:
    """Refuse a founding that the statute does not know, unless the officer says so.

    Raises:
        RejectedError: fewer than five founding members.

    """
    if members is not None and members < FEWEST_FOUNDERS and not confirmed:
        raise RejectedError(
            _("A grassroots union is founded by at least {fewest} members; given: {members}.").format(
                fewest=FEWEST_FOUNDERS, members=members
            ),
            instead=_("If the founding was recognised all the same, repeat the command with --yes."),
        )


def require_past(day: date) -> date:
    """Return a day that has come.

    Raises:
        RejectedError: it lies in the future.

    """
    if day > date.today():  # noqa: DTZ011
        raise RejectedError(
            _("{day} is in the future.").format(day=date_text(day)),
            why=_("By this machine's clock today is {today}.").format(today=date_text(date.today())),  # noqa: DTZ011
            instead=_("A fact is recorded on its day or after it; type the day it happened."),
        )
    return day


def require_fact_day(day: date) -> date:
    """Return the day of a fact of the trade union.

    Raises:
        RejectedError: it lies in the future, or before there was a trade union.

    """
    if day.year < FIRST_YEAR:
        raise RejectedError(
            _("{day} lies before {year}, the founding year of the trade union.").format(
                day=date_text(day), year=FIRST_YEAR
            ),
            instead=_("Check the year."),
        )
    return require_past(day)
