"""What is refused: the exit code, a sentence that says what to type instead, and nothing written."""

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import After, Ucli, dumped, environment, shell
from ucli.i18n import refusal


@pytest.fixture
def ledger(province_after: After, tmp_path: Path) -> Path:
    """Return the path of a ledger with a little in it."""
    province_after('add-member "Trần Thị Mẫu" --union MAY --admitted 2024-03-01 --born 1990-09-02')
    return tmp_path / "so.db"


ADD_UNION = "add-union|CĐCS Mới|--parent|HH|--founded|2024-01-01"
ADD_MEMBER = "add-member|Lê Văn Thử|--union|MAY|--admitted"
ADD_PAYOUT = "add-payout|--unit|HH|--programme|tet|--amount"
ADD_FIGURE = "add-figure|news-items|5|--unit|HH|--period"
SET_TARGET = "set-target|news-items|5|--unit|HH|--period"

WRONG = [
    # usage
    (2, "undo|x", "not a number"),
    (2, "report|--decimals|x", "not a number"),
    (2, "set-cluster|Cụm 1|--year|2024|--units|HH,-x", "A value is missing"),
    (4, "report|--period|2024-Q5", "no period"),
    (2, "no-such-command", "There is no such command"),
    (2, "add-member|A|--no-such-option", "--no-such-option"),
    (2, "add-member|Lê Văn Thử|--union|MAY", "--admitted is missing"),
    (2, "add-union|CĐCS Mới|--parent||--founded|2024-01-01", "--parent"),
    (2, "add-member|Lê Văn Thử|--union|--admitted|2024-01-01", "--union"),
    (2, "add-member||--union|MAY|--admitted|2024-01-01", "NAME"),
    (2, "report|--province|", "--province"),
    (2, "report|--unit|--format|json", "--unit"),
    (2, "report|--format|xml", "There is no format"),
    (2, "report|--by|planet", "grouping"),
    (2, "report|--province|Thái Bình|--unit|HH", "exclude each other"),
    (2, "report|-o|bang.pdf", ".docx"),
    (2, "report|--lang|fr", "--lang"),
    (2, f"{ADD_PAYOUT}|5 triệu|--member|1|--beneficiary|A", "cannot both"),
    (2, "add-payout|--unit|HH|--programme|tet", "--amount"),
    (2, "add-unit|A|--kind|planet", "kind of unit"),
    (2, f"{ADD_UNION}|--sector|secret", "sector"),
    (2, f"{ADD_UNION}|--format|csv", "json"),
    # names
    (3, "report|--province|Thay Binh", "Did you mean “LĐLĐ tỉnh Thái Bình”"),
    (3, "report|--unit|LĐLĐ huyện", "can mean 2 units"),
    (3, "report|--cluster|Cụm 9", "cluster"),
    (3, "report|--period|dot9", "ucli periods"),
    (3, "report|--indicator|member-admitted", "members-admitted"),
    (3, "add-figure|đoàn viên|5|--unit|HH|--period|2024", "can mean"),
    (3, "add-payout|--unit|HH|--programme|tett|--amount|5tr", "tet"),
    (3, f"{ADD_PAYOUT}|5 triệu|--member|Nguyễn Không Có", "ucli members"),
    (3, "undo|999", "no operation 999"),
    (3, "void-figure|7", "ucli figures"),
    (3, "report|--as-known|999", "no operation 999"),
    # values
    (4, "add-figure|news-items|1.5|--unit|HH|--period|2024", "1,5 or as 15"),
    (4, "add-figure|news-items|7,000|--unit|HH|--period|2024", "7,000 or as 7.000"),
    (4, "add-figure|news-items|1.2345|--unit|HH|--period|2024", "1,2345 or as 12.345"),
    (4, f"{ADD_PAYOUT}|1.5 tỷ", "1,5"),
    (4, f"{ADD_PAYOUT}|0", "0 đồng"),
    (4, f"{ADD_PAYOUT}|5tr|--recipients|0", "recipient"),
    (4, f"{ADD_PAYOUT}|99999999999 tỷ", "larger than"),
    (4, f"{ADD_MEMBER}|3/4", "has no year"),
    (4, f"{ADD_MEMBER}|30/2/2024", "no day 30/2/2024"),
    (4, f"{ADD_MEMBER}|1/1/2999", "future"),
    (4, f"{ADD_MEMBER}|2024-01-01|--sex|x", "nam or nữ"),
    (4, f"{ADD_MEMBER}|2024-01-01|--id-number|12345", "12 digits"),
    (4, f"{ADD_MEMBER}|2024-01-01|--born|2024-02-01", "birth date"),
    (4, f"{ADD_UNION}|--members|4", "--yes"),
    (4, f"{ADD_UNION}|--members|vài", "not a number"),
    (4, f"{ADD_FIGURE}|2024-13", "no month 13"),
    (4, f"{ADD_FIGURE}|2024-07-31..2024-07-01", "before it begins"),
    (4, f"{ADD_FIGURE}|2999", "has not begun"),
    (4, "add-figure|agreement-coverage|57/56|--unit|HH|--period|2024", "larger than its whole"),
    (4, "add-figure|agreement-coverage|3/0|--unit|HH|--period|2024", "whole of 0"),
    (4, "add-figure|news-items|2.425/1.720|--unit|HH|--period|2024", "set-target"),
    (4, "set-target|news-items|khoảng 5|--unit|HH|--period|2024", "cannot be a target"),
    (4, "set-target|news-items|2.500-2.000|--unit|HH|--period|2024", "upside down"),
    (4, "set-target|agreement-coverage|85|--unit|HH|--period|2024", "85%"),
    (4, f"{SET_TARGET}|2024|--profile|1,2", ": 12."),
    (4, "add-period|p1|--from|2024-02-01|--to|2024-01-01", "before it begins"),
    (4, "add-period|2024|--from|2024-01-01|--to|2024-12-31", "cannot be a code"),
    (4, "set-cluster|Cụm 1|--year|2024|--units|HH,HH", "twice"),
    (4, "set-cluster|Cụm 1|--year|24|--units|HH", "four digits"),
    (4, "set-cluster|Cụm 1|--year|2024|--units|HH|--lead|KX", "--units"),
    (4, "add-unit|LĐLĐ tỉnh Khác|--kind|province|--parent|HH", "cannot be under"),
    (4, "add-indicator|Mã Sai|--name|A|--measure|B", "lower-case"),
    (4, "report|--period|2024|--as-of|2023-01-01", "before the period"),
    (4, f"add-member|{'A' * 301}|--union|MAY|--admitted|2024-01-01", "too long"),
    (4, "add-member|Trần Thị Mẫu|--union|MAY|--admitted|2024-03-01|--born|1990-09-02", "--yes"),
    # the state of the ledger
    (5, "add-unit|LĐLĐ huyện Hưng Hà|--kind|district", "already in the ledger"),
    (5, "add-unit|LĐLĐ huyện Khác|--kind|district|--code|hh", "belongs to another unit"),
    (5, f"{ADD_MEMBER}|2023-05-09", "founded on 10/05/2023"),
    (5, "add-indicator|news-items|--name|A|--measure|B", "already in use"),
    (5, "init|--office|LĐLĐ tỉnh Hưng Yên", "Thái Bình"),
    (5, "void-unit|HH", "Void those first"),
    (2, "report|x|y", "Too many"),
    (2, "report|--by", "--by needs a value"),
    (2, "targets|--history=x", "--history takes no value"),
]


@pytest.mark.parametrize(("code", "line", "said"), WRONG, ids=[line[:60] for _, line, _ in WRONG])
def test_a_wrong_call_is_refused_and_writes_nothing(ucli: Ucli, ledger: Path, code: int, line: str, said: str) -> None:
    before = dumped(ledger)
    answer = ucli(*line.split("|"))
    assert answer.code == code, answer
    assert answer.out == ""
    assert said in answer.err
    assert answer.err.startswith("ucli: ")
    assert 1 <= len(answer.err.splitlines()) <= 3
    assert "Traceback" not in answer.err
    assert dumped(ledger) == before


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_even_a_usage_error_is_in_the_language_asked_for(ucli: Ucli, ledger: Path, lang: str) -> None:
    err = ucli("add-member", "A", "--lang", lang).err
    assert ("is missing" in err) == (lang == "en")


def test_an_error_never_repeats_an_id_number(ucli: Ucli, ledger: Path) -> None:
    words = ("add-member", "Lê Văn Thử", "--union", "MAY", "--admitted", "2024-01-01", "--id-number", "-")
    answer = ucli(*words, stdin="03419000012\n")
    assert answer.code == 4
    assert "03419000012" not in answer.err


def foreign(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE t (a)")
    db.close()


def newer(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 999")
    db.close()


def older(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 6")
    db.close()


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def a_text(path: Path) -> None:
    path.write_text("Đây là một bức thư. " * 20, encoding="utf-8")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def scrambled(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[4096:-4096] = os.urandom(len(whole) - 8192)
    path.write_bytes(bytes(whole))


def gone(path: Path) -> None:
    path.unlink()


def replaced_by_foreign(path: Path) -> None:
    path.unlink()
    foreign(path)


@pytest.mark.parametrize(
    "harm",
    [gone, empty, truncated, a_text, a_folder, replaced_by_foreign, newer, older, scrambled],
    ids=lambda it: it.__name__,
)
@pytest.mark.parametrize("words", [("report",), ("add-unit", "A", "--kind", "district")], ids=["read", "write"])
def test_a_file_that_is_no_sound_ledger_is_refused_and_left_alone(
    ucli: Ucli, ledger: Path, harm: Callable[[Path], None], words: tuple[str, ...]
) -> None:
    harm(ledger)
    before = ledger.read_bytes() if ledger.is_file() else None
    answer = ucli(*words)
    assert (answer.code, answer.out) == (7, ""), answer
    assert "Traceback" not in answer.err
    assert (ledger.read_bytes() if ledger.is_file() else None) == before


NO_PRIVILEGE = "setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search"


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may write anywhere")
@pytest.mark.parametrize(("mode", "folder_mode", "reads"), [(0o400, 0o700, 0), (0o400, 0o500, 0), (0o000, 0o700, 7)])
def test_a_ledger_that_may_not_be_written_is_read_and_otherwise_refused(
    ucli: Ucli, ledger: Path, mode: int, folder_mode: int, reads: int
) -> None:
    prefix = NO_PRIVILEGE if os.geteuid() == 0 else ""
    ledger.chmod(mode)
    ledger.parent.chmod(folder_mode)
    try:
        assert shell(f"{prefix} ucli report").code == reads
        answer = shell(f"{prefix} ucli add-unit A --kind district")
    finally:
        ledger.parent.chmod(0o700)
    assert answer.code == 7, answer
    assert len(answer.err.splitlines()) == 3


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root may read anything")
def test_a_file_that_may_not_be_read_is_said_to_be_so_and_not_to_be_a_database(province: Ucli, tmp_path: Path) -> None:
    prefix = NO_PRIVILEGE if os.geteuid() == 0 else ""
    (tmp_path / "a.csv").write_text("Đơn vị;Kỳ;Chỉ tiêu;Giá trị\nHH;2024;news-items;5\n", encoding="utf-8")
    (tmp_path / "a.csv").chmod(0o000)
    for words in (f"import figures {tmp_path}/a.csv", f"units --force -o {tmp_path}/a.csv"):
        answer = shell(f"{prefix} ucli {words}")
        assert (answer.code, "Permission denied" in answer.err) == (4, True), answer


def test_an_unforeseen_fault_shows_no_traceback_unless_asked(
    ucli: Ucli, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ucli.reports.request.report_of", lambda *_: 1 / 0)
    answer = ucli("report")
    assert answer.code == 1
    assert "ZeroDivisionError" in answer.err
    assert "Traceback" not in answer.err
    answer = ucli("report", "--debug", expect=1)
    assert "Traceback" in answer.err
    assert "builtins.ZeroDivisionError" in answer.err
    assert "division by zero" not in answer.err


def test_a_reader_that_closes_the_pipe_is_no_fault(ledger: Path) -> None:
    answer = shell("set -o pipefail; ucli indicators | head -n 1")
    assert (answer.code, answer.err) == (0, "")


def test_what_is_missing_is_asked_for_on_a_terminal(ledger: Path) -> None:
    typed = "MAY\\n2024-05-01\\n"
    script = f"printf '{typed}' | script -qec 'ucli add-member \"Lê Văn Thử\"' /dev/null"
    if not shutil.which("script"):
        pytest.skip("no pseudo-terminal command here")
    answer = shell(script, env={"UCLI_LANG": "en"})
    assert "Member 2 was admitted" in answer.out, answer


def test_a_name_that_is_not_utf8_is_refused(ledger: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", "ucli add-unit $'\\xff\\xfe' --kind district"],
        env=environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "english", "vietnamese"),
    [
        ("import|members|none.csv", "No such file or directory", "Không có tệp hoặc thư mục này"),
        ("units|-o|/dev/full|-f|csv", "No space left on device", "Ổ đĩa đã đầy"),
        (f"units|-o|{'a' * 300}.csv", "File name too long", "Tên tệp quá dài"),
        ("units|-o|so.db/a.csv", "Not a directory", "không phải là thư mục"),
        ("batch|.", "Is a directory", "Đây là thư mục"),
    ],
)
def test_what_the_system_refuses_is_said_in_the_language_chosen(
    ledger: Path, ucli: Ucli, monkeypatch: pytest.MonkeyPatch, words: str, english: str, vietnamese: str
) -> None:
    monkeypatch.chdir(ledger.parent)
    for language, said in (("en", english), ("vi", vietnamese)):
        answer = ucli(*words.split("|"), "--lang", language)
        assert answer.code in (4, 7)
        assert said in answer.err


def test_what_the_system_seldom_refuses_is_said_in_its_own_words() -> None:
    assert refusal(OSError(errno.EXDEV, "Invalid cross-device link")) == "Invalid cross-device link"


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        (("report", "--by", "hội"), "district (quận/huyện)"),
        (("report", "--money", "usd"), "Chọn một trong: đồng, triệu, tỷ."),
        (("add-unit", "A", "--kind", "hội"), "district (quận/huyện)"),
        (("add-payout", "--form", "xây"), "new-build (xây mới), repair (sửa chữa)"),
        (("end-membership", "1", "--reason", "chuyển"), "left-work (thôi việc)"),
    ],
)
def test_whoever_typed_no_code_reads_the_codes_with_their_words(
    ucli: Ucli, words: tuple[str, ...], choices: str
) -> None:
    assert choices in ucli(*words, "--lang", "vi", expect=2).err


def test_a_code_is_taken_in_any_case(province: Ucli) -> None:
    assert (
        province("report", "--by", "District", "--money", "TỈ").out
        == province("report", "--by", "district", "--money", "tỷ").out
    )
