"""A workbook is read back by another library than wrote it: true numbers and days, safe text, ready for the printer."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.test_formats import EVIL
from tests.conftest import After, Ucli, spoil
from ucli.errors import RejectedError
from ucli.render import Column, Sheet, render
from ucli.render.as_xlsx import held_as, notation

REPORT = ("report", "--province", "Thái Bình", "--period", "2024")
Book = Callable[..., Any]


@pytest.fixture
def book(province: Ucli, tmp_path: Path) -> Book:
    """Write an answer as a workbook, and open it with its formats."""

    def of(*words: object) -> Any:
        province(*words, "-o", tmp_path / "a.xlsx", "--force")
        return openpyxl.load_workbook(tmp_path / "a.xlsx", rich_text=True)

    return of


@pytest.fixture
def told(province_after: After) -> Ucli:
    return province_after("""
        add-figure members-admitted "hơn 7.000" --unit "Thái Bình" --period 2024
        set-target members-admitted 10.800 --unit "Thái Bình" --period 2024
        add-figure welfare-amount "96,4 tỷ" --unit "Thái Bình" --period 2024
        set-target welfare-amount 96.438.575.431 --unit "Thái Bình" --period 2024
        add-figure agreements-signed 27 --unit "Thái Bình" --period 2024
        set-target agreements-signed 20-25 --unit "Thái Bình" --period 2024
    """)


def cells(page: Any) -> dict[str, Any]:
    """Return the rows of a report by the text in their first column."""
    return {row[0].value: row for row in page.iter_rows() if row[0].value}


def values(path: Path, sheet: int = 0) -> list[list[Any]]:
    page = openpyxl.load_workbook(path, data_only=True).worksheets[sheet]
    return [[_value(cell) for cell in row] for row in page.values]


def _value(cell: Any) -> Any:
    if cell is None:
        return ""
    return cell.date() if isinstance(cell, datetime) else cell


def test_numbers_are_numbers_and_look_as_they_were_printed(told: Ucli, book: Book, tmp_path: Path) -> None:
    page = book(*REPORT).worksheets[0]
    rows = {row[0]: row for row in values(tmp_path / "a.xlsx")}
    name = "Members newly admitted (gross), đoàn viên"
    assert rows[name][1:5] == [10_800, 7_000, pytest.approx(7_000 / 10_800, abs=1e-15), 3_800]
    shown = [cell.number_format.partition(";")[0] for cell in cells(page)[name][1:5]]
    assert shown == ["#,##0", '"≥ "#,##0', '"≥ "0.0%', '"≤ "#,##0']


def test_what_is_just_short_of_a_target_is_never_all_of_it(told: Ucli, book: Book, tmp_path: Path) -> None:
    book(*REPORT)
    [row] = [row for row in values(tmp_path / "a.xlsx") if row[1] == 96_438_575_431]
    assert (row[2], row[3]) == (96_400_000_000, 0.999)


@pytest.mark.parametrize(
    ("exact", "printed", "held"),
    [
        (Fraction(2_425, 1_720), "1.410", 2_425 / 1_720),
        (Fraction(2_425, 1_720), "1.41", 2_425 / 1_720),
        (Fraction(29, 800), "0.0363", 0.03625),
        (Fraction(9_996, 10_000), "0.999", Decimal("0.999")),
        (Fraction(10_001, 10_000), "1.001", Decimal("1.001")),  # over a ceiling
        (Fraction(1), "1.000", 1.0),
        (Fraction(-1, 10_000), "0.000", Decimal("0.000")),
    ],
)
def test_a_percentage_is_held_exactly_where_excel_then_shows_what_was_printed(
    exact: Fraction, printed: str, held: float | Decimal
) -> None:
    assert held_as(exact, Decimal(printed)) == held


def test_a_share_of_targets_is_held_exactly_too(told: Ucli, book: Book, tmp_path: Path) -> None:
    for indicator, figure in (("members-admitted", 20), ("unions-founded", 2), ("news-items", 1)):
        told("set-target", indicator, "20", "--unit", "HH", "--period", "2024")
        told("add-figure", indicator, figure, "--unit", "HH", "--period", "2024-01")
    page = book("rank", "--by", "district", "--period", "2024").worksheets[0]
    [cell] = [row[4] for row in page.iter_rows() if row[1].value == "LĐLĐ huyện Hưng Hà"]
    assert (cell.value, cell.number_format) == (pytest.approx(1 / 3, abs=1e-15), "0.0%")


def test_a_row_is_as_high_as_its_longest_text(told: Ucli, book: Book) -> None:
    told("add-figure", "news-items", "12", "--unit", "HH", "--period", "2024", "--source", "báo cáo số bốn " * 12)
    page = book("figures").worksheets[0]
    heights = [page.row_dimensions[row[0].row].height for row in page.iter_rows(min_row=3) if row[0].value]
    assert heights[-1] >= 4 * 15
    assert set(heights[:-1]) == {None}, "all others are left to the program that opens it"


def test_a_target_that_can_still_be_reached_is_not_coloured_as_missed(told: Ucli, book: Book) -> None:
    told("set-target", "members-admitted", "30", "--unit", "HH", "--period", "2024")
    told("add-figure", "members-admitted", "5", "--unit", "HH", "--period", "2024-01")
    words = ("report", "--period", "2024", "--unit", "HH", "--indicator", "members-admitted", "--as-of", "31/3/2024")
    page = book(*words).worksheets[0]
    [row] = page.iter_rows(min_row=3, max_row=3, values_only=True)
    assert row[5] == "behind"
    assert [cell.fill.fgColor.rgb for cell in page[3][3:6:2]] == ["00000000", "FFFFC7CE"]


def test_a_sum_above_its_ceiling_is_missed_at_once(told: Ucli, book: Book) -> None:
    told("set-target", "work-stoppages", "2", "--unit", "HH", "--period", "2024")
    told("add-figure", "work-stoppages", "3", "--unit", "HH", "--period", "2024-01")
    words = ("report", "--period", "2024", "--unit", "HH", "--indicator", "work-stoppages", "--as-of", "31/3/2024")
    [row] = book(*words).worksheets[0].iter_rows(min_row=3, max_row=3, values_only=True)
    assert row[4] == "not met"


def test_amounts_keep_the_unit_and_the_digits_they_were_asked_in(told: Ucli, book: Book) -> None:
    [row] = [row for row in cells(book(*REPORT, "--money", "tỷ").worksheets[0]).values() if row[2].value == 96.4]
    assert [cell.number_format for cell in row[1:3]] == ["#,##0.000000000", "#,##0.0"]


def test_what_is_not_one_number_stays_text(told: Ucli, book: Book, tmp_path: Path) -> None:
    told("add-figure", "union-density", "56/56", "--unit", "Thái Bình", "--period", "2024")
    book(*REPORT)
    found = [value for row in values(tmp_path / "a.xlsx") for value in row]
    assert "20–25" in found
    assert "56/56 (100,0%)" in found


@pytest.mark.parametrize(
    ("number", "sign", "suffix", "held", "shown"),
    [
        (10_800, "", "", 10_800, "#,##0"),
        (7_000, "", "*", 7_000, '#,##0"*"'),
        (Decimal("122.7"), "", "%", Decimal("1.227"), "0.0%"),
        (Decimal(141), "", "%", Decimal("1.41"), "0%"),
        (Decimal("64.80"), "≥ ", "%", Decimal("0.6480"), '"≥ "0.00%;"≥ "-0.00%'),
        (-5, "~ ", "", -5, '"~ "#,##0;"~ "-#,##0'),
    ],
)
def test_a_number_has_a_format_that_reads_as_it_was_printed(
    number: int | Decimal, sign: str, suffix: str, held: object, shown: str
) -> None:
    assert notation(number, sign, suffix) == (held, shown)


def test_a_number_of_more_digits_than_excel_keeps_is_text() -> None:
    page = read(render(Sheet([Column("A")], [[1_234_567_890_123_456], [123_456_789_012_345]], [], []), "xlsx"))
    assert [cell.value for cell in page["A"][1:]] == ["1.234.567.890.123.456", 123_456_789_012_345]


def read(content: str | bytes) -> Any:
    from io import BytesIO  # noqa: PLC0415

    assert isinstance(content, bytes)
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


def test_days_are_days_and_what_looks_like_a_number_but_is_none_stays_text(
    province: Ucli, book: Book, tmp_path: Path
) -> None:
    words = ("--born", "1/2/1990", "--card", "00123", "--id-number", "-")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "20/4/2024", *words, stdin="034190000101\n")
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "21/4/2024", "--born", "31/12/1899")
    page = book("members").worksheets[0]
    found = {row[1]: row for row in values(tmp_path / "a.xlsx")}
    row = found["Trần Thị Mẫu"]
    assert (row[4], row[6], row[8], row[9]) == (date(2024, 4, 20), date(1990, 2, 1), "00123", "***101")
    assert cells(page)[row[0]][4].number_format == "dd/mm/yyyy"
    assert found["Lê Văn Thử"][6] == "31/12/1899", "Excel knows no day before 1900"


def test_no_cell_is_a_formula_or_a_link(province: Ucli, book: Book, tmp_path: Path) -> None:
    names = [*EVIL, "{=1+1}", "https://example.org", "mailto:a@example.org", "_x0041_"]
    for place, name in enumerate(names):
        province("add-union", name, "--parent", "HH", "--founded", "2024-01-01", "--code", f"E{place}")
    shown = {cell.value for row in book("units").worksheets[0].iter_rows() for cell in row if cell.value}
    assert {"=HYPERLINK(1)", "@SUM(A1)", "+84 Công ty", "{=1+1}", "https://example.org", "1.110"} <= shown
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert "<hyperlink" not in sheet
    assert "\x1b" not in "".join(map(str, shown))
    assert "_x0041_" in [row[1] for row in values(tmp_path / "a.xlsx")]


def test_a_list_that_is_handed_in_names_what_is_counted_and_machines_read_codes(
    province: Ucli, book: Book, tmp_path: Path
) -> None:
    province("add-figure", "news-items", "12", "--unit", "HH", "--period", "2024")
    province("set-target", "news-items", "120", "--unit", "HH", "--period", "2024")
    province("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "5tr", "--on", "2024-01-20")
    for kind, said in (("figures", "Tin, bài đăng tải"), ("targets", "Tin, bài đăng tải"), ("payouts", "Tết")):
        _title, head, row = book(kind, "--lang", "vi").worksheets[0].iter_rows(max_row=3, values_only=True)
        assert head[0] == "Số"
        assert any(str(cell).startswith(said) for cell in row)
        province(kind, "--lang", "vi", "-o", tmp_path / "a.html", "--force")
        assert said in (tmp_path / "a.html").read_text(encoding="utf-8")
        assert said in province(kind, "--lang", "vi", "--excel").out
        assert said in province(kind, "--lang", "vi", "-f", "plain").out
        text = province(kind, "--lang", "vi", "-f", "csv").out
        assert ("tet" if kind == "payouts" else "news-items") in text
        assert said not in text


def test_a_text_longer_than_a_cell_is_cut(province: Ucli, book: Book, tmp_path: Path) -> None:
    # Nobody can record one as long; another program can.
    province("add-figure", "news-items", "12", "--unit", "HH", "--period", "2024")
    spoil(tmp_path / "so.db", f"UPDATE figure SET source = '{'Dài' * 11_000}'")
    text = book("figures").worksheets[0]["J3"].value
    assert (len(text), text[-1]) == (32_767, "…")


def test_it_is_ready_to_be_read_filtered_and_printed(told: Ucli, book: Book) -> None:
    told("set-target", "members-admitted", "30", "--unit", "HH", "--period", "2024")
    told("add-figure", "members-admitted", "29", "--unit", "HH", "--period", "2024-01")
    page = book(*REPORT, "--by", "district", "--layout", "long").worksheets[0]
    assert page["A1"].value.startswith("LĐLĐ tỉnh Thái Bình, 2024, figures to")
    assert (page.freeze_panes, page.print_title_rows, page.auto_filter.ref) == ("A3", "$2:$2", "A2:G6")
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    rows = cells(page)
    assert [rows[name][0].font.b for name in ("LĐLĐ huyện Hưng Hà", "Total")] == [False, True]
    assert rows["LĐLĐ huyện Hưng Hà"][6].value == "not met"
    assert page.column_dimensions["A"].width > len("LĐLĐ huyện Kiến Xương")
    assert any("Organisation as of" in str(name) for name in rows)


def test_a_status_and_its_percentage_have_its_colour(told: Ucli, book: Book) -> None:
    told("set-target", "members-admitted", "30", "--unit", "HH", "--period", "2024")
    told("add-figure", "members-admitted", "29", "--unit", "HH", "--period", "2024-01")
    page = book("report", "--period", "2024", "--unit", "HH", "--indicator", "members-admitted").worksheets[0]
    [row] = page.iter_rows(min_row=3, max_row=3)
    assert row[5].value == "not met"
    assert [cell.coordinate for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"] == ["D3", "F3"]


def test_totals_of_a_movement_stand_out(province: Ucli, book: Book) -> None:
    page = book("movement", "--by", "district", "--period", "2024").worksheets[0]
    bold = [row[0].value for row in page.iter_rows(min_row=5) if row[0].font.b]
    assert bold == ["Total"]


def drawn(path: Path) -> str | None:
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/charts/")]
        return parts.read(names[0]).decode() if names else None


@pytest.mark.parametrize("words", [("report",), ("report", "--layout", "long"), ("rank",)])
def test_what_was_reached_of_targets_is_drawn_unit_by_unit(
    told: Ucli, book: Book, tmp_path: Path, words: tuple[str, ...]
) -> None:
    for unit, value in (("HH", "29"), ("KX", "31")):
        told("set-target", "members-admitted", "30", "--unit", unit, "--period", "2024")
        told("add-figure", "members-admitted", value, "--unit", unit, "--period", "2024-01")
    found = book(*words, "--by", "district", "--indicator", "members-admitted", "--period", "2024")
    assert len(found.chartsheets) == 1
    chart = drawn(tmp_path / "a.xlsx")
    assert chart
    first, second = ("HH", "KX") if words[0] == "report" else ("KX", "HH")
    names = {"HH": "LĐLĐ huyện Hưng Hà", "KX": "LĐLĐ huyện Kiến Xương"}
    assert 0 < chart.index(names[first]) < chart.index(names[second])
    assert "Total" not in chart
    assert "1.033" in chart


def test_without_a_target_there_is_no_chart(province: Ucli, book: Book, tmp_path: Path) -> None:
    assert not book(*REPORT).chartsheets
    assert drawn(tmp_path / "a.xlsx") is None


def test_it_says_whose_it_is_and_nothing_of_the_machine(told: Ucli, book: Book, tmp_path: Path) -> None:
    properties = book(*REPORT, "--as-of", "30/6/2024").properties
    assert (properties.creator, properties.lastModifiedBy) == ("LĐLĐ tỉnh Thái Bình",) * 2
    assert properties.created == datetime(2024, 6, 30)  # noqa: DTZ001  a day, of no zone
    first = (tmp_path / "a.xlsx").read_bytes()
    book(*REPORT, "--as-of", "30/6/2024")
    assert (tmp_path / "a.xlsx").read_bytes() == first


def test_members_in_a_workbook_are_for_their_owner_only(province: Ucli, tmp_path: Path) -> None:
    province("members", "-o", tmp_path / "m.xlsx")
    assert (tmp_path / "m.xlsx").stat().st_mode & 0o777 == 0o600


def test_more_rows_than_a_workbook_holds_are_refused_before_any_is_written() -> None:
    with pytest.raises(RejectedError, match=r"1\.048\.580 rows, but xlsx holds at most 1\.048\.576"):
        render(Sheet([Column("A")], [[1]] * 1_048_576, [], []), "xlsx")
