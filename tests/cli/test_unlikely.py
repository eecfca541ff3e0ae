"""What is unlikely is told, or refused where it must be a slip of the hand."""

from pathlib import Path

import pytest

from tests.conftest import Ucli

OLD = "lies before 1929"


@pytest.mark.parametrize(
    "words",
    [
        ("add-union", "CĐCS Mới", "--parent", "HH", "--founded", "1/1/0024"),
        ("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--founded", "31/12/1928"),
        ("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "1/3/0024"),
        ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "1tr", "--on", "20/1/1024"),
    ],
)
def test_nothing_happened_before_there_was_a_trade_union(province: Ucli, ucli: Ucli, words: tuple[str, ...]) -> None:
    assert OLD in ucli(*words, expect=4).err


def test_nor_in_a_table(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    tables = {
        "members": "Họ và tên;Công đoàn cơ sở;Ngày kết nạp\nLê Văn Thử;MAY;1/3/0024\n",
        "unions": "Tên công đoàn cơ sở;Công đoàn cấp trên;Ngày thành lập\nCĐCS Mới;HH;1/3/1024\n",
        "payouts": "Đơn vị;Chương trình;Ngày;Số tiền\nHH;tet;1/3/1024;1.000.000\n",
    }
    for kind, text in tables.items():
        table = tmp_path / f"{kind}.csv"
        table.write_text(text, "utf-8")
        assert OLD in ucli("import", kind, table, expect=4).err


def test_somebody_may_be_born_before_it(province: Ucli) -> None:
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-03-01", "--born", "1928-01-01")


@pytest.mark.parametrize(("born", "doubted"), [("2009-03-02", True), ("2009-03-01", False), ("2008-02-29", False)])
def test_an_admission_before_the_age_of_15_is_warned_of(
    province: Ucli, tmp_path: Path, born: str, *, doubted: bool
) -> None:
    words = ("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-03-01", "--born", born)
    said = "Admitted before the age of 15."
    assert (said in province(*words).err) == doubted
    province("undo")
    table = tmp_path / "a.csv"
    table.write_text(f"Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ngày sinh\nLê Văn Thử;MAY;1/3/2024;{born}\n", "utf-8")
    assert (said in province("import", "members", table).err) == doubted


STATED = [
    ("worker-conference-share", "105%", "105% of worker-conference-share is more than the whole."),
    ("worker-conference-share", "100%", ""),
    ("blood-units", "95%", "95%: blood-units is counted in đơn vị máu"),
]


@pytest.mark.parametrize(("indicator", "value", "said"), STATED)
def test_a_percentage_that_can_hardly_be_is_warned_of(
    province: Ucli, ucli: Ucli, tmp_path: Path, indicator: str, value: str, said: str
) -> None:
    answer = province("add-figure", indicator, value, "--unit", "HH", "--period", "2024")
    assert said in answer.err
    assert ("Warning" in answer.err) == bool(said)
    assert ("C21-above-100" in ucli("check").out) == (value == "105%")
    province("undo")
    table = tmp_path / "a.csv"
    table.write_text(f"Đơn vị;Kỳ;Nội dung;Giá trị\nHH;2024;{indicator};{value}\n", "utf-8")
    assert said in province("import", "figures", table).err


@pytest.mark.parametrize(("programme", "doubted"), [("tet", True), ("shelter", False)])
def test_the_form_of_a_house_is_doubted_where_none_is_given(
    province: Ucli, tmp_path: Path, programme: str, *, doubted: bool
) -> None:
    words = ("--unit", "HH", "--programme", programme, "--amount", "1tr", "--form", "repair", "--on", "2024-01-20")
    said = "only for houses"
    assert (said in province("add-payout", *words).err) == doubted
    province("undo")
    table = tmp_path / "a.csv"
    text = f"Đơn vị;Chương trình;Ngày;Số tiền;Hình thức\nHH;{programme};20/1/2024;1.000.000;sửa chữa\n"
    table.write_text(text, "utf-8")
    assert (said in province("import", "payouts", table).err) == doubted


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("--members", "2", "--to", "TRUONG"),
            "Members of group 1 transferred to CĐCS Trường Kiến Xương, as number 3: 2.",
        ),
        (
            ("--members", "1", "--to", "TRUONG"),
            "Members of group 1 transferred to CĐCS Trường Kiến Xương, as number 3: 1.",
        ),
        (("--members", "3", "--elsewhere"), "Members of group 1 transferred to a union outside this ledger: 3."),
        (("--yes", "--elsewhere"), "Members of group 1 transferred to a union outside this ledger: 9."),
    ],
)
def test_how_many_of_a_group_went_over_is_said_and_logged(ok: Ucli, words: tuple[str, ...], said: str) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok("add-unit", "LĐLĐ huyện Kiến Xương", "--kind", "district", "--code", "KX")
    founded = ("--parent", "KX", "--founded", "2023-05-10")
    ok("add-union", "CĐCS May Kiến Xương", *founded, "--members", "9", "--code", "MAY")
    ok("add-union", "CĐCS Trường Kiến Xương", *founded, "--code", "TRUONG")
    answer = ok("transfer-member", "1", *words, "--on", "2024-06-01", "-f", "json")
    assert said in answer.err
    assert answer.json["members"] == int(said.rpartition(": ")[2].rstrip("."))
    assert ok("log", "-f", "json").json[0]["summary"] == said


@pytest.mark.parametrize(
    ("file", "form"), [("x.xlsx", "csv"), ("x.docx", "json"), ("x.csv", "xlsx"), ("X.XLSX", "docx")]
)
def test_a_file_is_not_named_as_what_it_is_not(
    province: Ucli, ucli: Ucli, tmp_path: Path, file: str, form: str
) -> None:
    assert "which its suffix contradicts" in ucli("units", "-o", tmp_path / file, "-f", form, expect=2).err
    assert not (tmp_path / file).exists()
    province("units", "-o", tmp_path / "x.txt", "-f", "csv")
    province("units", "-o", tmp_path / "y.csv", "--excel")


def test_init_and_backup_warn_of_folders_that_are_copied_elsewhere(province: Ucli, tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    assert "Warning: The ledger is in a folder of OneDrive" in province("init", "--db", tmp_path / "OneDrive/a.db").err
    assert "Warning: The backup is in a folder of OneDrive" in province("backup", tmp_path / "OneDrive" / "b.db").err
    assert "Warning" not in province("backup", tmp_path / "c.db").err


def test_the_doctors_answers_stand_to_the_left_and_sources_are_told_in_words(province: Ucli) -> None:
    lines = province("doctor").out.splitlines()
    assert len({len(line) - len(line.split("  ")[-1].lstrip()) for line in lines[:4]}) == 1
    told = province("indicators", "--lang", "vi").out
    assert "Đoàn viên kết nạp mới − Đoàn viên giảm" in told
    assert "Mái ấm Công đoàn)" in told
    assert "recipients" not in told
    assert "recipients:shelter" in province("indicators", "-f", "json").out


def test_findings_name_what_they_are_about_and_money_in_dong(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "shelter-amount", "5 triệu", "--unit", "HH", "--period", "2024")
    province("add-payout", "--unit", "MAY", "--programme", "shelter", "--amount", "4tr", "--on", "2024-02-02")
    province("set-target", "shelter-amount", "9 triệu", "--unit", "HH", "--period", "2024")
    province("set-target", "shelter-amount", "7 triệu", "--unit", "MAY", "--period", "2024")
    found = {row["code"][:3]: row["what"] for row in ucli("check", "--lang", "vi", "-f", "json", expect=4).json}
    assert set(found) == {"C11", "C16"}
    for what in found.values():
        assert "Kinh phí hỗ trợ nhà Mái ấm Công đoàn" in what
        assert what.count("000.000 đồng") == 2


def test_what_stands_in_the_way_of_an_undo_is_told_in_sentences(province: Ucli, ucli: Ucli) -> None:
    for name in ("Lê Văn Thử", "Trần Thị Mẫu"):
        province("add-member", name, "--union", "MAY", "--admitted", "2024-03-01")
    assert ".; " not in ucli("undo", "4", expect=5).err
