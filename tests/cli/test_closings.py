"""A closed period keeps what was handed in, and takes nothing more until it is reopened."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import After, Ucli, spoil

HH = ("--unit", "HH")


@pytest.fixture
def closed(province_after: After) -> Ucli:
    """A district's year 2024, closed as operation 9, with a member (2), a figure (1) and a group of 25 (1)."""
    return province_after("""
        add-union "CĐCS Giày Hưng Hà" --parent HH --founded 2023-06-01 --members 25
        add-member "Trần Thị Mẫu" --union MAY --admitted 2024-04-20 --born 1990-01-01
        add-figure news-items 5 --unit HH --period 2024-06
        close-period 2024 --unit HH
    """)


INTO_IT = [
    "add-member A --union MAY --admitted 2024-05-01",
    "add-figure news-items 7 --unit MAY --period 2024-07",
    "add-figure news-items 70 --unit HH --period 2024",
    "set-target news-items 70 --unit HH --period 2024",
    "add-payout --unit MAY --programme tet --amount 500000 --on 2024-01-20",
    "add-union B --parent HH --founded 2024-03-01",
    "end-membership 2 --on 2024-12-31 --reason retired",
    "end-union MAY --on 2024-12-01 --reason employer-ceased",
    "move-unit MAY --to KX --on 2024-12-01",
    "move-unit MAY --to KX --on 2023-12-01",
    "move-unit TRUONG --to HH --on 2024-12-01",
    "merge-unit HH --into KX --on 2024-12-01",
    "rename-unit MAY B --on 2024-02-01",
    "rename-unit MAY B --on 2023-06-01",
    "rename-unit HH B --on 2020-01-01",
    "rename-unit HH --kind zone --on 2020-01-01",
    "add-unit B --kind ward --parent HH",
    "add-unit B --kind ward --parent HH --founded 2023-01-01",
    "void-member 2",
    "void-figure 1",
    "undo 7",
    "undo 8",
]
NOT_INTO_IT = [
    "add-member A --union MAY --admitted 2025-01-01",
    "add-member A --union TRUONG --admitted 2024-05-01",
    "add-figure news-items 7 --unit KX --period 2024-07",
    "add-figure news-items 900 --unit Thái_Bình --period 2024",
    "end-membership 2 --on 2025-01-01 --reason retired",
    "end-membership 1 --members 5 --on 2025-01-01 --reason retired",
    "end-union MAY --on 2025-01-01 --reason employer-ceased",
    "merge-unit HH --into KX --on 2025-07-01",
    "add-unit C --kind district",
    "add-unit C --kind ward --parent HH --founded 2025-01-01",
    "add-union C --parent HH --founded 2023-03-01",
    "rename-unit MAY C --on 2025-01-01",
    "add-period dot1 --from 2024-07-01 --to 2024-07-31",
]


@pytest.mark.parametrize("words", INTO_IT)
def test_what_falls_into_a_closed_period_is_refused_with_the_way_to_reopen_it(
    closed: Ucli, ucli: Ucli, words: str
) -> None:
    before = closed("log", "-f", "json").out
    answer = ucli(*words.split(), expect=5)
    assert "ucli reopen-period 2024 --unit HH --reason" in answer.err
    assert closed("log", "-f", "json").out == before
    assert ucli(*words.split(), "--dry-run").code == 5
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung")
    closed(*words.split())


@pytest.mark.parametrize("words", NOT_INTO_IT)
def test_what_falls_elsewhere_is_recorded(closed: Ucli, words: str) -> None:
    before = organisation(closed)
    closed(*(word.replace("_", " ") for word in words.split()))
    assert organisation(closed) == before


def organisation(ok: Ucli) -> list[object]:
    """Return whom the report on the closed period names and waits for."""
    report = ok("report", *HH, "--period", "2024", "-f", "json").json
    return [report["unit"], report["missing"], report["expected"], [row["issuer"] for row in report["rows"]]]


def test_whom_a_closed_report_names_as_silent_stays(province: Ucli, ucli: Ucli) -> None:
    """Wards before unions, and unions only where those beside them report figures themselves."""
    province("add-unit", "Công đoàn xã Mẫu", "--kind", "ward", "--parent", "HH", "--code", "XA")
    province("add-union", "CĐCS Xã Mẫu", "--parent", "XA", "--founded", "2020-03-01", "--code", "CS")
    province("add-figure", "news-items", 5, "--unit", "CS", "--period", "2024-06")
    province("set-target", "news-items", 9, *HH, "--period", "2024", "--issuer", "Thái Bình")
    province("close-period", "2024", *HH)
    before = organisation(province)
    refused = ucli("add-unit", "Công đoàn xã Thử", "--kind", "ward", "--parent", "HH", expect=5)
    assert "--founded" in refused.err
    assert "ucli reopen-period 2024 --unit HH --reason" in refused.err
    for words in (
        ("end-unit", "XA", "--on", "2023-06-01", "--reason", "reorganised", "--successor", "HH"),
        ("add-union", "CĐCS Thử", "--parent", "XA", "--founded", "2021-03-01"),
        ("rename-unit", "Thái Bình", "LĐLĐ tỉnh Thử", "--on", "2023-06-01"),
    ):
        assert "reopen-period" in ucli(*words, expect=5).err
    assert organisation(province) == before
    renamed = ucli("rename-unit", "HH", "Huyện Thử", "--on", "2023-06-01", expect=5)
    assert "LĐLĐ huyện Hưng Hà" in renamed.err
    province("reopen-period", "2024", *HH, "--reason", "bổ sung")
    province("add-unit", "Công đoàn xã Thử", "--kind", "ward", "--parent", "HH")
    province("rename-unit", "XA", "Công đoàn xã Khác", "--on", "2023-06-01")
    assert [(it["register"], it["operations"]) for it in province("diff", "2024", *HH, "-f", "json").json] == [
        ("unit_life", [12]),
        ("unit_name", [13]),
        ("unit_name", [13]),
    ]


def test_a_whole_ledger_closed_waits_for_nobody_new(province: Ucli, ucli: Ucli) -> None:
    province("close-period", "2024")
    assert ucli("add-unit", "LĐLĐ huyện Vũ Thư", "--kind", "district").code == 5
    province("add-unit", "LĐLĐ huyện Vũ Thư", "--kind", "district", "--founded", "2025-07-01")
    province("set-cluster", "Cụm 1", "--year", "2025", "--units", "HH,KX")
    province("merge-unit", "HH", "--into", "KX", "--on", "2025-07-01")


def test_what_was_handed_in_is_printed_again_to_the_byte(closed: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    asked = ("report", *HH, "--period", "2024", "-f")
    json, plain = closed(*asked, "json").out, closed(*asked, "plain").out
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung")
    closed("add-figure", "news-items", 7, *HH, "--period", "2024-07")
    assert closed(*asked, "json").out != json
    assert closed("report", "--submitted", "2024", *HH, "-f", "json").out == json
    assert closed("report", "--submitted", "2024", *HH).out == plain
    closed("report", "--submitted", "2024", *HH, "-o", tmp_path / "nop.json")
    kept = closed("periods", "-f", "json").json[0]["sha256"]
    assert hashlib.sha256((tmp_path / "nop.json").read_bytes()).hexdigest() == kept
    assert ucli("report", "--submitted", "2024").code == 3


def test_a_report_on_a_reopened_period_says_so(closed: Ucli) -> None:
    assert "reopened" not in closed("report", *HH, "--period", "2024").out
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung CĐCS")
    for words in ((*HH, "--period", "2024"), ("--period", "2024-06"), ("--unit", "MAY", "--period", "2024")):
        assert "bổ sung CĐCS" in closed("report", *words).out
    assert "bổ sung CĐCS" not in closed("report", "--unit", "KX", "--period", "2024").out
    assert "bổ sung CĐCS" not in closed("report", *HH, "--period", "2025").out


@pytest.mark.parametrize(
    "words",
    [
        ("report", "-f", "prose"),
        ("rank", "--by", "union"),
        ("movement",),
        ("explain", "news-items"),
        ("movement", "-f", "json"),
        ("rank", "--by", "union", "-f", "json"),
        ("explain", "news-items", "-f", "json"),
    ],
)
def test_every_answer_on_a_reopened_period_says_so(closed: Ucli, words: tuple[str, ...]) -> None:
    asked = (*words, *HH, "--period", "2024")
    assert "bổ sung" not in closed(*asked).out
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung")
    assert "bổ sung" in closed(*asked).out


def test_a_period_reopened_until_a_day_is_closed_after_it(closed: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    words = ("add-figure", "news-items", 7, *HH, "--period", "2024-07")
    yesterday = date.today() - timedelta(1)  # noqa: DTZ011
    assert ucli("reopen-period", "2024", *HH, "--reason", "x", "--until", yesterday).code == 5
    closed("reopen-period", "2024", *HH, "--reason", "x", "--until", "today")
    closed(*words)
    closed("undo")
    spoil(tmp_path / "so.db", f"UPDATE reopening SET until = '{yesterday}'")
    assert ucli(*words).code == 5
    assert closed("periods", "-f", "json").json[0]["state"] == "closed"


def test_diff_lists_row_by_row_what_changed_and_by_which_operation(closed: Ucli) -> None:
    assert closed("diff", "2024", *HH, "-f", "json").json == []
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung")
    closed("void-figure", 1)
    closed("add-figure", "news-items", 7, *HH, "--period", "2024-06")
    closed("end-membership", 2, "--on", "2024-11-01", "--reason", "retired")
    closed("add-figure", "news-items", 9, "--unit", "KX", "--period", "2024-06")
    closed("end-membership", 1, "--members", 5, "--on", "2025-02-01", "--reason", "retired")
    changes = closed("diff", "2024", *HH, "-f", "json").json
    assert [(it["register"], it["number"], it["operations"]) for it in changes] == [
        ("figure", "1", [11]),
        ("figure", "2", [12]),
        ("membership", "2", [13]),
        ("report", None, [13]),
        ("report", None, [11, 12]),
        ("report", None, [13]),
    ]
    assert changes[0]["before"]["value"] == 5
    assert changes[2]["after"]["left"] == "2024-11-01"
    assert "Trần" not in closed("diff", "2024", *HH).out


def test_closing_and_reopening_are_operations_like_others(closed: Ucli, ucli: Ucli) -> None:
    closed("reopen-period", "2024", *HH, "--reason", "x")
    assert "is in the way" in ucli("undo", 9, expect=5).err
    closed("undo")
    assert ucli("void-figure", 1).code == 5
    closed("undo")
    closed("void-figure", 1)
    assert [it["command"] for it in closed("log", "-f", "json").json[:3]] == ["void-figure", "undo", "undo"]
    assert "Close it again" in ucli("redo", 9, expect=5).err
    closed("undo")
    closed("redo", 9)
    assert closed("diff", "2024", *HH, "-f", "json").json == []


def test_closing_again_keeps_what_is_handed_in_then(closed: Ucli) -> None:
    assert "Nothing to change" in closed("close-period", "2024", *HH).err
    closed("reopen-period", "2024", *HH, "--reason", "x")
    closed("void-figure", 1)
    closed("close-period", "2024", *HH)
    assert closed("diff", "2024", *HH, "-f", "json").json == []
    assert (
        closed("report", "--submitted", "2024", *HH, "-f", "json").out
        == closed("report", *HH, "--period", "2024", "-f", "json").out
    )


def test_each_report_handed_in_is_printed_again_as_known_then(closed: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    asked = ("report", *HH, "--period", "2024", "-f", "json")
    first = closed(*asked).out
    closed("reopen-period", "2024", *HH, "--reason", "x")
    closed("void-figure", 1)
    closed("close-period", "2024", *HH)
    second = closed(*asked).out
    assert first != second
    submitted = ("report", "--submitted", "2024", *HH, "-f", "json")
    assert closed(*submitted, "--as-known", 9).out == closed(*submitted, "--as-known", 11).out == first
    assert closed(*submitted, "--as-known", 12).out == closed(*submitted).out == second
    told = closed("diff", "2024", *HH).out.splitlines()[-1].partition("ucli ")[2]
    assert told == "report --submitted 2024 --unit HH --as-known 9"
    closed(*told.split(), "-f", "json", "-o", tmp_path / "nop.json")
    assert (tmp_path / "nop.json").read_text() == first
    assert "is not closed, or its closing was undone" in ucli(*submitted, "--as-known", 8, expect=3).err


def test_scripts_read_that_a_period_was_reopened(closed: Ucli) -> None:
    asked = ("report", *HH, "-f", "json", "--period")
    assert closed(*asked, "2024").json["reopened"] == []
    closed("close-period", "2024-06")
    closed("reopen-period", "2024-06", "--reason", "bổ sung")
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung CĐCS", "--until", "today")
    today = date.today().isoformat()  # noqa: DTZ011
    june = {"code": "2024-06", "start": "2024-06-01", "end": "2024-06-30"}
    year = {"code": "2024", "start": "2024-01-01", "end": "2024-12-31"}
    assert closed(*asked, "2024").json["reopened"] == [
        {
            "period": year,
            "unit": {"code": "HH", "name": "LĐLĐ huyện Hưng Hà"},
            "on": today,
            "until": today,
            "reason": "bổ sung CĐCS",
        },
        {
            "period": june,
            "unit": {"code": None, "name": None},
            "on": today,
            "until": None,
            "reason": "bổ sung",
        },
    ]
    closed("close-period", "2024", *HH)
    handed_in = closed("report", "--submitted", "2024", *HH, "-f", "json")
    assert [it["period"] for it in handed_in.json["reopened"]] == [june]
    assert handed_in.out == closed(*asked, "2024").out


def test_periods_inside_each_other_are_closed_each_by_itself(province: Ucli, ucli: Ucli) -> None:
    province("close-period", "2024-05")
    figure = ("add-figure", "news-items", 7, *HH, "--period")
    assert ucli(*figure, "2024-05").code == 5
    province(*figure, "2024-06")
    province("close-period", "2024")
    province("reopen-period", "2024", "--reason", "x")
    assert "2024-05" in ucli(*figure, "2024-05", expect=5).err
    assert {it["code"]: it["state"] for it in province("periods", "-f", "json").json} == {
        "2024": "reopened",
        "2024-05": "closed",
    }


def test_a_period_that_is_not_over_is_closed_only_on_purpose(province: Ucli, ucli: Ucli) -> None:
    assert ucli("close-period", f"{date.today().year}").code == 5  # noqa: DTZ011
    province("close-period", f"{date.today().year}", "--yes")  # noqa: DTZ011


def test_an_import_into_a_closed_period_writes_nothing(closed: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Họ và tên;Công đoàn cơ sở;Ngày kết nạp\nA;MAY;5/6/2024\nB;MAY;5/6/2025\n")
    assert ucli("import", "members", tmp_path / "a.csv").code == 5
    assert len(closed("members", "-f", "json").json) == 2


def test_a_reopening_under_which_something_was_written_is_not_undone(closed: Ucli, ucli: Ucli) -> None:
    closed("reopen-period", "2024", *HH, "--reason", "x")
    closed("add-figure", "news-items", 7, *HH, "--period", "2024-07")
    closed("add-figure", "news-items", 9, "--unit", "KX", "--period", "2024-07")
    closed("void-figure", 1)
    refused = ucli("undo", 10, expect=5).err
    assert "Operations 13, 11 are in the way" in refused
    closed("undo", 13)
    closed("undo", 11)
    closed("undo", 10)
    assert ucli("void-figure", 1).code == 5


def test_what_was_handed_in_before_a_closing_was_taken_back_is_printed_as_known_then(closed: Ucli, ucli: Ucli) -> None:
    handed_in = closed("report", *HH, "--period", "2024", "-f", "json").out
    closed("undo")
    ucli("report", "--submitted", "2024", *HH, expect=3)
    assert closed("report", "--submitted", "2024", *HH, "--as-known", 9, "-f", "json").out == handed_in


def test_a_refusal_names_a_unit_as_it_is_called_and_all_windows_in_the_way(closed: Ucli, ucli: Ucli) -> None:
    closed("close-period", "2024-06")
    refused = ucli("rename-unit", "HH", "Huyện Thử", "--code", "THU", "--on", "2020-01-01", expect=5).err
    assert "of LĐLĐ huyện Hưng Hà is closed" in refused
    assert "Huyện Thử" not in refused
    assert "ucli reopen-period 2024 --unit HH --reason “…”; ucli reopen-period 2024-06 --reason “…”" in refused


def test_a_stock_that_rests_on_earlier_days_is_seen_to_have_changed(province: Ucli, ucli: Ucli) -> None:
    province("set-target", "members-total", 60, "--unit", "Thái Bình", "--period", "2024")
    province("close-period", "2024")
    assert province("diff", "2024", "-f", "json").json == []
    assert province("check").out == ""
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2023-12-05")
    province("add-figure", "members-total", 70, "--unit", "KX", "--period", "2023-12-31")
    province("add-figure", "news-items", 9, "--unit", "KX", "--period", "2023")
    changes = province("diff", "2024", "-f", "json").json
    assert [(it["register"], it["operations"]) for it in changes] == [
        ("membership", [8]),
        ("figure", [9]),
        ("report", [8, 9]),
    ]
    assert changes[-1]["after"]["value"] == 71
    assert "Nothing has changed" not in province("diff", "2024").out
    province("accept-finding", "C20", "1", "--reason", "chưa có số mới")
    found, _old_statement = ucli("check", "-f", "json", expect=4).json
    assert (found["code"], found["severity"]) == ("C17-report-changed", "warning")
    assert "ucli diff 2024" in found["what"]
    province("accept-finding", "C17", found["ref"], "--reason", "đã báo cáo bổ sung")
    assert province("check", "-f", "json").json[0]["accepted"] == "đã báo cáo bổ sung"
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2023-12-06")
    assert ucli("check", "-f", "json", expect=4).json[0]["accepted"] is None
    province("undo")
    assert ucli("check").code == 0


def test_lines_of_the_report_are_part_of_what_changed(closed: Ucli) -> None:
    closed("reopen-period", "2024", *HH, "--reason", "x")
    closed("add-figure", "news-items", 7, *HH, "--period", "2024-07")
    line = closed("diff", "2024", *HH, "-f", "json").json[-1]
    assert (line["register"], line["operations"]) == ("report", [11])
    assert (line["before"]["value"], line["after"]["value"]) == (5, 12)
    assert closed("check").out == ""
    closed("undo")
    assert closed("diff", "2024", *HH, "-f", "json").json == []


@pytest.mark.parametrize(
    "words",
    [
        "--as-of 2024-06-30",
        "--by union",
        "--indicator news-items",
        "--decimals 0",
        "--province Thái_Bình",
        "--cluster A",
        "--period 2024",
        "--money triệu",
        "--structure now",
        "--sum-predecessors",
        "--fail-incomplete",
        "--fail-under 50",
    ],
)
def test_what_was_handed_in_takes_no_other_question(closed: Ucli, ucli: Ucli, words: str) -> None:
    asked = [it.replace("_", " ") for it in words.split()]
    refused = ucli("report", "--submitted", "2024", *HH, *asked, expect=2)
    assert refused.out == ""
    assert words.split(maxsplit=1)[0] in refused.err


def test_a_closed_period_whose_code_was_taken_back_is_found_by_it_and_by_its_days(province: Ucli, ucli: Ucli) -> None:
    province("add-period", "dot1", "--from", "2024-07-01", "--to", "2024-07-31")
    province("close-period", "dot1", *HH)
    figure = ("add-figure", "news-items", 7, *HH, "--period", "2024-07")
    assert "ucli reopen-period dot1 --unit HH --reason" in ucli(*figure, expect=5).err
    province("void-period", "dot1")
    assert "ucli reopen-period dot1 --unit HH --reason" in ucli(*figure, expect=5).err
    told = "2024-07-01..2024-07-31 --unit HH"
    assert province("diff", *told.split(), "-f", "json").json == []
    province("report", "--submitted", *told.split())
    province("reopen-period", *told.split(), "--reason", "x")
    province(*figure)


def test_a_code_that_means_other_days_now_closes_those(province: Ucli, ucli: Ucli) -> None:
    province("add-period", "Đợt 1", "--from", "2024-07-01", "--to", "2024-07-31")
    province("close-period", "Đợt 1", *HH)
    province("void-period", "Đợt 1")
    assert province("diff", "đợt 1", *HH, "-f", "json").json == []
    province("add-period", "Đợt 1", "--from", "2024-07-01", "--to", "2024-08-31")
    assert "Nothing to change" not in province("close-period", "Đợt 1", *HH).err
    assert ucli("add-figure", "news-items", 7, *HH, "--period", "2024-08").code == 5
    listed = [(it["code"], it["unit"], str(it["end"]), it["state"]) for it in province("periods", "-f", "json").json]
    assert listed == [
        ("Đợt 1", None, "2024-08-31", None),
        ("Đợt 1", "LĐLĐ huyện Hưng Hà", "2024-07-31", "closed"),
        ("Đợt 1", "LĐLĐ huyện Hưng Hà", "2024-08-31", "closed"),
    ]


def test_what_was_closed_under_a_code_that_is_no_more_is_found_by_it(province: Ucli, ucli: Ucli) -> None:
    province("add-period", "Đợt 1", "--from", "2024-07-01", "--to", "2024-07-31")
    province("close-period", "Đợt 1")
    assert "ucli reopen-period 'Đợt 1' --reason" in ucli("add-figure", "news-items", 7, *HH, "--period", "2024-07").err
    province("void-period", "Đợt 1")
    province("diff", "Đợt 1")
    province("report", "--submitted", "Đợt 1")
    province("reopen-period", "Đợt 1", "--reason", "x")


def test_units_of_one_name_are_listed_each_with_its_closed_period(province: Ucli) -> None:
    for parent in ("HH", "KX"):
        province("add-unit", "Công đoàn phường 1", "--kind", "ward", "--parent", parent, "--code", f"P1-{parent}")
        province("close-period", "2023", "--unit", f"P1-{parent}")
    assert [it["code"] for it in province("periods", "-f", "json").json] == ["2023", "2023"]


@pytest.mark.parametrize(
    "words",
    [
        "add-figure news-items 7 --unit HH --period 2024-07",
        "add-payout --unit MAY --programme tet --amount 500000 --on 2024-01-20",
        "void-member 2",
        "end-membership 1 --members 5 --on 2023-12-05 --reason retired",
    ],
    ids=lambda words: words.split()[0],
)
def test_a_closing_is_brought_back_only_over_what_was_handed_in(closed: Ucli, ucli: Ucli, words: str) -> None:
    closed("set-target", "members-total", 60, "--unit", "HH", "--period", "2023-12-31")
    closed("undo")
    closed("undo", 9)
    closed("set-target", "members-total", 60, "--unit", "HH", "--period", "2024")
    closed("close-period", "2024", *HH)
    closed("undo")
    closed(*words.split())
    refused = ucli("redo", 14, expect=5).err
    assert "Changed by operation 16." in refused
    assert "Close it again: ucli close-period 2024 --unit HH." in refused
    assert closed("periods", "-f", "json").json == []
    closed("undo")
    closed("redo", 14)
    assert closed("check").code == 0
    closed("undo", 14)
    closed("redo", 16)
    closed("close-period", "2024", *HH)
    assert ucli("check").code == 0


def test_a_second_closing_is_brought_back_over_the_same_records_only(closed: Ucli, ucli: Ucli) -> None:
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung")
    closed("add-figure", "news-items", 7, *HH, "--period", "2024-07")
    closed("close-period", "2024", *HH)
    closed("undo", 12)
    closed("add-figure", "news-items", 9, *HH, "--period", "2024-08")
    assert "operation 14" in ucli("redo", 12, expect=5).err
    assert "ucli undo 14" in ucli("undo", 10, expect=5).err
    closed("undo", 14)
    closed("redo", 12)
    assert ucli("add-figure", "news-items", 9, *HH, "--period", "2024-08").code == 5
    assert closed("check").code == 0


def test_what_was_written_and_undone_under_a_reopening_is_told_by_what_stands(closed: Ucli, ucli: Ucli) -> None:
    closed("reopen-period", "2024", *HH, "--reason", "bổ sung")
    closed("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-05-01")
    closed("end-membership", 3, "--on", "2024-06-01", "--reason", "retired")
    closed("undo")
    assert "Undo that one first: ucli undo 11." in ucli("undo", 10, expect=5).err
    closed("undo", 11)
    closed("undo", 10)


def test_a_period_that_was_closed_against_one_target_is_not_closed_against_another_unnoticed(
    province: Ucli, ucli: Ucli
) -> None:
    half = ("close-period", "2024-H1", *HH)
    province("set-target", "news-items", 60, *HH, "--period", "2024")
    province(*half)
    assert "Nothing to change" in province(*half).err
    refused = ucli(*half, "--against", "2024", expect=5).err
    assert "against another target" in refused
    assert "ucli reopen-period 2024-H1 --unit HH --reason" in refused
    province("reopen-period", "2024-H1", *HH, "--reason", "theo chỉ tiêu năm")
    province(*half, "--against", "2024")
    assert "Nothing to change" in province(*half, "--against", "2024").err
