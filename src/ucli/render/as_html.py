"""A page of one file, to be handed in: it opens without a network, prints on A4, and reads on a phone.

Nothing in it runs, and nothing is fetched; the page itself tells the browser so.
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from ucli.i18n import _, chosen
from ucli.render import Sheet, sanitized
from ucli.render.cells import Attained, status_code, text_of
from ucli.render.tables import Fitted, Heading, Table, fitted, heading_rows, shown

# A bar ends here, so that one row at 900% does not make all others look like nothing.
_LONGEST = 150
_TOTAL = '<tr class="total">'
# How many letters a line of the page and of its paper has, upright and across, and what parts two columns.
_ROOM, _ROOM_UPRIGHT, _GAP = 150, 100, 2


def render(sheet: Sheet, form: str) -> Iterator[str]:
    page, style = (Path(__file__).with_name(f"page.{it}").read_text(encoding="utf-8") for it in ("html", "css"))
    answer = shown(sheet, form)
    told = [f"<p>{escape(paragraph)}</p>\n" for paragraph in sanitized(list(sheet.prose))]
    tables = [
        it for table in answer.tables for it in fitted(table, _ROOM, gaps=[_GAP]) or [Fitted(table, [_ROOM], _GAP)]
    ]
    yield page.format(
        language=chosen(),
        style=style,
        paper="A4" if all(it.width <= _ROOM_UPRIGHT for it in tables) else "A4 landscape",
        title=escape(answer.title or answer.letterhead.subject or _("List")),
        told=_within('<section class="prose">\n{}</section>\n', told[:1]),
        tables="".join(map(_table, [it.table for it in tables])),
        # What groups have to say is longer than the table.
        told_after=_within('<section class="prose">\n{}</section>\n', told[1:]),
        notes=_within('<ul class="notes">\n{}</ul>\n', [f"<li>{escape(note)}</li>\n" for note in answer.notes]),
    )


def _table(table: Table) -> str:
    sides = [' class="number"' if side == "right" else "" for side in table.sides]
    # Bars beside each other would be compared, of which each is held against another target.
    columns = [(escape(text), side, not table.over) for text, side in zip(table.full_headings, sides, strict=True)]
    lines = [f'<div class="scroll">\n<table>\n<caption>{escape(_caption(table))}</caption>\n<thead>']
    lines += ["<tr>" + "".join(_heading(it, sides) for it in cells) + "</tr>" for cells in heading_rows(table)]
    lines.append("</thead>\n<tbody>")
    lines += [f"{_TOTAL if is_total else '<tr>'}{_cells(row, columns)}</tr>" for row, is_total in table.lines]
    return "\n".join([*lines, "</tbody>\n</table>\n</div>\n"])


def _heading(it: Heading, sides: Sequence[str]) -> str:
    side = sides[it.place] if it.columns == 1 else ""
    over = f' colspan="{it.columns}"' if it.columns > 1 else ""
    over += f' rowspan="{it.rows}"' if it.rows > 1 else ""
    return f'<th scope="{"colgroup" if it.columns > 1 else "col"}"{side}{over}>{escape(it.text)}</th>'


def _within(section: str, parts: list[str]) -> str:
    return section.format("".join(parts)) if parts else ""


def _caption(table: Table) -> str:
    caption = [*table.above, _("Rows in the table: {count}.").format(count=len(table.rows))]
    if not table.over and any(isinstance(value, Attained) for row in table.rows for value in row):
        caption.append(_("The mark on a bar is the target; a bar ends at {longest}% of it.").format(longest=_LONGEST))
    return " ".join(caption)


def _cells(row: Sequence[object], columns: Sequence[tuple[str, str, bool]]) -> str:
    (first, (_name, side, _has_bars)), *others = zip(row, columns, strict=True)
    cells = f'<th scope="row"{side}>{escape(text_of(first))}</th>'
    for value, (heading, side, has_bars) in others:
        text, bar = escape(text_of(value)), ""
        if code := status_code(value):
            text = f'<span class="{escape(code)}">{text}</span>'
        if has_bars and isinstance(value, Attained):
            bar = _bar(value)
        cells += f'<td{side} data-heading="{heading}"><span>{text}{bar}</span></td>'
    return cells


def _bar(attained: Attained) -> str:
    """Draw how much of the target was reached; what it shows is also said in words."""
    width = min(max(float(attained.number), 0.0), float(_LONGEST))
    says = escape(_("{percent} of the target reached").format(percent=str(attained)))
    return (
        f'<svg class="bar {escape(attained.status)}" role="img" aria-label="{says}" viewBox="0 0 {_LONGEST} 8"'
        ' preserveAspectRatio="none">'
        f'<rect class="track" width="{_LONGEST}" height="8"/><rect class="reached" width="{width:.1f}" height="8"/>'
        '<path class="goal" d="M100 0V8"/></svg>'
    )
