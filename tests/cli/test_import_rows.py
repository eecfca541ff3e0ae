"""Every row of a table is read by the headings above it, or told: separators, quotations, several tables, days."""

from pathlib import Path

import pytest

from tests.conftest import Ucli

HEAD = "Họ và tên;Công đoàn cơ sở;Ngày kết nạp;Ghi chú"


def csv_file(path: Path, *lines: str, end: str = "\r\n") -> Path:
    path.write_bytes(("\r\n".join(lines) + end).encode())
    return path


def names(ucli: Ucli) -> list[str]:
    return sorted(it["name"] for it in ucli("members", "-f", "json").json if it["name"])


@pytest.mark.parametrize(
    "lines",
    [
        (HEAD.replace(";", ","), 'Trần Thị Mẫu,MAY,2/4/2024,"a; b; c; d; e"', 'Lê Thử,MAY,2/4/2024,"a; b; c; d; e"'),
        ('"DANH SÁCH, TỔ 1, TỔ 2, TỔ 3, THÁNG 4",,,', HEAD, "Trần Thị Mẫu;MAY;2/4/2024;", "Lê Thử;MAY;2/4/2024"),
        (HEAD, 'Trần Thị Mẫu;MAY;2/4/2024;"hồ sơ; thẻ;', 'ảnh; đơn"', "Lê Thử;MAY;2/4/2024;", "\x1a"),
        (HEAD.replace(";", "\t"), "Trần Thị Mẫu\tMAY\t2/4/2024\ta;b;c;d;e", "Lê Thử\tMAY\t2/4/2024\ta,b,c,d,e,f"),
    ],
)
def test_separators_in_titles_and_notes_part_no_cells(province: Ucli, tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert province("import", "members", csv_file(tmp_path / "a.csv", *lines), "-f", "json").json["new"] == 2
    assert names(province) == ["Lê Thử", "Trần Thị Mẫu"]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (('A;MAY;2/4/2024;"x', "B;MAY;2/4/2024;", 'C;MAY;2/4/2024;"'), "Line 2: a quotation that begins here runs to"),
        (('A;MAY;2/4/2024;"x', "B;MAY;2/4/2024;", "C;MAY;2/4/2024;"), "Line 2: a quotation that begins here is never"),
        (("A;MAY;2/4/2024;", 'B;"MAY;2/4/2024;', 'C;"MAY;2/4/2024;'), "Line 3: a quotation that begins here runs to"),
    ],
)
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_a_quotation_swallows_no_row(
    province: Ucli, ucli: Ucli, tmp_path: Path, lines: tuple[str, ...], told: str, end: str
) -> None:
    answer = ucli("import", "members", csv_file(tmp_path / "a.csv", HEAD, *lines, end=end), "--accept-valid", expect=4)
    assert told in answer.err
    assert names(province) == []
