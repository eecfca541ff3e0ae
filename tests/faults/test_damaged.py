"""A ledger with turned bits, cut short or of a newer ucli: refused or answered, never a traceback."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.conftest import Count
from tests.faults.ledgers import IS_LONG, amount, chance, checked, copied, long_form, state, ucli

QUESTIONS: list[tuple[str, ...]] = [
    ("report", "--period", "2024", "-f", "json"),
    ("units",),
    ("members",),
    ("figures",),
    ("log",),
]
WRITES: list[tuple[str, ...]] = [
    ("add-member", "Mới Thử", "--union", "MAY", "--admitted", "2024-06-01"),
    ("undo",),
]
REFUSED = 7


@pytest.fixture(scope="module")
def whole(before: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a ledger's bytes, with rows enough that a turned bit often meets one."""
    ledger = copied(before, tmp_path_factory.mktemp("damaged"))
    lines = "\n".join(f'add-member "Người Thử {it}" --union MAY --admitted 2024-06-01' for it in range(40))
    assert ucli(ledger, "batch", stdin=lines).code == 0
    return ledger.read_bytes()


def flipped(whole: bytes, turn: int) -> bytes:
    """Turn a few bits over: in the header, on the first page, in some row, anywhere, or many at one place."""
    data = bytearray(whole)
    chance_ = chance("flip", turn)
    region = ("header", "first page", "row", "row", "anywhere", "place")[turn % 6]
    filled = [place for place in range(4096, len(data)) if data[place]]
    start = chance_.choice(filled)
    for _bit in range({"row": chance_.choice((1, 1, 4)), "place": 64}.get(region, 1)):
        place = {
            "header": chance_.randrange(100),
            "first page": chance_.randrange(100, 4096),
            "row": start,
            "anywhere": chance_.randrange(len(data)),
            "place": min(start + chance_.randrange(200), len(data) - 1),
        }[region]
        data[place] ^= 1 << chance_.randrange(8)
    return bytes(data)


def test_turned_bits_are_refused_or_answered_and_never_a_traceback(whole: bytes, tmp_path: Path, count: Count) -> None:
    ledger = tmp_path / "flipped.db"
    ledger.write_bytes(whole)
    model = state(ledger)
    asked = QUESTIONS if IS_LONG else QUESTIONS[:1]
    for turn in range(amount("FLIPS", 3, 300)):
        data = flipped(whole, turn)
        ledger.write_bytes(data)
        answers = {words: ucli(ledger, *words) for words in asked}
        check = checked(ledger, ucli)
        try:
            intact = state(ledger) == model
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            intact = False
        for words in WRITES if IS_LONG else WRITES[:1]:
            for suffix in ("-wal", "-shm"):
                ledger.with_name(f"{ledger.name}{suffix}").unlink(missing_ok=True)
            ledger.write_bytes(data)
            answers[words] = ucli(ledger, *words)
        for words, answer in {**answers, ("check",): check}.items():
            assert answer.code in (0, 3, 4, 5, REFUSED), (turn, words, answer)
            assert "Traceback" not in answer.err, (turn, words, answer)
        if check.code == REFUSED or answers[asked[0]].code == REFUSED:
            found = "refused as damaged (7)"
        elif check.code:
            found = "found by “check”"
        elif any(answer.code == REFUSED for answer in answers.values()):
            found = "refused by the commands that came upon it (7)"
        else:
            found = "changed nothing that counts" if intact else "changed a text or number, not found"
        count(f"turned bits: {found}", 1)


def test_a_ledger_cut_short_is_refused_wherever_it_is_cut(whole: bytes, tmp_path: Path, count: Count) -> None:
    chance_ = chance("cut")
    lengths = [len(whole) - 1, 4096, 100, 99, 16, 15, 1, 0, *(chance_.randrange(len(whole)) for _turn in range(32))]
    for length in lengths[: amount("CUTS", 1, 40)]:
        ledger = tmp_path / "cut.db"
        ledger.write_bytes(whole[:length])
        for words in (QUESTIONS[0], WRITES[0]):
            answer = ucli(ledger, *words)
            assert answer.code == REFUSED, (length, answer)
        assert ledger.read_bytes() == whole[:length]
        count("cut short: refused (7)", 1)


@long_form
def test_a_ledger_of_a_newer_ucli_is_left_alone(before: Path, tmp_path: Path) -> None:
    ledger = copied(before, tmp_path, "newer.db")
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("PRAGMA user_version = 999")
    whole = ledger.read_bytes()
    for words in (QUESTIONS[0], WRITES[0], ("check",), ("init", "--office", "LĐLĐ tỉnh Thái Bình")):
        answer = ucli(ledger, *words)
        assert (answer.code, answer.out) == (REFUSED, ""), answer
        assert "newer ucli" in answer.err
    assert ledger.read_bytes() == whole


@long_form
def test_a_log_of_writes_that_is_torn_or_foreign_takes_nothing_with_it(before: Path, tmp_path: Path) -> None:
    """What stands in the file beside the ledger and was never written whole does not count."""
    for beside in (b"", b"\0" * 40_000, b"x" * 40_000, before.read_bytes()):
        ledger = copied(before, tmp_path, "beside.db")
        ledger.with_name("beside.db-wal").write_bytes(beside)
        assert checked(ledger).code == 0
        assert json.loads(ucli(ledger, "log", "-f", "json").out)[0]["operation"] == max(
            int(str(row[0])) for row in state(before)["operation"]
        )


def test_what_no_one_wrote_is_damage_and_no_bug(before: Path, tmp_path: Path) -> None:
    ledger = copied(before, tmp_path)
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("UPDATE indicator_entry SET counts = '-' WHERE kind = 'stock'")
        db.commit()
    answer = ucli(ledger, "report", "2024")
    assert answer.code == REFUSED, answer
    assert "restore" in answer.err
