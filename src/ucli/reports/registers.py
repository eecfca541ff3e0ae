"""Sums of the registers: foundings, endings, admissions, leavings, payouts, below any unit, between any days.

A fact belongs to the ancestors that its unit had on the fact's own day.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from ucli.domain.indicators import MOVEMENTS

# From the units below each root to their rows: the tree first, then one seek per unit by its days.
_BELOW = """
    FROM ancestry a CROSS JOIN {register} r ON r.{unit} = a.unit AND {day} BETWEEN :start AND :end
        AND a.from_day <= {day} AND {day} < a.to_day AND r.from_op <= :known AND r.to_op > :known {only}
    WHERE a.ancestor IN ({roots}) AND a.from_op <= :known AND a.to_op > :known
    GROUP BY a.ancestor"""
_IS_UNION = """
    AND EXISTS (SELECT 1 FROM unit_name n WHERE n.unit = r.unit AND n.kind = 'union' AND n.from_day <= {day}
        AND {day} < n.to_day AND n.from_op <= :known AND n.to_op > :known)"""
# A unit that ends is under nobody on that very day: the day before says under whom it was.
_LAST_DAY = "date(r.ended, '-1 day')"

# name: (register, its unit, its day, how many one row is, which rows count)
_COUNTS = {
    "foundings": ("unit_life", "unit", "r.founded", "1", _IS_UNION.format(day="r.founded")),
    "endings": ("unit_life", "unit", _LAST_DAY, "1", _IS_UNION.format(day=_LAST_DAY)),
    "admissions": ("membership", "union_unit", "r.admitted", "r.members", "AND r.begun_by <> 'transfer'"),
    "leavings": ("membership", "union_unit", 'r."left"', "r.members", "AND r.left_by <> 'transfer'"),
}

Sums = dict[str, int]


def sums_below(db: sqlite3.Connection, roots: Iterable[int], start: str, end: str, known: int) -> dict[int, Sums]:
    """Return what the registers count at or below each unit between two days.

    Returns:
        For each unit: {"foundings": 22, "admissions": 7000, "recipients": 18, "recipients:shelter": 18,
        "amount": 900000000, …}; what never happened is not there. Amounts in đồng, cash and kind together.

    """
    among = ", ".join(str(root) for root in roots)
    bound = {"start": start, "end": end, "known": known}
    sums: dict[int, Sums] = defaultdict(dict)
    for name, (register, unit, day, number, only) in _COUNTS.items():
        below = _BELOW.format(register=register, unit=unit, day=day, only=only, roots=among)
        for row in db.execute(f"SELECT a.ancestor AS root, sum({number}) AS n {below}", bound):
            sums[row["root"]][name] = row["n"]
    below = _BELOW.format(register="payout", unit="unit", day="r.day", only="", roots=among)
    for row in db.execute(
        "SELECT a.ancestor AS root,"
        " (SELECT code FROM programme_entry e WHERE e.programme = r.programme LIMIT 1) AS code,"
        f" sum(r.recipients) AS recipients, sum(r.amount + r.in_kind) AS amount {below}, r.programme",
        bound,
    ):
        of_root = sums[row["root"]]
        for name in ("recipients", "amount"):
            of_root[f"{name}:{row['code']}"] = row[name]
            of_root[name] = of_root.get(name, 0) + row[name]
    return sums


def sum_below(db: sqlite3.Connection, roots: Iterable[int], start: str, end: str, register: str, known: int) -> int:
    """Return what one register counts at or below some units between two days."""
    among = ", ".join(str(root) for root in roots)
    source, unit, day, number, only = _COUNTS.get(register) or _of_payouts(register)
    below = _BELOW.format(register=source, unit=unit, day=day, only=only, roots=among)
    rows = db.execute(f"SELECT sum({number}) AS n {below}", {"start": start, "end": end, "known": known})
    return sum(row["n"] for row in rows)


def register_rows(
    db: sqlite3.Connection, roots: Iterable[int], start: str, end: str, register: str, known: int
) -> Iterator[tuple[int, str, str, int]]:
    """Yield what a register holds row by row, for an explanation: (unit, day, what it is, how many).

    A stock's register gives its movements: admissions, and leavings as negative numbers.
    """
    among = ", ".join(str(root) for root in roots)
    bound = {"start": start, "end": end, "known": known}
    for name in MOVEMENTS.get(register, (register,)):
        source, unit, day, number, only = _COUNTS.get(name) or _of_payouts(name)
        sign = -1 if name in ("leavings", "endings") and register in MOVEMENTS else 1
        below = _BELOW.format(register=source, unit=unit, day=day, only=only, roots=among)
        grouped = f"SELECT r.{unit} AS unit, {day} AS day, sum({number}) AS n {below}, r.{unit}, {day}"
        for row in db.execute(grouped, bound):
            yield row["unit"], row["day"], name, sign * row["n"]


def _of_payouts(name: str) -> tuple[str, str, str, str, str]:
    what, _colon, programme = name.partition(":")
    number = "r.recipients" if what == "recipients" else "r.amount + r.in_kind"
    # Programme codes are letters, digits and hyphens: `add-programme` takes no others.
    only = f"AND r.programme IN (SELECT programme FROM programme_entry WHERE code = '{programme}')" if programme else ""
    return "payout", "unit", "r.day", number, only
