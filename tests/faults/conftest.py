"""The figures of the long form, printed as a table under the tests."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.ledgers import IS_LONG, SEED, made

Count = Callable[[str, int], None]


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the ledger that all works on; every test takes a copy of its own."""
    return made(tmp_path_factory.mktemp("faults") / "before.db")


@pytest.fixture
def count(record_property: Callable[[str, object], None]) -> Count:
    """Count what happened, for the table: `count("kills", 1)`."""

    def add(what: str, number: int) -> None:
        record_property("figure", (what, number))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "figure" and report.when == "teardown":
                    figures[value[0]] += value[1]
    if IS_LONG and figures:
        terminalreporter.write_line(f"\n| seed {SEED} | |\n|---|---:|")
        for what, number in sorted(figures.items()):
            terminalreporter.write_line(f"| {what} | {number} |")
