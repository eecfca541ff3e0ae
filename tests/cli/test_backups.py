"""Copies of the ledger: whole while others write, kept in rotation, brought back, and back again."""

import os
import sqlite3
import stat
import subprocess
import time
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.conftest import Ucli, environment, shell, spoil
from ucli.ledger import store
from ucli.ledger.backup import AUTOMATIC_KEPT, keep_before
from ucli.ledger.files import draft_of

DISTRICTS = 150
HEAD = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def in_folder(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "backups"
    return sorted(folder.iterdir()) if folder.exists() else []


def units(ok: Ucli) -> set[str]:
    return {row["code"] for row in ok("units", "-f", "json").json}


def test_a_backup_is_a_ledger_of_its_own_for_its_owner_only(province: Ucli, tmp_path: Path) -> None:
    answer = province("backup", "-f", "json")
    [made] = in_folder(tmp_path)
    assert (answer.json["file"], answer.json["size"]) == (str(made), made.stat().st_size)
    assert answer.json["head"] == province("log", "--head").out.strip()
    assert (mode(made), mode(made.parent)) == (0o600, 0o700)
    assert province("units", "--db", made).out == province("units").out
    assert province("check", "--db", made).code == 0


def test_a_backup_is_never_replaced_silently(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    there = tmp_path / "sao lưu.db"
    province("backup", there)
    before = there.read_bytes()
    province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--code", "MOI")
    assert "already exists" in ucli("backup", there, expect=5).err
    assert there.read_bytes() == before
    ucli("backup", tmp_path / "so.db", expect=5)
    province("backup", tmp_path)
    assert len(list(tmp_path.glob("so-*Z.db"))) == 1
    ucli("backup", tmp_path / "so.db" / "nowhere.db", expect=7)


@pytest.mark.parametrize("words", [("init",), ("restore", "a.db", "--yes"), ("backup", "b.db", "--db", "a.db")])
def test_the_log_of_a_ledger_that_is_gone_meets_no_other(
    province: Ucli, ucli: Ucli, tmp_path: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite would write what stands in it into whatever file gets the name."""
    monkeypatch.chdir(tmp_path)
    province("backup", "a.db")
    gone = tmp_path / ("b.db" if "b.db" in words else "so.db")
    gone.unlink(missing_ok=True)
    (tmp_path / f"{gone.name}-wal").write_bytes(b"x")
    answer = ucli(*words, expect=5)
    assert f"{gone.name}-wal is left over" in answer.err
    assert "Move it away" in answer.err
    assert not gone.exists()
    assert not list(tmp_path.glob(".ucli-*"))


def test_a_backup_makes_no_folders_but_its_own(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    answer = ucli("backup", tmp_path / "usb" / "2024" / "a.db", expect=7)
    assert "cannot be written" in answer.err
    assert not (tmp_path / "usb").exists()
    province("backup")
    assert len(in_folder(tmp_path)) == 1


def test_a_backup_while_others_write_is_whole(province: Ucli, tmp_path: Path) -> None:
    with writing_districts(tmp_path) as writer:
        copies = [tmp_path / f"{number}.db" for number in range(4)]
        for copy in copies:
            province("backup", copy)
        assert writer.wait() == 0
    for copy in copies:
        province("check", "--db", copy)
    assert len(units(province)) == 5 + DISTRICTS


def test_a_ledger_with_broken_pages_is_not_called_backed_up(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    spoil(tmp_path / "so.db", "PRAGMA foreign_keys = OFF")
    spoil(tmp_path / "so.db", "UPDATE membership SET union_unit = 999")
    spoil(tmp_path / "so.db", "INSERT INTO cluster_member VALUES (998, 2024, 999, NULL, 1)")
    answer = ucli("backup", expect=7)
    assert "damaged" in answer.err
    assert in_folder(tmp_path) == []
    spoil(tmp_path / "so.db", "DELETE FROM cluster_member")


UNREADABLE = [
    "UPDATE unit_name SET name = CAST(x'4cff41' AS TEXT) WHERE code = 'HH'",
    "UPDATE person SET name = CAST(x'4cff41' AS TEXT)",
    "DELETE FROM unit_name WHERE code = 'HH'",
]


@pytest.mark.parametrize("statement", UNREADABLE)
def test_what_could_not_be_read_again_is_neither_restored_nor_called_backed_up(
    province: Ucli, ucli: Ucli, tmp_path: Path, statement: str
) -> None:
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-03-01")
    province("backup", tmp_path / "a.db")
    spoil(tmp_path / "a.db", statement)
    before = province("report", "--period", "2024").out
    answer = ucli("restore", tmp_path / "a.db", "--yes", expect=7)
    assert "is damaged" in answer.err
    assert ("A text in" in answer.err) == ("CAST" in statement)
    assert province("report", "--period", "2024").out == before
    assert ucli("backup", tmp_path / "b.db", "--db", tmp_path / "a.db", expect=7).err.count("\n") == 3
    assert not (tmp_path / "b.db").exists()


def test_a_ledger_with_unreadable_texts_is_brought_back_and_kept_as_a_damaged_one(
    province: Ucli, tmp_path: Path
) -> None:
    province("backup", tmp_path / "a.db")
    spoil(tmp_path / "so.db", UNREADABLE[0])
    assert "The damaged ledger is kept" in province("restore", tmp_path / "a.db", "--yes").err
    assert province("check").code == 0


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE operation SET summary = 'x' WHERE number = 3", "Operation 3"),
        ("UPDATE person SET name = 'Ai Đó'", "The personal data of member 1"),
    ],
)
def test_what_was_changed_behind_is_restored_with_a_warning(
    province: Ucli, ucli: Ucli, tmp_path: Path, statement: str, said: str
) -> None:
    province("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-03-01")
    spoil(tmp_path / "so.db", statement)
    province("backup", tmp_path / "a.db")
    answer = province("restore", tmp_path / "a.db", "--yes", "-f", "json")
    assert f"Warning: {said}" in answer.err
    assert [it.startswith(said) for it in answer.json["doubts"]] == [True]


def test_a_restore_brings_back_the_ledger_and_can_itself_be_taken_back(province: Ucli, tmp_path: Path) -> None:
    province("backup", tmp_path / "a.db")
    province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--code", "MOI")
    after = units(province)
    kept = province("restore", tmp_path / "a.db", "--yes", "-f", "json").json["kept"]
    assert units(province) == after - {"MOI"}
    assert province("check").code == 0
    # By its name alone, as the answer says it.
    province("restore", Path(kept).name, "--yes")
    assert units(province) == after
    assert [row["made"] for row in province("backups", "-f", "json").json] == ["before-restore"] * 2
    assert mode(tmp_path / "so.db") == 0o600


def test_the_log_of_what_was_restored_says_so_and_undo_names_the_way_back(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    (tmp_path / "usb").mkdir()
    province("backup", tmp_path / "usb" / "a.db")
    province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--code", "MOI")
    answer = province("restore", tmp_path / "usb" / "a.db", "--yes", "--lang", "vi", "-f", "json").json
    line = province("log", "-f", "json").json[0]
    assert (line["operation"], line["command"]) == (answer["operation"], "restore") == (6, "restore")
    assert line["summary"].startswith("Khôi phục sổ từ a.db; sổ trước đó được giữ là so-")
    assert "usb" not in line["summary"]
    assert province("check").code == 0
    kept = Path(answer["kept"]).name
    for words in (("undo",), ("undo", 6)):
        assert "ucli restore" in ucli(*words, expect=5).err
    assert "TRUONG" in units(province)
    province("undo", 5)
    assert "TRUONG" not in units(province)
    province("redo")
    ucli("undo", expect=5)
    province("restore", kept, "--yes")
    assert "MOI" in units(province)
    assert kept in province("log", "-f", "json").json[0]["summary"]
    for file in in_folder(tmp_path):
        file.unlink()
    assert "ucli backups" in ucli("undo", expect=5).err
    ucli("redo", expect=3)


def test_a_restore_asks_first(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("backup", tmp_path / "a.db")
    province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--code", "MOI")
    assert "--yes" in ucli("restore", tmp_path / "a.db", expect=5).err
    assert "MOI" in units(province)
    assert in_folder(tmp_path) == []


def test_a_process_that_has_the_ledger_open_sees_what_was_restored(province: Ucli, tmp_path: Path) -> None:
    province("backup", tmp_path / "a.db")
    with closing(sqlite3.connect(tmp_path / "so.db")) as other:
        province("add-unit", "LĐLĐ huyện Mới", "--kind", "district", "--code", "MOI")
        assert other.execute("SELECT max(number) FROM operation").fetchone() == (6,)
        province("restore", tmp_path / "a.db", "--yes")
        last = other.execute("SELECT number, command FROM operation ORDER BY number DESC LIMIT 1").fetchone()
        assert last == (6, "restore")
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_busy_ledger_is_not_restored(
    province: Ucli, ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    province("backup", tmp_path / "a.db")
    monkeypatch.setattr(store, "_PATIENCE_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "so.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = ucli("restore", tmp_path / "a.db", "--yes", expect=7)
    assert "being written by another command" in answer.err
    assert in_folder(tmp_path) == []


def test_what_another_process_writes_meanwhile_is_in_the_backup_or_in_the_ledger(
    province: Ucli, tmp_path: Path
) -> None:
    province("backup", tmp_path / "a.db")
    with writing_districts(tmp_path) as writer:
        while len(units(province)) == 5:
            time.sleep(0.05)
        for _time in range(6):
            province("restore", tmp_path / "a.db", "--yes")
            time.sleep(0.1)
        assert writer.wait() == 0
    seen = units(province).union(*(units_in(province, it) for it in in_folder(tmp_path)))
    assert {f"D{number}" for number in range(DISTRICTS)} <= seen


def units_in(ok: Ucli, path: Path) -> set[str]:
    return {row["code"] for row in ok("units", "--db", path, "-f", "json").json}


@pytest.mark.parametrize("harm", ["gone", "cut short", "scrambled"])
def test_a_ledger_that_is_lost_is_brought_back(province: Ucli, ucli: Ucli, tmp_path: Path, harm: str) -> None:
    province("backup")
    before = units(province)
    path = tmp_path / "so.db"
    whole = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "cut short":
        path.write_bytes(whole[: len(whole) // 2])
    else:
        path.write_bytes(whole[:4096] + b"x" * (len(whole) - 4096))
    last = ucli("backups", "-f", "json").json[0]["file"]
    answer = province("restore", last, "--yes")
    assert units(province) == before
    assert mode(path) == 0o600
    assert ("damaged ledger is kept" in answer.err) == (harm != "gone")


@pytest.mark.parametrize("name", ["foreign", "newer", "older", "damaged", "missing"])
def test_only_a_sound_ledger_that_this_ucli_reads_is_restored(
    province: Ucli, ucli: Ucli, tmp_path: Path, name: str
) -> None:
    file = tmp_path / f"{name}.db"
    if name == "foreign":
        file.write_text("Đây là một bức thư. " * 20, encoding="utf-8")
    elif name in ("newer", "older"):
        province("backup", file)
        spoil(file, f"PRAGMA user_version = {999 if name == 'newer' else store.SCHEMA_VERSION - 1}")
    elif name == "damaged":
        province("backup", file)
        whole = bytearray(file.read_bytes())
        whole[40960:-4096] = b"x" * (len(whole) - 45056)
        file.write_bytes(bytes(whole))
    before = (tmp_path / "so.db").read_bytes()
    answer = ucli("restore", file, "--yes", expect=7)
    assert file.name in answer.err
    assert (tmp_path / "so.db").read_bytes() == before
    assert in_folder(tmp_path) == []


def test_an_import_is_preceded_by_a_backup_once_there_is_something_to_keep(ok: Ucli, tmp_path: Path) -> None:
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình")
    ok("add-union", "CĐCS May", "--parent", "Thái Bình", "--founded", "2023-05-10", "--code", "MAY")
    for number in (1, 2):
        table = tmp_path / f"{number}.csv"
        table.write_text(f"{HEAD}\nNgười {number};MAY;5/6/2024\n", encoding="utf-8")
        ok("import", "members", table, "--dry-run")
        ok("import", "members", table)
        ok("import", "members", table)
    made = ok("backups", "-f", "json").json
    assert [(row["made"], row["operations"]) for row in made] == [("before-import", 3), ("before-import", 2)]
    ok("restore", made[1]["file"], "--yes")
    assert ok("members", "-f", "json").json == []


def test_of_automatic_backups_the_last_ones_are_kept_and_those_by_hand_stay(province: Ucli, tmp_path: Path) -> None:
    province("backup")
    first = keep_before("import", tmp_path / "so.db")
    for _time in range(AUTOMATIC_KEPT + 2):
        keep_before("import", tmp_path / "so.db")
    made = [row["made"] for row in province("backups", "-f", "json").json]
    assert made == ["before-import"] * AUTOMATIC_KEPT + ["by-hand"]
    assert not first.exists()
    oldest = in_folder(tmp_path)[1]
    province("restore", oldest.name, "--yes")
    assert oldest.exists()


@pytest.mark.parametrize("year", ["2099", "2000"], ids=["set back", "ahead before"])
def test_the_newest_backup_stays_though_the_clock_was_wrong(
    province: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, year: str
) -> None:
    """What was made under a clock that ran ahead goes before what is made now, and never the one just made."""
    province("backup", tmp_path / "a.db")
    for _time in range(AUTOMATIC_KEPT):
        kept = keep_before("import", tmp_path / "so.db")
        kept.rename(kept.with_name(kept.name.replace("so-20", f"so-{year[:2]}", 1)))
    oldest, *others = in_folder(tmp_path)
    restored = province("restore", tmp_path / "a.db", "--yes", "-f", "json").json
    made = [it for it in in_folder(tmp_path) if "before-restore" in it.name]
    assert [str(it) for it in made] == [restored["kept"]]
    assert set(in_folder(tmp_path)) == {*others, *made}
    assert not oldest.exists()


def test_a_batch_restores_nothing(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("backup", tmp_path / "a.db")
    assert "on its own" in ucli("batch", stdin="restore a.db --yes\n", expect=2).err


def test_the_doctor_says_where_all_is_and_changes_nothing(province: Ucli, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    answer = province("doctor", "-f", "json")
    facts = answer.json["facts"]
    assert (facts["ledger"], facts["operations"], facts["schema"]) == (
        str(tmp_path / "so.db"),
        5,
        store.SCHEMA_VERSION,
    )
    assert facts["mode"] == "0600"
    assert [it["code"] for it in answer.json["warnings"]] == ["backup"]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    province("backup")
    assert province("doctor", "-f", "json").json["warnings"] == []


def test_drafts_of_killed_commands_are_named_and_go_with_the_next_that_makes_one(
    province: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They may hold what a ledger holds; those of commands that still run stay."""
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    province("backup")
    with subprocess.Popen(["true"]) as dead:
        pass
    folders = (tmp_path, tmp_path / "backups", tmp_path / "out")
    made = [draft(it, dead.pid, suffix) for it in folders for suffix in ("", "-wal", "-journal")]
    of_running_ones = [draft(it, os.getpid()) for it in folders]
    old = draft(tmp_path, os.getpid())
    os.utime(old, (0, 0))
    # The number of a process that is gone goes to another in time; this one began after the draft was written.
    of_another = draft(tmp_path, os.getpid())
    os.utime(of_another, (time.time() - 20 * 3600,) * 2)
    made.append(of_another)
    [warning] = province("doctor", "-f", "json").json["warnings"]
    assert warning["code"] == "drafts"
    assert all(str(it) in warning["text"] for it in (*made, old))
    assert not any(str(it) in warning["text"] for it in of_running_ones)
    province("backup")
    province("units", "-o", "units.csv")
    assert not any(it.exists() for it in (*made, old))
    assert all(it.exists() for it in of_running_ones)
    assert province("doctor", "-f", "json").json["warnings"] == []


def draft(folder: Path, process: int, suffix: str = "") -> Path:
    """Leave a draft as a process with that number makes it."""
    with TemporaryDirectory() as elsewhere, draft_of(Path(elsewhere) / "x") as made:
        name = made.name.replace(f"-{os.getpid()}-", f"-{process}-")
    left = folder / f"{name}{suffix}"
    left.touch(mode=0o600)
    return left


@pytest.mark.parametrize(
    "folder", ["OneDrive - LĐLĐ tỉnh", "Dropbox", "Google Drive", "iCloudDrive", "Zalo Received Files"]
)
def test_the_doctor_warns_of_folders_that_are_copied_elsewhere(province: Ucli, tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder / "so.db"
    province("init", "--db", place)
    place.chmod(0o644)
    answer = province("doctor", "--db", place, "-f", "json")
    assert {it["code"] for it in answer.json["warnings"]} >= {"synced", "readable"}
    assert "Warning:" in answer.err


def test_the_doctor_of_a_ledger_that_cannot_be_opened_still_says_where_it_looked(ucli: Ucli, tmp_path: Path) -> None:
    answer = ucli("doctor", "-f", "json", expect=7)
    assert answer.json["facts"]["ledger"] == str(tmp_path / "so.db")
    assert "There is no ledger" in answer.err


def test_a_backup_on_a_full_disk_leaves_nothing_behind(province: Ucli, tmp_path: Path) -> None:
    answer = shell(f"ulimit -f 100; ucli backup {tmp_path}/a.db")
    assert answer.code != 0
    assert not list(tmp_path.glob("*a.db*"))


def writing_districts(tmp_path: Path) -> subprocess.Popen[bytes]:
    """Start a process that adds districts one by one, each an operation of its own."""
    lines = tmp_path / "lines.txt"
    text = "\n".join(f"add-unit 'LĐLĐ huyện {it}' --kind district --code D{it}" for it in range(DISTRICTS))
    lines.write_text(text, encoding="utf-8")
    return subprocess.Popen(["ucli", "batch", str(lines)], env=environment(), stderr=subprocess.DEVNULL)


def test_a_file_too_small_for_a_database_is_none(province: Ucli, tmp_path: Path) -> None:
    """Of such a file SQLite says that it is an empty database."""
    (tmp_path / "p.txt").write_text("x", encoding="utf-8")
    province("units", "-o", tmp_path / "p.txt", "--force")
    assert "HH" in (tmp_path / "p.txt").read_text(encoding="utf-8")


def test_where_there_is_no_ledger_yet_a_restore_replaces_nothing_and_does_not_ask(
    province: Ucli, tmp_path: Path
) -> None:
    province("backup", tmp_path / "usb.db")
    head = province("log", "--head").out.strip()
    province("restore", tmp_path / "usb.db", "--db", tmp_path / "moi.db")
    assert head in province("check", "--head", head, "--db", tmp_path / "moi.db").err


def test_people_read_sizes_in_megabytes_and_machines_in_bytes(province: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    province("backup")
    for size, text in ((1_549_000, "1,5 MB"), (512_400, "512 kB"), (31_649_000_000, "31,6 GB")):
        monkeypatch.setattr("ucli.ledger.files.size_of", lambda _path, size=size: size)
        assert f" {text} " in province("backups").out
        assert f" {text}\n" in province("doctor").out
        assert province("backups", "-f", "json").json[0]["size"] == size
