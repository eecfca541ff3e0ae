"""Unions, payouts, figures and targets come in from tables; what is wrong goes out again to be corrected."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import Ucli, table

UNIONS = "Tên công đoàn cơ sở;Công đoàn cấp trên;Ngày thành lập;Mã;Khu vực;Số đoàn viên"
PAYOUTS = "Đơn vị;Chương trình;Ngày chi;Số tiền;Số suất;Hình thức;Người nhận"
FIGURES = "Đơn vị;Kỳ;Chỉ tiêu;Giá trị;Nguồn"
TARGETS = "Đơn vị;Kỳ;Chỉ tiêu;Chỉ tiêu giao"

TABLES = {
    "unions": (UNIONS, ("CĐCS Xưởng Mẫu;HH;5/5/2024;XUONG;ngoài nhà nước;10", "CĐCS Trạm Thử;HH;6/5/2024;;sự nghiệp;")),
    "payouts": (
        PAYOUTS,
        (
            "HH;tet;20/1/2024;20 triệu;40;;",
            "HH;tet;20/1/2024;20.000.000;40;;",
            "HH;shelter;5/6/2024;50tr;;sửa chữa;Vũ Ví Dụ",
        ),
    ),
    "figures": (FIGURES, ("HH;2024-05;news-items;12;BC 1", "HH;2024-04;news-items;hơn 7;")),
    "targets": (TARGETS, ("HH;2024;news-items;120", "HH;2024;welfare-amount;từ 1 tỷ trở lên")),
}
KINDS = sorted(TABLES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_comes_in_as_one_operation_and_a_second_time_changes_nothing(
    province: Ucli, tmp_path: Path, kind: str
) -> None:
    head, rows = TABLES[kind]
    file = table(tmp_path / "a.csv", head, *rows)
    lists = ["units" if kind == "unions" else kind, "-f", "json"]
    before = province(*lists).out
    first = province("import", kind, file, "-f", "json").json
    assert (first["new"], first["wrong"]) == (len(rows), 0)
    after = province(*lists).out
    again = province("import", kind, file, "-f", "json").json
    assert (again["new"], again["unchanged"], again["operation"]) == (0, len(rows), None)
    assert province(*lists).out == after
    province("undo")
    assert province(*lists).out == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_row_stops_all_and_comes_back_with_what_is_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path, kind: str
) -> None:
    head, rows = TABLES[kind]
    bad = [rows[0].replace("HH", "KHÔNG CÓ"), rows[1].replace("2024", "năm nay")]
    file = table(tmp_path / "a.csv", f"STT;{head}", *[f"{n};{row}" for n, row in enumerate((*rows, *bad), start=1)])
    wrong = tmp_path / "wrong.csv"
    before = province("log", "-f", "json").out
    answer = ucli("import", kind, file, "--wrong", wrong, expect=4)
    assert f"Line {len(rows) + 2}:" in answer.err
    assert f"Line {len(rows) + 3}:" in answer.err
    assert province("log", "-f", "json").out == before
    written = list(csv.reader(wrong.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert written[0] == ["Sai ở đâu", "Dòng trong tệp gốc", "STT", *head.split(";")]
    assert [row[1:3] for row in written[1:]] == [[str(line), str(line - 1)] for line in (len(rows) + 2, len(rows) + 3)]
    assert all(row[0] for row in written[1:])
    # Corrected there, and taken in on their own.
    text = wrong.read_text(encoding="utf-8-sig").replace("KHÔNG CÓ", "HH").replace("năm nay", "2024")
    assert province("import", kind, table(wrong, text.rstrip()), "-f", "json").json["new"] == 2
    assert province("import", kind, file, "--accept-valid", "-f", "json").json["wrong"] == 2


def test_two_equal_payouts_are_two_and_a_third_one_is_new(province: Ucli, tmp_path: Path) -> None:
    head, rows = TABLES["payouts"]
    province("import", "payouts", table(tmp_path / "a.csv", head, *rows))
    more = table(tmp_path / "b.csv", head, *rows, rows[0])
    answer = province("import", "payouts", more, "-f", "json").json
    assert (answer["new"], answer["unchanged"]) == (1, 3)


def test_a_payout_to_a_member_is_known_again_by_the_name_in_a_list(province: Ucli, tmp_path: Path) -> None:
    for number in (1, 2):
        province(
            "add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", f"{number}/4/2024", "--card", f"T{number}"
        )
        for whom in (("--member", f"T{number}"), ("--beneficiary", "Trần Thị Mẫu")):
            province(
                "add-payout",
                "--unit",
                "HH",
                "--programme",
                "tet",
                "--amount",
                "1tr",
                "--on",
                "20/1/2024",
                *whom,
                "--yes",
            )
    province("payouts", "-o", tmp_path / "a.csv", "--lang", "vi")
    answer = province("import", "payouts", tmp_path / "a.csv", "-f", "json").json
    assert (answer["new"], answer["unchanged"], answer["doubtful"]) == (0, 4, [])
    head, row = "Đơn vị;Chương trình;Ngày chi;Số tiền;Đoàn viên;Người nhận", "HH;tet;20/1/2024;1tr"
    rows = [f"{row};;Trần Thị Mẫu", f"{row};;Trần Thị Mẫu", f"{row};T2;", f"{row};T1;", f"{row};T1;"]
    answer = province("import", "payouts", table(tmp_path / "b.csv", head, *rows), "-f", "json").json
    assert (answer["new"], answer["unchanged"]) == (1, 4)


def test_a_payout_that_may_correct_one_is_taken_and_said(province: Ucli, tmp_path: Path) -> None:
    head, rows = TABLES["payouts"]
    province("import", "payouts", table(tmp_path / "a.csv", head, *rows))
    changed = rows[2].replace("50tr", "55tr")
    answer = province("import", "payouts", table(tmp_path / "b.csv", head, *rows[:2], changed), "-f", "json")
    assert (answer.json["new"], answer.json["unchanged"], answer.json["doubtful"]) == (1, 2, [4])
    [shelter] = [it["number"] for it in province("payouts", "-f", "json").json if it["amount"] == 50_000_000]
    operation = province("log", "-f", "json").json[1]["operation"]
    assert f"Line 4: Payout {shelter} of operation {operation} has the same day, programme and recipient" in answer.err
    assert f"ucli void-payout {shelter}." in answer.err
    others = (rows[2].replace("Ví Dụ", "Thử"), rows[2].replace("5/6", "6/6"), changed, rows[2])
    assert province("import", "payouts", table(tmp_path / "c.csv", head, *others), "-f", "json").json["doubtful"] == []


@pytest.mark.parametrize("kind", ["figures", "targets"])
def test_another_value_takes_the_place_of_the_one_that_stands(province: Ucli, tmp_path: Path, kind: str) -> None:
    head, rows = TABLES[kind]
    province("import", kind, table(tmp_path / "a.csv", head, *rows))
    other = table(tmp_path / "b.csv", head, rows[0].replace("12", "15"), rows[1])
    answer = province("import", kind, other, "--dry-run", "-f", "json").json
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (0, 1, 1)
    province("import", kind, other)
    assert "15" in province(kind).out
    twice = table(tmp_path / "c.csv", head, rows[0].replace("12", "16"), rows[0].replace("12", "17"))
    assert province("import", kind, twice, "--accept-valid", "-f", "json").json["wrong"] == 1


def test_a_grid_of_units_and_indicators_is_made_filled_and_taken_in(province: Ucli, tmp_path: Path) -> None:
    blank = tmp_path / "g.csv"
    province(
        "template",
        "figures",
        "--period",
        "2024-05",
        "--indicator",
        "news-items",
        "--indicator",
        "legal-advice",
        "-o",
        blank,
    )
    head, *rows = list(csv.reader(blank.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))
    assert head[:3] == ["Mã đơn vị", "Tên đơn vị", "Kỳ"]
    assert len(head) == 5
    assert head[3] == "Legal advice given (lượt)"
    filled = table(blank, ";".join(head), *[";".join([*row, "3", ""]) for row in rows])
    assert province("import", "figures", filled, "-f", "json").json["new"] == len(rows)
    figures = province("figures", "-f", "json").json
    assert {(it["indicator"], it["value"]) for it in figures if it["period"] == "2024-05"} == {
        (head_code(province, head[3]), 3)
    }


def head_code(province: Ucli, name: str) -> str:
    rows = province("indicators", "-f", "json").json
    return next(str(it["code"]) for it in rows if name == f"{it['name_en']} ({it['measure']})")


def test_a_plan_is_carried_out_once_and_not_after_anything_was_written(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head, rows = TABLES["figures"]
    file, plan = table(tmp_path / "a.csv", head, *rows), tmp_path / "plan.json"
    before = province("figures", "-f", "json").out
    province("import", "figures", file, "--plan", plan)
    assert province("figures", "-f", "json").out == before
    assert json.loads(plan.read_text(encoding="utf-8"))["counts"]["new"] == 2
    file.write_text(file.read_text(encoding="utf-8").replace("12", "13"), encoding="utf-8")
    assert "has changed" in ucli("apply", plan, expect=5).err
    file.write_text(file.read_text(encoding="utf-8").replace("13", "12"), encoding="utf-8")
    assert province("apply", plan, "-f", "json").json["new"] == 2
    ucli("apply", plan, expect=5)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "ucli.plan/1"}', "[" * 100_000])
def test_what_is_no_plan_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path, text: str) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(text, encoding="utf-8")
    ucli("apply", plan, expect=4)


def test_a_plan_of_members_holds_nobodys_data(province: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "Họ và tên;CĐCS;Ngày kết nạp;Số CCCD", "Trần Thị Mẫu;MAY;20/4/2024;034190000101")
    plan = tmp_path / "plan.json"
    province("import", "members", file, "--plan", plan)
    text = plan.read_text(encoding="utf-8")
    assert "Mẫu" not in text
    assert "034190000101" not in text
    assert province("apply", plan, "-f", "json").json["new"] == 1


def test_a_roster_names_who_is_not_in_it_and_touches_none(province: Ucli, tmp_path: Path) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp"
    two = ["Trần Thị Mẫu;MAY;20/4/2024", "Lê Văn Thử;MAY;20/4/2024"]
    province("import", "members", table(tmp_path / "a.csv", head, *two))
    members = province("members", "-f", "json").json
    answer = province("import", "members", table(tmp_path / "b.csv", head, *two[:1]), "--roster", "-f", "json").json
    [gone] = [it["number"] for it in members if it["name"] == "Lê Văn Thử"]
    assert gone in answer["absent"]
    assert province("members", "-f", "json").json == members


def test_headings_of_ones_own_a_title_above_and_tabs_are_read(province: Ucli, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    text = "LĐLĐ HUYỆN HƯNG HÀ\nDANH SÁCH ĐOÀN VIÊN\n\nTT\tTên CNLĐ\tNgày vào công đoàn\n1\tTrần Thị Mẫu\t20/4/2024\n"
    file.write_text(text, encoding="utf-16")
    words = ("import", "members", file, "--map", "Tên CNLĐ=Họ và tên", "--unit", "MAY", "-f", "json")
    assert province(*words).json["new"] == 1


def test_what_cannot_be_meant_is_refused_before_anything_is_read(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head, rows = TABLES["figures"]
    file = table(tmp_path / "a.csv", head, *rows)
    ucli("import", "figures", file, "--roster", expect=2)
    ucli("import", "members", file, "--period", "2024", expect=2)
    ucli("import", "figures", file, "--map", "Đơn vị", expect=2)
    ucli("import", "figures", file, "--map", "A=B", expect=4)
    ucli("import", "houses", file, expect=2)
    ucli("import", "figures", file, "--wrong", tmp_path / "w", "--plan", tmp_path / "w", expect=2)
    ucli("template", "members", "-o", tmp_path / "a.doc", expect=2)
    ucli("template", "figures", "--unit", "HH", "-o", tmp_path / "b.csv", expect=2)
    ucli("template", "figures", "--indicator", "news-items", "-o", tmp_path / "b.csv", expect=2)
    ucli("template", "members", "--period", "2024", "-o", tmp_path / "b.csv", expect=2)
    ucli("template", "members", "-o", file, expect=5)


def test_a_union_that_moved_or_was_renamed_since_is_known_again(province: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", UNIONS, "CĐCS Xưởng Mẫu;HH;1/3/2024;X1;;25", "CĐCS Trạm Thử;HH;1/3/2024;;;25")
    province("import", "unions", file)
    province("move-unit", "Trạm Thử", "--to", "KX", "--on", "2024-08-01")
    province("rename-unit", "Xưởng Mẫu", "CĐCS Tên Khác", "--on", "2024-08-01")
    assert province("import", "unions", file, "-f", "json").json["unchanged"] == 2
    province("merge-unit", "HH", "--into", "KX", "--on", "2024-09-01")
    assert province("import", "unions", file, "-f", "json").json["unchanged"] == 2


def test_a_union_that_may_be_another_or_is_said_otherwise_is_doubtful(province: Ucli, tmp_path: Path) -> None:
    rows = (
        "CĐCS May Hưng Hà;HH;10/5/2023;MAY;;",
        "CĐCS May Hưng Hà;KX;10/5/2023;MAY;FDI;4",
        "Công đoàn cơ sở May Hưng Hà;HH;10/5/2023;;;",
        "CĐCS Xưởng Mẫu;HH;10/5/2023;;;",
        "CĐCS Xuong Mau;HH;10/5/2023;;;",
        "CĐCS Xuong Mau;KX;10/5/2023;;;",
    )
    answer = province("import", "unions", table(tmp_path / "a.csv", UNIONS, *rows), "-f", "json")
    assert (answer.json["new"], answer.json["unchanged"], answer.json["doubtful"]) == (4, 2, [3, 4, 6])
    assert "Line 3: Already in the ledger, with a different unit above it, number of founding members," in answer.err
    assert "Line 4: LĐLĐ huyện Hưng Hà already has “CĐCS May Hưng Hà”, code MAY; is it the same unit?" in answer.err


def test_a_table_that_contradicts_itself_or_the_ledger_says_so(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("add-figure", "news-items", "7", "--unit", "HH", "--period", "2024-05")
    twice = table(tmp_path / "a.csv", FIGURES, "HH;2024-05;news-items;7;", "HH;2024-05;news-items;8;")
    assert "Line 2 gives it another value" in ucli("import", "figures", twice, expect=4).err
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh"
    province("import", "members", table(tmp_path / "b.csv", head, "Trần Mẫu;MAY;20/4/2024;1/1/1990"))
    other = table(tmp_path / "c.csv", head, "Trần Mẫu;MAY;21/4/2024;1/1/1990")
    answer = province("import", "members", other, "-f", "json")
    assert (answer.json["unchanged"], answer.json["doubtful"]) == (1, [2])
    assert "day of admission" in answer.err


def test_a_number_is_a_code_and_no_part_of_a_name(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("add-unit", "LĐLĐ Quận 1", "--kind", "district", "--code", "Q1")
    assert (
        "not the code of a unit"
        in ucli("import", "figures", table(tmp_path / "a.csv", FIGURES, "1;2024;news-items;5;"), expect=4).err
    )


def test_whoever_was_erased_is_asked_after_when_the_same_table_comes_again(province: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "Họ và tên;CĐCS;Ngày kết nạp", "Trần Thị Mẫu;MAY;20/4/2024")
    province("import", "members", file)
    [number] = [it["number"] for it in province("members", "-f", "json").json if it["name"] == "Trần Thị Mẫu"]
    province("erase-member", number, "--confirm", "Trần Thị Mẫu")
    assert province("import", "members", file, "-n", "-f", "json").json["doubtful"] == [2]


def test_nothing_but_wrong_rows_writes_nothing_and_says_so(province: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", FIGURES, "KHÔNG CÓ;2024;news-items;5;")
    answer = province("import", "figures", file, "--accept-valid", "-f", "json")
    assert answer.json["operation"] is None
    assert "Nothing was written" in answer.err


def test_a_name_that_is_too_long_is_one_wrong_row(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", UNIONS, f"{'A' * 301};HH;5/5/2024;;;10", "CĐCS Mẫu;HH;5/5/2024;;;10")
    assert "Line 2: A name of 301 letters" in ucli("import", "unions", file, expect=4).err


def test_a_file_that_is_there_is_replaced_by_force_alone_and_refused_first(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    file = table(tmp_path / "a.csv", FIGURES, "KHÔNG CÓ;2024-05;news-items;5;", "HH;2024-05;news-items;5;")
    for option in ("--wrong", "--plan"):
        there = table(tmp_path / "there", "Của tôi")
        words = ("import", "figures", file, "--accept-valid", option, there)
        said = ucli(*words, expect=5).err
        assert "--force" in said
        assert "Line 2" not in said
        ucli(*words, "--yes", expect=5)
        assert there.read_text(encoding="utf-8") == "Của tôi\n"
        province(*words, "--force")
        assert "Của tôi" not in there.read_text(encoding="utf-8-sig")
    assert "cannot be written" in ucli("import", "figures", file, "--wrong", tmp_path / "no" / "w.csv", expect=4).err


def test_a_row_with_more_cells_than_the_heading_is_wrong(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", FIGURES, "HH;2024-05;news-items;1;BC;7", "HH;2024-04;news-items;7;;;")
    said = ucli("import", "figures", file, expect=4).err
    assert "Line 2: news-items: The row has more cells than the heading" in said
    assert "Line 3" not in said


def test_a_dash_alone_in_a_grid_is_an_empty_cell(province: Ucli, tmp_path: Path) -> None:
    rows = ("HH;2024-05;-;7", "KX;2024-05; – ;—")
    file = table(tmp_path / "a.csv", "Đơn vị;Kỳ;news-items;legal-advice", *rows)
    answer = province("import", "figures", file, "-f", "json").json
    assert (answer["new"], answer["wrong"]) == (1, 0)


def test_a_row_of_a_grid_that_is_right_in_part_is_told_and_counts_once(province: Ucli, tmp_path: Path) -> None:
    wrong = tmp_path / "w.csv"
    file = table(tmp_path / "a.csv", "Đơn vị;Kỳ;news-items;legal-advice", "HH;2024-05;7;bảy", "KX;2024-05;5;5")
    answer = province("import", "figures", file, "--accept-valid", "--wrong", wrong, "-f", "json")
    assert (answer.json["new"], answer.json["wrong"]) == (3, 1)
    assert "nly the cells named above are left out of these rows, the others are recorded" in answer.err
    assert "Lines: 2." in answer.err
    corrected = table(wrong, wrong.read_text(encoding="utf-8-sig").replace("bảy", "8").rstrip())
    again = province("import", "figures", corrected, "-f", "json").json
    assert (again["new"], again["unchanged"]) == (1, 1)


SEVERAL = {
    "members": (
        "Họ và tên;CĐCS;Ngày kết nạp;Ngày sinh;Giới tính;Số CCCD",
        "Trần Mẫu;KHÔNG;31/2/2024;1990;x;123",
        ("“KHÔNG” is not", "day of admission", "only a year", "neither nam nor", "ID number"),
    ),
    "unions": (
        UNIONS,
        ";KHÔNG;31/2/2024;;lớn;2",
        ("no name", "no day 31/2/2024", "“KHÔNG”", "at least 5 founding members", "none of: nhà nước"),
    ),
    "payouts": (
        PAYOUTS,
        "KHÔNG;quà;31/2/2024;20 triệ;x;sửa;",
        ("no day 31/2/2024", "“KHÔNG”", "“quà”", "“20 triệ”", "“x”", "neither xây mới"),
    ),
    "figures": (FIGURES, "KHÔNG;nay;news-items;x;", ("“nay”", "“KHÔNG”", "“x”")),
    "targets": (
        f"{TARGETS};Đơn vị giao",
        "KHÔNG;;news-items;x;TRÊN",
        ("period is missing", "“KHÔNG”", "“x”", "“TRÊN”"),
    ),
}


@pytest.mark.parametrize("kind", SEVERAL)
def test_all_that_is_wrong_with_a_row_is_said_at_once(province: Ucli, ucli: Ucli, tmp_path: Path, kind: str) -> None:
    head, row, wrong = SEVERAL[kind]
    said = ucli("import", kind, table(tmp_path / "a.csv", head, row), expect=4).err
    lines = [line for line in said.splitlines() if line.startswith("Line 2: ")]
    assert len(lines) == len(wrong), lines
    assert all(any(what in line for line in lines) for what in wrong), lines


def test_what_is_wrong_with_a_whole_line_of_a_grid_is_said_once(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", "Đơn vị;Kỳ;news-items;legal-advice", "KHÔNG;2024-05;7;8", "HH;2024-05;bảy;8")
    lines = [line for line in ucli("import", "figures", file, expect=4).err.splitlines() if line.startswith("Line")]
    assert lines[0] == "Line 2: There is no unit called “KHÔNG”."
    assert lines[1].startswith("Line 3: news-items: “bảy”")
    assert len(lines) == 2


@pytest.mark.parametrize("value", ["2025-05-04", "4/5/2025", "04/05/2025"])
def test_a_share_that_a_spreadsheet_made_a_day_is_no_value(
    province: Ucli, ucli: Ucli, tmp_path: Path, value: str
) -> None:
    file = tmp_path / "a.csv"
    for kind in ("figures", "targets"):
        file.write_text(f"Đơn vị;Kỳ;Chỉ tiêu;Giá trị\nHH;2024;news-items;{value}\n", encoding="utf-8")
        said = ucli("import", kind, file, expect=4).err
        assert "Line 2: news-items: The value is a day, 04/05/2025, as spreadsheets turn a share" in said
