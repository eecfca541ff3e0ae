"""A report on terminals of many widths: all numbers are whole, no line is too long, and rows are short."""

import csv
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.conftest import After
from tests.faults.ledgers import amount
from ucli import catalogue
from ucli.cli.run import run
from ucli.values.numbers import grouped, money_text

WIDTHS = (60, 80, 100, 120, 200)
ASKED = ("--period", "2024", "--as-of", "30/6/2024", "--lang", "vi")

with Path(catalogue.__file__).with_name("indicators.csv").open(encoding="utf-8", newline="") as file:
    SHIPPED = {row["code"]: row for row in csv.DictReader(file)}
# Those that are counted from others cannot be stated.
STATED = [code for code, row in SHIPPED.items() if row["counts"] != "targets" and " " not in row["counts"]]


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def answered(ledger: Path, *words: object, width: int = 0) -> str:
    """Return an answer as it is printed, on a terminal so many columns wide where a width is given."""
    asked = [*map(str, words), "--db", str(ledger), *(["-f", "table"] if width else [])]
    place = {"COLUMNS": str(width), "TERM": "xterm-256color"} if width else {}
    with patch.dict(os.environ, place), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as told:
        code = run(asked)
    assert code == 0, told.getvalue()
    return out.getvalue()


def recorded(code: str, unit: str, target: int, actual: int, hedge: str = "", aim: str = "{}") -> list[str]:
    """Return the commands that record an indicator of a unit, hedged, against a target that is worded so."""
    row = SHIPPED[code]
    if row["kind"] in ("ratio", "average"):
        aimed = f"{target % 100 + 1}%" if row["kind"] == "ratio" else target
        actual_text, target_text = f"{min(actual, target + 1)}/{target + 1}", f"{aimed}"
    else:
        scale = 10**6 if row["measure"].startswith("đồng") else 1
        actual_text, target_text = f"{hedge}{actual * scale}", aim.format(target * scale, 2 * target * scale)
    lines = [f'add-figure {code} "{actual_text}" --unit {unit} --period 2024-05 --yes']
    if row["kind"] != "average":
        lines.append(f'set-target {code} "{target_text}" --unit {unit} --period 2024 --yes')
    return lines


def numbers_of(row: dict[str, Any], *, with_remaining: bool) -> Iterator[set[str]]:
    """Yield each number of a row of JSON in all the ways in which people may read it."""
    is_money = row["measure"].startswith("đồng")
    keys = ("target", "target_upper", *(("remaining",) if with_remaining else ()))
    values = [row[key] for key in keys] + [row["actual"] if row["numerator"] is None else None]
    for value in values:
        if value is not None:
            yield {money_text(value, unit) for unit in ("đồng", "triệu", "tỷ")} if is_money else {grouped(value)}
    if row["numerator"] is not None:
        yield {f"{grouped(row['numerator'])}/{grouped(row['denominator'])}"}
    estimate = row["estimate"] or {"value": None, "percent": None}
    if estimate["value"] is not None and row["numerator"] is None:
        value = estimate["value"]
        yield {money_text(value, unit) for unit in ("đồng", "triệu", "tỷ")} if is_money else {grouped(value)}
    for percent in (row["percent"], row["target_percent"], estimate["percent"]):
        if percent is not None:
            yield {f"{percent.replace('.', ',')}%", f"{grouped(int(float(percent)))},{percent.partition('.')[2]}%"}


def words_of(text: str) -> set[str]:
    """Return what stands whole between spaces and rules, without its signs."""
    return {it.strip("()*†≥≤<~-;.") for it in re.split(r"[\s│·–]+", text)}


FIGURES = st.lists(
    st.tuples(
        st.sampled_from(STATED),
        st.sampled_from(["HH", "KX"]),
        st.integers(1, 10**7),
        st.integers(0, 10**7),
        st.sampled_from(["", "hơn ", "gần ", "khoảng ", "ước "]),
        st.sampled_from(["{}", "từ {} đến {}", "> {}", "tối đa {}", "từ {} trở lên"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda it: it[:2],
)


@settings(max_examples=amount("WIDTHS", 6, 100))
@given(figures=FIGURES)
def test_every_number_of_a_report_stands_whole_on_any_terminal(
    small_province: Path, tmp_path_factory: pytest.TempPathFactory, figures: list[tuple[str, str, int, int]]
) -> None:
    ledger = Path(shutil.copy(small_province, tmp_path_factory.mktemp("wide") / "so.db"))
    lines = [line for figure in figures for line in recorded(*figure)]
    (ledger.parent / "lenh.txt").write_text("\n".join(lines), encoding="utf-8")
    answered(ledger, "batch", "--atomic", ledger.parent / "lenh.txt")
    for words in ((), ("--by", "district"), ("--by", "district", "--layout", "long"), ("--by", "month")):
        report = json.loads(answered(ledger, "report", *ASKED, *words, "-f", "json"))
        tables = [report, *report.get("groups", [])]
        for width in WIDTHS:
            text = answered(ledger, "report", *ASKED, *words, width=width)
            assert max(map(cell_len, text.splitlines())) <= width, text
            found = words_of(text)
            for row in (row for table in tables for row in table["rows"]):
                for readings in numbers_of(row, with_remaining=not words or "long" in words):
                    assert readings & found, (width, words, row["indicator"], readings, text)


@pytest.fixture
def whole_catalogue(small_province: Path, tmp_path: Path) -> Path:
    """Return a ledger in which every indicator that ships has a figure and a target."""
    ledger = Path(shutil.copy(small_province, tmp_path / "so.db"))
    lines = [line for place, code in enumerate(STATED) for line in recorded(code, "HH", 1_000 + place, 900 + place)]
    (tmp_path / "lenh.txt").write_text("\n".join(lines), encoding="utf-8")
    answered(ledger, "batch", "--atomic", tmp_path / "lenh.txt")
    return ledger


@pytest.mark.parametrize(("width", "most"), [(100, 1), (120, 1), (200, 1), (80, 2)])
def test_a_row_of_any_shipped_indicator_takes_one_line_or_two_on_a_narrow_terminal(
    whole_catalogue: Path, width: int, most: int
) -> None:
    text = answered(whole_catalogue, "report", *ASKED, "--unit", "HH", width=width)
    rows = json.loads(answered(whole_catalogue, "report", *ASKED, "--unit", "HH", "-f", "json"))["rows"]
    assert len(rows) >= len(STATED)
    lines = text.splitlines()
    [place] = [number for number, line in enumerate(lines, start=1) if line.startswith("──")]
    names = [SHIPPED[row["indicator"]]["short_vi"] for row in rows]
    for name, following in zip(names, [*names[1:], "Tính theo"], strict=True):
        assert lines[place].startswith(name if most == 1 else name.split()[0]), text
        taken = 1 if lines[place + 1].startswith(" ".join(following.split()[:2])) else 2
        assert taken <= most, text
        place += taken


def test_a_bar_of_twelve_cells_stands_beside_a_percentage(province_after: After) -> None:
    province_after("""
        add-figure members-admitted 95 --unit HH --period 2024-05
        set-target members-admitted 100 --unit HH --period 2024
        add-figure news-items 12 --unit HH --period 2024-05
        set-target news-items 10 --unit HH --period 2024
    """)
    text = answered(Path(os.environ["UCLI_DB"]), "report", *ASKED, "--unit", "HH", width=120)
    assert "95,0% ███████████░" in text, "it is full from 100% on"
    assert "120,0% ████████████ " in text
    assert text.splitlines()[1] == "1/2 chỉ tiêu đạt và vượt (1 vượt, 1 chưa đạt).", "how it stands is said first"


def test_colours_repeat_what_a_word_says(province_after: After) -> None:
    province_after("""
        add-figure members-admitted 5 --unit HH --period 2024-02
        set-target members-admitted 100 --unit HH --period 2024
        add-figure news-items 12 --unit HH --period 2024-02
        set-target news-items 10 --unit HH --period 2024
    """)
    with patch("tests.render.test_terminal.StringIO", Terminal):
        text = answered(Path(os.environ["UCLI_DB"]), "report", *ASKED, "--unit", "HH", width=120)
    assert "\x1b[32mvượt" in text
    assert "\x1b[31mchậm tiến độ" in text


def test_below_sixty_columns_each_row_is_a_card(whole_catalogue: Path) -> None:
    lines = answered(whole_catalogue, "report", *ASKED, "--unit", "HH", width=50).splitlines()
    place = lines.index("Sáng kiến của đoàn viên")
    assert lines[place + 1].startswith("  Chỉ tiêu 1.0")
    assert max(map(cell_len, lines)) <= 50


def test_months_have_a_line_that_draws_them(province_after: After) -> None:
    province_after("\n".join(f"add-figure news-items {n} --unit HH --period 2024-0{n}" for n in range(1, 7)))
    text = answered(Path(os.environ["UCLI_DB"]), "report", *ASKED, "--by", "month", "--unit", "HH", width=100)
    [line] = [it for it in text.splitlines() if it.startswith("Diễn biến")]
    assert "▂▃▅▆▇█" in line


def test_headings_take_the_fewest_lines_that_the_room_allows(province_after: After) -> None:
    codes = ("members-lost", "members-lost-dissolution", "party-introduced")
    province_after("\n".join(f"add-figure {code} 5 --unit HH --period 2024-05" for code in codes))
    text = answered(Path(os.environ["UCLI_DB"]), "report", *ASKED, "--by", "district", width=200)
    lines = text.splitlines()
    rule = next(number for number, line in enumerate(lines) if line.startswith("──"))
    assert {SHIPPED[code]["short_vi"] for code in codes} <= {it.strip() for it in lines[rule - 1].split("│")}, text
