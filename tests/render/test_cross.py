"""Cross tables, and tables in which every column earns its room, as they are printed and handed in."""

import csv
from io import StringIO
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import After, Ucli
from tests.render.test_terminal import SHIPPED
from ucli.values.units import Unit, official_order

ASKED = ("report", "--period", "2024", "--lang", "vi")
BY_UNIT = (*ASKED, "--by", "unit")


@pytest.fixture
def told(province_after: After) -> Ucli:
    """Return ucli on a province of two districts, a city recorded after them, and the union of a sector."""
    return province_after("""
        add-unit "Công đoàn ngành Giáo dục" --kind sector --code GD
        add-unit "LĐLĐ thành phố Thái Bình" --kind district --code TP
        add-figure members-admitted 50 --unit HH --period 2024
        set-target members-admitted 40 --unit HH --period 2024 --issuer "tỉnh Thái Bình"
        add-figure members-admitted 90 --unit TP --period 2024
        set-target members-admitted 100 --unit TP --period 2024 --issuer "tỉnh Thái Bình"
        add-figure welfare-amount "1,5 tỷ" --unit HH --period 2024
        add-figure welfare-amount "900 triệu" --unit GD --period 2024
    """)


def test_units_stand_in_the_order_of_official_lists(told: Ucli) -> None:
    lines = told(*BY_UNIT, "--layout", "matrix").out.splitlines()[2:7]
    assert [line.split("  ")[0] for line in lines] == [
        "LĐLĐ thành phố Thái Bình",
        "LĐLĐ huyện Hưng Hà",
        "LĐLĐ huyện Kiến Xương",
        "Công đoàn ngành Giáo dục",
        "Tổng cộng",
    ]


def test_provinces_stand_by_their_numbers_and_grassroots_unions_as_in_a_dictionary() -> None:
    provinces = [Unit(1, "34", "LĐLĐ tỉnh Thái Bình", "province"), Unit(2, "01", "LĐLĐ TP. Hà Nội", "province")]
    assert [it.code for it in sorted(provinces, key=official_order)] == ["01", "34"]
    unions = [Unit(2, "A", "CĐCS A", "union"), Unit(1, "B", "CĐCS B", "union")]
    assert sorted(unions, key=official_order) == unions
    wards = [Unit(1, "X", "Công đoàn xã X", "ward"), Unit(2, "P", "Công đoàn phường P", "ward")]
    assert [it.code for it in sorted(wards, key=official_order)] == ["P", "X"]


def test_machines_and_plain_stay_long_unless_a_cross_table_is_asked_for(told: Ucli) -> None:
    assert told(*BY_UNIT).out == told(*BY_UNIT, "--layout", "long").out
    crossed = list(csv.DictReader(StringIO(told(*BY_UNIT, "--layout", "matrix", "-f", "csv").out)))
    assert [(row["unit_code"], row["members-admitted.target"], row["members-admitted.percent"]) for row in crossed] == [
        ("TP", "100", "90.0"),
        ("HH", "40", "125.0"),
        ("KX", "", ""),
        ("GD", "", ""),
        ("34", "", ""),
    ]
    assert crossed[1]["welfare-amount.actual"] == "1500000000"
    documents = [told(*BY_UNIT, "--layout", it, "-f", "json").out for it in ("long", "matrix")]
    assert documents[0] == documents[1]


def test_a_workbook_by_units_is_a_cross_table_that_prints_in_nine_points(told: Ucli, tmp_path: Path) -> None:
    for place, code in enumerate(list(SHIPPED)[10:26]):
        if SHIPPED[code]["kind"] == "flow":
            told("add-figure", code, 1000 + place, "--unit", "HH", "--period", "2024")
            told("set-target", code, 2000, "--unit", "HH", "--period", "2024")
    told(*BY_UNIT, "-o", tmp_path / "a.xlsx")
    pages = [page for page in openpyxl.load_workbook(tmp_path / "a.xlsx") if page.title.startswith("Bảng")]
    assert len(pages) > 1
    for page in pages:
        assert (page["A2"].value, page["A4"].value) == ("Đơn vị", "LĐLĐ thành phố Thái Bình")
        # Of A4 across, in letters of eleven points: what is wider is printed smaller.
        millimetres = sum((it.width * 7 + 5) * 25.4 / 96 for it in page.column_dimensions.values())
        assert millimetres * 9 / 11 <= 297 - 2 * 0.6 * 25.4
        assert page.print_title_rows == "$2:$3"
    last = [row[0].value for row in pages[-1].iter_rows() if row[0].value]
    assert any("TM. BAN THƯỜNG VỤ" in [it.value for it in row] for row in pages[-1].iter_rows())
    assert "Tính theo đơn vị trực thuộc tại thời điểm phát sinh." in last


def test_what_is_the_same_in_all_rows_is_said_once_above(told: Ucli) -> None:
    told("set-target", "news-items", "5", "--unit", "HH", "--period", "2024", "--issuer", "tỉnh Thái Bình")
    page = told(
        *ASKED, "--unit", "HH", "--indicator", "members-admitted", "--indicator", "news-items", "-f", "html"
    ).out
    assert "<caption>Cấp giao: LĐLĐ tỉnh Thái Bình. " in page
    assert page.count(">LĐLĐ tỉnh Thái Bình<") == 0
    assert "Cấp giao</th>" not in page


def test_whoever_set_a_target_parts_columns_only_where_two_did(told: Ucli) -> None:
    told("set-target", "members-admitted", "150", "--unit", "tỉnh Thái Bình", "--period", "2024")
    page = told(*BY_UNIT, "--indicator", "members-admitted", "-f", "html").out
    assert page.count(">Đoàn viên kết nạp mới</th>") == 1
    told("set-target", "members-admitted", "60", "--unit", "HH", "--period", "2024", "--issuer", "HH")
    page = told(*BY_UNIT, "--indicator", "members-admitted", "-f", "html").out
    assert ">Đoàn viên kết nạp mới (LĐLĐ tỉnh Thái Bình)</th>" in page
    header = told(*BY_UNIT, "--layout", "matrix", "-f", "csv").out.splitlines()[0].split(",")
    assert {"members-admitted.target", "members-admitted.34.target"} <= set(header)


def test_amounts_are_in_the_unit_that_fits_them_all_and_exact_where_one_is_named(told: Ucli) -> None:
    by_size = told(*BY_UNIT, "-f", "html").out
    assert "Chi thăm hỏi, tặng quà, triệu đồng" in by_size
    assert "<span>1.500</span>" in by_size
    assert "<span>1.500.000.000</span>" in told(*BY_UNIT, "-f", "html", "--money", "đồng").out
    assert "1.500.000.000" in told(*BY_UNIT).out


def test_each_shipped_indicator_has_a_short_name_of_its_own() -> None:
    for language in ("vi", "en"):
        names = [row[f"short_{language}"] for row in SHIPPED.values()]
        assert max(map(len, names)) <= 28
        assert len(set(names)) == len(names)


def test_an_offices_own_indicator_has_its_whole_name_and_measure(told: Ucli) -> None:
    told("add-indicator", "hoc-bong", "--name", "Học bổng trao cho con đoàn viên", "--measure", "suất")
    told("add-figure", "hoc-bong", "12", "--unit", "HH", "--period", "2024")
    assert "Học bổng trao cho con đoàn viên, suất" in told(*BY_UNIT, "-f", "html").out


def test_a_cross_table_says_the_place_of_each_unit_where_asked(told: Ucli, ucli: Ucli) -> None:
    rows = list(csv.DictReader(StringIO(told(*BY_UNIT, "--rank", "-f", "csv").out)))
    ranking = told("rank", *BY_UNIT[1:], "-f", "json").json["rows"]
    places = {it["unit"]["code"]: str(it["place"] or "") for it in ranking}
    assert {row["unit_code"]: row["place"] for row in rows[:-1]} == places
    assert "1" in places.values()
    assert "Hạng" in told(*BY_UNIT, "--rank").out.splitlines()[1]
    ucli(*BY_UNIT, "--rank", "--layout", "long", expect=2)
    ucli("report", "--period", "2024", "--rank", expect=2)
