"""A heading in two rows is read as one and said to be; no row of data is ever taken for a heading."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import Ucli, table

Rows = Sequence[Sequence[str]]

ABOVE = ("STT", "Họ và tên", "CĐCS", "Ngày tháng năm", "", "Số thẻ")
BELOW = ("", "", "", "sinh", "kết nạp", "")
MEMBER = ("1", "Trần Thị Mẫu", "MAY", "2/9/1990", "20/4/2024", "TB1")


@pytest.mark.parametrize(
    "rows",
    [
        (ABOVE, BELOW, MEMBER),
        (("DANH SÁCH ĐOÀN VIÊN", "", "", "", "", ""), ABOVE, BELOW, ("A", "B", "1", "2", "3", "4"), MEMBER),
        (("", "", "", "Ngày tháng năm", "", ""), ("STT", "Họ và tên", "CĐCS", "sinh", "kết nạp", "Số thẻ"), MEMBER),
        (("STT", "Đoàn viên", "", "Ngày", "", "Số thẻ"), ("", "Họ và tên", "CĐCS", "sinh", "kết nạp", ""), MEMBER),
    ],
)
def test_a_heading_in_two_rows_is_read_as_one(province: Ucli, tmp_path: Path, rows: Rows) -> None:
    answer = province("import", "members", table(tmp_path / "a.csv", *rows))
    assert "are read as one heading" in answer.err
    [member] = province("members", "-f", "json").json
    assert [member[it] for it in ("name", "born", "admitted", "card")] == [
        "Trần Thị Mẫu",
        "1990-09-02",
        "2024-04-20",
        "TB1",
    ]


def test_the_parts_of_a_name_may_stand_under_it(province: Ucli, tmp_path: Path) -> None:
    rows = (("Họ và tên", "", "CĐCS", "Ngày kết nạp"), ("Họ đệm", "Tên", "", ""), ("Trần", "Mẫu", "MAY", "20/4/2024"))
    province("import", "members", table(tmp_path / "a.csv", *rows))
    assert [it["name"] for it in province("members", "-f", "json").json] == ["Trần Mẫu"]


def test_what_is_not_known_of_two_rows_is_left_out_as_it_is_advised(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = (
        ("Họ và tên", "CĐCS", "Ngày kết nạp", "Nơi ở", ""),
        ("", "", "", "Xã", "Huyện"),
        (*MEMBER[1:3], "20/4/2024"),
    )
    file = table(tmp_path / "a.csv", *rows)
    said = ucli("import", "members", file, expect=4).err
    assert "Lines 1 and 2 are read as one heading" in said
    assert "--map 'Nơi ở Xã=COLUMN' --map 'Nơi ở Huyện=COLUMN'" in said
    province("import", "members", file, "--map", "Nơi ở Xã=-", "--map", "Nơi ở Huyện=-")


@pytest.mark.parametrize(
    "first",
    [
        ("Trần Thị", "Mẫu", "", "", ""),  # a name in two columns, and no more
        ("Tên", "", "", "", ""),
        ("Trần Thị", "Mẫu", "MAY", "kết nạp", "x"),
        ("Trần Thị", "Mẫu", "MAY", "20/4/2024", "nữ"),
    ],
)
def test_a_row_of_data_is_never_read_as_a_heading(
    province: Ucli, ucli: Ucli, tmp_path: Path, first: tuple[str, ...]
) -> None:
    rows = (("Họ và tên", "", "CĐCS", "Ngày kết nạp", "Giới tính"), first)
    answer = ucli("import", "members", table(tmp_path / "a.csv", *rows))
    assert "are read as one heading" not in answer.err
    assert answer.code == 0 or "Line 2: " in answer.err
    assert "Mẫu" not in answer.err


def test_of_two_columns_of_one_name_one_is_to_be_left_out(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    row = ("Lê Thử", "MAY", "20/4/2024", "20/4/2024")
    same = table(tmp_path / "a.csv", ("Họ và tên", "CĐCS", "Ngày kết nạp", "Ngày kết nạp"), row)
    said = ucli("import", "members", same, expect=4).err
    assert "The column “Ngày kết nạp” is there twice: C, D." in said
    other = table(tmp_path / "b.csv", ("Họ và tên", "CĐCS", "Ngày kết nạp", "Ngày vào công đoàn"), row)
    assert "is there twice: C, D." in ucli("import", "members", other, expect=4).err
    province("import", "members", other, "--map", "Ngày vào công đoàn=-")


def test_a_unit_of_money_above_several_columns_is_that_of_each(province: Ucli, tmp_path: Path) -> None:
    rows = (
        ("Đơn vị", "Chương trình", "Ngày chi", "Số tiền (triệu đồng)", ""),
        ("", "", "", "Tiền mặt", "Hiện vật"),
        ("HH", "tet", "5/2/2024", "20", "3"),
    )
    province("import", "payouts", table(tmp_path / "a.csv", *rows))
    [payout] = province("payouts", "-f", "json").json
    assert (payout["amount"], payout["in_kind"]) == (20_000_000, 3_000_000)


@pytest.mark.parametrize("above", ["Năm 2023", "Chỉ tiêu", "Kế hoạch", "Cả năm"])
def test_what_stands_above_known_headings_and_says_more_is_not_dropped(
    province: Ucli, ucli: Ucli, tmp_path: Path, above: str
) -> None:
    rows = (("Đơn vị", above, ""), ("", "news-items", "legal-advice"), ("HH", "20", "3"))
    ucli("import", "figures", table(tmp_path / "a.csv", *rows), "--period", "2024-05", expect=4)


@pytest.mark.parametrize(
    "rows",
    [
        (("Đơn vị", "Chương trình", "Ngày chi", "Tiền mặt", "ĐVT: triệu đồng"),),
        (("Đơn vị tính", "triệu đồng"), ("Đơn vị", "Chương trình", "Ngày chi", "Tiền mặt")),
    ],
)
def test_a_unit_of_money_in_a_cell_of_its_own_is_that_of_the_table(province: Ucli, tmp_path: Path, rows: Rows) -> None:
    province("import", "payouts", table(tmp_path / "a.csv", *rows, ("HH", "tet", "5/2/2024", "20")))
    assert [it["amount"] for it in province("payouts", "-f", "json").json] == [20_000_000]


ROSTER = (
    "TT;Họ và tên;{}Chức vụ, nghề nghiệp;Ngày vào CĐ;Số thẻ ĐV",
    "1;Tạ Thị Mẫu;;12/5/1990;Tổ trưởng;12/5/2024;0021",
    "2;Lê Văn Thử;13/5/1991;;Công nhân;13/5/2024;0022",
)


@pytest.mark.parametrize("head", ["Năm sinh;;|;;Nam;Nữ;;;", "Nam;Nữ;", "Ngày, tháng, năm sinh;;|;;Nam;Nữ;;;"])
def test_the_old_roster_with_birth_dates_under_men_and_women_is_read(province: Ucli, tmp_path: Path, head: str) -> None:
    first, *second = head.split("|")
    lines = [ROSTER[0].format(first), *second, *ROSTER[1:]]
    province("import", "members", table(tmp_path / "a.csv", *lines), "--unit", "MAY")
    found = {it["name"]: it for it in province("members", "-f", "json").json if it["name"]}
    assert (found["Tạ Thị Mẫu"]["born"], found["Tạ Thị Mẫu"]["sex"]) == ("1990-05-12", "female")
    assert (found["Lê Văn Thử"]["born"], found["Lê Văn Thử"]["sex"]) == ("1991-05-13", "male")
    assert (found["Lê Văn Thử"]["admitted"], found["Lê Văn Thử"]["card"]) == ("2024-05-13", "0022")


def test_ticks_under_men_and_women_are_the_sex(province: Ucli, tmp_path: Path) -> None:
    lines = ("Họ và tên;Ngày sinh;Giới tính;;Ngày vào CĐ", ";;Nam;Nữ;", "Tạ Thị Mẫu;12/5/1990;;x;12/5/2024")
    province("import", "members", table(tmp_path / "a.csv", *lines), "--unit", "MAY")
    [found] = [it for it in province("members", "-f", "json").json if it["name"]]
    assert (found["born"], found["sex"]) == ("1990-05-12", "female")


@pytest.mark.parametrize(
    ("head", "row"),
    [
        # Google
        (
            "Dấu thời gian;Địa chỉ email;1. Họ và tên đoàn viên *;2. Ngày sinh (dd/mm/yyyy):;3. CĐCS;Ngày kết nạp",
            "5/12/2024 10:20:30;a@b.vn;Tạ Thị Mẫu;12/5/1990;MAY;12/5/2024",
        ),
        (
            "Timestamp;Email Address;Họ và tên của đồng chí (chữ in hoa);Born;Câu 2: CĐCS?;Ngày kết nạp",
            "5/12/2024 10:20:30;a@b.vn;Tạ Thị Mẫu;12/5/1990;MAY;12/5/2024",
        ),
        # Kobo
        (
            "start;end;Đoàn viên/Họ và tên;Đoàn viên/Ngày sinh;Đoàn viên/CĐCS;ngay_ket_nap;_id;_uuid;_index",
            "2024-05-12T08:15:30+07:00;2024-05-12T08:20:30+07:00;Tạ Thị Mẫu;1990-05-12;MAY;2024-05-12;7;a-b;1",
        ),
        # DHIS2
        (
            "Event;Organisation unit name;Organisation unit code;Họ tên;Ngày sinh;Ngày kết nạp;Stored by;Last updated",
            "Kx1;CĐCS May Hưng Hà;MAY;Tạ Thị Mẫu;1990-05-12;2024-05-12;admin;2024-05-13",
        ),
    ],
)
def test_what_forms_put_around_the_answers_is_passed_over(province: Ucli, tmp_path: Path, head: str, row: str) -> None:
    assert province("import", "members", table(tmp_path / "a.csv", head, row), "-f", "json").json["new"] == 1
    [found] = [it for it in province("members", "-f", "json").json if it["name"]]
    assert (found["name"], found["born"], found["admitted"]) == ("Tạ Thị Mẫu", "1990-05-12", "2024-05-12")


def test_headings_of_forms_that_mean_nothing_are_listed_to_be_mapped_and_nothing_is_guessed(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = "dataelement;period;orgunit;categoryoptioncombo;value;storedby;lastupdated"
    file = table(tmp_path / "a.csv", head, "fbf;202405;Disz;PT5;12;admin;2024-06-01")
    said = ucli("import", "figures", file, expect=4).err
    assert all(f"--map {it}=COLUMN" in said for it in ("dataelement", "orgunit", "storedby", "lastupdated"))
    head = "Họ và tên;CĐCS;Ngày kết nạp;Ngày vào Đảng;Họ và tên con;Ngày sinh con;Nghề nghiệp của chồng;Số thẻ Đảng"
    file = table(tmp_path / "b.csv", head, "Lê Thử;MAY;1/2/2024;;;;;")
    said = ucli("import", "members", file, expect=4).err
    assert said.count("=COLUMN") == 5


def test_a_tick_under_both_sexes_is_neither(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    rows = (
        "Họ và tên;Nam;Nữ;CĐCS;Ngày kết nạp",
        "A B;;x;MAY;20/4/2024",
        "C D;X;;MAY;20/4/2024",
        "E G;x;x;MAY;20/4/2024",
    )
    (tmp_path / "t.csv").write_text("\n".join(rows), encoding="utf-8")
    assert "Line 4: The sex is neither" in ucli("import", "members", tmp_path / "t.csv", expect=4).err
    province("import", "members", tmp_path / "t.csv", "--accept-valid")
    found = {it["name"]: it["sex"] for it in province("members", "-f", "json").json if it["name"]}
    assert (found["A B"], found["C D"]) == ("female", "male")


def test_an_unknown_heading_of_figures_is_told_that_indicators_are_columns_too(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    table = tmp_path / "a.csv"
    table.write_text("Đơn vị;Đoàn viên kết nạp mới;Số bài\nHH;5;6\n", encoding="utf-8")
    answer = ucli("import", "figures", table, "--period", "2024", "--lang", "vi", expect=4)
    assert "hoặc mỗi nội dung thống kê một cột, ghi mã hoặc tên" in answer.err
    province("import", "figures", table, "--period", "2024", "--map", "Số bài=tin-bai")


def test_what_rosters_say_of_persons_and_the_ledger_does_not_keep_is_passed_over_and_told(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = "Họ và tên;CĐCS;Ngày kết nạp;Dân tộc;Tôn giáo;Trình độ chuyên môn;Số điện thoại;Email"
    file = table(tmp_path / "a.csv", head, "Lê Thử;MAY;1/2/2024;Kinh;Không;Đại học;0912345678;a@b.vn")
    said = province("import", "members", file).err
    assert "Not read here: columns D, E, F, G, H." in said
    asked = ucli("import", "unions", table(tmp_path / "b.csv", "Tên;Cấp trên;Ngày thành lập;Email", "A;HH;1/2/2024;x"))
    assert "“Email”" in asked.err


def test_the_table_of_an_office_gives_its_figures_and_its_targets(province: Ucli, tmp_path: Path) -> None:
    head = "TT;Nội dung;Đơn vị tính;Chỉ tiêu;Thực hiện;Tỷ lệ (%);Ghi chú"
    file = table(
        tmp_path / "a.csv", head, "1;news-items;tin;1.000;1.105;110,5;", "2;welfare-amount;triệu đồng;500;612,5;;"
    )
    words = (file, "--unit", "HH", "--period", "2024")
    assert "Not read here: columns D, F." in province("import", "figures", *words).err
    assert "Not read here: columns E, F." in province("import", "targets", *words).err
    rows = province("report", "--unit", "HH", "--period", "2024", "-f", "json").json["rows"]
    assert {(it["indicator"], it["target"], it["actual"]) for it in rows if it["target"]} == {
        ("news-items", 1000, 1105),
        ("welfare-amount", 500_000_000, 612_500_000),
    }


def test_a_list_of_gifts_needs_no_columns_for_what_is_the_same_in_all_rows(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    head = "STT;Họ và tên;Đơn vị;Hoàn cảnh;Số tiền;Ký nhận"
    file = table(tmp_path / "a.csv", head, "1;Lê Thử;MAY;khó khăn;500.000;", "2;Đỗ Ví;MAY;ốm;500.000;")
    told = ucli("import", "payouts", file, expect=4).err
    assert "What holds for all rows can be given once: --programme, --on." in told
    said = province("import", "payouts", file, "--programme", "tet", "--on", "20/1/2024").err
    assert "Not read here: columns D, F." in said
    found = {(it["beneficiary"], it["programme"], it["day"]) for it in province("payouts", "-f", "json").json}
    assert found == {("Lê Thử", "tet", "2024-01-20"), ("Đỗ Ví", "tet", "2024-01-20")}
    assert "no column that --on could fill" in ucli("import", "members", file, "--on", "20/1/2024", expect=2).err


CROSS = (
    "TT;Đơn vị;Tin, bài đăng tải;;;Kinh phí thăm hỏi, tặng quà, hỗ trợ (triệu đồng);;;Ghi chú",
    ";;Chỉ tiêu;Thực hiện;Tỷ lệ (%);Chỉ tiêu;Thực hiện;Tỷ lệ (%);",
    "1;HH;10;12;120;50;61,5;123;",
    "2;KX;5;4;80;;;;",
    ";Tổng cộng;15;16;106,7;50;61,5;123;",
)


def test_a_cross_table_with_targets_beside_what_is_done_is_read_for_both(province: Ucli, tmp_path: Path) -> None:
    file = table(tmp_path / "a.csv", *CROSS)
    assert "Not read here: columns C, E, F, H." in province("import", "figures", file, "--period", "2024").err
    province("import", "targets", file, "--period", "2024")
    rows = [
        it
        for unit in ("HH", "KX")
        for it in province("report", "--unit", unit, "--period", "2024", "-f", "json").json["rows"]
    ]
    found = [(it["indicator"], it["target"], it["actual"]) for it in rows if it["target"]]
    assert sorted(found) == [
        ("news-items", 5, 4),
        ("news-items", 10, 12),
        ("welfare-amount", 50_000_000, 61_500_000),
    ]


@pytest.mark.parametrize(
    ("indicator", "above", "value"),
    [("news-items", "", 12), ("welfare-amount", "ĐVT: triệu đồng", 12_000_000), ("news-items", "ĐVT: triệu đồng", 12)],
)
def test_a_table_of_one_indicator_needs_no_column_for_it(
    province: Ucli, tmp_path: Path, indicator: str, above: str, value: int
) -> None:
    file = table(tmp_path / "a.csv", f"{above};;;", "Đơn vị;Chỉ tiêu;Thực hiện;Tỷ lệ (%)", "HH;10;12;120")
    province("import", "figures", file, "--period", "2024", "--indicator", indicator)
    assert [it["value"] for it in province("figures", "-f", "json").json] == [value]
    province("import", "targets", file, "--period", "2024", "--indicator", indicator)
    assert [it["target"] for it in province("targets", "-f", "json").json] == [value // 12 * 10]
