"""What no table can be read from is told by what it is; what is damaged beside a sound sheet stops nobody."""

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.test_import_sheets import MEMBERS, TWO
from tests.conftest import Ucli, shell

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)
HEAD = "Họ và tên;CĐCS;Ngày kết nạp\n"
ROW = "Lê Thử;MAY;20/4/2024\n"


def packed(**parts: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return file.getvalue()


def old_book(*records: tuple[int, bytes]) -> bytes:
    """Return a workbook of old Excel."""
    return container("Workbook", b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in records))


def container(of: str, stream: bytes = b"") -> bytes:
    """Return a container of one stream: a table of sectors, eight sectors of the stream, and one of names."""
    free, last = 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, *range(2, 9), last, last, *[free] * 118]
    names = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0")
        + struct.pack("<HBBIII", 2 * len(name) + 2, kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
        for name, kind, child, start, size in (("Root Entry", 5, 1, last, 0), (of, 2, free, 1, 4096))
    )
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 9, 0, 4096, last, 0, last, 0) + struct.pack("<I108I", 0, *[free] * 108)
    return head + struct.pack("<128I", *table) + stream.ljust(4096, b"\0") + names.ljust(512, b"\0")


def two_sheets(path: Path, damaged: int, spoiled: Callable[[bytes], bytes]) -> Path:
    """Write a workbook of two sheets with the same heading, and spoil one of them."""
    book: Any = openpyxl.Workbook()
    book.active.title = "Một"
    for sheet, row in zip((book.active, book.create_sheet("Hai")), TWO, strict=True):
        sheet.append(MEMBERS)
        sheet.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts[f"xl/worksheets/sheet{damaged}.xml"] = spoiled(parts[f"xl/worksheets/sheet{damaged}.xml"])
    with zipfile.ZipFile(path, "w") as book:
        for name, data in parts.items():
            book.writestr(name, data)
    return path


LOCKED_XLS = old_book((0x809, bytes.fromhex("0006050000000000") + bytes(8)), (0x2F, bytes(54)))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.xlsx", container("EncryptedPackage"), "locked with a password"),
        ("a.xls", LOCKED_XLS, "locked with a password"),
        ("a.xls", container("WordDocument"), "a document of Word"),
        ("a.xlsx", packed(**{"word/document.xml": "<w/>"}), "a document of Word"),
        ("a.xlsb", packed(**{"xl/workbook.bin": ""}), "a binary workbook (.xlsb)"),
        ("a.xlsx", packed(**{"[Content_Types].xml": ""}), "it is damaged or incomplete"),
        ("a.zip", packed(**{"a.xlsx": ""}), "a packed folder (.zip)"),
        ("a.numbers", packed(**{"Index/Document.iwa": ""}), "Apple Numbers"),
        ("a.pptx", packed(**{"ppt/presentation.xml": ""}), "a presentation"),
        ("a.odt", packed(mimetype="application/vnd.oasis.opendocument.text", a=""), "a document of LibreOffice"),
        (
            "a.ods",
            packed(**{"content.xml": "x", "META-INF/manifest.xml": "<encryption-data/>"}),
            "locked with a password",
        ),
        (
            "a.fods",
            b'<?xml version="1.0"?>\n<!-- --><office:document mime="application/vnd.oasis.opendocument.spreadsheet">',
            "It is XML",
        ),
        ("a.xls", OLE, "it is damaged or incomplete"),
        ("a.xls", b"\xef\xbb\xbf <HTML><table><tr><td>1</td></tr></table>", "a web page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "It is XML"),
        ("a.xls", b"{\\rtf1\\ansi 1}", "a document of Word"),
        ("a.xls", b"<!-- x --><table border=1><tr><td>1</td></tr></table>", "a web page"),
        ("a.xls", b'<?xml version="1.0"?><html xmlns="x"><body/></html>', "a web page"),
        ("a.xls", "\ufeff<html><table><tr><td>1</td></tr></table>".encode("utf-16-le"), "a web page"),
        ("a.xls", b"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "a web page"),
        ("a.mht", b"From: a\nContent-Type: multipart/related; type=x\n", "a web page"),
        ("a.gsheet", b'{"doc_id": "x"}', "a link to Google Sheets"),
        ("~$a.xlsx", b"\x05Lan" + bytes(160), "the lock file that Excel keeps"),
        ("a.xlsx - Shortcut.lnk", b"L\0\0\0\x01\x14\x02\0" + bytes(68), "a shortcut"),
        ("a.url", b"[InternetShortcut]\r\nURL=https://example.org/a.xlsx\r\n", "a shortcut"),
        ("a.json", b'[\n {"name": "x"}]', "It is JSON"),
        ("a.xlsx", b"\x89PNG\r\n", "a picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "a picture"),
        ("a.csv.gz", b"\x1f\x8b\x08", "a packed folder"),
        ("a.rar", b"Rar!\x1a", "a packed folder"),
        ("a.xlsx", b"%PDF-1.4\n%\xe2\xe3", "a PDF document"),
        ("a.csv", f"{HEAD}Lê\0Thử;MAY;20/4/2024\n".encode(), "Line 2 holds a NUL character"),
        ("a.csv", f"{HEAD}{ROW * 50}\0".encode(), "Line 52 holds a NUL character"),
        ("a.csv", f"{HEAD}{ROW}".encode("utf-16-le"), "UTF-16 without the mark"),
        ("a.csv", f"{HEAD}{ROW}".encode("utf-16-be"), "UTF-16 without the mark"),
    ],
)
def test_a_file_is_told_by_what_it_is(
    province: Ucli, ucli: Ucli, tmp_path: Path, name: str, data: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert told in ucli("import", "members", tmp_path / name, expect=4).err


def test_csv_in_the_clothes_of_a_workbook_and_unicode_text_are_read(province: Ucli, tmp_path: Path) -> None:
    for name, data in (("a.xls", (HEAD + ROW).encode()), ("a.txt", (HEAD + ROW).replace(";", "\t").encode("utf-16"))):
        (tmp_path / name).write_bytes(data)
        assert province("import", "members", tmp_path / name, "-n", "-f", "json").json["new"] == 1


@pytest.mark.parametrize("spoiled", [lambda text: text[: len(text) // 2], lambda _text: b"<x><y"], ids=["cut", "junk"])
def test_a_damaged_sheet_beside_a_sound_one_stops_nobody(
    province: Ucli, ucli: Ucli, tmp_path: Path, spoiled: Callable[[bytes], bytes]
) -> None:
    file = two_sheets(tmp_path / "a.xlsx", 2, spoiled)
    answer = province("import", "members", file, "-n", "-f", "json")
    assert answer.json["new"] == 1
    assert "not “Hai”" in answer.err
    file = two_sheets(tmp_path / "b.xlsx", 1, spoiled)
    said = ucli("import", "members", file, expect=4).err
    assert "The sheet “Một” is damaged." in said
    assert "--sheet NAME reads another: Hai." in said
    assert province("import", "members", file, "--sheet", "Hai", "-n", "-f", "json").json["new"] == 1


def test_an_xls_that_is_cut_or_has_a_cell_where_none_can_be_is_damaged(province: Ucli, tmp_path: Path) -> None:
    """In a process of its own: over such files the reader breaks down, or takes all memory and is ended."""
    begin, end = (0x809, struct.pack("<HHIII", 0x600, 5, 0, 0, 0)), (0x0A, b"")
    sheet = (0x809, struct.pack("<HHIII", 0x600, 16, 0, 0, 0))
    named = (0x85, struct.pack("<IHBB", 20 + 4 + 9 + 4, 0, 1, 0) + b"A")
    cells = [(0x203, struct.pack("<HHHd", *place, 0, 1.0)) for place in ((0, 0), (65535, 65535))]
    far = old_book(begin, named, end, sheet, *cells, end)
    for data in (far, far[:-700], far[:4700]):
        (tmp_path / "a.xls").write_bytes(data)
        answer = shell(f"ucli --db {tmp_path}/so.db import payouts {tmp_path}/a.xls")
        assert answer.code == 4, answer
        assert "is damaged" in answer.err


MACROS = "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"


@pytest.mark.parametrize("alone", [True, False])
def test_sheets_with_macros_of_old_excel_are_no_tables(
    province: Ucli, ucli: Ucli, tmp_path: Path, *, alone: bool
) -> None:
    file = two_sheets(tmp_path / "a.xlsm", 1, lambda _text: b"<xm:macrosheet xmlns:xm='x'/>")
    with zipfile.ZipFile(file) as whole:
        parts = {name: whole.read(name).decode() for name in whole.namelist()}
    links = "xl/_rels/workbook.xml.rels"
    for number in ("1", "2")[: 2 if alone else 1]:
        parts[links] = re.sub(
            rf"<Relationship [^>]*sheet{number}\.xml[^>]*>",
            lambda it: re.sub(r'Type="[^"]*"', f'Type="{MACROS}"', it[0]),
            parts[links],
        )
    file.write_bytes(packed(**parts))
    if alone:
        assert "only sheets with macros of old Excel" in ucli("import", "members", file, expect=4).err
    else:
        assert province("import", "members", file, "-n", "-f", "json").json["new"] == 1


def test_a_sheet_with_macros_in_an_xls_is_no_table(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    begin, end = (0x809, struct.pack("<HHIII", 0x600, 5, 0, 0, 0)), (0x0A, b"")
    named = (0x85, struct.pack("<IBBBB", 20 + 4 + 9 + 4, 0, 1, 1, 0) + b"A")
    sheet = (0x809, struct.pack("<HHIII", 0x600, 0x40, 0, 0, 0))
    (tmp_path / "a.xls").write_bytes(old_book(begin, named, end, sheet, end))
    assert "The workbook has no sheet" in ucli("import", "members", tmp_path / "a.xls", expect=4).err
