"""Lists of what the ledger holds: a dictionary for each row, machine keys, typed values.

The columns of a list are those of its query, in their order. Counts and đồng are integers, ID numbers are masked.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from ucli.i18n import marked
from ucli.ledger import catalogue
from ucli.ledger.operations import MERGE_PERSON, NEVER, ever, first_op
from ucli.ledger.periods import PERIODS, find_window, is_term
from ucli.ledger.registers import SOURCES
from ucli.ledger.units import cluster_members, find_named, in_order, unit_names, units_at
from ucli.reports.figures import last_day_of
from ucli.reports.scope import Tree
from ucli.reports.structure import clusters
from ucli.reports.timeliness import RECEIVED_ON
from ucli.values.indicators import RATIO, Indicator
from ucli.values.members import masked
from ucli.values.names import fold, sort_key
from ucli.values.periods import BEGINNING, FOREVER, Window, known_day
from ucli.values.quantities import STATED
from ucli.values.units import CLUSTER, LEVELS, UNION, Unit

Listing = list[dict[str, Any]]
_AT_ONCE = 1000  # rows


# Columns of days, and columns of unit numbers, which are shown as names.
_DAYS = {"day", "admitted", "left", "born", "received", "effective", "start", "end", "due", "founded", "ended"}
_DAYS |= {"last_payout", "cut"}
_UNITS = {"unit", "union", "issuer", "parent"}


class Filter(NamedTuple):
    """A filter of rows, and the organisation to use; None means all."""

    tree: Tree
    day: date
    roots: tuple[int, ...] | None = None
    window: Window | None = None
    indicator: int | None = None
    match: str | None = None
    most: int | None = None  # the most rows

    def below(self, unit: str, day: str) -> str:
        """Return SQL for the condition that a row's unit was at or below the units asked for on the row's day."""
        return self.tree.within(self.roots)[0].format(unit=unit, day=day) if self.roots else "1"

    @property
    def bound(self) -> dict[str, object]:
        return {
            **(self.tree.within(self.roots)[1] if self.roots else {}),
            "day": self.day.isoformat(),
            "start": self.window.start.isoformat() if self.window else BEGINNING,
            "end": self.window.end.isoformat() if self.window else FOREVER,
            "indicator": self.indicator,
            "match": fold(self.match) if self.match else None,
        }


def filter_asked(
    db: sqlite3.Connection,
    *,
    unit: str | None = None,
    union: str | None = None,
    cluster: str | None = None,
    provinces: Sequence[str] = (),
    indicator: str | None = None,
    period: str | None = None,
    day: date | None = None,
    structure: date | None = None,
    match: str | None = None,
) -> tuple[Filter, list[Unit]]:
    """Return which rows are asked for, and the units that were named."""
    window = find_window(db, period) if period and not is_term(db, period) else None
    on = day or structure or (window.end if window else None)
    roots = find_named(db, on, unit=unit, union=union, cluster=cluster, provinces=provinces)
    if period and window is None:
        window = find_window(db, period, unit=roots[0].id if roots else None)
    asked = Filter(
        Tree(db, structure),
        day or date.today(),  # noqa: DTZ011
        roots=tuple(it.id for it in roots) or None,
        window=window,
        indicator=catalogue.find_indicator(db, indicator).id if indicator else None,
        match=match,
    )
    return asked, roots


class Listed(NamedTuple):
    """The rows of a list, in the columns of its query."""

    columns: Sequence[str]
    rows: Iterable[dict[str, Any]]


def members(db: sqlite3.Connection, asked: Filter, *, left: bool = False, reveal: bool = False) -> Listed:
    """Return the memberships open on a day, or those that ended in a window, union by union, read one by one.

    ID numbers show only their last digits, unless revealed.
    """
    spell, place, ended = SOURCES["members"].stands.format(day=":day"), ":day", ""
    if left:
        ended = ' r."left", r.left_by,'
        spell, place = 'r."left" BETWEEN :start AND :end', SOURCES["departures"].place
    unions = {it["union_unit"] for it in db.execute("SELECT DISTINCT union_unit FROM membership")}
    order = {unit: sort_key(name) for unit, name in unit_names(db, unions, asked.day).items()}
    places = {key: place for place, key in enumerate(sorted(set(order.values())))}
    db.create_function("place_of", 1, lambda unit: places[order[unit]])
    found = _read(
        db,
        asked,
        f'SELECT r.id AS number, p.name AS name, r.union_unit AS "union", r.members, r.admitted, r.begun_by,{ended}'
        " p.born, p.sex, p.card, p.id_number, r.decision"
        f" FROM membership r LEFT JOIN person p ON p.id = r.person WHERE {spell}"
        f" AND {asked.below('r.union_unit', place)} AND (:match IS NULL OR instr(p.folded, :match))"
        " ORDER BY place_of(r.union_unit), r.id",
    )
    if reveal:
        return found
    return found._replace(rows=({**row, "id_number": masked(row["id_number"])} for row in found.rows))


def payouts(db: sqlite3.Connection, asked: Filter) -> Listed:
    """Return the payouts of a window, in the order of their days."""
    return _listed(
        db,
        asked,
        "SELECT r.id AS number, r.day, r.unit, e.code AS programme, r.amount, r.in_kind, r.recipients, r.form,"
        " p.name AS beneficiary, r.fund, r.decision, r.part_of,"
        " iif(r.unvalued, 'unknown', NULL) AS value_status FROM payout r"
        " LEFT JOIN programme_entry e ON e.programme = r.programme LEFT JOIN person p ON p.id = r.person"
        f" WHERE r.day BETWEEN :start AND :end AND {asked.below('r.unit', 'r.day')} ORDER BY r.day, r.id",
    )


# Days that a figure was received after the due date of a period of the same days.
_DAYS_LATE = (
    "(SELECT late FROM (SELECT"
    f" CAST(max(julianday({RECEIVED_ON.replace('f.', 'r.')}) - julianday(p.due), 0) AS INTEGER) AS late,"
    " p.code = r.period AS is_named, p.id FROM period p"
    " WHERE p.unit IS NULL AND p.due NOTNULL AND p.start_day = r.start_day AND p.end_day = r.end_day)"
    " ORDER BY is_named DESC, id DESC LIMIT 1)"
)


def figures(db: sqlite3.Connection, asked: Filter) -> Listed:
    """Return the figures whose window touches the one asked for."""
    return _listed(
        db,
        asked,
        "SELECT r.id AS number, e.code AS indicator, r.unit, r.period, r.value, r.part, r.whole,"
        " iif(coalesce(r.value, r.whole) IS NULL, r.stated_qualifier, r.qualifier) AS qualifier, r.stated_percent,"
        " r.source, r.decision,"
        " iif(coalesce(r.value, r.whole) IS NULL, NULL, r.stated_qualifier) AS stated_qualifier,"
        f" r.kind, r.speaks_for, r.reason, r.received, iif(r.kind = 'estimate', NULL, {_DAYS_LATE}) AS days_late"
        f" FROM figure r {_ENTRY} WHERE {_touches(asked)} ORDER BY r.id",
    )


def targets(db: sqlite3.Connection, asked: Filter, *, history: bool = False) -> Listed:
    """Return the targets whose window touches the one asked for, on request with earlier values."""
    return _listed(
        db,
        asked,
        "SELECT r.id AS number, e.code AS indicator, r.unit, r.period, r.issuer, r.kind AS target_kind,"
        " r.low AS target, r.high AS target_upper, r.percent AS target_percent, r.effective, r.decision,"
        f" {first_op('target', 'r')} AS set_by, nullif(r.ended_by, {NEVER}) AS replaced_by"
        f" FROM {ever('target')} r {_ENTRY}"
        f" WHERE {_touches(asked)} AND (:history OR r.ended_by = {NEVER}) ORDER BY r.id, r.op",
        history=history,
    )


def awards(db: sqlite3.Connection, asked: Filter) -> Listed:
    """Return the awards for windows inside the one asked for, with the names of members."""
    return _listed(
        db,
        asked,
        "SELECT r.id AS number, r.title, r.unit, p.name AS name, r.period, r.decision"
        " FROM award r LEFT JOIN person p ON p.id = r.person"
        f" WHERE r.start_day >= :start AND r.end_day <= :end AND {asked.below('r.unit', last_day_of('r'))}"
        " ORDER BY r.start_day, r.end_day, r.person NOTNULL, r.id",
    )


_ENTRY = "LEFT JOIN indicator_entry e ON e.indicator = r.indicator"


def _touches(asked: Filter) -> str:
    return (
        f"r.end_day >= :start AND r.start_day <= :end AND {asked.below('r.unit', last_day_of('r'))}"
        " AND coalesce(:indicator, r.indicator) = r.indicator"
    )


def periods(db: sqlite3.Connection, asked: Filter) -> Listed:
    """Return the office's own periods and its units' terms, with the real last day of those cut short."""
    columns = 'code, start_day AS start, end_day AS "end", name, due, unit, nullif(lasted, end_day) AS cut, family'
    return _listed(db, asked, f"SELECT {columns} FROM ({PERIODS}) ORDER BY start_day, end_day, unit")


def periods_in_use(db: sqlite3.Connection, most: int) -> list[str]:
    """Return the codes of periods with targets or figures that have begun, the latest first."""
    rows = db.execute(
        "SELECT period FROM (SELECT DISTINCT period, start_day, end_day FROM target"
        " UNION SELECT DISTINCT period, start_day, end_day FROM figure)"
        " WHERE start_day <= ? ORDER BY substr(end_day, 1, 4) DESC, julianday(end_day) - julianday(start_day) DESC,"
        " start_day DESC, period LIMIT ?",
        (date.today().isoformat(), most),  # noqa: DTZ011
    )
    return [code for (code,) in rows]


def cluster_years(db: sqlite3.Connection, year: int | None) -> Listed:
    """Return the clusters of a year, or of all, with their units, leader and deputy."""
    found: Listing = []
    years = "SELECT DISTINCT year FROM cluster_member WHERE coalesce(?, year) = year ORDER BY year"
    for (its_year,) in db.execute(years, (year,)).fetchall():
        day = date(its_year, 12, 31)
        for cluster in clusters(db, its_year):
            heads = "SELECT role, unit FROM cluster_member WHERE cluster = ? AND year = ? AND role NOTNULL"
            roles = dict(db.execute(heads, (cluster.id, its_year)).fetchall())
            names = unit_names(db, roles.values(), day)
            units = ", ".join(it.name for it in units_at(db, cluster_members(db, cluster.id, its_year), day))
            said = {"code": cluster.code, "name": cluster.name, "year": its_year, "units": units}
            found.append({**said, **{role: names.get(roles.get(role, 0)) for role in ("lead", "deputy")}})
    return Listed(("code", "name", "year", "units", "lead", "deputy"), found)


def indicators(known: Sequence[Indicator], match: str | None) -> Listed:
    """Return the catalogue."""
    columns = ("code", "alias", "name_vi", "name_en", "measure", "kind", "direction", "over_time", "counts")
    over_time = {True: "latest", False: "add"}
    rows = [
        {**it._asdict(), "over_time": over_time[it.is_state] if it.kind == RATIO else None}
        for it in known
        if not match or fold(match) in fold(f"{it.code} {it.alias} {it.name_vi} {it.name_en}")
    ]
    return Listed(columns, [{column: row[column] for column in columns} for row in rows])


def units(db: sqlite3.Connection, asked: Filter, kinds: Sequence[str], *, as_tree: bool = False) -> Listing:
    """Return the units of a day with their parents: by kind and name, or as a tree from the top."""
    above = "a.unit = n.unit AND a.depth = 1 AND a.from_day <= :day AND :day < a.to_day"
    rows = _rows(
        db,
        asked,
        "SELECT n.unit AS number, a.ancestor AS above, n.code, n.name, n.kind, a.ancestor AS parent, l.founded,"
        f" l.sector, l.ended, 0 AS depth FROM unit_name n JOIN unit_life l ON l.unit = n.unit"
        f" LEFT JOIN ancestry a ON {above} WHERE n.kind IN ({', '.join(map(repr, kinds))}) AND n.from_day <= :day"
        f" AND :day < n.to_day AND {asked.below('n.unit', ':day')}",
    )
    found = [it for it in rows if not asked.match or fold(asked.match) in fold(f"{it['code']} {it['name']}")]
    units_found = [Unit(it["number"], it["code"], it["name"], it["kind"]) for it in found]
    order = {it.id: place for place, it in enumerate(in_order(db, units_found))}
    found.sort(key=lambda it: order[it["number"]])
    found = [*_from_the_top(found)] if as_tree else sorted(found, key=lambda it: LEVELS[it["kind"]])
    return [{key: value for key, value in it.items() if key not in ("number", "above")} for it in found]


def _from_the_top(found: Listing) -> Iterator[dict[str, Any]]:
    """Yield each unit before those below it, with its depth among the units shown."""
    children: dict[int | None, Listing] = defaultdict(list)
    shown = {it["number"] for it in found}
    for it in found:
        children[it["above"] if it["above"] in shown else None].append(it)

    def walk(parent: int | None, depth: int) -> Iterator[dict[str, Any]]:
        for child in children[parent]:
            yield {**child, "depth": depth}
            yield from walk(child["number"], depth + 1)

    return walk(None, 0)


# What lists have in common


class List(NamedTuple):
    """A list that pages have too: its title, what reads it, and which of its columns are left out where."""

    title: str
    read: Callable[[sqlite3.Connection, Filter], Listed]
    seldom: Mapping[str, object] = {}  # left out where no row says anything else than this
    apart: Collection[str] = ()  # left out of pages: about persons, or about the ledger itself


LISTS = {
    "figures": List(
        marked("Figures"),
        figures,
        {"kind": STATED, **dict.fromkeys(("stated_qualifier", "speaks_for", "reason", "received", "days_late"))},
    ),
    "targets": List(marked("Targets"), targets, {"effective": None}, ("set_by", "replaced_by")),
    "payouts": List(marked("Payouts"), payouts, {"part_of": None, "value_status": None}, ("beneficiary",)),
    "awards": List(marked("Awards"), awards, apart=("name",)),
    "indicators": List(
        marked("Indicators"),
        lambda db, asked: indicators(catalogue.indicators(db), asked.match),
        apart=("alias", "over_time", "counts"),
    ),
    "periods": List(marked("Periods"), periods, {"family": None}),
    "clusters": List(marked("Clusters"), lambda db, _asked: cluster_years(db, None)),
}


def said_in(name: str, found: Listed) -> list[str]:
    """Return the columns of a list that its rows have something to say in; those that are usually said stay."""
    usual = LISTS[name].seldom
    return [it for it in found.columns if it not in usual or any(row[it] != usual[it] for row in found.rows)]


# What is held of persons


def holdings(db: sqlite3.Connection, persons: Sequence[sqlite3.Row]) -> dict[str, Listing]:
    """Return everything held about a person, by part, as a person may request by law.

    `persons` are the person's row, then those of the same person that no longer count. Memberships and payouts have
    their last values, and when and by whom they were first recorded.
    """
    now = Filter(Tree(db), date.today())  # noqa: DTZ011
    said = [
        {key: known_day(it[key]) if key in _DAYS else it[key] for key in ("name", "born", "sex", "card", "id_number")}
        for it in persons
    ]
    columns = {
        "membership": 'r.id AS number, union_unit AS "union", r.admitted, begun_by, r."left", left_by, decision',
        "payout": (
            "r.id AS number, r.day, r.unit, (SELECT code FROM"
            f" {ever('programme_entry')} e WHERE e.programme = r.programme ORDER BY e.op DESC) AS programme,"
            " r.amount, r.in_kind, r.form, r.fund, r.decision"
        ),
        "award": "r.id AS number, r.title, r.unit, r.period, r.decision",
    }
    among = ", ".join(str(int(it["id"])) for it in persons)
    held = {
        f"{table}s": _rows(
            db,
            now,
            f"SELECT {said_of}, r.ended_by = {NEVER} AS stands, o.at, o.actor FROM {ever(table)} r"
            f" JOIN operation o ON o.number = {first_op(table, 'r')} WHERE r.person IN ({among})"
            f" AND r.ended_by = (SELECT max(ended_by) FROM {ever(table)} l WHERE l.id = r.id) ORDER BY r.id",
        )
        for table, said_of in columns.items()
    }
    for row in (it for rows in held.values() for it in rows):
        row["stands"] = bool(row["stands"])
    return {"person": said[:1], "earlier": said[1:], **held}


def due_for_deletion(db: sqlite3.Connection, before: date) -> Listing:
    """Return the persons whose data is due for deletion.

    These are members who left before a day and have not been members since, by their last membership; mere recipients
    whose last payout was before that day, by that payout; and, whatever the day, persons recorded by mistake, by the
    undone or voided membership or payout.
    """
    now = Filter(Tree(db), date.today())  # noqa: DTZ011
    members = _rows(
        db,
        now,
        'SELECT m.id AS number, \'former-member\' AS held_as, p.name, m.union_unit AS "union", m."left", m.left_by,'
        " NULL AS last_payout FROM membership m JOIN person p ON p.id = m.person"
        " WHERE m.\"left\" < :before AND p.folded <> '' AND NOT EXISTS (SELECT 1 FROM membership o"
        ' WHERE o.person = m.person AND (o."left" IS NULL OR (o."left", o.id) > (m."left", m.id)))'
        ' ORDER BY m."left", m.id',
        before=before.isoformat(),
    )
    return members + _rows(
        db,
        now,
        "SELECT coalesce(payout, member, taken_back) AS number, CASE WHEN payout NOTNULL THEN 'beneficiary'"
        " WHEN member NOTNULL THEN 'member-taken-back' ELSE 'payout-taken-back' END AS held_as, name,"
        ' NULL AS "union", NULL AS "left", NULL AS left_by, day AS last_payout'
        " FROM (SELECT p.name, b.id AS payout, max(b.day) AS day,"
        " (SELECT max(id) FROM membership_history WHERE person = p.id) AS member,"
        " (SELECT max(id) FROM payout_history WHERE person = p.id) AS taken_back"
        " FROM person p LEFT JOIN payout b ON b.person = p.id WHERE p.folded <> ''"
        " AND NOT EXISTS (SELECT 1 FROM membership WHERE person = p.id)"
        # An entry merged with another is no mistake; it belongs to that one.
        " AND NOT EXISTS (SELECT 1 FROM membership_history h JOIN operation o ON o.number = h.ended_by"
        f" WHERE h.person = p.id AND (o.command = '{MERGE_PERSON}' OR h.id IN (SELECT id FROM membership)))"
        " GROUP BY p.id HAVING coalesce(max(b.day), '') < :before)",
        before=before.isoformat(),
    )


def contents(db: sqlite3.Connection) -> dict[str, int]:
    """Count today's units, unions and members, and all payouts, figures and targets."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM units WHERE kind NOT IN (:union, :cluster)) AS units,"
        " (SELECT count(*) FROM units WHERE kind = :union) AS unions,"
        ' (SELECT coalesce(sum(members), 0) FROM memberships WHERE "left" IS NULL) AS members,'
        " (SELECT count(*) FROM payout) AS payouts, (SELECT count(*) FROM figure) AS figures,"
        " (SELECT count(*) FROM target) AS targets",
        {"union": UNION, "cluster": CLUSTER},
    )
    return dict(row.fetchone())


def _listed(db: sqlite3.Connection, asked: Filter, query: str, **bound: object) -> Listed:
    found = _read(db, asked, query, **bound)
    return found._replace(rows=[*found.rows])


def _rows(db: sqlite3.Connection, asked: Filter, query: str, **bound: object) -> Listing:
    return [*_read(db, asked, query, **bound).rows]


def _read(db: sqlite3.Connection, asked: Filter, query: str, **bound: object) -> Listed:
    """Return the rows of a query one by one, never all in memory; units under the names they had on a day."""
    cursor = db.execute(query, {**asked.bound, **bound})
    keys = [column[0] for column in cursor.description]
    places = [place for place, key in enumerate(keys) if key in _UNITS]
    names: dict[Any, Any] = {None: None}
    read = {key: known_day for key in keys if key in _DAYS} | {key: names.get for key in keys if key in _UNITS}

    def found() -> Iterator[dict[str, Any]]:
        while rows := cursor.fetchmany(_AT_ONCE):
            names.update(unit_names(db, {row[place] for row in rows for place in places} - names.keys(), asked.day))
            columns = zip(keys, zip(*rows, strict=True), strict=True)
            values = (map(read[key], column) if key in read else column for key, column in columns)
            yield from (dict(zip(keys, row, strict=True)) for row in zip(*values, strict=True))

    return Listed(keys, islice(found(), asked.most))
