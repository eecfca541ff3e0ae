"""The facts of a ledger as the peers get them: one table of integers and days, with the targets beside it.

A fact is (district, union, kind, day, number, amount); `measure` says what of a kind adds up to which indicator: the
recipients of every programme to welfare visits, those of one also to houses.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks.ledgers import INDICATORS

_SHELTER, _TET = "shelter", "tet"

_SCRIPT = """
CREATE TABLE kind (id INTEGER PRIMARY KEY, code TEXT NOT NULL);
CREATE TABLE measure (kind INTEGER NOT NULL, indicator TEXT NOT NULL, what TEXT NOT NULL);
CREATE TABLE target (indicator TEXT NOT NULL, low INTEGER NOT NULL);
CREATE TABLE fact (
    district INTEGER NOT NULL, unit INTEGER NOT NULL, kind INTEGER NOT NULL,
    day TEXT NOT NULL, number INTEGER NOT NULL, amount INTEGER NOT NULL
);
CREATE TEMP TABLE place AS
    SELECT unit, ancestor AS district FROM ledger.ancestry JOIN ledger.unit_name USING (unit)
    WHERE depth = 1 AND kind = 'union';
CREATE UNIQUE INDEX temp.place_of ON place (unit, district);
INSERT INTO target SELECT code, low FROM ledger.target JOIN ledger.indicator_entry USING (indicator);
"""
_ROWS = {
    "admission": "SELECT p.district, p.unit, :kind, r.admitted, r.members, 0"
    " FROM ledger.membership r CROSS JOIN place p ON p.unit = r.union_unit",
    "leaving": 'SELECT p.district, p.unit, :kind, r."left", r.members, 0'
    ' FROM ledger.membership r CROSS JOIN place p ON p.unit = r.union_unit WHERE r."left" IS NOT NULL',
    "payout": "SELECT p.district, p.unit, k.id, r.day, r.recipients, r.amount + r.in_kind"
    " FROM ledger.payout r CROSS JOIN place p ON p.unit = r.unit"
    " CROSS JOIN ledger.programme_entry e ON e.programme = r.programme CROSS JOIN kind k ON k.code = e.code",
    "figure": "SELECT p.district, p.unit, k.id, r.end_day, r.value, 0"
    " FROM ledger.figure r CROSS JOIN place p ON p.unit = r.unit"
    " CROSS JOIN ledger.indicator_entry e ON e.indicator = r.indicator CROSS JOIN kind k ON k.code = e.code",
}
INDEX = "CREATE INDEX fact_by_day ON fact (day, kind, number, amount)"


def export(ledger: Path, database: Path) -> int:
    """Write a ledger's facts into a plain SQLite database with a covering index; return how many there are."""
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("PRAGMA synchronous = OFF")
        db.execute("ATTACH ? AS ledger", (str(ledger),))
        db.executescript(_SCRIPT)
        kinds = _kinds(db)
        for code, query in _ROWS.items():
            db.execute(f"INSERT INTO fact {query}", {"kind": kinds.get(code, 0)} if ":kind" in query else {})
        db.execute(INDEX)
        return int(db.execute("SELECT count(*) FROM fact").fetchone()[0])


def _kinds(db: sqlite3.Connection) -> dict[str, int]:
    programmes = [row[0] for row in db.execute("SELECT code FROM ledger.programme_entry ORDER BY programme")]
    codes = ["admission", "leaving", *programmes, *INDICATORS]
    kinds = {code: number for number, code in enumerate(codes, start=1)}
    db.executemany("INSERT INTO kind VALUES (?, ?)", [(number, code) for code, number in kinds.items()])
    measures = [("admission", "members-admitted", "number"), ("leaving", "members-lost", "number")]
    measures += [(it, it, "number") for it in INDICATORS]
    for it in programmes:
        measures += [(it, "welfare-visits", "number"), (it, "welfare-amount", "amount")]
    measures += [(_SHELTER, "shelter-houses", "number"), (_SHELTER, "shelter-amount", "amount")]
    measures += [(_TET, "tet-gifts", "number")]
    db.executemany("INSERT INTO measure VALUES (?, ?, ?)", [(kinds[kind], *rest) for kind, *rest in measures])
    return kinds


def write_csv(database: Path, folder: Path) -> None:
    """Write the tables of a database of facts as CSV files into a folder."""
    folder.mkdir(exist_ok=True)
    tables = {"kind": "id,code", "measure": "kind,indicator,what", "target": "indicator,low"}
    tables |= {"fact": "district,unit,kind,day,number,amount"}
    with closing(sqlite3.connect(database)) as db:
        for table, columns in tables.items():
            line = columns.replace(",", " || ',' || ")
            with (folder / f"{table}.csv").open("w", encoding="utf-8") as file:
                file.write(f"{columns}\n")
                # SQLite puts the lines together: faster than handing every value over.
                file.writelines(text for (text,) in db.execute(f"SELECT {line} || char(10) FROM {table}"))


def write_journal(database: Path, journal: Path) -> int:
    """Write the facts of the first district as an hledger journal with a budget for 2024; return how many there are.

    One posting for each measure, one commodity for each: persons and đồng do not add up there either.
    """
    with closing(sqlite3.connect(database)) as db, journal.open("w", encoding="utf-8") as file:
        count = 0
        file.write("~ yearly from 2024-01-01 to 2025-01-01\n")
        for indicator, low in db.execute(
            "SELECT DISTINCT m.indicator, coalesce(t.low, 0) FROM measure m"
            " LEFT JOIN target t ON t.indicator = m.indicator ORDER BY 1"
        ):
            commodity = _commodity(indicator)
            file.write(f"    {indicator}    {low} {commodity}\n    assigned    {-low} {commodity}\n")
        file.write("\n")
        for day, kind, unit, postings in db.execute(
            "SELECT f.day, k.code, f.unit,"
            " group_concat(m.indicator || '    ' || iif(m.what = 'number', f.number, f.amount))"
            " FROM fact f CROSS JOIN kind k ON k.id = f.kind CROSS JOIN measure m ON m.kind = f.kind"
            " WHERE f.district = (SELECT min(district) FROM fact) AND f.day >= '2021' GROUP BY f.rowid"
        ):
            count += 1
            file.write(f"{day} {kind}\n")
            for posting in postings.split(","):
                indicator, number = posting.split("    ")
                commodity = _commodity(indicator)
                file.write(f"    {indicator}:{unit}    {number} {commodity}\n    recorded    -{number} {commodity}\n")
            file.write("\n")
    return count


def _commodity(indicator: str) -> str:
    return '"d"' if indicator.endswith("-amount") else f'"{indicator}"'
