"""An allocated target and its parts as a table."""

from collections.abc import Sequence

from ucli.i18n import _
from ucli.render import Column, Record, Sheet, sheet_of
from ucli.render.notes import allocation_text
from ucli.reports.allocation import Allotment
from ucli.values.indicators import Indicator


def allocation_sheet(
    parts: Sequence[Allotment], indicator: Indicator, title: str, assigned: int, allocated: int, *, by_year: bool
) -> Sheet:
    """Return the parts as a table with their sum, and the difference from the whole below it."""
    headings = {"part": _("Period") if by_year else _("Unit"), "basis": _("Weight"), "target": _("Target")}
    if all(it.basis is None for it in parts):
        headings["basis"] = ""
    rows: list[Record] = [
        {"part": it.window.code if by_year else it.unit.name, "basis": it.basis, "target": it.value} for it in parts
    ]
    total: Record = {"part": _("Total"), "target": sum(it.value or 0 for it in parts)}
    columns = [Column(heading, lambda it, key=key: it.get(key), key) for key, heading in headings.items()]  # type: ignore[misc]
    notes = [allocation_text(indicator, assigned, allocated)]
    return sheet_of(columns, [*rows, total], title=title, notes=notes, totals=1)
