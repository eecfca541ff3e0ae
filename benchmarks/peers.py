"""What a user would take instead: how each peer is asked for the same tables, and whether it is here at all."""

import csv
import json
import re
import shutil
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from benchmarks.facts import export, write_csv, write_journal
from benchmarks.rounds import output, ucli

NATION, EACH = "nation", "each province"
_HERE = Path(__file__).parent
# More rows than this are not read from text into memory for one table.
_MOST_FOR_PANDAS = 3_000_000

Answer = dict[tuple[str, str], int]  # (code of the province or "", indicator): actual
Words = tuple[str, ...]


class Peer(NamedTuple):
    """A program beside ucli: the call that prints each table, and how its lines are read."""

    name: str
    asks: dict[str, Words]
    read: Callable[[str, str], Answer]
    write: Words | None = None
    write_stdin: str = ""


class Files(NamedTuple):
    """Where the peers find the facts of one ledger."""

    folder: Path
    scopes: dict[str, int]  # the tables that are compared: name, and number of the province (0: the nation)

    @property
    def database(self) -> Path:
        return self.folder / "facts.sqlite"

    @property
    def duckdb(self) -> Path:
        return self.folder / "facts.duckdb"

    @property
    def journal(self) -> Path:
        return self.folder / "facts.journal"


def missing(name: str) -> str | None:
    """Return in a word why a peer cannot run."""
    here = {
        "sqlite3": shutil.which("sqlite3"),
        "sqlite-utils": find_spec("sqlite_utils"),
        "DuckDB": find_spec("duckdb"),
        "pandas": find_spec("pandas"),
        "hledger": shutil.which("hledger"),
    }
    return None if here[name] else f"skipped: {name} is not installed"


def prepare(ledger: Path, folder: Path, scopes: dict[str, int], *, keep_csv: bool) -> tuple[Files, int]:
    """Write a ledger's facts in the form of each peer; return how many there are."""
    folder.mkdir(exist_ok=True)
    files = Files(folder, scopes)
    count = export(ledger, files.database)
    if keep_csv or not missing("DuckDB"):
        write_csv(files.database, folder)
    if not missing("DuckDB"):
        files.duckdb.unlink(missing_ok=True)
        output((sys.executable, str(_HERE / "peer_duckdb.py"), "load", str(folder), str(files.duckdb)))
    if not keep_csv:
        for path in folder.glob("*.csv"):
            path.unlink()
    return files, count


def query(province: int | None) -> str:
    """Return the SQL of the attainment table of 2024: of one province, of the nation (0), or of each (None)."""
    own = f"province = {province} AND " if province else ""
    column = "" if province is not None else "province, "
    code = "" if province is not None else "p.code, "
    joined = f"t.province = {province}" if province is not None else "t.province = s.province"
    also = "" if province is not None else " JOIN province p ON p.id = s.province"
    return (
        f"WITH s AS (SELECT {column}kind, sum(number) AS number, sum(amount) AS amount FROM fact WHERE {own}"
        f"day BETWEEN '2024-01-01' AND '2024-12-31' GROUP BY {column}kind)"
        f" SELECT {code}m.indicator, t.low, sum(CASE m.what WHEN 'number' THEN s.number ELSE s.amount END)"
        f" FROM s JOIN measure m ON m.kind = s.kind{also}"
        f" LEFT JOIN target t ON t.indicator = m.indicator AND {joined} GROUP BY {code}m.indicator, t.low ORDER BY 1, 2"
    )


def peers_of(files: Files, facts: int) -> tuple[list[Peer], dict[str, str]]:
    """Return the peers that can be asked for the tables, and a word on each that cannot."""
    queries = {name: query(None if name == EACH else number) for name, number in files.scopes.items()}
    row = "SELECT province, district, unit, kind, '2025-06-01', 1, 500000 FROM fact LIMIT 1"
    duckdb, pandas = str(_HERE / "peer_duckdb.py"), str(_HERE / "peer_pandas.py")
    utils = str(Path(sys.executable).with_name("sqlite-utils"))
    pandas_scope = {name: "each" if name == EACH else str(number) for name, number in files.scopes.items()}
    every = [
        Peer(
            "sqlite3",
            {name: ("sqlite3", "-csv", str(files.database), sql) for name, sql in queries.items()},
            _comma,
            ("sqlite3", str(files.database), f"INSERT INTO fact {row}"),
        ),
        Peer(
            "sqlite-utils",
            {
                name: (utils, "query", str(files.database), sql, "--csv", "--no-headers")
                for name, sql in queries.items()
            },
            _comma,
            (utils, "insert", str(files.database), "fact", "-"),
            json.dumps(
                {
                    "province": 1,
                    "district": 2,
                    "unit": 30,
                    "kind": 3,
                    "day": "2025-06-01",
                    "number": 1,
                    "amount": 500000,
                }
            ),
        ),
        Peer(
            "DuckDB",
            {name: (sys.executable, duckdb, "ask", str(files.duckdb), sql) for name, sql in queries.items()},
            _comma,
            (sys.executable, duckdb, "write", str(files.duckdb), f"INSERT INTO fact {row}"),
        ),
        Peer(
            "pandas",
            {
                name: (sys.executable, pandas, "ask", str(files.folder), *([] if it == "0" else [it]))
                for name, it in pandas_scope.items()
            },
            _comma,
            (sys.executable, pandas, "write", str(files.folder)),
        ),
    ]
    skipped = {peer.name: word for peer in every if (word := missing(peer.name))}
    if facts > _MOST_FOR_PANDAS and "pandas" not in skipped:
        skipped["pandas"] = f"skipped: it would hold {facts:,} rows in memory"
    return [peer for peer in every if peer.name not in skipped], skipped


def hledger(files: Files) -> tuple[Peer | None, str]:
    """Return hledger with one district's journal, for a province takes it minutes; and a word on it."""
    if word := missing("hledger"):
        return None, word
    count = write_journal(files.database, files.journal, 1)
    words = ("hledger", "-f", str(files.journal), "balance", "--budget", "-p", "2024", "-1", "-E", "-O", "csv")
    check = ("sh", "-c", 'cat >> "$1" && hledger -f "$1" check', "sh", str(files.journal))
    entry = '\n2025-06-01 visit\n    welfare-visits:1    1 "welfare-visits"\n    recorded\n'
    return Peer("hledger", {"district": words}, _budget, check, entry), f"one district, {count:,} facts"


def asked_of_ucli(db: Path, *words: str) -> Answer:
    """Return the actuals of a report of ucli, of its groups where it has any."""
    document = json.loads(output(ucli("report", "--db", str(db), "--period", "2024", "-f", "json", *words)))
    tables = document.get("groups") or [document]
    return {
        (table["unit"]["code"] if "groups" in document else "", row["indicator"]): row["actual"]
        for table in tables
        for row in table["rows"]
        if row["actual"] is not None
    }


def difference(one: Answer, other: Answer) -> list[str]:
    """Return the cells in which two answers differ; a cell of nothing is none."""
    keys: Sequence[tuple[str, str]] = sorted({*one, *other})
    return [
        f"{' '.join(key)}: {one.get(key, 0)} and {other.get(key, 0)}"
        for key in keys
        if one.get(key, 0) != other.get(key, 0)
    ]


def _comma(text: str, scope: str) -> Answer:
    rows = [row for row in csv.reader(text.splitlines()) if row]
    # Code, indicator, target, actual of each province; else indicator, target, actual. A code keeps its zero.
    if scope == EACH:
        return {(code.zfill(2), indicator): int(actual) for code, indicator, _target, actual in rows}
    return {("", indicator): int(actual) for indicator, _target, actual in rows}


def _budget(text: str, _scope: str) -> Answer:
    found: Answer = {}
    for account, actual, *_budget in csv.reader(text.splitlines()[1:]):
        number = re.match(r"-?\d+", actual)
        if number and account not in ("Total:", "<unbudgeted>", "assigned", "recorded"):
            found["", account] = int(number[0])
    return found
