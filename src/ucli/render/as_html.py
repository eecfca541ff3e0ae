"""A page of one file, to be handed in: it opens without a network, prints on A4, and reads on a phone.

Nothing in it runs, and nothing is fetched; the page itself tells the browser so.
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from ucli.i18n import _, chosen
from ucli.render import Sheet, sanitized, shown
from ucli.render.cells import Attained, Status, sides_of, text_of

# A bar ends here, so that one row at 900% does not make all others look like nothing.
_LONGEST = 150
# More columns than this do not fit upright paper.
_MOST_UPRIGHT = 7


def render(sheet: Sheet, _form: str) -> Iterator[str]:
    page, style = (Path(__file__).with_name(f"page.{it}").read_text(encoding="utf-8") for it in ("html", "css"))
    table = shown(sheet)
    sides = [' class="number"' if side == "right" else "" for side in sides_of(table)]
    columns = list(zip(map(escape, table.headings), sides, strict=True))
    told = [f"<p>{escape(paragraph)}</p>\n" for paragraph in sanitized(list(sheet.prose))]
    plain, total = "<tr>{}</tr>\n", '<tr class="total">{}</tr>\n'
    first_total = len(table.rows) - table.totals
    yield page.format(
        language=chosen(),
        style=style,
        paper="A4" if len(columns) <= _MOST_UPRIGHT else "A4 landscape",
        title=escape(table.title or table.letterhead.subject or _("List")),
        told=_within('<section class="prose">\n{}</section>\n', told[:1]),
        caption=escape(_caption(table.rows)),
        headings="".join(f'<th scope="col"{side}>{heading}</th>' for heading, side in columns),
        rows="".join(
            (plain if number < first_total else total).format(_cells(row, columns))
            for number, row in enumerate(table.rows)
        ),
        # What groups have to say is longer than the table.
        told_after=_within('<section class="prose">\n{}</section>\n', told[1:]),
        notes=_within('<ul class="notes">\n{}</ul>\n', [f"<li>{escape(note)}</li>\n" for note in table.notes]),
    )


def _within(section: str, parts: list[str]) -> str:
    return section.format("".join(parts)) if parts else ""


def _caption(rows: Sequence[Sequence[object]]) -> str:
    caption = _("Rows in the table: {count}.").format(count=len(rows))
    if any(isinstance(value, Attained) for row in rows for value in row):
        caption += " " + _("The mark on a bar is the target; a bar ends at {longest}% of it.").format(longest=_LONGEST)
    return caption


def _cells(row: Sequence[object], columns: Sequence[tuple[str, str]]) -> str:
    status = next((value.code for value in row if isinstance(value, Status)), "")
    (first, (_heading, side)), *others = zip(row, columns, strict=True)
    cells = f'<th scope="row"{side}>{escape(text_of(first))}</th>'
    for value, (heading, side) in others:
        text = escape(text_of(value))
        if isinstance(value, Status):
            text = f'<span class="{escape(value.code)}">{text}</span>'
        bar = _bar(value, status) if isinstance(value, Attained) else ""
        cells += f'<td{side} data-heading="{heading}"><span>{text}{bar}</span></td>'
    return cells


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
