"""Lists that are handed in or worked on: their titles, their totals, and CSV for a Vietnamese Excel."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document

from tests.conftest import Ucli

VI = ("--lang", "vi")


@pytest.fixture
def paid(province: Ucli) -> Ucli:
    """Return ucli on a ledger with two payouts of 2024 and three members, two of them without names."""
    at_hh = ("add-payout", "--unit", "HH", "--on", "2024-01-20")
    province(*at_hh, "--programme", "tet", "--amount", "20 triệu", "--recipients", "40")
    province(
        *at_hh, "--programme", "shelter", "--amount", "50tr", "--in-kind", "5tr", "--form", "repair", "--fund", "=1+1"
    )
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-05-01", "--card", "0001234")
    return province


def sheet(path: Path) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


def test_payouts_and_members_have_a_total_in_a_workbook(paid: Ucli, tmp_path: Path) -> None:
    paid("payouts", *VI, "-o", tmp_path / "a.xlsx")
    [total] = [row for row in sheet(tmp_path / "a.xlsx") if "Tổng cộng" in row]
    assert total[4:7] == (70_000_000, 5_000_000, 41)
    paid("members", *VI, "-o", tmp_path / "b.xlsx")
    [total] = [row for row in sheet(tmp_path / "b.xlsx") if "Tổng cộng" in row]
    assert total[3] == 1


def test_a_page_of_payouts_is_headed_as_a_workbook_and_ends_with_a_total(paid: Ucli) -> None:
    page = paid("payouts", *VI, "-f", "html").out
    assert "<h1>Danh sách các khoản chi chăm lo</h1>" in page
    total = page[page.index('<tr class="total">') :]
    assert "Tổng cộng" in total
    assert "70.000.000" in total


def test_machines_and_plain_have_no_total(paid: Ucli) -> None:
    assert len(paid("payouts", "-f", "json").json) == 2
    assert len(paid("payouts", "-f", "csv").out.splitlines()) == 3
    assert "Tổng cộng" not in paid("payouts", *VI, "-f", "plain").out + paid("payouts", *VI, "--excel").out


def test_an_empty_list_has_no_total(province: Ucli) -> None:
    assert "Tổng cộng" not in province("payouts", *VI, "-f", "html").out


def test_csv_for_excel_reads_as_the_workbook_does(paid: Ucli) -> None:
    out = paid("payouts", *VI, "--excel").out
    assert out.startswith("\ufeffSố;Ngày;Đơn vị;")
    first, second = (line.split(";") for line in out.splitlines()[1:])
    assert first[1:8] == ["20/01/2024", "LĐLĐ huyện Hưng Hà", "Tết Sum vầy", "20000000", "0", "40", ""]
    assert second[7] == "sửa chữa"
    assert second[9] == "'=1+1"


def test_csv_for_excel_has_decimal_commas_and_bare_whole_numbers(province: Ucli) -> None:
    province("add-figure", "members-admitted", "hơn 7.000", "--unit", "HH", "--period", "2024")
    province("set-target", "members-admitted", "10.800", "--unit", "HH", "--period", "2024")
    province("add-figure", "emulation-share", "87,5%", "--unit", "HH", "--period", "2024")
    out = province("report", "--unit", "HH", "--period", "2024", *VI, "--excel").out
    assert "Đoàn viên kết nạp mới;đoàn viên;10800;7000;≥;64,8%;≥;3800;≤;" in out
    assert "87,5" in province("figures", *VI, "--excel").out
    assert "87.5" in province("figures", *VI, "-f", "csv").out


def test_a_share_is_no_day_to_excel(province: Ucli) -> None:
    province("add-figure", "unions-informed", "1/12", "--unit", "HH", "--period", "2024")
    asked = ("explain", "unions-informed", "--unit", "HH", "--period", "2024", "--excel")
    assert ";'1/12;" in province(*asked).out


def test_a_code_is_no_number_and_a_month_no_day_to_excel(paid: Ucli) -> None:
    assert ";'0001234;" in paid("members", *VI, "--excel").out
    assert ";0001234;" not in paid("members", *VI, "--excel").out
    paid("add-figure", "news-items", "12", "--unit", "HH", "--period", "2024-05", "--decision", "45/2024")
    (line,) = paid("figures", *VI, "--excel").out.splitlines()[1:]
    assert ";'2024-05;12;" in line
    assert line.endswith(";'45/2024")
    assert ",2024-05,12," in paid("figures", "-f", "csv").out


def test_a_list_is_no_report_in_a_document(paid: Ucli, tmp_path: Path) -> None:
    paid("members", *VI, "-o", tmp_path / "a.docx")
    said = [it.text for it in Document(str(tmp_path / "a.docx")).paragraphs if it.text]
    assert said[0] == "DANH SÁCH ĐOÀN VIÊN"
    assert "BÁO CÁO" not in said


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        (("retention", "--years", "1"), "Danh sách người có dữ liệu đến hạn xóa"),
        (("backups",), "Danh sách bản sao lưu"),
        (("check",), "Kết quả rà soát sổ"),
        (("doctor",), "Hiện trạng của sổ"),
        (("export-member", "Lê Văn Thử"), "Dữ liệu cá nhân đang lưu giữ"),
    ],
)
def test_whatever_is_handed_in_says_what_it_is(paid: Ucli, ucli: Ucli, words: tuple[str, ...], heading: str) -> None:
    assert f"<h1>{heading}</h1>" in ucli(*words, *VI, "-f", "html").out


def test_an_explanation_is_headed_as_the_report_and_names_its_money(paid: Ucli) -> None:
    asked = ("--unit", "HH", "--period", "2024", "--as-of", "2024-06-30")
    out = paid("explain", "welfare-amount", *asked).out
    assert out.splitlines()[0] == paid("report", *asked).out.splitlines()[0]
    assert "= 75.000.000 đồng" in out


def test_a_marked_number_stays_a_number_to_excel(province: Ucli) -> None:
    province("add-figure", "news-items", "hơn 10", "--unit", "HH", "--period", "2024")
    out = province("report", "--period", "2024", *VI, "--indicator", "news-items", "--excel").out
    head, row = (line.split(";") for line in out.removeprefix("\ufeff").splitlines()[:2])
    place = head.index("Thực hiện")
    assert (head[place + 1], row[place : place + 2]) == ("Thực hiện, dấu", ["10", "≥*"])
