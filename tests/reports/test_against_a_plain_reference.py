"""Random ledgers give through ucli the answers that the plain reference gives, with all that may happen to units."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.conftest import Once, Ucli
from tests.ledgers import (
    FACTS,
    FIRST,
    HEDGES,
    LAST,
    answer_in,
    begun,
    change,
    clustered,
    dice_of,
    last_operation,
    on_a_day,
    record_one,
    seeds,
    state_one,
    writing,
)
from tests.reference import DIFFERENCES, NEW, QUOTIENTS, SHARES, STOCKS, Answer, Asked, Book, Figure, added
from ucli.ledger.operations import Operation
from ucli.values.periods import Window, built_in, pieces_of

FLOWS = ("members-admitted", "members-lost", "unions-founded", "welfare-amount", "shelter-houses", "news-items")
INDICATORS = (*FLOWS, "unions-dissolved", "agreement-coverage", "average-wage", *STOCKS, *DIFFERENCES, *QUOTIENTS)

_CODES = [
    "2024",
    "2025",
    "2024-H2",
    "2025-H1",
    "2025-H2",
    "2025-Q1",
    "2025-Q2",
    "2025-Q3",
    "2024-12",
    "2025-05",
    "2025-06",
    "2025-08",
    "2025-06-30",
    "2025u",
    "2025u-H1",
    "2025-05-01..2025-08-31",
    "2024-10-15..2025-03-14",
    "2024-01-01..2025-12-31",
    "2025-06-15..2025-06-15",
    "2025-9M",
]
WINDOWS = [window for window in map(built_in, _CODES) if window]
WIDE = max(WINDOWS, key=lambda window: window.days)  # both years


# Changes come early and late: what began after a unit ended is refused.
STEPS = ("fact", "change", "figure", "import", "fact", "change", "figure")


class Told:
    """A random ledger, told step by step to ucli and to a book."""

    def __init__(self, ucli: Ucli, path: Path, dice: Random) -> None:
        self.dice = dice
        self.windows = dice.sample(WINDOWS, 6)
        edges = [day for it in self.windows for day in (it.start, it.end, it.end + timedelta(1))]
        self.few = [day for day in edges if FIRST <= day <= LAST]
        self.book = begun(path, dice)
        self.log: list[object] = [self.book.kinds, clustered(path, self.book, dice)]
        # A few indicators a ledger, so that its figures meet each other.
        self.codes = dice.sample([*["members-admitted", "members-total"] * 2, *INDICATORS], 2)
        self.past = {last_operation(path): deepcopy(self.book)}
        for step in STEPS:
            if step == "import":
                self.imported(ucli, path.parent)
            elif step == "change":
                self.log += [self.changed(ucli, number) for number in range(4)]
            else:
                with writing(path) as op:
                    self.log += [self.recorded(op) if step == "fact" else self.stated(op) for _ in range(10)]
            self.past[last_operation(path)] = deepcopy(self.book)
        self.asked = sorted({it.indicator for it in self.book.figures} | {*self.codes, dice.choice(INDICATORS)})

    def changed(self, ucli: Ucli, number: int) -> object:
        """Change the organisation, or see it refused."""
        words, may_be, effect = change(self.book, self.dice, len(self.log) + number, day=self.day())
        answer = ucli(*words)
        assert answer.code in ((0,) if may_be else (4, 5)), (words, answer)
        if may_be and "Nothing to change" not in answer.err:
            effect()
            return words
        return None

    def recorded(self, op: Operation) -> object:
        what, programme = self.dice.choice(FACTS), self.dice.choice(["visit", "shelter"])
        return record_one(op, self.book, self.dice, what, self.day(), programme)

    def stated(self, op: Operation) -> object:
        """State something again now and then: the same, or for a window that lies inside, around, beside or across."""
        figure, book, dice = self.figure(), self.book, self.dice
        if book.figures and dice.random() < 0.3:
            figure = dice.choice(book.figures)
            figure = figure._replace(window=dice.choice([figure.window, *WINDOWS]))
        heirs = [heir for unit in book.ended for heir, _day in book.heirs(unit)]
        if heirs and dice.random() < 0.3:
            figure = figure._replace(unit=dice.choice(heirs), window=dice.choice([WIDE, *WINDOWS]))
        words = [None, "own", "predecessors", "predecessors"] if book.merged_within(figure) else [None]
        figure = figure._replace(speaks_for=dice.choice(words))
        return figure if state_one(op, book, figure) else None

    def figure(self) -> Figure:
        dice, book = self.dice, self.book
        indicator = dice.choice([self.codes[0], *self.codes])
        value: tuple[int, ...] = (dice.randint(0, 900),)
        if indicator in SHARES:
            value = (*value, value[0] + dice.randint(1, 99))
        bearer = dice.choice([*book.kinds, *book.clusters])
        return Figure(indicator, bearer, dice.choice(self.windows), value, dice.choice([*HEDGES, *[None] * 4]))

    def imported(self, ucli: Ucli, folder: Path) -> None:
        """Take in a table of figures and one of members, of which every row may be recorded."""
        book, dice = self.book, self.dice
        figures, members = ["Mã đơn vị;Kỳ;Chỉ tiêu;Giá trị"], ["Họ và tên;Công đoàn cơ sở;Ngày kết nạp"]
        for number in range(4):
            figure, day = self.figure(), self.day()
            if figure.unit in book.kinds and book.verdict(figure) == NEW:
                value = HEDGES[figure.hedge] + "/".join(map(str, figure.value))
                figures.append(f"{figure.unit};{figure.window.code};{figure.indicator};{value}")
                book.figures.append(figure)
            if there := [it for it in book.alive(day, "union") if it not in book.ended]:
                union = dice.choice(there)
                members.append(f"Trần Thị Mẫu {'ABCD'[number]};{union};{day.isoformat()}")
                book.begin(union, 1, day, "admission")
        for kind, rows in (("figures", figures), ("members", members)):
            self.log += rows[1:]
            (folder / "bang.csv").write_text("\n".join(rows), encoding="utf-8")
            if rows[1:]:
                ucli("import", kind, folder / "bang.csv", "--yes", expect=0)

    def day(self) -> date:
        return on_a_day(self.dice, FIRST, LAST, self.few)


def words_of(asked: Asked) -> list[str]:
    """Return how a question is asked."""
    window = asked.window
    [whole] = [it for it in (*WINDOWS, window) if it.code == window.code][:1]
    words = ["--cluster" if asked.scope[0] == "C" else "--unit", asked.scope, "--period", window.code]
    words += ["--as-of", window.end.isoformat()] if window.end != whole.end else []
    return [*words, *(["--structure", asked.structure.isoformat()] if asked.structure else [])]


def answers(ok: Ucli, asked: Asked, codes: Sequence[str], *words: object) -> dict[str, Answer]:
    options = [word for code in codes for word in ("--indicator", code)]
    rows = ok("report", *words_of(asked), *options, *words, "-f", "json").json["rows"]
    return {row["indicator"]: answer_in(row) for row in rows}


def expected(book: Book, asked: Asked, codes: Sequence[str]) -> dict[str, Answer]:
    return {code: book.answer(code, asked) for code in codes}


def questions(told: Told) -> Iterator[Asked]:
    """Yield what is asked: of the whole, of parts of it and clusters, to some day, by the structure of some day."""
    dice, book = told.dice, told.book
    for scope in ("TLD", "TLD", *dice.sample(list(book.kinds), 3), dice.choice(list(book.clusters))):
        window = WIDE if dice.random() < 0.3 else dice.choice(WINDOWS)
        if dice.random() < 0.3:
            window = window.until(window.start + timedelta(dice.randrange(window.days)))
        day = dice.choice([date(2026, 1, 1), told.day()])
        is_there = scope in book.kinds and book.lives(scope, day)
        yield Asked(scope, window, day if is_there and dice.random() < 0.5 else None)


@pytest.fixture(scope="module", params=seeds(*range(12)))
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def ledgers() -> dict[int, Told]:
    return {}


@pytest.fixture
def told(ucli: Ucli, tmp_path: Path, once: Once, ledgers: dict[int, Told], seed: int) -> Told:
    """Return the ledger of a seed, told once for all that is asked of it."""

    def tell() -> None:
        ledgers[seed] = Told(ucli, tmp_path / "so.db", dice_of(seed))

    once(f"told of {seed}", tell)
    ledgers[seed].dice = dice_of(seed)
    return ledgers[seed]


def test_random_ledgers_are_counted_as_the_law_says(ok: Ucli, told: Told) -> None:
    dice = told.dice
    for asked in questions(told):
        got = answers(ok, asked, told.asked)
        assert got == expected(told.book, asked, told.asked), story(told, asked)
        code = dice.choice(told.asked)
        [cell, *_parts] = ok("explain", code, *words_of(asked), "-f", "json").json["cells"]
        values = [tuple(map(int, str(it["value"]).split("/"))) for it in cell["parts"] if it["use"] == "counted"]
        if cell["parts"] and code not in (*DIFFERENCES, *QUOTIENTS):
            assert (added(values) or (got[code][0] and (0,)), cell["qualifier"]) == got[code], story(told, asked, code)
    operation, asked = dice.choice(list(told.past)), Asked("TLD", dice.choice(WINDOWS))
    got = answers(ok, asked, told.asked, "--as-known", operation)
    assert got == expected(told.past[operation], asked, told.asked), (operation, story(told, asked))


@pytest.mark.parametrize("seed", seeds(301))
def test_the_past_stays_readable_and_what_is_undone_comes_back(ucli: Ucli, ok: Ucli, tmp_path: Path, seed: int) -> None:
    told = Told(ucli, tmp_path / "so.db", dice_of(seed))

    def printed(*words: object) -> str:
        reports = (("--by", "unit", "-f", "json"), ("--unit", "D1"))
        return "".join(ok("report", "--period", "2025", *it, *words).out for it in reports)

    last, first = max(told.past), min(told.past)
    seen = {number: printed("--as-known", number) for number in range(first, last + 1)}
    for number in range(last, first, -1):
        assert printed() == seen[number]
        ok("undo")
    for number in range(first + 1, last + 1):
        assert printed() == seen[number - 1]
        ok("redo")
    for number, text in seen.items():
        assert printed("--as-known", number) == text


def test_groups_and_what_is_in_none_of_them_add_up_to_the_whole(ok: Ucli, told: Told) -> None:
    dice, book, options = told.dice, told.book, [word for code in told.asked for word in ("--indicator", code)]
    for by in dice.sample(["unit", "province", "district", "ward", "union"], 3):
        day = dice.choice([None, None, told.day(), date(2026, 1, 1)])
        tops = book.alive(day or told.day(), "confederation", "province", "district")
        whole = Asked(dice.choice([*tops, "TLD", "TLD"]), dice.choice(WINDOWS), day)
        table = ok("report", *words_of(whole), "--by", by, *options, "-f", "json").json
        groups = {first_code(it["unit"]["code"]): it["rows"] for it in table["groups"]}
        assert len(groups) == len(table["groups"])
        parts = {
            it: Asked(it, whole.window, day, None if day else whole.scope, by == "unit" and day is None)
            for it in groups
        }
        for unit, rows in (*groups.items(), (whole.scope, table["rows"])):
            asked = parts.get(unit, whole)
            got = {row["indicator"]: answer_in(row) for row in rows}
            assert got == expected(book, asked, told.asked), story(told, whole, by, unit)
        for row in table["rows"]:
            code = row["indicator"]
            rest = book.in_none(code, whole, list(parts.values()))
            if rest is not None:
                values = [answer_in(it)[0] for rows in groups.values() for it in rows if it["indicator"] == code]
                total, _hedge = answer_in(row)
                assert added([*filter(None, values), rest]) == (total or added([rest])), story(told, whole, by, code)


def test_each_month_and_quarter_is_counted_as_if_it_were_asked_for_alone(ok: Ucli, told: Told) -> None:
    dice, book, options = told.dice, told.book, [word for code in told.asked for word in ("--indicator", code)]
    for by, months in (("month", 1), ("quarter", 3)):
        day = dice.choice([None, None, date(2026, 1, 1)])
        scope = dice.choice(["TLD", *book.alive(day or told.day())])
        whole = Asked(scope, dice.choice(WINDOWS), day)
        table = ok("report", *words_of(whole), "--by", by, *options, "-f", "json").json
        for window, group in zip(pieces_of(whole.window, months), table["groups"], strict=True):
            got = {row["indicator"]: answer_in(row) for row in group["rows"]}
            assert got == expected(book, whole._replace(window=window), told.asked), story(told, whole, by, window.code)
        got = {row["indicator"]: answer_in(row) for row in table["rows"]}
        assert got == expected(book, whole, told.asked), story(told, whole, by)


def test_as_many_members_are_listed_as_are_counted(ok: Ucli, told: Told) -> None:
    dice = told.dice
    for scope in ("TLD", *dice.sample(told.book.alive(LAST), 3)):
        day, window = told.day(), dice.choice(WINDOWS)
        structure = dice.choice([None, LAST])
        words = ["--unit", scope, *(["--structure", LAST.isoformat()] if structure else []), "-f", "json"]
        listed = ok("members", *words, "--on", day.isoformat()).json
        asked = Asked(scope, Window("", day, day), structure)
        assert sum(it["members"] for it in listed) == told.book.held("members-total", asked, day), (words, day)
        left = ok("members", *words, "--left", "--period", window.code).json
        gone = told.book.registered("members-lost", asked._replace(window=window))
        assert sum(it["members"] for it in left if it["left_by"] not in ("transfer", "merged")) == gone, (words, window)


def first_code(code: str) -> str:
    """Return the code that a unit had before it was renamed."""
    return code.partition(".")[0]


def story(told: Told, asked: Asked, *about: str) -> str:
    return "\n".join(map(str, (*about, words_of(asked), *(it for it in told.log if it))))
