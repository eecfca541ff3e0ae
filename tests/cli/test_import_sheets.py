"""Tables as officers really keep them in Excel: titles above, totals and signatures below, percentages, gaps."""

import shlex
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import normalize

import openpyxl
import pytest

from tests.conftest import Ucli

MEMBERS = ("STT", "Họ và tên", "Ngày sinh", "Số thẻ", "Công đoàn cơ sở", "Ngày kết nạp")
TWO = (
    (1, "Trần Thị Mẫu", "02/09/1990", "TB001", "MAY", "20/4/2024"),
    (2, "Lê Văn Thử", date(1985, 1, 31), "TB002", "MAY", date(2024, 4, 20)),
)
FIGURES = ("Đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị")


def sheet(path: Path, *rows: tuple[object, ...], formats: dict[str, str] | None = None, merged: str = "") -> Path:
    """Write rows as a workbook, some of its cells in a number format, some merged."""
    book: Any = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, shown in (formats or {}).items():
        book.active[place].number_format = shown
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return path


FEET: dict[str, tuple[tuple[object, ...], ...]] = {
    "a total": ((), ("Tổng cộng", None, None, None, 2, None)),
    "a total and signatures": (
        (),
        (None, "Cộng: 2 người"),
        (None, None, None, None, "Thái Bình, ngày 5 tháng 6 năm 2024"),
        (None, "NGƯỜI LẬP BIỂU", None, None, "TM. BAN CHẤP HÀNH"),
        (None, "(Ký, ghi rõ họ tên)", None, None, "CHỦ TỊCH"),
        (),
        (None, "Vũ Thị Lập", None, None, "Đỗ Văn Ký"),
    ),
    "rows numbered in advance": ((3,), (4,), (5,)),
    "a note": ((None, "* Ghi chú: danh sách tính đến 30/6/2024"), ("Người lập",), ("Vũ Thị Lập",)),
    "in English": (("Total", None, None, None, 2),),
}


@pytest.mark.parametrize("foot", FEET.values(), ids=FEET)
def test_what_stands_under_a_table_is_no_row_and_is_said(
    province: Ucli, tmp_path: Path, foot: tuple[tuple[object, ...], ...]
) -> None:
    file = sheet(tmp_path / "a.xlsx", ("DANH SÁCH ĐOÀN VIÊN",), (), MEMBERS, *TWO, *foot)
    answer = province("import", "members", file, "-f", "json")
    under = [number for number, row in enumerate(foot, start=6) if row]
    assert (answer.json["new"], answer.json["wrong"], answer.json["foot"]) == (2, 0, under)
    assert "Below the table" in answer.err
    assert f"lines {under[0]}" in answer.err
    assert "Vũ Thị Lập" not in answer.err


@pytest.mark.parametrize(
    "row",
    [
        (3, "Vũ Thị Thiếu"),  # a name alone is a row that lacks something
        (3, None, None, "TB003"),
        (3,),
    ],
)
def test_what_could_be_a_row_is_never_passed_over(
    province: Ucli, ucli: Ucli, tmp_path: Path, row: tuple[object, ...]
) -> None:
    last = TWO[1] if len(row) == 1 else ()
    file = sheet(tmp_path / "a.xlsx", MEMBERS, TWO[0], row, last)
    assert "Line 3: A member needs" in ucli("import", "members", file, expect=4).err


def test_a_total_above_other_rows_is_told_to_be_one(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    for total in (
        ("Tổng cộng", None, None, None, 2, None),
        (None, "Cộng khối I", None, None, None, 2),
        ("I", "Khối I", 2, 3),
    ):
        file = sheet(tmp_path / "a.xlsx", MEMBERS, TWO[0], total, TWO[1])
        assert "Line 3: A total, or a group with its sum, is not a row" in ucli("import", "members", file, expect=4).err
        assert province("import", "members", file, "-n", "--accept-valid", "-f", "json").json["new"] == 2


@pytest.mark.parametrize(
    ("above", "row"),
    [
        (("Tổng cộng",), (None, "Vũ Thị Thiếu")),
        (("Tổng cộng",), (None, None, "2/9/1990", "TB003")),
        (("Tổng cộng",), (3, "Vũ Thị Thiếu", None, None, "MAY")),
        (("Người lập biểu",), (3, "Vũ Thị Thiếu", None, None, "MAY")),
        (("Người lập biểu",), (None, "Vũ Thị Thiếu", None, "TB003", "MAY")),
        (("Người lập biểu",), (None, None, date(1990, 9, 2), None, "MAY")),
        (("Ghi chú: tính đến nay",), (None, "Vũ Thị Thiếu", None, None, "MAY")),  # a union that stands above
    ],
)
def test_data_under_a_total_or_a_signature_is_a_row(
    province: Ucli, ucli: Ucli, tmp_path: Path, above: tuple[object, ...], row: tuple[object, ...]
) -> None:
    file = sheet(tmp_path / "a.xlsx", MEMBERS, *TWO, above, row, (None, "KẾ TOÁN", None, None, "CHỦ TỊCH"))
    said = ucli("import", "members", file, expect=4).err
    assert "Line 5: " in said
    assert "not read as rows (a total, signatures): lines 6." in said


def test_a_total_of_figures_is_no_figure_and_an_indicator_named_like_one_is(province: Ucli, tmp_path: Path) -> None:
    head = ("Chỉ tiêu", "Đơn vị", "Kỳ", "Giá trị")
    rows = (("Tổng số đoàn viên", "HH", "2023", 500), ("Tổng số đoàn viên", "KX", "2023", 400))
    file = sheet(tmp_path / "a.xlsx", head, *rows, ("Tổng cộng", "", "2023", 900))
    answer = province("import", "figures", file, "-f", "json").json
    assert (answer["new"], answer["foot"]) == (2, [4])
    grid = ("Mã đơn vị", "Tên đơn vị", "Kỳ", "news-items")
    file = sheet(
        tmp_path / "b.xlsx", grid, ("HH", "", "2024-05", 0), ("KX", "", "2024-05", 7), ("Tổng cộng:", "", "", 7)
    )
    answer = province("import", "figures", file, "-f", "json").json
    assert (answer["new"], answer["foot"]) == (2, [4])


def test_the_numbers_of_the_columns_under_the_heading_are_no_row(province: Ucli, tmp_path: Path) -> None:
    for line in (("A", "B", 1, 2, 3, 4), ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)")):
        file = sheet(tmp_path / "a.xlsx", MEMBERS, line, *TWO)
        assert province("import", "members", file, "-n", "-f", "json").json["new"] == 2


def test_a_cell_shown_as_a_percentage_is_one(province: Ucli, tmp_path: Path) -> None:
    head = (*FIGURES[:3], "Chỉ tiêu giao")
    rows = (("HH", 2024, "union-density", 0.95), ("KX", 2024, "union-density", 0.855))
    file = sheet(tmp_path / "a.xlsx", head, *rows, formats={"D2": "0%", "D3": "0.0%"})
    province("import", "targets", file)
    assert [it["target_percent"] for it in province("targets", "-f", "json").json] == ["95", "85.5"]
    grid = (None, "Đơn vị", "Kỳ", "union-density", "agreement-coverage")
    filled = ((), (None, "HH", 2023, 1, 0.285), (None, "KX", 2023, "96%", "7/8"))
    file = sheet(tmp_path / "b.xlsx", ("Số liệu",), grid, *filled, formats={"D4": "0%", "E4": '0.0"%"%', "D5": "0%"})
    province("import", "figures", file)
    stated = {(it["unit"], it["indicator"]): it["stated_percent"] for it in province("figures", "-f", "json").json}
    assert stated["LĐLĐ huyện Hưng Hà", "union-density"] == "100"
    assert stated["LĐLĐ huyện Hưng Hà", "agreement-coverage"] == "28.5"
    assert stated["LĐLĐ huyện Kiến Xương", "union-density"] == "96"


@pytest.mark.parametrize("shown", ["General", '0.00" %"'])
def test_a_bare_fraction_where_a_percentage_is_due_is_refused_with_both_readings(
    province: Ucli, ucli: Ucli, tmp_path: Path, shown: str
) -> None:
    rows = [("HH", 2024, "union-density", 0.95)]
    for kind, head in (("targets", (*FIGURES[:3], "Chỉ tiêu giao")), ("figures", FIGURES)):
        file = sheet(tmp_path / "a.xlsx", head, *rows, formats={"D2": shown})
        said = ucli("import", kind, file, expect=4).err
        assert "Line 2: union-density: “0,95” can be read as 0,95% or as 95%." in said
    printed = (*FIGURES, "Tỷ lệ đã in")
    file = sheet(tmp_path / "b.xlsx", printed, ("HH", 2023, "news-items", 7, 0.5), formats={"E2": shown})
    assert "0,5% or as 50%" in ucli("import", "figures", file, expect=4).err
    file = sheet(tmp_path / "b.xlsx", printed, ("HH", 2023, "news-items", 7, 0.5), formats={"E2": "0%"})
    province("import", "figures", file)


def test_all_headings_that_are_not_known_are_told_with_what_to_type(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = ("STT", "Họ và tênn", "Ngày  sinh", "Quê quán", "It's", "CĐCS", "Mã CĐCS", "Ngày kết nạp")
    row = (1, "Trần Thị Mẫu", "02/09/1990", "Hưng Hà", "x", "Xưởng", "MAY", "20/4/2024")
    file = sheet(tmp_path / "a.xlsx", ("DANH SÁCH",), head, row)
    twice = ucli("import", "members", file, expect=4).err
    assert "“Công đoàn cơ sở” is there twice: F, G." in twice
    told = ucli("import", "members", file, "--map", "CĐCS=-", expect=4).err
    assert "“Họ và tênn”, “Quê quán”, “It's”" in told
    hints = shlex.split(told[told.index("--map") :])
    assert hints == ["--map", "Họ và tênn=COLUMN", "--map", "Quê quán=COLUMN", "--map", "It's=COLUMN"]
    assert "no column “COLUMN”" in ucli("import", "members", file, "--map", "CĐCS=-", *hints, expect=4).err
    meant = ("--map", "Họ và tênn=Họ và tên", "--map", "Quê quán=-", "--map", "It's=-")
    assert province("import", "members", file, "--map", "CĐCS=-", *meant, "-f", "json").json["new"] == 1


def test_a_heading_that_is_nearly_an_indicator_can_be_called_one(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    file = sheet(tmp_path / "a.xlsx", ("SỐ LIỆU",), ("Đơn vị", "Kỳ", "Tin, bài đăng"), ("HH", "2024-05", 12))
    assert "“Tin, bài đăng”" in ucli("import", "figures", file, expect=4).err
    hint = ("--map", "Tin, bài đăng=news-items")
    assert province("import", "figures", file, *hint, "-f", "json").json["new"] == 1


def test_a_column_of_a_roster_is_never_taken_for_an_indicator(province: Ucli, tmp_path: Path) -> None:
    head = ("Tên CĐCS", "Cấp trên", "Ngày thành lập", "Tổng số đoàn viên")
    file = sheet(tmp_path / "a.xlsx", head, ("CĐCS Xưởng Mẫu", "HH", "5/5/2024", 12))
    assert province("import", "unions", file, "-f", "json").json["new"] == 1


def test_wrong_rows_keep_their_percentages(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = (*FIGURES[:3], "Chỉ tiêu giao")
    file = sheet(tmp_path / "a.xlsx", head, ("KHÔNG CÓ", 2024, "union-density", 0.95), formats={"D2": "0%"})
    ucli("import", "targets", file, "--wrong", tmp_path / "w.csv", expect=4)
    assert ";95%\n" in (tmp_path / "w.csv").read_text(encoding="utf-8-sig")


IDS = ("Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số thẻ", "CĐCS", "Ngày kết nạp")


def test_a_row_that_stands_twice_is_told_with_the_row_of_the_sheet(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows: tuple[tuple[object, ...], ...] = (
        ("Trần Thị Mẫu", "02/09/1990", "nữ", "034190000101", "T1", "MAY", "20/4/2024"),
        ("Lê Thử", None, None, None, "T2", "MAY", "20/4/2024"),
        ("Trần Thị Mẫu", "02/09/1990", "nữ", "034190000101", "T1", "MAY", "20/4/2024"),
        ("Đỗ Ví Dụ", "02/09/1991", "nữ", "034190000101", "T3", "MAY", "20/4/2024"),
        ("Vũ Ví Dụ", None, None, None, "T2", "TRUONG", "20/4/2024"),
    )
    said = ucli("import", "members", sheet(tmp_path / "a.xlsx", (), ("DANH SÁCH",), (), IDS, *rows), expect=4).err
    assert "Line 7: Same as line 5; recorded once." in said
    assert "Line 8: Line 5 has the same ID number." in said
    assert "Line 9: Line 6 has the same card number." in said
    unions = ("Tên", "Cấp trên", "Ngày thành lập", "Mã")
    rows = (
        ("Xưởng A", "HH", "5/5/2024", "XA"),
        ("Xưởng A", "HH", "6/5/2024", None),
        ("Xưởng B", "HH", "6/5/2024", "XA"),
    )
    said = ucli("import", "unions", sheet(tmp_path / "b.xlsx", unions, *rows), expect=4).err
    assert "Line 3: Line 2 gives it another day of founding." in said
    assert "Line 4: Line 2 has the same code." in said
    rows = (("HH", "2024-05", "news-items", 7), ("HH", "2024-05", "news-items", 8))
    said = ucli("import", "figures", sheet(tmp_path / "c.xlsx", FIGURES, *rows), expect=4).err
    assert "Line 3: news-items: Line 2 gives it another value." in said


def test_a_roster_names_only_who_is_truly_absent(province: Ucli, tmp_path: Path) -> None:
    rows = [
        ("Trần Thị Mẫu", "02/09/1990", "nữ", "034190000101", "T1", "MAY", "20/4/2024"),
        ("Lê Văn Thử", "31/1/1985", "nam", "034085000102", "T2", "MAY", "20/4/2024"),
        ("Đỗ Thị Ví Dụ", None, None, None, "T3", "MAY", "20/4/2024"),
        ("Vũ Văn Vắng", None, None, "034085000104", None, "MAY", "20/4/2024"),
    ]
    province("import", "members", sheet(tmp_path / "a.xlsx", IDS, *rows))
    refused = [
        ("Trần Thị Mẫu", "30/2/1990", "nữ", None, None, "MAY", "20/4/2024"),
        ("Lê V. Thử", "31/1/1985", "nam", 34085000102, None, "MAY", "20/4/2024"),
        ("Đỗ Ví Dụ", None, None, None, "T3", "KHÔNG CÓ", "20/4/2024"),
    ]
    answer = province(
        "import", "members", sheet(tmp_path / "b.xlsx", IDS, *refused), "--roster", "--accept-valid", "-f", "json"
    )
    assert "Line 3: The ID number given has 11 digits; a spreadsheet drops leading zeros." in answer.err
    told = [line for line in answer.err.splitlines() if line.startswith("In the ledger")]
    assert len(answer.json["absent"]) == len(told) == 1
    assert told[0].endswith("Vũ Văn Vắng (***104), CĐCS May Hưng Hà.")


def test_doubts_about_id_numbers_are_told_once_and_counted(province: Ucli, tmp_path: Path) -> None:
    right = ("Trần Thị Mẫu", "02/09/1990", "nữ", "034190000101", None, "MAY", "20/4/2024")
    wrong = [(f"Lê Thử {n}", "1/1/1980", "nam", f"0341900002{n:02}", None, "MAY", "20/4/2024") for n in range(12)]
    odd = ("Vũ Ví Dụ", None, None, "099190000300", None, "MAY", "20/4/2024")
    file = sheet(tmp_path / "a.xlsx", IDS, right, *wrong, odd)
    answer = province("import", "members", file, "-f", "json")
    assert (answer.json["new"], answer.json["id_doubts"]) == (14, [*range(3, 16)])
    warned = [line for line in answer.err.splitlines() if line.startswith("Warning: The ID number")]
    assert len(warned) == 3
    assert warned[0].endswith("other sex than the one recorded. Lines: 3–12 … (12 in all).")
    assert any(line.endswith("born abroad. Lines: 15.") for line in warned)
    assert "0341900002" not in answer.err
    assert "Warning" not in province("import", "members", file).err, "whoever is there already was asked after before"


def test_every_heading_of_a_grid_bears_its_measure_and_is_read_back(province: Ucli, tmp_path: Path) -> None:
    codes = [it["code"] for it in province("indicators", "-f", "json").json]
    asked = [word for code in codes for word in ("--indicator", code)]
    for language in ("vi", "en"):
        blank = tmp_path / f"{language}.xlsx"
        province("template", "figures", "--period", "2024-05", *asked, "-o", blank, "--lang", language)
        [head, *_rows] = openpyxl.load_workbook(blank).worksheets[0].iter_rows(values_only=True)
        assert len(head) == 3 + len(codes)
        assert all(text.endswith(")") for text in head[3:])
        assert province("import", "figures", blank, "-f", "json").json["wrong"] == 0


def test_what_stands_under_no_heading_is_said_not_to_be_read(province: Ucli, tmp_path: Path) -> None:
    head = ("Họ và tên", "Ngày sinh", None, "CĐCS", "Ngày kết nạp")
    rows = (
        ("Trần Văn Mẫu", "2/9/1990", None, "MAY", "20/4/2024"),
        ("Lê Thị Thử", None, "5/6/1992", "MAY", "20/4/2024"),
    )
    answer = province("import", "members", sheet(tmp_path / "a.xlsx", (), head, *rows, merged="B2:C2"))
    assert "Warning: Columns without a heading are not read: C." in answer.err


def test_names_come_in_as_they_are_stored_however_they_were_typed(province: Ucli, tmp_path: Path) -> None:
    head = tuple(normalize("NFD", text) for text in ("Họ và tên *", " Công đoàn\ncơ sở", "Ngày  kết nạp"))
    rows = ((normalize("NFD", "Đỗ Thị  Nhỏ "), normalize("NFD", " may hưng hà"), "20-04-2024 "),)
    province("import", "members", sheet(tmp_path / "a.xlsx", head, *rows))
    assert "Đỗ Thị Nhỏ" in [it["name"] for it in province("members", "-f", "json").json]


@pytest.mark.parametrize(
    ("head", "name", "columns"),
    [
        (("Họ đệm", "Tên"), ("Trần Thị", "Mẫu"), "B, C"),
        (("Tên *", "Họ và đệm"), ("Mẫu", "Trần Thị"), "C, B"),
        (("Họ", "Tên đệm", "Tên"), ("Trần", "Thị", "Mẫu"), "B, C, D"),
        (("Họ và tên", None), ("Trần Thị", "Mẫu"), "B, C"),  # one heading over two columns
    ],
)
def test_a_name_in_several_columns_is_put_together(
    province: Ucli, ucli: Ucli, tmp_path: Path, head: tuple[str | None, ...], name: tuple[str, ...], columns: str
) -> None:
    rows = ((1, *name, "MAY", "20/4/2024"), (2, *name, "SAI", "20/4/2024"), (3, *name[:-1], "#N/A", "MAY", "20/4/2024"))
    file = sheet(tmp_path / "a.xlsx", ("TT", *head, "CĐCS", "Ngày kết nạp"), *rows)
    said = province("import", "members", file, "--accept-valid", "--wrong", tmp_path / "w.csv").err
    assert f"Names are put together from columns {columns}." in said
    assert f"Line 4: Cell {chr(ord('A') + len(name))}4 holds the error of a formula" in said
    corrected = (tmp_path / "w.csv").read_text(encoding="utf-8-sig").replace("SAI", "TRUONG").splitlines()[:2]
    (tmp_path / "w.csv").write_text("\n".join(corrected), encoding="utf-8")
    province("import", "members", tmp_path / "w.csv")
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Trần Thị Mẫu"] * 2


def test_what_a_heading_is_called_counts_also_where_it_is_passed_over_else(province: Ucli, tmp_path: Path) -> None:
    head = ("Tên đơn vị", "Kỳ", "Chỉ tiêu", "Giá trị", "Ghi chú")
    file = sheet(tmp_path / "a.xlsx", head, ("HH", "2024-05", "news-items", 7, "BC 12"))
    province("import", "figures", file, "--map", "Tên đơn vị=Đơn vị", "--map", "Ghi chú=Nguồn")
    assert [it["source"] for it in province("figures", "-f", "json").json] == ["BC 12"]
    split = sheet(tmp_path / "b.xlsx", ("Họ", "Tên", "CĐCS", "Ngày kết nạp"), ("Trần", "Trần Mẫu", "MAY", "20/4/2024"))
    province("import", "members", split, "--map", "Họ=-", "--map", "Tên=Họ và tên")
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Trần Mẫu"]


def test_an_error_or_a_formula_that_was_never_calculated_makes_its_row_wrong(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = ("STT", "Đơn vị", "Chương trình", "Ngày chi", "Số tiền", "Số suất", "Quê quán")
    rows = (
        ("=ROW()-1", "HH", "tet", "20/1/2024", 20_000_000, "#N/A", "#REF!"),
        ("#REF!", "HH", "tet", "21/1/2024", "=2+3", 4, None),
        (3, "HH", "tet", "22/1/2024", 30_000_000, 5, "=B2&C2"),
    )
    file = sheet(tmp_path / "a.xlsx", head, *rows)
    words = ("import", "payouts", file, "--map", "Quê quán=-")
    said = ucli(*words, "--wrong", tmp_path / "w.csv", expect=4).err
    assert "Line 2: Cell F2 holds the error of a formula (#N/A)." in said
    assert "Line 3: Cell E3 is a formula that was never calculated; open the file in Excel and save it." in said
    assert "2 invalid" in said
    assert "Ô F2 có lỗi công thức (#N/A)" in ucli(*words, "--lang", "vi", expect=4).err
    # Neither the errors that a CSV holds nor those that came out with the wrong rows are read as empty.
    said = ucli("import", "payouts", tmp_path / "w.csv", "--map", "Quê quán=-", expect=4).err
    assert "Cell H2 holds" in said  # two columns stand in front: what is wrong, and which line it was
    assert "Cell G3 is a formula" in said
    grid = sheet(tmp_path / "b.xlsx", ("Đơn vị", "Kỳ", "news-items"), ("HH", "2024-05", "#DIV/0!"), ("KX", "=A2", 7))
    said = ucli("import", "figures", grid, expect=4).err
    assert "Line 2: news-items: Cell C2 holds" in said
    assert "Line 3: Cell B3 is a formula" in said


def test_a_formula_that_gives_nothing_is_calculated(province: Ucli, tmp_path: Path) -> None:
    row = (*TWO[0][:3], '=IF(A2=2,"TB","")', *TWO[0][4:])
    file, saved = sheet(tmp_path / "a.xlsx", MEMBERS, row), tmp_path / "b.xlsx"
    with zipfile.ZipFile(file) as packed, zipfile.ZipFile(saved, "w") as out:
        for part in packed.namelist():
            out.writestr(part, packed.read(part).replace(b'<c r="D2">', b'<c r="D2" t="str">'))  # as Excel saves it
    assert province("import", "members", saved, "-f", "json").json["new"] == 1


PAID = ("Đơn vị", "Chương trình", "Ngày chi", "Số suất")


def test_the_noise_behind_the_fifteenth_digit_of_a_sum_is_no_decimal(province: Ucli, tmp_path: Path) -> None:
    def noisy(path: Path, shown: float, held: str) -> Path:
        again = path.with_suffix(".noisy.xlsx")
        with zipfile.ZipFile(path) as packed, zipfile.ZipFile(again, "w") as out:
            for part in packed.namelist():
                out.writestr(part, packed.read(part).replace(f"<v>{shown}</v>".encode(), f"<v>{held}</v>".encode()))
        return again

    row = ("HH", "tet", "20/1/2024", 12, 0.3)
    paid = noisy(sheet(tmp_path / "a.xlsx", (*PAID, "Số tiền (triệu đồng)"), row), 0.3, "0.30000000000000004")
    province("import", "payouts", noisy(paid, 12, "11.999999999999998"))
    assert [(it["recipients"], it["amount"]) for it in province("payouts", "-f", "json").json] == [(12, 300_000)]
    share = sheet(tmp_path / "b.xlsx", FIGURES, ("HH", 2023, "union-density", 0.285), formats={"D2": "0.0%"})
    province("import", "figures", noisy(share, 0.285, "0.28500000000000003"))
    assert [it["stated_percent"] for it in province("figures", "-f", "json").json] == ["28.5"]


@pytest.mark.parametrize(
    "heading", ["Số tiền (triệu đồng)", "Số tiền\n(ĐVT: triệu đồng)", "SỐ TIỀN (trđ) *", "Số tiền, triệu đồng"]
)
def test_the_unit_in_a_heading_is_that_of_its_bare_numbers(province: Ucli, tmp_path: Path, heading: str) -> None:
    amounts = (350, 1670.5, "1.670,5", "1,2 tỷ", "900.000 đồng")
    rows = [("HH", "tet", f"{day}/1/2024", 4, amount) for day, amount in enumerate(amounts, start=1)]
    answer = province("import", "payouts", sheet(tmp_path / "a.xlsx", (*PAID, heading), *rows))
    assert "Bare numbers in column E are read as triệu đồng." in answer.err
    paid = [it["amount"] for it in province("payouts", "-f", "json").json]
    assert paid == [350_000_000, 1_670_500_000, 1_670_500_000, 1_200_000_000, 900_000]


def test_the_unit_of_a_grid_and_of_a_target_is_read(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    head = ("Đơn vị", "Kỳ", "welfare-amount (nghìn đồng)", "Vận động ủng hộ Quỹ Mái ấm Công đoàn (tỷ đồng)")
    rows: tuple[tuple[object, ...], ...] = (("HH", "2024-05", 350, "hơn 1,5"),)
    province("import", "figures", sheet(tmp_path / "a.xlsx", head, *rows))
    assert [it["value"] for it in province("figures", "-f", "json").json] == [350_000, 1_500_000_000]
    head = (*FIGURES[:3], "Chỉ tiêu giao (triệu đồng)")
    rows = (("HH", 2024, "welfare-amount", "2.000-2.500"), ("HH", 2024, "shelter-amount", "từ 1 trở lên"))
    province("import", "targets", sheet(tmp_path / "b.xlsx", head, *rows))
    assert [it["target"] for it in province("targets", "-f", "json").json] == [2_000_000_000, 1_000_000]
    wrong = sheet(tmp_path / "c.xlsx", head, ("HH", 2024, "news-items", 12))
    assert "“12 triệu đồng” is not a number" in ucli("import", "targets", wrong, expect=4).err


def test_a_column_of_money_is_called_an_indicator_with_its_unit(province: Ucli, tmp_path: Path) -> None:
    head = ("Đơn vị", "Kỳ", "Vận động ủng hộ các quỹ (triệu đồng)", "Thu khác (triệu đồng)", "Số tiền nộp")
    file = sheet(tmp_path / "a.xlsx", head, ("HH", "2024-05", 350, 20, 5))
    meant = (f"{head[2]}=welfare-fund-raised", f"{head[3]}=-", "Số tiền nộp=-")
    province("import", "figures", file, *(word for it in meant for word in ("--map", it)))
    assert [it["value"] for it in province("figures", "-f", "json").json] == [350_000_000]


def test_the_unit_above_a_table_is_that_of_its_amounts_alone(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    above: tuple[tuple[object, ...], ...] = (("SỐ LIỆU",), (None, None, "Đơn vị tính: triệu đồng"))
    rows: tuple[tuple[object, ...], ...] = (("HH", "tet", "20/1/2024", 4, 350), ("KHÔNG", "tet", "20/1/2024", 4, 20))
    file = sheet(tmp_path / "a.xlsx", *above, (*PAID, "Số tiền"), *rows)
    ucli("import", "payouts", file, "--accept-valid", "--wrong", tmp_path / "w.csv", expect=0)
    # Apart from the line that says it, a wrong row keeps its unit.
    assert "20 triệu đồng" in (tmp_path / "w.csv").read_text(encoding="utf-8-sig")
    assert [(it["amount"], it["recipients"]) for it in province("payouts", "-f", "json").json] == [(350_000_000, 4)]
    grid = ("Đơn vị", "Kỳ", "news-items", "welfare-amount", "shelter-amount (đồng)")
    province("import", "figures", sheet(tmp_path / "b.xlsx", *above, grid, ("HH", "2024-05", 7, 350, 900)))
    listed = (("HH", "2024-06", "news-items", 7), ("HH", "2024-06", "welfare-amount", 350))
    answer = province("import", "figures", sheet(tmp_path / "c.xlsx", *above, FIGURES, *listed))
    assert "column D are read as triệu đồng" in answer.err
    values = {(it["period"], it["indicator"]): it["value"] for it in province("figures", "-f", "json").json}
    assert values == {
        ("2024-05", "news-items"): 7,
        ("2024-05", "welfare-amount"): 350_000_000,
        ("2024-05", "shelter-amount"): 900,
        ("2024-06", "news-items"): 7,
        ("2024-06", "welfare-amount"): 350_000_000,
    }


def test_a_company_is_no_unit_of_money(province: Ucli, tmp_path: Path) -> None:
    head = (*PAID, "Số tiền công ty đóng góp")
    file = sheet(tmp_path / "a.xlsx", ("ĐƠN VỊ: CÔNG ĐOÀN TỔNG CÔNG TY",), head, ("HH", "tet", "20/1/2024", 4, 350_000))
    province("import", "payouts", file, "--map", f"{head[-1]}=Số tiền")
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [350_000]


LISTS: dict[str, tuple[tuple[object, ...], ...]] = {
    "members": (MEMBERS, TWO[0]),
    "payouts": ((*PAID, "Số tiền", "Hình thức"), ("HH", "shelter", "20/1/2024", 4, "50 triệu", "sửa chữa")),
    "figures": (FIGURES, ("HH", "2024-05", "news-items", 12)),
    "targets": ((*FIGURES[:3], "Chỉ tiêu giao"), ("HH", "2024", "news-items", 120)),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", LISTS)
def test_a_list_of_ones_own_is_read_back(province: Ucli, ucli: Ucli, tmp_path: Path, kind: str, language: str) -> None:
    province("import", kind, sheet(tmp_path / "a.xlsx", *LISTS[kind]))
    back = tmp_path / "b.xlsx"
    province(kind, "-o", back, "--lang", language)
    told = ucli("import", kind, back).err
    hints = shlex.split(told[told.index("--map") :]) if "Headings that are not known" in told else []
    assert all(hint.endswith("=-") for hint in hints[1::2])
    answer = province("import", kind, back, *hints, "-f", "json").json
    assert (answer["new"], answer["changed"], answer["unchanged"]) == (0, 0, 1)


def test_headings_as_offices_write_them_are_known(province: Ucli, tmp_path: Path) -> None:
    head = ("TT", "Họ và tên", "Ngày, tháng, năm sinh", "Tên CĐCS", "Ngày kết nạp")
    row = (1, "Trần Thị Mẫu", "02/09/1990", "MAY", "20/4/2024")
    assert province("import", "members", sheet(tmp_path / "a.xlsx", head, row), "-f", "json").json["new"] == 1
    figures = (("CĐCS", "Kỳ", "Nội dung", "Giá trị"), ("MAY", "2024-05", "news-items", 7))
    province("import", "figures", sheet(tmp_path / "b.xlsx", *figures))
    unions = (("CĐCS", "Cấp trên", "Ngày thành lập"), ("CĐCS Mẫu", "HH", "5/5/2024"))
    province("import", "unions", sheet(tmp_path / "c.xlsx", *unions))


def test_a_row_of_a_roster_is_told_what_exactly_is_wrong_with_it(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("add-union", "CĐCS May Kiến Xương", "--parent", "KX", "--founded", "2023-05-10")
    rows = (
        (1, None, None, None, "MAY", "20/4/2024"),
        (2, "Trần Mẫu", None, None, None, None),
        (3, "Trần Mẫu", None, None, "CĐCS Không Có", "20/4/2024"),
        (4, "Trần Mẫu", None, None, "CĐCS May", "20/4/2024"),
        (5, "Trần Mẫu", 1990, None, "MAY", "20/4/2024"),
        (6, "Trần Mẫu", None, None, "Lê Bí Mật", "20/4/2024"),
    )
    said = ucli("import", "members", sheet(tmp_path / "a.xlsx", MEMBERS, *rows), expect=4).err
    needs = "A member needs a name, a grassroots union and a day of admission; missing here:"
    assert f"Line 2: {needs} name." in said
    assert f"Line 3: {needs} grassroots union, day of admission." in said
    assert "Line 4: The grassroots union “CĐCS Không Có” is not in the ledger." in said
    assert "Line 5: “CĐCS May” can mean several grassroots unions" in said
    assert "Line 6: The birth date is not a day like 30/6/1990. It is only a year;" in said
    assert "Line 7: The grassroots union is not in the ledger." in said, "it may be a name in the wrong column"


def test_a_number_below_nought_or_with_decimals_is_told_so(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = (
        ("HH", "tet", "20/1/2024", -4, 500_000),
        ("HH", "tet", "20/1/2024", 4, 500_000.5),
        ("HH", "tet", "1/1/2024", 4, -5),
    )
    said = ucli("import", "payouts", sheet(tmp_path / "a.xlsx", (*PAID, "Số tiền"), *rows), expect=4).err
    assert "Line 2: “-4” is below 0; it may not be negative." in said
    assert "Line 3: “500000,5” is not a whole number." in said
    assert "Line 4: “-5” is below 0" in said


def test_a_sheet_is_found_without_its_marks(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    book: Any = openpyxl.Workbook()
    for name, value in (("Tháng 5", 0.95), ("THẢNG 5", 0.9), ("Quý II", "#N/A")):
        page = book.create_sheet(name)
        for row in ((*FIGURES[:3], "Chỉ tiêu giao"), ("HH", 2024, "union-density", value)):
            page.append(row)
        page["D2"].number_format = "0%"
    book.save(tmp_path / "a.xlsx")
    words = ("import", "targets", tmp_path / "a.xlsx", "--sheet")
    assert "Cell D2 holds" in ucli(*words, "quy ii", expect=4).err
    assert "no sheet “thang 5”" in ucli(*words, "thang 5", expect=4).err
    assert province(*words, "Tháng 5", "-f", "json").json["new"] == 1


def test_a_period_in_a_column_that_is_not_the_one_given_is_told(province: Ucli, tmp_path: Path) -> None:
    rows = (("HH", "2024-05", "news-items", 7), ("KX", "2024-06", "news-items", 8))
    answer = province("import", "figures", sheet(tmp_path / "a.xlsx", FIGURES, *rows), "--period", "2024-05")
    assert "Warning: Rows with a period of their own keep it" in answer.err
    assert "Lines: 3." in answer.err
    again = province("import", "figures", sheet(tmp_path / "b.xlsx", FIGURES, rows[0]), "--period", "T5/2024")
    assert "Warning" not in again.err


def test_the_first_of_a_month_as_a_period_is_asked_after(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = (("HH", date(2024, 6, 1), "news-items", 7), ("HH", date(2023, 12, 31), "members-total", 500))
    file = sheet(tmp_path / "a.xlsx", FIGURES, *rows)
    answer = province("import", "figures", file, "--accept-valid", "-f", "json")
    assert "holds 01/06/2024 as the period: type 2024-06 for the month, or 2024-06-01 for that day" in answer.err
    assert (answer.json["new"], answer.json["wrong"]) == (1, 1)


def test_headings_of_other_systems_are_known(province: Ucli, tmp_path: Path) -> None:
    for number, head in enumerate((
        ("Họ và tên", "Nam/Nữ", "Số CMND/CCCD", "CĐCS", "Ngày gia nhập", "Số QĐ"),
        ("Full name", "Sex", "ID number", "Union", "Date admitted", "Decision"),
    )):  # fmt: skip
        row = (f"Lê Thử {number}", "nữ", f"03419000020{number}", "MAY", "20/4/2024", "12/QĐ")
        answer = province("import", "members", sheet(tmp_path / f"{number}.xlsx", head, row), "-f", "json")
        assert answer.json["new"] == 1


@pytest.mark.parametrize(
    ("name", "born", "union", "said"),
    [
        ("Trần Thị Mẩu", "2/9/1990", "MAY", "different name"),
        ("Trần Thị Mẫu", "3/9/1990", "MAY", "different birth date"),
        ("Tran Thi Mau", None, "MAY", "different name"),
    ],
)
def test_who_bears_the_number_is_that_member_though_the_ledger_says_otherwise(
    province: Ucli, tmp_path: Path, name: str, born: str | None, union: str, said: str
) -> None:
    head = ("Họ và tên", "Ngày sinh", "Số thẻ", "CĐCS", "Ngày kết nạp")
    province(
        "import", "members", sheet(tmp_path / "a.xlsx", head, ("Trần Thị Mẫu", "2/9/1990", "T1", "MAY", "20/4/2024"))
    )
    answer = province("import", "members", sheet(tmp_path / "b.xlsx", head, (name, born, "T1", union, "20/4/2024")))
    assert "0 new, 0 changed, 1 unchanged, 0 invalid" in answer.err
    assert said in answer.err


def test_whose_number_another_member_bears_is_refused_with_what_to_do(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = ("Họ và tên", "Ngày sinh", "Số thẻ", "CĐCS", "Ngày kết nạp")
    first = ("Trần Thị Mẫu", "2/9/1990", "T1", "MAY", "20/4/2024")
    province("import", "members", sheet(tmp_path / "a.xlsx", head, first))
    for row, said in (
        (("Trần Thị Mẫu", "2/9/1990", "T1", "TRUONG", "20/4/2024"), "transfer-member"),
        (("Lê Văn Khác", "1/1/1991", "T1", "MAY", "20/4/2024"), "another union, name or birth date"),
    ):
        assert said in ucli("import", "members", sheet(tmp_path / "b.xlsx", head, row), expect=4).err


def test_same_name_and_birth_date_in_another_union_of_the_same_table_is_told(province: Ucli, tmp_path: Path) -> None:
    head = ("Họ và tên", "Ngày sinh", "Số thẻ", "CĐCS", "Ngày kết nạp")
    rows = (
        ("Trần Thị Mẫu", "2/9/1990", "T1", "MAY", "20/4/2024"),
        ("Trần Thị Mẫu", "2/9/1990", "T2", "TRUONG", "20/4/2024"),
        ("Trần Thị Mấu", "2/9/1990", "T3", "TRUONG", "20/4/2024"),
    )
    answer = province("import", "members", sheet(tmp_path / "a.xlsx", head, *rows), "-f", "json")
    assert (answer.json["new"], answer.json["doubtful"]) == (3, [3, 4])
    assert "Line 3: Same name and birth date as line 2, in another union" in answer.err
    assert "Line 4: Same name, but for tone marks, and birth date as line 3" in answer.err


def test_a_table_longer_than_any_sheet_is_refused(ucli: Ucli, province: Ucli, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("Họ và tên;CĐCS;Ngày kết nạp\n" + "\n" * 1_048_576 + "Lê Thử;MAY;20/4/2024\n", encoding="utf-8")
    assert "more lines than a sheet of Excel" in ucli("import", "members", file, expect=4).err
