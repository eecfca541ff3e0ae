"""Documents and workbooks as they come out of a printer: LibreOffice makes PDF of them, and their text is read back."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Ucli

pytestmark = pytest.mark.skipif(
    not (shutil.which("soffice") and shutil.which("pdftotext")), reason="LibreOffice or poppler is not installed"
)

YEAR = ("--period", "2024", "--lang", "vi")
INDICATORS = ("members-admitted", "unions-founded", "party-introduced", "news-items", "welfare-amount", "legal-advice")


@pytest.fixture
def districts(province: Ucli, tmp_path: Path) -> Ucli:
    """Ten districts, each with targets and results that have a number of their own."""
    lines = []
    for number in range(10):
        lines.append(f"add-unit 'LĐLĐ huyện Vĩnh Phú Trung {number}' --kind district --code D{number}")
        for place, indicator in enumerate(INDICATORS):
            value = 1_234_500 + 1_000 * number + 100 * place
            lines.append(f"set-target {indicator} {value + 7} --unit D{number} --period 2024 --yes")
            lines.append(f"add-figure {indicator} {value} --unit D{number} --period 2024 --yes")
    (tmp_path / "lenh.txt").write_text("\n".join(lines), encoding="utf-8")
    province("batch", "--atomic", tmp_path / "lenh.txt")
    return province


def pages(folder: Path, *names: str) -> dict[str, list[str]]:
    """Return the text of each page of some files, all printed in one run, by their names."""
    convert: list[str | Path] = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/office",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    files = [folder / it for it in names]
    subprocess.run([*convert, "--outdir", folder, *files], check=True, capture_output=True, env=os.environ, timeout=120)
    found = {}
    for it in files:
        read: list[str | Path] = ["pdftotext", "-layout", it.with_suffix(".pdf"), "-"]
        text = subprocess.run(read, check=True, capture_output=True, text=True).stdout
        found[it.name] = text.rstrip("\f").split("\f")
    return found


def test_numbers_are_whole_and_no_signature_stands_alone(districts: Ucli, tmp_path: Path) -> None:
    scheme = tmp_path / "thang.csv"
    lines = [f"tiêu chí;Nội dung thi đua thứ {it} của năm;{INDICATORS[it % 5]};{it + 3};tỷ lệ" for it in range(12)]
    scheme.write_text("\n".join(["Loại;Nội dung;Mã;Điểm;Cách chấm", *lines]), encoding="utf-8")
    written = {
        "report.docx": ("report", "--by", "district"),
        "report.xlsx": ("report", "--by", "district"),
        "score.docx": ("score", scheme, "--by", "district"),
        "movement.docx": ("movement", "--by", "district"),
    }
    for name, asked in written.items():
        districts(*asked, *YEAR, "-o", tmp_path / name)
    printed = pages(tmp_path, *written)

    report = districts("report", "--by", "district", *YEAR, "-f", "json").json
    rows = [row for group in report["groups"] for row in group["rows"] if row["target"]]
    assert len(rows) == 60
    for name in ("report.docx", "report.xlsx"):
        words = set("\n".join(printed[name]).split())
        for row in rows:
            scale = {"welfare-amount": 10**6}.get(row["indicator"], 1)
            for number in (row["actual"], row["target"]):
                whole, rest = divmod(number, scale)
                text = f"{whole:,}".replace(",", ".") + (f",{rest:06d}".rstrip("0") if rest else "")
                told = {text, text.replace(".", " ").replace(",", "."), f"{number:,}".replace(",", ".")}
                assert told & words or {f"{number:,}", f"{number / scale:,}"} & words, (name, row["indicator"], number)
    scores = districts("score", scheme, "--by", "district", *YEAR, "-f", "json").json
    words = set("\n".join(printed["score.docx"]).split())
    assert {it["total"].replace(".", ",") for it in scores["rows"]} <= words

    for name, texts in printed.items():
        [signed] = [it for it in texts if "TM. BAN THƯỜNG VỤ" in it]
        beside = re.sub(r"Nơi nhận.*|TM\. BAN.*|CHỦ TỊCH|^-.*|^\W*\d*\W*$|.*ngày \d.*", "", signed, flags=re.MULTILINE)
        assert re.search(r"\w", beside), (name, signed)
