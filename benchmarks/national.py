"""The reports of the whole nation: what each costs, what it holds in memory, and how many lines it prints."""

import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.rounds import Command, interleaved, output, summaries, ucli
from benchmarks.workshop import Workshop

# A run is half an hour: what takes longer than this is stopped, and the page says so.
_PATIENCE_SECONDS = 480
_YEAR = ("--period", "2024")
_THEN: dict[str, tuple[str, ...]] = {
    "the nation, a year": _YEAR,
    "by 63 provinces": (*_YEAR, "--by", "province"),
    "by 680 districts": (*_YEAR, "--by", "district"),
    "a province, a year": (*_YEAR, "--province", "Thái Bình"),
    "a province by its unions": (*_YEAR, "--province", "Thái Bình", "--by", "union"),
    "a month": ("--period", "2024-07"),
    "a month by 63 provinces": ("--period", "2024-07", "--by", "province"),
    "a free range of days": ("--period", "2023-03-10..2024-09-20"),
    "a free range by 63 provinces": ("--period", "2023-03-10..2024-09-20", "--by", "province"),
    "as known one operation before": _YEAR,
}
_NOW: dict[str, tuple[str, ...]] = {
    "by 34 provinces, the structure of now": (*_YEAR, "--by", "province", "--structure", "now"),
    "a merged province, the structure of now": (*_YEAR, "--province", "Hưng Yên", "--structure", "now"),
    "by 34 provinces, the half-year after the mergers": ("--period", "2025-H2", "--by", "province"),
}


def measured(shop: Workshop, ledger: Path, rounds: int) -> dict[str, Any]:
    """Measure the reports before and after the mergers of 2025; the ledger is written to."""
    db = ("--db", str(ledger))
    found: dict[str, Any] = {"writes": {}}
    before = _last_operation(ledger)
    found["writes"]["a figure"] = _timed(
        ucli("add-figure", "agreements-signed", "7", "--unit", "34.01", "--period", "2024-06", *db)
    )
    shop.tell(f"  a figure: {found['writes']['a figure']} s")
    also = {"as known one operation before": ("--as-known", str(before))}
    found["then"] = _reports(shop, {name: (*words, *also.get(name, ())) for name, words in _THEN.items()}, db, rounds)
    found["writes"]["the mergers of 2025"] = merged = _timed(ucli("adopt-2025", *db))
    shop.tell(f"  the mergers of 2025: {merged} s")
    found["now"] = _reports(shop, _NOW, db, rounds) if merged else {}
    return found


def _reports(shop: Workshop, asked: dict[str, tuple[str, ...]], db: tuple[str, ...], rounds: int) -> dict[str, Any]:
    commands, lines = [], {}
    for name, words in asked.items():
        call = ucli("report", *words, "-f", "csv", *db)
        start = time.perf_counter()
        lines[name] = len(output(call).splitlines())
        # What takes seconds need not be run as often.
        slow = time.perf_counter() - start > 5
        commands.append(Command(name, call, most_rounds=3 if slow else 1000))
    found: dict[str, Any] = summaries(interleaved(commands, rounds, shop.tell))
    for name, count in lines.items():
        found[name]["lines"] = count
    return found


def _last_operation(ledger: Path) -> int:
    with closing(sqlite3.connect(ledger)) as db:
        return int(db.execute("SELECT max(number) FROM operation").fetchone()[0])


def _timed(words: tuple[str, ...]) -> float | None:
    """Return the seconds that a write takes, or nothing where it is not done within the patience of a run."""
    start = time.perf_counter()
    try:
        output(words, patience=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return round(time.perf_counter() - start, 2)
