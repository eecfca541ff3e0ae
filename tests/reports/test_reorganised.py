"""What units stated before they were merged or split, and after: one thing counts once."""

from datetime import date

import pytest

from tests.conftest import Rows, Ucli

pytestmark = pytest.mark.lake

MERGED = "merge-unit HH --into KX --on 1/7/2025"
SPLIT = (
    'split-unit HH --into "Công đoàn xã Hưng Bắc" --into "Công đoàn xã Hưng Nam"'
    ' --children "Công đoàn xã Hưng Bắc=MAY" --on 1/7/2025'
)
MOVED = """
add-unit "Công đoàn Khu công nghiệp" --kind zone --code KCN
move-unit MAY --to KCN --on 1/7/2025
"""
COVERAGE = "agreement-coverage"


def share(rows: Rows, *words: object) -> tuple[object, object]:
    row = rows("--period", 2025, "--indicator", COVERAGE, *words)[COVERAGE]
    return row["numerator"], row["denominator"]


def test_a_share_of_a_merged_unit_is_in_what_its_successor_states_afterwards(province: Ucli, rows: Rows) -> None:
    province("add-figure", COVERAGE, "20/50", "--unit", "HH", "--period", "2025-Q1")
    province("add-figure", COVERAGE, "10/40", "--unit", "KX", "--period", "2025-Q1")
    province(*MERGED.split())
    assert share(rows) == share(rows, "--structure", "now") == (30, 90)
    province("add-figure", COVERAGE, "60/90", "--unit", "KX", "--period", "2025-Q4")
    assert share(rows) == share(rows, "--structure", "now") == (60, 90)
    assert share(rows, "--unit", "HH") == (20, 50)
    [cell] = province("explain", COVERAGE, "--period", 2025, "-f", "json").json["cells"]
    assert [it["number"] for it in cell["parts"] if it["use"] == "counted"] == [3]
    # A statement for the whole year says itself whom it speaks for.
    province("void-figure", 3)
    province("add-figure", COVERAGE, "15/40", "--unit", "KX", "--period", 2025, "--own-only")
    assert share(rows) == (35, 90)


def test_a_share_goes_with_a_unit_that_moves_to_who_states_it_next(province: Ucli, rows: Rows) -> None:
    province("add-figure", COVERAGE, "3/5", "--unit", "MAY", "--period", "2025-Q1")
    for line in MOVED.strip().splitlines():
        province("batch", stdin=line)
    province("add-figure", COVERAGE, "30/40", "--unit", "HH", "--period", "2025-Q4")
    assert share(rows) == (33, 45)
    province("add-figure", COVERAGE, "8/10", "--unit", "KCN", "--period", "2025-Q4")
    assert share(rows) == (38, 50)


def test_what_a_split_unit_stated_counts_until_all_its_parts_have(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-total", 1000, "--unit", "HH", "--period", "2024-12-31")
    province("add-figure", COVERAGE, "20/50", "--unit", "HH", "--period", "2025-Q1")
    province("batch", stdin=SPLIT)
    words = ("--period", 2025, "--indicator", "members-total")
    for part, members, coverage, total, of in (
        ("Hưng Bắc", 600, "15/25", 1000, (20, 50)),
        ("Hưng Nam", 450, "25/25", 1050, (40, 50)),
    ):
        province("add-figure", "members-total", members, "--unit", part, "--period", "2025-12-31")
        province("add-figure", COVERAGE, coverage, "--unit", part, "--period", "2025-Q4")
        assert rows(*words)["members-total"]["actual"] == total
        assert share(rows) == of
        assert rows(*words, "--unit", part)["members-total"]["actual"] == members
    movement = province("movement", "--period", 2025, "-f", "json").json
    assert movement["members"]["closing"] == 1050


def test_the_parts_of_a_split_are_of_the_kind_that_their_names_say(province: Ucli) -> None:
    province("batch", stdin=SPLIT)
    found = {it["name"]: it["kind"] for it in province("units", "-f", "json").json}
    assert (found["Công đoàn xã Hưng Bắc"], found["Công đoàn xã Hưng Nam"]) == ("ward", "ward")


@pytest.mark.parametrize("flow", ["members-net-growth", "members-admitted"])
def test_what_moved_a_merged_units_stock_does_not_move_it_again(province: Ucli, rows: Rows, flow: str) -> None:
    province("add-figure", "members-total", 1000, "--unit", "HH", "--period", "2024-12-31")
    province("add-figure", "members-total", 2000, "--unit", "KX", "--period", "2024-12-31")
    province("add-figure", flow, 40, "--unit", "HH", "--period", "2025-H1")
    before = rows("--period", "2025-H1")["members-total"]["actual"]
    province(*MERGED.split())
    province("add-figure", flow, 90, "--unit", "KX", "--period", 2025, "--with-predecessors")
    assert rows("--period", 2025)["members-total"]["actual"] == before + 50
    province("add-figure", "members-total", 3090, "--unit", "KX", "--period", "2025-12-31")
    assert "C13" not in province("check").out


def test_a_movement_explains_the_year_by_what_was_stated_of_it(province: Ucli) -> None:
    province("add-figure", "members-total", 2000, "--unit", "KX", "--period", "2024-12-31")
    province("add-figure", "members-net-growth", 50, "--unit", "KX", "--period", 2025)
    province("add-figure", "members-total", 2050, "--unit", "KX", "--period", "2025-12-31")
    answer = province("movement", "--period", 2025, "--unit", "KX", "-f", "json").json["members"]
    assert (answer["opening"], answer["stated"], answer["closing"], answer["difference"]) == (2000, 50, 2050, 0)


def test_an_estimate_says_whether_it_includes_a_merged_unit(province: Ucli, ucli: Ucli, rows: Rows) -> None:
    year = date.today().year  # noqa: DTZ011
    window = f"{year - 1}-07-01..{year + 1}-06-30"
    province("add-figure", "news-items", "ước 300", "--unit", "HH", "--period", window)
    province("merge-unit", "HH", "--into", "KX", "--on", f"1/1/{year}")
    estimate = ("add-figure", "news-items", "ước 480", "--unit", "KX", "--period", window)
    assert "--with-predecessors" in ucli(*estimate, expect=4).err
    for option, total in (("--own-only", 780), ("--with-predecessors", 480)):
        province(*estimate, option, "--replace")
        assert rows("--period", window)["news-items"]["estimate"]["value"] == total


def test_what_a_merged_unit_recorded_counts_in_the_figure_that_includes_it_and_is_no_zero(
    province: Ucli, rows: Rows
) -> None:
    province("add-member", "Lê Thử", "--union", "MAY", "--admitted", "2/4/2025")
    province(*MERGED.split())
    province("add-figure", "members-admitted", 363, "--unit", "KX", "--period", 2025, "--with-predecessors")
    words = ("--period", 2025, "--indicator", "members-admitted")
    assert rows(*words)["members-admitted"]["actual"] == 363
    assert rows(*words, "--unit", "HH")["members-admitted"]["actual"] is None
    told = province("report", *words, "--unit", "HH").out
    assert "1 recorded here are included in what another unit stated (LĐLĐ huyện Kiến Xương, figure 1)" in told
    [cell] = province("explain", "members-admitted", "--unit", "HH", "--period", 2025, "-f", "json").json["cells"]
    assert [(it["use"], it["within"]) for it in cell["parts"]] == [("covered", 1)]
    groups = province("report", *words, "--by", "district", "-f", "json").json["groups"]
    assert [it["rows"][0]["actual"] for it in groups] == [None, 363]
    # Until it was merged its own half-year is its own.
    half = rows("--unit", "HH", "--period", "2025-H1", "--indicator", "members-admitted")
    assert half["members-admitted"]["actual"] == 1
