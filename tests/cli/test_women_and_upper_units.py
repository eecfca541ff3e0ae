"""What is recorded and could not be asked: women among members, units above the grassroots, member unions."""

from typing import Any

from tests.conftest import Ucli


def asked(ucli: Ucli, *codes: str, words: tuple[str, ...] = ("2024",)) -> list[Any]:
    indicators = [it for code in codes for it in ("--indicator", code)]
    rows = {it["indicator"]: it for it in ucli("report", *words, *indicators, "-f", "json").json["rows"]}
    return [rows[it] for it in codes]


def admitted(ucli: Ucli, name: str, sex: str, union: str = "MAY") -> None:
    ucli("add-member", name, "--union", union, "--admitted", "2024-02-05", *(["--sex", sex] if sex else []))


def test_women_are_a_share_of_the_members_at_least_where_the_sex_of_some_is_not_known(province: Ucli) -> None:
    for name, sex in (("Trần Thị Ví", "nữ"), ("Trần Thị Dụ", "nữ"), ("Trần Văn Ví", "nam")):
        admitted(province, name, sex)
    women, share = asked(province, "members-women", "women-share")
    assert (women["actual"], women["qualifier"]) == (2, None)
    assert (share["numerator"], share["denominator"], share["qualifier"]) == (2, 3, None)
    admitted(province, "Trần Ví Dụ", "")
    women, share = asked(province, "members-women", "women-share")
    assert (women["actual"], women["qualifier"]) == (2, "at-least")
    assert (share["numerator"], share["denominator"], share["qualifier"]) == (2, 4, "at-least")
    vi = province("--lang", "vi", "report", "2024", "--indicator", "members-women").out
    assert "Đoàn viên nữ: 1 người chưa rõ giới tính" in vi
    # A report that does not ask for it is as it was.
    rows = province("report", "2024", "-f", "json").json["rows"]
    assert not {"members-women", "women-share"} & {it["indicator"] for it in rows}
    assert "Tỷ lệ đoàn viên nữ" in province("--lang", "vi", "report", "2024", "--indicator", "tl-dv-nu").out


def test_a_share_of_ones_own_is_computed_over_the_register(province: Ucli, ucli: Ucli) -> None:
    for name in ("Trần Thị Ví", "Trần Thị Dụ", "Trần Thị Mẫu", "Trần Thị Thử"):
        admitted(province, name, "nữ")
    province("add-indicator", "nu-gioi", "--name", "Nữ đạt hai giỏi", "--measure", "đoàn viên")
    share = ("--name", "Tỷ lệ nữ đạt hai giỏi", "--measure", "%", "--formula", "nu-gioi / dv-nu")
    assert province("add-indicator", "tl-nu-gioi", *share, "-f", "json").json["counts"] == "nu-gioi / members-women"
    province("set-target", "tl-nu-gioi", "95%", "--unit", "HH", "--period", "2024")
    province("add-figure", "nu-gioi", 3, "--unit", "HH", "--period", "2024")
    [row] = asked(province, "tl-nu-gioi", words=("2024", "--unit", "HH"))
    assert (row["numerator"], row["denominator"], row["status"]) == (3, 4, "unmet")
    ucli("add-indicator", "x", "--name", "X", "--measure", "%", "--formula", "nu-gioi", expect=4)
    ucli("add-indicator", "x", "--name", "X", "--measure", "%", "--formula", "nu-gioi / khong", expect=3)
    ucli("add-indicator", "x", "--name", "X", "--measure", "%", "--formula", "tl-nu-gioi / dv-nu", expect=4)
    ucli("add-indicator", "x", "--name", "X", "--measure", "x", "--kind", "flow", "--formula", "a / b", expect=2)


def test_units_above_the_grassroots_that_were_founded_are_counted_when_asked_for(province: Ucli) -> None:
    province("add-unit", "Công đoàn phường Một", "--kind", "ward", "--parent", "HH", "--founded", "2024-07-01")
    province("add-unit", "Công đoàn phường Hai", "--kind", "ward", "--parent", "KX", "--founded", "2024-07-01")
    upper, unions = asked(province, "upper-units-founded", "unions-founded")
    assert (upper["actual"], unions["actual"], upper["missing"]) == (2, 1, [])
    assert asked(province, "upper-units-founded", words=("2024-Q1",))[0]["actual"] == 0
    rows = province("report", "2024", "-f", "json").json["rows"]
    assert "upper-units-founded" not in {it["indicator"] for it in rows}
    province("set-target", "cttcs-moi", 3, "--unit", "Thái Bình", "--period", "2024")
    rows = province("report", "2024", "-f", "json").json["rows"]
    assert [it["remaining"] for it in rows if it["indicator"] == "upper-units-founded"] == [1]


def test_a_member_union_is_of_a_kind_of_its_own_and_no_grassroots_union(province: Ucli, ucli: Ucli) -> None:
    on = ("--founded", "2024-01-01")
    province("add-unit", "CĐCS thành viên Tổ May", "--kind", "CĐCS thành viên", "--parent", "MAY", "--code", "TO", *on)
    kind = province("add-union", "CĐCS thành viên Tổ Cắt", "--parent", "MAY", "--code", "CAT", *on, "-f", "json").json
    assert kind["kind"] == "member-union"
    part = province("add-union", "Công đoàn bộ phận Tổ Là", "--parent", "MAY", "--code", "LA", *on, "-f", "json").json
    assert part["kind"] == "member-union"
    founded, total = asked(province, "unions-founded", "unions-total")
    assert (founded["actual"], total["actual"]) == (1, 2)
    # Its members are those of its union, and of the units above it.
    admitted(province, "Trần Thị Ví", "nữ", "TO")
    groups = province("report", "2024", "--by", "union", "--indicator", "members-total", "-f", "json").json["groups"]
    assert {it["unit"]["code"]: it["rows"][0]["actual"] for it in groups if it["rows"]}["MAY"] == 1
    assert [it["code"] for it in province("units", "--kind", "member-union", "-f", "json").json] == ["CAT", "TO", "LA"]
    assert "CĐCS thành viên" in province("--lang", "vi", "units").out
    ucli("add-unit", "CĐCS thành viên Lạc", "--kind", "member-union", "--parent", "HH", expect=4)
    # It becomes a grassroots union, or ends, and its members go on or leave as those of any other do.
    province("end-union", "TO", "--on", "2024-09-01", "--successor", "MAY", "--carry")
    [row] = asked(province, "members-total", words=("2024", "--unit", "MAY"))
    assert row["actual"] == 1
    assert asked(province, "unions-dissolved")[0]["actual"] == 0
    assert ucli("check").code in (0, 4)
