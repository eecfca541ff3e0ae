"""A document by python-docx, in the form unions write theirs: head, prose, table, recipients, signature.

The words of the form are Vietnamese in either language, for so is the document.
"""

from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime, time
from io import BytesIO
from struct import error as struct_error
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.render import Letterhead, Sheet
from ucli.render.cells import alignments, text_of
from ucli.render.docx_columns import least_widths, widths
from ucli.render.room import require_room
from ucli.values.dates import date_text, formal_date_text
from ucli.values.names import fold
from ucli.values.units import UNION

# More rows than anybody reads on paper, or than Word opens in a moment.
_MOST_ROWS = 5_000

_FONT = "Times New Roman"
_SIZE, _SIZE_OF_NOTES, _SIZE_IN_TABLE = 13, 12, 11
# A4, all in millimetres.
_SHORT, _LONG = 210, 297
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15

_UNKNOWN = "…"  # to be filled in by hand
_ABBREVIATIONS = {"LĐLĐ": "Liên đoàn Lao động", "CĐCS": "Công đoàn cơ sở", "CĐ": "Công đoàn"}
_SIGNED_FOR = {UNION: "TM. BAN CHẤP HÀNH", "confederation": "TM. ĐOÀN CHỦ TỊCH"}
_SIGNED_FOR_OTHERS = "TM. BAN THƯỜNG VỤ"
_LINES_TO_SIGN = 4

_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY


def render(sheet: Sheet, form: str) -> bytes:
    """Return a sheet as a document.

    Raises:
        RejectedError: it has more rows than a document should.
        RefusedError: the clock shows a date that no document can keep.

    """
    require_room(len(sheet.rows), _MOST_ROWS, form)
    head = sheet.letterhead or Letterhead(None, "", "")
    cells = _cells(sheet)
    least = least_widths(cells, alignments(sheet))
    document = Document()
    room = _set_up(document, upright=sum(least) <= _SHORT - _LEFT - _RIGHT)
    _describe(document, head, sheet)
    _write_head(document, head, room)
    _write_title(document, head, sheet, room)
    for paragraph in sheet.prose:
        _say(document.add_paragraph(), paragraph, align=_JUSTIFIED, first=12.7, after=6)
    _write_table(document, cells, sheet, widths(cells, least, room))
    for place, note in enumerate(sheet.notes):
        _say(document.add_paragraph(), note, size=_SIZE_OF_NOTES, italic=True, before=0 if place else 6)
    _keep_with_signature(document)
    _write_signature(document, head, room)
    file = BytesIO()
    try:
        document.save(file)
    except (ValueError, struct_error) as error:
        # Each part keeps when it was written, and a ZIP file keeps no time before 1980 or after 2107.
        raise RefusedError(
            _("A Word document cannot be dated {day}, the date on this machine's clock.").format(
                day=date_text(date.today())  # noqa: DTZ011
            ),
            instead=_("Set the clock, or choose another format."),
        ) from error
    return file.getvalue()


def _set_up(document: Any, *, upright: bool) -> float:
    """Lay out the paper, letters and page numbers, and return how wide a line is, in millimetres."""
    section = document.sections[0]
    width, height = (_SHORT, _LONG) if upright else (_LONG, _SHORT)
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_SIZE)
    style.paragraph_format.space_after = Pt(0)
    # Names for all scripts, or letters outside ASCII may come from another font; and no red lines under Vietnamese.
    for script in ("w:eastAsia", "w:cs"):
        style.element.rPr.rFonts.set(qn(script), _FONT)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    # The number of each page but the first, in the middle of its upper margin.
    section.different_first_page_header_footer = True
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.element.append(number)
    return width - _LEFT - _RIGHT


def _describe(document: Any, head: Letterhead, sheet: Sheet) -> None:
    """Say whose document it is, and nothing of the person or the machine that made it."""
    about = document.core_properties
    about.author = about.last_modified_by = _writable(head.own)[:255]
    about.title, about.comments = _writable(head.subject or sheet.title)[:255], ""
    about.created = about.modified = datetime.combine(sheet.day or date.today(), time())  # noqa: DTZ011  of that day


def _write_head(document: Any, head: Letterhead, room: float) -> None:
    left, right = _side_by_side(document, room, 0.42)
    first = left.paragraphs[0]
    if head.upper:
        _say(first, _in_full(head.upper).upper(), size=12, align=_CENTRE)
        first = left.add_paragraph()
    _say(first, _in_full(head.own).upper() or _UNKNOWN, size=12, bold=True, align=_CENTRE)
    _rule(left, room * 0.13)
    _say(
        left.add_paragraph(),
        f"Số: {_UNKNOWN}/{'DS' if head.is_list else 'BC'}-{_initials(head)}",
        align=_CENTRE,
        before=4,
    )
    _say(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=_CENTRE)
    _say(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", bold=True, align=_CENTRE)
    _rule(right, (room * 0.58 - 60) / 2)
    signed = f"{head.place or _UNKNOWN}, {formal_date_text(date.today())}"  # noqa: DTZ011  the day it is signed
    _say(right.add_paragraph(), signed, italic=True, align=_CENTRE, before=4)


def _write_title(document: Any, head: Letterhead, sheet: Sheet, room: float) -> None:
    kind = head.subject.upper() if head.is_list else "BÁO CÁO"
    _say(document.add_paragraph(), kind, size=14, bold=True, align=_CENTRE, before=18)
    if head.subject and not head.is_list:
        _say(document.add_paragraph(), head.subject, size=14, bold=True, align=_CENTRE)
    if sheet.title:
        _say(document.add_paragraph(), sheet.title, bold=True, align=_CENTRE)
    _rule(document, room * 0.4)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def _write_table(document: Any, cells: list[list[str]], sheet: Sheet, widths: Sequence[float]) -> None:
    table = document.add_table(3, len(widths), style="Table Grid")
    table.autofit = False
    sides = [_CENTRE, *(_SIDES[side] for side in alignments(sheet))]
    for number, row in enumerate(table.rows):
        for cell, width, side in zip(row.cells, widths, sides, strict=True):
            cell.width = Mm(width)
            align = side if number else _CENTRE
            _say(cell.paragraphs[0], "", size=_SIZE_IN_TABLE, bold=number != 1, align=align)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    # No public way: a row stays on one page, and the first is repeated on each.
    body = table._tbl  # noqa: SLF001
    _keep_whole(body)
    heading, plain, total = body.tr_lst
    heading.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _fill(heading, cells[0])
    first_total = len(cells) - sheet.totals
    for number, texts in enumerate(cells[1:], start=1):
        # Many times as fast as cells that are made one by one.
        row = deepcopy(plain if number < first_total else total)
        _fill(row, texts)
        body.append(row)
    body.remove(plain)
    body.remove(total)


def _keep_whole(table: Any) -> None:
    """Keep each row of a table on one page."""
    for row in table.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _fill(row: Any, texts: list[str]) -> None:
    for run, text in zip(row.iter(qn("w:r")), texts, strict=True):
        run.text = _writable(text)


def _keep_with_signature(document: Any) -> None:
    """Keep what comes last on the page of the signature, which never stands on one alone."""
    # The body ends in what holds for its pages.
    last = document.element.body[-2]
    rows = last.findall(qn("w:tr"))
    for paragraph in (rows[-1] if rows else last).iter(qn("w:p")):
        paragraph.get_or_add_pPr().get_or_add_keepNext()
    document.add_paragraph().paragraph_format.keep_with_next = True


def _write_signature(document: Any, head: Letterhead, room: float) -> None:
    left, right = _side_by_side(document, room, 0.5)
    _say(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    for recipient in (f"- {_UNKNOWN};", "- Lưu: VT."):
        _say(left.add_paragraph(), recipient, size=11)
    _say(right.paragraphs[0], _SIGNED_FOR.get(head.kind, _SIGNED_FOR_OTHERS), bold=True, align=_CENTRE)
    _say(right.add_paragraph(), "CHỦ TỊCH", bold=True, align=_CENTRE)
    for _line in range(_LINES_TO_SIGN):
        _say(right.add_paragraph(), "")


def _side_by_side(document: Any, room: float, part: float) -> tuple[Any, Any]:
    """Add two columns without borders, the left one so large a part of the line."""
    table = document.add_table(1, 2)
    table.autofit = False
    for place, share in enumerate((part, 1 - part)):
        table.columns[place].width = table.cell(0, place).width = Mm(room * share)
    _keep_whole(table._tbl)  # noqa: SLF001  no public way
    return table.cell(0, 0), table.cell(0, 1)


def _say(
    paragraph: Any,
    text: str,
    *,
    size: int | None = None,
    bold: bool = False,
    italic: bool = False,
    align: Any = None,
    first: float = 0,
    before: int = 0,
    after: int = 0,
) -> None:
    """Write a text into a paragraph; sizes and spaces are in points, the first line is set in by millimetres."""
    run = paragraph.add_run(_writable(text))
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align
    spaces = paragraph.paragraph_format
    if first:
        spaces.first_line_indent = Mm(first)
    if before:
        spaces.space_before = Pt(before)
    if after:
        spaces.space_after = Pt(after)


def _writable(text: str) -> str:
    """Return a text without the two characters that are none to XML."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _rule(place: Any, inset: float) -> None:
    """Draw a line under the last paragraph of a cell or document, set in on both sides by so many millimetres."""
    paragraph = place.add_paragraph()
    borders, line = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        line.set(qn(f"w:{name}"), value)
    borders.append(line)
    spaces = paragraph.paragraph_format
    spaces.element.get_or_add_pPr().append(borders)
    spaces.left_indent = spaces.right_indent = Mm(inset)
    spaces.line_spacing = Pt(3)


def _in_full(name: str) -> str:
    """Return a union's name without abbreviations: "LĐLĐ tỉnh Thái Bình" is "Liên đoàn Lao động tỉnh Thái Bình"."""
    return " ".join(_ABBREVIATIONS.get(word, word) for word in name.split())


def _initials(head: Letterhead) -> str:
    """Return what stands behind the number of a union's documents."""
    name = f"{fold(_in_full(head.own))} "
    if name.startswith("tong lien doan lao dong "):
        return "TLĐ"
    if head.kind == UNION:
        return "CĐCS"
    return "CĐ" if name.startswith("cong doan ") else "LĐLĐ"


def _cells(sheet: Sheet) -> list[list[str]]:
    """Return the headings and rows as text, numbered in front; totals have no number."""
    last = len(sheet.rows) - sheet.totals
    rows = [
        [str(number) if number <= last else "", *map(text_of, row)] for number, row in enumerate(sheet.rows, start=1)
    ]
    return [["TT", *sheet.headings], *rows]
