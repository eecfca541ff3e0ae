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
    else:  # a list, written record by record
        before = "["
        for record in sheet.records:
            yield f"{before}\n  " + dumped(record, indent=2).replace("\n", "\n  ")
            before = ","
        yield "[]\n" if before == "[" else "\n]\n"


def dumped(value: object, indent: int | None = None) -> str:
    """Return JSON with control and direction characters escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=date.isoformat)
    if text.replace("\n", "").isprintable():
        return text
    # JSON escapes line ends within texts itself: those left are between its own lines.
    return "".join(it if it == "\n" or it.isprintable() else json.dumps(it)[1:-1] for it in text)
