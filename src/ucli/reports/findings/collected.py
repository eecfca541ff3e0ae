"""What units stated against what is recorded inside a figure, and between two statements of a stock.

What was collected inside a figure may be less than it says while days of it, or units below, are open: those may have
had the rest. It cannot be more, and where nothing is open it is the same.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from ucli.i18n import _, chosen
from ucli.reports.figures import COLUMNS, Figure, figure_of, last_day_of
from ucli.reports.findings import COLLECTED, STOCK_BALANCE, Finding, apart
from ucli.reports.findings.counts import Counts, numbers_of, value_text
from ucli.reports.registers import keeps
from ucli.reports.scope import Tree, day_after, day_before
from ucli.values.dates import date_text
from ucli.values.indicators import Indicator
from ucli.values.numbers import grouped


def collected(db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> Iterator[Finding]:
    """Yield the figures that say something else than what is recorded inside them, and stocks that do not balance."""
    counts = Counts(db, catalogue)
    openings = _Openings(db, counts.tree)
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
            unit, indicator = figure.unit, by_number[figure.indicator]
            counted = counters[unit].count(indicator)
            below = counted.collected.get(figure.id)
            numbers = numbers_of(figure.value), numbers_of(below)
            if below is None or figure.value is None or numbers[0] == numbers[1]:
                continue
            is_more = any(one < other for one, other in zip(*numbers, strict=True)) and not indicator.may_be_negative
            if is_more or not openings.any_in(figure, indicator, counted.inside[figure.id]):
                name = indicator.name(chosen())
                what = _("{indicator}: stated {stated} for {period}, collected from below {below}.").format(
                    indicator=name,
                    stated=value_text(figure.value, indicator),
                    period=figure.period,
                    below=value_text(below, indicator),
                )
                yield Finding(COLLECTED, str(figure.id), what, unit, sum(numbers, ()), name, apart(*numbers))
    yield from _balances(db, counts, [it for it in catalogue if it.is_stock and it.register])


Days = list[tuple[str, str]]  # from a first to a last day each


class _Openings:
    """Which days of a figure, and which of the units below, no one has said anything of."""

    def __init__(self, db: sqlite3.Connection, tree: Tree) -> None:
        self._db = db
        self._tree = tree
        self._directly_below: dict[int, list[sqlite3.Row]] = {}

    def any_in(self, figure: Figure, indicator: Indicator, inner: Sequence[Figure]) -> bool:
        """Tell whether smaller figures, and registers that are kept, leave anything of a figure open.

        A unit is waited for as in a report: unions only where no one else is directly below.
        """
        stated: dict[int, Days] = defaultdict(list)
        for it in inner:
            # A state says how things stand, whatever days it is said of.
            stated[it.unit].append((figure.start if indicator.is_state else it.start, it.end))
        # Whoever states parts of its time goes by what it states: the registers do not fill what it left open.
        goes_by_registers = figure.unit not in stated

        def open_below(unit: int, days: Days) -> bool:
            """Tell whether some of the days of a unit are open."""
            rest = _without(days, stated[unit] + self._not_applicable(unit, indicator))
            if not rest:
                return False
            if unit != figure.unit and goes_by_registers and self._keeps(unit, indicator, figure.end):
                return False
            below = [(it, it["unit"], _within(rest, it["since"], it["until"])) for it in self._below(unit, figure)]
            below = [it for it in below if it[2]]
            waited = [it for it in below if not it[0]["is_union"]] or below
            if not waited:
                return not (goes_by_registers and self._keeps(unit, indicator, figure.end))
            return any(open_below(child, its_days) for _row, child, its_days in waited)

        since, until = self._tree.life(figure.unit)
        return open_below(figure.unit, _within([(figure.start, figure.end)], since, until))

    def _keeps(self, unit: int, indicator: Indicator, last: str) -> bool:
        return indicator.register is not None and keeps(self._db, unit, indicator.register, last)

    def _not_applicable(self, unit: int, indicator: Indicator) -> Days:
        return self._db.execute(
            "SELECT start_day, end_day FROM figure WHERE unit = ? AND indicator = ? AND kind = 'not-applicable'",
            (unit, indicator.id),
        ).fetchall()

    def _below(self, unit: int, figure: Figure) -> list[sqlite3.Row]:
        """Return who stood directly below a unit, from a day until another; of a cluster, its units of the year."""
        if unit not in self._directly_below:
            self._directly_below[unit] = self._db.execute(
                "SELECT a.unit, a.from_day AS since, a.to_day AS until, NULL AS year, EXISTS (SELECT 1"
                " FROM unit_name n WHERE n.unit = a.unit AND n.kind = 'union') AS is_union"
                " FROM ancestry a WHERE a.ancestor = :unit AND a.depth = 1 UNION ALL"
                " SELECT m.unit, l.from_day, l.to_day, m.year, 0 FROM cluster_member m"
                " JOIN ancestry l ON l.unit = m.unit AND l.depth = 0 WHERE m.cluster = :unit",
                {"unit": unit},
            ).fetchall()
        return [it for it in self._directly_below[unit] if it["year"] in (None, int(figure.end[:4]))]


def _within(days: Days, since: str, until: str) -> Days:
    """Return what of some days lies between a first day and the day after a last one."""
    cut = [(max(first, since), min(last, day_before(until))) for first, last in days]
    return [(first, last) for first, last in cut if first <= last]


def _without(days: Days, others: Iterable[tuple[str, str]]) -> Days:
    """Return some days less others."""
    for begun, ended in others:
        days = [
            piece
            for first, last in days
            for piece in ((first, min(last, day_before(begun))), (max(first, day_after(ended)), last))
            if piece[0] <= piece[1]
        ]
    return days


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
            " OR EXISTS (SELECT 1 FROM ancestry b WHERE b.ancestor = f.unit AND b.depth = 1)"
            " OR f.unit IN (SELECT unit FROM unit_name WHERE kind = 'cluster')"
            " OR EXISTS (SELECT 1 FROM figure i WHERE i.unit = f.unit AND i.indicator = f.indicator"
            " AND i.id <> f.id AND i.end_day BETWEEN f.start_day AND f.end_day AND i.start_day >= f.start_day))"
        )
    rows = db.execute(
        f"SELECT {COLUMNS}, {last_day_of('f')} AS day FROM figure f WHERE f.kind = 'stated'"
        f" AND coalesce(f.value, f.whole) NOTNULL AND {only} ORDER BY f.id",
        {"indicator": indicator, "registered": json.dumps([it.id for it in catalogue if it.register])},
    )
    return [figure_of(row) for row in rows]
