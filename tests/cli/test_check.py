"""`check` counts the registers anew and names what differs; `rebuild` puts it right."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Ucli


def spoil(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)
        db.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tally SET number = number + 1 WHERE series = 'admitted'",
        "DELETE FROM tally_day WHERE series = 'founded'",
        "INSERT INTO tally VALUES (1, 'amount:1', '2024-01', 5)",
        "UPDATE tally_figure SET value = 0",
        "DELETE FROM tallied WHERE unit = 1",
    ],
)
def test_a_wrong_sum_is_found_and_made_right(province: Ucli, ucli: Ucli, tmp_path: Path, statement: str) -> None:
    province("add-figure", "news-items", 5, "--unit", "MAY", "--period", "2024")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "2024-05-01")
    assert "No finding is open" in province("check").err
    report = province("report", "--period", "2024", "-f", "json").out
    spoil(tmp_path / "so.db", statement)
    found = ucli("check", "-f", "json", expect=4)
    assert found.json[0]["code"] == "C03-tally"
    assert "rebuild" in found.err
    province("rebuild", "--dry-run")
    ucli("check", expect=4)
    province("rebuild")
    assert province("check").out == ""
    assert province("report", "--period", "2024", "-f", "json").out == report
