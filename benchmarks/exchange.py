"""How fast bundles are made and taken, and lakes counted: `python -m benchmarks.exchange [FOLDER]` prints a table.

Of each step the processor's time of its process is told, for other work on the machine makes the clock mean little; of
what an office asks the cost beside `python -c pass`, as in docs/performance.md.
"""

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from benchmarks.ledgers import Size, make
from benchmarks.nation import YEAR, called, make_communes, make_nation
from benchmarks.rounds import MIDDLE, Command, interleaved, ucli
from ucli.exchange import engines, lake

SIZE = Size(districts=20, unions=1000)
BUNDLES = {
    "months-by-union": "--level union",
    "days-by-union": "--level union --grain day",
    "months-by-district": "--level unit",
}
TIMES = (1, 36)  # million facts of a lake


def main() -> None:
    with TemporaryDirectory() as made:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(made)
        measure(folder)
        offices(folder / "offices")


def measure(folder: Path) -> None:
    """Make a province, its bundles and lakes, and print what each step took."""
    os.environ["UCLI_LANG"] = "en"
    province, nation = folder / "province.db", folder / "nation.db"
    make(province, SIZE)
    facts = rows_in(province, "membership", "payout")
    figures = rows_in(province, "figure")
    print("| step | rows | CPU s | rows/s |\n|---|---|---|---|")
    with closing(sqlite3.connect(province)) as db:
        query = "SELECT n.code, n.name FROM setting s JOIN unit_name n ON n.unit = s.value WHERE s.name = 'office'"
        code, _name = db.execute(query).fetchone()
    for words in (
        ("init", "--db", nation, "--office", "Tổng Liên đoàn", "--kind", "confederation"),
        ("export-structure", "--db", province, "--unit", code, "-o", folder / "structure.zip"),
        ("import-structure", "--db", nation, folder / "structure.zip"),
    ):
        called(*words)
    for name, options in BUNDLES.items():
        work = partial(called, "export-bundle", "--db", province, "-o", folder / f"{name}.zip", *options.split())
        told(f"export-bundle, {name}", facts + figures, work)
    called("add-origin", "P", "--db", nation, "--unit", code, "--key", f"{province}.key.pub")
    for name in ("months-by-union", "months-by-district"):
        copy = Path(shutil.copy(nation, folder / f"{name}.db"))
        work = partial(called, "import-bundle", "--db", copy, folder / f"{name}.zip")
        told(f"import-bundle, {name}", None, work, copy)
    where = folder / "lake"
    told("export-lake", facts, lambda: called("export-lake", "--db", province, where))
    size = sum(it.stat().st_size for it in where.glob("fact/**/*.parquet"))
    rows = duckdb.sql(f"SELECT count(*) FROM read_parquet('{where}/fact/**/*.parquet')").fetchall()[0][0]
    print(f"| bytes a row of the lake | {rows} | | {size / rows:.1f} |")
    many(where, rows)


def many(where: Path, rows: int) -> None:
    """Count lakes of more and more facts."""
    opened = lake.opened_lake(where)
    with closing(lake.ledger_of(opened)) as db:
        pieces = lake.pieces(db, [(date(2024, 1, 1), date(2024, 12, 31))])
    for millions in TIMES:
        grown = where.with_name(f"lake-{millions}")
        (grown / "fact").mkdir(parents=True, exist_ok=True)
        shutil.copy(where / "segment.parquet", grown)
        query = f"SELECT f.* FROM read_parquet('{where}/fact/**/*.parquet') f, range({millions * 1_000_000 // rows})"
        duckdb.sql(f"COPY ({query}) TO '{grown}/fact/all.parquet' (FORMAT parquet, COMPRESSION zstd)")
        many_facts = opened._replace(folder=grown, files=[{"path": "fact/all.parquet"}])
        for name in (engines.DUCKDB, *sys.argv[2:]):
            work = partial(count, pieces, many_facts, name)
            told(f"{name}, million facts: {millions}", millions * 1_000_000, work, clock=True)


def offices(folder: Path) -> None:
    """Let a confederation take what 34 provinces send, and a province what some of 3,000 communes do."""
    folder.mkdir()
    nation, bundles = make_nation(folder)
    told("import-bundle, 34 provinces", None, partial(called, "import-bundle", "--db", nation, *bundles), nation)
    province, bundles = make_communes(folder)
    called("import-bundle", "--db", province, *bundles)
    asked = {
        "34 provinces, their year by province": ("report", str(YEAR), "--by", "province", "--db", str(nation)),
        "34 provinces, their year": ("report", str(YEAR), "--db", str(nation)),
        "3,000 origins, who is late": ("origins", "--due", f"{YEAR}-12-31", "--db", str(province)),
    }
    commands = [Command(name, ucli(*words), MIDDLE) for name, words in asked.items()]
    runs = interleaved(commands, lambda _line: None)
    print("\n| command | × | CPU ms | MiB |\n|---|---:|---:|---:|")
    for name in runs.runs:
        print(f"| {name} | {runs.ratio(name):.1f} | {runs.milliseconds(name):.0f} | {runs.peak_mib(name):.0f} |")


def count(pieces: list[tuple[str, str]], of: lake.Lake, engine: str) -> None:
    lake.counted(pieces, of, engines.engine_of(engine))


def told(
    step: str, rows: int | None, work: Callable[[], Any], ledger: Path | None = None, *, clock: bool = False
) -> None:
    """Print how long a step took: the processor's time, or the clock's where others do the work."""
    now = time.perf_counter if clock else time.process_time
    begun = now()
    work()
    seconds = now() - begun
    rows = rows or rows_in(ledger or Path(), "received", "figure")
    print(f"| {step} | {rows} | {seconds:.2f} | {rows / seconds:,.0f} |", flush=True)


def rows_in(ledger: Path, *tables: str) -> int:
    with closing(sqlite3.connect(ledger)) as db:
        return sum(db.execute(f"SELECT count(*) FROM {it}").fetchone()[0] for it in tables)


if __name__ == "__main__":
    main()
