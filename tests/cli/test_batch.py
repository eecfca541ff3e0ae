"""Many commands in one process do what as many calls do."""

from pathlib import Path

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
