"""Ledgers made by rule: the same size gives the same rows, every time and everywhere.

The tree is written as ucli writes it; unions and their facts go straight into the tables, as one operation for the
unions and one for each year, for writing a million rows one command each would take a day; the log is sealed at the
end. No number is drawn: all follow from the number of the union and the number of the fact in it.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from benchmarks.names import place, workplace
from ucli.ledger.chain import seal
from ucli.ledger.foundings import add_unit
from ucli.ledger.operations import Operation
from ucli.ledger.provinces import provinces
from ucli.ledger.recording import Author, operation
from ucli.ledger.store import create_ledger, writing
from ucli.values.names import fold, own_name
from ucli.values.periods import BEGINNING, FOREVER
from ucli.values.units import Unit

FIRST_DAY = date(2021, 1, 1)
YEARS = range(2021, 2026)
DAYS = (date(2026, 1, 1) - FIRST_DAY).days

# What each union has recorded in the five years.
MEMBERSHIPS, PAYOUTS = 60, 180
INDICATORS = (
    "news-items",
    "legal-advice",
    "communication-sessions",
    "communication-attendances",
    "initiatives",
    "blood-donations",
    "union-meals",
    "party-introduced",
)
FACTS_PER_UNION = MEMBERSHIPS + PAYOUTS + len(INDICATORS) * 2 * len(YEARS)
# Targets of 2024, and how much of each for one union.
TARGETS = {
    **dict.fromkeys(INDICATORS, 40),
    "members-admitted": 60,
    "welfare-visits": 350,
    "welfare-amount": 90_000_000,
    "shelter-houses": 4,
}
AUTHOR = Author("benchmarks", "localhost")


class Size(NamedTuple):
    """How large the ledger of a province is."""

    districts: int
    unions: int

    @property
    def facts(self) -> int:
        return self.unions * FACTS_PER_UNION


PROVINCE = Size(20, 3_600)


def make(path: Path, size: Size, tell: Callable[[str], None] = lambda _line: None, *, facts: bool = True) -> None:
    """Make a ledger of a size; without facts it has the unions alone."""
    with create_ledger(path) as db:
        with _phase(tell, "tree"):
            districts = _tree(db, size)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -262144"):
            db.execute(f"PRAGMA {pragma}")
        # The rules of the schema hold by the way the rows are made; a test checks them on a small ledger.
        db.execute("PRAGMA ignore_check_constraints = ON")
        with _without_indexes(db, tell):
            with _phase(tell, f"{size.unions:,} unions"), writing(db):
                _unions(db, districts, size)
            for name, fill in _REGISTERS.items() if facts else ():
                with _phase(tell, name), writing(db):
                    fill(db)
        with _phase(tell, "seals"), writing(db):
            for (number,) in db.execute("SELECT number FROM operation ORDER BY number").fetchall():
                db.execute(_WROTE, {"number": number})
                seal(db, number)
        db.execute("PRAGMA journal_mode = WAL")
    db.close()


@contextmanager
def _phase(tell: Callable[[str], None], name: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    tell(f"  {name}: {time.perf_counter() - start:.1f} s")


@contextmanager
def _without_indexes(db: sqlite3.Connection, tell: Callable[[str], None]) -> Iterator[None]:
    """Take the secondary indexes away and build them again behind the rows, which is several times faster."""
    indexes = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    for index in indexes:
        db.execute(f"DROP INDEX {index['name']}")
    yield
    with _phase(tell, "indexes"):
        for index in indexes:
            db.execute(index["sql"])


# Each is one operation, and wrote rows of all unions.
_WROTE = "UPDATE operation SET wrote = json_object({tables}) WHERE number = :number AND number > 1".format(
    tables=", ".join(
        f"'{it}', (SELECT json_array(min(id), max(id)) FROM {it} WHERE op = :number)"
        for it in ("membership", "payout", "figure")
    )
    + ", 'unit_name', json_array(), 'unit_life', json_array(), 'ancestry', json_array()"
)


def _tree(db: sqlite3.Connection, size: Size) -> list[Unit]:
    """Write everything above the unions, with the targets; return the districts."""
    with operation(db, "init", AUTHOR) as op:
        official = next(it for it in provinces() if it.name == "Thái Bình")
        top = add_unit(op, f"LĐLĐ {official.title} {official.name}", "province", since=BEGINNING)
        op.add("setting", name="office", value=str(top.id))
        districts = [
            add_unit(op, f"LĐLĐ huyện {place(i)}", "district", parent=top, code=f"{top.code}.{i + 1:02}")
            for i in range(size.districts)
        ]
        _targets(op, top, size)
        op.summary = "tree"
    with writing(db):
        for name in ("unions", *map(str, YEARS)):
            db.execute(
                "INSERT INTO operation (number, at, actor, host, command, summary)"
                " SELECT max(number) + 1, ?, 'benchmarks', 'localhost', 'import', ? FROM operation",
                ("2021-01-01T00:00:00Z" if name == "unions" else f"{name}-12-31T12:00:00Z", name),
            )
        db.execute("UPDATE operation SET at = '2021-01-01T00:00:00Z' WHERE number < 2")
    return districts


def _targets(op: Operation, province: Unit, size: Size) -> None:
    numbers = _numbers(op.db, "indicator")
    for code, low in TARGETS.items():
        op.add(
            "target",
            id=op.next_id("target"),
            indicator=numbers[code],
            unit=province.id,
            start_day="2024-01-01",
            end_day="2024-12-31",
            period="2024",
            kind="at-least",
            low=low * size.unions,
        )


def _numbers(db: sqlite3.Connection, table: str) -> dict[str, int]:
    return {row["code"]: row[table] for row in db.execute(f"SELECT {table}, code FROM {table}_entry")}


def _unions(db: sqlite3.Connection, districts: list[Unit], size: Size) -> None:
    """Write the unions, and the lists that their facts are made from."""
    first = db.execute("SELECT max(id) + 1 FROM unit").fetchone()[0]
    number = _operation(db, "unions")
    above = {
        unit.id: db.execute(
            "SELECT ancestor, depth + 1 AS depth FROM ancestry WHERE unit = ? ORDER BY depth", (unit.id,)
        ).fetchall()
        for unit in districts
    }
    names, lives, lines = [], [], []
    for i in range(size.unions):
        # The districts next to each other in the list have unions in a row, some up to three times as many.
        district = districts[_district_of(i, size)]
        unit, name = first + i, workplace(i)
        founded = (date(1995, 1, 1) + timedelta(i * 7919 % 9400)).isoformat()
        names.append((unit, founded, FOREVER, f"{district.code}.{i + 1:06}", name, fold(name), own_name(name), number))
        lives.append((unit, founded, 5 + i % 40, ("non-state", "public", "state", "fdi")[i % 4], number))
        lines.append((unit, unit, 0, founded, number))
        lines.extend((unit, up["ancestor"], up["depth"], founded, number) for up in above[district.id])
    db.executemany("INSERT INTO unit VALUES (?)", [(first + i,) for i in range(size.unions)])
    db.executemany(
        "INSERT INTO unit_name (unit, from_day, to_day, code, name, folded, own_name, kind, op)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'union', ?8)",
        names,
    )
    db.executemany(
        "INSERT INTO unit_life (unit, founded, founders, sector, op) VALUES (?1, ?2, ?3, ?4, ?5)",
        lives,
    )
    db.executemany(
        f"INSERT INTO ancestry (unit, ancestor, depth, from_day, to_day, op) VALUES (?1, ?2, ?3, ?4, '{FOREVER}', ?5)",
        lines,
    )
    db.execute("CREATE TEMP TABLE made (i INTEGER PRIMARY KEY, unit INTEGER, founded TEXT, founders INTEGER)")
    db.executemany("INSERT INTO made VALUES (?, ?, ?, ?)", [(it[0] - first, *it[:3]) for it in lives])
    db.execute("CREATE TEMP TABLE step (k INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO step VALUES (?)", [(k,) for k in range(PAYOUTS)])
    db.execute("CREATE TEMP TABLE calendar (n INTEGER PRIMARY KEY, day TEXT, op INTEGER)")
    days = [FIRST_DAY + timedelta(n) for n in range(DAYS)]
    db.executemany(
        "INSERT INTO calendar VALUES (?, ?, ?)",
        [(n, day.isoformat(), number + 1 + day.year - FIRST_DAY.year) for n, day in enumerate(days)],
    )


def _district_of(i: int, size: Size) -> int:
    """Return which district a union is in: groups of three districts share their unions as 1 to 2 to 3."""
    place_in_list = i * size.districts * 2 // size.unions
    group, rest = divmod(place_in_list, 6)
    return min(group * 3 + (0, 1, 1, 2, 2, 2)[rest], size.districts - 1)


def _operation(db: sqlite3.Connection, summary: str) -> int:
    return int(db.execute("SELECT number FROM operation WHERE summary = ?", (summary,)).fetchone()[0])


def _memberships(db: sqlite3.Connection) -> None:
    """Write the founders of each union, then a group admitted every month; a quarter of the groups left since."""
    db.execute(
        "INSERT INTO membership (id, union_unit, members, admitted, begun_by, op)"
        f" SELECT i * {MEMBERSHIPS} + 1, unit, founders, founded, 'founding', :op FROM made",
        {"op": _operation(db, "unions")},
    )
    reasons = ("left-work", "retired", "resigned", "moved-away")
    left_by = " ".join(f"WHEN {number} THEN '{reason}'" for number, reason in enumerate(reasons))
    db.execute(
        'INSERT INTO membership (id, union_unit, members, admitted, begun_by, "left", left_by, op)'
        f" SELECT u.i * {MEMBERSHIPS} + s.k + 1, u.unit, 1 + (u.i * 13 + s.k * 7) % 9, c.day, 'admission', g.day,"
        f" CASE WHEN g.n IS NOT NULL THEN CASE (u.i + s.k) % 4 {left_by} END END,"
        " coalesce(g.op, c.op)"
        " FROM made u CROSS JOIN step s"
        " CROSS JOIN calendar c ON c.n = s.k * 30 + (u.i * 7 + s.k * 11) % 30"
        " LEFT JOIN calendar g ON g.n = c.n + (u.i + s.k * 17) % 400 AND (u.i + s.k * 3) % 15 < 4"
        f" WHERE s.k BETWEEN 1 AND {MEMBERSHIPS - 1}"
    )


def _payouts(db: sqlite3.Connection) -> None:
    """Write a payout every ten days, of all programmes, a few of them in kind."""
    programmes = list(_numbers(db, "programme").values())
    shelter = _numbers(db, "programme")["shelter"]
    db.execute(
        "WITH drawn AS MATERIALIZED (SELECT key AS n, value AS programme FROM json_each(:programmes))"
        " INSERT INTO payout (id, unit, programme, day, amount, in_kind, recipients, form, op)"
        f" SELECT u.i * {PAYOUTS} + s.k + 1, u.unit, p.programme, c.day, 100000 * (1 + (u.i * 17 + s.k * 29) % 50),"
        f" CASE WHEN s.k % 10 = 3 THEN 200000 ELSE 0 END,"
        f" CASE WHEN p.programme = {shelter} THEN 1 ELSE 1 + (u.i + s.k * 3) % 20 END,"
        f" CASE WHEN p.programme = {shelter} THEN iif(s.k % 2, 'new-build', 'repair') END, c.op"
        " FROM made u CROSS JOIN step s"
        " CROSS JOIN calendar c ON c.n = s.k * 10 + (u.i * 3 + s.k * 7) % 10"
        f" CROSS JOIN drawn p ON p.n = (u.i + s.k * 5) % {len(programmes)}",
        {"programmes": json.dumps(programmes)},
    )


def _figures(db: sqlite3.Connection) -> None:
    """Write what each union states for every half-year: no fewer took part in its sessions than there were."""
    numbers = _numbers(db, "indicator")
    first = _operation(db, "unions") + 1
    windows = [
        (h, f"{year}-{months[0]}", f"{year}-{months[1]}", f"{year}-H{h % 2 + 1}", first + year - FIRST_DAY.year)
        for h, (year, months) in enumerate(
            (year, months) for year in YEARS for months in (("01-01", "06-30"), ("07-01", "12-31"))
        )
    ]
    stated = [
        (n, numbers[code], *window) for n, (code, window) in enumerate((c, w) for w in windows for c in INDICATORS)
    ]
    db.execute("CREATE TEMP TABLE stated (n INTEGER PRIMARY KEY, indicator, h, start_day, end_day, period, op)")
    db.executemany("INSERT INTO stated VALUES (?, ?, ?, ?, ?, ?, ?)", stated)
    db.execute(
        "INSERT INTO figure (id, indicator, unit, start_day, end_day, period, value, op)"
        f" SELECT u.i * {len(stated)} + s.n + 1, s.indicator, u.unit, s.start_day, s.end_day, s.period,"
        " 10 + (u.i * 11 + s.n * 19) % 21 + iif(s.indicator = :attendances, 20, 0), s.op"
        " FROM made u CROSS JOIN stated s",
        {"attendances": numbers["communication-attendances"]},
    )


_REGISTERS = {"memberships": _memberships, "payouts": _payouts, "figures": _figures}


if __name__ == "__main__":
    # A process of its own: what making a ledger holds in memory does not weigh on what is measured behind it.
    make(Path(sys.argv[1]), Size(*map(int, sys.argv[2:4])), print, facts=sys.argv[4:] != ["empty"])
