"""Make the document that reports are filled into: src/ucli/render/templates/document.docx, with fields by Jinja.

python scripts/document_template.py   an office changes its own copy in Word: ucli template document -o mine.docx
"""

from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FILE = Path(__file__).parent.parent / "src" / "ucli" / "render" / "templates" / "document.docx"
FONT, SIZE, SIZE_OF_NOTES, SIZE_IN_TABLE = "Times New Roman", 13, 12, 11
SHORT, LONG, TOP, BOTTOM, LEFT, RIGHT = 210, 297, 20, 20, 30, 15  # A4, in millimetres
ROOM = SHORT - LEFT - RIGHT
CENTRE, JUSTIFIED, TO_THE_RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.RIGHT
LINES_TO_SIGN = 4


def main() -> None:
    document = Document()
    about = document.core_properties
    about.author, about.title, about.comments = "", "", ""
    about.created = about.modified = datetime(2025, 1, 1)  # noqa: DTZ001
    set_up(document)
    write_head(document)
    say(document, "{{ kind }}", size=14, bold=True, align=CENTRE, space_before=Pt(18))
    where(document, "subject", lambda: say(document, "{{ subject }}", size=14, bold=True, align=CENTRE))
    where(document, "title", lambda: say(document, "{{ title }}", bold=True, align=CENTRE))
    rule(document, 66)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)
    where(document, "told", lambda: write_report(document))
    each(document, "lead", size=SIZE_OF_NOTES, space_after=Pt(6))
    write_tables(document)
    each(document, "notes", size=SIZE_OF_NOTES, italic=True)
    where(document, "not told", lambda: write_end_of_list(document))
    FILE.parent.mkdir(exist_ok=True)
    document.save(FILE)


def set_up(document: Any) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.paragraph_format.space_after = Pt(0)
    # Names for all scripts, or letters outside ASCII may come from another font; and no red lines under Vietnamese.
    for script in ("w:eastAsia", "w:cs"):
        style.element.rPr.rFonts.set(qn(script), FONT)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    # The number of each page but the first, in the middle of its upper margin.
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTRE
    paragraph.paragraph_format.element.append(element("fldSimple", instr="PAGE"))
    paper(section, upright=True)


def write_head(document: Any) -> None:
    left, right = side_by_side(document, 42)
    where(left, "upper", lambda: say(left, "{{ upper|upper }}", size=12, align=CENTRE))
    say(left, "{{ own|upper }}", size=12, bold=True, align=CENTRE)
    rule(left, 21)
    say(left, "Số: {{ number }}", align=CENTRE, space_before=Pt(4))
    say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE)
    say(right, "Độc lập - Tự do - Hạnh phúc", bold=True, align=CENTRE)
    rule(right, 18)
    say(right, "{{ place }}, {{ day }}", italic=True, align=CENTRE, space_before=Pt(4))


def write_report(document: Any) -> None:
    """Write what is told, signed, and the heading of the annex on paper of its own, numbered on."""
    told = {"align": JUSTIFIED, "first_line_indent": Mm(12.7), "space_after": Pt(6)}
    each(document, "told[:-1]", **told)
    say(document, "{{ told[-1] }}", keep_with_next=True, **told)
    write_signature(document)
    headers = document.sections[0]._sectPr.findall(qn("w:headerReference"))
    section = document.add_section()
    for it in reversed(headers):  # a list has this section alone
        section._sectPr.insert(0, deepcopy(it))
    section.different_first_page_header_footer = False
    paper(section, upright=False)
    say(document, "PHỤ LỤC", bold=True, align=CENTRE)
    say(document, "{{ subject }}", bold=True, align=CENTRE)
    attached = "(Kèm theo Báo cáo số {{ number }}, {{ day }} của {{ own }})"
    say(document, attached, italic=True, align=CENTRE, space_after=Pt(6))


def write_tables(document: Any) -> None:
    say(document, "{%p for table in tables %}")
    where(document, "not loop.first", lambda: say(document, ""))
    each(document, "table.above", size=SIZE_OF_NOTES, space_after=Pt(3))
    # Cells have no width: the columns get theirs when it is filled in.
    table = document.add_table(10, 3, style="Table Grid")
    table.autofit = False
    keep_whole(table)
    lines = iter(table.rows)
    line(next(lines), "{%tr for cells in table.grid %}")
    heading = next(lines)
    heading._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    line(heading, "{%tc for text in cells %}", "", "{%tc endfor %}")
    say(heading.cells[1], "{{ text }}", size=SIZE_IN_TABLE, bold=True, align=CENTRE)
    line(next(lines), "{%tr endfor %}")
    line(next(lines), "{%tr for row in table.rows %}")
    for before, is_bold in (("{%tr if row.is_total %}", True), ("{%tr else %}", False)):
        line(next(lines), before)
        body = next(lines)
        line(body, "{%tc for it in row.cells %}", "", "{%tc endfor %}")
        cell = body.cells[1]
        say(cell, "{%p if loop.first %}")
        say(cell, "{{ it.text }}", align=CENTRE, size=SIZE_IN_TABLE, bold=is_bold)
        say(cell, "{%p elif it.side == 'right' %}")
        say(cell, "{{ it.text }}", align=TO_THE_RIGHT, size=SIZE_IN_TABLE, bold=is_bold)
        say(cell, "{%p else %}")
        say(cell, "{{ it.text }}", align=WD_ALIGN_PARAGRAPH.LEFT, size=SIZE_IN_TABLE, bold=is_bold)
        say(cell, "{%p endif %}")
    line(next(lines), "{%tr endif %}")
    line(next(lines), "{%tr endfor %}")
    for width in table._tbl.iter(qn("w:tcW")):
        width.getparent().remove(width)
    say(document, "{%p endfor %}")


def write_end_of_list(document: Any) -> None:
    say(document, "{{ ended }}", keep_with_next=True, space_before=Pt(6))
    write_signature(document)


def write_signature(document: Any) -> None:
    """Write recipients and who signs, on the page of what comes last before them."""
    document.add_paragraph().paragraph_format.keep_with_next = True
    left, right = side_by_side(document, 50)
    say(left, "Nơi nhận:", size=12, bold=True, italic=True)
    each(left, "recipients", "- {{ it }}", size=11)
    say(right, "{{ signed_for }}", bold=True, align=CENTRE)
    say(right, "{{ signer_title }}", bold=True, align=CENTRE)
    for _line in range(LINES_TO_SIGN):
        say(right, "")
    where(right, "signer", lambda: say(right, "{{ signer }}", bold=True, align=CENTRE))
    say(right, "")


def where(place: Any, condition: str, write: Any) -> None:
    say(place, f"{{%p if {condition} %}}")
    write()
    say(place, "{%p endif %}")


def each(place: Any, things: str, text: str = "{{ it }}", **looks: Any) -> None:
    say(place, f"{{%p for it in {things} %}}")
    say(place, text, **looks)
    say(place, "{%p endfor %}")


def line(row: Any, *texts: str) -> None:
    for cell, text in zip(row.cells, texts, strict=False):
        if text:
            say(cell, text, size=SIZE_IN_TABLE)


def say(place: Any, text: str, *, size: int = 0, bold: bool = False, italic: bool = False, **spaces: Any) -> None:
    """Write a text as a paragraph of a document or cell, into the empty one that a new cell has."""
    first = getattr(place, "_tc", None) is not None and len(place.paragraphs) == 1 and not place.paragraphs[0].runs
    paragraph = place.paragraphs[0] if first else place.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = spaces.pop("align", None)
    for name, space in spaces.items():
        setattr(paragraph.paragraph_format, name, space)


def paper(section: Any, *, upright: bool) -> None:
    section.page_width, section.page_height = (Mm(SHORT), Mm(LONG)) if upright else (Mm(LONG), Mm(SHORT))
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)


def side_by_side(document: Any, part: int) -> tuple[Any, Any]:
    """Add two columns without borders over the whole line, the left one so many percent of it."""
    table = document.add_table(1, 2)
    table.autofit = False
    table._tbl.tblPr.remove(table._tbl.tblPr.find(qn("w:tblW")))
    table._tbl.tblPr.insert(1, element("tblW", type="pct", w="5000"))
    for place, percent in enumerate((part, 100 - part)):
        table.columns[place].width = Mm(ROOM * percent / 100)
        width = table.cell(0, place)._tc.get_or_add_tcPr().find(qn("w:tcW"))
        width.set(qn("w:type"), "pct")
        width.set(qn("w:w"), str(50 * percent))
    keep_whole(table)
    return table.cell(0, 0), table.cell(0, 1)


def keep_whole(table: Any) -> None:
    """Keep each row of a table on one page."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def element(name: str, **attributes: str) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def rule(place: Any, inset: float) -> None:
    """Draw a line under the last paragraph, set in on both sides by so many millimetres."""
    spaces = place.add_paragraph().paragraph_format
    borders = OxmlElement("w:pBdr")
    borders.append(element("bottom", val="single", sz="6", space="1", color="auto"))
    spaces.element.get_or_add_pPr().append(borders)
    spaces.left_indent = spaces.right_indent = Mm(inset)
    spaces.line_spacing = Pt(3)


if __name__ == "__main__":
    main()
