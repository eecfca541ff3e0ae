"""`check` finds in one run all that cannot be right or is worth a look; a question is accepted with a reason."""

from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest

from tests.conftest import Ucli, spoil

HH = ("--unit", "HH", "--period")
MEMBER = "add-member Mẫu --union MAY --admitted 2024-05-01"
FIGURE, STOCK = "add-figure news-items", "add-figure members-total"
# Not so long ago that a stock would have to be stated anew.
EARLIER, BETWEEN, LATER = (date.today() - timedelta(days) for days in (200, 100, 9))  # noqa: DTZ011
ADMITTED = f"add-member Mẫu --union MAY --admitted {BETWEEN}"
CLUSTER = (
    "set-cluster Cụm --year 2024 --units HH,KX; set-target news-items {} --cluster Cụm --period 2024;"
    "set-target news-items 40 --unit HH --period 2024; set-target news-items 45 --unit KX --period 2024"
)
CASES = [
    (f"{FIGURE} 50 --unit HH --period 2024; {FIGURE} 30 --unit MAY --period 2024", "C11-stated-collected", "1"),
    (
        f"{STOCK} 9 --unit HH --period {EARLIER}; {ADMITTED}; {STOCK} 11 --unit HH --period {LATER}",
        "C13-stock-balance",
        "2",
    ),
    (f"{STOCK} 9 --unit HH --period 2023-12-31", "C20-old-statement", "1"),
    ("add-figure unions-congress-held 105% --unit HH --period 2024", "C21-above-100", "1"),
    ("add-figure agreement-coverage 50/100 --unit HH --period 2024 --stated-percent 60", "C23-printed-percent", "1"),
    (
        f"{FIGURE} 130 --unit HH --period 2024 --stated-percent 125; set-target news-items 100 --unit HH --period 2024",
        "C23-printed-percent",
        "1",
    ),
    (f"{MEMBER} --born 1990-01-01; {MEMBER} --born 1990-01-01 --yes", "C14-namesakes", "1-2"),
    (f"{FIGURE} 10 --unit MAY --period 2024-02; {FIGURE} 51 --unit MAY --period 2024-03", "C15-sudden-change", "1-2"),
    (f"{FIGURE} 51 --unit MAY --period 2024-H1; {FIGURE} 10 --unit MAY --period 2024-H2", "C15-sudden-change", "1-2"),
    (
        "set-target news-items 50 --unit HH --period 2024; set-target news-items 40 --unit MAY --period 2024",
        "C16-targets-sum",
        "1",
    ),
    (CLUSTER.format(90), "C16-targets-sum", "1"),
]
SPOILED = [
    (f"{FIGURE} 5 --unit MAY --period 2024; {FIGURE} 9 --unit MAY --period 2024-H1", "SELECT 1", "C10-part-larger",
     "2-1"),
    (f"{MEMBER} --card 1; {MEMBER} --card 2", "UPDATE person SET card = '1'", "C08-same-person", "1-2"),
    (MEMBER, "UPDATE ancestry SET from_day = '2024-06-01' WHERE unit = 4 AND depth = 0", "C07-outside-life",
     "membership-1"),
    ("add-figure unions-congress-held 56/56 --unit HH --period 2024", "UPDATE figure SET part = 57",
     "C09-out-of-range", "1"),
    ("close-period 2024", "UPDATE submission SET plain = 'x'", "C05-submission", "1"),
    (MEMBER, "UPDATE membership SET union_unit = 99", "C01-foreign-key", "membership-unit"),
]  # fmt: skip
SINCE_JANUARY = ";".join(
    f"add-figure union-meals {value} --unit HH --period 2024-01-01..{last}"
    for value, last in ((50, "2024-03-31"), (120, "2024-06-30"), (200, "2024-09-30"))
)
MEALS = "add-figure union-meals {} --unit {} --period {}"
QUARTER = ";".join(MEALS.format(value, "HH", f"2024-0{month}") for month, value in ((1, 40), (2, 40), (3, 30)))
YEAR = MEALS.format(120, "Bình", "2024")
HALVES = f"{MEALS.format(10, 'KX', '2024-H1')}; {MEALS.format(9, 'KX', '2024-H2')}"
OF_CLUSTER = f"set-cluster Cụm --year 2024 --units HH,KX; {YEAR.replace('--unit Bình', '--cluster Cụm')}"
COVERED = (
    "add-figure agreement-coverage 50/100 --unit Bình --period 2024-H1;"
    "add-figure agreement-coverage 20/50 --unit HH --period 2024-Q2;"
    "add-figure agreement-coverage 25/50 --unit KX --period {}"
)
GROWTH = "add-figure members-net-growth {} --unit {} --period 2024"
PAYOUT = "add-payout --unit {} --programme tet --amount 1tr --on 2024-03-01 --recipients {}"
# Lines, and the references of the figures of which others collected something else is found.
COLLECTED = [
    (SINCE_JANUARY, []),
    (f"{SINCE_JANUARY}; {MEALS.format(90, 'HH', '2024-Q4')}; {MEALS.format(300, 'HH', '2024')}", ["5"]),
    (f"{QUARTER}; {MEALS.format(120, 'HH', '2024-Q1')}", ["4"]),
    (f"{QUARTER}; {MEALS.format(120, 'HH', '2024-H1')}", []),
    (f"{QUARTER}; {MEALS.format(109, 'HH', '2024-H1')}", ["4"]),
    # Of units: while one of them, or a day of one, is open only more is found.
    (f"{YEAR}; {MEALS.format(100, 'HH', '2024')}", []),
    (f"{YEAR}; {MEALS.format(121, 'HH', '2024')}", ["1"]),
    (f"{YEAR}; {MEALS.format(100, 'HH', '2024')}; {MEALS.format(10, 'KX', '2024')}", ["1"]),
    (f"{YEAR}; {MEALS.format(100, 'HH', '2024')}; {MEALS.format(10, 'KX', '2024-H1')}", []),
    (f"{YEAR}; {MEALS.format(100, 'HH', '2024')}; {HALVES}", ["1"]),
    # TRUONG was founded in February.
    (f"{YEAR}; {MEALS.format(100, 'HH', '2024')}; {MEALS.format(10, 'TRUONG', '2024-02-01..2024-12-31')}", ["1"]),
    (f"{YEAR}; {MEALS.format(100, 'HH', '2024')}; {MEALS.format(10, 'TRUONG', '2024-03-01..2024-12-31')}", []),
    (f"{OF_CLUSTER}; {MEALS.format(100, 'HH', '2024')}", []),
    (f"{OF_CLUSTER}; {MEALS.format(100, 'HH', '2024')}; {MEALS.format(10, 'KX', '2024')}", ["1"]),
    # A growth below may be more than the whole, where others shrank.
    (f"{GROWTH.format(40, 'Bình')}; {GROWTH.format(50, 'HH')}", []),
    (f"{GROWTH.format(40, 'Bình')}; {GROWTH.format(50, 'HH')}; {GROWTH.format(1, 'KX')}", ["1"]),
    (f"{GROWTH.format(50, 'HH').replace('2024', '2024-Q1')}; {GROWTH.format(40, 'HH')}", []),
    # A register of which each has a row speaks for every day.
    (f"add-figure tet-gifts 9 --unit Bình --period 2024; {PAYOUT.format('MAY', 5)}", []),
    (f"add-figure tet-gifts 9 --unit Bình --period 2024; {PAYOUT.format('MAY', 5)}; {PAYOUT.format('KX', 3)}", ["1"]),
    (f"add-figure tet-gifts 9 --unit Bình --period 2024; {PAYOUT.format('MAY', 10)}", ["1"]),
    (f"add-figure tet-gifts 9 --unit MAY --period 2024; {PAYOUT.format('MAY', 5)}", ["1"]),
    # … but not for the days that a unit leaves open which states parts of its time.
    (f"{SINCE_JANUARY.replace('union-meals', 'members-admitted')}; {MEMBER}", []),
    # A state is what it was said last; who said so earlier has not said what it is now.
    (COVERED.format("2024-Q2"), ["1"]),
    (COVERED.format("2024-Q1"), []),
]
NOTHING = [
    f"{FIGURE} 50 --unit HH --period 2024; {FIGURE} 30 --unit MAY --period 2024-05",
    f"{FIGURE} 50 --unit HH --period 2024; {FIGURE} 50 --unit MAY --period 2024-05",
    f"{FIGURE} 10 --unit MAY --period 2024-02; {FIGURE} 50 --unit MAY --period 2024-03",
    f"{FIGURE} 1 --unit MAY --period 2024-02; {FIGURE} 19 --unit MAY --period 2024-03",
    f"{STOCK} 9 --unit HH --period {EARLIER}; {ADMITTED}; {STOCK} 10 --unit HH --period {LATER}",
    f"{FIGURE} 5 --unit HH --period 2023u; {FIGURE} 6 --unit HH --period 2023",
    f"{STOCK} 9 --unit MAY --period 2023-12-31; end-union MAY --on 2025-01-01 --reason employer-ceased",
    f"{MEMBER}; end-membership 1 --on 2024-06-01 --reason retired",
    "end-union MAY --on 2025-01-01 --reason employer-ceased",
    f"{FIGURE} 130 --unit HH --period 2024 --stated-percent 130; set-target news-items 100 --unit HH --period 2024",
    f"{FIGURE} 6487 --unit HH --period 2024 --stated-percent 64,8;set-target news-items 10000 --unit HH --period 2024",
    (
        "add-figure agreement-coverage 45/90 --unit HH --period 2024 --stated-percent 100;"
        "set-target agreement-coverage 50% --unit HH --period 2024"
    ),
    f"{FIGURE} 130 --unit HH --period 2024 --stated-percent 96",
    CLUSTER.format(85),
    CLUSTER.format(90).replace("2024 --units", "2023 --units").replace("Cụm --period 2024", "Cụm --period 2023"),
]


def run(ucli: Ucli, lines: str) -> None:
    for line in lines.split(";"):
        ucli(*line.split())


@pytest.mark.parametrize(("lines", "code", "ref"), CASES)
def test_a_question_is_found_and_accepted_with_a_reason(
    province: Ucli, ucli: Ucli, lines: str, code: str, ref: str
) -> None:
    run(province, lines)
    found = ucli("check", "-f", "json", expect=4).json
    assert [(it["code"], it["ref"], it["severity"], it["accepted"]) for it in found] == [(code, ref, "warning", None)]
    assert ucli("accept-finding", code, "nothing", "--reason", "x").code == 3
    province("accept-finding", code.partition("-")[0].lower(), ref, "--reason", "đúng như báo cáo")
    assert province("check", "-f", "json").json[0]["accepted"] == "đúng như báo cáo"
    province("undo")
    assert ucli("check").code == 4


@pytest.mark.parametrize(("lines", "statement", "code", "ref"), SPOILED)
def test_a_fault_is_found_and_cannot_be_accepted(
    province: Ucli, ucli: Ucli, tmp_path: Path, lines: str, statement: str, code: str, ref: str
) -> None:
    run(province, lines)
    spoil(tmp_path / "so.db", statement)
    found = ucli("check", "-f", "json", expect=4)
    assert (code, ref, "fault") in [(it["code"], it["ref"], it["severity"]) for it in found.json]
    assert "Mẫu" not in found.out
    assert ucli("accept-finding", code, ref, "--reason", "x").code == 5
    (tmp_path / "so.db").unlink()


@pytest.mark.parametrize("lines", NOTHING)
def test_what_is_as_it_should_be_is_no_finding(province: Ucli, lines: str) -> None:
    run(province, lines)
    assert province("check").out == ""


@pytest.mark.parametrize(("lines", "refs"), COLLECTED)
def test_less_was_collected_than_stated_only_where_nothing_is_open(
    province: Ucli, ucli: Ucli, lines: str, refs: list[str]
) -> None:
    run(province, lines)
    found = [(it["code"], it["ref"]) for it in ucli("check", "-f", "json").json]
    assert found == [("C11-stated-collected", ref) for ref in refs]


def test_what_was_stated_since_january_and_falls_is_a_fault(province: Ucli, ucli: Ucli) -> None:
    run(province, f"{MEALS.format(50, 'HH', '2024-Q1')}; {MEALS.format(40, 'HH', '2024-H1')}")
    found = [(it["code"], it["ref"], it["severity"]) for it in ucli("check", "-f", "json", expect=4).json]
    assert found[0] == ("C10-part-larger", "1-2", "fault")


def test_the_report_and_check_say_the_same_of_what_was_allocated_to_a_unit_that_was_merged(
    province: Ucli, ucli: Ucli
) -> None:
    for unit, value in (("Thái Bình", 100), ("HH", 60), ("KX", 40)):
        province("set-target", "news-items", value, "--unit", unit, "--period", "2024")
    province("merge-unit", "HH", "--into", "KX", "--on", "2024-07-01")
    asked = ("report", "--province", "Thái Bình", "--period", "2024", "-f", "json")
    assert [it["allocated"] for it in province(*asked).json["rows"] if it["target"]] == [100]
    province("check")
    province("set-target", "news-items", 45, "--unit", "KX", "--period", "2024")
    assert [it["allocated"] for it in province(*asked).json["rows"] if it["target"]] == [105]
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert found["what"].endswith("assigned 100, allocated below 105.")


def test_a_finding_is_told_in_both_languages_and_by_numbers_only(province: Ucli, ucli: Ucli) -> None:
    for confirmed in ((), ("--yes",)):
        words = ("--union", "MAY", "--admitted", "2024-05-01", "--born", "1990-01-01", *confirmed)
        province("add-member", "Trần Thị Mẫu", *words)
    assert "Members 1 and 2 of one union" in ucli("check", "--lang", "en").out
    out = ucli("check", "--lang", "vi").out
    assert "trùng họ tên và ngày sinh" in out
    assert "Mẫu" not in out
    assert ucli("accept-finding", "C99", "1", "--reason", "x").code == 2


def test_a_report_handed_in_that_is_damaged_is_found(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("close-period", "2024")
    spoil(tmp_path / "so.db", "UPDATE submission SET json = 'x'")
    assert [it["code"] for it in ucli("check", "-f", "json", expect=4).json] == ["C05-submission"]
    province("diff", "2024")


def test_an_acceptance_holds_for_the_numbers_it_was_given_for(province: Ucli, ucli: Ucli) -> None:
    province("set-target", "news-items", 100, "--unit", "Thái Bình", "--period", "2024")
    province("set-target", "news-items", 60, "--unit", "HH", "--period", "2024", "--issuer", "Thái Bình")
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert found["code"] == "C16-targets-sum"
    province("accept-finding", "C16", found["ref"], "--reason", "phân bổ sau")
    assert province("check", "-f", "json").json[0]["accepted"] == "phân bổ sau"
    province("set-target", "news-items", 900, "--unit", "HH", "--period", "2024", "--issuer", "Thái Bình")
    assert ucli("check", "-f", "json", expect=4).json[0]["accepted"] is None
    province("accept-finding", "C16", found["ref"], "--reason", "giao vượt")
    assert province("check", "-f", "json").json[0]["accepted"] == "giao vượt"
    province("undo", 9)
    assert province("check", "-f", "json").json[0]["accepted"] == "phân bổ sau"


MONTHS = "add-figure {} {} --unit {} --period 2024-{:02}"


def test_of_a_kind_the_worst_finding_comes_first(province: Ucli, ucli: Ucli) -> None:
    values = {"news-items": (10, 60, 10, 900, 10, 60), "legal-advice": (300, 10)}
    figures = chain.from_iterable(
        (MONTHS.format(code, value, "MAY", month) for month, value in enumerate(of_code, start=1))
        for code, of_code in values.items()
    )
    province("batch", stdin="\n".join(figures))
    every = [it["ref"] for it in ucli("check", "-f", "json", expect=4).json]
    assert every == ["3-4", "4-5", "7-8", "1-2", "2-3", "5-6"]
    answer = ucli("check", "-f", "plain", expect=4)
    assert [line.split()[2] for line in answer.out.splitlines()[1:]] == every
    assert "Findings: 6." in answer.err
    province("accept-finding", "C15", "5-6", "--reason", "chiến dịch")
    told = ucli("check", expect=4)
    assert "Findings: 5." in told.err
    assert told.out.splitlines()[-1].endswith("chiến dịch")


def test_faults_come_before_warnings_and_what_was_accepted_comes_last(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    run(province, CASES[0][0])
    run(province, ";".join(MONTHS.format("legal-advice", value, "MAY", month) for month, value in ((2, 10), (3, 60))))
    province("accept-finding", "C11", "1", "--reason", "đúng như báo cáo")
    spoil(tmp_path / "so.db", "CREATE VIEW of_another AS SELECT 1")
    found = ucli("check", "-f", "json", expect=4).json
    assert [it["code"] for it in found] == ["C18-schema", "C15-sudden-change", "C11-stated-collected"]


def test_a_stock_of_a_unit_that_ended_is_held_against_what_it_had_on_its_last_day(province: Ucli, ucli: Ucli) -> None:
    run(province, f"{STOCK} 9 --unit MAY --period 2023-12-31; {STOCK} 11 --unit MAY --period 2024-H1")
    province("end-union", "MAY", "--on", "2024-03-01", "--reason", "employer-ceased")
    (found,) = ucli("check", "-f", "json", expect=4).json
    assert found["what"].endswith("gives 9, but 11 was stated on 29/02/2024 (figure 2).")


def test_what_a_part_exceeds_is_found_once(province: Ucli, ucli: Ucli) -> None:
    run(province, SPOILED[0][0])
    assert [it["code"] for it in ucli("check", "-f", "json", expect=4).json] == ["C10-part-larger"]


def test_of_every_code_it_is_said_what_holds_and_what_to_do(province: Ucli, ucli: Ucli) -> None:
    for lang, said in (("en", "One of the two is wrong"), ("vi", "Một trong hai số sai")):
        assert said in province("check", "--explain", "c10", "--lang", lang).out
    for number in {*range(1, 28)} - {3, 6, 12, 19}:
        assert "\n\n" in province("check", "--explain", f"C{number:02}").out
    assert ucli("check", "--explain", "C99").code == 2
    run(province, SPOILED[0][0])
    assert "C10-part-larger: One of the two is wrong" in ucli("check", expect=4).err
