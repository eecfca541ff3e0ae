"""What people read beside the numbers: notes, summaries and comments, in their own notation."""

import re

import pytest

from tests.conftest import After, Ucli

PERIOD = ("--period", "2024")
THAI_BINH = ("tỉnh Thái Bình", *PERIOD)
VI = ("--lang", "vi")


@pytest.fixture
def stated(province_after: After) -> Ucli:
    """Return ucli on a ledger whose districts stated a percentage alone against a target, and an amount."""
    return province_after("""
        add-figure emulation-share 87,5% --unit HH --period 2024
        add-figure shelter-fund-raised "350 triệu" --unit HH --period 2024
        add-figure emulation-share 87,5% --unit KX --period 2024
        add-figure shelter-fund-raised "350 triệu" --unit KX --period 2024
        set-target emulation-share 90% --unit HH --period 2024
        set-target emulation-share 90% --unit KX --period 2024
        set-target emulation-share 90% --unit "tỉnh Thái Bình" --period 2024
    """)


def test_a_printed_percentage_has_its_comma_in_notes_and_refusals(stated: Ucli) -> None:
    out = stated("report", *PERIOD).out
    assert "87,5% (LĐLĐ huyện Hưng Hà, figure 1)" in out
    assert "87.5" not in out


def test_a_refusal_says_what_stands_there_as_people_write_it(stated: Ucli, ucli: Ucli) -> None:
    there = ucli("add-figure", "emulation-share", "80%", "--unit", "HH", *PERIOD, expect=5)
    assert "87,5% (figure 1)" in there.err
    there = ucli("add-figure", "shelter-fund-raised", "1 tỷ", "--unit", "HH", *PERIOD, expect=5)
    assert ": 350.000.000 đồng (figure 2)" in there.err


def test_a_printed_percentage_is_no_lack_of_data(stated: Ucli) -> None:
    lines = [line.strip() for line in stated("report", "--by", "district", *PERIOD, *VI).out.splitlines()]
    assert "0/1 chỉ tiêu đạt và vượt (1 chỉ có tỷ lệ ghi trong báo cáo)." in lines
    assert "LĐLĐ huyện Hưng Hà: 0/1 chỉ tiêu đạt và vượt (1 chỉ có tỷ lệ ghi trong báo cáo)." in lines
    assert not [line for line in lines if "chưa có số liệu" in line]


def test_machines_count_a_printed_percentage_as_before(stated: Ucli) -> None:
    assert stated("report", *PERIOD, "-f", "json").json["summary"]["no_data"] == 1
    assert [it["summary"]["no_data"] for it in stated("rank", *PERIOD, "-f", "json").json["rows"]] == [1, 1]


def test_a_ranking_tells_a_printed_percentage_from_nothing(stated: Ucli) -> None:
    stated("set-target", "news-items", "5", "--unit", "KX", *PERIOD)
    heading, *lines = stated("rank", *PERIOD, *VI).out.splitlines()[1:4]
    assert "Chỉ có tỷ lệ ghi trong báo cáo    Chưa có số liệu" in heading
    assert [line.split()[-2:] for line in lines] == [["1", "0"], ["1", "1"]]


def test_prose_names_the_target_beside_a_printed_percentage(stated: Ucli) -> None:
    out = stated("report", "--by", "district", *PERIOD, "-f", "prose", *VI).out
    assert "heo báo cáo có 87,5% đoàn viên, người lao động tham gia phong trào thi đua (chỉ tiêu 90%)" in out
    assert "0/1 chỉ tiêu đạt và vượt (1 chỉ có tỷ lệ ghi trong báo cáo)" in out
    assert "Chỉ có tỷ lệ ghi trong báo cáo, không cộng được: Tỷ lệ đoàn viên" in out
    assert "hưa có số liệu" not in out


def test_a_difference_from_below_names_the_unit_and_the_unit_of_money(stated: Ucli) -> None:
    stated("add-figure", "shelter-fund-raised", "100 triệu", "--unit", "MAY", "--period", "2024-H1")
    note = "stated 350 triệu đồng, collected from below 100 triệu đồng (LĐLĐ huyện Hưng Hà, figure 2)"
    assert note in stated("report", *PERIOD, "--money", "triệu").out
    # In the unit's own table it is its own figure.
    assert "below 100.000.000 đồng (figure 2)" in stated("report", "--unit", "HH", *PERIOD).out


def test_what_was_allocated_bears_its_measure_and_a_full_allocation_no_difference(stated: Ucli) -> None:
    for unit, target in (("tỉnh Thái Bình", "3 tỷ"), ("HH", "1 tỷ"), ("KX", "1,5 tỷ")):
        stated("set-target", "shelter-fund-raised", target, "--unit", unit, *PERIOD)
    out = stated("report", *PERIOD, "--money", "tỷ", *VI).out
    assert "được giao 3 tỷ đồng, đã phân bổ 2,5 tỷ đồng, chênh lệch 0,5 tỷ đồng." in out
    stated("set-target", "shelter-fund-raised", "2 tỷ", "--unit", "KX", *PERIOD, "--yes")
    assert "được giao 3 tỷ đồng, đã phân bổ đủ." in stated("report", *PERIOD, "--money", "tỷ", *VI).out


@pytest.mark.parametrize(
    ("office", "whole"), [("LĐLĐ tỉnh Ví Dụ", "Toàn tỉnh"), ("LĐLĐ thành phố Ví Dụ", "Toàn thành phố")]
)
def test_prose_says_whom_a_total_is_of(ok: Ucli, office: str, whole: str) -> None:
    ok("init", "--office", office)
    ok("add-unit", "LĐLĐ huyện Thử", "--kind", "district", "--code", "THU")
    ok("add-figure", "news-items", "5", "--unit", "THU", *PERIOD)
    out = ok("report", "--by", "district", *PERIOD, "-f", "prose", *VI).out
    assert f"\n{whole} đã đăng tải 05 tin, bài." in out


def test_prose_is_offered_where_it_is_written(province: Ucli, ucli: Ucli) -> None:
    assert "prose" in province("report", "--help").out
    for name in ("rank", "movement", "members"):
        assert "prose" not in province(name, "--help").out
        ucli(name, "-f", "prose", expect=2)


def test_what_stands_in_no_group_is_as_hedged_as_the_total(province: Ucli) -> None:
    province("add-figure", "news-items", "hơn 100", "--unit", "tỉnh Thái Bình", *PERIOD)
    province("add-figure", "news-items", "40", "--unit", "HH", *PERIOD)
    assert "In none of these groups: News items published ≥ 60." in province("report", *PERIOD, "--by", "unit").out
    province("add-figure", "news-items", "gần 10", "--unit", "KX", *PERIOD)
    assert "In none of these groups: News items published ≥ 50." in province("report", *PERIOD, "--by", "unit").out
    province("void-figure", 1)
    province("add-figure", "news-items", "100", "--unit", "tỉnh Thái Bình", *PERIOD)
    assert "In none of these groups: News items published ≥ 50." in province("report", *PERIOD, "--by", "unit").out


def test_a_column_with_a_number_below_nothing_stands_to_the_right(province: Ucli) -> None:
    province("add-union", "CĐCS Giày", "--parent", "HH", "--founded", "2023-06-01", "--members", 25)
    province("end-membership", 1, "--members", 3, "--on", "2024-05-01", "--reason", "retired")
    asked = ("--unit", "HH", *PERIOD, "--indicator", "members-net-growth")
    out = province("report", *asked, "-f", "html").out
    assert '<td class="number" data-heading="Actual"><span>-3</span></td>' in out


@pytest.mark.parametrize("name", ["", "add-union", "report", "log", "rank"])
def test_the_vietnamese_help_names_values_in_vietnamese(ok: Ucli, name: str) -> None:
    vi, en = (ok(*filter(None, [name]), "--help", "--lang", lang).out for lang in ("vi", "en"))
    vi, en = (text[: text.index(end)] for text, end in ((vi, "Ví dụ:"), (en, "Examples:")))
    spoken = set(re.findall(r"\b[A-Z][A-Z-]+\b", en)) - {"CSV", "KT"}
    assert {"OPTIONS", "PATH"} < spoken
    assert spoken.isdisjoint(re.findall(r"[\w-]+", vi))


def test_a_value_that_is_missing_is_named_as_the_help_names_it(ucli: Ucli) -> None:
    assert ucli("add-unit", "--kind", "district", *VI, expect=2).err.startswith("ucli: Thiếu TÊN.")


def test_who_was_erased_is_said_in_the_language_of_the_reader(province: Ucli) -> None:
    province("add-member", "Đỗ Thị Ví Dụ", "--union", "MAY", "--admitted", "2024-04-20")
    province("erase-member", "1", "--confirm", "Đỗ Thị Ví Dụ")
    assert "(erased)" in province("members").out
    assert "(đã xóa)" in province("members", *VI).out
