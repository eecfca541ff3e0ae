"""A page of one file, to be handed in: it opens without a network, prints on A4, and reads on a phone.

Nothing in it runs, and nothing is fetched; the page itself tells the browser so.
"""

from html import escape
from pathlib import Path

from ucli.i18n import _, chosen
from ucli.render import Sheet
from ucli.render.cells import Attained, Status, alignments, text_of

# A bar ends here, so that one row at 900% does not make all others look like nothing.
_LONGEST = 150
# More columns than this do not fit upright paper.
_MOST_UPRIGHT = 7

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}@page {{ size: {paper}; margin: 14mm; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{told}<div class="scroll">
<table>
<caption>{caption}</caption>
<thead>
<tr>{headings}</tr>
</thead>
<tbody>
{rows}</tbody>
</table>
</div>
{told_after}{notes}</main>
</body>
</html>
"""


def render(sheet: Sheet, _form: str) -> str:
    sides = alignments(sheet) if sheet.rows else ["left"] * len(sheet.headings)
    told = [f"<p>{escape(paragraph)}</p>\n" for paragraph in sheet.prose]
    first_total = len(sheet.rows) - sheet.totals
    return _PAGE.format(
        language=chosen(),
        style=Path(__file__).with_name("page.css").read_text(encoding="utf-8"),
        paper="A4" if len(sheet.headings) <= _MOST_UPRIGHT else "A4 landscape",
        title=escape(sheet.title or (sheet.letterhead and sheet.letterhead.subject) or _("List")),
        told=_section("prose", told[:1]),
        caption=escape(_caption(sheet)),
        headings="".join(
            f'<th scope="col"{_class(side)}>{escape(heading)}</th>'
            for heading, side in zip(sheet.headings, sides, strict=True)
        ),
        rows="".join(
            _row(row, sheet.headings, sides, is_total=place >= first_total) for place, row in enumerate(sheet.rows)
        ),
        # What groups have to say is longer than the table.
        told_after=_section("prose", told[1:]),
        notes=_list(sheet.notes),
    )


def _caption(sheet: Sheet) -> str:
    caption = _("Rows in the table: {count}.").format(count=len(sheet.rows))
    if any(isinstance(value, Attained) for row in sheet.rows for value in row):
        caption += " " + _("The mark on a bar is the target; a bar ends at {longest}% of it.").format(longest=_LONGEST)
    return caption


def _row(row: list[object], headings: list[str], sides: list[str], *, is_total: bool) -> str:
    status = next((value.code for value in row if isinstance(value, Status)), "")
    first, *others = zip(row, headings, sides, strict=True)
    cells = [f'<th scope="row"{_class(first[2])}>{escape(text_of(first[0]))}</th>']
    for value, heading, side in others:
        text = escape(text_of(value))
        if isinstance(value, Status):
            text = f'<span class="{escape(value.code)}">{text}</span>'
        bar = _bar(value, status) if isinstance(value, Attained) else ""
        cells.append(f'<td{_class(side)} data-heading="{escape(heading)}"><span>{text}{bar}</span></td>')
    opening = '<tr class="total">' if is_total else "<tr>"
    return f"{opening}{''.join(cells)}</tr>\n"


def _bar(attained: Attained, status: str) -> str:
    """Draw how much of the target was reached; what it shows is also said in words."""
    width = min(max(float(attained.number), 0.0), float(_LONGEST))
    says = escape(_("{percent} of the target reached").format(percent=str(attained)))
    return (
        f'<svg class="bar {escape(status)}" role="img" aria-label="{says}" viewBox="0 0 {_LONGEST} 8"'
        ' preserveAspectRatio="none">'
        f'<rect class="track" width="{_LONGEST}" height="8"/><rect class="reached" width="{width:.1f}" height="8"/>'
        '<path class="goal" d="M100 0V8"/></svg>'
    )


def _class(side: str) -> str:
    return ' class="number"' if side == "right" else ""


def _section(name: str, parts: list[str]) -> str:
    return f'<section class="{name}">\n{"".join(parts)}</section>\n' if parts else ""


def _list(notes: list[str]) -> str:
    items = "".join(f"<li>{escape(note)}</li>\n" for note in notes)
    return f'<ul class="notes">\n{items}</ul>\n' if items else ""
