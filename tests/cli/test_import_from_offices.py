"""Tables as offices keep them: remarks that say who left, empty cells above signatures, members counted before."""

from pathlib import Path

import pytest

from tests.conftest import Ucli, table

HEAD = "TT;Họ và tên;Đơn vị;Ngày, tháng, năm vào CĐ;Ghi chú"


@pytest.mark.parametrize("remark", ["Nghỉ hưu 01/3/2024", "Đã mất", "Về hưu T3/2024", "Chuyển trường khác"])
def test_a_remark_that_the_member_left_is_doubted(province: Ucli, tmp_path: Path, remark: str) -> None:
    file = table(tmp_path / "a.csv", HEAD, f"1;Trần Thị Mẫu;MAY;2/4/2024;{remark}", "2;Lê Thử;MAY;2/4/2024;Tổ trưởng")
    told = province("import", "members", file, "--dry-run").err
    assert "A remark says that the member left, but the row only admits" in told
    assert told.count("Lines: 2.") == 1


def test_a_remark_beside_the_day_of_leaving_is_no_doubt(province: Ucli, tmp_path: Path) -> None:
    head, row = f"{HEAD};Ngày nghỉ hưu", "1;Trần Thị Mẫu;MAY;2/4/2024;Nghỉ hưu;1/10/2024"
    told = province("import", "members", table(tmp_path / "a.csv", head, row)).err
    assert "remark" not in told
    assert province("members", "--left", "-f", "json").json[0]["left"] == "2024-10-01"


def test_signatures_are_no_rows_where_empty_cells_are_filled_from_above(province: Ucli, tmp_path: Path) -> None:
    rows = ("1;Trần Thị Mẫu;MAY;2/4/2024;", "2;Lê Thử;;2/4/2024;", ";Tổng cộng: 2 đoàn viên;;;")
    below = (";;;Thạch Mẫu, ngày 5 tháng 12 năm 2024;", ";NGƯỜI LẬP BIỂU;;;TM. BAN THƯỜNG VỤ", ";Lê Văn Lập;;;Chủ")
    answer = province("import", "members", table(tmp_path / "a.csv", HEAD, *rows, *below), "--fill-down")
    assert "a.csv: 2 new, 0 changed, 0 unchanged, 0 invalid." in answer.err
    assert "Empty cells are read as the cell above them. Lines: 3." in answer.err


def test_a_member_of_the_day_on_which_others_came_without_names_is_doubted(province: Ucli, tmp_path: Path) -> None:
    province("add-union", "CĐCS Công ty Đếm", "--parent", "HH", "--founded", "3/7/2023", "--members", "12")
    file = table(tmp_path / "a.csv", HEAD, "1;Trần Thị Mẫu;Công ty Đếm;3/7/2023;", "2;Lê Thử;Công ty Đếm;4/7/2023;")
    told = province("import", "members", file, "--dry-run").err
    assert "Line 2: The union has members without names, or erased, who joined on that day" in told
    assert "Line 3: The union has members" not in told


def test_a_unit_that_the_reports_of_the_office_leave_out_is_doubted(ucli: Ucli, tmp_path: Path) -> None:
    ucli("init", "--office", "LĐLĐ huyện Thạch Mẫu")
    said = "It is under no unit, because its kind (industrial zone) cannot be under LĐLĐ huyện Thạch Mẫu"
    file = table(
        tmp_path / "a.csv", "Tên đơn vị;Loại đơn vị", "Công đoàn xã An Mẫu;xã", "Công đoàn KCN;khu công nghiệp"
    )
    told = ucli("import", "units", file).err
    assert f"Line 3: {said}" in told
    assert "Line 2:" not in told
    assert said in ucli("add-unit", "Công đoàn KCN Hai", "--kind", "zone").err


def test_unions_are_read_as_lists_of_offices_have_them(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = "TT;Tên CĐCS;Trực thuộc;Ngày tháng năm thành lập;Loại hình;Số đoàn viên"
    file = table(tmp_path / "a.csv", head, "1;CĐCS Công ty Một;HH;12/5/2018;Ngoài NN;0")
    told = ucli("import", "unions", file, expect=4).err
    assert "Leave the number out if the members come by name in a list of their own." in told
    file = table(tmp_path / "a.csv", head, "1;CĐCS Công ty Một;HH;12/5/2018;Ngoài NN;")
    assert province("import", "unions", file, "-f", "json").json["new"] == 1


def test_no_heading_of_a_day_is_taken_for_one_that_says_why(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "Họ tên;CĐCS;Từ ngày nghỉ;Lý do", "Trần Thị Mẫu;MAY;1/3/2024;Hết hợp đồng")
    assert "Ngày nghỉ hưu" not in ucli("import", "departures", file, expect=4).err
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2/4/2024")
    file = table(tmp_path / "a.csv", "Họ tên;Đơn vị;Nghỉ từ ngày;Lý do", "Trần Thị Mẫu;MAY;1/6/2024;Hết hợp đồng")
    assert province("import", "departures", file, "-f", "json").json["new"] == 1


def test_what_is_wrong_in_a_grid_is_said_with_its_heading(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "Đơn vị;Kỳ;Tin, bài đăng tải (tin bài)", "HH;2024-05;12 bài")
    told = ucli("import", "figures", file, expect=4).err
    assert "Line 2: Tin, bài đăng tải (tin bài): “12 bài” is not a number." in told


def test_rows_that_are_wrong_are_corrected_in_their_own_file_once_the_others_are_taken(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    file = table(tmp_path / "a.csv", HEAD, "1;Trần Thị Mẫu;MAY;2/4/2024;", "2;Lê Thử;MAY;31/4/2024;")
    told = ucli("import", "members", file, expect=4).err
    assert "or “--accept-valid --wrong FILE.csv” takes the other rows, and writes these to a file" in told
    wrong = tmp_path / "wrong.csv"
    province("import", "members", file, "--accept-valid", "--wrong", wrong)
    wrong.write_text(wrong.read_text(encoding="utf-8").replace("31/4/2024", "30/4/2024"), encoding="utf-8")
    assert province("import", "members", wrong, "-f", "json").json["new"] == 1
    assert province("import", "members", file, "--accept-valid", "-f", "json").json["unchanged"] == 1


def test_an_unknown_programme_is_told_with_those_there_are(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head, row = "Đơn vị;Nội dung chi;Ngày chi;Số tiền (triệu đồng)", "HH;Hỗ trợ bão số 3;3/6/2024;5"
    told = ucli("import", "payouts", table(tmp_path / "a.csv", head, row), expect=4).err
    assert "There is no welfare programme “Hỗ trợ bão số 3”. There are: " in told
    assert "(tet)" in told


def test_the_lock_file_of_a_workbook_is_told_by_what_it_is_in_its_own_folder(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("~$a.xlsx").write_bytes(b"\x05Lan" + bytes(160))
    assert "the lock file that Excel keeps" in ucli("import", "members", "~$a.xlsx", expect=4).err


def test_indicators_with_commas_in_their_names_stand_apart_under_a_report(province: Ucli) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024-05", "--lang", "vi")
    province("add-payout", "--unit", "HH", "--programme", "visit", "--amount", "5 triệu", "--on", "3/5/2024")
    said = province("report", "2024-05", "--lang", "vi").out
    assert "người lao động được thăm hỏi, tặng quà; Kinh phí thăm hỏi, tặng quà, hỗ trợ" in said
