"""What an office does all day: help, one record, a report on paper and on a screen, a loop, a list, all at once."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import members
from benchmarks.ledgers import PROVINCE
from benchmarks.peers import missing
from benchmarks.rounds import (
    BASELINE,
    Command,
    FailedError,
    Figures,
    interleaved,
    output,
    ratio,
    run_once,
    summaries,
    surroundings,
    ucli,
)
from benchmarks.workshop import Workshop

_UNION = "34.01.000001"
_BATCH = 500
_WRITERS, _LINES_EACH = 8, 100


def payout(number: int = 0) -> tuple[str, ...]:
    """Return the words that record one payout."""
    day = f"{1 + number % 28}/{1 + number % 12}/2025"
    return ("add-payout", "--unit", _UNION, "--programme", "visit", "--amount", str(500_000 + number), "--on", day)


def _lines(count: int) -> str:
    return "".join(f"{' '.join(payout(number))}\n" for number in range(count))


def starts(shop: Workshop, ledger: Path, rounds: int) -> tuple[dict[str, Figures], dict[str, float]]:
    """Measure help, a write, a report piped and on a terminal, and a batch beside single processes."""
    db = ("--db", str(shop.copy(ledger, "starts")))
    commands = [
        Command("--help", ucli("--help")),
        Command("a write", ucli(*payout(), *db)),
        Command("a piped report", ucli("report", "--period", "2024", *db)),
        Command("a terminal report", ucli("report", "--period", "2024", *db), terminal=True),
        Command(f"a batch of {_BATCH} writes", ucli("batch", *db), stdin=_lines(_BATCH), most_rounds=7),
    ]
    runs = interleaved(commands, rounds, shop.tell)
    targets = {
        "help": ratio(runs, "--help", BASELINE),
        "write": ratio(runs, "a write", BASELINE),
        "report-piped": ratio(runs, "a piped report", BASELINE),
        "report-terminal": ratio(runs, "a terminal report", BASELINE),
        "batch": _BATCH * ratio(runs, "a write", commands[-1].name),
    }
    return summaries(runs), targets


def writers(shop: Workshop, ledger: Path, rounds: int) -> tuple[dict[str, Any], dict[str, float]]:
    """Measure eight processes that write at once beside the same eight one after another."""
    text = _lines(_LINES_EACH)
    ratios, failed = [], 0
    for _round in range(rounds):
        seconds = []
        for at_once in (False, True):
            path = shop.copy(ledger, "writers")
            before = _payouts(path)
            start = time.perf_counter()
            processes = []
            for _writer in range(_WRITERS):
                process = subprocess.Popen(
                    ucli("batch", "--keep-going", "--db", str(path)),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    env=surroundings(),
                )
                assert process.stdin  # noqa: S101  it was asked for
                process.stdin.write(text)
                process.stdin.close()
                processes.append(process)
                if not at_once:
                    process.wait()
            for process in processes:
                process.wait()
            seconds.append(time.perf_counter() - start)
            failed += _WRITERS * _LINES_EACH - (_payouts(path) - before)
        ratios.append(seconds[1] / seconds[0])
    result = {"ratio": round(median(ratios), 3), "failed": failed, "written": 2 * rounds * _WRITERS * _LINES_EACH}
    shop.tell(f"  {_WRITERS} writers at once: {result['ratio']:.2f} x one after another, {failed} writes lost")
    return result, {"writers": median(ratios), "writers-failed": failed}


def _payouts(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM payout").fetchone()[0])


def import_members(shop: Workshop, rounds: int) -> tuple[dict[str, Figures], dict[str, float], dict[str, str]]:
    """Measure the import of a province's list of members beside what only puts its lines into a table."""
    table, book = shop.folder / "members.csv", shop.folder / "members.xlsx"
    output((sys.executable, "-m", "benchmarks.members", str(table), str(book), str(PROVINCE.unions)))
    empty = shop.ledger("province-without-facts", PROVINCE, facts=False)
    commands = _importers(shop, table)
    skipped = {}
    for name, path in (("ucli, CSV", table), ("ucli, XLSX", book)):
        fresh = shop.folder / "import.copy.db"
        command = Command(
            name, ucli("import", "members", str(path), "--db", str(fresh)), before=lambda: _fresh(shop, empty)
        )
        try:
            run_once(command)
            _require_all(fresh)
        except FailedError as error:
            # Not the words of the command: they name folders of this machine.
            why = str(error).splitlines()[0].split(": /")[0].removeprefix(f"{name}: ")
            skipped[name] = f"skipped: this ucli does not take such a list in ({why})"
            shop.tell(f"  {name}: {skipped[name]}")
        else:
            commands.append(command)
    if missing("sqlite3"):
        return {}, {}, {**skipped, "import": str(missing("sqlite3"))}
    runs = interleaved(commands, rounds, shop.tell)
    found = summaries(runs)
    targets = {}
    for name, key in (("ucli, CSV", "import-csv"), ("ucli, XLSX", "import-xlsx")):
        if name in runs:
            targets[key] = ratio(runs, name, _FLOOR)
            targets[f"{key}-memory"] = found[name]["peak_mib"]
    for name, figures in found.items():
        figures["to_floor"] = round(ratio(runs, name, _FLOOR), 3)
    return found, targets, skipped


_FLOOR = "sqlite3 .import"


def _require_all(ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as db:
        taken = db.execute("SELECT count(*) FROM membership WHERE person IS NOT NULL").fetchone()[0]
    if taken != members.MEMBERS:
        raise FailedError(f"{taken:,} of {members.MEMBERS:,} members taken in")


def _fresh(shop: Workshop, empty: Path) -> None:
    shop.copy(empty, "import")


def _importers(shop: Workshop, table: Path) -> list[Command]:
    """Return what others take the list in with, each into a table of its own with one key."""
    target = shop.folder / "members.other"
    here = Path(__file__).parent

    def clear() -> None:
        for ending in ("", "-wal", "-shm", ".wal"):
            target.with_name(target.name + ending).unlink(missing_ok=True)

    columns = "name TEXT, born TEXT, sex TEXT, id_number TEXT UNIQUE, card TEXT, unit TEXT, admitted TEXT"
    create = f"CREATE TABLE member ({columns})"
    utils = str(Path(sys.executable).with_name("sqlite-utils"))
    every = {
        _FLOOR: ("sqlite3", str(target), create, f".import --csv --skip 1 {table} member"),
        "sqlite-utils": (utils, "insert", str(target), "member", str(table), "--csv", "--pk", "Số CCCD"),
        "DuckDB": (sys.executable, str(here / "peer_duckdb.py"), "members", str(table), str(target)),
        "pandas": (sys.executable, str(here / "peer_pandas.py"), "members", str(table), str(target)),
    }
    absent = {name: missing(name.split()[0]) for name in every}
    return [
        Command(name, words, before=clear, most_rounds=2 if name == "sqlite-utils" else 1000)
        for name, words in every.items()
        if not absent[name]
    ]
