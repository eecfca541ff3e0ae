"""An office's own template: what it may say, and what it may not; who signs, and what is said at the head."""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pytest

from tests.conftest import Ucli

REPORT = ("report", "--period", "2024", "--lang", "vi")


def said(file: Path) -> list[str]:
    """Return all paragraphs of a document, those of its tables included."""
    document = docx.Document(str(file))
    paragraphs = [it for it in document.element.body.iter() if it.tag.endswith("}p")]
    return ["".join(text.text or "" for text in it.iter() if text.tag.endswith("}t")) for it in paragraphs]


def with_text(file: Path, text: str) -> Path:
    document = docx.Document(str(file))
    document.add_paragraph(text)
    document.save(str(file))
    return file


@pytest.fixture
def own(province: Ucli, tmp_path: Path) -> Path:
    """Write the shipped template, to be changed."""
    province("template", "document", "-o", tmp_path / "mine.docx")
    return tmp_path / "mine.docx"


def test_an_office_fills_its_own_template(province: Ucli, own: Path, tmp_path: Path) -> None:
    with_text(own, "Người lập biểu: {{ signer }} của {{ own }}")
    answer = province(*REPORT, "--template", own, "--signer", "Lê Ví Dụ", "-o", tmp_path / "a.docx")
    assert "Người lập biểu: Lê Ví Dụ của Liên đoàn Lao động tỉnh Thái Bình" in said(tmp_path / "a.docx")
    assert str(tmp_path / "a.docx") in answer.err


@pytest.mark.parametrize(
    "text",
    [
        "{{ nothing_of_this_name }}",
        "{% if told %}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% include '/etc/hostname' %}",
        "{% import '/etc/hostname' as it %}",
        "{{ told.append.__globals__ }}",
        "{{ 1 / 0 }}",
        "{{ told[999] }}",
    ],
)
def test_a_wrong_template_is_a_clear_error(ucli: Ucli, own: Path, tmp_path: Path, text: str) -> None:
    answer = ucli(*REPORT, "--template", with_text(own, text), "-o", tmp_path / "a.docx", expect=4)
    assert str(own) in answer.err
    assert "bug" not in answer.err
    assert not (tmp_path / "a.docx").exists()


def test_a_field_that_there_is_none_of_is_named(ucli: Ucli, own: Path, tmp_path: Path) -> None:
    asked = ("--template", with_text(own, "{{ nguoi_lap }}"), "-o", tmp_path / "a.docx")
    assert "Không có trường 'nguoi_lap'." in ucli(*REPORT, *asked, expect=4).err


def test_a_template_without_a_table_keeps_its_paper(province: Ucli, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Kính gửi: {{ upper }}. {{ told[0] }}")
    document.save(str(tmp_path / "thu.docx"))
    province(*REPORT, "--by", "district", "--template", tmp_path / "thu.docx", "-o", tmp_path / "a.docx")
    [section] = docx.Document(str(tmp_path / "a.docx")).sections
    assert (section.page_width or 0) < (section.page_height or 0)
    assert "Toàn tỉnh" in said(tmp_path / "a.docx")[0]


def test_what_is_no_template_is_refused(ucli: Ucli, own: Path, tmp_path: Path) -> None:
    to = ("-o", tmp_path / "a.docx")
    ucli(*REPORT, "--template", tmp_path / "none.docx", *to, expect=2)
    ucli(*REPORT, "--template", own, "-o", tmp_path / "a.html", expect=2)
    ucli(*REPORT, "--template", own, "-f", "csv", expect=2)
    for content in (b"no ZIP file", b"PK\x03\x04", empty_zip()):
        (tmp_path / "bad.docx").write_bytes(content)
        ucli(*REPORT, "--template", tmp_path / "bad.docx", *to, expect=4)


def empty_zip() -> bytes:
    with zipfile.ZipFile(file := BytesIO(), "w") as parts:
        parts.writestr("a.txt", "")
    return file.getvalue()


def test_a_page_too_is_filled_into_a_template_of_its_own(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    province("template", "document", "-o", tmp_path / "mine.html")
    page = (tmp_path / "mine.html").read_text(encoding="utf-8")
    (tmp_path / "mine.html").write_text(page.replace("<main>", "<main><p>{{ number }}</p>"), encoding="utf-8")
    province(*REPORT, "--number", "45", "--template", tmp_path / "mine.html", "-o", tmp_path / "a.html")
    assert "<p>45/BC-LĐLĐ</p>" in (tmp_path / "a.html").read_text(encoding="utf-8")
    (tmp_path / "mine.html").write_text("{{ nothing }}", encoding="utf-8")
    ucli(*REPORT, "--template", tmp_path / "mine.html", "-o", tmp_path / "b.html", expect=4)


def test_a_letterhead_is_kept_and_what_is_new_is_typed(province: Ucli, ucli: Ucli, tmp_path: Path) -> None:
    told = province("set-letterhead", "--signer", "Nguyễn Ví Dụ", "--recipients", "Tỉnh ủy (để báo cáo); Lưu: VT.").err
    assert "Lưu: VT. " in told
    province("set-letterhead", "--place", "Kiến Xương")
    province(*REPORT, "--number", "45", "--dated", "5/7/2024", "-o", tmp_path / "a.docx")
    texts = said(tmp_path / "a.docx")
    for text in ("Số: 45/BC-LĐLĐ", "Kiến Xương, ngày 05 tháng 7 năm 2024", "Nguyễn Ví Dụ", "CHỦ TỊCH"):
        assert text in texts
    assert texts[texts.index("Nơi nhận:") :][1:3] == ["- Tỉnh ủy (để báo cáo)", "- Lưu: VT."]
    typed = ("--signer", "Trần Thị Mẫu", "--signer-title", "KT. CHỦ TỊCH")
    province(*REPORT, *typed, "-o", tmp_path / "b.docx")
    assert {"Trần Thị Mẫu", "KT. CHỦ TỊCH"} < set(said(tmp_path / "b.docx"))
    province("undo")
    province(*REPORT, "-o", tmp_path / "c.docx")
    assert not [it for it in said(tmp_path / "c.docx") if it.startswith("Kiến Xương")]
    ucli("set-letterhead", expect=2)
    ucli(*REPORT, "--number", "45", expect=2)
