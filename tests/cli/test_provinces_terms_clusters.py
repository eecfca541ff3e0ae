"""The provinces of before and since July 2025, terms that belong to a unit, clusters that change by the year."""

import csv
from importlib.resources import files

import pytest

from tests.conftest import Ucli

PROVINCES = list(csv.DictReader((files("ucli.catalogue") / "provinces.csv").read_text(encoding="utf-8").splitlines()))


def codes(ok: Ucli, day: str) -> dict[str, str]:
    return {row["name"]: row["code"] for row in ok("units", "--on", day, "-f", "json").json}


def test_sixty_three_provinces_became_thirty_four() -> None:
    assert len(PROVINCES) == len({row["code_before"] for row in PROVINCES}) == 63
    today = [row for row in PROVINCES if row["code_since"]]
    assert len(today) == len({row["code_since"] for row in today}) == 34
    assert {row["merged_into"] for row in PROVINCES if row["merged_into"]} <= {row["name"] for row in today}
    assert all(bool(row["code_since"]) != bool(row["merged_into"]) for row in PROVINCES)


def test_a_known_province_gets_its_codes_and_their_days(ok: Ucli) -> None:
    ok("init")
    for name in ("Lào Cai", "LĐLĐ tỉnh Yên Bái", "Công đoàn TP. Hồ Chí Minh"):
        ok("add-unit", name, "--kind", "province")
    before, since = codes(ok, "2025-06-30"), codes(ok, "2025-07-01")
    assert (before["Lào Cai"], before["LĐLĐ tỉnh Yên Bái"]) == ("10", "15")
    assert (since["Lào Cai"], since["LĐLĐ tỉnh Yên Bái"]) == ("15", "YEN-BAI")
    # 15 means who bears it on the day asked about.
    assert (
        ok("report", "--province", "15", "--period", "2024", "-f", "json").json["unit"]["name"] == "LĐLĐ tỉnh Yên Bái"
    )
    assert ok("report", "--province", "15", "--period", "2026", "-f", "json").json["unit"]["name"] == "Lào Cai"
    assert ok("report", "--province", "TPHCM", "--period", "2024", "-f", "json").json["unit"]["code"] == "79"


def test_the_office_of_a_province_is_known_by_its_name(ok: Ucli) -> None:
    ok("init", "--office", "Thái Bình")
    assert ok("report", "-f", "json").json["unit"] == {"code": "34", "name": "Thái Bình"}


def test_a_province_that_the_ledger_has_not_is_still_known(ok: Ucli, ucli: Ucli) -> None:
    ok("init", "--office", "Thái Bình")
    assert "Hưng Yên is a province" in ucli("report", "--province", "hung yen", expect=3).err


def test_the_official_mergers_are_one_operation_previewed_undone_and_done_once(ok: Ucli) -> None:
    ok("init")
    for row in PROVINCES:
        ok("add-unit", f"LĐLĐ tỉnh {row['name']}", "--kind", "province")
    before = codes(ok, "2026-01-01")
    assert len(before) == 63
    assert "01/07/2025: 29." in ok("adopt-2025", "--dry-run").err
    assert codes(ok, "2026-01-01") == before
    ok("adopt-2025")
    today = codes(ok, "2026-01-01")
    assert {name.removeprefix("LĐLĐ tỉnh "): code for name, code in today.items()} == {
        row["name"]: row["code_since"] for row in PROVINCES if row["code_since"]
    }
    assert {name.removeprefix("LĐLĐ tỉnh "): code for name, code in codes(ok, "2025-06-30").items()} == {
        row["name"]: row["code_before"] for row in PROVINCES
    }
    assert "Nothing to change" in ok("adopt-2025").err
    ok("undo")
    assert codes(ok, "2026-01-01") == before


def test_what_was_recorded_past_the_mergers_goes_over_with_them(province: Ucli, ucli: Ucli) -> None:
    province("add-payout", "--unit", "Thái Bình", "--programme", "tet", "--amount", "1tr", "--on", "2025-08-01")
    assert "With --carry they go over to LĐLĐ tỉnh Hưng Yên" in ucli("adopt-2025", expect=5).err
    assert province("adopt-2025", "--carry", "-f", "json").json["carried"] == 1
    assert [row["unit"] for row in province("payouts", "-f", "json").json] == ["LĐLĐ tỉnh Hưng Yên"]
    province("undo")
    assert [row["unit"] for row in province("payouts", "-f", "json").json] == ["LĐLĐ tỉnh Thái Bình"]


def test_adopting_adds_the_province_that_a_ledger_goes_up_in(province: Ucli) -> None:
    assert "LĐLĐ tỉnh Hưng Yên is added" in province("adopt-2025").err
    # The office is the one that followed, and was the old one then.
    assert province("report", "--period", "2026", "-f", "json").json["unit"]["name"] == "LĐLĐ tỉnh Hưng Yên"
    assert province("report", "--period", "2024", "-f", "json").json["unit"]["name"] == "LĐLĐ tỉnh Thái Bình"
    districts = {row["code"]: row["parent"] for row in province("units", "--kind", "district", "-f", "json").json}
    assert districts == {"HH": "LĐLĐ tỉnh Hưng Yên", "KX": "LĐLĐ tỉnh Hưng Yên"}


def test_what_was_recorded_after_the_merger_goes_over_too(province: Ucli) -> None:
    province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--founded", "2025-09-01", "--code", "MOI")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2025-09-01")
    province("adopt-2025")
    assert province("show", "MOI", "-f", "json").json["parents"] == [
        {"code": "33", "name": "LĐLĐ tỉnh Hưng Yên", "from": "2025-09-01", "until": None}
    ]
    actual = province("report", "--province", "33", "--period", "2025", "-f", "json").json["rows"]
    assert {row["indicator"]: row["actual"] for row in actual}["members-admitted"] == 1


TERM = ("add-period", "2023-2028", "--term", "--unit", "Thái Bình", "--from", "2023-09-20", "--to", "2028-09-19")
NEXT = ("add-period", "2025-2030", "--term", "--unit", "Thái Bình", "--from", "2025-10-10", "--to", "2030-10-09")


def test_a_report_over_a_term_ends_where_the_term_was_cut_short(province: Ucli) -> None:
    province(*TERM)
    province("set-target", "unions-founded", 10, "--unit", "Thái Bình", "--period", "2023–2028")
    province(*NEXT)
    for day in ("2025-10-09", "2025-10-10"):
        province("add-union", f"CĐCS {day}", "--parent", "HH", "--founded", day)
    first, second = (province("report", "--period", term, "-f", "json").json for term in ("2023-2028", "2025-2030"))
    row = first["rows"][0]
    assert (first["as_of"], row["target"], row["actual"], row["status"]) == ("2025-10-09", 10, 2, "unmet")
    assert (second["rows"][0]["target"], second["rows"][0]["actual"]) == (None, 1)
    assert [row["cut"] for row in province("periods", "-f", "json").json] == ["2025-10-09", None]
    province("undo", "8")


def test_a_term_is_the_units_own_or_that_of_the_nearest_above(province: Ucli, ucli: Ucli) -> None:
    province(*TERM)
    province("add-period", "2023-2028", "--term", "--unit", "KX", "--from", "2023-03-01", "--to", "2028-02-28")
    starts = {
        unit: province("report", "--unit", unit, "--period", "2023-2028", "-f", "json").json["period"]["start"]
        for unit in ("HH", "KX", "TRUONG")
    }
    assert starts == {"HH": "2023-09-20", "KX": "2023-03-01", "TRUONG": "2023-03-01"}
    province("add-unit", "LĐLĐ tỉnh Hưng Yên", "--kind", "province")
    assert "is a term of" in ucli("report", "--unit", "33", "--period", "2023-2028", expect=3).err
    province("void-period", "2023-2028", "--unit", "KX")
    assert ucli("void-period", "2023-2028", "--unit", "KX").code == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*TERM[:5], "--from", "2023-01-01", "--to", "2028-01-01"), 5),  # the same code, other days
        (
            ("add-period", "2020-2025", *TERM[2:5], "--from", "2020-01-01", "--to", "2025-01-01"),
            5,
        ),  # before a later one
        (("add-period", "x1", *TERM[2:5], "--from", "2028-01-01", "--to", "2027-01-01"), 4),
        (("add-period", "x1", "--unit", "HH", "--from", "2026-01-01", "--to", "2027-01-01"), 2),
        (("add-period", "2025", *TERM[2:5], "--from", "2025-01-01", "--to", "2025-12-31"), 4),
    ],
)
def test_terms_of_one_unit_follow_each_other(province: Ucli, ucli: Ucli, words: tuple[str, ...], code: int) -> None:
    province(*TERM)
    assert ucli(*words).code == code


def test_the_cluster_of_next_year_begins_with_this_years(province: Ucli, ucli: Ucli) -> None:
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX", "--lead", "HH")
    province("set-cluster", "Cụm 1", "--year", "2025", "--from-year", "2024", "--lead", "KX")
    years = {row["year"]: (row["units"], row["lead"]) for row in province("clusters", "-f", "json").json}
    assert years[2024] == ("LĐLĐ huyện Hưng Hà, LĐLĐ huyện Kiến Xương", "LĐLĐ huyện Hưng Hà")
    assert years[2025] == (years[2024][0], "LĐLĐ huyện Kiến Xương")
    for words in (
        ("--year", "2026", "--from-year", "2020"),
        ("--year", "2026"),
        ("--year", "2026", "--units", "HH", "--from-year", "2024"),
    ):
        assert ucli("set-cluster", "Cụm 1", *words).code in (2, 3, 4)


def test_a_cluster_said_again_for_a_year_says_what_it_replaces(province: Ucli) -> None:
    first = ("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX", "--lead", "HH")
    assert "place of" not in province(*first).err
    assert "Nothing to change" in province(*first).err
    again = province("set-cluster", "Cụm 1", "--year", "2024", "--units", "MAY,KX", "-f", "json")
    told = "LĐLĐ huyện Hưng Hà, LĐLĐ huyện Kiến Xương (leading: LĐLĐ huyện Hưng Hà, deputy: —)"
    assert f"Replaces: {told}." in again.err
    assert again.json["replaced"] == ["HH", "KX"]
    assert told in province("log", "-f", "json").json[0]["summary"]
    assert "place of" not in province("set-cluster", "Cụm 1", "--year", "2025", "--from-year", "2024").err


def test_a_clusters_report_counts_its_years_units_also_when_they_have_merged_since(province: Ucli) -> None:
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,TRUONG")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    before = province("report", "--cluster", "Cụm 1", "--period", "2024").out
    province("end-unit", "HH", "--on", "2025-07-01", "--successor", "KX")
    assert province("report", "--cluster", "Cụm 1", "--period", "2024").out == before


def test_a_code_of_another_time_is_nobodys(ok: Ucli, ucli: Ucli) -> None:
    ok("init")
    ok("add-unit", "Lào Cai", "--kind", "province")
    assert ucli("report", "--province", "15", "--period", "2024").code == 3
    assert ucli("report", "--province", "10", "--period", "2026").code == 3
    assert ucli("init", "--office", "34").code == 4


def test_a_province_that_is_added_bears_a_name_like_the_others(ok: Ucli) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Hải Dương")
    ok("adopt-2025")
    assert set(codes(ok, "2026-01-01")) == {"LĐLĐ thành phố Hải Phòng"}
