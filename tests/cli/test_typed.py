"""What is typed as a report says it: money, targets, periods, kinds of unit; and what is refused, with advice."""

from pathlib import Path

import pytest

from tests.conftest import Rows, Ucli

HH = ("--unit", "HH")
KX = ("--unit", "KX")
TB = ("--unit", "Thái Bình")
IN_2024 = ("--period", "2024")


@pytest.fixture
def districts(province: Ucli) -> Ucli:
    province("add-unit", "LĐLĐ huyện Tiền Hải", "--kind", "huyện", "--code", "TH")
    return province


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1,2 nghìn tỷ", 1_200_000_000_000),
        ("2,5 nghìn tỷ", 2_500_000_000_000),
        ("1 tỷ 200 triệu", 1_200_000_000),
        ("4 tỷ 75 triệu", 4_075_000_000),
        ("1 tỷ 200 triệu 500.000 đồng", 1_200_500_000),
    ],
)
def test_money_is_taken_as_it_is_spoken(province: Ucli, typed: str, amount: int) -> None:
    assert province("add-figure", "welfare-fund-raised", typed, *HH, *IN_2024, "-f", "json").json["value"] == amount
    payout = ("add-payout", *HH, "--programme", "visit", "--on", "8/3/2024", "--amount")
    assert province(*payout, typed, "-f", "json").json["amount"] == amount


@pytest.mark.parametrize("typed", ["300 USD", "$300", "€5", "1.000 euro", "300 đô la", "¥500", "12 triệu yên", "9 SEK"])
def test_the_money_of_another_country_is_refused_as_that_and_the_advice_works(
    province: Ucli, ucli: Ucli, typed: str
) -> None:
    payout = ("add-payout", *HH, "--programme", "visit", "--on", "8/3/2024", "--amount")
    for refused in (payout, ("add-figure", "welfare-amount", *HH, *IN_2024)):
        answer = ucli(*refused, typed, expect=4)
        assert "foreign currency" in answer.err
    advised = answer.err.split("like ")[1].split(";")[0]
    assert province(*payout, advised, "--note", typed, "-f", "json").json["amount"] == 7_500_000


@pytest.mark.parametrize(
    "words",
    [
        ("add-payout", *HH, "--programme", "visit", "--on", "8/3/2024", "--amount", "80"),
        ("add-payout", *HH, "--programme", "visit", "--on", "8/3/2024", "--amount", "5tr", "--in-kind", "999"),
        ("add-figure", "welfare-amount", "500", *HH, *IN_2024),
        ("set-target", "welfare-amount", "80", *HH, *IN_2024),
    ],
)
def test_an_amount_under_1000_dong_is_asked_about_and_a_script_says_yes(
    province: Ucli, ucli: Ucli, words: tuple[str, ...]
) -> None:
    assert "--yes" in ucli(*words, expect=4).err
    province(*words, "--yes")


@pytest.mark.parametrize("command", ["report", "rank", "movement", "explain news-items", "figures", "targets"])
def test_two_periods_are_a_mistake_in_the_command_line(province: Ucli, ucli: Ucli, command: str) -> None:
    ucli(*command.split(), "--period", "2022", "--period=2023", expect=2)
    if command in ("report", "rank", "movement"):
        ucli(command, "2022", "--period", "2023", expect=2)
        assert "not a period" in ucli(command, "Hưng Hà", "--period", "2023", expect=2).err
        ucli(command, "Hưng Hà", expect=2)
        assert province(command, "2023", "-f", "json").json["period"]["code"] == "2023"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("2024-1M",), "2024-1M"),
        (("2024-12M",), "2024-12M"),
        (("T6/2024",), "2024-06"),
        (("tháng", "6/2024"), "2024-06"),
        (("11 tháng đầu năm 2024",), "2024-11M"),
        (("--province", "2024"), "2024"),
    ],
)
def test_a_period_is_typed_as_it_is_spoken_behind_the_command(
    province: Ucli, words: tuple[str, ...], code: str
) -> None:
    period = province("report", *words, "-f", "json").json["period"]
    assert period["code"] == code
    if code.endswith("M"):
        assert period["start"] == "2024-01-01"


def test_kinds_and_other_choices_are_taken_in_vietnamese(districts: Ucli) -> None:
    districts("add-unit", "Công đoàn xã A", "--kind", "xã", "--parent", "HH")
    assert len(districts("report", "2024", "--by", "huyện", "-f", "json").json["groups"]) == 3
    assert len(districts("report", "2024", "--by", "Xã", "-f", "json").json["groups"]) == 1
    assert len(districts("report", "2024", "--by", "quý", "-f", "json").json["groups"]) == 4
    assert len(districts("rank", "2024", "--by", "quận", "-f", "json").json["rows"]) == 3


@pytest.mark.parametrize("name", ["Tổng LĐLĐ Việt Nam", "Tổng Liên đoàn Lao động Việt Nam"])
def test_the_confederation_is_known_by_its_name_and_a_province_goes_below_it(ok: Ucli, name: str) -> None:
    ok("init", "--office", name)
    ok("add-unit", "LĐLĐ tỉnh Thái Bình", "--kind", "tỉnh")
    kinds = {it["name"]: (it["kind"], it["parent"]) for it in ok("units", "-f", "json").json}
    assert kinds == {name: ("confederation", None), "LĐLĐ tỉnh Thái Bình": ("province", name)}


@pytest.mark.parametrize(
    ("indicator", "typed", "printed", "kind"),
    [
        ("legal-advice", "1.500", " 1.500 ", "at-least"),
        ("legal-advice", "từ 1.500 trở lên", "≥ 1.500", "at-least"),
        ("legal-advice", "vượt 74", "> 74", "more-than"),
        ("legal-advice", "2.000-2.500", "2.000–2.500", "range"),
        ("work-stoppages", "5", "≤ 5", "at-most"),
        ("agreement-coverage", "trên 45%", "> 45%", "more-than"),
        ("legal-advice", "mỗi đơn vị ít nhất 1", "each ≥ 1", "each-at-least"),
        ("welfare-amount", "ít nhất 1 tỷ 200 triệu", "≥ 1.200.000.000", "at-least"),
    ],
)
def test_a_target_is_printed_as_it_was_set(
    province: Ucli, rows: Rows, indicator: str, typed: str, printed: str, kind: str
) -> None:
    province("set-target", indicator, typed, *TB, *IN_2024)
    assert printed in province("report", "2024").out
    assert rows("2024")[indicator]["target_kind"] == kind


def test_a_range_of_amounts_is_printed_in_the_unit_of_its_heading(province: Ucli) -> None:
    province("set-target", "welfare-amount", "900 triệu-1 tỷ", *TB, *IN_2024)
    assert "900–1.000" in province("report", "2024", "--money", "triệu").out


@pytest.mark.parametrize(
    ("done", "status", "percent", "remaining"), [("74", "unmet", "99.9", 1), ("75", "exceeded", "101.4", 0)]
)
def test_the_number_of_a_strict_target_is_not_enough(
    province: Ucli, rows: Rows, ucli: Ucli, done: str, status: str, percent: str, remaining: int
) -> None:
    province("set-target", "news-items", "> 74", *HH, *IN_2024)
    province("add-figure", "news-items", done, *HH, *IN_2024)
    row = rows("2024", *HH)["news-items"]
    assert (row["status"], row["percent"], row["remaining"]) == (status, percent, remaining)
    ucli("report", "2024", *HH, "--fail-under", "100", expect=6 if status == "unmet" else 0)


def test_a_target_for_each_unit_is_the_share_of_the_units_that_reached_it(districts: Ucli, rows: Rows) -> None:
    districts("set-target", "union-meals", "mỗi đơn vị ít nhất 2", *TB, *IN_2024)
    assert rows("2024")["union-meals"]["status"] == "no-data"
    districts("add-figure", "union-meals", "9", *HH, *IN_2024)
    row = rows("2024")["union-meals"]
    assert (row["status"], row["actual"], row["remaining"], row["each"]["unknown"]) == ("undecided", 9, 2, ["KX", "TH"])
    districts("add-figure", "union-meals", "1", *KX, *IN_2024)
    districts("add-figure", "union-meals", "2", "--unit", "TH", *IN_2024)
    row = rows("2024")["union-meals"]
    assert (row["status"], row["percent"], row["exact"], row["remaining"]) == ("unmet", "66.7", [2, 3], 1)
    assert (row["numerator"], row["denominator"], row["each"]["short"]) == (2, 3, ["KX"])
    for answer in (districts("report", "2024").out, districts("explain", "union-meals", *IN_2024).out):
        assert "2/3 units reached ≥ 2 each. Not reached: LĐLĐ huyện Kiến Xương." in answer
    assert "2/3 units reached it" in districts("report", "2024", "-f", "prose").out
    districts("add-figure", "union-meals", "1", *KX, "--period", "2023")
    districts("void-figure", "2")
    districts("add-figure", "union-meals", "2", *KX, *IN_2024)
    assert rows("2024")["union-meals"]["status"] == "met"


def test_a_target_for_each_unit_of_a_cluster_is_about_its_units(districts: Ucli, rows: Rows) -> None:
    districts("set-cluster", "Cụm 1", "--year", "2024", "--units", "HH,KX")
    districts("set-target", "union-meals", "each at least 1", "--cluster", "Cụm 1", *IN_2024)
    for unit in (HH, KX):
        districts("add-figure", "union-meals", "1", *unit, *IN_2024)
    row = rows("2024", "--cluster", "Cụm 1")["union-meals"]
    assert (row["status"], row["exact"]) == ("met", [2, 2])


def test_a_unit_that_keeps_its_register_has_0_and_is_short(province: Ucli, rows: Rows) -> None:
    province("set-target", "members-admitted", "mỗi đơn vị ít nhất 1", *TB, *IN_2024)
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")
    province("add-member", "Lê Văn Thử", "--union", "TRUONG", "--admitted", "2025-03-01")
    assert rows("2024")["members-admitted"]["each"]["unknown"] == ["KX"]
    province("add-member", "Đỗ Thị Ví Dụ", "--union", "TRUONG", "--admitted", "2024-03-01")
    assert rows("2025")["members-admitted"]["status"] == "no-target"
    province("set-target", "members-admitted", "mỗi đơn vị ít nhất 1", *TB, "--period", "2025")
    assert rows("2025")["members-admitted"]["each"]["short"] == ["HH"]


def test_a_grassroots_union_has_no_units_that_could_each_reach_a_target(province: Ucli, ucli: Ucli) -> None:
    words = ("set-target", "union-meals", "mỗi đơn vị ít nhất 1", "--unit", "MAY", *IN_2024)
    assert "The units directly below" in ucli(*words, expect=4).err


def test_each_union_is_asked_only_of_a_unit_that_unions_are_directly_under(province: Ucli, ucli: Ucli) -> None:
    each = ("set-target", "union-meals", "mỗi CĐCS ít nhất 1", *IN_2024)
    assert "of another kind" in ucli(*each, *TB, expect=4).err
    province(*each, *HH)


def test_growth_may_be_below_0_and_so_may_its_target(province: Ucli, rows: Rows) -> None:
    province("add-figure", "members-net-growth", *KX, "--period", "2023", "--", "-75")
    province("set-target", "members-net-growth", *KX, "--period", "2023", "--", "ít nhất -80")
    row = rows("2023", *KX)["members-net-growth"]
    assert (row["actual"], row["target"], row["percent"], row["exact"]) == (-75, -80, None, None)
    assert (row["status"], row["remaining"]) == ("exceeded", 0)
    province("add-figure", "members-net-growth", "giảm 30", *HH, "--period", "2023")
    assert rows("2023")["members-net-growth"]["actual"] == -105


@pytest.mark.parametrize("typed", ["10", "tăng 10", "tăng thêm ít nhất 10"])
def test_growth_is_aimed_at_in_words_too(province: Ucli, rows: Rows, typed: str) -> None:
    province("add-figure", "members-net-growth", "tăng 10", *TB, *IN_2024)
    province("set-target", "members-net-growth", typed, *TB, *IN_2024)
    assert rows("2024")["members-net-growth"]["status"] == "met"


@pytest.mark.parametrize("typed", ["-30", "giảm 30"])
@pytest.mark.parametrize("command", ["add-figure", "set-target"])
def test_what_cannot_be_below_0_is_refused_below_it(ucli: Ucli, province: Ucli, command: str, typed: str) -> None:
    del province
    assert "may not be negative" in ucli(command, "news-items", *KX, "--period", "2023", "--", typed, expect=4).err


def test_a_target_of_0_has_a_place_among_the_others(districts: Ucli) -> None:
    for unit, target, done in (("HH", 0, 4), ("KX", 5, 6), ("TH", 5, 4)):
        districts("set-target", "union-meals", target, "--unit", unit, *IN_2024)
        districts("add-figure", "union-meals", done, "--unit", unit, *IN_2024)
    asked = ("rank", "2024", "--by", "huyện", "--indicator", "union-meals")
    found = districts(*asked, "-f", "json").json["rows"]
    assert [(it["place"], it["unit"]["code"], it["row"]["status"]) for it in found] == [
        (1, "KX", "exceeded"),
        (2, "HH", "exceeded"),
        (3, "TH", "unmet"),
    ]
    assert "A target of 0 or below has no percentage" in districts(*asked).out


def test_without_an_issuer_the_only_target_is_revised_and_of_two_one_is_asked_for(districts: Ucli, ucli: Ucli) -> None:
    target = ("set-target", "legal-advice", "--unit", "TH", *IN_2024)
    districts(*target, "60", "--issuer", "tỉnh Thái Bình")
    districts(*target, "50")
    listed = districts("targets", *IN_2024, "-f", "json").json
    assert [(it["target"], it["issuer"]) for it in listed] == [(50, "LĐLĐ tỉnh Thái Bình")]
    districts(*target, "70", "--issuer", "KX")
    answer = ucli(*target, "55", expect=4)
    for name in ("LĐLĐ tỉnh Thái Bình", "LĐLĐ huyện Kiến Xương"):
        assert f"--issuer '{name}'" in answer.err
        districts(*target, "55", "--issuer", name)


def test_a_table_of_targets_revises_the_only_one_too(districts: Ucli, tmp_path: Path) -> None:
    districts("set-target", "legal-advice", "60", *HH, *IN_2024, "--issuer", "tỉnh Thái Bình")
    (tmp_path / "giao.csv").write_text("đơn vị,kỳ,chỉ tiêu,giá trị\nHH,2024,legal-advice,50\n", encoding="utf-8")
    districts("import", "targets", tmp_path / "giao.csv")
    assert [it["target"] for it in districts("targets", "-f", "json").json] == [50]


def test_a_revision_counts_from_its_day_of_effect(province: Ucli, rows: Rows, ucli: Ucli) -> None:
    target = ("set-target", "news-items", *HH, *IN_2024)
    province(*target, "60")
    province(*target, "50", "--effective", "1/7/2024")
    for words, aimed in (((), 50), (("--as-of", "1/7/2024"), 50), (("--as-of", "30/6/2024"), 60)):
        assert rows("2024", *HH, *words)["news-items"]["target"] == aimed
    listed = province("targets", "--history", "-f", "json").json
    assert [(it["target"], it["effective"]) for it in listed] == [(60, None), (50, "2024-07-01")]
    assert "01/07/2024" in province("targets", "--history").out
    province("undo")
    assert rows("2024", *HH)["news-items"]["target"] == 60
    province("redo")
    assert rows("2024", *HH, "--as-of", "30/6/2024")["news-items"]["target"] == 60
    ucli(*target, "40", "--effective", "1/1/2025", expect=4)


def test_a_part_of_a_year_is_held_against_the_target_of_the_year_and_says_so(province: Ucli, ucli: Ucli) -> None:
    province("set-target", "news-items", "100", *HH, *IN_2024)
    province("add-figure", "news-items", "60", *HH, "--period", "2024-H1")
    asked = ("report", "2024-H1", *HH, "--indicator", "news-items")
    assert "--against 2024" in province(*asked).out
    held = province(*asked, "--against", "2024", "-f", "json").json
    assert held["against"] == {"code": "2024", "start": "2024-01-01", "end": "2024-12-31"}
    [row] = held["rows"]
    assert (row["percent"], row["against"], row["plan_to_date"]) == ("60.0", held["against"], "49.7")
    [row] = province(*asked, "-f", "json").json["rows"]
    assert (row["target"], row["against"]) == (None, None)
    assert "chỉ tiêu năm 2024" in province(*asked, "--against", "2024", "--lang", "vi").out
    assert "đạt 60% chỉ tiêu năm 2024" in province(*asked, "--against", "2024", "-f", "prose", "--lang", "vi").out
    assert "--against" not in province(*asked, "--against", "2024").out
    ucli("report", "2024", *HH, "--against", "2024-H1", expect=4)


def test_a_year_is_closed_to_a_day_and_what_was_handed_in_prints_in_every_format(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    province("set-target", "news-items", "100", *HH, *IN_2024)
    province("add-figure", "news-items", "60", *HH, "--period", "2024-Q2")
    forms = ("json", "plain", "csv", "tsv", "ndjson", "github", "html", "prose")
    then = {form: province("report", "2024", *HH, "--as-of", "30/6/2024", "-f", form).out for form in forms}
    province("close-period", "2024", *HH, "--as-of", "30/6/2024")
    ucli("add-figure", "news-items", "1", *HH, "--period", "2024-03", expect=5)
    province("add-figure", "news-items", "7", *HH, "--period", "2024-Q3")
    province("set-target", "news-items", "90", *HH, *IN_2024)
    assert "News items published" in province("diff", "2024", *HH).out
    ucli("close-period", "2024-H1", *HH, expect=5)
    province("reopen-period", "2024", *HH, "--reason", "bổ sung")
    province("add-figure", "news-items", "5", *HH, "--period", "2024-Q1")
    for form, text in then.items():
        assert province("report", "--submitted", "2024", *HH, "-f", form).out == text
    for suffix in ("xlsx", "docx"):
        province("report", "--submitted", "2024", *HH, "-o", tmp_path / f"nop.{suffix}")


def test_a_closed_part_of_a_year_keeps_what_it_was_held_against(province: Ucli) -> None:
    province("set-target", "news-items", "100", *HH, *IN_2024)
    province("add-figure", "news-items", "60", *HH, "--period", "2024-H1")
    province("close-period", "2024-H1", *HH, "--against", "2024")
    assert ",60.0," in province("report", "--submitted", "2024-H1", *HH, "-f", "csv").out
    assert "Nothing has changed since" in province("diff", "2024-H1", *HH).out
    province("set-target", "news-items", "90", *HH, *IN_2024)
    assert '"target": 90' in province("diff", "2024-H1", *HH, "-f", "json").out


@pytest.mark.parametrize(
    ("typed", "text", "percent"), [("hơn 6.487", "≥ 64,8%", "64.8"), ("gần 6.481", "< 64,9%", "64.9")]
)
def test_a_bound_of_a_percentage_stays_one(province: Ucli, rows: Rows, typed: str, text: str, percent: str) -> None:
    province("set-target", "legal-advice", "10.000", *TB, *IN_2024)
    province("add-figure", "legal-advice", typed, *TB, *IN_2024)
    assert text in province("report", "2024").out
    assert rows("2024")["legal-advice"]["percent"] == percent


def test_a_ratio_of_ones_own_adds_up_over_time_or_is_a_state(province: Ucli, rows: Rows, ucli: Ucli) -> None:
    ratio = ("--name", "Tỷ lệ", "--measure", "%", "--kind", "tỷ lệ")
    province("add-indicator", "hop", *ratio, "--over-time", "cộng dồn")
    province("add-indicator", "hoc", *ratio, "--over-time", "mới nhất")
    for code in ("hop", "hoc"):
        province("add-figure", code, "10/100", *HH, "--period", "2024-Q1")
        province("add-figure", code, "30/100", *HH, "--period", "2024-Q2")
    found = rows("2024", *HH)
    assert [(found[it]["numerator"], found[it]["denominator"]) for it in ("hop", "hoc")] == [(40, 200), (30, 100)]
    listed = {it["code"]: it["over_time"] for it in province("indicators", "-f", "json").json}
    assert (listed["hop"], listed["hoc"], listed["news-items"]) == ("add", "latest", None)
    ucli("add-indicator", "x", "--name", "X", "--measure", "người", "--over-time", "add", expect=2)
