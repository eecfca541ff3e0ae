"""Bundles in any order, twice, or lost: in the end what the last of each office says counts, and nothing else."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.exchange.conftest import DISTRICTS, UNIONS, Office, Split, facts, parsed
from tests.faults.ledgers import IS_LONG
from tests.ledgers import dice_of

SENT = 3  # bundles of each district


def counted(office: Office) -> list[object]:
    """Return all that counts of what was taken, without the numbers of rows and operations."""
    queries = (
        "SELECT unit, register, end_day, part, place, start_day, origin, number, amount, unvalued FROM received",
        "SELECT unit, indicator, start_day, end_day, kind, value, part, whole, qualifier, origin FROM figure",
        "SELECT unit, title, start_day, end_day, origin FROM award",
        "SELECT origin, number, unit FROM origin_unit",
        "SELECT origin, operation, seal, sha256 FROM bundle",
    )
    with closing(sqlite3.connect(office.path)) as db:
        return [sorted(db.execute(query).fetchall(), key=str) for query in queries]


def made(split: Split) -> dict[str, list[Path]]:
    """Let each district record, correct and send, several times; return its bundles, the oldest first."""
    dice, sent = dice_of(7), dict[str, list[Path]]()
    lines = parsed(facts(dice, 45, UNIONS))
    for code, district in split.districts.items():
        own = [words for of, words in lines if of == code]
        for number in range(SENT):
            for words in own[number::SENT]:
                district(*words)
            if number:
                district("undo")
                district.ucli("--db", district.path, "void-payout", "1", "--yes")
            file = district.path.with_name(f"{code}-{number}.zip")
            district("export-bundle", "-o", file)
            sent.setdefault(code, []).append(file)
        split.province("add-origin", DISTRICTS[code], "--unit", code, "--key", f"{district.key}.pub")
    return sent


steps = st.lists(st.tuples(st.sampled_from([*DISTRICTS]), st.integers(0, SENT - 1)), max_size=6)


def test_in_any_order_the_last_bundles_count(split: Split, tmp_path: Path) -> None:
    sent = made(split)
    at_once = split.province.copied(tmp_path / "at-once.db")
    at_once("import-bundle", *(files[-1] for files in sent.values()))

    @settings(max_examples=200 if IS_LONG else 6, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps)
    def taken(steps: list[tuple[str, int]]) -> None:
        ledger = split.province.copied(tmp_path / "taken.db")
        last = dict.fromkeys(sent, -1)
        for code, number in steps:
            before = counted(ledger)
            is_older = number < last[code]
            answer = ledger("import-bundle", sent[code][number], expect=5 if is_older else 0)
            last[code] = max(last[code], number)
            if "Operation" in answer.err:
                after = counted(ledger)
                ledger("undo")
                assert counted(ledger) == before
                ledger("redo")
                assert counted(ledger) == after
            else:
                assert counted(ledger) == before
        ledger("import-bundle", *(files[-1] for files in sent.values()))
        assert counted(ledger) == counted(at_once)
        assert (
            ledger.ucli("--db", ledger.path, "check", "-f", "json").json
            == at_once.ucli("--db", at_once.path, "check", "-f", "json").json
        )

    taken()
    shutil.rmtree(tmp_path)
