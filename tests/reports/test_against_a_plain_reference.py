"""The rules of counting written plainly and slowly, and random ledgers that must give the same answers through ucli.

The reference reads only lists: no SQL, no tallies, nothing of the reports. docs/counting.md says the rules. It also
says of every row whether it is new, known already, or must be refused, and ucli has to agree.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.conftest import Ucli
from ucli.domain.periods import Window, built_in
from ucli.errors import RefusedError
from ucli.ledger import catalogue, clusters, figures, foundings, members, payouts, units
from ucli.ledger.lives import life_of
from ucli.ledger.opening import create_ledger
from ucli.ledger.operations import Operation
from ucli.ledger.recording import Author, operation

# The reference -------------------------------------------------------------------------------------------------

Value = tuple[int, ...]  # (count or đồng,) or (part, whole)
Answer = tuple[Value | None, str | None]  # with its qualifier

PROVINCE = "TB"
PRICE = 50_000_000  # of a house
FLOWS = ("members-admitted", "unions-founded", "welfare-amount", "shelter-houses", "news-items", "agreement-coverage")
STOCKS = {"members-total": "members-admitted", "workers-total": None}  # with the flow that moves it
INDICATORS = (*FLOWS, *STOCKS)


class Record(NamedTuple):
    """Something dated in a register; a founding brings its founding members, a house its money."""

    indicator: str
    unit: str
    day: date
    number: int


class Figure(NamedTuple):
    indicator: str
    unit: str
    window: Window
    value: Value
    hedge: str | None


class Cluster(NamedTuple):
    code: str
    units: tuple[str, ...]


Row = Record | Figure | Cluster
NEW, KNOWN, REFUSED = "new", "known already", "refused"


@dataclass
class Book:
    """A ledger as lists."""

    parents: dict[str, str]
    clusters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    founded: dict[str, date] = field(default_factory=dict)  # of unions; the others were always there

    def verdict(self, row: Row) -> str:
        """Say what must become of a row: refused before its unit was there, or where it contradicts what was stated."""
        match row:
            case Figure():
                return self.verdict_on_figure(row)
            case Record(indicator, unit, day, _) if indicator != "unions-founded":
                return REFUSED if day < self.founded.get(unit, date.min) else NEW
        return NEW

    def verdict_on_figure(self, row: Figure) -> str:
        if row.window.end < self.founded.get(row.unit, date.min):
            return REFUSED
        for there in self.figures:
            if (there.indicator, there.unit) != (row.indicator, row.unit):
                continue
            days, others = days_of(row), days_of(there)
            if days == others:
                return KNOWN if (there.value, there.hedge) == (row.value, row.hedge) else REFUSED
            if not (days.isdisjoint(others) or days < others or others < days):
                return REFUSED
        return NEW

    def write(self, row: Row) -> None:
        match row:
            case Figure():
                self.figures.append(row)
            case Cluster():
                self.clusters[row.code] = row.units
            case Record("unions-founded", unit, day, number):
                self.parents[unit], self.founded[unit] = upper_of(unit), day
                self.records += [Record("members-admitted", unit, day, number), row._replace(number=1)]
            case Record("shelter-houses", unit, day, number):
                self.records += [Record("welfare-amount", unit, day, number * PRICE), row]
            case _:
                self.records.append(row)

    def within(self, unit: str, top: str) -> bool:
        """Tell whether a unit is at or below another, or at or below a unit of a cluster."""
        if unit == top or any(self.within(unit, one) for one in self.clusters.get(top, ())):
            return True
        return unit in self.parents and self.within(self.parents[unit], top)

    def depth(self, unit: str) -> int:
        if unit in self.clusters:
            return -1
        return 1 + self.depth(self.parents[unit]) if unit in self.parents else 0

    def below(self, unit: str) -> list[str]:
        """Return the units directly below, those of a cluster once however they are nested."""
        if named := self.clusters.get(unit):
            return [one for one in named if not any(one != other and self.within(one, other) for other in named)]
        return [child for child, parent in self.parents.items() if parent == unit]

    def answer(self, indicator: str, scope: str, window: Window) -> Answer:
        if indicator in STOCKS:
            return self.stock(indicator, scope, window.end)
        return self.flow(indicator, scope, window)

    def flow(self, indicator: str, scope: str, window: Window) -> Answer:
        """Sum what is uncovered: from the top down, each figure covers the records and figures in its box."""
        counted: list[Figure] = []
        hedges: set[str | None] = set()
        asked = [it for it in self.figures if it.indicator == indicator and self.within(it.unit, scope)]
        asked = [it for it in asked if window.holds(it.window)]
        for figure in sorted(asked, key=lambda it: (self.depth(it.unit), -it.window.days)):
            meeting = [it for it in counted if self.within(figure.unit, it.unit) and it.window.meets(figure.window)]
            if any(it.window.holds(figure.window) for it in meeting):
                continue
            if meeting:  # half across an upper unit's figure
                hedges.add("about" if indicator == "agreement-coverage" else "at-least")
            else:
                counted.append(figure)
        values = [it.value for it in counted]
        for record in self.records:
            if record.indicator != indicator or not self.within(record.unit, scope):
                continue
            if window.start <= record.day <= window.end and not any(
                self.within(record.unit, it.unit) and it.window.start <= record.day <= it.window.end for it in counted
            ):
                values.append((record.number,))
        return added(values), joined(hedges | {it.hedge for it in counted})

    def stock(self, indicator: str, unit: str, day: date) -> Answer:
        """Return the unit's last statement and the movements since; unstated, what is below it and registered."""
        moved = [it for it in self.records if it.indicator == STOCKS[indicator] and it.day <= day]
        stated = [it for it in self.figures if it.indicator == indicator and it.unit == unit and it.window.end <= day]
        if stated:
            last = max(stated, key=lambda it: it.window.end)
            since = [it.number for it in moved if self.within(it.unit, unit) and it.day > last.window.end]
            return (last.value[0] + sum(since),), last.hedge
        parts = [self.stock(indicator, one, day) for one in self.below(unit)]
        values = [value for value, _hedge in parts if value is not None]
        values += [(it.number,) for it in moved if it.unit == unit]
        return added(values), joined({hedge for _value, hedge in parts})


def days_of(figure: Figure) -> set[date]:
    """Return the days that a figure speaks of; one of a stock only of its last."""
    first = figure.window.end if figure.indicator in STOCKS else figure.window.start
    return {first + timedelta(it) for it in range((figure.window.end - first).days + 1)}


def upper_of(union: str) -> str:
    return union.partition("U")[0]


def added(values: list[Value]) -> Value | None:
    return tuple(sum(column) for column in zip(*values, strict=True)) if values else None


def joined(hedges: set[str | None]) -> str | None:
    known = hedges - {None}
    return known.pop() if len(known) == 1 else "about" if known else None


# Random ledgers ------------------------------------------------------------------------------------------------

_CODES = [
    "2023",
    "2024",
    "2023-H2",
    "2024-H1",
    "2024-H2",
    "2024-Q1",
    "2024-Q2",
    "2024-Q3",
    "2023-12",
    "2024-05",
    "2024-06",
    "2024-08",
    "2024-06-30",
    "2024u",
    "2024u-H1",
    "2024-05-01..2024-08-31",
    "2023-10-15..2024-03-14",
    "2023-01-01..2024-12-31",
    "2024-06-15..2024-06-15",
    "2024-9M",
]
WINDOWS = [window for window in map(built_in, _CODES) if window]
WIDE = max(WINDOWS, key=lambda window: window.days)  # both years
_FIRST, _LAST = date(2023, 1, 1), date(2024, 12, 31)
_FOUNDED = [date(2022, 5, 1), date(2023, 2, 1), date(2023, 12, 1), date(2024, 6, 16)]
_HEDGED = {"at-least": "hơn ", "below": "gần ", "about": "khoảng ", None: ""}


def story(dice: Random) -> tuple[list[str], list[Row]]:
    """Return the units above the grassroots, and the rows of a ledger in the order they are written."""
    windows = dice.sample(WINDOWS, 6)
    edges = [day for it in windows for day in (it.start, it.end, it.end + timedelta(1)) if _FIRST <= day <= _LAST]

    def day() -> date:
        return dice.choice(edges) if dice.random() < 0.7 else _FIRST + timedelta(dice.randrange(731))

    uppers = ["S1", "D1", "D2", "D3"][: dice.randint(3, 4)]
    unions = [f"{upper}U{number}" for upper in uppers for number in range(dice.randint(1, 3))]
    rows: list[Row] = [Record("unions-founded", it, dice.choice(_FOUNDED), dice.randint(5, 99)) for it in unions]
    for code in ("C1", "C2"):
        others = dice.sample([*uppers, *unions], dice.randint(1, 3))
        rows.append(Cluster(code, tuple(dict.fromkeys([dice.choice(uppers), *others]))))
    later: list[Row] = [Record("members-admitted", dice.choice(unions), day(), 1) for _ in range(dice.randint(4, 9))]
    for _ in range(dice.randint(3, 6)):
        register = dice.choice(["shelter-houses", "welfare-amount"])
        later.append(Record(register, dice.choice([PROVINCE, *uppers, *unions]), day(), dice.randint(1, 9)))
    # One or two indicators a ledger, so that its figures meet each other.
    stated = dice.sample([*["members-admitted", "members-total"] * 3, *INDICATORS], 2)
    for _ in range(dice.randint(10, 18)):
        indicator, number = dice.choice([stated[0], *stated]), dice.randint(0, 900)
        value = (number, number + dice.randint(1, 99)) if indicator == "agreement-coverage" else (number,)
        bearer = dice.choice([PROVINCE, dice.choice(["C1", "C2"]), *[dice.choice(uppers), dice.choice(unions)] * 2])
        hedge = dice.choice([*_HEDGED, None, None, None, None])
        later.append(Figure(indicator, bearer, dice.choice(windows), value, hedge))
    # Stated again, and for windows that lie inside the first, around it, beside it or half across.
    again = dice.choices([it for it in later if isinstance(it, Figure)], k=10)
    later += [*again[:2], *(it._replace(window=dice.choice(WINDOWS)) for it in again[2:])]
    dice.shuffle(later)
    return uppers, [*rows, *later]


def recorded(db: sqlite3.Connection) -> AbstractContextManager[Operation]:
    return operation(db, "test", Author("test", "test"))


@contextmanager
def begun(path: Path, uppers: list[str]) -> Iterator[tuple[sqlite3.Connection, Book]]:
    """Make a ledger with the units above the grassroots, and open it to write more."""
    with closing(create_ledger(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        with recorded(db) as op:
            top = foundings.add_unit(op, "LĐLĐ tỉnh Thái Bình", "province", code=PROVINCE)
            for code in uppers:
                foundings.add_unit(
                    op, f"Đơn vị {code}", "sector" if code == "S1" else "district", parent=top, code=code
                )
        yield db, Book(dict.fromkeys(uppers, PROVINCE))


def write(op: Operation, row: Row) -> None:
    """Write a row as the commands do."""
    db = op.db
    match row:
        case Cluster(code, names):
            found = [units.find(db, name) for name in names]
            for year in (2023, 2024):
                there = [unit for unit in found if life_of(db, unit.id).begun <= f"{year}-12-31"]
                clusters.set_cluster(op, code, year, there, None, None)
        case Figure(code, unit, window, value, hedge):
            [indicator] = [it for it in catalogue.indicators(db) if it.code == code]
            text = _HEDGED[hedge] + "/".join(map(str, value))
            statement = figures.parse_statement(text, indicator, percent=None, weight=None)
            bearer = units.find(db, unit, among=("cluster",)) if unit[0] == "C" else units.find(db, unit)
            figures.state(op, indicator, bearer, window, statement, source=None, decision=None)
        case Record("unions-founded", unit, day, number):
            above = units.find(db, upper_of(unit))
            union = foundings.add_unit(op, f"CĐCS {unit}", "union", parent=above, code=unit, founded=day)
            members.admit_founders(op, union, number, day, None)
        case Record("members-admitted", unit, day, _):
            members.admit(op, units.find(db, unit), members.Person("Trần Thị Mẫu"), day)
        case Record("shelter-houses", unit, day, number):
            shelter = catalogue.find_programme(db, "shelter")
            payouts.pay(op, payouts.Payout(units.find(db, unit), shelter, day, number * PRICE, recipients=number))
        case Record(_, unit, day, number):
            visit = catalogue.find_programme(db, "visit")
            payouts.pay(op, payouts.Payout(units.find(db, unit), visit, day, number))


def wrote(db: sqlite3.Connection, book: Book, row: Row) -> bool:
    """Write a row by an operation of its own; what becomes of it is what the book says."""
    try:
        with recorded(db) as op:
            write(op, row)
    except RefusedError:
        became = REFUSED
    else:
        became = NEW if op.rows else KNOWN
    assert became == book.verdict(row), row
    if became == NEW:
        book.write(row)
    return became == NEW


# What must hold ------------------------------------------------------------------------------------------------


def question(scope: str, window: Window, as_of: date | None) -> list[str]:
    option = {PROVINCE: "--province", "C1": "--cluster", "C2": "--cluster"}.get(scope, "--unit")
    name = "Thái Bình" if scope == PROVINCE else scope
    return [option, name, "--period", window.code, *(["--as-of", as_of.isoformat()] if as_of else [])]


def answer_in(row: dict[str, Any]) -> Answer:
    if row["denominator"] is not None:
        return (row["numerator"], row["denominator"]), row["qualifier"]
    return None if row["actual"] is None else (row["actual"],), row["qualifier"]


@pytest.mark.parametrize("seed", range(20))
def test_random_ledgers_are_counted_as_the_law_says(ok: Ucli, tmp_path: Path, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  the same every time
    path = tmp_path / "so.db"
    uppers, rows = story(dice)
    with begun(path, uppers) as (db, book):
        kept = [row for row in rows if wrote(db, book, row)]
    asked = sorted({figure.indicator for figure in book.figures} | {dice.choice(INDICATORS)})
    options = [word for code in asked for word in ("--indicator", code)]
    for scope in (PROVINCE, dice.choice(uppers), dice.choice(["C1", "C2"]), dice.choice(list(book.parents))):
        window = WIDE if scope == PROVINCE or dice.random() < 0.5 else dice.choice(WINDOWS)
        as_of = (
            window.start + timedelta(dice.randrange(window.days)) if scope != PROVINCE and dice.random() < 0.4 else None
        )
        words = question(scope, window, as_of)
        report = ok("report", *words, *options, "-f", "json").json
        got = {row["indicator"]: answer_in(row) for row in report["rows"]}
        expected = {code: book.answer(code, scope, window.until(as_of or window.end)) for code in asked}
        assert got == expected, "\n".join(map(str, (words, *kept)))
        code = dice.choice(asked)
        [cell] = ok("explain", code, *words, "-f", "json").json["cells"]
        parts = [part["value"] for part in cell["parts"] if part["use"] == "counted"]
        values = [tuple(map(int, str(part).split("/"))) for part in parts]
        assert (added(values), cell["qualifier"]) == got[code], words


@pytest.mark.parametrize("seed", [1])
def test_the_past_stays_readable_and_what_is_undone_comes_back(ok: Ucli, tmp_path: Path, seed: int) -> None:
    def printed(*words: object) -> str:
        reports = (("--by", "unit", "-f", "json"), ("--unit", "D1"))
        return "".join(ok("report", "--period", "2024", *it, *words).out for it in reports)

    uppers, rows = story(Random(seed))  # noqa: S311  the same every time
    with begun(tmp_path / "so.db", uppers) as (db, book):
        seen = {1: printed()}
        for row in rows:
            if wrote(db, book, row):
                seen[len(seen) + 1] = printed()
    last = len(seen)
    for number in range(last, last // 2, -1):
        ok("undo")
        assert printed() == seen[number - 1]
    for number in range(last // 2 + 1, last + 1):
        ok("redo")
        assert printed() == seen[number]
    for number, text in seen.items():
        assert printed("--as-known", number) == text
