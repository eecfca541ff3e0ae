"""Workbooks come in as officers keep them, with dates of Excel; what would fill all memory is refused."""

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from tests.conftest import Ucli


def workbook(path: Path, *rows: tuple[object, ...], far: str = "") -> Path:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"})
    book.add_worksheet("Bìa").write("A1", "Công đoàn Ví Dụ")
    sheet = book.add_worksheet("Đoàn viên")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(number, place, cell)
    if far:
        sheet.write(far, 1)
    book.close()
    return path


HEAD = ("TT", "Họ và tên", "CĐCS", "Ngày kết nạp", "Ngày sinh", "Số thẻ")


def test_dates_and_numbers_are_read_as_excel_holds_them(province: Ucli, tmp_path: Path) -> None:
    rows = (
        (1, "Trần Thị Mẫu", "MAY", date(2024, 4, 20), date(1990, 9, 2), "000123"),
        (2, "Lê Thử", "MAY", "21/4/2024", None, 77),
    )
    file = workbook(tmp_path / "a.xlsx", ("DANH SÁCH",), (), HEAD, *rows)
    assert province("import", "members", file, "--sheet", "Đoàn viên", "-f", "json").json["new"] == 2
    found = {it["name"]: it for it in province("members", "-f", "json").json}
    assert (found["Trần Thị Mẫu"]["admitted"], found["Trần Thị Mẫu"]["born"]) == ("2024-04-20", "1990-09-02")
    assert (found["Trần Thị Mẫu"]["card"], found["Lê Thử"]["card"]) == ("000123", "77")


def test_a_number_with_a_fraction_is_no_count(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị")
    file = workbook(tmp_path / "a.xlsx", head, ("HH", 2024, "news-items", 12.5), ("HH", "2023", "news-items", 7.0))
    answer = ucli("import", "figures", file, "--sheet", "Đoàn viên", expect=4)
    assert "Line 2:" in answer.err
    assert "Line 3:" not in answer.err


def test_a_cell_far_away_and_a_missing_sheet_are_refused_at_once(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    far = workbook(tmp_path / "far.xlsx", HEAD, far="XFD1048576")
    assert "larger than any list" in ucli("import", "members", far, expect=4).err
    small = workbook(tmp_path / "small.xlsx", HEAD)
    assert "Đoàn viên" in ucli("import", "members", small, "--sheet", "Khác", expect=4).err


def test_a_file_that_unpacks_to_gigabytes_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    bomb = workbook(tmp_path / "bomb.xlsx", HEAD)
    with zipfile.ZipFile(bomb, "a") as packed:
        packed.writestr("xl/media/a.png", b"")
    # In the list of parts the last one is said to unpack to two gigabytes.
    data = bytearray(bomb.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (2_000_000_000).to_bytes(4, "little")
    bomb.write_bytes(data)
    assert "larger than any list" in ucli("import", "members", bomb, expect=4).err


def test_a_template_offers_the_ledgers_own_units_and_explains_its_columns(province: Ucli, tmp_path: Path) -> None:
    for kind in ("members", "unions", "payouts", "figures", "targets"):
        file = tmp_path / f"{kind}.xlsx"
        province("template", kind, "-o", file)
        book = openpyxl.load_workbook(file)
        blank, explained, offered = ([*sheet.values] for sheet in book.worksheets)
        heads = [str(it).rstrip(" *") for it in blank[0]]
        assert [row[0] for row in explained[1:]] == heads
        assert {"members": "MAY", "payouts": "tet"}.get(kind, "HH") in {cell for row in offered for cell in row}
        assert province("import", kind, file, "-f", "json").json["new"] == 0


def test_what_excel_might_change_is_kept_as_text_in_a_template(province: Ucli, tmp_path: Path) -> None:
    for kind, kept in (
        ("members", {"Số thẻ", "Ngày sinh", "Ngày kết nạp"}),
        ("unions", {"Ngày thành lập"}),
        ("payouts", {"Ngày chi"}),
        ("figures", {"Kỳ"}),
    ):
        province("template", kind, "-o", tmp_path / f"{kind}.xlsx")
        page = openpyxl.load_workbook(tmp_path / f"{kind}.xlsx").worksheets[0]
        formats = {
            str(cell.value).rstrip(" *"): page.column_dimensions[cell.column_letter].number_format for cell in page[1]
        }
        assert {name for name in kept if formats[name] == "@"} == kept


def test_wrong_rows_go_into_a_workbook_that_comes_in_again(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = ((1, "Trần Thị Mẫu", "SAI", "20/4/2024", "", "=1+1"), (2, "Lê Thử", "MAY", "21/4/2024"))
    file = tmp_path / "a.csv"
    file.write_text("\n".join(";".join(map(str, row)) for row in (HEAD, *rows)), encoding="utf-8")
    wrong = tmp_path / "wrong.xlsx"
    ucli("import", "members", file, "--wrong", wrong, expect=4)
    assert wrong.stat().st_mode & 0o777 == 0o600
    assert province("import", "members", wrong, "--accept-valid", "-f", "json").json["wrong"] == 1


def test_a_template_offers_names_and_what_it_offers_is_taken_in(province: Ucli, tmp_path: Path) -> None:
    offered = {}
    for kind in ("members", "unions", "payouts", "figures", "targets"):
        province("template", kind, "-o", tmp_path / f"{kind}.xlsx")
        for heading, *choices in zip(*openpyxl.load_workbook(tmp_path / f"{kind}.xlsx")["Lists"].values, strict=True):
            offered[kind, heading] = [it for it in choices if it]
    assert "Tin, bài đăng tải" in offered["figures", "Nội dung thống kê"]
    assert offered["unions", "Khu vực"] == ["Nhà nước", "Sự nghiệp", "Ngoài nhà nước", "FDI"]
    assert offered["payouts", "Hình thức"] == ["Xây mới", "Sửa chữa"]
    assert "CĐCS May Hưng Hà" in offered["members", "Công đoàn cơ sở"]
    for column, kind, head, row in (
        ("Khu vực", "unions", "Tên CĐCS;Cấp trên;Ngày thành lập;Khu vực", "CĐCS Số {n};HH;15/3/2024;{it}"),
        ("Hình thức", "payouts", "Mã đơn vị;Chương trình;Ngày chi;Tiền mặt;Hình thức", "HH;Mái ấm;{n}/1/2024;5tr;{it}"),
        ("Chương trình", "payouts", "Mã đơn vị;Chương trình;Ngày chi;Tiền mặt", "HH;{it};{n}/2/2024;5tr"),
    ):
        rows = [row.format(n=n, it=it) for n, it in enumerate(offered[kind, column], start=1)]
        (tmp_path / "a.csv").write_text("\n".join((head, *rows)), encoding="utf-8")
        assert province("import", kind, tmp_path / "a.csv", "--yes", "-f", "json").json["new"] == len(rows)
    for name in offered["figures", "Nội dung thống kê"]:
        assert province("figures", "--indicator", name, "-f", "json").json == []


def test_a_grid_explains_its_own_columns_and_shows_whole_names(province: Ucli, tmp_path: Path) -> None:
    province("add-figure", "emulation-share", "87,5%", "--unit", "HH", "--period", "2023")
    province("add-figure", "shelter-fund-raised", "350 triệu", "--unit", "HH", "--period", "2023")
    file = tmp_path / "g.xlsx"
    province("template", "figures", "--period", "2024", "-o", file, "--lang", "vi")
    book = openpyxl.load_workbook(file)
    grid = book.worksheets[0]
    heads = [cell.value for cell in grid[1]]
    explained = [row[0] for row in book["Giải thích"].iter_rows(min_row=2, values_only=True)]
    assert explained == heads
    names = [cell.value for cell in grid["B"][1:] if cell.value]
    assert grid.column_dimensions["B"].width >= max(map(len, names))
    comments = {cell.comment.text.strip() for row in grid.iter_rows() for cell in row if cell.comment}
    assert comments == {"2023: 87,5%", "2023: 350.000.000 đồng"}


def test_a_grid_shows_what_was_stated_before_with_its_hedge(province: Ucli, tmp_path: Path) -> None:
    for indicator, value in (("workers-total", "hơn 7.000"), ("emulation-share", "gần 90%")):
        province("add-figure", indicator, value, "--unit", "HH", "--period", "2023")
    province("template", "figures", "--period", "2024", "-o", tmp_path / "g.xlsx")
    grid = openpyxl.load_workbook(tmp_path / "g.xlsx").worksheets[0]
    comments = {cell.comment.text.strip() for row in grid.iter_rows() for cell in row if cell.comment}
    assert comments == {"2023: ≥ 7.000", "2023: < 90%"}


def test_wrong_rows_say_first_what_is_wrong_and_where_they_were(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = ("1;Trần Thị Mẫu;SAI;20/4/2024", "2;Lê Thử;MAY;21/4/2024", "3;Vũ Thử;SAI;21/4/2024")
    file, wrong, again = tmp_path / "a.csv", tmp_path / "wrong.xlsx", tmp_path / "again.xlsx"
    file.write_text("\n".join((";".join(HEAD[:4]), *rows)), encoding="utf-8")
    ucli("import", "members", file, "--wrong", wrong, expect=4)
    page = openpyxl.load_workbook(wrong).worksheets[0]
    assert [cell.value for cell in page[1]][:2] == ["Sai ở đâu", "Dòng trong tệp gốc"]
    assert [cell.value for cell in page["B"][1:]] == ["2", "4"]
    assert page["A2"].alignment.wrap_text
    assert page.column_dimensions["A"].width > 30
    # Read back, its own columns are passed over, and not said again.
    ucli("import", "members", wrong, "--wrong", again, expect=4)
    heads = [cell.value for cell in openpyxl.load_workbook(again).worksheets[0][1]]
    assert heads == [cell.value for cell in page[1]]


def book_of(path: Path, *sheets: str, hidden: tuple[str, ...] = (), empty: tuple[str, ...] = ()) -> Path:
    """Write a workbook with a member on each sheet, called as the sheet is."""
    book = xlsxwriter.Workbook(str(path))
    for name in sheets:
        page = book.add_worksheet(name)
        if name in hidden:
            page.hide()
        elif name not in empty:
            page.activate()
            page.set_first_sheet()
        for number, row in enumerate(() if name in empty else (HEAD[1:4], (name, "MAY", "20/4/2024"))):
            page.write_row(number, 0, row)
    book.close()
    return path


def test_the_sheets_that_are_not_read_are_named_with_how_to_read_them(province: Ucli, tmp_path: Path) -> None:
    file = book_of(tmp_path / "a.xlsx", "Tháng 5", "Tháng 6", "Sheet3", empty=("Sheet3",))
    said = province("import", "members", file).err
    assert "Only the sheet “Tháng 5” is read, not “Tháng 6”. --sheet NAME reads another." in said
    assert "Only the sheet" not in province("import", "members", file, "--sheet", "thang 6").err
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Tháng 5", "Tháng 6"]
    alone = book_of(tmp_path / "b.xlsx", "Tháng 5", "Sheet2", empty=("Sheet2",))
    assert "Only the sheet" not in province("import", "members", alone).err


def test_a_hidden_first_sheet_is_passed_over(province: Ucli, tmp_path: Path) -> None:
    file = book_of(tmp_path / "a.xlsx", "Năm cũ", "Năm nay", hidden=("Năm cũ",))
    assert "Only the sheet" not in province("import", "members", file).err
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Năm nay"]


def test_a_cover_before_the_table_is_passed_over_and_told(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", HEAD, (1, "Lê Thử", "MAY", "21/4/2024", None, None))
    assert "Only the sheet “Đoàn viên” is read, not “Bìa”." in province("import", "members", file).err
    none = workbook(tmp_path / "b.xlsx", ("a", "b"))
    assert "Only the sheet “Bìa” is read, not “Đoàn viên”." in ucli("import", "members", none, expect=4).err


def test_failed_formulas_and_percentages_are_those_of_the_sheet_that_is_read(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    old, new = book.add_worksheet("Cũ"), book.add_worksheet("Mới")
    old.hide()
    new.activate()
    for page in (old, new):
        page.write_row(0, 0, ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị"))
    old.write_row(1, 0, ("HH", "2024", "news-items", 5))
    new.write_row(1, 0, ("HH", "2024", "news-items"))
    new.write_formula("D2", "=1/0", None, "#DIV/0!")
    book.close()
    assert "Cell D2 holds the error of a formula" in ucli("import", "figures", tmp_path / "a.xlsx", expect=4).err


def test_the_sheets_of_ucli_s_own_template_are_not_missed(province: Ucli, tmp_path: Path) -> None:
    province("template", "members", "-o", tmp_path / "mau.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mau.xlsx")
    book.worksheets[0].append(("Lê Thử", "MAY", "20/4/2024"))
    book.save(tmp_path / "mau.xlsx")
    assert "Only the sheet" not in province("import", "members", tmp_path / "mau.xlsx").err


@pytest.mark.parametrize(
    "written",
    [
        lambda xml: re.sub(r"<(/?)(?!\?)", r"<\1x:", xml).replace("xmlns=", "xmlns:x="),
        lambda xml: re.sub(r'<c r="(\w+)"([^>/]*)', r'<c\2 r="\1"', xml),
        lambda xml: re.sub(r'(<(?:row|c)) r="\w+"', r"\1", xml),
    ],
    ids=["prefixes", "order of attributes", "no places"],
)
def test_what_a_sheet_says_besides_is_read_however_a_program_writes_it(
    province: Ucli, tmp_path: Path, written: Callable[[str], str]
) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet()
    page.write_row(0, 0, ("Đơn vị", "news-items", "officers-trained"))
    page.write_row(1, 0, ("HH", 44))
    page.write_number(1, 2, 1, book.add_format({"num_format": "0%"}))
    page.set_row(1, None, None, {"hidden": True})
    page.write_row(2, 0, ("MAY",))
    page.write_formula(2, 1, "=1/0", None, "#DIV/0!")
    book.close()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for part in old.namelist():
            xml = old.read(part).decode()
            new.writestr(part, written(xml) if "worksheets" in part else xml)
    answer = province("import", "figures", tmp_path / "b.xlsx", "--period", "2024", "--accept-valid")
    assert "Line 3: news-items: Cell B3 holds the error of a formula (#DIV/0!)." in answer.err
    assert "Hidden rows are read too (1). Lines: 2." in answer.err
    found = {it["indicator"]: it for it in province("figures", "-f", "json").json}
    assert (found["news-items"]["value"], found["officers-trained"]["stated_percent"]) == (44, "100")


def test_a_template_prints_across_one_width_of_paper_with_its_headings_on_each_page(
    province: Ucli, tmp_path: Path
) -> None:
    province("template", "members", "-o", tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    setup = page.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
    assert page.print_title_rows == "$1:$1"
