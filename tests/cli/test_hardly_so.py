"""What can hardly be so is said, or refused where it must be a slip of the hand."""

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
    assert ("C09-out-of-range" in ucli("check").out) == (value == "105%")
    province("undo")
    table = tmp_path / "a.csv"
    table.write_text(f"Đơn vị;Kỳ;Nội dung;Giá trị\nHH;2024;{indicator};{value}\n", "utf-8")
    assert said in province("import", "figures", table).err


@pytest.mark.parametrize(("programme", "doubted"), [("tet", True), ("shelter", False)])
def test_the_form_of_a_house_is_doubted_where_none_is_given(
    province: Ucli, tmp_path: Path, programme: str, *, doubted: bool
) -> None:
    words = ("--unit", "HH", "--programme", programme, "--amount", "1tr", "--form", "repair", "--on", "2024-01-20")
    said = "The form is for houses"
    assert (said in province("add-payout", *words).err) == doubted
    province("undo")
    table = tmp_path / "a.csv"
    text = f"Đơn vị;Chương trình;Ngày;Số tiền;Hình thức\nHH;{programme};20/1/2024;1.000.000;sửa chữa\n"
    table.write_text(text, "utf-8")
    assert (said in province("import", "payouts", table).err) == doubted
