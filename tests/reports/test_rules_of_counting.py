"""What counts, and how often: the rules a table follows, through the command line."""

from typing import Any

import pytest

from tests.conftest import Rows, Ucli

pytestmark = pytest.mark.lake

THAI_BINH = ("--province", "Thái Bình", "--period", "2024")


def test_a_figure_covers_the_records_inside_its_box(province: Ucli, rows: Rows) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-09-01")
    province("add-figure", "members-admitted", "7000", "--unit", "Thái Bình", "--period", "2024-H1")
    assert rows(*THAI_BINH)["members-admitted"]["actual"] == 7001


def test_a_smaller_figure_inside_a_larger_one_is_not_added_again(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-admitted", "300", "--unit", "HH", "--period", "2024-03")
    province("add-figure", "members-admitted", "7000", "--unit", "Thái Bình", "--period", "2024-H1")
    province("add-figure", "members-admitted", "200", "--unit", "HH", "--period", "2024-08")
    assert rows(*THAI_BINH)["members-admitted"]["actual"] == 7200


@pytest.mark.parametrize("first", ["month", "year"])
def test_a_unit_may_state_its_year_after_a_month_of_it_or_before(province: Ucli, rows: Rows, first: str) -> None:
    words = ("add-figure", "members-admitted", "--unit", "HH")
    stated = [(*words, "300", "--period", "2024-03"), (*words, "7000", "--period", "2024")]
    for figure in stated if first == "month" else reversed(stated):
        province(*figure)
    assert rows(*THAI_BINH)["members-admitted"]["actual"] == 7000
    assert rows(*THAI_BINH[:3], "2024-03")["members-admitted"]["actual"] == 300


def test_a_table_says_what_was_stated_and_what_was_collected_from_below(province: Ucli) -> None:
    province("add-figure", "members-admitted", "6.850", "--unit", "HH", "--period", "2024-H1")
    province("add-figure", "members-admitted", "7.000", "--unit", "Thái Bình", "--period", "2024-H1")
    assert "stated 7.000, collected from below 6.850" in province("report", *THAI_BINH).out


@pytest.mark.parametrize(("second", "collected"), [("2024-03-05", "50"), ("2024-05-05", "53")])
def test_what_was_collected_counts_once_what_a_unit_below_recorded_and_stated_too(
    province: Ucli, ucli: Ucli, second: str, collected: str
) -> None:
    payout = ("add-payout", "--unit", "MAY", "--programme", "visit", "--amount")
    province(*payout, "47 triệu", "--on", "2024-02-01")
    province(*payout, "3 triệu", "--on", second)
    province("add-figure", "welfare-amount", "50 triệu", "--unit", "HH", "--period", "2024-Q1", "--source", "BC 1")
    province("add-figure", "welfare-amount", "60 triệu", "--unit", "Thái Bình", "--period", "2024-H1")
    found = province("report", *THAI_BINH, "--indicator", "welfare-amount").out
    assert f"stated 60.000.000 đồng, collected from below {collected}.000.000 đồng (figure 2)" in found
    assert "LĐLĐ tỉnh Thái Bình" not in ucli("check").out


def test_a_figure_whose_window_is_not_inside_the_reports_is_left_out_and_named(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-admitted", "7000", "--unit", "Thái Bình", "--period", "2024-H1")
    words = ("--province", "Thái Bình", "--period", "2024-Q1")
    row = rows(*words)["members-admitted"]
    assert (row["actual"], row["status"], row["left_out"]) == (None, "no-data", [1])
    text = province("report", *words).out
    assert "Left out, because 2024-H1" in text
    assert "7.000 (figure 1)" in text


def test_half_overlapping_figures_of_two_levels_do_not_count_twice(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-admitted", "100", "--unit", "Thái Bình", "--period", "2024-H1")
    province("add-figure", "members-admitted", "40", "--unit", "HH", "--period", "2024-05-01..2024-08-31")
    row = rows(*THAI_BINH)["members-admitted"]
    assert (row["actual"], row["qualifier"], row["left_out"]) == (100, "at-least", [2])


def test_the_same_figure_again_changes_nothing_and_another_value_is_refused(province: Ucli, ucli: Ucli) -> None:
    words = ("add-figure", "members-admitted", "7000", "--unit", "HH", "--period", "2024-H1")
    province(*words)
    assert "Nothing to change" in province(*words).err
    assert ucli(*words[:2], "7001", *words[3:]).code == 5
    province("void-figure", "1")
    province(*words[:2], "7001", *words[3:])


def test_a_hedge_travels_through_the_sum_and_leaves_the_status_undecided(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-admitted", "hơn 7.000", "--unit", "Thái Bình", "--period", "2024-H1")
    province("set-target", "members-admitted", "10.800", "--unit", "Thái Bình", "--period", "2024")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-09-01")
    row = rows(*THAI_BINH)["members-admitted"]
    assert (row["actual"], row["qualifier"], row["status"]) == (7001, "at-least", "undecided")


@pytest.mark.parametrize(
    ("value", "target", "percent", "status"),
    [
        ("2.425", "1.720", "141.0", "exceeded"),
        ("27", "22", "122.7", "exceeded"),
        ("744", "824", "90.3", "unmet"),
        ("9.996", "10.000", "99.9", "unmet"),
        ("10.000", "10.000", "100.0", "met"),
        ("hơn 7.000", "6.000", "116.6", "exceeded"),
        ("gần 500", "500", "99.9", "unmet"),
        ("khoảng 3.000", "10", "30000.0", "undecided"),
        ("2.100", "2.000-2.500", "105.0", "met"),
        ("2.501", "2.000-2.500", "125.1", "exceeded"),
        ("5", "0", None, "exceeded"),
    ],
)
def test_status_is_exact_and_the_percentage_rounded(
    province: Ucli, rows: Rows, value: str, target: str, percent: str | None, status: str
) -> None:
    province("add-figure", "members-admitted", value, "--unit", "Thái Bình", "--period", "2024")
    province("set-target", "members-admitted", target, "--unit", "Thái Bình", "--period", "2024")
    row = rows(*THAI_BINH)["members-admitted"]
    assert (row["percent"], row["status"]) == (percent, status)


def test_a_row_bears_the_keys_and_types_of_the_contract(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-admitted", "2425", "--unit", "Thái Bình", "--period", "2024")
    province("set-target", "members-admitted", "1720", "--unit", "Thái Bình", "--period", "2024")
    row = rows(*THAI_BINH)["members-admitted"]
    expected = {
        "measure": "đoàn viên",
        "issuer": None,
        "target": 1720,
        "target_kind": "at-least",
        "actual": 2425,
        "qualifier": None,
        "numerator": None,
        "denominator": None,
        "percent": "141.0",
        "exact": [2425, 1720],
        "remaining": 0,
        "status": "exceeded",
        "pace": None,
        "stated_on": None,
        "estimate": None,
        "missing": [],
        "reason": None,
        "against": None,
        "compare": None,
    }
    assert {key: row[key] for key in expected} == expected
    document = province("report", *THAI_BINH, "-f", "json").json
    assert document["schema"] == "ucli.report/1"
    assert document["period"] == {"code": "2024", "start": "2024-01-01", "end": "2024-12-31"}
    assert document["as_of"] == "2024-12-31"
    assert (document["against"], document["compare"]) == (None, None)
    assert document["summary"].items() >= {"targets": 1, "met": 1, "exceeded": 1, "unmet": 0, "undecided": 0}.items()


def test_lower_is_better_is_met_at_or_under_the_target(province: Ucli, rows: Rows) -> None:
    province("set-target", "fatal-accidents", "5", "--unit", "Thái Bình", "--period", "2024")
    province("add-figure", "fatal-accidents", "5", "--unit", "Thái Bình", "--period", "2024")
    province("set-target", "work-stoppages", "tối đa 2", "--unit", "Thái Bình", "--period", "2024")
    province("add-figure", "work-stoppages", "3", "--unit", "Thái Bình", "--period", "2024")
    found = rows(*THAI_BINH)
    assert (found["fatal-accidents"]["target_kind"], found["fatal-accidents"]["status"]) == ("at-most", "met")
    assert found["work-stoppages"]["status"] == "unmet"


def test_a_ceiling_is_not_kept_before_all_units_have_reported(province: Ucli, rows: Rows) -> None:
    def status() -> str:
        return str(rows(*THAI_BINH)["fatal-accidents"]["status"])

    province("set-target", "fatal-accidents", "tối đa 5", "--unit", "Thái Bình", "--period", "2024")
    province("add-figure", "fatal-accidents", "2", "--unit", "HH", "--period", "2024")
    assert status() == "undecided"
    province("add-figure", "fatal-accidents", "3", "--unit", "KX", "--period", "2024")
    assert status() == "met"
    # What is over it already stays over it, whatever the others report.
    province("void-figure", "1")
    province("add-figure", "fatal-accidents", "6", "--unit", "HH", "--period", "2024")
    province("void-figure", "2")
    assert status() == "unmet"


def test_ratios_add_parts_and_wholes(province: Ucli, rows: Rows) -> None:
    province("add-figure", "agreement-coverage", "9/10", "--unit", "HH", "--period", "2024")
    province("add-figure", "agreement-coverage", "45/90", "--unit", "KX", "--period", "2024")
    province("set-target", "agreement-coverage", "85% trở lên", "--unit", "Thái Bình", "--period", "2024")
    row = rows(*THAI_BINH)["agreement-coverage"]
    assert (row["numerator"], row["denominator"], row["actual"], row["target"]) == (54, 100, None, None)
    assert (row["target_percent"], row["status"], row["remaining"]) == ("85", "unmet", 31)


def test_averages_weigh_by_what_they_were_taken_over(province: Ucli, rows: Rows) -> None:
    for unit, wage, weight in (("HH", "8.000.000", 100), ("KX", "10.000.000", 300)):
        province("add-figure", "average-wage", wage, "--weight", weight, "--unit", unit, "--period", "2024")
    row = rows(*THAI_BINH)["average-wage"]
    assert row["numerator"] / row["denominator"] == 9_500_000


def test_an_average_without_its_weight_is_refused(province: Ucli, ucli: Ucli) -> None:
    assert ucli("add-figure", "average-wage", "8.000.000", "--unit", "HH", "--period", "2024").code == 4


def test_a_stock_is_its_last_statement_and_the_movements_since(province: Ucli, rows: Rows) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")
    province("add-figure", "members-total", "500", "--unit", "Thái Bình", "--period", "2024-06-30")
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-09-01")
    assert rows(*THAI_BINH)["members-total"]["actual"] == 501
    assert rows(*THAI_BINH, "--as-of", "2024-08-01")["members-total"]["actual"] == 500


@pytest.mark.parametrize("period", ["2024", "2024-Q1", "2020-01-01..2024-12-31"])
def test_a_stock_stated_year_by_year_knows_where_its_unit_stood(province: Ucli, period: str) -> None:
    """A union that had stated its members went over to another district, and stated them again."""
    province("add-union", "CĐCS Bến xe", "--parent", "HH", "--founded", "2019-01-01", "--code", "BX")
    stated = [("HH", 2020, 1000), ("KX", 2020, 2000), ("BX", 2020, 50), ("BX", 2021, 60), ("BX", 2022, 80)]
    for unit, year, number in [*stated, ("BX", 2023, 90)]:
        province("add-figure", "members-total", number, "--unit", unit, "--period", f"{year}-12-31")
    province("move-unit", "BX", "--to", "KX", "--on", "2022-07-01")
    groups = province("report", "--period", period, "--by", "district", "-f", "json").json["groups"]
    found = {
        it["unit"]["code"]: row["actual"] for it in groups for row in it["rows"] if row["indicator"] == "members-total"
    }
    assert found == {"HH": 940, "KX": 2060}
    [cell] = province("explain", "members-total", "--period", period, "-f", "json").json["cells"]
    assert {it["value"] for it in cell["parts"] if it["use"] == "covered"} == {50, 60, 80}


def test_a_stock_never_stated_is_counted_from_the_registers(province: Ucli, rows: Rows) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2023-06-01")
    found = rows(*THAI_BINH, "--indicator", "members-total", "--indicator", "unions-total")
    assert (found["members-total"]["actual"], found["unions-total"]["actual"]) == (1, 2)


def test_a_stock_stated_for_one_unit_adds_to_what_others_registered(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-total", "500", "--unit", "HH", "--period", "2024-06-30")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")
    province("add-member", "Lê Văn Thử", "--union", "TRUONG", "--admitted", "2024-03-01")
    assert rows(*THAI_BINH)["members-total"]["actual"] == 501


def test_density_is_members_out_of_workers(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-total", "153.456", "--unit", "Thái Bình", "--period", "2024-06-30")
    province("add-figure", "workers-total", "trên 230.000", "--unit", "Thái Bình", "--period", "2024-06-30")
    row = rows(*THAI_BINH, "--indicator", "union-density")["union-density"]
    assert (row["numerator"], row["denominator"], row["qualifier"]) == (153456, 230000, "below")


def test_windows_do_not_lend_each_other_their_targets(province: Ucli, rows: Rows) -> None:
    province("add-period", "dot1-2024", "--from", "1/7/2024", "--to", "31/7/2024")
    province("set-target", "members-admitted", "10.800", "--unit", "Thái Bình", "--period", "2024")
    province("set-target", "members-admitted", "5.000", "--unit", "Thái Bình", "--period", "dot1-2024")
    assert rows(*THAI_BINH)["members-admitted"]["target"] == 10800
    assert rows("--province", "Thái Bình", "--period", "dot1-2024")["members-admitted"]["target"] == 5000
    assert rows("--province", "Thái Bình", "--period", "2024-07-01..2024-07-31")["members-admitted"]["target"] == 5000
    assert "members-admitted" not in rows("--province", "Thái Bình", "--period", "2024-H1")


def test_two_issuers_give_two_rows(province: Ucli, ok: Ucli) -> None:
    province("add-unit", "Tổng Liên đoàn Lao động Việt Nam", "--kind", "confederation", "--code", "TLD")
    target = ("set-target", "members-net-growth", "--unit", "Thái Bình", "--period", "2024")
    province(*target, "9.315")
    province(*target, "8.446", "--issuer", "TLD")
    province("add-figure", "members-net-growth", "8818", "--unit", "Thái Bình", "--period", "2024")
    found = ok("report", *THAI_BINH, "--indicator", "members-net-growth", "-f", "json").json["rows"]
    assert [(row["issuer"] and row["issuer"]["code"], row["percent"]) for row in found] == [
        (None, "94.7"),
        ("TLD", "104.4"),
    ]


def test_a_revised_target_counts_and_the_first_stays_readable(province: Ucli, rows: Rows) -> None:
    target = ("set-target", "members-admitted", "--unit", "Thái Bình", "--period", "2024")
    province(*target, "9.000")
    province(*target, "10.800")
    assert rows(*THAI_BINH)["members-admitted"]["target"] == 10800
    history = province("targets", "--history", "-f", "json").json
    assert [row["target"] for row in history] == [9000, 10800]


def test_pace_follows_the_days_of_an_open_window(province: Ucli, rows: Rows) -> None:
    for indicator, target, reached in (("members-admitted", "10.800", "hơn 7.000"), ("unions-founded", "74", "22")):
        province("set-target", indicator, target, "--unit", "Thái Bình", "--period", "2024")
        province("add-figure", indicator, reached, "--unit", "Thái Bình", "--period", "2024-H1")
    found = rows(*THAI_BINH, "--as-of", "2024-06-30")
    plan = {code: (row["plan_to_date"], row["pace"], row["percent"]) for code, row in found.items() if row["target"]}
    assert plan == {"members-admitted": ("5370.5", "ahead", "64.8"), "unions-founded": ("36.8", "behind", "29.7")}


def test_pace_follows_a_targets_own_profile(province: Ucli, rows: Rows) -> None:
    profile = "0,0,0,0,0,0,10,10,10,10,10,10"
    province("set-target", "unions-founded", "60", "--unit", "HH", "--period", "2024", "--profile", profile)
    province("add-figure", "unions-founded", "1", "--unit", "HH", "--period", "2024-H1")
    row = rows("--unit", "HH", "--period", "2024", "--as-of", "2024-06-30")["unions-founded"]
    assert (row["plan_to_date"], row["pace"]) == ("0.0", "ahead")


def test_a_stated_percentage_of_targets_met_stands_beside_those_that_are_counted(province: Ucli) -> None:
    province("add-figure", "targets-met", "95%", "--unit", "KX", "--period", "2023")
    asked = ("report", "--unit", "KX", "--period", "2023", "--indicator", "targets-met")
    assert "95% (as stated)" in province(*asked).out
    province("set-target", "news-items", 1, "--unit", "KX", "--period", "2023")
    assert "0/1 (0,0%)  95% (as stated)" in province(*asked).out


def test_a_stated_percentage_is_kept_and_never_computed_with(province: Ucli, rows: Rows) -> None:
    figure = ("add-figure", "shelter-fund-raised", "1 tỷ", "--unit", "Thái Bình", "--period", "2024")
    province(*figure, "--stated-percent", "96")
    province("add-figure", "emulation-share", "trên 90%", "--unit", "Thái Bình", "--period", "2024")
    found = rows(*THAI_BINH)
    fund = found["shelter-fund-raised"]
    assert (fund["actual"], fund["stated_percent"], fund["percent"]) == (1_000_000_000, "96", None)
    assert found["emulation-share"]["stated_percent"] == "90"
    text = province("report", *THAI_BINH).out
    assert "96% (as stated)" in text
    assert "≥ 90% (as stated)" in text


def test_zero_is_a_figure_and_missing_is_not(province: Ucli) -> None:
    province("add-figure", "members-admitted", "0", "--unit", "HH", "--period", "2024")
    document = province("report", *THAI_BINH, "-f", "json", "--indicator", "members-admitted").json
    assert (document["rows"][0]["actual"], document["rows"][0]["missing"]) == (0, ["KX"])
    assert document["rows"][0]["status"] == "no-target"
    nothing = province("report", "--unit", "KX", "--period", "2023-Q1", "-f", "json", "--indicator", "members-admitted")
    assert (nothing.json["rows"][0]["actual"], nothing.json["rows"][0]["status"]) == (None, "no-data")


def test_the_footer_names_who_has_not_reported_and_a_script_can_ask(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "members-admitted", "12", "--unit", "HH", "--period", "2024-03")
    words = ("report", "--province", "Thái Bình", "--period", "2024-03")
    text = province(*words).out
    assert "1/2 units have reported. Not yet: LĐLĐ huyện Kiến Xương." in text
    assert "12*" in text
    answer = ucli(*words, "--fail-incomplete")
    assert (answer.code, answer.out) == (6, text)


def test_a_cluster_counts_its_own_figure_and_its_members_of_the_year(province: Ucli, rows: Rows) -> None:
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX", "--lead", "HH")
    province("set-cluster", "Cụm 1", "--year", "2023", "--units", "HH")
    province("add-figure", "blood-donations", "10", "--unit", "HH", "--period", "2024")
    province("add-figure", "blood-donations", "20", "--unit", "KX", "--period", "2024")
    province("add-figure", "blood-donations", "5", "--unit", "KX", "--period", "2023")
    province("add-figure", "blood-donations", "2", "--unit", "HH", "--period", "2023")
    assert rows("--cluster", "Cụm 1", "--period", "2024")["blood-donations"]["actual"] == 30
    assert rows("--cluster", "Cụm 1", "--period", "2023")["blood-donations"]["actual"] == 2
    province("add-figure", "blood-donations", "33", "--cluster", "Cụm 1", "--period", "2024")
    assert rows("--cluster", "Cụm 1", "--period", "2024")["blood-donations"]["actual"] == 33
    assert rows(*THAI_BINH)["blood-donations"]["actual"] == 30


@pytest.mark.parametrize(("first", "then"), [("HH", "Thái Bình"), ("Thái Bình", "HH")])
def test_a_cluster_counts_nobody_twice_and_nobody_out_though_one_unit_of_it_stood_below_another(
    province: Ucli, rows: Rows, first: str, then: str
) -> None:
    province("add-unit", "Công đoàn xã A", "--kind", "ward", "--parent", first, "--code", "XA")
    province("add-union", "CĐCS Xã A", "--parent", "XA", "--founded", "2020-01-01", "--code", "CSXA")
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,XA,MAY")
    # Each month is a digit of its own, each union a number of its own.
    for union, number in (("CSXA", 1), ("MAY", 2)):
        for day, digit in (("2024-02-05", 1), ("2024-06-05", 10)):
            stated = ("--unit", union, "--period", day[:7])
            province("add-figure", "news-items", number * digit, *stated)
            province(
                "add-payout", "--unit", union, "--programme", "visit", "--amount", number * digit, "--on", day, "--yes"
            )
        province("add-figure", "members-total", 100 * number, "--unit", union, "--period", "2024-03-31")
    province("add-member", "Đỗ Thị Ví Dụ", "--union", "CSXA", "--admitted", "2024-02-01")
    province("move-unit", "XA", "--to", then, "--on", "2024-04-01")
    asked = ("--cluster", "Cụm 1", "--period", "2024")
    found = {code: row["actual"] for code, row in rows(*asked).items()}
    assert (found["news-items"], found["welfare-amount"], found["members-admitted"]) == (33, 33, 1)
    assert found["members-total"] == 300
    for code in ("news-items", "welfare-amount", "members-total", "members-admitted"):
        [cell] = province("explain", code, *asked, "-f", "json").json["cells"]
        assert sum(part["value"] for part in cell["parts"] if part["use"] == "counted") == found[code]
    assert rows("--cluster", "Cụm 1", "--period", "2024-02")["news-items"]["actual"] == 3


def test_a_payout_counts_once_in_each_indicator_it_belongs_to(province: Ucli, rows: Rows) -> None:
    province("add-payout", "--unit", "HH", "--programme", "shelter", "--amount", "900 triệu", "--recipients", "18",
             "--form", "new-build", "--on", "2024-05-05")  # fmt: skip
    province("add-payout", "--unit", "MAY", "--programme", "tet", "--amount", "1 triệu", "--in-kind", "300.000",
             "--on", "2024-01-20")  # fmt: skip
    found = {code: row["actual"] for code, row in rows(*THAI_BINH).items()}
    assert found == {
        "unions-founded": 1,
        "unions-total": 2,
        "welfare-visits": 19,
        "welfare-amount": 901_300_000,
        "shelter-houses": 18,
        "shelter-amount": 900_000_000,
        "tet-gifts": 1,
    }


def test_two_equal_payouts_on_one_day_are_two(province: Ucli, rows: Rows) -> None:
    for _ in range(2):
        province("add-payout", "--unit", "HH", "--programme", "hardship", "--amount", "500.000", "--on", "2024-05-05")
    assert rows("--unit", "HH", "--period", "2024")["welfare-amount"]["actual"] == 1_000_000


def test_the_table_groups_by_kind_unit_cluster_and_time(province: Ucli) -> None:
    province("add-figure", "news-items", "10", "--unit", "HH", "--period", "2024-01")
    province("add-figure", "news-items", "20", "--unit", "KX", "--period", "2024-02")
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "KX")

    def groups(by: str) -> list[tuple[str, Any]]:
        document = province("report", *THAI_BINH, "--by", by, "--indicator", "news-items", "-f", "json").json
        return [
            (group["period" if by in ("month", "quarter") else "unit"]["code"], group["rows"][0]["actual"])
            for group in document["groups"]
        ]

    assert groups("district") == [("HH", 10), ("KX", 20)]
    assert groups("unit") == [("HH", 10), ("KX", 20)]
    assert [value for _code, value in groups("cluster")] == [20]
    assert groups("month")[:3] == [("2024-01", 10), ("2024-02", 20), ("2024-03", None)]
    assert groups("quarter")[0] == ("2024-Q1", 30)


def test_a_bare_province_means_by_province(province: Ucli) -> None:
    for words in (("report", "--province"), ("report", "--province", "-f", "json")):
        assert "Thái Bình" in province(*words).out
    document = province("report", "--province", "--period", "2024", "-f", "json").json
    assert [group["unit"]["name"] for group in document["groups"]] == ["LĐLĐ tỉnh Thái Bình"]


def test_two_provinces_are_counted_together_and_apart(ok: Ucli) -> None:
    ok("init")
    for name in ("Thái Bình", "Hưng Yên", "Hà Nam"):
        ok("add-unit", name, "--kind", "province")
        ok("add-figure", "news-items", "10", "--unit", name, "--period", "2024")
    document = ok("report", "--province", "Thái Bình", "--province", "Hà Nam", "--period", "2024", "-f", "json").json
    assert document["rows"][0]["actual"] == 20
    assert [group["unit"]["name"] for group in document["groups"]] == ["Thái Bình", "Hà Nam"]
    assert ok("report", "--period", "2024", "-f", "json").json["rows"][0]["actual"] == 30


def test_assigned_allocated_and_difference_stand_side_by_side(province: Ucli) -> None:
    for unit, target in (("Thái Bình", "10.800"), ("HH", "6.000"), ("KX", "4.450")):
        province("set-target", "members-admitted", target, "--unit", unit, "--period", "2024")
    assert (
        "assigned 10.800 đoàn viên, allocated 10.450 đoàn viên, difference 350 đoàn viên"
        in province("report", *THAI_BINH).out
    )


def test_targets_met_is_counted_from_the_units_own_targets(province: Ucli, rows: Rows) -> None:
    for indicator, target, reached in (("news-items", "10", "10"), ("initiatives", "5", "4")):
        province("set-target", indicator, target, "--unit", "HH", "--period", "2024")
        province("add-figure", indicator, reached, "--unit", "HH", "--period", "2024")
    row = rows("--unit", "HH", "--period", "2024", "--indicator", "targets-met")["targets-met"]
    assert (row["numerator"], row["denominator"]) == (1, 2)
    assert "1/2 targets met or exceeded" in province("report", "--unit", "HH", "--period", "2024").out


def test_a_unit_in_the_registers_has_not_failed_to_report_its_stock(province: Ucli, rows: Rows) -> None:
    province("add-union", "CĐCS Trạm Y tế", "--parent", "KX", "--founded", "2020-05-10", "--members", "30")
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-05-01")
    asked = ("--period", "2024", "--indicator", "members-total")
    assert (rows(*asked)["members-total"]["actual"], rows(*asked)["members-total"]["missing"]) == (31, [])


def test_a_year_that_lacks_a_quarter_of_a_unit_says_so_where_it_is_shown_by_quarter(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024-Q1")
    for quarter in (1, 2, 3, 4):
        province("add-figure", "news-items", "50", "--unit", "KX", "--period", f"2024-Q{quarter}")
    asked = ("--period", "2024", "--indicator", "news-items", "--by", "quarter", "--fail-incomplete")
    table = ucli("report", *asked, "-f", "json", expect=6).json
    assert [it["missing"] for it in (*table["rows"], *(piece["rows"][0] for piece in table["groups"]))] == [
        ["HH"], [], ["HH"], ["HH"], ["HH"],
    ]  # fmt: skip
    plain = ucli("report", *asked, expect=6).out
    assert "205*" in plain
    assert "2024-Q2 – 2024-Q4: 1/2 units have reported. Not yet: LĐLĐ huyện Hưng Hà." in plain


def test_a_year_that_all_have_stated_lacks_no_quarter(province: Ucli) -> None:
    for unit, period in (("HH", "2024"), ("KX", "2024"), ("KX", "2024-Q1")):
        province("add-figure", "news-items", 5, "--unit", unit, "--period", period)
    table = province("report", "--period", "2024", "--by", "quarter", "--indicator", "news-items", "-f", "json").json
    assert [it["missing"] for it in (*table["rows"], table["groups"][0]["rows"][0])] == [[], ["HH"]]


def test_whoever_states_what_was_done_since_january_has_reported_each_quarter(province: Ucli) -> None:
    for unit, day, value in (("HH", "03-31", 50), ("HH", "06-30", 120), ("HH", "12-31", 300), ("KX", "09-30", 9)):
        words = ("--unit", unit, "--period", f"2024-01-01..2024-{day}")
        province("add-figure", "news-items", value, *words)
    asked = ("--period", "2024", "--indicator", "news-items", "--by", "quarter")
    pieces = [it["rows"][0] for it in province("report", *asked, "-f", "json").json["groups"]]
    assert [(it["actual"], it["missing"]) for it in pieces] == [
        (50, ["KX"]), (70, ["KX"]), (None, []), (None, []),
    ]  # fmt: skip
    assert "2024-Q2: 1/2 units have reported. Not yet: LĐLĐ huyện Kiến Xương." in province("report", *asked).out


def test_whoever_took_over_a_stated_stock_is_not_missing(province: Ucli, rows: Rows) -> None:
    province("add-unit", "LĐLĐ huyện Tiền Hải", "--kind", "district", "--code", "TH")
    province("add-unit", "LĐLĐ huyện Đông Hưng", "--kind", "district", "--code", "DH")
    province("add-figure", "workers-total", "36", "--unit", "TH", "--period", "2024-03-31")
    province("merge-unit", "TH", "--into", "DH", "--on", "2024-05-01")
    row = rows("--period", "2024-H2", "--indicator", "workers-total")["workers-total"]
    assert (row["actual"], row["missing"]) == (36, ["HH", "KX"])


def test_a_state_that_is_later_than_what_was_stated_above_it_is_left_out_and_told_so(province: Ucli) -> None:
    province("add-figure", "agreement-coverage", "100/200", "--unit", "Thái Bình", "--period", "2024-Q1")
    province("add-figure", "agreement-coverage", "35/50", "--unit", "HH", "--period", "2024-Q2")
    asked = ("--period", "2024", "--indicator", "agreement-coverage")
    assert "2024-Q2 (01/04/2024–30/06/2024) is after what a unit above stated" in province("report", *asked).out


def test_what_was_stated_of_a_stocks_movement_is_told_from_what_came_with_units(province: Ucli) -> None:
    province("add-figure", "members-total", 5_000, "--unit", "KX", "--period", "2022-12-31")
    province("add-figure", "members-total", 300, "--unit", "HH", "--period", "2022-12-31")
    province("add-figure", "members-admitted", 150, "--unit", "KX", "--period", "2023")
    province("merge-unit", "HH", "--into", "KX", "--on", "2024-07-01")
    asked = ("--unit", "KX", "--period", "2024", "-f", "json")
    [cell] = province("explain", "members-total", *asked).json["cells"]
    parts = {it["source"]: it["value"] for it in cell["parts"] if it["use"] == "counted"}
    assert (cell["value"], parts) == (5_450, {"figure": 5_000, "stated-moves": 150, "passages": 300})


def test_every_sign_that_stands_in_a_table_is_explained(province: Ucli) -> None:
    for period, value in (("2024-01", "hơn 5"), ("2024-02", "gần 40"), ("2024-03", "khoảng 9")):
        province("add-figure", "news-items", value, "--unit", "HH", "--period", period)
    table = province("report", "--period", "2024", "--indicator", "news-items", "--by", "month").out
    assert all(f"\n{sign}: " in table for sign in "≥<~*")


def test_a_report_to_a_day_that_is_still_to_come_says_so(province: Ucli) -> None:
    assert "31/12/2999 is in the future" in province("report", "--period", "2999", "--as-of", "31/12/2999").err
    assert province("report", "--period", "2024", "--as-of", "30/06/2024").err == ""


def test_a_union_whose_members_all_came_from_others_keeps_the_register(province: Ucli, rows: Rows) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2023-06-01")
    province("add-union", "CĐCS Gạch", "--parent", "HH", "--code", "GACH", "--founded", "2023-05-01")
    province("transfer-member", "1", "--to", "GACH", "--on", "2023-07-01")
    province("set-target", "members-admitted", "3", "--unit", "GACH", "--period", "2024")
    found = rows("--unit", "GACH", "--period", "2024")
    assert [found[it]["actual"] for it in ("members-total", "members-admitted")] == [1, 0]
