"""Offices that each keep a ledger: 34 provinces below the confederation, and 3,000 communes of one province.

All is made by what an office types: the structure is handed down, lists are imported, bundles are sent up.
"""

import csv
from collections.abc import Iterable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from benchmarks.ledgers import INDICATORS
from benchmarks.names import place, workplace
from ucli.cli.run import run
from ucli.exchange.signing import make_key
from ucli.ledger.provinces import provinces

YEAR = 2025
DISTRICTS, UNIONS = 40, 120  # of each province
FACTS = 30  # members, and as many payouts, of each union
PROGRAMMES = ("visit", "tet", "hardship", "illness", "accident", "workers-month", "union-meal", "other")
COMMUNES, SENT = 3_000, 100


def called(*words: object, stdin: str = "") -> None:
    """Call ucli in this process.

    Raises:
        SystemExit: it ended with another exit code than 0.

    """
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said), patch("sys.stdin", StringIO(stdin)):
        code = run([*map(str, words)])
    if code:
        raise SystemExit(f"exit {code}: {' '.join(map(str, words))}\n{said.getvalue()[-2000:]}")


def imported(kind: str, ledger: Path, heading: str, rows: Iterable[tuple[object, ...]]) -> None:
    """Import a list as CSV."""
    file = ledger.with_name(f"{kind}.csv")
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows([heading.split(), *rows])
    called("import", kind, file, "--db", ledger)


def batch(ledger: Path, lines: Iterable[str]) -> None:
    called("batch", "--db", ledger, stdin="".join(f"{line}\n" for line in lines))


def make_nation(folder: Path) -> tuple[Path, list[Path]]:
    """Make the ledgers of the confederation and of its provinces; return the first, and the bundle of each other."""
    nation = folder / "nation.db"
    names = {it.code_since: f"LĐLĐ {it.title} {it.name}" for it in provinces() if it.code_since}
    called("init", "--db", nation, "--office", "Tổng Liên đoàn Lao động Việt Nam", "--kind", "confederation")
    batch(nation, (f'add-unit "{name}" --kind province --code {code}' for code, name in names.items()))
    districts = [
        (f"{code}.{number:02}", f"LĐLĐ khu vực {place(at * DISTRICTS + number)}", "district", code)
        for at, code in enumerate(names)
        for number in range(DISTRICTS)
    ]
    imported("units", nation, "code name kind parent", districts)
    batch(
        nation,
        (f"set-target {it} {(at + 9) * 100} --unit {code} --period {YEAR}"
         for at, code in enumerate(names) for it in (*INDICATORS, "members-admitted", "welfare-visits")),
    )  # fmt: skip
    bundles = []
    for at, (code, name) in enumerate(names.items()):
        province, structure = folder / f"{code}.db", folder / f"{code}-structure.zip"
        called("export-structure", "--db", nation, "--unit", code, "-o", structure)
        called("init", "--db", province, "--office", name)
        called("import-structure", "--db", province, structure)
        fill(province, code, at)
        bundles.append(folder / f"{code}.zip")
        called("export-bundle", "--db", province, "-o", bundles[-1])
        called("add-origin", name, "--db", nation, "--unit", code, "--key", f"{province}.key.pub")
    return nation, bundles


def fill(province: Path, code: str, at: int) -> None:
    """Record the unions of a province, what happened in them in a year, and what its districts state each month."""
    unions = [f"{code}.{number % DISTRICTS:02}.{number:03}" for number in range(UNIONS)]
    named = [(it, workplace(at * UNIONS + number), "union", it[:5], "2020-01-01") for number, it in enumerate(unions)]
    imported("units", province, "code name kind parent founded", named)

    def day(number: int) -> str:
        return f"{YEAR}-{number % 12 + 1:02}-{number % 28 + 1:02}"

    facts = [(union, number) for union in range(UNIONS) for number in range(FACTS)]
    imported(
        *("members", province, "name union admitted sex"),
        [(f"Người Thử {u * FACTS + n}", unions[u], day(u + n * 7), ("nam", "nữ")[n % 2]) for u, n in facts],
    )
    imported(
        *("payouts", province, "unit programme day amount recipients fund"),
        [
            (
                unions[u],
                PROGRAMMES[(u + n) % 8],
                day(u + n * 5),
                (n + 1) * 100_000,
                1 + n % 9,
                ("", "Quỹ xã hội")[u % 2],
            )
            for u, n in facts
        ],
    )
    imported(
        *("figures", province, "indicator unit period value"),
        [
            (indicator, f"{code}.{district:02}", f"{YEAR}-{month:02}", 5 + (at + district * month) % 40)
            for indicator in INDICATORS
            for district in range(DISTRICTS)
            for month in range(1, 13)
        ],
    )


def make_communes(folder: Path) -> tuple[Path, list[Path]]:
    """Make the ledger of a province that knows the keys of 3,000 communes, and the bundles of those that send."""
    province = folder / "communes.db"
    called("init", "--db", province, "--office", "LĐLĐ tỉnh Thanh Hóa")
    names = {f"X{number:04}": f"CĐ xã {place(number % 1700)} {number}" for number in range(COMMUNES)}
    imported("units", province, "code name kind", ((code, name, "ward") for code, name in names.items()))
    bundles, lines = [], []
    for number, (code, name) in enumerate(names.items()):
        ledger, structure = folder / f"{code}.db", folder / "structure.zip"
        key = ledger.with_name(f"{ledger.name}.key")
        make_key(key)
        lines.append(f'add-origin "{name}" --unit {code} --key {key}.pub')
        if number < SENT:
            called("export-structure", "--db", province, "--unit", code, "-o", structure, "--force")
            called("init", "--db", ledger, "--office", name)
            called("import-structure", "--db", ledger, structure)
            called("add-figure", "news-items", 5 + number % 9, "--unit", code, "--period", YEAR, "--db", ledger)
            bundles.append(folder / f"{code}.zip")
            called("export-bundle", "--db", ledger, "-o", bundles[-1], "--key", key)
    batch(province, lines)
    return province, bundles
