"""Templates of documents and pages, shipped or an office's own, rendered in a sandbox: no field reads a file."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from jinja2 import StrictUndefined, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from ucli.errors import RejectedError
from ucli.i18n import _
from ucli.render import SHIPPED
from ucli.render.cells import Attained, status_code, text_of
from ucli.render.tables import LaidOut, heading_rows
from ucli.reports.letterhead import Letterhead

Made = TypeVar("Made")

# Bars end here, so that one row at 900% does not dwarf the others.
LONGEST = 150


def filled(form: str, head: Letterhead, fill: Callable[[BytesIO, SandboxedEnvironment], Made]) -> Made:
    """Render a template with `fill`: the letterhead's own, else the shipped one.

    Raises:
        RejectedError: it is no such template, or uses a field that does not exist.
    """
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_finalized)
    if head.template is None:
        return fill(BytesIO((SHIPPED / f"document.{form}").read_bytes()), environment)
    try:
        return fill(BytesIO(head.template.read_bytes()), environment)
    except Exception as error:  # a template can fail in any way
        why = str(error).partition("\n")[0]
        if isinstance(error, UndefinedError) and why.endswith("is undefined"):
            why = _("There is no field {name}.").format(name=why.partition(" ")[0])
        raise RejectedError(
            _("The template {file} cannot be filled in.").format(file=head.template),
            why=why,
            instead=_("Start from the shipped one: ucli template document -o FILE.{form}").format(form=form),
        ) from error


def table_fields(table: LaidOut) -> dict[str, Any]:
    """Return a table for a template.

    Its headings are cells that may span columns and rows; `grid` has a text for each column and row of them, empty
    where covered. Cells of attainment have the length of a bar.
    """
    headings, sides = heading_rows(table), table.sides
    grid = [[""] * len(sides) for _row in headings]
    for texts, row in zip(grid, headings, strict=True):
        for it in row:
            texts[it.place] = it.text
    rows: list[dict[str, Any]] = [
        {"cells": [_cell(value, side) for value, side in zip(row, sides, strict=True)], "is_total": is_total}
        for row, is_total in table.lines
    ]
    cells = [[{**it._asdict(), "side": sides[it.place]} for it in row] for row in headings]
    # Bars side by side would be compared, though each has another target.
    has_bars = not table.spans and any(it["reached"] for row in rows for it in row["cells"])
    return {"above": list(table.above), "headings": cells, "grid": grid, "rows": rows, "has_bars": has_bars}


def _cell(value: object, side: str) -> dict[str, Any]:
    text = "" if value == "" else text_of(value)
    reached = f"{min(max(float(value.number), 0.0), LONGEST):.1f}" if isinstance(value, Attained) else None
    return {"text": text, "side": side, "status": status_code(value), "reached": reached}


def writable(text: str) -> str:
    """Return a text without the two characters that XML does not allow."""
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


def _finalized(value: object) -> object:
    return writable(value) if isinstance(value, str) else value
