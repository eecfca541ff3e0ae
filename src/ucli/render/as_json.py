"""JSON and newline-delimited JSON: raw integers, ISO dates, letters as they are."""

import json
from datetime import date

from ucli.render import Sheet


def render(sheet: Sheet, form: str) -> str:
    if form == "ndjson":
        return "".join(f"{dumped(record)}\n" for record in sheet.records)
    document = sheet.records if sheet.document is None else sheet.document
    return f"{json.dumps(document, ensure_ascii=False, indent=2, default=_plain)}\n"


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
