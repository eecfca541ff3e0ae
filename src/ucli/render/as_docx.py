"""A Word document in the form that unions use: a docxtpl template has the layout, this module the content."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from io import BytesIO
from itertools import count
from math import ceil
from struct import error as struct_error
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import Environment

from ucli.errors import RefusedError
from ucli.i18n import _
from ucli.render import Column, Sheet, require_room, sanitized
from ucli.render.filled import filled, table_fields, writable
from ucli.render.letterhead import fields_of
from ucli.render.tables import Fitted, Heading, LaidOut, fitted, heading_rows, natural, shown
from ucli.values.dates import date_text
from ucli.values.numbers import grouped

# More rows than anybody reads on paper, or than Word opens quickly.
_MOST_ROWS = 5_000
# A4 and its margins at the sides, all in millimetres.
_SHORT, _LONG, _MARGINS = 210, 297, 45
# How wide a small letter of the table is, and what stands around a text, in millimetres; a capital, in small letters.
_LETTER, _PADDING, _CAPITAL = 2.05, 4.2, 1.35
_GAP = _PADDING / _LETTER
_MOST_LINES, _ROOM_FOR_TEXT = 8, 14  # lines of a row, and letters of a text where nothing else fits
_KEPT_WHOLE = 12  # rows for which a page always has room
_STYLE = "Table Grid"  # the style of tables whose column widths are set here


def render(sheet: Sheet, form: str) -> Iterator[bytes]:
    page = shown(sheet, form)
    require_room(page.rows, _MOST_ROWS, form)
    head, told = page.letterhead, sanitized(list(sheet.prose))
    subject, title = head.subject, page.title
    if told:  # a report is portrait prose with its tables in an annex; a list is just its table
        told[-1] = told[-1].rstrip(".") + "./."
        if subject and sheet.period:
            subject = _("{subject}, {period}").format(subject=subject, period=sheet.period)
        title = _("(figures to {day})").format(day=date_text(sheet.day)) if sheet.day else ""
    parts, upright = _fitted(page.tables)
    fields = {
        **fields_of(head),
        "subject": "" if head.is_list else subject,
        "title": title,
        "told": told,
        "lead": page.lead,
        "tables": [table_fields(it.table) for it in parts],
        "notes": page.notes,
        "ended": _("Rows in the table: {count}.").format(count=grouped(page.rows)) + "/.",
    }

    def fill(file: BytesIO, environment: Environment) -> Any:
        template = DocxTemplate(file)
        template.render(fields, environment)
        return template.docx

    document = filled("docx", head, fill)
    _lay_out(document, parts, upright=upright, is_alone=not told)
    about = document.core_properties
    # The office as author, nothing about the person or machine.
    about.author = about.last_modified_by = writable(head.own)[:255]
    about.title, about.comments = writable(head.subject or page.title)[:255], ""
    about.created = about.modified = datetime.combine(sheet.day or date.today(), time())  # noqa: DTZ011  of that day
    file = BytesIO()
    try:
        document.save(file)
    except (ValueError, struct_error) as error:
        # Each part of a zip has a time, which must lie between 1980 and 2107.
        today = date_text(date.today())  # noqa: DTZ011
        raise RefusedError(
            _("A Word document cannot be dated {day}, the date on this machine's clock.").format(day=today),
            instead=_("Set the clock, or choose another format."),
        ) from error
    yield file.getvalue()


def _fitted(tables: Sequence[LaidOut]) -> tuple[list[Fitted], bool]:
    """Return tables with numbered rows, split as the paper requires, and whether it is portrait."""
    numbered = list(map(_numbered, tables))
    for room, upright in ((_SHORT, True), (_LONG, False)):
        letters = (room - _MARGINS) / _LETTER
        most = 2 if upright else _MOST_LINES
        found = [fitted(it, letters, gaps=[_GAP], most=most, measure=_letters) for it in numbered]
        if all(len(it) == 1 for it in found) or (not upright and all(found)):
            return [part for it in found for part in it], upright
    return [natural(it, _ROOM_FOR_TEXT, _GAP, _letters) for it in numbered], False


def _numbered(table: LaidOut) -> LaidOut:
    """Return a table with row numbers in front; totals and parts of a row have none."""
    numbers = count(1)
    rows = [
        ["" if is_total or place in table.parts else next(numbers), *row]
        for place, (row, is_total) in enumerate(table.lines)
    ]
    shared = table.shared and table.shared + 1
    return table._replace(columns=[Column("TT"), *table.columns], rows=rows, shared=shared)


def _letters(text: str) -> int:
    """Return the width of a text, in small letters."""
    return ceil(sum(_CAPITAL if it.isupper() else 1 for it in text))


def _lay_out(document: Any, parts: Sequence[Fitted], *, upright: bool, is_alone: bool) -> None:
    """Set the widths of columns, merge their headings, and turn the paper if tables need it."""
    laid_out = [it for it in document.tables if it.style.name == _STYLE]
    if not laid_out:  # an office's own template, which keeps its paper
        return
    section = document.sections[-1]
    section.orientation = WD_ORIENT.PORTRAIT if upright else WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = (Mm(_SHORT), Mm(_LONG)) if upright else (Mm(_LONG), Mm(_SHORT))
    section.different_first_page_header_footer = is_alone
    room = (_SHORT if upright else _LONG) - _MARGINS
    for part, table in zip(parts, laid_out, strict=False):
        # The rest of a line is shared out, for a table is as wide as the text above it.
        lengths = [it + part.gap for it in part.widths]
        for column, length in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), lengths, strict=False):  # noqa: SLF001
            column.w = Mm(length * room / sum(lengths))
        _merge_headings(table._tbl.tr_lst, heading_rows(part.table))  # noqa: SLF001
        if len(part.table.rows) <= _KEPT_WHOLE:
            for line in table._tbl.tr_lst[:-1]:  # noqa: SLF001
                for paragraph in line.iter(qn("w:p")):
                    paragraph.get_or_add_pPr().get_or_add_keepNext()


def _merge_headings(lines: Sequence[Any], headings: Sequence[Sequence[Heading]]) -> None:
    """Merge the cells that a heading covers."""
    cells = [line.tc_lst for line in lines[: len(headings)]]
    for number, row in enumerate(headings):
        for it in row:
            if it.columns * it.rows > 1:
                cell = cells[number][it.place].merge(cells[number + it.rows - 1][it.place + it.columns - 1])
                for empty in cell.p_lst[1:]:
                    cell.remove(empty)
