"""Rows of a table that fall into a closed period are wrong rows like others, named by line with the way to reopen."""

from pathlib import Path

import pytest

from tests.conftest import Ucli, table

REOPEN = "2024-Q1 (01/01/2024–31/03/2024) of LĐLĐ huyện Hưng Hà is closed. To correct it: ucli reopen-period"

# Of each kind: the heading, a row that falls into the closed quarter, and one that does not.
TABLES = {
    "members": ("Họ và tên;Công đoàn cơ sở;Ngày kết nạp", "Lê Thử;MAY;5/2/2024", "Trần Mẫu;MAY;5/5/2024"),
    "unions": ("Tên CĐCS;Công đoàn cấp trên;Ngày thành lập;Số đoàn viên", "X;HH;5/2/2024;25", "Y;HH;5/5/2024;25"),
    "payouts": ("Đơn vị;Chương trình;Ngày chi;Số tiền", "HH;tet;5/2/2024;5 triệu", "HH;tet;5/5/2024;5 triệu"),
    "figures": ("Đơn vị;Kỳ;Chỉ tiêu;Giá trị", "HH;2024-02;news-items;5", "HH;2024-05;news-items;5"),
    "targets": ("Đơn vị;Kỳ;Chỉ tiêu;Giá trị", "HH;2024-02;news-items;5", "HH;2024-05;news-items;5"),
}


@pytest.fixture
def closed(province: Ucli) -> Ucli:
    province("close-period", "2024-Q1", "--unit", "HH")
    return province


@pytest.mark.parametrize("kind", TABLES)
def test_a_row_in_a_closed_period_is_left_out_and_the_others_are_taken(closed: Ucli, tmp_path: Path, kind: str) -> None:
    head, into_it, elsewhere = TABLES[kind]
    file, wrong = table(tmp_path / "a.csv", head, into_it, elsewhere), tmp_path / "sai.csv"
    for words in (("--dry-run",), ("--wrong", wrong)):
        answer = closed("import", kind, file, "--accept-valid", *words, "-f", "json")
        assert (answer.json["new"], answer.json["wrong"]) == (1, 1)
        assert "Line 2: " in answer.err
        assert f"{REOPEN} 2024-Q1 --unit HH --reason" in answer.err
    assert into_it.split(";")[0] in wrong.read_text(encoding="utf-8")
    closed("reopen-period", "2024-Q1", "--unit", "HH", "--reason", "bổ sung")
    answer = closed("import", kind, file, "-f", "json")
    assert (answer.json["new"], answer.json["unchanged"], answer.json["wrong"]) == (1, 1, 0)


@pytest.mark.parametrize("kind", TABLES)
def test_without_accept_valid_a_table_is_refused_by_the_closed_period_or_rejected_for_its_rows(
    closed: Ucli, ucli: Ucli, tmp_path: Path, kind: str
) -> None:
    head, into_it, elsewhere = TABLES[kind]
    wrong = into_it.replace("MAY", "?").replace("HH", "?")
    before = closed("log").out
    for words in ((), ("--dry-run",)):
        for lines, code in (((into_it,), 5), ((elsewhere, into_it), 5), ((wrong, into_it), 4)):
            answer = ucli("import", kind, table(tmp_path / "a.csv", head, *lines), *words, expect=code)
            [told] = [line for line in answer.err.splitlines() if line.startswith(f"Line {1 + len(lines)}: ")]
            assert REOPEN in told
            assert (
                f"{lines.count(elsewhere)} new, 0 changed, 0 unchanged, {1 + lines.count(wrong)} invalid." in answer.err
            )
    assert closed("log").out == before


def test_of_a_grid_only_the_cells_that_would_change_a_closed_period_are_wrong(closed: Ucli, tmp_path: Path) -> None:
    closed("reopen-period", "2024-Q1", "--unit", "HH", "--reason", "bổ sung")
    closed("add-figure", "news-items", 7, "--unit", "HH", "--period", "2024-02")
    closed("close-period", "2024-Q1", "--unit", "HH")
    grid = table(tmp_path / "a.csv", "Đơn vị;news-items;legal-advice", "HH;7;3", "KX;1;2")
    answer = closed("import", "figures", grid, "--period", "2024-02", "--accept-valid", "-f", "json")
    assert (answer.json["new"], answer.json["unchanged"], answer.json["wrong"]) == (2, 1, 1)
    assert f"Line 2: legal-advice: {REOPEN}" in answer.err


def test_of_a_row_that_falls_into_several_closed_periods_all_are_named(closed: Ucli, tmp_path: Path) -> None:
    closed("close-period", "2024")
    head, into_both, into_one = TABLES["payouts"]
    answer = closed("import", "payouts", table(tmp_path / "a.csv", head, into_both, into_one), "--accept-valid")
    both, one = (line for line in answer.err.splitlines() if line.startswith("Line"))
    assert "reopen-period 2024-Q1 --unit HH --reason “…”; ucli reopen-period 2024 --reason" in both
    assert "reopen-period 2024 --reason" in one
    assert "2024-Q1" not in one


def test_a_row_that_repeats_one_in_a_closed_period_is_no_way_around_it(closed: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày sinh"
    rows = ["Lê Thử;MAY;5/2/2024;1/1/1990"] * 3
    answer = closed("import", "members", table(tmp_path / "a.csv", head, *rows), "--accept-valid", "-f", "json")
    assert (answer.json["new"], answer.json["wrong"]) == (0, 3)
    assert answer.json["operation"] is None


def test_rows_in_an_atomic_batch_are_left_out_alike(closed: Ucli, tmp_path: Path) -> None:
    head, into_it, elsewhere = TABLES["payouts"]
    file = table(tmp_path / "a.csv", head, into_it, elsewhere)
    closed("batch", "--atomic", stdin=f"import payouts {file} --accept-valid\nadd-unit C --kind district\n")
    assert len(closed("payouts", "-f", "json").json) == 1
