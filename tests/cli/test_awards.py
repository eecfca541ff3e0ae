"""Flags, certificates and titles: given to units and members, listed, told under the report of their period."""

from tests.conftest import Ucli

FLAG = "Cờ thi đua đơn vị xuất sắc dẫn đầu"


def test_a_flag_is_listed_and_told_with_the_report_of_its_period(province: Ucli) -> None:
    province("add-figure", "news-items", 4, "--unit", "HH", "--period", "2024")
    assert "Award 1: " in province("add-award", "HH", FLAG, "--period", "2024", "--decision", "12/QĐ").err
    province("add-award", "KX", FLAG, "--period", "2024")
    listed = province("awards", "--period", "2024", "-f", "json").json
    assert [(it["title"], it["unit"], it["decision"]) for it in listed] == [
        (FLAG, "LĐLĐ huyện Hưng Hà", "12/QĐ"),
        (FLAG, "LĐLĐ huyện Kiến Xương", None),
    ]
    told = f"{FLAG}: LĐLĐ huyện Hưng Hà, LĐLĐ huyện Kiến Xương."
    for form in ("plain", "prose"):
        assert told in province("report", "--period", "2024", "-f", form).out
        assert FLAG not in province("report", "--period", "2023", "-f", form).out
    assert f"{FLAG}: LĐLĐ huyện Hưng Hà." in province("report", "--period", "2024", "--unit", "HH").out
    assert [it["unit"] for it in province("report", "--period", "2024", "-f", "json").json["awards"]] == [
        "LĐLĐ huyện Hưng Hà",
        "LĐLĐ huyện Kiến Xương",
    ]


def test_a_members_award_counts_with_the_union_and_names_nobody_in_a_report(province: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    province("add-award", "Trần Thị Mẫu", "Giấy khen", "--period", "2024")
    report = province("report", "--period", "2024").out
    assert "Giấy khen: 1 member." in report
    assert "Mẫu" not in report
    assert province("awards", "-f", "json").json[0]["name"] == "Trần Thị Mẫu"
    rows = province("query", "SELECT * FROM awards", "-f", "json").json
    assert rows[0]["unit"] == "CĐCS May Hưng Hà"
    assert "Mẫu" not in str(rows)


def test_an_award_given_again_is_one_and_may_be_voided_and_undone(province: Ucli, ucli: Ucli) -> None:
    for _time in range(2):
        province("add-award", "HH", FLAG, "--period", "2024")
    assert len(province("awards", "-f", "json").json) == 1
    province("add-award", "HH", FLAG, "--period", "2024", "--decision", "12/QĐ")
    assert [it["decision"] for it in province("awards", "-f", "json").json] == ["12/QĐ"]
    province("void-award", 1, "--note", "ghi nhầm")
    assert province("awards", "-f", "json").json == []
    province("undo")
    assert len(province("awards", "-f", "json").json) == 1
    assert ucli("add-award", "Không Có", FLAG, "--period", "2024").code == 3
    assert ucli("add-award", "HH", "", "--period", "2024").code == 2
    assert ucli("add-award", "HH", FLAG, "--period", "2999").code == 4
    province("check")


def test_what_is_held_of_a_person_has_the_awards_too(province: Ucli) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    province("add-award", "Trần Thị Mẫu", "Giấy khen", "--period", "2024")
    assert "Giấy khen" in province("export-member", "Trần Thị Mẫu").out
    province("erase-member", "Trần Thị Mẫu", "--confirm", "Trần Thị Mẫu")
    assert province("awards", "-f", "json").json[0]["name"] != "Trần Thị Mẫu"
    assert "Giấy khen: 1 member." in province("report", "--period", "2024").out


def test_who_has_an_award_is_not_voided_before_it(province: Ucli, ucli: Ucli) -> None:
    number = province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20", "-f", "json").json
    province("add-award", "Trần Thị Mẫu", "Giấy khen", "--period", "2024")
    assert "Award 1" in ucli("void-member", number["number"], "--note", "nhầm", expect=5).err
    province("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01")
    assert "LĐLĐ huyện Hưng Hà" not in province("report", "--period", "2024", "--structure", "now").out.split("\n")[1]


def test_a_members_full_name_is_meant_before_a_part_of_a_units(province: Ucli) -> None:
    province("add-union", "CĐCS Lê Văn Thử", "--parent", "HH", "--founded", "2023-02-03", "--code", "LVT")
    province("add-member", "Văn Thử", "--union", "MAY", "--admitted", "2024-04-20")
    province("add-award", "Văn Thử", "Giấy khen", "--period", "2024")
    province("add-award", "Lê Văn Thử", "Bằng khen", "--period", "2024")
    given = {it["title"]: (it["unit"], it["name"]) for it in province("awards", "-f", "json").json}
    assert given == {"Giấy khen": ("CĐCS May Hưng Hà", "Văn Thử"), "Bằng khen": ("CĐCS Lê Văn Thử", None)}
