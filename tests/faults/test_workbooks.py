"""Workbooks of several writers, whole and damaged: the same cells however they are written, and never a crash.

A cell is what openpyxl says it is; a sheet spelled in another way holds the same; a damaged one is read or refused.
"""

import random
import re
import resource
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from tests.faults.test_fuzz import TRIED_LESS, Held, held, mutated
from ucli.importing.sheets import NO, YES, Cells, Facts, FormattedNumber
from ucli.importing.workbook import rows_of_workbook

__all__ = ["held"]

HEAD = ("Họ và tên", "CĐCS", "Ngày kết nạp", "Số thẻ", "Ghi chú")
FORMATS = ("General", "0", "0000000", "0%", '#,##0" triệu"', '"TB-"0000', "0.00E+00", "@")
DAYS = ("dd/mm/yyyy", "yyyy-mm-dd hh:mm", "[$-42A]d mmmm yyyy", 'd"/"m"/"yyyy')
SEEDS = st.integers(0, 2**32)
MOST_MEMORY = 300 << 10  # KiB that all of it may take more than before


def row_of(chance: random.Random) -> list[tuple[object, str]]:
    """Return the cells of a row, each with its number format."""
    cells: list[tuple[object, str]] = []
    for _place in range(chance.randrange(1, 7)):
        kind = chance.randrange(7)
        if kind == 0:
            cells.append((None, "General"))
        elif kind == 1:
            cells.append((date(1950, 1, 1).replace(year=chance.randrange(1950, 2030)), chance.choice(DAYS)))
        elif kind == 2:
            cells.append((datetime(2024, 5, 12, 23, chance.randrange(60), 45), DAYS[1]))  # noqa: DTZ001
        elif kind == 3:
            number = chance.choice((0, 1, -5, 21, 1.5, 0.1 + 0.2, 123456789012.0, 1e15, 1e-7))
            cells.append((number, chance.choice(FORMATS)))
        elif kind == 4:
            cells.append((chance.random() < 0.5, "General"))
        else:
            text = ["Lê Văn Thử", "MAY", "20/4/2024", "a & b < c", "hai\ndòng", " 0021 ", "Đ\u0323"]
            cells.append((chance.choice(text), "General"))
    return cells


def rows_of(chance: random.Random) -> list[list[tuple[object, str]]]:
    head: list[tuple[object, str]] = [(it, "General") for it in HEAD]
    return [head, *(row_of(chance) for _row in range(chance.randrange(1, 8)))]


def by_xlsxwriter(path: Path, chance: random.Random) -> Path:
    book = xlsxwriter.Workbook(path, {"constant_memory": chance.random() < 0.5})
    sheet = book.add_worksheet("Bảng")
    for number, row in enumerate(rows_of(chance)):
        for place, (value, shown) in enumerate(row):
            style = book.add_format({"num_format": shown})
            if value is None and chance.random() < 0.3:
                sheet.write_formula(number, place, "=1/0", style, chance.choice(("#DIV/0!", "#N/A", 7)))
            elif value is not None:
                sheet.write(number, place, value, style)
        if chance.random() < 0.2:
            sheet.set_row(number, None, None, {"hidden": True})
    if chance.random() < 0.3:
        sheet.merge_range(20, 0, 22, 1, "gộp")
    book.close()
    return path


def by_openpyxl(path: Path, chance: random.Random) -> Path:
    book: Any = openpyxl.Workbook()
    for number, row in enumerate(rows_of(chance), start=1):
        for place, (value, shown) in enumerate(row, start=1):
            cell = book.active.cell(number, place, value)
            cell.number_format = shown
        book.active.row_dimensions[number].hidden = chance.random() < 0.2
    book.active.append(("#REF!", "=1+1"))
    if chance.random() < 0.3:
        book.active.merge_cells("A2:A4")
    book.save(path)
    return path


def by_xlwt(path: Path, chance: random.Random) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Bảng")
    for number, row in enumerate(rows_of(chance)):
        for place, (value, shown) in enumerate(row):
            sheet.write(number, place, value, xlwt.easyxf(num_format_str=shown))
        sheet.row(number).hidden = chance.random() < 0.2
    book.save(str(path))
    return path


def by_libreoffice(path: Path, chance: random.Random) -> Path:
    """Let LibreOffice write it, where it is: one of a few, for each start of it takes seconds."""
    form = chance.choice(("xlsx", "ods", "xls"))
    made = path.with_suffix(f".{form}")
    made.write_bytes(chance.choice(converted(form)))
    return made


@cache
def converted(form: str) -> list[bytes]:
    with TemporaryDirectory() as folder:
        books = [by_xlsxwriter(Path(folder, f"{it}.xlsx"), random.Random(it)) for it in range(4)]  # noqa: S311
        subprocess.run(
            ["soffice", "--headless", "--convert-to", form, "--outdir", f"{folder}/{form}", *books], check=True
        )
        return [Path(folder, form, f"{it.stem}.{form}").read_bytes() for it in books]


WRITERS = [by_xlsxwriter, by_openpyxl, by_xlwt, *([by_libreoffice] if shutil.which("soffice") else [])]
PACKED = WRITERS[:2]


def read(path: Path) -> tuple[list[tuple[int, Cells]], Facts]:
    facts = Facts()
    return [(number, [*cells]) for number, cells in rows_of_workbook(path, None, facts, lambda _cells: 2)], facts


def as_openpyxl_says(path: Path) -> tuple[dict[int, list[object]], set[int], dict[int, dict[tuple[int, int], None]]]:
    book: Any = openpyxl.load_workbook(path, data_only=True)
    formulas: Any = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    rows: dict[int, list[object]] = {}
    for row in page.iter_rows():
        cells = [said_by_openpyxl(cell, formulas.worksheets[0][cell.coordinate]) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            rows[row[0].row] = cells
    hidden = {number for number, how in page.row_dimensions.items() if how.hidden}
    merged: dict[int, dict[tuple[int, int], None]] = {}
    for it in page.merged_cells.ranges:
        if it.max_row > it.min_row:
            merged.setdefault(it.min_row, {})[it.min_col - 1, it.max_row] = None
    return rows, hidden, merged


def said_by_openpyxl(cell: Any, formula: Any) -> object:
    value = cell.value
    if value is None:
        return "#FORMULA?" if formula.data_type == "f" else ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return value if value.time() != time() else value.date()
    return float(value) if isinstance(value, int | float) else str(value)


@pytest.mark.parametrize("write", PACKED)
@TRIED_LESS
@given(seed=SEEDS)
def test_each_cell_is_what_openpyxl_says(held: Held, write: Callable[..., Path], seed: int) -> None:
    path = write(Path("a.xlsx"), random.Random(seed))  # noqa: S311
    rows, facts = read(path)
    expected, hidden, merged = as_openpyxl_says(path)
    assert dict(rows) == expected
    assert facts.hidden & {*expected} == hidden & {*expected}
    assert facts.merged == merged
    # How numbers are shown is told of those that openpyxl has such a format for, and of no others.
    page: Any = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    for number, cells in rows:
        for place, value in enumerate(cells, start=1):
            telling = page.cell(number, place).number_format in FORMATS[2:6]
            assert not isinstance(value, float) or isinstance(value, FormattedNumber) == telling


def prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?![?!])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


def turned(xml: str) -> str:
    """Return the attributes of each element in the other order, in other quotation marks."""

    def turn(found: re.Match[str]) -> str:
        said = [it.replace('"', "'") for it in re.findall(r' [\w:]+="[^"\']*"', found[2])]
        return f"<{found[1]}{' '.join(reversed(said))} {found[3]}>"

    return re.sub(r'<([\w:]+)((?: [\w:]+="[^"\']*")+)(/?)>', turn, xml)


def spelled_otherwise(parts: dict[str, str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the parts of a workbook as other programs may write them."""
    sheet, links = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
    for name, text in parts.items():
        xml = text
        if name == sheet:
            ways: list[Callable[[str], str]] = [
                lambda it: re.sub(r'(<c) r="[A-Z]+\d+"', r"\1", it) if "<c r" in it and is_dense(it) else it,
                lambda it: it.replace("><row", "><!-- </row><row r='1'> --> <row").replace(
                    "<sheetData>", "<sheetData >"
                ),
                lambda it: re.sub(r"<(v|t)>([^<&]*)</\1>", r"<\1><![CDATA[\2]]></\1>", it),
                lambda it: it if "CDATA" in it else re.sub(r"<v>(\d)", r"<v>&#x3\1;", it),
                lambda it: it.replace("spreadsheetml/2006/main", "SAME").replace(
                    "http://schemas.openxmlformats.org/SAME", "http://purl.oclc.org/ooxml/spreadsheetml/main"
                ),
                lambda it: it.replace("</sheetData>", "</sheetData><extLst><ext><row xmlns='y'/></ext></extLst>"),
                turned,
                prefixed,
            ]
            for way in chance.sample(ways, chance.randrange(1, 5)):
                xml = way(xml)
        elif name == links and chance.random() < 0.5:
            xml = text.replace('Target="worksheets/sheet1.xml"', 'Target="/xl/WORKSHEETS\\Sheet1.XML"')
        elif name in ("xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml") and chance.random() < 0.5:
            xml = turned(xml)
        yield name, xml


def is_dense(xml: str) -> bool:
    """Tell whether all rows of a sheet are filled from their first cell on, so that no cell needs its place."""
    rows = re.findall(r"<row[^>]*>(.*?)</row>", xml, re.DOTALL)
    return all(
        [it for it, _row in re.findall(r'<c r="([A-Z]+)(\d+)"', row)] == [*"ABCDEFGHIJ"[: row.count("<c ")]]
        for row in rows
    )


@pytest.mark.parametrize("write", PACKED)
@TRIED_LESS
@given(seed=SEEDS)
def test_a_sheet_holds_the_same_however_it_is_spelled(held: Held, write: Callable[..., Path], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    path, other = write(Path("a.xlsx"), chance), Path("b.xlsx")
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name).decode() for name in packed.namelist()}
    with zipfile.ZipFile(other, "w") as packed:
        for name, text in spelled_otherwise(parts, chance):
            packed.writestr(name, text)
    one, facts = read(path)
    again, others = read(other)
    assert one == again
    assert (facts.hidden, facts.merged) == (others.hidden, others.merged)
    shown = [[getattr(cell, "how", None) for cell in cells] for _number, cells in one]
    assert shown == [[getattr(cell, "how", None) for cell in cells] for _number, cells in again]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Damage a workbook: its bytes, those of a part, the attributes of one, or whole parts."""
    if not zipfile.is_zipfile(BytesIO(data)) or chance.random() < 0.3:
        return mutated(data, chance)
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = chance.choice([it for it in names if it.endswith((".xml", ".rels"))])
        way = chance.randrange(5)
        for name in names:
            part = old.read(name)
            if name == chosen and way == 0:
                continue
            if name == chosen:
                text = part.decode()
                ways: list[Callable[[], bytes]] = [
                    lambda: mutated(part, chance),  # noqa: B023  called at once
                    lambda: re.sub(r' [\w:]+="[^"]*"', lambda it: it[0] * (chance.random() < 0.9), text).encode(),  # noqa: B023
                    lambda: re.sub(r'="[^"]*"', lambda it: it[0] if chance.random() < 0.9 else '="9"', text).encode(),  # noqa: B023
                    lambda: re.sub(r">[^<]+<", lambda it: it[0] if chance.random() < 0.9 else ">-1<", text).encode(),  # noqa: B023
                ]
                part = ways[way - 1]()
            new.writestr(name, part)
    return packed.getvalue()


@pytest.mark.parametrize("write", WRITERS)
@TRIED_LESS
@given(seed=SEEDS)
def test_a_damaged_workbook_is_read_or_refused(held: Held, write: Callable[..., Path], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = write(Path("a.xls" if write is by_xlwt else "a.xlsx"), chance)
    path.write_bytes(damaged(path.read_bytes(), chance))
    held.call("import", "members", path, *(["--accept-valid"] if chance.random() < 0.5 else []))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
