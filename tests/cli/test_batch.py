"""Many commands in one process do what as many calls do."""

import shlex
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ucli

LINES = """
# ghi số liệu tháng
ucli add-figure news-items 5 --unit HH --period 2024-01
add-figure news-items "hơn 7" --unit "Kiến Xương" --period 2024-01

report --unit HH --period 2024 -f csv
"""


def test_a_batch_prints_and_writes_what_separate_calls_do(province: Ucli, tmp_path: Path) -> None:
    file = tmp_path / "lenh.txt"
    file.write_text(LINES, encoding="utf-8")
    together = province("batch", file)
    assert len(together.err.splitlines()) == 2
    assert province("report", "--unit", "HH", "--period", "2024", "-f", "csv").out == together.out
    assert [row["command"] for row in province("log", "-f", "json").json[:2]] == ["add-figure", "add-figure"]


def test_a_batch_stops_at_the_first_failure_and_says_where(province: Ucli, ucli: Ucli) -> None:
    lines = "add-figure news-items 5 --unit HH --period 2024-01\n"
    lines += "add-figure news-items 1.5 --unit HH --period 2024-02\nundo\n"
    answer = ucli("batch", stdin=lines)
    assert answer.code == 4
    assert "Line 2" in answer.err
    assert len(province("figures", "-f", "json").json) == 1
    assert ucli("batch", "--keep-going", stdin=lines).code == 4
    assert province("figures", "-f", "json").json == []


def test_a_batch_in_the_ledger_and_language_of_its_call(ok: Ucli, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    answer = ok("batch", "-", "--db", other, "--lang", "vi", stdin="init --office 'LĐLĐ tỉnh Lào Cai'\nunits\n")
    assert "Lào Cai" in answer.out
    assert "Thao tác 1" in answer.err


def test_what_a_batch_cannot_read_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    assert ucli("batch", tmp_path / "none.txt").code == 4
    assert ucli("batch", stdin="add-unit 'A --kind district").code == 4
    assert ucli("batch", stdin="batch x.txt").code == 2


def test_an_atomic_batch_writes_all_lines_or_none(province: Ucli, ucli: Ucli) -> None:
    good = "add-figure news-items 5 --unit HH --period 2024-01\nreport --unit HH --period 2024 -f csv\n"
    before = province("log", "-f", "json").out
    answer = ucli("batch", "--atomic", stdin=f"{good}add-figure news-items 1.5 --unit HH --period 2024-02\n", expect=4)
    assert answer.out == ""
    assert "Line 3" in answer.err
    assert "Operation" not in answer.err
    assert province("log", "-f", "json").out == before
    answer = province("batch", "--atomic", stdin=good)
    assert answer.out == province("report", "--unit", "HH", "--period", "2024", "-f", "csv").out
    assert "Operation" in answer.err
    assert len(province("figures", "-f", "json").json) == 1


def test_an_atomic_batch_names_every_failure_with_keep_going(province: Ucli, ucli: Ucli) -> None:
    lines = "add-figure news-items 1.5 --unit HH --period 2024-01\nadd-figure news-items 5 --unit XX --period 2024-01\n"
    answer = ucli("batch", "--atomic", "--keep-going", stdin=f"{lines}undo\n", expect=4)
    assert "Line 1" in answer.err
    assert "Line 2" in answer.err
    assert ucli("batch", "--atomic", "--db", "new.db", stdin="init\n", expect=2).err


def test_a_batch_gives_the_results_of_separate_calls(ok: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    """Same parser, same messages, same ledger: wrong lines too."""
    lines = [
        "init --office 'LĐLĐ tỉnh Lào Cai'",
        "add-unit 'LĐLĐ huyện Bát Xát' --kind district --code BX",
        "add-union 'CĐCS Chè' --parent BX --founded 1/3/2024 --members 12 --code CHE",
        "add-payout --unit CHE --programme tet --amount 2tr --on 2/3/2024 -f json",
        "add-payout --unit CHE --programme tet --amount 1.5tr",
        "add-member A --union NONE --admitted 2/3/2024",
        "add-unit",
        "nothing",
        "move-unit CHE --to BX --on 5/3/2024",
        "undo --note 'nhầm'",
        "report --period 2024 -f json",
        "units",
    ]
    separately = [ucli(*shlex.split(line), "--db", tmp_path / "one.db") for line in lines]
    together = ucli("batch", "--keep-going", "--db", tmp_path / "two.db", stdin="\n".join(lines), expect=4)
    assert together.out == "".join(it.out for it in separately)
    said = [line for line in together.err.splitlines() if not line.startswith("Line ")]
    assert said == "".join(it.err for it in separately).replace("one.db", "two.db").splitlines()
    one, two = (sqlite3.connect(tmp_path / name) for name in ("one.db", "two.db"))
    with closing(one), closing(two):
        for table in ("unit_name", "ancestry", "membership", "payout"):
            query = f"SELECT * FROM {table}"
            assert one.execute(query).fetchall() == two.execute(query).fetchall()


def test_an_atomic_batch_writes_to_one_ledger_however_it_is_spelled(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ucli("init", "--db", "other.db", expect=0)
    line = "add-figure news-items 5 --unit HH --period 2024-01"
    assert "one ledger" in ucli("batch", "--atomic", stdin=f"{line}\nunits --db other.db\n", expect=2).err
    province("batch", "--atomic", stdin=f"{line}\nunits --db ./so.db\n")
    assert len(province("figures", "-f", "json").json) == 1


def test_a_batch_in_a_batch_and_an_open_quotation_are_failures_like_others(province: Ucli, ucli: Ucli) -> None:
    lines = "--lang en batch x.txt\nadd-unit 'A\nadd-figure news-items 5 --unit HH --period 2024-01 --note BC#45\n"
    answer = ucli("batch", "--keep-going", stdin=lines, expect=2)
    assert "Line 1" in answer.err
    assert "Line 2" in answer.err
    assert province("log", "-f", "json").json[0]["note"] == "BC#45"
