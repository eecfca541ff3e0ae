"""Who reported by the day on which it was due: from the days typed, else from those on which figures were recorded."""

from datetime import date, timedelta

from tests.conftest import Ucli

TODAY = date.today()  # noqa: DTZ011


def sent(ucli: Ucli, *words: object) -> list[list[object]]:
    answer = ucli("timeliness", *words, "-f", "json").json
    return [[it["code"], it["received"], it["standing"], it["days_late"]] for it in answer]


def test_who_is_on_time_late_and_silent_stands_in_a_table_and_under_the_report(province: Ucli, ucli: Ucli) -> None:
    province("add-unit", "LĐLĐ huyện Thái Thụy", "--kind", "district", "--code", "TT")
    province("add-period", "dot-1", "--from", "2024-07-01", "--to", "2024-07-31", "--due", "2024-08-05")
    for unit, indicator, day in (
        ("HH", "news-items", "2024-08-05"),
        ("KX", "news-items", "2024-08-01"),
        ("KX", "legal-advice", "2024-08-07"),
    ):
        province("add-figure", indicator, 5, "--unit", unit, "--period", "dot-1", "--received", day)
    assert sent(province, "dot-1") == [
        ["HH", "2024-08-05", "on-time", 0],
        ["KX", "2024-08-07", "late", 2],
        ["TT", None, "silent", 0],
    ]
    # The same days are the same period, whatever it is called.
    assert sent(province, "2024-07", "--due", "2024-08-10")[1] == ["KX", "2024-08-07", "on-time", 0]
    vi = province("--lang", "vi", "report", "T7/2024").out
    foot = "Hạn báo cáo 05/08/2024: 1/3 đơn vị đúng hạn. Chậm hạn: LĐLĐ huyện Kiến Xương (2 ngày)."
    assert f"{foot} Chưa có: LĐLĐ huyện Thái Thụy." in vi
    document = province("report", "dot-1", "-f", "json").json
    assert document["timeliness"]["due"] == "2024-08-05"
    assert [it["days_late"] for it in document["timeliness"]["units"]] == [0, 2, 0]
    rows = {it["indicator"]: it["days_late"] for it in document["rows"]}
    assert (rows["news-items"], rows["legal-advice"]) == (0, 2)
    listed = province("figures", "--period", "dot-1", "-f", "json").json
    assert [it["days_late"] for it in listed] == [0, 0, 2]
    assert "days_late" not in province("figures", "--period", "2023", "-f", "csv").out
    for question in ("report", "timeliness"):
        assert "reported in time" in ucli(question, "dot-1", "--fail-late", expect=6).err
        province(question, "dot-1", "--unit", "HH", "--fail-late")


def test_a_report_was_received_on_the_day_it_was_recorded_and_a_correction_does_not_make_it_late(
    province: Ucli, ucli: Ucli
) -> None:
    due = (TODAY + timedelta(days=3)).isoformat()
    figure = ("add-figure", "news-items", 5, "--unit", "HH", "--period", "2024-05")
    assert province(*figure, "-f", "json").json["received"] == TODAY.isoformat()
    assert sent(province, "2024-05", "--due", due)[0] == ["HH", TODAY.isoformat(), "on-time", 0]
    province(*figure, "--received", "2024-06-02", "--replace")
    province("add-figure", "news-items", 6, "--unit", "HH", "--period", "2024-05", "--replace")
    assert sent(province, "2024-05", "--due", "2024-06-05")[0] == ["HH", "2024-06-02", "on-time", 0]
    province("undo")
    province("redo")
    assert sent(province, "2024-05", "--due", "2024-06-05")[0] == ["HH", "2024-06-02", "on-time", 0]
    # What was taken back was never sent.
    province("void-figure", 3)
    assert sent(province, "2024-05", "--due", due)[0] == ["HH", None, "silent", 0]
    assert "no due date" in ucli("timeliness", "2024-05", expect=2).err
    assert "no due date" in ucli("report", "2024-05", "--fail-late", expect=2).err
