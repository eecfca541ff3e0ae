"""JSON and newline-delimited JSON: raw integers, ISO dates, letters as they are."""

import json
from datetime import date

from ucli.render import Sheet


def render(sheet: Sheet, form: str) -> str:
    if form == "ndjson":
        return "".join(f"{dumped(record)}\n" for record in sheet.records)
    document = sheet.as_document()
    return f"{_escaped(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))}\n"


def dumped(value: object) -> str:
    return _escaped(json.dumps(value, ensure_ascii=False, default=_plain))


def _escaped(text: str) -> str:
    """Write what a terminal may obey, and what turns the writing round, as JSON may write any letter: by its number."""
    if text.replace("\n", "").isprintable():
        return text
    # Within a text JSON escapes the ends of lines itself: those that are left part its lines.
    return "".join(it if it == "\n" or it.isprintable() else json.dumps(it)[1:-1] for it in text)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
