"""Files of some kilobytes that would fill all memory are refused, in a process that may take a gigabyte and no more."""

import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.test_import_unreadable import packed
from tests.conftest import Ucli

resource = pytest.importorskip("resource")

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SIZE = 8 << 20  # of a part, unpacked: a hundred thousand times what is packed
HEAD = ("Họ và tên", "CĐCS", "Ngày kết nạp")
ROWS = f"<worksheet {MAIN}><sheetData>{{}}</sheetData>{{}}</worksheet>"


def filled(piece: str, *, numbered: bool = False) -> str:
    count = SIZE // (len(piece) + 6 * numbered)
    return "".join(piece % it for it in range(count)) if numbered else piece * count


def book(**parts: str) -> bytes:
    """Return a workbook of one member, of which some parts are others."""
    made, spoiled = BytesIO(), BytesIO()
    whole = xlsxwriter.Workbook(made)
    sheet = whole.add_worksheet()
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ("Lê Thử", "MAY", "20/4/2024"))
    whole.close()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(spoiled, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in old.namelist():
            text = parts.get(Path(name).stem.rstrip("1"), old.read(name).decode())
            new.writestr(name, text)
    return spoiled.getvalue()


def sheet(rows: str, below: str = "") -> bytes:
    return book(sheet=ROWS.format(rows, below))


def spreadsheet(rows: str, styles: str = "", table: str = "") -> bytes:
    spaces = "".join(
        f' xmlns:{it}="urn:oasis:names:tc:opendocument:xmlns:{it}:1.0"' for it in ("office", "table", "text", "style")
    )
    content = (
        f"<office:document-content{spaces}>{styles}<office:body><office:spreadsheet>{table}"
        f'<table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", content)
    return made.getvalue()


def row_of(cell: str) -> str:
    return f"<table:table-row>{cell}</table:table-row>"


def text_cell(text: str, said: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {said}><text:p>{text}</text:p></table:table-cell>'


def many_parts() -> bytes:
    entry = b"PK\x01\x02" + struct.pack("<HHHHHHIIIHHHHHII", 20, 20, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0)
    listed = b"".join(entry + b"%04x" % (it & 0xFFFF) for it in range(SIZE // 50))
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 9, 9, len(listed), 30, 0)
    return b"PK\x03\x04" + bytes(26) + listed + end


HOSTILE: dict[str, Callable[[], bytes]] = {
    "elements in each other.xlsx": lambda: sheet(filled("<a>")),
    "texts in each other.xlsx": lambda: sheet('<row r="1"><c r="A1"><is>' + filled("<t>")),
    "names of elements.xlsx": lambda: sheet(filled("<a%x/>", numbered=True)),
    "names of attributes.xlsx": lambda: sheet(filled('<a b%x="1"/>', numbered=True)),
    "a long tag.xlsx": lambda: sheet(f'<row r="1" x="{filled("x")}"/>'),
    "a long text.xlsx": lambda: sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{filled("x")}</t></is></c></row>'),
    "a long comment.xlsx": lambda: sheet(f"<!--{filled('x')}-->"),
    "cells without places.xlsx": lambda: sheet(f"<row>{filled('<c><v>1</v></c>')}</row>"),
    "rows without places.xlsx": lambda: sheet('<row r="1000000"/>' + filled("<row/>")),
    "a row far away.xlsx": lambda: sheet('<row r="9999999"><c r="A9999999"><v>1</v></c></row>'),
    "wide rows.xlsx": lambda: sheet(
        "".join(f'<row r="{it}"><c r="XFD{it}"><v>1</v></c></row>' for it in range(1, 2000))
    ),
    "one text in each cell.xlsx": lambda: book(
        sharedStrings=f"<sst {MAIN}><si><t>{'x' * 60_000}</t></si></sst>",
        sheet=ROWS.format("<row>" + '<c t="s"><v>0</v></c>' * 16_000 + "</row>", ""),
    ),
    "a text too long to share.xlsx": lambda: book(sharedStrings=f"<sst {MAIN}><si><t>{filled('x')}</t></si></sst>"),
    "styles.xlsx": lambda: book(styles=f"<styleSheet {MAIN}><cellXfs>{filled('<xf/>')}</cellXfs></styleSheet>"),
    "merged.xlsx": lambda: sheet("", "<mergeCells>" + filled('<mergeCell ref="A1:A%d"/>', numbered=True)),
    "laughs.xlsx": lambda: book(
        sheet='<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        + ROWS.format('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>', "")
    ),
    "parts.xlsx": many_parts,
    "cells a thousand million times.ods": lambda: spreadsheet(
        row_of(text_cell("x", 'table:number-columns-repeated="16384"')).replace(
            "<table:table-row", '<table:table-row table:number-rows-repeated="1048570"'
        )
    ),
    "spaces.ods": lambda: spreadsheet(row_of(text_cell("a" + filled('<text:s text:c="999999999"/>')))),
    "a long text.ods": lambda: spreadsheet(row_of(text_cell(filled("x")))),
    "spans in each other.ods": lambda: spreadsheet("<table:table-row><table:table-cell>" + filled("<text:span>")),
    "tables.ods": lambda: spreadsheet("", table=filled('<table:table table:name="x"/>')),
    "styles.ods": lambda: spreadsheet(
        "",
        styles=filled(
            '<style:style style:name="x%d"><style:table-properties table:display="false"/></style:style>', numbered=True
        ),
    ),
}

# Each file in turn; the exit codes, and at last the most memory that it took, in MiB.
RUN = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from ucli.cli.run import run
for file in sys.argv[2:]:
    print(run(["--db", sys.argv[1], "import", "members", file]), file, sep="\\t", flush=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10)
"""


def test_no_file_takes_all_memory(province: Ucli, tmp_path: Path) -> None:
    files = []
    for name, data in HOSTILE.items():
        files.append(tmp_path / name)
        files[-1].write_bytes(data())
    words = [sys.executable, "-c", RUN, str(tmp_path / "so.db"), *map(str, files)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    *codes, most = done.stdout.splitlines()
    assert [it for it in codes if not it.startswith("4\t")] == [], done.stderr
    assert len(codes) == len(files)
    assert done.stderr.count("is larger than any list") + done.stderr.count("is damaged") == len(files), done.stderr
    assert int(most) < 512
    # The files are small.
    assert max(it.stat().st_size for it in files if it.name != "parts.xlsx") < SIZE


def test_a_file_that_unpacks_to_a_gigabyte_is_refused_before_it_is_unpacked(
    province: Ucli, ucli: Ucli, tmp_path: Path
) -> None:
    piece = bytes(1 << 20)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for place in range(5):
            with file.open(f"xl/media/{place}.bin", "w") as part:
                for _turn in range(128):
                    part.write(piece)
    assert "larger than any list" in ucli("import", "members", tmp_path / "a.xlsx", expect=4).err
    (tmp_path / "b.zip").write_bytes(packed(**{"a.csv": "x"}))
    assert "a packed folder" in ucli("import", "members", tmp_path / "b.zip", expect=4).err
