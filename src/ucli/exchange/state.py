"""The state of an office, as a bundle carries it: sums, figures and awards by unit, no personal data.

It is a complete state, never a difference: a bundle that is lost or imported twice does no harm. Sums by month, of the
units above the grassroots, are the default, for what one union paid on one day may identify somebody.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ucli.errors import RefusedError, RejectedError
from ucli.exchange.package import packed, require_readable
from ucli.exchange.signing import signed
from ucli.i18n import _
from ucli.ledger.operations import last_operation
from ucli.ledger.registers import SOURCES, of_kind
from ucli.ledger.settings import own_number
from ucli.ledger.units import office
from ucli.values.dates import date_text
from ucli.values.periods import FOREVER
from ucli.values.units import CLUSTER, UNION

PROFILE = "ucli-bundle/1"
DAY, MONTH = GRAINS = ("day", "month")
UNIT = "unit"
LEVELS = (UNION, UNIT)  # whose sums: of each union, or of the units above them
# The tables of a bundle, in the order in which they are written: which units there are, those before tell.
COLUMNS = {
    "sums": (
        "unit:i register part? sort? fund? other:i? start_day:d end_day:d place:d number:i amount:i unvalued:i union:i?"
    ),
    "figures": (
        "unit:i indicator start_day:d end_day:d period kind value:i? part:i? whole:i? qualifier? stated_percent?"
        " stated_qualifier? speaks_for? received:d?"
    ),
    "awards": "unit:i title start_day:d end_day:d period",
    "units": "number:i code name kind from_day:d to_day:d",
    "indicators": "code measure kind is_state:i",
    "seals": "operation:i seal",
}
_OTHER = 5  # index within a sum of the unit that members went to or came from
# A bundle names so many seals of operations, by which an office sees that it continues an older one.
_SEALS = 20_000


class Extent(NamedTuple):
    """The grain and level of a bundle's sums, and the last day."""

    grain: str = MONTH
    level: str = UNIT
    until: date | None = None


class State(NamedTuple):
    """The package, and how much is in it."""

    package: bytes
    about: dict[str, object]
    sums: int
    figures: int
    left_out: int  # figures of grassroots unions, left out where sums are those of the units above


def bundle_of(db: sqlite3.Connection, asked: Extent, key: Path) -> State:
    """Return the state of the ledger's office as a signed bundle."""
    whose = office(db)
    if whose is None:
        raise RefusedError(_("This ledger has no office yet."), instead=_("Name it first: ucli init --office NAME."))
    if asked.until and asked.until > date.today():  # noqa: DTZ011
        raise RejectedError(
            _("{day} is in the future.").format(day=date_text(asked.until)),
            instead=_("Leave --until out: the bundle then goes up to today, and the next one is not older."),
        )
    until = (asked.until or date.today()).isoformat()  # noqa: DTZ011
    by_union = asked.level == UNION
    _prepare(db, whose.id, by_union=by_union)
    require_readable(text for (text,) in db.execute(_TYPED))
    sums = _Noted(_sums(db, until, by_union=by_union, by_month=asked.grain == MONTH))
    # An estimate concerns days to come; everything else is included up to the last day.
    bound = {"by_union": by_union, "last": until if asked.until else FOREVER}
    figures, awards = db.execute(_FIGURES, bound).fetchall(), db.execute(_AWARDS, bound).fetchall()
    (left_out,) = db.execute(_LEFT_OUT, bound).fetchone()
    known, at = last_operation(db)
    seals = db.execute("SELECT number, chain FROM operation ORDER BY number DESC LIMIT ?", (_SEALS,)).fetchall()
    about: dict[str, object] = {
        "ledger": own_number(db),
        "office": {"number": whose.id, "code": whose.code, "name": whose.name},
        "operation": known,
        "seal": seals[0][1],
        "recorded": at,
        "until": until,
        "grain": asked.grain,
        "level": asked.level,
    }
    stating = {row[0] for rows in (figures, awards) for row in rows}
    tables: dict[str, Iterable[Sequence[object]]] = {
        "sums": sums,
        "figures": figures,
        "awards": awards,
        "units": _units(db, chain([whose.id], stating, sums.units)),
        "indicators": _indicators(db, {row[1] for row in figures}),
        "seals": [(number, seal[:16]) for number, seal in seals],
    }
    package = packed(
        PROFILE, about, {name: (COLUMNS[name], tables[name]) for name in COLUMNS}, lambda raw: signed(raw, key)
    )
    return State(package, about, sums.number, len(figures), left_out)


class _Noted:
    """Sums on their way into a bundle: how many there were, and which units they name."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = rows
        self.number = 0
        self.units: set[int | None] = set()

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self._rows:
            self.number += 1
            self.units.update((row[0], row[_OTHER], row[-1]))
            yield row


def facts_by_day(db: sqlite3.Connection, origin: int | None = None) -> Iterator[Sequence[object]]:
    """Yield the sums of all units by day, without which other unit there was: of this ledger alone, or of an origin."""
    if origin is not None:
        yield from db.execute(
            "SELECT unit, register, part, sort, fund, start_day, end_day, place, number, amount, unvalued FROM received"
            " WHERE origin = ?",
            (origin,),
        )
        return
    _prepare(db, None, by_union=True)
    for *row, _union in _sums(db, FOREVER, by_union=True, alone=True):
        del row[_OTHER]
        yield row


def _units(db: sqlite3.Connection, numbers: Iterable[int | None]) -> Iterator[Sequence[object]]:
    """Yield the names of some units, which are asked for as the first name is."""
    among = ", ".join(map(str, sorted({*filter(None, numbers)})))
    yield from db.execute(
        "SELECT unit, code, name, kind, from_day, to_day FROM unit_name"
        f" WHERE unit IN ({among}) ORDER BY unit, from_day"
    )


def _indicators(db: sqlite3.Connection, codes: set[str]) -> list[Sequence[object]]:
    rows = db.execute("SELECT code, measure, kind, is_state FROM indicator_entry ORDER BY code")
    return [row for row in rows.fetchall() if row[0] in codes]


def _prepare(db: sqlite3.Connection, whose: int | None, *, by_union: bool) -> None:
    """Fill temporary tables with the office's units, the unit that counts for each union, and their days.

    own      the units that were ever at or below the office
    upper    by union and days the unit above the grassroots that it was under
    segment  by unit the days during which it was in one place of the tree
    """
    for name in ("own", "upper", "segment"):
        db.execute(f"DROP TABLE IF EXISTS temp.{name}")
    db.execute("CREATE TEMP TABLE own (unit INTEGER PRIMARY KEY)")
    db.execute("INSERT INTO temp.own SELECT DISTINCT unit FROM ancestry WHERE coalesce(ancestor = ?, 1)", (whose,))
    db.execute(f"CREATE TEMP TABLE upper AS {_UPPER} AND {not by_union}")
    db.execute("CREATE INDEX temp.upper_by_unit ON upper (unit, from_day)")
    db.execute(f"CREATE TEMP TABLE segment AS {SEGMENTS}")
    db.execute("CREATE INDEX temp.segment_by_unit ON segment (unit, from_day)")


# Above a union the nearest unit that is none: below it on the same days stands a union. While that is not the office's,
# the union counts for itself.
_UPPER = f"""
SELECT a.unit, iif(a.ancestor IN temp.own, a.ancestor, a.unit) AS upper, max(a.from_day, b.from_day) AS from_day,
    min(a.to_day, b.to_day) AS to_day
FROM temp.own o JOIN ancestry a ON a.unit = o.unit AND a.depth > 0
JOIN ancestry b ON b.unit = a.unit AND b.depth = a.depth - 1 AND b.from_day < a.to_day AND a.from_day < b.to_day
WHERE {of_kind("a.unit", UNION)} AND {of_kind("b.ancestor", UNION)} AND NOT {of_kind("a.ancestor", UNION)}
"""
# By unit the days during which it was in one place of the tree.
SEGMENTS = f"""
SELECT unit, day AS from_day, lead(day, 1, '{FOREVER}') OVER (PARTITION BY unit ORDER BY day) AS to_day
FROM (SELECT unit, from_day AS day FROM ancestry UNION SELECT unit, to_day FROM ancestry)
"""
_OF_UNIONS = ("foundings", "endings")
_MEMBERS = SOURCES["members"]
_WHOSE = f"{_MEMBERS.unit} AS unit, 'members' AS register, {_MEMBERS.sort} AS sort"
# The change in members and unions of a unit on a day.
_STEPS = f"""
SELECT {_WHOSE}, r.admitted AS first, r.admitted AS day, r.members AS number, NULL AS of_union FROM membership r
UNION ALL
SELECT {_WHOSE}, r."left", r."left", -r.members, NULL FROM membership r WHERE r."left" NOTNULL
UNION ALL
SELECT unit, 'unions', '', from_day, from_day, 1, unit FROM unit_name WHERE kind = 'union' AND NOT :by_union
UNION ALL
SELECT unit, 'unions', '', to_day, to_day, -1, unit FROM unit_name
WHERE kind = 'union' AND NOT :by_union AND to_day < '{FOREVER}'
UNION ALL
SELECT unit, register, sort, start_day, end_day, number, NULL FROM received
WHERE NOT :alone AND register IN ('members', 'unions')
"""
# A union that goes to another unit takes its members along.
_STEPS_OF_UPPERS = """
SELECT unit, register, sort, first, day, number, of_union FROM step WHERE unit NOT IN (SELECT unit FROM temp.upper)
UNION ALL
SELECT u.upper, s.register, s.sort, max(s.first, u.from_day), max(s.day, u.from_day), s.number, s.of_union
FROM step s JOIN temp.upper u ON u.unit = s.unit AND u.to_day > s.day
UNION ALL
SELECT u.upper, s.register, s.sort, u.to_day, u.to_day, -s.number, s.of_union
FROM step s JOIN temp.upper u ON u.unit = s.unit AND u.to_day > s.day
"""


# What is counted, row by row: whose, in which register, on which days, and on which it is its own; of unions themselves
# which one, for the office that takes the sums may know it.
_COUNTED = (
    f"SELECT {it.unit} AS unit, '{it.name}' AS register, {it.part} AS part, {it.sort} AS sort, {it.fund} AS fund,"
    f" {it.other} AS other, {it.day} AS first, {it.day} AS last, {it.place} AS place, {it.number} AS number,"
    f" {it.amount} AS amount, {it.unvalued} AS unvalued, {it.unit if it.name in _OF_UNIONS else 'NULL'} AS of_union"
    f" FROM {it.table} r WHERE {it.day} NOTNULL AND {it.counts}"
    f"{' AND NOT :by_union' if it.name in _OF_UNIONS else ''}"
    for it in SOURCES.values()
    if not it.stands
)
_FLOWS = f"""{" UNION ALL ".join(_COUNTED)}
UNION ALL
SELECT unit, register, part, sort, fund, other, start_day, end_day, place, number, amount, unvalued, NULL
FROM received WHERE NOT :alone AND register NOT IN ('members', 'unions')
"""


def _sums(db: sqlite3.Connection, until: str, *, by_union: bool, by_month: bool = False, alone: bool = False) -> Any:
    """Return a cursor over the sums up to a day; of this ledger `alone`, without what it took."""
    cursor = db.cursor()
    cursor.row_factory = None  # of so many, tuples are made faster
    return cursor.execute(_SUMS, {"until": until, "by_union": by_union, "by_month": by_month, "alone": alone})


_SUMS = f"""
WITH flow AS ({_FLOWS}), step AS ({_STEPS}),
fact AS (
    SELECT coalesce(u.upper, f.unit) AS unit, f.register, f.part, f.sort, f.fund,
        coalesce(e.upper, iif(f.other IN temp.own, f.other, 0)) AS other, f.first, f.last, f.place, f.number, f.amount,
        f.unvalued, f.of_union
    FROM flow f JOIN temp.own o ON o.unit = f.unit
    LEFT JOIN temp.upper u ON u.unit = f.unit AND u.from_day <= f.place AND f.place < u.to_day
    LEFT JOIN temp.upper e ON f.other AND e.unit = f.other AND e.from_day <= f.place AND f.place <= e.to_day
    WHERE f.last <= :until
    UNION ALL
    SELECT s.unit, s.register, '', s.sort, '', 0, s.first, s.day, min(s.day, date(l.to_day, '-1 day')), s.number, 0, 0,
        s.of_union
    FROM ({_STEPS_OF_UPPERS}) s JOIN temp.own o ON o.unit = s.unit
    JOIN ancestry l ON l.unit = s.unit AND l.depth = 0 WHERE s.day <= :until),
placed AS (
    SELECT f.unit, f.register, f.part, f.sort, f.fund, f.other, f.number, f.amount, f.unvalued, f.of_union,
        iif(:by_month, substr(f.last, 1, 8) || '01', f.first) AS start_day,
        iif(:by_month, min(date(f.last, 'start of month', '+1 month', '-1 day'), :until), f.last) AS end_day,
        iif(:by_month, date(g.to_day, '-1 day'), f.place) AS place
    FROM fact f JOIN temp.segment g ON g.unit = f.unit AND g.from_day <= f.place AND f.place < g.to_day)
SELECT unit, register, part, sort, fund, other, start_day, end_day, min(place, end_day) AS place, sum(number),
    sum(amount), sum(unvalued), of_union
FROM placed WHERE unit <> other
GROUP BY unit, register, part, sort, fund, other, start_day, end_day, min(place, end_day), of_union
HAVING sum(number) <> 0 OR sum(amount) <> 0 OR sum(unvalued) <> 0
ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 13
"""
_OF_UNION = of_kind("n.unit", UNION)
_STATED_BY = f"n.unit IN temp.own AND NOT {of_kind('n.unit', CLUSTER)} AND (:by_union OR NOT {_OF_UNION})"
# What people typed that travels.
_TYPED = """
SELECT name FROM unit_name WHERE unit IN temp.own UNION SELECT title FROM award WHERE person IS NULL
UNION SELECT fund FROM payout WHERE fund NOTNULL UNION SELECT fund FROM received WHERE fund <> ''
"""
_IN_TIME = "iif(n.kind = 'estimate', n.start_day, n.end_day) <= :last"
_FIGURES = f"""
SELECT n.unit, e.code, n.start_day, n.end_day, n.period, n.kind, n.value, n.part, n.whole, n.qualifier,
    n.stated_percent, n.stated_qualifier, n.speaks_for, n.received
FROM figure n JOIN indicator_entry e ON e.indicator = n.indicator WHERE {_STATED_BY} AND {_IN_TIME} ORDER BY n.op, n.id
"""
_LEFT_OUT = f"SELECT count(*) FROM figure n WHERE n.unit IN temp.own AND NOT :by_union AND {_OF_UNION}"
_AWARDS = f"""
SELECT n.unit, n.title, n.start_day, n.end_day, n.period FROM award n
WHERE n.person IS NULL AND n.end_day <= :last AND {_STATED_BY} ORDER BY n.op, n.id
"""
