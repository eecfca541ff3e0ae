"""A month in one go: each step is a plain command, run where it needs no answer."""

from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Ucli

COMMANDS = """\
ucli template figures --period 2024-06 -o so-lieu-2024-06.xlsx
ucli import figures so-lieu-2024-06.xlsx
ucli check
ucli report --period 2024-06 -o bao-cao-2024-06.docx --force
ucli close-period 2024-06
""".splitlines()


@pytest.fixture
def here(province: Ucli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ucli:
    monkeypatch.chdir(tmp_path)
    province("add-figure", "news-items", 4, "--unit", "HH", "--period", "2024-05")
    return province


def filled(name: str, **values: object) -> None:
    book = openpyxl.load_workbook(name)
    sheet = book.worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    for unit, value in values.items():
        sheet.cell(cells[unit].row, 4, value)
    book.save(name)


def test_a_script_walks_to_the_table_and_after_it_is_filled_in_to_the_closing(here: Ucli, ucli: Ucli) -> None:
    assert here("month", "T6/2024", "--dry-run").out.splitlines() == COMMANDS
    assert not Path("so-lieu-2024-06.xlsx").exists()
    answer = here("month", "T6/2024")
    assert answer.out.splitlines() == COMMANDS
    assert "Fill in so-lieu-2024-06.xlsx" in answer.err
    assert not Path("bao-cao-2024-06.docx").exists()

    filled("so-lieu-2024-06.xlsx", HH=7, KX=3)
    answer = here("month", "T6/2024")
    assert answer.out.splitlines() == COMMANDS[1:]
    assert "Done before: ucli template" in answer.err
    assert "only with --yes" in answer.err
    assert Path("bao-cao-2024-06.docx").exists()
    row = here("report", "2024-06", "--indicator", "news-items", "-f", "json").json["rows"][0]
    assert row["actual"] == 10

    # The same again imports nothing anew, and closes where that is said.
    told = here("month", "2024-06", "--yes").err
    assert "unchanged" in told
    assert "are still empty" not in told
    assert "Done before: ucli close-period 2024-06" in here("month", "2024-06", "--yes", "--skip", "nhập").err
    assert ucli("add-figure", "news-items", 4, "--unit", "HH", "--period", "2024-06", "--replace", expect=5).err


def test_what_the_check_finds_keeps_the_period_open(here: Ucli, ucli: Ucli) -> None:
    here("add-figure", "party-introduced", 1, "--unit", "HH", "--period", "2024-06")
    here("add-figure", "party-admitted", 2, "--unit", "HH", "--period", "2024-06")
    answer = ucli("month", "2024-06", "--yes", "--skip", "template", "--skip", "import", expect=4)
    assert answer.out.splitlines() == COMMANDS[2:]
    assert "C30-cross-check" in answer.err
    assert "Not run: the check found something" in answer.err
    assert Path("bao-cao-2024-06.docx").exists()
    assert not any(it["state"] for it in here("periods", "-f", "json").json)
    here("month", "2024-06", "--yes", "--skip", "template", "--skip", "import", "--skip", "rà soát")
    assert here("periods", "-f", "json").json[0]["state"]


def test_a_unit_has_files_of_its_own_and_a_failed_step_stops_it(here: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    folder = tmp_path / "thang 6"
    folder.mkdir()
    answer = here("month", "2024-06", "--unit", "HH", "--folder", folder)
    assert "--unit HH -o" in answer.out
    assert (folder / "so-lieu-2024-06-HH.xlsx").exists()
    assert ucli("month", "2024-06", "--skip", "template", expect=4).out.splitlines() == COMMANDS[1:2]
    assert ucli("month", "khong", expect=3).err
    ucli("month", "2024-06", "--skip", "x", expect=2)
    assert "plain commands" in ucli("batch", stdin="month 2024-06\n", expect=2).err


def test_on_a_terminal_each_step_is_asked_about(here: Ucli, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def confirm(question: str) -> bool:
        asked.append(question)
        return len(asked) < 4

    monkeypatch.setattr("ucli.cli.month.can_ask", lambda: True)
    monkeypatch.setattr("ucli.cli.month.confirm", confirm)
    answer = here("month", "2024-06")
    assert answer.out.splitlines() == COMMANDS
    assert asked == ["Run it?", "Is the table filled in and saved?", *["Run it?"] * 4]
    assert not Path("bao-cao-2024-06.docx").exists()


def test_a_period_of_which_nobody_stated_anything_is_not_closed(here: Ucli) -> None:
    here("month", "2024-06")
    assert "no figure of 2024-06 is recorded" in here("month", "2024-06", "--yes").err
    assert not any(it["state"] for it in here("periods", "-f", "json").json)
    filled("so-lieu-2024-06.xlsx", HH=7)
    assert "1 of 2 cells of the table are still empty: LĐLĐ huyện Kiến Xương (1)." in here("month", "2024-06", "-y").err
    assert here("periods", "-f", "json").json[0]["state"]
