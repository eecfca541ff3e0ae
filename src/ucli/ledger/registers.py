"""The registers: where what is recorded for a unit stands, and which of its rows count as what.

A `Register` is a table of dated rows; a `Source` is what is counted of one: who was admitted, who left, who came from
another union or went there, what was founded, ended and paid, and what there is on a day. Another office sends sums of
just these sources (the table `received`), by the same `part`, `sort` and `fund`.
"""

from typing import Any, NamedTuple

from ucli.i18n import marked
from ucli.values.members import LEFT_BY
from ucli.values.units import FORMS, UNION


class Register(NamedTuple):
    """A table of what is recorded for a unit on days that must touch its life; columns are SQL on its row."""

    table: str
    kind: str  # as the command that lists it is called
    unit: str
    first: str
    last: str
    told: str  # how one of its rows is told of
    number: str = "id"  # by what people know a row
    void: str = ""  # the command that voids a row by its number
    voided: str = ""  # what that says
    texts: str = ""  # the columns in which officers write

    @property
    def shown_by(self) -> str:
        return f"“ucli {self.kind}”"


_WINDOW = ("unit", "start_day", "end_day")
_REGISTERS = (
    Register(
        "membership",
        "members",
        *("union_unit", "admitted", "admitted"),
        marked("Member {number}: {why}"),
        void="void-member",
        voided=marked("Member {number} was voided."),
        texts="decision",
    ),
    Register(
        "payout",
        "payouts",
        *("unit", "day", "day"),
        marked("Payout {number}: {why}"),
        void="void-payout",
        voided=marked("Payout {number} was voided."),
        texts="decision fund",
    ),
    Register(
        "figure",
        "figures",
        *_WINDOW,
        marked("Figure {number}: {why}"),
        void="void-figure",
        voided=marked("Figure {number} was voided."),
        texts="decision source",
    ),
    Register(
        "target",
        "targets",
        *_WINDOW,
        marked("Target {number}: {why}"),
        void="void-target",
        voided=marked("Target {number} was voided."),
        texts="decision",
    ),
    Register(
        "award",
        "awards",
        *_WINDOW,
        marked("Award {number}: {why}"),
        void="void-award",
        voided=marked("Award {number} was voided."),
        texts="title decision",
    ),
    Register("period", "periods", *_WINDOW, marked("Term {number}: {why}"), number="code"),
    Register(
        "received",
        "origins",
        *("unit", "place", "place"),
        marked("A sum of {number} from a bundle: {why}"),
        number="register",
    ),
    Register(
        "cluster_member",
        "clusters",
        *("unit", "year || '-01-01'", "year || '-12-31'"),
        marked("Cluster of {number}: {why}"),
        number="year",
    ),
)
REGISTERS = {it.table: it for it in _REGISTERS}
# Those whose rows may be voided by their numbers, by the command that does.
VOIDED_BY = {it.void: it for it in _REGISTERS if it.void}


class Source(NamedTuple):
    """Rows of a register that count; all but the name, the table and what may stand in a sum is SQL on the row r."""

    name: str
    table: str
    unit: str
    day: str  # on which it counts; of what there is on a day, since when it does
    place: str  # the day that says whom it belongs to
    only: str = "1"
    but: str = ""  # which of those do not count, where an index holds just them: they are taken off again
    part: str = "''"  # why members left or unions ended; of payouts the programme
    sort: str = "''"  # of members the sex, of payouts the form
    fund: str = "''"
    other: str = "0"  # of those who went over to another union: the unit at the other end
    number: str = "1"
    amount: str = "0"
    unvalued: str = "0"
    stands: str = ""  # of what there is on a day: whether it does on the day {day}
    first: str = ""  # of a sum: its first day, where `day` is the last
    key: str = "r.id"
    parts: tuple[str, ...] = ("",)  # what may stand in each; of payouts any programme
    sorts: tuple[str, ...] = ("",)

    @property
    def counts(self) -> str:
        """Whether a row counts."""
        return f"{self.only} AND NOT {self.but}" if self.but else self.only


def of_kind(unit: str, *kinds: str, day: str = "") -> str:
    """Return in SQL whether a unit was of one of some kinds, on a day or ever."""
    then = f" AND n.from_day <= {day} AND {day} < n.to_day" if day else ""
    among = ", ".join(f"'{kind}'" for kind in kinds)
    return f"EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = {unit} AND n.kind IN ({among}){then})"


# The day of belonging of who leaves: not of the day of leaving any more, but on the very day of the admission.
EVE_OF_LEAVING = """max({row}.admitted, date({row}."left", '-1 day'))"""
ARRIVED, WENT = "r.begun_by = 'transfer'", "r.left_by IN ('transfer', 'merged')"
SEX = "(SELECT p.sex FROM person p WHERE p.id = r.person)"
PROGRAMME = "(SELECT e.code FROM programme_entry e WHERE e.programme = r.programme)"
_ADMITTED = ("membership", "r.union_unit", "r.admitted", "r.admitted")
_LEFT = ("membership", "r.union_unit", 'r."left"', EVE_OF_LEAVING.format(row="r"))
_MEMBERS: dict[str, Any] = {"number": "r.members", "sort": f"coalesce({SEX}, '')", "sorts": ("", "male", "female")}
_ENDED = ("unit_life", "r.unit", "r.ended", "date(r.ended, '-1 day')")


def foundings(name: str, *kinds: str) -> Source:
    """Return the foundings of units of some kinds."""
    return Source(name, "unit_life", "r.unit", "r.founded", "r.founded", of_kind("r.unit", *kinds), key="r.unit")


_SOURCES = (
    foundings("foundings", UNION),
    Source(
        "endings",
        *_ENDED,
        of_kind("r.unit", UNION),
        part="iif(r.end_reason IN ('merged', 'split'), 'merged', '')",
        key="r.unit",
        parts=("", "merged"),
    ),
    Source("admissions", *_ADMITTED, but=ARRIVED, **_MEMBERS),
    Source(
        "departures",
        *_LEFT,
        f"r.left_by IN ({', '.join(map(repr, LEFT_BY))})",
        part="r.left_by",
        parts=tuple(LEFT_BY),
        **_MEMBERS,
    ),
    Source(
        "arrivals",
        *_ADMITTED,
        ARRIVED,
        part="coalesce((SELECT o.left_by FROM membership o WHERE o.id = r.came_from), 'transfer')",
        other="coalesce((SELECT o.union_unit FROM membership o WHERE o.id = r.came_from), 0)",
        number="r.members",
        parts=("transfer", "merged"),
    ),
    Source(
        "goings",
        *_LEFT,
        WENT,
        part="r.left_by",
        other="coalesce((SELECT min(o.union_unit) FROM membership o WHERE o.came_from = r.id), 0)",
        number="r.members",
        parts=("transfer", "merged"),
    ),
    Source(
        "payouts",
        *("payout", "r.unit", "r.day", "r.day"),
        part=PROGRAMME,
        sort="coalesce(r.form, '')",
        fund="coalesce(r.fund, '')",
        number="r.recipients",
        amount="r.amount + r.in_kind",
        unvalued="r.unvalued",
        parts=(),
        sorts=("", *FORMS),
    ),
    # What there is on a day: open memberships, unions in being.
    Source(
        "members",
        *_ADMITTED,
        stands='r.admitted <= {day} AND (r."left" IS NULL OR r."left" > {day})',
        **_MEMBERS,
    ),
    Source(
        "unions",
        *("unit_life", "r.unit", "r.founded", "r.founded"),
        stands=of_kind("r.unit", UNION, day="{day}"),
        key="r.unit",
    ),
)
SOURCES = {it.name: it for it in _SOURCES}
