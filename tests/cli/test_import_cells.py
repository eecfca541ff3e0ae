"""What cells hold besides values, in workbooks of every kind: errors, formats, spaces, notes; nothing grows."""

import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.test_import_unreadable import old_book, packed
from tests.conftest import Ucli

HEAD = ("Họ và tên", "CĐCS", "Ngày kết nạp", "Ngày sinh", "Số thẻ", "Ghi chú")
ROW = ("Lê Thử", "MAY", "20/4/2024", "5/6/1990", "0021", "")
SPACES = ("office", "table", "text", "style", "drawing")


def text_cell(inner: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{inner}</text:p></table:table-cell>'


def ods(path: Path, *rows: str, table: str = "", styles: str = "") -> Path:
    """Write a table of OpenDocument: a heading, and rows of XML."""
    names = "".join(f'xmlns:{it}="urn:oasis:names:tc:opendocument:xmlns:{it}:1.0" ' for it in SPACES)
    names += 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in ("".join(map(text_cell, HEAD)), *rows))
    content = (
        f"<office:document-content {names}>{styles}<office:body><office:spreadsheet>{table}"
        f'<table:table table:name="A">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    path.write_bytes(packed(**parts, **{"META-INF/manifest.xml": "<manifest/>"}))
    return path


def row_with(place: int, cell: str) -> str:
    return "".join(cell if it == place else text_cell(text) for it, text in enumerate(ROW))


@pytest.mark.parametrize(
    ("attributes", "shown"),
    [
        ('office:value-type="string" office:string-value="" calcext:value-type="error"', "#N/A"),
        ('office:value-type="float" office:value="0"', "#REF!"),
        ('office:value-type="float" office:value="0" table:formula="of:=X"', "Err:502"),
        ('office:value-type="string" table:formula="of:=X"', "#DIV/0!"),
        ('table:formula="of:=X"', ""),
    ],
)
def test_an_error_in_an_ods_makes_its_row_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path, attributes: str, shown: str
) -> None:
    cell = f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"
    if not shown:
        cell = f"<table:table-cell {attributes}/>"
    file = ods(tmp_path / "a.ods", row_with(3, cell))
    assert "Line 2: Cell D2" in ucli("import", "members", file, expect=4).err
    # In a column that is not read it is no fault.
    file = ods(tmp_path / "b.ods", row_with(5, cell))
    assert province("import", "members", file, "-n", "-f", "json").json["new"] == 1


@pytest.mark.parametrize(
    "name",
    [
        "Lê<text:line-break/>Thử<office:annotation><text:p>Xem lại</text:p></office:annotation>",
        "Lê<text:tab/>Thử",
        'Lê<text:s text:c="2000000000"/>Thử',
        "Lê</text:p><text:p>Thử",
        "<text:span>Lê</text:span> <text:a>Thử</text:a>",
    ],
)
def test_breaks_tabs_and_counted_spaces_are_spaces_and_notes_are_no_text(
    province: Ucli, tmp_path: Path, name: str
) -> None:
    province("import", "members", ods(tmp_path / "a.ods", row_with(0, text_cell(name))))
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Lê Thử"]


def test_an_ods_is_read_as_it_is_shown(province: Ucli, tmp_path: Path) -> None:
    """Days, zeros in front, hidden rows and tables; a style far away is nothing, a value there is too much."""
    day = '<table:table-cell office:value-type="date" office:date-value="1990-06-05"><text:p/></table:table-cell>'
    card = '<table:table-cell office:value-type="float" office:value="21"><text:p>0000021</text:p></table:table-cell>'
    cells = "".join([*map(text_cell, ROW[:3]), day, card])
    far = '<table:table-cell table:number-columns-repeated="16370" table:style-name="ce1"/>'
    hidden = '<table:table table:name="Z" table:style-name="ta1"><table:table-row/></table:table>'
    style = (
        '<office:automatic-styles><style:style style:name="ta1"><style:table-properties table:display="false"/>'
        "</style:style></office:automatic-styles>"
    )
    file = ods(tmp_path / "a.ods", cells + far, table=hidden, styles=style)
    province("import", "members", file)
    found = province("members", "-f", "json").json[0]
    assert (found["card"], found["born"]) == ("0000021", "1990-06-05")


def test_what_an_ods_repeats_far_away_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    cell = text_cell("x").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="{}"')
    for count in ("40000", "9" * 30, "-1"):
        file = ods(tmp_path / "a.ods", row_with(5, cell.format(count)))
        assert "larger than any list" in ucli("import", "members", file, expect=4).err


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (0x205, struct.pack("<HHHBB", 1, 3, 0, 0x2A, 1)),
        (0x06, struct.pack("<HHHBBBBBBHHIH", 1, 3, 0, 2, 0, 0x17, 0, 0, 0, 0xFFFF, 0, 0, 0)),
    ],
)
def test_an_error_in_an_xls_makes_its_row_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path, kind: int, record: bytes
) -> None:
    begin, end = (0x809, struct.pack("<HHIII", 0x600, 5, 0, 0, 0)), (0x0A, b"")
    sheet = (0x809, struct.pack("<HHIII", 0x600, 16, 0, 0, 0))
    where = sum(4 + len(data) for _kind, data in (begin, end)) + 4 + 9
    named = (0x85, struct.pack("<IHBB", where, 0, 1, 0) + b"A")
    rows = ("Name", "Union", "Admitted", "Born"), ("Le Thu", "MAY", "20/4/2024")
    cells = [
        (0x204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode())
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    (tmp_path / "a.xls").write_bytes(old_book(begin, named, end, sheet, *cells, (kind, record), end))
    assert "Line 2: Cell D2" in ucli("import", "members", tmp_path / "a.xls", expect=4).err


def book(path: Path, *cells: tuple[int, object, str]) -> Path:
    """Write a workbook of one member, of whom some cells are others, each in its number format."""
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ROW)
    for place, value, shown in cells:
        sheet.write(1, place, value, made.add_format({"num_format": shown}))
    made.close()
    return path


@pytest.mark.parametrize(
    ("number", "shown", "card"),
    [
        (21, "0000000", "0000021"),
        (21, '"TB"0000', "TB0021"),
        (21, "0", "21"),
        (21, "#,##0", "21"),
        (21, "#,##0.00", "21"),
        (21, '0000"/TB"', "0021/TB"),
        (21, '"TB-"0', "TB-21"),
        (120021, "000-000", "120-021"),
        (1120021, "000-000", "1120-021"),
        (21, "00000#", "000021"),
    ],
)
def test_zeros_that_a_format_shows_are_of_the_number(
    province: Ucli, tmp_path: Path, number: int, shown: str, card: str
) -> None:
    file = book(tmp_path / "a.xlsx", (4, number, shown))
    province("import", "members", file)
    assert province("members", "-f", "json").json[0]["card"] == card


def test_digits_that_a_condition_writes_in_several_ways_are_no_card(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = book(tmp_path / "a.xlsx", (4, 21, "[>100]0;0000000"))
    assert "Line 2: Cell E2 is shown in units" in ucli("import", "members", file, expect=4).err


@pytest.mark.parametrize(("value", "told"), [(True, "holds TRUE"), (False, "holds FALSE")])
def test_what_is_no_text_is_no_card(province: Ucli, ucli: Ucli, tmp_path: Path, value: object, told: str) -> None:
    assert told in ucli("import", "members", book(tmp_path / "a.xlsx", (4, value, "General")), expect=4).err
    file = book(tmp_path / "a.xlsx", (5, value, "General"))
    assert province("import", "members", file, "-n", "-f", "json").json["new"] == 1


@pytest.mark.parametrize("error", ["#CALC!", "#ERROR!", "Err:508", "#BUSY"])
def test_an_error_that_nobody_knows_is_only_that_of_its_cell(
    province: Ucli, ucli: Ucli, tmp_path: Path, error: str
) -> None:
    def spoiled(place: int) -> Path:
        made = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ROW)
        sheet.write_formula(1, place, "=X()", value="#N/A")
        made.close()
        with zipfile.ZipFile(tmp_path / "a.xlsx") as whole:
            parts = {name: whole.read(name).decode() for name in whole.namelist()}
        part = "xl/worksheets/sheet1.xml"
        parts[part] = parts[part].replace("<v>#N/A</v>", f"<v>{error}</v>")
        (tmp_path / "a.xlsx").write_bytes(packed(**parts))
        return tmp_path / "a.xlsx"

    assert "Line 2: Cell D2" in ucli("import", "members", spoiled(3), expect=4).err
    assert province("import", "members", spoiled(5), "-n", "-f", "json").json["new"] == 1


def sheet_of(path: Path, *rows: str) -> Path:
    """Write the rows of a member and others, in XML, into a workbook."""
    book(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name).decode() for name in whole.namelist()}
    part = "xl/worksheets/sheet1.xml"
    parts[part] = parts[part].replace("</sheetData>", f"{''.join(rows)}</sheetData>")
    path.write_bytes(packed(**parts))
    return path


def test_a_style_far_away_is_nothing(province: Ucli, tmp_path: Path) -> None:
    file = sheet_of(tmp_path / "a.xlsx", '<row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert province("import", "members", file, "-n", "-f", "json").json["new"] == 1


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c s = '0' r = 'XFD1048576'><v>1</v></c></row>",
        f'<row r="1048576">{"<c><v>1</v></c>" * 200}</row>',
        '<row r="1048576"><c r="&#88;FD1048576"><v>1</v></c></row>',
        '<row><c r="xfd1048576" t="inlineStr"><is><t>1</t></is></c></row>',
    ],
)
def test_a_value_far_away_is_refused_however_it_is_written(
    province: Ucli, ucli: Ucli, tmp_path: Path, row: str
) -> None:
    file = sheet_of(tmp_path / "a.xlsx", row)
    assert "larger than any list" in ucli("import", "members", file, expect=4).err


def test_a_sheet_is_found_by_its_link_in_any_case_and_folder(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    for part, target in (
        ("xl/Sheets/Một.XML", "Sheets/Một.XML"),
        ("xl/worksheets/Sheet1.xml", "/xl/WORKSHEETS/sheet1.xml"),
    ):
        file = sheet_of(tmp_path / "a.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
        with zipfile.ZipFile(file) as whole:
            parts = {name: whole.read(name).decode() for name in whole.namelist()}
        links, kinds = "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
        parts[links] = parts[links].replace("worksheets/sheet1.xml", target)
        parts[kinds] = parts[kinds].replace("/xl/worksheets/sheet1.xml", f"/{part}")
        parts[part] = parts.pop("xl/worksheets/sheet1.xml")
        file.write_bytes(packed(**parts))
        assert "larger than any list" in ucli("import", "members", file, expect=4).err


def test_an_error_is_one_however_its_cell_is_written(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    row = "".join(
        f'<c r="{it}3" t="inlineStr"><is><t>{text}</t></is></c>' for it, text in zip("ABC", ROW, strict=False)
    )
    file = sheet_of(tmp_path / "a.xlsx", f'<row r="3">{row}<c r="D3" t = "e"><v>#REF!</v></c></row>')
    assert "Line 3: Cell D3" in ucli("import", "members", file, expect=4).err
