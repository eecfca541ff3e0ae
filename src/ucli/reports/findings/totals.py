"""Control totals: what was signed off against what is counted now, and who changed it since."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ucli.i18n import _, chosen
from ucli.ledger.closing import Box
from ucli.ledger.operations import first_op
from ucli.reports.closings import changes_since
from ucli.reports.findings import CONTROL_TOTAL, Finding, apart
from ucli.reports.findings.counts import Counts, numbers_of, value_text
from ucli.reports.submissions import has_stock, touching
from ucli.values.indicators import Indicator
from ucli.values.periods import BEGINNING, Window
from ucli.values.quantities import Quantity, Share


def totals(db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> Iterator[Finding]:
    """Yield the control totals that are no more what is counted, with the operations that touched them since."""
    counts = Counts(db, catalogue)
    by_number = {it.id: it for it in catalogue}
    by_code = {it.code: it for it in catalogue}
    for row in db.execute(
        f"SELECT r.*, {first_op('control_total', 'r')} AS first_op FROM control_total r ORDER BY id"
    ).fetchall():
        indicator = by_number[row["indicator"]]
        window = Window(row["period"], date.fromisoformat(row["start_day"]), date.fromisoformat(row["end_day"]))
        signed: Quantity | Share = Quantity(row["value"] or 0, row["qualifier"])
        if row["whole"] is not None:
            signed = Share(row["part"], row["whole"], row["qualifier"])
        counted = counts.counter(row["unit"], window).count(indicator).value or Quantity(0)
        if counted == signed:
            continue
        touched = _touching(db, indicator, by_code, row)
        what = (
            _("{indicator} in {period}: signed off {signed}, counted now {counted}; touched by: operation {numbers}.")
            if touched
            else _(
                "{indicator} in {period}: signed off {signed}, counted now {counted};"
                " nothing touched it since, it was signed off so."
            )
        )
        said = what.format(
            indicator=indicator.name(chosen()),
            period=window.code,
            signed=value_text(signed, indicator),
            counted=value_text(counted, indicator),
            numbers=", ".join(map(str, touched)),
        )
        name, by = indicator.name(chosen()), apart(numbers_of(signed), numbers_of(counted))
        yield Finding(CONTROL_TOTAL, str(row["id"]), said, row["unit"], indicator=name, apart=by)


def _touching(
    db: sqlite3.Connection, indicator: Indicator, by_code: Mapping[str, Indicator], row: sqlite3.Row
) -> list[int]:
    """Return the operations since that changed what a control total is made of."""
    first = BEGINNING if has_stock(indicator.code, by_code) else row["start_day"]
    changes = changes_since(db, Box(0, row["unit"], first, row["end_day"]), row["first_op"])
    return sorted({number for it in touching([indicator.code], changes, by_code) for number in it.operations})
