"""A small ledger of everything, real processes that work on it, and what it says, to be held against a model."""

import os
import random
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Answer, called
from ucli.ledger.operations import NEVER, VERSIONED, ever
from ucli.ledger.persons import COLUMNS

IS_LONG = os.environ.get("UCLI_FAULTS") == "long"
SEED = int(os.environ.get("UCLI_FAULTS_SEED", "2024"))
# What takes long, or the ordinary tests hold in another way already.
long_form = pytest.mark.skipif(not IS_LONG, reason="a part of “make faults”")
UCLI = [sys.executable, "-m", "ucli"]

# Every line is one operation, in this order: the numbers are used below and in the tables of the tests.
LINES = """
init --office "LĐLĐ tỉnh Thái Bình"
add-unit "LĐLĐ huyện Hưng Hà" --kind district --code HH
add-unit "LĐLĐ huyện Kiến Xương" --kind district --code KX
add-unit "LĐLĐ huyện Ghi Nhầm" --kind district --code KT
add-union "CĐCS May Hưng Hà" --parent HH --founded 2020-05-10 --code MAY
add-union "CĐCS Trường Kiến Xương" --parent KX --founded 2020-02-01 --code TRUONG --members 12
add-member "Trần Thị Mẫu" --union MAY --admitted 2024-03-01 --card TB-1
add-member "Lê Văn Thử" --union MAY --admitted 2024-03-01 --card TB-2
end-membership TB-2 --on 2024-05-01 --reason resigned
add-payout --unit HH --programme tet --amount "20 triệu" --on 2024-01-20
add-figure news-items 45 --unit HH --period 2024-01
add-figure news-items "hơn 40" --unit "Thái Bình" --period 2024
set-target news-items 50 --unit "Thái Bình" --period 2024
add-period dot1-2024 --from 2024-07-01 --to 2024-07-31
set-cluster "Cụm 1" --year 2024 --units HH,KX --lead HH
close-period 2020 --unit TRUONG
add-unit "LĐLĐ tỉnh Nghệ An" --kind province --code NA
add-award HH "Cờ thi đua của LĐLĐ tỉnh" --period 2023
add-figure legal-advice 7 --unit KX --period 2024-02
undo
"""

State = dict[str, frozenset[tuple[object, ...]]]


def amount(name: str, short: int, long: int) -> int:
    """Return how often a thing is tried: `UCLI_FAULTS_<name>`, else by the form of the suite."""
    return int(os.environ.get(f"UCLI_FAULTS_{name}", long if IS_LONG else short))


def chance(*what: object) -> random.Random:
    """Return a generator of its own for a test, so that one test draws the same whichever others run."""
    return random.Random(f"{SEED} {what}")  # noqa: S311  chance, not secrecy


def environment(ledger: Path) -> dict[str, str]:
    return {**os.environ, "UCLI_DB": str(ledger), "UCLI_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1"}


def ucli(ledger: Path, *words: str, stdin: str = "", prefix: tuple[str, ...] = ()) -> Answer:
    """Run ucli in a process of its own; one that takes a minute hangs."""
    done = subprocess.run(
        [*prefix, *UCLI, *words],
        env=environment(ledger),
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def within(limit: str) -> tuple[str, ...]:
    """Return the prefix of a process that may take only so much: “-f 20” kilobytes a file, “-n 5” open files."""
    return ("bash", "-c", f'ulimit {limit}; exec "$@"', "-")


def here(ledger: Path, *words: str, stdin: str = "") -> Answer:
    """Run ucli in this process, where it is not the process that is tried."""
    return called("--db", str(ledger), "--lang", "en", *words, stdin=stdin)


def checked(ledger: Path, call: Callable[..., Answer] = here) -> Answer:
    """Run `check`; what is only worth a look is none of our matter, so that it ends with 0 where no fault is found."""
    ended = call(ledger, "check", "-f", "json")
    only_warnings = ended.code == 4 and all(it["severity"] == "warning" for it in ended.json)
    return ended._replace(code=0, err="") if only_warnings else ended


def made(path: Path) -> Path:
    """Make the ledger of `LINES`."""
    first, *others = LINES.strip().splitlines()
    assert here(path, *shlex.split(first)).code == 0
    assert here(path, "batch", "--atomic", stdin="\n".join(others)).code == 0
    return path


def state(path: Path) -> State:
    """Return all that a ledger says, table by table: the rows of all times, persons, and what was done."""
    with closing(sqlite3.connect(path)) as db:
        found = {table: frozenset(db.execute(f"SELECT * FROM {ever(table)}").fetchall()) for table in VERSIONED}
        # Salts are drawn anew each time.
        persons = db.execute(f"SELECT {', '.join(COLUMNS)}, erased_as, op FROM person")
        log = db.execute("SELECT number, command, summary, reverses FROM operation WHERE number > 0")
        return {**found, "person": frozenset(persons.fetchall()), "operation": frozenset(log.fetchall())}


def last(of: State) -> int:
    """Return the number of the last operation."""
    return max(int(str(row[0])) for row in of["operation"])


def facts_of(path: Path, upto: int) -> State:
    """Return what a ledger said after an operation, without its persons."""
    found: State = {}
    with closing(sqlite3.connect(path)) as db:
        for table in VERSIONED:
            rows = db.execute(f"SELECT * FROM {ever(table)} WHERE op <= ?", (upto,))
            found[table] = frozenset((*row, NEVER if ended > upto else ended) for *row, ended in rows)
    return found


def copied(source: Path, folder: Path, name: str = "so.db") -> Path:
    """Return a copy of a ledger that nobody has open, in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / name
    for old in folder.glob(f"*{name}*"):
        old.unlink()
    copy.write_bytes(source.read_bytes())
    copy.chmod(0o600)
    return copy
