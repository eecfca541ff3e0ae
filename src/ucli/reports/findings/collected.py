"""What units stated against what is recorded: inside a figure's box, and between two statements of a stock."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from ucli.domain.indicators import Indicator
from ucli.language import _, chosen
from ucli.reports.figures import COLUMNS, LAST_DAY, Figure, figure_of
from ucli.reports.findings import COLLECTED, STOCK_BALANCE, Finding, apart
from ucli.reports.findings.counts import Counts, numbers_of, value_text
from ucli.vietnamese.dates import date_text
from ucli.vietnamese.numbers import grouped


def collected(db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> Iterator[Finding]:
    """Yield the figures that say something else than what is recorded inside them, and stocks that do not balance."""
    counts = Counts(db, catalogue)
    by_number = {it.id: it for it in catalogue}
    boxes: dict[tuple[str, str], dict[int, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in _figures(db, catalogue):
        if not by_number[figure.indicator].is_stock:
            boxes[figure.start, figure.end][figure.unit].append(figure)
    for units in boxes.values():
        found = [it for figures in units.values() for it in figures]
        window, asked = found[0].window, {by_number[it.indicator].code for it in found}
        counters = counts.counters(list(units), window, asked)
        for figure in found:
            unit, counter = figure.unit, counters[figure.unit]
            below = counter.count(by_number[figure.indicator]).collected.get(figure.id)
            if below is not None and figure.value is not None and numbers_of(below) != numbers_of(figure.value):
                name = by_number[figure.indicator].name(chosen())
                what = _("{indicator}: stated {stated} for {period}, collected from below {below}.").format(
                    indicator=name,
                    stated=value_text(figure.value, by_number[figure.indicator]),
                    period=figure.period,
                    below=value_text(below, by_number[figure.indicator]),
                )
                numbers = numbers_of(figure.value), numbers_of(below)
                yield Finding(COLLECTED, str(figure.id), what, unit, sum(numbers, ()), name, apart(*numbers))
    yield from _balances(db, counts, [it for it in catalogue if it.is_stock and it.register])


def _balances(db: sqlite3.Connection, counts: Counts, stocks: Sequence[Indicator]) -> Iterator[Finding]:
    for stock in stocks:
        statements: dict[int, list[Figure]] = defaultdict(list)
        for figure in _figures(db, counts.catalogue, stock.id):
            statements[figure.unit].append(figure)
        for unit, figures in statements.items():
            # Of two statements for one day the newer counts.
            by_day = sorted({it.day: it for it in figures}.items())
            for (day, before), (last, after) in pairwise(by_day):
                (opening,), (closing,) = numbers_of(before.value), numbers_of(after.value)
                due = opening + counts.moved(stock, unit, day, last)
                if due != closing:
                    what = _(
                        "{indicator}: {opening} on {day} and all that came and went make {due},"
                        " stated {closing} on {last} (figure {number})."
                    ).format(
                        indicator=stock.name(chosen()),
                        opening=value_text(before.value, stock),
                        day=date_text(date.fromisoformat(day)),
                        due=grouped(due),
                        closing=value_text(after.value, stock),
                        last=date_text(date.fromisoformat(last)),
                        number=after.id,
                    )
                    numbers, by = (opening, due, closing), apart([due], [closing])
                    yield Finding(STOCK_BALANCE, str(after.id), what, unit, numbers, stock.name(chosen()), by)


def _figures(db: sqlite3.Connection, catalogue: Sequence[Indicator], indicator: int | None = None) -> list[Figure]:
    """Return the figures with a value: of one indicator, or of all that may have something inside."""
    only = "f.indicator = :indicator"
    if indicator is None:
        only = (
            "(f.indicator IN (SELECT value FROM json_each(:registered))"
            " OR EXISTS (SELECT 1 FROM now_ancestry b WHERE b.ancestor = f.unit AND b.depth = 1)"
            " OR f.unit IN (SELECT unit FROM now_unit_name WHERE kind = 'cluster')"
            " OR EXISTS (SELECT 1 FROM now_figure i WHERE i.unit = f.unit AND i.indicator = f.indicator"
            " AND i.id <> f.id AND i.end_day BETWEEN f.start_day AND f.end_day AND i.start_day >= f.start_day))"
        )
    rows = db.execute(
        f"SELECT {COLUMNS}, {LAST_DAY} AS day FROM now_figure f WHERE coalesce(f.value, f.whole) NOTNULL AND {only}"
        " ORDER BY f.id",
        {"indicator": indicator, "registered": json.dumps([it.id for it in catalogue if it.register])},
    )
    return [figure_of([*row]) for row in rows]
