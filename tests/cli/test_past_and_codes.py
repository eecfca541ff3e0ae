"""What was known then stays readable whatever happened since, and a code means who bears it on the day in question."""

from tests.conftest import Ucli


def test_what_was_known_is_printed_the_same_after_every_change(province: Ucli) -> None:
    province("add-figure", "members-total", 500, "--unit", "HH", "--period", "2024-12-31")
    known = ("--as-known", "6")
    questions = [
        ("report", "--period", "2025", *known),
        ("report", "--period", "2024", "--structure", "2025-12-01", *known),
        ("report", "--unit", "HH", "--period", "2025", "--structure", "2025-12-01", *known),
        ("movement", "--by", "district", "--period", "2025", *known),
        ("explain", "members-total", "--period", "2025", *known),
    ]
    before = [province(*question).out for question in questions]
    for change in (
        ("move-unit", "TRUONG", "--to", "HH", "--on", "2025-02-01"),
        ("rename-unit", "HH", "Tên khác", "--on", "2025-03-01"),
        ("merge-unit", "HH", "--into", "KX", "--on", "2025-06-01"),
        ("adopt-2025",),
    ):
        province(*change)
        assert [province(*question).out for question in questions] == before


def test_a_code_means_who_bears_it_on_the_day_of_the_fact(ok: Ucli, ucli: Ucli) -> None:
    ok("init")
    ok("add-unit", "Yên Bái", "--kind", "province")
    ok("add-unit", "Lào Cai", "--kind", "province")
    ok("adopt-2025")
    ok("add-figure", "news-items", 5, "--unit", "15", "--period", "2024")
    ok("set-target", "news-items", 9, "--unit", "15", "--period", "2024")
    answer = ok("report", "--province", "Yên Bái", "--period", "2024", "-f", "json").json
    assert (answer["rows"][0]["target"], answer["rows"][0]["actual"]) == (9, 5)
    assert ok("report", "--province", "15", "--period", "2024", "-f", "json").json == answer
    assert len(ok("figures", "--unit", "15", "--period", "2024", "-f", "json").json) == 1
    refused = ucli("add-union", "CĐCS A", "--parent", "10", "--founded", "2025-08-01", expect=3)
    assert "the code of Lào Cai, but on other days" in refused.err


def test_an_unmeasured_predecessor_does_not_flatter_its_successor(province: Ucli) -> None:
    province("set-target", "news-items", 1000, "--unit", "HH", "--period", "2024")
    for unit, value in (("HH", 900), ("KX", 500)):
        province("add-figure", "news-items", value, "--unit", unit, "--period", "2024")
    province("merge-unit", "KX", "--into", "HH", "--on", "2025-07-01")
    asked = ("report", "--unit", "HH", "--period", "2024", "--structure", "now", "--indicator", "news-items")
    answer = province(*asked, "-f", "json").json
    assert (answer["rows"][0]["target"], answer["rows"][0]["actual"]) == (None, 1400)
    assert answer["parts"][0]["rows"][0]["percent"] == "90.0"


def test_a_stock_that_ended_is_zero_and_not_unknown(province: Ucli) -> None:
    province("add-figure", "members-total", 500, "--unit", "KX", "--period", "2024-12-31")
    province("end-union", "TRUONG", "--on", "2025-02-01")
    province("end-unit", "KX", "--on", "2025-03-01")
    rows = province("report", "--period", "2025-Q2", "--indicator", "members-total", "-f", "json").json["rows"]
    assert rows[0]["actual"] == 0


def test_the_parts_of_an_explanation_add_up_after_a_merger(province: Ucli) -> None:
    for code in ("workers-total", "members-total"):
        for unit, value in (("HH", 500), ("KX", 300)):
            province("add-figure", code, value, "--unit", unit, "--period", "2024-12-31")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2025-01-10")
    province("merge-unit", "HH", "--into", "KX", "--on", "2025-03-01")
    for code, total in (("workers-total", 800), ("members-total", 801)):
        [cell] = province("explain", code, "--unit", "KX", "--period", "2025-Q2", "-f", "json").json["cells"]
        counted = [part["value"] for part in cell["parts"] if part["use"] == "counted"]
        assert cell["value"] == sum(counted) == total


def test_a_term_ends_with_its_unit_and_shares_no_code_with_a_period(province: Ucli, ucli: Ucli) -> None:
    term = ("--term", "--unit", "HH", "--from", "2023-03-01", "--to", "2028-02-28")
    province("add-period", "2023-2028", *term)
    province("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01")
    assert [row["cut"] for row in province("periods", "-f", "json").json] == ["2025-06-30"]
    assert province("report", "--unit", "HH", "--period", "2023-2028", "-f", "json").json["as_of"] == "2025-06-30"
    province("add-period", "dot1", "--from", "2024-07-01", "--to", "2024-07-31")
    later = ("--from", "2026-01-01", "--to", "2027-01-01")
    assert ucli("add-period", "dot1", "--term", "--unit", "KX", *later).code == 5
    province("add-period", "nk1", "--term", "--unit", "KX", *later)
    assert ucli("add-period", "nk1", *later).code == 5


def test_a_unit_with_targets_of_later_years_does_not_end_unnoticed(province: Ucli, ucli: Ucli) -> None:
    province("set-target", "news-items", 5, "--unit", "HH", "--period", "2026")
    assert "ucli targets" in ucli("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX", expect=5).err


def test_a_group_without_names_does_not_leave_unnoticed(province: Ucli, ucli: Ucli) -> None:
    province("add-union", "CĐCS Bến xe", "--parent", "KX", "--founded", "2024-03-01", "--members", "40")
    for words in (("end-membership", "1", "--reason", "retired"), ("transfer-member", "1", "--elsewhere")):
        assert ucli(*words, "--on", "2024-06-01").code == 4
    said = province("end-membership", "1", "--reason", "retired", "--on", "2024-06-01", "-y").err
    assert "Members of group 1 who left on 01/06/2024: 40." in said


def test_undo_leaves_no_unit_under_a_kind_it_does_not_belong_under(province: Ucli, ucli: Ucli) -> None:
    province("add-unit", "Xã Minh Khai", "--kind", "ward", "--code", "MK")
    province("rename-unit", "MK", "Huyện Minh Khai", "--kind", "district", "--on", "2024-02-01")
    province("add-unit", "Xã Chí Hòa", "--kind", "ward", "--parent", "MK", "--founded", "2024-06-01")
    assert "Operation 8" in ucli("undo", "7", expect=5).err


def test_the_first_of_all_days_is_a_day_like_others(province: Ucli) -> None:
    for command in ("movement", "report"):
        province(command, "--period", "0001", "--by", "district")


def test_nobody_knows_the_organisation_of_tomorrow(province: Ucli, ucli: Ucli) -> None:
    for words in (("report",), ("units",), ("members",)):
        assert ucli(*words, "--structure", "2099-01-01").code == 4


def test_a_cluster_does_not_become_a_unit_of_the_tree(province: Ucli, ucli: Ucli) -> None:
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX")
    province("rename-unit", "Cụm 1", "Cụm số 1", "--on", "2025-01-01")
    assert ucli("rename-unit", "Cụm số 1", "--kind", "district", "--on", "2025-02-01").code == 4
    for words in (("end-unit", "Cụm số 1"), ("move-unit", "Cụm số 1", "--to", "HH")):
        assert ucli(*words, "--on", "2025-02-01").code == 3


def test_an_operation_is_not_undone_by_the_number_it_would_bear_itself(province: Ucli, ucli: Ucli) -> None:
    following = province("log", "-f", "json").json[0]["operation"] + 1
    for command in ("undo", "redo"):
        assert f"There is no operation {following}." in ucli(command, following, expect=3).err
    assert len(province("log", "-f", "json").json) == following - 1
