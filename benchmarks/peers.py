"""What a user would take instead: how each peer is asked for the same, on the same facts.

A command is called by the peer and by the work that it does, under the name that ucli's own command has.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.facts import export, write_csv, write_journal
from benchmarks.rounds import LONG, MIDDLE, Command, FailedError, output, ucli

YEAR, DISTRICT, RECORD = "a year's report", "a district's year", "one payout"
BACKUP, MEMBERS = "a backup", "import of members, CSV"

# What is imported for them must not weigh on ucli: so they have an environment of their own.
PYTHON = str(Path(sys.prefix).with_name("peers") / "bin" / "python")
_HERE = Path(__file__).parent

# The attainment table of 2024.
QUERY = (
    "WITH s AS (SELECT kind, sum(number) AS number, sum(amount) AS amount FROM fact"
    " WHERE day BETWEEN '2024-01-01' AND '2024-12-31' GROUP BY kind)"
    " SELECT m.indicator, t.low, sum(CASE m.what WHEN 'number' THEN s.number ELSE s.amount END)"
    " FROM s JOIN measure m ON m.kind = s.kind LEFT JOIN target t ON t.indicator = m.indicator"
    " GROUP BY m.indicator, t.low ORDER BY 1"
)
_ONE = {"district": 1, "unit": 30, "kind": 3, "day": "2025-06-01", "number": 1, "amount": 500_000}
_INSERT = f"INSERT INTO fact VALUES ({', '.join(map(repr, _ONE.values()))})"
_COLUMNS = "name TEXT, born TEXT, sex TEXT, id_number TEXT UNIQUE, card TEXT, unit TEXT, admitted TEXT"


def missing() -> list[str]:
    """Return the peers that are not installed."""
    here: dict[str, Callable[[], object]] = {
        "sqlite3": lambda: shutil.which("sqlite3"),
        "hledger": lambda: shutil.which("hledger"),
        "DuckDB": lambda: _imports("duckdb"),
        "pandas": lambda: _imports("pandas"),
    }
    return [name for name, is_here in here.items() if not is_here()]


def _imports(module: str) -> bool:
    return Path(PYTHON).exists() and not subprocess.run((PYTHON, "-c", f"import {module}"), check=False).returncode


def prepare(ledger: Path, folder: Path) -> None:
    """Write a ledger's facts in the form of each peer."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    export(ledger, folder / "facts.sqlite")
    write_csv(folder / "facts.sqlite", folder)
    write_journal(folder / "facts.sqlite", folder / "facts.journal")
    if _imports("duckdb"):
        output((PYTHON, str(_HERE / "peer_duckdb.py"), "load", str(folder), str(folder / "facts.duckdb")))


def commands(ledger: Path, folder: Path, members: Path) -> list[Command]:
    """Return what the peers are measured by; a backup is of the ledger itself."""
    database, duckdb, journal = (str(folder / f"facts.{it}") for it in ("sqlite", "duckdb", "journal"))
    target = folder / "members.other"
    copy = folder / "backup.db"

    def clear() -> None:
        for ending in ("", "-wal", "-shm", ".wal"):
            target.with_name(target.name + ending).unlink(missing_ok=True)

    def of_duckdb(*words: str) -> tuple[str, ...]:
        return (PYTHON, str(_HERE / "peer_duckdb.py"), *words)

    def of_pandas(*words: str) -> tuple[str, ...]:
        return (PYTHON, str(_HERE / "peer_pandas.py"), *words)

    utils = str(Path(sys.executable).with_name("sqlite-utils"))
    backup = 'sqlite3 "$1" ".backup $2" && test "$(sqlite3 "$2" "PRAGMA integrity_check")" = ok'
    check = 'cat >> "$1" && hledger -f "$1" check'
    entry = '\n2025-06-01 visit\n    welfare-visits:1    1 "welfare-visits"\n    recorded\n'
    budget = ("balance", "--budget", "-p", "2024", "-1", "-E", "-O", "csv")
    every = [
        Command(f"sqlite3: {YEAR}", ("sqlite3", "-csv", database, QUERY)),
        Command(f"sqlite3: {RECORD}", ("sqlite3", database, _INSERT)),
        Command(
            f"sqlite3: {BACKUP}",
            ("sh", "-c", backup, "sh", str(ledger), str(copy)),
            MIDDLE,
            before=lambda: copy.unlink(missing_ok=True),
        ),
        Command(
            f"sqlite3: {MEMBERS}",
            ("sqlite3", str(target), f"CREATE TABLE member ({_COLUMNS})", f".import --csv --skip 1 {members} member"),
            LONG,
            before=clear,
        ),
        Command(f"sqlite-utils: {YEAR}", (utils, "query", database, QUERY, "--csv", "--no-headers")),
        Command(f"sqlite-utils: {RECORD}", (utils, "insert", database, "fact", "-"), stdin=json.dumps(_ONE)),
        Command(
            f"sqlite-utils: {MEMBERS}",
            (utils, "insert", str(target), "member", str(members), "--csv", "--pk", "Số CCCD"),
            LONG - 1,
            before=clear,
        ),
        Command(f"DuckDB: {YEAR}", of_duckdb("ask", duckdb, QUERY)),
        Command(f"DuckDB: {RECORD}", of_duckdb("write", duckdb, _INSERT)),
        Command(f"DuckDB: {MEMBERS}", of_duckdb("members", str(members), str(target)), LONG, before=clear),
        Command(f"pandas: {YEAR}", of_pandas("ask", str(folder)), MIDDLE),
        Command(f"pandas: {RECORD}", of_pandas("write", str(folder)), LONG),
        Command(f"pandas: {MEMBERS}", of_pandas("members", str(members), str(target)), LONG, before=clear),
        Command(f"hledger: {DISTRICT}", ("hledger", "-f", journal, *budget), LONG),
        Command(f"hledger: {RECORD}", ("sh", "-c", check, "sh", journal), LONG, stdin=entry),
    ]
    absent = missing()
    return [command for command in every if command.name.split(": ")[0] not in absent]


def agree(commands: list[Command], ledger: Path) -> None:
    """Hold the table of every peer against ucli's.

    Raises:
        FailedError: one number differs.

    """
    for command in commands:
        who, what = command.name.split(": ")
        if what in (YEAR, DISTRICT):
            wanted = asked_of_ucli(ledger, *(("--unit", "34.01") if what == DISTRICT else ()))
            found = (_budget if who == "hledger" else _table)(output(command.words))
            differ = [
                f"{code}: {wanted.get(code)} and {number}"
                for code, number in found.items()
                if wanted.get(code) != number
            ]
            if differ or not found:
                raise FailedError(f"ucli and {who} differ on {what}: {'; '.join(differ)}")


def asked_of_ucli(ledger: Path, *words: str) -> dict[str, int]:
    """Return the actuals of ucli's report of 2024 by the indicators' codes."""
    document = json.loads(output(ucli("report", "--db", str(ledger), "--period", "2024", "-f", "json", *words)))
    return {row["indicator"]: row["actual"] for row in document["rows"]}


def _table(text: str) -> dict[str, int]:
    return {indicator: int(actual) for indicator, _target, actual in filter(None, csv.reader(text.splitlines()))}


def _budget(text: str) -> dict[str, int]:
    found = {}
    for account, actual, *_budget in csv.reader(text.splitlines()[1:]):
        number = re.match(r"-?\d+", actual)
        if number and account not in ("Total:", "<unbudgeted>", "assigned", "recorded"):
            found[account] = int(number[0])
    return found
