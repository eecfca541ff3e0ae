"""A lake: facts as Parquet, which an engine adds up; the report is the one of the ledger, byte for byte."""

import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Once
from tests.exchange.conftest import UNIONS, Split, facts, recorded
from tests.exchange.test_joined import ASKED
from tests.ledgers import dice_of

pytest.importorskip("duckdb")

MORE = [
    "--period 2024-02-05..2024-08-17 --by district",
    "--period 2024 --by union --indicator members-admitted --indicator members-total",
    "--period 2024 --as-of 2024-05-20 --by district",
    "--period 2024 --by economic-sector",
    "--period 2024 --by programme",
    "--unit M2 --period 2024",
    "",
]


@pytest.fixture
def lake(split: Split, tmp_path: Path, once: Once) -> Path:
    """Let two districts send, a third's facts be the province's own; write the province's lake."""

    def write() -> None:
        dice = dice_of(11)
        recorded(split, facts(dice, 40, UNIONS), dice)
        split.send("--level", "union", "--grain", "day", among="HH KX")
        split.province("import-ledger", split.districts["TT"].path)
        split.province("export-lake", tmp_path / "lake")

    once("lake", write)
    return tmp_path / "lake"


def test_a_report_of_a_lake_is_the_ledgers(split: Split, lake: Path) -> None:
    for words in [*ASKED, *MORE]:
        assert split.province.report(*words.split(), "--lake", str(lake)) == split.province.report(*words.split()), (
            words
        )
    for words in ASKED:
        assert split.province.report(*words.split(), "--lake", str(lake)) == split.whole.report(*words.split()), words
    said = split.province("report", "--period", "2024", "--lake", lake).out
    assert "Counted by duckdb from a lake" in said
    assert "LĐLĐ huyện Hưng Hà (" in said


def test_a_lake_says_what_is_in_it_and_nothing_of_persons(lake: Path) -> None:
    manifest = json.loads((lake / "lake.json").read_text(encoding="utf-8"))
    assert {it["name"] for it in manifest["origins"]} == {"", "LĐLĐ huyện Hưng Hà", "LĐLĐ huyện Kiến Xương"}
    files = {it["path"] for it in manifest["files"]}
    assert files == {str(it.relative_to(lake)) for it in lake.rglob("*") if it.is_file()} - {"lake.json"}
    for it in manifest["files"]:
        assert sha256((lake / it["path"]).read_bytes()).hexdigest() == it["sha256"]
    assert sum(it.startswith("fact/year=2024/") for it in files) == 3
    with closing(sqlite3.connect(lake / "ledger.db")) as db:
        assert not db.execute("SELECT * FROM person").fetchall()
        assert "Người Thử" not in "\n".join(db.iterdump())


def test_a_lake_written_anew_has_what_was_recorded_since(split: Split, lake: Path) -> None:
    split.province("add-payout", "--unit", "TT", "--programme", "tet", "--amount", "7tr", "--on", "2024-01-05")
    asked = ["--period", "2024", "--by", "district"]
    assert split.province.report(*asked, "--lake", str(lake)) != split.province.report(*asked)
    split.province("export-lake", lake)
    assert split.province.report(*asked, "--lake", str(lake)) == split.province.report(*asked)


def test_what_a_lake_cannot_answer_is_refused(split: Split, lake: Path, tmp_path: Path) -> None:
    assert "A lake holds sums" in split.province("report", "--as-known", "3", "--lake", lake, expect=2).err
    for command in ("movement", "explain members-admitted", "members"):
        split.province(*command.split(), "--lake", lake, expect=2)
    assert "no lake" in split.province("report", "--lake", tmp_path / "none", expect=7).err
    assert "no engine" in split.province("report", "--lake", lake, "--engine", "oracle", expect=2).err


def test_a_ledger_without_facts_makes_a_lake(split: Split, tmp_path: Path) -> None:
    split.province("export-lake", tmp_path / "empty")
    asked = ["--period", "2024", "--by", "district"]
    assert split.province.report(*asked, "--lake", str(tmp_path / "empty")) == split.province.report(*asked)


def test_what_a_report_says_beside_its_sums_stands_in_a_lake_too(split: Split, lake: Path) -> None:
    split.province.typed("""
        add-figure blood-donations 4 --unit TT --period 2024 --reason "mưa bão"
        set-target blood-donations 30 --unit TT --period 2024
        set-target blood-donations 40 --unit TT --period 2024 --effective 2024-07-01
        add-member "Người Được Khen" --union M5 --admitted 2024-03-01
        close-period 2024-Q4 --yes
        reopen-period 2024-Q4 --reason "bổ sung"
        add-payout --unit M5 --programme tet --amount 1000000 --on 2024-01-20 --fund "Quỹ Riêng"
    """)
    split.province("add-award", "Người Được Khen", "Bằng khen", "--period", "2024")
    split.province("export-lake", lake)
    for words in (
        ["--period", "2024", "--unit", "TT"],
        ["--period", "2024", "--unit", "TT", "--as-of", "2024-06-30"],
        ["--period", "2024", "--fund", "riêng"],
    ):
        assert split.province.report(*words, "--lake", str(lake)) == split.province.report(*words), words
    said = split.province("report", "--period", "2024", "--unit", "TT", "-f", "json", "--lake", lake).out
    assert '"personal": 1' in said
    assert "mưa bão" in said
    assert "bổ sung" in said
    with closing(sqlite3.connect(lake / "ledger.db")) as db:
        assert "Người Được Khen" not in "\n".join(db.iterdump())
