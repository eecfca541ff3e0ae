"""What units state: to date or estimated, for themselves or for those merged into them, late, twice, not at all."""

import os
import pty
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Rows, Ucli, environment

TODAY = date.today()  # noqa: DTZ011
YEAR = TODAY.year
TO_DATE = f"{YEAR}-01-01..{TODAY.isoformat()}"
KX = ("--unit", "KX", "--period")
needs_an_open_year = pytest.mark.skipif((TODAY.month, TODAY.day) == (12, 31), reason="the year is over today")


def groups(answer: Any) -> dict[str, Any]:
    return {it["unit"]["code"]: it["rows"] for it in answer["groups"]}


@needs_an_open_year
def test_a_year_that_is_not_over_is_stated_to_date_or_estimated(province: Ucli, ucli: Ucli, rows: Rows) -> None:
    province("set-target", "union-meals", 500, *KX, YEAR)
    province("add-figure", "union-meals", 420, *KX, TO_DATE)
    refused = ucli("add-figure", "union-meals", 510, *KX, YEAR, expect=4)
    assert f"--period {TO_DATE}" in refused.err
    assert "ước 510" in refused.err
    written = province("add-figure", "union-meals", "ước 510", *KX, YEAR, "-f", "json").json
    assert (written["kind"], written["qualifier"]) == ("estimate", None)
    for as_of in ((), ("--as-of", "today")):
        row = rows(*KX, YEAR, *as_of)["union-meals"]
        assert (row["actual"], row["percent"], row["status"]) == (420, "84.0", "unmet")
        estimate = {key: row["estimate"][key] for key in ("value", "qualifier", "percent", "status")}
        assert estimate == {"value": 510, "qualifier": None, "percent": "102.0", "status": "exceeded"}
    words = ("report", *KX, YEAR, "--indicator", "union-meals", "--lang", "vi")
    lines = province(*words).out.splitlines()
    assert ("Ước thực hiện" in lines[1], "510" in lines[2], "102,0%" in lines[2]) == (True, True, True)
    assert "ước thực hiện 510 (102%)" in province("report", *KX, YEAR, "-f", "prose", "--lang", "vi").out
    [cell] = province("explain", "union-meals", *KX, YEAR, "-f", "json").json["cells"]
    assert [(it["use"], it["value"]) for it in cell["parts"]] == [("counted", 420), ("estimate", 510)]


@pytest.mark.parametrize("typed", ["ước 95", "ước khoảng 95", "ước đạt 95", "Ước tính 95", "hơn 95"])
@needs_an_open_year
def test_an_estimate_covers_nothing_and_is_covered_by_nothing(province: Ucli, rows: Rows, typed: str) -> None:
    province("add-figure", "news-items", typed, "--unit", "HH", "--period", YEAR)
    province("add-figure", "news-items", 40, "--unit", "MAY", "--period", f"{YEAR}-01-01..{YEAR}-01-01")
    province("add-figure", "news-items", 7, "--unit", "Thái Bình", "--period", f"{YEAR}-01-01..{YEAR}-01-01")
    row = rows("--unit", "HH", "--period", YEAR)["news-items"]
    assert (row["actual"], row["estimate"]["value"]) == (40, 95)
    assert rows("--period", YEAR)["news-items"]["actual"] == 7


@needs_an_open_year
def test_an_estimate_of_all_is_the_sum_only_where_all_gave_one(province: Ucli, rows: Rows) -> None:
    province("add-figure", "news-items", "ước 95", "--unit", "HH", "--period", YEAR)
    assert rows("--period", YEAR, "--indicator", "news-items")["news-items"]["estimate"] is None
    province("add-figure", "news-items", "ước 5", *KX, YEAR)
    assert rows("--period", YEAR)["news-items"]["estimate"]["value"] == 100
    province("add-figure", "news-items", "ước 120", "--unit", "Thái Bình", "--period", YEAR)
    assert rows("--period", YEAR)["news-items"]["estimate"]["value"] == 120


def test_what_was_done_stands_beside_an_estimate_for_the_same_window(province: Ucli, ucli: Ucli, rows: Rows) -> None:
    province("add-figure", "news-items", "ước 50", *KX, 2024)
    assert rows(*KX, 2024)["news-items"]["actual"] is None
    province("add-figure", "news-items", 44, *KX, 2024)
    row = rows(*KX, 2024)["news-items"]
    assert (row["actual"], row["estimate"]["value"]) == (44, 50)
    assert ucli("add-figure", "news-items", "ước 51", *KX, 2024).code == 5
    province("undo", "6")
    assert rows(*KX, 2024)["news-items"]["estimate"] is None
    province("redo", "6")
    assert rows(*KX, 2024)["news-items"]["estimate"]["value"] == 50
    assert "estimate" in province("figures").out
    assert province("check").out == ""


@needs_an_open_year
def test_a_table_is_held_to_the_same_rules(province: Ucli, ucli: Ucli, rows: Rows, tmp_path: Path) -> None:
    table = tmp_path / "so-lieu.csv"
    table.write_text("Mã đơn vị;news-items;legal-advice\nHH;95;không áp dụng\nKX;ước 500;ước 3\n")
    refused = ucli("import", "figures", table, "--period", YEAR, expect=4)
    assert "Line 2: news-items" in refused.err
    assert f"--period {TO_DATE}" in refused.err
    assert "ước 95" in refused.err
    table.write_text("Mã đơn vị;news-items;legal-advice\nHH;ước 95;không áp dụng\nKX;ước 500;ước 3\n")
    province("import", "figures", table, "--period", YEAR)
    assert "4 unchanged" in province("import", "figures", table, "--period", YEAR).err
    assert rows("--period", YEAR)["news-items"]["estimate"]["value"] == 595


def test_a_stock_is_not_stated_for_a_day_to_come(province: Ucli, ucli: Ucli) -> None:
    tomorrow = TODAY + timedelta(1)
    refused = ucli("add-figure", "members-total", 50, *KX, f"{YEAR}-01-01..{tomorrow}", expect=4)
    assert f"--period {TODAY}" in refused.err
    province("add-figure", "members-total", 50, *KX, TODAY)


def test_nothing_after_the_last_day_of_the_heading_counts(province: Ucli, rows: Rows) -> None:
    words = ("--unit", "HH", "--period", 2024, "--as-of", "30/6/2024")
    province("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024-06")
    province("add-figure", "news-items", 9, "--unit", "HH", "--period", "2024-07")
    assert rows(*words)["news-items"]["actual"] == 5
    assert "figures to 30/06/2024" in province("report", *words).out


def test_who_is_not_concerned_is_not_waited_for(province: Ucli, ucli: Ucli, rows: Rows) -> None:
    words = ("report", "--period", 2024, "--indicator", "blood-units")
    province("add-figure", "blood-units", 30, *KX, 2024)
    assert ucli(*words, "--fail-incomplete").code == 6
    province("add-figure", "blood-units", "không áp dụng", "--unit", "HH", "--period", 2024)
    answer = province(*words, "--fail-incomplete", "-f", "json").json
    assert (answer["reported"], answer["expected"], answer["missing"]) == (1, 1, [])
    assert answer["rows"][0]["missing"] == []
    assert ucli("report", "--period", "2024-H1", "--indicator", "blood-units", "-f", "json").json["expected"] == 1
    # Of another year nothing is said, nor of another indicator.
    assert ucli("report", "--period", 2023, "--indicator", "blood-units", "-f", "json").json["expected"] == 2
    assert ucli("report", "--period", 2024, "--indicator", "news-items", "-f", "json").json["expected"] == 2


def test_a_target_for_what_does_not_apply_is_not_missed(province: Ucli) -> None:
    province("set-target", "blood-units", 5, *KX, 2024)
    province("add-figure", "blood-units", "n/a", *KX, 2024)
    words = ("report", *KX, 2024, "--indicator", "blood-units")
    answer = province(*words, "--fail-incomplete", "-f", "json").json
    assert (answer["rows"][0]["applies"], answer["summary"]["targets"]) == (False, 0)
    assert "không áp dụng" in province(*words, "--lang", "vi").out
    assert "Không áp dụng: " in province(*words, "--lang", "vi", "-f", "prose").out
    [cell] = province("explain", "blood-units", *KX, 2024, "-f", "json").json["cells"]
    assert [it["use"] for it in cell["parts"]] == ["not-applicable"]
    province("add-figure", "blood-units", 6, *KX, 2024, "--replace")
    answer = province(*words, "-f", "json").json
    assert (answer["rows"][0]["actual"], answer["summary"]["met"]) == (6, 1)


MERGED = """
add-figure news-items 200 --unit HH --period 2025-H1
add-figure news-items 100 --unit KX --period 2025-H1
add-member "Mạc Văn Thử" --union MAY --admitted 2/4/2025
merge-unit HH --into KX --on 1/7/2025
"""


@pytest.mark.parametrize("structure", ["then", "now"])
@pytest.mark.parametrize(("option", "items", "admitted"), [("--with-predecessors", 500, 5), ("--own-only", 700, 6)])
def test_a_figure_speaks_for_those_merged_in_its_window_or_for_its_unit_alone(
    province_after: Callable[[str], Ucli], rows: Rows, option: str, items: int, admitted: int, structure: str
) -> None:
    ok = province_after(MERGED)
    ok("add-figure", "news-items", 500, *KX, 2025, option)
    ok("add-figure", "members-admitted", 5, *KX, 2025, option)
    found = rows("--period", 2025, "--structure", structure)
    assert (found["news-items"]["actual"], found["members-admitted"]["actual"]) == (items, admitted)
    by_district = ok("report", "--period", 2025, "--structure", "now", "--by", "district", "-f", "json").json
    assert {row["indicator"]: row["actual"] for row in groups(by_district)["KX"]}["news-items"] == items
    [cell] = ok("explain", "news-items", "--period", 2025, "--structure", structure, "-f", "json").json["cells"]
    assert sum(it["value"] for it in cell["parts"] if it["use"] == "counted") == items


@pytest.mark.parametrize(("option", "items"), [("--with-predecessors", 200), ("--own-only", 400)])
@pytest.mark.parametrize("scope", [(), ("--structure", "now"), ("--unit", "KX")])
def test_what_fell_after_a_merger_is_less_what_every_unit_had_stated_before(
    province_after: Callable[[str], Ucli], rows: Rows, option: str, items: int, scope: tuple[str, ...]
) -> None:
    ok = province_after(MERGED)
    ok("add-figure", "news-items", 500, *KX, 2025, option)
    assert rows("--period", "2025-H2", *scope)["news-items"]["actual"] == items
    ok("add-figure", "news-items", 450, *KX, "2025-9M", option)
    for window, value in (("2025-Q3", items - 50), ("2025-Q4", 50)):
        assert rows("--period", window, *scope)["news-items"]["actual"] == value


def test_where_a_merged_unit_had_stated_nothing_what_fell_after_the_merger_is_not_known(
    province_after: Callable[[str], Ucli], rows: Rows
) -> None:
    ok = province_after(MERGED)
    ok("void-figure", 1)
    ok("add-figure", "news-items", 500, *KX, 2025, "--with-predecessors")
    assert rows("--period", "2025-H2", "--indicator", "news-items")["news-items"]["actual"] is None
    # Nor where the longer one leaves out whom the shorter one includes.
    ok("add-figure", "news-items", 300, *KX, "2025-9M", "--with-predecessors")
    ok("add-figure", "news-items", 350, *KX, 2025, "--own-only", "--replace")
    assert rows("--period", "2025-Q4", "--indicator", "news-items")["news-items"]["actual"] is None


def test_a_figure_that_speaks_for_others_than_before_is_another_one(
    province_after: Callable[[str], Ucli], ucli: Ucli
) -> None:
    ok = province_after(MERGED)
    ok("add-figure", "news-items", 500, *KX, 2025, "--own-only")
    ucli("add-figure", "news-items", 500, *KX, 2025, "--with-predecessors", expect=5)
    ok("add-figure", "news-items", 500, *KX, 2025, "--with-predecessors", "--replace")


def test_a_unit_whose_figure_is_in_its_successors_is_told_where_it_counts(
    province_after: Callable[[str], Ucli],
) -> None:
    ok = province_after(MERGED)
    ok("add-figure", "news-items", 500, *KX, 2025, "--with-predecessors")
    assert "200 (figure 1) is included in what another unit" in ok("report", "--unit", "HH", "--period", 2025).out


@pytest.mark.parametrize(("option", "missing"), [("--with-predecessors", []), ("--own-only", ["HH"])])
def test_whoever_is_spoken_for_by_its_successor_is_not_waited_for(
    province_after: Callable[[str], Ucli], rows: Rows, option: str, missing: list[str]
) -> None:
    ok = province_after(MERGED)
    ok("add-figure", "blood-units", 7, *KX, 2025, option)
    assert rows("--period", 2025)["blood-units"]["missing"] == missing
    assert rows("--period", 2025, "--structure", "now")["blood-units"]["missing"] == []


def test_without_a_word_on_the_predecessors_a_figure_is_asked_about(
    province_after: Callable[[str], Ucli], ucli: Ucli, rows: Rows, tmp_path: Path
) -> None:
    ok = province_after(MERGED)
    refused = ucli("add-figure", "news-items", 500, *KX, 2025, expect=4)
    assert all(it in refused.err for it in ("HH", "--with-predecessors", "--own-only"))
    both = ucli("add-figure", "news-items", 500, *KX, 2025, "--with-predecessors", "--own-only", expect=2)
    assert "Given twice: --with-predecessors / --own-only" in both.err
    table = tmp_path / "so-lieu.csv"
    table.write_text("Mã đơn vị;Kỳ;Nội dung;Giá trị\nKX;2025;news-items;500\n")
    assert "--with-predecessors" in ucli("import", "figures", table, expect=4).err
    table.write_text("Mã đơn vị;Kỳ;Nội dung;Giá trị;Gồm đơn vị đã sáp nhập\nKX;2025;news-items;500;Có\n")
    ok("import", "figures", table)
    assert rows("--period", 2025)["news-items"]["actual"] == 500
    # Nobody merged with it in the year after, nor before the half-year that the merger opens; a stock is of one day.
    ok("add-figure", "news-items", 9, *KX, "2025-H2")
    ok("add-figure", "members-total", 9, *KX, 2025)
    assert "is for this unit alone" in ok("add-figure", "news-items", 8, *KX, "2025-Q4", "--with-predecessors").err


@pytest.mark.parametrize(("typed", "items"), [("y", 500), ("n", 700)])
def test_on_a_terminal_it_is_asked_whom_a_figure_speaks_for(
    province_after: Callable[[str], Ucli], rows: Rows, typed: str, items: int
) -> None:
    province_after(MERGED)
    words = ["ucli", "add-figure", "news-items", "500", *KX, "2025"]
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, env=environment()) as process:
        os.close(terminal)
        shown = ""
        with suppress(OSError):  # a terminal whose program is gone
            while part := os.read(keyboard, 1000).decode(errors="replace"):
                asked, shown = "include them?" in shown, shown + part
                if "include them?" in shown and not asked:
                    os.write(keyboard, f"{typed}\n".encode())
    os.close(keyboard)
    assert process.returncode == 0, shown
    assert rows("--period", 2025)["news-items"]["actual"] == items


def test_a_province_speaks_for_the_one_that_was_merged_into_it(ok: Ucli, rows: Rows) -> None:
    ok("init")
    for name in ("Hưng Yên", "Thái Bình"):
        ok("add-unit", f"LĐLĐ tỉnh {name}", "--kind", "province")
    ok("add-unit", "LĐLĐ huyện Hưng Hà", "--kind", "district", "--parent", "tỉnh Thái Bình", "--code", "HH")
    ok("add-figure", "news-items", 30, "--unit", "HH", "--period", "2025-Q1")
    ok("add-figure", "news-items", 40, "--unit", "tỉnh Thái Bình", "--period", "2025-Q2")
    ok("adopt-2025", "--yes")
    ok("add-figure", "news-items", 90, "--unit", "Hưng Yên", "--period", 2025, "--with-predecessors")
    assert rows("--period", 2025)["news-items"]["actual"] == 90
    assert rows("--period", 2025, "--structure", "now")["news-items"]["actual"] == 90
    ok("add-figure", "news-items", 90, "--unit", "Hưng Yên", "--period", 2025, "--own-only", "--replace")
    assert rows("--period", 2025)["news-items"]["actual"] == 160


def test_a_share_that_is_a_state_covers_the_predecessors_last_one(
    province_after: Callable[[str], Ucli], rows: Rows
) -> None:
    ok = province_after(MERGED)
    ok("add-figure", "agreement-coverage", "35/50", "--unit", "HH", "--period", "2025-H1")
    ok("add-figure", "agreement-coverage", "45/100", *KX, 2025, "--with-predecessors")
    row = rows("--period", 2025)["agreement-coverage"]
    assert (row["numerator"], row["denominator"]) == (45, 100)
    ok("add-figure", "agreement-coverage", "45/100", *KX, 2025, "--own-only", "--replace")
    row = rows("--period", 2025)["agreement-coverage"]
    assert (row["numerator"], row["denominator"]) == (80, 150)


def test_both_calendars_are_kept_and_the_one_that_counts_is_named(province: Ucli, rows: Rows, tmp_path: Path) -> None:
    province("add-figure", "union-meals", 60, *KX, "2023u")
    table = tmp_path / "so-lieu.csv"
    table.write_text("Mã đơn vị;union-meals\nKX;66\n")
    province("import", "figures", table, "--period", 2023)
    assert rows(*KX, "2023u")["union-meals"]["actual"] == 60
    assert rows(*KX, 2023)["union-meals"]["actual"] == 66
    both = rows(*KX, "2022-12-01..2023-12-31")["union-meals"]
    assert (both["actual"], both["left_out"]) == (66, [1])
    assert "half overlaps" in province("report", *KX, "2022-12-01..2023-12-31").out
    province("add-figure", "union-meals", 70, *KX, "2023-02-01..2024-02-29")
    longest = rows(*KX, "2022-12-01..2024-12-31")["union-meals"]
    assert (longest["actual"], longest["left_out"]) == (70, [1, 2])
    assert province("check").out == ""


def test_another_value_takes_the_place_of_the_one_that_stands_in_one_step(
    province: Ucli, ucli: Ucli, rows: Rows
) -> None:
    words = ("add-figure", "news-items")
    province(*words, 40, *KX, 2024, "--source", "BC 1")
    assert "--replace" in ucli(*words, 44, *KX, 2024, expect=5).err
    written = province(*words, 44, *KX, 2024, "--replace", "-f", "json").json
    assert written["revised"]
    assert rows(*KX, 2024)["news-items"]["actual"] == 44
    assert rows(*KX, 2024, "--as-known", 6)["news-items"]["actual"] == 40
    assert "Nothing to change" in province(*words, 44, *KX, 2024, "--replace").err
    province("undo")
    assert rows(*KX, 2024)["news-items"]["actual"] == 40


def test_the_reason_why_a_target_was_missed_stands_in_every_form_of_the_report(province: Ucli, rows: Rows) -> None:
    province("set-target", "news-items", 50, *KX, 2024)
    reason = ("--reason", "thiếu cán bộ", "--received", "5/1/2025")
    province("add-figure", "news-items", 40, *KX, 2024, *reason)
    assert rows(*KX, 2024)["news-items"]["reason"] == "thiếu cán bộ"
    for form in ("plain", "prose", "html", "csv"):
        assert "thiếu cán bộ" in province("report", *KX, 2024, "-f", form).out, form
    # The whole's own row has no reason; whose it is stands under the table.
    assert rows("--period", 2024)["news-items"]["reason"] is None
    assert "thiếu cán bộ (LĐLĐ huyện Kiến Xương" in province("report", "--period", 2024).out
    [listed] = province("figures", "-f", "json").json
    assert (listed["reason"], listed["received"]) == ("thiếu cán bộ", "2025-01-05")


def test_a_stock_says_of_which_day_it_is_where_that_is_before_the_window(province: Ucli, ucli: Ucli) -> None:
    province("add-figure", "members-total", "5.000", *KX, "2020-06-30")
    province("add-figure", "members-total", 700, "--unit", "HH", "--period", "2024-12-31")
    words = ("report", "--period", 2024, "--by", "district", "--indicator", "members-total")
    answer = province(*words, "-f", "json").json
    assert {code: rows[0]["stated_on"] for code, rows in groups(answer).items()} == {
        "HH": "2024-12-31",
        "KX": "2020-06-30",
    }
    lines = province(*words).out.splitlines()
    assert "5.000 (30/06/2020)" in next(line for line in lines if "Kiến Xương" in line)
    assert "(" not in next(line for line in lines if "Hưng Hà" in line)
    assert "5.700†" in next(line for line in lines if "Total" in line)
    assert any(line.startswith("†") and "30/06/2020" in line for line in lines)
    found = [it for it in ucli("check", "-f", "json", expect=4).json if it["ref"] == "1"]
    assert [(it["code"], it["severity"]) for it in found] == [("C20-old-statement", "warning")]
    province("add-figure", "members-total", "5.100", *KX, TODAY)
    assert "1" not in [it["ref"] for it in ucli("check", "-f", "json").json]


@pytest.mark.parametrize("as_of", [(), ("--as-of", "20/8/2023")])
def test_what_is_only_stated_stands_as_stated_with_its_source_and_is_not_missing(
    province: Ucli, as_of: tuple[str, ...]
) -> None:
    words = ("--unit", "Thái Bình", "--period", 2023, *as_of)
    province("add-figure", "term-targets-met", "100%", *words[:4], "--source", "Báo cáo 9")
    asked = ("--indicator", "term-targets-met", "--fail-incomplete")
    answer = province("report", *words, *asked, "-f", "json").json
    assert (answer["rows"][0]["stated_percent"], answer["rows"][0]["left_out"]) == ("100", [])
    text = province("report", *words, "--lang", "vi").out
    assert "100% (theo nguồn)" in text
    assert "Báo cáo 9" in text
    [cell] = province("explain", "term-targets-met", *words, "-f", "json").json["cells"]
    assert [(it["use"], it["stated_percent"], it["document"]) for it in cell["parts"]] == [
        ("as-stated", "100", "Báo cáo 9")
    ]
    assert "= 100% (as stated)" in province("explain", "term-targets-met", *words).out


def test_an_estimate_is_never_done_though_its_year_is_over(province: Ucli, rows: Rows) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", f"{YEAR}-01-01")
    province("add-figure", "members-admitted", 5, "--unit", "MAY", "--period", f"{YEAR}-01-01..{YEAR}-01-01")
    province("add-figure", "members-admitted", "ước 100", "--unit", "MAY", "--period", YEAR)
    asked = ("--unit", "MAY", "--period", YEAR, "--as-of", f"{YEAR}-12-31")
    assert rows(*asked)["members-admitted"]["actual"] == 5
    [cell] = province("explain", "members-admitted", *asked, "-f", "json").json["cells"]
    assert sum(part["value"] for part in cell["parts"] if part["use"] == "counted") == 5
