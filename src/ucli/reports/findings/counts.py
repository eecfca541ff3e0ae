"""What is counted now for any unit and window: what findings hold against what was stated or signed off."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from ucli.domain.indicators import MONEY, Indicator
from ucli.domain.periods import Window
from ucli.domain.quantities import SIGNS, Quantity, Share
from ucli.reports.attainment import Question, counter_of
from ucli.reports.counting import Counter
from ucli.reports.stated import Figures
from ucli.reports.stocks import Stocks
from ucli.reports.structure import node, scope_of
from ucli.reports.tree import Tree, day_after
from ucli.tallies.shifts import LIVE
from ucli.vietnamese.numbers import grouped


class Counts:
    """Counts for many units and windows, by the structure of then and as known now.

    Args:
        db: the ledger.
        catalogue: every indicator.

    """

    def __init__(self, db: sqlite3.Connection, catalogue: Sequence[Indicator]) -> None:
        self._db = db
        self.catalogue = catalogue
        self._tree = Tree(db, LIVE - 1)
        self._stocks = Stocks(db, self._tree, catalogue)
        self._stated = Figures(db, self._tree)

    def question(self, window: Window) -> Question:
        return Question(self.catalogue, self._tree, self._stocks, self._stated, window, window.end, window.end)

    def counter(self, unit: int, window: Window) -> Counter:
        """Return what counts a unit's window, as its report does."""
        whose = node(self._db, unit, window.end, LIVE - 1)
        return counter_of(self.question(window), scope_of(self._db, whose, window, LIVE - 1), whose)

    def moved(self, stock: Indicator, unit: int, first: str, last: str) -> int:
        """Return by how much a unit's stock moved between two days, as far as the registers and units know."""
        window = Window("", date.fromisoformat(first), date.fromisoformat(last))
        roots = scope_of(self._db, node(self._db, unit, window.end, LIVE - 1), window, LIVE - 1).roots
        held = self._stocks.held(stock, roots, last) - self._stocks.held(stock, roots, first)
        came, went, ended = self._stocks.came_and_went(stock, roots, day_after(first), last)
        return held + came.value - went.value - ended.value


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
