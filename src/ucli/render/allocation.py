"""A target and its parts, as people read them."""

from collections.abc import Sequence

from ucli.i18n import _
from ucli.render import Column, Record, Sheet, sheet_of
from ucli.render.notes import allocation_text
from ucli.values.indicators import Indicator


def allocation_sheet(
    rows: Sequence[Record],
    indicator: Indicator,
    *,
    title: str,
    basis: str,
    by_year: bool,
    assigned: int,
    allocated: int,
) -> Sheet:
    """Return the parts as a table with their sum, and the difference from the whole below it."""
    has_basis, has_before = (any(it[key] is not None for it in rows) for key in ("basis", "before"))
    name = (_("Period"), "period") if by_year else (_("Unit"), "name")
    total: Record = {name[1]: _("Total"), "target": sum(int(str(it["target"])) for it in rows)}
    shown = [
        name,
        (basis if has_basis else "", "basis"),
        (_("Before") if has_before else "", "before"),
        (_("Target"), "target"),
    ]
    return sheet_of(
        [Column(heading, lambda it, key=key: it.get(key), key) for heading, key in shown],  # type: ignore[misc]
        [*rows, total],
        title=title,
        notes=[allocation_text(indicator, assigned, allocated)],
        totals=1,
    )
