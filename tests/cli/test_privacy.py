"""Personal data: for its owner's eyes only, shown in full when a reason is given, never where it does not belong."""

import os
import pty
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.conftest import Ucli, environment, mode, shell

NUMBER = "034190000123"
MEMBER = ("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")


@pytest.fixture(params=[0o000, 0o077], ids=["umask 000", "umask 077"])
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def test_all_that_holds_persons_is_for_its_owner_only(ok: Ucli, tmp_path: Path, mask: int) -> None:
    place = tmp_path / "dữ liệu" / "sổ" / "so.db"
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình", "--db", place)
    ok("add-union", "CĐCS May", "--parent", "Thái Bình", "--founded", "2023-05-10", "--code", "MAY", "--db", place)
    with closing(sqlite3.connect(place)) as reader:
        reader.execute("SELECT count(*) FROM operation").fetchone()
        ok(*MEMBER, "--db", place)
        for suffix in ("", "-wal", "-shm"):
            assert mode(place.with_name(place.name + suffix)) == 0o600
    for form in ("csv", "json", "md"):
        ok("members", "-o", tmp_path / f"list.{form}", "--db", place)
        assert mode(tmp_path / f"list.{form}") == 0o600
    ok("payouts", "-o", tmp_path / "payouts.csv", "--db", place)
    assert mode(tmp_path / "payouts.csv") == 0o600
    ok("report", "-o", tmp_path / "report.csv", "--db", place)
    assert mode(tmp_path / "report.csv") == 0o666 & ~mask
    ok("backup", "--db", place)
    (tmp_path / "usb").mkdir()
    ok("backup", tmp_path / "usb" / "a.db", "--db", place)
    folders = (place.parent.parent, place.parent, place.parent / "backups")
    assert {mode(it) for it in folders} == {0o700}
    assert {mode(it) for it in (tmp_path / "usb" / "a.db", *(place.parent / "backups").iterdir())} == {0o600}
    ok("restore", tmp_path / "usb" / "a.db", "--yes", "--db", place)
    assert mode(place) == 0o600


def test_whoever_records_in_a_ledger_that_others_can_read_is_told_once(province: Ucli, tmp_path: Path) -> None:
    (tmp_path / "so.db").chmod(0o640)
    lines = "add-unit 'Huyện A' --kind district\nadd-unit 'Huyện B' --kind district\n"
    assert province("batch", stdin=lines).err.count("Warning") == 1
    assert "Warning" in province("check").err
    assert "Warning" not in province("members").err
    (tmp_path / "so.db").chmod(0o600)
    assert "Warning" not in province("check").err


def test_id_numbers_are_shown_in_full_for_a_reason_that_is_logged(province: Ucli, ucli: Ucli) -> None:
    province(*MEMBER, "--id-number", "-", stdin=f"{NUMBER}\n")
    assert "--reason" in ucli("members", "--reveal", expect=2).err
    assert ucli("members", "--reason", "hồ sơ", expect=2).out == ""
    assert len(province("log", "-f", "json").json) == 6
    shown = province("members", "--reveal", "--reason", "đối chiếu hồ sơ", "-f", "csv", "--union", "MAY").out
    assert NUMBER in shown
    entry = province("log", "-f", "json").json[0]
    assert (entry["operation"], entry["command"], entry["note"]) == (7, "members", "đối chiếu hồ sơ")
    assert entry["summary"] == "ID numbers shown in full: 1."
    assert NUMBER not in province("log", "-f", "json").out


def test_what_cannot_be_written_is_shown_to_nobody_and_not_logged(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-04-20", "--card", "T1")
    before = province("log", "-f", "json").out
    (tmp_path / "there.csv").write_text("của người khác")
    for look in (("members", "--reveal", "--reason", "hồ sơ"), ("export-member", "T1", "--reason", "đơn")):
        assert "--force" in ucli(*look, "-o", tmp_path / "there.csv", expect=5).err
        assert "database" in ucli(*look, "-o", tmp_path / "so.db", "-f", "csv", "--force", expect=5).err
        ucli(*look, "-o", tmp_path / "nowhere" / "a.csv", expect=4)
        ucli(*look, "-o", tmp_path, "-f", "csv", expect=4)
        ucli(*look, "-o", tmp_path / "there.csv" / "a.csv", expect=4)
        ucli(*look, "-f", "prose", expect=2)
    assert province("log", "-f", "json").out == before
    assert (tmp_path / "there.csv").read_text() == "của người khác"


def test_a_look_is_nothing_to_undo(province: Ucli, ucli: Ucli) -> None:
    province(*MEMBER)
    province("members", "--reveal", "--reason", "hồ sơ")
    assert "nothing was changed" in ucli("undo", "7", expect=5).err
    assert "Operation 6 was undone" in province("undo").err
    province("members", "--reveal", "--reason", "hồ sơ")
    assert "Operation 6 was redone" in province("redo").err


def test_who_may_not_log_a_look_sees_no_number(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province(*MEMBER, "--id-number", "-", stdin=f"{NUMBER}\n")
    with closing(sqlite3.connect(tmp_path / "so.db")) as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON operation BEGIN SELECT RAISE(ABORT, 'full'); END")
    answer = ucli("members", "--reveal", "--reason", "hồ sơ")
    assert answer.code != 0
    assert NUMBER not in answer.out + answer.err


@pytest.mark.parametrize(
    ("number", "sex", "born", "said"),
    [
        (NUMBER, "nữ", "1990-09-02", []),
        (NUMBER, "nam", "1990-09-02", ["other sex"]),
        (NUMBER, "nữ", "1991-09-02", ["another year"]),
        ("003190000123", "nữ", "1990-09-02", ["digits of a province"]),
        ("034290000123", "nữ", "1990-09-02", ["other sex", "another year"]),
        ("034203000123", "nam", "2003-09-02", []),
        ("134190000123", "nữ", "1990-09-02", ["digits of a province"]),
        ("123456789", "nam", "1990-09-02", []),
    ],
)
def test_an_id_number_that_does_not_agree_with_the_member_is_taken_and_doubted(
    province: Ucli, number: str, sex: str, born: str, said: list[str]
) -> None:
    answer = province(*MEMBER, "--sex", sex, "--born", born, "--id-number", "-", stdin=f"{number}\n")
    warnings = [line for line in answer.err.splitlines() if line.startswith("Warning")]
    assert [any(it in line for line in warnings) for it in said] == [True] * len(said) == [True] * len(warnings)
    assert number not in answer.err


def test_an_id_number_on_the_command_line_is_taken_and_warned_about(province: Ucli) -> None:
    answer = province(*MEMBER, "--id-number", NUMBER)
    assert "--id-number -" in answer.err
    assert NUMBER not in answer.err


SECRETS = ("Mẫu", "TB-77", NUMBER, "1990-09", "9/1990")


@pytest.mark.parametrize(
    "words",
    [
        ("--born", "31/9/1990"),
        ("--born", "1990-09-31"),
        ("--sex", "Mẫu"),
        ("--id-number", NUMBER[:11]),
        ("--card",),
        ("--union", "KHONG-CO"),
    ],
)
@pytest.mark.parametrize("debug", [(), ("--debug",)], ids=["", "debug"])
def test_what_is_wrong_about_a_member_is_said_without_the_members_data(
    province: Ucli, ucli: Ucli, words: tuple[str, ...], debug: tuple[str, ...]
) -> None:
    answer = ucli(*MEMBER, "--card", "TB-77", *words, *debug)
    assert answer.code in (2, 3, 4)
    assert not [it for it in SECRETS if it in answer.err]
    assert NUMBER[:11] not in answer.err


def test_a_fault_shows_where_it_came_about_and_not_what_was_read(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        try:
            int(NUMBER + "x")
        except ValueError as error:
            raise KeyError(MEMBER[1]) from error

    monkeypatch.setattr("ucli.ledger.admissions.write_persons", fail)
    answer = ucli(*MEMBER, "--debug", expect=1)
    assert "builtins.ValueError" in answer.err
    assert "builtins.KeyError" in answer.err
    assert not [it for it in SECRETS if it in answer.err]


def test_a_list_that_cannot_be_written_leaves_no_draft(province: Ucli, tmp_path: Path) -> None:
    for number in range(30):
        province("add-member", f"Người {number}", "--union", "MAY", "--admitted", "2024-03-01")
    answer = shell(f"ulimit -f 1; ucli members -f csv -o {tmp_path}/list.csv")
    assert answer.code == 4, answer
    assert not list(tmp_path.glob("*list*"))


UNIT = ("add-unit", "LĐLĐ huyện Mới", "--kind", "district")
FIGURE = ("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024")
PAYOUT = ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "1tr")


@pytest.mark.parametrize(
    "words",
    [
        (*UNIT, "--note", "@"),
        (*UNIT, "--decision", "@"),
        (*UNIT, "--actor", "@"),
        ("add-unit", "LĐLĐ huyện @", "--kind", "district"),
        ("rename-unit", "HH", "LĐLĐ huyện @", "--on", "2024-01-01"),
        ("add-period", "dot-1", "--from", "2024-01-01", "--to", "2024-02-01", "--name", "@"),
        ("add-programme", "sach", "--name", "@"),
        (*FIGURE, "--source", "@"),
        (*PAYOUT, "--fund", "@"),
        (*PAYOUT, "--beneficiary", "Vũ Ví Dụ @"),
        (*MEMBER[:1], "Trần Thị Mẫu @", *MEMBER[2:]),
        ("members", "--reveal", "--reason", "@"),
        ("export-member", "1", "--reason", "@"),
        ("reopen-period", "2024", "--reason", "@"),
        ("accept-finding", "C11", "1", "--reason", "@"),
    ],
    ids=" ".join,
)
def test_no_text_that_is_kept_holds_an_id_number(province: Ucli, ucli: Ucli, words: tuple[str, ...]) -> None:
    before = province("log", "-f", "json").out
    answer = ucli(*(it.replace("@", "034.190 000-123") for it in words), expect=4)
    assert "looks like an ID number" in answer.err
    assert "190" not in answer.err
    assert province("log", "-f", "json").out == before


def test_the_actor_of_the_environment_is_no_id_number_either(
    province: Ucli, ucli: Ucli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UCLI_ACTOR", NUMBER)
    assert "looks like an ID number" in ucli(*UNIT, expect=4).err


def test_a_card_may_have_twelve_digits(province: Ucli) -> None:
    province(*MEMBER, "--card", "080012345678")
    province(*PAYOUT, "--member", "080012345678")


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("members", "Họ và tên;CĐCS;Ngày kết nạp;Số QĐ\nA;MAY;20/4/2024;12/QĐ\nB;MAY;20/4/2024;QĐ về @"),
        ("members", "Họ và tên;CĐCS;Ngày kết nạp;Số CCCD\nA;MAY;20/4/2024;034190000124\nB @;MAY;20/4/2024;"),
        ("unions", "Tên CĐCS;Cấp trên;Ngày thành lập\nCĐCS A;HH;20/4/2024\nCĐCS @;HH;20/4/2024"),
        ("payouts", "Đơn vị;Chương trình;Ngày;Số tiền;Quỹ\nHH;tet;2/1/2024;120.000.000.000;Quỹ\nHH;tet;2/1/2024;5tr;@"),
        ("payouts", "Đơn vị;Chương trình;Ngày;Số tiền;Người nhận\nHH;tet;2/1/2024;5tr;A\nHH;tet;2/1/2024;5tr;B @"),
        ("figures", "Đơn vị;Kỳ;Chỉ tiêu;Giá trị;Nguồn\nHH;2024;news-items;5;BC 4\nKX;2024;news-items;5;@"),
    ],
)
def test_no_text_of_a_table_holds_an_id_number(
    province: Ucli, ucli: Ucli, tmp_path: Path, kind: str, table: str
) -> None:
    (tmp_path / "a.csv").write_text(table.replace("@", "034 190 000 123"), encoding="utf-8")
    answer = ucli("import", kind, tmp_path / "a.csv", expect=4)
    assert re.search("Line 3: .*A text holds what looks like an ID number", answer.err)
    assert "190 000" not in answer.err
    assert "1 new, 0 changed" in province("import", kind, tmp_path / "a.csv", "--accept-valid").err


def test_what_is_a_persons_own_is_read_from_standard_input_in_the_order_that_is_stated(province: Ucli) -> None:
    lines = "\ufeffTrần Thị Mẫu\n2/9/1990\nTB-77\n034190000123\n"
    words = ("--id-number", "-", "--card", "-", "--born", "-", "--union", "MAY", "--admitted", "2024-03-01")
    province("add-member", "-", *words, stdin=lines)
    held = province("export-member", "-", "-f", "json", stdin="Trần Thị Mẫu\n").json["person"]
    kept = [held[it] for it in ("name", "born", "card", "id_number")]
    assert kept == ["Trần Thị Mẫu", "1990-09-02", "TB-77", NUMBER]
    province(*PAYOUT, "--beneficiary", "-", stdin="Vũ Ví Dụ\r\n")
    province(*PAYOUT, "--member", "-", stdin="TB-77")
    assert [it["beneficiary"] for it in province("payouts", "-f", "json").json] == ["Vũ Ví Dụ", "Trần Thị Mẫu"]
    assert len(province("members", "--name", "-", "-f", "json", stdin="mau").json) == 1
    province("transfer-member", "-", "--to", "TRUONG", "--on", "2024-04-01", stdin="TB-77")
    province("end-membership", "-", "--on", "2024-05-01", "--reason", "retired", stdin="TB-77")
    province("readmit-member", "-", "--union", "MAY", "--admitted", "2024-06-01", stdin="TB-77")
    province("erase-member", "-", "--confirm", "-", stdin="TB-77\nTRẦN thị Mẫu\n")
    assert province("members", "-f", "json").json[0]["name"] == "(đã xóa)"


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ("", 2, "“-”: Name"),
        ("\n1/1/1990", 2, "“-”: Name"),
        ("Trần Thị Mẫu", 2, "“-”: Born"),
        ("Trần Thị Mẫu\nTB-77\n", 4, "birth date is not a day"),
        (f"Trần Thị Mẫu {NUMBER}\n", 4, "looks like an ID number"),
    ],
)
def test_a_line_that_is_missing_or_wrong_is_refused_and_not_repeated(
    province: Ucli, ucli: Ucli, lines: str, code: int, said: str
) -> None:
    answer = ucli("add-member", "-", "--born", "-", *MEMBER[2:], stdin=lines, expect=code)
    assert said in answer.err
    assert not [it for it in SECRETS if it in answer.err]
    assert province("members", "-f", "json").json == []


def test_what_is_a_persons_own_is_asked_for_on_a_terminal_the_id_number_unseen(province: Ucli) -> None:
    words = ["ucli", "add-member", "-", "--union", "MAY", "--admitted", "2024-03-01", "--born", "-", "--id-number", "-"]
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(words, stdin=terminal, stdout=terminal, stderr=terminal, env=environment()) as process:
        os.close(terminal)
        shown = ""
        answers = {"Name: ": "Trần Thị Mẫu\n", "Born: ": "2/9/1990\n", "ID number: ": f"{NUMBER}\n"}
        with suppress(OSError):  # a terminal whose program is gone
            while part := os.read(keyboard, 1000).decode(errors="replace"):
                shown += part
                for question in [it for it in answers if it in shown]:
                    os.write(keyboard, answers.pop(question).encode())
    os.close(keyboard)
    assert (process.returncode, answers) == (0, {}), shown
    assert "was admitted" in shown
    assert NUMBER not in shown
    assert province("members", "-f", "json").json[0]["born"] == "1990-09-02"


def test_an_id_number_in_the_name_of_a_file_does_not_get_into_the_log(province: Ucli, tmp_path: Path) -> None:
    table, copy = tmp_path / f"Mẫu {NUMBER}.csv", tmp_path / f"{NUMBER}.db"
    table.write_text("Họ và tên;CĐCS;Ngày kết nạp\nTrần Thị Mẫu;MAY;1/6/2024\n", encoding="utf-8")
    province("import", "members", table)
    province("backup", copy)
    province("restore", copy, "--yes")
    log = province("log", "-f", "json").out
    assert "Mẫu ….csv: 1 new" in log
    assert "restored from ….db; the previous one is kept as so-2" in log
    assert NUMBER not in log


@pytest.mark.parametrize(
    "words",
    [
        ("add-member", "MAY", "--union", "@", "--admitted", "2024-03-01"),
        ("add-member", "A", "--union", "MAY", "--admitted", "@"),
        ("end-membership", "1", "--on", "2024-05-01", "--reason=@"),
        ("transfer-member", "1", "--to", "@", "--on", "2024-05-01"),
        ("void-member", "@"),
        ("void-payout", "Mẫu"),
        ("erase-member", "--payout", "@"),
        ("export-member", "@"),
        (*PAYOUT, "--recipients", "@"),
        ("members", "--union", "@"),
        ("payouts", "--unit", "@"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_name_behind_the_wrong_option_is_not_repeated(
    province: Ucli, ucli: Ucli, words: tuple[str, ...], language: str
) -> None:
    answer = ucli(*(it.replace("@", "Trần Thị Mẫu") for it in words), "--lang", language)
    assert answer.code in (2, 3, 4)
    assert "Mẫu" not in answer.err


def test_a_mistyped_union_is_repeated(province: Ucli, ucli: Ucli) -> None:
    assert "“CĐCS Dệt”" in ucli("add-member", "A", "--union", "CĐCS Dệt", *MEMBER[4:], expect=3).err
