"""A person's rights: what is held is given out whole; what is erased is nowhere any more, and no total moves."""

import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import Ucli
from ucli.ledger import store

NAME, CARD, NUMBER, BORN = "Trần Thị Mẫu", "TB-77", "034190000123", "1990-09-02"
MEMBER = ("add-member", NAME, "--union", "MAY", "--admitted", "2024-03-01", "--born", BORN, "--sex", "nữ",
          "--card", CARD, "--id-number", "-")  # fmt: skip
TRACES = [NAME.encode(), b"tran thi mau", CARD.encode(), NUMBER.encode(), BORN.encode()]


def traces_in(folder: Path) -> set[str]:
    """Return the files whose bytes hold anything of the person."""
    files = [it for it in folder.rglob("*") if it.is_file()]
    return {it.name for it in files if any(trace in it.read_bytes() for trace in TRACES)}


@pytest.fixture
def member(province: Ucli) -> Ucli:
    province(*MEMBER, stdin=f"{NUMBER}\n")
    return province


def erase(ok: Ucli, who: object = "1", *words: object) -> str:
    return ok("erase-member", who, "--confirm", NAME, *words).err


def test_an_erased_person_is_in_no_byte_of_the_ledger(member: Ucli, tmp_path: Path) -> None:
    # So many others that pages are split and rewritten, with copies of the person left in what is free.
    rows = "\n".join(f"Người {it};MAY;5/6/2024;{it}" for it in range(800))
    (tmp_path / "a.csv").write_text(f"Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Số thẻ\n{rows}\n", encoding="utf-8")
    member("import", "members", tmp_path / "a.csv")
    member("undo")
    member("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--member", CARD,
           "--on", "2024-05-01")  # fmt: skip
    for it in (tmp_path / "backups").iterdir():
        it.unlink()
    with closing(sqlite3.connect(tmp_path / "so.db")) as other:  # keeps the log from being emptied by itself
        other.execute("SELECT count(*) FROM person").fetchone()
        assert "so.db" in traces_in(tmp_path)
        assert "for good" in erase(member, CARD)
        assert (tmp_path / "so.db-wal").exists()
        assert traces_in(tmp_path) == set()
    assert traces_in(tmp_path) == set()


def test_every_total_stays(member: Ucli) -> None:
    member("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--member", "1",
           "--on", "2024-05-01")  # fmt: skip
    questions = (("report", "--period", "2024", "-f", "json"), ("movement", "--period", "2024", "-f", "json"))
    before = [member(*words).out for words in questions]
    erase(member)
    assert [member(*words).out for words in questions] == before
    assert member("check").code == 0
    row = member("members", "-f", "json").json[0]
    assert (row["name"], row["born"], row["card"], row["id_number"]) == ("(đã xóa)", None, None, None)
    assert member("payouts", "-f", "json").json[0]["beneficiary"] == "(đã xóa)"


def test_undo_does_not_bring_an_erased_person_back(member: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    member("end-membership", "1", "--on", "2024-11-01", "--reason", "retired")
    erase(member)
    assert "cannot be restored" in ucli("undo", expect=5).err
    assert "cannot be restored" in ucli("undo", "8", expect=5).err
    member("undo", "7")
    member("undo", "6")
    assert member("members", "-f", "json").json == []
    member("redo", "6")
    assert member("members", "-f", "json").json[0]["name"] == "(đã xóa)"
    assert traces_in(tmp_path) == set()
    log = member("log", "-f", "json")
    assert "erase-member" in log.out
    assert NAME not in log.out


def test_the_import_that_admitted_an_erased_person_can_be_undone(province: Ucli, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"Họ và tên;Công đoàn cơ sở;Ngày kết nạp\n{NAME};MAY;5/6/2024\nLê Văn Thử;MAY;5/6/2024\n", "utf-8")
    province("import", "members", table)
    table.unlink()
    erase(province)
    province("undo", "6")
    assert province("members", "-f", "json").json == []
    province("redo", "6")
    assert sorted(row["name"] for row in province("members", "-f", "json").json) == ["(đã xóa)", "Lê Văn Thử"]
    assert province("check").code == 0


@pytest.mark.parametrize("known", [(), ("--born", BORN), ("--card", CARD)], ids=["name", "birth", "card"])
def test_what_was_taken_back_and_recorded_again_is_erased_with_it(
    province: Ucli, tmp_path: Path, known: tuple[str, ...]
) -> None:
    words = ("add-member", NAME, "--union", "MAY", "--admitted", "2024-03-01", *known)
    province(*words)
    province("void-member", "1")
    province(*words)
    erase(province, "2")
    assert traces_in(tmp_path) == set()


def test_a_member_whose_admission_was_taken_back_can_still_be_erased(member: Ucli, tmp_path: Path) -> None:
    member("undo")
    erase(member)
    assert traces_in(tmp_path) == set()


def test_another_person_of_that_name_is_left_alone(member: Ucli) -> None:
    member("add-member", NAME, "--union", "TRUONG", "--admitted", "2024-03-01", "--born", "1985-01-01")
    erase(member)
    assert sorted(row["name"] for row in member("members", "-f", "json").json) == ["(đã xóa)", NAME]


def test_a_named_beneficiary_is_erased_by_the_payout(province: Ucli, tmp_path: Path) -> None:
    province("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--beneficiary", NAME,
             "--on", "2024-05-01")  # fmt: skip
    province("erase-member", "--payout", "1", "--confirm", NAME)
    assert traces_in(tmp_path) == set()
    assert province("payouts", "-f", "json").json[0]["amount"] == 1_000_000


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1",), 5),
        (("1", "--yes"), 5),
        (("1", "--confirm", "Lê Văn Thử"), 5),
        (("99", "--confirm", NAME), 3),
        ((), 2),
        (("1", "--payout", "1"), 2),
        (("--payout", "9", "--confirm", NAME), 3),
        (("1", "--dry-run"), 0),
    ],
)
def test_nobody_is_erased_by_mistake(
    member: Ucli, ucli: Ucli, tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    answer = ucli("erase-member", *words, expect=code)
    assert NAME not in answer.err
    assert member("members", "-f", "json").json[0]["name"] == NAME
    assert len(member("log", "-f", "json").json) == 6


def test_backups_and_notes_that_still_hold_the_person_are_named(member: Ucli, tmp_path: Path) -> None:
    member("backup")
    [holding] = (tmp_path / "backups").iterdir()
    member("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--note", f"theo đơn của {NAME}")
    answer = member("erase-member", "1", "--confirm", NAME, "-f", "json")
    assert (answer.json["backups"], answer.json["notes"]) == ([str(holding)], [7])
    assert holding.name in answer.err
    assert NAME not in answer.err
    member("backup")
    restored = member("restore", holding.name, "--yes")
    assert "Erased since that backup was made, and now in the ledger again: member 1; erase them again" in restored.err
    assert member("erase-member", "1", "--confirm", NAME, "-f", "json").json["backups"] == [str(holding)]


def test_decisions_and_funds_that_name_the_person_are_told_too(member: Ucli) -> None:
    member("transfer-member", 1, "--to", "TRUONG", "--on", "2024-06-01", "--decision", f"đơn của {NAME}")
    member("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--member", CARD,
           "--fund", f"quỹ thẻ {CARD}")  # fmt: skip
    assert member("erase-member", 1, "--confirm", NAME, "-f", "json").json["notes"] == [7, 8]


def test_texts_about_others_that_name_the_person_are_told_too(member: Ucli) -> None:
    member("add-figure", "news-items", 3, "--unit", "MAY", "--period", "2024-01", "--source", f"chị {NAME}")
    member("set-target", "news-items", 5, "--unit", "MAY", "--period", "2024", "--decision", f"đơn của {NAME}")
    paid = ("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr")
    member(*paid, "--fund", f"quỹ {NAME}")
    member(*paid, "--beneficiary", f"Bà {NAME} (mẹ)", "--on", "2024-06-01")
    member(*paid, "--beneficiary", NAME, "--on", "2024-06-02")
    answer = member("erase-member", 1, "--confirm", NAME, "-f", "json").json
    assert (answer["notes"], answer["alike"]) == ([7, 8, 9, 10], ["--payout 3"])


def test_a_copy_beside_the_ledger_that_holds_the_person_is_named_and_the_ledger_itself_is_not(
    member: Ucli, tmp_path: Path
) -> None:
    member("backup", str(tmp_path / "mang-di.db"))
    member("init", "--office", "LĐLĐ tỉnh Hưng Yên", "--db", str(tmp_path / "khac.db"))
    (tmp_path / "danh-sach.db").write_bytes(b"no ledger")
    (tmp_path / "so-lien-ket.db").symlink_to(tmp_path / "so.db")
    answer = member("erase-member", "1", "--confirm", NAME, "-f", "json", "--db", str(tmp_path / "so-lien-ket.db"))
    assert answer.json["backups"] == [str(tmp_path / "mang-di.db")]


def test_while_another_command_reads_nothing_is_erased(
    member: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_PATIENCE_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "so.db", isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM person").fetchone()
        member("add-unit", "LĐLĐ huyện Mới", "--kind", "district")
        answer = ucli("erase-member", "1", "--confirm", NAME, expect=7)
    assert "nothing was erased" in answer.err
    assert member("members", "-f", "json").json[0]["name"] == NAME
    erase(member)
    assert traces_in(tmp_path) == set()


def test_erasing_again_cleans_again_and_records_nothing(member: Ucli) -> None:
    erase(member)
    assert "erased before" in member("erase-member", "1").err
    assert len(member("log", "-f", "json").json) == 7


def test_an_atomic_batch_does_not_erase(member: Ucli, ucli: Ucli) -> None:
    assert "on its own" in ucli("batch", "--atomic", stdin=f"erase-member 1 --confirm '{NAME}'\n", expect=2).err
    member("batch", stdin=f"erase-member 1 --confirm '{NAME}'\n")
    assert member("members", "-f", "json").json[0]["name"] == "(đã xóa)"


def test_a_person_is_given_all_that_is_held(member: Ucli, tmp_path: Path) -> None:
    member("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--member", "1",
           "--on", "2024-05-01")  # fmt: skip
    member("transfer-member", "1", "--to", "TRUONG", "--on", "2024-06-01")
    member("export-member", CARD, "-o", tmp_path / "a.json", "--reason", "theo đơn ngày 5/6/2024")
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o600
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert all(it in text for it in (NAME, CARD, NUMBER, BORN, '"amount": 1000000', "CĐCS Trường Kiến Xương"))
    entry = member("log", "-f", "json").json[0]
    assert (entry["command"], entry["note"]) == ("export-member", "theo đơn ngày 5/6/2024")
    held = member("export-member", "1", "-f", "json").json
    assert [it["number"] for it in held["memberships"]] == [1, 2]
    assert [it["number"] for it in held["payouts"]] == [1]
    shown = member("export-member", "1").out
    assert NUMBER in shown
    assert "1.000.000" in shown
    assert "Operation 8 was undone" in member("undo").err


def test_what_was_taken_back_is_given_out_as_such(province: Ucli) -> None:
    words = ("add-member", NAME, "--union", "MAY", "--admitted", "2024-03-01", "--born", BORN)
    province(*words)
    province("void-member", "1")
    province(*words)
    held = province("export-member", "2", "-f", "json").json
    assert [(it["number"], it["stands"]) for it in held["memberships"]] == [(1, False), (2, True)]
    assert [it["name"] for it in held["earlier"]] == [NAME]


def test_retention_lists_who_left_long_ago_and_came_back_nowhere(province: Ucli) -> None:
    for number, name in enumerate(("Đi Luôn", "Trở Lại", "Mới Đi", "Còn Đó"), start=1):
        province("add-member", name, "--union", "MAY", "--admitted", "2023-06-01")
        if name != "Còn Đó":
            on = "2023-09-01" if name != "Mới Đi" else date.today()  # noqa: DTZ011
            province("end-membership", number, "--on", on, "--reason", "left-work")
    province("readmit-member", "2", "--union", "MAY", "--admitted", "2024-01-01")
    due = province("retention", "--years", "2", "-f", "json").json
    assert [(row["number"], row["name"], row["left"]) for row in due] == [(1, "Đi Luôn", "2023-09-01")]
    assert province("retention", "--years", "100", "-f", "json").json == []
    assert province("retention", "--years", "9999", "-f", "json").json == []
    province("erase-member", "1", "--confirm", "Đi Luôn")
    assert province("retention", "--years", "2", "-f", "json").json == []


def test_retention_lists_all_others_whom_the_ledger_still_holds(province: Ucli) -> None:
    payout = ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "1tr", "--on")
    province(*payout, "2023-06-01", "--beneficiary", "Nhận Lâu")
    province(*payout, date.today(), "--beneficiary", "Mới Nhận")  # noqa: DTZ011
    province(*payout, date.today(), "--beneficiary", "Ghi Nhầm")  # noqa: DTZ011
    province("void-payout", 3)
    for number, name in enumerate(("Hoàn Tác", "Hủy Bỏ", "Còn Đó"), start=1):
        province("add-member", name, "--union", "MAY", "--admitted", "2024-06-01")
        if name != "Còn Đó":
            province(*(("undo",) if name == "Hoàn Tác" else ("void-member", number)))
    answer = province("retention", "--years", "2", "-f", "json")
    due = [(row["held_as"], row["number"], row["name"]) for row in answer.json]
    assert due == [
        ("beneficiary", 1, "Nhận Lâu"),
        ("payout-taken-back", 3, "Ghi Nhầm"),
        ("member-taken-back", 1, "Hoàn Tác"),
        ("member-taken-back", 2, "Hủy Bỏ"),
    ]
    assert "erase-member --payout NUMBER" in answer.err
    for held_as, number, name in due:
        about = ("--payout", number) if "member" not in held_as else (number,)
        province("erase-member", *about, "--confirm", name)
    assert province("retention", "--years", "2", "-f", "json").json == []


def test_a_backup_that_is_older_than_erasures_names_whom_to_erase_again(province: Ucli, tmp_path: Path) -> None:
    admission = ("--union", "MAY", "--admitted", "2024-03-01")
    province("add-member", "Ở Lại", *admission)
    province("add-member", NAME, *admission)
    province("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "1tr", "--beneficiary", "Đỗ Văn Mẫu")
    province("backup", tmp_path / "a.db")
    province("erase-member", 2, "--confirm", NAME)
    province("erase-member", "--payout", 1, "--confirm", "Đỗ Văn Mẫu")
    province("add-member", "Đến Sau", *admission)
    province("erase-member", 3, "--confirm", "Đến Sau")
    answer = province("restore", tmp_path / "a.db", "--yes", "-f", "json", "--lang", "vi")
    assert "đoàn viên số 2, người nhận khoản chi 1; hãy xóa lại" in answer.err
    assert [it["number"] for it in answer.json["erased_since"]] == [2, 1]


@pytest.mark.parametrize(
    ("number", "doubted"), [("999999999999", True), ("100090000126", True), ("034090000126", False)]
)
def test_an_id_number_of_no_province_is_doubted_and_taken(province: Ucli, number: str, doubted: bool) -> None:
    words = ("add-member", NAME, "--union", "MAY", "--admitted", "2024-03-01", "--id-number", "-")
    answer = province(*words, stdin=number)
    assert ("digits of a province" in answer.err) == doubted
    assert number not in answer.err


def test_the_reasons_for_leaving_are_listed_in_words(province: Ucli, ucli: Ucli) -> None:
    province("add-member", NAME, "--union", "MAY", "--admitted", "2024-03-01")
    words = ("end-membership", 1, "--on", "2024-09-01", "--reason")
    assert "nghỉ hưu" in ucli(*words, "chuyển", "--lang", "vi", expect=2).err
    province(*words, "nghỉ hưu")


def test_a_number_that_is_somebodys_card_too_is_meant_with_a_word_before_it(province: Ucli, ucli: Ucli) -> None:
    province("add-member", NAME, "--union", "MAY", "--admitted", "2024-03-01")
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-03-01", "--card", "1")
    leave = ("--on", "2024-06-01", "--reason", "retired")
    pay = ("add-payout", "--unit", "MAY", "--programme", "visit", "--amount", "1tr", "--member")
    for words in (("end-membership", "1", *leave), ("export-member", "1"), (*pay, "1")):
        assert "as in no:1." in ucli(*words, expect=3).err
        assert "số:1." in ucli(*words, "--lang", "vi", expect=3).err
    province(*pay, "so:1")
    province("undo")
    province("end-membership", "số:1", *leave)
    assert NAME in province("export-member", "no:1").out
    province("void-member", "1")
    province("erase-member", "SỐ: 1", "--confirm", NAME)
    assert [it["number"] for it in province("members", "-f", "json").json] == [2]
    ucli("end-membership", "no:1", *leave, expect=3)


ADMIT = ("add-member", NAME, "--admitted", "2024-03-01")
AGAIN = [
    # What takes the first entry back, and what would bring it back.
    (("void-member", 1), ("undo", 7)),
    (("undo",), ("redo", 6)),
]


@pytest.mark.parametrize(("taken_back", "bringing_back"), AGAIN)
@pytest.mark.parametrize("known", [(), ("--born", BORN), ("--card", CARD)], ids=["name", "birth", "card"])
@pytest.mark.parametrize("erased", [(2,), (1,), (1, 2)], ids=str)
def test_whoever_was_erased_is_not_counted_twice_by_bringing_back_what_was_taken_back(
    province: Ucli,
    ucli: Ucli,
    taken_back: tuple[object, ...],
    bringing_back: tuple[object, ...],
    known: tuple[str, ...],
    erased: tuple[int, ...],
) -> None:
    province(*ADMIT, "--union", "MAY", *known)
    province(*taken_back)
    province(*ADMIT, "--union", "MAY", *known)
    for number in erased:
        erase(province, number)
    assert "First" in (refused := ucli(*bringing_back, expect=5).err) or "Undo that one first: ucli undo 8" in refused
    assert len(province("members", "-f", "json").json) == 1
    assert "C04" not in ucli("check").out
    province("undo", 8)
    province(*bringing_back)
    assert [row["number"] for row in province("members", "-f", "json").json] == [1]
    assert "Undo that one first" in ucli("redo", 8, expect=5).err


def test_an_erased_person_is_not_in_two_unions_at_a_time(province: Ucli, ucli: Ucli) -> None:
    """Corrected twice, the first time after a transfer: whichever entry comes back, it overlaps the one that counts."""
    card = ("--card", CARD)
    province(*ADMIT, "--union", "MAY", *card)
    province("transfer-member", CARD, "--to", "TRUONG", "--on", "2024-06-01")
    province("void-member", 2)
    province("void-member", 1)
    province(*ADMIT, "--union", "TRUONG", *card)
    province("void-member", 3)
    province("add-member", NAME, "--admitted", "2024-03-05", "--union", "TRUONG", *card)
    erase(province, 3)
    erase(province, 4)
    for step in (8, 9, 11):
        assert "ucli undo 12" in ucli("undo", step, expect=5).err
    assert len(province("members", "-f", "json").json) == 1
    assert province("check").code == 0


def test_who_left_and_came_again_was_a_member_twice(province: Ucli) -> None:
    province(*ADMIT, "--union", "MAY", "--card", CARD)
    province("end-membership", CARD, "--on", "2024-06-01", "--reason", "left-work")
    province("readmit-member", CARD, "--union", "TRUONG", "--admitted", "2024-09-01")
    erase(province, 1)
    province("undo", 8)
    province("redo", 8)
    for step in (8, 7, 6):
        province("undo", step)
    for step in (6, 7, 8):
        province("redo", step)
    assert [row["number"] for row in province("members", "-f", "json").json] == [2]
    members = province("movement", "--period", "2024", "-f", "json").json["members"]
    assert (members["admitted"], members["left"], members["closing"]) == (2, 1, 1)


def test_others_erased_with_the_import_come_back_with_it(province: Ucli, tmp_path: Path) -> None:
    table = tmp_path / "a.csv"
    table.write_text(f"Họ và tên;Công đoàn cơ sở;Ngày kết nạp\n{NAME};MAY;5/6/2024\nLê Văn Thử;MAY;5/6/2024\n", "utf-8")
    province("import", "members", table)
    province("undo")
    erase(province, 1)
    province("erase-member", 2, "--confirm", "Lê Văn Thử")
    province("redo", 6)
    assert [row["name"] for row in province("members", "-f", "json").json] == ["(đã xóa)", "(đã xóa)"]


def test_who_may_be_the_same_person_is_named_by_number(province: Ucli, tmp_path: Path) -> None:
    """Voided in one union and recorded in another, with the name alone: nobody can tell whether it is one person."""
    province(*ADMIT, "--union", "MAY")
    province("void-member", 1)
    province(*ADMIT, "--union", "TRUONG")
    answer = province("erase-member", 2, "--confirm", NAME, "-f", "json")
    assert answer.json["alike"] == ["no:1"]
    assert ": ucli erase-member no:1\n" in answer.err
    assert NAME not in answer.err
    assert province("erase-member", 1, "--confirm", NAME, "-f", "json").json["alike"] == []
    assert traces_in(tmp_path) == set()


def test_other_entries_of_the_name_are_listed_with_what_erases_each(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    pay = ("add-payout", "--unit", "HH", "--programme", "visit", "--amount", "1tr", "--beneficiary")
    province(*ADMIT, "--union", "MAY", "--born", BORN)
    province(*ADMIT, "--union", "TRUONG", "--born", "1985-01-01")
    province(*ADMIT, "--union", "TRUONG")
    province(*pay, "TRẦN THỊ MẪU")
    province(*pay, "Lê Văn Thử")
    lines = [
        "  member 3 of CĐCS Trường Kiến Xương: ucli erase-member no:3",
        "  payout 1 of LĐLĐ huyện Hưng Hà: ucli erase-member --payout 1",
        "  member 2 of CĐCS Trường Kiến Xương (another birth date): ucli erase-member no:2",
    ]
    for asked in (("--dry-run",), ("--confirm", "Lê Văn Thử")):
        said = ucli("erase-member", "no:1", *asked).err.splitlines()
        assert said[1:4] == lines
    said = province("erase-member", "no:1", "--confirm", NAME).err.splitlines()
    assert said[1:4] == lines
    assert "Mẫu" not in "".join(said)
    for ref in (("no:3",), ("--payout", 1), ("no:2",)):
        province("erase-member", *ref, "--confirm", NAME)
    assert traces_in(tmp_path) == set()
