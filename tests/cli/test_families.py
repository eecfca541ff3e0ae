"""Periods in a row: the phases of a campaign, months from the 15th to the 14th."""

from tests.conftest import Ucli

ADD = "add-period {code} --from {first} --to {last} --family đợt --name"


def in_a_row(ucli: Ucli) -> None:
    for code, name, first, last in (
        ("dot-1", "Đợt 1", "2024-01-15", "2024-02-14"),
        ("dot-2", "Đợt 2", "2024-02-15", "2024-03-14"),
        ("dot-4", "Đợt 4", "2024-12-15", "2025-01-14"),
    ):
        ucli(*ADD.format(code=code, first=first, last=last).split(), name)
    for period, value in (("dot-1", 5), ("dot-2", 7), ("2024", 20)):
        ucli("add-figure", "news-items", value, "--unit", "HH", "--period", period)


def test_a_report_by_period_has_a_row_for_each_period_of_the_family_inside_the_window(province: Ucli) -> None:
    in_a_row(province)
    asked = ("report", "2024", "--by", "period", "--indicator", "news-items", "--unit", "HH")
    document = province(*asked, "-f", "json").json
    groups = [(it["period"]["code"], it["rows"][0]["actual"]) for it in document["groups"]]
    # What began in the year and ends in the next is no part of it.
    assert groups == [("dot-1", 5), ("dot-2", 7)]
    assert document["rows"][0]["actual"] == 20
    vi = province("--lang", "vi", *asked).out
    assert "Đợt 1" in vi
    assert "Tin, bài đăng tải 8" in vi
    assert province("movement", "2024", "--by", "kỳ", "-f", "json").json["groups"][0]["period"]["code"] == "dot-1"
    # The family's own name is the days from the first period to the last.
    whole = province("report", "đợt", "--by", "đợt", "--indicator", "news-items", "-f", "json").json
    assert (whole["period"]["start"], whole["period"]["end"]) == ("2024-01-15", "2025-01-14")
    assert [it["period"]["code"] for it in whole["groups"]] == ["dot-1", "dot-2", "dot-4"]


def test_two_families_are_told_apart_and_periods_of_one_do_not_overlap(province: Ucli, ucli: Ucli) -> None:
    in_a_row(province)
    overlapping = ADD.format(code="dot-3", first="2024-03-10", last="2024-04-14").split()
    assert "days in common" in ucli(*overlapping, "Đợt 3", expect=5).err
    province("add-period", "tuan-1", "--from", "2024-01-15", "--to", "2024-01-21", "--family", "tuần")
    assert "--family" in ucli("report", "2024", "--by", "period", expect=2).err
    groups = province("report", "2024", "--family", "Tuan", "-f", "json").json["groups"]
    assert [it["period"]["code"] for it in groups] == ["tuan-1"]
    assert ucli("report", "2023", "--by", "period", expect=3).err
    ucli("add-period", "nk", "--term", "--from", "2024-01-15", "--to", "2025-01-21", "--family", "x", expect=2)
    assert {it["code"]: it["family"] for it in province("periods", "-f", "json").json}["dot-1"] == "đợt"
    province("void-period", "dot-1")
    province("undo")
    assert "Đợt 1" in province("--lang", "vi", "report", "2024", "--by", "period", "--family", "đợt").out
