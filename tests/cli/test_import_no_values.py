"""What a cell holds and no column can mean makes its row wrong; what is hidden or begins another table is told."""

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.test_import_cells import sheet_of
from tests.conftest import Ucli

HEAD = ("Họ và tên", "CĐCS", "Ngày kết nạp", "Ngày sinh", "Số thẻ")
ROW = ("Lê Thử", "MAY", "20/4/2024", "6/7/1988", "0021")
PAYOUTS = ("Đơn vị", "Chương trình", "Ngày chi", "Số tiền")


def book(path: Path, head: tuple[str, ...], row: tuple[object, ...], shown: str = "General") -> Path:
    made = xlsxwriter.Workbook(str(path))
    sheet, how = made.add_worksheet(), made.add_format({"num_format": shown})
    sheet.write_row(0, 0, head)
    for place, cell in enumerate(row):
        sheet.write(1, place, cell, None if isinstance(cell, str) else how)
    made.close()
    return path


@pytest.mark.parametrize(
    ("place", "cell", "shown"),
    [
        (4, date(2024, 5, 12), "dd/mm/yyyy"),
        (4, 0.1, "h:mm"),
        (4, 1e16, "0000000"),
        (4, "'=0021", "General"),
        (0, date(2024, 5, 12), "dd/mm/yyyy"),
        (0, "0", "General"),
        (0, "TRUE", "General"),
    ],
)
def test_a_day_a_time_a_formula_and_lost_digits_are_no_card_and_no_name(
    province: Ucli, ucli: Ucli, tmp_path: Path, place: int, cell: object, shown: str
) -> None:
    row = (*ROW[:place], cell, *ROW[place + 1 :])
    assert "Line 2: " in ucli("import", "members", book(tmp_path / "a.xlsx", HEAD, row, shown), expect=4).err


def test_a_dash_in_a_column_that_may_be_empty_is_nothing(province: Ucli, tmp_path: Path) -> None:
    province("import", "members", book(tmp_path / "a.xlsx", HEAD, (*ROW[:3], "-", "–")))
    [member] = [it for it in province("members", "-f", "json").json if it["name"] == ROW[0]]
    assert (member["born"], member["card"]) == (None, None)


@pytest.mark.parametrize("shown", ["[$$-409]#,##0.00", "[$€-2] #,##0", '"£"#,##0'])
def test_money_of_another_country_is_no_dong(province: Ucli, ucli: Ucli, tmp_path: Path, shown: str) -> None:
    file = book(tmp_path / "a.xlsx", PAYOUTS, ("HH", "tet", "20/1/2024", 500000), shown)
    assert "Cell D2" in ucli("import", "payouts", file, expect=4).err


@pytest.mark.parametrize("formula", ['<c r="E3" t="str"><f>A1</f></c>', '<c t="str" r="E3"><f>A1</f></c>'])
def test_a_formula_without_a_value_was_never_calculated_though_it_gives_a_text(
    province: Ucli, ucli: Ucli, tmp_path: Path, formula: str
) -> None:
    row = '<row r="3"><c r="A3" t="inlineStr"><is><t>Lê Thử</t></is></c>{}</row>'
    file = sheet_of(tmp_path / "a.xlsx", row.format(formula))
    assert "Cell E3 is a formula that was never calculated" in ucli("import", "members", file, expect=4).err


def test_a_nought_of_a_library_that_cannot_calculate_is_no_figure(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", ("Mã đơn vị", "news-items"), ("HH", "=5*3"))
    told = ucli("import", "figures", file, "--period", "2024", expect=4).err
    assert "Cell B2 is a formula that was never calculated" in told


@pytest.mark.parametrize("row", ['<row r="3" ht="0" customHeight="1">{}</row>', "<row r='3' ht='0'>{}</row>"])
def test_a_row_without_height_is_hidden(province: Ucli, tmp_path: Path, row: str) -> None:
    cells = "".join(f'<c r="{at}3" t="inlineStr"><is><t>{it}</t></is></c>' for at, it in zip("ABC", ROW, strict=False))
    file = sheet_of(tmp_path / "a.xlsx", row.format(cells.replace("Lê", "Vũ")))
    assert "Hidden rows are read too (1). Lines: 3." in province("import", "members", file, "-n").err


def test_a_title_whose_number_has_a_cell_of_its_own_begins_the_rows_of_another_union(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(
        "STT;Họ và tên;Ngày kết nạp\n1;Lê Thử;20/4/2024\nII;Công đoàn cơ sở Khác;\n1;Vũ Thử;20/4/2024\n", "utf-8"
    )
    told = ucli("import", "members", tmp_path / "a.csv", "--unit", "MAY", expect=4).err
    assert "Line 4: Line 3 names another unit" in told


def test_where_a_month_stands_first_the_other_days_are_doubted(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = "Lê Thử,MAY,05/13/2024,,\nVũ Thử,MAY,04/09/2024,,\n"
    (tmp_path / "a.csv").write_text(f"{','.join(HEAD)}\n{rows}", "utf-8")
    told = ucli("import", "members", tmp_path / "a.csv", "--accept-valid").err
    assert "The month comes first" in told


def test_the_file_beside_an_open_workbook_is_told_to_be_one(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("~$a.xlsx").write_bytes(b"\x05user" + b" " * 160)
    assert "lock file that Excel keeps" in ucli("import", "members", "~$a.xlsx", expect=4).err


@pytest.mark.parametrize(
    ("shown", "day", "told"),
    [
        ("mm/yyyy", date(2024, 5, 1), "It is a month without a day"),
        ('"tháng "m/yyyy', date(2024, 5, 1), "It is a month without a day"),
        ("[$-42A]mmmm yyyy", date(2024, 5, 1), "It is a month without a day"),
        ("yyyy", date(2024, 1, 1), "It is only a year"),
    ],
)
def test_a_month_or_a_year_of_which_a_program_made_a_day_is_none(
    province: Ucli, ucli: Ucli, tmp_path: Path, shown: str, day: date, told: str
) -> None:
    file = book(tmp_path / "a.xlsx", HEAD, (*ROW[:2], day, *ROW[3:]), shown)
    assert told in ucli("import", "members", file, expect=4).err


def test_a_day_of_which_only_the_month_is_shown_is_that_day_and_as_a_period_the_month(
    province: Ucli, tmp_path: Path
) -> None:
    province("import", "members", book(tmp_path / "a.xlsx", HEAD, (*ROW[:2], date(2024, 5, 12), *ROW[3:]), "mm/yyyy"))
    assert [it["admitted"] for it in province("members", "-f", "json").json if it["name"]] == ["2024-05-12"]
    head = ("Đơn vị", "Kỳ", "Nội dung thống kê", "Giá trị")
    row = ("HH", date(2024, 5, 1), "news-items", "7")
    province("import", "figures", book(tmp_path / "b.xlsx", head, row, "mm/yyyy"))
    assert [it["period"] for it in province("figures", "-f", "json").json] == ["2024-05"]


@pytest.mark.parametrize("title", ["CĐCS Trường Kiến Xương", "Đơn vị: CĐCS TRƯỜNG KIẾN XƯƠNG", "Trường Kiến Xương"])
def test_a_title_above_the_table_that_names_another_union_is_told(province: Ucli, tmp_path: Path, title: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(f"LĐLĐ HUYỆN HƯNG HÀ;\n{title};\nHọ và tên;Ngày kết nạp\nLê Thử;20/4/2024\n", "utf-8")
    told = province("import", "members", file, "--unit", "MAY", "-n").err
    assert "Line 2, above the table, names CĐCS Trường Kiến Xương" in told
    assert "above the table" not in province("import", "members", file, "--unit", "TRUONG", "-n").err
