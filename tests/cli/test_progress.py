"""On a terminal a bar shows how much of a table was read and recorded, and the time left; elsewhere nothing."""

import os
import pty
import subprocess
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.test_import_rows import workbook
from tests.conftest import Ucli, environment

HEAD = ("Họ và tên", "CĐCS", "Ngày kết nạp")
ROWS = [("Trần Thị Mẫu", "MAY", "20/4/2024") for _ in range(3000)]


def as_csv(path: Path) -> Path:
    path.write_text("\n".join(";".join(row) for row in (HEAD, *ROWS)), encoding="utf-8")
    return path


def as_workbook(path: Path) -> Path:
    return workbook(path.with_suffix(".xlsx"), HEAD, *ROWS)


def on_a_terminal(*words: object, term: str) -> str:
    """Run ucli with a terminal as its stderr; return what the terminal got."""
    screen, terminal = pty.openpty()
    env = {**environment(), "TERM": term, "COLUMNS": "120"}
    with subprocess.Popen(["ucli", *map(str, words)], stderr=terminal, stdout=subprocess.PIPE, env=env) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # a terminal whose program is gone
            while part := os.read(screen, 10_000):
                shown += part
    os.close(screen)
    assert process.returncode == 0, shown
    return shown.decode(errors="replace")


@pytest.mark.parametrize("written", [as_csv, as_workbook])
def test_a_table_on_its_way_is_shown_with_percent_and_time_left(
    province: Ucli, tmp_path: Path, written: Callable[[Path], Path]
) -> None:
    file = written(tmp_path / "a.csv")
    shown = on_a_terminal("import", "members", file, term="xterm")
    assert f"Reading and recording {file.name}" in shown
    assert "%" in shown
    assert "3.000 new" in shown
    shown = on_a_terminal("template", "units", "-o", tmp_path / "m.xlsx", term="xterm")
    assert "Writing m.xlsx" in shown


def test_a_terminal_that_can_show_nothing_and_a_pipe_get_no_bar(province: Ucli, tmp_path: Path) -> None:
    file = as_csv(tmp_path / "a.csv")
    shown = on_a_terminal("import", "members", file, "-n", term="dumb")
    assert "Reading and recording" not in shown
    assert "\x1b" not in shown
    assert "Reading and recording" not in province("import", "members", file, "-n").err
