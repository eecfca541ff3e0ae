"""Random ledgers: trees, facts, figures and reorganisations, written through ucli and into a plain `Book`.

Whatever is written, the book says first whether it may be; ucli must take just that, and refuse the rest.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.conftest import Ucli
from tests.reference import LEVELS, NEW, REFUSED, STOCKS, Answer, Book, Figure, Payout
from ucli.errors import UcliError
from ucli.ledger import admissions, catalogue, clusters, figures, foundings, members, payouts, targets, units
from ucli.ledger.operations import Operation
from ucli.ledger.recording import Author, operation, require_rules
from ucli.ledger.store import create_ledger, open_ledger
from ucli.ledger.verbs import only
from ucli.values.periods import built_in
from ucli.values.statements import parse_statement

FIRST, CHANGES, LAST = date(2024, 1, 1), date(2025, 2, 5), date(2025, 12, 31)
STATED = (
    "members-admitted",
    "news-items",
    "welfare-amount",
    "agreement-coverage",
    "members-total",
    "unions-total",
    "workers-total",
)
FACTS = ("join", "join", "pay", "leave", "transfer")
EVENTS = ("rename", "move", "move", "merge", "merge", "split", "end", "end")
FEW_DAYS = (date(2025, 3, 1), date(2025, 7, 1), date(2025, 9, 30))
HEDGES = {"at-least": "hơn ", "below": "gần ", "about": "khoảng ", None: ""}
Event = tuple[list[str], bool, Callable[[], None]]  # the command, whether it may be, and what it does to the book


def answer_in(row: dict[str, Any]) -> Answer:
    """Return what a row of a report says, as the book does."""
    if row["denominator"] is not None:
        return (row["numerator"], row["denominator"]), row["qualifier"]
    return None if row["actual"] is None else (row["actual"],), row["qualifier"]


def dice_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311  the same every time


def seeds(*usual: int) -> list[int]:
    """Return the seeds of a test, or as many as UCLI_TEST_SEEDS asks for: 300, or 1000-1300."""
    first, _dash, until = os.environ.get("UCLI_TEST_SEEDS", "").rpartition("-")
    return [*range(int(first or 0), int(until))] if until else [*usual]


@contextmanager
def writing(path: Path) -> Iterator[Operation]:
    with closing(open_ledger(path)) as db:
        db.execute("PRAGMA synchronous = OFF")
        with operation(db, "test", Author("test", "test")) as op:
            yield op


@contextmanager
def held_to_the_rules(op: Operation) -> Iterator[None]:
    """Write something that the rules take, as a command of its own would, or nothing."""
    written = op.rows
    op.db.execute("SAVEPOINT alone")
    try:
        yield
        require_rules(op)
    except UcliError:
        op.db.execute("ROLLBACK TO alone")
        op.rows = written
        raise
    finally:
        op.db.execute("RELEASE alone")


def begun(path: Path, dice: Random) -> Book:
    """Make a confederation of provinces, districts, wards and unions."""
    with create_ledger(path):
        pass
    book = Book()
    rows = [("TLD", "confederation", "Tổng Liên đoàn", "")]
    rows += [("TB", "province", "LĐLĐ tỉnh Thái Bình", "TLD"), ("HY", "province", "LĐLĐ tỉnh Hưng Yên", "TLD")]
    if dice.random() < 0.3:
        rows.append(("ND", "province", "LĐLĐ tỉnh Nam Định", "TLD"))
    rows += [(f"D{it}", "district", f"Huyện {it}", dice.choice(rows[1:])[0]) for it in range(1, dice.randint(4, 5))]
    uppers = [code for code, kind, *_ in rows if kind != "confederation"]
    rows += [(f"W{it}", "ward", f"Xã {it}", dice.choice(uppers)) for it in range(1, dice.randint(2, 4))]
    uppers = [code for code, kind, *_ in rows if kind != "confederation"]
    rows += [(f"U{it}", "union", f"CĐCS {it}", dice.choice(uppers)) for it in range(1, dice.randint(5, 9))]
    with writing(path) as op:
        for code, kind, name, parent in rows:
            above = units.find(op.db, parent) if parent else None
            day = on_a_day(dice, FIRST, CHANGES) if kind == "union" and dice.random() < 0.6 else None
            unit = foundings.add_unit(op, name, kind, parent=above, code=code, founded=day)
            book.found(code, kind, name, parent, day or date.min)
            if day:
                book.founded[code] = day
                members.begin(op, unit.id, None, 9, day, "founding")
                book.begin(code, 9, day, "founding")
    return book


def clustered(path: Path, book: Book, dice: Random) -> object:
    """Put some units together in clusters of both years; one may stand below another."""
    for code in ("C1", "C2"):
        there = [it for it in book.kinds if book.kinds[it] != "confederation" and book.lives(it, date(2024, 12, 31))]
        book.clusters[code] = tuple(dice.sample(there, dice.randint(1, 3)))
        for year in (2024, 2025):
            with writing(path) as op:
                clusters.set_cluster(op, code, year, [units.find(op.db, it) for it in book.clusters[code]], None, None)
            book.clustered += [(it, date(year, 1, 1)) for it in book.clusters[code]]
    return book.clusters


def last_operation(path: Path) -> int:
    with closing(open_ledger(path)) as db:
        return int(db.execute("SELECT max(number) FROM operation").fetchone()[0])


def on_a_day(dice: Random, first: date, last: date, few: Sequence[date] = FEW_DAYS) -> date:
    """Choose a day, of a few more often, so that things meet on it."""
    few = [day for day in (*few, last) if first <= day <= last]
    return dice.choice(few) if dice.random() < 0.4 else first + timedelta(dice.randrange((last - first).days + 1))


def record(path: Path, book: Book, dice: Random, count: int, last: date) -> None:
    """Write facts to the registers."""
    with writing(path) as op:
        for _ in range(count):
            record_one(op, book, dice, dice.choice(FACTS), on_a_day(dice, FIRST, last))


def record_one(op: Operation, book: Book, dice: Random, what: str, day: date, programme: str = "visit") -> object:
    """Write a fact to a register and to the book, or see it refused; return what was written."""
    union, number = dice.choice(book.alive(LAST, "union") or ["U1"]), dice.randrange(max(1, len(book.spells)))
    unit, may_be = "", False
    try:
        if what == "pay":
            unit = dice.choice(list(book.kinds))
            may_be = book.lives(unit, day)
            houses = 1 + number % 3 if programme == "shelter" else 1
            paid = Payout(programme, unit, day, 1000 + number, houses)
            found = catalogue.find_programme(op.db, programme)
            given = payouts.Payout(units.find(op.db, unit), found, day, paid.amount, recipients=houses)
            with held_to_the_rules(op):
                only(payouts.pay(op, [given]))
            book.paid.append(paid)
        elif what == "join" or not book.spells:
            union = dice.choice(book.alive(day, "union") or [union])
            may_be = book.lives(union, day)
            admission = admissions.Admission(units.find(op.db, union), "Trần Thị Mẫu", day.isoformat())
            with held_to_the_rules(op):
                only(admissions.admit(op, [admission]))
            book.begin(union, 1, day, "admission")
        else:
            spell = book.spells[number]
            some = dice.randint(1, spell.members)
            to = union if what == "transfer" else None
            may_be = book.may_leave(number, day, to)
            with held_to_the_rules(op):
                if to is None:
                    members.depart(op, str(number + 1), day, "retired", members=some)
                else:
                    there = units.find(op.db, union)
                    members.depart(op, str(number + 1), day, "transfer", to=there, members=some)
            book.close(spell, day, "retired" if to is None else "transfer", to, some)
        was = True
    except UcliError:
        was = False
    assert was == may_be, (what, union, number, day)
    return (what, unit if what == "pay" else union, number, day) if was else None


def state(path: Path, book: Book, dice: Random, count: int, codes: Sequence[str] = STATED, last: date = LAST) -> None:
    """Write figures and statements, and a target here and there."""
    with writing(path) as op:
        for _ in range(count):
            code, unit = dice.choice(codes), dice.choice(list(book.kinds))
            day = on_a_day(dice, FIRST, last)
            window = built_in(
                dice.choice(
                    ["2024", "2024-H2", "2024-Q3", "2024-06", "2024-12", "2025-Q2", "2025"][: 7 if last == LAST else 5]
                )
            )
            if code in STOCKS:
                window = built_in(day.isoformat())
            assert window
            value = (dice.randint(0, 40), 40) if code == "agreement-coverage" else (dice.randint(30, 400),)
            if not state_one(op, book, figure := Figure(code, unit, window, value)):
                continue
            if dice.random() < 0.3 and len(value) == 1:
                indicator = next(it for it in catalogue.indicators(op.db) if it.code == code)
                target = targets.NewTarget(indicator, str(value[0]), units.find(op.db, unit), figure.window)
                only(targets.set_targets(op, [target]))


def state_one(op: Operation, book: Book, figure: Figure) -> bool:
    """Write a figure to the ledger and to the book, or see it refused; tell which."""
    verdict = book.verdict(figure)
    [indicator] = [it for it in catalogue.indicators(op.db) if it.code == figure.indicator]
    text = HEDGES[figure.hedge] + "/".join(map(str, figure.value))
    among = ("cluster",) if figure.unit in book.clusters else None
    bearer = units.find(op.db, figure.unit, among=among) if among else units.find(op.db, figure.unit)
    written = op.rows
    try:
        statement = parse_statement(text, indicator, percent=None, weight=None)
        row = figures.NewFigure(indicator, bearer, figure.window, statement, speaks_for=figure.speaks_for)
        with held_to_the_rules(op):
            only(figures.state(op, [row]))
    except UcliError:
        assert verdict == REFUSED, figure
        return False
    assert verdict == (NEW if op.rows > written else "known already"), figure
    if verdict == NEW:
        book.figures.append(figure)
    return True


def change(book: Book, dice: Random, number: int, *, adopting: bool = False, day: date | None = None) -> Event:
    """Return a change of the organisation, and whether it may be."""
    day = day or on_a_day(dice, CHANGES, LAST)
    what, on = dice.choice(EVENTS), ["--on", day.isoformat()]
    fixed = ["confederation", *(["province"] if adopting else [])]
    unit = dice.choice([it for it in book.alive(day) if book.kinds[it] not in fixed])
    kind = book.kinds[unit]
    beside = [it for it in book.alive(day, kind) if it != unit]
    if what == "rename" and kind != "province":
        name = f"{book.names[unit][0][1]} đổi {number}"
        words = ["rename-unit", unit, name, "--code", f"{unit}.{number}", *on]
        may_be = book.may_rename(unit, day)
        return words, may_be, lambda: book.names.update({unit: sorted([*book.names[unit], (day, name)])})
    if what == "merge" and beside:
        merged = [unit, *dice.sample(beside, min(len(beside) - 1, dice.randrange(2)))]
        into = dice.choice([it for it in beside if it not in merged])

        def merge() -> None:
            for it in merged:
                book.end(it, day, "merged", [into])

        may_be = all(book.may_end(it, day, [into]) for it in merged)
        return ["merge-unit", *merged, "--into", into, *on], may_be, merge
    if what == "split" and kind in ("district", "ward"):
        return splitting(book, dice, unit, day, number)
    if what == "end":
        heirs = [dice.choice([*beside, book.parent(unit, day)])] if dice.random() < 0.7 else []
        reason = "dissolved" if not heirs else "merged" if book.kinds[heirs[0]] == "union" else "reorganised"
        words = ["end-unit", unit, *on, *[word for it in heirs for word in ("--successor", it)]]
        return words, book.may_end(unit, day, heirs), lambda: book.end(unit, day, reason, heirs)
    to = dice.choice([it for it in book.alive(day) if LEVELS[book.kinds[it]] < LEVELS[kind]])
    return ["move-unit", unit, "--to", to, *on], book.may_move(unit, to, day), lambda: book.put(unit, to, day)


def splitting(book: Book, dice: Random, unit: str, day: date, number: int) -> Event:
    parts = {f"PHAN-{number}-{it}": f"Phần {number} {it}" for it in (1, 2)}
    taken = {it: dice.choice(list(parts)) for it in book.alive(day) if book.parent(it, day) == unit}
    keep = dice.random() < 0.3
    words = ["split-unit", unit, *[word for it in parts.values() for word in ("--into", it)], "--on", day.isoformat()]
    words += [word for it, part in taken.items() for word in ("--children", f"{parts[part]}={it}")]

    def split() -> None:
        for part, name in parts.items():
            book.found(part, book.kinds[unit], name, book.parent(unit, day), day)
        for it, part in taken.items():
            book.put(it, part, day)
        if keep:
            book.follow(unit, list(parts), day)
        else:
            book.end(unit, day, "split", list(parts))

    # The parts are of its kind, and found where it stands.
    may_be = book.may_stand(unit, book.parent(unit, day), date.max)
    may_be = may_be and (keep or book.may_end(unit, day, [], list(taken)))
    return [*words, *(["--keep"] if keep else [])], may_be, split


def adoption(book: Book) -> Event:
    def adopt() -> None:
        day = date(2025, 7, 1)
        book.end("TB", day, "merged", ["HY"])
        if "ND" in book.kinds:
            book.found("Ninh Bình", "province", "LĐLĐ tỉnh Ninh Bình", "TLD", day)
            book.end("ND", day, "merged", ["Ninh Bình"])

    may_be = all(book.may_end(it, date(2025, 7, 1), ["HY"]) for it in ("TB", "ND") if it in book.kinds)
    return ["adopt-2025"], may_be, adopt


def reorganise(ucli: Ucli, book: Book, dice: Random, count: int) -> Iterator[str]:
    """Change the organisation, and yield each command that may be; the ledger must refuse the others."""
    adopting = dice.random() < 0.4
    for number in range(count):
        adopts = adopting and number == count // 2
        words, may_be, effect = adoption(book) if adopts else change(book, dice, number, adopting=adopting)
        answer = ucli(*words)
        assert answer.code in ((0,) if may_be else (4, 5)), (words, answer)
        if may_be and "Nothing to change" not in answer.err:
            effect()
            yield " ".join(words)
