"""The example scripts run, and what the articles printed comes out as printed."""

from pathlib import Path

import openpyxl
import pytest
from docx import Document

from tests.conftest import ROOT, Answer, shell

PUBLISHED = {
    "01-thai-nguyen-2023.sh": ["≥ 230.000", "153.456", "1.395", "34", "177", "≥ 1.000"],
    "02-thai-binh-2024.sh": [
        "1.110", "280", "≥ 3.000", "7.500", "≥ 296.500", "≥ 96.400.000.000", "900.000.000",
        "29,7%", "≥ 7.000", "10.800", "≥ 64,8%", "36,8", "5.370,5", "5.000", "300",
    ],
    "03-vien-chuc-2023.sh": ["10/11", "56/56", "224", "≥ 9.600", "3.766", "402", "≥ 90%", "554", "95%", "21", "112"],
    "04-lao-cai-2022.sh": ["≥ 3.850", "1.307", "2"],
    "05-tuyen-quang-cum-1-2023.sh": [
        "1.951", "1.000.000.000", "96%", "27", "22", "122,7%", "2.425", "1.720", "141%", "744", "824", "90%", "100%",
        "1.500", "85%",
        "Cờ thi đua đơn vị xuất sắc dẫn đầu: LĐLĐ huyện Sơn Dương, LĐLĐ huyện Hàm Yên, LĐLĐ huyện Chiêm Hóa.",
    ],
}  # fmt: skip
MADE_UP = {
    "08-sau-thang-2025.sh": ["66,1%", "6.182", "436*", "5/6 đơn vị", "chỉ tiêu năm 2025"],
    "09-giao-chi-tieu-2025.sh": ["1.454", "848", "123", "333.333.334", "1.155", "924", "346", "2.401", "12.003"],
    "10-cham-diem-2025.sh": ["97", "96", "91,75?", "81?", "4,25", "10,75", "Khá?", "23,75?"],
    "11-so-cung-ky-2025.sh": [
        "801",
        "-151",
        "-18,9%",
        "12,5%",
        "2.001",
        "5.701",
        "tăng 12,5% so với cùng kỳ năm 2024",
        "tăng 12,5 điểm %",
        "không so sánh được với cùng kỳ (số liệu ước chừng)",
    ],
    "12-thang-bao-cao-2025.sh": [
        "Hạn báo cáo 05/07/2025: 1/3 đơn vị đúng hạn. Chậm hạn: LĐLĐ huyện Bình (4 ngày). Chưa có: LĐLĐ huyện Cửu.",
        "(mã thoát 6: có đơn vị chậm hạn hoặc chưa báo cáo)",
        "Đoàn viên ưu tú giới thiệu cho Đảng ≥ Đoàn viên được kết nạp Đảng, 2025-06: 3 so với 5",
        "Kỳ tháng 6 Lượt lao động được tư vấn pháp luật lượt — 34*",
        "ucli template figures --period 2025-06 -o so-lieu-2025-06.xlsx",
        "đã khóa",
    ],
    "13-phan-to-2025.sh": [
        "chỉ tính khu vực: FDI",
        "240",
        "chỉ tính giới tính: nữ",
        "CĐCS Trạm Mẫu Đoàn viên kết nạp mới đoàn viên — 2",
        "60.000.000",
        "85.000.000",
        "2/3 (66,7%)",
        "1/2 (50,0%)",
        "Công đoàn cấp trên cơ sở lập mới đơn vị — 2",
        "CĐCS thành viên CĐCS Nhà máy Thử",
    ],
    "14-chi-va-nguoi-trung-2025.sh": [
        "2024 Nhà Mái ấm Công đoàn được hỗ trợ nhà — 1",
        "2025 Nhà Mái ấm Công đoàn được hỗ trợ nhà — 0",
        "Tổng cộng Kinh phí hỗ trợ nhà Mái ấm Công đoàn đồng — 60.000.000",
        "đồng — ≥ 49.000.000",
        "1 khoản chưa rõ giá trị",
        "đồng — 57.000.000",
        "Đoàn viên kết nạp mới đoàn viên — 2",
        "Đoàn viên kết nạp mới đoàn viên — 1",
    ],
}
REORGANISED = {
    "06-hung-yen-2025.sh": ["165", "120", "45", "100", "60", "160", "103,1%", "202/2025/QH15"],
    "07-ha-tinh-2025.sh": ["1.473", "72.059", "1.031", "34.806", "442", "37.253"],
}
EXAMPLES = {**PUBLISHED, **REORGANISED, **MADE_UP}


def example(name: str, tmp_path: Path, *words: str, lang: str = "vi") -> Answer:
    arguments = " ".join(f"'{word}'" for word in words)
    return shell(f"examples/{name} {arguments}", env={"UCLI_DB": str(tmp_path / "so.db"), "UCLI_LANG": lang})


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_examples_figures_come_out_as_published(tmp_path: Path, name: str) -> None:
    answer = example(name, tmp_path)
    assert answer.code == 0, answer.err
    words = answer.out.split()
    text = " ".join(words)
    for printed in EXAMPLES[name]:
        assert printed in text if " " in printed else printed in words or f"({printed})" in words, printed


def test_every_script_of_the_examples_is_run_here() -> None:
    assert {path.name for path in (ROOT / "examples").glob("[0-9]*.sh")} == {*EXAMPLES}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.usefixtures("province")
def test_an_example_writes_into_no_ledger_that_is_there(tmp_path: Path, name: str) -> None:
    ledger = tmp_path / "so.db"
    before = ledger.read_bytes()
    answer = example(name, tmp_path)
    assert answer.code == 5
    assert str(ledger) in answer.err
    assert not answer.out
    assert ledger.read_bytes() == before


def test_an_example_speaks_english_too(tmp_path: Path) -> None:
    answer = example("02-thai-binh-2024.sh", tmp_path, lang="en")
    assert "Grassroots unions newly founded" in answer.out
    assert "29,7%" in answer.out


@pytest.mark.usefixtures("province")
def test_the_monthly_summary_works_under_cron(tmp_path: Path) -> None:
    out = tmp_path / "bao cao"
    out.mkdir()
    (out / "HH-2024-06.csv").write_text("của lần chạy trước", encoding="utf-8")
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    script = f"env -i PATH=\"$PATH\" HOME='{home}' LC_ALL=C TZ=UTC UCLI_DB='{tmp_path}/so.db' bash -euo pipefail -c"
    call = f"{script} \"examples/monthly-summary.sh 'tỉnh Thái Bình' 2024-06 '{out}'\" </dev/null"
    answer = shell(call)
    assert answer.code == 0, answer.err
    names = {path.name for path in out.iterdir()}
    assert {"34-2024-06.csv", "HH-2024-06.json", "tong-hop-2024-06.csv"} <= names
    assert len(names) == 7
    assert (out / "HH-2024-06.csv").read_text(encoding="utf-8").startswith("unit_code,unit,")


@pytest.mark.usefixtures("province")
def test_the_monthly_summary_writes_what_people_open_in_vietnamese(tmp_path: Path) -> None:
    out = tmp_path / "bao-cao"
    answer = example(
        "monthly-summary.sh", tmp_path, "--formats", "csv,xlsx,docx", "Thái Bình", "2024-06", str(out), lang="en"
    )
    assert answer.code == 0, answer.err
    files = {f"{unit}-2024-06.{kind}" for unit in ("34", "HH", "KX", "tong-hop") for kind in ("csv", "xlsx", "docx")}
    assert {path.name for path in out.iterdir()} == files
    book = openpyxl.load_workbook(out / "HH-2024-06.xlsx")
    assert "Thực hiện" in {cell.value for row in book.active.iter_rows() for cell in row}
    document = Document(str(out / "tong-hop-2024-06.docx"))
    assert "Đơn vị" in {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert (out / "HH-2024-06.csv").read_text(encoding="utf-8").startswith("unit_code,unit,")
    assert "--" not in "".join(paragraph.text for paragraph in document.paragraphs)  # an option of the command line
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), 2),
        (("", "2023-06", "x"), 2),
        (("A", "2023-13", "x"), 2),
        (("Không Có", "2023-06", "x"), 3),
        (("--formats", "pdf", "A", "2023-06", "x"), 2),
        (("--formats", "", "A", "2023-06", "x"), 2),
    ],
)
@pytest.mark.usefixtures("province")
def test_the_monthly_summary_says_what_is_wrong(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    out = tuple(str(tmp_path / word) if word == "x" else word for word in words)
    answer = example("monthly-summary.sh", tmp_path, *out)
    assert answer.code == code
    assert answer.err
