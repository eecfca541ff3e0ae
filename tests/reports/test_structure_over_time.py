"""The organisation changes, what was counted stays: random trees, facts and reorganisations, asked through ucli.

Who stands under whom is kept beside the ledger as plain lists, without SQL; docs/counting.md says the rules. By these
lists it is also said what must be refused: ucli refuses that, and nothing else.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.conftest import Ucli
from tests.ledgers import (
    CHANGES,
    FIRST,
    LAST,
    STATED,
    answer_in,
    begun,
    dice_of,
    on_a_day,
    record,
    reorganise,
    seeds,
    state,
)
from tests.reference import STOCKS, Asked
from ucli.values.periods import built_in

ASKED = [
    word for code in (*STATED, "welfare-visits", "unions-founded", "members-lost") for word in ("--indicator", code)
]


# What must hold ------------------------------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "so.db"


PLAIN, JSON = (), ("-f", "json")


def printed(ok: Ucli, names: Sequence[str], periods: Sequence[str], *forms: tuple[str, ...]) -> list[str]:
    """Return what the reports say, in some forms, by the structure of then."""
    asked: list[tuple[str, ...]] = [("report", "--by", "district"), ("report", "--by", "unit"), ("movement",)]
    for unit in names:
        asked += [(*it, "--unit", unit) for it in (("report",), ("explain", "members-total"), ("movement",))]
    said = []
    for words in asked:
        for period in periods:
            for form in forms:
                said.append(f"{words} {period}\n{ok(*words, '--period', period, *form).out}")  # noqa: PERF401
    return said


def counted(ok: Ucli, unit: str, period: str, *words: str) -> dict[str, tuple[int, ...]]:
    rows = ok("report", "--unit", unit, "--period", period, *ASKED, *words, "-f", "json").json["rows"]
    values: dict[str, tuple[int, ...]] = {}
    for it in rows:
        if it["denominator"] is not None:
            values[it["indicator"]] = (it["numerator"], it["denominator"])
        elif it["actual"] is not None:
            values[it["indicator"]] = (it["actual"],)
    return values


def require_order(path: Path) -> None:
    """Walk up from every unit on every day on which anything changed, and look after the members and successors."""
    with closing(sqlite3.connect(path)) as db:
        rows = list(db.execute("SELECT unit, ancestor, depth, from_day, to_day FROM ancestry"))
        lives = {unit: (first, until) for unit, _ancestor, depth, first, until in rows if depth == 0}
        for day in sorted({it for *_, first, until in rows for it in (first, until)}):
            there = [row[:3] for row in rows if row[3] <= day < row[4]]
            alive = {unit for unit, (first, until) in lives.items() if first <= day < until}
            parents = {unit: ancestor for unit, ancestor, depth in there if depth == 1}
            assert len(parents) == sum(depth == 1 for *_, depth in there), f"two parents on {day}"
            assert alive >= {*parents, *parents.values()}, f"dead parents or children on {day}"
            for unit in alive:
                line = [unit]
                while line[-1] in parents:
                    assert parents[line[-1]] not in line, f"a cycle on {day}"
                    line.append(parents[line[-1]])
                assert set(enumerate(line)) == {(depth, up) for it, up, depth in there if it == unit}, (unit, day)
        for table in ("unit_name", "unit_life"):
            assert {row[0] for row in db.execute(f"SELECT unit FROM {table}")} == set(lives)
        for unit, ended in db.execute("SELECT unit, coalesce(ended, '9999-12-31') FROM unit_life"):
            assert lives[unit][1] == ended
        for unit, successor, day in db.execute("SELECT unit, successor, day FROM succession"):
            assert lives[unit][1] >= day
            # It may have gone up in a third one on that very day.
            assert lives[successor][0] <= day <= lives[successor][1], "a successor that does not stand"
        spells = {
            it[0]: it[1:]
            for it in db.execute(
                "SELECT id, union_unit, admitted, coalesce(\"left\", '9999-12-31'), left_by, begun_by, came_from,"
                " members FROM membership"
            )
        }
        going_on: dict[int, int] = defaultdict(int)
        for union, admitted, left, _left_by, begun_by, came_from, number in spells.values():
            assert lives[union][0] <= admitted <= left <= lives[union][1]
            assert (begun_by == "transfer") == (came_from is not None)
            if came_from:
                assert spells[came_from][2] == admitted
                assert spells[came_from][3] in ("transfer", "merged")
                going_on[came_from] += number
        assert going_on == {id_: it[6] for id_, it in spells.items() if it[3] in ("transfer", "merged")}


# In the later ones what happens on the day of an end just may be, or just may not.
@pytest.mark.parametrize("seed", seeds(0, 1, 2, 3, 9, 14, 20, 33, 37, 47, 1099))
def test_what_may_be_is_taken_and_what_may_not_is_refused(ucli: Ucli, path: Path, seed: int) -> None:
    dice = dice_of(seed)
    book = begun(path, dice)
    record(path, book, dice, 6, LAST)
    state(path, book, dice, 2)
    assert list(reorganise(ucli, book, dice, 14))
    record(path, book, dice, 25, LAST)
    state(path, book, dice, 10)


@pytest.mark.parametrize("seed", seeds(2, 5))
def test_what_was_before_every_change_prints_the_same_bytes_after_them(
    ucli: Ucli, ok: Ucli, path: Path, seed: int
) -> None:
    dice = dice_of(seed)
    book = begun(path, dice)
    record(path, book, dice, 30, LAST)
    state(path, book, dice, 25, last=CHANGES)
    state(path, book, dice, 5, list(STOCKS))
    names, periods = dice.sample(list(book.kinds), 3), ("2024", "2024-Q3", "2025-01")
    before = printed(ok, names, periods, PLAIN, JSON)
    done = list(reorganise(ucli, book, dice, 8))
    for one, other in zip(before, printed(ok, names, periods, PLAIN, JSON), strict=True):
        assert one == other, done


@pytest.mark.parametrize("seed", seeds(2, 3))
def test_the_whole_is_worth_what_all_that_went_up_in_it_were(ok: Ucli, path: Path, seed: int) -> None:
    dice = dice_of(seed)
    book = begun(path, dice)
    record(path, book, dice, 30, date(2024, 12, 31))
    state(path, book, dice, 40, last=date(2024, 12, 31))
    parts = {unit: [unit] for unit in book.kinds}
    for number, kind in enumerate(["union", "ward", "district", "province", "province", "district", "union"]):
        day = date(2025, 2 + number, dice.randint(1, 28))
        there = [it for it in book.alive(day, kind) if book.lives(it, day - timedelta(1))]
        into = dice.choice(there or ["TLD"])
        beside = [it for it in there if book.parent(it, day) == book.parent(into, day) and it != into]
        for unit in dice.sample(beside, min(len(beside), dice.randint(1, 2))):
            ok("merge-unit", unit, "--into", into, "--on", day.isoformat())
            book.end(unit, day, "merged", [into])
            parts[into] += parts[unit]
    for unit in book.alive(LAST):
        for period in ("2024", dice.choice(["2024-Q3", "2024-06", "2024-H2"])):
            sums: dict[str, tuple[int, ...]] = {}
            for part in parts[unit]:
                for code, value in counted(ok, part, period).items():
                    sums[code] = tuple(map(sum, zip(sums.get(code, (0, 0)), value, strict=False)))
            assert counted(ok, unit, period, "--structure", "now") == sums, (unit, parts[unit], period)


@pytest.mark.parametrize("seed", seeds(0, 6))
def test_opening_and_what_came_and_went_are_the_closing_in_every_window(
    ucli: Ucli, ok: Ucli, path: Path, seed: int
) -> None:
    dice = dice_of(seed)
    book = begun(path, dice)
    record(path, book, dice, 25, LAST)
    state(path, book, dice, 12, list(STOCKS))
    done = list(reorganise(ucli, book, dice, 8))
    record(path, book, dice, 10, LAST)
    counted_by_registers = ("members-total", "unions-total")
    for unit in book.kinds:
        standing = book.lives(unit, date.max - timedelta(1)) and dice.random() < 0.5
        for structure in ("then", "now") if standing else ("then",):
            asked = ("movement", "--unit", unit, "--period", "2025", "--structure", structure, "-f", "json")
            months, quarters = (ok(*asked, "--by", by).json for by in ("month", "quarter"))
            for table in (months, *months["groups"], *quarters["groups"]):
                first, last = (date.fromisoformat(table["period"][it]) for it in ("start", "end"))
                told = any(
                    first <= it.window.end <= last for it in book.figures if it.indicator in counted_by_registers
                )
                for what in ("members", "unions"):
                    about = (unit, structure, table["period"]["code"], what, table[what], done)
                    assert told or table[what]["difference"] == 0, about
                    assert table[what]["left"] == sum(table[what]["left_by"].values()), about
            for tables in (months["groups"], quarters["groups"]):
                for one, other in pairwise(tables):
                    for what in ("members", "unions"):
                        assert one[what]["closing"] == other[what]["opening"], (unit, structure, one["period"], done)


@pytest.mark.parametrize("seed", seeds(22))
def test_every_change_can_be_taken_back_and_brought_back_or_is_refused_whole(
    ucli: Ucli, ok: Ucli, path: Path, seed: int
) -> None:
    dice = dice_of(seed)
    book = begun(path, dice)
    record(path, book, dice, 20, LAST)
    state(path, book, dice, 10)
    names = dice.sample(list(book.kinds), 1)

    def said() -> list[str]:
        days = ("2025-01-31", "2025-07-01", "2025-12-31")
        return [*(ok("units", "--on", day, "-f", "json").out for day in days), *printed(ok, names, ["2025"], JSON)]

    seen, done = [said()], []
    for words in reorganise(ucli, book, dice, 6):
        done.append(words)
        seen.append(said())
    last = int(ok("log", "-f", "json").json[0]["operation"])
    numbers = range(last - len(done) + 1, last + 1)
    for before in reversed(seen[:-1]):
        ok("undo")
        assert said() == before, done
    for after in seen[1:]:
        ok("redo")
        assert said() == after, done
    undone: set[int] = set()
    known = {frozenset(numbers[it:]): text for it, text in enumerate(seen)}
    for _ in range(6 if done else 0):
        number = dice.choice(numbers)
        answer = ucli("redo" if number in undone else "undo", number)
        assert answer.code in (0, 5), answer
        if answer.code == 0:
            undone ^= {number}
        require_order(path)
        text = said()
        assert text == known.setdefault(frozenset(undone), text), (number, undone, done)
    for number in sorted(undone):
        ok("redo", number)
    assert said() == seen[-1], done


@pytest.mark.parametrize("seed", seeds(9, 18, 23))
def test_units_stand_and_registers_count_as_plain_lists_say(ucli: Ucli, ok: Ucli, path: Path, seed: int) -> None:
    dice = dice_of(seed)
    book = begun(path, dice)
    record(path, book, dice, 25, LAST)
    done = list(reorganise(ucli, book, dice, 9))
    record(path, book, dice, 25, LAST)
    require_order(path)
    for day in (FIRST, LAST, *(on_a_day(dice, CHANGES, LAST) for _ in range(5))):
        found = {it["name"]: it["parent"] for it in ok("units", "--on", day.isoformat(), "-f", "json").json}
        parents = {it: book.parent(it, day) for it in book.alive(day)}
        standing = {book.name(it, day): book.name(up, day) if up else None for it, up in parents.items()}
        assert found == standing, (day, done)
    codes = ["2024", "2025", "2025-Q1", "2025-Q3", "2025-07", "2025-03-01..2025-09-30", "2025-12-31"]
    registered = ["members-admitted", "members-lost", "unions-founded", "unions-dissolved", "welfare-amount"]
    registered += ["welfare-visits", "members-total", "unions-total"]
    asked = [word for code in registered for word in ("--indicator", code)]
    for unit in book.kinds:
        window = built_in(dice.choice(codes))
        assert window
        rows = ok("report", "--unit", unit, "--period", window.code, *asked, "-f", "json").json["rows"]
        got = {it["indicator"]: answer_in(it) for it in rows}
        assert got == {it: book.answer(it, Asked(unit, window)) for it in registered}, (unit, window.code, done)
