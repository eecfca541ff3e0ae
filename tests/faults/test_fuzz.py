"""Words, lines, tables and plans that nobody foresaw: a code of the contract, harmless words, nothing half stored.

What fuzzing found stands in `tests/cli/test_hostile.py`, as cases of their own.
"""

import csv
import json
import random
import shlex
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Answer, Ucli, dumped
from tests.faults.ledgers import IS_LONG, amount
from ucli.cli.app import root_command
from ucli.cli.index import COMMANDS
from ucli.errors import UcliError
from ucli.importing.columns import FORMS
from ucli.sanitize import sanitize
from ucli.values.dates import parse_date
from ucli.values.indicators import Indicator
from ucli.values.members import parse_id_number, parse_sex
from ucli.values.names import fold, normalised, own_name, slug, sort_key
from ucli.values.numbers import parse_count, parse_money, parse_percent
from ucli.values.periods import built_in
from ucli.values.quantities import parse_quantity, parse_share, parse_stated_percent
from ucli.values.targets import parse_goal

EXAMPLES = amount("EXAMPLES", 25, 1500)
TRIED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    # The short form must fail on what is wrong, never on chance.
    derandomize=not IS_LONG,
    database=None,
)

TRIED_LESS = settings(TRIED, max_examples=EXAMPLES // 3)

NASTY = [
    "", " ", "-", "--", "a\0b", "\ud800", "[bold]x[/]", "\x1b[2J", "\u202eabc", "a\nb", "'; DROP TABLE unit;--",
    "=cmd|' /C calc'!A0", "A" * 5000, "../../etc/passwd", "/dev/null", "~nobody/x", "{0}", "%s", "٣", "１２",
    "9" * 5000, "1e9", "-1", "²", "½", "10/0", "nan", "2024-H3", "0000", "9999", "0001-01-01", "9999-12-31",
    "today..today", "..", "\u0301", "İ", "ﬁ", "\ufeff", "\u200b", "hơn ", "~5", "1-2-3", "1/2/3",
    "999999999999999%", "*", ";", '"', "\\",
]  # fmt: skip
SOUND = [
    "HH", "KX", "MAY", "Thái Bình", "2024", "2024-05-01", "2024-H1", "20/4/2024", "5", "1", "12", "5tr", "tet",
    "shelter", "news-items", "agreement-coverage", "district", "non-state", "hơn 7.000", "56/56", "85%",
    "json", "csv", "nam",
]  # fmt: skip
WORD = st.one_of(st.sampled_from(NASTY), st.sampled_from(SOUND), st.text(max_size=20))
NUMBER = st.text("0123456789.,%/ ~<>≥-–đtrỷiệugầnhơkộ", max_size=25)
DAY = st.text("0123456789/.-uHQ ", max_size=22)

RATIO = Indicator(1, "a", "a", "A", "A", "%", "ratio", "higher", "", may_exceed=False)
MONEY = Indicator(1, "a", "a", "A", "A", "đồng", "flow", "lower", "", may_exceed=False)

PARSERS: dict[str, Callable[[str], object]] = {
    "count": parse_count,
    "money": parse_money,
    "percent": parse_percent,
    "stated percent": parse_stated_percent,
    "quantity": lambda text: parse_quantity(text, money=False),
    "amount": lambda text: parse_quantity(text, money=True),
    "share": parse_share,
    "ratio target": lambda text: parse_goal(text, RATIO),
    "money target": lambda text: parse_goal(text, MONEY),
    "date": parse_date,
    "period": built_in,
    "sex": parse_sex,
    "ID number": parse_id_number,
}


@pytest.mark.parametrize("name", PARSERS)
@TRIED
@given(st.one_of(WORD, NUMBER, DAY, st.text()))
def test_a_parser_reads_what_is_typed_or_says_why_not(name: str, text: str) -> None:
    said = []
    try:
        PARSERS[name](text)
    except UcliError as error:
        said = error.lines()
    assert all(len(line) < 400 for line in said)


@TRIED
@given(st.text())
def test_every_text_can_be_a_name(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)
    assert fold(fold(text)) == fold(text)
    assert slug(text).isascii()
    assert own_name(text) == fold(own_name(text))
    sort_key(text)
    assert sanitize(sanitize(text)) == sanitize(text)
    assert not set(sanitize(text)) & set("\x1b\x07\x9b\u202e\u2066\u200b\ud800")


class Held:
    """A ledger that must be whole after every call, and as it was after one that failed."""

    def __init__(self, ucli: Ucli, path: Path) -> None:
        self._ucli = ucli
        self._path = path
        self._before = dumped(path)

    def call(self, *words: object, stdin: str = "", may_write_and_fail: bool = False) -> Answer:
        answer = self._ucli(*words, stdin=stdin)
        after = dumped(self._path)
        assert answer.code in (0, 2, 3, 4, 5, 6, 7), answer
        assert "Traceback" not in answer.err
        assert len(answer.err) < 100_000
        assert all(sanitize(line) == line for line in answer.err.split("\n")), answer.err
        assert not set(answer.out) & set("\x1b\x07\x9b\u202e\u2066")
        if answer.code and not may_write_and_fail:
            assert after == self._before
        self._before = after
        return answer


@pytest.fixture
def held(province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Held:
    monkeypatch.chdir(tmp_path)
    return Held(ucli, tmp_path / "so.db")


OPTIONS = {
    name: [param for param in root_command().get_command(None, name).params if "--help" not in param.opts]
    for name in COMMANDS
    if name != "serve"  # serves until it is stopped; tests/web has what may be asked of it
}
PATHS = {"--db", "--output", "--plan", "--wrong"}


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    """Return a command with most of what it asks for, and words for it that are sound or not."""
    name = draw(st.sampled_from(sorted(OPTIONS)))
    words = [name]
    for param in OPTIONS[name]:
        asked = draw(st.integers(0, 9)) < (9 if getattr(param, "required", False) else 2)
        if not asked or PATHS.intersection(param.opts):
            continue
        if param.param_type_name == "argument":
            words.append(draw(WORD))
        else:
            words.append(max(param.opts, key=len))
            if not param.is_flag:
                words.append(draw(WORD))
    return words + draw(st.lists(WORD, max_size=1))


@TRIED
@given(words=command_lines(), stdin=st.sampled_from(["", "\0", "0" * 12, "report\n"]))
def test_any_command_line_is_carried_out_or_refused(held: Held, words: list[str], stdin: str) -> None:
    held.call(*words, stdin=stdin, may_write_and_fail="batch" in words[:1])


SOUND_LINES = [
    "add-figure news-items 5 --unit HH --period 2024-01",
    "add-member 'Lê Văn Thử' --union MAY --admitted 2024-05-01",
    "adopt-2025",
    "undo",
    "redo",
    "check",
    "units -f json",
    "batch",
    "init",
    "--version",
    "--help",
    "--show-completion",
    "'",
    "# lời dặn",
    "ucli log",
    "units --db other.db",
    "report --lang en",
]
LINES = st.lists(
    st.one_of(st.sampled_from(SOUND_LINES), st.lists(WORD, max_size=5).map(shlex.join), st.text(max_size=40)),
    max_size=6,
)


@TRIED
@given(lines=LINES, words=st.sampled_from([(), ("--atomic",), ("--keep-going",), ("--atomic", "--keep-going")]))
def test_any_lines_are_carried_out_or_refused(held: Held, lines: list[str], words: tuple[str, ...]) -> None:
    held.call("batch", *words, stdin="\n".join(lines), may_write_and_fail="--atomic" not in words)


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Return a kind of table and its lines: mostly what the form asks for, here and there anything."""
    kind = draw(st.sampled_from(sorted(FORMS)))
    columns = [it for it in FORMS[kind] if "required" in it.flags or draw(st.booleans())]
    heads = [draw(st.sampled_from(it.headings)) for it in columns]
    if draw(st.integers(0, 4)) == 0:
        heads.insert(draw(st.integers(0, len(heads))), draw(st.one_of(WORD, st.sampled_from(["STT", "news-items"]))))
    cells = st.one_of(WORD, NUMBER, DAY)
    rows = [
        [it.example if draw(st.integers(0, 3)) else draw(cells) for it in columns]
        for _row in range(draw(st.integers(0, 5)))
    ]
    return kind, [heads, *rows]


def as_csv(lines: list[list[str]], chance: random.Random) -> bytes:
    separator = chance.choice(";,\t;;")
    quoted = [
        ['"{}"'.format(cell.replace('"', '""')) if chance.random() < 0.3 else cell for cell in line] for line in lines
    ]
    text = "\n".join(separator.join(line) for line in quoted)
    return text.encode(chance.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"]), "replace")


def as_workbook(lines: list[list[str]], chance: random.Random) -> bytes:
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    formats = [book.add_format({"num_format": it}) for it in ("dd/mm/yyyy", "[h]:mm", "0%", "@")]
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if row and chance.random() < 0.2:
                number = chance.choice((0, -1, 45402, 45402.5, 60, 2958466, 1e15, 1e300, 0.1))
                sheet.write_number(row, column, number, chance.choice(formats))
            else:
                sheet.write_string(row, column, cell.encode("utf-8", "replace").decode()[:32_000])
    book.close()
    if chance.random() < 0.5:
        return made.getvalue()
    packed = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        changed = chance.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, mutated(old.read(name), chance) if name == changed else old.read(name))
    return packed.getvalue()


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _turn in range(chance.choice((1, 3, 20))):
        place = chance.randrange(len(changed) + 1)
        what = chance.randrange(4)
        if what == 0:
            changed[place : place + 1] = bytes([chance.randrange(256)])
        elif what == 1:
            del changed[place : place + chance.randrange(50)]
        elif what == 2:
            changed[place:place] = changed[: chance.randrange(200)]
        else:
            changed[place:place] = chance.randbytes(chance.randrange(8))
    return bytes(changed)


@TRIED
@given(
    table=tables(),
    seed=st.integers(0, 2**32),
    suffix=st.sampled_from([".csv", ".csv", ".xlsx", ".xlsx", ".xls", ".ods"]),
    options=st.lists(
        st.sampled_from(["--accept-valid", "--dry-run", "--wrong=w.csv", "--wrong=w.xlsx", "--yes"]), unique=True
    ),
)
def test_any_table_is_taken_in_whole_or_not_at_all(
    held: Held, table: tuple[str, list[list[str]]], seed: int, suffix: str, options: list[str]
) -> None:
    kind, lines = table
    chance = random.Random(seed)  # noqa: S311
    data = (as_csv if suffix == ".csv" else as_workbook)(lines, chance)
    file = Path(f"t{suffix}")
    file.write_bytes(mutated(data, chance) if chance.random() < 0.4 else data)
    held.call("import", kind, file, *options)


@st.composite
def sound_tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Return a kind of table and two lines of it with nothing wrong: columns in any order, under any of their names."""
    kind = draw(st.sampled_from(sorted(FORMS.keys() - {"departures"})))  # who leaves has to be a member before
    needed = {"amount"} if kind == "payouts" else set()  # a payout of nothing is none
    columns = [it for it in FORMS[kind] if "required" in it.flags or it.name in needed or draw(st.booleans())]
    columns = draw(st.permutations(columns))
    used = Counter(name for it in FORMS[kind] for name in it.headings)  # “Chỉ tiêu” is an indicator or a target
    heads = [draw(st.sampled_from([name for name in it.headings if used[name] == 1])) for it in columns]
    return kind, [heads, [it.example for it in columns]]


@TRIED
@given(
    table=sound_tables(),
    separator=st.sampled_from(";,\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    is_book=st.booleans(),
)
def test_a_table_with_nothing_wrong_is_taken(
    held: Held, table: tuple[str, list[list[str]]], separator: str, encoding: str, *, is_book: bool
) -> None:
    kind, lines = table
    file = Path("s.xlsx" if is_book else "s.csv")
    if is_book:
        book = xlsxwriter.Workbook(file)
        page = book.add_worksheet()
        for row, line in enumerate(lines):
            page.write_row(row, 0, line)
        book.close()
    else:
        with file.open("w", encoding=encoding, newline="") as written:
            csv.writer(written, delimiter=separator).writerows(lines)
    answer = held.call("import", kind, file, "--dry-run", "-f", "json")
    assert (answer.code, answer.json["new"]) == (0, 1)


@TRIED
@given(data=st.binary(max_size=400), kind=st.sampled_from(sorted(FORMS)), suffix=st.sampled_from([".csv", ".xlsx"]))
def test_any_bytes_are_a_table_or_refused(held: Held, data: bytes, kind: str, suffix: str) -> None:
    file = Path(f"b{suffix}")
    file.write_bytes(data)
    held.call("import", kind, file)


ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORD),
    lambda it: st.one_of(st.lists(it), st.dictionaries(WORD, it)),
)


@TRIED_LESS
@given(
    changes=st.dictionaries(
        st.sampled_from(["kind", "file", "sha256", "names", "given", "sheet", "after", "accept_valid", "counts", "x"]),
        st.one_of(
            ANYTHING, st.sampled_from([{"unit": "HH"}, {"period": "zz"}, {"Kỳ": "unit"}, "members", "/dev/zero"])
        ),
        max_size=3,
    ),
    cut=st.one_of(st.none(), st.integers(0, 600)),
)
def test_any_plan_is_carried_out_or_refused(held: Held, changes: dict[str, object], cut: int | None) -> None:
    Path("t.csv").write_text("Đơn vị;Kỳ;Chỉ tiêu;Giá trị\nHH;2024;news-items;5\n", encoding="utf-8")
    assert held.call("import", "figures", "t.csv", "--plan", "p.json", "--force").code == 0
    plan = json.loads(Path("p.json").read_text(encoding="utf-8"))
    with suppress(UnicodeEncodeError):
        Path("p.json").write_text(json.dumps({**plan, **changes})[:cut], encoding="utf-8")
    if held.call("apply", "p.json").code == 0:
        held.call("undo")
