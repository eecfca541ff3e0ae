"""What units stated against what is recorded: inside a figure's box, and between two statements of a stock."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from ucli.domain.indicators import Indicator
from ucli.domain.periods import Window
from ucli.language import _, chosen
from ucli.ledger.operations import LIVE
from ucli.reports.figures import COLUMNS, LAST_DAY, Figure, figure_of
from ucli.reports.findings import COLLECTED, STOCK_BALANCE, Finding
from ucli.reports.findings.counts import Counts, numbers_of, value_text
from ucli.reports.movement import Subject, movement_tables
from ucli.reports.structure import node, scope_of
from ucli.vietnamese.dates import date_text
from ucli.vietnamese.numbers import grouped


def collected(db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> Iterator[Finding]:
    """Yield the figures that say something else than what is recorded inside them, and stocks that do not balance."""
    counts = Counts(db, catalogue)
    by_number = {it.id: it for it in catalogue}
    boxes: dict[tuple[int, Window], list[Figure]] = defaultdict(list)
    for figure in _figures(db):
        if not by_number[figure.indicator].is_stock:
            boxes[figure.unit, figure.window].append(figure)
    for (unit, window), figures in boxes.items():
        counter = counts.counter(unit, window)
        for figure in figures:
            below = counter.count(by_number[figure.indicator]).collected.get(figure.id)
            if below is not None and figure.value is not None and numbers_of(below) != numbers_of(figure.value):
                what = _("{indicator}: stated {stated} for {period}, collected from below {below}.").format(
                    indicator=by_number[figure.indicator].name(chosen()),
                    stated=value_text(figure.value, by_number[figure.indicator]),
                    period=window.code,
                    below=value_text(below, by_number[figure.indicator]),
                )
                numbers = (*numbers_of(figure.value), *numbers_of(below))
                yield Finding(COLLECTED, str(figure.id), what, unit, numbers)
    yield from _balances(db, counts, [it for it in catalogue if it.is_stock and it.register])


def _balances(db: sqlite3.Connection, counts: Counts, stocks: Sequence[Indicator]) -> Iterator[Finding]:
    for stock in stocks:
        statements: dict[int, list[Figure]] = defaultdict(list)
        for figure in _figures(db, stock.id):
            statements[figure.unit].append(figure)
        for unit, figures in statements.items():
            for before, after in pairwise(sorted(figures, key=lambda it: it.day)):
                window = Window("", before.window.end + timedelta(days=1), after.window.end)
                whose = node(db, unit, window.end, LIVE - 1)
                scope = scope_of(db, whose, window, LIVE - 1)
                [table] = movement_tables(db, [Subject(whose, scope, counts.question(window))])
                movement = table.members if stock.counts == "members" else table.unions
                if movement.difference:
                    due = movement.closing.value - movement.difference
                    what = _(
                        "{indicator}: {opening} on {day} and all that came and went make {due},"
                        " stated {closing} on {last} (figure {number})."
                    ).format(
                        indicator=stock.name(chosen()),
                        opening=value_text(movement.opening, stock),
                        day=date_text(before.window.end),
                        due=grouped(due),
                        closing=value_text(movement.closing, stock),
                        last=date_text(after.window.end),
                        number=after.id,
                    )
                    numbers = (*numbers_of(movement.opening), due, *numbers_of(movement.closing))
                    yield Finding(STOCK_BALANCE, str(after.id), what, unit, numbers)


def _figures(db: sqlite3.Connection, indicator: int | None = None) -> list[Figure]:
    """Return the figures with a value: of one indicator, or of all that may have something inside."""
    only = "f.indicator = :indicator"
    if indicator is None:
        only = (
            "(EXISTS (SELECT 1 FROM now_ancestry b WHERE b.ancestor = f.unit AND b.depth = 1)"
            " OR f.unit IN (SELECT unit FROM now_unit_name WHERE kind = 'cluster'))"
        )
    rows = db.execute(
        f"SELECT {COLUMNS}, {LAST_DAY} AS day FROM now_figure f WHERE coalesce(f.value, f.whole) NOTNULL AND {only}"
        " ORDER BY f.id",
        {"indicator": indicator},
    )
    return [figure_of([*row]) for row in rows]
