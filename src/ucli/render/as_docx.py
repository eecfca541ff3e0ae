"""A document by python-docx, in the form unions write theirs: head, prose, table, recipients, signature.

The words of the form are Vietnamese in either language, for so is the document.
"""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import date, datetime, time
from io import BytesIO
from math import ceil
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
from ucli.render import Letterhead, Sheet, require_room, sanitized
from ucli.render.cells import text_of
from ucli.render.letterhead import UNKNOWN, in_full, initials, place_and_day, signature
from ucli.render.tables import Fitted, Shown, Table, fitted, heading_rows, natural, shown
from ucli.values.dates import date_text

# More rows than anybody reads on paper, or than Word opens in a moment.
_MOST_ROWS = 5_000

_FONT = "Times New Roman"
_SIZE, _SIZE_OF_NOTES, _SIZE_IN_TABLE = 13, 12, 11
# A4, all in millimetres.
_SHORT, _LONG = 210, 297
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15
# Of the table: how wide a small letter is and what stands around a text, in millimetres; a capital, in small letters.
_LETTER, _PADDING, _CAPITAL = 2.05, 4.2, 1.35
_GAP = _PADDING / _LETTER
_MOST_LINES, _ROOM_FOR_TEXT = 8, 14  # of a row, and of a text in letters where nothing else fits

_LINES_TO_SIGN = 4

_CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def render(sheet: Sheet, form: str) -> Iterator[bytes]:
    page = shown(sheet, form)
    require_room(page.rows, _MOST_ROWS, form)
    head, told = page.letterhead, sanitized(list(sheet.prose))
    # A report is told in upright prose, with its tables in an annex; a list is its table.
    parts, upright = _fitted(page.tables)
    document = Document()
    about = document.core_properties
    # Whose document it is, and nothing of the person or the machine that made it.
    about.author = about.last_modified_by = _writable(head.own)[:255]
    about.title, about.comments = _writable(head.subject or page.title)[:255], ""
    about.created = about.modified = datetime.combine(sheet.day or date.today(), time())  # noqa: DTZ011  of that day
    room = _set_up(document, upright=upright or bool(told))
    _write_head(document, head, room)
    if not told:
        _write_title(document, head, page.title, room)
        _write_tables(document, page, parts, room)
        _keep_with_signature(document)
        _write_signature(document, head, room)
    else:
        day = _("(figures to {day})").format(day=date_text(sheet.day)) if sheet.day else ""
        _write_title(document, head._replace(subject=_titled(head.subject, sheet.period)), day, room)
        for number, paragraph in enumerate(told, start=1):
            text = paragraph.rstrip(".") + "./." if number == len(told) else paragraph
            _say(document, text, align=_JUSTIFIED, first_line_indent=Mm(12.7), space_after=Pt(6))
        _keep_with_signature(document)
        _write_signature(document, head, room)
        room = _turn_page(document, upright=upright)
        _say(document, "PHỤ LỤC", bold=True, align=_CENTRE)
        _say(document, page.title, bold=True, align=_CENTRE, space_after=Pt(6))
        _write_tables(document, page, parts, room)
    file = BytesIO()
    try:
        document.save(file)
    except (ValueError, struct_error) as error:
        # Each part keeps when it was written, and a ZIP file keeps no time before 1980 or after 2107.
        today = date_text(date.today())  # noqa: DTZ011
        raise RefusedError(
            _("A Word document cannot be dated {day}, the date on this machine's clock.").format(day=today),
            instead=_("Set the clock, or choose another format."),
        ) from error
    yield file.getvalue()


def _titled(subject: str, period: str) -> str:
    return _("{subject}, {period}").format(subject=subject, period=period) if subject and period else subject


def _fitted(tables: Sequence[Table]) -> tuple[list[Fitted], bool]:
    """Return tables with numbered rows in as many parts as the paper asks for, and whether it stands upright."""
    numbered = list(map(_numbered, tables))
    for room, upright in ((_SHORT, True), (_LONG, False)):
        letters = (room - _LEFT - _RIGHT) / _LETTER
        found = [
            fitted(it, letters, gaps=[_GAP], most=2 if upright else _MOST_LINES, measure=_letters) for it in numbered
        ]
        if all(len(it) == 1 for it in found) or (not upright and all(found)):
            return [part for it in found for part in it], upright
    return [natural(it, _ROOM_FOR_TEXT, _GAP, _letters) for it in numbered], False


def _numbered(table: Table) -> Table:
    """Return a table with the number of each row in front; totals have none."""
    rows = [["" if is_total else number, *row] for number, (row, is_total) in enumerate(table.lines, start=1)]
    over = ["", *table.over] if table.over else []
    return table._replace(headings=["TT", *table.headings], rows=rows, over=over, keys=())


def _letters(text: str) -> int:
    """Return how wide a text is, in small letters."""
    return ceil(sum(_CAPITAL if it.isupper() else 1 for it in text))


def _write_tables(document: Any, page: Shown, parts: Sequence[Fitted], room: float) -> None:
    for line in page.lead:
        _say(document, line, size=_SIZE_OF_NOTES, space_after=Pt(6))
    for number, part in enumerate(parts):
        for line in part.table.above if not number else ["", *part.table.above]:
            _say(document, line, size=_SIZE_OF_NOTES, space_after=Pt(3))
        _write_table(document, part, room)
    for place, note in enumerate(page.notes):
        _say(document, note, size=_SIZE_OF_NOTES, italic=True, space_before=None if place else Pt(6))


def _set_up(document: Any, *, upright: bool) -> float:
    """Lay out the paper, letters and page numbers, and return how wide a line is, in millimetres."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(_SIZE)
    style.paragraph_format.space_after = Pt(0)
    # Names for all scripts, or letters outside ASCII may come from another font; and no red lines under Vietnamese.
    for script in ("w:eastAsia", "w:cs"):
        style.element.rPr.rFonts.set(qn(script), _FONT)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    # The number of each page but the first, in the middle of its upper margin.
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.element.append(_element("fldSimple", instr="PAGE"))
    return _paper(section, upright=upright)


def _turn_page(document: Any, *, upright: bool) -> float:
    """Begin a page of its own paper, numbered on, and return how wide a line is."""
    section = document.add_section()
    section.different_first_page_header_footer = False
    return _paper(section, upright=upright)


def _paper(section: Any, *, upright: bool) -> float:
    width, height = (_SHORT, _LONG) if upright else (_LONG, _SHORT)
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    return width - _LEFT - _RIGHT


def _write_head(document: Any, head: Letterhead, room: float) -> None:
    left, right = _side_by_side(document, room, 0.42)
    if head.upper:
        _say(left, in_full(head.upper).upper(), size=12, align=_CENTRE)
    _say(left, in_full(head.own).upper() or UNKNOWN, size=12, bold=True, align=_CENTRE)
    _rule(left, room * 0.13)
    number = f"Số: {UNKNOWN}/{'DS' if head.is_list else 'BC'}-{initials(head)}"
    _say(left, number, align=_CENTRE, space_before=Pt(4))
    _say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=_CENTRE)
    _say(right, "Độc lập - Tự do - Hạnh phúc", bold=True, align=_CENTRE)
    _rule(right, (room * 0.58 - 60) / 2)
    _say(right, place_and_day(head), italic=True, align=_CENTRE, space_before=Pt(4))


def _write_title(document: Any, head: Letterhead, title: str, room: float) -> None:
    kind = head.subject.upper() if head.is_list else "BÁO CÁO"
    _say(document, kind, size=14, bold=True, align=_CENTRE, space_before=Pt(18))
    if head.subject and not head.is_list:
        _say(document, head.subject, size=14, bold=True, align=_CENTRE)
    if title:
        _say(document, title, bold=True, align=_CENTRE)
    _rule(document, room * 0.4)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def _write_table(document: Any, part: Fitted, room: float) -> None:
    shown_table, headings = part.table, heading_rows(part.table)
    # What is left of a line goes to all, for a table is as wide as the lines above it.
    lengths = [it + part.gap for it in part.widths]
    widths = [it * room / sum(lengths) for it in lengths]
    aligned = [_CENTRE, *(_SIDES[it] for it in shown_table.sides[1:])]
    table = document.add_table(len(headings) + 2, len(widths), style="Table Grid")
    table.autofit = False
    for number, row in enumerate(table.rows):
        is_heading, is_bold = number < len(headings), number != len(headings)
        for cell, width, align in zip(row.cells, widths, aligned, strict=True):
            cell.width = Mm(width)
            _say(cell, "", size=_SIZE_IN_TABLE, bold=is_bold, align=_CENTRE if is_heading else align)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    # No public way: a row stays on one page, and the first ones are repeated on each.
    body = table._tbl  # noqa: SLF001
    _keep_whole(body)
    *heading_lines, plain, total = body.tr_lst
    for line, row in enumerate(headings):
        heading_lines[line].get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for it in row:
            cell = table.cell(line, it.place)
            if it.columns * it.rows > 1:
                cell = cell.merge(table.cell(line + it.rows - 1, it.place + it.columns - 1))
                for empty in cell.paragraphs[1:]:
                    empty._p.getparent().remove(empty._p)  # noqa: SLF001
            cell.paragraphs[0].runs[0].text = _writable(it.text)
    for values, is_total in shown_table.lines:
        # Many times as fast as cells that are made one by one.
        copied = deepcopy(total if is_total else plain)
        texts = ["" if it == "" else text_of(it) for it in values]
        for run, text in zip(copied.iter(qn("w:r")), texts, strict=True):
            run.text = _writable(text)
        body.append(copied)
    body.remove(plain)
    body.remove(total)


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
    _say(left, "Nơi nhận:", size=12, bold=True, italic=True)
    for recipient in (f"- {in_full(head.upper) if head.upper and not head.is_list else UNKNOWN};", "- Lưu: VT."):
        _say(left, recipient, size=11)
    for title in signature(head)[1:]:
        _say(right, title, bold=True, align=_CENTRE)
    for _line in range(_LINES_TO_SIGN):
        _say(right, "")


def _side_by_side(document: Any, room: float, part: float) -> tuple[Any, Any]:
    """Add two columns without borders, the left one so large a part of the line."""
    table = document.add_table(1, 2)
    table.autofit = False
    for place, share in enumerate((part, 1 - part)):
        table.columns[place].width = table.cell(0, place).width = Mm(room * share)
    _keep_whole(table._tbl)  # noqa: SLF001  no public way
    return table.cell(0, 0), table.cell(0, 1)


def _keep_whole(table: Any) -> None:
    """Keep each row of a table on one page."""
    for row in table.tr_lst:
        row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _say(
    place: Any, text: str, *, size: int = 0, bold: bool = False, italic: bool = False, align: Any = None, **spaces: Any
) -> None:
    """Write a text as a paragraph of a document or cell, into the empty one that a new cell has."""
    first = getattr(place, "_tc", None) is not None and len(place.paragraphs) == 1 and not place.paragraphs[0].runs
    paragraph = place.paragraphs[0] if first else place.add_paragraph()
    run = paragraph.add_run(_writable(text))
    run.bold, run.italic = bold or None, italic or None
    if size:
        run.font.size = Pt(size)
    paragraph.alignment = align
    for name, space in spaces.items():
        setattr(paragraph.paragraph_format, name, space)


def _writable(text: str) -> str:
    """Return a text without the two characters that are none to XML."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _rule(place: Any, inset: float) -> None:
    """Draw a line under the last paragraph of a cell or document, set in on both sides by so many millimetres."""
    spaces = place.add_paragraph().paragraph_format
    borders = OxmlElement("w:pBdr")
    borders.append(_element("bottom", val="single", sz="6", space="1", color="auto"))
    spaces.element.get_or_add_pPr().append(borders)
    spaces.left_indent = spaces.right_indent = Mm(inset)
    spaces.line_spacing = Pt(3)
