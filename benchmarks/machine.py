"""What a run was made on: results without it mean little."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which


def described() -> dict[str, str]:
    """Return the machine and the versions of all that is measured."""
    here = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "system": _system(),
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
    }
    for name in ("ucli", "typer", "sqlite-utils", "duckdb", "pandas"):
        try:
            here[name] = version(name)
        except PackageNotFoundError:
            continue
    for name in ("sqlite3", "hledger"):
        if which(name):
            here[f"{name} CLI" if name == "sqlite3" else name] = _first_line(name)
    return here


def _first_line(name: str) -> str:
    text = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout.split(",")[0]
    return text.replace(f"{name} ", "").split()[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _system() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        name = platform.system()
    return f"{name}, kernel {platform.release()}"
