"""What a sheet shows is what comes in: units in number formats, hidden rows, headings on each page, groups of rows."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.test_import_sheets import MEMBERS, TWO, sheet
from tests.conftest import Ucli
from ucli.cli.imports import load

PAYOUTS = ("Đơn vị", "Chương trình", "Ngày chi", "Số tiền", "Số người")
MILLIONS = (*PAYOUTS[:3], "Số tiền (triệu đồng)", "Số người")


def paid(amount: object, day: int = 20) -> tuple[object, ...]:
    return ("HH", "tet", f"{day}/1/2024", amount, 3)


@pytest.mark.parametrize(
    ("head", "amount", "shown", "dong"),
    [
        (PAYOUTS, 5, '0" triệu"', 5_000_000),
        (PAYOUTS, 1.5, '#,##0.0\\ "tỷ đồng"', 1_500_000_000),
        (PAYOUTS, 5, 'General" tr.đ"', 5_000_000),
        (PAYOUTS, 50, '0"k"', 50_000),
        (PAYOUTS, 500, '#,##0" ng.đ"', 500_000),
        (PAYOUTS, 5_000_000, '"Chi: "#,##0,," triệu"', 5_000_000),
        (PAYOUTS, 5_000_000, '[$₫-42A]#,##0,," triệu"', 5_000_000),
        (PAYOUTS, 5_000_000, '#,##0,," triệu"', 5_000_000),  # divided before, the amount is what is kept
        (PAYOUTS, 5_000, '#,##0," triệu"', 5_000_000),
        (PAYOUTS, 5_000_000, "#,##0,", 5_000_000),
        (PAYOUTS, 5_000_000, "#,##0 [$₫-42A]", 5_000_000),
        (PAYOUTS, 2_000_000, '[>=1000000000]0.0,,," tỷ";[>=1000000]0.0,," triệu";0', 2_000_000),
        (PAYOUTS, 5_000_000, '0" công ty"', 5_000_000),
        (MILLIONS, 5, '0" triệu"', 5_000_000),
        (MILLIONS, 5_000_000, "#,##0,,", 5_000_000),
        (MILLIONS, 5_000_000, '#,##0" đ"', 5_000_000),
        (MILLIONS, 5_000_000, "[$₫-42A] #,##0", 5_000_000),
        (MILLIONS, 5_000_000, '"VND "#,##0', 5_000_000),
        (MILLIONS, 5_000_000, '#,##0,," triệu"', 5_000_000),
        (MILLIONS, 5, "#,##0", 5_000_000),
    ],
)
def test_an_amount_is_the_one_that_its_cell_shows(
    province: Ucli, tmp_path: Path, head: tuple[object, ...], amount: object, shown: str, dong: int
) -> None:
    province("import", "payouts", sheet(tmp_path / "a.xlsx", head, paid(amount), formats={"D2": shown}))
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [dong]


def test_columns_that_are_read_as_shown_are_told(province: Ucli, tmp_path: Path) -> None:
    formats = {"D2": '0" triệu"', "E2": '0" người"'}
    said = province("import", "payouts", sheet(tmp_path / "a.xlsx", PAYOUTS, paid(5), formats=formats)).err
    assert "In column D numbers are read as their format shows them" in said
    assert "column E" not in said


@pytest.mark.parametrize(
    "shown",
    [
        '#,##0".000"',
        '"Tr.đ "#,##0',
        '"tỷ "#,##0',
        '#,##0" M"',
        '"hơn "#,##0',
        '0"/50"',
        '[>=1000]0" tỷ";0" triệu"',
        '"triệu "0',
        '0" nghìn người"',
        '0" nghìn tỷ"',
        '0" trăm triệu"',
        '0" USD"',
    ],
)
def test_a_format_whose_unit_cannot_be_told_makes_its_row_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path, shown: str
) -> None:
    file = sheet(tmp_path / "a.xlsx", PAYOUTS, paid(5), formats={"D2": shown})
    assert "Line 2: Cell D2 is shown in units" in ucli("import", "payouts", file, expect=4).err


def test_a_count_that_is_shown_in_thousands_of_dong_is_wrong(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head, row = ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị"), ("HH", "2024-05", "news-items", 5)
    file = sheet(tmp_path / "a.xlsx", head, row, formats={"D2": '0" nghìn"'})
    assert "5 nghìn đồng" in ucli("import", "figures", file, expect=4).err


def test_the_unit_in_a_column_of_its_own_is_that_of_its_row(province: Ucli, tmp_path: Path) -> None:
    head = ("TT", "Nội dung", "Đơn vị tính", "Số lượng", "Ghi chú")
    rows = (
        (1, "Tin, bài đăng tải", "tin", 12),
        (2, "shelter-fund-raised", "triệu đồng", 350),
        (3, "emulation-share", "%", "87,5%"),
    )
    file = sheet(tmp_path / "a.xlsx", head, *rows)
    province("import", "figures", file, "--unit", "HH", "--period", "2023")
    found = {it["indicator"]: it["value"] for it in province("figures", "-f", "json").json}
    assert (found["news-items"], found["shelter-fund-raised"]) == (12, 350_000_000)


@pytest.mark.parametrize(
    ("said", "dong"),
    [
        ("1.000 đồng", 5_000),
        ("ngđ", 5_000),
        ("Tr.đ", 5_000_000),
        ("Triệu đ.", 5_000_000),
        ("triệu đồng/người", 5_000_000),
        ("đồng", 5),
    ],
)
def test_units_of_rows_are_read_as_offices_shorten_them(province: Ucli, tmp_path: Path, said: str, dong: int) -> None:
    file = sheet(tmp_path / "a.xlsx", ("Nội dung", "ĐVT", "Số lượng"), ("shelter-fund-raised", said, 5))
    province("import", "figures", file, "--unit", "HH", "--period", "2023")
    assert [it["value"] for it in province("figures", "-f", "json").json] == [dong]


@pytest.mark.parametrize("said", ["nghìn người", "USD", "trăm triệu đồng", "1.000 lượt"])
def test_a_unit_of_a_row_that_is_not_known_makes_it_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path, said: str
) -> None:
    file = sheet(tmp_path / "a.xlsx", ("Nội dung", "ĐVT", "Số lượng"), ("news-items", said, 5))
    answer = ucli("import", "figures", file, "--unit", "HH", "--period", "2023", expect=4)
    assert f"The unit “{said}” is not known" in answer.err


@pytest.mark.parametrize("above", ["(triệu đồng)", "Triệu đồng", "CHI TẾT NĂM 2024 (tr.đ)", "ĐVT: triệu đồng"])
def test_a_unit_above_the_table_needs_no_word_for_it(province: Ucli, tmp_path: Path, above: str) -> None:
    file = sheet(tmp_path / "a.xlsx", ("CHI TẾT",), (None, None, None, above), PAYOUTS, paid(5))
    answer = province("import", "payouts", file)
    assert "Bare numbers in column D are read as triệu đồng." in answer.err
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [5_000_000]


def test_a_title_that_names_an_amount_or_a_number_is_no_unit(province: Ucli, tmp_path: Path) -> None:
    titles = (("Hỗ trợ xây nhà (60 triệu đồng/nhà)",), ("Số", 1000), ("Triệu Sơn",), ("Tr. 1",))
    file = sheet(tmp_path / "a.xlsx", *titles, PAYOUTS, paid(5_000))
    province("import", "payouts", file)
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [5_000]


@pytest.mark.parametrize("unit", ["(USD)", "(trăm triệu đồng)", "nghìn tỷ đồng"])
def test_a_unit_that_is_not_known_is_refused_in_and_below_a_heading(
    province: Ucli, ucli: Ucli, tmp_path: Path, unit: str
) -> None:
    below = sheet(tmp_path / "a.xlsx", PAYOUTS, (None, None, None, unit), paid(5_000))
    assert "Line 2: " in ucli("import", "payouts", below, expect=4).err
    head = f"Số tiền {unit}"
    within = sheet(tmp_path / "b.xlsx", (*PAYOUTS[:3], head, PAYOUTS[4]), paid(5_000))
    said = ucli("import", "payouts", within, "--map", f"{head}=Số tiền", expect=4).err
    assert f"The unit in the heading “{head}” is not known." in said


def test_an_amount_that_can_hardly_be_in_dong_is_doubted(province: Ucli, tmp_path: Path) -> None:
    answer = province("import", "payouts", sheet(tmp_path / "a.xlsx", PAYOUTS, paid(350), paid(1_000, 21)))
    assert "Line 2: 350 đồng: is its unit missing" in answer.err
    assert "Line 3" not in answer.err
    added = province("add-figure", "shelter-fund-raised", "350", "--unit", "HH", "--period", "2024-01", "--yes")
    assert "350 đồng: is its unit missing" in added.err


def test_a_name_of_one_letter_or_with_a_dot_is_no_group(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head, row = ("Họ và tên", "CĐCS", "Ngày kết nạp"), ("Trần Thị Mẫu", "MAY", "20/4/2024")
    for name in ("A Lềnh", "H Bia Niê", "C.ty May"):
        for rows in (((name,), row), (row, (name,))):
            answer = ucli("import", "members", sheet(tmp_path / "a.xlsx", head, *rows), expect=4)
            assert "A member needs" in answer.err
    for name in ("A. Khối huyện", "I.Khối huyện", "B"):
        assert province("import", "members", sheet(tmp_path / "a.xlsx", head, (name,), row), "-n", "-f", "json").json[
            "between"
        ] == [2]


def test_signatures_in_the_column_of_units_are_the_foot_of_a_grid(province: Ucli, tmp_path: Path) -> None:
    rows = (("HH", 5), ("KX", None), ("Tổng cộng", 5), ("NGƯỜI LẬP", None), ("Vũ Thị Lập", None))
    for before in ((), (None,)):
        head = (*("STT",) * len(before), "Đơn vị", "news-items")
        file = sheet(tmp_path / "a.xlsx", head, *((*before, *row) for row in rows))
        answer = province("import", "figures", file, "--period", "2023", "-n", "-f", "json")
        assert (answer.json["new"], answer.json["foot"]) == (1, [4, 5, 6])


def test_a_total_with_a_mark_before_it_is_one(province: Ucli, tmp_path: Path) -> None:
    rows = ((1, "HH", "2023", "news-items", 5), ("* Tổng cộng", "HH", "2023", "legal-advice", 5))
    file = sheet(tmp_path / "a.xlsx", ("TT", "Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị"), *rows)
    answer = province("import", "figures", file, "-f", "json")
    assert (answer.json["new"], answer.json["foot"]) == (1, [3])


def test_rows_that_are_hidden_are_read_and_told(province: Ucli, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", MEMBERS, *TWO)
    assert "hides" not in province("import", "members", file, "-n").err
    book: Any = openpyxl.load_workbook(file)
    book.active.row_dimensions[3].hidden = book.active.row_dimensions[9].hidden = True
    book.save(file)
    answer = province("import", "members", file, "-f", "json")
    assert (answer.json["new"], answer.json["hidden"]) == (2, [3])
    assert "Warning: Hidden rows are read too (1). Lines: 3." in answer.err


def test_units_and_numbers_below_the_heading_are_no_rows(province: Ucli, tmp_path: Path) -> None:
    units = ("ĐVT", None, "dd/mm/yyyy", "(triệu đồng)", "người")
    numbers = ("A", "B", "1", "2", "3=1+2")
    answer = province("import", "payouts", sheet(tmp_path / "a.xlsx", PAYOUTS, units, numbers, paid(5)), "-f", "json")
    assert (answer.json["new"], answer.json["between"]) == (1, [2, 3])
    assert "Bare numbers in column D are read as triệu đồng." in answer.err
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [5_000_000]


def test_a_unit_below_a_heading_that_names_another_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", MILLIONS, (None, None, None, "nghìn đồng"), paid(5))
    assert "“Số tiền (triệu đồng)” is not the one in it: nghìn đồng" in ucli("import", "payouts", file, expect=4).err


def test_the_heading_again_on_each_page_is_no_row(province: Ucli, tmp_path: Path) -> None:
    numbers = ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)")
    file = sheet(tmp_path / "a.xlsx", MEMBERS, TWO[0], MEMBERS, numbers, TWO[1], MEMBERS)
    answer = province("import", "members", file, "-f", "json")
    assert (answer.json["new"], answer.json["between"], answer.json["foot"]) == (2, [3, 4, 6], [])


def test_the_names_of_groups_are_no_rows(province: Ucli, tmp_path: Path) -> None:
    groups = (("I", "Khối doanh nghiệp"), ("II. Khối trường học",))
    file = sheet(tmp_path / "a.xlsx", MEMBERS, groups[0], TWO[0], groups[1], TWO[1])
    answer = province("import", "members", file, "-f", "json")
    assert (answer.json["new"], answer.json["between"]) == (2, [2, 4])
    assert "Not read as rows" in answer.err


def test_a_heading_that_is_not_there_cannot_be_mapped(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", MEMBERS, *TWO)
    said = ucli("import", "members", file, "--map", "Quê quán=-", expect=2).err
    assert "no heading “Quê quán”" in said
    assert "“Họ và tên”" in said


def test_a_csv_has_no_sheets(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Họ và tên;CĐCS;Ngày kết nạp\nLê Thử;MAY;20/4/2024\n", encoding="utf-8")
    assert "has no sheets" in ucli("import", "members", tmp_path / "a.csv", "--sheet", "Một", expect=2).err


def test_periods_in_the_words_of_officers_are_read_in_files(province: Ucli, tmp_path: Path) -> None:
    head = ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị")
    said = ("6 tháng đầu năm 2023", "Quý I năm 2024", "tháng 3/2023", "Năm 2022")
    file = sheet(tmp_path / "a.xlsx", head, *(("HH", it, "news-items", 5) for it in said))
    province("import", "figures", file)
    assert {it["period"] for it in province("figures", "-f", "json").json} == {"2023-H1", "2024-Q1", "2023-03", "2022"}
    assert len(province("figures", "--period", "sáu tháng đầu năm 2023", "-f", "json").json) == 2


def test_who_is_called_and_born_like_a_member_of_another_union_is_told(province: Ucli, tmp_path: Path) -> None:
    head = (*MEMBERS, "Số CCCD")
    one, other = ("034190000001", "034190000002")
    province("import", "members", sheet(tmp_path / "a.xlsx", head, (*TWO[0], one)))
    row = (1, *TWO[0][1:3], "TB009", "TRUONG", "1/5/2024", other)
    answer = province("import", "members", sheet(tmp_path / "b.xlsx", head, row), "-f", "json")
    assert (answer.json["new"], answer.json["doubtful"]) == (1, [2])
    assert "Line 2: Same name and birth date as a member of CĐCS May Hưng Hà" in answer.err
    assert "Trần" not in answer.err


def test_a_table_that_is_swapped_while_it_is_read_makes_no_plan(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other, plan = sheet(tmp_path / "a.xlsx", MEMBERS, TWO[0]), tmp_path / "b.xlsx", tmp_path / "p.json"
    there = file.read_bytes()
    sheet(other, MEMBERS, *TWO)

    def swapping(*words: Any) -> Any:
        loaded = load(*words)
        file.write_bytes(other.read_bytes())
        return loaded

    with monkeypatch.context() as patch:
        patch.setattr("ucli.cli.imports.load", swapping)
        ucli("import", "members", file, "--plan", plan, expect=5)
        assert not plan.exists()
        file.write_bytes(there)
        patch.setattr("ucli.cli.imports.load", load)
        ucli("import", "members", file, "--plan", plan, expect=0)
        patch.setattr("ucli.cli.imports.load", swapping)
        assert "has changed since the plan" in ucli("apply", plan, expect=5).err
    assert province("members", "-f", "json").json == []
