"""Every row of a table is read by the headings above it, or told: separators, quotations, several tables, days."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.conftest import Ucli

MEMBERS = ("Họ và tên", "Công đoàn cơ sở", "Ngày kết nạp")
HEAD = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ghi chú"


def csv_file(path: Path, *lines: str, end: str = "\r\n") -> Path:
    path.write_bytes(("\r\n".join(lines) + end).encode())
    return path


def names(ucli: Ucli) -> list[str]:
    return sorted(it["name"] for it in ucli("members", "-f", "json").json if it["name"])


@pytest.mark.parametrize(
    "lines",
    [
        (HEAD.replace(";", ","), 'Trần Thị Mẫu,MAY,2/4/2024,"a; b; c; d; e"', 'Lê Thử,MAY,2/4/2024,"a; b; c; d; e"'),
        ('"DANH SÁCH, TỔ 1, TỔ 2, TỔ 3, THÁNG 4",,,', HEAD, "Trần Thị Mẫu;MAY;2/4/2024;", "Lê Thử;MAY;2/4/2024"),
        (HEAD, 'Trần Thị Mẫu;MAY;2/4/2024;"hồ sơ; thẻ;', 'ảnh; đơn"', "Lê Thử;MAY;2/4/2024;", "\x1a"),
        (HEAD.replace(";", "\t"), "Trần Thị Mẫu\tMAY\t2/4/2024\ta;b;c;d;e", "Lê Thử\tMAY\t2/4/2024\ta,b,c,d,e,f"),
    ],
)
def test_separators_in_titles_and_notes_part_no_cells(province: Ucli, tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert province("import", "members", csv_file(tmp_path / "a.csv", *lines), "-f", "json").json["new"] == 2
    assert names(province) == ["Lê Thử", "Trần Thị Mẫu"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (('A;MAY;2/4/2024;"x', "B;MAY;2/4/2024;", "C;MAY;2/4/2024;"), "Line 2: a quotation that begins here is never"),
        (("A;MAY;2/4/2024;", "B;MAY;2/4/2024;", 'C;"MAY;2/4/2024;'), "Line 4: a quotation that begins here is never"),
    ],
)
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_a_quotation_swallows_no_row(
    province: Ucli, ucli: Ucli, tmp_path: Path, lines: tuple[str, ...], told: str, end: str
) -> None:
    answer = ucli("import", "members", csv_file(tmp_path / "a.csv", HEAD, *lines, end=end), "--accept-valid", expect=4)
    assert told in answer.err
    assert names(province) == []


@pytest.mark.parametrize("lines", [('A;MAY;2/4/2024;"x', 'C;MAY;2/4/2024;"'), ('B;"MAY;2/4/2024;', 'C;"MAY;2/4/2024;')])
def test_a_quotation_over_rows_makes_them_wrong_and_no_others(
    province: Ucli, ucli: Ucli, tmp_path: Path, lines: tuple[str, ...]
) -> None:
    file = csv_file(tmp_path / "a.csv", HEAD, "E;MAY;2/4/2024;", *lines, "G;MAY;2/4/2024;")
    assert "Line 3: A quotation that begins here runs to line 4" in ucli("import", "members", file, expect=4).err
    province("import", "members", file, "--accept-valid")
    assert names(province) == ["E", "G"]


@pytest.mark.parametrize(
    "note", ["hồ sơ; thẻ;\r\nảnh; đơn; giấy; sổ", "xem\n\nlại; từ; đầu; đến; cuối", "1; 2\n3; 4; 5; 6; 7"]
)
def test_a_note_of_several_lines_is_one(province: Ucli, tmp_path: Path, note: str) -> None:
    file = csv_file(tmp_path / "a.csv", HEAD, f'A B;MAY;2/4/2024;"{note}"', 'C D;MAY;3/4/2024;"x"')
    province("import", "members", file)
    assert names(province) == ["A B", "C D"]


def test_a_second_table_is_read_by_its_range(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    other = ("Tài khoản;Tên", "0021;X")
    below = ("Họ và tên;CĐCS;Ngày kết nạp", "Lê Thử;MAY;20/4/2024", "Vũ Thử;MAY;21/4/2024", "ghi chú dưới bảng; ; ")
    file = csv_file(tmp_path / "a.csv", *other, *below)
    province("import", "members", file, "--range", "A3:C5")
    assert names(province) == ["Lê Thử", "Vũ Thử"]
    rows = (("x", None, "Họ và tên", "CĐCS", "Ngày kết nạp", "lạ"), ("y", None, "Đỗ Thử", "MAY", "20/4/2024", "z"))
    book = workbook(tmp_path / "a.xlsx", ("DANH SÁCH",), *rows)
    assert province("import", "members", book, "--range", "$C$2:e3", "-f", "json").json["new"] == 1
    plan = tmp_path / "p.json"
    province("import", "members", book, "--range", "C2:E3", "--plan", plan)
    assert province("apply", plan, "-f", "json").json["unchanged"] == 1
    for wrong in ("C2", "C3:A1", "0:5", "A0:B2"):
        assert "is not a range of cells" in ucli("import", "members", book, "--range", wrong, expect=2).err


def test_empty_cells_for_the_union_are_filled_from_above_when_asked(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = ("CĐCS;Họ và tên;Ngày kết nạp", "MAY;A B;2/4/2024", ";C D;2/4/2024", "TRUONG;E G;2/4/2024", ";H K;2/4/2024")
    file = csv_file(tmp_path / "a.csv", *rows, ";Tổng số: 4;", ";;Người lập")
    ucli("import", "members", file, expect=4)
    answer = province("import", "members", file, "--fill-down")
    assert "Empty cells are read as the cell above them. Lines: 3, 5." in answer.err
    found = {it["name"]: it["union"] for it in province("members", "-f", "json").json if it["name"]}
    assert found["C D"] == found["A B"] != found["H K"] == found["E G"]


def workbook(path: Path, *rows: tuple[Any, ...], shown: str = "dd/mm/yyyy") -> Path:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in book.active.iter_rows(min_row=2):
        for cell in cells:
            if not isinstance(cell.value, str) and cell.value is not None:
                cell.number_format = shown
    book.save(path)
    return path


@pytest.mark.parametrize(
    "day",
    [
        *(
            "2/4/2024",
            "02-04-2024",
            "2024/04/02",
            "2024-04-02 00:00:00",
            "02/04/2024 00:00",
            "2024-04-02T08:15:30+07:00",
        ),
        *(
            "ngày 2 tháng 4 năm 2024",
            "2 tháng 4, 2024",
            "02-Apr-2024",
            "2 thg 4 2024",
            "Ngày 02/04/2024",
            "Thứ ba, 02/04/2024",
            "Tuesday, 2 April 2024",
            "2 / 4 / 2024",
            "20240402",
        ),
        *("02/04/2024 12:00:00 SA", "02/04/2024 8:15 CH", "01/04/2024 11:59:45 CH", "01/04/2024 5:00:00 CH"),
        *("01/04/2024 23:58:45", "2024-04-01T17:00:00.000Z", "2024-04-01T16:59:20Z", "2024-04-01 17:00:00"),
        *map(datetime.fromisoformat, ("2024-04-01 23:59:20", "2024-04-01 17:00", "2024-04-01 16:59:32")),
        *map(datetime.fromisoformat, ("2024-04-02 09:30", "2024-04-02")),
    ],
)
def test_a_day_is_read_as_it_was_meant(province: Ucli, tmp_path: Path, day: object) -> None:
    answer = province("import", "members", workbook(tmp_path / "a.xlsx", MEMBERS, ("Lê Thử", "MAY", day)))
    [born] = [it["admitted"] for it in province("members", "-f", "json").json if it["name"]]
    assert born == "2024-04-02"
    is_next = ("/01/", "-01 ", "-01T", "01/04")
    assert ("read as the next day; check them. Lines: 2." in answer.err) == any(it in str(day) for it in is_next)


@pytest.mark.parametrize(
    ("day", "born", "told"),
    [
        ("02/04/24", "", "The year has two digits"),
        ("04/2024", "", "It is a month without a day"),
        ("2/4/2024 12:00:00 AM", "", "The day of admission is not a day"),
        ("2/4/2024", 1988, "The cell holds only a year"),
        ("2/4/2024", "10/06/1905", "The cell holds only a year"),
        (2023, "", "The cell holds only a year"),
    ],
)
def test_what_is_no_day_is_refused_with_what_it_lacks(
    province: Ucli, ucli: Ucli, tmp_path: Path, day: object, born: object, told: str
) -> None:
    file = workbook(tmp_path / "a.xlsx", (*MEMBERS, "Ngày sinh"), ("Lê Thử", "MAY", day, born or None))
    assert told in ucli("import", "members", file, expect=4).err


def test_days_that_an_american_excel_turned_are_told_by_line(province: Ucli, tmp_path: Path) -> None:
    rows = [("A B", "MAY", "17/4/2024"), ("C D", "MAY", date(2024, 3, 2)), ("E G", "MAY", date(2024, 4, 4))]
    said = province("import", "members", workbook(tmp_path / "a.xlsx", MEMBERS, *rows), "--dry-run").err
    assert "Day and month may be swapped" in said
    assert "Lines: 3." in said
    fine = [*rows, ("I K", "MAY", date(2024, 3, 20))]
    assert not province("import", "members", workbook(tmp_path / "b.xlsx", MEMBERS, *fine), "--dry-run").err.count(
        "round"
    )


def test_a_very_old_member_is_told(province: Ucli, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", (*MEMBERS, "Ngày sinh"), ("Lê Thử", "MAY", "2/4/2024", "1/2/1920"))
    assert "More than 100 years old. Lines: 2." in province("import", "members", file).err


UNIT = "Họ và tên;Ngày kết nạp;Ngày sinh"


@pytest.mark.parametrize(
    ("lines", "words", "told"),
    [
        (  # the card's column holds account numbers further down
            (
                f"{HEAD[:-7]}Số thẻ",
                "Lê Thử;MAY;2/4/2024;01",
                f"{HEAD[:-7]}Số tài khoản",
                "A B;MAY;2/4/2024;99",
                "C D;MAY;2/4/2024;98",
            ),
            (),
            "Line 3 is the heading of another table",
        ),
        (
            (HEAD, "Lê Thử;MAY;2/4/2024;", "", "Họ và tên;Ngày thôi sinh hoạt;Lý do", "A B;2/4/2024;nghỉ hưu"),
            (),
            "Line 4 is the heading of another table",
        ),
        (
            ("CĐCS MAY HƯNG HÀ;;", UNIT, "Lê Thử;2/4/2024;", "CĐCS TRƯỜNG KIẾN XƯƠNG;;", UNIT, "A B;2/4/2024;"),
            ("--unit", "MAY"),
            "Line 4 names another unit",
        ),
        (
            (UNIT, "Lê Thử;2/4/2024;", "TRƯỜNG MẦM NON;;", UNIT, "A B;2/4/2024;"),
            ("--unit", "MAY"),
            "Line 3 names another unit",
        ),
        (
            (UNIT, "Lê Thử;2/4/2024;", "II. Công đoàn cơ sở Trường;;", "A B;2/4/2024;", "C D;2/4/2024;"),
            ("--unit", "MAY"),
            "Line 3 names another unit",
        ),
    ],
)
def test_rows_of_a_second_table_are_none_of_the_first(
    province: Ucli, ucli: Ucli, tmp_path: Path, lines: tuple[str, ...], words: tuple[str, ...], told: str
) -> None:
    file = csv_file(tmp_path / "a.csv", *lines)
    assert told in ucli("import", "members", file, *words, expect=4).err
    assert names(province) == []
    province("import", "members", file, *words, "--accept-valid")
    assert names(province) == ["Lê Thử"]


def test_the_heading_and_title_again_on_each_page_begin_no_other_table(province: Ucli, tmp_path: Path) -> None:
    page = ("CĐCS May Hưng Hà;;", UNIT)
    lines = (*page, "Lê Thử;2/4/2024;", *page, "A B;2/4/2024;", UNIT.upper(), "C D;2/4/2024;")
    province("import", "members", csv_file(tmp_path / "a.csv", *lines), "--unit", "MAY")
    assert names(province) == ["A B", "C D", "Lê Thử"]


def test_a_union_merged_over_rows_is_read_for_each_of_them_and_an_amount_is_not(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = ("Công đoàn cơ sở", "Họ và tên", "Ngày kết nạp")
    rows = (("TRUONG", "Lê Thử", "2/4/2024"), (None, "Trần Mẫu", "2/4/2024"), ("MAY", "Đỗ Ví", "2/4/2024"))
    book = openpyxl.load_workbook(workbook(tmp_path / "a.xlsx", head, *rows))
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    assert (
        "A merged cell is read for each of its rows. Lines: 3."
        in province("import", "members", tmp_path / "a.xlsx").err
    )
    told = {it["name"]: it["union"] for it in province("members", "-f", "json").json if it["name"]}
    assert told == dict.fromkeys(("Lê Thử", "Trần Mẫu"), "CĐCS Trường Kiến Xương") | {"Đỗ Ví": "CĐCS May Hưng Hà"}
    paid, row = ("Đơn vị", "Chương trình", "Ngày chi", "Số tiền"), ("HH", "tet", "2/1/2024", "5 triệu")
    book = openpyxl.load_workbook(workbook(tmp_path / "b.xlsx", paid, row, (*row[:3], None)))
    book.active.merge_cells("D2:D3")
    book.save(tmp_path / "b.xlsx")
    assert "Line 3" in ucli("import", "payouts", tmp_path / "b.xlsx", expect=4).err


@pytest.mark.parametrize("above", ["Ngày sinh", "Năm sinh", "Ngày, tháng, năm sinh"])
def test_birth_dates_under_nam_and_nu_say_the_sex_too(province: Ucli, tmp_path: Path, above: str) -> None:
    head = ("TT", "Họ và tên", above, None, "Ngày kết nạp"), (None, None, "Nam", "Nữ", None)
    rows = (1, "Lê Thử", "6/7/1989", None, "2/4/2024"), (2, "Trần Mẫu", None, "7/8/1988", "2/4/2024")
    province("import", "members", workbook(tmp_path / "a.xlsx", *head, *rows), "--unit", "MAY")
    found = {it["name"]: (it["born"], it["sex"]) for it in province("members", "-f", "json").json if it["name"]}
    assert found == {"Lê Thử": ("1989-07-06", "male"), "Trần Mẫu": ("1988-08-07", "female")}


def test_where_no_heading_is_known_those_seen_are_named_and_no_persons(
    ucli: Ucli, province: Ucli, tmp_path: Path
) -> None:
    head, row = "start;nhom/hoten_dv;nhom/cdcs;ngay_kn", "2024-04-02T08:15:30+07:00;Lê Thử;MAY;2024-04-02"
    said = ucli("import", "members", csv_file(tmp_path / "a.csv", head, row), expect=4).err
    assert "“start”, “nhom/hoten_dv”, “nhom/cdcs”, “ngay_kn”" in said
    mapped = ("nhom/hoten_dv=Họ và tên", "nhom/cdcs=CĐCS", "ngay_kn=Ngày kết nạp", "start=-")
    province("import", "members", tmp_path / "a.csv", *(it for text in mapped for it in ("--map", text)))
    assert names(province) == ["Lê Thử"]
    assert "Lê Thử" not in ucli("import", "members", csv_file(tmp_path / "b.csv", row, row), expect=4).err


def test_an_indicator_called_like_a_union_is_no_title(province: Ucli, tmp_path: Path) -> None:
    lines = ("Chỉ tiêu;Giá trị", "Công đoàn cơ sở thành lập mới;5", "Tin, bài;7")
    first = province("import", "figures", csv_file(tmp_path / "a.csv", *lines[::2]), "--unit", "HH", "--period", "2024")
    assert "another unit" not in first.err
    said = province(
        *(
            "import",
            "figures",
            csv_file(tmp_path / "b.csv", *lines),
            "--unit",
            "HH",
            "--period",
            "2023",
            "--accept-valid",
        )
    )
    assert "another unit" not in said.err


def test_of_many_wrong_rows_the_reasons_that_they_share_are_counted(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    unions = ["CĐCS Bến xe" if it % 3 else "CĐCS Nhà in" for it in range(30)]
    rows = (f"Trần Thị Mẫu {it};{union};1/2/2024;" for it, union in enumerate(unions))
    told = ucli("import", "members", csv_file(tmp_path / "a.csv", HEAD, *rows), "--lang", "vi", expect=4).err
    assert "20 dòng: Công đoàn cơ sở “CĐCS Bến xe” không có trong sổ." in told
    assert "10 dòng: Công đoàn cơ sở “CĐCS Nhà in” không có trong sổ." in told
    assert province("members", "-f", "json").json == []


def test_a_heading_in_other_words_below_an_empty_line_ends_the_table(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    other = ("Người nhận;Nơi làm việc;Ngày nhận;Số tài khoản", "Lê Thử;MAY;12/5/2024;19001234")
    head = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Số thẻ"
    file = csv_file(tmp_path / "a.csv", head, "Trần Thị Mẫu;MAY;2/4/2024;0021", "", *other)
    assert "Line 5: Line 4 is the heading of another table" in ucli("import", "members", file, expect=4).err
    province("import", "members", file, "--accept-valid")
    assert names(province) == ["Trần Thị Mẫu"]


@pytest.mark.parametrize("group", ["II. Đoàn viên nghỉ hưu", "B. Đã chết", "III. Chuyển công tác"])
def test_a_group_of_those_who_left_is_not_admitted(province: Ucli, ucli: Ucli, tmp_path: Path, group: str) -> None:
    lines = (HEAD, "I. Đang sinh hoạt;;;", "Trần Thị Mẫu;MAY;2/4/2024;", f"{group};;;", "Lê Thử;MAY;2/4/2024;")
    file = csv_file(tmp_path / "a.csv", *lines)
    assert "Line 5: Line 4 says that those below it left" in ucli("import", "members", file, expect=4).err
    province("import", "members", file, "--accept-valid")
    assert names(province) == ["Trần Thị Mẫu"]


def test_the_separator_that_a_file_names_is_taken(province: Ucli, tmp_path: Path) -> None:
    file = csv_file(tmp_path / "a.csv", "sep=|", "Họ và tên|CĐCS|Ngày kết nạp", "Lê Thử|MAY|2/4/2024")
    province("import", "members", file)
    assert names(province) == ["Lê Thử"]


def test_a_figure_merged_over_lines_is_not_read_for_the_first_alone(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = (("HH", 5, 7), ("MAY", 6, None))
    book = openpyxl.load_workbook(workbook(tmp_path / "a.xlsx", ("Đơn vị", "news-items", "legal-advice"), *rows))
    book.active.merge_cells("C2:C3")
    book.save(tmp_path / "a.xlsx")
    answer = ucli("import", "figures", tmp_path / "a.xlsx", "--period", "2024-05", expect=4)
    assert "Line 3: A cell is merged from line 2 on: type its value on each line, or delete this one." in answer.err
    assert province("figures", "-f", "json").json == []


@pytest.mark.parametrize(
    "day", ["June 5, 2024", "5 Tháng Sáu 2024", "ngày 5 tháng sáu năm 2024", "Jun 5th, 2024", "5-Jun-2024"]
)
def test_a_day_whose_month_is_a_word_is_read(province: Ucli, tmp_path: Path, day: str) -> None:
    province("import", "members", csv_file(tmp_path / "a.csv", ";".join(MEMBERS), f"Lê Thử;MAY;{day}"))
    assert [it["admitted"] for it in province("members", "-f", "json").json if it["name"]] == ["2024-06-05"]


@pytest.mark.parametrize("card", ["1,5", "1,23E+11", "2024-06-05", "TRUE"])
def test_a_card_that_no_table_would_give_back_is_refused_when_typed(province: Ucli, ucli: Ucli, card: str) -> None:
    words = ("Lê Thử", "--union", "MAY", "--admitted", "2/4/2024", "--card")
    assert card not in ucli("add-member", *words, card, expect=4).err
    province("add-member", *words, "1.234.567")


@pytest.mark.parametrize("name", ["An Thu HÃ\u00a0", "Lê HoÃ "])
def test_half_a_letter_of_utf_8_is_damage(province: Ucli, ucli: Ucli, tmp_path: Path, name: str) -> None:
    file = csv_file(tmp_path / "a.csv", ";".join(MEMBERS), f"{name};MAY;2/4/2024")
    assert "UTF-8 that was read as another encoding" in ucli("import", "members", file, expect=4).err


def test_a_card_has_the_signs_that_its_format_puts_between_the_digits(province: Ucli, tmp_path: Path) -> None:
    head = (*MEMBERS, "Số thẻ")
    file = workbook(tmp_path / "a.xlsx", head, ("Lê Thử", "MAY", "2/4/2024", 202401))
    book = openpyxl.load_workbook(file)
    book.active["D2"].number_format = '0000"/"00'
    book.save(file)
    province("import", "members", file)
    assert [it["card"] for it in province("members", "-f", "json").json if it["name"]] == ["2024/01"]


@pytest.mark.parametrize("remark", ["Đã nghỉ", "Nghỉ chế độ", "Hưu", "Bỏ việc 1/3/2024"])
def test_a_remark_that_somebody_left_is_told(province: Ucli, tmp_path: Path, remark: str) -> None:
    lines = (";".join((*MEMBERS, "Ghi chú")), f"Lê Thử;MAY;2/4/2024;{remark}", "Đỗ Ví;MAY;2/4/2024;Nghỉ thai sản")
    said = province("import", "members", csv_file(tmp_path / "a.csv", *lines)).err
    assert "A remark says that the member left" in said
    assert "Lines: 2." in said
