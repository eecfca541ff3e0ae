"""What a table for people says once, in words, and short."""

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from tests.conftest import Ucli

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
YEAR = ("--period", "2024", "--lang", "vi")


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def rows_of(province: Ucli, tmp_path: Path) -> object:
    """Write an answer as a document, and return the rows of its widest tables as texts."""

    def of(*words: object) -> list[list[str]]:
        province(*words, "-o", tmp_path / "a.docx", "--force")
        with zipfile.ZipFile(tmp_path / "a.docx") as parts:
            document = ET.fromstring(parts.read("word/document.xml"))  # noqa: S314  our own
        rows = [row.findall(f"{W}tc") for row in document.iter(f"{W}tr")]
        return [["".join(it.itertext()).strip() for it in row] for row in rows]

    return of


def test_of_many_units_that_have_not_reported_a_few_are_named_and_the_others_counted(province: Ucli) -> None:
    for number in range(1, 11):
        province("add-unit", f"LĐLĐ huyện Mẫu {number}", "--kind", "district", "--code", f"M{number}")
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    asked = ("report", *YEAR, "--indicator", "news-items")
    for form in ("table", "plain", "prose"):
        told = " ".join(province(*asked, "-f", form).out.split())
        assert "1/12 đơn vị đã báo cáo" in told
        assert "LĐLĐ huyện Mẫu 3, LĐLĐ huyện Mẫu 4 và 6 đơn vị khác" in told
    assert len(province(*asked, "-f", "json").json["missing"]) == 11


def test_units_with_numbers_in_their_names_stand_in_the_order_of_the_numbers(province: Ucli) -> None:
    for number in (10, 9, 1):
        province("add-union", f"CĐCS Công ty May số {number}", "--parent", "HH", "--founded", "2024-03-01")
    names = [it["name"] for it in province("units", "--kind", "union", "-f", "json").json]
    assert [it.rpartition(" ")[2] for it in names if "số" in it] == ["1", "9", "10"]


def test_months_in_which_no_one_has_reported_are_said_at_once(province: Ucli) -> None:
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024-03")
    asked = ("report", *YEAR, "--by", "month", "--indicator", "news-items")
    table = province(*asked, "-f", "table").out
    assert "Tháng 3 năm 2024 " in table
    assert "Tháng 1 năm 2024 – Tháng 2 năm 2024: chưa đơn vị nào báo cáo." in table
    assert "Tháng 4 năm 2024 – Tháng 12 năm 2024: chưa đơn vị nào báo cáo." in table
    assert "Chỉ tiêu" not in table  # there is none
    last = province(*asked, "-f", "prose").out.strip().splitlines()[-1]
    assert last == ("Chưa có số liệu: Tháng 1 năm 2024 – Tháng 2 năm 2024, Tháng 4 năm 2024 – Tháng 12 năm 2024.")


def test_a_movement_by_units_has_a_row_for_each_unit(province: Ucli) -> None:
    province("add-union", "CĐCS Công ty Mẫu", "--parent", "HH", "--founded", "2024-03-01", "--members", 25)
    lines = province("movement", *YEAR, "--by", "district", "-f", "table").out.splitlines()
    [unit] = [it for it in lines if it.startswith("LĐLĐ huyện Hưng Hà")]
    assert unit.split()[-1] == "25"
    none = " ".join(lines).partition("Không phát sinh: ")[2]
    assert "Bàn giao CĐCS" in none.partition(".")[0]


def test_scores_too_wide_for_a_line_stand_in_several_tables(province: Ucli, tmp_path: Path, rows_of: object) -> None:
    scheme = tmp_path / "thang.csv"
    lines = [f"tiêu chí;Nội dung thi đua thứ {it} của năm công tác;news-items;{it};tỷ lệ" for it in range(1, 16)]
    scheme.write_text("\n".join(["Loại;Nội dung;Mã;Điểm;Cách chấm", *lines]), encoding="utf-8")
    for unit, value in (("HH", 7), ("KX", 9)):
        province("set-target", "news-items", 8, "--unit", unit, "--period", "2024")
        province("add-figure", "news-items", value, "--unit", unit, "--period", "2024")
    asked = ("score", scheme, *YEAR, "--by", "district")
    table = province(*asked, "-f", "table").out
    assert table.count("LĐLĐ huyện Hưng Hà") > 1
    assert max(map(len, table.splitlines())) <= 100
    rows = rows_of(*asked)  # type: ignore[operator]
    assert len([it for it in rows if "LĐLĐ huyện Hưng Hà" in it]) > 1


def test_what_a_unit_was_before_a_merger_has_no_number_of_its_own(province: Ucli, rows_of: object) -> None:
    for unit, value in (("HH", 7), ("KX", 9)):
        province("add-figure", "news-items", value, "--unit", unit, "--period", "2024")
    province("merge-unit", "KX", "--into", "HH", "--on", "2025-03-01")
    rows = rows_of("report", *YEAR, "--by", "district", "--structure", "2026-01-01")  # type: ignore[operator]
    numbers = {row[1]: row[0] for row in rows if len(row) > 2 and "LĐLĐ huyện" in row[1]}
    assert numbers.pop("LĐLĐ huyện Hưng Hà") == "1"
    assert len(numbers) == 2
    assert set(numbers.values()) == {""}


def test_one_uneven_amount_leaves_the_others_in_millions(province: Ucli) -> None:
    for unit, amount in (("HH", "476,1tr"), ("KX", "350.000đ")):
        province("add-figure", "welfare-amount", amount, "--unit", unit, "--period", "2024")
    asked = ("report", *YEAR, "--by", "district", "--indicator", "welfare-amount", "-f")
    table = province(*asked, "table").out
    assert "triệu đồng" in table
    assert [it in table for it in (" 476,1", " 0,35", " 476,45")] == [True] * 3
    province("add-unit", "LĐLĐ huyện Mẫu", "--kind", "district", "--code", "M")
    province("set-target", "welfare-amount", "1 tỷ", "--unit", "HH", "--period", "2024")
    province("add-figure", "welfare-amount", "333.333.334đ", "--unit", "M", "--period", "2024")
    table = province(*asked, "table").out
    assert [it in table for it in (" 476,1", " 0,35", " 1.000", " 333,333334", " 809,783334")] == [True] * 5
    assert [it["actual"] for it in province(*asked, "json").json["rows"]] == [809_783_334]


def test_one_thing_is_said_of_one_in_english(province: Ucli) -> None:
    told = province("report", "--period", "2024", "--unit", "HH", "-f", "prose", "--lang", "en").out
    assert "founded 1 grassroots union;" in told.lower() or "1 grassroots union in total" in told
    assert "1 grassroots unions" not in told


def test_each_sheet_of_a_template_prints_across_one_sheet_of_paper(province: Ucli, tmp_path: Path) -> None:
    province("template", "figures", "--period", "2024-05", "--indicator", "news-items", "-o", tmp_path / "a.xlsx")
    pages = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    assert len(pages) == 3
    assert {(it.page_setup.orientation, it.sheet_properties.pageSetUpPr.fitToPage) for it in pages} == {
        ("landscape", True)
    }


def test_a_signature_in_a_workbook_stands_on_no_sheet_of_its_own(province: Ucli, tmp_path: Path) -> None:
    for number in range(1, 18):  # with them the table and its notes are a little more than a sheet
        province("add-unit", f"LĐLĐ huyện Mẫu {number}", "--kind", "district", "--code", f"M{number}")
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    province("report", *YEAR, "--by", "district", "-o", tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert page.page_setup.fitToHeight != 0  # as many sheets as it takes


def test_a_list_of_nothing_says_so_on_a_terminal(province: Ucli) -> None:
    assert province("payouts", "--lang", "vi", "-f", "table").out == "Không có gì để hiện.\n"
    assert "Chương trình" in province("payouts", "--lang", "vi", "-f", "plain").out


def test_a_part_that_has_nothing_to_say_is_left_to_machines(province: Ucli) -> None:
    province("add-figure", "news-items", 7, "--unit", "HH", "--period", "2024")
    province("merge-unit", "KX", "--into", "HH", "--on", "2025-03-01")
    asked = ("report", *YEAR, "--by", "district", "--structure", "2026-01-01", "--indicator", "news-items")
    assert "Kiến Xương" not in province(*asked, "-f", "table").out.partition("─")[2].rpartition("─")[0]
    machine = province(*asked, "--layout", "matrix", "-f", "csv").out
    assert machine.count("Kiến Xương") == 1


def test_an_operation_names_indicators_and_programmes(province: Ucli) -> None:
    province("add-figure", "news-items", 7, "--unit", "HH", "--period", "2024")
    number = province("log", "-f", "json").json[0]["operation"]
    assert "Nội dung: Tin, bài đăng tải; " in province("log", number, "--lang", "vi").out
    [row] = province("log", number, "-f", "json").json["rows"]
    assert row["after"]["indicator"] == "news-items"
