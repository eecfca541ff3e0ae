"""What a sceptic tried: rights and links, odd surroundings, escapes in every list, long texts, numbers of nobody."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Ucli, shell

MEMBER = ("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-03-01")
HOSTILE = "=1+1\x1b[31m\x07 \u202e\u2028\x9b2J\x7f|<script>{0}"
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture
def mask() -> Iterator[None]:
    before = os.umask(0o777)
    yield
    os.umask(before)


@pytest.mark.usefixtures("mask")
def test_where_the_system_takes_all_rights_the_owner_still_has_them(ok: Ucli, tmp_path: Path) -> None:
    place = tmp_path / "a" / "b" / "so.db"
    ok("init", "--office", "LĐLĐ tỉnh Thái Bình", "--db", place)
    ok("backup", "--db", place)
    ok("backup", tmp_path / "c.db", "--db", place)
    ok("members", "-o", tmp_path / "m.csv", "--db", place)
    (backup,) = (place.parent / "backups").iterdir()
    ok("restore", tmp_path / "c.db", "--yes", "--db", tmp_path / "d.db")
    files = (place, backup, tmp_path / "c.db", tmp_path / "d.db", tmp_path / "m.csv")
    assert {it.stat().st_mode & 0o777 for it in files} == {0o600}
    assert {it.stat().st_mode & 0o777 for it in (place.parent.parent, place.parent, backup.parent)} == {0o700}


def test_what_lies_beside_a_ledger_lies_beside_the_file_and_not_beside_a_link(province: Ucli, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(tmp_path / "so.db")
    province("backup", "--db", link)
    assert [it.name for it in (tmp_path / "elsewhere").iterdir()] == ["link.db"]
    (backup,) = (tmp_path / "backups").iterdir()
    province("add-unit", "LĐLĐ huyện A", "--kind", "district", "--db", link)
    province("restore", backup.name, "--yes", "--db", link)
    assert link.is_symlink()
    assert len(province("units", "-f", "json").json) == 5
    assert province("doctor", "--db", link, "-f", "json").json["facts"]["ledger"] == str(tmp_path / "so.db")


@pytest.mark.parametrize("suffix", ["-wal", "-shm", "-journal"])
def test_nothing_is_written_where_sqlite_keeps_a_part_of_the_ledger(
    province: Ucli, ucli: Ucli, tmp_path: Path, suffix: str
) -> None:
    part = tmp_path / f"so.db{suffix}"
    for words in (("backup", part), ("units", "-f", "csv", "-o", part), ("template", "members", "-o", part)):
        ucli(*words, *["--force"] * (words[0] != "backup"), expect=5 if words[0] != "template" else 2)
        assert not part.exists()
    (tmp_path / "khac-wal").write_text("của người khác")
    province("units", "-f", "csv", "-o", tmp_path / "khac-wal", "--force")


def test_a_ledger_reached_through_a_link_to_a_synced_folder_is_warned_about(province: Ucli, tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "tài liệu").symlink_to(tmp_path / "OneDrive")
    place = tmp_path / "tài liệu" / "so.db"
    province("init", "--db", place)
    assert "synced" in {it["code"] for it in province("doctor", "--db", place, "-f", "json").json["warnings"]}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_that_nobody_may_look_into_is_no_fault(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("backup")
    (tmp_path / "backups").chmod(0)
    assert "cannot be read" in ucli("backups", expect=7).err
    assert province("doctor", "-f", "json").json["facts"]["backups"] is None
    (tmp_path / "backups").chmod(0o700)


def test_a_stream_that_is_closed_is_an_empty_one(province: Ucli) -> None:
    answer = shell('ucli add-member "Lê Văn Thử" --union MAY --admitted 2024-03-01 --id-number - <&-')
    assert (answer.code, "bug in ucli" in answer.err) == (2, False)
    assert shell("ucli batch <&-").code in (0, 2, 4)


def test_a_data_folder_that_is_no_path_from_the_root_is_ignored(
    ucli: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("UCLI_DB")
    monkeypatch.setenv("XDG_DATA_HOME", "ngay/đây")
    assert str(tmp_path / ".local" / "share" / "ucli" / "ucli.db") in ucli("units", expect=7).err


@pytest.fixture
def hostile(province: Ucli) -> Ucli:
    """Return a ledger with something hostile in every text that people type."""
    for words in (
        ("add-unit", f"LĐLĐ {HOSTILE}", "--kind", "district", "--code", "LA", "--note", HOSTILE, "--decision", HOSTILE),
        ("add-union", f"CĐCS {HOSTILE}", "--parent", "LA", "--founded", "2023-05-10", "--code", "LAC"),
        ("add-member", HOSTILE, "--union", "LAC", "--admitted", "2024-05-01", "--card", HOSTILE, "--decision", HOSTILE),
        ("add-payout", "--unit", "LA", "--programme", "tet", "--amount", "5tr", "--on", "2024-01-01",
         "--beneficiary", HOSTILE, "--fund", HOSTILE, "--decision", HOSTILE),
        ("add-figure", "news-items", 5, "--unit", "LA", "--period", "2024", "--source", HOSTILE, "--decision", HOSTILE),
        ("set-target", "news-items", 5, "--unit", "LA", "--period", "2024", "--decision", HOSTILE),
        ("add-period", "dot", "--from", "2024-01-01", "--to", "2024-02-01", "--name", HOSTILE),
        ("set-cluster", f"Cụm {HOSTILE}", "--year", "2024", "--units", "LA,HH"),
        ("add-indicator", "rieng", "--name", HOSTILE, "--measure", HOSTILE),
        ("add-figure", "rieng", 3, "--unit", "LA", "--period", "2024"),
        ("add-programme", "rieng-2", "--name", HOSTILE),
        ("close-period", "2022", "--note", HOSTILE),
        ("reopen-period", "2022", "--reason", HOSTILE),
    ):  # fmt: skip
        assert not OBEYED.search(province(*words, "--actor", HOSTILE).err)
    return province


LISTS = (
    *("units", "members", "payouts", "figures", "targets", "indicators", "programmes", "periods", "clusters", "log"),
    *("report --period 2024 --by district", "rank --by district --period 2024", "show LA", "export-member 1"),
    "explain rieng --unit LA --period 2024",
)


def test_nothing_typed_is_obeyed_by_a_terminal_a_spreadsheet_or_a_browser(hostile: Ucli) -> None:
    for words in LISTS:
        for form in ("plain", "table", "html", "unsafehtml", "csv", "tsv", "json", "ndjson", "github"):
            out = hostile(*words.split(), "-f", form).out
            assert not OBEYED.search(out), (words, form)
            assert "<script" not in out or "html" not in form, (words, form)
            assert form not in ("csv", "tsv") or not re.search(r'(^|[,;\t])"?=', out, re.MULTILINE), (words, form)
    assert json.loads(hostile("members", "-f", "json").out)[0]["card"].startswith("=1+1\x1b[31m\x07")


@pytest.mark.parametrize(
    "words",
    [
        ("add-unit", "A", "--kind", "district", "--note"),
        ("add-unit", "A", "--kind", "district", "--actor"),
        ("add-unit", "A", "--kind", "district", "--decision"),
        (*MEMBER, "--card"),
        ("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "5tr", "--on", "2024-01-01", "--fund"),
        ("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024", "--source"),
        ("add-period", "dot", "--from", "2024-01-01", "--to", "2024-02-01", "--name"),
        ("members", "--reveal", "--reason"),
    ],
    ids=lambda it: f"{it[0]} {it[-1]}",
)
def test_what_is_added_in_words_can_be_read_again_and_is_no_megabyte(
    province: Ucli, ucli: Ucli, words: tuple[str, ...]
) -> None:
    answer = ucli(*words, "A" * 1_000_000, expect=4)
    assert "too long" in answer.err
    assert len(answer.err) < 1_000
    assert len(province("log", "-f", "json").json) == 5


def test_an_id_number_stays_out_of_the_reason_for_which_it_is_shown(province: Ucli, ucli: Ucli) -> None:
    province(*MEMBER, "--id-number", "-", stdin="\ufeff034190000123\n")
    before = province("log", "-f", "json").out
    for words in (("members", "--reveal"), ("export-member", "1")):
        answer = ucli(*words, "--reason", "xem 034190000123", expect=4)
        assert "034190000123" not in answer.out + answer.err
    assert province("log", "-f", "json").out == before


@pytest.mark.parametrize("number", ["034990000123", "034499000123"])
def test_an_id_number_of_somebody_who_is_not_born_yet_is_doubted(province: Ucli, number: str) -> None:
    answer = province(*MEMBER, "--id-number", "-", stdin=f"{number}\n")
    assert "not born yet" in answer.err
    assert number not in answer.err
