"""What is printed: for people, for machines, and never anything a terminal or a spreadsheet would run."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from tabulate import tabulate_formats

from tests.conftest import After, Ucli, shell

REPORT = ("report", "--province", "Thái Bình", "--period", "2024")
EVIL = [
    "[red]Công ty[/red] :smile:",
    "=HYPERLINK(1)",
    "@SUM(A1)",
    "+84 Công ty",
    "Công ty \x1b[31mđỏ\x1b[0m",
    "Công ty \u202eodnu",
    "Công ty | Bưởi",
    "'; DROP TABLE unit; --",
    "1.110",
    "1e5",
    "Công ty\nhai dòng\tba",
    "100% ý tưởng {name} %s",
]


@pytest.fixture
def told(province_after: After) -> Ucli:
    return province_after("""
        add-figure welfare-amount "hơn 96,4 tỷ" --unit "Thái Bình" --period 2024
        add-figure members-admitted 2425 --unit "Thái Bình" --period 2024
        set-target members-admitted 1720 --unit "Thái Bình" --period 2024
    """)


def test_people_read_dots_and_commas_and_words(told: Ucli) -> None:
    text = told(*REPORT).out
    for part in ("2.425", "1.720", "141,0%", "≥ 96.400.000.000", "exceeded", "01/01/2024–31/12/2024"):
        assert part in text
    assert "1/1 target met or exceeded (1 exceeded)." in text


def test_amounts_are_read_in_billions_where_asked(told: Ucli) -> None:
    assert "≥ 96,4 " in told(*REPORT, "--money", "tỷ").out


@pytest.mark.parametrize(("decimals", "printed"), [("0", "141%"), ("1", "141,0%"), ("2", "140,99%")])
def test_decimals_of_a_percentage_can_be_chosen(told: Ucli, decimals: str, printed: str) -> None:
    assert printed in told(*REPORT, "--decimals", decimals).out


def test_both_languages_say_the_same_numbers(told: Ucli) -> None:
    def numbers(text: str) -> list[str]:
        return [word for word in text.split() if word[:1].isdigit()]

    vi, en = (told(*REPORT, "--lang", lang).out for lang in ("vi", "en"))
    assert numbers(vi) == numbers(en)
    assert "vượt" in vi.lower()


def test_machines_read_raw_integers_and_iso_days(told: Ucli) -> None:
    records = list(csv.DictReader(StringIO(told(*REPORT, "-f", "csv").out)))
    by_code = {row["indicator"]: row for row in records}
    assert by_code["welfare-amount"]["actual"] == "96400000000"
    assert by_code["members-admitted"]["percent"] == "141.0"
    assert by_code["members-admitted"]["as_of"] == "2024-12-31"
    lines = [json.loads(line) for line in told(*REPORT, "-f", "ndjson").out.splitlines()]
    assert [line["indicator"] for line in lines] == [row["indicator"] for row in records]


SHOWN = [(REPORT, "members-admitted|đoàn viên"), (("units",), "Hưng Hà"), (("log",), "add-figure"), (("clusters",), "")]


@pytest.mark.parametrize(("words", "shown"), SHOWN, ids=[words[0] for words, _ in SHOWN])
def test_every_format_prints_every_table(told: Ucli, words: tuple[str, ...], shown: str) -> None:
    for form in (*tabulate_formats, "csv", "tsv", "json", "ndjson", "plain", "table"):
        out = told(*words, "-f", form).out
        assert any(word in out for word in shown.split("|")), form


def test_no_format_runs_what_a_name_holds(told: Ucli) -> None:
    name = "CĐCS <script>x</script>"
    told("add-union", name, "--parent", "HH", "--founded", "2024-01-01", "--code", "EVIL")
    told("add-figure", "news-items", "5", "--unit", "EVIL", "--period", "2024")
    for words in (("units",), ("report", "--unit", "EVIL", "--period", "2024")):
        assert "<script>" not in told(*words, "-f", "html").out
    told("add-period", "dot9", "--from", "1/7/2024", "--to", "31/7/2024", "--name", "Đợt \x1b[31mđỏ")
    for form in ("plain", "github", "html"):
        assert "\x1b" not in told("report", "--unit", "EVIL", "--period", "dot9", "-f", form).out
    assert "\x1b" not in told("add-unit", "LĐLĐ huyện \x1b[31mđỏ", "--kind", "district").err


def test_a_full_disk_or_a_closed_stream_takes_nothing_back(told: Ucli) -> None:
    line = "ucli add-union 'CĐCS {}' --parent HH --founded 2024-01-01 --format json"
    assert shell(f"{line.format('A')} >/dev/full").code == 0
    assert shell(f"{line.format('B')} 2>/dev/full").code == 0
    assert shell(f"{line.format('C')} >&- 2>&-").code == 0
    assert {"CĐCS A", "CĐCS B", "CĐCS C"} <= {row["name"] for row in told("units", "-f", "json").json}
    answer = shell("ucli units >/dev/full")
    assert (answer.code, "printed" in answer.err) == (4, True)


@pytest.mark.parametrize("words", [("log",), ("units",), REPORT, ("members",), ("indicators",)], ids=lambda it: it[0])
def test_piped_text_has_one_row_a_line_no_colour_and_nothing_cut(told: Ucli, words: tuple[str, ...]) -> None:
    answer = shell(f"ucli {' '.join(repr(word) for word in words)}", env={"COLUMNS": "40", "FORCE_COLOR": "1"})
    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert "…" not in answer.out
    assert "│" not in answer.out


@pytest.mark.parametrize("name", EVIL)
def test_names_are_data(told: Ucli, name: str) -> None:
    told("add-union", name, "--parent", "HH", "--founded", "2024-01-01")
    kept = " ".join(name.replace("\u202e", "").split())
    found = [row["name"] for row in told("units", "--kind", "union", "-f", "json").json]
    assert kept in found
    for form in ("plain", "github", "csv", "table", "html"):
        out = told("units", "--kind", "union", "-f", form).out
        assert "\x1b[31m" not in out
        assert "\u202e" not in out
    cells = [row["name"] for row in csv.DictReader(StringIO(told("units", "--kind", "union", "-f", "csv").out))]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    plain = told("units", "--kind", "union").out.splitlines()
    assert len(plain) == 4


def test_a_terminal_table_shows_names_and_numbers_whole(told: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    told("add-union", "CĐCS [new] :smile: [/x]", "--parent", "HH", "--founded", "2024-01-01")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    out = told("units", "-f", "table").out
    assert "CĐCS [new] :smile: [/x]" in out
    assert "│" in out
    monkeypatch.setenv("COLUMNS", "50")
    narrow = told(*REPORT, "-f", "table").out
    assert "tỷ đồng" in narrow
    assert "≥ 96,4" in narrow
    assert "≥ 96.400.000.000" in told(*REPORT, "-f", "table", "--money", "đồng").out


def test_no_color_is_honoured_and_the_status_is_a_word(told: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "200")
    assert "\x1b" not in told(*REPORT, "-f", "table").out
    line = f"COLUMNS=200 script -qec 'ucli {' '.join(repr(word) for word in REPORT)}' /dev/null".replace("'", '"', 0)
    assert "\x1b[32m" in shell(line.replace("'Thái Bình'", "34")).out
    out = shell("NO_COLOR=1 " + line.replace("'Thái Bình'", "34")).out
    assert "\x1b[32m" not in out
    assert "exceeded" in out


def test_a_file_takes_its_format_from_its_suffix(told: Ucli, tmp_path: Path) -> None:
    for name, beginning in (("a.json", "{"), ("a.csv", "unit_code,"), ("a.md", "LĐLĐ"), ("a.html", "<!DOCTYPE html>")):
        assert told(*REPORT, "-o", tmp_path / name).out == ""
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(beginning)


def test_a_file_is_never_replaced_silently(told: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    target = tmp_path / "bang.csv"
    target.write_text("của tôi", encoding="utf-8")
    assert ucli(*REPORT, "-o", target).code == 5
    assert target.read_text(encoding="utf-8") == "của tôi"
    told(*REPORT, "-o", target, "--force")
    assert target.read_text(encoding="utf-8").startswith("unit_code,")
    assert ucli(*REPORT, "-o", tmp_path / "no" / "such" / "a.csv").code == 4
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_explain_shows_parts_that_add_up_and_why_others_were_left(told: Ucli) -> None:
    told("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    told("add-figure", "members-admitted", "30", "--unit", "HH", "--period", "2024-H1")
    cell = told("explain", "members-admitted", "--province", "Thái Bình", "--period", "2024", "-f", "json").json
    parts = cell["cells"][0]["parts"]
    assert sum(part["value"] for part in parts if part["use"] == "counted") == cell["cells"][0]["value"] == 2425
    assert [(part["source"], part["value"]) for part in parts if part["use"] == "covered"] == [
        ("admissions", 1),
        ("figure", 30),
    ]
    month = told("explain", "members-admitted", "--province", "Thái Bình", "--period", "2024-04").out
    assert "left out" in month


def test_explain_of_a_derived_cell_shows_what_it_is_made_of(told: Ucli) -> None:
    told("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20")
    cells = told("explain", "members-net-growth", "--unit", "HH", "--period", "2024", "-f", "json").json["cells"]
    assert [(cell["indicator"], cell["value"]) for cell in cells] == [
        ("members-net-growth", 1),
        ("members-admitted", 1),
        ("members-lost", 0),
    ]


@pytest.mark.parametrize(("floor", "code"), [("100", 0), ("140,98", 0), ("141", 6)])
def test_a_script_can_ask_that_every_target_be_reached_so_far(told: Ucli, ucli: Ucli, floor: str, code: int) -> None:
    answer = ucli(*REPORT, "--fail-under", floor)
    assert answer.code == code
    assert "2.425" in answer.out
