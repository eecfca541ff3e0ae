"""A roster from Excel is taken whole or not at all, and taken twice it changes nothing."""

from pathlib import Path

import pytest

from tests.conftest import Ucli

HEAD = "STT;Họ và tên;Ngày sinh;Giới tính;Số CCCD;Số thẻ;Công đoàn cơ sở;Ngày kết nạp;Số quyết định"
ROWS = (
    "1;Trần Thị Mẫu;02/09/1990;Nữ;034190000101;TB001;MAY;20/4/2024;12/QĐ",
    "2;Lê Văn Thử;1985-01-31;nam;;TB002;May Hưng Hà;20.4.2024;",
    "3;Đỗ Ví Dụ;;;;;CĐCS May;2024-04-21;",
)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    return written(tmp_path / "đoàn viên.csv", *ROWS)


def written(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\ufeff" + "\r\n".join((head, *rows)) + "\r\n", encoding="utf-8")
    return path


def test_a_roster_is_admitted_in_one_operation_that_undo_takes_back(province: Ucli, roster: Path) -> None:
    before = len(province("members", "-f", "json").json)
    answer = province("import", "members", roster, "-f", "json")
    assert answer.json["new"] == 3
    members = province("members", "-f", "json").json
    assert len(members) == before + 3
    [first] = [it for it in members if it["name"] == "Trần Thị Mẫu"]
    assert (first["born"], first["sex"], first["id_number"], first["card"], first["decision"]) == (
        "1990-09-02",
        "female",
        "***101",
        "TB001",
        "12/QĐ",
    )
    report = province("report", "--period", "2024-04", "--indicator", "members-admitted", "-f", "json").json
    assert report["rows"][0]["actual"] == 3
    province("check")
    province("undo")
    assert len(province("members", "-f", "json").json) == before


def test_taken_again_it_changes_nothing(province: Ucli, roster: Path) -> None:
    province("import", "members", roster)
    members = province("members", "-f", "json").out
    again = province("import", "members", roster, "-f", "json")
    assert (again.json["new"], again.json["unchanged"], again.json["operation"]) == (0, 3, None)
    assert province("members", "-f", "json").out == members


def test_every_row_that_cannot_be_taken_is_named_and_nothing_is_written(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    before = province("members", "-f", "json").out
    wrong = (
        "4;Vũ Thị Sai;30/2/1990;;;;MAY;20/4/2024;",
        "5;Vũ Thị Sai;;;123;;MAY;20/4/2024;",
        "6;Vũ Thị Sai;;;;;Không Có;20/4/2024;",
        "7;Vũ Thị Sai;;;;;MAY;1/1/2001;",
        "8;Vũ Thị Sai;;khác;;;MAY;20/4/2024;",
        "9;;;;;;MAY;20/4/2024;",
        "10;Vũ Thị Sai;20/4/2025;;;;MAY;20/4/2024;",
        "11;Trần Thị Mẫu;02/09/1990;Nữ;034190000101;TB001;MAY;20/4/2024;",
    )
    answer = ucli("import", "members", written(tmp_path / "x.csv", *ROWS, *wrong), expect=4)
    assert [line.split(":")[0] for line in answer.err.splitlines() if line.startswith("Line")] == [
        f"Line {number}" for number in range(5, 13)
    ]
    assert "Invalid rows in x.csv: 8;" in answer.err
    assert "Vũ Thị Sai" not in answer.err
    assert "034190000101" not in answer.err
    assert province("members", "-f", "json").out == before


def test_columns_stand_in_any_order_and_an_unknown_one_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = written(tmp_path / "a.csv", "MAY,2024-05-01,Trần Thị Mẫu", head="union,admitted,name")
    assert province("import", "members", file, "-f", "json").json["new"] == 1
    answer = ucli("import", "members", written(tmp_path / "b.csv", "x", head="Họ và tênn;CĐCS;Ngày kết nạp"), expect=4)
    assert "Họ và tên" in answer.err
    ucli("import", "members", written(tmp_path / "c.csv", "x", head="Họ và tên;CĐCS"), expect=4)
    ucli("import", "members", tmp_path / "none.csv", expect=4)


def test_a_namesake_with_another_number_is_admitted_and_said(province: Ucli, roster: Path, tmp_path: Path) -> None:
    province("import", "members", roster)
    other = written(tmp_path / "b.csv", "1;Trần Thị Mẫu;02/09/1990;Nữ;034190000202;;MAY;20/4/2024;")
    answer = province("import", "members", other, "-f", "json")
    assert (answer.json["new"], answer.json["doubtful"]) == (1, [2])
    assert "Line 2" in answer.err


def test_whoever_may_be_a_member_already_is_admitted_and_said(province: Ucli, roster: Path, tmp_path: Path) -> None:
    province("import", "members", roster)
    head, day = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Số thẻ", "MAY;20/4/2024"
    for rows, doubtful in (
        ((f"Tran Thi Mau;{day};2/9/1990;",), [2]),  # typed without marks
        ((f"Trần Thị Mẫu;{day};;", f"Lê Văn Thử;{day};;"), [2, 3]),  # the list that has no birth dates
        ((f"Đỗ Ví Dụ;{day};5/5/1995;",), [2]),
        ((f"Do Vi Du;{day};;", "Đỗ Ví Dụ;MAY;21/4/2024;;"), []),  # who is meant stands in a row himself
        ((f"Trần Thị Mẫu;{day};;TB009", f"Trần Thị Mẫu;{day};3/9/1990;", "Trần Thị Mẫu;TRUONG;20/4/2024;;"), []),
    ):
        answer = province("import", "members", written(tmp_path / "b.csv", *rows, head=head), "-n", "-f", "json")
        assert answer.json["doubtful"] == doubtful
        assert answer.err.count("of the same name") == len(doubtful)


def test_whoever_left_comes_back_as_the_same_person(province: Ucli, roster: Path, tmp_path: Path) -> None:
    province("import", "members", roster)
    province("end-membership", "TB001", "--on", "2024-06-01", "--reason", "resigned")
    back = written(tmp_path / "b.csv", "1;Trần Thị Mẫu;02/09/1990;Nữ;034190000101;TB001;MAY;1/8/2024;")
    assert province("import", "members", back, "-f", "json").json["new"] == 1


def test_a_dry_run_only_counts(province: Ucli, roster: Path) -> None:
    before = province("members", "-f", "json").out
    assert province("import", "members", roster, "--dry-run", "-f", "json").json["new"] == 3
    assert province("members", "-f", "json").out == before


def test_somebody_born_on_the_day_of_admission_is_refused_as_on_the_command_line(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head, why = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh", "The birth date is not before the day of admission."
    file = written(tmp_path / "a.csv", "Lê Văn Thử;MAY;20/4/2024;20/4/2024", head=head)
    assert f"Line 2: {why}" in ucli("import", "members", file, expect=4).err
    words = ("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "20/4/2024", "--born")
    assert why in ucli(*words, "20/4/2024", expect=4).err
    # Whoever was born the day before is only doubted.
    written(file, "Lê Văn Thử;MAY;20/4/2024;19/4/2024", head=head)
    assert province("import", "members", file, "-f", "json").json["new"] == 1


def test_a_file_that_is_no_workbook_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    fake = tmp_path / "a.xlsx"
    fake.write_bytes(b"PK\x03\x04 nothing")
    assert "cannot be read" in ucli("import", "members", fake, expect=4).err


def test_taken_again_after_members_left_or_their_union_ended_it_admits_nobody(
    province: Ucli, roster: Path, tmp_path: Path
) -> None:
    province("import", "members", roster)
    province("end-membership", "TB001", "--on", "2024-06-01", "--reason", "resigned")
    assert province("import", "members", roster, "-f", "json").json["new"] == 0
    province("transfer-member", "TB002", "--to", "TRUONG", "--on", "2024-06-01")
    assert province("import", "members", roster, "-f", "json").json["new"] == 0
    province("end-union", "MAY", "--on", "2024-09-01", "--reason", "dissolved")
    assert province("import", "members", roster, "-f", "json").json["new"] == 0
    late = written(tmp_path / "b.csv", "1;Vũ Văn Muộn;;;;;MAY;1/8/2024;")
    assert [province("import", "members", late, "-f", "json").json["new"] for _ in range(2)] == [1, 0]


def test_tone_marks_tell_two_members_apart(province: Ucli, tmp_path: Path) -> None:
    for name, new in (("Lê Thị Hà", 1), ("Lê Thị Hạ", 1), ("LÊ THỊ HÀ", 0)):
        file = written(tmp_path / "a.csv", f"1;{name};;;;;MAY;1/5/2024;")
        assert province("import", "members", file, "-f", "json").json["new"] == new


@pytest.mark.parametrize("column", range(1, 8))
def test_no_message_repeats_what_stands_in_a_row(province: Ucli, ucli: Ucli, tmp_path: Path, column: int) -> None:
    row = ROWS[0].split(";")
    row[column] = "Nguyễn Bí Mật" * (30 if column == 1 else 1)
    answer = ucli("import", "members", written(tmp_path / "a.csv", ";".join(row)))
    assert "Mật" not in answer.err
    headless = ucli("import", "members", written(tmp_path / "b.csv", *ROWS[1:], head=ROWS[0]), expect=4)
    assert "Mẫu" not in headless.err


def test_lines_are_numbered_as_an_editor_does_and_excels_first_line_is_passed_over(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    rows = ('1;"Trần Thị\nMẫu";;;;;MAY;20/4/2024;', "2;Lê Văn Thử;;;;;MAY;20/4/1900;")
    answer = ucli("import", "members", written(tmp_path / "a.csv", HEAD, *rows, head="sep=;"), expect=4)
    assert "Line 5:" in answer.err


def test_a_row_that_repeats_another_without_a_birth_date_is_taken_and_doubtful(province: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày sinh;Số thẻ"
    rows = [
        "Lê Văn Trùng;MAY;5/5/2024;;",
        "Lê Văn Trùng;MAY;5/5/2024;;",
        "Lê Văn Trùng;MAY;6/5/2024;;",
        "Lê Văn Trùng;TRUONG;5/5/2024;;",
        "Trần Thị Mẫu;MAY;5/5/2024;;T1",
        "Trần Thị Mẫu;MAY;5/5/2024;;T2",
    ]
    file = written(tmp_path / "a.csv", *rows, head=head)
    answer = province("import", "members", file, "-f", "json")
    assert (answer.json["new"], answer.json["doubtful"]) == (6, [3])
    assert "Line 3: Line 2 has that name, union and day too, and no birth date; is it the same person?" in answer.err
    assert province("import", "members", file, "-f", "json").json["doubtful"] == []
    one = "Vũ Thị Thử;MAY;5/5/2024;;"
    province("import", "members", written(tmp_path / "b.csv", one, head=head))
    answer = province("import", "members", written(tmp_path / "b.csv", one, one, head=head), "-f", "json")
    assert (answer.json["new"], answer.json["unchanged"]) == (1, 1)
    assert "Line 3: Line 2 has that name" in answer.err


def test_two_of_one_name_and_birth_date_are_two_where_it_is_confirmed_and_known_again(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    file = written(tmp_path / "a.csv", *["1;Trần Thị Mẫu;02/09/1990;Nữ;;;MAY;20/4/2024;"] * 2)
    once = province("import", "members", file, "-n", "-f", "json")
    assert (once.json["new"], once.json["repeated"]) == (1, [3])
    assert "Line 3: Same as line 2; recorded once." in once.err
    other = written(tmp_path / "b.csv", *[f"1;Trần Thị Mẫu;02/09/1990;{it};;;MAY;20/4/2024;" for it in ("Nữ", "")])
    assert "Line 3: This member is already in line 2." in ucli("import", "members", other, expect=4).err
    assert province("import", "members", file, "--yes", "-f", "json").json["new"] == 2
    again = province("import", "members", file, "--roster", "-f", "json").json
    assert (again["unchanged"], again["absent"]) == (2, [])


def test_as_json_the_counts_and_what_is_wrong_are_printed_also_where_nothing_is_written(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    file = written(tmp_path / "a.csv", ROWS[0], "2;Lê Thử;;;;;KHÔNG;1/2/2024;")
    refused = ucli("import", "members", file, "-f", "json", expect=4).json
    faults = [{"line": 3, "what": "The grassroots union “KHÔNG” is not in the ledger."}]
    assert (refused["new"], refused["wrong"], refused["faults"], refused["operation"]) == (1, 1, faults, None)
    taken = province("import", "members", file, "-f", "json", "--accept-valid").json
    assert (taken["faults"], taken["operation"]) == (faults, 6)


def test_of_many_wrong_rows_twenty_are_told_and_all_are_written_apart(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    rows = [f"{number};Lê Thử;;;;;?;1/2/2024;" for number in range(104)]
    file, wrong = written(tmp_path / "a.csv", *rows), tmp_path / "sai.csv"
    said = ucli("import", "members", file, expect=4).err
    assert said.count("Line ") == 20
    assert "… and 84 more." in said
    assert "To get all of them with their errors: --wrong FILE.csv." in said
    assert "To get all of them" not in ucli("import", "members", file, "--wrong", wrong, expect=4).err
    assert len(wrong.read_text(encoding="utf-8").splitlines()) == 105


def test_a_file_that_is_neither_utf_8_nor_a_workbook_is_refused_with_what_to_do(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    file, picture = tmp_path / "a.csv", tmp_path / "a.xlsx"
    file.write_bytes("Họ và tên;CĐCS\nLê Thử;MAY\n".encode("cp1258", "replace"))
    picture.write_bytes(b"\xfa\xfb\xfcIHDR")
    assert "Save as, “CSV UTF-8" in ucli("import", "members", file, expect=4).err
    said = ucli("import", "members", picture, expect=4).err
    assert "It is not a workbook" in said
    assert "save the table as .xlsx" in said


def test_who_has_left_by_a_list_is_told_and_never_admitted(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    table = tmp_path / "danh-sach.csv"
    heads = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày thôi sinh hoạt"
    table.write_text(f"{heads}\nĐã Nghỉ;MAY;1/2/2024;1/5/2024\nCòn Đây;MAY;1/2/2024;\n", encoding="utf-8")
    refused = ucli("import", "members", table, expect=4)
    assert "no reason is given" in refused.err
    assert "--map" not in refused.err
    province("import", "members", table, "--accept-valid")
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Còn Đây"]
    province("template", "members", "-o", tmp_path / "mau.csv")
    assert "thôi sinh hoạt" not in (tmp_path / "mau.csv").read_text(encoding="utf-8")
