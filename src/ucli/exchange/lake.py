"""A lake: the facts of a ledger and of its imported bundles as Parquet, for engines that count many offices.

    lake.json          the manifest: each file with its SHA-256, each origin with its last operation
    ledger.db          everything that is not a fact: units, codes, figures, targets; no personal data
    segment.parquet    by unit the days during which it was in one place of the tree
    fact/year=2024/…   sums by unit, register and day: one file for each origin and year, replaced and never changed

A report asks an engine for the sums that its windows need and puts them into the register `received` of an in-memory
copy of that ledger; from there on the code is the same as for any ledger.
"""

import csv
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ucli.errors import LedgerError, RejectedError
from ucli.exchange.engines import Engine, duckdb_connection
from ucli.exchange.state import SEGMENTS, facts_by_day
from ucli.i18n import _, refusal
from ucli.ledger.files import draft_of
from ucli.ledger.operations import last_operation, quoted
from ucli.ledger.schema import lay
from ucli.ledger.settings import own_number
from ucli.values.members import ERASED
from ucli.values.periods import BEGINNING, FOREVER

_SCHEMA = "ucli.lake/1"
# What is no fact, and of targets and figures what they were; of these rows none names a person.
_KEPT = (
    *("unit", "unit_name", "unit_life", "ancestry", "succession", "cluster_member", "indicator", "indicator_entry"),
    *("programme", "programme_entry", "period", "figure", "target", "award", "setting", "cross_check", "origin"),
    *("bundle", "target_history", "figure_history", "closing", "reopening"),
)
_FACT = (
    "{'unit': 'INTEGER', 'register': 'VARCHAR', 'part': 'VARCHAR', 'sort': 'VARCHAR', 'fund': 'VARCHAR',"
    " 'start_day': 'DATE', 'day': 'DATE', 'place': 'DATE', 'number': 'BIGINT',"
    " 'amount': 'BIGINT', 'unvalued': 'BIGINT'}"
)
# Portable SQL: what every unit counted in each piece of time, by its place in the tree.
_SUMS = """
SELECT f.unit, f.register, f.part, f.sort, f.fund, p.last_day, s.last_day AS stood_to,
    least(p.first_day, f.start_day) AS start_day,
    CAST(SUM(f.number) AS BIGINT) AS number, CAST(SUM(f.amount) AS BIGINT) AS amount,
    CAST(SUM(f.unvalued) AS BIGINT) AS unvalued
FROM fact f
JOIN piece p ON p.first_day <= f.day AND f.day <= p.last_day
JOIN segment s ON s.unit = f.unit AND s.first_day <= f.place AND f.place <= s.last_day
GROUP BY f.unit, f.register, f.part, f.sort, f.fund, p.last_day, s.last_day, least(p.first_day, f.start_day)
"""


class Lake(NamedTuple):
    """A lake, from its manifest."""

    folder: Path
    origins: Sequence[dict[str, Any]]
    files: Sequence[dict[str, Any]]


def export_lake(db: sqlite3.Connection, folder: Path) -> dict[str, Any]:
    """Write a ledger as a lake, new or in place of an older one; return its manifest."""
    try:
        folder.mkdir(exist_ok=True)
        operation, at = last_operation(db)
        own = own_number(db)
        origins = [{"name": "", "ledger": own, "operation": operation, "recorded": at}]
        taken = db.execute(
            "SELECT o.id, o.name, b.ledger, b.operation, b.recorded FROM bundle b JOIN origin o ON o.id = b.origin"
        ).fetchall()
        origins += [{key: it[key] for key in ("name", "ledger", "operation", "recorded")} for it in taken]
        with closing(duckdb_connection()) as engine:
            files = [*_write_facts(engine, folder, own, facts_by_day(db))]
            for it in taken:
                files += _write_facts(engine, folder, f"{it['ledger']}-{it['id']}", facts_by_day(db, it["id"]))
            files += [_write_segments(engine, folder, db), _write_rest(folder, db)]
        manifest = {"schema": _SCHEMA, "origins": origins, "files": files}
        with draft_of(folder / "lake.json") as draft:
            draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            draft.replace(folder / "lake.json")
    except OSError as error:
        what = _("No lake can be written to {folder}.").format(folder=folder)
        raise RejectedError(what, why=refusal(error)) from None
    return manifest


def _write_facts(engine: Any, folder: Path, name: str, rows: Iterable[Sequence[object]]) -> Iterator[dict[str, Any]]:
    with _as_csv(rows) as file:
        if not file.stat().st_size:
            return
        texts = ", ".join(f"coalesce({it}, '') AS {it}" for it in ("part", "sort", "fund"))
        engine.execute(
            f"CREATE OR REPLACE TABLE fact AS SELECT * REPLACE ({texts})"
            f" FROM read_csv({quoted(file)}, header = false, columns = {_FACT})"
        )
        for (year,) in engine.execute("SELECT DISTINCT year(day) FROM fact ORDER BY 1").fetchall():
            query = f"SELECT * FROM fact WHERE year(day) = {year} ORDER BY register, part, sort, fund, unit, day, place"
            yield _write_parquet(engine, folder, f"fact/year={year}/{name}.parquet", query)


def _write_segments(engine: Any, folder: Path, db: sqlite3.Connection) -> dict[str, Any]:
    rows = db.execute(f"SELECT unit, from_day, date(to_day, '-1 day') FROM ({SEGMENTS}) WHERE from_day < ?", (FOREVER,))
    columns = "{'unit': 'INTEGER', 'first_day': 'DATE', 'last_day': 'DATE'}"
    with _as_csv(rows) as file:
        query = f"SELECT * FROM read_csv({quoted(file)}, header = false, columns = {columns}) ORDER BY ALL"
        return _write_parquet(engine, folder, "segment.parquet", query)


@contextmanager
def _as_csv(rows: Iterable[Sequence[object]]) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        file = Path(folder, "rows.csv")
        with file.open("w", encoding="utf-8", newline="") as opened:
            csv.writer(opened).writerows(rows)
        yield file


def _write_parquet(engine: Any, folder: Path, path: str, query: str) -> dict[str, Any]:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(file) as draft:
        engine.execute(f"COPY ({query}) TO {quoted(draft)} (FORMAT parquet, COMPRESSION zstd)")
        draft.replace(file)
    return _entry(folder, path)


def _entry(folder: Path, path: str) -> dict[str, Any]:
    with (folder / path).open("rb") as file:
        digest = sha256()
        while data := file.read(1 << 20):
            digest.update(data)
    return {"path": path, "bytes": (folder / path).stat().st_size, "sha256": digest.hexdigest()}


def _write_rest(folder: Path, db: sqlite3.Connection) -> dict[str, Any]:
    """Write what is no fact as a ledger without persons, whose log says only what was written when."""
    with draft_of(folder / "ledger.db") as draft:
        with closing(sqlite3.connect(draft, isolation_level=None)) as made:
            made.execute("BEGIN")
            lay(made)
            log = "number, at, actor, host, command, summary, wrote, reverses"
            said = db.execute("SELECT number, at, '', '', command, '', wrote, reverses FROM operation").fetchall()
            made.executemany(f"INSERT INTO operation ({log}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", map(tuple, said))
            for table in _KEPT:
                rows = db.execute(f"SELECT * FROM {table}").fetchall()
                marks = ", ".join("?" * len(rows[0])) if rows else ""
                made.executemany(f"INSERT INTO {table} VALUES ({marks})", map(tuple, rows)) if rows else None
            made.execute("UPDATE figure SET source = NULL")
            made.execute("UPDATE figure_history SET source = NULL, reason = NULL")
            # A member's award stays one: that of somebody who is erased.
            made.execute("UPDATE award SET person = -id WHERE person NOTNULL")
            erased = "SELECT person, ?, x'', op FROM award WHERE person NOTNULL"
            made.execute(f"INSERT INTO person (id, name, hash, op) {erased}", (ERASED,))
            made.execute("COMMIT")
        draft.replace(folder / "ledger.db")
    return _entry(folder, "ledger.db")


def opened_lake(folder: Path) -> Lake:
    """Return a lake; refuse one whose manifest cannot be read."""
    try:
        manifest = json.loads((folder / "lake.json").read_text(encoding="utf-8"))
        if manifest["schema"] == _SCHEMA:
            return Lake(folder, manifest["origins"], manifest["files"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    what = _("There is no lake at {folder}.").format(folder=folder)
    raise LedgerError(what, instead=_("“ucli export-lake” makes one."))


def ledger_of(lake: Lake) -> sqlite3.Connection:
    """Return the ledger of a lake, in memory."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    with closing(sqlite3.connect(f"file:{lake.folder / 'ledger.db'}?mode=ro", uri=True)) as file:
        file.backup(db)
    db.row_factory = sqlite3.Row
    return db


def counted(pieces: Sequence[tuple[str, str]], lake: Lake, engine: Engine) -> list[tuple[object, ...]]:
    """Return an engine's sums of the facts in some pieces of time, as rows of the register `received`."""
    paths = [lake.folder / it["path"] for it in lake.files if it["path"].startswith("fact/")]
    if not paths:
        return []
    values = ", ".join(f"(DATE '{first}', DATE '{last}')" for first, last in pieces)
    engine.view("fact", f"SELECT * FROM {engine.parquet('facts', paths)}")
    engine.view("segment", f"SELECT * FROM {engine.parquet('segments', [lake.folder / 'segment.parquet'])}")
    engine.view("piece", f"SELECT * FROM (VALUES {values}) AS piece (first_day, last_day)")
    return [
        (unit, register, part, sort, fund, str(last), str(min(stood_to, last)), str(start), *numbers)
        for unit, register, part, sort, fund, last, stood_to, start, *numbers in engine.rows(_SUMS)
    ]


def write(db: sqlite3.Connection, sums: Sequence[tuple[object, ...]]) -> None:
    """Write sums into the register that a report counts from."""
    db.executemany(
        "INSERT INTO main.received (unit, register, part, sort, fund, end_day, place, start_day, other, origin, number,"
        " amount, unvalued, op) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, 0)",
        sums,
    )


def pieces(db: sqlite3.Connection, windows: Sequence[tuple[date, date]]) -> list[tuple[str, str]]:
    """Return pieces of time that no question about some windows cuts, bounded by months, figures, periods, units."""
    last = max(end for _start, end in windows)
    edges = {BEGINNING, *(day.isoformat() for start, end in windows for day in (start, end + timedelta(days=1)))}
    for start, end in windows:
        months = range(start.year * 12 + start.month, end.year * 12 + end.month)
        edges |= {f"{month // 12:04}-{month % 12 + 1:02}-01" for month in months}
    for table in ("figure", "period"):
        days = db.execute(f"SELECT start_day FROM {table} UNION SELECT date(end_day, '+1 day') FROM {table}")
        edges |= {day for (day,) in days}
    edges |= {day for (day,) in db.execute("SELECT to_day FROM ancestry WHERE depth = 0")}
    cuts = sorted(it for it in edges if it <= last.isoformat())
    ends = [(date.fromisoformat(it) - timedelta(days=1)).isoformat() for it in cuts[1:]]
    return list(zip(cuts, [*ends, last.isoformat()], strict=True))
