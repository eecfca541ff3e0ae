"""The registers: where what is recorded for a unit stands, and which of its rows count as what.

A `Register` is a table of dated rows; a `Source` is what is counted of one: who was admitted, who left, who came from
another union or went there, what was founded, ended and paid, and what there is on a day. Another office sends sums of
just these sources (the table `received`), by the same `part`, `sort` and `fund`.
"""

from typing import Any, NamedTuple

from ucli.i18n import marked
from ucli.values.members import LEFT_BY, MERGED, TRANSFER
from ucli.values.units import FORMS, UNION


class Register(NamedTuple):
    """A table of what is recorded for a unit on days that must touch its life; columns are SQL on its row."""

    table: str
    kind: str  # as the command that lists it is called
    unit: str
    first: str
    last: str
    number: str  # by what people know a row
    told: str  # how one of its rows is told of
    void: str = ""  # the command that voids a row by its number
    voided: str = ""  # what that says
    texts: str = ""  # the columns in which officers write

    @property
    def shown_by(self) -> str:
        return f"“ucli {self.kind}”"


_WINDOW = ("unit", "start_day", "end_day")
# fmt: off
_REGISTERS = (
    Register("membership", "members", "union_unit", "admitted", "admitted", "id", marked("Member {number}: {why}"),
             "void-member", marked("Member {number} was voided."), "decision"),
    Register("payout", "payouts", "unit", "day", "day", "id", marked("Payout {number}: {why}"),
             "void-payout", marked("Payout {number} was voided."), "decision fund"),
    Register("figure", "figures", *_WINDOW, "id", marked("Figure {number}: {why}"),
             "void-figure", marked("Figure {number} was voided."), "decision source"),
    Register("target", "targets", *_WINDOW, "id", marked("Target {number}: {why}"),
             "void-target", marked("Target {number} was voided."), "decision"),
    Register("award", "awards", *_WINDOW, "id", marked("Award {number}: {why}"),
             "void-award", marked("Award {number} was voided."), "title decision"),
    Register("period", "periods", *_WINDOW, "code", marked("Term {number}: {why}")),
    Register("received", "origins", "unit", "place", "place", "register",
             marked("A sum of {number} from a bundle: {why}")),
    Register("cluster_member", "clusters", "unit", "year || '-01-01'", "year || '-12-31'", "year",
             marked("Cluster of {number}: {why}")),
)
# fmt: on
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

    @property
    def falls(self) -> str:
        """Whether a row lies between the days s.first and s.last, and belongs to what holds from s.since to s.until.

        Of what there is on a day: whether it does on the day s.day.
        """
        if self.stands:
            return f"s.since <= s.day AND s.day < s.until AND {self.stands.format(day='s.day')}"
        begins = f" AND {self.first} >= s.first" if self.first else ""
        return f"{self.day} BETWEEN s.first AND s.last{begins} AND s.since <= {self.place} AND {self.place} < s.until"


def of_kind(unit: str, *kinds: str, day: str = "") -> str:
    """Return in SQL whether a unit was of one of some kinds, on a day or ever."""
    then = f" AND k.from_day <= {day} AND {day} < k.to_day" if day else ""
    among = ", ".join(f"'{kind}'" for kind in kinds)
    return f"EXISTS (SELECT 1 FROM unit_name k WHERE k.unit = {unit} AND k.kind IN ({among}){then})"


# A member who leaves belongs to the union until the day before, but at least on the day of admission.
EVE_OF_LEAVING = """max({row}.admitted, date({row}."left", '-1 day'))"""
_WENT = (TRANSFER, MERGED)  # why a membership ends that goes on in another union
_ARRIVED, _WENT_ON = f"r.begun_by = '{TRANSFER}'", f"r.left_by IN {_WENT}"
SEX = "(SELECT p.sex FROM person p WHERE p.id = r.person)"
PROGRAMME = "(SELECT e.code FROM programme_entry e WHERE e.programme = r.programme)"
_LIFE, _MEMBERSHIP = ("unit_life", "r.unit"), ("membership", "r.union_unit")
_ADMITTED = (*_MEMBERSHIP, "r.admitted", "r.admitted")
_LEFT = (*_MEMBERSHIP, 'r."left"', EVE_OF_LEAVING.format(row="r"))
_MEMBERS: dict[str, Any] = {"number": "r.members", "sort": f"coalesce({SEX}, '')", "sorts": ("", "male", "female")}
_CAME_FROM = "FROM membership o WHERE o.id = r.came_from"


def foundings(name: str, *kinds: str) -> Source:
    """Return the foundings of units of some kinds."""
    return Source(name, *_LIFE, "r.founded", "r.founded", of_kind("r.unit", *kinds), key="r.unit")


# fmt: off
_SOURCES = (
    foundings("foundings", UNION),
    Source("endings", *_LIFE, "r.ended", "date(r.ended, '-1 day')", of_kind("r.unit", UNION), key="r.unit",
           part="iif(r.end_reason IN ('merged', 'split'), 'merged', '')", parts=("", "merged")),
    Source("admissions", *_ADMITTED, but=_ARRIVED, **_MEMBERS),
    Source("departures", *_LEFT, f"r.left_by IN ({', '.join(map(repr, LEFT_BY))})",
           part="r.left_by", parts=tuple(LEFT_BY), **_MEMBERS),
    Source("arrivals", *_ADMITTED, _ARRIVED, number="r.members",
           part=f"coalesce((SELECT o.left_by {_CAME_FROM}), 'transfer')", parts=_WENT,
           other=f"coalesce((SELECT o.union_unit {_CAME_FROM}), 0)"),
    Source("goings", *_LEFT, _WENT_ON, part="r.left_by", parts=_WENT, number="r.members",
           other="coalesce((SELECT min(o.union_unit) FROM membership o WHERE o.came_from = r.id), 0)"),
    Source("payouts", "payout", "r.unit", "r.day", "r.day", part=PROGRAMME, parts=(),
           sort="coalesce(r.form, '')", sorts=("", *FORMS), fund="coalesce(r.fund, '')",
           number="r.recipients", amount="r.amount + r.in_kind", unvalued="r.unvalued"),
    # What there is on a day: open memberships, unions in being.
    Source("members", *_ADMITTED, **_MEMBERS,
           stands='r.admitted <= {day} AND (r."left" IS NULL OR r."left" > {day})'),
    Source("unions", *_LIFE, "r.founded", "r.founded", key="r.unit", stands=of_kind("r.unit", UNION, day="{day}")),
)
# fmt: on
SOURCES = {it.name: it for it in _SOURCES}
