"""What of ucli is measured, and what each may cost: docs/performance.md is made of both lists.

The province has 3,600 unions and 1,152,000 facts of five years; a tenth has 360 unions; a small office has 20, whose
report is next to nothing but start-up; an empty ledger has the unions of the province and no facts.
"""

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks.members import MEMBERS as MANY
from benchmarks.peers import BACKUP, DISTRICT, MEMBERS, RECORD, YEAR
from benchmarks.rounds import BASELINE, LONG, MIDDLE, Command, FailedError, Runs, ucli

SMALL = "a small office's report"
UNIONS, EXPLAIN, CHECK = "a year by 3,600 unions", "explain", "check"
_A_TENTH = ", of a tenth"
_XLSX, _AS_CSV = "import of members, XLSX", "as from CSV."
_BATCH, _WRITERS, _EACH = 500, 8, 100
_WAYS = {
    "eight writers in turn": 'for i in 1 2 3 4 5 6 7 8; do "$@" < "$LINES_FROM"; done',
    "eight writers at once": 'for i in 1 2 3 4 5 6 7 8; do "$@" < "$LINES_FROM" & done; wait',
}


class Files:
    """Where the ledgers lie; what is written to is a copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.province, self.tenth, self.small, self.empty = (
            folder / f"{name}.db" for name in ("province", "tenth", "small", "empty")
        )
        self.imported = folder / "imported.copy.db"
        self.members, self.workbook = folder / "members.csv", folder / "members.xlsx"

    def copy(self, ledger: Path, name: str) -> Path:
        """Return a fresh copy of a ledger."""
        path = self.folder / f"{name}.copy.db"
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copy(ledger, path)
        return path


def commands(files: Files) -> list[Command]:
    """Return what is measured of ucli; what comes later in the list may use what came before it left."""
    return [*_writes(files), *_reports(files), *_upkeep(files), *_members(files), *_many(files)]


def _writes(files: Files) -> list[Command]:
    found = [Command("--help", ucli("--help"))]
    union = "34.01.0000{n:02}"
    for where, ledger in (("an empty ledger", files.empty), ("the province", files.province)):
        db = ("--db", str(files.copy(ledger, f"{ledger.stem}-written")))
        figure = ("add-figure", "legal-advice", "7", "--unit", union, "--period", "2020-12")
        member = ("add-member", "Nguyễn Thị Thử", "--union", union, "--admitted", "5/1/2025", "--born", "{n}/4/1990")
        found += [
            Command(f"a figure in {where}", ucli(*figure, *db)),
            Command(f"a member in {where}", ucli(*member, *db)),
        ]
    return [*found, Command(RECORD, ucli(*payout(), *db))]


def payout(number: int = 0) -> tuple[str, ...]:
    """Return the words that record one payout."""
    day = f"{1 + number % 28}/{1 + number % 12}/2025"
    return (
        "add-payout",
        "--unit",
        "34.01.000001",
        "--programme",
        "visit",
        "--amount",
        str(500_000 + number),
        "--on",
        day,
    )


def _payouts(count: int) -> str:
    return "".join(f"{' '.join(payout(number))}\n" for number in range(count))


def _reports(files: Files) -> list[Command]:
    def asked(name: str, ledger: Path, *words: str, rounds: int = MIDDLE, of: str = "report") -> Command:
        return Command(name, ucli(of, *words, "--period", "2024", "--db", str(ledger)), rounds)

    small = asked(SMALL, files.small, rounds=11)
    merged = files.folder / "merged.copy.db"
    return [
        small,
        small._replace(name=f"{SMALL} on a terminal", terminal=True),
        asked(YEAR, files.province, rounds=11),
        asked(YEAR + _A_TENTH, files.tenth, rounds=11),
        asked(DISTRICT, files.province, "--unit", "34.01"),
        asked("a year by 20 districts", files.province, "--by", "district"),
        asked(UNIONS, files.province, "--by", "union"),
        asked(UNIONS + _A_TENTH, files.tenth, "--by", "union"),
        Command("a month's report", ucli("report", "--period", "2024-07", "--db", str(files.province)), MIDDLE),
        asked(EXPLAIN, files.province, "welfare-visits", of="explain"),
        asked(EXPLAIN + _A_TENTH, files.tenth, "welfare-visits", of="explain"),
        asked("movement", files.province, of="movement"),
        Command(
            "a merger of two districts",
            ucli("merge-unit", "34.01", "--into", "34.02", "--on", "1/7/2025", "--db", str(merged)),
            MIDDLE,
            before=partial(files.copy, files.province, "merged"),
        ),
        asked("a year's report after it", merged),
        asked("a year's report after it, structure of now", merged, "--structure", "now"),
        asked("a year's report after it, as known before", merged, "--as-known", "7"),
    ]


def _upkeep(files: Files) -> list[Command]:
    ledger = str(files.province)
    copy = files.folder / "backup-of-ucli.db"
    return [
        Command(CHECK, ucli("check", "--db", ledger), LONG),
        Command(CHECK + _A_TENTH, ucli("check", "--db", str(files.tenth)), LONG),
        Command(
            BACKUP,
            ucli("backup", str(copy), "--db", ledger),
            MIDDLE,
            before=lambda: copy.unlink(missing_ok=True),
        ),
    ]


def _members(files: Files) -> list[Command]:
    """Import the list into an empty ledger; from CSV it is listed, and taken back, before the workbook's turn."""
    db = ("--db", str(files.imported))

    def imported(path: Path) -> Command:
        return Command(
            MEMBERS,
            ucli("import", "members", str(path), *db),
            LONG,
            before=partial(files.copy, files.empty, "imported"),
            after=partial(require, files.imported, "person", MANY),
        )

    return [
        imported(files.members),
        Command("list of members, CSV", ucli("members", "-f", "csv", *db), LONG),
        Command("undo of the import", ucli("undo", *db), LONG),
        imported(files.workbook)._replace(name=_XLSX),
    ]


def _many(files: Files) -> list[Command]:
    """Record many payouts: in one process, and by eight processes."""
    single = ("--db", str(files.copy(files.empty, "batch")))
    lines = files.folder / "payouts.txt"
    lines.write_text(_payouts(_EACH), encoding="utf-8")
    shared = files.folder / "writers.copy.db"
    return [
        Command("a payout in an empty ledger", ucli(*payout(), *single)),
        Command(f"a batch of {_BATCH}", ucli("batch", *single), MIDDLE, stdin=_payouts(_BATCH)),
        *(
            Command(
                name,
                ("env", f"LINES_FROM={lines}", "sh", "-c", script, "sh", *ucli("batch", "--db", str(shared))),
                LONG,
                before=partial(files.copy, files.empty, "writers"),
                after=partial(require, shared, "payout", _WRITERS * _EACH),
            )
            for name, script in _WAYS.items()
        ),
    ]


def require(ledger: Path, table: str, count: int) -> None:
    """Count what a command wrote.

    Raises:
        FailedError: some of it is lost.

    """
    with closing(sqlite3.connect(ledger)) as db:
        there = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    if there != count:
        raise FailedError(f"{there:,} rows of {count:,} are there")


def bytes_a_row(files: Files) -> dict[str, float]:
    """Return what a row takes in the file with all its indexes; a member is a person and a membership."""
    return {
        "a payout": _bytes(files.province, "payout"),
        "a figure": _bytes(files.province, "figure"),
        "a member": _bytes(files.imported, "person") + _bytes(files.imported, "membership"),
    }


def _bytes(ledger: Path, table: str) -> float:
    with closing(sqlite3.connect(ledger)) as db:
        size = "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_master WHERE tbl_name = ?)"
        taken = db.execute(size, (table,)).fetchone()[0]
        return float(taken / db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


class Target(NamedTuple):
    """What something may cost at most, or at least; `beside` is what its cost is a multiple of.

    `unit` tells what is meant: CPU time (×), wall time (× wall), memory (MiB), bytes, or growth: by how much the cost
    above start-up is more than that of a tenth of the facts.
    """

    what: str
    bound: float
    command: str
    beside: str = BASELINE
    unit: str = "×"
    factor: int = 1
    at_least: bool = False
    why: str = ""  # it is not reached, where it is not

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def value(self, runs: Runs, sizes: dict[str, float]) -> float | None:
        """Return what was measured; None where it was not."""
        if self.unit == "bytes":
            return sizes.get(self.command)
        if self.command not in runs or self.beside not in runs:
            return None
        if self.unit == "MiB":
            return runs.peak_mib(self.command)
        if self.unit == "growth":
            start, large, tenth = (runs.ratio(it) for it in (SMALL, self.command, self.beside))
            return (large - start) / max(tenth - start, 0.01)
        return self.factor * runs.ratio(self.command, self.beside, "wall" if self.unit == "× wall" else "cpu")


def _growth(command: str) -> Target:
    why = (
        "what a tenth costs above the report of a small office, which stands for the start, is so little that the start"
        " decides: eleven milliseconds, where the whole takes 146."
        if command == EXPLAIN
        else "it is about ten, and one run differs from another by more than what it is above."
    )
    return Target(f"growth of {command}, ten times the facts", 10, command, command + _A_TENTH, "growth", why=why)


_TYPER = "Typer takes six of them by itself."
_IN_SQL = (
    "the start takes ten of them; in SQL the sums of figures take five, of payouts four, of members four, and one and a"
    " half go over all figures, for no index tells whether a stock was stated."
)
_WHO_REPORTED = (
    "above a year's report, one and a half tell which of 3,600 unions belong to which groups, as much tells which of"
    " them keep a register, asked one by one; the rest is who is below whom, what does not apply, and 357 lines."
)
_MANY_ROWS = (
    "57,600 figures take an eighth; 61,000 rows are counted and made in Python, at eleven microseconds each,"
    " and printed at six."
)

TARGETS: Sequence[Target] = (
    Target("`ucli --help`", 6.5, "--help"),
    *(
        Target(f"record {it}", 8.5, it, why=_TYPER)
        for it in (
            "a figure in an empty ledger",
            "a member in an empty ledger",
            "a figure in the province",
            "a member in the province",
        )
    ),
    Target(
        f"a payout in a batch of {_BATCH}: cheaper than in a process of its own",
        100,
        "a payout in an empty ledger",
        f"a batch of {_BATCH}",
        factor=_BATCH,
        at_least=True,
        why="Typer converts every parameter of a line, and each line is an operation with its seal and its commit.",
    ),
    Target("the report of a small office, piped", 10, SMALL, why=_TYPER),
    Target("… on a terminal", 13, f"{SMALL} on a terminal", why="rich is imported beside Typer."),
    Target("a year's report of the province", 25, YEAR, why=_IN_SQL),
    Target(
        "… beside the sqlite3 CLI on the same facts",
        2.5,
        YEAR,
        f"sqlite3: {YEAR}",
        why="the base sums one table of facts by their kind, without any structure, and starts no Python.",
    ),
    Target("… by 20 districts", 30, "a year by 20 districts", why=_WHO_REPORTED),
    Target("… by 3,600 unions", 100, UNIONS, why=_MANY_ROWS),
    Target("… peak memory", 120, UNIONS, unit="MiB", why="tabulate holds all cells, and then all lines."),
    Target(
        "… of a month",
        15,
        "a month's report",
        why="the start takes ten; one and a half go over all figures for stocks that somebody may have stated, as much"
        " looks for figures of longer periods, and three sum the members and payouts.",
    ),
    Target(
        "… `--structure now` after a merger, beside the plain one",
        1.5,
        "a year's report after it, structure of now",
        "a year's report after it",
    ),
    Target(
        "… `--as-known` before the merger, beside the plain one",
        4,
        "a year's report after it, as known before",
        "a year's report after it",
    ),
    Target(
        "`explain` a cell of 3,600 unions",
        30,
        EXPLAIN,
        why="the start takes ten, the sums by union and in all eight, and 3,600 lines are printed.",
    ),
    Target("`movement`", 30, "movement", why=_IN_SQL),
    Target("`check`", 500, CHECK, why="SQLite reads every page, and every row is hashed anew for the log."),
    Target("merge two districts", 25, "a merger of two districts"),
    Target(
        "`backup`, beside `.backup` and `PRAGMA integrity_check` of the sqlite3 CLI", 2, BACKUP, f"sqlite3: {BACKUP}"
    ),
    Target(
        f"import {MANY:,} members from CSV, beside `sqlite3 .import`",
        8,
        MEMBERS,
        f"sqlite3: {MEMBERS}",
        why="the base fills one table with one index; a member is a person and a membership with theirs, is checked,"
        " looked up and sealed in the log.",
    ),
    Target("… peak memory", 64, MEMBERS, unit="MiB"),
    Target("… from XLSX, beside `sqlite3 .import` of the CSV", 13, _XLSX, f"sqlite3: {MEMBERS}", why=_AS_CSV),
    Target("… peak memory", 144, _XLSX, unit="MiB"),
    Target("… undo it, beside the import", 1, "undo of the import", MEMBERS),
    Target(
        "list them as CSV",
        120,
        "list of members, CSV",
        why="each row is read, made a record with names and days, and written: eight microseconds in all.",
    ),
    Target("… peak memory", 100, "list of members, CSV", unit="MiB"),
    Target(
        "eight writers at once, beside one after another; none may be lost",
        1.3,
        "eight writers at once",
        "eight writers in turn",
        "× wall",
    ),
    *map(_growth, (YEAR, UNIONS, EXPLAIN, CHECK)),
    Target("bytes of a payout with its indexes", 70, "a payout", unit="bytes"),
    Target(
        "… of a figure",
        90,
        "a figure",
        unit="bytes",
        why="the row takes 66, and the index that keeps its window unique 36: its days stand as text in both.",
    ),
    Target(
        "… of a member",
        220,
        "a member",
        unit="bytes",
        why="a person's row takes 105, the three indexes that find it 79, the membership with its indexes 83.",
    ),
)
