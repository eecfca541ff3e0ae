"""What is counted now for any unit and window: what findings hold against what was stated or signed off."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date

from ucli.reports.attainment import Question, Request, counters_of
from ucli.reports.counting import Counter
from ucli.reports.registers import held
from ucli.reports.scope import Group, Scope, Tree, day_after
from ucli.reports.stocks import Stocks
from ucli.reports.structure import scope_of, unit_at, units_at
from ucli.values.indicators import MONEY, Indicator
from ucli.values.numbers import grouped
from ucli.values.periods import Window
from ucli.values.quantities import SIGNS, Quantity, Share


class Counts:
    """Counts for many units and windows, by the structure of then and as known now.

    Args:
        db: the ledger.
        catalogue: every indicator.

    """

    def __init__(self, db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> None:
        self._db = db
        self.catalogue = catalogue
        self.tree = Tree(db)
        self._stocks = Stocks(db, self.tree, catalogue)

    def question(self, window: Window) -> Question:
        return Question(self.catalogue, self.tree, self._stocks, window, window.end, window.end)

    def counter(self, unit: int, window: Window) -> Counter:
        """Return what counts a unit's window, as its report does."""
        return self.counters([unit], window)[unit]

    def counters(self, units: Sequence[int], window: Window, asked: Iterable[str] = ()) -> dict[int, Counter]:
        """Return what counts some units' window, as their reports do; of some indicators, or of all."""
        question = self.question(window)._replace(asked=tuple(asked))
        found = units_at(self._db, units, window.end)
        groups = [Request(it, scope_of(self._db, it, window), question).group for it in found]
        counters = counters_of(self._db, question, groups, one_by_one=True)
        return {it.id: counter for it, counter in zip(found, counters, strict=True)}

    def moved(self, stock: Indicator, unit: int, first: str, last: str) -> int:
        """Return by how much a unit's stock moved between two days, as far as the registers and units know."""
        window = Window("", date.fromisoformat(first), date.fromisoformat(last))
        scope = scope_of(self._db, unit_at(self._db, unit, window.end), window)
        opening, closing = (self._held(stock, scope, day) for day in (first, last))
        came, went, ended = self._stocks.passed(stock, scope, day_after(first), last)
        stated = self._stocks.moved(stock, unit, first, last, scope)
        return closing - opening + stated.value + came.value - went.value - ended.value

    def _held(self, stock: Indicator, scope: Scope, day: str) -> int:
        on = date.fromisoformat(day)
        self.tree.fill([Group(Scope(scope.roots), Window("", on, on), day)])
        return held(self._db, stock.register or "").get(0, 0)


def numbers_of(value: Quantity | Share | None) -> tuple[int, ...]:
    """Return the numbers of a value, so that two compare without what hedges them."""
    if isinstance(value, Quantity):
        return (value.value,)
    return (value.part, value.whole) if value else ()


def value_text(value: Quantity | Share | None, indicator: Indicator) -> str:
    """Write a value for people: ≥ 7.000, 5.000.000 đồng, 56/56; 0 where there is nothing."""
    if value is None:
        return number_text(0, indicator.measure)
    sign = SIGNS[value.qualifier]
    if isinstance(value, Share):
        return f"{sign}{grouped(value.part)}/{grouped(value.whole)}"
    return sign + number_text(value.value, indicator.measure)


def number_text(number: int, measure: str) -> str:
    """Write a number for people; money with its unit."""
    return f"{grouped(number)} {MONEY}" if measure.startswith(MONEY) else grouped(number)
