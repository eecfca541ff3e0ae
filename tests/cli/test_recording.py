"""Recording: one line on stderr, the object with --format json, and lists that show what was written."""

import re
import stat
from pathlib import Path

import pytest

from tests.conftest import Ucli, shell


def test_init_makes_a_ledger_only_its_owner_reads(ok: Ucli, tmp_path: Path) -> None:
    ok("init", "--db", tmp_path / "new" / "so.db")
    assert stat.S_IMODE((tmp_path / "new" / "so.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_init_again_changes_nothing(ok: Ucli) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    assert "Nothing to change" in ok("init", "--office", "LĐLĐ tỉnh Thái Bình").err
    assert "Nothing to change" in ok("init").err


def test_a_ledger_can_be_named_before_or_after_the_command(ok: Ucli, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    ok("--db", other, "init", "--office", "LĐLĐ tỉnh Lào Cai")
    assert "Lào Cai" in ok("units", "--db", other).out
    assert "Lào Cai" in ok("--db", other, "units").out
    assert "Lào Cai" in ok("units", f"--db={other}").out


def test_without_a_path_the_ledger_is_in_the_data_folder(tmp_path: Path) -> None:
    answer = shell("unset UCLI_DB; ucli init", env={"XDG_DATA_HOME": str(tmp_path / "data")})
    assert answer.code == 0
    assert (tmp_path / "data" / "ucli" / "ucli.db").is_file()


def test_a_write_says_one_line_and_prints_the_object_as_json(province: Ucli) -> None:
    words = ("add-member", "Trần Thị Mẫu", "--union", "may hung ha", "--admitted", "20/4/2024", "--sex", "nữ")
    answer = province(*words, "--format", "json")
    assert len(answer.err.splitlines()) == 1
    assert "Operation 6" in answer.err
    assert "ucli undo" in answer.err
    assert answer.json == {
        "number": 1,
        "name": "Trần Thị Mẫu",
        "union": "MAY",
        "admitted": "2024-04-20",
        "operation": 6,
    }


def test_a_dry_run_writes_nothing(province: Ucli) -> None:
    answer = province("add-unit", "LĐLĐ huyện Vũ Thư", "--kind", "district", "--dry-run")
    assert "nothing was written" in answer.err
    assert "Vũ Thư" not in province("units").out
    assert len(province("log", "-f", "json").json) == 5


def test_a_union_founded_with_members_recognises_them(province: Ucli) -> None:
    words = ("add-union", "CĐCS Mới", "--parent", "HH", "--founded", "2024-03-15", "--sector", "non-state")
    province(*words, "--members", "12", "--decision", "15/QĐ-LĐLĐ")
    rows = province("report", "--unit", "HH", "--period", "2024", "-f", "json").json["rows"]
    assert {row["indicator"]: row["actual"] for row in rows}.items() >= {
        "unions-founded": 1,
        "members-admitted": 12,
    }.items()


def test_fewer_than_five_founders_are_taken_when_confirmed(province: Ucli) -> None:
    province("add-union", "CĐCS Mới", "--parent", "HH", "--founded", "2024-03-15", "--members", "4", "--yes")


def test_a_unit_goes_under_the_office_when_no_parent_is_named(province: Ucli) -> None:
    parents = {row["code"]: row["parent"] for row in province("units", "-f", "json").json}
    assert parents["HH"] == "LĐLĐ tỉnh Thái Bình"


def test_a_name_is_found_in_any_spelling(province: Ucli) -> None:
    for spelling in ("HH", "hh", "LĐLĐ huyện Hưng Hà", "ldld huyen hung ha", "hưng hà", "LĐLĐ huyện Hưng Hà"):
        code = province("add-figure", "news-items", "5", "--unit", spelling, "--period", "2024", "-f", "json").json
        assert code["unit"] == "HH"


def test_a_province_unknown_to_any_list_is_taken(ok: Ucli) -> None:
    ok("init")
    ok("add-unit", "LĐLĐ tỉnh Ví Dụ", "--kind", "province")
    assert "Ví Dụ" in ok("report", "--province", "vi du").out


def test_units_are_listed_in_the_order_of_a_vietnamese_dictionary(ok: Ucli) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Ví Dụ")
    for name in ("Đông Hưng", "Dân Chủ", "Ân Thi", "An Lão", "Ăn Hòa", "Hòa Vang", "Hoà An"):
        ok("add-unit", name, "--kind", "district")
    names = [row["name"] for row in ok("units", "--kind", "district", "-f", "json").json]
    assert names == ["An Lão", "Ăn Hòa", "Ân Thi", "Dân Chủ", "Đông Hưng", "Hoà An", "Hòa Vang"]


def test_lists_mask_id_numbers(province: Ucli) -> None:
    words = ("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-04-20", "--id-number", "-")
    province(*words, stdin="034190000123\n")
    for form in ("plain", "csv", "json", "github"):
        text = province("members", "-f", form).out
        assert "***123" in text
        assert "034190000123" not in text


def test_a_person_with_the_same_id_or_card_is_not_counted_twice(province: Ucli, ucli: Ucli) -> None:
    words = ("add-member", "Lê Văn Thử", "--admitted", "2024-04-20", "--card", "TB-1")
    province(*words, "--union", "MAY")
    answer = ucli(*words, "--union", "TRUONG")
    assert answer.code == 5
    assert "number 1" in answer.err


def test_members_are_listed_by_union_unit_and_name(province: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    province("add-member", "Lê Văn Thử", "--union", "TRUONG", "--admitted", "2024-04-20")

    def names(*words: str) -> list[str]:
        return [row["name"] for row in province("members", *words, "-f", "json").json]

    assert names("--union", "MAY") == ["Trần Thị Mẫu"]
    assert names("--unit", "KX") == ["Lê Văn Thử"]
    assert names("--name", "mau") == ["Trần Thị Mẫu"]
    assert names("--on", "2024-04-19") == []


def test_a_payout_to_a_member_is_listed_under_the_members_name(province: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    province("add-payout", "--unit", "MAY", "--programme", "illness", "--amount", "2tr", "--member", "1",
             "--on", "2024-05-01")  # fmt: skip
    assert [row["beneficiary"] for row in province("payouts", "-f", "json").json] == ["Trần Thị Mẫu"]


def test_lists_filter_by_period_and_programme(province: Ucli) -> None:
    for programme, day in (("tet", "2024-01-20"), ("visit", "2024-05-01")):
        words = ("add-payout", "--unit", "HH", "--amount", "1tr", "--programme", programme, "--on", day)
        province(*words)
    assert [row["programme"] for row in province("payouts", "--programme", "tet", "-f", "json").json] == ["tet"]
    assert [row["day"] for row in province("payouts", "--period", "2024-Q2", "-f", "json").json] == ["2024-05-01"]


def test_an_office_adds_indicators_programmes_and_periods_of_its_own(province: Ucli) -> None:
    province("add-indicator", "hoc-bong", "--name", "Học bổng trao tặng", "--measure", "suất", "--alias", "hb")
    province("add-figure", "hb", "12", "--unit", "HH", "--period", "2024")
    province("add-programme", "hoc-bong-nguyen-duc-canh", "--name", "Học bổng Nguyễn Đức Cảnh")
    province("add-payout", "--unit", "HH", "--programme", "nguyễn đức cảnh", "--amount", "1tr", "--on", "2024-05-01")
    province("add-period", "dot1-2024", "--from", "1/7/2024", "--to", "31/7/2024", "--due", "5/8/2024")
    assert [row["code"] for row in province("periods", "-f", "json").json] == ["dot1-2024"]
    assert "Học bổng trao tặng" in province("report", "--unit", "HH", "--period", "2024", "--lang", "vi").out


def test_clusters_are_said_year_by_year(province: Ucli) -> None:
    province("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH, KX", "--lead", "HH", "--deputy", "KX")
    assert (
        "Nothing to change"
        in province("set-cluster", "Cụm 1", "--year", "2024", "--units", "KX,HH", "--lead", "HH", "--deputy", "KX").err
    )
    row = province("clusters", "--year", "2024", "-f", "json").json[0]
    assert (row["name"], row["lead"], row["deputy"]) == ("Cụm 1", "LĐLĐ huyện Hưng Hà", "LĐLĐ huyện Kiến Xương")
    assert province("clusters", "--year", "2023", "-f", "json").json == []
    assert "Cụm 1" not in province("units").out


def test_who_recorded_and_why_stand_in_the_log_without_personal_data(province: Ucli) -> None:
    words = ("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20", "--card", "TB-77")
    province(*words, "--actor", "Phòng Tổ chức", "--note", "theo danh sách tháng 4")
    text = province("log").out
    assert "Phòng Tổ chức" in text
    assert "theo danh sách tháng 4" in text
    assert "Mẫu" not in text
    assert "TB-77" not in text


def test_the_catalogue_holds_every_shipped_indicator_with_both_names(province: Ucli) -> None:
    records = province("indicators", "-f", "json").json
    assert len(records) >= 68
    assert all(re.fullmatch(r"[a-z0-9-]+", row["code"]) and row["name_vi"] and row["name_en"] for row in records)
    assert len({row["code"] for row in records} | {row["alias"] for row in records}) == 2 * len(records)
    assert [row["code"] for row in province("indicators", "--match", "mái ấm", "-f", "json").json][:2] == [
        "shelter-houses-planned",
        "shelter-houses",
    ]


@pytest.mark.parametrize("value", ["-5", "-5 triệu", "−5"])
def test_a_negative_number_is_said_to_be_one_wherever_it_stands(province: Ucli, ucli: Ucli, value: str) -> None:
    for words in (
        ("add-figure", "legal-advice", value, "--unit", "HH", "--period", "2024"),
        ("set-target", "legal-advice", value, "--unit", "HH", "--period", "2024"),
        ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", value),
        ("add-payout", "--unit", "HH", "--programme", "tet", f"--amount={value}"),
        ("end-membership", "1", "--members", value, "--on", "2024-06-01", "--reason", "retired"),
    ):
        assert "below 0" in ucli(*words, expect=4).err


@pytest.mark.parametrize("typed", ["2-3 nghìn", "1.000-2 triệu"])
def test_a_range_of_which_one_bound_alone_has_a_scale_is_asked_about(ucli: Ucli, province: Ucli, typed: str) -> None:
    answer = ucli("set-target", "legal-advice", typed, "--unit", "HH", "--period", "2024", expect=4)
    assert "Type both bounds with their unit" in answer.err
    low, unit = typed.partition("-")[0], typed.partition(" ")[2]
    province("set-target", "legal-advice", f"{low} {unit}-3.000 {unit}", "--unit", "HH", "--period", "2024")


def test_a_member_admitted_twice_without_a_birth_date_is_asked_after(province: Ucli) -> None:
    def asked(*words: str, on: str = "2024-05-05") -> bool:
        return "is it the same person?" in province("add-member", *words, "--union", "MAY", "--admitted", on).err

    assert not asked("Lê Văn Trùng", "--card", "T1")
    assert not asked("Lê Văn Trùng", on="2024-05-06")
    assert not asked("Lê Văn Trùng", "--card", "T2")
    assert asked("le van trung")
    assert asked("Lê Văn Trùng", "--born", "1990-01-01")
    assert not asked("Trần Thị Mẫu", "--born", "1990-01-01")
    assert not asked("Trần Thị Mẫu", "--born", "1991-01-01")
    said = province("--lang", "vi", "add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-05").err
    assert "Đoàn viên 6 cũng có tên, công đoàn cơ sở và ngày kết nạp như vậy" in said


def test_a_period_is_taken_as_reports_write_it(province: Ucli) -> None:
    for typed, code in (("Tháng 6/2024", "2024-06"), ("7/2024", "2024-07"), ("quý I năm 2024", "2024-Q1")):
        province("add-figure", "news-items", 5, "--unit", "HH", "--period", typed)
        assert province("figures", "--period", typed, "-f", "json").json[-1]["period"] == code
