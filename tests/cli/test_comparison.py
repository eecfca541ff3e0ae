"""A report beside another period: so với cùng kỳ."""

import csv
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import After, Rows, Ucli

TWO_YEARS = """
add-figure members-admitted 1.200 --unit HH --period 2023
add-figure members-admitted 1.350 --unit HH --period 2024
add-figure members-admitted 700 --unit KX --period 2023
add-figure members-admitted 650 --unit KX --period 2024
add-figure officers-trained 50/80 --unit HH --period 2023
add-figure officers-trained 60/80 --unit HH --period 2024
set-target members-admitted 1.900 --unit "LĐLĐ tỉnh Thái Bình" --period 2024
"""


def test_a_year_stands_beside_the_year_before(province_after: After, rows: Rows) -> None:
    province_after(TWO_YEARS)
    row = rows("2024", "--compare", "same-period")["members-admitted"]
    assert row["compare"] == {
        "actual": 1900,
        "qualifier": None,
        "numerator": None,
        "denominator": None,
        "change": 100,
        "change_qualifier": None,
        "change_percent": "5.3",
        "reason": None,
    }


def test_what_did_not_change_changed_by_nothing_in_percent_too(province: Ucli, rows: Rows) -> None:
    for year in ("2023", "2024"):
        province("add-figure", "news-items", "12", "--unit", "HH", "--period", year)
    compare = rows("2024", "--compare", "2023")["news-items"]["compare"]
    assert (compare["change"], compare["change_percent"]) == (0, "0.0")


@pytest.mark.parametrize("written", ["same-period", "cùng kỳ", "CUNG KY", "2023"])
def test_the_period_is_typed_as_people_say_it(province_after: After, written: str) -> None:
    answer = province_after(TWO_YEARS)("report", "2024", "--compare", written, "-f", "json").json
    assert answer["compare"] == {"code": "2023", "start": "2023-01-01", "end": "2023-12-31", "as_of": "2023-12-31"}


def test_the_changes_of_groups_add_up_to_that_of_the_total(province_after: After) -> None:
    answer = province_after(TWO_YEARS)("report", "2024", "--compare", "2023", "--by", "district", "-f", "json").json
    changes = [
        row["compare"]["change"]
        for group in answer["groups"]
        for row in group["rows"]
        if row["indicator"] == "members-admitted"
    ]
    assert changes == [150, -50]


def test_prose_says_what_rose_and_what_fell(province_after: After) -> None:
    prose = province_after(TWO_YEARS)(
        "--lang", "vi", "report", "2024", "--compare", "cùng kỳ", "--by", "huyện", "-f", "prose"
    ).out
    assert "kết nạp 2.000/1.900 đoàn viên, đạt 105,3% chỉ tiêu, tăng 5,3% so với cùng kỳ" in prose
    assert "kết nạp 1.350 đoàn viên, tăng 12,5% so với cùng kỳ" in prose
    assert "kết nạp 650 đoàn viên, giảm 7,1% so với cùng kỳ" in prose
    assert "với cùng kỳ năm 2023" in prose.split("LĐLĐ huyện Kiến Xương:")[1]  # once in each paragraph, then shorter
    assert "12,5 điểm %" in prose


def test_the_change_of_a_share_is_in_points_and_has_no_percentage(province_after: After, rows: Rows) -> None:
    ucli = province_after(TWO_YEARS)
    compare = rows("2024", "--compare", "2023", "--unit", "HH")["officers-trained"]["compare"]
    assert (compare["change"], compare["change_percent"]) == (12.5, None)
    assert (compare["actual"], compare["numerator"], compare["denominator"]) == (None, 50, 80)
    assert "12,5 điểm %" in ucli("--lang", "vi", "report", "2024", "--compare", "2023", "--unit", "HH").out


@pytest.mark.parametrize(
    ("then", "now", "change", "qualifier", "percent", "reason"),
    [
        ("0", "5", 5, None, None, "zero-then"),
        ("khoảng 100", "120", None, None, None, "hedged"),
        ("100", "khoảng 120", None, None, None, "hedged"),
        ("100", "hơn 120", 20, "at-least", "20.0", None),
        ("hơn 120", "100", -20, "at-most", "-16.6", None),
        ("hơn 100", "120", None, None, None, "hedged"),
        ("hơn 100", "hơn 120", None, None, None, "hedged"),
        ("gần 100", "120", 21, "at-least", "21.2", None),
        ("3", "2", -1, None, "-33.3", None),
        ("8", "9", 1, None, "12.5", None),
        ("800", "801", 1, None, "0.1", None),
    ],
)
def test_a_percentage_is_told_only_where_it_is_true(
    province: Ucli,
    rows: Rows,
    then: str,
    now: str,
    change: int | None,
    qualifier: str | None,
    percent: str | None,
    reason: str | None,
) -> None:
    province("add-figure", "members-admitted", then, "--unit", "HH", "--period", "2023")
    province("add-figure", "members-admitted", now, "--unit", "HH", "--period", "2024")
    found = rows("2024", "--compare", "2023", "--unit", "HH")["members-admitted"]["compare"]
    assert [found[it] for it in ("change", "change_qualifier", "change_percent", "reason")] == [
        change,
        qualifier,
        percent,
        reason,
    ]


def test_what_one_period_lacks_is_not_compared_and_said_so(province: Ucli) -> None:
    province("add-figure", "members-admitted", "70", "--unit", "HH", "--period", "2024")
    province("add-figure", "blood-units", "30", "--unit", "HH", "--period", "2023")
    out = province("report", "2024", "--compare", "2023", "--unit", "HH").out
    told = {line.split(": ")[0]: line for line in out.splitlines() if line.startswith("Not compared")}
    assert "admitted" in told["Not compared, because no data for the same period of 2023"]
    assert "blood" in told["Not compared, because no data for this period"]


def test_units_that_did_not_report_then_leave_the_difference_alone(province: Ucli) -> None:
    province("add-figure", "members-admitted", "70", "--unit", "HH", "--period", "2023")
    province("add-figure", "members-admitted", "80", "--unit", "HH", "--period", "2024")
    province("add-figure", "members-admitted", "20", "--unit", "KX", "--period", "2024")
    answer = province("report", "2024", "--compare", "2023", "--indicator", "members-admitted", "-f", "json").json
    assert answer["rows"][0]["compare"]["change"] == 30
    assert answer["rows"][0]["compare"]["change_percent"] is None
    assert answer["rows"][0]["compare"]["reason"] == "units-differ"
    assert "because not the same units were counted" in province("report", "2024", "--compare", "2023").out


def test_a_growth_whose_parts_not_all_units_reported_is_not_compared(province: Ucli) -> None:
    for year, admitted in (("2023", "70"), ("2024", "80")):
        province("add-figure", "members-admitted", admitted, "--unit", "HH", "--period", year)
        province("add-figure", "members-admitted", "20", "--unit", "KX", "--period", year)
        province("add-figure", "members-lost", "10", "--unit", "HH", "--period", year)
    asked = ("report", "2024", "--compare", "2023", "--indicator", "members-net-growth")
    [row] = province(*asked, "-f", "json").json["rows"]
    assert row["actual"] == 90
    assert row["compare"]["change"] is None
    assert row["compare"]["reason"] == "parts-missing"
    assert "không so sánh được" in province("--lang", "vi", *asked).out
    assert "because units have not reported its parts" in province(*asked).out


def test_periods_of_unlike_length_have_a_difference_alone(province_after: After, rows: Rows) -> None:
    province_after(TWO_YEARS)
    compare = rows("2024", "--compare", "2023-01-01..2024-12-31")["members-admitted"]["compare"]
    assert (compare["change"], compare["change_percent"], compare["reason"]) == (-1900, None, "lengths-differ")


@pytest.mark.parametrize(
    ("period", "as_of", "compared_to"),
    [
        ("2024", "2024-06-30", "2023-06-30"),
        ("2024", "2024-02-29", "2023-02-28"),
        ("2024u", "2024-02-29", "2023-02-28"),
        ("2024-02", "2024-02-29", "2023-02-28"),
        ("2024", "2024-12-31", "2023-12-31"),
        ("2023-02", "2023-02-28", "2022-02-28"),
        ("2025-02", "2025-02-28", "2024-02-29"),
    ],
)
def test_what_is_under_way_is_held_against_the_same_day_of_the_year_before(
    province: Ucli, period: str, as_of: str, compared_to: str
) -> None:
    answer = province("report", period, "--as-of", as_of, "--compare", "same-period", "-f", "json").json
    assert answer["compare"]["as_of"] == compared_to


def test_the_year_under_way_is_compared_to_today_of_last_year(province: Ucli) -> None:
    today = date.today()  # noqa: DTZ011
    answer = province("report", "--compare", "same-period")
    day = min(today.day, 28) if today.month == 2 else today.day
    assert f"the same period of {today.year - 1} to {day:02d}/{today.month:02d}/{today.year - 1}" in answer.out


def test_a_merged_unit_is_compared_with_what_it_consists_of(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-admitted", "1.200", "--unit", "HH", "--period", "2023")
    province("add-figure", "members-admitted", "700", "--unit", "KX", "--period", "2023")
    province("merge-unit", "KX", "--into", "HH", "--on", "2024-02-02", "--decision", "1/QĐ", "-y")
    province("add-figure", "members-admitted", "2.000", "--unit", "HH", "--period", "2024", "--with-predecessors")
    asked = ("2024", "--compare", "2023", "--unit", "HH")
    compare = rows(*asked)["members-admitted"]["compare"]
    assert (compare["actual"], compare["change"], compare["change_percent"]) == (1900, 100, "5.3")
    assert f"By the organisation of {date.today():%d/%m/%Y}" in province("report", *asked).out  # noqa: DTZ011
    then = rows(*asked, "--structure", "then")["members-admitted"]["compare"]
    assert (then["actual"], then["change_percent"], then["reason"]) == (1200, None, "units-differ")


def test_a_unit_that_has_ended_is_compared_by_the_organisation_of_then(province_after: After, rows: Rows) -> None:
    ucli = province_after(TWO_YEARS)
    ucli("merge-unit", "KX", "--into", "HH", "--on", "2025-01-01", "--decision", "1/QĐ", "-y")
    assert rows("2024", "--compare", "same-period", "--unit", "KX")["members-admitted"]["compare"]["change"] == -50


def test_csv_has_columns_of_a_comparison_only_where_one_is_asked_for(province_after: After) -> None:
    ucli = province_after(TWO_YEARS)
    plain = ucli("report", "2024", "-f", "csv").out.splitlines()[0]
    assert "compare" not in plain
    assert "change" not in plain
    by = ("--by", "district")
    found = [*csv.DictReader(ucli("report", "2024", "--compare", "2023", *by, "-f", "csv").out.splitlines())]
    told = [it for it in found if it["indicator"] == "members-admitted"]
    assert [(it["compare_actual"], it["change"], it["change_percent"]) for it in told] == [
        ("1200", "150", "12.5"),
        ("700", "-50", "-7.1"),
        ("1900", "100", "5.3"),
    ]


@pytest.mark.parametrize("form", ["plain", "github", "html", "tsv", "ndjson", "table", "docx", "xlsx"])
def test_every_format_has_the_change(province_after: After, form: str, tmp_path: Any) -> None:
    ucli = province_after(TWO_YEARS)
    file = tmp_path / "bao-cao"
    ucli("report", "2024", "--compare", "2023", "--by", "district", "-f", form, "-o", file)
    if form not in ("docx", "xlsx"):
        assert "12,5" in (text := file.read_text(encoding="utf-8")) or "12.5" in text


def test_pieces_of_time_stand_beside_those_of_the_year_before(province: Ucli) -> None:
    for month, number in (("2023-01", 10), ("2024-01", 15), ("2023-02", 20), ("2024-02", 10)):
        province("add-figure", "members-admitted", number, "--unit", "HH", "--period", month)
    groups = province("report", "2024", "--unit", "HH", "--compare", "same-period", "--by", "month", "-f", "json").json[
        "groups"
    ]
    found = [{row["indicator"]: row["compare"] for row in it["rows"]}["members-admitted"] for it in groups[:2]]
    assert [it["change"] for it in found] == [5, -10]


def test_a_series_of_years_is_a_row_for_each(province_after: After) -> None:
    ucli = province_after(TWO_YEARS)
    for by in ("year", "năm"):
        answer = ucli("report", "2023-07-01..2024-12-31", "--by", by, "-f", "json").json
        assert [it["period"]["code"] for it in answer["groups"]] == ["2023-07-01..2023-12-31", "2024"]
    answer = ucli("report", "2024", "--by", "year", "--compare", "same-period", "-f", "json").json
    row = next(it for it in answer["groups"][0]["rows"] if it["indicator"] == "members-admitted")
    assert row["compare"]["change"] == 100


def test_a_period_that_has_not_begun_is_nothing_to_compare_with(province: Ucli, ucli: Ucli) -> None:
    answer = ucli("report", "2024", "--compare", "2999", expect=4)
    assert "has not begun" in answer.err


def test_five_lines_say_what_it_is_compared_with(province_after: After) -> None:
    brief = province_after(TWO_YEARS)("--lang", "vi", "report", "2024", "--compare", "cùng kỳ", "--brief").out
    assert "so với cùng kỳ năm 2023" in brief.splitlines()[0]
    assert "tăng 5,3%" in brief


def test_a_stock_of_one_statement_is_no_growth_in_percent(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-total", "500", "--unit", "HH", "--period", "2022-12-31")
    compare = rows("2024", "--compare", "2023", "--unit", "HH")["members-total"]["compare"]
    assert (compare["change"], compare["change_percent"], compare["reason"]) == (0, None, "same-statement")


_FIGURES = st.lists(
    st.tuples(
        st.sampled_from(["HH", "KX"]), st.sampled_from(["2023-05", "2023-07", "2024-05", "2024-07"]), st.integers(0, 99)
    ),
    max_size=8,
    unique_by=lambda it: it[:2],
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(figures=_FIGURES)
def test_a_period_beside_itself_has_not_changed_and_groups_add_up(province_after: After, figures: Any) -> None:
    ucli = province_after("add-unit Ba --kind district")
    for unit, period, number in figures:
        ucli("add-figure", "members-admitted", number, "--unit", unit, "--period", period)
    by = ("--by", "district", "-f", "json")
    itself = ucli("report", "2024", "--compare", "2024", *by).json
    for table in (itself, *itself["groups"]):
        assert {row["compare"]["change"] for row in table["rows"]} <= {0, None}
        assert all(row["compare"]["change"] == 0 for row in table["rows"] if row["actual"] is not None)
    answer = ucli("report", "2024", "--compare", "2023", *by).json
    admitted = [
        [row for row in table["rows"] if row["indicator"] == "members-admitted"]
        for table in (answer, *answer["groups"])
    ]
    whole, *parts = [(rows[0]["actual"] or 0, rows[0]["compare"]["actual"] or 0) for rows in admitted if rows] or [
        (0, 0)
    ]
    assert sum(now - then for now, then in parts) == whole[0] - whole[1]


def test_a_stock_of_a_day_is_held_against_the_same_day_of_the_year_before(province: Ucli) -> None:
    province("add-figure", "members-total", "500", "--unit", "HH", "--period", "2023-12-31")
    province("add-figure", "members-total", "550", "--unit", "HH", "--period", "2024-12-31")
    asked = ("report", "31/12/2024", "--compare", "cùng kỳ", "--unit", "HH", "--indicator", "members-total")
    answer = province(*asked, "-f", "json").json
    assert answer["compare"]["code"] == "2023-12-31"
    assert answer["rows"][0]["compare"]["change_percent"] == "10.0"
    assert "Thực hiện ngày 31/12/2023" in province("--lang", "vi", *asked).out


def test_a_cluster_is_compared_over_the_units_that_it_has_now(province_after: After, rows: Rows) -> None:
    ucli = province_after(TWO_YEARS)
    ucli("set-cluster", "Cụm 1", "--year", "2023", "--units", "HH")
    ucli("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX")
    ucli("add-figure", "members-admitted", "1.250", "--cluster", "Cụm 1", "--period", "2023")
    compare = rows("2024", "--compare", "2023", "--cluster", "Cụm 1")["members-admitted"]["compare"]
    assert (compare["actual"], compare["change"]) == (1900, 100)


def test_the_first_and_the_last_days_of_the_calendar_have_nothing_to_compare_with(province: Ucli, ucli: Ucli) -> None:
    assert "not begun" in ucli("report", "9999-12-01..9999-12-31", "--compare", "same-period", expect=4).err
    assert "not a year" in ucli("report", "0001-01-01..0001-02-01", "--compare", "same-period", expect=4).err
