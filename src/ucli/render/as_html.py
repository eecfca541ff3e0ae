"""A page in one file, to hand in: it opens offline, prints on A4, and is readable on a phone.

It has no scripts and fetches nothing; its content policy forbids both.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from jinja2 import Environment

from ucli.i18n import _, chosen
from ucli.render import Sheet, sanitized
from ucli.render.filled import LONGEST, filled, table_fields
from ucli.render.letterhead import fields_of
from ucli.render.tables import Fitted, LaidOut, fitted, shown

# The letters of a line on the screen, on portrait and on landscape paper; the gap between two columns.
ROOM, _ROOM_UPRIGHT, GAP = 150, 100, 2


def render(sheet: Sheet, form: str) -> Iterator[str]:
    answer = shown(sheet, form)
    tables = [it for table in answer.tables for it in fitted(table, ROOM, gaps=[GAP]) or [Fitted(table, [ROOM], GAP)]]
    fields = {
        **fields_of(answer.letterhead),
        "language": chosen(),
        "paper": "A4" if all(it.width <= _ROOM_UPRIGHT for it in tables) else "A4 landscape",
        "title": answer.title or answer.letterhead.subject or _("List"),
        "told": sanitized(list(sheet.prose)),
        "tables": [_table(it.table) for it in tables],
        "notes": answer.notes,
        "longest": LONGEST,
        "reached": _("{percent} of the target reached"),
    }

    def fill(file: BytesIO, environment: Environment) -> str:
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment.from_string(file.read().decode("utf-8")).render(fields)

    yield filled("html", answer.letterhead, fill)


def _table(table: LaidOut) -> dict[str, Any]:
    fields = table_fields(table)
    caption = [*table.above, _("Rows in the table: {count}.").format(count=len(table.rows))]
    if fields["has_bars"]:
        caption.append(_("The mark on a bar is the target; bars end at {longest}% of it.").format(longest=LONGEST))
    # On a phone headings are below each other: a shared one is repeated at the first of them.
    above = ["", *(it.over for it in table.columns)]
    names = [
        it.heading if it.heading and it.over == before else full
        for it, full, before in zip(table.columns, table.full_headings, above, strict=False)
    ]
    return {**fields, "caption": " ".join(caption), "names": names}
