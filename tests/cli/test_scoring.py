"""Units are scored by a scheme of the office's own: exact points, shared places, and nothing that is not certain."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import After, Ucli, dumped
from ucli.importing.reader import rows_of
from ucli.ledger import catalogue
from ucli.ledger.store import open_ledger
from ucli.reports.request import Request, report_asked
from ucli.reports.scoring import scored
from ucli.values.schemes import COLUMNS, REQUIRED, scheme_of

PERIOD = ("--period", "2023")
HEAD = "Loại;Nội dung;Mã;Điểm;Cách chấm;Tối đa\n"
Scored = Callable[..., dict[str, Any]]


@pytest.fixture
def districts(province_after: After) -> Ucli:
    return province_after("""
        add-unit "LĐLĐ huyện A" --kind district --code A
        add-unit "LĐLĐ huyện B" --kind district --code B
        add-indicator tu-cham --name "Điểm tự chấm" --measure điểm
    """)


@pytest.fixture
def scheme(tmp_path: Path) -> Callable[[str], Path]:
    def write(lines: str) -> Path:
        path = tmp_path / "thang.csv"
        path.write_text(HEAD + lines, encoding="utf-8")
        return path

    return write


@pytest.fixture
def score(districts: Ucli, scheme: Callable[[str], Path]) -> Scored:
    """Score by the lines of a scheme; the rows by the code of their unit."""

    def call(lines: str, *words: object) -> dict[str, Any]:
        document = districts("score", scheme(lines), *PERIOD, "--by", "district", *words, "-f", "json").json
        return {row["unit"]["code"]: row for row in document["rows"]}

    return call


def stated(ucli: Ucli, indicator: str, target: str | None = None, **values: str) -> None:
    for unit, value in values.items():
        ucli("add-figure", indicator, value, "--unit", unit, *PERIOD)
        if target:
            ucli("set-target", indicator, target, "--unit", unit, *PERIOD)


def totals(rows: dict[str, Any]) -> dict[str, list[int]]:
    return {code: row["exact"] for code, row in rows.items()}


def places(rows: dict[str, Any]) -> dict[str, int | None]:
    return {code: row["place"] for code, row in rows.items()}


PROPORTIONAL = "tiêu chí;Kết nạp;members-admitted;20;tỷ lệ;\n"


def test_points_are_exact_equals_share_a_place_and_it_is_said_what_is_missing(districts: Ucli, score: Scored) -> None:
    stated(districts, "members-admitted", "300", HH="100", KX="100", A="299", B="400")
    rows = score(PROPORTIONAL)
    assert totals(rows) == {"B": [20, 1], "A": [299, 15], "HH": [20, 3], "KX": [20, 3]}
    assert places(rows) == {"B": 1, "A": 2, "HH": 3, "KX": 3}
    # Cut, never rounded up to full points; what is missing is never rounded down.
    assert (rows["A"]["total"], rows["A"]["to_next"]) == ("19.93", "0.07")
    assert rows["B"]["to_next"] is None


def test_steps_bonus_penalty_and_points_that_are_typed(districts: Ucli, score: Scored) -> None:
    stated(districts, "members-admitted", "100", HH="129", KX="80", A="79", B="100")
    stated(districts, "tu-cham", HH="9", KX="12", A="0", B="10")
    stated(districts, "fatal-accidents", HH="0", KX="1", A="9", B="0")
    rows = score("""tiêu chí;Kết nạp;members-admitted;20;"100%: 20; 80%: 12,5";
tiêu chí;Tự chấm;tu-cham;10;điểm;
thưởng;Vượt;members-admitted;1;mỗi 10%;5
trừ;Tai nạn;fatal-accidents;2;mỗi 1;6
""")
    assert {code: row["total"] for code, row in rows.items()} == {"HH": "31", "B": "30", "KX": "20.5", "A": "-6"}


def test_a_share_without_a_target_is_held_against_its_whole_and_a_ceiling_the_other_way(
    districts: Ucli, score: Scored
) -> None:
    stated(districts, "agreement-coverage", HH="3/4", KX="4/4")
    stated(districts, "work-stoppages", "2", HH="4", KX="0")
    rows = score("tiêu chí;Thỏa ước;agreement-coverage;20;tỷ lệ;\ntiêu chí;Ngừng việc;work-stoppages;10;tỷ lệ;\n")
    assert (rows["HH"]["total"], rows["KX"]["total"]) == ("20", "30")


def test_just_what_was_to_be_exceeded_does_not_earn_all(districts: Ucli, score: Scored) -> None:
    stated(districts, "members-admitted", "> 100", HH="100", KX="101")
    stated(districts, "agreement-coverage", "trên 80%", HH="80/100", KX="81/100")
    rows = score(PROPORTIONAL + 'tiêu chí;Thỏa ước;agreement-coverage;10;"100%: 10; 90%: 5";\n')
    assert totals(rows)["KX"] == [30, 1]
    assert totals(rows)["HH"] == [2000 + 505, 101]


def test_what_is_missing_or_hedged_is_marked_and_never_full(districts: Ucli, score: Scored) -> None:
    stated(districts, "members-admitted", "100", HH="hơn 90", KX="gần 100", A="hơn 120")
    districts("set-target", "members-admitted", "100", "--unit", "B", *PERIOD)
    rows = score(PROPORTIONAL)
    states = {code: (row["total"], row["points"][0]["state"]) for code, row in rows.items()}
    assert states == {
        "A": ("20", None), "HH": ("18", "undecided"), "KX": ("0", "undecided"), "B": ("0", "no-data"),
    }  # fmt: skip
    assert {code for code, row in rows.items() if row["uncertain"]} == {"HH", "KX", "B"}
    assert rows["KX"]["most"] == [99, 5]


def test_the_table_says_what_is_not_certain_and_why(districts: Ucli, scheme: Callable[[str], Path]) -> None:
    stated(districts, "members-admitted", "100", HH="hơn 90", KX="40")
    path = scheme(PROPORTIONAL + "điều kiện;Nửa chỉ tiêu;members-admitted;;đạt 50%;\n")
    out = districts("score", path, *PERIOD, "--by", "district", "--lang", "vi").out
    assert "LĐLĐ huyện Kiến Xương: không xét, vì không đạt điều kiện “Nửa chỉ tiêu”." in out
    assert "?: chưa xác định, chỉ tính phần chắc chắn: LĐLĐ huyện Hưng Hà (Kết nạp)." in out
    assert "18?" in out


def test_what_is_not_asked_of_a_unit_costs_it_nothing(districts: Ucli, score: Scored) -> None:
    stated(districts, "members-admitted", "100", HH="90", KX="90")
    stated(districts, "agreement-coverage", HH="n/a", KX="9/10")
    stated(districts, "news-items", HH="5", KX="5")
    rows = score(PROPORTIONAL + "tiêu chí;Thỏa ước;agreement-coverage;20;tỷ lệ;\ntiêu chí;Tin;news-items;10;tỷ lệ;\n")
    assert (rows["HH"]["total"], rows["KX"]["total"]) == ("45", "45")
    assert [it["state"] for it in rows["HH"]["points"]] == [None, "not-applicable", "no-target"]


def test_half_a_year_is_scored_against_the_targets_of_the_year(districts: Ucli, scheme: Callable[[str], Path]) -> None:
    districts("set-target", "members-admitted", "100", "--unit", "HH", *PERIOD)
    districts("add-figure", "members-admitted", "40", "--unit", "HH", "--period", "2023-H1")
    asked = ("score", scheme(PROPORTIONAL), "2023-H1", "--by", "district", "-f", "json")
    assert [row["place"] for row in districts(*asked).json["rows"]] == [None] * 4
    [first, *_others] = districts(*asked, "--against", "2023").json["rows"]
    assert (first["unit"]["code"], first["total"]) == ("HH", "8")


CLASSES = """điều kiện;Ngừng việc;work-stoppages;;tối đa 0;Khá
điều kiện;Nửa chỉ tiêu;members-admitted;;đạt 50%;
xếp loại;Khá;;70;;
xếp loại;Xuất sắc;;85;mỗi tiêu chí 50%;
"""


def test_classes_ask_for_points_for_a_share_of_each_criterion_and_for_conditions(
    districts: Ucli, score: Scored
) -> None:
    stated(districts, "members-admitted", "100", HH="100", KX="100", A="100", B="49")
    stated(districts, "tu-cham", HH="15", KX="7", A="15", B="15")
    stated(districts, "work-stoppages", HH="0", KX="0", A="1", B="0")
    rows = score("tiêu chí;Kết nạp;members-admitted;85;;\ntiêu chí;Tự chấm;tu-cham;15;điểm;\n" + CLASSES)
    found = {code: (row["place"], row["class"], row["failed"]) for code, row in rows.items()}
    assert found == {
        "HH": (1, "Xuất sắc", []),
        "A": (1, "Khá", ["Ngừng việc"]),
        "KX": (3, "Khá", []),
        "B": (None, None, ["Nửa chỉ tiêu"]),
    }
    assert rows["B"]["left_out"]


def test_a_class_that_a_missing_figure_may_change_is_marked(districts: Ucli, score: Scored) -> None:
    stated(districts, "members-admitted", "100", HH="100", KX="75")
    stated(districts, "work-stoppages", KX="0")
    rows = score("tiêu chí;Kết nạp;members-admitted;100;;\n" + CLASSES)
    assert [(rows[it]["class"], rows[it]["class_uncertain"]) for it in ("HH", "KX")] == [
        ("Xuất sắc", True), ("Khá", False),
    ]  # fmt: skip
    assert rows["HH"]["undecided"] == ["Ngừng việc"]


def test_the_kept_scheme_is_used_and_reading_writes_nothing(
    ucli: Ucli, districts: Ucli, scheme: Callable[[str], Path], tmp_path: Path
) -> None:
    stated(districts, "members-admitted", "100", HH="100", KX="75")
    assert ucli("score", *PERIOD).code == 2
    path = scheme(PROPORTIONAL)
    before = dumped(tmp_path / "so.db")
    first = districts("score", path, *PERIOD, "-f", "json")
    assert dumped(tmp_path / "so.db") == before
    assert not first.json["scheme"]["kept"]
    kept = districts("score", path, *PERIOD, "--keep", "-f", "json")
    assert "is kept" in kept.err
    path.unlink()
    again = districts("score", "2023", "-f", "json").json
    assert again == kept.json
    assert again["scheme"] == {**first.json["scheme"], "kept": True}
    districts("undo")
    assert ucli("score", *PERIOD).code == 2


def test_a_kept_scheme_is_replaced_by_another_and_the_past_still_has_the_first(
    districts: Ucli, scheme: Callable[[str], Path]
) -> None:
    stated(districts, "members-admitted", "100", HH="100")
    districts("score", scheme(PROPORTIONAL), *PERIOD, "--keep")
    number = districts("log", "-f", "json").json[0]["operation"]
    same = districts("score", scheme(PROPORTIONAL), *PERIOD, "--keep").err
    assert "already recorded" in same
    districts("score", scheme(PROPORTIONAL.replace(";20;", ";30;")), *PERIOD, "--keep")
    assert districts("score", *PERIOD, "-f", "json").json["scheme"]["most"] == "30"
    assert districts("score", *PERIOD, "--as-known", number, "-f", "json").json["scheme"]["most"] == "20"


def test_two_issuers_are_told_apart(ucli: Ucli, districts: Ucli, score: Scored, scheme: Callable[[str], Path]) -> None:
    stated(districts, "members-admitted", "100", HH="50")
    districts("set-target", "members-admitted", "50", "--unit", "HH", *PERIOD, "--issuer", "tỉnh Thái Bình")
    rows = score(PROPORTIONAL, "--issuer", "tỉnh Thái Bình")
    assert rows["HH"]["total"] == "20"
    assert ucli("score", scheme(PROPORTIONAL), *PERIOD).code == 5


@pytest.mark.parametrize(
    ("lines", "code", "says"),
    [
        ("tiêu chí;Kết nạp;members-admitted;20;lung tung;\n", 4, "Line 2 of the scheme"),
        ("tiêu chí;Kết nạp;members-admitted;;tỷ lệ;\n", 4, "Line 2"),
        ("tiêu chí;Kết nạp;;20;tỷ lệ;\n", 4, "add-indicator"),
        ("gì đó;Kết nạp;members-admitted;20;tỷ lệ;\n", 4, "not a kind of line"),
        ('tiêu chí;Kết nạp;members-admitted;20;"100%: 25";\n', 4, "earns more"),
        ('tiêu chí;Kết nạp;members-admitted;20;"100%: 10; 80%: 15";\n', 4, "fewer points"),
        ("thưởng;Vượt;members-admitted;1;mỗi 0;\n" + PROPORTIONAL, 4, "not a rule"),
        (PROPORTIONAL + "điều kiện;Ngừng việc;work-stoppages;;tối đa 0;Giỏi\n", 4, "no class “Giỏi”"),
        ("xếp loại;Tốt;;70;;\n", 4, "no criterion"),
        ("tiêu chí;Kết nạp;khong-co-ma-nay;20;tỷ lệ;\n", 3, "khong-co-ma-nay"),
    ],
)
def test_a_scheme_that_cannot_be_read_says_where(
    ucli: Ucli, districts: Ucli, scheme: Callable[[str], Path], lines: str, code: int, says: str
) -> None:
    districts("indicators")
    answer = ucli("score", scheme(lines), *PERIOD)
    assert answer.code == code
    assert says in answer.err
    assert not answer.out


def test_a_scheme_may_be_a_workbook_and_its_answer_any_file(districts: Ucli, score: Scored, tmp_path: Path) -> None:
    stated(districts, "members-admitted", "300", HH="100", KX="299")
    rows = score(PROPORTIONAL)
    book = openpyxl.Workbook()
    for line in (HEAD + PROPORTIONAL).splitlines():
        book.active.append([int(cell) if cell.isdigit() else cell for cell in line.split(";")])
    book.save(tmp_path / "thang.xlsx")
    again = districts("score", tmp_path / "thang.xlsx", *PERIOD, "--by", "district", "-f", "json").json
    assert {it["unit"]["code"]: it["exact"] for it in again["rows"]} == totals(rows)
    for kind in ("xlsx", "docx", "html", "csv", "md"):
        districts("score", tmp_path / "thang.xlsx", *PERIOD, "--by", "district", "-o", tmp_path / f"a.{kind}")
    assert "Kết nạp (20)" in (tmp_path / "a.md").read_text(encoding="utf-8")
    cells = {cell.value for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows() for cell in row}
    assert 19.93 in cells


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.data())
def test_scores_do_not_depend_on_the_order_of_units_or_lines(
    districts: Ucli, scheme: Callable[[str], Path], tmp_path: Path, data: st.DataObject
) -> None:
    if not (tmp_path / "thang.csv").exists():
        stated(districts, "members-admitted", "300", HH="hơn 100", KX="100", A="299", B="400")
        stated(districts, "tu-cham", HH="9", KX="12", A="9")
        stated(districts, "work-stoppages", HH="0", KX="0", A="1", B="0")
    lines = PROPORTIONAL + "tiêu chí;Tự chấm;tu-cham;10;điểm;\nthưởng;Vượt;members-admitted;1;mỗi 10%;5\n" + CLASSES
    found = scheme_of("thang", rows_of(scheme(lines), COLUMNS, REQUIRED))
    db = open_ledger(tmp_path / "so.db")
    named = {it.indicator: catalogue.find_indicator(db, it.indicator) for it in found.lines if it.indicator}
    codes = [it.code for it in dict.fromkeys(named.values())]
    report = report_asked(db, Request(period="2023", indicators=codes, by="district"))
    mixed = report._replace(groups=data.draw(st.permutations(report.groups or [])))
    shuffled = found._replace(lines=tuple(data.draw(st.permutations(found.lines))))
    first, second = ({it.unit: it for it in scored(*of, named, None)} for of in ((report, found), (mixed, shuffled)))
    for unit, it in first.items():
        other = second[unit]
        assert (it.total, it.place, it.grade, it.uncertain) == (other.total, other.place, other.grade, other.uncertain)
        assert {*it.points} == {*other.points}
    db.close()
