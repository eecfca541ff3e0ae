"""A document has the form that unions write theirs in; it is read back as the XML that Word reads."""

import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.conftest import Ucli
from ucli.errors import RejectedError
from ucli.render import Column, Sheet, render
from ucli.reports.letterhead import Letterhead
from ucli.values.dates import formal_date_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REPORT = ("report", "--period", "2024")
Document = Callable[..., ET.Element]


@pytest.fixture
def document(province: Ucli, tmp_path: Path) -> Document:
    """Write an answer as a document, and open it."""

    def of(*words: object) -> ET.Element:
        province(*words, "-o", tmp_path / "a.docx", "--force")
        return opened((tmp_path / "a.docx").read_bytes())

    return of


def opened(content: str | bytes) -> ET.Element:
    assert isinstance(content, bytes)
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return ET.fromstring(parts.read("word/document.xml"))  # noqa: S314  our own


def texts(element: ET.Element) -> list[str]:
    """Return the paragraphs that are not empty."""
    found = ["".join(it.text or "" for it in paragraph.iter(f"{W}t")) for paragraph in element.iter(f"{W}p")]
    return [text for text in found if text]


def table(document: ET.Element) -> ET.Element:
    """Return the table with numbered rows."""
    [body] = [it for it in document.iter(f"{W}tbl") if texts(it)[0] == "TT"]
    return body


def signed(document: ET.Element) -> list[str]:
    """Return what stands where it is signed."""
    [found] = [texts(it) for it in document.iter(f"{W}tbl") if texts(it)[0] == "Nơi nhận:"]
    return found


def head(document: ET.Element) -> list[str]:
    return texts(next(document.iter(f"{W}tbl")))


def test_a_report_has_head_title_table_recipients_and_signature(document: Document) -> None:
    written = document(*REPORT)
    today = formal_date_text(date.today())  # noqa: DTZ011  the officer's own day
    assert head(written) == [
        "TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM",
        "LIÊN ĐOÀN LAO ĐỘNG TỈNH THÁI BÌNH",
        "Số: …/BC-LĐLĐ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        f"Thái Bình, {today}",
    ]
    said = texts(written)
    assert said[6:9] == [
        "BÁO CÁO",
        "Results against targets, 2024",
        "(figures to 31/12/2024)",
    ]
    recipients = ["Nơi nhận:", "- Tổng Liên đoàn Lao động Việt Nam;", "- Lưu: VT."]
    assert signed(written) == [*recipients, "TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"]
    annex = said.index("PHỤ LỤC")
    assert said[annex + 1] == "Results against targets, 2024"
    assert said[annex + 2] == f"(Kèm theo Báo cáo số …/BC-LĐLĐ, {today} của Liên đoàn Lao động tỉnh Thái Bình)"


def test_a_unit_writes_under_the_one_above_it(province: Ucli, document: Document) -> None:
    written = document(*REPORT, "--unit", "HH")
    assert head(written)[:3] == [
        "LIÊN ĐOÀN LAO ĐỘNG TỈNH THÁI BÌNH",
        "LIÊN ĐOÀN LAO ĐỘNG HUYỆN HƯNG HÀ",
        "Số: …/BC-LĐLĐ",
    ]
    assert head(written)[-1].startswith("Thái Bình, ngày ")
    union = document("movement", "--period", "2024", "--unit", "MAY")
    assert head(union)[:3] == [
        "LIÊN ĐOÀN LAO ĐỘNG HUYỆN HƯNG HÀ",
        "CÔNG ĐOÀN CƠ SỞ MAY HƯNG HÀ",
        "Số: …/BC-CĐCS",
    ]
    assert texts(union)[-2:] == ["TM. BAN CHẤP HÀNH", "CHỦ TỊCH"]
    province("add-unit", "Công đoàn ngành Giáo dục", "--kind", "sector", "--code", "GD")
    assert head(document(*REPORT, "--unit", "GD"))[1:3] == ["CÔNG ĐOÀN NGÀNH GIÁO DỤC", "Số: …/BC-CĐ"]


def test_a_unit_of_then_writes_under_the_one_above_it_then(province: Ucli, document: Document) -> None:
    province("add-unit", "LĐLĐ huyện Tiên Lữ", "--kind", "district", "--code", "TL")
    province("move-unit", "MAY", "--to", "TL", "--on", "1/1/2025")
    province("end-union", "MAY", "--on", "1/7/2025", "--reason", "employer-ceased")
    assert head(document(*REPORT, "--unit", "MAY"))[0] == "LIÊN ĐOÀN LAO ĐỘNG HUYỆN HƯNG HÀ"
    assert head(document("report", "--period", "2025", "--unit", "MAY"))[0] == "LIÊN ĐOÀN LAO ĐỘNG HUYỆN TIÊN LỮ"


def test_the_office_signs_for_a_cluster_and_for_lists(province: Ucli, document: Document) -> None:
    province("set-cluster", "Cụm số 01", "--year", "2024", "--units", "HH,KX")
    for words in ((*REPORT, "--cluster", "Cụm số 01"), ("units",), ("figures",)):
        assert head(document(*words))[1] == "LIÊN ĐOÀN LAO ĐỘNG TỈNH THÁI BÌNH"
    assert texts(document("members"))[6] == "LIST OF MEMBERS"


@pytest.mark.parametrize(
    ("office", "first", "number", "place", "title"),
    [
        ("Tổng Liên đoàn Lao động Việt Nam", "TỔNG LIÊN ĐOÀN", "BC-TLĐ", "Hà Nội, ", "TM. ĐOÀN CHỦ TỊCH"),
        ("LĐLĐ TP. Hồ Chí Minh", "TỔNG LIÊN ĐOÀN", "BC-LĐLĐ", "Thành phố Hồ Chí Minh, ", "TM. BAN THƯỜNG VỤ"),
        ("LĐLĐ huyện Hưng Hà", "LIÊN ĐOÀN LAO ĐỘNG HUYỆN", "BC-LĐLĐ", "…, ngày ", "TM. BAN THƯỜNG VỤ"),
    ],
)
def test_whoever_keeps_the_ledger_writes_as_its_own_kind_does(
    ok: Ucli, tmp_path: Path, office: str, first: str, number: str, place: str, title: str
) -> None:
    ok("init", "--office", office)
    ok("report", "-o", tmp_path / "a.docx")
    written = opened((tmp_path / "a.docx").read_bytes())
    said = texts(written)
    assert said[0].startswith(first)
    assert any(text.endswith(number) for text in said)
    assert any(text.startswith(place) for text in said)
    assert signed(written)[-2] == title


def test_a_ledger_without_an_office_leaves_its_name_to_be_filled_in(ok: Ucli, tmp_path: Path) -> None:
    ok("init")
    ok("add-unit", "LĐLĐ tỉnh Thái Bình", "--kind", "province")
    ok("units", "-o", tmp_path / "a.docx")
    assert head(opened((tmp_path / "a.docx").read_bytes()))[0] == "…"


def test_the_table_is_numbered_and_its_head_stands_on_every_page(province: Ucli, document: Document) -> None:
    province("add-figure", "news-items", "12", "--unit", "HH", "--period", "2024")
    rows = list(table(document(*REPORT, "--by", "district", "--indicator", "news-items")).iter(f"{W}tr"))
    cells = [["".join(it.text or "" for it in cell.iter(f"{W}t")) for cell in row.iter(f"{W}tc")] for row in rows]
    assert [row[0] for row in cells] == ["TT", "1", "2", ""]
    assert [row[1] for row in cells[1:]] == ["LĐLĐ huyện Hưng Hà", "LĐLĐ huyện Kiến Xương", "Total"]
    assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True, False, False, False]
    assert [row.find(f".//{W}b") is not None for row in rows] == [True, False, False, True]
    actual = list(rows[1].iter(f"{W}tc"))[2]
    assert "".join(it.text or "" for it in actual.iter(f"{W}t")) == "12"
    aligned = actual.find(f".//{W}jc")
    assert aligned is not None
    assert aligned.get(f"{W}val") == "right"


def test_paper_margins_and_letters_are_those_of_official_documents(document: Document, tmp_path: Path) -> None:
    written = document("movement", "--period", "2024")
    size, margin = written.find(f".//{W}pgSz"), written.find(f".//{W}pgMar")
    assert size is not None
    assert margin is not None

    def millimetres(element: ET.Element, *names: str) -> list[int]:
        return [round(int(element.get(f"{W}{name}", "0")) * 25.4 / 1440) for name in names]

    assert millimetres(size, "w", "h") == [210, 297]
    assert millimetres(margin, "top", "bottom", "left", "right") == [20, 20, 30, 15]
    with zipfile.ZipFile(tmp_path / "a.docx") as parts:
        styles = ET.fromstring(parts.read("word/styles.xml"))  # noqa: S314  our own
    [normal] = [it for it in styles.iter(f"{W}style") if it.get(f"{W}styleId") == "Normal"]
    fonts, height = normal.find(f".//{W}rFonts"), normal.find(f".//{W}sz")
    assert fonts is not None
    assert height is not None
    assert {fonts.get(f"{W}{script}") for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {"Times New Roman"}
    assert height.get(f"{W}val") == "26"


def test_a_wide_table_lies_across_the_paper_and_fits_it(province: Ucli, document: Document) -> None:
    written = document("payouts")
    size = written.find(f".//{W}pgSz")
    assert size is not None
    assert size.get(f"{W}orient") == "landscape"
    widths = [int(it.get(f"{W}w", "0")) for it in table(written).iter(f"{W}gridCol")]
    assert sum(widths) <= (297 - 30 - 15) * 1440 / 25.4 + len(widths)


def test_a_narrow_table_is_as_wide_as_the_lines_and_no_heading_is_broken(document: Document) -> None:
    written = document("movement", "--period", "2024", "--lang", "vi")
    widths = [int(it.get(f"{W}w", "0")) * 25.4 / 1440 for it in table(written).iter(f"{W}gridCol")]
    assert sum(widths) == pytest.approx(210 - 30 - 15, abs=1)
    # TT and CĐCS in bold letters of eleven points, and the margins of a cell.
    assert widths[0] >= 5.2 + 3.8
    assert widths[2] >= 10.6 + 3.8


def test_a_line_stands_under_the_title(document: Document) -> None:
    body = document(*REPORT).find(f"{W}body")
    assert body is not None
    title = texts(body).index("BÁO CÁO")
    paragraphs = [it for it in body if it.tag == f"{W}p"]
    lined = [place for place, it in enumerate(paragraphs) if it.find(f".//{W}pBdr") is not None]
    said = ["".join(it.text or "" for it in paragraph.iter(f"{W}t")) for paragraph in paragraphs]
    assert title == 6, "nothing but the head stands before it"
    assert lined == [said.index(texts(body)[8]) + 1]


@pytest.mark.parametrize("notes", [["Ghi chú."], []], ids=["notes", "none"])
def test_a_signature_is_never_alone_on_a_page(notes: list[str]) -> None:
    body = opened(render(Sheet([Column("A")], [[1], [2]], [], [], notes=notes), "docx")).find(f"{W}body")
    assert body is not None
    *_others, before, gap, signature, _pages = body
    assert "".join(before.itertext())
    for paragraph in (before, gap):
        assert paragraph.find(f".//{W}keepNext") is not None
    assert signature.find(f".//{W}cantSplit") is not None


def test_the_form_is_vietnamese_in_either_language(document: Document) -> None:
    english, vietnamese = (texts(document(*REPORT, "--lang", lang)) for lang in ("en", "vi"))
    assert vietnamese[7:9] == ["Kết quả thực hiện chỉ tiêu năm 2024", "(Số liệu tính đến ngày 31/12/2024)"]
    for form in ("BÁO CÁO", "Nơi nhận:", "TM. BAN THƯỜNG VỤ"):
        assert form in english
        assert form in vietnamese
    assert "Indicator" in english
    assert "Nội dung" in vietnamese


def test_what_was_reached_is_also_told_in_paragraphs() -> None:
    head = Letterhead(None, "CĐCS Ví Dụ", "Thái Bình", "union")
    told = ["Đã kết nạp 2.425/1.720 đoàn viên, đạt 141% chỉ tiêu.", "Đơn vị khác chưa có số liệu."]
    written = opened(render(Sheet([Column("A")], [[1]], [], [], prose=told, letterhead=head), "docx"))
    said = texts(written)
    assert said.index(told[0]) < said.index("Đơn vị khác chưa có số liệu./.") < said.index("Nơi nhận:")
    assert said.index("Nơi nhận:") < said.index("PHỤ LỤC") < said.index("TT")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("CĐCS \x1b[31mđỏ", "CĐCS \\u001b[31mđỏ"),
        ("CĐCS \uffff\ufffe", "CĐCS \ufffd\ufffd"),
        ("CĐCS <b>&", "CĐCS <b>&"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("CĐCS " + "Dài" * 98, "CĐCS " + "Dài" * 98),
    ],
    ids=["escape", "no character", "markup", "formula", "long"],
)
def test_any_name_can_stand_in_a_document(province: Ucli, document: Document, name: str, shown: str) -> None:
    province("add-union", name, "--parent", "HH", "--founded", "2024-01-01", "--code", "E")
    assert shown in texts(document("units"))
    assert head(document(*REPORT, "--unit", "E"))[1].endswith(shown.removeprefix("CĐCS ").upper())


def test_it_says_whose_it_is_and_nothing_of_the_machine(document: Document, tmp_path: Path) -> None:
    document(*REPORT)
    with zipfile.ZipFile(tmp_path / "a.docx") as parts:
        about = parts.read("docProps/core.xml").decode()
    assert about.count("LĐLĐ tỉnh Thái Bình") == 2
    assert "python" not in about
    assert "2024-12-31" in about


def test_a_document_nobody_would_read_is_refused() -> None:
    with pytest.raises(RejectedError, match=r"5\.001 rows, but docx holds at most 5\.000"):
        render(Sheet([Column("A")], [[1]] * 5_001, [], []), "docx")


ANSWERS = [
    *("units", "units --tree", "show HH", "members", "members --left", "payouts", "figures", "targets", "indicators"),
    *("programmes", "periods", "clusters", "log", "explain members-admitted --period 2024"),
    *("movement --period 2024", "movement --by district --period 2024", "movement --by month --period 2024"),
    *("report --province", "report --period 2024 --by cluster", "report --period 2024 --by month"),
    *("report --period 2024 --structure now", "report --unit MAY --period 2024-06 --money tỷ --decimals 0"),
]


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_every_answer_can_be_handed_in(province: Ucli, tmp_path: Path, form: str) -> None:
    province("add-payout", "--unit", "HH", "--programme", "tet", "--amount", "5 triệu", "--on", "5/2/2024")
    province("add-member", "Trần Thị Mẫu", "--union", "MAY", "--admitted", "20/4/2024")
    province("set-target", "members-admitted", "30", "--unit", "HH", "--period", "2024")
    for number, words in enumerate(ANSWERS):
        file = tmp_path / f"{number}.{form}"
        province(*words.split(), "-o", file)
        with zipfile.ZipFile(file) as parts:
            assert parts.testzip() is None, words


def test_a_short_table_is_not_parted_by_the_end_of_a_page(province: Ucli, document: Document) -> None:
    province("add-figure", "news-items", "5", "--unit", "HH", "--period", "2024")
    table = document("report", "--period", "2024", "--by", "district").findall(f".//{W}tbl")[-1]
    *lines, last = table.findall(f"{W}tr")
    assert all(it.find(f".//{W}keepNext") is not None for it in lines)
    assert last.find(f".//{W}keepNext") is None
