"""How cells show their numbers, hidden and merged cells: the same in .xlsx, .xls and .ods."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from tests.cli.test_import_cells import ods
from tests.cli.test_import_unreadable import packed
from tests.conftest import Ucli

PAYOUTS = ("Đơn vị", "Chương trình", "Ngày chi", "Số tiền")
FIGURES = ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị")
MEMBERS = ("Công đoàn cơ sở", "Họ và tên", "Ngày kết nạp", "Số thẻ")
Write = Callable[..., Path]


def as_xlsx(path: Path, *rows: tuple[object, ...], shown: str = "General", merged: bool = False) -> Path:
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for row in book.active.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, float):
                cell.number_format = shown
    if merged:
        book.active.merge_cells("A2:A3")
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["D"].hidden = True
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def as_xls(path: Path, *rows: tuple[object, ...], shown: str = "General", merged: bool = False) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    style = xlwt.easyxf(num_format_str=shown)
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if merged and (number, place) == (1, 0):
                sheet.write_merge(1, 2, 0, 0, cell)
            elif cell is not None:
                sheet.write(number, place, cell, style if isinstance(cell, float) else xlwt.Style.default_style)
    sheet.row(1).hidden = True
    sheet.col(3).hidden = True
    book.save(str(path.with_suffix(".xls")))
    return path.with_suffix(".xls")


SHOWN = {
    '0" triệu"': "5.000 triệu",
    '#,##0" nghìn USD"': "5.000 nghìn USD",
    '#,##0,," triệu"': "5 triệu",
    "0%": "95%",
    "0000000": "0000021",
    '"TB-"0000': "TB-0021",
}


def as_ods(path: Path, *rows: tuple[object, ...], shown: str = "General", merged: bool = False) -> Path:
    spaces = "".join(
        f' xmlns:{it}="urn:oasis:names:tc:opendocument:xmlns:{it}:1.0"' for it in ("office", "table", "text")
    )
    lines = []
    for number, row in enumerate(rows):
        cells = []
        for place, cell in enumerate(row):
            span = ' table:number-rows-spanned="2"' if merged and (number, place) == (1, 0) else ""
            said = f'office:value-type="string"{span}><text:p>{cell or ""}</text:p>'
            if isinstance(cell, float):
                text = SHOWN.get(shown, f"{cell:.0f}")
                said = f'office:value-type="float" office:value="{cell}"><text:p>{text}</text:p>'
            cells.append(f"<table:table-cell {said}</table:table-cell>")
        hidden = ' table:visibility="collapse"' if number == 1 else ""
        lines.append(f"<table:table-row{hidden}>{''.join(cells)}</table:table-row>")
    content = (
        f"<office:document-content{spaces}>"
        '<office:body><office:spreadsheet><table:table table:name="A">'
        '<table:table-column table:number-columns-repeated="3"/><table:table-column table:visibility="collapse"/>'
        f"{''.join(lines)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind_of_file = "application/vnd.oasis.opendocument.spreadsheet"
    path = path.with_suffix(".ods")
    path.write_bytes(packed(mimetype=kind_of_file, **{"content.xml": content}))
    return path


EACH = pytest.mark.parametrize("write", [as_xlsx, as_xls, as_ods])


@EACH
@pytest.mark.parametrize(
    ("amount", "shown", "paid"),
    [
        (5000.0, '0" triệu"', 5_000_000_000),
        (5_000_000.0, '#,##0,," triệu"', 5_000_000),
        (5_000_000.0, "General", 5_000_000),
    ],
)
def test_money_is_what_its_cell_shows(
    province: Ucli, tmp_path: Path, write: Write, amount: float, shown: str, paid: int
) -> None:
    file = write(tmp_path / "a", PAYOUTS, ("HH", "tet", "20/1/2024", amount), shown=shown)
    province("import", "payouts", file)
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [paid]


@EACH
def test_a_row_in_a_unit_that_is_not_known_is_wrong_and_only_it(
    province: Ucli, ucli: Ucli, tmp_path: Path, write: Write
) -> None:
    rows = (PAYOUTS, ("HH", "tet", "20/1/2024", 5000.0), ("KX", "tet", "20/1/2024", "5 triệu"))
    file = write(tmp_path / "a", *rows, shown='#,##0" nghìn USD"')
    assert "Line 2: Cell D2 is shown in units" in ucli("import", "payouts", file, expect=4).err
    assert province("import", "payouts", file, "--accept-valid", "-f", "json").json["new"] == 1


@EACH
def test_a_percentage_is_one(province: Ucli, tmp_path: Path, write: Write) -> None:
    file = write(tmp_path / "a", FIGURES, ("HH", "2024", "officers-trained", 0.95), shown="0%")
    province("import", "figures", file)
    assert [it["stated_percent"] for it in province("figures", "-f", "json").json] == ["95"]


@EACH
@pytest.mark.parametrize(("shown", "card"), [("0000000", "0000021"), ('"TB-"0000', "TB-0021"), ("General", "21")])
def test_a_card_has_the_zeros_and_letters_that_its_cell_shows(
    province: Ucli, tmp_path: Path, write: Write, shown: str, card: str
) -> None:
    province("import", "members", write(tmp_path / "a", MEMBERS, ("MAY", "Lê Thử", "20/4/2024", 21.0), shown=shown))
    assert [it["card"] for it in province("members", "-f", "json").json] == [card]


@EACH
def test_what_is_hidden_is_read_and_told(province: Ucli, tmp_path: Path, write: Write) -> None:
    said = province("import", "members", write(tmp_path / "a", MEMBERS, ("MAY", "Lê Thử", "20/4/2024", 21.0))).err
    assert "Hidden rows are read too (1). Lines: 2." in said


@EACH
def test_a_union_in_a_merged_cell_is_that_of_all_its_rows(province: Ucli, tmp_path: Path, write: Write) -> None:
    rows = (("MAY", "Lê Thử", "20/4/2024", "1"), (None, "Vũ Thử", "20/4/2024", "2"))
    said = province("import", "members", write(tmp_path / "a", MEMBERS, *rows, merged=True)).err
    assert "A merged cell is read for each of its rows. Lines: 3." in said
    assert {it["name"] for it in province("members", "--unit", "MAY", "-f", "json").json} == {"Lê Thử", "Vũ Thử"}


def test_an_amount_in_an_ods_is_what_its_cell_shows_or_its_row_is_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    cell = '<table:table-cell office:value-type="float" office:value="5000"><text:p>{}</text:p></table:table-cell>'
    head = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{it}</text:p></table:table-cell>' for it in PAYOUTS
    )
    row = head.replace(PAYOUTS[0], "HH").replace(PAYOUTS[1], "tet").replace(PAYOUTS[2], "20/1/2024")
    row = row.partition(PAYOUTS[3])[0].rpartition("<table:table-cell")[0]
    for text in ("5.000 nghìn USD", "8 triệu", "5,1 triệu"):
        file = ods(tmp_path / "a.ods", head, row + cell.format(text))
        assert "Cell D3 is shown in units" in ucli("import", "payouts", file, "-n", expect=4).err
    shown = {"5.000 triệu": 5_000_000_000, "5 nghìn đồng": 5_000, "5.000,00 đ": 5_000, "5,000": 5_000, "0005000": 5_000}
    for text, amount in shown.items():
        province("import", "payouts", ods(tmp_path / "a.ods", head, row + cell.format(text)), "--yes")
        assert [it["amount"] for it in province("payouts", "-f", "json").json] == [amount]
        province("undo")
