"""`ucli query`: the ledger in SQL, read-only, with names, and without personal data; other tools see the same."""

import csv
import json
import re
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.conftest import ROOT, After, Ucli, dumped, shell, spoil
from ucli.ledger.query import ATTAINMENT

YEAR = date.today().year  # noqa: DTZ011
VIEWS = re.findall(
    r"^### `(\w+)`$", (ROOT / "docs" / "schema.md").read_text(encoding="utf-8").split("\n## ")[1], re.MULTILINE
)
UNITS = "SELECT * FROM units ORDER BY code"
MONEY = "SELECT unit, amount, fund FROM payouts"
# A member, a beneficiary who is none, a card and an ID number that stand nowhere else.
PRIVATE = ("Quách Thị Mộc Miên", "Tôn Nữ Hạ Huyền", "TB-777", "034199007777", "1990-07-07", "07/07/1990")
RECORDED = f"""
add-award HH "Cờ thi đua" --period 2024
add-member "{PRIVATE[0]}" --union MAY --admitted 2024-05-01 --card {PRIVATE[2]} --id-number {PRIVATE[3]} --born 7/7/1990
add-payout --unit MAY --programme tet --amount 1.500.000 --on {YEAR}-01-05 --member {PRIVATE[2]} --fund "quỹ tỉnh"
add-payout --unit TRUONG --programme visit --amount 500.000 --on {YEAR}-01-06 --beneficiary "{PRIVATE[1]}"
set-target news-items 10 --unit HH --period {YEAR} --issuer 34
set-target members-admitted 100 --unit 34 --period {YEAR}
set-target news-items 20 --unit KX --period {YEAR} --decision 12/QĐ
add-figure news-items 4 --unit HH --period {YEAR}-01
add-figure news-items 3 --unit KX --period {YEAR}-01
"""


@pytest.fixture
def recorded(province_after: After) -> Ucli:
    return province_after(RECORDED)


def test_an_answer_comes_in_every_format(recorded: Ucli, tmp_path: Path) -> None:
    expected = [
        {"unit": "CĐCS May Hưng Hà", "amount": 1_500_000, "fund": "quỹ tỉnh"},
        {"unit": "CĐCS Trường Kiến Xương", "amount": 500_000, "fund": None},
    ]

    def printed(form: str) -> str:
        return recorded("query", MONEY, "-f", form).out

    assert json.loads(printed("json")) == expected
    assert [json.loads(line) for line in printed("ndjson").splitlines()] == expected
    assert list(csv.reader(StringIO(printed("csv")))) == [
        ["unit", "amount", "fund"],
        ["CĐCS May Hưng Hà", "1500000", "quỹ tỉnh"],
        ["CĐCS Trường Kiến Xương", "500000", ""],
    ]
    assert printed("plain").splitlines()[1].split("  ")[0] == "CĐCS May Hưng Hà"
    assert re.search(r"^\| CĐCS May Hưng Hà +\| +1\.500\.000 \| quỹ tỉnh \|$", printed("github"), re.MULTILINE)
    assert "<span>1.500.000</span>" in printed("html")
    for form in ("xlsx", "docx"):
        recorded("query", MONEY, "-o", tmp_path / f"out.{form}")
    cells = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0].iter_rows(values_only=True)
    assert ("CĐCS May Hưng Hà", 1_500_000, "quỹ tỉnh") in [row[:3] for row in cells]
    tables = docx.Document(BytesIO((tmp_path / "out.docx").read_bytes())).tables
    assert ["CĐCS May Hưng Hà", "1.500.000", "quỹ tỉnh"] in [
        [cell.text for cell in row.cells][-3:] for table in tables for row in table.rows
    ]


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "plain", "html"])
def test_bytes_and_what_is_no_number_are_printed_as_text(province: Ucli, form: str) -> None:
    out = province("query", "SELECT x'00ff' AS some, 1e999 AS more", "-f", form).out
    assert "00ff" in out
    assert "inf" in out
    if form == "json":
        assert json.loads(out, parse_constant=pytest.fail) == [{"some": "00ff", "more": "inf"}]


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        (
            "INSERT INTO setting VALUES ('a', 'b', 1)",
            "",
        ),
        ("DELETE FROM payout", ""),
        ("UPDATE unit_name SET name = 'x'", ""),
        ("WITH a AS (SELECT 1) DELETE FROM payout", ""),
        ("CREATE TEMP TABLE a (b)", ""),
        ("PRAGMA user_version = 99", ""),
        ("PRAGMA user_version", ""),
        ("ATTACH 'other.db' AS other", ""),
        ("COMMIT", ""),
        ("VACUUM INTO 'other.db'", ""),
        ("DELETE FROM payouts", ""),
        ("INSERT INTO units VALUES (1)", ""),
        ("SELECT 1; DELETE FROM payout", "takes one SELECT at a time"),
    ],
)
def test_a_query_only_reads(recorded: Ucli, ucli: Ucli, tmp_path: Path, sql: str, says: str) -> None:
    before = dumped(tmp_path / "so.db")
    answer = ucli("query", sql, expect=2)
    assert (says or "“ucli query” can only read") in answer.err
    assert dumped(tmp_path / "so.db") == before
    assert not (tmp_path / "other.db").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM person",
        "SELECT count(*) FROM person",
        "SELECT count(*) FROM PERSON",
        "SELECT 1 AS a WHERE EXISTS (SELECT 1 FROM main.Person)",
        "SELECT p.name FROM payout LEFT JOIN person p ON p.id = payout.person",
        "WITH p AS (SELECT * FROM person) SELECT count(*) AS n FROM p",
    ],
)
def test_no_question_reads_persons(recorded: Ucli, ucli: Ucli, sql: str) -> None:
    answer = ucli("query", sql, expect=5)
    assert "“ucli query” reads no personal data." in answer.err
    assert not answer.out


def test_no_view_holds_personal_data(recorded: Ucli, tmp_path: Path) -> None:
    recorded("members", "--union", "MAY")
    with closing(sqlite3.connect(tmp_path / "so.db")) as db:
        assert {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'view'")} == {*VIEWS} - {
            "attainment"
        }
        assert PRIVATE[0] in str(db.execute("SELECT * FROM person").fetchall())
    for view in VIEWS:
        out = recorded("query", f"SELECT * FROM {view}", "-f", "json").out
        assert json.loads(out), view
        assert not [text for text in PRIVATE if text in out], view
    assert [row["named"] for row in recorded("query", "SELECT named FROM payouts", "-f", "json").json] == [1, 1]


def test_names_are_those_of_the_day(province_after: After) -> None:
    ucli = province_after(f"""
add-payout --unit MAY --programme tet --amount 500.000 --on {YEAR - 1}-02-01
add-member "Lê Văn Thử" --union MAY --admitted {YEAR - 1}-02-01
add-figure news-items 4 --unit KX --period {YEAR}-01
set-target news-items 20 --unit KX --period {YEAR}
rename-unit MAY "CĐCS May Mới" --code MOI --on {YEAR - 1}-07-01
rename-unit KX "LĐLĐ khu vực Kiến Xương" --code KV --on {YEAR}-02-01
add-payout --unit MOI --programme tet --amount 700.000 --on {YEAR - 1}-08-01
merge-unit HH --into KV --on {YEAR}-02-01
""")

    def asked(sql: str) -> list[list[object]]:
        return [[*row.values()] for row in ucli("query", sql, "-f", "json").json]

    assert asked("SELECT unit_code, unit FROM payouts ORDER BY day") == [
        ["MAY", "CĐCS May Hưng Hà"],
        ["MOI", "CĐCS May Mới"],
    ]
    assert asked("SELECT union_name FROM memberships") == [["CĐCS May Hưng Hà"]]
    assert asked("SELECT unit, value FROM figures") == [["LĐLĐ huyện Kiến Xương", 4]]
    # What the unit stated under its earlier name is its own still.
    assert asked("SELECT unit, low, stated FROM targets_today") == [["LĐLĐ khu vực Kiến Xương", 20, 4]]
    assert asked("SELECT code, parent FROM units WHERE kind <> 'province' ORDER BY code") == [
        ["KV", "LĐLĐ tỉnh Thái Bình"],
        ["MOI", "LĐLĐ khu vực Kiến Xương"],
        ["TRUONG", "LĐLĐ khu vực Kiến Xương"],
    ]
    assert asked("SELECT code FROM unit_names WHERE number = 2") == [["HH"]]


def test_attainment_is_what_the_report_of_each_unit_says(recorded: Ucli) -> None:
    recorded("merge-unit", "HH", "--into", "KX", "--on", f"{YEAR}-01-20")
    found = recorded("query", "SELECT * FROM attainment", "-f", "csv").out
    rows = list(csv.DictReader(StringIO(found)))
    assert tuple(rows[0]) == ATTAINMENT
    assert {row["unit_code"] for row in rows} == {"34", "HH", "KX"}
    for unit in ("34", "HH", "KX"):
        report = csv.DictReader(StringIO(recorded("report", "--unit", unit, str(YEAR), "-f", "csv").out))
        expected = [{it: row[it] for it in ATTAINMENT} for row in report if row["predecessor"] == "0"]
        assert [row for row in rows if row["unit_code"] == unit] == expected


def test_attainment_of_a_ledger_without_targets_is_empty(province: Ucli) -> None:
    assert province("query", "SELECT * FROM attainment", "-f", "json").json == []
    assert province("query", "SELECT * FROM payouts", "-f", "csv").out.startswith("payout,unit_code,unit,")


@pytest.mark.parametrize("options", [(), ("--atomic",)])
def test_the_lines_of_a_batch_see_what_was_recorded_before_them(recorded: Ucli, options: tuple[str, ...]) -> None:
    ask = """query "SELECT actual FROM attainment WHERE unit_code = 'KX' AND indicator = 'news-items'" -f ndjson"""
    lines = f"{ask}\nvoid-figure 2\nadd-figure news-items 8 --unit KX --period {YEAR}-01\n{ask}\n"
    assert re.findall(r'"actual": (\d+)', recorded("batch", *options, stdin=lines).out) == ["3", "8"]


def test_a_look_into_the_past_ends_with_its_line_in_an_atomic_batch(recorded: Ucli) -> None:
    lines = 'report --as-known 1 -f csv\nquery "SELECT count(*) AS n FROM unit_name" -f ndjson\n'
    assert recorded("batch", "--atomic", stdin=lines).out.endswith('{"n": 5}\n')


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT * FROM nowhere", "no such table: nowhere"),
        ("SELECT modified FROM units", "no such column: modified"),
        ("SELECT 1 LIMIT 'a'", "datatype mismatch"),
        ("SELECT CAST(x'ff' AS TEXT) AS a", "SQLite cannot answer this"),
        (";", "This is not a query."),
        ("SELECT 1 AS a, 2 AS a", "Two columns have one name."),
        ("SELECT u.*, n.* FROM units u JOIN unit_names n ON n.code = u.code", "Two columns have one name."),
        ("WITH RECURSIVE a (b) AS (SELECT 1 UNION ALL SELECT b FROM a) SELECT b FROM a", "more than 50.000 rows"),
    ],
)
def test_a_wrong_question_is_a_usage_error(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch, sql: str, says: str
) -> None:
    monkeypatch.setattr("ucli.ledger.query._MOST_CELLS", 50_000)
    assert says in ucli("query", sql, expect=2).err


def test_damage_in_the_ledger_is_told_as_such_and_not_as_a_wrong_question(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    spoil(tmp_path / "so.db", "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(tmp_path / "so.db")) as db:
        page, root = (
            db.execute(sql).fetchone()[0]
            for sql in (
                "PRAGMA page_size",
                "SELECT rootpage FROM sqlite_master WHERE name = 'operation'",
            )
        )
    with (tmp_path / "so.db").open("r+b") as file:
        file.seek((root - 1) * page)
        file.write(b"\xff" * page)
    assert "is damaged" in ucli("query", "SELECT * FROM log", expect=7).err


def test_ctrl_c_ends_a_question_that_takes_too_long(province: Ucli, ucli: Ucli) -> None:
    pressed = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    try:
        endless = "WITH RECURSIVE a (b) AS (SELECT 1 UNION ALL SELECT b + 1 FROM a) SELECT count(*) AS n FROM a"
        assert ucli("query", endless) == (130, "", "")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, pressed)


def test_sqlite_utils_and_datasette_show_the_same_rows_and_change_nothing(recorded: Ucli, tmp_path: Path) -> None:
    before = dumped(tmp_path / "so.db")
    asked = recorded("query", UNITS, "-f", "json").json
    assert len(asked) == 5
    by_utils = shell(f'{sys.executable} -m sqlite_utils query so.db "{UNITS}"', cwd=tmp_path)
    assert json.loads(by_utils.out) == asked
    by_datasette = shell(
        f"{sys.executable} -m datasette so.db --get '/so/units.json?_shape=array&_sort=code'", cwd=tmp_path
    )
    assert json.loads(by_datasette.out) == asked
    assert dumped(tmp_path / "so.db") == before
    assert recorded("check", "-f", "json").json == []


def test_the_schema_is_documented_as_it_is() -> None:
    done = shell(f"{sys.executable} scripts/schema.py --check")
    assert (done.code, done.err) == (0, "")


def test_every_example_of_the_documented_schema_runs(recorded: Ucli) -> None:
    examples = re.findall(r"```sql\n(.*?)\n```", (ROOT / "docs" / "schema.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == len(VIEWS) + 1
    for example in examples:
        recorded("query", example)
