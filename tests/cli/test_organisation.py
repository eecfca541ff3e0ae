"""The organisation over time: names, parents, ends and mergers from a day on, the past as it was."""

import json
from typing import Any

import pytest

from tests.conftest import After, Ucli

TB_2024 = ("report", "--province", "Thái Bình", "--period", "2024")
TB_2025 = ("report", "--by", "district", "--period", "2025-Q4")
NOW = ("--structure", "now")


def parents(ok: Ucli, day: str) -> dict[str, str]:
    return {row["code"]: row["parent"] for row in ok("units", "--on", day, "-f", "json").json}


@pytest.fixture
def two(province_after: After) -> Ucli:
    """The small province with 2024's figures and targets, and the neighbour it is merged into, with its own."""
    return province_after("""
        add-unit "LĐLĐ tỉnh Hưng Yên" --kind province
        add-unit "LĐLĐ huyện Tiên Lữ" --kind district --parent "Hưng Yên" --code TL
        add-figure members-admitted 30 --unit HH --period 2024
        set-target members-admitted 40 --unit HH --period 2024
        add-figure members-admitted 20 --unit KX --period 2024
        set-target members-admitted 20 --unit KX --period 2024
        add-figure members-admitted 7 --unit TL --period 2024
        set-target members-admitted 10 --unit TL --period 2024
        set-target members-admitted 60 --unit "Thái Bình" --period 2024
        set-target members-admitted 10 --unit "Hưng Yên" --period 2024
        add-figure members-total 180000 --unit "Thái Bình" --period 2024-12-31
        add-figure members-total 100000 --unit "Hưng Yên" --period 2024-12-31
    """)


def row_of(ok: Ucli, indicator: str, *words: object) -> dict[str, Any]:
    rows = ok("report", "--indicator", indicator, *words, "-f", "json").json["rows"]
    return dict(rows[0])


def test_a_renamed_unit_keeps_its_old_name_for_what_was_before(province: Ucli) -> None:
    province("rename-unit", "HH", "LĐLĐ thị xã Hưng Hà", "--on", "2025-03-01", "--code", "HHA", "--decision", "12/QĐ")
    names = [
        {row["code"]: row["name"] for row in province("units", "--on", day, "-f", "json").json}
        for day in ("2025-02-28", "2025-03-01")
    ]
    assert names[0]["HH"] == "LĐLĐ huyện Hưng Hà"
    assert names[1]["HHA"] == "LĐLĐ thị xã Hưng Hà"
    assert province("show", "huyện Hưng Hà", "-f", "json").json["events"][-1] == {
        "day": "2025-03-01",
        "what": "renamed",
        "detail": "LĐLĐ thị xã Hưng Hà (HHA)",
        "decision": "12/QĐ",
    }


def test_a_moved_unit_takes_along_what_comes_after_and_leaves_what_was_before(province: Ucli) -> None:
    province("move-unit", "MAY", "--to", "KX", "--on", "2024-06-01")
    for day in ("2024-05-31", "2024-06-01"):
        province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", day)
    for unit in ("HH", "KX"):
        assert row_of(province, "members-admitted", "--unit", unit, "--period", "2024")["actual"] == 1
        assert len(province("members", "--unit", unit, "-f", "json").json) == (2 if unit == "KX" else 0)
    assert row_of(province, "members-admitted", "--unit", "KX", "--period", "2024", *NOW)["actual"] == 2
    assert parents(province, "2024-05-31")["MAY"] == "LĐLĐ huyện Hưng Hà"
    assert parents(province, "2024-06-01")["MAY"] == "LĐLĐ huyện Kiến Xương"


def test_the_past_prints_the_same_bytes_before_and_after_a_merger(two: Ucli) -> None:
    forms = ("plain", "json", "csv")
    before = [two(*TB_2024, "-f", form).out for form in forms]
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01", "--decision", "202/2025/QH15")
    assert [two(*TB_2024, "-f", form).out for form in forms] == before
    assert [two("report", "--period", "2024", "-f", form).out for form in forms] == before
    assert row_of(two, "members-admitted", "--province", "Hưng Yên", "--period", "2024")["actual"] == 7


def test_the_structure_of_today_adds_what_merged_and_names_the_parts(two: Ucli) -> None:
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    asked = ("--province", "Hưng Yên", "--period", "2024", *NOW)
    answer = two("report", *asked, "-f", "json").json
    actual = {row["indicator"]: row["actual"] for row in answer["rows"]}
    assert (actual["members-admitted"], actual["members-total"]) == (57, 280_000)
    parts = {part["unit"]["name"]: part for part in answer["parts"]}
    assert parts["LĐLĐ tỉnh Thái Bình"]["until"] == "2025-07-01"
    assert [row["actual"] for row in parts["LĐLĐ tỉnh Thái Bình"]["rows"]] == [1, 2, 50, 180_000]
    text = two("report", *asked, "--lang", "vi").out
    assert "trong đó LĐLĐ tỉnh Thái Bình" in text
    assert "Quy về tổ chức ngày" in text
    assert "Tính theo đơn vị trực thuộc tại thời điểm phát sinh." in two(*TB_2024, "--lang", "vi").out
    # As of the day before, the two were two.
    then = ("--period", "2024", "--structure", "2025-06-30")
    assert row_of(two, "members-admitted", "--province", "Hưng Yên", *then)["actual"] == 7


def test_what_counts_in_the_successor_is_no_gap_in_a_part(two: Ucli) -> None:
    two("add-figure", "news-items", "20", "--unit", "Thái Bình", "--period", "2025-H1")
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    two("add-figure", "news-items", "120", "--unit", "Hưng Yên", "--period", "2025", "--with-predecessors")
    answer = two("report", "--province", "Hưng Yên", "--period", "2025", *NOW, "-f", "json").json
    assert [row["actual"] for row in answer["rows"] if row["indicator"] == "news-items"] == [120]
    assert not [row for part in answer["parts"] for row in part["rows"] if row["status"] == "no-data"]


def test_targets_stay_with_their_unit_until_somebody_says_otherwise(two: Ucli) -> None:
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    asked = ("--province", "Hưng Yên", "--period", "2024", *NOW)
    answer = two("report", "--indicator", "members-admitted", *asked, "-f", "json").json
    assert answer["rows"][0]["target"] is None
    assert [part["rows"][0]["target"] for part in answer["parts"]] == [10, 60]
    summed = row_of(two, "members-admitted", *asked, "--sum-predecessors")
    assert (summed["target"], summed["actual"], summed["percent"]) == (70, 57, "81.4")


def test_a_merger_inside_the_window_shows_the_other_units_target_as_its_own(two: Ucli) -> None:
    for unit, target in (("Thái Bình", 50), ("Hưng Yên", 10)):
        two("set-target", "members-admitted", target, "--unit", unit, "--period", "2025")
    two("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2025-03-01")
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    two("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2025-08-01")
    asked = ("--province", "Hưng Yên", "--period", "2025")
    answer = two("report", "--indicator", "members-admitted", *asked, "-f", "json").json
    assert (answer["rows"][0]["target"], answer["rows"][0]["actual"]) == (10, 1)
    assert [(part["rows"][0]["target"], part["rows"][0]["actual"]) for part in answer["parts"]] == [(50, 1)]
    assert "stay with the units they were set for" in two("report", *asked).out
    summed = row_of(two, "members-admitted", *asked, "--sum-predecessors")
    assert (summed["target"], summed["actual"]) == (60, 2)
    two("set-target", "members-admitted", 55, "--unit", "Hưng Yên", "--period", "2025")
    whole = row_of(two, "members-admitted", *asked, *NOW)
    assert (whole["target"], whole["actual"]) == (55, 2)


def test_a_unit_of_the_past_has_no_place_in_todays_structure(two: Ucli, ucli: Ucli) -> None:
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    for command in (TB_2024, ("movement", "--unit", "Thái Bình"), ("members", "--unit", "Thái Bình")):
        answer = ucli(*command, *NOW)
        assert answer.code == 5
        assert "Hưng Yên" in answer.err
    assert (
        "This unit was closed on 01/07/2025; succeeded by: LĐLĐ tỉnh Hưng Yên."
        in two("report", "--province", "Thái Bình", "--period", "2025").out
    )


@pytest.mark.parametrize(
    "words",
    [
        ("add-union", "CĐCS Mới", "--parent", "HH", "--founded", "2025-08-01"),
        ("add-member", "A", "--union", "XN", "--admitted", "2025-08-01"),
        ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "1tr", "--on", "2025-08-01"),
        ("add-figure", "news-items", "5", "--unit", "HH", "--period", "2025-08"),
        ("move-unit", "TRUONG", "--to", "HH", "--on", "2025-08-01"),
        ("rename-unit", "HH", "Tên khác", "--on", "2025-08-01"),
        ("merge-unit", "HH", "--into", "KX", "--on", "2025-08-01"),
        ("set-cluster", "Cụm 1", "--year", "2026", "--units", "HH"),
    ],
)
def test_nothing_is_recorded_after_a_units_end_and_the_successor_is_named(
    province: Ucli, ucli: Ucli, words: tuple[str, ...]
) -> None:
    province("add-union", "CĐCS Xí nghiệp", "--parent", "KX", "--founded", "2024-01-01", "--code", "XN")
    province("merge-unit", "XN", "--into", "MAY", "--on", "2025-07-01")
    province("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX")
    answer = ucli(*words)
    assert answer.code == 5
    assert "was closed on 01/07/2025" in answer.err
    assert "(KX)" in answer.err or "(MAY)" in answer.err


def test_a_split_unit_gives_its_units_to_the_parts(province: Ucli) -> None:
    words = ("--into", "Hưng Hà Đông", "--into", "Hưng Hà Tây", "--children", "Hưng Hà Đông=MAY")
    answer = province("split-unit", "HH", *words, "--on", "2025-05-01", "-f", "json")
    assert answer.json["into"] == ["HUNG-HA-DONG", "HUNG-HA-TAY"]
    assert parents(province, "2025-05-01")["MAY"] == "Hưng Hà Đông"
    assert parents(province, "2025-04-30")["MAY"] == "LĐLĐ huyện Hưng Hà"
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    # Nobody knows which part's it was: it counts where both stand.
    assert row_of(province, "news-items", "--unit", "Hưng Hà Đông", "--period", "2024", *NOW)["actual"] is None
    assert row_of(province, "news-items", "--province", "Thái Bình", "--period", "2024", *NOW)["actual"] == 5


def test_a_unit_can_give_a_part_away_and_go_on(province: Ucli) -> None:
    province("split-unit", "HH", "--keep", "--into", "Hưng Hà Tây", "--on", "2025-05-01")
    assert {"HH", "HUNG-HA-TAY"} <= set(parents(province, "2025-05-01"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("move-unit", "KX", "--to", "TRUONG", "--on", "2024-06-01"), 4),  # a kind under a lower one
        (("move-unit", "Thái Bình", "--to", "HH", "--on", "2024-06-01"), 4),
        (("move-unit", "HH", "--to", "HH", "--on", "2024-06-01"), 4),
        (("move-unit", "TRUONG", "--to", "HH", "--on", "2023-06-01"), 5),  # before its founding
        (("move-unit", "MAY", "--to", "KX", "--on", "2023-05-10"), 5),  # on the day of its founding
        (("move-unit", "MAY", "--to", "KX", "--on", "2099-01-01"), 4),
        (("end-union", "TRUONG", "--on", "2024-02-01"), 5),
        (("end-union", "TRUONG", "--on", "2023-12-31"), 5),
        (("end-unit", "HH", "--on", "2025-01-01"), 5),  # a child would be alive under an ended parent
        (("end-unit", "HH", "--on", "2025-01-01", "--successor", "MAY"), 4),
        (("end-unit", "HH", "--on", "2025-01-01", "--reason", "whim"), 2),
        (("merge-unit", "HH", "--into", "HH", "--on", "2025-01-01"), 4),
        (("merge-unit", "HH", "HH", "--into", "KX", "--on", "2025-01-01"), 4),
        (("merge-unit", "HH", "--into", "MAY", "--on", "2025-01-01"), 4),
        (("merge-unit", "MAY", "--into", "KX", "--on", "2025-01-01"), 4),
        (("split-unit", "HH", "--into", "A", "--on", "2025-01-01"), 4),
        (("split-unit", "HH", "--into", "A", "--into", "B", "--on", "2025-01-01"), 5),
        (("split-unit", "HH", "--into", "A", "--into", "B", "--on", "2025-01-01", "--children", "C=MAY"), 2),
        (("rename-unit", "HH", "--on", "2025-01-01"), 2),
        (("rename-unit", "HH", "LĐLĐ huyện Kiến Xương", "--on", "2025-01-01"), 5),
        (("rename-unit", "HH", "--code", "KX", "--on", "2025-01-01"), 5),
        (("rename-unit", "HH", "--kind", "province", "--on", "2025-01-01"), 4),
        (("end-union", "Không Có", "--on", "2025-01-01"), 3),
        (("units", "--structure", "yesterday"), 4),
        (("report", "--by", "cluster", "--structure", "now"), 2),
    ],
)
def test_bad_structure_is_refused_and_nothing_is_written(
    province: Ucli, ucli: Ucli, words: tuple[str, ...], code: int
) -> None:
    before = province("log", "-f", "json").out
    answer = ucli(*words)
    assert answer.code == code, answer.err
    assert "Traceback" not in answer.err
    assert province("log", "-f", "json").out == before


def test_the_same_change_twice_on_a_day_is_refused(province: Ucli, ucli: Ucli) -> None:
    province("add-unit", "LĐLĐ huyện Vũ Thư", "--kind", "district", "--code", "VT")
    province("move-unit", "MAY", "--to", "KX", "--on", "2024-06-01")
    assert "Nothing to change" in province("move-unit", "MAY", "--to", "KX", "--on", "2024-06-01").err
    assert ucli("move-unit", "MAY", "--to", "VT", "--on", "2024-06-01").code == 5
    province("rename-unit", "MAY", "CĐCS May Mới", "--on", "2024-06-01")
    assert ucli("rename-unit", "MAY", "CĐCS May Khác", "--on", "2024-06-01").code == 5
    province("end-union", "MAY", "--on", "2024-07-01")
    assert ucli("end-union", "MAY", "--on", "2024-07-01").code == 5


def test_a_unit_cannot_come_under_one_that_stands_below_it(province: Ucli, ucli: Ucli) -> None:
    province("add-union", "CĐCS Tổng", "--parent", "MAY", "--founded", "2024-01-01", "--code", "TONG")
    assert ucli("move-unit", "MAY", "--to", "TONG", "--on", "2024-06-01").code == 5


def test_units_go_on_to_whoever_followed_a_successor_that_ended_before_they_came(province: Ucli) -> None:
    """XA comes under HH only in July, when KX, into which HH was merged, had itself ended in VT."""
    province("add-unit", "LĐLĐ huyện Vũ Thư", "--kind", "district", "--code", "VT")
    province("add-unit", "Công đoàn xã Mẫu", "--kind", "ward", "--parent", "VT", "--code", "XA")
    province("move-unit", "XA", "--to", "HH", "--on", "2025-07-01")
    province("end-unit", "KX", "--on", "2025-03-01", "--reason", "reorganised", "--successor", "VT")
    province("merge-unit", "HH", "--into", "KX", "--on", "2024-09-01")
    assert parents(province, "2025-12-31")["XA"] == "LĐLĐ huyện Vũ Thư"
    assert parents(province, "2025-12-31")["MAY"] == "LĐLĐ huyện Vũ Thư"
    province("undo")
    assert parents(province, "2025-12-31")["XA"] == "LĐLĐ huyện Hưng Hà"


def test_a_part_is_named_once_and_may_take_in_the_rest_on_the_same_day(province: Ucli, ucli: Ucli) -> None:
    keep = ("--keep", "--on", "2025-07-01")
    assert "named twice" in ucli("split-unit", "HH", "--into", "KX", "--into", "KX", *keep, expect=4).err
    province("split-unit", "HH", "--into", "KX", *keep)
    assert "Nothing to change" in province("split-unit", "HH", "--into", "KX", *keep).err
    province("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01")
    assert parents(province, "2025-07-01")["MAY"] == "LĐLĐ huyện Kiến Xương"


def test_an_earlier_change_can_be_recorded_later(province: Ucli) -> None:
    province("add-unit", "LĐLĐ huyện Vũ Thư", "--kind", "district", "--code", "VT")
    province("move-unit", "MAY", "--to", "VT", "--on", "2024-06-01")
    province("move-unit", "MAY", "--to", "KX", "--on", "2024-03-01")
    under = [parents(province, day)["MAY"] for day in ("2024-02-01", "2024-04-01", "2024-07-01")]
    assert under == ["LĐLĐ huyện Hưng Hà", "LĐLĐ huyện Kiến Xương", "LĐLĐ huyện Vũ Thư"]


def test_nothing_may_have_happened_after_an_end(province: Ucli, ucli: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-08-01")
    assert "on 01/08/2024" in ucli("end-union", "MAY", "--on", "2024-07-01", expect=5).err


def test_units_can_be_shown_as_a_tree(province: Ucli) -> None:
    out = province("units", "--tree").out
    assert "LĐLĐ tỉnh Thái Bình" in out
    assert "· LĐLĐ huyện Hưng Hà" in out
    assert "· · CĐCS May Hưng Hà" in out
    depths = [(row["code"], row["depth"]) for row in province("units", "--tree", "-f", "json").json]
    assert depths == [("34", 0), ("HH", 1), ("MAY", 2), ("KX", 1), ("TRUONG", 2)]


def test_undo_of_any_change_restores_every_answer(two: Ucli) -> None:
    questions = (
        TB_2024,
        ("report", "--by", "district", "--period", "2025"),
        ("movement", "--by", "unit", "--period", "2025"),
        ("units", "--tree"),
        ("units", "--on", "2024-12-31"),
        ("show", "HH"),
    )
    before = [two(*question).out for question in questions]
    for change in (
        ("rename-unit", "HH", "Tên khác", "--on", "2025-02-01"),
        ("move-unit", "HH", "--to", "Hưng Yên", "--on", "2025-02-01"),
        ("merge-unit", "HH", "--into", "KX", "--on", "2025-02-01"),
        ("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01"),
        ("split-unit", "KX", "--into", "A", "--into", "B", "--children", "A=TRUONG", "--on", "2025-02-01"),
        ("end-union", "MAY", "--on", "2025-02-01"),
        ("adopt-2025",),
    ):
        two(*change)
        after = [two(*question).out for question in questions]
        assert after != before
        two("undo")
        assert [two(*question).out for question in questions] == before
        two("redo")
        assert [two(*question).out for question in questions] == after
        two("undo")


def test_undo_is_refused_where_a_later_operation_stands_on_the_change(province: Ucli, ucli: Ucli) -> None:
    province("move-unit", "MAY", "--to", "KX", "--on", "2024-06-01")
    province("end-unit", "HH", "--on", "2025-01-01")
    answer = ucli("undo", "6", expect=5)
    assert "Operation 7" in answer.err


def test_a_grouped_table_of_today_shows_the_parts_with_their_targets(two: Ucli, ucli: Ucli) -> None:
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    asked = ("report", "--by", "province", "--period", "2024", *NOW, "--indicator", "members-admitted")
    two("add-unit", "Tổng Liên đoàn", "--kind", "confederation")
    [group] = two(*asked, "--province", "Hưng Yên", "-f", "json").json["groups"]
    assert group["rows"][0]["target"] is None
    assert [part["rows"][0]["target"] for part in group["parts"]] == [10, 60]
    assert ucli("report", "--province", "Hưng Yên", "--period", "2024", *NOW, "--fail-under", "95").code == 6


def test_a_target_is_set_for_a_unit_that_lives_in_its_window(province: Ucli, ucli: Ucli) -> None:
    province("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX")
    for words in (("--unit", "HH"), ("--unit", "KX", "--issuer", "HH")):
        assert "(KX)" in ucli("set-target", "news-items", "5", *words, "--period", "2026", expect=5).err
    province("set-target", "news-items", "5", "--unit", "HH", "--period", "2025")


def test_a_unit_comes_under_one_part_of_a_split_only(province: Ucli, ucli: Ucli) -> None:
    words = ("--into", "X", "--into", "Y", "--children", "X=MAY", "--children", "Y=MAY", "--on", "2025-01-01")
    assert ucli("split-unit", "HH", *words).code == 4
    assert (
        ucli("split-unit", "HH", "--into", "MAY", "--into", "Y", "--children", "Y=MAY", "--on", "2025-01-01").code == 4
    )


def test_units_of_another_days_structure_are_the_units_of_that_day(province: Ucli, ucli: Ucli) -> None:
    province("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX")
    on, structure = (province("units", "--tree", word, "2025-06-30").out for word in ("--on", "--structure"))
    assert on == structure
    assert ucli("units", "--on", "2025-06-30", *NOW).code == 2


def test_the_structure_of_then_and_the_targets_of_all_exclude_each_other(province: Ucli, ucli: Ucli) -> None:
    assert ucli("report", "--structure", "then", "--sum-predecessors").code == 2


def test_a_chain_of_ends_on_one_day_leads_to_the_last(province: Ucli) -> None:
    province("end-unit", "HH", "--on", "2025-07-01", "--successor", "Thái Bình")
    province("adopt-2025")
    assert parents(province, "2025-07-01")["MAY"] == "LĐLĐ tỉnh Hưng Yên"
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024")
    assert row_of(province, "news-items", "--province", "Hưng Yên", "--period", "2024", *NOW)["actual"] == 5


def test_a_unit_that_ended_keeps_the_stock_of_its_last_day(two: Ucli) -> None:
    two("merge-unit", "Thái Bình", "--into", "Hưng Yên", "--on", "2025-07-01")
    assert row_of(two, "members-total", "--province", "Thái Bình", "--period", "2025")["actual"] == 180_000
    assert row_of(two, "members-total", "--province", "Hưng Yên", "--period", "2025")["actual"] == 280_000


@pytest.fixture
def recorded_late(province_after: After) -> Ucli:
    """The small province, where a merger of 1 July comes to the ledger after what was recorded since."""
    return province_after("""
        add-payout --unit HH --programme tet --amount 1tr --on 2025-06-30
        add-payout --unit HH --programme tet --amount 2tr --on 2025-07-01
        add-payout --unit HH --programme visit --amount 3tr --on 2025-08-05
        add-figure news-items 5 --unit HH --period 2025-08
        set-target news-items 50 --unit HH --period 2025-Q4
        add-award HH "Cờ thi đua" --period 2025-Q3
    """)


def test_an_end_with_rows_past_it_names_them_all_and_how_they_go_over(recorded_late: Ucli, ucli: Ucli) -> None:
    merger = ("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01")
    for change in (merger, ("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX")):
        refusal = ucli(*change, expect=5).err
        assert "“ucli payouts”: 2 (01/07/2025), 3 (05/08/2025)" in refusal
        assert "“ucli figures”: 1 (01/08/2025)" in refusal
        assert "“ucli targets”: 1 (01/10/2025)" in refusal
        assert "“ucli awards”: 1 (01/07/2025)" in refusal
        assert "With --carry they go over to LĐLĐ huyện Kiến Xương" in refusal
    assert "--carry" not in ucli("end-unit", "HH", "--on", "2025-07-01", expect=5).err


@pytest.mark.parametrize("change", ["merge-unit HH --into KX", "end-unit HH --successor KX"])
def test_what_was_recorded_past_a_merger_is_carried_over_and_undo_takes_it_back(
    recorded_late: Ucli, change: str
) -> None:
    asked = (("payouts", "-f", "json"), ("figures", "-f", "json"), ("units", "--tree"), TB_2025)
    before = [recorded_late(*question).out for question in asked]
    answer = recorded_late(*change.split(), "--on", "2025-07-01", "--carry", "-f", "json")
    assert answer.json["carried"] == 5
    assert "Records moved: 5." in answer.err
    for register, units in (("payouts", "HKK"), ("figures", "K"), ("targets", "K"), ("awards", "K")):
        rows = sorted(recorded_late(register, "-f", "json").json, key=lambda it: it["number"])
        assert [row["unit"].split()[2][0] for row in rows] == [*units], register
    recorded_late("undo")
    assert [recorded_late(*question).out for question in asked] == before


def test_what_the_successor_has_too_is_not_carried_over(recorded_late: Ucli, ucli: Ucli) -> None:
    recorded_late("add-figure", "news-items", "7", "--unit", "KX", "--period", "2025-08")
    before = recorded_late("log", "-f", "json").out
    words = ("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01", "--carry")
    assert (
        "Number 1 cannot be moved: LĐLĐ huyện Kiến Xương already has one of the same kind" in ucli(*words, expect=5).err
    )
    assert recorded_late("log", "-f", "json").out == before


def test_members_of_a_merged_union_go_over_whenever_they_came_or_left(province: Ucli, ucli: Ucli) -> None:
    for name, day in (("Trần Thị Mẫu", "2025-01-05"), ("Lê Văn Thử", "2025-01-06"), ("Vũ Thị Sau", "2025-08-01")):
        province("add-member", name, "--union", "MAY", "--admitted", day)
    province("end-membership", "Lê Văn Thử", "--on", "2025-09-01", "--reason", "retired")
    province("transfer-member", "Trần Thị Mẫu", "--to", "TRUONG", "--on", "2025-10-01")
    province("add-union", "CĐCS May Hai", "--parent", "KX", "--founded", "2024-01-01", "--code", "HAI")
    words = ("merge-unit", "MAY", "--into", "HAI", "--on", "2025-07-01")
    assert "“ucli members --left”: 2 (01/09/2025), 1 (01/10/2025)" in ucli(*words, expect=5).err
    province(*words, "--carry")
    for day, members in (("2025-06-30", (2, 0, 0)), ("2025-08-01", (0, 3, 0)), ("2025-12-31", (0, 1, 1))):
        for union, count in zip(("MAY", "HAI", "TRUONG"), members, strict=True):
            asked = ("--unit", union, "--indicator", "members-total", "--period", day)
            assert row_of(province, asked[3], *asked[:2], *asked[4:])["actual"] in (count, count or None), (union, day)
    assert province("check", "-f", "json").json == []
    province("undo")
    assert len(province("members", "--unit", "MAY", "-f", "json").json) == 1


def test_rows_are_carried_to_one_unit_that_follows(province: Ucli, ucli: Ucli) -> None:
    assert "--successor" in ucli("end-union", "MAY", "--on", "2025-07-01", "--carry", expect=2).err


def test_a_return_on_the_day_of_a_transfer_is_an_undo(province: Ucli, ucli: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2025-01-05")
    province("transfer-member", "1", "--to", "TRUONG", "--on", "2025-02-01")
    refusal = ucli("transfer-member", "Trần Thị Mẫu", "--to", "MAY", "--on", "2025-02-01", expect=5).err
    assert "ucli undo 7" in refusal
    province("undo", "7")
    assert [row["union"] for row in province("members", "-f", "json").json] == ["CĐCS May Hưng Hà"]


def test_units_stand_in_the_order_that_an_office_gives_them_else_in_that_of_official_lists(province: Ucli) -> None:
    province("add-unit", "Công đoàn ngành Giáo dục", "--kind", "sector", "--code", "GD")
    province("add-unit", "LĐLĐ thành phố Thái Bình", "--kind", "district", "--code", "TP")
    province("add-unit", "LĐLĐ huyện An Mẫu", "--kind", "district", "--code", "AM")

    def ordered() -> list[str]:
        answer = json.loads(province("report", "--period", "2024", "--by", "unit", "-f", "json").out)
        in_report = [it["unit"]["code"] for it in answer["groups"]]
        listed = [it["code"] for it in json.loads(province("units", "--tree", "-f", "json").out)]
        assert [it for it in listed if it in in_report] == in_report
        return in_report

    assert ordered() == ["TP", "HH", "KX", "AM", "GD"]
    province("rename-unit", "AM", "--order", "1", "--on", "1/1/2024")
    province("add-unit", "LĐLĐ huyện Tiên Mẫu", "--kind", "district", "--code", "TM", "--order", "2")
    assert ordered() == ["AM", "TM", "TP", "HH", "KX", "GD"]
    province("rename-unit", "AM", "--order", "0", "--on", "1/1/2024")
    assert ordered()[0] == "TM"
    province("undo")
    assert ordered()[0] == "AM"


def test_a_city_within_the_province_that_is_typed_as_a_province_is_doubted(province: Ucli) -> None:
    said = province("add-unit", "LĐLĐ thành phố Ví Dụ", "--kind", "thành phố", "--code", "VD", "--lang", "vi").err
    assert "thành phố, thị xã thuộc tỉnh thì ghi loại là quận/huyện" in said
    for name, kind in (("LĐLĐ thành phố Hải Phòng", "thành phố"), ("LĐLĐ thành phố Mẫu", "quận/huyện")):
        assert "Cảnh báo" not in province("add-unit", name, "--kind", kind, "--lang", "vi").err


def test_a_unit_that_is_needed_is_refused_by_the_name_it_has_and_not_one_that_was_undone(
    province: Ucli, ucli: Ucli
) -> None:
    province("rename-unit", "KX", "LĐLĐ huyện Sai Tên", "--on", "2025-06-01")
    province("undo")
    province("set-cluster", "Cụm 1", "--year", "2025", "--units", "HH,KX", "--lead", "HH")
    refused = ucli("void-unit", "KX", "--lang", "vi", expect=5).err
    assert "Trường" in refused.splitlines()[0]
    assert "dựa vào LĐLĐ huyện Kiến Xương" in refused
    assert "Sai Tên" not in refused
    assert "bảng khác" not in refused
    assert "Cụm thi đua năm 2025: dựa vào" in refused


def test_whoever_was_admitted_before_two_mergers_on_one_day_is_in_the_union_that_stands(province: Ucli) -> None:
    for code in ("MOT", "HAI", "BA"):
        province("add-union", f"CĐCS {code}", "--parent", "HH", "--founded", "2020-01-01", "--code", code)
    province("merge-unit", "MOT", "--into", "HAI", "--on", "2025-07-01")
    province("merge-unit", "HAI", "--into", "BA", "--on", "2025-07-01")
    province("add-member", "Lê Văn Thử", "--union", "MOT", "--admitted", "2024-05-01")
    [member] = province("members", "--union", "BA", "--on", "2025-07-01", "-f", "json").json
    assert (member["name"], member["admitted"]) == ("Lê Văn Thử", "2025-07-01")
    province("check")
