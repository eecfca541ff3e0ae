"""A document by python-docx, in the form unions write theirs: head, prose, table, recipients, signature.

The words of the form are Vietnamese in either language, for so is the document.
"""

from collections.abc import Iterator, Sequence
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
from ucli.render import Letterhead, Sheet, require_room, sanitized, shown
from ucli.render.cells import sides_of, text_of
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
# Of the table, in millimetres: how wide a letter is, also of a heading, which is bold, and what stands around a text.
_LETTER, _LETTER_OF_HEADING, _CAPITAL_OF_HEADING, _PADDING = 1.9, 2.2, 2.8, 4.2
_ROOM_FOR_TEXT, _MOST_FOR_TEXT, _MOST_FOR_NUMBER = 14, 40, 24  # of a column, in letters

_UNKNOWN = "…"  # to be filled in by hand
_ABBREVIATIONS = {"LĐLĐ": "Liên đoàn Lao động", "CĐCS": "Công đoàn cơ sở", "CĐ": "Công đoàn"}
_SIGNED_FOR = {UNION: "TM. BAN CHẤP HÀNH", "confederation": "TM. ĐOÀN CHỦ TỊCH"}
_LINES_TO_SIGN = 4

_CENTRE, _JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "right": WD_ALIGN_PARAGRAPH.RIGHT}


def render(sheet: Sheet, form: str) -> Iterator[bytes]:
    table = shown(sheet)
    head = table.letterhead
    require_room(len(table.rows), _MOST_ROWS, form)
    last, sides = len(table.rows) - table.totals, ["right", *sides_of(table)]
    # Numbered in front; totals have no number.
    cells = [
        ["TT", *table.headings],
        *(["" if it > last else str(it), *map(text_of, row)] for it, row in enumerate(table.rows, start=1)),
    ]
    columns = list(zip(*cells, strict=True))
    least = [_least_width(*column, side=side) for column, side in zip(columns, sides, strict=True)]
    document = Document()
    room = _set_up(document, upright=sum(least) <= _SHORT - _LEFT - _RIGHT)
    about = document.core_properties
    # Whose document it is, and nothing of the person or the machine that made it.
    about.author = about.last_modified_by = _writable(head.own)[:255]
    about.title, about.comments = _writable(head.subject or table.title)[:255], ""
    about.created = about.modified = datetime.combine(sheet.day or date.today(), time())  # noqa: DTZ011  of that day
    _write_head(document, head, room)
    _write_title(document, head, table.title, room)
    for paragraph in sanitized(list(sheet.prose)):
        _say(document, paragraph, align=_JUSTIFIED, first_line_indent=Mm(12.7), space_after=Pt(6))
    aligned = [_CENTRE, *(_SIDES[side] for side in sides[1:])]
    _write_table(document, cells, aligned, _widths(columns, least, room), table.totals)
    for place, note in enumerate(table.notes):
        _say(document, note, size=_SIZE_OF_NOTES, italic=True, space_before=None if place else Pt(6))
    _keep_with_signature(document)
    _write_signature(document, head, room)
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


def _least_width(heading: str, *texts: str, side: str) -> float:
    """Return how wide a column is at the least, in millimetres: numbers stay whole, texts wrap."""
    most = _MOST_FOR_NUMBER if side == "right" else _ROOM_FOR_TEXT
    words = [
        sum(_CAPITAL_OF_HEADING if it.isupper() else _LETTER_OF_HEADING for it in word) for word in heading.split()
    ]
    return max(min(max(map(len, texts), default=0), most) * _LETTER, *words) + _PADDING


def _widths(columns: Sequence[Sequence[str]], least: Sequence[float], room: float) -> list[float]:
    """Return how wide each column is, in millimetres: what the least widths leave goes to where texts are longer.

    What is left even so, goes to all, for a table is as wide as the lines above it.
    """
    wished = [min(max(map(len, column)), _MOST_FOR_TEXT) * _LETTER + _PADDING for column in columns]
    more = [max(wish - width, 0) for wish, width in zip(wished, least, strict=True)]
    part = min(1, max(room - sum(least), 0) / sum(more)) if any(more) else 0
    wide = [width + part * it for width, it in zip(least, more, strict=True)]
    return [width * room / sum(wide) for width in wide]


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
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = _CENTRE
    paragraph.paragraph_format.element.append(_element("fldSimple", instr="PAGE"))
    return width - _LEFT - _RIGHT


def _write_head(document: Any, head: Letterhead, room: float) -> None:
    left, right = _side_by_side(document, room, 0.42)
    if head.upper:
        _say(left, _in_full(head.upper).upper(), size=12, align=_CENTRE)
    _say(left, _in_full(head.own).upper() or _UNKNOWN, size=12, bold=True, align=_CENTRE)
    _rule(left, room * 0.13)
    number = f"Số: {_UNKNOWN}/{'DS' if head.is_list else 'BC'}-{_initials(head)}"
    _say(left, number, align=_CENTRE, space_before=Pt(4))
    _say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=_CENTRE)
    _say(right, "Độc lập - Tự do - Hạnh phúc", bold=True, align=_CENTRE)
    _rule(right, (room * 0.58 - 60) / 2)
    signed = f"{head.place or _UNKNOWN}, {formal_date_text(date.today())}"  # noqa: DTZ011  the day it is signed
    _say(right, signed, italic=True, align=_CENTRE, space_before=Pt(4))


def _write_title(document: Any, head: Letterhead, title: str, room: float) -> None:
    kind = head.subject.upper() if head.is_list else "BÁO CÁO"
    _say(document, kind, size=14, bold=True, align=_CENTRE, space_before=Pt(18))
    if head.subject and not head.is_list:
        _say(document, head.subject, size=14, bold=True, align=_CENTRE)
    if title:
        _say(document, title, bold=True, align=_CENTRE)
    _rule(document, room * 0.4)
    document.paragraphs[-1].paragraph_format.space_after = Pt(12)


def _write_table(
    document: Any, cells: list[list[str]], aligned: Sequence[Any], widths: Sequence[float], totals: int
) -> None:
    table = document.add_table(3, len(widths), style="Table Grid")
    table.autofit = False
    for number, row in enumerate(table.rows):
        for cell, width, align in zip(row.cells, widths, aligned, strict=True):
            cell.width = Mm(width)
            _say(cell, "", size=_SIZE_IN_TABLE, bold=number != 1, align=align if number else _CENTRE)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    # No public way: a row stays on one page, and the first is repeated on each.
    body = table._tbl  # noqa: SLF001
    _keep_whole(body)
    heading, plain, total = body.tr_lst
    heading.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for number, texts in enumerate(cells):
        # Many times as fast as cells that are made one by one.
        row = deepcopy(plain if number < len(cells) - totals else total) if number else heading
        for run, text in zip(row.iter(qn("w:r")), texts, strict=True):
            run.text = _writable(text)
        body.append(row)
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
    for recipient in (f"- {_UNKNOWN};", "- Lưu: VT."):
        _say(left, recipient, size=11)
    for title in (_SIGNED_FOR.get(head.kind, "TM. BAN THƯỜNG VỤ"), "CHỦ TỊCH"):
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
