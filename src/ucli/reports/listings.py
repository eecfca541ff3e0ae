"""Plain lists of what the ledger holds: one row a dictionary, keys as machines read them, values typed.

Counts and đồng are integers, days are dates, identity numbers are masked.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from ucli.ledger.operations import NEVER, ever
from ucli.reports.figures import last_day_of
from ucli.reports.scope import Tree
from ucli.reports.structure import Names, clusters, unit_at, units_at
from ucli.reports.transfers import eve_of_leaving
from ucli.values.indicators import RATIO, Indicator
from ucli.values.members import masked
from ucli.values.names import fold, sort_key
from ucli.values.periods import BEGINNING, FOREVER, Window, known_day

Listing = list[dict[str, object]]


class Filter(NamedTuple):
    """Which rows are asked for, by whose structure; None asks for all."""

    tree: Tree
    day: date
    roots: tuple[int, ...] | None = None
    window: Window | None = None
    indicator: int | None = None
    programme: int | None = None
    match: str | None = None


def members(db: sqlite3.Connection, asked: Filter, *, left: bool = False, reveal: bool = False) -> Listing:
    """Return the memberships open on a day, or those that ended in a window.

    ID numbers show their last digits only, unless they are to be revealed.
    """
    names = Names(db, asked.day)
    if left:
        spell, place = 'm."left" BETWEEN :start AND :end', eve_of_leaving("m")
    else:
        spell, place = 'm.admitted <= :day AND (m."left" IS NULL OR m."left" > :day)', ":day"
    rows = db.execute(
        "SELECT m.*, p.name, p.folded, p.born, p.sex, p.card, p.id_number"
        f" FROM membership m LEFT JOIN person p ON p.id = m.person WHERE {spell}"
        f" {below_asked('m.union_unit', place, asked)} ORDER BY m.id",
        bound_of(asked),
    )
    found = [
        {
            "number": row["id"],
            "name": row["name"],
            "union": names.of(row["union_unit"]),
            "members": row["members"],
            "admitted": known_day(row["admitted"]),
            "begun_by": row["begun_by"],
            "left": known_day(row["left"]),
            "left_by": row["left_by"],
            "born": known_day(row["born"]),
            "sex": row["sex"],
            "card": row["card"],
            "id_number": row["id_number"] if reveal else masked(row["id_number"]),
            "decision": row["decision"],
        }
        for row in rows
        if not asked.match or fold(asked.match) in (row["folded"] or "")
    ]
    order = {name: sort_key(name) for name in {str(row["union"]) for row in found}}
    return sorted(found, key=lambda row: order[str(row["union"])])


def payouts(db: sqlite3.Connection, asked: Filter) -> Listing:
    """Return the payouts of a window, in the order of their days."""
    names = Names(db, asked.day)
    rows = db.execute(
        "SELECT r.*, p.name AS beneficiary, e.code FROM payout r"
        " LEFT JOIN programme_entry e ON e.programme = r.programme LEFT JOIN person p ON p.id = r.person"
        f" WHERE r.day BETWEEN :start AND :end {below_asked('r.unit', 'r.day', asked)}"
        " AND coalesce(:programme, r.programme) = r.programme ORDER BY r.day, r.id",
        bound_of(asked),
    )
    return [
        {
            "number": row["id"],
            "day": known_day(row["day"]),
            "unit": names.of(row["unit"]),
            "programme": row["code"],
            "amount": row["amount"],
            "in_kind": row["in_kind"],
            "recipients": row["recipients"],
            "form": row["form"],
            "beneficiary": row["beneficiary"],
            "fund": row["fund"],
            "decision": row["decision"],
        }
        for row in rows
    ]


def figures(db: sqlite3.Connection, asked: Filter, catalogue: Sequence[Indicator]) -> Listing:
    """Return the figures whose window touches the one asked for."""
    names = Names(db, asked.day)
    codes = {indicator.id: indicator.code for indicator in catalogue}
    rows = db.execute(
        "SELECT r.* FROM figure r WHERE r.end_day >= :start AND r.start_day <= :end"
        f" {below_asked('r.unit', last_day_of('r'), asked)}"
        " AND coalesce(:indicator, r.indicator) = r.indicator ORDER BY r.id",
        bound_of(asked),
    )
    return [
        {
            "number": row["id"],
            "indicator": codes[row["indicator"]],
            "unit": names.of(row["unit"]),
            "period": row["period"],
            "value": row["value"],
            "part": row["part"],
            "whole": row["whole"],
            "qualifier": row["qualifier"] or row["stated_qualifier"],
            "stated_percent": row["stated_percent"],
            "source": row["source"],
            "decision": row["decision"],
            "kind": row["kind"],
            "speaks_for": row["speaks_for"],
            "reason": row["reason"],
            "received": known_day(row["received"]),
        }
        for row in rows
    ]


def targets(db: sqlite3.Connection, asked: Filter, catalogue: Sequence[Indicator], *, history: bool) -> Listing:
    """Return the targets whose window touches the one asked for, with the values they had before on request."""
    names = Names(db, asked.day)
    codes = {indicator.id: indicator.code for indicator in catalogue}
    rows = db.execute(
        f"SELECT r.*, o.at FROM {ever('target')} r JOIN operation o ON o.number = r.op"
        f" WHERE r.end_day >= :start AND r.start_day <= :end {below_asked('r.unit', last_day_of('r'), asked)}"
        " AND coalesce(:indicator, r.indicator) = r.indicator AND (:history OR r.ended_by = :never)"
        " ORDER BY r.id, r.op",
        {**bound_of(asked), "history": history, "never": NEVER},
    )
    return [
        {
            "number": row["id"],
            "indicator": codes[row["indicator"]],
            "unit": names.of(row["unit"]),
            "period": row["period"],
            "issuer": names.of(row["issuer"]),
            "target_kind": row["kind"],
            "target": row["low"],
            "target_upper": row["high"],
            "target_percent": row["percent"],
            "effective": known_day(row["effective"]),
            "decision": row["decision"],
            "set_by": row["op"],
            "replaced_by": row["ended_by"] if row["ended_by"] < NEVER else None,
        }
        for row in rows
    ]


def periods(db: sqlite3.Connection, asked: Filter, cut: Mapping[tuple[int, str], str]) -> Listing:
    """Return the office's own windows, and the terms of its units.

    Args:
        db: the ledger.
        asked: on which day.
        cut: by unit and folded code, the last day of a term that was cut short.

    """
    names = Names(db, asked.day)
    rows = db.execute(
        "SELECT code, start_day, end_day, name, due, NULL AS unit, folded"
        " FROM period UNION ALL"
        " SELECT code, start_day, end_day, name, due, unit, folded FROM term ORDER BY start_day, end_day, unit"
    )
    return [
        {
            "code": row["code"],
            "start": known_day(row["start_day"]),
            "end": known_day(row["end_day"]),
            "name": row["name"],
            "due": known_day(row["due"]),
            "unit": names.of(row["unit"]),
            "cut": known_day(cut.get((row["unit"], row["folded"]))),
        }
        for row in rows
    ]


def cluster_years(db: sqlite3.Connection, year: int | None) -> Listing:
    """Return the clusters of a year, or of all, with their units, leader and deputy."""
    years = db.execute("SELECT DISTINCT year FROM cluster_year ORDER BY year")
    return [row for (it,) in years.fetchall() if year in (None, it) for row in _clusters_of(db, it)]


def _clusters_of(db: sqlite3.Connection, year: int) -> Listing:
    found = []
    for cluster in clusters(db, year):
        head = db.execute(
            "SELECT lead, deputy FROM cluster_year r WHERE cluster = :cluster AND year = :year",
            {"cluster": cluster.id, "year": year},
        ).fetchone()
        rows = db.execute(
            "SELECT unit FROM cluster_member r WHERE cluster = :cluster AND year = :year",
            {"cluster": cluster.id, "year": year},
        )
        day = date(year, 12, 31)
        in_it = units_at(db, [row["unit"] for row in rows], day)
        found.append(
            {
                "code": cluster.code,
                "name": cluster.name,
                "year": year,
                "units": ", ".join(it.name for it in in_it),
                "lead": unit_at(db, head["lead"], day).name if head["lead"] else None,
                "deputy": unit_at(db, head["deputy"], day).name if head["deputy"] else None,
            }
        )
    return found


def indicators(catalogue: Sequence[Indicator], match: str | None) -> Listing:
    """Return the catalogue."""
    return [
        {
            "code": it.code,
            "alias": it.alias,
            "name_vi": it.name_vi,
            "name_en": it.name_en,
            "measure": it.measure,
            "kind": it.kind,
            "direction": it.direction,
            "counts": it.counts,
            "over_time": ("latest" if it.is_state else "add") if it.kind == RATIO else None,
        }
        for it in catalogue
        if not match or fold(match) in fold(f"{it.code} {it.alias} {it.name_vi} {it.name_en}")
    ]


def below_asked(unit: str, day: str, asked: Filter) -> str:
    """Return the condition that a row's unit stood at or below the units asked for on the row's day."""
    if asked.roots is None:
        return ""
    return f"AND {asked.tree.within(asked.roots).sql.format(unit=unit, day=day)}"


def bound_of(asked: Filter) -> dict[str, object]:
    """Return what the conditions of a filter bind."""
    return {
        **(asked.tree.within(asked.roots).bound if asked.roots else {}),
        "day": asked.day.isoformat(),
        "start": asked.window.start.isoformat() if asked.window else BEGINNING,
        "end": asked.window.end.isoformat() if asked.window else FOREVER,
        "indicator": asked.indicator,
        "programme": asked.programme,
    }
