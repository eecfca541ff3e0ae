"""Personal data: for its owner's eyes only, shown in full when a reason is given, never where it does not belong."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ucli, shell

NUMBER = "034190000123"
MEMBER = ("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


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
    assert "changed nothing" in ucli("undo", "7", expect=5).err
    assert "Operation 6 was taken back" in province("undo").err
    province("members", "--reveal", "--reason", "hồ sơ")
    assert "Operation 6 counts again" in province("redo").err


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
        ("003190000123", "nữ", "1990-09-02", ["no province"]),
        ("034290000123", "nữ", "1990-09-02", ["other sex", "another year"]),
        ("034203000123", "nam", "2003-09-02", []),
        ("134190000123", "nữ", "1990-09-02", ["no province"]),
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

    monkeypatch.setattr("ucli.ledger.members.keep_person", fail)
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
