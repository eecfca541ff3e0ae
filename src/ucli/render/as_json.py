"""JSON and newline-delimited JSON: raw integers, ISO dates, letters as they are."""

import json
from collections.abc import Iterator
from datetime import date

from ucli.render import Sheet


def render(sheet: Sheet, form: str) -> Iterator[str]:
    if form == "ndjson":
        yield from (f"{dumped(record)}\n" for record in sheet.records)
    elif sheet.document is not None:
        yield f"{dumped(sheet.as_document(), indent=2)}\n"
    else:  # a list, record by record as it would be written whole
        before = "["
        for record in sheet.records:
            yield f"{before}\n  " + dumped(record, indent=2).replace("\n", "\n  ")
            before = ","
        yield "[]\n" if before == "[" else "\n]\n"


def dumped(value: object, indent: int | None = None) -> str:
    """Return JSON in which what a terminal may obey, and what turns the writing round, is written by its number."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=date.isoformat)
    if text.replace("\n", "").isprintable():
        return text
    # Within a text JSON escapes the ends of lines itself: those that are left part its lines.
    return "".join(it if it == "\n" or it.isprintable() else json.dumps(it)[1:-1] for it in text)
