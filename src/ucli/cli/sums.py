"""Sums that are kept and are not what the records add up to, as findings in the words of whoever reports them."""

import sqlite3
from collections.abc import Iterator
from datetime import date

from ucli.domain.periods import Window
from ucli.language import _, chosen, marked
from ucli.ledger import catalogue
from ucli.ledger.tallying import Finding as Cell
from ucli.ledger.tallying import differences
from ucli.render.words import word
from ucli.reports.findings import TALLY, Finding
from ucli.vietnamese.dates import date_text
from ucli.vietnamese.numbers import grouped

# What a series adds up, by the first part of its name; what is behind the colon is why somebody left, or a programme.
_ADDED = {
    "founded": marked("Grassroots unions founded"),
    "ended": marked("Grassroots unions dissolved"),
    "went-up": marked("Grassroots unions merged into others"),
    "begun": marked("Grassroots unions that came"),
    "gone": marked("Grassroots unions that went"),
    "admitted": marked("Members admitted"),
    "arrived": marked("Members transferred in"),
    "left": marked("Members who left ({which})"),
    "left-at-once": marked("Members who left on the day of their admission ({which})"),
    "recipients": marked("Recipients of payouts ({which})"),
    "amount": marked("Đồng paid out ({which})"),
}


def sums_findings(db: sqlite3.Connection) -> Iterator[Finding]:
    """Yield the sums that are not what the registers add up to."""
    for it in differences(db):
        try:
            what = _text(db, it)
        except ValueError:
            # A day or a number that damage has made to none.
            what = _("A sum that reports read is kept for something that there is not: {cell}.").format(cell=it.cell)
        yield Finding(TALLY, f"{it.unit} {it.table} {it.cell}", what, it.unit)


def _text(db: sqlite3.Connection, it: Cell) -> str:
    if it.table == "tallied":
        return _(
            "It is not kept rightly for which units reports read sums by day or by month; this unit is one of them."
        )
    if it.table == "holding":
        return _("Figure {number}: it is not kept rightly that records or other figures lie inside it.").format(
            number=it.cell
        )
    what = _figures_told(db, it.cell) if it.table == "tally_figure" else _series_told(db, it.cell)
    # Of figures the first is how many there are, the fourth what they add up to.
    kept, counted = (
        grouped(int(numbers[3 if len(numbers) > 1 else 0])) if (numbers := text.split()) else "0"
        for text in (it.kept, it.counted)
    )
    if kept == counted:
        return _("{what}: the sum that reports read is wrong in a detail, as a share or a hedge.").format(what=what)
    return _("{what}: reports read {kept}, but the records add up to {counted}.").format(
        what=what, kept=kept, counted=counted
    )


def _series_told(db: sqlite3.Connection, cell: str) -> str:
    series, when = cell.rsplit(" ", 1)
    name, _colon, of = series.partition(":")
    if name in ("recipients", "amount"):
        which = next((it.name for it in catalogue.programmes(db) if str(it.id) == of), of)
    else:
        which = word(of)
    added = _(_ADDED[name]).format(which=which) if name in _ADDED else series
    return _("{what}, {when}").format(what=added, when=_when(when))


def _figures_told(db: sqlite3.Connection, cell: str) -> str:
    number, start, end, _day = cell.split(" ")
    indicator = next((it for it in catalogue.indicators(db) if str(it.id) == number), None)
    window = Window("..", date.fromisoformat(start), date.fromisoformat(end))
    return _("{what}, {when}").format(what=indicator.name(chosen()) if indicator else number, when=window.text())


def _when(text: str) -> str:
    """Write a month or a day as it is written here: 05/2024, 31/05/2024."""
    return date_text(date.fromisoformat(text)) if len(text) > len("2024-05") else "/".join(reversed(text.split("-")))
