"""A list of members as an office gets it, as CSV and as a workbook: made by rule, the same bytes every time."""

import csv
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.names import workplace

MEMBERS = 153_456
HEADINGS = ("Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Số thẻ", "Công đoàn cơ sở", "Ngày kết nạp")

_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô Dương Lý".split()
_MIDDLE = "Văn Thị Hữu Ngọc Đức Thanh Minh Quang Hồng Kim Xuân".split()
_GIVEN = (
    "An Bình Chi Dũng Giang Hà Hải Hạnh Hiếu Hoa Hùng Hương Khánh Lan Linh Mai Nam Nga Phúc Quân Sơn Thảo Tú".split()
)


def rows(unions: int) -> Iterator[tuple[str, ...]]:
    """Yield the members of a province's unions, line by line."""
    for i in range(MEMBERS):
        born = date(1962, 1, 1) + timedelta(i * 7919 % 15_000)
        woman = i % 3 != 0
        century = (2 if born.year >= 2000 else 0) + woman
        yield (
            f"{_FAMILY[i % len(_FAMILY)]} {_MIDDLE[i % len(_MIDDLE)]} {_GIVEN[i % len(_GIVEN)]}",
            f"{born:%d/%m/%Y}",
            "nữ" if woman else "nam",
            f"034{century}{born:%y}{i:06}",
            f"TB{i:07}",
            workplace(i * 31 % unions),
            f"{date(2021, 1, 1) + timedelta(i * 104_729 % 1_800):%d/%m/%Y}",
        )


def write_csv(path: Path, unions: int) -> None:
    """Write the list as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(unions))


def write_workbook(path: Path, unions: int) -> None:
    """Write the list as a workbook of one sheet, its texts shared as spreadsheet programs keep them."""
    shared: dict[str, int] = {}
    lines = []
    for number, row in enumerate((HEADINGS, *rows(unions)), start=1):
        cells = "".join(
            f'<c r="{column}{number}" t="s"><v>{shared.setdefault(text, len(shared))}</v></c>'
            for column, text in zip("ABCDEFG", row, strict=True)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    texts = "".join(f"<si><t>{escape(text)}</t></si>" for text in shared)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}" count="{len(lines) * 7}" uniqueCount="{len(shared)}">'
        f"{texts}</sst>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            # A fixed day inside, for the same bytes every time.
            book.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>{text}', zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    # A process of its own, for what it holds in memory would be counted to the commands that the caller measures.
    write_csv(Path(sys.argv[1]), int(sys.argv[3]))
    write_workbook(Path(sys.argv[2]), int(sys.argv[3]))
