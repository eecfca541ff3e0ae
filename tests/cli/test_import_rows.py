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
        (('A;MAY;2/4/2024;"x', "B;MAY;2/4/2024;", 'C;MAY;2/4/2024;"'), "Line 2: a quotation that begins here runs to"),
        (('A;MAY;2/4/2024;"x', "B;MAY;2/4/2024;", "C;MAY;2/4/2024;"), "Line 2: a quotation that begins here is never"),
        (("A;MAY;2/4/2024;", 'B;"MAY;2/4/2024;', 'C;"MAY;2/4/2024;'), "Line 3: a quotation that begins here runs to"),
    ],
)
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_a_quotation_swallows_no_row(
    province: Ucli, ucli: Ucli, tmp_path: Path, lines: tuple[str, ...], told: str, end: str
) -> None:
    answer = ucli("import", "members", csv_file(tmp_path / "a.csv", HEAD, *lines, end=end), "--accept-valid", expect=4)
    assert told in answer.err
    assert names(province) == []


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
        ),
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
    assert ("read as the next day; look at them. Lines: 2." in answer.err) == any(it in str(day) for it in is_next)


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
    assert "Day and month may be changed round" in said
    assert "Lines: 3." in said
    fine = [*rows, ("I K", "MAY", date(2024, 3, 20))]
    assert not province("import", "members", workbook(tmp_path / "b.xlsx", MEMBERS, *fine), "--dry-run").err.count(
        "round"
    )


def test_a_very_old_member_is_told(province: Ucli, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", (*MEMBERS, "Ngày sinh"), ("Lê Thử", "MAY", "2/4/2024", "1/2/1920"))
    assert "More than 100 years old. Lines: 2." in province("import", "members", file).err
