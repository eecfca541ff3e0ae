"""Hostile input is harmless or refused: never half stored, never run, no traceback; the cases that fuzzing found."""

import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from tests.conftest import Ucli, dumped, shell
from ucli.cli.index import COMMANDS
from ucli.sanitize import sanitize

HOSTILE_NAMES = [
    "[bold]Đậm[/bold] [/]",
    "\x1b[2J\x1b[31mĐỏ",
    "Trước \u202eSau",
    "Hai\u2028dòng\x07",
    "'; DROP TABLE unit; --",
    "=cmd|' /C calc'!A0",
    "{0} %s {kind}",
    "../../etc/passwd",
]
MEMBERS = "Họ và tên;CĐCS;Ngày kết nạp"
FIGURES = "Đơn vị;Kỳ;Chỉ tiêu;Giá trị"


def is_harmless(text: str) -> bool:
    return all(sanitize(line) == line for line in text.split("\n"))


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_is_data_wherever_it_is_printed(province: Ucli, name: str) -> None:
    said = province("add-unit", name, "--kind", "district", "--code", "LA").err
    assert is_harmless(said)
    assert [it["name"] for it in province("units", "-f", "json").json if it["code"] == "LA"] == [
        " ".join(name.replace("\u202e", "").split())
    ]
    for form in ("plain", "github", "csv", "tsv", "table"):
        out = province("units", "-f", form).out
        assert "\x1b[31m" not in out
        assert "\u202e" not in out
    assert not re.search(r"(?<!')=cmd", province("units", "-f", "csv").out)
    assert is_harmless(province("report", "--unit", "LA").out)
    assert is_harmless(province("log").out)


@pytest.mark.parametrize("word", ["a\0b", "\ud800", "a\udcff"])
@pytest.mark.parametrize(
    "words",
    [
        ("add-unit", "@", "--kind", "district"),
        ("units", "--db", "@"),
        ("units", "-o", "@", "-f", "csv"),
        ("import", "members", "@"),
        ("apply", "@"),
        ("batch", "@"),
        ("init", "--db", "@"),
    ],
    ids=" ".join,
)
def test_what_is_no_text_is_a_usage_error(province: Ucli, ucli: Ucli, words: tuple[str, ...], word: str) -> None:
    assert "Traceback" not in ucli(*(word if it == "@" else it for it in words), expect=2).err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add-unit", "@", "--kind", "district"), 4),
        (("report", "--unit", "@"), 4),
        (("report", "--indicator", "@"), 3),
        (("add-figure", "news-items", "@", "--unit", "HH", "--period", "2024"), 4),
        (("@",), 2),
        (("units", "--@"), 2),
        (("apply", "@"), 4),
        (("import", "members", "@"), 4),
        (("units", "--db", "@"), 7),
        (("init", "--db", "@"), 7),
        (("units", "-o", "@.csv"), 4),
        (("import", "figures", "t.csv", "--plan", "@"), 4),
    ],
)
def test_a_megabyte_where_a_word_is_due_is_refused_and_not_repeated(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(f"{FIGURES}\nHH;2024;news-items;5\n", encoding="utf-8")
    answer = ucli(*(it.replace("@", "A" * 1_000_000) for it in words), expect=code)
    assert len(answer.err) < 20_000


@pytest.mark.parametrize("digits", ["9" * 30, "9" * 5000, "0" * 5000])
@pytest.mark.parametrize(
    "words",
    [
        ("report", "--as-known", "@"),
        ("undo", "@"),
        ("add-figure", "news-items", "@", "--unit", "HH", "--period", "2024"),
        ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "@"),
        ("set-target", "news-items", "@", "--unit", "HH", "--period", "2024"),
        ("report", "--period", "@"),
    ],
    ids=" ".join,
)
def test_numbers_of_any_length_are_read_or_refused(
    province: Ucli, ucli: Ucli, words: tuple[str, ...], digits: str
) -> None:
    assert ucli(*(digits if it == "@" else it for it in words)).code in (0, 2, 3, 4)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", " ="])
def test_no_cell_of_a_csv_is_run_and_each_is_read_as_it_was(province: Ucli, tmp_path: Path, sign: str) -> None:
    text = f"{sign}1+cmd"
    if sign == "-":  # typed, it is an option
        (tmp_path / "a.csv").write_text(f"{MEMBERS};Số QĐ\nA;MAY;20/4/2024;{text}\n", encoding="utf-8")
        province("import", "members", tmp_path / "a.csv")
    else:
        province("add-member", "A", "--union", "MAY", "--admitted", "20/4/2024", "--decision", text)
    for form in ("csv", "tsv", "csv --excel"):
        cells = re.split("[,;\t\r\n]", province("members", "-f", *form.split()).out)
        assert [it for it in cells if "cmd" in it] == [f"'{text}"]
    for words, others in ((), ("members", "begun_by")), (("--excel",), ("Members", "By")):
        province("members", *words, "-o", tmp_path / "b.csv", "--force")
        taken_in = ("import", "members", tmp_path / "b.csv", *(f"--map={it}=-" for it in others))
        assert "0 new, 0 changed, 1 unchanged" in province(*taken_in).err
        province("undo")
        province(*taken_in)
        assert [it["decision"] for it in province("members", "-f", "json").json] == [text.strip()]


# Where the ledger is said to be.


@pytest.mark.parametrize(
    "kind", ["a folder", "a pipe", "a device", "a text", "a database", "a dangling link", "a loop"]
)
@pytest.mark.parametrize("words", [("units",), ("add-unit", "A", "--kind", "district")], ids=["read", "write"])
def test_what_is_no_ledger_is_not_opened(ucli: Ucli, tmp_path: Path, kind: str, words: tuple[str, ...]) -> None:
    path = tmp_path / "x"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a device":
        path = Path("/dev/zero")
    elif kind == "a text":
        path.write_text("Đây là một bức thư.\n" * 100, encoding="utf-8")
    elif kind == "a database":
        db = sqlite3.connect(path)
        db.execute("CREATE TABLE t (a)")
        db.close()
    else:
        path.symlink_to(tmp_path / ("x" if kind == "a loop" else "nowhere"))
    before = path.read_bytes() if kind in ("a text", "a database") else b""
    assert "Traceback" not in ucli("--db", path, *words, expect=7).err
    assert (path.read_bytes() if before else b"") == before


def test_a_link_and_a_path_with_dots_reach_the_ledger(province: Ucli, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "so.db")
    for path in (tmp_path / "link", tmp_path / ".." / tmp_path.name / "so.db"):
        assert province("--db", path, "units").out == province("units").out


# Where an answer is to be written.


@pytest.mark.parametrize("words", [("units", "-f", "csv", "--force"), ("template", "members", "--force")])
def test_no_answer_takes_the_place_of_a_ledger(
    province: Ucli, ucli: Ucli, tmp_path: Path, words: tuple[str, ...]
) -> None:
    ledger = tmp_path / "so.csv"
    (tmp_path / "so.db").rename(ledger)
    before = dumped(ledger)
    ucli("--db", ledger, *words, "-o", ledger, expect=5)
    (tmp_path / "link.csv").symlink_to(ledger)
    ucli("--db", ledger, *words, "-o", tmp_path / "link.csv", expect=5)
    assert dumped(ledger) == before


def test_an_answer_to_a_link_leaves_what_it_points_to(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("của người khác", encoding="utf-8")
    link.symlink_to(target)
    ucli("units", "-o", link, expect=5)
    province("units", "-o", link, "--force")
    assert target.read_text(encoding="utf-8") == "của người khác"


@pytest.mark.parametrize("leads_to", ["nowhere.csv", "link.csv"], ids=["nowhere", "itself"])
def test_a_link_that_leads_nowhere_is_not_replaced_silently(
    province: Ucli, ucli: Ucli, tmp_path: Path, leads_to: str
) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / leads_to)
    assert "--force" in ucli("units", "-o", link, expect=5).err
    assert link.is_symlink()
    province("units", "-o", link, "--force")
    assert link.read_text(encoding="utf-8").startswith("code,")
    assert not (tmp_path / "nowhere.csv").exists()


@pytest.mark.parametrize("name", ["bang/", "bang.csv/"])
def test_a_name_that_ends_as_a_folder_is_one(province: Ucli, ucli: Ucli, tmp_path: Path, name: str) -> None:
    assert "is a folder" in ucli("units", "-f", "csv", "-o", f"{tmp_path}/{name}", expect=4).err
    assert "is a folder" in ucli("units", "-o", f"{tmp_path}/{name}", expect=4).err
    assert not (tmp_path / name.rstrip("/")).exists()


def test_a_name_as_long_as_a_file_may_have_is_written(province: Ucli, tmp_path: Path) -> None:
    """251 letters and a suffix; in Vietnamese that is a title of three lines."""
    name = f"{'a' * 251}.csv"
    province("units", "-o", tmp_path / name)
    assert [it.name for it in tmp_path.glob("*.csv")] == [name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_that_takes_nothing_is_no_fault(province: Ucli, ucli: Ucli) -> None:
    ucli("units", "-f", "csv", "-o", "/dev/full", expect=4)
    assert shell("ucli units > /dev/full").code == 4


def test_the_rows_that_are_wrong_do_not_take_the_place_of_the_table(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"{MEMBERS}\nTrần Thị Mẫu;KHÔNG CÓ;20/4/2024\n", encoding="utf-8")
    before = table.read_bytes()
    for option in ("--wrong", "--plan"):
        ucli("import", "members", table, option, tmp_path / ".." / tmp_path.name / "a.csv", "--yes", expect=2)
    assert table.read_bytes() == before


# What is taken in.


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".json"])
@pytest.mark.parametrize("kind", ["a pipe", "a device", "a folder"])
def test_what_has_no_end_is_not_read(province: Ucli, ucli: Ucli, tmp_path: Path, suffix: str, kind: str) -> None:
    path = tmp_path / f"x{suffix}"
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    assert "pipe or a device" in ucli(*("apply", path) if suffix == ".json" else ("import", "members", path)).err


def test_utf_16_that_does_not_say_so_is_no_text(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"{MEMBERS}\nTrần Thị Mẫu;MAY;20/4/2024\n", encoding="utf-16-le")
    assert "in UTF-16 without the mark" in ucli("import", "members", table, expect=4).err


NAME, REMARK = 300, 2_000
PAYOUTS = "Đơn vị;Chương trình;Ngày;Số tiền"
TYPED_MEMBER = ("add-member", "A", "--union", "MAY", "--admitted", "2024-04-20")
TYPED_PAYOUT = ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "5tr")
TYPED_FIGURE = ("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024")


@pytest.mark.parametrize(
    ("kind", "table", "typed", "longest"),
    [
        ("members", f"{MEMBERS}\n@;MAY;20/4/2024", ("add-member", "@", *TYPED_MEMBER[2:]), NAME),
        ("members", f"{MEMBERS}\nA;@;20/4/2024", (*TYPED_MEMBER, "--union", "@"), NAME),
        ("members", f"{MEMBERS};Số thẻ\nA;MAY;20/4/2024;@", (*TYPED_MEMBER, "--card", "@"), REMARK),
        ("unions", "Tên;Cấp trên;Ngày thành lập\n@;HH;20/4/2024", ("add-unit", "@", "--kind", "district"), NAME),
        ("unions", "Tên;Cấp trên;Ngày thành lập\nA;@;20/4/2024", ("units", "--unit", "@"), NAME),
        ("payouts", f"{PAYOUTS};Người nhận\nHH;tet;20/1/2024;5tr;@", (*TYPED_PAYOUT, "--beneficiary", "@"), NAME),
        ("payouts", f"{PAYOUTS};Quyết định\nHH;tet;20/1/2024;5tr;@", (*TYPED_PAYOUT, "--decision", "@"), REMARK),
        ("figures", f"{FIGURES}\n@;2024;news-items;5", (*TYPED_FIGURE, "--unit", "@"), NAME),
        ("figures", f"{FIGURES};source\nHH;2024;news-items;5;@", (*TYPED_FIGURE, "--source", "@"), REMARK),
        ("targets", f"{FIGURES};issuer\nHH;2024;news-items;5;@", ("rank", "news-items", "--issuer", "@"), NAME),
    ],
)
def test_a_text_in_a_table_is_no_longer_than_the_same_typed(
    province: Ucli, ucli: Ucli, tmp_path: Path, kind: str, table: str, typed: tuple[str, ...], longest: int
) -> None:
    file = tmp_path / "a.csv"
    for length in (longest + 1, 60_000):  # SQLite looks for none of more than 50.000 bytes
        text = "Ă" * length
        file.write_text(table.replace("@", text), encoding="utf-8")
        for words in (("import", kind, file), tuple(it.replace("@", text) for it in typed)):
            answer = ucli(*words, expect=4)
            assert f"of {length} letters is too long" in answer.err
            assert "Ă" not in answer.err
    file.write_text(table.replace("@", "Ă" * longest), encoding="utf-8")
    assert "too long" not in ucli("import", kind, file, "--dry-run").err


def test_a_name_of_which_nothing_is_seen_is_none_in_a_table_too(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{MEMBERS}\n\u0301;MAY;20/4/2024", encoding="utf-8")
    assert "no letter" in ucli("import", "members", tmp_path / "a.csv", expect=4).err


def workbook(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Write a workbook of two lines with one of its parts changed."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet()
    hours = book.add_format({"num_format": "[h]:mm"})
    sheet.write_row(0, 0, MEMBERS.split(";"))
    sheet.write_row(1, 0, ["Trần Thị Mẫu", "MAY"])
    sheet.write_number(1, 2, 45402, hours)
    book.close()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)


SHEET = "xl/worksheets/sheet1.xml"


def test_a_workbook_with_a_day_beyond_all_calendars_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", SHEET, lambda data: data.replace(b"45402", b"1e300"))
    assert "no calendar" in ucli("import", "members", tmp_path / "a.xlsx", expect=4).err


def test_a_workbook_that_is_broken_inside_is_refused(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    workbook(path, SHEET, lambda data: data)
    with zipfile.ZipFile(path) as packed:
        place = packed.getinfo(SHEET).header_offset
    for offset in range(60, 200, 20):
        data = bytearray(path.read_bytes())
        data[place + offset] ^= 0xFF
        broken = tmp_path / "b.xlsx"
        broken.write_bytes(data)
        assert ucli("import", "members", broken, "--dry-run").code in (0, 4)


# Plans.


@pytest.fixture
def plan(province: Ucli, tmp_path: Path) -> dict[str, object]:
    (tmp_path / "a.csv").write_text(f"{FIGURES}\nHH;2024;news-items;5\n", encoding="utf-8")
    province("import", "figures", tmp_path / "a.csv", "--plan", tmp_path / "p.json")
    made: dict[str, object] = json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))
    return made


@pytest.mark.parametrize(
    "change",
    [
        {"after": []},
        {"after": [[], {}]},
        {"after": [10**30, ""]},
        {"file": "a\0b"},
        {"file": "/dev/zero"},
        {"file": "/"},
        {"kind": "planets"},
        {"kind": "members"},
        {"names": {"Kỳ": "unit"}},
        {"given": {"unit": "\0"}},
        {"given": {"no such column": "x"}},
        {"sheet": "\ud800"},
        {"sha256": ""},
        {"counts": {"new": "[" * 1000}},
    ],
    ids=str,
)
def test_a_plan_that_somebody_changed_is_refused_or_harmless(
    ucli: Ucli, plan: dict[str, object], tmp_path: Path, change: dict[str, object]
) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({**plan, **change}), encoding="utf-8")
    before = dumped(tmp_path / "so.db")
    answer = ucli("apply", path)
    assert answer.code in (0, 2, 3, 4, 5)
    assert is_harmless(answer.err)
    if answer.code:
        assert dumped(tmp_path / "so.db") == before


@pytest.mark.parametrize("text", ["[" * 200_000, "9" * 100_000, '{"a":' * 50_000, '"' + "A" * 3_000_000 + '"'])
def test_a_bomb_is_no_plan(province: Ucli, ucli: Ucli, tmp_path: Path, text: str) -> None:
    (tmp_path / "p.json").write_text(text, encoding="utf-8")
    ucli("apply", tmp_path / "p.json", expect=4)


# Batches.


def test_a_line_of_a_megabyte_is_refused_at_once(province: Ucli, ucli: Ucli) -> None:
    line = f'add-unit "A" --kind district --note "{"n" * 1_000_000}"\n'
    assert "too long for a command" in ucli("batch", stdin=line, expect=4).err


def test_a_batch_goes_on_after_a_line_that_only_prints_what_a_shell_needs(province: Ucli, ucli: Ucli) -> None:
    line = "add-figure news-items 5 --unit HH --period 2024-01"
    # Which shell asks, and whether it is known, is the machine's affair.
    assert ucli("batch", "--keep-going", stdin=f"--show-completion\n{line}\n").code in (0, 2)
    assert [it["value"] for it in province("figures", "-f", "json").json] == [5]


def test_the_mark_that_windows_puts_before_a_text_is_no_part_of_the_first_command(
    province: Ucli, tmp_path: Path
) -> None:
    lines = tmp_path / "a.txt"
    lines.write_text("units\n", encoding="utf-8-sig")
    assert province("batch", lines).out == province("batch", stdin="\ufeffunits\n").out == province("units").out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_refuses_what_it_does_not_know(province: Ucli, ucli: Ucli, name: str) -> None:
    answer = ucli(name, "--\x1b[2J\u202e", expect=2)
    assert answer.out == ""
    assert is_harmless(answer.err)


@pytest.mark.parametrize("words", ["backup {}", "restore {} --yes", "doctor --db {}", "report --db {}", "init --db {}"])
def test_a_name_that_no_file_can_have_is_refused(province: Ucli, ucli: Ucli, words: str) -> None:
    assert ucli(*words.format("9" * 300).split()).code == 7


def test_a_ledger_has_room_for_the_log_beside_it(ucli: Ucli, tmp_path: Path) -> None:
    said = ucli("init", "--db", tmp_path / ("9" * 253), "--office", "LĐLĐ tỉnh Thái Bình", expect=7).err
    assert "No ledger can be created" in said
    assert [*tmp_path.iterdir()] == []


def test_an_ods_whose_rows_stand_there_ten_million_times_is_refused(ucli: Ucli, province: Ucli, tmp_path: Path) -> None:
    names = "".join(
        f'xmlns:{it}="urn:oasis:names:tc:opendocument:xmlns:{it}:1.0" ' for it in ("office", "table", "text")
    )
    cells = '<table:table-cell office:value-type="string"><text:p>MAY</text:p></table:table-cell>' * 4
    content = (
        f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="A">'
        f'<table:table-row table:number-rows-repeated="10000000">{cells}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    bomb = tmp_path / "bomb.ods"
    with zipfile.ZipFile(bomb, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", content)
        packed.writestr("META-INF/manifest.xml", "<manifest/>")
    assert "larger than any list" in ucli("import", "members", bomb, expect=4).err
