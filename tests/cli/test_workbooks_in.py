"""Workbooks come in as officers keep them, with dates of Excel; what would fill all memory is refused."""

import zipfile
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Ucli

xlsxwriter = pytest.importorskip("xlsxwriter", reason="the extra `excel` is not installed")
calamine = pytest.importorskip("python_calamine", reason="the extra `excel` is not installed")


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
        book = calamine.CalamineWorkbook.from_path(str(file))
        blank, explained, offered = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
        heads = [str(it).rstrip(" *") for it in blank[0]]
        assert [row[0] for row in explained[1:]] == heads
        assert {"members": "MAY", "payouts": "tet"}.get(kind, "HH") in {cell for row in offered for cell in row}
        assert province("import", kind, file, "-f", "json").json["new"] == 0


def test_wrong_rows_go_into_a_workbook_that_comes_in_again(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = ((1, "Trần Thị Mẫu", "SAI", "20/4/2024", "", "=1+1"), (2, "Lê Thử", "MAY", "21/4/2024"))
    file = tmp_path / "a.csv"
    file.write_text("\n".join(";".join(map(str, row)) for row in (HEAD, *rows)), encoding="utf-8")
    wrong = tmp_path / "wrong.xlsx"
    ucli("import", "members", file, "--wrong", wrong, expect=4)
    assert wrong.stat().st_mode & 0o777 == 0o600
    assert province("import", "members", wrong, "--accept-valid", "-f", "json").json["wrong"] == 1
