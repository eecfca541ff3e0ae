"""Run the benchmarks and write docs/performance.md: `python -m benchmarks.run`."""

import json
import os
import platform
import sqlite3
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from shutil import which

from benchmarks import measured, peers, performance
from benchmarks.ledgers import PROVINCE, Size
from benchmarks.rounds import interleaved, output

_MADE = Path(__file__).parent / "made"


def main() -> None:
    """Make the ledgers, let all agree, measure, write the results and the page."""
    start = time.perf_counter()
    files = measured.Files(_MADE)
    make(files)
    others = peers.commands(files.province, _MADE / "facts", files.members)
    _report("All must agree on the sums before they are timed …")
    peers.agree(others, files.province)
    runs = interleaved([*measured.commands(files), *others], _report)
    results = {
        "machine": described(),
        "minutes": round((time.perf_counter() - start) / 60, 1),
        "missing": peers.missing(),
        "failed": runs.failed,
        "bytes": measured.bytes_a_row(files),
        "runs": {name: [[round(it, 4) for it in run] for run in found] for name, found in runs.runs.items()},
    }
    performance.RESULTS.write_text(json.dumps(results, ensure_ascii=False).replace(']], "', ']],\n"') + "\n", "utf-8")
    performance.main()
    print(performance.PAGE.read_text(encoding="utf-8"))


def make(files: measured.Files) -> None:
    """Make all ledgers, the list of members and the facts of the peers, each by a process of its own.

    What making them holds in memory is not counted to what is measured behind it.
    """
    files.folder.mkdir(exist_ok=True)
    ledgers = {
        files.province: (PROVINCE, "facts"),
        files.tenth: (Size(20, PROVINCE.unions // 10), "facts"),
        files.small: (Size(20, 20), "facts"),
        files.empty: (PROVINCE, "empty"),
    }
    for path, (size, what) in ledgers.items():
        _report(f"Making {path.name} …")
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        output((sys.executable, "-m", "benchmarks.ledgers", str(path), *map(str, size), what))
    _report("Writing the list of members, and the facts for the peers …")
    output((sys.executable, "-m", "benchmarks.members", str(files.members), str(files.workbook), str(PROVINCE.unions)))
    peers.prepare(files.province, files.folder / "facts")


def described() -> dict[str, str]:
    """Return the machine and the versions of all that is measured: results without them mean little."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("model name\t: ")[-1].splitlines()[0]
    here = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": f"{os.cpu_count()} × {cpu}",
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": f"{platform.freedesktop_os_release()['PRETTY_NAME']}, kernel {platform.release()}",
        # Others who work here slow down what is measured, and one command more than another.
        "load": f"{os.getloadavg()[2]:.1f}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in ("ucli", "typer", "sqlite-utils")},
    }
    asked: dict[str, tuple[str, ...]] = {name: (name, "--version") for name in ("sqlite3", "hledger") if which(name)}
    for name in ("duckdb", "pandas"):
        if name.lower() not in map(str.lower, peers.missing()):
            asked[name] = (peers.PYTHON, "-c", f"import {name}; print({name}.__version__)")
    return here | {name: output(words).replace(f"{name} ", "").split()[0].strip(",") for name, words in asked.items()}


def _report(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
